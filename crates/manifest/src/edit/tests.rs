use super::*;

const NEW: &str = "myacr.azurecr.io/hub/nginx:1.27";
const HEAD: &str = "apiVersion: v1\nkind: Pod\n";

/// The text in which the fields at these JSON pointers of the first object hold these texts.
fn changed(text: &str, changes: &[(&str, &str)]) -> Result<String, String> {
    let read = crate::read(text).found;
    let mut json = read.iter().find_map(|found| found.as_ref().ok()).expect("an object").to_json();
    for (pointer, value) in changes {
        *json.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = (*value).into();
    }
    let rewritten = rewrite(text, &BTreeMap::from([(0, json.into())]));
    rewritten.map(|rewritten| rewritten.text).map_err(|error| error.what)
}

/// One change of the field `a`: the same text with `to` instead of `from`.
fn becomes(text: &str, from: &str, to: &str) {
    let text = format!("{HEAD}{text}");
    assert_eq!(changed(&text, &[("/a", NEW)]).as_deref(), Ok(text.replacen(from, to, 1).as_str()), "{text}");
}

#[test]
fn quotes_and_what_stands_around_stay() {
    becomes("a:   nginx   # why\n\n# end\n", "nginx", NEW);
    becomes("a: 'nginx'\r\nb: 1\r\n", "'nginx'", &format!("'{NEW}'"));
    becomes("a: \"nginx\" # why", "\"nginx\"", &format!("\"{NEW}\""));
    becomes("b: {image: x, c: [ 1 ,2 ]}\na: nginx", "nginx", NEW);
    becomes("ü: ü # ü\na: nginx\n", "nginx", NEW);
    becomes("a: \"ng\\\n  inx\"\n", "\"ng\\\n  inx\"", &format!("\"{NEW}\""));
    becomes("a:\n  nginx # on a line of its own\nb: c\n", "nginx", NEW);
    becomes("a: nginx\n...\n", "nginx", NEW);
    becomes("a: nginx\n   more\n", "nginx\n   more", NEW);
}

#[test]
fn a_value_that_needs_quotes_gets_them() {
    for (value, written) in [
        ("1.27", "\"1.27\""),
        ("no", "\"no\""),
        ("nginx:", "\"nginx:\""),
        ("", "\"\""),
        ("a: b", "\"a: b\""),
        ("a\n\u{7}\"\\", "\"a\\n\\u0007\\\"\\\\\""),
        ("127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b"),
        ("nginx@sha256:00", "nginx@sha256:00"),
    ] {
        let text = changed(&format!("{HEAD}a: nginx\nb: {{c: d}}\n"), &[("/a", value)]);
        assert_eq!(text, Ok(format!("{HEAD}a: {written}\nb: {{c: d}}\n")));
    }
    assert_eq!(changed(&format!("{HEAD}a: 'x'\n"), &[("/a", "it's")]), Ok(format!("{HEAD}a: 'it''s'\n")));
    assert_eq!(changed(&format!("{HEAD}a: 'x'\n"), &[("/a", "a\nb")]), Ok(format!("{HEAD}a: \"a\\nb\"\n")));
}

#[test]
fn blocks_keep_their_header() {
    for header in ["|-", ">-", "|2-", ">- # why", "&x !!str >-"] {
        becomes(&format!("a: {header}\n  nginx\n\nb: c\n"), "nginx", NEW);
    }
    becomes("a: >-\n  nginx\n  more", "nginx\n  more", NEW);
    // The line break that ends the text is part of the value.
    let text = format!("{HEAD}a: |\n  x\n  z\nb: c\n");
    assert_eq!(changed(&text, &[("/a", "y\n")]), Ok(format!("{HEAD}a: |\n  y\nb: c\n")));
    assert_eq!(changed(&text, &[("/a", "y")]), Err("the new text cannot be written in this place".to_owned()));
}

