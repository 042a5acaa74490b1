//! The JSON of a request, read once and borrowed.
//!
//! A [`Document`] is a flat list of nodes over the text it was read from: one pass checks the whole text and notes where
//! each value starts, ends and belongs. Nothing is copied. A [`Value`] is a place in that list, so it can be looked into
//! ([`Value::get`]), and asked where it stands ([`Value::path`]), which is why no rule has to carry paths around.
//!
//! It accepts what `serde_json` accepts and refuses what that refuses, with two deliberate differences, both on the strict
//! side: an object that names a key twice is refused (readers disagree about which one counts, so a policy must not
//! guess), and nesting is bounded by [`MAX_DEPTH`].

mod parse;
mod text;
mod write;

use std::borrow::Cow;

pub use parse::{MAX_DEPTH, Unreadable};
pub use text::{decode, escape_len, quote, quote_char};
pub use write::Writer;

use crate::path::Path;

/// What kind of JSON value a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, kept as it was written.
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

/// One value in the list: where its text is, who holds it, and where the next one starts.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Byte offset of the value's first byte; of a string, the first byte behind the quote.
    start: u32,
    /// Byte offset behind the value's last byte; of a string, of its closing quote.
    end: u32,
    /// For a list or object: the index of the first node behind it. For a string: 1 if it holds escapes.
    extra: u32,
    /// The kind in the top four bits, the index of the list or object that holds it below.
    tag_and_parent: u32,
}

const TAG_SHIFT: u32 = 28;
const PARENT_MASK: u32 = (1 << TAG_SHIFT) - 1;
/// The parent of the outermost value.
const NO_PARENT: u32 = PARENT_MASK;

impl Node {
    fn kind(&self) -> Kind {
        match self.tag_and_parent >> TAG_SHIFT {
            0 => Kind::Null,
            1 => Kind::Bool,
            2 => Kind::Number,
            3 => Kind::String,
            4 => Kind::List,
            _ => Kind::Object,
        }
    }

    fn parent(&self) -> u32 {
        self.tag_and_parent & PARENT_MASK
    }
}

/// A JSON text that was read whole.
#[derive(Debug)]
pub struct Document<'a> {
    text: &'a str,
    nodes: Vec<Node>,
}

impl<'a> Document<'a> {
    /// Reads `bytes`, all of it.
    ///
    /// # Errors
    ///
    /// What is not JSON, not UTF-8, nested deeper than [`MAX_DEPTH`], larger than 256 MiB, or names a key twice.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        parse::parse(bytes)
    }

    /// A part of the text. The offsets are a node's, so that they are in the text and between characters; asking for them in
    /// this way keeps the code that would say otherwise out of the modules.
    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value { document: self, index: 0 }
    }
}

/// A value in a [`Document`].
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.raw())
    }
}

/// Two values are equal when they are the same place in the same document.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.document, other.document)
    }
}

impl<'d> Value<'d> {
    fn node(&self) -> Node {
        // The index was handed out by the document that it is used with.
        self.document.nodes[self.index as usize]
    }

    /// What kind of value this is.
    pub fn kind(&self) -> Kind {
        self.node().kind()
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The index of the first node behind this value.
    fn next(&self) -> u32 {
        let node = self.node();
        match node.kind() {
            Kind::List | Kind::Object => node.extra,
            _ => self.index + 1,
        }
    }

    fn at(&self, index: u32) -> Value<'d> {
        Value { document: self.document, index }
    }

