//! What a policy makes of the objects of a file, written into the file.

use std::path::Path;

use cached_images::CachedImages;
use isolation::cluster::NoCluster;
use isolation::policy;
use isolation_fix::{Edit, edits, rewrite, unified_diff};
use isolation_request::AdmissionRequest;
use serde_json::json;

/// The edits for all objects of a file that can be read.
fn asked_for(text: &str) -> anyhow::Result<Vec<Edit>> {
    let settings = json!({"cacheRules": [
        {"registry": "myacr.azurecr.io", "source": "docker.io/library/*", "target": "dockerhub/library/*"},
        {"registry": "myacr.azurecr.io", "source": "quay.io/*", "target": "quay/*"},
    ]});
    let mut all = Vec::new();
    for object in isolation_manifest::read(text).found.iter().flatten() {
        let json = object.node.to_json();
        let request =
            AdmissionRequest { object: Some(&json), namespace: Some("default"), ..Default::default() }.build()?;
        let payload = json!({"request": request, "settings": settings}).to_string();
        let answer = policy::validate::<CachedImages>(payload.as_bytes(), &NoCluster).to_json();
        if let Some(rewritten) = answer.get("mutated_object").filter(|object| !object.is_null()) {
            all.extend(edits(&object.node, rewritten).ok_or_else(|| anyhow::anyhow!("more than strings changed"))?);
        }
    }
    Ok(all)
}

#[test]
fn a_file_keeps_its_comments_and_layout() -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let text = std::fs::read_to_string(folder.join("shop.yaml"))?;
    let fixed = rewrite(&text, &asked_for(&text)?)?;
    let diff = unified_diff("shop.yaml", &text, &fixed);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(folder.join("shop.diff"), &diff)?;
    }
    assert_eq!(diff, std::fs::read_to_string(folder.join("shop.diff"))?);
    assert_eq!(asked_for(&fixed)?, [], "a second run changed something");
    Ok(())
}

#[test]
fn json_of_kubectl_is_rewritten_too() -> anyhow::Result<()> {
    let text = "{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"List\",\n    \"items\": [{\"apiVersion\": \"v1\", \"kind\": \"Pod\",\n\
                \"spec\": {\"containers\": [{\"name\": \"a\", \"image\": \"ng\\u0069nx\", \"x\": 1.0e5}]}}]\n}\n";
    let fixed = rewrite(text, &asked_for(text)?)?;
    assert_eq!(fixed, text.replace("ng\\u0069nx", "myacr.azurecr.io/dockerhub/library/nginx"));
    Ok(())
}

#[test]
fn what_is_not_a_string_cannot_be_written() {
    let text = "apiVersion: v1\nkind: Pod\nspec: {a: 1, b: [x]}\n";
    let read = isolation_manifest::read(text);
    let object = read.found[0].as_ref().expect("an object");
    let mut other = object.node.to_json();
    assert_eq!(edits(&object.node, &other), Some(Vec::new()));
    other["spec"]["a"] = json!(2);
    assert_eq!(edits(&object.node, &other), None);
}
