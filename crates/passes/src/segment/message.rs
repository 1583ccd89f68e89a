//! What of a written message its writer said now: the rest is quoted, appended or filled in by a machine.
//!
//! Lines are told apart by how mail programs, help desks and trackers write them, in five languages. Where it is not
//! sure that a line is boilerplate, it stays: a signature in a quote is a blemish, a lost complaint is a fault.
//!
//! In: a message, a range of a record's text. Out: its [`Block`]s in order, each with the section it stands in.
//! Cost: linear; each pattern is tried only on lines that its first or last character, or their length, lets it match.

use super::boilerplate::{self, Class};
use super::template::{self, Section};
use regex::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::LazyLock;
use throughline_text::{sentence, token};

/// Compiles one of the patterns below, all of which the tests run; an empty pattern would match everything, so one that
/// does not compile matches nothing.
fn pattern(source: &str) -> Option<Regex> {
    RegexBuilder::new(source).case_insensitive(true).size_limit(1 << 24).build().ok()
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// From here on a reply quotes what it answers.
static QUOTE_OPENS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"^\s*(on\b.{4,120}\bwrote\s*:|am\b.{4,120}\bschrieb\b.{0,80}:|le\b.{4,120}\ba écrit\s*:|el\b.{4,120}\bescribió\s*:|em\b.{4,120}\bescreveu\s*:",
        r"|-{2,}\s*(original message|ursprüngliche nachricht|message d'origine|mensaje original|mensagem original|original-nachricht)\s*-{2,}",
        r"|_{20,}|.{1,80}<\[email \d+\]>\s*(wrote|schrieb|a écrit|escribió|escreveu)\s*:)\s*$",
    ))
});

/// A header line of a forwarded or quoted mail.
static MAIL_HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^\s*\*?(from|sent|to|cc|date|subject|von|gesendet|an|datum|betreff|de|envoyé|à|objet|enviado|para|asunto|assunto|data)\s?\*?:\*?\s+\S",
    )
});

static FORWARD_OPENS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^\s*-*\s*(forwarded message|begin forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|mensagem encaminhada)\s*:?\s*-*\s*$",
    )
});

/// A line that closes a message; what follows is who wrote it.
static CLOSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"^\s*((best|kind|kindest|warm|warmest|with kind|many)?\s*regards|best( wishes)?|all the best|yours( sincerely| truly| faithfully)?|sincerely|cheers|cordially",
        r"|thanks( again| a lot| so much| in advance| very much)?|thank you( again| so much| in advance| very much)?|many thanks|thx|ta|br",
        r"|mit freundlichen grüßen|mit freundlichem gruß|mit besten grüßen|freundliche grüße|(viele|liebe|beste|schöne|herzliche) grüße|(besten|vielen|herzlichen) dank( im voraus)?|danke( im voraus| schön)?|gruß|grüße|mfg|lg|vg",
        r"|(bien )?cordialement|(bien )?à vous|salutations.{0,30}|bonne (journée|soirée)|merci( d'avance| beaucoup| bien)?|bien amicalement",
        r"|(un )?saludos?( cordial(es)?)?|atentamente|(muchas )?gracias( de antemano| por adelantado)?|un abrazo",
        r"|atenciosamente|cumprimentos|(muito )?obrigad[oa]( desde já)?|abraços?)\s*[,.!–-]*\s*$",
    ))
});

static SENT_FROM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^\s*(sent (from|via|with) .{2,40}|get outlook for .{2,20}|(von|gesendet von) meinem .{2,30}( gesendet)?|envoyé (de|depuis) mon .{2,30}|enviado (desde|do) m[ie]u? .{2,30}|outlook für .{2,20} beziehen)\.?\s*$",
    )
});

static GREETING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"^(hi|hiya|hello|hey|dear|good (morning|afternoon|evening|day)|morning|greetings|to whom it may concern|hallo|guten (tag|morgen|abend)|moin( moin)?|servus|grüß gott|grüezi|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir|salut|cher|chère|hola|buen(os|as) (días|tardes|noches)|estimad[oa]s?|olá|oi|bom dia|boa (tarde|noite)|prezad[oa]s?|car[oa]s?)",
        r"(\s+(there|all|team|everyone|folks|guys|again|support|zusammen|alle|à tous|a todos|mr|mrs|ms|sir|madam|or|damen|und|herren|herr|frau|madame|monsieur|equipo|équipe|[\p{L}'.-]{2,20})){0,4}\s*[,!.:;–—-]+\s*",
    ))
});

