#!/usr/bin/env python3
"""Writes docs/labels.md: the twenty largest insights of two sets that nobody in this project wrote, with a quote each.

    cargo build --release && THROUGHLINE_DATA=FOLDER python3 tools/labels.py

Nothing is chosen by hand: the list shows what a reader of these sets would see, good and bad. Standard library only.
"""
import json, os, pathlib, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / "target" / "release" / "throughline"
SETS = (("banking77.csv", "Questions of customers to a bank"), ("gitbugs_seamonkey.csv", "Reports of a bug tracker"))


def ask(folder, *words):
    return json.loads(subprocess.run([BINARY, "-C", folder, *words, "--json"], check=True, capture_output=True).stdout)


def cell(text, limit=110):
    text = " ".join(text.split()).replace("|", "\\|")
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"


def rows(file):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([BINARY, "init", folder], check=True, capture_output=True)
        ask(folder, "import", str(file))
        ask(folder, "run")
        insights = sorted(ask(folder, "insights", "--top", "1000")["insights"], key=lambda i: (-i["n_voices"], i["id"]))[:20]
        for insight in insights:
            quote = ask(folder, "show", insight["id"])["insight"]["quotes"][0]["text"]
            yield f"| {cell(insight['label'])} | {insight['n_voices']} | “{cell(quote)}” |"


def main():
    data = os.environ.get("THROUGHLINE_DATA") or sys.exit("set THROUGHLINE_DATA to the folder of real data")
    page = ["# Labels", "", "The twenty largest insights of two public sets, as the program names them, by `python3 tools/labels.py`.",
            "Nothing is left out or put right: where a label does not read as a person would write it, that is the state of things."]
    for name, title in SETS:
        page += ["", f"## {title} (`{name}`)", "", "| label | voices | in their words |", "|---|---:|---|", *rows(pathlib.Path(data) / name)]
    (ROOT / "docs" / "labels.md").write_text("\n".join(page) + "\n")
    print("\n".join(page))


if __name__ == "__main__":
    main()
