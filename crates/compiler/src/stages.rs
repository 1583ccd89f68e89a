//! The eleven stages as steps of the engine: what each reads, and how fine its results are kept.
//!
//! Each method names its step, fingerprints what the step reads, and calls the pure function that does the work. A
//! stage kept per record is not run again for records that did not change; a stage over everything is run again when
//! anything it reads changed.

use crate::Error;
use crate::encoder::Model;
use crate::pipeline::{Given, RunOptions, RunProgress, StageReport};
use crate::planning::planned;
use crate::slices::{self, Slices};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use throughline_engine::{Engine, Fingerprint, Fold, Step};
use throughline_frames::Frames;
use throughline_model::decision::Decision;
use throughline_model::link::Ends;
use throughline_model::persona::Cast;
use throughline_model::plan::Plan;
use throughline_model::spec::Spec;
use throughline_model::{
    CodeMap, Corpus, Host, Insight, InsightId, Link, Need, Record, RecordId, Score, Settings, Signal, SignalId,
    Standing, VoiceId,
};
use throughline_passes::collect::{self, Canonical};
use throughline_passes::identity::Identities;
use throughline_passes::insight::Group;
use throughline_passes::lineage::{self, Change, Identified, Known, Lineage};
use throughline_passes::{cluster, deduplicate, enrich, insight, judged, observe, segment};
use throughline_plan::strategy::usable;
use throughline_score::{Facts, Rubric, Usage};
use throughline_store::{Inputs, StoredRecord};

/// A step with its version. The version is raised whenever the code of the step, or of what it calls, changes a result.
const fn step(name: &'static str, version: u32) -> Step {
    Step { name, version }
}

const COLLECT: Step = step("collect", 2);
const OBSERVE: Step = step("collect.observe", 2);
const SEGMENT: Step = step("segment", 5);
const ENRICH: Step = step("enrich", 6);
const DEDUPLICATE: Step = step("deduplicate", 3);
const ENCODE: Step = step("cluster.encode", 1);
const CLUSTER: Step = step("cluster", 6);
const IDENTIFY: Step = step("cluster.identify", 2);
const CATEGORISE: Step = step("categorise", 6);
const FRAME: Step = step("frame", 8);
const SCORE: Step = step("score", 8);
const PRIORITISE: Step = step("prioritise", 3);
pub(crate) const SPECIFY: Step = step("specify", 19);
const SYNC: Step = step("sync", 1);
pub(crate) const LINT: Step = step("lint", 7);
pub(crate) const RENDER_INDEX: Step = step("render.index", 1);

/// The step that prints one part of a specification's folder. Its input holds the edition of the printing code, so that
/// its version stays.
pub(crate) fn render_step(part: &str) -> Step {
    match part {
        "document" => step("render.document", 1),
        "stories" => step("render.stories", 1),
        "criteria" => step("render.criteria", 1),
        "prototype" => step("render.prototype", 1),
        "format" => step("render.format", 1),
        "blueprint" => step("render.blueprint", 1),
        _ => step("render.other", 1),
    }
}

/// Runs stages one after the other and reports each.
pub(crate) struct Stages<'a> {
    engine: &'a Engine<'a>,
    settings: &'a Settings,
    rubric: &'a Rubric,
    code: Option<&'a CodeMap>,
    host: &'a dyn Host,
    progress: &'a mut dyn RunProgress,
    reports: Vec<StageReport>,
    started: (f64, usize),
}

/// What is left when all stages have run.
pub(crate) struct Kept {
    pub(crate) reports: Vec<StageReport>,
}

/// Stage 1's result.
pub(crate) struct Collected {
    records: Vec<Record>,
    people: BTreeMap<throughline_model::PersonId, throughline_model::Person>,
    accounts: BTreeMap<throughline_model::AccountId, throughline_model::Account>,
    /// Why people and companies are one, or may be.
    pub(crate) links: Vec<Link>,
    usage: Usage,
    as_of: Option<throughline_model::Timestamp>,
}

