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
    /// Check manifests as admission control would.
    #[command(after_help = CHECK_HELP)]
    Check(Check),
    /// Run tests of isolation.yaml: objects, and the verdicts that they must get.
    #[command(after_help = TEST_HELP)]
    Test(Test),
    /// List every image in manifests: where, how a cluster reaches it, and what to write instead.
    #[command(after_help = IMAGES_HELP)]
    Images(Images),
    /// Tell whether a cluster is ready to be isolated, and what is to be done until it is.
    #[command(after_help = crate::report::HELP)]
    Report(Box<crate::report::Report>),
    /// Push the policies' modules and chart to a registry that the cluster reaches.
    #[command(after_help = PUBLISH_HELP)]
    Publish(Publish),
    /// Write everything into one archive, to move it across an air gap.
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
  kubectl get all,sc,pvc -A -o yaml | isolation check -      objects of a cluster
  isolation check --diff deploy/                             what --fix would write; with --unsafe-fixes, the rest too
  isolation check --registry myacr.azurecr.io web.yaml       without a configuration file

With policies as a cluster has them:
  isolation check --policies deploy/policies.yaml web.yaml
  kubectl get clusteradmissionpolicies,admissionpolicies -A -o yaml > policies.yaml
  kubectl get all,ns -A -o yaml | isolation check --policies policies.yaml -
A policy judges only the requests that its webhook would get. The labels of a namespace come from its Namespace object,
among the manifests or the policies; of other namespaces only the name is known. The module of a policy is the built-in
one of the same name, whatever its registry, a file://, or the file that --policy names.

Exit status:
  0  no violations
  1  violations
  2  something could not be evaluated (a document that is not a manifest, invalid settings), or nothing was read;
     everything else was judged, and its violations are printed

isolation.yaml has the policies' settings, one section per policy; settings that several policies share may be at the
top:
  registries: [myacr.azurecr.io]
  private-images:
    mcr: allow
  closed-egress: false          # not run";

const PUBLISH_HELP: &str = "\
Examples:
  isolation publish --registry myacr.azurecr.io/policies
  isolation publish --registry myacr.azurecr.io/policies --from isolation.tar
  isolation publish --registry 127.0.0.1:5000 --plain-http dist/private-images.wasm

Credentials come from `docker login` or `az acr login`. Modules that are already in the registry are not sent again.

Exit status:
  0  every module and the chart are in the registry; the references by digest are printed
  2  at least one is not; none is partly pushed, and pushing again completes it";

const BUNDLE_HELP: &str = "\
Examples:
  isolation bundle isolation.tar
  isolation bundle isolation.tar --resource deploy/ --sbom dist/private-images.cdx.json

The archive is an OCI image layout in a tar file; the same contents give the same bytes. To publish it on the other side:
  isolation publish --registry myacr.azurecr.io/policies --from isolation.tar

Exit status:
  0  the archive was written; its digest is printed
  2  it was not";

const CHART_HELP: &str = "\
Examples:
  isolation chart
  helm install isolation network-isolation-policies-0.1.0.tgz -n kubewarden -f isolation.yaml

`isolation publish` pushes the same chart with the modules, and `isolation bundle` includes it:
  helm install isolation oci://myacr.azurecr.io/policies/network-isolation-policies -n kubewarden -f isolation.yaml

Exit status:
  0  the chart was written
  2  it was not";

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
    /// The archive that `isolation bundle` wrote, instead of the built-in modules.
    #[arg(long, value_name = "ARCHIVE", conflicts_with = "modules")]
    pub from: Option<PathBuf>,
    /// Modules, or a folder of them, instead of the built-in ones.
    #[arg(value_name = "MODULE")]
    pub modules: Vec<PathBuf>,
    /// A file of PEM certificates to trust in addition to the system's.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Use HTTP: credentials and modules cross the network unencrypted.
    #[arg(long)]
    pub plain_http: bool,
    /// A Docker configuration file with the credentials.
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
    /// Modules, or a folder of them, instead of the built-in ones.
    #[arg(long = "module", value_name = "PATH")]
    pub modules: Vec<PathBuf>,
    /// A file or folder to include, such as resources to apply.
    #[arg(long = "resource", value_name = "PATH")]
    pub resources: Vec<PathBuf>,
    /// A software bill of materials to include.
    #[arg(long = "sbom", value_name = "FILE")]
    pub sboms: Vec<PathBuf>,
}

