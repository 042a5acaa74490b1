//! Manifests with positions: YAML and JSON as people write them.
//!
//! A text is split into documents as kubectl splits it, each is read into a tree whose nodes know where they stand
//! ([`Node`]), lists are taken apart, and what is left are [`Object`]s. A document that cannot be read is a [`Problem`]
//! with its place; the others are still read.
//!
//! Scalars mean what they mean to the API server's tools, which read YAML 1.1: `yes` and `on` are booleans, `0777` is a
//! number.

mod documents;
pub mod json;
mod node;
mod object;
mod scalar;
mod yaml;

pub use documents::{Read, parts, read, value};
pub use node::{Data, Located, Node};
pub use object::{Object, Problem};
