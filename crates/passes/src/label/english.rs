//! English clauses turned into phrases that can stand alone: "How do I get a refund?" is "get a refund", "why was I
//! charged a fee" is "charged a fee", "my card hasn't arrived" is "card hasn't arrived".
//!
//! In: one clause. Out: phrases of its own words in their order; only a subject, an opening, an auxiliary or a
//! possessive is left out, and "does" gives its -s to its verb. Cost: linear in the words.

use super::pattern::{LIGHT, Patterns};
use super::token::{Tag, Token};
use std::sync::LazyLock;

/// What stands after an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// A clause to be read in its turn.
    Clause,
    /// An act: "get a refund".
    Act,
    /// Something that cannot be done; "can't" goes before it.
    Cannot,
    /// "unable to" goes before it.
    Unable,
    /// A thing: "a new card".
    Thing,
    /// A thing that is needed; "need" goes before it.
    Need,
    /// A predicate of the writer without its subject: "charged twice".
    State,
    /// Where, when or which way to do it; the question word goes before it with "to".
    WhereTo,
    WhenTo,
    /// Nothing that can stand alone.
    Nothing,
}

const RULES: &[(&str, Then)] = &[
    // Greetings and openings.
    ("hi|hello|hey|dear|thanks|thank|ok|okay|yes|yeah|well|no|pls|please|kindly|thx|sorry|great|cool", Then::Clause),
    (
        "and|but|so|because|since|also|or|then|plus|though|although|when|whenever|if|while|until|after|before|as|once",
        Then::Clause,
    ),
    (
        "just|still|already|even|again|now|currently|actually|unfortunately|sadly|basically|really|suddenly|recently|however|only|maybe",
        Then::Clause,
    ),
    (
        "today|yesterday|sometimes|often|lately|everytime|apparently|finally|immediately|obviously|personally|ideally",
        Then::Clause,
    ),
    ("feature|enhancement|change request", Then::Clause),
    ("suggestion|idea|request|question|wish|bug|regression|rfe|proposal for|to?", Then::Clause),
    ("for some|any|whatever|one|unknown reason", Then::Clause),
    (
        "i|we @ think|thought|believe|guess|suppose|assume|noticed|notice|noticing|realized|realised|realize|found|see|saw|feel|say|hope|understand|understood|read|heard|suggest|propose|know|mean|discovered that",
        Then::Clause,
    ),
    ("i|we @ think|thought|believe|guess|suppose|assume|noticed|realized|realised|hope|mean", Then::Clause),
    ("i|we @ am|are? wondering|wonder|curious if|whether|about?", Then::Clause),
    ("i'm|im|we're @ wondering|curious|unsure|confused|sure if|whether|about|why|how|as? to?", Then::Clause),
    ("i was wondering if|whether|about?", Then::Clause),
    ("it @ seems|looks|appears|seemed|appeared|sounds that|like|as|to? if|though?", Then::Clause),
    ("the fact|problem|issue|thing|point|reason is|was|being? that|is|for?", Then::Clause),
    ("is there a|any reason|explanation why|that|for|as? to?", Then::Clause),
    ("what is|was|are|'s the|your? reason|reasons|cause|explanation that|for|of|behind?", Then::Clause),
    ("what's the reason|cause that|for|of?", Then::Clause),
    ("what caused|causes|would", Then::Clause),
    ("what @ happens|happened|happen if|to|with?", Then::Clause),
    (
        "i|we @ want|need|wish|wanted|would|like|love like|love|want? to know|understand|ask|report|inform|clarify|find|check out? about|that|if|whether|more?",
        Then::Clause,
    ),
    (
        "i'd|i'll|we'd @ like|love to know|understand|ask|report|inform|clarify|check about|that|if|whether|more?",
        Then::Clause,
    ),
    (
        "can|could|would|will|may you|u|someone|somebody|anyone|anybody|i|we @ tell|explain|clarify|advise|inform|ask|show|know|confirm|assist|help|check|describe|see|look|provide|elaborate to? me|us? @ with|about|on|if|into|whether|understand|know|out|that|to|in|some|info|information?",
        Then::Clause,
    ),
    ("can|could|would|will you|u|someone @ let me|us know if|whether|about?", Then::Clause),
    ("tell|explain|let|show|advise to? me|us @ know? about|if|whether|that?", Then::Clause),
    ("help|assist me|us? @ understand|with|to|in|figure|find out?", Then::Clause),
    (
        "need @ help|assistance|advice|info|information|support to|with|on|about|in|understanding|regarding?",
        Then::Clause,
    ),
    (
        "i|we @ would|am|'d? @ need|want|like|require|looking|could|have some|a|any|your? bit|little? of? help|assistance|advice|info|information|support|clarification|question|questions|problem|use for? @ to|with|on|about|in|understanding|regarding?",
        Then::Clause,
    ),
    (
        "i'm|i'd|we're @ like|having|looking for? some|a? help|assistance|info|information to|with|on|about|in|regarding?",
        Then::Clause,
    ),
    ("do|did|does you|u|anyone|anybody @ know|think if|whether|that?", Then::Clause),
    ("any idea|ideas|news|update|updates|chance|plans|info|way if|whether|that|on|about|of|for|to?", Then::Clause),
    (
        "i|we @ don't|do|dont|can't|cannot|did|didn't not? @ know|understand|get|see|remember|figure|tell|believe|sure out? if|whether|that?",
        Then::Clause,
    ),
    (
        "i|we am|are|was @ not|unsure|confused|concerned|worried|curious sure? if|whether|that|about|as? to?",
        Then::Clause,
    ),
    (
        "i|we have|had|got a|another|one|some question|questions|query|concern|doubt about|on|regarding|if|whether|for?",
        Then::Clause,
    ),
    (
        "my|our|the|this question|concern|problem|issue|request|suggestion|query|complaint is|was|here|now|being that|about|with?",
        Then::Clause,
    ),
    ("this|that|it is|was about|because|if|for?", Then::Clause),
    (
        "it|that|this would|will|is|might|may|could|be @ be? @ a? nice|great|good|helpful|useful|cool|awesome|handy|wonderful|best|better|ideal|easier|fantastic|lovely|amazing|excellent|important|necessary|convenient|appreciated|help|interesting to? see|have|know if|to|that|for?",
        Then::Clause,
    ),
    ("it'd @ be @ nice|great|good|helpful|useful|cool|awesome|handy|lovely to? have|see? if|to|that?", Then::Clause),
    (
        "would|will be @ nice|great|good|helpful|useful|cool|awesome|handy|lovely to? have|see? if|to|that?",
        Then::Clause,
    ),
    ("it says|said|states|shows|showed that?", Then::Clause),
    (
        "the? app|system|site|website|screen|it is|was? says|saying|said|states|shows|telling|tells|told me? that|my|the",
        Then::Clause,
    ),
    // Acts.
    (
        "how @ do|can|could|should|would|will|may|might|must|shall|does|did @ i|we|you|u|one|someone|anyone|people|users go? about? start? able? to?",
        Then::Act,
    ),
    ("how @ i|we|you @ can|could|should|would|do|may|will|must", Then::Act),
    ("how to|do @", Then::Act),
    ("how about|is|are|do", Then::Nothing),
    ("i|we|you @ can|could|may|might|should|must|shall|will|would|do|did @ like|want|need|have|love to", Then::Act),
    ("am|are|will|would i|we @ be? able|allowed|supposed|going to", Then::Act),
    ("can't|cant|couldn't i|we|you @", Then::Act),
    ("can|could|may|might|should|shall|must i|we|you|u|someone|somebody|one @ be? able? to?", Then::Act),
    ("would|will|won't you|u mind|please|be able|willing to?", Then::Act),
    ("would|will you|u|someone @ please? be? able? to?", Then::Act),
    ("do|does|did i|we @ need|have|want to|@", Then::Act),
    (
        "i|we|you|users|people|customers @ would|do|did|had? @ want|need|like|love|wish|hope|prefer|intend|plan|wanted|needed|tried|try|have|had|got|decided|expect|wanna|attempted @ to",
        Then::Act,
    ),
    ("i|we @ wanna|must|should", Then::Act),
    (
        "i|we|im|i'm|we're @ am|are|was|were|been|have? @ been? trying|looking|hoping|wanting|planning|attempting|going|willing|supposed|wishing|about|interested|having|forced|required to|in|on",
        Then::Act,
    ),
    (
        "i'd|i'll|we'd|i've|we've @ like|love|want|prefer|have|need|been|tried? @ want|trying|wanting|like|love? to",
        Then::Act,
    ),
    (
        "would|want|need|wanna|looking|trying|wanting|needing|wish|like|hoping|going|have|wanted @ like|love|want? to",
        Then::Act,
    ),
    (
        "is|are|was|would|isn't there @ a|an|any|some|be|no @ a? @ way|ways|option|options|possibility|chance|method|ability|process|plan|plans|possible|setting for|of? me|us|users? @ to|i|we|you|where|that|in|of|for? @ which|i|we|you|to? can|could|be? able? to?",
        Then::Act,
    ),
    (
        "there @ is|should|must|needs|would|has|be? to? be? @ a|an|no|any|some @ way|option|possibility|ability for? me|us|users? to|of|i|we @ can?",
        Then::Act,
    ),
    (
        "is|would|was|be it|that @ be? @ possible|ok|okay|allowed|feasible|alright|fine|permitted|safe for? me|us|users? @ to|if|that i|we|you? @ can|could?",
        Then::Act,
    ),
    ("it|this @ is|would|should|be @ be? @ possible for? me|us|users? to|that", Then::Act),
    ("it's @ possible to", Then::Act),
    ("possible|possibility|ability|option|way|able|ways to|of|for", Then::Act),
    ("a|an|the possibility|ability|option|way|ways to", Then::Act),
    (
        "what @ do|should|can|must|would|will|is @ i|we|you? @ need|have|be? @ to? @ do|done|do to|about|for|in? order? to?",
        Then::Act,
    ),
    (
        "what are|is|'s|were the|your|a|some? @ best|right|correct|proper|easiest|fastest|quickest|simplest|exact? way|ways|process|procedure|procedures|steps|method|options|requirements|instructions to|for|of|in",
        Then::Act,
    ),
    (
        "what's the @ best|right|correct|proper|easiest|fastest|quickest? way|process|procedure|method to|for|of",
        Then::Act,
    ),
    ("what steps|step do|should|can|must @ i|we|you @ need|have? to? @ take|do|follow to|for", Then::Act),
    ("allow|let|enable|permit @ me|us|users|people|customers|the? user? to?", Then::Act),
    ("help|assist|aid|guide me|us @ to|with|in?", Then::Act),
    ("i|we need|want|would|like you @ to", Then::Act),
    ("need|want|like you @ to", Then::Act),
    ("i|we demand|insist|request|ask you|that|to", Then::Act),
    ("go ahead|on and", Then::Act),
    // Where and when.
    ("where @ can|could|do|should|would|might i|we|you|one @ go? to?", Then::WhereTo),
    ("when @ can|could|do|should|would i|we|you @ expect? to?", Then::WhenTo),
    // What cannot be done.
    ("why @ can't|cannot|cant|couldn't|could|can i|we|users @ not|n't", Then::Cannot),
    ("why @ can't|cannot|cant|couldn't i|we|users @", Then::Cannot),
    ("why i|we @ can't|cannot|cant|couldn't", Then::Cannot),
    ("i|we|you|users|one|people @ can't|cannot|cant|couldn't|couldnt @ seem? to?", Then::Cannot),
    ("i|we|you|users @ can|could @ not @ seem? to?", Then::Cannot),
    (
        "it|app|system @ won't|doesn't|wont|does|will|isn't|is|wouldn't|didn't not? @ let|letting|allow|allowing|permit|allows|lets me|us @ to?",
        Then::Cannot,
    ),
    ("can't|cannot|cant seem? to?", Then::Cannot),
    ("i|we|im|i'm|we're @ am|are|was|were? @ being? unable to", Then::Unable),
    ("i|we|im|i'm|we're @ am|are|was|were? @ not been? able to", Then::Unable),
    ("i|we @ have|haven't|'ve not? been unable|able to", Then::Unable),
    ("i've|we've @ not|been been? unable|able to", Then::Unable),
    ("why am|are|was @ i|we @ unable|not able? to", Then::Unable),
    ("why @ i|we|i'm am|are|was? unable|not able? to", Then::Unable),
    ("being|not unable|able to", Then::Unable),
    ("it|is|it's @ is? @ impossible|not|difficult|hard possible? for? me|us? to", Then::Unable),
    ("impossible|unable|inability to", Then::Unable),
    // What happens to the writer.
    (
        "why @ was|am|were|did|have|has|had|are|do|would|is i|we|you @ been|being|get|getting|be|got|is|have|have? @ been|being?",
        Then::State,
    ),
    ("why @ i|we|i'm|i've @ was|am|were|did|have|had|are|got|keep|is? @ been|being|get|getting|be?", Then::State),
    ("i|we @ was|am|were|are|got|being|get @ being|getting|been?", Then::State),
    ("i'm|im|we're @ being|getting?", Then::State),
    ("i've|we've|ive @ been|had|got? @ being?", Then::State),
    ("i|we @ have|had|has @ been|had|got? @ being?", Then::State),
    ("have|has|was|were|did|am i|we @ been|be|being?", Then::State),
    ("haven't|hasn't|didn't|wasn't i|we", Then::Nothing),
    ("i|we|you|users|people @ can|could|were|are be? able? to?", Then::Act),
    ("i|we|i'd|i'll|i've", Then::State),
    // Things.
    ("what @ is|are|was|were|'s|about @ a|an|the|my|our|your|this|that|these|those|some|all|any|with|up?", Then::Thing),
    ("what's|whats|what're @ the|my|our|your|this|that|a|up|with?", Then::Thing),
    ("is|are|was|were|will|would there @ be? @ a|an|any|some|going|to|be|more?", Then::Thing),
    (
        "there @ is|are|was|were|seems|appears|has|have|should|be|needs|must|will|would to? be|been? @ a|an|no|any|some|another?",
        Then::Thing,
    ),
    ("there's|theres a|an|no|some|this?", Then::Thing),
    ("i've|we've noticed|seen|got|had a|an|another|some?", Then::Thing),
    ("need|want|require|wants|needs", Then::Need),
    ("do|does|did you|u|they|we @ have|offer|provide|support|accept|take|sell|give @ a|an|any|some?", Then::Thing),
    (
        "this|that|it|it's|they|he|she|they're|there|who|you|you're|that's|u|nobody|everything|something|nothing|anyone|someone",
        Then::Nothing,
    ),
];

