#!/bin/sh
# Installs the registry that the tests push to: Debian's package, of which they start instances of their own on loopback.
set -eu

if command -v docker-registry >/dev/null; then
    exit 0
fi
# By sudo where one may use it without a password, as on CI's machines.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}
if ! command -v apt-get >/dev/null || ! as_root true 2>/dev/null; then
    echo "docker-registry is not on the PATH. Install it (on Debian and Ubuntu, as root: apt-get install docker-registry)" >&2
    exit 1
fi
as_root apt-get update -q
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends docker-registry
# The package starts one on all interfaces, which nobody asked for.
if command -v systemctl >/dev/null; then
    as_root systemctl disable --now docker-registry >/dev/null 2>&1 || true
fi
