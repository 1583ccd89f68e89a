//! What of a written message its writer said now: the rest is quoted, appended or filled in by a machine.
//!
//! Lines are told apart by how mail programs, help desks and trackers write them, in five languages. Where it is not
//! sure that a line is boilerplate, it stays: a signature in a quote is a blemish, a lost complaint is a fault.

use regex::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::LazyLock;
use throughline_model::Kind;
use throughline_text::phrase::Lexicon;
use throughline_text::{Language, language, sentence, token};

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

/// Small print under a mail.
static FOOTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"this (e-?mail|message)( and any| is| may| contains)|intended (solely|only) for the (addressee|recipient|use)|if you (are not the intended|have received this (e-?mail|message) in error)",
        r"|please consider the environment|pensez à l'environnement|diese (e-?mail|nachricht) (ist|enthält|kann)|ce (message|courriel) (et|est|peut)|este (correo|mensaje) (y|es|puede)|esta mensagem",
        r"|^\s*(unsubscribe|abmelden|se désabonner|darse de baja)\b.{0,40}$|you are receiving this|view (this|it) (e-?mail )?(in your browser|on github)|reply to this e-?mail directly",
        r"|registered (office|in england)|handelsregister|geschäftsführer(in)?:|amtsgericht|^\s*##- .* -##\s*$|please type your reply above",
    ))
});

/// A line that a form, a browser or a tracker filled in.
static TEMPLATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"^\s*[*#_\s]*((user[ -]?agent|build[ -]?(identifier|id|config)|reproducible|app(lication)? version|os( version)?|operating system|browser( version)?|platform|hardware|version|device|device model|severity|priority|component|status|screen resolution|locale)\s*:.{0,160}",
        r"|mozilla/\d.*|created attachment \d.*|\+\+\+ this bug was .*|\(in reply to .*|comment on attachment \d.*|depends on:.*|https?://\S+|attachments?:.{0,80}|screenshot.{0,20}attached\.?)\s*$",
    ))
});

/// A heading that a template puts over what people write; the words after it count.
static HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"^\s*[*#_\s]*(steps to reproduce( the problem)?|str|(actual|expected|current|observed) (results?|behaviou?r|outcome)|what (happened|did you do|did you expect( to happen)?)\??|description|summary|environment|additional (info(rmation)?|context)|prerequisites?|describe the (bug|problem|solution you'd like)|is your feature request related to a problem\??",
        r"|schritte zum reproduzieren|erwartetes? (verhalten|ergebnis)|tatsächliches (verhalten|ergebnis)|beschreibung|étapes( pour reproduire)?|résultat (attendu|obtenu)|comportement attendu|pasos( para reproducir)?|resultado (esperado|actual))[*_\s]*[:?]?[*_\s]*",
    ))
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

static AUTOMATIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"^\s*(out of (the )?office|automatic reply|auto(matic)?[- ]?(reply|response|matische antwort)|automatische antwort|abwesenheitsnotiz|réponse automatique|respuesta automática|resposta automática|undelivered mail|delivery (status notification|has failed)|mail delivery)",
        r"|\bi(['’ ]a)?m (currently )?out of (the )?office\b|ich bin (bis|vom|derzeit|ab) .{0,60}(nicht (im (büro|haus)|erreichbar)|abwesend|in urlaub)|je suis (actuellement )?absente?|estoy fuera de la oficina",
        r"|we have received your (request|message|e-?mail|ticket)|your (request|ticket) (\(?#?\d*\)? )?has been (received|created|solved|closed)|this is an automat(ed|ic) (message|reply|response|e-?mail)",
    ))
});

