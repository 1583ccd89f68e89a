//! The ranked list under filters and searches.

use crate::app::App;
use crate::pages::layout::{Head, page, term};
use crate::pages::{charts, words};
use crate::problem::Problem;
use maud::{Markup, html};
use serde::Deserialize;
use throughline_compiler::queries::{Filter, Snapshot};
use throughline_compiler::session::Ranked;

/// Insights on one page.
pub const PAGE_SIZE: usize = 50;

/// Which page of which list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// One-based.
    pub page: Option<usize>,
    /// `meaning` looks for what is near in meaning.
    pub by: String,
}

/// The page.
///
/// # Errors
/// When nothing has been run yet.
pub fn list(app: &App, filter: &Filter, asked: &Asked) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let is_meant = asked.by == "meaning" && !filter.q.trim().is_empty();
    let found: Vec<usize> =
        if is_meant { snapshot.near(&filter.q).into_iter().map(|(at, _)| at).collect() } else { snapshot.list(filter) };
    let n_pages = found.len().div_ceil(PAGE_SIZE).max(1);
    let at_page = asked.page.unwrap_or(1).clamp(1, n_pages);
    let shown = &found[(at_page - 1) * PAGE_SIZE..found.len().min(at_page * PAGE_SIZE)];
    let body = html! {
        h1 { "What customers need" }
        p class="lead" {
            (words::count(snapshot.ranked.len(), "insight")) " from " (words::count(snapshot.corpus.records.len(), "record")) ". "
            "In a " (term("band", "band")) " the order is not certain; between bands it holds."
        }
        (filters(&snapshot, filter, is_meant))
        div id="list" {
            @if found.is_empty() { (nothing(filter)) } @else {
                p class="soft small counted" role="status" {
                    @if found.len() < snapshot.ranked.len() { (words::count(found.len(), "insight")) " fit. " }
                    @if is_meant { "Nearest in meaning first. " a href={ "/insights?q=" (words::escaped(&filter.q)) } { "Search the words instead" } }
                    @else if !filter.q.trim().is_empty() { "Best match first. " a href={ "/insights?by=meaning&q=" (words::escaped(&filter.q)) } { "Search by meaning instead" } }
                }
                (rows(&snapshot, shown, filter.q.trim().is_empty()))
                (pager(filter, asked, at_page, n_pages))
                p class="soft small" { "As tables for a spreadsheet: " a href="/export/insights.csv" { "insights" } ", " a href="/export/scores.csv" { "scores" } ", " a href="/export/statements.csv" { "statements" } "." }
            }
        }
    };
    Ok(page(app, &Head { title: "Insights", here: "Insights" }, &body))
}

fn nothing(filter: &Filter) -> Markup {
    html! {
        div class="empty" {
            h2 { "Nothing fits" }
            @if filter.q.is_empty() { p { "No insight passes all of these filters." } }
            @else { p { "Nobody said “" (filter.q) "” in these words. " a href={ "/insights?by=meaning&q=" (words::escaped(&filter.q)) } { "Search by meaning" } " finds what is said otherwise." } }
            p { a class="button" href="/insights" { "Show all" } }
        }
    }
}

fn filters(snapshot: &Snapshot, filter: &Filter, is_meant: bool) -> Markup {
    let options = snapshot.options();
    let select = |name: &str, label: &str, chosen: &str, all: &[(String, usize)]| {
        html! {
            @if all.len() > 1 || !chosen.is_empty() {
                label class="field" { span { (label) }
                    select name=(name) {
                        option value="" { "any" }
                        @for (word, n) in all { option value=(word) selected[word == chosen] { (words::capitalised(word)) " (" (n) ")" } }
                    }
                }
            }
        }
    };
    let is_used = *filter != Filter::default();
    html! {
        form class="filters" action="/insights" data-live="#list" {
            label class="field grow" { span { "Search" } input type="search" name="q" value=(filter.q) placeholder="words that somebody said"; }
            label class="field" { span { "By" } select name="by" { option value="" { "words" } option value="meaning" selected[is_meant] { "meaning" } } }
            (select("kind", "Kind", &filter.kind, &options.kinds))
            (select("area", "Area", &filter.area, &options.areas))
            (select("channel", "Heard through", &filter.channel, &options.channels))
            details class="more" open[!filter.source.is_empty() || !filter.segment.is_empty() || !filter.horizon.is_empty() || !filter.trend.is_empty() || !filter.since.is_empty() || !filter.hidden.is_empty()] {
                summary { "More filters" }
                div class="filters" {
                    (select("source", "Source", &filter.source, &options.sources))
                    (select("segment", "Segment", &filter.segment, &options.segments))
                    (select("horizon", "When", &filter.horizon, &options.horizons))
                    (select("trend", "Trend", &filter.trend, &options.trends))
                    label class="field" { span { "Heard since" } input type="date" name="since" value=(filter.since); }
                    label class="field" { span { "Hidden" } select name="hidden" { option value="" { "left out" } option value="only" selected[filter.hidden == "only"] { "only hidden (" (snapshot.hidden.len()) ")" } } }
                }
            }
            button data-nojs { "Show" }
            @if is_used { a class="button quiet" href="/insights" { "Clear" } }
        }
    }
}

