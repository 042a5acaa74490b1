//! The lines of a text that say something.

use super::Fault;
use super::scalar::is_blank;

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

pub(super) fn split(text: &str, number: &mut usize) -> Result<Vec<Line>, Fault> {
    let mut lines: Vec<Line> = Vec::new();
    let mut began = false;
    let mut offset = 0;
    while offset < text.len() {
        *number += 1;
        let rest = text.as_bytes().get(offset..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let mut start = offset;
        offset += length + 1;
        let mut body = text.get(start..start + length).unwrap_or_default();
        body = body.strip_suffix('\r').unwrap_or(body);
        if let (1, Some(marked)) = (*number, body.strip_prefix('\u{feff}')) {
            start += body.len() - marked.len();
            body = marked;
        }
        if body.chars().any(|c| c < ' ' || matches!(c, '\u{7f}' | '\u{85}' | '\u{2028}' | '\u{2029}')) {
            return Err(&"a tab or another control character; write blanks, and each line on its own");
        }
        let inner = body.trim_ascii_start();
        let indent = body.len() - inner.len();
        let marker = inner.as_bytes().get(..3).filter(|_| indent == 0).unwrap_or_default();
        let behind = inner.get(3..).unwrap_or_default();
        let alone = behind.is_empty() || behind.as_bytes().first() == Some(&b' ');
        match inner.as_bytes().first() {
            None | Some(b'#') => continue,
            Some(b'%') if indent == 0 => return Err(&"directives are not read; leave the line out"),
            _ if marker == b"..." && alone => return Err(&"`...` ends the document; leave it out"),
            _ if marker == b"---" && alone => {
                if began || !lines.is_empty() {
                    return Err(&"a second document begins; write one");
                }
                if !is_blank(behind) {
                    return Err(&"something follows `---`; write it on the next line");
                }
                began = true;
            }
            _ => {
                let start = start + indent;
                lines.push(Line { number: *number, indent, start, end: start + inner.trim_ascii_end().len() });
            }
        }
    }
    Ok(lines)
}
