//! Scalars: where they end, what they mean, and how they are written as JSON.

use super::{Problem, fail};
use crate::json::quote;

/// What a plain scalar means.
enum Plain<'a> {
    Null,
    Bool(bool),
    Number(String),
    Text(&'a str),
}

/// The offset of the colon behind the key that a line begins with, if it begins with one.
pub(super) fn key_end(content: &str, line: usize) -> Result<Option<usize>, Problem> {
    if content == "?" || content.starts_with("? ") {
        return fail(line, "a key written with `?` is not read; write `key: value`");
    }
    if content.starts_with(['{', '[']) {
        return Ok(None);
    }
    let bytes = content.as_bytes();
    let mut at = 0;
    if content.starts_with(['"', '\'']) {
        at = quoted_end(content, line)?;
        while let Some(b' ') = bytes.get(at) {
            at += 1;
        }
        let colon = bytes.get(at) == Some(&b':') && matches!(bytes.get(at + 1), None | Some(b' '));
        return Ok(colon.then_some(at));
    }
    let end = plain_end(content);
    while at < end {
        if bytes.get(at) == Some(&b':') && matches!(bytes.get(at + 1), None | Some(b' ')) {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

/// Where a comment begins in `text`, which is a plain scalar up to there: at a `#` behind a blank.
fn plain_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let begins = |pair: &[u8]| pair == b" #";
    bytes.windows(2).position(begins).map_or(bytes.len(), |at| at + 1)
}

/// Whether `text` says nothing: blanks, and perhaps a comment behind one.
pub(super) fn is_blank(text: &str) -> bool {
    let rest = text.trim_start_matches([' ', '\r', '\n']);
    rest.is_empty() || (rest.starts_with('#') && rest.len() < text.len())
}

/// The offset behind the closing quote of the quoted scalar that `text` begins with.
pub(super) fn quoted_end(text: &str, line: usize) -> Result<usize, Problem> {
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
    fail(line, "a quoted text does not end on its line; write it on one line")
}

/// Writes `content`, which is one scalar and perhaps a comment, as a value.
pub(super) fn write(content: &str, line: usize, out: &mut String) -> Result<(), Problem> {
    if content.starts_with(['"', '\'']) {
        let (quoted, rest) = content.split_at_checked(quoted_end(content, line)?).unwrap_or((content, ""));
        if !is_blank(rest) {
            return fail(line, "something follows the closing quote");
        }
        quote(&unquote(quoted, line)?, out);
        return Ok(());
    }
    let text = content.get(..plain_end(content)).unwrap_or_default().trim_end_matches(' ');
    match plain(text, line, false)? {
        Plain::Null => out.push_str("null"),
        Plain::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Plain::Number(number) => out.push_str(&number),
        Plain::Text(text) => quote(text, out),
    }
    Ok(())
}

/// Writes a key. A key that is a number or boolean becomes its text, as `sigs.k8s.io/yaml` has it.
pub(super) fn write_key(key: &str, line: usize, out: &mut String) -> Result<(), Problem> {
    if key.starts_with(['"', '\'']) {
        quote(&unquote(key, line)?, out);
        return Ok(());
    }
    match plain(key, line, true)? {
        Plain::Null => return fail(line, "a key is empty or null; write it in quotes"),
        Plain::Bool(value) => out.push_str(if value { "\"true\"" } else { "\"false\"" }),
        Plain::Number(number) => quote(&number, out),
        Plain::Text("<<") => return fail(line, "the merge key `<<` is not read; write the fields out"),
        Plain::Text(text) => quote(text, out),
    }
    Ok(())
}

/// What a plain scalar means to the YAML 1.1 reader that Kubernetes' controllers use.
fn plain(text: &str, line: usize, key: bool) -> Result<Plain<'_>, Problem> {
    let refused = match text.as_bytes().first() {
        Some(b'&') => "anchors are not read; write the value where it is used",
        Some(b'*') => "aliases are not read; write the value out",
        Some(b'!') => "tags are not read; leave the tag out",
        Some(b'|' | b'>') => "block scalars are not read; write the text on one line, in double quotes",
        Some(b'@' | b'`' | b'%' | b'{' | b'}' | b'[' | b']' | b',' | b'"' | b'\'') => {
            "a plain value cannot begin with this character; write it in quotes"
        }
        Some(b'?' | b':' | b'-') if matches!(text.as_bytes().get(1), None | Some(b' ')) => {
            "a plain value cannot begin with this character; write it in quotes"
        }
        _ => "",
    };
    if !refused.is_empty() {
        return fail(line, refused);
    }
    // As bytes: a search for a `str` in a `str` would be carried by a module for this place alone.
    if !key && (text.as_bytes().windows(2).any(|pair| pair == b": ") || text.ends_with(':')) {
        return fail(line, "a second `: ` on the line; write the value in quotes");
    }
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Plain::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Plain::Bool(false),
        _ => match number(text) {
            Some(number) if number.is_empty() => {
                return fail(line, "a number that JSON cannot hold; write it in quotes");
            }
            Some(number) => Plain::Number(number),
            None => Plain::Text(text),
        },
    })
}

