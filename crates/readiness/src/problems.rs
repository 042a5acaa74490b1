//! Findings of objects become problems of workloads.

use std::collections::HashMap;

use isolation_azure::LIVE;
use isolation_report::{Finding, Severity as Found};

use crate::document::{Problem, Severity};
use crate::names::{Name, Names};
use crate::workloads::{Key, Workloads};

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

/// The rule that reports features of AKS that need a way out.
pub const FEATURE: &str = "NI623";

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
        FEATURE => ("extensions", "extensions"),
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

/// The problems of all workloads, told finding by finding.
#[derive(Debug, Default)]
pub struct Problems {
    problems: Vec<Problem>,
    /// Which of them is the same one.
    found: HashMap<Same, usize>,
    texts: Names,
}

/// What findings of one problem have in common: the rule, the workload, whether it breaks, the value, what is wrong, and why
/// that is accepted. A pod names the same image at another path than the Deployment that made it.
type Same = (Name, Key, bool, Option<Name>, Name, Option<Name>);

impl Problems {
    /// Adds a finding, with the reason for which it is accepted, and where it is written.
    pub fn add(
        &mut self,
        finding: &Finding,
        accepted: Option<&str>,
        workloads: &mut Workloads,
        written: &dyn Fn() -> String,
    ) {
        let key = workloads.key(&finding.object);
        let rule = finding.rule.as_ref().map_or("", |rule| rule.id.as_str());
        let is_planned = finding.object.api_version == LIVE && PLANNED.contains(&rule);
        if is_planned || workloads.is_history(key) {
            return;
        }
        let top = workloads.top(key);
        let breaks = finding.severity == Found::Deny && accepted.is_none();
        let mut kept = |text: &str| self.texts.keep(text);
        // Several features of one cluster need the same; what to do says which one it is.
        let which = finding.fix.as_ref().filter(|_| rule == FEATURE).map_or(&finding.what, |fix| &fix.text);
        let (rule, what) = (kept(rule), kept(which));
        let same = (rule, top, breaks, finding.value.as_deref().map(&mut kept), what, accepted.map(&mut kept));
        if let Some(problem) = self.found.get(&same).and_then(|at| self.problems.get_mut(*at)) {
            problem.count += 1;
            // What people edit is the object that nothing owns.
            if key == top && (&problem.kind, &problem.workload) != (&finding.object.kind, &finding.object.name) {
                problem.path.clone_from(&finding.location.path);
                problem.place = written();
            }
            return;
        }
        self.found.insert(same, self.problems.len());
        self.problems.push(problem(finding, accepted, top, key, workloads, written()));
    }

    /// The problems: those that break first, then by theme, namespace and name.
    pub fn sorted(self) -> Vec<Problem> {
        let mut problems = self.problems;
        let theme = |id: &str| THEMES.iter().position(|(known, _)| *known == id);
        problems.sort_by(|a, b| {
            let order = |problem: &Problem| (problem.severity, theme(&problem.theme));
            order(a).cmp(&order(b)).then_with(|| name(a).cmp(&name(b)))
        });
        problems
    }
}

/// What problems of one theme are sorted by. What is accepted comes behind what is not.
fn name(problem: &Problem) -> (&str, &str, &str, bool) {
    (&problem.rule, &problem.namespace, &problem.workload, problem.accepted.is_some())
}

fn problem(
    finding: &Finding,
    accepted: Option<&str>,
    top: Key,
    key: Key,
    workloads: &Workloads,
    place: String,
) -> Problem {
    let (rule, path) = (finding.rule.as_ref(), finding.location.path.clone());
    let id = rule.map(|rule| rule.id.clone()).unwrap_or_default();
    let (theme, step) = place_of(&id, &path);
    let owner = workloads.keeper(top).or_else(|| workloads.keeper(key)).map(str::to_owned);
    // An exception lets an object pass a policy. Whether it works without a way out, somebody has to know.
    let breaks = finding.severity == Found::Deny && accepted.is_none();
    Problem {
        name: rule.and_then(|rule| rule.name).unwrap_or_default().to_owned(),
        rule: id,
        severity: if breaks { Severity::Breaks } else { Severity::Warns },
        theme: theme.to_owned(),
        step: step.to_owned(),
        namespace: workloads.namespace(top).to_owned(),
        kind: workloads.kind(top).to_owned(),
        workload: workloads.name(top).to_owned(),
        owner,
        path,
        value: finding.value.clone(),
        what: if finding.missing { format!("not set: {}", finding.what) } else { finding.what.clone() },
        fix: finding.fix.as_ref().map(|fix| fix.text.clone()).unwrap_or_default(),
        place,
        count: 1,
        accepted: accepted.map(str::to_owned),
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
