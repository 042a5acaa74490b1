//! The chart, by Helm: it makes what `isolation policies` prints for the same values, and refuses what that refuses.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::{by_name, chart_folder, digests, ours, read, tool};
use isolation_deploy::Values;
use serde_json::{Value, json};

fn helm(helm: &Path, arguments: &[&str], chart: &Path, values: &Value) -> Output {
    let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(file.path(), values.to_string()).unwrap();
    let mut command = Command::new(helm);
    command.args(arguments).arg(chart).args(["--namespace", "kubewarden", "--values"]).arg(file.path());
    // Neither the user's settings nor a cluster has a part in this.
    let home = chart.join("home");
    command.env("HELM_CACHE_HOME", &home).env("HELM_CONFIG_HOME", &home).env("HELM_DATA_HOME", &home);
    command.env_remove("KUBECONFIG").output().unwrap()
}

fn template(helm_path: &Path, chart: &Path, values: &Value) -> Result<String, String> {
    let output = helm(helm_path, &["template", "isolation"], chart, values);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// The least that there is to say, and more.
fn with(more: Value) -> Value {
    let mut values = json!({"registry": "myacr.azurecr.io/policies", "registries": ["myacr.azurecr.io"]});
    for (key, value) in more.as_object().unwrap() {
        values[key] = value.clone();
    }
    values
}

/// One row a way to deploy.
fn table() -> Vec<Value> {
    let rules =
        json!([{"registry": "myacr.azurecr.io", "source": "docker.io/library/*", "target": "dockerhub/library/*"}]);
    let rows = [
        json!({}),
        json!({"registry": "localhost:5000"}),
        json!({"families": ["argo", "closed-egress/nodes", "kubewarden"]}),
        json!({"families": ["all"]}),
        json!({"families": ["all", "gateway-parameters"], "cached-images": {}, "isolated-clusters": true, "cacheRules": &rules}),
        json!({"excludedNamespaces": ["kube-system"], "enforcement": "warn", "existing": "allow"}),
        json!({"excludedNamespaces": []}),
        json!({"closed-egress": false, "private-storage": {"lookup": true, "existing": "allow"}, "existing": "deny"}),
        json!({"private-images": {"registries": ["other.azurecr.io/team"], "mcr": "deny", "digests": "required"}}),
        json!({"policyServer": {"create": false, "name": "default"}}),
        json!({
            "policyServer": {"create": false, "name": "default", "serviceAccountName": "policy-server"},
            "private-storage": {"lookup": true},
        }),
        json!({
            "policyServer": {
                "name": "on", "serviceAccountName": "no", "image": "myacr.azurecr.io/ps:1", "replicas": 3,
                "imagePullSecret": "", "priorityClassName": "", "verificationConfig": "null", "sigstoreTrustConfig": "1e3",
                "sourceAuthorities": {"myacr.azurecr.io:443": ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]},
                "insecureSources": ["localhost:5000"], "env": [{"name": "A", "value": "true"}],
                "requests": {"cpu": "250m"}, "limits": {"memory": "1Gi"}, "tolerations": [{"operator": "Exists"}],
            },
        }),
        json!({"policyServer": {"env": [{"name": "KUBEWARDEN_IGNORE_KUBERNETES_CONNECTION_FAILURE", "value": "false"}]}}),
        json!({"guard": {"create": false}, "auditScanner": {"serviceAccountName": "scanner"}}),
        json!({"auditScanner": {"serviceAccountName": ""}}),
        json!({"guard": {"reservedNamespaces": "deny", "trustedUsers": ["a@b.c", "system:serviceaccount:x:y"]}}),
        json!({"guard": {"trustedUsers": []}, "excludedNamespaces": []}),
        json!({"digests": {"private-images": format!("sha256:{}", "f".repeat(64))}}),
        // Exceptions: by id, by name, by several; those that end on a day are left out, and so are those of no policy.
        json!({"allow": [{"rule": "NI101", "object": {"name": "web"}, "reason": "a test", "expires": "2027-03-31"}]}),
        json!({"allow": [
            {"rule": "NI101", "object": {"kind": "Pod", "namespace": "shop", "name": "web-*"}, "value": "quay.io/vendor/*", "reason": "a"},
            {"rule": ["Public-Registry", "NI201", "ni505", "NI401"], "object": {"namespace": "true"}, "path": "spec.*", "reason": "b"},
            {"rule": ["NI103", "NI001"], "object": {"name": "1.0"}, "path": "metadata.annotations[a\"b]", "reason": "c"},
        ]}),
        // An empty text is checked and not deployed.
        json!({"allow": [
            {"rule": "NI101", "object": {"kind": "", "namespace": "", "name": ""}, "path": "", "value": "", "reason": "a"},
            {"rule": ["NI401", "ni001", "Unreadable-Field"], "object": {"namespace": ""}, "reason": "outside of namespaces"},
        ]}),
        json!({"allow": [{"rule": "NI701", "object": {"kind": "Pod"}, "reason": "its policy is not deployed"}]}),
        json!({"allow": [], "closed-egress": {"existing": "allow"}}),
        json!({"allow": null}),
        // What is null counts as left out, and Helm's own reading of it, which is to take the default away, does not come through.
        json!({"mode": null, "families": null, "policyServer": null, "excludedNamespaces": null, "guard": null}),
        json!({"auditScanner": null, "digests": null, "private-images": null}),
        json!({
            "policyServer": {"create": null, "name": null, "replicas": null, "image": null, "env": null, "requests": null, "tolerations": null},
            "guard": {"create": null, "trustedUsers": null, "reservedNamespaces": null},
            "auditScanner": {"serviceAccountName": null},
        }),
        // Kinds that a setting names: for all policies that have it, or for one; once each; and none.
        json!({"customResources": [
            {"group": "example.com", "kind": "Widget", "images": ["spec.image"]},
            {"group": "example.com", "kind": "Widget", "podSpecs": ["spec.template"]},
            {"group": "example.com", "kind": "Policy", "images": ["spec.image"]},
            {"group": "example.com", "kind": "Gateway", "images": ["spec.image"]},
            {"group": "example.com", "kind": "Y", "images": ["spec.image"]},
            {"group": "example.com", "kind": "Box", "plural": null, "images": ["spec.image"]},
            {"group": "example.com", "kind": "Datum", "plural": "data", "images": ["spec.image"]},
            {"group": "awx.ansible.com", "kind": "AWX", "plural": "", "images": ["spec.image"]},
        ], "cached-images": {}, "cacheRules": &rules}),
        json!({"private-images": {"customResources": [{"group": "example.com", "kind": "Mesh", "images": ["spec.image"]}]}}),
        json!({"private-images": {"customResources": null}, "cached-images": {"customResources": []}, "cacheRules": &rules}),
        // Numbers stay as they are.
        json!({"policyServer": {"requests": {"memory": 1073741824, "cpu": 1}, "limits": {"cpu": 0.5, "memory": "1e3"}}}),
        json!({"cached-images": null, "private-storage": {"lookup": null}, "enforcement": null}),
    ];
    rows.into_iter().map(with).collect()
}

