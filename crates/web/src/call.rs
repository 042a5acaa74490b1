//! Bare calls of policies, as an engine makes them.

use isolation::cluster::Objects;
use isolation::verdict::settings_json;
use isolation_admission::{Configuration, Input, Item};
use isolation_all_policies::{POLICIES, policy};
use isolation_report::Source;
use isolation_request::{AdmissionRequest, remove_system_metadata};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::units::Units;

/// What the linked policies are.
pub fn about() -> Value {
    let policies: Vec<&str> = POLICIES.iter().map(|entry| entry.name).collect();
    json!({"version": env!("CARGO_PKG_VERSION"), "policies": policies})
}

fn input(manifests: &str) -> Input {
    Input::read([Source::new("manifests.yaml", manifests)])
}

/// The request about every object of a text.
pub fn requests(manifests: &str, namespace: &str) -> Value {
    let (input, units) = (input(manifests), Units::of(manifests));
    let request = |item: &Item| {
        let mut object = item.to_json();
        remove_system_metadata(&mut object);
        let about = AdmissionRequest { object: Some(&object), namespace: Some(namespace), ..Default::default() };
        let place = item.place("kind");
        json!({
            "subject": item.object.subject(),
            "request": about.build().unwrap_or_default(),
            "span": units.span(&place.span),
            "line": place.start().line,
        })
    };
    let problem = |fault: &isolation_report::NotEvaluated| {
        let place = fault.place.as_ref();
        json!({
            "what": fault.what, "help": fault.help, "line": place.map(|place| place.start().line),
            "span": place.map(|place| units.span(&place.span)).unwrap_or_default(),
        })
    };
    json!({
        "requests": input.items.iter().map(request).collect::<Vec<_>>(),
        "problems": input.faults.iter().map(problem).collect::<Vec<_>>(),
    })
}

/// Where a field stands.
pub fn locate(manifests: &str, object: usize, path: &str) -> Value {
    let place = input(manifests).items.get(object).map(|item| item.place(path));
    place.map_or(
        Value::Null,
        |place| json!({"span": Units::of(manifests).span(&place.span), "line": place.start().line}),
    )
}

/// A policy's settings.
pub fn settings(configuration: &str, policy: &str) -> Value {
    match Configuration::read(Source::new("isolation.yaml", configuration)) {
        Ok(configuration) => json!({"settings": configuration.settings(policy)}),
        Err(error) => json!({"problem": error.to_string()}),
    }
}

/// What a text of YAML says.
pub fn value(text: &str) -> Value {
    match isolation_manifest::value(text) {
        Ok(None) => json!({"value": null}),
        Ok(Some(document)) => json!({"value": document.root()}),
        Err(problem) => json!({"problem": problem.what, "span": Units::of(text).span(&problem.span)}),
    }
}

/// What a request is to be about.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct About {
    object: Option<Value>,
    old_object: Option<Value>,
    operation: Option<String>,
    sub_resource: Option<String>,
    user: Option<String>,
}

/// The request.
pub fn request(about: &str) -> Value {
    let about: About = match serde_json::from_str(about) {
        Ok(about) => about,
        Err(error) => return json!({"problem": error.to_string()}),
    };
    let request = AdmissionRequest {
        object: about.object.as_ref(),
        old_object: about.old_object.as_ref(),
        operation: about.operation.as_deref(),
        subresource: about.sub_resource.as_deref(),
        namespace: None,
        user: about.user.as_deref(),
    };
    match request.build() {
        Ok(request) => json!({"request": request}),
        Err(problem) => json!({"problem": problem.to_string()}),
    }
}

/// The policy's answer to a request.
pub fn validate(name: &str, payload: &str, cluster: &str) -> Value {
    let objects: Vec<Value> = serde_json::from_str(cluster).unwrap_or_default();
    policy(name).map_or(Value::Null, |entry| (entry.validate)(payload.as_bytes(), &Objects(&objects)).to_json())
}

/// The policy's answer about settings.
pub fn validate_settings(name: &str, settings: &str) -> Value {
    policy(name).map_or(Value::Null, |entry| settings_json(&(entry.validate_settings)(settings.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web, uid: '1'}\nspec: {containers: [{image: nginx}]}\n";

    #[test]
    fn an_object_becomes_the_request_that_a_policy_answers() {
        let found = requests(POD, "shop");
        let request = &found["requests"][0]["request"];
        assert_eq!(request["namespace"], "shop");
        assert_eq!(
            request["object"]["metadata"],
            json!({"name": "web"}),
            "what only the API server writes is left out"
        );
        let settings = settings("registries: [a.azurecr.io]", "private-images");
        let payload = json!({"request": request, "settings": settings["settings"]}).to_string();
        let answer = validate("private-images", &payload, "[]");
        assert_eq!(answer["accepted"], false);
        assert_eq!(locate(POD, 0, "spec.containers[0].image")["line"], 4);
        assert_eq!(validate("nobody", &payload, "[]"), Value::Null);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(value("a: [1, two]"), json!({"value": {"a": [1, "two"]}}));
        assert!(value("a: [").get("problem").is_some());
        assert_eq!(requests("a: 1", "x")["problems"].as_array().map(Vec::len), Some(1));
        assert!(request("{}").get("problem").is_some());
        assert!(request(r#"{"objekt": {}}"#).get("problem").is_some());
    }
}
