//! The settings of `isolated-clusters`.

use std::borrow::Cow;

use isolation::image::registry_name;
use isolation::resource_id::resource;
use isolation::settings::{Reader, Setting, Shape};
use isolation::{Level, doc};

use crate::features::FEATURES;

const LEVELS: Shape = Shape::Enum(&["allow", "warn", "deny"]);

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "block",
        LEVELS,
        doc!("How to treat outbound type `block`, which is a preview. `none` is generally available."),
    )
    .default("\"warn\""),
    Setting::new(
        "vnetIntegration",
        LEVELS,
        doc!(
            "How to treat a cluster with API Server VNet Integration that is not a private cluster. Its nodes reach \
             the API server privately, but clients reach it over a public address."
        ),
    )
    .default("\"allow\""),
    Setting::new(
        "registry",
        Shape::Enum(&["any", "own", "managed"]),
        doc!(
            "From whose registry a cluster starts. `own` requires a reference to your own registry; `managed` rejects \
             one, so that AKS creates and manages the registry."
        ),
    )
    .default("\"any\""),
    Setting::new(
        "registries",
        Shape::Texts,
        doc!(
            "The names, login servers or Azure resource IDs of the registries from which clusters may start. If set, \
             a cluster that names another registry is rejected, and only these registries must be closed to the \
             internet."
        ),
    )
    .example("[\"myacr\"]"),
    Setting::new(
        "securityPatch",
        LEVELS,
        doc!(
            "How to treat the node OS channel `SecurityPatch`. AKS has supported it on network isolated clusters \
             since July 2025; part of its documentation still names only `NodeImage` and `None`."
        ),
    )
    .default("\"allow\""),
    Setting::new(
        "publicAddresses",
        LEVELS,
        doc!(
            "How to treat public IP addresses and prefixes, NAT gateways and load balancers with public frontends. A \
             management cluster may also create them for other purposes than isolated clusters."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "gatewayPools",
        LEVELS,
        doc!(
            "How to treat gateway pools that can use private addresses (`type: VirtualMachines`, Kubernetes 1.34 or \
             later), and the switch of the static egress gateway. Other gateway pools are rejected."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "defaultOutboundAccess",
        LEVELS,
        doc!("How to treat subnets with default outbound access, or with a NAT gateway."),
    )
    .default("\"warn\""),
    Setting::new(
        "cacheRule",
        Shape::Enum(&["keep", "release"]),
        doc!(
            "Whether the cache rule `aks-managed-mcr` may be deleted. `keep` rejects it; use `release` once no \
             cluster uses the registry any more."
        ),
    )
    .default("\"keep\""),
    Setting::new(
        "reachable",
        Shape::Texts,
        doc!(
            "Features whose services the clusters can reach, over a private endpoint or a firewall. Enabling them \
             gives no warning. Known are `app-monitoring`, `azure-policy`, `cost-analysis`, `defender`, `http-proxy`, \
             `key-vault`, `logs`, `metrics`, `virtual-nodes` and `workload-identity`."
        ),
    )
    .example("[\"key-vault\", \"logs\"]"),
];

/// From whose registry a cluster starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    /// Any.
    Any,
    /// One that the cluster names.
    Own,
    /// One that AKS creates.
    Managed,
}

/// The settings, read and checked.
#[derive(Debug)]
pub struct Settings<'d> {
    /// Outbound type `block`.
    pub block: Level,
    /// VNet integration without a private cluster.
    pub vnet_integration: Level,
    /// Whose registry a cluster starts from.
    pub registry: Registry,
    /// The registries by name or id; empty if any will do.
    pub registries: Vec<Cow<'d, str>>,
    /// The node OS channel `SecurityPatch`.
    pub security_patch: Level,
    /// Public addresses.
    pub public_addresses: Level,
    /// Gateway pools that may have private addresses.
    pub gateway_pools: Level,
    /// Default outbound access.
    pub default_outbound: Level,
    /// Whether the cache rule may be deleted.
    pub release_cache_rule: bool,
    /// Features that get no warning.
    pub reachable: Vec<Cow<'d, str>>,
}

