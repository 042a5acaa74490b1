//! Where exactly the text of a YAML scalar stands.
//!
//! The parser's spans begin at the anchor or tag, or in a block scalar at its text, and may end behind a comment; what is
//! replaced is the text alone.

use std::ops::Range;

use saphyr_parser::ScalarStyle;

/// Where a scalar starts behind its anchor and tag: its text, or the header of a block scalar.
fn text_start(text: &str, span: &Range<usize>) -> Option<usize> {
    let mut at = span.start;
    loop {
        let rest = text.get(at..)?;
        let next = rest.chars().next()?;
        at += match next {
            '&' | '!' => rest.find(char::is_whitespace)?,
            '#' if at > span.start => rest.find('\n')?,
            c if c.is_whitespace() => c.len_utf8(),
            _ => return Some(at),
        };
    }
}

/// Where the header of a block scalar starts: `|` or `>`.
pub fn header_start(text: &str, span: &Range<usize>, style: ScalarStyle) -> Option<usize> {
    let sign = match style {
        ScalarStyle::Literal => '|',
        ScalarStyle::Folded => '>',
        _ => return None,
    };
    // The header is the last thing before the text, but for a comment.
    let before = text.get(..span.start)?.trim_end();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let last = before.get(line..)?;
    let header = last.find(" #").map_or(last, |comment| &last[..comment]).rfind(sign);
    header.map(|at| line + at).or_else(|| text_start(text, span).filter(|at| text[*at..].starts_with(sign)))
}

/// Where the text of a scalar that reads as `value` stands, with its quotes. `None` where that is not certain.
pub fn text_span(text: &str, span: &Range<usize>, style: ScalarStyle, value: &str) -> Option<Range<usize>> {
    let (start, end) = match style {
        ScalarStyle::Plain => (text_start(text, span)?, span.end),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            let start = text_start(text, span)?;
            return Some(start..quoted_end(text, start)?);
        }
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let header = header_start(text, span, style)?;
            (header + text.get(header..)?.find('\n')?, span.end)
        }
    };
    let raw = text.get(start..end)?;
    let start = end - raw.trim_start().len();
    let span = start..start + raw.trim().len();
    // Without quotes only blanks and line breaks are read otherwise than they are written.
    text.get(span.clone())?.split_whitespace().eq(value.split_whitespace()).then_some(span)
}

/// Where a scalar in quotes ends, with its quote.
fn quoted_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}
