//! How a text is written as a YAML scalar.

use std::fmt::Write as _;

use saphyr_parser::ScalarStyle;

/// A scalar in the style that was there, or in double quotes where that style cannot hold the text.
///
/// Block scalars are not written here, since their text stands behind a header.
pub fn written(value: &str, style: ScalarStyle) -> String {
    match style {
        ScalarStyle::Plain if is_plain(value) => value.to_owned(),
        ScalarStyle::SingleQuoted if value.chars().all(is_printable) => format!("'{}'", value.replace('\'', "''")),
        _ => double_quoted(value),
    }
}

/// Whether a text can stand in a line of its own as it is.
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

fn double_quoted(value: &str) -> String {
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c => {
                let _ = write!(out, "\\U{:08X}", c as u32);
            }
        }
    }
    out.push('"');
    out
}
