//! Finding `isolation.yaml`, and what flags say in its place.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use isolation::similar::nearest_swapped;
use isolation_admission::{Available, Configuration, ConfigurationError, Selection};
use isolation_all_policies::{DEPLOYMENT_KEYS, POLICIES, policy};
use isolation_deploy::Values;
use isolation_oci::Registry;
use isolation_report::Source;
use serde_json::Value;

use super::modules::LocalModules;
use crate::args::check::Check;
use crate::repository::root_of;

/// The name that is looked for where none is given.
const DEFAULT: &str = "isolation.yaml";

/// Names that somebody may have given it.
const OTHERS: &[&str] = &["isolation.yml", "isolation.json", "Isolation.yaml"];

/// A configuration and the file that it was read from, which is no manifest.
#[derive(Debug, Default)]
pub struct Configured {
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// The settings.
    pub configuration: Configuration,
    /// What `--set` says of no policy: it is for charts.
    pub chart_values: Vec<String>,
}

impl Configured {
    /// Reads the configuration that the arguments name, or the one in the working directory.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, and flags that name what there is not.
    pub fn load(args: &Check) -> Result<Self> {
        // Policies that are deployed bring their settings along; what is left of the file are its exceptions.
        if !args.policies.is_empty() {
            return Self::open(args.config.as_deref());
        }
        Self::with(args.config.as_deref(), &args.registries, &args.set)
    }

    /// Reads this configuration, or the one that is found, overridden by the flags.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, and a flag that is none.
    pub fn with(file: Option<&Path>, registries: &[String], set: &[String]) -> Result<Self> {
        let mut configured = Self::open(file)?;
        if !registries.is_empty() {
            configured.configuration.share("registries", registries.to_vec().into());
        }
        for text in set {
            match read_override(text)? {
                Some((policy, key, value)) => configured.configuration.set(policy, key, value),
                None => configured.chart_values.push(text.clone()),
            }
        }
        Ok(configured)
    }

    /// Reads this configuration, or the one in the working directory, where there is one.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn open(file: Option<&Path>) -> Result<Self> {
        let Some(file) = file.map(Path::to_owned).or_else(found) else { return Ok(Self::default()) };
        let name = file.display().to_string();
        let text = crate::text::read(&file).with_context(|| format!("cannot read {name}"))?;
        let configuration = Configuration::read(Source::new(name, text))?;
        check_deployment(&configuration)?;
        Ok(Configured { configuration, file: Some(file), ..Self::default() })
    }
}

/// Whether the values that say how the policies are deployed can be used: a pull request that breaks the deployment must not
/// pass because no verdict depends on them. All that is wrong is told, as far as one value does not hide another.
fn check_deployment(configuration: &Configuration) -> Result<()> {
    let content = configuration.content();
    let mut problems = Vec::new();
    for key in DEPLOYMENT_KEYS {
        let Some(value) = content.get(*key).filter(|value| !value.is_null()) else { continue };
        let (at, what) = match (*key, value.as_str()) {
            // One reader for what flags, files and `isolation publish` call a registry.
            ("registry", Some(text)) => match text.parse::<Registry>() {
                // Helm reads the same file, and takes no other form.
                Ok(registry) if registry.to_string() != text => ((*key).to_owned(), format!("{key}: write {registry}")),
                Ok(_) => continue,
                Err(error) => ((*key).to_owned(), format!("{key}: {error}")),
            },
            _ => {
                let alone = serde_json::Map::from_iter([((*key).to_owned(), value.clone())]);
                let read = Values::read(&alone).and_then(|values| {
                    let registry = if values.registry.is_empty() { SOME_REGISTRY.to_owned() } else { values.registry };
                    Values { registry, ..values }.check()
                });
                let Err(error) = read else { continue };
                (error.key().unwrap_or(key).to_owned(), error.to_string())
            }
        };
        // A key of the file has a place in it.
        let Some(place) = configuration.place(&at).or_else(|| configuration.place(key)) else { bail!("{what}") };
        problems.push(ConfigurationError::new(place, what));
    }
    ConfigurationError::all(problems).map_or(Ok(()), |error| Err(error.into()))
}

/// A registry in place of one that is not said: checking needs none.
const SOME_REGISTRY: &str = "myacr.azurecr.io";

