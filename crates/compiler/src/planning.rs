//! The plan of a workspace: made by a run, asked what-if questions, decided on.
//!
//! In: the results of the last run, the settings, and the decisions that people took, which lie with the inputs. Out:
//! plans, decisions with how they stand, and the order under other weights, other capacity or without an account beside
//! the order as it is. A what-if question changes nothing.
//! Invariant: a decision is kept as it was taken; whether it stands is computed from the results each time.

use crate::Error;
use crate::session::{Session, SignalRow, World, decode, encode};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::decision::{Decision, Standing, Verdict};
use throughline_model::plan::{Horizon, Place, Plan};
use throughline_model::settings::Period;
use throughline_model::{
    AccountId, CheckState, Corpus, Insight, InsightId, Need, Score, Settings, SignalId, Timestamp, VoiceId,
};
use throughline_plan::decision::{Results, decide, standings};
use throughline_plan::schedule::{Candidate, Ruling, schedule};
use throughline_plan::view::{self, Method, Seen};
use throughline_plan::voice::{Claim, Voices, claim, voices};
use throughline_plan::weigh::{Weights, totals};
use throughline_score::{Facts, Given, Rubric};

/// Name of the decisions among the values of the inputs.
pub(crate) const DECISIONS: &str = "decisions";

/// Ranks, holds decisions against the ranking, and plans with those that stand.
pub(crate) fn planned(
    rubric: &Rubric,
    settings: &Settings,
    as_of: Option<Timestamp>,
    insights: &[Insight],
    needs: &[Vec<Need>],
    scores: &[Score],
    decisions: &[Decision],
) -> Plan {
    let ranked = throughline_score::plan(rubric, insights, scores);
    let results = Results {
        settings,
        as_of,
        plan: &ranked,
        insights: insights.iter().collect(),
        scores: scores.iter().collect(),
    };
    let standings = standings(&results, decisions);
    let rulings = rulings(decisions, &standings);
    let candidates: Vec<Candidate<'_>> = insights
        .iter()
        .zip(needs)
        .zip(scores)
        .map(|((insight, needs), score)| Candidate { insight, needs, score, total: score.total })
        .collect();
    let mut plan = schedule(settings, as_of, ranked.clone(), &candidates, &rulings);
    for (decision, standing) in decisions.iter().zip(&standings) {
        let place = plan.places.iter_mut().find(|place| standing.insight_id == Some(place.insight_id));
        if let Some(place) = place.filter(|_| is_open_again(standing)) {
            let premises: Vec<&str> = standing.changed.iter().map(|changed| changed.premise.as_str()).collect();
            place.reason.push_str(&format!(
                "; it was {} by {}, which is open again: {} changed",
                decision.verdict.past(),
                decision.by,
                premises.join(" and ")
            ));
        }
    }
    plan
}

/// Takes names of insights out of the decisions: they may hold words of what is forgotten. The decisions stay.
pub(crate) fn forget_labels(session: &mut Session) -> Result<(), Error> {
    let mut decisions = session.decided()?;
    if decisions.is_empty() {
        return Ok(());
    }
    for decision in &mut decisions {
        decision.label.clear();
        decision.alternatives.iter_mut().for_each(|alternative| alternative.label.clear());
    }
    session.stores().0.set_value(DECISIONS, Some(&encode(&decisions)?))?;
    Ok(())
}

/// Whether a decision was taken, is the last one on its insight, and no longer stands.
fn is_open_again(standing: &Standing) -> bool {
    !standing.is_superseded && !standing.changed.is_empty()
}

fn rulings(decisions: &[Decision], standings: &[Standing]) -> BTreeMap<InsightId, Ruling> {
    let holding = decisions.iter().zip(standings).filter(|(_, standing)| standing.holds());
    holding
        .filter_map(|(decision, standing)| {
            let because = format!("{} by {}: {}", decision.verdict.past(), decision.by, decision.why);
            Some((standing.insight_id?, Ruling { verdict: decision.verdict, because }))
        })
        .collect()
}

