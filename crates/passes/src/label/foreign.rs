//! Phrases of German, French, Spanish and Portuguese clauses: openings such as "wie kann ich", "je voudrais" or "no puedo"
//! are left out, or kept where they say what cannot be done.
//!
//! In: one clause and its language. Out: phrases as [`super::english`] gives them. Cost: linear in the words.

use super::pattern::Patterns;
use super::token::{Tag, Token};
use std::sync::LazyLock;
use throughline_text::Language;

/// What stands after an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// A clause to be read in its turn.
    Clause,
    /// A phrase that stands by itself.
    Phrase,
    /// The given number of the opening's last words stay with it.
    Keep(usize),
}

const GERMAN: &[(&str, Then)] = &[
    (
        "hallo|guten|moin|hi|liebes|sehr|danke|bitte|ja|nein|leider|aber|und|also|außerdem|heute|gestern|seit|jetzt|dann|oder|dass|ob|wenn|weil tag|morgen|abend|team|geehrte?",
        Then::Clause,
    ),
    ("wie|wo|womit kann|könnte|muss|soll|können|könnten|müssen ich|man|wir", Then::Phrase),
    ("kann|könnte|können|könnten|darf|dürfen ich|man|wir|sie|ihr bitte|auch?", Then::Phrase),
    (
        "ich|wir möchte|möchten|will|wollen|würde|würden|muss|müssen|soll|sollen|brauche|brauchen|wünsche|hätte|hätten gerne|gern|mir|bitte|auch?",
        Then::Phrase,
    ),
    ("ich|wir|man kann|können|konnte|konnten", Then::Keep(1)),
    ("ich|wir habe|haben|bin|sind|wurde|werde", Then::Phrase),
    ("gibt es|einen|eine|ein? eine|einen|die|keine? möglichkeit|option|weg?", Then::Phrase),
    ("es|das wäre schön|gut|toll|super|hilfreich|klasse wenn?", Then::Clause),
    ("es gibt", Then::Phrase),
    ("warum|wieso|weshalb ist|wird|wurde|sind|hat|kann|funktioniert", Then::Phrase),
];

const FRENCH: &[(&str, Then)] = &[
    (
        "bonjour|bonsoir|salut|merci|svp|mais|et|donc|alors|aussi|oui|non|malheureusement|s'il vous? plaît?",
        Then::Clause,
    ),
    (
        "comment|où puis-je|peut-on|pouvons-nous|pourrais-je|pourrait-on|puis|peut|je|on|pouvons|faire|est-ce je|on|nous|que|pour? peux|peut?",
        Then::Phrase,
    ),
    ("est-ce|serait-il|est-il|c'est qu'il|que|possible? est|soit? possible? de|d?", Then::Phrase),
    (
        "je|nous|on|j'|j voudrais|veux|souhaite|souhaiterais|dois|aimerais|voudrions|aimerions|doit|veut|devons|voulons",
        Then::Phrase,
    ),
    ("j'aimerais|j'aimerai", Then::Phrase),
    ("il est|serait impossible", Then::Keep(1)),
    ("il est|serait|faudrait possible|utile|bien|bon? de|d|que?", Then::Phrase),
    ("pouvoir|possible|possibilité de|d?", Then::Phrase),
    ("je|on|nous", Then::Phrase),
    ("pourquoi est-ce|mon|ma|la|le? que|qu'? ", Then::Phrase),
];

const SPANISH: &[(&str, Then)] = &[
    ("hola|buenos|buenas|gracias|por|pero|y|también|sí días|tardes|favor?", Then::Clause),
    ("cómo|como|dónde|donde puedo|puede|podemos|se|hago|podría para|puede?", Then::Phrase),
    ("quiero|necesito|quisiera|queremos|necesitamos|quería|debo|tengo que?", Then::Phrase),
    ("me|nos gustaría|encantaría poder?", Then::Phrase),
    ("es|sería|hay posible|alguna|forma|bueno|genial? forma|manera|que? de?", Then::Phrase),
    ("puedo|se|podría|pueden|podemos puede?", Then::Phrase),
    ("no puedo|podemos|consigo", Then::Keep(2)),
    ("por qué|que", Then::Clause),
];

const PORTUGUESE: &[(&str, Then)] = &[
    ("olá|ola|oi|bom|boa|obrigado|obrigada|por|mas|e|também|sim dia|tarde|favor?", Then::Clause),
    ("como|onde posso|faço|podemos|fazer|se para|pode?", Then::Phrase),
    ("quero|preciso|gostaria|queremos|precisamos|queria|devo|tenho de|que?", Then::Phrase),
    ("é|seria|há possível|alguma|bom|ótimo|forma|maneira? forma|maneira|que|se? de?", Then::Phrase),
    ("posso|podem|poderia|podemos", Then::Phrase),
    ("não consigo|posso|conseguimos|consegue", Then::Keep(2)),
    ("por que|quê", Then::Clause),
];

static OPENINGS: LazyLock<[Patterns<Then>; 4]> =
    LazyLock::new(|| [Patterns::new(GERMAN), Patterns::new(FRENCH), Patterns::new(SPANISH), Patterns::new(PORTUGUESE)]);

/// Words in a label at most.
const MOST_WORDS: usize = 8;

/// Adds what `clause` says to `found`.
pub(super) fn read(clause: &[Token], language: Language, found: &mut Vec<Vec<Token>>) {
    let slot = match language {
        Language::German => 0,
        Language::French => 1,
        Language::Spanish => 2,
        Language::Portuguese => 3,
        _ => return found.push(clause.to_vec()),
    };
    let mut rest = clause;
    for _ in 0..4 {
        let Some((n, then)) = OPENINGS[slot].find(rest) else { break };
        match then {
            Then::Clause => rest = &rest[n..],
            Then::Phrase => {
                found.push(bare(&rest[n..]).to_vec());
                return;
            }
            Then::Keep(last) => {
                let kept = &rest[n.saturating_sub(last)..];
                found.push(kept.to_vec());
                return;
            }
        }
    }
    found.push(bare(rest).to_vec());
}

fn bare(tokens: &[Token]) -> &[Token] {
    let skip = tokens.iter().take_while(|token| matches!(token.tag, Tag::Article | Tag::Possessive)).count();
    &tokens[skip..]
}

/// Phrases that `phrase` begins with and that can stand alone, longest first, and how many words were left out.
pub(super) fn endings(phrase: &[Token], language: Language) -> Vec<(Vec<Token>, usize)> {
    let mut found = Vec::new();
    let is_german = language == Language::German;
    for end in (1..=phrase.len().min(MOST_WORDS)).rev() {
        // German verbs stand last: a phrase of theirs is cut only before what opens a clause.
        let is_end = end == phrase.len()
            || (!is_german || phrase[..end].last().is_some_and(|last| last.tag == Tag::Verb))
                && matches!(phrase[end].tag, Tag::Preposition);
        let last = &phrase[end - 1];
        let ends_well = matches!(last.tag, Tag::Noun | Tag::Verb) && last.low.chars().count() > 1;
        let first = &phrase[0];
        let starts_well = matches!(first.tag, Tag::Noun | Tag::Verb)
            || first.is(&["kann", "können", "no", "não", "impossible", "ne", "nicht"]);
        let says_something = phrase[..end].iter().any(|token| token.tag == Tag::Noun && token.low.chars().count() > 2);
        if is_end && ends_well && starts_well && says_something {
            found.push((phrase[..end].to_vec(), phrase.len() - end));
        }
    }
    found
}
