//! The lines of a text that say something.

use super::{Problem, fail};

/// One line that is neither blank nor a comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// The line's number, counted from 1.
    pub number: usize,
    /// How many blanks stand before its first character.
    pub indent: usize,
    /// Byte offset of its first character that is not a blank.
    pub start: usize,
    /// Byte offset behind its last character that is not a blank. A comment may stand before that: where one begins
    /// depends on what it follows.
    pub end: usize,
}

pub(super) fn split(text: &str) -> Result<Vec<Line>, Problem> {
    let mut lines: Vec<Line> = Vec::new();
    let mut offset = 0;
    let mut began = false;
    for (index, raw) in text.split_inclusive('\n').enumerate() {
        let number = index + 1;
        let start = offset;
        offset += raw.len();
        let body = raw.trim_end_matches(['\n', '\r']);
        if body.contains(|c: char| c < ' ' || matches!(c, '\u{7f}' | '\u{85}' | '\u{2028}' | '\u{2029}')) {
            let tab = body.contains('\t');
            let problem =
                if tab { "a tab; write blanks" } else { "a control character or a line break of another kind" };
            return fail(number, problem);
        }
        let body = body.strip_prefix('\u{feff}').filter(|_| index == 0).unwrap_or(body);
        let start = start + (raw.trim_end_matches(['\n', '\r']).len() - body.len());
        let inner = body.trim_start_matches(' ');
        let indent = body.len() - inner.len();
        if inner.is_empty() || inner.starts_with('#') {
            continue;
        }
        if indent == 0 && (inner == "---" || inner.starts_with("--- ")) {
            if began || !lines.is_empty() {
                return fail(number, "a second document begins; write one");
            }
            let behind = inner.get(3..).unwrap_or_default().trim_start_matches(' ');
            if !behind.is_empty() && !behind.starts_with('#') {
                return fail(number, "something follows `---`; write it on the next line");
            }
            began = true;
            continue;
        }
        if indent == 0 && (inner == "..." || inner.starts_with("... ")) {
            return fail(number, "`...` ends the document; leave it out");
        }
        if indent == 0 && inner.starts_with('%') {
            return fail(number, "directives are not read; leave the line out");
        }
        let content = inner.trim_end_matches(' ');
        lines.push(Line { number, indent, start: start + indent, end: start + indent + content.len() });
    }
    Ok(lines)
}
