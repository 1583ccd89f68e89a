//! What people see. Each page is one function from the snapshot to HTML; text of customers is escaped by the template.

pub mod charts;
pub mod compare;
pub mod evidence;
pub mod glossary;
pub mod insight;
pub mod insights;
pub mod judged;
pub mod layout;
pub mod plan;
pub mod reading;
pub mod revisions;
pub mod spec;
pub mod start;
pub mod trace;
pub mod what_if;
pub mod words;

use crate::app::App;
use crate::problem::Problem;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// A page as an answer.
#[must_use]
pub fn answer(page: Markup) -> Response {
    let mut response = page.into_string().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// Renders where waiting disturbs nobody. A panic is a problem of this one request.
///
/// # Errors
/// What the page refuses, or that it broke.
pub async fn render<F>(app: Arc<App>, page: F) -> Result<Response, Problem>
where
    F: FnOnce(&Arc<App>) -> Result<Markup, Problem> + Send + 'static,
{
    tokio::task::spawn_blocking(move || page(&app).map(answer)).await.unwrap_or_else(|_| Err(Problem::broken()))
}

/// A problem as a page. `from` is the page that somebody came from, without its first slash.
pub fn problem(app: &Arc<App>, problem: &Problem, from: Option<&str>) -> Response {
    let body = html! {
        div class="empty" {
            p class="eyebrow" { (problem.status) }
            h1 { (problem.title) }
            p class="lead" { (problem.detail) }
            p {
                @if let Some(from) = from { a class="button main" href={ "/" (from) } { "Back" } " " }
                a class="button" href="/" { "To the start" } " " a class="button" href="/insights" { "To the insights" }
            }
        }
    };
    answer(layout::page(app, &layout::Head { title: &problem.title, here: "" }, &body))
}
