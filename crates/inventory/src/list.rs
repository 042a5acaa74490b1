//! The names alone, a line each, in their order.

use std::collections::BTreeSet;
use std::io::{self, Write};

use isolation_report::printable;

use crate::image::{Inventory, Kind};

/// Writes the names of all that can be pulled by its name.
pub fn write(inventory: &Inventory, out: &mut dyn Write) -> io::Result<()> {
    let images = inventory.images.iter().filter(|image| image.kind != Kind::Other);
    let names: BTreeSet<&str> = images.map(|image| image.name.as_str()).collect();
    names.into_iter().try_for_each(|name| writeln!(out, "{}", printable(name)))
}
