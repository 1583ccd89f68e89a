//! A specification: the document with its evidence in place, its shorter views, every sentence to edit, the prototype, and
//! downloads.

use crate::app::App;
use crate::pages::insight::{crumbs, find};
use crate::pages::layout::{Head, by, page, term};
use crate::pages::{reading, words};
use crate::problem::Problem;
use maud::{Markup, PreEscaped, html};
use std::sync::Arc;
use throughline_compiler::queries::{Snapshot, Specified};
use throughline_model::sentence::State;

/// The specification at a position, or why there is none.
///
/// # Errors
/// When there is no such insight, or it was not specified.
pub fn specified(snapshot: &Snapshot, at: usize) -> Result<Arc<Result<Specified, String>>, Problem> {
    Ok(snapshot.specified(at)?)
}

fn none(app: &App, snapshot: &Snapshot, at: usize, why: &str, here: &str) -> Markup {
    let body = html! {
        (crumbs(snapshot, at, here))
        div class="empty" {
            h1 { "Nothing to specify yet" }
            p class="lead" { (words::capitalised(why)) "." }
            p { a class="button" href={ "/insights/" (snapshot.ranked[at].insight.id) "#said" } { "Read what was said" } }
        }
    };
    page(app, &Head { title: "Specification", here: "Insights" }, &body)
}

/// A page on a specification, or the one that says why there is none.
fn opened(
    app: &App,
    name: &str,
    here: &str,
    body: impl FnOnce(&Snapshot, usize, &Specified) -> Markup,
) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let at = find(&snapshot, name)?;
    Ok(match specified(&snapshot, at)?.as_ref() {
        Ok(spec) => body(&snapshot, at, spec),
        Err(why) => none(app, &snapshot, at, why, here),
    })
}

/// The views of one specification: what each is, and its address below the insight.
const VIEWS: [(&str, &str); 4] =
    [("/spec", "Full"), ("/one-page", "One page"), ("/pr-faq", "PR/FAQ"), ("/blueprint", "Blueprint")];

/// Where one is among the views of a specification.
fn views(snapshot: &Snapshot, at: usize, here: &str) -> Markup {
    let id = snapshot.ranked[at].insight.id;
    html! {
        (crumbs(snapshot, at, "/spec"))
        nav class="views" aria-label="Views of the specification" {
            @for (end, name) in VIEWS { a href={ "/insights/" (id) (end) } aria-current=[(end == here).then_some("page")] { (name) } }
        }
    }
}

/// One page of it.
///
/// # Errors
/// When there is no such insight.
pub fn one_page(app: &App, name: &str) -> Result<Markup, Problem> {
    opened(app, name, "/spec", |snapshot, at, spec| {
        let id = snapshot.ranked[at].insight.id;
        let body = html! {
            (views(snapshot, at, "/one-page"))
            article class="sheet" { (reading::markdown(&spec.one_page, &format!("/insights/{id}/spec"))) }
            p class="inline" {
                button type="button" data-print hidden { "Print or save as PDF" }
                a class="button" href={ "/insights/" (id) "/files/one-page.md?download=1" } { "Download as Markdown" }
                a class="button quiet" href={ "/insights/" (id) "/sentences" } { "Change a sentence" }
            }
        };
        page(app, &Head { title: &format!("One page: {}", spec.spec.title), here: "Insights" }, &body)
    })
}

/// The press release from the future, with the questions it raises.
///
/// # Errors
/// When there is no such insight.
pub fn release(app: &App, name: &str) -> Result<Markup, Problem> {
    opened(app, name, "/spec", |snapshot, at, spec| {
        let id = snapshot.ranked[at].insight.id;
        let body = html! {
            (views(snapshot, at, "/pr-faq"))
            @match &spec.release {
                Some(release) => {
                    article class="sheet" { (reading::markdown(release, &format!("/insights/{id}/spec"))) }
                    p class="inline" {
                        button type="button" data-print hidden { "Print or save as PDF" }
                        a class="button" href={ "/insights/" (id) "/files/pr-faq.md?download=1" } { "Download as Markdown" }
                    }
                }
                None => (unneeded(id, "A fix needs no press release", "Nothing new is announced when something works again.")),
            }
        };
        page(app, &Head { title: &format!("PR/FAQ: {}", spec.spec.title), here: "Insights" }, &body)
    })
}

