//! A value and where it is written.

use std::ops::Range;

use isolation::path::{Step, steps};
use serde_json::{Map, Number, Value};

/// A value in a text, with the bytes that it was written in.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the value; of a quoted scalar, with its quotes.
    pub span: Range<usize>,
    /// The bytes of the key that holds the value, if an object does.
    pub key: Option<Range<usize>>,
    /// The value.
    pub data: Data,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// Items, in order.
    List(Vec<Node>),
    /// Members, in the order they are written.
    Object(Vec<(String, Node)>),
}

/// Where a field path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The bytes to point at.
    pub span: Range<usize>,
    /// Whether the field itself is there. If not, the span is that of the nearest field above it which is.
    pub exact: bool,
}

impl Node {
    /// The member of an object under `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.data {
            Data::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value as JSON.
    pub fn to_json(&self) -> Value {
        match &self.data {
            Data::Null => Value::Null,
            Data::Bool(value) => Value::Bool(*value),
            Data::Number(number) => Value::Number(number.clone()),
            Data::String(text) => Value::String(text.clone()),
            Data::List(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Data::Object(members) => {
                Value::Object(members.iter().map(|(key, node)| (key.clone(), node.to_json())).collect::<Map<_, _>>())
            }
        }
    }

    /// The node at the end of a field path, as findings carry them. A path that goes on inside a string ends at it.
    pub fn at(&self, path: &str) -> Option<&Node> {
        steps(path).iter().try_fold(self, Node::step)
    }

    fn step(&self, step: &Step) -> Option<&Node> {
        match (step, &self.data) {
            (Step::Key(key), _) => self.get(key),
            (Step::Index(index), Data::List(items)) => items.get(*index),
            _ => None,
        }
    }

    /// What to point at for a field path: the value; for a list, an object or nothing at all, the key that holds it.
    pub fn locate(&self, path: &str) -> Located {
        let mut here = self;
        let mut exact = true;
        for step in steps(path) {
            match here.step(&step) {
                Some(next) => here = next,
                None => {
                    exact = false;
                    break;
                }
            }
        }
        let inner = matches!(here.data, Data::List(_) | Data::Object(_)) || here.span.is_empty();
        let span = match &here.key {
            Some(key) if inner => key.clone(),
            _ if inner => here.first_key().unwrap_or_else(|| here.span.clone()),
            _ => here.span.clone(),
        };
        Located { span, exact }
    }

    /// The first key of an object: what stands for an object that no key holds.
    fn first_key(&self) -> Option<Range<usize>> {
        match &self.data {
            Data::Object(members) => members.first()?.1.key.clone(),
            Data::List(items) => items.first().and_then(Node::first_key),
            _ => None,
        }
    }
}
