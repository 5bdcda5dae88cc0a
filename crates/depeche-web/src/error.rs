//! What can go wrong with a request, and what to do about it?
//!
//! Every error is a [`Problem`], after RFC 9457. Programs get it as `application/problem+json`;
//! people get it as a page, which [`crate::page::failure`] makes of it.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use depeche_archive::ErrorKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::form::Form;
use crate::state::App;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error that a caller is told, after RFC 9457.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// What sort of problem: no more than the status says.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The words of the status.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What is wrong with this request, and what to do.
    detail: String,
    /// After so many seconds one may try again.
    #[serde(skip)]
    retry: Option<u32>,
}

impl Problem {
    /// A problem of some status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            retry: None,
        }
    }

    /// What was asked makes no sense.
    pub fn asked(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, detail)
    }

    /// There is no such thing.
    pub fn missing(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, detail)
    }

    /// The server has no archive.
    pub fn no_archive() -> Problem {
        Problem::missing(
            "this server has no archive: start it with one, depeche serve ARCHIVE",
        )
    }

    /// The server does not write.
    pub fn read_only() -> Problem {
        Problem::new(
            StatusCode::FORBIDDEN,
            "this server is read-only: corrections are refused",
        )
    }

    /// The server is about to stop.
    pub fn stopping() -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping").after(5)
    }

    /// Something that should not happen did.
    pub fn bug(detail: &str) -> Problem {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("{detail}: that is a bug in depeche, please report it"),
        )
    }

    /// Says of what it is a problem, when several things were asked at once.
    #[must_use]
    pub fn at(mut self, place: &str) -> Problem {
        self.detail = format!("{place}: {}", self.detail);
        self
    }

    /// One may try again after so many seconds.
    #[must_use]
    pub fn after(mut self, seconds: u32) -> Problem {
        self.retry = Some(seconds);
        self
    }

    /// What was asked for by its name or reference is not there, rather than ill asked for.
    #[must_use]
    pub fn or_missing(self) -> Problem {
        match self.status {
            400 => Problem::missing(self.detail),
            _ => self,
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What is wrong, and what to do.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<depeche_archive::Error> for Problem {
    fn from(error: depeche_archive::Error) -> Problem {
        let status = match error.kind() {
            ErrorKind::Asked => StatusCode::BAD_REQUEST,
            ErrorKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Full => StatusCode::INSUFFICIENT_STORAGE,
            ErrorKind::ReadOnly => StatusCode::FORBIDDEN,
            ErrorKind::Missing
            | ErrorKind::NotAnArchive
            | ErrorKind::Newer
            | ErrorKind::Damaged
            | ErrorKind::Other => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let problem = Problem::new(status, error.to_string());
        match error.kind() {
            ErrorKind::Busy => problem.after(5),
            _ => problem,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = self.retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Makes a page of a problem, where a person asked.
pub(crate) async fn for_people(
    State(app): State<App>,
    form: Option<Form>,
    request: Request,
    next: Next,
) -> Response {
    let language = request.headers().get(header::ACCEPT_LANGUAGE).cloned();
    let path = request.uri().path();
    let for_programs = crate::api::is_api(path) || form.is_some_and(|f| f != Form::Html);
    let accept = request.headers().get(header::ACCEPT);
    let to_person =
        accept.and_then(|a| a.to_str().ok()).is_some_and(|a| a.contains("text/html"));
    let response = next.run(request).await;
    if for_programs || !to_person {
        return response;
    }
    let Some(problem) = response.extensions().get::<Problem>() else { return response };
    let mut page = crate::page::failure(&app, problem, language.as_ref());
    *page.status_mut() = problem.status();
    if let Some(after) = response.headers().get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, after.clone());
    }
    page
}

/// The answer where a route leads, but for other methods.
pub(crate) async fn not_so(request: Request) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("{} does not take {}", request.uri().path(), request.method()),
    )
}

/// The answer where no route leads.
pub(crate) async fn nothing_here(request: Request) -> Problem {
    Problem::missing(format!("there is nothing at {}", request.uri().path()))
}
