#!/usr/bin/env bats
# What dies in the middle leaves nothing half done: whoever was talking to it says so, and the same command again completes the
# work. Registry, API server, policy-server and our own commands are killed (SIGKILL) at random points.
#
# SEED          what the points follow from; printed, so that a run can be repeated (the machine's speed has its say, too)
# KILL_ROUNDS   how often each is killed, by default 3
#
# KUBEWARDEN_CHART names Kubewarden's chart `admission-controller` (a folder or a package), which has the definitions.
# needs: kube-apiserver etcd kubectl helm policy-server docker-registry openssl curl jq

load engines
load policies
load api-server
load registry

setup_file() {
    MISSING=$(missing "$BATS_TEST_FILENAME")
    [ -n "$MISSING" ] || [ -e "${KUBEWARDEN_CHART:-}" ] || MISSING="KUBEWARDEN_CHART names no chart admission-controller"
    [ -n "$MISSING" ] || [ -x "${ISOLATION:-$ROOT/target/debug/isolation}" ] || MISSING="target/debug/isolation is not built"
    export MISSING
    [ -z "$MISSING" ] || return 0
    build_real_engines
    export SEED=${SEED:-$RANDOM} KILL_ROUNDS=${KILL_ROUNDS:-3}
    tell "SEED=$SEED"
    export FOLDER="$BATS_FILE_TMPDIR" API_SERVER_PORT=17043 ETCD_PORT=13079 POLICY_SERVER_PORT=13380
    export ISOLATION=${ISOLATION:-$ROOT/target/debug/isolation}
    export HOME="$FOLDER/home" DOCKER_CONFIG="$FOLDER/docker"
    export HELM_CACHE_HOME="$FOLDER/helm" HELM_CONFIG_HOME="$FOLDER/helm" HELM_DATA_HOME="$FOLDER/helm"
    mkdir -p "$HOME" "$DOCKER_CONFIG"
    unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
    start_registry
    keep REGISTRY_PID
    start_api_server "$FOLDER"
    keep API_SERVER_PID
    keep ETCD_PID
    export KUBECONFIG="$FOLDER/admin.kubeconfig"
    kubectl create namespace kubewarden
    kubectl create namespace shop
    apply_kubewarden_definitions
    # What is right, and how long it takes if nothing dies.
    took "$ISOLATION" bundle "$FOLDER/isolation.tar" && export BUNDLE_TAKES=$TOOK
    took publish_to undisturbed -o json >"$FOLDER/published.json" && export PUBLISH_TAKES=$TOOK
    cat >"$FOLDER/isolation.yaml" <<YAML
registry: $REGISTRY/undisturbed
registries: [myacr.azurecr.io]
private-storage: {lookup: true}
YAML
}

teardown_file() {
    [ -z "$MISSING" ] || return 0
    local process
    for process in POLICY_SERVER_PID REGISTRY_PID API_SERVER_PID ETCD_PID; do
        [ ! -e "$FOLDER/$process" ] || kill -9 "$(cat "$FOLDER/$process")" 2>/dev/null || true
    done
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
    RANDOM=$((SEED + BATS_TEST_NUMBER))
    cd "$BATS_TEST_TMPDIR" || return 1
}

# keep NAME: what a test starts, the next one must find: each is a process of its own.
keep() {
    echo "${!1}" >"$FOLDER/$1"
}

# kill_process NAME: at once, whatever it is doing.
kill_process() {
    local pid
    pid=$(cat "$FOLDER/$1")
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
}

# took COMMAND…: its milliseconds are in TOOK.
took() {
    local start
    start=$(date +%s%N)
    "$@"
    TOOK=$((($(date +%s%N) - start) / 1000000))
}

# a_while MILLISECONDS: some time before that.
a_while() {
    local wait=$((RANDOM * $1 / 32768))
    sleep "$(printf '%d.%03d' $((wait / 1000)) $((wait % 1000)))"
}

