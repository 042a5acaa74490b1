//! What the cluster is asked, and how often: a look-up is a call to the host, and a request has little time.

use std::cell::RefCell;

use isolation::{Cluster, LookupError, policy};
use private_storage::PrivateStorage;

/// A cluster in which every class is private, and that remembers what it was asked.
#[derive(Default)]
struct Asked(RefCell<Vec<String>>);

impl Cluster for Asked {
    fn get(&self, api_version: &str, kind: &str, name: &str, members: &[&str]) -> Result<Vec<u8>, LookupError> {
        assert!(members.contains(&"parameters"), "{members:?}");
        self.0.borrow_mut().push(format!("{api_version} {kind} {name}"));
        let driver = if kind == "StorageClass" { "provisioner" } else { "driverName" };
        Ok(format!(r#"{{"{driver}": "netapp.example"}}"#).into_bytes())
    }
}

/// A StatefulSet with a claim for each of `classes`.
fn with_claims(classes: &[&str]) -> String {
    let claim = |class: &&str| format!(r#"{{"spec": {{"storageClassName": "{class}"}}}}"#);
    let claims: Vec<_> = classes.iter().map(claim).collect();
    format!(
        r#"{{"apiVersion": "apps/v1", "kind": "StatefulSet", "spec": {{"volumeClaimTemplates": [{}]}}}}"#,
        claims.join(",")
    )
}

/// The answer to a StatefulSet with these classes, which had those of `old` before, and all that was asked for it.
fn stateful_set(classes: &[&str], settings: &str, old: Option<&[&str]>) -> (String, Vec<String>) {
    let object = with_claims(classes);
    let operation = match old {
        Some(old) => format!(r#""UPDATE", "oldObject": {}"#, with_claims(old)),
        None => r#""CREATE""#.to_owned(),
    };
    let payload = format!(
        r#"{{"request": {{"uid": "u", "kind": {{"group": "apps", "version": "v1", "kind": "StatefulSet"}},
            "operation": {operation}, "object": {object}}}, "settings": {settings}}}"#
    );
    let cluster = Asked::default();
    let answer = policy::validate::<PrivateStorage>(payload.as_bytes(), &cluster).to_json().to_string();
    (answer, cluster.0.into_inner())
}

#[test]
fn a_class_is_asked_for_once() {
    let (answer, asked) = stateful_set(&["a", "b", "a", "a"], r#"{"lookup": true}"#, None);
    assert!(answer.contains(r#""accepted":true"#), "{answer}");
    assert_eq!(asked, ["storage.k8s.io/v1 StorageClass a", "storage.k8s.io/v1 StorageClass b"]);
}

#[test]
fn a_class_is_asked_for_once_though_the_old_object_is_judged_too() {
    // The built-in name is refused, so that the old object is judged as well.
    let settings = r#"{"lookup": true, "existing": "allow"}"#;
    let classes = ["azurefile", "a"];
    let (answer, asked) = stateful_set(&classes, settings, Some(&classes));
    assert!(answer.contains("was there before this update"), "{answer}");
    assert_eq!(asked, ["storage.k8s.io/v1 StorageClass a"]);
}

#[test]
fn nothing_is_asked_about_the_old_object_where_the_new_one_is_not_refused() {
    let settings = r#"{"lookup": true, "existing": "allow"}"#;
    let (answer, asked) = stateful_set(&["a"], settings, Some(&["b"]));
    assert!(answer.contains(r#""accepted":true"#), "{answer}");
    assert_eq!(asked, ["storage.k8s.io/v1 StorageClass a"]);
}

#[test]
fn nothing_is_asked_without_the_setting_or_for_classes_of_aks() {
    assert!(stateful_set(&["a"], "{}", None).1.is_empty());
    let names = ["default", "managed", "managed-csi", "azurefile", "azurefile-csi-premium", "azureblob-nfs-premium"];
    assert!(stateful_set(&names, r#"{"lookup": true}"#, None).1.is_empty());
}

#[test]
fn a_name_that_no_class_can_have_is_not_asked_for() {
    let (answer, asked) = stateful_set(&["../../../api/v1/secrets", "a b", "A"], r#"{"lookup": true}"#, None);
    assert!(asked.is_empty(), "{asked:?}");
    assert!(answer.contains("in 3 places") && answer.contains("has no StorageClass of this name"), "{answer}");
}

#[test]
fn no_more_than_sixteen_classes_are_asked_for() {
    let names: Vec<String> = (0..20).map(|number| format!("class-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (answer, asked) = stateful_set(&names, r#"{"lookup": true}"#, None);
    assert_eq!(asked.len(), 16);
    assert!(answer.contains("in 4 places") && answer.contains("NI311"), "{answer}");
}
