//! The document: what a report says, as data. Every format is printed from it, and it reads back, so that a later report can
//! say what has changed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the document's format. It changes when a program that reads it would have to.
pub const VERSION: u32 = 1;

/// Where the schema is.
pub const SCHEMA: &str = concat!(
    "https://raw.githubusercontent.com/network-isolation-policies/policies/v",
    env!("CARGO_PKG_VERSION"),
    "/docs/schemas/readiness.schema.json"
);

/// Whether a cluster is ready to be isolated, and what is to be done until it is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Readiness {
    /// The schema of this document.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// The version of the document's format.
    pub version: u32,
    /// The program that wrote it.
    pub tool: String,
    /// When, by RFC 3339.
    pub created: String,
    /// What is known of the cluster.
    pub cluster: ClusterInfo,
    /// What was read.
    pub input: Vec<InputInfo>,
    /// All of it in numbers.
    pub numbers: Numbers,
    /// The verdict.
    pub verdict: Verdict,
    /// The steps, in the order in which they must happen.
    pub plan: Vec<Step>,
    /// What breaks, by theme.
    pub themes: Vec<Theme>,
    /// Each problem, once for each workload that has it.
    pub problems: Vec<Problem>,
    /// The namespaces, those with the most problems first.
    pub namespaces: Vec<Namespace>,
    /// The images, by registry.
    pub registries: Vec<RegistryImages>,
    /// The public addresses that Services have.
    pub addresses: Vec<PublicAddress>,
    /// The volumes on storage accounts that are, or may be, public.
    pub volumes: Vec<Volume>,
    /// The cluster's extensions, and its features that talk to services outside.
    pub features: Vec<Feature>,
    /// What the report could not see.
    pub not_seen: Vec<NotSeen>,
    /// What has changed since an earlier report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
}

/// What is known of the cluster.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterInfo {
    /// Its name, or where its objects come from.
    pub name: String,
    /// Its resource group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_group: Option<String>,
    /// Its region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Its version of Kubernetes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubernetes_version: Option<String>,
    /// Its outbound type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbound_type: Option<String>,
    /// Where its nodes get what they start from: `Direct` or `Cache`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_source: Option<String>,
    /// The registry that images are to come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// The number of node pools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pools: Option<usize>,
    /// The number of nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodes: Option<u64>,
}

/// Something that was read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputInfo {
    /// What it is called: a file, a context of kubectl, a command.
    pub name: String,
    /// What it is.
    pub kind: InputKind,
    /// How many objects it holds.
    pub objects: usize,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum InputKind {
    /// Files of manifests, charts or kustomizations.
    Files,
    /// A cluster, read through kubectl.
    Cluster,
    /// A cluster as `--save` wrote it.
    Dump,
    /// What az prints.
    Azure,
}

/// A report in numbers.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// Objects of Kubernetes that were read.
    pub objects: usize,
    /// Of these, those that no controller owns and that a policy has rules for.
    pub workloads: usize,
    /// Namespaces.
    pub namespaces: usize,
    /// Images.
    pub images: usize,
    /// Problems that break something.
    pub breaks: usize,
    /// Problems that may break something.
    pub warns: usize,
    /// Of these, those that an exception accepts.
    #[serde(default)]
    pub accepted: usize,
}

/// The verdict.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The verdict in a word.
    pub state: VerdictState,
    /// The changes that are left before the switch.
    pub changes: usize,
    /// Of these, those that somebody has to decide how to make.
    pub decisions: usize,
    /// What decides and was not seen.
    pub unseen: usize,
    /// What somebody has to look at, because nothing that was given says it.
    pub checks: usize,
    /// The verdict in a sentence.
    pub sentence: String,
    /// What matters most: three at most.
    pub matters: Vec<Matter>,
}

/// The verdict in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum VerdictState {
    /// The cluster is isolated, and nothing breaks.
    Isolated,
    /// Nothing is left but the switch.
    Ready,
    /// Ready after changes for which the plan says all.
    ReadyAfterChanges,
    /// Something has to be decided first, or what decides was not seen.
    NotYet,
}

/// One of the things that matter most.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Matter {
    /// What: a sentence without full stop.
    pub title: String,
    /// The number of the step that mends it; none for what was not seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
}

/// A step of the plan.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Its number, from 1.
    pub number: usize,
    /// What it is called in links: `images`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Why it stands where it does in the order.
    pub why: String,
    /// What is left of it.
    pub state: State,
    /// How many changes are left in it.
    pub changes: usize,
    /// What is to be done.
    pub tasks: Vec<Task>,
}

/// What is left of a step or a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// It was looked at and nothing is left.
    Done,
    /// Something is left.
    Open,
    /// Somebody has to decide how.
    Decide,
    /// It may break something, and somebody has to look.
    Check,
    /// What says so was not seen.
    Unknown,
    /// It comes when everything before it is done.
    Later,
}

/// Something to do.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// What to do.
    pub title: String,
    /// What is left of it.
    pub state: State,
    /// How many changes it is.
    pub changes: usize,
    /// Why, and what to look out for.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub note: String,
    /// The rules whose findings it mends.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rules: Vec<String>,
    /// What it is about: workloads, images, resources of Azure.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub affects: Vec<Affected>,
    /// The commands to run.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub commands: Vec<Command>,
    /// The texts to write.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub manifests: Vec<Manifest>,
    /// How to see that it worked.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub verify: Vec<Command>,
}

