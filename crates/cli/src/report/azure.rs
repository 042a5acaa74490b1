//! What `az` prints: from files, from a dump, or asked for.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use isolation_admission::Item;
use isolation_azure::{Part, State, items, read_state};
use isolation_readiness::{InputInfo, InputKind, NotSeen};
use isolation_report::Source;
use serde_json::Value;

use super::args::Report;
use super::stderr::stderr;
use crate::json;

/// What was given of Azure.
#[derive(Debug, Default)]
pub struct Given {
    /// What it says.
    pub state: State,
    /// What was read.
    pub input: Vec<InputInfo>,
    /// What az could not print.
    pub unseen: Vec<NotSeen>,
    /// The texts, with the resources in them that policies judge.
    pub sources: Vec<(Part, Arc<Source>, Vec<Item>)>,
}

/// Reads the files that the arguments name, and asks az where it is to be asked.
///
/// # Errors
///
/// A file that cannot be read, or that holds something else than it was given for; a cluster that az does not find.
pub fn read(args: &Report) -> Result<Given> {
    let aks: Vec<PathBuf> = args.aks.iter().cloned().collect();
    let named: [(Part, &[PathBuf]); 6] = [
        (Part::Cluster, &aks),
        (Part::Registry, &args.acr),
        (Part::CacheRules, &args.cache_rules),
        (Part::Connections, &args.private_endpoints),
        (Part::Subnet, &args.subnet),
        (Part::Extensions, &args.extensions),
    ];
    let mut given = Given::default();
    for (part, path) in named.into_iter().flat_map(|(part, paths)| paths.iter().map(move |path| (part, path))) {
        given.add_file(part, path)?;
    }
    if let Some(cluster) = &args.azure {
        let split = cluster.split_once('/').filter(|(group, name)| !group.is_empty() && !name.is_empty());
        let (group, name) = split.with_context(|| format!("--azure {cluster}: expected GROUP/NAME"))?;
        given.ask(group, name, &args.registries)?;
    }
    Ok(given)
}

impl Given {
    fn add_file(&mut self, part: Part, path: &Path) -> Result<()> {
        let name = path.display().to_string();
        let text = crate::text::read(path).with_context(|| format!("cannot read {name}"))?;
        self.add(part, name, text)
    }

    fn add(&mut self, part: Part, name: String, text: String) -> Result<()> {
        let source = Source::new(name.clone(), text);
        let document = json::parse(&source)
            .map_err(|error| anyhow!("{error}; expected the output of `{} --output json`", part.command()))?;
        let found = read_state(&document, Some(part), &mut self.state);
        if !found.contains(&part) {
            let instead = match found.first() {
                Some(other) => format!("it is the output of `{}`", other.command()),
                None => "it holds no resource of Azure that is known here".to_owned(),
            };
            bail!("{name}: {instead}; expected the output of `{} --output json`", part.command());
        }
        let list = document.as_array().or_else(|| document.get("value")?.as_array());
        if part == Part::Cluster && list.is_some_and(|list| list.len() > 1) {
            bail!("{name}: it contains more than one cluster; expected the output of `az aks show` for one");
        }
        let source = Arc::new(source);
        let items = items(&source);
        self.input.push(InputInfo { name, kind: InputKind::Azure, objects: items.len() });
        self.sources.push((part, source, items));
        Ok(())
    }

    /// Adds what a file among the manifests says, whose resources are objects to judge already.
    pub fn say(&mut self, source: &Source) -> Result<()> {
        let document: Value = serde_json::from_str(source.text.trim_start_matches('\u{feff}'))
            .with_context(|| format!("{} is not JSON", source.name))?;
        read_state(&document, None, &mut self.state);
        Ok(())
    }

    /// Adds what a dump kept.
    pub fn add_dumped(&mut self, texts: &[(String, String)]) -> Result<()> {
        for (command, text) in texts {
            let part = Part::ALL.into_iter().find(|part| part.command() == command);
            let part = part.with_context(|| {
                format!("the dump contains the output of `{command}`, which this version does not know")
            })?;
            // What is given beside the dump is newer.
            if !self.state.has(part) {
                self.add(part, format!("`{command}`"), text.clone())?;
            }
        }
        Ok(())
    }

    /// The texts for a dump, by the commands that print them, without what is secret.
    pub fn texts(&self) -> Vec<(String, String)> {
        self.sources
            .iter()
            .map(|(part, source, _)| (part.command().to_owned(), without_secrets(&source.text)))
            .collect()
    }

    /// Asks az for all parts.
    fn ask(&mut self, group: &str, name: &str, registries: &[String]) -> Result<()> {
        self.ask_for(Part::Cluster, &["--resource-group", group, "--name", name])?;
        let of_cluster = self.state.cluster.as_ref().and_then(|cluster| cluster.registry_name().map(str::to_owned));
        let named = registries.first().and_then(|host| host.split('.').next()).map(str::to_owned);
        if let Some(registry) = of_cluster.or(named) {
            self.try_for(Part::Registry, &["--name", &registry]);
            self.try_for(Part::CacheRules, &["--registry", &registry]);
            self.try_for(Part::Connections, &["--registry-name", &registry]);
        }
        let subnets: Vec<String> = self.state.subnets_not_given().into_iter().map(str::to_owned).collect();
        for subnet in &subnets {
            self.try_for(Part::Subnet, &["--ids", subnet]);
        }
        let cluster = ["--resource-group", group, "--cluster-name", name, "--cluster-type", "managedClusters"];
        self.try_for(Part::Extensions, &cluster);
        Ok(())
    }

    fn try_for(&mut self, part: Part, arguments: &[&str]) {
        if let Err(error) = self.ask_for(part, arguments) {
            self.unseen.push(NotSeen { what: format!("{error:#}"), help: String::new(), decides: true });
        }
    }

    fn ask_for(&mut self, part: Part, arguments: &[&str]) -> Result<()> {
        let command = part.command();
        let words = command.split(' ').skip(1);
        let output = Command::new("az")
            .args(words)
            .args(arguments)
            .args(["--output", "json"])
            .stdin(Stdio::null())
            .output()
            .context("cannot run az: install it, or give what it prints as files (isolation report --help)")?;
        if !output.status.success() {
            bail!("`{command}` failed: {}", stderr(&output));
        }
        let text =
            String::from_utf8(output.stdout).with_context(|| format!("what `{command}` printed is not UTF-8"))?;
        self.add(part, format!("`{command}`"), text)
    }
}

/// Keys whose values are nobody's business.
const SECRET: &[&str] = &["configurationprotectedsettings", "adminpassword", "secret", "publickeys"];

fn without_secrets(text: &str) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    remove_secrets(&mut document);
    document.to_string()
}

fn remove_secrets(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.retain(|key, _| !SECRET.contains(&key.to_ascii_lowercase().as_str()));
            entries.values_mut().for_each(remove_secrets);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_secrets),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_holds_no_secret_of_azure() {
        let text = r#"[{"configurationProtectedSettings": {"a": "HIDDEN"}, "windowsProfile": {"adminPassword": "HIDDEN"}, "name": "x"}]"#;
        let kept = without_secrets(text);
        assert!(!kept.contains("HIDDEN") && kept.contains("\"x\""), "{kept}");
    }
}
