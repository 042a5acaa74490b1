//! Scalars: where they end, what they mean, and how they are written as JSON.

use super::Fault;
use crate::json::quoted;
use crate::json::{Document, Kind};

/// What a plain scalar means.
enum Plain {
    Null,
    Bool(bool),
    /// A number that is written in JSON as it is here.
    Number,
    Text,
}

/// Whether what follows a colon makes it the end of a key.
fn ends_key(next: Option<&u8>) -> bool {
    matches!(next, None | Some(b' '))
}

/// Whether a text begins with a quote, and so is a quoted scalar.
fn is_quoted(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'"' | b'\''))
}

/// The offset of the colon behind the key that a line begins with, if it begins with one.
pub(super) fn key_end(content: &str) -> Result<Option<usize>, Fault> {
    let bytes = content.as_bytes();
    match bytes.first() {
        Some(b'?') if ends_key(bytes.get(1)) => Err(&"a key written with `?` is not read; write `key: value`"),
        Some(b'{' | b'[') => Ok(None),
        Some(b'"' | b'\'') => {
            let mut at = quoted_end(content)?;
            while let Some(b' ') = bytes.get(at) {
                at += 1;
            }
            Ok((bytes.get(at) == Some(&b':') && ends_key(bytes.get(at + 1))).then_some(at))
        }
        _ => Ok((0..plain_end(content)).find(|at| bytes.get(*at) == Some(&b':') && ends_key(bytes.get(at + 1)))),
    }
}

/// Where a comment begins in `text`, which is a plain scalar up to there: at a `#` behind a blank.
fn plain_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    (1..bytes.len()).find(|at| bytes.get(at - 1..=*at) == Some(b" #")).unwrap_or(bytes.len())
}

/// Whether `text` says nothing: blanks, and perhaps a comment behind one.
pub(super) fn is_blank(text: &str) -> bool {
    let bytes = text.as_bytes();
    let start = bytes.iter().position(|byte| !matches!(byte, b' ' | b'\r' | b'\n'));
    start.is_none_or(|start| start > 0 && bytes.get(start) == Some(&b'#'))
}

/// The offset behind the closing quote of the quoted scalar that `text` begins with.
pub(super) fn quoted_end(text: &str) -> Result<usize, Fault> {
    let bytes = text.as_bytes();
    let quote = bytes.first().copied().unwrap_or_default();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' => break,
            b'\\' if quote == b'"' => at += 1,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            byte if *byte == quote => return Ok(at + 1),
            _ => {}
        }
        at += 1;
    }
    Err(&"a quoted text does not end on its line; write it on one line")
}

/// Writes `content`, which is one scalar and perhaps a comment, as a value.
pub(super) fn write(content: &str, out: &mut String) -> Result<(), Fault> {
    if is_quoted(content) {
        let end = quoted_end(content)?;
        if !is_blank(content.get(end..).unwrap_or_default()) {
            return Err(&"something follows the closing quote");
        }
        return write_quoted(content.get(..end).unwrap_or_default(), out);
    }
    let text = content.get(..plain_end(content)).unwrap_or_default().trim_ascii_end();
    let meaning = plain(text)?;
    let bytes = text.as_bytes();
    if (0..bytes.len()).any(|at| bytes.get(at) == Some(&b':') && ends_key(bytes.get(at + 1))) {
        return Err(&"a second `: ` on the line; write the value in quotes");
    }
    match meaning {
        Plain::Null => out.push_str("null"),
        Plain::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Plain::Number => out.push_str(text),
        Plain::Text => out.push_str(&quoted(text)),
    }
    Ok(())
}

/// Writes a key. A key that is a number or boolean becomes its text, as `sigs.k8s.io/yaml` has it.
pub(super) fn write_key(key: &str, out: &mut String) -> Result<(), Fault> {
    if is_quoted(key) {
        return write_quoted(key, out);
    }
    match plain(key)? {
        Plain::Null => return Err(&"a key is empty or null; write it in quotes"),
        Plain::Text if key == "<<" => return Err(&"the merge key `<<` is not read; write the fields out"),
        Plain::Bool(value) => out.push_str(if value { "\"true\"" } else { "\"false\"" }),
        Plain::Number | Plain::Text => out.push_str(&quoted(key)),
    }
    Ok(())
}

/// Writes a scalar that stands in quotes. In double quotes it is written as it is: of YAML's escapes, those are read that
/// JSON has as well.
fn write_quoted(written: &str, out: &mut String) -> Result<(), Fault> {
    if written.as_bytes().first() == Some(&b'"') {
        // A tab is no character of a JSON string; in YAML it is one like any other.
        let written = written.replace('\t', "\\t");
        if Document::read(written.as_bytes()).is_err() {
            return Err(&"an escape that JSON does not have");
        }
        out.push_str(&written);
    } else {
        let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
        out.push_str(&quoted(&inner.replace("''", "'")));
    }
    Ok(())
}

/// What a plain scalar means to the YAML 1.1 reader that Kubernetes' controllers use.
fn plain(text: &str) -> Result<Plain, Fault> {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(b'&') => return Err(&"anchors are not read; write the value where it is used"),
        Some(b'*') => return Err(&"aliases are not read; write the value out"),
        Some(b'!') => return Err(&"tags are not read; leave the tag out"),
        Some(b'|' | b'>') => return Err(&"block scalars are not read; write the text on one line, in quotes"),
        Some(b'@' | b'`' | b'%' | b'{' | b'}' | b'[' | b']' | b',') => return Err(&BAD_START),
        Some(b'?' | b':' | b'-') if ends_key(bytes.get(1)) => return Err(&BAD_START),
        _ => {}
    }
    let means = |words: &[&str]| words.contains(&text);
    Ok(if means(&["", "~", "null", "Null", "NULL"]) {
        Plain::Null
    } else if means(&["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]) {
        Plain::Bool(true)
    } else if means(&["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]) {
        Plain::Bool(false)
    } else if Document::read(bytes).is_ok_and(|document| document.root().kind() == Kind::Number) {
        Plain::Number
    } else if is_number(bytes) {
        return Err(&"a number that JSON writes in another way; write it in decimal, or in quotes");
    } else {
        Plain::Text
    })
}

/// Why a plain scalar is refused for its first character.
pub(super) const BAD_START: &str = "a plain value cannot begin with this character; write it in quotes";

/// Whether a plain scalar that is no number in JSON is one in YAML 1.1: `010`, `0x1F`, `1_000`, `.5`, `+1`, `.inf`.
fn is_number(text: &[u8]) -> bool {
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let (zero, rest) = unsigned.split_at_checked(2).unwrap_or((unsigned, b""));
    if matches!(zero, b"0x" | b"0X" | b"0o" | b"0O" | b"0b" | b"0B") {
        return !rest.is_empty() && rest.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'_');
    }
    if [".inf", ".nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word.as_bytes())) {
        return true;
    }
    let (mut digits, mut dots, mut exponent) = (0, 0, 0);
    for (at, byte) in unsigned.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'_' if at > 0 => {}
            b'.' if dots + exponent == 0 => dots = 1,
            b'e' | b'E' if exponent == 0 && digits > 0 => exponent = at,
            b'+' | b'-' if exponent > 0 && at == exponent + 1 => {}
            _ => return false,
        }
    }
    digits > 0 && unsigned.last().is_some_and(|last| last.is_ascii_digit() || matches!(last, b'.' | b'_'))
}