/// Arguments of `check`.
#[derive(Debug, ClapArgs)]
pub struct Check {
    /// Files, folders, or `-` for standard input. The installed helm or kubectl renders folders with a Chart.yaml or
    /// kustomization.yaml.
    #[arg(required_unless_present = "show_config", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The policies' settings and the exceptions [default: isolation.yaml in the working directory, or above it up to the
    /// repository's root].
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the settings with which each policy would judge, and the file that they come from. Judge nothing.
    #[arg(long, conflicts_with = "policies")]
    pub show_config: bool,
    /// A registry that images may come from, instead of the configuration's `registries`.
    #[arg(short, long = "registry", value_name = "HOST[/PREFIX]")]
    pub registries: Vec<String>,
    /// A setting, instead of the configuration's. The value is YAML. A KEY=VALUE without a policy is passed to charts, like
    /// `helm template --set`.
    #[arg(long = "set", value_name = "POLICY.KEY=VALUE")]
    pub set: Vec<String>,
    /// Run only these policies.
    #[arg(long, value_name = "POLICY", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Do not run these policies.
    #[arg(long, value_name = "POLICY", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Judge with policies as a cluster has them: a file or folder with ClusterAdmissionPolicy, AdmissionPolicy and group
    /// resources, with their settings, rules, selectors and conditions.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["config", "registries", "set", "only", "skip"])]
    pub policies: Vec<PathBuf>,
    /// A policy's module, instead of the built-in one of the same name, or in addition to the built-in ones.
    #[arg(long = "policy", value_name = "FILE")]
    pub modules: Vec<PathBuf>,
    /// The namespace of objects that name none.
    #[arg(short, long, default_value = "default")]
    pub namespace: String,
    /// Fix spellings that nothing recognises, and rewrite images as the policy cached-images would, in the files.
    #[arg(long)]
    pub fix: bool,
    /// With --fix or --diff: include changes of behavior, and changes that need something else first, such as an import.
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Print the changes that --fix would make. Make none.
    #[arg(long)]
    pub diff: bool,
    /// How to print what was found.
    #[command(flatten)]
    pub outputs: Outputs,
    /// Files and folders to skip below a folder: a pattern as in .gitignore.
    #[arg(long, value_name = "PATTERN", value_parser = crate::check::check_pattern)]
    pub exclude: Vec<String>,
    /// Values for charts, like `helm template --values`.
    #[arg(long, value_name = "FILE")]
    pub values: Vec<PathBuf>,
    /// Skip charts and kustomizations instead of rendering them.
    #[arg(long)]
    pub no_render: bool,
    /// Exit 0 if nothing was read.
    #[arg(long)]
    pub allow_empty: bool,
    /// List skipped paths, and kinds that no policy has rules for.
    #[arg(short, long)]
    pub verbose: bool,
    /// Do not print warnings.
    #[arg(short, long)]
    pub quiet: bool,
    /// Which findings count.
    #[command(flatten)]
    pub counting: Counting,
}

const TEST_HELP: &str = "\
Examples:
  isolation test isolation-tests/
  isolation test --bless isolation-tests/new.yaml     writes what is found now; read it

A test is a file:
  # The storefront pulls from the private registry alone.
  object:
    apiVersion: v1
    kind: Pod
    metadata: {name: web, namespace: shop}
    spec: {containers: [{name: web, image: nginx}]}
  cluster: []              # optional: what is there already, such as the Namespace or a StorageClass
  expect:
    accepted: false
    findings:
      - NI101 deny spec.containers[0].image     # or `NI101 deny`, `NI101`, `public-registry`
A failing test shows what is missing (-) and what is too much (+). Exceptions of isolation.yaml hold.

Exit status:
  0  every test passes
  1  a test fails
  2  a test cannot be run";

/// Arguments of `test`.
#[derive(Debug, ClapArgs)]
pub struct Test {
    /// Tests, or folders of them.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What is tested [default: isolation.yaml in the working directory, or above it up to the repository's root].
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A registry that images may come from; in place of the configuration's `registries`.
    #[arg(short, long = "registry", value_name = "HOST[/PREFIX]")]
    pub registries: Vec<String>,
    /// A setting, in place of the configuration's. The value is YAML.
    #[arg(long = "set", value_name = "POLICY.KEY=VALUE")]
    pub set: Vec<String>,
    /// Write what is found now into the tests, in place of what is expected.
    #[arg(long)]
    pub bless: bool,
    /// The namespace of objects that name none.
    #[arg(short, long, default_value = "default")]
    pub namespace: String,
    /// Name the tests that pass, too.
    #[arg(short, long)]
    pub verbose: bool,
}

const IMAGES_HELP: &str = "\
Examples:
  isolation images deploy/                                    a table, one line per path
  kubectl get all,cm -A -o yaml | isolation images -          images of a cluster's objects
  isolation images --output script deploy/ >import.sh         `az acr import` for images on the internet
  isolation images --output cache-rules deploy/               `az acr cache create` for rules that cover them
  isolation images --output hauler deploy/ >hauler.yaml       for Hauler, to move them across an air gap
  isolation images --missing --output list ./chart            names of images that the cluster cannot reach

