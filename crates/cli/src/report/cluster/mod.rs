//! The objects of a live cluster, through the user's own kubectl: its credentials, its proxy, its context. Nothing is written
//! to the cluster.

mod dump;
mod kubectl;
mod pages;
mod resources;
mod trim;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use isolation_all_policies::CustomResource;
use isolation_readiness::NotSeen;

use super::args::Report;
pub use dump::{Dump, is_dump};
use kubectl::{Failure, Kubectl};
pub use pages::Pages;
use resources::{ONE_NAMESPACE, Resource};

/// How many objects a page has: what kubectl itself asks for.
const PAGE: usize = 500;

/// What was read of a cluster.
#[derive(Debug)]
pub struct Cluster {
    /// What it is called: the context.
    pub name: String,
    /// Lists of objects, as JSON: in a file, since nobody knows how many there are.
    pub pages: Pages,
    /// What could not be read.
    pub unseen: Vec<NotSeen>,
}

/// Reads every kind that some policy judges. `named` are those that the configuration names.
///
/// # Errors
///
/// A cluster of which nothing can be read.
pub fn read(args: &Report, named: &BTreeSet<CustomResource>) -> Result<Cluster> {
    let kubectl = Kubectl::new(args.context.as_deref(), args.kubeconfig.as_deref())?;
    let name = kubectl.context()?;
    let (served, warning) = kubectl.api_resources()?;
    let mut cluster = Cluster { name, pages: Pages::new()?, unseen: Vec::new() };
    if let Some(warning) = warning {
        cluster.unseen.push(NotSeen {
            what: format!("Some groups of the cluster's API did not answer: {warning}"),
            help: "kubectl get apiservices says which are not available".to_owned(),
            decides: true,
        });
    }
    let found = resources::read(&served);
    cluster.unseen.extend(named.iter().filter_map(|named| resources::not_served(named, &found)));
    let (judged, unread): (Vec<Resource>, Vec<Resource>) =
        found.into_iter().partition(|resource| resource.is_judged() || named.iter().any(|named| resource.is(named)));
    if judged.is_empty() {
        bail!("`kubectl api-resources` names no kind that any policy judges");
    }
    cluster.unseen.extend(resources::without_reader(&unread));
    let mut forbidden = Forbidden::default();
    let bar = bar(judged.len());
    for resource in &judged {
        bar.set_message(resource.plural.clone());
        for path in resource.paths(&args.namespaces) {
            let mut read = 0;
            let failure = list(&kubectl, &path, &mut cluster.pages, &mut |objects| {
                read += objects;
                bar.set_message(format!("{} {read}", resource.plural));
            })?;
            match failure {
                // The API server lists what is in a namespace that is not there, too: nothing.
                None if read == 0 && path.contains(ONE_NAMESPACE) => {
                    bar.finish_and_clear();
                    let name = path.rsplit(ONE_NAMESPACE).next().unwrap_or_default();
                    bail!("--namespace {name}: the cluster {} has no namespace of this name", cluster.name);
                }
                None => {}
                Some(Failure::Forbidden) => forbidden.add(resource, &path),
                Some(failure) => cluster.unseen.push(failed(resource, &path, &failure)),
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    cluster.unseen.extend(forbidden.into_unseen());
    if !args.namespaces.is_empty() {
        cluster.unseen.push(NotSeen {
            what: format!("All namespaces but {}", args.namespaces.join(", ")),
            help: "Omit --namespace".to_owned(),
            decides: true,
        });
    }
    Ok(cluster)
}

/// Reads a list page by page, and gives why it could not be read to its end. Where a page is asked for too late, the list is
/// begun anew, once.
fn list(kubectl: &Kubectl, path: &str, pages: &mut Pages, progress: &mut dyn FnMut(usize)) -> Result<Option<Failure>> {
    let before = pages.end()?;
    let mut token = String::new();
    let mut begun_anew = false;
    loop {
        let continued = if token.is_empty() { String::new() } else { format!("&continue={token}") };
        let sign = if path.contains('?') { '&' } else { '?' };
        let page = match kubectl.raw(&format!("{path}{sign}limit={PAGE}{continued}")) {
            Ok(text) => trim::page(&text),
            Err(Failure::Expired) if !begun_anew => {
                begun_anew = true;
                pages.truncate(before)?;
                token.clear();
                continue;
            }
            Err(failure) => return Ok(Some(failure)),
        };
        let page = match page {
            Ok(page) => page,
            Err(error) => return Ok(Some(Failure::Failed(format!("the answer is not a list: {error}")))),
        };
        progress(page.objects);
        if page.objects > 0 {
            pages.add(&page.text)?;
        }
        match page.next {
            Some(next) => token = next,
            None => return Ok(None),
        }
    }
}

/// The kinds that the user may not list: everywhere, or by namespace.
#[derive(Debug, Default)]
struct Forbidden(BTreeMap<Option<String>, Vec<String>>);

impl Forbidden {
    fn add(&mut self, resource: &Resource, path: &str) {
        self.0.entry(namespace_of(path).map(str::to_owned)).or_default().push(resource.qualified());
    }

    /// A line for the cluster, and one for each namespace.
    fn into_unseen(self) -> impl Iterator<Item = NotSeen> {
        self.0.into_iter().map(|(namespace, names)| {
            let first = names.first().map_or("", String::as_str);
            let all = names.join(", ");
            let (what, help) = match namespace {
                Some(namespace) => (
                    format!("In {namespace} you may not list {all}"),
                    format!("`kubectl auth can-i list {first} -n {namespace}` checks the right"),
                ),
                None => (
                    format!("You may not list {all}"),
                    format!(
                        "`kubectl auth can-i list {first} -A` checks the right. With rights in some namespaces only, add \
                         --namespace NAME"
                    ),
                ),
            };
            NotSeen { what, help, decides: true }
        })
    }
}

fn namespace_of(path: &str) -> Option<&str> {
    path.split("/namespaces/").nth(1)?.split('/').next()
}

fn failed(resource: &Resource, path: &str, failure: &Failure) -> NotSeen {
    let place = namespace_of(path).map(|namespace| format!(" in {namespace}")).unwrap_or_default();
    let what = format!("{}{place}: {failure}", resource.qualified());
    NotSeen { what, help: String::new(), decides: true }
}

fn bar(kinds: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(kinds as u64), ProgressDrawTarget::stderr());
    bar.enable_steady_tick(Duration::from_millis(200));
    match ProgressStyle::with_template("{bar:30} {pos}/{len} kinds  {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
