"""Sentences to fit the table on, from text of clear licence, and sentences made from a small grammar.

Every source is a function from a scratch folder, which keeps what apt fetches, to an iterator of sentences; `SOURCES` says
which are used, how many of each at most, and under what licence. Order and choice depend on nothing but the texts and the
seed.
"""

import html
import json
import pathlib
import random
import re
import struct
import subprocess
import tarfile

import yaml

from teacher import package_file

HERE = pathlib.Path(__file__).parent
WORDNET = pathlib.Path("/usr/share/wordnet")
OFFICE_HELP = pathlib.Path("/usr/share/libreoffice/help/en-US/text")
SEED = 7


def sentences(paragraph):
    """Cut a paragraph after full stops, question and exclamation marks that a capital follows."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z\"'(])", " ".join(paragraph.split()))


def chat(_):
    """Utterances of people talking with each other; a turn of several messages also gives the whole turn."""
    talks = json.loads(package_file("chitchat_dataset", "dataset.json").read_text(encoding="utf-8"))
    for talk in talks.values():
        for turn in talk["messages"]:
            texts = [message["text"].strip() for message in turn]
            yield from texts
            if 1 < len(texts) <= 4:
                yield " ".join(texts)


def chat_multilingual(_):
    """Short questions and answers in English, German, French, Spanish and Portuguese."""
    folder = package_file("chatterbot_corpus", "data")
    for language in ("english", "german", "french", "spanish", "portuguese"):
        for path in sorted((folder / language).glob("*.yml")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.startswith(("- - ", "  - ")):
                    yield line[4:].strip().strip("'\"")


def synsets():
    """(part of speech, lexicographer file, lemmas, gloss) of each WordNet entry."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (WORDNET / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):
                head, gloss = line.split(" | ", 1)
                field = head.split()
                lemmas = [re.sub(r"\(\w+\)$", "", w).replace("_", " ") for w in field[4 : 4 + 2 * int(field[3], 16) : 2]]
                yield part, int(field[1]), lemmas, gloss.strip()


def wordnet(_):
    """Definitions, with and without the word they define, and the example sentences."""
    for _, _, lemmas, gloss in synsets():
        definition = re.split(r'; "', gloss)[0].strip(" ;")
        yield definition
        yield f"{', '.join(lemmas[:3])}: {definition}"
        yield from re.findall(r'"([^"]+)"', gloss)


LANGUAGES = {"de": "de", "fr": "fr", "es": "es", "pt": "pt_BR"}  # of translations, and how catalogues name them


def archive_lists(scratch, pattern):
    """Text of the archive's lists whose names match, fetched once into the scratch folder."""
    state = scratch / "lists"
    if not state.exists():
        (state / "partial").mkdir(parents=True)
        fetch = ["apt-get", "update", "-qq", "-o", f"Dir::State::lists={state}", "-o", "Acquire::Languages=en"]
        subprocess.run(fetch, check=True)
    lists = map(str, sorted(state.glob(pattern)))
    return subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", *lists], check=True, capture_output=True).stdout.decode()


def package_descriptions(scratch):
    """Sentences of Debian's package descriptions, each paragraph once."""
    seen = set()
    for entry in archive_lists(scratch, "*_bookworm_main_*Translation-en*").split("\n\n"):
        _, _, description = entry.partition("\nDescription-en: ")
        headline, _, body = description.partition("\n")
        yield headline
        for paragraph in re.split(r"\n \.\n", body):
            if paragraph not in seen and not re.search(r"^\s+[-*o•]\s|^  ", paragraph, re.M):
                seen.add(paragraph)
                yield from (s for s in sentences(paragraph) if "This package" not in s)


def application_descriptions(scratch):
    """Sentences with which Debian's graphical programs present themselves: what each is for and what it can do."""
    for entry in yaml.load_all(archive_lists(scratch, "*_bookworm_main_dep11_*"), yaml.CSafeLoader):
        yield " ".join(entry.get("Summary", {}).get("C", "").split())
        for paragraph in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", entry.get("Description", {}).get("C", ""), re.S):
            yield from sentences(html.unescape(re.sub(r"<[^>]+>", "", paragraph)))


def package_files(scratch, pattern):
    """Contents of the files of the packages in `packages.txt` whose paths match, in the order of the packages."""
    folder = scratch / "packages"
    folder.mkdir(exist_ok=True)
    for package in (HERE / "packages.txt").read_text(encoding="utf-8").split():
        found = sorted(folder.glob(f"{package}_*.deb"))
        if not found:
            subprocess.run(["apt-get", "download", "-qq", package], check=True, cwd=folder)
            found = sorted(folder.glob(f"{package}_*.deb"))
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(found[-1])], stdout=subprocess.PIPE) as unpacked:
            archive = tarfile.open(fileobj=unpacked.stdout, mode="r|")
            for member in archive:
                if member.isfile() and re.search(pattern, member.name):
                    yield member.name, archive.extractfile(member).read()


