//! Functions of ARM templates whose result follows from their arguments.
//!
//! Each does what is documented, and gives nothing where that is not sure, as for texts that are not ASCII where characters count:
//! what comes of it is then not known.
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions>

use std::collections::HashSet;

use serde_json::{Map, Number, Value, json};

use crate::written::{UNKNOWN, escaped, expression, is_not_empty};

/// What a function is given, and how much room there is for what it makes.
type Of = fn(&[Value], usize) -> Option<Value>;

/// How a function takes its arguments.
#[derive(Clone, Copy)]
enum Takes {
    /// As they are, with nothing in them that is not known.
    Known(Of),
    /// As a template writes them. What is in them may not be known, and what comes of it is written so, too.
    Written(Of),
}

use Takes::{Known, Written};

/// Functions by their names in lower case. Where there are several, the first that gives something counts.
const FUNCTIONS: &[(&str, Takes)] = &[
    ("add", Known(|of, _| number(of, i64::checked_add))),
    ("array", Written(array)),
    ("bool", Known(boolean)),
    ("contains", Written(has_key)),
    ("contains", Known(contains)),
    ("createarray", Written(|of, _| Some(of.into()))),
    ("createobject", Written(create_object)),
    ("div", Known(|of, _| number(of, i64::checked_div))),
    ("empty", Written(|of, _| length(of).map(|length| Value::from(length == 0)))),
    ("empty", Written(|of, _| matches!(of, [Value::Null]).then_some(Value::Bool(true)))),
    ("empty", Written(|of, _| matches!(of, [Value::String(id)] if is_not_empty(id)).then_some(Value::Bool(false)))),
    ("endswith", Known(|of, _| texts(of, |text, end| text.ends_with(end)))),
    ("equals", Known(equals)),
    ("false", Known(|of, _| of.is_empty().then_some(Value::Bool(false)))),
    ("first", Written(|of, _| items(of)?.first().cloned())),
    ("first", Known(|of, _| Some(ascii(of.first()?)?.get(..1)?.into()))),
    ("flatten", Written(flatten)),
    ("greater", Known(|of, _| numbers(of, |a, b| a > b))),
    ("greaterorequals", Known(|of, _| numbers(of, |a, b| a >= b))),
    ("int", Known(integer)),
    ("items", Written(items_of)),
    ("join", Known(join)),
    ("json", Known(|of, _| serde_json::from_str(one(of)?.as_str()?).ok())),
    ("last", Written(|of, _| items(of)?.last().cloned())),
    ("last", Known(|of, _| ascii(one(of)?).and_then(|text| Some(text.get(text.len().checked_sub(1)?..)?.into())))),
    ("length", Written(|of, _| length(of).map(Value::from))),
    ("less", Known(|of, _| numbers(of, |a, b| a < b))),
    ("lessorequals", Known(|of, _| numbers(of, |a, b| a <= b))),
    ("max", Known(|of, _| Some(integers(of)?.into_iter().max()?.into()))),
    ("min", Known(|of, _| Some(integers(of)?.into_iter().min()?.into()))),
    ("mod", Known(|of, _| number(of, i64::checked_rem))),
    ("mul", Known(|of, _| number(of, i64::checked_mul))),
    ("not", Known(|of, _| Some((!one(of)?.as_bool()?).into()))),
    ("null", Known(|of, _| of.is_empty().then_some(Value::Null))),
    ("objectkeys", Written(object_keys)),
    ("range", Known(range)),
    ("replace", Known(replace)),
    ("shallowmerge", Written(shallow_merge)),
    ("skip", Written(|of, _| part(of, |items, at| items.get(at..).unwrap_or_default()))),
    ("skip", Known(|of, _| part_of_text(of, |text, at| text.get(at..).unwrap_or_default()))),
    ("split", Known(split)),
    ("startswith", Known(|of, _| texts(of, |text, start| text.starts_with(start)))),
    ("string", Known(|of, _| string(one(of)?))),
    ("sub", Known(|of, _| number(of, i64::checked_sub))),
    ("substring", Known(substring)),
    ("take", Written(|of, _| part(of, |items, at| items.get(..at).unwrap_or(items)))),
    ("take", Known(|of, _| part_of_text(of, |text, at| text.get(..at).unwrap_or(text)))),
    ("tolower", Known(|of, _| Some(ascii(one(of)?)?.to_ascii_lowercase().into()))),
    ("toupper", Known(|of, _| Some(ascii(one(of)?)?.to_ascii_uppercase().into()))),
    ("trim", Known(|of, _| Some(one(of)?.as_str()?.trim().into()))),
    ("true", Known(|of, _| of.is_empty().then_some(Value::Bool(true)))),
    ("union", Written(union_of_objects)),
    ("union", Known(union_of_arrays)),
];

