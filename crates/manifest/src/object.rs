//! A Kubernetes object in a text, and the report where there is none.

use std::ops::Range;
use std::sync::Arc;

use isolation_document::{Builder, Document, Kind, Located, Value};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json;
use crate::places::{PlaceCache, Places};
use crate::problem::Problem;

/// A Kubernetes object and where it is written.
#[derive(Clone, Debug)]
pub struct Object {
    /// Group and version: `apps/v1`.
    pub api_version: String,
    /// The kind: `Deployment`.
    pub kind: String,
    /// `metadata.name`, or `metadata.generateName`; empty where there is neither.
    pub name: String,
    /// `metadata.namespace`; empty where there is none.
    pub namespace: String,
    /// What holds it: itself, or a list.
    document: Arc<Document<'static>>,
    /// The node of its value.
    index: u32,
    /// Whether apiVersion and kind are those of the list that holds it.
    typed_by_list: bool,
    /// Where its text is in the file, if the document did not note the places of its values, which are then looked for in it.
    text: Option<Range<usize>>,
    /// Where these are, once many of them were asked for.
    pub(crate) asked: PlaceCache,
}

impl Object {
    /// The API group; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    /// The version without its group.
    pub fn version(&self) -> &str {
        self.api_version.rsplit_once('/').map_or(&self.api_version, |(_, version)| version)
    }

    /// The object in a sentence: `Deployment shop/web`.
    pub fn subject(&self) -> String {
        match (self.namespace.as_str(), self.name.as_str()) {
            (_, "") => self.kind.clone(),
            ("", name) => format!("{} {name}", self.kind),
            (namespace, name) => format!("{} {namespace}/{name}", self.kind),
        }
    }

    /// The object as it is written.
    pub fn value(&self) -> Value<'_> {
        self.document.at(self.index)
    }

    /// The object as kubectl sends it: with the apiVersion and kind that its list gives it.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The object without the document that holds it and without places, for what is only looked up.
    #[must_use]
    pub fn alone(&self) -> Self {
        let mut builder = Builder::new("");
        // What was read nests no deeper than this.
        builder.add_sorted(self.value(), usize::MAX);
        let document = Arc::new(builder.finish_for_long());
        Object { document, index: 0, text: Some(0..0), asked: PlaceCache::default(), ..self.clone() }
    }

    /// Where its values are written, in bytes of the file, whose text this is.
    pub(crate) fn places(&self, text: &str) -> Places {
        let Some(own) = &self.text else { return Places::default() };
        let written = text.get(own.clone()).unwrap_or_default();
        json::places(written, own.start, self.value())
    }

    /// All of the object, in bytes of the file.
    pub fn span(&self) -> Range<usize> {
        self.text.clone().or_else(|| self.value().span()).unwrap_or_default()
    }

    /// What to point at for a field path, in bytes of the file, whose text this is.
    pub fn locate(&self, text: &str, path: &str) -> Located {
        let located = match &self.text {
            None => self.value().locate(path),
            Some(own) => {
                if let Some(places) = self.asked.places(|| self.places(text)) {
                    return places.locate(self.value(), path).unwrap_or(Located { span: 0..0, exact: false });
                }
                let located = text.get(own.clone()).and_then(|text| json::locate(text, path));
                let within = |span: Range<usize>| own.start + span.start..own.start + span.end;
                located.map(|located| Located { span: within(located.span), ..located })
            }
        };
        located.unwrap_or(Located { span: 0..0, exact: false })
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.typed_by_list {
            return self.value().serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("apiVersion", &self.api_version)?;
        map.serialize_entry("kind", &self.kind)?;
        for (key, value) in self.value().entries().filter(|(key, _)| key != "apiVersion" && key != "kind") {
            map.serialize_entry(&key, &value)?;
        }
        map.end()
    }
}

/// A document, read, and how places in it are found.
pub(crate) struct Held<'t> {
    pub document: Document<'static>,
    /// Of JSON: the text, and where it begins in its file.
    pub text: Option<(&'t str, usize)>,
}

