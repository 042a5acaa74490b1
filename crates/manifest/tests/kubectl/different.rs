//! Where we differ from kubectl, and why.

/// Texts that we refuse though kubectl takes them, or take though it refuses them, by reason. What it refuses is never sent, so
/// that taking it does no harm; what it takes for something else than we do must not be here.
#[rustfmt::skip]
pub const DIFFERENT: &[(&str, &[&str])] = &[
    (
        "Refused by granit-parser: a dash alone in brackets, an alias as a key without a blank, a comma in a tag.",
        &[
            r#"value: [-]"#,
            r#"value: !a,b c"#,
            r#"spec:   a: &x b\n  *x: c"#,
        ],
    ),
    (
        "Refused by granit-parser: tabs in front of what stands in brackets in a block.",
        &[
            r#"value: {\n\ta: b\n  }"#,
            r#"spec:   a: {\n\tb: c\n  }"#,
        ],
    ),
    (
        "Refused by granit-parser: the escape `\\'`, which no version of YAML has.",
        &[
            r#"value: \"\\\'\""#,
        ],
    ),
    (
        "Refused: a comment without a blank in front of it is text to other readers.",
        &[
            r##"value: \"a\"#b"##,
            r#"value: |#c\n    a\n"#,
            r#"value: [a,#c\n   b]"#,
            r#"value: [a]#b"#,
        ],
    ),
    (
        "Refused: a key is given twice, and readers disagree about which one counts.",
        &[
            r#"value: {a: 1, a: 2}"#,
            r#"spec:   a: b\n  a: c"#,
            r#"spec:   a: b\n  \"a\": c"#,
            r#"spec:   1: b\n  \"1\": c"#,
            r#"spec:   yes: b\n  true: c"#,
            r#"spec:   d: {<<: {1: a}, \"1\": b}"#,
            r#"spec:   d: {<<: {yes: a}, \"true\": b}"#,
            r#"spec:   d: {a: 1, a: 2, <<: {a: 3}}"#,
            r#"stream: apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, a: 1, a: 2}]\n"#,
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"kind\":\"Service\"}"#,
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"a\":1,\"a\":2}}"#,
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}],\"items\":[]}"#,
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"},\"metadata\":{\"name\":\"b\"}}"#,
        ],
    ),
    (
        "Refused: a number that is none, as a key.",
        &[
            r#"key: .inf"#,
            r#"key: .nan"#,
        ],
    ),
    (
        "Refused: YAML behind JSON without a separating line, which kubectl reads from 1.33 on and did not before.",
        &[
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n# c\n"#,
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n\napiVersion: v1\nkind: Service\n"#,
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\u{feff}{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"#,
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n\u{feff}{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"#,
        ],
    ),
    (
        "Refused: a blank of other kinds in front of JSON, which kubectl drops from 1.33 on and other readers do not.",
        &[
            r#"json: \u{a0}{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"#,
            r#"json: \u{c}{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"#,
            r#"json: \u{85}{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"#,
            r#"json: \u{2028}{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"#,
        ],
    ),
    (
        "Refused: half of a pair of escapes is no character.",
        &[
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"a\":\"\\ud800\"}"#,
        ],
    ),
    (
        "Refused: kubectl reads the first document and drops the rest without a word.",
        &[
            r#"spec:   a: b\n%YAML 1.1"#,
            r#"stream: apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n...\napiVersion: v1\nkind: Service\nmetadata: {name: b}\n"#,
            r#"stream: apiVersion: v1\nkind: Pod\nmetadata: {name: a}\r---\rapiVersion: v1\nkind: Service\nmetadata: {name: b}\r"#,
            r#"json: ---\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"#,
        ],
    ),
    (
        "Refused: kubectl takes no list in a list, but for one that is null.",
        &[
            r#"stream: apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Foo, items: null}]\n"#,
        ],
    ),
    (
        "Refused: the colon without a blank belongs to the key for kubectl, and to other readers it does not.",
        &[
            r#"value: {a:}"#,
            r#"value: [a:]"#,
            r#"value: {a:,b: c}"#,
            r#"value: [a:,b]"#,
            r#"value: [a :]"#,
            r#"value: {a :}"#,
            r#"value: {a :,b: c}"#,
            r#"value: {a\n    :}"#,
            r#"value: [-&x :]"#,
            r#"value: {<<: {a: b}, c :}"#,
        ],
    ),
    (
        "Refused: the comma behind a tag belongs to the tag for kubectl, and to other readers it does not.",
        &[
            r#"value: {image: !!str, b}"#,
            r#"value: [!!str, a]"#,
            r#"value: [!, a]"#,
            r#"value: {a: !x,b: c}"#,
            r#"value: {a: !!null, b}"#,
            r#"value: [!!map, {a: b}]"#,
            r#"value: [&y !x, a]"#,
            r#"value: [!x &y, a]"#,
            r#"value: {<<: {a: b}, c: !!str, d}"#,
            r#"value: {a: !!int, 1}"#,
        ],
    ),
    (
        "Refused: to kubectl the line of the separator ends in its middle, and what is behind counts where no document is in front.",
        &[
            r#"stream: --- # c\rspec: {}\rapiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: {\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n--- # c\rspec: {}\napiVersion: v1\nkind: Service\nmetadata: {name: b}"#,
            r#"stream: --- # c\u{85}spec: {}\u{85}apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: {\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n--- # c\u{85}spec: {}\napiVersion: v1\nkind: Service\nmetadata: {name: b}"#,
            r#"stream: --- # c\u{2028}spec: {}\u{2028}apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: {\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n--- # c\u{2028}spec: {}\napiVersion: v1\nkind: Service\nmetadata: {name: b}"#,
            r#"stream: --- # c\u{2029}spec: {}\u{2029}apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: {\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n--- # c\u{2029}spec: {}\napiVersion: v1\nkind: Service\nmetadata: {name: b}"#,
        ],
    ),
    (
        "Refused: the mark becomes a part of the first key, which nobody means.",
        &[
            r#"stream: ---\n\u{feff}apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: # c\n\u{feff}apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: \n\u{feff}apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: \u{feff}# c\n\u{feff}apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: # c\r\u{feff}apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: ---\n\n\u{feff}apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n# c\n\u{feff}apiVersion: v1\nkind: Service\nmetadata: {name: b}\n"#,
            r#"stream: # c\n\u{feff}metadata: {name: a}\napiVersion: v1\nkind: Pod\n"#,
        ],
    ),
    (
        "Refused: to kubectl it is a line break, to other readers of YAML it is none.",
        &[
            r#"spec:   a: b\u{85}  c: d"#,
            r#"spec:   a: b\u{2028}  c: d"#,
            r#"spec:   a: b\u{2029}  c: d"#,
            r#"spec:   a: \"b\u{85}  c\""#,
            r#"spec:   a: \"b\u{2028}  c\""#,
            r#"spec:   a: \'b\u{2029}  c\'"#,
            r#"spec:   a: |\n    b\u{85}    c"#,
            r#"spec:   a: |\n    b\u{2028}    c"#,
            r#"spec:   # b\u{85}  a: c"#,
            r#"spec:   # b\u{2028}  a: c"#,
            r#"json: ---\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"a\":\"b\u{2028}c\"}"#,
        ],
    ),
    (
        "Refused: without apiVersion kubectl reads the object but cannot send it.",
        &[
            r#"stream: kind: Pod\n"#,
            r#"stream: kind: Pod\nmetadata: {name: a}\n"#,
            r#"stream: apiVersion: \"\"\nkind: Pod\n"#,
            r#"stream: apiVersion: null\nkind: Pod\n"#,
            r#"json: {\"APIVERSION\":\"v1\",\"kind\":\"Pod\"}"#,
            r#"encoding: a byte that cannot be read at the front"#,
        ],
    ),
    (
        "Refused: `?`, and `:` at the front, which kubectl takes for signs in brackets and other readers for text.",
        &[
            r#"value: [?a]"#,
            r#"value: [\n    ?a]"#,
            r#"value: [?\"b\"]"#,
            r#"value: [?!!str ]"#,
            r#"value: [!!str :a]"#,
            r#"value: {!t :\"b\"}"#,
            r#"value: {<<: {a: b}, ?c}"#,
        ],
    ),
    (
        "Refused: a colon behind an anchor's name, which is a part of it to other readers.",
        &[
            r#"key: ! &a"#,
        ],
    ),
    (
        "Refused: CR CR LF is one line break to kubectl, which takes CR LF for LF first, and two to other readers.",
        &[
            r#"value: |\r\r\n    a\n"#,
            r#"value: >\r\r\n    a\r\r\n    b\n"#,
            r#"stream: apiVersion: v1\nkind: Pod\nmetadata: {name: a}\r\r\nspec: {a: b}\r\r\n"#,
        ],
    ),
    (
        "Refused: kubectl ends the last line of a file, so that a blank one counts.",
        &[
            r#"stream: apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  a: |+\n    b\n    "#,
            r#"stream: apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  a: |+\n    b\n  "#,
            r#"stream: apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  a: >2+\n    b\n    "#,
            r#"stream: apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {a: \"|+\"}\n  "#,
        ],
    ),
    (
        "Refused: a merge key in quotes and with escapes.",
        &[
            r#"spec:   d: {!!merge \"\\x3c\\x3c\": {a: 1}}"#,
        ],
    ),
    (
        "Taken: a colon on the line behind its key, in brackets.",
        &[
            r#"value: {a\n    : b}"#,
            r#"value: {\"a\"\n    : b}"#,
        ],
    ),
    (
        "Taken: an end of document in front of the first one.",
        &[
            r#"stream: ...\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"#,
        ],
    ),
    (
        "Taken: escapes that JSON has and kubectl's YAML has not.",
        &[
            r#"value: \"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\N\\_\\L\\P\""#,
            r#"value: \"\\ud83d\\ude00\""#,
            r#"value: \"\\/\""#,
            r#"json: ---\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"a\":\"\\/\"}"#,
            r#"json: ---\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"a\":\"\\ud83d\\ude00\"}"#,
        ],
    ),
    (
        "Taken: YAML behind several documents of JSON, which kubectl takes behind one from 1.33 on.",
        &[
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n---\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"#,
            r#"json: {\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n---\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"#,
        ],
    ),
    (
        "Taken: tabs between tokens. kubectl refuses them, so that nothing is sent.",
        &[
            r#"value: |\n    \ta\n"#,
            r#"spec:   -\ta"#,
            r#"spec: \t# c\n  a: b"#,
            r#"spec:   a: b\n\t\n  c: d"#,
            r#"spec:   a: b\n  \t\n  c: d"#,
            r#"spec:   a:\n  -\tb: c\n    d: e"#,
            r#"spec:   -\t\ta"#,
            r#"spec:   ?\ta\n  :\tb"#,
            r#"stream: \t\n"#,
        ],
    ),
];