/// What a function gives, as a template writes it, if that is known. `known` gives the arguments where nothing in them is unknown.
pub fn call(name: &str, written: &[Value], known: impl Fn() -> Option<Vec<Value>>, room: usize) -> Option<Value> {
    // The table is sorted.
    let first = FUNCTIONS.partition_point(|(other, _)| *other < name);
    let mut of_name = FUNCTIONS.iter().skip(first).take_while(|(other, _)| *other == name);
    of_name.find_map(|(_, takes)| match takes {
        Takes::Written(of) => of(written, room),
        Takes::Known(of) => of(&known()?, room).map(escaped),
    })
}

fn one(of: &[Value]) -> Option<&Value> {
    if let [only] = of { Some(only) } else { None }
}

/// The items of a list, where it is one.
fn items(of: &[Value]) -> Option<&Vec<Value>> {
    one(of)?.as_array()
}

/// The members of an object, unless a loop makes others.
fn members(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object().filter(|members| !members.keys().any(|key| key.eq_ignore_ascii_case("copy")))
}

fn ascii(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| text.is_ascii())
}

fn escaped_text(text: &str) -> Value {
    escaped(text.into())
}

fn array(of: &[Value], _: usize) -> Option<Value> {
    match one(of)? {
        Value::Array(items) => Some(items.clone().into()),
        Value::String(text) if expression(text).is_some() => None,
        other => Some(vec![other.clone()].into()),
    }
}

fn boolean(of: &[Value], _: usize) -> Option<Value> {
    match one(of)? {
        Value::Bool(value) => Some((*value).into()),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true.into()),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false.into()),
        Value::Number(number) => {
            number.as_i64().filter(|number| matches!(number, 0 | 1)).map(|number| (number == 1).into())
        }
        _ => None,
    }
}

/// Keys count in any case.
fn has_key(of: &[Value], _: usize) -> Option<Value> {
    let [object, key] = of else { return None };
    let key = plain(key.as_str()?)?;
    Some(members(object)?.keys().any(|other| other.eq_ignore_ascii_case(&key)).into())
}

/// The text that a template writes so, unless it is an expression.
fn plain(text: &str) -> Option<String> {
    expression(text).is_none().then(|| text.strip_prefix("[[").map_or_else(|| text.into(), |rest| format!("[{rest}")))
}

fn contains(of: &[Value], _: usize) -> Option<Value> {
    match of {
        [Value::String(text), Value::String(part)] => Some(text.contains(part.as_str()).into()),
        [Value::Array(items), item] => {
            let mut answers = items.iter().map(|other| same(other, item));
            let is_in = answers.clone().any(|is_same| is_same == Some(true));
            (is_in || answers.all(|is_same| is_same.is_some())).then_some(is_in.into())
        }
        _ => None,
    }
}

fn create_object(of: &[Value], _: usize) -> Option<Value> {
    let (mut object, mut names) = (Map::new(), HashSet::new());
    let (pairs, []) = of.as_chunks::<2>() else { return None };
    for [key, value] in pairs {
        let key = plain(key.as_str()?)?;
        names.insert(key.to_lowercase()).then_some(())?;
        object.insert(key, value.clone());
    }
    Some(object.into())
}

