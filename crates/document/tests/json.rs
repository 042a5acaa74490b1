//! The tree against `serde_json`'s own value.
#![allow(clippy::unwrap_used, clippy::panic)]

use isolation_document::{Builder, Document, Kind, MAX_BYTES, Positions, Value};

/// Our reading as `serde_json`'s value, to compare.
fn as_serde(value: Value<'_>) -> serde_json::Value {
    match value.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool => value.as_bool().unwrap().into(),
        Kind::Number => serde_json::from_str(value.number().unwrap()).unwrap(),
        Kind::String => value.text().unwrap().into(),
        Kind::List => value.items().map(as_serde).collect(),
        Kind::Object => value.entries().map(|(key, value)| (key.into_owned(), as_serde(value))).collect(),
    }
}

fn agrees_with_serde_json(text: &[u8]) {
    let ours = Document::read(text);
    let theirs = serde_json::from_slice::<serde_json::Value>(text);
    match (&ours, &theirs) {
        (Ok(document), Ok(value)) => {
            assert_eq!(&as_serde(document.root()), value);
            assert_eq!(&serde_json::to_value(document.root()).unwrap(), value);
            assert_eq!(format!("{:?}", document.root()), document.root().to_json());
        }
        (Err(_), Err(_)) => {}
        (Err(error), Ok(_)) => assert!(error.problem.contains("twice"), "{error}: {text:?}"),
        (Ok(document), Err(error)) => panic!("accepted {:?}, serde_json: {error}", document.root()),
    }
}

#[test]
fn reads_what_serde_json_reads() {
    let texts: &[&str] = &[
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-7",
        "18446744073709551615",
        "18446744073709551616",
        "1.5e+3",
        "1e400",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "\"\"",
        r#"{"a":{"b":[1,2,{"c":null}]},"d":"x\ny"}"#,
        r#"{"a":1,}"#,
        "[1,]",
        "[,1]",
        "{,}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a" : 1 , "b" : [ ] }"#,
        "\"\\u00e9\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"\\ud83d\\u0041\"",
        "\"\\x\"",
        "\"\t\"",
        "\"abc",
        "\"abcdefghijklmnop\\\"qrstuvwxyz\"",
        "{} {}",
        " \n\t{}\r ",
        "tru",
        "nulll",
        "{\"a\":1,\"a\":2}",
        "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "[[[[[[]]]]]]",
        "]",
        "[}",
        "{]",
        "",
        "\"é漢字😀\"",
        "{\"é\":1,\"漢\":2}",
        "{\"\":1,\"a\":2}",
        "\u{feff}{}",
        "1 2",
        "nan",
        "{1:2}",
        "{\"a\":1 \"b\":2}",
        "[1 2]",
    ];
    for text in texts {
        agrees_with_serde_json(text.as_bytes());
    }
    agrees_with_serde_json(b"\"\xff\"");
    agrees_with_serde_json(b"\"\xc3\x28\"");
}

#[test]
fn what_is_not_utf8_is_pointed_at() {
    let error = Document::read(b"{\n\n  \"a\": \"\xff\"}").unwrap_err();
    assert_eq!(error.problem, "the text is not UTF-8 at line 3 column 9");
    assert_eq!((error.line, error.column), (3, 9));
}

/// One byte more, and an index would not reach all nodes.
#[test]
fn a_text_is_as_large_as_is_said() {
    let mut zeros = vec![0; MAX_BYTES];
    assert!(Document::read(&zeros).unwrap_err().problem.starts_with("expected value"));
    zeros = vec![0; MAX_BYTES + 1];
    assert!(Document::read(&zeros).unwrap_err().problem.starts_with("the text is larger than 256 MiB"));
}

/// Every single-byte change and every cut of a real request, which reaches most branches of the reader.
#[test]
fn agrees_on_damaged_requests() {
    let text = br#"{"request":{"uid":"1","kind":{"group":"","kind":"Pod"},"n":[1,-2.5e3,true,null],"s":"a\u00e9\\\"b"},"settings":{}}"#;
    for cut in 0..text.len() {
        agrees_with_serde_json(&text[..cut]);
    }
    for at in 0..text.len() {
        for byte in [b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b' ', b'0', b'e', b'.', 0, 0x1f, 0x7f, 0xc3, 0xff]
        {
            let mut damaged = text.to_vec();
            damaged[at] = byte;
            agrees_with_serde_json(&damaged);
        }
    }
}

