//! What `az … -o json` prints, read into a [`State`].
//!
//! The command line of Azure prints most resources with their properties at the top, some releases and the API itself with
//! `properties` around them, and spells keys now as the API does (`nodeOSUpgradeChannel`), now as Python does
//! (`nodeOsUpgradeChannel`). Azure compares keys without case, and so is read here.

use serde_json::Value;
use supported_extensions::cluster::is_other;

use crate::found::parent;
use crate::state::{CacheRule, Cluster, Connection, Extension, Part, Pool, Registry, State, Subnet};

/// A resource, or one level of it, whose keys are found in any casing.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'v>(pub &'v Value);

impl<'v> Fields<'v> {
    /// The member of this key, unless it is null; of a resource, the one in its properties first.
    pub fn get(self, key: &str) -> Option<Fields<'v>> {
        self.member("properties").and_then(|properties| properties.member(key)).or_else(|| self.member(key))
    }

    fn member(self, key: &str) -> Option<Fields<'v>> {
        let entries = self.0.as_object()?;
        let exact = entries.get(key);
        let found =
            exact.or_else(|| entries.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value));
        found.filter(|value| !value.is_null()).map(Fields)
    }

    fn at(self, keys: &[&str]) -> Option<Fields<'v>> {
        keys.iter().try_fold(self, |value, key| value.get(key))
    }

    fn text(self, keys: &[&str]) -> String {
        self.at(keys).and_then(|value| value.0.as_str()).unwrap_or_default().to_owned()
    }

    fn items(self, key: &str) -> impl Iterator<Item = Fields<'v>> {
        self.get(key).and_then(|value| value.0.as_array()).into_iter().flatten().map(Fields)
    }
}

/// The segment of a resource id that follows this one.
fn segment(id: &str, after: &str) -> String {
    let mut segments = id.split('/');
    let found = segments.find(|segment| segment.eq_ignore_ascii_case(after)).and_then(|_| segments.next());
    found.unwrap_or_default().to_owned()
}

/// The type of a resource, in lower case.
fn type_of(resource: Fields<'_>) -> String {
    resource.text(&["type"]).to_ascii_lowercase()
}

/// Adds what a document says to `state`: one resource, a list of them, or an object with the list in `value`. `expected` is
/// what whoever gave it says that it is; the parts that the document holds are what is given back, none where it is not of
/// Azure.
pub fn read_state(document: &Value, expected: Option<Part>, state: &mut State) -> Vec<Part> {
    let wrapped = document.get("value").and_then(Value::as_array);
    let resources: Vec<&Value> = match document.as_array().or(wrapped) {
        Some(list) => list.iter().collect(),
        None => vec![document],
    };
    let mut parts = Vec::new();
    // A list without items says that there are none, but not of what: that is for whoever gave it to say.
    if resources.is_empty()
        && let Some(part) = expected
    {
        add_nothing(part, state);
        parts.push(part);
    }
    for resource in resources {
        let fields = Fields(resource);
        let of_type = type_of(fields);
        let Some(part) = Part::ALL.into_iter().find(|part| part.resource_type() == of_type) else { continue };
        add(part, fields, state);
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

fn add_nothing(part: Part, state: &mut State) {
    match part {
        Part::CacheRules => _ = state.cache_rules.get_or_insert_default(),
        Part::Connections => _ = state.connections.get_or_insert_default(),
        Part::Extensions => _ = state.extensions.get_or_insert_default(),
        // A list of these without items says nothing about the one that is asked for.
        Part::Cluster | Part::Registry | Part::Subnet => {}
    }
}

fn add(part: Part, fields: Fields<'_>, state: &mut State) {
    let id = fields.text(&["id"]);
    let name = fields.text(&["name"]);
    let group = segment(&id, "resourceGroups");
    match part {
        Part::Cluster => state.cluster = Some(cluster(fields, id, name, group)),
        Part::Registry => state.registries.push(Registry {
            login_server: fields.text(&["loginServer"]).to_ascii_lowercase(),
            location: fields.text(&["location"]),
            resource_group: group,
            id,
            name,
        }),
        Part::CacheRules => state.cache_rules.get_or_insert_default().push(CacheRule {
            registry: segment(&id, "registries"),
            source: fields.text(&["sourceRepository"]),
            target: fields.text(&["targetRepository"]),
            name,
        }),
        Part::Connections => state.connections.get_or_insert_default().push(Connection {
            registry: segment(&id, "registries"),
            endpoint_id: fields.text(&["privateEndpoint", "id"]),
            status: fields.text(&["privateLinkServiceConnectionState", "status"]),
        }),
        Part::Subnet => state.subnets.push(Subnet { id, name }),
        Part::Extensions => state.extensions.get_or_insert_default().push(Extension {
            cluster: match parent(&id) {
                // One of another kind may have the same name.
                other if is_other(other) => other.to_owned(),
                _ => segment(&id, "managedClusters"),
            },
            extension_type: fields.text(&["extensionType"]),
            name,
        }),
    }
}

fn cluster(fields: Fields<'_>, id: String, name: String, resource_group: String) -> Cluster {
    let current = fields.text(&["currentKubernetesVersion"]);
    let version = if current.is_empty() { fields.text(&["kubernetesVersion"]) } else { current };
    let integration = fields.at(&["apiServerAccessProfile", "enableVnetIntegration"]);
    let pools = fields.items("agentPoolProfiles").map(|pool| Pool {
        name: pool.text(&["name"]),
        os_type: pool.text(&["osType"]),
        subnet_id: pool.text(&["vnetSubnetID"]),
        pod_subnet_id: pool.text(&["podSubnetID"]),
        count: pool.get("count").and_then(|count| count.0.as_u64()).unwrap_or_default(),
    });
    Cluster {
        location: fields.text(&["location"]),
        version,
        outbound_type: fields.text(&["networkProfile", "outboundType"]),
        artifact_source: fields.text(&["bootstrapProfile", "artifactSource"]),
        registry_id: fields.text(&["bootstrapProfile", "containerRegistryId"]),
        node_resource_group: fields.text(&["nodeResourceGroup"]),
        kubelet_identity: fields.text(&["identityProfile", "kubeletidentity", "objectId"]),
        vnet_integration: integration.and_then(|value| value.0.as_bool()) == Some(true),
        pools: pools.collect(),
        id,
        name,
        resource_group,
    }
}
