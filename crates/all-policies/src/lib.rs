//! Every policy: its rules, its settings, its metadata. What prints, lists or generates something for each of them goes
//! through [`POLICIES`]; a policy that is not in it fails a test.

mod custom_resources;

pub use custom_resources::CustomResource;

use std::mem::discriminant;

use isolation::allowed_violations::ALLOWED_VIOLATIONS;
use isolation::policy::{self, tables};
use isolation::rule::Page;
use isolation::settings::{Setting, SettingsProblem};
use isolation::verdict::Answer;
use isolation::{Cluster, Policy, Value};
use isolation_policy_module::{Family, Metadata, MetadataError};

/// What is known of a policy natively.
#[derive(Debug)]
pub struct Entry {
    /// The policy's name.
    pub name: &'static str,
    /// The pages of its rules.
    pub pages: &'static [Page],
    /// Whether the policy may ask the cluster.
    pub looks_up: bool,
    /// Answers the operation `validate`, natively.
    pub validate: fn(&[u8], &dyn Cluster) -> Answer,
    /// The same for a request and settings that were read before.
    pub validate_tree: fn(Value<'_>, Value<'_>, &dyn Cluster) -> Answer,
    /// Answers the operation `validate_settings`, natively.
    pub validate_settings: fn(&[u8]) -> Result<(), String>,
    /// What is wrong with settings, one by one.
    pub settings_problems: fn(&[u8]) -> Vec<SettingsProblem>,
    /// Its own settings, and those that every policy has.
    pub settings: fn() -> [&'static [Setting]; 2],
    /// The text of its `metadata.yml`.
    pub metadata: &'static str,
    /// The text of its `custom-resources.yml`; empty where there is none.
    pub families: &'static str,
}

macro_rules! entry {
    ($policy:path, $krate:ident, $folder:literal, $families:expr) => {
        Entry {
            name: <$policy as Policy>::NAME,
            pages: $krate::PAGES,
            looks_up: <$policy as Policy>::LOOKS_UP,
            validate: policy::validate::<$policy>,
            validate_tree: policy::validate_tree::<$policy>,
            validate_settings: policy::validate_settings::<$policy>,
            settings_problems: policy::settings_problems::<$policy>,
            settings: tables::<$policy>,
            metadata: include_str!(concat!("../../../policies/", $folder, "/metadata.yml")),
            families: $families,
        }
    };
}

macro_rules! families {
    ($folder:literal) => {
        include_str!(concat!("../../../policies/", $folder, "/custom-resources.yml"))
    };
}

/// Every policy, in the order of their rules' ids.
pub const POLICIES: &[Entry] = &[
    entry!(private_images::PrivateImages, private_images, "private-images", families!("private-images")),
    entry!(
        internal_load_balancers::InternalLoadBalancers,
        internal_load_balancers,
        "internal-load-balancers",
        families!("internal-load-balancers")
    ),
    entry!(private_storage::PrivateStorage, private_storage, "private-storage", families!("private-storage")),
    entry!(
        supported_extensions::SupportedExtensions,
        supported_extensions,
        "supported-extensions",
        families!("supported-extensions")
    ),
    entry!(closed_egress::ClosedEgress, closed_egress, "closed-egress", families!("closed-egress")),
    entry!(isolated_clusters::IsolatedClusters, isolated_clusters, "isolated-clusters", families!("isolated-clusters")),
    entry!(cached_images::CachedImages, cached_images, "cached-images", families!("cached-images")),
];

/// The policy of this name.
pub fn policy(name: &str) -> Option<&'static Entry> {
    POLICIES.iter().find(|entry| entry.name == name)
}

/// Every rule with its page, and the policy that it belongs to; the rules that every policy has come first, without one.
pub fn pages() -> impl Iterator<Item = (Option<&'static Entry>, &'static Page)> {
    let own = POLICIES.iter().flat_map(|entry| entry.pages.iter().map(move |page| (Some(entry), page)));
    isolation::rules::PAGES.iter().map(|page| (None, page)).chain(own)
}

/// The page of the rule with this id or name, and the policy that it belongs to, unless every policy has it.
pub fn page(id: &str) -> Option<(Option<&'static Entry>, &'static Page)> {
    pages().find(|(_, page)| page.rule.id.eq_ignore_ascii_case(id) || page.rule.name.eq_ignore_ascii_case(id))
}

/// Whether several policies have a setting of this key, so that `isolation.yaml` may give it once for all of them. Where its
/// type differs, as that of `registry` does, it means different things, and each section has its own.
pub fn is_shared(key: &str) -> bool {
    if is_deployed_only(key) {
        return false;
    }
    let types = || POLICIES.iter().filter_map(|entry| entry.setting(key)).map(|setting| discriminant(&setting.shape));
    types().count() > 1 && types().next().is_some_and(|first| types().all(|other| other == first))
}

