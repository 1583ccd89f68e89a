#!/usr/bin/env bash
# Holds the REST interface against its own description: bash tests/server/api.sh WORKSPACE
#
# Needs schemathesis (`pip install -r tests/server/requirements.txt`) and a workspace with a run. It changes the workspace:
# give a copy. EXAMPLES is how many requests are made up for each operation and phase (default 25).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=${THROUGHLINE:-$root/target/release/throughline}
work=$(mktemp -d)
log=$work/log
"$program" -C "$1" serve --listen 127.0.0.1:0 >"$log" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 100); do
  at=$(grep -o 'http://[0-9.:]*' "$log" || true)
  [[ -n "$at" ]] && break
  sleep 0.1
done
# It keeps notes where it runs.
cd "$work"
schemathesis run "$at/api/v1/openapi.json" --url "$at/api/v1" --checks all --exclude-checks positive_data_acceptance --max-examples "${EXAMPLES:-25}" --seed 1
