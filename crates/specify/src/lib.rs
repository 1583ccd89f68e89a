//! From needs to a specification: stories, criteria, entities, screens, and the rules they are held to.
//!
//! [`specify`] turns one insight with its needs into a [`Spec`] sized to the change, or says why it does not.
//! What the words say comes from evidence; what nobody said comes from the playbook and is marked as a default, an
//! assumption or a question.
//!
//! | module | owns |
//! |---|---|
//! | [`playbook`] | what a good specification says for each capability, as data |
//! | [`words`], [`noun`], [`wording`] | word forms, customers' nouns, filling templates |
//! | [`facts`], `telling` | every figure about an insight's voices, and the sentence of each worth quoting |
//! | [`mod@persona`], `job`, `use_case` | whom it is for, the progress they want, the conversation with the product |
//! | `narrative`, `story`, `schema`, `outlook`, `fix` | the parts of a specification |
//! | `framework` | which framework each step applied, and what followed |
//! | [`from_strategy`] | the same from a strategy alone, and what feedback does to it |
//! | [`glossary`] | the team's own words |
//! | [`mod@blueprint`] | how it looks to those who build it |
//! | [`mod@lint`] | the rules that a specification is held to |
//!
//! Invariants: pure and deterministic; every statement cites evidence, code or strategy or says that it is a default,
//! an assumption or open; quotes are byte ranges of records.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed unwrap in a test is the test's message"
    )
)]

pub mod blueprint;
pub mod facts;
mod fix;
mod framework;
pub mod from_strategy;
pub mod glossary;
mod in_code;
mod job;
pub mod lint;
mod narrative;
pub mod noun;
mod outlook;
pub mod persona;
pub mod playbook;
pub mod schema;
mod statement;
pub mod story;
mod telling;
mod use_case;
pub mod wording;
pub mod words;

use crate::facts::Facts;
use crate::narrative::Who;
use crate::noun::Noun;
use crate::playbook::{Entry, Weight};
use crate::story::Source;
use crate::wording::{Wording, is_stated};
use std::collections::{BTreeMap, BTreeSet};
use throughline_frames::{Frame, Frames};
use throughline_model::job::Job;
use throughline_model::persona::Cast;
use throughline_model::persona::Concern;
use throughline_model::plan::Place;
use throughline_model::settings::Term;
use throughline_model::spec::{Entity, Size, Spec, Story};
use throughline_model::use_case::UseCase;
use throughline_model::{Corpus, Insight, Kind, Language, Need, Polarity, Score, SlotName, Strategy};
use throughline_text::stem;

pub use crate::lint::{Finding, lint};
pub use crate::outlook::UNKNOWN_BASELINE;
pub use crate::use_case::redress;

/// Most needs of one insight that become stories. The rest waits: an insight with more is two insights.
const MOST_NEEDS: usize = 4;

/// What a specification is made from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The insight.
    pub insight: &'a Insight,
    /// Its needs, best first.
    pub needs: &'a [Need],
    /// Records, signals, people, accounts.
    pub corpus: &'a Corpus,
    /// Its score, where scored.
    pub score: Option<&'a Score>,
    /// Its place in the plan, where planned.
    pub place: Option<&'a Place>,
    /// What the team declared.
    pub strategy: &'a Strategy,
    /// What people call the product.
    pub product_name: &'a str,
    /// Capability frames.
    pub frames: &'a Frames,
    /// What holds for the whole workspace.
    pub workspace: Workspace<'a>,
}

/// What holds for every specification of a workspace.
#[derive(Debug, Clone, Copy, Default)]
pub struct Workspace<'a> {
    /// Declared terms.
    pub terms: &'a [Term],
    /// Its personas; none where nobody's role is known.
    pub cast: Option<&'a Cast>,
    /// Accounts known in it; those of the corpus given where it is not told.
    pub n_accounts: Option<u32>,
}

/// No personas.
static NOBODY: Cast =
    Cast { personas: Vec::new(), n_people: 0, n_without_role: 0, n_without_person: 0, silhouette: None };

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A specification.
    Specified(Box<Spec>),
    /// None, and why.
    Abstained {
        /// One sentence.
        why: String,
    },
}

