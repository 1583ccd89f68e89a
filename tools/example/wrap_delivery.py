"""Deployments and incidents in the shapes that DevLake's webhooks take.

In: `texts/deployments.txt`, `texts/incidents.txt`, and `texts/commits.csv` (ref, commit) where the
example's repository has the tag. Out: two JSON documents.
"""

import csv
import datetime

from cast import TEXTS, instant, iso, read_rows, stable_hex

REPOSITORY = "code/rotaboard.bundle"


def commit_from_ref():
    path = TEXTS / "commits.csv"
    if not path.is_file():
        return {}
    with open(path, encoding="utf-8", newline="") as handle:
        return {row["ref"]: row["commit"] for row in csv.DictReader(handle)}


def deployment_id(ref, at):
    """`dep-2026-06-16-android`; a second one on the day is told apart by what follows the version."""
    kind, version = ref.split("-", 1)
    rest = "-".join(version.split("-")[1:]) or (version[-1] if version[-1].isalpha() else "")
    return f"dep-{at:%Y-%m-%d}-{kind}" + (f"-{rest}" if rest else "")


def deployments():
    columns = ["at", "minutes", "environment", "result", "ref", "title", "messages"]
    known, out = commit_from_ref(), []
    for row in read_rows("deployments.txt", columns):
        started = instant(row["at"])
        finished = started + datetime.timedelta(minutes=int(row["minutes"]))
        created = started - datetime.timedelta(minutes=2)
        sha = known.get(row["ref"], stable_hex("commit " + row["ref"], 40))
        out.append({
            "id": deployment_id(row["ref"], started), "displayTitle": row["title"], "result": row["result"],
            "environment": row["environment"], "createdDate": iso(created), "startedDate": iso(started), "finishedDate": iso(finished),
            "deploymentCommits": [{
                "repoUrl": REPOSITORY, "commitSha": sha, "refName": f"refs/tags/{row['ref']}",
                "commitMsg": "\n".join(message.strip() for message in row["messages"].split(";")),
                "result": row["result"], "startedDate": iso(started), "finishedDate": iso(finished),
            }],
        })
    return out


def incidents():
    by_ref = {row["deploymentCommits"][0]["refName"].removeprefix("refs/tags/"): row["id"] for row in deployments()}
    out = []
    for row in read_rows("incidents.txt", ["key", "at", "resolved", "priority", "severity", "component", "cause", "title"]):
        is_open = row["resolved"] == "-"
        out.append({
            "issueKey": row["key"], "title": row["title"], "type": "INCIDENT",
            "status": "IN_PROGRESS" if is_open else "DONE", "originalStatus": "Investigating" if is_open else "Resolved",
            "description": "" if row["cause"] == "-" else f"Caused by {by_ref[row['cause']]}.",
            "createdDate": iso(instant(row["at"])), "resolutionDate": None if is_open else iso(instant(row["resolved"])),
            "priority": row["priority"], "severity": row["severity"], "component": row["component"],
            "url": f"https://status.rotaboard.example/{row['key'].lower()}",
        })
    return out
