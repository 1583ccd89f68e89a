//! From the top: the eight steps from a declared strategy alone, and what feedback later does to each of their lines.
//!
//! In: objectives with key results, target segments, personas, principles, competitors. Out: for each objective an
//! assumed specification made by the same compiler as one from feedback, and its lines, each marked as an assumption
//! with the cheapest test that would settle it. [`settle`] holds the lines against what people turned out to say: a line
//! becomes evidence, is changed or removed, or stays assumed, and says why.
//! Where no capability fits the words of an objective, nothing is made up: a question is asked instead.
//! Invariant: an assumed specification quotes nobody and claims no evidence.

use crate::noun::Noun;
use crate::outlook::content_words;
use crate::persona::noun_of;
use crate::statement::assumption;
use crate::story::MOST_CITED;
use crate::wording::sentence;
use crate::words;
use crate::{Input, Outcome, Workspace, specify};
use std::collections::{BTreeMap, BTreeSet};
use throughline_frames::{Frames, understand_all};
use throughline_model::persona::Cast;
use throughline_model::settings::Term;
use throughline_model::spec::{Case, Measure, Question, Spec, Statement};
use throughline_model::strategy::{KeyResult, Objective, Persona};
use throughline_model::{
    Basis, Category, Citation, Corpus, Insight, InsightId, Kind, Language, Need, NeedId, PersonId, Polarity, Slot,
    SlotName, Strategy, Strength, Trend,
};

/// What the votes for a capability must add up to before anything is assumed from an objective. Chosen on the example.
const LEAST_VOTES: f64 = 0.7;

/// What a second capability must have against the first.
const SECOND_SHARE: f64 = 0.7;

/// What a keyword counts against a whole sentence: it may only be a word customers happen to use.
const KEYWORD_WEIGHT: f64 = 0.5;

/// Capabilities that fit anything and therefore say nothing.
const FALLBACKS: [&str; 2] = ["view", "domain_act"];

/// What one objective came to.
#[derive(Debug, Clone)]
pub struct Assumed {
    /// The objective's id.
    pub objective: String,
    /// The objective in words.
    pub text: String,
    /// A theme that nobody has voiced yet, so that what prints insights can print it.
    pub insight: Insight,
    /// The specification, or the question that must be answered before there is one.
    pub outcome: Result<Box<Spec>, Question>,
    /// Everything it takes for granted, line by line.
    pub lines: Vec<Line>,
}

/// One of the eight steps that a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepName {
    /// Objective and key results.
    Strategy,
    /// Whom it is for.
    Persona,
    /// The progress wanted.
    Job,
    /// The conversation.
    UseCase,
    /// Stories and criteria.
    Story,
    /// Entities.
    Schema,
    /// Screens.
    Screen,
    /// The prototype.
    Prototype,
}

impl StepName {
    /// The word that artefacts print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Strategy => "strategy",
            Self::Persona => "persona",
            Self::Job => "job",
            Self::UseCase => "use case",
            Self::Story => "story",
            Self::Schema => "schema",
            Self::Screen => "screen",
            Self::Prototype => "prototype",
        }
    }

    /// The cheapest test that would settle a line of this step, for these actors.
    fn test(self, actors: &str) -> String {
        match self {
            Self::Strategy => "read the figure again from its source, two weeks apart".to_owned(),
            Self::Persona => format!("ask three {actors} when this last came up; two must remember"),
            Self::Job => format!("ask five {actors} to tell the last time; three must name this situation unasked"),
            Self::UseCase => format!("walk one of the {actors} through the steps on paper and note where they stop"),
            Self::Story => format!("let five {actors} spend ten coins on this and on their own first wish"),
            Self::Schema => format!("ask one of the {actors} for a real example and fill it in"),
            Self::Screen => format!("show the screen to three {actors} for ten seconds and ask what it is for"),
            Self::Prototype => {
                format!("give the prototype to five {actors} and count who plays the first scenario to its end")
            }
        }
    }
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Nobody has said anything about it.
    Assumed,
    /// People say so.
    Confirmed,
    /// People say something else.
    Changed {
        /// What they say.
        to: String,
    },
    /// What it hung on is gone, or people want the opposite.
    Removed,
}

