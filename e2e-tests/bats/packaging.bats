#!/usr/bin/env bats
# What brings the command line onto a machine: the install script takes what has the right checksum and nothing else, and the
# manifests of package managers name every file of a release by its checksum.
# needs: curl sha256sum

setup() {
    root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    release="$BATS_TEST_TMPDIR/release" bin="$BATS_TEST_TMPDIR/bin"
    mkdir -p "$release"
    machine=$(uname -m)
    for name in linux-x86_64 linux-aarch64 macos-x86_64 macos-aarch64; do
        printf '#!/bin/sh\necho "isolation 9.9.9 for %s"\n' "$name" >"$release/isolation-$name"
        echo "$name" >"$release/isolation-$name.tar.gz"
    done
    echo windows >"$release/isolation-windows-x86_64.tar.gz"
    (cd "$release" && sha256sum -- * >SHA256SUMS)
    # Without cosign, unless a test has one.
    export PATH=/usr/bin:/bin ISOLATION_BASE_URL="file://$release" ISOLATION_BIN="$bin"
}

teardown() {
    [ -z "${WEB_SERVER_PID:-}" ] || kill "$WEB_SERVER_PID"
}

# The release on a web server of its own, as mirrors have it.
serve() {
    command -v python3 >/dev/null || skip "python3 is not on the PATH"
    python3 -u -m http.server --bind 127.0.0.1 --directory "$release" 0 >"$BATS_TEST_TMPDIR/server" 2>"$BATS_TEST_TMPDIR/requests" 3>&- &
    WEB_SERVER_PID=$!
    local _
    for _ in $(seq 300); do
        ISOLATION_BASE_URL=$(sed -n 's/.*(\(http:[^)]*\)\/).*/\1/p' "$BATS_TEST_TMPDIR/server")
        [ -z "$ISOLATION_BASE_URL" ] || return 0
        sleep 0.1
    done
    return 1
}

# cosign as the script calls it: it takes the one bundle that says `signed` of these very checksums. What it is called with is in
# the file `cosign-called`.
cosign() {
    mkdir -p "$BATS_TEST_TMPDIR/tools"
    cat >"$BATS_TEST_TMPDIR/tools/cosign" <<'EOF'
#!/bin/sh
printf '%s\n' "$@" >"$(dirname "$0")/../cosign-called"
[ "$1" = verify-blob ] || exit 2
while [ $# -gt 1 ]; do
    case $1 in --bundle) bundle=$2 ;; esac
    shift
done
[ "$(cat "$bundle")" = "signed: $(sha256sum <"$1")" ]
EOF
    chmod +x "$BATS_TEST_TMPDIR/tools/cosign"
    export PATH="$BATS_TEST_TMPDIR/tools:$PATH"
    echo "signed: $(sha256sum <"$release/SHA256SUMS")" >"$release/SHA256SUMS.sigstore.json"
}

install_it() {
    run sh "$root/packaging/install.sh"
    echo "$output"
}

@test "what has the right checksum is installed, and runs" {
    [ "$(uname -s)" = Linux ] || skip "the files are made for Linux"
    install_it
    [ "$status" -eq 0 ] && [[ "$output" == *"$bin/isolation"* ]]
    [ "$("$bin/isolation")" = "isolation 9.9.9 for linux-$machine" ]
}

@test "from a web server, which is asked for the file and its checksum" {
    [ "$(uname -s)" = Linux ] || skip "the files are made for Linux"
    serve
    install_it
    [ "$status" -eq 0 ] && [[ "$output" == *"cosign is not on the PATH"* ]]
    [ "$("$bin/isolation")" = "isolation 9.9.9 for linux-$machine" ]
    diff <(sed -n 's/.*"GET \/\([^ ]*\) .*" 200.*/\1/p' "$BATS_TEST_TMPDIR/requests") <(printf '%s\n' "isolation-linux-$machine" SHA256SUMS)
    rm "$release/isolation-linux-$machine"
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"404"*"isolation-linux-$machine cannot be fetched"* ]]
}

@test "where there is cosign, the checksums must be signed by the release workflow of this very version" {
    cosign
    ISOLATION_VERSION=v9.9.9 install_it
    [ "$status" -eq 0 ] && [ -x "$bin/isolation" ]
    grep -qxF '^https://github.com/network-isolation-policies/policies/\.github/workflows/release\.yml@refs/tags/v9.9.9$' \
        "$BATS_TEST_TMPDIR/cosign-called"
    grep -qxF https://token.actions.githubusercontent.com "$BATS_TEST_TMPDIR/cosign-called"
}

