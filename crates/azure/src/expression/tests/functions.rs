//! What functions give, asked by expressions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::expression::{Outcome, Scope};

/// What an expression gives where `unknown()` is not known.
fn value(text: &str) -> Option<Value> {
    let mut scope = Scope::of_text(0);
    scope.parameters = BTreeMap::from([
        ("null".to_owned(), Value::Null),
        ("pools".to_owned(), json!([{"name": "a", "Count": 1}, {"name": "[variables('b')]"}])),
        ("partly".to_owned(), json!({"known": 1, "unknown": "[reference('x')]"})),
    ]);
    scope.variables = BTreeMap::from([("b".to_owned(), json!("b"))]);
    match scope.value(&format!("[{text}]")) {
        Outcome::Known(value) => scope.settled(&value, 0),
        Outcome::Partly(_) | Outcome::Unknown => None,
    }
}

const KNOWN: &[(&str, &str)] = &[
    ("add(1, -2)", "-1"),
    ("and(true(), not(false()))", "true"),
    ("and(unknown(), false())", "false"),
    ("array('[x')", r#"["[x"]"#),
    ("array(createArray(1))", "[1]"),
    ("bool('True')", "true"),
    ("bool(0)", "false"),
    ("coalesce(null(), parameters('null'), 'x', unknown())", r#""x""#),
    ("coalesce(null(), null())", "null"),
    ("concat('a', 1)", r#""a1""#),
    ("concat(createArray('a'), createArray('[b'))", r#"["a", "[b"]"#),
    ("contains('OneTwo', 'eT')", "true"),
    ("contains('OneTwo', 'et')", "false"),
    ("contains(createArray('a', 1), 1)", "true"),
    ("contains(createArray('a'), 'A')", "false"),
    ("contains(parameters('partly'), 'KNOWN')", "true"),
    ("contains(parameters('partly'), 'b')", "false"),
    ("createArray()", "[]"),
    ("createArray('[a]', true(), null())", r#"["[a]", true, null]"#),
    ("createObject('a', createObject('b', 1)).a.b", "1"),
    ("createObject('a', unknown(), 'b', 2).B", "2"),
    ("div(7, 2)", "3"),
    ("empty('')", "true"),
    ("empty(createObject())", "true"),
    ("empty(null())", "true"),
    ("empty(parameters('pools'))", "false"),
    ("empty(resourceId('A.B/c', unknown()))", "false"),
    ("endsWith('abcDEF', 'Def')", "true"),
    ("equals('a', 'A')", "false"),
    ("equals('a', null())", "false"),
    ("equals('1', 1)", "false"),
    ("equals(createArray('a', 1), createArray('a', 1))", "true"),
    ("equals(createArray('a', 1), createArray())", "false"),
    ("equals(variables('b'), parameters('pools')[1].name)", "true"),
    ("filter(parameters('pools'), lambda('p', equals(lambdaVariables('p').name, 'b')))", r#"[{"name": "b"}]"#),
    ("first('One')", r#""O""#),
    ("first(parameters('pools')).name", r#""a""#),
    ("flatten(createArray(createArray(1), createArray(2, 3)))", "[1, 2, 3]"),
    ("format('{0}-{1}', 'a', int('7'))", r#""a-7""#),
    ("format('{0}}}', 'a')", r#""a}""#),
    ("format('{{}}')", r#""{}""#),
    ("json(format('{{\"a\": \"{0}\"}}', 'b')).a", r#""b""#),
    ("greater(2, 1)", "true"),
    ("greaterOrEquals(1, 1)", "true"),
    ("if(equals('a', 'b'), unknown(), createObject('c', 1))", r#"{"c": 1}"#),
    ("if(unknown(), 'a', 'a')", r#""a""#),
    ("items(createObject('a-b', 1))", r#"[{"key": "a-b", "value": 1}]"#),
    ("items(createObject('b', 1, 'a', 2))", r#"[{"key": "a", "value": 2}, {"key": "b", "value": 1}]"#),
    ("join(createArray('a', 1), ', ')", r#""a, 1""#),
    ("json('{\"a\": \"[b]\"}')", r#"{"a": "[b]"}"#),
    ("json('null')", "null"),
    ("last('One')", r#""e""#),
    ("last(split('/a/b', '/'))", r#""b""#),
    ("length('One Two')", "7"),
    ("length(coalesce(parameters('null'), createArray()))", "0"),
    ("length(parameters('partly'))", "2"),
    ("less(1, 2)", "true"),
    ("lessOrEquals(2, 1)", "false"),
    (
        "map(range(0, 2), lambda('i', createObject('i', lambdaVariables('i'), 'n', parameters('pools')[lambdaVariables('i')].name)))",
        r#"[{"i": 0, "n": "a"}, {"i": 1, "n": "b"}]"#,
    ),
    (
        "map(createArray('a', 'b'), lambda('x', 'i', format('{0}{1}', lambdaVariables('x'), lambdaVariables('I'))))",
        r#"["a0", "b1"]"#,
    ),
    (
        "map(createArray(1), lambda('x', map(createArray(2), lambda('y', add(lambdaVariables('x'), lambdaVariables('y'))))))",
        "[[3]]",
    ),
    ("max(createArray(1, 3, 2))", "3"),
    ("min(1, 3, 2)", "1"),
    ("mod(7, 3)", "1"),
    ("mul(2, 3)", "6"),
    ("objectKeys(createObject('b', 1))", r#"["b"]"#),
    ("or(unknown(), true())", "true"),
    ("or(false(), false())", "false"),
    ("parameters('pools')[0]['name']", r#""a""#),
    ("range(5, 3)", "[5, 6, 7]"),
    ("replace('123-123', '-', '')", r#""123123""#),
    (
        "shallowMerge(createArray(createObject('a', 1, 'b', createObject('c', 2)), createObject('b', createObject())))",
        r#"{"a": 1, "b": {}}"#,
    ),
    ("skip(createArray(1, 2, 3), 2)", "[3]"),
    ("skip('one two', 4)", r#""two""#),
    ("skip('one', 9)", r#""""#),
    ("split('a,b', ',')", r#"["a", "b"]"#),
    ("startsWith('abc', 'AB')", "true"),
    ("string(12)", r#""12""#),
    ("sub(1, 2)", "-1"),
    ("substring('one two', 4, 2)", r#""tw""#),
    ("substring('one two', 4)", r#""two""#),
    ("take(createArray(1, 2), 5)", "[1, 2]"),
    ("take('one', 2)", r#""on""#),
    ("take(createArray(1, 2), -1)", "[]"),
    ("toLower('One')", r#""one""#),
    ("toUpper('One')", r#""ONE""#),
    ("trim(' a ')", r#""a""#),
    ("tryGet(parameters('pools'), 5)", "null"),
    ("tryGet(parameters('pools')[0], 'count')", "1"),
    ("tryGet(parameters('pools')[0], 'none', 'x')", "null"),
    ("tryGet(parameters('pools'), 1, 'name')", r#""b""#),
    ("tryGet(parameters('null'), 'x')", "null"),
    ("union(createArray(1, 2), createArray(2, 3))", "[1, 2, 3]"),
    (
        "union(json('{\"p\": {\"one\": \"a\", \"three\": \"c1\"}, \"l\": [1, 2]}'), json('{\"p\": {\"three\": \"c2\"}, \"l\": [3]}'))",
        r#"{"p": {"one": "a", "three": "c2"}, "l": [3]}"#,
    ),
    ("union(createObject('a', unknown()), createObject('b', 1)).b", "1"),
];

const UNSURE: &[&str] = &[
    "contains(createArray(1), json('1.0'))",
    "contains(createArray(createObject('a', 1)), createObject('A', 1))",
    "createObject('a', 1, 'A', 2)",
    "format('}', 'a')",
    "format('{', 'a')",
    "format('{0', 'a')",
    "format('{1}', 'a')",
    "format('{0:N}', 1)",
    "items(createObject('Prod', 1, 'dev', 2))",
    "items(createObject('a-b', 1, 'a', 2))",
    "objectKeys(createObject('b', 1, 'a', 2))",
    "toLower('İ')",
    "toUpper('ß')",
    "add(1, 'a')",
    "add(9223372036854775807, 1)",
    "and(unknown(), true())",
    "bool('yes')",
    "coalesce(unknown(), 'x')",
    "concat('a', true())",
    "concat(createArray(1), unknown())",
    "contains(unknown(), 'a')",
    "createObject('a')",
    "createObject('a', 1, 'a', 2)",
    "createObject(unknown(), 1)",
    "div(1, 0)",
    "empty(unknown())",
    "equals(unknown(), 'a')",
    "equals(parameters('partly'), createObject())",
    "filter(parameters('pools'), lambda('p', unknown()))",
    "first(createArray())",
    "first('')",
    "first('é')",
    "greater('b', 'a')",
    "if(unknown(), 'a', 'b')",
    "int('a')",
    "join(createArray(true()), ',')",
    "json('{')",
    "lambda('x', 1)",
    "lambdaVariables('x')",
    "length(unknown())",
    "map(unknown(), lambda('x', 1))",
    "map(createArray(1), 'x')",
    "or(unknown(), false())",
    "parameters('pools')[2]",
    "parameters('pools')['name']",
    "parameters('partly').unknown",
    "parameters('partly').none",
    "parameters('null').x",
    "range(0, 10001)",
    "replace('a', '', 'b')",
    "split('a', '')",
    "string(true())",
    "string(createArray())",
    "substring('a', 2)",
    "tryGet('a', 'b')",
    "tryGet(parameters('partly'), 'unknown')",
    "tryGet(unknown(), 'a')",
    "union(createObject('a', 1), createObject('A', 2))",
    "union(createObject('a', 1), createObject('a', null())).a",
    "union(createObject('a', createObject('b', 1)), createObject('a', unknown())).a",
    "union(createArray(1), createObject())",
    "uniqueString('a')",
];

#[test]
fn functions_give_what_is_documented() {
    for (text, expected) in KNOWN {
        let expected: Value = serde_json::from_str(expected).unwrap();
        assert_eq!(value(text), Some(expected), "{text}");
    }
}

#[test]
fn what_is_not_sure_is_not_known() {
    for text in UNSURE {
        assert_eq!(value(text), None, "{text}");
    }
}

/// A function makes no more than there is room for.
#[test]
fn nothing_grows_without_end() {
    for text in [
        "[replace(variables('many'), 'x', variables('many'))]",
        "[format(variables('form'), variables('many'))]",
        "[join(variables('list'), variables('many'))]",
        "[map(range(0, 10000), lambda('x', variables('many')))]",
        "[map(range(0, 10000), lambda('x', map(range(0, 10000), lambda('y', 1))))]",
    ] {
        let mut scope = Scope::of_text(0);
        scope.variables = BTreeMap::from([
            ("many".to_owned(), json!("x".repeat(1 << 20))),
            ("form".to_owned(), json!("{0}".repeat(1 << 18))),
            ("list".to_owned(), vec!["x"; 1 << 12].into()),
        ]);
        assert_eq!(scope.value(text), Outcome::Unknown, "{text}");
    }
}
