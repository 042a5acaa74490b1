//! A node without containers: what a kubelet and kube-proxy do for the pods of a cluster that has no nodes. The programs that
//! are in a pod's images are looked for on the PATH, under the name that the image or the command has; each runs with the
//! pod's environment, volumes and service account.
//!
//! Pods and Services have addresses of the loopback range, so the API server must give Services such addresses as well
//! (`--service-cluster-ip-range 127.100.0.0/24`). Names of Services are resolved by a proxy, which those programs are told of
//! by `HTTPS_PROXY` that ask for names.

mod kubectl;
mod network;
mod pod;
mod volumes;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::Value;

use kubectl::Kubectl;
use network::Network;
use pod::Running;

/// How often the API server may fail to answer before the node gives up: then the cluster is gone.
const PATIENCE: u32 = 20;

/// What programs are given that is not in their pods.
#[derive(Debug)]
pub struct Options {
    /// Arguments behind a program's own, as PROGRAM=ARGUMENT.
    pub append: Vec<String>,
    /// Programs that are told of the proxy.
    pub proxied: Vec<String>,
}

/// Runs pods until FOLDER/stop exists. What a pod has is in FOLDER/NAMESPACE/NAME, its output in `log` there.
pub fn run(kubeconfig: &Path, folder: &Path, options: &Options) -> Result<()> {
    let kubectl = Kubectl::new(kubeconfig);
    let network = Network::start()?;
    let mut running: BTreeMap<String, Running> = BTreeMap::new();
    let (mut failures, mut next) = (0, 2_u8);
    while !folder.join("stop").exists() {
        match kubectl.get(&["pods,services", "--all-namespaces"]) {
            Ok(list) => {
                failures = 0;
                let items = list["items"].as_array().map_or(&[][..], Vec::as_slice);
                let (pods, services): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| item["kind"] == "Pod");
                running.retain(|uid, _| pods.iter().any(|pod| pod["metadata"]["uid"] == uid.as_str()));
                for pod in pods {
                    let uid = pod["metadata"]["uid"].as_str().unwrap_or_default();
                    if !pod["metadata"]["deletionTimestamp"].is_null() {
                        running.get_mut(uid).into_iter().for_each(Running::is_ending);
                    } else if !running.contains_key(uid) && pod["status"]["phase"] == "Pending" && pod::runs_here(pod) {
                        let address = format!("127.90.0.{next}");
                        running.insert(uid.to_owned(), Running::new(pod, folder, &address, network.proxy(), options));
                        next = next.checked_add(1).unwrap_or(2);
                    }
                }
                for pod in running.values_mut() {
                    if let Err(error) = pod.look_after(&kubectl) {
                        eprintln!("{}: {error:#}", pod.name());
                    }
                }
                network.route(&services, running.values());
                for pod in running.values_mut() {
                    if let Err(error) = pod.end(&kubectl) {
                        eprintln!("{}: {error:#}", pod.name());
                    }
                }
            }
            Err(error) => {
                failures += 1;
                if failures > PATIENCE {
                    bail!("the API server does not answer: {error:#}");
                }
            }
        }
        std::thread::sleep(Duration::from_millis(700));
    }
    Ok(())
}
