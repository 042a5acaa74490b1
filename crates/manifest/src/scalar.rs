//! What a plain YAML scalar means.
//!
//! The tools of Kubernetes read YAML with sigs.k8s.io/yaml, whose parser resolves scalars by YAML 1.1: a manifest must
//! mean here what it means there.

use serde_json::Number;

use crate::node::Data;

/// Resolves a plain scalar. `Err` names what has no JSON value.
pub(crate) fn resolve(text: &str) -> Result<Data, &'static str> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Data::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "y" | "Y" | "on" | "On" | "ON" => Data::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "n" | "N" | "off" | "Off" | "OFF" => Data::Bool(false),
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
        | "-.INF" => return Err("infinity and not-a-number have no value in JSON"),
        _ => match number(text) {
            Some(number) => Data::Number(number),
            None => Data::String(text.to_owned()),
        },
    })
}

fn number(text: &str) -> Option<Number> {
    if !matches!(text.bytes().next()?, b'+' | b'-' | b'.' | b'0'..=b'9') {
        return None;
    }
    let plain = text.replace('_', "");
    integer(&plain).or_else(|| float(&plain))
}

fn integer(text: &str) -> Option<Number> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    // A sign in front of the digits is `from_str_radix`'s to take, not YAML's.
    if !digits.bytes().next()?.is_ascii_alphanumeric() {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    if !negative {
        return Some(Number::from(value));
    }
    Some(Number::from(0_i64.checked_sub_unsigned(value)?))
}

fn float(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let mantissa_is_good = match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && digits(fraction),
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => !mantissa.is_empty() && digits(mantissa),
    };
    let exponent_is_good = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    if !mantissa_is_good || !exponent_is_good {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    // The tools write a float without fraction as an integer.
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return Some(Number::from(value as i64));
    }
    Number::from_f64(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_mean_what_they_mean_to_kubectl() {
        let json = |text: &str| match resolve(text).unwrap() {
            Data::Null => "null".to_owned(),
            Data::Bool(value) => value.to_string(),
            Data::Number(number) => number.to_string(),
            Data::String(text) => format!("{text:?}"),
            other => panic!("{other:?}"),
        };
        for (text, expected) in [
            ("yes", "true"),
            ("Off", "false"),
            ("~", "null"),
            ("0777", "511"),
            ("0x1F", "31"),
            ("1_000", "1000"),
            ("-12", "-12"),
            ("+7", "7"),
            ("1.50", "1.5"),
            ("1e3", "1000"),
            (".5", "0.5"),
            ("1.27.0", "\"1.27.0\""),
            ("0b", "\"0b\""),
            ("0x-1", "\"0x-1\""),
            ("08", "8"),
            ("1.", "1"),
            ("-", "\"-\""),
            ("2026-11-24", "\"2026-11-24\""),
            ("trUe", "\"trUe\""),
        ] {
            assert_eq!(json(text), expected, "{text}");
        }
        assert!(resolve(".inf").is_err());
    }
}
