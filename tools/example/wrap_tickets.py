"""Wraps tickets, chats and mails into the shapes their vendors export.

In: blocks from `cast.read_blocks`. Out: text or bytes of one file, and (external id, themes) pairs.
"""

import datetime
import html
import re

from cast import iso, stable_number, stable_hex


def themes_of(options):
    """What the writer had in mind: theme numbers, or a word such as `spam`."""
    themes = [theme for theme in options.get("t", "0").split(",") if theme != "0"]
    return themes + ([options["kind"]] if "kind" in options else [])


def person_id(person, digits=12):
    return stable_number(person["email"] or person["name"], digits)


def account_id(key, digits=11):
    return stable_number("organization " + key, digits) if key else None


def text_of_html(body):
    """What a vendor puts into its plain field: tags dropped, blocks as lines."""
    body = re.sub(r"(?is)<(script|style).*?</\1>", "", body)
    body = re.sub(r"(?i)<br\s*/?>|</(p|div|li|tr|h\d)>", "\n", body)
    return html.unescape(re.sub(r"<[^>]+>", "", body)).strip()


def html_of_text(body):
    parts = [html.escape(part, quote=False).replace("\n", "<br>") for part in body.split("\n\n")]
    return "".join(f"<p>{part}</p>" for part in parts)


def zendesk(records, accounts):
    """An incremental ticket export with comments, users and organizations beside the tickets."""
    tickets, themes, users, organizations = [], [], {}, {}
    for number, record in enumerate(records):
        ticket_id = 20411 + number * 3 + stable_number(record["title"], 1) % 3
        options, author = record["options"], record["author"]
        last = record["replies"][-1]["at"] if record["replies"] else record["at"]
        agent = next((r["author"] for r in record["replies"] if r["author"]["is_team"]), None)
        comments = []
        for position, part in enumerate([record, *record["replies"]]):
            users[part["author"]["key"]] = part["author"]
            plain = text_of_html(part["body"]) if "html" in options and position == 0 else part["body"]
            rich = part["body"] if "html" in options and position == 0 else html_of_text(part["body"])
            comments.append({
                "id": stable_number(f"comment {ticket_id} {position}", 13),
                "type": "Comment",
                "author_id": person_id(part["author"]),
                "body": plain,
                "plain_body": plain,
                "html_body": f'<div class="zd-comment" dir="auto">{rich}</div>',
                "public": part.get("is_public", True),
                "created_at": iso(part["at"]),
            })
        if author["account"]:
            account = accounts[author["account"]]
            organizations[author["account"]] = {
                "id": account_id(author["account"]), "name": account["name"],
                "domain_names": [account["domain"]], "external_id": account["id"],
            }
        score = options.get("csat")
        status = options.get("status") or ("closed" if last.month < 9 else "solved" if record["replies"] else "open")
        tickets.append({
            "url": f"https://rotaboard.zendesk.example/api/v2/tickets/{ticket_id}.json",
            "id": ticket_id,
            "external_id": None,
            "via": {"channel": options.get("via", "email"), "source": {"rel": None}},
            "created_at": iso(record["at"]),
            "updated_at": iso(last),
            "type": options.get("type", "question" if record["title"].endswith("?") else None),
            "subject": record["title"],
            "raw_subject": record["title"],
            "description": record["body"] if "html" in options else comments[0]["body"],
            "priority": options.get("prio"),
            "status": status,
            "requester_id": person_id(author),
            "submitter_id": person_id(author),
            "assignee_id": person_id(agent) if agent else None,
            "organization_id": account_id(author["account"]),
            "group_id": 360004410991,
            "tags": [tag for tag in options.get("tags", "").split(",") if tag] + ([f"plan_{accounts[author['account']]['plan'].lower()}"] if author["account"] else []),
            "custom_fields": [{"id": 360021190032, "value": accounts[author["account"]]["plan"].lower() if author["account"] else None}],
            "satisfaction_rating": {"score": score or "unoffered", **({"comment": options["csat_text"].replace("_", " ")} if "csat_text" in options else {})},
            "comments": comments,
        })
        themes.append((str(ticket_id), themes_of(options)))
    document = {
        "count": len(tickets),
        "end_of_stream": True,
        "next_page": None,
        "after_url": None,
        "after_cursor": "MTU5LjB8fDIwMjYwOTMw",
        "tickets": tickets,
        "users": [
            {
                "id": person_id(person), "name": person["name"], "email": person["email"],
                "role": "agent" if person["is_team"] else "end-user",
                "organization_id": account_id(person["account"]), "time_zone": "London",
            }
            for person in sorted(users.values(), key=person_id)
        ],
        "organizations": sorted(organizations.values(), key=lambda row: row["id"]),
    }
    return document, themes


