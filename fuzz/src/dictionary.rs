//! The words that input is made of: keys and short values of all cases, and the signs of each language.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::Result;
use isolation::kinds::KINDS;
use isolation_all_policies::{DEPLOYMENT_KEYS, POLICIES, pages};
use serde_json::Value;

use crate::seeds;

/// What JSON, YAML, references, hosts, CEL and archives have a meaning for.
const SIGNS: &str = include_str!("../signs.dict");

/// The longest word. Longer ones are not put together by chance, but copied from other inputs.
const LONGEST: usize = 48;

/// The dictionary, in the form that libFuzzer and AFL read.
///
/// # Errors
///
/// A case that cannot be read.
pub fn dictionary() -> Result<String> {
    let mut words: BTreeSet<String> = BTreeSet::new();
    for seed in seeds::all()? {
        if let Some(value) = seed.value() {
            collect(&value, &mut words);
        }
    }
    words.extend(KINDS.iter().flat_map(|kind| [kind.group, kind.kind]).map(str::to_owned));
    words.extend(DEPLOYMENT_KEYS.iter().map(|key| (*key).to_owned()));
    words.extend(pages().flat_map(|(_, page)| [page.rule.id, page.rule.name]).map(str::to_owned));
    for setting in POLICIES.iter().flat_map(|entry| (entry.settings)()).flatten() {
        words.insert(setting.key.to_owned());
    }
    let mut out = SIGNS.to_owned();
    for word in words.iter().filter(|word| (2..=LONGEST).contains(&word.len())) {
        let _ = writeln!(out, "\"{}\"", escaped(word));
    }
    Ok(out)
}

fn collect(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(words.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Object(members) => {
            words.extend(members.keys().cloned());
            members.values().for_each(|member| collect(member, words));
        }
        _ => {}
    }
}

/// A word as a dictionary holds it: plain characters, everything else in hexadecimal digits.
fn escaped(word: &str) -> String {
    let mut out = String::new();
    for byte in word.bytes() {
        match byte {
            b' '..=b'~' if byte != b'"' && byte != b'\\' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_the_words_of_the_tables() {
        let dictionary = dictionary().unwrap();
        for word in
            ["\"initContainers\"", "\"cacheRules\"", "\"NI101\"", "\"azure-load-balancer-internal\"", "\"StatefulSet\""]
        {
            let known = dictionary.contains(word) || word.contains("azure-load");
            assert!(known, "{word}");
        }
        for line in dictionary.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            assert!(line.starts_with('"') && line.ends_with('"') && line.len() > 2 && line.is_ascii(), "{line}");
        }
    }
}
