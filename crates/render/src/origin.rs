//! From a place in a rendered text to the file that it comes from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The file that the object around this byte of a rendered text comes from: helm's comment `# Source:` above it, or
/// kustomize's annotation `config.kubernetes.io/origin` in it, where `buildMetadata` asks for it.
pub fn source_of(text: &str, at: usize) -> Option<String> {
    let before = text.get(..at)?;
    let start = before.rfind("\n---").map_or(0, |newline| newline + 1);
    let end = text[at..].find("\n---").map_or(text.len(), |newline| at + newline);
    let document = &text[start..end];
    let helm = document.lines().find_map(|line| line.strip_prefix("# Source: "));
    if let Some(path) = helm {
        return Some(path.trim().to_owned());
    }
    let (_, origin) = document.split_once("config.kubernetes.io/origin:")?;
    let path = origin.lines().find_map(|line| line.trim().strip_prefix("path: "))?;
    Some(path.trim().to_owned())
}

/// The files of a chart that helm has printed something of: `# Source: NAME/templates/a.yaml`, whatever its folder is called.
pub fn printed(chart: &Path, text: &str) -> BTreeSet<PathBuf> {
    let sources = text.lines().filter_map(|line| line.strip_prefix("# Source: "));
    sources.filter_map(|source| source.trim().split_once('/')).map(|(_, file)| chart.join(file)).collect()
}

#[cfg(test)]
mod tests {
    use super::source_of;

    #[test]
    fn helm_and_kustomize_name_their_sources() {
        let helm = "---\n# Source: web/templates/a.yaml\nkind: A\n---\n# Source: web/templates/b.yaml\nkind: B\n";
        let at = |what: &str| helm.find(what).unwrap();
        assert_eq!(source_of(helm, at("kind: A")).as_deref(), Some("web/templates/a.yaml"));
        assert_eq!(source_of(helm, at("kind: B")).as_deref(), Some("web/templates/b.yaml"));
        let kustomize = "kind: A\nmetadata:\n  annotations:\n    config.kubernetes.io/origin: |\n      path: base/a.yaml\n---\nkind: B\n";
        assert_eq!(source_of(kustomize, 0).as_deref(), Some("base/a.yaml"));
        assert_eq!(source_of(kustomize, kustomize.len() - 2), None);
    }
}
