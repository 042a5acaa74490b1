//! Expressions of ARM templates, as far as they follow from the template itself: `[parameters('x')]` with a default value or a
//! value in a parameter file, `[variables('x')]`, and texts that are made of those.
//!
//! What only a deployment knows (`reference`, `resourceId` of something elsewhere, a parameter without a value) stays unknown, and
//! whoever asks says so.

use std::collections::BTreeMap;

use serde_json::Value;

/// How deep one variable may lead to another.
const DEPTH: usize = 16;

/// What expressions can refer to.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Values of parameters, by name in lower case.
    pub parameters: BTreeMap<String, Value>,
    /// Variables, by name in lower case.
    pub variables: BTreeMap<String, Value>,
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

/// The expression in a string, if it is one. `[[` begins a text that begins with a bracket.
pub fn expression(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    (!inner.starts_with('[')).then_some(inner)
}

impl Scope {
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
        if depth > DEPTH {
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
        let values: Vec<Outcome> = arguments.iter().map(|argument| self.evaluate(argument, depth + 1)).collect();
        let found = match (name.to_ascii_lowercase().as_str(), values.as_slice()) {
            ("parameters", [Outcome::Known(Value::String(name))]) => self
                .parameters
                .get(&name.to_ascii_lowercase())
                .map_or(Outcome::Unknown, |value| self.within(value, depth)),
            ("variables", [Outcome::Known(Value::String(name))]) => self
                .variables
                .get(&name.to_ascii_lowercase())
                .map_or(Outcome::Unknown, |value| self.within(value, depth)),
            ("concat", parts) => joined(parts),
            ("format", [Outcome::Known(Value::String(form)), parts @ ..]) => formatted(form, parts),
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
            _ => Outcome::Unknown,
        };
        match found {
            Outcome::Known(value) => {
                let member = path.iter().try_fold(&value, |value, key| value.get(key));
                member.map_or(Outcome::Unknown, |value| Outcome::Known(value.clone()))
            }
            other if path.is_empty() => other,
            _ => Outcome::Unknown,
        }
    }

    fn within(&self, value: &Value, depth: usize) -> Outcome {
        match value {
            Value::String(text) => match expression(text) {
                Some(inner) => self.evaluate(inner, depth + 1),
                None => Outcome::Known(value.clone()),
            },
            value => Outcome::Known(value.clone()),
        }
    }
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

fn formatted(form: &str, parts: &[Outcome]) -> Outcome {
    let mut text = form.to_owned();
    let mut known = true;
    for (index, part) in parts.iter().enumerate() {
        known &= matches!(part, Outcome::Known(_));
        text = text.replace(&format!("{{{index}}}"), &shown(part));
    }
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
}
