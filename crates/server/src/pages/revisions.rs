//! Revisions: what was accepted, how any two differ, and the way back.
//!
//! Everything here is read from the snapshot, so that it can be read while a run goes on.

use crate::app::App;
use crate::pages::layout::{Head, by, page, term};
use crate::pages::words;
use crate::problem::Problem;
use maud::{Markup, html};
use throughline_compiler::queries::Snapshot;
use throughline_compiler::revisions::{PlanDifference, RevisionDifference, SpecDifference};
use throughline_model::InsightId;
use throughline_model::revision::{Difference, Kind, Revision};

/// Words of one text up to which two texts are compared word by word.
const MAX_WORDS: usize = 400;
/// Insights whose place in the plan changed that are shown before the rest is folded away.
const PLAN_SHOWN: usize = 12;

/// The revision of this number.
///
/// # Errors
/// When there is none.
pub fn find<'s>(snapshot: &'s Snapshot, number: &str) -> Result<&'s Revision, Problem> {
    let found = number.parse().ok().and_then(|number| snapshot.revision(number));
    found.ok_or_else(|| Problem::not_found("revision", number))
}

/// The list.
///
/// # Errors
/// When nothing has been run yet.
pub fn all(app: &App) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let body = html! {
        h1 { "Revisions" }
        p class="lead" { "What was accepted, kept as it read then, with its files. Nothing in this list is ever changed or lost." }
        @if snapshot.revisions.is_empty() {
            div class="empty" {
                h2 { "Nothing was accepted yet" }
                p { "Open a specification and accept it as it reads. From then on every page says what reads otherwise since, and why." }
                p { a class="button main" href="/insights" { "Choose an insight" } }
            }
        } @else {
            (against(&snapshot))
            @if snapshot.revisions.len() > 1 { (choose(&snapshot)) }
            ol class="revisions" reversed { @for revision in snapshot.revisions.iter().rev() { (one(&snapshot, revision)) } }
        }
        (accept_first(&snapshot))
    };
    Ok(page(app, &Head { title: "Revisions", here: "Insights" }, &body))
}

/// What compiles are held against, in words, and how to change that.
fn against(snapshot: &Snapshot) -> Markup {
    html! {
        @match snapshot.base() {
            Some(base) => {
                p {
                    "Specifications are held against " b { "revision " (base) } ": each page says what reads otherwise since. "
                    a href={ "/revisions/" (base) "/difference" } { "What reads otherwise now" }
                }
                @if snapshot.revisions.len() > 1 { p class="soft small" { "Returning to another changes only what they are held against. No edit and no revision is lost, and you can return again." } }
            }
            None => p { "Specifications are held against no revision now. Return to one to see what reads otherwise since." },
        }
    }
}

fn choose(snapshot: &Snapshot) -> Markup {
    let options = |chosen: Option<u32>| {
        html! { @for revision in snapshot.revisions.iter().rev() { option value=(revision.number) selected[chosen == Some(revision.number)] { "Revision " (revision.number) } } }
    };
    let before = snapshot.revisions.iter().rev().nth(1).map(|revision| revision.number);
    html! {
        form action="/revisions/difference" class="inline between" {
            label class="field" { span { "What changed from" } select name="from" { (options(before)) } }
            label class="field" { span { "to" } select name="to" { option value="" { "what stands now" } (options(snapshot.revisions.last().map(|last| last.number))) } }
            button { "Show" }
        }
    }
}

fn one(snapshot: &Snapshot, revision: &Revision) -> Markup {
    let number = revision.number;
    let is_base = snapshot.base() == Some(number);
    html! {
        li value=(number) class="revision" id={ "r-" (number) } {
            header {
                h2 { "Revision " (number) @if is_base { span class="tag" { "held against" } } }
                p { (words::capitalised(revision.why.trim_end_matches('.'))) ". " span class="soft" { "Accepted by " (revision.by) @if let Some(day) = revision.as_of { ", on records until " (day.long_date()) } "." } }
            }
            ul class="plainlist" {
                @for spec in &revision.specs {
                    li {
                        @if snapshot.position(spec.insight_id).is_some() { a href={ "/insights/" (spec.insight_id) "/spec" } { (spec.title) } } @else { (spec.title) }
                        @if spec.number != number { span class="soft small" { " stands since revision " (spec.number) } }
                    }
                }
                @if revision.specs.is_empty() { li class="soft" { "No specification." } }
                @if !revision.forgotten.is_empty() { li class="soft" { (words::count(revision.forgotten.len(), "specification")) " went when somebody asked to be forgotten." } }
            }
            div class="inline" {
                a class="button" href={ "/revisions/" (number) "/difference" } { "What reads otherwise now" }
                a class="button" href={ "/revisions/" (number) "/folder.zip" } { "Download as accepted" }
                @if is_base {
                    form method="post" action="/revisions/0/return" { button class="quiet" { "Hold against none" } }
                } @else {
                    form method="post" action={ "/revisions/" (number) "/return" } { button class="quiet" { "Return to it" } }
                }
            }
        }
    }
}

