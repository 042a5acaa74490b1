#!/usr/bin/env bats
# What brings the command line onto a machine: the install script takes what has the right checksum and nothing else, and the
# manifests of package managers name every file of a release by its checksum.
# needs: curl sha256sum

setup() {
    root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    release="$BATS_TEST_TMPDIR/release" bin="$BATS_TEST_TMPDIR/bin"
    mkdir -p "$release"
    machine=$(uname -m)
    for name in linux-x86_64 linux-aarch64 macos-x86_64 macos-aarch64; do
        printf '#!/bin/sh\necho "isolation 9.9.9 for %s"\n' "$name" >"$release/isolation-$name"
        echo "$name" >"$release/isolation-$name.tar.gz"
    done
    echo windows >"$release/isolation-windows-x86_64.tar.gz"
    (cd "$release" && sha256sum -- * >SHA256SUMS)
    # Without cosign, unless a test has one.
    export PATH=/usr/bin:/bin ISOLATION_BASE_URL="file://$release" ISOLATION_BIN="$bin"
}

teardown() {
    [ -z "${WEB_SERVER_PID:-}" ] || kill "$WEB_SERVER_PID"
}

# The release on a web server of its own, as mirrors have it.
serve() {
    command -v python3 >/dev/null || skip "python3 is not on the PATH"
    python3 -u -m http.server --bind 127.0.0.1 --directory "$release" 0 >"$BATS_TEST_TMPDIR/server" 2>"$BATS_TEST_TMPDIR/requests" 3>&- &
    WEB_SERVER_PID=$!
    local _
    for _ in $(seq 300); do
        ISOLATION_BASE_URL=$(sed -n 's/.*(\(http:[^)]*\)\/).*/\1/p' "$BATS_TEST_TMPDIR/server")
        [ -z "$ISOLATION_BASE_URL" ] || return 0
        sleep 0.1
    done
    return 1
}

# cosign as the script calls it: it takes the one bundle that says `signed` of these very checksums. What it is called with is in
# the file `cosign-called`.
cosign() {
    mkdir -p "$BATS_TEST_TMPDIR/tools"
    cat >"$BATS_TEST_TMPDIR/tools/cosign" <<'EOF'
#!/bin/sh
printf '%s\n' "$@" >"$(dirname "$0")/../cosign-called"
[ "$1" = verify-blob ] || exit 2
while [ $# -gt 1 ]; do
    case $1 in --bundle) bundle=$2 ;; esac
    shift
done
[ "$(cat "$bundle")" = "signed: $(sha256sum <"$1")" ]
EOF
    chmod +x "$BATS_TEST_TMPDIR/tools/cosign"
    export PATH="$BATS_TEST_TMPDIR/tools:$PATH"
    echo "signed: $(sha256sum <"$release/SHA256SUMS")" >"$release/SHA256SUMS.sigstore.json"
}

install_it() {
    run sh "$root/packaging/install.sh"
    echo "$output"
}

@test "what has the right checksum is installed, and runs" {
    [ "$(uname -s)" = Linux ] || skip "the files are made for Linux"
    install_it
    [ "$status" -eq 0 ] && [[ "$output" == *"$bin/isolation"* ]]
    [ "$("$bin/isolation")" = "isolation 9.9.9 for linux-$machine" ]
}

@test "from a web server, which is asked for the file and its checksum" {
    [ "$(uname -s)" = Linux ] || skip "the files are made for Linux"
    serve
    install_it
    [ "$status" -eq 0 ] && [[ "$output" == *"cosign is not on the PATH"* ]]
    [ "$("$bin/isolation")" = "isolation 9.9.9 for linux-$machine" ]
    diff <(sed -n 's/.*"GET \/\([^ ]*\) .*" 200.*/\1/p' "$BATS_TEST_TMPDIR/requests") <(printf '%s\n' "isolation-linux-$machine" SHA256SUMS)
    rm "$release/isolation-linux-$machine"
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"404"*"isolation-linux-$machine cannot be fetched"* ]]
}

@test "where there is cosign, the checksums must be signed by the release workflow of this very version" {
    cosign
    ISOLATION_VERSION=v9.9.9 install_it
    [ "$status" -eq 0 ] && [ -x "$bin/isolation" ]
    grep -qxF '^https://github.com/network-isolation-policies/policies/\.github/workflows/release\.yml@refs/tags/v9.9.9$' \
        "$BATS_TEST_TMPDIR/cosign-called"
    grep -qxF https://token.actions.githubusercontent.com "$BATS_TEST_TMPDIR/cosign-called"
}

@test "where there is cosign, what nobody signed is not installed, however right its checksum is" {
    cosign
    echo "echo evil" >>"$release/isolation-linux-$machine"
    (cd "$release" && sha256sum -- isolation-linux-* >SHA256SUMS)
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"the signature of SHA256SUMS is not that of a release"* ]]
    [ ! -e "$bin/isolation" ]
    rm "$release/SHA256SUMS.sigstore.json"
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"SHA256SUMS.sigstore.json cannot be fetched"* ]]
    [ ! -e "$bin/isolation" ]
}

@test "what was altered is not" {
    echo "echo evil" >>"$release/isolation-linux-$machine"
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"where SHA256SUMS says"* ]]
    [ ! -e "$bin/isolation" ]
}

@test "what the checksums do not name is not" {
    sed -i "/  isolation-linux-$machine\$/d" "$release/SHA256SUMS"
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"does not name isolation-linux-$machine"* ]]
    [ ! -e "$bin/isolation" ]
}

@test "a release that is not there says so" {
    ISOLATION_BASE_URL="file://$release/none" install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"cannot be fetched"* ]]
}

@test "Homebrew and krew get every file by its checksum" {
    "$root/packaging/manifests" 9.9.9 "$release/SHA256SUMS" "$BATS_TEST_TMPDIR/manifests"
    local file
    for file in linux-x86_64 linux-aarch64 macos-x86_64 macos-aarch64; do
        grep -q "/v9.9.9/isolation-$file\"" "$BATS_TEST_TMPDIR/manifests/isolation.rb"
        grep -q "$(sha256sum <"$release/isolation-$file" | cut -d ' ' -f 1)" "$BATS_TEST_TMPDIR/manifests/isolation.rb"
        grep -q "$(sha256sum <"$release/isolation-$file.tar.gz" | cut -d ' ' -f 1)" "$BATS_TEST_TMPDIR/manifests/isolation.yaml"
    done
    [ "$(grep -c 'uri: ' "$BATS_TEST_TMPDIR/manifests/isolation.yaml")" -eq 5 ]
    run "$root/packaging/manifests" 9.9.9 /dev/null "$BATS_TEST_TMPDIR/none"
    [ "$status" -ne 0 ] && [[ "$output" == *"does not name"* ]]
}
