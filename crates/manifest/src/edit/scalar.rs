//! How a string is written, in YAML and JSON.

use std::fmt::Write as _;

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes, or as an alias.
    Plain,
    Single,
    Double,
    /// Below a header, `|` or `>`.
    Block,
}

impl Style {
    /// The style of a string, from its text and the file's text in front of it.
    pub fn of(before: &str, written: &str) -> Self {
        match written.as_bytes().first() {
            Some(b'"') => Style::Double,
            Some(b'\'') => Style::Single,
            _ if is_header(before) => Style::Block,
            _ => Style::Plain,
        }
    }
}

/// Whether a text ends with the header of a block and the indentation behind it.
fn is_header(before: &str) -> bool {
    let Some((line, "")) = before.trim_end_matches([' ', '\t']).rsplit_once('\n') else { return false };
    // Blank lines may be between the header and the text.
    let line = line.trim_end();
    let line = line.rsplit_once('\n').map_or(line, |(_, last)| last);
    let line = line.find(" #").map_or(line, |comment| &line[..comment]).trim_end();
    let header = line.trim_end_matches(|c: char| c == '+' || c == '-' || c.is_ascii_digit());
    header.ends_with(['|', '>'])
}

/// A string in the style that was there, or in double quotes where that style cannot hold the text.
///
/// Blocks are not written here, because their text follows a header.
pub fn written(value: &str, style: Style) -> String {
    match style {
        Style::Plain if is_plain(value) => value.to_owned(),
        Style::Single if value.chars().all(is_printable) => format!("'{}'", value.replace('\'', "''")),
        _ => double_quoted(value),
    }
}

/// Whether a text can be on a line of its own as it is.
pub fn is_printable_line(value: &str) -> bool {
    !value.is_empty() && !value.starts_with(' ') && !value.ends_with(' ') && value.chars().all(is_printable)
}

/// Words that some reader of YAML takes for a boolean or for nothing.
const WORDS: &[&str] = &["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

/// Whether every reader of YAML takes the text for a string when it stands without quotes, in block and in flow style. The
/// answer is on the safe side: it knows the characters of image references and no others.
fn is_plain(value: &str) -> bool {
    let characters = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"._/:@-".contains(&b));
    // What begins with a digit may be a number, a date or a time, none of which has a slash.
    let string = value.contains('/')
        || (value.starts_with(|c: char| c.is_ascii_alphabetic())
            && !WORDS.contains(&value.to_ascii_lowercase().as_str()));
    characters && string && value.starts_with(|c: char| c.is_ascii_alphanumeric()) && !value.ends_with(':')
}

fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// A text in double quotes, as JSON and YAML both read it.
pub fn double_quoted(value: &str) -> String {
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            // As JSON and YAML both read it.
            c => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
    out
}