impl<'d> Settings<'d> {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'d>) -> Self {
        let registry = match reader.text("registry").as_deref() {
            Some("own") => Registry::Own,
            Some("managed") => Registry::Managed,
            _ => Registry::Any,
        };
        let mut registries = Vec::new();
        for (value, text) in reader.texts("registries") {
            if registry == Registry::Managed {
                reader.problem(value, "contradicts `registry: managed`: clusters then name no registry");
            }
            match named(&text) {
                Some(name) => registries.push(Cow::Owned(name)),
                None => {
                    if let Err(problem) = check_registry(&text) {
                        reader.problem(value, problem);
                    }
                    registries.push(text);
                }
            }
        }
        let mut reachable = Vec::new();
        for (value, text) in reader.texts("reachable") {
            if FEATURES.iter().all(|feature| feature.name != text) {
                let mut problem = String::from("no such feature, known are:");
                for feature in FEATURES {
                    problem.push(' ');
                    problem.push_str(feature.name);
                }
                reader.problem(value, &problem);
            }
            reachable.push(text);
        }
        Settings {
            block: reader.level("block"),
            vnet_integration: reader.level("vnetIntegration"),
            registry,
            registries,
            security_patch: reader.level("securityPatch"),
            public_addresses: reader.level("publicAddresses"),
            gateway_pools: reader.level("gatewayPools"),
            default_outbound: reader.level("defaultOutboundAccess"),
            release_cache_rule: reader.is("cacheRule", "release"),
            reachable,
        }
    }

    /// Whether clusters may start from the registry of this name or id. Azure ignores case in both.
    pub fn admits_registry(&self, registry: &str) -> bool {
        // An id without a name says nothing: the command line reports a rejection of it as not evaluated.
        let may_be = |known: &Cow<'_, str>| {
            let is_name = !known.contains('/');
            (if is_name { registry_in(registry) } else { Some(registry) }).is_some_and(|id| is_like(id, known))
        };
        self.registries.is_empty() || (name_in(registry) != "…" && self.registries.iter().any(may_be))
    }

    /// Whether a cluster must name a registry.
    pub fn requires_registry(&self) -> bool {
        self.registry == Registry::Own
    }

    /// Whether only certain registries are allowed.
    pub fn names_registries(&self) -> bool {
        !self.registries.is_empty()
    }

    /// Whether the registry of this name, of which a part may be unknown, must be closed to the internet.
    pub fn judges_registry(&self, name: &str) -> bool {
        self.registries.is_empty() || self.registries.iter().any(|known| is_like(name, name_in(known)))
    }
}

/// Whether an id or a name may be this one: the command line writes `…` for what only a deployment knows, which is in no id of Azure's.
fn is_like(id: &str, known: &str) -> bool {
    let (id, known) = (id.to_ascii_lowercase(), known.to_ascii_lowercase());
    let Some((head, rest)) = id.split_once('…') else { return id == known };
    let Some(mut left) = known.strip_prefix(head) else { return false };
    for part in rest.split('…') {
        match left.find(part) {
            Some(at) => left = left.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    known.ends_with(rest.rsplit('…').next().unwrap_or_default())
}

/// The registry that an id or a name means. An id must be that of a registry, from its first sign to its last: Azure alone
/// decides what becomes of another. Where the command line has left open what kind it is, the end counts.
fn registry_in(id: &str) -> Option<&str> {
    let behind = id.split_once("/providers/").map_or(id, |(_, behind)| behind);
    if !id.contains('/') || behind.contains('…') {
        return Some(name_in(id));
    }
    let [provider, of_type, name] = resource(id)?;
    let is_registry =
        provider.eq_ignore_ascii_case("Microsoft.ContainerRegistry") && of_type.eq_ignore_ascii_case("registries");
    is_registry.then_some(name)
}

/// The name at the end of a resource id; of a name, itself.
fn name_in(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(_, name)| name)
}

/// The registry's name, if the text is a login server.
fn named(text: &str) -> Option<String> {
    let host = text.split('/').next().unwrap_or_default().to_ascii_lowercase();
    registry_name(&host).map(str::to_owned)
}

fn check_registry(text: &str) -> Result<(), &'static str> {
    if let Some(id) = text.strip_prefix("/subscriptions/") {
        // …/providers/Microsoft.ContainerRegistry/registries/NAME
        let complete = id.rsplit_once('/').is_some_and(|(head, name)| {
            let (head, kind) = head.rsplit_once('/').unwrap_or_default();
            let (_, provider) = head.rsplit_once('/').unwrap_or_default();
            !name.is_empty()
                && kind.eq_ignore_ascii_case("registries")
                && provider.eq_ignore_ascii_case("Microsoft.ContainerRegistry")
        });
        return if complete { Ok(()) } else { Err("expected the Azure resource ID of a registry") };
    }
    // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry
    if !(5..=50).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(
            "expected the name of an Azure Container Registry, as in myacr, its login server or its resource ID",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_name_counts_twice() {
        assert!(is_like("…a…c", "abc") && is_like("a…c…", "abc") && is_like("ABC", "abc"));
        assert!(!is_like("…abc…c", "abc") && !is_like("a…d", "abc") && !is_like("b…c", "abc"));
    }

    #[test]
    fn an_id_means_a_registry_only_if_it_is_that_of_one() {
        for (id, name) in [
            ("myacr", Some("myacr")),
            ("…", Some("…")),
            ("…/registries/myacr", Some("myacr")),
            ("…/providers/Microsoft.ContainerRegistry/registries/myacr", Some("myacr")),
            ("/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerRegistry/registries/a…", Some("a…")),
            (
                "/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerRegistry/registries/a/replications/myacr",
                None,
            ),
            ("x/myacr", None),
            ("/subscriptions/0/resourceGroups/g/providers/Microsoft.MachineLearningServices/registries/myacr", None),
            ("/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerRegistry/connectedRegistries/myacr", None),
            ("/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/myacr/", None),
        ] {
            assert_eq!(registry_in(id), name, "{id}");
        }
    }
}
