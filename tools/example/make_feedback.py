"""Writes `examples/rotaboard/feedback/`, `survey/`, `deployments.json` and `incidents.json` from the hand-written texts beside this file.

    python3 tools/example/make_feedback.py            write the files
    python3 tools/example/make_feedback.py --check    fail when a file differs from what would be written

The words are people's work and live in `texts/`; this script only wraps them into the shapes that
help desks, trackers and recorders export, and makes the usage events. It uses the standard library
alone, no clock and no random source: running it again gives the same bytes.
"""

import csv
import io
import json
import pathlib
import sys

import events
import wrap_calls
import wrap_delivery
import wrap_feeds
import wrap_tickets
from cast import load_cast, read_blocks, read_rows

ROOT = pathlib.Path(__file__).parents[2]
OUT = ROOT / "examples" / "rotaboard"


def as_json(document, indent=1):
    return (json.dumps(document, ensure_ascii=False, indent=indent) + "\n").encode()


def as_csv(header, rows, delimiter=",", line_end="\n", encoding="utf-8"):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode(encoding)


def crm(accounts, people):
    """The account list and the contact list as a CRM exports them."""
    header = [
        "Account ID", "Account Name", "Website", "Plan", "Seats", "ARR", "Currency", "Segment", "Country",
        "Renewal Date", "Stage", "Deal Name", "Open Deal Amount", "Close Date", "Owner",
        "Lost Reason", "Ended On",
    ]
    rows = [
        [
            a["id"], a["name"], a["domain"], a["plan"], a["seats"], a["arr"], a["currency"], a["segment"], a["country"],
            a["renewal"], a["stage"], a["deal_name"], a["deal_amount"], a["deal_close"], a["owner"], a["reason"], a["ended"],
        ]
        for a in accounts.values()
    ]
    contacts = [
        [f"CON-{p['position']:04d}", p["name"], p["email"], p["role"], accounts[p["account"]]["id"], accounts[p["account"]]["name"]]
        for p in people.values() if p["account"]
    ]
    return as_csv(header, rows), as_csv(["Contact ID", "Full Name", "Email", "Job Title", "Account ID", "Account Name"], contacts)


def nps(accounts, people):
    """A survey tool's export; some people answer without an address."""
    rows, themes = [], []
    source = read_rows("nps.txt", ["when", "who", "score", "themes", "comment"])
    for number, row in enumerate(source):
        month, day = row["when"].split("-")
        name, _, account = row["who"].partition("@")
        if account:
            mail, company = "", accounts[account]["name"]
        else:
            person = people[row["who"]]
            name, mail, company = person["name"], person["email"], accounts[person["account"]]["name"]
        response = f"R-{5200 + number * 7}"
        rows.append([response, f"2026-{month}-{day}", row["score"], row["comment"], name, mail, company])
        themes.append((response, [theme for theme in row["themes"].split(",") if theme != "0"]))
    header = ["Response ID", "Date", "How likely are you to recommend Rotaboard? (0-10)", "What is the reason for your score?", "Name", "E-mail", "Company"]
    return as_csv(header, rows), themes


def expectations(accounts, people):
    """A survey of what is expected, asked late: the demo leaves it out, so that there is something to connect."""
    feelings = {
        "must": "It must be that way", "more": "The more of it, the better", "please": "I would like it", "same": "I don't mind",
    }
    rows, themes = [], []
    for number, row in enumerate(read_rows("expectations.txt", ["when", "who", "state", "themes", "comment"])):
        person = people[row["who"]]
        response = f"E-{9100 + number * 3}"
        rows.append([
            response, f"2026-{row['when']}", feelings[row["state"]], row["comment"],
            person["name"], person["email"], accounts[person["account"]]["name"],
        ])
        themes.append((response, row["themes"].split(",")))
    header = [
        "Response ID", "Date", "If swaps could be approved on the phone, how would you feel?", "Please say why",
        "Name", "E-mail", "Company",
    ]
    return as_csv(header, rows), themes


