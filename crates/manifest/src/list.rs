//! A list that is too large to be read at once, taken apart into runs of items.
//!
//! `kubectl get --output json` makes one list of everything that it finds, so a dump of a cluster may be a single document. A run
//! of items is read as a document of its own; together they give what the document as a whole gives, or the list is not taken
//! apart.

use std::ops::Range;

use crate::documents::read_yaml;
use crate::json;
use crate::object::{Held, Object, Types, items, objects, types_of_items};
use crate::problem::Problem;
use crate::stream::{Format, Part};

/// A list of objects, and where its items stand.
#[derive(Debug)]
pub struct List {
    format: Format,
    of: Types,
    /// The bytes of the file that each item has; in YAML from its dash on, comments behind it included.
    items: Vec<Range<usize>>,
}

/// Items of a list that follow one another: their numbers, counted from 0.
pub type Run = Range<usize>;

impl List {
    /// The list that a document of a text is; `None` where it is something else, and where it has to be read as a whole to know.
    ///
    /// The items were not read: only where [`List::read`] gives all of them without a problem is the list what it seems to be.
    pub fn find(text: &str, part: &Part) -> Option<Self> {
        let (written, start) = (text.get(part.span.clone())?, part.span.start);
        let (outer, items) = match part.format {
            Format::Json => outer_of_json(written)?,
            Format::Yaml => outer_of_yaml(written)?,
        };
        // What stands around the items is a document, too: one whose list is empty.
        let document = match part.format {
            Format::Json => json::read(&outer, 0).ok()?,
            Format::Yaml => read_yaml(&outer, 0).ok()??,
        };
        let root = document.root();
        root.get("items")?;
        let of = types_of_items(root);
        let mut found = Vec::new();
        // Without items there are no places to find.
        objects(Held { document, text: None }, &mut found);
        let items = items.into_iter().map(|item| start + item.start..start + item.end).collect();
        found.is_empty().then_some(List { format: part.format, of, items })
    }

    /// All items in runs of at most so many bytes, but of one item at least.
    pub fn runs(&self, bytes: usize) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            match runs.last_mut().filter(|run| item.end - self.bytes(run).start <= bytes) {
                Some(run) => run.end = at + 1,
                None => runs.push(at..at + 1),
            }
        }
        runs
    }

    /// The bytes of the file that a run has.
    pub fn bytes(&self, run: &Run) -> Range<usize> {
        match self.items.get(run.clone()) {
            Some([first, .., last]) => first.start..last.end,
            Some([only]) => only.clone(),
            _ => 0..0,
        }
    }

    /// Reads a run of the text that the list was found in; whether that was possible. If not, the document has to be read as a
    /// whole, which says what is wrong.
    pub fn read(&self, text: &str, run: &Run, found: &mut Vec<Result<Object, Problem>>) -> bool {
        let bytes = self.bytes(run);
        let (Some(written), start) = (text.get(bytes.clone()), bytes.start) else { return false };
        let document = match self.format {
            // As deep as the items stand in the document: how deep a reader goes is counted from there.
            Format::Json => json::read(&format!("[[{written}]]"), 0).ok(),
            Format::Yaml => read_yaml(written, start).ok().flatten(),
        };
        let Some(document) = document else { return false };
        let list = match self.format {
            Format::Json => document.root().items().next(),
            Format::Yaml => Some(document.root()),
        };
        // A line that begins with a dash may be in the middle of something: then what was cut off is no list of so many.
        let Some(list) = list.filter(|list| list.items().count() == run.len()) else { return false };
        let index = list.index();
        let spans = self.items.get(run.clone()).unwrap_or_default();
        let within = |item: &Range<usize>| item.start - start..item.end - start;
        let texts = (self.format == Format::Json).then(|| spans.iter().map(within).collect());
        let held = Held { document, text: texts.is_some().then_some((written, start)) };
        items(held, index, &self.of, texts, found);
        true
    }
}

/// A JSON list without its items, and where these are.
fn outer_of_json(written: &str) -> Option<(String, Vec<Range<usize>>)> {
    let (list, items) = json::items(written)?;
    Some((format!("{}[]{}", written.get(..list.start)?, written.get(list.end..)?), items))
}

/// The same of a list in YAML whose items are the lines behind `items:` that begin with a dash, and what is indented below them:
/// as everybody writes one.
///
/// A line that begins so within a text in quotes or in brackets is no item. What is in front of it cannot be read without what is
/// behind it then, and the other way round.
fn outer_of_yaml(written: &str) -> Option<(String, Vec<Range<usize>>)> {
    let first = written.starts_with(KEY).then_some(0);
    let mut keys = first.into_iter().chain(memchr::memmem::find_iter(written.as_bytes(), b"\nitems:").map(|at| at + 1));
    let key = keys.next()?;
    if keys.next().is_some() {
        return None;
    }
    let mut at = key;
    let mut lines = written.get(key..)?.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        (start, line)
    });
    if !is_nothing(lines.next()?.1.get(KEY.len()..)?) {
        return None;
    }
    let mut items: Vec<Range<usize>> = Vec::new();
    let (mut indent, mut end) = (0, written.len());
    for (start, line) in lines {
        let text = line.trim_start_matches(' ');
        if is_nothing(text) {
            continue;
        }
        let own = line.len() - text.len();
        if items.is_empty() {
            indent = own;
        }
        let is_item = own == indent && text.strip_prefix('-').is_some_and(|rest| rest.starts_with([' ', '\n', '\r']));
        if is_item {
            if let Some(last) = items.last_mut() {
                last.end = start;
            }
            items.push(start..written.len());
        } else if own <= indent {
            end = start;
            break;
        }
    }
    items.last_mut()?.end = end;
    let start = items.first()?.start;
    Some((format!("{}{}", written.get(..start)?, written.get(end..)?), items))
}

/// The key of a list's items, on a line of its own.
const KEY: &str = "items:";

/// Whether there are only blanks and a comment on a line.
fn is_nothing(rest: &str) -> bool {
    let text = rest.trim_start_matches(' ').trim_end_matches(['\n', '\r', ' ']);
    text.is_empty() || (text.starts_with('#') && !text.contains('\r'))
}