/// A decision with how it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Held {
    /// As it was taken.
    pub decision: Decision,
    /// Beside the results of the last run.
    pub standing: Standing,
}

impl Held {
    /// One word: `holds`, `open again`, `superseded` or `gone`.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match &self.standing {
            standing if standing.is_superseded => "superseded",
            Standing { insight_id: None, .. } => "gone",
            standing if standing.changed.is_empty() => "holds",
            _ => "open again",
        }
    }
}

/// A question to the plan.
#[derive(Debug, Clone, Default)]
pub struct WhatIf {
    /// Weights by group id or check id.
    pub weights: Weights,
    /// People-days in each period.
    pub capacity: Option<f64>,
    /// Name or id of an account to leave out.
    pub without: Option<String>,
}

impl WhatIf {
    /// Whether anything is asked.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        !self.weights.is_empty() || self.capacity.is_some() || self.without.is_some()
    }
}

/// How one insight moves.
#[derive(Debug, Clone, Serialize)]
pub struct Move {
    /// The insight.
    pub id: InsightId,
    /// Its name.
    pub label: String,
    /// Rank as it is, and as it would be; none when nothing of it would be left.
    pub rank: (u32, Option<u32>),
    /// Period as it is, and as it would be.
    pub horizon: (Horizon, Option<Horizon>),
    /// Why it moves, or why it stays.
    pub why: String,
}

/// The answer to a what-if question.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The plan as it would be.
    pub plan: Plan,
    /// What moves, in the new order; those that are left out at the end.
    pub moves: Vec<Move>,
    /// What the question cannot show, in words.
    pub notes: Vec<String>,
}

/// Everything that a plan is made from, read back from the last run.
struct Material {
    world: World,
    insights: Vec<Insight>,
    needs: Vec<Vec<Need>>,
    scores: Vec<Score>,
    places: Vec<Place>,
}

impl Material {
    fn read(session: &Session) -> Result<Self, Error> {
        let world = session.world()?;
        let mut material =
            Self { world, insights: Vec::new(), needs: Vec::new(), scores: Vec::new(), places: Vec::new() };
        for ranked in session.ranked(0)? {
            material.insights.push(ranked.insight);
            material.needs.push(ranked.needs);
            material.scores.push(ranked.score);
            material.places.push(ranked.place);
        }
        Ok(material)
    }

    fn plan(&self) -> Plan {
        Plan { places: self.places.clone(), windows: self.world.windows.clone(), proof: self.world.proof.clone() }
    }
}

impl Session {
    /// The plan of the last run.
    ///
    /// # Errors
    /// When nothing has been run yet, or the store fails.
    pub fn plan(&self) -> Result<Plan, Error> {
        Ok(Material::read(self)?.plan())
    }

    /// Every insight through a planner's method, in rank order.
    ///
    /// # Errors
    /// When nothing has been run yet, or the store fails.
    pub fn view(&self, method: Method) -> Result<Vec<(Insight, Place, Seen)>, Error> {
        let Material { insights, needs, scores, places, .. } = Material::read(self)?;
        let all = insights.into_iter().zip(needs).zip(scores).zip(places);
        Ok(all
            .map(|(((insight, needs), score), place)| {
                let candidate = Candidate { insight: &insight, needs: &needs, score: &score, total: score.total };
                let seen = view::view(method, self.settings(), &candidate, &place);
                (insight, place, seen)
            })
            .collect())
    }

    /// How far the claim of an insight is supported.
    ///
    /// # Errors
    /// When the store fails.
    pub fn claim(&self, insight: InsightId) -> Result<Claim, Error> {
        let voices = self.voices(insight)?;
        Ok(claim(&voices.iter().map(|(row, _)| &row.signal).collect::<Vec<_>>()))
    }

