#!/usr/bin/env bash
# Opens every page and prototype in a browser and plays their scenarios: bash tests/browser/run.sh [--full] [FOLDER...]
#
# Without folders it prints one specification for each capability frame, the insights of the fixtures and the example
# product into a folder of its own, and checks those. Needs node, npm and chromium (CHROMIUM names another binary).
# Without them it says so and skips; where CI is set it fails: a check that did not run is not a check that passed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name="browser check"
source "$here/../tools.sh"
browser

options=()
folders=()
for argument in "$@"; do
  if [[ $argument == --* ]]; then options+=("$argument"); else folders+=("$argument"); fi
done
if [[ ${#folders[@]} -eq 0 ]]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  gallery "$work"
fi
node "$here/check.mjs" ${options[@]+"${options[@]}"} "${folders[@]}"
