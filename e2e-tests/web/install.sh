#!/usr/bin/env bash
# Installs what the page is built and tested with: npm's packages as web/package-lock.json has them, and Debian's Chromium.
set -eu

cd "$(dirname "$0")/../.."
has() {
    command -v "$1" >/dev/null
}
fail() {
    echo "$1" >&2
    exit 1
}
# By sudo where one may use it without a password, as on CI's machines.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

if ! has node || ! has npm; then
    fail "the page is built with Node.js 20 or later and npm, which are not on the PATH (Debian 13: apt-get install nodejs npm; elsewhere from nodejs.org, if the distribution has an older one)"
fi
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "the page is built with Node.js 20 or later; node on the PATH is $(node --version)"
if ! [ web/node_modules/.package-lock.json -nt web/package-lock.json ]; then
    npm ci --prefix web --no-audit --no-fund --ignore-scripts --loglevel=error ||
        fail "the page's packages could not be installed from $(npm config get registry): web/node_modules needs it once. Behind an \
air gap, name a mirror (npm config set registry URL), or copy web/node_modules from a machine that has it"
    touch web/node_modules/.package-lock.json
fi
[ "${1:-}" = --browser ] || exit 0
# The places where web/test/page.test.mjs looks.
for browser in /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
    if [ -x $browser ]; then
        exit 0
    fi
done
if ! has apt-get || ! as_root true 2>/dev/null; then
    fail "the page is tested in Chromium, which is not in /usr/bin. Install it (on Debian, as root: apt-get install chromium)"
fi
as_root apt-get update -q
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium ||
    fail "chromium could not be installed, so the page cannot be tested in a browser"
