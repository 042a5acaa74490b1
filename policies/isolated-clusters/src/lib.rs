//! Rejects, in a management cluster, descriptions of AKS clusters that are not network isolated or would stop being so.

#![warn(clippy::indexing_slicing, clippy::string_slice)]

mod addons;
mod altered_cache_rule;
mod block_in_own_network;
mod default_outbound_access;
mod deleted_cache_rule;
mod direct_artifacts;
mod egress_feature;
mod exposed_registry;
mod external_ingress;
pub mod features;
pub mod fields;
mod gateway_nodes;
pub mod kinds;
mod kubenet;
mod left_isolation;
mod lookup;
pub mod model;
mod node_public_ip;
mod old_api_version;
mod old_kubernetes;
mod open_outbound_type;
mod other_registry;
mod outbound_addresses;
mod patches;
mod public_address;
mod public_api_server;
mod refused_arm_tokens;
mod refused_cache_rule;
mod service_principal;
mod settings;
pub mod spec;
mod unmanaged_node_os;
mod unreadable_patch;
mod windows_nodes;

use isolation::management::{self, Resource};
use isolation::placeholder::is_placeholder;
use isolation::{Cluster as ManagementCluster, Findings, Operation, Policy, Request, Rule, Value};

use crate::kinds::{KindEntry, Model, Operator};
use crate::model::Cluster;
use crate::spec::Spec;
pub use deleted_cache_rule::KEEP_CACHE_RULE;
pub use public_address::FRONTEND_KEYS;
pub use settings::Settings;

isolation::rules![
    open_outbound_type,
    block_in_own_network,
    public_api_server,
    direct_artifacts,
    other_registry,
    service_principal,
    unmanaged_node_os,
    kubenet,
    windows_nodes,
    node_public_ip,
    gateway_nodes,
    outbound_addresses,
    external_ingress,
    old_kubernetes,
    old_api_version,
    unreadable_patch,
    exposed_registry,
    refused_arm_tokens,
    altered_cache_rule,
    deleted_cache_rule,
    public_address,
    default_outbound_access,
    egress_feature,
    left_isolation,
    refused_cache_rule,
];

/// The policy.
#[derive(Debug)]
pub struct IsolatedClusters;

#[cfg(target_os = "wasi")]
isolation_guest::export!(IsolatedClusters);

impl Policy for IsolatedClusters {
    type Settings<'d> = Settings<'d>;
    const NAME: &'static str = "isolated-clusters";
    const RULES: &'static [&'static Rule] = RULES;
    const SETTINGS: &'static [isolation::settings::Setting] = settings::TABLE;
    const JUDGES_DELETE: bool = true;

    fn settings<'d>(reader: &mut isolation::settings::Reader<'d>) -> Settings<'d> {
        Settings::read(reader)
    }

    fn judge(
        request: &Request<'_>,
        object: Value<'_>,
        settings: &Settings<'_>,
        _: &dyn ManagementCluster,
        findings: &mut Findings,
    ) {
        // What was there before an update may be judged, too, and is not compared with itself.
        let is_new = request.object == Some(object);
        let mut clusters = 0;
        management::for_each_resource(findings, request, object, &mut |findings, resource| {
            let Some(known) = kinds::find(&resource.group, &resource.kind) else { return };
            // A resource that is only observed is not created, but it may be deleted.
            if resource.inert().is_none() || request.operation == Operation::Delete {
                clusters += usize::from(known.model == Model::Cluster);
                let compare = is_new && clusters <= COMPARED;
                known.describe(findings, resource.object, &mut |findings, spec| {
                    let judged = Judged { request, resource: &resource, known, settings, compare };
                    judged.judge(spec, findings);
                });
            }
        });
    }
}

/// How many embedded clusters are compared with their state before an update. CAPZ accepts one.
const COMPARED: usize = 8;

/// One resource that is judged.
struct Judged<'j, 'd> {
    request: &'j Request<'d>,
    resource: &'j Resource<'d>,
    known: &'static KindEntry,
    settings: &'j Settings<'j>,
    /// Whether it is compared with the state before the update.
    compare: bool,
}

