//! Sentences of a specification: each with an id and a place, and what people made of it.
//!
//! [`each`] is the one list of what a specification says in words: a part that is added to [`Spec`] is covered by one
//! line there. [`lay_over`] puts people's edits over a copy of what was compiled.
//!
//! A sentence is known by where it stands and by its shape: its words without numbers, dates and quotations. So its id
//! stays when others come or go and when a count changes. Where a sentence changed further, the edit finds it by its
//! place and by the words they share.
//! Some sentences are made from others: what a job is for from its story, a use case from job and criteria. They come in
//! layers, and are made again from what people wrote in the layer before, unless somebody worded them, too.
//! Invariants: an edit whose words changed underneath is a conflict and shows both; nothing is overwritten in silence.

use crate::blueprint::{Blueprint, Must};
use crate::edit::{Edit, EditAct, Holding, Replaced, Status, mark};
use crate::evidence::{Basis, Citation};
use crate::id::{EditId, InsightId, SpecItemId};
use crate::job::Job;
use crate::spec::{Case, Criterion, Question, Spec, Statement, Story};
use crate::use_case::UseCase;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Least share of words that a changed sentence and the one that was edited must have in common to be taken for the
/// same. Chosen: a sentence with another count or another name keeps more, a neighbour has less.
const SAME_UNIT: f64 = 0.5;

/// What became of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It reads as compiled.
    Compiled,
    /// A person decided how it reads, and what they replaced still stands.
    Decided {
        /// The edit.
        edit: EditId,
        /// Who.
        by: String,
        /// How it would read.
        compiled: String,
    },
    /// A person decided how it reads, and what they replaced changed since.
    Conflict {
        /// The edit.
        edit: EditId,
        /// Who.
        by: String,
        /// What they replaced; empty when it was forgotten.
        replaced: String,
        /// How it would read now.
        compiled: String,
    },
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Its id.
    pub id: SpecItemId,
    /// Where it stands: a section, or a story's or criterion's key and a part, for instance `US-1.2 then`.
    pub place: String,
    /// How it reads.
    pub text: String,
    /// What became of it.
    pub state: State,
    /// How far it is, where somebody said so.
    pub status: Option<Status>,
}

/// A story, a criterion or the whole specification, of which a status can be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: SpecItemId,
    /// Its key, or `specification`.
    pub key: String,
    /// How far it is; a draft unless somebody said otherwise.
    pub status: Status,
}

/// An edit whose sentence is no longer said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The edit.
    pub edit: EditId,
    /// Who.
    pub by: String,
    /// Where the sentence stood.
    pub place: String,
    /// What was replaced.
    pub replaced: String,
    /// How it was to read.
    pub text: String,
}

/// What people made of a specification.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sentences {
    /// All sentences, in reading order.
    pub all: Vec<Sentence>,
    /// The specification, its stories and its criteria.
    pub items: Vec<Item>,
    /// Edits whose sentence is gone.
    pub left: Vec<Left>,
}

impl Sentences {
    /// Those that somebody has to resolve.
    pub fn conflicts(&self) -> impl Iterator<Item = &Sentence> {
        self.all.iter().filter(|sentence| matches!(sentence.state, State::Conflict { .. }))
    }

    /// Those that a person decided, conflicts included.
    pub fn decided(&self) -> impl Iterator<Item = &Sentence> {
        self.all.iter().filter(|sentence| sentence.state != State::Compiled)
    }

    /// How far the specification as a whole is.
    #[must_use]
    pub fn status(&self) -> Status {
        self.items.first().map_or(Status::Draft, |item| item.status)
    }
}

/// A sentence as [`each`] hands it out.
#[derive(Debug)]
pub struct Said<'a> {
    /// What it belongs to: the insight, or the item that has an id of its own.
    owner: u64,
    /// Where it stands, for people.
    pub place: String,
    /// The part of its owner, which does not change with keys.
    part: String,
    /// Its words.
    pub text: &'a mut String,
    /// What it rests on, where it says so itself.
    pub grounds: Option<(&'a mut Basis, &'a mut Vec<Citation>)>,
}