/// Stage 4's result.
pub(crate) struct Voices {
    pub(crate) voice_from_signal: Vec<VoiceId>,
    /// Why signals share a voice.
    pub(crate) links: Vec<Link>,
    /// Fingerprint of everything that was said, whoever said it.
    told: Fingerprint,
    /// The same with who said it.
    said: Fingerprint,
}

/// Stage 5's result.
pub(crate) struct Partition {
    groups: Vec<Group>,
    confidence: Vec<Vec<f64>>,
    /// Members and most central member of each group as the clustering gave them, for what is settled.
    found: (Vec<Vec<SignalId>>, Vec<SignalId>),
    pub(crate) changes: Vec<Change>,
    pub(crate) lineage: Lineage,
}

impl Partition {
    /// The insight of each signal, by position, with its certainty.
    pub(crate) fn membership(&self, n_signals: usize) -> Vec<Option<(InsightId, f64)>> {
        let mut membership = vec![None; n_signals];
        for (group, confidence) in self.groups.iter().zip(&self.confidence) {
            for (&at, &sure) in group.members.iter().zip(confidence) {
                membership[at] = Some((group.id, sure));
            }
        }
        membership
    }

    /// Signals in no insight.
    pub(crate) fn unassigned(&self, corpus: &Corpus) -> Vec<SignalId> {
        let membership = self.membership(corpus.signals.len());
        corpus
            .signals
            .iter()
            .zip(membership)
            .filter(|(_, in_insight)| in_insight.is_none())
            .map(|(s, _)| s.id)
            .collect()
    }
}

/// An insight's specification, or why there is none.
pub type Specified = (InsightId, Result<Spec, String>);

/// What one department is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// Name of the department.
    pub department: String,
    /// Insights that concern it, in rank order, each with the reason.
    pub items: Vec<DigestItem>,
}

/// One line of a digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DigestItem {
    /// The insight.
    pub insight_id: InsightId,
    /// Its name.
    pub label: String,
    /// Why it concerns the department.
    pub because: String,
}

impl<'a> Stages<'a> {
    pub(crate) fn new(
        engine: &'a Engine<'a>,
        settings: &'a Settings,
        rubric: &'a Rubric,
        code: Option<&'a CodeMap>,
        host: &'a dyn Host,
        progress: &'a mut dyn RunProgress,
    ) -> Self {
        Self { engine, settings, rubric, code, host, progress, reports: Vec::new(), started: (0.0, 0) }
    }

    pub(crate) fn finish(self) -> Kept {
        Kept { reports: self.reports }
    }

    fn begin(&mut self, name: &'static str) {
        self.progress.stage_started(name);
        self.started = (self.host.elapsed_secs(), self.engine.log().steps().len());
    }

    /// Reports the stage begun last. `n_in` and cached come from the engine's log of the stage's main step.
    fn end(&mut self, name: &'static str, n_out: usize) {
        let (since, n_steps) = self.started;
        let log = self.engine.log();
        let steps = &log.steps()[n_steps..];
        let main = steps.iter().find(|step| step.name == name);
        let is_all_known = steps.iter().all(|step| step.n_cached() == step.n_in);
        let n_in = main.map_or(0, |step| step.n_in);
        let n_cached = main.map_or(0, throughline_engine::StepLog::n_cached);
        let report = StageReport {
            stage: name.to_owned(),
            n_in,
            n_out,
            // A stage is wholly cached only when its side steps were, too.
            n_cached: if is_all_known { n_in } else { n_cached.min(n_in.saturating_sub(1)) },
            seconds: self.host.elapsed_secs() - since,
        };
        self.progress.stage_done(&report);
        self.reports.push(report);
    }

