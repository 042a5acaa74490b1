use super::to_json;
use crate::json::Document;

/// What `text` is as JSON, or the line and the problem.
fn read(text: &str) -> String {
    match to_json(text) {
        Ok(json) => {
            Document::read(json.as_bytes()).unwrap_or_else(|error| panic!("{text:?} became {json:?}: {error}"));
            json
        }
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn reads_what_people_write_in_patches() {
    let pairs = [
        (
            "spec:\n  networkProfile:\n    outboundType: none\n",
            r#"{"spec":{"networkProfile":{"outboundType":"none"}}}"#,
        ),
        ("spec: {networkProfile: {outboundType: none}}", r#"{"spec":{"networkProfile":{"outboundType":"none"}}}"#),
        ("{\"spec\":{\"a\":[1,2,{\"b\":null}]}}", r#"{"spec":{"a":[1,2,{"b":null}]}}"#),
        ("# why\na: 1 # because\n\nb: 'it''s # not a comment'\n", r#"{"a":1,"b":"it's # not a comment"}"#),
        (
            "list:\n- a\n- b: 1\n  c: 2\n-\n  - x\n  - - v\n    - z\nend: ~",
            r#"{"list":["a",{"b":1,"c":2},["x",["v","z"]]],"end":null}"#,
        ),
        ("list:\n  - a\n  -\n  - b", r#"{"list":["a",null,"b"]}"#),
        ("a:\nb:", r#"{"a":null,"b":null}"#),
        ("", "null"),
        ("# nothing\n", "null"),
        ("---\na: 1\n", r#"{"a":1}"#),
        ("just text", "\"just text\""),
        ("a: b c:d http://x/y#z", r#"{"a":"b c:d http://x/y#z"}"#),
        ("\"quoted \\u0041 \\ud83d\\ude00\": \"\\u0041\\t\"", r#"{"quoted \u0041 \ud83d\ude00":"\u0041\t"}"#),
        ("a: {b: [x, 'y, z', \"w\"], c: , d}", "line 1: a key without a value; write `key: value`"),
        ("a: {b: [x, 'y, z', \"w\"], c: }", r#"{"a":{"b":["x","y, z","w"],"c":null}}"#),
        ("a: [\n  1, # one\n  2,\n]\nb: 3", r#"{"a":[1,2],"b":3}"#),
        ("a:\r\n  b: 1\r\n", r#"{"a":{"b":1}}"#),
        ("- - a\n- b", r#"[["a"],"b"]"#),
        ("a: '#1'", r##"{"a":"#1"}"##),
        ("a: it's # fine", r#"{"a":"it's"}"#),
    ];
    for (yaml, json) in pairs {
        assert_eq!(read(yaml), json, "{yaml:?}");
    }
}

#[test]
fn plain_scalars_mean_what_they_mean_to_the_controllers() {
    let pairs = [
        ("yes", "true"),
        ("On", "true"),
        ("y", "true"),
        ("TRUE", "true"),
        ("n", "false"),
        ("off", "false"),
        ("yEs", "\"yEs\""),
        ("tRue", "\"tRue\""),
        ("none", "\"none\""),
        ("None", "\"None\""),
        ("NULL", "null"),
        ("~", "null"),
        ("1.30", "1.30"),
        ("-1", "-1"),
        ("1e3", "1e3"),
        ("1.5e+3", "1.5e+3"),
        ("1.2.3", "\"1.2.3\""),
        ("10.0.0.0/16", "\"10.0.0.0/16\""),
        ("2026-08-20", "\"2026-08-20\""),
        ("-", "[null]"),
        ("--", "\"--\""),
        ("1:30", "\"1:30\""),
        ("_1", "\"_1\""),
        ("-_1", "\"-_1\""),
    ];
    for (yaml, json) in pairs {
        assert_eq!(read(yaml), json, "{yaml:?}");
    }
    assert_eq!(read("on: 1\n8: x\nnull : y"), "line 3: a key is empty or null; write it in quotes");
    assert_eq!(read("on: 1\n10: x"), r#"{"true":1,"10":"x"}"#);
}

#[test]
fn what_is_not_read_is_refused_by_name() {
    for (yaml, problem) in [
        ("a: &x 1", "anchors"),
        ("a: *x", "aliases"),
        ("a: !!str 1", "tags"),
        ("a: |\n  x", "block scalars"),
        ("a: >-\n  x", "block scalars"),
        ("a: b\n  c", "several lines"),
        ("a: \"b\n  c\"", "does not end on its line"),
        ("a: 1\n---\nb: 2", "second document"),
        ("a: 1\n...\n", "leave it out"),
        ("%YAML 1.1\n---\na: 1", "directives"),
        ("? a\n: b", "`?`"),
        ("<<: {a: 1}", "merge key"),
        ("a:\n\tb: 1", "tab"),
        ("a: .inf", "in decimal"),
        ("a: 010", "in decimal"),
        ("a: 0x1F", "in decimal"),
        ("a: -0b11", "in decimal"),
        ("a: 1_000", "in decimal"),
        ("a: +1", "in decimal"),
        ("a: .5", "in decimal"),
        ("a: 1.", "in decimal"),
        ("a: 1.e3", "in decimal"),
        ("a: 08", "in decimal"),
        ("a: \"\\x41\"", "escape"),
        ("a: b: c", "second `: `"),
        ("a: @x", "cannot begin"),
        ("a: %x", "cannot begin"),
        ("a: [1, 2", "not closed"),
        ("a: [1 2}", "expected a comma"),
        ("a: {b: 1} c", "follows"),
        ("a: 'x' y", "follows"),
        ("a: 1\n  b: 2", "several lines"),
        ("a: 1\nb", "expected `key: value`"),
        ("a:\n  b: 1\n c: 2", "indented further"),
        ("- a\nb: 1", "belongs to nothing"),
        ("a: 1\n- b", "where a key is expected"),
        ("a: [b: c]", "a key inside a list"),
        ("a: [,]", "missing"),
        ("a: \"\\q\"", "escape"),
        ("a: \"\\ud800\"", "escape"),
        ("a: x\u{2028}y", "each line on its own"),
        ("--- a: 1", "next line"),
    ] {
        let text = read(yaml);
        assert!(text.starts_with("line ") && text.contains(problem), "{yaml:?}: {text}");
    }
    let deep = "[".repeat(100_000);
    assert!(read(&deep).contains("nested too deep"));
    let deep: String = (0..5_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(read(&deep).contains("nested too deep"));
    assert!(read(&"- ".repeat(5_000)).contains("nested too deep"));
}
