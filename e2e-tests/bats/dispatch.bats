#!/usr/bin/env bats
# Which policies a real API server asks about an object, with the webhooks that Kubewarden's controller writes: every policy of
# e2e-tests/dispatch and every object. RECORD=1 writes the record that `isolation-admission` is compared with.
# needs: kube-apiserver kube-controller-manager etcd kubectl helm controller policy-server docker-registry openssl curl jq

load engines
load api-server
load registry
load cluster

DISPATCH="$BATS_TEST_DIRNAME/../dispatch"

setup_file() {
    MISSING=$(missing_on_cluster "$BATS_TEST_FILENAME")
    export MISSING
    [ -z "$MISSING" ] || return 0
    # policy-server would accept unseen whatever is in its own namespace.
    KUBEWARDEN_VALUES="--set alwaysAcceptAdmissionReviewsOnDeploymentsNamespace=false" start_registry_and_cluster 17143 13179
    "$ISOLATION" publish --plain-http --registry "$REGISTRY/policies" "$ROOT/dist/private-images.wasm" >"$FOLDER/published"
    kubectl apply -f "$DISPATCH/definition.yaml"
    # The namespace kubewarden is there, and its controller labels it.
    kubectl apply -f "$DISPATCH/namespaces.yaml"
    "$REAL_ENGINES" dispatch "$FOLDER/dispatch" --module "registry://$(grep -o "$REGISTRY[^ ]*" "$FOLDER/published" | head -1)"
    # There is no controller that would make them.
    local namespace
    for namespace in default shop lab bare kubewarden; do
        kubectl create serviceaccount default -n "$namespace"
        kubectl create serviceaccount builder -n "$namespace"
    done
    # First the policies: their server starts once, with all of them.
    kubectl create -f "$FOLDER/dispatch/policies.json" >"$FOLDER/created"
    kubectl apply -f - <<EOF
apiVersion: policies.kubewarden.io/v1
kind: PolicyServer
metadata: {name: default}
spec: {image: policy-server, replicas: 1, insecureSources: ["$REGISTRY"], env: [{name: KUBEWARDEN_LOG_LEVEL, value: info}, {name: KUBEWARDEN_LOG_FMT, value: json}]}
EOF
    wait_for_policies
    stop_controllers
    kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -l app.kubernetes.io/part-of=kubewarden -o json |
        jq -c '.items[] | select(.metadata.annotations.kubewardenPolicyName) | del(.metadata.uid, .metadata.resourceVersion)' >"$FOLDER/webhooks"
    with_every_plugin
}

teardown_file() {
    stop_cluster
    stop_registry
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
}

wait_for_policies() {
    local _ kinds=clusteradmissionpolicies,admissionpolicies,clusteradmissionpolicygroups,admissionpolicygroups
    for _ in $(seq 300); do
        kubectl get "$kinds" -A -o json >"$FOLDER/policies.json"
        jq -e '.items | length > 0 and all(.status.policyStatus == "active")' "$FOLDER/policies.json" >/dev/null && return
        sleep 1
    done
    jq -r '.items[] | select(.status.policyStatus != "active") | "\(.metadata.name) \(.status)"' "$FOLDER/policies.json" | head >&2
    pod_logs policy-server | tail -20 >&2
    return 1
}

# From here on nothing writes objects but we.
stop_controllers() {
    kubectl scale deployment -n kubewarden -l app.kubernetes.io/name=kubewarden-controller --replicas=0
    for _ in $(seq 60); do
        [ -n "$(kubectl get pods -n kubewarden -l app.kubernetes.io/name=kubewarden-controller -o name)" ] || break
        sleep 1
    done
    kill "$CONTROLLERS_PID"
}

# The API server with the plugins that a cluster has: pods get service accounts now.
with_every_plugin() {
    kill "$API_SERVER_PID"
    wait "$API_SERVER_PID" || true
    DISABLED_PLUGINS=DefaultIngressClass run_api_server "$FOLDER"
}

# send NAME METHOD PATH BODY: the answer, with its status in the last line.
send() {
    local token
    token=$(sed -n 's/.*token: \([0-9a-f]*\).*/\1/p' "$KUBECONFIG")
    curl -s -m 30 --cacert "$FOLDER/ca.crt" -X "$2" -H "authorization: Bearer $token" -H 'content-type: application/json' \
        -w '\n%{http_code}\n' --data-binary "@$4" "https://127.0.0.1:$API_SERVER_PORT$3"
}

# webhooks FILTER create|delete: those whose policy's name passes the filter.
webhooks() {
    jq -c --arg keep "$1" 'select(.metadata.annotations.kubewardenPolicyName | test($keep))' "$FOLDER/webhooks" |
        kubectl $2 -f - >/dev/null
    # The API server takes a moment to learn of it.
    sleep 2
}

@test "each object once, with every policy that cannot keep the API server from deciding" {
    local log name method path body start
    log=$(ls "$FOLDER"/pods/kubewarden/policy-server-default*/log)
    webhooks '^fails-' delete
    while IFS=$'\t' read -r name method path body; do
        start=$(stat -c %s "$log")
        send "$name" "$method" "$path" "$body" >"$FOLDER/answer"
        [ "$name" != - ] || continue
        cp "$FOLDER/answer" "$FOLDER/dispatch/$name.answer"
        tail -c "+$((start + 1))" "$log" >"$FOLDER/dispatch/$name.log"
        case $(tail -1 "$FOLDER/answer") in 20?) ;; *) echo "$name: $(head -c 600 "$FOLDER/answer")" >>"$FOLDER/unwelcome" ;; esac
    done <"$FOLDER/dispatch/requests"
    cat "$FOLDER/unwelcome" 2>/dev/null || true
    [ ! -e "$FOLDER/unwelcome" ]
}

# What is there already is asked about all the same.
@test "each object with each policy that may keep the API server from deciding" {
    local log policy name method path body start
    log=$(ls "$FOLDER"/pods/kubewarden/policy-server-default*/log)
    webhooks '^' "delete --ignore-not-found"
    for policy in $(jq -r '.metadata.annotations.kubewardenPolicyName | select(startswith("fails-"))' "$FOLDER/webhooks"); do
        while IFS=$'\t' read -r name method path body; do
            [ "$name" != - ] || send "$name" "$method" "$path" "$body" >/dev/null
        done <"$FOLDER/dispatch/requests"
        webhooks "^$policy\$" create
        while IFS=$'\t' read -r name method path body; do
            [ "$name" != - ] || continue
            start=$(stat -c %s "$log")
            send "$name" "$method" "$path" "$body" >"$FOLDER/answer"
            tail -c "+$((start + 1))" "$log" >>"$FOLDER/dispatch/$name.log"
            if grep -q 'resulted in error' "$FOLDER/answer"; then echo "$policy" >>"$FOLDER/dispatch/$name.refused"; fi
        done <"$FOLDER/dispatch/requests"
        webhooks "^$policy\$" delete
    done
}

@test "the API server decides as recorded" {
    run "$REAL_ENGINES" dispatched "$FOLDER/dispatch" ${RECORD:+--record}
    echo "$output"
    [ "$status" -eq 0 ]
    tell "$output"
}
