//! Texts that are kept once and go by a number: a large cluster has the same namespaces, kinds and values a hundred thousand
//! times.

use indexmap::IndexSet;

/// A text that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name(u32);

/// The texts.
#[derive(Debug, Default)]
pub struct Names(IndexSet<Box<str>>);

impl Names {
    /// Keeps a text.
    pub fn keep(&mut self, text: &str) -> Name {
        let at = self.0.get_index_of(text).unwrap_or_else(|| self.0.insert_full(text.into()).0);
        // Memory ends long before numbers do.
        Name(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// A text, if it is kept.
    pub fn find(&self, text: &str) -> Option<Name> {
        self.0.get_index_of(text).and_then(|at| u32::try_from(at).ok()).map(Name)
    }

    /// The text.
    pub fn text(&self, name: Name) -> &str {
        self.0.get_index(name.0 as usize).map_or("", |text| text)
    }
}
