#!/usr/bin/env python3
"""Rebuild the example repository `rotaboard` and its bundle, history included.

The repository is kept as a *weave*: every line that ever existed, once, marked with the commit
that brought it and the commit that took it away. `commits.txt` names the commits in order, with
author, time and message. A commit's tree is the weave seen through the set of commits it contains,
so merges cannot conflict, a revert is exact, and a commit that changes nothing is an error.

In:  make_code_history.d/commits.txt and make_code_history.d/*.weave
Out: a git repository (at --repo, else a temporary one) and, with --bundle, one bundle file.
     The commit ids depend on the weave alone: authors, times and zones are all written down.

Weave lines, always from column 0; `a` and `b` are commit keys:
    %file PATH [a..b]    the lines that follow belong to PATH (present between a and b)
    %[a..b   %|   %]     block present from a until b; after %| its opposite; blocks nest
    %a..b|TEXT           one line present from a until b; either side may be empty

commits.txt:
    author KEY Name <mail> Zone
    2025-03-03 09:14 MN key | subject            on main
    2025-04-09 10:02 ID@templates key | subject  on a branch, begun at main's head when first named
    2025-04-11 16:40 ID merge:templates | subject
    2026-02-03 08:51 TW key-other | subject      takes the commit `other` back
    > a line of the body
    tag v2025.1 text                             annotated, on main's head at this place
    deploy 2026-01-08 09:40 web-2026.01.08       lightweight, on main's last commit before (UTC)
"""

import argparse
import datetime
import pathlib
import re
import subprocess
import sys
import tempfile
import zoneinfo

HERE = pathlib.Path(__file__).resolve().parent
WEAVE = HERE / (pathlib.Path(__file__).stem + ".d")

LINE = re.compile(r"^%([a-z0-9]*)\.\.([a-z0-9]*)\|(.*)$")
COND = re.compile(r"^([a-z0-9]*)\.\.([a-z0-9]*)$")
COMMIT = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d) ([A-Z]+)(?:@([a-z0-9/-]+))? (merge:[a-z0-9/-]+|[a-z0-9]+(?:-[a-z0-9]+)?) \| (.+)$")


class Bad(Exception):
    """The weave or the commit list is wrong; the message says where."""


def read_weave(folder):
    """Weave files -> {path: [(conditions, text)]}; a condition is (born, died, wanted)."""
    files = {}
    for source in sorted(folder.glob("*.weave")):
        lines, stack, base = None, [], []
        for number, raw in enumerate(source.read_text("utf-8").split("\n"), 1):
            where = f"{source.name}:{number}"
            if raw.startswith("%file "):
                if stack:
                    raise Bad(f"{where}: block still open at end of file")
                parts = raw.split()
                if parts[1] in files:
                    raise Bad(f"{where}: {parts[1]} twice")
                lines = files[parts[1]] = []
                base = [(*condition(parts[2], where), True)] if len(parts) > 2 else []
            elif raw.startswith("%["):
                stack.append((*condition(raw[2:].strip(), where), True))
            elif raw == "%|":
                born, died, wanted = stack.pop()
                stack.append((born, died, not wanted))
            elif raw == "%]":
                stack.pop()
            elif lines is None:
                if raw.strip():
                    raise Bad(f"{where}: text before the first %file")
            elif match := LINE.match(raw):
                lines.append((base + stack + [(match[1], match[2], True)], match[3]))
            elif raw.startswith("%"):
                raise Bad(f"{where}: unknown mark {raw!r}")
            else:
                lines.append((base + list(stack), raw))
        if stack:
            raise Bad(f"{source.name}: block still open at the end")
    return files


def condition(text, where):
    match = COND.match(text)
    if not match:
        raise Bad(f"{where}: not a condition: {text!r}")
    return match[1], match[2]


def read_commits(path):
    """commits.txt -> (authors, events); an event is a dict, a commit or a tag, in order."""
    authors, events = {}, []
    for number, raw in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not raw.strip() or raw.startswith("#"):
            continue
        if raw.startswith("author "):
            match = re.match(r"author (\w+) (.+) <(.+)> (\S+)$", raw)
            authors[match[1]] = (match[2], match[3], zoneinfo.ZoneInfo(match[4]))
        elif raw.startswith("tag "):
            _, name, text = raw.split(" ", 2)
            events.append({"tag": name, "text": text})
        elif raw.startswith("deploy "):
            _, day, clock, name = raw.split()
            moment = datetime.datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=datetime.timezone.utc)
            events.append({"deploy": name, "at": int(moment.timestamp())})
        elif raw.startswith(">"):
            events[-1]["body"].append(raw[1:].strip())
        elif match := COMMIT.match(raw):
            events.append({"at": match[1], "who": match[2], "branch": match[3] or "main",
                           "key": match[4], "subject": match[5], "body": []})
        else:
            raise Bad(f"{path.name}:{number}: {raw!r}")
    return authors, events


def is_on(conditions, present):
    for born, died, wanted in conditions:
        inside = (not born or born in present) and (not died or died not in present)
        if inside != wanted:
            return False
    return True


