//! YAML into the tree. What kubectl makes of a thousand texts is in `crates/manifest/tests/kubectl`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use isolation_yaml::{self as yaml, Places};

fn json(text: &str) -> String {
    match isolation_yaml::document(text) {
        Ok(document) => document.root().to_json(),
        Err(unreadable) => unreadable.to_string(),
    }
}

#[test]
fn what_people_write_in_strings_is_read() {
    for (yaml, expected) in [
        ("spec: {networkProfile: {outboundType: none}}", r#"{"spec":{"networkProfile":{"outboundType":"none"}}}"#),
        ("# why\na: 1 # because\n\nb: 'it''s'\n", r#"{"a":1,"b":"it's"}"#),
        ("a: &x [1]\nb: *x\n", r#"{"a":[1],"b":[1]}"#),
        ("a: |\n  x\n", "{\"a\":\"x\\n\"}"),
        ("a: 010\nb: 0x1F\nc: yes\n", r#"{"a":8,"b":31,"c":true}"#),
        ("", "null"),
        ("# nothing\n", "null"),
        ("just text", "\"just text\""),
    ] {
        assert_eq!(json(yaml), expected, "{yaml}");
    }
}

#[test]
fn a_merge_key_takes_effect_where_it_stands() {
    let base = "base: &b {x: 1, z: 1}\n";
    let merged = |object: &str| json(&format!("{base}o: {object}\n")).rsplit_once("\"o\":").unwrap().1.to_owned();
    assert_eq!(merged("{<<: *b, x: 2}"), r#"{"z":1,"x":2}}"#);
    assert_eq!(merged("{x: 2, <<: *b}"), r#"{"x":1,"z":1}}"#);
    assert_eq!(merged("{<<: *b, <<: {x: 3}}"), r#"{"z":1,"x":3}}"#);
    assert_eq!(merged("{<<: [{x: 4}, *b]}"), r#"{"z":1,"x":4}}"#);
    assert!(json("{<<: x}").starts_with("`<<` merges objects"));
}

#[test]
fn what_readers_take_for_different_things_is_refused() {
    for (yaml, problem) in [
        ("a: 1\na: 2\n", "the key \"a\" is given twice at line 2 column 1"),
        ("{<<: {1: a}, \"1\": b}", "the key \"1\" is given twice"),
        ("a: b\u{2028}c: d", "U+2028 is a line break to kubectl"),
        ("a: \u{7f}", "the control character U+007F"),
        ("{a:}", "a key's colon is not followed by a space"),
        ("a: 1\n...\nb: 2\n", "text follows the document"),
        ("~: a", "a key is a list, an object or null"),
        ("a: .inf", "infinity"),
        ("a: &x [*x]", "an alias is inside the value that it names"),
        ("a: !!int b", "the value does not match its tag"),
        ("a: [1, 2", "not YAML: "),
    ] {
        let said = json(yaml);
        assert!(said.contains(problem) && said.contains(" at line "), "{yaml}: {said}");
    }
}

#[test]
fn aliases_are_counted_and_not_the_text() {
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for level in 1..9 {
        let before = vec![format!("*a{}", level - 1); 9].join(",");
        bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    assert!(json(&bomb).contains("aliases expand to too many values"));
    assert!(json(&format!("{bomb}b: {{<<: {{}}}}\n")).contains("aliases expand to too many values"));
    let honest = format!("[{}x]", "x, ".repeat(300_000));
    assert_eq!(json(&honest).len(), 4 * 300_001 + 1);
}

#[test]
fn nesting_ends_in_words_and_not_in_a_crash() {
    for deep in [
        "[".repeat(100_000),
        "- ".repeat(5_000),
        "{a: ".repeat(5_000),
        "? ".repeat(5_000),
        format!("{}<<: 1", "[".repeat(100_000)),
    ] {
        assert!(json(&deep).contains(" at line "), "{}", &deep[..10]);
    }
}

#[test]
fn every_value_knows_where_it_is_written() {
    let text = "# ü\na: &x 'q'  # c\nb: [*x, {c: d e }]\nf: |\n  g\n";
    let mut builder = isolation_document::Builder::new("");
    yaml::read(text, &mut builder, Places::From(100), 10).unwrap();
    let document = builder.finish();
    let at = |path: &str| {
        let span = document.root().at_path(path).unwrap().span().unwrap();
        &text[span.start - 100..span.end - 100]
    };
    assert_eq!(["a", "b", "b[0]", "b[1].c", "f"].map(at), ["'q'", "[*x, {c: d e }]", "*x", "d e", "g\n"]);
    let located = |path: &str| {
        let located = document.root().locate(path).unwrap();
        (&text[located.span.start - 100..located.span.end - 100], located.exact)
    };
    assert_eq!(
        [located("b"), located("b[1]"), located("b[1].z"), located("")],
        [("b", true), ("c", true), ("c", false), ("a", true)]
    );
}

/// Texts of pieces that mean something to a reader of YAML: none ends it, and with merge keys or without it reads the same.
#[test]
fn texts_of_every_shape_are_read_or_refused() {
    let pieces = [
        "a",
        "b: ",
        "c:",
        "- ",
        "-",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "'it''s'",
        "\"q\\n\"",
        " # x",
        "#",
        "1",
        "true",
        "~",
        ": ",
        "d: e",
        "\n- ",
        "'",
        "\"",
        "---\n",
        "\t",
        "f: {g: h}",
        "? ",
        "&x ",
        "*x",
        "!",
        "!!str ",
        "|",
        ">",
        "%",
        "@",
        "\\",
        "é",
        "-3",
        "\u{feff}",
    ];
    let mut seed: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let mut accepted = 0;
    for _ in 0..6_000 {
        let text: String = (0..next(12) + 1).map(|_| pieces[next(pieces.len())]).collect();
        let read = isolation_yaml::document(&text);
        // The words make the text one with merge keys, in a comment.
        let merging = format!("#<<\n{text}");
        let merging = isolation_yaml::document(&merging);
        match (&read, &merging) {
            (Ok(a), Ok(b)) => assert_eq!(a.root().to_json(), b.root().to_json(), "{text:?}"),
            (Ok(_), Err(_)) | (Err(_), Ok(_)) if !text.contains(['%', '\u{feff}']) => {
                panic!("{text:?}: {read:?} {merging:?}")
            }
            _ => {}
        }
        accepted += usize::from(read.is_ok());
    }
    assert!(accepted > 300, "{accepted}");
}
