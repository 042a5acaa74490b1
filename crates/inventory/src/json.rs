//! For programs: one JSON document, described by docs/schemas/images.schema.json.

use std::io::Write;

use isolation_report::json::write_document;
use isolation_report::{REPOSITORY, VERSION as RELEASE};
use serde_json::{Value, json};

use crate::error::FormatError;
use crate::image::{Image, Inventory, Kind, Use};

/// The version of the document's format. It changes when a program that reads it would have to; the schema has it as well.
const VERSION: u32 = 1;

/// The schema's file in the repository, which is generated from [`schema`].
pub const SCHEMA: &str = "docs/schemas/images.schema.json";

/// The schema of the document.
///
/// # Errors
///
/// A schema that is not JSON, which a test would have found.
pub fn schema() -> serde_json::Result<Value> {
    let mut schema: Value = serde_json::from_str(include_str!("../schemas/images.schema.json"))?;
    schema["$id"] = json!(schema_url());
    Ok(schema)
}

/// Where the schema of this version can be fetched from.
fn schema_url() -> String {
    let raw = REPOSITORY.replacen("https://github.com/", "https://raw.githubusercontent.com/", 1);
    format!("{raw}/v{RELEASE}/{SCHEMA}")
}

/// Writes the document.
pub fn write(inventory: &Inventory, out: &mut dyn Write) -> Result<(), FormatError> {
    let document = json!({
        "$schema": schema_url(),
        "version": VERSION,
        "registry": inventory.registry,
        "images": inventory.images.iter().map(image).collect::<Vec<_>>(),
    });
    Ok(write_document(&document, out)?)
}

fn image(image: &Image) -> Value {
    let kind = match image.kind {
        Kind::Image => "image",
        Kind::Repository => "repository",
        Kind::Other => "other",
    };
    json!({
        "name": image.name,
        "kind": kind,
        "reached": image.reach.word(),
        "instead": image.instead.as_ref().map(|target| &target.name),
        "import": image.instead.as_ref().is_some_and(|target| target.import),
        "advice": image.advice,
        "uses": image.uses.iter().map(place).collect::<Vec<_>>(),
    })
}

fn place(place: &Use) -> Value {
    let (start, end) = (place.place.start(), place.place.end());
    json!({
        "place": {
            "file": place.place.source.name,
            "line": start.line, "column": start.column, "endLine": end.line, "endColumn": end.column,
        },
        "object": {
            "apiVersion": place.object.api_version, "kind": place.object.kind,
            "namespace": place.object.namespace, "name": place.object.name,
        },
        "path": place.path,
        "text": place.text,
        "pulledBy": if place.by_node { "node" } else { "controller" },
    })
}
