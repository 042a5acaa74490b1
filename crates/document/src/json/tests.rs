use super::{Document, Kind, Value};

/// Our reading of `text` as serde_json's value, to compare.
fn as_serde(value: Value<'_>) -> serde_json::Value {
    match value.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool => value.as_bool().into(),
        Kind::Number => serde_json::from_str(value.raw()).unwrap(),
        Kind::String => value.as_str().unwrap().into_owned().into(),
        Kind::List => value.items().map(as_serde).collect(),
        Kind::Object => value.entries().map(|(key, value)| (key.into_owned(), as_serde(value))).collect(),
    }
}

fn agrees_with_serde_json(text: &[u8]) {
    let ours = Document::read(text);
    let theirs = serde_json::from_slice::<serde_json::Value>(text);
    match (&ours, &theirs) {
        (Ok(document), Ok(value)) => assert_eq!(&as_serde(document.root()), value),
        (Err(_), Err(_)) => {}
        (Err(error), Ok(_)) => {
            // The two deliberate differences, and numbers that serde_json cannot hold.
            assert!(error.problem.contains("twice") || error.problem.contains("deep"), "{error}: {text:?}");
        }
        (Ok(document), Err(error)) => {
            let number = error.to_string().contains("number out of range");
            let deep = error.to_string().contains("recursion limit");
            assert!(number || deep, "accepted {:?}, serde_json: {error}", document.root());
        }
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
        "nul",
        "nulll",
        "{\"a\":1,\"a\":2}",
        "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "[[[[[[]]]]]]",
        "]",
        "}",
        "[}",
        "{]",
        "",
        "\"é漢字😀\"",
        "{\"é\":1,\"漢\":2}",
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
    for text in
        [r#"{"a":1,"a":2}"#, r#"{"b":1,"a":1,"b":2}"#, r#"{"a":1,"\u0061":2}"#, r#"{"x":{"k":[],"j":0,"k":{}}}"#]
    {
        assert_eq!(Document::read(text.as_bytes()).unwrap_err().problem, "an object names a key twice", "{text}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = "[".repeat(100_000);
    assert_eq!(Document::read(deep.as_bytes()).unwrap_err().problem, "lists and objects are nested too deep");
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
    assert_eq!(&document.root().raw()[image.span().0..image.span().1], "\"b\"");
}
