"""Sentences to fit the table on, from text of clear licence, and sentences made from a small grammar.

Every source is a function from nothing to an iterator of sentences; `SOURCES` says which are used, how many of each at
most, and under what licence. Order and choice depend on nothing but the installed texts and the seed.
"""

import html
import json
import pathlib
import random
import re
import subprocess
import tempfile

from teacher import package_file

HERE = pathlib.Path(__file__).parent
WORDNET = pathlib.Path("/usr/share/wordnet")
OFFICE_HELP = pathlib.Path("/usr/share/libreoffice/help/en-US/text")
SEED = 7


def sentences(paragraph):
    """Cut a paragraph after full stops, question and exclamation marks that a capital follows."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z\"'(])", " ".join(paragraph.split()))


def chat():
    """Utterances of people talking with each other; a turn of several messages also gives the whole turn."""
    talks = json.loads(package_file("chitchat_dataset", "dataset.json").read_text(encoding="utf-8"))
    for talk in talks.values():
        for turn in talk["messages"]:
            texts = [message["text"].strip() for message in turn]
            yield from texts
            if 1 < len(texts) <= 4:
                yield " ".join(texts)


def chat_multilingual():
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


def wordnet():
    """Definitions, with and without the word they define, and the example sentences."""
    for _, _, lemmas, gloss in synsets():
        definition = re.split(r'; "', gloss)[0].strip(" ;")
        yield definition
        yield f"{', '.join(lemmas[:3])}: {definition}"
        yield from re.findall(r'"([^"]+)"', gloss)


def package_descriptions():
    """Sentences of Debian's package descriptions, each paragraph once."""
    with tempfile.TemporaryDirectory() as state:
        subprocess.run(
            ["apt-get", "update", "-qq", "-o", f"Dir::State::lists={state}", "-o", "Acquire::Languages=en"], check=True
        )
        lists = sorted(pathlib.Path(state).glob("*_bookworm_main_*Translation-en*"))
        text = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", *map(str, lists)], check=True, capture_output=True)
    seen = set()
    for entry in text.stdout.decode().split("\n\n"):
        _, _, description = entry.partition("\nDescription-en: ")
        headline, _, body = description.partition("\n")
        yield headline
        for paragraph in re.split(r"\n \.\n", body):
            if paragraph not in seen and not re.search(r"^\s+[-*o•]\s|^  ", paragraph, re.M):
                seen.add(paragraph)
                yield from (s for s in sentences(paragraph) if "This package" not in s)


def office_help():
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


def made():
    """Endless sentences of the grammar."""
    grammar = Grammar(SEED)
    while True:
        yield grammar.sentence()


# name: (sentences of, at most, licence)
SOURCES = {
    "chat": (chat, 200_000, "MIT (chitchat-dataset, BYU)"),
    "chat, five languages": (chat_multilingual, 20_000, "BSD-3-Clause (chatterbot-corpus)"),
    "WordNet": (wordnet, 130_000, "WordNet 3.0 licence (Debian wordnet-base)"),
    "package descriptions": (package_descriptions, 80_000, "free licences, each package's own (Debian main)"),
    "office help": (office_help, 30_000, "MPL-2.0 (LibreOffice help)"),
    "grammar": (made, 200_000, "own text over WordNet words"),
}


def wanted(text):
    """Two words at least, few symbols, not too long."""
    letters = sum(c.isalpha() or c == " " for c in text)
    return 6 <= len(text) <= 220 and " " in text and letters >= 0.75 * len(text)


def load():
    """(source name, sentence) pairs, each sentence once, shuffled."""
    shuffle = random.Random(SEED)
    seen, out = set(), []
    for name, (source, at_most, _) in SOURCES.items():
        if source is made:
            chosen, stream = [], source()
            while len(chosen) < at_most:
                text = next(stream)
                if wanted(text) and text.lower() not in seen:
                    seen.add(text.lower())
                    chosen.append(text)
        else:
            found = {t.lower(): t for t in map(str.strip, source()) if wanted(t)}
            chosen = [t for k, t in found.items() if k not in seen]
            seen.update(found)
            shuffle.shuffle(chosen)
            chosen = chosen[:at_most]
        out += [(name, t) for t in chosen]
    shuffle.shuffle(out)
    return out
