//! Resources in a text, as objects to judge that know where they are written.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

use isolation_admission::{AnnotationFinding, Doubt, Item, Written};
use isolation_document::path::{Step, steps};
use isolation_manifest::Locator;
use isolation_report::{NotEvaluated, Note, ObjectRef, Place, Source};
use serde_json::{Map, Value};
use supported_extensions::cluster::is_other;

use crate::automatic::{self, AUTOMATIC};
use crate::document::{Document, document, without_comments};
use crate::fix::fix;
use crate::found::{Change, Deployed, Form, Found, Gathered, Unknown, Unread, parent};
use crate::names::{AZURERM, KINDS, Name, Reads, is_machine, keys_in_pool, name_of, reads};
use crate::parameters::Settled;
use crate::text::{Part, clashes, member};
use crate::translate::{self, Translated, Version, camel};
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
    /// Whether it is a template.
    is_template: bool,
    /// What was found in a deployment already, of several that a template may have.
    said: HashSet<String>,
    /// The part of the text that was read last, by where it begins.
    text: Option<(usize, Arc<Locator>)>,
}

/// The resources in a text of Azure's; none where it is something else. `parameters` are the values with which templates are
/// deployed, each in each of them.
pub fn resources(source: &Arc<Source>, parameters: &Settled) -> Option<Resources> {
    let mut read = Resources::default();
    let text = without_comments(&source.text);
    let document = document(&text)?;
    // Parts of it are read one by one, and none that cannot be read may go unjudged.
    if let Err(problem) = isolation_manifest::check_json(&text) {
        read.not_evaluated.push(NotEvaluated {
            place: Some(Place::new(source, problem.span)),
            subject: source.name.clone(),
            what: problem.what,
            help: problem.help,
        });
        return Some(read);
    }
    let gathered = match document {
        Document::Live(parts) => {
            read.is_live = true;
            let (listed, found): (Vec<_>, Vec<_>) = parts.into_iter().filter_map(live).partition(is_only_listed);
            let listed = listed.into_iter().filter(|listed| kind_of(listed).is_some());
            let unread = listed.map(|Found { of_type, name, part, .. }| Unread {
                subject: format!("{of_type} {name}"),
                part,
                what: "its properties are not printed",
                help: "Print the resource itself, as with az aks show or az resource show: az resource list prints no properties",
                is_elsewhere: false,
            });
            Gathered { found, unread: unread.collect(), ..Gathered::default() }
        }
        Document::Template(part) => {
            read.is_template = true;
            read.deployed(source, part, parameters);
            return Some(read);
        }
        Document::Plan(part) => {
            Gathered { found: terraform::resources(part), unread: terraform::unread(part), ..Gathered::default() }
        }
        Document::Parameters(part) => {
            if parameters.is_unused(&source.name) {
                read.notes.push(Note {
                    place: Some(Place::new(source, part.start..part.start)),
                    what: "no template beside this file declares these parameters, so their values are not used"
                        .to_owned(),
                    help: "Put the file beside the template that it is for".to_owned(),
                });
            }
            return Some(read);
        }
    };
    let mut gathered = gathered;
    let subnets: Vec<_> = gathered.found.iter().flat_map(subnets).collect();
    gathered.found.extend(subnets);
    read.add_all(source, gathered, None);
    Some(read)
}

/// The resources in what `az` printed, as objects to judge.
pub fn items(source: &Arc<Source>) -> Vec<Item> {
    resources(source, &Settled::default()).map(|read| read.items).unwrap_or_default()
}

fn live(part: Part<'_>) -> Option<Found<'_>> {
    let mut value: Value = serde_json::from_str(part.text).ok()?;
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (of_type, name, on) = (text("type"), text("name"), parent(&text("id")).to_owned());
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
        is_part: false,
        on,
        deployed: Deployed::Always,
    })
}

