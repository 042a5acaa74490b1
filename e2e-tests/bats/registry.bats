#!/usr/bin/env bats
# Our push against the real kwctl, on a real registry: the same manifest, and each can use what the other pushed.
# needs: kwctl jq docker-registry

load registry

# Why the tests cannot run, or nothing.
missing() {
    command -v kwctl >/dev/null || { echo "kwctl is not on the PATH" && return; }
    command -v jq >/dev/null || { echo "jq is not on the PATH" && return; }
    "$BATS_TEST_DIRNAME/../registry/install.sh" >/dev/null 2>&1 || { echo "docker-registry is not installed" && return; }
    ls "$BATS_TEST_DIRNAME"/../../dist/*.wasm >/dev/null 2>&1 || echo "there are no modules in dist/: run make"
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
}

setup_file() {
    MISSING=$(missing)
    export MISSING
    [ -z "$MISSING" ] || return 0
    root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    cargo build --quiet --locked --manifest-path "$root/Cargo.toml" -p isolation-oci --example push
    export ROOT="$root" PUSH="$root/target/debug/examples/push"
    # Neither the user's credentials nor the user's store of policies have a part in this.
    export HOME="$BATS_FILE_TMPDIR/home" DOCKER_CONFIG="$BATS_FILE_TMPDIR/docker"
    mkdir -p "$HOME" "$DOCKER_CONFIG"
    unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
    start_registry
}

teardown_file() {
    stop_registry
}

# The tag of a module, as its metadata has it.
tag_of() {
    kwctl inspect -o yaml "$1" | sed -n 's/^ *io.kubewarden.policy.version: */v/p'
}

@test "kwctl and we give each module the same digest" {
    for module in "$ROOT"/dist/*.wasm; do
        name=$(basename "$module" .wasm)
        ours=$("$PUSH" "$REGISTRY/ours" "$module")
        theirs=$(kwctl_push "$module" "$REGISTRY/theirs/$name:$(tag_of "$module")")
        echo "$ours and $theirs"
        [ "${ours#*@}" = "${theirs#*@}" ]
        [ "${ours%@*}" = "$REGISTRY/ours/$name" ]
    done
}

# kwctl leaves a file that exists as it is, so each pull gets one of its own.
@test "kwctl pulls what we pushed, by digest and by tag" {
    for module in "$ROOT"/dist/*.wasm; do
        name=$(basename "$module" .wasm)
        reference=$("$PUSH" "$REGISTRY/pulled" "$module")
        for uri in "$reference" "${reference%@*}:$(tag_of "$module")"; do
            pulled="$BATS_TEST_TMPDIR/$name-$RANDOM.wasm"
            kwctl pull --sources-path "$SOURCES" -o "$pulled" "registry://$uri"
            cmp "$pulled" "$module"
        done
    done
}

@test "what kwctl pushed is already there for us" {
    for module in "$ROOT"/dist/*.wasm; do
        name=$(basename "$module" .wasm)
        theirs=$(kwctl_push "$module" "$REGISTRY/twice/$name:$(tag_of "$module")")
        store="$BATS_FILE_TMPDIR/store/docker/registry/v2/repositories/twice/$name"
        find "$store" -type f | sort | xargs md5sum >"$BATS_TEST_TMPDIR/before"
        [ "$("$PUSH" "$REGISTRY/twice" "$module")" = "$theirs" ]
        find "$store" -type f | sort | xargs md5sum | cmp - "$BATS_TEST_TMPDIR/before"
    done
}
