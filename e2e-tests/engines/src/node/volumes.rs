//! The volumes of a pod as folders. A program that looks for them at their mount paths is told of the folders: where an
//! argument or a variable begins with a mount path, the folder stands in its place.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::kubectl::Kubectl;

/// Where a container finds what.
#[derive(Debug, Default)]
pub struct Mounts(Vec<(String, PathBuf)>);

impl Mounts {
    /// Writes the volumes of a pod into a folder.
    pub fn make(pod: &Value, folder: &Path, kubectl: &Kubectl) -> Result<Self> {
        let namespace = text(&pod["metadata"]["namespace"]);
        let mut mounts = Vec::new();
        for mount in list(&pod["spec"]["containers"][0]["volumeMounts"]) {
            let name = text(&mount["name"]);
            let volume = list(&pod["spec"]["volumes"]).iter().find(|volume| text(&volume["name"]) == name);
            let volume = volume.with_context(|| format!("the pod has no volume {name}"))?;
            let place = folder.join("volumes").join(name);
            fs::create_dir_all(&place)?;
            if let Some(secret) = volume.get("secret") {
                let object = kubectl.get(&["secret", text(&secret["secretName"]), "-n", namespace])?;
                write(&place, &object["data"], &secret["items"], true)?;
            } else if let Some(map) = volume.get("configMap") {
                let object = kubectl.get(&["configmap", text(&map["name"]), "-n", namespace])?;
                write(&place, &object["data"], &map["items"], false)?;
            }
            mounts.push((text(&mount["mountPath"]).to_owned(), place));
        }
        Ok(Mounts(mounts))
    }

    /// A text with the folder in place of the mount path that it begins with, whole or behind a `--flag=`.
    pub fn translate(&self, text: &str) -> String {
        let (flag, value) = match text.split_once('=') {
            Some((flag, value)) if flag.starts_with('-') => (format!("{flag}="), value),
            _ => (String::new(), text),
        };
        let longest = self
            .0
            .iter()
            .filter(|(path, _)| value == path || value.starts_with(&format!("{path}/")))
            .max_by_key(|(path, _)| path.len());
        match longest {
            Some((path, place)) => format!("{flag}{}{}", place.display(), &value[path.len()..]),
            None => text.to_owned(),
        }
    }

    /// The folder of what is mounted at a path, or below it.
    pub fn below(&self, path: &str) -> Option<(&str, &Path)> {
        let found = self.0.iter().find(|(at, _)| at.starts_with(path))?;
        Some((found.0[path.len()..].trim_start_matches('/'), &found.1))
    }
}

/// Writes all keys, or those that `items` names under the paths that it gives.
fn write(place: &Path, data: &Value, items: &Value, encoded: bool) -> Result<()> {
    let Some(data) = data.as_object() else { return Ok(()) };
    for (key, value) in data {
        let path = match items.as_array() {
            None => Some(key.as_str()),
            Some(items) => items.iter().find(|item| text(&item["key"]) == key).map(|item| text(&item["path"])),
        };
        let Some(path) = path else { continue };
        let value = text(value);
        fs::write(place.join(path), if encoded { STANDARD.decode(value)? } else { value.as_bytes().to_vec() })?;
    }
    Ok(())
}

/// A text, or an empty one.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A list, or an empty one.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
