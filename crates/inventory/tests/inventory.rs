//! What an inventory holds, and that what its formats offer is right.

// A helper of tests is a test to everybody but clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

use isolation_admission::Input;
use isolation_inventory::{Format, FormatError, Inventory, Reach, read};
use isolation_report::Source;
use serde_json::{Value, json};

const OBJECTS: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      initContainers: [{name: i, image: "nginx:1.27"}]
      containers:
        - {name: a, image: myacr.azurecr.io/team/app:1}
        - {name: b, image: mcr.microsoft.com/oss/kubernetes/pause:3.9}
        - {name: c, image: docker.io/library/nginx:1.27}
        - {name: d, image: quay.io/vendor/tool@sha256:DIGEST}
        - {name: e, image: ghcr.io/org/app:2}
        - {name: f, image: MyACR.azurecr.io/team/app:1}
        - {name: g, image: "registry.example.com:5000/x/y:1"}
        - {name: h, image: "not an image"}
        - {name: i, image: quay.io/excepted/app:1}
        - {name: j, image: busybox}
---
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  steps: [{name: a, image: "$(params.image)"}]
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: chart}
spec: {url: oci://ghcr.io/stefanprodan/charts/podinfo}
"#;

fn settings() -> Value {
    json!({
        "registries": ["myacr.azurecr.io"],
        "exceptions": ["quay.io/excepted/app:1"],
        "cacheRules": [{"source": "docker.io/library/nginx", "target": "nginx"}],
    })
}

fn inventory(settings: &Value) -> Inventory {
    inventory_of(OBJECTS, settings)
}

fn inventory_of(objects: &str, settings: &Value) -> Inventory {
    let text = objects.replace("DIGEST", &"a".repeat(64));
    let input = Input::read([Source::new("deploy/web.yaml", text)]);
    assert!(input.faults.is_empty(), "{:?}", input.faults);
    read(&input.items, settings, "default").unwrap()
}

fn printed(format: Format, inventory: &Inventory) -> String {
    let mut bytes = Vec::new();
    format.write(inventory, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_image_is_found_with_how_it_is_reached() {
    let found = inventory(&settings());
    let reach = |name: &str| {
        let image = found.images.iter().find(|image| image.name.contains(name));
        image.map(|image| {
            (image.reach, image.instead.as_ref().map_or("", |target| target.name.as_str()), image.uses.len())
        })
    };
    for (name, expected) in [
        ("docker.io/library/nginx:1.27", (Reach::CacheRule, "myacr.azurecr.io/nginx:1.27", 2)),
        ("kubernetes/pause", (Reach::Redirect, "", 1)),
        ("vendor/tool", (Reach::Internet, &format!("myacr.azurecr.io/vendor/tool@sha256:{}", "a".repeat(64)), 1)),
        ("ghcr.io/org/app:2", (Reach::Internet, "myacr.azurecr.io/org/app:2", 1)),
        ("registry.example.com:5000/x/y:1", (Reach::Internet, "myacr.azurecr.io/x/y:1", 1)),
        ("not an image", (Reach::Unreadable, "", 1)),
        ("quay.io/excepted/app:1", (Reach::Exception, "", 1)),
        ("docker.io/library/busybox:latest", (Reach::Internet, "myacr.azurecr.io/library/busybox:latest", 1)),
        ("$(params.image)", (Reach::Parameters, "", 1)),
        ("charts/podinfo", (Reach::Internet, "myacr.azurecr.io/stefanprodan/charts/podinfo", 1)),
    ] {
        assert_eq!(reach(name), Some(expected), "{name}");
    }
    let team: Vec<_> =
        found.images.iter().filter(|image| image.name.contains("team/app")).map(|image| image.reach).collect();
    assert_eq!(team, [Reach::Registry, Reach::Misspelt]);
    let nginx = found.images.iter().find(|image| image.name.contains("nginx")).unwrap();
    let uses: Vec<_> = nginx.uses.iter().map(|place| (place.place.start().line, place.path.as_str())).collect();
    assert_eq!(
        uses,
        [(8, "spec.template.spec.initContainers[0].image"), (12, "spec.template.spec.containers[2].image")]
    );
}

/// `busybox` is what a runtime makes of it, however much of that is written.
#[test]
fn an_image_is_one_in_all_its_spellings() {
    let containers: Vec<_> =
        ["busybox", "busybox:latest", "docker.io/library/busybox", "index.docker.io/busybox:latest"]
            .iter()
            .map(|image| json!({"name": "a", "image": image}))
            .collect();
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": containers}});
    let input = Input::read([Source::new("pod.json", pod.to_string())]);
    let found = read(&input.items, &json!({"registries": ["myacr.azurecr.io"]}), "default").unwrap();
    let table = printed(Format::Table, &found);
    assert!(table.ends_with("\n1 image in 4 places: 1 only on the internet\n"), "{table}");
    assert_eq!(table.matches("  myacr.azurecr.io/library/busybox:latest  ").count(), 4, "{table}");
    assert_eq!(printed(Format::List, &found), "docker.io/library/busybox:latest\n");
    assert_eq!(printed(Format::Script, &found).matches("import --name").count(), 1);
}

/// What is offered is what `check` accepts: the same settings find nothing to import where it is written.
#[test]
fn what_is_offered_is_reached() {
    let found = inventory(&settings());
    for image in &found.images {
        let Some(target) = &image.instead else { continue };
        let pod = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {{containers: [{{name: a, image: \"{}\"}}]}}\n",
            target.name
        );
        let input = Input::read([Source::new("pod.yaml", pod)]);
        let again = read(&input.items, &settings(), "default").unwrap();
        assert_eq!(again.images[0].reach, Reach::Registry, "{}", target.name);
    }
}

#[test]
fn without_a_registry_images_are_found_and_nothing_is_offered() {
    let found = inventory(&json!({}));
    assert!(found.images.iter().all(|image| image.instead.is_none() && image.advice.is_empty()));
    assert!(printed(Format::List, &found).contains("ghcr.io/org/app:2\n"));
    for format in [Format::Script, Format::CacheRules, Format::Hauler] {
        assert!(matches!(format.write(&found, &mut Vec::new()), Err(FormatError::NoRegistry)));
    }
    let other = inventory(&json!({"registries": ["registry.corp.example"]}));
    assert!(matches!(Format::CacheRules.write(&other, &mut Vec::new()), Err(FormatError::NoCacheRules(_))));
    assert!(printed(Format::Script, &other).contains("copy ghcr.io/org/app:2 registry.corp.example/org/app:2\n"));
    assert!(read(&[], &json!({"registries": ["https://x"]}), "default").is_err());
}

/// A shell runs the script, with an `az` that writes down how it is called.
#[test]
fn the_script_imports_each_image_once() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("import");
    std::fs::create_dir_all(&folder).unwrap();
    let az = folder.join("az");
    std::fs::write(&az, "#!/bin/sh\necho \"$@\"\ncase \"$*\" in *vendor*) exit 1;; esac\n").unwrap();
    let script = folder.join("import.sh");
    std::fs::write(&script, printed(Format::Script, &inventory(&settings()))).unwrap();
    assert!(Command::new("chmod").arg("+x").arg(&az).status().unwrap().success());
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let out = Command::new("sh").arg(&script).env("PATH", path).env_remove("FORCE").output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let calls: Vec<_> =
        text.lines().map(|line| line.trim_start_matches("acr import --only-show-errors --name myacr ")).collect();
    let digest = format!("sha256:{}", "a".repeat(64));
    assert_eq!(
        calls,
        [
            "--source docker.io/library/busybox:latest --image library/busybox:latest".to_owned(),
            "--source ghcr.io/org/app:2 --image org/app:2".to_owned(),
            format!("--source quay.io/vendor/tool@{digest} --repository vendor/tool"),
            "--source registry.example.com:5000/x/y:1 --image x/y:1".to_owned(),
        ]
    );
    // One that fails keeps no other from being imported, and is told.
    assert_eq!(out.status.code(), Some(1));
    let script = std::fs::read_to_string(&script).unwrap();
    // The version is beside the URL, so the script says where that is.
    assert!(script.contains("# ghcr.io/stefanprodan/charts/podinfo (OCIRepository chart, spec.url)\n"), "{script}");
}

/// Artifact cache takes another registry of Azure, but only with an identity, which no proposal can name.
#[test]
fn another_registry_of_azure_needs_an_identity() {
    let others = |objects: &str| {
        let text = printed(Format::CacheRules, &inventory_of(objects, &settings()));
        let (_, others) = text.split_once("# No rule is proposed for these").unwrap();
        others.contains("az acr cache create --identity")
    };
    assert!(!others(OBJECTS));
    assert!(others(&OBJECTS.replace("registry.example.com:5000", "other.azurecr.io")));
}

/// The rules of the script are taken beside the ones that are there, and then hold what they were made for.
#[test]
fn the_cache_rules_hold_what_is_on_the_internet() {
    let found = inventory(&settings());
    let text = printed(Format::CacheRules, &found);
    let (_, section) = text.split_once("# cacheRules:\n").unwrap();
    let rules: Vec<Value> =
        section.lines().map(|line| serde_json::from_str(line.trim_start_matches("#   - ")).unwrap()).collect();
    let mut with = settings();
    with["cacheRules"] = rules.into();
    let then = inventory(&with);
    for name in ["vendor/tool", "ghcr.io/org/app:2", "library/busybox"] {
        let image = then.images.iter().find(|image| image.name.contains(name)).unwrap();
        assert_eq!(image.reach, Reach::CacheRule, "{name}\n{text}");
    }
    let made =
        "az acr cache create --registry myacr --name ghcr-org --source-repo 'ghcr.io/org/*' --target-repo 'ghcr/org/*'";
    assert!(text.contains(made), "{text}");
    assert!(text.contains("# registry.example.com:5000/x/y:1\n"), "{text}");
}

#[test]
fn the_manifest_for_hauler_is_yaml_with_each_image_once() {
    let text = printed(Format::Hauler, &inventory(&settings()));
    let manifest: Value = yaml_serde::from_str(&text).unwrap();
    assert_eq!(manifest["kind"], "Images");
    let names: Vec<_> =
        manifest["spec"]["images"].as_array().unwrap().iter().map(|image| image["name"].as_str().unwrap()).collect();
    let digest = format!("quay.io/vendor/tool@sha256:{}", "a".repeat(64));
    assert_eq!(
        names,
        ["docker.io/library/busybox:latest", "ghcr.io/org/app:2", digest.as_str(), "registry.example.com:5000/x/y:1"]
    );
}

#[test]
fn json_is_what_its_schema_says() {
    let document: Value = serde_json::from_str(&printed(Format::Json, &inventory(&settings()))).unwrap();
    let schema = isolation_inventory::schema().unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let reached = &schema["definitions"]["image"]["properties"]["reached"]["enum"];
    assert_eq!(*reached, json!(Reach::ALL.iter().map(|reach| reach.word()).collect::<Vec<_>>()));
    let mut more = document;
    more["images"][0]["colour"] = json!("red");
    assert!(!validator.is_valid(&more), "a key that is not described is found");
}

#[test]
fn the_table_has_a_line_for_each_place() {
    let found = inventory(&settings());
    let text = printed(Format::Table, &found);
    let places: usize = found.images.iter().map(|image| image.uses.len()).sum();
    assert_eq!(text.lines().count(), 1 + places + 2, "{text}");
    assert!(text.ends_with("1 known only with its parameters, 1 unreadable\n"), "{text}");
}

/// Registries have repositories of the same name. Under one name in the private registry, one image would pass for the other.
#[test]
fn two_images_do_not_get_one_name() {
    let containers = ["quay.io/a/b:1", "ghcr.io/a/b:1", "ghcr.io/a/b:2", "[::1]:5000/c:1"]
        .map(|image| serde_json::json!({"name": "a", "image": image}));
    let pod = serde_json::json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": containers},
    });
    let input = Input::read([Source::new("pod.json", pod.to_string())]);
    let settings = serde_json::json!({"registries": ["myacr.azurecr.io"]});
    let inventory = read(&input.items, &settings, "default").unwrap();
    let script = printed(Format::Script, &inventory);
    assert_eq!(script.matches("import --name").count(), 3, "{script}");
    let refused = "# quay.io/a/b:1 (not myacr.azurecr.io/a/b:1: that is ghcr.io/a/b:1)";
    assert!(script.contains(refused), "{script}");
    let manifest: Value = yaml_serde::from_str(&printed(Format::Hauler, &inventory)).unwrap();
    let names: Vec<_> = manifest["spec"]["images"].as_array().unwrap().iter().map(|image| &image["name"]).collect();
    assert_eq!(names, ["[::1]:5000/c:1", "ghcr.io/a/b:1", "ghcr.io/a/b:2"]);
}

/// A name of the private registry that an object has already is not given to an image of somebody else.
#[test]
fn no_image_gets_a_name_that_is_in_use() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - image: team/shop:1\n    \
                - image: team/shop:2\n    - image: myacr.azurecr.io/team/shop:1\n";
    let input = Input::read([Source::new("pod.yaml", text.to_owned())]);
    let settings = serde_json::json!({"registries": ["myacr.azurecr.io"]});
    let inventory = read(&input.items, &settings, "default").unwrap();
    for format in [Format::Script, Format::Hauler] {
        let text = printed(format, &inventory);
        assert!(text.contains("# In use already.") && text.contains("\n# docker.io/team/shop:1 (not "), "{text}");
        assert!(!text.contains("get one name") && text.contains("shop:2"), "{text}");
    }
}

/// Crossplane completes a short name by a registry of its own; what to write instead is known all the same.
#[test]
fn a_short_name_of_a_package_has_another_name() {
    let text =
        "apiVersion: pkg.crossplane.io/v1\nkind: Function\nmetadata: {name: f}\nspec: {package: \"a/function-x:v1\"}\n";
    let input = Input::read([Source::new("function.yaml", text.to_owned())]);
    let registries = |registries: &[&str]| {
        let settings = serde_json::json!({"registries": registries});
        let inventory = read(&input.items, &settings, "default").unwrap();
        inventory.images[0].instead.as_ref().map(|target| target.name.clone())
    };
    assert_eq!(registries(&["myacr.azurecr.io"]).as_deref(), Some("myacr.azurecr.io/a/function-x:v1"));
    assert_eq!(registries(&[]), None);
}

/// An object that no policy can read is not one without images.
#[test]
fn an_object_that_cannot_be_read_is_said_to_be_missing_from_the_list() {
    let deep = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"a"}},"deep":{open}{close},"spec":{{"containers":[{{"name":"a","image":"nginx"}}]}}}}"#
        )
    };
    let found = |levels| {
        let input = Input::read([Source::new("a.json", deep(levels))]);
        assert!(input.faults.is_empty() && input.items.len() == 1);
        read(&input.items, &settings(), "default").unwrap()
    };
    for levels in [1, 99, 100, 101, 124] {
        let found = found(levels);
        assert_eq!((found.images.len(), found.not_evaluated.len()), (1, 0), "{levels}");
    }
    let found = found(125);
    assert!(found.images.is_empty());
    let [problem] = found.not_evaluated.as_slice() else { panic!("{:?}", found.not_evaluated) };
    assert_eq!(problem.subject, "Pod a");
    assert!(problem.what.starts_with("its images are not listed: recursion limit exceeded"), "{}", problem.what);
    assert!(problem.place.is_some());
}
