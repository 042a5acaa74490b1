//! All that a report is about: files, a cluster or a dump of one, and what az says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use isolation_admission::Input;
use isolation_all_policies::CustomResource;
use isolation_azure::State;
use isolation_policy_module::ContextAwareResource;
use isolation_readiness::{InputInfo, InputKind, NotSeen, Objects};
use isolation_report::Source;

use super::args::Report;
use super::azure;
use super::cluster::{self, Dump, Pages, is_dump};
use super::parts::{Origin, Part, Parts, Sizes};
use crate::args::reading::Reading;
use crate::check::known::{Known, known};
use crate::check::texts::Texts;
use crate::check::walk::Walk;
use crate::check::{Configured, check_chart_options};

/// What a report is about.
#[derive(Debug)]
pub struct Gathered {
    /// The objects, those of Azure among them, to be read once more.
    pub parts: Parts,
    /// What a verdict takes from other objects.
    pub known: Known,
    /// What the report takes from all of them.
    pub objects: Objects,
    /// What Azure says.
    pub azure: State,
    /// What was read.
    pub input: Vec<InputInfo>,
    /// What it is called together.
    pub name: String,
    /// What could not be read.
    pub unseen: Vec<NotSeen>,
    /// Whether some of the cluster's objects are known not to have been read.
    pub incomplete: bool,
    /// Sources of which a line says nothing.
    pub without_lines: BTreeSet<String>,
}

/// Reads everything that the arguments name. `granted` are the kinds that policies may look up.
///
/// # Errors
///
/// A cluster that does not answer, a dump or document that cannot be read, and nothing to read at all.
pub fn gather(
    args: &Report,
    configured: &Configured,
    created: &str,
    granted: &BTreeSet<ContextAwareResource>,
    sizes: Sizes,
) -> Result<Gathered> {
    let mut given = azure::read(args)?;
    let (dumps, files): (Vec<PathBuf>, Vec<PathBuf>) = args.paths.iter().cloned().partition(|path| is_dump(path));
    if args.paths.is_empty() && !args.cluster && given.sources.is_empty() {
        bail!(
            "nothing to report on: give --cluster, name the cluster's manifests, or give what az prints of it (isolation report --help)"
        );
    }
    let texts = if files.is_empty() { nothing_to_walk(&args.reading)? } else { find(args, &files, configured)? };
    let named = configured.configuration.custom_resources();
    let mut paged = Paged::default();
    if args.cluster {
        let cluster = cluster::read(args, &named)?;
        let name = format!("cluster {}", cluster.name);
        if let Some(path) = &args.save {
            let dump = Dump::new(cluster.name.clone(), created.to_owned(), cluster.unseen.clone(), given.texts());
            dump.write(path, &cluster.pages)?;
            anstream::eprintln!("wrote {}", path.display());
        }
        paged.add(name, InputKind::Cluster, cluster.pages, cluster.name, cluster.unseen);
    }
    for path in &dumps {
        let (dump, pages) = Dump::read(path)?;
        given.add_dumped(&dump.azure)?;
        paged.add(path.display().to_string(), InputKind::Dump, pages, dump.context, dump.not_seen);
    }
    let of_azure = Input {
        sources: given.sources.iter().map(|(_, source, _)| Arc::clone(source)).collect(),
        items: given.sources.iter().flat_map(|(.., items)| items).cloned().collect(),
        ..Input::default()
    };
    let mut parts = Parts::new(texts, paged.pages, of_azure, sizes);
    let nothing = || Seen::of(&args.default_namespace, files.len(), &named);
    let mut seen = nothing();
    let known = known(|parameters, known| {
        seen = nothing();
        parts.read(parameters, &mut |part| {
            known.add(&part.read, granted);
            seen.add(part, &files);
        })
    })?;
    let Seen { objects, files: of_files, pages: of_pages, azure } = seen;
    azure.iter().try_for_each(|source| given.say(source))?;
    let mut input: Vec<InputInfo> = files
        .iter()
        .zip(of_files)
        .map(|(path, objects)| InputInfo { name: path.display().to_string(), kind: InputKind::Files, objects })
        .collect();
    input.extend(paged.input.into_iter().map(|info| {
        let objects = of_pages.get(&info.name).copied().unwrap_or_default();
        InputInfo { objects, ..info }
    }));
    input.extend(given.input);
    paged.unseen.extend(given.unseen);
    let first = || files.first().map_or_else(|| "the cluster".to_owned(), |path| path.display().to_string());
    Ok(Gathered {
        parts,
        known,
        objects,
        azure: given.state,
        input,
        name: if paged.name.is_empty() { first() } else { paged.name },
        unseen: paged.unseen,
        incomplete: paged.incomplete,
        without_lines: paged.without_lines,
    })
}

