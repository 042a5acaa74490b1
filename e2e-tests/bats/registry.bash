# A registry on loopback, for the suites that push and pull.

# On the first port that is free: its address is in REGISTRY, its process in REGISTRY_PID, and sources.yml, named by SOURCES,
# lets kwctl and policy-server speak plain HTTP with it.
start_registry() {
    for port in $(seq 5601 5699); do
        cat >"$BATS_FILE_TMPDIR/registry.yml" <<EOF
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $BATS_FILE_TMPDIR/store}}
http: {addr: "127.0.0.1:$port", secret: for-tests}
EOF
        if run_registry; then
            export SOURCES="$BATS_FILE_TMPDIR/sources.yml" REGISTRY="127.0.0.1:$port"
            printf 'insecure_sources: ["%s"]\n' "$REGISTRY" >"$SOURCES"
            return 0
        fi
    done
    echo "no port was free for the registry" >&2
    return 1
}

# The registry as registry.yml has it, until it answers. For one that was killed, too.
run_registry() {
    local port _
    port=$(sed -n 's/^http: .*:\([0-9]*\)".*/\1/p' "$BATS_FILE_TMPDIR/registry.yml")
    docker-registry serve "$BATS_FILE_TMPDIR/registry.yml" >/dev/null 2>&1 3>&- &
    export REGISTRY_PID=$!
    for _ in $(seq 1 100); do
        kill -0 "$REGISTRY_PID" 2>/dev/null || return 1
        # The process may be somebody else's to answer for until ours has had the time to fail.
        if (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && sleep 0.1 && kill -0 "$REGISTRY_PID" 2>/dev/null; then
            return 0
        fi
        sleep 0.1
    done
    return 1
}

stop_registry() {
    if [ -n "${REGISTRY_PID:-}" ]; then
        kill "$REGISTRY_PID"
    fi
}

# kwctl_push MODULE REPOSITORY:TAG: the reference by digest.
kwctl_push() {
    kwctl push -o json --sources-path "$SOURCES" "$1" "registry://$2" 2>/dev/null | jq -r .immutable_ref
}
