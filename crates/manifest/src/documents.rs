//! A text into objects.

use crate::node::Node;
use crate::object::{Object, Problem, objects};
use crate::{json, yaml};

/// What a text holds.
#[derive(Debug, Default)]
pub struct Read {
    /// The objects, in the order they are written, and the places where there is none.
    pub found: Vec<Result<Object, Problem>>,
}

/// Reads every document of a text: YAML, JSON, or several of them.
pub fn read(text: &str) -> Read {
    let mut found = Vec::new();
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = text.len() - body.len();
    if body.trim_start().starts_with('{') && !looks_like_flow_yaml(body) {
        read_json(body, offset, &mut found);
    } else {
        for (start, part) in parts(body) {
            match yaml::read(part, offset + start) {
                Ok(Some(node)) => objects(node, &mut found),
                Ok(None) => {}
                Err(problem) => found.push(Err(explain(part, problem))),
            }
        }
    }
    Read { found }
}

/// Reads a text that holds one value which need not be a Kubernetes object. `None` if there is nothing in it.
///
/// # Errors
///
/// What cannot be read, and where.
pub fn value(text: &str) -> Result<Option<Node>, Problem> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    yaml::read(body, text.len() - body.len())
}

/// A text that begins with a brace is JSON unless JSON cannot read it and YAML can.
fn looks_like_flow_yaml(body: &str) -> bool {
    json::read(body, 0).is_err() && parts(body).iter().all(|(start, part)| yaml::read(part, *start).is_ok())
}

fn read_json(body: &str, offset: usize, found: &mut Vec<Result<Object, Problem>>) {
    let mut at = 0;
    while !body[at..].trim().is_empty() {
        match json::read(&body[at..], offset + at) {
            Ok((node, length)) => {
                objects(node, found);
                at += length;
            }
            Err(problem) => return found.push(Err(explain(body, problem))),
        }
    }
}

/// The documents of a text and where each begins: as kubectl does it, a line that begins with `---` separates, so that a
/// document which cannot be read does not hide the next.
pub fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let rest = line.strip_prefix("---");
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r'])) && at > start {
            parts.push((start, &text[start..at]));
            start = at;
        }
        at += line.len();
    }
    parts.push((start, &text[start..]));
    parts
}

/// Says of a template that it is one: nothing else that can be said of it helps.
fn explain(text: &str, problem: Problem) -> Problem {
    const WORDS: &[&str] = &[
        ".Values",
        ".Release",
        ".Chart",
        "include ",
        "if ",
        "range ",
        "with ",
        "define ",
        "template ",
        "end",
        "toYaml",
    ];
    let is_template = text.split("{{").skip(1).any(|rest| {
        let inside = rest.split("}}").next().unwrap_or_default().trim_matches(['-', ' ']);
        WORDS.iter().any(|word| inside.starts_with(word) || (word.starts_with('.') && inside.contains(word)))
    });
    if !is_template {
        return problem;
    }
    Problem {
        what: format!("this is a Helm template that was not rendered ({})", problem.what),
        help: "Render the chart and check what comes out: `helm template CHART | isolation check -`".to_owned(),
        ..problem
    }
}
