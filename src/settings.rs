//! Settings: one table per policy lists them. The validation, the JSON Schema, Rancher's form and the README's table follow
//! from it.
//!
//! Values that user interfaces send for empty inputs (`null`, `""`, `[]`, `{}`) count as unset, except in an entry of
//! `allowedViolations`.

use std::borrow::Cow;

use crate::doc;
use crate::finding::{FieldRef, Findings, Severity};
use crate::fix::Fix;
use crate::json::{Kind, Positions, Value};
use crate::path::Path;
use crate::rule::Rule;
use crate::similar;

/// The type of a setting's value.
#[derive(Debug)]
pub enum Shape {
    /// One of these words.
    Enum(&'static [&'static str]),
    /// `true` or `false`.
    Bool,
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A list of objects with these members.
    Objects(&'static [Setting]),
    /// An object with these members.
    Object(&'static [Setting]),
}

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its key.
    pub key: &'static str,
    /// The type of its value.
    pub shape: Shape,
    /// Whether the policy cannot work without it.
    pub required: bool,
    /// The value that is used when it is unset, as JSON; empty where there is none.
    pub default: &'static str,
    /// What it means, in Markdown. Empty in a module.
    pub doc: &'static str,
    /// An example value, as JSON, for the message where the setting is missing.
    pub example: &'static str,
    /// The value, as JSON, that the command line uses without a cluster, if the settings name no setting that has such a
    /// value; empty where there is none.
    pub offline: &'static str,
}

impl Setting {
    /// An optional setting without default.
    pub const fn new(key: &'static str, shape: Shape, doc: &'static str) -> Self {
        Setting { key, shape, required: false, default: "", doc, example: "", offline: "" }
    }

    /// The same, required.
    #[must_use]
    pub const fn required(self) -> Self {
        Setting { required: true, ..self }
    }

    /// The same with a default, given as JSON.
    #[must_use]
    pub const fn default(self, default: &'static str) -> Self {
        Setting { default, ..self }
    }

    /// The same with a value for use without a cluster, given as JSON.
    #[must_use]
    pub const fn offline(self, offline: &'static str) -> Self {
        Setting { offline, ..self }
    }

    /// The same with an example, given as JSON.
    #[must_use]
    pub const fn example(self, example: &'static str) -> Self {
        Setting { example, ..self }
    }
}

/// The setting `enforcement`, which every policy has.
pub const ENFORCEMENT: Setting = Setting::new(
    "enforcement",
    Shape::Enum(&["deny", "warn"]),
    doc!("`deny` rejects. `warn` accepts and returns every violation as a warning; use it to try a policy."),
)
.default("\"deny\"");

/// The setting `existing`, which every policy has.
pub const EXISTING: Setting = Setting::new(
    "existing",
    Shape::Enum(&["deny", "allow"]),
    doc!(
        "How an update treats violations that the object already had. `deny` judges the update like a new object. \
         `allow` turns violations that the update leaves unchanged into warnings."
    ),
)
.default("\"deny\"");

/// How a setting treats a possible violation: `allow`, `warn` or `deny`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is accepted.
    Allow,
    /// It is accepted with a warning.
    Warn,
    /// It is rejected.
    Deny,
}

impl Level {
    /// The severity of its report; `None` if it is accepted.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Allow => None,
            Level::Warn => Some(Severity::Warn),
            Level::Deny => Some(Severity::Deny),
        }
    }

    /// Reports it, unless it is accepted.
    pub fn report<'d>(
        self,
        rule: &'static Rule,
        field: impl Into<FieldRef<'d>>,
        what: impl Into<String>,
        fix: impl Into<Fix>,
        findings: &mut Findings,
    ) {
        if let Some(severity) = self.severity() {
            findings.report(severity, rule, field.into(), what.into(), fix.into());
        }
    }
}

/// Something wrong with the settings of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsProblem {
    /// The setting: `settings.registries[0]`.
    pub path: String,
    /// What is wrong: a clause.
    pub what: String,
}

impl std::fmt::Display for SettingsProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path)?;
        f.write_str(if self.path.is_empty() { "" } else { ": " })?;
        f.write_str(&self.what)
    }
}

/// Settings that were checked against their table: every value read here has the right type.
#[derive(Debug)]
pub struct Reader<'d> {
    settings: Option<Value<'d>>,
    table: Vec<&'static [Setting]>,
    root: u32,
    problems: Vec<SettingsProblem>,
}

