//! YAML into the tree. What kubectl makes of a thousand texts is in `crates/manifest/tests/kubectl`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::ops::Range;

use isolation_document::{Builder, MAX_BYTES};
use isolation_yaml::{self as yaml, Places, Problem};

fn json(text: &str) -> String {
    match isolation_yaml::document(text) {
        Ok(document) => document.root().to_json(),
        Err(unreadable) => unreadable.to_string(),
    }
}

/// A document as JSON, and where its values and keys are written; `None` if there is nothing in it.
type Reading = Result<Option<(String, Vec<Option<Range<usize>>>)>, Problem>;

fn reading(text: &str, max_aliased: usize) -> Reading {
    let mut builder = Builder::new(text);
    if !yaml::read(text, &mut builder, Places::From(1000), max_aliased)? {
        return Ok(None);
    }
    let document = builder.finish();
    let size = u32::try_from(document.root().size()).unwrap();
    let spans = (0..size).map(|index| document.at(index).span().map(|span| span.start - 1000..span.end - 1000));
    Ok(Some((document.root().to_json(), spans.collect())))
}

/// The same by both readers, which must agree: `<<` in a comment has the text read as one with merge keys.
fn read_twice(text: &str, max_aliased: usize) -> Reading {
    let comment = "#<<\n";
    let back = |span: Range<usize>| span.start - comment.len()..span.end - comment.len();
    let merging = reading(&format!("{comment}{text}"), max_aliased)
        .map(|read| read.map(|(json, spans)| (json, spans.into_iter().map(|span| span.map(back)).collect::<Vec<_>>())))
        .map_err(|problem| Problem { span: back(problem.span), ..problem });
    let streaming = reading(text, max_aliased);
    assert_eq!(streaming, merging, "{text}");
    streaming
}

/// The document as JSON, or what is wrong and where.
fn said(text: &str) -> String {
    match read_twice(text, 100) {
        Ok(read) => read.map_or("nothing".to_owned(), |(json, _)| json),
        Err(problem) => format!("{:?}: {}", &text[problem.span], problem.what),
    }
}

