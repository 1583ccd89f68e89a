#!/usr/bin/env bash
# The first hour in a browser, every page and state under axe-core, uploads that lie, and the REST interface against its
# own description: bash tests/server/run.sh
#
# Needs node, npm, chromium (CHROMIUM names another binary) and python3 with venv, which fetches schemathesis. Without them
# it says so and skips; where CI is set it fails: a check that did not run is not a check that passed. THROUGHLINE names
# another program than the release build.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name="server check"
source "$here/../tools.sh"
browser
tool python3
venv="$here/../browser/node_modules/.schemathesis"
environment "$venv" "$here/requirements.txt"
if [[ -z "${THROUGHLINE:-}" ]]; then
  (cd "$root" && cargo build --release --locked --quiet -p throughline-cli)
  export THROUGHLINE=$root/target/release/throughline
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$THROUGHLINE" demo --out "$work/demo" --json >/dev/null
cp -r "$work/demo" "$work/copy"
status=0
# Those that need no browser go on beside those that do; what they say is printed after.
{
  node "$here/hostile.mjs" || exit 1
  PATH="$venv/bin:$PATH" EXAMPLES=6 bash "$here/api.sh" "$work/copy"
} >"$work/beside.log" 2>&1 &
beside=$!
node "$here/newcomer.mjs" || status=1
node "$here/check.mjs" "$work/demo" || status=1
wait "$beside" || status=1
cat "$work/beside.log"
exit "$status"
