//! For people: what was found, printed as a compiler prints.

use std::io::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use anyhow::Result;

use crate::check::{Finding, NotEvaluated, Note, Place, Report, Severity};
use isolation_all_policies::page;

/// How much of a line is shown on either side of what is pointed at: manifests in JSON may be one line.
const WINDOW: usize = 120;

/// Prints the report and its summary.
pub fn print(report: &Report) -> Result<()> {
    let mut out = anstream::stdout().lock();
    let renderer = Renderer::styled();
    let mut blocks: Vec<(&str, usize, String)> = Vec::new();
    for problem in &report.not_evaluated {
        blocks.push((key(problem.place.as_ref()), start(problem.place.as_ref()), not_evaluated(&renderer, problem)));
    }
    for note in &report.notes {
        blocks.push((key(note.place.as_ref()), start(note.place.as_ref()), self::note(&renderer, note)));
    }
    for found in &report.findings {
        blocks.push((key(Some(&found.place)), start(Some(&found.place)), finding(&renderer, found)));
    }
    // In the order of the input, each file's own order within.
    let mut order: Vec<&str> = Vec::new();
    for (name, ..) in &blocks {
        if !order.contains(name) {
            order.push(name);
        }
    }
    order.sort_unstable();
    blocks.sort_by_key(|(name, start, _)| (order.binary_search(name).unwrap_or_default(), *start));
    for (.., text) in &blocks {
        writeln!(out, "{text}\n")?;
    }
    writeln!(out, "{}", summary(report))?;
    Ok(())
}

/// Prints what could not be evaluated, on standard error.
pub fn print_not_evaluated(report: &Report) -> Result<()> {
    let mut err = anstream::stderr().lock();
    for problem in &report.not_evaluated {
        writeln!(err, "{}\n", not_evaluated(&Renderer::styled(), problem))?;
    }
    Ok(())
}

fn key(place: Option<&Place>) -> &str {
    place.map_or("", |place| &place.source.name)
}

fn start(place: Option<&Place>) -> usize {
    place.map_or(0, |place| place.span.start)
}

/// The lines that a place covers (the first three of them, and of long ones what is near), the number of the first, and
/// the place within.
fn excerpt(place: &Place) -> (String, usize, std::ops::Range<usize>) {
    let text = &place.source.text;
    let begin = text[..place.span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let mut end = place.span.start;
    for _ in 0..3 {
        end = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
        if end >= place.span.end {
            break;
        }
    }
    let char_boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let stop = place.span.end.clamp(place.span.start, end);
    let begin = if place.span.start - begin > 2 * WINDOW { char_boundary(place.span.start - WINDOW) } else { begin };
    let end = if end - stop > 2 * WINDOW { char_boundary(stop + WINDOW) } else { end };
    let line = text[..begin].bytes().filter(|byte| *byte == b'\n').count() + 1;
    let excerpt = text[begin..end].trim_end_matches(['\n', '\r']);
    let within = |at: usize| (at - begin).min(excerpt.len());
    (excerpt.to_owned(), line, within(place.span.start)..within(stop.min(place.span.start + 2 * WINDOW)))
}

fn render(
    renderer: &Renderer,
    level: Level<'_>,
    id: Option<&str>,
    title: &str,
    place: Option<&Place>,
    notes: &[(Level<'_>, String)],
    label: &str,
) -> String {
    let title = level.primary_title(title);
    let title = match id {
        Some(id) => title.id(id),
        None => title,
    };
    let excerpt = place.map(|place| (excerpt(place), &place.source.name));
    let mut group = match &excerpt {
        Some(((text, line, span), name)) => {
            let annotation = AnnotationKind::Primary.span(span.clone()).label(label);
            title.element(Snippet::source(text.as_str()).line_start(*line).path(name.as_str()).annotation(annotation))
        }
        None => Group::with_title(title),
    };
    for (level, text) in notes {
        group = group.element(level.clone().message(text.as_str()));
    }
    renderer.render(&[group])
}

fn finding(renderer: &Renderer, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Deny => Level::ERROR,
        Severity::Warn => Level::WARNING,
    };
    let mut what = finding.what.clone();
    if finding.missing {
        what.insert_str(0, "not set: ");
    }
    let name = page(&finding.rule).map(|(_, page)| format!(" ({})", page.rule.name)).unwrap_or_default();
    let mut notes = vec![(Level::NOTE, format!("{}, judged by {}{name}", finding.subject(), finding.policy))];
    notes.extend(finding.notes.iter().map(|note| (Level::NOTE, note.clone())));
    if !finding.fix.is_empty() {
        notes.push((Level::HELP, finding.fix.clone()));
    }
    let id = Some(finding.rule.as_str()).filter(|rule| !rule.is_empty());
    render(renderer, level, id, &what, Some(&finding.place), &notes, &finding.path)
}

fn not_evaluated(renderer: &Renderer, problem: &NotEvaluated) -> String {
    render(renderer, Level::ERROR, None, &problem.what, problem.place.as_ref(), &help(&problem.help), "")
}

fn note(renderer: &Renderer, note: &Note) -> String {
    render(renderer, Level::NOTE, None, &note.what, note.place.as_ref(), &help(&note.help), "")
}

fn help(text: &str) -> Vec<(Level<'static>, String)> {
    if text.is_empty() { Vec::new() } else { vec![(Level::HELP, text.to_owned())] }
}

/// One line that says all: what was judged and what came of it.
fn summary(report: &Report) -> String {
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let denials = report.findings.iter().filter(|finding| finding.severity == Severity::Deny).count();
    let warnings = report.findings.len() - denials;
    let mut parts = vec![count(denials, "violation", "violations")];
    if warnings > 0 {
        parts.push(count(warnings, "warning", "warnings"));
    }
    if !report.not_evaluated.is_empty() {
        parts.push(format!("{} not evaluated", report.not_evaluated.len()));
    }
    let policies = match report.policies.len() {
        0 if report.objects == 0 => String::new(),
        0 => ", no policy has rules for any of them".to_owned(),
        number => format!(", judged by {}", count(number, "policy", "policies")),
    };
    format!(
        "{} in {} from {}{policies}",
        parts.join(", "),
        count(report.objects, "object", "objects"),
        count(report.sources, "file", "files"),
    )
}
