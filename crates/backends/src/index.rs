//! The ranked list: every insight with its band, points, voices and trend, and a way to its specification.

use crate::html;
use maud::{Markup, html};
use std::collections::BTreeMap;
use throughline_model::plan::{Horizon, Plan};
use throughline_model::sentence::capitalised;
use throughline_model::{Insight, InsightId, Score};

/// What the list is made from.
#[derive(Debug, Clone, Copy)]
pub struct Listing<'a> {
    /// What people call the product.
    pub product_name: &'a str,
    /// All insights.
    pub insights: &'a [Insight],
    /// Scores, in any order.
    pub scores: &'a [Score],
    /// The plan.
    pub plan: &'a Plan,
}

/// Where the files of one specification stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Title of the specification.
    pub title: String,
    /// Its folder, relative to the list.
    pub folder: String,
}

/// The page. `specs` are by insight; `abstained` says why there is none.
#[must_use]
pub fn page(
    listing: &Listing<'_>,
    specs: &BTreeMap<InsightId, Entry>,
    abstained: &BTreeMap<InsightId, String>,
) -> String {
    let score_of: BTreeMap<InsightId, &Score> = listing.scores.iter().map(|score| (score.insight_id, score)).collect();
    let by_id: BTreeMap<InsightId, &Insight> = listing.insights.iter().map(|insight| (insight.id, insight)).collect();
    let n_signals: u32 = listing.insights.iter().map(|insight| insight.n_signals).sum();
    let mut bands: Vec<(&str, Vec<usize>)> = Vec::new();
    for (i, place) in listing.plan.places.iter().enumerate() {
        match bands.last_mut() {
            Some((band, places)) if *band == place.band => places.push(i),
            _ => bands.push((&place.band, vec![i])),
        }
    }
    let unplaced: Vec<&Insight> = listing
        .insights
        .iter()
        .filter(|insight| !listing.plan.places.iter().any(|place| place.insight_id == insight.id))
        .collect();
    // A reason that holds for every place is said once, above the list.
    let shared_reason = listing.plan.places.first().map(|place| place.reason.as_str()).filter(|reason| {
        !reason.is_empty()
            && listing.plan.places.len() > 1
            && listing.plan.places.iter().all(|place| place.reason == *reason)
    });
    let body = html! {
        (html::top(listing.product_name, "#main", &html! {}))
        main id="main" class="wrap" {
            p class="eyebrow" { "What customers need, in order" }
            h1 { (listing.product_name) ": " (count(listing.insights.len(), "insight")) }
            p class="lead" {
                "From " (count(n_signals as usize, "signal")) ". "
                "Inside a band the order is not certain: neighbours change places when the weights do."
            }
            @if let Some(reason) = shared_reason { p { "For all of them: " (reason) "." } }
            p class="legend" {
                span { "points earned" } span class="k" { "knowable, not earned" } span class="u" { "not known" }
            }
            @for (band, places) in &bands {
                div class="band" { h2 { "Band " (band) } p { (count(places.len(), "insight")) } }
                (head())
                ul class="list" {
                    @for &i in places {
                        @let place = &listing.plan.places[i];
                        @if let Some(insight) = by_id.get(&place.insight_id) {
                            (row(insight, score_of.get(&insight.id).copied(), Some((place.rank, place.horizon, if shared_reason.is_some() { "" } else { place.reason.as_str() })),
                                 specs.get(&insight.id), abstained.get(&insight.id)))
                        }
                    }
                }
            }
            @if !unplaced.is_empty() {
                div class="band" { h2 { "Not ranked" } p { (count(unplaced.len(), "insight")) } }
                (head())
                ul class="list" {
                    @for insight in &unplaced {
                        (row(insight, score_of.get(&insight.id).copied(), None, specs.get(&insight.id), abstained.get(&insight.id)))
                    }
                }
            }
            @if listing.insights.is_empty() {
                p { "No insight yet. Import feedback and run again; what customers say about the same thing appears here as one line." }
            }
        }
    };
    html::document(&format!("{}: what customers need", listing.product_name), &body)
}

fn head() -> Markup {
    html! {
        div class="row head" aria-hidden="true" {
            span {} span { "Insight" } span { "Points" } span { "Heard from" } span { "Voices a month" } span { "When" }
        }
    }
}

fn row(
    insight: &Insight,
    score: Option<&Score>,
    place: Option<(u32, Horizon, &str)>,
    entry: Option<&Entry>,
    abstained: Option<&String>,
) -> Markup {
    html! {
        li class="row" id=(insight.id) {
            span class="rank" { @if let Some((rank, ..)) = place { (rank) } @else { "–" } }
            div {
                h3 {
                    @if let Some(entry) = entry { a href=(format!("{}/prd.html", entry.folder)) { (capitalised(&insight.label)) } }
                    @else { (capitalised(&insight.label)) }
                }
                p class="why" { (insight.kind.word()) " · " (insight.area) " · " (insight.category.word()) }
                @if let Some((_, _, reason)) = place { @if !reason.is_empty() { p class="why" { (reason) } } }
                @if let Some(entry) = entry {
                    p class="links" {
                        a href=(format!("{}/prd.html", entry.folder)) { (entry.title) }
                        a href=(format!("{}/prototype.html", entry.folder)) { "Prototype" }
                    }
                }
                @if let Some(why) = abstained { p class="why" { "Not specified: " (why) } }
            }
            div class="cell" {
                @if let Some(score) = score {
                    (html::score_bar(score))
                    b { (format!("{:.1}", score.earned)) } " of " (score.knowable) " knowable"
                } @else { span class="soft" { "not scored" } }
            }
            div class="cell" { b { (insight.n_voices) } " voices" br; b { (insight.n_accounts) } " accounts" }
            div class="cell" { (html::sparkline(insight)) (html::trend(insight)) }
            div class="cell" { @if let Some((_, horizon, _)) = place { (horizon.word()) } @else { span class="soft" { "–" } } }
        }
    }
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