static OPENINGS: LazyLock<Patterns<Then>> = LazyLock::new(|| Patterns::new(RULES));

/// How often an opening may follow another.
const MAX_DEPTH: u8 = 5;

/// Adds what `clause` says to `found`.
pub(super) fn read(clause: &[Token], depth: u8, found: &mut Vec<Vec<Token>>) {
    let Some(first) = clause.first() else { return };
    if depth > MAX_DEPTH {
        return;
    }
    // "when will my card arrive" asks; "when I pay" opens a clause.
    let asks_when = first.is(&["when"])
        && clause.get(1).is_some_and(|next| matches!(next.tag, Tag::Be | Tag::Have | Tag::Do | Tag::Modal))
        && clause.get(2).is_some_and(|next| !matches!(next.tag, Tag::Subject | Tag::Pronoun));
    if asks_when {
        return question(clause, found);
    }
    if let Some((n, then)) = OPENINGS.find(clause) {
        return follow(&clause[n..], then, depth, found);
    }
    match first.tag {
        Tag::Question => question(clause, found),
        Tag::Be | Tag::Have | Tag::Do | Tag::Modal => {
            // "don't show it again", "never ask": an order, not a question.
            let asks = clause.get(1).is_some_and(|next| {
                matches!(
                    next.tag,
                    Tag::Possessive | Tag::Article | Tag::Determiner | Tag::Subject | Tag::Pronoun | Tag::Noun
                )
            });
            if asks { inverted(clause, found) } else { keep(clause.to_vec(), found) }
        }
        Tag::Article | Tag::Possessive | Tag::Determiner => keep(bare(clause).to_vec(), found),
        Tag::Number => read(&clause[1..], depth + 1, found),
        Tag::Subject | Tag::Pronoun => {}
        _ => keep(clause.to_vec(), found),
    }
}

