#!/usr/bin/env bats
# deploy/ on a real API server: what kubectl builds of it is taken, and the guard refuses what it is there for and lets AKS be.
# needs: kube-apiserver etcd kubectl openssl curl jq

load engines
load api-server

setup_file() {
    MISSING=$(missing "$BATS_TEST_FILENAME")
    export MISSING
    [ -z "$MISSING" ] || return 0
    export FOLDER="$BATS_FILE_TMPDIR" API_SERVER_PORT=16743 ETCD_PORT=12779
    start_api_server "$FOLDER"
    export KUBECONFIG="$FOLDER/admin.kubeconfig"
    kubectl create namespace kubewarden
    kubectl create clusterrolebinding users --clusterrole=cluster-admin \
        --user=alice --user=aksService --user=system:serviceaccount:kube-system:addon
    # Without Kubewarden's definitions: its resources are held against them elsewhere.
    kubectl kustomize "$ROOT/deploy/guard" | kubectl apply --server-side -f -
    wait_for_guard
}

# The API server takes a moment to learn of its policies.
wait_for_guard() {
    local _
    for _ in $(seq 60); do
        as alice create namespace probe --dry-run=server >/dev/null || return 1
        namespace probe control-plane=x | as alice create --dry-run=server -f - 2>&1 | grep -q exempts && return
        sleep 0.5
    done
    echo "the API server does not know the guard" >&2
    return 1
}

teardown_file() {
    stop_api_server
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
}

as() {
    kubectl --as "$@"
}

# namespace NAME LABEL=VALUE
namespace() {
    jq -n --arg name "$1" --arg key "${2%%=*}" --arg value "${2#*=}" \
        '{apiVersion: "v1", kind: "Namespace", metadata: {name: $name, labels: {($key): $value}}}'
}

refused() {
    echo "$output"
    [ "$status" -ne 0 ] && [[ "$output" == *"from every admission webhook"* ]]
}

@test "the account and its rights are taken as they are" {
    kubectl apply --server-side -f "$ROOT/deploy/base/service-account.yaml"
    kubectl apply --server-side -f "$ROOT/deploy/components/look-ups/storage-classes.yaml"
}

@test "a user cannot label a namespace so that webhooks pass it by" {
    as alice create namespace team-a
    run as alice label namespace team-a control-plane=x
    refused
    run as alice label namespace team-a kubernetes.azure.com/managedby=aks
    refused
    as alice label namespace team-a kubernetes.azure.com/managedby=me team=a
}

@test "nor make one that is labelled so" {
    run as alice create -f - <<<"$(namespace team-b control-plane=)"
    refused
    run as alice create -f - <<<"$(namespace team-b kubernetes.azure.com/managedby=aks)"
    refused
}

@test "nor go by way of a subresource" {
    as alice create namespace team-c
    run as alice patch namespace team-c --subresource=status --type=merge -p '{"metadata": {"labels": {"control-plane": "x"}}}'
    refused
    kubectl get namespace team-c -o json | jq '.metadata.labels["control-plane"] = "x"' >"$FOLDER/finalize.json"
    run as alice replace --raw /api/v1/namespaces/team-c/finalize -f "$FOLDER/finalize.json"
    refused
}

@test "AKS may, and what a namespace has already it may keep, change and lose" {
    as aksService create -f - <<<"$(namespace app-routing-system kubernetes.azure.com/managedby=aks)"
    as system:serviceaccount:kube-system:addon create -f - <<<"$(namespace addon control-plane=true)"
    as alice annotate namespace app-routing-system note=kept
    as alice label namespace addon --overwrite control-plane=false
    as alice label namespace addon control-plane-
    run as alice label namespace addon control-plane=true
    refused
    as alice label namespace kube-system control-plane=true
}

@test "a namespace that the policies keep away from is not made without a warning" {
    run as alice create namespace calico-system
    [ "$status" -eq 0 ] && [[ "$output" == *"Warning: "*"keep away from namespace calico-system"* ]]
    run as system:serviceaccount:tigera-operator:tigera-operator --as-group system:masters create namespace tigera-operator
    [ "$status" -eq 0 ] && [[ "$output" != *Warning* ]]
}

@test "while monitoring, the guard warns" {
    # All of it but Kubewarden's resources, whose definitions are not there.
    kubectl kustomize "$ROOT/deploy/overlays/monitor" | kubectl apply --server-side -f - 2>"$FOLDER/errors" || true
    ! grep '^[Ee]rror' "$FOLDER/errors" | grep -v 'no matches for kind'
    as alice create namespace team-d
    for _ in $(seq 60); do
        run as alice label namespace team-d --dry-run=server control-plane=x
        [ "$status" -ne 0 ] || break
        sleep 0.5
    done
    [ "$status" -eq 0 ] && [[ "$output" == *"Warning: "*"control-plane exempts namespace team-d"* ]]
}
