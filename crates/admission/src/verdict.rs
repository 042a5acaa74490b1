//! How policy-server treats the modules' answers.

use isolation_report::{Finding, Severity};
use serde_json::Value;

use crate::findings::{doubtful, findings, refusal};
use crate::input::Item;
use crate::judge::Answer;
use crate::judged::Judged;
use crate::policy::{MemberJudge, Policy};
use crate::request::Request;

/// Judges an object with a policy or group, and returns the object as the policy has rewritten it.
pub fn judge(policy: &Policy, item: &Item, request: &Request<'_>, judged: &mut Judged) -> Option<Value> {
    let (found, mutated) = match &policy.specification.expression {
        None => single(policy, item, request, judged),
        Some((text, expression)) => {
            let mut answers: Vec<Option<Answer>> = vec![None; policy.judges.len()];
            let accepted = expression.value(&mut |member| {
                let (Some(judge), Some(answer)) = (policy.judges.get(member), answers.get_mut(member)) else {
                    return false;
                };
                answer.get_or_insert_with(|| member_answer(judge, request)).accepted
            });
            (if accepted { Vec::new() } else { rejected_by_group(policy, item, text, answers) }, None)
        }
    };
    judged.findings.extend(found.into_iter().map(|mut finding| {
        if policy.specification.monitor && finding.severity == Severity::Deny {
            finding.severity = Severity::Warn;
            finding.notes.push("the policy is in mode monitor: admission accepts the object".into());
        }
        finding
    }));
    mutated
}

fn single(policy: &Policy, item: &Item, request: &Request<'_>, judged: &mut Judged) -> (Vec<Finding>, Option<Value>) {
    let (specification, [judge]) = (&policy.specification, policy.judges.as_slice()) else {
        return (Vec::new(), None);
    };
    let title = &specification.title;
    let mut answer = match judge.validate(request) {
        Ok(answer) => answer,
        Err(failure) => {
            let what = format!("{title} could not evaluate {}: the module {failure}", item.object.subject());
            judged.not_evaluated(item, what);
            return (Vec::new(), None);
        }
    };
    let mutated = answer.mutated.take().filter(|mutated| mutated != request.object() && !specification.monitor);
    let accepted = answer.accepted;
    if !specification.monitor {
        judged.failures.extend(doubtful(item, &mut answer));
    }
    let mut found = findings(item, title, answer);
    if mutated.is_some() && !specification.mutating {
        let text = format!(
            "Request rejected by policy {}. The policy attempted to mutate the request, but it is currently \
             configured to not allow mutations.",
            specification.id
        );
        // The refusal takes the place of the module's own, but not of its warnings.
        found.retain(|finding| finding.severity == Severity::Warn);
        found.push(refusal(item, title, text));
    }
    note_message(policy, &mut found);
    (found, mutated.filter(|_| specification.mutating && accepted))
}

/// Adds what the user reads instead of the findings' own words.
fn note_message(policy: &Policy, found: &mut [Finding]) {
    if let Some(message) = policy.specification.message.as_ref().filter(|_| !policy.specification.monitor) {
        for finding in found.iter_mut().filter(|finding| finding.severity == Severity::Deny) {
            finding.notes.push(format!("the user sees the policy's message: {message}"));
        }
    }
}

/// A member's answer. What is an error elsewhere is a rejection here, which an expression may turn into its contrary.
fn member_answer(judge: &MemberJudge, request: &Request<'_>) -> Answer {
    match judge.validate(request) {
        Ok(answer) if answer.mutated.as_ref().is_some_and(|mutated| mutated != request.object()) => {
            Answer::rejection("mutation is not allowed inside of policy group")
        }
        Ok(answer) => answer,
        Err(failure) => Answer::rejection(format!("internal server error: the module {failure}")),
    }
}

/// The findings of the members that were asked and said no.
fn rejected_by_group(policy: &Policy, item: &Item, text: &str, answers: Vec<Option<Answer>>) -> Vec<Finding> {
    let specification = &policy.specification;
    let title = &specification.title;
    let message = specification.message.as_deref().unwrap_or_default();
    let note = format!("the group accepts objects that fulfil `{text}`; the user sees its message: {message}");
    let mut found = Vec::new();
    for (member, answer) in specification.members.iter().zip(answers) {
        let Some(answer) = answer.filter(|answer| !answer.accepted) else { continue };
        found.extend(findings(item, &format!("{title}, member {}", member.name), answer));
    }
    // The group passes on no warnings.
    found.retain(|finding| finding.severity == Severity::Deny);
    if found.is_empty() {
        found.push(refusal(item, title, message));
    }
    for finding in &mut found {
        finding.notes.push(note.clone());
    }
    found
}
