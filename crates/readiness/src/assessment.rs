//! From a survey to its document.

use crate::document::{Numbers, Readiness, SCHEMA, VERSION};
use crate::images::Known;
use crate::plan::Context;
use crate::survey::Survey;
use crate::{plan, progress, themes, unseen, verdict};

impl Survey<'_> {
    /// The document.
    pub fn document(mut self) -> Readiness {
        let problems = std::mem::take(&mut self.found.problems).sorted();
        let objects = &self.found.objects;
        let known =
            Known { registries: &self.registries, cache_rules: &self.cache_rules, policies: &self.report.policies };
        let registries = self.found.images.by_registry(&known, &objects.workloads);
        let namespaces = themes::namespaces(objects, &problems);
        let not_seen = unseen::of(&self, !registries.is_empty());
        let features = themes::features(self.azure, &problems);
        let context = Context {
            problems: &problems,
            images: &registries,
            azure: self.azure,
            registry: self.registry(),
            registry_is_named: !self.registries.is_empty() || self.azure.registry().is_some(),
            has_objects: objects.number > 0,
            has_all_objects: !self.incomplete && self.report.not_evaluated.is_empty(),
            cache_rules: &self.cache_rules,
            kinds: &objects.kinds,
        };
        let plan = plan::of(&context);
        let verdict = verdict::of(&plan, &registries, &not_seen, self.azure);
        let progress = self.since.as_ref().map(|earlier| progress::since(earlier, &problems, &objects.workloads));
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
                objects: objects.number,
                workloads: named.len(),
                namespaces: namespaces.iter().filter(|namespace| !namespace.name.is_empty()).count(),
                images: registries.iter().map(|registry| registry.images.len()).sum(),
                breaks: severity(crate::Severity::Breaks),
                warns: severity(crate::Severity::Warns),
                accepted: problems.iter().filter(|problem| problem.accepted.is_some()).count(),
            },
            input: self.input,
            verdict,
            plan,
            themes: themes::of(&problems),
            addresses: self.found.objects.addresses,
            volumes: themes::volumes(&problems),
            features,
            problems,
            namespaces,
            registries,
            not_seen,
            progress,
        }
    }
}
