//! A place in a source.

use std::ops::Range;
use std::sync::Arc;

use crate::source::{Position, Source};

/// A place in a source.
#[derive(Clone, Debug)]
pub struct Place {
    /// The source.
    pub source: Arc<Source>,
    /// The bytes to point at.
    pub span: Range<usize>,
}

impl Place {
    /// These bytes of a source.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Self {
        Place { source: Arc::clone(source), span }
    }

    /// The same place for whoever only names it: without the text, which may be large.
    #[must_use]
    pub fn without_text(&self) -> Self {
        Place { source: Arc::new(Source::of_position(&self.source.name, self.start())), span: 0..0 }
    }

    /// Where it begins.
    pub fn start(&self) -> Position {
        self.source.position(self.span.start)
    }

    /// Where it ends.
    pub fn end(&self) -> Position {
        self.source.position(self.span.end)
    }
}

/// `FILE:LINE:COLUMN`, as editors and terminals make a link of it.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Position { line, column } = self.start();
        write!(f, "{}:{line}:{column}", self.source.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_without_its_text() {
        let source = Arc::new(Source::new("a.yaml", "a: 1\nb: ä, c\n"));
        for at in [0, 5, 12] {
            let place = Place::new(&source, at..at + 1);
            let alone = place.without_text();
            assert_eq!((alone.to_string(), alone.source.text.len()), (place.to_string(), 0));
        }
    }
}