def build():
    """All files as bytes by path below `feedback/`, and the writer's themes by source and id."""
    accounts, people = load_cast()
    files, themes = {}, []

    def add(source, pairs):
        themes.extend((source, external_id, words) for external_id, words in pairs)

    document, pairs = wrap_tickets.zendesk(read_blocks("zendesk.txt", people), accounts)
    files["zendesk-tickets.json"] = as_json(document)
    add("zendesk", pairs)

    document, pairs = wrap_tickets.jira_json(read_blocks("jira.txt", people))
    files["jira.json"] = as_json(document)
    add("jira", pairs)

    document, pairs = wrap_feeds.intercom(read_blocks("intercom.txt", people))
    files["intercom-conversations.json"] = as_json(document)
    add("intercom", pairs)

    rows = read_rows("legacy.txt", ["when", "who", "state", "title", "text", "themes"])
    files["tickets-legacy.csv"], pairs = wrap_feeds.legacy_csv(rows, accounts, people)
    add("legacy-tickets", pairs)

    files["support.mbox"], pairs = wrap_feeds.mbox(read_blocks("mbox.txt", people))
    add("support-mail", pairs)

    files["slack-export.zip"], pairs = wrap_feeds.slack_zip(read_blocks("slack.txt", people), people)
    add("slack", pairs)

    document, pairs = wrap_feeds.github(read_blocks("github.txt", people))
    files["github-issues.json"] = as_json(document)
    add("github", pairs)

    header, rows, pairs = wrap_feeds.jira_csv(read_blocks("jiracsv.txt", people))
    files["jira.csv"] = as_csv(header, rows)
    add("jira-archive", pairs)

    rows = read_rows("appstore.txt", ["when", "stars", "nick", "territory", "themes", "title", "text"])
    document, pairs = wrap_feeds.app_store(rows)
    files["appstore-reviews.json"] = as_json(document)
    add("app-store", pairs)

    columns = ["when", "stars", "who", "language", "device", "android", "version", "thumbs", "themes", "title", "text"]
    document, pairs = wrap_feeds.google_play(read_rows("googleplay.txt", columns))
    files["google-play-reviews.json"] = as_json(document)
    add("google-play", pairs)

    columns = ["when", "who", "votes", "comments", "status", "voters", "themes", "title", "text"]
    document, pairs = wrap_feeds.canny(read_rows("canny.txt", columns), accounts, people)
    files["canny-posts.json"] = as_json(document)
    add("canny", pairs)

    columns = ["when", "who", "votes", "comments", "status", "of", "themes", "title", "text"]
    header, rows, pairs = wrap_feeds.fider(read_rows("fider.txt", columns), people)
    # A byte-order mark, as tools write it that want to be opened in a spreadsheet.
    files["fider.csv"] = b"\xef\xbb\xbf" + as_csv(header, rows)
    add("fider", pairs)

    document, pairs = wrap_feeds.productboard(read_blocks("productboard.txt", people), accounts, people)
    files["productboard-notes.json"] = as_json(document)
    add("productboard", pairs)

    files["nps.csv"], pairs = nps(accounts, people)
    add("nps", pairs)

    files["crm-accounts.csv"], files["crm-contacts.csv"] = crm(accounts, people)

    web, phone, pairs = events.build(accounts, people)
    files["analytics/segment.ndjson"] = ("\n".join(web) + "\n").encode()
    files["analytics/posthog.ndjson"] = ("\n".join(phone) + "\n").encode()
    add("posthog", pairs)

    for stem, facts, turns in wrap_calls.dialogues("calls", people):
        if facts["form"] == "vtt":
            name, content = f"calls/{stem}.vtt", wrap_calls.vtt(facts, turns).encode()
        elif facts["form"] == "srt":
            name, content = f"calls/{stem}.srt", wrap_calls.srt(facts, turns).encode()
        else:
            document, _ = wrap_calls.gong(facts, turns)
            name, content = "calls/gong-transcripts.json", as_json(document)
        files[name] = content
        add("calls", [(name, facts["themes"])])

    for stem, facts, turns in wrap_calls.dialogues("interviews", people):
        name = f"interviews/{stem}.txt"
        files[name] = wrap_calls.interview(facts, turns).encode()
        add("interviews", [(name, facts["themes"])])
    return files, themes


def main():
    files, themes = build()
    survey, _ = expectations(*load_cast())
    themes_csv = as_csv(["source", "external_id", "themes"], [[s, i, " ".join(t)] for s, i, t in themes])
    targets = {OUT / "feedback" / name: content for name, content in files.items()}
    targets[OUT / "survey" / "expectations.csv"] = survey
    targets[OUT / "deployments.json"] = as_json(wrap_delivery.deployments())
    targets[OUT / "incidents.json"] = as_json(wrap_delivery.incidents())
    targets[pathlib.Path(__file__).parent / "themes.csv"] = themes_csv
    if "--check" in sys.argv:
        stale = [path for path, content in targets.items() if not path.is_file() or path.read_bytes() != content]
        for path in stale:
            print(f"differs: {path.relative_to(ROOT)}")
        sys.exit(bool(stale))
    for path, content in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
