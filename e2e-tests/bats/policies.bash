# Policies as policy-server's policies.yml has them. The settings are the ones of examples/isolation.yaml.

settings_of() {
    case $1 in
        private-images) echo '{"registries": ["myacr.azurecr.io"]}' ;;
        cached-images)
            echo '{"cacheRules": [{"registry": "myacr.azurecr.io", "source": "docker.io/library/*", "target": "dockerhub/library/*"}]}'
            ;;
        *) echo '{}' ;;
    esac
}

# policy_entry ID MODULE SETTINGS [KEY: VALUE…]: one policy; the settings are JSON.
policy_entry() {
    local id=$1 module=$2 settings=$3
    shift 3
    printf '%s:\n  module: file://%s\n  settings: %s\n' "$id" "$module" "$settings"
    [ $# -eq 0 ] || printf '  %s\n' "$@"
}

# All policies under their own names, as operators have them.
policy_entries() {
    local policy
    for policy in $(policies); do
        policy_entry "$policy" "$ROOT/dist/$policy.wasm" "$(settings_of "$policy")" "allowedToMutate: true"
    done
}
