#!/bin/sh
# Runs the hook of .pre-commit-hooks.yaml by a real pre-commit in a repository that is made here: a manifest that violates a
# rule is refused, its mended version is not. Needs `pre-commit` and `isolation` on the PATH.
set -eu
hooks=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.invalid GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.invalid
export PRE_COMMIT_HOME="$work/cache"

# pre-commit clones what it gets hooks from: only the committed files, and of them the one that it reads.
mkdir "$work/hooks" "$work/repository"
cp "$hooks/.pre-commit-hooks.yaml" "$work/hooks/"
git -C "$work/hooks" init -q
git -C "$work/hooks" add -A
git -C "$work/hooks" commit -qm hooks

cd "$work/repository"
git init -q
echo 'registries: [myacr.azurecr.io]' > isolation.yaml
pod() { printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: "%s"}]\n' "$1"; }
pod nginx > pod.yaml
git add -A

run() { pre-commit try-repo "$work/hooks" isolation --all-files; }
if run > out 2>&1; then cat out; echo "a public image passed"; exit 1; fi
grep -q 'error\[NI101\]' out || { cat out; echo "NI101 was not found"; exit 1; }
pod myacr.azurecr.io/library/nginx > pod.yaml
run > out 2>&1 || { cat out; echo "an image of the registry was refused"; exit 1; }
echo "pre-commit: ok"
