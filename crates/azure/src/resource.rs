//! A resource in a text, which knows where it is written and in whose words.

use std::ops::Range;
use std::sync::Arc;

use isolation_admission::{AnnotationFinding, Original, Uncertainty};
use isolation_manifest::Locator;
use isolation_report::ObjectRef;
use serde_json::Value;

use crate::automatic::{self, AUTOMATIC};
use crate::fix::fix;
use crate::found::Deployed;
use crate::translate::Translated;
use crate::uncertain::{AGAIN, GIVE, is_registry};

/// Why something is judged that the default values do not deploy: a clause.
const NOT_BY_DEFAULT: &str = "its condition is false with the default values of parameters, or its loop has no turns, and whoever deploys may \
                              give others; where a file of parameters says so, it is not judged";

/// Why something is judged that may not be deployed: a clause.
const PERHAPS: &str = "whether it is deployed, or how often, is known only then";

/// A resource in a text.
#[derive(Debug)]
pub struct Resource {
    /// What it is called.
    pub reference: ObjectRef,
    /// The text that holds it.
    pub text: Arc<Locator>,
    /// Where that begins in its source.
    pub start: usize,
    /// The files of parameters with which it is deployed, where there are others: a clause.
    pub deployed_with: Option<String>,
    /// Whether it is deployed at all.
    pub deployed: Deployed,
    /// The path in the text to its fields.
    pub inside: String,
    /// The form that is judged, with the way back.
    pub translated: Translated,
    /// Paths of ids of which nothing is known: they may be nothing, and a registry may be an allowed one.
    pub doubtful: Vec<String>,
    /// Whether it is in a template.
    pub is_template: bool,
    /// What it was before, in the form that is judged.
    pub before: Option<Value>,
    /// Whether the text says that it is deleted.
    pub is_deleted: bool,
}

impl Resource {
    fn is_automatic(&self) -> bool {
        self.reference.kind == AUTOMATIC
    }

    /// Where a field of what was translated is written.
    pub fn written(&self, path: &str) -> String {
        if self.is_automatic() { automatic::written(path) } else { path.to_owned() }
    }

    /// The bytes of the source to point at for a field of the resource.
    pub fn locate(&self, path: &str) -> Range<usize> {
        let path = match (self.inside.as_str(), path) {
            ("", path) => path.to_owned(),
            // In a plan, the body stands beside it.
            (inside, "type") => format!("{}.type", inside.strip_suffix(".body").unwrap_or(inside)),
            (inside, "") => inside.to_owned(),
            (inside, path) if path.starts_with('[') => format!("{inside}{path}"),
            (inside, path) => format!("{inside}.{path}"),
        };
        let located = self.text.locate(&path);
        located.map_or(self.start..self.start, |located| self.start + located.span.start..self.start + located.span.end)
    }
}

/// Whether this is a resource of Azure, whose kind is its type.
pub fn is_of_azure(object: &ObjectRef) -> bool {
    object.kind.contains('/') || object.kind.starts_with("azurerm_")
}

impl Original for Resource {
    fn reference(&self) -> ObjectRef {
        self.reference.clone()
    }

    fn path(&self, judged: &str) -> String {
        self.written(&self.translated.path(judged))
    }

    fn span(&self, judged: &str) -> Range<usize> {
        self.locate(&self.path(judged))
    }

    fn whole(&self) -> Range<usize> {
        self.start..self.start + self.text.bytes()
    }

    fn is_unknown(&self, judged: &str) -> bool {
        self.translated.is_unknown(judged)
    }

    fn value(&self, judged: &str) -> Option<String> {
        (judged == "apiVersion").then(|| self.reference.api_version.clone())
    }

    fn uncertainty(&self, judged: &str) -> Option<Uncertainty> {
        let path = self.translated.path(judged);
        let is_in = |doubtful: &&String| {
            path.strip_prefix(doubtful.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let path = self.doubtful.iter().find(is_in)?;
        let what = if is_registry(path) { "another registry" } else { "anything" };
        Some(Uncertainty {
            what: format!("whether {path} names {what} is known only when it is deployed"),
            help: if self.is_template { GIVE } else { AGAIN }.to_owned(),
        })
    }

    fn fix(&self, found: &AnnotationFinding) -> String {
        let fix = fix(&self.translated, found);
        if self.is_automatic() { automatic::fix(&fix) } else { fix }
    }

    fn notes(&self) -> Vec<String> {
        let deployed = match self.deployed {
            Deployed::Always => None,
            Deployed::Unknown => Some(PERHAPS.to_owned()),
            Deployed::NotByDefault => Some(NOT_BY_DEFAULT.to_owned()),
        };
        self.deployed_with.clone().into_iter().chain(deployed).collect()
    }

    fn before(&self) -> Option<&Value> {
        self.before.as_ref()
    }

    fn is_deleted(&self) -> bool {
        self.is_deleted
    }
}