impl Held<'_> {
    fn span(&self, value: Value<'_>, path: &str) -> Range<usize> {
        match &self.text {
            None => value.locate(path).unwrap_or(Located { span: 0..0, exact: false }).span,
            Some((text, start)) => {
                let path = value.path(self.document.root()).to_string() + path;
                let located = json::locate(text, &path);
                located.map_or(*start..*start, |located| start + located.span.start..start + located.span.end)
            }
        }
    }
}

/// The objects in a document: itself, or its items.
pub(crate) fn objects(held: Held<'_>, out: &mut Vec<Result<Object, Problem>>) {
    let root = held.document.root();
    if root.kind() != Kind::Object {
        let what =
            format!("the document is {}, but a manifest is an object with apiVersion and kind", root.kind().name());
        let mut help = "Exclude files that are not manifests: --exclude, or .isolationignore";
        if root.items().next().is_some_and(|item| item.get("op").is_some() && item.get("path").is_some()) {
            help = "This is a JSON patch: check the output of `kubectl kustomize`";
        } else if root.items().next().is_some_and(|item| item.get("apiVersion").is_some() && item.get("kind").is_some())
        {
            help = r#"kubectl does not read it: wrap it in {"apiVersion": "v1", "kind": "List", "items": …}"#;
        }
        return out.push(Err(Problem::new(held.span(root, ""), what, help)));
    }
    if let Some((value, what)) = crate::metadata::wrong(root) {
        let help = "kubectl rejects it; write text in quotes";
        return out.push(Err(Problem::new(held.span(value, ""), what, help)));
    }
    let kind = root.get("kind").and_then(|kind| kind.text()).unwrap_or_default();
    if kind.is_empty() {
        return out.push(Err(held.problem(missing(root, "kind"))));
    }
    let api_version = match root.field("apiVersion").map(|version| version.text()) {
        Some(None) => return out.push(Err(held.problem(missing(root, "apiVersion")))),
        Some(Some(version)) => version,
        None => "",
    };
    if api_version.matches('/').count() > 1 {
        let span = root.get("apiVersion").map_or(0..0, |version| held.span(version, ""));
        return out.push(Err(Problem::new(span, "apiVersion is not GROUP/VERSION", "")));
    }
    let Some(items) = root.get("items") else {
        if api_version.is_empty() {
            return out.push(Err(held.problem(missing(root, "apiVersion"))));
        }
        let (api_version, kind) = (api_version.to_owned(), kind.to_owned());
        let text = held.text.map(|(text, start)| start..start + text.len());
        return out.push(Ok(object(Arc::new(held.document), 0, api_version, kind, false, text)));
    };
    if !matches!(items.kind(), Kind::List | Kind::Null) {
        let what = format!("items is {}, but must be a list", items.kind().name());
        return out.push(Err(Problem::new(held.span(items, ""), what, "")));
    }
    let (of, list) = (types_of_items(root), items.index());
    let texts = held.text.and_then(|(text, _)| json::items(text)).map(|(_, items)| items);
    self::items(held, list, &of, texts, out);
}

/// The apiVersion and kind that a list gives to items which have none.
pub(crate) type Types = (String, String);

/// The types of the items of this list.
pub(crate) fn types_of_items(list: Value<'_>) -> Types {
    let text = |key: &str| list.get(key).and_then(|value| value.text()).unwrap_or_default();
    (text("apiVersion").to_owned(), text("kind").strip_suffix("List").unwrap_or(text("kind")).to_owned())
}

