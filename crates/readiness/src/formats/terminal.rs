//! For people at a terminal: the verdict, the steps in a line each, and what was not seen. Everything else is in the other
//! formats.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use isolation_report::printable;

use super::text;
use crate::document::{Readiness, State, VerdictState};
use crate::unseen::counted;

/// How many things that were not seen are listed.
const UNSEEN: usize = 8;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::Red.on_default();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Writes the short format, with escape sequences for colours.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let Readiness { cluster, verdict, numbers, .. } = document;
    let colour = match verdict.state {
        VerdictState::Isolated | VerdictState::Ready => GREEN,
        VerdictState::ReadyAfterChanges => YELLOW,
        VerdictState::NotYet => RED,
    }
    .bold();
    writeln!(out, "{BOLD}{}{BOLD:#}: {colour}{}{colour:#}", printable(&cluster.name), printable(&verdict.sentence))?;
    if !verdict.matters.is_empty() {
        writeln!(out, "\nWhat matters most")?;
    }
    for matter in &verdict.matters {
        let step = matter.step.map(|step| format!(" {DIM}(step {step}){DIM:#}")).unwrap_or_default();
        writeln!(out, "  - {}{step}", printable(&matter.title))?;
    }
    writeln!(out, "\nThe plan")?;
    let width = document.plan.iter().map(|step| step.title.chars().count()).max().unwrap_or_default();
    for step in &document.plan {
        let (sign, colour) = sign(step.state);
        let left = text::left(step);
        let space = width - step.title.chars().count();
        writeln!(
            out,
            "  {colour}{sign}{colour:#} {:>2}  {}{:space$}  {DIM}{left}{DIM:#}",
            step.number, step.title, ""
        )?;
    }
    progress(document, out)?;
    not_seen(document, out)?;
    let themes: Vec<String> = document
        .themes
        .iter()
        .filter(|theme| theme.breaks > 0)
        .map(|theme| format!("{} {}", theme.title.to_lowercase(), theme.breaks))
        .collect();
    let themes = if themes.is_empty() { String::new() } else { format!(" ({})", themes.join(", ")) };
    writeln!(
        out,
        "\n{}{themes} and {}{} in {} and {}",
        counted(numbers.breaks, "problem", "problems"),
        counted(numbers.warns, "warning", "warnings"),
        text::accepted(numbers),
        counted(numbers.objects, "object", "objects"),
        counted(numbers.namespaces, "namespace", "namespaces"),
    )
}

fn sign(state: State) -> (&'static str, Style) {
    match state {
        State::Done => ("✓", GREEN),
        State::Open => ("✗", YELLOW),
        State::Decide => ("✗", RED),
        State::Check => ("·", YELLOW),
        State::Unknown => ("?", RED),
        State::Later => ("·", DIM),
    }
}

fn progress(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let Some(progress) = &document.progress else { return Ok(()) };
    writeln!(out, "\nSince {}", printable(&progress.since))?;
    writeln!(
        out,
        "  {} fixed, {} new, {} gone or not read this time; {} of {} left",
        progress.mended.len(),
        progress.new.len(),
        progress.gone.len(),
        progress.now,
        progress.before
    )
}

fn not_seen(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nWhat it could not see ({})", document.not_seen.len())?;
    for unseen in document.not_seen.iter().take(UNSEEN) {
        let (sign, colour) = if unseen.decides { ("?", RED) } else { ("·", DIM) };
        writeln!(out, "  {colour}{sign}{colour:#} {}", printable(&unseen.what))?;
        if unseen.decides && !unseen.help.is_empty() {
            writeln!(out, "    {DIM}{}{DIM:#}", printable(&unseen.help))?;
        }
    }
    match document.not_seen.len().saturating_sub(UNSEEN) {
        0 => Ok(()),
        more => writeln!(out, "    and {more} more; --output markdown lists all"),
    }
}