/// The configuration in the working directory, or the nearest one above it in the same repository.
fn found() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let root = root_of(&here).unwrap_or(&here);
    let mut up = PathBuf::new();
    for folder in here.ancestors() {
        if folder.join(DEFAULT).is_file() {
            return Some(up.join(DEFAULT));
        }
        if let Some(other) = OTHERS.iter().find(|name| folder.join(name).is_file()) {
            let other = up.join(other);
            anstream::eprintln!("note: {0} is not read: rename it to {DEFAULT}, or pass --config {0}", other.display());
        }
        if folder == root {
            break;
        }
        up.push("..");
    }
    None
}

/// `--show-config`: the policies that run, and what each is called with, as a configuration.
pub fn show(args: &Check) -> Result<()> {
    let Configured { file, configuration, .. } = Configured::load(args)?;
    let selection = selection(args);
    let mut all = serde_json::Map::new();
    let available = LocalModules::new(&args.modules)?.available()?;
    check_selection(args, &configuration, &available)?;
    for available in available {
        let runs = selection.has(&configuration, &available);
        let settings = if runs { configuration.settings_offline(&available.name) } else { Value::Bool(false) };
        all.insert(available.name, settings);
    }
    let mut out = anstream::stdout().lock();
    match file {
        Some(file) => writeln!(out, "# {}", file.display())?,
        None => writeln!(out, "# no {DEFAULT} was found")?,
    }
    writeln!(out, "# Settings not listed here have their defaults; a policy that is `false` does not run.")?;
    write!(out, "{}", yaml_serde::to_string(&all)?)?;
    Ok(())
}

/// Which policies the arguments want.
pub fn selection(args: &Check) -> Selection {
    Selection { only: args.only.clone(), skip: args.skip.clone(), mutating: false }
}

/// Checks the options that choose among these policies.
///
/// # Errors
///
/// A policy that is not there, a setting of one that does not run, and no policy that runs.
pub fn check_selection(args: &Check, configuration: &Configuration, available: &[Available]) -> Result<()> {
    let names: Vec<&str> = available.iter().map(|policy| policy.name.as_str()).collect();
    if let Some(name) = args.only.iter().chain(&args.skip).find(|name| !names.contains(&name.as_str())) {
        bail!("{}", unknown_policy(name, &names));
    }
    let selection = Selection { mutating: args.fix || args.diff, ..selection(args) };
    let runs = |name: &str| available.iter().any(|policy| policy.name == name && selection.has(configuration, policy));
    for text in &args.set {
        if let Some((name, ..)) = read_override(text)?.filter(|(name, ..)| !runs(name)) {
            let is_chosen = if args.only.is_empty() { !args.skip.iter().any(|skipped| skipped == name) } else { false };
            let why =
                if is_chosen { format!("{DEFAULT} says `false`") } else { "--only or --skip excludes it".to_owned() };
            bail!("--set {text}: {name} does not run: {why}");
        }
    }
    if !names.iter().any(|name| runs(name)) {
        bail!("no policy is left to run: --skip and `false` in {DEFAULT} exclude them all");
    }
    Ok(())
}

fn unknown_policy(name: &str, names: &[&str]) -> String {
    format!("unknown policy {name}{} (known: {})", meant(name, names.iter().copied()), names.join(", "))
}

/// The built-in policy that `--set NAME.KEY=VALUE` probably meant, as the end of a clause; empty where none is near.
pub fn meant_policy(text: &str) -> String {
    meant(text.split(['.', '=']).next().unwrap_or(text), POLICIES.iter().map(|entry| entry.name))
}

fn meant<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest_swapped(name, known).map(|near| format!("; did you mean {near}?")).unwrap_or_default()
}

/// Whether `--set` is about another policy than this one.
pub fn is_of_another(text: &str, name: &str) -> bool {
    text.split_once('.').is_some_and(|(other, _)| other != name && policy(other).is_some())
}

/// A setting of a policy, or `None` where no policy is named.
fn read_override(text: &str) -> Result<Option<(&str, &str, Value)>> {
    let format =
        || format!("--set {text}: expected POLICY.KEY=VALUE, as in private-images.mcr=deny, or a chart's KEY=VALUE");
    let (target, value) = text.split_once('=').with_context(format)?;
    let Some((name, key)) = target.split_once('.').filter(|(name, _)| policy(name).is_some()) else { return Ok(None) };
    let document =
        isolation_manifest::value(value).map_err(|problem| anyhow::anyhow!("--set {text}: {}", problem.what))?;
    let value = document.map_or(Ok(Value::Null), |document| serde_json::to_value(document.root()))?;
    Ok(Some((name, key, value)))
}
