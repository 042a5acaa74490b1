#!/usr/bin/env bats
# A real API server asks a real policy-server before it admits an object: what a user of the cluster sees.
# needs: kube-apiserver etcd kubectl policy-server openssl curl jq

load engines
load policies
load api-server

setup_file() {
    MISSING=$(missing "$BATS_TEST_FILENAME")
    export MISSING
    [ -z "$MISSING" ] || return 0
    build_real_engines
    export FOLDER="$BATS_FILE_TMPDIR"
    start_api_server "$FOLDER"
    export KUBECONFIG="$FOLDER/admin.kubeconfig"
    # What the cluster held before it was isolated.
    kubectl create namespace shop
    kubectl apply -f "$BATS_TEST_DIRNAME/api-server/before.yaml"
    write_policies >"$FOLDER/policies.yml"
    KUBECONFIG="$FOLDER/policy-server.kubeconfig" \
        start_policy_server "$FOLDER/policies.yml" --cert-file "$FOLDER/tls.crt" --key-file "$FOLDER/tls.key"
    "$REAL_ENGINES" webhooks --server "${POLICY_SERVER/http:/https:}" --ca "$FOLDER/ca.crt" \
        "$ROOT"/policies/*/metadata.yml | kubectl apply -f -
    wait_for_webhooks
}

# Settings as in the examples, but look-ups are on, and what is already there may stay as it is.
write_policies() {
    local policy classes='[{apiVersion: storage.k8s.io/v1, kind: StorageClass}, {apiVersion: storage.k8s.io/v1, kind: VolumeAttributesClass}]'
    for policy in $(policies); do
        case $policy in
            private-storage)
                policy_entry "$policy" "$ROOT/dist/$policy.wasm" '{"lookup": true}' \
                    'hostCapabilities: ["kubernetes/get_resource"]' "contextAwareResources: $classes"
                ;;
            internal-load-balancers) policy_entry "$policy" "$ROOT/dist/$policy.wasm" '{"existing": "allow"}' ;;
            *) policy_entry "$policy" "$ROOT/dist/$policy.wasm" "$(settings_of "$policy")" "allowedToMutate: true" ;;
        esac
    done
}

# The API server takes a moment to learn of its webhooks.
wait_for_webhooks() {
    local _
    for _ in $(seq 60); do
        if kubectl run probe -n shop --image=quay.io/probe --dry-run=server 2>&1 | grep -q NI101 &&
            kubectl run probe -n shop --image=nginx --dry-run=server -o yaml 2>&1 | grep -q myacr.azurecr.io/dockerhub &&
            kubectl create service loadbalancer probe -n shop --tcp=80 --dry-run=server 2>&1 | grep -q NI2 &&
            kubectl apply --dry-run=server -f - <<<"$(claim probe azurefile-csi)" 2>&1 | grep -q NI3; then
            return 0
        fi
        sleep 0.5
    done
    echo "the API server does not ask the policies" >&2
    return 1
}

teardown_file() {
    stop_policy_server
    stop_api_server
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
}

# claim NAME CLASS
claim() {
    cat <<EOF
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: $1, namespace: shop}
spec: {accessModes: [ReadWriteMany], storageClassName: $2, resources: {requests: {storage: 1Gi}}}
EOF
}

# class NAME TYPE: a StorageClass of Azure Files, made past the policy, as one that is older than it.
class() {
    kubectl delete validatingwebhookconfiguration private-storage >/dev/null
    sleep 1
    kubectl apply -f - <<EOF
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: $1}
provisioner: file.csi.azure.com
parameters: {networkEndpointType: $2}
EOF
    "$REAL_ENGINES" webhooks --server "${POLICY_SERVER/http:/https:}" --ca "$FOLDER/ca.crt" \
        "$ROOT/policies/private-storage/metadata.yml" | kubectl apply -f - >/dev/null
    wait_for_webhooks
}

admitted() {
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the example that breaks isolation is refused, each object with the reason and the cure" {
    run kubectl apply -f "$ROOT/examples/shop.yaml"
    denied 'admission webhook "private-images.network-isolation.test" denied the request: Deployment shop/storefront breaks network isolation' \
        'spec.template.spec.containers[1].image: "quay.io/prometheus/blackbox-exporter:v0.27.0"' \
        'admission webhook "internal-load-balancers.network-isolation.test" denied the request: Service shop/storefront' \
        'admission webhook "private-storage.network-isolation.test" denied the request: StorageClass uploads' \
        'admission webhook "private-storage.network-isolation.test" denied the request: PersistentVolumeClaim shop/uploads' \
        'admission webhook "supported-extensions.network-isolation.test" denied the request: ExtensionConfig dapr-system/dapr'
    # The image that a cache rule knows is not among the reasons: it was rewritten before it was judged.
    [[ "$(grep -v '^Warning: ' <<<"$output")" != *busybox* ]]
    [ -z "$(kubectl get deployment,service,pvc -n shop -o name | grep storefront)" ]
}

@test "the example that is isolated is admitted, look-up included" {
    grant
    run kubectl apply -f "$ROOT/examples/isolated-shop.yaml"
    admitted
    run kubectl get deployment/storefront service/storefront persistentvolumeclaim/uploads -n shop
    admitted
}

@test "a Service stays internal: an update that takes the annotation away is refused" {
    kubectl create service loadbalancer inner -n shop --tcp=80 --dry-run=client -o yaml |
        kubectl annotate -f - --local -o yaml service.beta.kubernetes.io/azure-load-balancer-internal=true |
        kubectl create -f -
    run kubectl annotate service inner -n shop service.beta.kubernetes.io/azure-load-balancer-internal-
    denied internal-load-balancers.network-isolation.test "Service shop/inner" "[NI2"
    run kubectl get service inner -n shop -o jsonpath='{.metadata.annotations}'
    [[ "$output" == *azure-load-balancer-internal* ]]
}

@test "a Service from before keeps working, and the user is warned" {
    run kubectl label service legacy -n shop team=payments
    admitted
    [[ "$output" == *"Warning: "*"[NI2"* ]]
    run kubectl patch service legacy -n shop -p '{"spec": {"type": "ClusterIP"}}'
    admitted
    [[ "$output" != *Warning* ]]
}

@test "an object that is being deleted loses its finalizers whatever it is" {
    kubectl delete service doomed -n shop --wait=false
    run kubectl patch service doomed -n shop --type=merge -p '{"metadata": {"finalizers": null}}'
    admitted
    run kubectl get service doomed -n shop
    [ "$status" -ne 0 ]
    kubectl delete pod doomed -n shop --wait=false
    run kubectl patch pod doomed -n shop --type=merge -p '{"metadata": {"finalizers": null}}'
    admitted
}

@test "an image that a cache rule knows is rewritten, then accepted, and the user is told" {
    run kubectl run cached -n shop --image=nginx:1.27
    admitted
    [[ "$output" == *"Warning: spec.containers[0].image"*"[NI701]"* ]]
    run kubectl get pod cached -n shop -o jsonpath='{.spec.containers[0].image}'
    [ "$output" = myacr.azurecr.io/dockerhub/library/nginx:1.27 ]
}

@test "a dry run is judged and rewritten like the real thing" {
    run kubectl run dry -n shop --image=quay.io/app --dry-run=server
    denied "[NI101]"
    run kubectl run dry -n shop --image=busybox --dry-run=server -o 'jsonpath={.spec.containers[0].image}'
    admitted
    [[ "$output" == *myacr.azurecr.io/dockerhub/library/busybox* ]]
    run kubectl get pod dry -n shop
    [ "$status" -ne 0 ]
}

@test "kubectl debug: an ephemeral container is judged, and rewritten where a cache rule knows it" {
    kubectl run target -n shop --image=myacr.azurecr.io/app:1
    run kubectl debug target -n shop --image=quay.io/tools/netshoot --attach=false -c probe
    denied private-images.network-isolation.test 'spec.ephemeralContainers[0].image: "quay.io/tools/netshoot"'
    run kubectl debug target -n shop --image=busybox:1.36 --attach=false -c probe
    admitted
    run kubectl get pod target -n shop -o 'jsonpath={.spec.ephemeralContainers[0].image}'
    [ "$output" = myacr.azurecr.io/dockerhub/library/busybox:1.36 ]
}

@test "a patch of the ephemeralcontainers subresource by hand is judged alike" {
    kubectl run raw -n shop --image=myacr.azurecr.io/app:1
    run kubectl patch pod raw -n shop --subresource=ephemeralcontainers \
        -p '{"spec": {"ephemeralContainers": [{"name": "x", "image": "ghcr.io/x/y", "command": ["sh"]}]}}'
    if [[ "$output" == *"invalid subresource"* ]]; then
        token=$(sed -n 's/.*token: \([0-9a-f]*\).*/\1/p' "$KUBECONFIG")
        output=$(curl -s --cacert "$FOLDER/ca.crt" -X PATCH -H "authorization: Bearer $token" \
            -H 'content-type: application/strategic-merge-patch+json' \
            -d '{"spec": {"ephemeralContainers": [{"name": "x", "image": "ghcr.io/x/y", "command": ["sh"]}]}}' \
            "https://127.0.0.1:${API_SERVER_PORT:-16643}/api/v1/namespaces/shop/pods/raw/ephemeralcontainers")
    fi
    [[ "$output" == *'spec.ephemeralContainers[0].image:'*'ghcr.io/x/y'*"[NI101]"* ]]
}