/// Specifies one insight.
#[must_use]
pub fn specify(input: &Input<'_>) -> Outcome {
    let abstain = |why: String| Outcome::Abstained { why };
    if input.insight.kind == Kind::Praise {
        return abstain("Its voices praise and ask for nothing; there is nothing to build.".to_owned());
    }
    let read: Vec<(&Need, &Entry)> = distinct(input.needs)
        .into_iter()
        .filter(|need| need.kind != Kind::Praise)
        .filter_map(|need| playbook::entry_for(&need.frame, need.polarity).map(|entry| (need, entry)))
        .take(MOST_NEEDS)
        .collect();
    let Some(&(first, first_entry)) = read.first() else {
        let n = input.insight.n_signals;
        return abstain(match input.needs.first() {
            None => format!(
                "None of its {} says clearly enough what is wanted; read them before anything is specified.",
                words::counted(n, "signal")
            ),
            Some(need) => format!("Nothing is known of the capability “{}”, so it cannot be specified.", need.frame),
        });
    };
    let mut facts = Facts::new(input.insight, input.corpus);
    facts.n_known = input.workspace.n_accounts;
    let who = narrative::who(input, &facts, first);
    let wordings: Vec<Wording> = read
        .iter()
        .map(|(need, entry)| {
            let own = if std::ptr::eq(*need, first) { who.clone() } else { narrative::who(input, &facts, need) };
            let actor = if own.is_known { &own.actor } else { &who.actor };
            let (worded, language) =
                glossary::worded(need, input.product_name, input.workspace.terms, language(input.corpus, need));
            Wording::new(&worded, entry, actor, who.is_known, language, input.product_name)
        })
        .collect();
    let size = size(input.insight, &read);
    let preferred: Vec<_> = read.iter().flat_map(|(need, _)| need.signals.iter().copied()).collect();
    let quotes = facts.quotes(&preferred, if size == Size::Fix { 3 } else { 5 });
    let parts = Parts { input, facts: &facts, who: &who, read: &read, wordings: &wordings };
    let stories = parts.stories(size, &quotes);
    let (subject, entities) = parts.entities(&stories);
    let wording = &wordings[0];
    let frame = input.frames.get(&first.frame);
    let title = match size {
        Size::Fix => words::capitalised(&input.insight.label),
        Size::Tweak | Size::Capability => title(&input.insight.label, &first_entry.title, wording),
    };
    let is_fix = size == Size::Fix;
    let pain = if is_fix { fix::pain(&facts, wording) } else { wording.sentence(&first_entry.pain) };
    let asked: Vec<(&Need, &Entry, &Wording)> =
        read.iter().zip(&wordings).map(|((need, entry), wording)| (*need, *entry, wording)).collect();
    let (primary, secondary) =
        persona::concerns(&facts, input.corpus, input.workspace.cast.unwrap_or(&NOBODY), &who.role);
    let jobs = if is_fix {
        Vec::new()
    } else {
        asked
            .iter()
            .zip(&stories)
            .enumerate()
            .map(|(i, ((need, entry, wording), story))| {
                job::job(&format!("JB-{}", i + 1), need, entry, wording, &story.benefit, &facts, input.corpus)
            })
            .collect()
    };
    let use_cases = parts.use_cases(&stories, &jobs, &secondary);
    let mut spec = Spec {
        insight_id: input.insight.id,
        size,
        needs: read.iter().map(|(need, _)| (*need).clone()).collect(),
        problem: narrative::problem(&facts, first, pain, &quotes),
        dissent: outlook::dissent(&facts),
        who: narrative::who_section(&who, &facts),
        job: jobs.iter().take(1).map(job::story).collect(),
        why_now: narrative::why_now(input, &facts),
        fix: is_fix.then(|| fix::fix(&facts, input.needs, &quotes, wording)),
        change: if is_fix { Vec::new() } else { narrative::change(first, first_entry, wording) },
        measures: outlook::measures(&facts, first, first_entry, frame, wording),
        non_goals: if is_fix { Vec::new() } else { outlook::non_goals(input, &facts, first, first_entry, wording) },
        subject: subject.name.clone(),
        entities,
        endpoints: parts.endpoints(&stories),
        screens: parts.screens(&stories),
        qualities: outlook::qualities(first, frame, wording),
        rollout: if is_fix { Vec::new() } else { outlook::rollout(&facts, first, frame, wording, &title) },
        risks: outlook::risks(input, &facts, first, first_entry, wording),
        assumptions: if is_fix { Vec::new() } else { outlook::assumptions(&facts, first, first_entry, wording) },
        dependencies: if is_fix { Vec::new() } else { outlook::dependencies(first, wording) },
        decision: outlook::decision(input, &facts),
        questions: outlook::questions(&facts, &asked),
        title,
        quotes,
        stories,
        primary: Some(primary),
        secondary,
        jobs,
        use_cases,
        frameworks: Vec::new(),
        blueprint: None,
    };
    spec.frameworks = framework::named(&spec);
    spec.blueprint = blueprint::blueprint(&spec);
    Outcome::Specified(Box::new(spec))
}

