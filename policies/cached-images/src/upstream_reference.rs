//! Rewrites references to a public registry into references to the private one, where a cache rule fills the
//! repository.
//!
//! ## Why it matters
//!
//! A node of a network isolated cluster has no route to a public registry, so the pod ends in `ImagePullBackOff`. The
//! private registry can fetch the image and serve it over its private endpoint, but only under its own name. Nodes
//! redirect only `mcr.microsoft.com`, so for every other registry the pod must use that name.
//!
//! ## What it does
//!
//! Compares every image with the sources of the setting `cacheRules` and rewrites each match. The rule with the longest
//! source applies; tag and digest are kept. Short names are read as the container runtime reads them: `nginx` is
//! `docker.io/library/nginx`. A warning reports each rewritten reference.
//!
//! ## Fields
//!
//! `image` of `containers`, `initContainers` and `ephemeralContainers`, and `volumes[].image.reference`, in pods, in
//! every pod template, and in the custom resources that become pods. Some objects cannot change their images at any
//! time: Pods, Jobs, and custom resources that run once. An update of these is rewritten only where it changes an
//! image.
//!
//! ## Instead
//!
//! Write the rewritten reference in the manifest. `isolation check --fix` does this and keeps comments and layout.
//!
//! ## Settings
//!
//! `cacheRules`, `warnings`, `customResources`. With `enforcement: warn`, warnings say what would be rewritten, and
//! nothing is.
//!
//! ## Not covered
//!
//! - Whether the cache rule exists in the registry and has valid credentials for its source.
//! - ReplicaSets and Revisions owned by a controller, which would no longer recognise them. Their pods are rewritten.
//! - Images that an operator compares with its own settings, because it would recreate the pods again and again: in pods
//!   of CloudNativePG and EDB Postgres for Kubernetes, of Zalando's Postgres operator, of Aerospike, of the Jenkins
//!   operator, of catalogs of Operator Lifecycle Manager, and of KubeVirt's machines, and those of Longhorn's backing
//!   images, for which it would wait for ever; in Deployments and StatefulSets of the operator of Argo CD; in StatefulSets of Zalando's and
//!   Aerospike's; in Jobs that unpack bundles of Operator Lifecycle Manager. A warning says where to write the rewritten
//!   reference. The owner and the labels that show such an object prove nothing: `private-images` judges its images.
//! - Other operators that do the same. Allow the rule for their objects: what an exception allows is not rewritten.
//! - Containers that the webhook of an injector adds after this policy has run.
//! - References that something other than a node pulls, such as a Helm chart.
//! - Documents inside strings.
//! - The image `auto` of a container `istio-proxy`, a placeholder that Istio's injector replaces.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/container-registry/artifact-cache-overview>
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Fix, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI701", name: "upstream-reference", since: "0.1.0" };

/// What to do about it, whoever does it.
pub const WRITE_IN_MANIFEST: &str = "Write it in the manifest too";

/// Reports a rewritten reference.
pub fn report(image: Value<'_>, cached: &str, settings: &Settings<'_>, findings: &mut Findings) {
    if !settings.warns {
        return;
    }
    let verb = if settings.rewrites { "rewritten to \"" } else { "would be rewritten to \"" };
    let what = [verb, cached, "\" by a cache rule"].concat();
    let sentence = [WRITE_IN_MANIFEST, " (isolation check --fix)"].concat();
    let fix = Fix::set(sentence, cached.to_owned()).safe_if(true);
    findings.warn(&RULE, image, what, fix);
}

/// Reports a reference that is not rewritten, since the object's operator would undo it. It reads the reference in `source`.
pub fn report_compared(image: Value<'_>, cached: &str, source: &str, findings: &mut Findings) {
    let what = "not rewritten: its operator expects this image";
    findings.warn(&RULE, image, what, ["Write ", cached, " as ", source].concat());
}
