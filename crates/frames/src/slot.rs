//! What else a statement says of what it asks for: who, when, why, in which form, where to, by what measure.
//!
//! In: a reading, its frame and its object. Out: slots with byte ranges, each a verbatim part of the text. Only what is
//! stated is filled; nothing is inferred. Ranges never overlap the reason of a statement unless they are the reason.

use crate::clause::{self, Reading};
use crate::frame::Frame;
use crate::noun;
use crate::pack::{self, Pack};
use crate::pattern::Word;
use crate::words::List;
use std::collections::BTreeMap;
use std::ops::Range;
use throughline_model::{Language, SlotName};
use throughline_text::calendar;
use throughline_text::chunk::chunk;

/// A slot's words and how sure they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// 0..=1.
    pub confidence: f64,
}

/// Longest situation or condition kept, in bytes: beyond that it is a story.
const LONGEST_BYTES: usize = 160;

/// Endings of nouns for people, and nouns for people that have none of them.
const ROLE_ENDINGS: &[&str] = &["er", "or", "ist", "ian", "ant", "ee", "ess", "eur"];
const ROLES: &[&str] = &[
    "nurse",
    "doctor",
    "chef",
    "cook",
    "student",
    "parent",
    "admin",
    "clerk",
    "coach",
    "pilot",
    "agent",
    "guest",
    "member",
    "lead",
    "staff",
    "intern",
    "client",
    "resident",
    "president",
    "teacher",
    "secretary",
    "librarian",
    "employee",
    "host",
    "head",
    "boss",
    "cfo",
    "ceo",
    "cto",
    "hr",
    "user",
    "customer",
    "people",
    "freelancer",
    "tenant",
    "landlord",
    "patient",
    "pharmacist",
    "cashier",
];
/// Nouns with such an ending that are no people.
const NOT_ROLES: &[&str] = &[
    "number",
    "letter",
    "order",
    "folder",
    "paper",
    "filter",
    "computer",
    "server",
    "browser",
    "calendar",
    "weather",
    "offer",
    "error",
    "editor",
    "monitor",
    "color",
    "colour",
    "door",
    "floor",
    "behavior",
    "behaviour",
    "favor",
    "other",
    "another",
    "summer",
    "winter",
    "matter",
    "power",
    "router",
    "printer",
    "scanner",
    "header",
    "footer",
    "slider",
    "picker",
    "timer",
    "reminder",
    "counter",
    "list",
    "year",
    "quarter",
    "chapter",
    "character",
    "parameter",
    "layer",
    "container",
    "docker",
    "newsletter",
    "chatter",
    "fee",
    "coffee",
    "committee",
    "restaurant",
    "plant",
    "grant",
    "constant",
    "variant",
    "process",
    "address",
    "business",
    "access",
    "success",
    "loader",
    "player",
    "launcher",
    "viewer",
    "reader",
    "water",
    "dinner",
    "banner",
    "corner",
    "center",
    "user",
    "tracker",
    "planner",
    "bar",
];

static IS_ROLE: List = List::new(|| ROLES.iter().copied().collect());
static IS_NO_ROLE: List = List::new(|| NOT_ROLES.iter().copied().collect());

const FORMATS: &[&str] = &[
    "csv",
    "excel",
    "xlsx",
    "xls",
    "pdf",
    "json",
    "xml",
    "ics",
    "ical",
    "docx",
    "word",
    "png",
    "jpg",
    "jpeg",
    "svg",
    "spreadsheet",
    "markdown",
    "html",
    "epub",
    "mp3",
    "mp4",
    "zip",
    "txt",
    "parquet",
    "vcard",
    "tsv",
];

/// Units beside those of time.
const UNITS: &[&str] = &[
    "s",
    "ms",
    "mb",
    "gb",
    "tb",
    "kb",
    "characters",
    "items",
    "rows",
    "users",
    "percent",
    "files",
    "records",
    "photos",
    "people",
    "clicks",
    "seats",
    "boards",
    "projects",
    "times",
];

/// Words before a number that make it a target rather than a report.
const TARGETS: &[&str] =
    &["under", "within", "below", "least", "most", "than", "to", "up", "every", "maximum", "minimum", "beyond"];

/// Prepositions that lead to the destination, by frame.
const LEADS_TO: &[(&str, &[&str])] = &[
    ("share", &["with", "to", "on"]),
    ("integrate", &["with", "to", "into", "and"]),
    ("migrate", &["from", "to"]),
    ("export", &["to", "into"]),
    ("notify", &["by", "via", "in", "on", "to"]),
    ("assign", &["to"]),
    ("approve", &["by", "from"]),
    ("publish", &["to", "on"]),
    ("sso_login", &["with", "through", "via", "using"]),
    ("configure", &["for"]),
    ("schedule", &["to"]),
    ("save_view", &["to", "in"]),
    ("comment", &["to", "for"]),
    ("audit", &["to", "for"]),
    ("security_privacy", &["in", "from"]),
];

