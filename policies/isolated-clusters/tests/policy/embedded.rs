//! Many clusters in one object: only so many are compared with what they were, since each costs a search.

use isolated_clusters::IsolatedClusters;
use isolation::cluster::NoCluster;
use isolation::policy;

/// An `AzureASOManagedControlPlane` with `count` isolated clusters, of which that at `open` is open.
fn control_plane(count: usize, open: Option<usize>) -> String {
    let cluster = |index: usize| {
        let outbound = if open == Some(index) { "loadBalancer" } else { "none" };
        format!(
            r#"{{"apiVersion": "containerservice.azure.com/v1api20250801", "kind": "ManagedCluster", "metadata": {{"name": "c{index}"}},
                "spec": {{"networkProfile": {{"outboundType": "{outbound}"}}, "bootstrapProfile": {{"artifactSource": "Cache"}},
                          "apiServerAccessProfile": {{"enablePrivateCluster": true}}}}}}"#
        )
    };
    let clusters: Vec<String> = (0..count).map(cluster).collect();
    format!(r#"{{"metadata": {{"name": "shop"}}, "spec": {{"resources": [{}]}}}}"#, clusters.join(","))
}

fn opens(index: usize) -> String {
    let (old, new) = (control_plane(9, None), control_plane(9, Some(index)));
    let payload = format!(
        r#"{{"request": {{"uid": "u", "operation": "UPDATE", "object": {new}, "oldObject": {old},
            "kind": {{"group": "infrastructure.cluster.x-k8s.io", "version": "v1beta1", "kind": "AzureASOManagedControlPlane"}}}},
            "settings": {{}}}}"#
    );
    policy::validate::<IsolatedClusters>(payload.as_bytes(), &NoCluster).to_json().to_string()
}

#[test]
fn eight_clusters_are_compared_with_what_they_were() {
    for index in [0, 1, 7] {
        let answer = opens(index);
        assert!(answer.contains("NI624") && answer.contains("NI601"), "{index}: {answer}");
    }
    let answer = opens(8);
    assert!(!answer.contains("NI624") && answer.contains("NI601"), "{answer}");
}
