//! Pods, and the templates that become pods.

use isolation::image::Reference;
use serde_json::{Value, json};

use super::Part;

/// A pod: what its template has, and what the API server's plugins add.
pub fn pod(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    root.part("spec", |spec| {
        pod_spec(spec);
        spec.default("enableServiceLinks", true);
        // ServiceAccount
        let account = match spec.text("serviceAccountName") {
            "" => Some(spec.text("serviceAccount")).filter(|name| !name.is_empty()).unwrap_or("default"),
            name => name,
        };
        let account = account.to_owned();
        spec.default("serviceAccountName", account.as_str());
        spec.default("serviceAccount", account);
        spec.may_have(&["imagePullSecrets"]);
        // Volumes are added to those that are there, and so are tolerations: DefaultTolerationSeconds.
        spec.unknown(&["volumes", "tolerations"]);
        // Priority, PodNodeSelector and RuntimeClass
        spec.may_have(&["priority", "priorityClassName", "preemptionPolicy", "overhead"]);
        spec.unknown(&["nodeSelector"]);
        let on_host = spec.get("hostNetwork") == Some(&Value::Bool(true));
        for list in ["containers", "initContainers"] {
            spec.each(list, |container| {
                container.unknown(&["volumeMounts"]);
                // LimitRanger
                container.part("resources", |resources| {
                    resources.may_have(&["limits", "requests"]);
                    for list in ["limits", "requests"] {
                        resources.part(list, |list| list.may_have(&["cpu", "memory", "ephemeral-storage"]));
                    }
                });
                container.each("ports", |port| {
                    if on_host && let Some(number) = port.get("containerPort").cloned() {
                        port.default("hostPort", number);
                    }
                });
            });
        }
    });
}

/// The template of a workload.
pub fn template(spec: &mut Part<'_>) {
    spec.part("template", |template| {
        template.made("metadata", |metadata| metadata.unknown(&["creationTimestamp"]));
        template.part("spec", |spec| {
            pod_spec(spec);
            if !spec.text("serviceAccountName").is_empty() {
                let account = spec.text("serviceAccountName").to_owned();
                spec.default("serviceAccount", account);
            } else {
                let account = spec.text("serviceAccount").to_owned();
                if !account.is_empty() {
                    spec.default("serviceAccountName", account);
                }
            }
        });
    });
}

fn pod_spec(spec: &mut Part<'_>) {
    spec.default("dnsPolicy", "ClusterFirst");
    spec.default("restartPolicy", "Always");
    spec.default("securityContext", json!({}));
    spec.default("terminationGracePeriodSeconds", 30);
    spec.default("schedulerName", "default-scheduler");
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        spec.each(list, container);
    }
    spec.each("volumes", volume);
}

fn container(container: &mut Part<'_>) {
    let policy = if is_latest(container.text("image")) { "Always" } else { "IfNotPresent" };
    container.default("imagePullPolicy", policy);
    container.default("terminationMessagePath", "/dev/termination-log");
    container.default("terminationMessagePolicy", "File");
    container.default("resources", json!({}));
    container.each("ports", |port| port.default("protocol", "TCP"));
    container.each("env", |variable| {
        variable.part("valueFrom", |from| from.part("fieldRef", |field| field.default("apiVersion", "v1")));
    });
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        container.part(probe, |probe| {
            for (key, value) in
                [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)]
            {
                probe.default(key, value);
            }
            probe.part("httpGet", http_get);
            probe.part("grpc", |grpc| grpc.default("service", ""));
        });
    }
    container.part("lifecycle", |lifecycle| {
        for hook in ["postStart", "preStop"] {
            lifecycle.part(hook, |hook| hook.part("httpGet", http_get));
        }
    });
    // The securityContext of a container stays as it is.
}

fn http_get(get: &mut Part<'_>) {
    get.default("path", "/");
    get.default("scheme", "HTTP");
}

/// Whether an image is taken to have the tag `latest`: that is written, or no tag and no digest is.
fn is_latest(image: &str) -> bool {
    Reference::read(image).is_ok_and(|image| image.tag.map_or(image.digest.is_none(), |tag| tag == "latest"))
}

fn volume(volume: &mut Part<'_>) {
    for (kind, mode) in [("secret", 420), ("configMap", 420), ("downwardAPI", 420), ("projected", 420)] {
        volume.part(kind, |source| {
            source.default("defaultMode", mode);
            source.each("sources", |source| {
                source.part("serviceAccountToken", |token| token.default("expirationSeconds", 3600));
                source.part("downwardAPI", downward);
            });
            downward(source);
        });
    }
    volume.part("hostPath", |path| path.default("type", ""));
    // Each of these has defaults of its own.
    for kind in ["azureDisk", "iscsi", "rbd", "scaleIO", "ephemeral", "image"] {
        let fields: &[&str] = match kind {
            "azureDisk" => &["cachingMode", "kind", "fsType", "readOnly"],
            "iscsi" => &["iscsiInterface"],
            "rbd" => &["pool", "user", "keyring"],
            "scaleIO" => &["storageMode", "fsType"],
            "ephemeral" => &["volumeClaimTemplate"],
            _ => &["pullPolicy"],
        };
        volume.part(kind, |source| match kind {
            "ephemeral" => source.unknown(fields),
            _ => source.may_have(fields),
        });
    }
}

fn downward(source: &mut Part<'_>) {
    source.each("items", |item| item.part("fieldRef", |field| field.default("apiVersion", "v1")));
}
