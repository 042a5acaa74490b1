//! The list of nodes, and how it is filled.

use std::ops::Range;

use crate::order::in_order;

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

/// One value: its text, who holds it, and where the next one starts. It is small, since a module touches a page of memory more
/// for every few hundred.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// Of a string or number: where its text starts. Of a boolean: 0 or 1.
    start: u32,
    /// Of a string or number: where its text ends. Of a list or object: the index of the first node behind it.
    end: u32,
    /// The tag in the top four bits, the index of the list or object that holds it below.
    tag_and_parent: u32,
}

/// The kinds of values as tags of nodes. Of a string or number whose text is one of the document's own, the highest bit is set.
const NULL: u32 = 0;
const BOOL: u32 = 1;
const NUMBER: u32 = 2;
const STRING: u32 = 3;
const LIST: u32 = 4;
const OBJECT: u32 = 5;
const OWN: u32 = 8;

const TAG_SHIFT: u32 = 28;
const PARENT_MASK: u32 = (1 << TAG_SHIFT) - 1;
/// The parent of the outermost value.
const NO_PARENT: u32 = PARENT_MASK;

impl Node {
    pub(crate) fn kind(&self) -> Kind {
        match (self.tag_and_parent >> TAG_SHIFT) & !OWN {
            NULL => Kind::Null,
            BOOL => Kind::Bool,
            NUMBER => Kind::Number,
            STRING => Kind::String,
            LIST => Kind::List,
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
            Kind::List | Kind::Object => self.end,
            _ => index + 1,
        }
    }

    /// How many bytes the text of a string or number has; of anything else none.
    fn length(&self) -> usize {
        match self.kind() {
            Kind::String | Kind::Number => self.end.saturating_sub(self.start) as usize,
            _ => 0,
        }
    }

    /// Whether the text of a string or number is one of the document's own.
    fn is_own(&self) -> bool {
        (self.tag_and_parent >> TAG_SHIFT) & OWN != 0
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
        self.nodes.get(index as usize).copied().unwrap_or(Node { start: 0, end: 0, tag_and_parent: NO_PARENT })
    }

    /// The text of a string or number.
    pub(crate) fn text_of(&self, node: &Node) -> &str {
        let holder = if node.is_own() { self.own.as_str() } else { self.text };
        holder.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// The same as bytes: no look at where characters begin.
    pub(crate) fn bytes_of(&self, node: &Node) -> &[u8] {
        let holder = if node.is_own() { self.own.as_bytes() } else { self.text.as_bytes() };
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
    /// Its node; [`NO_PARENT`] around the outermost value.
    index: u32,
    /// The node of the last key, and the first byte of that key: 0 of an empty one, -1 where there is none yet.
    last_key: u32,
    last_first: i32,
    /// Whether the keys so far are in strictly rising order, in which case none is twice.
    rising: bool,
}

impl Open {
    fn new(index: u32) -> Self {
        Open { index, last_key: 0, last_first: -1, rising: true }
    }
}

#[cold]
#[inline(never)]
fn names_each_key_once(document: &Document<'_>, object: u32) -> bool {
    second_of_a_key(document, object).is_none()
}

/// The node of a key of an object, the last in the document, that is there a second time.
fn second_of_a_key(document: &Document<'_>, object: u32) -> Option<u32> {
    let mut keys = Vec::new();
    let mut index = object + 1;
    while let Some(key) = document.nodes.get(index as usize) {
        keys.push((document.bytes_of(key), index));
        index = document.node(index + 1).behind(index + 1);
    }
    let keys = in_order(keys);
    let again = keys.iter().zip(keys.iter().skip(1)).filter(|(one, next)| one.0 == next.0);
    again.map(|(_, next)| next.1).min()
}

/// Fills a [`Document`], value by value in the order of the text. In an object a [`Builder::key`] precedes each value.
#[derive(Debug)]
pub struct Builder<'a> {
    document: Document<'a>,
    /// The innermost list or object, and those around it.
    open: Open,
    outer: Vec<Open>,
}

impl<'a> Builder<'a> {
    /// An empty document over this text, which has at most 256 MiB.
    pub fn new(text: &'a str) -> Self {
        // Manifests have a node for every seven bytes or so. Room that is not used costs a module nothing, while a list that
        // outgrows its room is copied to pages that were not touched before.
        let mut builder = Builder::with_room(text, text.len() / 6 + 16);
        builder.document.own.reserve(text.len() / 64);
        builder
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
            open: Open::new(NO_PARENT),
            outer: Vec::with_capacity(16),
        }
    }

    fn push(&mut self, tag: u32, start: u32, end: u32) -> u32 {
        let index = self.document.nodes.len() as u32;
        self.document.nodes.push(Node { start, end, tag_and_parent: (tag << TAG_SHIFT) | self.open.index });
        index
    }

    /// Notes where the value or key that was added last is written: bytes of the text. Either all are noted or none.
    pub fn written_at(&mut self, span: Range<usize>) {
        self.document.spans.push((span.start as u32, span.end as u32));
    }

    /// Adds `null`.
    pub fn null(&mut self) {
        self.push(NULL, 0, 0);
    }

    /// Adds a boolean.
    pub fn boolean(&mut self, value: bool) {
        self.push(BOOL, u32::from(value), 0);
    }

    /// Adds a number, written as JSON writes it.
    pub fn number(&mut self, number: &str) {
        let (start, end) = self.keep(number);
        self.push(NUMBER | OWN, start, end);
    }

    /// Adds a whole number. Not a part of the reader, which calls itself once a level and would have the room for the digits on
    /// its stack each time.
    #[inline(never)]
    pub(crate) fn whole_number(&mut self, number: impl itoa::Integer) {
        self.number(itoa::Buffer::new().format(number));
    }

