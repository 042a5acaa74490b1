# A real API server on loopback: etcd and kube-apiserver, with certificates and users of its own. There is no controller and no
# node, so objects are admitted and stored, and that is all that happens to them.
#
# Ports: API_SERVER_PORT, ETCD_PORT and the one after it. SERVICE_RANGE has the addresses of Services.

# make_certificates FOLDER: an authority, and a certificate of it for loopback.
make_certificates() {
    (
        cd "$1"
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=e2e-tests -keyout ca.key -out ca.crt
        openssl req -newkey rsa:2048 -nodes -subj /CN=loopback -keyout tls.key -out tls.csr
        openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out tls.crt \
            -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost")
        openssl genrsa -out account.key 2048
    ) >/dev/null 2>&1
}

# kubeconfig FOLDER USER TOKEN: a file for one user, FOLDER/USER.kubeconfig
kubeconfig() {
    cat >"$1/$2.kubeconfig" <<EOF
apiVersion: v1
kind: Config
clusters: [{name: e2e, cluster: {server: "https://127.0.0.1:${API_SERVER_PORT:-16643}", certificate-authority: $1/ca.crt}}]
users: [{name: $2, user: {token: $3}}]
contexts: [{name: e2e, context: {cluster: e2e, user: $2}}]
current-context: e2e
EOF
}

# start_api_server FOLDER: users are admin, who may do everything, and policy-server, who may do what every user may.
start_api_server() {
    local folder=$1 etcd_port=${ETCD_PORT:-12679} user token
    make_certificates "$folder"
    for user in admin policy-server; do
        token=$(openssl rand -hex 16)
        kubeconfig "$folder" "$user" "$token"
        echo "$token,$user,$user$([ $user = admin ] && echo ',system:masters')" >>"$folder/tokens.csv"
    done
    echo '{"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"], "rules": [{"level": "Metadata"}]}' \
        >"$folder/audit-policy.json"

    etcd --data-dir "$folder/etcd" --listen-client-urls "http://127.0.0.1:$etcd_port" \
        --advertise-client-urls "http://127.0.0.1:$etcd_port" --listen-peer-urls "http://127.0.0.1:$((etcd_port + 1))" \
        --initial-advertise-peer-urls "http://127.0.0.1:$((etcd_port + 1))" \
        --initial-cluster "default=http://127.0.0.1:$((etcd_port + 1))" >"$folder/etcd.log" 2>&1 3>&- &
    export ETCD_PID=$!
    run_api_server "$folder"
}

# run_api_server FOLDER: the API server on the etcd that there is, until it answers. For one that was killed, too.
run_api_server() {
    local folder=$1 port=${API_SERVER_PORT:-16643} etcd_port=${ETCD_PORT:-12679} _
    kube-apiserver --etcd-servers "http://127.0.0.1:$etcd_port" --bind-address 127.0.0.1 --advertise-address 127.0.0.1 \
        --secure-port "$port" --cert-dir "$folder" --tls-cert-file "$folder/tls.crt" --tls-private-key-file "$folder/tls.key" \
        --token-auth-file "$folder/tokens.csv" --authorization-mode RBAC \
        --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$folder/account.key" \
        --service-account-signing-key-file "$folder/account.key" --allow-privileged --disable-admission-plugins "${DISABLED_PLUGINS:-ServiceAccount}" \
        --service-cluster-ip-range "${SERVICE_RANGE:-10.0.0.0/24}" --audit-policy-file "$folder/audit-policy.json" \
        --audit-log-path "$folder/audit.log" >>"$folder/api-server.log" 2>&1 3>&- &
    export API_SERVER_PID=$!
    for _ in $(seq 240); do
        curl -sf -m 2 --cacert "$folder/ca.crt" "https://127.0.0.1:$port/readyz" >/dev/null && return
        kill -0 "$API_SERVER_PID" 2>/dev/null || break
        sleep 0.5
    done
    tail -5 "$folder/api-server.log" >&2
    return 1
}

# The API server first: without etcd it takes its time.
stop_api_server() {
    local pid
    for pid in ${API_SERVER_PID:-} ${ETCD_PID:-}; do
        kill "$pid" 2>/dev/null || continue
        for _ in $(seq 50); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.2
        done
        kill -9 "$pid" 2>/dev/null || true
    done
}

# Kubewarden's definitions, from the chart that KUBEWARDEN_CHART names.
kubewarden_definitions() {
    local of show=()
    for of in admissionpolicies admissionpolicygroups clusteradmissionpolicies clusteradmissionpolicygroups policyservers; do
        show+=(--show-only "templates/crds/policies.kubewarden.io_$of.yaml")
    done
    helm template kubewarden "$KUBEWARDEN_CHART" "${show[@]}"
}

# apply_kubewarden_definitions: and waits until the API server serves them.
apply_kubewarden_definitions() {
    kubewarden_definitions | kubectl apply --server-side -f -
    kubectl wait --for=condition=Established --timeout=60s \
        crd/clusteradmissionpolicies.policies.kubewarden.io crd/policyservers.policies.kubewarden.io
}

# Whether the command of `run` failed, and said each of these.
denied() {
    echo "$output"
    [ "$status" -ne 0 ]
    local expected
    for expected in "$@"; do
        [[ "$output" == *"$expected"* ]] || { echo "does not say: $expected" && return 1; }
    done
}
