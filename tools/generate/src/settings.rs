//! The page of all settings, for people.

use isolation::settings::Setting;
use isolation_all_policies::{POLICIES, is_shared};
use isolation_cases::settings_rows;

/// The page.
pub fn page() -> String {
    let common = common();
    let is_common = |setting: &&Setting| common.iter().any(|known| known.key == setting.key);
    let mut out = format!("{HEAD}{}{MEANINGS}", settings_rows(common.iter().copied()));
    for entry in POLICIES {
        let name = entry.name;
        let settings = entry.written_settings();
        let settings = || settings.iter().copied().flatten();
        let shared = settings().filter(is_common).map(|setting| {
            let required = if setting.required { " (required)" } else { "" };
            format!("`{}`{required}", setting.key)
        });
        let shared = shared.collect::<Vec<_>>().join(", ");
        out += &format!(
            "\n## {name}\n\nThe policy's page is [here](../policies/{name}/README.md). It has the [shared settings](#shared-settings) \
             {shared}, and:\n\n"
        );
        out += &settings_rows(settings().filter(|setting| !is_common(setting)));
    }
    out
}

/// The settings that may be written once at the top of the file, and mean the same in every policy that has them.
fn common() -> Vec<&'static Setting> {
    let mut common = Vec::<&'static Setting>::new();
    for setting in POLICIES.iter().flat_map(|entry| (entry.settings)().into_iter().flatten()) {
        let same = POLICIES.iter().filter_map(|entry| entry.setting(setting.key)).all(|other| other.doc == setting.doc);
        if same && is_shared(setting.key) && common.iter().all(|known| known.key != setting.key) {
            common.push(setting);
        }
    }
    common.sort_unstable_by_key(|setting| setting.key);
    common
}

/// What stands above the tables.
const HEAD: &str = "# Settings

`isolation.yaml` configures checks, reports and the deployment. `isolation` reads the file of this name in the working directory, or above it
up to the root of the repository; `-c FILE` names another. Helm takes the same file as values.

## The file

```yaml
registries: [myacr.azurecr.io]        # a shared setting: for every policy that has it
private-storage:                      # a section: settings of one policy
  lookup: true
closed-egress: false                  # a disabled policy
allow:                                # exceptions
  - {rule: NI101, object: {kind: Pod, namespace: shop}, reason: OPS-123}
registry: myacr.azurecr.io/policies   # from here on, the deployment
mode: monitor
families: [argo, istio]
```

| key | what it is |
| --- | --- |
| a policy's name | The policy's settings, in the tables below. A policy that is not in the file has its defaults; `false` switches it off. `cached-images` and `isolated-clusters` are deployed only if they have a section. |
| `cacheRules`, `customResources`, `enforcement`, `existing`, `registries` | [Shared settings](#shared-settings). |
| `allow` | [Exceptions](exceptions.md), each with a reason. |
| `registry` | Deployment: where the modules are, `HOST[/PREFIX]`, as in `myacr.azurecr.io/policies`. |
| `mode` | Deployment: `monitor` (default) reports violations, `protect` rejects them. |
| `families` | Deployment: the [families of custom resources](families.md) that the cluster has. |
| `policyServer` | Deployment: the policy server that runs the policies: [resources](deploy.md#2-write-isolationyaml), [certificate authorities](air-gap.md#a-private-certificate-authority), [signatures](verification.md#when-the-policy-server-loads-it), [another server](upgrade.md#another-policy-server). |
| `excludedNamespaces` | Deployment: [namespaces that are not judged](namespaces.md). |
| `guard` | Deployment: the [guard](namespaces.md#the-guard) of namespaces. |
| `auditScanner` | Deployment: the service account of Kubewarden's audit scanner, which gets the right to list what the policies judge. |
| `digests` | Deployment: the modules' digests, by policy, instead of the built-in ones. |

[values.yaml](../charts/network-isolation-policies/values.yaml) has every key of the deployment with its default. Editors complete and check the
file by its [schema](schemas/isolation.schema.json).

The settings of a policy also go into `spec.settings` of a policy resource in the cluster. There, `allowedViolations` holds
[exceptions](exceptions.md#in-the-cluster).

## Shared settings

You can write these settings once at the top of the file, for every policy that has them. A section overrides them.

";

/// What stands below the table of shared settings.
const MEANINGS: &str = "
`registries` at the top are those that images may come from, for `private-images`. `isolated-clusters` has a setting of the same name with another
meaning: the Azure Container Registries from which clusters may start. Write it into that section.

`registry` is not shared. At the top of the file it says where the modules are. In `private-images` and `cached-images` it is the registry of cache
rules that name none, and in `isolated-clusters` it says whose registry a cluster starts from. The option `--registry` is the registry of images in
`check`, `images`, `report` and `test`, and that of the modules in `publish` and `policies`.
";
