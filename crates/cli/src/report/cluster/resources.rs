//! The kinds that a cluster serves, as `kubectl api-resources` prints them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use isolation::kinds;
use isolation_all_policies::{CustomResource, POLICIES};
use isolation_readiness::NotSeen;

/// A kind that can be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its name in URLs.
    pub plural: String,
    /// The group; empty for the core group.
    pub group: String,
    /// The version that is served first.
    pub version: String,
    /// The kind.
    pub kind: String,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
}

/// Reads the table. Columns are found by the one that says `true` or `false`: short names are missing in most rows.
pub fn read(table: &str) -> Vec<Resource> {
    table.lines().skip(1).filter_map(row).collect()
}

fn row(line: &str) -> Option<Resource> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|word| matches!(*word, "true" | "false")).filter(|at| *at >= 2)?;
    let api_version = words.get(at - 1)?;
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    Some(Resource {
        plural: (*words.first()?).to_owned(),
        group: group.to_owned(),
        version: version.to_owned(),
        kind: (*words.get(at + 1)?).to_owned(),
        namespaced: words.get(at) == Some(&"true"),
    })
}

/// What limits a list of namespaces to one, whose name follows.
pub const ONE_NAMESPACE: &str = "?fieldSelector=metadata.name%3D";

/// Kinds that no policy judges and that say whose the others are.
const BESIDE: &[(&str, &str)] = &[("", "namespaces"), ("", "nodes")];

/// What the policies' rules name: groups and plurals.
static JUDGED: LazyLock<BTreeSet<(String, String)>> = LazyLock::new(|| {
    let rules = POLICIES.iter().flat_map(|policy| {
        let own = policy.metadata().map(|metadata| metadata.rules).unwrap_or_default();
        let families = policy.families().unwrap_or_default().into_iter().flat_map(|family| family.rules);
        own.into_iter().chain(families)
    });
    let mut judged = BTreeSet::new();
    for rule in rules {
        for group in &rule.api_groups {
            for resource in &rule.resources {
                let plural = resource.split('/').next().unwrap_or_default();
                judged.insert((group.clone(), plural.to_owned()));
            }
        }
    }
    judged.extend(BESIDE.iter().map(|(group, plural)| ((*group).to_owned(), (*plural).to_owned())));
    judged
});

impl Resource {
    /// Whether a policy judges its objects. Secrets are never read: no rule needs them.
    pub fn is_judged(&self) -> bool {
        let is_secret = self.group.is_empty() && self.plural == "secrets";
        !is_secret && JUDGED.contains(&(self.group.clone(), self.plural.clone()))
    }

    /// Whether it is the one that the setting `customResources` names.
    pub fn is(&self, named: &CustomResource) -> bool {
        self.group == named.group && self.kind == named.kind
    }

    /// `deployments.apps`
    pub fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// Where its objects are listed: everywhere, or in these namespaces.
    pub fn paths(&self, namespaces: &[String]) -> Vec<String> {
        let Resource { plural, group, version, namespaced, .. } = self;
        let base = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
        if namespaces.is_empty() {
            return vec![format!("{base}/{plural}")];
        }
        // A role for one namespace by its name allows to list it, too, where it is asked for by name:
        // <https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources>.
        if group.is_empty() && plural == "namespaces" {
            return namespaces.iter().map(|namespace| format!("{base}/{plural}{ONE_NAMESPACE}{namespace}")).collect();
        }
        if !namespaced {
            return vec![format!("{base}/{plural}")];
        }
        namespaces.iter().map(|namespace| format!("{base}/namespaces/{namespace}/{plural}")).collect()
    }
}