/// How it is built: data, operations, diagrams, decisions, work and tests.
///
/// # Errors
/// When there is no such insight.
pub fn blueprint(app: &App, name: &str) -> Result<Markup, Problem> {
    opened(app, name, "/spec", |snapshot, at, spec| {
        let id = snapshot.ranked[at].insight.id;
        let body = html! {
            (views(snapshot, at, "/blueprint"))
            @match &spec.blueprint {
                Some(blueprint) => {
                    div class="split doc blueprint" {
                        // Made by the back-end's template, which escapes.
                        div data-editable={ "/insights/" (id) "/sentences" } data-back="blueprint" { (PreEscaped(blueprint)) }
                        aside {
                            div class="facts" {
                                label class="toggle" { input type="checkbox" id="marks"; "Show what each sentence rests on" }
                                p class="soft small" { "SQL, migrations, OpenAPI, diagrams and a record of each decision lie in the folder." }
                                p class="inline" { a class="button main" href={ "/insights/" (id) "/files" } { "Download" } button type="button" data-print hidden { "Print or save as PDF" } }
                            }
                            (contents(blueprint, &[("data", "Data"), ("operations", "Operations"), ("sequences", "How it runs"), ("placement", "Where it runs"), ("qualities", "Qualities"), ("decisions", "Decisions"), ("work", "Work in order"), ("tests", "Tests"), ("events", "Events")]))
                        }
                    }
                }
                None => (unneeded(id, "A fix needs no blueprint", "It changes what is there, and its regression criterion says when it is done.")),
            }
        };
        page(app, &Head { title: &format!("Blueprint: {}", spec.spec.title), here: "Insights" }, &body)
    })
}

/// Says that a view has nothing to show, and why that is right.
fn unneeded(id: throughline_model::InsightId, what: &str, why: &str) -> Markup {
    html! {
        div class="empty" {
            h1 { (what) }
            p class="lead" { (why) }
            p { a class="button main" href={ "/insights/" (id) "/spec" } { "Read the specification" } }
        }
    }
}

/// The headings of a document that are there.
fn contents(of: &str, all: &[(&str, &str)]) -> Markup {
    html! {
        nav class="toc" aria-label="On this page" {
            ol { @for (anchor, name) in all { @if of.contains(&format!("id=\"{anchor}\"")) { li { a href={ "#" (anchor) } { (name) } } } } }
        }
    }
}

/// Sentences of which the ground changed under a person's words: both readings, and a way to say which holds.
fn conflicts(id: throughline_model::InsightId, spec: &Specified) -> Markup {
    let back = format!("/insights/{id}/spec");
    html! {
        @for sentence in spec.sentences.conflicts() {
            @if let State::Conflict { edit, by: whose, compiled, .. } = &sentence.state {
                section class="settle" aria-label={ "Which holds in " (sentence.place) "?" } {
                    p { b { "Which holds in " (sentence.place) "?" } " The words that " (whose) " replaced have changed since." }
                    p { span class="soft" { (whose) " wrote: " } "“" (sentence.text) "”" }
                    p { span class="soft" { "It would now read: " } "“" (compiled) "”" }
                    form method="post" action={ "/edits/" (edit) "/accept" } class="inline" {
                        input type="hidden" name="back" value=(back);
                        (by())
                        button class="main" { "Keep the words of " (whose) }
                        button formaction={ "/edits/" (edit) "/undo" } { "Take them back" }
                    }
                }
            }
        }
        @for left in &spec.sentences.left {
            section class="settle" aria-label={ "No longer said in " (left.place) } {
                p { b { "No longer said in " (left.place) ". " } (left.by) " wrote “" (left.text) "” over a sentence that is gone." }
                form method="post" action={ "/edits/" (left.edit) "/undo" } class="inline" {
                    input type="hidden" name="back" value=(back);
                    (by()) button { "Take it back" }
                }
            }
        }
    }
}