def render(files, present):
    """The tree of a commit that contains `present`: {path: text}, empty files left out."""
    tree = {}
    for path, lines in files.items():
        kept = [text for conditions, text in lines if is_on(conditions, present)]
        while kept and not kept[-1].strip():
            kept.pop()
        if kept:
            tree[path] = "\n".join(kept) + "\n"
    return tree


def stamp(authors, event):
    name, mail, zone = authors[event["who"]]
    moment = datetime.datetime.strptime(event["at"], "%Y-%m-%d %H:%M")
    # Seconds that look lived-in but come from the key alone.
    moment = moment.replace(second=sum(map(ord, event["key"] + event["subject"])) % 60, tzinfo=zone)
    return f"{name} <{mail}> {int(moment.timestamp())} {moment.strftime('%z')}"


def stream(authors, events, files):
    """The whole history as one `git fast-import` stream, and the count of commits."""
    out, marks, count = [], {}, 0
    heads, trees, sets = {}, {}, {}
    known = {name for lines in files.values() for conditions, _ in lines for c in conditions for name in c[:2] if name}
    listed = {e["key"].split("-")[0] for e in events if "key" in e and not e["key"].startswith("merge:")}
    if known - listed:
        raise Bad(f"keys in the weave without a commit: {sorted(known - listed)}")
    last, on_main = "", []

    def data(text):
        raw = text.encode("utf-8")
        out.append(b"data %d\n" % len(raw) + raw + b"\n")

    for event in events:
        if "tag" in event:
            out.append(f"tag {event['tag']}\nfrom :{heads['main']}\ntagger {last}\n".encode())
            data(event["text"] + "\n")
            continue
        if "deploy" in event:
            mark = max((at, mark) for at, mark in on_main if at <= event["at"])[1]
            out.append(f"reset refs/tags/{event['deploy']}\nfrom :{mark}\n\n".encode())
            continue
        branch, key = event["branch"], event["key"]
        count += 1
        mark = count
        parent = heads.get(branch, heads.get("main"))
        merged = None
        present = set(sets.get(parent, ()))
        if key.startswith("merge:"):
            merged = heads[key[6:]]
            present |= sets[merged]
        else:
            own, _, undone = key.partition("-")
            if own in present:
                raise Bad(f"{own} listed twice")
            present.add(own)
            present.discard(undone)
        tree, before = render(files, present), trees.get(parent, {})
        changed = [p for p in sorted(set(tree) | set(before)) if tree.get(p) != before.get(p)]
        if not changed:
            raise Bad(f"{key} ({event['subject']}) changes nothing")
        last = stamp(authors, event)
        ref = f"refs/heads/{branch}"
        out.append(f"commit {ref}\nmark :{mark}\nauthor {last}\ncommitter {last}\n".encode())
        data(event["subject"] + "\n" + ("\n" + "\n".join(event["body"]) + "\n" if event["body"] else ""))
        if parent:
            out.append(f"from :{parent}\n".encode())
        if merged:
            out.append(f"merge :{merged}\n".encode())
        for path in changed:
            if path in tree:
                mode = "100755" if path.endswith(".sh") else "100644"
                out.append(f"M {mode} inline {path}\n".encode())
                data(tree[path])
            else:
                out.append(f"D {path}\n".encode())
        out.append(b"\n")
        heads[branch], trees[mark], sets[mark] = mark, tree, present
        if branch == "main":
            on_main.append((int(last.rsplit(" ", 2)[1]), mark))
        if key.startswith("merge:"):
            gone = key[6:]
            del heads[gone]
            out.append(f"reset refs/heads/{gone}\nfrom 0000000000000000000000000000000000000000\n\n".encode())
    return b"".join(out), count


def git(repo, *arguments, **options):
    return subprocess.run(["git", "-C", str(repo), *arguments], check=True, **options)


def write(repo, text, bundle):
    repo.mkdir(parents=True, exist_ok=True)
    git(repo, "init", "-q", "-b", "main")
    git(repo, "fast-import", "--quiet", input=text)
    git(repo, "reset", "-q", "--hard", "main")
    if bundle:
        # One thread: the order in which packs are delta'd is then the same on every machine.
        git(repo, "repack", "-a", "-d", "-q", "-f", "--window=250", "--threads=1")
        git(repo, "-c", "pack.threads=1", "bundle", "create", "-q", str(bundle.resolve()), "--all", "HEAD")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--repo", type=pathlib.Path, help="an empty or new folder; without it the repository is thrown away")
    parser.add_argument("--bundle", type=pathlib.Path)
    options = parser.parse_args()
    try:
        files = read_weave(WEAVE)
        authors, events = read_commits(WEAVE / "commits.txt")
        text, count = stream(authors, events, files)
    except Bad as problem:
        sys.exit(f"make_code_history: {problem}")
    with tempfile.TemporaryDirectory() as scratch:
        repo = options.repo or pathlib.Path(scratch) / "rotaboard"
        if repo.exists() and any(repo.iterdir()):
            sys.exit(f"make_code_history: {repo} is not empty")
        write(repo, text, options.bundle)
    print(f"{count} commits", file=sys.stderr)


if __name__ == "__main__":
    main()