/// A kind that the setting `customResources` names and the cluster does not have, or has under another name, so that no policy
/// is asked about it.
pub fn not_served(named: &CustomResource, found: &[Resource]) -> Option<NotSeen> {
    let CustomResource { group, kind, plural } = named;
    let mut served = found.iter().filter(|resource| resource.is(named)).peekable();
    let Some(first) = served.peek().map(|resource| resource.plural.clone()) else {
        return Some(NotSeen {
            what: format!("customResources names {kind} of {group}, and the cluster has no such kind"),
            help: format!("`kubectl api-resources --api-group {group}` lists its kinds"),
            decides: false,
        });
    };
    served.all(|resource| resource.plural != *plural).then(|| NotSeen {
        what: format!("The cluster has {kind} of {group} as {first}, not as {plural}, so no policy is asked about it"),
        help: format!("Write `plural: {first}` beside the kind in customResources"),
        decides: false,
    })
}

/// How many kinds are named.
const NAMED: usize = 12;

/// The custom kinds that no rule reads.
pub fn without_reader(unread: &[Resource]) -> Option<NotSeen> {
    let custom: Vec<String> = unread
        .iter()
        .filter(|resource| resource.group.contains('.') && !resource.group.ends_with(".k8s.io"))
        .filter(|resource| kinds::find(&resource.group, &resource.kind).is_none())
        .map(Resource::qualified)
        .collect();
    if custom.is_empty() {
        return None;
    }
    let more = custom.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let number = custom.len();
    let kinds = if number == 1 { "custom kind" } else { "custom kinds" };
    let named = custom.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    Some(NotSeen {
        what: format!(
            "{number} {kinds} of the cluster that no rule reads: {named}{more}. Pods and Services that their controllers create were checked, what these pull without a pod was not"
        ),
        help: "If such a kind names images, list their paths under `customResources` in isolation.yaml".to_owned(),
        decides: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_a_setting_names_is_one_that_the_cluster_has() {
        let found = read("NAME APIVERSION NAMESPACED KIND\ndata example.com/v1 true Datum\n");
        let named = |kind: &str, plural: &str| CustomResource {
            group: "example.com".to_owned(),
            kind: kind.to_owned(),
            plural: plural.to_owned(),
        };
        assert!(found[0].is(&named("Datum", "datums")));
        assert!(not_served(&named("Datum", "data"), &found).is_none());
        let other = not_served(&named("Datum", "datums"), &found).unwrap();
        assert!(other.what.contains("as data, not as datums") && other.help.contains("plural: data"), "{other:?}");
        assert!(not_served(&named("Data", "data"), &found).unwrap().what.contains("has no such kind"));
    }

    #[test]
    fn a_row_is_read_with_short_names_and_without() {
        let table = "\
NAME           SHORTNAMES   APIVERSION   NAMESPACED   KIND         VERBS       CATEGORIES
pods           po           v1           true         Pod          get,list    all
deployments    deploy       apps/v1      true         Deployment   get,list    all
secrets                     v1           true         Secret       get,list
storageclasses sc           storage.k8s.io/v1 false   StorageClass get,list
widgets                     example.com/v1 true       Widget       get,list
namespaces                  v1           false        Namespace    get,list
";
        let read = read(table);
        assert_eq!(read.len(), 6);
        assert_eq!(read[1].paths(&[]), ["/apis/apps/v1/deployments"]);
        assert_eq!(
            read[0].paths(&["shop".into(), "web".into()]),
            ["/api/v1/namespaces/shop/pods", "/api/v1/namespaces/web/pods"]
        );
        assert_eq!(read[3].paths(&["shop".into()]), ["/apis/storage.k8s.io/v1/storageclasses"]);
        assert_eq!(read[5].paths(&[]), ["/api/v1/namespaces"]);
        assert_eq!(read[5].paths(&["shop".into()]), ["/api/v1/namespaces?fieldSelector=metadata.name%3Dshop"]);
        let judged: Vec<bool> = read.iter().map(Resource::is_judged).collect();
        assert_eq!(judged, [true, true, false, true, false, true]);
        assert!(without_reader(&read[4..5]).is_some_and(|unseen| unseen.what.contains("widgets.example.com")));
    }
}
