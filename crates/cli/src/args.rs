//! The arguments.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::check::Counting;
use crate::output::Outputs;
use crate::shell::Shell;

/// Admission policies for network isolated AKS clusters, run before anything is applied.
#[derive(Debug, Parser)]
#[command(name = "isolation", version, max_term_width = 100)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge manifests as admission will.
    #[command(after_help = CHECK_HELP)]
    Check(Check),
    /// List every image that manifests name: where, how a cluster reaches it, and what to name instead.
    #[command(after_help = IMAGES_HELP)]
    Images(Images),
    /// Push the policies' modules and chart to the registry that the cluster reaches.
    #[command(after_help = PUBLISH_HELP)]
    Publish(Publish),
    /// Write everything into one archive, to carry across an air gap.
    #[command(after_help = BUNDLE_HELP)]
    Bundle(Bundle),
    /// Write the Helm chart that deploys the policies.
    #[command(after_help = CHART_HELP)]
    Chart(Chart),
    /// Print the resources that deploy the policies.
    #[command(after_help = POLICIES_HELP)]
    Policies(Policies),
    /// List every rule.
    Rules(Rules),
    /// Print completions for a shell.
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write the manual pages into a folder.
    Man {
        /// The folder.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Print the page of a rule.
    #[command(after_help = "Examples:\n  isolation explain NI101\n  isolation explain public-registry")]
    Explain {
        /// The rule's id or name.
        rule: String,
    },
}

const COMPLETIONS_HELP: &str = "\
Examples:
  source <(isolation completions bash)
  isolation completions zsh > \"${fpath[1]}/_isolation\"
  isolation completions fish > ~/.config/fish/completions/isolation.fish
  isolation completions powershell >> $PROFILE";

const CHECK_HELP: &str = "\
Examples:
  isolation check deploy/                                    every manifest, chart and kustomization below a folder
  isolation check --values prod.yaml ./chart                 what `helm template` renders
  helm template ./chart | isolation check -                  the same, by a pipe
  kubectl get all,sc,pvc -A -o yaml | isolation check -      what a cluster holds
  isolation check --diff deploy/                             what --fix would rewrite, by the configuration's cacheRules
  isolation check --registry myacr.azurecr.io web.yaml       without a configuration file

Policies that are deployed, or are to be:
  isolation check --policies deploy/policies.yaml web.yaml
  kubectl get clusteradmissionpolicies,admissionpolicies -A -o yaml > policies.yaml
  kubectl get all,ns -A -o yaml | isolation check --policies policies.yaml -
A policy judges what its webhook would be asked about. A namespace's labels come from its Namespace object, among the
manifests or beside the policies; of any other namespace only the name is known. A module is the built-in one of the
same name, whatever registry it comes from; a file://; or what --policy gives.

Exit status:
  0  nothing violates a rule
  1  something does
  2  something could not be evaluated (a document that is no manifest, settings that are not valid), or nothing was read;
     everything else was judged, and its violations are printed

isolation.yaml holds the policies' settings, a section a policy; settings that several policies have may
stand at the top:
  registries: [myacr.azurecr.io]
  private-images:
    mcr: allow
  closed-egress: false          # not run";

const PUBLISH_HELP: &str = "\
Examples:
  isolation publish --registry myacr.azurecr.io/policies
  isolation publish --registry myacr.azurecr.io/policies --from isolation.tar
  isolation publish --registry 127.0.0.1:5000 --plain-http dist/private-images.wasm

Credentials are those that `docker login` or `az acr login` stored. What is there already is not sent again.

Exit status:
  0  every module and the chart are in the registry; the references by digest are printed
  2  one is not; nothing is half pushed, and pushing again completes it";

const BUNDLE_HELP: &str = "\
Examples:
  isolation bundle isolation.tar
  isolation bundle isolation.tar --resource deploy/ --sbom dist/private-images.cdx.json

The archive is an OCI image layout in a tar file; the same contents give the same bytes. On the other side:
  isolation publish --registry myacr.azurecr.io/policies --from isolation.tar

