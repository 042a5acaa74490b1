//! A text into its documents, as kubectl takes it apart.

use std::ops::Range;

use serde_json::value::RawValue;

use crate::problem::Problem;

/// What a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON: kubectl knows it by the brace that the text begins with.
    Json,
    /// YAML.
    Yaml,
}

/// A document of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// What it is written in.
    pub format: Format,
}

/// Splits a text into documents. Text between documents that belongs to none is a problem.
///
/// A line that begins with `---` separates, so that a document which cannot be read does not hide the next. A text that
/// begins with a brace is JSON, one value after another; where a value is none, the rest is read as YAML.
pub fn parts(text: &str) -> Vec<Result<Part, Problem>> {
    let start = if text.starts_with(MARK) { MARK.len_utf8() } else { 0 };
    let mut parts = Vec::new();
    let rest =
        if text[start..].trim_start_matches(BLANKS).starts_with('{') { json(text, start, &mut parts) } else { start };
    yaml(text, rest, &mut parts);
    parts
}

/// A byte order mark.
const MARK: char = '\u{feff}';
/// Characters allowed between values of JSON.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];
/// What ends a line, and so a comment, to kubectl's reader of YAML beside LF. What kubectl splits documents by is LF alone, and it
/// hands the line of a separator to that reader where no document is in front of it.
const BREAKS: [char; 4] = ['\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// Takes JSON values off the front; gives where the rest begins.
fn json(text: &str, start: usize, parts: &mut Vec<Result<Part, Problem>>) -> usize {
    let mut at = start;
    loop {
        let rest = text[at..].trim_start_matches(BLANKS);
        let begin = text.len() - rest.len();
        if rest.is_empty() {
            return text.len();
        }
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        match values.next() {
            Some(Ok(raw)) => {
                let end = begin + raw.get().len();
                parts.push(Ok(Part { span: begin..end, format: Format::Json }));
                at = end;
            }
            // `{{ .Values.x }}` and flow style begin with a brace, too; and YAML may follow JSON behind a separator.
            _ if at == start || rest.starts_with("---") => return begin,
            _ => {
                let what = "text follows the JSON value";
                let help = "Separate documents that are not all JSON by a line `---`";
                parts.push(Err(Problem::new(begin..begin, what, help)));
                return next_separator(text, begin);
            }
        }
    }
}

fn next_separator(text: &str, from: usize) -> usize {
    text[from..].find("\n---").map_or(text.len(), |newline| from + newline + 1)
}

/// What a document of YAML is so far.
struct Open {
    start: usize,
    /// Whether kubectl takes a mark off its front: it does of every document that it begins to read, which one behind the
    /// first separators of a file is not.
    takes_mark: bool,
}

fn yaml(text: &str, from: usize, parts: &mut Vec<Result<Part, Problem>>) {
    let mut open = Open { start: from, takes_mark: true };
    let first = text[from..].starts_with("---").then_some(from);
    let others = memchr::memmem::find_iter(&text.as_bytes()[from..], b"\n---").map(|newline| from + newline + 1);
    for at in first.into_iter().chain(others) {
        let rest = &text[at..];
        let line = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest, |newline| &rest[..=newline]);
        let takes_mark = at > open.start;
        open.close(text, at, parts);
        open = Open { start: at + line.len(), takes_mark };
        let behind = line["---".len()..].trim();
        if let Some(sign) = line.trim_end_matches(BLANKS).find(BREAKS) {
            let what = "the line of `---` holds a line break other than LF or CRLF; kubectl may read what is behind it";
            let help = "End lines with LF or CRLF";
            parts.push(Err(Problem::new(at + sign..at + sign, what, help)));
        } else if !behind.is_empty() && !behind.starts_with('#') {
            let what = "`---` is followed by something other than a comment";
            let help = "Write it on its own line; to kubectl the line is a broken separator";
            parts.push(Err(Problem::new(at..at + line.trim_end().len(), what, help)));
        }
    }
    open.close(text, text.len(), parts);
}

