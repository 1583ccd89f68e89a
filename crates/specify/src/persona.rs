//! Personas of a workspace, and what each has to do with an insight.
//!
//! In: the corpus, insights with their needs, the declared strategy. Out: a [`Cast`] of at most five personas, and for
//! one insight its primary persona with the others beside it.
//! People are grouped by the declared persona or role they have; groups too small to stand alone join the group whose
//! people are most like theirs in role, segment, channel and what they ask for (cosine of their centres).
//! Cost: linear in signals, plus the square of the number of distinct roles.
//! Source: Cooper and others, *About Face*; silhouettes after Rousseeuw (1987), taken to centres.

use crate::facts::{Facts, cite, excerpt, full_date};
use crate::noun::Noun;
use crate::statement::{evidence, open, strategy};
use crate::wording::{is_stated, sentence};
use crate::words;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::persona::{Cast, Concern, LEAST_PEOPLE, LEAST_SIGNALS, MOST_PERSONAS, Persona};
use throughline_model::spec::Statement;
use throughline_model::{
    Citation, Corpus, Insight, InsightId, Kind, Language, Need, PersonId, Quote, Side, Signal, SignalId, SlotName,
    SourceKind, Span, SpecItemId, Strategy,
};

/// Likeness of two groups from which the smaller joins the larger. Chosen, untested.
const ALIKE: f64 = 0.35;

/// Most goals shown.
const MOST_GOALS: usize = 3;

/// Words of a goal: shorter says nothing, longer is a story.
const GOAL_WORDS: std::ops::RangeInclusive<usize> = 6..=32;

/// A sparse vector.
type Vector = BTreeMap<String, f64>;

/// Words that name no role.
pub(crate) fn is_no_role(role: &str) -> bool {
    let lower = role.to_lowercase();
    let last = words::singular(lower.rsplit(' ').next().unwrap_or(&lower));
    matches!(last.as_str(), "user" | "member" | "customer" | "person" | "client" | "people" | "someone" | "everybody")
}

/// One who speaks.
struct Speaker<'a> {
    id: PersonId,
    role: String,
    signals: Vec<&'a Signal>,
    /// Role, segment, channel, what is asked for.
    vector: Vector,
    /// The same without the role: whether people of one role behave alike is to be shown, not put in.
    behaviour: Vector,
}

/// People who are taken for one persona.
struct Group {
    /// Id of a declared persona, or the role in lower case.
    key: String,
    declared: Option<usize>,
    people: Vec<usize>,
}

/// The personas of a workspace.
#[must_use]
pub fn cast(corpus: &Corpus, asked: &[(&Insight, &[Need])], declared: &Strategy) -> Cast {
    let mut cast = Cast::default();
    let speakers = speakers(corpus, asked, declared, &mut cast);
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (i, speaker) in speakers.iter().enumerate() {
        let of = declared_of(declared, &speaker.role);
        let key = of.map_or_else(|| speaker.role.to_lowercase(), |at| persona_key(declared, at));
        let group = groups.entry(key.clone()).or_insert_with(|| Group { key, declared: of, people: Vec::new() });
        group.people.push(i);
    }
    let groups = joined(groups.into_values().collect(), &speakers);
    let centres: Vec<Vector> = groups.iter().map(|group| centre(group, &speakers, |s| &s.behaviour)).collect();
    let mut all = Vec::new();
    for (g, group) in groups.iter().enumerate() {
        let silhouettes: Vec<f64> =
            group.people.iter().filter_map(|&i| silhouette(&speakers[i].behaviour, g, &centres)).collect();
        all.extend(&silhouettes);
        cast.personas.push(persona(corpus, asked, declared, group, &speakers, mean(&silhouettes)));
    }
    cast.silhouette = mean(&all);
    cast.n_people = speakers.len() as u32;
    cast.personas.sort_by(|a, b| b.people.len().cmp(&a.people.len()).then_with(|| a.name.cmp(&b.name)));
    cast
}

