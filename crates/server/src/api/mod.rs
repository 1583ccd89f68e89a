//! The REST interface: [`OPERATIONS`] is the one list of what can be called, with parameters, bodies and answers.
//!
//! Requests are checked against the list, answered, and described by it (`/api/v1/openapi.json`), so that none of the
//! three can differ. Lists are paged, answers carry an ETag (see [`crate::guard`]), a POST with an `Idempotency-Key` is
//! done once, problems are problem JSON.

pub mod calls;
pub mod openapi;
pub mod schema;
pub mod views;

use crate::app::{App, lock};
use crate::problem::Problem;
use axum::Router;
use axum::body::Bytes;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, RawPathParams, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use calls::OPERATIONS;

/// Where it lies.
pub const PREFIX: &str = "/api/v1";
/// Longest value of a parameter.
const MAX_CHARS: usize = 1000;
/// Answers kept for requests that may come twice.
const MAX_REPLIES: usize = 1000;
/// Longest idempotency key.
const MAX_KEY_CHARS: usize = 200;

/// What a value must be.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Any text.
    Text,
    /// A whole number from the first to the second.
    Whole(u64, u64),
    /// A number from the first to the second.
    Number(f64, f64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Several texts.
    Texts,
    /// Texts by name.
    Named,
}

/// A parameter or a field of a body.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// Name.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What it must be.
    pub shape: Shape,
    /// Whether it must be there.
    pub is_required: bool,
}

/// Something that can be called.
pub struct Operation {
    /// GET or POST.
    pub method: Method,
    /// Below [`PREFIX`], with `{id}`.
    pub path: &'static str,
    /// Name for programs.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Parameters behind `?`.
    pub query: &'static [Input],
    /// Fields of the JSON body; none for no body.
    pub body: &'static [Input],
    /// Status of the answer.
    pub status: u16,
    /// Schema of the answer, where it is JSON.
    pub answer: fn() -> Value,
    /// Does it.
    pub act: Act,
}

/// How an operation is done.
#[derive(Clone, Copy)]
pub enum Act {
    /// Answers with JSON.
    Json(fn(&Arc<App>, &Call) -> Result<Value, Problem>),
    /// Answers with a folder, as a ZIP.
    Folder(fn(&Arc<App>, &Call) -> Result<Response, Problem>),
    /// Takes the files of a form and answers with JSON.
    Files(fn(&Arc<App>, &[String]) -> Result<Value, Problem>),
}

/// A checked request.
#[derive(Debug, Default)]
pub struct Call {
    /// Part of the address.
    pub id: String,
    /// Checked values.
    pub values: BTreeMap<&'static str, Value>,
}

impl Call {
    /// A text; empty when it is not there.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A whole number.
    #[must_use]
    pub fn whole(&self, name: &str) -> Option<usize> {
        self.values.get(name).and_then(Value::as_u64).map(|n| n as usize)
    }

    /// A number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        self.values.get(name).and_then(Value::as_f64)
    }

    /// Texts by name.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<(String, String)> {
        let all = self.values.get(name).and_then(Value::as_object);
        let of = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        all.map(|all| all.iter().filter_map(of).collect()).unwrap_or_default()
    }

    /// Several texts.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<String> {
        let all = self.values.get(name).and_then(Value::as_array);
        all.map(|all| all.iter().filter_map(Value::as_str).map(str::to_owned).collect()).unwrap_or_default()
    }
}

/// The addresses of all operations.
pub fn routes() -> Router<Arc<App>> {
    let mut by_path: BTreeMap<&str, MethodRouter<Arc<App>>> = BTreeMap::new();
    for operation in OPERATIONS {
        let filter = if operation.method == Method::GET { MethodFilter::GET } else { MethodFilter::POST };
        if let Act::Files(done) = operation.act {
            let route = on(filter, move |State(app): State<Arc<App>>, form: Result<Multipart, MultipartRejection>| {
                uploaded(app, operation, done, form)
            });
            let known = by_path.remove(operation.path).unwrap_or_default();
            by_path.insert(operation.path, known.merge(route.layer(DefaultBodyLimit::disable())));
            continue;
        }
        let route = on(
            filter,
            move |State(app): State<Arc<App>>,
                  parts: RawPathParams,
                  RawQuery(query): RawQuery,
                  headers: HeaderMap,
                  body: Bytes| async move {
                let id = parts.iter().next().map(|(_, value)| value.to_owned()).unwrap_or_default();
                answer(app, operation, id, query.unwrap_or_default(), headers, body).await
            },
        );
        let known = by_path.remove(operation.path).unwrap_or_default();
        by_path.insert(operation.path, known.merge(route));
    }
    let mut router = Router::new().route(&format!("{PREFIX}/openapi.json"), axum::routing::get(openapi));
    for (path, route) in by_path {
        router = router.route(
            &format!("{PREFIX}{path}"),
            route.fallback(async || {
                Problem::new(
                    StatusCode::METHOD_NOT_ALLOWED,
                    "method",
                    "Not this way",
                    "This address is not called with this method.",
                )
            }),
        );
    }
    router.route(
        &format!("{PREFIX}/{{*rest}}"),
        axum::routing::any(async || Problem::not_found("address", "of this kind")),
    )
}

