#!/usr/bin/env bats
# The container image of the command line, built from its Dockerfile: a static binary and certificates, run by nobody in particular in
# a file system that is read-only, where it does what it does elsewhere.
#
# STATIC_ISOLATION names the binary of a release for this machine, as packaging/build makes it.
# needs: buildah docker-registry jq file unshare chroot

load engines
load registry

setup_file() {
    MISSING=$(missing "$BATS_TEST_FILENAME")
    [ -n "$MISSING" ] || [ -x "${STATIC_ISOLATION:-}" ] || MISSING="STATIC_ISOLATION names no binary of a release"
    [ -n "$MISSING" ] || [ "$(id -u)" = 0 ] || MISSING="root alone may mount and change the root"
    export MISSING
    [ -z "$MISSING" ] || return 0
    export FOLDER="$BATS_FILE_TMPDIR" BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
    mkdir "$FOLDER/context" "$FOLDER/data"
    cp /etc/ssl/certs/ca-certificates.crt "$FOLDER/context/"
    cp "$STATIC_ISOLATION" "$FOLDER/context/isolation-linux-amd64"
    image bud --quiet --build-arg TARGETARCH=amd64 -t isolation -f "$ROOT/packaging/Dockerfile" "$FOLDER/context"
    image inspect --type image isolation | jq .OCIv1.config >"$FOLDER/config.json"
    local container
    container=$(image from isolation)
    cp -a "$(image mount "$container")" "$FOLDER/rootfs"
    image umount "$container" >/dev/null
    chmod 777 "$FOLDER/data"
    find "$FOLDER/rootfs" -type f | sort >"$FOLDER/files"
    # A container runtime makes the place that a folder is mounted at.
    mkdir "$FOLDER/rootfs/data"
    cp -r "$ROOT/examples" "$FOLDER/data/"
    start_registry
}

teardown_file() {
    [ -z "$MISSING" ] || return 0
    stop_registry
    image rm --all >/dev/null
}

setup() {
    [ -z "$MISSING" ] || skip "$MISSING"
}

image() {
    buildah --root "$FOLDER/store" --runroot "$FOLDER/run" "$@"
}

# contained ARGUMENT…: the entry point as a container runtime starts it with --read-only and a folder mounted at /data. Nothing of
# this machine is there: no other file, no device, no /proc, no variable.
contained() {
    FOLDER="$FOLDER" unshare --mount --pid --fork sh -euc '
        mount --bind "$FOLDER/rootfs" "$FOLDER/rootfs"
        mount --bind "$FOLDER/data" "$FOLDER/rootfs/data"
        mount -o remount,bind,ro "$FOLDER/rootfs"
        exec env -i SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt "$(command -v chroot)" --userspec=65532:65532 "$FOLDER/rootfs" /isolation "$@"
    ' isolation "$@"
}

@test "it holds the binary and certificates, and nothing else" {
    diff <(sed "s#^$FOLDER/rootfs##" "$FOLDER/files") - <<'EOF'
/etc/ssl/certs/ca-certificates.crt
/isolation
EOF
    [ -z "$(find "$FOLDER/rootfs" -perm /6022 -not -path "$FOLDER/rootfs")" ]
    file "$FOLDER/rootfs/isolation" | tee /dev/stderr | grep -E 'static(ally|-pie) linked'
}

@test "it runs as nobody in particular, and only what it is for" {
    jq . "$FOLDER/config.json"
    [ "$(jq -r .User "$FOLDER/config.json")" = 65532:65532 ]
    [ "$(jq -c '[.Entrypoint, .Cmd]' "$FOLDER/config.json")" = '[["/isolation"],null]' ]
    jq -e '.Labels["org.opencontainers.image.source"] and .Labels["org.opencontainers.image.licenses"] == "Apache-2.0"' "$FOLDER/config.json"
    jq -e '.Env | index("SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt")' "$FOLDER/config.json"
}

@test "check finds what it finds" {
    contained --version
    run contained check -c /data/examples/isolation.yaml /data/examples
    echo "$output" | tail -3
    [ "$status" -eq 1 ] && [[ "$output" == *"[NI101]"* && "$output" == *"violations in"* ]]
    contained check -c /data/examples/isolation.yaml - <"$ROOT/examples/isolated-shop.yaml"
}

@test "it writes nowhere but where it is told to" {
    run contained bundle /isolation.tar
    echo "$output"
    [ "$status" -eq 2 ] && [[ "$output" == *"Read-only file system"* ]]
}

@test "bundle and publish bring the modules into a registry" {
    contained bundle /data/isolation.tar
    contained publish --plain-http --registry "$REGISTRY/carried" --from /data/isolation.tar
    contained publish --plain-http --registry "$REGISTRY/direct" -o json >"$FOLDER/published.json"
    [ "$(jq length "$FOLDER/published.json")" -ge 8 ]
    # The same bytes by either way, which are those in dist/.
    local policy
    for policy in $(policies); do
        for way in carried direct; do
            curl -sf "http://$REGISTRY/v2/$way/$policy/manifests/$(jq -r --arg name "$policy" '.[] | select(.name == $name) | .reference | split("@")[1]' "$FOLDER/published.json")" \
                -H 'Accept: application/vnd.oci.image.manifest.v1+json' | jq -r '.layers[0].digest' | grep -xF "sha256:$(sha256sum <"$ROOT/dist/$policy.wasm" | cut -d ' ' -f 1)"
        done
    done
}
