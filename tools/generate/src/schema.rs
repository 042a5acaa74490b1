//! JSON Schemas: of each policy's settings, and of `isolation.yaml`.
//!
//! They are draft-07, not 2020-12: that is the draft which every editor's YAML support reads in full, and nothing here
//! needs more. They say what the table of settings says, so that a schema refuses exactly what a setting's type refuses;
//! what a policy has against a value beyond that (a registry with a wildcard, a rule that says nothing new) only the policy
//! knows.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use isolation::settings::{Setting, Shape};
use isolation_all_policies::{Entry, POLICIES};
use isolation_policy_module::Metadata;
use serde::{Serialize, Serializer};
use serde_json::Value;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";
const UNSET: &str = "#/definitions/unset";

/// A schema, with the keywords that are used here.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    draft: Option<&'static str>,
    #[serde(rename = "$id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    reference: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "<[_]>::is_empty", serialize_with = "one_or_many")]
    types: &'static [&'static str],
    #[serde(rename = "enum", skip_serializing_if = "<[_]>::is_empty")]
    words: &'static [&'static str],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    any_of: Vec<Schema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_items: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_items: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_properties: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_properties: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<&'static str, Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<bool>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    definitions: BTreeMap<&'static str, Schema>,
}

/// One type is written as a text, several as a list.
fn one_or_many<S: Serializer>(types: &&'static [&'static str], serializer: S) -> Result<S::Ok, S::Error> {
    match types {
        [one] => one.serialize(serializer),
        many => many.serialize(serializer),
    }
}

/// Where the schema of a policy's settings is.
pub fn path(entry: &Entry) -> String {
    format!("policies/{}/settings.schema.json", entry.name)
}

/// Where a file of this release can be fetched from.
pub fn url(metadata: &Metadata, path: &str) -> String {
    let source = metadata.annotation("io.kubewarden.policy.source");
    let raw = source.replacen("https://github.com/", "https://raw.githubusercontent.com/", 1);
    format!("{raw}/v{}/{path}", metadata.version())
}

/// The schema of a policy's settings.
///
/// # Errors
///
/// A table of settings with a default or an example that is not JSON, and metadata that is not right.
pub fn settings(entry: &Entry) -> Result<Schema> {
    let metadata = entry.metadata()?;
    Ok(Schema {
        id: Some(url(&metadata, &path(entry))),
        title: Some(format!("The settings of {}", entry.name)),
        ..root(object(&(entry.settings)(), Required::Here)?)
    })
}

/// The settings' part of the schema of `isolation.yaml`: a section for each policy, and above the sections the settings that several policies
/// share.
///
/// # Errors
///
/// See [`settings`].
pub fn configuration() -> Result<Schema> {
    let metadata = POLICIES.first().context("there are no policies")?.metadata()?;
    let mut properties = BTreeMap::new();
    for entry in POLICIES {
        let description = format!(
            "{}. An object with settings, or `false` to disable the policy.",
            entry.metadata()?.annotation("io.kubewarden.policy.description")
        );
        let section = object(&entry.written_settings(), Required::Elsewhere)?;
        // `required` is not asked for here: what a policy needs may stand above the sections, or come from a flag.
        let section = Schema { types: &["object", "boolean", "null"], description: Some(description), ..section };
        properties.insert(entry.name, section);
        for setting in (entry.settings)().iter().copied().flatten().filter(|setting| entry.shares(setting.key)) {
            share(&mut properties, entry, setting)?;
        }
    }
    properties.insert("allow", exceptions());
    Ok(Schema {
        id: Some(url(&metadata, "docs/schemas/isolation.schema.json")),
        title: Some("isolation.yaml: the policies' settings, and how they are deployed".into()),
        types: &["object"],
        properties,
        additional_properties: Some(false),
        ..root(Schema::default())
    })
}

/// The schema of the key `allow`: exceptions.
fn exceptions() -> Schema {
    let text = |description: &str| Schema {
        description: Some(description.into()),
        types: &["string"],
        min_length: Some(1),
        ..Schema::default()
    };
    // An empty one is not deployed, and checked like any other.
    let pattern = |description: &str| Schema { min_length: None, ..text(description) };
    let object = Schema {
        description: Some(
            "Which objects it is about: at least one of the keys. `*` and `?` stand for any text.".into(),
        ),
        types: &["object"],
        properties: BTreeMap::from([
            ("kind", pattern("The kind, or kind and group: `Deployment`, `Deployment.apps`.")),
            ("namespace", pattern("The namespace; empty for objects outside of namespaces.")),
            ("name", pattern("The name.")),
        ]),
        min_properties: Some(1),
        additional_properties: Some(false),
        ..Schema::default()
    };
    let entry = Schema {
        types: &["object"],
        properties: BTreeMap::from([
            (
                "rule",
                Schema {
                    description: Some("The rule's id or name, or a list of them.".into()),
                    types: &["string", "array"],
                    items: Some(Box::new(Schema { types: &["string"], ..Schema::default() })),
                    min_length: Some(1),
                    min_items: Some(1),
                    ..Schema::default()
                },
            ),
            ("object", object),
            ("path", pattern("The field: `spec.containers[*].image`.")),
            ("value", pattern("The value: `quay.io/vendor/*`.")),
            ("reason", text("Why it is allowed.")),
            ("expires", text("The last day on which it holds: `2027-03-31`.")),
        ]),
        required: vec!["rule", "object", "reason"],
        additional_properties: Some(false),
        ..Schema::default()
    };
    Schema {
        description: Some("What is allowed, and why. `isolation check` and `isolation report` honour it, and admission does as far as it can: `isolation policies` names the rest.".into()),
        types: &["array", "null"],
        items: Some(Box::new(entry)),
        ..Schema::default()
    }
}

