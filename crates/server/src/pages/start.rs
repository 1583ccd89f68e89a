//! The first page: what this is, files to drop, what each is read as, and the run.

use crate::app::App;
use crate::jobs::{Job, Kind};
use crate::pages::layout::{Head, page, term};
use crate::pages::words;
use crate::uploads::Staged;
use maud::{Markup, html};
use throughline_compiler::import::FileReport;
use throughline_compiler::preview::Preview;
use throughline_model::{Diagnostic, Severity, SourceKind};

/// Problems shown of a file before the rest is folded away.
const SHOWN: usize = 5;

/// The page.
#[must_use]
pub fn start(app: &App) -> Markup {
    let staged = app.staged().clone();
    let sources = app.sources();
    let is_going = app.job().is_some_and(|job| job.is_going());
    let is_new = sources.is_empty() && staged.is_empty() && !is_going;
    let body = html! {
        @if is_new { (welcome()) } @else { h1 { "Files" } }
        (drop(is_new, is_going))
        @if !staged.is_empty() { (waiting(&staged, is_going)) }
        @if let Some(report) = app.imported() {
            section {
                h2 { "Taken in last" }
                @for file in &report.files { (taken(file)) }
            }
        }
        @if !sources.is_empty() {
            section {
                h2 { "In the workspace" }
                div class="scroll" tabindex="0" role="region" aria-label="Sources" {
                    table class="plain" {
                        thead { tr { th scope="col" { "Source" } th scope="col" class="r" { "Items" } } }
                        tbody { @for (name, n) in &sources { tr { td { (name) } td class="num r" { (words::number(*n)) } } } }
                    }
                }
                @if staged.is_empty() && !is_going { form method="post" action="/run" class="inline" { button { "Run again" } @if app.snapshot().is_some() { a class="button main" href="/insights" { "See the insights" } } } }
            }
        }
        @if let Some(snapshot) = app.snapshot() {
            @if !snapshot.review.is_empty() {
                section { h2 { "About your settings" } (diagnostics(&snapshot.review, "your settings")) }
            }
        }
    };
    page(app, &Head { title: "Files", here: "Files" }, &body)
}

fn welcome() -> Markup {
    html! {
        div class="hero" {
            h1 { "Hear what customers need" }
            p class="lead" { "Drop the files you already have: tickets, calls, reviews, surveys, chats, customer lists. Throughline finds what people say, puts it in an order you can check, and writes the specification with a prototype to click. Nothing leaves this computer, and every sentence shows the words it rests on." }
        }
    }
}

fn drop(is_new: bool, is_going: bool) -> Markup {
    html! {
        form class="drop" method="post" action="/files" enctype="multipart/form-data" data-drop {
            label class="drop-zone" for="files" {
                strong { @if is_new { "Drop your exports here" } @else { "Drop more files" } }
                span class="soft" { "or choose them. CSV, JSON, mail, transcripts, ZIP, any mix, up to 500 MB each" }
                @if is_going { span class="soft" { "A run is going on; what you drop now is taken in by the next one." } }
            }
            input id="files" type="file" name="files" multiple;
            div class="inline" {
                button class="main" data-nojs { "Read these files" }
                progress id="progress" max="100" value="0" hidden aria-label="Upload" {}
                output id="progress-said" class="soft small" {}
            }
        }
        @if is_new {
            form method="post" action="/example" class="inline example" {
                span class="soft" { "No files at hand?" }
                button { "Load the example" }
                span class="soft small" { "Rotaboard, a made-up shift planner with feedback from twenty places" }
            }
        }
    }
}

