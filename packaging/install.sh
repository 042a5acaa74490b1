#!/bin/sh
# Installs the command line `isolation` of a release, after comparing its checksum, and its signature where cosign is there.
#
#   curl -sSfL https://github.com/network-isolation-policies/policies/releases/latest/download/install.sh | sh
#
# ISOLATION_VERSION   the release, such as v0.2.0; by default the newest
# ISOLATION_BIN       where to put it; by default ~/.local/bin
# ISOLATION_BASE_URL  where the files of the release are, such as a mirror or file:///media/release
set -eu

REPOSITORY=https://github.com/network-isolation-policies/policies

fail() {
    echo "isolation was not installed: $1" >&2
    exit 1
}

# fetch NAME: from where the release is, into the folder. A request that begins with TLS is not redirected out of it.
fetch() {
    case $base in
        https:*) curl -sSfL --proto '=https' -o "$folder/$1" "$base/$1" ;;
        *) curl -sSfL -o "$folder/$1" "$base/$1" ;;
    esac || fail "$base/$1 cannot be fetched"
}

# All of it is one function, called on the last line: of a script that breaks off on its way here, nothing runs.
main() {
    for tool in curl uname mktemp; do
        command -v $tool >/dev/null || fail "$tool is not on the PATH"
    done
    case "$(uname -s)" in
        Linux) system=linux ;;
        Darwin) system=macos ;;
        *) fail "there is no build for $(uname -s); on Windows, take isolation-windows-x86_64.exe from $REPOSITORY/releases" ;;
    esac
    case "$(uname -m)" in
        x86_64 | amd64) machine=x86_64 ;;
        aarch64 | arm64) machine=aarch64 ;;
        *) fail "there is no build for $(uname -m); \`cargo install --locked --git $REPOSITORY isolation-cli\` makes one that checks, without modules to publish" ;;
    esac
    file=isolation-$system-$machine

    version=${ISOLATION_VERSION:-latest}
    if [ "$version" = latest ]; then
        base=${ISOLATION_BASE_URL:-$REPOSITORY/releases/latest/download}
        tag=".*"
    else
        version=v${version#v}
        base=${ISOLATION_BASE_URL:-$REPOSITORY/releases/download/$version}
        tag=$version
    fi
    bin=${ISOLATION_BIN:-${HOME:?"is not set: say with ISOLATION_BIN where to put isolation"}/.local/bin}
    [ ! -d "$bin/isolation" ] || fail "$bin/isolation is a folder"

    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT INT TERM
    fetch $file
    fetch SHA256SUMS

    # The checksums first, then the file by them.
    if command -v cosign >/dev/null; then
        fetch SHA256SUMS.sigstore.json
        cosign verify-blob --bundle "$folder/SHA256SUMS.sigstore.json" \
            --certificate-oidc-issuer https://token.actions.githubusercontent.com \
            --certificate-identity-regexp "^$REPOSITORY/\.github/workflows/release\.yml@refs/tags/$tag\$" \
            "$folder/SHA256SUMS" >&2 || fail "the signature of SHA256SUMS is not that of a release"
    else
        echo "cosign is not on the PATH, so the signature was not checked; the checksum is" >&2
    fi
    wanted=$(sed -n "s/^\([0-9a-f]\{64\}\)  \*\{0,1\}$file\$/\1/p" "$folder/SHA256SUMS")
    [ -n "$wanted" ] || fail "SHA256SUMS does not name $file"
    if command -v sha256sum >/dev/null; then
        actual=$(sha256sum "$folder/$file" | cut -d ' ' -f 1)
    elif command -v shasum >/dev/null; then
        actual=$(shasum -a 256 "$folder/$file" | cut -d ' ' -f 1)
    else
        fail "neither sha256sum nor shasum is on the PATH"
    fi
    [ "$actual" = "$wanted" ] || fail "$file has the checksum $actual, where SHA256SUMS says $wanted"

    # Beside its place first: then it is there as a whole or not at all, and one that runs is not written over.
    mkdir -p "$bin"
    cp "$folder/$file" "$bin/.isolation.$$"
    chmod 755 "$bin/.isolation.$$"
    mv -f "$bin/.isolation.$$" "$bin/isolation"
    echo "$bin/isolation"
    case ":$PATH:" in
        *":$bin:"*) ;;
        *) echo "$bin is not on your PATH" >&2 ;;
    esac
}

main
