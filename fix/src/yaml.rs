//! YAML documents, read as events with positions.

use std::collections::BTreeMap;
use std::ops::Range;

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
    let events = read(text)?;
    let wanted = wanted(text, &events, edits)?;
    let changes = events.iter().zip(&wanted).filter_map(|(seen, value)| Some((seen, value.as_deref()?)));
    let replacements = changes
        .map(|(seen, value)| {
            let unwritable = || Problem::new(seen.span.start, "the new text cannot be written in this place");
            replacement(text, seen, value).ok_or_else(unwritable)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let new = splice(text, replacements)?;
    check(&events, &wanted, &new)?;
    Ok(new)
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

/// For every event, the text that it is to hold instead of its own.
fn wanted(text: &str, events: &[Seen<'_>], edits: &[Edit]) -> Result<Vec<Option<String>>, Problem> {
    let mut wanted: Vec<Option<String>> = vec![None; events.len()];
    let mut named = vec![0_usize; events.len()];
    let names = names(text, events);
    for edit in edits {
        let start = edit.span.start;
        let Some(&at) = names.get(&start) else { return Err(Problem::new(start, "no string begins here")) };
        match &wanted[at] {
            Some(other) if *other != edit.value => {
                return Err(Problem::new(start, "the same string is to hold two different texts"));
            }
            _ => wanted[at] = Some(edit.value.clone()),
        }
        named[at] += 1;
    }
    for (at, seen) in events.iter().enumerate() {
        if let Event::Scalar(old, _, anchor, _) = &seen.event
            && *anchor != 0
            && named[at] != 0
        {
            settle_aliases(events, (at, *anchor, old), named[at] - 1, &mut wanted)?;
        }
    }
    Ok(wanted)
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

/// What the aliases of a scalar that changes become. They follow it where their own places are to hold the same, named by
/// themselves or (`through` times) by the scalar; where not, they keep what they stood for.
fn settle_aliases(
    events: &[Seen<'_>],
    (at, anchor, old): (usize, usize, &str),
    through: usize,
    wanted: &mut [Option<String>],
) -> Result<(), Problem> {
    let is_alias = |later: &usize| events[*later].event == Event::Alias(anchor);
    let aliases: Vec<usize> = (at + 1..events.len()).filter(is_alias).collect();
    let unnamed = aliases.iter().filter(|alias| wanted[**alias].is_none()).count();
    // An alias of a whole list or object around the scalar names it too; then there is nothing to tell apart here.
    if through != 0 && through < unnamed {
        let problem = "an anchor is used in several places, only some of which change; write their texts out";
        return Err(Problem::new(events[at].span.start, problem));
    }
    for alias in aliases {
        if wanted[alias].is_some() && wanted[alias] == wanted[at] {
            wanted[alias] = None;
        } else if wanted[alias].is_none() && through == 0 {
            wanted[alias] = Some(old.to_owned());
        }
    }
    Ok(())
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