/// Adds a setting to those above the sections, where other policies may have one of the same name.
fn share(properties: &mut BTreeMap<&'static str, Schema>, entry: &Entry, setting: &Setting) -> Result<()> {
    let alone = property(setting, Required::Elsewhere)?;
    let own = alone.description.clone().unwrap_or_default();
    match properties.get_mut(setting.key) {
        None => {
            let description = Some(format!("{own} For {}.", entry.name));
            properties.insert(setting.key, Schema { description, ..alone });
        }
        Some(known) => {
            let before = known.description.take().unwrap_or_default();
            let told = before.strip_prefix(&own).and_then(|rest| rest.strip_prefix(" For ")).map(str::to_owned);
            known.description = Some(match told {
                Some(policies) => format!("{own} For {}, {}.", policies.trim_end_matches('.'), entry.name),
                None => format!("{before} {own} For {}.", entry.name),
            });
            for kind in alone.any_of {
                if !known.any_of.contains(&kind) {
                    known.any_of.push(kind);
                }
            }
            // Where policies differ in it, there is no one default.
            if known.default != alone.default {
                known.default = None;
            }
        }
    }
    Ok(())
}

fn root(schema: Schema) -> Schema {
    let unset = Schema {
        description: Some("Counts as unset, as user interfaces send it.".into()),
        types: &["null", "string", "array", "object"],
        max_length: Some(0),
        max_items: Some(0),
        max_properties: Some(0),
        ..Schema::default()
    };
    Schema { draft: Some(DRAFT), definitions: BTreeMap::from([("unset", unset)]), ..schema }
}

/// Whether what is required must be in this very object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Required {
    Here,
    Elsewhere,
}

fn object(tables: &[&'static [Setting]], required: Required) -> Result<Schema> {
    let settings = || tables.iter().copied().flatten();
    Ok(Schema {
        types: &["object"],
        properties: settings().map(|setting| Ok((setting.key, property(setting, required)?))).collect::<Result<_>>()?,
        required: settings()
            .filter(|setting| setting.required && required == Required::Here)
            .map(|setting| setting.key)
            .collect(),
        additional_properties: Some(false),
        ..Schema::default()
    })
}

/// A setting: its type, or what counts as unset, unless it must be set.
fn property(setting: &Setting, required: Required) -> Result<Schema> {
    let json = |text: &str| match text {
        "" => Ok(None),
        text => serde_json::from_str(text).map(Some).with_context(|| format!("{}: {text}", setting.key)),
    };
    let shape = shape(&setting.shape)?;
    let value = if setting.required && required == Required::Here {
        Schema { min_length: Some(1), min_items: Some(1), min_properties: Some(1), ..shape }.trimmed()
    } else {
        let unset = Schema { reference: Some(UNSET), ..Schema::default() };
        Schema { any_of: vec![shape, unset], ..Schema::default() }
    };
    Ok(Schema {
        description: Some(setting.doc.to_owned()).filter(|doc| !doc.is_empty()),
        default: json(setting.default)?,
        examples: json(setting.example)?.into_iter().collect(),
        ..value
    })
}

fn shape(shape: &Shape) -> Result<Schema> {
    let empty = Schema::default();
    Ok(match *shape {
        Shape::Enum(words) => Schema { words, ..empty },
        Shape::Bool => Schema { types: &["boolean"], ..empty },
        Shape::Text => Schema { types: &["string"], ..empty },
        Shape::Texts => {
            let item = Schema { types: &["string"], min_length: Some(1), ..Schema::default() };
            Schema { types: &["array"], items: Some(Box::new(item)), ..empty }
        }
        Shape::Objects(members) => {
            let item = object(&[members], Required::Here)?;
            Schema { types: &["array"], items: Some(Box::new(item)), ..empty }
        }
        Shape::Object(members) => object(&[members], Required::Here)?,
    })
}

impl Schema {
    /// Without the bounds that say nothing of its type.
    fn trimmed(self) -> Self {
        let is = |kind| self.types == [kind];
        Schema {
            min_length: self.min_length.filter(|_| is("string")),
            min_items: self.min_items.filter(|_| is("array")),
            min_properties: self.min_properties.filter(|_| is("object")),
            ..self
        }
    }
}
