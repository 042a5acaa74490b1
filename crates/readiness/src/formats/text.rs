//! Words that several formats use.

use crate::document::{Command, FeatureStatus, Numbers, Problem, Severity, State, Step, VerdictState};

/// What is left of a step, in a word or two.
pub fn left(step: &Step) -> String {
    match step.state {
        State::Done => "done".to_owned(),
        State::Open | State::Decide => match step.changes {
            1 => "1 change".to_owned(),
            number => format!("{number} changes"),
        },
        State::Check => "to be checked".to_owned(),
        State::Unknown if step.changes > 0 => format!("{} changes, and some input is missing", step.changes),
        State::Unknown => "not seen".to_owned(),
        State::Later => "later".to_owned(),
    }
}

/// A state in a word.
pub fn state(state: State) -> &'static str {
    match state {
        State::Done => "done",
        State::Open => "to do",
        State::Decide => "to be decided",
        State::Check => "to be checked",
        State::Unknown => "not seen",
        State::Later => "later",
    }
}

/// A verdict in a word.
pub fn verdict(state: VerdictState) -> &'static str {
    match state {
        VerdictState::Isolated => "isolated",
        VerdictState::Ready => "ready",
        VerdictState::ReadyAfterChanges => "ready after changes",
        VerdictState::NotYet => "not yet",
    }
}

/// A severity in a word.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaks => "breaks",
        Severity::Warns => "may break",
    }
}

/// What is known of an extension or a feature, in a word or two.
pub fn status(status: FeatureStatus) -> &'static str {
    match status {
        FeatureStatus::Unsupported => "unsupported",
        FeatureStatus::InDoubt => "may not work",
        FeatureStatus::NeedsWay => "needs a way out",
        FeatureStatus::Unknown => "no rule reports it",
    }
}

/// What stands where: `spec.replicas = 3`
pub fn field(problem: &Problem) -> String {
    match &problem.value {
        Some(value) => format!("{} = {value}", problem.path),
        None => problem.path.clone(),
    }
}

/// What to write instead, or why nothing is to be written: a sentence without full stop.
pub fn remedy(problem: &Problem) -> String {
    match &problem.accepted {
        Some(reason) => format!("An exception accepts it: {}", reason.trim_end_matches('.')),
        None => problem.fix.clone(),
    }
}

/// `2 of them accepted by exceptions`, behind a comma; empty where there are none.
pub fn accepted(numbers: &Numbers) -> String {
    match numbers.accepted {
        0 => String::new(),
        1 => ", 1 of them accepted by an exception".to_owned(),
        number => format!(", {number} of them accepted by exceptions"),
    }
}

/// The commands, one a line, each with what it does as a comment.
pub fn script(commands: &[Command]) -> String {
    let mut lines = String::new();
    for command in commands {
        if !command.says.is_empty() {
            lines.push_str(&format!("# {}\n", command.says));
        }
        lines.push_str(&command.run);
        lines.push('\n');
    }
    lines
}
