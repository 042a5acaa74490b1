//! What is refused as a pod is refused in every kind of Kubernetes that carries one. Custom resources are not asked: a pod comes of
//! them, and is judged then.

use anyhow::{Result, ensure};
use isolation::pods::{WORKLOADS, Workload};
use isolation_all_policies::POLICIES;
use serde_json::{Value, json};

use crate::answers::answer;
use crate::random::Random;
use crate::target::{Target, change_text, choosing, chosen};
use crate::{mutate, seeds};

/// A policy, and a payload that asks for a pod.
pub const TARGET: Target =
    Target { name: "carriers", check, change: |data, random| change_text(data, random, change), seeds, longest: 8192 };

/// Rules whose findings depend on the pod itself, and why.
const OWN: &[&str] = &[
    // A field of the wrong type: where a template has another form, it is another field.
    "NI001",
];

fn change(text: &str, random: &mut Random) -> Option<String> {
    let mut payload: Value = serde_json::from_str(text).ok()?;
    let donor = payload.clone();
    let object = payload.get_mut("request")?.get_mut("object")?;
    for _ in 0..=random.below(3) {
        mutate::value(object, &donor, random);
    }
    Some(payload.to_string())
}

fn check(data: &[u8]) -> Result<()> {
    let Some((choice, text)) = chosen(data) else { return Ok(()) };
    let Some(entry) = POLICIES.get(choice % POLICIES.len()) else { return Ok(()) };
    let Ok(mut payload) = serde_json::from_str::<Value>(text) else { return Ok(()) };
    // An exception names the kind that it is for: what it allows in a StatefulSet, a pod is refused for.
    if let Some(settings) = payload.get_mut("settings").and_then(Value::as_object_mut) {
        settings.remove("allowedViolations");
    }
    let object = &payload["request"]["object"];
    if !object["spec"].is_object() || !(object["metadata"].is_object() || object["metadata"].is_null()) {
        return Ok(());
    }
    let request = |group: &str, version: &str, kind: &str, object: &Value| {
        let request = json!({
            "uid": "u", "operation": "CREATE", "namespace": "shop", "name": "web",
            "kind": {"group": group, "version": version, "kind": kind}, "object": object,
        });
        json!({"request": request, "settings": payload["settings"]}).to_string()
    };
    let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": object["spec"]});
    for key in ["labels", "annotations"] {
        if object["metadata"][key].is_object() {
            pod["metadata"][key] = object["metadata"][key].clone();
        }
    }
    // Istio's injector replaces this image when it makes a pod of the template: in a pod that is asked for, nobody does any more.
    if has_image_of_istio(&pod["spec"]) {
        return Ok(());
    }
    let asked = request("", "v1", "Pod", &pod);
    let refused: Vec<String> = answer(entry, asked.as_bytes(), &asked)?
        .refusing()
        .into_iter()
        .filter(|rule| !OWN.contains(&rule.as_str()))
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    for Workload { group, kind, template: place } in WORKLOADS.iter().filter(|workload| !workload.template.is_empty()) {
        let version = "v1";
        let mut template = pod.clone();
        for key in ["apiVersion", "kind"] {
            template.as_object_mut().map(|members| members.remove(key));
        }
        let mut carrier = template;
        for key in place.rsplit('.') {
            carrier = json!({ key: carrier });
        }
        carrier["apiVersion"] = if group.is_empty() { json!(version) } else { json!(format!("{group}/{version}")) };
        carrier["kind"] = json!(kind);
        carrier["metadata"] = json!({"name": "web", "namespace": "shop"});
        let carried = request(group, version, kind, &carrier);
        let found = answer(entry, carried.as_bytes(), &carried)?;
        // Refused, too, but unread: around the pod it is deeper than readers of JSON go.
        if !found.accepted && found.refusing().is_empty() {
            continue;
        }
        let missing: Vec<_> = refused.iter().filter(|rule| !found.refusing().contains(*rule)).collect();
        ensure!(missing.is_empty(), "{} refuses for {missing:?}\n{asked}\nand not in a {kind}\n{carried}", entry.name);
    }
    Ok(())
}

/// Whether a container `istio-proxy` has the image `auto`.
fn has_image_of_istio(spec: &Value) -> bool {
    let lists = ["containers", "initContainers", "ephemeralContainers"].map(|key| spec[key].as_array());
    lists.into_iter().flatten().flatten().any(|one| one["image"] == "auto" && one["name"] == "istio-proxy")
}

/// The pods of the cases, and those that other kinds carry.
fn seeds() -> Result<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    for seed in seeds::all()? {
        let (Some(payload), Some(object)) = (seed.value(), seed.object()) else { continue };
        let places = ["", "/spec/template", "/template", "/spec/jobTemplate/spec/template"];
        let pod =
            places.iter().filter_map(|place| object.pointer(place)).find(|pod| pod["spec"]["containers"].is_array());
        if let Some(pod) = pod {
            let payload = json!({"settings": payload["settings"], "request": {"object": pod}});
            all.push(choosing(seed.policy, &payload.to_string()));
        }
    }
    Ok(all)
}
