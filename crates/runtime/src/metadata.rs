//! The metadata that a module carries in a custom section.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The name of the custom section.
pub const SECTION: &str = "io.kubewarden.metadata";

/// A policy's metadata, as far as running it needs it. Unknown keys are passed over, as the engines do.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// What the policy wants to see.
    pub rules: Vec<RuleWithOperations>,
    /// Whether it changes objects.
    pub mutating: bool,
    /// Title, version and the like, by `io.kubewarden.policy.…`.
    #[serde(default)]
    pub annotations: Option<BTreeMap<String, String>>,
    /// The kinds that it may look up.
    #[serde(default)]
    pub context_aware_resources: Vec<ContextAwareResource>,
}

impl Metadata {
    /// The policy's name.
    pub fn title(&self) -> Option<&str> {
        self.annotations.as_ref()?.get("io.kubewarden.policy.title").map(String::as_str)
    }
}

/// A rule as admission webhooks have them.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct RuleWithOperations {
    /// API groups; `*` is any.
    pub api_groups: Vec<String>,
    /// API versions; `*` is any.
    pub api_versions: Vec<String>,
    /// Plural resources, `RESOURCE/SUBRESOURCE`, or `*`.
    pub resources: Vec<String>,
    /// Operations; `*` is any.
    pub operations: Vec<String>,
}

/// A kind that a policy may look up.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct ContextAwareResource {
    /// Group and version.
    pub api_version: String,
    /// The kind.
    pub kind: String,
}

impl RuleWithOperations {
    /// Whether the rule matches, as the API server decides it: `*` among resources means no subresource.
    pub fn matches(&self, group: &str, version: &str, resource: &str, subresource: &str, operation: &str) -> bool {
        let any = |list: &[String], value: &str| list.iter().any(|item| item == "*" || item == value);
        let resource_matches = self.resources.iter().any(|item| match item.split_once('/') {
            Some((of, sub)) => {
                (of == "*" || of == resource) && !subresource.is_empty() && (sub == "*" || sub == subresource)
                    || item == "*/*"
            }
            None => subresource.is_empty() && (item == "*" || item == resource),
        });
        resource_matches
            && any(&self.api_groups, group)
            && any(&self.api_versions, version)
            && any(&self.operations, operation)
    }
}

/// The metadata in a module's bytes: the first section of that name, which is the one that the engines read.
///
/// # Errors
///
/// Bytes that are not a module, or a section whose content is not metadata.
pub fn metadata_of(module: &[u8]) -> Result<Option<Metadata>, String> {
    let Some(mut rest) = module.strip_prefix(b"\0asm\x01\0\0\0") else {
        // A module in text form, which only tests have, carries none.
        return Ok(None);
    };
    while let Some((id, after)) = rest.split_first() {
        let (size, after) = leb128(after).ok_or("a section's size cannot be read")?;
        let (content, next) = after.split_at_checked(size).ok_or("a section is cut off")?;
        if *id == 0 {
            let (length, named) = leb128(content).ok_or("a custom section's name cannot be read")?;
            let (name, data) = named.split_at_checked(length).ok_or("a custom section's name is cut off")?;
            if name == SECTION.as_bytes() {
                return serde_json::from_slice(data).map(Some).map_err(|error| error.to_string());
            }
        }
        rest = next;
    }
    Ok(None)
}

fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, &bytes[index + 1..]));
        }
    }
    None
}
