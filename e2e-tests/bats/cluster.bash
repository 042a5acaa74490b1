# A cluster without nodes in which Kubewarden runs all the same: API server and controllers are real, and `real-engines node`
# runs the programs of pods from the PATH, with the volumes, variables and service accounts that the pods have.
#
# KUBEWARDEN_CHARTS names the charts that install Kubewarden, in their order: `admission-controller`, or for releases before 1.37
# `kubewarden-crds kubewarden-controller` (folders or packages). They must be of the release that the programs are of.

# start_cluster FOLDER
start_cluster() {
    local folder=$1 chart
    SERVICE_RANGE=127.100.0.0/24 start_api_server "$folder"
    export KUBECONFIG="$folder/admin.kubeconfig"
    kube-controller-manager --kubeconfig "$KUBECONFIG" --authentication-kubeconfig "$KUBECONFIG" \
        --authorization-kubeconfig "$KUBECONFIG" --leader-elect=false --secure-port=0 \
        --controllers=deployment-controller,replicaset-controller,job-controller,garbage-collector-controller,namespace-controller,clusterrole-aggregation-controller \
        >"$folder/controllers.log" 2>&1 3>&- &
    export CONTROLLERS_PID=$!
    mkdir "$folder/pods"
    # A program that runs alone need not be elected, and would look for the files of a container to learn where it is.
    "$REAL_ENGINES" node --kubeconfig "$KUBECONFIG" --append controller=--leader-elect=false \
        --proxied audit-scanner "$folder/pods" \
        >"$folder/node.log" 2>&1 3>&- &
    export NODE_PID=$!
    kubectl create namespace kubewarden
    for chart in $KUBEWARDEN_CHARTS; do
        # The default port of the controller's probe is the policy server's as well; on a node they have addresses of their own.
        helm install "$(basename "$chart")" "$chart" -n kubewarden --set auditScanner.policyReporter=false \
            --set ports.healthProbe=18081 ${KUBEWARDEN_VALUES:-} --wait --timeout 180s >>"$folder/kubewarden.log" || { cat "$folder"/*.log >&2 && return 1; }
    done
}

# What a suite on the cluster is skipped for: missing_on_cluster SUITE
missing_on_cluster() {
    local missing
    missing=$(missing "$1")
    [ -n "$missing" ] || [ -n "${KUBEWARDEN_CHARTS:-}" ] || missing="KUBEWARDEN_CHARTS names no charts"
    [ -n "$missing" ] || [ "$(id -u)" = 0 ] || missing="Services have ports that root alone may listen on"
    [ -n "$missing" ] || [ -x "${ISOLATION:-$ROOT/target/debug/isolation}" ] || missing="target/debug/isolation is not built"
    echo "$missing"
}

# A registry and the cluster, with the namespace shop: start_registry_and_cluster API_SERVER_PORT ETCD_PORT
start_registry_and_cluster() {
    build_real_engines
    export FOLDER="$BATS_FILE_TMPDIR" API_SERVER_PORT=$1 ETCD_PORT=$2 ISOLATION=${ISOLATION:-$ROOT/target/debug/isolation}
    export DOCKER_CONFIG="$FOLDER/docker" HELM_CACHE_HOME="$FOLDER/helm" HELM_CONFIG_HOME="$FOLDER/helm" HELM_DATA_HOME="$FOLDER/helm"
    mkdir -p "$DOCKER_CONFIG"
    unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
    start_registry
    start_cluster "$FOLDER"
    kubectl create namespace shop
}

stop_cluster() {
    [ -n "${NODE_PID:-}" ] || return 0
    touch "$FOLDER/pods/stop"
    wait "$NODE_PID" 2>/dev/null || true
    for _ in $(seq 100); do
        kill -0 "$NODE_PID" 2>/dev/null || break
        sleep 0.1
    done
    kill "$CONTROLLERS_PID" 2>/dev/null || true
    stop_api_server
}

# The output of all pods of a kind that there were.
pod_logs() {
    cat "$FOLDER"/pods/kubewarden/"$1"*/log
}
