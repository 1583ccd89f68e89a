//! What followed after an insight was shipped, and how well the checks foretold it.
//!
//! In: when voices asked for or complained of it, and when voices asked for anything else. Out: numbers, a verdict by the
//! rule below, and per check the mean points of what was resolved against what was not.
//!
//! The rule. Before are the [`BEFORE_DAYS`] days up to the day it was shipped, after is everything since; the day itself
//! is neither. As many mentions are to be expected after as there were before, times the pace of everything else: that
//! grew or shrank by some factor, and so would this. Where fewer than [`EXPECTED_MIN`] are to be expected, nothing can be
//! said. With at most [`RESOLVED_SHARE`] of them it is resolved, else it persists. It is reopened where it was resolved
//! until the last [`LAST_DAYS`] days and in those at least as many came as were to be expected.
//!
//! Invariants: a day without imports proves nothing, because then nothing was to be expected; no weight is changed by
//! what is found here. Cost: linear in mentions.
//! Source of the numbers: chosen, untested. With three expected, none at all comes by chance once in twenty (Poisson).

use std::collections::BTreeSet;
use throughline_model::time::DAY_SECS;
use throughline_model::{CheckState, Score, Timestamp, VoiceId};

/// Days before the day it was shipped.
pub const BEFORE_DAYS: i64 = 90;
/// Mentions that must be to be expected for anything to be said.
pub const EXPECTED_MIN: f64 = 3.0;
/// Up to this share of what was to be expected, it is resolved.
pub const RESOLVED_SHARE: f64 = 0.5;
/// Days in which what was resolved may come back.
pub const LAST_DAYS: i64 = 30;
/// A check is said to foretell something from so many resolved and so many others on.
pub const SAY_MIN: usize = 5;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Mentions fell.
    Resolved,
    /// They did not.
    Persists,
    /// They fell, and came back.
    Reopened,
    /// Too little is to be expected to say.
    Unproven,
}

impl Verdict {
    /// The word that tables print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Persists => "persists",
            Self::Reopened => "reopened",
            Self::Unproven => "unproven",
        }
    }

    /// Whether it was resolved; none where nothing can be said.
    #[must_use]
    pub const fn is_resolved(self) -> Option<bool> {
        match self {
            Self::Resolved => Some(true),
            Self::Persists | Self::Reopened => Some(false),
            Self::Unproven => None,
        }
    }
}

/// A voice at a time.
pub type Mention = (Timestamp, VoiceId);

/// What followed.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// How it went.
    pub verdict: Verdict,
    /// Voices in the [`BEFORE_DAYS`] days before.
    pub n_before: usize,
    /// Voices since.
    pub n_after: usize,
    /// Voices that were to be expected since, at the pace of everything else.
    pub expected: f64,
    /// Days since.
    pub days_after: i64,
    /// In one sentence with its numbers.
    pub sentence: String,
}

impl Followed {
    /// Voices in 30 days, before and after; none after where not a day went by.
    #[must_use]
    pub fn per_month(&self) -> (f64, Option<f64>) {
        let before = self.n_before as f64 / BEFORE_DAYS as f64 * 30.0;
        (before, (self.days_after > 0).then(|| self.n_after as f64 / self.days_after as f64 * 30.0))
    }
}

/// What followed after `shipped`, up to `as_of`, from mentions of it and of everything else.
#[must_use]
pub fn followed(own: &[Mention], others: &[Mention], shipped: Timestamp, as_of: Timestamp) -> Followed {
    let day = |at: Timestamp| at.0.div_euclid(DAY_SECS);
    let (on, last) = (day(shipped), day(as_of));
    let voices = |all: &[Mention], from: i64, to: i64| {
        let within = all.iter().filter(|(at, _)| (from..=to).contains(&day(*at)));
        within.map(|(_, voice)| *voice).collect::<BTreeSet<VoiceId>>().len()
    };
    let n_before = voices(own, on - BEFORE_DAYS, on - 1);
    let others_before = voices(others, on - BEFORE_DAYS, on - 1);
    let expected = |from: i64, to: i64| {
        if others_before == 0 { 0.0 } else { n_before as f64 * voices(others, from, to) as f64 / others_before as f64 }
    };
    let n_after = voices(own, on + 1, last);
    let all = expected(on + 1, last);
    let turn = last - LAST_DAYS;
    let (early, late) = (expected(on + 1, turn), expected(turn + 1, last));
    let is_few = |n: usize, expected: f64| n as f64 <= RESOLVED_SHARE * expected;
    let n_late = voices(own, turn + 1, last);
    let came_back = early >= EXPECTED_MIN
        && late >= 1.0
        && is_few(voices(own, on + 1, turn), early)
        && n_late as f64 >= late
        && n_late as f64 >= EXPECTED_MIN;
    let verdict = if all < EXPECTED_MIN {
        Verdict::Unproven
    } else if came_back {
        Verdict::Reopened
    } else if is_few(n_after, all) {
        Verdict::Resolved
    } else {
        Verdict::Persists
    };
    let days_after = (last - on).max(0);
    let numbers = format!(
        "{n_before} in the {BEFORE_DAYS} days before, {n_after} in the {days_after} days since, where {all:.1} were to be expected at the pace of everything else"
    );
    let sentence = match verdict {
        Verdict::Resolved => format!("mentions fell: {numbers}"),
        Verdict::Persists => format!("mentions go on: {numbers}"),
        Verdict::Reopened => {
            format!(
                "mentions fell and came back: {numbers}; {n_late} of them in the last {LAST_DAYS} days, where {late:.1} were to be expected"
            )
        }
        Verdict::Unproven => format!("too little to say: {numbers}, and {EXPECTED_MIN:.0} must be"),
    };
    Followed { verdict, n_before, n_after, expected: all, days_after, sentence }
}

