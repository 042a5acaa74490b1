//! Rejects clusters in an API version without the fields for isolation.
//!
//! ## Why it matters
//!
//! Outbound type `none` and `bootstrapProfile` exist since `v1api20250801`. In an older version the API server rejects
//! the first and silently drops the second, so the cluster would never be isolated. Azure's own API has both since
//! `2025-02-01`, and previews since `2024-05-02-preview`.
//!
//! ## What it does
//!
//! Reads the date in the API version of an ASO `ManagedCluster`, also in storage versions, and rejects versions before
//! 2025-08-01. The command line does the same with a cluster in an ARM template or a plan of Terraform, from Azure's own
//! first versions on.
//!
//! ## Fields
//!
//! `apiVersion` of an ASO `ManagedCluster`, also inside a CAPZ `AzureASOManagedControlPlane`, and of an ARM template's
//! cluster; `type` of an `azapi_resource`.
//!
//! ## Instead
//!
//! Write `containerservice.azure.com/v1api20250801`, or `v20250801` and newer where the operator serves it.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! - Agent pools, whose fields are the same in all versions.
//! - The provider azurerm, which chooses the version itself.
//!
//! ## References
//!
//! <https://azure.github.io/azure-service-operator/reference/containerservice/>

use isolation::{FieldRef, Findings, Rule, Value};

/// The rule.
pub const RULE: Rule = Rule { id: "NI615", name: "old-api-version", since: "0.1.0" };

/// The first version with the fields for isolation.
const FIRST: u32 = 20_250_801;

/// Judges the API version of a cluster.
pub fn check(object: Value<'_>, version: &str, findings: &mut Findings) {
    if !is_old(version) {
        return;
    }
    let field = match object.field("apiVersion") {
        Some(value) => FieldRef::from(value),
        None => FieldRef::missing(object, &["apiVersion"]),
    };
    let what = "this version has neither outbound type none nor bootstrapProfile, so the cluster cannot be isolated";
    findings.deny(&RULE, field, what, "Write containerservice.azure.com/v1api20250801 or newer");
}

/// Whether a version lacks the fields for isolation. A version without a date is not known to.
pub fn is_old(version: &str) -> bool {
    let prefixes = ["v1api", "v1beta", "v"];
    let date = prefixes.iter().find_map(|prefix| version.strip_prefix(prefix)?.get(..8)?.parse::<u32>().ok());
    date.is_some_and(|date| date < FIRST)
}

#[cfg(test)]
mod tests {
    use super::is_old;

    #[test]
    fn the_date_decides_whatever_stands_around_it() {
        for old in ["v1api20240901", "v20240901", "v1api20240402preview", "v1api20240901storage", "v1beta20210501"] {
            assert!(is_old(old), "{old}");
        }
        for new in
            ["v1api20250801", "v20250801", "v20251002preview", "v20260501storage", "v1", "", "v1api", "v1apié0240901"]
        {
            assert!(!is_old(new), "{new}");
        }
    }
}