/// Words with which our own people pass on what somebody said.
static REPORTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(customers?|clients?|users?|prospects?|they|he|she|[A-Z][a-z]+) (says?|said|tells?|told|asks?|asked|wants?|wanted|needs?|complains?|complained|reports?|reported|writes?|wrote|keeps asking|requested|mentioned|is asking|would like)\b",
        r"|\b(reported by|according to|asked for|on behalf of|heard from|feedback from)\b|\b(kunde|kundin|kunden|er|sie|herr \p{Lu}\p{L}+|frau \p{Lu}\p{L}+) (sagt|sagte|fragt|fragte|möchte|will|wünscht|meldet|meldete|braucht|beschwert)\b",
        r"|\b(le client|la cliente|il|elle) (dit|demande|veut|voudrait|souhaite|signale)\b|\b(el cliente|la clienta) (dice|pide|quiere|pregunta|necesita)\b",
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

/// Whether the whole message was written by a machine: an absence note, a receipt.
pub(super) fn is_automatic(text: &str) -> bool {
    matches(&AUTOMATIC, &text[..text.floor_char_boundary(400)])
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Said,
    Blank,
    Dropped,
}

/// The paragraphs of a message that its writer wrote now, in order, as ranges of `text`. With `is_forward`, the words
/// of the first forwarded message count as well, because passing them on is the message.
pub(super) fn blocks(text: &str, range: Range<usize>, is_forward: bool) -> Vec<Range<usize>> {
    let body = &text[range.clone()];
    if !body.contains('\n') {
        return vec![trimmed(text, range)].into_iter().filter(|range| !range.is_empty()).collect();
    }
    let lines = lines(body, range.start);
    let kinds = classified(text, &lines, is_forward);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut is_open = false;
    for ((line, kind), next) in lines.iter().zip(&kinds).zip(1..) {
        match kind {
            Line::Said => {
                let said = after_heading(text, line.clone());
                // A list item is a point of its own only where it is a sentence; short items belong together.
                match found.last_mut() {
                    Some(last) if is_open => last.end = said.end,
                    _ if !said.is_empty() => found.push(said),
                    _ => continue,
                }
                is_open = kinds.get(next).is_some_and(|next| *next == Line::Said);
            }
            Line::Blank | Line::Dropped => is_open = false,
        }
    }
    found.into_iter().map(|range| trimmed(text, range)).filter(|range| !range.is_empty()).collect()
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

/// What each line is.
fn classified(text: &str, lines: &[Range<usize>], is_forward: bool) -> Vec<Line> {
    let mut kinds = vec![Line::Said; lines.len()];
    let mut in_fence = false;
    let mut at = 0;
    while at < lines.len() {
        let line = &text[lines[at].clone()];
        let body = line.trim();
        let is_fence = body.starts_with("```")
            || body.starts_with("~~~")
            || body.starts_with("{code")
            || body.starts_with("{noformat");
        if is_fence {
            in_fence = !in_fence;
        }
        let is_closing = matches(&CLOSING, line) || body == "--" || body == "-- " || matches(&SENT_FROM, line);
        if body.is_empty() {
            kinds[at] = Line::Blank;
        } else if is_fence || in_fence || body.starts_with('>') || sentence::is_trace_line(line) || is_code(body) {
            kinds[at] = Line::Dropped;
        } else if opens_quote(text, lines, at) {
            if !is_forward {
                // A mail that quotes line by line goes on after the quote; one that does not has ended.
                let next = lines[at + 1..].iter().find(|range| !text[(*range).clone()].trim().is_empty());
                if next.is_some_and(|range| text[range.clone()].trim_start().starts_with('>')) {
                    kinds[at] = Line::Dropped;
                } else {
                    kinds[at..].fill(Line::Dropped);
                    break;
                }
            } else {
                kinds[at] = Line::Dropped;
            }
        } else if matches(&MAIL_HEADER, line) && is_forward || matches(&FORWARD_OPENS, line) || matches(&TEMPLATE, line)
        {
            kinds[at] = Line::Dropped;
        } else if matches(&FOOTER, line) {
            // Small print runs to the end of its paragraph.
            let end = lines[at..]
                .iter()
                .position(|range| text[range.clone()].trim().is_empty())
                .map_or(lines.len(), |n| at + n);
            kinds[at..end].fill(Line::Dropped);
            at = end;
            continue;
        } else if is_closing && at > 0 && !is_mid_message(text, lines, at) {
            // Who it is from stands below; a postscript is said again.
            let postscript = lines[at..].iter().position(|range| is_postscript(&text[range.clone()]));
            let end = postscript.map_or(lines.len(), |n| at + n);
            let quote = (at..end).find(|&i| opens_quote(text, lines, i)).filter(|_| is_forward).unwrap_or(end);
            kinds[at..quote].fill(Line::Dropped);
            at = quote;
            continue;
        } else if is_numbered_step(text, lines, at) {
            kinds[at] = Line::Dropped;
        }
        at += 1;
    }
    drop_names(text, lines, &mut kinds);
    kinds
}

fn opens_quote(text: &str, lines: &[Range<usize>], at: usize) -> bool {
    let line = &text[lines[at].clone()];
    if matches(&QUOTE_OPENS, line) {
        return true;
    }
    // Headers as Outlook writes them: two of them in a row, without a mark before.
    matches(&MAIL_HEADER, line)
        && lines[at + 1..].iter().take(2).any(|range| matches(&MAIL_HEADER, &text[range.clone()]))
}

fn is_postscript(line: &str) -> bool {
    let body = line.trim_start().as_bytes();
    body.len() > 3
        && (body.starts_with(b"PS") || body.starts_with(b"P.S") || body.starts_with(b"p.s") || body.starts_with(b"ps:"))
}

/// "Thanks" in the middle of a message closes nothing: much more is said below it.
fn is_mid_message(text: &str, lines: &[Range<usize>], at: usize) -> bool {
    let below: usize = lines[at + 1..]
        .iter()
        .map(|range| &text[range.clone()])
        .take_while(|line| !matches(&QUOTE_OPENS, line) && !matches(&FOOTER, line) && !line.starts_with('>'))
        .filter(|line| line.trim().ends_with(['.', '?', '!']) && token::words(line).count() >= 6)
        .count();
    below >= 2
}

/// "1. Open the page" under a heading about steps: how to see it, not what is said.
fn is_numbered_step(text: &str, lines: &[Range<usize>], at: usize) -> bool {
    let body = text[lines[at].clone()].trim_start();
    let n_digits = body.bytes().take_while(u8::is_ascii_digit).count();
    if n_digits == 0 || n_digits > 2 || !body[n_digits..].starts_with(['.', ')']) {
        return false;
    }
    let heading = lines[..at].iter().rev().take(14).find(|range| matches(&HEADING, &text[(*range).clone()]));
    heading.is_some_and(|range| {
        let lower = token::lower(&text[range.clone()]).into_owned();
        ["steps", "str", "schritte", "étapes", "pasos"].iter().any(|word| lower.contains(word))
    })
}

/// Mostly signs and few words: a log, a table, markup.
fn is_code(body: &str) -> bool {
    let n = body.chars().count();
    let n_signs = body
        .chars()
        .filter(|c| {
            matches!(c, '{' | '}' | ';' | '=' | '<' | '>' | '/' | '\\' | '|' | '_' | '$' | '#' | '(' | ')' | '"')
        })
        .count();
    let n_letters = body.chars().filter(|c| c.is_alphabetic()).count();
    n >= 8 && (n_signs * 5 > n && n_letters * 10 < n * 8 || n_letters * 3 < n) && !body.contains("? ")
        || body.ends_with('{')
        || body.ends_with("};")
}

/// Drops the name under a message: up to four short lines after the last full sentence, in which no sentence stands.
fn drop_names(text: &str, lines: &[Range<usize>], kinds: &mut [Line]) {
    let mut at = kinds.len();
    let mut names = Vec::new();
    while at > 0 {
        at -= 1;
        if kinds[at] != Line::Said {
            continue;
        }
        let line = text[lines[at].clone()].trim();
        let n_words = token::words(line).count();
        let is_upper = line.chars().next().is_some_and(|c| c.is_uppercase() || c == '+' || c == '"');
        let is_contact =
            line.contains("[phone") || line.contains("[email") || line.contains("www.") || line.contains(" | ");
        let looks_like = n_words <= 7 && is_upper && !line.ends_with(['?', '!', ':']) && !line.contains("...");
        let is_sentence = line.ends_with('.') && n_words > 3;
        if names.len() < 5 && (looks_like && !is_sentence || is_contact && n_words <= 12) {
            names.push(at);
        } else {
            break;
        }
    }
    // Only below something said in full; a message of short lines is left alone.
    let above = names.last().and_then(|&first| (0..first).rev().find(|&i| kinds[i] == Line::Said));
    let is_below_sentence = above.is_some_and(|i| {
        let line = text[lines[i].clone()].trim_end();
        line.ends_with(['.', '?', '!', ')', '…']) && token::words(line).count() >= 3
            || line.chars().next_back().is_some_and(|c| !c.is_alphanumeric() && !c.is_ascii())
    });
    if is_below_sentence {
        for at in names {
            kinds[at] = Line::Dropped;
        }
    }
}

/// What stands after a template's heading on its line; the whole line where there is none.
fn after_heading(text: &str, line: Range<usize>) -> Range<usize> {
    let found = HEADING.as_ref().and_then(|pattern| pattern.find(&text[line.clone()]));
    match found {
        // "Description of the bug" is no heading: a heading ends its line or has a colon.
        Some(hit) if hit.end() == line.len() || hit.as_str().trim_end().ends_with([':', '?', '*']) => {
            line.start + hit.end()..line.end
        }
        _ => line,
    }
}

/// A range without greeting, closing thanks and space.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let mut range = spaceless(text, range);
    if let Some(hit) = GREETING.as_ref().and_then(|pattern| pattern.find(&text[range.clone()])) {
        range = spaceless(text, range.start + hit.end()..range.end);
    }
    if let Some(hit) = THANKS_AT_END.as_ref().and_then(|pattern| pattern.find(&text[range.clone()])) {
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

fn spaceless(text: &str, range: Range<usize>) -> Range<usize> {
    let body = &text[range.clone()];
    let start = range.start + (body.len() - body.trim_start().len());
    start..start + body.trim().len()
}

/// Sentences in which one of us passes on what a customer said, as ranges of `text`, neighbours joined.
pub(super) fn reported(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for block in blocks(text, range, false) {
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

/// Classes of phrases that make a statement worth keeping.
const TELLING: [&str; 18] = [
    "urgency",
    "churn",
    "deal_block",
    "expansion",
    "blocked",
    "workaround",
    "frequency",
    "must_be",
    "competitor",
    "harm_data",
    "wrong_data",
    "harm_money",
    "security",
    "privacy",
    "regulation",
    "performance",
    "regression",
    "request",
];

/// How much a statement matters: 2 for what asks or complains, 1 for each class of telling phrase, less for praise and
/// for a few words.
pub(super) fn weight(text: &str, default: Language) -> f64 {
    let language = language::detect_or(text, default);
    let (kind, sure) = throughline_frames::kind(text, crate::enrich::model_language(language));
    let kind = match kind {
        Kind::Request | Kind::Problem => 2.0 * sure,
        Kind::Question => 1.2 * sure,
        Kind::Praise | Kind::Other => 0.0,
    };
    let hits = Lexicon::builtin().find(text, language);
    let mut classes: Vec<&str> = hits.iter().map(|hit| hit.class).filter(|class| TELLING.contains(class)).collect();
    classes.sort_unstable();
    classes.dedup();
    let n_words = token::words(text).count();
    let length = if n_words < 5 { -1.0 } else { 0.0 };
    kind + classes.len() as f64 + length
}