#[test]
fn an_alias_has_a_place_of_its_own() {
    let both = format!("{HEAD}a: &img nginx\nb: *img # why\n");
    assert_eq!(changed(&both, &[("/a", NEW), ("/b", NEW)]), Ok(both.replace("nginx", NEW).replace("*img", NEW)));
    assert_eq!(changed(&both, &[("/b", NEW)]), Ok(both.replace("*img", NEW)));
    // What is not meant keeps its text.
    assert_eq!(changed(&both, &[("/a", NEW)]), Ok(format!("{HEAD}a: &img {NEW}\nb: nginx # why\n")));
    assert_eq!(changed(&both, &[("/a", NEW), ("/b", "x/y")]), Ok(format!("{HEAD}a: &img {NEW}\nb: x/y # why\n")));
    // A merged object and an aliased list have the anchor's places.
    let list = format!("{HEAD}x: &all [nginx]\na: *all\n");
    assert_eq!(changed(&list, &[("/x/0", NEW), ("/a/0", NEW)]), Ok(list.replace("nginx", NEW)));
    let problem = "an anchor is used in several places, and only some of them would change";
    assert_eq!(changed(&list, &[("/a/0", NEW)]), Err(problem.to_owned()));
    let merged = format!("{HEAD}x: &base {{i: nginx}}\na: {{<<: *base}}\n");
    assert_eq!(changed(&merged, &[("/a/i", NEW)]), Err(problem.to_owned()));
    assert_eq!(changed(&merged, &[("/a/i", NEW), ("/x/i", NEW)]), Ok(merged.replace("nginx", NEW)));
    let contradiction = changed(&list, &[("/x/0", NEW), ("/a/0", "x/y")]).unwrap_err();
    assert!(contradiction.contains("different texts"), "{contradiction}");
}

#[test]
fn what_no_object_holds_does_not_change_either() {
    // The second document has an anchor of the same name, and the last is no object.
    let text = format!("{HEAD}a: &img nginx\n---\n{HEAD}b: &img x\nc: *img\n---\n[b\n---\n{{{{ template }}}}\n");
    assert_eq!(changed(&text, &[("/a", NEW)]), Ok(text.replace("nginx", NEW)));
}

#[test]
fn json_stays_json() {
    let text = "{\"apiVersion\": \"v1\", \"kind\": \"Pod\",\n  \"n\": 1.0e5, \"s\": \"\\ud83d\\ude00\\/\",\n  \"a\" : \"ng\\u0069nx\"\n}\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}";
    let old = "\"ng\\u0069nx\"";
    assert_eq!(changed(text, &[("/a", "it's \"x\"\u{7}")]), Ok(text.replace(old, "\"it's \\\"x\\\"\\u0007\"")));
    let list = "{\"apiVersion\":\"v1\",\"kind\":\"PodList\",\"items\":[{\"x\":1},{\"a\":[{\"b\":\"nginx\"}]}]}";
    let mut second = crate::read(list).found.into_iter().nth(1).unwrap().unwrap().to_json();
    second["a"][0]["b"] = NEW.into();
    let rewritten = rewrite(list, &BTreeMap::from([(1, second.into())])).unwrap();
    assert_eq!((rewritten.text, rewritten.places), (list.replace("nginx", NEW), 1));
}

#[test]
fn more_than_strings_is_refused() {
    let text = format!("{HEAD}a: 1\n");
    assert!(changed(&text, &[("/a", "x")]).unwrap_err().contains("more than texts"));
    assert_eq!(rewrite(&text, &BTreeMap::new()).unwrap().text, text);
}

/// The text in which these fields of the first object are these values, or gone.
fn with(text: &str, changes: &[(&str, Option<Json>)]) -> Result<String, String> {
    let changes: Vec<_> =
        changes.iter().map(|(path, to)| Change { path: (*path).to_owned(), to: to.clone() }).collect();
    let rewritten = rewrite(text, &BTreeMap::from([(0, ObjectChange { object: None, changes })]));
    match rewritten {
        Ok(Rewritten { skipped, .. }) if !skipped.is_empty() => Err(format!("left out: {skipped:?}")),
        Ok(rewritten) => Ok(rewritten.text),
        Err(error) => Err(error.what),
    }
}

