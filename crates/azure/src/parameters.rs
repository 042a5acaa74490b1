//! Files with values for the parameters of templates, and which template each belongs to.
//!
//! A template is deployed with a file of parameters beside it: `main.json` with `main.parameters.json`, `main.dev.parameters.json`
//! or `parameters.json`. The one with the template's name is its own. Any other may be used with each template of its folder that
//! declares all its parameters: Azure refuses values for others.
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/parameter-files>
//!
//! A template that another one links gets its values from there.
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates#using-relative-path>

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::document::{Document, document, without_comments};
use crate::found::Link;
use crate::given::{Values, declared};
use crate::template::{self, DEPTH};
use crate::text::{Fields, Part, member};
use crate::variant::Variant;
use crate::written::{UNKNOWN, escaped};

/// With how many files a template is judged.
const FILES: usize = 256;

/// How often templates are read to find what they give to those that they link.
const READ_FOR_LINKS: usize = 4_096;

/// Files of parameters, and the templates that they may belong to.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    files: Vec<ParameterFile>,
    templates: Vec<Declared>,
}

/// A file of parameters.
#[derive(Clone, Debug)]
struct ParameterFile {
    name: Arc<str>,
    /// Those that it names. What is null is not given: the default value counts.
    /// <https://github.com/Azure/bicep/pull/11532>
    values: Values,
}

impl ParameterFile {
    fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }
}

/// The parameters of a template in lower case, and whether each has a default value.
#[derive(Clone, Debug)]
struct Declared {
    name: String,
    parameters: BTreeMap<String, bool>,
    /// The text, where it links other templates.
    linking: Option<Arc<str>>,
    /// Whether it is only beside what is read, and not judged.
    is_beside: bool,
}

/// The variants of each template.
#[derive(Debug, Default)]
pub struct Settled {
    variants: HashMap<String, Vec<Variant>>,
    /// The templates that each file of parameters belongs to.
    templates: BTreeMap<Arc<str>, Vec<String>>,
    /// The templates that are judged.
    judged: HashSet<PathBuf>,
}

/// The values in a file of parameters. One that Azure fetches from elsewhere when it deploys is unknown, and no default counts
/// instead; nor is it known which of two counts whose names differ only in their case.
fn values(file: Part<'_>) -> Values {
    let mut values = Values::new();
    let file = Fields::of(file).value("parameters").unwrap_or_default();
    for (name, given) in file.as_object().into_iter().flatten() {
        let value = member(given, "value").cloned().map_or_else(|| Value::from(UNKNOWN), escaped);
        let value = match values.get(&name.to_ascii_lowercase()) {
            Some(other) if *other != value => Value::from(UNKNOWN),
            _ => value,
        };
        values.insert(name.to_ascii_lowercase(), value);
    }
    values
}

/// The folder that a text is in; none of what is no file: `<stdin>`.
fn folder(name: &str) -> Option<PathBuf> {
    if name.starts_with('<') {
        return None;
    }
    let folder = Path::new(name).parent()?.components();
    Some(folder.filter(|component| *component != Component::CurDir).collect())
}