/// The words with commas between them. The standard library's `join` is generic and costs a module 1.3 KB for each type.
fn listed(words: &mut dyn Iterator<Item = &str>) -> String {
    let mut list = String::new();
    for word in words {
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(word);
    }
    list
}

/// Whether a value counts as unset.
pub(crate) fn is_unset(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Null => true,
        Kind::String => value.is_text(""),
        Kind::List | Kind::Object => value.is_empty_container(),
        Kind::Bool | Kind::Number => false,
    }
}

impl<'d> Reader<'d> {
    /// Checks `settings` against the table; absent settings are empty ones.
    pub fn new(settings: Option<Value<'d>>, table: &[&'static [Setting]]) -> Self {
        let settings = settings.filter(|value| !value.is_null());
        let root = settings.map_or(0, |value| value.index());
        let mut reader = Reader { settings, table: table.to_vec(), root, problems: Vec::new() };
        match settings {
            Some(value) if value.kind() != Kind::Object => {
                reader.note("settings", format!("expected an object, found {}", value.kind().name()));
                reader.settings = None;
            }
            Some(value) => reader.check_members(value, table),
            None => {}
        }
        for setting in table.iter().copied().flatten().filter(|setting| setting.required) {
            let unset = settings.is_none_or(|value| value.get(setting.key).is_none_or(is_unset));
            if unset && reader.settings.is_some() == settings.is_some() {
                let example = if setting.example.is_empty() { "" } else { ", for example " };
                let path = ["settings.", setting.key].concat();
                reader.note(path, format!("is required{example}{}", setting.example));
            }
        }
        reader
    }

    fn path(&self, value: Value<'_>) -> Path {
        value.path_from(self.root, &mut Positions::default()).below(&Path::root().key("settings"))
    }

    /// Notes a problem with a value of the settings.
    pub fn problem(&mut self, value: Value<'_>, problem: &str) {
        let path = self.path(value);
        let shown = match value.as_str() {
            Some(text) => crate::finding::printable(&text),
            None if matches!(value.kind(), Kind::List | Kind::Object) => String::new(),
            None => value.to_json(),
        };
        let colon = if shown.is_empty() { "" } else { ": " };
        self.note(path.as_str(), [&shown, colon, problem].concat());
    }

    fn note(&mut self, path: impl Into<String>, what: impl Into<String>) {
        self.problems.push(SettingsProblem { path: path.into(), what: what.into() });
    }

    fn check_members(&mut self, object: Value<'d>, table: &[&[Setting]]) {
        for (key, value) in object.entries() {
            let known = table.iter().copied().flatten().find(|setting| setting.key == key);
            match known {
                _ if known.is_some() && is_unset(value) => {}
                Some(setting) => self.check(value, &setting.shape),
                None => {
                    let path = self.path(value);
                    let keys = || table.iter().copied().flatten().map(|setting| setting.key);
                    let hint = match similar::nearest(&key, keys()) {
                        Some(near) => format!("(did you mean `{near}`?)"),
                        None => format!("(known: {})", listed(&mut keys())),
                    };
                    self.note(path.as_str(), format!("no such setting {hint}"));
                }
            }
        }
    }

    fn check(&mut self, value: Value<'d>, shape: &Shape) {
        let expected = match shape {
            Shape::Enum(words) => match value.as_str() {
                Some(text) if words.contains(&text.as_ref()) => return,
                Some(_) => {
                    return self.problem(value, &format!("expected one of {}", listed(&mut words.iter().copied())));
                }
                None => return self.wrong_type(value, &format!("one of {}", listed(&mut words.iter().copied()))),
            },
            Shape::Bool if value.kind() == Kind::Bool => return,
            Shape::Bool => "true or false",
            Shape::Text if value.kind() == Kind::String => return,
            Shape::Text => "a string",
            Shape::Texts if value.kind() == Kind::List => {
                for item in value.items() {
                    if item.kind() != Kind::String {
                        self.wrong_type(item, "a string");
                    } else if item.is_text("") {
                        self.problem(item, "expected a string that is not empty");
                    }
                }
                return;
            }
            Shape::Texts => "a list of strings",
            Shape::Objects(members) if value.kind() == Kind::List => {
                for item in value.items() {
                    self.check(item, &Shape::Object(members));
                }
                return;
            }
            Shape::Objects(_) => "a list of objects",
            Shape::Object(members) if value.kind() == Kind::Object => {
                self.check_members(value, &[members]);
                for member in members.iter().filter(|member| member.required) {
                    if value.get(member.key).is_none_or(is_unset) {
                        let path = self.path(value).key(member.key);
                        self.note(path.as_str(), "is required");
                    }
                }
                return;
            }
            Shape::Object(_) => "an object",
        };
        self.wrong_type(value, expected);
    }

    fn wrong_type(&mut self, value: Value<'_>, expected: &str) {
        let path = self.path(value);
        self.note(path.as_str(), format!("expected {expected}, found {}", value.kind().name()));
    }

    /// The value of a setting, unless it is unset.
    pub fn get(&self, key: &str) -> Option<Value<'d>> {
        self.settings?.get(key).filter(|value| !is_unset(*value))
    }

    /// A text or the chosen word.
    pub fn text(&self, key: &str) -> Option<Cow<'d, str>> {
        self.get(key)?.as_str()
    }

    /// The default of a setting, as JSON, from the table. Empty where there is none.
    fn default(&self, key: &str) -> &'static str {
        self.table.iter().copied().flatten().find(|setting| setting.key == key).map_or("", |setting| setting.default)
    }

    /// The chosen word, or the default.
    pub fn word(&self, key: &str) -> Cow<'d, str> {
        self.text(key).unwrap_or_else(|| Cow::Borrowed(self.default(key).trim_matches('"')))
    }

    /// Whether the setting is this word, chosen or by default.
    pub fn is(&self, key: &str, word: &str) -> bool {
        self.word(key) == word
    }

    /// The level that the setting gives. Words other than [`Level`]'s count as `deny`.
    pub fn level(&self, key: &str) -> Level {
        match self.word(key).as_ref() {
            "allow" => Level::Allow,
            "warn" => Level::Warn,
            _ => Level::Deny,
        }
    }

    /// `true` or `false`, chosen or by default.
    pub fn bool(&self, key: &str) -> bool {
        self.get(key).and_then(|value| value.as_bool()).unwrap_or_else(|| self.default(key) == "true")
    }

    /// The texts of a list, each with its value.
    pub fn texts(&self, key: &str) -> Vec<(Value<'d>, Cow<'d, str>)> {
        let items = self.get(key).into_iter().flat_map(|list| list.items());
        items.filter_map(|item| Some((item, item.as_str()?))).collect()
    }

    /// The objects of a list.
    pub fn objects(&self, key: &str) -> Vec<Value<'d>> {
        let items = self.get(key).into_iter().flat_map(|list| list.items());
        items.filter(|item| item.kind() == Kind::Object).collect()
    }

    /// All problems, one by one.
    pub fn problems(self) -> Vec<SettingsProblem> {
        self.problems
    }

    /// All problems as one text, if there are any.
    ///
    /// # Errors
    ///
    /// See [`in_one_line`].
    pub fn finish(self) -> Result<(), String> {
        in_one_line(&self.problems)
    }
}

