//! Revisions: what was accepted is kept with its files, later compiles are updates against it, and one can return to it.
//!
//! A revision is an input. It is written as JSON and keeps its files by content, so that it can be read and its bytes
//! restored whatever the program becomes. The revision that compiles are held against is the last one accepted or
//! returned to.
//! Invariant: a revision is never changed; only forgetting takes out of it what rests on what is forgotten.

use crate::Error;
use crate::artifacts;
use crate::editing::{Made, edits, make};
use crate::judging::Gone;
use crate::session::{Ranked, Session};
use crate::slices;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use throughline_engine::{Engine, Fingerprint, Fold};
use throughline_model::edit::{Edit, not_undone};
use throughline_model::revision::{
    Accepted, Difference, Grounds, Kind, Line, Planned, Printed, Revision, Since, differences, lines,
};
use throughline_model::spec::{Artifact, Spec};
use throughline_model::{Insight, InsightId, Score, Settings};

/// Name of the list of revisions among the values of the inputs.
const LIST: &str = "revisions";

/// Which revisions there are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct List {
    /// Their numbers, ascending.
    numbers: Vec<u32>,
    /// The one that compiles are held against.
    base: Option<u32>,
}

/// How one specification differs between two revisions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpecDifference {
    /// The insight.
    pub insight_id: InsightId,
    /// Title of the specification.
    pub title: String,
    /// Whether it came, went or changed.
    pub kind: Kind,
    /// Lines that differ; empty when it came or went.
    pub differences: Vec<Difference>,
}

/// How the plan differs for one insight.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanDifference {
    /// The insight.
    pub insight_id: InsightId,
    /// Its name.
    pub label: String,
    /// Rank and horizon before; none when it was not there.
    pub before: Option<(u32, String)>,
    /// Rank and horizon after.
    pub after: Option<(u32, String)>,
}

/// How two revisions differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RevisionDifference {
    /// Specifications that differ.
    pub specs: Vec<SpecDifference>,
    /// Places that differ.
    pub plan: Vec<PlanDifference>,
}

fn name_of(number: u32) -> String {
    format!("revision.{number}")
}

fn name_of_bytes(mark: &str) -> String {
    format!("artefact.{mark}")
}

fn hex(fingerprint: Fingerprint) -> String {
    fingerprint.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|source| damaged("a revision", source))
}

fn damaged(what: &str, source: serde_json::Error) -> Error {
    Error::Store(throughline_store::Error::Damaged { what: what.to_owned(), source: Box::new(source) })
}

/// What a specification was made from.
pub(crate) fn grounds(settings: &Settings, made: &Made, edits: &[Edit]) -> Grounds {
    let Ranked { insight, score, place, needs } = &made.ranked;
    let mut evidence = Fold::default();
    evidence.add(slices::fingerprint(&made.slice)).value(insight).value(needs);
    let score = Score { weighted_total: None, ..score.clone() };
    let of_insight = not_undone(edits).into_iter().filter(|edit| edit.insight.id == insight.id);
    Grounds {
        evidence: hex(evidence.finish()),
        score: hex(Fingerprint::of(&(&score, place))),
        strategy: hex(Fingerprint::of(&(&settings.strategy, &settings.product.name))),
        program: format!("{} {}", env!("CARGO_PKG_VERSION"), artifacts::edition()),
        edits: of_insight.map(|edit| edit.id).collect(),
    }
}

/// Where a specification stands beside what was accepted; none when it was never accepted.
pub(crate) fn since(base: &Revision, settings: &Settings, made: &Made, edits: &[Edit]) -> Option<Since> {
    let accepted = base.specs.iter().find(|accepted| accepted.insight_id == made.ranked.insight.id)?;
    let (spec, sentences) = made.spec.as_ref().ok()?;
    let now = lines(spec, sentences);
    let differences = differences((&accepted.lines, &accepted.grounds), (&now, &grounds(settings, made, edits)));
    Some(Since { number: accepted.number, by: accepted.by.clone(), why: accepted.why.clone(), differences })
}