Exit status:
  0  the archive is written; its digest is printed
  2  it is not";

const CHART_HELP: &str = "\
Examples:
  isolation chart
  helm install isolation network-isolation-policies-0.1.0.tgz -n kubewarden -f isolation.yaml

`isolation publish` pushes the same chart beside the modules, and `isolation bundle` carries it:
  helm install isolation oci://myacr.azurecr.io/policies/network-isolation-policies -n kubewarden -f isolation.yaml

Exit status:
  0  the chart is written
  2  it is not";

/// Arguments of `chart`.
#[derive(Debug, ClapArgs)]
pub struct Chart {
    /// The folder to write the package into.
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub folder: PathBuf,
}

/// Arguments of `publish`.
#[derive(Debug, ClapArgs)]
pub struct Publish {
    /// Where to push: the policies' repositories are below the prefix.
    #[arg(short, long, value_name = "HOST[/PREFIX]")]
    pub registry: String,
    /// The archive that `isolation bundle` wrote, in place of the built-in modules.
    #[arg(long, value_name = "ARCHIVE", conflicts_with = "modules")]
    pub from: Option<PathBuf>,
    /// Modules, or a folder of them, in place of the built-in ones.
    #[arg(value_name = "MODULE")]
    pub modules: Vec<PathBuf>,
    /// A file of PEM certificates to trust beside the system's.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Speak HTTP: credentials and modules cross the network in the clear.
    #[arg(long)]
    pub plain_http: bool,
    /// A configuration of Docker's to take credentials from.
    #[arg(long, value_name = "FILE")]
    pub docker_config: Option<PathBuf>,
    /// How to print the references.
    #[arg(short, long, value_enum, default_value_t = Output::Human)]
    pub output: Output,
}

/// Arguments of `bundle`.
#[derive(Debug, ClapArgs)]
pub struct Bundle {
    /// The archive to write.
    #[arg(value_name = "ARCHIVE")]
    pub archive: PathBuf,
    /// Modules, or a folder of them, in place of the built-in ones.
    #[arg(long = "module", value_name = "PATH")]
    pub modules: Vec<PathBuf>,
    /// A file or folder to carry along for whoever applies the policies.
    #[arg(long = "resource", value_name = "PATH")]
    pub resources: Vec<PathBuf>,
    /// A software bill of materials to carry along.
    #[arg(long = "sbom", value_name = "FILE")]
    pub sboms: Vec<PathBuf>,
}

/// Arguments of `check`.
#[derive(Debug, ClapArgs)]
pub struct Check {
    /// Files, folders, or `-` for standard input. A folder with a Chart.yaml or kustomization.yaml is rendered by the helm or
    /// kubectl that is installed.
    #[arg(required_unless_present = "show_config", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The policies' settings and the exceptions [default: isolation.yaml in the working directory, or above it up to the
    /// repository's root].
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the settings that each policy would judge by, and the file that they come from, and judge nothing.
    #[arg(long, conflicts_with = "policies")]
    pub show_config: bool,
    /// A registry that images may come from; in place of the configuration's `registries`.
    #[arg(short, long = "registry", value_name = "HOST[/PREFIX]")]
    pub registries: Vec<String>,
    /// A setting, in place of the configuration's. The value is YAML. What names no policy is handed on to charts, as
    /// `helm template --set` takes it.
    #[arg(long = "set", value_name = "POLICY.KEY=VALUE")]
    pub set: Vec<String>,
    /// Run these policies only.
    #[arg(long, value_name = "POLICY", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Do not run these policies.
    #[arg(long, value_name = "POLICY", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Judge by policies as a cluster has them: a file or folder with ClusterAdmissionPolicy, AdmissionPolicy and group
    /// resources, which bring their settings, rules, selectors and conditions.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["config", "registries", "set", "only", "skip"])]
    pub policies: Vec<PathBuf>,
    /// A policy's module, in place of the built-in one of the same name, or beside them.
    #[arg(long = "policy", value_name = "FILE")]
    pub modules: Vec<PathBuf>,
    /// The namespace of objects that name none.
    #[arg(short, long, default_value = "default")]
    pub namespace: String,
    /// Write what the policy cached-images would make of the images into the files themselves.
    #[arg(long)]
    pub fix: bool,
    /// Print the changes that --fix would make, and make none.
    #[arg(long)]
    pub diff: bool,
    /// How to print what was found.
    #[command(flatten)]
    pub outputs: Outputs,
    /// Files and folders to pass over below a folder: a pattern as in .gitignore.
    #[arg(long, value_name = "PATTERN", value_parser = crate::check::check_pattern)]
    pub exclude: Vec<String>,
    /// Values for charts, as `helm template --values` takes them.
    #[arg(long, value_name = "FILE")]
    pub values: Vec<PathBuf>,
    /// Pass over charts and kustomizations instead of rendering them.
    #[arg(long)]
    pub no_render: bool,
    /// Exit 0 where nothing was read.
    #[arg(long)]
    pub allow_empty: bool,
    /// List what was passed over, and the kinds that no policy has rules for.
    #[arg(short, long)]
    pub verbose: bool,
    /// Do not print warnings.
    #[arg(short, long)]
    pub quiet: bool,
    /// What counts.
    #[command(flatten)]
    pub counting: Counting,
}