    /// Stage 1: raw records to canonical ones; events to statements; people and accounts resolved.
    pub(crate) fn collect(
        &mut self,
        inputs: &dyn Inputs,
        standing: &Standing,
        options: RunOptions,
    ) -> Result<Collected, Error> {
        self.begin("collect");
        let stored = inputs.records()?;
        let identify = |stored: &StoredRecord| (stored.id.0, stored.fingerprint);
        let known: Vec<Option<Canonical>> = self.engine.each(COLLECT, &stored, identify, |stored| {
            stored.decode().ok().map(|raw| collect::canonical(&raw, stored.id))
        })?;
        // A record whose bytes are damaged is an error of the store, told as such.
        if let Some(damaged) = stored.iter().zip(&known).find(|(_, canonical)| canonical.is_none()) {
            damaged.0.decode()?;
        }
        // Each form of the records gives way to the next: of a million only one may fill the memory.
        drop(stored);
        let mut canonical: Vec<Canonical> = known.into_iter().flatten().collect();
        let (observed, usage) = self.observe(inputs)?;
        canonical.extend(observed);
        let identities = Identities::new(&canonical, &inputs.accounts()?, &self.settings.product, standing);
        let mut records: Vec<Record> =
            canonical.into_par_iter().map(|canonical| identities.resolve(&canonical)).collect();
        records.par_sort_by_key(|record| record.id);
        let newest = records
            .iter()
            .flat_map(|record| record.created_at.into_iter().chain(record.parts.iter().filter_map(|p| p.at)));
        let as_of = options.as_of.or_else(|| newest.max());
        self.end("collect", records.len());
        let Identities { people, accounts, links, .. } = identities;
        Ok(Collected { records, people, accounts, links, usage, as_of })
    }

    /// Statements and counts from events, kept as a whole: they change only when events or funnels do.
    fn observe(&self, inputs: &dyn Inputs) -> Result<(Vec<Canonical>, Usage), Error> {
        let mut fold = Fold::default();
        fold.add(inputs.events_fingerprint()?).value(&self.settings.funnels).value(&self.settings.surfaces);
        let observed: observe::Observed = self.engine.try_whole(OBSERVE, 1, fold.finish(), || {
            let mut observer = observe::Observer::new(self.settings);
            inputs.each_event(&mut |event| observer.take(&event))?;
            Ok::<_, throughline_store::Error>(observer.finish())
        })??;
        let canonical = observed
            .statements
            .iter()
            .map(|raw| {
                let id = RecordId::of(&[b"observed", raw.source.as_bytes(), raw.external_id.as_bytes()]);
                collect::canonical(raw, id)
            })
            .collect();
        let usage = Usage {
            n_active: observed.usage.n_active,
            n_people_by_surface: observed.usage.n_people_by_surface,
            friction_by_surface: observed
                .usage
                .friction_by_surface
                .into_iter()
                .map(|(surface, (n_sessions, n_troubled))| {
                    (surface, throughline_score::facts::Friction { n_sessions, n_troubled })
                })
                .collect(),
            funnel_counts: observed.usage.funnel_counts,
        };
        Ok((canonical, usage))
    }

    /// Stage 2: records to statements.
    pub(crate) fn segment(&mut self, collected: &Collected) -> Result<Vec<Vec<Signal>>, Error> {
        self.begin("segment");
        let identify = |record: &Record| (record.id.0, Fingerprint::of(record));
        let signals = self.engine.each(SEGMENT, &collected.records, identify, segment::signals)?;
        self.end("segment", signals.iter().map(Vec::len).sum());
        Ok(signals)
    }

    /// Stage 3: language, kind, sentiment and phrases of each statement.
    pub(crate) fn enrich(
        &mut self,
        collected: Collected,
        segmented: Vec<Vec<Signal>>,
    ) -> Result<(Corpus, Usage), Error> {
        self.begin("enrich");
        let enricher = enrich::Enricher::new(self.settings);
        let names = Fingerprint::of(&self.settings.strategy.competitors);
        let items: Vec<(&Record, Vec<Signal>)> = collected.records.iter().zip(segmented).collect();
        let identify = |(record, signals): &(&Record, Vec<Signal>)| {
            let mut fold = Fold::default();
            fold.add(names).value(record).value(signals);
            (record.id.0, fold.finish())
        };
        let enriched =
            self.engine.each(ENRICH, &items, identify, |(record, signals)| enricher.enrich(record, signals.clone()))?;
        let signals: Vec<Signal> = enriched.into_iter().flatten().collect();
        self.end("enrich", signals.len());
        let Collected { records, people, accounts, usage, as_of, .. } = collected;
        Ok((Corpus { records, signals, people, accounts, as_of }, usage))
    }

