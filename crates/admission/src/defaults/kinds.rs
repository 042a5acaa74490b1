//! Kinds, one after the other. Of those that are not here nothing is known but what their file says.

use serde_json::{Value, json};

use super::pods::{pod, template};
use super::{LABELS_OF_JOBS, Part};

/// Fills in what the API server does for this kind, if that is known.
pub fn fill(root: &mut Part<'_>, group: &str, kind: &str) -> bool {
    let fill: fn(&mut Part<'_>) = match (group, kind) {
        ("", "Pod") => pod,
        ("", "ConfigMap" | "ServiceAccount") => |_| {},
        ("", "Namespace") => namespace,
        ("", "Secret") => secret,
        ("", "Service") => service,
        ("", "PersistentVolumeClaim") => claim,
        ("", "PersistentVolume") => volume,
        ("", "ReplicationController") => replication_controller,
        ("apps", "Deployment") => deployment,
        ("apps", "DaemonSet") => daemon_set,
        ("apps", "StatefulSet") => stateful_set,
        ("apps", "ReplicaSet") => |root| {
            root.unknown(&["status"]);
            root.part("spec", |spec| {
                spec.default("replicas", 1);
                template(spec);
            });
        },
        ("batch", "Job") => job,
        ("batch", "CronJob") => cron_job,
        ("networking.k8s.io", "NetworkPolicy") => network_policy,
        ("networking.k8s.io", "Ingress") => |root| {
            root.unknown(&["status"]);
            root.part("spec", |spec| spec.may_have(&["ingressClassName"]));
        },
        ("storage.k8s.io", "StorageClass") => |root| {
            root.default("reclaimPolicy", "Delete");
            root.default("volumeBindingMode", "Immediate");
        },
        _ => return false,
    };
    fill(root);
    true
}

fn namespace(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    let name = root.get("metadata").and_then(|metadata| metadata["name"].as_str()).unwrap_or_default().to_owned();
    root.part("metadata", |metadata| {
        // One whose name is made up gets the label after that.
        if name.is_empty() {
            metadata.made("labels", |labels| labels.unknown(&["kubernetes.io/metadata.name"]));
            metadata.unknown(&["labels"]);
        } else {
            metadata.made("labels", |labels| {
                labels.map.insert("kubernetes.io/metadata.name".into(), name.into());
            });
        }
    });
    root.made("spec", |spec| spec.unknown(&["finalizers"]));
}

fn secret(root: &mut Part<'_>) {
    root.default("type", "Opaque");
    // What is given as text becomes data.
    if root.map.remove("stringData").is_some() {
        root.unknown(&["data"]);
    }
}

