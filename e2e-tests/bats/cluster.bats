#!/usr/bin/env bats
# From a registry to protect mode and back: Kubewarden's controller, its policy server and its audit
# scanner in a cluster whose API server is real. The tests build on one another.
# needs: kube-apiserver kube-controller-manager etcd kubectl helm controller policy-server audit-scanner docker-registry openssl curl jq

load engines
load api-server
load registry
load cluster

setup_file() {
    MISSING=$(missing_on_cluster "$BATS_TEST_FILENAME")
    export MISSING
    [ -z "$MISSING" ] || return 0
    start_registry_and_cluster 16943 12979
    # What the cluster held before it was isolated.
    kubectl apply -f "$BATS_TEST_DIRNAME/api-server/before.yaml"
    kubectl create deployment old -n shop --image=quay.io/app
    kubectl apply -f - <<'EOF'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: old-files}
provisioner: file.csi.azure.com
EOF
    cat >"$FOLDER/isolation.yaml" <<EOF
registry: $REGISTRY/policies
mode: monitor
families: [kubewarden]
registries: [myacr.azurecr.io, "$REGISTRY"]
private-storage: {lookup: true}
policyServer: {replicas: 1, insecureSources: ["$REGISTRY"]}
EOF
}

teardown_file() {
    stop_cluster
    stop_registry
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
}

# helm_isolation install|upgrade [ARGUMENT…]
helm_isolation() {
    local command=$1
    shift
    helm "$command" isolation "oci://$REGISTRY/policies/network-isolation-policies" --plain-http -n kubewarden \
        -f "$FOLDER/isolation.yaml" "$@"
}

# Until every policy is in force with what its resource says, and the policy server of before is gone.
wait_for_policies() {
    local _ pods
    for _ in $(seq 240); do
        kubectl get clusteradmissionpolicies -o json >"$FOLDER/policies.json"
        pods=$(kubectl get pods -n kubewarden -l kubewarden/policy-server=network-isolation -o json)
        if jq -e '.items | length >= 5 and all(.status.policyStatus == "active" and .status.mode == .spec.mode and
            (.status.conditions | any(.type == "PolicyActive" and .status == "True")))' "$FOLDER/policies.json" >/dev/null &&
            jq -e '.items | length == 1 and all(.status.conditions // [] | any(.type == "Ready" and .status == "True"))' \
                <<<"$pods" >/dev/null; then
            return 0
        fi
        sleep 1
    done
    jq -r '.items[] | "\(.metadata.name) \(.status)"' "$FOLDER/policies.json" >&2
    pod_logs policy-server | tail -20 >&2
    return 1
}

@test "a chart from the registry becomes active policies that monitor" {
    "$ISOLATION" bundle "$FOLDER/isolation.tar"
    "$ISOLATION" publish --plain-http --registry "$REGISTRY/policies" --from "$FOLDER/isolation.tar"
    kubectl create secret docker-registry network-isolation-registry -n kubewarden --docker-server="$REGISTRY" \
        --docker-username=policies --docker-password=none
    helm_isolation install
    wait_for_policies
    run kubectl get validatingwebhookconfigurations -o name
    echo "$output"
    [[ "$output" == *clusterwide-private-images* ]]
}

# Asks to create a pod that breaks a rule, ten times a second, until stop_probing; PROBED has NAME STATUS of each.
start_probing() {
    PROBED="$BATS_TEST_TMPDIR/probed"
    local name token number=0
    token=$(awk -F , '$2 == "admin" { print $1 }' "$FOLDER/tokens.csv")
    while :; do
        name="probe-$BATS_TEST_NUMBER-$((number += 1))"
        echo "$name $(curl -s -m 20 -o /dev/null -w '%{http_code}' --cacert "$FOLDER/ca.crt" \
            -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
            "https://127.0.0.1:$API_SERVER_PORT/api/v1/namespaces/shop/pods?dryRun=All" --data @- <<EOF
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "$name"}, "spec": {"containers": [{"name": "a", "image": "quay.io/probe"}]}}
EOF
        )" >>"$PROBED"
        sleep 0.1
    done 3>&- &
    PROBING=$!
}

stop_probing() {
    kill "$PROBING"
    wait "$PROBING" 2>/dev/null || true
    cut -d ' ' -f 2 "$PROBED" | sort | uniq -c
}

# How many requests were admitted, and are in no policy server's log.
unreported() {
    pod_logs policy-server | grep -oE "probe-$BATS_TEST_NUMBER-[0-9]+" | sort -u >"$BATS_TEST_TMPDIR/reported"
    awk '$2 == 201 { print $1 }' "$PROBED" | grep -cvxFf "$BATS_TEST_TMPDIR/reported" || true
}

@test "what would be refused is admitted, and is in the policy server's log" {
    kubectl run public -n shop --image=quay.io/public
    run pod_logs policy-server
    [[ "$output" == *"quay.io/public"*NI101* ]]
}

@test "protect mode with a policy server that does not start: everything is reported as before, and the pages' command says so" {
    start_probing
    helm_isolation upgrade --set mode=protect --set-json 'policyServer.insecureSources=[]' --cleanup-on-fail
    run kubectl wait clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies \
        --for=condition=PolicyActive --timeout=20s
    echo "$output"
    [ "$status" -ne 0 ]
    stop_probing
    [ "$(grep -c ' 201$' "$PROBED")" -ge 20 ]
    [ "$(unreported)" -eq 0 ]
}

