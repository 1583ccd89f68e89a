//! Every address, once. Pages and what they post stand here; the addresses of the REST interface are the table in
//! [`crate::api::OPERATIONS`], which is also what its description is made from.

use crate::app::App;
use crate::guard::guard;
use crate::pages::{
    compare, evidence, glossary, insight, insights, judged, plan, render, revisions, spec, start, trace, what_if,
};
use crate::problem::Problem;
use crate::{api, assets, folders, uploads};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Multipart, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use throughline_compiler::queries::Filter;
use throughline_compiler::{Error, Session, export as tables, judging};
use throughline_model::revision::Revision;
use throughline_model::spec::Artifact;

type Shared = State<Arc<App>>;
type Answered = Result<Response, Problem>;
type Fields = BTreeMap<String, String>;

/// What a frame with a page of the product's own may do: play, and nothing else.
const FRAMED: &str = "sandbox allow-scripts allow-forms; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// All of them.
pub fn all(app: Arc<App>) -> Router {
    let pages = Router::new()
        .route("/", get(home))
        .route("/files", post(upload).layer(DefaultBodyLimit::disable()))
        .route("/files/{name}/remove", post(remove_file))
        .route("/files/{name}/columns", post(columns))
        .route("/example", post(example))
        .route("/run", post(run))
        .route("/jobs/{number}", get(job))
        .route("/jobs/{number}/events", get(job_events))
        .route("/insights", get(list))
        .route("/insights/{id}", get(one))
        .route("/insights/{id}/said", get(said))
        .route("/insights/{id}/checks/{check}", get(check))
        .route("/insights/{id}/facts", get(facts))
        .route("/insights/{id}/spec", get(document))
        .route("/insights/{id}/one-page", get(one_page))
        .route("/insights/{id}/pr-faq", get(release))
        .route("/insights/{id}/blueprint", get(blueprint))
        .route("/insights/{id}/accept", post(accept_one))
        .route("/insights/{id}/sentences", get(sentences))
        .route("/insights/{id}/sentences/{item}", post(edit))
        .route("/insights/{id}/prototype", get(prototype))
        .route("/insights/{id}/files", get(files))
        .route("/insights/{id}/files/{name}", get(file))
        .route("/insights/{id}/folder.zip", get(folder))
        .route("/insights/{id}/rename", post(rename))
        .route("/insights/{id}/merge", post(merge))
        .route("/insights/{id}/move", post(move_out))
        .route("/insights/{id}/hide", post(hide))
        .route("/insights/{id}/show", post(show))
        .route("/specifications.zip", get(all_folders))
        .route("/revisions", get(all_revisions).post(accept))
        .route("/revisions/difference", get(choose_difference))
        .route("/revisions/{number}/difference", get(difference))
        .route("/revisions/{number}/return", post(return_to))
        .route("/revisions/{number}/folder.zip", get(accepted_folder))
        .route("/evidence/{id}", get(statement))
        .route("/records/{id}", get(record))
        .route("/export/{name}", get(export))
        .route("/compare", get(two))
        .route("/what-if", get(sliders))
        .route("/plan", get(board))
        .route("/plan/cost", get(cost))
        .route("/plan/decide", post(decide))
        .route("/judgements", get(judgements))
        .route("/judgements/{id}/undo", post(undo))
        .route("/edits/{id}/undo", post(undo_edit))
        .route("/edits/{id}/accept", post(accept_edit))
        .route("/trace/{id}", get(traced))
        .route("/glossary", get(terms))
        .route("/glossary/{id}", get(term))
        .route("/assets/{name}", get(asset));
    pages.merge(api::routes()).layer(from_fn_with_state(Arc::clone(&app), guard)).with_state(app)
}

/// Takes the session to change something, where waiting disturbs nobody.
async fn change<T: Send + 'static>(
    app: Arc<App>,
    act: impl FnOnce(&mut Session) -> Result<T, Error> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(move || app.change(act)).await.unwrap_or_else(|_| Err(Problem::broken()))
}