    /// Stage 4: statements to voices.
    pub(crate) fn deduplicate(&mut self, corpus: &Corpus, standing: &Standing) -> Result<Voices, Error> {
        self.begin("deduplicate");
        let n = corpus.signals.len();
        let told = told(corpus);
        let said = said(corpus, told);
        let mut input = Fold::default();
        let ruled =
            standing.links.values().filter(|(ends, _)| matches!(ends, Ends::Statements(..) | Ends::Records(..)));
        input.add(said).value(&ruled.collect::<Vec<_>>());
        let deduplicate::Said { voices: voice_from_signal, links } =
            self.engine.whole(DEDUPLICATE, n, input.finish(), || deduplicate::voices(corpus, standing))?;
        let distinct: std::collections::BTreeSet<_> = voice_from_signal.iter().collect();
        self.end("deduplicate", distinct.len());
        Ok(Voices { voice_from_signal, links, told, said })
    }

    /// Stage 5: statements to groups with ids.
    pub(crate) fn cluster(&mut self, corpus: &Corpus, voices: &Voices, given: Given<'_>) -> Result<Partition, Error> {
        self.begin("cluster");
        let previous = given.lineage;
        let encode = |model: &Model| model.encode(self.engine, ENCODE, cluster::sentence::sentences(corpus));
        let encoded = given.encoder.map(encode).transpose()?;
        // Who said it does not change what it is about: groups stay while the statements do.
        let mut grouped = Fold::default();
        grouped.add(voices.told);
        if let Some(model) = given.encoder {
            grouped.bytes(model.id().as_bytes());
        }
        let grouped = grouped.finish();
        let before = cluster::Before { groups: &previous.groups, is_same: previous.grouped == grouped.0 };
        let input = if before.is_same {
            grouped_again(grouped, &previous.groups)
        } else {
            let mut input = Fold::default();
            input.add(grouped).add(voices.said).value(&voices.voice_from_signal).value(&previous.groups);
            input.finish()
        };
        let found: cluster::Found = self.engine.whole(CLUSTER, corpus.signals.len(), input, || {
            cluster::partition(corpus, &voices.voice_from_signal, before, encoded.as_ref())
        })?;
        let clusters = &found.clusters;
        let signal = |at: usize| corpus.signals[at].id;
        let groups: Vec<Vec<SignalId>> =
            clusters.iter().map(|cluster| cluster.members.iter().map(|&at| signal(at)).collect()).collect();
        let centres: Vec<SignalId> = clusters.iter().map(|cluster| signal(cluster.centre)).collect();
        let meant = lineage::meant_beside(&previous.insights, &given.standing.meant);
        let named: Identified = self.engine.whole(
            IDENTIFY,
            groups.len(),
            identified(&groups, &centres, &previous.insights, &meant),
            || lineage::identify(&groups, &centres, &previous.insights, &meant),
        )?;
        let mut insights: Vec<Known> = named
            .ids
            .iter()
            .zip(&named.labels)
            .zip(&groups)
            .map(|((id, label), members)| {
                let mut members = members.clone();
                members.sort_unstable();
                Known { id: *id, label: label.clone().unwrap_or_default(), members }
            })
            .collect();
        insights.sort_by_key(|known| known.id);
        let lineage = Lineage { insights, groups: found.groups.clone(), grouped: grouped.0 };
        // The same again gives the same again: known before anybody asks.
        let again = grouped_again(grouped, &lineage.groups);
        if again != input {
            self.engine.keep(CLUSTER, again, &found)?;
        }
        let mut order: Vec<usize> = (0..clusters.len()).collect();
        order.sort_by_key(|&i| named.ids[i]);
        let held = order
            .iter()
            .map(|&i| {
                let label = named.labels[i].clone();
                let group = Group { id: named.ids[i], label, members: clusters[i].members.clone() };
                (group, clusters[i].confidence.clone())
            })
            .collect();
        let held = judged::arranged(corpus, held, given.standing, &named.went_into);
        let (members, confidence): (Vec<Group>, Vec<Vec<f64>>) = held.into_iter().unzip();
        self.end("cluster", members.len());
        Ok(Partition { groups: members, confidence, found: (groups, centres), changes: named.changes, lineage })
    }

