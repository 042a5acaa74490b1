//! The forms of an inventory, by their names.

use std::io::Write;

use crate::error::FormError;
use crate::image::Inventory;
use crate::{cache_rules, hauler, json, list, script, table};

/// A form in which an inventory is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
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

impl Form {
    /// Writes the inventory in this form.
    ///
    /// # Errors
    ///
    /// See [`FormError`].
    pub fn write(self, inventory: &Inventory, out: &mut dyn Write) -> Result<(), FormError> {
        match self {
            Form::Table => Ok(table::write(inventory, out)?),
            Form::Json => json::write(inventory, out),
            Form::List => Ok(list::write(inventory, out)?),
            Form::Script => script::write(inventory, out),
            Form::CacheRules => cache_rules::write(inventory, out),
            Form::Hauler => hauler::write(inventory, out),
        }
    }
}