const IMAGES_HELP: &str = "\
Examples:
  isolation images deploy/                                    a table, a line for each place
  kubectl get all,cm -A -o yaml | isolation images -          what a cluster's objects name
  isolation images --output script deploy/ >import.sh         `az acr import` of what is on the internet
  isolation images --output cache-rules deploy/               `az acr cache create` of rules that hold it
  isolation images --output hauler deploy/ >hauler.yaml       what Hauler carries across an air gap
  isolation images --missing --output list ./chart            what the cluster does not reach, by name

REACHED says how a network isolated cluster gets the image as it is named now:
  registry    from an allowed registry             redirect    the nodes redirect mcr.microsoft.com
  exception   an exception of the settings         cache-rule  not yet: a cache rule holds it as INSTEAD
  misspelt    not yet: it is in an allowed registry whose name is written otherwise
  internet    not at all: import it or add a cache rule, and name INSTEAD
  web         not at all: it is on a web server
  parameters  known when its parameters are        unreadable  not an image reference

Exit status:
  0  the images are listed
  2  something could not be read, or nothing was read";

/// Arguments of `images`.
#[derive(Debug, ClapArgs)]
pub struct Images {
    /// Files, folders, or `-` for standard input. A folder with a Chart.yaml or kustomization.yaml is rendered by the helm or
    /// kubectl that is installed.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The settings of private-images [default: isolation.yaml in the working directory, or above it up to the repository's
    /// root].
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A registry that images may come from; in place of the configuration's `registries`.
    #[arg(short, long = "registry", value_name = "HOST[/PREFIX]")]
    pub registries: Vec<String>,
    /// A setting, in place of the configuration's. The value is YAML. What names no policy is handed on to charts, as
    /// `helm template --set` takes it.
    #[arg(long = "set", value_name = "POLICY.KEY=VALUE")]
    pub set: Vec<String>,
    /// List only what the cluster does not reach as it is named.
    #[arg(long)]
    pub missing: bool,
    /// How to print the images.
    #[arg(short, long, value_enum, default_value_t = ImagesForm::Table)]
    pub output: ImagesForm,
    /// The namespace of objects that name none.
    #[arg(short, long, default_value = "default")]
    pub namespace: String,
    /// Files and folders to pass over below a folder: a pattern as in .gitignore.
    #[arg(long, value_name = "PATTERN", value_parser = crate::check::check_pattern)]
    pub exclude: Vec<String>,
    /// Values for charts, as `helm template --values` takes them.
    #[arg(long, value_name = "FILE")]
    pub values: Vec<PathBuf>,
    /// Pass over charts and kustomizations instead of rendering them.
    #[arg(long)]
    pub no_render: bool,
    /// Exit 0 where nothing was read.
    #[arg(long)]
    pub allow_empty: bool,
    /// List what was passed over.
    #[arg(short, long)]
    pub verbose: bool,
}