fn service(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    root.part("spec", |spec| {
        spec.default("type", "ClusterIP");
        spec.default("sessionAffinity", "None");
        let kind = spec.text("type").to_owned();
        let outside = matches!(kind.as_str(), "NodePort" | "LoadBalancer");
        spec.each("ports", |port| {
            port.default("protocol", "TCP");
            if let Some(number) = port.get("port").cloned() {
                port.default("targetPort", number);
            }
            if outside {
                port.may_have(&["nodePort"]);
            }
        });
        if kind != "ExternalName" {
            spec.default("internalTrafficPolicy", "Cluster");
            spec.may_have(&["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]);
        }
        let has_addresses = spec.get("externalIPs").is_some();
        if outside || has_addresses && kind == "ClusterIP" {
            spec.default("externalTrafficPolicy", "Cluster");
        }
        if kind == "LoadBalancer" {
            spec.default("allocateLoadBalancerNodePorts", true);
            spec.may_have(&["healthCheckNodePort"]);
        }
        if spec.text("sessionAffinity") == "ClientIP" {
            spec.may_have(&["sessionAffinityConfig"]);
        }
    });
}

fn claim(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    root.part("metadata", |metadata| metadata.unknown(&["finalizers"]));
    root.part("spec", |spec| {
        spec.default("volumeMode", "Filesystem");
        // DefaultStorageClass
        spec.may_have(&["storageClassName", "dataSource", "dataSourceRef"]);
    });
}

fn volume(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    root.part("metadata", |metadata| metadata.unknown(&["finalizers"]));
    root.part("spec", |spec| {
        spec.default("persistentVolumeReclaimPolicy", "Retain");
        spec.default("volumeMode", "Filesystem");
        // Each source has defaults of its own.
        for source in ["azureDisk", "hostPath", "iscsi", "rbd", "scaleIO"] {
            spec.part(source, |source| {
                source.may_have(&[
                    "cachingMode",
                    "kind",
                    "fsType",
                    "readOnly",
                    "type",
                    "iscsiInterface",
                    "pool",
                    "user",
                    "keyring",
                    "storageMode",
                ]);
            });
        }
        spec.part("claimRef", |claim| claim.unknown(&["apiVersion", "kind"]));
    });
}

fn replication_controller(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    let labels = labels_of_template(root);
    root.part("spec", |spec| {
        spec.default("replicas", 1);
        if let Some(labels) = &labels {
            spec.default("selector", labels.clone());
        }
        template(spec);
    });
    take_labels(root, labels);
}

/// The labels of the template, where it has some.
fn labels_of_template(root: &Part<'_>) -> Option<Value> {
    let labels = &root.get("spec")?["template"]["metadata"]["labels"];
    labels.is_object().then(|| labels.clone())
}

fn take_labels(root: &mut Part<'_>, labels: Option<Value>) {
    root.part("metadata", |metadata| {
        if let Some(labels) = labels {
            metadata.default("labels", labels);
        }
    });
}

fn deployment(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    root.part("spec", |spec| {
        spec.default("replicas", 1);
        spec.default("revisionHistoryLimit", 10);
        spec.default("progressDeadlineSeconds", 600);
        rolling(spec, "strategy", &[("maxUnavailable", json!("25%")), ("maxSurge", json!("25%"))]);
        template(spec);
    });
}

/// How pods are replaced: one after the other, unless something else is written.
fn rolling(spec: &mut Part<'_>, key: &str, defaults: &[(&str, Value)]) {
    spec.made(key, |strategy| {
        strategy.default("type", "RollingUpdate");
        if strategy.text("type") == "RollingUpdate" {
            strategy.made("rollingUpdate", |update| {
                for (key, value) in defaults {
                    update.default(key, value.clone());
                }
            });
        }
    });
}

fn daemon_set(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    root.part("metadata", |metadata| {
        metadata.made("annotations", |annotations| annotations.unknown(&["deprecated.daemonset.template.generation"]));
    });
    root.part("spec", |spec| {
        spec.default("revisionHistoryLimit", 10);
        rolling(spec, "updateStrategy", &[("maxUnavailable", json!(1)), ("maxSurge", json!(0))]);
        template(spec);
    });
}

fn stateful_set(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    root.part("spec", |spec| {
        spec.default("replicas", 1);
        spec.default("revisionHistoryLimit", 10);
        spec.default("podManagementPolicy", "OrderedReady");
        let says_how = spec.get("updateStrategy").is_some_and(|strategy| strategy["type"].is_string());
        spec.made("updateStrategy", |strategy| {
            strategy.default("type", "RollingUpdate");
            if !says_how {
                strategy.default("rollingUpdate", json!({}));
            }
            strategy.part("rollingUpdate", |update| {
                update.default("partition", 0);
                update.may_have(&["maxUnavailable"]);
            });
        });
        spec.made("persistentVolumeClaimRetentionPolicy", |policy| {
            policy.default("whenDeleted", "Retain");
            policy.default("whenScaled", "Retain");
        });
        spec.each("volumeClaimTemplates", |template| {
            template.default("apiVersion", "v1");
            template.default("kind", "PersistentVolumeClaim");
            template.unknown(&["status"]);
            template.part("metadata", |metadata| metadata.unknown(&["creationTimestamp"]));
            template.part("spec", |spec| spec.default("volumeMode", "Filesystem"));
        });
        template(spec);
    });
}

fn job(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    let labels = labels_of_template(root);
    root.part("spec", |spec| {
        if spec.get("completions").is_none() && spec.get("parallelism").is_none() {
            spec.default("completions", 1);
        }
        spec.default("parallelism", 1);
        let by_index = spec.get("backoffLimitPerIndex").is_some();
        spec.default("backoffLimit", if by_index { i32::MAX } else { 6 });
        spec.default("completionMode", "NonIndexed");
        spec.default("suspend", false);
        spec.default("manualSelector", false);
        let replaces = if spec.get("podFailurePolicy").is_some() { "Failed" } else { "TerminatingOrFailed" };
        spec.default("podReplacementPolicy", replaces);
        template(spec);
        // The storage makes up a selector, and the labels that it selects.
        spec.unknown(&["selector"]);
        spec.part("template", |template| {
            template.part("metadata", |metadata| {
                metadata.made("labels", |labels| labels.unknown(LABELS_OF_JOBS));
            });
        });
    });
    let has_own = root.get("metadata").is_some_and(|metadata| metadata.get("labels").is_some());
    take_labels(root, labels);
    if !has_own {
        root.part("metadata", |metadata| metadata.part("labels", |labels| labels.unknown(LABELS_OF_JOBS)));
    }
}

fn cron_job(root: &mut Part<'_>) {
    root.unknown(&["status"]);
    root.part("spec", |spec| {
        spec.default("concurrencyPolicy", "Allow");
        spec.default("suspend", false);
        spec.default("successfulJobsHistoryLimit", 3);
        spec.default("failedJobsHistoryLimit", 1);
        spec.part("jobTemplate", |job| {
            job.made("metadata", |metadata| metadata.unknown(&["creationTimestamp"]));
            job.part("spec", template);
        });
    });
}

fn network_policy(root: &mut Part<'_>) {
    root.part("spec", |spec| {
        let types = if spec.get("egress").is_some() { json!(["Ingress", "Egress"]) } else { json!(["Ingress"]) };
        spec.default("policyTypes", types);
        for list in ["ingress", "egress"] {
            spec.each(list, |rule| rule.each("ports", |port| port.default("protocol", "TCP")));
        }
    });
}
