//! What a YAML scalar means.
//!
//! The tools of Kubernetes read YAML with sigs.k8s.io/yaml, whose parser resolves scalars by YAML 1.1 and reads numbers as Go
//! does: a manifest must mean here what it means there.

use std::borrow::Cow;

/// What a scalar is, as JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar<'t> {
    Null,
    Bool(bool),
    /// An integer, written as JSON writes it.
    Integer(String),
    Float(f64),
    String(Cow<'t, str>),
}

/// The tags that say what a scalar is. Every other tag makes it a string, as it does there: `!!str`, and an application's own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Int,
    Float,
    Bool,
    Null,
    Timestamp,
    Binary,
    Merge,
    /// `!` alone, which leaves a scalar a string, and `<<` a merge key even in quotes.
    Alone,
    Other,
}

impl Tag {
    pub fn of(tag: &granit_parser::Tag) -> Self {
        let full = [tag.handle(), tag.suffix()].concat();
        match full.strip_prefix("tag:yaml.org,2002:") {
            Some("int") => Tag::Int,
            Some("float") => Tag::Float,
            Some("bool") => Tag::Bool,
            Some("null") => Tag::Null,
            Some("timestamp") => Tag::Timestamp,
            Some("binary") => Tag::Binary,
            Some("merge") => Tag::Merge,
            None if full == "!" => Tag::Alone,
            _ => Tag::Other,
        }
    }
}

/// Whether a key is a merge key.
pub(super) fn merges(text: &str, plain: bool, tag: Option<Tag>) -> bool {
    text == "<<" && matches!((tag, plain), (None, true) | (Some(Tag::Merge | Tag::Alone), _))
}

/// Resolves a scalar. `Err` says why it has no value.
pub(super) fn resolve<'t>(text: Cow<'t, str>, plain: bool, tag: Option<Tag>) -> Result<Scalar<'t>, &'static str> {
    let meant = match tag {
        None if plain => meaning(&text),
        None | Some(Tag::Other | Tag::Alone | Tag::Merge) => None,
        Some(Tag::Binary) => {
            let bytes = base64(&text).ok_or("the value is not base64, contrary to its tag !!binary")?;
            return Ok(Scalar::String(text_of(&bytes).into()));
        }
        Some(Tag::Timestamp) => {
            return if is_timestamp(&text) { Ok(Scalar::String(text)) } else { Err(NOT_AS_TAGGED) };
        }
        Some(tag) => {
            let meant = meaning(&text);
            let fits = match (&meant, tag) {
                (Some(Scalar::Null), tag) => tag == Tag::Null,
                (Some(Scalar::Bool(_)), tag) => tag == Tag::Bool,
                (Some(Scalar::Integer(_)), tag) => tag == Tag::Int || tag == Tag::Float,
                (Some(Scalar::Float(_)), tag) => tag == Tag::Float,
                _ => false,
            };
            if !fits {
                return Err(NOT_AS_TAGGED);
            }
            match meant {
                Some(Scalar::Integer(digits)) if tag == Tag::Float => digits.parse().ok().map(Scalar::Float),
                meant => meant,
            }
        }
    };
    match meant {
        Some(Scalar::Float(value)) if !value.is_finite() => Err("JSON has no infinity and no not-a-number"),
        Some(meant) => Ok(meant),
        None => Ok(Scalar::String(text)),
    }
}

const NOT_AS_TAGGED: &str = "the value does not match its tag";

/// What a plain scalar means if it is not a string.
fn meaning(text: &str) -> Option<Scalar<'static>> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "y" | "Y" | "on" | "On" | "ON" => Scalar::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "n" | "N" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        _ => match text.as_bytes().first()? {
            // Go reads a fraction without its zero unchanged: underscores may only stand between digits.
            b'.' if underscores_are_between_digits(text) => Scalar::Float(float(&text.replace('_', ""))?),
            b'+' | b'-' | b'0'..=b'9' => {
                let text = text.replace('_', "");
                match integer(&text) {
                    Some(digits) => Scalar::Integer(digits),
                    None => Scalar::Float(float(&text)?),
                }
            }
            _ => return None,
        },
    })
}

/// An integer of at most 64 bits, with Go's prefixes: `0x`, `0b`, `0o`, and `0` for octal.
fn integer(text: &str) -> Option<String> {
    // Go reads a sign behind this prefix, and only this one.
    if let Some(signed) = text.strip_prefix("0b").filter(|digits| digits.starts_with(['+', '-'])) {
        return i64::from_str_radix(signed, 2).ok().map(|value| value.to_string());
    }
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // A second sign would be `from_str_radix`'s to take.
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    match negative {
        true => 0_i64.checked_sub_unsigned(value).map(|value| value.to_string()),
        // Go reads a sign in front of 64 bits that take the sign's bit as no integer.
        false if text.starts_with('+') => i64::try_from(value).ok().map(|value| value.to_string()),
        false => Some(value.to_string()),
    }
}

fn underscores_are_between_digits(text: &str) -> bool {
    text.match_indices('_').all(|(at, _)| {
        let is_digit = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
        is_digit(at.checked_sub(1)) && is_digit(at.checked_add(1))
    })
}