/// Prepositions that lead to the attributes, by frame.
const LEADS_TO_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("filter", &["by"]),
    ("sort", &["by"]),
    ("search", &["by", "for"]),
    ("tag", &["by", "with", "into", "in"]),
    ("visualise", &["by", "per"]),
    ("create", &["with"]),
    ("bulk_edit", &["of"]),
    ("view", &["with"]),
];

/// Frames whose attributes are the thing acted on.
const OBJECT_IS_ATTRIBUTE: &[&str] = &["configure", "raise_limit", "billing", "localise"];

/// Frames whose trigger is the occasion rather than the act.
const TRIGGER_IS_OCCASION: &[&str] = &["notify", "automate"];

/// The slots that `text` states for `frame`.
pub(crate) fn slots(
    text: &str,
    reading: &Reading,
    frame: &Frame,
    object: Option<(Range<usize>, f64)>,
    language: Language,
) -> BTreeMap<SlotName, Found> {
    let mut slots = BTreeMap::new();
    let mut put = |name: SlotName, range: Option<Range<usize>>, confidence: f64| {
        if let Some(range) = range.map(|range| clause::trim(text, range)).filter(|range| !range.is_empty()) {
            slots.entry(name).or_insert(Found { range, confidence });
        }
    };
    let has = |slot: SlotName| frame.required.contains(&slot) || frame.optional.contains(&slot);
    let Some(pack) = pack::of(language) else {
        return slots;
    };
    put(SlotName::Actor, actor(text, reading, language, pack), 0.8);
    put(SlotName::Reason, reading.reason.clone(), 0.8);
    let situation = reading.situation.clone().filter(|range| range.len() <= LONGEST_BYTES);
    put(SlotName::Situation, situation.clone(), 0.7);
    let Some(sentence) = reading.sentences.get(reading.asking) else {
        return slots;
    };
    let words = &sentence.words.words;
    let object_range = object.as_ref().map(|(range, _)| range.clone());
    if has(SlotName::Format) {
        let format = words.iter().find(|word| FORMATS.contains(&word.lower.as_str()));
        put(SlotName::Format, format.map(|word| word.start..word.end), 0.9);
    }
    if has(SlotName::Quality) {
        put(SlotName::Quality, quality(words), 0.8);
    }
    let after = |leads: &[(&str, &[&str])]| {
        let leads = leads.iter().find(|(name, _)| *name == frame.id)?.1;
        noun_after(text, reading, leads, object_range.as_ref(), language, pack)
    };
    if has(SlotName::Destination) {
        put(SlotName::Destination, after(LEADS_TO), 0.6);
    }
    if has(SlotName::Attributes) {
        put(SlotName::Attributes, after(LEADS_TO_ATTRIBUTES), 0.6);
        if OBJECT_IS_ATTRIBUTE.contains(&frame.id.as_str()) {
            put(SlotName::Attributes, object_range.clone(), 0.6);
        }
    }
    let supposes = |range: &Range<usize>| {
        let first = clause::words_within(words, range).first().map_or("", |word| word.lower.as_str());
        pack.supposing.contains(first) || first == "only"
    };
    let is_inside =
        situation.as_ref().is_some_and(|range| sentence.range.start <= range.start && range.end <= sentence.range.end);
    if let Some(range) = situation.filter(|_| is_inside) {
        if has(SlotName::Trigger) && TRIGGER_IS_OCCASION.contains(&frame.id.as_str()) {
            if frame.id == "automate" {
                put(SlotName::Condition, Some(range), 0.6);
            } else {
                put(SlotName::Trigger, Some(without_marker(words, &range)), 0.7);
            }
        } else if has(SlotName::Trigger) && is_occasion(words, &range) {
            put(SlotName::Trigger, Some(own_act(words, &range)), 0.6);
        } else if has(SlotName::Condition) && supposes(&range) {
            put(SlotName::Condition, Some(range), 0.6);
        }
    }
    if has(SlotName::Trigger)
        && let (Some(head), Some(object)) = (&reading.head, &object_range)
        && head.range.start < object.start
        && object.end - head.range.start <= 80
        && reading.clause.start <= head.range.start
        && object.end <= reading.clause.end
    {
        put(SlotName::Trigger, Some(head.range.start..object.end), 0.6);
    }
    if let Some((range, share)) = object {
        put(SlotName::Object, Some(range), 0.4 + 0.6 * share);
    }
    slots
}

/// "when the payment fails" without "when".
fn without_marker(words: &[Word], range: &Range<usize>) -> Range<usize> {
    let inside = clause::words_within(words, range);
    let skip = usize::from(matches!(
        inside.first().map_or("", |word| word.lower.as_str()),
        "when" | "whenever" | "if" | "once"
    ));
    inside.get(skip).map_or(range.clone(), |word| word.start..range.end)
}

/// Whether a situation tells of an act of the speaker: "every time I open a PDF".
fn is_occasion(words: &[Word], range: &Range<usize>) -> bool {
    clause::words_within(words, range).iter().take(4).any(|word| matches!(word.lower.as_str(), "i" | "we" | "you"))
}

