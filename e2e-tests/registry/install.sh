#!/bin/sh
# Installs the registry that the tests push to: Debian's package, of which they start instances of their own on loopback.
set -eu

if command -v docker-registry >/dev/null; then
    exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "docker-registry is not on the PATH. Install it (on Debian and Ubuntu, as root: apt-get install docker-registry)" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends docker-registry
# The package starts one on all interfaces, which nobody asked for.
if command -v systemctl >/dev/null; then
    systemctl disable --now docker-registry >/dev/null 2>&1 || true
fi
