#!/usr/bin/env bats
# policy-server by itself, without a cluster: plain HTTP on loopback.
# needs: policy-server curl jq

load engines
load policies

setup_file() {
    MISSING=$(missing "$BATS_TEST_FILENAME")
    export MISSING
    [ -z "$MISSING" ] || return 0
    build_real_engines
    export KUBECONFIG=/dev/null
    ask_all_cases
    start_policy_server "$(write_policies)" --ignore-kubernetes-connection-failure
}

# Every case, with its settings, is a policy of its own. Some cases expect settings to be refused: the server starts
# nevertheless, and answers for those with the reason.
ask_all_cases() {
    export CASES="$BATS_FILE_TMPDIR/cases"
    "$REAL_ENGINES" export "$CASES" --modules "$ROOT/dist"
    KUBEWARDEN_CONTINUE_ON_ERRORS=true start_policy_server "$CASES/policies.yml" --ignore-kubernetes-connection-failure
    "$REAL_ENGINES" send "$CASES" --server "$POLICY_SERVER" --answers policy-server >/dev/null
    "$REAL_ENGINES" send "$CASES" --server "$POLICY_SERVER" --endpoint audit --answers policy-server-audit >/dev/null
    stop_policy_server
}

write_policies() {
    local file="$BATS_FILE_TMPDIR/policies.yml" images="$ROOT/dist/private-images.wasm"
    local warning
    warning=$(settings_of private-images | jq -c '. + {enforcement: "warn"}')
    {
        policy_entries
        policy_entry monitored "$images" "$(settings_of private-images)" "policyMode: monitor"
        policy_entry monitored-warning "$images" "$warning" "policyMode: monitor"
        policy_entry reworded "$images" "$(settings_of private-images)" 'message: "Ask the platform team."'
        policy_entry not-mutating "$ROOT/dist/cached-images.wasm" "$(settings_of cached-images)" "allowedToMutate: false"
    } >"$file"
    echo "$file"
}

teardown_file() {
    stop_policy_server
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
    pod="$BATS_TEST_DIRNAME/load/pod.json"
    public_pod="$BATS_TEST_TMPDIR/public.json"
    jq -c '.request.object.spec.containers[3].image = "nginx:1.27"' "$pod" >"$public_pod"
}

# ask POLICY REVIEW [validate|audit]: the response.
ask() {
    curl -s --fail-with-body -H 'content-type: application/json' --data-binary "@$2" "$POLICY_SERVER/${3:-validate}/$1" |
        jq -c .response
}

compared() {
    run "$REAL_ENGINES" compare "$CASES" --answers "$1"
    echo "$output"
    [ "$status" -eq 0 ]
    tell "$1: ${output//$'\n'/, }"
}

@test "every case of every policy has the expected answer" {
    compared policy-server
}

@test "the audit endpoint gives every case the same answer" {
    compared policy-server-audit
}

@test "in monitor mode everything is accepted, and what is wrong goes to the server's log" {
    run ask monitored "$public_pod"
    echo "$output"
    [ "$(jq -c '[.allowed, .status, .patch]' <<<"$output")" = '[true,null,null]' ]
    [[ "$(jq -r .auditAnnotations.findings <<<"$output")" == *NI101* ]]
}

@test "in monitor mode warnings reach the user" {
    run ask monitored-warning "$public_pod"
    echo "$output"
    [ "$(jq .allowed <<<"$output")" = true ]
    [[ "$(jq -r '.warnings[0]' <<<"$output")" == *"spec.containers[3].image"*"[NI101]" ]]
}

@test "monitor mode does not touch what the audit scanner is told" {
    run ask monitored "$public_pod" audit
    echo "$output"
    [ "$(jq -c '[.allowed, .status.code]' <<<"$output")" = '[false,403]' ]
    [[ "$(jq -r .status.message <<<"$output")" == *"spec.containers[3].image"* ]]
}

@test "a message of the operator's own leaves ours among the causes" {
    run ask reworded "$public_pod"
    echo "$output"
    [ "$(jq -r .status.message <<<"$output")" = "Ask the platform team." ]
    [[ "$(jq -r '.status.details.causes[0].message' <<<"$output")" == *NI101* ]]
}

@test "cached-images changes an image where it may" {
    run ask cached-images "$public_pod"
    echo "$output"
    [ "$(jq .allowed <<<"$output")" = true ]
    run jq -r '.patch | @base64d | fromjson | map(select(.path == "/spec/containers/3/image"))[0].value' <<<"$output"
    [ "$output" = myacr.azurecr.io/dockerhub/library/nginx:1.27 ]
}

@test "cached-images without allowedToMutate rejects what it would change, and accepts what it would not" {
    run ask not-mutating "$public_pod"
    echo "$output"
    [ "$(jq -c '[.allowed, .patch]' <<<"$output")" = '[false,null]' ]
    [[ "$(jq -r .status.message <<<"$output")" == *"configured to not allow mutations"* ]]
    run ask not-mutating "$pod"
    [ "$(jq .allowed <<<"$output")" = true ]
}

@test "with settings that are wrong the server does not start, and says where they are" {
    file="$BATS_TEST_TMPDIR/policies.yml"
    policy_entry private-images "$ROOT/dist/private-images.wasm" '{"registries": ["*.azurecr.io"], "registry": "x"}' >"$file"
    POLICY_SERVER_PORT=$((${POLICY_SERVER_PORT:-13300} + 10)) \
        run start_policy_server "$file" --ignore-kubernetes-connection-failure
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == *'Policy settings are invalid: '*'settings.registries[0]: "*.azurecr.io": '* ]]
    [[ "$output" == *settings.registry* ]]
}

@test "a body that is not a review is refused by the server itself" {
    echo '{"request": {"uid": "1"}}' >"$BATS_TEST_TMPDIR/review.json"
    run ask private-images "$BATS_TEST_TMPDIR/review.json"
    [[ "$output" != *'"allowed":true'* ]]
}

@test "sixty thousand requests, some of 2 MiB: every answer is the expected one, and the server does not grow" {
    [ -r "/proc/$POLICY_SERVER_PID/status" ] || skip "there is no /proc to read the server's size from"
    # A minute: what large requests needed, the server gives back only after some ten seconds.
    run env POLICY_SERVER_PORT=$((${POLICY_SERVER_PORT:-13300} + 20)) POLICY_TIMEOUT=20 "$BATS_TEST_DIRNAME/soak" 60000
    echo "$output"
    [ "$status" -eq 0 ]
    tell "$(tail -3 <<<"$output")"
}
