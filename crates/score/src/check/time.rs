//! Time: is it growing, fresh, lasting, still winning new voices, and how much of support it takes.

use super::{Answer, cite, count, one_per, percent};
use crate::facts::{Case, Facts};
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::time::DAY_SECS;
use throughline_model::{AccountId, SourceKind, Timestamp};

const WEEK_SECS: i64 = 7 * DAY_SECS;
const UNDATED: &str = "dated statements: import exports that carry a date";
/// After how many days a mention counts half as fresh.
const RECENT_HALF_DAYS: f64 = 45.0;

fn dates(case: &Case<'_>) -> Vec<Timestamp> {
    case.members.iter().filter_map(|signal| signal.at).collect()
}

pub(super) fn growth(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let own = dates(case);
    let (Some(as_of), Some(first), Some(last)) = (facts.as_of, own.iter().min(), own.iter().max()) else {
        return Answer::unknown(UNDATED);
    };
    if own.len() < 6 || last.0 - first.0 < 8 * WEEK_SECS {
        return Answer::unknown("at least six dated statements over eight weeks");
    }
    let within = |at: Timestamp, from: i64, to: i64| {
        let age = as_of.0 - at.0;
        age >= from * WEEK_SECS && age < to * WEEK_SECS
    };
    let tally = |all: &[Timestamp]| {
        let recent = all.iter().filter(|at| within(**at, 0, 4)).count() as f64;
        let before = all.iter().filter(|at| within(**at, 4, 12)).count() as f64;
        (recent, before)
    };
    let (recent, before) = tally(&own);
    let (all_recent, all_before) = facts.pace;
    // One standard error below the recent count, half a mention added to each side so that none is divided by zero.
    let lower = (recent - recent.sqrt()).max(0.0);
    let own_ratio = (lower / 4.0 + 0.125) / (before / 8.0 + 0.125);
    let all_ratio = (all_recent / 4.0 + 0.125) / (all_before / 8.0 + 0.125);
    let x = libm::log2(own_ratio / all_ratio);
    let times = libm::exp2(x);
    let sentence = format!(
        "{recent:.0} mentions in the last 4 weeks after {before:.0} in the 8 weeks before: {times:.1} times its earlier rate, cautiously read and against the workspace's own"
    );
    Answer::number(x, sentence, newest(case, 2))
}

fn newest(case: &Case<'_>, n: usize) -> Vec<throughline_model::Citation> {
    let mut dated: Vec<_> = case.members.iter().filter(|signal| signal.at.is_some()).collect();
    dated.sort_by_key(|signal| (std::cmp::Reverse(signal.at), signal.id));
    dated.into_iter().take(n).map(|signal| cite(signal)).collect()
}

pub(super) fn recency(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let own = dates(case);
    let (Some(as_of), Some(last)) = (facts.as_of, own.iter().max()) else {
        return Answer::unknown(UNDATED);
    };
    let weights =
        own.iter().map(|at| libm::exp2(-((as_of.0 - at.0).max(0) as f64 / DAY_SECS as f64) / RECENT_HALF_DAYS));
    let x = weights.sum::<f64>() / own.len() as f64;
    Answer::number(x, format!("newest mention {}", last.long_date()), newest(case, 2))
}

pub(super) fn persistence(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let own = dates(case);
    let spans_enough = facts.span.is_some_and(|(first, last)| last.0 - first.0 >= 89 * DAY_SECS);
    let (Some(as_of), true) = (facts.as_of, spans_enough && !own.is_empty()) else {
        return Answer::unknown("dated statements in a workspace that spans three months");
    };
    let year_ago = Timestamp(as_of.0 - 365 * DAY_SECS);
    let months: BTreeSet<String> = own.iter().filter(|at| **at > year_ago).map(|at| at.month()).collect();
    let evidence = one_per(&case.members, |signal| signal.at.filter(|at| *at > year_ago).map(Timestamp::month));
    Answer::number(months.len() as f64, format!("raised in {} of the last 12 months", months.len()), evidence)
}

pub(super) fn joining(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let has_history = facts.span.is_some_and(|(first, last)| last.0 - first.0 >= 8 * WEEK_SECS);
    let mut first: BTreeMap<AccountId, (Timestamp, usize)> = BTreeMap::new();
    for (i, signal) in case.members.iter().enumerate() {
        if let (Some(account), Some(at)) = (signal.account, signal.at) {
            let entry = first.entry(account).or_insert((at, i));
            *entry = (*entry).min((at, i));
        }
    }
    let (Some(as_of), true) = (facts.as_of, has_history && !first.is_empty()) else {
        return Answer::unknown("dated statements with accounts, and eight weeks of history");
    };
    let new: Vec<usize> = first.values().filter(|(at, _)| as_of.0 - at.0 < 4 * WEEK_SECS).map(|(_, i)| *i).collect();
    let sentence =
        format!("{} raised it for the first time in the last 28 days", count(new.len(), "account", "accounts"));
    Answer::number(new.len() as f64, sentence, new.iter().map(|i| cite(case.members[*i])).collect())
}

pub(super) fn support_load(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(as_of) = facts.as_of.filter(|_| facts.source_kinds.contains(&SourceKind::Support)) else {
        return Answer::unknown("a support source with dates: import a ticket export");
    };
    let all = facts.n_tickets_90d;
    let is_recent = |at: Option<Timestamp>| at.is_some_and(|at| as_of.0 - at.0 < 90 * DAY_SECS);
    let own: BTreeMap<_, _> = case
        .members
        .iter()
        .filter(|signal| signal.source_kind == SourceKind::Support && is_recent(signal.at))
        .map(|signal| (signal.record_id, *signal))
        .collect();
    let share = if all > 0 { own.len() as f64 / all as f64 } else { 0.0 };
    let sentence = format!("{} of support tickets in 90 days ({} of {all})", percent(share), own.len());
    Answer::number(share, sentence, own.values().take(5).map(|signal| cite(signal)).collect())
}