@test "a change to protect mode has no gap: what breaks a rule is reported, and then refused" {
    start_probing
    helm_isolation upgrade --set mode=protect --cleanup-on-fail
    kubectl wait clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies \
        --for=condition=PolicyActive --timeout=180s >/dev/null
    sleep 2
    stop_probing
    [ "$(tail -1 "$PROBED" | cut -d ' ' -f 2)" = 403 ]
    # The node kills the old policy server at once, perhaps while it is asked, and errors of a webhook that only watches are ignored.
    [ "$(unreported)" -le 2 ]
}

@test "an upgrade protects: refused with the reason, admitted where nothing is wrong" {
    helm_isolation upgrade --set mode=protect --cleanup-on-fail
    wait_for_policies
    run kubectl run refused -n shop --image=quay.io/refused
    denied 'admission webhook "clusterwide-private-images.kubewarden.admission" denied the request' \
        'spec.containers[0].image: "quay.io/refused"' '[NI101]'
    kubectl apply -f "$ROOT/examples/isolated-shop.yaml"
    kubectl run dns -n kube-system --image=quay.io/dns
}

@test "look-ups have the right that the chart gives" {
    run kubectl apply -f - <<'EOF'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: lookup, namespace: shop}
spec: {accessModes: [ReadWriteMany], storageClassName: nowhere, resources: {requests: {storage: 1Gi}}}
EOF
    denied "[NI311]" "has no StorageClass of this name"
}

# isolation check over what the API server decides, object by object.
@test "check --policies says of every example what the API server says" {
    kubectl get clusteradmissionpolicies,namespaces,storageclasses -o yaml >"$FOLDER/deployed.yaml"
    kubectl create -f "$ROOT/examples/shop.yaml" -f "$ROOT/examples/isolated-shop.yaml" --dry-run=client -o json | jq -c '.items // [.] | .[]' >"$FOLDER/objects" || true
    [ "$(wc -l <"$FOLDER/objects")" -ge 5 ]
    local object ours theirs
    while read -r object; do
        ours=0 theirs=0
        "$ISOLATION" check --policies "$FOLDER/deployed.yaml" - <<<"$object" >"$FOLDER/ours" 2>&1 || ours=$?
        kubectl create --dry-run=server -f - <<<"$object" >"$FOLDER/theirs" 2>&1 || theirs=$?
        grep -q AlreadyExists "$FOLDER/theirs" && theirs=0
        grep -q 'denied the request' "$FOLDER/theirs" || theirs=0
        echo "$(jq -r '"\(.kind) \(.metadata.name)"' <<<"$object"): check $ours, API server $theirs"
        [ "$ours" -eq "$theirs" ] || { cat "$FOLDER/ours" "$FOLDER/theirs" && return 1; }
    done <"$FOLDER/objects"
}

@test "the audit scanner reports what was there before" {
    kubectl create job audit -n kubewarden --from=cronjob/audit-scanner
    for _ in $(seq 120); do
        [ -z "$(kubectl get job audit -n kubewarden -o jsonpath='{.status.succeeded}{.status.failed}')" ] || break
        sleep 1
    done
    [ "$(kubectl get job audit -n kubewarden -o jsonpath='{.status.succeeded}')" = 1 ] || { pod_logs audit && return 1; }
    # The chart gives it the right to list whatever the core rules judge.
    pod_logs audit >"$FOLDER/audit.log.txt"
    refute grep 'Failed to list resources' "$FOLDER/audit.log.txt"
    failed shop | tee "$FOLDER/failed"
    grep -qx "old clusterwide-private-images" "$FOLDER/failed"
    refute grep "^storefront " "$FOLDER/failed"
    failed | tee "$FOLDER/failed"
    grep -qx "old-files clusterwide-private-storage" "$FOLDER/failed"
    refute grep "^private-files " "$FOLDER/failed"
}

# failed [NAMESPACE]: OBJECT POLICY of what the reports call a failure, in a namespace or outside of all. Which of the two kinds
# of report the scanner writes is for Kubewarden's chart to say.
failed() {
    local kinds=(clusterpolicyreports clusterreports.openreports.io) of=() kind
    [ $# -eq 0 ] || kinds=(policyreports reports.openreports.io) of=(-n "$1")
    for kind in "${kinds[@]}"; do
        kubectl get "$kind" "${of[@]}" -o json 2>/dev/null || true
    done | jq -r '.items[] | .scope.name as $name | .results[]? | select(.result == "fail") | "\($name) \(.policy)"'
}

@test "settings that the policy server refuses leave the old one in force" {
    helm_isolation upgrade --set mode=protect --set cached-images.registry=myacr.azurecr.io \
        --set-json 'cached-images.cacheRules=[{"source": "docker.io/library/*", "target": "a/*"}, {"source": "quay.io/*", "target": "a/*"}]'
    sleep 15
    run kubectl run refused -n shop --image=quay.io/refused
    denied '[NI101]'
    helm_isolation upgrade --set mode=protect
    wait_for_policies
}

@test "back to monitoring, and the same pod is admitted" {
    kubectl delete clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies
    helm_isolation upgrade --cleanup-on-fail
    wait_for_policies
    kubectl run refused -n shop --image=quay.io/refused
}

@test "nothing is left when it is uninstalled" {
    helm uninstall isolation -n kubewarden
    for _ in $(seq 60); do
        left=$(kubectl get clusteradmissionpolicies,policyservers,validatingwebhookconfigurations,mutatingwebhookconfigurations \
            -o name | grep -v kubewarden-controller || true)
        [ -n "$left" ] || break
        sleep 1
    done
    echo "$left"
    [ -z "$left" ]
    kubectl run free -n shop --image=quay.io/free
}