static THANKS_AT_END: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(^|[.!?\n:)]\s*|\s+-\s*)(many thanks|thanks|thank (you|u)|thx|cheers|(best|kind) regards|regards|much appreciated|merci|cordialement|danke|vielen dank|besten dank|viele grüße|lg|gracias|muchas gracias|saludos|obrigad[oa])",
        r"(\s+(you|again|a lot|so much|in advance|very much|for (your|any|the) help|d'avance|beaucoup|im voraus|schön|de antemano|desde já))?([\s,!.]+[\p{L}.'-]{1,20}){0,3}\s*[!.,:)]*\s*$",
    ))
});

/// Words with which our own people pass on what somebody said. Names count only where they begin with a capital.
static REPORTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(customers?|clients?|users?|prospects?|people|they|he|she|everyone|somebody|someone|(?-i:\p{Lu}\p{Ll}+)) (also |again |now |just |still |both |all )?(says?|said|tells?|told|asks?|asked|wants?|wanted|needs?|needed|complains?|complained|reports?|reported|writes?|wrote|keeps? asking|requested|mentioned|(is|are) asking|would like|insists?|expects?|refuses?)\b",
        r"|\b(reported by|asked (again )?by|according to|asked for|asking for|on behalf of|heard from|feedback from|complaints? (from|about))\b|\b(kunden?|kundin|er|sie|herr \p{Lu}\p{L}+|frau \p{Lu}\p{L}+) (sagt|sagte|fragt|fragte|möchte|will|wünscht|meldet|meldete|braucht|beschwert)\b",
        r"|\b(le client|la cliente|il|elle) (dit|demande|veut|voudrait|souhaite|signale)\b|\b(el cliente|la clienta) (dice|pide|quiere|pregunta|necesita)\b|\b(o cliente|a cliente) (diz|pede|quer|pergunta|precisa)\b",
    ))
});

/// Whether a title says that the message passes another one on.
pub(super) fn is_forward(title: &str) -> bool {
    let lower = token::lower(title.trim_start());
    ["fw:", "fwd:", "wg:", "tr:", "rv:", "enc:"].iter().any(|mark| lower.starts_with(mark))
}

/// A title without the marks of replies and forwards.
pub(super) fn trimmed_title(text: &str, range: Range<usize>) -> Range<usize> {
    let mut start = range.start;
    loop {
        let rest = text[start..range.end].trim_start();
        let at = range.end - rest.len();
        let lower = token::lower(&rest[..rest.floor_char_boundary(6)]).into_owned();
        let mark = ["re:", "aw:", "fw:", "fwd:", "wg:", "tr:", "rv:", "sv:", "antw:", "res:", "enc:"]
            .iter()
            .find(|mark| lower.starts_with(**mark));
        let Some(mark) = mark else {
            return at..at + text[at..range.end].trim_end().len();
        };
        start = at + mark.len();
    }
}

/// Whether a folded word is courtesy and no content.
pub(super) fn is_courtesy(word: &str) -> bool {
    const COURTESY: [&str; 40] = [
        "thanks", "thank", "thx", "ok", "okay", "great", "perfect", "super", "cool", "nice", "lovely", "good", "fine",
        "sure", "hi", "hello", "hey", "bye", "cheers", "danke", "gut", "prima", "alles", "klar", "merci", "parfait",
        "bien", "gracias", "vale", "genial", "obrigado", "obrigada", "yes", "no", "done", "sorry", "please", "works",
        "solved", "morning",
    ];
    COURTESY.contains(&word)
}

/// A paragraph that its writer wrote now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Bytes of the record's text.
    pub(super) range: Range<usize>,
    /// Under which kind of heading it stands.
    pub(super) section: Section,
    /// Something was left out between it and what stands before it.
    pub(super) is_apart: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    /// Said, from this byte on.
    Said(Section, usize),
    Blank,
    Dropped,
}

