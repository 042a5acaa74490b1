//! Documents inside strings: where a rule reads a string of an object as YAML or JSON, another way of writing the same document
//! is never accepted where the first is refused.

use std::sync::OnceLock;

use anyhow::{Result, bail};
use isolation_all_policies::POLICIES;
use isolation_document::Kind;
use serde_json::Value;

use crate::answers::answer;
use crate::seeds;
use crate::target::{Target, choosing, chosen};
use crate::{lines, mutate};

/// One of the places of the cases, and the text that stands there. The place is chosen by two bytes.
pub const TARGET: Target = Target {
    name: "strings",
    check,
    change: |data, random| {
        let (place, text) = taken(data)?;
        let text = match random.below(4) {
            0 => mutate::text(text, random)?,
            1 => mutate::json(text, random)?,
            _ => lines::change(text, random)?,
        };
        Some(put(place, &text))
    },
    seeds: || Ok(places()?.iter().enumerate().map(|(at, place)| put(at, &place.text)).collect()),
    longest: 4096,
};

/// A string of a case that holds a document.
struct Place {
    policy: usize,
    payload: Value,
    pointer: String,
    text: String,
}

fn taken(data: &[u8]) -> Option<(usize, &str)> {
    let (low, rest) = data.split_first()?;
    let (high, text) = chosen(rest)?;
    Some((high << 8 | usize::from(*low), text))
}

fn put(place: usize, text: &str) -> Vec<u8> {
    let mut data = vec![u8::try_from(place & 255).unwrap_or_default()];
    data.extend(choosing(place >> 8, text));
    data
}

fn places() -> Result<&'static [Place]> {
    static PLACES: OnceLock<Vec<Place>> = OnceLock::new();
    if let Some(places) = PLACES.get() {
        return Ok(places);
    }
    let mut places = Vec::new();
    for seed in seeds::all()? {
        let Some(payload) = seed.value() else { continue };
        let mut found = Vec::new();
        if let Some(object) = payload.pointer("/request/object") {
            collect(object, "/request/object", &mut found);
        }
        for (pointer, text) in found {
            places.push(Place { policy: seed.policy, payload: payload.clone(), pointer, text });
        }
    }
    Ok(PLACES.get_or_init(|| places))
}

fn collect(value: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) if text.contains(['\n', '{']) || text.contains(": ") => {
            found.push((pointer.to_owned(), text.clone()));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| collect(item, &format!("{pointer}/{at}"), found));
        }
        Value::Object(members) => members.iter().for_each(|(key, member)| {
            let key = key.replace('~', "~0").replace('/', "~1");
            collect(member, &format!("{pointer}/{key}"), found);
        }),
        _ => {}
    }
}

fn check(data: &[u8]) -> Result<()> {
    let Some((place, text)) = taken(data) else { return Ok(()) };
    let places = places()?;
    let Some(place) = places.get(place % places.len()) else { return Ok(()) };
    let Some(entry) = POLICIES.get(place.policy) else { return Ok(()) };
    // A name with braces, such as a placeholder, is no document.
    if !is_document(&place.text) {
        return Ok(());
    }
    let with = |text: &str| {
        let mut payload = place.payload.clone();
        if let Some(string) = payload.pointer_mut(&place.pointer) {
            *string = Value::from(text);
        }
        payload.to_string()
    };
    let payload = with(text);
    let found = answer(entry, payload.as_bytes(), &payload)?;
    if found.accepted {
        return Ok(());
    }
    // The same document as JSON, which is YAML, too. What ours reads and others do not is refused for that.
    let Ok(read) = isolation_yaml::document(text) else { return Ok(()) };
    let json = read.root().to_json();
    if !json.starts_with(['{', '[']) || serde_json::from_str::<Value>(&json).is_err() {
        return Ok(());
    }
    let other = with(&json);
    let answered = answer(entry, other.as_bytes(), &other)?;
    if answered.accepted && !is_refused_for_its_form(&found, text) {
        bail!("{} rejects\n{payload}\n{found:?}\nand accepts the same document as JSON\n{other}", entry.name);
    }
    Ok(())
}

/// Whether a text is one object or list.
fn is_document(text: &str) -> bool {
    isolation_yaml::document(text).is_ok_and(|read| matches!(read.root().kind(), Kind::Object | Kind::List))
}

/// Whether the rejection is about how the text is written. A patch for a managed cluster (NI616) is JSON and nothing else: CAPZ
/// does not read it as YAML, and what the patch would have taken away of the cluster is refused beside it.
fn is_refused_for_its_form(found: &crate::answers::Answer, text: &str) -> bool {
    let is_json = serde_json::from_str::<Value>(text).is_ok();
    let rules = found.refusing();
    rules.iter().all(|rule| rule == "NI001") || (!is_json && rules.iter().any(|rule| rule == "NI616"))
}
