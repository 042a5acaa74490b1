//! The tree for kustomize, as it is checked in in `deploy/`.
//!
//! ```text
//! base/                   a policy server and the policies, for resources that every cluster has
//! components/FAMILY/      the same policies for a family of custom resources
//! components/POLICY/      a policy that is deployed by choice, and components/POLICY-FAMILY/ for each of its families
//! components/look-ups/    what the policy server may read
//! guard/                  what the API server judges itself
//! site/                   what is particular to a cluster
//! overlays/monitor/       base, guard and site; nothing is rejected
//! overlays/protect/       base, guard and site
//! ```
//!
//! Registry, digests and settings are placeholders that `site/` replaces; the host of the registry is one that never
//! exists.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use isolation_all_policies::{Entry, POLICIES};
use isolation_policy_module::Family;
use serde_json::{Map, Value, json};

use crate::families::{ByName, Families, cautious, families};
use crate::generate::{Deployment, Options, ResourcesError, cluster_policies, is_by_choice};
use crate::{site, yaml};

/// `apiVersion` and `kind` of a component of kustomize.
pub(crate) const COMPONENT: (&str, &str) = ("kustomize.config.k8s.io/v1alpha1", "Component");

/// The policy server's image in the tree.
pub(crate) const SERVER_IMAGE: &str = "registry.example/kubewarden/policy-server:v1.37.2";

/// The same image in another registry.
pub fn server_image(host: &str) -> String {
    SERVER_IMAGE.replacen("registry.example", host, 1)
}

const DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// Where a policy's module is in the tree.
pub(crate) fn placeholder_repository(policy: &str) -> String {
    format!("registry://registry.example/network-isolation-policies/{policy}")
}

/// The files that are written by hand, by their path in the tree.
const WRITTEN: &[(&str, &str)] = &[
    ("base/policy-server.yaml", include_str!("../../../deploy/base/policy-server.yaml")),
    ("base/service-account.yaml", include_str!("../../../deploy/base/service-account.yaml")),
    ("components/look-ups/kustomization.yaml", include_str!("../../../deploy/components/look-ups/kustomization.yaml")),
    (
        "components/look-ups/storage-classes.yaml",
        include_str!("../../../deploy/components/look-ups/storage-classes.yaml"),
    ),
    ("guard/kustomization.yaml", include_str!("../../../deploy/guard/kustomization.yaml")),
    ("guard/namespace-labels.yaml", include_str!("../../../deploy/guard/namespace-labels.yaml")),
    ("guard/reserved-namespaces.yaml", include_str!("../../../deploy/guard/reserved-namespaces.yaml")),
    ("overlays/monitor/kustomization.yaml", include_str!("../../../deploy/overlays/monitor/kustomization.yaml")),
    ("overlays/protect/kustomization.yaml", include_str!("../../../deploy/overlays/protect/kustomization.yaml")),
    ("site/image-fields.yaml", include_str!("../../../deploy/site/image-fields.yaml")),
];

/// A component's path, from `site/`.
pub(crate) fn component(folder: &str) -> String {
    format!("../components/{folder}")
}

/// The folder of a policy's family: families of the policies in the base share one, those of the others have their own.
pub(crate) fn folder(policy: &str, family: &str, by_choice: bool) -> String {
    if by_choice { format!("{policy}-{family}") } else { family.to_owned() }
}