/// The paragraphs of a message that its writer wrote now, in order, as ranges of `text`. With `is_forward`, the words
/// of the first forwarded message count as well, because passing them on is the message.
pub(super) fn blocks(text: &str, range: Range<usize>, is_forward: bool) -> Vec<Block> {
    let body = &text[range.clone()];
    let whole = |range| Block { range: trimmed(text, range), section: Section::Said, is_apart: false };
    // Nearly all short messages are one line in which nothing can be a heading, an address or a machine's note.
    if !body.contains(['\n', ':']) && !body.starts_with(['#', '*', '>', '<']) && !template::is_version(body) {
        return vec![whole(range)].into_iter().filter(|block| !block.range.is_empty()).collect();
    }
    let lines = lines(body, range.start);
    let kinds = Reader { text, lines: &lines, is_forward }.classified();
    let mut found: Vec<Block> = Vec::new();
    let (mut is_open, mut is_apart) = (false, false);
    for (at, (line, kind)) in lines.iter().zip(&kinds).enumerate() {
        match kind {
            Line::Said(section, from) => {
                // Lines under each other are one paragraph, unless a heading or something left out stands between.
                let is_cut = *from > line.start;
                match found.last_mut() {
                    Some(last) if is_open && !is_cut && last.section == *section => last.range.end = line.end,
                    _ => {
                        found.push(Block { range: *from..line.end, section: *section, is_apart: is_apart || is_cut });
                        is_apart = false;
                    }
                }
                is_open = matches!(kinds.get(at + 1), Some(Line::Said(..)));
            }
            Line::Blank => is_open = false,
            Line::Dropped => (is_open, is_apart) = (false, true),
        }
    }
    for block in &mut found {
        block.range = trimmed(text, block.range.clone());
    }
    found.retain(|block| !block.range.is_empty());
    found
}

fn lines(body: &str, base: usize) -> Vec<Range<usize>> {
    let mut at = base;
    body.split('\n')
        .map(|line| {
            let range = at..at + line.len();
            at += line.len() + 1;
            range
        })
        .collect()
}

/// Reads the lines of one message.
struct Reader<'a> {
    text: &'a str,
    lines: &'a [Range<usize>],
    is_forward: bool,
}

/// Where in a message's structure a line stands.
struct State {
    section: Section,
    /// The section's heading is marked up: it lasts until the next heading, else until an empty line.
    is_marked: bool,
    /// A heading was seen at all.
    has_heading: bool,
    /// A line was seen under the heading.
    has_content: bool,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> &str {
        &self.text[self.lines[at].clone()]
    }

    fn is_blank(&self, at: usize) -> bool {
        self.line(at).trim().is_empty()
    }