impl State {
    /// The word that artefacts print.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Assumed => "assumption",
            Self::Confirmed => "evidence",
            Self::Changed { .. } => "changed",
            Self::Removed => "removed",
        }
    }
}

/// One line of what an objective is taken to mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// `O2/US-1`: stable while the objective and the line are.
    pub key: String,
    /// The step.
    pub step: StepName,
    /// The line.
    pub text: String,
    /// What became of it.
    pub state: State,
    /// Why it is so; empty while nobody has said anything.
    pub cause: String,
    /// The cheapest test that would settle it.
    pub test: String,
    /// What the state rests on.
    pub citations: Vec<Citation>,
}

/// Specifies every objective from its words alone, in the order in which they are declared.
#[must_use]
pub fn assume(strategy: &Strategy, product_name: &str, terms: &[Term], frames: &Frames) -> Vec<Assumed> {
    let one = |objective: &Objective| assumed(objective, strategy, product_name, terms, frames);
    strategy.objectives.iter().filter(|objective| !objective.text.trim().is_empty()).map(one).collect()
}

fn assumed(objective: &Objective, strategy: &Strategy, product_name: &str, terms: &[Term], frames: &Frames) -> Assumed {
    let id = InsightId::of(&[b"objective", objective.id.as_bytes(), objective.text.as_bytes()]);
    let insight = insight(id, objective);
    let persona = persona_for(objective, strategy);
    let needs = needs(id, objective, persona, terms, frames);
    let mut out = Assumed {
        objective: if objective.id.is_empty() { objective.text.clone() } else { objective.id.clone() },
        text: objective.text.clone(),
        insight,
        outcome: Err(Question {
            text: String::new(),
            options: Vec::new(),
            who_decides: String::new(),
            citations: Vec::new(),
        }),
        lines: Vec::new(),
    };
    let corpus = Corpus::default();
    let made = specify(&Input {
        insight: &out.insight,
        needs: &needs,
        corpus: &corpus,
        score: None,
        place: None,
        strategy,
        product_name,
        frames,
        workspace: Workspace { terms, ..Workspace::default() },
    });
    out.outcome = match made {
        Outcome::Specified(mut spec) => {
            rewritten(&mut spec, objective, strategy, persona);
            out.lines = lines(&out.objective, objective, &spec);
            Ok(spec)
        }
        Outcome::Abstained { .. } => Err(Question {
            text: format!(
                "What would somebody do differently once “{}” is true?",
                objective.text.trim_end_matches('.')
            ),
            options: vec![
                "Name it in the objective's keywords, as customers would say it".to_owned(),
                "Ask three customers of a target segment what keeps it from being true".to_owned(),
                "Leave it to the company: nothing in the product brings it about".to_owned(),
            ],
            who_decides: "Whoever owns the objective".to_owned(),
            citations: vec![Citation::Strategy { path: path(objective) }],
        }),
    };
    out
}

fn path(objective: &Objective) -> String {
    format!("objectives.{}", objective.id)
}

/// A theme without voices.
fn insight(id: InsightId, objective: &Objective) -> Insight {
    Insight {
        id,
        label: objective.text.trim_end_matches('.').to_owned(),
        kind: Kind::Request,
        area: "Strategy".to_owned(),
        category: Category::Retention,
        category_reason: "declared as an objective; nobody has spoken of it yet".to_owned(),
        trend: Trend::Unknown,
        voices_by_month: Vec::new(),
        members: Vec::new(),
        quotes: Vec::new(),
        dissent: Vec::new(),
        n_voices: 0,
        n_accounts: 0,
        n_signals: 0,
        heard: None,
        nearest: None,
    }
}