@test "a new image of a Deployment is judged, whichever way it comes" {
    kubectl create deployment web -n shop --image=myacr.azurecr.io/app:1
    run kubectl set image deployment/web -n shop app=gcr.io/app:2
    denied 'spec.template.spec.containers[0].image: "gcr.io/app:2"'
    run kubectl patch deployment web -n shop --type=json \
        -p '[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "gcr.io/app:3"}]'
    denied 'gcr.io/app:3'
    run kubectl get deployment web -n shop -o yaml
    run kubectl apply --server-side --force-conflicts -f - <<<"${output/myacr.azurecr.io\/app:1/gcr.io/app:4}"
    denied 'gcr.io/app:4'
    run kubectl scale deployment web -n shop --replicas=3
    admitted
}

# policy-server answers 413 to more than 2 MiB, and closes the connection; an update has the object twice. The failurePolicy decides,
# and it is Fail.
@test "an update that is too large for policy-server is refused, harmless or not" {
    kubectl create deployment large -n shop --image=myacr.azurecr.io/app:1 --dry-run=client -o json | jq '
        .spec.template.spec.containers[0].env = [range(1100) | {name: "N\(.)", value: ("x" * 1000)}]' >"$BATS_TEST_TMPDIR/large.json"
    kubectl create -f "$BATS_TEST_TMPDIR/large.json"
    run kubectl set image deployment/large -n shop app=gcr.io/app:2
    denied "failed calling webhook"
    run kubectl set image deployment/large -n shop app=myacr.azurecr.io/app:2
    denied "failed calling webhook"
    kubectl delete deployment large -n shop
}

