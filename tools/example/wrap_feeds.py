"""Wraps chats, mail, trackers, reviews and idea boards into the shapes their vendors export.

In: blocks and rows read by `cast`. Out: documents or bytes, and (external id, themes) pairs.
"""

import base64
import io
import json
import quopri
import re
import zipfile

from cast import instant, iso, stable_hex, stable_number
from wrap_tickets import html_of_text, text_of_html, themes_of


def words_of(text):
    return [theme for theme in text.split(",") if theme and theme != "0"]


# ------------------------------------------------------------------------------ intercom


def intercom(records):
    """A list of conversations with all their parts; bodies are HTML, times are unix seconds."""
    conversations, themes = [], []
    for number, record in enumerate(records):
        conversation_id = str(215468310000 + number * 131 + stable_number(record["body"], 2))
        parts = [
            {
                "type": "conversation_part",
                "id": str(stable_number(f"part {conversation_id} {position}", 11)),
                "part_type": "comment",
                "body": html_of_text(re.sub(r"\*(\w+)\*", r"\1", reply["body"])),
                "created_at": int(reply["at"].timestamp()),
                "author": intercom_author(reply["author"]),
            }
            for position, reply in enumerate(record["replies"])
        ]
        last = record["replies"][-1]["at"] if record["replies"] else record["at"]
        conversations.append({
            "type": "conversation",
            "id": conversation_id,
            "title": None,
            "created_at": int(record["at"].timestamp()),
            "updated_at": int(last.timestamp()),
            "state": "closed" if record["replies"] else "open",
            "source": {
                "type": "conversation",
                "id": str(stable_number("source " + conversation_id, 10)),
                "delivered_as": "customer_initiated",
                "subject": "",
                "body": html_of_text(record["body"]),
                "author": intercom_author(record["author"]),
                "url": "https://app.rotaboard.example/",
            },
            "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": stable_hex(record["author"]["email"], 24)}]},
            "tags": {"type": "tag.list", "tags": []},
            "conversation_rating": None,
            "conversation_parts": {"type": "conversation_part.list", "conversation_parts": parts, "total_count": len(parts)},
        })
        themes.append((conversation_id, themes_of(record["options"])))
    return {"type": "conversation.list", "pages": {"type": "pages", "page": 1, "per_page": 150, "total_pages": 1}, "total_count": len(conversations), "conversations": conversations}, themes


def intercom_author(person):
    kind = "bot" if person["key"] == "bot" else "admin" if person["is_team"] else "user"
    return {"type": kind, "id": stable_hex("intercom " + person["key"], 24), "name": person["name"], "email": person["email"]}


# ------------------------------------------------------------- the old German help desk


def legacy_csv(rows, accounts, people):
    """Latin-1, semicolons, CRLF, odd headers; short rows, a long row, an empty line and a footer."""
    header = ["Vorgang", "Eingang", "Melder", "Kontakt", "Kunde", "Betr.", "Schilderung", "Stand", "Bearb."]
    lines, themes = [";".join(header)], []
    for number, row in enumerate(rows):
        person = people[row["who"]]
        ticket = f"DE-{3301 + number * 2}"
        day, clock = row["when"].split()
        text = row["text"].replace(" / ", "\n")
        cells = [
            ticket, f"{day}.2026 {clock}", person["name"], person["email"] if number % 4 != 3 else "",
            accounts[person["account"]]["name"], row["title"], text, row["state"], "LM",
        ]
        if number in (4, 9):
            cells = cells[:7]
        if number == 12:
            cells += ["", ""]
        lines.append(";".join(cell_of(cell) for cell in cells))
        if number == 7:
            lines.append("")
        themes.append((ticket, words_of(row["themes"])))
    lines.append(f"Anzahl Vorgänge: {len(rows)}")
    # The old system had no dotless i, and neither has Latin-1.
    return ("\r\n".join(lines) + "\r\n").replace("ı", "i").encode("latin-1"), themes


def cell_of(text):
    return '"' + text.replace('"', '""') + '"' if re.search('[;"\n]', text) else text


# ---------------------------------------------------------------------------------- mail


