//! The Helm chart `charts/network-isolation-policies`: the files that a package of it holds.

use std::collections::BTreeMap;

use crate::error::DeployError;
use crate::{Data, yaml};

/// The chart's name, which is also its repository's in a registry and its folder's in a package.
pub const NAME: &str = "network-isolation-policies";

/// Where the chart has what is known of the policies, and the digests of their modules.
pub const DATA: &str = "files/policies.yaml";
/// Where the chart has its values once more, for its templates.
pub const DEFAULTS: &str = "files/defaults.yaml";
const DIGESTS: &str = "files/digests.yaml";

macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../../charts/network-isolation-policies/", $path)))),+]
    };
}

/// The files as they are in the sources. There the digests are missing, for they follow from the modules.
const FILES: &[(&str, &str)] = files!(
    ".helmignore",
    "Chart.yaml",
    "README.md",
    "files/defaults.yaml",
    "files/guard.yaml",
    "files/policies.yaml",
    "templates/NOTES.txt",
    "templates/_helpers.tpl",
    "templates/audit.yaml",
    "templates/guard.yaml",
    "templates/look-ups.yaml",
    "templates/policies.yaml",
    "templates/policy-server.yaml",
    "values.schema.json",
    "values.yaml",
);

/// The content of `Chart.yaml`, as the JSON that Helm describes a chart with in a registry.
///
/// # Errors
///
/// None: the file is a part of this program.
pub fn metadata() -> Result<Vec<u8>, DeployError> {
    let text = FILES.iter().find(|(path, _)| *path == "Chart.yaml").map_or("", |(_, text)| text);
    let content: serde_json::Value =
        yaml_serde::from_str(text).map_err(|error| DeployError::value("Chart.yaml", error.to_string()))?;
    Ok(content.to_string().into_bytes())
}

/// The files of the chart, for modules with these digests, by path.
///
/// # Errors
///
/// None that a text could be the reason of.
pub fn files(digests: &BTreeMap<String, String>) -> Result<BTreeMap<&'static str, String>, DeployError> {
    let mut files: BTreeMap<_, _> = FILES.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
    files.insert(DIGESTS, format!("# The modules that this chart was packaged with.\n{}", yaml::document(digests)?));
    Ok(files)
}

/// The text of [`DATA`].
///
/// # Errors
///
/// As [`crate::data`].
pub fn data_file(data: &Data) -> Result<String, DeployError> {
    let head = "# Written by `make generate` from the policies' metadata.yml and custom-resources.yml: the rules of each policy, and\n\
                # of each family of custom resources. The templates and `isolation policies` make the same resources of it.\n";
    Ok(format!("{head}{}", yaml::document(data)?))
}
