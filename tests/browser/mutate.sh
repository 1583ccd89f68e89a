#!/usr/bin/env bash
# Shows that the scenarios of the prototypes can fail: bash tests/browser/mutate.sh [OPTIONS] [FOLDER...]
#
# Without folders it prints one specification for each capability frame and those of the example, and alters these. Options
# go to mutate.mjs: with `--sample N`, N mutants of each class are drawn (seeded, so the same on every machine); without
# it, all are played.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name="mutation test"
source "$here/../tools.sh"
browser

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
  gallery "$work"
  folders=("${folders[0]}" "${folders[2]}")
fi
node "$here/mutate.mjs" "${options[@]}" "${folders[@]}"