/// The longest text about settings, in bytes: they may be wrong in any number of places.
const LONGEST_LINE: usize = 16 * 1024;

/// Problems as engines take them, as one text.
///
/// # Errors
///
/// The problems, one sentence each, in one line.
pub fn in_one_line(problems: &[SettingsProblem]) -> Result<(), String> {
    if problems.is_empty() {
        return Ok(());
    }
    let mut text = String::new();
    for (at, problem) in problems.iter().enumerate() {
        let problem = problem.to_string();
        if !text.is_empty() {
            text.push_str("; ");
            if text.len() + problem.len() > LONGEST_LINE {
                text.push_str(&format!("and {} more problems like these", problems.len() - at));
                break;
            }
        }
        let end = problem.floor_char_boundary(LONGEST_LINE);
        text.push_str(problem.get(..end).unwrap_or(&problem));
    }
    text.push('.');
    Err(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_problems_the_number_is_told() {
        let problems = |lengths: &[usize]| -> Vec<SettingsProblem> {
            lengths.iter().map(|length| SettingsProblem { path: String::new(), what: "x".repeat(*length) }).collect()
        };
        let rest = (16 << 10) - 1000 - "; ".len();
        let whole = in_one_line(&problems(&[1000, rest])).unwrap_err();
        assert_eq!(whole, format!("{}; {}.", "x".repeat(1000), "x".repeat(rest)));
        let cut = in_one_line(&problems(&[1000, rest + 1, 1])).unwrap_err();
        assert_eq!(cut, format!("{}; and 2 more problems like these.", "x".repeat(1000)));
    }
}