#[test]
fn a_scalar_means_what_it_means_to_kubectl() {
    for (yaml, expected) in [
        ("off", "false"),
        ("1_000", "1000"),
        ("0b11", "3"),
        ("0B11", "3"),
        ("0o17", "15"),
        ("0O17", "15"),
        ("-0x1F", "-31"),
        ("0x-1", "\"0x-1\""),
        ("+1", "1"),
        ("+9223372036854775807", "9223372036854775807"),
        ("+9223372036854775808", "9.223372036854776e+18"),
        ("18446744073709551615", "18446744073709551615"),
        ("1.50", "1.5"),
        ("1.", "1"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        (".1_1", "0.11"),
        ("._5", "\"._5\""),
        (".1_", "\".1_\""),
        (".a", "\".a\""),
        ("1e3", "1000"),
        ("1e-7", "1e-7"),
        ("1e", "\"1e\""),
        ("1e400", "\"1e400\""),
        ("-infinity", "\"-infinity\""),
        ("-nan", "\"-nan\""),
        ("1.2.3", "\"1.2.3\""),
        ("999999999999999.0", "999999999999999"),
        ("1e15", "1000000000000000.0"),
        ("-.inf", "\"-.inf\": JSON has no infinity and no not-a-number"),
        (".nan", "\".nan\": JSON has no infinity and no not-a-number"),
    ] {
        assert_eq!(said(yaml), expected, "{yaml}");
    }
}

#[test]
fn a_tag_says_what_a_scalar_is_or_the_text_is_refused() {
    for (yaml, expected) in [
        ("!!str 1", "\"1\""),
        ("!own 1", "\"1\""),
        ("!!int '1'", "1"),
        ("!!int 18446744073709551615", "18446744073709551615"),
        ("!!float 1.5", "1.5"),
        ("!!float 9007199254740993", "9007199254740992.0"),
        ("{!!float 1000000 : a}", r#"{"1e+06":"a"}"#),
        ("!!bool yes", "true"),
        ("!!null ~", "null"),
        ("!!binary +/+/YQ==", "\"���a\""),
        ("!!timestamp 2026-11-26", "\"2026-11-26\""),
        ("!!timestamp 2026-11-26t10:00:00Z", "\"2026-11-26t10:00:00Z\""),
        ("!!timestamp 2026-11-26 10:00:00", "\"2026-11-26 10:00:00\""),
    ] {
        assert_eq!(said(yaml), expected, "{yaml}");
    }
    for yaml in [
        "!!int ~",
        "!!int 1.5",
        "!!float yes",
        "!!float a",
        "!!bool 1",
        "!!bool ~",
        "!!null a",
        "!!null 1",
        "!!timestamp 2026-11-2",
        "!!timestamp 2026/11/26",
        "!!timestamp 2026-11-2x",
        "!!timestamp 2026-11-26x",
        "!!timestamp a",
    ] {
        assert!(said(yaml).ends_with("the value does not match its tag"), "{yaml}");
    }
    // `!` alone and this tag make a merge key even of a text in quotes; others do not.
    assert_eq!(json("!!merge '<<': {a: 1}"), r#"{"a":1}"#);
    assert_eq!(json("! '<<': {a: 1}"), r#"{"a":1}"#);
    assert_eq!(json("!own <<: {a: 1}"), r#"{"<<":{"a":1}}"#);
    assert_eq!(json(r#""\x3c\x3c": a"#), r#"{"<<":"a"}"#);
    assert!(json(r#"!!merge "\x3c\x3c": {}"#).starts_with("a merge key is written with escapes"));
}

/// An alias means the scalar as it is written, also where that stands as a key, which JSON has as a string.
#[test]
fn an_alias_means_what_its_scalar_means() {
    for (yaml, expected) in [
        ("a: &x b\nc: *x\n", r#"{"a":"b","c":"b"}"#),
        ("&x true: a\nb: *x\n", r#"{"true":"a","b":true}"#),
        ("&x 1: a\nb: [*x]\n", r#"{"1":"a","b":[1]}"#),
        ("&x k: a\nb: *x\n", r#"{"k":"a","b":"k"}"#),
        ("a: &x yes\n*x : b\n", r#"{"a":true,"true":"b"}"#),
        ("a: &x 0x1F\n*x : b\n", r#"{"a":31,"31":"b"}"#),
        ("a: &x 1e6\n*x : b\n", r#"{"a":1000000,"1e+06":"b"}"#),
        ("{? &m << : {b: 1}, c: {*m : 2}}", r#"{"b":1,"c":{"<<":2}}"#),
        ("a: &x ~\n*x : b\n", "\"*x\": a key is a list, an object or null, which JSON does not allow"),
        ("a: &x [1]\n*x : b\n", "\"*x\": a key is a list, an object or null, which JSON does not allow"),
    ] {
        assert_eq!(said(yaml), expected, "{yaml}");
    }
}

/// However long a text is, and however often it is named.
#[test]
fn an_alias_of_a_text_takes_no_room_for_it() {
    let document = yaml::document("[&x \"a\\n\", *x, &y b, *y]").unwrap();
    let texts: Vec<_> = document.root().items().map(|item| item.text().unwrap()).collect();
    assert_eq!(texts, ["a\n", "a\n", "b", "b"]);
    assert!(std::ptr::eq(texts[0], texts[1]) && std::ptr::eq(texts[2], texts[3]));
}

/// A separator may end a text. What stands behind it must not be dropped.
#[test]
fn nothing_may_follow_the_document() {
    for nothing in ["", "# a\n", "---\n", "--- # a\n", "---\n...\n"] {
        assert_eq!(said(nothing), "nothing", "{nothing}");
    }
    for one in ["a: 1\n---\n", "a: 1\n---\n# b\n---\n", "a: 1\n...\n"] {
        assert_eq!(said(one), r#"{"a":1}"#, "{one}");
    }
    for more in ["a: 1\n---\nb\n", "a: 1\n--- ~\n", "a: 1\n--- ''\n", "---\n---\na: 1\n", "a: 1\n---\n---\nb: 1\n"] {
        assert_eq!(said(more), "\"\": text follows the document; kubectl drops it", "{more}");
    }
    assert_eq!([said("~"), said("--- &x\n")], ["null", "null"]);
}

#[test]
fn what_is_refused_is_pointed_at() {
    for (yaml, expected) in [
        ("ab: c\u{2028}d", "\"\\u{2028}\": U+2028 is a line break to kubectl, but not to other YAML parsers"),
        ("ab: \u{8a}", "\"\\u{8a}\": YAML does not allow the control character U+008A"),
        ("a: 1\n&x.y b: 2", "\"&x.y\": kubectl allows only letters, digits, `-` and `_` in an anchor"),
        ("a: 1\na: 2", "\"a\": the key \"a\" is given twice"),
        ("[{a:}]", "\"a\": a key's colon is not followed by a space; to kubectl it is part of the key"),
        ("[:a]", "\":a\": kubectl does not take `?`, or `:` at the front, for text in brackets"),
        ("{b: c?d}", "\"c?d\": kubectl does not take `?`, or `:` at the front, for text in brackets"),
        // Behind the brackets it is text.
        ("a: [b]\nc: d?\n", r#"{"a":["b"],"c":"d?"}"#),
        ("a: {b: c}\nd: e?\n", r#"{"a":{"b":"c"},"d":"e?"}"#),
        ("9223372036854775807: a", r#"{"9223372036854775807":"a"}"#),
        (
            "9223372036854775808: a",
            "\"9223372036854775808\": a key is a list, an object or null, which JSON does not allow",
        ),
    ] {
        assert_eq!(said(yaml), expected, "{yaml}");
    }
    // A mark begins a text, where it says nothing.
    for (yaml, place) in
        [("# a\n\u{feff}b: c", Some(4)), ("\u{feff}# a\n\n\u{feff}b: c", Some(8)), ("\u{feff}b: c", None)]
    {
        let marked = reading(yaml, 0).err().map(|problem| (problem.span.start, yaml[problem.span].to_owned()));
        assert_eq!(marked, place.map(|place| (place, "\u{feff}".to_owned())), "{yaml}");
    }
    let key = "k".repeat(300);
    let problem = reading(&format!("{key}: 1\n{key}: 2\n"), 0).unwrap_err();
    assert_eq!(problem.what, format!("the key \"{}\"… is given twice", &key[..200]));
}

#[test]
fn what_is_not_yaml_is_explained() {
    for (yaml, help) in [
        ("a:\n\tb: c", "Indent with spaces: YAML does not allow tabs"),
        ("a: 'b'#c", "Write a space before the `#`, or put the text in quotes"),
        ("a: [-]", "Put the dash in quotes"),
        ("'a'\nb", "Separate documents with a line `---`"),
        ("a: b\n%YAML 1.2\n---\nc", "Separate documents with a line `---`"),
        ("a: *x", "Put the text in quotes, if it is not an alias"),
        ("a: @b", "Put the text in quotes"),
        ("a: !b{}", "Put the text in quotes"),
        (r#"a: "\d""#, "Write a backslash twice, or use single quotes"),
        ("a: [1", ""),
    ] {
        assert_eq!(read_twice(yaml, 0).unwrap_err().help, help, "{yaml}");
    }
}

/// One byte more, and an index would not reach all nodes.
#[test]
fn a_text_is_as_large_as_is_said() {
    let mut zeros = vec![0; MAX_BYTES + 1];
    zeros[2] = b'\n';
    let zeros = String::from_utf8(zeros).unwrap();
    let problem = |text: &str| yaml::read(text, &mut Builder::new(""), Places::Ignored, 0).unwrap_err().what;
    assert_eq!(problem(&zeros), "the text is larger than 256 MiB");
    assert_eq!(problem(&zeros[1..]), "YAML does not allow the control character U+0000");
}

/// The most values that aliases make here, and no fewer will do.
#[test]
fn what_aliases_make_is_counted_and_nothing_else() {
    let needs = |text: &str| (0..100).find(|max| reading(text, *max).is_ok()).unwrap();
    let twice = |text: &str| (needs(text), needs(&format!("#<<\n{text}")));
    let long = "k".repeat(10 * 32);
    for (text, expected) in [
        ("a: [1, 2, {b: c}]".to_owned(), 0),
        ("a: &x [1, 2]\nb: *x\nc: [1, 2, 3]\n".to_owned(), 3),
        ("a: &x {b: c}\nd: [*x, *x]\n".to_owned(), 6),
        ("a: &x b\n*x : [1, 2]\nc: [1, 2]\n".to_owned(), 1),
        // A key is written once more, however long it is.
        (format!("a: &x {long}\nb: {{*x : 1}}\n"), 11),
        // So is a text, by whoever writes the document as JSON.
        (format!("a: &x {long}\nb: [*x, *x]\n"), 22),
        (format!("a: &x {{b: {long}}}\nc: *x\n"), 13),
    ] {
        assert_eq!(twice(&text), (expected, expected), "{text}");
    }
    assert_eq!(needs("a: &x {b: 1}\nc: {<<: *x}\nd: [1, 2, 3]\n"), 2);
    assert_eq!(needs("a: &x {b: 1}\nc: {d: 1, <<: *x, e: [1]}\n"), 2);
    assert_eq!(needs(&format!("a: &x {{? {long}\n: 1}}\nc: {{<<: *x}}\n")), 12);
}

#[test]
fn scalars_and_their_aliases_are_found() {
    let text = "a: &x 'b'\nc: [*x, &y d]\ne: &z [f]\ng: [*z, *y]\nh: ]";
    let found = |text: &str| yaml::scalars(text).into_iter().map(|span| text[span].to_owned()).collect::<Vec<_>>();
    assert_eq!(found(text), ["a", "'b'", "c", "d", "e", "f", "g", "h"]);
    assert_eq!(found("a: b\n").len(), 2);
    assert!(yaml::aliases(text).is_err());
    let text = &text[..text.len() - 4];
    let aliases = yaml::aliases(text).unwrap();
    let aliases = aliases.iter().map(|alias| (&text[alias.original.clone()], &*alias.text, &text[alias.span.clone()]));
    assert_eq!(aliases.collect::<Vec<_>>(), [("'b'", "b", "*x"), ("d", "d", "*y")]);
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
    assert!(json("a: 1\nb: 2\nb: 3\n").ends_with(" at line 3 column 1"));
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
    let mut builder = Builder::new("");
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
