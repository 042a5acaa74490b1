//! For a comment on a pull request or a job's summary: one table, in the Markdown that GitHub, GitLab and Azure DevOps have in
//! common.

use std::io::{self, Write};

use crate::context::Context;
use crate::finding::{Finding, Severity};
use crate::place::Place;
use crate::printable::{is_harmful, printable};
use crate::report::Report;
use crate::words;

/// How many bytes of rows are written. GitHub takes comments of 65,536 characters and summaries of a mebibyte; of what is
/// left out the number is told.
const ROWS: usize = 56 * 1024;

const VIOLATION: &str = "**violation**";
const WARNING: &str = "warning";

/// Writes the report.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### Network isolation\n\n{}", text(&format!("{}.", report.summary())))?;
    let mut rows: Vec<String> = Vec::new();
    for problem in &report.not_evaluated {
        let subject = problem.place.as_ref().map_or_else(|| text(&problem.subject), |place| link(place, context));
        rows.push(row("not evaluated", "", &subject, "", &text(&words::sentences(&[&problem.what, &problem.help]))));
    }
    rows.extend(report.findings.iter().map(|finding| finding_row(finding, context)));
    rows.extend(report.problems.iter().map(|problem| {
        let level = if problem.severity == Severity::Deny { VIOLATION } else { WARNING };
        let what = text(&words::sentences(&[&problem.what, &problem.help]));
        row(level, "", &link(&problem.place, context), "", &what)
    }));
    if !rows.is_empty() {
        writeln!(out, "\n| | Rule | Where | Object and field | What is wrong, and what to write instead |")?;
        writeln!(out, "| --- | --- | --- | --- | --- |")?;
    }
    let mut written = 0;
    let mut left = rows.len();
    for row in &rows {
        written += row.len();
        if written > ROWS {
            break;
        }
        writeln!(out, "{row}")?;
        left -= 1;
    }
    if left > 0 {
        writeln!(out, "\nAnd {left} more; see the log.")?;
    }
    if !report.gone.is_empty() {
        writeln!(out, "\nIn the baseline, but no longer found (`--write-baseline` drops them):\n")?;
        for gone in &report.gone {
            writeln!(out, "- {}", code(gone))?;
        }
    }
    for note in &report.notes {
        writeln!(out, "\n> **Note:** {}", text(&words::sentences(&[&note.what, &note.help])))?;
    }
    Ok(())
}

fn finding_row(finding: &Finding, context: &Context) -> String {
    let level = if finding.refuses() { VIOLATION } else { WARNING };
    let title = text(&words::title(finding));
    let known = finding.rule.as_ref().and_then(|rule| context.rules.get(&rule.id));
    let rule = known.map_or(title.clone(), |rule| format!("[{title}]({})", rule.url()));
    let path = &finding.location.path;
    let field = if path.is_empty() { String::new() } else { format!("<br>{}", code(path)) };
    let object = format!("{}{field}", text(&finding.object.to_string()));
    row(level, &rule, &link(&finding.location.place, context), &object, &text(&words::message(finding)))
}

fn row(level: &str, rule: &str, place: &str, object: &str, what: &str) -> String {
    format!("| {level} | {rule} | {place} | {object} | {what} |")
}

fn link(place: &Place, context: &Context) -> String {
    code(&format!("{}:{}", context.base.path(&place.source.name), place.start().line))
}

/// A code span in a cell.
fn code(text: &str) -> String {
    let text = printable(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 { " " } else { "" };
    // In a table a bar ends the cell even in a code span.
    format!("{fence}{blank}{}{blank}{fence}", text.replace('|', "\\|"))
}

/// A text that means nothing but itself: no markup, no HTML, no mention of anybody.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br>"),
            c if is_harmful(c) => out.push_str(&printable(c.encode_utf8(&mut [0; 4]))),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A mention is looked for in what is rendered, so no escape helps; a tag between the sign and the name does.
            '@' => out.push_str("<span>@</span>"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{code, text};

    #[test]
    fn what_a_manifest_holds_is_no_markup() {
        assert_eq!(text("a|b <img> @octocat *x*\n# h"), "a\\|b &lt;img&gt; <span>@</span>octocat \\*x\\*<br>\\# h");
        assert_eq!(text("a\u{202e}b\u{1b}"), "a\\u{202e}b\\u{1b}");
        assert_eq!(code("a\u{202e}b\n"), "`a\\u{202e}b\\n`");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
