//! What of the exceptions admission does not honour, or not as one might think.

use isolation::exception::matches;
use isolation_all_policies::page;
use isolation_report::{Entry, Objects};

use crate::data::PolicyData;
use crate::error::DeployError;
use crate::exceptions::Exception;
use crate::values::Values;

/// An exception that admission does not honour, or not as one might think.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionGap {
    /// Which entry of `allow`, from 0.
    pub index: usize,
    /// What is not honoured, and why: a clause.
    pub why: String,
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
    pub fn exception_gaps(&self) -> Result<Vec<ExceptionGap>, DeployError> {
        let data = crate::data()?;
        let mut gaps = Vec::new();
        for (index, exception) in self.exceptions.iter().enumerate() {
            let all = exception.0.rules().join(", ");
            if let Some(why) = exception.beyond_any_policy() {
                gaps.push(ExceptionGap { index, why: format!("the exception for {all} is not deployed: {why}") });
                continue;
            }
            for name in exception.0.rules() {
                let owner = data.policies.iter().find(|policy| policy.rule(name).is_some());
                let why = match owner {
                    None if page(name).is_some() => {
                        format!(
                            "the exception for {name} is not deployed: what a policy cannot read may break any rule"
                        )
                    }
                    None => format!("the exception for {name} is not deployed: the rule is unknown"),
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
                gaps.push(ExceptionGap { index, why });
            }
        }
        Ok(gaps)
    }
}

/// The kind with a pod template that an exception is about without being about its pods, whose names go on behind that of
/// whatever creates them, and whose fields are not in a template.
fn template_of(exception: &Exception, policy: &PolicyData) -> Option<&'static str> {
    let Entry { object: Objects { kind, name, .. }, path, .. } = &exception.0;
    let is_about = |group: &str, known: &str| {
        let pattern = |pattern: &String| matches(pattern, known) || matches(pattern, &format!("{known}.{group}"));
        kind.as_ref().is_none_or(pattern)
    };
    let in_template = path.as_ref().is_some_and(|path| path.contains(".template."));
    let one_name = name.as_ref().is_some_and(|name| !name.ends_with('*'));
    let of_pods = is_about("", "Pod") && !in_template && !one_name;
    let (_, template) = TEMPLATES.iter().find(|(group, known)| is_about(group, known))?;
    (ABOUT_PODS.contains(&policy.name.as_str()) && !of_pods).then_some(*template)
}
