//! Which families of custom resources are switched on.

use std::collections::BTreeSet;

use isolation::kinds;
use isolation::similar::nearest_swapped;
use isolation_all_policies::POLICIES;

use crate::data::{CORE, Part, data};
use crate::error::DeployError;
use crate::special_families::special_family;

/// The word that means every family but those that are [`SpecialFamily::only_by_name`](crate::SpecialFamily::only_by_name).
pub const ALL: &str = "all";

/// What has to be switched on, so that objects of some kinds are judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needed {
    /// The families. Those that must be named because of what they cost are for the operator to choose, and not among them.
    pub families: BTreeSet<String>,
    /// Policies that judge one of the kinds and are deployed only where the configuration has a section for them.
    pub sections: BTreeSet<String>,
}

/// What has to be switched on, so that objects of these kinds, by their groups, are judged.
///
/// # Errors
///
/// Metadata that is not right, which a test would have found.
pub fn needed(kinds: &BTreeSet<(String, String)>) -> Result<Needed, DeployError> {
    let data = data()?;
    // What every cluster has says nothing of the software in it: Inspektor Gadget's family judges ConfigMaps.
    let usual = data.policies.iter().filter(|policy| !policy.by_choice).flat_map(|policy| &policy.parts);
    let usual = usual.filter(|part| part.name == CORE).flat_map(|part| &part.rules);
    let built_in: BTreeSet<&str> = usual.flat_map(|rule| &rule.api_groups).map(String::as_str).collect();
    let custom = kinds.iter().filter(|(group, _)| !built_in.contains(group.as_str()));
    let plurals: BTreeSet<(&str, _)> =
        custom.map(|(group, kind)| (group.as_str(), kinds::plural(group, kind))).collect();
    let judges = |part: &Part| {
        part.rules.iter().any(|rule| {
            plurals.iter().any(|(group, plural)| {
                rule.api_groups.iter().any(|of| of == group) && rule.resources.iter().any(|of| *of == *plural)
            })
        })
    };
    let mut needed = Needed::default();
    for policy in data.policies.iter().filter(|policy| !policy.mutating) {
        for part in policy.parts.iter().filter(|part| !part.only_by_name && judges(part)) {
            if part.name != CORE {
                needed.families.insert(part.name.clone());
            }
            if policy.by_choice {
                needed.sections.insert(policy.name.clone());
            }
        }
    }
    Ok(needed)
}

/// Which families are switched on: without a name, none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Families {
    all: bool,
    named: Vec<FamilyRef>,
}

/// A family by its name: of every policy that has one of that name, or of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyRef {
    policy: Option<String>,
    family: String,
}

impl FamilyRef {
    /// Reads `FAMILY` or `POLICY/FAMILY`.
    ///
    /// # Errors
    ///
    /// A family that no policy has.
    pub fn read(text: &str) -> Result<Self, DeployError> {
        let (policy, family) = match text.split_once('/') {
            Some((policy, family)) => (Some(policy.to_owned()), family.to_owned()),
            None => (None, text.to_owned()),
        };
        let name = Self { policy, family };
        let mut known = Vec::new();
        for entry in POLICIES {
            for family in entry.families().map_err(|cause| DeployError::Metadata { policy: entry.name, cause })? {
                if name.means(entry.name, &family.family) {
                    return Ok(name);
                }
                known.push(match name.policy {
                    Some(_) => format!("{}/{}", entry.name, family.family),
                    None => family.family,
                });
            }
        }
        let hint =
            nearest_swapped(text, known.iter().map(String::as_str)).map(|near| format!("; did you mean {near}?"));
        known.sort_unstable();
        known.dedup();
        Err(DeployError::UnknownFamily {
            given: text.to_owned(),
            hint: hint.unwrap_or_default(),
            known: known.join(", "),
        })
    }

    fn means(&self, policy: &str, family: &str) -> bool {
        self.family == family && self.policy.as_ref().is_none_or(|name| name == policy)
    }
}

impl Families {
    /// Reads names as [`FamilyRef::read`] does, [`ALL`] among them.
    ///
    /// # Errors
    ///
    /// A family that no policy has.
    pub fn read<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, DeployError> {
        let mut families = Self::default();
        for name in names {
            if name == ALL {
                families.all = true;
            } else {
                families.named.push(FamilyRef::read(name)?);
            }
        }
        Ok(families)
    }

    /// Whether the family of this policy is switched on.
    pub fn has(&self, policy: &str, family: &str) -> bool {
        let by_name = self.named.iter().any(|name| name.means(policy, family));
        by_name || self.all && special_family(policy, family).is_none_or(|entry| !entry.only_by_name)
    }

    /// Whether all of them are switched on.
    pub fn all(&self) -> bool {
        self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special_families::SPECIAL_FAMILIES;

    #[test]
    fn kinds_need_the_families_that_judge_them() {
        let of = |kinds: &[(&str, &str)]| {
            let kinds = kinds.iter().map(|(group, kind)| ((*group).to_owned(), (*kind).to_owned())).collect();
            let Needed { families, sections } = needed(&kinds).unwrap();
            (Vec::from_iter(families), Vec::from_iter(sections))
        };
        assert_eq!(
            of(&[("", "Pod"), ("", "ConfigMap"), ("", "Node"), ("example.com", "Application")]),
            (vec![], vec![])
        );
        assert_eq!(of(&[("argoproj.io", "Application")]), (vec!["argo".to_owned()], vec![]));
        let isolated = vec!["isolated-clusters".to_owned()];
        assert_eq!(of(&[("containerservice.azure.com", "ManagedCluster")]), (vec![], isolated.clone()));
        let (families, sections) = of(&[("infrastructure.cluster.x-k8s.io", "AzureManagedControlPlane")]);
        assert!(families.contains(&"capz".to_owned()) && sections == isolated, "{families:?}");
    }

    #[test]
    fn a_family_is_found_by_its_name_and_by_its_policys() {
        let argo = FamilyRef::read("argo").unwrap();
        assert!(argo.means("private-images", "argo") && argo.means("private-storage", "argo"));
        let one = FamilyRef::read("private-storage/argo").unwrap();
        assert!(!one.means("private-images", "argo") && one.means("private-storage", "argo"));
    }

    #[test]
    fn a_family_that_does_not_exist_is_refused_with_the_nearest() {
        let text = FamilyRef::read("argoo").unwrap_err().to_string();
        assert!(text.contains("unknown family argoo; did you mean argo?"), "{text}");
        let text = FamilyRef::read("closed-egress/dapr").unwrap_err().to_string();
        assert!(text.contains("unknown family closed-egress/dapr"), "{text}");
    }

    #[test]
    fn the_families_that_are_handled_with_care_exist_and_can_be_named() {
        for entry in SPECIAL_FAMILIES {
            FamilyRef::read(&format!("{}/{}", entry.policy, entry.family)).unwrap();
            assert_eq!(Families::read(["all"]).unwrap().has(entry.policy, entry.family), !entry.only_by_name);
            let named = Families::read([entry.family]).unwrap();
            assert!(named.has(entry.policy, entry.family));
        }
    }
}
