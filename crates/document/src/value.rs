//! A place in a document, and what can be asked of it.

use std::borrow::Cow;
use std::ops::Range;

use crate::path::Path;
use crate::tree::{Document, Kind, Node};

/// A value in a [`Document`].
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl Document<'_> {
    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value { document: self, index: 0 }
    }

    /// The value whose node has this index, which [`Value::index`] gave.
    pub fn at(&self, index: u32) -> Value<'_> {
        Value { document: self, index }
    }
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_json())
    }
}

/// Two values are equal when they are the same place in the same document.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && self.shares_document(*other)
    }
}

impl<'d> Value<'d> {
    fn node(&self) -> Node {
        self.document.node(self.index)
    }

    fn at(&self, index: u32) -> Value<'d> {
        Value { document: self.document, index }
    }

    /// The index of the first node behind this value.
    fn behind(&self) -> u32 {
        self.node().behind(self.index)
    }

    /// What kind of value this is.
    pub fn kind(&self) -> Kind {
        self.node().kind()
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The value under `key`, if this is an object that has it. `null` is a value; see [`Value::field`].
    pub fn get(&self, key: &str) -> Option<Value<'d>> {
        let node = self.node();
        if node.kind() != Kind::Object {
            return None;
        }
        let end = node.behind(self.index);
        let mut index = self.index + 1;
        while index < end {
            if self.document.bytes_of(&self.document.node(index)) == key.as_bytes() {
                return Some(self.at(index + 1));
            }
            index = self.document.node(index + 1).behind(index + 1);
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

    /// The text of a string.
    pub fn text(&self) -> Option<&'d str> {
        let node = self.node();
        (node.kind() == Kind::String).then(|| self.document.text_of(&node))
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<Cow<'d, str>> {
        self.text().map(Cow::Borrowed)
    }

    /// Whether this is the string `expected`.
    pub fn is_text(&self, expected: &str) -> bool {
        self.text() == Some(expected)
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        let node = self.node();
        (node.kind() == Kind::Bool).then(|| node.is_true())
    }

    /// A number as JSON writes it.
    pub fn number(&self) -> Option<&'d str> {
        let node = self.node();
        (node.kind() == Kind::Number).then(|| self.document.text_of(&node))
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> Items<'d> {
        let end = if self.kind() == Kind::List { self.behind() } else { 0 };
        Items { document: self.document, index: self.index + 1, end }
    }

    /// The keys and values of an object, in the order they are written; none for anything else.
    pub fn entries(&self) -> Entries<'d> {
        let end = if self.kind() == Kind::Object { self.behind() } else { 0 };
        Entries { document: self.document, index: self.index + 1, end }
    }

    /// The same with keys as the document holds them.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'d str, Value<'d>)> + use<'d> {
        let (document, end) = (self.document, if self.kind() == Kind::Object { self.behind() } else { 0 });
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            if index >= end {
                return None;
            }
            let value = Value { document, index: index + 1 };
            let key = Value { document, index }.text().unwrap_or_default();
            index = value.behind();
            Some((key, value))
        })
    }

    /// How many nodes the value has: itself, and all keys and values below it.
    pub fn size(&self) -> usize {
        (self.behind() - self.index) as usize
    }

    /// The document that holds it.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// Whether this is a list or object with nothing in it.
    pub fn is_empty_container(&self) -> bool {
        matches!(self.kind(), Kind::List | Kind::Object) && self.behind() == self.index + 1
    }

    /// Where the value is written, in bytes of the document's text, if that was noted: of a string, with its quotes.
    pub fn span(&self) -> Option<Range<usize>> {
        self.document.span_of(self.index)
    }

    /// Where the key that holds this value is written, if that was noted.
    pub fn key_span(&self) -> Option<Range<usize>> {
        match self.parent()?.kind() {
            Kind::Object => self.document.span_of(self.index - 1),
            _ => None,
        }
    }

    /// Whether both values belong to the same document.
    pub fn shares_document(&self, other: Value<'_>) -> bool {
        std::ptr::eq(self.document, other.document)
    }

    /// The list or object that holds this value.
    pub fn parent(&self) -> Option<Value<'d>> {
        self.node().parent().map(|parent| self.at(parent))
    }

    /// The key under which its object holds this value.
    pub fn key(&self) -> Option<Cow<'d, str>> {
        match self.parent()?.kind() {
            Kind::Object => self.at(self.index - 1).as_str(),
            _ => None,
        }
    }

    /// The path of this value below `root`, as `kubectl explain` writes it: `spec.containers[0].image`.
    pub fn path(&self, root: Value<'_>) -> Path {
        self.path_from(root.index, &mut Positions::default())
    }

    /// The index of the value's node, for [`Self::path_from`].
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The path of this value below the value whose node has this index.
    pub fn path_from(&self, root: u32, positions: &mut Positions) -> Path {
        self.path_with(root, |level, value| positions.of(level, value))
    }

    /// The path with every position left open: `spec.containers[*].image`. Costs no more than the nesting is deep.
    pub fn open_path_from(&self, root: u32) -> Path {
        self.path_with(root, |_, _| None)
    }

    fn path_with(&self, root: u32, mut position: impl FnMut(usize, Value<'d>) -> Option<usize>) -> Path {
        let mut chain = Vec::new();
        let mut here = *self;
        while here.index != root
            && let Some(parent) = here.parent()
        {
            chain.push(here);
            here = parent;
        }
        let mut path = Path::root();
        for (level, value) in chain.into_iter().rev().enumerate() {
            path = match value.key() {
                Some(key) => path.key(&key),
                None => match position(level, value) {
                    Some(index) => path.index(index),
                    None => path.any_index(),
                },
            };
        }
        path
    }
}

/// Where in their lists the values of one document stood that were last asked for, one for each level of nesting: the position of
/// one that stands behind it in the same list is counted from there. So the positions of all items cost no more than the list
/// is long, where they are asked for in its order.
#[derive(Debug, Default)]
pub struct Positions(Vec<(u32, usize)>);

impl Positions {
    fn of(&mut self, level: usize, value: Value<'_>) -> Option<usize> {
        let list = value.parent().filter(|parent| parent.kind() == Kind::List)?;
        if self.0.len() <= level {
            self.0.resize(level + 1, (0, 0));
        }
        let last = self.0.get_mut(level)?;
        if last.0 <= list.index || last.0 > value.index {
            *last = (list.index + 1, 0);
        }
        while last.0 < value.index {
            *last = (value.at(last.0).behind(), last.1 + 1);
        }
        Some(last.1)
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
        self.index = value.behind();
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
        self.index = value.behind();
        Some((name.as_str().unwrap_or_default(), value))
    }
}
