//! Judges that are linked into this program.

use std::sync::Arc;

use isolation::cluster::{Cluster, LookupError};
use isolation::settings::SettingsProblem;
use isolation::verdict;
use isolation_all_policies::{Entry, POLICIES};
use isolation_policy_module::{Metadata, MetadataError};
use serde_json::Value;

use crate::annotation::AnnotationFinding;
use crate::call::Call;
use crate::cluster::Reach;
use crate::configured::Available;
use crate::judge::{Answer, Failure, Judge, Missing};
use crate::module_url::name_of;

/// The policies that are linked into this program.
#[derive(Debug)]
pub struct Modules {
    judges: Vec<Arc<Native>>,
    available: Vec<Available>,
}

impl Modules {
    /// All of them.
    ///
    /// # Errors
    ///
    /// A policy whose metadata is not right, which a test would have found.
    pub fn new() -> Result<Self, MetadataError> {
        let native = |entry: &'static Entry| Ok(Arc::new(Native { entry, metadata: entry.metadata()? }));
        let judges = POLICIES.iter().map(native).collect::<Result<Vec<_>, MetadataError>>()?;
        let available =
            |judge: &Arc<Native>| Available { name: judge.entry.name.to_owned(), metadata: judge.metadata.clone() };
        Ok(Modules { available: judges.iter().map(available).collect(), judges })
    }

    /// What there is.
    pub fn available(&self) -> &[Available] {
        &self.available
    }
}

impl crate::judge::Modules for Modules {
    fn find(&self, module: &str) -> Result<Arc<dyn Judge>, Missing> {
        let found = self.judges.iter().find(|judge| judge.entry.name == name_of(module));
        match found {
            Some(judge) => Ok(Arc::<Native>::clone(judge)),
            None => Err(Missing { what: format!("{module} is not built into this program"), help: String::new() }),
        }
    }
}

/// A policy that is linked into this program.
#[derive(Debug)]
struct Native {
    entry: &'static Entry,
    metadata: Metadata,
}

impl Judge for Native {
    fn metadata(&self) -> Option<&Metadata> {
        Some(&self.metadata)
    }

    fn check_settings(&self, settings: &Value) -> Result<Vec<SettingsProblem>, Failure> {
        Ok((self.entry.settings_problems)(settings.to_string().as_bytes()))
    }

    fn validate(&self, call: &Call<'_, '_>, reach: &Reach) -> Result<Answer, Failure> {
        let verdict::Answer { rejection, findings, omitted, warnings, rewritten } = match call.trees() {
            Some((request, settings)) => (self.entry.validate_tree)(request, settings, reach),
            None => (self.entry.validate)(&call.payload(), reach),
        };
        // What could not be read at all is refused by a text alone.
        let is_text = findings.is_empty() && rejection.is_some();
        Ok(Answer {
            accepted: rejection.is_none(),
            message: rejection.unwrap_or_default(),
            warnings,
            findings: (!is_text).then(|| findings.into_iter().map(AnnotationFinding::from).collect()),
            omitted,
            mutated: rewritten,
        })
    }
}

impl Cluster for Reach {
    fn get(&self, api_version: &str, kind: &str, name: &str, _: &[&str]) -> Result<Vec<u8>, LookupError> {
        let granted = &self.granted;
        if !granted.iter().any(|resource| resource.api_version == api_version && resource.kind == kind) {
            let text = format!("Policy has not been granted access to Kubernetes {api_version}/{kind} resources.");
            return Err(LookupError::Failed(text));
        }
        let object = self.cluster.get(api_version, kind, None, name).ok_or(LookupError::NotFound)?;
        Ok(object.to_string().into_bytes())
    }
}
