//! Sentences that several formats share.

use crate::finding::Finding;

/// `NI101 public-registry`, or the policy's name where it names no rule.
pub fn title(finding: &Finding) -> String {
    match &finding.rule {
        Some(rule) => rule.name.map_or_else(|| rule.id.clone(), |name| format!("{} {name}", rule.id)),
        None => finding.policy.clone(),
    }
}

/// `Deployment shop/web, spec.containers[0].image: "nginx": names no registry. Import it.`
pub fn about(finding: &Finding) -> String {
    let path = &finding.location.path;
    let subject = if path.is_empty() { finding.object.to_string() } else { format!("{}, {path}", finding.object) };
    format!("{subject}: {}", message(finding))
}

/// `"nginx": names no registry. Import it.`
pub fn message(finding: &Finding) -> String {
    let value = match &finding.value {
        Some(value) => format!("\"{value}\": "),
        None if finding.missing => "not set: ".to_owned(),
        None => String::new(),
    };
    let what = format!("{value}{}", finding.what);
    let fix = finding.fix.as_ref().map_or("", |fix| &fix.text);
    let parts: Vec<&str> = [what.as_str(), fix].into_iter().chain(finding.notes.iter().map(String::as_str)).collect();
    sentences(&parts)
}

/// The clauses as sentences, one behind the other; an empty one is none.
pub fn sentences(clauses: &[&str]) -> String {
    let full = |clause: &&&str| !clause.is_empty();
    let end = |clause: &&str| {
        let ended = clause.ends_with(['.', '!', '?', '\n']);
        format!("{}{}", clause.trim_end(), if ended { "" } else { "." })
    };
    clauses.iter().filter(full).map(end).collect::<Vec<_>>().join(" ")
}
