//! All that a report is about: files, a cluster or a dump of one, and what az says.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use isolation_azure::State;
use isolation_readiness::{InputInfo, NotSeen};
use isolation_render::Options;
use isolation_report::Source;

use super::args::Report;
use super::azure::{self, Given};
use super::cluster::{self, Dump, is_dump};
use crate::check::Configured;
use crate::check::input::Read;
use crate::check::texts;
use crate::check::walk::Walk;

/// What a report is about.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The objects, those of Azure among them.
    pub read: Read,
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

/// Reads everything that the arguments name.
///
/// # Errors
///
/// A cluster that does not answer, a dump or document that cannot be read, and nothing to read at all.
pub fn gather(args: &Report, configured: &Configured, created: &str) -> Result<Gathered> {
    let mut given = azure::read(args)?;
    let (dumps, files): (Vec<PathBuf>, Vec<PathBuf>) = args.paths.iter().cloned().partition(|path| is_dump(path));
    if args.paths.is_empty() && !args.cluster && given.sources.is_empty() {
        bail!(
            "nothing to report on: give --cluster, name the cluster's manifests, or give what az prints of it (isolation report --help)"
        );
    }
    let mut gathered = Gathered::default();
    if !files.is_empty() {
        gathered.files(args, &files, configured);
    }
    let mut pages: Vec<Arc<Source>> = Vec::new();
    if args.cluster {
        let cluster = cluster::read(args)?;
        if let Some(path) = &args.save {
            let azure = given.texts();
            let dump = Dump::new(cluster.name, created.to_owned(), cluster.unseen, azure, cluster.pages);
            dump.write(path)?;
            anstream::eprintln!("wrote {}", path.display());
            gathered.pages(&format!("cluster {}", dump.context), "cluster", dump.pages, &mut pages);
            gathered.not_read(dump.not_seen);
            gathered.name = dump.context;
        } else {
            gathered.pages(&format!("cluster {}", cluster.name), "cluster", cluster.pages, &mut pages);
            gathered.not_read(cluster.unseen);
            gathered.name = cluster.name;
        }
    }
    for path in &dumps {
        let dump = Dump::read(path)?;
        given.add_dumped(&dump.azure)?;
        gathered.pages(&path.display().to_string(), "dump", dump.pages, &mut pages);
        gathered.not_read(dump.not_seen);
        gathered.name = dump.context;
    }
    gathered.read.parse(pages);
    for input in &mut gathered.input {
        if gathered.without_lines.contains(&input.name) {
            input.objects = gathered.read.input.items.iter().filter(|item| item.source.name == input.name).count();
        }
    }
    if gathered.name.is_empty() {
        gathered.name = files.first().map_or_else(|| "the cluster".to_owned(), |path| path.display().to_string());
    }
    for source in std::mem::take(&mut gathered.read.azure) {
        given.say(&source)?;
    }
    gathered.add(given);
    Ok(gathered)
}

impl Gathered {
    fn files(&mut self, args: &Report, files: &[PathBuf], configured: &Configured) {
        let written = args.write.iter().map(|(file, _)| file);
        let own = written.chain(&args.save).chain(&args.since);
        let walk = Walk::of(&args.reading, configured.file.as_deref()).without(own);
        let options =
            Options { namespace: args.default_namespace.clone(), values: args.reading.values.clone(), set: Vec::new() };
        self.read = texts::read(files, &walk, &options);
        let items = &self.read.input.items;
        for path in files {
            let name = path.display().to_string();
            let below = |source: &str| {
                let rest = source.strip_prefix(&name);
                rest.is_some_and(|rest| rest.is_empty() || name.ends_with('/') || rest.starts_with('/'))
            };
            let all = files.len() == 1;
            let objects = items.iter().filter(|item| all || below(&item.source.name)).count();
            self.input.push(InputInfo { name, kind: "files".to_owned(), objects });
        }
    }

    fn pages(&mut self, name: &str, kind: &str, pages: Vec<String>, sources: &mut Vec<Arc<Source>>) {
        self.without_lines.insert(name.to_owned());
        self.input.push(InputInfo { name: name.to_owned(), kind: kind.to_owned(), objects: 0 });
        sources.extend(pages.into_iter().map(|text| Arc::new(Source::new(name, text))));
    }

    fn not_read(&mut self, unseen: Vec<NotSeen>) {
        self.incomplete |= unseen.iter().any(|unseen| unseen.decides);
        self.unseen.extend(unseen);
    }

    fn add(&mut self, given: Given) {
        self.azure = given.state;
        self.input.extend(given.input);
        self.unseen.extend(given.unseen);
        for (_, source, items) in given.sources {
            self.read.input.sources.push(source);
            self.read.input.items.extend(items);
        }
    }
}
