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
        ("a\u{FEFF}b", r#""a\u{feff}b""#),
        ("a\u{E0041}b", r#""a\u{e0041}b""#),
        ("é\u{AC}ü", "\"é\u{AC}ü\""),
    ] {
        assert_eq!(shown(text), printed, "{text:?}");
    }
    let long = shown(&"x".repeat(SHOWN + 1));
    assert_eq!(long.chars().count(), SHOWN + 3);
    assert!(long.ends_with("…\""));
}

#[test]
fn of_too_many_violations_the_number_is_told() {
    let text = format!("[{}]", texts(KEPT + 7));
    let document = Document::read(text.as_bytes()).unwrap();
    let mut findings = Findings::new(document.root());
    refuse_each(&mut findings, document.root());
    assert_eq!((findings.kept().len(), findings.omitted(), findings.denials()), (KEPT, 7, KEPT + 7));
}

#[test]
fn a_new_violation_is_kept_however_many_old_ones_there_are() {
    let old = format!("[{}]", texts(KEPT + 50));
    let new = format!("[{},\"new\"]", texts(KEPT + 50));
    let (old, new) = (Document::read(old.as_bytes()).unwrap(), Document::read(new.as_bytes()).unwrap());
    let mut before = Findings::comparable(old.root());
    refuse_each(&mut before, old.root());
    let mut findings = Findings::since(new.root(), before);
    refuse_each(&mut findings, new.root());
    findings.sort();
    assert_eq!((findings.kept().len(), findings.denials(), findings.omitted()), (KEPT, 1, 0));
    let first = &findings.kept()[0];
    assert_eq!((first.value.as_deref(), first.severity), (Some("\"new\""), Severity::Deny));
    assert!(findings.kept()[1..].iter().all(|finding| finding.forgiven && finding.severity == Severity::Warn));
}

#[test]
fn a_violation_is_kept_however_many_warnings_there_are() {
    let text = format!("[{}]", texts(KEPT + 1));
    let document = Document::read(text.as_bytes()).unwrap();
    let mut findings = Findings::new(document.root());
    for item in document.root().items() {
        if item.is_text(&format!("old{KEPT}")) {
            findings.deny(&RULE, item, "is refused", "Write another");
        } else {
            findings.warn(&RULE, item, "is odd", "Look at it");
        }
    }
    assert_eq!((findings.kept().len(), findings.denials(), findings.omitted()), (KEPT, 1, 0));
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
