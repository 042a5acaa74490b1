//! Texts that are templates and not manifests.

use crate::problem::Problem;

/// Words that a template of Helm's begins with inside of its braces, or holds.
const WORDS: &[&str] = &[
    ".Values",
    ".Release",
    ".Chart",
    ".Capabilities",
    ".Files",
    "include ",
    "if ",
    "range ",
    "with ",
    "define ",
    "template ",
    "end",
    "toYaml",
];

/// Says of a template that it is one: nothing else that can be said of it helps.
pub(crate) fn explain(text: &str, problem: Problem) -> Problem {
    let is_template = text.split("{{").skip(1).any(|rest| {
        let inside = rest.split("}}").next().unwrap_or_default().trim_matches(['-', ' ']);
        WORDS.iter().any(|word| inside.starts_with(word) || (word.starts_with('.') && inside.contains(word)))
    });
    if !is_template {
        return problem;
    }
    Problem {
        what: format!("this is a Helm template that was not rendered ({})", problem.what),
        help: "Check the chart: `isolation check CHART` renders it".to_owned(),
        ..problem
    }
}
