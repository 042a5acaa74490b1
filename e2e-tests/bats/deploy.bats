#!/usr/bin/env bats
# The chart on a real API server with Kubewarden's definitions: installed, upgraded from monitor to protect, rolled back,
# uninstalled; and the guard refuses what it is there for and lets AKS be.
#
# KUBEWARDEN_CHART names Kubewarden's chart `admission-controller` (a folder or a package), which has the definitions.
# needs: kube-apiserver etcd kubectl helm openssl curl jq

load engines
load api-server

setup_file() {
    MISSING=$(missing "$BATS_TEST_FILENAME")
    [ -n "$MISSING" ] || [ -e "${KUBEWARDEN_CHART:-}" ] || MISSING="KUBEWARDEN_CHART names no chart admission-controller"
    export MISSING
    [ -z "$MISSING" ] || return 0
    export FOLDER="$BATS_FILE_TMPDIR" API_SERVER_PORT=16743 ETCD_PORT=12779
    export HELM_CACHE_HOME="$FOLDER/helm" HELM_CONFIG_HOME="$FOLDER/helm" HELM_DATA_HOME="$FOLDER/helm"
    start_api_server "$FOLDER"
    export KUBECONFIG="$FOLDER/admin.kubeconfig"
    kubectl create namespace kubewarden
    kubectl create clusterrolebinding users --clusterrole=cluster-admin \
        --user=alice --user=aksService --user=system:serviceaccount:kube-system:addon
    apply_kubewarden_definitions
    refuse_what_kubewarden_refuses
    helm install isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=protect >"$FOLDER/install"
    wait_for_guard
}

chart() {
    echo "$ROOT/charts/network-isolation-policies"
}

values() {
    echo "$ROOT/charts/network-isolation-policies/ci/monitor-values.yaml"
}

# No controller runs here, so that its webhook's two rules about updates are the API server's own: the policy server of a
# policy stays, and a policy that protects does not go back to monitoring.
refuse_what_kubewarden_refuses() {
    kubectl apply --server-side -f - <<'EOF'
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: as-kubewarden}
spec:
  matchConstraints:
    resourceRules:
      - {apiGroups: [policies.kubewarden.io], apiVersions: [v1], operations: [UPDATE], resources: [clusteradmissionpolicies]}
  validations:
    - expression: "!(oldObject.spec.mode == 'protect' && object.spec.mode == 'monitor')"
      message: field cannot transition from protect to monitor. Recreate instead.
    - {expression: object.spec.policyServer == oldObject.spec.policyServer, message: the field is immutable}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: as-kubewarden}
spec: {policyName: as-kubewarden, validationActions: [Deny]}
EOF
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

# What there is of the policies, KIND/NAME a line.
installed() {
    kubectl get clusteradmissionpolicies,policyservers,clusterroles,clusterrolebindings,serviceaccounts,validatingadmissionpolicies,validatingadmissionpolicybindings \
        -A -l app.kubernetes.io/part-of=network-isolation-policies -o json |
        jq -r '.items[] | "\(.kind)/\(.metadata.name)"' | sort
}

# in_mode MODE FAILURE_POLICY: every policy is, and none is left of the other mode.
in_mode() {
    kubectl get clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies -o json >"$FOLDER/policies.json"
    [ "$(jq '.items | length' "$FOLDER/policies.json")" -ge 5 ]
    [ "$(jq -r '[.items[].spec.mode] | unique | join(" ")' "$FOLDER/policies.json")" = "$1" ]
    [ "$(jq -r '[.items[].spec.failurePolicy] | unique | join(" ")' "$FOLDER/policies.json")" = "$2" ]
    refute jq -e 'any(.items[].metadata.name; endswith("-monitor"))' "$FOLDER/policies.json"
}

# What docs/deploy.md says before policies go back to monitoring.
delete_policies() {
    kubectl delete clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies
}

