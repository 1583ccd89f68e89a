//! Revenue: whose money speaks, what of it may leave, what waits to be signed, and what has gone already.

use super::{Answer, cite, cite_span, count, percent};
use crate::facts::{Case, Facts};
use crate::scale::{Full, Quantity, Scale};
use std::collections::BTreeSet;
use throughline_model::time::DAY_SECS;
use throughline_model::{AccountId, Citation, SourceKind};

/// After how many days a renewal counts half as near.
const RENEWAL_HALF_DAYS: f64 = 90.0;

fn by_account(id: AccountId, field: &str) -> Citation {
    Citation::Account { id, field: field.to_owned() }
}

/// Signals with a phrase of `class`, each citing the phrase's span.
pub(super) fn phrase_evidence(facts: &Facts<'_>, case: &Case<'_>, class: &str) -> Vec<Citation> {
    let hits = case.members.iter().flat_map(|signal| signal.phrases.iter().map(move |hit| (signal, hit)));
    hits.filter(|(_, hit)| hit.class == class).map(|(signal, hit)| cite_span(facts, signal, hit.span)).collect()
}

/// Accounts with a phrase of `class`.
fn accounts_saying(case: &Case<'_>, class: &str) -> BTreeSet<AccountId> {
    case.members.iter().filter(|signal| signal.has_phrase(class)).filter_map(|signal| signal.account).collect()
}

fn is_askable(case: &Case<'_>, class: &str) -> bool {
    case.members.len() >= 3 || case.members.iter().any(|signal| signal.has_phrase(class))
}

const THREE_TEXTS: &str = "at least three statements with text";

pub(super) fn voiced(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let mut known: Vec<(AccountId, f64)> =
        case.accounts.iter().filter_map(|id| Some((*id, *facts.arr_from_account.get(id)?))).collect();
    if known.is_empty() || known.len() * 2 < case.accounts.len() {
        return Answer::unknown(
            "yearly revenue of at least half of the accounts that speak: add an ARR column to the customer list",
        );
    }
    let all: f64 = facts.arr_from_account.values().sum();
    let voiced: f64 = known.iter().map(|(_, arr)| arr).sum();
    known.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let share = if all > 0.0 { voiced / all } else { 0.0 };
    let currency = facts.settings.product.currency.as_deref().unwrap_or("");
    let sentence = format!("accounts worth {} of ARR ({voiced:.0} {currency})", percent(share)).replace(" )", ")");
    Answer::number(share, sentence, known.iter().take(5).map(|(id, _)| by_account(*id, "arr")).collect())
}

pub(super) fn churn(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    if !is_askable(case, "churn") {
        return Answer::unknown(THREE_TEXTS);
    }
    let leaving = accounts_saying(case, "churn");
    let evidence = phrase_evidence(facts, case, "churn");
    let total: f64 = facts.arr_from_account.values().sum();
    let n = leaving.len();
    if total <= 0.0 {
        let sentence = format!(
            "{} to leave; revenue is not known",
            if n == 1 { "1 account threatens".into() } else { format!("{n} accounts threaten") }
        );
        return Answer::Known {
            quantity: Quantity::Number(n as f64),
            sentence,
            evidence,
            fallback: Some(Scale::Logs { full: Full::Number(5.0) }),
        };
    }
    let exposed: f64 = leaving.iter().filter_map(|id| facts.arr_from_account.get(id)).sum();
    let sentence =
        format!("{} speak of leaving ({} of ARR)", count(n, "account", "accounts"), percent(exposed / total));
    Answer::number(exposed / total, sentence, evidence)
}

pub(super) fn renewal(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(as_of) = facts.as_of else {
        return Answer::unknown("a date: nothing in the workspace is dated");
    };
    let dated: Vec<_> = case
        .accounts
        .iter()
        .filter_map(|id| Some((*id, facts.corpus.accounts.get(id)?.facts.renewal_at?)))
        .filter(|(_, at)| *at >= as_of)
        .collect();
    let Some((_, nearest)) = dated.iter().min_by_key(|(id, at)| (*at, *id)) else {
        return Answer::unknown("a renewal date of an account that speaks: add a renewal column to the customer list");
    };
    let (mut near, mut all) = (0.0, 0.0);
    for (id, at) in &dated {
        let weight = facts.arr_from_account.get(id).copied().unwrap_or(1.0);
        let days = (at.0 - as_of.0) as f64 / DAY_SECS as f64;
        near += weight * libm::exp2(-days / RENEWAL_HALF_DAYS);
        all += weight;
    }
    let index = if all > 0.0 { near / all } else { 0.0 };
    let sentence = format!("nearest renewal {}; exposure index {index:.2}", nearest.long_date());
    Answer::number(index, sentence, dated.iter().map(|(id, _)| by_account(*id, "renewal_at")).collect())
}

