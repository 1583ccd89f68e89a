//! What pages and programs ask of the last run, answered from memory: a [`Snapshot`] is read once and never changes.
//!
//! Reading a snapshot waits for nobody: a run works on the session and its results become the next snapshot.
//! In: the results of the last run, the settings, what people said and decided. Out: lists under filters and searches,
//! evidence in its place, other orders under other weights, traces. Nothing here is kept.
//! Cost: memory by the size of the corpus; a list takes time by the number of insights, everything else by what it shows.

mod index;
mod trace;

pub use trace::{Node, Trace};

use crate::Error;
use crate::editing::{self, Made};
use crate::explain::account_words;
use crate::session::{Ranked, Session, SignalRow};
use crate::{artifacts, planning, revisions};
use index::Index;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use throughline_backends::{page, prd};
use throughline_engine::{Engine, InMemory};
use throughline_model::decision::Verdict;
use throughline_model::edit::Edit;
use throughline_model::persona::Cast;
use throughline_model::plan::{Horizon, Plan, Proof, Window};
use throughline_model::revision::{Revision, Since};
use throughline_model::sentence::Sentences;
use throughline_model::spec::{Artifact, Spec};
use throughline_model::{
    Citation, CodeMap, Corpus, Diagnostic, InsightId, Record, RecordId, Settings, Signal, SignalId, SourceKind,
    Timestamp, VoiceId,
};
use throughline_passes::place::Centres;
use throughline_plan::schedule::{Candidate, Ruling, reordered, schedule};
use throughline_plan::weigh::{Points, Weights};
pub use throughline_score::rubric::Check;
use throughline_score::{Facts, Given, Rubric, Sensitivity, Usage, declared};

/// Name of the list of hidden insights among the values of the inputs.
const HIDDEN: &str = "hidden";
/// Insights shown as near in meaning.
const N_NEAR: usize = 20;
/// Least likeness to be near in meaning; below the centres of a workspace say nothing (see `place`).
const NEAR: f64 = 0.2;

/// The results of one run, ready to be read by many.
pub struct Snapshot {
    /// What the team declared.
    pub settings: Settings,
    /// What insights are scored by.
    pub rubric: Rubric,
    /// Insights in rank order.
    pub ranked: Vec<Ranked>,
    /// Records, statements, people and accounts.
    pub corpus: Corpus,
    /// The periods planned for.
    pub windows: Vec<Window>,
    /// What is proven of the choice.
    pub proof: Option<Proof>,
    /// Problems of the settings, by themselves and beside the run.
    pub review: Vec<Diagnostic>,
    /// Insights that somebody hid.
    pub hidden: BTreeSet<InsightId>,
    at_of_insight: BTreeMap<InsightId, usize>,
    at_of_signal: FxHashMap<SignalId, u32>,
    /// By insight: positions of its statements, oldest first.
    said: Vec<Vec<u32>>,
    /// By statement: its voice, and the insight with its certainty.
    places: Vec<(VoiceId, Option<(u32, f64)>)>,
    /// By record: positions of the records of its conversation, by time.
    threads: BTreeMap<String, Vec<u32>>,
    facets: Vec<Facet>,
    index: Index,
    points: Points,
    centres: Centres,
    usage: Usage,
    rulings: BTreeMap<InsightId, Ruling>,
    edits: Vec<Edit>,
    base: Option<Revision>,
    code: Option<CodeMap>,
    specified: Mutex<BTreeMap<InsightId, Arc<Result<Specified, String>>>>,
    sensitivities: Mutex<BTreeMap<InsightId, Arc<Sensitivity>>>,
    counted: OnceLock<Options>,
    cast: OnceLock<Cast>,
}

/// Where an insight is heard.
#[derive(Debug, Clone, Default)]
struct Facet {
    source_kinds: BTreeSet<SourceKind>,
    sources: BTreeSet<String>,
    segments: BTreeSet<String>,
}

