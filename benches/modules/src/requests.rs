//! What the modules are asked, and with which settings.

use serde_json::{Map, Value, json};

/// The settings that a policy needs; `entries` lengthens the one list that most of its users fill.
pub fn settings(policy: &str, entries: usize) -> Value {
    let names = |of: &dyn Fn(usize) -> String| (0..entries).map(of).collect::<Vec<_>>();
    let with = |key: &str, first: &[&str], of: &dyn Fn(usize) -> String| {
        let all: Vec<String> = first.iter().map(|&text| text.to_owned()).chain(names(of)).collect();
        if all.is_empty() { json!({}) } else { json!({ key: all }) }
    };
    match policy {
        "private-images" | "customary" => {
            with("registries", &["myacr.azurecr.io"], &|n| format!("registry{n}.azurecr.io"))
        }
        "cached-images" => {
            let rule = |source: String, target: String| json!({"registry": "myacr.azurecr.io", "source": source, "target": target});
            let first = rule("docker.io/library/*".into(), "dockerhub/library/*".into());
            let more = (0..entries).map(|n| rule(format!("quay.io/team{n}/*"), format!("quay/team{n}/*")));
            json!({"cacheRules": std::iter::once(first).chain(more).collect::<Vec<_>>()})
        }
        "private-storage" => with("storageAccounts", &[], &|n| format!("account{n}")),
        "internal-load-balancers" => with("internalGatewayClasses", &[], &|n| format!("class-{n}")),
        "supported-extensions" => with("allow", &[], &|n| format!("contoso.extension{n}")),
        "closed-egress" => with("staticGateways", &[], &|n| format!("gateway-{n}")),
        "isolated-clusters" => with("registries", &[], &|n| format!("registry{n}")),
        _ => json!({}),
    }
}

/// A request about a Pod of about so many bytes, as a cluster has them. Every module accepts it if its images are `ours`.
pub fn pod(bytes: usize, ours: bool) -> Value {
    let (mut containers, mut request) = (0, small_pod(ours));
    while request.to_string().len() + CONTAINER * 2 / 3 < bytes {
        let missing = bytes.saturating_sub(request.to_string().len()) / CONTAINER;
        containers += missing.max(1);
        request = of("", "v1", "Pod", "pods", pod_of(containers, ours));
    }
    request
}

/// A request that the module refuses, of about so many bytes; none for one that refuses no objects but what cannot be read.
pub fn refused(policy: &str, bytes: usize) -> Option<Value> {
    let padded = |group: &str, version: &str, kind: &str, plural: &str, mut object: Value| {
        let short = of(group, version, kind, plural, object.clone()).to_string().len();
        let mut annotations = Map::new();
        for number in 0..bytes.saturating_sub(short) / 64 {
            annotations.insert(format!("example.com/note-{number:06}"), json!("what somebody noted about it once"));
        }
        if !annotations.is_empty() {
            object["metadata"]["annotations"] = annotations.into();
        }
        Some(of(group, version, kind, plural, object))
    };
    match policy {
        "private-images" | "customary" => Some(pod(bytes, false)),
        "private-storage" => {
            let mut request = pod(bytes, true);
            let volume = json!({"name": "files", "azureFile": {"secretName": "files", "shareName": "share"}});
            request["object"]["spec"]["volumes"] = json!([volume]);
            Some(request)
        }
        "closed-egress" => {
            let mut request = pod(bytes, true);
            request["object"]["spec"]["os"] = json!({"name": "windows"});
            Some(request)
        }
        "internal-load-balancers" => padded(
            "",
            "v1",
            "Service",
            "services",
            json!({
                "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
                "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]},
            }),
        ),
        "supported-extensions" => padded(
            "kubernetesconfiguration.azure.com",
            "v1api20241101",
            "Extension",
            "extensions",
            json!({
                "apiVersion": "kubernetesconfiguration.azure.com/v1api20241101", "kind": "Extension",
                "metadata": {"name": "flux", "namespace": "clusters"}, "spec": {"extensionType": "microsoft.flux"},
            }),
        ),
        "isolated-clusters" => padded(
            "containerservice.azure.com",
            "v1api20231001",
            "ManagedCluster",
            "managedclusters",
            json!({
                "apiVersion": "containerservice.azure.com/v1api20231001", "kind": "ManagedCluster",
                "metadata": {"name": "shop", "namespace": "clusters"},
                "spec": {"location": "westeurope", "networkProfile": {"outboundType": "loadBalancer"}},
            }),
        ),
        _ => None,
    }
}

/// About how many bytes a container has.
const CONTAINER: usize = 1_170;

fn image(index: usize, ours: bool) -> String {
    let registry = if ours { "myacr.azurecr.io" } else { "quay.io" };
    format!("{registry}/team/app-{index}:1.27.{index}")
}

fn small_pod(ours: bool) -> Value {
    of(
        "",
        "v1",
        "Pod",
        "pods",
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "web", "namespace": "shop", "labels": {"app.kubernetes.io/name": "web"}},
            "spec": {"containers": [{"name": "web", "image": image(0, ours), "ports": [{"containerPort": 8080}]}]},
        }),
    )
}

fn pod_of(containers: usize, ours: bool) -> Value {
    let container = |index: usize| {
        let env: Vec<Value> = (0..12)
            .map(|n| json!({"name": format!("SETTING_{n}"), "value": format!("value-{n}-of-{index}")}))
            .collect();
        json!({
            "name": format!("app-{index}"),
            "image": image(index, ours),
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

fn of(group: &str, version: &str, kind: &str, plural: &str, object: Value) -> Value {
    let kind = json!({"group": group, "version": version, "kind": kind});
    json!({
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": kind, "requestKind": kind,
        "resource": {"group": group, "version": version, "resource": plural},
        "name": object["metadata"]["name"], "namespace": "shop", "operation": "CREATE",
        "userInfo": {"username": "system:serviceaccount:kube-system:replicaset-controller", "groups": ["system:authenticated"]},
        "object": object, "dryRun": false,
    })
}