    /// What each line is.
    fn classified(&self) -> Vec<Line> {
        let lines = self.lines;
        let mut kinds = vec![Line::Dropped; lines.len()];
        let mut state = State { section: Section::Said, is_marked: false, has_heading: false, has_content: false };
        let (mut in_fence, mut in_comment, mut in_answer) = (false, false, false);
        let has_turns = (0..lines.len()).any(|at| speaker(self.line(at)) == Some(Speaker::Agent));
        let phrases = lines
            .first()
            .zip(lines.last())
            .map(|(first, last)| (first.start, boilerplate::find(&self.text[first.start..last.end])));
        let is_footer = |range: &Range<usize>| {
            phrases.as_ref().is_some_and(|(base, hits)| {
                hits.iter().any(|(class, at)| *class == Class::Footer && range.contains(&(base + at)))
            })
        };
        let mut at = 0;
        while at < lines.len() {
            let line = self.line(at);
            let body = line.trim();
            if opens_fence(body) {
                in_fence = !in_fence || body.matches("{code").count() + body.matches("{noformat").count() > 1;
                at += 1;
                continue;
            }
            if in_comment || body.starts_with("<!--") {
                in_comment = !body.contains("-->");
                at += 1;
                continue;
            }
            if has_turns && let Some(speaker) = speaker(line) {
                in_answer = speaker == Speaker::Agent;
                if !in_answer {
                    let from = lines[at].start
                        + (line.len() - line[line.find(':').map_or(0, |colon| colon + 1)..].trim_start().len());
                    kinds[at] = if from < lines[at].end { Line::Said(Section::Said, from) } else { Line::Dropped };
                }
                at += 1;
                continue;
            }
            if in_fence || in_answer {
                at += 1;
                continue;
            }
            if body.is_empty() {
                kinds[at] = Line::Blank;
                if state.has_content
                    && !state.is_marked
                    && matches!(state.section, Section::Environment | Section::Attached)
                {
                    state.section = Section::Said;
                }
                at += 1;
                continue;
            }
            if self.opens_quote(at) {
                if !self.is_forward {
                    // A mail that quotes line by line goes on after the quote; one that does not has ended.
                    let next = (at + 1..lines.len()).find(|&next| !self.is_blank(next));
                    if !next.is_some_and(|next| self.line(next).trim_start().starts_with('>')) {
                        break;
                    }
                }
                at += 1;
                continue;
            }
            if is_footer(&lines[at]) && token::words(body).count() > 3 {
                // Small print runs to the end of its paragraph.
                at = (at..lines.len()).find(|&end| self.is_blank(end)).unwrap_or(lines.len());
                continue;
            }
            let is_closing = body == "--"
                || line == "-- "
                || line.len() <= 80 && (matches(&CLOSING, line) || matches(&SENT_FROM, line));
            if is_closing && at > 0 && !self.is_mid_message(at) {
                // Who it is from stands below; a postscript is said again.
                let end = (at..lines.len()).find(|&end| is_postscript(self.line(end))).unwrap_or(lines.len());
                at = (at..end).find(|&i| self.opens_quote(i)).filter(|_| self.is_forward).unwrap_or(end);
                continue;
            }
            kinds[at] = self.in_section(at, &mut state);
            at += 1;
        }
        self.drop_openings(&mut kinds);
        if !state.has_heading {
            self.drop_names(&mut kinds);
        }
        kinds
    }

    /// A line that is neither quoted nor under the message's end.
    fn in_section(&self, at: usize, state: &mut State) -> Line {
        let range = &self.lines[at];
        let line = self.line(at);
        let body = line.trim();
        if let Some(heading) = template::heading(self.text, range) {
            state.has_heading = true;
            let rest = &self.text[heading.rest.clone()];
            let is_short = token::words(rest).count() < 6 || template::has_user_agent(rest);
            if heading.section == Section::Environment && !rest.is_empty() {
                // One filled-in line; a sentence after "Frequency:" is said.
                return if is_short || !rest.ends_with(['.', '!', '?']) {
                    Line::Dropped
                } else {
                    Line::Said(Section::Said, heading.rest.start)
                };
            }
            *state = State {
                section: heading.section,
                is_marked: heading.is_marked,
                has_heading: true,
                has_content: !rest.is_empty(),
            };
            let is_said =
                matches!(heading.section, Section::Said | Section::Expected) && !rest.is_empty() && !is_attached(rest);
            return if is_said { Line::Said(heading.section, heading.rest.start) } else { Line::Dropped };
        }
        state.has_content = true;
        if body.starts_with('>')
            || sentence::is_trace_line(line)
            || is_code(body)
            || template::is_machine_line(body)
            || is_attached(body)
            || line.len() < 160 && (matches(&FORWARD_OPENS, line) || self.is_forward && is_mail_header(line))
        {
            return Line::Dropped;
        }
        let is_item = is_list_item(body);
        let is_sentence = body.ends_with(['.', '!', '?']) && token::words(body).count() >= 8;
        match state.section {
            Section::Attached => Line::Dropped,
            Section::Environment if !is_sentence => Line::Dropped,
            Section::Steps if is_item => Line::Dropped,
            // What stands under the steps after an empty line may be said again: it must show so by itself.
            Section::Steps => Line::Said(Section::Steps, range.start),
            _ if self.is_field_block(at) || is_item && self.is_walk(at) => Line::Dropped,
            section => Line::Said(section, range.start),
        }
    }

