//! The same JSON, written in another way.

use serde_json::Value;

use crate::random::Random;

/// Writes JSON otherwise: blanks where JSON allows them, and one letter everywhere as an escape. What it says is the same.
pub fn otherwise(payload: &str, random: &mut Random) -> String {
    let blank = *random.one_of(&["", " ", "\n\t", "\r\n"]);
    let letter = *random.one_of(&['a', 'e', 'i', 'n', 'o', 's', 't', '/', '.']);
    let mut out = String::with_capacity(payload.len() * 2);
    let mut in_text = false;
    // How many characters belong to an escape.
    let mut escaped = 0;
    for c in payload.chars() {
        if in_text && escaped > 0 {
            escaped = if c == 'u' && escaped == 1 && out.ends_with('\\') { 4 } else { escaped - 1 };
            out.push(c);
        } else if in_text && c == '\\' {
            escaped = 1;
            out.push(c);
        } else if in_text && c == letter {
            out.push_str(&format!("\\u{:04X}", u32::from(c)));
        } else {
            in_text ^= c == '"';
            out.push(c);
            if !in_text && matches!(c, '{' | '}' | '[' | ']' | ',' | ':') {
                out.push_str(blank);
            }
        }
    }
    out
}

/// Writes JSON with the keys of every object in the opposite order.
pub fn turned(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(turned).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| format!("{}:{}", Value::from(key.as_str()), turned(value));
            format!("{{{}}}", members.iter().rev().map(member).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_the_same() {
        let payload = r#"{"a\\":"b\"e/\u0041\u00ae\\u00ae\/","list":[1,-2.5e3,true,null,{"":{}}]}"#;
        let value: serde_json::Value = serde_json::from_str(payload).unwrap();
        for seed in 0..50 {
            let other = otherwise(payload, &mut Random::new(seed));
            assert_eq!(serde_json::from_str::<serde_json::Value>(&other).unwrap(), value, "{other}");
        }
        let turned = turned(&value);
        assert!(turned.starts_with(r#"{"list":[1"#), "{turned}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&turned).unwrap(), value);
    }
}