fn is_with(text: &str, changes: &[(&str, Option<Json>)], expected: &str) {
    assert_eq!(with(&format!("{HEAD}{text}"), changes), Ok(format!("{HEAD}{expected}")), "{text}");
}

#[test]
fn a_field_is_replaced_whatever_it_held() {
    let to = |value: Json| [("a", Some(value))];
    is_with("a: true # why\nb: c\n", &to("true".into()), "a: \"true\" # why\nb: c\n");
    is_with("a: 'True'\n", &to("true".into()), "a: 'true'\n");
    is_with("a: yes\n", &to(false.into()), "a: false\n");
    is_with("x: {a: \"1\"}\n", &[("x.a", Some(2.into()))], "x: {a: 2}\n");
}

#[test]
fn a_field_is_taken_away_with_its_line() {
    let gone = [("a.b", None)];
    is_with("a:\n  b: c # why\n  d: e\n", &gone, "a:\n  d: e\n");
    is_with("a:\n  d: e\n  b: c", &gone, "a:\n  d: e\n");
    is_with("a:\n  b:\n    x: y\n    z: 1\n  d: e\n", &gone, "a:\n  d: e\n");
    is_with("a: {b: c, d: e}\n", &gone, "a: {d: e}\n");
    is_with("a: {d: e, b: c}\n", &gone, "a: {d: e}\n");
    is_with("a: {b: c}\n", &gone, "a: {}\n");
    is_with("a:\n  b: c # why\nd: e\n", &gone, "a:\n  {} # why\nd: e\n");
    let item = [("a[1]", None)];
    is_with("a:\n  - x\n  - y # why\n  - z\n", &item, "a:\n  - x\n  - z\n");
    is_with("a: [x, y]\n", &item, "a: [x]\n");
    is_with("a:\n- {b: c}\n- {d: e}\n", &item, "a:\n- {b: c}\n");
    is_with("a:\n  - x # why\n", &[("a[0]", None)], "a:\n  [] # why\n");
    is_with("a:\n  - b: c\n    d: e\n", &[("a[0].b", None)], "a:\n  - d: e\n");
}

#[test]
fn a_field_is_added_behind_the_others() {
    let new = [("a.b", Some("true".into()))];
    is_with("a:\n  c: d # why\ne: f\n", &new, "a:\n  c: d # why\n  \"b\": \"true\"\ne: f\n");
    let long = [("metadata.annotations[a.example/b]", Some("true".into()))];
    is_with("metadata: {name: x}\n", &long, "metadata: {annotations: {a.example/b: \"true\"}, name: x}\n");
    is_with(
        "metadata:\n  name: x\nspec: {}\n",
        &long,
        "metadata:\n  name: x\n  annotations:\n    a.example/b: \"true\"\nspec: {}\n",
    );
    is_with("spec: {}\n", &[("spec.provision", Some(false.into()))], "spec: {provision: false}\n");
    is_with(
        "parameters:\n  x: y\n",
        &[
            ("parameters.networkAccessPolicy", Some("DenyAll".into())),
            ("parameters.publicNetworkAccess", Some("Disabled".into())),
        ],
        "parameters:\n  x: y\n  networkAccessPolicy: DenyAll\n  publicNetworkAccess: Disabled\n",
    );
    is_with(
        "list:\n  - name: x\n    value: |\n      text\nmore: y\n",
        &[("list[0].option", Some(true.into()))],
        "list:\n  - name: x\n    value: |\n      text\n    option: true\nmore: y\n",
    );
}

