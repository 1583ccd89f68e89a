//! Transcripts of calls and interviews: WebVTT, SRT, and plain text with speakers.
//!
//! One record per file; one utterance per cue or turn, with its speaker and its place in the recording. `n_items` is
//! the number of cues or turns. A speaker is on the team when the settings say so, when the file does (a `Team:` line,
//! an internal e-mail address), or when the name itself is a role such as "Interviewer".
//! Source: WebVTT, W3C Candidate Recommendation of 4 April 2019, section 4; SRT as players read it.

use crate::dates;
use crate::decode::{At, Text};
use crate::feedback::kind;
use crate::fields::fold;
use crate::intake::Intake;
use crate::source_name;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::{Author, PartRole, RawPart, Side, SourceKind, Timestamp};

/// Longest line that is looked at as one.
const MAX_LINE_BYTES: usize = 1 << 20;

/// What the file says about itself and about who speaks.
#[derive(Debug, Default)]
struct Preamble {
    title: Option<String>,
    date: Option<Timestamp>,
    url: Option<String>,
    company: Option<String>,
    people: BTreeMap<String, Author>,
}

impl Preamble {
    /// Takes a `Key: value` line; false when the key means nothing here.
    fn see(&mut self, key: &str, value: &str) -> bool {
        let value = value.trim();
        match fold(key.trim()).as_str() {
            "title" | "meeting" | "subject" | "topic" | "call" | "meeting title" | "titel" | "titre" | "titulo" => {
                self.title = Some(value.to_owned());
            }
            "date" | "recorded" | "recorded at" | "recorded on" | "start" | "started" | "start time" | "datum"
            | "fecha" | "data" | "when" => {
                self.date = dates::parse_lone(value).or(self.date);
            }
            "url" | "link" | "recording" => self.url = Some(value.to_owned()),
            "company" | "account" | "organization" | "organisation" | "firma" | "entreprise" | "empresa" => {
                self.company = Some(value.to_owned());
            }
            "customer" | "client" | "kunde" | "cliente"
                if is_name(first_sentence(value).split(',').next().unwrap_or_default()) =>
            {
                self.company = Some(first_sentence(value).to_owned());
            }
            "participants" | "attendees" | "speakers" | "people" | "teilnehmer" | "participantes" | "with" => {
                self.add_people(value, Side::Unknown);
            }
            "interview" | "interview with" | "interviewee" | "interviewees" | "interviewpartner"
            | "interviewpartnerin" | "entretien" | "entretien avec" | "entrevista" | "entrevistado"
            | "entrevistada" | "entrevista con" => self.add_subject(value),
            "team" | "our team" | "staff" | "internal" => self.add_people(value, Side::Team),
            "customers" | "guests" | "external" => self.add_people(value, Side::Customer),
            key if side_of_role(key) != Side::Unknown => {
                let name = first_sentence(value).split(',').next().unwrap_or_default().trim();
                if !is_name(name) {
                    return false;
                }
                let mut author = person(name);
                author.side = side_of_role(key);
                self.add(author);
            }
            "kind" | "language" | "duration" | "length" | "location" | "type" | "recording id" | "id" | "call id"
            | "time" | "notes by" => {}
            _ => return false,
        }
        true
    }

    /// Takes a line about the recording that has no key: a date, perhaps behind a word such as "recorded", or a title.
    fn see_line(&mut self, line: &str) {
        let line = line.trim_start_matches(['#', '-', '*', ' ']).trim();
        let bare = line.split_once(' ').filter(|(word, _)| {
            matches!(fold(word).trim_end_matches(':'), "recorded" | "date" | "on" | "aufgenommen" | "datum")
        });
        let date = dates::parse_lone(line).or_else(|| dates::parse_lone(bare?.1));
        if date.is_some() {
            self.date = self.date.or(date);
        } else if let Some((key, value)) = line.split_once(':')
            && self.see(key, value)
        {
        } else if self.title.is_none() && !line.is_empty() {
            self.title = Some(line.to_owned());
        }
    }