/// The objects in the list that the node `list` of a document is, whose items stand at these places of the document's text.
pub(crate) fn items(
    held: Held<'_>,
    list: u32,
    of: &Types,
    texts: Option<Vec<Range<usize>>>,
    out: &mut Vec<Result<Object, Problem>>,
) {
    let place_of = |at: usize| -> Option<(&str, Range<usize>)> {
        let (text, start) = held.text?;
        let span = texts.as_ref()?.get(at)?.clone();
        Some((text.get(span.clone())?, start + span.start..start + span.end))
    };
    let read = |(at, item): (usize, Value<'_>)| {
        let place = place_of(at);
        let read = item_of(item, of).map_err(|Wrong { field, what, help }| {
            // Looked for in the item: in the whole list it would be looked for once for each item.
            let span = place.as_ref().and_then(|(text, place)| {
                let span = json::locate(text, field)?.span;
                Some(place.start + span.start..place.start + span.end)
            });
            Problem::new(span.unwrap_or_else(|| held.span(item, field)), what, help)
        });
        (item.index(), read, place.map(|(_, place)| place))
    };
    let read: Vec<_> = held.document.at(list).items().enumerate().map(read).collect();
    let document = Arc::new(held.document);
    for (index, item, text) in read {
        out.push(
            item.map(|(api_version, kind, typed)| object(Arc::clone(&document), index, api_version, kind, typed, text)),
        );
    }
}

/// What is wrong with an object, and in which field of it; empty for the object as a whole.
struct Wrong {
    field: &'static str,
    what: String,
    help: &'static str,
}

/// Fields of a kustomization, one of which it has as a rule.
const KUSTOMIZATION: &[&str] = &["resources", "components", "bases", "patches", "configMapGenerator", "helmCharts"];

fn missing(value: Value<'_>, field: &'static str) -> Wrong {
    if value.field(field).is_some() {
        return Wrong { field, what: format!("{field} must be a nonempty string"), help: "" };
    }
    let what = format!("the document has no {field}, so it is not a Kubernetes object");
    let has = |key: &str| value.get(key).is_some();
    // kustomize and helm find their files by name, without a kind.
    let help = if KUSTOMIZATION.iter().any(|key| has(key)) || has("name") && has("version") {
        "What a kustomization or a chart renders is checked: name its folder"
    } else {
        "Exclude files that are not manifests (--exclude, or .isolationignore), or add the field"
    };
    Wrong { field: "", what, help }
}

impl Held<'_> {
    /// A problem of the document's outermost object.
    fn problem(&self, Wrong { field, what, help }: Wrong) -> Problem {
        let root = self.document.root();
        let at = Some(field).filter(|field| !field.is_empty()).and_then(|field| root.get(field));
        Problem::new(self.span(at.unwrap_or(root), ""), what, help)
    }
}

/// The apiVersion and kind of an item, and whether they are the list's.
fn item_of(item: Value<'_>, of: &Types) -> Result<(String, String, bool), Wrong> {
    if !matches!(item.kind(), Kind::Object | Kind::Null) {
        let what = format!(
            "an item of the list is {}, but a manifest is an object with apiVersion and kind",
            item.kind().name()
        );
        return Err(Wrong { field: "", what, help: "" });
    }
    if item.get("items").is_some() {
        let help = "kubectl accepts no list of lists; write the objects as items of one list, or as documents";
        return Err(Wrong { field: "items", what: "an item of the list has items itself".to_owned(), help });
    }
    let text = |field: &str| item.get(field).and_then(|value| value.text()).unwrap_or_default();
    match (text("apiVersion"), text("kind")) {
        ("", "") if !of.0.is_empty() && !of.1.is_empty() && !item.is_null() => Ok((of.0.clone(), of.1.clone(), true)),
        ("", _) => Err(missing(item, "apiVersion")),
        (_, "") => Err(missing(item, "kind")),
        (api_version, kind) => Ok((api_version.to_owned(), kind.to_owned(), false)),
    }
}

fn object(
    document: Arc<Document<'static>>,
    index: u32,
    api_version: String,
    kind: String,
    typed_by_list: bool,
    text: Option<Range<usize>>,
) -> Object {
    let value = document.at(index);
    let text_of = |key: &str| value.descend(&["metadata", key]).and_then(|value| value.text()).unwrap_or_default();
    let name = if text_of("name").is_empty() { text_of("generateName") } else { text_of("name") };
    let (name, namespace) = (name.to_owned(), text_of("namespace").to_owned());
    Object { api_version, kind, name, namespace, document, index, typed_by_list, text, asked: PlaceCache::default() }
}
