//! Places in an object, written as paths with open positions.
//!
//! `spec.templates[].container.image` goes through every item of a list, `spec.tasks{}.image` through every value of an
//! object, `spec.forProvider.networkProfile[?].outboundType` through an object or through every item of a list of them.
//! A key with dots stands in brackets: `metadata.annotations[dapr.io/sidecar-image]`.
//!
//! A value on the way whose type does not fit the path is reported as unreadable, not skipped.

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

/// The roots that CEL and the templates of policies give an object. No place begins with one.
const ROOTS: &[&str] = &["$.", "request.object.", "oldObject.", "object.", "self."];

/// Why a place in the settings can match nothing, though it may be readable: a clause that says what to write. Other
/// notations look similar, and would silently match nothing.
pub fn unmatchable(place: &str) -> Option<String> {
    let plain = plain(place);
    if !is_sound(&plain) {
        return Some(
            "not a path, write it as in spec.servers[].image, spec.byName{}.image or metadata.annotations[a.io/b]"
                .to_owned(),
        );
    }
    (plain != place).then(|| ["uses another notation and would match nothing, write ", &plain].concat())
}

/// The place that was meant by one in JSONPath, JSON Pointer or CEL.
fn plain(place: &str) -> String {
    let place = place.trim();
    let place = ROOTS.iter().find_map(|root| place.strip_prefix(root)).unwrap_or(place);
    let pointer = place.starts_with('/');
    let mut out = String::new();
    let mut rest = place.strip_prefix(['/', '.', '$']).unwrap_or(place);
    // A slash separates, unless it stands in brackets.
    while !rest.is_empty() {
        let end = rest.find(['.', '/', '[']).unwrap_or(rest.len());
        let (part, tail) = rest.split_at(end);
        let step = match part {
            "*" => "{}",
            // The index of an item.
            part if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) => "[]",
            part => part,
        };
        let joined = out.is_empty() || step.starts_with(['{', '[']) || step.is_empty();
        out.push_str(if joined { "" } else { "." });
        if pointer {
            out.push_str(&step.replace("~1", "/").replace("~0", "~"));
        } else {
            out.push_str(step);
        }
        let Some(bracket) = tail.strip_prefix('[') else {
            rest = tail.get(1..).unwrap_or_default();
            continue;
        };
        let (inner, after) = bracket.split_once(']').unwrap_or((bracket, ""));
        let key = inner.trim_matches(['\'', '"']);
        if inner == "?" {
            out.push_str("[?]");
        } else if inner == "*" || inner.bytes().all(|b| b.is_ascii_digit()) {
            out.push_str("[]");
        } else {
            for part in ["[", key, "]"] {
                out.push_str(part);
            }
        }
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    out
}

/// Whether a place can be read to its end, and every step is one that a custom resource can have. An object's root is no list, and the fields of a schema have
/// letters, digits, hyphens and underscores in their names; other keys stand in brackets.
fn is_sound(place: &str) -> bool {
    let mut rest = place;
    let mut first = true;
    while let Some((step, next)) = first_step(rest) {
        let bracketed = rest.starts_with('[');
        let sound = match step {
            Step::Key(key) if bracketed => {
                !key.contains(['*', '"', '\'', '[', '?', '@', ',', ':', ' ', '\\'])
                    && !key.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit())
            }
            Step::Key(key) => key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')),
            Step::Items | Step::Values | Step::ItemsOrSelf => !first,
        };
        if !sound {
            return false;
        }
        first = false;
        rest = next;
    }
    !first && rest.is_empty()
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
    fn a_place_in_another_notation_says_what_to_write() {
        for (place, meant) in [
            ("$.spec.image", "spec.image"),
            ("$spec.image", "spec.image"),
            ("/spec/image", "spec.image"),
            ("/spec/containers/0/image", "spec.containers[].image"),
            ("/metadata/annotations/a.io~1b", ""),
            ("spec/image", "spec.image"),
            (".spec.image", "spec.image"),
            ("spec.*.image", "spec{}.image"),
            ("spec.containers[*].image", "spec.containers[].image"),
            ("spec.containers[0].image", "spec.containers[].image"),
            ("spec.containers.0.image", "spec.containers[].image"),
            ("spec['image']", "spec[image]"),
            ("metadata.annotations[\"a.io/b\"]", "metadata.annotations[a.io/b]"),
            ("object.spec.image", "spec.image"),
            ("request.object.spec.image", "spec.image"),
            ("self.spec.image", "spec.image"),
            (" spec.image ", "spec.image"),
            ("spec.containers.[].image", "spec.containers[].image"),
            ("spec..image", "spec.image"),
            ("$", ""),
            ("/", ""),
            ("*", ""),
            ("[].image", ""),
            ("{}.image", ""),
            ("spec.containers[?(@.name=='x')].image", ""),
            ("spec.image,spec.other", ""),
            ("spec.image pullPolicy", ""),
            ("spec.image\\.x", ""),
            ("spec.image;spec.other", ""),
            ("..image", ""),
            ("spec.images[", ""),
            ("spec.images]", ""),
        ] {
            let problem = unmatchable(place).unwrap_or_default();
            assert!(!problem.is_empty(), "{place} is taken");
            if !meant.is_empty() {
                assert!(problem.ends_with(&format!(", write {meant}")), "{place}: {problem}");
                assert_eq!(unmatchable(meant), None, "{meant}");
            }
        }
        for place in
            ["spec.image", "spec.a-b_c[].d{}.e", "metadata.annotations[a.io/b]", "inference.x[?].y", "spec.byPort{}"]
        {
            assert_eq!(unmatchable(place), None, "{place}");
        }
    }

    #[test]
    fn unreadable_places_are_known_as_such() {
        assert!(is_readable("") && is_readable("spec.a[].b{}[c.d/e][?].f"));
        assert!(!is_readable("spec..a") && !is_readable("spec.a]") && !is_readable("spec.[a"));
    }
}
