//! `isolation publish`: modules and the chart into a registry.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Result, anyhow};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use isolation_oci::{
    Archive, ArchiveError, Credentials, Failure, Options, Outcome, Progress, Proxies, Published, Registry,
};
use isolation_report::printable;
use serde_json::json;

use crate::args::output::Output;
use crate::args::publish::Publish;
use crate::{chart, modules};

/// Runs the command.
///
/// # Errors
///
/// Whatever keeps a module from being in the registry; the text says what to do.
pub fn run(args: &Publish) -> Result<()> {
    let registry: Registry = args.registry.parse()?;
    let options = Options {
        plain_http: args.plain_http,
        ca_file: args.ca_file.clone(),
        credentials: args.docker_config.clone().map_or(Credentials::Docker, Credentials::File),
        proxies: Proxies::from_environment(),
        ..Options::default()
    };
    let bars = Arc::new(Bars::default());
    let archive = match &args.from {
        Some(path) => {
            let (archive, digest) = Archive::read(path).map_err(|error| match error {
                // It names the file already.
                ArchiveError::Unreadable { .. } => error.into(),
                // Its files may be called anything.
                error => anyhow!("{}: {}", path.display(), printable(&error.to_string())),
            })?;
            anstream::eprintln!("{} {digest}", path.display());
            archive
        }
        None => archive(&args.modules)?,
    };
    // A registry may say anything.
    let published =
        archive.push(&registry, &options, bars).map_err(|error| anyhow!("{}", printable(&error.to_string())))?;
    print(&published, args.output)
}

/// The modules at these paths, and the chart that deploys them, unless they are only some of the policies'.
pub fn archive(paths: &[PathBuf]) -> Result<Archive> {
    let modules = modules::read(paths)?;
    let mut archive = Archive::of(&modules)?;
    if let Some(chart) = chart::of(&modules)? {
        archive.add_chart(chart)?;
    }
    Ok(archive)
}

fn print(published: &[Published], output: Output) -> Result<()> {
    let mut out = anstream::stdout().lock();
    if output == Output::Json {
        let list: Vec<_> = published
            .iter()
            .map(|one| {
                let (outcome, replaced) = match one.outcome() {
                    Outcome::New => ("new", None),
                    Outcome::AlreadyThere => ("alreadyThere", None),
                    Outcome::Replaced(digest) => ("replaced", Some(digest)),
                };
                json!({
                    "name": one.name(), "tag": one.by_tag(), "digest": one.digest(), "reference": one.by_digest(),
                    "module": one.is_module().then(|| one.module_uri()), "outcome": outcome, "replaced": replaced,
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&list)?)?;
        return Ok(());
    }
    for one in published {
        let outcome = match one.outcome() {
            Outcome::New => "pushed".to_owned(),
            Outcome::AlreadyThere => "already there".to_owned(),
            Outcome::Replaced(digest) => format!("pushed; tag moved from {digest}"),
        };
        writeln!(out, "{}  {outcome}", one.by_digest())?;
    }
    Ok(())
}

/// A bar for each upload, on a terminal.
#[derive(Default)]
struct Bars {
    all: MultiProgress,
    running: Mutex<HashMap<String, ProgressBar>>,
}

impl Bars {
    fn with(&self, name: &str, change: impl FnOnce(&ProgressBar)) {
        // A panic elsewhere leaves a bar wrong and nothing else.
        let running = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bar) = running.get(name) {
            change(bar);
        }
    }
}

impl Progress for Bars {
    fn upload(&self, name: &str, bytes: u64) {
        let bar = self.all.add(ProgressBar::new(bytes));
        if let Ok(style) = ProgressStyle::with_template("{msg:24} {bar:30} {bytes}/{total_bytes}") {
            bar.set_style(style);
        }
        bar.set_message(name.to_owned());
        let mut running = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(before) = running.insert(name.to_owned(), bar) {
            before.finish_and_clear();
        }
    }

    fn sent(&self, name: &str, bytes: u64) {
        self.with(name, |bar| bar.inc(bytes));
    }

    fn retry(&self, name: &str, failure: &Failure, wait: Duration) {
        let text = format!("{name}: {}; retrying in {} s", printable(&failure.to_string()), wait.as_secs());
        if self.all.is_hidden() {
            anstream::eprintln!("{text}");
        } else {
            let _ = self.all.println(text);
        }
    }

    fn published(&self, published: &Published) {
        self.with(published.name(), ProgressBar::finish_and_clear);
    }
}
