use super::*;

const MINE: &str = "registries: [myacr.azurecr.io]\n";

/// The text with the first finding mended, and what the button said.
fn mended(manifests: &str) -> Option<(String, String)> {
    let edit = edits(MINE, manifests, "default").into_iter().next()??;
    let [Change { span, insert }] = edit.changes;
    let units: Vec<u16> = manifests.encode_utf16().collect();
    let part = |range: &[u16]| String::from_utf16_lossy(range);
    Some((part(&units[..span.from]) + &insert + &part(&units[span.to..]), edit.title))
}

#[test]
fn a_reference_is_replaced_in_its_quotes() {
    for (old, new) in [
        ("nginx:1.27", "myacr.azurecr.io/library/nginx:1.27"),
        ("\"nginx:1.27\"", "\"myacr.azurecr.io/library/nginx:1.27\""),
        ("'nginx:1.27' # 😀", "'myacr.azurecr.io/library/nginx:1.27' # 😀"),
    ] {
        let pod = |image: &str| {
            format!(
                "# ä 😀\napiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n    - name: a\n      image: {image}\n"
            )
        };
        let (text, title) = mended(&pod(old)).unwrap();
        assert_eq!(text, pod(new));
        assert_eq!(title, "Write \"myacr.azurecr.io/library/nginx:1.27\"");
    }
}

#[test]
fn a_field_that_is_not_there_is_added_with_what_holds_it() {
    let service =
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  type: LoadBalancer\n";
    let (text, title) = mended(service).unwrap();
    assert_eq!(
        text,
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n    \
         service.beta.kubernetes.io/azure-load-balancer-internal: \"true\"\n  namespace: shop\nspec:\n  type: LoadBalancer\n"
    );
    assert_eq!(title, "Write service.beta.kubernetes.io/azure-load-balancer-internal: \"true\"");
    let flow = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: LoadBalancer}\n";
    assert!(
        mended(flow)
            .unwrap()
            .0
            .contains("{annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: \"true\"}, name: web}")
    );
    let class =
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: a\nprovisioner: file.csi.azure.com\n";
    assert!(mended(class).unwrap().0.contains("parameters:\n  networkEndpointType: privateEndpoint\nprovisioner:"));
}

#[test]
fn a_value_is_replaced_and_stays_a_text() {
    let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n    \
                   service.beta.kubernetes.io/azure-load-balancer-internal: \"True\"\nspec: {type: LoadBalancer}\n";
    assert_eq!(mended(service).unwrap().0, service.replace("\"True\"", "\"true\""));
}

#[test]
fn a_field_is_removed_with_its_lines() {
    let class = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: a\nprovisioner: blob.csi.azure.com\n\
                 parameters:\n  networkEndpointType: privateEndpoint\n  allowBlobPublicAccess: \"true\"\n";
    let (text, title) = mended(class).unwrap();
    assert!(!text.contains("allowBlobPublicAccess: \"true\""), "{title}: {text}");
    assert!(text.contains("networkEndpointType"));
}

#[test]
fn what_would_not_mend_is_not_offered() {
    // The other finding of the same object stays, and is no reason to keep this one.
    let two = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: nginx}, {name: b, image: redis}]}\n";
    assert_eq!(edits(MINE, two, "default").iter().flatten().count(), 2);
    // JSON has no places here.
    let json = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"image": "nginx"}]}}"#;
    assert!(mended(json).is_none());
    // An alias stands for what several places share.
    let alias = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: &i nginx}, {name: b, image: *i}]}\n";
    assert!(edits(MINE, alias, "default").iter().all(Option::is_none));
}
