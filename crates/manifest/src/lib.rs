//! Manifests with positions: files as people write them into Kubernetes objects, as kubectl reads them.
//!
//! Bytes become text ([`decode`]), a text is taken apart into documents ([`parts`]), each is read into a tree whose values
//! know where they stand, lists are taken apart ([`List`] does so with one that is too large to be read at once), and what is left are [`Object`]s. A document that cannot be read is a
//! [`Problem`] with its place; the others are still read.
//!
//! The reference is kubectl: `tests/kubectl/` holds what it says to a thousand texts, and the few that we refuse although it
//! takes them, each with the reason.

mod documents;
mod edit;
mod json;
mod list;
mod metadata;
mod object;
mod places;
mod problem;
mod stream;
mod template;
mod text;

pub use documents::{Read, read, read_part, scalars, value};
pub use edit::{Change, EditError, ObjectChange, Rewritten, SkippedChange, apply, edits, rewrite};
pub use json::{Locator, check as check_json, locate};
pub use list::{List, Run};
pub use object::Object;
pub use problem::Problem;
pub use stream::{Format, Part, parts};
pub use text::{Encoding, decode, foreign};