/// The persona whose name, roles and goals share most words with the objective; else the primary one.
fn persona_for<'a>(objective: &Objective, strategy: &'a Strategy) -> Option<&'a Persona> {
    let metrics: Vec<&str> = objective.key_results.iter().map(|result| result.metric.as_str()).collect();
    let about = content_words(&format!("{} {} {}", objective.text, objective.keywords.join(" "), metrics.join(" ")));
    let personas = strategy.personas.as_deref().unwrap_or_default();
    let shared = |persona: &Persona| {
        let own = content_words(&format!("{} {} {}", persona.name, persona.roles.join(" "), persona.goals.join(" ")));
        own.intersection(&about).count()
    };
    personas
        .iter()
        .enumerate()
        .max_by_key(|(i, persona)| (shared(persona), persona.is_primary, usize::MAX - i))
        .map(|(_, persona)| persona)
}

/// A thing that somebody names, after how sure it is.
type Object = (f64, String);

/// What an objective asks for, read from its own words as a customer's would be.
fn needs(
    id: InsightId,
    objective: &Objective,
    persona: Option<&Persona>,
    terms: &[Term],
    frames: &Frames,
) -> Vec<Need> {
    let mut texts: Vec<(String, f64)> = vec![(objective.text.clone(), 1.0)];
    texts.extend(objective.key_results.iter().map(|result| (result.metric.clone(), 1.0)));
    texts.extend(objective.keywords.iter().map(|word| (format!("We need {word}"), KEYWORD_WEIGHT)));
    let read: Vec<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
    let mut votes: BTreeMap<String, (f64, Vec<(f64, String)>)> = BTreeMap::new();
    for (understood, (_, weight)) in understand_all(&read).into_iter().zip(&texts) {
        let Some(need) = understood.needs.into_iter().next() else { continue };
        let vote = votes.entry(need.frame).or_default();
        vote.0 += weight * need.confidence;
        if let Some(object) = need.object {
            vote.1.push((weight * need.confidence, object));
        }
    }
    let mut ranked: Vec<(String, f64, Vec<Object>)> = votes
        .into_iter()
        .filter(|(frame, _)| !FALLBACKS.contains(&frame.as_str()) && frames.get(frame).is_some())
        .map(|(frame, (sum, objects))| (frame, sum, objects))
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let Some(best) = ranked.first().map(|(_, sum, _)| *sum).filter(|sum| *sum >= LEAST_VOTES) else {
        return Vec::new();
    };
    let slot =
        |value: &str| Slot { value: value.to_owned(), basis: Basis::Strategy, quotes: Vec::new(), confidence: 0.5 };
    let of_actor = persona.map(|persona| noun_of(&persona.name).one);
    ranked
        .into_iter()
        .filter(|(_, sum, _)| *sum >= SECOND_SHARE * best)
        .take(2)
        .map(|(frame, _, objects)| {
            let mut slots = BTreeMap::new();
            if let Some(object) = object(&frame, &objects, objective).or_else(|| term_of(objective, terms)) {
                slots.insert(SlotName::Object, slot(&object));
            }
            if let Some(actor) = &of_actor {
                slots.insert(SlotName::Actor, slot(actor));
            }
            Need {
                id: NeedId::of(&[&id.0.to_le_bytes(), frame.as_bytes()]),
                insight_id: id,
                frame,
                alternatives: Vec::new(),
                kind: Kind::Request,
                polarity: Polarity::Want,
                strength: Strength::Should,
                slots,
                signals: Vec::new(),
                confidence: 0.5,
            }
        })
        .collect()
}

/// The thing that most votes name; of those with equal votes the one the objective itself speaks of.
fn object(frame: &str, objects: &[(f64, String)], objective: &Objective) -> Option<String> {
    let about = content_words(&format!("{} {}", objective.text, objective.keywords.join(" ")));
    let mut by_noun: BTreeMap<String, f64> = BTreeMap::new();
    for (weight, object) in objects {
        // "We need export" names an act twice and no thing.
        if let Some(noun) = Noun::parse(object, Language::En).filter(|noun| noun.one != frame) {
            let is_meant = content_words(&noun.one).intersection(&about).next().is_some();
            *by_noun.entry(noun.many).or_default() += weight + if is_meant { 0.5 } else { 0.0 };
        }
    }
    by_noun.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(noun, _)| noun)
}

