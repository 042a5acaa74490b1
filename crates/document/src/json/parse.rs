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

/// The state of the list or object that is read now, set aside while one inside it is.
struct Open {
    index: u32,
    object: bool,
    /// The node of the last key, and whether the keys so far are in strictly rising order, in which case none is twice.
    last_key: u32,
    sorted: bool,
}

#[cold]
#[inline(never)]
fn fail<T>(offset: usize, problem: &'static str) -> Result<T, Unreadable> {
    Err(Unreadable { offset, problem })
}

fn node(kind: Kind, start: usize, end: usize, extra: u32, parent: u32) -> Node {
    let tag = match kind {
        Kind::Null => 0,
        Kind::Bool => 1,
        Kind::Number => 2,
        Kind::String => 3,
        Kind::List => 4,
        Kind::Object => 5,
    };
    Node { start: start as u32, end: end as u32, extra, tag_and_parent: (tag << TAG_SHIFT) | parent }
}

/// Reads a whole text.
///
/// Most of a call's time is spent here, so this is one loop over local variables: each call of a function costs a module a
/// look at the deadline, and each variable behind a reference a trip to memory.
pub(super) fn parse(bytes: &[u8]) -> Result<Document<'_>, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return fail(MAX_BYTES, "the text is larger than 256 MiB");
    }
    let mut open: Vec<Open> = Vec::with_capacity(32);
    // Manifests have a node for every seven bytes or so. Room that is not used costs a module nothing, while a list that
    // outgrows its room is copied to pages that were not touched before.
    let mut nodes: Vec<Node> = Vec::with_capacity(bytes.len() / 5 + 16);
    let mut here = Open { index: NO_PARENT, object: false, last_key: 0, sorted: true };
    let mut at = 0;
    'member: loop {
        if here.object {
            at = space(bytes, at);
            if bytes.get(at) != Some(&b'"') {
                return fail(at, "expected a key in quotes");
            }
            let (end, escapes) = string(bytes, at)?;
            let key = nodes.len() as u32;
            // The API server sends keys in order, so comparing neighbours is enough to know that none is twice; an object
            // whose keys are in another order is looked through when it closes.
            if here.sorted && here.last_key != 0 {
                let last = nodes[here.last_key as usize];
                let (last_key, this_key) = (&bytes[last.start as usize..last.end as usize], &bytes[at + 1..end]);
                here.sorted = escapes == 0 && last.extra == 0 && is_before(last_key, this_key);
            }
            here.last_key = key;
            nodes.push(node(Kind::String, at + 1, end, escapes, here.index));
            at = space(bytes, end + 1);
            if bytes.get(at) != Some(&b':') {
                return fail(at, "expected `:`");
            }
            at += 1;
        }
        at = space(bytes, at);
        match bytes.get(at) {
            Some(b'"') => {
                let (end, escapes) = string(bytes, at)?;
                nodes.push(node(Kind::String, at + 1, end, escapes, here.index));
                at = end + 1;
            }
            Some(bracket @ (b'{' | b'[')) => {
                if open.len() == MAX_DEPTH {
                    return fail(at, "lists and objects are nested too deep");
                }
                let object = *bracket == b'{';
                let index = nodes.len() as u32;
                nodes.push(node(if object { Kind::Object } else { Kind::List }, at, at, 0, here.index));
                open.push(here);
                here = Open { index, object, last_key: 0, sorted: true };
                at = space(bytes, at + 1);
                if bytes.get(at) != Some(if object { &b'}' } else { &b']' }) {
                    continue 'member;
                }
            }
            Some(b'-' | b'0'..=b'9') => {
                let end = number(bytes, at)?;
                nodes.push(node(Kind::Number, at, end, 0, here.index));
                at = end;
            }
            Some(b't' | b'f' | b'n') => {
                let (kind, end) = literal(bytes, at)?;
                nodes.push(node(kind, at, end, 0, here.index));
                at = end;
            }
            Some(_) => return fail(at, "expected a value"),
            None => return fail(at, "the text ends early"),
        }
        // A value has ended. Close whatever ends with it, up to the next comma.
        loop {
            at = space(bytes, at);
            match bytes.get(at) {
                _ if here.index == NO_PARENT => {
                    if at < bytes.len() {
                        return fail(at, "text follows the JSON value");
                    }
                    // Outside of strings there are ASCII characters alone, and each string was looked at.
                    #[allow(unsafe_code)]
                    let text = unsafe { std::str::from_utf8_unchecked(bytes) };
                    return Ok(Document { text, nodes });
                }
                Some(b',') => {
                    at += 1;
                    continue 'member;
                }
                Some(b'}') if here.object => {}
                Some(b']') if !here.object => {}
                Some(_) if here.object => return fail(at, "expected `,` or `}`"),
                Some(_) => return fail(at, "expected `,` or `]`"),
                None => return fail(at, "the text ends early"),
            }
            at += 1;
            if !here.sorted {
                refuse_duplicates(bytes, &nodes, here.index)?;
            }
            let next = nodes.len() as u32;
            if let Some(closed) = nodes.get_mut(here.index as usize) {
                closed.extra = next;
                closed.end = at as u32;
            }
            let Some(outer) = open.pop() else { return fail(at, "nothing is open") };
            here = outer;
        }
    }
}