/// Which insights are asked for; nothing set means all that nobody hid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Words that its name or statements hold; the start of a word is enough.
    pub q: String,
    /// Request, problem, question, praise or other.
    pub kind: String,
    /// Area of the product.
    pub area: String,
    /// Kind of source that it is heard through.
    pub channel: String,
    /// Name of a source that it is heard through.
    pub source: String,
    /// Segment of an account that says it.
    pub segment: String,
    /// Now, next, later, not planned or never.
    pub horizon: String,
    /// Rising, steady, falling, new or unknown.
    pub trend: String,
    /// Heard on or after this day.
    pub since: String,
    /// `only` shows what somebody hid.
    pub hidden: String,
}

/// What can be chosen in a [`Filter`], each with the number of insights it leaves.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Options {
    /// Kinds.
    pub kinds: Vec<(String, usize)>,
    /// Areas.
    pub areas: Vec<(String, usize)>,
    /// Kinds of source.
    pub channels: Vec<(String, usize)>,
    /// Sources.
    pub sources: Vec<(String, usize)>,
    /// Segments.
    pub segments: Vec<(String, usize)>,
    /// Horizons.
    pub horizons: Vec<(String, usize)>,
    /// Trends.
    pub trends: Vec<(String, usize)>,
}

/// A statement in its record.
#[derive(Clone, Copy)]
pub struct Said<'a> {
    /// The statement.
    pub signal: &'a Signal,
    /// The record it stands in.
    pub record: &'a Record,
    /// Its voice.
    pub voice_id: VoiceId,
    /// The insight it is in, and how surely.
    pub membership: Option<(InsightId, f64)>,
}

impl Said<'_> {
    /// Its words.
    #[must_use]
    pub fn text(&self) -> &str {
        self.record.slice(self.signal.span)
    }
}

/// How an insight moves under other weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// Position in [`Snapshot::ranked`].
    #[serde(skip)]
    pub at: usize,
    /// The insight.
    pub id: InsightId,
    /// Its name.
    pub label: String,
    /// Rank as it is.
    pub rank_before: u32,
    /// Rank as it would be.
    pub rank: u32,
    /// Total as it is, 0..=77.
    pub total_before: f64,
    /// Total as it would be.
    pub total: f64,
    /// Period as it is.
    pub horizon_before: Horizon,
    /// Period as it would be.
    pub horizon: Horizon,
}

/// What a decision would do to the plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cost {
    /// Points that the periods planned for would hold, as they are and as they would be.
    pub worth: Option<(f64, f64)>,
    /// Who changes the period.
    pub moves: Vec<Moved>,
}

/// A specification with its files.
pub struct Specified {
    /// As people left it.
    pub spec: Spec,
    /// Its sentences, with what became of each.
    pub sentences: Sentences,
    /// How it differs from what was accepted.
    pub since: Option<Since>,
    /// The requirements as the middle of a page, without head and style.
    pub content: String,
    /// One page of it, in Markdown.
    pub one_page: String,
    /// Its files, below one folder.
    pub files: Vec<Artifact>,
}

impl Session {
    /// The results of the last run, to be read by many; none before the first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn snapshot(&self) -> Result<Option<Snapshot>, Error> {
        let world = match self.world() {
            Ok(world) => world,
            Err(Error::NotRun) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (corpus, rows) = self.corpus()?;
        let mut snapshot =
            Snapshot::new(self.settings().clone(), self.rubric().clone(), self.ranked(0)?, corpus, &rows);
        snapshot.windows = world.windows;
        snapshot.proof = world.proof;
        snapshot.usage = world.usage;
        snapshot.review = self.review()?;
        snapshot.hidden = self.hidden()?;
        snapshot.centres = self.centres()?;
        snapshot.edits = editing::edits(self)?;
        snapshot.base = self.base()?;
        snapshot.code = self.code_map().cloned();
        snapshot.rulings = self.rulings()?;
        Ok(Some(snapshot))
    }

    /// Insights that somebody hid from lists.
    ///
    /// # Errors
    /// When the store fails.
    pub fn hidden(&self) -> Result<BTreeSet<InsightId>, Error> {
        let bytes = self.inputs().value(HIDDEN)?;
        Ok(bytes.map(|bytes| crate::session::decode("what is hidden", &bytes)).transpose()?.unwrap_or_default())
    }