/// The declared term that an objective and its key results speak of most.
fn term_of(objective: &Objective, terms: &[Term]) -> Option<String> {
    let metrics: Vec<&str> = objective.key_results.iter().map(|result| result.metric.as_str()).collect();
    let said = words::ascii_words(&format!("{} {}", objective.text, metrics.join(" ")).to_lowercase());
    let n = |term: &Term| {
        let own = words::singular(&term.term.to_lowercase());
        said.iter().filter(|word| words::singular(word) == own).count()
    };
    let terms = terms.iter().enumerate().map(|(i, term)| (n(term), usize::MAX - i, term));
    terms.max_by_key(|(n, i, _)| (*n, *i)).filter(|(n, ..)| *n > 0).map(|(_, _, term)| term.term.clone())
}

/// Turns a specification that nobody has spoken for into what it is: assumptions from the strategy.
fn rewritten(spec: &mut Spec, objective: &Objective, strategy: &Strategy, persona: Option<&Persona>) {
    let from = |result: &KeyResult| Citation::Strategy { path: format!("{}.{}", path(objective), result.id) };
    let cited = |text: String, citation: Citation| Statement { citations: vec![citation], ..assumption(text) };
    let of_objective = || Citation::Strategy { path: path(objective) };
    let pain = spec.problem.first().map_or_else(String::new, |statement| statement.text.clone());
    let pain = pain.trim_end_matches('.');
    let goal = objective.text.trim_end_matches('.');
    spec.problem = vec![cited(format!("“{goal}” is not so today."), of_objective())];
    spec.problem
        .extend(objective.key_results.iter().take(2).filter_map(|result| Some(cited(reading(result)?, from(result)))));
    spec.problem.push(cited(format!("Taken to be the cause: {}.", lower_first(pain)), of_objective()));
    let actor = spec.stories.first().map_or_else(String::new, |story| story.actor.text.clone());
    let many = noun_of(&actor).many;
    let persona_path = persona.map_or_else(|| path(objective), |persona| format!("personas.{}", persona.id));
    spec.who = vec![cited(
        format!("{} first of all, because the strategy speaks of their work.", words::capitalised(&many)),
        Citation::Strategy { path: persona_path },
    )];
    let targets: Vec<&throughline_model::strategy::Segment> =
        strategy.segments.iter().flatten().filter(|segment| segment.is_target).collect();
    if !targets.is_empty() {
        let names: Vec<String> = targets.iter().map(|segment| lower_first(&segment.name)).collect();
        spec.who.push(Statement {
            citations: targets
                .iter()
                .map(|segment| Citation::Strategy { path: format!("segments.{}", segment.id) })
                .collect(),
            ..assumption(format!("In the segments the plan is made for: {}.", words::listed(&names)))
        });
    }
    spec.why_now = objective
        .key_results
        .iter()
        .filter_map(|result| {
            let due = result.due_on.or(strategy.ends_on)?;
            Some(cited(format!("{} is due on {due}.", words::capitalised(&result.metric)), from(result)))
        })
        .take(2)
        .collect();
    if spec.why_now.is_empty() {
        spec.why_now.push(cited("No key result has a day on which it is due.".to_owned(), of_objective()));
    }
    let declared: Vec<Measure> =
        objective.key_results.iter().filter_map(|result| measure(result, strategy, &from(result))).collect();
    if !declared.is_empty() {
        spec.measures.retain(|measure| measure.is_guardrail);
        spec.measures.splice(0..0, declared);
    }
    for principle in strategy.principles.iter().flatten() {
        if let Some(broken) = principle.broken_when.as_deref().filter(|text| !text.trim().is_empty()) {
            spec.risks.push(cited(
                format!("It must not come to this: {}.", broken.trim_end_matches('.')),
                Citation::Strategy { path: format!("principles.{}", principle.id) },
            ));
        }
    }
    spec.risks.retain(|risk| !risk.text.starts_with("0 voices"));
    for competitor in strategy.competitors.iter().flatten().filter(|competitor| competitor.known_for.is_some()).take(2)
    {
        let known_for = competitor.known_for.as_deref().unwrap_or_default().trim_end_matches('.');
        spec.risks.push(cited(
            format!("Customers may compare it with {}, known for this: {}.", competitor.name, lower_first(known_for)),
            Citation::Strategy { path: format!("competitors.{}", competitor.name) },
        ));
    }
    spec.decision = vec![cited(
        "Asked: which of these assumptions to test first. Nothing is to be built on them before.".to_owned(),
        of_objective(),
    )];
    for story in &mut spec.stories {
        story.priority_reason = match story.priority {
            1 => "Nearest to the words of the objective.".to_owned(),
            _ => std::mem::take(&mut story.priority_reason).replace("Asked for beside the first", "Beside the first"),
        };
    }
    if let Some(primary) = &mut spec.primary {
        primary.is_provisional = true;
    }
    mark(spec);
    spec.frameworks = crate::framework::named(spec);
}

