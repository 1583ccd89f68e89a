//! Words of a statement with their part in the sentence, cut into clauses.
//!
//! In: a statement and its language. Out: clauses, runs of [`Token`]s between marks, with greetings, template headings,
//! addresses, code, numbers and fillers gone: where such a thing stood, a clause ends. Closed classes come from lists,
//! verbs from the chunker. Cost: one pass of the chunker and one over the words, at most [`MAX_BYTES`] of a statement.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use throughline_text::Language;
use throughline_text::chunk::chunk;
use throughline_text::closed_class::is_function_word;

/// Bytes of a statement that are read; what it is about stands near its start.
const MAX_BYTES: usize = 420;

/// The part a word plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Article,
    Determiner,
    Possessive,
    Number,
    Noun,
    Verb,
    /// A past form or participle.
    Past,
    /// A form in -ing.
    Ing,
    Be,
    Have,
    Do,
    Modal,
    To,
    Not,
    Preposition,
    Conjunction,
    Pronoun,
    /// A pronoun that is the subject.
    Subject,
    Adverb,
    Question,
}

/// A word of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// As written.
    pub(super) written: String,
    /// In lower case with a straight apostrophe.
    pub(super) low: String,
    /// Its part.
    pub(super) tag: Tag,
}

impl Token {
    pub(super) fn new(word: &str, tag: Tag) -> Self {
        Self { written: word.to_owned(), low: word.to_owned(), tag }
    }

    pub(super) fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.low.as_str())
    }
}

const CLOSED: &[(Tag, &str)] = &[
    (Tag::Article, "a an the"),
    (
        Tag::Determiner,
        "this that these those some any each every all both another no such several many few more most multiple enough other certain",
    ),
    (Tag::Possessive, "my our your his her its their whose mine"),
    (
        Tag::Be,
        "am is are was were be been being isn't aren't wasn't weren't isnt arent wasnt werent ain't i'm we're you're they're \
         it's he's she's that's there's im what's whats where's who's how's",
    ),
    (Tag::Have, "have has had having haven't hasn't hadn't havent hasnt hadnt i've we've you've they've ive"),
    (Tag::Do, "do does did don't doesn't didn't dont doesnt didnt"),
    (
        Tag::Modal,
        "can could will would shall should may might must can't cannot couldn't won't wouldn't shouldn't mustn't cant couldnt \
         wont wouldnt shouldnt i'll we'll you'll they'll it'll i'd we'd you'd they'd let's lets gonna",
    ),
    (
        Tag::Number,
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen \
         twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion",
    ),
    (Tag::To, "to"),
    (Tag::Not, "not never n't"),
    (
        Tag::Preposition,
        "of in on at by for with from into onto over under between through during after before about against without within \
         across along around via per than like as until till since toward towards upon except inside outside behind beyond \
         near off up down out despite regarding concerning due unlike besides among",
    ),
    (Tag::Conjunction, "and or but so because if when whenever while whereas although though unless nor yet then once"),
    (Tag::Subject, "i we he she they u"),
    (
        Tag::Pronoun,
        "you it me us him them ours yours theirs something anything nothing everything someone anyone everyone nobody \
         somebody anybody myself yourself ourselves itself themselves there here one ones",
    ),
    (
        Tag::Adverb,
        "please also just only still already even always often sometimes again too very really now soon later today tomorrow \
         yesterday maybe perhaps quite rather almost ever instead together however therefore actually currently well twice \
         much anymore properly correctly immediately automatically recently suddenly simply basically literally abroad away \
         back forward anywhere everywhere somewhere online offline kindly probably definitely apparently finally",
    ),
    (Tag::Question, "what which who whom why how where"),
];

/// Past forms that do not end in -ed.
const PAST: &str = "lost got gotten sent paid made took taken bought went gone given gave found forgot forgotten stolen stole \
broken broke seen saw left put set cut spent held kept told said came withdrawn withdrew chosen chose stuck hidden shown known \
written wrote eaten ate begun began ran sold felt met frozen froze thrown threw grown grew driven drawn worn built hung stopped \
shut split hit hurt read overwritten reset upset";

static CLOSED_WORDS: LazyLock<FxHashMap<&'static str, Tag>> = LazyLock::new(|| {
    let mut words = FxHashMap::default();
    for &(tag, list) in CLOSED {
        for word in list.split_whitespace() {
            words.entry(word).or_insert(tag);
        }
    }
    words
});

/// Sounds and openings that say nothing.
const FILLERS: &[&str] =
    &["uh", "um", "eh", "hmm", "mhm", "ah", "oh", "er", "erm", "inaudible", "crosstalk", "haha", "lol"];