/// How it stands beside what was accepted, and a way to accept what is shown.
fn standing(snapshot: &Snapshot, id: throughline_model::InsightId, spec: &Specified) -> Markup {
    let next = snapshot.revisions.last().map_or(1, |last| last.number + 1);
    let is_as_accepted = spec.since.as_ref().is_some_and(|since| since.differences.is_empty());
    html! {
        div class="facts" {
            @match &spec.since {
                Some(since) => {
                    p { "Accepted as " (term("revision", &format!("revision {}", since.number))) " by " (since.by) ": " (since.why.trim_end_matches('.')) "." }
                    @if is_as_accepted { p class="soft small" { "Nothing reads otherwise since." } }
                    @else { p { a href={ "/revisions/" (snapshot.base().unwrap_or(since.number)) "/difference#s-" (id) } { (words::count(since.differences.len(), "line")) " changed since" } } }
                }
                None => p class="soft small" { "Nobody accepted it yet. A " (term("revision", "revision")) " keeps it as it reads now, with its files." },
            }
            @if !is_as_accepted {
                details {
                    summary { "Accept it as it reads now" }
                    form method="post" action={ "/insights/" (id) "/accept" } class="stack" {
                        input type="hidden" name="mark" value=(spec.mark);
                        label class="field" { span { "Why" } input name="why" required maxlength="400" placeholder="for instance: agreed in the review"; }
                        (by())
                        button class="main" { "Accept as revision " (next) }
                    }
                }
            }
            p class="small" { a href="/revisions" { @if snapshot.revisions.is_empty() { "About revisions" } @else { "All revisions" } } }
        }
    }
}

/// The document.
///
/// # Errors
/// When there is no such insight.
pub fn document(app: &App, name: &str) -> Result<Markup, Problem> {
    opened(app, name, "/spec", |snapshot, at, spec| {
        let id = snapshot.ranked[at].insight.id;
        let body = html! {
            (views(snapshot, at, "/spec"))
            (conflicts(id, spec))
            div class="split doc" {
                // Made by the back-end's template, which escapes.
                div data-editable={ "/insights/" (id) "/sentences" } { (PreEscaped(spec.content.replace("href=\"blueprint/blueprint.md\"", &format!("href=\"/insights/{id}/blueprint\"")))) }
                aside {
                    div class="facts" {
                        label class="toggle" { input type="checkbox" id="marks"; "Show what each sentence rests on" }
                        p class="soft small" { "Click a " (term("sentence", "sentence")) " to change it. Your words stay through every run." }
                        p class="inline" { a class="button main" href={ "/insights/" (id) "/prototype" } { "Play the prototype" } }
                        p class="inline" { a class="button" href={ "/insights/" (id) "/files" } { "Download" } button type="button" data-print hidden { "Print or save as PDF" } }
                    }
                    (standing(snapshot, id, spec))
                    (contents(&spec.content, &[("words", "In their words"), ("measures", "Goals"), ("personas", "For whom"), ("jobs", "Jobs"), ("stories", "Stories"), ("use-cases", "Use cases"), ("data", "Data and operations"), ("screens", "Screens"), ("blueprint", "Technical blueprint"), ("rollout", "Roll-out"), ("risks", "Risks"), ("evidence", "Evidence"), ("log", "Change log")]))
                }
            }
        };
        page(app, &Head { title: &spec.spec.title, here: "Insights" }, &body)
    })
}

/// Every sentence with a form: what works without a script, and all at one glance.
///
/// # Errors
/// When there is no such insight.
pub fn sentences(app: &App, name: &str) -> Result<Markup, Problem> {
    opened(app, name, "/sentences", |snapshot, at, spec| {
        let id = snapshot.ranked[at].insight.id;
        let mut section = String::new();
        let body = html! {
            (crumbs(snapshot, at, "/sentences"))
            h1 { "Every sentence" }
            p class="lead" { "Change any of them. What you write holds over every later run; when the words beneath it change, both are shown." }
            @for sentence in &spec.sentences.all {
                @let head = sentence.place.split(' ').next().unwrap_or_default().split('.').next().unwrap_or_default().to_owned();
                @if std::mem::replace(&mut section, head.clone()) != head { h2 { (words::capitalised(&head)) } }
                details class="sentence" id=(sentence.id) {
                    summary {
                        span class="soft small" { (sentence.place) } " " (sentence.text)
                        @match &sentence.state {
                            State::Compiled => {},
                            State::Decided { by, .. } => { span class="tag" { "by " (by) } },
                            State::Conflict { by, .. } => { span class="tag bad" { "by " (by) ", but what it replaced changed" } },
                        }
                    }
                    form method="post" action={ "/insights/" (id) "/sentences/" (sentence.id) } class="stack" {
                        label class="field" { span { "It should read" } textarea name="text" rows="3" required maxlength="4000" { (sentence.text) } }
                        (by())
                        p class="inline" { button class="main" { "Keep my words" } a class="button quiet" href={ "/trace/" (sentence.id) } { "What it rests on" } }
                    }
                    @match &sentence.state {
                        State::Compiled => {},
                        State::Decided { edit, compiled, .. } | State::Conflict { edit, compiled, .. } => {
                            form method="post" action={ "/edits/" (edit) "/undo" } class="inline" {
                                input type="hidden" name="back" value={ "/insights/" (id) "/sentences" };
                                span class="soft small" { "Without it: “" (compiled) "”" } (by()) button class="quiet" { "Take it back" }
                            }
                        },
                    }
                }
            }
        };
        page(app, &Head { title: "Edit", here: "Insights" }, &body)
    })
}