/// A way to accept the first specifications at once.
fn accept_first(snapshot: &Snapshot) -> Markup {
    let next = snapshot.revisions.last().map_or(1, |last| last.number + 1);
    html! {
        details class="acts" open[snapshot.revisions.is_empty()] {
            summary { "Accept the first specifications as they stand" }
            form method="post" action="/revisions" class="stack" {
                p class="soft small" { "The twelve that a run writes, in rank order, with your edits. What was accepted before and is not among them stays as it was." }
                label class="field" { span { "Why" } input name="why" required maxlength="400"; }
                (by())
                button class="main" { "Accept as revision " (next) }
            }
        }
    }
}

/// How one revision differs from another, or from what stands now.
///
/// # Errors
/// When there is no such revision.
pub fn difference(app: &App, from: &str, to: Option<&str>) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let before = find(&snapshot, from)?;
    let after = to.map(|to| find(&snapshot, to)).transpose()?;
    let found = snapshot.difference(before.number, after.map(|after| after.number))?;
    let found = found.ok_or_else(|| Problem::not_found("revision", from))?;
    let until = after.map_or_else(|| "what stands now".to_owned(), |after| format!("revision {}", after.number));
    let body = html! {
        nav class="tabs" aria-label="Back" { a class="soft" href="/revisions" { "All revisions" } }
        h1 { "From revision " (before.number) " to " (until) }
        p class="lead" { (summed(&found)) }
        @if found.specs.iter().any(|spec| spec.kind == Kind::Changed) {
            p class="soft small legend" { del { "What it read" } " " ins { "What it reads" } }
        }
        @for spec in found.specs.iter().filter(|spec| spec.kind == Kind::Changed) { (changed(&snapshot, spec)) }
        (came_or_went(&snapshot, &found, Kind::Added, "New specifications"))
        (came_or_went(&snapshot, &found, Kind::Removed, "No longer there"))
        @if !found.plan.is_empty() { (plan(&snapshot, &found.plan)) }
        @if after.is_none() { (accept_shown(&snapshot, &found)?) }
    };
    let title = format!("From revision {} to {until}", before.number);
    Ok(page(app, &Head { title: &title, here: "Insights" }, &body))
}

/// What there is to see, in one sentence.
fn summed(found: &RevisionDifference) -> String {
    let of = |kind: Kind| found.specs.iter().filter(|spec| spec.kind == kind).count();
    let n_lines: usize = found.specs.iter().map(|spec| spec.differences.len()).sum();
    let mut parts = Vec::new();
    if of(Kind::Changed) > 0 {
        let specs = words::count(of(Kind::Changed), "specification");
        parts.push(format!("{} of {specs} changed", words::count(n_lines, "line")));
    }
    for (kind, word) in [(Kind::Added, "new"), (Kind::Removed, "no longer there")] {
        if of(kind) > 0 {
            parts.push(format!("{} {word}", words::count(of(kind), "specification")));
        }
    }
    if parts.is_empty() {
        parts.push("Every specification reads the same".to_owned());
    }
    if !found.plan.is_empty() {
        parts.push(format!("{} moved in the plan", words::count(found.plan.len(), "insight")));
    }
    format!("{}.", parts.join(", "))
}

/// Its title, which leads to it where it still is.
fn titled(snapshot: &Snapshot, spec: &SpecDifference) -> Markup {
    html! {
        @if snapshot.position(spec.insight_id).is_some() { a class="plainlink" href={ "/insights/" (spec.insight_id) "/spec" } { (spec.title) } }
        @else { (spec.title) }
    }
}

fn changed(snapshot: &Snapshot, spec: &SpecDifference) -> Markup {
    html! {
        section class="changed" id={ "s-" (spec.insight_id) } {
            h2 { (titled(snapshot, spec)) }
            ul class="lines" { @for line in &spec.differences { (differs(line)) } }
        }
    }
}

/// Specifications that are there only before or only after.
fn came_or_went(snapshot: &Snapshot, found: &RevisionDifference, kind: Kind, heading: &str) -> Markup {
    let those: Vec<&SpecDifference> = found.specs.iter().filter(|spec| spec.kind == kind).collect();
    html! {
        @if !those.is_empty() {
            section { h2 { (heading) } ul { @for spec in those { li { (titled(snapshot, spec)) } } } }
        }
    }
}

fn differs(line: &Difference) -> Markup {
    let causes: Vec<&str> = line.causes.iter().map(|cause| cause.words()).collect();
    html! {
        li {
            p class="small" {
                b { (words::capitalised(&line.place)) } " "
                span class="soft" {
                    @match line.kind { Kind::Added => "added", Kind::Removed => "removed", Kind::Changed => "changed" }
                    @if !causes.is_empty() { ": " (causes.join(", ")) }
                }
            }
            p class="asread" {
                @match line.kind {
                    Kind::Added => ins { (line.after) },
                    Kind::Removed => del { (line.before) },
                    Kind::Changed => (woven(&line.before, &line.after)),
                }
            }
        }
    }
}