impl Open {
    fn close(&self, text: &str, end: usize, parts: &mut Vec<Result<Part, Problem>>) {
        let body = &text[self.start..end];
        let marked = if self.takes_mark { body.strip_prefix(MARK).unwrap_or(body) } else { body };
        let start = end - marked.len();
        if marked.starts_with(MARK) {
            let what = "a byte order mark precedes the document; to kubectl it is part of the first key";
            parts.push(Err(Problem::new(start..start, what, "Remove it: save the file as UTF-8 without BOM")));
        } else if marked.trim_start_matches(BLANKS).starts_with('{') && is_json(marked) {
            // Readers of YAML do not take all of JSON's layout: tabs.
            let start = end - marked.trim_start_matches(BLANKS).len();
            parts.push(Ok(Part { span: start..end, format: Format::Json }));
        } else if let Some(at) = marked.find("\r\r\n") {
            let what = "the line ends in CR CR LF, which is one line break to kubectl and two to other YAML parsers";
            let help = "Convert the line endings of the file: a tool converted CRLF to CRLF a second time";
            parts.push(Err(Problem::new(start + at..start + at, what, help)));
        } else if let Some(at) = unended_blank_line(marked) {
            let what =
                "the last line is blank and does not end, so that it counts for kubectl and not for other YAML parsers";
            parts.push(Err(Problem::new(start + at..start + at, what, "End the file with a line break")));
        } else if !marked.trim_matches(BLANKS).is_empty() {
            parts.push(Ok(Part { span: start..end, format: Format::Yaml }));
        }
    }
}

/// Where the last line begins, if it is blank, has no line break and may belong to a block scalar that keeps its last lines
/// (`|+`): kubectl adds the line break.
fn unended_blank_line(text: &str) -> Option<usize> {
    let begin = text.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
    let is_blank = begin < text.len() && text[begin..].trim_start_matches(BLANKS).is_empty();
    let keeps =
        |sign: char| text.split(sign).skip(1).any(|rest| rest.trim_start_matches(char::is_numeric).starts_with('+'));
    (is_blank && (keeps('|') || keeps('>'))).then_some(begin)
}

/// Whether a document among YAML is JSON, and says to a reader of YAML what it says to one of JSON.
fn is_json(text: &str) -> bool {
    let same = |c: char| !matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
    text.chars().all(same) && serde_json::from_str::<&RawValue>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<Result<&str, String>> {
        parts(text).into_iter().map(|part| part.map(|part| &text[part.span]).map_err(|problem| problem.what)).collect()
    }

    #[test]
    fn a_separator_is_a_line_that_begins_with_three_dashes() {
        assert_eq!(texts("a: 1\n---#c\nb: 2\n--- \nc: 3"), [Ok("a: 1\n"), Ok("b: 2\n"), Ok("c: 3")]);
        assert_eq!(texts("---\n---\n\n"), []);
        assert_eq!(texts("a\n ---\n"), [Ok("a\n ---\n")]);
        let broken = texts("a: 1\n--- b\nc: 3\n");
        assert_eq!((broken[0].as_deref(), broken[2].as_deref(), broken.len()), (Ok("a: 1\n"), Ok("c: 3\n"), 3));
        assert!(broken[1].is_err());
    }

    #[test]
    fn a_separator_s_line_ends_where_it_ends_to_kubectl() {
        for sign in BREAKS {
            for text in [
                format!("--- # a{sign}spec: {{}}\nkind: Pod\n"),
                format!("---{sign}kind: Pod{sign}"),
                format!("kind: Pod\n---\n---{sign}spec: {{}}\nkind: Pod\n"),
                format!("{{}}\n--- # a{sign}b: 2\nc: 3\n"),
            ] {
                assert!(texts(&text).iter().any(Result::is_err), "{text:?}");
            }
        }
        assert_eq!(texts("---\r\nb: 2\r\n--- # c \r\nd: 3\r\n---\r"), [Ok("b: 2\r\n"), Ok("d: 3\r\n")]);
    }

    #[test]
    fn values_of_json_follow_one_another() {
        assert_eq!(texts("{\"a\":1}\n {\"b\":2}{}\n"), [Ok("{\"a\":1}"), Ok("{\"b\":2}"), Ok("{}")]);
        assert_eq!(texts("{a: 1}\n---\nb: 2"), [Ok("{a: 1}\n"), Ok("b: 2")]);
        assert_eq!(texts("{\"a\":1}\n---\nb: 2"), [Ok("{\"a\":1}"), Ok("b: 2")]);
        assert!(texts("{\"a\":1}\nx: y\n---\nb: 2")[1].is_err());
    }
}
