//! YAML documents, read as events with positions.

use std::collections::BTreeMap;
use std::ops::Range;

use isolation_manifest::{Data, Node};
use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::place::{header_start, text_span};
use crate::scalar::{is_printable_line, written};
use crate::{Edit, Problem, Replacement, splice};

/// An event of a document and where it is written, in bytes.
pub struct Seen<'t> {
    pub event: Event<'t>,
    pub span: Range<usize>,
}

/// Rewrites a YAML document.
pub fn rewrite(text: &str, edits: &[Edit]) -> Result<String, Problem> {
    let before = tree(text)?;
    let events = read(text)?;
    let (wanted, places) = wanted(text, &events, edits)?;
    // A scalar may stand for several places. Either all of them change with it, or its aliases are written out: the right
    // way is the one in which as many places change as edits ask for.
    for aliases in [Aliases::Follow, Aliases::WrittenOut] {
        let wanted = settled(&events, &wanted, aliases);
        let new = written_out(text, &events, &wanted)?;
        check(&events, &wanted, &new)?;
        if changed(&before, &tree(&new)?) == Some(places) {
            return Ok(new);
        }
    }
    let start = edits.iter().map(|edit| edit.span.start).min().unwrap_or_default();
    let problem = "an anchor stands for several places, only some of which are to change; write their texts out";
    Err(Problem::new(start, problem))
}

/// The document as people read it, with its aliases and merges resolved.
fn tree(text: &str) -> Result<Node, Problem> {
    match isolation_manifest::value(text) {
        Ok(Some(node)) => Ok(node),
        Ok(None) => Err(Problem::new(0, "the document is empty")),
        Err(problem) => Err(Problem::new(problem.span.start, problem.what)),
    }
}

/// How many strings differ between two documents; `None` if anything else does.
fn changed(before: &Node, after: &Node) -> Option<usize> {
    match (&before.data, &after.data) {
        (Data::String(old), Data::String(new)) => Some(usize::from(old != new)),
        (Data::List(old), Data::List(new)) if old.len() == new.len() => {
            old.iter().zip(new).map(|(old, new)| changed(old, new)).sum()
        }
        (Data::Object(old), Data::Object(new)) if old.len() == new.len() => {
            old.iter().zip(new).map(|(old, new)| if old.0 == new.0 { changed(&old.1, &new.1) } else { None }).sum()
        }
        (old, new) => (old == new).then_some(0),
    }
}

/// The text with every scalar written as wanted.
fn written_out(text: &str, events: &[Seen<'_>], wanted: &[Option<String>]) -> Result<String, Problem> {
    let changes = events.iter().zip(wanted).filter_map(|(seen, value)| Some((seen, value.as_deref()?)));
    let replacements = changes
        .map(|(seen, value)| {
            let unwritable = || Problem::new(seen.span.start, "the new text cannot be written in this place");
            replacement(text, seen, value).ok_or_else(unwritable)
        })
        .collect::<Result<Vec<_>, _>>()?;
    splice(text, replacements)
}

fn read(text: &str) -> Result<Vec<Seen<'_>>, Problem> {
    let offsets = Offsets::of(text);
    let mut events = Vec::new();
    for item in Parser::new_from_str(text) {
        let (event, span) = item.map_err(|error| {
            Problem::new(offsets.byte(error.marker().index()), format!("not YAML: {}", error.info()))
        })?;
        let span = offsets.byte(span.start.index())..offsets.byte(span.end.index());
        events.push(Seen { event, span });
    }
    Ok(events)
}

/// From the parser's positions, which count characters, to bytes.
struct Offsets {
    /// Where each character starts; empty where all of them are of one byte.
    starts: Vec<usize>,
    end: usize,
}

