//! From text to nodes, in one pass without recursion.

use super::{Document, Kind, NO_PARENT, Node, PARENT_MASK, TAG_SHIFT, text};

/// How deep lists and objects may nest. `serde_json`, which every engine reads requests with, stops at 128 levels; the
/// envelope around the object adds two.
pub const MAX_DEPTH: usize = 192;

/// The largest text that is read. A node's index has 28 bits, and no text has more nodes than bytes.
const MAX_BYTES: usize = PARENT_MASK as usize;

/// Why a text could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Byte offset of what could not be read.
    pub offset: usize,
    /// What was wrong there, as a sentence's end: "a key is named twice".
    pub problem: &'static str,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at byte {})", self.problem, self.offset)
    }
}

impl std::error::Error for Unreadable {}

/// An object or list that is not closed yet.
struct Open {
    index: u32,
    object: bool,
    /// The node of the last key, and whether the keys so far are in strictly rising order, in which case none is twice.
    last_key: u32,
    sorted: bool,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Document<'_>, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable { offset: MAX_BYTES, problem: "the text is larger than 256 MiB" });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Unreadable { offset: error.valid_up_to(), problem: "the text is not UTF-8" })?;
    // Manifests have a node for every seven bytes or so. Room that is not used costs a module nothing, while a list that
    // outgrows its room is copied to pages that were not touched before.
    let open = Vec::with_capacity(32);
    let mut parser = Parser { bytes, text, at: 0, nodes: Vec::with_capacity(bytes.len() / 5 + 16), open };
    parser.run()?;
    Ok(Document { text, nodes: parser.nodes })
}

struct Parser<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    nodes: Vec<Node>,
    open: Vec<Open>,
}