# NAME UID of every policy: an update keeps both, and with them Kubewarden's webhook.
policies_uids() {
    kubectl get clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies -o json |
        jq -r '.items[].metadata | "\(.name) \(.uid)"'
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

@test "a namespace that the policies exclude is not created without a warning" {
    run as alice create namespace calico-system
    [ "$status" -eq 0 ] && [[ "$output" == *"Warning: "*"namespace calico-system is reserved for AKS"* ]]
    run as system:serviceaccount:tigera-operator:tigera-operator --as-group system:masters create namespace tigera-operator
    [ "$status" -eq 0 ] && [[ "$output" != *Warning* ]]
}

@test "back to monitoring: the chart says what to delete before anything changes, then creates it, and the guard warns" {
    in_mode protect Fail
    run helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=monitor
    echo "$output"
    [ "$status" -ne 0 ]
    [[ "$output" == *"private-images protects"*"kubectl delete clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies"* ]]
    kubectl get validatingadmissionpolicybindings network-isolation-namespace-labels -o json | jq -e '.spec.validationActions == ["Deny"]'
    # Kubewarden says so, too, where nobody asked the cluster before: this is what Argo CD would apply.
    run kubectl apply --server-side --force-conflicts -f <(helm template isolation "$(chart)" -n kubewarden -f "$(values)" \
        --show-only templates/policies.yaml)
    echo "$output"
    [ "$status" -ne 0 ] && [[ "$output" == *"cannot transition from protect to monitor"* ]]
    in_mode protect Fail
    delete_policies
    helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=monitor
    in_mode monitor Ignore
    as alice create namespace team-d
    for _ in $(seq 60); do
        run as alice label namespace team-d --dry-run=server control-plane=x
        [ "$status" -ne 0 ] || break
        sleep 0.5
    done
    [ "$status" -eq 0 ] && [[ "$output" == *"Warning: "*"control-plane exempts namespace team-d"* ]]
}

@test "monitor, protect as an update of the same policies, and back by a rollback" {
    policies_uids >"$FOLDER/uids"
    helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=protect
    in_mode protect Fail
    policies_uids | diff "$FOLDER/uids" -
    local revision
    revision=$(helm history isolation -n kubewarden -o json | jq '.[-2].revision')
    run helm rollback isolation "$revision" -n kubewarden
    echo "$output"
    [ "$status" -ne 0 ] && [[ "$output" == *"cannot transition from protect to monitor"* ]]
    in_mode protect Fail
    delete_policies
    helm rollback isolation "$revision" -n kubewarden
    in_mode monitor Ignore
}

@test "families and look-ups come and go with an upgrade" {
    helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set 'families={argo,closed-egress/nodes}' \
        --set private-storage.lookup=true
    installed >"$FOLDER/with"
    grep -qx ClusterAdmissionPolicy/private-images-argo "$FOLDER/with"
    grep -qx ClusterAdmissionPolicy/closed-egress-nodes "$FOLDER/with"
    grep -qx ClusterRole/network-isolation-look-ups "$FOLDER/with"
    kubectl auth can-i get storageclasses --as=system:serviceaccount:kubewarden:network-isolation-policy-server
    refute kubectl auth can-i list storageclasses --as=system:serviceaccount:kubewarden:network-isolation-policy-server
    helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)"
    installed >"$FOLDER/without"
    refute grep -E 'argo|nodes|look-ups' "$FOLDER/without"
}

@test "a value without a value is the default: nothing protects, and kube-system is left alone" {
    helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=null --set excludedNamespaces=null --set guard=null
    in_mode monitor Ignore
    jq -e 'all(.items[]; .spec.namespaceSelector.matchExpressions[0].values | index("kube-system"))' "$FOLDER/policies.json"
}