# in_the_background COMMAND…: what it prints goes to the file `output`. With all that it starts it is the process group BACKGROUND.
in_the_background() {
    set -m
    "$@" >output 2>&1 3>&- &
    BACKGROUND=$!
    set +m
}

kill_background() {
    kill -9 -- "-$BACKGROUND" 2>/dev/null
}

# How the command in the background ended, in STATUS. It does end.
ended() {
    local _
    for _ in $(seq 1200); do
        kill -0 "$BACKGROUND" 2>/dev/null || break
        sleep 0.1
    done
    if kill -0 "$BACKGROUND" 2>/dev/null; then
        kill_background
        echo "it hangs" && return 1
    fi
    STATUS=0
    wait "$BACKGROUND" || STATUS=$?
    cat output
}

# interrupt VICTIM COMMAND…: the command, and its victim (itself, or a process) is killed at some point before TAKES.
interrupt() {
    local victim=$1
    shift
    in_the_background "$@"
    a_while "$TAKES"
    if [ "$victim" = itself ]; then
        kill_background || true
    else
        kill_process "$victim"
    fi
    ended
    case $victim in API_SERVER_PID) api_server_again ;; REGISTRY_PID) registry_again ;; esac
}

# publish_to PREFIX [ARGUMENT…]
publish_to() {
    local prefix=$1
    shift
    "$ISOLATION" publish --plain-http --registry "$REGISTRY/$prefix" --from "$FOLDER/isolation.tar" "$@"
}

