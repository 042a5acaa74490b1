//! Changing a payload.

use serde_json::{Value, json};

use crate::random::Random;

/// Texts that readers of JSON, YAML, image references, hosts and addresses have stumbled over.
const TEXTS: &[&str] = &[
    "",
    " ",
    "true",
    "null",
    "0",
    "/",
    ":",
    "@",
    "@sha256:",
    "a/b:c@d",
    "..",
    "../../../api/v1/secrets",
    "[::1]",
    "0.0.0.0/0",
    "256.1.1.1/33",
    "-",
    "*",
    "%00",
    "\u{0}",
    "\u{7f}\u{85}",
    "\u{200b}",
    "\u{212a}\u{130}\u{df}",
    "\u{202e}moc.elpmaxe",
    "\u{1f600}",
    "a]b\"c\\",
    "{}",
    "{\"spec\": {\"a\": [1, {\"b\": null}]}}",
    "spec: {a: [b, *c], d: !!binary x}",
    "---\na: 'b\n...\n",
    "a:\n\t- b",
    "? x\n: y",
    "{{ .Values.image }}",
    "${IMAGE}",
];

/// Tokens that are put into the text of a payload.
const TOKENS: &[&str] = &[
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    "\\udc00",
    "\\ud83d\\ude00",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "-",
    "1e999",
    "-0",
    "0.0000000000000000000000000000000000001",
    "\u{feff}",
    "\u{0}",
    "\n",
    "{\"a\":",
    "[[[[",
    "\"kind\":\"Pod\",",
];

/// Breaks the text of a payload in one to four places.
pub fn bytes(payload: &str, random: &mut Random) -> Vec<u8> {
    let mut text = payload.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len());
        let end = at + random.below(1 + (text.len() - at).min(40));
        match random.below(6) {
            0 => text.truncate(at),
            1 => drop(text.drain(at..end)),
            2 => {
                let part = text[at..end].to_vec();
                drop(text.splice(at..at, part));
            }
            3 => drop(text.splice(at..at, random.one_of(TOKENS).bytes())),
            4 => drop(text.splice(at..end, random.one_of(TOKENS).bytes())),
            _ => {
                if let Some(byte) = text.get_mut(at) {
                    *byte = random.number().to_le_bytes()[0];
                }
            }
        }
    }
    text
}

/// Puts something else into one place of `value`. `donor` is where pieces of other objects come from.
pub fn value(value: &mut Value, donor: &Value, random: &mut Random) {
    let place = random.below(count(value));
    let piece = donor_piece(donor, random);
    if let Some(place) = nth(value, &mut { place }) {
        change(place, piece, random);
    }
}

/// Adds a member that no API knows to one of the objects in `value`, if there is one where it looks. Never to an empty one: what
/// selects everything or nothing while it is empty, such as a selector's labels, means something else with a member.
pub fn add_unknown(value: &mut Value, random: &mut Random) {
    let place = random.below(count(value));
    if let Some(Value::Object(members)) = nth(value, &mut { place })
        && !members.is_empty()
    {
        members.insert("aardvark".into(), Value::from(*random.one_of(TEXTS)));
    }
}

fn change(place: &mut Value, piece: Value, random: &mut Random) {
    let other = match random.below(8) {
        0 => Value::Null,
        1 => json!(random.one_of(&[0, 1, -1, i64::MAX, i64::MIN])),
        2 => json!(random.below(2) == 0),
        3 => json!([]),
        4 => json!({}),
        5 => piece,
        _ => Value::from(*random.one_of(TEXTS)),
    };
    match (&mut *place, random.below(8)) {
        (Value::Object(members), 0..3) => drop(members.insert(key(random), other)),
        (Value::Object(members), 3..5) if !members.is_empty() => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = random.one_of(&names).clone();
            let member = members.remove(&name).unwrap_or_default();
            if random.below(2) == 0 {
                members.insert(recased(&name, random), member);
            }
        }
        (Value::Array(items), 0..3) => items.insert(random.below(items.len() + 1), other),
        (Value::Array(items), 3) => {
            let copies = items.clone();
            (0..random.below(20)).for_each(|_| items.extend(copies.iter().take(50).cloned()));
        }
        (Value::String(text), 0..4) => *text = text_like(text, random),
        (_, 4) => {
            let mut deep = std::mem::take(place);
            for level in 0..random.below(130) {
                deep = if level % 2 == 0 { json!([deep]) } else { json!({"a": deep}) };
            }
            *place = deep;
        }
        (_, 5) => *place = json!("x".repeat(random.below(30_000))),
        _ => *place = other,
    }
}

fn key(random: &mut Random) -> String {
    (*random.one_of(&[
        "",
        "a",
        "spec",
        "image",
        "kind",
        "metadata",
        "annotations",
        "deletionTimestamp",
        "a.b/c",
        "[*]",
        "\u{212a}",
    ]))
    .to_owned()
}

/// The same letters in another case.
fn recased(text: &str, random: &mut Random) -> String {
    text.chars().map(|c| if random.below(3) == 0 { c.to_ascii_uppercase() } else { c }).collect()
}

/// A text that is nearly `text`.
fn text_like(text: &str, random: &mut Random) -> String {
    let extra = *random.one_of(TEXTS);
    let at = (0..=random.below(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let (front, back) = text.split_at(at);
    match random.below(4) {
        0 => recased(text, random),
        1 => [front, extra, back].concat(),
        2 => [front, front, back].concat(),
        _ => back.to_owned(),
    }
}

fn donor_piece(donor: &Value, random: &mut Random) -> Value {
    let mut copy = donor.clone();
    let place = random.below(count(&copy));
    nth(&mut copy, &mut { place }).map(Value::take).unwrap_or_default()
}

/// How many values there are in `value`, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The value that stands at `place`, counted as [`count`] does.
fn nth<'v>(value: &'v mut Value, place: &mut usize) -> Option<&'v mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, place)),
        Value::Object(members) => members.values_mut().find_map(|member| nth(member, place)),
        _ => None,
    }
}

/// Breaks a text as [`bytes`] does, where it stays a text.
pub fn text(text: &str, random: &mut Random) -> Option<String> {
    String::from_utf8(bytes(text, random)).ok()
}

/// Puts something else into one to three places of a text that is JSON.
pub fn json(text: &str, random: &mut Random) -> Option<String> {
    let mut value: Value = serde_json::from_str(text).ok()?;
    let donor = value.clone();
    for _ in 0..=random.below(3) {
        self::value(&mut value, &donor, random);
    }
    Some(value.to_string())
}