    /// `Anja Tiedemann, Pflegedienstleitung, Seniorenparks Weserland`: name, role, company.
    fn add_subject(&mut self, value: &str) {
        let mut pieces = first_sentence(value).split(',').map(str::trim);
        let Some(name) = pieces.next().filter(|name| is_name(name)) else {
            return;
        };
        let mut author = person(name);
        author.side = Side::Customer;
        author.role = author.role.or_else(|| pieces.next().map(str::to_owned));
        // A place and its company in one piece cannot be told apart.
        author.company =
            author.company.or_else(|| pieces.next().filter(|company| !company.contains('(')).map(str::to_owned));
        self.add(author);
    }

    fn add(&mut self, author: Author) {
        if let Some(name) = &author.name {
            self.people.insert(fold(name), author);
        }
    }

    /// Names separated by commas or semicolons, each perhaps with an address and a company or role in brackets.
    fn add_people(&mut self, list: &str, side: Side) {
        let mut depth = 0;
        let items = list.split(|c: char| {
            match c {
                '(' | '<' | '[' => depth += 1,
                ')' | '>' | ']' => depth -= 1,
                _ => {}
            }
            depth <= 0 && (c == ';' || c == ',')
        });
        for item in items {
            let mut author = person(item);
            author.side = if author.side == Side::Unknown { side } else { author.side };
            self.add(author);
        }
    }
}

/// A value up to its first full stop that ends a sentence.
fn first_sentence(value: &str) -> &str {
    value.split_once(". ").map_or(value, |(first, _)| first).trim_end_matches('.')
}

/// `Dana Reyes <dana@x.example> (Rotaboard, product)` taken apart.
fn person(text: &str) -> Author {
    let mut author = Author::default();
    let mut rest = text.trim().to_owned();
    for (open, close) in [('<', '>'), ('(', ')'), ('[', ']')] {
        let Some(start) = rest.find(open) else {
            continue;
        };
        let end = rest[start..].find(close).map_or(rest.len(), |n| start + n);
        let inner = rest[start + 1..end].trim().to_owned();
        let without = format!("{} {}", rest[..start].trim(), rest.get(end + 1..).unwrap_or_default().trim());
        without.trim().clone_into(&mut rest);
        if crate::csv_columns::is_email(&inner) {
            author.email = Some(inner);
            continue;
        }
        let (first, second) = inner.split_once(',').unwrap_or((inner.as_str(), ""));
        match side_of_role(first) {
            Side::Unknown if !first.trim().is_empty() => author.company = Some(first.trim().to_owned()),
            side => author.side = side,
        }
        if !second.trim().is_empty() {
            author.role = Some(second.trim().to_owned());
        }
    }
    if let Some((name, company)) = rest.split_once('|') {
        author.company = author.company.or_else(|| Some(company.trim().to_owned()));
        rest.truncate(name.trim_end().len());
    }
    if crate::csv_columns::is_email(&rest) {
        author.email = Some(rest.clone());
    }
    if author.side == Side::Unknown {
        author.side = side_of_role(&rest);
    }
    author.name = Some(rest).filter(|name| !name.is_empty());
    author
}

/// The side that a role name stands for when it is used as a speaker's name.
fn side_of_role(name: &str) -> Side {
    match fold(name.trim()).trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ') {
        "interviewer" | "interviewerin" | "interviewers" | "interviewed by" | "hosts" | "moderator" | "moderatorin"
        | "facilitator" | "researcher" | "agent" | "support" | "support agent" | "sales" | "sales rep" | "rep"
        | "account executive" | "csm" | "customer success" | "internal" | "staff" | "team" | "us" | "host"
        | "entrevistador" | "enqueteur" => Side::Team,
        "customer" | "client" | "interviewee" | "participant" | "respondent" | "prospect" | "user" | "buyer"
        | "guest" | "external" | "kunde" | "kundin" | "cliente" => Side::Customer,
        "bot" | "ai notetaker" | "notetaker" | "recording" | "system" | "ivr" => Side::Machine,
        _ => Side::Unknown,
    }
}