# Every tag below a prefix is a manifest that is there, with all that it names. How many there are is printed.
whole() {
    local repository tag digest manifest count=0
    for repository in $(curl -sf "http://$REGISTRY/v2/_catalog?n=1000" | jq -r '.repositories[]' | grep "^$1/" || true); do
        for tag in $(curl -s "http://$REGISTRY/v2/$repository/tags/list" | jq -r '.tags // [] | .[]'); do
            manifest=$(curl -sf -H 'accept: application/vnd.oci.image.manifest.v1+json' "http://$REGISTRY/v2/$repository/manifests/$tag")
            for digest in $(jq -r '.config.digest, .layers[].digest' <<<"$manifest"); do
                [ "sha256:$(curl -sf "http://$REGISTRY/v2/$repository/blobs/$digest" | sha256sum | cut -d ' ' -f 1)" = "$digest" ] ||
                    { echo "$repository:$tag lacks $digest" >&2 && return 1; }
            done
            count=$((count + 1))
        done
    done
    echo "$count"
}

# Below a prefix is what belongs there, with the digests that it has anywhere.
complete() {
    [ "$(whole "$1")" = "$(jq length "$FOLDER/published.json")" ]
    publish_to "$1" -o json >again.json
    diff <(jq -r '.[].digest' "$FOLDER/published.json") <(jq -r '.[].digest' again.json)
}

# The API server comes back to what etcd has.
api_server_again() {
    run_api_server "$FOLDER"
    keep API_SERVER_PID
}

registry_again() {
    run_registry
    keep REGISTRY_PID
}

@test "publish, and the registry dies: an error that says so, no tag without its content, and pushing again completes it" {
    local TAKES=$PUBLISH_TAKES round interrupted=0
    for round in $(seq "$KILL_ROUNDS"); do
        interrupt REGISTRY_PID publish_to "registry-$round"
        if [ "$STATUS" -ne 0 ]; then
            interrupted=$((interrupted + 1))
            [ "$STATUS" -eq 2 ]
            grep -Eq 'cannot be reached|connection broke|did not answer' output
        fi
        echo "$(whole "registry-$round") of $(jq length "$FOLDER/published.json") were there"
        publish_to "registry-$round"
        complete "registry-$round"
    done
    tell "publish: $interrupted of $KILL_ROUNDS interrupted by the registry's death"
}

@test "publish dies: no tag without its content, and pushing again completes it" {
    local TAKES=$PUBLISH_TAKES round interrupted=0
    for round in $(seq "$KILL_ROUNDS"); do
        interrupt itself publish_to "publish-$round"
        [ "$STATUS" -eq 0 ] || interrupted=$((interrupted + 1))
        echo "$(whole "publish-$round") of $(jq length "$FOLDER/published.json") were there"
        publish_to "publish-$round"
        complete "publish-$round"
    done
    tell "publish: $interrupted of $KILL_ROUNDS killed"
}

@test "bundle dies: the archive of before is still there, or the new one is, whole" {
    local TAKES=$BUNDLE_TAKES round archive interrupted=0
    for round in $(seq "$KILL_ROUNDS"); do
        rm -f new.tar
        cp "$FOLDER/isolation.tar" old.tar
        for archive in new.tar old.tar; do
            interrupt itself "$ISOLATION" bundle "$archive"
            [ "$STATUS" -eq 0 ] || interrupted=$((interrupted + 1))
        done
        cmp old.tar "$FOLDER/isolation.tar"
        [ ! -e new.tar ] || cmp new.tar "$FOLDER/isolation.tar"
        "$ISOLATION" bundle new.tar
        cmp new.tar "$FOLDER/isolation.tar"
    done
    tell "bundle: $interrupted of $((2 * KILL_ROUNDS)) killed"
}

# helm_isolation [ARGUMENT…]: as docs/deploy.md and docs/upgrade.md say.
helm_isolation() {
    helm upgrade --install isolation "oci://$REGISTRY/undisturbed/network-isolation-policies" --plain-http -n kubewarden \
        -f "$FOLDER/isolation.yaml" --cleanup-on-fail "$@"
}

# What there is of the policies, KIND/NAME MODE a line.
installed() {
    kubectl get clusteradmissionpolicies,policyservers,clusterroles,clusterrolebindings,serviceaccounts,validatingadmissionpolicies,validatingadmissionpolicybindings \
        -A -l app.kubernetes.io/part-of=network-isolation-policies -o json |
        jq -r '.items[] | "\(.kind)/\(.metadata.name) \(.spec.mode)"' | sort
}

# What docs/upgrade.md says of an upgrade that was interrupted: the record of it goes, and the same command is run again.
repair() {
    kubectl delete secrets -n kubewarden -l 'owner=helm,name=isolation,status in (pending-install, pending-upgrade, pending-rollback)'
}

@test "helm dies, or the API server does: what docs/upgrade.md says repairs it" {
    helm_isolation --set mode=monitor >/dev/null && installed >monitor
    took helm_isolation --set mode=protect >/dev/null && installed >protect
    local TAKES=$TOOK round mode victim interrupted=0 pending=0
    for round in $(seq "$KILL_ROUNDS"); do
        mode=monitor
        [ $((round % 2)) -eq 1 ] || mode=protect
        for victim in itself API_SERVER_PID; do
            # What docs/deploy.md says of the way back.
            [ "$mode" = protect ] || kubectl delete clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies
            interrupt "$victim" helm_isolation --set "mode=$mode"
            [ "$STATUS" -eq 0 ] || interrupted=$((interrupted + 1))
            repair | tee repaired
            pending=$((pending + $(wc -l <repaired)))
            helm_isolation --set "mode=$mode"
            installed | diff "$mode" -
        done
    done
    helm uninstall isolation -n kubewarden
    [ -z "$(installed)" ]
    tell "helm: $interrupted of $((2 * KILL_ROUNDS)) interrupted, $pending with a record to remove"
}

apply_policies() {
    "$ISOLATION" policies -c "$FOLDER/isolation.yaml" --mode protect | kubectl apply --server-side -f -
}

@test "kubectl apply of what isolation policies prints, and the API server dies: applying again completes it" {
    took apply_policies >/dev/null && installed >expected
    local TAKES=$TOOK round interrupted=0
    for round in $(seq "$KILL_ROUNDS"); do
        "$ISOLATION" policies -c "$FOLDER/isolation.yaml" --mode protect | kubectl delete -f - >/dev/null
        interrupt API_SERVER_PID bash -c "$(declare -f apply_policies); set -o pipefail; apply_policies"
        [ "$STATUS" -eq 0 ] || interrupted=$((interrupted + 1))
        apply_policies
        installed | diff expected -
    done
    "$ISOLATION" policies -c "$FOLDER/isolation.yaml" --mode protect | kubectl delete -f - >/dev/null
    tell "kubectl apply: $interrupted of $KILL_ROUNDS interrupted"
}

# files FOLDER: what `check --fix` has to mend, a hundred times.
files() {
    local number
    rm -rf "$1" && mkdir "$1"
    for number in $(seq 100); do
        printf 'apiVersion: v1\nkind: Service\nmetadata: {name: s%d}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n' "$number" >"$1/$number.yaml"
    done
}

fix() {
    "$ISOLATION" check -c "$FOLDER/isolation.yaml" --unsafe-fixes --fix "$1"
}

@test "check --fix dies: each file is what it was or what it should be, and running it again completes it" {
    files before && files after
    took fix after || true
    refute cmp -s before/1.yaml after/1.yaml
    local TAKES=$TOOK round file interrupted=0 mended=0
    for round in $(seq "$KILL_ROUNDS"); do
        files now
        interrupt itself fix now
        [ "$STATUS" -ne 137 ] || interrupted=$((interrupted + 1))
        for file in $(cd before && echo *); do
            if cmp -s "now/$file" "after/$file"; then
                mended=$((mended + 1))
            else
                cmp "now/$file" "before/$file"
            fi
        done
        fix now || true
        for file in $(cd before && echo *); do cmp "now/$file" "after/$file"; done
    done
    tell "check --fix: $interrupted of $KILL_ROUNDS killed, with $mended of $((100 * KILL_ROUNDS)) files mended by then"
}

report_of_cluster() {
    "$ISOLATION" report --cluster -c "$FOLDER/isolation.yaml" --output json 2>errors
}

# How much of the cluster a report has not seen that decides.
unseen() {
    jq .verdict.unseen "$1"
}

# A verdict over half a cluster would be one over all of it to whoever reads it.
@test "report --cluster, and the API server dies: no report, or one that says what it has not seen" {
    took report_of_cluster >whole.json || true
    [ "$(unseen whole.json)" -gt 0 ]
    local TAKES=$TOOK round none=0 less=0
    for round in $(seq "$KILL_ROUNDS"); do
        interrupt API_SERVER_PID report_of_cluster >/dev/null
        if [ ! -s output ]; then
            none=$((none + 1))
            [ "$STATUS" -eq 2 ]
            grep -q "$API_SERVER_PORT" errors
        elif [ "$(unseen output)" -gt "$(unseen whole.json)" ]; then
            less=$((less + 1))
            [ "$STATUS" -ne 0 ] && [ "$(jq -r .verdict.state output)" != ready ]
            jq -r '.notSeen[].what' output | grep -q "$API_SERVER_PORT"
        fi
    done
    tell "report --cluster: $none of $KILL_ROUNDS without a report, $less with less of the cluster seen, said so"
}

# policy-server with FOLDER/policies.yml, until it answers.
policy_server_again() {
    KUBECONFIG="$FOLDER/policy-server.kubeconfig" \
        start_policy_server "$FOLDER/policies.yml" --sources-path "$SOURCES" --cert-file "$FOLDER/tls.crt" --key-file "$FOLDER/tls.key"
    keep POLICY_SERVER_PID
}

# All policies, their modules by digest from the registry.
from_the_registry() {
    local policy
    for policy in $(policies); do
        printf '%s:\n  module: %s\n  settings: %s\n  allowedToMutate: true\n' "$policy" \
            "$(jq -r --arg name "$policy" '.[] | select(.name == $name) | .module' "$FOLDER/published.json")" "$(settings_of "$policy")"
    done
}

@test "policy-server dies or the registry does while it starts: it starts again, or says why not" {
    from_the_registry >"$FOLDER/policies.yml"
    took policy_server_again
    local TAKES=$TOOK round victim interrupted=0
    for round in $(seq "$KILL_ROUNDS"); do
        for victim in itself REGISTRY_PID; do
            kill -9 "$(cat "$FOLDER/POLICY_SERVER_PID")" 2>/dev/null || true
            [ "$victim" = itself ] || rm -rf "$FOLDER/policies.yml.d"
            in_the_background policy-server --addr 127.0.0.1 --port "$POLICY_SERVER_PORT" --readiness-probe-port $((POLICY_SERVER_PORT + 1)) \
                --policies "$FOLDER/policies.yml" --policies-download-dir "$FOLDER/policies.yml.d/modules" \
                --sigstore-cache-dir "$FOLDER/policies.yml.d/sigstore" --sources-path "$SOURCES" --ignore-kubernetes-connection-failure
            a_while "$TAKES"
            if [ "$victim" = itself ]; then
                kill_background || true
            else
                kill_process REGISTRY_PID
                registry_again
                sleep 1
                if kill -0 "$BACKGROUND" 2>/dev/null; then kill_background; else interrupted=$((interrupted + 1)); fi
            fi
            ended
            # As the kubelet does: what was downloaded so far is still there.
            policy_server_again
        done
    done
    tell "policy-server: $interrupted of $KILL_ROUNDS starts stopped by the registry's death"
}

@test "policy-server dies while it is asked: nothing wrong is admitted, and the user is told why nothing else is" {
    from_the_registry >"$FOLDER/policies.yml"
    [ -n "$(curl -s --cacert "$FOLDER/ca.crt" "https://127.0.0.1:$POLICY_SERVER_PORT/" -o /dev/null -w '%{http_code}')" ] || policy_server_again
    "$REAL_ENGINES" webhooks --server "https://127.0.0.1:$POLICY_SERVER_PORT" --ca "$FOLDER/ca.crt" "$ROOT"/policies/*/metadata.yml |
        kubectl apply -f - >/dev/null
    until kubectl run probe -n shop --image=quay.io/probe --dry-run=server 2>&1 | grep -q NI101; do sleep 0.5; done
    local round number
    : >answers
    (
        for number in $(seq $((KILL_ROUNDS * 20))); do
            kubectl run "wrong-$number" -n shop --image=quay.io/wrong >>answers 2>&1 || true
            kubectl run "right-$number" -n shop --image=myacr.azurecr.io/right >>answers 2>&1 || true
        done
    ) 3>&- &
    BACKGROUND=$!
    for round in $(seq "$KILL_ROUNDS"); do
        a_while 4000
        kill_process POLICY_SERVER_PID
        a_while 2000
        policy_server_again
    done
    wait "$BACKGROUND" || true
    [ -z "$(kubectl get pods -n shop -o name | grep wrong || true)" ]
    # Refused by the policy, or by the API server for want of it.
    [ "$(grep -c 'wrong-.*created' answers)" = 0 ]
    grep -v -e NI101 -e 'failed calling webhook' -e '^pod/right-.* created$' -e '^- ' answers | sort | uniq -c | head -5
    [ "$(grep -c 'right-.*created' answers)" -gt 0 ]
    kubectl run last -n shop --image=myacr.azurecr.io/right
    tell "policy-server: $(grep -c 'right-.*created' answers) of $((KILL_ROUNDS * 20)) right pods admitted, $(grep -c 'failed calling webhook' answers) requests refused for want of an answer, 0 of $((KILL_ROUNDS * 20)) wrong ones admitted"
    kubectl delete validatingwebhookconfigurations,mutatingwebhookconfigurations --all >/dev/null
    kill_process POLICY_SERVER_PID
}
