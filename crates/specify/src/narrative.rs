//! What a reader meets first: who it is for, what hurts, the job, why now, what changes.

use crate::Input;
use crate::facts::{Facts, cite, cite_signals, full_date, money};
use crate::noun::Noun;
use crate::persona::{is_no_role, noun_of};
use crate::playbook::Entry;
use crate::statement::{assumption, default, evidence, strategy};
use crate::story::MOST_CITED;
use crate::wording::{Wording, is_stated, sentence};
use crate::words;
use throughline_model::spec::Statement;
use throughline_model::strategy::Persona;
use throughline_model::{CheckState, Citation, Language, Need, Quote, SlotName, Trend};

/// Most words of the problem section (rule PR-2).
const PROBLEM_WORDS: usize = 120;

/// Days within which a renewal is a reason to hurry: one quarter.
const RENEWAL_DAYS: i64 = 90;

/// Who acts, and on what that rests.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) actor: Noun,
    pub(crate) is_known: bool,
    pub(crate) role: Statement,
    pub(crate) about: Statement,
}

/// Who acts: as stated, else the most frequent role of those who speak, else the declared primary persona.
pub(crate) fn who(input: &Input<'_>, facts: &Facts<'_>, need: &Need) -> Who {
    let personas = input.strategy.personas.as_deref().unwrap_or_default();
    let persona_of = |role: &str| -> Option<&Persona> {
        let same = |name: &str| {
            name.eq_ignore_ascii_case(role)
                || words::singular(&name.to_lowercase()) == words::singular(&role.to_lowercase())
        };
        personas.iter().find(|persona| same(&persona.name) || persona.roles.iter().any(|role| same(role)))
    };
    let cast = input.workspace.cast;
    let noun = |role: &str| {
        let name = cast.and_then(|cast| cast.of_role(role)).map(|persona| persona.name.as_str());
        let name = name.or_else(|| persona_of(role).map(|persona| persona.name.as_str()));
        name.map(noun_of).or_else(|| Noun::parse(role, Language::En))
    };
    let n_known: u32 = facts.roles.iter().map(|(_, n)| n).sum();
    let stated = need.slots.get(&SlotName::Actor).filter(|slot| is_stated(slot) && !is_no_role(&slot.value));
    if let Some(slot) = stated
        && let Some(actor) = noun(&slot.value)
    {
        let citations =
            if slot.quotes.is_empty() { vec![facts.citation()] } else { slot.quotes.iter().map(cite).collect() };
        let role = Statement { text: actor.one.clone(), basis: slot.basis, citations: citations.clone() };
        let text = format!("{} first of all: the role is named in their own words.", words::capitalised(&actor.many));
        return Who { actor, is_known: true, role, about: evidence(text, citations) };
    }
    // Roles that mean the same persona speak with one voice.
    let mut by_actor: Vec<(Noun, u32)> = Vec::new();
    for (role, n) in facts.roles.iter().filter(|(role, _)| !is_no_role(role)) {
        let Some(actor) = noun(role) else { continue };
        match by_actor.iter_mut().find(|(known, _)| *known == actor) {
            Some((_, sum)) => *sum += n,
            None => by_actor.push((actor, *n)),
        }
    }
    by_actor.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.one.cmp(&b.0.one)));
    if let Some((actor, n)) = by_actor.into_iter().next() {
        let text = format!(
            "{} first of all: {} of the {} whose role is known.",
            words::capitalised(&actor.many),
            words::number(n),
            words::counted_in_words(n_known, "person"),
        );
        let citations = vec![facts.citation()];
        let role = evidence(actor.one.clone(), citations.clone());
        return Who { actor, is_known: true, role, about: evidence(text, citations) };
    }
    let primary = personas.iter().find(|persona| persona.is_primary).or_else(|| personas.first());
    if let Some(persona) = primary {
        let actor = noun_of(&persona.name);
        let path = format!("personas.{}", persona.id);
        let text = format!(
            "{} first of all: the declared primary persona. No voice here gives its own role.",
            words::capitalised(&actor.many)
        );
        let role = strategy(actor.one.clone(), path.clone());
        return Who { actor, is_known: true, role, about: strategy(text, path) };
    }
    let actor = Noun { one: "member".to_owned(), many: "members".to_owned(), a_one: "a member".to_owned() };
    Who {
        role: assumption(actor.one.clone()),
        actor,
        is_known: false,
        about: assumption(
            "No voice gives its role, and no persona is declared; “member” stands in. Cheapest test: ask the newest \
             three what their job is.",
        ),
    }
}