/// To the API server `null` is a field that is not set.
#[test]
fn a_field_is_added_below_null() {
    let new = [("spec.infrastructure.annotations[a.example/b]", Some("true".into()))];
    let braces = "{annotations: {a.example/b: \"true\"}}";
    for (null, more) in [("null", ""), ("~", " # why"), ("", ""), ("", " # why")] {
        let text = format!("spec:\n  infrastructure: {null}{more}\n  x: y\n").replace(":  #", ": #");
        let text = text.replace(": \n", ":\n");
        is_with(&text, &new, &format!("spec:\n  infrastructure: {braces}{more}\n  x: y\n"));
    }
    is_with("spec: {infrastructure: null}\n", &new, &format!("spec: {{infrastructure: {braces}}}\n"));
    is_with("parameters: null\n", &[("parameters.type", Some("x".into()))], "parameters: {\"type\": \"x\"}\n");
    let json = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"a\":null}";
    let expected = json.replace("null", "{\"b\": {\"c\": \"x\"}}");
    assert_eq!(with(json, &[("a.b.c", Some("x".into()))]), Ok(expected));
}

#[test]
fn changes_that_meet_are_made_one_after_the_other() {
    is_with(
        "name: x\n",
        &[("parameters.networkAccess", Some("DenyAll".into())), ("parameters.publicAccess", Some("Disabled".into()))],
        "name: x\nparameters:\n  networkAccess: DenyAll\n  publicAccess: Disabled\n",
    );
    let both = [("a[1]", None), ("a[10]", None), ("a[2]", None)];
    let list = |numbers: &[usize]| format!("a:\n{}", numbers.iter().map(|n| format!("  - {n}\n")).collect::<String>());
    is_with(&list(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), &both, &list(&[0, 3, 4, 5, 6, 7, 8, 9, 11]));
}

#[test]
fn a_file_in_json_keeps_its_lines_and_stays_json() {
    let json = |text: &str, changes: &[(&str, Option<Json>)], expected: &str| {
        assert_eq!(with(text, changes).as_deref(), Ok(expected), "{text}");
        serde_json::from_str::<Json>(expected).unwrap();
    };
    let lines = "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Pod\",\n  \"metadata\": {\n    \"name\": \"x\",\n    \"labels\": {},\n    \"a\": {\n      \"b\": true\n    }\n  }\n}\n";
    let value = || Some(Json::from("true"));
    // A line of its own, where every entry has one.
    let name = "    \"name\": \"x\"";
    let annotated = lines.replace(name, &format!("    \"annotations\": {{\"a.example/b\": \"true\"}},\n{name}"));
    json(lines, &[("metadata.annotations[a.example/b]", value())], &annotated);
    json(
        lines,
        &[("metadata.labels.app", value())],
        &lines.replace("\"labels\": {}", "\"labels\": {\"app\": \"true\"}"),
    );
    json(
        lines,
        &[("spec.type", value())],
        &lines.replace("{\n  \"api", "{\n  \"spec\": {\"type\": \"true\"},\n  \"api"),
    );
    json(lines, &[("metadata.name", None)], &lines.replace("\"name\": \"x\",\n    ", ""));
    json(lines, &[("metadata.a", None)], &lines.replace(",\n    \"a\": {\n      \"b\": true\n    }", ""));
    json(lines, &[("metadata.a.b", None)], &lines.replace("{\n      \"b\": true\n    }", "{}"));
    json(lines, &[("metadata.a.b", Some(false.into()))], &lines.replace("true", "false"));
    let windows = lines.replace('\n', "\r\n");
    json(&windows, &[("metadata.annotations[a.example/b]", value())], &annotated.replace('\n', "\r\n"));
    let tabs = lines.replace("    ", "\t\t").replace("  ", "\t");
    json(&tabs, &[("metadata.name", None)], &tabs.replace("\"name\": \"x\",\n\t\t", ""));
    // On one line, and in a list.
    let line = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"a\":[{},{\"b\":1}],\"c\":[2]}";
    json(line, &[("a[0].d", value())], &line.replace("{}", "{\"d\": \"true\"}"));
    json(line, &[("a[1].d", value())], &line.replace("{\"b\"", "{\"d\": \"true\", \"b\""));
    json(line, &[("a[0]", None)], &line.replace("{},", ""));
    json(line, &[("c[0]", None)], &line.replace("[2]", "[]"));
}

