//! Two insights side by side: why one stands above the other.

use crate::app::App;
use crate::pages::insight::find;
use crate::pages::layout::{Head, page};
use crate::pages::{charts, words};
use crate::problem::Problem;
use maud::{Markup, html};
use throughline_model::{CheckResult, CheckState};

/// Checks shown before the rest is folded away.
const SHOWN: usize = 10;

/// The page.
///
/// # Errors
/// When one of them does not exist.
pub fn two(app: &App, a: &str, b: &str) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let (a, b) = (find(&snapshot, a)?, find(&snapshot, b)?);
    let (above, below) = (a.min(b), a.max(b));
    let holds = snapshot.holds(above, below);
    let (x, y) = (&snapshot.ranked[above], &snapshot.ranked[below]);
    let points = |check: &CheckResult| (check.state == CheckState::Scored).then_some(check.points);
    let mut rows: Vec<_> = x
        .score
        .checks
        .iter()
        .zip(&y.score.checks)
        .zip(&snapshot.rubric.checks)
        .filter(|((x, y), _)| points(x) != points(y))
        .collect();
    let lead = |((x, y), _): &((&CheckResult, &CheckResult), &_)| points(x).zip(points(y)).map_or(0.0, |(x, y)| x - y);
    rows.sort_by(|a, b| lead(b).abs().total_cmp(&lead(a).abs()).then(a.0.0.id.cmp(&b.0.0.id)));
    let line = |row: &((&CheckResult, &CheckResult), &throughline_compiler::queries::Check)| {
        let ((one, other), check) = row;
        html! {
            tr {
                th scope="row" { a href={ "/insights/" (x.insight.id) "/checks/" (check.id) } data-drawer { (words::capitalised(&check.name)) } }
                td class=(if lead(row) > 0.0 { "num r up" } else { "num r" }) { (shown(points(one))) }
                td class=(if lead(row) < 0.0 { "num r up" } else { "num r" }) { (shown(points(other))) }
                td class="soft" { (says(one)) }
                td class="soft" { (says(other)) }
            }
        }
    };
    let body = html! {
        h1 { "Why one above the other" }
        p class="lead" { "This order holds in " b { (format!("{:.0} %", holds * 100.0)) } " of ways to weigh the checks." @if holds < 0.8 { " That is too few to be sure: they share a band." } }
        div class="duel" {
            @for ranked in [x, y] {
                section {
                    p class="eyebrow" { "Rank " (ranked.place.rank) ", band " (ranked.place.band) }
                    h2 { a href={ "/insights/" (ranked.insight.id) } { (words::capitalised(&ranked.insight.label)) } }
                    (charts::points(&ranked.score))
                    p { b class="num" { (format!("{:.1}", ranked.score.total)) } " total; " (format!("{:.1}", ranked.score.earned)) " of " (ranked.score.knowable) " known points; " (words::count(ranked.insight.n_voices, "voice")) }
                    dl class="slots" { @for (group, _) in &snapshot.rubric.groups { @if let Some(sum) = ranked.score.groups.get(group) { dt { (words::group(group)) } dd class="num" { (format!("{:.1}", sum.earned)) " of " (sum.knowable) } } } }
                }
            }
        }
        h2 { "Where they differ" }
        @if rows.is_empty() { p { "Nowhere: every check gives both the same." } } @else {
            div class="scroll" tabindex="0" role="region" aria-label="Checks that differ" {
                table class="plain" {
                    thead { tr { th scope="col" { "Check" } th scope="col" class="r" { "#" (x.place.rank) } th scope="col" class="r" { "#" (y.place.rank) } th scope="col" { "Says of #" (x.place.rank) } th scope="col" { "Says of #" (y.place.rank) } } }
                    tbody { @for row in rows.iter().take(SHOWN) { (line(row)) } }
                    @if rows.len() > SHOWN { tbody { @for row in &rows[SHOWN..] { (line(row)) } } }
                }
            }
        }
    };
    Ok(page(app, &Head { title: "Side by side", here: "Insights" }, &body))
}

fn shown(points: Option<f64>) -> String {
    points.map_or_else(|| "not known".to_owned(), |points| format!("{points:.2}"))
}

fn says(check: &CheckResult) -> String {
    match check.state {
        CheckState::Scored => check.sentence.clone(),
        CheckState::Unknown => format!("Needs {}", check.missing.as_deref().unwrap_or("another input")),
    }
}
