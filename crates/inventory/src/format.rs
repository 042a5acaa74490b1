//! The formats of an inventory, by their names.

use std::io::Write;

use crate::error::FormatError;
use crate::image::Inventory;
use crate::{cache_rules, hauler, json, list, script, table};

/// A format in which an inventory is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: a line for each place.
    Table,
    /// For programs: one JSON document.
    Json,
    /// The names alone, a line each.
    List,
    /// A script that imports what is on the internet.
    Script,
    /// A script that makes cache rules for what is on the internet.
    CacheRules,
    /// A manifest of what is on the internet, for Hauler.
    Hauler,
}

impl Format {
    /// Writes the inventory in this format.
    ///
    /// # Errors
    ///
    /// See [`FormatError`].
    pub fn write(self, inventory: &Inventory, out: &mut dyn Write) -> Result<(), FormatError> {
        match self {
            Format::Table => Ok(table::write(inventory, out)?),
            Format::Json => json::write(inventory, out),
            Format::List => Ok(list::write(inventory, out)?),
            Format::Script => script::write(inventory, out),
            Format::CacheRules => cache_rules::write(inventory, out),
            Format::Hauler => hauler::write(inventory, out),
        }
    }
}
