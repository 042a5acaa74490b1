//! `artifacthub-pkg.yml`: the page of a policy on Artifact Hub, and that of all of them together.
//!
//! A policy's page has the fields that `kwctl scaffold artifacthub` makes, from the same annotations. What differs on
//! purpose: `createdAt` is the day of the release and not now; a module's download is named like the policy, since one
//! release has all modules; `install` leads to a registry that an isolated cluster reaches; `provider` is who we are;
//! and there are a `category`, `changes` and more links.
//!
//! <https://artifacthub.io/docs/topics/repositories/kubewarden-policies/>

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use isolation_all_policies::{Entry, POLICIES};
use isolation_policy_module::{ContextAwareResource, Metadata, Rule};
use serde::Serialize;

use crate::release::{Change, Release};
use crate::schema;

const NAME: &str = "Network Isolation Policies";

/// The collection's own words; everything else it takes from the policies.
const DESCRIPTION: &str = "Keep network isolated AKS clusters isolated: admission policies for images, load balancers, storage, \
     extensions, egress and cluster definitions";

const HEAD: &str = "# Written by `make generate` from the policies' metadata.yml, settings and CHANGELOG.md.\n";

/// The keys of an `artifacthub-pkg.yml`, in the order in which kwctl writes them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    version: &'a str,
    name: &'a str,
    display_name: &'a str,
    category: &'static str,
    created_at: String,
    description: &'a str,
    license: &'a str,
    #[serde(rename = "homeURL")]
    home_url: &'a str,
    containers_images: Vec<Image<'a>>,
    keywords: Vec<&'a str>,
    links: Vec<Link>,
    install: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<Change>,
    maintainers: Vec<Maintainer<'a>>,
    provider: Provider,
    recommendations: Vec<Recommendation>,
    annotations: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Image<'a> {
    name: &'a str,
    image: String,
}

#[derive(Serialize)]
struct Link {
    name: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Maintainer<'a> {
    name: &'a str,
    email: &'a str,
}

#[derive(Serialize)]
struct Provider {
    name: &'static str,
}

#[derive(Serialize)]
struct Recommendation {
    url: &'static str,
}

/// The keys of an `artifacthub-repo.yml`.
#[derive(Serialize)]
struct Repository<'a> {
    owners: Vec<Maintainer<'a>>,
}

/// A policy's annotations, which say most of its page.
struct About<'m>(&'m Metadata);

impl<'m> About<'m> {
    fn get(&self, key: &str) -> &'m str {
        self.0.annotation(key)
    }

    fn image(&self) -> String {
        format!("{}:v{}", self.get("io.kubewarden.policy.ociUrl"), self.0.version())
    }

    fn source(&self) -> &'m str {
        self.get("io.kubewarden.policy.source")
    }

    fn maintainers(&self) -> Result<Vec<Maintainer<'m>>> {
        let read = |author: &'m str| {
            let (name, email) = author.trim().strip_suffix('>')?.split_once(" <")?;
            Some(Maintainer { name, email })
        };
        let authors = self.get("io.kubewarden.policy.author");
        authors.split(',').map(read).collect::<Option<_>>().with_context(|| format!("{authors} is not NAME <MAIL>"))
    }
}

/// The page of a policy.
pub fn policy(entry: &Entry, questions: &str, release: &Release) -> Result<String> {
    let metadata = entry.metadata()?;
    check_version(&metadata, release)?;
    let about = About(&metadata);
    let (version, source) = (metadata.version(), about.source());
    write(&Package {
        version,
        name: metadata.title(),
        display_name: about.get("io.artifacthub.displayName"),
        category: "security",
        created_at: release.created_at(),
        description: about.get("io.kubewarden.policy.description"),
        license: about.get("io.kubewarden.policy.license"),
        home_url: about.get("io.kubewarden.policy.url"),
        containers_images: vec![Image { name: "policy", image: about.image() }],
        keywords: list(about.get("io.artifacthub.keywords")).collect(),
        links: vec![
            Link { name: "policy", url: format!("{source}/releases/download/v{version}/{}.wasm", entry.name) },
            Link { name: "source", url: source.to_owned() },
            Link { name: "rules", url: format!("{source}/blob/v{version}/docs/rules.md") },
            Link { name: "schema of the settings", url: schema::url(&metadata, &schema::path(entry)) },
        ],
        install: install(&about),
        changes: release.changes_of(entry.name),
        maintainers: about.maintainers()?,
        provider: Provider { name: NAME },
        recommendations: recommendations(),
        annotations: annotations(
            metadata.mutating,
            about.get("io.artifacthub.resources"),
            &metadata.rules,
            &metadata.context_aware_resources.iter().collect::<Vec<_>>(),
            Some(questions),
        )?,
    })
}

