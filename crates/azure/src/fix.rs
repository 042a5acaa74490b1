//! What to write instead, in the words of the text that a resource is written in. A rule's own sentence is about the object of an
//! operator, and is never read: where one value mends a field that is not set, path and value say all of it.

use isolated_clusters::KEEP_CACHE_RULE;
use isolation_admission::AnnotationFinding;
use serde_json::json;

use crate::translate::Translated;

/// What to write instead of what was found in a resource.
pub fn fix(translated: &Translated, found: &AnnotationFinding) -> String {
    if translated.is_object {
        return found.fix.clone();
    }
    match (found.rule.as_str(), found.set()) {
        // Which registry, only the user knows: an example is no change.
        ("NI605", None) if found.missing => translated.write(&found.path, &json!("/subscriptions/…/registries/myacr")),
        // The operator's first version is not Azure's.
        ("NI615", _) => "Write version 2025-08-01 or newer".to_owned(),
        ("NI620", _) => format!(
            "{KEEP_CACHE_RULE}; to keep the rule in Azure, remove the request that deletes it, or take the resource out of the state: terraform state rm"
        ),
        (_, Some(to)) if found.missing => translated.write(&found.path, to),
        _ => found.fix.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::translate::{Version, arm};

    /// What is said of a cluster in a template.
    fn said(rule: &str, path: &str, more: &Value) -> String {
        let version = Version { name: "2025-08-01", path: "apiVersion" };
        let kind = ("containerservice.azure.com", "ManagedCluster");
        let translated = arm(&json!({"properties": {}}), kind, "shop", true, false, version);
        let mut found =
            json!({"rule": rule, "severity": "deny", "path": path, "what": "w", "fix": "As the rule says it"});
        if let (Some(found), Some(more)) = (found.as_object_mut(), more.as_object()) {
            found.extend(more.clone());
        }
        fix(&translated, &serde_json::from_value(found).unwrap())
    }

    #[test]
    fn what_an_operator_s_object_lacks_is_written_as_azure_has_it() {
        let (outbound, registry) =
            ("spec.networkProfile.outboundType", "spec.bootstrapProfile.containerRegistryReference");
        let none = json!({"missing": true, "change": {"set": "none", "safe": false}});
        assert_eq!(said("NI601", outbound, &none), r#"Write "outboundType": "none""#);
        let example = r#"Write "containerRegistryId": "/subscriptions/…/registries/myacr""#;
        assert_eq!(said("NI605", registry, &json!({"missing": true})), example);
        assert_eq!(said("NI615", "apiVersion", &json!({})), "Write version 2025-08-01 or newer");
        let keep = said("NI620", "", &json!({}));
        assert!(
            keep.starts_with("Keep it. ") && keep.ends_with("the resource out of the state: terraform state rm"),
            "{keep}"
        );
    }

    #[test]
    fn every_other_sentence_is_the_rule_s() {
        let there = json!({"change": {"set": "none", "safe": false}});
        for (path, more) in [("spec.networkProfile.outboundType", there), ("spec.x", json!({"missing": true}))] {
            assert_eq!(said("NI601", path, &more), "As the rule says it");
        }
    }
}
