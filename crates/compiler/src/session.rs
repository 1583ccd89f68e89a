//! A session: one open workspace, and everything a person or a program may ask of it.
//!
//! The command line and the server stand on this one facade. It knows no SQL and no terminal.
//! Invariant: questions are answered from the results of the last run; they never compute in secret.

use crate::Error;
use crate::artifacts;
use crate::encoder::Model;
use crate::import::{self, ImportOptions, ImportProgress, ImportReport, Provisional};
use crate::pipeline::{self, Outcome, RunOptions, RunProgress, StageReport};
use crate::queries::Found;
use crate::scoring;
use crate::settings::{self, FILE_NAME};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use throughline_engine::{Engine, Fingerprint, Fold, Memo, RunLog};
use throughline_model::plan::{Place, Proof, Window};
use throughline_model::spec::Artifact;
use throughline_model::{
    Account, AccountId, CodeMap, Corpus, Diagnostic, Host, Insight, InsightId, Need, Person, PersonId, Quote, Record,
    RecordId, Score, Settings, Signal, SignalId, Standing, Timestamp, VoiceId,
};
use throughline_passes::lineage::Lineage;
use throughline_passes::place::{Centres, Placed};
use throughline_plan::strategy::{Seen, findings_beside};
use throughline_score::{Rubric, Usage};
use throughline_store::{Derived, Inputs, Row, Sizes, SqliteDerived, SqliteInputs};

/// Folder of the store within a workspace.
pub const STORE_FOLDER: &str = ".throughline";

pub(crate) const LINEAGE: &str = "lineage";
pub(crate) const LINKS: &str = "link";
pub(crate) const JUDGEMENTS: &str = "judgements";
const INSIGHTS: &str = "insight";
const NEEDS: &str = "need";
const SCORES: &str = "score";
const PLACES: &str = "place";
pub(crate) const SIGNALS: &str = "signal";
const RECORDS: &str = "record";
const WORLD: &str = "world";
const CENTRES: &str = "centres";
const KEPT: &str = "kept";
/// Scores and places as they were before the last run that changed anything.
const SCORES_BEFORE: &str = "score.before";
const PLACES_BEFORE: &str = "place.before";
const WORLD_BEFORE: &str = "world.before";

/// One open workspace.
pub struct Session {
    pub(crate) folder: PathBuf,
    settings: Settings,
    rubric: Rubric,
    diagnostics: Vec<Diagnostic>,
    lines: settings::Lines,
    encoder: Option<PathBuf>,
    code: Option<CodeMap>,
    inputs: SqliteInputs,
    derived: SqliteDerived,
    /// What the last run found, where a snapshot of it was asked for.
    found: Mutex<Option<Arc<Found>>>,
}

/// How a run went.
#[derive(Debug, Clone, Serialize)]
pub struct RunReport {
    /// Per stage, in order.
    pub stages: Vec<StageReport>,
    /// Id of the encoder that read the statements; none for the built-in table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoder: Option<String>,
    /// Wall-clock time of the whole run.
    pub seconds: f64,
    /// What became of earlier insights, in words.
    pub changes: Vec<String>,
    /// Decisions that are open again because a premise changed, in words.
    pub reopened: Vec<String>,
    /// Problems in settings and sources.
    pub diagnostics: Vec<Diagnostic>,
    /// Which items each step had to compute.
    #[serde(skip)]
    pub log: RunLog,
}

/// A signal with what the run found of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignalRow {
    /// The signal.
    pub signal: Signal,
    /// Its voice.
    pub voice_id: VoiceId,
    /// The insight it is in, and how surely (0..=1).
    pub membership: Option<(InsightId, f64)>,
}

/// An insight in its place.
#[derive(Debug, Clone, Serialize)]
pub struct Ranked {
    /// The insight.
    pub insight: Insight,
    /// Its score.
    pub score: Score,
    /// Its place in the plan.
    pub place: Place,
    /// Its needs, best first.
    pub needs: Vec<Need>,
}