/// Beginnings of lines of a form that hold no words of the writer's own.
const FORM_LINES: &[&str] = &[
    "steps to reproduce",
    "steps how to reproduce",
    "how to reproduce",
    "to reproduce",
    "reproduction",
    "actual result",
    "actual behav",
    "expected result",
    "expected behav",
    "current behav",
    "what happen",
    "what should have happen",
    "user agent",
    "user-agent",
    "useragent",
    "build id",
    "buildid",
    "build identifier",
    "operating system",
    "os:",
    "browser /",
    "browser:",
    "browser version",
    "from github",
    "environment",
    "reproducible",
    "url",
    "screenshot",
    "additional ",
    "system info",
    "describe the",
    "is your feature",
    "version",
    "platform",
    "device",
    "app version",
    "note:",
    "tested",
    "problem type",
    "severity",
    "priority",
    "mozilla/",
    "created attachment",
    "attachment",
    "see attach",
    "bug ",
    "+++",
    "<!--",
    "```",
    "schritte",
    "erwartet",
    "tats",
];

fn is_form_line(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '#' | '>' | '-' | '_' | '`' | '['));
    let start = bare.get(..bare.floor_char_boundary(28)).unwrap_or_default().to_lowercase();
    // "Bookmarks:" alone on its line is a heading whatever it says.
    let is_heading = bare.ends_with(':') && bare.split_whitespace().count() <= 5;
    is_heading || FORM_LINES.iter().any(|form| start.starts_with(form)) && bare.len() < 90
}

/// Whether a run of characters is an address, a path, code, a version or a number with a mark rather than a word.
fn is_junk(word: &str) -> bool {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    let n_letters = inner.chars().filter(|c| c.is_alphabetic()).count();
    let n_digits = inner.bytes().filter(u8::is_ascii_digit).count();
    inner.contains(['/', '\\', '@', '_', '=', '<', '>', '{', '}', '[', ']', '(', ')', '|', '#', '$', '€', '£', '%', '"'])
        || inner.contains('.')
        || inner.contains(':')
        || word.contains('[')
        || word.starts_with(['$', '€', '£', '<', '{', '@', '/', '.'])
        || (n_digits > 0 && n_digits >= n_letters)
        || n_letters > 24
        // "fooBarBaz", but not "iPhone" or "SeaMonkey".
        || inner.chars().zip(inner.chars().skip(1)).filter(|(a, b)| a.is_lowercase() && b.is_uppercase()).count() > 1
}

/// The clauses of `text`. The first word of each is where a sentence or a part of one begins.
pub(super) fn clauses(text: &str, language: Language) -> Vec<Vec<Token>> {
    let text = &text[..text.floor_char_boundary(MAX_BYTES)];
    let is_english = matches!(language, Language::English | Language::Other);
    let chunks = chunk(text, language);
    let verbs: Vec<usize> = chunks.verbs.iter().map(|verb| verb.range.start).collect();
    let mut found: Vec<Vec<Token>> = Vec::new();
    let mut open: Vec<Token> = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let base = line_start;
        line_start += line.len();
        close(&mut open, &mut found);
        if is_form_line(line) {
            continue;
        }
        let mut at = 0;
        for raw in line.split_inclusive(char::is_whitespace) {
            let start = base + at;
            at += raw.len();
            let raw = raw.trim_end();
            if raw.is_empty() {
                continue;
            }
            take(raw, start, &verbs, language, is_english, &mut open, &mut found);
        }
    }
    close(&mut open, &mut found);
    found
}

fn close(open: &mut Vec<Token>, found: &mut Vec<Vec<Token>>) {
    if !open.is_empty() {
        found.push(joined(std::mem::take(open)));
    }
}

/// Verbs that make another verb, or a noun, with a particle.
pub(super) const BASES: &[&str] =
    &["top", "sign", "log", "set", "clock", "check", "roll", "pop", "start", "shut", "wake", "turn", "back", "opt"];

/// Particle verbs made one: "top up" after "my" is a noun of two words, else a verb of two words.
fn joined(clause: Vec<Token>) -> Vec<Token> {
    const PARTICLES: &[&str] = &["up", "in", "out", "off", "on", "down", "over"];
    let mut whole: Vec<Token> = Vec::with_capacity(clause.len());
    let mut rest = clause.into_iter().peekable();
    while let Some(token) = rest.next() {
        let is_particle = rest.peek().is_some_and(|next| {
            next.is(PARTICLES) && (next.low == "up" || next.low == "out" || !token.is(&["top", "back"]))
        });
        if !(is_particle && token.is(BASES)) {
            whole.push(token);
            continue;
        }
        let Some(particle) = rest.next() else { break };
        let is_noun = whole.last().is_some_and(|last| {
            matches!(last.tag, Tag::Article | Tag::Possessive | Tag::Determiner | Tag::Noun) && !last.is(&["i", "they"])
        });
        whole.push(Token {
            written: format!("{} {}", token.written, particle.written),
            low: format!("{} {}", token.low, particle.low),
            tag: if is_noun { Tag::Noun } else { Tag::Verb },
        });
    }
    whole
}