fn follow(rest: &[Token], then: Then, depth: u8, found: &mut Vec<Vec<Token>>) {
    let rest = light(rest);
    match then {
        Then::Nothing => {}
        Then::Clause => read(rest, depth + 1, found),
        Then::Act => act(rest, depth, found),
        Then::Cannot => {
            if starts_act(rest) {
                keep(with(&[Token::new("can't", Tag::Modal)], rest), found);
            }
        }
        Then::Unable => {
            if starts_act(rest) {
                keep(with(&[Token::new("unable", Tag::Noun), Token::new("to", Tag::To)], rest), found);
            }
        }
        Then::Thing => thing(rest, found),
        Then::Need => {
            thing(rest, found);
            if rest.first().is_some_and(|next| !matches!(next.tag, Tag::Verb | Tag::To | Tag::Subject | Tag::Pronoun)) {
                keep(with(&[Token::new("need", Tag::Verb)], rest), found);
            }
        }
        Then::WhereTo | Then::WhenTo => {
            if starts_act(rest) {
                let word = if then == Then::WhereTo { "where" } else { "when" };
                keep(with(&[Token::new(word, Tag::Question), Token::new("to", Tag::To)], rest), found);
                act(rest, depth, found);
            }
        }
        Then::State => state(rest, depth, found),
    }
}

