//! The frame of every page: where one is, search, what waits, and help.

use crate::app::App;
use crate::assets::{MARK, SCRIPT, STYLE};
use crate::pages::{glossary, words};
use maud::{DOCTYPE, Markup, html};

/// What a page says of itself.
pub struct Head<'a> {
    /// Its title.
    pub title: &'a str,
    /// The entry of the navigation it belongs to.
    pub here: &'a str,
}

const PLACES: [(&str, &str); 5] =
    [("/insights", "Insights"), ("/what-if", "What if"), ("/plan", "Plan"), ("/", "Files"), ("/glossary", "Glossary")];

/// A whole page.
#[must_use]
pub fn page(app: &App, head: &Head<'_>, body: &Markup) -> Markup {
    let snapshot = app.snapshot();
    let product = snapshot
        .as_ref()
        .map_or("Throughline", |snapshot| snapshot.settings.product.name.as_deref().unwrap_or("Throughline"));
    let unheeded = app.unheeded();
    let job = app.job().filter(|job| job.is_going());
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (head.title) " · " (product) }
                link rel="icon" href=(MARK.path) type="image/svg+xml";
                link rel="stylesheet" href=(STYLE.path);
                script src=(SCRIPT.path) defer {}
            }
            body {
                a class="skip" href="#main" { "To the content" }
                header class="bar" {
                    a class="brand" href=(if snapshot.is_some() { "/insights" } else { "/" }) { (product) }
                    nav aria-label="Main" {
                        @for (address, name) in PLACES {
                            @if snapshot.is_some() || address == "/" || address == "/glossary" {
                                a href=(address) aria-current=[(head.here == name).then_some("page")] { (name) }
                            }
                        }
                    }
                    @if snapshot.is_some() {
                        form class="find" role="search" action="/insights" {
                            label class="sr" for="q-top" { "Search insights and what was said" }
                            input id="q-top" type="search" name="q" placeholder="Search" data-key="/" autocomplete="off";
                        }
                    }
                    button type="button" id="theme" class="quiet" hidden { "Light or dark" }
                    button type="button" class="quiet" data-help hidden { "Keys" span class="kbd" { "?" } }
                }
                @if let Some(job) = job {
                    p class="strip" role="status" { span class="pulse" {} "A run is going on. Everything can be read meanwhile. " a href={ "/jobs/" (job.number) } { "Watch it" } }
                } @else if !unheeded.is_empty() {
                    form class="strip" method="post" action="/run" {
                        span { (words::count(unheeded.len(), "change")) " of yours wait" @if unheeded.len() == 1 { "s" } " for the next run: " (unheeded.last().cloned().unwrap_or_default()) "." }
                        button class="main" { "Run now" }
                        a href="/judgements" { "See and undo" }
                    }
                }
                main id="main" class="page" { (body) }
                dialog id="drawer" aria-label="Details" { div class="drawer-head" { button type="button" class="quiet" data-close { "Close" span class="kbd" { "Esc" } } } div id="drawer-body" {} }
                (keys())
                div id="live" class="sr" role="status" aria-live="polite" {}
            }
        }
    }
}

fn keys() -> Markup {
    let keys = [
        ("/", "search"),
        ("j  k", "next and previous in a list"),
        ("Enter", "open it"),
        ("⌘K  Ctrl K", "go anywhere"),
        ("g i", "insights"),
        ("g p", "plan"),
        ("g w", "what if"),
        ("g r", "revisions"),
        ("?", "this help"),
        ("Esc", "close"),
    ];
    html! {
        dialog id="keys" aria-labelledby="keys-title" {
            div class="drawer-head" { h2 id="keys-title" { "Keys" } button type="button" class="quiet" data-close { "Close" } }
            dl class="keys" { @for (key, what) in keys { dt { span class="kbd" { (key) } } dd { (what) } } }
        }
        dialog id="palette" aria-label="Go anywhere" {
            label class="sr" for="palette-q" { "Where to" }
            input id="palette-q" type="search" placeholder="An insight, a page, an id…" autocomplete="off" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list";
            ul id="palette-list" role="listbox" aria-label="Places" {}
        }
    }
}

/// A term with its explanation one step away.
#[must_use]
pub fn term(id: &str, shown: &str) -> Markup {
    html! { a class="term" href={ "/glossary#" (id) } data-drawer={ "/glossary/" (id) } title=[glossary::meaning(id)] { (shown) } }
}

/// A field that goes with a form by the name of who fills it in.
#[must_use]
pub fn by() -> Markup {
    html! { label class="field" { span { "Your name" } input name="by" required maxlength="80" autocomplete="name" data-remember="by"; } }
}
