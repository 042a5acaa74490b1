//! Where the field at the end of a path is written.

use std::ops::Range;

use crate::path::{Step, steps};
use crate::tree::Kind;
use crate::value::Value;

/// Where a field path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The bytes to point at.
    pub span: Range<usize>,
    /// Whether the field itself is there. If not, the span is that of the nearest field above it which is.
    pub exact: bool,
}

impl<'d> Value<'d> {
    /// The value at the end of a field path, as findings carry them. A path that goes on inside a string ends at it.
    pub fn at_path(&self, path: &str) -> Option<Value<'d>> {
        steps(path).iter().try_fold(*self, |value, step| value.step(step))
    }

    /// The last value on the way of these steps, and the steps that lead nowhere from there.
    pub fn follow<'s>(&self, steps: &'s [Step]) -> (Value<'d>, &'s [Step]) {
        let (mut here, mut rest) = (*self, steps);
        while let Some((step, behind)) = rest.split_first()
            && let Some(next) = here.step(step)
        {
            (here, rest) = (next, behind);
        }
        (here, rest)
    }

    fn step(&self, step: &Step) -> Option<Value<'d>> {
        match step {
            Step::Key(key) => self.get(key),
            Step::Index(index) => self.items().nth(*index),
            Step::AnyIndex => None,
        }
    }

    /// What to point at for a field path: the value; for a list, an object or nothing at all, the key that holds it.
    /// `None` for a document whose places were not noted.
    pub fn locate(&self, path: &str) -> Option<Located> {
        let steps = steps(path);
        let (here, missing) = self.follow(&steps);
        Some(Located { span: here.pointed_at()?, exact: missing.is_empty() })
    }

    /// The bytes to point at for this value.
    pub fn pointed_at(&self) -> Option<Range<usize>> {
        let span = self.span()?;
        if !matches!(self.kind(), Kind::List | Kind::Object) && !span.is_empty() {
            return Some(span);
        }
        // Of what has no key, the first key inside stands for it.
        self.key_span().or_else(|| self.first_key()).or(Some(span))
    }

    fn first_key(&self) -> Option<Range<usize>> {
        match self.kind() {
            Kind::Object => self.entries().next()?.1.key_span(),
            Kind::List => self.items().next()?.first_key(),
            _ => None,
        }
    }
}
