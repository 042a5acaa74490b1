#!/usr/bin/env bats
# The pages for operators, followed as by one who has nothing else: every command of them runs as it is written, from an empty
# registry to protect mode and back, and prints what the page shows. The tests build on one another.
#
# Hauler and az are not run, and pods' logs are read from files. PRINTED names a file that gets all that was run and printed.
# needs: kube-apiserver kube-controller-manager etcd kubectl helm controller policy-server audit-scanner docker-registry openssl curl jq

load engines
load api-server
load registry
load cluster
load page

setup_file() {
    MISSING=$(missing_on_cluster "$BATS_TEST_FILENAME")
    export MISSING
    [ -z "$MISSING" ] || return 0
    start_registry_and_cluster 17043 13079
    read_pages "$FOLDER/blocks" "$ROOT"/docs/{air-gap,deploy,namespaces,upgrade,gitops}.md
    # What the cluster held before it was isolated.
    kubectl apply -f - <<'EOF'
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: shop}
spec: {type: LoadBalancer, ports: [{port: 80}]}
EOF
    kubectl create deployment old -n shop --image=quay.io/contoso/old
}

teardown_file() {
    stop_cluster
    stop_registry
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
}

# The commands of the pages, where this machine is not as the page has it.
isolation() {
    case $1 in publish) set -- "$@" --plain-http ;; esac
    "$ISOLATION" "$@"
}

helm() {
    case "$*" in *oci://*) set -- "$@" --plain-http ;; esac
    command helm "$@"
}

kubectl() {
    case "$1 $2" in
        "logs "*) pod_logs policy-server ;;
        "create job")
            command kubectl "$@"
            command kubectl wait --for=condition=Complete --timeout=180s -n kubewarden job/audit >/dev/null
            ;;
        *) command kubectl "$@" ;;
    esac
}

az() {
    case "$*" in *"token create"*) echo none ;; esac
}

# Until Kubewarden says of every policy that it is active, in the mode that is given.
wait_for_mode() {
    local _
    for _ in $(seq 300); do
        kubectl get clusteradmissionpolicies -o json >"$FOLDER/policies.json"
        if jq -e --arg mode "$1" '.items | length >= 5 and all(.spec.mode == $mode and .status.mode == $mode and
            (.status.conditions | any(.type == "PolicyActive" and .status == "True")))' "$FOLDER/policies.json" >/dev/null; then
            return 0
        fi
        sleep 1
    done
    jq -r '.items[] | "\(.metadata.name) \(.status)"' "$FOLDER/policies.json" >&2
    pod_logs policy-server | tail -20 >&2
    return 1
}

@test "everything into the registry" {
    follow "isolation bundle isolation.tar"
    follow "az acr login --name myacr"
    follow "TOKEN="
}

@test "isolation.yaml" {
    sed "s#^registry: myacr\.azurecr\.io#registry: $REGISTRY#" "$(grep -l '^# isolation.yaml' "$FOLDER"/blocks/*.yaml)" >"$FOLDER/isolation.yaml"
    # Nothing answers with TLS here, and one policy server is enough.
    echo "policyServer: {replicas: 1, insecureSources: [\"$REGISTRY\"]}" >>"$FOLDER/isolation.yaml"
    follow "isolation policies -c isolation.yaml >/dev/null"
    refute grep "^error" "$FOLDER/printed"
    follow "isolation report --cluster"
}

@test "values that cannot work" {
    shows "Error: INSTALLATION FAILED: execution error at (network-isolation-policies/templates/policy-server.yaml" \
        helm install isolation "oci://$REGISTRY/policies/network-isolation-policies" -n kubewarden -f isolation.yaml --set registries=null
}

@test "monitor" {
    follow "helm install isolation oci://myacr.azurecr.io/policies/network-isolation-policies -n kubewarden -f isolation.yaml"
    wait_for_mode monitor
    follow "kubectl get clusteradmissionpolicies"
    follow "kubectl run web"
    follow "kubectl create job audit"
}

# What the pages say to write into isolation.yaml before the same command goes to another mode.
write_mode() {
    sed -i "s/^mode: .*/mode: $1/" "$FOLDER/isolation.yaml"
    grep -qx "mode: $1" "$FOLDER/isolation.yaml"
}

UPGRADE="helm upgrade isolation oci://myacr.azurecr.io/policies/network-isolation-policies -n kubewarden -f isolation.yaml --cleanup-on-fail"

@test "protect, and back" {
    write_mode protect
    follow "$UPGRADE"
    wait_for_mode protect
    follow "kubectl run api"
    kubectl patch clusteradmissionpolicy private-images --type=merge -p '{"spec": {"timeoutSeconds": 20}}'
    shows "Error: UPGRADE FAILED: conflict occurred" helm upgrade isolation \
        "oci://$REGISTRY/policies/network-isolation-policies" -n kubewarden -f isolation.yaml
    write_mode monitor
    shows "Error: UPGRADE FAILED: execution error at (network-isolation-policies/templates/policies.yaml" helm upgrade isolation \
        "oci://$REGISTRY/policies/network-isolation-policies" -n kubewarden -f isolation.yaml
    follow "kubectl delete clusteradmissionpolicies -l"
    wait_for_mode monitor
    follow "kubectl delete secrets"
}

# A protected cluster stays protected.
@test "new versions" {
    write_mode protect
    follow "$UPGRADE"
    wait_for_mode protect
    follow "isolation publish --registry myacr.azurecr.io/policies"
    wait_for_mode protect
    shows "Error: UPGRADE FAILED: execution error" helm upgrade isolation "oci://$REGISTRY/policies/network-isolation-policies" \
        -n kubewarden -f isolation.yaml --set policyServer.name=other
}

@test "uninstalled, nothing is left" {
    follow "helm uninstall isolation"
    local left _
    for _ in $(seq 60); do
        left=$(kubectl get clusteradmissionpolicies,policyservers,serviceaccounts,clusterroles -A \
            -l app.kubernetes.io/part-of=network-isolation-policies -o name)
        [ -n "$left" ] || break
        sleep 1
    done
    echo "$left"
    [ -z "$left" ]
}

# What other suites run (deploy.bats, kill.bats), or nobody here.
@test "no command of the pages is left out above" {
    {
        sort -u "$FOLDER/followed"
        cat <<'EOF'
hauler store sync --filename hauler.yaml
helm install --wait -n kubewarden --create-namespace admission-controller oci://myacr.azurecr.io/hauler/admission-controller \
helm install --wait -n kubewarden --create-namespace admission-controller oci://myacr.azurecr.io/kubewarden/admission-controller \
for image in kubewarden/adm-controller/controller:v1.37.2 kubewarden/adm-controller/policy-server:v1.37.2 \
helm install isolation oci://myacr.azurecr.io/policies/network-isolation-policies -n kubewarden -f isolation.yaml \
isolation policies -c isolation.yaml | kubectl apply --server-side -f -
isolation policies -c isolation.yaml >base/policies.yaml    # base/kustomization.yaml: {resources: [policies.yaml]}
kubectl annotate clusteradmissionpolicies \
EOF
    } | sort >"$FOLDER/known"
    head -qn1 "$FOLDER"/blocks/*.sh | sort | diff "$FOLDER/known" -
}
