//! What a finding is recognised by in another version of the files: rule, object, place in the object, value, and what the
//! field is a part of, such as a volume or a chart. Not by file, line or position in a list, which change when something
//! else is edited. It is what `existing: allow` recognises a violation by in admission.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::finding::{Finding, ObjectRef};

/// What a finding is recognised by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// The rule's id; empty where a policy names none.
    pub rule: String,
    /// The object's group and kind; a new version of an API does not make a new finding.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The field, with `[*]` for positions in lists.
    pub path: String,
    /// The value as it is shown; of what is long, or is a list or an object, a digest. Empty where the field is not set, and
    /// where the value must not be told. What a policy that is not ours says has no value but its words.
    pub value: String,
    /// A digest of what it is a part of. Empty where the value says all of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
}

impl Identity {
    /// Of this finding.
    pub fn of(finding: &Finding) -> Self {
        let (kind, namespace, name) = Self::object(&finding.object);
        let rule = finding.rule.as_ref().map_or("", |rule| &rule.id);
        let value = match (&finding.whole, &finding.value) {
            (Some(whole), _) => format!("sha256:{}", whole.digest()),
            (None, Some(value)) => value.clone(),
            // Two sentences about one object are two findings.
            (None, None) if finding.location.path.is_empty() => finding.what.clone(),
            (None, None) => String::new(),
        };
        Identity {
            rule: rule.to_owned(),
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            path: open(&finding.location.path),
            value,
            part: part(&finding.part),
        }
    }

    /// What an object is recognised by: kind and group, namespace, name.
    pub fn object(object: &ObjectRef) -> (String, &str, &str) {
        let ObjectRef { api_version, kind, namespace, name } = object;
        let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
        let kind = if group.is_empty() { kind.clone() } else { format!("{kind}.{group}") };
        (kind, namespace, name)
    }

    /// A digest of it, the same on every machine.
    pub fn fingerprint(&self) -> String {
        let Identity { rule, kind, namespace, name, path, value, part } = self;
        let mut texts = vec![rule.as_str(), kind, namespace, name, path, value];
        // What is part of nothing keeps the fingerprint that it had before there were parts.
        texts.extend((!part.is_empty()).then_some(part.as_str()));
        digest(&texts.join("\0"))
    }
}

/// `NI101 Deployment.apps shop/web spec.template.spec.containers[*].image: nginx:1.27`; a digest tells nobody anything.
impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Identity { rule, kind, namespace, name, path, value, .. } = self;
        let slash = if namespace.is_empty() { "" } else { "/" };
        let text = format!("{rule} {kind} {namespace}{slash}{name} {path}");
        f.write_str(text.trim())?;
        match value.as_str() {
            "" => Ok(()),
            digest if digest.starts_with("sha256:") => Ok(()),
            value => write!(f, ": {value}"),
        }
    }
}

/// The identities of findings, each with how many like it came before.
pub fn numbered<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<(Identity, usize)> {
    let mut seen: HashMap<Identity, usize> = HashMap::new();
    let number = |finding| {
        let identity = Identity::of(finding);
        let count = seen.entry(identity.clone()).or_default();
        *count += 1;
        (identity, *count)
    };
    findings.into_iter().map(number).collect()
}

fn part(part: &[(String, String)]) -> String {
    let texts: Vec<_> = part.iter().map(|(path, value)| format!("{}\0{value}", open(path))).collect();
    if texts.is_empty() { String::new() } else { digest(&texts.join("\0")) }
}

/// A digest of a text.
pub(crate) fn digest(text: &str) -> String {
    // 128 bits are enough: two findings with the same identity gain nobody anything.
    Sha256::digest(text).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The path with `[*]` for every position in a list. Keys in quotes, which may look like positions, stay as they are.
fn open(path: &str) -> String {
    let mut open = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('[') {
        let (before, bracket) = rest.split_at(at);
        open.push_str(before);
        let end = end_of_bracket(bracket);
        let (bracket, behind) = bracket.split_at(end);
        let inside = bracket.trim_matches(['[', ']']);
        let is_position = !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit());
        open.push_str(if is_position { "[*]" } else { bracket });
        rest = behind;
    }
    open.push_str(rest);
    open
}

/// How long the bracket is that the text begins with.
fn end_of_bracket(text: &str) -> usize {
    let quoted = text.starts_with("[\"");
    let mut escaped = false;
    let mut in_quotes = quoted;
    for (at, byte) in text.bytes().enumerate().skip(if quoted { 2 } else { 1 }) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_quotes => escaped = true,
            b'"' if in_quotes => in_quotes = false,
            b']' if !in_quotes => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::open;

    #[test]
    fn positions_are_open_and_keys_are_not() {
        assert_eq!(open("spec.containers[10].image"), "spec.containers[*].image");
        assert_eq!(open("a[0][1]"), "a[*][*]");
        assert_eq!(open("metadata.annotations[example.com/1]"), "metadata.annotations[example.com/1]");
        assert_eq!(open("data[\"0]1\"].x[2]"), "data[\"0]1\"].x[*]");
        assert_eq!(open("spec[0] -> a.b[3]"), "spec[*] -> a.b[*]");
        assert_eq!(open(""), "");
        assert_eq!(open("a[\"[7]\"]"), "a[\"[7]\"]");
    }
}