/// What one specification reads of the personas: their names and roles, and which of them the people of its part of the
/// corpus are. Figures that change with every record are left out, so that they change no specification.
#[must_use]
pub fn read_of(cast: &Cast, slice: &Corpus) -> Cast {
    let personas = cast.personas.iter().map(|persona| {
        let mut roles: Vec<(String, u32)> = persona.roles.iter().map(|(role, _)| (role.clone(), 0)).collect();
        roles.sort();
        Persona {
            id: persona.id,
            name: persona.name.clone(),
            many: persona.many.clone(),
            declared: persona.declared.clone(),
            roles,
            people: persona.people.iter().copied().filter(|id| slice.people.contains_key(id)).collect(),
            n_signals: 0,
            n_accounts: 0,
            sources: Vec::new(),
            segments: Vec::new(),
            asks_for: Vec::new(),
            goals: Vec::new(),
            workaround: open(""),
            context: open(""),
            frequency: open(""),
            is_provisional: persona.is_provisional,
            silhouette: None,
        }
    });
    let mut personas: Vec<Persona> = personas.collect();
    personas.sort_by(|a, b| a.name.cmp(&b.name));
    Cast { personas, n_people: 0, n_without_role: 0, n_without_person: 0, silhouette: None }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Key of a declared persona: its id, or its name where it has none.
fn persona_key(strategy: &Strategy, at: usize) -> String {
    let persona = strategy.personas.iter().flatten().nth(at);
    persona.map_or_else(String::new, |persona| {
        if persona.id.is_empty() { persona.name.to_lowercase() } else { persona.id.clone() }
    })
}

/// The declared persona that a role means.
fn declared_of(strategy: &Strategy, role: &str) -> Option<usize> {
    let one = |text: &str| words::singular(&text.trim().to_lowercase());
    let role = one(role);
    let is_same = |name: &String| one(name) == role;
    let mut personas = strategy.personas.iter().flatten();
    personas.position(|persona| is_same(&persona.name) || persona.roles.iter().any(is_same))
}

/// Customers who speak and whose role is known, by id, each with what tells them apart.
fn speakers<'a>(
    corpus: &'a Corpus,
    asked: &[(&Insight, &[Need])],
    declared: &Strategy,
    cast: &mut Cast,
) -> Vec<Speaker<'a>> {
    let mut frames: BTreeMap<SignalId, BTreeSet<&str>> = BTreeMap::new();
    for need in asked.iter().flat_map(|(_, needs)| needs.iter()) {
        for signal in &need.signals {
            frames.entry(*signal).or_default().insert(&need.frame);
        }
    }
    let mut said: BTreeMap<PersonId, Vec<&Signal>> = BTreeMap::new();
    for signal in corpus.signals.iter().filter(|signal| signal.source_kind != SourceKind::Analytics) {
        if signal.side == Side::Team {
            continue;
        }
        match signal.person {
            Some(person) => said.entry(person).or_default().push(signal),
            None => cast.n_without_person += 1,
        }
    }
    let mut out = Vec::new();
    for (id, signals) in said {
        let person = corpus.people.get(&id).filter(|person| person.side != Side::Team);
        let role = person.and_then(|person| person.role.as_deref()).map(str::trim);
        let Some(role) = role.filter(|role| !role.is_empty() && !is_no_role(role)) else {
            cast.n_without_role += 1;
            continue;
        };
        let role = role.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut vector = Vector::new();
        let segment = signals
            .iter()
            .find_map(|signal| corpus.accounts.get(&signal.account?))
            .and_then(|account| account.facts.segment.clone());
        if let Some(segment) = segment {
            vector.insert(format!("segment {segment}"), 0.7);
        }
        let wants: Vec<&str> = signals.iter().filter_map(|signal| frames.get(&signal.id)).flatten().copied().collect();
        for frame in &wants {
            *vector.entry(format!("asks {frame}")).or_default() += 1.0 / wants.len() as f64;
        }
        for signal in &signals {
            *vector.entry(format!("source {}", signal.source_kind.word())).or_default() += 0.3 / signals.len() as f64;
        }
        let behaviour = unit(vector.clone());
        if let Some(at) = declared_of(declared, &role) {
            vector.insert(format!("persona {}", persona_key(declared, at)), 2.0);
        }
        let parts = words::ascii_words(&role);
        for word in &parts {
            *vector.entry(format!("role {word}")).or_default() += 1.0 / parts.len() as f64;
        }
        out.push(Speaker { id, role, signals, vector: unit(vector), behaviour });
    }
    out
}