/// Gathers the parts of one call.
struct Call {
    preamble: Preamble,
    parts: Vec<RawPart>,
    n_items: u64,
}

impl Call {
    fn new() -> Self {
        Self { preamble: Preamble::default(), parts: Vec::new(), n_items: 0 }
    }

    fn author(&self, speaker: &str) -> Author {
        let spoken = person(speaker);
        let known = spoken.name.as_ref().and_then(|name| self.preamble.people.get(&fold(name)));
        let mut author = spoken.clone();
        if let Some(known) = known {
            author.email = author.email.or_else(|| known.email.clone());
            author.role = author.role.or_else(|| known.role.clone());
            author.company = author.company.or_else(|| known.company.clone());
            if author.side == Side::Unknown {
                author.side = known.side;
            }
        }
        author
    }

    fn say(&mut self, speaker: Option<&str>, clock_ms: Option<(u64, u64)>, text: String) {
        let author = speaker.map(|speaker| self.author(speaker)).filter(|author| author.name.is_some());
        self.parts.push(RawPart { role: PartRole::Utterance, author, at: None, clock_ms, text });
    }

    /// Hands out the record.
    fn finish(mut self, intake: &mut Intake<'_>, format: &'static str) {
        let about = format!("{} {}", intake.file, self.preamble.title.as_deref().unwrap_or_default());
        let has_interviewer = self
            .parts
            .iter()
            .filter_map(|part| part.author.as_ref()?.name.as_deref())
            .any(|name| matches!(fold(name).as_str(), "interviewer" | "interviewee" | "moderator"));
        let kind = match kind::of_words(&about) {
            _ if has_interviewer => SourceKind::Interview,
            Some(SourceKind::Interview) => SourceKind::Interview,
            Some(SourceKind::Support) => SourceKind::Support,
            _ => SourceKind::Call,
        };
        intake.set_format(format, kind);
        let folder = source_name::folder(&intake.file).map(source_name::slug).filter(|slug| !slug.is_empty());
        intake.set_source(
            folder.unwrap_or_else(|| if kind == SourceKind::Interview { "interviews" } else { "calls" }.to_owned()),
        );
        let stem = source_name::stem(&intake.file).to_owned();
        let mut record = intake.new_record(stem.clone());
        record.n_items = self.n_items;
        record.created_at = self.preamble.date.or_else(|| dates::in_file_name(&stem));
        record.url = self.preamble.url.take();
        self.settle_questions();
        let company = self.preamble.company.take();
        for part in &mut self.parts {
            let Some(author) = &mut part.author else {
                continue;
            };
            intake.settle_author(author);
            if author.side != Side::Team && author.side != Side::Machine && author.company.is_none() {
                author.company.clone_from(&company);
            }
        }
        if let Some(title) = self.preamble.title {
            record.tags.push(title);
        }
        record.parts = self.parts;
        intake.record(record, At::line(1));
    }

    /// In notes of an interview, `Q:` is ours and `A:` is theirs.
    fn settle_questions(&mut self) {
        let names: BTreeSet<String> = self.parts.iter().filter_map(|part| part.author.as_ref()?.name.clone()).collect();
        if names.len() != 2 || !names.contains("Q") || !names.contains("A") {
            return;
        }
        for part in &mut self.parts {
            if let Some(author) = &mut part.author {
                author.side = if author.name.as_deref() == Some("Q") { Side::Team } else { Side::Customer };
                author.name = None;
            }
        }
    }
}

/// The next line as text, with its place; long ones in pieces.
fn next_line(text: &mut Text<'_>) -> Option<(String, At)> {
    let (bare, whole) = text.line_len(MAX_LINE_BYTES)?;
    let at = text.at();
    let line = String::from_utf8_lossy(&text.data()[..bare]).into_owned();
    text.advance(whole);
    Some((line, at))
}