/// Everything that is neither record, signal nor insight.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct World {
    people: Vec<Person>,
    accounts: Vec<Account>,
    pub(crate) as_of: Option<Timestamp>,
    digests: Vec<crate::stages::Digest>,
    pub(crate) windows: Vec<Window>,
    pub(crate) proof: Option<Proof>,
    pub(crate) usage: Usage,
    /// Fingerprint of the strategy that was scored against.
    strategy: [u8; 16],
}

impl Session {
    /// Makes a workspace: writes the commented settings file.
    ///
    /// # Errors
    /// When there is one already, or the folder cannot be written.
    pub fn init(folder: &Path, host: &dyn Host) -> Result<PathBuf, Error> {
        let file = folder.join(FILE_NAME);
        if file.exists() {
            return Err(Error::Exists { file });
        }
        host.write(&file, settings::TEMPLATE.as_bytes())
            .map_err(|source| Error::Path { path: file.clone(), source })?;
        Ok(file)
    }

    /// Opens a workspace.
    ///
    /// # Errors
    /// When the folder holds none, or its store cannot be opened.
    pub fn open(folder: &Path, host: &dyn Host) -> Result<Self, Error> {
        let file = folder.join(FILE_NAME);
        if !file.exists() {
            return Err(Error::NoWorkspace { folder: folder.to_owned() });
        }
        let mut text = String::new();
        let mut input = host.open(&file).map_err(|source| Error::Path { path: file.clone(), source })?;
        input.read_to_string(&mut text).map_err(|source| Error::Path { path: file.clone(), source })?;
        let (mut settings, mut diagnostics) = settings::read(&text);
        let (rubric, found) = scoring::rubric(host, folder, &text, &mut settings);
        diagnostics.extend(found);
        let (code, found) = crate::code::read(host, folder, &text, &settings.repositories);
        diagnostics.extend(found);
        let (inputs, derived) = throughline_store::open(&folder.join(STORE_FOLDER))?;
        let encoder = settings.encoder.as_ref().map(|path| folder.join(path));
        let lines = settings::Lines::new(&text);
        let folder = folder.to_owned();
        let found = Mutex::default();
        Ok(Self { folder, settings, rubric, diagnostics, lines, encoder, code, inputs, derived, found })
    }

    /// Lets the encoder in `folder` read the statements of the next runs, whatever the settings name.
    pub fn use_encoder(&mut self, folder: &Path) {
        self.encoder = Some(folder.to_owned());
    }

    /// Lets the next runs score and specify beside this map of the code, whatever the settings name.
    pub fn use_code_map(&mut self, code: CodeMap) {
        self.code = Some(code);
        // What was found was read beside another map.
        self.found = Mutex::default();
    }

    /// The map of the code, where one was given.
    pub(crate) fn code_map(&self) -> Option<&CodeMap> {
        self.code.as_ref()
    }

    /// The folder of the workspace.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The settings as read.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What insights are scored by.
    #[must_use]
    pub fn rubric(&self) -> &Rubric {
        &self.rubric
    }

    /// Problems in the settings file.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Problems in the settings file, by itself and beside what the last run found: currencies without a rate, readings
    /// from the future, objectives that nobody speaks for.
    ///
    /// # Errors
    /// When the store fails.
    pub fn review(&self) -> Result<Vec<Diagnostic>, Error> {
        let (world, ranked) = match (self.world(), self.ranked(0)) {
            (Ok(world), Ok(ranked)) => (world, ranked),
            (Err(Error::NotRun), _) | (_, Err(Error::NotRun)) => return Ok(self.diagnostics.clone()),
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        let ranked: Vec<(&str, &Score)> = ranked.iter().map(|r| (r.insight.label.as_str(), &r.score)).collect();
        let seen = Seen { as_of: world.as_of, accounts: &world.accounts, ranked: &ranked };
        let mut diagnostics = self.diagnostics.clone();
        diagnostics.extend(self.lines.diagnostics(&findings_beside(&self.settings, &seen)));
        Ok(diagnostics)
    }

    /// Sources with how much each gave.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sources(&self) -> Result<Vec<(String, Sizes)>, Error> {
        Ok(self.inputs.sources()?)
    }