    /// Two or more `key: value` lines in a row were filled in.
    fn is_field_block(&self, at: usize) -> bool {
        let is_field = |at: usize| template::is_field(self.line(at).trim());
        is_field(at) && (at > 0 && is_field(at - 1) || at + 1 < self.lines.len() && is_field(at + 1))
    }

    /// A list of which most items tell where to go and what to press: how to see it, not what is said.
    fn is_walk(&self, at: usize) -> bool {
        let first = (0..at).rev().take_while(|&i| is_list_item(self.line(i).trim())).last().unwrap_or(at);
        let items = (first..self.lines.len()).map(|i| self.line(i).trim()).take_while(|body| is_list_item(body));
        let (mut n_items, mut n_walked) = (0, 0);
        for item in items {
            n_items += 1;
            n_walked += usize::from(walks(item));
        }
        n_items >= 2 && n_walked * 2 >= n_items
    }

    fn opens_quote(&self, at: usize) -> bool {
        let line = self.line(at);
        if line.len() < 260 && line.ends_with([':', '-', '_']) && matches(&QUOTE_OPENS, line) {
            return true;
        }
        // Headers as Outlook writes them: two of them in a row, without a mark before.
        is_mail_header(line) && (at + 1..self.lines.len()).take(2).any(|next| is_mail_header(self.line(next)))
    }

    /// "Thanks" in the middle of a message closes nothing: much more is said below it.
    fn is_mid_message(&self, at: usize) -> bool {
        let below = (at + 1..self.lines.len())
            .take_while(|&i| !self.opens_quote(i) && !self.line(i).starts_with('>'))
            .filter(|&i| self.line(i).trim().ends_with(['.', '?', '!']) && token::words(self.line(i)).count() >= 6)
            .count();
        below >= 2
    }

    /// Drops "See also:" and the like, where what they announce was left out.
    fn drop_openings(&self, kinds: &mut [Line]) {
        const MOST_WORDS: usize = 7;
        for at in 0..kinds.len() {
            let body = self.line(at).trim();
            if matches!(kinds[at], Line::Said(..)) && body.ends_with(':') && token::words(body).count() <= MOST_WORDS {
                let next = (at + 1..kinds.len()).find(|&next| kinds[next] != Line::Blank);
                if next.is_none_or(|next| kinds[next] == Line::Dropped) {
                    kinds[at] = Line::Dropped;
                }
            }
        }
    }

    /// Drops the name under a message: up to five short lines after the last full sentence, in which none stands.
    fn drop_names(&self, kinds: &mut [Line]) {
        let is_said = |kind: &Line| matches!(kind, Line::Said(..));
        let mut at = kinds.len();
        let mut names = Vec::new();
        while at > 0 {
            at -= 1;
            if !is_said(&kinds[at]) {
                continue;
            }
            if names.len() < 5 && is_name_line(self.line(at).trim()) {
                names.push(at);
            } else {
                break;
            }
        }
        // Only below something said in full; a message of short lines is left alone.
        let above = names.last().and_then(|&first| (0..first).rev().find(|&i| is_said(&kinds[i])));
        let is_below_sentence = above.is_some_and(|i| {
            let line = self.line(i).trim_end();
            line.ends_with(['.', '?', '!', ')', '…']) && token::words(line).count() >= 3
                || line.chars().next_back().is_some_and(|c| !c.is_alphanumeric() && !c.is_ascii())
        });
        if is_below_sentence {
            for at in names {
                kinds[at] = Line::Dropped;
            }
        }
    }
}

fn is_mail_header(line: &str) -> bool {
    let head = &line[..line.floor_char_boundary(16.min(line.len()))];
    head.contains(':') && matches(&MAIL_HEADER, line)
}

fn opens_fence(body: &str) -> bool {
    ["```", "~~~", "{code", "{noformat", "{quote"].iter().any(|mark| body.starts_with(mark))
        && !(body.starts_with("```") && body.len() > 6 && body.ends_with("```"))
}

