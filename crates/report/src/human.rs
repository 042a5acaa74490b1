//! For people: findings in the form of a compiler's messages.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::context::Context;
use crate::finding::{Finding, Severity};
use crate::place::Place;
use crate::printable::{is_harmful, printable};
use crate::report::{NotEvaluated, Note, Problem, Report, Skipped};
use crate::source::{Position, Source};
use crate::words;

/// How much of a line is shown on either side of what is pointed at: manifests in JSON may be one line.
const WINDOW: usize = 120;

/// How many lines of a place are shown.
const LINES: usize = 3;

/// Of how many findings on they are counted by rule as well.
const LONG: usize = 20;

/// How many entries at one place are looked through for what another policy says in the same words.
const NEAR: usize = 16;

/// How many findings are drawn before they are written.
const DRAWN: usize = 2_000;

/// Writes the report and its summary, with escape sequences if the context wants colours.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    write_drawn_by(&|range, draw| range.map(draw).collect(), report, context, out)
}

/// What draws the entries of these numbers with a function for one; in parallel, if it likes.
pub type Draw<'d> = &'d dyn Fn(Range<usize>, &(dyn Fn(usize) -> String + Sync)) -> Vec<String>;

/// The same, for those who have several cores to draw on.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write_drawn_by(draw: Draw<'_>, report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if context.colours { Renderer::styled() } else { Renderer::plain() };
    let links = Some(context).filter(|context| context.colours && context.hyperlinks);
    let printer = Printer { renderer, is_plain: !context.colours, context: links };
    let entries = in_order(report);
    let entry = |number: usize| entries.get(number).map(|entry| entry.render(&printer)).unwrap_or_default();
    for from in (0..entries.len()).step_by(DRAWN) {
        for text in draw(from..entries.len().min(from + DRAWN), &entry) {
            writeln!(out, "{text}\n")?;
        }
    }
    if report.findings.len() > LONG {
        by_rule(report, out)?;
    }
    if !report.gone.is_empty() {
        writeln!(out, "In the baseline, but no longer found (--write-baseline drops them):")?;
        for gone in &report.gone {
            writeln!(out, "  {}", printable(gone))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", report.summary())?;
    fixable(report, out)
}

/// Writes how many of the findings `--fix` writes away: at most so many, where nobody has worked out which changes can be made.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn fixable(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let changes = report.findings.iter().filter_map(Finding::change);
    let changes: Vec<_> = changes.filter(|change| !report.is_located || change.edit.is_some()).collect();
    let safe = changes.iter().filter(|change| change.safe).count();
    let up_to = if report.is_located { "" } else { "up to " };
    match (safe, changes.len() - safe) {
        (0, 0) => Ok(()),
        (safe, 0) => writeln!(out, "{up_to}{safe} fixable with --fix"),
        (0, more) => writeln!(out, "{up_to}{more} fixable with --fix --unsafe-fixes (--diff shows them)"),
        (safe, more) => {
            writeln!(out, "{up_to}{safe} fixable with --fix, {more} more with --unsafe-fixes (--diff shows them)")
        }
    }
}

/// Writes the skipped paths, one per line, and the kinds that no policy has judged.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write_skipped(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for Skipped { name, why, .. } in &report.skipped {
        writeln!(out, "skipped: {}: {}", printable(name), printable(why))?;
    }
    for (kind, count) in &report.unjudged {
        writeln!(out, "no policy has rules for: {} ({count})", printable(kind))?;
    }
    Ok(())
}

/// Writes what could not be evaluated, and nothing else.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write_not_evaluated(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_entries(report.not_evaluated.iter().map(Entry::NotEvaluated), out)
}

/// Writes notes, and nothing else.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write_notes(notes: &[Note], out: &mut dyn Write) -> io::Result<()> {
    write_entries(notes.iter().map(Entry::Note), out)
}

fn write_entries<'r>(entries: impl Iterator<Item = Entry<'r>>, out: &mut dyn Write) -> io::Result<()> {
    let printer = Printer { renderer: Renderer::styled(), is_plain: false, context: None };
    for entry in entries {
        writeln!(out, "{}\n", entry.render(&printer))?;
    }
    Ok(())
}

/// How entries are printed.
struct Printer<'c> {
    renderer: Renderer,
    /// Whether the renderer writes no escape sequences.
    is_plain: bool,
    /// Where ids lead to, on a terminal that makes links.
    context: Option<&'c Context>,
}

/// The table by rule, most frequent first.
fn by_rule(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
    for finding in &report.findings {
        let (violations, warnings) = counts.entry(words::title(finding)).or_default();
        *(if finding.refuses() { violations } else { warnings }) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(name, count), (other, more)| more.cmp(count).then_with(|| name.cmp(other)));
    let width = counts.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    writeln!(out, "{:width$}  violations  warnings", "By rule")?;
    for (name, (violations, warnings)) in counts {
        writeln!(out, "{name:width$}  {violations:>10}  {warnings:>8}")?;
    }
    writeln!(out)
}

