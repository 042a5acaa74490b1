//! A Kubernetes object in a text, and what is said where there is none.

use std::ops::Range;

use crate::node::{Data, Node};

/// A Kubernetes object and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Group and version: `apps/v1`.
    pub api_version: String,
    /// The kind: `Deployment`.
    pub kind: String,
    /// `metadata.name`, or `metadata.generateName`; empty where there is neither.
    pub name: String,
    /// `metadata.namespace`; empty where there is none.
    pub namespace: String,
    /// The object.
    pub node: Node,
}

impl Object {
    /// The API group; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    /// The version without its group.
    pub fn version(&self) -> &str {
        self.api_version.rsplit_once('/').map_or(&self.api_version, |(_, version)| version)
    }

    /// The object in a sentence: `Deployment shop/web`.
    pub fn subject(&self) -> String {
        match (self.namespace.as_str(), self.name.as_str()) {
            (_, "") => self.kind.clone(),
            ("", name) => format!("{} {name}", self.kind),
            (namespace, name) => format!("{} {namespace}/{name}", self.kind),
        }
    }
}

/// A place in a text from which no object could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes to point at.
    pub span: Range<usize>,
    /// What is wrong: a clause.
    pub what: String,
    /// What to do: a sentence without full stop; may be empty.
    pub help: String,
}

impl Problem {
    pub(crate) fn new(span: Range<usize>, what: impl Into<String>, help: impl Into<String>) -> Self {
        Problem { span, what: what.into(), help: help.into() }
    }
}

/// The objects in a document: itself, or the items of a list.
pub(crate) fn objects(node: Node, out: &mut Vec<Result<Object, Problem>>) {
    collect(node, None, out);
}

fn kind_name(node: &Node) -> &'static str {
    match node.data {
        Data::Null => "nothing",
        Data::Bool(_) => "a boolean",
        Data::Number(_) => "a number",
        Data::String(_) => "a text",
        Data::List(_) => "a list",
        Data::Object(_) => "an object",
    }
}

/// `of` is the apiVersion and kind of the items of a typed list, which need not repeat them.
fn collect(node: Node, of: Option<(&str, &str)>, out: &mut Vec<Result<Object, Problem>>) {
    if !matches!(node.data, Data::Object(_)) {
        let span = node.locate("").span;
        let what =
            format!("the document is {}, but a manifest is an object with apiVersion and kind", kind_name(&node));
        return out.push(Err(Problem::new(span, what, "")));
    }
    let field = |key: &str, fallback: Option<&str>| match node.get(key) {
        Some(value) => match &value.data {
            Data::String(text) if !text.is_empty() => Ok(text.clone()),
            _ => Err(Problem::new(value.locate("").span, format!("{key} must be a string that is not empty"), "")),
        },
        None => match fallback {
            Some(fallback) => Ok(fallback.to_owned()),
            None => {
                let what = format!("the document has no {key}, so it is not a Kubernetes object");
                let help = "Leave files that are not manifests out of what is checked, or add the field";
                Err(Problem::new(node.locate("").span, what, help))
            }
        },
    };
    let kind = match field("kind", of.map(|of| of.1)) {
        Ok(kind) => kind,
        Err(problem) => return out.push(Err(problem)),
    };
    let api_version = match field("apiVersion", of.map(|of| of.0)) {
        Ok(version) => version,
        Err(problem) => return out.push(Err(problem)),
    };
    if let Some(item_kind) = kind.strip_suffix("List")
        && matches!(node.get("items").map(|items| &items.data), Some(Data::List(_)))
    {
        let of = (!item_kind.is_empty()).then(|| (api_version.clone(), item_kind.to_owned()));
        let Data::Object(members) = node.data else { return };
        for (key, member) in members {
            if let ("items", Data::List(items)) = (key.as_str(), member.data) {
                for item in items {
                    collect(item, of.as_ref().map(|of| (of.0.as_str(), of.1.as_str())), out);
                }
            }
        }
        return;
    }
    let metadata = node.get("metadata");
    let text = |key: &str| metadata.and_then(|metadata| metadata.get(key)).and_then(Node::as_str).unwrap_or_default();
    let name = if text("name").is_empty() { text("generateName") } else { text("name") };
    let (name, namespace) = (name.to_owned(), text("namespace").to_owned());
    out.push(Ok(Object { api_version, kind, name, namespace, node: with_kind(node, of) }));
}

/// An item of a typed list with the apiVersion and kind that the list gives it, as the API server would have them.
fn with_kind(mut node: Node, of: Option<(&str, &str)>) -> Node {
    let Some((api_version, kind)) = of else { return node };
    let start = node.span.start;
    if let Data::Object(members) = &mut node.data {
        for (key, value) in [("apiVersion", api_version), ("kind", kind)] {
            if members.iter().all(|(name, _)| name != key) {
                let data = Data::String(value.to_owned());
                members.push((key.to_owned(), Node { span: start..start, key: None, data }));
            }
        }
    }
    node
}