#[test]
fn the_chart_and_the_command_line_make_the_same_resources() {
    let (Some(helm), chart) = (tool("helm"), chart_folder()) else { return };
    let mut seen = 0;
    for row in table() {
        for mode in ["monitor", "protect"] {
            let mut values = row.clone();
            // A row without a mode has null, and monitors.
            if row.get("mode").is_none() {
                values["mode"] = json!(mode);
            }
            let theirs = template(&helm, chart.path(), &values).unwrap_or_else(|error| panic!("{values}\n{error}"));
            let (theirs, ours) = (by_name(read(&theirs)), by_name(read(&ours(&values))));
            for (name, resource) in &ours {
                assert_eq!(theirs.get(name), Some(resource), "{values}: {name:?}");
            }
            assert_eq!(theirs.keys().collect::<Vec<_>>(), ours.keys().collect::<Vec<_>>(), "{values}");
            seen += ours.len();
        }
    }
    assert!(seen > 500, "{seen}");
}

#[test]
fn helm_finds_nothing_to_complain_about() {
    let (Some(path), chart) = (tool("helm"), chart_folder()) else { return };
    // Without any, too: that is how people look at a chart that they do not know.
    for values in table().into_iter().chain([json!({})]) {
        let output = helm(&path, &["lint", "--strict"], chart.path(), &values);
        assert!(output.status.success(), "{values}\n{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// What a module would refuse, or a resource could not be made of, is an error before anything is installed.
#[test]
fn values_that_cannot_work_are_refused_with_their_key() {
    let (Some(helm), chart) = (tool("helm"), chart_folder()) else { return };
    for (values, problem) in [
        (json!({}), "registry is required: the registry that the modules are in"),
        (json!({"registry": "myacr.azurecr.io"}), "private-images: the setting registries is required"),
        (
            with(json!({"registry": "https://myacr.azurecr.io"})),
            r#"registry: "https://myacr.azurecr.io" is not HOST[/PREFIX] in lower case, without https://"#,
        ),
        (
            with(json!({"registry": "myacr.azurecr.io/Policies"})),
            r#"registry: "myacr.azurecr.io/Policies" is not HOST[/PREFIX] in lower case, without https://"#,
        ),
        (
            with(json!({"registry": "myacr.azurecr.io/policies/"})),
            r#"registry: "myacr.azurecr.io/policies/" is not HOST"#,
        ),
        (with(json!({"registry": "a.io\n  x: y"})), r#"registry: "a.io\n  x: y" is not HOST"#),
        (with(json!({"registry": 5000})), "/registry"),
        (
            with(json!({"registry": "policies"})),
            r#"registry: "policies" is not HOST[/PREFIX] in lower case, without https://"#,
        ),
        (with(json!({"mode": "enforce"})), "/mode"),
        (
            with(json!({"allow": [{"rule": "NI101", "object": {"name": "web"}, "path": null, "reason": "a"}]})),
            "/allow/0/path",
        ),
        (
            with(json!({"families": ["argoo"]})),
            "families: unknown family argoo (known families: agent-substrate, all, apisix, app-routing, ",
        ),
        (
            with(json!({"families": ["closed-egress/argoo"]})),
            "families: unknown family closed-egress/argoo (known families: ",
        ),
        (with(json!({"families": ["all/argo"]})), "families: unknown family all/argo"),
        (with(json!({"families": [""]})), "/families/0"),
        (with(json!({"families": "argo"})), "/families"),
        (
            with(json!({"allow": [{"rule": ["NI101", "NI999"], "object": {"name": "web"}, "reason": "a"}]})),
            "allow[0].rule: there is no rule NI999",
        ),
        (with(json!({"private-images": {"mrc": "deny"}})), "mrc"),
        (with(json!({"private-image": {}})), "private-image"),
        (with(json!({"policyServer": {"create": false}})), "policyServer.name is required"),
        (with(json!({"policyServer": {"replica": 3}})), "replica"),
        (with(json!({"policyServer": {"replicas": 0}})), "/policyServer/replicas"),
        (with(json!({"policyServer": {"env": [{"name": "A", "value": 5}]}})), "/policyServer/env/0/value"),
        (with(json!({"policyServer": {"env": [{"value": "5"}]}})), "/policyServer/env/0"),
        (
            with(json!({"policyServer": {"create": false, "name": "x"}, "private-storage": {"lookup": true}})),
            "policyServer.serviceAccountName is required with `lookup: true`",
        ),
        (with(json!({"cached-images": {}})), "cached-images: the setting cacheRules is required"),
        (
            with(json!({"families": ["all"], "registry": "other.azurecr.io/policies"})),
            "registry: other.azurecr.io/policies is not among the registries of private-images",
        ),
        (
            with(
                json!({"customResources": [{"group": "example.com", "kind": "Datum", "plural": "data/status", "images": ["spec.image"]}]}),
            ),
            r#"plural: "data/status": expected a resource such as widgets"#,
        ),
        // Neither gets out of the text that it would stand in.
        (with(json!({"excludedNamespaces": ["kube-system'] || true || ['"]})), "/excludedNamespaces/0"),
        (with(json!({"guard": {"trustedUsers": ["'"]}})), "/guard/trustedUsers/0"),
        (with(json!({"digests": {"private-images": "sha256:1"}})), "/digests/private-images"),
        (with(json!({"digests": {"private-image": ""}})), "private-image"),
    ] {
        let refused = template(&helm, chart.path(), &values);
        let text =
            refused.as_ref().err().unwrap_or_else(|| panic!("accepted: {values}")).replace("'", "/").replace('.', "/");
        let wanted = problem.replace("'", "/").replace('.', "/");
        assert!(text.contains(&wanted), "{values}\n{problem}\n{}", refused.unwrap_err());
    }
}

/// The same mistakes, by the command line.
#[test]
fn the_command_line_refuses_them_too_and_says_what_to_write() {
    for (more, problem) in [
        (json!({"registry": ""}), "registry: is required"),
        (
            json!({"registry": "https://myacr.azurecr.io/"}),
            r#"registry: "https://myacr.azurecr.io/" is not HOST[/PREFIX] in lower case, without https://"#,
        ),
        (
            json!({"policyServer": {"env": [{"name": "A", "value": 5}]}}),
            r#"policyServer.env: the value of A must be a text: write "5""#,
        ),
        (json!({"policyServer": {"env": [{"value": "5"}]}}), "policyServer.env: a variable has no name"),
        (
            json!({"customResources": [{"group": "example.com", "kind": "Datum", "plural": "data/status", "images": ["spec.image"]}]}),
            r#"customResources[0].plural: "data/status": expected a resource such as widgets"#,
        ),
    ] {
        let values = Values::read(with(more).as_object().unwrap()).unwrap();
        let refused = isolation_deploy::documents(&values, &digests(), "kubewarden").unwrap_err().to_string();
        assert!(refused.contains(problem), "{refused}");
    }
    let given =
        json!({"policyServer": {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]}});
    assert!(
        isolation_deploy::documents(&Values::read(with(given).as_object().unwrap()).unwrap(), &digests(), "kubewarden")
            .is_ok()
    );
}

/// Both read the same file, so neither takes a value that the other refuses.
#[test]
fn what_helm_refuses_of_the_policy_server_the_command_line_refuses_too() {
    let helm = tool("helm");
    let chart = chart_folder();
    for (key, value) in [
        ("policyServer.name", json!("Bad Name")),
        ("policyServer.name", json!("a".repeat(64))),
        ("policyServer.name", json!("-a")),
        ("policyServer.serviceAccountName", json!("A B")),
        ("policyServer.replicas", json!(0)),
        ("policyServer.replicas", json!(-1)),
        ("policyServer.sourceAuthorities", json!({"myacr.azurecr.io": [""]})),
        ("policyServer.insecureSources", json!([""])),
        ("policyServer.tolerations", json!(["all"])),
        ("policyServer.env", json!([{"name": ""}])),
        ("policyServer.env", json!(["A"])),
        ("auditScanner.serviceAccountName", json!("A B")),
        ("registry", json!("myacr.azurecr.io/policies/")),
    ] {
        let (first, below) = key.split_once('.').unwrap_or((key, ""));
        let values = with(if below.is_empty() { json!({first: value}) } else { json!({first: {below: value}}) });
        let ours = Values::read(values.as_object().unwrap())
            .and_then(|values| isolation_deploy::documents(&values, &digests(), "kubewarden"));
        let refused = ours.expect_err(&values.to_string()).to_string();
        assert!(refused.starts_with(key), "{values}: {refused}");
        if let Some(helm) = &helm {
            let refused = template(helm, chart.path(), &values).expect_err(&values.to_string());
            assert!(refused.replace('/', ".").contains(key), "{values}: {refused}");
        }
    }
}

/// Policies that the family `kubewarden` would refuse could never be changed again, not even back to monitoring.
#[test]
fn policies_that_would_refuse_themselves_are_not_made() {
    let documents = |more: Value| {
        let values = Values::read(with(more).as_object().unwrap()).unwrap();
        isolation_deploy::documents(&values, &digests(), "kubewarden").map_err(|error| error.to_string())
    };
    for values in [
        json!({"families": ["kubewarden"], "registries": ["myacr.azurecr.io/apps"]}),
        json!({"families": ["private-images/kubewarden"], "registries": ["myacr.azurecr.io.example"]}),
        json!({"families": ["all"], "private-images": {"registries": ["other.azurecr.io"]}}),
    ] {
        let refused = documents(values.clone()).expect_err(&values.to_string());
        assert!(refused.contains("myacr.azurecr.io/policies is not among the registries"), "{refused}");
    }
    for values in [
        json!({"families": ["kubewarden"], "registries": ["other.azurecr.io", "MyACR.azurecr.io/policies/"]}),
        json!({"families": ["argo"], "registries": ["other.azurecr.io"]}),
        json!({"families": ["all"], "private-images": false, "registries": null}),
    ] {
        assert!(documents(values.clone()).is_ok(), "{values}");
    }
}

/// `isolated-clusters` would refuse them, and the policy server would not start.
#[test]
fn registries_of_images_are_not_those_that_clusters_start_from() {
    let values = with(json!({"registries": ["harbor.contoso.com"], "isolated-clusters": {"registry": "own"}}));
    let chart = chart_folder();
    let theirs = tool("helm").map(|helm| template(&helm, chart.path(), &values).unwrap());
    for text in [Some(ours(&values)), theirs].into_iter().flatten() {
        let policies: Vec<Value> =
            read(&text).into_iter().filter(|one| one["kind"] == "ClusterAdmissionPolicy").collect();
        let settings = |name: &str| {
            let policy = policies.iter().find(|policy| policy["metadata"]["name"] == name).expect(name);
            policy["spec"]["settings"].clone()
        };
        assert_eq!(settings("private-images"), json!({"registries": ["harbor.contoso.com"]}));
        assert_eq!(settings("isolated-clusters"), json!({"registry": "own"}));
    }
}

#[test]
fn a_chart_without_digests_says_where_there_is_one_with_them() {
    let (Some(helm), chart) = (tool("helm"), chart_folder()) else { return };
    std::fs::remove_file(chart.path().join("files/digests.yaml")).unwrap();
    let error = template(&helm, chart.path(), &with(json!({}))).unwrap_err();
    assert!(error.contains("the digest of the module of private-images is not known"), "{error}");
}

#[test]
fn the_values_of_the_chart_are_what_is_used_without_any() {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../charts/network-isolation-policies/values.yaml"),
    );
    let values: Value = yaml_serde::from_str(&text.unwrap()).unwrap();
    assert_eq!(Values::read(values.as_object().unwrap()).unwrap(), Values::default());
}
