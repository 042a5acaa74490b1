//! Image references: whatever is read is read back from its full name, and where the OCI's own reader takes a reference, too,
//! both find the same registry, repository, tag and digest. A registry in capitals is refused.

use anyhow::{Context as _, Result, ensure};
use isolation::image::Reference;
use oci_spec::distribution::Reference as Other;
use serde_json::{Value, json};

use crate::answers::answer;
use crate::random::Random;
use crate::target::Target;
use crate::{mutate, seeds};

/// A reference.
pub const TARGET: Target = Target {
    name: "references",
    check,
    change: |data, random| mutate::text(std::str::from_utf8(data).ok()?, random).map(String::into_bytes),
    seeds,
    longest: 512,
};

fn check(data: &[u8]) -> Result<()> {
    let Ok(text) = std::str::from_utf8(data) else { return Ok(()) };
    if let Err(problem) = Reference::located(text) {
        ensure!(problem.offset <= text.len() && !problem.problem.is_empty(), "{text:?}: {problem:?}");
    }
    let read = match Reference::read(text) {
        Ok(read) => read,
        Err(problem) => {
            ensure!(problem.offset <= text.len() && !problem.problem.is_empty(), "{text:?}: {problem:?}");
            return Ok(());
        }
    };
    if !read.is_in_lower_case() {
        return capitals_are_refused(text, &read);
    }
    let full = read.full();
    let again = Reference::read(&full).map_err(|problem| anyhow::anyhow!("{text:?} as {full:?}: {problem:?}"))?;
    let parts = |reference: &Reference<'_>| {
        (
            reference.registry.to_string(),
            reference.repository.to_string(),
            reference.tag.map(str::to_owned),
            reference.digest.map(str::to_owned),
        )
    };
    ensure!(parts(&again) == parts(&read), "{text:?} is {read:?}, and {full:?} is {again:?}");
    // The other reader puts a tag where there is none, takes no registry whose letters are not small, and leaves the other
    // name of Docker's registry as it is.
    if let Ok(other) = text.parse::<Other>() {
        let theirs = (
            other.registry().to_ascii_lowercase(),
            other.repository().to_owned(),
            other.tag().map(str::to_owned).filter(|tag| read.tag.is_some() || tag != "latest"),
            other.digest().map(str::to_owned),
        );
        ensure!(theirs == parts(&read), "{text:?} is {read:?}, and to the OCI's reader it is {theirs:?}");
    }
    Ok(())
}

/// A registry in capitals is another one to whom it is another one: to containerd `DOCKER.IO/nginx` has no `library/`, and `Library/nginx`
/// is no short name. So nothing is compared with it, and it is pulled from nowhere, even where the registry is allowed in small letters.
fn capitals_are_refused(text: &str, read: &Reference<'_>) -> Result<()> {
    let entry = isolation_all_policies::policy("private-images").context("no policy for images")?;
    let object = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [{"name": "web", "image": text}]},
    });
    let kind = json!({"group": "", "version": "v1", "kind": "Pod"});
    let request = json!({"uid": "u", "operation": "CREATE", "kind": kind, "namespace": "shop", "object": object});
    let payload = json!({"request": request, "settings": {"registries": [read.registry]}}).to_string();
    ensure!(!answer(entry, payload.as_bytes(), "")?.accepted, "{text:?} is pulled as {:?}", read.full());
    Ok(())
}

/// Every reference in the cases, and whatever looks like one.
fn seeds() -> Result<Vec<Vec<u8>>> {
    let mut texts = std::collections::BTreeSet::new();
    for value in seeds::all()?.iter().filter_map(seeds::Seed::value) {
        collect(&value, &mut texts);
    }
    let mut random = Random::new(1);
    let changed: Vec<_> = texts.iter().filter_map(|text| mutate::text(text, &mut random)).collect();
    Ok(texts.into_iter().chain(changed).filter(|text| text.len() < 400).map(String::into_bytes).collect())
}

fn collect(value: &Value, texts: &mut std::collections::BTreeSet<String>) {
    match value {
        Value::String(text) if text.contains(['/', ':', '@']) && !text.contains([' ', '\n']) => {
            texts.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(members) => members.values().for_each(|member| collect(member, texts)),
        _ => {}
    }
}
