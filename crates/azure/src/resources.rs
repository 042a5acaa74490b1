//! What a text of Azure holds, as objects to judge.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use isolation_admission::Item;
use isolation_manifest::Locator;
use isolation_report::{NotEvaluated, Note, ObjectRef, Place, Source};
use serde_json::Value;
use supported_extensions::cluster::is_other;

use crate::document::{Document, document, without_comments};
use crate::found::{Change, Deployed, Form, Found, Gathered, Unread};
use crate::judged::{judged, kind_of, read_by_rules};
use crate::parameters::Settled;
use crate::resource::Resource;
use crate::template::{self, CHECK_LINKED, LINKED};
use crate::text::{Part, clashes};
use crate::translate::Translated;
use crate::uncertain::{AGAIN, GIVE, Uncertain, is_registry, stand_in};
use crate::variant::Variant;
use crate::{live, subnets, terraform};

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
    let mut gathered = match document {
        Document::Live(parts) => {
            read.is_live = true;
            live::resources(parts)
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
    let subnets: Vec<_> = gathered.found.iter().flat_map(subnets::of_network).collect();
    gathered.found.extend(subnets);
    read.add_all(source, gathered, None);
    Some(read)
}

/// The resources in what `az` printed, as objects to judge.
pub fn items(source: &Arc<Source>) -> Vec<Item> {
    resources(source, &Settled::default()).map(|read| read.items).unwrap_or_default()
}

impl Resources {
    /// Adds what a template makes, with each of the files of parameters that it may be deployed with.
    fn deployed(&mut self, source: &Arc<Source>, template: Part<'_>, parameters: &Settled) {
        let resources = |given: Option<&Variant>| {
            let mut gathered = template::resources(template, given);
            let links = std::mem::take(&mut gathered.links).into_iter();
            let links = links.filter(|(link, ..)| !parameters.is_judged(&source.name, &link.path));
            gathered.unread.extend(links.map(|(_, part, subject)| Unread {
                subject,
                part,
                what: LINKED,
                help: CHECK_LINKED,
                is_elsewhere: true,
            }));
            gathered
        };
        let (variants, are_more) = parameters.of(&source.name);
        let whole = template.start..template.start;
        if are_more {
            let what = "there are more files of parameters for this template than are read".to_owned();
            let help = "Check the template with some of them at a time".to_owned();
            let place = Some(Place::new(source, whole.clone()));
            self.not_evaluated.push(NotEvaluated { place, subject: source.name.clone(), what, help });
        }
        match variants {
            [] => self.add_all(source, resources(None), None),
            // Which file of parameters it is, everybody sees, but not what links it.
            [only] if !only.is_linked => self.add_all(source, resources(Some(only)), None),
            _ => {
                for variant in variants {
                    let given = Some(variant).filter(|variant| !variant.files.is_empty());
                    self.add_all(source, resources(given), Some(variant));
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

    /// Adds what was found, in this deployment of several. What another says already is not repeated.
    fn add_all(&mut self, source: &Arc<Source>, gathered: Gathered<'_>, variant: Option<&Variant>) {
        for found in gathered.found {
            self.add(source, found, variant);
        }
        for unread in gathered.unread {
            let key = format!("{} {} {}", unread.part.start, unread.subject, unread.what);
            if variant.is_none() || self.said.insert(key) {
                self.add_unread(source, unread);
            }
        }
    }

    fn add(&mut self, source: &Arc<Source>, mut found: Found<'_>, variant: Option<&Variant>) {
        let Some(kind) = kind_of(&found) else { return };
        // Azure's own keys count in any case; tags are the user's.
        let is_clash = |(key, value): (&String, &Value)| !key.eq_ignore_ascii_case("tags") && clashes(value);
        let members = found.value.as_object().filter(|_| matches!(found.form, Form::Arm { .. }));
        if members.is_some_and(|members| members.iter().any(is_clash)) {
            let unread = Unread::clash(format!("{} {}", found.of_type, found.name), found.part);
            return self.add_unread(source, unread);
        }
        if matches!(kind, "Extension" | "FluxConfiguration") && is_other(&found.on) {
            return;
        }
        let doubts = stand_in(&mut found, kind, self.is_template);
        let Some((mut translated, kind)) = judged(&found, &found.value) else { return };
        if (variant.is_some() || self.is_template) && !self.is_new(&found, kind, &translated, &doubts) {
            return;
        }
        let before = match &found.change {
            Change::From(before) => judged(&found, before).map(|(before, _)| before.object),
            Change::Created | Change::Deleted => None,
        };
        translated.note_unknown(&found.unknown);
        translated.is_part = found.is_part;
        let object = match isolation_manifest::read(&translated.object.to_string()).found.into_iter().next() {
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
                namespace: object.namespace.clone(),
                name: found.name,
            },
            text: self.text_of(found.part),
            deployed_with: variant.map(deployed_with),
            deployed: found.deployed,
            start: found.part.start,
            inside: found.inside,
            doubtful: doubts
                .iter()
                .filter(|doubt| doubt.is_nothing_known || (doubt.is_nameless && is_registry(&doubt.path)))
                .map(|doubt| doubt.path.clone())
                .collect(),
            is_template: self.is_template,
            translated,
            before,
            is_deleted: matches!(found.change, Change::Deleted),
        };
        for doubt in &doubts {
            self.unknown(source, &resource, found.form, doubt);
        }
        self.items.push(Item { source: Arc::clone(source), object, original: Some(Arc::new(resource)) });
    }

    /// Whether rules read something else of it than of what was found there before, in another deployment or turn of a loop.
    fn is_new(&mut self, found: &Found<'_>, kind: &str, translated: &Translated, doubts: &[Uncertain]) -> bool {
        let read = match found.form {
            Form::Kubernetes { .. } => translated.object.clone(),
            Form::Arm { .. } | Form::Azurerm => read_by_rules(&translated.object["spec"], kind, &mut Vec::new()),
        };
        let unknown: Vec<_> = doubts.iter().map(|doubt| doubt.path.as_str()).collect();
        let (at, unknown) = (found.part.start, unknown.join(" "));
        self.said.insert(format!("{at} {} {} {} {read} {unknown}", found.inside, found.of_type, found.name))
    }

    /// A part as a text in which fields are found. Of resources in one part, as subnets are in their network, each would copy it.
    fn text_of(&mut self, part: Part<'_>) -> Arc<Locator> {
        let text = match self.text.take().filter(|(start, _)| *start == part.start) {
            Some((_, text)) if text.bytes() == part.text.len() => text,
            _ => Arc::new(Locator::new(part.text)),
        };
        self.text = Some((part.start, Arc::clone(&text)));
        text
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
            Form::Arm { .. } | Form::Kubernetes { .. } if written.contains("parameters(") => GIVE,
            _ => AGAIN,
        };
        self.not_evaluated.push(NotEvaluated {
            place,
            subject: resource.reference.to_string(),
            what,
            help: help.to_owned(),
        });
    }
}

fn deployed_with(variant: &Variant) -> String {
    match variant.files.as_slice() {
        [] => "deployed without a file of parameters".to_owned(),
        files => format!("deployed {} {}", if variant.is_linked { "by" } else { "with" }, files.join(" or ")),
    }
}