#[test]
fn escapes_of_json_that_yaml_does_not_have_are_no_hindrance() {
    // Half a character each: JSON writes what UTF-16 does.
    let item = |fields: &str| {
        format!("{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"\\ud83d\\ude00\":\"\\ud83d\\ude00\",{fields}}}")
    };
    let list = |items: &[String]| {
        format!(
            "{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"x\":\"\\ud83d\\ude00\",\"items\":[{}]}}",
            items.join(",\n")
        )
    };
    let text = list(&[item("\"a\":{\"\\ud83d\\ude01\":1,\"b\":true}"), item("\"a\":[{},\"\\ud83d\\ude02\"],\"c\":{}")]);
    let change = |path: &str, to: Option<Json>| Change { path: path.to_owned(), to };
    let first = vec![change("a[\"\u{1f601}\"]", None), change("metadata.name", Some("x".into()))];
    let second =
        vec![change("a[1]", None), change("c.d", Some("y".into())), change("[\"\u{1f600}\"]", Some("z".into()))];
    let wanted = [first, second].map(|changes| ObjectChange { object: None, changes });
    let rewritten = rewrite(&text, &wanted.into_iter().enumerate().collect()).unwrap();
    assert_eq!(rewritten.skipped, []);
    let named = item("\"a\":{\"b\":true}").replacen('{', "{\"metadata\": {\"name\": \"x\"}, ", 1);
    let emptied = item("\"a\":[{}],\"c\":{\"d\": \"y\"}").replace(":\"\\ud83d\\ude00\"", ":\"z\"");
    assert_eq!(rewritten.text, list(&[named, emptied]));
}

#[test]
fn an_item_of_a_json_list_may_be_empty() {
    let text = "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{}]}";
    let changes = vec![Change { path: "spec.hostNetwork".to_owned(), to: Some(true.into()) }];
    let rewritten = rewrite(text, &BTreeMap::from([(0, ObjectChange { object: None, changes })])).unwrap();
    assert_eq!(rewritten.text, text.replace("{}", "{\"spec\": {\"hostNetwork\": true}}"));
}

#[test]
fn a_field_without_a_value_gets_one() {
    is_with("a: # why\nb: c\n", &[("a", Some("x/y".into()))], "a: \"x/y\" # why\nb: c\n");
    is_with("b: c\na:", &[("a", Some(true.into()))], "b: c\na: true");
    is_with("x: {a: , b: c}\n", &[("x.a", Some(1.into()))], "x: {a: 1 , b: c}\n");
}

#[test]
fn what_cannot_be_written_keeps_nothing_else_from_being_written() {
    let document = |name: usize, image: &str| format!("{HEAD}a: {image}\nb:\n  c: {name}\n");
    let all: Vec<_> = (0..50).map(|at| document(at, if at % 7 == 3 { "|\n  nginx" } else { "nginx" })).collect();
    let change = |path: &str, to: &str| Change { path: path.to_owned(), to: Some(to.into()) };
    let wanted = ObjectChange { object: None, changes: vec![change("a", NEW), change("b.d", "x"), change("d.e", "y")] };
    let text = all.join("---\n");
    let rewritten = rewrite(&text, &(0..50).map(|at| (at, wanted.clone())).collect()).unwrap();
    let done = |at: usize, text: &str| {
        let text = if at % 7 == 3 { text.to_owned() } else { text.replacen("nginx", NEW, 1) };
        format!("{text}  \"d\": x\n\"d\":\n  \"e\": \"y\"\n")
    };
    let expected: Vec<_> = all.iter().enumerate().map(|(at, text)| done(at, text)).collect();
    assert_eq!(rewritten.text, expected.join("---\n"));
    assert_eq!((rewritten.places, rewritten.skipped.len()), (143, 7));
}