@test "templates are judged where they stand: CronJob" {
    run kubectl create cronjob nightly -n shop --image=gcr.io/app:2 --schedule='0 3 * * *'
    denied "CronJob shop/nightly" 'spec.jobTemplate.spec.template.spec.containers[0].image: "gcr.io/app:2"'
}

@test "a Windows pod and an extension are refused by their policies" {
    run kubectl run win -n shop --image=myacr.azurecr.io/app:1 --overrides='{"spec": {"os": {"name": "windows"}}}'
    denied closed-egress.network-isolation.test "[NI5"
    run kubectl apply -f - <<'EOF'
apiVersion: clusterconfig.azure.com/v1
kind: ExtensionConfig
metadata: {name: backup, namespace: kube-system}
spec: {extensionType: Microsoft.Dapr}
EOF
    denied supported-extensions.network-isolation.test "[NI401]"
}

@test "a key that JSON gives twice does not come past: the API server takes one, and that one is judged" {
    token=$(sed -n 's/.*token: \([0-9a-f]*\).*/\1/p' "$KUBECONFIG")
    run curl -s --cacert "$FOLDER/ca.crt" -H "authorization: Bearer $token" -H 'content-type: application/json' \
        -d '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"twice"},"spec":{"containers":[{"name":"a","image":"myacr.azurecr.io/app","image":"gcr.io/app"}]}}' \
        "https://127.0.0.1:${API_SERVER_PORT:-16643}/api/v1/namespaces/shop/pods?fieldValidation=Ignore"
    [[ "$output" == *"[NI101]"* ]]
    run kubectl get pod twice -n shop
    [ "$status" -ne 0 ]
}

