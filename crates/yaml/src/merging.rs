//! A document with merge keys: it is kept as events until an object is complete.
//!
//! To kubectl a merge key takes effect where it stands: it overrides the keys before it and is overridden by those behind it,
//! and of two merge keys the last wins. In a list of objects to merge, the first wins.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{Event, ScalarStyle, StructureStyle};

use super::scalar::{Scalar, Tag, merges, resolve};
use super::{
    Anchors, BYTES_OF_A_VALUE, Events, NO_KEY, NO_KEY_HELP, Places, Problem, add, check_in_brackets, key, range,
    repeated, repeated_in, spend,
};
use isolation_document::{Builder, Duplicate};

/// Reads the document into the builder; whether there is something in it.
pub(super) fn read(events: Events<'_>, builder: &mut Builder<'_>, places: Places, max: usize) -> Result<bool, Problem> {
    let mut nodes = Nodes::default();
    if !nodes.record(events)? {
        return Ok(false);
    }
    Writer { nodes: &nodes, builder, places, left: max, aliased: 0 }.value(0)?;
    Ok(true)
}

/// A value as it was written, those that it holds behind it.
struct Node<'t> {
    span: Range<usize>,
    data: Data<'t>,
}

enum Data<'t> {
    Scalar(Scalar<'t>),
    /// A merge key.
    Merge,
    /// The node behind it.
    List(usize),
    /// The node behind it; keys and values take turns.
    Object(usize),
    /// The node that it names.
    Alias(usize),
}

#[derive(Default)]
struct Nodes<'t> {
    nodes: Vec<Node<'t>>,
    anchors: Anchors<usize>,
}

impl<'t> Nodes<'t> {
    /// Whether there is something in the document.
    fn record(&mut self, mut events: Events<'t>) -> Result<bool, Problem> {
        let Some(first) = events.first()? else { return Ok(false) };
        let mut next = Some(first);
        // The lists and objects that are open, with their anchors.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut brackets = 0_usize;
        loop {
            let (event, span) = match next.take() {
                Some(event) => event,
                None => events.next()?,
            };
            let index = self.nodes.len();
            let at = range(&span);
            match event {
                Event::Scalar(text, style, anchor, tag) => {
                    let at = range(&span);
                    let tag = tag.as_deref().map(Tag::of);
                    let plain = style == ScalarStyle::Plain;
                    if plain && brackets > 0 {
                        check_in_brackets(events.text, &text, tag.is_some(), &at)?;
                    }
                    let data = if merges(&text, plain, tag) {
                        Data::Merge
                    } else {
                        let resolved = resolve(text, plain, tag);
                        Data::Scalar(resolved.map_err(|problem| Problem::new(at.clone(), problem, ""))?)
                    };
                    self.nodes.push(Node { span: at, data });
                    if anchor != 0 {
                        self.anchors.insert(anchor, index);
                    }
                }
                Event::SequenceStart(style, anchor, _) => {
                    brackets += usize::from(style == StructureStyle::Flow);
                    self.nodes.push(Node { span: at, data: Data::List(0) });
                    open.push((index, anchor));
                }
                Event::MappingStart(style, anchor, _) => {
                    brackets += usize::from(style == StructureStyle::Flow);
                    self.nodes.push(Node { span: at, data: Data::Object(0) });
                    open.push((index, anchor));
                }
                Event::Alias(anchor) => match self.anchors.get(anchor) {
                    Some(original) => self.nodes.push(Node { span: at, data: Data::Alias(original) }),
                    None => return Err(Problem::new(at, "not YAML: an alias is inside the value that it names", "")),
                },
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some((opened, anchor)) = open.pop() else { break };
                    // Whatever stands in brackets is in brackets itself.
                    brackets = brackets.saturating_sub(1);
                    if let Some(node) = self.nodes.get_mut(opened) {
                        node.span.end = at.end;
                        if let Data::List(behind) | Data::Object(behind) = &mut node.data {
                            *behind = index;
                        }
                    }
                    if anchor != 0 {
                        self.anchors.insert(anchor, opened);
                    }
                }
                _ => return Err(Problem::new(at, "not YAML: a value was expected", "")),
            }
            if open.is_empty() {
                break;
            }
        }
        events.end()?;
        Ok(true)
    }

    // An index was handed out by `record`, which never removes a node.
    #[allow(clippy::indexing_slicing)]
    fn get(&self, index: usize) -> &Node<'t> {
        &self.nodes[index]
    }

    /// The first node behind the value at `index`.
    fn behind(&self, index: usize) -> usize {
        match self.get(index).data {
            Data::List(behind) | Data::Object(behind) => behind,
            _ => index + 1,
        }
    }

    /// The node that is meant: what an alias names.
    fn meant(&self, index: usize) -> usize {
        match self.get(index).data {
            Data::Alias(original) => original,
            _ => index,
        }
    }

    fn is_text(&self, key: usize) -> bool {
        matches!(self.get(self.meant(key)).data, Data::Scalar(Scalar::String(_)) | Data::Merge)
    }

    fn key(&self, index: usize) -> Result<Cow<'_, str>, Problem> {
        let node = self.get(self.meant(index));
        let name = match &node.data {
            Data::Scalar(scalar) => key(scalar),
            Data::Merge => Some("<<".into()),
            _ => None,
        };
        name.ok_or_else(|| Problem::new(self.get(index).span.clone(), NO_KEY, NO_KEY_HELP))
    }
}

