//! What became of insights: recorded by people, derived from deployments, and held against what was said afterwards.
//!
//! In: outcomes that lie with the inputs, items of the roadmap and deployments as declared, and the statements of the last
//! run. Out: [`Outcomes`]. A shipped item of the roadmap belongs to the insight whose words are nearest, from a likeness of
//! [`NEAR`] on; a deployment that names an insight's id belongs to it. What somebody recorded goes before both.
//! Cost: scores the insights once for each day on which one was shipped.
//! Invariants: what is recorded is kept as it was told; no weight is changed by what is found.

use crate::Error;
use crate::explain::Replay;
use crate::session::{Scored, Session, decode, encode};
use serde::Serialize;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::outcome::{Deployment, Fate, Outcome};
use throughline_model::time::DAY_SECS;
use throughline_model::{Diagnostic, Host, Insight, InsightId, Score, Severity, Timestamp};
use throughline_plan::decision::follow;
pub use throughline_plan::outcome::{BEFORE_DAYS, Followed, Foretold, SAY_MIN, Verdict};
use throughline_plan::outcome::{Mention, followed, foretold};
use throughline_score::likeness::Likeness;

/// Name of the outcomes among the values of the inputs.
const OUTCOMES: &str = "outcomes";
/// From this likeness on, an item of the roadmap is what an insight asks for. Chosen on the example by eye: at 0.5, where
/// checks call things near, copying last week's shifts was taken for praise of last week's speed.
const NEAR: f64 = 0.6;

/// A shipped insight and what followed.
#[derive(Debug, Clone)]
pub struct Shipped {
    /// The insight as it is now.
    pub id: InsightId,
    /// Its name.
    pub label: String,
    /// The day.
    pub on: Timestamp,
    /// How that is known, in words.
    pub because: String,
    /// Whether somebody recorded it.
    pub is_recorded: bool,
    /// What followed.
    pub followed: Followed,
    /// Its score on the day before; none where nobody had said it yet.
    pub score: Option<Score>,
}

/// What is known of outcomes.
#[derive(Debug, Clone)]
pub struct Outcomes {
    /// By day, oldest first.
    pub shipped: Vec<Shipped>,
    /// For each check how well it foretold.
    pub checks: Vec<Foretold>,
    /// What could not be used, in words.
    pub notes: Vec<String>,
    /// Problems of the file of deployments.
    pub diagnostics: Vec<Diagnostic>,
}

/// A day on which something reached customers, and how that is known.
#[derive(Debug, Clone)]
struct Day {
    id: InsightId,
    on: Timestamp,
    because: String,
    is_recorded: bool,
}

/// Takes names of insights out of the outcomes: they may hold words of what is forgotten. The outcomes stay.
pub(crate) fn forget_labels(session: &mut Session) -> Result<(), Error> {
    let mut told = session.told_outcomes()?;
    if told.is_empty() {
        return Ok(());
    }
    told.iter_mut().for_each(|outcome| outcome.label.clear());
    session.stores().0.set_value(OUTCOMES, Some(&encode(&told)?))?;
    Ok(())
}

/// What somebody says became of an insight.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// What.
    pub fate: Fate,
    /// The day.
    pub on: Timestamp,
    /// Why, or what it was.
    pub why: Option<String>,
    /// Who says so.
    pub by: Option<String>,
}

impl Session {
    fn told_outcomes(&self) -> Result<Vec<Outcome>, Error> {
        let bytes = self.inputs().value(OUTCOMES)?;
        Ok(bytes.map(|bytes| decode("the outcomes", &bytes)).transpose()?.unwrap_or_default())
    }

    /// Records what became of an insight; a later record on the same insight takes its place.
    ///
    /// # Errors
    /// When there is no such insight, nothing has been run yet, or the store fails.
    pub fn record_outcome(&mut self, name: &str, told: Told) -> Result<Outcome, Error> {
        let insight = self.find(name)?.insight;
        let Told { fate, on, why, by } = told;
        let on = Timestamp(on.0.div_euclid(DAY_SECS) * DAY_SECS);
        let outcome =
            Outcome { insight_id: insight.id, label: insight.label, members: insight.members, fate, on, why, by };
        let mut all = self.told_outcomes()?;
        all.push(outcome.clone());
        self.stores().0.set_value(OUTCOMES, Some(&encode(&all)?))?;
        Ok(outcome)
    }