impl Judged<'_, '_> {
    fn judge(&self, spec: &Spec<'_>, findings: &mut Findings) {
        let (object, settings) = (self.resource.object, self.settings);
        if self.request.operation == Operation::Delete {
            if self.known.model == Model::CacheRule && !settings.release_cache_rule {
                deleted_cache_rule::check(self.resource, spec, &self.request.username, findings);
            }
            return;
        }
        match self.known.model {
            Model::Cluster => self.judge_cluster(spec, findings),
            Model::Pool => judge_pool(spec, None, settings, findings),
            Model::ControlPlane => old_kubernetes::check(spec, findings),
            Model::Registry => {
                let names = [self.resource.azure_name(), other_registry::object_name(object)];
                // Whatever replaces a placeholder may be an allowed registry's name.
                let is_judged = |name: Value<'_>| {
                    name.as_str().is_none_or(|name| is_placeholder(&name) || settings.judges_registry(&name))
                };
                if names[0].is_none_or(is_judged) || names[1].is_some_and(is_judged) {
                    exposed_registry::check(spec, findings);
                    refused_arm_tokens::check(spec, findings);
                }
                other_registry::check_names(self.resource, settings, findings);
            }
            Model::CacheRule => {
                let update = self.request.operation == Operation::Update;
                altered_cache_rule::check(spec, self.resource.azure_name(), update, findings);
                refused_cache_rule::check(spec, findings);
            }
            Model::PublicAddress => findings.as_part_of(&public_address::attached(spec), |findings| {
                public_address::report(object, settings, findings);
            }),
            Model::LoadBalancer => public_address::check(spec, settings, findings),
            Model::Subnet => default_outbound_access::check(spec, self.resource.azure_name(), settings, findings),
            Model::SubnetGateway => findings.as_part_of(&public_address::attached(spec), |findings| {
                default_outbound_access::report(object, settings, findings);
            }),
        }
    }

    fn judge_cluster(&self, spec: &Spec<'_>, findings: &mut Findings) {
        let settings = self.settings;
        let aso = matches!(self.known.operator, Operator::Aso(_));
        let version = Some(&*self.resource.version).filter(|_| aso);
        if let Some(version) = version {
            old_api_version::check(self.resource.object, version, findings);
        }
        let cluster = Cluster::new(spec, version, findings);
        let addons = addons::enabled(spec, findings);
        open_outbound_type::check(&cluster, settings, findings);
        block_in_own_network::check(&cluster, findings);
        public_api_server::check(&cluster, settings, findings);
        direct_artifacts::check(&cluster, findings);
        other_registry::check(&cluster, settings, findings);
        service_principal::check(&cluster, findings);
        unmanaged_node_os::check(&cluster, settings, findings);
        kubenet::check(&cluster, findings);
        windows_nodes::check_cluster(spec, findings);
        gateway_nodes::check_cluster(&cluster, settings, findings);
        outbound_addresses::check(&cluster, findings);
        external_ingress::check(&cluster, &addons, findings);
        public_address::check_cluster(spec, settings, findings);
        old_kubernetes::check(spec, findings);
        egress_feature::check(&cluster, &addons, settings, findings);
        for pool in &cluster.pools {
            // In another pool it is another violation.
            findings.as_part_of(pool.name().as_slice(), |findings| {
                judge_pool(pool, cluster.version, settings, findings);
            });
        }
        if let Some(before) = self.before() {
            left_isolation::check(&cluster, before, findings);
        }
    }

    /// How isolated the cluster was before this update. An embedded cluster is matched by its name.
    fn before(&self) -> Option<(bool, bool)> {
        let (request, now) = (self.request, self.resource.object);
        let old = request.old_object.filter(|_| self.compare)?;
        // What is unreadable in the old object was reported when it came.
        let mut unheard = Findings::new(old);
        let mut before = None;
        management::for_each_resource(&mut unheard, request, old, &mut |unheard, resource| {
            let same = (&resource.group, &resource.kind) == (&self.resource.group, &self.resource.kind)
                && (resource.object == old || name_of(resource.object) == name_of(now));
            if same && resource.inert().is_none() {
                self.known.describe(unheard, resource.object, &mut |unheard, spec| {
                    before = Some(Cluster::new(spec, None, unheard).isolation(unheard));
                });
            }
        });
        before
    }
}

/// Judges an agent pool of a cluster of this version, if known.
fn judge_pool(pool: &Spec<'_>, version: Option<(u32, u32)>, settings: &Settings<'_>, findings: &mut Findings) {
    windows_nodes::check(pool, findings);
    node_public_ip::check(pool, findings);
    gateway_nodes::check(pool, version, settings, findings);
    old_kubernetes::check(pool, findings);
}

fn name_of(object: Value<'_>) -> Option<&str> {
    object.descend(&["metadata", "name"])?.text()
}
