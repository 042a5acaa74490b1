#!/usr/bin/env bats
# Across an air gap: what `isolation bundle` writes is an OCI image layout that skopeo loads, with the digests that
# `isolation publish` gives; and Helm takes the chart from the registry that it was published to.
# needs: skopeo jq docker-registry helm

load engines
load registry

setup_file() {
    MISSING=$(missing "$BATS_TEST_FILENAME")
    [ -n "$MISSING" ] || [ -x "${ISOLATION:-$ROOT/target/debug/isolation}" ] || MISSING="target/debug/isolation is not built"
    export MISSING
    [ -z "$MISSING" ] || return 0
    export HOME="$BATS_FILE_TMPDIR/home" DOCKER_CONFIG="$BATS_FILE_TMPDIR/docker"
    export HELM_CACHE_HOME="$HOME/helm" HELM_CONFIG_HOME="$HOME/helm" HELM_DATA_HOME="$HOME/helm"
    mkdir -p "$HOME" "$DOCKER_CONFIG"
    unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
    start_registry
    export ARCHIVE="$BATS_FILE_TMPDIR/isolation.tar" ISOLATION=${ISOLATION:-$ROOT/target/debug/isolation}
    "$ISOLATION" bundle "$ARCHIVE"
    "$ISOLATION" publish --plain-http --registry "$REGISTRY/policies" --from "$ARCHIVE" -o json >"$BATS_FILE_TMPDIR/published.json"
}

teardown_file() {
    stop_registry
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
}

published() {
    jq -r ".[] | $1" "$BATS_FILE_TMPDIR/published.json"
}

@test "the archive holds every module and the chart" {
    [ "$(published .name | sort)" = "$({ policies; echo network-isolation-policies; } | sort)" ]
    [ "$(published 'select(.module | not) | .name')" = network-isolation-policies ]
}

@test "skopeo loads what bundle writes, and the digests are those that publish gives" {
    local line name tag digest
    published '"\(.name) \(.tag) \(.digest)"' >"$BATS_TEST_TMPDIR/lines"
    [ -s "$BATS_TEST_TMPDIR/lines" ]
    while read -r name tag digest; do
        tag=${tag##*:}
        skopeo copy --quiet --insecure-policy --preserve-digests --dest-tls-verify=false \
            "oci-archive:$ARCHIVE:$name:$tag" "docker://$REGISTRY/by-skopeo/$name:$tag"
        run skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/by-skopeo/$name:$tag"
        echo "$name $digest $(sha256sum <<<"$output")"
        [ "sha256:$(skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/by-skopeo/$name:$tag" | sha256sum | cut -d ' ' -f 1)" = "$digest" ]
    done <"$BATS_TEST_TMPDIR/lines"
}

@test "helm takes the chart from the registry, and it names the modules that are there" {
    cat >"$BATS_TEST_TMPDIR/isolation.yaml" <<EOF
registry: $REGISTRY/policies
registries: [myacr.azurecr.io]
EOF
    helm template isolation "oci://$REGISTRY/policies/network-isolation-policies" --plain-http -n kubewarden \
        -f "$BATS_TEST_TMPDIR/isolation.yaml" >"$BATS_TEST_TMPDIR/resources.yaml"
    local module
    grep -o 'registry://[^"]*' "$BATS_TEST_TMPDIR/resources.yaml" | sort -u >"$BATS_TEST_TMPDIR/named"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/named")" -ge 5 ]
    while read -r module; do
        published .module | grep -qxF "$module"
    done <"$BATS_TEST_TMPDIR/named"
}

@test "an archive that was cut is not published" {
    head -c 100000 "$ARCHIVE" >"$BATS_TEST_TMPDIR/cut.tar"
    run "$ISOLATION" publish --plain-http --registry "$REGISTRY/cut" --from "$BATS_TEST_TMPDIR/cut.tar"
    echo "$output"
    [ "$status" -eq 2 ] && [[ "$output" == *truncated* ]]
}
