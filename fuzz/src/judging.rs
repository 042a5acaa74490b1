//! Manifests through all policies, as `isolation check` does it, with the policies linked in.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result, anyhow};
use isolation_admission::native::Modules;
use isolation_admission::{Admission, Configuration, Input, ManifestExceptions, Selection, circumstances, configured};
use isolation_report::{NaiveDate, Report, Rules, Severity, Source};
use serde_json::Value;

/// The texts of `isolation.yaml` that manifests are judged by.
const CONFIGURATIONS: [&str; 4] = [
    "registries: [myacr.azurecr.io]\n\
     cacheRules: [{source: 'docker.io/*', target: 'hub/*'}, {source: 'quay.io/a/*', target: 'q/*'}]\n\
     cached-images: {registry: myacr.azurecr.io}\n",
    "registries: [myacr.azurecr.io/team, localhost:5000]\n",
    "registries: [myacr.azurecr.io]\n\
     private-images: {mcr: deny, digests: required, customResources: [{group: x.io, kind: Y, images: ['spec.a[*].b']}]}\n\
     internal-load-balancers: {privateLinkService: deny, otherLoadBalancerClasses: deny, nodePorts: deny, \
     defaultNginxController: deny, publicDnsZones: deny}\n\
     private-storage: {staticVolumes: deny, disks: private}\n\
     supported-extensions: {unlisted: deny, marketplace: deny, namespaces: true}\n\
     isolated-clusters: {block: deny, registry: own, publicAddresses: deny, gatewayPools: deny}\n",
    "registries: [myacr.azurecr.io]\nexisting: allow\nenforcement: warn\ncached-images: {registry: myacr.azurecr.io, \
     cacheRules: [{source: 'docker.io/library/nginx', target: 'n'}, {source: 'docker.io/*', target: 'all/*'}]}\n",
];

/// How many configurations there are.
pub const KINDS: usize = CONFIGURATIONS.len();

/// What came of a text.
#[derive(Debug)]
pub struct Judged {
    /// The objects.
    pub input: Input,
    /// What policies rewrote, by object.
    pub rewritten: Vec<Option<Value>>,
    /// What they found.
    pub report: Report,
}

/// The policies, read once.
///
/// # Errors
///
/// A policy whose metadata is not right.
pub fn modules() -> Result<&'static Modules> {
    static MODULES: OnceLock<Option<Modules>> = OnceLock::new();
    MODULES.get_or_init(|| Modules::new().ok()).as_ref().context("the policies' metadata cannot be read")
}

fn configuration(choice: usize) -> Result<Arc<Configuration>> {
    static READ: OnceLock<Vec<Result<Arc<Configuration>, String>>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let read = |text: &&str| Configuration::read(Source::new("isolation.yaml", *text)).map(Arc::new);
        CONFIGURATIONS.iter().map(|text| read(text).map_err(|error| error.to_string())).collect()
    });
    read.get(choice % KINDS).context("no configuration")?.clone().map_err(|error| anyhow!(error))
}

/// Judges every object of a text by one of the configurations.
///
/// # Errors
///
/// A configuration that is not right.
pub fn judge(choice: usize, text: &str) -> Result<Judged> {
    judge_by(&configuration(choice)?, text)
}

/// Judges every object of a text.
///
/// # Errors
///
/// A policy whose metadata is not right.
pub fn judge_by(configuration: &Arc<Configuration>, text: &str) -> Result<Judged> {
    judge_input(configuration, Input::read([Source::new("objects.yaml", text)]))
}

/// Judges every resource in a text of Azure's by one of the configurations; `None` if it is not one.
///
/// # Errors
///
/// A configuration that is not right.
pub fn judge_azure(choice: usize, text: &str) -> Result<Option<Judged>> {
    let source = Arc::new(Source::new("main.json", text));
    let Some(read) = isolation_azure::resources(&source, &isolation_azure::Settled::default()) else { return Ok(None) };
    let input = Input { sources: vec![source], items: read.items, faults: read.not_evaluated };
    let mut judged = judge_input(&configuration(choice)?, input)?;
    judged.report.notes.extend(read.notes);
    Ok(Some(judged))
}

fn judge_input(configuration: &Arc<Configuration>, input: Input) -> Result<Judged> {
    let modules = modules()?;
    let mut admission = Admission::new("default");
    for specification in configured(configuration, &Selection::default(), modules.available(), &input.kinds())? {
        admission.add(specification.equip(modules));
    }
    let admission = admission.over(&input, &[]);
    let judged: Vec<_> = input.items.iter().map(|item| admission.judge(item)).collect();
    let rewritten =
        judged.iter().map(|judged| judged.rewritten.as_ref().map(|rewritten| rewritten.object.clone())).collect();
    let report = admission.report(&input, judged);
    Ok(Judged { input, rewritten, report })
}

/// Takes out what exceptions allow: those of this configuration, and those in the manifests.
///
/// # Errors
///
/// A configuration that is not right.
pub fn allow(configuration: &str, judged: &mut Judged) -> Result<()> {
    let configuration = Configuration::read(Source::new("isolation.yaml", configuration))?;
    let mut exceptions = ManifestExceptions::default();
    exceptions.add(&judged.input);
    let (exceptions, problems) = exceptions.with(&configuration)?;
    judged.report.problems.extend(problems);
    let policies = judged.report.policies.clone();
    let asked = policies.iter().map(String::as_str).collect();
    let day = NaiveDate::from_ymd_opt(2026, 1, 1).context("no such day")?;
    let circumstances = circumstances("default", true, &asked, &BTreeSet::new(), day);
    isolation_report::apply_exceptions(&mut judged.report, &exceptions, &circumstances);
    Ok(())
}

impl Judged {
    /// What was found, object by object: the rule, whether it refuses, and the field.
    pub fn found(&self) -> Vec<BTreeSet<(String, bool, String)>> {
        let mut found = vec![BTreeSet::new(); self.input.items.len()];
        for finding in &self.report.findings {
            let at = self.input.items.iter().position(|item| item.whole().span == finding.subject.span);
            let Some(found) = at.and_then(|at| found.get_mut(at)) else { continue };
            let rule = finding.rule.as_ref().map(|rule| rule.id.clone()).unwrap_or_default();
            found.insert((rule, finding.severity == Severity::Deny, finding.location.path.clone()));
        }
        found
    }
}

/// Every rule with its page, read once.
pub fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(isolation_admission::rules)
}
