#!/usr/bin/env bash
# Shows that the scenarios of the prototypes can fail: bash tests/browser/mutate.sh [OPTIONS] [FOLDER...]
#
# Without folders it prints one specification for each capability frame and alters those. Options go to mutate.mjs: with
# `--sample N`, N mutants of each class are drawn (seeded, so the same on every machine); without it, all are played.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
chromium=${CHROMIUM:-/usr/bin/chromium}

skip() {
  echo "mutation test: SKIPPED, $*" >&2
  if [[ -n "${CI:-}" ]]; then exit 1; fi
  exit 0
}
command -v node >/dev/null || skip "node is missing"
command -v npm >/dev/null || skip "npm is missing"
[[ -x "$chromium" ]] || skip "chromium is missing at $chromium"
if ! cmp -s "$here/package-lock.json" "$here/node_modules/.check-lock"; then
  (cd "$here" && npm ci --silent --no-audit --no-fund) || skip "playwright-core could not be installed"
  cp "$here/package-lock.json" "$here/node_modules/.check-lock"
fi

options=()
folders=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --sample | --seed | --class) options+=("$1" "$2"); shift 2 ;;
    --list) options+=("$1"); shift ;;
    *) folders+=("$1"); shift ;;
  esac
done
if [[ ${#folders[@]} -eq 0 ]]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  (cd "$root" && cargo run --release --locked --quiet -p throughline-backends --example gallery -- "$work/gallery" >/dev/null)
  folders=("$work/gallery/frames")
fi
CHROMIUM="$chromium" node "$here/mutate.mjs" "${options[@]}" "${folders[@]}"