/// The subnets that are written within their network, outside of templates.
fn subnets<'t>(network: &Found<'t>) -> Vec<Found<'t>> {
    let (path, of_type) = match network.form {
        Form::Azurerm if network.of_type == "azurerm_virtual_network" => ("subnet", "azurerm_subnet".to_owned()),
        Form::Arm { with_properties } if network.of_type.eq_ignore_ascii_case("Microsoft.Network/virtualNetworks") => {
            (if with_properties { "properties.subnets" } else { "subnets" }, format!("{}/subnets", network.of_type))
        }
        _ => return Vec::new(),
    };
    let list = path.split('.').try_fold(&network.value, |value, key| member(value, key));
    let items = list.and_then(Value::as_array).into_iter().flatten().enumerate();
    let mut unknown: BTreeMap<&str, Vec<Unknown>> = BTreeMap::new();
    for Unknown { path: of_it, partly } in &network.unknown {
        let inside = of_it.strip_prefix(path).and_then(|rest| rest.strip_prefix('[')?.split_once("]."));
        if let Some((index, rest)) = inside {
            unknown.entry(index).or_default().push(Unknown { path: rest.to_owned(), partly: partly.clone() });
        }
    }
    let subnet = |(index, value): (usize, &Value)| {
        let place = format!("{path}[{index}]");
        Found {
            form: match network.form {
                Form::Arm { .. } => {
                    Form::Arm { with_properties: value.get("properties").is_some_and(Value::is_object) }
                }
                form => form,
            },
            of_type: of_type.clone(),
            version: network.version.clone(),
            name: member(value, "name").and_then(Value::as_str).unwrap_or("…").to_owned(),
            value: value.clone(),
            change: Change::Created,
            part: network.part,
            inside: if network.inside.is_empty() { place.clone() } else { format!("{}.{place}", network.inside) },
            unknown: unknown.get(index.to_string().as_str()).cloned().unwrap_or_default(),
            is_part: network.is_part,
            on: String::new(),
            deployed: network.deployed,
        }
    };
    items.map(subnet).collect()
}

/// Whether it is in a list that names resources and does not describe them: the properties are null.
fn is_only_listed(found: &Found<'_>) -> bool {
    found.value.get("properties").is_some_and(Value::is_null)
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
            let is_machine = is_machine(&found.of_type);
            let path = if found.is_of_azapi() { "type" } else { "apiVersion" };
            // Only a cluster's version decides, and what is only a part of one leaves the rest to the version that wrote it.
            let is_cluster = *kind == "ManagedCluster" && !found.is_part;
            let version = Version { name: Some(&*found.version).filter(|_| is_cluster).unwrap_or_default(), path };
            Some((translate::arm(state, (group, kind), &found.name, with_properties, is_machine, version), kind))
        }
        Form::Azurerm => {
            let (_, service, kind) = AZURERM.iter().find(|(known, ..)| *known == found.of_type)?;
            let is_group = service.contains('.');
            let group = if is_group { (*service).to_owned() } else { format!("{service}.azure.upbound.io") };
            Some((translate::azurerm(state, &group, kind, &found.name), kind))
        }
    }
}