/// How many items, members or characters there are.
fn length(of: &[Value]) -> Option<usize> {
    match one(of)? {
        Value::Array(items) => Some(items.len()),
        Value::String(text) => Some(plain(text)?.encode_utf16().count()),
        object => members(object).map(Map::len),
    }
}

fn equals(of: &[Value], _: usize) -> Option<Value> {
    let [a, b] = of else { return None };
    same(a, b).map(Value::from)
}

/// Whether two values are equal, where that is sure. Case counts.
fn same(a: &Value, b: &Value) -> Option<bool> {
    let is_float = |value: &Value| value.as_number().is_some_and(Number::is_f64);
    if a == b {
        return Some(true);
    }
    // 1.0 is 1, and it is not documented whether keys of objects count in any case.
    let is_unsure = match (a, b) {
        (Value::Object(a), Value::Object(b)) => a.len() == b.len(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len(),
        _ => is_float(a) || is_float(b),
    };
    (!is_unsure).then_some(false)
}

fn flatten(of: &[Value], _: usize) -> Option<Value> {
    let lists: Option<Vec<_>> = items(of)?.iter().map(Value::as_array).collect();
    Some(lists?.into_iter().flatten().cloned().collect())
}

fn two(of: &[Value]) -> Option<(i64, i64)> {
    let [a, b] = of else { return None };
    Some((a.as_i64()?, b.as_i64()?))
}

/// How texts compare depends on a language.
fn numbers(of: &[Value], is: fn(i64, i64) -> bool) -> Option<Value> {
    two(of).map(|(a, b)| is(a, b).into())
}

fn number(of: &[Value], calculate: fn(i64, i64) -> Option<i64>) -> Option<Value> {
    two(of).and_then(|(a, b)| calculate(a, b)).map(Value::from)
}

/// The integers in a list, or the arguments.
fn integers(of: &[Value]) -> Option<Vec<i64>> {
    let all = if let [Value::Array(items)] = of { items } else { of };
    all.iter().map(Value::as_i64).collect()
}

fn integer(of: &[Value], _: usize) -> Option<Value> {
    let value = one(of)?;
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).map(Value::from)
}

/// What is made of each member of an object, in the alphabetical order of the keys, where that is sure: how capitals and signs are
/// sorted is not documented.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-object#items>
fn items_of(of: &[Value], _: usize) -> Option<Value> {
    let mut members: Vec<_> = members(one(of)?)?.iter().collect();
    members.sort_by_key(|(key, _)| *key);
    let is_plain = members.iter().all(|(key, _)| key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let is_sure = is_plain && members.is_sorted_by_key(|(key, _)| key.to_ascii_lowercase());
    let items = members.iter().map(|(key, value)| json!({"key": escaped_text(key), "value": value}));
    (members.len() < 2 || is_sure).then(|| items.collect())
}

/// Nothing is documented of the order in which several keys come.
fn object_keys(of: &[Value], _: usize) -> Option<Value> {
    let members = members(one(of)?)?;
    (members.len() < 2).then(|| members.keys().map(|key| escaped_text(key)).collect())
}

fn string(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(text.clone().into()),
        Value::Number(number) => number.as_i64().map(|number| number.to_string().into()),
        // Whether it is `True` or `true`, and how an object is written, is not documented.
        _ => None,
    }
}

fn join(of: &[Value], room: usize) -> Option<Value> {
    let [Value::Array(items), Value::String(between)] = of else { return None };
    let texts: Option<Vec<_>> = items.iter().map(string).collect();
    let texts = texts?;
    let texts: Vec<_> = texts.iter().filter_map(Value::as_str).collect();
    let bytes = texts.iter().map(|text| text.len() + between.len()).sum::<usize>();
    (bytes <= room).then(|| texts.join(between).into())
}

fn range(of: &[Value], room: usize) -> Option<Value> {
    let (start, count) = two(of)?;
    let is_allowed = (0..=10_000).contains(&count) && start.checked_add(count)? <= i64::from(i32::MAX);
    let has_room = usize::try_from(count).is_ok_and(|count| count <= room);
    (is_allowed && has_room).then(|| (start..start + count).collect())
}