@test "a second release is refused, and neither it nor its removal takes anything from the first" {
    kubectl get clusteradmissionpolicies,policyservers,clusterroles,clusterrolebindings,serviceaccounts -A \
        -l app.kubernetes.io/part-of=network-isolation-policies -o json | jq -S '[.items[].metadata | {name, uid, resourceVersion}]' >"$FOLDER/before"
    kubectl create namespace elsewhere
    run helm install "$(printf 'n%.0s' {1..53})" "$(chart)" -n elsewhere -f "$(values)" --set mode=protect
    echo "$output"
    [ "$status" -ne 0 ] && [[ "$output" == *"invalid ownership metadata"*"isolation"* ]]
    helm uninstall "$(printf 'n%.0s' {1..53})" -n elsewhere --ignore-not-found
    kubectl get clusteradmissionpolicies,policyservers,clusterroles,clusterrolebindings,serviceaccounts -A \
        -l app.kubernetes.io/part-of=network-isolation-policies -o json | jq -S '[.items[].metadata | {name, uid, resourceVersion}]' | diff "$FOLDER/before" -
    kubectl delete namespace elsewhere --wait=false
}

@test "values that cannot work change nothing" {
    installed >"$FOLDER/before"
    run helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=enforce
    echo "$output"
    [ "$status" -ne 0 ] && [[ "$output" == *mode* ]]
    run helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set registries=null
    echo "$output"
    [ "$status" -ne 0 ] && [[ "$output" == *"private-images: the setting registries is required"* ]]
    installed | cmp - "$FOLDER/before"
}

@test "another policy server is a new installation: the chart says so before anything changes" {
    installed >"$FOLDER/before"
    run helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set policyServer.name=other
    echo "$output"
    [ "$status" -ne 0 ] && [[ "$output" == *"private-images runs on the policy server network-isolation"* ]]
    installed | cmp - "$FOLDER/before"
    # Kubewarden says so, too, where nobody asked the cluster before: this is what Argo CD would apply.
    run kubectl apply --server-side --force-conflicts -f <(helm template isolation "$(chart)" -n kubewarden -f "$(values)" \
        --set policyServer.name=other --show-only templates/policies.yaml)
    echo "$output"
    [ "$status" -ne 0 ] && [[ "$output" == *"the field is immutable"* ]]
}

# Something else in the cluster refuses one of the policies: the upgrade stops after others have come.
@test "an upgrade that fails halfway leaves nothing behind, and the next one goes on from where it was" {
    kubectl apply --server-side -f - <<'EOF'
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: stop}
spec:
  matchConstraints:
    resourceRules:
      - {apiGroups: [policies.kubewarden.io], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [clusteradmissionpolicies]}
  validations: [{expression: "object.metadata.name != 'closed-egress' || object.spec.mode == 'monitor'", message: stopped}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: stop}
spec: {policyName: stop, validationActions: [Deny]}
EOF
    until kubectl create --dry-run=server -f - 2>&1 <<<'{"apiVersion": "policies.kubewarden.io/v1", "kind": "ClusterAdmissionPolicy",
        "metadata": {"name": "closed-egress"}, "spec": {"module": "registry://x/y", "mutating": false, "rules": []}}' | grep stopped; do
        sleep 0.5
    done
    installed >"$FOLDER/before"
    revision=$(helm history isolation -n kubewarden -o json | jq '.[-1].revision')
    run helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=protect --cleanup-on-fail
    echo "$output"
    [ "$status" -ne 0 ]
    # Every policy is there, in one mode or the other.
    installed | diff "$FOLDER/before" -
    [ "$(kubectl get clusteradmissionpolicy closed-egress -o jsonpath='{.spec.mode}')" = monitor ]
    kubectl delete validatingadmissionpolicybindings/stop validatingadmissionpolicies/stop
    sleep 2
    helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=protect
    in_mode protect Fail
    # Without a number Helm would go back to the revision before, which is the one that failed.
    delete_policies
    helm rollback isolation "$revision" -n kubewarden
    in_mode monitor Ignore
}

@test "nothing is left when it is uninstalled" {
    helm uninstall isolation -n kubewarden
    [ -z "$(installed)" ]
}

# takes_over MODE: as docs/upgrade.md has it. What was applied by kubectl is the chart's from then on, and nothing else of it stays:
# if Helm did not replace it, kubectl's fields would stay in force, such as a setting that isolation.yaml does not have any more.
takes_over() {
    helm install isolation "$(chart)" -n kubewarden -f "$(values)" --set "mode=$1" --server-side=false --take-ownership --force-replace >/dev/null
    kubectl delete clusteradmissionpolicies -l 'app.kubernetes.io/part-of=network-isolation-policies,app.kubernetes.io/managed-by!=Helm'
    is_the_charts "$1"
}