/// Finds what the paths name, but what this run writes.
fn find(args: &Report, files: &[PathBuf], configured: &Configured) -> Result<Texts> {
    let written = args.write.iter().map(|(file, _)| file);
    let own = written.chain(&args.save).chain(&args.since);
    let walk = Walk::of(&args.reading, configured.file.as_deref()).without(own);
    let options = args.reading.options(&args.default_namespace, Vec::new());
    let texts = Texts::find(files, &walk, &options);
    check_chart_options(&options, texts.has_chart)?;
    Ok(texts)
}

/// No files. What options say of them says nothing of a cluster or a dump.
fn nothing_to_walk(reading: &Reading) -> Result<Texts> {
    let Reading { exclude, values, api_versions, kube_version, is_upgrade, no_render } = reading;
    let given = [
        ("--exclude", !exclude.is_empty()),
        ("--values", !values.is_empty()),
        ("--api-versions", !api_versions.is_empty()),
        ("--kube-version", kube_version.is_some()),
        ("--is-upgrade", *is_upgrade),
        ("--no-render", *no_render),
    ];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => bail!("{option} is about files and folders, and no PATH names one"),
        None => Ok(Texts::default()),
    }
}

/// A cluster and dumps, as far as they are not their pages.
#[derive(Debug, Default)]
struct Paged {
    pages: Vec<(String, Pages)>,
    input: Vec<InputInfo>,
    name: String,
    unseen: Vec<NotSeen>,
    incomplete: bool,
    without_lines: BTreeSet<String>,
}

impl Paged {
    fn add(&mut self, name: String, kind: InputKind, pages: Pages, context: String, unseen: Vec<NotSeen>) {
        self.without_lines.insert(name.clone());
        self.input.push(InputInfo { name: name.clone(), kind, objects: 0 });
        self.pages.push((name, pages));
        self.name = context;
        self.incomplete |= unseen.iter().any(|unseen| unseen.decides);
        self.unseen.extend(unseen);
    }
}

/// What the report takes from all objects.
struct Seen {
    objects: Objects,
    /// How many objects were read below each path.
    files: Vec<usize>,
    /// How many were read of each cluster and dump.
    pages: BTreeMap<String, usize>,
    /// What az printed, among the files.
    azure: Vec<Arc<Source>>,
}

impl Seen {
    fn of(namespace: &str, paths: usize, named: &BTreeSet<CustomResource>) -> Self {
        let kinds = named.iter().map(|named| (named.group.clone(), named.kind.clone()));
        Seen {
            objects: Objects::new(namespace).reading(kinds),
            files: vec![0; paths],
            pages: BTreeMap::new(),
            azure: Vec::new(),
        }
    }

    fn add(&mut self, Part { origin, read }: &Part, paths: &[PathBuf]) {
        let items = &read.input.items;
        self.objects.add(items);
        self.azure.extend(read.azure.iter().cloned());
        match (origin, paths) {
            (Origin::Azure, _) => {}
            (Origin::Pages, _) => {
                for item in items {
                    match self.pages.get_mut(&item.source.name) {
                        Some(number) => *number += 1,
                        None => drop(self.pages.insert(item.source.name.clone(), 1)),
                    }
                }
            }
            (Origin::Files, [_]) => self.files.iter_mut().for_each(|number| *number += items.len()),
            (Origin::Files, _) => {
                for (path, number) in paths.iter().zip(&mut self.files) {
                    let name = path.display().to_string();
                    *number += items.iter().filter(|item| is_below(&item.source.name, &name)).count();
                }
            }
        }
    }
}

/// Whether a file is this one, or below this folder.
fn is_below(file: &str, path: &str) -> bool {
    let rest = file.strip_prefix(path);
    rest.is_some_and(|rest| rest.is_empty() || path.ends_with('/') || rest.starts_with('/'))
}