/// A decimal fraction, with or without exponent. Its words for what is no number are none to Go, and what is too large is a
/// string to it: neither is finite.
fn float(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Whether a text is one of the dates and times that the reader knows: `2026-11-26`, `2026-11-26T10:00:00Z`.
fn is_timestamp(text: &str) -> bool {
    let date = text.get(..10).unwrap_or_default();
    let shape = date
        .bytes()
        .enumerate()
        .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    shape && (text.len() == 10 || matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' ')))
}

/// Bytes as Go writes them into JSON: each that is no character becomes U+FFFD.
fn text_of(bytes: &[u8]) -> String {
    let chunks = bytes.utf8_chunks();
    chunks.flat_map(|chunk| chunk.valid().chars().chain(chunk.invalid().iter().map(|_| '\u{fffd}'))).collect()
}

/// Bytes in base64 with its padding, line breaks between them.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let mut out = Vec::with_capacity(digits.len() / 4 * 3);
    if !digits.len().is_multiple_of(4) {
        return None;
    }
    let groups = digits.len() / 4;
    for (at, group) in digits.chunks(4).enumerate() {
        let padding = group.iter().rev().take_while(|byte| **byte == b'=').count();
        if padding > 2 || (padding > 0 && at + 1 < groups) {
            return None;
        }
        let mut bits = 0_u32;
        for byte in group.get(..4 - padding)? {
            let value = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits * 64 + u32::from(value);
        }
        let bytes = (bits << (6 * padding)).to_be_bytes();
        out.extend_from_slice(bytes.get(1..4 - padding)?);
    }
    Some(out)
}

/// A number as JSON writes it.
pub(super) fn float_as_json(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return (value as i64).to_string();
    }
    serde_json::Number::from_f64(value).map(|number| number.to_string()).unwrap_or_default()
}

/// A number that is a key, as sigs.k8s.io/yaml writes it: the shortest digits of 32 bits, `1e+06` from there on.
pub(super) fn float_as_key(value: f64) -> String {
    let value = value as f32;
    if !value.is_finite() {
        return match (value.is_nan(), value.is_sign_positive()) {
            (true, _) => ".nan",
            (_, true) => ".inf",
            (_, false) => "-.inf",
        }
        .to_owned();
    }
    // The digits come from what writes JSON's numbers, which is in every module. The standard library's own are 20 KB.
    let written = serde_json::to_string(&value).unwrap_or_default();
    let (sign, unsigned) = written.strip_prefix('-').map_or(("", &*written), |unsigned| ("-", unsigned));
    let (mantissa, exponent) = unsigned.split_once('e').unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    let leading = all.len() - all.trim_start_matches('0').len();
    let digits = all.trim_matches('0');
    if digits.is_empty() {
        return [sign, "0"].concat();
    }
    // The exponent of the first digit that is not zero.
    let exponent = exponent.parse::<i32>().unwrap_or_default() + whole.len() as i32 - 1 - leading as i32;
    let (first, rest) = digits.split_at(1);
    let dot = |rest: &str| if rest.is_empty() { String::new() } else { [".", rest].concat() };
    match exponent {
        -4..=-1 => [sign, "0.", &"0".repeat((-1 - exponent).unsigned_abs() as usize), digits].concat(),
        0..6 => {
            let places = exponent as usize + 1;
            let padded = [digits, &"0".repeat(places.saturating_sub(digits.len()))].concat();
            let (whole, fraction) = padded.split_at(places);
            [sign, whole, &dot(fraction)].concat()
        }
        _ => {
            let (minus, size) = (if exponent.is_negative() { '-' } else { '+' }, exponent.unsigned_abs());
            format!("{sign}{first}{}e{minus}{size:02}", dot(rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_its_padding() {
        let text = |text: &str| base64(text).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(text("YWJj\nZGVm").as_deref(), Some("abcdef"));
        assert_eq!(
            (text("YQ==").as_deref(), text("YWI=").as_deref(), text("").as_deref()),
            (Some("a"), Some("ab"), Some(""))
        );
        assert_eq!([base64("YQ"), base64("YQ==YQ=="), base64("Y==="), base64("Y Q=")], [None, None, None, None]);
    }

    #[test]
    fn keys_that_are_numbers_are_written_as_go_writes_them() {
        let keys = [1.5, 1000.0, 0.1, 1e6, 123_456_789_012_345_678_901.0, 1e-5, 0.0001].map(float_as_key);
        assert_eq!(keys, ["1.5", "1000", "0.1", "1e+06", "1.2345679e+20", "1e-05", "0.0001"]);
        // Answers of strconv.FormatFloat(x, 'g', -1, 32), with the words of sigs.k8s.io/yaml for what is no number.
        let signed =
            [-0.0, -1.5, 999_999.0, 999_999.96, -123_456.7, 0.000_123, 1e39, -1e39, f64::NAN].map(float_as_key);
        assert_eq!(signed, ["-0", "-1.5", "999999", "999999.94", "-123456.7", "0.000123", ".inf", "-.inf", ".nan"]);
    }
}
