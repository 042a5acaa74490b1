#!/usr/bin/env bats
# What operators do with kwctl before a policy is in a cluster: run it, look at it, make resources of it.
# needs: kwctl

load engines

# Everything that takes long is done once: kwctl is started anew for each case.
setup_file() {
    MISSING=$(missing "$BATS_TEST_FILENAME")
    export MISSING
    [ -z "$MISSING" ] || return 0
    build_real_engines
    export CASES="$BATS_FILE_TMPDIR/cases"
    "$REAL_ENGINES" export "$CASES" --modules "$ROOT/dist"
    export -f run_case trust_config
    export ROOT
    find "$CASES" -name arguments -printf '%h\0' | xargs -0 -P "$(nproc)" -I{} bash -c 'run_case "$1"' _ {}
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
}

# One case, the folder of which is given. kwctl leaves with 1 where it refuses settings, which is what some cases expect.
run_case() {
    local arguments trust
    mapfile -t arguments <"$1/arguments"
    mapfile -t trust < <(trust_config)
    kwctl run --request-path "$1/request.json" --settings-path "$1/settings.json" "${trust[@]}" "${arguments[@]}" \
        "$ROOT/dist/$(basename "$(dirname "$1")").wasm" >"$1/kwctl.json" 2>"$1/kwctl.err" || true
}

# Whether every case of a policy was answered as expected, word for word.
cases_of() {
    run "$REAL_ENGINES" compare "$CASES" --policy "$1" --answers kwctl
    echo "$output"
    [ "$status" -eq 0 ]
    tell "$1: ${output//$'\n'/, }"
}

@test "every case of cached-images has the expected answer, patch included" { cases_of cached-images; }
@test "every case of closed-egress has the expected answer" { cases_of closed-egress; }
@test "every case of internal-load-balancers has the expected answer" { cases_of internal-load-balancers; }
@test "every case of isolated-clusters has the expected answer" { cases_of isolated-clusters; }
@test "every case of private-images has the expected answer" { cases_of private-images; }
@test "every case of private-storage has the expected answer, look-ups replayed" { cases_of private-storage; }
@test "every case of supported-extensions has the expected answer" { cases_of supported-extensions; }

@test "no policy is left out above" {
    for policy in $(policies); do
        grep -q "{ cases_of $policy; }" "$BATS_TEST_FILENAME" || { echo "$policy has no test here" && return 1; }
    done
}

@test "kwctl reads the metadata that we embed, all of it" {
    for policy in $(policies); do
        run kwctl inspect "$ROOT/dist/$policy.wasm"
        echo "$output"
        [ "$status" -eq 0 ]
        [[ "$output" =~ title:\ +$policy && "$output" =~ protocol\ version:\ +1 ]]
    done
}

@test "kwctl annotate gives a module the metadata that ours has, and its own version besides" {
    for policy in $(policies); do
        theirs="$BATS_TEST_TMPDIR/$policy.wasm"
        kwctl annotate -m "$ROOT/policies/$policy/metadata.yml" -o "$theirs" \
            "$ROOT/target/wasm32-wasip1/wasm/${policy//-/_}.wasm"
        diff <(kwctl inspect -o yaml "$ROOT/dist/$policy.wasm") \
            <(kwctl inspect -o yaml "$theirs" | grep -v '^  io.kubewarden.kwctl: ')
    done
}

@test "kwctl annotate warns of no capability that a module uses and does not declare, nor of the reverse" {
    for policy in $(policies); do
        run kwctl annotate -m "$ROOT/policies/$policy/metadata.yml" -o "$BATS_TEST_TMPDIR/$policy.wasm" \
            "$ROOT/target/wasm32-wasip1/wasm/${policy//-/_}.wasm"
        echo "$output"
        [[ "$output" != *WARN* ]]
    done
}

# The rules out of YAML, whatever they stand in.
rules() {
    sed -n '/^ *rules:/,/^ *\(mutating\|annotations\):/p' | sed '1d;$d' | tr -d ' '
}

@test "a manifest that kwctl scaffolds has our rules, severity and category" {
    for policy in $(policies); do
        run kwctl scaffold manifest -t ClusterAdmissionPolicy "$ROOT/dist/$policy.wasm"
        [ "$status" -eq 0 ]
        [[ "$output" == *"io.kubewarden.policy.category: Network isolation"* ]]
        [[ "$output" == *"name: $policy"* && "$output" == *"kind: ClusterAdmissionPolicy"* ]]
        diff <(kwctl inspect -o yaml "$ROOT/dist/$policy.wasm" | rules) <(echo "$output" | rules)
    done
}

@test "kwctl scaffolds an Artifact Hub package from our metadata" {
    for policy in $(policies); do
        cd "$ROOT/policies/$policy"
        kwctl scaffold artifacthub -o "$BATS_TEST_TMPDIR/$policy.yml"
        grep -q "^name: $policy$" "$BATS_TEST_TMPDIR/$policy.yml"
    done
}

# Field by field, but for what differs on purpose. `cargo test` ignores it, because it has no kwctl. The selection is that of the Makefile,
# so that nothing is compiled anew.
@test "kwctl would write the pages on Artifact Hub that are generated" {
    command -v cargo >/dev/null || skip "cargo is not on the PATH"
    CARGO_TARGET_DIR="$ROOT/target" run cargo test --quiet --locked --manifest-path "$ROOT/Cargo.toml" \
        --workspace --exclude floor --test json --test generate -- --ignored --exact kwctl::kwctl_would_write_the_same
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"1 passed"* ]]
}