/// Marks every statement as an assumption; open ones stay open, for they claim nothing.
fn mark(spec: &mut Spec) {
    let as_assumed = |statement: &mut Statement| {
        if statement.basis != Basis::Open {
            statement.basis = Basis::Assumption;
        }
        statement.citations.retain(|citation| matches!(citation, Citation::Strategy { .. } | Citation::Default { .. }));
    };
    let sections = [
        &mut spec.problem,
        &mut spec.who,
        &mut spec.job,
        &mut spec.why_now,
        &mut spec.change,
        &mut spec.non_goals,
        &mut spec.qualities,
        &mut spec.rollout,
        &mut spec.risks,
        &mut spec.assumptions,
        &mut spec.dependencies,
        &mut spec.decision,
    ];
    sections.into_iter().flatten().for_each(as_assumed);
    for measure in &mut spec.measures {
        as_assumed(&mut measure.baseline);
        as_assumed(&mut measure.target);
    }
    for story in &mut spec.stories {
        [&mut story.actor, &mut story.means, &mut story.benefit].into_iter().for_each(as_assumed);
        for criterion in &mut story.criteria {
            criterion.basis = Basis::Assumption;
        }
    }
    spec.primary.iter_mut().chain(&mut spec.secondary).for_each(|concern| as_assumed(&mut concern.need));
    for job in &mut spec.jobs {
        [&mut job.circumstance, &mut job.motivation, &mut job.progress].into_iter().for_each(as_assumed);
        job.outcomes.iter_mut().for_each(|outcome| as_assumed(&mut outcome.statement));
        job.forces.iter_mut().for_each(|force| as_assumed(&mut force.statement));
    }
    for case in &mut spec.use_cases {
        [&mut case.goal, &mut case.trigger].into_iter().for_each(as_assumed);
        let lists = [&mut case.stakeholders, &mut case.preconditions, &mut case.variations];
        lists.into_iter().flatten().for_each(as_assumed);
        let guarantees = case.minimal_guarantees.iter_mut().chain(&mut case.success_guarantees);
        guarantees.for_each(|guarantee| as_assumed(&mut guarantee.statement));
    }
    spec.entities.iter_mut().for_each(|entity| entity.basis = Basis::Assumption);
    spec.endpoints.iter_mut().for_each(|endpoint| endpoint.basis = Basis::Assumption);
}

/// Where a key result stands, as a sentence.
fn reading(result: &KeyResult) -> Option<String> {
    let (now, target) = (result.current.or(result.start)?, result.target?);
    let unit = result.unit.as_deref().unwrap_or_default();
    Some(sentence(&format!("{}: {now} where {target} is wanted ({unit})", words::capitalised(&result.metric))))
}

fn measure(result: &KeyResult, strategy: &Strategy, citation: &Citation) -> Option<Measure> {
    let (now, target) = (result.current.or(result.start)?, result.target?);
    let unit = result.unit.as_deref().unwrap_or_default();
    let due = result.due_on.or(strategy.ends_on);
    let from = result.current_on.or(result.start_on).or(strategy.starts_on);
    let days = due.zip(from).map_or(90, |(due, from)| due.0.days_since(from.0).max(1));
    let figure = |value: f64| Statement {
        citations: vec![citation.clone()],
        ..assumption(format!("{value} {unit}").trim().to_owned())
    };
    Some(Measure {
        metric: words::capitalised(&result.metric),
        baseline: figure(now),
        target: figure(target),
        window_days: u32::try_from(days).unwrap_or(90),
        events: result.source.iter().cloned().collect(),
        is_guardrail: false,
    })
}