/// The act in such a situation: "open a PDF".
fn own_act(words: &[Word], range: &Range<usize>) -> Range<usize> {
    let inside = clause::words_within(words, range);
    let at = inside.iter().position(|word| matches!(word.lower.as_str(), "i" | "we" | "you"));
    let skip = |at: usize| {
        inside[at..].iter().position(|word| {
            !matches!(
                word.lower.as_str(),
                "i" | "we" | "you" | "try" | "to" | "want" | "need" | "am" | "was" | "trying"
            )
        })
    };
    at.and_then(|at| inside.get(at + skip(at)?)).map_or(range.clone(), |word| word.start..range.end)
}

/// A number with its unit, where it is what is aimed at.
fn quality(words: &[Word]) -> Option<Range<usize>> {
    words.windows(3).find_map(|three| {
        let [before, number, unit] = three else { return None };
        let is_target = TARGETS.contains(&before.lower.as_str()) && number.is_number();
        (is_target && (calendar::is_unit(&unit.lower) || UNITS.contains(&unit.lower.as_str())))
            .then_some(before.start..unit.end)
    })
}

/// The noun after one of `leads` that is not the object.
fn noun_after(
    text: &str,
    reading: &Reading,
    leads: &[&str],
    object: Option<&Range<usize>>,
    language: Language,
    pack: &Pack,
) -> Option<Range<usize>> {
    let sentence = reading.sentences.get(reading.asking)?;
    let slice = &text[sentence.range.clone()];
    let chunks = chunk(slice, crate::words::text_language(language));
    let from = reading.head.as_ref().map_or(0, |head| head.range.end);
    noun::nouns(slice, &chunks, pack, language).into_iter().find_map(|noun| {
        let range = noun.range.start + sentence.range.start..noun.range.end + sentence.range.start;
        let start = noun.start + sentence.range.start;
        let before = sentence.words.words.partition_point(|word| word.end <= start);
        let lead = before.checked_sub(1).map(|at| sentence.words.words[at].lower.as_str())?;
        let is_object = object.is_some_and(|object| object.start < range.end && range.start < object.end);
        (range.start >= from && leads.contains(&lead) && !is_object).then_some(range)
    })
}

/// A stated role: "As a nurse, I ...", "I'm a teacher", "our technicians ...".
fn actor(text: &str, reading: &Reading, language: Language, pack: &Pack) -> Option<Range<usize>> {
    if language != Language::En {
        return role_after(text, reading, language, pack);
    }
    let from = reading.asking.saturating_sub(1);
    reading.sentences.get(from..=reading.asking)?.iter().rev().find_map(|sentence| {
        let words = &sentence.words.words;
        let slice = &text[sentence.range.clone()];
        let chunks = chunk(slice, throughline_text::Language::English);
        let nouns = noun::nouns(slice, &chunks, pack, language);
        nouns.iter().find_map(|noun| {
            let range = noun.range.start + sentence.range.start..noun.range.end + sentence.range.start;
            let own = clause::words_within(words, &range);
            let head = own.last()?;
            let at = words.partition_point(|word| word.start < range.start);
            let lower = |back: usize| at.checked_sub(back).map_or("", |at| words[at].lower.as_str());
            let is_named = is_role(&head.lemma) || is_role(&head.lower);
            let is_plain = own.len() == 1 && matches!(head.lemma.as_str(), "user" | "people" | "customer" | "person");
            let has_article = matches!(lower(1), "a" | "an");
            let after = words.get(at + own.len()).map_or("", |word| word.lower.as_str());
            let says_as = has_article
                && lower(2) == "as"
                && (at <= 2 + sentence.words.start || matches!(after, "i" | "we" | "it" | "my"));
            let says_am = has_article
                && (matches!(lower(2), "i'm" | "we're") || matches!((lower(3), lower(2)), ("i", "am") | ("we", "are")));
            let says_our = lower(1) == "our" && at <= 1 + sentence.words.start && head.lower != head.lemma;
            ((says_as && !is_plain) || (is_named && !is_plain && (says_am || says_our))).then_some(range)
        })
    })
}

/// Roles in other languages follow "as" or its like: the noun after a lead of the pack.
fn role_after(text: &str, reading: &Reading, language: Language, pack: &Pack) -> Option<Range<usize>> {
    let sentence = reading.sentences.get(reading.asking)?;
    let slice = &text[sentence.range.clone()];
    let chunks = chunk(slice, crate::words::text_language(language));
    noun::nouns(slice, &chunks, pack, language).into_iter().find_map(|noun| {
        let range = noun.range.start + sentence.range.start..noun.range.end + sentence.range.start;
        let at = sentence.words.words.partition_point(|word| word.start < range.start);
        let lead = at.checked_sub(1).map(|at| sentence.words.words[at].lower.as_str())?;
        (at <= 2 && pack.role_leads.contains(lead)).then_some(range)
    })
}

/// Whether a noun names people.
pub(crate) fn is_role(noun: &str) -> bool {
    IS_ROLE.has(noun)
        || !IS_NO_ROLE.has(noun) && noun.len() > 4 && ROLE_ENDINGS.iter().any(|ending| noun.ends_with(ending))
}