def adf(body):
    """Plain text with a few marks as an Atlassian document: bullets, quotes, code, mentions."""
    content, lines, position = [], body.split("\n"), 0
    while position < len(lines):
        line = lines[position]
        if line.startswith("```"):
            end = next(i for i in range(position + 1, len(lines)) if lines[i].startswith("```"))
            content.append({"type": "codeBlock", "attrs": {}, "content": [{"type": "text", "text": "\n".join(lines[position + 1:end])}]})
            position = end
        elif line.startswith("- "):
            end = position
            while end < len(lines) and lines[end].startswith("- "):
                end += 1
            content.append({"type": "bulletList", "content": [
                {"type": "listItem", "content": [{"type": "paragraph", "content": inline(item[2:])}]}
                for item in lines[position:end]
            ]})
            position = end - 1
        elif line.startswith("> "):
            content.append({"type": "blockquote", "content": [{"type": "paragraph", "content": inline(line[2:])}]})
        elif line.strip():
            content.append({"type": "paragraph", "content": inline(line)})
        position += 1
    return {"version": 1, "type": "doc", "content": content}


def inline(text):
    nodes = []
    for piece in re.split(r"(`[^`]+`|\*[^*]+\*|@[a-z]+\b)", text):
        if not piece:
            continue
        if piece[0] == "`" and len(piece) > 2:
            nodes.append({"type": "text", "text": piece[1:-1], "marks": [{"type": "code"}]})
        elif piece[0] == "*" and len(piece) > 2:
            nodes.append({"type": "text", "text": piece[1:-1], "marks": [{"type": "strong"}]})
        elif piece[0] == "@" and len(piece) > 1:
            nodes.append({"type": "mention", "attrs": {"id": stable_hex(piece, 24), "text": piece}})
        else:
            nodes.append({"type": "text", "text": piece})
    return nodes


def jira_user(person):
    return {"accountId": stable_hex("jira " + person["email"], 24), "displayName": person["name"], "emailAddress": person["email"], "active": True}


def jira_instant(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def jira_json(records):
    """A search result of the third REST version: descriptions and comments are documents."""
    issues, themes = [], []
    for number, record in enumerate(records):
        key = f"ROTA-{1184 + number * 11 + stable_number(record['title'], 1)}"
        options = record["options"]
        status = options.get("status", "To Do").replace("_", " ").strip('"')
        last = record["replies"][-1]["at"] if record["replies"] else record["at"]
        issues.append({
            "id": str(stable_number("jira " + key, 6)),
            "key": key,
            "self": f"https://rotaboard.atlassian.example/rest/api/3/issue/{key}",
            "fields": {
                "summary": record["title"],
                "description": adf(record["body"]),
                "issuetype": {"name": options.get("type", "Task"), "subtask": False},
                "status": {"name": status, "statusCategory": {"key": {"Done": "done", "To Do": "new"}.get(status, "indeterminate")}},
                "priority": {"name": options.get("prio", "Medium")},
                "labels": [label for label in options.get("labels", "").split(",") if label],
                "components": [{"name": options["comp"]}] if "comp" in options else [],
                "reporter": jira_user(record["author"]),
                "created": jira_instant(record["at"]),
                "updated": jira_instant(last),
                "resolution": {"name": "Done"} if status == "Done" else None,
                "resolutiondate": jira_instant(last) if status == "Done" else None,
                "customfield_10016": stable_number("points " + key, 1) if options.get("type") == "Story" else None,
                "comment": {
                    "total": len(record["replies"]),
                    "comments": [
                        {
                            "id": str(stable_number(f"jira comment {key} {position}", 6)),
                            "author": jira_user(reply["author"]),
                            "body": adf(reply["body"]),
                            "created": jira_instant(reply["at"]),
                        }
                        for position, reply in enumerate(record["replies"])
                    ],
                },
            },
        })
        themes.append((key, themes_of(options)))
    return {"startAt": 0, "maxResults": 100, "total": len(issues), "issues": issues}, themes
