//! Expressions of ARM templates, as far as they follow from the template itself: `[parameters('x')]` with a default value or a
//! value in a parameter file, `[variables('x')]`, and texts that are made of those.
//!
//! What only a deployment knows (`reference`, `resourceId` of something elsewhere, a parameter without a value) stays unknown, and
//! whoever asks says so.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Map, Value};

/// How deep one variable may lead to another.
const DEPTH: usize = 16;

/// How many bytes of expressions and of what they make are read of a text, beside [`TIMES`] its own. Microsoft's largest take twice
/// their own; a variable of variables makes many of few.
const MOST: usize = 4 << 20;

/// How many times its own bytes the expressions of a text may make.
const TIMES: usize = 4;

/// How many bytes a value counts beside its text.
const BYTES_OF_A_VALUE: usize = 64;

/// What expressions can refer to.
#[derive(Debug)]
pub struct Scope<'a> {
    /// Values of parameters, by name in lower case. Strings are those of a template: see [`escaped`].
    pub parameters: BTreeMap<String, Value>,
    /// Variables, by name in lower case.
    pub variables: BTreeMap<String, Value>,
    /// Parameters with a value that whoever deploys may replace: no file gives it.
    pub open: BTreeSet<String>,
    /// What is known around it. Nothing of it is copied: a text may have many templates beside each other in one.
    around: Option<&'a Scope<'a>>,
    /// What all expressions of the text share.
    shared: Rc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// How many bytes they may still make.
    left: Cell<usize>,
    /// Whether open parameters are unknown.
    is_strict: Cell<bool>,
}

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// This value.
    Known(Value),
    /// A text of which a part is not known, shown as `…`.
    Partly(String),
    /// Nothing that the template says.
    Unknown,
}

/// A value as a template writes it, in which a text that begins with a bracket is no expression.
pub fn escaped(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with('[') => Value::String(format!("[{text}")),
        Value::Array(items) => items.into_iter().map(escaped).collect(),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(key, value)| (key, escaped(value))).collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// An expression for a text of which a part is not known. Azure has no function of this name.
pub fn partly(text: &str) -> Value {
    format!("[…('{}')]", text.replace('\'', "''")).into()
}

/// The expression in a string, if it is one. `[[` begins a text that begins with a bracket.
pub fn expression(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    (!inner.starts_with('[')).then_some(inner)
}

impl<'a> Scope<'a> {
    /// One that knows nothing, for the expressions of a whole text of so many bytes.
    pub fn of_text(bytes: usize) -> Self {
        Scope::sharing(Rc::new(Shared { left: Cell::new(MOST + TIMES * bytes), is_strict: Cell::new(false) }))
    }

    fn sharing(shared: Rc<Shared>) -> Self {
        let (parameters, variables, open) = Default::default();
        Scope { parameters, variables, open, around: None, shared }
    }

    /// One that knows nothing, for a template within the text: what its expressions make counts with the others.
    pub fn within_text(&self) -> Self {
        Scope::sharing(Rc::clone(&self.shared))
    }

    /// One within this one, of which it knows everything that it does not know better.
    pub fn inner(&'a self) -> Self {
        Scope { around: Some(self), ..self.within_text() }
    }

    /// Whether the expressions made more than is read. Those that came later are unknown.
    pub fn is_exhausted(&self) -> bool {
        self.shared.left.get() == 0
    }

    /// What an expression has made, if there is room for it.
    fn made(&self, outcome: Outcome) -> Outcome {
        self.spend(match &outcome {
            Outcome::Known(value) => weight(value),
            Outcome::Partly(text) => text.len(),
            Outcome::Unknown => 0,
        });
        if self.is_exhausted() { Outcome::Unknown } else { outcome }
    }

    fn spend(&self, bytes: usize) {
        self.shared.left.set(self.shared.left.get().saturating_sub(bytes));
    }