/// Nouns for the report and not for what it is about.
const REPORTS: [&str; 7] = ["bug", "issue", "problem", "error", "ticket", "thing", "regression"];

/// What a specification is called: what is to be possible. Where that hangs on attributes that the insight is not called
/// after, its own name says it better: attributes were read from some of the voices, the label is what most have in common.
fn title(label: &str, template: &str, wording: &Wording) -> String {
    let stems = |text: &str| -> BTreeSet<String> {
        let words = words::ascii_words(text).into_iter().map(|word| word.to_lowercase());
        words.map(|word| stem::stem(&word, throughline_text::Language::English)).collect()
    };
    let hangs_on_attributes = template.split(['[', ']']).step_by(2).any(|part| part.contains("{attributes}"));
    let is_of_label = !REPORTS.contains(&wording.object.one.as_str())
        && (!hangs_on_attributes || stems(&wording.fill("{attributes}")).is_subset(&stems(label)));
    let filled = wording.fill(template);
    words::capitalised(if is_of_label || !wording::is_name(label) { &filled } else { label })
}

/// What the parts of one specification share.
struct Parts<'a> {
    input: &'a Input<'a>,
    facts: &'a Facts<'a>,
    who: &'a Who,
    read: &'a [(&'a Need, &'a Entry)],
    wordings: &'a [Wording],
}

