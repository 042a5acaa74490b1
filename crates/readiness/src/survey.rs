//! All that a document is made of.

use std::collections::BTreeSet;

use isolation_admission::Item;
use isolation_azure::State as Azure;
use isolation_report::Report;

use crate::cache::CacheRule;
use crate::document::{ClusterInfo, InputInfo, NotSeen, Numbers, Readiness, SCHEMA, VERSION};
use crate::plan::Context;
use crate::workloads::Workloads;
use crate::{addresses, images, plan, problems, progress, themes, unseen, verdict};

/// The registry that is written in commands where none was named.
pub const PLACEHOLDER_REGISTRY: &str = "yourregistry.azurecr.io";

/// All that a document is made of.
#[derive(Debug)]
pub struct Survey<'s> {
    /// What the policies found.
    pub report: &'s Report,
    /// The objects that they judged.
    pub items: &'s [Item],
    /// What Azure says of the cluster.
    pub azure: &'s Azure,
    /// What was read.
    pub input: Vec<InputInfo>,
    /// What the objects are called together where no cluster of Azure is given.
    pub name: String,
    /// The registries that images may come from; empty where none was named.
    pub registries: Vec<String>,
    /// The cache rules that are known: [`crate::known_cache_rules`].
    pub cache_rules: Vec<CacheRule>,
    /// What was not seen, by whoever read.
    pub unseen: Vec<NotSeen>,
    /// Sources of which a line says nothing to anybody: a cluster, a dump.
    pub without_lines: BTreeSet<String>,
    /// The namespace of objects that name none.
    pub namespace: String,
    /// The program, with its version.
    pub tool: String,
    /// The time, by RFC 3339.
    pub created: String,
    /// An earlier document.
    pub since: Option<Readiness>,
}

impl Survey<'_> {
    /// The document.
    pub fn document(self) -> Readiness {
        let workloads = Workloads::of(self.items, &self.namespace);
        let problems = problems::of(self.report, &workloads, &self.without_lines);
        let registries = images::of(&self, &workloads);
        let namespaces = themes::namespaces(self.items, &workloads, &problems);
        let not_seen = unseen::of(&self, &workloads);
        let features = themes::features(self.azure, &problems);
        let context = Context {
            problems: &problems,
            images: &registries,
            azure: self.azure,
            registry: self.registry(),
            registry_is_named: !self.registries.is_empty() || self.azure.registry().is_some(),
            has_objects: self.objects().next().is_some(),
            cache_rules: &self.cache_rules,
        };
        let plan = plan::of(&context);
        let verdict = verdict::of(&plan, &registries, &not_seen, self.azure);
        let progress = self.since.as_ref().map(|earlier| progress::since(earlier, &problems, &workloads));
        let severity = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
        let mut named: Vec<_> =
            problems.iter().map(|problem| (&problem.namespace, &problem.kind, &problem.workload)).collect();
        named.sort_unstable();
        named.dedup();
        Readiness {
            schema: SCHEMA.to_owned(),
            version: VERSION,
            tool: self.tool.clone(),
            created: self.created.clone(),
            cluster: self.cluster(),
            numbers: Numbers {
                objects: self.objects().count(),
                workloads: named.len(),
                namespaces: namespaces.iter().filter(|namespace| !namespace.name.is_empty()).count(),
                images: registries.iter().map(|registry| registry.images.len()).sum(),
                breaks: severity(crate::Severity::Breaks),
                warns: severity(crate::Severity::Warns),
            },
            input: self.input,
            verdict,
            plan,
            themes: themes::of(&problems),
            addresses: addresses::of(self.items),
            volumes: themes::volumes(&problems),
            features,
            problems,
            namespaces,
            registries,
            not_seen,
            progress,
        }
    }

    /// The objects of Kubernetes among what was judged.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.written.is_none())
    }

    /// The login server that commands name.
    fn registry(&self) -> String {
        let of_azure = self.azure.registry().map(|registry| registry.login_server.clone());
        let named = self.registries.first().map(|registry| registry.split('/').next().unwrap_or_default().to_owned());
        let of_cluster = || {
            let cluster = self.azure.cluster.as_ref().filter(|cluster| !cluster.has_managed_registry())?;
            Some(format!("{}.azurecr.io", cluster.registry_name()?.to_ascii_lowercase()))
        };
        let found = named.or(of_azure).or_else(of_cluster).filter(|host| !host.is_empty());
        found.unwrap_or_else(|| PLACEHOLDER_REGISTRY.to_owned())
    }

    fn cluster(&self) -> ClusterInfo {
        let registry = self.registry();
        let registry = Some(registry).filter(|host| host != PLACEHOLDER_REGISTRY);
        let Some(cluster) = &self.azure.cluster else {
            return ClusterInfo { name: self.name.clone(), registry, ..ClusterInfo::default() };
        };
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        ClusterInfo {
            name: cluster.name.clone(),
            resource_group: said(&cluster.resource_group),
            location: said(&cluster.location),
            kubernetes_version: said(&cluster.version),
            outbound_type: said(&cluster.outbound_type),
            artifact_source: said(&cluster.artifact_source),
            registry,
            pools: Some(cluster.pools.len()),
            nodes: Some(cluster.pools.iter().map(|pool| pool.count).sum()),
        }
    }
}