    /// Imports files and folders.
    ///
    /// # Errors
    /// When a path does not exist, or the store refuses.
    pub fn import(
        &mut self,
        host: &dyn Host,
        paths: &[&Path],
        options: &ImportOptions,
        progress: &mut dyn ImportProgress,
    ) -> Result<ImportReport, Error> {
        let mut report =
            import::import(&mut self.inputs, &self.settings, &self.folder, host, paths, options, progress)?;
        let few = std::mem::take(&mut report.few);
        if !few.is_empty() && self.derived.row(KEPT, 0)?.is_some() {
            let texts: Vec<&str> = few.iter().map(|(_, text)| text.as_str()).collect();
            for ((external_id, _), placed) in few.iter().zip(self.nearest(&texts)?) {
                let Some(Placed { insight_id, decision, .. }) = placed else { continue };
                let (external_id, label) = (external_id.clone(), self.label(insight_id)?);
                report.provisional.push(Provisional { external_id, insight_id, label, decision });
            }
        }
        Ok(report)
    }

    /// Runs the eleven stages and keeps their results.
    ///
    /// # Errors
    /// When the encoder cannot be used, the store or the memo fails, somebody asked to stop, or a quote does not match
    /// its record.
    pub fn run(
        &mut self,
        host: &dyn Host,
        options: RunOptions,
        progress: &mut dyn RunProgress,
    ) -> Result<RunReport, Error> {
        let started = host.elapsed_secs();
        let lineage = if options.is_fresh { Lineage::default() } else { self.lineage()? };
        let mut standing = Standing::of(&crate::judging::judgements(self)?);
        standing.mean_also(&crate::editing::edits(self)?);
        let decisions = self.decided()?;
        let encoder = self.encoder.as_deref().map(|path| Model::open(host, path)).transpose()?;
        let is_cancelled = || host.is_cancelled();
        let engine = Engine::new(&self.derived, &is_cancelled);
        let given = pipeline::Given {
            inputs: &self.inputs,
            settings: &self.settings,
            rubric: &self.rubric,
            code: self.code.as_ref(),
            lineage: &lineage,
            standing: &standing,
            decisions: &decisions,
            encoder: encoder.as_ref(),
        };
        let (outcome, stages) = pipeline::run(&engine, given, options, host, progress)?;
        let log = engine.log();
        prove(&outcome)?;
        self.keep(&outcome, fingerprint(&outcome, &log))?;
        Ok(RunReport {
            stages,
            encoder: encoder.map(|model| model.id().to_owned()),
            seconds: host.elapsed_secs() - started,
            changes: outcome.changes.iter().map(ToString::to_string).collect(),
            reopened: self.reopened()?,
            diagnostics: self.review()?,
            log,
        })
    }

    /// Keeps an outcome that no run of this workspace came to, as a measurement has it, in place of the last run's.
    ///
    /// # Errors
    /// When the store fails, or a quote does not match its record.
    pub fn hold(&mut self, outcome: &Outcome) -> Result<(), Error> {
        prove(outcome)?;
        self.keep(outcome, fingerprint(outcome, &RunLog::default()))
    }

    pub(crate) fn lineage(&self) -> Result<Lineage, Error> {
        let bytes = self.inputs.value(LINEAGE)?;
        Ok(bytes.map(|bytes| decode("the lineage", &bytes)).transpose()?.unwrap_or_default())
    }

