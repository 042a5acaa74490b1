//! The order and the places of what is printed.

// A helper of tests is a test to everybody but clippy.
use std::sync::Arc;

use isolation_report::{
    Context, Finding, Fix, Location, NotEvaluated, Note, ObjectRef, Place, Report, RuleRef, Severity, Source, Status,
    human, json,
};

fn finding(source: &Arc<Source>, at: usize, what: &str) -> Finding {
    Finding {
        policy: "private-images".into(),
        rule: Some(RuleRef { id: "NI101".into(), name: Some("public-registry") }),
        severity: Severity::Deny,
        object: ObjectRef { kind: "Pod".into(), name: "web".into(), ..ObjectRef::default() },
        subject: Place::new(source, 0..1),
        location: Location { path: "spec".into(), place: Place::new(source, at..at + 1) },
        value: None,
        whole: None,
        part: Vec::new(),
        missing: false,
        what: what.into(),
        fix: Some(Fix { text: "Write something else".into(), change: None }),
        notes: Vec::new(),
    }
}

fn printed(report: &Report) -> String {
    let mut out = Vec::new();
    human::write(report, &Context::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Where each of these texts stands in another.
fn order(text: &str, parts: &[&str]) -> Vec<usize> {
    parts.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("{part} is not in\n{text}"))).collect()
}

#[test]
fn what_is_printed_is_in_the_order_of_the_input_and_not_of_its_names() {
    let (late, early) = (Arc::new(Source::new("z.yaml", "abc\ndef")), Arc::new(Source::new("a.yaml", "abc\ndef")));
    let settings = Arc::new(Source::new("isolation.yaml", "abc"));
    let report = Report {
        sources: vec![Arc::clone(&late), Arc::clone(&early)],
        findings: vec![finding(&early, 0, "fourth"), finding(&late, 4, "third"), finding(&late, 0, "second")],
        not_evaluated: vec![NotEvaluated {
            place: Some(Place::new(&settings, 0..1)),
            subject: String::new(),
            what: "first".into(),
            help: String::new(),
        }],
        notes: vec![Note { place: None, what: "before all".into(), help: String::new() }],
        objects: 2,
        policies: vec!["private-images".into()],
        ..Report::default()
    };
    let places = order(&printed(&report), &["before all", "first", "second", "third", "fourth", "3 violations"]);
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(report.status(), Status::NotEvaluated);
}

#[test]
fn what_several_policies_say_is_printed_once_and_counted_by_each() {
    let source = Arc::new(Source::new("a.yaml", "abc\ndef"));
    let by = |policy: &str, what: &str| Finding { policy: policy.into(), ..finding(&source, 0, what) };
    let report = Report {
        sources: vec![Arc::clone(&source)],
        findings: vec![by("images", "a"), by("images", "b"), by("storage", "a"), by("egress", "a"), by("egress", "a")],
        objects: 1,
        ..Report::default()
    };
    let text = printed(&report);
    let judged = "note: Pod web, judged by images and storage and egress (public-registry); each of them counts it\n";
    assert_eq!((text.matches("error[NI101]: a\n").count(), text.matches(judged).count()), (2, 1), "{text}");
    assert!(text.contains("5 violations"), "{text}");
}

#[test]
fn thousands_of_findings_in_one_long_line_have_their_columns() {
    let text = r#"{"image": "docker.io/library/nginx"},"#.repeat(100_000);
    let source = Arc::new(Source::new("dump.json", text));
    let findings = (0..1_000).map(|number| finding(&source, number * 900, "public")).collect();
    let report = Report { sources: vec![source], findings, ..Report::default() };
    let last = &json::document(&report).unwrap()["findings"][999]["place"];
    assert_eq!((&last["line"], &last["column"]), (&1.into(), &(999 * 900 + 1).into()));
    assert!(printed(&report).contains("dump.json:1:899101"), "the column is that of the file");
}

#[test]
fn a_long_place_is_cut_between_characters() {
    for shift in 0..4 {
        // Characters of one to four bytes: wherever the cut falls, it falls within some of them.
        for letter in ["a", "é", "\u{feff}", "😀"] {
            let text = format!("{}{}\n", "b".repeat(shift), letter.repeat(2_000));
            let source = Arc::new(Source::new("a.yaml", text.as_str()));
            for start in text.char_indices().map(|(at, _)| at).take(12) {
                let mut finding = finding(&source, start, "long");
                finding.location.place = Place::new(&source, start..text.len());
                let report =
                    Report { sources: vec![Arc::clone(&source)], findings: vec![finding], ..Report::default() };
                assert!(printed(&report).contains("long"), "{letter} from {start}");
            }
        }
    }
}
