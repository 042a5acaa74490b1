//! A cluster as the rules see it.

use isolation::{Findings, Value};

use crate::described::{Described, Layer, Layers};
use crate::shapes::{ASO_POOL, Ask, CROSSPLANE_CLUSTER, CROSSPLANE_POOL};
use crate::{old_api_version, old_kubernetes};

/// A cluster: what is said of it, and of the agent pools that stand in it.
pub struct Cluster<'m, 'd> {
    /// What is said of it.
    pub said: &'m Described<'d>,
    /// The pools.
    pub pools: Vec<Described<'d>>,
    /// The version of Kubernetes, where it is given and can be read.
    pub version: Option<(u32, u32)>,
    /// Whether the API version has no fields to say that the cluster is isolated. Then this is reported, and not each
    /// field that cannot be set.
    pub inexpressible: bool,
}

impl<'m, 'd> Cluster<'m, 'd> {
    /// Reads the pools of a cluster that was sent in this version of the Azure Service Operator's API.
    pub fn new(said: &'m Described<'d>, aso_version: Option<&str>, findings: &mut Findings) -> Self {
        let mut pools = Vec::new();
        for found in said.find(findings, Ask::Pools).found {
            let shape = if found.layer.shape == CROSSPLANE_CLUSTER { CROSSPLANE_POOL } else { ASO_POOL };
            let layer = Layer { shape, fields: Some(found.value), ..*found.layer };
            pools.push(Described::new(vec![layer], Layers::Override));
        }
        let inexpressible = aso_version.is_some_and(old_api_version::is_old);
        let versions = said.find(findings, Ask::Version).found;
        let version = versions.first().and_then(|version| old_kubernetes::minor(&version.value.as_str()?));
        Cluster { said, pools, version, inexpressible }
    }

    /// What of isolation the cluster has: a closed outbound type, and artifacts from a private registry.
    pub fn isolation(&self, findings: &mut Findings) -> (bool, bool) {
        let says = |findings: &mut Findings, ask, words: &[&str]| {
            let found = self.said.find(findings, ask).found;
            let is = |value: Value<'_>| words.iter().any(|word| value.is_text(word));
            !found.is_empty() && found.iter().all(|found| is(found.value))
        };
        (says(findings, Ask::OutboundType, &["none", "block"]), says(findings, Ask::ArtifactSource, &["Cache"]))
    }
}