/// How one check stood before what was resolved, and before what was not.
#[derive(Debug, Clone, PartialEq)]
pub struct Foretold {
    /// Id of the check.
    pub check: String,
    /// Shipped insights that were resolved and of which it was known.
    pub n_resolved: usize,
    /// Shipped insights that persist or were reopened, and of which it was known.
    pub n_others: usize,
    /// Mean points of the former.
    pub mean_resolved: Option<f64>,
    /// Mean points of the latter.
    pub mean_others: Option<f64>,
}

impl Foretold {
    /// Whether there are enough of both to say anything.
    #[must_use]
    pub const fn is_sayable(&self) -> bool {
        self.n_resolved >= SAY_MIN && self.n_others >= SAY_MIN
    }

    /// Points by which resolved ones lie above the others; none where there are too few to say.
    #[must_use]
    pub fn difference(&self) -> Option<f64> {
        self.mean_resolved.zip(self.mean_others).filter(|_| self.is_sayable()).map(|(a, b)| a - b)
    }
}

/// For each check how well it foretold, from verdicts with the scores of the day before each was shipped; the largest
/// difference first, then in the order of the checks.
#[must_use]
pub fn foretold(judged: &[(Verdict, &Score)]) -> Vec<Foretold> {
    let Some((_, first)) = judged.first() else { return Vec::new() };
    let of = |at: usize, is_resolved: bool| -> Vec<f64> {
        let scores = judged.iter().filter(|(verdict, _)| verdict.is_resolved() == Some(is_resolved));
        let checks = scores.filter_map(|(_, score)| score.checks.get(at));
        checks.filter(|check| check.state == CheckState::Scored).map(|check| check.points).collect()
    };
    let mean = |points: &[f64]| (!points.is_empty()).then(|| points.iter().sum::<f64>() / points.len() as f64);
    let mut all: Vec<Foretold> = (0..first.checks.len())
        .map(|at| {
            let (resolved, others) = (of(at, true), of(at, false));
            Foretold {
                check: first.checks[at].id.clone(),
                n_resolved: resolved.len(),
                n_others: others.len(),
                mean_resolved: mean(&resolved),
                mean_others: mean(&others),
            }
        })
        .collect();
    let size = |one: &Foretold| one.difference().map_or(-1.0, f64::abs);
    all.sort_by(|a, b| size(b).total_cmp(&size(a)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mentions on days counted from the day of shipping, each by a voice of its own.
    fn on(days: impl IntoIterator<Item = i64>, voice: u64) -> Vec<Mention> {
        days.into_iter().enumerate().map(|(i, day)| (Timestamp(day * DAY_SECS), VoiceId(voice + i as u64))).collect()
    }

    fn verdict(own: &[i64], days_after: i64) -> Verdict {
        // One other voice a day, as long as there is anything.
        let others = on(-90..=days_after, 1_000);
        followed(&on(own.iter().copied(), 0), &others, Timestamp(0), Timestamp(days_after * DAY_SECS)).verdict
    }

    #[test]
    fn the_rule_holds_one_case_each() {
        let before = [-80, -70, -60, -50, -40, -30, -20, -10, -5];
        let with = |after: &[i64]| [before.as_slice(), after].concat();
        // Nine in ninety days: nine are to be expected in ninety more, three in thirty.
        assert_eq!(verdict(&with(&[10, 20, 30, 40]), 90), Verdict::Resolved);
        assert_eq!(verdict(&with(&[10, 20, 30, 40, 50]), 90), Verdict::Persists);
        assert_eq!(verdict(&with(&[]), 29), Verdict::Unproven);
        assert_eq!(verdict(&with(&[]), 30), Verdict::Resolved);
        assert_eq!(verdict(&with(&[62, 70, 80]), 90), Verdict::Reopened);
        assert_eq!(verdict(&with(&[5, 10, 15, 20, 62, 70, 80]), 90), Verdict::Persists);
        assert_eq!(verdict(&[-10, -5], 90), Verdict::Unproven);
        // The day itself is neither before nor after.
        assert_eq!(verdict(&with(&[0, 0, 0, 0, 0, 0]), 90), Verdict::Resolved);
    }

    #[test]
    fn silence_proves_nothing_where_nobody_says_anything() {
        let own = on([-80, -70, -60, -50, -40], 0);
        let others = on(-90..0, 1_000);
        let found = followed(&own, &others, Timestamp(0), Timestamp(90 * DAY_SECS));
        assert_eq!((found.verdict, found.n_after, found.expected), (Verdict::Unproven, 0, 0.0));
    }

    #[test]
    fn a_voice_counts_once_on_each_side() {
        let mut own = on([-80, -70, -60, -50], 0);
        own.extend([(Timestamp(-3 * DAY_SECS), VoiceId(0)), (Timestamp(4 * DAY_SECS), VoiceId(0))]);
        let found = followed(&own, &on(-90..=90, 1_000), Timestamp(0), Timestamp(90 * DAY_SECS));
        assert_eq!((found.n_before, found.n_after), (4, 1));
        assert_eq!(found.verdict, Verdict::Resolved);
    }
}