/// Reads WebVTT or SRT.
pub(crate) fn cues(text: &mut Text<'_>, intake: &mut Intake<'_>, format: &'static str) {
    intake.set_format(format, SourceKind::Call);
    let mut call = Call::new();
    let mut cue: Option<(Option<(u64, u64)>, String)> = None;
    let mut is_note = true;
    let mut is_fresh_block = true;
    while let Some((line, at)) = next_line(text) {
        let line = line.trim();
        if line.is_empty() {
            if let Some((clock, words)) = cue.take() {
                say_cue(&mut call, clock, &words);
            }
            is_note = false;
            is_fresh_block = true;
        } else if line.contains("-->") {
            if let Some((clock, words)) = cue.take() {
                // A number right before times without an empty line between is the next cue's, not somebody's words.
                say_cue(&mut call, clock, without_last_number_line(&words));
            }
            if let Some(clock) = timing(line) {
                call.n_items += 1;
                cue = Some((Some(clock), String::new()));
            } else {
                intake.reject(
                    1,
                    "transcript-bad-cue",
                    format!("'{}' has no readable times", crate::intake::shorten(line, 60)),
                    at,
                );
                cue = None;
            }
            is_note = false;
        } else if let Some((_, words)) = &mut cue {
            if !words.is_empty() {
                words.push('\n');
            }
            words.push_str(line);
        } else {
            let is_header = line.starts_with("WEBVTT") || line.starts_with("NOTE");
            is_note |= is_fresh_block && is_header;
            if is_note {
                let line =
                    line.trim_start_matches("WEBVTT").trim_start_matches("NOTE").trim().trim_start_matches("- ").trim();
                match line.split_once(':') {
                    Some((key, value)) if call.preamble.see(key, value) => {}
                    _ if is_header && call.n_items == 0 => call.preamble.see_line(line),
                    _ => {}
                }
            }
            is_fresh_block = false;
        }
        if intake.is_stopped() {
            return;
        }
    }
    if let Some((clock, words)) = cue.take() {
        say_cue(&mut call, clock, &words);
    }
    if call.n_items > 0 {
        call.finish(intake, format);
    } else {
        intake.error("item-without-text", "the transcript holds no cues", At::line(1));
    }
}

fn without_last_number_line(words: &str) -> &str {
    match words.rsplit_once('\n') {
        Some((before, last)) if last.trim().bytes().all(|b| b.is_ascii_digit()) => before,
        None if words.trim().bytes().all(|b| b.is_ascii_digit()) => "",
        _ => words,
    }
}

/// Splits a cue's words by voice tags, or by a `Name:` in front, and says them.
fn say_cue(call: &mut Call, clock: Option<(u64, u64)>, words: &str) {
    let mut speaker: Option<String> = None;
    let mut said = String::new();
    let mut rest = words;
    let mut has_voice = false;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        said.push_str(before);
        let Some(close) = tag.find('>') else {
            // A lone "<" is a word of the speaker.
            said.push('<');
            rest = &tag[1..];
            continue;
        };
        let inner = &tag[1..close];
        if !inner.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/') {
            said.push('<');
            rest = &tag[1..];
            continue;
        }
        let name = inner.strip_prefix('v').filter(|name| name.starts_with(['.', ' ', '\t']));
        if let Some(name) = name {
            flush_cue(call, speaker.as_deref(), clock, &said, has_voice);
            said.clear();
            has_voice = true;
            // Classes stand before the first blank: `<v.loud Mary>`.
            let name = name.split_once([' ', '\t']).map_or("", |(_, name)| name).trim();
            speaker = Some(unescape(name)).filter(|name| !name.is_empty());
        } else if !is_cue_tag(inner) {
            said.push_str(&tag[..=close]);
        }
        rest = &tag[close + 1..];
    }
    said.push_str(rest);
    flush_cue(call, speaker.as_deref(), clock, &said, has_voice);
}

