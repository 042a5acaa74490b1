//! `isolation policies`: the resources that deploy the policies.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use isolation_all_policies::{Entry, POLICIES};
use isolation_deploy::{
    ByName, CAUTIOUS, Deployment, Families, Mode, Options, cluster_policies, deploy, documents, is_by_choice, site,
};
use isolation_oci::{Module, Registry};
use isolation_runtime::{Engine, EngineOptions};
use serde_json::Value;

use crate::args::{self, Form, Policies};
use crate::check::Configured;
use crate::publish;

/// `isolation policies`
pub fn run(args: &Policies) -> Result<()> {
    let options = options(args)?;
    let configured = Configured::open(args.config.as_deref())?;
    let registry: Registry = args.registry.parse()?;
    let deployments = deployments(args, &configured, &registry)?;
    let text = match args.output {
        Form::Resources => documents(cluster_policies(&deployments, &options)?)?,
        Form::Kustomize => {
            let image = args.server_image.clone().unwrap_or_else(|| deploy::server_image(registry.host()));
            site::kustomization(&deployments, &image, &options)?
        }
    };
    note(args, &deployments);
    anstream::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}

fn options(args: &Policies) -> Result<Options> {
    if args.output == Form::Kustomize && (args.mode.is_some() || args.policy_server.is_some()) {
        bail!("--mode and --policy-server say nothing to kustomize: apply overlays/monitor or overlays/protect");
    }
    if args.output == Form::Resources && args.server_image.is_some() {
        bail!("--server-image goes with --output kustomize: the resources are the policies alone");
    }
    let mut options = Options::default();
    if args.mode == Some(args::Mode::Monitor) {
        options.mode = Mode::Monitor;
    }
    if let Some(name) = &args.policy_server {
        options.policy_server.clone_from(name);
    }
    if !args.excluded_namespaces.is_empty() {
        options.excluded_namespaces.clone_from(&args.excluded_namespaces);
    }
    if args.all_families {
        options.families = Families::All;
    } else if !args.families.is_empty() {
        let names: Result<Vec<_>, _> = args.families.iter().map(|name| ByName::read(name)).collect();
        options.families = Families::Named(names?);
    }
    Ok(options)
}

/// The policies that are wanted, with settings that their modules accept.
fn deployments(args: &Policies, configured: &Configured, registry: &Registry) -> Result<Vec<Deployment>> {
    let config = &configured.configuration;
    let digests = args.digests.as_deref().map(read_digests).transpose()?;
    let modules = publish::modules(&[])?;
    let engine = Engine::new(EngineOptions::default())?;
    let mut deployments = Vec::new();
    let mut problems = Vec::new();
    for entry in POLICIES {
        if config.is_off(entry.name) || (is_by_choice(entry)? && !config.has_section(entry.name)) {
            continue;
        }
        let module = modules.iter().find(|module| module.name() == entry.name);
        let module = module.with_context(|| format!("this program was built without {}", entry.name))?;
        let settings = config.settings(entry.name);
        problems.extend(settings_problem(&engine, module, &settings)?);
        let module = match &digests {
            Some(digests) => digests.uri(entry, registry)?,
            None => registry.module_uri(module),
        };
        deployments.push(Deployment { entry, module, settings });
    }
    if problems.is_empty() {
        return Ok(deployments);
    }
    // A policy server that gets such settings does not start, and with it no other policy.
    let file = configured.file.as_deref().map_or("isolation.yaml".into(), Path::to_string_lossy);
    bail!("{file}: {}", problems.join(&format!("\nerror: {file}: ")))
}

fn settings_problem(engine: &Engine, module: &Module, settings: &Value) -> Result<Option<String>> {
    let answer = isolation_runtime::Module::compile(engine, module.bytes())?.validate_settings(settings)?;
    let message = answer.message.unwrap_or_else(|| "settings: not valid".to_owned());
    Ok((!answer.valid).then(|| format!("{}: {message}", module.name())))
}

/// Digests by policy, from a file of references.
struct Digests<'p> {
    file: &'p Path,
    by_policy: BTreeMap<String, String>,
}

/// Reads what `isolation publish` and `kwctl push` print: `HOST/REPOSITORY@sha256:…`, one a line.
fn read_digests(file: &Path) -> Result<Digests<'_>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut by_policy = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (repository, digest) = line
            .split_whitespace()
            .find_map(|word| word.rsplit_once('@'))
            .filter(|(_, digest)| is_digest(digest))
            .with_context(|| format!("{}:{}: expected HOST/REPOSITORY@sha256:…", file.display(), index + 1))?;
        let name = repository.rsplit('/').next().and_then(|last| last.split(':').next()).unwrap_or_default();
        by_policy.insert(name.to_owned(), digest.to_owned());
    }
    Ok(Digests { file, by_policy })
}

fn is_digest(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64 && digits.bytes().all(hex))
}

impl Digests<'_> {
    fn uri(&self, entry: &Entry, registry: &Registry) -> Result<String> {
        let digest = self.by_policy.get(entry.name);
        let digest =
            digest.with_context(|| format!("{}: there is no digest of {}", self.file.display(), entry.name))?;
        Ok(format!("registry://{}/{}@{digest}", registry.host(), registry.repository(entry.name)))
    }
}

/// What the operator should know, beside the resources.
fn note(args: &Policies, deployments: &[Deployment]) {
    if args.all_families {
        for family in CAUTIOUS.iter().filter(|family| family.only_by_name) {
            if deployments.iter().any(|deployment| deployment.entry.name == family.policy) {
                anstream::eprintln!("note: left out --family {}/{}: {}", family.policy, family.family, family.why);
            }
        }
    }
    if args.output == Form::Resources && deployments.iter().any(Deployment::looks_up) {
        anstream::eprintln!(
            "note: private-storage looks classes up, so the policy server's service account must be allowed to get \
             storageclasses and volumeattributesclasses: deploy/components/look-ups"
        );
    }
}
