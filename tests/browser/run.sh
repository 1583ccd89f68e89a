#!/usr/bin/env bash
# Opens every page and prototype in a browser and plays their scenarios: bash tests/browser/run.sh [FOLDER...]
#
# Without folders it prints one specification for each capability frame, the insights of the fixtures and the example
# product into a folder of its own, and checks those. Needs node, npm and chromium (CHROMIUM names another binary).
# Without them it says so and skips; where CI is set it fails: a check that did not run is not a check that passed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

skip() {
  echo "browser check: SKIPPED, $*" >&2
  if [[ -n "${CI:-}" ]]; then exit 1; fi
  exit 0
}
command -v node >/dev/null || skip "node is missing"
command -v npm >/dev/null || skip "npm is missing"
chromium=${CHROMIUM:-/usr/bin/chromium}
[[ -x "$chromium" ]] || skip "chromium is missing at $chromium"
if ! cmp -s "$here/package-lock.json" "$here/node_modules/.check-lock"; then
  (cd "$here" && npm ci --silent --no-audit --no-fund) || skip "playwright-core and axe-core could not be installed"
  cp "$here/package-lock.json" "$here/node_modules/.check-lock"
fi

folders=("$@")
if [[ ${#folders[@]} -eq 0 ]]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  (cd "$root" && cargo run --release --locked --quiet -p throughline-backends --example gallery -- "$work/gallery" >/dev/null)
  (cd "$root" && cargo run --release --locked --quiet -p throughline-cli -- demo --out "$work/demo" >/dev/null)
  folders=("$work/gallery/frames" "$work/gallery/told" "$work/demo")
fi
CHROMIUM="$chromium" node "$here/check.mjs" "${folders[@]}"