/// What a template's relative path leads to. It leads nowhere from what is no file.
fn linked(from: &str, path: &str) -> Option<PathBuf> {
    let mut folder = folder(from)?;
    for component in Path::new(&path.replace('\\', "/")).components() {
        match component {
            Component::Normal(name) => folder.push(name),
            Component::ParentDir if folder.file_name().is_some() => _ = folder.pop(),
            Component::ParentDir => folder.push(component),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(folder)
}

/// The path of a file as [`linked`] writes it.
fn path_of(name: &str) -> Option<PathBuf> {
    linked(name, &Path::new(name).file_name()?.to_string_lossy())
}

/// Whether a text may link another template.
fn may_link(text: &str) -> bool {
    text.as_bytes().windows(12).any(|word| word.eq_ignore_ascii_case(b"relativePath"))
}

/// The name of a file in its folder, in lower case.
fn file_name(name: &str) -> String {
    Path::new(name).file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

impl Parameters {
    /// Adds a text, if it is one of the two.
    pub fn add(&mut self, name: &str, text: &str) {
        match document(&without_comments(text)) {
            Some(Document::Parameters(file)) => {
                self.files.push(ParameterFile { name: name.into(), values: values(file) })
            }
            Some(Document::Template(template)) => {
                let linking = may_link(template.text).then(|| template.text.into());
                let parameters = declared(template);
                self.templates.push(Declared { name: name.to_owned(), parameters, linking, is_beside: false });
            }
            _ => {}
        }
    }

    /// Adds those of others that are not read themselves.
    pub fn extend_beside(&mut self, other: &Parameters) {
        self.files.extend_from_slice(&other.files);
        let templates = other.templates.iter().cloned();
        self.templates.extend(templates.map(|template| Declared { is_beside: true, ..template }));
    }

    /// Adds those of others.
    pub fn extend(&mut self, other: &Parameters) {
        self.files.extend_from_slice(&other.files);
        self.templates.extend_from_slice(&other.templates);
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.templates.is_empty()
    }

    /// Whether there is a file of parameters.
    pub fn has_values(&self) -> bool {
        !self.files.is_empty()
    }

    /// Whether what a template has may depend on other texts.
    pub fn decides(&self) -> bool {
        self.has_values() || self.templates.iter().any(|template| template.linking.is_some())
    }

    /// Decides which file belongs to which template.
    pub fn settle(&self) -> Settled {
        let mut in_folders: HashMap<Option<PathBuf>, Vec<&Declared>> = HashMap::new();
        for template in &self.templates {
            in_folders.entry(folder(&template.name)).or_default().push(template);
        }
        let mut settled = Settled::default();
        // By the template's name: the files, and whether one of them is beside it.
        let mut belonging: HashMap<&str, (Vec<&ParameterFile>, bool)> = HashMap::new();
        for file in &self.files {
            let (templates, is_beside) = self.templates_of(file, &in_folders);
            let names = templates.iter().map(|template| template.name.clone()).collect();
            settled.templates.insert(Arc::clone(&file.name), names);
            for template in templates {
                let (files, has_beside) = belonging.entry(&template.name).or_default();
                files.push(file);
                *has_beside |= is_beside;
            }
        }
        for template in &self.templates {
            let Some((files, has_beside)) = belonging.get(template.name.as_str()) else { continue };
            settled.variants.insert(template.name.clone(), template.variants(files, *has_beside));
        }
        let judged = self.templates.iter().filter(|template| !template.is_beside);
        settled.judged = judged.filter_map(|template| path_of(&template.name)).collect();
        match self.with_links(&settled.variants) {
            Some(all) => settled.variants = all,
            // No template is judged with what it gets where it is linked, and a note says so.
            None => settled.judged.clear(),
        }
        settled
    }

    /// The same variants, with those that linked templates get where they are linked, which may link others; none where that is too
    /// much to read.
    fn with_links(&self, of_files: &HashMap<String, Vec<Variant>>) -> Option<HashMap<String, Vec<Variant>>> {
        let linking: Vec<_> = self
            .templates
            .iter()
            .filter_map(|template| Some((template, path_of(&template.name)?, template.linking.as_deref()?)))
            .collect();
        let mut all = of_files.clone();
        if linking.is_empty() {
            return Some(all);
        }
        let mut left = READ_FOR_LINKS;
        let targets: HashMap<_, _> =
            self.templates.iter().filter_map(|template| Some((path_of(&template.name)?, template))).collect();
        for _ in 0..DEPTH {
            let mut next = of_files.clone();
            for (template, path, text) in &linking {
                let own = all.get(&template.name).map(Vec::as_slice).unwrap_or_default();
                let own: Vec<_> = own.iter().map(Some).chain(own.is_empty().then_some(None)).take(FILES).collect();
                left = left.checked_sub(own.len())?;
                for variant in own {
                    for link in template::links(Part::whole(text), variant) {
                        let target = linked(&template.name, &link.path).filter(|target| target != path);
                        let Some(target) = target.and_then(|target| targets.get(&target)) else { continue };
                        let variants = next.entry(target.name.clone()).or_default();
                        target.add_link(link, &template.name, variants);
                    }
                }
            }
            if next == all {
                break;
            }
            all = next;
        }
        Some(all)
    }

    /// The templates that a file belongs to, and whether they are beside it: in its folder, or one of them has no folder. Above its
    /// folder are those of `main.json` and `environments/dev.parameters.json`.
    fn templates_of<'p>(
        &'p self,
        file: &ParameterFile,
        in_folders: &HashMap<Option<PathBuf>, Vec<&'p Declared>>,
    ) -> (Vec<&'p Declared>, bool) {
        let Some(folder) = folder(&file.name) else {
            return (self.templates.iter().filter(|template| template.takes(file)).collect(), true);
        };
        let mut named = Vec::new();
        // What `..` leads to is not above it.
        let leads_out = |above: &Path| {
            let below = folder.strip_prefix(above).map(Path::components);
            below.is_ok_and(|mut below| below.any(|component| component == Component::ParentDir))
        };
        for above in folder.ancestors().filter(|above| !leads_out(above)) {
            let templates = in_folders.get(&Some(above.to_owned())).map(Vec::as_slice).unwrap_or_default();
            let is_beside = above == folder;
            let mut own: Vec<_> = templates.iter().copied().filter(|template| template.is_named_in(file)).collect();
            let longest = own.iter().map(|template| template.stem().len()).max();
            own.retain(|template| Some(template.stem().len()) == longest);
            if own.iter().any(|template| template.takes(file)) {
                return (own, is_beside);
            }
            let takers: Vec<_> = templates.iter().copied().filter(|template| template.takes(file)).collect();
            if !takers.is_empty() {
                return (takers, is_beside);
            }
            if is_beside {
                named = own;
            }
        }
        if named.is_empty() {
            let piped = in_folders.get(&None).into_iter().flatten();
            named = piped.copied().filter(|template| template.takes(file)).collect();
        }
        (named, true)
    }
}

impl Declared {
    /// The name of its file without the ending.
    fn stem(&self) -> String {
        let name = file_name(&self.name);
        name.rsplit_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned())
    }

    /// Whether a file's name begins with its own.
    fn is_named_in(&self, file: &ParameterFile) -> bool {
        let name = file_name(&file.name);
        let rest = name.strip_prefix(&self.stem());
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    }

    /// Whether it declares all parameters that a file gives.
    fn takes(&self, file: &ParameterFile) -> bool {
        file.values.keys().all(|name| self.parameters.contains_key(name))
    }

    /// Adds what a template that links this one gives it.
    fn add_link(&self, link: Link, from: &str, variants: &mut Vec<Variant>) {
        let given = link.given.for_declared(self.parameters.keys().cloned());
        let variant = Variant {
            values: given.values,
            files: vec![from.into()],
            open: BTreeSet::new(),
            is_linked: true,
            by_default: given.open,
            deployed: link.deployed,
        };
        if variants.len() <= FILES && !variants.contains(&variant) {
            variants.push(variant);
        }
    }

    /// What it may be deployed with: each file, with what it lacks from the others.
    fn variants(&self, files: &[&ParameterFile], has_beside: bool) -> Vec<Variant> {
        // The one value that the files give to a parameter, if it is one.
        let mut all: BTreeMap<&str, Option<&Value>> = BTreeMap::new();
        for (name, value) in files.iter().flat_map(|file| &file.values).filter(|(_, value)| !value.is_null()) {
            let one = all.entry(name).or_insert(Some(value));
            if *one != Some(value) {
                *one = None;
            }
        }
        let mut variants: BTreeMap<String, Variant> = BTreeMap::new();
        let mut add = |variant: Variant| {
            let key = serde_json::to_string(&variant.values).unwrap_or_default();
            variants
                .entry(key)
                .or_insert_with(|| Variant { files: Vec::new(), ..variant.clone() })
                .files
                .extend(variant.files);
        };
        for file in files {
            let mut variant = Variant { files: vec![Arc::clone(&file.name)], ..Variant::default() };
            for (name, has_default) in &self.parameters {
                // What has no value cannot be deployed, so another file gives it.
                let of_others = all.get(name.as_str()).copied().filter(|_| !has_default);
                match (file.value(name), of_others) {
                    (Some(value), _) | (None, Some(Some(value))) => {
                        variant.values.insert(name.clone(), value.clone());
                    }
                    (None, Some(None)) => _ = variant.open.insert(name.clone()),
                    (None, None) => {}
                }
            }
            add(variant);
        }
        // A file of another folder may be a test's: where the template needs none, it counts without one, too.
        if !has_beside && self.parameters.values().all(|has_default| *has_default) {
            add(Variant::default());
        }
        let all: Vec<Variant> = variants.into_values().take(FILES + 1).collect();
        let is_in = |some: &Variant, more: &Variant| {
            more.open.is_empty() && some.values.iter().all(|(name, value)| more.values.get(name) == Some(value))
        };
        let is_part = |some: &Variant| !some.open.is_empty() && all.iter().any(|more| is_in(some, more));
        all.iter().filter(|variant| !is_part(variant)).cloned().collect()
    }
}

impl Settled {
    /// The values with which the template of this name may be deployed, one by one; and whether there are more than are read.
    pub fn of(&self, template: &str) -> (&[Variant], bool) {
        let variants = self.variants.get(template).map(Vec::as_slice).unwrap_or_default();
        (variants.get(..FILES).unwrap_or(variants), variants.len() > FILES)
    }

    /// Whether a relative path in the template of this name leads to one that is judged with what it gets there.
    pub fn is_judged(&self, template: &str, path: &str) -> bool {
        linked(template, path).is_some_and(|linked| self.judged.contains(&linked) && path_of(template) != Some(linked))
    }

    /// Whether this is a file of parameters that belongs to no template.
    pub fn is_unused(&self, file: &str) -> bool {
        self.templates.get(file).is_some_and(Vec::is_empty)
    }

    /// Whether a file of parameters belongs to the template of this name.
    pub fn is_for(&self, file: &str, template: &str) -> bool {
        self.templates.get(file).is_some_and(|templates| templates.iter().any(|name| name == template))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01";

    fn settled(texts: &[(&str, &str)]) -> Settled {
        let mut parameters = Parameters::default();
        for (name, parts) in texts {
            let is_file = name.contains("param");
            let of = |part: &str| match (is_file, part.split_once('=')) {
                (true, Some((name, value))) => format!(r#""{name}":{{"value":"{value}"}}"#),
                (true, None) => format!(r#""{part}":{{"reference":{{}}}}"#),
                (false, Some((name, value))) => format!(r#""{name}":{{"type":"string","defaultValue":"{value}"}}"#),
                (false, None) => format!(r#""{part}":{{"type":"string"}}"#),
            };
            let kind = if is_file { "deploymentParameters" } else { "deploymentTemplate" };
            let inside: Vec<_> = parts.split_whitespace().map(of).collect();
            let inside = inside.join(",");
            parameters.add(name, &format!(r#"{{"$schema":"{SCHEMA}/{kind}.json#","parameters":{{{inside}}}}}"#));
        }
        parameters.settle()
    }

    /// `FILES: NAME=VALUE …` of each variant.
    fn of(settled: &Settled, template: &str) -> Vec<String> {
        let mut variants: Vec<_> = settled
            .of(template)
            .0
            .iter()
            .map(|variant| {
                let values = variant.values.iter().map(|(name, value)| format!(" {name}={}", value.as_str().unwrap()));
                let open = variant.open.iter().map(|name| format!(" {name}?"));
                format!("{}:{}", variant.files.join(","), values.chain(open).collect::<String>())
            })
            .collect();
        variants.sort();
        variants
    }

    #[test]
    fn a_file_belongs_to_the_template_of_its_folder_and_name() {
        let settled = settled(&[
            ("a/main.json", "o=none"),
            ("a/main.dev.json", "o"),
            ("a/other.json", "p"),
            ("b/main.json", "o"),
            ("./a/Main.parameters.json", "O=x"),
            ("a/main.dev.parameters.json", "o=dev"),
            ("a/prod.parameters.json", "o=prod"),
            ("a/other-prod.parameters.json", "p=1 undeclared=2"),
            ("c/x.parameters.json", "o=c"),
            ("c/main.parameters.json", "o=c"),
        ]);
        assert_eq!(of(&settled, "a/main.json"), ["./a/Main.parameters.json: o=x", "a/prod.parameters.json: o=prod"]);
        assert_eq!(
            of(&settled, "a/main.dev.json"),
            ["a/main.dev.parameters.json: o=dev", "a/prod.parameters.json: o=prod"]
        );
        assert_eq!(of(&settled, "a/other.json"), ["a/other-prod.parameters.json: p=1"]);
        assert!(of(&settled, "b/main.json").is_empty());
        assert!(settled.is_unused("c/x.parameters.json") && settled.is_unused("c/main.parameters.json"));
        assert!(!settled.is_unused("a/prod.parameters.json") && !settled.is_unused("a/main.json"));
    }

    #[test]
    fn what_a_file_lacks_is_of_the_others_or_the_template_s() {
        let all = |template: &str, files: &[(&str, &str)]| {
            let texts: Vec<_> = Some(("main.json", template)).into_iter().chain(files.iter().copied()).collect();
            of(&settled(&texts), "main.json")
        };
        assert_eq!(
            all(
                "o x",
                &[("common.parameters.json", "x=1"), ("dev.parameters.json", "o=a"), ("prod.parameters.json", "o=b")]
            ),
            ["dev.parameters.json: o=a x=1", "prod.parameters.json: o=b x=1"]
        );
        // The default counts where a file does not say it.
        assert_eq!(
            all("o=open x", &[("dev.parameters.json", "o=a x=1"), ("prod.parameters.json", "x=1")]),
            ["dev.parameters.json: o=a x=1", "prod.parameters.json: x=1"]
        );
        assert_eq!(
            all(
                "o x",
                &[
                    ("a.parameters.json", "o=a"),
                    ("b.parameters.json", "o=b"),
                    ("c.parameters.json", "x=1"),
                    ("d.parameters.json", "x=2")
                ]
            ),
            [
                "a.parameters.json: o=a x?",
                "b.parameters.json: o=b x?",
                "c.parameters.json: x=1 o?",
                "d.parameters.json: x=2 o?"
            ]
        );
        assert_eq!(
            all("o", &[("a.parameters.json", "o=a"), ("b.parameters.json", "O=a")]),
            ["a.parameters.json,b.parameters.json: o=a"]
        );
        // A value of a key vault, and one of two.
        assert_eq!(all("o=a", &[("a.parameters.json", "o")]), [format!("a.parameters.json: o={UNKNOWN}")]);
        assert_eq!(all("o=a", &[("a.parameters.json", "o=a O=b")]), [format!("a.parameters.json: o={UNKNOWN}")]);
    }

    #[test]
    fn a_file_below_counts_beside_the_defaults() {
        let texts = [("main.json", "o=a"), ("test/parameters.json", "o=b")];
        assert_eq!(of(&settled(&texts), "main.json"), [":", "test/parameters.json: o=b"]);
        let texts = [("main.json", "o"), ("dev/parameters.json", "o=b")];
        assert_eq!(of(&settled(&texts), "main.json"), ["dev/parameters.json: o=b"]);
        let texts = [("main.json", "o=a"), ("parameters.json", "o=c"), ("dev/parameters.json", "o=b")];
        assert_eq!(of(&settled(&texts), "main.json"), ["dev/parameters.json: o=b", "parameters.json: o=c"]);
        for (template, file) in [("<stdin>", "dev/parameters.json"), ("main.json", "<stdin parameters>")] {
            let texts = [(template, "o=a"), (file, "o=b")];
            assert_eq!(of(&settled(&texts), template), [format!("{file}: o=b")]);
        }
    }
}
