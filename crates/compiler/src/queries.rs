//! What pages and programs ask of the last run, answered from memory: a [`Snapshot`] is read once and never changes.
//!
//! Reading a snapshot waits for nobody: a run works on the session and its results become the next snapshot. What a run
//! found is [`Found`], shared by all snapshots of that run.
//! In: the results of the last run, the settings, what people said and decided. Out: lists under filters and searches,
//! evidence in its place, other orders under other weights, traces. Nothing here is kept.
//! Cost: memory by the size of the corpus; a list takes time by the number of insights, everything else by what it shows.

mod found;
mod index;
mod trace;

pub use found::Found;
pub use trace::{Node, Trace};

use crate::Error;
use crate::editing::{self, Made};
use crate::explain::account_words;
use crate::revisions::RevisionDifference;
use crate::session::{Ranked, Session, World};
use crate::{artifacts, planning, revisions};
use found::lock;
use serde::{Deserialize, Serialize};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;
use throughline_backends::folder::index;
use throughline_backends::index::Entry as Listed;
use throughline_backends::{Listing, page, persona, prd, prfaq};
use throughline_engine::{Engine, Fingerprint, InMemory};
use throughline_model::decision::Verdict;
use throughline_model::edit::Edit;
use throughline_model::plan::{Horizon, Plan};
use throughline_model::revision::{Grounds, Revision, Since, lines};
use throughline_model::sentence::Sentences;
use throughline_model::spec::{Artifact, Spec};
use throughline_model::{
    Citation, InsightId, Record, RecordId, Settings, Signal, SignalId, SourceKind, Timestamp, VoiceId,
};
use throughline_plan::schedule::{Candidate, Ruling, reordered, schedule};
use throughline_plan::weigh::Weights;
pub use throughline_score::rubric::Check;
use throughline_score::{Facts, Given, Sensitivity, declared};

/// Name of the list of hidden insights among the values of the inputs.
const HIDDEN: &str = "hidden";
/// Insights shown as near in meaning.
const N_NEAR: usize = 20;
/// Least likeness to be near in meaning; below the centres of a workspace say nothing (see `place`).
const NEAR: f64 = 0.2;

/// The results of one run with what people said of them, ready to be read by many.
pub struct Snapshot {
    found: Arc<Found>,
    /// Insights that somebody hid.
    pub hidden: BTreeSet<InsightId>,
    /// What was accepted, oldest first.
    pub revisions: Vec<Arc<Revision>>,
    base: Option<Arc<Revision>>,
    rulings: BTreeMap<InsightId, Ruling>,
    edits: Vec<Edit>,
}

impl Deref for Snapshot {
    type Target = Found;

    fn deref(&self) -> &Found {
        &self.found
    }
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
    /// Position in [`Found::ranked`].
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
    /// The press release with its questions, in Markdown; none for a fix.
    pub release: Option<String>,
    /// The blueprint, as the middle of a page; none for a fix.
    pub blueprint: Option<String>,
    /// Its files, below one folder.
    pub files: Vec<Artifact>,
    /// The press release as a file, which is in the folder when somebody asks for it.
    pub release_file: Option<Artifact>,
    /// What it was made from.
    pub grounds: Grounds,
    /// Of how it reads and what it was made from: another mark, another specification.
    pub mark: String,
}

