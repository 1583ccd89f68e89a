//! The doctor: what is connected, what is missing, and what each missing thing would make known.

use crate::Error;
use crate::session::Session;
use serde::Serialize;
use std::collections::BTreeMap;
use throughline_model::{CheckState, Diagnostic, InsightId};

/// What the doctor found.
#[derive(Debug, Clone, Serialize)]
pub struct Diagnosis {
    /// Problems in the settings file, by itself and beside what the last run found.
    pub settings: Vec<Diagnostic>,
    /// Sources with their numbers of records, accounts and events.
    pub sources: Vec<SourceSize>,
    /// Checks that at least one insight knows, of all.
    pub checks_known: usize,
    /// Number of checks.
    pub checks: usize,
    /// Version of the rubric.
    pub rubric_version: String,
    /// The insight of which most is known; none before the first run.
    pub best_known: Option<BestKnown>,
    /// Missing inputs, the one that would make most checks known first.
    pub missing: Vec<Missing>,
    /// Groups that nobody speaks for.
    pub blind_spots: BlindSpots,
}

/// Segments, personas and life stages that nobody speaks for.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BlindSpots {
    /// How many.
    pub n: usize,
    /// Groups that are known or declared.
    pub n_groups: usize,
    /// The first of them: those of whom most are known.
    pub first: Vec<BlindSpot>,
    /// Kinds of group that cannot be told, each with what would make them known.
    pub unknown: Vec<BlindSpot>,
}

/// A group that nobody speaks for, or a kind of group that cannot be told.
#[derive(Debug, Clone, Serialize)]
pub struct BlindSpot {
    /// `segment`, `persona` or `life stage`.
    pub kind: &'static str,
    /// Its name; empty for a kind.
    pub name: String,
    /// How many accounts or people of it are known.
    pub known: usize,
    /// What would fill the gap.
    pub to_fill: String,
}

/// Blind spots shown; `blind-spots` lists all.
const BLIND_SPOTS_SHOWN: usize = 3;

/// Who is not heard; nothing before the first run.
fn blind_spots(session: &Session) -> Result<BlindSpots, Error> {
    let found = match session.speakers() {
        Ok(found) => found,
        Err(Error::NotRun) => return Ok(BlindSpots::default()),
        Err(error) => return Err(error),
    };
    let n_groups = found.groups.len();
    let silent = found.groups.into_iter().filter_map(|group| {
        let to_fill = group.to_fill?;
        Some(BlindSpot { kind: group.kind.word(), name: group.name, known: group.n_known, to_fill })
    });
    let mut first: Vec<BlindSpot> = silent.collect();
    let n = first.len();
    first.sort_by_key(|spot| std::cmp::Reverse(spot.known));
    first.truncate(BLIND_SPOTS_SHOWN);
    let unknown = found.unknown.into_iter().map(|(kind, missing)| BlindSpot {
        kind: kind.word(),
        name: String::new(),
        known: 0,
        to_fill: missing.to_owned(),
    });
    Ok(BlindSpots { n, n_groups, first, unknown: unknown.collect() })
}

/// The insight of which most is known.
#[derive(Debug, Clone, Serialize)]
pub struct BestKnown {
    /// Its id.
    pub id: InsightId,
    /// Its name.
    pub label: String,
    /// Checks known of it.
    pub knowable: u32,
}

/// One source.
#[derive(Debug, Clone, Serialize)]
pub struct SourceSize {
    /// Its name.
    pub name: String,
    /// Records.
    pub records: u64,
    /// Rows of customer lists.
    pub accounts: u64,
    /// Events.
    pub events: u64,
}

/// A missing input.
#[derive(Debug, Clone, Serialize)]
pub struct Missing {
    /// What to connect or declare.
    pub input: String,
    /// Checks it would make known.
    pub checks: Vec<String>,
}

/// Looks at a workspace.
///
/// # Errors
/// When the store fails.
pub fn diagnose(session: &Session) -> Result<Diagnosis, Error> {
    let sources = session.sources()?;
    let mut checks_by_input: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let rubric = session.rubric();
    let mut is_known: BTreeMap<String, bool> = rubric.checks.iter().map(|check| (check.id.clone(), false)).collect();
    let ranked = match session.ranked(0) {
        Ok(ranked) => ranked,
        Err(Error::NotRun) => Vec::new(),
        Err(error) => return Err(error),
    };
    for check in ranked.iter().flat_map(|ranked| &ranked.score.checks) {
        *is_known.entry(check.id.clone()).or_default() |= check.state == CheckState::Scored;
    }
    // What the insight that knows most still misses: the inputs of the workspace, not the thinness of one theme.
    let best = ranked.iter().max_by_key(|ranked| (ranked.score.knowable, ranked.insight.id));
    if let Some(best) = best {
        for check in best.score.checks.iter().filter(|check| !is_known[&check.id]) {
            let input = check.missing.clone().unwrap_or_default();
            checks_by_input.entry(input).or_default().push(check.id.clone());
        }
    }
    let mut missing: Vec<Missing> =
        checks_by_input.into_iter().map(|(input, checks)| Missing { input, checks }).collect();
    missing.sort_by_key(|missing| (std::cmp::Reverse(missing.checks.len()), missing.input.clone()));
    Ok(Diagnosis {
        settings: session.review()?,
        sources: sources
            .into_iter()
            .map(|(name, sizes)| SourceSize {
                name,
                records: sizes.n_records,
                accounts: sizes.n_accounts,
                events: sizes.n_events,
            })
            .collect(),
        checks_known: is_known.values().filter(|known| **known).count(),
        checks: rubric.checks.len(),
        rubric_version: rubric.version.clone(),
        best_known: best.map(|best| BestKnown {
            id: best.insight.id,
            label: best.insight.label.clone(),
            knowable: best.score.knowable,
        }),
        missing,
        blind_spots: blind_spots(session)?,
    })
}