    /// Insights that were shipped, what followed, and how well the checks foretold it.
    ///
    /// # Errors
    /// When nothing has been run yet, or the store fails.
    pub fn outcomes(&self, host: &dyn Host) -> Result<Outcomes, Error> {
        let stored = self.scored()?;
        let insights: Vec<Insight> = stored.ranked.iter().map(|ranked| ranked.insight.clone()).collect();
        let mut found =
            Outcomes { shipped: Vec::new(), checks: Vec::new(), notes: Vec::new(), diagnostics: Vec::new() };
        let deployments = self.deployments(host, &mut found.diagnostics);
        let days = self.days(&insights, &deployments, &mut found.notes)?;
        let mut score_on: BTreeMap<Timestamp, Vec<Score>> = BTreeMap::new();
        for day in &days {
            if let Entry::Vacant(entry) = score_on.entry(day.on) {
                // On the day before: what was known when it was decided, without what shipping it brought.
                let before = Timestamp(day.on.0 - DAY_SECS);
                entry.insert(Replay::new(self.scored()?, Some(before), self.settings()).scores(self));
            }
        }
        let Some(as_of) = stored.corpus.as_of else {
            found.notes.push("nothing in the workspace is dated, so nothing can follow".to_owned());
            return Ok(found);
        };
        let mentions = Mentions::of(&stored);
        for Day { id, on, because, is_recorded } in days {
            let Some(insight) = insights.iter().find(|insight| insight.id == id) else { continue };
            let (own, others) = mentions.around(insight);
            let score = score_on[&on].iter().find(|score| score.insight_id == id).cloned();
            let followed = followed(&own, &others, on, as_of);
            found.shipped.push(Shipped { id, label: insight.label.clone(), on, because, is_recorded, followed, score });
        }
        let judged: Vec<(Verdict, &Score)> =
            found.shipped.iter().filter_map(|one| Some((one.followed.verdict, one.score.as_ref()?))).collect();
        found.checks = foretold(&judged);
        Ok(found)
    }

    /// The deployments that the settings name.
    fn deployments(&self, host: &dyn Host, diagnostics: &mut Vec<Diagnostic>) -> Vec<Deployment> {
        let Some(file) = &self.settings().delivery.deployments else { return Vec::new() };
        let mut bytes = Vec::new();
        let read = host.open(&self.folder.join(file)).and_then(|mut input| input.read_to_end(&mut bytes));
        let read = read.map_err(|error| error.to_string());
        let mut problem = |why: String| {
            let remedy = "give the path of a JSON list of deployments, as delivery tools export it, in [delivery]; what \
                          the roadmap says counts without it";
            let message = format!("deployments are not read: {why}");
            let found = Diagnostic::new("deployments-unreadable", Severity::Warning, message, remedy);
            diagnostics.push(found.at(file, None, None));
        };
        match read.and_then(|_| throughline_frontends::deployments::deployments(&bytes)) {
            Ok((found, 0)) => found,
            Ok((found, n_left)) => {
                problem(format!("{n_left} of them have no id or no date and are left out"));
                found
            }
            Err(why) => {
                problem(why);
                Vec::new()
            }
        }
    }

    /// When insights reached customers, by day: as recorded, else as the roadmap and deployments tell.
    fn days(
        &self,
        insights: &[Insight],
        deployments: &[Deployment],
        notes: &mut Vec<String>,
    ) -> Result<Vec<Day>, Error> {
        let mut days = Vec::new();
        // The last word on each insight counts.
        let mut last: BTreeMap<InsightId, Outcome> = BTreeMap::new();
        for told in self.told_outcomes()? {
            match follow(insights.iter(), told.insight_id, &told.members) {
                Some(id) => {
                    last.insert(id, told);
                }
                None => {
                    notes.push(format!("{} ({}) was recorded, and nothing of it is left", told.label, told.insight_id));
                }
            }
        }
        for (id, told) in last.iter().filter(|(_, told)| told.fate == Fate::Shipped) {
            let by = told.by.as_deref().map_or_else(String::new, |by| format!(" by {by}"));
            let why = told.why.as_deref().map_or_else(String::new, |why| format!(": {why}"));
            days.push(Day { id: *id, on: told.on, because: format!("recorded{by}{why}"), is_recorded: true });
        }
        let derived = self.roadmap_days(insights, deployments, notes).into_iter().chain(named(insights, deployments));
        let mut seen = BTreeSet::new();
        days.extend(derived.filter(|day| !last.contains_key(&day.id) && seen.insert((day.id, day.on))));
        days.sort_by_key(|day| (day.on, day.id));
        Ok(days)
    }

