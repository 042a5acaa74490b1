//! What holds on to an image by the name that a manifest has for it.
//!
//! A kustomization's `images`, an Argo CD Application's `kustomize.images` and a Flux Kustomization's `images` replace the tag of
//! an image that they find by its name. Where a manifest gets another name they find nothing any more, without a word, and what
//! is deployed is another version.
//!
//! Such an entry is not rewritten with the manifest. It is about everything that the kustomization includes: remote bases, charts
//! and files that are not changed would lose their tag. Whether there are any is known only to whoever renders all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::repository::{is_root, root_of};
use isolation_admission::Item;
use isolation_document::Value;
use isolation_render::Kustomization;

/// How many folders are looked through for kustomizations.
const FOLDERS: usize = 20_000;

/// Names of images, and what holds on to each.
type Names = BTreeMap<String, BTreeSet<String>>;

/// What may hold on to names of images.
#[derive(Debug, Default)]
pub struct Pins {
    /// What the objects that are checked hold on to, wherever their manifests are.
    objects: Arc<Names>,
    /// The kustomizations of each tree that was looked through, by its top.
    trees: BTreeMap<PathBuf, Tree>,
}

/// The kustomizations of a tree.
#[derive(Debug, Default)]
struct Tree {
    kustomizations: Vec<Pinning>,
    /// By what they name: which of them do so.
    users: BTreeMap<PathBuf, Vec<usize>>,
    /// The folders that have one.
    folders: BTreeMap<PathBuf, usize>,
}

/// A kustomization.
#[derive(Debug)]
struct Pinning {
    folder: PathBuf,
    is_component: bool,
    names: Vec<PathBuf>,
    images: Names,
}

impl Pins {
    /// The names among the objects that are checked.
    pub fn of(items: &[Item]) -> Self {
        let mut names = Names::new();
        for item in items {
            let object = item.object.value();
            let subject = item.object.subject();
            match (item.object.group(), item.object.kind.as_str()) {
                ("argoproj.io", "Application" | "ApplicationSet") => argo(object, &subject, &mut names),
                ("kustomize.toolkit.fluxcd.io", "Kustomization") => {
                    if let Some(spec) = object.get("spec") {
                        images(spec, &subject, &mut names);
                    }
                }
                _ => {}
            }
        }
        Pins { objects: Arc::new(names), ..Pins::default() }
    }

    /// What holds on to names in this file: objects, and the kustomizations that reach it, in its repository or in the working
    /// directory. One that reaches it from elsewhere is in another repository, and nobody here knows of it.
    pub fn around(&mut self, file: Option<&Path>) -> Held {
        let file = file.and_then(|file| file.canonicalize().ok());
        let top = file.as_deref().and_then(top_of);
        let tree = match top {
            Some(top) => Some(&*self.trees.entry(top.clone()).or_insert_with(|| Tree::below(&top))),
            None => None,
        };
        let names = tree.zip(file).map(|(tree, file)| tree.names(&file)).unwrap_or_default();
        Held { objects: Arc::clone(&self.objects), names }
    }
}

impl Tree {
    /// Reads the kustomizations of a folder and those below it, without the repositories below it.
    fn below(top: &Path) -> Self {
        let mut tree = Tree::default();
        let mut open = vec![top.to_owned()];
        let mut count = 0;
        while let Some(folder) = open.pop().filter(|_| count < FOLDERS) {
            count += 1;
            if let Some(kustomization) = Kustomization::of(&folder) {
                tree.add(folder.clone(), kustomization);
            }
            let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let folders = entries.filter(|entry| {
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                !hidden && entry.file_type().is_ok_and(|file_type| file_type.is_dir())
            });
            open.extend(folders.map(|entry| entry.path()).filter(|folder| !is_root(folder)));
        }
        tree
    }

    fn add(&mut self, folder: PathBuf, kustomization: Kustomization) {
        let number = self.kustomizations.len();
        let mut names = Names::new();
        if let Some(document) = isolation_manifest::value(&kustomization.text).ok().flatten() {
            images(document.root(), &kustomization.file.display().to_string(), &mut names);
        }
        let named: Vec<PathBuf> = kustomization.names().cloned().collect();
        for name in &named {
            self.users.entry(name.clone()).or_default().push(number);
        }
        self.folders.insert(folder.clone(), number);
        let is_component = kustomization.is_component;
        self.kustomizations.push(Pinning { folder, is_component, names: named, images: names });
    }