/// `c`, `i`, `b`, `u`, `ruby`, `rt`, `lang` with classes and ends, `font` of SRT, and times within a cue.
fn is_cue_tag(inner: &str) -> bool {
    let name = inner.trim_start_matches('/').split(['.', ' ']).next().unwrap_or_default();
    matches!(name, "c" | "i" | "b" | "u" | "ruby" | "rt" | "lang" | "v" | "font")
        || inner.starts_with(|c: char| c.is_ascii_digit())
}

fn flush_cue(call: &mut Call, speaker: Option<&str>, clock: Option<(u64, u64)>, said: &str, has_voice: bool) {
    let said = unescape(said).split_whitespace().collect::<Vec<_>>().join(" ");
    if said.is_empty() {
        return;
    }
    if !has_voice && let Some((name, words)) = speaker_prefix(&said) {
        let (name, words) = (name.to_owned(), words.to_owned());
        call.say(Some(&name), clock, words);
    } else {
        call.say(speaker, clock, said);
    }
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&lrm;", "")
        .replace("&rlm;", "")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Start and end of a timing line; settings may follow.
fn timing(line: &str) -> Option<(u64, u64)> {
    let (from, to) = line.split_once("-->")?;
    let from = clock(from.trim())?;
    let to = clock(to.split_whitespace().next()?)?;
    Some((from, to.max(from)))
}

/// Milliseconds of `01:02:03.500`, `02:03,5` or `1:02`.
fn clock(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    if fraction.is_empty() || fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut secs = 0u64;
    let mut n = 0;
    for piece in whole.split(':') {
        if piece.is_empty() || piece.len() > 6 || !piece.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let value: u64 = piece.parse().ok()?;
        if n > 0 && value > 59 {
            return None;
        }
        secs = secs * 60 + value;
        n += 1;
    }
    if !(2..=3).contains(&n) {
        return None;
    }
    let millis: u64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    Some(secs * 1000 + millis)
}

/// `Name: words` with a name that reads like one.
fn speaker_prefix(line: &str) -> Option<(&str, &str)> {
    let colon = line.find([':', '：'])?;
    let after = line[colon..].chars().next().map_or(1, char::len_utf8);
    let (name, words) = (line[..colon].trim(), &line[colon + after..]);
    let is_spaced = words.is_empty() || words.starts_with(char::is_whitespace) || after > 1;
    (is_spaced && is_name(name)).then(|| (name, words.trim()))
}

/// Whether a text reads like the name of a person or role: up to six words, each capitalised or a particle.
fn is_name(name: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "de", "da", "do", "dos", "del", "della", "van", "von", "der", "den", "la", "le", "bin", "al", "ter", "y", "e",
        "and", "of", "at", "from",
    ];
    if name.is_empty() || name.len() > 80 || !name.starts_with(char::is_alphabetic) {
        return false;
    }
    let mut depth = 0;
    let mut n_words = 0;
    for word in name.split_whitespace() {
        if word.starts_with(['(', '[']) {
            depth += 1;
        }
        if depth == 0 {
            n_words += 1;
            let first = word.chars().next().unwrap_or(' ');
            let is_capital =
                first.is_uppercase() || first.is_ascii_digit() || (first.is_alphabetic() && !first.is_lowercase());
            if !(is_capital || PARTICLES.contains(&word) || matches!(word, "|" | "-" | "–" | "&" | "/")) {
                return false;
            }
            let is_initial = word.len() <= 3 || matches!(word, "Prof." | "Frau" | "Herr");
            if word.ends_with(['.', '!', '?', ';', '"']) && !is_initial {
                return false;
            }
        }
        if word.ends_with([')', ']']) {
            depth -= 1;
        }
    }
    (1..=6).contains(&n_words)
}

/// A line of a plain transcript.
enum Line<'l> {
    /// Speaker, when, and the words on the same line (empty where they follow).
    Turn(&'l str, Option<u64>, &'l str),
    Words(&'l str),
}

