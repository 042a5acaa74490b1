//! JSON read once into one borrowed tree, whose values know their paths.
//!
//! A [`Document`] is a flat list of nodes: the text is read in one pass, and what need not be copied is not. A [`Value`] is a
//! place in that list, so it can be looked into ([`Value::get`]) and asked where it stands ([`Value::path`]), which is why no
//! rule has to carry paths around. [`json`] fills the list from JSON; other formats fill it through a [`Builder`].

#![warn(clippy::indexing_slicing, clippy::string_slice)]

pub mod json;
mod order;
pub mod path;
mod place;
mod quote;
mod serialize;
mod sorted;
mod tree;
#[cfg(not(target_os = "wasi"))]
mod typed;
mod value;

pub use json::Unreadable;
pub use order::in_order;
pub use path::Path;
pub use place::Located;
pub use quote::quoted;
pub use tree::{Builder, Document, Duplicate, Kind, MAX_BYTES};
#[cfg(not(target_os = "wasi"))]
pub use typed::{Mismatch, typed};
pub use value::{Entries, Items, Positions, Value};