fn unit(mut vector: Vector) -> Vector {
    let length = vector.values().map(|x| x * x).sum::<f64>().sqrt();
    if length > 0.0 {
        vector.values_mut().for_each(|x| *x /= length);
    }
    vector
}

fn cosine(a: &Vector, b: &Vector) -> f64 {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().filter_map(|(key, x)| Some(x * many.get(key)?)).sum()
}

fn centre<'a>(group: &Group, speakers: &'a [Speaker<'_>], of: impl Fn(&'a Speaker<'_>) -> &'a Vector) -> Vector {
    let mut sum = Vector::new();
    for (key, x) in group.people.iter().flat_map(|&i| of(&speakers[i])) {
        *sum.entry(key.clone()).or_default() += x;
    }
    unit(sum)
}

fn silhouette(vector: &Vector, own: usize, centres: &[Vector]) -> Option<f64> {
    let far = |centre: &Vector| 1.0 - cosine(vector, centre);
    let other =
        centres.iter().enumerate().filter(|(g, _)| *g != own).map(|(_, centre)| far(centre)).min_by(f64::total_cmp)?;
    let own = far(&centres[own]);
    let most = own.max(other);
    Some(if most > 0.0 { (other - own) / most } else { 0.0 })
}

/// Groups joined until each may stand alone: undeclared ones of too few people where another is like them, then the
/// smallest until there are no more than five.
fn joined(mut groups: Vec<Group>, speakers: &[Speaker<'_>]) -> Vec<Group> {
    loop {
        let is_too_many = groups.len() > MOST_PERSONAS;
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by(|&a, &b| {
            let size = |g: usize| (groups[g].declared.is_some(), groups[g].people.len());
            size(a).cmp(&size(b)).then_with(|| groups[a].key.cmp(&groups[b].key))
        });
        let centres: Vec<Vector> = groups.iter().map(|group| centre(group, speakers, |s| &s.vector)).collect();
        let pair = order.iter().find_map(|&small| {
            let is_thin = groups[small].declared.is_none() && groups[small].people.len() < LEAST_PEOPLE as usize;
            if !is_thin && !is_too_many {
                return None;
            }
            let (into, likeness) = (0..groups.len())
                .filter(|&g| g != small && (is_too_many || share_a_word(&groups[small], &groups[g], speakers)))
                .map(|g| (g, cosine(&centres[small], &centres[g])))
                .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| groups[b.0].key.cmp(&groups[a.0].key)))?;
            (is_too_many || likeness >= ALIKE).then_some((small, into))
        });
        let Some((small, into)) = pair else { break };
        let people = std::mem::take(&mut groups[small].people);
        // The larger keeps its name, unless only the other is declared.
        let is_named_by_small = groups[into].declared.is_none()
            && (groups[small].declared.is_some() || people.len() > groups[into].people.len());
        if is_named_by_small {
            let key = groups[small].key.clone();
            groups[into].key = key;
            groups[into].declared = groups[small].declared;
        }
        groups[into].people.extend(people);
        groups[into].people.sort_unstable();
        groups.remove(small);
    }
    groups
}