    /// Stage 6: groups to insights. Names become part of the lineage, so that they are kept; those that people gave are
    /// laid over them and lie with the judgements.
    pub(crate) fn categorise(
        &mut self,
        corpus: &Corpus,
        voices: &Voices,
        partition: &mut Partition,
        standing: &Standing,
    ) -> Result<Vec<Insight>, Error> {
        self.begin("categorise");
        let named: Vec<(InsightId, Option<&str>, &[usize])> =
            partition.groups.iter().map(|group| (group.id, group.label.as_deref(), &group.members[..])).collect();
        let mut input = Fold::default();
        input.add(signals(corpus)).value(&corpus.as_of).value(&voices.voice_from_signal).value(&named);
        let mut insights: Vec<Insight> =
            self.engine.whole(CATEGORISE, partition.groups.len(), input.finish(), || {
                insight::insights(corpus, &voices.voice_from_signal, &partition.groups)
            })?;
        let label_from_id: BTreeMap<InsightId, &String> =
            insights.iter().map(|insight| (insight.id, &insight.label)).collect();
        for known in &mut partition.lineage.insights {
            if let Some(label) = label_from_id.get(&known.id) {
                known.label.clone_from(label);
            }
        }
        self.settle(corpus, voices, partition, standing, &insights)?;
        judged::rename(&mut insights, &standing.names);
        self.end("categorise", insights.len());
        Ok(insights)
    }

    /// Once stages 5 and 6 have run, what they would say of the same groups with the new lineage is known: the same ids
    /// and names, and no changes. Keeping that lets the next run find everything known.
    fn settle(
        &self,
        corpus: &Corpus,
        voices: &Voices,
        partition: &Partition,
        standing: &Standing,
        insights: &Vec<Insight>,
    ) -> Result<(), Error> {
        let (groups, centres) = &partition.found;
        let remembered = &partition.lineage.insights;
        let meant = lineage::meant_beside(remembered, &standing.meant);
        let settled = lineage::identify(groups, centres, remembered, &meant);
        self.engine.keep(IDENTIFY, identified(groups, centres, remembered, &meant), &settled)?;
        let label_from_id: BTreeMap<InsightId, &str> =
            remembered.iter().map(|known| (known.id, known.label.as_str())).collect();
        let named: Vec<(InsightId, Option<&str>, &[usize])> = partition
            .groups
            .iter()
            .map(|group| (group.id, label_from_id.get(&group.id).copied(), &group.members[..]))
            .collect();
        let mut input = Fold::default();
        input.add(signals(corpus)).value(&corpus.as_of).value(&voices.voice_from_signal).value(&named);
        self.engine.keep(CATEGORISE, input.finish(), insights)?;
        Ok(())
    }

    /// Stage 7: insights to needs.
    pub(crate) fn frame(&mut self, corpus: &Corpus, insights: &[Insight]) -> Result<Vec<Vec<Need>>, Error> {
        self.begin("frame");
        let personas = personas(self.settings);
        let at = corpus.index_from_signal();
        let identify = |insight: &Insight| {
            let mut fold = Fold::default();
            // Of an insight only what needs are read from: its neighbours and its area may change without it.
            fold.value(&(insight.id, &insight.label, insight.kind, &insight.members)).value(&personas);
            fold.value(&(&insight.quotes, &insight.dissent));
            for position in insight.members.iter().filter_map(|id| at.get(id)) {
                let signal = &corpus.signals[*position];
                let speaker = signal.person.and_then(|person| corpus.people.get(&person));
                fold.value(signal).bytes(corpus.text(signal).as_bytes()).value(&speaker.map(|person| &person.role));
            }
            (insight.id.0, fold.finish())
        };
        let needs = self
            .engine
            .each(FRAME, insights, identify, |insight| throughline_frames::needs(insight, corpus, &personas))?;
        self.end("frame", needs.iter().map(Vec::len).sum());
        Ok(needs)
    }