    /// Stores an outcome, unless it is what is stored. That nothing had to be computed does not say so: what was computed
    /// may be known from before something was changed and changed back.
    fn keep(&mut self, outcome: &Outcome, of_outcome: Fingerprint) -> Result<(), Error> {
        let kept: Option<Vec<u8>> = self.derived.row(KEPT, 0)?.map(|row| row.bytes);
        if kept.as_deref() == Some(&of_outcome.0) {
            return Ok(());
        }
        // A run that stops half-way leaves results of which nothing says that they are whole.
        self.derived.replace(KEPT, &[])?;
        let place_of: BTreeMap<InsightId, usize> =
            outcome.plan.places.iter().enumerate().map(|(at, place)| (place.insight_id, at)).collect();
        let mut order: Vec<usize> = (0..outcome.insights.len()).collect();
        order.sort_by_key(|&i| place_of.get(&outcome.insights[i].id));
        let rows =
            |of: &dyn Fn(usize) -> Result<Row, Error>| order.iter().map(|&i| of(i)).collect::<Result<Vec<_>, _>>();
        let id = |i: usize| outcome.insights[i].id.0;
        let insights = rows(&|i| row(id(i), 0, &outcome.insights[i]))?;
        let needs = rows(&|i| row(id(i), 0, &outcome.needs[i]))?;
        let scores = rows(&|i| row(id(i), 0, &outcome.scores[i]))?;
        let places: Vec<Row> =
            outcome.plan.places.iter().map(|place| row(place.insight_id.0, 0, place)).collect::<Result<_, _>>()?;
        let world = World {
            people: outcome.corpus.people.values().cloned().collect(),
            accounts: outcome.corpus.accounts.values().cloned().collect(),
            as_of: outcome.corpus.as_of,
            digests: outcome.digests.clone(),
            windows: outcome.plan.windows.clone(),
            proof: outcome.plan.proof.clone(),
            usage: outcome.usage.clone(),
            strategy: self.strategy_mark(),
        };
        // What was said before the last change is kept, so that a difference can be explained.
        for (table, before) in [(SCORES, SCORES_BEFORE), (PLACES, PLACES_BEFORE), (WORLD, WORLD_BEFORE)] {
            let rows = self.derived.rows(table)?;
            if !rows.is_empty() {
                self.derived.replace(before, &rows)?;
            }
        }
        let centres = Centres::new(&outcome.corpus, |at| outcome.membership[at].map(|(id, _)| id));
        self.derived.replace(CENTRES, &[row(0, 0, &centres)?])?;
        // The two large tables one after the other, so that only one of them is in memory a second time.
        let records: Vec<Row> =
            outcome.corpus.records.par_iter().map(|record| row(record.id.0, 0, record)).collect::<Result<_, _>>()?;
        self.derived.replace(RECORDS, &records)?;
        drop(records);
        let signals: Vec<Row> = outcome
            .corpus
            .signals
            .par_iter()
            .enumerate()
            .map(|(i, signal)| {
                let membership = outcome.membership[i];
                let group = membership.map_or(0, |(id, _)| id.0);
                row(signal.id.0, group, &SignalRow { signal: signal.clone(), voice_id: outcome.voices[i], membership })
            })
            .collect::<Result<_, _>>()?;
        self.derived.replace(SIGNALS, &signals)?;
        drop(signals);
        self.derived.replace(NEEDS, &needs)?;
        self.derived.replace(SCORES, &scores)?;
        self.derived.replace(PLACES, &places)?;
        self.derived.replace(INSIGHTS, &insights)?;
        let links: Vec<Row> = outcome.links.iter().map(|link| row(link.id.0, 0, link)).collect::<Result<_, _>>()?;
        self.derived.replace(LINKS, &links)?;
        self.derived.replace(WORLD, &[row(0, 0, &world)?])?;
        self.inputs.set_value(LINEAGE, Some(&encode(&outcome.lineage)?))?;
        self.derived.replace(KEPT, &[Row { id: 0, group: 0, bytes: of_outcome.0.to_vec() }])?;
        self.derived.sweep()?;
        Ok(())
    }

    /// The mark of what is kept; empty while nothing says that it is whole.
    pub(crate) fn kept_mark(&self) -> Result<Vec<u8>, Error> {
        Ok(self.derived.row(KEPT, 0)?.map(|row| row.bytes).unwrap_or_default())
    }

    /// What the last run found, if it was read whole before and is still what is kept.
    pub(crate) fn found(&self) -> Result<Option<Arc<Found>>, Error> {
        let known = self.found.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mark = self.kept_mark()?;
        Ok(known.filter(|found| !mark.is_empty() && found.mark == mark))
    }

