//! Places in an object, written as paths with open positions.
//!
//! `spec.templates[].container.image` goes through every item of a list, `spec.tasks{}.image` through every value of an
//! object, `spec.forProvider.networkProfile[?].outboundType` through an object or through every item of a list of them.
//! A key with dots stands in brackets: `metadata.annotations[dapr.io/sidecar-image]`.
//!
//! What a place passes through and is not of the type that the path says is reported as unreadable, not skipped.

use crate::finding::Findings;
use crate::json::{Kind, Value};

/// One step of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'p> {
    /// Into an object, by key.
    Key(&'p str),
    /// Into every item of a list.
    Items,
    /// Into every value of an object.
    Values,
    /// Into every item of a list, or stay at an object.
    ItemsOrSelf,
}

/// Takes the first step off a place; `None` at its end or where it cannot be read.
pub fn first_step(place: &str) -> Option<(Step<'_>, &str)> {
    for (sign, step) in [("[]", Step::Items), ("{}", Step::Values), ("[?]", Step::ItemsOrSelf)] {
        if let Some(rest) = place.strip_prefix(sign) {
            return Some((step, rest));
        }
    }
    if let Some(bracket) = place.strip_prefix('[') {
        let (key, rest) = bracket.split_once(']')?;
        return (!key.is_empty()).then_some((Step::Key(key), rest));
    }
    let place = place.strip_prefix('.').unwrap_or(place);
    let end = place.find(['.', '[', '{', ']', '}']).unwrap_or(place.len());
    let (key, rest) = place.split_at_checked(end)?;
    (!key.is_empty()).then_some((Step::Key(key), rest))
}

/// Whether a place can be read to its end. The empty place is the object itself.
pub fn is_readable(place: &str) -> bool {
    let mut rest = place;
    while let Some((_, next)) = first_step(rest) {
        rest = next;
    }
    rest.is_empty()
}

/// Calls `found` with every value at `place` in `value`. `null` counts as absent.
pub fn visit<'d>(
    findings: &mut Findings,
    value: Value<'d>,
    place: &str,
    found: &mut dyn FnMut(&mut Findings, Value<'d>),
) {
    let Some((step, rest)) = first_step(place) else {
        return found(findings, value);
    };
    match step {
        Step::Key(key) => {
            if findings.expect(value, Kind::Object)
                && let Some(next) = value.field(key)
            {
                visit(findings, next, rest, found);
            }
        }
        Step::ItemsOrSelf if value.kind() == Kind::Object => visit(findings, value, rest, found),
        Step::Items | Step::ItemsOrSelf => {
            if findings.expect(value, Kind::List) {
                for item in value.items().filter(|item| !item.is_null()) {
                    visit(findings, item, rest, found);
                }
            }
        }
        Step::Values => {
            if findings.expect(value, Kind::Object) {
                for (_, item) in value.entries().filter(|(_, item)| !item.is_null()) {
                    visit(findings, item, rest, found);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    #[test]
    fn a_place_finds_every_value_and_reports_what_has_another_type() {
        let text =
            br#"{"spec":{"list":[{"a":1},{"a":2},null],"map":{"x":{"a":3},"y":[]},"one":{"b":[{"a":4}],"c":{"a":5}}}}"#;
        let document = Document::read(text).unwrap();
        let root = document.root();
        let mut seen = Vec::new();
        let mut findings = Findings::new(root);
        for place in
            ["spec.list[].a", "spec.map{}.a", "spec.one.b[?].a", "spec.one.c[?].a", "spec[one].c.a", "spec.no.a"]
        {
            visit(&mut findings, root, place, &mut |_, value| seen.push(value.to_json()));
        }
        assert_eq!(seen, ["1", "2", "3", "4", "5", "5"]);
        assert_eq!(findings.kept().len(), 1);
        assert_eq!(findings.kept()[0].path.as_str(), "spec.map.y");
    }

    #[test]
    fn unreadable_places_are_known_as_such() {
        assert!(is_readable("") && is_readable("spec.a[].b{}[c.d/e][?].f"));
        assert!(!is_readable("spec..a") && !is_readable("spec.a]") && !is_readable("spec.[a"));
    }
}
