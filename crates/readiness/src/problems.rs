//! Findings of objects become problems of workloads.

use std::collections::{BTreeSet, HashMap};

use isolation_azure::LIVE;
use isolation_report::{Finding, Report, Severity as Found};

use crate::document::{Problem, Severity};
use crate::workloads::Workloads;

/// What breaks for one reason: the id of a theme and its title.
pub const THEMES: &[(&str, &str)] = &[
    ("images", "Images"),
    ("storage", "Storage"),
    ("load-balancers", "Load balancers and public addresses"),
    ("egress", "Ways out"),
    ("extensions", "Extensions and features"),
    ("cluster", "The cluster and its registry"),
    ("unreadable", "What could not be judged"),
];

/// What a cluster that is not isolated yet has to have: it is what the plan ends with, and no problem of today.
const PLANNED: &[&str] = &["NI601", "NI604", "NI612"];

/// Where a rule belongs: its theme, and the step that mends what it finds.
fn place_of(rule: &str, path: &str) -> (&'static str, &'static str) {
    match rule {
        "NI617" if path.ends_with("publicNetworkAccess") || path.ends_with("public_network_access_enabled") => {
            ("cluster", "private-link")
        }
        "NI605" | "NI617" | "NI618" | "NI619" | "NI620" | "NI625" => ("cluster", "registry"),
        "NI604" | "NI609" | "NI610" => ("cluster", "nodes"),
        "NI508" => ("egress", "nodes"),
        "NI601" | "NI602" | "NI612" | "NI622" | "NI624" => ("cluster", "switch"),
        "NI611" | "NI621" => ("egress", "egress"),
        "NI613" => ("load-balancers", "load-balancers"),
        "NI623" => ("extensions", "extensions"),
        "NI504" => ("load-balancers", "load-balancers"),
        _ => match rule.get(..3).unwrap_or_default() {
            "NI1" | "NI7" => ("images", "images"),
            "NI2" => ("load-balancers", "load-balancers"),
            "NI3" => ("storage", "storage"),
            "NI4" => ("extensions", "extensions"),
            "NI5" => ("egress", "egress"),
            "NI6" => ("cluster", "cluster"),
            _ => ("unreadable", "unreadable"),
        },
    }
}

/// The problems of all workloads: those that break first, then by theme, namespace and name.
pub fn of(report: &Report, workloads: &Workloads, without_lines: &BTreeSet<String>) -> Vec<Problem> {
    let written = |finding: &Finding| {
        let place = &finding.location.place;
        if without_lines.contains(&place.source.name) { place.source.name.clone() } else { place.to_string() }
    };
    let mut found: HashMap<_, usize> = HashMap::new();
    let mut problems: Vec<Problem> = Vec::new();
    let found_now = report.findings.iter().map(|finding| (finding, None));
    let allowed = report.allowed.iter().map(|allowed| (&allowed.finding, Some(allowed.reason.as_str())));
    for (finding, reason) in found_now.chain(allowed) {
        let key = workloads.key(&finding.object);
        let rule = finding.rule.as_ref().map(|rule| rule.id.clone()).unwrap_or_default();
        let is_planned = finding.object.api_version == LIVE && PLANNED.contains(&rule.as_str());
        if is_planned || workloads.is_history(&key) {
            continue;
        }
        let top = workloads.top(&key);
        // A pod names the same image at another path than the Deployment that made it.
        let breaks = finding.severity == Found::Deny && reason.is_none();
        let same = (rule.clone(), top.clone(), breaks, finding.value.clone(), finding.what.clone(), reason);
        if let Some(problem) = found.get(&same).and_then(|at| problems.get_mut(*at)) {
            problem.count += 1;
            // What people edit is the object that nothing owns.
            if key == top && (&problem.kind, &problem.workload) != (&finding.object.kind, &finding.object.name) {
                problem.path.clone_from(&finding.location.path);
                problem.place = written(finding);
            }
            continue;
        }
        found.insert(same, problems.len());
        let owner = workloads.keeper(&top).or_else(|| workloads.keeper(&key));
        let mut problem = problem(finding, rule, &top, owner, written(finding));
        if let Some(reason) = reason {
            // An exception lets an object pass a policy. Whether it works without a way out, somebody has to know.
            problem.severity = Severity::Warns;
            problem.accepted = Some(reason.to_owned());
        }
        problems.push(problem);
    }
    let theme = |id: &str| THEMES.iter().position(|(known, _)| *known == id);
    problems.sort_by(|a, b| {
        let order = |problem: &Problem| (problem.severity, theme(&problem.theme));
        let name = |problem: &'_ Problem| (problem.rule.clone(), problem.namespace.clone(), problem.workload.clone());
        order(a).cmp(&order(b)).then_with(|| name(a).cmp(&name(b)))
    });
    problems
}

fn problem(
    finding: &Finding,
    rule: String,
    top: &crate::workloads::Key,
    owner: Option<String>,
    place: String,
) -> Problem {
    let path = finding.location.path.clone();
    let (theme, step) = place_of(&rule, &path);
    Problem {
        name: finding.rule.as_ref().and_then(|rule| rule.name).unwrap_or_default().to_owned(),
        rule,
        severity: if finding.severity == Found::Deny { Severity::Breaks } else { Severity::Warns },
        theme: theme.to_owned(),
        step: step.to_owned(),
        namespace: top.namespace.clone(),
        kind: top.kind.clone(),
        workload: top.name.clone(),
        owner,
        path,
        value: finding.value.clone(),
        what: if finding.missing { format!("not set: {}", finding.what) } else { finding.what.clone() },
        fix: finding.fix.as_ref().map(|fix| fix.text.clone()).unwrap_or_default(),
        place,
        count: 1,
        accepted: None,
    }
}

impl Problem {
    /// The workload in a sentence: `Deployment shop/web`.
    pub(crate) fn subject(&self) -> String {
        match (self.namespace.as_str(), self.workload.as_str()) {
            (_, "") => self.kind.clone(),
            ("", name) => format!("{} {name}", self.kind),
            (namespace, name) => format!("{} {namespace}/{name}", self.kind),
        }
    }
}
