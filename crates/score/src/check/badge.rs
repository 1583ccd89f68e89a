//! Badges: gates that pin a word to an insight without adding or removing a point.

use crate::facts::{Case, Facts};
use throughline_model::time::DAY_SECS;
use throughline_model::{CheckResult, CheckState, Citation};

/// Newest evidence older than this is old.
const STALE_DAYS: i64 = 180;
/// One account with this share of the mentions is one voice.
const ONE_VOICE: f64 = 0.8;
/// This share of dissent means that customers disagree.
const DISAGREE: f64 = 0.2;

/// The badges of a case, each with its reason.
#[must_use]
pub fn badges(facts: &Facts<'_>, case: &Case<'_>, checks: &[CheckResult]) -> Vec<(String, String)> {
    let result = |id: &str| checks.iter().find(|check| check.id == id && check.state == CheckState::Scored);
    let n_signals = |check: &CheckResult| {
        let ids = check.evidence.iter().filter_map(|citation| match citation {
            Citation::Signal { id, .. } => Some(*id),
            _ => None,
        });
        ids.collect::<std::collections::BTreeSet<_>>().len()
    };
    let mut badges = Vec::new();
    let mut pin = |badge: &str, reason: String| badges.push((badge.to_owned(), reason));
    if let Some(law) = result("SA-15").filter(|check| check.points >= 1.0) {
        pin("must do", law.sentence.clone());
    }
    // Points of the class 'data or money loss' and worse, said at least twice.
    if let Some(harm) = result("BI-22").filter(|check| check.points >= 0.85 && n_signals(check) >= 2) {
        pin("fix now", harm.sentence.clone());
    }
    // Inverted scale: no points left means a likeness of 0.8 or more.
    if let Some(goal) = result("SA-13").filter(|check| check.points <= 0.0) {
        pin("against a non-goal", goal.sentence.clone());
    }
    if let Some(item) = result("SA-22").filter(|check| check.points <= 0.0) {
        pin("may exist already", item.sentence.clone());
    }
    let loudest = result("BI-07").and_then(|check| check.x);
    if case.accounts.len() == 1 || loudest.is_some_and(|share| share >= ONE_VOICE) {
        pin("one voice", "one account holds most of what is said".to_owned());
    }
    if !case.members.is_empty() && case.insight.dissent.len() as f64 >= DISAGREE * case.members.len() as f64 {
        pin("customers disagree", format!("{} statements say the opposite", case.insight.dissent.len()));
    }
    if let (Some(as_of), Some((_, last))) = (facts.as_of, case.insight.heard)
        && as_of.0 - last.0 > STALE_DAYS * DAY_SECS
    {
        pin("old evidence", format!("last heard {}", last.long_date()));
    }
    badges
}
