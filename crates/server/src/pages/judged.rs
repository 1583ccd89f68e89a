//! What people said of the model so far, each to be undone.

use crate::app::App;
use crate::pages::layout::{Head, page};
use crate::pages::words;
use crate::problem::Problem;
use maud::{Markup, html};
use throughline_compiler::judging;

/// The page.
///
/// # Errors
/// When a run is going on, or the store fails.
pub fn all(app: &App) -> Result<Markup, Problem> {
    let said = app.ask(judging::list)?;
    let edits = app.ask(throughline_compiler::Session::edits)?;
    let body = html! {
        h1 { "What people said" }
        p class="lead" { "Names, merges and moves count from the next run. Each can be taken back; taking back can be taken back, too." }
        @if said.is_empty() && edits.is_empty() {
            div class="empty" { p { "Nobody has said anything yet. On the page of an insight you can rename it, merge it, or move statements out." } p { a class="button" href="/insights" { "To the insights" } } }
        }
        @if !said.is_empty() {
            ul class="judged" {
                @for one in said.iter().rev() {
                    li class=[(one.state != "stands").then_some("faded")] {
                        span { (words::capitalised(&one.sentence)) @if let Some(by) = &one.by { span class="soft" { " by " (by) } } @if one.state != "stands" { span class="tag" { (one.state) } } }
                        @if one.state != "undone" { form method="post" action={ "/judgements/" (one.id) "/undo" } { button class="quiet" aria-label={ "Undo: " (one.sentence) } { "Undo" } } }
                    }
                }
            }
        }
        @if !edits.is_empty() {
            h2 { "Sentences in people's own words" }
            ul class="judged" {
                @for edit in edits.iter().rev() {
                    li class=[(edit.state != "holds").then_some("faded")] {
                        span { "“" (edit.said) "” " span class="soft" { (edit.place) " of " (edit.label) ", by " (edit.by) } @if edit.state != "holds" { span class="tag" { (edit.state) } } }
                        @if edit.state != "undone" && edit.act != "undo" {
                            form method="post" action={ "/edits/" (edit.id) "/undo" } { input type="hidden" name="by" value=(edit.by); input type="hidden" name="back" value="/judgements"; button class="quiet" { "Undo" } }
                        }
                    }
                }
            }
        }
    };
    Ok(page(app, &Head { title: "What people said", here: "" }, &body))
}
