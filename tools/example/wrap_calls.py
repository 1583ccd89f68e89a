"""Turns written dialogues into recordings' transcripts: WebVTT, SRT, Gong, plain interviews.

In: files of `texts/calls/` and `texts/interviews/`: `# key: value` lines, then `X: what was said`,
where X is a letter bound by `# X = person key`. Out: one transcript a file.
Time is made from the number of words, at about 150 words a minute.
"""

import re

from cast import TEXTS, instant, stable_number

CUE_WORDS = 14


def read_dialogue(path, people):
    """Facts of the head, and turns of (person, text) in order."""
    facts, speakers, turns = {}, {}, []
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"# (\w) = (\S+)", line):
            speakers[match[1]] = people[match[2]]
        elif match := re.match(r"# (\w+): (.*)", line):
            facts[match[1]] = match[2]
        elif line.strip():
            who, _, said = line.partition(": ")
            turns.append((speakers[who], said))
    facts["at"] = instant(facts["at"])
    facts["themes"] = facts.get("themes", "").split(",")
    return facts, turns


def dialogues(folder, people):
    for path in sorted((TEXTS / folder).glob("*.txt")):
        yield path.stem, *read_dialogue(path, people)


def cut(said):
    """Pieces of at most about CUE_WORDS words, broken after a mark where one is near."""
    pieces, piece = [], []
    for word in said.split():
        piece.append(word)
        if len(piece) >= CUE_WORDS or (len(piece) >= CUE_WORDS - 5 and word[-1] in ",.?!"):
            pieces.append(" ".join(piece))
            piece = []
    if piece and pieces and len(piece) < 3:
        pieces[-1] += " " + " ".join(piece)
    elif piece:
        pieces.append(" ".join(piece))
    return pieces


def cues(turns, lead_ms):
    """(start, end, person, text) in milliseconds."""
    clock, out = lead_ms, []
    for number, (person, said) in enumerate(turns):
        for piece in cut(said):
            length = 350 + 390 * len(piece.split())
            out.append((clock, clock + length, person, piece))
            clock += length + 40
        clock += 120 + stable_number(f"pause {number} {said}", 3) // 2
    return out


def stamp(ms, mark):
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{ms:03d}"


def vtt(facts, turns):
    lines = ["WEBVTT", "", f"NOTE {facts['title']}", f"NOTE recorded {facts['at']:%Y-%m-%d %H:%M} UTC", ""]
    for number, (start, end, person, text) in enumerate(cues(turns, 2140), 1):
        lines += [str(number), f"{stamp(start, '.')} --> {stamp(end, '.')}", f"<v {person['name']}>{text}</v>", ""]
    return "\n".join(lines)


def srt(facts, turns):
    lines = []
    for number, (start, end, person, text) in enumerate(cues(turns, 900), 1):
        lines += [str(number), f"{stamp(start, ',')} --> {stamp(end, ',')}", f"{person['name']}: {text}", ""]
    return "\r\n".join(lines)


def gong(facts, turns):
    """Transcripts by speaker id, and who the speakers are."""
    call_id = str(stable_number("gong " + facts["title"], 19))
    people = {person["key"]: person for person, _ in turns}
    speaker = {key: str(stable_number("gong speaker " + key, 19)) for key in people}
    monologues = []
    clock = 3200
    for person, said in turns:
        sentences = []
        for sentence in re.findall(r"[^.?!]+[.?!]*\s*", said):
            length = 300 + 380 * len(sentence.split())
            sentences.append({"start": clock, "end": clock + length, "text": sentence.strip()})
            clock += length + 60
        monologues.append({"speakerId": speaker[person["key"]], "topic": None, "sentences": sentences})
        clock += 400
    return {
        "requestId": "4al018gzaztcr8nbukw",
        "records": {"totalRecords": 1, "currentPageSize": 1, "currentPageNumber": 0},
        "callTranscripts": [{"callId": call_id, "transcript": monologues}],
        "calls": [{
            "metaData": {
                "id": call_id, "title": facts["title"], "started": facts["at"].strftime("%Y-%m-%dT%H:%M:%S+00:00"),
                "duration": clock // 1000, "direction": "Conference", "system": "Zoom", "scope": "External", "language": "eng",
            },
            "parties": [
                {
                    "id": str(stable_number("gong party " + key, 19)), "speakerId": speaker[key], "name": person["name"],
                    "emailAddress": person["email"], "title": person["role"],
                    "affiliation": "Internal" if person["is_team"] else "External",
                }
                for key, person in sorted(people.items())
            ],
        }],
    }, call_id


def interview(facts, turns):
    """`Name: text`, with a head as people type it."""
    head = [facts["title"], f"{facts['at']:%d.%m.%Y}, {facts['at']:%H:%M} UTC", facts["note"], ""]
    return "\n".join(head + [f"{person['name']}: {said}\n" for person, said in turns])
