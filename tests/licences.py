#!/usr/bin/env python3
"""Every crate of Cargo.lock is used under a licence that deny.toml allows, and comes from the registry.

    python3 tests/licences.py

For machines without cargo-deny, which checks the same lists and more. Needs cargo and Python 3.11; no network.
"""
import json, pathlib, re, subprocess, sys, tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def is_allowed(expression, allowed):
    """Evaluates an SPDX expression, in which old manifests write a slash for OR. An exception to a licence only adds rights."""
    words = re.findall(r"\(|\)|\bAND\b|\bOR\b|[A-Za-z0-9.+-]+", re.sub(r" WITH [A-Za-z0-9.-]+", "", expression.replace("/", " OR ")))
    spelt = {"AND": "and", "OR": "or", "(": "(", ")": ")"}
    return eval(" ".join(spelt.get(word, str(word in allowed)) for word in words))


def main():
    allowed = set(tomllib.loads((ROOT / "deny.toml").read_text())["licenses"]["allow"])
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--all-features"]
    packages = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)["packages"]
    foreign = [package for package in packages if package["source"]]
    bad = [f"{p['name']} {p['version']}: licence {p['license']} is not allowed by deny.toml" for p in foreign
           if not p["license"] or not is_allowed(p["license"], allowed)]
    bad += [f"{p['name']} {p['version']}: comes from {p['source']}" for p in foreign if not p["source"].startswith("registry+")]
    print("\n".join(bad) or f"licences: {len(foreign)} crates, all allowed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
