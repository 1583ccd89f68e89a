#!/usr/bin/env bash
# Holds the REST interface against its own description: bash tests/server/api.sh WORKSPACE
#
# Needs schemathesis (`pip install schemathesis`) and a workspace with a run. It changes the workspace: give a copy.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=${THROUGHLINE:-$root/target/release/throughline}
log=$(mktemp)
"$program" -C "$1" serve --listen 127.0.0.1:0 >"$log" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -f "$log"' EXIT
for _ in $(seq 100); do
  at=$(grep -o 'http://[0-9.:]*' "$log" || true)
  [[ -n "$at" ]] && break
  sleep 0.1
done
schemathesis run "$at/api/v1/openapi.json" --url "$at/api/v1" --checks all --exclude-checks positive_data_acceptance --max-examples "${EXAMPLES:-25}" --seed 1
