#!/usr/bin/env bash
# Has public checkers read every printed artefact: bash tests/checkers/run.sh [FOLDER...]
#
# Without folders it prints one specification for each capability frame, each once more beside code in which a part of
# it is there, the insights of the fixtures and the example product, without and with the map of its code, and has those read. OpenAPI: redocly (recommended)
# and spectral (spectral:oas), no warning; and openapi-spec-validator. Gherkin: cucumber's parser. Diagrams: mermaid's
# parser under jsdom; drawings: XML that names itself. Pages and prototypes: html-validate (recommended; ids may hold a
# dot, as HTML allows: they are the keys of criteria). Manifests: kubernetes-validate, strict. SQL: loaded into SQLite and
# PostgreSQL, up and down, empty and filled.
#
# Needs node, npm, python3 and PostgreSQL 15 (PG_BIN names its folder). Without them it says so and skips; where CI is set
# it fails: a check that did not run is not a check that passed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name="public checkers"
source "$here/../tools.sh"
tool node npm python3
pg_bin=${PG_BIN:-/usr/lib/postgresql/15/bin}
[[ -x "$pg_bin/initdb" ]] || skip "PostgreSQL is missing at $pg_bin"
locked "$here" --ignore-scripts
venv="$here/node_modules/.python"
environment "$venv" "$here/requirements.txt"

work=$(mktemp -d)
as=()
finish() {
  if [[ -f "$work/pg/postmaster.pid" ]]; then
    "${as[@]}" "$pg_bin/pg_ctl" -D "$work/pg" -m immediate stop >/dev/null 2>&1 || true
  fi
  rm -rf "$work"
}
trap finish EXIT

folders=("$@")
if [[ ${#folders[@]} -eq 0 ]]; then
  gallery "$work"
  folders+=("$work/gallery/delta" "$work/mapped/specs")
  # The example once more, beside the map of its code.
  throughline=("$root/target/release/throughline" -C "$work/mapped")
  cp -r "$root/examples/rotaboard" "$work/mapped"
  sed -i 's|^path = "code/rotaboard.bundle"|&\nmap = "code/map.json"|' "$work/mapped/throughline.toml"
  "${throughline[@]}" import "$work/mapped/feedback" "$work/mapped/survey" >/dev/null 2>&1
  "${throughline[@]}" run >/dev/null 2>&1
  "${throughline[@]}" compile --out "$work/mapped/specs" >/dev/null 2>&1
  grep -rqs 'exists at `' --include=blueprint.md "$work/mapped/specs" || { echo "no blueprint names what is there" >&2; exit 1; }
fi

n_failed=0
# run NAME COMMAND...: runs it, and says how it ended and how long it took.
run() {
  local name=$1 from=$SECONDS outcome=ok
  shift
  "$@" || { outcome=FAILED; n_failed=$((n_failed + 1)); }
  printf -- '-- %s: %s after %d s\n' "$name" "$outcome" "$((SECONDS - from))"
}

mapfile -t interfaces < <(find "${folders[@]}" -name openapi.yaml | sort)
[[ ${#interfaces[@]} -gt 0 ]] || { echo "no openapi.yaml below ${folders[*]}" >&2; exit 1; }

redocly() {
  local status=0
  (cd "$here" && REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true node_modules/.bin/redocly lint \
    --extends recommended --format json "$@") >"$work/redocly.json" 2>"$work/redocly.err" || status=$?
  node -e '
    const text = require("fs").readFileSync(process.argv[1], "utf8");
    // One JSON text for each interface, one after the other.
    const reads = text.split(/^(?=\{)|(?<=^\})(?=\{)/m).filter((part) => part.trim()).map((part) => JSON.parse(part));
    const problems = reads.flatMap((read) => read.problems);
    for (const { ruleId, severity, message, location } of problems.slice(0, 40))
      console.log(severity, ruleId, message, location?.[0]?.source?.ref ?? "", location?.[0]?.pointer ?? "");
    const sum = (what) => reads.reduce((n, read) => n + read.totals[what], 0);
    console.log(`redocly: ${reads.length} interfaces, ${sum("errors")} errors, ${sum("warnings")} warnings`);
    process.exit(reads.length !== Number(process.argv[2]) || problems.length > 0 ? 1 : 0);' "$work/redocly.json" "$#" || status=1
  [[ $status -eq 0 ]] || tail -5 "$work/redocly.err"
  return "$status"
}

spectral() {
  (cd "$here" && node_modules/.bin/spectral lint --ruleset .spectral.yaml --fail-severity warn "$@" | tail -60)
}

# A checker that takes everything is no check: what is broken on purpose must be refused.
refusing() {
  local broken="$work/broken.yaml"
  sed -e 's/operationId: .*/operationId: same/' -e '/^ *summary: /d' "${interfaces[0]}" >"$broken"
  ! redocly "$broken" >/dev/null 2>&1 && sed -i '/^ *description: /d' "$broken" && ! spectral "$broken" >/dev/null 2>&1
}

server() {
  if [[ $(id -u) -eq 0 ]]; then
    local user=nobody
    id postgres >/dev/null 2>&1 && user=postgres
    as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
    mkdir "$work/pg" && chown "$user" "$work/pg"
  fi
  chmod 755 "$work"
  "${as[@]}" "$pg_bin/initdb" -D "$work/pg" -U checker --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null &&
    "${as[@]}" "$pg_bin/pg_ctl" -D "$work/pg" -w -l "$work/pg/log" \
      -o "-k $work/pg -c listen_addresses= -c fsync=off -c synchronous_commit=off -c max_locks_per_transaction=512" start >/dev/null
}

run "redocly" redocly "${interfaces[@]}"
run "spectral" spectral "${interfaces[@]}"
run "broken interfaces are refused" refusing
run "texts, diagrams and pages" node "$here/texts.mjs" "${folders[@]}"
run "PostgreSQL starts" server
run "data and manifests" "$venv/bin/python" "$here/data.py" "$work/pg" "${folders[@]}"
exit $((n_failed > 0))
