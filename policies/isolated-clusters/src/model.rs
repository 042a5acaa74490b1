//! A cluster as the rules see it.

use isolation::{Findings, Value};

use crate::fields::{ASO_POOL, CROSSPLANE_CLUSTER, CROSSPLANE_POOL, Field};
use crate::spec::{Layer, Layers, Spec};
use crate::{old_api_version, old_kubernetes};

/// A cluster, with the agent pools in it.
pub struct Cluster<'m, 'd> {
    /// Its description.
    pub spec: &'m Spec<'d>,
    /// The pools.
    pub pools: Vec<Spec<'d>>,
    /// The version of Kubernetes, if it is set and readable.
    pub version: Option<(u32, u32)>,
    /// Whether the API version lacks the fields for isolation. Then only this is reported, not each field.
    pub inexpressible: bool,
}

impl<'m, 'd> Cluster<'m, 'd> {
    /// Reads the pools of a cluster in this version of the Azure Service Operator's API.
    pub fn new(spec: &'m Spec<'d>, aso_version: Option<&str>, findings: &mut Findings) -> Self {
        let mut pools = Vec::new();
        for found in spec.find(findings, Field::Pools).found {
            let field_map = if found.layer.field_map == CROSSPLANE_CLUSTER { CROSSPLANE_POOL } else { ASO_POOL };
            let layer = Layer { field_map, fields: Some(found.value), ..*found.layer };
            pools.push(Spec::new(vec![layer], Layers::Override));
        }
        let inexpressible = aso_version.is_some_and(old_api_version::is_old);
        let versions = spec.find(findings, Field::Version).found;
        let version = versions.first().and_then(|version| old_kubernetes::minor(&version.value.as_str()?));
        Cluster { spec, pools, version, inexpressible }
    }

    /// How isolated the cluster is: whether it has a closed outbound type, and artifacts from a private registry.
    pub fn isolation(&self, findings: &mut Findings) -> (bool, bool) {
        let says = |findings: &mut Findings, field, words: &[&str]| {
            let found = self.spec.find(findings, field).found;
            let is = |value: Value<'_>| words.iter().any(|word| value.is_text(word));
            !found.is_empty() && found.iter().all(|found| is(found.value))
        };
        (says(findings, Field::OutboundType, &["none", "block"]), says(findings, Field::ArtifactSource, &["Cache"]))
    }
}
