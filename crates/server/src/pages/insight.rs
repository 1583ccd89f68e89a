//! One insight: what it is, what is said, its score as a picture, and what people may say of it.

use crate::app::App;
use crate::pages::layout::{Head, by, page, term};
use crate::pages::{charts, evidence, words};
use crate::problem::Problem;
use maud::{Markup, html};
use throughline_compiler::queries::Snapshot;
use throughline_compiler::session::Ranked;
use throughline_model::{CheckState, Quote};

/// Statements on the page before the rest is folded away.
const SHOWN: usize = 12;
/// Statements on the page at most; the rest is on pages of its own.
pub const MOST: usize = 100;

/// Position of an insight, or a problem in words.
///
/// # Errors
/// When there is none.
pub fn find(snapshot: &Snapshot, name: &str) -> Result<usize, Problem> {
    snapshot.find(name).ok_or_else(|| Problem::not_found("insight", name))
}

/// The page.
///
/// # Errors
/// When there is no such insight.
pub fn one(app: &App, name: &str) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let at = find(&snapshot, name)?;
    let Ranked { insight, score, place, needs } = &snapshot.ranked[at];
    let address = format!("/insights/{}", insight.id);
    let below = snapshot.ranked.get(at + 1);
    let above = at.checked_sub(1).map(|at| &snapshot.ranked[at]);
    let body = html! {
        (crumbs(&snapshot, at, ""))
        div class="split" {
            div {
                p class="eyebrow" { (words::capitalised(insight.kind.word())) " · " (insight.area) " · " (insight.category.word()) }
                h1 { (words::capitalised(&insight.label)) }
                p class="lead" { (heard(&snapshot, at)) }
                p class="inline" {
                    a class="button main" href={ (address) "/spec" } { "Open the specification" }
                    a class="button" href={ (address) "/prototype" } { "Play the prototype" }
                }
                @for quote in &insight.quotes { (quoted(&snapshot, quote, false)) }
                @for quote in &insight.dissent { (quoted(&snapshot, quote, true)) }

                h2 id="score" { "Score" }
                p {
                    b class="num" { (format!("{:.1}", score.earned)) } " of " (score.knowable) " knowable " (term("points", "points")) "; "
                    (77 - score.knowable.min(77)) " of 77 are " (term("coverage", "not known")) " yet. Each square is a " (term("check", "check")) ": open it to read its sentence and the words behind it."
                }
                (charts::checks(&snapshot, score, &address))
                p class="inline" {
                    @if let Some(above) = above { a class="button" href={ "/compare?a=" (above.insight.id) "&b=" (insight.id) } { "Why not above “" (above.insight.label) "”" } }
                    @if let Some(below) = below { a class="button" href={ "/compare?a=" (insight.id) "&b=" (below.insight.id) } { "Why above “" (below.insight.label) "”" } }
                    a class="button" href={ (address) "/facts" } data-drawer { "Which fact would move it most" }
                }

                h2 id="said" { "What was said" }
                (charts::months(insight))
                (statements(&snapshot, at, &address))
            }
            aside { (facts(&snapshot, at)) (acts(app, &snapshot, at)) }
        }
        @if !needs.is_empty() {
            h2 { "What is needed" }
            ul class="needs" {
                @for need in needs {
                    li {
                        b { (words::capitalised(&need.frame.replace('_', " "))) } span class="soft" { " " (need.kind.word()) ", " (words::count(need.signals.len(), "statement")) }
                        @if !need.slots.is_empty() { dl class="slots" { @for (slot, value) in &need.slots { dt { (slot.word()) } dd { (value.value) } } } }
                    }
                }
            }
        }
    };
    let _ = place;
    Ok(page(app, &Head { title: &words::capitalised(&insight.label), here: "Insights" }, &body))
}

/// Where one is among the pages of an insight.
#[must_use]
pub fn crumbs(snapshot: &Snapshot, at: usize, here: &str) -> Markup {
    let insight = &snapshot.ranked[at].insight;
    let tabs = [
        ("", "Insight"),
        ("/spec", "Specification"),
        ("/sentences", "Edit"),
        ("/prototype", "Prototype"),
        ("/files", "Download"),
    ];
    html! {
        nav class="tabs" aria-label="About this insight" {
            a class="soft" href="/insights" { "All insights" }
            @for (end, name) in tabs {
                a href={ "/insights/" (insight.id) (end) } aria-current=[(end == here).then_some("page")] { (name) }
            }
        }
    }
}

fn heard(snapshot: &Snapshot, at: usize) -> String {
    let insight = &snapshot.ranked[at].insight;
    let mut out = words::count(insight.n_voices, "voice");
    if insight.n_accounts > 0 {
        out.push_str(&format!(" from {}", words::count(insight.n_accounts, "account")));
    }
    let channels: Vec<String> = snapshot.channels(at).map(|kind| words::channel(kind).to_lowercase()).collect();
    if !channels.is_empty() {
        out.push_str(&format!(", heard through {}", channels.join(", ")));
    }
    if let Some((first, last)) = insight.heard {
        out.push_str(&format!(", {} to {}", first.long_date(), last.long_date()));
    }
    out.push('.');
    out
}

