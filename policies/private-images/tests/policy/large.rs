//! Large objects: the answer stays right and bounded. `make growth` counts what they cost.

// A test may: its input is its own.

use std::fmt::Write as _;

use isolation::cluster::{Cluster, LookupError};
use isolation::policy;
use private_images::PrivateImages;

struct Nothing;

impl Cluster for Nothing {
    fn get(&self, _: &str, _: &str, _: &str, _: &[&str]) -> Result<Vec<u8>, LookupError> {
        Err(LookupError::NotFound)
    }
}

const SETTINGS: &str = r#"{"registries":["myacr.azurecr.io"],"existing":"allow"}"#;

/// A pod with this many containers, of which every `step`-th has a public image.
fn pod(containers: usize, step: usize) -> String {
    let mut pod = String::from(r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":["#);
    for index in 0..containers {
        let comma = if index == 0 { "" } else { "," };
        let host = if index % step == step - 1 { "quay.io" } else { "myacr.azurecr.io" };
        write!(pod, r#"{comma}{{"name":"c{index}","image":"{host}/team/app{index}:1.0"}}"#).unwrap();
    }
    pod + "]}}"
}

fn validate(object: &str, old: Option<&str>) -> String {
    let (operation, old) = match old {
        Some(old) => ("UPDATE", format!(r#","oldObject":{old}"#)),
        None => ("CREATE", String::new()),
    };
    let kind = r#"{"group":"","version":"v1","kind":"Pod"}"#;
    let payload = format!(
        r#"{{"request":{{"operation":"{operation}","kind":{kind},"object":{object}{old}}},"settings":{SETTINGS}}}"#
    );
    policy::validate::<PrivateImages>(payload.as_bytes(), &Nothing).to_json().to_string()
}

#[test]
fn one_public_image_among_ten_thousand_containers_is_found() {
    let answer = validate(&pod(10_000, 10_000), None);
    assert!(answer.contains(r#"spec.containers[9999].image: \"quay.io/team/app9999:1.0\""#), "{answer}");
}

#[test]
fn ten_thousand_public_images_are_counted_in_a_bounded_message() {
    let answer = validate(&pod(10_000, 1), None);
    assert!(answer.contains("breaks network isolation in 10000 places"), "{}", &answer[..200]);
    assert!(answer.len() < 200_000, "{} bytes", answer.len());
}

#[test]
fn ten_thousand_old_images_are_forgiven_and_one_new_one_is_not() {
    let old = pod(10_000, 1);
    assert!(validate(&old, Some(&old)).contains(r#""accepted":true"#));
    let new = old.replacen("app7777:1.0", "app7777:2.0", 1);
    let answer = validate(&new, Some(&old));
    assert!(answer.contains(r#""accepted":false"#), "{}", &answer[..200]);
    assert!(answer.contains(r#"app7777:2.0\": pulled from quay.io"#), "the new one is not named: {}", &answer[..200]);
    assert!(!answer[..400].contains("more like these"), "{}", &answer[..400]);
}

#[test]
fn a_text_of_a_megabyte_is_refused_in_a_bounded_message() {
    for text in ["a".repeat(1 << 20), "a/".repeat(1 << 19), ":".repeat(1 << 20), "é".repeat(1 << 19)] {
        let pod = format!(r#"{{"apiVersion":"v1","kind":"Pod","spec":{{"containers":[{{"image":"{text}"}}]}}}}"#);
        let answer = validate(&pod, None);
        assert!(answer.contains("NI102") && answer.len() < 20_000, "{} bytes", answer.len());
    }
}
