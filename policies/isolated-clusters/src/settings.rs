//! The settings of `isolated-clusters`.

use std::borrow::Cow;

use isolation::image::registry_name;
use isolation::settings::{Reader, Setting, Shape};
use isolation::{Level, doc};

use crate::features::FEATURES;

const LEVELS: Shape = Shape::Choice(&["allow", "warn", "deny"]);

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "block",
        LEVELS,
        doc!(
            "What happens to outbound type `block`, which is a preview. `none` is generally available."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "vnetIntegration",
        LEVELS,
        doc!(
            "What happens to a cluster with API Server VNet Integration that is no private cluster. Its nodes reach the \
             API server privately; clients reach it over a public address."
        ),
    )
    .default("\"allow\""),
    Setting::new(
        "registry",
        Shape::Choice(&["any", "own", "managed"]),
        doc!(
            "Whose registry a cluster starts from: `own` requires a reference to a registry of yours, `managed` refuses \
             one, so that AKS makes and keeps the registry."
        ),
    )
    .default("\"any\""),
    Setting::new(
        "registries",
        Shape::Texts,
        doc!(
            "The names, login servers or Azure resource ids of the registries that clusters may start from. With this set, a \
             cluster that names another registry is rejected, and only registries of these names have to be closed to the \
             Internet."
        ),
    )
    .example("[\"myacr\"]"),
    Setting::new(
        "securityPatch",
        LEVELS,
        doc!(
            "What happens to the node OS channel `SecurityPatch`. AKS supports it on network isolated clusters since \
             July 2025; a part of its documentation still names `NodeImage` and `None` only."
        ),
    )
    .default("\"allow\""),
    Setting::new(
        "publicAddresses",
        LEVELS,
        doc!(
            "What happens to public IP addresses and prefixes, NAT gateways and load balancers with public frontends, \
             which a management cluster may also make for other things than isolated clusters."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "gatewayPools",
        LEVELS,
        doc!(
            "What happens to gateway pools that can do with private addresses (`type: VirtualMachines`, Kubernetes 1.34 or \
             later), and to the switch of the static egress gateway. Others are rejected."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "defaultOutboundAccess",
        LEVELS,
        doc!("What happens to subnets with default outbound access, or with a NAT gateway."),
    )
    .default("\"warn\""),
    Setting::new(
        "cacheRule",
        Shape::Choice(&["keep", "release"]),
        doc!(
            "Whether the cache rule `aks-managed-mcr` may be deleted: `keep` refuses it, `release` is for the day on which \
             no cluster uses the registry any more."
        ),
    )
    .default("\"keep\""),
    Setting::new(
        "reachable",
        Shape::Texts,
        doc!(
            "Features whose endpoints the clusters reach, over a private endpoint or a firewall, so that enabling them \
             gives no warning: `app-monitoring`, `azure-policy`, `cost-analysis`, `defender`, `key-vault`, `logs`, \
             `metrics`, `virtual-nodes`, `workload-identity`."
        ),
    )
    .example("[\"key-vault\", \"logs\"]"),
];

/// Whose registry a cluster starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    /// Anybody's.
    Any,
    /// One that the cluster names.
    Own,
    /// One that AKS makes.
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
    /// Features that are not warned of.
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
                reader.problem(value, "contradicts `registry: managed`, with which no cluster names a registry");
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
                let mut problem = String::from("no such feature; there are");
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

    /// Whether a registry of this name or id is one that clusters may start from. Azure compares both without case.
    pub fn admits_registry(&self, registry: &str) -> bool {
        self.registries.is_empty()
            || self.registries.iter().any(|known| {
                known.eq_ignore_ascii_case(registry)
                    || (!known.contains('/') && name_in(registry).eq_ignore_ascii_case(known))
            })
    }

    /// Whether a cluster has to name a registry.
    pub fn requires_registry(&self) -> bool {
        self.registry == Registry::Own
    }

    /// Whether only certain registries are allowed.
    pub fn names_registries(&self) -> bool {
        !self.registries.is_empty()
    }

    /// Whether a registry of this name has to be closed to the Internet.
    pub fn judges_registry(&self, name: &str) -> bool {
        self.registries.is_empty() || self.registries.iter().any(|known| name_in(known).eq_ignore_ascii_case(name))
    }
}

/// The name at the end of a resource id; of a name, itself.
fn name_in(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(_, name)| name)
}

/// The registry's name where the text is how images name it. `isolation.yaml` may give `registries` once for the policies of
/// images and for this one.
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
        return if complete { Ok(()) } else { Err("expected the Azure resource id of a registry") };
    }
    if text.contains(['.', '/', ':']) {
        return Err(
            "expected the name of an Azure Container Registry, as in myacr, its login server or its resource id",
        );
    }
    Ok(())
}