fn is_postscript(line: &str) -> bool {
    let body = line.trim_start().as_bytes();
    body.len() > 3
        && (body.starts_with(b"PS") || body.starts_with(b"P.S") || body.starts_with(b"p.s") || body.starts_with(b"ps:"))
}

/// A line of addresses, versions or a machine's note, with nothing said in it.
fn is_attached(body: &str) -> bool {
    /// Words beside an address up to which a line only points at it.
    const POINTING_WORDS: usize = 4;
    template::words_beside_address(body).is_some_and(|n_words| n_words <= POINTING_WORDS)
        || template::is_version(body)
        || template::has_user_agent(body) && {
            let before = body.find("Mozilla/").unwrap_or(0);
            let after = body.rfind([')', '/']).map_or(body.len(), |end| end + 1);
            token::words(&body[..before]).count() + token::words(&body[after..]).count() < 8
        }
        || {
            let lower = token::lower(&body[..body.floor_char_boundary(48.min(body.len()))]).into_owned();
            body.len() < 200 && template::is_provenance(&lower)
                || lower.starts_with("+++ this bug")
                || lower.starts_with("(in reply to")
                || lower.starts_with("comment on attachment")
        }
}

fn is_list_item(body: &str) -> bool {
    let digits = body.trim_start_matches('(').bytes().take_while(u8::is_ascii_digit).count();
    let after = body.trim_start_matches('(')[digits..].trim_start();
    (1..=2).contains(&digits) && after.starts_with(['.', ')', ':', '-', '→', '—', '–'])
        || body.starts_with(['•', '·', '▪', '◦', '→', '»'])
        || (body.starts_with("- ") || body.starts_with("* ") || body.starts_with("+ "))
        || (1..=2).contains(&digits)
            && body.starts_with(|c: char| c.is_ascii_digit())
            && body[digits..].starts_with(' ')
            && walks(body)
}

/// Whether a list item begins with a verb of moving about in a program.
fn walks(item: &str) -> bool {
    const VERBS: [&str; 58] = [
        "open",
        "click",
        "go",
        "select",
        "visit",
        "press",
        "enter",
        "type",
        "navigate",
        "log",
        "login",
        "sign",
        "launch",
        "start",
        "scroll",
        "choose",
        "hover",
        "drag",
        "tap",
        "right",
        "double",
        "hit",
        "browse",
        "run",
        "restart",
        "load",
        "öffne",
        "öffnen",
        "klicke",
        "klicken",
        "gehe",
        "wähle",
        "auswählen",
        "drücke",
        "starte",
        "anmelden",
        "eingeben",
        "ouvrir",
        "ouvrez",
        "cliquer",
        "cliquez",
        "aller",
        "allez",
        "sélectionner",
        "choisir",
        "abrir",
        "abra",
        "hacer",
        "haz",
        "pulsar",
        "ir",
        "seleccionar",
        "clicar",
        "clique",
        "acessar",
        "selecionar",
        "entrar",
        "iniciar",
    ];
    let first = token::words(item).find(|range| item[range.clone()].starts_with(char::is_alphabetic));
    first.is_some_and(|range| VERBS.contains(&&*token::lower(&item[range])))
}

