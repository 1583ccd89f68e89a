# What checks outside of cargo share; sourced by their run.sh with `name` set to what they are called.
#
# A missing tool is said and the check skipped; where CI is set it fails: a check that did not run is not a check that
# passed.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# skip WHY: ends the check.
skip() {
  echo "$name: SKIPPED, $*" >&2
  if [[ -n "${CI:-}" ]]; then exit 1; fi
  exit 0
}

# tool COMMAND...: each must be there.
tool() {
  local command
  for command in "$@"; do
    command -v "$command" >/dev/null || skip "$command is missing"
  done
}

# locked FOLDER [OPTION...]: the folder's packages as its lock file names them, fetched where they are not there yet.
locked() {
  local folder=$1
  shift
  if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.check-lock"; then
    (cd "$folder" && npm ci --silent --no-audit --no-fund "$@") || skip "the packages of $folder could not be installed"
    cp "$folder/package-lock.json" "$folder/node_modules/.check-lock"
  fi
}

# browser: Chromium, which CHROMIUM may name, and the packages that drive it.
browser() {
  tool node npm
  export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
  [[ -x "$CHROMIUM" ]] || skip "chromium is missing at $CHROMIUM"
  locked "$root/tests/browser"
}

# environment FOLDER REQUIREMENTS: a Python environment at FOLDER with what the file names, made where it is not there yet.
environment() {
  local venv=$1 requirements=$2
  if ! cmp -s "$requirements" "$venv/.check-lock"; then
    { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"; } ||
      skip "the packages of $requirements could not be installed"
    cp "$requirements" "$venv/.check-lock"
  fi
}

# gallery FOLDER: prints, below FOLDER, one specification for each capability frame, the insights of the fixtures and the
# example product; `folders` then holds where each of the three lies, in this order.
gallery() {
  local work=$1
  (cd "$root" && cargo run --release --locked --quiet -p throughline-backends --example gallery -- "$work/gallery" >/dev/null)
  (cd "$root" && cargo run --release --locked --quiet -p throughline-cli -- demo --out "$work/demo" >/dev/null)
  folders=("$work/gallery/frames" "$work/gallery/told" "$work/demo")
}
