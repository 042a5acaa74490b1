#!/bin/sh
# Installs what the page is built and tested with: npm's packages as web/package-lock.json has them, and Debian's Chromium.
set -eu

cd "$(dirname "$0")/../.."
if ! [ web/node_modules/.package-lock.json -nt web/package-lock.json ]; then
    npm ci --prefix web --no-audit --no-fund --ignore-scripts --loglevel=error
    touch web/node_modules/.package-lock.json
fi
[ "${1:-}" = --browser ] || exit 0
if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then
    exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "chromium is not on the PATH. Install it (on Debian, as root: apt-get install chromium)" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends chromium