/// What is printed as one block.
enum Entry<'r> {
    NotEvaluated(&'r NotEvaluated),
    Note(&'r Note),
    /// With the same finding of other policies, each of which counts.
    Finding(&'r Finding, Vec<&'r Finding>),
    Problem(&'r Problem),
}

/// What has no place, then what stands in the configuration and the policies, then the files in the order of the input; in
/// each file from top to bottom.
fn in_order(report: &Report) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    entries.extend(report.not_evaluated.iter().map(Entry::NotEvaluated));
    entries.extend(report.notes.iter().map(Entry::Note));
    entries.extend(report.findings.iter().map(|finding| Entry::Finding(finding, Vec::new())));
    entries.extend(report.problems.iter().map(Entry::Problem));

    let inputs: HashMap<*const Source, usize> =
        report.sources.iter().enumerate().map(|(index, source)| (Arc::as_ptr(source), index)).collect();
    let mut others: HashMap<*const Source, usize> = HashMap::new();
    let mut key = |entry: &Entry<'_>| {
        let Some(place) = entry.place() else { return (0, 0, 0) };
        let source = Arc::as_ptr(&place.source);
        match inputs.get(&source) {
            Some(index) => (2, *index, place.span.start),
            None => {
                let next = others.len();
                (1, *others.entry(source).or_insert(next), place.span.start)
            }
        }
    };
    let mut keyed: Vec<_> = entries.into_iter().map(|entry| (key(&entry), entry)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    let mut joined: Vec<((usize, usize, usize), Entry<'_>)> = Vec::with_capacity(keyed.len());
    for (key, entry) in keyed {
        if let Entry::Finding(finding, _) = entry {
            let near = joined.iter_mut().rev().take(NEAR).take_while(|(other, _)| *other == key);
            let same = near.into_iter().find_map(|(_, entry)| match entry {
                Entry::Finding(first, more) if more.iter().chain([&*first]).all(|other| is_same(other, finding)) => {
                    Some(more)
                }
                _ => None,
            });
            if let Some(more) = same {
                more.push(finding);
                continue;
            }
        }
        joined.push((key, entry));
    }
    joined.into_iter().map(|(_, entry)| entry).collect()
}

/// Whether two policies say the same of the same field: a rule that all of them have, or one policy that is deployed twice.
fn is_same(a: &Finding, b: &Finding) -> bool {
    let fix = |finding: &Finding| finding.fix.as_ref().map(|fix| fix.text.clone());
    a.policy != b.policy
        && (&a.rule, a.severity, a.missing, &a.what) == (&b.rule, b.severity, b.missing, &b.what)
        && (&a.location.path, &a.object, &a.value) == (&b.location.path, &b.object, &b.value)
        && a.location.place.span == b.location.place.span
        && a.notes == b.notes
        && fix(a) == fix(b)
}

impl<'r> Entry<'r> {
    fn place(&self) -> Option<&'r Place> {
        match self {
            Entry::NotEvaluated(problem) => problem.place.as_ref(),
            Entry::Note(note) => note.place.as_ref(),
            Entry::Finding(finding, _) => Some(&finding.location.place),
            Entry::Problem(problem) => Some(&problem.place),
        }
    }

    fn render(&self, printer: &Printer<'_>) -> String {
        match self {
            Entry::NotEvaluated(NotEvaluated { what, help, .. }) => self.print(printer, Level::ERROR, what, None, help),
            Entry::Note(Note { what, help, .. }) => self.print(printer, Level::NOTE, what, None, help),
            Entry::Problem(Problem { severity, what, help, .. }) => {
                self.print(printer, level(*severity), what, None, help)
            }
            Entry::Finding(finding, more) => {
                let not_set = if finding.missing { "not set: " } else { "" };
                let what = format!("{not_set}{}", finding.what);
                let fix = finding.fix.as_ref().map_or("", |fix| &fix.text);
                self.print(printer, level(finding.severity), &what, Some((finding, more)), fix)
            }
        }
    }

    fn print(
        &self,
        printer: &Printer<'_>,
        level: Level<'_>,
        what: &str,
        found: Option<(&Finding, &[&Finding])>,
        help: &str,
    ) -> String {
        let finding = found.map(|(finding, _)| finding);
        let what = printable(what);
        let help = printable(help);
        let title = level.primary_title(what.as_ref());
        let title = match finding.and_then(|finding| finding.rule.as_ref()) {
            Some(rule) => match printer.context.and_then(|context| context.rules.get(&rule.id)) {
                Some(known) => title.id(rule.id.as_str()).id_url(known.url()),
                None => title.id(rule.id.as_str()),
            },
            None => title,
        };
        let label = printable(finding.map_or("", |finding| &finding.location.path));
        let excerpt = self.place().map(|place| (Excerpt::of(place), place, printable(&place.source.name)));
        let mut group = match &excerpt {
            Some((excerpt, place, name)) => {
                let annotation = AnnotationKind::Primary.span(excerpt.span.clone()).label(label.as_ref());
                let snippet = Snippet::source(excerpt.text).line_start(excerpt.line).annotation(annotation);
                if excerpt.is_cut {
                    // The column is that of the file, not of the part that is shown.
                    let Position { line, column } = place.start();
                    title.element(Origin::path(name.as_ref()).line(line).char_column(column)).element(snippet)
                } else {
                    title.element(snippet.path(name.as_ref()))
                }
            }
            None => Group::with_title(title),
        };
        let judged = found.map(|(finding, more)| judged(finding, more));
        let notes = judged.iter().chain(finding.iter().flat_map(|finding| &finding.notes));
        let notes: Vec<_> = notes.map(|note| printable(note)).collect();
        for note in &notes {
            group = group.element(Level::NOTE.message(note.as_ref()));
        }
        if !help.is_empty() {
            group = group.element(Level::HELP.message(help.as_ref()));
        }
        seen(printer.renderer.render(&[group]), printer.is_plain)
    }
}

/// What is printed of a source without what nobody sees: the renderer shows signs in place of control characters and of those that
/// turn the direction of writing, but not of others, such as blanks without width.
fn seen(text: String, is_plain: bool) -> String {
    let is_hidden = |c: char| is_harmful(c) && c != '\n' && (is_plain || c != '\u{1b}');
    if text.bytes().all(|byte| matches!(byte, b'\n' | 0x20..=0x7e)) {
        return text;
    }
    if text.contains(is_hidden) { text.replace(is_hidden, "\u{fffd}") } else { text }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Deny => Level::ERROR,
        Severity::Warn => Level::WARNING,
    }
}