/// What somebody does or wants done.
fn act(rest: &[Token], depth: u8, found: &mut Vec<Vec<Token>>) {
    let Some(first) = rest.first() else { return };
    // "be able to see", "know how to": the act is the second one.
    if first.is(&["be", "get"]) && rest.get(1).is_some_and(|next| next.is(&["able", "allowed"])) {
        return act(&rest[rest.len().min(3)..], depth, found);
    }
    if first.is(&[
        "know",
        "tell",
        "understand",
        "ask",
        "learn",
        "explain",
        "help",
        "see",
        "please",
        "let",
        "allow",
        "make",
        "find",
        "check",
    ]) && depth < MAX_DEPTH
        && let Some(at) =
            rest.iter().position(|token| token.is(&["how", "why", "what", "where", "when", "if", "whether", "sure"]))
    {
        let skip = usize::from(rest[at].is(&["if", "whether", "sure"]));
        return read(&rest[at + skip..], depth + 1, found);
    }
    if first.is(&["please", "help", "let", "allow", "assist"]) {
        return read(rest, depth + 1, found);
    }
    if starts_act(rest) {
        keep(rest.to_vec(), found);
    }
}

/// Whether the words can be an act: they open with a verb, or with a word the lexicon does not know.
fn starts_act(rest: &[Token]) -> bool {
    rest.first().is_some_and(|first| {
        matches!(first.tag, Tag::Verb | Tag::Noun | Tag::Ing) && !first.low.ends_with("tion")
            || first.is(&["do", "have", "top", "be", "opt"])
            || first.tag == Tag::Preposition && first.is(&["top"])
    })
}