/// Something that a task is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Affected {
    /// What it is called.
    pub name: String,
    /// What to write there; empty where the task says it.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub fix: String,
    /// Who keeps it, where something says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner: Option<String>,
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Command {
    /// What to type.
    pub run: String,
    /// What it does, or what it should print; empty where that is plain.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub says: String,
}

/// A text to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// What it is.
    pub title: String,
    /// The text.
    pub text: String,
}

/// A theme: what breaks for one reason.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Theme {
    /// What it is called in links.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Problems that break something.
    pub breaks: usize,
    /// Problems that may break something.
    pub warns: usize,
    /// The problems of each rule.
    pub rules: Vec<RuleGroup>,
}

/// The problems of one rule.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleGroup {
    /// The rule's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub summary: String,
    /// Problems that break something.
    pub breaks: usize,
    /// Problems that may break something.
    pub warns: usize,
    /// How many workloads have them.
    pub workloads: usize,
    /// How many problems each namespace has; what has none is under the empty name.
    pub namespaces: BTreeMap<String, usize>,
}

/// A problem of one workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The rule's id; empty where a policy names none.
    pub rule: String,
    /// Its name.
    pub name: String,
    /// Whether it breaks something.
    pub severity: Severity,
    /// The theme, by its id.
    pub theme: String,
    /// The step that mends it, by its id.
    pub step: String,
    /// The namespace; empty for what has none.
    pub namespace: String,
    /// The kind of the workload: of the object that no other one owns.
    pub kind: String,
    /// Its name.
    pub workload: String,
    /// Who keeps it, where something says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner: Option<String>,
    /// The field, in the first object where it was found.
    pub path: String,
    /// What stands there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// What is wrong: a clause.
    pub what: String,
    /// What to write instead.
    pub fix: String,
    /// Where it is written: a file with its line and column, or what was read.
    pub place: String,
    /// In how many places of the workload, and of what it owns, it was found.
    pub count: usize,
    /// Why an exception accepts it. Such a problem only may break something.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub accepted: Option<String>,
}

/// Whether a problem breaks something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// It breaks when the cluster is isolated, or opens it.
    Breaks,
    /// It may break something.
    Warns,
}

/// A namespace.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Namespace {
    /// Its name; empty for what has none.
    pub name: String,
    /// How many objects it has.
    pub objects: usize,
    /// Problems that break something.
    pub breaks: usize,
    /// Problems that may break something.
    pub warns: usize,
    /// Whether AKS keeps every webhook away from it.
    pub exempt: bool,
    /// Who keeps it, where its labels say so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner: Option<String>,
}

/// The images of a registry.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistryImages {
    /// The registry's host.
    pub host: String,
    /// Images that the cluster can pull under the name they have.
    pub allowed: usize,
    /// Images that a cache rule covers and that are still named by the public registry.
    pub cached: usize,
    /// Images that nothing covers.
    pub uncovered: usize,
    /// The images.
    pub images: Vec<Image>,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// The reference, as it is written; of several spellings of one image the first of the alphabet.
    pub reference: String,
    /// Where it can be pulled from.
    pub coverage: Coverage,
    /// What to write instead; empty where nothing is to be written.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub instead: String,
    /// How many workloads name it.
    pub workloads: usize,
    /// One of them.
    pub example: String,
}

/// Where an image can be pulled from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Coverage {
    /// Nowhere that the cluster will reach.
    Uncovered,
    /// A cache rule holds it, under another name.
    Cached,
    /// Where it is named.
    Allowed,
}

/// A public address of a Service.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicAddress {
    /// The Service: `shop/web`.
    pub service: String,
    /// The addresses that it has, or names.
    pub addresses: Vec<String>,
    /// Where these are known from: `status`, or the field that names them.
    pub source: String,
}

/// A volume on a storage account that is, or may be, public.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Volume {
    /// The object: `PersistentVolumeClaim shop/data`.
    pub object: String,
    /// The rule that found it.
    pub rule: String,
    /// What it names: a class, an account, a host.
    pub value: String,
    /// Whether it breaks something.
    pub severity: Severity,
}

/// An extension, or a feature that talks to services outside.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Feature {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: FeatureKind,
    /// What is known of it.
    pub status: FeatureStatus,
    /// What it needs; empty where nothing is known.
    pub needs: String,
}

/// What a feature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum FeatureKind {
    /// An extension of the cluster (`Microsoft.KubernetesConfiguration/extensions`).
    Extension,
    /// A feature of AKS, by its name in the setting `reachable` of `isolated-clusters`.
    Feature,
}

/// What is known of an extension or a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum FeatureStatus {
    /// Network isolated clusters do not support it.
    #[serde(rename = "unsupported")]
    Unsupported,
    /// It may not work.
    #[serde(rename = "in doubt")]
    InDoubt,
    /// It works once the cluster reaches what it needs.
    #[serde(rename = "needs a way")]
    NeedsWay,
    /// No rule reports it.
    #[serde(rename = "no rule speaks of it")]
    Unknown,
}

/// Something that the report could not see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotSeen {
    /// What: a sentence without full stop.
    pub what: String,
    /// What to do so that it is seen; may be empty.
    pub help: String,
    /// Whether nothing can be called ready without it.
    pub decides: bool,
}

/// What has changed since an earlier report.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// When the earlier report was made.
    pub since: String,
    /// How many problems that break something it had.
    pub before: usize,
    /// How many there are.
    pub now: usize,
    /// What was mended: the workload is there, and the problem is not.
    pub mended: Vec<Problem>,
    /// What is gone with its workload, or was not read this time.
    pub gone: Vec<Problem>,
    /// What is new.
    pub new: Vec<Problem>,
}