/// Every file of the tree, by its path.
///
/// # Errors
///
/// Metadata that is not right, which a test would have found.
pub fn files() -> Result<BTreeMap<String, String>, ResourcesError> {
    let mut files: BTreeMap<String, String> =
        WRITTEN.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    let mut base = Part::default();
    let mut deployments = Vec::new();
    for entry in POLICIES {
        let by_choice = is_by_choice(entry)?;
        let deployment = placeholder(entry);
        let core = resource(&deployment, None)?;
        if by_choice {
            let part = parts.entry(entry.name.to_owned()).or_default();
            part.comments.push(CHOICES.iter().find(|(policy, _)| *policy == entry.name).map_or("", |(_, why)| why));
            part.files.insert(entry.name.to_owned(), core);
        } else {
            base.files.insert(entry.name.to_owned(), core);
            deployments.push(deployment.clone());
        }
        for family in families(entry)? {
            let part = parts.entry(folder(entry.name, &family.family, by_choice)).or_default();
            part.files.insert(entry.name.to_owned(), resource(&deployment, Some(&family))?);
            part.comments.extend(cautious(entry.name, &family.family).map(|entry| entry.why));
            part.titles.push(family.title);
        }
    }
    files.insert("base/kustomization.yaml".to_owned(), base.base());
    base.write("base", &mut files);
    for (folder, part) in &parts {
        let folder = format!("components/{folder}");
        files.insert(format!("{folder}/kustomization.yaml"), part.component());
        part.write(&folder, &mut files);
    }
    let site = site::kustomization(&deployments, SERVER_IMAGE, &options(Families::None))?;
    files.insert("site/kustomization.yaml".to_owned(), site);
    Ok(files)
}

/// Why a policy is not in the base.
const CHOICES: &[(&str, &str)] = &[
    ("cached-images", "It rewrites objects, so it is deployed by choice."),
    ("isolated-clusters", "It is for a management cluster: one that describes AKS clusters as custom resources."),
];

fn options(families: Families) -> Options {
    Options { policy_server: "network-isolation".to_owned(), families, ..Options::default() }
}

/// A policy with settings that say what kind of value goes there.
fn placeholder(entry: &'static Entry) -> Deployment {
    let mut settings = Map::new();
    if entry.has_setting("registries") {
        settings.insert("registries".to_owned(), json!(["registry.example"]));
    }
    if entry.name == "cached-images" {
        let rule =
            json!({"registry": "registry.example", "source": "docker.io/library/*", "target": "dockerhub/library/*"});
        settings.insert("cacheRules".to_owned(), json!([rule]));
    }
    let module = format!("{}@{DIGEST}", placeholder_repository(entry.name));
    Deployment { entry, module, settings: Value::Object(settings) }
}

/// The resource of a policy's core rules or of one of its families.
fn resource(deployment: &Deployment, family: Option<&Family>) -> Result<String, ResourcesError> {
    let families = match family {
        Some(family) => Families::Named(vec![ByName::read(&format!("{}/{}", deployment.entry.name, family.family))?]),
        None => Families::None,
    };
    let all = cluster_policies(std::slice::from_ref(deployment), &options(families))?;
    // The core rules come first.
    Ok(yaml::documents(all.last())?)
}

/// A folder of the tree: a file a policy.
#[derive(Default)]
struct Part {
    titles: Vec<String>,
    comments: Vec<&'static str>,
    files: BTreeMap<String, String>,
}

impl Part {
    fn write(&self, folder: &str, files: &mut BTreeMap<String, String>) {
        files.extend(self.files.iter().map(|(policy, text)| (format!("{folder}/{policy}.yaml"), text.clone())));
    }

    fn base(&self) -> String {
        let head = "\
# A policy server, and the policies for resources that every cluster has. Registry, digests and settings are placeholders;
# site/ replaces them.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - policy-server.yaml
  - service-account.yaml
";
        self.listed(head.to_owned())
    }

    fn component(&self) -> String {
        let mut titles: Vec<&str> = self.titles.iter().map(String::as_str).collect();
        titles.sort_unstable();
        titles.dedup();
        let mut text = String::new();
        if !titles.is_empty() {
            text = format!("# {}.\n", titles.join("; "));
        }
        for comment in &self.comments {
            for line in wrapped(comment) {
                let _ = writeln!(text, "# {line}");
            }
        }
        let _ = writeln!(text, "apiVersion: {}\nkind: {}\nresources:", COMPONENT.0, COMPONENT.1);
        self.listed(text)
    }

    fn listed(&self, mut text: String) -> String {
        for policy in self.files.keys() {
            let _ = writeln!(text, "  - {policy}.yaml");
        }
        text
    }
}

/// A comment as a sentence, in lines of at most 118 characters.
fn wrapped(comment: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in sentence(comment).split(' ') {
        if line.len() + word.len() >= 118 {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter();
    let end = if text.ends_with('.') { "" } else { "." };
    first.chain(letters).chain(end.chars()).collect()
}