    /// Adds a string.
    // Inlined, as are a key and what both call: as calls of their own they were a twentieth of a module's work.
    #[inline(always)]
    pub fn string(&mut self, text: &str) {
        self.add_text(text);
    }

    /// Adds the key of the value that follows.
    #[inline(always)]
    pub fn key(&mut self, text: &str) {
        let index = self.add_text(text);
        // Most writers put keys in order, so comparing neighbours is enough to know that none is twice; an object whose keys
        // are in another order is looked through when it closes. First letters nearly always tell.
        let first = text.as_bytes().first().map_or(0, |byte| i32::from(*byte));
        if first <= self.open.last_first {
            self.open.rising = self.open.rising && first == self.open.last_first && self.follows(text);
        }
        (self.open.last_key, self.open.last_first) = (index, first);
    }

    /// Whether a key comes behind the last one.
    #[inline(never)]
    fn follows(&self, key: &str) -> bool {
        self.document.bytes_of(&self.document.node(self.open.last_key)) < key.as_bytes()
    }

    /// Begins a list; the values that follow are its items, until [`Builder::close`].
    pub fn open_list(&mut self) {
        self.begin(LIST);
    }

    /// Begins an object; what follows are its keys and values, until [`Builder::close`].
    pub fn open_object(&mut self) {
        self.begin(OBJECT);
    }

    fn begin(&mut self, tag: u32) {
        let index = self.push(tag, 0, 0);
        self.outer.push(self.open);
        self.open = Open::new(index);
    }

    /// Ends the list or object that was begun last. If their places are noted, `end` is where it ends.
    ///
    /// # Errors
    ///
    /// An object that names a key twice.
    pub fn close(&mut self, end: Option<usize>) -> Result<(), Duplicate> {
        let Some(closed) = self.end() else { return Ok(()) };
        if let (Some(end), Some(span)) = (end, self.document.spans.get_mut(closed.index as usize)) {
            span.1 = end as u32;
        }
        let second = if closed.rising { None } else { second_of_a_key(&self.document, closed.index) };
        let Some(second) = second else { return Ok(()) };
        let key = self.document.text_of(&self.document.node(second)).to_owned();
        Err(Duplicate { key, span: self.document.span_of(second).unwrap_or_default() })
    }

    /// The same without places: whether no key is there twice. All of it is in registers, so that a reader, which calls itself
    /// once a level, has less on its stack.
    pub(crate) fn closes(&mut self) -> bool {
        self.end().is_none_or(|closed| closed.rising || names_each_key_once(&self.document, closed.index))
    }

    /// Ends a list, which has no keys, without places.
    pub(crate) fn close_list(&mut self) {
        self.end();
    }

    fn end(&mut self) -> Option<Open> {
        let closed = std::mem::replace(&mut self.open, self.outer.pop()?);
        let behind = self.next_index();
        if let Some(node) = self.document.nodes.get_mut(closed.index as usize) {
            node.end = behind;
        }
        Some(closed)
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
        let holder = self.open.index;
        for from in index..behind {
            let mut node = self.document.node(from);
            let parent = if from == index { holder } else { (node.tag_and_parent & PARENT_MASK) + shift };
            node.tag_and_parent = (node.tag_and_parent & !PARENT_MASK) | parent;
            if matches!(node.kind(), Kind::List | Kind::Object) {
                node.end += shift;
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
        nodes.iter().map(|node| 1 + node.length() / bytes.max(1)).sum()
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

    /// Adds a text: where it is in the source, if it is a part of it, else as one of the document's own.
    #[inline(always)]
    fn add_text(&mut self, text: &str) -> u32 {
        // Addresses are only compared: whether a reader handed out a part of the text or a copy.
        let (base, at) = (self.document.text.as_ptr() as usize, text.as_ptr() as usize);
        let start = at.wrapping_sub(base);
        let end = start.wrapping_add(text.len());
        if start < self.document.text.len() && end <= self.document.text.len() {
            return self.push(STRING, start as u32, end as u32);
        }
        let (start, end) = self.keep(text);
        self.push(STRING | OWN, start, end)
    }

    #[inline(never)]
    fn keep(&mut self, text: &str) -> (u32, u32) {
        let start = self.document.own.len() as u32;
        self.document.own.push_str(text);
        (start, self.document.own.len() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rising(keys: &[&str]) -> bool {
        let mut builder = Builder::new("");
        builder.open_object();
        for key in keys {
            builder.key(key);
            builder.null();
        }
        builder.open.rising
    }

    #[test]
    fn the_shortcut_says_which_key_comes_first_as_whole_keys_do() {
        let keys = ["", "\0", "a", "aa", "ab", "b", "ba", "é", "é1"];
        for first in keys {
            assert!(rising(&[first]));
            for second in keys {
                assert_eq!(rising(&[first, second]), first < second, "{first:?} {second:?}");
            }
        }
    }

    #[test]
    fn a_copy_weighs_its_nodes_and_its_texts() {
        let mut builder = Builder::copying(64, false);
        builder.open_list();
        builder.string(&"x".repeat(25));
        builder.boolean(true);
        builder.number("1234567890");
        assert_eq!(builder.close(None), Ok(()));
        assert_eq!(builder.weight(0, 10), 4 + 2 + 1);
    }

    /// Nearly all objects are written so, and looking through each would cost as much as reading it.
    #[test]
    fn an_object_with_its_keys_in_order_is_not_looked_through() {
        assert!(rising(&["kind", "metadata", "spec"]) && rising(&["", "a", "ab"]));
        assert!(!rising(&["b", "a", "c"]) && !rising(&["a", "a"]));
    }
}