fn thing(rest: &[Token], found: &mut Vec<Vec<Token>>) {
    let rest = bare(rest);
    if rest.first().is_some_and(|first| matches!(first.tag, Tag::Noun | Tag::Ing | Tag::Past | Tag::Verb)) {
        keep(rest.to_vec(), found);
    }
}

/// A predicate of the writer: "charged twice", "have a charge I do not know", "lost my phone".
fn state(rest: &[Token], depth: u8, found: &mut Vec<Vec<Token>>) {
    let Some(first) = rest.first() else { return };
    match first.tag {
        Tag::Past => {
            keep(rest.to_vec(), found);
            // "received a charge", "noticed a payment": the thing is the point.
            if first.is(&["got", "noticed", "saw", "seen", "found", "received", "had", "see"]) {
                thing(&rest[1..], found);
            }
        }
        Tag::Ing => keep(rest.to_vec(), found),
        Tag::Not => {
            if rest.get(1).is_some_and(|next| matches!(next.tag, Tag::Past | Tag::Ing)) {
                keep(rest.to_vec(), found);
            }
        }
        Tag::Verb | Tag::Noun => {
            if first.is(&["see", "get", "have", "notice", "find", "want", "need", "keep", "got"]) {
                thing(&rest[1..], found);
            }
            if first.is(&["need", "unable"])
                || first.tag == Tag::Verb && !first.is(&["think", "know", "see", "want", "get", "notice"])
            {
                keep(rest.to_vec(), found);
            }
        }
        Tag::Have => thing(&rest[1..], found),
        Tag::Do if first.low.ends_with("n't") || first.low == "dont" || first.low == "didnt" => {
            keep(rest.to_vec(), found);
        }
        Tag::Do if rest.get(1).is_some_and(|next| next.tag == Tag::Not) => keep(rest.to_vec(), found),
        Tag::Modal | Tag::Be | Tag::Do => {}
        Tag::Article | Tag::Possessive | Tag::Determiner => thing(rest, found),
        _ => {
            if depth < MAX_DEPTH && first.tag == Tag::Adverb {
                state(&rest[1..], depth + 1, found);
            }
        }
    }
}