/// The people and accounts behind it.
pub(crate) fn who_section(who: &Who, facts: &Facts<'_>) -> Vec<Statement> {
    let mut out = vec![who.about.clone()];
    let names = facts.account_names();
    if !names.is_empty() {
        let shown: Vec<String> = names.iter().take(5).cloned().collect();
        let n_more = names.len() - shown.len();
        let list = if n_more > 0 { format!("{} and {n_more} more", shown.join(", ")) } else { words::listed(&shown) };
        let mut text = format!("{} named: {list}", words::counted_in_words(names.len() as u32, "account"));
        if let Some(revenue) = facts.revenue() {
            text.push_str(&format!(
                "; {} a year together, known for {} of {}",
                money(revenue.amount, &revenue.currency),
                revenue.n_known,
                facts.accounts.len()
            ));
        }
        let citations = facts
            .accounts
            .iter()
            .take(MOST_CITED)
            .map(|account| Citation::Account { id: account.id, field: "arr".to_owned() })
            .chain([facts.citation()])
            .collect();
        out.push(evidence(sentence(&text), citations));
    }
    if facts.sources.len() > 1 {
        let kinds: Vec<String> = facts.sources.iter().map(|(kind, n)| format!("{} ({n})", kind.word())).collect();
        let text = format!(
            "Heard through {} kinds of source, by number of statements: {}.",
            words::number(facts.sources.len() as u32),
            words::listed(&kinds)
        );
        out.push(evidence(text, vec![facts.citation()]));
    }
    out
}

/// What hurts, without a solution: the pain, how many, in whose words, what it costs them today.
pub(crate) fn problem(facts: &Facts<'_>, need: &Need, pain: String, quotes: &[Quote]) -> Vec<Statement> {
    let mut out = vec![
        evidence(pain, cite_signals(&need.signals, MOST_CITED)),
        evidence(sentence(&facts.counts()), vec![facts.citation()]),
    ];
    let mut used: Vec<&Quote> = Vec::new();
    if let Some(quote) = quotes.iter().find(|quote| quote.text.split_whitespace().count() <= 30) {
        out.push(quoted(facts, quote, None));
        used.push(quote);
    }
    let costs = [
        ("workaround", "describes a workaround", "describe a workaround"),
        ("frequency", "says that it comes again and again", "say that it comes again and again"),
    ];
    for (class, one, many) in costs {
        let hits: Vec<_> = facts.with_phrase(class).collect();
        let Some((signal, span)) = hits.iter().find(|(signal, _)| !used.iter().any(|q| q.signal_id == signal.id))
        else {
            continue;
        };
        let quote = facts.excerpt(signal, Some(*span));
        let what = if hits.len() == 1 { one } else { many };
        let intro = format!(
            "{} of {} {what}",
            words::number(hits.len() as u32),
            words::counted_in_words(facts.words().count() as u32, "statement")
        );
        out.push(quoted(facts, &quote, Some(&intro)));
    }
    if let Some(behaviour) = facts.behaviours().next() {
        let quote = facts.excerpt(behaviour, None);
        out.push(evidence(format!("What people did agrees: “{}”", quote.text), vec![cite(&quote)]));
    }
    let mut n_words = 0;
    out.retain(|statement| {
        n_words += statement.text.split_whitespace().count();
        n_words <= PROBLEM_WORDS
    });
    out
}

