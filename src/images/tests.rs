use super::*;
use crate::json::Document;

fn images(group: &str, kind: &str, object: &str) -> Vec<String> {
    let text = format!(
        r#"{{"operation":"CREATE","kind":{{"group":"{group}","version":"v1","kind":"{kind}"}},"object":{object}}}"#
    );
    let document = Document::read(text.as_bytes()).unwrap();
    let request = Request::read(document.root()).unwrap();
    let object = request.object.unwrap();
    let mut findings = Findings::new(object);
    let mut found = Vec::new();
    for_each_image(&mut findings, &request, object, &[], &mut |findings, image| {
        found.push(match (image.naming, image.text(findings)) {
            (Naming::Unknown(problem), _) => problem.text().to_owned(),
            (_, text) => text.unwrap_or_default().into_owned(),
        });
    });
    assert!(findings.kept().is_empty(), "{findings:?}");
    found
}

#[test]
fn every_place_of_the_table_can_be_read() {
    fn check(places: &[Place], depth: usize) {
        for place in places.iter().filter(|_| depth < 8) {
            assert!(place.paths().all(places::is_readable), "{}", place.at);
            check(place.holds.places(), depth + 1);
        }
    }
    check(table::POD, 0);
    for custom in table::PULLED.iter().chain(table::PODS) {
        check(custom.places, 0);
    }
}

#[test]
fn no_kind_stands_in_a_table_twice() {
    for table in [table::PULLED, table::PODS] {
        let mut kinds: Vec<_> =
            table.iter().flat_map(|custom| custom.kinds.iter().map(|kind| (custom.group, *kind))).collect();
        kinds.sort_unstable();
        let twice = kinds.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None);
        assert!(kinds.iter().all(|(group, kind)| pods::workload_of(group, kind).is_none()));
    }
}

#[test]
fn pods_name_images_in_containers_volumes_and_annotations() {
    let pod = r#"{"metadata":{"annotations":{"dapr.io/sidecar-image":"a","dapr.io/component-container":"{\"image\":\"b\"}"}},
        "spec":{"containers":[{"image":"c"}],"initContainers":[{"image":"d"}],"ephemeralContainers":[{"image":"e"}],
        "volumes":[{"image":{"reference":"f"}},{"rbd":{"image":"no"}}]}}"#;
    assert_eq!(images("", "Pod", pod), ["a", "b", "c", "e", "d", "f"]);
}

#[test]
fn patches_of_pods_are_read() {
    let patch = |patch: &str| {
        let quoted = crate::json::quoted(patch);
        images("argoproj.io", "Workflow", &format!(r#"{{"spec":{{"podSpecPatch":{quoted}}}}}"#))
    };
    assert_eq!(patch(r#"{"containers":[{"name":"main","image":"x"}]}"#), ["x"]);
    assert!(patch("containers:\n- name: main\n  resources: {}\n").is_empty());
    for yaml in [
        "containers:\n- image: x",
        "containers:\n- \"im\\x61ge\": x",
        "containers: [!!binary aW1hZ2U=: x]",
        "a: &c [image: x]\ncontainers: *c",
    ] {
        assert_eq!(patch(yaml), ["x"], "{yaml}");
    }
    assert!(patch("a: [\nb: x").is_empty(), "whatever it is, it names no image");
    let other_case = "it spells a key such as `image` in another case, which the controller accepts";
    let neither = "it is neither JSON nor YAML";
    for (hidden, problem) in [
        ("containers:\n- Image: x", other_case),
        ("{\"Image\":1}", other_case),
        ("{\"container\u{17f}\":[{\"image\":\"x\"}]}", other_case),
        ("a: [\nimage: x", neither),
        ("a: [\nim\\x61ge: x", neither),
        ("a: [\n!!binary aW1hZ2U=: x", neither),
        ("{{x}}", "it is neither JSON nor YAML before its parameters are replaced"),
        ("image: x\nimage: y", "it names a key twice"),
    ] {
        assert_eq!(patch(hidden), [problem], "{hidden}");
    }
}

#[test]
fn pipelines_in_pipelines_are_read() {
    let pipeline = r#"{"spec":{"tasks":[{"pipelineSpec":{"finally":[{"taskSpec":{"steps":[{"image":"deep"}]}}]}}]}}"#;
    assert_eq!(images("tekton.dev", "Pipeline", pipeline), ["deep"]);
}

#[test]
fn a_text_says_which_part_of_it_is_the_reference() {
    let cases = [
        (Naming::Url, "oci://a.io/b", Named::Located("a.io/b", 6)),
        (Naming::Url, "https://a.io/b", Named::Nothing),
        (Naming::Url, "a.io/b", Named::Nothing),
        (Naming::Chart, "a.io/b", Named::Located("a.io/b", 0)),
        (Naming::Chart, "https://a.io/b", Named::Nothing),
        (Naming::Module(Scheme::Registry), "registry://a.io/b", Named::Reference("a.io/b", 11)),
        (Naming::Module(Scheme::Registry), "a.io/b", Named::Reference("a.io/b", 0)),
        (Naming::Module(Scheme::Registry), "HTTPS://a.io/b", Named::Web),
        (Naming::Module(Scheme::Registry), "oci://a.io/b", Named::UnknownScheme("a.io/b")),
        (Naming::Module(Scheme::Oci), "registry://a.io/b", Named::UnknownScheme("a.io/b")),
        (Naming::Module(Scheme::Docker), "oci-archive://a.io/b", Named::Nothing),
        (Naming::Override, "old=a.io/b:1", Named::Reference("a.io/b:1", 4)),
        (Naming::Override, "old=*:1", Named::Reference("old", 0)),
    ];
    for (naming, text, named) in cases {
        assert_eq!(naming.read(text), named, "{text}");
    }
}

#[test]
fn a_parameter_is_found_in_a_list_and_in_an_object() {
    let list = r#"{"spec":{"params":[{"name":"name","value":"x"},{"name":"bundle","value":"a.io/b"}]}}"#;
    assert_eq!(images("resolution.tekton.dev", "ResolutionRequest", list), ["a.io/b"]);
    let object = r#"{"spec":{"params":{"name":"x","bundle":"a.io/b"}}}"#;
    assert_eq!(images("resolution.tekton.dev", "ResolutionRequest", object), ["a.io/b"]);
}

#[test]
fn objects_in_objects_are_read_as_what_they_are() {
    let template = r#"{"spec":{"resourcetemplates":[
        {"apiVersion":"tekton.dev/v1","kind":"TaskRun","spec":{"taskSpec":{"steps":[{"image":"a"}]},"taskRef":{"bundle":"b"}}},
        {"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"c"}]}},
        {"apiVersion":"v1","kind":"ConfigMap","data":{"image":"no"}}]}}"#;
    assert_eq!(images("triggers.tekton.dev", "TriggerTemplate", template), ["b", "a", "c"]);
}
