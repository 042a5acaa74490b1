//! Rewrites references to a public registry into references to the private one, where a cache rule fills the repository.
//!
//! ## What it does
//!
//! Compares every image with the sources of the setting `cacheRules` and rewrites what one of them covers: the rule with
//! the longest source counts, and tag and digest are kept. Short names are read as the container runtime reads them, so
//! `nginx` is `docker.io/library/nginx`. Each rewritten reference is told as a warning.
//!
//! ## Why it matters
//!
//! A node of a network isolated cluster has no route to a public registry: the pod ends in `ImagePullBackOff`. The private
//! registry can fetch the image by itself and serve it over its private endpoint, but only under its own name. The nodes
//! redirect no host but `mcr.microsoft.com`, so for every other registry the pod must say that name.
//!
//! ## Fields
//!
//! `image` of `containers`, `initContainers` and `ephemeralContainers`, and `volumes[].image.reference`, in pods, in every
//! template of one, and in the custom resources that become pods. An update of an object whose images cannot change at any
//! time (a Pod, a Job, a custom resource that runs once) is rewritten only where it changes them.
//!
//! ## Instead
//!
//! Write the rewritten reference in the manifest. `isolation check --fix` does that and keeps comments and layout.
//!
//! ## Settings
//!
//! `cacheRules`, `warnings`, `customResources`; `enforcement: warn` tells what would be rewritten and rewrites nothing.
//!
//! ## Not covered
//!
//! Whether the rule exists in the registry and its credentials for the source are good. ReplicaSets and Revisions that a
//! controller owns, which it would no longer find; their pods are rewritten. References that something else than a node
//! pulls, such as a Helm chart. Documents inside strings. The word `auto` in a container `istio-proxy`, which is no image:
//! Istio's injector replaces it.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/container-registry/artifact-cache-overview>
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI701", name: "upstream-reference", since: "0.1.0" };

/// Tells that a reference is rewritten.
pub fn report(image: Value<'_>, cached: &str, settings: &Settings<'_>, findings: &mut Findings) {
    if !settings.warns {
        return;
    }
    let verb = if settings.rewrites { "rewritten to \"" } else { "would be rewritten to \"" };
    let what = [verb, cached, "\" by a cache rule"].concat();
    findings.warn(&RULE, image, what, "Write that in the manifest too (isolation check --fix)");
}