    /// Whether it knows a parameter that may get another value.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty() || self.around.is_some_and(Scope::is_open)
    }

    /// What `act` finds whatever values open parameters get.
    pub fn whatever_is_given<T>(&self, act: impl FnOnce() -> T) -> T {
        let was_strict = self.shared.is_strict.replace(true);
        let found = act();
        self.shared.is_strict.set(was_strict);
        found
    }

    /// The value of a string in a template.
    pub fn value(&self, text: &str) -> Outcome {
        match expression(text) {
            Some(inner) => self.evaluate(inner, 0),
            None => Outcome::Known(Value::from(
                text.strip_prefix("[[").map_or_else(|| text.to_owned(), |rest| format!("[{rest}")),
            )),
        }
    }

    fn evaluate(&self, text: &str, depth: usize) -> Outcome {
        let text = text.trim();
        // Reading it counts, too: one expression may be read again and again.
        self.spend(BYTES_OF_A_VALUE + text.len());
        if depth > DEPTH || self.is_exhausted() {
            return Outcome::Unknown;
        }
        if let Some(literal) = literal(text) {
            return Outcome::Known(literal);
        }
        let Some((name, arguments, rest)) = call(text) else { return Outcome::Unknown };
        // Members of a result: `parameters('x').name`.
        let path: Vec<&str> = rest.split('.').filter(|part| !part.is_empty()).collect();
        if !path.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')) {
            return Outcome::Unknown;
        }
        let name = name.to_ascii_lowercase();
        if let "parameters" | "variables" = name.as_str() {
            let [argument] = arguments.as_slice() else { return Outcome::Unknown };
            let Outcome::Known(Value::String(wanted)) = self.evaluate(argument, depth + 1) else {
                return Outcome::Unknown;
            };
            return match self.find(name == "variables", &wanted.to_ascii_lowercase()) {
                Some(value) => self.member(value, &path, depth),
                None => Outcome::Unknown,
            };
        }
        let values: Vec<Outcome> = arguments.iter().map(|argument| self.evaluate(argument, depth + 1)).collect();
        let found = match (name.as_str(), values.as_slice()) {
            ("concat", parts) => joined(parts),
            ("format", [Outcome::Known(Value::String(form)), parts @ ..]) => formatted(form, parts),
            ("…", [Outcome::Known(Value::String(text))]) => Outcome::Partly(text.clone()),
            ("tolower", [Outcome::Known(Value::String(text))]) => Outcome::Known(text.to_lowercase().into()),
            ("true", []) => Outcome::Known(true.into()),
            ("false", []) => Outcome::Known(false.into()),
            ("null", []) => Outcome::Known(Value::Null),
            ("if", [Outcome::Known(Value::Bool(which)), yes, no]) => {
                if *which {
                    yes.clone()
                } else {
                    no.clone()
                }
            }
            (name, parts) if name.ends_with("resourceid") => resource_id(parts),
            _ => Outcome::Unknown,
        };
        match self.made(found) {
            Outcome::Known(value) if !path.is_empty() => self.member(&value, &path, depth),
            other if path.is_empty() => other,
            _ => Outcome::Unknown,
        }
    }

    /// The variable or parameter of this name.
    fn find(&self, is_variable: bool, name: &str) -> Option<&Value> {
        if !is_variable && self.shared.is_strict.get() && self.open.contains(name) {
            return None;
        }
        let own = if is_variable { &self.variables } else { &self.parameters };
        own.get(name).or_else(|| self.around?.find(is_variable, name))
    }

    /// A member of a value that a template holds, the members of members behind it.
    fn member(&self, value: &Value, path: &[&str], depth: usize) -> Outcome {
        let Some((key, behind)) = path.split_first() else { return self.within(value, depth) };
        match value {
            Value::Object(members) => match members.get(*key) {
                Some(value) => self.member(value, behind, depth),
                None => Outcome::Unknown,
            },
            Value::String(_) if depth < DEPTH => match self.within(value, depth) {
                Outcome::Known(value @ Value::Object(_)) => self.member(&value, path, depth + 1),
                _ => Outcome::Unknown,
            },
            _ => Outcome::Unknown,
        }
    }

    fn within(&self, value: &Value, depth: usize) -> Outcome {
        match value {
            Value::String(text) => match expression(text) {
                Some(inner) => self.evaluate(inner, depth + 1),
                None => self.made(self.value(text)),
            },
            value => self.made(Outcome::Known(value.clone())),
        }
    }
}

/// About how many bytes a value takes.
fn weight(value: &Value) -> usize {
    let inside: usize = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(members) => members.iter().map(|(key, value)| key.len() + weight(value)).sum(),
        _ => 0,
    };
    BYTES_OF_A_VALUE + inside
}