def mbox(records):
    """Plain, quoted-printable, base64 and two-part messages, as mailboxes have them."""
    out, themes = [], []
    for number, record in enumerate(records):
        author, at = record["author"], record["at"]
        message_id = f"<{stable_hex(author['email'] + iso(at), 20)}@{author['email'].split('@')[1]}>"
        head = [
            f"From {author['email']} {at:%a %b %e %H:%M:%S %Y}",
            f"From: {encoded(author['name'])} <{author['email']}>",
            "To: Rotaboard Support <support@rotaboard.example>",
            f"Subject: {encoded(record['title'])}",
            f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000",
            f"Message-ID: {message_id}",
            "MIME-Version: 1.0",
        ]
        if record["options"].get("kind") == "auto":
            head.append("Auto-Submitted: auto-generated")
        if record["options"].get("kind") == "spam":
            head.append("List-Unsubscribe: <https://caretoday.example/u/1>")
        if "html" in record["options"]:
            boundary = "=_part_" + stable_hex(message_id, 16)
            head.append(f'Content-Type: multipart/alternative; boundary="{boundary}"')
            body = "\n".join([
                f"--{boundary}", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
                printable(text_of_html(record["body"])), f"--{boundary}",
                "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "",
                base64.encodebytes(record["body"].encode()).decode().strip(), f"--{boundary}--",
            ])
        elif number % 5 == 4:
            head += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"]
            body = base64.encodebytes(record["body"].encode()).decode().strip()
        elif record["body"].isascii():
            head += ["Content-Type: text/plain; charset=us-ascii"]
            body = record["body"]
        elif number % 2:
            head += ["Content-Type: text/plain; charset=iso-8859-1", "Content-Transfer-Encoding: quoted-printable"]
            body = printable(record["body"], "latin-1")
        else:
            head += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"]
            body = printable(record["body"])
        body = re.sub(r"(?m)^(>*From )", r">\1", body)
        out.append("\n".join(head) + "\n\n" + body + "\n\n")
        themes.append((message_id, themes_of(record["options"])))
    return "".join(out).encode(), themes


def printable(text, charset="utf-8"):
    return quopri.encodestring(text.encode(charset)).decode("ascii").replace("\r\n", "\n")


def encoded(text):
    return text if text.isascii() else "=?utf-8?B?" + base64.b64encode(text.encode()).decode() + "?="


# --------------------------------------------------------------------------------- slack


