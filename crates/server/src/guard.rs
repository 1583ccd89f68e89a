//! What every request and every answer passes.
//!
//! In: a request is refused when it names another host than this machine (DNS rebinding) or changes something on behalf
//! of another site (CSRF). Out: an answer says what a page may do (no script or style but ours, nothing from elsewhere),
//! is packed, carries a mark by which a repeated question is cheap, and problems become pages for people.

use crate::app::App;
use crate::assets::{packed, unpacks};
use crate::pages;
use crate::problem::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// What a page of ours may do.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Answers from this size on are packed.
const PACK_FROM_BYTES: usize = 1024;
/// Answers up to this size are read whole to be packed and marked.
const WHOLE_MAX_BYTES: usize = 64 << 20;

/// Checks a request, and dresses its answer.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let headers = request.headers().clone();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let answer = match refused(request.method(), &headers) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    };
    let answer = if is_api { answer } else { for_people(&app, &headers, answer) };
    let mut answer = if is_read { whole(&headers, answer).await } else { answer };
    let out = answer.headers_mut();
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
        ("cache-control", "no-cache"),
    ] {
        let name = HeaderName::from_static(name);
        if !out.contains_key(&name) {
            out.insert(name, HeaderValue::from_static(value));
        }
    }
    answer
}

/// Why a request is not answered, if it is not.
fn refused(method: &Method, headers: &HeaderMap) -> Option<Problem> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    if !is_ours(host) {
        let detail = "This address is served to this machine alone. Open it as http://127.0.0.1 with its port.";
        return Some(Problem::new(StatusCode::MISDIRECTED_REQUEST, "other-host", "Not for this name", detail));
    }
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return None;
    }
    let is_same_site = match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => true,
    };
    let is_same_origin =
        text(header::ORIGIN).is_none_or(|origin| origin.split_once("://").is_some_and(|(_, at)| at == host));
    if is_same_site && is_same_origin {
        return None;
    }
    let detail = "Another site asked for this change. Do it from a page of this address.";
    Some(Problem::new(StatusCode::FORBIDDEN, "other-site", "Refused", detail))
}

/// Whether a `Host` header names this machine.
fn is_ours(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(name, _)| name),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether an address stays within these pages: a path, and no other site's name after it, however a browser reads that.
#[must_use]
pub fn stays_here(address: &str) -> bool {
    address.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']) && !rest.contains(char::is_control))
}

/// The page of ours that somebody came from, if they did.
fn came_from(headers: &HeaderMap) -> Option<&str> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let (at, path) = text(header::REFERER)?.split_once("://")?.1.split_once('/')?;
    let path = (at == text(header::HOST)?).then_some(path)?;
    (!path.is_empty() && !path.starts_with(['/', '\\'])).then_some(path)
}

/// A problem as a page.
fn for_people(app: &Arc<App>, headers: &HeaderMap, mut answer: Response) -> Response {
    let problem = answer.extensions_mut().remove::<Problem>();
    let status = answer.status();
    let problem = problem.or_else(|| match status {
        StatusCode::NOT_FOUND => Some(Problem::not_found("page", "this address")),
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => Some(Problem {
            status: status.as_u16(),
            ..Problem::bad("The page sent something that is not expected here. Go back and try again.")
        }),
        _ => None,
    });
    let Some(problem) = problem else { return answer };
    (status, pages::problem(app, &problem, came_from(headers))).into_response()
}

/// Reads an answer whole, to mark it, to say that nothing changed, and to pack it. A stream stays one.
async fn whole(asked: &HeaderMap, answer: Response) -> Response {
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_text = kind.starts_with("text/html")
        || kind.contains("json")
        || kind.starts_with("text/markdown")
        || kind.starts_with("text/csv");
    if !is_text || answer.headers().contains_key(header::CONTENT_ENCODING) {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, WHOLE_MAX_BYTES).await else { return Problem::broken().into_response() };
    if parts.status == StatusCode::OK {
        let mark = format!("\"{:016x}\"", throughline_model::id::hash_parts("answer", &[&bytes]));
        let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_known = known == "*" || known.split(',').any(|one| one.trim().trim_start_matches("W/") == mark);
        if let Ok(value) = HeaderValue::from_str(&mark) {
            parts.headers.insert(header::ETAG, value);
        }
        if is_known {
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.remove(header::CONTENT_TYPE);
            return Response::from_parts(parts, Body::empty());
        }
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if bytes.len() < PACK_FROM_BYTES || !unpacks(asked) {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let small = packed(&bytes);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, Body::from(small))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test]
    fn only_this_machine_by_its_own_names_is_answered() {
        for host in ["127.0.0.1:7077", "localhost", "LOCALHOST:80", "[::1]:7077", "127.0.0.9:1"] {
            assert_eq!(refused(&Method::GET, &headers(&[("host", host)])), None, "{host}");
        }
        for host in ["", "evil.example", "127.0.0.1.evil.example:7077", "192.168.0.4:7077", "[::2]"] {
            let found = refused(&Method::GET, &headers(&[("host", host)])).map(|problem| problem.status);
            assert_eq!(found, Some(421), "{host}");
        }
    }

    #[test]
    fn the_way_back_stays_here() {
        let from =
            |address: &str| came_from(&headers(&[("host", "127.0.0.1:7077"), ("referer", address)])).map(str::to_owned);
        assert_eq!(from("http://127.0.0.1:7077/insights/i1/spec?x=1"), Some("insights/i1/spec?x=1".to_owned()));
        assert_eq!(from("http://evil.example/insights"), None);
        assert_eq!(from("http://127.0.0.1:7077/"), None);
        assert_eq!(from("nonsense"), None);
    }

    #[test]
    fn no_other_site_changes_anything() {
        let host = ("host", "127.0.0.1:7077");
        let post = |more: &[(&'static str, &str)]| refused(&Method::POST, &headers(&[&[host], more].concat()));
        assert_eq!(post(&[]), None);
        assert_eq!(post(&[("origin", "http://127.0.0.1:7077"), ("sec-fetch-site", "same-origin")]), None);
        for bad in [
            [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")],
            [("origin", "null"), ("sec-fetch-site", "none")],
            [("origin", "http://127.0.0.1:8000"), ("sec-fetch-site", "same-site")],
        ] {
            assert_eq!(post(&bad).map(|problem| problem.status), Some(403), "{bad:?}");
        }
    }
}