/// The offset behind white space. In what an engine sends there is none.
#[inline(always)]
fn space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Whether one key comes before another, byte by byte. Most differ in their first.
#[inline(always)]
fn is_before(a: &[u8], b: &[u8]) -> bool {
    match (a.first(), b.first()) {
        (Some(x), Some(y)) if x != y => x < y,
        _ => a < b,
    }
}

/// Reads the string whose opening quote stands at `quote`: the offset of its closing quote, and 1 if it holds escapes.
#[inline(always)]
fn string(bytes: &[u8], quote: usize) -> Result<(usize, u32), Unreadable> {
    let mut at = quote + 1;
    let mut escapes = 0;
    let mut bits = 0;
    loop {
        at = text::plain_end(bytes, at, &mut bits);
        match bytes.get(at) {
            Some(b'"') => break,
            Some(b'\\') => {
                escapes = 1;
                match text::escape_len(&bytes[at..]) {
                    Some(len) => at += len,
                    None => return fail(at, "a string holds an escape that does not exist"),
                }
            }
            Some(_) => return fail(at, "a string holds a control character"),
            None => return fail(at, "the text ends early"),
        }
    }
    if bits & text::HIGHS != 0 {
        refuse_bad_utf8(bytes, quote + 1, at)?;
    }
    Ok((at, escapes))
}

#[cold]
#[inline(never)]
fn refuse_bad_utf8(bytes: &[u8], start: usize, end: usize) -> Result<(), Unreadable> {
    match std::str::from_utf8(&bytes[start..end]) {
        Ok(_) => Ok(()),
        Err(error) => fail(start + error.valid_up_to(), "the text is not UTF-8"),
    }
}

/// Refuses an object, which closes now, that names a key twice.
fn refuse_duplicates(bytes: &[u8], nodes: &[Node], object: u32) -> Result<(), Unreadable> {
    let mut names = Vec::new();
    let mut index = object as usize + 1;
    while index < nodes.len() {
        let name = nodes[index];
        // Strings were found to be UTF-8 when they were read.
        let raw = std::str::from_utf8(&bytes[name.start as usize..name.end as usize]).unwrap_or_default();
        let decoded =
            if name.extra == 0 { std::borrow::Cow::Borrowed(raw) } else { std::borrow::Cow::Owned(text::decode(raw)) };
        names.push((decoded, name.start));
        let value = nodes[index + 1];
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
            return fail(second.1 as usize, "an object names a key twice");
        }
    }
    Ok(())
}

/// Reads `true`, `false` or `null`: its kind, and the offset behind it.
fn literal(bytes: &[u8], at: usize) -> Result<(Kind, usize), Unreadable> {
    for (word, kind) in [(&b"true"[..], Kind::Bool), (b"false", Kind::Bool), (b"null", Kind::Null)] {
        if bytes[at..].starts_with(word) {
            return Ok((kind, at + word.len()));
        }
    }
    fail(at, "expected a value")
}

/// The offset behind one digit or more.
fn digits(bytes: &[u8], start: usize) -> Result<usize, Unreadable> {
    let mut at = start;
    while let Some(b'0'..=b'9') = bytes.get(at) {
        at += 1;
    }
    if at == start { fail(at, "a number lacks its digits") } else { Ok(at) }
}

/// Reads a number: the offset behind it.
fn number(bytes: &[u8], start: usize) -> Result<usize, Unreadable> {
    let mut at = start;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    at = if bytes.get(at) == Some(&b'0') { at + 1 } else { digits(bytes, at)? };
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = bytes.get(at) {
            at += 1;
        }
        at = digits(bytes, at)?;
    }
    Ok(at)
}
