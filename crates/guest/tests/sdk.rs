//! What a module says, against the types of Kubewarden's SDK.
#![allow(clippy::unwrap_used)]

use isolation::verdict::{Answer, settings_json};
use isolation_guest::{GetResource, response, settings_response};
use kubewarden_policy_sdk::host_capabilities::kubernetes::GetResourceRequest;
use serde_json::{from_str, json, to_value};

/// The answer that the native judge gives is the one that the module gives.
#[test]
fn an_answer_is_the_same_in_both_forms() {
    let rewritten = Answer { rewritten: Some(json!({"a": [1, 2.5, null]})), ..Answer::default() };
    let warned = Answer { warnings: vec!["a warning".to_owned()], ..Answer::default() };
    assert!(warned.to_json()["audit_annotations"].is_null());
    let many = Answer { omitted: 7, ..Answer::default() };
    assert_eq!(many.to_json()["audit_annotations"], json!({"omitted": "7"}));
    for answer in [Answer::accepted(), Answer::unreadable("why"), Answer::misconfigured("why"), rewritten, warned, many]
    {
        assert_eq!(to_value(response(answer.clone())).unwrap(), answer.to_json());
    }
    for answer in [Ok(()), Err("settings.a: why.".to_owned())] {
        assert_eq!(to_value(settings_response(answer.clone())).unwrap(), settings_json(&answer));
    }
}

#[test]
fn the_cluster_is_asked_as_the_sdk_asks() {
    let ours = GetResource {
        api_version: "storage.k8s.io/v1",
        kind: "StorageClass",
        name: "files",
        namespace: None,
        disable_cache: false,
        field_masks: &["metadata", "parameters"],
    };
    let read: GetResourceRequest = from_str(&serde_json::to_string(&ours).unwrap()).unwrap();
    assert_eq!(to_value(read).unwrap(), to_value(ours).unwrap());
}