    /// The value under `key`, if this is an object that has it. `null` is a value; see [`Value::field`].
    pub fn get(&self, key: &str) -> Option<Value<'d>> {
        if self.kind() != Kind::Object {
            return None;
        }
        let end = self.next();
        let mut index = self.index + 1;
        while index < end {
            let name = self.at(index);
            let value = self.at(index + 1);
            if name.is_text(key) {
                return Some(value);
            }
            index = value.next();
        }
        None
    }

    /// The value under `key`, where `null` counts as absent, as it does to the API server.
    pub fn field(&self, key: &str) -> Option<Value<'d>> {
        self.get(key).filter(|value| !value.is_null())
    }

    /// The value at the end of `keys`, going through objects only.
    pub fn descend(&self, keys: &[&str]) -> Option<Value<'d>> {
        keys.iter().try_fold(*self, |value, key| value.field(key))
    }

    /// The text of a string, with its escapes resolved.
    pub fn as_str(&self) -> Option<Cow<'d, str>> {
        let node = self.node();
        if node.kind() != Kind::String {
            return None;
        }
        let raw = self.document.slice(node.start as usize, node.end as usize);
        Some(if node.extra == 0 { Cow::Borrowed(raw) } else { Cow::Owned(text::decode(raw)) })
    }

    /// Whether this is the string `expected`.
    pub fn is_text(&self, expected: &str) -> bool {
        let node = self.node();
        if node.kind() != Kind::String {
            return false;
        }
        let raw = self.document.slice(node.start as usize, node.end as usize);
        if node.extra == 0 { raw == expected } else { text::decode(raw) == expected }
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind() {
            Kind::Bool => Some(self.raw() == "true"),
            _ => None,
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> Items<'d> {
        let end = if self.kind() == Kind::List { self.next() } else { 0 };
        Items { document: self.document, index: self.index + 1, end }
    }

    /// The keys and values of an object, in the order they are written; none for anything else.
    pub fn entries(&self) -> Entries<'d> {
        let end = if self.kind() == Kind::Object { self.next() } else { 0 };
        Entries { document: self.document, index: self.index + 1, end }
    }

    /// Whether this is a list or object with nothing in it.
    pub fn is_empty_container(&self) -> bool {
        matches!(self.kind(), Kind::List | Kind::Object) && self.next() == self.index + 1
    }

    /// The text of the value as it was written; of a string, with its quotes.
    pub fn raw(&self) -> &'d str {
        let (start, end) = self.span();
        self.document.slice(start, end)
    }

    /// Where the value is written: byte offsets into the document's text, of a string with its quotes.
    pub fn span(&self) -> (usize, usize) {
        let node = self.node();
        match node.kind() {
            Kind::String => (node.start as usize - 1, node.end as usize + 1),
            _ => (node.start as usize, node.end as usize),
        }
    }

    /// Whether both values belong to the same document.
    pub fn shares_document(&self, other: Value<'_>) -> bool {
        std::ptr::eq(self.document, other.document)
    }

    /// The list or object that holds this value.
    pub fn parent(&self) -> Option<Value<'d>> {
        let parent = self.node().parent();
        (parent != NO_PARENT).then(|| self.at(parent))
    }

    /// The key under which its object holds this value.
    pub fn key(&self) -> Option<Cow<'d, str>> {
        match self.parent()?.kind() {
            Kind::Object => self.at(self.index - 1).as_str(),
            _ => None,
        }
    }

    /// Where the key that holds this value is written: byte offsets into the document's text, with its quotes.
    pub fn key_span(&self) -> Option<(usize, usize)> {
        match self.parent()?.kind() {
            Kind::Object => Some(self.at(self.index - 1).span()),
            _ => None,
        }
    }

    /// The position of this value in the list that holds it. Counts from the list's start, so it costs as much as there
    /// are items before it.
    pub fn position(&self) -> Option<usize> {
        let parent = self.parent()?;
        match parent.kind() {
            Kind::List => parent.items().position(|item| item == *self),
            _ => None,
        }
    }

    /// Where this value stands below `root`, as `kubectl explain` writes it: `spec.containers[0].image`.
    pub fn path(&self, root: Value<'_>) -> Path {
        self.path_from(root.index)
    }

    /// The index of the value's node, for [`Self::path_from`].
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Where this value stands below the value whose node has this index.
    pub fn path_from(&self, root: u32) -> Path {
        self.path_with(root, |value| value.position())
    }

    /// The path with every position left open: `spec.containers[*].image`. Costs no more than the nesting is deep.
    pub fn open_path_from(&self, root: u32) -> Path {
        self.path_with(root, |_| None)
    }

    fn path_with(&self, root: u32, position: impl Fn(&Value<'d>) -> Option<usize>) -> Path {
        let mut chain = Vec::new();
        let mut here = *self;
        while here.index != root {
            chain.push(here);
            match here.parent() {
                Some(parent) => here = parent,
                None => break,
            }
        }
        let mut path = Path::root();
        for value in chain.iter().rev() {
            match value.key() {
                Some(key) => path = path.key(&key),
                None if value.parent().is_some() => match position(value) {
                    Some(index) => path = path.index(index),
                    None => path = path.any_index(),
                },
                None => {}
            }
        }
        path
    }
}

/// The items of a list.
#[derive(Clone, Debug)]
pub struct Items<'d> {
    document: &'d Document<'d>,
    index: u32,
    end: u32,
}

impl<'d> Iterator for Items<'d> {
    type Item = Value<'d>;

    fn next(&mut self) -> Option<Value<'d>> {
        if self.index >= self.end {
            return None;
        }
        let value = Value { document: self.document, index: self.index };
        self.index = value.next();
        Some(value)
    }
}

/// The keys and values of an object.
#[derive(Clone, Debug)]
pub struct Entries<'d> {
    document: &'d Document<'d>,
    index: u32,
    end: u32,
}

impl<'d> Iterator for Entries<'d> {
    type Item = (Cow<'d, str>, Value<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.index >= self.end {
            return None;
        }
        let name = Value { document: self.document, index: self.index };
        let value = Value { document: self.document, index: self.index + 1 };
        self.index = value.next();
        Some((name.as_str().unwrap_or_default(), value))
    }
}

#[cfg(test)]
mod tests;
