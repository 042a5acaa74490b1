//! Rewrites single scalars of a YAML or JSON file in place: comments, layout and quotes stay as they are.
//!
//! A file that people keep is not parsed and printed again: only the bytes of the scalars that change are replaced. What was
//! written is then read back and compared with what was there, so that an unforeseen corner of YAML ends in an error and
//! never in a file that says something else.

mod edits;
mod in_json;
mod place;
mod scalar;
mod yaml;

use std::ops::Range;

use isolation_manifest::json;

pub use edits::edits;

/// One scalar that is to hold another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where the scalar is written, in bytes from the start of the file, as `isolation_manifest` gives it. Only the start
    /// counts. There is one edit for each place that is to change: several of the same scalar, if it has an anchor and they
    /// are its aliases. An alias may be named by itself, too.
    pub span: Range<usize>,
    /// The text that the scalar is to hold.
    pub value: String,
}

/// Why a file cannot be rewritten. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixError {
    /// The line that the problem stands in, from 1.
    pub line: usize,
    /// What is wrong: a clause.
    pub problem: String,
}

impl std::fmt::Display for FixError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for FixError {}

/// A problem in a part of the file.
struct Problem {
    offset: usize,
    what: String,
}

impl Problem {
    fn new(offset: usize, what: impl Into<String>) -> Self {
        Problem { offset, what: what.into() }
    }
}

/// A piece of a part and what is to stand there instead.
struct Replacement {
    span: Range<usize>,
    text: String,
}

/// The text of a YAML or JSON file with every edit made.
///
/// # Errors
///
/// A document that cannot be read, an edit that does not name a string, a value that cannot be written where it is to
/// stand, two edits that want different values in the same place, or a new text that would read differently than asked for.
pub fn rewrite(text: &str, edits: &[Edit]) -> Result<String, FixError> {
    let mut out = String::with_capacity(text.len() + 32 * edits.len());
    let mut made = 0;
    for (start, part) in parts(text) {
        let here = start..start + part.len();
        let within = edits.iter().filter(|edit| here.contains(&edit.span.start));
        let within: Vec<Edit> = within
            .map(|edit| Edit {
                span: edit.span.start - start..edit.span.end.saturating_sub(start),
                value: edit.value.clone(),
            })
            .collect();
        made += within.len();
        if within.is_empty() {
            out.push_str(part);
            continue;
        }
        out.push_str(
            &rewrite_part(part, &within).map_err(|problem| error(text, start + problem.offset, problem.what))?,
        );
    }
    if made < edits.len() {
        return Err(error(text, text.len(), "a change is asked for behind the end of the file".to_owned()));
    }
    Ok(out)
}

fn error(text: &str, offset: usize, problem: String) -> FixError {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    FixError { line: before.iter().filter(|byte| **byte == b'\n').count() + 1, problem }
}

/// The documents of a file and where each begins; together they are the whole text.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut at, mut rest) = (0, text);
    // JSON documents may follow each other with nothing between them.
    while rest.trim_start().starts_with('{') {
        let Ok((_, length)) = json::read(rest, 0) else { break };
        parts.push((at, &rest[..length]));
        at += length;
        rest = &rest[length..];
    }
    parts.extend(isolation_manifest::parts(rest).into_iter().map(|(start, part)| (at + start, part)));
    parts
}

fn rewrite_part(text: &str, edits: &[Edit]) -> Result<String, Problem> {
    match json::read(text, 0) {
        Ok((document, length)) if text.get(length..).unwrap_or_default().trim().is_empty() => {
            splice(text, in_json::replacements(&document, edits)?)
        }
        _ => yaml::rewrite(text, edits),
    }
}

/// The text with every replacement made.
fn splice(text: &str, mut replacements: Vec<Replacement>) -> Result<String, Problem> {
    replacements.sort_by(|a, b| (a.span.start, &a.text).cmp(&(b.span.start, &b.text)));
    replacements.dedup_by(|a, b| a.span == b.span && a.text == b.text);
    let mut out = String::with_capacity(text.len() + 32 * replacements.len());
    let mut at = 0;
    for replacement in &replacements {
        let Some(kept) = text.get(at..replacement.span.start) else {
            return Err(Problem::new(replacement.span.start, "the same string is to hold two different texts"));
        };
        out.push_str(kept);
        out.push_str(&replacement.text);
        at = replacement.span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Ok(out)
}

/// The difference between two texts of a file in the unified format of `diff -u`, which `patch` and `git apply` read; empty
/// if there is none.
pub fn unified_diff(name: &str, old: &str, new: &str) -> String {
    let diff = similar::TextDiff::from_lines(old, new);
    let (from, to) = (format!("a/{name}"), format!("b/{name}"));
    diff.unified_diff().context_radius(3).header(&from, &to).to_string()
}

#[cfg(test)]
mod tests;