@test "where there is cosign, what nobody signed is not installed, however right its checksum is" {
    cosign
    echo "echo evil" >>"$release/isolation-linux-$machine"
    (cd "$release" && sha256sum -- isolation-linux-* >SHA256SUMS)
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"the signature of SHA256SUMS is not that of a release"* ]]
    [ ! -e "$bin/isolation" ]
    rm "$release/SHA256SUMS.sigstore.json"
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"SHA256SUMS.sigstore.json cannot be fetched"* ]]
    [ ! -e "$bin/isolation" ]
}

@test "what was altered is not" {
    echo "echo evil" >>"$release/isolation-linux-$machine"
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"where SHA256SUMS says"* ]]
    [ ! -e "$bin/isolation" ]
}

@test "what the checksums do not name is not" {
    sed -i "/  isolation-linux-$machine\$/d" "$release/SHA256SUMS"
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"does not name isolation-linux-$machine"* ]]
    [ ! -e "$bin/isolation" ]
}

@test "a release that is not there says so" {
    ISOLATION_BASE_URL="file://$release/none" install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"cannot be fetched"* ]]
}

@test "of a script that breaks off on its way, nothing runs" {
    local lines count
    lines=$(wc -l <"$root/packaging/install.sh")
    for count in $(seq "$((lines - 1))"); do
        head -n "$count" "$root/packaging/install.sh" | sh >/dev/null 2>&1 || true
        [ ! -e "$bin" ] || { echo "the first $count of $lines lines install something" && return 1; }
    done
    # In the middle of the last word.
    head -c -3 "$root/packaging/install.sh" | sh >/dev/null 2>&1 || true
    [ ! -e "$bin" ]
}

@test "a checksum that is given twice is none, and neither is one with another's end of line" {
    echo "$(sha256sum </dev/null | cut -d ' ' -f 1)  isolation-linux-$machine" >>"$release/SHA256SUMS"
    install_it
    [ "$status" -ne 0 ] && [ ! -e "$bin/isolation" ]
    (cd "$release" && sha256sum -- isolation-linux-* | sed 's/$/\r/' >SHA256SUMS)
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"does not name isolation-linux-$machine"* ]] && [ ! -e "$bin/isolation" ]
}

@test "a page instead of a file, as of a network that asks for a password, is not installed" {
    for file in "isolation-linux-$machine" SHA256SUMS; do echo "<html>sign in</html>" >"$release/$file"; done
    install_it
    [ "$status" -ne 0 ] && [ ! -e "$bin/isolation" ]
}

@test "a release is named with its v or without, and TLS is not left on the way" {
    mkdir -p "$BATS_TEST_TMPDIR/tools"
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" >>"$(dirname "$0")/../curl-called"\nexit 22\n' >"$BATS_TEST_TMPDIR/tools/curl"
    chmod +x "$BATS_TEST_TMPDIR/tools/curl"
    unset ISOLATION_BASE_URL
    local version
    for version in 9.9.9 v9.9.9; do
        PATH="$BATS_TEST_TMPDIR/tools:$PATH" ISOLATION_VERSION=$version install_it
        [ "$status" -ne 0 ] && [[ "$output" == *"/releases/download/v9.9.9/isolation-linux-$machine cannot be fetched"* ]]
    done
    [ "$(grep -c -x -- '=https' "$BATS_TEST_TMPDIR/curl-called")" -eq 2 ]
}

@test "an older one is replaced, and a folder of its name is not filled" {
    mkdir -p "$bin"
    echo old >"$bin/isolation"
    install_it
    [ "$status" -eq 0 ] && [ "$("$bin/isolation")" = "isolation 9.9.9 for linux-$machine" ]
    [ "$(ls -A "$bin")" = isolation ]
    rm "$bin/isolation" && mkdir "$bin/isolation"
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"is a folder"* ]] && [ -z "$(ls -A "$bin/isolation")" ]
}

@test "without a home it asks where to" {
    unset ISOLATION_BIN HOME
    install_it
    [ "$status" -ne 0 ] && [[ "$output" == *"ISOLATION_BIN"* ]]
}

