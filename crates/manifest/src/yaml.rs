//! One YAML document into nodes, by the events of `saphyr-parser`.

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use crate::node::{Data, Node};
use crate::object::Problem;
use crate::scalar::resolve;

/// How many nodes a document may have. Aliases multiply, so that a short text can stand for billions.
const MAX_NODES: usize = 1_000_000;

/// How deep a document may nest; the API server's own readers stop far below.
const MAX_DEPTH: usize = 128;

/// Reads the one document in `text`, which begins at byte `offset` of its file. `None` if there is nothing in it.
pub(crate) fn read(text: &str, offset: usize) -> Result<Option<Node>, Problem> {
    let mut reader = Reader {
        text,
        events: Parser::new_from_str(text),
        bytes: Bytes::new(text, offset),
        anchors: HashMap::new(),
        nodes: 0,
    };
    reader.document()
}

/// Character positions, which the parser counts in, as byte offsets in the file.
struct Bytes {
    offset: usize,
    /// The byte offset of each character; empty where every character is one byte.
    starts: Vec<usize>,
    len: usize,
}

impl Bytes {
    fn new(text: &str, offset: usize) -> Self {
        let starts = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(start, _)| start).collect() };
        Bytes { offset, starts, len: text.len() }
    }

    fn at(&self, index: usize) -> usize {
        let byte = if self.starts.is_empty() { index } else { self.starts.get(index).copied().unwrap_or(self.len) };
        self.offset + byte.min(self.len)
    }

    fn range(&self, span: &Span) -> Range<usize> {
        let start = self.at(span.start.index());
        start..self.at(span.end.index()).max(start)
    }
}

struct Reader<'t, T: saphyr_parser::Input> {
    text: &'t str,
    events: Parser<'t, T>,
    bytes: Bytes,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

impl<'t, T: saphyr_parser::Input> Reader<'t, T> {
    fn next(&mut self) -> Result<(Event<'t>, Range<usize>), Problem> {
        match self.events.next_event() {
            Some(Ok((event, span))) => Ok((event, self.bytes.range(&span))),
            Some(Err(error)) => {
                let at = self.bytes.at(error.marker().index());
                Err(Problem::new(at..at, format!("not YAML: {}", error.info()), ""))
            }
            None => Ok((Event::StreamEnd, self.bytes.at(usize::MAX)..self.bytes.at(usize::MAX))),
        }
    }

    /// The bytes of a scalar alone: the parser ends a quoted one where the next token begins, behind a comment.
    fn written(&self, style: ScalarStyle, span: Range<usize>) -> Range<usize> {
        let start = span.start - self.bytes.offset;
        let written = self.text.get(start..span.end - self.bytes.offset).unwrap_or_default();
        let bytes = written.as_bytes();
        let mut at = 1;
        let end = match style {
            ScalarStyle::DoubleQuoted => loop {
                match bytes.get(at) {
                    Some(b'"') => break at + 1,
                    Some(b'\\') => at += 2,
                    Some(_) => at += 1,
                    None => break bytes.len(),
                }
            },
            ScalarStyle::SingleQuoted => loop {
                match (bytes.get(at), bytes.get(at + 1)) {
                    (Some(b'\''), Some(b'\'')) => at += 2,
                    (Some(b'\''), _) => break at + 1,
                    (Some(_), _) => at += 1,
                    (None, _) => break bytes.len(),
                }
            },
            _ => written.trim_end().len(),
        };
        span.start..span.start + end
    }

    fn document(&mut self) -> Result<Option<Node>, Problem> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(root),
                Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
                _ if root.is_some() => return Err(Problem::new(span, "not YAML: text follows the document", "")),
                event => {
                    let empty = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, 0, None) if text.is_empty());
                    let node = self.node(event, span, 0)?;
                    root = (!empty).then_some(node);
                }
            }
        }
    }

    fn count(&mut self, nodes: usize, at: &Range<usize>) -> Result<(), Problem> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            return Err(Problem::new(at.clone(), "the document stands for more than 1,000,000 values", ""));
        }
        Ok(())
    }

    fn node(&mut self, event: Event<'t>, span: Range<usize>, depth: usize) -> Result<Node, Problem> {
        self.count(1, &span)?;
        if depth > MAX_DEPTH {
            return Err(Problem::new(span, "the document is nested too deep", ""));
        }
        let start = span.start;
        let (anchor, node) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let span = self.written(style, span);
                (anchor, scalar(&text, style, tag.as_deref(), span)?)
            }
            Event::SequenceStart(anchor, _) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, end) => {
                            break (
                                anchor,
                                Node { span: start..end.end.max(start), key: None, data: Data::List(items) },
                            );
                        }
                        (event, span) => items.push(self.node(event, span, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(anchor, _) => (anchor, self.mapping(start, depth)?),
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(node) => {
                    self.count(size(&node), &span)?;
                    return Ok(node);
                }
                None => return Err(Problem::new(span, "not YAML: an alias holds itself", "")),
            },
            _ => return Err(Problem::new(span, "not YAML: a value was expected", "")),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn mapping(&mut self, start: usize, depth: usize) -> Result<Node, Problem> {
        let mut members: Vec<(String, Node)> = Vec::new();
        let mut merged: Vec<(String, Node)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        loop {
            let (event, key_span) = self.next()?;
            if event == Event::MappingEnd {
                for (name, node) in merged {
                    if names.insert(name.clone()) {
                        members.push((name, node));
                    }
                }
                return Ok(Node { span: start..key_span.end.max(start), key: None, data: Data::Object(members) });
            }
            let merges = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key = self.node(event, key_span.clone(), depth + 1)?;
            let (event, span) = self.next()?;
            let mut value = self.node(event, span, depth + 1)?;
            if merges {
                merge(value, &mut merged)?;
                continue;
            }
            let name = match key.data {
                Data::String(text) => text,
                Data::Bool(value) => value.to_string(),
                Data::Number(number) => number.to_string(),
                Data::Null => "null".to_owned(),
                Data::List(_) | Data::Object(_) => {
                    return Err(Problem::new(key_span, "a key is a list or an object, which JSON does not have", ""));
                }
            };
            if !names.insert(name.clone()) {
                let help = "Readers disagree about which one counts; keep one of them";
                return Err(Problem::new(key_span, format!("the key {name:?} is given twice"), help));
            }
            value.key = Some(key_span);
            members.push((name, value));
        }
    }
}

/// How many nodes there are in a tree.
fn size(node: &Node) -> usize {
    1 + match &node.data {
        Data::List(items) => items.iter().map(size).sum::<usize>(),
        Data::Object(members) => members.iter().map(|(_, member)| size(member)).sum(),
        _ => 0,
    }
}

fn merge(value: Node, merged: &mut Vec<(String, Node)>) -> Result<(), Problem> {
    match value.data {
        Data::Object(members) => merged.extend(members),
        Data::List(items) => {
            for item in items {
                merge(item, merged)?;
            }
        }
        _ => return Err(Problem::new(value.span, "`<<` merges objects", "")),
    }
    Ok(())
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Range<usize>) -> Result<Node, Problem> {
    let core = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    let data = match (style, core) {
        (ScalarStyle::Plain, Some("str")) => Data::String(text.to_owned()),
        (ScalarStyle::Plain, _) | (_, Some("int" | "float" | "bool" | "null")) => match resolve(text) {
            Ok(data) => data,
            Err(problem) => return Err(Problem::new(span, problem, "")),
        },
        _ => Data::String(text.to_owned()),
    };
    Ok(Node { span, key: None, data })
}
