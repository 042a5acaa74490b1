//! Tasks out of problems: one for each rule that found something.

use std::collections::{BTreeMap, HashSet};

use super::titles::title_of;
use crate::document::{Affected, Command, Manifest, Problem, Severity, State, Task};

impl Task {
    /// A task that is not done.
    pub(crate) fn open(title: impl Into<String>, changes: usize) -> Self {
        Task::in_state(State::Open, title, changes)
    }

    /// A task of which nobody knows whether it is done.
    pub(crate) fn unknown(title: impl Into<String>) -> Self {
        Task::in_state(State::Unknown, title, 0)
    }

    /// A task that is done.
    pub(crate) fn done(title: impl Into<String>) -> Self {
        Task::in_state(State::Done, title, 0)
    }

    pub(crate) fn in_state(state: State, title: impl Into<String>, changes: usize) -> Self {
        Task {
            title: title.into(),
            state,
            changes,
            note: String::new(),
            rules: Vec::new(),
            affects: Vec::new(),
            commands: Vec::new(),
            manifests: Vec::new(),
            verify: Vec::new(),
        }
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    pub(crate) fn run(mut self, run: impl Into<String>) -> Self {
        self.commands.push(Command { run: run.into(), says: String::new() });
        self
    }

    pub(crate) fn run_and_say(mut self, run: impl Into<String>, says: impl Into<String>) -> Self {
        self.commands.push(Command { run: run.into(), says: says.into() });
        self
    }

    pub(crate) fn verify(mut self, run: impl Into<String>, says: impl Into<String>) -> Self {
        self.verify.push(Command { run: run.into(), says: says.into() });
        self
    }

    pub(crate) fn manifest(mut self, title: impl Into<String>, text: impl Into<String>) -> Self {
        self.manifests.push(Manifest { title: title.into(), text: text.into() });
        self
    }
}

/// A task for each rule that found one of these problems, those that break something first.
pub fn of_rules(problems: &[&Problem]) -> Vec<Task> {
    let mut by_rule: BTreeMap<&str, Vec<&Problem>> = BTreeMap::new();
    for problem in problems {
        by_rule.entry(&problem.rule).or_default().push(problem);
    }
    let mut tasks: Vec<Task> = by_rule.into_iter().map(|(rule, problems)| of_rule(rule, &problems)).collect();
    tasks.sort_by_key(|task| (task.state == State::Check, std::cmp::Reverse(task.changes)));
    tasks
}

/// The task that mends what one rule found.
pub fn of_rule(rule: &str, problems: &[&Problem]) -> Task {
    let known = title_of(rule);
    let breaks = problems.iter().any(|problem| problem.severity == Severity::Breaks);
    let mut affects: Vec<Affected> = Vec::new();
    // A large cluster has as many of them as it has workloads.
    let (mut known_to_affect, mut changes) = (HashSet::new(), HashSet::new());
    for problem in problems {
        let affected = Affected { name: problem.subject(), fix: written(problem), owner: problem.owner.clone() };
        if problem.severity == Severity::Breaks {
            changes.insert(affected.name.clone());
        }
        if known_to_affect.insert(affected.clone()) {
            affects.push(affected);
        }
    }
    let state = match (breaks, known.decide) {
        (false, _) => State::Check,
        (true, true) => State::Decide,
        (true, false) => State::Open,
    };
    let title = match known.title {
        "" => problems.first().map_or_else(String::new, |problem| format!("{}: {}", rule, problem.name)),
        title => title.to_owned(),
    };
    let mut task = Task::in_state(state, title, changes.len()).note(known.note);
    task.rules = vec![rule.to_owned()];
    task.affects = affects;
    task
}

/// What to write where: `spec.type: …`
fn written(problem: &Problem) -> String {
    let path = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
    if let Some(reason) = &problem.accepted {
        return format!("{path}an exception accepts it: {reason}");
    }
    if problem.fix.is_empty() { format!("{path}{}", problem.what) } else { format!("{path}{}", problem.fix) }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn a_rule_that_found_something_everywhere_names_each_workload_once() {
        let problem = |number: usize| Problem {
            rule: "NI101".to_owned(),
            name: "public-registry".to_owned(),
            severity: Severity::Breaks,
            theme: "images".to_owned(),
            step: "images".to_owned(),
            namespace: "shop".to_owned(),
            kind: "Pod".to_owned(),
            workload: format!("web-{}", number / 2),
            owner: None,
            path: "spec.containers[0].image".to_owned(),
            value: None,
            what: "the image comes from another registry".to_owned(),
            fix: String::new(),
            place: String::new(),
            count: 1,
            accepted: None,
        };
        let problems: Vec<Problem> = (0..80_000).map(problem).collect();
        // Comparing each with all others would take minutes; `make growth` counts what it costs.
        let task = of_rule("NI101", &problems.iter().collect::<Vec<_>>());
        assert_eq!((task.changes, task.affects.len()), (40_000, 40_000));
    }
}