/// Reads one run between white space.
fn take(
    raw: &str,
    start: usize,
    verbs: &[usize],
    language: Language,
    is_english: bool,
    open: &mut Vec<Token>,
    found: &mut Vec<Vec<Token>>,
) {
    // A slash between plain words offers two; neither is the phrase.
    let word = raw.trim_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '+' | '&' | '[' | '$' | '€' | '£' | '<' | '{' | '@' | '/')
    });
    let opens = raw.starts_with(['(', '[', '{', '-', '–', '—', '*', '>', '#', '<', '|']);
    let ends = raw.ends_with(['.', '!', '?', ';', ':', ',', ')', ']', '…', '|', '—', '–', '}', '>', '،', '。']);
    if opens || word.is_empty() {
        close(open, found);
    }
    if word.is_empty() || word == "&" || word == "+" {
        return;
    }
    if is_junk(word) {
        close(open, found);
        return;
    }
    let low: String = word
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '’' | 'ʼ' | '`') { '\'' } else { c })
        .collect();
    let repeats = open.last().is_some_and(|last| last.low == low);
    if !FILLERS.contains(&low.as_str()) && !repeats {
        let offset = raw.find(word).unwrap_or(0);
        let is_verb = verbs.binary_search(&(start + offset)).is_ok();
        let tag = if is_english { english(&low, is_verb, open.last()) } else { other(&low, is_verb, language) };
        open.push(Token { written: word.to_owned(), low, tag });
    }
    if ends {
        close(open, found);
    }
}

fn english(low: &str, is_verb: bool, before: Option<&Token>) -> Tag {
    if let Some(&tag) = CLOSED_WORDS.get(low) {
        return tag;
    }
    if low.bytes().all(|byte| byte.is_ascii_digit()) {
        return Tag::Number;
    }
    let after_article = before.is_some_and(|before| matches!(before.tag, Tag::Article | Tag::Possessive));
    if PAST.split_whitespace().any(|past| past == low) && !after_article {
        let is_base = matches!(low, "put" | "set" | "cut" | "read" | "shut" | "split" | "hit" | "reset" | "come");
        return if is_base { if is_verb { Tag::Verb } else { Tag::Noun } } else { Tag::Past };
    }
    if low.ends_with("ed") && low.len() > 4 && !low.ends_with("eed") && !after_article {
        return Tag::Past;
    }
    if low.ends_with("ing") && low.len() > 5 {
        let is_act = before
            .is_none_or(|before| matches!(before.tag, Tag::Be | Tag::Have | Tag::Not | Tag::Preposition | Tag::Adverb));
        return if is_verb || is_act && !low.ends_with("thing") { Tag::Ing } else { Tag::Noun };
    }
    if is_verb {
        return Tag::Verb;
    }
    if low.ends_with("ly") && low.len() > 5 && !matches!(low, "family" | "supply" | "assembly" | "reply" | "anomaly") {
        return Tag::Adverb;
    }
    Tag::Noun
}

fn other(low: &str, is_verb: bool, language: Language) -> Tag {
    let first_of = |list: &str| list.split(' ').any(|word| word == low);
    let (articles, possessives) = match language {
        Language::German => (
            "der die das den dem des ein eine einen einem einer eines",
            "mein meine meinen meinem meiner unser unsere unseren unserem unserer ihr ihre ihren dein deine",
        ),
        Language::French => ("le la les un une des du au aux l d", "mon ma mes notre nos votre vos"),
        Language::Spanish => ("el la los las un una unos unas", "mi mis nuestro nuestra nuestros nuestras su sus"),
        _ => ("o a os as um uma uns umas", "meu minha meus minhas nosso nossa nossos nossas seu sua"),
    };
    if first_of(articles) {
        Tag::Article
    } else if first_of(possessives) {
        Tag::Possessive
    } else if low.bytes().all(|byte| byte.is_ascii_digit()) {
        Tag::Number
    } else if is_verb {
        Tag::Verb
    } else if is_function_word(low, language) {
        Tag::Preposition
    } else {
        Tag::Noun
    }
}