/// Recognises `Name: words`, `[00:12] Name: words`, `Name (00:12): words`, `Name  00:12` and `00:12 Name`.
fn dissect(line: &str) -> Line<'_> {
    let trimmed = line.trim();
    let (lead, rest) = leading_clock(trimmed);
    if let Some((name, words)) = speaker_prefix(rest) {
        let (name, inner) = trailing_clock(name);
        return Line::Turn(name, lead.or(inner), words);
    }
    if let Some(at) = lead {
        let name = rest.trim_start_matches(['-', '–', '|', ' ']);
        if is_name(name) && name.split_whitespace().count() <= 4 && !name.ends_with('.') {
            return Line::Turn(name, Some(at), "");
        }
        return Line::Words(trimmed);
    }
    let (name, at) = trailing_clock(trimmed);
    if at.is_some() && is_name(name) {
        return Line::Turn(name, at, "");
    }
    // `Name (00:12): words`, where the colon of the clock came first.
    if let Some(end) = trimmed.find("): ").or_else(|| trimmed.find("]: "))
        && let (name, Some(at)) = trailing_clock(&trimmed[..=end])
        && is_name(name)
    {
        return Line::Turn(name, Some(at), trimmed[end + 3..].trim());
    }
    Line::Words(trimmed)
}

fn leading_clock(line: &str) -> (Option<u64>, &str) {
    let open = line.strip_prefix(['[', '(']);
    let inner = open.unwrap_or(line);
    let end = inner.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ',')).unwrap_or(inner.len());
    let Some(at) = clock(inner[..end].trim_end_matches([':', ',', '.'])) else {
        return (None, line);
    };
    let mut rest = &inner[end..];
    if open.is_some() {
        let Some(after) = rest.strip_prefix([']', ')']) else {
            return (None, line);
        };
        rest = after;
    }
    (Some(at), rest.trim_start())
}

