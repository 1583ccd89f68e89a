"""Reads the hand-written sources in `texts/`: the cast, and blocks of text.

In: `texts/accounts.csv`, `texts/people.csv`, and text files in the block format below.
Out: plain dicts and lists, in file order.

Block format, made for writing prose with little around it:

    @sig KEY / @macro NAME      a named paragraph, put in later by a line `%sig` or `%NAME`
    @@ MM-DD HH:MM | author | options | title
    body, any number of lines
    @+ MM-DD HH:MM | author     a public reply, with its own body
    @- MM-DD HH:MM | author     a note only the team sees

`author` is a key of people.csv or `ext:Name <mail>`. Options are words or `key=value`;
`t=` lists the themes the writer had in mind and goes to `themes.csv` alone, never into the data.
All times are UTC in 2026.
"""

import csv
import datetime
import hashlib
import pathlib

HERE = pathlib.Path(__file__).parent
TEXTS = HERE / "texts"
YEAR = 2026
TEAM_DOMAIN = "rotaboard.example"


def load_csv(name):
    with open(TEXTS / name, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def load_cast():
    """People and accounts by key; accounts get stable ids in file order."""
    accounts = {}
    for position, row in enumerate(load_csv("accounts.csv"), start=1):
        row["id"] = f"ACC-{position:03d}"
        accounts[row["key"]] = row
    people = {}
    for position, row in enumerate(load_csv("people.csv"), start=1):
        row["position"] = position
        row["is_team"] = row["email"].endswith("@" + TEAM_DOMAIN)
        people[row["key"]] = row
    return accounts, people


def stable_number(text, digits):
    """A number that looks like a vendor's id and depends on the text alone."""
    value = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    low = 10 ** (digits - 1)
    return low + value % (9 * low)


def stable_hex(text, length):
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def instant(text):
    """`MM-DD HH:MM` or `MM-DD` (noon) as an aware datetime."""
    day, _, clock = text.strip().partition(" ")
    month, date = (int(part) for part in day.split("-"))
    hour, minute = (int(part) for part in (clock or "12:00").split(":"))
    return datetime.datetime(YEAR, month, date, hour, minute, tzinfo=datetime.timezone.utc)


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def options_of(text):
    options = {}
    for word in text.split():
        key, _, value = word.partition("=")
        options[key] = value or "yes"
    return options


def author_of(key, people):
    """The person behind an author key; outsiders are `ext:Name <mail>`, machines `bot` or `bot:name`."""
    if key == "bot" or key.startswith("bot:"):
        name = key[4:] or "Rotaboard helper"
        return {"key": key, "name": name, "email": "", "role": "", "account": "", "is_team": True}
    if key.startswith("ext:"):
        name, _, mail = key[4:].partition("<")
        return {
            "key": key, "name": name.strip(), "email": mail.rstrip("> ").strip(),
            "role": "", "account": "", "is_team": False,
        }
    return people[key]


def read_blocks(name, people):
    """Records of a block file, oldest first; each with its replies in written order."""
    records, paragraphs, target = [], {}, None
    for line in (TEXTS / name).read_text(encoding="utf-8").splitlines():
        if line.startswith(("@sig ", "@macro ")):
            kind, key = line[1:].split(maxsplit=1)
            target = paragraphs.setdefault((kind, key), [])
        elif line.startswith("@@ "):
            when, author, options, title = (part.strip() for part in line[3:].split("|", 3))
            record = {
                "at": instant(when), "author": author_of(author, people), "author_key": author,
                "options": options_of(options), "title": title, "lines": [], "replies": [],
            }
            records.append(record)
            target = record["lines"]
        elif line.startswith(("@+ ", "@- ")):
            when, author = (part.strip() for part in line[3:].split("|", 1))
            reply = {
                "at": instant(when), "author": author_of(author, people), "author_key": author,
                "is_public": line.startswith("@+"), "lines": [],
            }
            records[-1]["replies"].append(reply)
            target = reply["lines"]
        else:
            target.append(line)
    for record in records:
        for part in [record, *record["replies"]]:
            part["body"] = fill(part.pop("lines"), part["author_key"], paragraphs)
    return sorted(records, key=lambda record: record["at"])


def fill(lines, author_key, paragraphs):
    """The body with `%sig` and macro lines replaced by what they stand for."""
    out = []
    for line in lines:
        if line == "%sig":
            out += [""] + trimmed(paragraphs["sig", author_key])
        elif line.startswith("%") and ("macro", line[1:]) in paragraphs:
            out += trimmed(paragraphs["macro", line[1:]])
        elif line.startswith("> %") and ("macro", line[3:]) in paragraphs:
            out += ["> " + quoted for quoted in trimmed(paragraphs["macro", line[3:]])]
        else:
            out.append(line)
    return "\n".join(out).strip()


def trimmed(lines):
    return "\n".join(lines).strip().split("\n")


def read_rows(name, columns):
    """Rows of a file with one record a line, columns parted by `|`; `#` starts a comment."""
    rows = []
    for number, line in enumerate((TEXTS / name).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != len(columns):
            raise ValueError(f"{name}:{number}: {len(parts)} columns, {len(columns)} expected")
        rows.append(dict(zip(columns, parts)))
    return rows
