//! A document without merge keys: every value goes into the tree as it comes.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, ScalarStyle, Span, StructureStyle};

use super::scalar::{Scalar, Tag, merges, resolve};
use super::{
    Anchors, BYTES_OF_A_VALUE, Events, NO_KEY, NO_KEY_HELP, Places, Problem, add, check_in_brackets, key, range,
    repeated_in, spend,
};
use isolation_document::Builder;

/// Reads the document into the builder; whether there is something in it.
pub(super) fn read(events: Events<'_>, builder: &mut Builder<'_>, places: Places, max: usize) -> Result<bool, Problem> {
    let mut reader =
        Reader { events, builder, places, anchors: Anchors::default(), scalars: Vec::new(), brackets: 0, left: max };
    let Some((event, span)) = reader.events.first()? else { return Ok(false) };
    reader.value(event, &span)?;
    reader.events.end()?;
    Ok(true)
}

struct Reader<'t, 'b, 'a> {
    events: Events<'t>,
    builder: &'b mut Builder<'a>,
    places: Places,
    /// The node that each anchor names, once it is complete.
    anchors: Anchors<u32>,
    /// The scalars that anchors name, in the order of these: the tree has made strings of keys, and integers of whole numbers.
    scalars: Vec<(usize, Scalar<'t>)>,
    /// How many brackets are open.
    brackets: usize,
    /// How many more nodes aliases may make.
    left: usize,
}

impl<'t> Reader<'t, '_, '_> {
    fn written_at(&mut self, span: Range<usize>) {
        self.places.note(self.builder, span);
    }

    fn value(&mut self, event: Event<'t>, span: &Span) -> Result<(), Problem> {
        let index = self.builder.next_index();
        let anchor = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let at = range(span);
                let scalar = self.scalar(text, style, tag.as_deref(), &at)?;
                add(self.builder, &scalar);
                self.written_at(at);
                if anchor != 0 {
                    self.scalars.push((anchor, scalar));
                }
                anchor
            }
            Event::SequenceStart(style, anchor, _) => {
                self.brackets += usize::from(style == StructureStyle::Flow);
                self.builder.open_list();
                self.written_at(range(span));
                let end = loop {
                    match self.events.next()? {
                        (Event::SequenceEnd, end) => break end,
                        (event, span) => self.value(event, &span)?,
                    }
                };
                self.brackets -= usize::from(style == StructureStyle::Flow);
                self.close(&end)?;
                anchor
            }
            Event::MappingStart(style, anchor, _) => {
                self.brackets += usize::from(style == StructureStyle::Flow);
                self.builder.open_object();
                self.written_at(range(span));
                let end = loop {
                    match self.events.next()? {
                        (Event::MappingEnd, end) => break end,
                        (event, span) => self.key(event, &span)?,
                    }
                    let (event, span) = self.events.next()?;
                    self.value(event, &span)?;
                };
                self.brackets -= usize::from(style == StructureStyle::Flow);
                self.close(&end)?;
                anchor
            }
            Event::Alias(anchor) => {
                let original = self.original(anchor, span)?;
                self.left = spend(self.left, self.builder.weight(original, BYTES_OF_A_VALUE), &range(span))?;
                match named(&self.scalars, anchor) {
                    Some(scalar) if !matches!(scalar, Scalar::String(_)) => {
                        add(self.builder, scalar);
                        self.written_at(range(span));
                    }
                    _ => {
                        self.builder.copy(original);
                        // An alias has a place of its own; what is inside a list or object behind it has the original's.
                        self.places.note_again(self.builder, index, range(span));
                    }
                }
                0
            }
            _ => return Err(Problem::new(range(span), "not YAML: a value was expected", "")),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, index);
        }
        Ok(())
    }

    fn scalar<'v>(
        &self,
        text: Cow<'v, str>,
        style: ScalarStyle,
        tag: Option<&granit_parser::Tag>,
        at: &Range<usize>,
    ) -> Result<Scalar<'v>, Problem> {
        let is_plain = style == ScalarStyle::Plain;
        if is_plain && self.brackets > 0 {
            check_in_brackets(self.events.text, &text, tag.is_some(), at)?;
        }
        resolve(text, is_plain, tag.map(Tag::of)).map_err(|problem| Problem::new(at.clone(), problem, ""))
    }

    fn original(&self, anchor: usize, span: &Span) -> Result<u32, Problem> {
        let original = self.anchors.get(anchor);
        original.ok_or_else(|| Problem::new(range(span), "not YAML: an alias is inside the value that it names", ""))
    }

    fn close(&mut self, end: &Span) -> Result<(), Problem> {
        let end = match self.places {
            Places::From(start) => Some(start + range(end).end),
            Places::Ignored => None,
        };
        let places = self.places;
        self.builder.close(end).map_err(|duplicate| repeated_in(places, duplicate))
    }

    fn key(&mut self, event: Event<'t>, span: &Span) -> Result<(), Problem> {
        let at = range(span);
        let no_key = || Problem::new(at.clone(), NO_KEY, NO_KEY_HELP);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if merges(&text, style == ScalarStyle::Plain, tag.as_deref().map(Tag::of)) {
                    // With `<<` in the text, it would not be read here.
                    return Err(Problem::new(at, "a merge key is written with escapes", "Write `<<` without quotes"));
                }
                let scalar = self.scalar(text, style, tag.as_deref(), &at)?;
                let index = self.builder.next_index();
                self.builder.key(&key(&scalar).ok_or_else(no_key)?);
                if anchor != 0 {
                    self.anchors.insert(anchor, index);
                    self.scalars.push((anchor, scalar));
                }
            }
            Event::Alias(anchor) => {
                self.original(anchor, span)?;
                let name = named(&self.scalars, anchor).and_then(key).ok_or_else(no_key)?;
                // The tree takes the text once more.
                self.left = spend(self.left, 1 + name.len() / BYTES_OF_A_VALUE, &at)?;
                self.builder.key(&name);
            }
            _ => return Err(no_key()),
        }
        self.written_at(at);
        Ok(())
    }
}

/// The scalar that an anchor names.
fn named<'s, 't>(scalars: &'s [(usize, Scalar<'t>)], anchor: usize) -> Option<&'s Scalar<'t>> {
    let at = scalars.binary_search_by_key(&anchor, |(anchor, _)| *anchor).ok()?;
    scalars.get(at).map(|(_, scalar)| scalar)
}
