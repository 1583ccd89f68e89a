//! Reach: how many customers, people, segments, roles and channels say it, and whether it stands without the loudest.

use super::{Answer, cite, count, list, one_per, percent};
use crate::facts::{Case, Facts};
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::{AccountId, Citation, Signal};

/// Mentions of one account beyond this count no further.
const ACCOUNT_CAP: usize = 10;

pub(super) fn accounts(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    if case.accounts.is_empty() {
        return Answer::unknown(
            "the account behind a statement: import a customer list, or exports that name the company",
        );
    }
    let names: Vec<String> =
        case.accounts.iter().filter_map(|id| Some(facts.corpus.accounts.get(id)?.facts.name.clone())).collect();
    let shown =
        if names.len() > 4 { format!("{}, {} others", names[..3].join(", "), names.len() - 3) } else { list(&names) };
    let n = case.accounts.len();
    let sentence = format!("{} raised this ({shown})", count(n, "account", "accounts"));
    Answer::number(n as f64, sentence, one_per(&case.members, |signal| signal.account))
}

pub(super) fn people(_: &Facts<'_>, case: &Case<'_>) -> Answer {
    if case.people.is_empty() {
        return Answer::unknown("who said it: import exports that name their authors");
    }
    let n = case.people.len();
    Answer::number(
        n as f64,
        format!("{} raised this", count(n, "person", "people")),
        one_per(&case.members, |signal| signal.person),
    )
}

pub(super) fn volume(_: &Facts<'_>, case: &Case<'_>) -> Answer {
    let mut n_by_account: BTreeMap<AccountId, usize> = BTreeMap::new();
    let mut n = 0;
    for signal in &case.members {
        let is_counted = signal.account.is_none_or(|account| {
            let of_account = n_by_account.entry(account).or_default();
            *of_account += 1;
            *of_account <= ACCOUNT_CAP
        });
        n += usize::from(is_counted);
    }
    Answer::number(n as f64, count(n, "distinct mention", "distinct mentions"), spread_over_time(&case.members, 5))
}

/// Up to `n` signals, first and last in time among them.
fn spread_over_time(signals: &[&Signal], n: usize) -> Vec<Citation> {
    let mut ordered = signals.to_vec();
    ordered.sort_by_key(|signal| (signal.at, signal.id));
    if ordered.len() <= n {
        return ordered.into_iter().map(cite).collect();
    }
    (0..n).map(|i| cite(ordered[i * (ordered.len() - 1) / (n - 1)])).collect()
}

pub(super) fn segments(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let segment_of = |id: &AccountId| facts.corpus.accounts.get(id)?.facts.segment.clone();
    let mut n_by_segment: BTreeMap<String, usize> = BTreeMap::new();
    for segment in case.accounts.iter().filter_map(segment_of) {
        *n_by_segment.entry(segment).or_default() += 1;
    }
    let n: usize = n_by_segment.values().sum();
    if n < 2 || facts.accounts.n_segments < 2 {
        return Answer::unknown("the segment of at least two accounts: add a segment column to the customer list");
    }
    let shares = n_by_segment.values().map(|&k| k as f64 / n as f64);
    let entropy: f64 = shares.map(|p| -p * libm::log(p)).sum();
    let effective = libm::exp(entropy);
    let named = list(&n_by_segment.keys().cloned().collect::<Vec<_>>());
    let evidence = one_per(&case.members, |signal| segment_of(&signal.account?));
    Answer::number(effective - 1.0, format!("spread over about {effective:.1} segments ({named})"), evidence)
}

pub(super) fn sources(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    if facts.source_kinds.len() < 2 {
        return Answer::unknown("a second kind of source: import calls, reviews, surveys or chat beside what is there");
    }
    let kinds: BTreeSet<_> = case.members.iter().map(|signal| signal.source_kind).collect();
    let words = list(&kinds.iter().map(|kind| kind.word().to_owned()).collect::<Vec<_>>());
    let sentence = format!("seen in {} ({words})", count(kinds.len(), "kind of source", "kinds of source"));
    Answer::number(kinds.len() as f64, sentence, one_per(&case.members, |signal| Some(signal.source_kind)))
}

pub(super) fn roles(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let role_of = |signal: &Signal| facts.role(signal.person?);
    let n_with_role = case.people.iter().filter(|id| facts.role(**id).is_some()).count();
    if n_with_role < 2 {
        return Answer::unknown(
            "the role of at least two authors: add roles to contacts, or declare personas with their job titles",
        );
    }
    let roles: BTreeSet<String> = case.members.iter().filter_map(|signal| role_of(signal)).collect();
    let sentence =
        format!("{}: {}", count(roles.len(), "role", "roles"), list(&roles.iter().cloned().collect::<Vec<_>>()));
    Answer::number(roles.len() as f64, sentence, one_per(&case.members, role_of))
}

pub(super) fn loudest(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let mut n_by_account: BTreeMap<AccountId, usize> = BTreeMap::new();
    for account in case.members.iter().filter_map(|signal| signal.account) {
        *n_by_account.entry(account).or_default() += 1;
    }
    let top = n_by_account.iter().max_by_key(|(id, n)| (**n, std::cmp::Reverse(**id)));
    let Some((&account, &n)) = top.filter(|_| case.members.len() >= 3) else {
        return Answer::unknown("at least three mentions, one of them with an account");
    };
    let share = n as f64 / case.members.len() as f64;
    let name = facts.corpus.accounts.get(&account).map_or_else(|| account.to_string(), |a| a.facts.name.clone());
    let is_top = |signal: &&&Signal| signal.account == Some(account);
    let mut evidence: Vec<Citation> = case.members.iter().filter(is_top).take(2).map(|s| cite(s)).collect();
    evidence.extend(case.members.iter().filter(|signal| !is_top(signal)).take(2).map(|s| cite(s)));
    Answer::number(share, format!("the top account ({name}) holds {} of mentions", percent(share)), evidence)
}
