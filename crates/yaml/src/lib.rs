//! One YAML document into the tree, as kubectl reads it.
//!
//! `granit-parser` reads the syntax. This layer says what the reader of Kubernetes' tools, sigs.k8s.io/yaml, makes of it:
//! what scalars mean, that a merge key takes effect where it stands, what an alias may cost. Where that reader and others
//! take a text for different things, and where it drops a part of the text without a word, the text is refused.

#![warn(clippy::indexing_slicing, clippy::string_slice)]

mod aliases;
mod merging;
mod scalar;
mod streaming;

use std::ops::Range;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StrInput};

pub use aliases::{Alias, aliases, scalars};

use isolation_document::{Builder, Document, Duplicate, MAX_BYTES, Unreadable};

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes to point at.
    pub span: Range<usize>,
    /// What is wrong: a clause.
    pub what: String,
    /// What to do: a sentence without full stop; may be empty.
    pub help: &'static str,
}

/// What is wrong with text behind the document.
pub const TEXT_FOLLOWS: &str = "text follows the document; kubectl drops it";

impl Problem {
    /// A module's answer has no room for advice about YAML: its texts are left out of it.
    #[inline]
    fn new(span: Range<usize>, what: impl Into<String>, help: &'static str) -> Self {
        Problem { span, what: what.into(), help: if cfg!(target_os = "wasi") { "" } else { help } }
    }
}

/// How many values a document may have by aliases alone, on top of those that are written. An alias makes many values of few
/// bytes; what is written is bounded by its bytes. kubectl's reader stops at some 1,200,000.
pub const MAX_ALIASED: usize = 1_500_000;

/// The same for a module, which has little memory and whose texts are parts of objects.
const MAX_ALIASED_IN_MODULE: usize = 100_000;

/// How many bytes of a key or string count as another value where an alias or a merge key has them written once more.
const BYTES_OF_A_VALUE: usize = 32;

/// Reads a text that holds one YAML document, `null` if there is nothing in it.
///
/// # Errors
///
/// What is not YAML, and what readers of YAML take for different things.
pub fn document(text: &str) -> Result<Document<'_>, Unreadable> {
    let mut builder = Builder::new(text);
    match read(text, &mut builder, Places::Ignored, MAX_ALIASED_IN_MODULE) {
        Ok(true) => {}
        Ok(false) => builder.null(),
        Err(_) => return Err(unreadable(text)),
    }
    Ok(builder.finish())
}

/// Why a text that was refused is: read once more with places, so that the sentence can say where.
#[cold]
fn unreadable(text: &str) -> Unreadable {
    let again = read(text, &mut Builder::new(text), Places::From(0), MAX_ALIASED_IN_MODULE);
    let problem = again.err().unwrap_or_else(|| Problem::new(0..0, "not YAML", ""));
    let before = text.get(..problem.span.start).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
    Unreadable { problem: format!("{} at line {line} column {column}", problem.what), line, column }
}

/// Whether the places of values are noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// They are not.
    Ignored,
    /// They are, in bytes of a larger text in which the text that is read begins here.
    From(usize),
}

/// Reads the one document in `text` into the builder; whether there is something in it.
///
/// # Errors
///
/// What is not YAML, and what readers of YAML take for different things. The builder is then of no use.
pub fn read(text: &str, builder: &mut Builder<'_>, places: Places, max_aliased: usize) -> Result<bool, Problem> {
    if text.len() > MAX_BYTES {
        return Err(Problem::new(0..0, "the text is larger than 256 MiB", ""));
    }
    check_characters(text)?;
    let events = Events::new(text);
    // A merge key takes values of its object back, which a tree that only grows cannot.
    if text.contains("<<") {
        merging::read(events, builder, places, max_aliased)
    } else {
        streaming::read(events, builder, places, max_aliased)
    }
}