pub(super) fn deals(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let has_sales = facts.source_kinds.contains(&SourceKind::Sales) || facts.source_kinds.contains(&SourceKind::Call);
    if !has_sales && !case.members.iter().any(|signal| signal.has_phrase("deal_block")) {
        return Answer::unknown("a sales source: import sales calls, a portal's notes or the sales channel");
    }
    let blocked = accounts_saying(case, "deal_block");
    let evidence = phrase_evidence(facts, case, "deal_block");
    let amount = |id: &AccountId| facts.corpus.accounts.get(id)?.facts.deal_amount;
    let pipeline: f64 = facts.corpus.accounts.keys().filter_map(amount).sum();
    let n = blocked.len();
    let named = count(n, "open deal or prospect", "open deals or prospects");
    if pipeline > 0.0 {
        let held: f64 = blocked.iter().filter_map(amount).sum();
        let sentence = format!("{named} blocked ({} of pipeline)", percent(held / pipeline));
        return Answer::number(held / pipeline, sentence, evidence);
    }
    Answer::Known {
        quantity: Quantity::Number(n as f64),
        sentence: format!("{named} blocked; deal amounts are not known"),
        evidence,
        fallback: Some(Scale::Logs { full: Full::Number(5.0) }),
    }
}

pub(super) fn expansion(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    if !is_askable(case, "expansion") {
        return Answer::unknown(THREE_TEXTS);
    }
    let n = accounts_saying(case, "expansion").len();
    Answer::number(
        n as f64,
        format!("{} would expand", count(n, "account", "accounts")),
        phrase_evidence(facts, case, "expansion"),
    )
}

pub(super) fn seats(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let seats_of = |id: &AccountId| facts.corpus.accounts.get(id)?.facts.seats;
    let mut known: Vec<(AccountId, u64)> = case.accounts.iter().filter_map(|id| Some((*id, seats_of(id)?))).collect();
    if known.is_empty() || known.len() * 2 < case.accounts.len() {
        return Answer::unknown(
            "seats of at least half of the accounts that speak: add a seats column to the customer list",
        );
    }
    let all: u64 = facts.corpus.accounts.keys().filter_map(seats_of).sum();
    let voiced: u64 = known.iter().map(|(_, seats)| seats).sum();
    known.sort_by_key(|(id, seats)| (std::cmp::Reverse(*seats), *id));
    let share = if all > 0 { voiced as f64 / all as f64 } else { 0.0 };
    let sentence = format!("its accounts hold {} of all seats ({voiced} of {all})", percent(share));
    Answer::number(share, sentence, known.iter().take(5).map(|(id, _)| by_account(*id, "seats")).collect())
}

pub(super) fn paying(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let with_plan: Vec<(AccountId, bool)> = case
        .accounts
        .iter()
        .filter_map(|id| {
            let account = &facts.corpus.accounts.get(id)?.facts;
            let plan = account.plan.as_deref()?.to_lowercase();
            let stage = account.stage.as_deref().unwrap_or("").to_lowercase();
            let is_unpaid = ["free", "trial"].iter().any(|word| plan.contains(word) || stage.contains(word))
                || stage.contains("churn");
            Some((*id, !is_unpaid))
        })
        .collect();
    if with_plan.is_empty() {
        return Answer::unknown("the plan of an account that speaks: add a plan column to the customer list");
    }
    let k = with_plan.iter().filter(|(_, pays)| *pays).count();
    let n = with_plan.len();
    let evidence = with_plan.iter().map(|(id, _)| by_account(*id, "plan")).collect();
    Answer::share(k, n, format!("{k} of {} pay", count(n, "account", "accounts")), evidence)
}

pub(super) fn losses(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let is_connected = facts.corpus.accounts.values().any(|account| account.facts.lost_reason.is_some());
    if !is_connected {
        return Answer::unknown("reasons of lost deals and of leaving: add a reason column to the customer list");
    }
    let lost: Vec<AccountId> = facts.losses_like(case);
    let n = lost.len();
    let mut evidence: Vec<Citation> = lost.iter().map(|id| by_account(*id, "lost_reason")).collect();
    evidence
        .extend(case.members.iter().filter(|s| s.account.is_some_and(|a| lost.contains(&a))).take(2).map(|s| cite(s)));
    Answer::number(
        n as f64,
        format!("{} of a lost or leaving customer name this", count(n, "reason", "reasons")),
        evidence,
    )
}
