//! Texts from files, made fit for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A text on one line, without characters that move the cursor, turn the direction of writing or are not seen: they are
/// written as escapes. A file's name or a field's value can neither begin a line of its own nor pass for something else.
pub fn printable(text: &str) -> Cow<'_, str> {
    // Nearly all texts are ASCII, which is looked at byte by byte.
    if text.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) || !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_harmful(c) => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether a character must not reach a terminal as it is.
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn no_text_begins_a_line_or_turns_its_direction() {
        assert_eq!(printable("shop/web ü 字"), "shop/web ü 字");
        assert_eq!(printable("a\n::error::b\r\u{1b}[2J"), "a\\n::error::b\\r\\u{1b}[2J");
        assert_eq!(printable("a\u{202e}b\u{2028}c\u{200b}"), "a\\u{202e}b\\u{2028}c\\u{200b}");
    }
}