fn quoted(snapshot: &Snapshot, quote: &Quote, is_dissent: bool) -> Markup {
    html! {
        blockquote class=(if is_dissent { "quote against" } else { "quote" }) {
            p { a class="plainlink" href={ "/evidence/" (quote.signal_id) "?from=" (quote.start) "&to=" (quote.end) } data-drawer { "“" (quote.text) "”" } }
            @if let Some(said) = snapshot.statement(quote.signal_id) {
                footer { @if is_dissent { "Disagrees: " } (evidence::attribution(snapshot, &said)) }
            }
        }
    }
}

fn statements(snapshot: &Snapshot, at: usize, address: &str) -> Markup {
    let said: Vec<_> = snapshot.said(at).rev().take(MOST).collect();
    let n = snapshot.said(at).len();
    let item = |said: &throughline_compiler::queries::Said<'_>| {
        html! {
            li {
                a class="plainlink" href={ "/evidence/" (said.signal.id) } data-drawer { (said.text()) }
                span class="soft small" { " " (evidence::attribution(snapshot, said)) }
            }
        }
    };
    html! {
        ul class="saids" { @for said in said.iter().take(SHOWN) { (item(said)) } }
        @if said.len() > SHOWN {
            details { summary { (words::count(said.len() - SHOWN, "more statement")) } ul class="saids" { @for said in &said[SHOWN..] { (item(said)) } } }
        }
        @if n > MOST { p { a href={ (address) "/said?page=2" } { "All " (words::count(n, "statement")) } } }
    }
}

/// Every statement of an insight, page by page.
///
/// # Errors
/// When there is no such insight.
pub fn all_said(app: &App, name: &str, at_page: usize) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let at = find(&snapshot, name)?;
    let insight = &snapshot.ranked[at].insight;
    let n = snapshot.said(at).len();
    let n_pages = n.div_ceil(MOST).max(1);
    let at_page = at_page.clamp(1, n_pages);
    let body = html! {
        (crumbs(&snapshot, at, "/said"))
        h1 { "What was said" }
        p class="lead" { (words::capitalised(&insight.label)) ": " (words::count(n, "statement")) ", newest first." }
        ul class="saids" {
            @for said in snapshot.said(at).rev().skip((at_page - 1) * MOST).take(MOST) {
                li { a class="plainlink" href={ "/evidence/" (said.signal.id) } data-drawer { (said.text()) } span class="soft small" { " " (evidence::attribution(&snapshot, &said)) } }
            }
        }
        nav class="pager" aria-label="Pages" {
            @if at_page > 1 { a class="button" href={ "/insights/" (insight.id) "/said?page=" (at_page - 1) } { "Before" } }
            span class="soft" { "Page " (at_page) " of " (n_pages) }
            @if at_page < n_pages { a class="button" href={ "/insights/" (insight.id) "/said?page=" (at_page + 1) } { "Next" } }
        }
    };
    Ok(page(app, &Head { title: "What was said", here: "Insights" }, &body))
}

fn facts(snapshot: &Snapshot, at: usize) -> Markup {
    let Ranked { insight, score, place, .. } = &snapshot.ranked[at];
    html! {
        div class="facts" {
            dl {
                dt { (term("rank", "Rank")) } dd { (place.rank) " of " (snapshot.ranked.len()) }
                dt { (term("band", "Band")) } dd { (place.band) }
                dt { (term("total", "Total")) } dd class="num" { (format!("{:.1}", score.total)) }
                dd class="wide" { (charts::points(score)) }
                dt { (term("confidence", "Confidence")) } dd { (format!("{:.0} %", score.confidence * 100.0)) }
                dt { (term("voice", "Voices")) } dd class="num" { (insight.n_voices) }
                dt { (term("account", "Accounts")) } dd class="num" { (insight.n_accounts) }
                dt { (term("trend", "Trend")) } dd { (words::trend(insight)) }
                dt { (term("horizon", "When")) } dd { (words::horizon(place.horizon)) }
            }
            @for (badge, why) in &score.badges { p class="badge" title=(why) { b { (words::capitalised(badge)) } span class="soft" { " " (why) } } }
            p class="soft small" { (words::capitalised(&place.reason)) "." }
            p class="small" { a href={ "/trace/" (insight.id) } { "Trace it up and down" } }
        }
    }
}