/// A member of an object: where its key and value are written.
#[derive(Clone, Copy)]
struct Member {
    key: usize,
    value: usize,
    /// Whether a merge key brought it.
    merged: bool,
}

struct Writer<'w, 't, 'b, 'a> {
    nodes: &'w Nodes<'t>,
    builder: &'b mut Builder<'a>,
    places: Places,
    /// How many more values aliases may make.
    left: usize,
    /// How many aliases lead to the value that is written.
    aliased: usize,
}

impl Writer<'_, '_, '_, '_> {
    fn written_at(&mut self, span: Range<usize>) {
        self.places.note(self.builder, span);
    }

    fn count(&mut self, index: usize) -> Result<(), Problem> {
        if self.aliased > 0 {
            let node = self.nodes.get(index);
            let text = if matches!(node.data, Data::Scalar(_)) { node.span.len() } else { 0 };
            self.left = spend(self.left, 1 + text / BYTES_OF_A_VALUE, &node.span)?;
        }
        Ok(())
    }

    fn value(&mut self, index: usize) -> Result<(), Problem> {
        self.count(index)?;
        let nodes = self.nodes;
        let node = nodes.get(index);
        match &node.data {
            Data::Scalar(scalar) => {
                add(self.builder, scalar);
                self.written_at(node.span.clone());
            }
            Data::Merge => {
                self.builder.string("<<");
                self.written_at(node.span.clone());
            }
            Data::Alias(original) => {
                let start = self.builder.next_index();
                self.aliased += 1;
                self.value(*original)?;
                self.aliased -= 1;
                self.places.note_again(self.builder, start, node.span.clone());
            }
            Data::List(behind) => {
                self.builder.open_list();
                self.written_at(node.span.clone());
                let mut item = index + 1;
                while item < *behind {
                    self.value(item)?;
                    item = nodes.behind(item);
                }
                self.builder.close(None).map_err(|duplicate| repeated_in(self.places, duplicate))?;
            }
            Data::Object(_) => {
                let mut members = Vec::new();
                self.members(index, false, &mut members)?;
                self.builder.open_object();
                self.written_at(node.span.clone());
                for member in in_effect(nodes, &members)? {
                    self.builder.key(&nodes.key(member.key)?);
                    self.written_at(nodes.get(member.key).span.clone());
                    self.aliased += usize::from(member.merged);
                    self.value(member.value)?;
                    self.aliased -= usize::from(member.merged);
                }
                self.builder.close(None).map_err(|duplicate| repeated_in(self.places, duplicate))?;
            }
        }
        Ok(())
    }

    /// The members of the object at `index` in the order in which they take effect, those that merge keys bring among them.
    fn members(&mut self, index: usize, merged: bool, out: &mut Vec<Member>) -> Result<(), Problem> {
        let nodes = self.nodes;
        let mut at = index + 1;
        while at < nodes.behind(index) {
            let value = nodes.behind(at);
            if matches!(nodes.get(at).data, Data::Merge) {
                self.merge(value, out)?;
            } else {
                let key = nodes.meant(at);
                let aliased = usize::from(merged || key != at);
                self.aliased += aliased;
                self.count(key)?;
                self.aliased -= aliased;
                out.push(Member { key: at, value, merged });
            }
            at = nodes.behind(value);
        }
        Ok(())
    }

    fn merge(&mut self, index: usize, out: &mut Vec<Member>) -> Result<(), Problem> {
        let nodes = self.nodes;
        let no_object = || {
            let help = "Name an object, an alias of one, or a list of these";
            Problem::new(nodes.get(index).span.clone(), "`<<` merges objects", help)
        };
        match nodes.get(index).data {
            Data::List(behind) => {
                let mut items = Vec::new();
                let mut item = index + 1;
                while item < behind {
                    if !matches!(nodes.get(nodes.meant(item)).data, Data::Object(_)) {
                        return Err(no_object());
                    }
                    items.push(item);
                    item = nodes.behind(item);
                }
                items.into_iter().rev().try_for_each(|item| self.members(nodes.meant(item), true, out))
            }
            _ if matches!(nodes.get(nodes.meant(index)).data, Data::Object(_)) => {
                self.members(nodes.meant(index), true, out)
            }
            _ => Err(no_object()),
        }
    }
}

/// Of members with the same key the last. Two that are written in one object are refused.
fn in_effect(nodes: &Nodes<'_>, members: &[Member]) -> Result<Vec<Member>, Problem> {
    let mut last: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    // The parser has a map of this type too, so that a module has its code once.
    let mut written: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    for (at, member) in members.iter().enumerate() {
        let name = nodes.key(member.key)?;
        let before = last.get(&name).and_then(|at| members.get(*at));
        if before.is_some_and(|before| nodes.is_text(before.key) != nodes.is_text(member.key)) {
            // `1` and `"1"` are two keys to kubectl until it writes JSON, where either may come out.
            let span = nodes.get(member.key).span.clone();
            return Err(repeated(Duplicate { key: name.into_owned(), span }));
        }
        if !member.merged && written.insert(name.clone(), at).is_some() {
            let span = nodes.get(member.key).span.clone();
            return Err(repeated(Duplicate { key: name.into_owned(), span }));
        }
        last.insert(name, at);
    }
    let mut counts = vec![false; members.len()];
    for at in last.into_values() {
        if let Some(counts) = counts.get_mut(at) {
            *counts = true;
        }
    }
    Ok(members.iter().zip(counts).filter_map(|(member, counts)| counts.then_some(*member)).collect())
}
