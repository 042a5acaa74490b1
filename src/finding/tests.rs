use super::*;
use crate::json::Document;

static RULE: Rule = Rule { id: "NI999", name: "test", since: "0.0.0" };

/// A list of so many texts, each another one.
fn texts(count: usize) -> String {
    let items: Vec<String> = (0..count).map(|index| format!("\"old{index}\"")).collect();
    items.join(",")
}

fn refuse_each(findings: &mut Findings, list: Value<'_>) {
    for item in list.items() {
        findings.deny(&RULE, item, "is refused", "Write another");
    }
}

#[test]
fn what_cannot_be_seen_is_written_out() {
    for (text, printed) in [
        ("a\u{AD}b", r#""a\u{ad}b""#),
        ("a\u{200B}b", r#""a\u{200b}b""#),
        ("a\u{202E}b", r#""a\u{202e}b""#),
        ("a\u{A0}b", r#""a\u{a0}b""#),
        ("a\u{61C}b", r#""a\u{61c}b""#),
        ("a\u{180E}b", r#""a\u{180e}b""#),
        ("a\u{3164}b", r#""a\u{3164}b""#),
        ("a\u{FEFF}b", r#""a\u{feff}b""#),
        ("a\u{E0041}b", r#""a\u{e0041}b""#),
        ("é\u{AC}ü", "\"é\u{AC}ü\""),
    ] {
        assert_eq!(printable(text), printed, "{text:?}");
    }
    let long = printable(&"x".repeat(MAX_VALUE + 1));
    assert_eq!(long.chars().count(), MAX_VALUE + 3);
    assert!(long.ends_with("…\""));
}

/// A baseline does not compare the value of what is only about something that is not in it.
#[test]
fn what_is_lacking_is_told_from_what_is_there_and_what_is_not() {
    let document = Document::read(br#"["patch"]"#).unwrap();
    let mut findings = Findings::new(document.root());
    let list = document.root();
    for field in [FieldRef::from(list), FieldRef::lacking(list), FieldRef::missing(list, &["a"])] {
        findings.deny(&RULE, field, "is refused", "Write another");
    }
    let kept: Vec<_> = findings.kept().iter().map(|finding| (finding.missing, finding.lacking)).collect();
    assert_eq!(kept, [(false, false), (false, true), (true, false)]);
}

#[test]
fn of_too_many_violations_the_number_is_told() {
    let text = format!("[{}]", texts(MAX_FINDINGS + 7));
    let document = Document::read(text.as_bytes()).unwrap();
    let mut findings = Findings::new(document.root());
    refuse_each(&mut findings, document.root());
    assert_eq!((findings.kept().len(), findings.omitted(), findings.denials()), (MAX_FINDINGS, 7, MAX_FINDINGS + 7));
}

#[test]
fn a_new_violation_is_kept_however_many_old_ones_there_are() {
    let old = format!("[{}]", texts(MAX_FINDINGS + 50));
    let new = format!("[{},\"new\"]", texts(MAX_FINDINGS + 50));
    let (old, new) = (Document::read(old.as_bytes()).unwrap(), Document::read(new.as_bytes()).unwrap());
    let mut before = Findings::comparable(old.root());
    refuse_each(&mut before, old.root());
    let mut findings = Findings::since(new.root(), before);
    refuse_each(&mut findings, new.root());
    findings.sort();
    assert_eq!((findings.kept().len(), findings.denials(), findings.omitted()), (MAX_FINDINGS, 1, 0));
    let first = &findings.kept()[0];
    assert_eq!((first.value.as_deref(), first.severity), (Some("\"new\""), Severity::Deny));
    assert!(findings.kept()[1..].iter().all(|finding| finding.preexisting && finding.severity == Severity::Warn));
}

#[test]
fn a_violation_is_kept_however_many_warnings_there_are() {
    let text = format!("[{}]", texts(MAX_FINDINGS + 1));
    let document = Document::read(text.as_bytes()).unwrap();
    let mut findings = Findings::new(document.root());
    for item in document.root().items() {
        if item.is_text(&format!("old{MAX_FINDINGS}")) {
            findings.deny(&RULE, item, "is refused", "Write another");
        } else {
            findings.warn(&RULE, item, "is odd", "Look at it");
        }
    }
    assert_eq!((findings.kept().len(), findings.denials(), findings.omitted()), (MAX_FINDINGS, 1, 0));
    assert!(findings.kept().iter().any(|finding| finding.severity == Severity::Deny));
}

#[test]
fn a_second_copy_of_an_old_violation_is_a_new_one() {
    let (old, new) = (Document::read(br#"["a","b"]"#).unwrap(), Document::read(br#"["b","a","a"]"#).unwrap());
    let mut before = Findings::comparable(old.root());
    refuse_each(&mut before, old.root());
    let mut findings = Findings::since(new.root(), before);
    refuse_each(&mut findings, new.root());
    let severities: Vec<_> = findings.kept().iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Warn, Severity::Warn, Severity::Deny]);
}

/// An exception names the value that the message shows: nothing that is hidden, and no list.
#[test]
fn an_exception_is_for_a_value_that_is_shown() {
    let document = Document::read(br#"{"text":"1","number":1,"list":[1]}"#).unwrap();
    let root = document.root();
    let field = |key: &str| FieldRef::from(root.field(key).unwrap());
    let is_allowed = |field: FieldRef<'_>, value: &str| {
        let exception = Exception { rule: RULE.id, path: None, value: Some(value.to_owned()) };
        let mut findings = Findings::new(root).with_exceptions(&[exception]);
        findings.deny(&RULE, field, "is refused", "Write another");
        findings.kept().is_empty()
    };
    assert!(is_allowed(field("text"), "1") && is_allowed(field("number"), "1"));
    assert!(!is_allowed(field("text").hidden(), "1") && !is_allowed(field("number").hidden(), "1"));
    assert!(!is_allowed(field("list"), "[1]"));
}

/// Versions of an object never are the same as a whole: status, finalizers and the version itself change.
#[test]
fn the_object_as_a_whole_is_the_same_object_in_each_version() {
    let old = r#"{"metadata":{"resourceVersion":"1"},"spec":{"source":"a"}}"#;
    let report = |findings: &mut Findings, object: Value<'_>| {
        let about = object.descend(&["spec", "source"]);
        findings.as_part_of(about.as_slice(), |findings| findings.deny(&RULE, object, "is refused", "Remove it"));
    };
    for (new, denials) in [
        (r#"{"metadata":{"resourceVersion":"2"},"spec":{"source":"a"}}"#, 0),
        (r#"{"metadata":{"resourceVersion":"2"},"spec":{"source":"b"}}"#, 1),
        (r#"{"metadata":{"resourceVersion":"2"},"spec":{}}"#, 1),
    ] {
        let (old, new) = (Document::read(old.as_bytes()).unwrap(), Document::read(new.as_bytes()).unwrap());
        let mut before = Findings::comparable(old.root());
        report(&mut before, old.root());
        let mut findings = Findings::since(new.root(), before);
        report(&mut findings, new.root());
        assert_eq!(findings.denials(), denials, "{new:?}");
    }
}

/// What is part of a thing is part of the things around it.
#[test]
fn parts_within_parts_count_together() {
    let report = |findings: &mut Findings, object: Value<'_>| {
        let part = |key: &str| object.field(key);
        findings.as_part_of(part("outer").as_slice(), |findings| {
            findings.as_part_of(part("inner").as_slice(), |findings| {
                findings.deny(&RULE, object, "is refused", "Remove it");
            });
            findings.deny(&RULE, object, "is refused", "Remove it");
        });
        findings.deny(&RULE, object, "is refused", "Remove it");
    };
    let old = Document::read(br#"{"outer":"a","inner":"b"}"#).unwrap();
    for (new, denials) in
        [(r#"{"outer":"a","inner":"b"}"#, 0), (r#"{"outer":"a","inner":"c"}"#, 1), (r#"{"outer":"c","inner":"b"}"#, 2)]
    {
        let new = Document::read(new.as_bytes()).unwrap();
        let mut before = Findings::comparable(old.root());
        report(&mut before, old.root());
        let mut findings = Findings::since(new.root(), before);
        report(&mut findings, new.root());
        assert_eq!(findings.denials(), denials, "{new:?}");
        let parts: Vec<_> = findings.kept().iter().map(|finding| finding.part.len()).collect();
        assert_eq!(parts, [2, 1, 0]);
    }
}

#[test]
fn a_long_clause_is_cut() {
    let document = Document::read(b"1").unwrap();
    let mut findings = Findings::new(document.root());
    findings.deny(&RULE, document.root(), "x".repeat(MAX_TEXT), "y".repeat(MAX_TEXT + 1));
    let finding = &findings.kept()[0];
    assert_eq!(finding.what, "x".repeat(MAX_TEXT));
    assert_eq!(finding.fix.text, "y".repeat(MAX_TEXT) + "…");
}

/// A second violation that is as old as the first, but too long to remember both: 8 MiB is what an object may have.
#[test]
fn what_is_too_much_to_remember_is_not_forgiven() {
    let denials = |first: usize, second: usize| {
        let text = format!(r#"["{}","{}"]"#, "x".repeat(first), "x".repeat(second));
        let document = Document::read(text.as_bytes()).unwrap();
        let mut before = Findings::comparable(document.root());
        refuse_each(&mut before, document.root());
        let mut findings = Findings::since(document.root(), before);
        refuse_each(&mut findings, document.root());
        findings.denials()
    };
    // Each is remembered with its place and its quotes.
    let half = (4 << 20) - r#"[*]"""#.len();
    assert_eq!(denials(half, half), 0);
    assert_eq!(denials(half, half + 1), 1);
}

/// What only warned is neither called old nor enough to let a violation pass.
#[test]
fn a_warning_forgives_nothing() {
    let document = Document::read(br#"["a"]"#).unwrap();
    let item = document.root().items().next().unwrap();
    let mut before = Findings::comparable(document.root());
    before.warn(&RULE, item, "is odd", "Look at it");
    let mut findings = Findings::since(document.root(), before);
    findings.warn(&RULE, item, "is odd", "Look at it");
    findings.deny(&RULE, item, "is refused", "Write another");
    assert_eq!((findings.kept()[0].what.as_str(), findings.kept()[0].preexisting), ("is odd", false));
    assert_eq!(findings.denials(), 1);
}

#[test]
fn a_path_begins_at_the_object_and_leads_into_its_documents() {
    let document = Document::read(br#"{"object":{"list":["..."]}}"#).unwrap();
    let object = document.root().field("object").unwrap();
    let text = object.field("list").unwrap().items().next().unwrap();
    let inner = Document::read(br#"{"a":{"b":1}}"#).unwrap();
    let value = inner.root().descend(&["a", "b"]).unwrap();
    let mut findings = Findings::new(object);
    assert_eq!(findings.path(text).as_str(), "list[0]");
    findings.inside(text, inner.root(), |findings| assert_eq!(findings.path(value).as_str(), "list[0] -> a.b"));
}

/// The position of an item is counted from the one before; what is asked for meanwhile must not be mistaken for it.
#[test]
fn paths_are_right_in_any_order() {
    let text = br#"{"a":[{"b":["x","y"]},{"b":["x","y","z"]},{"b":[]}],"c":["x","y"],"d":[[["x"],["y"]],[["z"]]]}"#;
    let document = Document::read(text).unwrap();
    let root = document.root();
    let mut values = vec![root];
    let mut next = 0;
    while let Some(value) = values.get(next).copied() {
        values.extend(value.items());
        values.extend(value.entries().map(|(_, value)| value));
        next += 1;
    }
    let mut findings = Findings::new(root);
    let orders: [Vec<Value<'_>>; 3] = [
        values.clone(),
        values.iter().rev().copied().collect(),
        values.iter().flat_map(|value| [*value, values[next / 2], *value]).collect(),
    ];
    for value in orders.into_iter().flatten() {
        assert_eq!(findings.path(value), value.path(root));
    }
}

#[test]
fn what_cannot_be_read_is_reported_once() {
    let document = Document::read(br#"{"spec":"...","items":[1,1]}"#).unwrap();
    let root = document.root();
    let mut findings = Findings::new(root);
    for _ in 0..3 {
        assert!(findings.object(root, "spec").is_none());
        assert!(findings.objects(root, "items").is_empty());
    }
    let paths: Vec<&str> = findings.kept().iter().map(|finding| finding.path.as_str()).collect();
    assert_eq!(paths, ["spec", "items[0]", "items[1]"]);
}

/// Of what is not kept, only the number is known.
#[test]
fn past_what_is_kept_all_that_is_unreadable_counts() {
    let text = format!("[{}]", vec!["1"; MAX_FINDINGS].join(","));
    let document = Document::read(text.as_bytes()).unwrap();
    let mut findings = Findings::new(document.root());
    for _ in 0..2 {
        assert!(document.root().items().all(|item| !findings.expect(item, Kind::String)));
    }
    assert_eq!((findings.kept().len(), findings.denials()), (MAX_FINDINGS, 2 * MAX_FINDINGS));
}