impl Parser<'_> {
    fn fail<T>(&self, problem: &'static str) -> Result<T, Unreadable> {
        Err(Unreadable { offset: self.at, problem })
    }

    fn run(&mut self) -> Result<(), Unreadable> {
        loop {
            self.value()?;
            // A value has ended. Close whatever ends with it, up to the next comma.
            loop {
                self.space();
                let Some(open) = self.open.last() else {
                    return if self.at == self.bytes.len() { Ok(()) } else { self.fail("text follows the JSON value") };
                };
                let object = open.object;
                match self.bytes.get(self.at) {
                    Some(b',') => {
                        self.at += 1;
                        if object {
                            self.space();
                            self.name()?;
                        }
                        break;
                    }
                    Some(b'}') if object => self.close()?,
                    Some(b']') if !object => self.close()?,
                    Some(_) if object => return self.fail("expected `,` or `}`"),
                    Some(_) => return self.fail("expected `,` or `]`"),
                    None => return self.fail("the text ends early"),
                }
            }
        }
    }

    /// Reads values until one has ended: an opening bracket is followed by its first value.
    fn value(&mut self) -> Result<(), Unreadable> {
        loop {
            self.space();
            let start = self.at;
            match self.bytes.get(self.at) {
                Some(b'"') => return self.string(),
                Some(b'{') => {
                    self.open(Kind::Object)?;
                    self.space();
                    if self.bytes.get(self.at) == Some(&b'}') {
                        return self.close();
                    }
                    self.name()?;
                }
                Some(b'[') => {
                    self.open(Kind::List)?;
                    self.space();
                    if self.bytes.get(self.at) == Some(&b']') {
                        return self.close();
                    }
                }
                Some(b't') => return self.literal(b"true", Kind::Bool),
                Some(b'f') => return self.literal(b"false", Kind::Bool),
                Some(b'n') => return self.literal(b"null", Kind::Null),
                Some(b'-' | b'0'..=b'9') => {
                    self.number()?;
                    self.push(Kind::Number, start, self.at, 0);
                    return Ok(());
                }
                Some(_) => return self.fail("expected a value"),
                None => return self.fail("the text ends early"),
            }
        }
    }

    fn parent(&self) -> u32 {
        self.open.last().map_or(NO_PARENT, |open| open.index)
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize, extra: u32) {
        let tag = match kind {
            Kind::Null => 0,
            Kind::Bool => 1,
            Kind::Number => 2,
            Kind::String => 3,
            Kind::List => 4,
            Kind::Object => 5,
        };
        let tag_and_parent = (tag << TAG_SHIFT) | self.parent();
        self.nodes.push(Node { start: start as u32, end: end as u32, extra, tag_and_parent });
    }

    fn open(&mut self, kind: Kind) -> Result<(), Unreadable> {
        if self.open.len() == MAX_DEPTH {
            return self.fail("lists and objects are nested too deep");
        }
        let index = self.nodes.len() as u32;
        self.push(kind, self.at, self.at, 0);
        self.open.push(Open { index, object: kind == Kind::Object, last_key: 0, sorted: true });
        self.at += 1;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Unreadable> {
        self.at += 1;
        let Some(open) = self.open.pop() else { return self.fail("nothing is open") };
        if !open.sorted {
            self.refuse_duplicates(open.index)?;
        }
        let next = self.nodes.len() as u32;
        let end = self.at as u32;
        if let Some(node) = self.nodes.get_mut(open.index as usize) {
            node.extra = next;
            node.end = end;
        }
        Ok(())
    }

    /// A key and its colon. The API server sends keys in order, so comparing neighbours is enough to know that none is
    /// twice; an object whose keys are in another order is looked through when it closes.
    fn name(&mut self) -> Result<(), Unreadable> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return self.fail("expected a key in quotes");
        }
        let index = self.nodes.len();
        self.string()?;
        let key = self.nodes[index];
        let text = self.text;
        if let Some(open) = self.open.last_mut() {
            if open.last_key != 0 && open.sorted {
                let last = self.nodes[open.last_key as usize];
                open.sorted = key.extra == 0
                    && last.extra == 0
                    && text.as_bytes()[last.start as usize..last.end as usize]
                        < text.as_bytes()[key.start as usize..key.end as usize];
            }
            open.last_key = index as u32;
        }
        self.space();
        if self.bytes.get(self.at) != Some(&b':') {
            return self.fail("expected `:`");
        }
        self.at += 1;
        Ok(())
    }

    fn refuse_duplicates(&self, object: u32) -> Result<(), Unreadable> {
        let mut names = Vec::new();
        let mut index = object as usize + 1;
        while index < self.nodes.len() {
            let name = self.nodes[index];
            let raw = self.text.get(name.start as usize..name.end as usize).unwrap_or_default();
            let decoded = if name.extra == 0 {
                std::borrow::Cow::Borrowed(raw)
            } else {
                std::borrow::Cow::Owned(text::decode(raw))
            };
            names.push((decoded, name.start));
            let value = self.nodes[index + 1];
            index = match value.kind() {
                Kind::List | Kind::Object => value.extra as usize,
                _ => index + 2,
            };
        }
        // Equal names stand in the order in which they are written, so that the second of them is reported.
        let order = crate::order::order(names.len(), &|a, b| names[a].0.cmp(&names[b].0));
        for pair in order.windows(2) {
            let (first, second) = (&names[pair[0]], &names[pair[1]]);
            if first.0 == second.0 {
                return Err(Unreadable { offset: second.1 as usize, problem: "an object names a key twice" });
            }
        }
        Ok(())
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn literal(&mut self, word: &[u8], kind: Kind) -> Result<(), Unreadable> {
        if !self.bytes[self.at..].starts_with(word) {
            return self.fail("expected a value");
        }
        self.push(kind, self.at, self.at + word.len(), 0);
        self.at += word.len();
        Ok(())
    }

    fn string(&mut self) -> Result<(), Unreadable> {
        self.at += 1;
        let start = self.at;
        let mut escapes = 0;
        loop {
            self.at = text::plain_end(self.bytes, self.at);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.push(Kind::String, start, self.at, escapes);
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    escapes = 1;
                    match text::escape_len(&self.bytes[self.at..]) {
                        Some(len) => self.at += len,
                        None => return self.fail("a string holds an escape that does not exist"),
                    }
                }
                Some(_) => return self.fail("a string holds a control character"),
                None => return self.fail("the text ends early"),
            }
        }
    }

    fn digits(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.bytes.get(self.at) {
            self.at += 1;
        }
        if self.at == start { self.fail("a number lacks its digits") } else { Ok(()) }
    }

    fn number(&mut self) -> Result<(), Unreadable> {
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }
}
