//! What has changed since an earlier report.

use std::collections::HashSet;

use crate::document::{Problem, Progress, Readiness, Severity};
use crate::workloads::Workloads;

/// What makes two problems the same one: not where it stands in a file, which moves, nor how often it was found.
type Identity = (String, String, String, String, Option<String>, String);

fn identity(problem: &Problem) -> Identity {
    (
        problem.rule.clone(),
        problem.namespace.clone(),
        problem.kind.clone(),
        problem.workload.clone(),
        problem.value.clone(),
        // What has no value is told apart by its field.
        if problem.value.is_none() { problem.path.clone() } else { String::new() },
    )
}

/// Compares with an earlier document. What is not there any more counts as mended only where its workload was looked at:
/// a namespace that nobody read has not become better.
pub fn since(earlier: &Readiness, now: &[Problem], workloads: &Workloads) -> Progress {
    let before: HashSet<Identity> = earlier.problems.iter().map(identity).collect();
    let still: HashSet<Identity> = now.iter().map(identity).collect();
    let (mended, gone): (Vec<&Problem>, Vec<&Problem>) = earlier
        .problems
        .iter()
        .filter(|problem| !still.contains(&identity(problem)))
        .partition(|problem| workloads.has(&problem.namespace, &problem.kind, &problem.workload));
    let breaks = |problems: &[Problem]| problems.iter().filter(|problem| problem.severity == Severity::Breaks).count();
    Progress {
        since: earlier.created.clone(),
        before: breaks(&earlier.problems),
        now: breaks(now),
        mended: mended.into_iter().cloned().collect(),
        gone: gone.into_iter().cloned().collect(),
        new: now.iter().filter(|problem| !before.contains(&identity(problem))).cloned().collect(),
    }
}
