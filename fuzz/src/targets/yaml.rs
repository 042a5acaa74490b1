//! Texts of YAML: what is read, in places or without, is the same; written as JSON and read as JSON or as YAML it is the same
//! again; every place is a part of the text; what is not read says where and why.

use anyhow::{Context as _, Result, ensure};
use isolation_document::{Builder, Document, Value};
use isolation_yaml::{MAX_ALIASED, Places, aliases, document};

use crate::random::Random;
use crate::target::Target;
use crate::{lines, mutate, seeds};

/// A text.
pub const TARGET: Target = Target {
    name: "yaml",
    check,
    change: |data, random| change(std::str::from_utf8(data).ok()?, random).map(String::into_bytes),
    seeds,
    longest: 4096,
};

fn change(text: &str, random: &mut Random) -> Option<String> {
    if random.below(4) == 0 { mutate::text(text, random) } else { lines::change(text, random) }
}

fn check(data: &[u8]) -> Result<()> {
    let Ok(text) = std::str::from_utf8(data) else { return Ok(()) };
    check_text(text).with_context(|| format!("{text:?}"))
}

fn check_text(text: &str) -> Result<()> {
    let mut builder = Builder::new("");
    let placed = isolation_yaml::read(text, &mut builder, Places::From(0), MAX_ALIASED);
    let read = document(text);
    match (&read, placed) {
        (Err(unreadable), placed) => {
            ensure!(!unreadable.problem.is_empty() && unreadable.line > 0 && unreadable.column > 0, "{unreadable:?}");
            if let Err(problem) = placed {
                ensure!(
                    text.get(problem.span.clone()).is_some() && !problem.what.is_empty(),
                    "{problem:?} is not in the text"
                );
            } else {
                ensure!(
                    unreadable.problem.contains("too many"),
                    "it is read with places, and not without: {unreadable:?}"
                );
            }
            Ok(())
        }
        (Ok(_), Err(problem)) => anyhow::bail!("it is read without places, and not with: {problem:?}"),
        (Ok(plain), Ok(something)) => {
            if something {
                let placed = builder.finish();
                ensure!(plain.root().to_json() == placed.root().to_json(), "places change what is read");
                places_are_in(text, placed.root())?;
            }
            as_json(plain)?;
            for alias in aliases(text).unwrap_or_default() {
                ensure!(text.get(alias.span.clone()).is_some_and(|written| written.starts_with('*')), "{alias:?}");
            }
            Ok(())
        }
    }
}

/// Every value is somewhere in the text.
fn places_are_in(text: &str, value: Value<'_>) -> Result<()> {
    let span = value.span().context("a value without a place")?;
    ensure!(text.get(span.clone()).is_some(), "{span:?} is no part of the text");
    if let Some(span) = value.key_span() {
        ensure!(text.get(span.clone()).is_some(), "the key's {span:?} is no part of the text");
    }
    for item in value.items() {
        places_are_in(text, item)?;
    }
    for (_, member) in value.entries() {
        places_are_in(text, member)?;
    }
    Ok(())
}

/// As JSON it says the same, to us and to others.
fn as_json(read: &Document<'_>) -> Result<()> {
    let json = read.root().to_json();
    let value: serde_json::Value = match serde_json::from_str(&json) {
        Ok(value) => value,
        // Deeper than readers of JSON go.
        Err(error) if error.to_string().contains("recursion limit") => return Ok(()),
        Err(error) => anyhow::bail!("{json} is not JSON: {error}"),
    };
    ensure!(is_same(&serde_json::to_value(read.root())?, &value), "{json} has another value");
    let again = Document::read(json.as_bytes()).map_err(|problem| anyhow::anyhow!("{json}: {problem:?}"))?;
    ensure!(is_same(&serde_json::to_value(again.root())?, &value), "{json} is read as {}", again.root().to_json());
    // What JSON escapes in other ways than YAML is left to readers of JSON.
    if json.chars().all(|c| matches!(c, ' '..='~')) && !json.contains('\\') && json.len() < 1000 {
        let yaml = document(&json).map_err(|problem| anyhow::anyhow!("{json} is not YAML: {problem:?}"))?;
        ensure!(is_same(&serde_json::to_value(yaml.root())?, &value), "{json} is {} as YAML", yaml.root().to_json());
    }
    Ok(())
}

/// Whether two values are the same. A fraction may differ in its last digit: serde_json reads it fast, and not to the last bit.
fn is_same(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one != other => {
            let (Some(one), Some(other)) = (one.as_f64(), other.as_f64()) else { return false };
            (one - other).abs() <= one.abs() * 1e-14
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let member = |(key, one): (&String, &Value)| other.get(key).is_some_and(|other| is_same(one, other));
            one.len() == other.len() && one.iter().all(member)
        }
        (one, other) => one == other,
    }
}

fn seeds() -> Result<Vec<Vec<u8>>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for seed in seeds::all()? {
        let Some(object) = seed.object() else { continue };
        all.push(yaml_serde::to_string(&object)?.into_bytes());
        collect(&object, &mut all);
    }
    all.extend(SHORT.split("\n=====\n").map(|text| text.as_bytes().to_vec()));
    all.sort();
    all.dedup();
    Ok(all)
}

/// The documents inside strings.
fn collect(value: &serde_json::Value, all: &mut Vec<Vec<u8>>) {
    match value {
        serde_json::Value::String(text) if text.contains('\n') => all.push(text.as_bytes().to_vec()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, all)),
        serde_json::Value::Object(members) => members.values().for_each(|member| collect(member, all)),
        _ => {}
    }
}

const SHORT: &str = include_str!("yaml.txt");
