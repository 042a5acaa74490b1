//! The list of nodes, and how it is filled.

use std::collections::BTreeSet;
use std::ops::Range;

/// What kind of JSON value a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Kind {
    /// The word for this kind in a message.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::List => "a list",
            Kind::Object => "an object",
        }
    }
}

/// One value: its text, who holds it, and where the next one starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// Of a string or number: the bytes of its text. Of a boolean: 0 or 1.
    start: u32,
    end: u32,
    /// Of a list or object: the index of the first node behind it. Of a string or number: 0 if its text stands in the text
    /// that was read, 1 if it is one of the document's own.
    extra: u32,
    /// The kind in the top four bits, the index of the list or object that holds it below.
    tag_and_parent: u32,
}

const TAG_SHIFT: u32 = 28;
const PARENT_MASK: u32 = (1 << TAG_SHIFT) - 1;
/// The parent of the outermost value.
const NO_PARENT: u32 = PARENT_MASK;

impl Node {
    pub(crate) fn kind(&self) -> Kind {
        match self.tag_and_parent >> TAG_SHIFT {
            0 => Kind::Null,
            1 => Kind::Bool,
            2 => Kind::Number,
            3 => Kind::String,
            4 => Kind::List,
            _ => Kind::Object,
        }
    }

    pub(crate) fn parent(&self) -> Option<u32> {
        let parent = self.tag_and_parent & PARENT_MASK;
        (parent != NO_PARENT).then_some(parent)
    }

    pub(crate) fn is_true(&self) -> bool {
        self.start == 1
    }

    /// The index of the first node behind the value at `index`, which is this one.
    pub(crate) fn behind(&self, index: u32) -> u32 {
        match self.kind() {
            Kind::List | Kind::Object => self.extra,
            _ => index + 1,
        }
    }
}

/// The most bytes that a text may have: what an index of a node can count, and no text has more nodes than bytes.
pub const MAX_BYTES: usize = PARENT_MASK as usize;

/// A text that was read whole.
#[derive(Debug)]
pub struct Document<'a> {
    /// The text that was read.
    text: &'a str,
    /// Texts that differ from their source: strings with escapes, numbers.
    own: String,
    nodes: Vec<Node>,
    /// The position of each node, in bytes of the text; empty if not needed.
    spans: Vec<(u32, u32)>,
}

impl<'a> Document<'a> {
    /// The text that the document was read from.
    pub fn source(&self) -> &'a str {
        self.text
    }

    /// Texts that differ from their source.
    pub(crate) fn own(&self) -> &str {
        &self.own
    }

    /// The node at this index. An index was handed out by the document that it is used with.
    pub(crate) fn node(&self, index: u32) -> Node {
        self.nodes.get(index as usize).copied().unwrap_or(Node {
            start: 0,
            end: 0,
            extra: 0,
            tag_and_parent: NO_PARENT,
        })
    }

    /// The text of a string or number.
    pub(crate) fn text_of(&self, node: &Node) -> &str {
        let holder = if node.extra == 0 { self.text } else { self.own.as_str() };
        holder.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// Where the node at this index is written, if that was noted.
    pub(crate) fn span_of(&self, index: u32) -> Option<Range<usize>> {
        self.spans.get(index as usize).map(|(start, end)| *start as usize..*end as usize)
    }
}

/// An object names a key twice. Readers disagree about which of the two counts, so a document that does is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: String,
    /// Where the second of them is written; empty where that was not noted.
    pub span: Range<usize>,
}

/// A list or object that is being filled.
#[derive(Clone, Copy, Debug)]
struct Open {
    index: u32,
    /// The node of the last key, and whether the keys so far are in strictly rising order, in which case none is twice.
    last_key: u32,
    rising: bool,
}

/// Whether a key comes before another. Their first letters nearly always tell.
fn is_before(first: &[u8], second: &[u8]) -> bool {
    match (first.first(), second.first()) {
        (Some(a), Some(b)) if a != b => a < b,
        _ => first < second,
    }
}

/// Fills a [`Document`], value by value in the order of the text. In an object a [`Builder::key`] precedes each value.
#[derive(Debug)]
pub struct Builder<'a> {
    document: Document<'a>,
    open: Vec<Open>,
}

impl<'a> Builder<'a> {
    /// An empty document over this text, which has at most 256 MiB.
    pub fn new(text: &'a str) -> Self {
        // Manifests have a node for every seven bytes or so. Room that is not used costs a module nothing, while a list that
        // outgrows its room is copied to pages that were not touched before.
        Builder::with_room(text, text.len() / 6 + 16)
    }