/// The number that a plain scalar is, as JSON writes it; empty where it is one that JSON cannot hold.
fn number(text: &str) -> Option<String> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'-') => ("-", text.get(1..)?),
        Some(b'+') => ("", text.get(1..)?),
        _ => ("", text),
    };
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(String::new());
    }
    let bare: String = digits.chars().filter(|c| *c != '_').collect();
    if digits.starts_with('_') || !bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Some(value) = other_base(&bare) {
        return Some(value.map_or_else(String::new, |value| [sign, &value.to_string()].concat()));
    }
    decimal(&bare, sign)
}

/// A whole number in base 2, 8 or 16; `Some(None)` if it is one, but too large.
fn other_base(bare: &str) -> Option<Option<u64>> {
    let prefixes = [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8), ("0", 8)];
    for (prefix, radix) in prefixes {
        if let Some(rest) = bare.strip_prefix(prefix) {
            if rest.is_empty() || !rest.chars().all(|c| c.is_digit(radix)) {
                continue;
            }
            return Some(u64::from_str_radix(rest, radix).ok());
        }
    }
    None
}

/// A decimal number: digits, a fraction, an exponent, each optional but not all absent.
fn decimal(bare: &str, sign: &str) -> Option<String> {
    let (mantissa, exponent) = match bare.find(['e', 'E']) {
        Some(at) => (bare.get(..at)?, bare.get(at + 1..)?),
        None => (bare, ""),
    };
    let has_exponent = mantissa.len() != bare.len();
    let exponent_digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole)
        || !digits(fraction)
        || !digits(exponent_digits)
        || (whole.is_empty() && fraction.is_empty())
        || (has_exponent && exponent_digits.is_empty())
    {
        return None;
    }
    let significant = whole.trim_start_matches('0');
    let zero = significant.is_empty() && fraction.is_empty() && !has_exponent;
    let mut out = String::from(if zero { "" } else { sign });
    out.push_str(if significant.is_empty() { "0" } else { significant });
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    if has_exponent {
        out.push('e');
        out.push_str(exponent);
    }
    Some(out)
}

/// The text of a quoted scalar.
pub(super) fn unquote(quoted: &str, line: usize) -> Result<String, Problem> {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if quoted.starts_with('\'') {
        return Ok(undouble(inner));
    }
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escape = chars.next();
        let code = match escape {
            Some('0') => 0,
            Some('a') => 7,
            Some('b') => 8,
            Some('t') => 9,
            Some('n') => 10,
            Some('v') => 11,
            Some('f') => 12,
            Some('r') => 13,
            Some('e') => 27,
            Some(c @ (' ' | '"' | '/' | '\\')) => c as u32,
            Some('N') => 0x85,
            Some('_') => 0xA0,
            Some('L') => 0x2028,
            Some('P') => 0x2029,
            Some('x') => hex(&mut chars, 2, line)?,
            Some('U') => hex(&mut chars, 8, line)?,
            Some('u') => {
                let first = hex(&mut chars, 4, line)?;
                // JSON writes what lies beyond the first plane as two escapes.
                let low = chars.as_str().get(2..6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                match low {
                    Some(low)
                        if (0xD800..0xDC00).contains(&first)
                            && chars.as_str().starts_with("\\u")
                            && (0xDC00..0xE000).contains(&low) =>
                    {
                        chars.nth(5);
                        0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00)
                    }
                    _ => first,
                }
            }
            _ => return fail(line, "an escape that does not exist"),
        };
        match char::from_u32(code) {
            Some(c) => out.push(c),
            None => return fail(line, "an escape names no character"),
        }
    }
    Ok(out)
}

/// A text in single quotes, where two of them stand for one.
fn undouble(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        out.push(c);
        if c == '\'' {
            chars.next();
        }
    }
    out
}

fn hex(chars: &mut std::str::Chars<'_>, count: usize, line: usize) -> Result<u32, Problem> {
    let mut value: u32 = 0;
    for _ in 0..count {
        match chars.next().and_then(|c| c.to_digit(16)) {
            Some(digit) => value = value.checked_mul(16).and_then(|value| value.checked_add(digit)).unwrap_or(u32::MAX),
            None => return fail(line, "an escape lacks its digits"),
        }
    }
    Ok(value)
}