def catalogue_entries(catalogue):
    """(original, translation) pairs of a compiled message catalogue (GNU gettext, .mo), singular forms alone."""
    order = "<" if catalogue[:4] == b"\xde\x12\x04\x95" else ">"
    count, originals, translations = struct.unpack_from(order + "3I", catalogue, 8)
    for entry in range(count):
        pair = []
        for at in (originals, translations):
            length, start = struct.unpack_from(order + "2I", catalogue, at + 8 * entry)
            pair.append(catalogue[start : start + length].split(b"\0")[0].decode("utf-8", "replace"))
        yield pair[0].rpartition("\4")[2], pair[1]


def plain_message(message):
    """A message without mark-up, key marks and the places where values are filled in."""
    message = re.sub(r"<[^>]+>|[_&~](?=\w)", "", message)
    quoted = r"[\"'“‘„«(\[]?{}[\"'”’“»)\]]?"
    message = re.sub(quoted.format(r"%(?:\d\$|\(\w+\))?-?[\d.]*l?[sdiuf1-9]") + "|" + quoted.format(r"\{\w*\}"), "", message)
    return " ".join(message.split())


def interface_texts(scratch):
    """What programs say to their users: labels, hints, questions and error messages, from their translation catalogues."""
    for _, catalogue in package_files(scratch, r"/de/LC_MESSAGES/[^/]+\.mo$"):
        yield from (plain_message(original) for original, _ in catalogue_entries(catalogue))


def translations(scratch):
    """(English text, its translation) pairs into German, French, Spanish and Portuguese, from the same catalogues."""
    names = "|".join(LANGUAGES.values())
    for _, catalogue in package_files(scratch, rf"/(?:{names})/LC_MESSAGES/[^/]+\.mo$"):
        for original, translation in catalogue_entries(catalogue):
            yield plain_message(original), plain_message(translation)
    for entry in yaml.load_all(archive_lists(scratch, "*_bookworm_main_dep11_*"), yaml.CSafeLoader):
        summary = entry.get("Summary", {})
        yield from ((summary.get("C", ""), summary[name]) for name in LANGUAGES.values() if name in summary)


def handbooks(scratch):
    """Sentences of the handbooks of programs: what one wants to do, and how."""
    for _, page in package_files(scratch, r"/(?:C|en)/.*\.(?:page|docbook)$"):
        text = re.sub(r"<!--.*?-->|<(info|bookinfo|legalnotice|screen|programlisting|code)\b.*?</\1>", "", page.decode(), flags=re.S)
        for _, paragraph in re.findall(r"<(p|para|title|desc)\b[^>]*>(.*?)</\1>", text, re.S):
            bare = html.unescape(re.sub(r"<[^>]+>", "", paragraph))
            yield from sentences(re.sub(r"&([\w-]+);", r"\1", bare))


def office_help(_):
    """Sentences of LibreOffice's help: what menus, settings and functions do."""
    for path in sorted(OFFICE_HELP.rglob("*.html")):
        if "sbasic" not in path.parts:
            page = path.read_text(encoding="utf-8").partition("<footer>")[0]
            for paragraph in re.findall(r"<(?:p|h\d)\b[^>]*>(.*?)</(?:p|h\d)>", page, re.S):
                yield from sentences(html.unescape(re.sub(r"<[^>]+>", "", paragraph)))


