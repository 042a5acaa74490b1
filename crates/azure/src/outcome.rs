//! What expressions give, of which a part may not be known, and what functions make of that.

use serde_json::Value;

use crate::written::{UNKNOWN, escaped, partly};

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// This value. What is in a list or object is written as in a template.
    Known(Value),
    /// A text of which a part is not known, shown as `…`.
    Partly(String),
    /// Nothing that the template says.
    Unknown,
}

/// How a template would write it.
pub fn written(outcome: Outcome) -> Value {
    match outcome {
        Outcome::Known(Value::String(text)) => escaped(text.into()),
        Outcome::Known(value) => value,
        Outcome::Partly(text) => partly(&text),
        Outcome::Unknown => UNKNOWN.into(),
    }
}

/// Texts in one, or lists in one.
pub fn joined(parts: &[Outcome]) -> Outcome {
    if parts.iter().any(|part| matches!(part, Outcome::Known(Value::Array(_)))) {
        let lists =
            parts.iter().map(|part| if let Outcome::Known(Value::Array(items)) = part { Some(items) } else { None });
        let lists: Option<Vec<_>> = lists.collect();
        return lists.map_or(Outcome::Unknown, |lists| Outcome::Known(lists.into_iter().flatten().cloned().collect()));
    }
    let text: String = parts.iter().map(shown).collect();
    if parts.iter().all(is_shown) { Outcome::Known(text.into()) } else { Outcome::Partly(text) }
}

/// Whether all of it is shown in a text. Whether a boolean is written `True` or `true` is not documented.
fn is_shown(part: &Outcome) -> bool {
    matches!(part, Outcome::Known(Value::String(_) | Value::Number(_)))
}

fn shown(part: &Outcome) -> String {
    match part {
        Outcome::Known(Value::String(text)) | Outcome::Partly(text) => text.clone(),
        Outcome::Known(Value::Number(number)) => number.to_string(),
        Outcome::Known(_) | Outcome::Unknown => "…".to_owned(),
    }
}

/// With what an id begins of which `resourceId` says the rest.
pub const PLACE: &str = "/subscriptions/…/resourceGroups/…/providers/";

/// What is known of an id: which type it is of, and the names, as in `resourceId('Microsoft.Network/dnsZones', 'contoso.com')`. Where
/// the resource is, only the deployment knows.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#resourceid>
pub fn resource_id(parts: &[Outcome]) -> Outcome {
    let is_type = |part: &Outcome| match part {
        Outcome::Known(Value::String(text)) => {
            text.split_once('/').is_some_and(|(provider, _)| provider.contains('.') && !text.contains("//"))
        }
        _ => false,
    };
    let Some(at) = parts.iter().position(is_type) else { return Outcome::Unknown };
    let of_type = parts.get(at).map(shown).unwrap_or_default();
    let mut segments = of_type.split('/');
    let mut id = format!("{PLACE}{}", segments.next().unwrap_or_default());
    let mut names = parts.iter().skip(at + 1).map(shown);
    for segment in segments {
        let name = names.next().unwrap_or_else(|| "…".to_owned());
        id.extend(["/", segment, "/", &name]);
    }
    Outcome::Partly(id)
}

/// A text with `{0}` and so on replaced, in one go; `{{` and `}}` are a brace each, as in .NET's composite formatting, which Azure
/// uses: <https://learn.microsoft.com/dotnet/standard/base-types/composite-formatting>.
pub fn formatted(form: &str, parts: &[Outcome], room: usize) -> Outcome {
    let (mut text, mut rest, mut known) = (String::new(), form, true);
    while let Some((plain, behind)) = rest.find(['{', '}']).and_then(|at| rest.split_at_checked(at)) {
        if text.len() > room {
            return Outcome::Unknown;
        }
        text.push_str(plain);
        let doubled = ["{{", "}}"].iter().find_map(|pair| Some((pair, behind.strip_prefix(pair)?)));
        if let Some((pair, after)) = doubled {
            text.extend(pair.chars().take(1));
            rest = after;
            continue;
        }
        // A brace alone closes nothing, and one that is not closed opens nothing: Azure refuses both.
        let Some((item, after)) = behind.strip_prefix('{').and_then(|item| item.split_once('}')) else {
            return Outcome::Unknown;
        };
        match item.parse::<usize>().ok().and_then(|index| parts.get(index)) {
            Some(part) => {
                known &= is_shown(part);
                text.push_str(&shown(part));
            }
            // Another form of writing a value, such as `{0:N}`.
            None => {
                known = false;
                text.push('…');
            }
        }
        rest = after;
    }
    text.push_str(rest);
    if known { Outcome::Known(text.into()) } else { Outcome::Partly(text) }
}
