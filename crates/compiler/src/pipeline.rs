//! The pipeline: eleven stages, in order, each a pure function run through the incremental engine.
//!
//! In: what the store holds, the settings, and the lineage of the last run. Out: an [`Outcome`] and a report per stage.
//! Invariant: the outcome depends on the inputs alone; which parts were computed and which were known does not show.
//! Cost: linear in what changed, except stages 4 and 5, which look at all statements when any of them changed.

use crate::encoder::Model;
use crate::stages::{Kept, Stages};
use crate::{Error, stages};
use serde::{Deserialize, Serialize};
use throughline_engine::Engine;
use throughline_model::decision::Decision;
use throughline_model::plan::Plan;
use throughline_model::{
    CodeMap, Corpus, Host, Insight, InsightId, Link, Need, Score, Settings, SignalId, Standing, Timestamp, VoiceId,
};
use throughline_passes::lineage::{Change, Lineage};
use throughline_score::{Rubric, Usage};
use throughline_store::Inputs;

/// How many insights, from the first in rank, are specified in a run; others are specified when asked for.
pub const SPECIFIED: usize = 12;

/// What a run may be told.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunOptions {
    /// Take ids and names from the present records alone.
    pub is_fresh: bool,
    /// The scoring instant, instead of the newest dated input.
    pub as_of: Option<Timestamp>,
}

/// What one stage did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageReport {
    /// Name of the stage.
    pub stage: String,
    /// Items that went in.
    #[serde(rename = "in")]
    pub n_in: usize,
    /// Items that came out.
    #[serde(rename = "out")]
    pub n_out: usize,
    /// Items that went in and were already known.
    #[serde(rename = "cached")]
    pub n_cached: usize,
    /// Wall-clock time.
    pub seconds: f64,
}

/// What a run is made from.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// Records, customer lists and events.
    pub inputs: &'a dyn Inputs,
    /// What the team declared.
    pub settings: &'a Settings,
    /// What insights are scored by.
    pub rubric: &'a Rubric,
    /// The code; none until a repository is read.
    pub code: Option<&'a CodeMap>,
    /// What the last run found.
    pub lineage: &'a Lineage,
    /// What people said that holds.
    pub standing: &'a Standing,
    /// What people decided, oldest first.
    pub decisions: &'a [Decision],
    /// An encoder that is to read the statements, instead of the static table.
    pub(crate) encoder: Option<&'a Model>,
}

/// Hears of a run's progress.
pub trait RunProgress {
    /// A stage begins.
    fn stage_started(&mut self, _name: &'static str) {}
    /// A stage is done.
    fn stage_done(&mut self, _stage: &StageReport) {}
}

impl RunProgress for () {}

/// What a run came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Records, signals, people and accounts.
    pub corpus: Corpus,
    /// The voice of each signal, in the corpus's order.
    pub voices: Vec<VoiceId>,
    /// Membership of signals in insights, with its certainty (0..=1), in the corpus's order.
    pub membership: Vec<Option<(InsightId, f64)>>,
    /// Insights by id.
    pub insights: Vec<Insight>,
    /// Needs of each insight, in its order.
    pub needs: Vec<Vec<Need>>,
    /// Scores in the order of the insights.
    pub scores: Vec<Score>,
    /// Rank, bands and periods.
    pub plan: Plan,
    /// What people did, counted from events.
    pub usage: Usage,
    /// Specifications of the first insights in rank order; none where there was nothing to specify, with the reason.
    pub specs: Vec<stages::Specified>,
    /// What is told to each department.
    pub digests: Vec<stages::Digest>,
    /// Identities to keep for the next run.
    pub lineage: Lineage,
    /// What became of earlier insights.
    pub changes: Vec<Change>,
    /// Signals that are in no insight, because nothing else is like them.
    pub unassigned: Vec<SignalId>,
    /// Why voices, people and accounts are one, by id.
    pub links: Vec<Link>,
}

/// Runs the eleven stages.
///
/// # Errors
/// When the store or the memo fails, or somebody asked to stop. What was finished is kept.
pub fn run(
    engine: &Engine<'_>,
    given: Given<'_>,
    options: RunOptions,
    host: &dyn Host,
    progress: &mut dyn RunProgress,
) -> Result<(Outcome, Vec<StageReport>), Error> {
    let mut stages = Stages::new(engine, given.settings, given.rubric, given.code, host, progress);

    let mut collected = stages.collect(given.inputs, given.standing, options)?; //        1 files → records
    let mut links = std::mem::take(&mut collected.links);
    let segmented = stages.segment(&collected)?; //                                       2 record → statements
    let (corpus, usage) = stages.enrich(collected, segmented)?; //                        3 language, kind, phrases
    let voices = stages.deduplicate(&corpus, given.standing)?; //                         4 statements → voices
    let mut partition = stages.cluster(&corpus, &voices, given)?; //                      5 statements → insights
    let insights = stages.categorise(&corpus, &voices, &mut partition, given.standing)?; // 6 label, area, category, trend
    let needs = stages.frame(&corpus, &insights)?; //                                     7 insight → needs
    let scored = throughline_score::Given {
        corpus: &corpus,
        voices: &voices.voice_from_signal,
        settings: given.settings,
        usage: &usage,
        code: given.code,
    };
    let scores = stages.score(scored, &insights, &needs)?; //                              8 77 checks
    let plan = stages.prioritise(&corpus, &insights, &needs, &scores, given.decisions)?; // 9 rank, bands, plan
    let specs = stages.specify(&corpus, &insights, &needs, &scores, &plan, SPECIFIED)?; // 10 needs → specifications
    let digests = stages.sync(&insights, &plan)?; //                                      11 what each department is told

    links.extend(voices.links);
    links.sort_by_key(|link| link.id);

    let Kept { reports } = stages.finish();
    let membership = partition.membership(corpus.signals.len());
    let unassigned = partition.unassigned(&corpus);
    let stages::Partition { lineage, changes, .. } = partition;
    Ok((
        Outcome {
            corpus,
            voices: voices.voice_from_signal,
            membership,
            insights,
            needs,
            scores,
            usage,
            plan,
            specs,
            digests,
            lineage,
            changes,
            unassigned,
            links,
        },
        reports,
    ))
}
