//! Revenue: whose money speaks, what of it may leave, what waits to be signed, and what has gone already.

use super::{Answer, cite, cite_span, count, percent};
use crate::facts::{Case, Facts};
use crate::scale::{Full, Quantity, Scale};
use std::collections::BTreeSet;
use throughline_model::time::DAY_SECS;
use throughline_model::{AccountId, Citation, PersonId, RecordId, Signal, SourceKind};

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

/// Who says a thing: an account; where none is named the person, and else the record stands for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Speaker {
    Account(AccountId),
    Person(PersonId),
    Record(RecordId),
}

/// Who uses a phrase of `class`.
pub(super) fn speakers(case: &Case<'_>, class: &str) -> BTreeSet<Speaker> {
    let who = |signal: &Signal| {
        let account = signal.account.map(Speaker::Account);
        account.or(signal.person.map(Speaker::Person)).unwrap_or(Speaker::Record(signal.record_id))
    };
    case.members.iter().filter(|signal| signal.has_phrase(class)).map(|signal| who(signal)).collect()
}

/// `3 accounts`; `3 voices` where not all are accounts.
pub(super) fn counted(speakers: &BTreeSet<Speaker>) -> String {
    if speakers.iter().all(|speaker| matches!(speaker, Speaker::Account(_))) {
        count(speakers.len(), "account", "accounts")
    } else {
        count(speakers.len(), "voice", "voices")
    }
}

fn account(speaker: &Speaker) -> Option<&AccountId> {
    match speaker {
        Speaker::Account(id) => Some(id),
        _ => None,
    }
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
    let all = facts.accounts.revenue;
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
    let leaving = speakers(case, "churn");
    let evidence = phrase_evidence(facts, case, "churn");
    let total = facts.accounts.revenue;
    let known: Vec<f64> = leaving.iter().filter_map(|who| facts.arr_from_account.get(account(who)?).copied()).collect();
    let said = if leaving.is_empty() {
        "nobody speaks".to_owned()
    } else {
        format!("{} in danger: they speak", counted(&leaving))
    };
    // Without the revenue of any of them, they are counted.
    if total <= 0.0 || (known.is_empty() && !leaving.is_empty()) {
        return Answer::Known {
            quantity: Quantity::Number(leaving.len() as f64),
            sentence: format!("{said} of leaving; their revenue is not known"),
            evidence,
            n_unlisted: 0,
            fallback: Some(Scale::Logs { full: Full::Number(5.0) }),
        };
    }
    let share = known.iter().sum::<f64>() / total;
    Answer::number(share, format!("{said} of leaving ({} of ARR)", percent(share)), evidence)
}

pub(super) fn renewal(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(as_of) = facts.as_of else {
        return Answer::unknown("a date: nothing in the workspace is dated");
    };
    let mut dated: Vec<_> = case
        .accounts
        .iter()
        .filter_map(|id| Some((*id, facts.corpus.accounts.get(id)?.facts.renewal_at?)))
        .filter(|(_, at)| *at >= as_of)
        .collect();
    dated.sort_unstable_by_key(|(id, at)| (*at, *id));
    let Some((_, nearest)) = dated.first() else {
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
    let blocked = speakers(case, "deal_block");
    let evidence = phrase_evidence(facts, case, "deal_block");
    let amounts: Vec<f64> = blocked.iter().filter_map(|who| facts.open_deal(*account(who)?)).collect();
    let named = if blocked.is_empty() {
        "nobody holds back".to_owned()
    } else {
        format!("{} {} back", counted(&blocked), if blocked.len() == 1 { "holds" } else { "hold" })
    };
    let pipeline = facts.accounts.pipeline;
    // Without the amount of any of them, they are counted.
    if pipeline <= 0.0 || (amounts.is_empty() && !blocked.is_empty()) {
        return Answer::Known {
            quantity: Quantity::Number(blocked.len() as f64),
            sentence: format!("{named} a signature over this; the amounts of their deals are not known"),
            evidence,
            n_unlisted: 0,
            fallback: Some(Scale::Logs { full: Full::Number(5.0) }),
        };
    }
    let share = amounts.iter().sum::<f64>() / pipeline;
    Answer::number(share, format!("{named} a signature over this ({} of the open pipeline)", percent(share)), evidence)
}

pub(super) fn expansion(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    if !is_askable(case, "expansion") {
        return Answer::unknown(THREE_TEXTS);
    }
    let who = speakers(case, "expansion");
    Answer::number(
        who.len() as f64,
        format!("{} would expand", counted(&who)),
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
    let all = facts.accounts.seats;
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
    if !facts.knows_losses() {
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