    /// Segments, personas and life stages with how many are known and how many speak, those that nobody speaks for first.
    ///
    /// # Errors
    /// When nothing has been run yet, or the store fails.
    pub fn speakers(&self) -> Result<Voices, Error> {
        let (corpus, _) = self.corpus()?;
        Ok(voices(self.settings(), &corpus))
    }

    /// Decisions as they were taken, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn decided(&self) -> Result<Vec<Decision>, Error> {
        let bytes = self.inputs().value(DECISIONS)?;
        Ok(bytes.map(|bytes| decode("the decisions", &bytes)).transpose()?.unwrap_or_default())
    }

    /// Decisions, oldest first, with how they stand beside the last run.
    ///
    /// # Errors
    /// When nothing has been run yet, or the store fails.
    pub fn decisions(&self) -> Result<Vec<Held>, Error> {
        let decisions = self.decided()?;
        if decisions.is_empty() {
            return Ok(Vec::new());
        }
        let standings = self.beside_results(|results| standings(results, &decisions))?;
        Ok(decisions.into_iter().zip(standings).map(|(decision, standing)| Held { decision, standing }).collect())
    }

    /// Decisions that are open again, each with the premises that changed, in words.
    pub(crate) fn reopened(&self) -> Result<Vec<String>, Error> {
        let open = self.decisions()?.into_iter().filter(|held| is_open_again(&held.standing));
        let told = |Held { decision, standing }: Held| {
            let how = standing.changed.iter().map(|changed| format!("{}: {}", changed.premise, changed.how));
            let how: Vec<String> = how.collect();
            format!(
                "open again: {} ({}), {} by {}; {}",
                decision.label,
                decision.insight_id,
                decision.verdict.past(),
                decision.by,
                how.join("; ")
            )
        };
        Ok(open.map(told).collect())
    }

    /// What the decisions that hold say of insights.
    pub(crate) fn rulings(&self) -> Result<BTreeMap<InsightId, Ruling>, Error> {
        let decisions = self.decided()?;
        if decisions.is_empty() {
            return Ok(BTreeMap::new());
        }
        Ok(rulings(&decisions, &self.beside_results(|results| standings(results, &decisions))?))
    }

    /// Asks something of the results of the last run: of those in memory, where a snapshot was read.
    fn beside_results<T>(&self, ask: impl FnOnce(&Results<'_>) -> T) -> Result<T, Error> {
        if let Some(found) = self.found()? {
            let places = found.ranked.iter().map(|ranked| ranked.place.clone()).collect();
            return Ok(ask(&Results {
                settings: self.settings(),
                as_of: found.corpus.as_of,
                plan: &Plan { places, ..Plan::default() },
                insights: found.ranked.iter().map(|ranked| &ranked.insight).collect(),
                scores: found.ranked.iter().map(|ranked| &ranked.score).collect(),
            }));
        }
        let material = Material::read(self)?;
        Ok(ask(&Results {
            settings: self.settings(),
            as_of: material.world.as_of,
            plan: &material.plan(),
            insights: material.insights.iter().collect(),
            scores: material.scores.iter().collect(),
        }))
    }

    /// Records a decision with what it rests on. It counts from the next run. Accepting also keeps a revision of the
    /// specification, where there is one.
    ///
    /// # Errors
    /// When there is no such insight, nothing has been run yet, or the store fails.
    pub fn decide(&mut self, name: &str, verdict: Verdict, why: &str, by: &str) -> Result<Decision, Error> {
        let id = self.find(name)?.insight.id;
        let decision = self.beside_results(|results| decide(results, id, verdict, why, by))?.ok_or(Error::NotRun)?;
        let mut decisions = self.decided()?;
        decisions.push(decision.clone());
        self.stores().0.set_value(DECISIONS, Some(&encode(&decisions)?))?;
        if verdict == Verdict::Accept {
            // What has no specification is accepted all the same; then no revision is kept.
            match self.accept(&[id.to_string()], by, why) {
                Ok(_) | Err(Error::Edit { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(decision)
    }

    /// What would rank and be planned otherwise.
    ///
    /// # Errors
    /// When a weight or the account is not known, nothing has been run yet, or the store fails.
    pub fn what_if(&self, question: &WhatIf) -> Result<Answer, Error> {
        let rubric = self.rubric();
        let is_known = |id: &str| {
            rubric.checks.iter().any(|check| check.id == id) || rubric.groups.iter().any(|(group, _)| group == id)
        };
        if let Some(unknown) = question.weights.keys().find(|id| !is_known(id)) {
            return Err(Error::NotFound {
                what: "group or check",
                id: unknown.clone(),
                hint: "the groups are business_impact, technical_effort and strategic_alignment; `explain` lists checks",
            });
        }
        let mut material = Material::read(self)?;
        let before = material.plan();
        let labels: BTreeMap<InsightId, String> =
            material.insights.iter().map(|insight| (insight.id, insight.label.clone())).collect();
        let total_before: BTreeMap<InsightId, f64> =
            material.scores.iter().map(|score| (score.insight_id, score.total)).collect();
        let statements: BTreeMap<InsightId, usize> =
            material.insights.iter().map(|insight| (insight.id, insight.members.len())).collect();
        let mut settings = self.settings().clone();
        if let Some(days) = question.capacity {
            with_capacity(&mut settings, days);
        }
        if let Some(name) = &question.without {
            self.leave_out(&mut material, &settings, name)?;
        }
        if !question.weights.is_empty() {
            let weighted = totals(&material.scores.iter().collect::<Vec<_>>(), &question.weights);
            material.scores.iter_mut().zip(weighted).for_each(|(score, total)| score.total = total);
        }
        let Material { insights, needs, scores, world, .. } = &material;
        let plan = planned(rubric, &settings, world.as_of, insights, needs, scores, &self.decided()?);
        let why = |place: &Place, was: &Place| {
            let id = place.insight_id;
            let total = scores.iter().find(|score| score.insight_id == id).map_or(0.0, |score| score.total);
            let old = total_before[&id];
            let mut why = Vec::new();
            if (total - old).abs() >= 0.05 {
                why.push(format!("total {old:.1}, then {total:.1}"));
            }
            let left = insights.iter().find(|insight| insight.id == id).map_or(0, |insight| insight.members.len());
            if left != statements[&id] {
                why.push(format!("{left} of {} statements would be left", statements[&id]));
            }
            if place.horizon != was.horizon {
                why.push(place.reason.clone());
            } else if why.is_empty() && place.rank != was.rank {
                why.push("others moved past it".to_owned());
            }
            why.join("; ")
        };
        let was: BTreeMap<InsightId, &Place> = before.places.iter().map(|place| (place.insight_id, place)).collect();
        let mut moves: Vec<Move> = plan
            .places
            .iter()
            .map(|place| {
                let old = was[&place.insight_id];
                Move {
                    id: place.insight_id,
                    label: labels[&place.insight_id].clone(),
                    rank: (old.rank, Some(place.rank)),
                    horizon: (old.horizon, Some(place.horizon)),
                    why: why(place, old),
                }
            })
            .collect();
        let kept: BTreeSet<InsightId> = plan.places.iter().map(|place| place.insight_id).collect();
        moves.extend(before.places.iter().filter(|place| !kept.contains(&place.insight_id)).map(|place| Move {
            id: place.insight_id,
            label: labels[&place.insight_id].clone(),
            rank: (place.rank, None),
            horizon: (place.horizon, None),
            why: "nobody else speaks of it".to_owned(),
        }));
        Ok(Answer { plan, moves, notes: notes(question, scores) })
    }

    /// Scores again without what one account said.
    fn leave_out(&self, material: &mut Material, settings: &Settings, name: &str) -> Result<(), Error> {
        let (mut corpus, rows) = self.corpus()?;
        let account = account(&corpus, name)?;
        let gone: BTreeSet<SignalId> =
            corpus.signals.iter().filter(|s| s.account == Some(account)).map(|signal| signal.id).collect();
        corpus.signals.retain(|signal| !gone.contains(&signal.id));
        corpus.accounts.remove(&account);
        let voices: BTreeMap<SignalId, &SignalRow> = rows.iter().map(|row| (row.signal.id, row)).collect();
        let mut kept = Vec::new();
        for (mut insight, mut needs) in
            std::mem::take(&mut material.insights).into_iter().zip(std::mem::take(&mut material.needs))
        {
            insight.members.retain(|id| !gone.contains(id));
            if insight.members.is_empty() {
                continue;
            }
            let rows: Vec<&&SignalRow> = insight.members.iter().filter_map(|id| voices.get(id)).collect();
            insight.n_signals = insight.members.len() as u32;
            insight.n_voices = rows.iter().map(|row| row.voice_id).collect::<BTreeSet<VoiceId>>().len() as u32;
            insight.n_accounts = rows.iter().filter_map(|row| row.signal.account).collect::<BTreeSet<_>>().len() as u32;
            insight.quotes.retain(|quote| !gone.contains(&quote.signal_id));
            insight.dissent.retain(|quote| !gone.contains(&quote.signal_id));
            let times = rows.iter().filter_map(|row| row.signal.at);
            insight.heard = times.clone().min().zip(times.max());
            needs.iter_mut().for_each(|need| need.signals.retain(|id| !gone.contains(id)));
            needs.retain(|need| !need.signals.is_empty());
            kept.push((insight, needs));
        }
        (material.insights, material.needs) = kept.into_iter().unzip();
        let rubric = self.rubric();
        let settings = throughline_plan::strategy::usable(settings, corpus.as_of);
        let spoken: Vec<VoiceId> = corpus.signals.iter().map(|signal| voices[&signal.id].voice_id).collect();
        let usage = &material.world.usage;
        let given = Given { corpus: &corpus, voices: &spoken, settings: &settings, usage, code: self.code_map() };
        let facts = Facts::new(given, &material.insights, &material.needs, &rubric.references);
        material.scores = throughline_score::scores(rubric, &facts, &material.insights, &material.needs);
        Ok(())
    }
}

/// Weights that can move nothing, because what they weigh is not known.
fn notes(question: &WhatIf, scores: &[Score]) -> Vec<String> {
    let n = scores.len();
    let is_blind = |score: &Score, id: &str| match score.groups.get(id) {
        Some(group) => group.score.is_none(),
        None => !score.checks.iter().any(|check| check.id == id && check.state == CheckState::Scored),
    };
    let blind = question.weights.keys().map(|id| (id, scores.iter().filter(|score| is_blind(score, id)).count()));
    blind
        .filter(|(_, n_blind)| *n_blind > 0)
        .map(|(id, n_blind)| {
            format!("{id} is not known for {n_blind} of {n} insights, so its weight moves nothing there; `doctor` says what would make it known")
        })
        .collect()
}

/// The account that a person means: its id, or its name in any case.
fn account(corpus: &Corpus, name: &str) -> Result<AccountId, Error> {
    let by_id = name.parse::<AccountId>().ok().filter(|id| corpus.accounts.contains_key(id));
    let is_named = |account: &&throughline_model::Account| account.facts.name.eq_ignore_ascii_case(name.trim());
    by_id.or_else(|| corpus.accounts.values().find(is_named).map(|account| account.id)).ok_or_else(|| Error::NotFound {
        what: "account",
        id: name.to_owned(),
        hint: "give its name as the customer list spells it, or its id",
    })
}

/// The same settings with so many free people-days in each period.
pub(crate) fn with_capacity(settings: &mut Settings, days: f64) {
    let mut capacity = settings.capacity.take().unwrap_or_default();
    capacity.people_days_per_period = Some(days);
    capacity.periods = capacity
        .periods
        .into_iter()
        .map(|period| Period { people_days: Some(days), committed_people_days: None, ..period })
        .collect();
    settings.capacity = Some(capacity);
}