/// A question that opens with a question word and that no opening knows.
fn question(clause: &[Token], found: &mut Vec<Vec<Token>>) {
    let (first, rest) = (&clause[0], &clause[1..]);
    let Some(next) = rest.first() else { return };
    match first.low.as_str() {
        "why" => {
            if matches!(next.tag, Tag::Be | Tag::Have | Tag::Do | Tag::Modal) {
                inverted(rest, found);
            } else {
                keep(bare(rest).to_vec(), found);
            }
        }
        "how" if next.is(&["long", "much", "many", "often", "soon", "far", "fast"]) => {
            let Some(aux) =
                rest.iter().position(|token| matches!(token.tag, Tag::Be | Tag::Have | Tag::Do | Tag::Modal))
            else {
                return;
            };
            if let Some(turned) = turned(&rest[aux..]) {
                keep(with(&with(std::slice::from_ref(first), &rest[..aux]), &turned), found);
            }
        }
        "where" | "when" | "how" => {
            if let Some(turned) = turned(rest) {
                keep(with(&[Token::new(&first.low, Tag::Question)], &turned), found);
            }
        }
        // "which currencies can I exchange" is "exchange currencies".
        "what" | "which" => {
            let Some(aux) = rest.iter().position(|token| matches!(token.tag, Tag::Modal | Tag::Do | Tag::Be)) else {
                return;
            };
            let asks = rest.get(aux + 1).is_some_and(|next| next.is(&["i", "we"]));
            if aux > 0 && asks && rest.get(aux + 2).is_some_and(|verb| matches!(verb.tag, Tag::Verb | Tag::Noun)) {
                let verb = &rest[aux + 2..aux + 3];
                keep(with(&with(verb, &rest[..aux]), &rest[aux + 3..]), found);
            }
        }
        _ => {}
    }
}