async fn openapi() -> Response {
    json(200, &openapi::document().to_string())
}

async fn answer(
    app: Arc<App>,
    operation: &'static Operation,
    id: String,
    query: String,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let key = match idempotency_key(&headers) {
        Ok(key) => key.filter(|_| operation.method == Method::POST),
        Err(problem) => return problem.into_response(),
    };
    let key = key.map(|key| format!("{} {id} {key}", operation.name));
    let mark = throughline_model::id::hash_parts("request", &[query.as_bytes(), &body]);
    if let Some(key) = &key
        && let Some((of, status, said)) = lock(&app.replies).get(key).cloned()
    {
        if of != mark {
            let detail = "The same idempotency key came with another request. Use a new key.";
            return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused", "Another request", detail)
                .into_response();
        }
        return json(status, &said);
    }
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_none_or(|kind| kind.starts_with("application/json"));
    if !operation.body.is_empty() && !is_json {
        return Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            "JSON please",
            "The body must be application/json.",
        )
        .into_response();
    }
    let call = match check(operation, id, &query, &body) {
        Ok(call) => call,
        Err(why) => return Problem::bad(why).into_response(),
    };
    let calling = Arc::clone(&app);
    let done = match operation.act {
        Act::Json(act) => tokio::task::spawn_blocking(move || act(&calling, &call)).await,
        Act::Folder(act) => {
            let folder = tokio::task::spawn_blocking(move || act(&calling, &call)).await;
            return folder.unwrap_or_else(|_| Err(Problem::broken())).into_response();
        }
        // Routed by itself.
        Act::Files(_) => return Problem::broken().into_response(),
    };
    match done.unwrap_or_else(|_| Err(Problem::broken())) {
        Ok(value) => {
            let said = value.to_string();
            if let Some(key) = key {
                let mut replies = lock(&app.replies);
                if replies.len() >= MAX_REPLIES {
                    replies.pop_first();
                }
                replies.insert(key, (mark, operation.status, said.clone()));
            }
            json(operation.status, &said)
        }
        Err(problem) => problem.into_response(),
    }
}

/// Takes files to where files wait, and says of each what it would be read as.
async fn uploaded(
    app: Arc<App>,
    operation: &'static Operation,
    done: fn(&Arc<App>, &[String]) -> Result<Value, Problem>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let Ok(form) = form else {
        let detail = "Files come as multipart/form-data, each in a field named “files”.";
        return Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "A form please", detail).into_response();
    };
    let names = match crate::uploads::take(&app, form).await {
        Ok(names) => names,
        Err(problem) => return problem.into_response(),
    };
    if names.is_empty() {
        return Problem::bad("No file came: send each in a field named “files” with a file name and some content.")
            .into_response();
    }
    let said = tokio::task::spawn_blocking(move || done(&app, &names)).await;
    match said.unwrap_or_else(|_| Err(Problem::broken())) {
        Ok(value) => json(operation.status, &value.to_string()),
        Err(problem) => problem.into_response(),
    }
}

/// The key of a request that may come twice, if it has one.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let is_fine =
        |key: &&str| !key.is_empty() && key.len() <= MAX_KEY_CHARS && key.bytes().all(|b| b.is_ascii_graphic());
    let refused = || Problem::bad(format!("An idempotency key is 1 to {MAX_KEY_CHARS} visible ASCII characters."));
    key.to_str().ok().filter(is_fine).map(Some).ok_or_else(refused)
}

