//! Exceptions of `isolation.yaml` as admission can honour them: entries of the policies' setting `allowedViolations`.
//!
//! An exception lets a rule pass in some objects, fields and values. The setting says exactly that, so nothing is wider in the
//! cluster than in the file. What the setting cannot say is left out and named, with the reason: never more is let through than
//! was written.

use isolation::permits::ALLOWED_VIOLATIONS;
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
    object: Map<String, Value>,
    path: Option<String>,
    value: Option<String>,
    #[allow(dead_code)] // for people
    reason: String,
    expires: Option<String>,
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
        let object = ["kind", "namespace", "name"].map(|key| (key, self.object.get(key).and_then(Value::as_str)));
        let field = [("path", self.path.as_deref()), ("value", self.value.as_deref())];
        object.into_iter().chain(field).filter_map(|(key, text)| Some((key, text?)))
    }

    /// Why no policy can honour it, whatever its rule: a clause.
    fn beyond_any_policy(&self) -> Option<String> {
        if let Some(day) = &self.expires {
            return Some(format!("admission knows no day, so it would honour the exception after {day}, too"));
        }
        let (key, _) = self.patterns().find(|(_, text)| text.is_empty())?;
        Some(format!("in a policy's settings, an empty {key} would match everything"))
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

/// Kinds that make pods by a template.
const TEMPLATES: &[&str] =
    &["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController"];

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
                             admission judges their pods, too. Allow it for kind Pod as well"
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

/// The kind with a pod template that an exception is about without being about its pods.
fn template_of(exception: &Exception, policy: &PolicyData) -> Option<&'static str> {
    let kind = exception.object.get("kind")?.as_str()?;
    let plain = kind.split('.').next().unwrap_or_default();
    let template = TEMPLATES.iter().find(|template| **template == plain)?;
    ABOUT_PODS.contains(&policy.name.as_str()).then_some(*template)
}
