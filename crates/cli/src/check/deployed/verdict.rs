//! What policy-server makes of the modules' answers.

use isolation_manifest::Object;
use isolation_runtime::{Answer, CallError};
use serde_json::Value;

use super::{Case, Deployed};
use crate::check::judge::{Judged, findings};
use crate::check::report::{Finding, NotEvaluated, Place, Severity};

/// Judges an object by a policy or a group that is asked about it.
pub fn judge(policy: &Deployed, case: Case<'_>, request: &mut Value, judged: &mut Judged) {
    let found = match &policy.spec.expression {
        None => single(policy, case, request, judged),
        Some((text, expression)) => {
            let mut answers: Vec<Option<Answer>> = vec![None; policy.modules.len()];
            let accepted = expression.value(&mut |member| {
                let answer = answers[member].get_or_insert_with(|| member_answer(policy, member, case, request));
                answer.accepted
            });
            if accepted { Vec::new() } else { rejected_by_group(policy, case, text, answers) }
        }
    };
    judged.findings.extend(found.into_iter().map(|mut finding| {
        if policy.spec.monitor && finding.severity == Severity::Deny {
            finding.severity = Severity::Warn;
            finding.notes.push("the policy is in mode monitor: admission accepts the object".into());
        }
        finding
    }));
}

/// A rejection that speaks of the object as a whole.
pub fn refuse(case: Case<'_>, policy: &str, what: &str) -> Vec<Finding> {
    let answer = Answer { message: Some(what.to_owned()), ..Answer::default() };
    findings(case.source, case.object, policy, answer)
}

fn single(policy: &Deployed, case: Case<'_>, request: &mut Value, judged: &mut Judged) -> Vec<Finding> {
    let (spec, [member], [module]) = (&policy.spec, policy.spec.members.as_slice(), policy.modules.as_slice()) else {
        return Vec::new();
    };
    let mut answer = match module.validate(request, &member.settings, case.cluster) {
        Ok(answer) => answer,
        Err(error) => {
            judged.failures.push(no_verdict(case, &spec.title, &error));
            return Vec::new();
        }
    };
    let mutated = answer.mutated_object.take().filter(|mutated| *mutated != request["object"]);
    if let Some(mutated) = mutated.filter(|_| !spec.monitor) {
        if !spec.mutating {
            let text = format!(
                "Request rejected by policy {}. The policy attempted to mutate the request, but it is currently configured \
                 to not allow mutations.",
                spec.id
            );
            // The refusal takes the place of the module's own, but not of its warnings.
            let mut found = findings(case.source, case.object, &spec.title, answer);
            found.retain(|finding| finding.severity == Severity::Warn);
            found.extend(refuse(case, &spec.title, &text));
            return tell(policy, found);
        }
        if answer.accepted {
            // What was converted is not what is written in the file.
            if request["kind"] == request["requestKind"] {
                judged.changed(case.source, case.object, &spec.title, &mutated);
            }
            request["object"] = mutated;
        }
    }
    tell(policy, findings(case.source, case.object, &spec.title, answer))
}

/// Adds what the user reads instead of the findings' own words.
fn tell(policy: &Deployed, mut found: Vec<Finding>) -> Vec<Finding> {
    if let Some(message) = policy.spec.message.as_ref().filter(|_| !policy.spec.monitor) {
        for finding in found.iter_mut().filter(|finding| finding.severity == Severity::Deny) {
            finding.notes.push(format!("what the user reads is the policy's message: {message}"));
        }
    }
    found
}

/// A member's answer. What is an error elsewhere is a rejection here, which an expression may turn into its contrary.
fn member_answer(policy: &Deployed, member: usize, case: Case<'_>, request: &Value) -> Answer {
    let settings = &policy.spec.members[member].settings;
    let rejected = |message: String| Answer { message: Some(message), ..Answer::default() };
    match policy.modules[member].validate(request, settings, case.cluster) {
        Ok(answer) if answer.mutated_object.as_ref().is_some_and(|mutated| *mutated != request["object"]) => {
            rejected("mutation is not allowed inside of policy group".into())
        }
        Ok(answer) => answer,
        Err(error) => rejected(format!("internal server error: the module {error}")),
    }
}

/// The findings of the members that were asked and said no.
fn rejected_by_group(policy: &Deployed, case: Case<'_>, text: &str, answers: Vec<Option<Answer>>) -> Vec<Finding> {
    let spec = &policy.spec;
    let message = spec.message.as_deref().unwrap_or_default();
    let note = format!("the group accepts what fulfils `{text}`; what the user reads is its message: {message}");
    let mut found = Vec::new();
    for (member, answer) in spec.members.iter().zip(answers) {
        let Some(answer) = answer.filter(|answer| !answer.accepted) else { continue };
        let title = format!("{}, member {}", spec.title, member.name);
        found.extend(findings(case.source, case.object, &title, answer));
    }
    // The group passes on no warnings.
    found.retain(|finding| finding.severity == Severity::Deny);
    if found.is_empty() {
        found = refuse(case, &spec.title, message);
    }
    for finding in &mut found {
        finding.notes.push(note.clone());
    }
    found
}

fn no_verdict(case: Case<'_>, policy: &str, error: &CallError) -> NotEvaluated {
    let object: &Object = case.object;
    NotEvaluated {
        place: Some(Place { source: case.source.clone(), span: object.node.locate("kind").span }),
        subject: object.subject(),
        what: format!("{policy} gave no verdict on {}: the module {error}", object.subject()),
        help: String::new(),
    }
}
