#!/usr/bin/env bats
# Our push against the real kwctl, on a real registry: the same manifest, and each can use what the other pushed.
# needs: kwctl jq docker-registry

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
    cargo build --quiet --locked --manifest-path "$root/Cargo.toml" -p isolation-artifacts --example push
    export ROOT="$root" PUSH="$root/target/debug/examples/push"
    # Neither the user's credentials nor the user's store of policies have a part in this.
    export HOME="$BATS_FILE_TMPDIR/home" DOCKER_CONFIG="$BATS_FILE_TMPDIR/docker"
    mkdir -p "$HOME" "$DOCKER_CONFIG"
    unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
    start_registry
    printf 'insecure_sources: ["%s"]\n' "$REGISTRY" >"$BATS_FILE_TMPDIR/sources.yml"
    export SOURCES="$BATS_FILE_TMPDIR/sources.yml"
}

# On the first port that is free.
start_registry() {
    for port in $(seq 5601 5699); do
        cat >"$BATS_FILE_TMPDIR/registry.yml" <<EOF
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $BATS_FILE_TMPDIR/store}}
http: {addr: "127.0.0.1:$port", secret: for-tests}
EOF
        docker-registry serve "$BATS_FILE_TMPDIR/registry.yml" >/dev/null 2>&1 3>&- &
        export REGISTRY="127.0.0.1:$port" REGISTRY_PID=$!
        for _ in $(seq 1 100); do
            kill -0 "$REGISTRY_PID" 2>/dev/null || break
            # The process may be somebody else's to answer for until ours has had the time to fail.
            if (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && sleep 0.1 && kill -0 "$REGISTRY_PID" 2>/dev/null; then
                return 0
            fi
            sleep 0.1
        done
    done
    echo "no port was free for the registry" >&2
    return 1
}

teardown_file() {
    if [ -n "${REGISTRY_PID:-}" ]; then
        kill "$REGISTRY_PID"
    fi
}

# The tag of a module, as its metadata has it.
tag_of() {
    kwctl inspect -o yaml "$1" | sed -n 's/^ *io.kubewarden.policy.version: */v/p'
}

kwctl_push() {
    kwctl push -o json --sources-path "$SOURCES" "$1" "registry://$2" 2>/dev/null | jq -r .immutable_ref
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

@test "what kwctl pushed is there already for us" {
    for module in "$ROOT"/dist/*.wasm; do
        name=$(basename "$module" .wasm)
        theirs=$(kwctl_push "$module" "$REGISTRY/twice/$name:$(tag_of "$module")")
        store="$BATS_FILE_TMPDIR/store/docker/registry/v2/repositories/twice/$name"
        find "$store" -type f | sort | xargs md5sum >"$BATS_TEST_TMPDIR/before"
        [ "$("$PUSH" "$REGISTRY/twice" "$module")" = "$theirs" ]
        find "$store" -type f | sort | xargs md5sum | cmp - "$BATS_TEST_TMPDIR/before"
    done
}