def slack_zip(records, people):
    """A workspace export: users, channels, one file for each channel and day."""
    team = [person for person in people.values() if person["is_team"]]
    user_id = {person["key"]: "U" + stable_hex("slack " + person["key"], 8).upper() for person in team}
    channels, days, themes = {}, {}, []

    def mention(text):
        return re.sub(r"@(\w+)\b", lambda m: f"<@{user_id[m[1]]}>" if m[1] in user_id else m[0], text)

    for record in records:
        channel = record["options"]["ch"]
        channels.setdefault(channel, record["at"])
        root = None
        parts = [record, *record["replies"]]
        for part in parts:
            ts = f"{int(part['at'].timestamp())}.{stable_number(part['body'] + part['author_key'], 6)}"
            text = mention(part["body"])
            if part["author_key"].startswith("bot:"):
                name = part["author_key"][4:]
                message = {"type": "message", "subtype": "bot_message", "bot_id": "B" + stable_hex(name, 8).upper(), "username": name, "text": text, "ts": ts}
            else:
                message = {"type": "message", "user": user_id[part["author_key"]], "text": text, "ts": ts}
            if part is record and "sub" in record["options"]:
                message["subtype"] = record["options"]["sub"]
                message["text"] = f"<@{message['user']}> {text}"
            if len(parts) > 1:
                root = root or ts
                message["thread_ts"] = root
                if part is record:
                    message["reply_count"] = len(parts) - 1
            if part is record and "react" in record["options"]:
                name, _, count = record["options"]["react"].partition(":")
                message["reactions"] = [{"name": name, "count": int(count), "users": [user_id["ruth"]]}]
            days.setdefault((channel, f"{part['at']:%Y-%m-%d}"), []).append(message)
            if part is record:
                themes.append((ts, themes_of(record["options"])))
    files = {
        "channels.json": [
            {"id": "C" + stable_hex("channel " + name, 8).upper(), "name": name, "created": int(since.timestamp()), "is_archived": False, "members": sorted(user_id.values())}
            for name, since in sorted(channels.items())
        ],
        "users.json": [
            {
                "id": user_id[person["key"]], "name": person["email"].split("@")[0], "deleted": False, "is_bot": False,
                "real_name": person["name"], "profile": {"real_name": person["name"], "display_name": person["key"], "email": person["email"], "title": person["role"]},
            }
            for person in team
        ],
    }
    for (channel, day), messages in sorted(days.items()):
        files[f"{channel}/{day}.json"] = sorted(messages, key=lambda message: message["ts"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            # A fixed time and system, so that the archive's bytes depend on its content alone.
            entry = zipfile.ZipInfo(name, (2026, 10, 1, 6, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, json.dumps(content, ensure_ascii=False, indent=1))
    return buffer.getvalue(), themes


# ------------------------------------------------------------------------------ trackers


def github(records):
    """Issues as the REST interface lists them; pull requests are among them."""
    issues, themes = [], []
    for position, record in enumerate(records):
        number, options = 41 + position * 7 + stable_number(record["title"], 1) % 6, record["options"]
        last = record["replies"][-1]["at"] if record["replies"] else record["at"]
        url = f"https://github.example/rotaboard/rotaboard/{'pull' if 'pr' in options else 'issues'}/{number}"
        issue = {
            "id": stable_number(f"github {number}", 10), "number": number, "title": record["title"],
            "user": {"login": record["author"]["name"], "type": "User"},
            "labels": [{"name": label} for label in options.get("labels", "").split(",") if label],
            "state": options.get("state", "open"), "comments": len(record["replies"]),
            "created_at": iso(record["at"]), "updated_at": iso(last),
            "closed_at": iso(last) if options.get("state") == "closed" else None,
            "body": record["body"], "reactions": {"total_count": int(options.get("react", 0)), "+1": int(options.get("react", 0)), "-1": 0},
            "html_url": url,
        }
        if "pr" in options:
            issue["pull_request"] = {"html_url": url}
        issues.append(issue)
        themes.append((str(number), themes_of(options)))
    return issues, themes


def jira_csv(records):
    """Header and rows of Jira's own export: a column is repeated as often as its fullest issue needs."""
    n_labels = max(len(r["options"].get("labels", "").split(",")) for r in records)
    n_comments = max(len(r["replies"]) for r in records)
    header = ["Summary", "Issue key", "Issue id", "Issue Type", "Status", "Priority", "Reporter", "Created", "Updated"]
    header += ["Labels"] * n_labels + ["Description"] + ["Comment"] * n_comments
    rows, themes = [], []

    def stamp(moment):
        return f"{moment:%d/%b/%y} {moment.hour % 12 or 12}:{moment:%M %p}"

    for position, record in enumerate(records):
        key, options = f"SUP-{210 + position * 9}", record["options"]
        labels = options.get("labels", "").split(",")
        comments = [f"{stamp(r['at'])};{r['author']['email'].split('@')[0]};{r['body']}" for r in record["replies"]]
        last = record["replies"][-1]["at"] if record["replies"] else record["at"]
        rows.append(
            [record["title"], key, stable_number("sup " + key, 5), options["type"], options["status"], options["prio"], record["author"]["name"], stamp(record["at"]), stamp(last)]
            + labels + [""] * (n_labels - len(labels)) + [record["body"]] + comments + [""] * (n_comments - len(comments))
        )
        themes.append((key, themes_of(options)))
    return header, rows, themes


# ------------------------------------------------------------------------------- reviews


def app_store(rows):
    data, themes = [], []
    for row in rows:
        review_id = f"{stable_hex(row['nick'] + row['text'], 8)}-{stable_hex(row['title'] + row['text'], 4)}-4d1f-8e00-0000014f2c9a"
        data.append({
            "type": "customerReviews", "id": review_id,
            "attributes": {
                "rating": int(row["stars"]), "title": row["title"], "body": row["text"], "reviewerNickname": row["nick"],
                "createdDate": instant(f"{row['when']} {stable_number(row['nick'], 2) % 24}:{stable_number(row['text'], 2) % 60}").strftime("%Y-%m-%dT%H:%M:%S-07:00"),
                "territory": row["territory"],
            },
        })
        themes.append((review_id, words_of(row["themes"])))
    return {"data": data, "links": {"self": "https://api.appstoreconnect.example/v1/apps/1544000000/customerReviews"}, "meta": {"paging": {"total": len(data), "limit": 200}}}, themes


def google_play(rows):
    reviews, themes = [], []
    for row in rows:
        review_id = f"gp:AOqpTO{stable_hex(row['who'] + row['text'], 40)}"
        at = instant(f"{row['when']} {stable_number(row['who'] + row['when'], 2) % 24}:{stable_number(row['text'], 2) % 60}")
        text = (row["title"] + "\t" if row["title"] else "\t") + row["text"]
        reviews.append({
            "reviewId": review_id, "authorName": row["who"],
            "comments": [{"userComment": {
                "text": text, "lastModified": {"seconds": str(int(at.timestamp())), "nanos": 0}, "starRating": int(row["stars"]),
                "reviewerLanguage": row["language"], "device": row["device"], "androidOsVersion": int(row["android"]),
                "appVersionCode": int(re.sub(r"\D", "", row["version"])), "appVersionName": row["version"],
                "thumbsUpCount": int(row["thumbs"]), "thumbsDownCount": 0,
            }}],
        })
        themes.append((review_id, words_of(row["themes"])))
    return {"reviews": reviews, "tokenPagination": None}, themes


# ------------------------------------------------------------------------------- boards


def canny_person(person):
    return {"id": stable_hex("canny " + person["key"], 24), "name": person["name"], "email": person["email"], "isAdmin": person["is_team"], "url": None, "userID": None}


def canny(rows, accounts, people):
    """Posts, and those of their votes whose voters are known."""
    posts, votes, themes = [], [], []
    for row in rows:
        author, post_id = people[row["who"]], stable_hex("post " + row["title"], 24)
        at = instant(row["when"] + " 10:30")
        posts.append({
            "id": post_id, "title": row["title"], "details": row["text"], "author": canny_person(author), "by": None,
            "board": {"id": stable_hex("board", 24), "name": "Ideas", "postCount": len(rows)}, "category": None,
            "status": row["status"], "score": int(row["votes"]), "commentCount": int(row["comments"]), "created": iso(at).replace("Z", ".000Z"),
            "tags": [], "mergeHistory": [], "url": f"https://ideas.rotaboard.example/p/{re.sub(r'[^a-z0-9]+', '-', row['title'].lower()).strip('-')}",
        })
        for position, key in enumerate(row["voters"].split()):
            votes.append({
                "id": stable_hex(f"vote {post_id} {key}", 24), "by": None, "created": iso(at).replace("Z", f".{position:03d}Z"),
                "post": {"id": post_id, "title": row["title"]}, "voter": canny_person(people[key]),
            })
        themes.append((post_id, words_of(row["themes"])))
    return {"hasMore": False, "posts": posts, "votes": votes}, themes


def fider(rows, people):
    header = ["number", "title", "description", "created_at", "created_by", "votes_count", "comments_count", "status", "responded_by", "responded_at", "response", "original_number", "original_title", "tags"]
    responses = {
        "planned": ("Ruth Vale", "2026-03-02T09:00:00Z", "On our list for this year."),
        "completed": ("Ruth Vale", "2026-06-03T12:30:00Z", "Print week (PDF) is there for everybody."),
        "duplicate": ("Hanna Reyes", "", ""),
    }
    out, themes = [], []
    numbers = [12 + 5 * position for position in range(len(rows))]
    for number, row in zip(numbers, rows):
        original = int(row["of"]) - 1 if row["of"] else None
        by, on, response = responses.get(row["status"], ("", "", ""))
        out.append([
            number, row["title"], row["text"], iso(instant(row["when"] + " 09:15")), people[row["who"]]["name"], row["votes"], row["comments"], row["status"],
            by, on, response, numbers[original] if original is not None else "", rows[original]["title"] if original is not None else "", "",
        ])
        themes.append((str(number), words_of(row["themes"])))
    return header, out, themes


def productboard(records, accounts, people):
    notes, themes = [], []
    for record in records:
        about, options = people[record["options"]["about"]], record["options"]
        note_id = "-".join(stable_hex(record["title"], 32)[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
        content = "".join(f"<p>{part}</p>" for part in record["body"].split("\n\n"))
        notes.append({
            "id": note_id, "title": record["title"], "content": content,
            "displayUrl": f"https://rotaboard.productboard.example/all-notes/notes/{stable_number(note_id, 8)}", "externalDisplayUrl": None,
            "company": {"id": stable_hex("pb " + about["account"], 24), "domain": accounts[about["account"]]["domain"]},
            "user": {"id": stable_hex("pb " + about["email"], 24), "email": about["email"], "external_id": None},
            "owner": {"name": record["author"]["name"], "email": record["author"]["email"]},
            "followers": [], "state": "unprocessed" if record["at"].month > 7 else "processed",
            "source": {"origin": options["origin"], "record_id": str(stable_number("pb record " + note_id, 9))},
            "tags": options["tags"].split(","), "features": [],
            "createdAt": iso(record["at"]), "updatedAt": iso(record["at"]),
        })
        themes.append((note_id, themes_of(options)))
    return {"data": notes, "pageCursor": None, "totalResults": len(notes)}, themes