impl Offsets {
    fn of(text: &str) -> Self {
        let starts = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Offsets { starts, end: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        if self.starts.is_empty() {
            return character.min(self.end);
        }
        self.starts.get(character).copied().unwrap_or(self.end)
    }
}

/// For every event, the text that it is to hold instead of its own; and how many places that changes.
fn wanted(text: &str, events: &[Seen<'_>], edits: &[Edit]) -> Result<(Vec<Option<String>>, usize), Problem> {
    let mut wanted: Vec<Option<String>> = vec![None; events.len()];
    let mut places = 0;
    let names = names(text, events);
    let anchored = anchored(events);
    for edit in edits {
        let start = edit.span.start;
        let Some(&at) = names.get(&start) else { return Err(Problem::new(start, "no string begins here")) };
        if wanted[at].as_ref().is_some_and(|other| *other != edit.value) {
            return Err(Problem::new(start, "the same string is to hold two different texts"));
        }
        let old = match &events[at].event {
            Event::Alias(anchor) => anchored.get(anchor).map(|(_, old)| *old),
            Event::Scalar(old, ..) => Some(old.as_ref()),
            _ => None,
        };
        if old.is_some_and(|old| old != edit.value) {
            wanted[at] = Some(edit.value.clone());
            places += 1;
        }
    }
    Ok((wanted, places))
}

/// By what starts a scalar or alias may be named: by its own, or by that of its text or header behind anchor and tag.
fn names(text: &str, events: &[Seen<'_>]) -> BTreeMap<usize, usize> {
    let mut names = BTreeMap::new();
    for (at, seen) in events.iter().enumerate() {
        match &seen.event {
            Event::Alias(_) => {
                names.insert(seen.span.start, at);
            }
            Event::Scalar(old, style, ..) if !seen.span.is_empty() => {
                let text_start = text_span(text, &seen.span, *style, old).map(|span| span.start);
                let starts = [Some(seen.span.start), text_start, header_start(text, &seen.span, *style)];
                names.extend(starts.into_iter().flatten().map(|start| (start, at)));
            }
            _ => {}
        }
    }
    names
}

/// What becomes of an alias whose scalar changes and which no edit names.
#[derive(Clone, Copy, PartialEq)]
enum Aliases {
    /// It stays and stands for the new text.
    Follow,
    /// It gives way to the old text.
    WrittenOut,
}

/// The wanted texts with those of the aliases: one that is to hold what its scalar will hold stays as it is.
fn settled(events: &[Seen<'_>], wanted: &[Option<String>], aliases: Aliases) -> Vec<Option<String>> {
    let anchored = anchored(events);
    let settle = |(seen, own): (&Seen<'_>, &Option<String>)| {
        let Event::Alias(anchor) = &seen.event else { return own.clone() };
        match (own, anchored.get(anchor)) {
            (Some(own), Some((scalar, _))) if wanted[*scalar].as_ref() == Some(own) => None,
            (None, Some((scalar, old))) if wanted[*scalar].is_some() && aliases == Aliases::WrittenOut => {
                Some((*old).to_owned())
            }
            (own, _) => own.clone(),
        }
    };
    events.iter().zip(wanted).map(settle).collect()
}

/// The scalars that have an anchor: its number, and the position and text of the scalar.
fn anchored<'e>(events: &'e [Seen<'_>]) -> BTreeMap<usize, (usize, &'e str)> {
    let scalars = events.iter().enumerate().filter_map(|(at, seen)| match &seen.event {
        Event::Scalar(text, _, anchor, _) if *anchor != 0 => Some((*anchor, (at, text.as_ref()))),
        _ => None,
    });
    scalars.collect()
}

fn replacement(text: &str, seen: &Seen<'_>, value: &str) -> Option<Replacement> {
    match &seen.event {
        Event::Alias(_) => Some(Replacement { span: seen.span.clone(), text: written(value, ScalarStyle::Plain) }),
        Event::Scalar(old, style, ..) => {
            let span = text_span(text, &seen.span, *style, old)?;
            if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                return Some(Replacement { span, text: written(value, *style) });
            }
            // The header says how a block is read, so one line stands for another; the line break at the end of the value,
            // if it has one, is the one that stays.
            let breaks = old.len() - old.trim_end_matches('\n').len();
            let line = value.get(..value.len().checked_sub(breaks)?)?;
            is_printable_line(line).then(|| Replacement { span, text: line.to_owned() })
        }
        _ => None,
    }
}

/// Whether the new text reads as the old one but for what was asked for.
fn check(old: &[Seen<'_>], wanted: &[Option<String>], new_text: &str) -> Result<(), Problem> {
    let failed = |offset| Problem::new(offset, "the file would read differently than asked for");
    let new = read(new_text).map_err(|_| failed(0))?;
    if new.len() != old.len() {
        return Err(failed(0));
    }
    for ((before, after), wanted) in old.iter().zip(&new).zip(wanted) {
        let same = match (&before.event, &after.event, wanted) {
            (Event::Scalar(_, _, anchor, tag), Event::Scalar(value, _, new_anchor, new_tag), Some(wanted)) => {
                value == wanted && anchor == new_anchor && tag == new_tag
            }
            (Event::Alias(_), Event::Scalar(value, ..), Some(wanted)) => value == wanted,
            (before, after, None) => before == after,
            _ => false,
        };
        if !same {
            return Err(failed(before.span.start));
        }
    }
    Ok(())
}