/// `Deployment shop/web, judged by private-images (public-registry)`
fn judged(finding: &Finding, more: &[&Finding]) -> String {
    let rule = finding.rule.as_ref().and_then(|rule| rule.name).map(|name| format!(" ({name})")).unwrap_or_default();
    let more: String = more.iter().map(|other| format!(" and {}", other.policy)).collect();
    let each = if more.is_empty() { "" } else { "; each of them counts it" };
    format!("{}, judged by {}{more}{rule}{each}", finding.object, finding.policy)
}

/// The lines that a place covers: the first few of them, and of long ones what is near.
struct Excerpt<'s> {
    text: &'s str,
    /// The number of the first line.
    line: usize,
    /// The place within the text.
    span: Range<usize>,
    /// Whether the text begins within a line.
    is_cut: bool,
}

impl<'s> Excerpt<'s> {
    fn of(place: &'s Place) -> Self {
        let text = place.source.text.as_str();
        let span = place.span.start.min(text.len())..place.span.end.min(text.len());
        let line_start = place.source.line_start(span.start);
        let near = text.floor_char_boundary(span.start.saturating_sub(WINDOW));
        let begin = if span.start - line_start > 2 * WINDOW { near } else { line_start };

        // A document in a string can be one line of a megabyte, and a place for each of many findings.
        let stop = text.floor_char_boundary(span.end.min(span.start + 2 * WINDOW));
        let mut end = span.start;
        for _ in 0..LINES {
            end = line_end(text, end, stop);
            if end >= stop {
                break;
            }
        }
        let stop = stop.clamp(span.start, end);
        let end = if end - stop > 2 * WINDOW { text.floor_char_boundary(stop + WINDOW) } else { end };
        let excerpt = text.get(begin..end).unwrap_or_default().trim_end_matches(['\n', '\r']);
        // What is cut out of the middle of a long place may end within a character, and the renderer takes no such place.
        let within = |at: usize| excerpt.floor_char_boundary(at - begin);
        let span = within(span.start)..within(stop);
        Excerpt { text: excerpt, line: place.source.position(begin).line, span, is_cut: begin != line_start }
    }
}

/// Where the line at `from` ends, with its line break; of a line that goes on far behind `until` only so much is read as
/// tells that it does.
fn line_end(text: &str, from: usize, until: usize) -> usize {
    let far = text.floor_char_boundary(until.saturating_add(3 * WINDOW));
    let rest = text.get(from..far.max(from)).unwrap_or_default();
    rest.find('\n').map_or(far.max(from), |newline| from + newline + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the renderer is given is what it reads, once for each finding.
    #[test]
    fn however_long_a_place_is_as_much_of_it_is_drawn() {
        for text in ["x".repeat(1_000_000), "é\n".repeat(200_000), format!("{}\n", "x".repeat(200)).repeat(1_000)] {
            for start in [0, text.len() / 2] {
                let place = Place::new(&Arc::new(Source::new("a.yaml", text.as_str())), start..text.len());
                let excerpt = Excerpt::of(&place);
                assert!(excerpt.text.len() <= 8 * WINDOW, "{}", excerpt.text.len());
                assert!((4..=2 * WINDOW).contains(&excerpt.span.len()), "{:?}", excerpt.span);
            }
        }
    }
}
