//! Now, next and later against capacity; an override says what it costs and is recorded as a decision.

use crate::app::App;
use crate::pages::insight::find;
use crate::pages::layout::{Head, by, page, term};
use crate::pages::{charts, words};
use crate::problem::Problem;
use maud::{Markup, html};
use throughline_compiler::session::Ranked;
use throughline_model::decision::Verdict;
use throughline_model::plan::Horizon;

/// Cards of one column before the rest is folded away.
const SHOWN: usize = 12;
/// Cards of one column at most.
const MOST: usize = 100;

/// A verdict by its word.
#[must_use]
pub fn verdict(word: &str) -> Option<Verdict> {
    match word {
        "accept" => Some(Verdict::Accept),
        "reject" => Some(Verdict::Reject),
        "defer" => Some(Verdict::Defer),
        _ => None,
    }
}

/// The page.
///
/// # Errors
/// When nothing has been run yet.
pub fn board(app: &App) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let of = |horizon: Horizon| {
        snapshot.ranked.iter().filter(move |ranked| ranked.place.horizon == horizon).collect::<Vec<_>>()
    };
    let window = |horizon: Horizon| snapshot.windows.iter().find(move |window| window.horizon == horizon);
    let columns = [(Horizon::Now, "accept"), (Horizon::Next, "accept"), (Horizon::Later, "defer")];
    let rest = [(Horizon::Unplanned, "Not planned"), (Horizon::Never, "Never")];
    let is_blank = snapshot.windows.is_empty();
    let body = html! {
        h1 { "Plan" }
        @if is_blank {
            p class="lead" { "No " (term("capacity", "capacity")) " is declared, so nothing is promised. Say in the settings how many people-days a period has, and the first insights are placed into now and next." }
        } @else {
            p class="lead" {
                "What fits, best first. To decide otherwise, drag a card or choose below it: you see what it would push out before anything is recorded."
                @if let Some(proof) = &snapshot.proof {
                    @if proof.gap < 0.0005 { " No other plan within capacity is worth more." }
                    @else { " No other plan within capacity is worth over " (format!("{:.1}", proof.gap * 100.0)) " % more." }
                }
            }
        }
        div class="board" {
            @for (horizon, verdict) in columns {
                @let cards = of(horizon);
                section data-column=(verdict) aria-label=(words::horizon(horizon)) {
                    header {
                        h2 { (words::horizon(horizon)) span class="soft small" { " " (cards.len()) } }
                        @if let Some(window) = window(horizon) {
                            (charts::capacity(window.taken_days, window.capacity_days))
                            p class="soft small num" { (window.name) ": " (format!("{:.0}", window.taken_days)) " of " (format!("{:.0}", window.capacity_days)) " people-days" @if let Some(end) = window.ends_on { ", to " (end.long_date()) } }
                        }
                    }
                    @if cards.is_empty() { p class="soft small none" { "Nothing here." } }
                    @for ranked in cards.iter().take(SHOWN) { (card(ranked)) }
                    @if cards.len() > SHOWN { details { summary { (words::number((cards.len() - SHOWN) as u64)) " more" } @for ranked in cards.iter().skip(SHOWN).take(MOST) { (card(ranked)) } } }
                }
            }
        }
        @for (horizon, name) in rest {
            @let cards = of(horizon);
            @if !cards.is_empty() {
                details class="column" data-column=(if horizon == Horizon::Never { "reject" } else { "defer" }) open[is_blank] {
                    summary { (name) " (" (cards.len()) ")" }
                    div class="grid" { @for ranked in cards.iter().take(MOST) { (card(ranked)) } }
                }
            }
        }
        (decisions(app))
    };
    Ok(page(app, &Head { title: "Plan", here: "Plan" }, &body))
}

fn card(ranked: &Ranked) -> Markup {
    let Ranked { insight, place, .. } = ranked;
    html! {
        article class="card" draggable="true" data-card=(insight.id) {
            h3 { a href={ "/insights/" (insight.id) } data-item { (place.rank) ". " (words::capitalised(&insight.label)) } }
            p class="soft small" { (words::capitalised(&place.reason)) "." }
            @if let Some(effort) = &place.effort { p class="soft small num" title=(effort.sentence) { (format!("{:.0}", effort.likely_days)) " people-days likely, " (format!("{:.0} to {:.0}", effort.low_days, effort.high_days)) } }
            form action="/plan/cost" class="inline" data-drawer-form {
                input type="hidden" name="id" value=(insight.id);
                select name="verdict" aria-label={ "Decide on " (insight.label) } {
                    option value="accept" { "Do it" } option value="defer" { "Not before later" } option value="reject" { "Do not do it" }
                }
                button class="quiet" { "What would it cost?" }
            }
        }
    }
}

/// What an override would cost, with the form that records it.
///
/// # Errors
/// When there is no such insight or verdict.
pub fn cost(app: &App, name: &str, word: &str) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let at = find(&snapshot, name)?;
    let verdict = verdict(word).ok_or_else(|| Problem::bad("A decision is accept, defer or reject."))?;
    let insight = &snapshot.ranked[at].insight;
    let cost = snapshot.cost(at, verdict);
    let verb = match verdict {
        Verdict::Accept => "Do it",
        Verdict::Reject => "Do not do it",
        Verdict::Defer => "Not before later",
    };
    let body = html! {
        p class="eyebrow" { (verb) }
        h1 { (words::capitalised(&insight.label)) }
        @match cost.worth {
            Some((was, is)) if (was - is).abs() >= 0.05 => p class="lead" { "The plan would hold " b class="num" { (format!("{is:.1}")) } " points instead of " span class="num" { (format!("{was:.1}")) } ": " (if is < was { format!("{:.1} fewer.", was - is) } else { format!("{:.1} more.", is - was) }) },
            Some(_) => p class="lead" { "It costs nothing: now and next hold the same points." },
            None => p class="lead" { "Without a declared capacity nothing is pushed out. The decision is recorded all the same." },
        }
        @if !cost.moves.is_empty() {
            h2 { "What moves" }
            ul class="plainlist" { @for one in cost.moves.iter().take(SHOWN) { li { (words::capitalised(&one.label)) ": " (words::horizon(one.horizon_before).to_lowercase()) " → " b { (words::horizon(one.horizon).to_lowercase()) } } } }
        }
        form method="post" action="/plan/decide" class="stack" {
            input type="hidden" name="id" value=(insight.id);
            input type="hidden" name="verdict" value=(word);
            label class="field" { span { "Why" } textarea name="why" required rows="3" maxlength="1000" placeholder="What you know that the plan does not" {} }
            (by())
            p class="inline" { button class="main" { "Record: " (verb.to_lowercase()) } a class="button quiet" href="/plan" { "Leave it" } }
        }
        p class="soft small" { "A decision remembers what it rested on and says so when that changes. It counts from the next run." }
    };
    Ok(page(app, &Head { title: "What it would cost", here: "Plan" }, &body))
}

fn decisions(app: &App) -> Markup {
    let Ok(all) = app.ask(throughline_compiler::Session::decisions) else { return html! {} };
    if all.is_empty() {
        return html! {};
    }
    html! {
        h2 { "Decisions" }
        ul class="plainlist" {
            @for held in all.iter().rev() {
                li {
                    b { (words::capitalised(held.decision.verdict.past())) } " “" (held.decision.label) "” by " (held.decision.by) ": " (held.decision.why)
                    span class="soft small" { " " (held.state()) @for changed in &held.standing.changed { "; " (changed.premise) ": " (changed.how) } }
                }
            }
        }
    }
}
