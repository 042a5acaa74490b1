//! Rejects images from registries that are not allowed.
//!
//! ## What it does
//!
//! Compares the registry and repository of every image with the setting `registries`. A reference without a registry means
//! Docker Hub, and `nginx` means `docker.io/library/nginx`. Hosts are compared whole and in lower case, with their port.
//!
//! ## Why it matters
//!
//! A node of a network isolated cluster reaches one registry, over a private endpoint. An image from anywhere else ends in
//! `ImagePullBackOff`, or shows that the cluster is not isolated. Another `….azurecr.io` is somebody else's registry.
//!
//! ## Fields
//!
//! `image` of `containers`, `initContainers` and `ephemeralContainers`, and `volumes[].image.reference`, in pods and in
//! every template of one; Dapr's annotations `dapr.io/sidecar-image` and `dapr.io/component-container`; and the custom
//! resources that name images, from Argo to Tekton, as the policy's README lists them.
//!
//! ## Instead
//!
//! Import the image into the private registry (`az acr import`), or let a cache rule pull it there, and name it there.
//!
//! ## Settings
//!
//! `registries`, `mcr`, `exceptions`, `cacheRules`, `registry`, `customResources`.
//!
//! `mcr: allow` admits `mcr.microsoft.com` for what the nodes pull: they redirect exactly this host, in lower case and
//! without a port, to the private registry. What a controller pulls by itself (Flux, Crossplane, Kubewarden) follows no
//! redirect and is rejected, unless `registries` names the host.
//!
//! ## Not covered
//!
//! The word `auto` in a container `istio-proxy` of a template, which Istio's injector replaces when the pod is made.
//! Static pods, which the kubelet starts before the API server knows of them. The image that an operator takes when its
//! resource names none: the pod that it makes of it is judged.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>
//! <https://learn.microsoft.com/azure/container-registry/artifact-cache-overview>

use isolation::image::{DOCKER_HUB, Reference, login_server};
use isolation::images::{Image, Naming};
use isolation::{Findings, Rule, Spot};

use crate::settings::{MCR, Settings};

/// The rule.
pub const RULE: Rule = Rule { id: "NI101", name: "public-registry", since: "0.1.0" };

/// Judges one reference.
pub fn check(
    image: Image<'_>,
    text: &str,
    reference: &Reference<'_>,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    if settings.admits(reference, image.naming) {
        return;
    }
    let fix = match (login_server(&reference.registry), settings.cache.rewrite(reference)) {
        (Some(login), _) => {
            let mut name = [&login, "/", &reference.repository].concat();
            reference.append_version(&mut name);
            ["Name the login server: write ", &quoted(image, text, &name)].concat()
        }
        (None, _) if is_almost_redirected(image.naming, reference, settings) => {
            let mut name = [MCR, "/", &reference.repository].concat();
            reference.append_version(&mut name);
            ["Write ", &quoted(image, text, &name)].concat()
        }
        (None, Some(cached)) => ["Write ", &quoted(image, text, &cached), ", which a cache rule fills"].concat(),
        (None, None) => {
            let twin = settings.registries.iter().find(|allowed| same_but_port(&allowed.host, &reference.registry));
            let mut name = match twin {
                Some(twin) => [&twin.host, "/", &reference.repository].concat(),
                None => settings.home(&reference.repository),
            };
            reference.append_version(&mut name);
            if twin.is_some() { ["Write ", &quoted(image, text, &name)].concat() } else { import(image, text, &name) }
        }
    };
    let spot = Spot::from(image.value);
    // The value under a key that names an image says nothing.
    let spot = if image.naming == Naming::Key { spot.hidden() } else { spot };
    findings.deny(&RULE, spot, reason(image.naming, reference, settings), fix);
}

/// Why the reference is not admitted: a clause.
pub fn reason(naming: Naming, reference: &Reference<'_>, settings: &Settings<'_>) -> String {
    let registry: &str = &reference.registry;
    if !reference.explicit && naming == Naming::Package {
        return "names no registry, so Crossplane takes its own, which is not an allowed one".to_owned();
    }
    if !reference.explicit {
        return ["names no registry, so it is pulled from ", DOCKER_HUB, ", which is not an allowed one"].concat();
    }
    let why = if is_almost_redirected(naming, reference, settings) {
        "which the nodes do not redirect: they know the host in lower case and without a port only"
    } else if registry == MCR && settings.mcr {
        "by a controller, which does not follow the nodes' redirect to the private registry"
    } else if registry == MCR {
        "which the setting `mcr: deny` refuses"
    } else if login_server(registry).is_some() {
        "which is a name behind a registry's login server and is never written in a reference"
    } else if settings.registries.iter().any(|allowed| allowed.host == registry) {
        "which is allowed, but only below certain repositories, and this is not below one"
    } else if settings.registries.iter().any(|allowed| same_but_port(&allowed.host, registry)) {
        "which differs from the allowed registry by its port"
    } else {
        "which is not an allowed registry"
    };
    let comma = if why.starts_with("by ") { " " } else { ", " };
    ["pulled from ", registry, comma, why].concat()
}

/// Whether the nodes would redirect the reference if it named the same host in the one way that they know.
fn is_almost_redirected(naming: Naming, reference: &Reference<'_>, settings: &Settings<'_>) -> bool {
    let same_host = same_but_port(MCR, &reference.registry)
        || (reference.registry == MCR && !reference.is_in_lower_case());
    same_host && settings.is_redirected(MCR, naming)
}

/// Whether two registries are one host with different ports.
fn same_but_port(a: &str, b: &str) -> bool {
    let host = |text: &str| text.rfind(':').filter(|_| !text.ends_with(']')).unwrap_or(text.len());
    a != b && a.get(..host(a)) == b.get(..host(b))
}

/// How to bring the image into the private registry under `name`, and what to write then.
pub fn import(image: Image<'_>, text: &str, name: &str) -> String {
    let host = name.split('/').next().unwrap_or_default();
    let how = if host.contains(".azurecr.") { "Import it into the private registry (az acr import)" } else {
        "Push it to the private registry"
    };
    [how, " and write ", &quoted(image, text, name)].concat()
}

/// `name` in place of the reference in `text`, with what stood before it.
fn quoted(image: Image<'_>, text: &str, name: &str) -> String {
    let before = match image.naming {
        Naming::Url | Naming::Module => text.find("://").and_then(|at| text.get(..at + 3)).unwrap_or_default(),
        Naming::Override => text.find('=').and_then(|at| text.get(..=at)).unwrap_or_default(),
        _ => "",
    };
    // `old=*:tag` names the tag alone.
    let version = text.split_once("=*").filter(|_| image.naming == Naming::Override).map_or("", |(_, version)| version);
    ["\"", before, name, version, "\""].concat()
}
