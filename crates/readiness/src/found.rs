//! What was found in objects, told part by part once all objects are known: to whom a finding belongs, the others say.

use std::collections::BTreeSet;

use isolation_admission::Item;
use isolation_report::{Allowed, Finding};

use crate::images::Images;
use crate::objects::Objects;
use crate::problems::Problems;

/// Objects, and what was found in them.
#[derive(Debug)]
pub struct Found {
    pub(crate) objects: Objects,
    pub(crate) problems: Problems,
    pub(crate) images: Images,
    without_lines: BTreeSet<String>,
}

impl Found {
    /// Nothing yet. `without_lines` are sources of which a line says nothing to anybody: a cluster, a dump.
    pub fn new(objects: Objects, without_lines: BTreeSet<String>) -> Self {
        Found { objects, problems: Problems::default(), images: Images::default(), without_lines }
    }

    /// Adds what was found in these of the objects, in the order of the input: what is left, and what exceptions allow.
    pub fn add(&mut self, items: &[Item], findings: &[Finding], allowed: &[Allowed]) {
        let workloads = &mut self.objects.workloads;
        for item in items {
            let key = workloads.key(&item.reference());
            if !workloads.is_history(key) {
                self.images.add(item, workloads.top(key));
            }
        }
        findings.iter().for_each(|finding| self.images.add_finding(finding));
        let found = findings.iter().map(|finding| (finding, None));
        let allowed = allowed.iter().map(|allowed| (&allowed.finding, Some(allowed.reason.as_str())));
        for (finding, reason) in found.chain(allowed) {
            let place = &finding.location.place;
            let name = &place.source.name;
            let written = || if self.without_lines.contains(name) { name.clone() } else { place.to_string() };
            self.problems.add(finding, reason, workloads, &written);
        }
    }
}