fn waiting(staged: &[Staged], is_going: bool) -> Markup {
    let n_items: u64 =
        staged.iter().filter_map(|file| file.preview.as_ref().ok()).map(|preview| preview.report.stored).sum();
    html! {
        section {
            h2 { "Read, not yet taken in" }
            p { "Look whether each file was understood. Wrong columns can be put right; nothing is kept until you say so." }
            @if is_going {
                p class="soft" { (words::count(n_items, "item")) " for the next run, which you can start when this one is done." }
            } @else {
                form method="post" action="/run" class="inline go" {
                    button class="main big" { "Take in " (words::count(n_items, "item")) " and run" }
                    span class="soft small" { "usually seconds" }
                }
            }
            @for file in staged { (one(file)) }
        }
    }
}

fn one(file: &Staged) -> Markup {
    let name = words::escaped(&file.name);
    html! {
        article class="file" id={ "f-" (file.name) } {
            header {
                h3 { (file.name) }
                form method="post" action={ "/files/" (name) "/remove" } { button class="quiet" aria-label={ "Leave out " (file.name) } { "Leave out" } }
            }
            @match &file.preview {
                Err(why) => p class="bad" { "It could not be read: " (why) },
                Ok(preview) => {
                    p class="says" {
                        @if preview.report.stored == 0 { span class="bad" { "Nothing in it can be used." } " Read as " (words::format(&preview.report.format)) "." }
                        @else {
                            "Read as " b { (words::format(&preview.report.format)) } ": " (what(preview)) ", heard through "
                            b { (words::channel(preview.report.source_kind)) } "."
                        }
                    }
                    @if preview.report.stored > 0 && !preview.samples.is_empty() {
                        ul class="samples" { @for sample in &preview.samples { li { "“" (sample) "”" } } }
                    }
                    (columns(&name, preview))
                    (diagnostics(&preview.report.diagnostics, &file.name))
                }
            }
        }
    }
}

fn what(preview: &Preview) -> String {
    let mut parts = vec![words::count(preview.report.stored, "item")];
    if preview.n_accounts > 0 {
        parts = vec![format!("{} about customers", words::count(preview.n_accounts, "row"))];
    }
    if preview.n_events > 0 {
        parts.push(format!("{} of them events", words::number(preview.n_events)));
    }
    if preview.report.rejected > 0 {
        parts.push(format!("{} left out", words::number(preview.report.rejected)));
    }
    parts.join(", ")
}

fn columns(name: &str, preview: &Preview) -> Markup {
    if preview.fields.is_empty() || preview.columns.is_empty() {
        return html! {};
    }
    let taken = |field: &str| preview.report.mapping.iter().find(|choice| choice.field == field);
    html! {
        details class="columns" open[preview.report.stored == 0] {
            summary { "Columns: " @for (i, choice) in preview.report.mapping.iter().take(6).enumerate() { @if i > 0 { ", " } (field(&choice.field)) " from “" (choice.column) "”" } }
            form method="post" action={ "/files/" (name) "/columns" } {
                div class="scroll" tabindex="0" role="region" aria-label="Columns" {
                    table class="plain" {
                        thead { tr { th scope="col" { "We need" } th scope="col" { "Taken from" } th scope="col" { "For instance" } th scope="col" { "Because" } } }
                        tbody {
                            @for id in &preview.fields {
                                @let choice = taken(id);
                                tr {
                                    th scope="row" { (field(id)) }
                                    td {
                                        select name=(id) aria-label={ "Column for " (field(id)) } {
                                            option value="" { @if choice.is_some() { "as found" } @else { "none" } }
                                            @for column in &preview.columns { option value=(column) selected[choice.is_some_and(|choice| choice.column == *column)] { (column) } }
                                        }
                                    }
                                    td class="soft" { @if let Some(choice) = choice { (choice.samples.join(" | ")) } }
                                    td class="soft" { @if let Some(choice) = choice { (choice.why) } }
                                }
                            }
                            tr {
                                th scope="row" { "Heard through" }
                                td {
                                    select name="channel" aria-label="Heard through" {
                                        @for kind in SourceKind::ALL { option value=(kind.word()) selected[kind == preview.report.source_kind] { (words::channel(kind)) } }
                                    }
                                }
                                td {} td {}
                            }
                        }
                    }
                }
                button { "Read it again with these columns" }
            }
        }
    }
}