/// Two readings in one text: what is the same once, what went and what came in its place.
fn woven(before: &str, after: &str) -> Markup {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split_whitespace().collect(), after.split_whitespace().collect());
    if old.len() > MAX_WORDS || new.len() > MAX_WORDS {
        return html! { del { (before) } " " ins { (after) } };
    }
    // Length of the longest common run of words from each pair of places on.
    let mut same = vec![vec![0u16; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            same[i][j] = if old[i] == new[j] { same[i + 1][j + 1] + 1 } else { same[i + 1][j].max(same[i][j + 1]) };
        }
    }
    let mut runs: Vec<(Kind, Vec<&str>)> = Vec::new();
    let mut push = |kind: Kind, word| match runs.last_mut() {
        Some((last, run)) if *last == kind => run.push(word),
        _ => runs.push((kind, vec![word])),
    };
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            push(Kind::Changed, new[j]);
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && same[i + 1][j] >= same[i][j + 1]) {
            push(Kind::Removed, old[i]);
            i += 1;
        } else {
            push(Kind::Added, new[j]);
            j += 1;
        }
    }
    html! {
        @for (at, (kind, run)) in runs.iter().enumerate() {
            @if at > 0 { " " }
            @match kind {
                Kind::Changed => (run.join(" ")),
                Kind::Removed => del { (run.join(" ")) },
                Kind::Added => ins { (run.join(" ")) },
            }
        }
    }
}

fn plan(snapshot: &Snapshot, moved: &[PlanDifference]) -> Markup {
    let label = |moved: &PlanDifference| {
        let known = snapshot.position(moved.insight_id).map(|at| snapshot.ranked[at].insight.label.as_str());
        known.unwrap_or(if moved.label.is_empty() { "an insight that was forgotten" } else { &moved.label }).to_owned()
    };
    let place = |place: &Option<(u32, String)>| {
        place.as_ref().map_or_else(|| "not there".to_owned(), |(rank, horizon)| format!("rank {rank}, {horizon}"))
    };
    let table = |rows: &[PlanDifference]| {
        html! {
            table class="fold plain" {
                thead { tr { th scope="col" { "Insight" } th scope="col" { "Before" } th scope="col" { "After" } } }
                tbody { @for row in rows { tr { td data-label="Insight" { (label(row)) } td data-label="Before" { (place(&row.before)) } td data-label="After" { (place(&row.after)) } } } }
            }
        }
    };
    html! {
        section {
            h2 { "In the plan" }
            (table(&moved[..moved.len().min(PLAN_SHOWN)]))
            @if moved.len() > PLAN_SHOWN { details { summary { (words::count(moved.len() - PLAN_SHOWN, "more insight")) } (table(&moved[PLAN_SHOWN..])) } }
        }
    }
}

/// A way to accept what the page shows, and nothing else.
fn accept_shown(snapshot: &Snapshot, found: &RevisionDifference) -> Result<Markup, Problem> {
    let mut shown: Vec<(InsightId, String)> = Vec::new();
    for spec in found.specs.iter().filter(|spec| spec.kind == Kind::Changed) {
        let Some(at) = snapshot.position(spec.insight_id) else { continue };
        if let Ok(specified) = snapshot.specified(at)?.as_ref() {
            shown.push((spec.insight_id, specified.mark.clone()));
        }
    }
    if shown.is_empty() {
        return Ok(html! {});
    }
    let next = snapshot.revisions.last().map_or(1, |last| last.number + 1);
    Ok(html! {
        section class="acts" {
            h2 { "Accept this" }
            form method="post" action="/revisions" class="stack" {
                p class="soft small" { (words::count(shown.len(), "specification")) " as shown above; the others stay as they were accepted. A " (term("revision", "revision")) " can be returned from at any time." }
                @for (id, mark) in &shown { input type="hidden" name="shown" value={ (id) ":" (mark) }; }
                label class="field" { span { "Why" } input name="why" required maxlength="400"; }
                (by())
                button class="main" { "Accept as revision " (next) }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::woven;

    #[test]
    fn two_readings_are_woven_into_one() {
        let of = |before, after| woven(before, after).into_string();
        assert_eq!(of("Nine voices say so.", "Ten voices say so."), "<del>Nine</del> <ins>Ten</ins> voices say so.");
        assert_eq!(of("send the file", "send the file by mail"), "send the file <ins>by mail</ins>");
        assert_eq!(of("<b>", "<i>"), "<del>&lt;b&gt;</del> <ins>&lt;i&gt;</ins>");
        assert_eq!(of("", "new"), "<ins>new</ins>");
    }
}