REACHED says how a network isolated cluster gets the image under its current name:
  registry    from an allowed registry             redirect    the nodes redirect mcr.microsoft.com
  exception   an exception of the settings         cache-rule  not yet: a cache rule serves it as INSTEAD
  misspelt    not yet: its registry is allowed, but spelled differently
  internet    not at all: import it or add a cache rule, and write INSTEAD
  web         not at all: it is on a web server
  parameters  depends on its parameters            unreadable  not an image reference

Exit status:
  0  the images were listed
  2  something could not be read, or nothing was read";

/// Arguments of `images`.
#[derive(Debug, ClapArgs)]
pub struct Images {
    /// Files, folders, or `-` for standard input. The installed helm or kubectl renders folders with a Chart.yaml or
    /// kustomization.yaml.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The settings of private-images [default: isolation.yaml in the working directory, or above it up to the repository's
    /// root].
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A registry that images may come from, instead of the configuration's `registries`.
    #[arg(short, long = "registry", value_name = "HOST[/PREFIX]")]
    pub registries: Vec<String>,
    /// A setting, instead of the configuration's. The value is YAML. A KEY=VALUE without a policy is passed to charts, like
    /// `helm template --set`.
    #[arg(long = "set", value_name = "POLICY.KEY=VALUE")]
    pub set: Vec<String>,
    /// List only images that the cluster cannot reach under their current name.
    #[arg(long)]
    pub missing: bool,
    /// How to print the images.
    #[arg(short, long, value_enum, default_value_t = ImagesForm::Table)]
    pub output: ImagesForm,
    /// The namespace of objects that name none.
    #[arg(short, long, default_value = "default")]
    pub namespace: String,
    /// Files and folders to skip below a folder: a pattern as in .gitignore.
    #[arg(long, value_name = "PATTERN", value_parser = crate::check::check_pattern)]
    pub exclude: Vec<String>,
    /// Values for charts, like `helm template --values`.
    #[arg(long, value_name = "FILE")]
    pub values: Vec<PathBuf>,
    /// Skip charts and kustomizations instead of rendering them.
    #[arg(long)]
    pub no_render: bool,
    /// Exit 0 if nothing was read.
    #[arg(long)]
    pub allow_empty: bool,
    /// List skipped paths.
    #[arg(short, long)]
    pub verbose: bool,
}

/// Forms of `images`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImagesForm {
    /// For people: one line per path.
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
  isolation policies > policies.yaml       with `registry: myacr.azurecr.io/policies` in isolation.yaml

These are the resources that the Helm chart renders from the same values; isolation.yaml may contain all of the chart's.
The modules are named by their digests, which are computed locally; the registry is not contacted. Settings are
checked. A policy that is `false` in isolation.yaml is omitted; so is one that rewrites objects, or judges only custom
resources, unless isolation.yaml has a section for it.

Exit status:
  0  the resources were printed
  2  they were not: invalid settings, an unknown family";

/// Arguments of `policies`.
#[derive(Debug, ClapArgs)]
pub struct Policies {
    /// Where the modules are, or will be [default: `registry` in the configuration].
    #[arg(long, value_name = "HOST[/PREFIX]")]
    pub registry: Option<String>,
    /// The policies' settings, and how they are deployed [default: isolation.yaml, if it exists].
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// References by digest, one per line, instead of the digests of the built-in modules.
    #[arg(long, value_name = "FILE")]
    pub digests: Option<PathBuf>,
    /// Whether violations are rejected or only reported [default: monitor].
    #[arg(long, value_enum)]
    pub mode: Option<Mode>,
    /// Also judge this family of custom resources: in all policies that have it, or in one, as POLICY/NAME.
    #[arg(long = "family", value_name = "NAME", value_delimiter = ',')]
    pub families: Vec<String>,
    /// Judge every family but those that may stop a cluster.
    #[arg(long)]
    pub all_families: bool,
    /// An existing PolicyServer, instead of one only for these policies.
    #[arg(long, value_name = "NAME")]
    pub policy_server: Option<String>,
    /// The policy server's image [default: the registry's kubewarden/adm-controller/policy-server].
    #[arg(long, value_name = "IMAGE", conflicts_with = "policy_server")]
    pub server_image: Option<String>,
    /// A namespace to exclude, instead of the usual ones.
    #[arg(long = "exclude-namespace", value_name = "NAME", value_delimiter = ',')]
    pub excluded_namespaces: Vec<String>,
    /// The namespace in which Kubewarden runs.
    #[arg(long, value_name = "NAME", default_value = "kubewarden")]
    pub namespace: String,
}

/// How violations are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Reject them.
    Protect,
    /// Accept and report them.
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