    pub(crate) fn remember(&self, found: &Arc<Found>) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(found));
    }

    pub(crate) fn all<T: DeserializeOwned>(&self, table: &str) -> Result<Vec<T>, Error> {
        self.derived.rows(table)?.iter().map(|row| decode(table, &row.bytes)).collect()
    }

    pub(crate) fn one<T: DeserializeOwned>(&self, table: &str, id: u64) -> Result<Option<T>, Error> {
        self.derived.row(table, id)?.map(|row| decode(table, &row.bytes)).transpose()
    }

    pub(crate) fn world(&self) -> Result<World, Error> {
        self.one(WORLD, 0)?.ok_or(Error::NotRun)
    }

    /// The first `n` insights in rank order; 0 means all.
    ///
    /// # Errors
    /// When nothing has been run yet, or the store fails.
    pub fn ranked(&self, n: usize) -> Result<Vec<Ranked>, Error> {
        self.world()?;
        let n = if n == 0 { usize::MAX >> 1 } else { n };
        let places = self.derived.first_rows(PLACES, n)?;
        places.iter().map(|row| self.ranked_at(decode(PLACES, &row.bytes)?)).collect()
    }

    fn ranked_at(&self, place: Place) -> Result<Ranked, Error> {
        let id = place.insight_id.0;
        let missing = || Error::NotRun;
        Ok(Ranked {
            insight: self.one(INSIGHTS, id)?.ok_or_else(missing)?,
            score: self.one(SCORES, id)?.ok_or_else(missing)?,
            needs: self.one(NEEDS, id)?.ok_or_else(missing)?,
            place,
        })
    }

    /// The insight named by its id or its rank.
    ///
    /// # Errors
    /// When there is none, nothing has been run yet, or the store fails.
    pub fn find(&self, name: &str) -> Result<Ranked, Error> {
        self.world()?;
        let not_found = || Error::NotFound {
            what: "insight",
            id: name.to_owned(),
            hint: "`throughline insights` lists them with their ids and ranks",
        };
        let place: Place = if let Ok(rank) = name.parse::<usize>() {
            let row =
                self.derived.first_rows(PLACES, rank)?.into_iter().nth(rank.wrapping_sub(1)).ok_or_else(not_found)?;
            decode(PLACES, &row.bytes)?
        } else {
            let id: InsightId = name.parse().map_err(|_| not_found())?;
            self.one(PLACES, id.0)?.ok_or_else(not_found)?
        };
        self.ranked_at(place)
    }

    /// Whether the last run found an insight of this id.
    pub(crate) fn has_insight(&self, id: InsightId) -> Result<bool, Error> {
        Ok(self.derived.row(PLACES, id.0)?.is_some())
    }

    /// For each text the insight of the last run that it is nearest to, and whether it joins it until the next run;
    /// none for a text without a known word.
    ///
    /// # Errors
    /// When nothing has been run yet, or the store fails.
    pub fn nearest(&self, texts: &[&str]) -> Result<Vec<Option<Placed>>, Error> {
        let centres: Centres = self.one(CENTRES, 0)?.ok_or(Error::NotRun)?;
        Ok(texts.iter().map(|text| centres.place(text)).collect())
    }

    pub(crate) fn centres(&self) -> Result<Centres, Error> {
        self.one(CENTRES, 0)?.ok_or(Error::NotRun)
    }

    /// The name of an insight.
    ///
    /// # Errors
    /// When nothing has been run yet, or the store fails.
    pub fn label(&self, id: InsightId) -> Result<String, Error> {
        Ok(self.one::<Insight>(INSIGHTS, id.0)?.ok_or(Error::NotRun)?.label)
    }

    /// The statements of an insight with their records, by time.
    ///
    /// # Errors
    /// When the store fails.
    pub fn voices(&self, insight: InsightId) -> Result<Vec<(SignalRow, Record)>, Error> {
        let mut voices = Vec::new();
        for stored in self.derived.rows_of(SIGNALS, insight.0)? {
            let signal: SignalRow = decode(SIGNALS, &stored.bytes)?;
            if let Some(record) = self.one::<Record>(RECORDS, signal.signal.record_id.0)? {
                voices.push((signal, record));
            }
        }
        voices.sort_by_key(|(row, _)| (row.signal.at, row.signal.id));
        Ok(voices)
    }

    /// People and accounts by id.
    ///
    /// # Errors
    /// When nothing has been run yet, or the store fails.
    pub fn who(&self) -> Result<Who, Error> {
        let world = self.world()?;
        Ok(Who {
            people: world.people.into_iter().map(|person| (person.id, person)).collect(),
            accounts: world.accounts.into_iter().map(|account| (account.id, account)).collect(),
        })
    }

    /// Everything the last run found.
    ///
    /// # Errors
    /// When nothing has been run yet, or the store fails.
    pub fn corpus(&self) -> Result<(Corpus, Vec<SignalRow>), Error> {
        let world = self.world()?;
        let rows: Vec<SignalRow> = self.all(SIGNALS)?;
        let corpus = Corpus {
            records: self.all(RECORDS)?,
            signals: rows.iter().map(|row| row.signal.clone()).collect(),
            people: world.people.into_iter().map(|person| (person.id, person)).collect(),
            accounts: world.accounts.into_iter().map(|account| (account.id, account)).collect(),
            as_of: world.as_of,
        };
        Ok((corpus, rows))
    }

    /// The files that a team reads: a page of all insights, and a folder per specified insight.
    ///
    /// # Errors
    /// When an id is unknown, a quote does not match its record, or the store fails.
    pub fn compile(&self, names: &[String]) -> Result<artifacts::Compiled, Error> {
        self.compile_as(names, &artifacts::Beside::default())
    }

    /// The same with more than the usual set, or with folders that are there already.
    ///
    /// # Errors
    /// As [`Session::compile`].
    pub fn compile_as(&self, names: &[String], beside: &artifacts::Beside) -> Result<artifacts::Compiled, Error> {
        let engine = Engine::new(&self.derived, &|| false);
        let made = self.made(&engine, self.chosen(names)?)?;
        let all = self.ranked(0)?;
        let mut compiled = artifacts::compile(&engine, &self.settings, &all, &made, &self.digests()?, beside)?;
        if beside.format.is_none() {
            artifacts::add_workspace(&mut compiled, &self.settings, &self.corpus()?.0, &all, &made);
        }
        Ok(compiled)
    }

    /// The insights named by id or rank; without any, those that a run specifies.
    pub(crate) fn chosen(&self, names: &[String]) -> Result<Vec<Ranked>, Error> {
        if names.is_empty() {
            self.ranked(pipeline::SPECIFIED)
        } else {
            names.iter().map(|name| self.find(name)).collect()
        }
    }

    pub(crate) fn digests(&self) -> Result<Vec<crate::stages::Digest>, Error> {
        Ok(self.world()?.digests)
    }

    /// Writes artefacts below a folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(host: &dyn Host, folder: &Path, files: &[Artifact]) -> Result<(), Error> {
        for file in files {
            let path = folder.join(&file.path);
            host.write(&path, &file.bytes).map_err(|source| Error::Path { path, source })?;
        }
        Ok(())
    }

    /// The score and the place of an insight before the last run that changed anything, with that run's instant and
    /// strategy; none when it was not there.
    pub(crate) fn before(&self, insight: InsightId) -> Result<Option<Before>, Error> {
        let score: Option<Score> = self.one(SCORES_BEFORE, insight.0)?;
        let place: Option<Place> = self.one(PLACES_BEFORE, insight.0)?;
        let world: Option<World> = self.one(WORLD_BEFORE, 0)?;
        Ok(score.zip(place).zip(world).map(|((score, place), World { as_of, strategy, .. })| Before {
            score,
            place,
            as_of,
            strategy,
        }))
    }

    /// Everything that scoring reads, as the last run left it.
    pub(crate) fn scored(&self) -> Result<Scored, Error> {
        let ranked = self.ranked(0)?;
        let (corpus, rows) = self.corpus()?;
        let World { usage, .. } = self.world()?;
        Ok(Scored { ranked, corpus, voices: rows.iter().map(|row| row.voice_id).collect(), usage })
    }

    /// Fingerprint of the declared strategy and roadmap.
    pub(crate) fn strategy_mark(&self) -> [u8; 16] {
        Fingerprint::of(&(&self.settings.strategy, &self.settings.roadmap)).0
    }

    /// The statement with this id and its record.
    pub(crate) fn statement(&self, id: SignalId) -> Result<Option<(Signal, Record)>, Error> {
        let Some(row) = self.one::<SignalRow>(SIGNALS, id.0)? else { return Ok(None) };
        Ok(self.one(RECORDS, row.signal.record_id.0)?.map(|record| (row.signal, record)))
    }

    pub(crate) fn record(&self, id: RecordId) -> Result<Option<Record>, Error> {
        self.one(RECORDS, id.0)
    }

    pub(crate) fn memo(&self) -> &dyn Memo {
        &self.derived
    }

    pub(crate) fn inputs(&self) -> &dyn Inputs {
        &self.inputs
    }

    pub(crate) fn stores(&mut self) -> (&mut dyn Inputs, &mut dyn Derived) {
        (&mut self.inputs, &mut self.derived)
    }
}

