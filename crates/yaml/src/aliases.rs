//! Where a document's scalars are, and which of them are used in several places.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::Event;

use super::{Events, Problem, range};

/// An alias of a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The position of the scalar that it refers to.
    pub original: Range<usize>,
    /// The text of that scalar.
    pub text: String,
    /// Where the alias is written.
    pub span: Range<usize>,
}

/// The aliases of scalars in the one document in `text`, in bytes of it.
///
/// # Errors
///
/// What is not YAML.
pub fn aliases(text: &str) -> Result<Vec<Alias>, Problem> {
    let mut events = Events::new(text);
    let mut scalars: BTreeMap<usize, (Range<usize>, String)> = BTreeMap::new();
    let mut found = Vec::new();
    loop {
        let (event, span) = events.next()?;
        match event {
            Event::StreamEnd => return Ok(found),
            Event::Scalar(value, _, anchor, _) if anchor != 0 => {
                scalars.insert(anchor, (range(&span), value.into_owned()));
            }
            Event::Alias(anchor) => {
                if let Some((original, value)) = scalars.get(&anchor) {
                    found.push(Alias { original: original.clone(), text: value.clone(), span: range(&span) });
                }
            }
            _ => {}
        }
    }
}

/// Where the scalars of the one document in `text` are, keys among them, in their order and in bytes of it; of a text that is
/// not YAML, those before it ceases to be.
pub fn scalars(text: &str) -> Vec<Range<usize>> {
    let mut events = Events::new(text);
    let mut found = Vec::new();
    while let Ok((event, span)) = events.next() {
        match event {
            Event::StreamEnd => break,
            Event::Scalar(..) => found.push(range(&span)),
            _ => {}
        }
    }
    found
}