fn rows(snapshot: &Snapshot, shown: &[usize], is_ranked: bool) -> Markup {
    let mut last = String::new();
    html! {
        div class="row head" aria-hidden="true" { span {} span { "Insight" } span { "Points" } span { "Heard from" } span { "Voices a month" } span { "When" } }
        ol class="list" data-list {
            @for &at in shown {
                @let ranked = &snapshot.ranked[at];
                @if is_ranked && std::mem::replace(&mut last, ranked.place.band.clone()) != ranked.place.band {
                    li class="band" { h2 { "Band " (ranked.place.band) } }
                }
                (row(snapshot, at, ranked))
            }
        }
    }
}

fn row(snapshot: &Snapshot, at: usize, ranked: &Ranked) -> Markup {
    let Ranked { insight, score, place, .. } = ranked;
    let address = format!("/insights/{}", insight.id);
    html! {
        li class="row" id=(insight.id) {
            span class="rank" { span class="sr" { "Rank " } (place.rank) }
            div {
                h3 { a href=(address) data-item { (words::capitalised(&insight.label)) } }
                p class="why" { (words::capitalised(insight.kind.word())) " · " (insight.area) " · " (insight.category.word()) }
                p class="why" { (why(snapshot, at)) }
            }
            div class="cell" { (charts::points(score)) b { (format!("{:.1}", score.earned)) } " of " (score.knowable) " known" }
            div class="cell" { b { (insight.n_voices) } " voices" br; b { (insight.n_accounts) } " accounts" }
            div class="cell" { (charts::trend(insight)) (words::trend(insight)) }
            div class="cell" { (words::horizon(place.horizon)) }
        }
    }
}

/// What speaks most for an insight: its best checks of different themes, in words.
fn why(snapshot: &Snapshot, at: usize) -> String {
    let checks = snapshot.ranked[at].score.checks.iter().zip(&snapshot.rubric.checks);
    let mut best: Vec<_> =
        checks.filter(|(result, check)| result.points >= 0.5 && check.group == "business_impact").collect();
    best.sort_by(|a, b| b.0.points.total_cmp(&a.0.points).then(a.0.id.cmp(&b.0.id)));
    let mut themes: Vec<&str> = Vec::new();
    best.retain(|(_, check)| {
        !themes.contains(&check.theme.as_str()) && {
            themes.push(&check.theme);
            true
        }
    });
    let said: Vec<String> =
        best.iter().take(2).map(|(result, _)| words::capitalised(result.sentence.trim_end_matches('.'))).collect();
    if said.is_empty() { String::new() } else { format!("{}.", said.join(". ")) }
}

/// A filter as the part of an address behind `?`.
#[must_use]
pub fn query(filter: &Filter, by: &str) -> String {
    let Filter { q, kind, area, channel, source, segment, horizon, trend, since, hidden } = filter;
    [
        ("q", q),
        ("kind", kind),
        ("area", area),
        ("channel", channel),
        ("source", source),
        ("segment", segment),
        ("horizon", horizon),
        ("trend", trend),
        ("since", since),
        ("hidden", hidden),
        ("by", &by.to_owned()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| format!("{name}={}", words::escaped(value)))
    .collect::<Vec<_>>()
    .join("&")
}

fn pager(filter: &Filter, asked: &Asked, at: usize, n: usize) -> Markup {
    if n < 2 {
        return html! {};
    }
    let address = |page: usize| format!("/insights?{}&page={page}", query(filter, &asked.by));
    html! {
        nav class="pager" aria-label="Pages" {
            @if at > 1 { a class="button" rel="prev" href=(address(at - 1)) { "Before" } }
            span class="soft" { "Page " (at) " of " (n) }
            @if at < n { a class="button" rel="next" href=(address(at + 1)) { "Next" } }
        }
    }
}
