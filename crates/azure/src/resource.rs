//! Resources in a text, as objects to judge that know where they are written.

use std::ops::Range;
use std::sync::Arc;

use isolation_admission::{Item, Written};
use isolation_document::path::{Step, steps};
use isolation_report::{NotEvaluated, Note, ObjectRef, Place, Source};
use serde_json::{Map, Value};

use crate::found::{Change, Form, Found, Gathered, Unread};
use crate::names::{AZURERM, KINDS, Name, is_read, name_of};
use crate::text::Part;
use crate::translate::{self, Translated, camel};
use crate::{template, terraform};

/// The version that a resource has which is not described but there: what `az` printed of it.
pub const LIVE: &str = "live";

/// What a text of Azure holds.
#[derive(Debug, Default)]
pub struct Resources {
    /// The resources that rules speak of, as objects to judge.
    pub items: Vec<Item>,
    /// What could not be evaluated.
    pub not_evaluated: Vec<NotEvaluated>,
    /// What is to be known about the verdict.
    pub notes: Vec<Note>,
    /// Whether this is what `az` printed of resources that are there.
    pub is_live: bool,
}

/// What a text is, by what stands at its top.
enum Document<'t> {
    /// What az printed: resources.
    Live(Vec<Part<'t>>),
    Template(Part<'t>),
    Parameters,
    Plan(Part<'t>),
}

fn document(text: &str) -> Option<Document<'_>> {
    let whole = Part::whole(text);
    if whole.text.starts_with('[') {
        let items = whole.items()?;
        return items.first().is_some_and(|first| is_resource(*first)).then_some(Document::Live(items));
    }
    if !whole.text.starts_with('{') {
        return None;
    }
    // What kubectl prints begins with this key, and need not be taken apart to see that it is Kubernetes'.
    if whole.text.get(1..)?.trim_start().starts_with("\"apiVersion\"") {
        return None;
    }
    let members = whole.members()?;
    // Nothing of Azure's has it at its top. Whatever else an object of Kubernetes says of itself, it is judged as one.
    if members.contains_key("apiVersion") {
        return None;
    }
    let text_of = |key: &str| members.get(key).and_then(|part| serde_json::from_str::<String>(part.text).ok());
    if let Some(schema) = text_of("$schema") {
        if template::is_template(&schema) {
            return Some(Document::Template(whole));
        }
        return template::is_parameters(&schema).then_some(Document::Parameters);
    }
    if members.contains_key("format_version") && members.contains_key("resource_changes") {
        return Some(Document::Plan(whole));
    }
    if let Some(items) = members.get("value").and_then(|value| value.items()) {
        return items.first().is_some_and(|first| is_resource(*first)).then_some(Document::Live(items));
    }
    is_resource(whole).then(|| Document::Live(vec![whole]))
}

/// Whether this is a resource of Azure: an id and a type say so.
fn is_resource(part: Part<'_>) -> bool {
    let Some(members) = part.members() else { return false };
    let text_of = |key: &str| members.get(key).and_then(|part| serde_json::from_str::<String>(part.text).ok());
    let is_type = text_of("type")
        .is_some_and(|of_type| of_type.get(..10).is_some_and(|head| head.eq_ignore_ascii_case("microsoft.")));
    is_type && text_of("id").is_some_and(|id| id.starts_with('/'))
}

/// Whether a text is one of Azure's: what `az` prints of resources, an ARM template or its parameters, a plan of Terraform.
pub fn is_of_azure_text(text: &str) -> bool {
    document(text).is_some()
}

/// The values in a file of parameters.
pub fn parameters(text: &str) -> Option<Map<String, Value>> {
    let Some(Document::Parameters) = document(text) else { return None };
    let file: Value = serde_json::from_str(Part::whole(text).text).ok()?;
    let given = file.get("parameters")?.as_object()?;
    Some(given.iter().filter_map(|(name, value)| Some((name.clone(), value.get("value")?.clone()))).collect())
}

/// The resources in a text of Azure's; none where it is something else. `parameters` are values for a template's parameters.
pub fn resources(source: &Arc<Source>, parameters: &Map<String, Value>) -> Option<Resources> {
    let mut read = Resources::default();
    let document = document(&source.text)?;
    // Parts of it are read one by one, and none that cannot be read may go unjudged.
    if let Err(problem) = isolation_manifest::check_json(&source.text) {
        read.not_evaluated.push(NotEvaluated {
            place: Some(Place::new(source, problem.span)),
            subject: source.name.clone(),
            what: problem.what,
            help: problem.help,
        });
        return Some(read);
    }
    let Gathered { found, unread, .. } = match document {
        Document::Live(parts) => {
            read.is_live = true;
            Gathered { found: parts.into_iter().filter_map(live).collect(), ..Gathered::default() }
        }
        Document::Template(part) => template::resources(part, parameters),
        Document::Plan(part) => Gathered { found: terraform::resources(part), ..Gathered::default() },
        Document::Parameters => Gathered::default(),
    };
    for found in found {
        read.add(source, found);
    }
    for unread in unread {
        read.add_unread(source, unread);
    }
    Some(read)
}

/// The resources in what `az` printed, as objects to judge.
pub fn items(source: &Arc<Source>) -> Vec<Item> {
    resources(source, &Map::new()).map(|read| read.items).unwrap_or_default()
}

fn live(part: Part<'_>) -> Option<Found<'_>> {
    let mut value: Value = serde_json::from_str(part.text).ok()?;
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (of_type, name) = (text("type"), text("name"));
    leave_out_unused_credentials(&mut value);
    let with_properties = value.get("properties").is_some_and(Value::is_object);
    let form = Form::Arm { with_properties };
    Some(Found {
        form,
        of_type,
        version: LIVE.to_owned(),
        name,
        value,
        change: Change::Created,
        part,
        inside: String::new(),
        unknown: Vec::new(),
    })
}

/// Azure gives every cluster credentials for Windows nodes. Where there are none, they mean nothing.
fn leave_out_unused_credentials(cluster: &mut Value) {
    let has_windows = cluster.to_string().to_ascii_lowercase().contains("\"ostype\":\"windows\"");
    if has_windows {
        return;
    }
    if let Some(entries) = cluster.as_object_mut() {
        entries.remove("windowsProfile");
        if let Some(Value::Object(properties)) = entries.get_mut("properties") {
            properties.remove("windowsProfile");
        }
    }
}

/// A state of a resource in the form that is judged, and its kind; none where no rule speaks of it.
fn judged(found: &Found<'_>, state: &Value) -> Option<(Translated, &'static str)> {
    match found.form {
        Form::Arm { with_properties } => {
            let (_, group, kind) = KINDS.iter().find(|(known, ..)| found.of_type.eq_ignore_ascii_case(known))?;
            Some((translate::arm(state, group, kind, &found.name, with_properties), kind))
        }
        Form::Azurerm => {
            let (_, service, kind) = AZURERM.iter().find(|(known, ..)| *known == found.of_type)?;
            let group = format!("{service}.azure.upbound.io");
            Some((translate::azurerm(state, &group, kind, &found.name), kind))
        }
    }
}

impl Resources {
    fn add(&mut self, source: &Arc<Source>, found: Found<'_>) {
        let Some((mut translated, kind)) = judged(&found, &found.value) else { return };
        let before = match &found.change {
            Change::From(before) => judged(&found, before).map(|(before, _)| before.object),
            Change::Created | Change::Deleted => None,
        };
        translated.note_unknown(&found.unknown);
        let read = isolation_manifest::read(&translated.object.to_string());
        let object = match read.found.into_iter().next() {
            Some(Ok(object)) => object,
            other => {
                let why = other.and_then(Result::err).map_or_else(|| "it is empty".to_owned(), |problem| problem.what);
                return self.not_evaluated.push(NotEvaluated {
                    place: Some(Place::new(source, found.part.start..found.part.start + found.part.text.len())),
                    subject: format!("{} {}", found.of_type, found.name),
                    what: format!("{} {} cannot be judged: {why}", found.of_type, found.name),
                    help: String::new(),
                });
            }
        };
        let resource = Resource {
            reference: ObjectRef {
                api_version: found.version,
                kind: found.of_type,
                namespace: String::new(),
                name: found.name,
            },
            text: found.part.text.into(),
            start: found.part.start,
            inside: found.inside,
            translated,
            before,
            is_deleted: matches!(found.change, Change::Deleted),
        };
        for path in &found.unknown {
            self.unknown(source, &resource, kind, found.form, path);
        }
        self.items.push(Item { source: Arc::clone(source), object, written: Some(Arc::new(resource)) });
    }

    /// Says of a place that it may stand for resources nobody has judged.
    fn add_unread(&mut self, source: &Arc<Source>, Unread { subject, part, what, help, is_elsewhere }: Unread<'_>) {
        let place = Some(Place::new(source, part.start..part.start + part.text.len()));
        let (what, help) = (format!("{subject}: {what}"), help.to_owned());
        if is_elsewhere {
            self.notes.push(Note { place, what, help });
        } else {
            self.not_evaluated.push(NotEvaluated { place, subject, what, help });
        }
    }

    /// Says of a field that a rule reads that its value is not known. An id is a reference to something, whatever it is; of
    /// any other field the value decides.
    fn unknown(&mut self, source: &Arc<Source>, resource: &Resource, kind: &str, form: Form, path: &str) {
        let keys = steps(path).into_iter().filter_map(|step| match step {
            Step::Key(key) if !key.eq_ignore_ascii_case("properties") => Some(key),
            Step::Key(_) | Step::Index(_) | Step::AnyIndex => None,
        });
        let mut is_id = false;
        let keys: Vec<String> = keys
            .map(|key| match form {
                Form::Azurerm => {
                    is_id = key.ends_with("_id") || key.ends_with("_ids");
                    camel(&key)
                }
                Form::Arm { .. } => match name_of(&key) {
                    Some(Name::Reference(name) | Name::References(name)) => {
                        is_id = true;
                        (*name).to_owned()
                    }
                    Some(Name::Same(name)) => {
                        is_id = *name == "id";
                        (*name).to_owned()
                    }
                    None => {
                        is_id = false;
                        key
                    }
                },
            })
            .collect();
        if !is_read(kind, &keys) {
            return;
        }
        let place = Some(Place::new(source, resource.locate(path)));
        let what = format!("{}: the value of {path} is known only when it is deployed", resource.reference);
        if is_id {
            self.notes.push(Note {
                place,
                what: format!("{what}; it was taken for a reference that is there"),
                help: String::new(),
            });
            return;
        }
        let help = match form {
            Form::Azurerm => "Judge it once more after it is applied: az prints what is there",
            Form::Arm { .. } => {
                "Give the parameter a value: a file of parameters beside the template, or a default value"
            }
        };
        self.not_evaluated.push(NotEvaluated {
            place,
            subject: resource.reference.to_string(),
            what,
            help: help.to_owned(),
        });
    }
}

/// A resource in a text.
#[derive(Debug)]
struct Resource {
    reference: ObjectRef,
    /// The text that holds it, and where that begins in its source.
    text: Arc<str>,
    start: usize,
    /// The path in the text to its fields.
    inside: String,
    translated: Translated,
    /// What it was before, in the form that is judged.
    before: Option<Value>,
    is_deleted: bool,
}

impl Resource {
    /// The bytes of the source to point at for a field of the resource.
    fn locate(&self, path: &str) -> Range<usize> {
        let path = match (self.inside.as_str(), path) {
            ("", path) => path.to_owned(),
            (inside, "") => inside.to_owned(),
            (inside, path) if path.starts_with('[') => format!("{inside}{path}"),
            (inside, path) => format!("{inside}.{path}"),
        };
        let located = isolation_manifest::locate(&self.text, &path);
        located.map_or(self.start..self.start, |located| self.start + located.span.start..self.start + located.span.end)
    }
}

/// Whether this is a resource of Azure, whose kind is its type.
pub fn is_of_azure(object: &ObjectRef) -> bool {
    object.kind.contains('/') || object.kind.starts_with("azurerm_")
}

impl Written for Resource {
    fn reference(&self) -> ObjectRef {
        self.reference.clone()
    }

    fn path(&self, judged: &str) -> String {
        self.translated.path(judged)
    }

    fn span(&self, judged: &str) -> Range<usize> {
        self.locate(&self.translated.path(judged))
    }

    fn whole(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    fn is_unknown(&self, judged: &str) -> bool {
        self.translated.is_unknown(judged)
    }

    fn fix(&self, fix: &str) -> String {
        // The rest is about the objects of operators.
        match fix.split_once("; to delete only the object") {
            Some((keep, _)) if self.is_deleted => {
                format!("{keep}; to keep the rule in Azure, take the resource out of the state: terraform state rm")
            }
            _ => self.translated.fix(fix),
        }
    }

    fn before(&self) -> Option<&Value> {
        self.before.as_ref()
    }

    fn is_deleted(&self) -> bool {
        self.is_deleted
    }
}