fn to_address(address: &str) -> Response {
    Redirect::to(address).into_response()
}

fn field<'f>(form: &'f Fields, name: &str) -> Result<&'f str, Problem> {
    let value = form.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    value.ok_or_else(|| Problem::bad(format!("“{name}” is missing. Go back and fill it in.")))
}

async fn home(State(app): Shared) -> Answered {
    render(app, |app| Ok(start::start(app))).await
}

async fn upload(State(app): Shared, form: Multipart) -> Answered {
    uploads::take(&app, form).await?;
    Ok(to_address("/"))
}

async fn remove_file(State(app): Shared, Path(name): Path<String>) -> Answered {
    // Twice is once.
    let _ = uploads::leave_out(&app, &name);
    Ok(to_address("/"))
}

async fn columns(State(app): Shared, Path(name): Path<String>, Form(form): Form<Fields>) -> Answered {
    let back = format!("/#f-{name}");
    let channel = form.get("channel").cloned().unwrap_or_default();
    let columns = form.into_iter().filter(|(field, column)| field != "channel" && !column.is_empty()).collect();
    let done = tokio::task::spawn_blocking(move || uploads::choose(&app, &name, columns, &channel));
    done.await.unwrap_or_else(|_| Err(Problem::broken()))?;
    Ok(to_address(&back))
}

async fn example(State(app): Shared) -> Answered {
    let done = tokio::task::spawn_blocking(move || app.load_example()).await;
    done.unwrap_or_else(|_| Err(Problem::broken()))?;
    Ok(to_address("/"))
}

async fn run(State(app): Shared) -> Answered {
    let started = tokio::task::spawn_blocking(move || app.start()).await;
    let job = started.unwrap_or_else(|_| Err(Problem::broken()))?;
    Ok(to_address(&format!("/jobs/{}", job.number)))
}

async fn job(State(app): Shared, Path(number): Path<String>) -> Answered {
    render(app, move |app| {
        let job = app.job().filter(|job| job.number.to_string() == number);
        Ok(start::job(app, &*job.ok_or_else(|| Problem::not_found("run", &number))?))
    })
    .await
}

async fn job_events(State(app): Shared, Path(number): Path<String>) -> Answered {
    let job = app.job().filter(|job| job.number.to_string() == number);
    let job = job.ok_or_else(|| Problem::not_found("run", &number))?;
    let news = job.listen();
    // The whole of it each time: it is small, and whoever comes late misses nothing.
    let stream = futures_util::stream::unfold((job, news, false), |(job, mut news, is_over)| async move {
        if is_over {
            return None;
        }
        news.borrow_and_update();
        let is_over = !job.is_going();
        let html = start::progress(&job).into_string();
        if !is_over {
            // Heard before the next line is told, so that a burst of news is one message.
            tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        }
        let event = Event::default().event(if is_over { "done" } else { "news" }).data(html.replace('\n', " "));
        if !is_over {
            let _ = tokio::time::timeout(std::time::Duration::from_secs(2), news.changed()).await;
        }
        Some((Ok::<_, Infallible>(event), (job, news, is_over)))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response())
}

async fn list(State(app): Shared, Query(filter): Query<Filter>, Query(asked): Query<insights::Asked>) -> Answered {
    render(app, move |app| insights::list(app, &filter, &asked)).await
}

async fn one(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| insight::one(app, &id)).await
}

async fn said(State(app): Shared, Path(id): Path<String>, Query(asked): Query<insights::Asked>) -> Answered {
    render(app, move |app| insight::all_said(app, &id, asked.page.unwrap_or(1))).await
}

async fn check(State(app): Shared, Path((id, check)): Path<(String, String)>) -> Answered {
    render(app, move |app| insight::check(app, &id, &check)).await
}

async fn facts(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| insight::sure(app, &id)).await
}

async fn document(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| spec::document(app, &id)).await
}

async fn one_page(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| spec::one_page(app, &id)).await
}

async fn release(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| spec::release(app, &id)).await
}

async fn blueprint(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| spec::blueprint(app, &id)).await
}

