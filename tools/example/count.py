"""Counts what is in the example's files, and checks that they hold together.

    python3 tools/example/count.py           print the table
    python3 tools/example/count.py --write   put the table into the example's README
    python3 tools/example/count.py --check   fail when the README's table is not the counted one

Reads the files as they are, knowing nothing of how they were made. Fails when a file does not parse
or when an id occurs twice within its file.
"""

import csv
import io
import json
import mailbox
import pathlib
import re
import sys
import tempfile
import zipfile

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "rotaboard"
FEEDBACK = EXAMPLE / "feedback"
MARKS = ("<!-- counts: python3 tools/example/count.py --write -->", "<!-- end of counts -->")


def load(name):
    return json.loads((FEEDBACK / name).read_text(encoding="utf-8"))


def rows_of(name, encoding="utf-8-sig", delimiter=","):
    text = (FEEDBACK / name).read_bytes().decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def lines_of(name):
    return [json.loads(line) for line in (FEEDBACK / name).read_text(encoding="utf-8").splitlines()]


def unique(name, ids):
    ids = list(ids)
    if len(ids) != len(set(ids)):
        raise SystemExit(f"{name}: {len(ids) - len(set(ids))} ids occur twice")
    return len(ids)


def counts():
    """(file, records, what a record is, what else is inside), in the order of the README."""
    name = "zendesk-tickets.json"
    tickets = load(name)["tickets"]
    unique(name, (c["id"] for t in tickets for c in t["comments"]))
    n_comments = sum(len(t["comments"]) - 1 for t in tickets)
    yield name, unique(name, (t["id"] for t in tickets)), "tickets", f"{n_comments} replies and notes"

    name = "intercom-conversations.json"
    conversations = load(name)["conversations"]
    n_parts = sum(c["conversation_parts"]["total_count"] for c in conversations)
    yield name, unique(name, (c["id"] for c in conversations)), "conversations", f"{n_parts} further parts"

    name = "tickets-legacy.csv"
    rows = rows_of(name, "latin-1", ";")
    width = len(rows[0])
    tickets = [row for row in rows[1:] if row and row[0].startswith("DE-")]
    ragged = sum(len(row) != width for row in rows[1:])
    yield name, unique(name, (row[0] for row in tickets)), "tickets", f"{ragged} ragged lines"

    name = "support.mbox"
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / name
        copy.write_bytes((FEEDBACK / name).read_bytes())
        ids = [message["Message-ID"] for message in mailbox.mbox(copy)]
    yield name, unique(name, ids), "mails", ""

    for path in sorted(FEEDBACK.glob("calls/*.vtt")) + sorted(FEEDBACK.glob("calls/*.srt")):
        cues = re.findall(r"(?m)^[\d:.,]+ --> [\d:.,]+\r?$", path.read_text(encoding="utf-8"))
        yield f"calls/{path.name}", 1, "call", f"{len(cues)} cues"
    name = "calls/gong-transcripts.json"
    transcripts = load(name)["callTranscripts"]
    n_sentences = sum(len(turn["sentences"]) for call in transcripts for turn in call["transcript"])
    yield name, unique(name, (call["callId"] for call in transcripts)), "call", f"{n_sentences} sentences"
    for path in sorted(FEEDBACK.glob("interviews/*.txt")):
        turns = re.findall(r"(?m)^[^:\n]{3,40}: .", path.read_text(encoding="utf-8").split("\n\n", 1)[1])
        yield f"interviews/{path.name}", 1, "interview", f"{len(turns)} turns"

    name = "slack-export.zip"
    with zipfile.ZipFile(FEEDBACK / name) as archive:
        days = {entry: json.loads(archive.read(entry)) for entry in archive.namelist() if "/" in entry}
    messages = [message for day in days.values() for message in day]
    yield name, unique(name, (m["ts"] for m in messages)), "messages", f"{len(days)} day files"

    name = "github-issues.json"
    issues = load(name)
    n_pulls = sum("pull_request" in issue for issue in issues)
    yield name, unique(name, (i["number"] for i in issues)), "issues", f"{n_pulls} of them pull requests"
    name = "jira.json"
    issues = load(name)["issues"]
    n_comments = sum(issue["fields"]["comment"]["total"] for issue in issues)
    yield name, unique(name, (i["key"] for i in issues)), "issues", f"{n_comments} comments"
    name = "jira.csv"
    rows = rows_of(name)
    yield name, unique(name, (row[1] for row in rows[1:])), "issues", f"columns {', '.join(sorted({h for h in rows[0] if rows[0].count(h) > 1}))} repeated"

    name = "appstore-reviews.json"
    yield name, unique(name, (r["id"] for r in load(name)["data"])), "reviews", ""
    name = "google-play-reviews.json"
    yield name, unique(name, (r["reviewId"] for r in load(name)["reviews"])), "reviews", ""
    name = "nps.csv"
    rows = rows_of(name)
    yield name, unique(name, (row[0] for row in rows[1:])), "answers", f"{sum(bool(row[3]) for row in rows[1:])} with a comment"

    name = "canny-posts.json"
    board = load(name)
    unique(name, (v["id"] for v in board["votes"]))
    yield name, unique(name, (p["id"] for p in board["posts"])), "posts", f"{len(board['votes'])} votes by name"
    name = "fider.csv"
    rows = rows_of(name)
    yield name, unique(name, (row[0] for row in rows[1:])), "posts", f"{sum(row[7] == 'duplicate' for row in rows[1:])} marked as duplicates"
    name = "productboard-notes.json"
    yield name, unique(name, (n["id"] for n in load(name)["data"])), "notes", ""

    name = "analytics/segment.ndjson"
    events = lines_of(name)
    yield name, unique(name, (e["messageId"] for e in events)), "events", f"{sum(e['type'] == 'track' for e in events)} of them tracked acts"
    name = "analytics/posthog.ndjson"
    events = lines_of(name)
    yield name, unique(name, (e["uuid"] for e in events)), "events", f"{sum(e['event'] == 'survey sent' for e in events)} of them survey answers"

    name = "crm-accounts.csv"
    rows = rows_of(name)
    yield name, unique(name, (row[0] for row in rows[1:])), "accounts", ""
    name = "crm-contacts.csv"
    rows = rows_of(name)
    yield name, unique(name, (row[0] for row in rows[1:])), "contacts", ""

    deployments = json.loads((EXAMPLE / "deployments.json").read_text(encoding="utf-8"))
    n_failed = sum(d["result"] != "SUCCESS" for d in deployments)
    yield "../deployments.json", unique("deployments.json", (d["id"] for d in deployments)), "deployments", f"{n_failed} failed"
    incidents = json.loads((EXAMPLE / "incidents.json").read_text(encoding="utf-8"))
    n_open = sum(i["resolutionDate"] is None for i in incidents)
    yield "../incidents.json", unique("incidents.json", (i["issueKey"] for i in incidents)), "incidents", f"{n_open} open"


def table():
    found = list(counts())
    lines = ["| file in `feedback/` | records | also |", "|---|---|---|"]
    lines += [f"| `{name}` | {n:,} {what} | {also} |" for name, n, what, also in found]
    outside = ("analytics/", "crm-", "../")
    n_texts = sum(n for name, n, _, _ in found if not name.startswith(outside))
    n_events = sum(n for name, n, _, _ in found if name.startswith("analytics/"))
    lines += ["", f"{n_texts} texts and {n_events:,} events."]
    return "\n".join(lines)


def main():
    counted = table()
    readme = EXAMPLE / "README.md"
    if "--write" in sys.argv or "--check" in sys.argv:
        text = readme.read_text(encoding="utf-8")
        before, rest = text.split(MARKS[0], 1)
        _, after = rest.split(MARKS[1], 1)
        wanted = f"{before}{MARKS[0]}\n{counted}\n{MARKS[1]}{after}"
        if "--check" in sys.argv:
            sys.exit(wanted != text)
        readme.write_text(wanted, encoding="utf-8")
    else:
        print(counted)


if __name__ == "__main__":
    main()