/// Every line that an assumed specification takes for granted.
fn lines(name: &str, objective: &Objective, spec: &Spec) -> Vec<Line> {
    let actors = spec.stories.first().map_or_else(|| "people".to_owned(), |story| noun_of(&story.actor.text).many);
    let line = |key: &str, step: StepName, text: String| Line {
        key: format!("{name}/{key}"),
        step,
        text,
        state: State::Assumed,
        cause: String::new(),
        test: step.test(&actors),
        citations: vec![Citation::Strategy { path: path(objective) }],
    };
    let mut out: Vec<Line> = objective
        .key_results
        .iter()
        .filter_map(|result| Some(line(&result.id, StepName::Strategy, reading(result)?)))
        .collect();
    if let Some(primary) = &spec.primary {
        let many = words::capitalised(&noun_of(&primary.name).many);
        out.push(line("persona", StepName::Persona, format!("{many} are who this matters to first.")));
    }
    out.extend(spec.jobs.iter().map(|job| line(&job.key, StepName::Job, crate::job::story(job).text)));
    out.extend(spec.use_cases.iter().map(|case| line(&case.key, StepName::UseCase, case.goal.text.clone())));
    for story in &spec.stories {
        let text = format!(
            "As {} {}, I want to {}, so that {}.",
            words::article(&story.actor.text),
            story.actor.text,
            story.means.text,
            story.benefit.text
        );
        out.push(line(&story.key, StepName::Story, text));
        out.extend(
            story
                .criteria
                .iter()
                .map(|criterion| line(&criterion.key, StepName::Story, format!("{}.", criterion.title))),
        );
    }
    out.extend(spec.entities.iter().map(|entity| {
        let text = format!(
            "{} are kept, each with its {} facts.",
            words::capitalised(&entity.many),
            words::number(entity.fields.len() as u32)
        );
        line(&format!("entity {}", entity.name), StepName::Schema, text)
    }));
    out.extend(spec.screens.iter().map(|screen| {
        line(
            &format!("screen {}", screen.title),
            StepName::Screen,
            format!("There is a place called “{}”.", screen.title),
        )
    }));
    out.push(line(
        "prototype",
        StepName::Prototype,
        "The first scenario can be played to its end without help.".to_owned(),
    ));
    out
}

/// What people turned out to say near an objective.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// The insight.
    pub insight: &'a Insight,
    /// Its needs.
    pub needs: &'a [Need],
    /// Its specification, where there is one.
    pub spec: Option<&'a Spec>,
}