/// The keys of settings that several policies share.
pub fn shared_keys() -> Vec<&'static str> {
    let all = POLICIES.iter().flat_map(|entry| (entry.settings)().into_iter().flatten()).map(|setting| setting.key);
    let mut keys: Vec<_> = all.filter(|key| is_shared(key)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Whether a setting is not for `isolation.yaml`, which says the same in another way: exceptions stand there with a reason,
/// under the key `allow`.
pub fn is_deployed_only(key: &str) -> bool {
    key == ALLOWED_VIOLATIONS.key
}

/// The keys of `isolation.yaml` that say how policies are deployed. They are the chart's, and no verdict depends on them.
pub const DEPLOYMENT_KEYS: &[&str] =
    &["registry", "mode", "families", "policyServer", "excludedNamespaces", "guard", "auditScanner", "digests"];

/// Settings of a policy that mean something else than the shared one of their name and type. `registries` are hosts and prefixes
/// that images may come from; those of `isolated-clusters` are the Azure Container Registries that clusters may start from, and it
/// would refuse a host such as `ghcr.io`.
const NOT_SHARED: &[(&str, &str)] = &[("isolated-clusters", "registries")];

impl Entry {
    /// Whether the policy has a setting of this key.
    pub fn has_setting(&self, key: &str) -> bool {
        self.setting(key).is_some()
    }

    /// Whether it takes the value that is given once for all policies.
    pub fn shares(&self, key: &str) -> bool {
        is_shared(key) && self.has_setting(key) && !NOT_SHARED.contains(&(self.name, key))
    }

    /// The tables of its settings that `isolation.yaml` takes.
    pub fn written_settings(&self) -> Vec<&'static [Setting]> {
        let tables = (self.settings)().into_iter();
        tables.flat_map(|table| table.split(|setting| is_deployed_only(setting.key))).collect()
    }

    /// Its setting of this key.
    pub fn setting(&self, key: &str) -> Option<&'static Setting> {
        (self.settings)().into_iter().flatten().find(|setting| setting.key == key)
    }

    /// What a run that asks no cluster gives to the policy, as settings and their JSON: the policy may then look at the
    /// objects of its input. Nothing, if any of these settings is `given`.
    pub fn offline(&self, given: &dyn Fn(&Setting) -> bool) -> Vec<(&'static str, &'static str)> {
        let settings = (self.settings)().into_iter().flatten();
        let offline: Vec<_> = settings.filter(|setting| !setting.offline.is_empty()).collect();
        if offline.iter().any(|setting| given(setting)) {
            return Vec::new();
        }
        offline.into_iter().map(|setting| (setting.key, setting.offline)).collect()
    }

    /// Its metadata.
    ///
    /// # Errors
    ///
    /// A `metadata.yml` that is not right, which a test would have found.
    pub fn metadata(&self) -> Result<Metadata, MetadataError> {
        Metadata::read(self.metadata)
    }

    /// Its rules for custom resources, family by family.
    ///
    /// # Errors
    ///
    /// A `custom-resources.yml` that is not right, which a test would have found.
    pub fn families(&self) -> Result<Vec<Family>, MetadataError> {
        if self.families.is_empty() { Ok(Vec::new()) } else { isolation_policy_module::families(self.families) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use isolation::LookupError;

    /// The input of a run, which holds one public class.
    struct Input;

    impl Cluster for Input {
        fn get(&self, _: &str, _: &str, name: &str, _: &[&str]) -> Result<Vec<u8>, LookupError> {
            if name == "shares" {
                Ok(br#"{"provisioner": "file.csi.azure.com"}"#.to_vec())
            } else {
                Err(LookupError::NotFound)
            }
        }
    }

    /// What is declared and not used, or used and not declared, is what `kwctl annotate` warns of.
    #[test]
    fn what_looks_up_declares_it_and_nothing_else_does() {
        for entry in POLICIES {
            let metadata = entry.metadata().unwrap();
            assert_eq!(entry.looks_up, !metadata.context_aware_resources.is_empty(), "{}", entry.name);
        }
    }

    #[test]
    fn a_claim_is_judged_by_the_class_of_the_same_input() {
        let storage = policy("private-storage").unwrap();
        let settings = |given: &[&str]| {
            let offline = storage.offline(&|setting| given.contains(&setting.key));
            offline.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect::<Vec<_>>().join(", ")
        };
        let accepted = |class: &str, settings: &str| {
            let payload = format!(
                r#"{{"request": {{"uid": "u", "operation": "CREATE",
                    "kind": {{"group": "", "version": "v1", "kind": "PersistentVolumeClaim"}},
                    "object": {{"spec": {{"storageClassName": "{class}"}}}}}}, "settings": {{{settings}}}}}"#
            );
            let answer = format!("{:?}", (storage.validate)(payload.as_bytes(), &Input));
            !answer.contains("NI310") && !answer.contains("NI311")
        };
        assert!(!accepted("shares", &settings(&[])));
        assert!(accepted("of-another-file", &settings(&[])));
        // Explicit settings for look-ups apply here as in admission.
        assert_eq!(settings(&["lookup"]), "");
        assert!(accepted("shares", ""));
        assert!(POLICIES.iter().all(|entry| entry.name == storage.name || entry.offline(&|_| false).is_empty()));
    }

    #[test]
    fn a_value_for_all_policies_is_only_for_those_that_mean_the_same_by_it() {
        assert_eq!(shared_keys(), ["cacheRules", "customResources", "enforcement", "existing", "registries"]);
        let share =
            |key: &str| POLICIES.iter().filter(|entry| entry.shares(key)).map(|entry| entry.name).collect::<Vec<_>>();
        assert_eq!(share("registries"), ["private-images"]);
        for (name, key) in NOT_SHARED {
            assert!(policy(name).is_some_and(|entry| entry.has_setting(key)) && is_shared(key), "{name}: {key}");
        }
        assert_eq!(share("cacheRules"), ["private-images", "cached-images"]);
        assert_eq!((share("enforcement").len(), share("registry").len()), (POLICIES.len(), 0));
    }

    #[test]
    fn every_policy_of_the_repository_is_here_and_no_id_is_there_twice() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        let mut known: Vec<_> = POLICIES.iter().map(|entry| entry.name.to_owned()).collect();
        known.sort();
        assert_eq!(known, names);
        let mut ids: Vec<_> = pages().flat_map(|(_, page)| [page.rule.id, page.rule.name]).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{ids:?}");
    }
}