    /// An empty document that copies its texts, so that it does not hold on to the one that is read, which has so many bytes;
    /// for one that notes places, if that is said.
    pub fn copying(bytes: usize, has_places: bool) -> Self {
        // A list that outgrows its room is copied, which took a tenth of the time to read a manifest. What is left of the
        // room is given back at the end.
        let nodes = bytes / 12 + 16;
        let mut builder = Builder::with_room("", nodes);
        builder.document.own.reserve(bytes / 2);
        builder.document.spans.reserve(if has_places { nodes } else { 0 });
        builder
    }

    /// An empty document over this text, with room for so many nodes.
    pub(crate) fn with_room(text: &'a str, nodes: usize) -> Self {
        let nodes = Vec::with_capacity(nodes);
        Builder {
            document: Document { text, own: String::new(), nodes, spans: Vec::new() },
            open: Vec::with_capacity(16),
        }
    }

    fn holder(&self) -> u32 {
        self.open.last().map_or(NO_PARENT, |open| open.index)
    }

    fn push(&mut self, tag: u32, start: u32, end: u32, extra: u32) -> u32 {
        let index = self.document.nodes.len() as u32;
        let tag_and_parent = (tag << TAG_SHIFT) | self.holder();
        self.document.nodes.push(Node { start, end, extra, tag_and_parent });
        index
    }

    /// Notes where the value or key that was added last is written: bytes of the text. Either all are noted or none.
    pub fn written_at(&mut self, span: Range<usize>) {
        self.document.spans.push((span.start as u32, span.end as u32));
    }

    /// Adds `null`.
    pub fn null(&mut self) {
        self.push(0, 0, 0, 0);
    }

    /// Adds a boolean.
    pub fn boolean(&mut self, value: bool) {
        self.push(1, u32::from(value), 0, 0);
    }

    /// Adds a number, written as JSON writes it.
    pub fn number(&mut self, number: &str) {
        let (start, end) = self.keep(number);
        self.push(2, start, end, 1);
    }

    /// Adds a string.
    pub fn string(&mut self, text: &str) {
        let (start, end, own) = self.place(text);
        self.push(3, start, end, own);
    }

    /// Adds the key of the value that follows.
    pub fn key(&mut self, text: &str) {
        let (start, end, own) = self.place(text);
        let index = self.push(3, start, end, own);
        // Most writers put keys in order, so comparing neighbours is enough to know that none is twice; an object whose keys
        // are in another order is looked through when it closes.
        if let Some(open) = self.open.last().copied() {
            let rising =
                open.rising && (open.last_key == 0 || is_before(self.bytes_of(open.last_key), text.as_bytes()));
            if let Some(open) = self.open.last_mut() {
                (open.last_key, open.rising) = (index, rising);
            }
        }
    }

    /// The text of the string at this index, as bytes: no look at where characters begin.
    fn bytes_of(&self, index: u32) -> &[u8] {
        let Some(node) = self.document.nodes.get(index as usize) else { return &[] };
        let holder = if node.extra == 0 { self.document.text.as_bytes() } else { self.document.own.as_bytes() };
        holder.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// Begins a list; the values that follow are its items, until [`Builder::close`].
    pub fn open_list(&mut self) {
        let index = self.push(4, 0, 0, 0);
        self.open.push(Open { index, last_key: 0, rising: true });
    }

    /// Begins an object; what follows are its keys and values, until [`Builder::close`].
    pub fn open_object(&mut self) {
        let index = self.push(5, 0, 0, 0);
        self.open.push(Open { index, last_key: 0, rising: true });
    }

    /// Ends the list or object that was begun last. If their places are noted, `end` is where it ends.
    ///
    /// # Errors
    ///
    /// An object that names a key twice.
    pub fn close(&mut self, end: Option<usize>) -> Result<(), Duplicate> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let behind = self.document.nodes.len() as u32;
        if let Some(node) = self.document.nodes.get_mut(open.index as usize) {
            node.extra = behind;
        }
        if let (Some(end), Some(span)) = (end, self.document.spans.get_mut(open.index as usize)) {
            span.1 = end as u32;
        }
        if open.rising { Ok(()) } else { self.refuse_duplicates(open.index) }
    }