@test "the API server's audit log has the findings as data" {
    run kubectl run audited -n shop --image=quay.io/audited
    denied "[NI101]"
    sleep 1
    run jq -r 'select(.objectRef.resource == "pods" and .responseStatus.code == 403) | .annotations // {} | to_entries[]
        | select(.key | test("private-images")) | .value' "$FOLDER/audit.log"
    [[ "$output" == *'"rule":"NI101"'* ]]
}

grant() {
    kubectl apply -f - <<'EOF'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: read-storage-classes}
rules:
  - {apiGroups: ["storage.k8s.io"], resources: ["storageclasses", "volumeattributesclasses"], verbs: ["get"]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: read-storage-classes}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: read-storage-classes}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: policy-server}]
EOF
    sleep 1
}

@test "a look-up without the right to it rejects at once, and says which right is missing" {
    kubectl delete clusterrolebinding read-storage-classes --ignore-not-found
    sleep 1
    class ungranted privateEndpoint
    run kubectl apply -f - <<<"$(claim ungranted ungranted)"
    tell "$output"
    denied "PersistentVolumeClaim shop/ungranted" "[NI311]" forbidden \
        "Let policy-server's service account get storageclasses"
    # Lists hang in such a case until the webhook's time is over.
    jq -n --argjson claim "$(claim ungranted ungranted | kubectl create --dry-run=client -o json -f -)" '{
        apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview",
        request: {
            uid: "1", operation: "CREATE", userInfo: {}, object: $claim,
            kind: {group: "", version: "v1", kind: "PersistentVolumeClaim"},
            resource: {group: "", version: "v1", resource: "persistentvolumeclaims"},
        },
    }' >"$BATS_TEST_TMPDIR/review.json"
    time=$(curl -s -o "$BATS_TEST_TMPDIR/answer.json" -w '%{time_total}' --cacert "$FOLDER/ca.crt" \
        -H 'content-type: application/json' --data-binary "@$BATS_TEST_TMPDIR/review.json" \
        "${POLICY_SERVER/http:/https:}/validate/private-storage")
    grep -q NI311 "$BATS_TEST_TMPDIR/answer.json"
    tell "policy-server answered after $time s"
    [ "${time%.*}" -lt 2 ]
}

@test "look-ups find the class that a claim names, and judge it" {
    grant
    class inside privateEndpoint
    run kubectl apply -f - <<<"$(claim inside inside)"
    admitted
    class outside publicEndpoint
    run kubectl apply -f - <<<"$(claim outside outside)"
    denied "[NI310]" networkEndpointType
    run kubectl apply -f - <<<"$(claim nowhere nowhere)"
    denied "[NI311]" "has no StorageClass of this name"
}
