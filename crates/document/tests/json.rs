//! The tree against `serde_json`'s own value.
#![allow(clippy::unwrap_used, clippy::panic)]

use isolation_document::{Document, Kind, Value};

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
fn a_copy_shares_its_texts_and_knows_its_own_place() {
    let mut builder = isolation_document::Builder::new("");
    builder.open_object();
    builder.key("a");
    let first = builder.len();
    builder.open_object();
    builder.key("list");
    builder.open_list();
    builder.string("x");
    builder.close(None).unwrap();
    builder.close(None).unwrap();
    builder.key("b");
    builder.copy(first);
    builder.close(None).unwrap();
    let document = builder.finish();
    assert_eq!(document.root().to_json(), r#"{"a":{"list":["x"]},"b":{"list":["x"]}}"#);
    let copied = document.root().descend(&["b", "list"]).unwrap().items().next().unwrap();
    assert_eq!(copied.path(document.root()).as_str(), "b.list[0]");
    let first = document.root().descend(&["a", "list"]).unwrap().items().next().unwrap();
    assert!(std::ptr::eq(first.text().unwrap(), copied.text().unwrap()));
}