    /// The index of the next node.
    pub fn next_index(&self) -> u32 {
        self.document.nodes.len() as u32
    }

    /// Adds the value whose nodes begin at `index` once more: what an alias means. Its texts are shared, not copied. The
    /// places of the copies are those of what they copy.
    pub fn copy(&mut self, index: u32) {
        let first = self.document.node(index);
        let behind = first.behind(index);
        let shift = self.next_index() - index;
        let holder = self.holder();
        for from in index..behind {
            let mut node = self.document.node(from);
            let parent = if from == index { holder } else { (node.tag_and_parent & PARENT_MASK) + shift };
            node.tag_and_parent = (node.tag_and_parent & !PARENT_MASK) | parent;
            if matches!(node.kind(), Kind::List | Kind::Object) {
                node.extra += shift;
            }
            self.document.nodes.push(node);
            if let Some(span) = self.document.spans.get(from as usize).copied() {
                self.document.spans.push(span);
            }
        }
    }

    /// What another copy of the value at `index` counts: each of its nodes as one, and once more for every `bytes` of its text. The
    /// tree shares the texts; whoever writes the document does not.
    pub fn weight(&self, index: u32, bytes: usize) -> usize {
        let behind = self.document.node(index).behind(index);
        let nodes = self.document.nodes.get(index as usize..behind as usize).unwrap_or_default();
        nodes.iter().map(|node| 1 + node.end.saturating_sub(node.start) as usize / bytes.max(1)).sum()
    }

    /// Notes another place for the value at `index` than was noted first: an alias has one of its own.
    pub fn moved_to(&mut self, index: u32, span: Range<usize>) {
        if let Some(place) = self.document.spans.get_mut(index as usize) {
            *place = (span.start as u32, span.end as u32);
        }
    }

    /// The document, once its outermost value is added.
    pub fn finish(self) -> Document<'a> {
        self.document
    }

    /// The same for a document that is kept: without room that is not used.
    pub fn finish_for_long(self) -> Document<'a> {
        let mut document = self.document;
        document.own.shrink_to_fit();
        document.nodes.shrink_to_fit();
        document.spans.shrink_to_fit();
        document
    }

    /// Where a text is: in the source, if it is a part of it, else among the document's own.
    fn place(&mut self, text: &str) -> (u32, u32, u32) {
        // Addresses are only compared: whether a reader handed out a part of the text or a copy.
        let (base, at) = (self.document.text.as_ptr() as usize, text.as_ptr() as usize);
        match at.checked_sub(base).filter(|start| start + text.len() <= self.document.text.len()) {
            Some(start) => (start as u32, (start + text.len()) as u32, 0),
            None => {
                let (start, end) = self.keep(text);
                (start, end, 1)
            }
        }
    }

    fn keep(&mut self, text: &str) -> (u32, u32) {
        let start = self.document.own.len() as u32;
        self.document.own.push_str(text);
        (start, self.document.own.len() as u32)
    }

    /// Refuses an object, which has just closed, that names a key twice.
    #[cold]
    #[inline(never)]
    fn refuse_duplicates(&self, object: u32) -> Result<(), Duplicate> {
        let document = &self.document;
        // A sort would be four times as much code in every module.
        let mut names = BTreeSet::new();
        let mut index = object + 1;
        while index < self.next_index() {
            let name = document.text_of(&document.nodes[index as usize]);
            if !names.insert(name) {
                return Err(Duplicate { key: name.to_owned(), span: document.span_of(index).unwrap_or_default() });
            }
            index = document.node(index + 1).behind(index + 1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortcut_says_which_key_comes_first_as_whole_keys_do() {
        let keys = ["", "a", "aa", "ab", "b", "ba", "é", "é1"].map(str::as_bytes);
        for first in keys {
            for second in keys {
                assert_eq!(is_before(first, second), first < second, "{first:?} {second:?}");
            }
        }
    }

    /// Nearly all objects are written so, and looking through each would cost as much as reading it.
    #[test]
    fn an_object_with_its_keys_in_order_is_not_looked_through() {
        let rising = |keys: &[&str]| {
            let mut builder = Builder::new("");
            builder.open_object();
            for key in keys {
                builder.key(key);
                builder.null();
            }
            builder.open.pop().unwrap().rising
        };
        assert!(rising(&["kind", "metadata", "spec"]) && rising(&["", "a", "ab"]));
        assert!(!rising(&["b", "a", "c"]) && !rising(&["a", "a"]));
    }
}
