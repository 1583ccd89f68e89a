#!/usr/bin/env bash
# The first hour in a browser, every page under axe-core, and uploads that lie: bash tests/server/run.sh
#
# Needs node, npm and chromium (CHROMIUM names another binary). Without them it says so and skips; where CI is set it
# fails: a check that did not run is not a check that passed. THROUGHLINE names another program than the release build.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name="server check"
source "$here/../tools.sh"
tool node npm
[[ -x "${CHROMIUM:-/usr/bin/chromium}" ]] || skip "chromium is missing"
locked "$here/../browser"
if [[ -z "${THROUGHLINE:-}" ]]; then
  (cd "$root" && cargo build --release --locked --quiet -p throughline-cli)
  export THROUGHLINE=$root/target/release/throughline
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$THROUGHLINE" demo --out "$work/demo" --json >/dev/null
status=0
node "$here/newcomer.mjs" || status=1
node "$here/check.mjs" "$work/demo" || status=1
node "$here/hostile.mjs" || status=1
exit "$status"