/// Where the subject after an auxiliary ends: before the first word that is no part of a noun phrase.
fn subject_end(rest: &[Token]) -> Option<usize> {
    if rest.first()?.tag == Tag::Subject || rest.first()?.is(&["it", "you"]) {
        return Some(1);
    }
    let mut seen_noun = false;
    for (at, token) in rest.iter().enumerate() {
        match token.tag {
            // "the calendar syncing": the act begins.
            Tag::Noun if seen_noun && token.low.ends_with("ing") && token.low.len() > 5 => return Some(at),
            Tag::Noun | Tag::Number => seen_noun = true,
            Tag::Preposition if seen_noun && token.is(&["of", "for", "from", "on", "with", "in", "to"]) => {
                // "my transfer to France": the phrase goes on.
                let rest_end = subject_end(&rest[at + 1..])?;
                return Some(at + 1 + rest_end);
            }
            Tag::To if seen_noun => {
                return subject_end(&rest[at + 1..]).map(|more| at + 1 + more);
            }
            Tag::Article | Tag::Possessive | Tag::Determiner | Tag::Past | Tag::Verb | Tag::Ing if !seen_noun => {}
            _ => return seen_noun.then_some(at),
        }
    }
    None
}

/// Where the verb stands that the chunker took for a noun: "does the upload | stop at half", "will my card | arrive".
fn base_verb(rest: &[Token]) -> Option<usize> {
    let run = rest.iter().take_while(|token| {
        matches!(token.tag, Tag::Article | Tag::Possessive | Tag::Determiner | Tag::Noun | Tag::Verb)
    });
    let n = run.count();
    let n_nouns = rest[..n].iter().filter(|token| matches!(token.tag, Tag::Noun | Tag::Verb)).count();
    (n_nouns >= 2).then(|| n - 1)
}

/// "is my card not working", "did my transfer fail", after "why": the statement behind it.
fn inverted(clause: &[Token], found: &mut Vec<Vec<Token>>) {
    let (aux, rest) = (&clause[0], &clause[1..]);
    if rest.first().is_some_and(|next| matches!(next.tag, Tag::Subject | Tag::Pronoun)) {
        return;
    }
    let is_negated = aux.low.ends_with("n't") || aux.low.ends_with("nt") && aux.low.len() > 4;
    if !is_negated && matches!(aux.tag, Tag::Be) || aux.is(&["has", "have"]) {
        // Head-line style: "card not working", "top-up still pending".
        if rest.len() > 1 {
            let mut said = bare(rest).to_vec();
            if let Some(at) = said.iter().position(|token| token.is(&["been", "being"])) {
                said.remove(at);
            }
            keep(said, found);
        }
        return;
    }
    if let Some(turned) = turned(clause) {
        keep(bare(&turned).to_vec(), found);
    }
}

/// A clause with its auxiliary put behind its subject: "does a transfer take" is "a transfer takes".
fn turned(clause: &[Token]) -> Option<Vec<Token>> {
    let (aux, rest) = clause.split_first()?;
    if !matches!(aux.tag, Tag::Be | Tag::Have | Tag::Do | Tag::Modal) {
        return None;
    }
    if rest.first().is_some_and(|next| next.is(&["i", "we", "you", "they", "he", "she"])) {
        return None;
    }
    let takes_base = matches!(aux.tag, Tag::Do | Tag::Modal);
    let end = match subject_end(rest) {
        Some(end) if takes_base && rest[end].tag != Tag::Verb => base_verb(rest).unwrap_or(end),
        Some(end) => end,
        None if takes_base => base_verb(rest)?,
        // "where is my card": all of it is the subject.
        None if aux.tag == Tag::Be => rest.len(),
        None => return None,
    };
    let (subject, predicate) = rest.split_at(end);
    let mut said = subject.to_vec();
    let mut predicate: Vec<Token> = predicate.to_vec();
    let verb = predicate.iter().position(|token| !LIGHT.contains(&token.low.as_str()) && token.tag != Tag::Not);
    match (aux.low.as_str(), verb) {
        ("do", _) => {}
        ("does", Some(at)) if !predicate[..at].iter().any(|token| token.tag == Tag::Not) => {
            let third = third_person(&predicate[at].low);
            predicate[at] = Token::new(&third, Tag::Verb);
        }
        ("did", Some(at)) if !predicate[..at].iter().any(|token| token.tag == Tag::Not) => {
            // "did my card get declined" is "card declined".
            if predicate[at].is(&["get"]) && predicate.get(at + 1).is_some_and(|next| next.tag == Tag::Past) {
                predicate.remove(at);
            } else {
                let past = past(&predicate[at].low)?;
                predicate[at] = Token::new(&past, Tag::Past);
            }
        }
        ("does" | "did", None) => return None,
        _ => said.push(aux.clone()),
    }
    said.extend(predicate);
    Some(said)
}