/// Forms of `images`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImagesForm {
    /// For people: a line for each place.
    Table,
    /// For programs: one JSON document, described by docs/schemas/images.schema.json.
    Json,
    /// The names alone.
    List,
    /// A shell script that imports what is on the internet: `az acr import`, or skopeo for another registry than Azure's.
    Script,
    /// A shell script that makes cache rules for it: `az acr cache create`.
    CacheRules,
    /// A manifest for Hauler.
    Hauler,
}

impl From<ImagesForm> for isolation_inventory::Form {
    fn from(form: ImagesForm) -> Self {
        match form {
            ImagesForm::Table => Self::Table,
            ImagesForm::Json => Self::Json,
            ImagesForm::List => Self::List,
            ImagesForm::Script => Self::Script,
            ImagesForm::CacheRules => Self::CacheRules,
            ImagesForm::Hauler => Self::Hauler,
        }
    }
}

const POLICIES_HELP: &str = "\
Examples:
  isolation policies --registry myacr.azurecr.io/policies | kubectl apply --server-side -f -
  isolation policies --registry myacr.azurecr.io/policies --family argo,flux --mode protect
  isolation policies > policies.yaml       where isolation.yaml says `registry: myacr.azurecr.io/policies`

These are the resources that the Helm chart makes of the same values; isolation.yaml may hold all of the chart's.
The modules are named by their digests, which are computed locally; the registry is not contacted. Settings are
checked. A policy is left out where isolation.yaml says `false`; one that rewrites objects, or judges custom
resources alone, is left out unless isolation.yaml has a section for it.

Exit status:
  0  the resources are printed
  2  they are not: settings that are not valid, an unknown family";

/// Arguments of `policies`.
#[derive(Debug, ClapArgs)]
pub struct Policies {
    /// Where the modules are, or will be [default: `registry` in the configuration].
    #[arg(long, value_name = "HOST[/PREFIX]")]
    pub registry: Option<String>,
    /// The policies' settings, and how they are deployed [default: isolation.yaml, where there is one].
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// References by digest, one a line, in place of the digests of the built-in modules.
    #[arg(long, value_name = "FILE")]
    pub digests: Option<PathBuf>,
    /// Whether what violates a rule is rejected or only reported [default: monitor].
    #[arg(long, value_enum)]
    pub mode: Option<Mode>,
    /// Judge this family of custom resources, too: of all policies that have it, or of one, as POLICY/NAME.
    #[arg(long = "family", value_name = "NAME", value_delimiter = ',')]
    pub families: Vec<String>,
    /// Judge every family but those that may stop a cluster.
    #[arg(long)]
    pub all_families: bool,
    /// A PolicyServer that is there already, in place of one for these policies alone.
    #[arg(long, value_name = "NAME")]
    pub policy_server: Option<String>,
    /// The policy server's image [default: the registry's kubewarden/adm-controller/policy-server].
    #[arg(long, value_name = "IMAGE", conflicts_with = "policy_server")]
    pub server_image: Option<String>,
    /// A namespace to keep away from; in place of the usual ones.
    #[arg(long = "exclude-namespace", value_name = "NAME", value_delimiter = ',')]
    pub excluded_namespaces: Vec<String>,
    /// The namespace that Kubewarden runs in.
    #[arg(long, value_name = "NAME", default_value = "kubewarden")]
    pub namespace: String,
}

/// What happens to what violates a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// It is rejected.
    Protect,
    /// It is accepted and reported.
    Monitor,
}

/// Arguments of `rules`.
#[derive(Debug, ClapArgs)]
pub struct Rules {
    /// How to print them.
    #[arg(short, long, value_enum, default_value_t = Output::Human)]
    pub output: Output,
}

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For people: as a compiler prints.
    Human,
    /// For programs: one JSON document.
    Json,
}