fn json(status: u16, body: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = (status, body.to_owned()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Checks a request against what its operation takes.
fn check(operation: &Operation, id: String, query: &str, body: &[u8]) -> Result<Call, String> {
    let mut call = Call { id, values: BTreeMap::new() };
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in serde_urlencoded_pairs(query)? {
        if !operation.query.iter().any(|input| input.name == name) {
            return Err(format!("There is no parameter “{name}” here."));
        }
        if given.insert(name.clone(), value).is_some() {
            return Err(format!("“{name}” is given twice."));
        }
    }
    for input in operation.query {
        if let Some(text) = given.get(input.name) {
            let value = match input.shape {
                Shape::Whole(..) => {
                    text.parse::<u64>().map(Value::from).map_err(|_| format!("“{}” is a whole number.", input.name))?
                }
                Shape::Number(..) => text
                    .parse::<f64>()
                    .ok()
                    .filter(|x| x.is_finite())
                    .map(Value::from)
                    .ok_or_else(|| format!("“{}” is a number.", input.name))?,
                _ => Value::from(text.as_str()),
            };
            call.values.insert(input.name, fits(input, value)?);
        } else if input.is_required {
            return Err(format!("“{}” is missing.", input.name));
        }
    }
    if operation.body.is_empty() {
        return Ok(call);
    }
    let body: Value = serde_json::from_slice(body).map_err(|error| format!("The body is no JSON: {error}."))?;
    let Some(body) = body.as_object() else { return Err("The body is an object.".to_owned()) };
    if let Some(unknown) = body.keys().find(|name| !operation.body.iter().any(|input| input.name == name.as_str())) {
        return Err(format!("There is no field “{unknown}” here."));
    }
    for input in operation.body {
        match body.get(input.name) {
            Some(value) => drop(call.values.insert(input.name, fits(input, value.clone())?)),
            None if input.is_required => return Err(format!("“{}” is missing.", input.name)),
            None => {}
        }
    }
    Ok(call)
}

fn serde_urlencoded_pairs(query: &str) -> Result<Vec<(String, String)>, String> {
    let uri: axum::http::Uri = format!("/?{query}").parse().map_err(|_| "The parameters cannot be read.".to_owned())?;
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri);
    pairs.map(|pairs| pairs.0).map_err(|_| "The parameters cannot be read.".to_owned())
}

fn fits(input: &Input, value: Value) -> Result<Value, String> {
    let name = input.name;
    let is_short = |text: &str| text.chars().count() <= MAX_CHARS && !text.contains('\0');
    let is_said = |text: &str| is_short(text) && (!input.is_required || !text.trim().is_empty());
    let fine = match input.shape {
        Shape::Text => value.as_str().is_some_and(is_said),
        Shape::Whole(from, to) => value.as_u64().is_some_and(|n| (from..=to).contains(&n)),
        Shape::Number(from, to) => value.as_f64().is_some_and(|x| (from..=to).contains(&x)),
        Shape::OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        Shape::Texts => value.as_array().is_some_and(|all| {
            !all.is_empty() && all.len() <= MAX_CHARS && all.iter().all(|one| one.as_str().is_some_and(is_short))
        }),
        Shape::Named => value.as_object().is_some_and(|all| {
            all.len() <= MAX_CHARS && all.iter().all(|(name, one)| is_short(name) && one.as_str().is_some_and(is_short))
        }),
    };
    if fine {
        return Ok(value);
    }
    Err(match input.shape {
        Shape::Text => format!("“{name}” is a text of at most {MAX_CHARS} characters that says something."),
        Shape::Whole(from, to) => format!("“{name}” is a whole number from {from} to {to}."),
        Shape::Number(from, to) => format!("“{name}” is a number from {from} to {to}."),
        Shape::OneOf(words) => format!("“{name}” is one of {}.", words.join(", ")),
        Shape::Texts => format!("“{name}” is a list of texts."),
        Shape::Named => format!("“{name}” is an object of texts."),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(name: &str) -> &'static Operation {
        OPERATIONS.iter().find(|operation| operation.name == name).unwrap()
    }

    #[test]
    fn requests_are_held_against_the_list() {
        let list = |query: &str| check(operation("listInsights"), String::new(), query, b"");
        assert_eq!(list("page=2&q=a%20b").unwrap().text("q"), "a b");
        for refused in ["page=0", "page=x", "page=1&page=2", "nonsense=1", "kind=wish", "q=%00"] {
            assert!(list(refused).is_err(), "{refused}");
        }
        let decide = |body: &str| check(operation("decide"), String::new(), "", body.as_bytes());
        assert!(decide(r#"{"insight":"1","verdict":"accept","why":"w","by":"b"}"#).is_ok());
        for refused in ["", "[]", r#"{"insight":"1"}"#, r#"{"insight":"1","verdict":"yes","why":"w","by":"b"}"#] {
            assert!(decide(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn everything_that_is_called_is_described_once() {
        let document = openapi::document();
        let names: std::collections::BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
        assert_eq!(names.len(), OPERATIONS.len());
        for operation in OPERATIONS {
            let described = &document["paths"][operation.path][operation.method.as_str().to_lowercase()];
            assert_eq!(described["operationId"], operation.name, "{}", operation.path);
        }
    }

    #[test]
    fn a_key_is_visible_ascii() {
        let of = |key: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("idempotency-key", HeaderValue::from_bytes(key.as_bytes()).unwrap());
            idempotency_key(&headers).map(|key| key.map(str::to_owned)).map_err(|problem| problem.status)
        };
        assert_eq!(of("a-1"), Ok(Some("a-1".to_owned())));
        assert_eq!((of("a b"), of(""), of("ü")), (Err(400), Err(400), Err(400)));
    }
}
