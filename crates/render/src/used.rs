//! Which kustomizations are rendered: those that no other one uses, and what is rendered with them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::kustomization::Kustomization;

/// What becomes of kustomizations and of the files that they name. Paths are in their canonical form.
#[derive(Debug, Default)]
pub struct Used {
    /// The folders to render. Of a loop it is one, so that kustomize says what is wrong.
    pub rendered: BTreeSet<PathBuf>,
    /// Files and folders that are built with one that is rendered.
    pub built: BTreeSet<PathBuf>,
    /// Files that only components build that nothing uses.
    pub unused: BTreeSet<PathBuf>,
    /// Patches, which are parts of objects.
    pub patches: BTreeSet<PathBuf>,
    /// What is packed into ConfigMaps and Secrets, and what configures kustomize.
    pub data: BTreeSet<PathBuf>,
}

impl Used {
    /// Among these folders with a kustomization.
    pub fn among<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut graph = Graph::default();
        let folders: Vec<PathBuf> = folders.into_iter().filter_map(|folder| folder.canonicalize().ok()).collect();
        let starts: Vec<PathBuf> = folders.iter().filter(|folder| !graph.is_component(folder)).cloned().collect();
        // The last that ends is used by none of the others, or they use each other in a loop. So it is with the last that is
        // left without what the ones before it use.
        let (mut visited, mut ended) = (BTreeSet::new(), Vec::new());
        starts.iter().for_each(|start| graph.visit(start, &mut visited, &mut ended));
        let mut used = Used::default();
        let (mut covered, known) = (BTreeSet::new(), starts.iter().collect::<BTreeSet<_>>());
        for folder in ended.iter().rev().filter(|folder| known.contains(folder)) {
            if !covered.contains(folder) {
                used.rendered.insert(folder.clone());
                graph.visit(folder, &mut covered, &mut Vec::new());
            }
        }
        for folder in folders.iter().chain(&covered) {
            let Some(read) = graph.read(folder) else { continue };
            let is_built = covered.contains(folder);
            (if is_built { &mut used.built } else { &mut used.unused }).extend(read.built.iter().cloned());
            used.patches.extend(read.patches.iter().cloned());
            used.data.extend(read.data.iter().cloned());
        }
        used
    }
}

/// The kustomizations that were read, those beside the given ones among them.
#[derive(Default)]
struct Graph {
    known: BTreeMap<PathBuf, Option<Kustomization>>,
}

impl Graph {
    fn read(&mut self, folder: &Path) -> Option<&Kustomization> {
        if !self.known.contains_key(folder) {
            self.known.insert(folder.to_owned(), Kustomization::of(folder));
        }
        self.known.get(folder)?.as_ref()
    }

    fn is_component(&mut self, folder: &Path) -> bool {
        self.read(folder).is_some_and(|read| read.is_component)
    }

    /// Adds this folder and every one that it uses, each behind those that it uses.
    fn visit(&mut self, start: &Path, visited: &mut BTreeSet<PathBuf>, ended: &mut Vec<PathBuf>) {
        // Not by recursion: how deep they use each other is up to whoever wrote them.
        let mut open = Vec::new();
        if visited.insert(start.to_owned()) {
            open.push((start.to_owned(), 0));
        }
        while let Some((folder, next)) = open.last_mut() {
            let used = self.read(folder).and_then(|read| read.built.get(*next)).cloned();
            *next += 1;
            match used {
                None => ended.extend(open.pop().map(|(folder, _)| folder)),
                Some(used) if self.read(&used).is_some() && visited.insert(used.clone()) => open.push((used, 0)),
                Some(_) => {}
            }
        }
    }
}
