//! `isolation test --bless`: what was found, written into a test, of which nothing else changes.

use isolation_report::{Finding, Severity};
use serde_json::Value;

/// What of a test is written anew: its `expect`, with a line for each finding of the old one that is still right.
pub struct Blessing<'a> {
    /// The test.
    pub text: &'a str,
    /// Where its key `expect` begins, if it has one.
    pub expect: Option<usize>,
    /// For each line of its findings, whether there is such a finding.
    pub still: &'a [bool],
    /// Whether the object is accepted.
    pub accepted: bool,
    /// What was found.
    pub findings: &'a [Finding],
    /// What of it no line is about.
    pub new: &'a [&'a Finding],
}

impl Blessing<'_> {
    /// The test with what was found: at first with as much of the old lines and comments as can be kept, then with less. The
    /// first that reads as it is meant is the right one.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        let (before, section, after) = self.parts();
        let end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let old: Vec<&str> = section.lines().collect();
        let comments = old.iter().map(|line| commented(line).1.trim()).filter(|comment| !comment.is_empty());
        let whole: Vec<String> = comments.map(str::to_owned).chain(self.section()).collect();
        [self.kept(&old), Some(whole)].into_iter().flatten().map(move |lines| {
            let mut text = before.to_owned();
            if !before.trim_start_matches('\u{feff}').is_empty() && !before.ends_with('\n') {
                text.push_str(end);
            }
            for line in lines {
                text.push_str(&line);
                text.push_str(end);
            }
            text + after
        })
    }

    /// The text before `expect`, its lines, and the text behind them. Blank lines and comments at its end belong to what is
    /// behind it.
    fn parts(&self) -> (&str, &str, &str) {
        let start = self.expect.map_or(self.text.len(), |at| {
            // A byte order mark is no part of the first line.
            let first = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(first, |before| before + 1)
        });
        let (before, rest) = self.text.split_at_checked(start).unwrap_or((self.text, ""));
        let (mut end, mut at) = (0, 0);
        for (index, line) in rest.split_inclusive('\n').enumerate() {
            if index > 0 && !line.starts_with([' ', '\t', '#', '\r', '\n', '}', ']']) {
                break;
            }
            at += line.len();
            if index == 0 || !line.starts_with(['#', '\r', '\n']) {
                end = at;
            }
        }
        let (section, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        (before, section, after)
    }

    fn section(&self) -> Vec<String> {
        let mut lines = vec!["expect:".to_owned(), format!("  accepted: {}", self.accepted)];
        if !self.findings.is_empty() {
            lines.push("  findings:".to_owned());
            lines.extend(self.findings.iter().map(|finding| format!("    - {}", quoted(&line(finding)))));
        }
        lines
    }

    /// The old lines, each changed as little as it must be; `None` where they are not written line by line.
    fn kept(&self, old: &[&str]) -> Option<Vec<String>> {
        let (first, rest) = old.split_first()?;
        let (head, comment) = commented(first);
        if head != "expect:" {
            return None;
        }
        let mut lines = vec![format!("{head}{comment}")];
        let mut still = self.still.iter();
        let (mut indent, mut item_indent) = ("  ".to_owned(), None);
        let (mut list, mut behind) = (None, None);
        let mut has_items = false;
        for line in rest {
            let (content, comment) = commented(line);
            let word = content.trim_start();
            let margin = content.get(..content.len() - word.len())?;
            if word.is_empty() {
                lines.push((*line).to_owned());
            } else if word.starts_with("accepted:") {
                indent = margin.to_owned();
                lines.push(format!("{margin}accepted: {}{comment}", self.accepted));
                behind = Some(lines.len());
            } else if matches!(word, "findings:" | "findings: []") {
                list = Some(lines.len());
                lines.push(format!("{margin}findings:{comment}"));
                behind = Some(lines.len());
            } else if word.starts_with("- ") && list.is_some() {
                item_indent.get_or_insert_with(|| margin.to_owned());
                if *still.next()? {
                    lines.push((*line).to_owned());
                    has_items = true;
                    behind = Some(lines.len());
                }
            } else {
                return None;
            }
        }
        if still.next().is_some() {
            return None;
        }
        let mut at = behind?;
        if !self.new.is_empty() && list.is_none() {
            lines.insert(at, format!("{indent}findings:"));
            at += 1;
        }
        let margin = item_indent.unwrap_or_else(|| format!("{indent}  "));
        for finding in self.new {
            lines.insert(at, format!("{margin}- {}", quoted(&line(finding))));
            at += 1;
        }
        if let Some(list) = list.filter(|_| self.new.is_empty() && !has_items) {
            // Whoever wrote a comment there keeps it.
            let (_, comment) = commented(lines.get(list)?);
            let comment = comment.trim_start().to_owned();
            if comment.is_empty() {
                lines.remove(list);
            } else if let Some(line) = lines.get_mut(list) {
                *line = format!("{indent}{comment}");
            }
        }
        Some(lines)
    }
}

/// A line without its comment, and the comment with the blanks before it. Whether a `#` is in quotes is not asked: what comes of
/// the line is read again before it is written.
fn commented(line: &str) -> (&str, &str) {
    let word = line.trim_start();
    let at = if word.starts_with('#') { Some(line.len() - word.len()) } else { line.find(" #") };
    let (content, comment) = line.split_at_checked(at.unwrap_or(line.len())).unwrap_or((line, ""));
    let content = content.trim_end();
    line.get(content.len()..).filter(|_| !comment.is_empty()).map_or((content, ""), |comment| (content, comment))
}

/// A line as YAML reads it back as a text.
fn quoted(line: &str) -> String {
    let plain = !line.contains(": ") && !line.contains(" #") && !line.contains(['"', '\\']);
    if plain { line.to_owned() } else { Value::from(line).to_string() }
}

/// What a finding is called in a test.
pub fn line(finding: &Finding) -> String {
    let rule = finding.rule.as_ref().map_or(finding.policy.as_str(), |rule| rule.id.as_str());
    let severity = if finding.severity == Severity::Deny { "deny" } else { "warn" };
    let path = if finding.location.path.is_empty() { "(the object)" } else { &finding.location.path };
    format!("{rule} {severity} {path}")
}
