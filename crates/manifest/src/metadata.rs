//! The types of an object's metadata, which kubectl reads before anything else and does not take otherwise.

use isolation_document::{Kind, Value};

/// What a field of metadata holds. `null` is taken for every one of them.
enum Type {
    Text,
    Integer,
    Boolean,
    Time,
    /// Texts by key.
    Texts,
    /// A list of texts.
    TextList,
    /// A list of objects with these fields.
    List(&'static [(&'static str, Type)]),
}

/// The fields of ObjectMeta, by Kubernetes' own definition (apimachinery's pkg/apis/meta/v1).
const FIELDS: &[(&str, Type)] = &[
    ("annotations", Type::Texts),
    ("creationTimestamp", Type::Time),
    ("deletionGracePeriodSeconds", Type::Integer),
    ("deletionTimestamp", Type::Time),
    ("finalizers", Type::TextList),
    ("generateName", Type::Text),
    ("generation", Type::Integer),
    ("labels", Type::Texts),
    ("managedFields", Type::List(MANAGED)),
    ("name", Type::Text),
    ("namespace", Type::Text),
    ("ownerReferences", Type::List(OWNER)),
    ("resourceVersion", Type::Text),
    ("selfLink", Type::Text),
    ("uid", Type::Text),
];

const OWNER: &[(&str, Type)] = &[
    ("apiVersion", Type::Text),
    ("blockOwnerDeletion", Type::Boolean),
    ("controller", Type::Boolean),
    ("kind", Type::Text),
    ("name", Type::Text),
    ("uid", Type::Text),
];

const MANAGED: &[(&str, Type)] = &[
    ("apiVersion", Type::Text),
    ("fieldsType", Type::Text),
    ("manager", Type::Text),
    ("operation", Type::Text),
    ("subresource", Type::Text),
    ("time", Type::Time),
];

/// The first field of an object's metadata that has the wrong type, and what is wrong: a clause.
pub(crate) fn wrong(object: Value<'_>) -> Option<(Value<'_>, String)> {
    let metadata = object.field("metadata")?;
    fields(metadata, "metadata", FIELDS)
}

fn fields<'d>(value: Value<'d>, name: &str, table: &[(&str, Type)]) -> Option<(Value<'d>, String)> {
    if value.kind() != Kind::Object {
        return Some(expected(value, name, "an object"));
    }
    table.iter().find_map(|(key, expected)| check(value.field(key)?, &format!("{name}.{key}"), expected))
}

fn expected<'d>(value: Value<'d>, name: &str, what: &str) -> (Value<'d>, String) {
    (value, format!("{name} is {}, but must be {what}", value.kind().name()))
}

fn check<'d>(value: Value<'d>, name: &str, wanted: &Type) -> Option<(Value<'d>, String)> {
    let is = |kind: Kind, what: &str| (value.kind() != kind).then(|| expected(value, name, what));
    match wanted {
        Type::Text => is(Kind::String, "a string"),
        Type::Boolean => is(Kind::Bool, "true or false"),
        Type::Integer => is(Kind::Number, "an integer").or_else(|| {
            let whole = value.number().is_some_and(|number| number.parse::<i64>().is_ok() || is_whole(number));
            (!whole).then(|| expected(value, name, "an integer"))
        }),
        Type::Time => is(Kind::String, "a time").or_else(|| {
            let text = value.text().unwrap_or_default();
            (!is_time(text)).then(|| (value, format!("{name} must be a time, as in 2026-11-26T10:00:00Z")))
        }),
        Type::Texts => is(Kind::Object, "an object of strings").or_else(|| {
            let mut members = value.entries().filter(|(_, member)| !member.is_null());
            members.find_map(|(key, member)| check(member, &format!("{name}[{key}]"), &Type::Text))
        }),
        Type::TextList => is(Kind::List, "a list of strings").or_else(|| {
            let mut items = value.items().filter(|item| !item.is_null());
            items.find_map(|item| check(item, &format!("an item of {name}"), &Type::Text))
        }),
        Type::List(table) => is(Kind::List, "a list of objects").or_else(|| {
            let mut items = value.items().filter(|item| !item.is_null());
            items.find_map(|item| fields(item, &format!("an item of {name}"), table))
        }),
    }
}

/// Whether a number is whole though it is written with a fraction or exponent.
fn is_whole(number: &str) -> bool {
    number.parse().is_ok_and(|number: f64| number.fract() == 0.0 && number.abs() < 9.2e18)
}

/// Whether a text is a time of RFC 3339, as Go reads it.
fn is_time(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let digits = text.get(range).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse().ok()
    };
    let sign = |at: usize, sign: u8| text.as_bytes().get(at) == Some(&sign);
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else { return false };
    let (Some(hour), Some(minute), Some(second)) = (number(11..13), number(14..16), number(17..19)) else {
        return false;
    };
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    };
    let signs = sign(4, b'-') && sign(7, b'-') && sign(10, b'T') && sign(13, b':') && sign(16, b':');
    let rest = text.get(19..).unwrap_or_default();
    let zone = rest
        .strip_prefix(['.', ','])
        .map_or(rest, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zone_is_good = match zone.as_bytes() {
        [b'Z'] => true,
        [b'+' | b'-', a, b, b':', c, d] => [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    let in_range = (1..=12).contains(&month) && (1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60;
    signs && in_range && zone_is_good
}
