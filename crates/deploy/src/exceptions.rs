//! Exceptions of `isolation.yaml` as admission can honour them: entries of the policies' setting `allowedViolations`.
//!
//! An exception lets a rule pass in some objects, fields and values. The setting says exactly that, so nothing is wider in the
//! cluster than in the file. What the setting cannot say is left out and named, with the reason: never more is let through than
//! was written.

use isolation::permits::{ALLOWED_VIOLATIONS, matches};
use isolation_all_policies::page;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::data::PolicyData;
use crate::error::DeployError;
use crate::values::Values;

/// The key of the setting.
pub(crate) const SETTING: &str = ALLOWED_VIOLATIONS.key;

/// An entry of the key `allow`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    rule: Names,
    object: Object,
    #[serde(default, deserialize_with = "text")]
    path: Option<String>,
    #[serde(default, deserialize_with = "text")]
    value: Option<String>,
    #[allow(dead_code)] // for people
    reason: String,
    #[serde(default, deserialize_with = "text")]
    expires: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct Object {
    #[serde(deserialize_with = "text")]
    kind: Option<String>,
    #[serde(deserialize_with = "text")]
    namespace: Option<String>,
    #[serde(deserialize_with = "text")]
    name: Option<String>,
}

/// A key that is written has a text: one left without a value, as a template leaves it, would match everything.
fn text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Names {
    One(String),
    Many(Vec<String>),
}

/// An exception that admission does not honour, or not as one might think.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Which entry of `allow`, from 0.
    pub index: usize,
    /// What is not honoured, and why: a clause.
    pub why: String,
}

impl Exception {
    fn rules(&self) -> &[String] {
        match &self.rule {
            Names::One(name) => std::slice::from_ref(name),
            Names::Many(names) => names,
        }
    }

    /// What the entry says of objects, fields and values, in the order in which the setting has it.
    fn patterns(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let Object { kind, namespace, name } = &self.object;
        let all =
            [("kind", kind), ("namespace", namespace), ("name", name), ("path", &self.path), ("value", &self.value)];
        all.into_iter().filter_map(|(key, text)| Some((key, text.as_deref()?)))
    }

    /// Why no policy can honour it, whatever its rule: a clause.
    fn beyond_any_policy(&self) -> Option<String> {
        if let Some(day) = &self.expires {
            return Some(format!("admission knows no day, so it would honour the exception after {day}, too"));
        }
        let (key, _) = self.patterns().find(|(_, text)| text.is_empty())?;
        Some(format!("a policy's settings take no empty {key}"))
    }
}

/// The entries of a policy's setting.
pub(crate) fn setting(exceptions: &[Exception], policy: &PolicyData) -> Vec<Value> {
    let honoured = exceptions.iter().filter(|exception| exception.beyond_any_policy().is_none());
    let mut entries = Vec::new();
    for exception in honoured {
        for rule in exception.rules().iter().filter_map(|name| policy.rule(name)) {
            let mut entry = Map::from_iter([("rule".to_owned(), rule.id.into())]);
            entry.extend(exception.patterns().map(|(key, text)| (key.to_owned(), text.into())));
            entries.push(Value::Object(entry));
        }
    }
    entries
}

/// Kinds that make pods by a template, with their groups.
const TEMPLATES: &[(&str, &str)] = &[
    ("apps", "Deployment"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("batch", "Job"),
    ("batch", "CronJob"),
    ("", "ReplicationController"),
];

/// Policies whose rules are about what pods hold, so that a template's violation is found again in its pods.
const ABOUT_PODS: &[&str] = &["private-images", "closed-egress", "private-storage"];

impl Values {
    /// What of the exceptions admission does not honour, or not as one might think.
    ///
    /// # Errors
    ///
    /// None that values could be the reason of.
    pub fn left_exceptions(&self) -> Result<Vec<Left>, DeployError> {
        let data = crate::data()?;
        let mut left = Vec::new();
        for (index, exception) in self.exceptions.iter().enumerate() {
            let all = exception.rules().join(", ");
            if let Some(why) = exception.beyond_any_policy() {
                left.push(Left { index, why: format!("the exception for {all} is not deployed: {why}") });
                continue;
            }
            for name in exception.rules() {
                let owner = data.policies.iter().find(|policy| policy.rule(name).is_some());
                let why = match owner {
                    None if page(name).is_some() => {
                        format!(
                            "the exception for {name} is not deployed: what a policy cannot read may break any rule"
                        )
                    }
                    None => format!("the exception for {name} is not deployed: there is no such rule"),
                    Some(policy) if !self.has(policy) => {
                        format!("the exception for {name} is not deployed, because {} is not", policy.name)
                    }
                    Some(policy) => match template_of(exception, policy) {
                        Some(kind) => format!(
                            "the exception for {name} lets {kind} objects pass, but not the objects that these create: \
                             admission judges their pods, too. Allow it for kind Pod as well, under the names and in the \
                             fields that pods have"
                        ),
                        None => continue,
                    },
                };
                left.push(Left { index, why });
            }
        }
        Ok(left)
    }
}

/// The kind with a pod template that an exception is about without being about its pods, whose names go on behind that of
/// whatever creates them, and whose fields are not in a template.
fn template_of(exception: &Exception, policy: &PolicyData) -> Option<&'static str> {
    let Object { kind, name, .. } = &exception.object;
    let is_about = |group: &str, known: &str| {
        let pattern = |pattern: &String| matches(pattern, known) || matches(pattern, &format!("{known}.{group}"));
        kind.as_ref().is_none_or(pattern)
    };
    let in_template = exception.path.as_ref().is_some_and(|path| path.contains(".template."));
    let one_name = name.as_ref().is_some_and(|name| !name.ends_with('*'));
    let of_pods = is_about("", "Pod") && !in_template && !one_name;
    let (_, template) = TEMPLATES.iter().find(|(group, known)| is_about(group, known))?;
    (ABOUT_PODS.contains(&policy.name.as_str()) && !of_pods).then_some(*template)
}