impl Specified {
    /// The folder that its files lie in.
    #[must_use]
    pub fn folder(&self) -> &str {
        let first = self.files.first().and_then(|file| file.path.rsplit_once('/'));
        first.map_or("", |(folder, _)| folder)
    }
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
        let found = match self.found()? {
            Some(found) => found,
            None => self.read(world)?,
        };
        let (numbers, base) = self.revision_numbers()?;
        let revisions = self.revisions_known(&found, &numbers)?;
        let base = revisions.iter().find(|revision| Some(revision.number) == base).cloned();
        Ok(Some(Snapshot {
            hidden: self.hidden()?,
            edits: editing::edits(self)?,
            rulings: self.rulings()?,
            revisions,
            base,
            found,
        }))
    }

    /// Reads the last run whole, and remembers it for as long as it is the last.
    fn read(&self, world: World) -> Result<Arc<Found>, Error> {
        let mark = self.kept_mark()?;
        let (corpus, rows) = self.corpus()?;
        let mut found = Found::new(self.settings().clone(), self.rubric().clone(), self.ranked(0)?, corpus, &rows);
        found.windows = world.windows;
        found.proof = world.proof;
        found.usage = world.usage;
        found.review = self.review()?;
        found.centres = self.centres()?;
        found.code = self.code_map().cloned();
        found.mark = mark;
        let found = Arc::new(found);
        self.remember(&found);
        Ok(found)
    }

    /// All revisions, oldest first, each read once.
    fn revisions_known(&self, found: &Found, numbers: &[u32]) -> Result<Vec<Arc<Revision>>, Error> {
        let mut known = lock(&found.revisions);
        let mut read = |number: &u32| match known.entry(*number) {
            Entry::Occupied(revision) => Ok(Arc::clone(revision.get())),
            Entry::Vacant(place) => Ok(Arc::clone(place.insert(Arc::new(self.revision(*number)?)))),
        };
        numbers.iter().map(&mut read).collect()
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

impl Snapshot {
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
        if let Some(known) = lock(&self.sensitivities).get(&id) {
            return Arc::clone(known);
        }
        let insights: Vec<_> = self.ranked.iter().map(|ranked| ranked.insight.clone()).collect();
        let needs: Vec<_> = self.ranked.iter().map(|ranked| ranked.needs.clone()).collect();
        let scores: Vec<_> = self.ranked.iter().map(|ranked| ranked.score.clone()).collect();
        let voices: Vec<VoiceId> = self.places.iter().map(|(voice, _)| *voice).collect();
        let settings = throughline_plan::strategy::usable(&self.settings, self.corpus.as_of);
        let given = Given {
            corpus: &self.corpus,
            voices: &voices,
            settings: &settings,
            usage: &self.usage,
            code: self.code.as_ref(),
        };
        let facts = Facts::new(given, &insights, &needs, &self.rubric.references);
        let order: Vec<usize> = (0..insights.len()).collect();
        let found = throughline_score::sensitivity(&self.rubric, &facts, &insights, &needs, &scores, &order, at);
        let found = Arc::new(found);
        lock(&self.sensitivities).insert(id, Arc::clone(&found));
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
        let id = self.ranked[at].insight.id;
        let accepted = self.base.iter().flat_map(|base| &base.specs).find(|spec| spec.insight_id == id);
        let beside = (editing::of_insight(&self.edits, id), accepted.map(|spec| spec.number));
        let mark = Fingerprint::of(&beside);
        if let Some(known) = self.found.known(id, mark) {
            return Ok(known);
        }
        let specified = Arc::new(self.printed(at)?);
        self.found.keep(id, mark, Arc::clone(&specified));
        Ok(specified)
    }

    /// The same, made anew and not kept: what goes through all of them one after the other holds one at a time.
    ///
    /// # Errors
    /// As [`Snapshot::specified`].
    pub fn printed(&self, at: usize) -> Result<Result<Specified, String>, Error> {
        let memo = InMemory::default();
        let engine = Engine::new(&memo, &|| false);
        let mut made = self.found.made(&engine, vec![self.ranked[at].clone()], &self.edits)?.remove(0);
        if let Some(base) = &self.base {
            made.since = revisions::since(base, &self.settings, &made, &self.edits);
        }
        let grounds = revisions::grounds(&self.settings, &made, &self.edits);
        // What pages show and hand out is what `compile` prints, by the same functions.
        let printed = artifacts::printed(self.product_name(), &made, &artifacts::Beside::default());
        let printed: Vec<_> = printed.into_iter().collect();
        artifacts::prove(&printed)?;
        let files = artifacts::files(&engine, &printed)?;
        let dossier = printed.first().map(|printed| &printed.dossier);
        let content = dossier.map(page::content).unwrap_or_default();
        let one_page = dossier.map(prd::one_page).unwrap_or_default();
        let release = dossier.and_then(prfaq::document);
        let blueprint = dossier.and_then(page::blueprint);
        let release_file = printed.first().and_then(artifacts::released);
        let Made { spec, since, .. } = made;
        Ok(spec.map(|(spec, sentences)| {
            let mark = Fingerprint::of(&(lines(&spec, &sentences), &grounds));
            let mark = artifacts::hex8(mark);
            Specified {
                spec,
                sentences,
                since,
                content,
                one_page,
                release,
                blueprint,
                files,
                release_file,
                grounds,
                mark,
            }
        }))
    }

    /// What lies beside the folders of all specifications: the page that lists every insight, and the personas. For each
    /// insight in rank order it is told title and folder of its specification, or why there is none.
    #[must_use]
    pub fn beside(&self, made: Vec<Result<(String, String), String>>) -> Vec<Artifact> {
        let mut entries: BTreeMap<InsightId, Listed> = BTreeMap::new();
        let mut reasons: BTreeMap<InsightId, String> = BTreeMap::new();
        for (ranked, made) in self.ranked.iter().zip(made) {
            match made {
                Ok((title, folder)) => drop(entries.insert(ranked.insight.id, Listed { title, folder })),
                Err(why) => drop(reasons.insert(ranked.insight.id, why)),
            }
        }
        let insights: Vec<_> = self.ranked.iter().map(|ranked| ranked.insight.clone()).collect();
        let scores: Vec<_> = self.ranked.iter().map(|ranked| ranked.score.clone()).collect();
        let plan = Plan { places: self.ranked.iter().map(|ranked| ranked.place.clone()).collect(), ..Plan::default() };
        let product_name = self.product_name();
        let listing = Listing { product_name, insights: &insights, scores: &scores, plan: &plan };
        vec![index(&listing, &entries, &reasons), persona::file(product_name, self.found.cast())]
    }

    /// The number of the revision that specifications are held against.
    #[must_use]
    pub fn base(&self) -> Option<u32> {
        self.base.as_ref().map(|base| base.number)
    }

    /// A revision by its number.
    #[must_use]
    pub fn revision(&self, number: u32) -> Option<&Revision> {
        self.revisions.iter().find(|revision| revision.number == number).map(AsRef::as_ref)
    }

    /// How a revision differs from another, or with none from what would be compiled now; none when there is no such
    /// revision.
    ///
    /// # Errors
    /// As [`Snapshot::specified`].
    pub fn difference(&self, from: u32, to: Option<u32>) -> Result<Option<RevisionDifference>, Error> {
        let Some(before) = self.revision(from) else { return Ok(None) };
        if let Some(to) = to {
            return Ok(self.revision(to).map(|after| revisions::difference(before, after)));
        }
        let mut specs = Vec::new();
        for accepted in &before.specs {
            let Some(at) = self.position(accepted.insight_id) else { continue };
            if let Ok(specified) = self.specified(at)?.as_ref() {
                let lines = lines(&specified.spec, &specified.sentences);
                let insight = &self.ranked[at].insight;
                specs.push(revisions::standing(insight, &specified.spec, lines, specified.grounds.clone()));
            }
        }
        let after = revisions::now(before, specs, &self.ranked);
        Ok(Some(revisions::difference(before, &after)))
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
