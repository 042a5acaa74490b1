//! Compares every module in `dist/` with the floor, a module that accepts without looking: size, compile time, and the
//! median time of a request, each on a fresh instance.
//!
//! The modules take turns within one run, so that whatever else the machine does falls on all of them alike. What counts
//! is the ratio; the budgets are 1.25 times the floor for a Pod of 7 KB, and 150 KB.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use isolation_runtime::{Engine, EngineOptions, Module, no_cluster};
use serde_json::{Value, json};

/// Rounds; in each, every module gets every request once.
const ROUNDS: usize = 1_500;

struct Contender {
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

fn contender(engine: &Engine, file: &Path, requests: usize) -> Result<Contender> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}: run `make bench`", file.display()))?;
    let start = Instant::now();
    let module = Module::compile(engine, &bytes)?;
    let settings = settings(&name);
    Ok(Contender {
        name,
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
    let mut files = vec![root.join("target/wasm32-wasip1/wasm/floor.wasm")];
    let mut modules: Vec<_> =
        std::fs::read_dir(root.join("dist"))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    modules.retain(|file| file.extension().is_some_and(|ending| ending == "wasm"));
    modules.sort();
    files.extend(modules);
    let mut contenders =
        files.iter().map(|file| contender(&engine, file, payloads.len())).collect::<Result<Vec<_>>>()?;

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

    println!("medians of {ROUNDS} rounds, a fresh instance a request; ratios are to the floor");
    print!("{:24} {:>9} {:>9}", "module", "bytes", "compile");
    for (name, _) in &payloads {
        print!("  {name:>26}");
    }
    println!();
    let mut floor = vec![0.0; payloads.len()];
    for (number, contender) in contenders.iter_mut().enumerate() {
        print!("{:24} {:>9} {:>6.0} ms", contender.name, contender.size, contender.compile.as_secs_f64() * 1e3);
        for (index, times) in contender.times.iter_mut().enumerate() {
            let median = median(times);
            if number == 0 {
                floor[index] = median;
            }
            print!("  {:>15.1} µs  {:>5.2} x", median, median / floor[index]);
        }
        println!();
    }
    Ok(())
}