    /// Hides an insight from lists, or shows it again. No result changes.
    ///
    /// # Errors
    /// When there is no such insight, nothing has been run yet, or the store fails.
    pub fn hide(&mut self, name: &str, is_hidden: bool) -> Result<InsightId, Error> {
        let id = self.find(name)?.insight.id;
        let mut hidden = self.hidden()?;
        let _ = if is_hidden { hidden.insert(id) } else { hidden.remove(&id) };
        self.stores().0.set_value(HIDDEN, Some(&crate::session::encode(&hidden)?))?;
        Ok(id)
    }
}

fn facet(corpus: &Corpus, said: &[u32]) -> Facet {
    let mut facet = Facet::default();
    for &at in said {
        let signal = &corpus.signals[at as usize];
        facet.source_kinds.insert(signal.source_kind);
        if let Some(record) = corpus.record(signal.record_id)
            && !facet.sources.contains(&record.source)
        {
            facet.sources.insert(record.source.clone());
        }
        if let Some(segment) = signal.account.and_then(|id| corpus.accounts.get(&id)?.facts.segment.as_ref())
            && !facet.segments.contains(segment)
        {
            facet.segments.insert(segment.clone());
        }
    }
    facet
}

impl Snapshot {
    /// A snapshot of results that lie in no workspace, as a measurement has them: without periods, decisions, edits and
    /// centres. `rows` are in the corpus's order.
    #[must_use]
    pub fn new(settings: Settings, rubric: Rubric, ranked: Vec<Ranked>, corpus: Corpus, rows: &[SignalRow]) -> Self {
        let at_of_insight: BTreeMap<InsightId, usize> =
            ranked.iter().enumerate().map(|(at, ranked)| (ranked.insight.id, at)).collect();
        let places: Vec<(VoiceId, Option<(u32, f64)>)> = rows
            .iter()
            .map(|row| {
                let place = row.membership.and_then(|(id, sure)| Some((*at_of_insight.get(&id)? as u32, sure)));
                (row.voice_id, place)
            })
            .collect();
        let mut said: Vec<Vec<u32>> = vec![Vec::new(); ranked.len()];
        for (at, (_, place)) in places.iter().enumerate() {
            if let Some((insight, _)) = place {
                said[*insight as usize].push(at as u32);
            }
        }
        said.par_iter_mut().for_each(|said| said.sort_by_key(|&at| (corpus.signals[at as usize].at, at)));
        let mut threads: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (at, record) in corpus.records.iter().enumerate() {
            if let Some(thread) = &record.thread {
                threads.entry(thread.clone()).or_default().push(at as u32);
            }
        }
        threads.retain(|_, records| records.len() > 1);
        threads.values_mut().for_each(|all| all.sort_by_key(|&at| (corpus.records[at as usize].created_at, at)));
        let facets = said.par_iter().map(|said| facet(&corpus, said)).collect();
        let index = Index::new(&ranked, &corpus, &said);
        let points = Points::new(&ranked.iter().map(|ranked| &ranked.score).collect::<Vec<_>>());
        Self {
            points,
            windows: Vec::new(),
            proof: None,
            review: Vec::new(),
            hidden: BTreeSet::new(),
            at_of_signal: corpus.signals.iter().enumerate().map(|(at, signal)| (signal.id, at as u32)).collect(),
            centres: Centres::default(),
            usage: Usage::default(),
            edits: Vec::new(),
            base: None,
            code: None,
            rulings: BTreeMap::new(),
            settings,
            rubric,
            at_of_insight,
            said,
            places,
            threads,
            facets,
            index,
            ranked,
            corpus,
            specified: Mutex::default(),
            cast: OnceLock::new(),
            sensitivities: Mutex::default(),
            counted: OnceLock::new(),
        }
    }

    /// What people call the product.
    #[must_use]
    pub fn product_name(&self) -> &str {
        self.settings.product.name.as_deref().unwrap_or("the product")
    }

