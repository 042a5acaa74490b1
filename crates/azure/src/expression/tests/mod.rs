mod functions;

use super::*;
use serde_json::json;

#[test]
fn what_a_template_says_is_known_and_nothing_else() {
    let scope = Scope {
        parameters: BTreeMap::from([
            ("outbound".to_owned(), json!("none")),
            ("acr".to_owned(), json!({"name": "shop"})),
        ]),
        variables: BTreeMap::from([
            ("mcr".to_owned(), json!("[concat('aks-managed', '-mcr')]")),
            ("circle".to_owned(), json!("[variables('circle')]")),
        ]),
        ..Scope::of_text(0)
    };
    let known = |text: &str, value: Value| assert_eq!(scope.value(text), Outcome::Known(value), "{text}");
    known("none", json!("none"));
    known("[[none]", json!("[none]"));
    known("[parameters('outbound')]", json!("none"));
    known("[ Parameters('Outbound') ]", json!("none"));
    known("[parameters('acr').name]", json!("shop"));
    known("[format('{0}/{1}', parameters('acr').name, variables('mcr'))]", json!("shop/aks-managed-mcr"));
    known("[if(true(), 'a', 'b')]", json!("a"));
    known("['it''s, (a) text']", json!("it's, (a) text"));
    assert_eq!(scope.value("[concat(parameters('other'), '/x')]"), Outcome::Partly("…/x".to_owned()));
    assert_eq!(
        scope.value("[resourceId(subscription().id, 'A.B/c/d', parameters('outbound'), parameters('other'))]"),
        Outcome::Partly("/subscriptions/…/resourceGroups/…/providers/A.B/c/none/d/…".to_owned())
    );
    known("[format('{{0}} {1}{1}-{{{0}}}', 'a', 'b')]", json!("{0} bb-{a}"));
    for unknown in [
        "[parameters('other')]",
        "[variables('circle')]",
        "[reference('x').y]",
        "[resourceId('a', 'b')]",
        "[(]",
        "['a' + 'b']",
    ] {
        assert_eq!(scope.value(unknown), Outcome::Unknown, "{unknown}");
    }
}

/// A member is read where it stands, and a parameter's object may come of a variable.
#[test]
fn members_are_what_they_hold() {
    let scope = Scope {
        variables: BTreeMap::from([
            (
                "all".to_owned(),
                json!({"name": "[variables('name')]", "in": {"it": "[[x]"}, "ends": "[variables('all')]"}),
            ),
            ("name".to_owned(), json!("shop")),
            ("same".to_owned(), json!("[variables('all')]")),
        ]),
        ..Scope::of_text(0)
    };
    for (text, value) in [
        ("[variables('all').name]", "shop"),
        ("[variables('all').in.it]", "[x]"),
        ("[variables('same').name]", "shop"),
        ("[variables('all').ends.ends.name]", "shop"),
    ] {
        assert_eq!(scope.value(text), Outcome::Known(json!(value)), "{text}");
    }
    let long = format!("[variables('all'){}.name]", ".ends".repeat(100));
    assert_eq!(scope.value(&long), Outcome::Known(json!("shop")));
    assert_eq!(scope.value("[variables('name').x]"), Outcome::Unknown);
}

/// What loops make of variables and members, and how deep variables lead to others.
#[test]
fn loops_make_variables() {
    let mut scope = Scope::of_text(0);
    let made = |name: &str, count: Value, input: Value| json!({"name": name, "count": count, "input": input});
    scope.loops.insert("names".to_owned(), made("names", json!(3), json!("[concat('a', copyIndex('names', 1))]")));
    scope.loops.insert("circle".to_owned(), made("circle", json!("[length(variables('circle'))]"), json!(1)));
    scope.loops.insert("many".to_owned(), made("many", json!(801), json!(1)));
    let of_member = made("list", json!(2), json!({"i": "[copyIndex('list')]", "x": "[reference('x')]"}));
    scope.variables.insert("object".to_owned(), json!({"copy": [of_member], "b": 1}));
    for level in 0..200 {
        scope.variables.insert(format!("v{level}"), json!(format!("[variables('v{}')]", level + 1)));
    }
    scope.variables.insert("v200".to_owned(), json!("end"));
    for level in 0..20 {
        let calls = format!("[{}variables('d{}'){}]", "concat(".repeat(60), level + 1, ")".repeat(60));
        scope.variables.insert(format!("d{level}"), json!(calls));
    }
    for (text, value) in [
        ("[variables('names')]", json!(["a1", "a2", "a3"])),
        ("[length(variables('names'))]", json!(3)),
        ("[variables('Names')[1]]", json!("a2")),
        ("[variables('object').list[1].i]", json!(1)),
        ("[variables('object').b]", json!(1)),
        ("[tryGet(variables('object'), 'none')]", Value::Null),
        ("[variables('v180')]", json!("end")),
    ] {
        assert_eq!(scope.value(text), Outcome::Known(value), "{text}");
    }
    for text in [
        "[variables('circle')]",
        "[variables('many')]",
        "[copyIndex()]",
        "[copyIndex('names')]",
        "[length(variables('object'))]",
        "[variables('v0')]",
    ] {
        assert_eq!(scope.value(text), Outcome::Unknown, "{text}");
    }
    assert_eq!(scope.value("[variables('d0')]"), Outcome::Partly("…".to_owned()));
    let item = json!({"i": 0, "x": UNKNOWN});
    assert_eq!(scope.passed(&json!("[variables('object')]"))["list"][0], item);
    let turn = |index, of_resource| Turn { name: "r".to_owned(), of_resource, index };
    assert_eq!(scope.turn(turn(Some(2), true)).value("[copyIndex(1)]"), Outcome::Known(json!(3)));
    assert_eq!(scope.turn(turn(Some(2), false)).value("[copyIndex('R')]"), Outcome::Known(json!(2)));
    assert_eq!(scope.turn(turn(Some(2), false)).value("[copyIndex()]"), Outcome::Unknown);
    assert_eq!(scope.turn(turn(None, true)).value("[copyIndex()]"), Outcome::Unknown);
}

#[test]
fn what_expressions_make_is_bounded_for_all_of_a_text() {
    let mut scope = Scope::of_text(0);
    scope.variables.insert("v0".to_owned(), json!("x".repeat(100)));
    for level in 1..13 {
        let parts = vec![format!("variables('v{}')", level - 1); 8].join(",");
        scope.variables.insert(format!("v{level}"), json!(format!("[concat({parts})]")));
    }
    assert!(matches!(scope.value("[variables('v2')]"), Outcome::Known(Value::String(text)) if text.len() == 6400));
    assert!(!scope.is_exhausted());
    assert_eq!(scope.value("[variables('v12')]"), Outcome::Unknown);
    assert!(scope.is_exhausted() && scope.within_text().is_exhausted());
    assert_eq!(scope.value("[variables('v0')]"), Outcome::Unknown, "those that come later, too");
}