/// What an insight's score and place were before.
pub(crate) struct Before {
    pub(crate) score: Score,
    pub(crate) place: Place,
    pub(crate) as_of: Option<Timestamp>,
    pub(crate) strategy: [u8; 16],
}

/// What scoring reads, with what it said.
pub(crate) struct Scored {
    pub(crate) ranked: Vec<Ranked>,
    pub(crate) corpus: Corpus,
    pub(crate) voices: Vec<VoiceId>,
    pub(crate) usage: Usage,
}

/// People and accounts of a run.
#[derive(Debug, Clone, Default)]
pub struct Who {
    /// By id.
    pub people: std::collections::BTreeMap<PersonId, Person>,
    /// By id.
    pub accounts: std::collections::BTreeMap<AccountId, Account>,
}

/// Checks that every quote of an outcome is, byte for byte, what stands in its record.
fn prove(outcome: &Outcome) -> Result<(), Error> {
    let of_insights = outcome.insights.iter().flat_map(|insight| insight.quotes.iter().chain(&insight.dissent));
    let of_needs = outcome.needs.iter().flatten().flat_map(|need| need.slots.values()).flat_map(|slot| &slot.quotes);
    let of_specs = outcome.specs.iter().filter_map(|(_, spec)| spec.as_ref().ok());
    let of_specs = of_specs.flat_map(|spec| spec.quotes.iter().chain(&spec.dissent));
    let wrong: Vec<&Quote> =
        of_insights.chain(of_needs).chain(of_specs).filter(|quote| !outcome.corpus.check_quote(quote)).collect();
    match wrong.first() {
        None => Ok(()),
        Some(first) => Err(Error::Proof {
            n_wrong: wrong.len(),
            first: format!("“{}” at {}:{}-{}", first.text, first.record_id, first.start, first.end),
        }),
    }
}

/// Of everything that is stored of an outcome. Records and statements are what stage 3 read and made.
fn fingerprint(outcome: &Outcome, log: &RunLog) -> Fingerprint {
    let mut fold = Fold::default();
    fold.add(log.step("enrich").map(|step| step.results).unwrap_or_default());
    fold.value(&outcome.voices).value(&outcome.membership).value(&outcome.insights).value(&outcome.needs);
    fold.value(&outcome.scores).value(&outcome.plan).value(&outcome.digests).value(&outcome.links);
    fold.value(&outcome.corpus.people).value(&outcome.corpus.accounts).value(&outcome.corpus.as_of);
    fold.value(&outcome.lineage);
    fold.finish()
}

fn row<T: Serialize>(id: u64, group: u64, value: &T) -> Result<Row, Error> {
    Ok(Row { id, group, bytes: encode(value)? })
}

pub(crate) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    postcard::to_allocvec(value).map_err(|source| damaged("a result", source))
}

pub(crate) fn decode<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, Error> {
    postcard::from_bytes(bytes).map_err(|source| damaged(what, source))
}

fn damaged(what: &str, source: postcard::Error) -> Error {
    Error::Store(throughline_store::Error::Damaged { what: what.to_owned(), source: Box::new(source) })
}
