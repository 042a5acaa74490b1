//! For workflows of GitHub Actions: commands that the runner turns into annotations beside the lines of a pull request.
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>

use std::io::{self, Write};

use crate::context::Context;
use crate::finding::Severity;
use crate::place::Place;
use crate::printable::printable;
use crate::report::Report;
use crate::words;

/// Writes a command for each entry, and the summary, which is no command.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let mut command = |name: &str, place: Option<&Place>, title: &str, text: &str| {
        let mut properties = Vec::new();
        if let Some(place) = place {
            let (start, end) = (place.start(), place.end());
            properties.push(format!("file={}", property(&context.base.path(&place.source.name))));
            properties.push(format!("line={}", start.line));
            properties.push(format!("endLine={}", end.line));
            properties.push(format!("col={}", start.column));
            // The runner refuses columns of a range of several lines.
            if start.line == end.line {
                properties.push(format!("endColumn={}", end.column));
            }
        }
        properties.push(format!("title={}", property(title)));
        writeln!(out, "::{name} {}::{}", properties.join(","), data(text))
    };
    for problem in &report.not_evaluated {
        let title = "isolation: not evaluated";
        command("error", problem.place.as_ref(), title, &words::sentences(&[&problem.what, &problem.help]))?;
    }
    for finding in &report.findings {
        let name = if finding.refuses() { "error" } else { "warning" };
        command(name, Some(&finding.location.place), &words::title(finding), &words::about(finding))?;
    }
    for problem in &report.problems {
        let name = if problem.severity == Severity::Deny { "error" } else { "warning" };
        let text = words::sentences(&[&problem.what, &problem.help]);
        command(name, Some(&problem.place), "isolation: exception", &text)?;
    }
    for note in &report.notes {
        command("notice", note.place.as_ref(), "isolation", &words::sentences(&[&note.what, &note.help]))?;
    }
    writeln!(out, "{}", report.summary())
}

/// The text after the last `::`, escaped so that nothing in it begins a line, and with it a command.
fn data(text: &str) -> String {
    // Nor moves a cursor in the job's log, nor turns the direction of writing in an annotation.
    let lines: Vec<_> = text.split('\n').map(printable).collect();
    lines.join("\n").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_a_manifest_holds_neither_begins_a_line_nor_moves_a_cursor() {
        assert_eq!(data("a\n::error::b\r50%"), "a%0A::error::b\\r50%25");
        assert_eq!(data("a\u{1b}[2J\u{202e}b\t"), "a\\u{1b}[2J\\u{202e}b\\t");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
