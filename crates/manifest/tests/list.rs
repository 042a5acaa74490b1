//! A list that is taken apart is the same list.
#![allow(clippy::unwrap_used, clippy::panic)] // a test may

use isolation_manifest::{List, Object, Problem, parts, read_part};

/// What can be told of an object or of a problem.
fn told(text: &str, found: &Result<Object, Problem>) -> String {
    match found {
        Ok(object) => {
            let places = ["", "metadata.name", "spec", "data.a", "missing"].map(|path| object.locate(text, path));
            let places = places.map(|place| (place.span.start, text.get(place.span).map(str::trim_end), place.exact));
            // A block goes on to where the next one begins.
            let span = (object.span().start, text.get(object.span()).map(str::trim_end));
            format!("{} {} {span:?} {places:?} {}", object.api_version, object.subject(), object.to_json())
        }
        Err(problem) => format!("{problem:?}"),
    }
}

/// What the documents of a text give as a whole, and what those that are lists give in runs; `None` for one that has to be read as a
/// whole.
fn both(text: &str, bytes: usize) -> Vec<(Vec<String>, Option<Vec<String>>)> {
    let all = |found: Vec<_>| found.iter().map(|found| told(text, found)).collect();
    let documents = parts(text).into_iter().flatten().map(|part| {
        let mut whole = Vec::new();
        read_part(text, &part, &mut whole);
        let mut items = Vec::new();
        let is_read = |list: List| list.runs(bytes).iter().all(|run| list.read(text, run, &mut items));
        let is_read = List::find(text, &part).is_some_and(is_read);
        (all(whole), is_read.then(|| all(items)))
    });
    documents.collect()
}

/// Whether the one document of a text is taken apart; what it gives is then compared.
fn is_taken_apart(text: &str) -> bool {
    let mut apart = Vec::new();
    for bytes in [1, 60, 1 << 20] {
        let both = both(text, bytes);
        let [(whole, items)] = both.as_slice() else { panic!("{text}: {both:?}") };
        if let Some(items) = items {
            assert_eq!(items, whole, "{text}");
        }
        apart.push(items.is_some());
    }
    // Of some, a run can be read only with others.
    apart.contains(&true)
}

#[test]
fn lists_are_taken_apart_as_they_are_written() {
    let pod = "apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n";
    let map = "apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: é}\n  data:\n    a: |+\n      - x\n       # y\n\n";
    let shifted = format!("    - {}- {}", pod.replace('\n', "\n    "), map.replace('\n', "\n    "));
    for text in [
        format!("apiVersion: v1\nitems:\n- {pod}- {map}- {pod}kind: List\nmetadata: {{resourceVersion: ''}}\n"),
        format!("kind: List\napiVersion: v1\nitems: # all\n\n# of them\n- {pod}# between\n\n- {map}\n# at the end"),
        format!("kind: List\napiVersion: v1\nitems:\n{}\nmetadata: {{}}\n", shifted.trim_end()),
        format!("items:\n- {pod}- {map}").replace('\n', "\r\n") + "kind: List\r\napiVersion: v1\r\n",
        // Types of the list, items without any, null, and what is no object.
        "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n- kind: Pod\n- null\n-\n- 5\n- - a\n- items: []\n".to_owned(),
        // Anchors within an item.
        format!("apiVersion: v1\nkind: List\nitems:\n- {pod}  spec: [&a x, *a]\n- {pod}"),
        format!("apiVersion: v1\nkind: List\nitems:\n- {pod}  data: {{<<: {{a: b}}, \"\\x3c<\": c}}\n- {pod}"),
        r#"{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}} , {"kind":"X"},null,5,[],
            {"metadata":{"name":"b"},"spec":{"a":"items"}},{"items":1}],"kind":"PodList","metadata":{}}"#
            .to_owned(),
    ] {
        assert!(is_taken_apart(&text), "{text}");
    }
}

/// The run with what an alias names is read; each alone is not.
#[test]
fn an_alias_of_another_item_keeps_both_together() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- &a {apiVersion: v1, kind: Pod}\n- *a\n";
    let apart = |bytes| both(text, bytes).remove(0);
    assert_eq!(apart(1).1, None);
    let (whole, items) = apart(100);
    assert_eq!(whole.len(), 2);
    assert_eq!(items, Some(whole));
}

/// Everything that looks like a list and is none, or needs its whole to be read.
#[test]
fn what_is_not_to_be_taken_apart_is_left_whole() {
    let item = "- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n";
    let list = |items: &str| format!("apiVersion: v1\nkind: List\nitems:\n{items}");
    let deep = "[".repeat(125) + &"]".repeat(125);
    for text in [
        // No list, or one without items.
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n".to_owned(),
        list(""),
        list("  a: b\n"),
        list("[]\n"),
        "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}]\n".to_owned(),
        format!("kind: List\nitems: !!seq\n{item}"),
        // What is wrong anywhere counts for all of it.
        list(&format!("{item}- a: [\n{item}")),
        list(&format!("{item}- {{a: 1, a: 2}}\n")),
        list(&format!("{item}kind: List\n")),
        list(&format!("{item}items: []\n")),
        list(&format!("{item}x\n")),
        list(&format!("{item}...\n{item}")),
        list(&format!("{item}metadata: {{name: 5}}\n")),
        format!("kind: List\napiVersion: a/b/c\nitems:\n{item}"),
        format!("items:\n{item}"),
        // A list below another key.
        format!("apiVersion: v1\nkind: List\nmetadata:\n  items:\n  {item}"),
        // Lines that begin with a dash in the middle of a text, and a key in one.
        list("- a: \"\n- b\n\"\n"),
        list("- a: '\n- b: '\n- c: '\n- d'\n"),
        list("- a: [x,\n- y]\n"),
        "a: \"\nitems:\n- b\n\"\napiVersion: v1\nkind: Pod\n".to_owned(),
        format!("a: \"\nitems:\n- b\n\"\napiVersion: v1\nkind: List\nitems:\n{item}"),
        r#"{"apiVersion":"v1","kind":"List","items":[{"kind":"Pod","kind":"Pod"}]}"#.to_owned(),
        r#"{"apiVersion":"v1","kind":"List","items":[],"items":[{"kind":"Pod"}]}"#.to_owned(),
        r#"{"apiVersion":"v1","kind":"List","items":["\ud800"]}"#.to_owned(),
        format!(r#"{{"apiVersion":"v1","kind":"List","items":[{{"a":{deep}}}]}}"#),
        r#"{"apiVersion":"v1","kind":"List","items":null}"#.to_owned(),
        r#"{"apiVersion":"v1","kind":"List","items":{"a":[]}}"#.to_owned(),
        r#"{"apiVersion":"v1","kind":"List","metadata":5,"items":[{"kind":"Pod"}]}"#.to_owned(),
    ] {
        assert!(!is_taken_apart(&text), "{text}");
    }
}

#[test]
fn a_run_has_as_many_items_as_fit() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- {a: 1}\n- {a: 2}\n- {a: 33333}\n- {a: 4}\n";
    let part = parts(text).remove(0).unwrap();
    let list = List::find(text, &part).unwrap();
    assert_eq!(list.runs(18), [0..2, 2..3, 3..4]);
    assert_eq!(list.runs(1), [0..1, 1..2, 2..3, 3..4]);
    assert_eq!(list.runs(100), vec![0..4; 1]);
    assert_eq!(text.get(list.bytes(&(1..3))), Some("- {a: 2}\n- {a: 33333}\n"));
}
