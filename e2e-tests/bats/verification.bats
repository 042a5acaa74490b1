#!/usr/bin/env bats
# What docs/verification.md says of signatures where there is no internet, on the real policy-server. The signatures are made
# with openssl, in the form that `cosign sign --key` gives them.
# needs: policy-server kwctl docker-registry openssl curl jq

bats_require_minimum_version 1.5.0

load engines
load registry

setup_file() {
    MISSING=$(missing "$BATS_TEST_FILENAME")
    export MISSING
    [ -z "$MISSING" ] || return 0
    export HOME="$BATS_FILE_TMPDIR/home" DOCKER_CONFIG="$BATS_FILE_TMPDIR/docker" KUBECONFIG=/dev/null
    mkdir -p "$HOME" "$DOCKER_CONFIG"
    # Nothing answers at this port: as in a cluster without a way out, but at once.
    export https_proxy=http://127.0.0.1:9 no_proxy=127.0.0.1
    unset http_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY SIGSTORE_TRUST_CONFIG
    start_registry
    cd "$BATS_FILE_TMPDIR" || return 1
    key ours && key others
    export SIGNED UNSIGNED
    SIGNED=$(kwctl_push "$ROOT/dist/private-images.wasm" "$REGISTRY/signed:v1")
    sign "$SIGNED" ours.key
    UNSIGNED=$(kwctl_push "$ROOT/dist/private-images.wasm" "$REGISTRY/unsigned:v1")
    trust_nobody
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
    cd "$BATS_FILE_TMPDIR" || return 1
}

teardown() {
    stop_policy_server
}

teardown_file() {
    stop_registry
}

# key NAME: a key pair, and the configuration that demands its signature.
key() {
    openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
    openssl ec -in "$1.key" -pubout -out "$1.pub" 2>/dev/null
    printf 'apiVersion: v1\nallOf:\n  - kind: pubKey\n    key: |\n%s\n' "$(sed 's/^/      /' "$1.pub")" >"$1.yml"
}

# upload REPOSITORY FILE: its digest.
upload() {
    local digest place
    digest="sha256:$(sha256sum "$2" | cut -d' ' -f1)"
    place=$(curl -sf -D- -o /dev/null -X POST "http://$REGISTRY/v2/$1/blobs/uploads/" | tr -d '\r' | sed -n 's/^Location: //pI')
    curl -sf -o /dev/null -X PUT -H 'content-type: application/octet-stream' --data-binary "@$2" "$place&digest=$digest"
    echo "$digest"
}

# sign REFERENCE KEY: https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
sign() {
    local digest=${1#*@} repository=${1#*/}
    repository=${repository%@*}
    jq -nj --arg name "${1%@*}" --arg digest "$digest" '{critical: {identity: {"docker-reference": $name},
        image: {"docker-manifest-digest": $digest}, type: "cosign container image signature"}, optional: null}' >payload
    printf '{}' >config
    jq -n --arg config "$(upload "$repository" config)" --arg layer "$(upload "$repository" payload)" \
        --argjson size "$(stat -c %s payload)" --arg signature "$(openssl dgst -sha256 -sign "$2" payload | base64 -w0)" '{
            schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
            config: {mediaType: "application/vnd.oci.image.config.v1+json", size: 2, digest: $config},
            layers: [{mediaType: "application/vnd.dev.cosign.simplesigning.v1+json", size: $size, digest: $layer,
                annotations: {"dev.cosignproject.cosign/signature": $signature}}]}' >manifest
    curl -sf -X PUT -H 'content-type: application/vnd.oci.image.manifest.v1+json' --data-binary @manifest \
        "http://$REGISTRY/v2/$repository/manifests/${digest/:/-}.sig"
}

# The commands of docs/verification.md that make a trust root without anything in it, as they stand there.
trust_nobody() {
    sed -n '/^   openssl req -x509/,/^   EOF/p' "$ROOT/docs/verification.md" | sed 's/^   //' >commands
    bash -euo pipefail commands 2>/dev/null
}

# load_module REFERENCE CONFIGURATION [ARGUMENT…]: whether policy-server starts with it.
load_module() {
    local policies="$BATS_TEST_TMPDIR/policies.yml" reference=$1 configuration=$2
    shift 2
    printf 'module:\n  module: registry://%s\n  settings: {registries: [myacr.azurecr.io]}\n' "$reference" >"$policies"
    mkdir -p "$policies.d/modules"
    start_policy_server "$policies" --ignore-kubernetes-connection-failure --sources-path "$SOURCES" \
        --verification-path "$configuration" "$@"
}

# refused WORDS REFERENCE CONFIGURATION: policy-server does not start with it, and says so.
refused() {
    run load_module "$2" "$3" --sigstore-trust-config sigstore-trust-config.json
    echo "$output"
    [ "$status" -ne 0 ]
    [[ "$output" == *"$1"* ]]
}

@test "a module that our key signed is loaded" {
    load_module "$SIGNED" ours.yml --sigstore-trust-config sigstore-trust-config.json
}

@test "a module that nobody signed is not" {
    refused "no signatures found" "$UNSIGNED" ours.yml
}

@test "a module that another key signed is not" {
    refused "Image verification failed" "$SIGNED" others.yml
}

@test "kwctl verifies with the same key and trust root" {
    kwctl verify --sources-path "$SOURCES" --sigstore-trust-config sigstore-trust-config.json -k ours.pub "registry://$SIGNED"
    run ! kwctl verify --sources-path "$SOURCES" --sigstore-trust-config sigstore-trust-config.json -k others.pub \
        "registry://$SIGNED"
}

# Not what anybody would want: the day on which this test fails, docs/verification.md has a warning too many.
@test "without a trust root nothing is verified, whatever the configuration demands" {
    load_module "$UNSIGNED" ours.yml
}