    /// What the kustomizations hold on to that reach a file: those that name it, its folder where that has none itself, or one
    /// that reaches it; and the components that these use.
    fn names(&self, file: &Path) -> Names {
        let users = |path: &Path| self.users.get(path).into_iter().flatten().copied();
        let mut open: Vec<usize> = users(file).collect();
        let folders = file.ancestors().skip(1).take_while(|folder| !self.folders.contains_key(*folder));
        open.extend(folders.flat_map(users));
        let mut reaching = BTreeSet::new();
        while let Some(number) = open.pop() {
            let Some(kustomization) = self.kustomizations.get(number).filter(|_| reaching.insert(number)) else {
                continue;
            };
            open.extend(users(&kustomization.folder));
            let used = kustomization.names.iter().filter_map(|name| self.folders.get(name)).copied();
            let is_component = |number: &usize| self.kustomizations.get(*number).is_some_and(|used| used.is_component);
            open.extend(used.filter(is_component));
        }
        let mut names = Names::new();
        for kustomization in reaching.iter().filter_map(|number| self.kustomizations.get(*number)) {
            for (name, holders) in &kustomization.images {
                names.entry(name.clone()).or_default().extend(holders.iter().cloned());
            }
        }
        names
    }
}

/// What holds on to names in one file.
#[derive(Debug)]
pub struct Held {
    objects: Arc<Names>,
    names: Names,
}

impl Held {
    /// What holds on to the name of this image and not to the new one, after the name.
    pub fn holder(&self, image: &str, new: &str) -> Option<(String, String)> {
        [&*self.objects, &self.names].into_iter().find_map(|names| holder(names, image, new))
    }
}

fn holder(names: &Names, image: &str, new: &str) -> Option<(String, String)> {
    let (name, holders) = names.get_key_value(name_of(image))?;
    // It is the entry itself, which keeps the name: `old=new`.
    if new.split_once('=').is_some_and(|(old, _)| old == name) {
        return None;
    }
    let knows_both = names.get(name_of(new));
    let holder = holders.iter().find(|holder| knows_both.is_none_or(|known| !known.contains(*holder)))?;
    Some((name.clone(), holder.clone()))
}

fn images(holder: Value<'_>, named: &str, names: &mut Names) {
    let images = holder.get("images").into_iter().flat_map(|images| images.items());
    for name in images.filter_map(|image| image.get("name")).filter_map(|name| name.text()) {
        names.entry(name.to_owned()).or_default().insert(named.to_owned());
    }
}

/// `kustomize.images` anywhere in an Application: `[old=]new[:tag]`.
fn argo(value: Value<'_>, named: &str, names: &mut Names) {
    let images = value.descend(&["kustomize", "images"]).into_iter().flat_map(|images| images.items());
    for image in images.filter_map(|image| image.text()) {
        let name = image.split_once('=').map_or_else(|| name_of(image), |(old, _)| old);
        names.entry(name.to_owned()).or_default().insert(named.to_owned());
    }
    value.entries().for_each(|(_, member)| argo(member, named, names));
    value.items().for_each(|item| argo(item, named, names));
}

/// An image without its tag and digest.
pub fn name_of(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

/// The folder whose kustomizations may use a file.
fn top_of(file: &Path) -> Option<PathBuf> {
    let folder = file.parent()?;
    if let Some(repository) = root_of(folder) {
        return Some(repository.to_owned());
    }
    let here = std::env::current_dir().and_then(|folder| folder.canonicalize()).ok();
    if let Some(here) = here.filter(|here| folder.starts_with(here) && here.parent().is_some()) {
        return Some(here);
    }
    let above = folder.parent().filter(|above| above.parent().is_some());
    Some(above.unwrap_or(folder).to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{holder, name_of};

    #[test]
    fn an_entry_may_keep_its_own_name() {
        let holders = BTreeSet::from(["Application argocd/a".to_owned()]);
        let names = BTreeMap::from([("nginx".to_owned(), holders)]);
        assert_eq!(holder(&names, "nginx:1.27", "nginx=myacr.azurecr.io/nginx:1.27"), None);
        let held = Some(("nginx".to_owned(), "Application argocd/a".to_owned()));
        assert_eq!(holder(&names, "nginx:1.27", "myacr.azurecr.io/nginx:1.27"), held);
        assert_eq!(holder(&names, "nginx:1.27", "web=myacr.azurecr.io/nginx:1.27"), held);
    }

    #[test]
    fn a_name_has_neither_tag_nor_digest() {
        for (image, name) in [
            ("nginx", "nginx"),
            ("a.io:5000/x", "a.io:5000/x"),
            ("a.io:5000/x:1", "a.io:5000/x"),
            ("x:1@sha256:0", "x"),
        ] {
            assert_eq!(name_of(image), name);
        }
    }
}