/// A line of capitals or of contact data, as stands under a mail.
fn is_name_line(line: &str) -> bool {
    const MOST_WORDS: usize = 7;
    const MOST_CONTACT_WORDS: usize = 12;
    let is_contact =
        line.contains("[phone") || line.contains("[email") || line.contains("www.") || line.contains(" | ");
    let (mut n_words, mut n_capital) = (0, 0);
    for range in token::words(line) {
        n_words += 1;
        n_capital += usize::from(line[range].starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    }
    if is_contact {
        return n_words <= MOST_CONTACT_WORDS;
    }
    let is_upper = line.chars().next().is_some_and(|c| c.is_uppercase() || c == '+' || c == '"');
    let is_sentence = line.ends_with('.') && n_words > 3;
    is_upper
        && n_words <= MOST_WORDS
        && n_capital * 2 > n_words
        && !line.ends_with(['?', '!', ':'])
        && !line.contains("...")
        && !is_sentence
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Agent,
    Customer,
}

/// Who speaks from here on, where a message holds a whole conversation: "Agent (Ann): …", "Customer: …".
fn speaker(line: &str) -> Option<Speaker> {
    let head = &line[..line.floor_char_boundary(48.min(line.len()))];
    let label = head.split_once(':')?.0.trim().trim_matches(['*', '[', ']', '#']);
    let first = token::words(label).next()?;
    if first.start > 0 || token::words(label).count() > 4 {
        return None;
    }
    match &*token::lower(&label[first]) {
        "agent" | "bot" | "chatbot" | "assistant" | "rep" | "csr" | "advisor" | "operator" | "mitarbeiter"
        | "conseiller" | "agente" | "asesor" | "atendente" => Some(Speaker::Agent),
        "customer" | "client" | "visitor" | "user" | "caller" | "kunde" | "kundin" | "besucher" | "cliente"
        | "usuario" | "usuário" => Some(Speaker::Customer),
        _ => None,
    }
}

/// Mostly signs and few words: a log, a table, markup.
fn is_code(body: &str) -> bool {
    let (mut n, mut n_signs, mut n_letters) = (0, 0, 0);
    for c in body.chars() {
        n += 1;
        n_letters += usize::from(c.is_alphabetic());
        n_signs += usize::from(matches!(
            c,
            '{' | '}' | ';' | '=' | '<' | '>' | '/' | '\\' | '|' | '_' | '$' | '#' | '(' | ')' | '"'
        ));
    }
    n >= 8 && (n_signs * 5 > n && n_letters * 10 < n * 8 || n_letters * 3 < n) && !body.contains("? ")
        || body.ends_with('{')
        || body.ends_with("};")
        || body.ends_with(");")
}

/// A range without greeting, closing thanks and space.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let mut range = spaceless(text, range);
    if let Some(hit) = GREETING.as_ref().and_then(|pattern| pattern.find(&text[range.clone()])) {
        range = spaceless(text, range.start + hit.end()..range.end);
    }
    let hit = may_thank(&text[range.clone()]).then(|| THANKS_AT_END.as_ref()?.find(&text[range.clone()])).flatten();
    if let Some(hit) = hit {
        // The mark that ended the sentence before stays with it.
        let kept = text[range.start..]
            .char_indices()
            .find(|&(at, _)| at == hit.start())
            .map_or(0, |(_, c)| if matches!(c, '.' | '!' | '?' | ')' | ':') { c.len_utf8() } else { 0 });
        let end = range.start + hit.start() + kept;
        range = spaceless(text, range.start..end);
    }
    range
}

/// Whether the end of a text holds a word of thanks or farewell at all.
fn may_thank(text: &str) -> bool {
    const REACH_BYTES: usize = 90;
    static WORDS: LazyLock<Option<aho_corasick::AhoCorasick>> = LazyLock::new(|| {
        aho_corasick::AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .build([
                "thank",
                "thx",
                "cheers",
                "regards",
                "appreciated",
                "merci",
                "cordialement",
                "dank",
                "grüße",
                "lg",
                "gracias",
                "saludos",
                "obrigad",
            ])
            .ok()
    });
    let tail = &text[text.ceil_char_boundary(text.len().saturating_sub(REACH_BYTES))..];
    WORDS.as_ref().is_some_and(|words| words.is_match(tail))
}

fn spaceless(text: &str, range: Range<usize>) -> Range<usize> {
    let body = &text[range.clone()];
    let start = range.start + (body.len() - body.trim_start().len());
    start..start + body.trim().len()
}

/// Sentences in which one of us passes on what a customer said, as ranges of `text`, neighbours joined.
pub(super) fn reported(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for block in blocks(text, range, false) {
        let block = block.range;
        for sentence in sentence::sentences(&text[block.clone()]) {
            let sentence = block.start + sentence.start..block.start + sentence.end;
            let words = &text[sentence.clone()];
            if token::words(words).count() < 5 || !matches(&REPORTS, words) {
                continue;
            }
            match found.last_mut() {
                Some(last) if sentence.start - last.end <= 2 => last.end = sentence.end,
                _ => found.push(sentence),
            }
        }
    }
    found
}
