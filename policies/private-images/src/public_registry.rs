//! Rejects images from registries that are not allowed.
//!
//! ## What it does
//!
//! Compares the registry and repository of every image with the setting `registries`.
//!
//! ## Why it matters
//!
//! A node of a network isolated cluster reaches one registry, over a private endpoint. An image from anywhere else ends in
//! `ImagePullBackOff`, or shows that the cluster is not isolated.
//!
//! ## Fields
//!
//! `image` of `containers`, `initContainers` and `ephemeralContainers`, and `volumes[].image.reference`, in pods and in
//! every template of one.
//!
//! ## Instead
//!
//! Push the image to the private registry, or let a cache rule pull it there, and name it there.
//!
//! ## Settings
//!
//! `registries`, `mcr`.
//!
//! ## Not covered
//!
//! Static pods, which the kubelet starts before the API server knows of them.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::image::Reference;
use isolation::{Findings, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI101", name: "public-registry", since: "0.1.0" };

/// Judges one reference.
pub fn check(image: Value<'_>, reference: &Reference<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if settings.admits(reference) {
        return;
    }
    let what = if reference.explicit {
        format!("pulled from {}, which is not an allowed registry", reference.registry)
    } else {
        format!("names no registry, so it is pulled from {}, which is not an allowed one", reference.registry)
    };
    let mut instead = String::new();
    if let Some(home) = settings.registries.first() {
        instead.push_str(&home.host);
        instead.push('/');
        if !home.prefix.is_empty() {
            instead.push_str(&home.prefix);
            instead.push('/');
        }
    }
    instead.push_str(&reference.repository);
    reference.append_version(&mut instead);
    findings.deny(&RULE, image, what, format!("Push it to the private registry and write \"{instead}\""));
}