    /// Position of an insight named by its id or its rank.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        if let Ok(rank) = name.parse::<usize>() {
            return rank.checked_sub(1).filter(|at| *at < self.ranked.len());
        }
        self.position(name.parse().ok()?)
    }

    /// Position of an insight.
    #[must_use]
    pub fn position(&self, id: InsightId) -> Option<usize> {
        self.at_of_insight.get(&id).copied()
    }

    /// Positions of the insights that a filter leaves: in rank order, or with words to look for the best match first.
    #[must_use]
    pub fn list(&self, filter: &Filter) -> Vec<usize> {
        let since: Option<Timestamp> = Timestamp::parse_iso(&filter.since);
        let is_left = |at: &usize| {
            let Ranked { insight, place, .. } = &self.ranked[*at];
            let facet = &self.facets[*at];
            let fits = |wanted: &str, has: &str| wanted.is_empty() || wanted == has;
            (self.hidden.contains(&insight.id) == (filter.hidden == "only"))
                && fits(&filter.kind, insight.kind.word())
                && fits(&filter.area, &insight.area)
                && fits(&filter.horizon, place.horizon.word())
                && fits(&filter.trend, insight.trend.word())
                && (filter.channel.is_empty() || facet.source_kinds.iter().any(|kind| kind.word() == filter.channel))
                && (filter.source.is_empty() || facet.sources.contains(&filter.source))
                && (filter.segment.is_empty() || facet.segments.contains(&filter.segment))
                && since.is_none_or(|since| insight.heard.is_some_and(|(_, last)| last >= since))
        };
        if filter.q.trim().is_empty() {
            (0..self.ranked.len()).filter(is_left).collect()
        } else {
            self.index.find(&filter.q).into_iter().map(|(at, _)| at).filter(is_left).collect()
        }
    }

    /// Positions of the insights nearest in meaning to a text, nearest first, with their likeness.
    #[must_use]
    pub fn near(&self, text: &str) -> Vec<(usize, f64)> {
        let near = self.centres.nearest(text, N_NEAR).into_iter();
        near.filter(|(_, likeness)| *likeness >= NEAR)
            .filter_map(|(id, likeness)| Some((self.position(id)?, likeness)))
            .filter(|(at, _)| !self.hidden.contains(&self.ranked[*at].insight.id))
            .collect()
    }

    /// What can be chosen in a filter.
    #[must_use]
    pub fn options(&self) -> &Options {
        self.counted.get_or_init(|| {
            let mut maps: [BTreeMap<String, usize>; 7] = Default::default();
            for (Ranked { insight, place, .. }, facet) in self.ranked.iter().zip(&self.facets) {
                let mut add = |map: usize, word: &str| *maps[map].entry(word.to_owned()).or_default() += 1;
                add(0, insight.kind.word());
                add(1, &insight.area);
                facet.source_kinds.iter().for_each(|kind| add(2, kind.word()));
                facet.sources.iter().for_each(|source| add(3, source));
                facet.segments.iter().for_each(|segment| add(4, segment));
                add(5, place.horizon.word());
                add(6, insight.trend.word());
            }
            let [kinds, areas, channels, sources, segments, horizons, trends] = maps.map(|map| {
                let mut all: Vec<(String, usize)> = map.into_iter().collect();
                all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
                all
            });
            Options { kinds, areas, channels, sources, segments, horizons, trends }
        })
    }

    /// The kinds of source that an insight is heard through.
    pub fn channels(&self, at: usize) -> impl Iterator<Item = SourceKind> {
        self.facets[at].source_kinds.iter().copied()
    }

    /// The statements of an insight, oldest first.
    pub fn said(&self, at: usize) -> impl ExactSizeIterator<Item = Said<'_>> + DoubleEndedIterator {
        self.said[at].iter().map(|&at| self.said_at(at as usize))
    }

    fn said_at(&self, at: usize) -> Said<'_> {
        let signal = &self.corpus.signals[at];
        let (voice_id, place) = self.places[at];
        let membership = place.map(|(insight, sure)| (self.ranked[insight as usize].insight.id, sure));
        // A statement whose record is gone is no statement: the run proves that there is none.
        let at = self.corpus.records.partition_point(|record| record.id < signal.record_id);
        Said { signal, record: &self.corpus.records[at], voice_id, membership }
    }

    /// A statement.
    #[must_use]
    pub fn statement(&self, id: SignalId) -> Option<Said<'_>> {
        self.at_of_signal.get(&id).map(|&at| self.said_at(at as usize))
    }

    /// The statements of a record, in its order.
    pub fn statements_of(&self, id: RecordId) -> impl Iterator<Item = Said<'_>> {
        let from = self.corpus.signals.partition_point(|signal| signal.record_id < id);
        let n = self.corpus.signals[from..].iter().take_while(move |signal| signal.record_id == id).count();
        (from..from + n).map(|at| self.said_at(at))
    }

    /// The records before and after one in its conversation.
    #[must_use]
    pub fn neighbours(&self, record: &Record) -> (Option<&Record>, Option<&Record>) {
        let thread = record.thread.as_ref().and_then(|thread| self.threads.get(thread));
        let Some(thread) = thread else { return (None, None) };
        let of = |at: Option<&u32>| at.map(|&at| &self.corpus.records[at as usize]);
        let at = thread.iter().position(|&at| self.corpus.records[at as usize].id == record.id).unwrap_or(0);
        (of(at.checked_sub(1).and_then(|at| thread.get(at))), of(thread.get(at + 1)))
    }

    /// Who said it, as far as may be shown: role and account.
    #[must_use]
    pub fn speaker(&self, said: &Said<'_>) -> String {
        let role = said.signal.person.and_then(|id| self.corpus.people.get(&id)?.role.clone());
        let account = said.signal.account.and_then(|id| Some(self.corpus.accounts.get(&id)?.facts.name.clone()));
        let known: Vec<String> = [role, account].into_iter().flatten().filter(|part| !part.is_empty()).collect();
        match (known.is_empty(), said.signal.source_kind) {
            (false, _) => known.join(", "),
            (true, SourceKind::Analytics) => "counted from events".to_owned(),
            (true, _) => "name and account not known".to_owned(),
        }
    }

    /// The question behind a check.
    #[must_use]
    pub fn check(&self, id: &str) -> Option<(usize, &Check)> {
        self.rubric.checks.iter().enumerate().find(|(_, check)| check.id == id)
    }

    /// What a citation leads to.
    #[must_use]
    pub fn cited(&self, citation: &Citation) -> Node {
        let node = |what, id: String, words: Option<String>| Node { what, id, words: words.unwrap_or_default() };
        match citation {
            Citation::Signal { id, quote, .. } => {
                let whole = || self.statement(*id).map(|said| said.text().to_owned());
                node("statement", id.to_string(), quote.clone().or_else(whole))
            }
            Citation::Record { id } => {
                node("record", id.to_string(), self.corpus.record(*id).map(|record| shortened(&record.text)))
            }
            Citation::Account { id, field } => node(
                "account",
                id.to_string(),
                self.corpus.accounts.get(id).map(|account| account_words(account, field)),
            ),
            Citation::Insight { id } => {
                node("insight", id.to_string(), self.position(*id).map(|at| self.ranked[at].insight.label.clone()))
            }
            Citation::Strategy { path } => node("setting", path.clone(), declared::words(&self.settings, path)),
            Citation::Default { path } => node("default", path.clone(), None),
            Citation::Code { file, line, symbol } => node("code", format!("{file}:{line}"), symbol.clone()),
            Citation::Edit { id, by } => node("edit", id.to_string(), Some(format!("in the words of {by}"))),
        }
    }

    /// Totals under other weights, in rank order of the run.
    fn totals(&self, weights: &Weights) -> Vec<f64> {
        if weights.values().all(|weight| (weight - 1.0).abs() < f64::EPSILON) {
            return self.ranked.iter().map(|ranked| ranked.score.total).collect();
        }
        self.points.totals(weights)
    }

    /// The order under other weights and, where it is given, other capacity; in the new order.
    #[must_use]
    pub fn rerank(&self, weights: &Weights, capacity_days: Option<f64>) -> Vec<Moved> {
        let totals = self.totals(weights);
        let mut order: Vec<usize> = (0..self.ranked.len()).collect();
        order.sort_by(|&a, &b| totals[b].total_cmp(&totals[a]).then(a.cmp(&b)));
        let horizons: Option<BTreeMap<InsightId, Horizon>> = capacity_days.map(|days| {
            let mut settings = self.settings.clone();
            planning::with_capacity(&mut settings, days);
            let plan = self.planned(&settings, &totals, &self.rulings);
            plan.places.into_iter().map(|place| (place.insight_id, place.horizon)).collect()
        });
        order.iter().enumerate().map(|(rank, &at)| self.moved(at, rank, totals[at], horizons.as_ref())).collect()
    }

    fn moved(&self, at: usize, rank: usize, total: f64, horizons: Option<&BTreeMap<InsightId, Horizon>>) -> Moved {
        let Ranked { insight, score, place, .. } = &self.ranked[at];
        Moved {
            at,
            id: insight.id,
            label: insight.label.clone(),
            rank_before: place.rank,
            rank: rank as u32 + 1,
            total_before: score.total,
            total,
            horizon_before: place.horizon,
            horizon: horizons.and_then(|all| all.get(&insight.id).copied()).unwrap_or(place.horizon),
        }
    }

    fn planned(&self, settings: &Settings, totals: &[f64], rulings: &BTreeMap<InsightId, Ruling>) -> Plan {
        let by_id: BTreeMap<InsightId, f64> =
            self.ranked.iter().zip(totals).map(|(ranked, total)| (ranked.insight.id, *total)).collect();
        let plan = Plan { places: self.ranked.iter().map(|ranked| ranked.place.clone()).collect(), ..Plan::default() };
        let candidates: Vec<Candidate<'_>> = self
            .ranked
            .iter()
            .zip(totals)
            .map(|(Ranked { insight, needs, score, .. }, total)| Candidate { insight, needs, score, total: *total })
            .collect();
        schedule(settings, self.corpus.as_of, reordered(&plan, &by_id), &candidates, rulings)
    }

    /// What a decision on an insight would do to the plan.
    #[must_use]
    pub fn cost(&self, at: usize, verdict: Verdict) -> Cost {
        let totals = self.totals(&Weights::new());
        let before = self.planned(&self.settings, &totals, &self.rulings);
        let mut rulings = self.rulings.clone();
        rulings.insert(self.ranked[at].insight.id, Ruling { verdict, because: "asked what it would cost".to_owned() });
        let after = self.planned(&self.settings, &totals, &rulings);
        let placed = |plan: &Plan| -> BTreeMap<InsightId, Horizon> {
            plan.places.iter().map(|place| (place.insight_id, place.horizon)).collect()
        };
        let worth = |horizons: &BTreeMap<InsightId, Horizon>| -> f64 {
            let is_in = |id| matches!(horizons.get(id), Some(Horizon::Now | Horizon::Next));
            self.ranked
                .iter()
                .zip(&totals)
                .filter(|(ranked, _)| is_in(&ranked.insight.id))
                .map(|(_, total)| total)
                .sum()
        };
        let (was, is) = (placed(&before), placed(&after));
        let moves = (0..self.ranked.len())
            .filter(|&at| was.get(&self.ranked[at].insight.id) != is.get(&self.ranked[at].insight.id))
            .map(|at| Moved {
                horizon_before: was.get(&self.ranked[at].insight.id).copied().unwrap_or(Horizon::Unplanned),
                ..self.moved(at, at, totals[at], Some(&is))
            })
            .collect();
        Cost { worth: (!self.windows.is_empty()).then(|| (worth(&was), worth(&is))), moves }
    }

    /// How sure an insight's rank is, and which fact would move it most.
    #[must_use]
    pub fn sensitivity(&self, at: usize) -> Arc<Sensitivity> {
        let id = self.ranked[at].insight.id;
        let lock = || self.sensitivities.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&id) {
            return Arc::clone(known);
        }
        let insights: Vec<_> = self.ranked.iter().map(|ranked| ranked.insight.clone()).collect();
        let needs: Vec<_> = self.ranked.iter().map(|ranked| ranked.needs.clone()).collect();
        let scores: Vec<_> = self.ranked.iter().map(|ranked| ranked.score.clone()).collect();
        let voices: Vec<VoiceId> = self.places.iter().map(|(voice, _)| *voice).collect();
        let settings = throughline_plan::strategy::usable(&self.settings, self.corpus.as_of);
        let given =
            Given { corpus: &self.corpus, voices: &voices, settings: &settings, usage: &self.usage, code: None };
        let facts = Facts::new(given, &insights, &needs, &self.rubric.references);
        let order: Vec<usize> = (0..insights.len()).collect();
        let found = throughline_score::sensitivity(&self.rubric, &facts, &insights, &needs, &scores, &order, at);
        let found = Arc::new(found);
        lock().insert(id, Arc::clone(&found));
        found
    }

    /// Share of weightings in which one insight stands above another.
    #[must_use]
    pub fn holds(&self, above: usize, below: usize) -> f64 {
        let scores: Vec<_> = self.ranked.iter().map(|ranked| ranked.score.clone()).collect();
        throughline_score::rank::beats(&self.rubric, &scores, &self.ranked[above].score, &self.ranked[below].score)
    }

    /// The specification of an insight with its files, or why there is none.
    ///
    /// # Errors
    /// When a quote does not match its record, or its parts cannot be read back from memory, which is a bug.
    pub fn specified(&self, at: usize) -> Result<Arc<Result<Specified, String>>, Error> {
        let ranked = self.ranked[at].clone();
        let id = ranked.insight.id;
        let lock = || self.specified.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&id) {
            return Ok(Arc::clone(known));
        }
        // Its own part of the corpus, so that no index over all of it is made for one.
        let part = self.part(&ranked);
        let cast = self.cast.get_or_init(|| artifacts::cast_of(&self.settings, &self.corpus, &self.ranked));
        let memo = InMemory::default();
        let engine = Engine::new(&memo, &|| false);
        let code = self.code.as_ref();
        let mut made = editing::make(&engine, &self.settings, &part, cast, vec![ranked], &self.edits, code)?.remove(0);
        if let Some(base) = &self.base {
            made.since = revisions::since(base, &self.settings, &made, &self.edits);
        }
        // What pages show and hand out is what `compile` prints, by the same functions.
        let printed = artifacts::printed(self.product_name(), &made, &artifacts::Beside::default());
        let printed: Vec<_> = printed.into_iter().collect();
        artifacts::prove(&printed)?;
        let files = artifacts::files(&engine, &printed)?;
        let shown = printed.first().map(|printed| (page::content(&printed.dossier), prd::one_page(&printed.dossier)));
        let (content, one_page) = shown.unwrap_or_default();
        let Made { spec, since, .. } = made;
        let specified = spec.map(|(spec, sentences)| Specified { spec, sentences, since, content, one_page, files });
        let specified = Arc::new(specified);
        lock().insert(id, Arc::clone(&specified));
        Ok(specified)
    }

    /// The records and statements an insight rests on, with all people and accounts.
    fn part(&self, ranked: &Ranked) -> Corpus {
        let mut ids: BTreeSet<SignalId> = ranked.insight.members.iter().copied().collect();
        let quoted = ranked.needs.iter().flat_map(|need| need.slots.values()).flat_map(|slot| &slot.quotes);
        ids.extend(quoted.chain(&ranked.insight.quotes).chain(&ranked.insight.dissent).map(|quote| quote.signal_id));
        ids.extend(ranked.needs.iter().flat_map(|need| need.signals.iter().copied()));
        let mut records: BTreeSet<RecordId> = BTreeSet::new();
        for citation in ranked.score.checks.iter().flat_map(|check| &check.evidence) {
            match citation {
                Citation::Signal { id, .. } => drop(ids.insert(*id)),
                Citation::Record { id } => drop(records.insert(*id)),
                _ => {}
            }
        }
        let positions: BTreeSet<u32> = ids.iter().filter_map(|id| self.at_of_signal.get(id).copied()).collect();
        let signals: Vec<Signal> = positions.iter().map(|&at| self.corpus.signals[at as usize].clone()).collect();
        records.extend(signals.iter().map(|signal| signal.record_id));
        let records = records.iter().filter_map(|id| self.corpus.record(*id).cloned()).collect();
        Corpus {
            records,
            signals,
            people: self.corpus.people.clone(),
            accounts: self.corpus.accounts.clone(),
            as_of: self.corpus.as_of,
        }
    }
}

/// The first words of a text.
pub(super) fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(160) {
        None => line,
        Some((at, _)) => format!("{}…", &line[..at]),
    }
}