impl Session {
    fn list(&self) -> Result<List, Error> {
        let bytes = self.inputs().value(LIST)?;
        let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes).map_err(|e| damaged("the list of revisions", e));
        Ok(bytes.map(read).transpose()?.unwrap_or_default())
    }

    /// A revision by its number.
    ///
    /// # Errors
    /// When there is none, or the store fails.
    pub fn revision(&self, number: u32) -> Result<Revision, Error> {
        let not_found = || Error::NotFound {
            what: "revision",
            id: number.to_string(),
            hint: "`throughline revisions` lists them with their numbers",
        };
        let bytes = self.inputs().value(&name_of(number))?.ok_or_else(not_found)?;
        serde_json::from_slice(&bytes).map_err(|source| damaged(&format!("revision {number}"), source))
    }

    /// All revisions, oldest first, and the number of the one that compiles are held against.
    ///
    /// # Errors
    /// When the store fails.
    pub fn revisions(&self) -> Result<(Vec<Revision>, Option<u32>), Error> {
        let List { numbers, base } = self.list()?;
        Ok((numbers.into_iter().map(|number| self.revision(number)).collect::<Result<_, _>>()?, base))
    }

    /// Numbers of all revisions, oldest first, and of the one that compiles are held against.
    pub(crate) fn revision_numbers(&self) -> Result<(Vec<u32>, Option<u32>), Error> {
        let List { numbers, base } = self.list()?;
        Ok((numbers, base))
    }

    /// The revision that compiles are held against.
    pub(crate) fn base(&self) -> Result<Option<Revision>, Error> {
        self.list()?.base.map(|number| self.revision(number)).transpose()
    }

    /// Accepts specifications as they stand, edits included: keeps a numbered revision of them and of the plan, with the
    /// bytes of all files. Insights are named by id or rank; without any, all that a compile specifies. What was accepted
    /// before and is not named stays as it was accepted.
    ///
    /// # Errors
    /// When an insight is unknown or has no specification, nothing has been run yet, a quote does not match its record,
    /// or the store fails.
    pub fn accept(&mut self, names: &[String], by: &str, why: &str) -> Result<Revision, Error> {
        let list = self.list()?;
        let number = list.numbers.last().map_or(1, |last| last + 1);
        let base = self.base()?;
        let edits = edits(self)?;
        let engine = Engine::new(self.memo(), &|| false);
        let known = self.found()?;
        let read = if known.is_none() { Some((self.corpus()?.0, self.ranked(0)?)) } else { None };
        let (corpus, all) = match (&known, &read) {
            (Some(found), _) => (&found.corpus, found.ranked.as_slice()),
            (None, Some((corpus, all))) => (corpus, all.as_slice()),
            (None, None) => return Err(Error::NotRun),
        };
        let chosen = self.chosen(names)?;
        let mut made = match &known {
            Some(found) => found.made(&engine, chosen, &edits)?,
            None => make(
                &engine,
                self.settings(),
                corpus,
                &artifacts::cast_of(self.settings(), corpus, all),
                chosen,
                &edits,
                self.code_map(),
            )?,
        };
        if !names.is_empty() {
            // What is named must be there; of a default choice what has no specification is left out.
            if let Some(Made { ranked, spec: Err(why), .. }) = made.iter().find(|made| made.spec.is_err()) {
                return Err(Error::Edit {
                    item: ranked.insight.id.to_string(),
                    problem: format!("has no specification: {why}"),
                    remedy: "leave it out, or record a decision alone".to_owned(),
                });
            }
        }
        made.retain(|made| made.spec.is_ok());
        for made in &mut made {
            made.since = Some(Since { number, by: by.to_owned(), why: why.to_owned(), differences: Vec::new() });
        }
        let new: BTreeSet<InsightId> = made.iter().map(|made| made.ranked.insight.id).collect();
        let kept: Vec<Accepted> = base
            .map(|base| base.specs.into_iter().filter(|spec| !new.contains(&spec.insight_id)).collect())
            .unwrap_or_default();
        let known = kept.iter().filter_map(|spec| Some((spec.insight_id, spec.title.clone(), folder_in(&spec.files)?)));
        let mut compiled = artifacts::compile(
            &engine,
            self.settings(),
            all,
            &made,
            &self.digests()?,
            &artifacts::Beside { entries: known.collect(), ..artifacts::Beside::default() },
        )?;
        artifacts::add_workspace(&mut compiled, self.settings(), corpus, all, &made);
        let mut values: Vec<(String, Option<Vec<u8>>)> = Vec::new();
        let mut keep = |file: &Artifact| {
            let mark = hex(Fingerprint::of_bytes(&file.bytes));
            values.push((name_of_bytes(&mark), Some(file.bytes.clone())));
            Printed { path: file.path.clone(), mark }
        };
        let mut files: BTreeMap<InsightId, Vec<Printed>> = BTreeMap::new();
        let mut shared = Vec::new();
        for file in &compiled.files {
            let owner = new.iter().find(|id| in_folder_of(&file.path, **id));
            let printed = keep(file);
            match owner {
                Some(id) => files.entry(*id).or_default().push(printed),
                None => shared.push(printed),
            }
        }
        let mut specs = kept;
        for made in &made {
            let Ok((spec, sentences)) = &made.spec else { continue };
            let insight = &made.ranked.insight;
            specs.push(Accepted {
                insight_id: insight.id,
                label: insight.label.clone(),
                title: spec.title.clone(),
                number,
                by: by.to_owned(),
                why: why.to_owned(),
                lines: lines(spec, sentences),
                grounds: grounds(self.settings(), made, &edits),
                records: made.slice.records.iter().map(|record| record.id).collect(),
                files: files.remove(&insight.id).unwrap_or_default(),
            });
        }
        specs.sort_by_key(|spec| spec.insight_id);
        let revision = Revision {
            number,
            by: by.to_owned(),
            why: why.to_owned(),
            as_of: corpus.as_of,
            accepted: new.into_iter().collect(),
            specs,
            plan: all.iter().map(planned).collect(),
            shared,
            forgotten: Vec::new(),
        };
        let mut numbers = list.numbers;
        numbers.push(number);
        values.push((name_of(number), Some(to_json(&revision)?)));
        values.push((LIST.to_owned(), Some(to_json(&List { numbers, base: Some(number) })?)));
        self.stores().0.set_values(&values)?;
        Ok(revision)
    }

    /// The files of a revision, byte for byte as they were accepted, by path.
    ///
    /// # Errors
    /// When there is no such revision, or the store fails.
    pub fn revision_files(&self, number: u32) -> Result<Vec<Artifact>, Error> {
        let revision = self.revision(number)?;
        let all = revision.specs.iter().flat_map(|spec| &spec.files).chain(&revision.shared);
        let mut files = all
            .map(|printed| {
                let bytes = self.inputs().value(&name_of_bytes(&printed.mark))?.ok_or_else(|| Error::NotFound {
                    what: "file of a revision",
                    id: printed.path.clone(),
                    hint: "its bytes are not in the workspace",
                })?;
                Ok(Artifact { path: printed.path.clone(), bytes })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// Returns to a revision: later compiles are held against it. Gives its files, byte for byte.
    ///
    /// # Errors
    /// When there is no such revision, or the store fails.
    pub fn return_to(&mut self, number: u32) -> Result<Vec<Artifact>, Error> {
        let files = self.revision_files(number)?;
        let list = List { base: Some(number), ..self.list()? };
        self.stores().0.set_value(LIST, Some(&to_json(&list)?))?;
        Ok(files)
    }

    /// Holds later compiles against nothing, as before the first revision was accepted. No revision is lost.
    ///
    /// # Errors
    /// When the store fails.
    pub fn stand_free(&mut self) -> Result<(), Error> {
        let list = List { base: None, ..self.list()? };
        Ok(self.stores().0.set_value(LIST, Some(&to_json(&list)?))?)
    }

    /// How a revision differs from a later one, or with none from what would be compiled now.
    ///
    /// # Errors
    /// When there is no such revision, nothing has been run yet, or the store fails.
    pub fn revision_difference(&self, from: u32, to: Option<u32>) -> Result<RevisionDifference, Error> {
        let before = self.revision(from)?;
        let after = match to {
            Some(number) => self.revision(number)?,
            None => self.as_if_accepted(&before)?,
        };
        Ok(difference(&before, &after))
    }

    /// What accepting the same specifications would keep now, without their files.
    fn as_if_accepted(&self, before: &Revision) -> Result<Revision, Error> {
        let edits = edits(self)?;
        let mut chosen = Vec::new();
        for spec in &before.specs {
            match self.find(&spec.insight_id.to_string()) {
                Ok(ranked) => chosen.push(ranked),
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let made = self.made(&Engine::new(self.memo(), &|| false), chosen)?;
        let specs = made.iter().filter_map(|made| {
            let (spec, sentences) = made.spec.as_ref().ok()?;
            let grounds = grounds(self.settings(), made, &edits);
            Some(standing(&made.ranked.insight, spec, lines(spec, sentences), grounds))
        });
        Ok(now(before, specs.collect(), &self.ranked(0)?))
    }

    /// Takes out of all revisions what rests on what is forgotten. Files that belong to no one specification list every
    /// insight by name, so they go, too.
    pub(crate) fn forget_in_revisions(&mut self, gone: &Gone<'_>) -> Result<(), Error> {
        let (revisions, _) = self.revisions()?;
        let mut values = Vec::new();
        let mut dropped: BTreeSet<String> = BTreeSet::new();
        let mut left: BTreeSet<String> = BTreeSet::new();
        for mut revision in revisions {
            let is_gone = |spec: &Accepted| {
                spec.records.iter().any(|record| gone.records.contains(record))
                    || spec.lines.iter().any(|line| gone.names_them(&line.text))
            };
            let (out, stay): (Vec<Accepted>, Vec<Accepted>) = revision.specs.into_iter().partition(is_gone);
            revision.forgotten.extend(out.iter().map(|spec| spec.insight_id));
            let shared = std::mem::take(&mut revision.shared);
            dropped.extend(out.iter().flat_map(|spec| &spec.files).chain(&shared).map(|file| file.mark.clone()));
            left.extend(stay.iter().flat_map(|spec| &spec.files).map(|file| file.mark.clone()));
            revision.specs = stay;
            revision.specs.iter_mut().for_each(|spec| spec.label.clear());
            revision.plan.iter_mut().for_each(|planned| planned.label.clear());
            values.push((name_of(revision.number), Some(to_json(&revision)?)));
        }
        values.extend(dropped.difference(&left).map(|mark| (name_of_bytes(mark), None)));
        Ok(self.stores().0.set_values(&values)?)
    }
}

/// A specification as it stands, as if it were accepted; without files.
pub(crate) fn standing(insight: &Insight, spec: &Spec, lines: Vec<Line>, grounds: Grounds) -> Accepted {
    Accepted {
        insight_id: insight.id,
        label: insight.label.clone(),
        title: spec.title.clone(),
        number: 0,
        by: String::new(),
        why: String::new(),
        lines,
        grounds,
        records: Vec::new(),
        files: Vec::new(),
    }
}

/// What accepting the same specifications as before would keep now.
pub(crate) fn now(before: &Revision, mut specs: Vec<Accepted>, ranked: &[Ranked]) -> Revision {
    specs.sort_by_key(|spec| spec.insight_id);
    Revision { specs, plan: ranked.iter().map(planned).collect(), ..before.clone() }
}

fn planned(ranked: &Ranked) -> Planned {
    Planned {
        insight_id: ranked.insight.id,
        label: ranked.insight.label.clone(),
        rank: ranked.place.rank,
        band: ranked.place.band.clone(),
        total: ranked.score.total,
        horizon: ranked.place.horizon.word().to_owned(),
    }
}

/// Whether a file lies in the folder of an insight's specification, whose name ends in its id.
pub(crate) fn in_folder_of(path: &str, insight: InsightId) -> bool {
    let id = insight.to_string();
    path.split('/').rev().skip(1).any(|folder| folder.ends_with(&id))
}

fn folder_in(files: &[Printed]) -> Option<String> {
    files.first().and_then(|file| file.path.rsplit_once('/')).map(|(folder, _)| folder.to_owned())
}

/// How one revision differs from another.
pub(crate) fn difference(before: &Revision, after: &Revision) -> RevisionDifference {
    let old: BTreeMap<InsightId, &Accepted> = before.specs.iter().map(|spec| (spec.insight_id, spec)).collect();
    let new: BTreeSet<InsightId> = after.specs.iter().map(|spec| spec.insight_id).collect();
    let whole = |spec: &Accepted, kind| SpecDifference {
        insight_id: spec.insight_id,
        title: spec.title.clone(),
        kind,
        differences: Vec::new(),
    };
    let mut specs: Vec<SpecDifference> = Vec::new();
    for spec in &after.specs {
        let Some(was) = old.get(&spec.insight_id) else {
            specs.push(whole(spec, Kind::Added));
            continue;
        };
        let found = differences((&was.lines, &was.grounds), (&spec.lines, &spec.grounds));
        if !found.is_empty() {
            specs.push(SpecDifference { differences: found, ..whole(spec, Kind::Changed) });
        }
    }
    specs.extend(before.specs.iter().filter(|spec| !new.contains(&spec.insight_id)).map(|s| whole(s, Kind::Removed)));
    let place = |planned: &Planned| (planned.rank, planned.horizon.clone());
    let was: BTreeMap<InsightId, &Planned> = before.plan.iter().map(|planned| (planned.insight_id, planned)).collect();
    let is: BTreeSet<InsightId> = after.plan.iter().map(|planned| planned.insight_id).collect();
    let moved = after
        .plan
        .iter()
        .map(|planned| (planned, was.get(&planned.insight_id).map(|was| place(was)), Some(place(planned))));
    let left = before.plan.iter().filter(|planned| !is.contains(&planned.insight_id));
    let left = left.map(|planned| (planned, Some(place(planned)), None));
    let plan = moved.chain(left).filter(|(_, before, after)| before != after).map(|(planned, before, after)| {
        PlanDifference { insight_id: planned.insight_id, label: planned.label.clone(), before, after }
    });
    RevisionDifference { specs, plan: plan.collect() }
}
