//! Looking up a path in a tree of fields, where a missing field differs from a removed one.

use isolation::Value;
use isolation::json::Kind;
use isolation::places::{Step, first_step};

/// The keys of a path, without the steps between them.
pub fn keys_of(place: &'static str) -> Vec<&'static str> {
    let mut keys = Vec::new();
    let mut rest = place;
    while let Some((step, next)) = first_step(rest) {
        if let Step::Key(key) = step {
            keys.push(key);
        }
        rest = next;
    }
    keys
}

/// Collects the values under keys that differ from `key` only in case.
pub fn miscased<'d>(value: Value<'d>, key: &str, found: &mut Vec<Value<'d>>) {
    for (name, item) in value.entries() {
        if name != key && name.eq_ignore_ascii_case(key) {
            found.push(item);
        }
    }
}

/// The path itself and, if it holds an id, the paths by which Crossplane reads the id from another object, by name or by
/// labels: `subnetId`, `subnetIdRef` and `subnetIdSelector`.
pub fn with_references(place: &str) -> Vec<String> {
    let mut places = vec![place.to_owned()];
    let endings: &[&str] = if place.ends_with("Id") {
        &["Ref", "Selector"]
    } else if place.ends_with("Ids") {
        &["Refs", "Selector"]
    } else {
        &[]
    };
    places.extend(endings.iter().map(|ending| [place, ending].concat()));
    places
}

/// What one layer has at a path.
#[derive(Default)]
pub struct Lookup<'d> {
    /// The values there.
    pub values: Vec<Value<'d>>,
    /// The `null` by which a patch removes it.
    pub deleted: Option<Value<'d>>,
    /// The values on the way that have the wrong type.
    pub wrong: Vec<(Value<'d>, Kind)>,
    /// Whether to look for keys in another case, too.
    pub any_case: bool,
    /// The values under such keys.
    pub miscased: Vec<Value<'d>>,
}

impl<'d> Lookup<'d> {
    /// Looks up `place` in `value`. Unlike `isolation::places::visit`, it distinguishes a `null`, by which a patch deletes,
    /// from a missing field.
    pub fn at(&mut self, value: Value<'d>, place: &str) {
        let Some((step, rest)) = first_step(place) else {
            return self.values.push(value);
        };
        let expected = match step {
            Step::Key(_) | Step::Values => Kind::Object,
            Step::ItemsOrSelf if value.kind() == Kind::Object => return self.at(value, rest),
            Step::Items | Step::ItemsOrSelf => Kind::List,
        };
        if value.kind() != expected {
            return self.wrong.push((value, expected));
        }
        match step {
            Step::Key(key) => {
                if self.any_case {
                    miscased(value, key, &mut self.miscased);
                }
                match value.get(key) {
                    Some(next) if next.is_null() => self.deleted = Some(next),
                    Some(next) => self.at(next, rest),
                    None => {}
                }
            }
            Step::Values => value.entries().for_each(|(_, item)| self.at(item, rest)),
            Step::Items | Step::ItemsOrSelf => {
                value.items().filter(|item| !item.is_null()).for_each(|item| self.at(item, rest));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_may_come_from_another_object() {
        assert_eq!(with_references("a[?].subnetId"), ["a[?].subnetId", "a[?].subnetIdRef", "a[?].subnetIdSelector"]);
        assert_eq!(with_references("addressIds"), ["addressIds", "addressIdsRefs", "addressIdsSelector"]);
        assert_eq!(with_references("subnetReference"), ["subnetReference"]);
    }
}
