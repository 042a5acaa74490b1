//! A manifest for Hauler, which carries images across an air gap: `hauler store sync`, `save`, `load`, `copy`.
//! <https://docs.hauler.dev>

use std::io::Write;

use isolation_report::printable;

use crate::error::FormatError;
use crate::image::Inventory;
use crate::script::write_collisions;
use crate::shell::comment;

/// Writes the manifest of what is on the internet.
pub fn write(inventory: &Inventory, out: &mut dyn Write) -> Result<(), FormatError> {
    if inventory.registry.is_empty() {
        return Err(FormatError::NoRegistry);
    }
    let registry = &inventory.registry;
    writeln!(out, "# Images in the cluster's manifests that the cluster cannot reach.")?;
    writeln!(out, "#   hauler store sync --filename FILE && hauler store save")?;
    writeln!(out, "#   hauler store load && hauler store copy registry://{registry}")?;
    writeln!(out, "apiVersion: content.hauler.cattle.io/v1\nkind: Images\nmetadata:\n  name: isolation\nspec:")?;
    if inventory.imports().next().is_none() {
        writeln!(out, "  images: []")?;
    } else {
        writeln!(out, "  images:")?;
    }
    for (image, target) in inventory.imports() {
        // Hauler copies a repository to the same path below the registry.
        let path = image.name.split_once('/').map_or("", |(_, path)| path);
        let expected = format!("{registry}/{path}");
        let same = expected == target.name || expected == format!("{}:latest", target.name);
        let note = if same { String::new() } else { format!("  # rename to {}", printable(&target.name)) };
        // Names have no characters that mean something in YAML, except the brackets of an IPv6 address.
        let quotes = if image.name.starts_with('[') { "\"" } else { "" };
        writeln!(out, "    - name: {quotes}{}{quotes}{note}", image.name)?;
    }
    write_collisions(inventory, out)?;
    let mut open = inventory.open().peekable();
    if open.peek().is_some() {
        writeln!(
            out,
            "# No image references, or references whose version is in another field; import these yourself:"
        )?;
        open.try_for_each(|image| writeln!(out, "{}", comment(&image.with_place())))?;
    }
    Ok(())
}