/// The prototype in a frame that may do nothing but play.
///
/// # Errors
/// When there is no such insight.
pub fn prototype(app: &App, name: &str) -> Result<Markup, Problem> {
    opened(app, name, "/prototype", |snapshot, at, spec| {
        let id = snapshot.ranked[at].insight.id;
        let body = html! {
            (crumbs(snapshot, at, "/prototype"))
            div class="inline spread" {
                h1 class="small-h1" { (spec.spec.title) }
                a class="button" href={ "/insights/" (id) "/files/prototype.html" } { "Full window" }
            }
            iframe class="stage" src={ "/insights/" (id) "/files/prototype.html" } sandbox="allow-scripts allow-forms" title={ "Prototype: " (spec.spec.title) } {}
        };
        page(app, &Head { title: &format!("Prototype: {}", spec.spec.title), here: "Insights" }, &body)
    })
}

/// What can be downloaded.
///
/// # Errors
/// When there is no such insight.
pub fn files(app: &App, name: &str) -> Result<Markup, Problem> {
    opened(app, name, "/files", |snapshot, at, spec| {
        let id = snapshot.ranked[at].insight.id;
        // The place in the folder: what stands behind the folder's own name.
        let place = |path: &str| {
            path.find(&id.to_string())
                .and_then(|at| path[at..].split_once('/'))
                .map_or(path.to_owned(), |(_, rest)| rest.to_owned())
        };
        let what = |name: &str| match name {
            "prd.md" => "The whole document, Markdown",
            "one-page.md" => "One page of it, Markdown",
            "prd.html" => "The whole document, one HTML file; prints to PDF",
            "stories.md" => "Stories and criteria, Markdown",
            "requirements.md" => "Requirements in EARS form",
            "acceptance.feature" => "Acceptance criteria, Gherkin",
            "spec.json" => "Everything, for programs",
            "prototype.html" => "The prototype, one HTML file",
            "jobs.md" => "The progress that is wanted, as job stories",
            "use-cases.md" => "The stories as conversations, with what may go otherwise",
            "blueprint.md" => "How it is built: data, calls, work and tests",
            "openapi.yaml" => "The calls, OpenAPI 3.1",
            "er.mmd" | "er.svg" => "Tables and their references, as a diagram",
            name if name.starts_with("sequence-") => "How a story runs, as a diagram",
            name if name.strip_suffix(".sql").is_some() => "Tables, SQL",
            name if name.starts_with("000") => "A decision with its options",
            _ => "",
        };
        let body = html! {
            (crumbs(snapshot, at, "/files"))
            h1 { "Take it with you" }
            p class="inline" {
                a class="button main big" href={ "/insights/" (id) "/folder.zip" } { "Download the folder" } span class="soft small" { "everything below in one ZIP" }
                a class="button" href="/specifications.zip" { "Download all specifications" }
                span class="soft small" { "one folder, " (words::count(snapshot.ranked.len(), "insight")) " looked at" }
            }
            div class="scroll" tabindex="0" role="region" aria-label="Files" {
                table class="plain" {
                    thead { tr { th scope="col" { "File" } th scope="col" { "What it is" } th scope="col" class="r" { "Size" } } }
                    tbody {
                        @for file in spec.files.iter().chain(&spec.release_file) {
                            @let name = file.path.rsplit('/').next().unwrap_or_default();
                            tr { td { a href={ "/insights/" (id) "/files/" (name) "?download=1" } { (place(&file.path)) } } td class="soft" { (what(name)) } td class="num r" { (file.bytes.len().div_ceil(1024)) " kB" } }
                        }
                    }
                }
            }
        };
        page(app, &Head { title: "Download", here: "Insights" }, &body)
    })
}