fn literal(text: &str) -> Option<Value> {
    if let Some(inner) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        // A quote inside is written twice; a lone one ends the text, and this is no literal.
        let plain = inner.replace("''", "");
        return (!plain.contains('\'')).then(|| inner.replace("''", "'").into());
    }
    text.parse::<i64>().ok().map(Value::from)
}

/// `name(a, b)rest` in its parts.
fn call(text: &str) -> Option<(&str, Vec<&str>, &str)> {
    let open = text.find('(')?;
    let name = text.get(..open)?.trim();
    let mut depth = 0usize;
    let mut quoted = false;
    let mut start = open + 1;
    let mut arguments = Vec::new();
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' => depth += 1,
            ')' | ']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    let last = text.get(start..at)?;
                    if !last.trim().is_empty() || !arguments.is_empty() {
                        arguments.push(last);
                    }
                    return Some((name, arguments, text.get(at + 1..)?));
                }
            }
            ',' if depth == 1 => {
                arguments.push(text.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

fn joined(parts: &[Outcome]) -> Outcome {
    let known = parts.iter().all(|part| matches!(part, Outcome::Known(_)));
    let text: String = parts.iter().map(shown).collect();
    if known { Outcome::Known(text.into()) } else { Outcome::Partly(text) }
}

fn shown(part: &Outcome) -> String {
    match part {
        Outcome::Known(Value::String(text)) | Outcome::Partly(text) => text.clone(),
        Outcome::Known(value) => value.to_string(),
        Outcome::Unknown => "…".to_owned(),
    }
}

/// What is known of an id: which type it is of, and the names, as in `resourceId('Microsoft.Network/dnsZones', 'contoso.com')`. Where
/// the resource is, only the deployment knows.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#resourceid>
fn resource_id(parts: &[Outcome]) -> Outcome {
    let is_type = |part: &Outcome| match part {
        Outcome::Known(Value::String(text)) => {
            text.split_once('/').is_some_and(|(provider, _)| provider.contains('.') && !text.contains("//"))
        }
        _ => false,
    };
    let Some(at) = parts.iter().position(is_type) else { return Outcome::Unknown };
    let of_type = parts.get(at).map(shown).unwrap_or_default();
    let mut segments = of_type.split('/');
    let mut id = format!("/subscriptions/…/resourceGroups/…/providers/{}", segments.next().unwrap_or_default());
    let mut names = parts.iter().skip(at + 1).map(shown);
    for segment in segments {
        let name = names.next().unwrap_or_else(|| "…".to_owned());
        id.extend(["/", segment, "/", &name]);
    }
    Outcome::Partly(id)
}

/// A text with `{0}` and so on replaced, in one go; `{{` is a brace.
fn formatted(form: &str, parts: &[Outcome]) -> Outcome {
    let (mut text, mut rest, mut known) = (String::new(), form, true);
    while let Some(brace) = rest.find('{') {
        text.push_str(rest.get(..brace).unwrap_or_default());
        let behind = rest.get(brace + 1..).unwrap_or_default();
        let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        let part = behind.get(..end).and_then(|index| parts.get(index.parse::<usize>().ok()?));
        rest = match (part, behind.get(end..).and_then(|rest| rest.strip_prefix('}'))) {
            (Some(part), Some(rest)) => {
                known &= matches!(part, Outcome::Known(_));
                text.push_str(&shown(part));
                rest
            }
            _ if behind.starts_with('{') => {
                text.push('{');
                behind.get(1..).unwrap_or_default()
            }
            // Another form of writing a value, such as `{0:N}`.
            _ => {
                known = false;
                text.push('{');
                behind
            }
        };
    }
    text.push_str(rest);
    if known { Outcome::Known(text.into()) } else { Outcome::Partly(text) }
}

#[cfg(test)]
mod tests {
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
        known("[format('{{0}} {1}{1}-{{{0}}', 'a', 'b')]", json!("{0}} bb-{a}"));
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
        let deep = format!("[variables('all'){}.name]", ".ends".repeat(100));
        assert_eq!(scope.value(&deep), Outcome::Unknown);
        assert_eq!(scope.value("[variables('name').x]"), Outcome::Unknown);
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
}