/// The kind that it is judged as; none where no rule speaks of it.
fn kind_of(found: &Found<'_>) -> Option<&'static str> {
    let known = match found.form {
        Form::Arm { .. } => KINDS.iter().find(|(known, ..)| found.of_type.eq_ignore_ascii_case(known)),
        Form::Azurerm => AZURERM.iter().find(|(known, ..)| *known == found.of_type),
    };
    known.map(|(.., kind)| *kind)
}

impl Resources {
    /// Adds what a template makes, with each of the files of parameters that it may be deployed with.
    fn deployed(&mut self, source: &Arc<Source>, template: Part<'_>, parameters: &Settled) {
        let (variants, are_more) = parameters.of(&source.name);
        let whole = template.start..template.start;
        if are_more {
            let what = "there are more files of parameters for this template than are read".to_owned();
            let help = "Check the template with some of them at a time".to_owned();
            let place = Some(Place::new(source, whole.clone()));
            self.not_evaluated.push(NotEvaluated { place, subject: source.name.clone(), what, help });
        }
        match variants {
            [] => self.add_all(source, template::resources(template, None), None),
            [only] => self.add_all(source, template::resources(template, Some(&only.values)), None),
            _ => {
                for variant in variants {
                    let given = Some(&variant.values).filter(|_| !variant.files.is_empty());
                    self.add_all(source, template::resources(template, given), Some(&variant.files));
                }
            }
        }
        let open: BTreeSet<&String> = variants.iter().flat_map(|variant| &variant.open).collect();
        if !open.is_empty() {
            let names: Vec<_> = open.into_iter().map(String::as_str).collect();
            let what = format!(
                "files of parameters give different values to {}, and others none, so it is not known which go together",
                names.join(", ")
            );
            let help = "Write all values of a deployment into one file".to_owned();
            self.notes.push(Note { place: Some(Place::new(source, whole)), what, help });
        }
    }

    /// Adds what was found, in one deployment of several with these files of parameters. What another says already is not repeated.
    fn add_all(&mut self, source: &Arc<Source>, gathered: Gathered<'_>, files: Option<&[Arc<str>]>) {
        for found in gathered.found {
            self.add(source, found, files);
        }
        for unread in gathered.unread {
            let key = format!("{} {} {}", unread.part.start, unread.subject, unread.what);
            if files.is_none() || self.said.insert(key) {
                self.add_unread(source, unread);
            }
        }
    }

    fn add(&mut self, source: &Arc<Source>, mut found: Found<'_>, files: Option<&[Arc<str>]>) {
        let Some(kind) = kind_of(&found) else { return };
        // Azure's own keys count in any case; tags are the user's.
        let is_clash = |(key, value): (&String, &Value)| !key.eq_ignore_ascii_case("tags") && clashes(value);
        let members = found.value.as_object().filter(|_| found.form != Form::Azurerm);
        if members.is_some_and(|members| members.iter().any(is_clash)) {
            let unread = Unread::clash(format!("{} {}", found.of_type, found.name), found.part);
            return self.add_unread(source, unread);
        }
        if matches!(kind, "Extension" | "FluxConfiguration") && is_other(&found.on) {
            return;
        }
        let doubts = stand_in(&mut found, kind, self.is_template);
        let Some((mut translated, kind)) = judged(&found, &found.value) else { return };
        // Turns of a loop are alike, too.
        if files.is_some() || self.is_template {
            let read = read_by_rules(&translated.object["spec"], kind, &mut Vec::new());
            let unknown: Vec<_> = doubts.iter().map(|doubt| doubt.path.as_str()).collect();
            let (at, unknown) = (found.part.start, unknown.join(" "));
            if !self.said.insert(format!("{at} {} {} {} {read} {unknown}", found.inside, found.of_type, found.name)) {
                return;
            }
        }
        let before = match &found.change {
            Change::From(before) => judged(&found, before).map(|(before, _)| before.object),
            Change::Created | Change::Deleted => None,
        };
        translated.note_unknown(&found.unknown);
        translated.is_part = found.is_part;
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
        // Of resources in one part of a text, as subnets are in their network, each would copy it.
        let text = match self.text.take().filter(|(start, _)| *start == found.part.start) {
            Some((_, text)) if text.bytes() == found.part.text.len() => text,
            _ => Arc::new(Locator::new(found.part.text)),
        };
        self.text = Some((found.part.start, Arc::clone(&text)));
        let resource = Resource {
            reference: ObjectRef {
                api_version: found.version,
                kind: found.of_type,
                namespace: String::new(),
                name: found.name,
            },
            text,
            deployed_with: files.map(deployed_with),
            deployed: found.deployed,
            start: found.part.start,
            inside: found.inside,
            doubtful: doubts.iter().filter(|doubt| doubt.is_nothing_known).map(|doubt| doubt.path.clone()).collect(),
            translated,
            before,
            is_deleted: matches!(found.change, Change::Deleted),
        };
        for doubt in &doubts {
            self.unknown(source, &resource, found.form, doubt);
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
    fn unknown(&mut self, source: &Arc<Source>, resource: &Resource, form: Form, doubt: &Uncertain) {
        let path = &resource.written(&doubt.path);
        let span = resource.locate(path);
        let written = source.text.get(span.clone()).unwrap_or_default().to_ascii_lowercase();
        let place = Some(Place::new(source, span));
        let what = format!("{}: the value of {path} is known only when it is deployed", resource.reference);
        if doubt.is_id {
            self.notes.push(Note {
                place,
                what: format!("{what}; it was taken for a reference that is there"),
                help: String::new(),
            });
            return;
        }
        if resource.deployed == Deployed::NotByDefault {
            let what = format!("{what}, if it is deployed at all: with the default values of parameters it is not");
            return self.notes.push(Note { place, what, help: String::new() });
        }
        let help = match form {
            Form::Arm { .. } if written.contains("parameters(") => GIVE,
            _ => "Judge it once more after it is deployed: az prints what is there",
        };
        self.not_evaluated.push(NotEvaluated {
            place,
            subject: resource.reference.to_string(),
            what,
            help: help.to_owned(),
        });
    }
}

/// Why something is judged that the default values do not deploy: a clause.
const NOT_BY_DEFAULT: &str = "its condition is false with the default values of parameters, or its loop has no turns, and whoever deploys may \
                              give others; where a file of parameters says so, it is not judged";

/// Why something is judged that may not be deployed: a clause.
const PERHAPS: &str = "whether it is deployed, or how often, is known only then";

/// What to do where a parameter has no value.
pub const GIVE: &str = "Give the parameter a value: a file of parameters beside the template, or a default value";

/// A field whose value is not known, of which something is to be said.
struct Uncertain {
    path: String,
    is_id: bool,
    /// Whether it may be nothing at all: no part of it is known, and a template may give null or an empty text. What is unknown in a
    /// plan is computed by the provider of what it names.
    is_nothing_known: bool,
}

/// Puts something in the place of what is not known and makes a field be there: an id names something, whatever it is, and what
/// is in an object makes it one that is not empty. What is left is doubtful.
fn stand_in(found: &mut Found<'_>, kind: &str, is_template: bool) -> Vec<Uncertain> {
    let mut doubts = Vec::new();
    for Unknown { path, partly } in &found.unknown {
        let steps = steps(path);
        let (mut keys, is_id, is_list) = keys_of(&steps, found.form);
        if is_machine(&found.of_type) {
            keys = keys_in_pool(keys);
        }
        match reads(kind, &keys) {
            // A cluster's decides whether it can say that it is isolated.
            Reads::Nothing if kind == "ManagedCluster" && path.eq_ignore_ascii_case("apiVersion") => {
                doubts.push(Uncertain { path: path.clone(), is_id, is_nothing_known: false });
                continue;
            }
            Reads::Nothing => continue,
            // What is not deployed by default has no doubt that is worth more than a note.
            Reads::Value if !is_id || (partly.is_none() && found.deployed == Deployed::NotByDefault) => {
                doubts.push(Uncertain { path: path.clone(), is_id: false, is_nothing_known: false });
                continue;
            }
            // Of what `resourceId` names only the place is unknown.
            Reads::Value if partly.as_deref().is_none_or(|id| !id.starts_with(PLACE) || names_nothing(id)) => {
                let is_nothing_known = partly.is_none() && is_template;
                doubts.push(Uncertain { path: path.clone(), is_id, is_nothing_known });
            }
            Reads::Value | Reads::Presence => {}
        }
        let text = Value::from(partly.as_deref().unwrap_or("…"));
        let value = if is_list { Value::Array(vec![text]) } else { text };
        set(&mut found.value, &steps, value);
    }
    doubts
}

/// With what an id begins of which `resourceId` says the rest.
const PLACE: &str = "/subscriptions/…/resourceGroups/…/providers/";

fn names_nothing(id: &str) -> bool {
    id.strip_prefix(PLACE).is_none_or(|rest| rest.contains('…'))
}

/// The keys of a field in the judged form, whether it is an id, and whether it is a list of them.
fn keys_of(steps: &[Step], form: Form) -> (Vec<String>, bool, bool) {
    let (mut keys, mut is_id, mut is_list) = (Vec::new(), false, false);
    for step in steps {
        let Step::Key(key) = step else {
            is_list = false;
            continue;
        };
        if key.eq_ignore_ascii_case("properties") {
            continue;
        }
        let (name, its_id, its_list) = match form {
            Form::Azurerm => (camel(key), key.ends_with("_id") || key.ends_with("_ids"), key.ends_with("_ids")),
            Form::Arm { .. } => match name_of(key) {
                Some(Name::Reference(name)) => ((*name).to_owned(), true, false),
                Some(Name::References(name)) => ((*name).to_owned(), true, true),
                Some(Name::Same(name)) => ((*name).to_owned(), *name == "id", false),
                None => (key.clone(), false, false),
            },
        };
        keys.push(name);
        (is_id, is_list) = (its_id, its_list);
    }
    (keys, is_id, is_list)
}

/// Writes a value at a place, and what it stands in.
fn set(within: &mut Value, steps: &[Step], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *within = value;
        return;
    };
    match step {
        Step::Key(key) => {
            if !within.is_object() {
                *within = Value::Object(Map::new());
            }
            if let Some(members) = within.as_object_mut() {
                set(members.entry(key).or_insert(Value::Null), rest, value);
            }
        }
        Step::Index(index) => {
            // A list that is not there is not made, however long it would be.
            if let Some(item) = within.as_array_mut().and_then(|items| items.get_mut(*index)) {
                set(item, rest, value);
            }
        }
        Step::AnyIndex => {}
    }
}

fn deployed_with(files: &[Arc<str>]) -> String {
    match files {
        [] => "deployed without a file of parameters".to_owned(),
        files => format!("deployed with {}", files.join(" or ")),
    }
}

/// What rules read of the fields of a kind below these keys.
fn read_by_rules(value: &Value, kind: &str, keys: &mut Vec<String>) -> Value {
    match value {
        Value::Object(members) => {
            let mut read = Map::new();
            for (key, value) in members {
                // Crossplane's fields, and those of Azure's children, stand deeper.
                let is_frame = matches!(key.as_str(), "forProvider" | "properties");
                if !is_frame {
                    keys.push(key.clone());
                }
                if is_frame || reads(kind, keys) != Reads::Nothing {
                    read.insert(key.clone(), read_by_rules(value, kind, keys));
                }
                if !is_frame {
                    keys.pop();
                }
            }
            Value::Object(read)
        }
        Value::Array(items) => items.iter().map(|item| read_by_rules(item, kind, keys)).collect(),
        scalar => scalar.clone(),
    }
}

/// A resource in a text.
#[derive(Debug)]
struct Resource {
    reference: ObjectRef,
    /// The text that holds it, and where that begins in its source.
    text: Arc<Locator>,
    start: usize,
    /// The files of parameters with which it is deployed, where there are others: a clause.
    deployed_with: Option<String>,
    /// Whether it is deployed at all.
    deployed: Deployed,
    /// The path in the text to its fields.
    inside: String,
    translated: Translated,
    /// Paths of ids of which nothing is known: they may be nothing.
    doubtful: Vec<String>,
    /// What it was before, in the form that is judged.
    before: Option<Value>,
    is_deleted: bool,
}

impl Resource {
    fn is_automatic(&self) -> bool {
        self.reference.kind == AUTOMATIC
    }

    /// Where a field of what was translated is written.
    fn written(&self, path: &str) -> String {
        if self.is_automatic() { automatic::written(path) } else { path.to_owned() }
    }

    /// The bytes of the source to point at for a field of the resource.
    fn locate(&self, path: &str) -> Range<usize> {
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

impl Written for Resource {
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

    fn doubt(&self, judged: &str) -> Option<Doubt> {
        let path = self.translated.path(judged);
        let is_in = |doubtful: &&String| {
            path.strip_prefix(doubtful.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let path = self.doubtful.iter().find(is_in)?;
        Some(Doubt {
            what: format!("whether {path} names anything is known only when it is deployed"),
            help: GIVE.to_owned(),
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
