//! A text into objects.

use std::ops::Range;
use std::sync::Arc;

use isolation_document::{Builder, Document};
use isolation_yaml::{self as yaml, MAX_ALIASED, Places};

use crate::json;
use crate::object::{Held, Object, objects};
use crate::problem::Problem;
use crate::stream::{Format, Part, parts};
use crate::template::explain;

/// What a text holds.
#[derive(Debug, Default)]
pub struct Read {
    /// The objects, in the order they are written, and the places where there is none.
    pub found: Vec<Result<Object, Problem>>,
}

/// Reads every document of a text: YAML, JSON, or several of them.
pub fn read(text: &str) -> Read {
    let mut found = Vec::new();
    for part in parts(text) {
        match part {
            Ok(part) => {
                read_part(text, &part, &mut found);
            }
            Err(problem) => found.push(Err(problem)),
        }
    }
    Read { found }
}

/// Where the scalars of a text's YAML are: what looks like a comment in one of them is none.
pub fn scalars(text: &str) -> Vec<Range<usize>> {
    let documents = parts(text).into_iter().flatten().filter(|part| part.format == Format::Yaml);
    let within = |part: Part| {
        let start = part.span.start;
        let found = yaml::scalars(text.get(part.span).unwrap_or_default());
        found.into_iter().map(move |span| start + span.start..start + span.end)
    };
    documents.flat_map(within).collect()
}

/// Reads one document of a text; whether there is something in it that was read, be it a list without items.
pub fn read_part(text: &str, part: &Part, found: &mut Vec<Result<Object, Problem>>) -> bool {
    let (written, start) = (&text[part.span.clone()], part.span.start);
    let held = match part.format {
        Format::Json => {
            json::read(written, start).map(|document| Some(Held { document, text: Some((written, start)) }))
        }
        Format::Yaml => {
            read_yaml(written, start).map(|document| document.map(|document| Held { document, text: None }))
        }
    };
    match held {
        // Helm's output about a pulled chart precedes the first separator.
        Ok(Some(held)) if is_banner(&held.document) || held.document.root().is_null() => false,
        Ok(Some(held)) => {
            objects(held, found);
            true
        }
        Ok(None) => false,
        Err(problem) => {
            found.push(Err(json::explain_comments(written, explain(written, start, problem))));
            false
        }
    }
}

/// Reads a text that holds one YAML or JSON value which need not be a Kubernetes object. `None` if there is nothing in it.
///
/// # Errors
///
/// What cannot be read, and where.
pub fn value(text: &str) -> Result<Option<Arc<Document<'static>>>, Problem> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = read_yaml(body, text.len() - body.len()).map_err(|problem| match problem.what.as_str() {
        // What is said of manifests helps with no other file: there are no several documents.
        yaml::TEXT_FOLLOWS => {
            Problem::new(problem.span, "text follows the document, and only one is read", "Delete it")
        }
        _ => problem,
    })?;
    Ok(document.map(Arc::new))
}

pub(crate) fn read_yaml(text: &str, start: usize) -> Result<Option<Document<'static>>, Problem> {
    let mut builder = Builder::copying(text.len(), true);
    match yaml::read(text, &mut builder, Places::From(start), MAX_ALIASED) {
        Ok(true) => Ok(Some(builder.finish_for_long())),
        Ok(false) => Ok(None),
        Err(problem) => {
            let span = start + problem.span.start..start + problem.span.end;
            Err(Problem::new(span, problem.what, problem.help))
        }
    }
}

/// `Pulled: …` and `Digest: …`, which helm 4 prints on standard output before what it renders of a chart in a registry.
fn is_banner(document: &Document<'_>) -> bool {
    let root = document.root();
    root.entries().count() == 2 && root.get("Pulled").is_some() && root.get("Digest").is_some()
}
