//! The objects of a live cluster, through the user's own kubectl: its credentials, its proxy, its context. Nothing is written
//! to the cluster.

mod dump;
mod kubectl;
mod resources;
mod trim;

use std::time::Duration;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use isolation_readiness::NotSeen;

use super::args::Report;
pub use dump::{Dump, is_dump};
use kubectl::{Failure, Kubectl};
use resources::Resource;

/// How many objects a page has: what kubectl itself asks for.
const PAGE: usize = 500;

/// What was read of a cluster.
#[derive(Debug, Default)]
pub struct Cluster {
    /// What it is called: the context.
    pub name: String,
    /// Lists of objects, as JSON.
    pub pages: Vec<String>,
    /// What could not be read.
    pub unseen: Vec<NotSeen>,
}

/// Reads every kind that some policy judges.
///
/// # Errors
///
/// A cluster of which nothing can be read.
pub fn read(args: &Report) -> Result<Cluster> {
    let kubectl = Kubectl::new(args.context.as_deref(), args.kubeconfig.as_deref());
    let name = kubectl.context()?;
    let (served, warning) = kubectl.api_resources()?;
    let mut cluster = Cluster { name, ..Cluster::default() };
    if let Some(warning) = warning {
        cluster.unseen.push(NotSeen {
            what: format!("Some groups of the cluster's API did not answer: {warning}"),
            help: "kubectl get apiservices says which are not available".to_owned(),
            decides: true,
        });
    }
    let found = resources::read(&served);
    let (judged, unread): (Vec<Resource>, Vec<Resource>) = found.into_iter().partition(Resource::is_judged);
    if judged.is_empty() {
        bail!("`kubectl api-resources` names no kind that any policy judges");
    }
    cluster.unseen.extend(resources::without_reader(&unread));
    let bar = bar(judged.len());
    for resource in &judged {
        bar.set_message(resource.plural.clone());
        for path in resource.paths(&args.namespaces) {
            let mut read = 0;
            if let Err(failure) = list(&kubectl, &path, &mut cluster.pages, &mut |objects| {
                read += objects;
                bar.set_message(format!("{} {read}", resource.plural));
            }) {
                cluster.unseen.push(refused(resource, &path, &failure));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if !args.namespaces.is_empty() {
        cluster.unseen.push(NotSeen {
            what: format!("All namespaces but {}", args.namespaces.join(", ")),
            help: "Leave --namespace out".to_owned(),
            decides: true,
        });
    }
    Ok(cluster)
}

/// Reads a list page by page. Where a page is asked for too late, the list is begun anew, once.
fn list(
    kubectl: &Kubectl,
    path: &str,
    pages: &mut Vec<String>,
    progress: &mut dyn FnMut(usize),
) -> Result<(), Failure> {
    let before = pages.len();
    let mut token = String::new();
    let mut begun_anew = false;
    loop {
        let continued = if token.is_empty() { String::new() } else { format!("&continue={token}") };
        match kubectl.raw(&format!("{path}?limit={PAGE}{continued}")) {
            Ok(text) => {
                let page =
                    trim::page(&text).map_err(|error| Failure::Failed(format!("the answer is not a list: {error}")))?;
                progress(page.objects);
                if page.objects > 0 {
                    pages.push(page.text);
                }
                match page.next {
                    Some(next) => token = next,
                    None => return Ok(()),
                }
            }
            Err(Failure::Expired) if !begun_anew => {
                begun_anew = true;
                pages.truncate(before);
                token.clear();
            }
            Err(failure) => return Err(failure),
        }
    }
}

fn refused(resource: &Resource, path: &str, failure: &Failure) -> NotSeen {
    let namespace = path.split("/namespaces/").nth(1).and_then(|rest| rest.split('/').next());
    let place = namespace.map(|namespace| format!(" in {namespace}")).unwrap_or_default();
    let scope = namespace.map_or(" -A".to_owned(), |namespace| format!(" -n {namespace}"));
    let name = resource.qualified();
    match failure {
        Failure::Forbidden => NotSeen {
            what: format!("{name}{place}: you may not list them"),
            help: format!("kubectl auth can-i list {name}{scope}"),
            decides: true,
        },
        failure => NotSeen { what: format!("{name}{place}: {failure}"), help: String::new(), decides: true },
    }
}

fn bar(kinds: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(kinds as u64), ProgressDrawTarget::stderr());
    bar.enable_steady_tick(Duration::from_millis(200));
    match ProgressStyle::with_template("{bar:30} {pos}/{len} kinds  {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
