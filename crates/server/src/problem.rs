//! What went wrong, once, in words: problem JSON (RFC 9457) for programs, a page for people.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::error::Error as _;
use throughline_compiler::Error;

/// A request that could not be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `about:blank#CODE`, stable.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status, as a number.
    pub status: u16,
    /// What is wrong, in a few words.
    pub title: String,
    /// What is wrong and what to do about it.
    pub detail: String,
}

impl Problem {
    /// A problem with its code.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("about:blank#{code}"),
            status: status.as_u16(),
            title: title.to_owned(),
            detail: detail.into(),
        }
    }

    /// Nothing has that address or id.
    #[must_use]
    pub fn not_found(what: &str, id: &str) -> Self {
        let detail =
            format!("There is no {what} “{id}” here. It may have been merged or renamed; search finds what is.");
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// The request cannot be understood.
    #[must_use]
    pub fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "That cannot be done", detail)
    }

    /// Nothing has been run yet.
    #[must_use]
    pub fn not_run() -> Self {
        let detail = "Nothing has been read and run yet. Start with some files, or with the example.";
        Self::new(StatusCode::CONFLICT, "not-run", "Nothing here yet", detail)
    }

    /// Work is going on.
    #[must_use]
    pub fn busy() -> Self {
        let detail = "A run is going on. Everything can be read meanwhile; changes wait until it is done.";
        Self::new(StatusCode::CONFLICT, "busy", "A moment please", detail)
    }

    /// There is nothing to specify, or not yet.
    #[must_use]
    pub fn not_specified(why: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "no-specification", "Nothing to specify yet", why)
    }

    /// Something reads otherwise than it did when somebody looked.
    #[must_use]
    pub fn reads_otherwise(title: &str) -> Self {
        let detail = format!(
            "“{title}” was changed after you opened it, so nothing was accepted. Look at it again, then accept what it says now."
        );
        Self::new(StatusCode::CONFLICT, "reads-otherwise", "It changed since you looked", detail)
    }

    /// Something broke.
    #[must_use]
    pub fn broken() -> Self {
        let detail = "Something broke that should not. Nothing is lost; please try again and tell us if it stays.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", "That is our fault", detail)
    }
}

/// An error with its causes in one sentence.
#[must_use]
pub fn told(error: &Error) -> String {
    let mut out = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        out.push_str(&format!(", because {inner}"));
        cause = inner.source();
    }
    out
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match &error {
            Error::NotRun => Self::not_run(),
            Error::NotFound { what, id, .. } => Self::not_found(what, id),
            Error::Edit { .. } | Error::Exists { .. } => {
                Self::new(StatusCode::CONFLICT, error.code(), "That cannot be done", told(&error))
            }
            _ => Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.code(), "That is our fault", told(&error)),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json; charset=utf-8"));
        // The guard makes a page of it for people.
        response.extensions_mut().insert(self);
        response
    }
}
