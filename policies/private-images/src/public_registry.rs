//! Rejects images from registries that are not allowed.
//!
//! ## Why it matters
//!
//! The nodes of a network isolated cluster reach one registry, over a private endpoint. An image from anywhere else
//! ends in `ImagePullBackOff`, or shows that the cluster is not isolated. Another `….azurecr.io` is somebody else's
//! registry.
//!
//! ## What it does
//!
//! Compares the registry and repository of every image with the setting `registries`. A reference without a registry
//! means Docker Hub: `nginx` is `docker.io/library/nginx`. The whole host must match, port included, and must be
//! written in lower case, because the runtime recognises `docker.io`, redirected hosts and hosts with credentials only
//! in lower case.
//!
//! ## Fields
//!
//! - `image` of `containers`, `initContainers` and `ephemeralContainers`, `volumes[].image.reference`, and volumes whose
//!   CSI driver mounts an image, in pods and in every pod template;
//! - Dapr's annotations `dapr.io/sidecar-image` and `dapr.io/component-container`;
//! - the custom resources listed in the policy's README: those whose images a controller pulls (Tekton bundles,
//!   Crossplane packages, Argo CD charts) and those that become pods.
//!
//! ## Instead
//!
//! Import the image into the private registry (`az acr import`), or add a cache rule for it, and write the reference in
//! the private registry.
//!
//! ## Settings
//!
//! `registries`, `mcr`, `exceptions`, `cacheRules`, `registry`, `customResources`.
//!
//! `mcr: allow` admits `mcr.microsoft.com` where nodes pull the image. Nodes redirect exactly this host, in lower case
//! and without a port, to the private registry. Controllers that pull images (Flux, Crossplane, Kubewarden) follow no
//! redirect, so their references to this host are rejected unless `registries` names it.
//!
//! ## Not covered
//!
//! - The image `auto` of a container `istio-proxy` in a template: Istio's injector replaces it when the pod is created.
//! - Annotations for CDI's importer changed through `persistentvolumeclaims/status`, which only controllers should be able to write.
//! - Static pods: the kubelet starts them without asking the API server.
//! - The default image of an operator, and images in arguments or environment variables of a controller
//!   (`--acme-http01-solver-image`, `RELATED_IMAGE_…`): the pod that the controller creates is judged instead.
//! - Controllers that look up an image before a pod names it: Tekton where a step has no `command`, Argo Workflows where a
//!   container has none, Knative Serving for every tag. With `mcr: allow` such an image of `mcr.microsoft.com` is accepted,
//!   but these controllers follow no redirect. Write the `command`, or a digest.
//! - What an `EnvoyFilter` makes Istio's proxies load, and the images that Argo CD Image Updater reads from annotations of
//!   an Application.
//! - What Kyverno asks registries about: images of the objects that it judges, and those in the `context` of its policies. Only
//!   the repositories of signatures are judged.
//! - Kinds without a rule whose controllers pull by themselves. `customResources` may name those whose field is a whole
//!   reference.
//! - KubeEdge's NodeUpgradeJob without `image`: its nodes pull `kubeedge/installation-package` from Docker Hub.
//! - What Clusternet's Manifests and Descriptions hold for other clusters. What others hold for this cluster, such as KubeEdge's
//!   EdgeApplications, Camel K's Pipes and Clusternet's overrides of charts, is judged when it is created.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>
//! <https://learn.microsoft.com/azure/container-registry/artifact-cache-overview>

use isolation::image::{DOCKER_HUB, Reference, login_server};
use isolation::images::{Image, Naming};
use isolation::{FieldRef, Findings, Fix, Rule};

use crate::advice::{Advice, is_admitted, named, same_but_port};
use crate::settings::{MCR, Settings};

/// The rule.
pub const RULE: Rule = Rule { id: "NI101", name: "public-registry", since: "0.1.0" };

/// Judges one reference. It starts at the byte `start` of `text`.
pub fn check(
    image: Image<'_>,
    text: &str,
    start: usize,
    reference: &Reference<'_>,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    let admitted = settings.admits(reference, image.naming);
    if admitted && image.naming == Naming::Prefix {
        return open_prefix(image, text, settings, findings);
    }
    if admitted {
        return;
    }
    let fix = Advice::of(image, text, start, reference, settings).fix;
    let field = match image.naming {
        // The value under a key that names an image says nothing.
        Naming::Key => FieldRef::from(image.value).hidden(),
        // What else a mirror says does not make it another one.
        Naming::Mirror => FieldRef::lacking(image.value),
        _ => image.value.into(),
    };
    findings.deny(&RULE, field, reason(image.naming, reference, settings), fix);
}

/// Judges the beginning that Crossplane writes in place of a matched one: `myacr.azurecr.io` in place of `xpkg.io/`, before
/// `a.example/package`, is the registry `myacr.azurecr.ioa.example`. So either what is matched is a whole host, or what takes
/// its place ends where a part of a name does.
fn open_prefix(image: Image<'_>, text: &str, settings: &Settings<'_>, findings: &mut Findings) {
    let spec = image.value.parent().and_then(|rewrite| rewrite.parent());
    let matches = spec.and_then(|spec| spec.field("matchImages")).into_iter().flat_map(|list| list.items());
    let mut partial = matches.filter_map(|item| item.field("prefix")?.as_str()).filter(|prefix| {
        let hosts = settings.registries.iter().map(|allowed| allowed.host.as_ref());
        let hosts = hosts.chain(settings.exceptions.iter().map(|exception| exception.host.as_ref()));
        prefix.contains('/') || hosts.into_iter().any(|host| host != *prefix && host.starts_with(&**prefix))
    });
    let closed = settings.registries.iter().any(|allowed| allowed.holds_all(text));
    let Some(partial) = partial.next().filter(|_| !closed) else { return };
    let path = partial.split_once('/').map_or("", |(_, path)| path).trim_end_matches('/');
    // What follows begins with a slash where the match does not end with one.
    let path = if partial.ends_with('/') { "" } else { path };
    let name = [text, "/", path].concat();
    let what = "the match does not end where a host ends, so a package could lead to a registry or repository that \
                only begins like this";
    findings.deny(&RULE, image.value, what, Fix::set(["Write \"", &name, "\""].concat(), name));
}

/// Why the reference is not admitted: a clause.
pub fn reason(naming: Naming, reference: &Reference<'_>, settings: &Settings<'_>) -> String {
    let registry: &str = &reference.registry;
    if !reference.explicit && naming == Naming::Package {
        return "names no registry, so Crossplane uses its default, which is not allowed".to_owned();
    }
    if !reference.explicit {
        return ["names no registry, so it is pulled from ", DOCKER_HUB, ", which is not allowed"].concat();
    }
    let why = if is_almost_redirected(naming, reference, settings) {
        "which nodes do not redirect: they match the host in lower case, without a port"
    } else if !reference.is_in_lower_case() && is_admitted(naming, &named(registry, reference), settings) {
        "which must be in lower case: runtimes look up credentials, redirects and Docker Hub by the lower-case name"
    } else if registry == MCR && settings.mcr {
        "by a controller, which does not follow the nodes' redirect to the private registry"
    } else if registry == MCR {
        "which the policy's setting `mcr: deny` refuses"
    } else if login_server(registry).is_some() {
        "an endpoint behind a login server; image references must name the login server"
    } else if settings.registries.iter().any(|allowed| allowed.host == registry) {
        "which is allowed only for certain repositories, and not for this one"
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
    let same_host =
        same_but_port(MCR, &reference.registry) || (reference.registry == MCR && !reference.is_in_lower_case());
    same_host && settings.is_redirected(MCR, naming)
}