fn field(id: &str) -> &str {
    match id {
        "text" => "What was said",
        "title" => "Title",
        "id" => "Its number",
        "created_at" => "When",
        "author_name" => "Who",
        "author_email" => "Their address",
        "author_role" => "Their role",
        "company" => "Their company",
        "rating" => "Rating",
        "votes" => "Votes",
        "tags" => "Labels",
        other => other,
    }
}

fn taken(file: &FileReport) -> Markup {
    html! {
        article class="file" {
            header { h3 { (file.file) } }
            p class="says" { "Read as " (words::format(&file.format)) ". " (words::taken(file)) "." }
            (diagnostics(&file.diagnostics, &file.file))
        }
    }
}

/// Problems with their places, the first ones open.
#[must_use]
pub fn diagnostics(all: &[Diagnostic], whose: &str) -> Markup {
    let line = |one: &Diagnostic| {
        html! {
            li class=(match one.severity { Severity::Error => "error", Severity::Warning => "warning", Severity::Note => "note" }) {
                b { (match one.severity { Severity::Error => "Left out", Severity::Warning => "Look", Severity::Note => "Note" }) }
                " " (words::capitalised(one.message.trim_end_matches('.'))) "."
                @if let Some(line) = one.place.line { span class="soft" { " Line " (line) "." } }
                @if !one.remedy.is_empty() { span class="soft" { " " (words::capitalised(one.remedy.trim_end_matches('.'))) "." } }
            }
        }
    };
    if all.is_empty() {
        return html! {};
    }
    html! {
        ul class="diagnostics" { @for one in all.iter().take(SHOWN) { (line(one)) } }
        @if all.len() > SHOWN {
            details { summary { (words::count(all.len() - SHOWN, "more note")) " about " (whose) } ul class="diagnostics" { @for one in &all[SHOWN..] { (line(one)) } } }
        }
    }
}

/// A job, as far as it is.
#[must_use]
pub fn job(app: &App, job: &Job) -> Markup {
    let body = html! {
        h1 { "Reading and ranking" }
        p class="lead" { "Each step reads only what is new. " (term("record", "Records")) " become " (term("statement", "statements")) ", statements " (term("insight", "insights")) "." }
        div id="job" data-job={ "/jobs/" (job.number) "/events" } { (progress(job)) }
    };
    page(app, &Head { title: "Run", here: "Files" }, &body)
}

/// The lines of a job.
#[must_use]
pub fn progress(job: &Job) -> Markup {
    let state = job.state();
    let lines = |kind: Kind| state.lines.iter().filter(move |line| line.kind == kind);
    let step = |line: &crate::jobs::Line| {
        let is_going = line.said.is_empty() && state.ended.is_none();
        html! { li class=[is_going.then_some("going")] { span { (line.what) } span class="soft num" { (line.said) } } }
    };
    html! {
        @if lines(Kind::Taken).next().is_some() {
            details open[lines(Kind::Stage).next().is_none()] {
                summary { (words::count(lines(Kind::Taken).count(), "file")) " taken in" }
                ol class="steps-live" { @for line in lines(Kind::Taken) { (step(line)) } }
            }
        }
        ol class="steps-live" { @for line in lines(Kind::Stage) { (step(line)) } }
        @match &state.ended {
            None => { p class="soft" { "You can leave this page; the run goes on." } noscript { p { a href="" { "Look again" } } } },
            Some(why) if why.is_empty() => {
                p class="done" { "Done. " a class="button main" href="/insights" { "See what customers need" } " " a class="button" href="/" { "What was read" } }
                @if lines(Kind::Note).next().is_some() { details { summary { "What became of earlier insights" } ul { @for line in lines(Kind::Note) { li { (line.said) } } } } }
            },
            Some(why) => { p class="bad" { "It stopped: " (why) } form method="post" action="/run" { button class="main" { "Try again" } } },
        }
    }
}