async fn sentences(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| spec::sentences(app, &id)).await
}

async fn edit(State(app): Shared, Path((id, item)): Path<(String, String)>, Form(form): Form<Fields>) -> Answered {
    let (text, by) = (field(&form, "text")?.to_owned(), field(&form, "by")?.to_owned());
    let back = match form.get("back").map(String::as_str) {
        Some(view @ ("spec" | "blueprint")) => view.to_owned(),
        _ => format!("sentences#{item}"),
    };
    change(app, move |session| session.edit(&item, &text, &by, None)).await?;
    Ok(to_address(&format!("/insights/{id}/{back}")))
}

async fn prototype(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| spec::prototype(app, &id)).await
}

async fn files(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| spec::files(app, &id)).await
}

async fn file(State(app): Shared, Path((id, name)): Path<(String, String)>, Query(asked): Query<Fields>) -> Answered {
    let files = tokio::task::spawn_blocking(move || folders::files(&app, &id))
        .await
        .unwrap_or_else(|_| Err(Problem::broken()))?;
    let found = files.into_iter().find(|file| file.path.rsplit('/').next() == Some(name.as_str()));
    let Artifact { bytes, .. } = found.ok_or_else(|| Problem::not_found("file", &name))?;
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        Some("md") => "text/markdown; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
    let mut response = bytes.into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMED));
    if asked.contains_key("download")
        && let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", uploads::safe_name(&name)))
    {
        out.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

async fn folder(State(app): Shared, Path(id): Path<String>) -> Answered {
    let packed = tokio::task::spawn_blocking(move || folders::one(&app, &id)).await;
    packed.unwrap_or_else(|_| Err(Problem::broken()))
}

async fn all_folders(State(app): Shared) -> Answered {
    folders::all(&app)
}

async fn accepted_folder(State(app): Shared, Path(number): Path<String>) -> Answered {
    let done = tokio::task::spawn_blocking(move || folders::accepted(&app, &number)).await;
    done.unwrap_or_else(|_| Err(Problem::broken()))
}

async fn all_revisions(State(app): Shared) -> Answered {
    render(app, |app| revisions::all(app)).await
}

async fn choose_difference(Query(asked): Query<Fields>) -> Answered {
    let is_number = |text: &&String| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let of = |name: &str| asked.get(name).filter(is_number);
    let from = of("from").ok_or_else(|| Problem::bad("Say from which revision, by its number."))?;
    let to = of("to").map_or_else(String::new, |to| format!("?to={to}"));
    Ok(to_address(&format!("/revisions/{from}/difference{to}")))
}

async fn difference(State(app): Shared, Path(number): Path<String>, Query(asked): Query<Fields>) -> Answered {
    let to = asked.get("to").filter(|to| !to.is_empty()).cloned();
    render(app, move |app| revisions::difference(app, &number, to.as_deref())).await
}

async fn return_to(State(app): Shared, Path(number): Path<String>) -> Answered {
    let number: u32 = number.parse().map_err(|_| Problem::not_found("revision", &number))?;
    change(app, move |session| if number == 0 { session.stand_free() } else { session.return_to(number).map(drop) })
        .await?;
    Ok(to_address("/revisions"))
}

async fn accept_one(State(app): Shared, Path(id): Path<String>, Form(form): Form<Fields>) -> Answered {
    let back = format!("/insights/{id}/spec");
    let (why, by) = (field(&form, "why")?.to_owned(), field(&form, "by")?.to_owned());
    let shown = vec![(id, form.get("mark").cloned())];
    accepted(app, shown, by, why).await?;
    Ok(to_address(&back))
}

async fn accept(State(app): Shared, Form(form): Form<Vec<(String, String)>>) -> Answered {
    let shown = form.iter().filter(|(name, _)| name == "shown").map(|(_, shown)| match shown.split_once(':') {
        Some((id, mark)) => (id.to_owned(), Some(mark.to_owned())),
        None => (shown.clone(), None),
    });
    let shown = shown.collect();
    let form: Fields = form.iter().cloned().collect();
    let (why, by) = (field(&form, "why")?.to_owned(), field(&form, "by")?.to_owned());
    let revision = accepted(app, shown, by, why).await?;
    Ok(to_address(&format!("/revisions#r-{}", revision.number)))
}

async fn accepted(
    app: Arc<App>,
    shown: Vec<(String, Option<String>)>,
    by: String,
    why: String,
) -> Result<Revision, Problem> {
    let done = tokio::task::spawn_blocking(move || app.accept(&shown, &by, &why)).await;
    done.unwrap_or_else(|_| Err(Problem::broken()))
}

async fn rename(State(app): Shared, Path(id): Path<String>, Form(form): Form<Fields>) -> Answered {
    let (label, by) = (field(&form, "label")?.to_owned(), form.get("by").cloned());
    judged(app, id, move |session, id| judging::rename(session, id, &label, by.as_deref())).await
}

async fn merge(State(app): Shared, Path(id): Path<String>, Form(form): Form<Fields>) -> Answered {
    let (other, by) = (field(&form, "other")?.to_owned(), form.get("by").cloned());
    let other = named(&app, &other)?;
    judged(app, id, move |session, id| judging::pin(session, [id, &other], true, by.as_deref())).await
}

async fn move_out(State(app): Shared, Path(id): Path<String>, Form(form): Form<Vec<(String, String)>>) -> Answered {
    let of = |name: &str| {
        form.iter()
            .filter(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.clone())
            .collect::<Vec<_>>()
    };
    let (signals, to, by) = (of("signal"), of("to").pop(), of("by").pop());
    if signals.is_empty() {
        return Err(Problem::bad("No statement is chosen. Go back and tick at least one."));
    }
    let to = to.map(|to| named(&app, &to)).transpose()?;
    judged(app, id, move |session, _| judging::place(session, &signals, to.as_deref(), by.as_deref())).await
}

/// The id of an insight that somebody named by id, rank or name.
fn named(app: &App, name: &str) -> Result<String, Problem> {
    let snapshot = app.read()?;
    let by_name = || snapshot.ranked.iter().position(|ranked| ranked.insight.label.eq_ignore_ascii_case(name));
    let at = snapshot.find(name).or_else(by_name).ok_or_else(|| Problem::not_found("insight", name))?;
    Ok(snapshot.ranked[at].insight.id.to_string())
}

async fn judged(
    app: Arc<App>,
    id: String,
    act: impl FnOnce(&mut Session, &str) -> Result<throughline_model::Judgement, Error> + Send + 'static,
) -> Answered {
    let back = format!("/insights/{id}");
    let noting = Arc::clone(&app);
    let judgement = change(app, move |session| act(session, &id)).await?;
    noting.note(judging::told(&judgement.act).1);
    Ok(to_address(&back))
}

async fn hide(State(app): Shared, Path(id): Path<String>) -> Answered {
    change(app, move |session| session.hide(&id, true)).await?;
    Ok(to_address("/insights"))
}

async fn show(State(app): Shared, Path(id): Path<String>) -> Answered {
    let back = format!("/insights/{id}");
    change(app, move |session| session.hide(&id, false)).await?;
    Ok(to_address(&back))
}

async fn statement(State(app): Shared, Path(id): Path<String>, Query(meant): Query<evidence::Meant>) -> Answered {
    render(app, move |app| evidence::statement(app, &id, &meant)).await
}

async fn record(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| evidence::record(app, &id)).await
}