/// Holds the lines of an objective against what was heard near it, most voices first.
#[must_use]
pub fn settle(assumed: &Assumed, heard: &[Heard<'_>], corpus: &Corpus, cast: &Cast) -> Vec<Line> {
    let Ok(spec) = &assumed.outcome else { return assumed.lines.clone() };
    let mut lines = assumed.lines.clone();
    if heard.is_empty() {
        return lines;
    }
    let first = spec.needs.first().map(|need| need.frame.as_str());
    let mut fate_of_story: BTreeMap<String, (State, String, Vec<Citation>)> = BTreeMap::new();
    for story in &spec.stories {
        let frame = spec.needs.iter().find(|need| need.id == story.need_id).map(|need| need.frame.as_str());
        let is_companion = spec
            .stories
            .iter()
            .find(|other| other.need_id == story.need_id)
            .is_some_and(|other| other.key != story.key);
        let Some(frame) = frame.filter(|_| !is_companion) else { continue };
        if let Some(fate) = fate(frame, frame == first.unwrap_or_default(), heard) {
            fate_of_story.insert(story.key.clone(), fate);
        }
    }
    let lead = fate_of_story.get("US-1").cloned();
    for line in &mut lines {
        let own = line.key.rsplit('/').next().unwrap_or_default().to_owned();
        let story_key = match line.step {
            StepName::Story => own.split('.').next().unwrap_or(&own).to_owned(),
            StepName::Job | StepName::UseCase => format!("US-{}", own.rsplit('-').next().unwrap_or("1")),
            _ => "US-1".to_owned(),
        };
        let fate = fate_of_story.get(&story_key);
        let settled = match line.step {
            StepName::Strategy => None,
            StepName::Persona => persona_fate(spec, heard, corpus, cast),
            StepName::Story if own == story_key => fate.cloned(),
            StepName::Story => criterion_fate(spec, &own, fate),
            StepName::Job => job_fate(heard, spec, &story_key, fate),
            StepName::Schema if own == format!("entity {}", spec.subject) => entity_fate(spec, heard, lead.as_ref()),
            StepName::UseCase | StepName::Schema | StepName::Screen | StepName::Prototype => {
                hangs_on(fate.or(lead.as_ref()))
            }
        };
        if let Some((state, cause, citations)) = settled {
            line.state = state;
            line.cause = cause;
            line.citations = citations;
        }
    }
    lines
}

type Fate = (State, String, Vec<Citation>);

/// What became of the story of a capability.
fn fate(frame: &str, is_first: bool, heard: &[Heard<'_>]) -> Option<Fate> {
    let of_frame = |wanted: bool| {
        heard.iter().find_map(|heard| {
            let is_wanted = |need: &&Need| matches!(need.polarity, Polarity::Want | Polarity::Fix) == wanted;
            let need = heard.needs.iter().filter(|need| need.frame == frame).find(is_wanted)?;
            Some((heard, need))
        })
    };
    let cited = |need: &Need| crate::facts::cite_signals(&need.signals, MOST_CITED);
    if let Some((heard, need)) = of_frame(true) {
        let cause = format!(
            "{} in “{}” ask for it.",
            words::counted(need.signals.len() as u32, "statement"),
            heard.insight.label
        );
        return Some((State::Confirmed, cause, cited(need)));
    }
    if let Some((heard, need)) = of_frame(false) {
        let cause = format!("“{}” wants the opposite.", heard.insight.label);
        return Some((State::Removed, cause, cited(need)));
    }
    if !is_first {
        return None;
    }
    let (heard, story) = heard.iter().find_map(|heard| Some((heard, heard.spec?.stories.first()?)))?;
    let cause = format!(
        "{} in “{}” ask for this instead.",
        words::counted(heard.insight.n_voices, "voice"),
        heard.insight.label
    );
    Some((
        State::Changed { to: sentence(&format!("I want to {}", story.means.text)) },
        cause,
        story.means.citations.clone(),
    ))
}

/// A criterion is asked for where its story is and it is the one in which it works; it goes with its story.
fn criterion_fate(spec: &Spec, key: &str, fate: Option<&Fate>) -> Option<Fate> {
    let (state, cause, citations) = fate?;
    let criterion = spec.stories.iter().flat_map(|story| &story.criteria).find(|criterion| criterion.key == key)?;
    match state {
        State::Confirmed if criterion.case == Case::Happy => Some((State::Confirmed, cause.clone(), citations.clone())),
        State::Confirmed | State::Assumed => None,
        State::Changed { .. } | State::Removed => {
            Some((State::Removed, format!("Its story went: {}", lower_first(cause)), citations.clone()))
        }
    }
}

/// A job is confirmed when a voice names a situation of its own.
fn job_fate(heard: &[Heard<'_>], spec: &Spec, story_key: &str, fate: Option<&Fate>) -> Option<Fate> {
    let (state, cause, citations) = fate?;
    let frame = spec
        .stories
        .iter()
        .find(|story| story.key == story_key)
        .and_then(|story| spec.needs.iter().find(|need| need.id == story.need_id))
        .map(|need| need.frame.as_str())?;
    match state {
        State::Confirmed => {
            let said = heard
                .iter()
                .flat_map(|heard| heard.needs)
                .filter(|need| need.frame == frame)
                .filter_map(crate::job::told)
                .find(|told| told.basis == Basis::Evidence && !told.citations.is_empty())?;
            let to = format!("In their words: when {}.", said.text);
            Some((State::Changed { to }, "A voice names the situation itself.".to_owned(), said.citations))
        }
        State::Changed { .. } => {
            let job = heard.iter().find_map(|heard| heard.spec?.jobs.first())?;
            Some((State::Changed { to: crate::job::story(job).text }, cause.clone(), citations.clone()))
        }
        State::Removed => Some((State::Removed, cause.clone(), citations.clone())),
        State::Assumed => None,
    }
}

/// Who speaks near the objective, against who was taken to.
fn persona_fate(spec: &Spec, heard: &[Heard<'_>], corpus: &Corpus, cast: &Cast) -> Option<Fate> {
    let assumed = &spec.primary.as_ref()?.name;
    let index = corpus.index_from_signal();
    let mut people: BTreeMap<&str, BTreeSet<PersonId>> = BTreeMap::new();
    let mut cited: BTreeMap<&str, Vec<Citation>> = BTreeMap::new();
    for id in heard.iter().flat_map(|heard| &heard.insight.members) {
        let Some(person) = index.get(id).and_then(|&at| corpus.signals[at].person) else { continue };
        let Some(persona) = cast.of_person(person) else { continue };
        if people.entry(&persona.name).or_default().insert(person) {
            cited.entry(&persona.name).or_default().push(Citation::Signal { id: *id, span: None, quote: None });
        }
    }
    let all: usize = people.values().map(BTreeSet::len).sum();
    let (name, own) = people.iter().max_by(|a, b| a.1.len().cmp(&b.1.len()).then_with(|| b.0.cmp(a.0)))?;
    let citations = cited.get(name).map(|all| all.iter().take(MOST_CITED).cloned().collect()).unwrap_or_default();
    let many = noun_of(name).many;
    let cause = format!(
        "{} of the {} whose role is known are {many}.",
        words::capitalised(&words::number(own.len() as u32)),
        words::counted_in_words(all as u32, "person")
    );
    if name.eq_ignore_ascii_case(assumed) {
        return Some((State::Confirmed, cause, citations));
    }
    Some((
        State::Changed { to: format!("{} are who this matters to first.", words::capitalised(&many)) },
        cause,
        citations,
    ))
}

/// The thing it is about, against what people call it.
fn entity_fate(spec: &Spec, heard: &[Heard<'_>], lead: Option<&Fate>) -> Option<Fate> {
    let (state, cause, citations) = lead?;
    if matches!(state, State::Changed { .. } | State::Removed) {
        return Some((State::Removed, format!("Its story went: {}", lower_first(cause)), citations.clone()));
    }
    let frame = &spec.needs.first()?.frame;
    let subject = spec.entities.iter().find(|entity| entity.name == spec.subject)?;
    let slot = heard
        .iter()
        .flat_map(|heard| heard.needs)
        .filter(|need| need.frame == *frame)
        .filter_map(|need| need.slots.get(&SlotName::Object))
        .find(|slot| slot.basis == Basis::Evidence && !slot.quotes.is_empty())?;
    let noun = Noun::parse(&slot.value, Language::En)?;
    let citations = slot.quotes.iter().take(MOST_CITED).map(crate::facts::cite).collect();
    if noun.one.eq_ignore_ascii_case(&subject.one) {
        return Some((State::Confirmed, format!("People speak of {}.", noun.many), citations));
    }
    Some((
        State::Changed { to: format!("{} are kept.", words::capitalised(&noun.many)) },
        format!("People speak of {}.", noun.many),
        citations,
    ))
}

/// What only use can settle goes with its story, and stays assumed with it.
fn hangs_on(fate: Option<&Fate>) -> Option<Fate> {
    let (state, cause, citations) = fate?;
    matches!(state, State::Changed { .. } | State::Removed)
        .then(|| (State::Removed, format!("Its story went: {}", lower_first(cause)), citations.clone()))
}

fn lower_first(text: &str) -> String {
    // An acronym keeps its capitals.
    if text.chars().nth(1).is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