class Grammar:
    """Random expansion of `grammar.txt`, with words of WordNet in the open slots."""

    NOUN_FILES = {4, 6, 7, 9, 10, 13, 14, 21, 26, 28}  # act, artifact, attribute, cognition, communication, food, ...
    PERSON, PLACE = 18, 15
    SLOT = re.compile(r"\{(\w+)\}")

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.rules, name = {}, ""
        for line in (HERE / "grammar.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("+"):
                self.rules[name] += [p.strip() for p in line[1:].split(" | ") if p.strip()]
            elif line and not line.startswith("#"):
                name, _, productions = line.partition(": ")
                self.rules[name] = [p.strip() for p in productions.split(" | ")]
        self.irregular = {}
        for line in (WORDNET / "verb.exc").read_text(encoding="utf-8").splitlines():
            form, base = line.split()[:2]
            ending = "ing" if form.endswith("ing") else "ed"
            self.irregular.setdefault((base, ending), form)
        self.words = self._lexicon()

    def _lexicon(self):
        """Words for each open slot with cumulative weights: count ** 0.7, and little for words never counted."""
        count, first = {}, {}
        for line in (WORDNET / "cntlist.rev").read_text(encoding="utf-8").splitlines():
            key, sense, n = line.split()
            lemma, _, rest = key.partition("%")
            kind, file = int(rest[0]), int(rest[2:4])
            count[lemma, kind] = count.get((lemma, kind), 0) + int(n)
            if sense == "1":
                first[lemma, kind] = file
        table = {"noun": {}, "verb": {}, "adjective": {}, "person": {}, "place": {}}
        kinds = {"noun": 1, "verb": 2, "adj": 3}
        for part, file, lemmas, _ in synsets():
            for lemma in lemmas if part in kinds else []:
                key = (lemma.replace(" ", "_").lower(), kinds[part])
                if part == "noun":
                    slot = {self.PERSON: "person", self.PLACE: "place"}.get(file, "noun" if file in self.NOUN_FILES else None)
                else:
                    slot = "verb" if part == "verb" else "adjective"
                if slot and len(lemma) > 2 and first.get(key, file) == file and (count.get(key) or " " not in lemma or part == "noun"):
                    rare = 0.02 if lemma.islower() and lemma.isalpha() else 0.006
                    table[slot][lemma] = count[key] ** 0.7 if count.get(key) else rare
        out = {}
        for slot, weights in table.items():
            names, total, sums = sorted(weights), 0.0, []
            for n in names:
                total += weights[n]
                sums.append(total)
            out[slot] = (names, sums)
        return out

    def inflect(self, verb, ending):
        """-ing and -ed forms of the first word of a verb."""
        word, _, rest = verb.partition(" ")
        form = self.irregular.get((word, ending))
        if form is None:
            stem = word
            if ending == "ing" and word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
                stem = word[:-1]
            elif ending == "ed" and word.endswith("e"):
                stem = word[:-1]
            elif ending == "ed" and re.search(r"[^aeiou]y$", word):
                stem = word[:-1] + "i"
            form = stem + ending
        return f"{form} {rest}".strip()

    def word(self, slot):
        """A word of WordNet for an open slot, or None when the slot is a rule."""
        base = {"nouns": "noun", "verbing": "verb", "verbed": "verb"}.get(slot, slot)
        if base not in self.words:
            return None
        names, sums = self.words[base]
        if base == "verb" and self.random.random() < 0.5:
            chosen = self.random.choice(self.rules["action"])
        else:
            chosen = self.random.choices(names, cum_weights=sums)[0]
        if slot == "nouns":
            return chosen + ("es" if re.search(r"(s|x|ch|sh)$", chosen) else "s")
        return self.inflect(chosen, slot[4:]) if slot in ("verbing", "verbed") else chosen

    def expand(self, slot):
        """One random text for a slot."""
        found = self.word(slot)
        if found is not None:
            return found
        return self.SLOT.sub(lambda m: self.expand(m[1]), self.random.choice(self.rules[slot]))

    def sentence(self):
        """One sentence; sometimes capitalised, sometimes without its question mark, as people type."""
        text = self.expand("sentence")
        style = self.random.random()
        if style < 0.4:
            text = text[0].upper() + text[1:]
        if style > 0.8:
            text = text.rstrip("?")
        return text


def made(_):
    """Endless sentences of the grammar."""
    grammar = Grammar(SEED)
    while True:
        yield grammar.sentence()


# name: (sentences of, at most, licence)
SOURCES = {
    "chat": (chat, 150_000, "MIT (chitchat-dataset, BYU)"),
    "chat, five languages": (chat_multilingual, 20_000, "BSD-3-Clause (chatterbot-corpus)"),
    "WordNet": (wordnet, 110_000, "WordNet 3.0 licence (Debian wordnet-base)"),
    "package descriptions": (package_descriptions, 80_000, "free licences, each package's own (Debian main)"),
    "office help": (office_help, 30_000, "MPL-2.0 (LibreOffice help)"),
    "application descriptions": (application_descriptions, 30_000, "free licences, each program's own (Debian main)"),
    "interface texts": (interface_texts, 80_000, "free licences, each program's own (Debian main)"),
    "handbooks": (handbooks, 80_000, "free licences, each program's own (Debian main)"),
    "grammar": (made, 60_000, "own text over WordNet words"),
}


def wanted(text):
    """Two words at least, few symbols, not too long."""
    letters = sum(c.isalpha() or c == " " for c in text)
    return 6 <= len(text) <= 120 and " " in text and letters >= 0.75 * len(text)


def load(scratch):
    """Sentences of each source, shortest first; a sentence counts once, for the first source that has it."""
    shuffle = random.Random(SEED)
    seen = set()
    for name, (source, at_most, _) in SOURCES.items():
        found = {}
        for text in map(str.strip, source(scratch)):
            if wanted(text) and text.lower() not in seen:
                found.setdefault(text.lower(), text)
            if source is made and len(found) == at_most:
                break
        seen.update(found)
        chosen = sorted(found.values())
        shuffle.shuffle(chosen)
        yield name, sorted(chosen[:at_most], key=lambda text: (len(text), text))


def load_translations(scratch, known):
    """(English text, its translation) for translations of the texts in `known`, each translation once, in a fixed order."""
    found = {}
    for text, translation in translations(scratch):
        if text in known and wanted(translation) and translation.lower() != text.lower():
            found.setdefault(translation.lower(), (text, translation))
    return sorted(found.values())
