//! The shell of every page, and the small graphics that pages share.
//!
//! Invariant: no page can ask for anything over the network; its content-security policy forbids it.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use throughline_model::{Insight, Score, Trend};

const PAGE_CSS: &str = include_str!("../runtime/page.css");
const PAGE_JS: &str = include_str!("../runtime/page.js");

/// Number of checks in the rubric.
const N_CHECKS: f64 = 77.0;

/// A whole document page.
#[must_use]
pub(crate) fn document(title: &str, body: &Markup) -> String {
    shell(title, PAGE_CSS, PAGE_JS, body)
}

/// A whole page with a style and a script of its own.
#[must_use]
pub(crate) fn shell(title: &str, css: &str, js: &str, body: &Markup) -> String {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(css)) }
            }
            body {
                (body)
                script { (PreEscaped(js)) }
            }
        }
    }
    .into_string()
}

/// Voices per month as bars; the last month stands out. Nothing when there are no months.
#[must_use]
pub(crate) fn sparkline(insight: &Insight) -> Markup {
    let months = &insight.voices_by_month;
    let most = months.iter().map(|(_, n)| *n).max().unwrap_or(0);
    if most == 0 {
        return html! { span class="soft" { "no dates" } };
    }
    let n_shown = months.len().min(18);
    let shown = &months[months.len() - n_shown..];
    let said: Vec<String> = shown.iter().map(|(month, n)| format!("{month}: {n}")).collect();
    let width = (n_shown * 10).max(120);
    html! {
        svg class="spark" viewBox=(format!("0 0 {width} 24")) preserveAspectRatio="none" role="img"
            aria-label=(format!("Voices per month. {}", said.join(", "))) {
            rect class="base" x="0" y="23" width=(width) height="1" {}
            @for (i, (_, n)) in shown.iter().enumerate() {
                @let height = (*n * 22).div_ceil(most);
                rect class=[(i + 1 == n_shown).then_some("now")]
                    x=(width - (n_shown - i) * 10 + 1) y=(24 - height.max(1)) width="8" height=(height.max(1)) {}
            }
        }
    }
}

/// Where the number of voices is going, in words.
#[must_use]
pub(crate) const fn trend(insight: &Insight) -> &'static str {
    match insight.trend {
        Trend::Unknown => "too few to tell",
        trend => trend.word(),
    }
}

/// Earned, knowable and unknown points as one bar of 77.
#[must_use]
pub(crate) fn score_bar(score: &Score) -> Markup {
    let share = |points: f64| format!("{:.2}", points.clamp(0.0, N_CHECKS));
    let label = format!(
        "{:.1} points earned of {} knowable; {} of 77 not known",
        score.earned,
        score.knowable,
        77_u32.saturating_sub(score.knowable)
    );
    html! {
        svg class="score" role="img" aria-label=(label) viewBox="0 0 77 1" preserveAspectRatio="none" {
            rect class="known" width=(share(f64::from(score.knowable))) height="1" {}
            rect class="earned" width=(share(score.earned)) height="1" {}
        }
    }
}

/// Head of a document page: where one is, and the tools.
#[must_use]
pub(crate) fn top(product_name: &str, home: &str, tools: &Markup) -> Markup {
    html! {
        a class="skip" href="#main" { "To the content" }
        header class="top" {
            a class="brand" href=(home) { (product_name) }
            div class="tools" {
                (tools)
                button type="button" id="theme" hidden { "Light or dark" }
            }
        }
    }
}