/// Whether the roles of two groups have a word in common: people who do other work are not one persona because they ask
/// for the same.
fn share_a_word(a: &Group, b: &Group, speakers: &[Speaker<'_>]) -> bool {
    let words = |group: &Group| -> BTreeSet<String> {
        group.people.iter().flat_map(|&i| words::ascii_words(&speakers[i].role.to_lowercase())).collect()
    };
    words(a).intersection(&words(b)).next().is_some()
}

fn counted<K: Ord>(items: impl Iterator<Item = K>) -> Vec<(K, u32)> {
    let mut n: BTreeMap<K, u32> = BTreeMap::new();
    for item in items {
        *n.entry(item).or_default() += 1;
    }
    let mut out: Vec<(K, u32)> = n.into_iter().collect();
    out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    out
}

fn persona(
    corpus: &Corpus,
    asked: &[(&Insight, &[Need])],
    strategy_of: &Strategy,
    group: &Group,
    speakers: &[Speaker<'_>],
    silhouette: Option<f64>,
) -> Persona {
    let people: Vec<&Speaker<'_>> = group.people.iter().map(|&i| &speakers[i]).collect();
    let roles = counted(people.iter().map(|person| person.role.clone()));
    let declared = group.declared.and_then(|at| strategy_of.personas.iter().flatten().nth(at));
    let title = declared.map_or_else(|| roles.first().map_or("", |(role, _)| role.as_str()), |own| own.name.as_str());
    let noun = noun_of(title);
    let signals: Vec<&Signal> = people.iter().flat_map(|person| person.signals.iter().copied()).collect();
    let accounts: BTreeSet<_> = signals.iter().filter_map(|signal| signal.account).collect();
    let segment_of = |person: &&&Speaker<'_>| {
        person
            .signals
            .iter()
            .find_map(|signal| corpus.accounts.get(&signal.account?))
            .and_then(|account| account.facts.segment.clone())
    };
    let segments = counted(people.iter().filter_map(|person| segment_of(&person)));
    let of_signal: BTreeMap<SignalId, PersonId> =
        people.iter().flat_map(|person| person.signals.iter().map(|signal| (signal.id, person.id))).collect();
    let mut frames: BTreeSet<(String, PersonId)> = BTreeSet::new();
    for need in asked.iter().flat_map(|(_, needs)| needs.iter()) {
        for person in need.signals.iter().filter_map(|id| of_signal.get(id)) {
            frames.insert((need.frame.clone(), *person));
        }
    }
    let mut ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    ids.sort_unstable();
    let mut goals = goals(corpus, asked, &of_signal);
    if let Some(own) = declared {
        let left = MOST_GOALS - goals.len();
        goals.extend(own.goals.iter().take(left).map(|goal| strategy(sentence(goal), format!("personas.{}", own.id))));
    }
    let mut persona = Persona {
        id: SpecItemId::of(&[b"persona", group.key.as_bytes()]),
        name: noun.one,
        many: noun.many,
        declared: declared.map(|own| own.id.clone()),
        n_signals: signals.len() as u32,
        n_accounts: accounts.len() as u32,
        sources: counted(signals.iter().map(|signal| signal.source_kind)),
        asks_for: counted(frames.into_iter().map(|(frame, _)| frame)),
        is_provisional: signals.len() < LEAST_SIGNALS as usize || people.len() < LEAST_PEOPLE as usize,
        people: ids,
        roles,
        segments,
        goals,
        workaround: with_phrase(corpus, &signals, "workaround").unwrap_or_else(|| {
            open("No one of them says what they do instead today. Cheapest test: ask the last one who wrote.")
        }),
        context: open(""),
        frequency: open(""),
        silhouette,
    };
    persona.context = context(corpus, asked, &of_signal, &persona, &signals);
    persona.frequency = frequency(corpus, &signals);
    persona
}

/// A role in running text. Of two roles in one name the first stands for both.
pub(crate) fn noun_of(title: &str) -> Noun {
    // "HR or IT administrator" is short for two of three words each; "ward manager or shift lead" names two whole ones.
    let shortened = title.split_once(" or ").and_then(|(first, second)| {
        let head = second.rsplit(' ').next()?;
        (!first.contains(' ') && second.contains(' ')).then(|| format!("{first} {head}"))
    });
    Noun::parse(shortened.as_deref().unwrap_or(title), Language::En).unwrap_or_else(|| Noun {
        one: "person".to_owned(),
        many: "people".to_owned(),
        a_one: "a person".to_owned(),
    })
}

/// Up to three goals in their own words, from different people and insights; a stated purpose goes first.
fn goals(corpus: &Corpus, asked: &[(&Insight, &[Need])], of_signal: &BTreeMap<SignalId, PersonId>) -> Vec<Statement> {
    let index = corpus.index_from_signal();
    let mut candidates: Vec<(bool, usize, InsightId, PersonId, Quote)> = Vec::new();
    for (insight, needs) in asked.iter().filter(|(insight, _)| insight.kind != Kind::Praise) {
        let own: Vec<SignalId> = insight.members.iter().copied().filter(|id| of_signal.contains_key(id)).collect();
        let n_own = own.iter().filter_map(|id| of_signal.get(id)).collect::<BTreeSet<_>>().len();
        let reasons = needs.iter().filter_map(|need| need.slots.get(&SlotName::Reason)).flat_map(|slot| &slot.quotes);
        let purposeful: BTreeSet<SignalId> = reasons.map(|quote| quote.signal_id).collect();
        for id in own {
            let Some(signal) = index.get(&id).map(|&i| &corpus.signals[i]) else { continue };
            let Some(around) = wish_in(corpus, signal) else { continue };
            if insight.dissent.iter().any(|quote| quote.signal_id == id) {
                continue;
            }
            let quote = excerpt(corpus, signal, Some(around));
            if GOAL_WORDS.contains(&quote.text.split_whitespace().count()) && is_whole(&quote.text) {
                candidates.push((!purposeful.contains(&id), usize::MAX - n_own, insight.id, of_signal[&id], quote));
            }
        }
    }
    candidates.sort_by_key(|(is_idle, rest, insight, _, quote)| (*is_idle, *rest, *insight, quote.signal_id));
    let mut out: Vec<Statement> = Vec::new();
    let mut used: (BTreeSet<InsightId>, BTreeSet<PersonId>) = Default::default();
    for (_, _, insight, person, quote) in candidates {
        if out.len() < MOST_GOALS && !used.0.contains(&insight) && !used.1.contains(&person) {
            used.0.insert(insight);
            used.1.insert(person);
            out.push(evidence(format!("“{}”", quote.text), vec![cite(&quote)]));
        }
    }
    out
}

/// Words by which people say what they want to have, the plainest first.
const WISHES: [&str; 14] = [
    "so that",
    "so i can",
    "so we can",
    "we want",
    "i want",
    "we need",
    "i need",
    "we'd need",
    "would like",
    "i'd like",
    "we'd like",
    "i wish",
    "it would help",
    "would be perfect",
];

/// Words by which people ask for it.
const ASKS: [&str; 6] = ["let me", "let us", "could we", "can we", "could the", "please let"];

/// Where a statement says what its speaker wants, in English.
pub(crate) fn wish_in(corpus: &Corpus, signal: &Signal) -> Option<Span> {
    if !signal.is_need() || !matches!(signal.language, Language::En | Language::Unknown) {
        return None;
    }
    // Case is folded byte by byte, so that places stay what they are.
    let text = corpus.text(signal).to_ascii_lowercase();
    let found = WISHES.iter().chain(&ASKS).find_map(|mark| {
        let at = text.find(mark)?;
        let is_start = at == 0 || !text.as_bytes()[at - 1].is_ascii_alphanumeric();
        is_start.then_some((at, mark.len()))
    });
    let (at, length) = found?;
    let start = signal.span.start as usize + at;
    let span = Span::new(start, start + length);
    let quote = excerpt(corpus, signal, Some(span));
    let holds = quote.start <= span.start && span.end <= quote.end;
    let is_plain = GOAL_WORDS.contains(&quote.text.split_whitespace().count()) && is_whole(&quote.text);
    let greets =
        ["hi", "hello", "dear", "good morning", "hey"].iter().any(|word| quote.text.to_lowercase().starts_with(word));
    (holds && is_plain && !greets).then_some(span)
}

/// Whether words read as a whole sentence.
fn is_whole(text: &str) -> bool {
    text.ends_with(['.', '!', '?']) && !text.contains(['\n', '[', '<'])
}

/// How many of the statements show a phrase of a class, with one of them.
fn with_phrase(corpus: &Corpus, signals: &[&Signal], class: &str) -> Option<Statement> {
    let hits: Vec<(&Signal, Span)> = signals
        .iter()
        .filter_map(|signal| Some((*signal, signal.phrases.iter().find(|hit| hit.class == class)?.span)))
        .collect();
    let whole = |(signal, span): &(&Signal, Span)| {
        let quote = excerpt(corpus, signal, Some(*span));
        (quote.start <= span.start && span.end <= quote.end).then_some(quote)
    };
    let quotes: Vec<Quote> = hits.iter().filter_map(whole).collect();
    let quote = quotes
        .iter()
        .find(|quote| is_whole(&quote.text) && (5..=30).contains(&quote.text.split_whitespace().count()))
        .or_else(|| quotes.first())?;
    let people: BTreeSet<_> = hits.iter().filter_map(|(signal, _)| signal.person).collect();
    let all: BTreeSet<_> = signals.iter().filter_map(|signal| signal.person).collect();
    let what = match (class, people.len()) {
        ("workaround", 1) => "gets by on a workaround",
        ("workaround", _) => "get by on workarounds",
        (_, 1) => "says that it comes again and again",
        _ => "say that it comes again and again",
    };
    let text = format!(
        "{} of {} {what}: “{}”",
        words::capitalised(&words::number(people.len() as u32)),
        words::counted_in_words(all.len() as u32, "person"),
        quote.text
    );
    Some(evidence(text, vec![cite(quote)]))
}

fn context(
    corpus: &Corpus,
    asked: &[(&Insight, &[Need])],
    of_signal: &BTreeMap<SignalId, PersonId>,
    persona: &Persona,
    signals: &[&Signal],
) -> Statement {
    let mut parts: Vec<String> = Vec::new();
    let mut citations: Vec<Citation> = Vec::new();
    if persona.n_accounts > 0 {
        let mut text = format!(
            "{} at {}",
            words::counted_in_words(persona.people.len() as u32, "person"),
            words::counted_in_words(persona.n_accounts, "account")
        );
        let segments: Vec<String> = persona
            .segments
            .iter()
            .take(3)
            .map(|(segment, n)| format!("{} ({n})", words::recase(&segment.to_lowercase())))
            .collect();
        if !segments.is_empty() {
            text.push_str(&format!(", by segment {}", words::listed(&segments)));
        }
        parts.push(sentence(&text));
        let accounts: BTreeSet<_> = signals.iter().filter_map(|signal| signal.account).collect();
        let cited = accounts.into_iter().filter(|id| corpus.accounts.contains_key(id)).take(3);
        citations.extend(cited.map(|id| Citation::Account { id, field: "segment".to_owned() }));
    }
    let situation = asked
        .iter()
        .flat_map(|(_, needs)| needs.iter())
        .filter_map(|need| need.slots.get(&SlotName::Situation).filter(|slot| is_stated(slot)))
        .flat_map(|slot| &slot.quotes)
        .find(|quote| {
            of_signal.contains_key(&quote.signal_id) && (3..=20).contains(&quote.text.split_whitespace().count())
        });
    if let Some(quote) = situation {
        parts.push(format!("In their words: “{}”", quote.text));
        citations.push(cite(quote));
    }
    if citations.is_empty() {
        return open("No one of them says where or when they work. Cheapest test: watch one of them for an hour.");
    }
    evidence(parts.join(" "), citations)
}

fn frequency(corpus: &Corpus, signals: &[&Signal]) -> Statement {
    if let Some(statement) = with_phrase(corpus, signals, "frequency") {
        return statement;
    }
    let mut dated: Vec<&Signal> = signals.iter().copied().filter(|signal| signal.at.is_some()).collect();
    dated.sort_by_key(|signal| (signal.at, signal.id));
    match (dated.first().and_then(|s| s.at), dated.last().and_then(|s| s.at)) {
        (Some(first), Some(last)) if dated.len() > 1 && first < last => {
            let text = format!(
                "They spoke up {} times between {} and {}; how often the need itself comes up, no one says.",
                words::number(dated.len() as u32),
                full_date(first),
                full_date(last)
            );
            let cited = [dated[0].id, dated[dated.len() - 1].id];
            evidence(text, cited.into_iter().map(|id| Citation::Signal { id, span: None, quote: None }).collect())
        }
        _ => open("How often it comes up, no one says. Cheapest test: ask for the last two times."),
    }
}

/// What the personas have to do with an insight: the one that `actor` names first, then the others among its voices.
pub(crate) fn concerns(facts: &Facts<'_>, corpus: &Corpus, cast: &Cast, actor: &Statement) -> (Concern, Vec<Concern>) {
    let mut said: BTreeMap<SpecItemId, (usize, Vec<&Signal>, BTreeSet<PersonId>)> = BTreeMap::new();
    for signal in facts.words() {
        let Some((at, persona)) = signal.person.and_then(|person| {
            cast.personas.iter().enumerate().find(|(_, persona)| persona.people.binary_search(&person).is_ok())
        }) else {
            continue;
        };
        let entry = said.entry(persona.id).or_insert_with(|| (at, Vec::new(), BTreeSet::new()));
        entry.1.push(signal);
        entry.2.extend(signal.person);
    }
    let mut all: Vec<Concern> = said
        .into_values()
        .map(|(at, signals, people)| {
            let persona = &cast.personas[at];
            let quotes = best_words(corpus, facts, &signals);
            let n = people.len() as u32;
            let text = match quotes.first() {
                Some(quote) => format!(
                    "{}, {}: “{}”",
                    words::capitalised(if n == 1 { &persona.name } else { &persona.many }),
                    words::counted_in_words(n, "voice"),
                    quote.text
                ),
                None => sentence(&format!(
                    "{}, {}",
                    if n == 1 { &persona.name } else { &persona.many },
                    words::counted_in_words(n, "voice")
                )),
            };
            let citations = match quotes.first() {
                Some(quote) => vec![cite(quote)],
                None => {
                    signals.iter().take(2).map(|s| Citation::Signal { id: s.id, span: None, quote: None }).collect()
                }
            };
            Concern {
                persona_id: persona.id,
                name: persona.name.clone(),
                is_provisional: persona.is_provisional,
                n_voices: n,
                need: evidence(text, citations),
                quotes,
            }
        })
        .collect();
    all.sort_by(|a, b| b.n_voices.cmp(&a.n_voices).then_with(|| a.name.cmp(&b.name)));
    let primary = match all.iter().position(|concern| concern.name == actor.text) {
        Some(at) => all.remove(at),
        None => Concern {
            persona_id: cast
                .of_role(&actor.text)
                .map_or_else(|| SpecItemId::of(&[b"persona", actor.text.as_bytes()]), |persona| persona.id),
            name: actor.text.clone(),
            is_provisional: cast.of_role(&actor.text).is_none_or(|persona| persona.is_provisional),
            n_voices: 0,
            need: Statement {
                text: format!(
                    "{} first of all, though none of these voices is known to be one.",
                    words::capitalised(&noun_of(&actor.text).many)
                ),
                ..actor.clone()
            },
            quotes: Vec::new(),
        },
    };
    (primary, all)
}

/// The words of these people that say most plainly what they need.
fn best_words(corpus: &Corpus, facts: &Facts<'_>, signals: &[&Signal]) -> Vec<Quote> {
    let is_dissent = |signal: &Signal| facts.insight.dissent.iter().any(|quote| quote.signal_id == signal.id);
    let mut quotes: Vec<(bool, bool, Quote)> = signals
        .iter()
        .filter(|signal| signal.is_need() && !is_dissent(signal))
        .map(|signal| {
            let around = wish_in(corpus, signal);
            let quote = excerpt(corpus, signal, around);
            (around.is_none(), !is_whole(&quote.text), quote)
        })
        .filter(|(_, _, quote)| (4..=32).contains(&quote.text.split_whitespace().count()))
        .collect();
    quotes.sort_by_key(|(is_unasked, is_part, quote)| (*is_unasked, *is_part, quote.signal_id));
    quotes.into_iter().map(|(_, _, quote)| quote).take(2).collect()
}
