//! The page of all families of custom resources, for people who deploy.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use isolation::kinds::KINDS;
use isolation_all_policies::POLICIES;
use isolation_cases::table;

/// What a family has of one API group.
#[derive(Default)]
struct Part {
    kinds: BTreeSet<String>,
    policies: BTreeSet<&'static str>,
}

/// The page.
///
/// # Errors
///
/// A `custom-resources.yml` that is not right.
pub fn page() -> Result<String> {
    let mut parts = BTreeMap::<(String, String), Part>::new();
    for entry in POLICIES {
        for family in entry.families()? {
            for rule in &family.rules {
                for group in &rule.api_groups {
                    let part = parts.entry((family.family.clone(), group.clone())).or_default();
                    part.kinds.extend(rule.resources.iter().map(|resource| kind(group, resource)));
                    part.policies.insert(entry.name);
                }
            }
        }
    }
    let mut last = String::new();
    let rows = parts.into_iter().map(|((family, group), part)| {
        let name = if family == last { String::new() } else { format!("`{family}`") };
        last = family;
        let group = if group.is_empty() { "(built-in)".to_owned() } else { format!("`{group}`") };
        let kinds: Vec<_> = part.kinds.into_iter().collect();
        let policies: Vec<_> = part.policies.into_iter().collect();
        vec![name, group, kinds.join(", "), policies.join(", ")]
    });
    Ok(HEAD.to_owned() + &table(&["family", "API group", "kinds", "policies"], rows))
}

/// The kind that a rule's resource names, with its subresource.
fn kind(group: &str, resource: &str) -> String {
    let (plural, subresource) = resource.split_once('/').map_or((resource, None), |(plural, sub)| (plural, Some(sub)));
    let known = KINDS.iter().find(|known| known.group == group && known.plural == plural);
    let kind = known.map_or(plural, |known| known.kind);
    subresource.map_or_else(|| kind.to_owned(), |subresource| format!("{kind}/{subresource}"))
}

/// What stands above the table.
const HEAD: &str = "# Families of custom resources

A policy's rules may name only resources that the cluster has. So the rules for custom resources are deployed in families: sets that are
installed together. Name those that your cluster has in isolation.yaml, or with `isolation policies --family`:

```yaml
families: [argo, istio]                     # in every policy that has them
# families: [private-images/argo]           # in one policy
# families: [all]                           # all that cannot block a cluster
```

`kubectl api-resources -o name` lists what the cluster has: a resource's group follows the first dot. `isolation check` and
`isolation report` judge every family in any case.

`all` enables every family except those that can block a cluster. Four families differ from the others:

| family | how it differs |
| --- | --- |
| `nodes` | Nodes with public addresses. The policy server runs on nodes, and a node that waits for it cannot join; so requests pass while no policy server answers (`failurePolicy: Ignore`). Only by name, not with `all`. |
| `endpoints` | EndpointSlices and Endpoints with public addresses. Every pod that becomes ready or stops writes one, even in `kube-system`, and the policy server itself is reached through one; so requests pass while no policy server answers (`failurePolicy: Ignore`). Only by name. |
| `gateway-parameters` | ConfigMaps that customise Istio's Gateways. The policy server gets every ConfigMap of the cluster, and none can be written while no policy server answers. Only by name. |
| `kubewarden` | Images of Kubewarden itself, including these policies: `registries` must contain the registry of their modules, otherwise they could no longer be changed, and the chart refuses that. To repair a policy server that does not start, you change it or its policies, so these requests pass while none answers (`failurePolicy: Ignore`). |

## All families

";
