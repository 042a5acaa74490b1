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
    # Without cosign: the signatures of a real release are checked where there is one.
    export PATH=/usr/bin:/bin ISOLATION_BASE_URL="file://$release" ISOLATION_BIN="$bin"
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