fn trailing_clock(line: &str) -> (&str, Option<u64>) {
    let bare = line.trim_end_matches([')', ']']);
    let start = bare
        .rfind(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.'))
        .map_or(0, |i| i + bare[i..].chars().next().map_or(1, char::len_utf8));
    match clock(&bare[start..]) {
        Some(at) if start > 0 => {
            (bare[..start].trim_end_matches(['(', '[', ' ', '\t', '-', '–', '|', ',', '@']), Some(at))
        }
        _ => (line, None),
    }
}

/// Whether text reads like a transcript: several turns, somebody speaks twice, and little lies between the turns.
pub(crate) fn looks_spoken(head: &str) -> bool {
    let mut n_turns = 0;
    let mut n_clocked = 0;
    let mut n_other = 0;
    let mut speakers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut preamble = Preamble::default();
    let mut n_since = 0;
    for line in head.lines().filter(|line| !line.trim().is_empty()).take(400) {
        match dissect(line) {
            Line::Turn(name, at, words) => {
                if n_turns == 0 && at.is_none() && preamble.see(name, words) {
                    continue;
                }
                n_turns += 1;
                n_clocked += usize::from(at.is_some());
                n_since = 0;
                *speakers.entry(name).or_default() += 1;
            }
            Line::Words(_) => {
                n_since += 1;
                // A turn may run over some lines; a page of prose after one does not make a transcript.
                n_other += usize::from(n_turns == 0 || n_since > 4);
            }
        }
    }
    let speaks_twice = speakers.values().any(|n| *n >= 2);
    let n_needed = if n_clocked * 2 >= n_turns { 2 } else { 3 };
    n_turns >= n_needed && (speaks_twice || n_clocked * 2 >= n_turns) && speakers.len() <= 40 && n_other <= n_turns
}

/// Reads plain text with speakers.
pub(crate) fn turns(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    let mut call = Call::new();
    let repeated = repeated_speakers(text);
    let mut turn: Option<(String, Option<u64>, String)> = None;
    while let Some((line, _)) = next_line(text) {
        match dissect(&line) {
            Line::Turn(name, at, words) => {
                let may_be_preamble =
                    turn.is_none() && call.n_items == 0 && at.is_none() && !repeated.contains(&fold(name));
                if may_be_preamble && call.preamble.see(name, words) {
                    continue;
                }
                if let Some((name, at, words)) = turn.take() {
                    end_turn(&mut call, &name, at, words);
                }
                turn = Some((name.to_owned(), at, words.to_owned()));
            }
            Line::Words(words) => match &mut turn {
                Some((_, _, said)) if !words.is_empty() => {
                    if !said.is_empty() {
                        said.push('\n');
                    }
                    said.push_str(words);
                }
                None if !words.is_empty() => call.preamble.see_line(words),
                _ => {}
            },
        }
        if intake.is_stopped() {
            return;
        }
    }
    if let Some((name, at, words)) = turn.take() {
        end_turn(&mut call, &name, at, words);
    }
    // A turn's end is the next turn's start.
    let starts: Vec<Option<u64>> = call.parts.iter().map(|part| part.clock_ms.map(|(start, _)| start)).collect();
    for (i, part) in call.parts.iter_mut().enumerate() {
        if let (Some((start, end)), Some(Some(next))) = (&mut part.clock_ms, starts.get(i + 1)) {
            *end = (*next).max(*start);
        }
    }
    call.finish(intake, "transcript");
}

/// Speakers, folded, who have more than one turn in the head of the file: their lines are no preamble.
fn repeated_speakers(text: &Text<'_>) -> BTreeSet<String> {
    let mut n_turns: BTreeMap<String, usize> = BTreeMap::new();
    for line in text.shown().lines().take(2000) {
        if let Line::Turn(name, ..) = dissect(line) {
            *n_turns.entry(fold(name)).or_default() += 1;
        }
    }
    n_turns.into_iter().filter(|(_, n)| *n > 1).map(|(name, _)| name).collect()
}

fn end_turn(call: &mut Call, name: &str, at: Option<u64>, words: String) {
    call.n_items += 1;
    call.say(Some(name), at.map(|at| (at, at)), words);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks() {
        assert_eq!(timing("00:00:01.000 --> 00:00:04.500 align:start"), Some((1000, 4500)));
        assert_eq!(timing("01:02,5 --> 01:03"), Some((62_500, 63_000)));
        assert_eq!(timing("1 --> 2"), None);
        assert_eq!(clock("1:02:03"), Some(3_723_000));
    }

    #[test]
    fn speakers_are_told_from_sentences() {
        assert_eq!(speaker_prefix("Dana Reyes: hello"), Some(("Dana Reyes", "hello")));
        assert_eq!(speaker_prefix("Luis de la Cruz (Harbor): yes"), Some(("Luis de la Cruz (Harbor)", "yes")));
        assert_eq!(speaker_prefix("Speaker 0: yes"), Some(("Speaker 0", "yes")));
        assert_eq!(speaker_prefix("So here is the thing: it breaks"), None);
        assert_eq!(speaker_prefix("See https://x.example"), None);
        assert_eq!(speaker_prefix("At 10:30 we close"), None);
    }

    #[test]
    fn lines_of_plain_transcripts() {
        let turn = |line: &str| match dissect(line) {
            Line::Turn(name, at, words) => {
                format!("{name}|{}|{words}", at.map_or_else(String::new, |at| at.to_string()))
            }
            Line::Words(_) => "-".to_owned(),
        };
        assert_eq!(turn("Dana Reyes  00:12"), "Dana Reyes|12000|");
        assert_eq!(turn("[00:01:02] Dana: hello"), "Dana|62000|hello");
        assert_eq!(turn("00:12 Dana Reyes"), "Dana Reyes|12000|");
        assert_eq!(turn("Dana (00:12): hello"), "Dana|12000|hello");
        assert_eq!(turn("Dana Reyes [0:12]"), "Dana Reyes|12000|");
        assert_eq!(turn("we met at 10:30"), "-");
    }
}
