//! Rejects Flux configurations, for which Azure installs the unsupported Flux extension.
//!
//! ## Why it matters
//!
//! A Flux configuration names no extension, but the first one makes Azure install `microsoft.flux`, which network
//! isolated clusters do not support. Its controllers then look for their source outside the network: nothing is
//! deployed, and existing deployments are no longer updated.
//!
//! ## What it does
//!
//! Rejects every Flux configuration, whatever its source and even if it is suspended, unless the setting `allow` names
//! `microsoft.flux`. After an update it is the same violation unless the cluster or the URL of the source is another.
//!
//! ## Fields
//!
//! The object itself: `FluxConfig` of `clusterconfig.azure.com` in the cluster, and `FluxConfiguration` of the Azure
//! Service Operator, also embedded in `resources` of CAPZ's `AzureASOManaged` kinds.
//!
//! ## Instead
//!
//! Open source Flux, installed from the private registry, with `GitRepository` or `OCIRepository` sources that the
//! cluster reaches privately, such as artifacts in the private registry.
//!
//! ## Settings
//!
//! `allow`.
//!
//! ## Not covered
//!
//! - The objects of open source Flux (`source.toolkit.fluxcd.io` and related groups), which work on a network isolated
//!   cluster.
//! - Flux configurations created in Azure directly, and those of clusters that are not AKS, as in `unsupported-extension`.
//!
//! ## References
//!
//! - <https://learn.microsoft.com/azure/aks/concepts-network-isolated>
//! - <https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2>
//! - <https://fluxcd.io/flux/installation/configuration/air-gapped/>

use isolation::{Findings, Rule, Value};

use crate::Settings;
use crate::list::FLUX;

/// The rule.
pub const RULE: Rule = Rule { id: "NI402", name: "flux-configuration", since: "0.1.0" };

/// What a configuration is about: its cluster, and where Flux looks for what it deploys. With another of these it is another
/// violation; what else an update changes, such as `suspend` or the kustomizations, asks for nothing that was not there.
const ABOUT: &[&[&str]] = &[
    &["spec", "owner"],
    &["spec", "azureBlob", "url"],
    &["spec", "bucket", "url"],
    &["spec", "gitRepository", "url"],
    &["spec", "ociRepository", "url"],
];

/// Judges a Flux configuration.
pub fn check(object: Value<'_>, settings: &Settings, findings: &mut Findings) {
    if settings.allows(FLUX.extension_type) {
        return;
    }
    let what = "for a Flux configuration Azure installs the extension microsoft.flux, which network isolated clusters \
                do not support";
    let fix = ["Remove the configuration and ", FLUX.instead].concat();
    let about: Vec<_> = ABOUT.iter().filter_map(|keys| object.descend(keys)).collect();
    findings.as_part_of(&about, |findings| findings.deny(&RULE, object, what, fix));
}