#[test]
fn each_edit_stands_alone() {
    let both = "x: &img nginx\na: *img\nb:\nc: nginx\n";
    let text = format!("{HEAD}{both}---\n{HEAD}a: nginx\n---\n{HEAD}a: |\n  nginx\n");
    let change = |path: &str, to: &str| Change { path: path.to_owned(), to: Some(to.into()) };
    let changes = [
        (0, change("x", NEW)),
        (0, change("b.d", "1")),
        (0, change("b.e", "2")),
        (1, change("a", NEW)),
        (1, change("a", "x/y")),
        (2, change("a", NEW)),
        (0, change("c.d", "x")),
        (9, change("a", NEW)),
    ];
    let edits = edits(&text, &changes);
    for ((at, change), edit) in changes.iter().zip(&edits) {
        let alone = ObjectChange { object: None, changes: vec![change.clone()] };
        let alone = rewrite(&text, &BTreeMap::from([(*at, alone)])).unwrap();
        let mut made = text.clone();
        if let Some((span, new)) = edit {
            made.replace_range(span.clone(), new);
        }
        assert_eq!(made, alone.text, "{change:?}");
    }
    let is_there: Vec<_> = edits.iter().map(Option::is_some).collect();
    assert_eq!(is_there, [true, true, true, true, true, false, false, false]);
}

#[test]
fn what_has_no_plain_way_to_be_written_is_left_out() {
    for (text, path, to) in [
        ("a: {b: c}\n", "a", Some("x".into())),
        ("a: b\n", "a.b", Some("x".into())),
        ("a: [b]\n", "a[3]", None),
        ("a: b\n", "c", None),
    ] {
        let text = format!("{HEAD}{text}");
        assert!(with(&text, &[(path, to)]).is_err_and(|what| what.starts_with("left out")), "{text} {path}");
    }
}

#[test]
fn a_comment_stays_with_what_it_is_about() {
    is_with("a:\n  b:\n    x: y\n  # about d\n  d: e\n", &[("a.b", None)], "a:\n  # about d\n  d: e\n");
    is_with("a:\n  b:\n    - x\n\n  # about d\n  d: e\n", &[("a.b", None)], "a:\n\n  # about d\n  d: e\n");
    is_with("a:\n  - b:\n      x: y\n  # about d\n  - d: e\n", &[("a[0]", None)], "a:\n  # about d\n  - d: e\n");
    is_with("a:\n  b:\n    x: y\n# about d\nd: e\n", &[("a.b", None)], "a:\n  {}\n# about d\nd: e\n");
    let new = [("a.f", Some(true.into()))];
    is_with("a:\n  b:\n    x: y\n# about d\nd: e\n", &new, "a:\n  b:\n    x: y\n  \"f\": true\n# about d\nd: e\n");
    is_with("a:\n  b:\n    x: y\n\n\nd: e\n", &new, "a:\n  b:\n    x: y\n  \"f\": true\n\n\nd: e\n");
    is_with("a:\n  b:\n    x: y\n    # the last\n", &new, "a:\n  b:\n    x: y\n    # the last\n  \"f\": true\n");
    is_with(
        "a:\n  b: |\n    x # y\n\n    # z\nd: e\n",
        &new,
        "a:\n  b: |\n    x # y\n\n    # z\n  \"f\": true\nd: e\n",
    );
    is_with("a:\n  b: |\n    # y\n  # about d\n  d: e\n", &[("a.b", None)], "a:\n  # about d\n  d: e\n");
    is_with("a:\n  - b: c # why\n    # about d\n    d: e\n", &[("a[0].b", None)], "a:\n  -\n    # about d\n    d: e\n");
    is_with("a: {b: c, # why\n    # about d\n    d: e}\n", &[("a.b", None)], "a: { # why\n    # about d\n    d: e}\n");
    is_with("a: {d: e, # about d\n    b: c # why\n}\n", &[("a.b", None)], "a: {d: e, # about d\n     # why\n}\n");
    is_with("a:\n  d: e\n  # about b\n  b:\n", &new, "a:\n  d: e\n  # about b\n  b:\n  \"f\": true\n");
    is_with("a:\n  d: e\n  b:\n", &[("a.b", None)], "a:\n  d: e\n");
    is_with("a:\n  b: x\n    # about d\n  d: e\n", &[("a.b", None)], "a:\n    # about d\n  d: e\n");
}
