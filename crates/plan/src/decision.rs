//! Decisions: what one rests on, and whether it still stands.
//!
//! A decision keeps the insight's score and band, its statements, and the parts of the strategy that spoke for or
//! against it, as they were. [`standings`] compares them with the results of a run: a premise that no longer holds opens
//! the decision again and is named with what it was and what it is. It is a function of the decision and the results, so
//! a clean rebuild finds the same.
//!
//! Invariants: a decision follows its insight's id; where that is gone, the insight that took most of its statements, as
//! the lineage does. Readings of key results are no premises: they change every month, aims do not.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::decision::{Alternative, Changed, Decision, Premises, Standing, Verdict};
use throughline_model::plan::{Place, Plan};
use throughline_model::{CheckState, Citation, Insight, InsightId, Score, Settings, SignalId, Timestamp};

/// A score may leave the totals of its band by this much before the premise is gone: less than neighbours are apart when
/// their order is stable. Chosen, untested.
const SCORE_SLACK: f64 = 1.0;
/// Neighbours in rank that are kept as alternatives, on each side.
const N_NEIGHBOURS: usize = 2;
/// From this share of its statements on, another insight is what became of one that is gone; as in the lineage.
const PASSES_ON: f64 = 0.5;
/// From this likeness on, a part of the strategy counts as near; as in the checks.
const NEAR: f64 = 0.5;

/// The results of a run that decisions are held against.
pub struct Results<'a> {
    /// What was declared.
    pub settings: &'a Settings,
    /// The scoring instant.
    pub as_of: Option<Timestamp>,
    /// Places in rank order.
    pub plan: &'a Plan,
    /// Insights.
    pub insights: Vec<&'a Insight>,
    /// Their scores, in their order.
    pub scores: Vec<&'a Score>,
}

impl Results<'_> {
    fn at(&self, id: InsightId) -> Option<(&Insight, &Score, &Place)> {
        let i = self.insights.iter().position(|insight| insight.id == id)?;
        let place = self.plan.places.iter().find(|place| place.insight_id == id)?;
        Some((self.insights[i], self.scores.get(i)?, place))
    }
}

/// A decision on an insight, with everything it rests on; none when there is no such insight.
#[must_use]
pub fn decide(results: &Results<'_>, id: InsightId, verdict: Verdict, why: &str, by: &str) -> Option<Decision> {
    let (insight, score, place) = results.at(id)?;
    let total = |id: InsightId| results.at(id).map_or(0.0, |(_, score, _)| score.total);
    let at = results.plan.places.iter().position(|place| place.insight_id == id)?;
    let near = results.plan.places.iter().enumerate().filter(|(i, _)| *i != at && i.abs_diff(at) <= N_NEIGHBOURS);
    let alternatives = near
        .filter_map(|(_, place)| {
            let (insight, score, _) = results.at(place.insight_id)?;
            Some(Alternative {
                insight_id: insight.id,
                label: insight.label.clone(),
                rank: place.rank,
                total: score.total,
            })
        })
        .collect();
    let in_band = results.plan.places.iter().filter(|other| other.band == place.band).map(|p| total(p.insight_id));
    let band_totals = in_band.fold((score.total, score.total), |(low, high), x| (low.min(x), high.max(x)));
    Some(Decision {
        insight_id: id,
        label: insight.label.clone(),
        verdict,
        why: why.trim().to_owned(),
        by: by.trim().to_owned(),
        as_of: results.as_of,
        alternatives,
        premises: Premises {
            rank: place.rank,
            band: place.band.clone(),
            total: score.total,
            band_totals,
            members: insight.members.clone(),
            n_accounts: insight.n_accounts,
            strategy: rests_on(results.settings, score),
        },
    })
}

/// How each decision stands, in their order; the list is in the order in which they were taken.
#[must_use]
pub fn standings(results: &Results<'_>, decisions: &[Decision]) -> Vec<Standing> {
    let now: Vec<Option<InsightId>> = decisions
        .iter()
        .map(|decision| follow(results.insights.iter().copied(), decision.insight_id, &decision.premises.members))
        .collect();
    let mut standings: Vec<Standing> = decisions
        .iter()
        .zip(&now)
        .map(|(decision, now)| Standing {
            insight_id: *now,
            is_superseded: false,
            changed: now.and_then(|now| results.at(now)).map_or_else(Vec::new, |(insight, score, place)| {
                changed(results.settings, decision, insight, score, place)
            }),
        })
        .collect();
    for (i, standing) in standings.iter_mut().enumerate() {
        standing.is_superseded = now[i].is_some() && now[i + 1..].contains(&now[i]);
    }
    standings
}

/// Where an insight with these statements is now: itself, or the one that took most of them.
#[must_use]
pub fn follow<'i>(
    insights: impl Iterator<Item = &'i Insight> + Clone,
    id: InsightId,
    members: &[SignalId],
) -> Option<InsightId> {
    if insights.clone().any(|insight| insight.id == id) {
        return Some(id);
    }
    let members: BTreeSet<SignalId> = members.iter().copied().collect();
    let shared = |insight: &Insight| insight.members.iter().filter(|id| members.contains(id)).count();
    let most = insights.map(|insight| (shared(insight), insight.id));
    let (n, id) = most.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))?;
    (n > 0 && n as f64 >= PASSES_ON * members.len() as f64).then_some(id)
}