/// Hands out every sentence of a specification, in reading order.
pub fn each(spec: &mut Spec, take: &mut dyn FnMut(Said<'_>)) {
    let insight = spec.insight_id.0;
    plain(insight, "title", "title", &mut spec.title, take);
    section(insight, "problem", &mut spec.problem, take);
    if let Some(fix) = &mut spec.fix {
        section(insight, "expected", &mut fix.expected, take);
        section(insight, "actual", &mut fix.actual, take);
        section(insight, "place", &mut fix.place, take);
        section(insight, "workaround", &mut fix.workaround, take);
        section(insight, "tell", &mut fix.tell, take);
    }
    section(insight, "who", &mut spec.who, take);
    for concern in spec.primary.iter_mut().chain(&mut spec.secondary) {
        let (place, part) = (format!("persona {}", concern.name), format!("persona {}", concern.persona_id));
        stated(insight, &place, &part, &mut concern.need, take);
    }
    section(insight, "job", &mut spec.job, take);
    section(insight, "why_now", &mut spec.why_now, take);
    section(insight, "change", &mut spec.change, take);
    for measure in &mut spec.measures {
        let of = format!("measures {}", shape(&measure.metric));
        plain(insight, "measures", &of, &mut measure.metric, take);
        stated(insight, "measures baseline", &format!("{of} baseline"), &mut measure.baseline, take);
        stated(insight, "measures target", &format!("{of} target"), &mut measure.target, take);
    }
    section(insight, "non_goals", &mut spec.non_goals, take);
    for story in &mut spec.stories {
        of_story(story, take);
    }
    // After the stories: where a job or a use case says what its story says, the words are the story's.
    let Spec { jobs, use_cases, stories, .. } = spec;
    for (i, job) in jobs.iter_mut().enumerate() {
        let story = stories.get(i).map_or(insight, |story| story.id.0);
        of_job(insight, story, i == 0, job, take);
    }
    for case in use_cases {
        let story = stories.iter().find(|story| story.key == case.story_key);
        of_use_case(story.map_or(insight, |story| story.id.0), case, take);
    }
    for screen in &mut spec.screens {
        let key = format!("screen {}", screen.title);
        for (state, words) in &mut screen.copy_by_state {
            plain(screen.id.0, &format!("{key} {state}"), state, words, take);
        }
    }
    section(insight, "qualities", &mut spec.qualities, take);
    section(insight, "rollout", &mut spec.rollout, take);
    section(insight, "risks", &mut spec.risks, take);
    section(insight, "assumptions", &mut spec.assumptions, take);
    section(insight, "dependencies", &mut spec.dependencies, take);
    section(insight, "decision", &mut spec.decision, take);
    for question in &mut spec.questions {
        of_question(insight, question, take);
    }
    if let Some(blueprint) = &mut spec.blueprint {
        of_blueprint(insight, blueprint, take);
    }
}

fn of_blueprint(insight: u64, blueprint: &mut Blueprint, take: &mut dyn FnMut(Said<'_>)) {
    for decision in &mut blueprint.decisions {
        let key = format!("blueprint decision {}", decision.key);
        plain(insight, &key, &format!("{key} title"), &mut decision.title, take);
        stated(insight, &key, &format!("{key} context"), &mut decision.context, take);
        stated(insight, &key, &format!("{key} outcome"), &mut decision.outcome, take);
        section(insight, &key, &mut decision.consequences, take);
        stated(insight, &key, &format!("{key} cost"), &mut decision.cost, take);
    }
    for target in &mut blueprint.targets {
        let of = format!("blueprint target {} {}", target.heading, shape(&target.metric));
        if let Must::AsStated(statement) = &mut target.must {
            stated(insight, "blueprint target", &of, statement, take);
        }
    }
    if let Some(deployable) = &mut blueprint.deployable {
        stated(insight, "blueprint placement", "blueprint placement", &mut deployable.reason, take);
    }
}

fn of_story(story: &mut Story, take: &mut dyn FnMut(Said<'_>)) {
    let (id, key) = (story.id.0, story.key.clone());
    plain(id, &format!("{key} title"), "title", &mut story.title, take);
    stated(id, &format!("{key} actor"), "actor", &mut story.actor, take);
    stated(id, &format!("{key} means"), "means", &mut story.means, take);
    stated(id, &format!("{key} benefit"), "benefit", &mut story.benefit, take);
    plain(id, &format!("{key} priority"), "priority", &mut story.priority_reason, take);
    plain(id, &format!("{key} test"), "test", &mut story.independent_test, take);
    for criterion in &mut story.criteria {
        of_criterion(criterion, take);
    }
}

/// Forces are the insight's, so they are handed out once.
fn of_job(insight: u64, story: u64, has_forces: bool, job: &mut Job, take: &mut dyn FnMut(Said<'_>)) {
    let key = &job.key;
    stated(story, &format!("{key} circumstance"), "job circumstance", &mut job.circumstance, take);
    stated(story, &format!("{key} motivation"), "job motivation", &mut job.motivation, take);
    stated(story, &format!("{key} progress"), "job progress", &mut job.progress, take);
    for outcome in &mut job.outcomes {
        let part = format!("job outcome {}", shape(&outcome.statement.text));
        stated(story, &format!("{key} outcome"), &part, &mut outcome.statement, take);
    }
    for force in job.forces.iter_mut().filter(|_| has_forces) {
        let word = force.kind.word();
        stated(insight, &format!("{key} {word}"), &format!("job {word}"), &mut force.statement, take);
    }
}

fn of_use_case(story: u64, case: &mut UseCase, take: &mut dyn FnMut(Said<'_>)) {
    let key = case.key.clone();
    let place = |part: &str| format!("{key} {part}");
    let named = |part: &str, text: &str| format!("use case {part} {}", shape(text));
    stated(story, &place("goal"), "use case goal", &mut case.goal, take);
    for statement in &mut case.stakeholders {
        stated(story, &place("stakeholder"), &named("stakeholder", &statement.text), statement, take);
    }
    for statement in &mut case.preconditions {
        stated(story, &place("precondition"), &named("precondition", &statement.text), statement, take);
    }
    for guarantee in case.minimal_guarantees.iter_mut().chain(&mut case.success_guarantees) {
        let statement = &mut guarantee.statement;
        stated(story, &place("guarantee"), &named("guarantee", &statement.text), statement, take);
    }
    stated(story, &place("trigger"), "use case trigger", &mut case.trigger, take);
    for step in &mut case.steps {
        plain(story, &place("step"), &named("step", &step.text), &mut step.text, take);
    }
    for extension in &mut case.extensions {
        let condition = &mut extension.condition;
        plain(story, &place("condition"), &named("condition", condition), condition, take);
        for text in &mut extension.handling {
            plain(story, &place("handling"), &named("handling", text), text, take);
        }
    }
    for statement in &mut case.variations {
        stated(story, &place("variation"), &named("variation", &statement.text), statement, take);
    }
}

fn of_criterion(criterion: &mut Criterion, take: &mut dyn FnMut(Said<'_>)) {
    let Criterion { given, when, then, basis, citations, .. } = criterion;
    let (id, key) = (criterion.id.0, &criterion.key);
    plain(id, &format!("{key} title"), "title", &mut criterion.title, take);
    let clauses = given.iter_mut().map(|clause| ("given", clause));
    let clauses = clauses.chain([("when", when)]).chain(then.iter_mut().map(|clause| ("then", clause)));
    for (word, clause) in clauses {
        let (place, part) = (format!("{key} {word}"), format!("{word} {}", shape(clause)));
        take(Said { owner: id, place, part, text: clause, grounds: Some((&mut *basis, &mut *citations)) });
    }
}

fn of_question(insight: u64, question: &mut Question, take: &mut dyn FnMut(Said<'_>)) {
    let of = format!("questions {}", shape(&question.text));
    plain(insight, "questions", &of, &mut question.text, take);
    for option in &mut question.options {
        let part = format!("{of} {}", shape(option));
        plain(insight, "questions option", &part, option, take);
    }
    plain(insight, "questions decides", &format!("{of} decides"), &mut question.who_decides, take);
}

fn section(insight: u64, name: &str, statements: &mut [Statement], take: &mut dyn FnMut(Said<'_>)) {
    for statement in statements {
        // Of a quotation alone there is no shape: its own words tell it from the next.
        let shape = Some(shape(&statement.text)).filter(|shape| !shape.is_empty());
        let part = format!("{name} {}", shape.unwrap_or_else(|| statement.text.clone()));
        stated(insight, name, &part, statement, take);
    }
}

fn stated(owner: u64, place: &str, part: &str, statement: &mut Statement, take: &mut dyn FnMut(Said<'_>)) {
    let Statement { text, basis, citations } = statement;
    take(Said { owner, place: place.to_owned(), part: part.to_owned(), text, grounds: Some((basis, citations)) });
}

fn plain(owner: u64, place: &str, part: &str, text: &mut String, take: &mut dyn FnMut(Said<'_>)) {
    take(Said { owner, place: place.to_owned(), part: part.to_owned(), text, grounds: None });
}

/// The id of a specification as a whole.
#[must_use]
pub fn whole(insight: InsightId) -> SpecItemId {
    SpecItemId::of(&[&insight.0.to_le_bytes(), b"specification"])
}

/// The sentences of a specification as it was compiled.
#[must_use]
pub fn sentences(spec: &Spec) -> Vec<Sentence> {
    let mut ids = Ids::default();
    let mut all = Vec::new();
    each(&mut spec.clone(), &mut |said| {
        let id = ids.give(&said);
        all.push(Sentence { id, place: said.place, text: said.text.clone(), state: State::Compiled, status: None });
    });
    all
}

/// The same words twice in one place are told apart by their number.
#[derive(Default)]
struct Ids(BTreeMap<(u64, String), u32>);

impl Ids {
    fn give(&mut self, said: &Said<'_>) -> SpecItemId {
        let n = self.0.entry((said.owner, said.part.clone())).or_default();
        *n += 1;
        SpecItemId::of(&[&said.owner.to_le_bytes(), b"sentence", said.part.as_bytes(), &n.to_le_bytes()])
    }
}

/// How many layers there are.
const N_LAYERS: u8 = 3;

/// The layer of a sentence, by its place: jobs are made from stories, use cases and the job in one sentence from both.
fn layer(place: &str) -> u8 {
    match place {
        "job" => 2,
        _ if place.starts_with("UC-") => 2,
        _ if place.starts_with("JB-") => 1,
        _ => 0,
    }
}

/// Whether a sentence is made from others that have a place of their own.
#[must_use]
pub fn is_derived(place: &str) -> bool {
    layer(place) > 0
}

/// Lays edits over a specification. `edits` are those of its insight, in order. `follow` makes jobs and use cases again
/// from what they say the same as; it leaves alone what a person worded.
///
/// A criterion of which a clause was edited keeps its typed calls; its requirements are written anew from the clauses.
#[must_use]
pub fn lay_over(spec: &mut Spec, edits: &[Edit], follow: &dyn Fn(&mut Spec)) -> Sentences {
    let holding = Holding::of(edits);
    let mut by_layer: Vec<std::vec::IntoIter<Sentence>> = Vec::new();
    let mut left = Vec::new();
    for now in 0..N_LAYERS {
        let texts: Vec<&Edit> = holding.texts.iter().copied().filter(|edit| is_of(edit, now)).collect();
        by_layer.push(lay_layer(spec, now, &texts, &mut left).into_iter());
        // Also without an edit: what was made first may have been worded with more at hand.
        if now + 1 < N_LAYERS {
            follow(spec);
        }
    }
    let mut all = Vec::new();
    each(spec, &mut |said| all.extend(by_layer[usize::from(layer(&said.place))].next()));
    for sentence in &mut all {
        sentence.status = holding.status.get(&sentence.id).map(|(status, _)| *status);
    }
    let status = |id| holding.status.get(&id).map_or(Status::Draft, |(status, _)| *status);
    let mut items =
        vec![Item { id: whole(spec.insight_id), key: "specification".into(), status: status(whole(spec.insight_id)) }];
    for story in &spec.stories {
        items.push(Item { id: story.id, key: story.key.clone(), status: status(story.id) });
        let criteria = story.criteria.iter();
        items.extend(criteria.map(|c| Item { id: c.id, key: c.key.clone(), status: status(c.id) }));
    }
    Sentences { all, items, left }
}

/// Whether an edit words a sentence of a layer.
fn is_of(edit: &Edit, now: u8) -> bool {
    matches!(&edit.act, EditAct::Text { replaced, .. } if layer(&replaced.place) == now)
}

/// Lays edits over the sentences of one layer, and gives these as they read then.
fn lay_layer(spec: &mut Spec, now: u8, edits: &[&Edit], left: &mut Vec<Left>) -> Vec<Sentence> {
    let mut all: Vec<Sentence> = sentences(spec).into_iter().filter(|sentence| layer(&sentence.place) == now).collect();
    let mut edit_at: BTreeMap<usize, &Edit> = BTreeMap::new();
    let at: BTreeMap<SpecItemId, usize> = all.iter().enumerate().map(|(i, sentence)| (sentence.id, i)).collect();
    // First those whose sentence has its id, so that nobody else takes it for theirs.
    let (known, lost): (Vec<&Edit>, Vec<&Edit>) =
        edits.iter().partition(|edit| edit.item().is_some_and(|item| at.contains_key(&item)));
    edit_at.extend(known.iter().filter_map(|edit| Some((*at.get(&edit.item()?)?, *edit))));
    for edit in lost {
        let EditAct::Text { replaced, text } = &edit.act else { continue };
        match likest(&all, replaced, &edit_at) {
            Some(i) => drop(edit_at.insert(i, edit)),
            None => left.push(Left {
                edit: edit.id,
                by: edit.by.clone(),
                place: replaced.place.clone(),
                replaced: replaced.words.clone(),
                text: text.clone(),
            }),
        }
    }
    for (&i, edit) in &edit_at {
        let EditAct::Text { replaced, text } = &edit.act else { continue };
        let sentence = &mut all[i];
        let compiled = std::mem::replace(&mut sentence.text, text.clone());
        let (id, by) = (edit.id, edit.by.clone());
        let is_same = mark(&compiled) == replaced.mark || mark(&compiled) == mark(text);
        sentence.state = if is_same {
            State::Decided { edit: id, by, compiled }
        } else {
            State::Conflict { edit: id, by, replaced: replaced.words.clone(), compiled }
        };
    }
    if edit_at.is_empty() {
        return all;
    }
    let before = spec.clone();
    let mut i = 0;
    each(spec, &mut |said| {
        if layer(&said.place) != now {
            return;
        }
        if let Some(edit) = edit_at.get(&i) {
            said.text.clone_from(&all[i].text);
            if let Some((basis, citations)) = said.grounds {
                *basis = Basis::Decided;
                let cited = Citation::Edit { id: edit.id, by: edit.by.clone() };
                if !citations.contains(&cited) {
                    citations.insert(0, cited);
                }
            }
        }
        i += 1;
    });
    for (story, was) in spec.stories.iter_mut().zip(&before.stories) {
        for (criterion, was) in story.criteria.iter_mut().zip(&was.criteria) {
            if criterion.is_reworded() && criterion != was {
                criterion.ears = required(criterion, was);
            }
        }
    }
    all
}

/// The sentence in the same place that shares most words with what was replaced, if it shares enough.
fn likest(all: &[Sentence], replaced: &Replaced, taken: &BTreeMap<usize, &Edit>) -> Option<usize> {
    let candidates = all
        .iter()
        .enumerate()
        .filter(|(i, sentence)| !taken.contains_key(i) && part_of(&sentence.place) == part_of(&replaced.place));
    let scored = candidates.map(|(i, sentence)| (shared(&sentence.text, &replaced.words), i));
    // Of equals the first.
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
    (best.0 >= SAME_UNIT).then_some(best.1)
}

/// What kind of place it is: keys of stories move, the part after them does not.
pub(crate) fn part_of(place: &str) -> (bool, &str) {
    (place.starts_with("US-"), place.rsplit(' ').next().unwrap_or_default())
}

/// Share of words, 0..=1, that two sentences have in common, of all that either has.
pub(crate) fn shared(a: &str, b: &str) -> f64 {
    let words = |text: &str| shape(text).split(' ').map(str::to_owned).collect::<BTreeSet<String>>();
    let (a, b) = (words(a), words(b));
    let n_all = a.union(&b).count();
    if n_all == 0 { 0.0 } else { a.intersection(&b).count() as f64 / n_all as f64 }
}

/// The words of a sentence in lower case, without what may change from run to run: numbers, and words in quotation marks.
#[must_use]
pub fn shape(text: &str) -> String {
    const NUMBERS: [&str; 14] = [
        "no", "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    let mut own = String::with_capacity(text.len());
    let mut depth = 0u32;
    for c in text.chars() {
        match c {
            '“' | '„' => depth += 1,
            '”' => depth = depth.saturating_sub(1),
            _ if depth == 0 => own.extend(c.to_lowercase()),
            _ => {}
        }
    }
    let words = own.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let kept = words.filter(|word| !word.chars().any(char::is_numeric) && !NUMBERS.contains(word));
    kept.collect::<Vec<_>>().join(" ")
}

/// Requirements of a criterion whose clauses a person wrote: the state and the event are theirs, and a result they wrote
/// stands as a result that is to be ensured.
fn required(criterion: &Criterion, was: &Criterion) -> String {
    let head = |of: &Criterion| -> Option<String> {
        let (head, _) = was.ears.lines().next()?.split_once(" shall ")?;
        // The product's name stands between the event and `shall`.
        let (_, rest) = head.rsplit_once(&was.when)?;
        let product = rest.trim_start_matches(',').trim_start();
        let word = if matches!(of.case, Case::Happy | Case::Empty) { "when" } else { "if" };
        let event = format!("{word} {}, {product} shall", of.when);
        Some(match of.given.as_slice() {
            [] => capitalised(&event),
            [only] => format!("While {only}, {event}"),
            [first @ .., last] => format!("While {} and {last}, {event}", first.join(", ")),
        })
    };
    let Some(head) = head(criterion) else { return was.ears.clone() };
    let lines: Vec<&str> = was.ears.lines().collect();
    let responses = criterion.then.iter().enumerate().map(|(i, then)| {
        let old = lines.get(i).and_then(|line| line.split_once(" shall ")).map(|(_, response)| response.to_owned());
        match old {
            Some(response) if was.then.get(i) == Some(then) => response,
            _ => format!("ensure that {}.", then.trim_end_matches('.')),
        }
    });
    responses.map(|response| format!("{head} {response}")).collect::<Vec<_>>().join("\n")
}

/// The text with its first letter in upper case.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judgement::Meant;

    fn statement(text: &str) -> Statement {
        Statement { text: text.to_owned(), basis: Basis::Evidence, citations: Vec::new() }
    }

    fn spec(problem: &[&str]) -> Spec {
        Spec {
            insight_id: InsightId(5),
            title: "Schedule a report".into(),
            size: crate::spec::Size::Tweak,
            needs: Vec::new(),
            problem: problem.iter().map(|text| statement(text)).collect(),
            quotes: Vec::new(),
            dissent: Vec::new(),
            who: Vec::new(),
            job: Vec::new(),
            why_now: Vec::new(),
            fix: None,
            change: Vec::new(),
            measures: Vec::new(),
            non_goals: Vec::new(),
            stories: Vec::new(),
            subject: String::new(),
            entities: Vec::new(),
            endpoints: Vec::new(),
            screens: Vec::new(),
            qualities: Vec::new(),
            rollout: Vec::new(),
            risks: Vec::new(),
            assumptions: Vec::new(),
            dependencies: Vec::new(),
            decision: Vec::new(),
            questions: Vec::new(),
            primary: None,
            secondary: Vec::new(),
            jobs: Vec::new(),
            use_cases: Vec::new(),
            frameworks: Vec::new(),
            blueprint: None,
        }
    }

    fn id_of(spec: &Spec, text: &str) -> SpecItemId {
        sentences(spec).into_iter().find(|sentence| sentence.text == text).unwrap().id
    }

    /// An edit of the sentence that reads `words` in `spec`.
    fn edit(spec: &Spec, words: &str, text: &str) -> Edit {
        let sentence = sentences(spec).into_iter().find(|sentence| sentence.text == words).unwrap();
        let replaced =
            Replaced { item: sentence.id, place: sentence.place, words: words.to_owned(), mark: mark(words) };
        let insight = Meant { id: InsightId(5), label: String::new(), members: Vec::new() };
        let act = EditAct::Text { replaced, text: text.to_owned() };
        Edit::after(&[], "Ida", None, insight, act, text.as_bytes())
    }

    #[test]
    fn an_id_stays_when_others_come_and_when_a_count_changes() {
        let before = spec(&["Reports are late.", "Nine of 14 voices say so."]);
        let after = spec(&["Files are lost.", "Reports are late.", "A new one.", "Eleven of 20 voices say so."]);
        assert_eq!(id_of(&before, "Reports are late."), id_of(&after, "Reports are late."));
        assert_eq!(id_of(&before, "Nine of 14 voices say so."), id_of(&after, "Eleven of 20 voices say so."));
        let ids: BTreeSet<SpecItemId> = sentences(&after).iter().map(|sentence| sentence.id).collect();
        assert_eq!(ids.len(), sentences(&after).len());
    }

    #[test]
    fn an_edit_holds_while_the_words_it_replaced_stand() {
        let base = spec(&["Files are lost.", "Reports are late."]);
        let edits = [edit(&base, "Reports are late.", "Reports come a day late.")];
        let mut moved = spec(&["A new one.", "Reports are late.", "Files are lost."]);
        let sentences = lay_over(&mut moved, &edits, &|_| {});
        assert_eq!(moved.problem[1].text, "Reports come a day late.");
        assert_eq!(moved.problem[1].basis, Basis::Decided);
        assert!(matches!(&moved.problem[1].citations[0], Citation::Edit { by, .. } if by == "Ida"));
        assert_eq!((sentences.decided().count(), sentences.conflicts().count(), sentences.left.len()), (1, 0, 0));
        assert_eq!([moved.problem[0].basis, moved.problem[2].basis], [Basis::Evidence; 2]);
    }

    #[test]
    fn words_that_changed_underneath_are_a_conflict_that_shows_both() {
        let base = spec(&["Nine of 14 voices say that reports are late."]);
        let edits = [edit(&base, "Nine of 14 voices say that reports are late.", "Most say it.")];
        // Another count, and another wording of the same thing, which has another id.
        let counted = "Twelve of 20 voices say that reports are late.";
        let reworded = "Nine of 14 voices write that all reports are late.";
        assert_ne!(id_of(&base, &base.problem[0].text), id_of(&spec(&[reworded]), reworded));
        for now in [counted, reworded] {
            let mut changed = spec(&["Files are lost.", now]);
            let sentences = lay_over(&mut changed, &edits, &|_| {});
            assert_eq!(changed.problem[1].text, "Most say it.", "a person's words are not overwritten");
            let conflict = sentences.conflicts().next().expect(now);
            let State::Conflict { replaced, compiled, .. } = &conflict.state else { unreachable!() };
            assert_eq!((replaced.as_str(), compiled.as_str()), (base.problem[0].text.as_str(), now));
        }
    }

    #[test]
    fn an_edit_whose_sentence_is_gone_is_told() {
        let base = spec(&["Reports are late.", "Files are lost."]);
        let edits = [edit(&base, "Reports are late.", "Reports come a day late.")];
        let mut changed = spec(&["Files are lost."]);
        let sentences = lay_over(&mut changed, &edits, &|_| {});
        assert_eq!(changed, spec(&["Files are lost."]));
        assert_eq!(sentences.left[0].text, "Reports come a day late.");
    }

    #[test]
    fn the_shape_of_a_sentence_has_no_counts_and_no_quotations() {
        assert_eq!(shape("Nine of 14 voices: “It is late, 9 of 10 times”"), "of voices");
    }
}