/// What people may say of an insight. Each works without a script.
fn acts(app: &App, snapshot: &Snapshot, at: usize) -> Markup {
    let insight = &snapshot.ranked[at].insight;
    let address = format!("/insights/{}", insight.id);
    let is_hidden = snapshot.hidden.contains(&insight.id);
    let _ = app;
    html! {
        section class="acts" aria-label="Put it right" {
            h2 { "Put it right" }
            details { summary { "Rename" }
                form method="post" action={ (address) "/rename" } {
                    label class="field" { span { "Name" } input name="label" value=(insight.label) required maxlength="120"; } (by()) button { "Rename" }
                }
            }
            details { summary { "Merge with another" }
                form method="post" action={ (address) "/merge" } {
                    label class="field" { span { "The other one goes into this" }
                        input name="other" list="others" required placeholder="rank, id or name" autocomplete="off";
                    }
                    (by()) button { "Merge" }
                    @if let Some(near) = &insight.nearest { p class="soft small" { "Nearest: " a href={ "/insights/" (near.id) } { (near.label) } } }
                }
            }
            details { summary { "Move statements out" }
                form method="post" action={ (address) "/move" } {
                    fieldset class="picks" { legend { "Which" }
                        @for said in snapshot.said(at).rev().take(SHOWN) { label { input type="checkbox" name="signal" value=(said.signal.id); span { (said.text()) } } }
                    }
                    label class="field" { span { "Where to" } input name="to" list="others" placeholder="rank, id or name; empty for none" autocomplete="off"; }
                    (by()) button { "Move" }
                }
            }
            form method="post" action={ (address) (if is_hidden { "/show" } else { "/hide" }) } { button class="quiet" { (if is_hidden { "Show it in lists again" } else { "Hide it from lists" }) } }
            datalist id="others" { @for other in snapshot.ranked.iter().take(200) { option value=(other.insight.id) { (other.place.rank) ". " (other.insight.label) } } }
            p class="small" { a href="/judgements" { "What was said so far, to undo" } }
        }
    }
}

/// One check with its sentence and evidence.
///
/// # Errors
/// When there is no such insight or check.
pub fn check(app: &App, name: &str, id: &str) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let at = find(&snapshot, name)?;
    let (n, check) = snapshot.check(id).ok_or_else(|| Problem::not_found("check", id))?;
    let Ranked { insight, score, .. } = &snapshot.ranked[at];
    let result = score.checks.get(n).ok_or_else(|| Problem::not_found("check", id))?;
    let body = html! {
        p class="eyebrow" { (words::group(&check.group)) " · " (check.id) }
        h1 { (words::capitalised(&check.name)) }
        p class="soft" { (check.asks) }
        @if result.state == CheckState::Scored {
            p class="lead" { (result.sentence) }
            p { b class="num" { (format!("{:.2}", result.points)) } " of 1 point." }
        } @else {
            p class="lead" { "Not known yet." }
            p { "It would be with: " b { (result.missing.as_deref().unwrap_or("another input")) } ". Until then it counts neither for nor against." }
        }
        @if !result.evidence.is_empty() {
            h2 { "What it rests on" }
            ul class="sources" {
                @for citation in result.evidence.iter().take(MOST) {
                    @let node = snapshot.cited(citation);
                    li { (crate::pages::trace::link(&node)) }
                }
            }
            @if result.n_unlisted > 0 { p class="soft small" { "And " (words::number(u64::from(result.n_unlisted))) " more that say the same." } }
        }
        p { a href={ "/insights/" (insight.id) } { "To the insight" } }
    };
    Ok(page(app, &Head { title: &words::capitalised(&check.name), here: "Insights" }, &body))
}

/// How sure the rank is, and which fact would move it most.
///
/// # Errors
/// When there is no such insight.
pub fn sure(app: &App, name: &str) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let at = find(&snapshot, name)?;
    let found = snapshot.sensitivity(at);
    let insight = &snapshot.ranked[at].insight;
    let body = html! {
        p class="eyebrow" { "Rank " (found.rank) " of " (found.n_insights) }
        h1 { "How sure is “" (insight.label) "”" }
        p class="lead" { "Under other weights it would stand between " (found.ranks[0]) " and " (found.ranks[2]) ". It is first in " (format!("{:.0}", found.p_first * 100.0)) " % of them and among the first five in " (format!("{:.0}", found.p_top5 * 100.0)) " %." }
        h2 { "Facts that would move it most" }
        @if found.missing.is_empty() { p { "Everything is known." } } @else {
            table class="plain" {
                thead { tr { th scope="col" { "Connect or declare" } th scope="col" class="r" { "Rank could be" } th scope="col" class="r" { "Checks" } } }
                tbody { @for fact in found.missing.iter().take(8) { tr { td { (words::capitalised(&fact.input)) } td class="num r" { (fact.ranks[1]) " to " (fact.ranks[0]) } td class="num r" { (fact.checks.len()) } } } }
            }
        }
        h2 { "What holds it up" }
        @if found.without.is_empty() { p { "Nothing alone: it keeps its rank without any one check, account or channel." } } @else {
            table class="plain" {
                thead { tr { th scope="col" { "Without" } th scope="col" class="r" { "Rank" } } }
                tbody { @for moved in found.without.iter().take(8) { tr { td { (words::capitalised(&moved.without)) } td class="num r" { (moved.rank) } } } }
            }
        }
        p { a href={ "/insights/" (insight.id) } { "To the insight" } }
    };
    Ok(page(app, &Head { title: "How sure", here: "Insights" }, &body))
}