/// A table as CSV that is safe to open in a spreadsheet.
async fn export(State(app): Shared, Path(name): Path<String>) -> Answered {
    let of = name.clone();
    let done = tokio::task::spawn_blocking(move || {
        app.ask(|session| match of.as_str() {
            "insights.csv" => tables::insights(session, 0).map(Some),
            "scores.csv" => tables::scores(session).map(Some),
            "statements.csv" => tables::signals(session).map(Some),
            "records.csv" => tables::records(session).map(Some),
            _ => Ok(None),
        })
    });
    let table = done.await.unwrap_or_else(|_| Err(Problem::broken()))?;
    let mut table = table.ok_or_else(|| Problem::not_found("table", &name))?;
    table.rows.iter_mut().flatten().for_each(unarmed);
    let mut response = table.to_csv().into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", uploads::safe_name(&name))) {
        out.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Text that a spreadsheet would take for a formula gets an apostrophe before it.
fn unarmed(cell: &mut serde_json::Value) {
    if let serde_json::Value::String(text) = cell
        && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
    {
        text.insert(0, '\'');
    }
}

async fn two(State(app): Shared, Query(asked): Query<Fields>) -> Answered {
    let (a, b) = (field(&asked, "a")?.to_owned(), field(&asked, "b")?.to_owned());
    render(app, move |app| compare::two(app, &a, &b)).await
}

async fn sliders(State(app): Shared, Query(sliders): Query<what_if::Sliders>) -> Answered {
    render(app, move |app| what_if::sliders(app, &sliders)).await
}

async fn board(State(app): Shared) -> Answered {
    render(app, |app| plan::board(app)).await
}

async fn cost(State(app): Shared, Query(asked): Query<Fields>) -> Answered {
    let (id, verdict) = (field(&asked, "id")?.to_owned(), field(&asked, "verdict")?.to_owned());
    render(app, move |app| plan::cost(app, &id, &verdict)).await
}

async fn decide(State(app): Shared, Form(form): Form<Fields>) -> Answered {
    let of = |name: &str| field(&form, name).map(str::to_owned);
    let (id, word, why, by) = (of("id")?, of("verdict")?, of("why")?, of("by")?);
    let verdict = plan::verdict(&word).ok_or_else(|| Problem::bad("A decision is accept, defer or reject."))?;
    let noting = Arc::clone(&app);
    let decision = change(app, move |session| session.decide(&id, verdict, &why, &by)).await?;
    noting.note(format!("“{}” is {}", decision.label, decision.verdict.past()));
    Ok(to_address("/plan"))
}

async fn judgements(State(app): Shared) -> Answered {
    render(app, |app| judged::all(app)).await
}

async fn undo(State(app): Shared, Path(id): Path<String>) -> Answered {
    let noting = Arc::clone(&app);
    let judgement = change(app, move |session| judging::undo(session, &id, None)).await?;
    noting.note(judging::told(&judgement.act).1);
    Ok(to_address("/judgements"))
}

async fn undo_edit(State(app): Shared, Path(id): Path<String>, Form(form): Form<Fields>) -> Answered {
    let by = field(&form, "by")?.to_owned();
    change(app, move |session| session.undo_edit(&id, &by)).await?;
    Ok(back(&form))
}

async fn accept_edit(State(app): Shared, Path(id): Path<String>, Form(form): Form<Fields>) -> Answered {
    let by = field(&form, "by")?.to_owned();
    change(app, move |session| session.settle_edit(&id, true, &by, None)).await?;
    Ok(back(&form))
}

/// Back to where a form stood. Only ways within the pages are gone.
fn back(form: &Fields) -> Response {
    let back = form.get("back").filter(|back| crate::guard::stays_here(back));
    to_address(back.map_or("/judgements", String::as_str))
}

async fn traced(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| trace::trace(app, &id)).await
}

async fn terms(State(app): Shared) -> Answered {
    render(app, |app| Ok(glossary::all(app))).await
}

async fn term(State(app): Shared, Path(id): Path<String>) -> Answered {
    render(app, move |app| glossary::one(app, &id)).await
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    assets::serve(&name, &headers)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn cells_are_no_formulas() {
        for (cell, safe) in [
            (json!("=HYPERLINK(\"http://evil.example\")"), json!("'=HYPERLINK(\"http://evil.example\")")),
            (json!("@SUM(1)"), json!("'@SUM(1)")),
            (json!("a=b"), json!("a=b")),
            (json!(-3), json!(-3)),
        ] {
            let mut found = cell;
            super::unarmed(&mut found);
            assert_eq!(found, safe);
        }
    }
}
