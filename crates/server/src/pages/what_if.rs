//! Sliders: what would rank and be planned otherwise if the team weighed otherwise or had other capacity.

use crate::app::App;
use crate::pages::layout::{Head, page, term};
use crate::pages::words;
use crate::problem::Problem;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use throughline_compiler::queries::Moved;
use throughline_compiler::session::Ranked;

/// Insights shown.
const SHOWN: usize = 40;
/// Largest weight.
const MOST: f64 = 3.0;

/// Where the sliders stand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Sliders {
    /// Weight of business impact, 0..=3.
    pub business_impact: Option<f64>,
    /// Weight of low effort, 0..=3.
    pub technical_effort: Option<f64>,
    /// Weight of strategic fit, 0..=3.
    pub strategic_alignment: Option<f64>,
    /// People-days in each period.
    pub capacity: Option<f64>,
}

impl Sliders {
    /// As weights by group.
    #[must_use]
    pub fn weights(&self) -> BTreeMap<String, f64> {
        let all = [
            ("business_impact", self.business_impact),
            ("technical_effort", self.technical_effort),
            ("strategic_alignment", self.strategic_alignment),
        ];
        all.into_iter()
            .filter_map(|(group, weight)| Some((group.to_owned(), weight.filter(|w| w.is_finite())?.clamp(0.0, MOST))))
            .collect()
    }

    /// As people-days, where they differ from none.
    #[must_use]
    pub fn days(&self) -> Option<f64> {
        self.capacity.filter(|days| days.is_finite()).map(|days| days.clamp(0.0, 100_000.0))
    }
}

/// The page.
///
/// # Errors
/// When nothing has been run yet.
pub fn sliders(app: &App, sliders: &Sliders) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let now = snapshot.windows.first().map(|window| window.capacity_days);
    // A capacity that is the declared one asks nothing.
    let days = sliders.days().filter(|days| now.is_none_or(|now| (now - days).abs() > 0.5));
    let moved = snapshot.rerank(&sliders.weights(), days);
    let most_days = now.unwrap_or(60.0).max(20.0) * 3.0;
    let n_moved = moved.iter().filter(|one| one.rank != one.rank_before).count();
    // A group that is not known weighs nothing, which is to be said where one weighs it.
    let n_unknown = |group: &str| {
        let is_unknown = |ranked: &&Ranked| ranked.score.groups.get(group).is_some_and(|sum| sum.score.is_none());
        snapshot.ranked.iter().filter(is_unknown).count()
    };
    let slide = |name: &str, label: &str, value: f64, max: f64, step: &str, unit: &str| {
        html! {
            label class="slider" for={ "w-" (name) } {
                span { (label) } output for={ "w-" (name) } { (if unit.is_empty() { format!("× {value:.1}") } else { format!("{value:.0}{unit}") }) }
            }
            input id={ "w-" (name) } type="range" name=(name) min="0" max=(max) step=(step) value=(value) data-unit=(unit);
        @if n_unknown(name) > 0 {
            p class="soft small unknown-group" {
                @if n_unknown(name) == snapshot.ranked.len() { "Not known for any insight yet, so it moves nothing." }
                @else { "Not known for " (n_unknown(name)) " of " (snapshot.ranked.len()) " insights." }
            }
        }
        }
    };
    let body = html! {
        h1 { "What if you weighed otherwise" }
        p class="lead" { "Move a slider: the order follows at once. Nothing is changed; it shows who depends on how you weigh." }
        div class="split wide-left" {
            aside {
                form class="sliders facts" action="/what-if" data-live="#moved" {
                    (slide("business_impact", "Business impact", sliders.business_impact.unwrap_or(1.0), MOST, "0.1", ""))
                    (slide("technical_effort", "Low effort", sliders.technical_effort.unwrap_or(1.0), MOST, "0.1", ""))
                    (slide("strategic_alignment", "Strategic fit", sliders.strategic_alignment.unwrap_or(1.0), MOST, "0.1", ""))
                    @if let Some(now) = now { (slide("capacity", "People-days a period", sliders.days().unwrap_or(now), most_days, "1", " days")) }
                    @else { p class="soft small" { "No " (term("capacity", "capacity")) " is declared, so nothing is promised for now or next." } }
                    p class="inline" { button data-nojs { "Show" } a class="button quiet" href="/what-if" { "As it is" } }
                }
            }
            div id="moved" {
                p class="soft" role="status" { @if n_moved == 0 { "The order as it is." } @else { (words::count(n_moved, "insight")) " of " (words::number(moved.len() as u64)) " change places." } }
                ol class="moves" data-list {
                    @for one in moved.iter().take(SHOWN) { (line(one, days.is_some())) }
                }
                @if moved.len() > SHOWN {
                    @let late: Vec<&Moved> = moved[SHOWN..].iter().filter(|one| one.rank_before as usize <= SHOWN).collect();
                    @if !late.is_empty() { h2 { "No longer among the first " (SHOWN) } ol class="moves" { @for one in late { (line(one, days.is_some())) } } }
                }
            }
        }
    };
    Ok(page(app, &Head { title: "What if", here: "What if" }, &body))
}

fn line(one: &Moved, is_planned: bool) -> Markup {
    let by = i64::from(one.rank_before) - i64::from(one.rank);
    let way = match by.signum() {
        1 => "up",
        -1 => "down",
        _ => "same",
    };
    html! {
        li class=(way) {
            span class="rank num" { (one.rank) }
            span class="by num" {
                @if by != 0 { (if by > 0 { "▲" } else { "▼" }) " " (by.abs()) span class="sr" { (if by > 0 { " places up" } else { " places down" }) } }
            }
            a href={ "/insights/" (one.id) } data-item { (words::capitalised(&one.label)) }
            span class="soft num" { (format!("{:.1}", one.total)) @if (one.total - one.total_before).abs() >= 0.05 { " was " (format!("{:.1}", one.total_before)) } }
            span class="soft" { @if is_planned && one.horizon != one.horizon_before { b { (words::horizon(one.horizon)) } ", was " (words::horizon(one.horizon_before).to_lowercase()) } @else { (words::horizon(one.horizon)) } }
        }
    }
}