/// Refuses characters that kubectl's reader refuses, and those that it takes for line breaks while other readers do not.
fn check_characters(text: &str) -> Result<(), Problem> {
    // ASCII is checked in one pass, many bytes at a time; other characters are looked at only where there are some.
    let is_plain = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e);
    if text.as_bytes().chunks(64).all(|bytes| bytes.iter().fold(true, |all, byte| all & is_plain(byte))) {
        return Ok(());
    }
    check_mark(text)?;
    let bad = text.char_indices().find(|(_, c)| match c {
        '\t' | '\n' | '\r' => false,
        '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    });
    match bad {
        None => Ok(()),
        Some((at, c @ ('\u{85}' | '\u{2028}' | '\u{2029}'))) => {
            let what = format!("U+{:04X} is a line break to kubectl, but not to other YAML parsers", c as u32);
            let help =
                "Write a line break, or the character as an escape in double quotes: \"\\N\", \"\\L\" or \"\\P\"";
            Err(Problem::new(at..at + c.len_utf8(), what, help))
        }
        Some((at, c)) => {
            let what = format!("YAML does not allow the control character U+{:04X}", c as u32);
            let help = "Remove it, or write it as an escape in double quotes: \"\\x1b\"";
            Err(Problem::new(at..at + c.len_utf8(), what, help))
        }
    }
}

/// Refuses a byte order mark on a line of its own comments and blanks have before it: to kubectl it belongs to what follows,
/// and the parser drops it.
fn check_mark(text: &str) -> Result<(), Problem> {
    let mut at = if text.starts_with(MARK) { MARK.len_utf8() } else { 0 };
    for line in text.get(at..).unwrap_or_default().split_inclusive(['\n', '\r']) {
        if line.starts_with(MARK) {
            let help = "Remove it: save the file as UTF-8 without BOM";
            return Err(Problem::new(at..at + MARK.len_utf8(), MISPLACED_MARK, help));
        }
        if !matches!(line.trim_start().as_bytes().first(), None | Some(b'#' | b'%')) {
            break;
        }
        at += line.len();
    }
    Ok(())
}

/// A byte order mark.
const MARK: char = '\u{feff}';
const MISPLACED_MARK: &str = "a byte order mark precedes the document; to kubectl it is part of what follows it";

/// What the parser sees in the one document of a text.
struct Events<'t> {
    text: &'t str,
    parser: Parser<'t, StrInput<'t>>,
}

/// What anchors name. The parser counts them from 1.
#[derive(Default)]
struct Anchors<T>(Vec<Option<T>>);

impl<T: Copy> Anchors<T> {
    fn insert(&mut self, anchor: usize, named: T) {
        if self.0.len() <= anchor {
            self.0.resize(anchor + 1, None);
        }
        if let Some(place) = self.0.get_mut(anchor) {
            *place = Some(named);
        }
    }

    fn get(&self, anchor: usize) -> Option<T> {
        self.0.get(anchor).copied().flatten()
    }
}

fn is_in_anchor(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// How deep a document may nest. The API server's own readers stop far below.
const MAX_DEPTH: usize = 255;

impl<'t> Events<'t> {
    fn new(text: &'t str) -> Self {
        let mut options = Options::default();
        options.set_emit_comments(false);
        // A byte order mark in a scalar is content, as it is to kubectl.
        options.bom_inside_document_as_content = true;
        options.emit_anchor_events = true;
        options.flow_nesting_limit = MAX_DEPTH;
        options.block_nesting_limit = MAX_DEPTH;
        Events { text, parser: Parser::new_from_str_with_options(text, options) }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Problem> {
        match self.parser.next_event() {
            Some(Ok((Event::Anchor(_, name), span))) => match name.bytes().all(is_in_anchor) {
                true => self.next(),
                false => {
                    Err(Problem::new(range(&span), "kubectl allows only letters, digits, `-` and `_` in an anchor", ""))
                }
            },
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(self.not_yaml(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// The first event of the document; `None` if there is nothing in it.
    fn first(&mut self) -> Result<Option<(Event<'t>, Span)>, Problem> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(None),
                (Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _) => {}
                event if is_nothing(&event) => return self.end().map(|()| None),
                event => return Ok(Some(event)),
            }
        }
    }

    /// Refuses what follows the document: kubectl drops it without a word.
    fn end(&mut self) -> Result<(), Problem> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(..) | Event::DocumentEnd, _) => {}
                event if is_nothing(&event) => {}
                (_, span) => {
                    let help = "Separate documents with a line `---`";
                    let at = range(&span);
                    return Err(Problem::new(at.start..at.start, TEXT_FOLLOWS, help));
                }
            }
        }
    }

    #[cold]
    fn not_yaml(&self, error: &ScanError) -> Problem {
        let at = error.marker().byte_offset().unwrap_or_default().min(self.text.len());
        let what = format!("not YAML: {}", error.info());
        let line = self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        let rest = self.text.get(line..).unwrap_or_default();
        let blanks = rest.get(..rest.len() - rest.trim_start_matches([' ', '\t']).len()).unwrap_or_default();
        let help = match error.kind() {
            _ if blanks.contains('\t') => "Indent with spaces: YAML does not allow tabs",
            ErrorKind::CommentNotSeparated => "Write a space before the `#`, or put the text in quotes",
            ErrorKind::PlainScalarStartsWithDashFlowIndicator => "Put the dash in quotes",
            ErrorKind::ExpectedDocumentStart | ErrorKind::MissingDocumentEndBeforeDirective => {
                "Separate documents with a line `---`"
            }
            ErrorKind::UnknownAnchor => "Put the text in quotes, if it is not an alias",
            ErrorKind::UnexpectedCharacter { .. } | ErrorKind::InvalidTagTerminator => "Put the text in quotes",
            ErrorKind::UnknownQuotedScalarEscape => "Write a backslash twice, or use single quotes",
            _ => "",
        };
        Problem::new(at..at, what, help)
    }
}