# A formula is a class of Homebrew's language, of which this is as much as ours says.
@test "on each machine, Homebrew takes one file of the formula and its checksum" {
    command -v ruby >/dev/null || skip "ruby is not on the PATH"
    "$root/packaging/manifests" 9.9.9 "$release/SHA256SUMS" "$BATS_TEST_TMPDIR/manifests"
    cat >"$BATS_TEST_TMPDIR/brew.rb" <<'RUBY'
class Formula
  def self.on_macos = (yield if ENV["SYSTEM"] == "macos")
  def self.on_linux = (yield if ENV["SYSTEM"] == "linux")
  def self.on_arm = (yield if ENV["MACHINE"] == "aarch64")
  def self.on_intel = (yield if ENV["MACHINE"] == "x86_64")
  %i[desc homepage version license url sha256].each { |word| define_singleton_method(word) { |text| puts "#{word} #{text}" } }
  def self.test = nil
end
load ARGV.first
# What `brew audit` says of a description.
exit 1 if File.read(ARGV.first)[/desc "(.*)"/, 1].then { |desc| desc.length > 80 || desc.end_with?(".") || desc =~ /\A(an?|the|isolation)\b/i }
RUBY
    ruby -wc "$BATS_TEST_TMPDIR/manifests/isolation.rb"
    local system machine
    for system in linux macos; do
        for machine in x86_64 aarch64; do
            SYSTEM=$system MACHINE=$machine ruby "$BATS_TEST_TMPDIR/brew.rb" "$BATS_TEST_TMPDIR/manifests/isolation.rb" >"$BATS_TEST_TMPDIR/said"
            cat "$BATS_TEST_TMPDIR/said"
            [ "$(grep ^url "$BATS_TEST_TMPDIR/said")" = "url https://github.com/network-isolation-policies/policies/releases/download/v9.9.9/isolation-$system-$machine" ]
            [ "$(grep ^sha256 "$BATS_TEST_TMPDIR/said")" = "sha256 $(sha256sum <"$release/isolation-$system-$machine" | cut -d ' ' -f 1)" ]
        done
    done
}

# https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/
@test "krew's rules for a manifest are kept" {
    command -v ruby >/dev/null || skip "ruby is not on the PATH"
    "$root/packaging/manifests" 9.9.9 "$release/SHA256SUMS" "$BATS_TEST_TMPDIR/manifests"
    ruby -ryaml - "$BATS_TEST_TMPDIR/manifests/isolation.yaml" <<'RUBY'
plugin = YAML.load_file(ARGV.first)
spec = plugin["spec"]
def must(what) = (yield or abort("not kept: #{what}"))
must("version of the form") { plugin["apiVersion"] == "krew.googlecontainertools.github.com/v1alpha2" && plugin["kind"] == "Plugin" }
must("the name is the file's") { plugin["metadata"]["name"] == File.basename(ARGV.first, ".yaml") && plugin["metadata"]["name"] =~ /\A[\w-]+\z/ }
must("a semantic version with a v") { spec["version"] =~ /\Av\d+\.\d+\.\d+\z/ }
must("one short line") { spec["shortDescription"].length <= 50 && spec["shortDescription"] !~ /[\r\n]|kubectl|\.\z/ }
must("a description and a home") { spec["description"].length > 50 && spec["homepage"].start_with?("https://") }
seen = spec["platforms"].map do |platform|
  must("a checksum") { platform["sha256"] =~ /\A[a-f0-9]{64}\z/ }
  must("an archive") { platform["uri"] =~ %r{\Ahttps://.*/v9\.9\.9/isolation-[a-z]+-[a-z0-9_]+\.tar\.gz\z} }
  must("the program and the licence") { platform["files"].map { |file| file["from"] } == [platform["bin"], "LICENSE"] && platform["files"].all? { |file| file["to"] == "." } }
  must("the program's name") { platform["bin"] == (platform["selector"]["matchLabels"]["os"] == "windows" ? "isolation.exe" : "isolation") }
  must("a selector of os and arch") { platform["selector"].keys == ["matchLabels"] && platform["selector"]["matchLabels"].keys.sort == %w[arch os] }
  platform["selector"]["matchLabels"].values_at("os", "arch")
end
must("each platform once") { seen.sort == [%w[darwin amd64], %w[darwin arm64], %w[linux amd64], %w[linux arm64], %w[windows amd64]] }
RUBY
}

@test "Homebrew and krew get every file by its checksum" {
    "$root/packaging/manifests" 9.9.9 "$release/SHA256SUMS" "$BATS_TEST_TMPDIR/manifests"
    local file
    for file in linux-x86_64 linux-aarch64 macos-x86_64 macos-aarch64; do
        grep -q "/v9.9.9/isolation-$file\"" "$BATS_TEST_TMPDIR/manifests/isolation.rb"
        grep -q "$(sha256sum <"$release/isolation-$file" | cut -d ' ' -f 1)" "$BATS_TEST_TMPDIR/manifests/isolation.rb"
        grep -q "$(sha256sum <"$release/isolation-$file.tar.gz" | cut -d ' ' -f 1)" "$BATS_TEST_TMPDIR/manifests/isolation.yaml"
    done
    [ "$(grep -c 'uri: ' "$BATS_TEST_TMPDIR/manifests/isolation.yaml")" -eq 5 ]
    run "$root/packaging/manifests" 9.9.9 /dev/null "$BATS_TEST_TMPDIR/none"
    [ "$status" -ne 0 ] && [[ "$output" == *"does not name"* ]]
}