fn third_person(verb: &str) -> String {
    match verb {
        "have" => "has".to_owned(),
        "be" => "is".to_owned(),
        "do" => "does".to_owned(),
        "go" => "goes".to_owned(),
        verb if ["s", "sh", "ch", "x", "z"].iter().any(|end| verb.ends_with(end)) => format!("{verb}es"),
        verb if verb.ends_with('y') && !["ay", "ey", "oy", "uy"].iter().any(|end| verb.ends_with(end)) => {
            format!("{}ies", &verb[..verb.len() - 1])
        }
        verb => format!("{verb}s"),
    }
}

/// The past form of a regular verb, and of the irregular ones that things do.
fn past(verb: &str) -> Option<String> {
    const IRREGULAR: &[(&str, &str)] = &[
        ("go", "went"),
        ("get", "got"),
        ("come", "came"),
        ("become", "became"),
        ("take", "took"),
        ("show", "showed"),
        ("lose", "lost"),
        ("make", "made"),
        ("do", "did"),
        ("have", "had"),
        ("break", "broke"),
        ("freeze", "froze"),
        ("disappear", "disappeared"),
        ("stop", "stopped"),
        ("drop", "dropped"),
        ("give", "gave"),
        ("eat", "ate"),
        ("keep", "kept"),
        ("cost", "cost"),
        ("send", "sent"),
        ("leave", "left"),
        ("hang", "hung"),
        ("pay", "paid"),
        ("say", "said"),
        ("find", "found"),
        ("run", "ran"),
        ("cut", "cut"),
        ("shut", "shut"),
        ("put", "put"),
        ("set", "set"),
        ("swallow", "swallowed"),
        ("fall", "fell"),
        ("begin", "began"),
        ("turn", "turned"),
    ];
    if let Some((_, past)) = IRREGULAR.iter().find(|(base, _)| *base == verb) {
        return Some((*past).to_owned());
    }
    if verb.len() < 3 || verb.ends_with("ed") || verb.ends_with("ing") {
        return None;
    }
    Some(if verb.ends_with('e') {
        format!("{verb}d")
    } else if verb.ends_with('y') && !["ay", "ey", "oy", "uy"].iter().any(|end| verb.ends_with(end)) {
        format!("{}ied", &verb[..verb.len() - 1])
    } else {
        format!("{verb}ed")
    })
}

/// Without leading articles, possessives and light adverbs.
fn bare(tokens: &[Token]) -> &[Token] {
    let skip = tokens
        .iter()
        .take_while(|token| {
            matches!(token.tag, Tag::Article | Tag::Possessive)
                || token.is(&["this", "these", "that", "those", "some", "any"])
                || LIGHT.contains(&token.low.as_str())
        })
        .count();
    &tokens[skip..]
}

fn light(tokens: &[Token]) -> &[Token] {
    let skip = tokens.iter().take_while(|token| LIGHT.contains(&token.low.as_str())).count();
    &tokens[skip..]
}

fn with(before: &[Token], rest: &[Token]) -> Vec<Token> {
    before.iter().chain(rest).cloned().collect()
}

fn keep(phrase: Vec<Token>, found: &mut Vec<Vec<Token>>) {
    if !phrase.is_empty() {
        found.push(phrase);
    }
}

/// Acts that stand within a clause after "to": "went to the app to change my PIN".
pub(super) fn inner_acts(clause: &[Token], found: &mut Vec<Vec<Token>>) {
    for at in 1..clause.len().saturating_sub(1) {
        if clause[at].tag == Tag::To && clause[at + 1].tag == Tag::Verb {
            keep(clause[at + 1..].to_vec(), found);
        }
    }
}
