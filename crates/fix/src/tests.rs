use super::*;

/// Edits of the n-th occurrence of a text, each to a value.
fn edits(text: &str, changes: &[(&str, usize, &str)]) -> Vec<Edit> {
    let edit = |(old, nth, value): &(&str, usize, &str)| {
        let start = text.match_indices(old).nth(*nth).expect("the text is there").0;
        Edit { span: start..start + old.len(), value: (*value).to_owned() }
    };
    changes.iter().map(edit).collect()
}

fn rewritten(text: &str, changes: &[(&str, usize, &str)]) -> String {
    rewrite(text, &edits(text, changes)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

const NEW: &str = "myacr.azurecr.io/hub/nginx:1.27";

/// One change of `nginx` in a text: the same text with the new value in its place, in the form that it should have there.
fn becomes(text: &str, from: &str, to: &str) {
    assert_eq!(rewritten(text, &[(from, 0, NEW)]), text.replacen(from, to, 1), "{text}");
}

#[test]
fn quotes_and_what_stands_around_stay() {
    becomes("a:   nginx   # why\n\n# end\n", "nginx", NEW);
    becomes("a: 'nginx'\r\nb: 1\r\n", "'nginx'", &format!("'{NEW}'"));
    becomes("a: \"nginx\" # why", "\"nginx\"", &format!("\"{NEW}\""));
    becomes("- {image: nginx, x: [ 1 ,2 ]}\n", "nginx", NEW);
    becomes("[nginx]", "nginx", NEW);
    becomes("\u{feff}ü: ü # ü\nb: nginx\n", "nginx", NEW);
    becomes("a: \"ng\\\n  inx\"\n", "\"ng\\\n  inx\"", &format!("\"{NEW}\""));
    becomes("a: \"nginx\" # why", "\"nginx\"", &format!("\"{NEW}\""));
    becomes("a:\n  nginx # on a line of its own\nb: c\n", "nginx", NEW);
    becomes("%YAML 1.2\n---\na: nginx\n...\n", "nginx", NEW);
}

#[test]
fn a_value_that_needs_quotes_gets_them() {
    let with = |value: &str| rewritten("a: nginx\nb: {c: d}\n", &[("nginx", 0, value)]);
    for (value, written) in [
        ("1.27", "\"1.27\""),
        ("no", "\"no\""),
        ("nginx:", "\"nginx:\""),
        ("", "\"\""),
        ("a: b", "\"a: b\""),
        ("a\n\u{7}\"\\", "\"a\\n\\U00000007\\\"\\\\\""),
        ("127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b"),
        ("nginx@sha256:00", "nginx@sha256:00"),
    ] {
        assert_eq!(with(value), format!("a: {written}\nb: {{c: d}}\n"));
    }
    assert_eq!(rewritten("a: 'x'\n", &[("'x'", 0, "it's")]), "a: 'it''s'\n");
    assert_eq!(rewritten("a: 'x'\n", &[("'x'", 0, "a\nb")]), "a: \"a\\nb\"\n");
}

#[test]
fn block_scalars_keep_their_header() {
    for header in ["|-", ">-", "|2-", ">- # why"] {
        let text = format!("a: {header}\n  nginx\n\nb: c\n");
        // By its text and by its header.
        let by_text = rewrite(&text, &edits(&text, &[("nginx", 0, NEW)]));
        assert_eq!(by_text, Ok(text.replace("nginx", NEW)));
        let by_header = rewrite(&text, &edits(&text, &[(header, 0, NEW)]));
        assert_eq!(by_header, by_text);
    }
    becomes("a: >-\n  nginx", "nginx", NEW);
    becomes("a: &x !!str >-\n    nginx\nb: c\n", "nginx", NEW);
    // The line break that ends the text is part of the value.
    assert_eq!(rewritten("a: |\n  x\nb: c\n", &[("x", 0, "y\n")]), "a: |\n  y\nb: c\n");
    let text = "a: |\n  x\n  z\nb: c\n";
    assert_eq!(rewritten(text, &[("x", 0, "y\n")]), "a: |\n  y\nb: c\n");
    let error = rewrite(text, &edits(text, &[("x", 0, "y")])).unwrap_err();
    assert_eq!((error.line, error.problem.as_str()), (2, "the new text cannot be written in this place"));
}

#[test]
fn anchors_and_tags_stay_where_they_are() {
    becomes("a: &img nginx\n", "nginx", NEW);
    becomes("a: !!str nginx\n", "nginx", NEW);
    becomes("a: &img # why\n  'nginx'\n", "'nginx'", &format!("'{NEW}'"));
    let text = "a: !!str &img nginx\n";
    assert_eq!(rewrite(text, &edits(text, &[("!!str &img nginx", 0, NEW)])), Ok(text.replace("nginx", NEW)));
}

#[test]
fn an_alias_follows_its_anchor_where_its_place_changes_too() {
    let text = "a: &img nginx\nb: *img\n";
    let followed = Ok(format!("a: &img {NEW}\nb: *img\n"));
    assert_eq!(rewrite(text, &edits(text, &[("nginx", 0, NEW), ("*img", 0, NEW)])), followed);
    // The reader may give both places the span of the anchor's scalar.
    assert_eq!(rewrite(text, &edits(text, &[("nginx", 0, NEW), ("nginx", 0, NEW)])), followed);
}

#[test]
fn an_alias_whose_place_does_not_change_keeps_its_text() {
    assert_eq!(
        rewritten("a: &img nginx\nlabel: *img # why\n", &[("nginx", 0, NEW)]),
        format!("a: &img {NEW}\nlabel: nginx # why\n")
    );
    assert_eq!(
        rewritten("label: &img nginx\na: *img\n", &[("*img", 0, NEW)]),
        format!("label: &img nginx\na: {NEW}\n")
    );
    assert_eq!(
        rewritten("a: &img nginx\nb: *img\n", &[("nginx", 0, NEW), ("*img", 0, "x/y")]),
        format!("a: &img {NEW}\nb: x/y\n")
    );
    // The same anchor again in a later document is another one.
    assert_eq!(
        rewritten("a: &img nginx\n---\nb: &img x\nc: *img\n", &[("nginx", 0, NEW)]),
        format!("a: &img {NEW}\n---\nb: &img x\nc: *img\n")
    );
}

#[test]
fn an_anchor_that_is_named_for_some_of_its_places_only_is_refused() {
    let text = "a: &img nginx\nb: *img\nc: *img\n";
    let error = rewrite(text, &edits(text, &[("nginx", 0, NEW), ("nginx", 0, NEW)])).unwrap_err();
    assert!(error.problem.contains("only some of which are to change"), "{error}");
}

#[test]
fn each_document_of_a_file_is_changed_where_it_is_named() {
    let text = "a: nginx\n--- # two\na: nginx\n---\n- nginx\n";
    assert_eq!(
        rewritten(text, &[("nginx", 0, NEW), ("nginx", 2, "x/y")]),
        format!("a: {NEW}\n--- # two\na: nginx\n---\n- x/y\n")
    );
    // A document that cannot be read does not stand in the way of the others.
    becomes("a: [b\n---\na: nginx\n---\n{{ template }}\n", "nginx", NEW);
    becomes("{\"a\": 1}\n{\"a\": \"nginx\"}{}\n", "\"nginx\"", &format!("\"{NEW}\""));
}

#[test]
fn json_stays_json() {
    let text = "{\n  \"n\": 1.0e5, \"s\": \"\\ud83d\\ude00\\/\",\n  \"image\" : \"ng\\u0069nx\"\n}\n";
    let old = "\"ng\\u0069nx\"";
    assert_eq!(rewritten(text, &[(old, 0, "it's \"x\"")]), text.replace(old, "\"it's \\\"x\\\"\""));
    let key = rewrite(text, &edits(text, &[("\"image\"", 0, NEW)])).unwrap_err();
    assert_eq!((key.line, key.problem.as_str()), (3, "no string begins here"));
}

#[test]
fn what_cannot_be_done_is_an_error_with_its_line() {
    let text = "a: nginx\nb:\nc: [1]\n";
    let refused = |changes: &[(&str, usize, &str)]| rewrite(text, &edits(text, changes)).unwrap_err().to_string();
    assert_eq!(refused(&[("ginx", 0, NEW)]), "line 1: no string begins here");
    assert_eq!(refused(&[("[1]", 0, NEW)]), "line 3: no string begins here");
    assert_eq!(
        refused(&[("nginx", 0, NEW), ("nginx", 0, "x/y")]),
        "line 1: the same string is to hold two different texts"
    );
    let outside = Edit { span: 4000..4001, value: String::new() };
    assert_eq!(rewrite(text, std::slice::from_ref(&outside)).unwrap_err().line, 4);
    let inside = Edit { span: 4..5, value: String::new() };
    assert!(rewrite("a: [b\n", &[inside]).unwrap_err().problem.starts_with("not YAML"));
    assert_eq!(rewrite("a: [b\n", &[]).as_deref(), Ok("a: [b\n"));
}

/// Every string of a file is changed in turn; read by another reader, nothing else has changed. The file is a real one with
/// comments, several documents and long texts.
#[test]
fn another_reader_sees_exactly_the_change() {
    let text = include_str!("../../../e2e-tests/cases/private-images/private-image.yaml").replace("---", "--");
    let text = format!("{text}---\nlist:\n- a: x # y\n  b: 'q'\n-\n  c: >-\n    one\n    two\nd: {{e: f}}\n");
    let reads = |text: &str| -> Vec<serde_json::Value> {
        let documents = yaml_serde::Deserializer::from_str(text);
        documents.map(|document| serde::Deserialize::deserialize(document).expect("YAML")).collect()
    };
    let before = reads(&text);
    for value in ["x/y:1", "true", "a: b", "\u{1F600}"] {
        let mut changed = 0;
        for start in 0..text.len() {
            let edit = Edit { span: start..start, value: value.to_owned() };
            let Some(new) = rewrite(&text, &[edit]).ok().filter(|new| *new != text) else { continue };
            let after = reads(&new);
            let differences: usize = before.iter().zip(&after).map(|(a, b)| differences(a, b, value)).sum();
            assert_eq!(differences, 1, "at {start}\n{new}");
            changed += 1;
        }
        assert!(changed > 12, "{changed} strings were found");
    }
}

/// How many strings differ, each of which must now be `value`.
fn differences(a: &serde_json::Value, b: &serde_json::Value, value: &str) -> usize {
    use serde_json::Value::{Array, Object};
    match (a, b) {
        _ if a == b => 0,
        (Array(a), Array(b)) if a.len() == b.len() => a.iter().zip(b).map(|(a, b)| differences(a, b, value)).sum(),
        (Object(a), Object(b)) if a.keys().eq(b.keys()) => {
            a.values().zip(b.values()).map(|(a, b)| differences(a, b, value)).sum()
        }
        _ => {
            assert_eq!(b, value);
            1
        }
    }
}

#[test]
fn a_difference_is_a_patch() {
    let old = "a: nginx\nb: 1\nc: 1\nd: 1\ne: 1";
    let new = rewritten(old, &[("nginx", 0, NEW)]);
    assert_eq!(
        unified_diff("web/web.yaml", old, &new),
        format!("--- a/web/web.yaml\n+++ b/web/web.yaml\n@@ -1,4 +1,4 @@\n-a: nginx\n+a: {NEW}\n b: 1\n c: 1\n d: 1\n")
    );
    assert_eq!(unified_diff("web.yaml", old, old), "");
}

#[test]
fn rewriting_twice_changes_nothing_more() {
    let text = "a: nginx # why\nb: >-\n  nginx\nc: 'nginx'\n";
    let once = rewritten(text, &[("nginx", 0, NEW), ("nginx", 1, NEW), ("'nginx'", 0, NEW)]);
    let again = once.replace(&format!("'{NEW}'"), "@");
    assert_eq!(again.matches(NEW).count(), 2);
    assert_eq!(rewritten(&once, &[(NEW, 0, NEW), (NEW, 1, NEW)]), once);
}
