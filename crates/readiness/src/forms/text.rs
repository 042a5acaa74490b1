//! Words that several forms use.

use crate::document::{Command, Problem, Severity, State, Step, VerdictState};

/// What is left of a step, in a word or two.
pub fn left(step: &Step) -> String {
    match step.state {
        State::Done => "done".to_owned(),
        State::Open | State::Decide => match step.changes {
            1 => "1 change".to_owned(),
            number => format!("{number} changes"),
        },
        State::Check => "to be looked at".to_owned(),
        State::Unknown if step.changes > 0 => format!("{} changes, and not all was seen", step.changes),
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
        State::Check => "to be looked at",
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

/// What stands where: `spec.replicas = 3`
pub fn spot(problem: &Problem) -> String {
    match &problem.value {
        Some(value) => format!("{} = {value}", problem.path),
        None => problem.path.clone(),
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
