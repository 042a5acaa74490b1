//! What could not be read, and where.

use std::ops::Range;

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