# is_the_charts MODE: the mode is this one, and no exception is left of what was there before.
is_the_charts() {
    case $1 in monitor) in_mode monitor Ignore ;; *) in_mode protect Fail ;; esac
    [ "$(jq '[.items[].spec.settings | select(has("exceptions"))] | length' "$FOLDER/policies.json")" = 0 ]
    kubectl get validatingadmissionpolicybindings network-isolation-namespace-labels -o json | tee "$FOLDER/binding.json"
    case $1 in
        monitor) jq -e '.spec.validationActions | sort == ["Audit", "Warn"]' "$FOLDER/binding.json" ;;
        *) jq -e '.spec.validationActions == ["Deny"]' "$FOLDER/binding.json" ;;
    esac
}

@test "what the command line prints is applied like the chart, and becomes the chart's to change" {
    helm uninstall isolation -n kubewarden --ignore-not-found
    [ -x "$ROOT/target/debug/isolation" ] || skip "target/debug/isolation is not built"
    cat "$(values)" - >"$BATS_TEST_TMPDIR/isolation.yaml" <<<"private-images: {exceptions: [alpine]}"
    "$ROOT/target/debug/isolation" policies -c "$BATS_TEST_TMPDIR/isolation.yaml" | kubectl apply --server-side -f -
    in_mode monitor Ignore
    takes_over monitor
    helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=protect
    is_the_charts protect
    helm uninstall isolation -n kubewarden
    [ -z "$(installed)" ]
}

# in_conflict COMMAND…: Helm refuses, since somebody else has set a field.
in_conflict() {
    run "$@"
    echo "$output"
    [ "$status" -ne 0 ] && [[ "$output" == *"conflict"* && "$output" == *".spec.timeoutSeconds"* ]]
}

@test "what somebody changed with kubectl is a conflict, for upgrades and rollbacks, until --force-conflicts" {
    helm uninstall isolation -n kubewarden --ignore-not-found
    helm install isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=protect
    kubectl patch clusteradmissionpolicy private-images --type=merge -p '{"spec": {"timeoutSeconds": 20}}'
    in_conflict helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=protect
    helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set mode=protect --force-conflicts
    [ "$(kubectl get clusteradmissionpolicy private-images -o jsonpath='{.spec.timeoutSeconds}')" = 10 ]
    kubectl patch clusteradmissionpolicy private-images --type=merge -p '{"spec": {"timeoutSeconds": 20}}'
    in_conflict helm rollback isolation 1 -n kubewarden
    helm rollback isolation 1 -n kubewarden --force-conflicts
    [ "$(kubectl get clusteradmissionpolicy private-images -o jsonpath='{.spec.timeoutSeconds}')" = 10 ]
    helm uninstall isolation -n kubewarden
    [ -z "$(installed)" ]
}

@test "what 0.1.0 applied becomes the chart's, from either mode to either and on to the other" {
    helm uninstall isolation -n kubewarden --ignore-not-found
    git -C "$ROOT" cat-file -e 59e47b9 2>/dev/null || skip "0.1.0 is not in this clone"
    git -C "$ROOT" archive 59e47b9 deploy | tar -C "$BATS_TEST_TMPDIR" -xf -
    local from to other
    for from in monitor protect; do
        for to in monitor protect; do
            kubectl apply -k "$BATS_TEST_TMPDIR/deploy/overlays/$from"
            kubectl patch clusteradmissionpolicy private-images --type=merge -p '{"spec": {"settings": {"exceptions": ["alpine"]}}}'
            [ "$(kubectl get clusteradmissionpolicies -o json | jq -r '[.items[].spec.mode] | unique | join(" ")')" = "$from" ]
            [ "$from $to" != "protect monitor" ] || delete_policies
            takes_over "$to"
            other=monitor
            [ "$to" = protect ] || other=protect
            [ "$other" = protect ] || delete_policies
            helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set "mode=$other" >/dev/null
            is_the_charts "$other"
            helm uninstall isolation -n kubewarden
            installed | tee "$FOLDER/left"
            [ ! -s "$FOLDER/left" ]
        done
    done
}

