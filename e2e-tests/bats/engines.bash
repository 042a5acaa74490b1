# What the suites share: our own helper, and policy-server started and stopped. Engines are looked for on the PATH alone.
#
# SIGSTORE_TRUST_CONFIG may name a file with a Sigstore ClientTrustConfig: without it kwctl and policy-server fetch one from
# the internet whenever they start, and wait for that in vain where there is none.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Our own helper, built from the sources unless one is given.
if [ -z "${REAL_ENGINES:-}" ]; then
    REAL_ENGINES="$ROOT/target/debug/real-engines" BUILD_REAL_ENGINES=yes
fi
# A complaint is easier to read, and to compare, without the place in the engine's source.
export RUST_BACKTRACE=0

# What a suite is skipped for: the first of its needs that is not on the PATH, or the modules that are not built. The needs
# stand in its line `# needs: …`.
missing() {
    local tool
    for tool in $(sed -n 's/^# needs: //p' "$1"); do
        command -v "$tool" >/dev/null || { echo "$tool is not on the PATH" && return; }
    done
    ls "$ROOT"/dist/*.wasm >/dev/null 2>&1 || echo "there are no modules in dist/: run make"
}

build_real_engines() {
    [ -n "${BUILD_REAL_ENGINES:-}" ] || return 0
    CARGO_TARGET_DIR="$ROOT/target" cargo build --quiet --locked --manifest-path "$ROOT/Cargo.toml" -p isolation-engines
}

# The policies' names.
policies() {
    basename -a "$ROOT"/dist/*.wasm | sed 's/\.wasm$//'
}

trust_config() {
    if [ -n "${SIGSTORE_TRUST_CONFIG:-}" ]; then
        printf '%s\n' --sigstore-trust-config "$SIGSTORE_TRUST_CONFIG"
    fi
}

# start_policy_server POLICIES [ARGUMENT…]: leaves its process in POLICY_SERVER_PID and its address in POLICY_SERVER; its log
# is POLICIES.log. Ports: POLICY_SERVER_PORT, and the next one for the readiness probe.
start_policy_server() {
    local policies=$1 trust
    shift
    mapfile -t trust < <(trust_config)
    local port=${POLICY_SERVER_PORT:-13300}
    mkdir -p "$policies.d"
    policy-server --addr 127.0.0.1 --port "$port" --readiness-probe-port $((port + 1)) --policies "$policies" \
        --policies-download-dir "$policies.d/modules" --sigstore-cache-dir "$policies.d/sigstore" "${trust[@]}" \
        --log-fmt json --log-level warn --workers 2 "$@" >"$policies.log" 2>&1 3>&- &
    POLICY_SERVER_PID=$!
    POLICY_SERVER="http://127.0.0.1:$port"
    export POLICY_SERVER_PID POLICY_SERVER
    for _ in $(seq 600); do
        curl -sf "http://127.0.0.1:$((port + 1))/readiness" >/dev/null && return
        kill -0 "$POLICY_SERVER_PID" 2>/dev/null || break
        sleep 0.1
    done
    cat "$policies.log" >&2
    return 1
}

stop_policy_server() {
    [ -n "${POLICY_SERVER_PID:-}" ] || return 0
    kill "$POLICY_SERVER_PID" 2>/dev/null || true
    wait "$POLICY_SERVER_PID" 2>/dev/null || true
    POLICY_SERVER_PID=
}

# refute COMMAND…: it must fail. bats goes on behind a `! COMMAND`, whatever came of it.
refute() {
    if "$@"; then
        echo "succeeded, and should not have: $*" >&2
        return 1
    fi
}

# A figure that is worth reading whether or not a test fails.
tell() {
    sed 's/^/# /' <<<"$*" >&3
}
