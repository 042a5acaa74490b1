//! Charts and kustomizations, rendered by the user's own tools.
//!
//! What a folder with `Chart.yaml` or `kustomization.yaml` deploys is what `helm template` or `kubectl kustomize` makes of it,
//! and not the files in it: templates are no manifests, a base is not what its overlay deploys. So the tools that deploy it
//! render it, with their own rules, and nothing here guesses what they would do.

mod kustomization;
mod origin;
mod tool;
mod used;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use kustomization::Kustomization;
pub use origin::{printed, source_of};
pub use tool::Failure;
pub use used::Used;

/// A folder that is rendered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Folder {
    /// A Helm chart: it has a `Chart.yaml`, or is the file that `helm package` made of one.
    Chart(PathBuf),
    /// A kustomization: it has a `kustomization.yaml`.
    Kustomization(PathBuf),
}

/// What is handed on to the tools.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The namespace that a release is installed in.
    pub namespace: String,
    /// Files of values for charts, in the order in which helm takes them.
    pub values: Vec<PathBuf>,
    /// Single values for charts: `image.tag=1.27`.
    pub set: Vec<String>,
    /// APIs that charts are told the cluster has: `networking.istio.io/v1/ServiceEntry`.
    pub api_versions: Vec<String>,
    /// The version that charts are told the cluster has.
    pub kube_version: Option<String>,
    /// Whether charts are told that a release is upgraded, and not installed.
    pub is_upgrade: bool,
}

impl Folder {
    /// The chart in this folder, if there is one.
    pub fn chart(folder: &Path) -> Option<Self> {
        folder.join(CHART).is_file().then(|| Folder::Chart(folder.to_owned()))
    }

    /// Whether a file is called as `helm package` calls a packaged chart.
    pub fn is_packaged(file: &Path) -> bool {
        let name = file.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        PACKAGED.iter().any(|ending| name.ends_with(ending))
    }

    /// The kustomization in this folder, if there is one: also beside a chart.
    pub fn kustomization(folder: &Path) -> Option<Self> {
        kustomization::file_in(folder).map(|_| Folder::Kustomization(folder.to_owned()))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        match self {
            Folder::Chart(path) | Folder::Kustomization(path) => path,
        }
    }

    /// What it is called: `chart deploy/web`.
    pub fn name(&self) -> String {
        match self {
            Folder::Chart(path) => format!("chart {}", path.display()),
            Folder::Kustomization(path) => format!("kustomization {}", path.display()),
        }
    }

    /// Whether it is a library chart, which other charts use.
    pub fn is_library(&self) -> bool {
        let Folder::Chart(path) = self else { return false };
        let text = std::fs::read_to_string(path.join(CHART)).unwrap_or_default();
        let chart = isolation_manifest::value(&text).ok().flatten();
        chart.is_some_and(|chart| chart.root().get("type").is_some_and(|kind| kind.is_text("library")))
    }

    /// What the folder deploys, as one text of YAML.
    ///
    /// # Errors
    ///
    /// The tool is not there, or it fails, or it does not end.
    pub fn render(&self, options: &Options) -> Result<String, Failure> {
        match self {
            Folder::Chart(path) => {
                // `helm install` creates what is in `crds/`, too.
                let args = ["template".into(), release(path).into(), local(path).into(), "--include-crds".into()];
                let mut args: Vec<OsString> = args.into();
                if !options.namespace.is_empty() {
                    args.extend(["--namespace".into(), options.namespace.clone().into()]);
                }
                for file in &options.values {
                    args.extend(["--values".into(), file.into()]);
                }
                for value in &options.set {
                    args.extend(["--set".into(), value.into()]);
                }
                for api in &options.api_versions {
                    args.extend(["--api-versions".into(), api.into()]);
                }
                if let Some(version) = &options.kube_version {
                    args.extend(["--kube-version".into(), version.into()]);
                }
                if options.is_upgrade {
                    args.push("--is-upgrade".into());
                }
                tool::run(
                    &[("helm", args)],
                    "Install helm, or check its output: helm template CHART | isolation check -",
                )
            }
            Folder::Kustomization(path) => {
                let help =
                    "Install kubectl or kustomize, or check its output: kubectl kustomize FOLDER | isolation check -";
                let kubectl = vec!["kustomize".into(), local(path).into()];
                let kustomize = vec!["build".into(), local(path).into()];
                tool::run(&[("kubectl", kubectl), ("kustomize", kustomize)], help)
            }
        }
    }
}

const CHART: &str = "Chart.yaml";

/// Endings of packaged charts.
const PACKAGED: &[&str] = &[".tgz", ".tar.gz"];

/// A path that no tool takes for an option, a URL or the name of a repository.
fn local(path: &Path) -> PathBuf {
    if path.is_absolute() || path.starts_with(".") || path.starts_with("..") {
        path.to_owned()
    } else {
        Path::new(".").join(path)
    }
}

/// A release's name for a chart: its folder's, as far as that is one.
fn release(path: &Path) -> String {
    let folder = path.canonicalize().unwrap_or_default();
    let name = folder.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = PACKAGED.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let name: String = name.chars().map(|c| if is_name(c) { c } else { '-' }).take(53).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "release".to_owned() } else { name.to_owned() }
}