# 0.2.0 named what monitors NAME-monitor.
@test "0.2.0's monitoring policies stay until the new ones judge, as docs/upgrade.md says" {
    helm uninstall isolation -n kubewarden --ignore-not-found
    git -C "$ROOT" cat-file -e 1707773f 2>/dev/null || skip "the chart of 0.2.0 is not in this clone"
    git -C "$ROOT" archive 1707773f charts | tar -C "$BATS_TEST_TMPDIR" -xf -
    local mode
    for mode in monitor protect; do
        helm install isolation "$BATS_TEST_TMPDIR/charts/network-isolation-policies" -n kubewarden -f "$(values)"
        kubectl get clusteradmissionpolicies -o name >"$FOLDER/old"
        grep -q private-images-monitor "$FOLDER/old"
        kubectl annotate clusteradmissionpolicies \
            -l app.kubernetes.io/part-of=network-isolation-policies,network-isolation/mode=monitor helm.sh/resource-policy=keep
        helm upgrade isolation "$(chart)" -n kubewarden -f "$(values)" --set "mode=$mode"
        [ "$(kubectl get clusteradmissionpolicies -o name | grep -cxFf "$FOLDER/old")" -eq "$(wc -l <"$FOLDER/old")" ]
        kubectl get clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies -o name |
            grep -e '-monitor$' | xargs kubectl delete
        is_the_charts "$mode"
        helm uninstall isolation -n kubewarden
        [ -z "$(installed)" ]
    done
}

# Argo CD renders with `helm template`, applies on the server, and applies again whenever there is a difference.
@test "what the chart renders is always the same, and applying it again changes nothing" {
    helm uninstall isolation -n kubewarden --ignore-not-found
    local mode
    for mode in monitor protect; do
        helm template isolation "$(chart)" -n kubewarden -f "$(values)" --set "mode=$mode" --set 'families={all}' \
            --set private-storage.lookup=true >"$BATS_TEST_TMPDIR/one.yaml"
        sleep 1
        helm template isolation "$(chart)" -n kubewarden -f "$(values)" --set "mode=$mode" --set 'families={all}' \
            --set private-storage.lookup=true >"$BATS_TEST_TMPDIR/two.yaml"
        cmp "$BATS_TEST_TMPDIR/one.yaml" "$BATS_TEST_TMPDIR/two.yaml"
        # Argo CD says what the cluster has, and lets nobody look.
        env -u KUBECONFIG helm template isolation "$(chart)" -n kubewarden -f "$(values)" --set "mode=$mode" --set 'families={all}' \
            --set private-storage.lookup=true --kube-version 1.36.2 --api-versions policies.kubewarden.io/v1 \
            --api-versions policies.kubewarden.io/v1/ClusterAdmissionPolicy | cmp "$BATS_TEST_TMPDIR/one.yaml" -
        refute grep 'helm.sh/hook' "$BATS_TEST_TMPDIR/one.yaml"
        kubectl apply --server-side -f "$BATS_TEST_TMPDIR/one.yaml"
        # kubectl leaves with 1 where there is a difference.
        kubectl diff --server-side -f "$BATS_TEST_TMPDIR/two.yaml"
        kubectl get -f "$BATS_TEST_TMPDIR/one.yaml" -o json | jq -r '.items[] | "\(.kind)/\(.metadata.name) \(.metadata.resourceVersion)"' >"$BATS_TEST_TMPDIR/before"
        kubectl apply --server-side -f "$BATS_TEST_TMPDIR/two.yaml"
        kubectl get -f "$BATS_TEST_TMPDIR/one.yaml" -o json | jq -r '.items[] | "\(.kind)/\(.metadata.name) \(.metadata.resourceVersion)"' |
            diff "$BATS_TEST_TMPDIR/before" -
        kubectl delete -f "$BATS_TEST_TMPDIR/one.yaml"
    done
}