    /// Stage 8: the 77 checks.
    pub(crate) fn score(
        &mut self,
        given: throughline_score::Given<'_>,
        insights: &[Insight],
        needs: &[Vec<Need>],
    ) -> Result<Vec<Score>, Error> {
        self.begin("score");
        let rubric = self.rubric;
        let settings = &usable(self.settings, given.corpus.as_of);
        let throughline_score::Given { corpus, voices, usage, code, .. } = given;
        let given = throughline_score::Given { settings, ..given };
        let mut input = Fold::default();
        input.value(&(&rubric.version, rubric.content)).add(signals(corpus)).value(&corpus.as_of);
        input.value(settings).value(usage);
        input.value(&corpus.accounts).value(&corpus.people).value(insights).value(needs).value(voices).value(&code);
        let scores = self.engine.whole(SCORE, insights.len(), input.finish(), || {
            let facts = Facts::new(given, insights, needs, &rubric.references);
            throughline_score::scores(rubric, &facts, insights, needs)
        })?;
        self.end("score", scores.len());
        Ok(scores)
    }

    /// Stage 9: rank and bands, then now, next and later.
    pub(crate) fn prioritise(
        &mut self,
        corpus: &Corpus,
        insights: &[Insight],
        needs: &[Vec<Need>],
        scores: &[Score],
        decisions: &[Decision],
    ) -> Result<Plan, Error> {
        self.begin("prioritise");
        let (rubric, settings) = (self.rubric, &usable(self.settings, corpus.as_of));
        let mut input = Fold::default();
        input.value(&rubric.content).value(insights).value(needs).value(&unweighted(scores));
        input.value(&corpus.as_of).value(decisions);
        input.value(&(&settings.capacity, &settings.effort, &settings.strategy, &settings.roadmap));
        let plan = self.engine.whole(PRIORITISE, insights.len(), input.finish(), || {
            planned(rubric, settings, corpus.as_of, insights, needs, scores, decisions)
        })?;
        self.end("prioritise", plan.places.len());
        Ok(plan)
    }

    /// Stage 10: the first insights in rank order to specifications.
    pub(crate) fn specify(
        &mut self,
        corpus: &Corpus,
        insights: &[Insight],
        needs: &[Vec<Need>],
        scores: &[Score],
        plan: &Plan,
        n: usize,
    ) -> Result<Vec<Specified>, Error> {
        self.begin("specify");
        let at: BTreeMap<InsightId, usize> = insights.iter().enumerate().map(|(i, insight)| (insight.id, i)).collect();
        let chosen: Vec<(usize, &throughline_model::plan::Place)> =
            plan.places.iter().take(n).filter_map(|place| Some((*at.get(&place.insight_id)?, place))).collect();
        let slices = Slices::new(corpus);
        let cast = cast(self.settings, corpus, insights, needs);
        let items: Vec<ToSpecify<'_>> = chosen
            .par_iter()
            .map(|&(i, place)| {
                let (insight, needs, score) = (&insights[i], &needs[i][..], &scores[i]);
                ToSpecify::new(insight, needs, score, place, slices.of(insight, needs, score), &cast, corpus)
                    .beside(self.code)
            })
            .collect();
        let specs = specify_each(self.engine, self.settings, &items)?;
        self.end("specify", specs.iter().filter(|spec| spec.is_ok()).count());
        Ok(chosen.iter().map(|(i, _)| insights[*i].id).zip(specs).collect())
    }

    /// Stage 11: what each department is told. Nothing is sent from here: deliveries go through an outbox once
    /// connectors exist.
    pub(crate) fn sync(&mut self, insights: &[Insight], plan: &Plan) -> Result<Vec<Digest>, Error> {
        self.begin("sync");
        let mut input = Fold::default();
        input.value(insights).value(plan).value(&self.settings.departments);
        let n = self.settings.departments.len();
        let digests = self.engine.whole(SYNC, n, input.finish(), || digests(self.settings, insights, plan))?;
        self.end("sync", digests.iter().map(|digest| digest.items.len()).sum());
        Ok(digests)
    }
}