/// The page of all policies together.
pub fn collection(release: &Release) -> Result<String> {
    let all = POLICIES.iter().map(|entry| Ok(entry.metadata()?)).collect::<Result<Vec<_>>>()?;
    all.iter().try_for_each(|metadata| check_version(metadata, release))?;
    let first = About(all.first().context("there are no policies")?);
    let source = first.source();
    let mut keywords = Vec::new();
    let mut resources = Vec::new();
    let mut rules: Vec<Rule> = Vec::new();
    let mut context: Vec<&ContextAwareResource> = Vec::new();
    for metadata in &all {
        unite(&mut keywords, list(About(metadata).get("io.artifacthub.keywords")));
        unite(&mut resources, list(About(metadata).get("io.artifacthub.resources")));
        unite(&mut context, metadata.context_aware_resources.iter());
        metadata.rules.iter().for_each(|rule| unite_rule(&mut rules, rule));
    }
    write(&Package {
        version: &release.version,
        name: "network-isolation-policies",
        display_name: NAME,
        category: "security",
        created_at: release.created_at(),
        description: DESCRIPTION,
        license: first.get("io.kubewarden.policy.license"),
        home_url: first.get("io.kubewarden.policy.url"),
        containers_images: all
            .iter()
            .map(|metadata| Image { name: metadata.title(), image: About(metadata).image() })
            .collect(),
        keywords,
        links: vec![
            Link { name: "source", url: source.to_owned() },
            Link { name: "release", url: format!("{source}/releases/tag/v{}", release.version) },
            Link { name: "rules", url: format!("{source}/blob/v{}/docs/rules.md", release.version) },
        ],
        install: install_all(),
        changes: release.changes.clone(),
        maintainers: first.maintainers()?,
        provider: Provider { name: NAME },
        recommendations: recommendations(),
        annotations: annotations(all.iter().any(|m| m.mutating), &resources.join(", "), &rules, &context, None)?,
    })
}

/// `artifacthub-repo.yml`.
pub fn repository() -> Result<String> {
    let metadata = POLICIES.first().context("there are no policies")?.metadata()?;
    let owners = About(&metadata).maintainers()?;
    let note = "# Who may claim the repository on Artifact Hub. The `repositoryID` that makes a verified publisher is given when\n\
                # the repository is registered there.\n";
    Ok([HEAD, note, &yaml_serde::to_string(&Repository { owners })?].concat())
}

fn check_version(metadata: &Metadata, release: &Release) -> Result<()> {
    if metadata.version() == release.version {
        return Ok(());
    }
    bail!(
        "{} is version {} in its metadata.yml, and the newest release in CHANGELOG.md is {}",
        metadata.title(),
        metadata.version(),
        release.version
    )
}

fn write(package: &Package<'_>) -> Result<String> {
    Ok([HEAD, &yaml_serde::to_string(package)?].concat())
}

/// The entries of a list with commas.
fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

fn unite<T: PartialEq>(all: &mut Vec<T>, more: impl Iterator<Item = T>) {
    for entry in more {
        if !all.contains(&entry) {
            all.push(entry);
        }
    }
}

/// Adds a rule: rules of the same group, versions and operations become one.
fn unite_rule(all: &mut Vec<Rule>, rule: &Rule) {
    let same = |known: &&mut Rule| {
        (&known.api_groups, &known.api_versions, &known.operations)
            == (&rule.api_groups, &rule.api_versions, &rule.operations)
    };
    match all.iter_mut().find(same) {
        Some(known) => unite(&mut known.resources, rule.resources.iter().cloned()),
        None => all.push(rule.clone()),
    }
}

fn recommendations() -> Vec<Recommendation> {
    vec![Recommendation { url: "https://artifacthub.io/packages/helm/kubewarden/kubewarden-controller" }]
}

fn annotations(
    mutating: bool,
    resources: &str,
    rules: &[Rule],
    context: &[&ContextAwareResource],
    questions: Option<&str>,
) -> Result<BTreeMap<&'static str, String>> {
    let mut annotations = BTreeMap::from([
        ("kubewarden/mutation", mutating.to_string()),
        ("kubewarden/resources", resources.to_owned()),
        ("kubewarden/rules", yaml_serde::to_string(rules)?),
    ]);
    if !context.is_empty() {
        annotations.insert("kubewarden/contextAwareResources", yaml_serde::to_string(context)?);
    }
    if let Some(questions) = questions {
        annotations.insert("kubewarden/questions-ui", questions.to_owned());
    }
    Ok(annotations)
}

fn install(about: &About<'_>) -> String {
    let image = about.image();
    format!(
        "With [kwctl](https://docs.kubewarden.io/howtos/install-kwctl), where the internet can be reached:\n\
         ```console\n\
         kwctl pull registry://{image}\n\
         kwctl scaffold manifest --type ClusterAdmissionPolicy registry://{image}\n\
         ```\n\
         A network isolated cluster pulls from its own registry. The command line `isolation` brings the module there and \
         prints the policy with its digest:\n\
         ```console\n\
         isolation publish --registry myacr.azurecr.io/network-isolation-policies\n\
         isolation policies --registry myacr.azurecr.io/network-isolation-policies -c isolation.yaml\n\
         ```\n"
    )
}

fn install_all() -> String {
    "Where the internet can be reached, check your manifests, push the modules to the cluster's registry, and print the \
     policies:\n\
     ```console\n\
     isolation check -c isolation.yaml manifests/\n\
     isolation publish --registry myacr.azurecr.io/network-isolation-policies\n\
     isolation policies --registry myacr.azurecr.io/network-isolation-policies -c isolation.yaml\n\
     ```\n\
     `isolation bundle` writes everything into one archive, to carry it across an air gap.\n"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_differ_in_their_resources_only_become_one() {
        let rule = |group: &str, resource: &str| Rule {
            api_groups: vec![group.into()],
            api_versions: vec!["v1".into()],
            resources: vec![resource.into()],
            operations: vec!["CREATE".into()],
        };
        let mut all = Vec::new();
        for rule in [rule("", "pods"), rule("apps", "deployments"), rule("", "services"), rule("", "pods")] {
            unite_rule(&mut all, &rule);
        }
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].resources, ["pods", "services"]);
    }
}
