//! What an answer becomes, and which rules match, as the engines have it.

use isolation_runtime::{Answer, RuleWithOperations, admission_response};
use serde_json::json;

#[test]
fn a_mutated_object_becomes_a_patch_and_an_unchanged_one_does_not() {
    let request = json!({"uid": "1", "object": {"spec": {"image": "nginx"}}});
    let answer =
        |image| Answer { accepted: true, mutated_object: Some(json!({"spec": {"image": image}})), ..Answer::default() };
    let changed = admission_response(&request, answer("a.io/nginx"));
    let patch = serde_json::to_value(changed.patch).unwrap();
    assert_eq!(patch, json!([{"op": "replace", "path": "/spec/image", "value": "a.io/nginx"}]));
    assert!(admission_response(&request, answer("nginx")).patch.is_none());
}

#[test]
fn a_mutation_of_nothing_is_rejected() {
    let answer = Answer { accepted: true, mutated_object: Some(json!({})), ..Answer::default() };
    let response = admission_response(&json!({"uid": "1"}), answer);
    assert!(!response.allowed && response.status.unwrap().message.unwrap().starts_with("Incoming object is null"));
}

fn rule(resources: &[&str]) -> RuleWithOperations {
    let list = |items: &[&str]| items.iter().map(|item| item.to_string()).collect();
    RuleWithOperations {
        api_groups: list(&[""]),
        api_versions: list(&["v1"]),
        resources: list(resources),
        operations: list(&["CREATE"]),
    }
}

#[test]
fn a_star_means_all_resources_and_no_subresources() {
    assert!(rule(&["*"]).matches("", "v1", "pods", "", "CREATE"));
    assert!(!rule(&["*"]).matches("", "v1", "pods", "status", "CREATE"));
    assert!(!rule(&["pods"]).matches("", "v1", "pods", "ephemeralcontainers", "CREATE"));
    assert!(rule(&["pods/*"]).matches("", "v1", "pods", "ephemeralcontainers", "CREATE"));
    assert!(!rule(&["pods/*"]).matches("", "v1", "pods", "", "CREATE"));
    assert!(rule(&["*/*"]).matches("", "v1", "pods", "", "CREATE"));
    assert!(!rule(&["pods"]).matches("apps", "v1", "pods", "", "CREATE"));
    assert!(!rule(&["pods"]).matches("", "v1", "pods", "", "UPDATE"));
}