/// Names and roles of the declared personas, which needs are read with.
pub(crate) fn personas(settings: &Settings) -> Vec<String> {
    let personas = settings.strategy.personas.iter().flatten();
    personas.flat_map(|persona| std::iter::once(persona.name.clone()).chain(persona.roles.iter().cloned())).collect()
}

/// The personas of a workspace.
pub(crate) fn cast(settings: &Settings, corpus: &Corpus, insights: &[Insight], needs: &[Vec<Need>]) -> Cast {
    let asked: Vec<(&Insight, &[Need])> = insights.iter().zip(needs.iter().map(Vec::as_slice)).collect();
    throughline_specify::persona::cast(corpus, &asked, &settings.strategy)
}

/// What one specification is made from.
pub(crate) struct ToSpecify<'a> {
    pub(crate) insight: &'a Insight,
    pub(crate) needs: &'a [Need],
    pub(crate) score: &'a Score,
    pub(crate) place: &'a throughline_model::plan::Place,
    /// What is read of the corpus.
    pub(crate) slice: Corpus,
    /// What is read of the personas.
    pub(crate) cast: Cast,
    /// Accounts of the whole corpus.
    pub(crate) n_accounts: u32,
    /// What is read of the code; none while nobody read it.
    pub(crate) code: Option<CodeMap>,
}

impl<'a> ToSpecify<'a> {
    pub(crate) fn new(
        insight: &'a Insight,
        needs: &'a [Need],
        score: &'a Score,
        place: &'a throughline_model::plan::Place,
        slice: Corpus,
        cast: &Cast,
        corpus: &Corpus,
    ) -> Self {
        let cast = throughline_specify::persona::read_of(cast, &slice);
        Self { insight, needs, score, place, slice, cast, n_accounts: corpus.accounts.len() as u32, code: None }
    }

    /// Beside the code that exists.
    pub(crate) fn beside(mut self, code: Option<&CodeMap>) -> Self {
        self.code = code.map(|code| throughline_specify::blueprint::read_of(code, self.insight.id));
        self
    }
}

/// The specifications of some insights; those whose input did not change are known.
pub(crate) fn specify_each(
    engine: &Engine<'_>,
    settings: &Settings,
    items: &[ToSpecify<'_>],
) -> Result<Vec<Result<Spec, String>>, Error> {
    let identify = |item: &ToSpecify<'_>| {
        let mut fold = Fold::default();
        let score = Score { weighted_total: None, ..item.score.clone() };
        fold.value(item.insight).value(item.needs).value(&score).value(item.place);
        fold.value(&settings.strategy).value(&settings.product.name).value(&settings.product.terms);
        fold.value(&item.cast).value(&item.n_accounts).value(&item.code).add(slices::fingerprint(&item.slice));
        (item.insight.id.0, fold.finish())
    };
    Ok(engine.each(SPECIFY, items, identify, |item| specified(settings, item))?)
}

/// One insight's specification, or why there is none.
pub(crate) fn specified(settings: &Settings, item: &ToSpecify<'_>) -> Result<Spec, String> {
    let input = throughline_specify::Input {
        insight: item.insight,
        needs: item.needs,
        corpus: &item.slice,
        score: Some(item.score),
        place: Some(item.place),
        strategy: &settings.strategy,
        product_name: settings.product.name.as_deref().unwrap_or("the product"),
        frames: Frames::builtin(),
        workspace: throughline_specify::Workspace {
            terms: &settings.product.terms,
            cast: Some(&item.cast),
            n_accounts: Some(item.n_accounts),
        },
    };
    match throughline_specify::specify(&input) {
        throughline_specify::Outcome::Specified(mut spec) => {
            if let Some(code) = &item.code {
                throughline_specify::blueprint::ground(&mut spec, code);
            }
            Ok(*spec)
        }
        throughline_specify::Outcome::Abstained { why } => Err(why),
    }
}

/// Scores as stages after scoring read them: the team's own weights are for the eye and change nothing there.
fn unweighted(scores: &[Score]) -> Vec<Score> {
    scores.iter().map(|score| Score { weighted_total: None, ..score.clone() }).collect()
}

/// Items fingerprinted by one task. Part of what a fingerprint means: another number is another fingerprint.
const FOLDED_ITEMS: usize = 1024;