/// Whether a separator has nothing behind it: the parser makes a `null` of it that takes no room.
fn is_nothing((event, span): &(Event<'_>, Span)) -> bool {
    matches!(event, Event::Scalar(_, ScalarStyle::Plain, 0, None)) && range(span).is_empty()
}

/// The bytes of an event. Text input always has them.
fn range(span: &Span) -> Range<usize> {
    span.byte_range().unwrap_or_default()
}

/// The same of a key that the tree found: its place is in the larger text.
fn repeated_in(places: Places, mut duplicate: Duplicate) -> Problem {
    if let Places::From(start) = places {
        let within = |at: usize| at.saturating_sub(start);
        duplicate.span = within(duplicate.span.start)..within(duplicate.span.end);
    }
    repeated(duplicate)
}

/// How much of a key is quoted, in bytes.
const LONGEST_KEY: usize = 200;

fn repeated(duplicate: Duplicate) -> Problem {
    let key = duplicate.key.get(..duplicate.key.floor_char_boundary(LONGEST_KEY)).unwrap_or_default();
    let cut = if key.len() < duplicate.key.len() { "…" } else { "" };
    let what = format!("the key {key:?}{cut} is given twice");
    Problem::new(duplicate.span, what, "Parsers disagree about which one counts; keep one")
}

const NO_KEY: &str = "a key is a list, an object or null, which JSON does not allow";
const NO_KEY_HELP: &str = "Write the key as a string, in quotes";
const TOO_MANY: &str = "the document's aliases expand to too many values";
const TOO_MANY_HELP: &str = "Write out the values of the aliases";

/// What is left of the values that aliases may make, after some.
fn spend(left: usize, values: usize, span: &Range<usize>) -> Result<usize, Problem> {
    left.checked_sub(values).ok_or_else(|| Problem::new(span.clone(), TOO_MANY, TOO_MANY_HELP))
}

/// A scalar at the position of its event.
fn add(builder: &mut Builder<'_>, scalar: &scalar::Scalar<'_>) {
    use scalar::Scalar;
    match scalar {
        Scalar::Null => builder.null(),
        Scalar::Bool(value) => builder.boolean(*value),
        Scalar::Integer(digits) => builder.number(digits),
        Scalar::Float(value) => builder.number(&scalar::float_as_json(*value)),
        Scalar::String(text) => builder.string(text),
    }
}

/// A scalar as a key; `None` where JSON has none for it.
fn key<'s>(scalar: &'s scalar::Scalar<'_>) -> Option<std::borrow::Cow<'s, str>> {
    use scalar::Scalar;
    Some(match scalar {
        Scalar::Null => return None,
        Scalar::Bool(value) => if *value { "true" } else { "false" }.into(),
        // A number that takes all of 64 bits is no key to kubectl.
        Scalar::Integer(digits) if digits.parse::<i64>().is_err() => return None,
        Scalar::Integer(digits) => digits.into(),
        Scalar::Float(value) => scalar::float_as_key(*value).into(),
        Scalar::String(text) => text.as_ref().into(),
    })
}

impl Places {
    /// Notes the place of the value or key that was added last.
    fn note(self, builder: &mut Builder<'_>, span: Range<usize>) {
        if let Places::From(start) = self {
            builder.written_at(start + span.start..start + span.end);
        }
    }

    /// Notes another place for the value at `index` than was noted first.
    fn note_again(self, builder: &mut Builder<'_>, index: u32, span: Range<usize>) {
        if let Places::From(start) = self {
            builder.moved_to(index, start + span.start..start + span.end);
        }
    }
}

/// Refuses a text without quotes in brackets that kubectl ends elsewhere than other readers do.
///
/// To kubectl `:` and `?` are signs wherever a value may begin, and `?` also ends a text. A colon in front of a comma or a
/// bracket belongs to the text before it, as in `{a:}` and `{a :}`. A comma belongs to the tag that it follows, as in `{a: !!str, b}`.
fn check_in_brackets(text: &str, value: &str, has_tag: bool, at: &Range<usize>) -> Result<(), Problem> {
    if value.starts_with(':') || value.contains('?') {
        let what = "kubectl does not take `?`, or `:` at the front, for text in brackets";
        return Err(Problem::new(at.clone(), what, "Put the text in quotes"));
    }
    let behind = text.get(at.end..).unwrap_or_default().trim_start_matches([' ', '\t', '\n', '\r']);
    match behind.as_bytes() {
        [b',', ..] if at.is_empty() && has_tag && text.as_bytes().get(at.end) == Some(&b',') => {
            let what = "a tag is followed by a comma; to kubectl the comma is part of the tag";
            Err(Problem::new(at.clone(), what, "Write a space before the comma"))
        }
        // What is not written may have its place in front of the colon.
        _ if at.is_empty() => Ok(()),
        [b':', b',' | b'[' | b']' | b'{' | b'}', ..] => {
            let what = "a key's colon is not followed by a space; to kubectl it is part of the key";
            Err(Problem::new(at.clone(), what, "Write a space after the colon"))
        }
        _ => Ok(()),
    }
}
