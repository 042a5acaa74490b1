//! The page of all settings, for people.

use isolation_all_policies::{POLICIES, is_shared};
use isolation_cases::settings_table;

/// The page.
pub fn page() -> String {
    let mut shared: Vec<&str> = (POLICIES.iter())
        .flat_map(|entry| (entry.settings)().into_iter().flatten())
        .map(|setting| setting.key)
        .filter(|key| is_shared(key))
        .collect();
    shared.sort_unstable();
    shared.dedup();
    let shared: Vec<String> = shared.iter().map(|key| format!("`{key}`")).collect();
    let mut out = format!("{HEAD}{}.\n", shared.join(", "));
    for entry in POLICIES {
        let name = entry.name;
        out += &format!("\n## {name}\n\nThe policy's page is [here](../policies/{name}/README.md).\n\n");
        out += &settings_table(&entry.written_settings());
    }
    out
}

/// What stands above the tables.
const HEAD: &str = "# Settings

`isolation.yaml` has a section for each policy, under the policy's name. A policy that is not in the file has its defaults; `false` in
place of a section switches the policy off. The same settings go into `spec.settings` of a policy resource in the cluster.

Editors complete and check the file by its [schema](schemas/isolation.schema.json). The file may also contain
[exceptions](pull-requests.md), and what [deployment](deploy.md) needs.

## Shared settings

If several policies have a setting of the same name and kind, you can write it once at the top of the file. A section overrides it. These
settings can be shared: ";
