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

use isolation_admission::Item;
use isolation_document::Value;
use isolation_render::Kustomization;

/// How many folders are looked through for kustomizations.
const FOLDERS: usize = 20_000;

/// Names of images, and what holds on to each.
#[derive(Debug, Default)]
pub struct Pins {
    /// By the name of the image: where it is named.
    names: BTreeMap<String, BTreeSet<String>>,
    /// The folders whose kustomizations are known.
    looked_through: Vec<PathBuf>,
}

impl Pins {
    /// The names among the objects that are checked.
    pub fn of(items: &[Item]) -> Self {
        let mut pins = Pins::default();
        for item in items {
            let object = item.object.value();
            let subject = item.object.subject();
            match (item.object.group(), item.object.kind.as_str()) {
                ("argoproj.io", "Application" | "ApplicationSet") => pins.argo(object, &subject),
                ("kustomize.toolkit.fluxcd.io", "Kustomization") => {
                    if let Some(spec) = object.get("spec") {
                        pins.images(spec, &subject);
                    }
                }
                _ => {}
            }
        }
        pins
    }

    /// Adds the kustomizations of the tree around a file: of its repository, or of the working directory.
    pub fn look_around(&mut self, file: &Path) {
        let Some(top) = file.canonicalize().ok().and_then(|file| top_of(&file)) else { return };
        if self.looked_through.iter().any(|folder| top.starts_with(folder)) {
            return;
        }
        let mut open = vec![top.clone()];
        let mut count = 0;
        while let Some(folder) = open.pop().filter(|_| count < FOLDERS) {
            count += 1;
            if let Some(kustomization) = Kustomization::of(&folder) {
                let document = isolation_manifest::value(&kustomization.text).ok().flatten();
                if let Some(document) = document {
                    self.images(document.root(), &kustomization.file.display().to_string());
                }
            }
            let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let folders = entries.filter(|entry| {
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                !hidden && entry.file_type().is_ok_and(|file_type| file_type.is_dir())
            });
            open.extend(folders.map(|entry| entry.path()));
        }
        self.looked_through.push(top);
    }

    /// What holds on to the name of this image and not to the new one, and the name.
    pub fn holder(&self, image: &str, new: &str) -> Option<(&str, &str)> {
        let (name, holders) = self.names.get_key_value(name_of(image))?;
        // It is the entry itself, which keeps the name: `old=new`.
        if new.split_once('=').is_some_and(|(old, _)| old == name) {
            return None;
        }
        let knows_both = self.names.get(name_of(new));
        let holder = holders.iter().find(|holder| knows_both.is_none_or(|known| !known.contains(*holder)))?;
        Some((name, holder))
    }

    fn images(&mut self, holder: Value<'_>, named: &str) {
        let images = holder.get("images").into_iter().flat_map(|images| images.items());
        for name in images.filter_map(|image| image.get("name")).filter_map(|name| name.text()) {
            self.names.entry(name.to_owned()).or_default().insert(named.to_owned());
        }
    }

    /// `kustomize.images` anywhere in an Application: `[old=]new[:tag]`.
    fn argo(&mut self, value: Value<'_>, named: &str) {
        let images = value.descend(&["kustomize", "images"]).into_iter().flat_map(|images| images.items());
        for image in images.filter_map(|image| image.text()) {
            let name = image.split_once('=').map_or_else(|| name_of(image), |(old, _)| old);
            self.names.entry(name.to_owned()).or_default().insert(named.to_owned());
        }
        value.entries().for_each(|(_, member)| self.argo(member, named));
        value.items().for_each(|item| self.argo(item, named));
    }
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
    if let Some(repository) = folder.ancestors().find(|folder| folder.join(".git").exists()) {
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

    use super::{Pins, name_of};

    #[test]
    fn an_entry_may_keep_its_own_name() {
        let holders = BTreeSet::from(["Application argocd/a".to_owned()]);
        let pins = Pins { names: BTreeMap::from([("nginx".to_owned(), holders)]), looked_through: Vec::new() };
        assert_eq!(pins.holder("nginx:1.27", "nginx=myacr.azurecr.io/nginx:1.27"), None);
        let held = Some(("nginx", "Application argocd/a"));
        assert_eq!(pins.holder("nginx:1.27", "myacr.azurecr.io/nginx:1.27"), held);
        assert_eq!(pins.holder("nginx:1.27", "web=myacr.azurecr.io/nginx:1.27"), held);
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
