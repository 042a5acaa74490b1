//! A resource that was found in a text, and what it is to be read as.

use serde_json::Value;

use crate::given::Given;
use crate::text::Part;

/// Whose words a resource is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Azure's API; whether what is not there would be written into `properties`.
    Arm {
        /// Whether it would.
        with_properties: bool,
    },
    /// Terraform's provider azurerm.
    Azurerm,
    /// Kubernetes' own: an object, in the field of this name.
    Kubernetes {
        /// The field.
        within: &'static str,
    },
}

/// What becomes of a resource.
#[derive(Clone, Debug)]
pub enum Change {
    /// It is created, or it is there.
    Created,
    /// It was this before.
    From(Value),
    /// It is deleted.
    Deleted,
}

/// Whether a resource is deployed. What certainly is not is not found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deployed {
    /// It is.
    #[default]
    Always,
    /// Only the deployment knows.
    Unknown,
    /// Only with other values of parameters than the default ones.
    NotByDefault,
}

/// A resource in a text.
#[derive(Debug)]
pub struct Found<'t> {
    /// Whose words it is written in.
    pub form: Form,
    /// The type, as it is written.
    pub of_type: String,
    /// The version that it is described in: of the API, or of a provider.
    pub version: String,
    /// The name, as far as it is known; the address in a plan, where it is not.
    pub name: String,
    /// Whether that is its name.
    pub is_named: bool,
    /// Its fields, as far as they are known.
    pub value: Value,
    /// What becomes of it.
    pub change: Change,
    /// Where it stands.
    pub part: Part<'t>,
    /// The path in that part to its fields.
    pub inside: String,
    /// The fields that are written and whose values are not known.
    pub unknown: Vec<Unknown>,
    /// Whether this is only a part of it: what is not written is there, and not known.
    pub is_part: bool,
    /// The id of what it is created on, as far as it is certain: empty, or with `…`.
    pub on: String,
    /// Whether it is deployed at all.
    pub deployed: Deployed,
}

/// The id of what an extension resource is on, by its own: what stands before its provider.
pub fn parent(id: &str) -> &str {
    let provider = id.to_ascii_lowercase().rfind("/providers/");
    provider.and_then(|at| id.get(..at)).unwrap_or_default()
}

impl<'t> Found<'t> {
    /// A resource of this type that certainly is deployed, and of which nothing else is known.
    pub fn new(form: Form, of_type: impl Into<String>, part: Part<'t>) -> Self {
        Found {
            form,
            of_type: of_type.into(),
            version: String::new(),
            name: String::new(),
            is_named: true,
            value: Value::Null,
            change: Change::Created,
            part,
            inside: String::new(),
            unknown: Vec::new(),
            is_part: false,
            on: String::new(),
            deployed: Deployed::Always,
        }
    }

    /// Whether it stands in a plan of Terraform, in Azure's words.
    pub fn is_of_azapi(&self) -> bool {
        matches!(self.form, Form::Arm { .. }) && self.inside.starts_with("change.")
    }
}

/// A field that is written and whose value is not known.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// Its path.
    pub path: String,
    /// As far as the value is known: a text with `…`.
    pub partly: Option<String>,
}

impl Unknown {
    /// A field of which nothing is known.
    pub fn at(path: impl Into<String>) -> Self {
        Unknown { path: path.into(), partly: None }
    }
}

/// A template that another one links by a path from where it is.
#[derive(Debug)]
pub struct Link {
    /// The path.
    pub path: String,
    /// What it gets.
    pub given: Given,
    /// Whether it is deployed.
    pub deployed: Deployed,
}

/// What a text holds.
#[derive(Debug, Default)]
pub struct Gathered<'t> {
    /// The resources.
    pub found: Vec<Found<'t>>,
    /// Where there may be others that the text does not say.
    pub unread: Vec<Unread<'t>>,
    /// How many templates were read in variables.
    pub from_variables: usize,
    /// The templates that it links by a relative path, each with where it is linked.
    pub links: Vec<(Link, Part<'t>, String)>,
}

/// A place of a text that may stand for resources, and does not say which.
#[derive(Debug)]
pub struct Unread<'t> {
    /// What the place belongs to: `Microsoft.Resources/deployments network`.
    pub subject: String,
    /// Where it is.
    pub part: Part<'t>,
    /// Why they are not judged: a clause that goes on with the subject.
    pub what: &'static str,
    /// What to do.
    pub help: &'static str,
    /// Whether what is meant stands in another file, which is judged as itself.
    pub is_elsewhere: bool,
}

impl<'t> Unread<'t> {
    /// Keys that differ only in their case.
    pub fn clash(subject: String, part: Part<'t>) -> Self {
        Unread {
            subject,
            part,
            what: "two of its keys differ only in their case",
            help: "Keep one: readers disagree about which of them counts",
            is_elsewhere: false,
        }
    }
}
