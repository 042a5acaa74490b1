//! The verdict, and the three things that matter most.

use isolation_azure::State as Azure;

use crate::document::{Matter, NotSeen, RegistryImages, State, Step, Verdict, VerdictState};
use crate::plan::{PROTECT, SWITCH};
use crate::unseen::counted;

/// How many things matter most.
const MATTERS: usize = 3;

/// The verdict on what is left of the plan, and on what was not seen.
pub fn of(plan: &[Step], images: &[RegistryImages], not_seen: &[NotSeen], azure: &Azure) -> Verdict {
    let before = || plan.iter().filter(|step| step.id != SWITCH && step.id != PROTECT);
    let tasks = || before().flat_map(|step| &step.tasks);
    let changes: usize = before().map(|step| step.changes).sum();
    let decisions = tasks().filter(|task| task.state == State::Decide).map(|task| task.changes).sum();
    let unseen = not_seen.iter().filter(|unseen| unseen.decides).count();
    let checks = tasks().filter(|task| task.state == State::Check).count();
    let is_isolated = azure.cluster.as_ref().is_some_and(|cluster| cluster.is_closed() && cluster.is_cached());
    let state = match (unseen + decisions, changes) {
        (0, 0) if is_isolated => VerdictState::Isolated,
        (0, 0) => VerdictState::Ready,
        (0, _) => VerdictState::ReadyAfterChanges,
        _ => VerdictState::NotYet,
    };
    Verdict {
        state,
        changes,
        decisions,
        unseen,
        checks,
        sentence: sentence(state, changes, decisions, unseen, checks),
        matters: matters(plan, images, not_seen),
    }
}

fn sentence(state: VerdictState, changes: usize, decisions: usize, unseen: usize, checks: usize) -> String {
    let changes_in_words = counted(changes, "change", "changes");
    let unseen_in_words = match unseen {
        0 => String::new(),
        1 => "1 input that decides the verdict is missing".to_owned(),
        number => format!("{number} inputs that decide the verdict are missing"),
    };
    match state {
        VerdictState::Isolated => "Isolated, and nothing breaks".to_owned(),
        VerdictState::Ready => match checks {
            0 => "Ready: only the switch is left".to_owned(),
            1 => "Ready, once you have checked 1 thing that the input does not show".to_owned(),
            number => format!("Ready, once you have checked {number} things that the input does not show"),
        },
        VerdictState::ReadyAfterChanges => format!("Ready after {changes_in_words}"),
        VerdictState::NotYet => {
            let mut parts = Vec::new();
            match (changes, decisions) {
                (0, _) => {}
                (_, 0) => parts.push(format!("{changes_in_words} to make")),
                (_, 1) => parts.push(format!("{changes_in_words} to make, 1 of which needs a decision")),
                (_, number) => parts.push(format!("{changes_in_words} to make, {number} of which need a decision")),
            }
            parts.extend(Some(unseen_in_words).filter(|text| !text.is_empty()));
            format!("Not yet: {}", parts.join("; "))
        }
    }
}

/// What matters most: what needs a decision takes longest, then what most workloads wait for, then what was not seen.
fn matters(plan: &[Step], images: &[RegistryImages], not_seen: &[NotSeen]) -> Vec<Matter> {
    let mut found: Vec<(usize, usize, Matter)> = Vec::new();
    for step in plan.iter().filter(|step| step.id != SWITCH && step.id != PROTECT) {
        let step_number = Some(step.number);
        if step.id == "images" {
            let uncovered: usize = images.iter().map(|registry| registry.uncovered + registry.cached).sum();
            let hosts: Vec<&str> = images
                .iter()
                .filter(|registry| registry.uncovered + registry.cached > 0)
                .map(|registry| registry.host.as_str())
                .collect();
            if uncovered > 0 {
                let more = hosts.len().saturating_sub(MATTERS);
                let more = if more == 0 { String::new() } else { format!(" and {more} more") };
                let hosts = hosts.iter().take(MATTERS).copied().collect::<Vec<_>>().join(", ");
                let come = if uncovered == 1 { "image comes" } else { "images come" };
                let title =
                    format!("{uncovered} {come} from registries that the cluster will not reach: {hosts}{more}");
                found.push((1, uncovered, Matter { title, step: step_number }));
            }
            continue;
        }
        for task in &step.tasks {
            let weight = match task.state {
                State::Decide => 2,
                State::Open => 1,
                // Where nothing else is left, that is what matters.
                State::Check => 0,
                State::Done | State::Unknown | State::Later => continue,
            };
            let affects = match task.affects.len() {
                _ if task.changes > 1 => format!(": {} of them", task.changes),
                0 => String::new(),
                _ => task.affects.first().map(|affected| format!(": {}", affected.name)).unwrap_or_default(),
            };
            found.push((weight, task.changes, Matter { title: format!("{}{affects}", task.title), step: step_number }));
        }
    }
    found.sort_by_key(|(weight, number, _)| std::cmp::Reverse((*weight, *number)));
    let (left, checks): (Vec<_>, Vec<_>) = found.into_iter().partition(|(weight, ..)| *weight > 0);
    let unseen = not_seen.iter().filter(|unseen| unseen.decides);
    let unseen = unseen.map(|unseen| Matter { title: format!("Not seen: {}", unseen.what), step: None });
    let of = |found: Vec<(usize, usize, Matter)>| found.into_iter().map(|(.., matter)| matter);
    of(left).chain(unseen).chain(of(checks)).take(MATTERS).collect()
}