impl Parts<'_> {
    fn source(&self, i: usize) -> Source<'_> {
        Source {
            insight: self.input.insight.id,
            need: self.read[i].0,
            entry: self.read[i].1,
            wording: &self.wordings[i],
            product: self.input.product_name,
        }
    }

    fn stories(&self, size: Size, quotes: &[throughline_model::Quote]) -> Vec<Story> {
        if size == Size::Fix {
            let (need, _) = self.read[0];
            return vec![fix::story(self.facts, need, &self.wordings[0], self.who, quotes, self.input.product_name)];
        }
        let mut out: Vec<Story> = (0..self.read.len())
            .map(|i| {
                let priority = if i == 0 { 1 } else { 2 };
                story::of_need(
                    &self.source(i),
                    &format!("US-{}", i + 1),
                    priority,
                    &self.who.role,
                    self.facts,
                    self.input.corpus,
                )
            })
            .collect();
        if size == Size::Capability {
            out.extend(story::companions(&self.source(0), out.len() + 1, &self.who.role));
        }
        unique_titles(&mut out);
        out
    }

    /// One for each story that somebody asked for.
    fn use_cases(&self, stories: &[Story], jobs: &[Job], secondary: &[Concern]) -> Vec<UseCase> {
        jobs.iter()
            .zip(stories)
            .enumerate()
            .filter_map(|(i, (job, story))| {
                let dressing = use_case::Dressing {
                    product: self.input.product_name,
                    need: self.read[i].0,
                    story,
                    job,
                    objects: &self.wordings[i].object.many,
                    secondary,
                };
                use_case::dressed(&dressing, &format!("UC-{}", i + 1))
            })
            .collect()
    }

    fn frame(&self, i: usize) -> Option<&Frame> {
        match self.read[i].0.polarity {
            Polarity::Want | Polarity::Fix => self.input.frames.get(&self.read[i].0.frame),
            Polarity::Remove | Polarity::Keep => None,
        }
    }

    /// The subject, and all entities by name.
    fn entities(&self, stories: &[Story]) -> (Entity, Vec<Entity>) {
        let insight = self.input.insight.id;
        let keys: Vec<String> = stories.iter().map(|story| story.key.clone()).collect();
        let extra: Vec<String> = self
            .read
            .iter()
            .filter_map(|(need, _)| need.slots.get(&SlotName::Attributes).filter(|slot| is_stated(slot)))
            .flat_map(|slot| {
                slot.value.split([',', ';']).flat_map(|part| part.split(" and ")).map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        let mut subject = schema::subject(insight, &self.wordings[0], &extra, &keys);
        let mut by_name: BTreeMap<String, Entity> = BTreeMap::new();
        for (i, wording) in self.wordings.iter().enumerate() {
            let Some(frame) = self.frame(i) else { continue };
            let key = stories.get(i).map_or_else(|| "US-1".to_owned(), |story| story.key.clone());
            let (entities, of_subject) = schema::entities(insight, frame, wording, &[key]);
            for field in of_subject {
                let is_known = subject.fields.iter().any(|other| other.name == field.name);
                if !is_known && wording.object == self.wordings[0].object {
                    subject.fields.push(field);
                }
            }
            for entity in entities {
                by_name
                    .entry(entity.name.clone())
                    .and_modify(|known| known.story_keys.extend(entity.story_keys.clone()))
                    .or_insert(entity);
            }
        }
        by_name.insert(subject.name.clone(), subject.clone());
        (subject, by_name.into_values().collect())
    }

    fn endpoints(&self, stories: &[Story]) -> Vec<throughline_model::spec::Endpoint> {
        let mut by_call = BTreeMap::new();
        for (i, wording) in self.wordings.iter().enumerate() {
            let Some(frame) = self.frame(i) else { continue };
            let key = stories.get(i).map_or_else(|| "US-1".to_owned(), |story| story.key.clone());
            for endpoint in schema::endpoints(self.input.insight.id, frame, wording, &[key]) {
                by_call.entry((endpoint.path.clone(), endpoint.method.clone())).or_insert(endpoint);
            }
        }
        by_call.into_values().collect()
    }

    fn screens(&self, stories: &[Story]) -> Vec<throughline_model::spec::Screen> {
        let mut out: Vec<throughline_model::spec::Screen> = Vec::new();
        for (i, wording) in self.wordings.iter().enumerate() {
            let Some(frame) = self.frame(i) else { continue };
            let Some(story) = stories.get(i) else { continue };
            for screen in schema::screens(self.input.insight.id, frame, wording, story) {
                match out.iter_mut().find(|other| other.title == screen.title) {
                    Some(known) => known.regions.extend(screen.regions),
                    None => out.push(screen),
                }
            }
        }
        out
    }
}

/// How much specification the change deserves.
fn size(insight: &Insight, read: &[(&Need, &Entry)]) -> Size {
    let (first, _) = read[0];
    if insight.kind == Kind::Problem && first.polarity == Polarity::Fix {
        return Size::Fix;
    }
    let is_small = read.iter().all(|(_, entry)| entry.size == Weight::Tweak);
    if is_small && read.len() <= 2 { Size::Tweak } else { Size::Capability }
}

/// Needs that differ in frame and object, in order.
fn distinct(needs: &[Need]) -> Vec<&Need> {
    let mut out: Vec<&Need> = Vec::new();
    for need in needs {
        let object = |need: &Need| {
            need.filled(SlotName::Object).and_then(|text| Noun::parse(text, Language::Unknown)).map(|noun| noun.one)
        };
        if !out.iter().any(|other| other.frame == need.frame && object(other) == object(need)) {
            out.push(need);
        }
    }
    out
}

/// The language in which a need's object was named.
fn language(corpus: &Corpus, need: &Need) -> Language {
    let quote = need.slots.get(&SlotName::Object).and_then(|slot| slot.quotes.first());
    quote
        .and_then(|quote| corpus.signals.iter().find(|signal| signal.id == quote.signal_id))
        .map_or(Language::Unknown, |signal| signal.language)
}

/// Titles of criteria are unique within a specification; a repeated one names its story.
fn unique_titles(stories: &mut [Story]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for story in stories {
        for criterion in &mut story.criteria {
            let n = seen.entry(criterion.title.clone()).or_default();
            *n += 1;
            if *n > 1 {
                criterion.title = format!("{} ({})", criterion.title, story.key);
            }
        }
    }
}