/// A quote in running text, with who said it or with what it shows.
pub(crate) fn quoted(facts: &Facts<'_>, quote: &Quote, intro: Option<&str>) -> Statement {
    let speaker = facts.signal(quote.signal_id).map_or_else(|| "a customer".to_owned(), |signal| facts.speaker(signal));
    let text = match intro {
        Some(intro) => format!("{}; {speaker}: “{}”", words::capitalised(intro), quote.text),
        None => format!("{}: “{}”", words::capitalised(&speaker), quote.text),
    };
    evidence(text, vec![cite(quote)])
}

/// Why now: trend, deals, threats to leave, renewals, objectives.
pub(crate) fn why_now(input: &Input<'_>, facts: &Facts<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    let (recent, all) = facts.recent(2);
    if matches!(facts.insight.trend, Trend::Rising | Trend::New) && recent < all {
        let since = facts.insight.voices_by_month.iter().rev().take(2).next_back().map(|(month, _)| month_name(month));
        if let Some(since) = since {
            let text = format!(
                "{} of {} dated voices came since the start of {since}: {}.",
                words::capitalised(&words::number(recent)),
                words::number(all),
                facts.insight.trend.word()
            );
            out.push(evidence(text, vec![facts.citation()]));
        }
    }
    let blocking: Vec<_> = facts.with_phrase("deal_block").collect();
    if let Some((signal, span)) = blocking.first() {
        let intro = match facts.deals() {
            Some(deals) => {
                format!("open deals worth {} are among these accounts", money(deals.amount, &deals.currency))
            }
            None if blocking.len() == 1 => "one statement makes it a condition of buying".to_owned(),
            None => format!("{} statements make it a condition of buying", blocking.len()),
        };
        out.push(quoted(facts, &facts.excerpt(signal, Some(*span)), Some(&intro)));
    }
    let leaving: Vec<_> = facts.with_phrase("churn").collect();
    if let Some((signal, span)) = leaving.first() {
        let what = if leaving.len() == 1 { "speaks" } else { "speak" };
        let n = words::counted_in_words(facts.words().count() as u32, "statement");
        let intro = format!("{} of {n} {what} of leaving", words::number(leaving.len() as u32));
        out.push(quoted(facts, &facts.excerpt(signal, Some(*span)), Some(&intro)));
    }
    let renewing = facts.renewing_within(RENEWAL_DAYS);
    if let Some((first, at)) = renewing.first() {
        let text = format!(
            "{} of {} {} within {RENEWAL_DAYS} days, {} first, on {}.",
            words::capitalised(&words::number(renewing.len() as u32)),
            words::counted_in_words(facts.accounts.len() as u32, "account"),
            if renewing.len() == 1 { "renews" } else { "renew" },
            first.facts.name,
            full_date(*at)
        );
        let citations = renewing
            .iter()
            .take(MOST_CITED)
            .map(|(account, _)| Citation::Account { id: account.id, field: "renewal_at".to_owned() })
            .collect();
        out.push(evidence(text, citations));
    }
    let objective = input.score.and_then(|score| {
        score
            .checks
            .iter()
            .find(|check| check.id == "SA-01" && check.state == CheckState::Scored && check.points >= 0.4)
            .filter(|check| !check.evidence.is_empty())
    });
    if let Some(check) = objective {
        out.push(Statement {
            text: sentence(&check.sentence),
            basis: throughline_model::Basis::Strategy,
            citations: check.evidence.clone(),
        });
    }
    if out.is_empty() {
        let text =
            "Nothing forces the date: no rising trend, deal, renewal or threat to leave is known among these voices.";
        out.push(evidence(text, vec![facts.citation()]));
    }
    out
}

/// What will be different.
pub(crate) fn change(need: &Need, entry: &Entry, wording: &Wording) -> Vec<Statement> {
    entry.change.iter().map(|text| default(wording.sentence(text), format!("playbook.{}.change", need.frame))).collect()
}

/// `2026-09` as `September 2026`.
fn month_name(month: &str) -> String {
    throughline_model::Timestamp::parse_iso(&format!("{month}-01"))
        .map(full_date)
        .and_then(|date| date.split_once(' ').map(|(_, rest)| rest.to_owned()))
        .unwrap_or_else(|| month.to_owned())
}