/// The premises that no longer hold.
fn changed(settings: &Settings, decision: &Decision, insight: &Insight, score: &Score, place: &Place) -> Vec<Changed> {
    let was = &decision.premises;
    let mut changed = Vec::new();
    let (low, high) = was.band_totals;
    if score.total < low - SCORE_SLACK || score.total > high + SCORE_SLACK {
        let side = if score.total > high { "above" } else { "below" };
        changed.push(Changed {
            premise: "score".to_owned(),
            how: format!(
                "{:.1} points when it was decided, {:.1} now: {side} band {} as it stood ({low:.1} to {high:.1}); the band is {} now",
                was.total, score.total, was.band, place.band
            ),
        });
    }
    let before: BTreeSet<SignalId> = was.members.iter().copied().collect();
    let now: BTreeSet<SignalId> = insight.members.iter().copied().collect();
    if before != now {
        let (n_new, n_gone) = (now.difference(&before).count(), before.difference(&now).count());
        let moved = if insight.id == decision.insight_id {
            String::new()
        } else {
            format!("; {} went into {}", decision.insight_id, insight.id)
        };
        changed.push(Changed {
            premise: "evidence".to_owned(),
            how: format!(
                "{} statements when it was decided, {} now: {n_new} new, {n_gone} gone{moved}",
                before.len(),
                now.len()
            ),
        });
    }
    for (path, declared) in &was.strategy {
        let Some(now) = part(settings, path) else {
            changed.push(Changed { premise: path.clone(), how: "it is no longer declared".to_owned() });
            continue;
        };
        let keys: BTreeSet<&String> = declared.keys().chain(now.keys()).collect();
        let differs = keys.into_iter().filter(|key| declared.get(*key) != now.get(*key));
        let said = |fields: &BTreeMap<String, String>, key: &str| {
            fields.get(key).map_or_else(|| "not declared".to_owned(), |value| format!("“{value}”"))
        };
        let how: Vec<String> =
            differs.map(|key| format!("{key} was {}, is {}", said(declared, key), said(&now, key))).collect();
        if !how.is_empty() {
            changed.push(Changed { premise: path.clone(), how: how.join("; ") });
        }
    }
    changed
}

/// The parts of the strategy that a score rests on, as declared.
fn rests_on(settings: &Settings, score: &Score) -> BTreeMap<String, BTreeMap<String, String>> {
    let is_meant = |check: &&throughline_model::CheckResult| {
        let is_near = check.x.is_some_and(|x| x >= NEAR);
        match check.id.as_str() {
            // It cites every objective, whatever the insight is about.
            "SA-02" => false,
            // These cite the nearest part, however far it is.
            "SA-01" | "SA-13" | "SA-22" => is_near,
            "SA-16" => check.points >= 1.0,
            _ => check.points > 0.0,
        }
    };
    let known = score.checks.iter().filter(|check| check.state == CheckState::Scored);
    let cited = known.filter(is_meant).flat_map(|check| &check.evidence);
    cited
        .filter_map(|citation| match citation {
            Citation::Strategy { path } if path.starts_with("strategy.") || path.starts_with("roadmap.") => {
                Some((path.clone(), part(settings, path)?))
            }
            _ => None,
        })
        .collect()
}

/// What is declared at a path as scores cite it, as names and values; without readings and without the parts below it.
fn part(settings: &Settings, path: &str) -> Option<BTreeMap<String, String>> {
    let whole = serde_json::to_value(settings).ok()?;
    let value = resolve(&whole, path)?;
    let Value::Object(object) = value else {
        return Some([("value".to_owned(), value.to_string())].into());
    };
    const READINGS: [&str; 2] = ["current", "current_on"];
    let is_kept = |key: &String, value: &Value| {
        let has_parts = value.as_array().is_some_and(|values| values.iter().any(Value::is_object));
        !READINGS.contains(&key.as_str()) && !value.is_null() && !has_parts && !value.is_object()
    };
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(object.iter().filter(|(key, value)| is_kept(key, value)).map(|(k, v)| (k.clone(), shown(v))).collect())
}

/// Follows keys and ids: `strategy.objectives.O1`, `strategy.objectives.key_results.O1-KR1`.
fn resolve<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    match value {
        Value::Object(object) => match (object.get(step), rest) {
            (Some(found), Some(rest)) => resolve(found, rest),
            (Some(found), None) if found.is_null() => None,
            (Some(found), None) => Some(found),
            // A name within a part, such as a stage of the stage focus: the part itself is what is rested on.
            (None, _) => Some(value),
        },
        Value::Array(items) => {
            let is_named = |item: &&Value, name: &str| {
                ["id", "name"].iter().any(|key| item.get(key).and_then(Value::as_str) == Some(name))
            };
            if let Some(found) = items.iter().find(|item| is_named(item, path)) {
                return Some(found);
            }
            let below = items.iter().filter_map(|item| item.get(step)?.as_array()).flatten();
            let name = rest?;
            below.into_iter().find(|item| is_named(item, name))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::strategy::{KeyResult, Objective};

    #[test]
    fn parts_are_found_as_scores_cite_them_and_readings_are_left_out() {
        let mut settings = Settings::default();
        settings.strategy.objectives = vec![Objective {
            id: "O1".into(),
            text: "Weeks stand".into(),
            key_results: vec![KeyResult {
                id: "O1-KR.1".into(),
                metric: "changes".into(),
                current: Some(3.0),
                ..KeyResult::default()
            }],
            ..Objective::default()
        }];
        let objective = part(&settings, "strategy.objectives.O1").unwrap();
        assert_eq!(objective["text"], "Weeks stand");
        assert!(!objective.contains_key("key_results"));
        let result = part(&settings, "strategy.objectives.key_results.O1-KR.1").unwrap();
        assert_eq!(result["metric"], "changes");
        assert!(!result.contains_key("current"));
        assert_eq!(part(&settings, "strategy.objectives.O2"), None);
        assert_eq!(part(&settings, "strategy.commitments.C1"), None);
    }
}