#[test]
fn a_key_named_twice_is_refused_however_it_is_spelt() {
    for text in [
        r#"{"a":1,"a":2}"#,
        r#"{"b":1,"a":1,"b":2}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"x":{"k":[],"j":0,"k":{}}}"#,
        r#"{"":1,"":2}"#,
    ] {
        let error = Document::read(text.as_bytes()).unwrap_err();
        assert!(error.problem.starts_with("an object names a key twice at line 1 column "), "{error}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = "[".repeat(100_000);
    assert!(Document::read(deep.as_bytes()).unwrap_err().problem.contains("recursion limit"));
}

#[test]
fn a_value_knows_where_it_stands() {
    let document =
        Document::read(br#"{"object":{"spec":{"c":[{"image":"a"},{"image":"b"}],"m":{"a.b/c":1}}}}"#).unwrap();
    let object = document.root().get("object").unwrap();
    let image = object.descend(&["spec", "c"]).unwrap().items().nth(1).unwrap().get("image").unwrap();
    assert_eq!(image.path(object).as_str(), "spec.c[1].image");
    assert_eq!(image.open_path_from(object.index()).as_str(), "spec.c[*].image");
    let odd = object.descend(&["spec", "m", "a.b/c"]).unwrap();
    assert_eq!(odd.path(object).as_str(), "spec.m[a.b/c]");
    assert_eq!(object.path(object).as_str(), "");
}

#[test]
fn positions_are_told_in_whatever_order_they_are_asked_for() {
    let document = Document::read(br#"{"a": [[0, 1], 2, [3, 4, 5]], "b": [6, 7]}"#).unwrap();
    let (root, mut values) = (document.root(), Vec::new());
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        let members = value.entries().map(|(_, member)| member);
        open.extend(members.chain(value.items()));
        values.push(value);
    }
    for first in &values {
        for second in &values {
            let mut positions = Positions::default();
            for value in [first, second, first] {
                assert_eq!(value.path_from(root.index(), &mut positions), value.path(root));
            }
        }
    }
    assert_eq!(values.iter().map(|value| value.path(root).as_str().to_owned()).max().unwrap(), "b[1]");
}

/// The nodes of all values stand in one list, so what is looked for in one of them must not be found in the next.
#[test]
fn a_value_answers_for_itself_alone() {
    let document = Document::read(br#"{"a":{"b":"c","d":1},"e":2,"f":[[],{},"",0]}"#).unwrap();
    let root = document.root();
    let inner = root.get("a").unwrap();
    assert_eq!(["b", "d", "c", "e"].map(|key| inner.get(key).is_some()), [true, true, false, false]);
    assert_eq!(["c", "b"].map(|text| inner.get("b").unwrap().is_text(text)), [true, false]);
    let empty = root.get("f").unwrap().items().map(|item| item.is_empty_container());
    assert_eq!(empty.collect::<Vec<_>>(), [true, true, false, false]);
    assert!(!inner.is_empty_container());
    // From a value that does not hold it, a path begins at the document.
    assert_eq!(inner.get("d").unwrap().path(root.get("e").unwrap()).as_str(), "a.d");
    let other = Document::read(br#"{"a":{"b":"c","d":1}}"#).unwrap();
    assert_eq!(root.get("a"), Some(inner));
    assert_ne!(other.root().get("a"), Some(inner));
}

#[test]
fn a_message_says_what_a_value_is() {
    let texts = ["null", "true", "1", "\"\"", "[]", "{}"];
    let names = texts.map(|text| Document::read(text.as_bytes()).unwrap().root().kind().name());
    assert_eq!(names, ["null", "a boolean", "a number", "a string", "a list", "an object"]);
}

#[test]
fn a_copy_shares_its_texts_and_knows_its_own_place() {
    let mut builder = Builder::new("");
    builder.open_object();
    builder.key("a");
    let first = builder.next_index();
    builder.open_object();
    builder.key("list");
    builder.open_list();
    builder.string("x");
    builder.close(None).unwrap();
    builder.close(None).unwrap();
    assert_eq!(builder.weight(first, 1_000), 4);
    builder.key("b");
    builder.copy(first);
    builder.close(None).unwrap();
    let document = builder.finish();
    assert_eq!(document.root().to_json(), r#"{"a":{"list":["x"]},"b":{"list":["x"]}}"#);
    assert_eq!((document.root().size(), document.at(first).size()), (11, 4));
    let copied = document.root().descend(&["b", "list"]).unwrap().items().next().unwrap();
    assert_eq!(copied.path(document.root()).as_str(), "b.list[0]");
    let first = document.root().descend(&["a", "list"]).unwrap().items().next().unwrap();
    assert!(std::ptr::eq(first.text().unwrap(), copied.text().unwrap()));
}

/// A reader may hand out parts of a larger text, as that of a document among others.
#[test]
fn a_text_right_behind_the_source_is_none_of_it() {
    let whole = "ab";
    let mut builder = Builder::new(&whole[..1]);
    builder.open_list();
    builder.string(&whole[..1]);
    builder.string(&whole[1..]);
    builder.close(None).unwrap();
    assert_eq!(builder.finish().root().to_json(), r#"["a","b"]"#);
}

/// A value is pointed at itself, what holds others by a key: its own, or where it has none the first one inside.
#[test]
fn a_finding_points_at_the_value_or_a_key() {
    let text = "- {kind: Pod}";
    let mut builder = Builder::new(text);
    builder.open_list();
    builder.written_at(0..13);
    builder.open_object();
    builder.written_at(2..13);
    builder.key("kind");
    builder.written_at(3..7);
    builder.string("Pod");
    builder.written_at(9..12);
    builder.close(Some(13)).unwrap();
    builder.close(Some(13)).unwrap();
    let document = builder.finish();
    let at = |path: &str| &text[document.root().locate(path).unwrap().span];
    assert_eq!(["", "[0]", "[0].kind"].map(at), ["kind", "kind", "Pod"]);
}
