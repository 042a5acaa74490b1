//! Compares every module in `dist/` with the floor, a module that accepts without looking, and with the modules of an earlier
//! commit: size, compile time, and the median time of a request, each on a fresh instance.
//!
//! `isolation-bench [FOLDER…]`: each folder holds modules to compare with, in place of `target/baseline/dist`.
//!
//! The modules take turns within one run, so that whatever else the machine does falls on all of them alike. What counts
//! are the ratios: benches/README.md has the budgets.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use isolation_runtime::{Engine, EngineOptions, Module, no_cluster};
use serde_json::{Value, json};

/// Rounds; in each, every module gets every request once.
const ROUNDS: usize = 600;

struct Contender {
    /// The policy; of the floor, `floor`.
    policy: String,
    /// The policy and where the module is from.
    name: String,
    size: u64,
    compile: Duration,
    module: Module,
    settings: Value,
    /// The times of the requests, by request.
    times: Vec<Vec<Duration>>,
}

fn settings(policy: &str) -> Value {
    match policy {
        "private-images" => json!({"registries": ["myacr.azurecr.io"]}),
        "cached-images" => json!({
            "cacheRules": [{
                "registry": "myacr.azurecr.io", "source": "docker.io/library/*", "target": "dockerhub/library/*",
            }],
        }),
        _ => json!({}),
    }
}

/// A Pod as a cluster has them: containers with environment, probes, resources and volumes.
fn pod(containers: usize) -> Value {
    let container = |index: usize| {
        let env: Vec<Value> = (0..12)
            .map(|n| json!({"name": format!("SETTING_{n}"), "value": format!("value-{n}-of-{index}")}))
            .collect();
        json!({
            "name": format!("app-{index}"),
            "image": format!("myacr.azurecr.io/team/app-{index}:1.27.{index}"),
            "env": env,
            "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}],
            "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
            "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10, "failureThreshold": 3},
            "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5},
            "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": true},
            "volumeMounts": [{"mountPath": "/var/run/secrets", "name": "token", "readOnly": true}, {"mountPath": "/data", "name": "data"}],
        })
    };
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "web", "namespace": "shop",
            "labels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "web-1", "pod-template-hash": "5d59d67564"},
            "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "8080"},
        },
        "spec": {
            "containers": (0..containers).map(container).collect::<Vec<_>>(),
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "serviceAccountName": "web",
            "tolerations": [{"effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "operator": "Exists", "tolerationSeconds": 300}],
            "volumes": [
                {"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "token", "expirationSeconds": 3607}}]}},
                {"name": "data", "emptyDir": {}},
            ],
        },
    })
}

fn request(object: Value) -> Value {
    json!({
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
        "name": "web", "namespace": "shop", "operation": "CREATE",
        "userInfo": {"username": "system:serviceaccount:kube-system:replicaset-controller", "groups": ["system:authenticated"]},
        "object": object, "dryRun": false,
    })
}

fn contender(engine: &Engine, file: &Path, from: &str, requests: usize) -> Result<Contender> {
    let policy = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}: run `make bench`", file.display()))?;
    let start = Instant::now();
    let module = Module::compile(engine, &bytes)?;
    let settings = settings(&policy);
    Ok(Contender {
        name: format!("{policy}{from}"),
        policy,
        size: bytes.len() as u64,
        compile: start.elapsed(),
        module,
        settings,
        times: vec![Vec::new(); requests],
    })
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // Compiled modules are not kept, so that compiling is measured.
    let engine = Engine::new(EngineOptions { cache: false, ..EngineOptions::default() })?;
    let payloads: Vec<(String, Value)> = [5, 100]
        .into_iter()
        .map(|containers| {
            let request = request(pod(containers));
            (format!("{containers} containers, {:.1} KB", request.to_string().len() as f64 / 1e3), request)
        })
        .collect();
    let mut contenders =
        vec![contender(&engine, &root.join("target/wasm32-wasip1/wasm/floor.wasm"), "", payloads.len())?];
    let mut folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if folders.is_empty() {
        folders.push(root.join("target/baseline/dist"));
    }
    let baselines = folders.len();
    folders.push(root.join("dist"));
    for (number, folder) in folders.iter().enumerate() {
        let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let mut modules: Vec<_> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        modules.retain(|file| file.extension().is_some_and(|ending| ending == "wasm"));
        modules.sort();
        let from = if number < baselines { format!(" before {}", number + 1) } else { String::new() };
        for file in modules {
            contenders.push(contender(&engine, &file, &from, payloads.len())?);
        }
    }

    let cluster = no_cluster();
    for round in 0..ROUNDS {
        for (index, (_, request)) in payloads.iter().enumerate() {
            // The large one less often: its times vary less.
            if index > 0 && round % 10 != 0 {
                continue;
            }
            for contender in &mut contenders {
                let payload = json!({"request": request, "settings": contender.settings}).to_string();
                let start = Instant::now();
                let answer = contender.module.call("validate", payload.as_bytes(), &cluster)?;
                contender.times[index].push(start.elapsed());
                let accepted = answer.starts_with(br#"{"accepted":true"#);
                anyhow::ensure!(accepted, "{} answers {}", contender.name, String::from_utf8_lossy(&answer));
            }
        }
    }

    println!(
        "medians of {ROUNDS} rounds, a fresh instance a request; ratios are to the floor, and to the first modules before"
    );
    print!("{:34} {:>9} {:>9}", "module", "bytes", "compile");
    for (name, _) in &payloads {
        print!("  {name:>34}");
    }
    println!();
    let medians: Vec<Vec<f64>> = contenders
        .iter_mut()
        .map(|contender| contender.times.iter_mut().map(|times| median(times)).collect())
        .collect();
    let (Some(floor), Some(first)) = (medians.first(), medians.get(1..)) else { return Ok(()) };
    for (contender, times) in contenders.iter().zip(&medians) {
        print!("{:34} {:>9} {:>6.0} ms", contender.name, contender.size, contender.compile.as_secs_f64() * 1e3);
        let before = contenders.iter().skip(1).zip(first).find(|(other, _)| other.policy == contender.policy);
        for (index, time) in times.iter().enumerate() {
            let to_floor = floor.get(index).map_or(f64::NAN, |floor| time / floor);
            let to_before = before.and_then(|(_, times)| times.get(index)).map_or(f64::NAN, |before| time / before);
            print!("  {time:>12.1} µs  {to_floor:>5.2} x  {to_before:>5.2} x");
        }
        println!();
    }
    Ok(())
}
