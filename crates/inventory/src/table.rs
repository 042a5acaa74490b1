//! For people: a line for each place that names an image, and the images in numbers.

use std::io::{self, Write};

use isolation_report::printable;

use crate::image::{Image, Inventory, Use};

/// What stands in place of a name that is not known.
const UNKNOWN: &str = "?";

const HEAD: [&str; 6] = ["IMAGE", "REACHED", "INSTEAD", "OBJECT", "FILE", "FIELD"];

/// Writes the table.
pub fn write(inventory: &Inventory, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[String; 6]> =
        inventory.images.iter().flat_map(|image| image.uses.iter().map(|place| row(image, place))).collect();
    if !rows.is_empty() {
        line(out, &HEAD.map(str::to_owned), &rows)?;
        rows.iter().try_for_each(|row| line(out, row, &rows))?;
        writeln!(out)?;
        if inventory.registry.is_empty() && rows.iter().any(|[_, _, instead, ..]| instead == UNKNOWN) {
            writeln!(out, "INSTEAD is not known without a registry: name it with --registry HOST[/PREFIX]")?;
        }
    }
    writeln!(out, "{inventory}")
}

fn row(image: &Image, place: &Use) -> [String; 6] {
    let instead = match &image.instead {
        Some(target) => target.name.as_str(),
        None if image.reach.is_reached() => "",
        None => UNKNOWN,
    };
    let file = format!("{}:{}", place.place.source.name, place.place.start().line);
    [
        printable(&image.name).into_owned(),
        image.reach.word().to_owned(),
        printable(instead).into_owned(),
        printable(&place.object.to_string()).into_owned(),
        printable(&file).into_owned(),
        printable(&place.path).into_owned(),
    ]
}

fn line(out: &mut dyn Write, cells: &[String; 6], rows: &[[String; 6]]) -> io::Result<()> {
    let mut text = String::new();
    for (index, (cell, head)) in cells.iter().zip(HEAD).enumerate() {
        let width = rows.iter().map(|row| row[index].chars().count()).max().unwrap_or_default().max(head.len());
        let blanks = " ".repeat(width.saturating_sub(cell.chars().count()) + 2);
        text.push_str(cell);
        text.push_str(&blanks);
    }
    writeln!(out, "{}", text.trim_end())
}
