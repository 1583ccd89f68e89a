//! Small pictures: each says in words what it shows. No inline style, because the policy of a page allows none.

use crate::pages::words;
use maud::{Markup, html};
use throughline_compiler::queries::Snapshot;
use throughline_model::{CheckState, Insight, Score};

/// Months shown of a trend.
const MONTHS: usize = 18;

/// Voices per month as bars; the last month stands out.
#[must_use]
pub fn trend(insight: &Insight) -> Markup {
    let months = &insight.voices_by_month;
    let most = months.iter().map(|(_, n)| *n).max().unwrap_or(0);
    if most == 0 {
        return html! { span class="soft" { "no dates" } };
    }
    let n = months.len().min(MONTHS);
    let shown = &months[months.len() - n..];
    let said: Vec<String> = shown.iter().map(|(month, n)| format!("{month}: {n}")).collect();
    let width = (n * 10).max(120);
    html! {
        svg class="spark" viewBox=(format!("0 0 {width} 24")) preserveAspectRatio="none" role="img" aria-label=(format!("Voices per month, {}. {}", words::trend(insight), said.join(", "))) {
            rect class="base" x="0" y="23" width=(width) height="1" {}
            @for (i, (_, count)) in shown.iter().enumerate() {
                @let height = (*count * 22).div_ceil(most).max(1);
                rect class=[(i + 1 == n).then_some("now")] x=(width - (n - i) * 10 + 1) y=(24 - height) width="8" height=(height) {}
            }
        }
    }
}

/// The same, large, with its months named.
#[must_use]
pub fn months(insight: &Insight) -> Markup {
    let months = &insight.voices_by_month;
    let most = months.iter().map(|(_, n)| *n).max().unwrap_or(0);
    if most == 0 {
        return html! {};
    }
    let n = months.len().min(24);
    let shown = &months[months.len() - n..];
    let step = 600 / n.max(6);
    let said: Vec<String> = shown.iter().map(|(month, n)| format!("{month}: {n}")).collect();
    html! {
        figure class="months" {
            svg viewBox="0 0 600 120" role="img" aria-label=(format!("Voices per month. {}", said.join(", "))) {
                line class="grid" x1="0" x2="600" y1="96.5" y2="96.5" {}
                @for (i, (month, count)) in shown.iter().enumerate() {
                    @let height = (*count as usize * 80).div_ceil(most as usize).max(1);
                    @let x = 600 - (n - i) * step;
                    rect class=[(i + 1 == n).then_some("now")] x=(x + 2) y=(96 - height) width=(step - 4) height=(height) { title { (month) ": " (count) } }
                    @if *count == most { text x=(x + step / 2) y=(90 - height) text-anchor="middle" { (count) } }
                    @if i == 0 || i + 1 == n || month.ends_with("-01") { text class="soft" x=(x + step / 2) y="113" text-anchor="middle" { (month) } }
                }
            }
        }
    }
}

/// Earned, knowable and unknown points as one bar of 77.
#[must_use]
pub fn points(score: &Score) -> Markup {
    let label = format!(
        "{:.1} of {} knowable points; {} of 77 not known",
        score.earned,
        score.knowable,
        77_u32.saturating_sub(score.knowable)
    );
    html! {
        svg class="points" viewBox="0 0 77 4" preserveAspectRatio="none" role="img" aria-label=(label) {
            rect class="all" x="0" y="0" width="77" height="4" {}
            rect class="known" x="0" y="0" width=(score.knowable) height="4" {}
            rect class="got" x="0" y="0" width=(format!("{:.2}", score.earned)) height="4" {}
        }
    }
}

/// How far a capacity is used.
#[must_use]
pub fn capacity(taken: f64, of: f64) -> Markup {
    let share = if of > 0.0 { (taken / of * 100.0).clamp(0.0, 100.0) } else { 0.0 };
    html! {
        svg class="points" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label=(format!("{taken:.0} of {of:.0} people-days taken")) {
            rect class="all" x="0" y="0" width="100" height="4" {}
            rect class="got" x="0" y="0" width=(format!("{share:.1}")) height="4" {}
        }
    }
}

/// The 77 checks as cells in their groups: how full a cell is says its points, a hatched one is not known.
#[must_use]
pub fn checks(snapshot: &Snapshot, score: &Score, address: &str) -> Markup {
    html! {
        div class="checks" {
            @for (group, _) in &snapshot.rubric.groups {
                @let of_group = || score.checks.iter().zip(&snapshot.rubric.checks).filter(|(_, check)| check.group == *group);
                section {
                    @if let Some(sum) = score.groups.get(group) {
                        h3 { (words::group(group)) }
                        p class="soft small" { b class="num" { (format!("{:.1}", sum.earned)) } " of " (sum.knowable) " known, " (sum.max - sum.knowable) " not known" }
                    }
                    ol class="cells" {
                        @for (result, check) in of_group() {
                            @let is_known = result.state == CheckState::Scored;
                            @let level = (result.points * 4.0).round() as u32;
                            li {
                                a class=(if is_known { format!("cell p{level}") } else { "cell unknown".to_owned() })
                                    href=(format!("{address}/checks/{}", check.id)) data-drawer
                                    title=(if is_known { format!("{}: {:.2}", check.name, result.points) } else { format!("{}: not known", check.name) }) {
                                    span class="sr" { (check.name) ", " @if is_known { (format!("{:.2} points", result.points)) } @else { "not known" } }
                                }
                            }
                        }
                    }
                }
            }
        }
        p class="legend-cells soft small" aria-hidden="true" {
            span class="cell p4" {} "full point" span class="cell p2" {} "half" span class="cell p0" {} "none" span class="cell unknown" {} "not known yet, counts neither for nor against"
        }
    }
}