    /// Days from shipped items of the roadmap, each with the insight whose words are nearest.
    fn roadmap_days(&self, insights: &[Insight], deployments: &[Deployment], notes: &mut Vec<String>) -> Vec<Day> {
        let likeness = Likeness::new(insights, self.settings());
        let mut days = Vec::new();
        for item in self.settings().roadmap.iter().flatten().filter(|item| item.state == "shipped") {
            let delivered = item.deployment.as_ref().and_then(|id| deployments.iter().find(|found| found.id == *id));
            if let Some(failed) = delivered.filter(|found| !found.is_live) {
                notes.push(format!(
                    "{} “{}”: its deployment {} did not reach production",
                    item.id, item.what, failed.id
                ));
                continue;
            }
            let day_of = |at: Timestamp| Timestamp(at.0.div_euclid(DAY_SECS) * DAY_SECS);
            let Some(on) = item.shipped_on.map(|day| day.0).or(delivered.map(|found| day_of(found.at))) else {
                notes.push(format!("{} “{}”: no day; declare shipped_on or a deployment", item.id, item.what));
                continue;
            };
            let near = insights.iter().map(|insight| (likeness.to(insight.id, &item.what), insight));
            let nearest = near.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.id.cmp(&a.1.id)));
            let Some((x, insight)) = nearest.filter(|(x, _)| *x >= NEAR) else {
                let how = "no insight is near; say which it was: throughline outcome ID shipped --on DATE";
                notes.push(format!("{} “{}”: {how}", item.id, item.what));
                continue;
            };
            let with = delivered.map_or_else(String::new, |found| format!(", deployed as {}", found.id));
            let because = format!("roadmap {} “{}” (likeness {x:.2}){with}", item.id, item.what);
            days.push(Day { id: insight.id, on, because, is_recorded: false });
        }
        days
    }
}

/// Days on which a deployment that names an insight by its id reached production.
fn named<'a>(insights: &'a [Insight], deployments: &'a [Deployment]) -> impl Iterator<Item = Day> + 'a {
    let ids: BTreeSet<InsightId> = insights.iter().map(|insight| insight.id).collect();
    deployments.iter().filter(|found| found.is_live).flat_map(move |found| {
        let words = found.text.split(|c: char| !c.is_ascii_alphanumeric());
        let named: BTreeSet<InsightId> =
            words.filter_map(|word| word.parse().ok()).filter(|id| ids.contains(id)).collect();
        let on = Timestamp(found.at.0.div_euclid(DAY_SECS) * DAY_SECS);
        let because = format!("deployment {} names it", found.id);
        named.into_iter().map(move |id| Day { id, on, because: because.clone(), is_recorded: false })
    })
}

/// When which voice asked for something or complained, and in which insight.
struct Mentions {
    all: Vec<(Mention, throughline_model::SignalId)>,
}

impl Mentions {
    fn of(stored: &Scored) -> Self {
        let needs = stored.corpus.signals.iter().zip(&stored.voices).filter(|(signal, _)| signal.is_need());
        Self { all: needs.filter_map(|(signal, voice)| Some(((signal.at?, *voice), signal.id))).collect() }
    }

    /// Those of an insight, and all others.
    fn around(&self, insight: &Insight) -> (Vec<Mention>, Vec<Mention>) {
        let members: BTreeSet<_> = insight.members.iter().collect();
        let (own, others): (Vec<_>, Vec<_>) = self.all.iter().copied().partition(|(_, id)| members.contains(id));
        (
            own.into_iter().map(|(mention, _)| mention).collect(),
            others.into_iter().map(|(mention, _)| mention).collect(),
        )
    }
}