fn replace(of: &[Value], room: usize) -> Option<Value> {
    let [Value::String(text), Value::String(old), Value::String(new)] = of else { return None };
    if old.is_empty() {
        return None;
    }
    let bytes = text.len().saturating_add(text.matches(old.as_str()).count().saturating_mul(new.len()));
    (bytes <= room).then(|| text.replace(old.as_str(), new).into())
}

fn shallow_merge(of: &[Value], _: usize) -> Option<Value> {
    let mut merged = Map::new();
    for object in items(of)? {
        for (key, value) in members(object)? {
            if !merged.contains_key(key) && merged.keys().any(|other: &String| other.eq_ignore_ascii_case(key)) {
                return None;
            }
            merged.insert(key.clone(), value.clone());
        }
    }
    Some(merged.into())
}

fn part(of: &[Value], cut: fn(&[Value], usize) -> &[Value]) -> Option<Value> {
    let [Value::Array(items), Value::Number(at)] = of else { return None };
    Some(cut(items, usize::try_from(at.as_i64()?.max(0)).ok()?).into())
}

fn part_of_text(of: &[Value], cut: fn(&str, usize) -> &str) -> Option<Value> {
    let [text, Value::Number(at)] = of else { return None };
    Some(cut(ascii(text)?, usize::try_from(at.as_i64()?.max(0)).ok()?).into())
}

fn split(of: &[Value], room: usize) -> Option<Value> {
    let [Value::String(text), Value::String(at)] = of else { return None };
    let has_room = !at.is_empty() && text.len() <= room;
    has_room.then(|| text.split(at.as_str()).map(Value::from).collect())
}

fn substring(of: &[Value], _: usize) -> Option<Value> {
    let (text, start) = (ascii(of.first()?)?, usize::try_from(of.get(1)?.as_i64()?).ok()?);
    let end = match of {
        [_, _] => text.len(),
        [_, _, length] => start.checked_add(usize::try_from(length.as_i64()?).ok()?)?,
        _ => return None,
    };
    text.get(start..end).map(Value::from)
}

/// Case does not count.
fn texts(of: &[Value], is: fn(&str, &str) -> bool) -> Option<Value> {
    let [text, part] = of else { return None };
    Some(is(&ascii(text)?.to_ascii_lowercase(), &ascii(part)?.to_ascii_lowercase()).into())
}

fn union_of_objects(of: &[Value], _: usize) -> Option<Value> {
    let (first, others) = of.split_first()?;
    let mut merged = members(first)?.clone();
    for other in others {
        merge(&mut merged, members(other)?, 0)?;
    }
    Some(merged.into())
}

/// How deep objects are merged: no text that is read has deeper ones, but loops of variables.
const MERGED: usize = 64;

/// Members of the second overwrite those of the first, and objects in both are merged.
fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>, depth: usize) -> Option<()> {
    let mut names: HashSet<String> = into.keys().map(|key| key.to_ascii_lowercase()).collect();
    for (key, value) in from {
        let is_new = names.insert(key.to_ascii_lowercase());
        match into.get_mut(key) {
            // Which of two casings stays is not documented.
            None if !is_new => return None,
            None => _ = into.insert(key.clone(), value.clone()),
            Some(Value::Object(old)) if value.is_object() => {
                merge(old, value.as_object().filter(|_| depth < MERGED)?, depth + 1)?;
            }
            // An expression may be an object; and whether null overwrites is not documented.
            Some(old) if is_unsure(old) || is_unsure(value) => *old = UNKNOWN.into(),
            Some(old) => *old = value.clone(),
        }
    }
    Some(())
}

fn is_unsure(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| expression(text).is_some())
}

fn union_of_arrays(of: &[Value], _: usize) -> Option<Value> {
    let lists: Option<Vec<_>> = of.iter().map(Value::as_array).collect();
    let mut seen = HashSet::new();
    Some(lists?.into_iter().flatten().filter(|item| seen.insert(item.to_string())).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;

    #[test]
    fn the_table_is_sorted() {
        assert!(FUNCTIONS.is_sorted_by(|(a, _), (b, _)| a <= b));
    }
}