/// Fingerprint of many items, in parallel and in their order.
fn folded<T: Sync>(items: &[T], add: impl Fn(&mut Fold, &T) + Sync) -> Fingerprint {
    let parts: Vec<Fingerprint> = items
        .par_chunks(FOLDED_ITEMS)
        .map(|items| {
            let mut fold = Fold::default();
            for item in items {
                add(&mut fold, item);
            }
            fold.finish()
        })
        .collect();
    let mut fold = Fold::default();
    for part in parts {
        fold.add(part);
    }
    fold.finish()
}

/// Everything that was said: ids and texts, whoever said it.
fn told(corpus: &Corpus) -> Fingerprint {
    folded(&corpus.signals, |fold, signal| {
        fold.bytes(&signal.id.0.to_le_bytes()).bytes(corpus.text(signal).as_bytes());
        fold.value(&(signal.kind, signal.language, signal.source_kind, signal.record_id));
    })
}

/// The same with who said it, and in what.
fn said(corpus: &Corpus, told: Fingerprint) -> Fingerprint {
    let who = folded(&corpus.signals, |fold, signal| {
        fold.value(&(signal.person, signal.account, signal.side));
    });
    let records = folded(&corpus.records, |fold, record| {
        fold.value(&(record.id, &record.thread, &record.source)).bytes(record.text.as_bytes());
    });
    let mut fold = Fold::default();
    fold.add(told).add(who).add(records);
    for person in corpus.people.values() {
        fold.value(&(person.id, &person.name));
    }
    fold.finish()
}

/// What clustering reads of statements that are the same as in the last run: their groups.
fn grouped_again(grouped: Fingerprint, groups: &[Vec<SignalId>]) -> Fingerprint {
    let mut fold = Fold::default();
    fold.bytes(b"again").add(grouped).value(&groups);
    fold.finish()
}

/// What naming groups reads: the groups, the insights of the last run, and those that judgements name.
fn identified(groups: &[Vec<SignalId>], centres: &[SignalId], remembered: &[Known], meant: &[Known]) -> Fingerprint {
    Fingerprint::of(&(groups, centres, remembered, meant))
}

/// Everything known of signals.
fn signals(corpus: &Corpus) -> Fingerprint {
    let signals = folded(&corpus.signals, |fold, signal| {
        fold.value(signal).bytes(corpus.text(signal).as_bytes());
    });
    let records = folded(&corpus.records, |fold, record| {
        fold.value(&(record.id, record.source_kind, record.created_at, record.rating_unit));
    });
    let mut fold = Fold::default();
    fold.add(signals).add(records);
    fold.finish()
}

/// A digest per department: the insights whose words or category touch what concerns it.
fn digests(settings: &Settings, insights: &[Insight], plan: &Plan) -> Vec<Digest> {
    use throughline_text::Language;
    use throughline_text::token::content_words;
    let stems =
        |text: &str| content_words(text, Language::English).into_iter().map(|word| word.stem).collect::<Vec<_>>();
    let by_id: BTreeMap<InsightId, &Insight> = insights.iter().map(|insight| (insight.id, insight)).collect();
    let ranked: Vec<&Insight> = plan.places.iter().filter_map(|place| by_id.get(&place.insight_id).copied()).collect();
    settings
        .departments
        .iter()
        .map(|department| {
            let concerns: Vec<(&String, Vec<String>)> =
                department.concerns.iter().map(|words| (words, stems(words))).collect();
            let items = ranked
                .iter()
                .filter_map(|insight| {
                    let said: Vec<String> = stems(&insight.label)
                        .into_iter()
                        .chain(stems(insight.category.word()))
                        .chain(insight.quotes.iter().flat_map(|quote| stems(&quote.text)))
                        .collect();
                    let concern = concerns.iter().find(|(_, words)| words.iter().any(|word| said.contains(word)))?;
                    Some(DigestItem {
                        insight_id: insight.id,
                        label: insight.label.clone(),
                        because: format!("it touches “{}”", concern.0),
                    })
                })
                .take(12)
                .collect();
            Digest { department: department.name.clone(), items }
        })
        .collect()
}
