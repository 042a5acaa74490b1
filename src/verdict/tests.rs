use super::*;
use crate::json::{self, Document};
use crate::rule::Rule;

static RULE: Rule = Rule { id: "NI999", name: "test", since: "0.0.0" };

/// The answer to a pod in which `judge` finds what it does.
fn answer(judge: impl FnOnce(&mut Findings, json::Value<'_>)) -> Answer {
    let request = br#"{"operation":"CREATE","kind":{"kind":"Pod"},"name":"web","object":{"a":1}}"#;
    let document = Document::read(request).unwrap();
    let request = Request::read(document.root()).unwrap();
    let object = request.object.unwrap();
    let mut findings = Findings::new(object);
    judge(&mut findings, object.field("a").unwrap());
    Answer::judged(&request, findings)
}

#[test]
fn a_message_is_bounded_and_counts_what_it_does_not_tell() {
    let message = |lengths: &[usize]| {
        let answer = answer(|findings, value| {
            for length in lengths {
                findings.deny(&RULE, value, "x".repeat(*length), "");
            }
        });
        answer.rejection.unwrap()
    };
    let told = [1000; 48];
    let with = |last: usize| message(&[&told[..], &[last]].concat());
    let start = message(&told).len();
    // The line break and the hyphen before the last line are not counted.
    let last = (48 << 10) - start - (with(0).len() - start - "\n- ".len());
    let whole = with(last);
    assert_eq!((whole.len(), whole.lines().count()), ((48 << 10) + "\n- ".len(), 50));
    let cut = with(last + 1);
    assert!(cut.starts_with("Pod web breaks network isolation in 49 places:\n- a: 1: xxx"), "{cut}");
    assert!(cut.ends_with(" [NI999]\n- and 1 more like these."), "{cut}");
    assert_eq!(cut.lines().count(), 50);
}

#[test]
fn what_is_more_than_fifteen_warnings_is_counted_in_the_last() {
    let warnings = |count: usize| {
        let answer = answer(|findings, value| {
            for _ in 0..count {
                findings.warn(&RULE, value, "is odd", "");
            }
        });
        answer.warnings
    };
    assert_eq!(warnings(15), ["a: 1: is odd. [NI999]"; 15]);
    let (last, others) = (&warnings(16)[14], &warnings(16)[..14]);
    assert_eq!((last.as_str(), others), ("and 2 more warnings like these", &warnings(15)[..14]));
}

/// A name that the API server would not take, as a request that somebody made by hand may have it.
#[test]
fn a_name_cannot_turn_the_first_line_or_begin_another() {
    let request = "{\"operation\":\"CREATE\",\"kind\":{\"kind\":\"Pod\"},\"name\":\"a\u{202e}\u{2066}\u{2028}\\nb\",\"object\":{}}";
    let document = Document::read(request.as_bytes()).unwrap();
    let request = Request::read(document.root()).unwrap();
    let mut findings = Findings::new(document.root());
    findings.deny(&RULE, document.root(), "is refused", "");
    let message = Answer::judged(&request, findings).rejection.unwrap();
    assert_eq!(message.lines().next(), Some("Pod ab breaks network isolation:"));
}
