//! What went wrong, for people.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::screen::{Page, Visitor, html};
use crate::error::Problem;
use crate::state::App;

#[derive(Template)]
#[template(path = "failure.html")]
struct Failure {
    page: Page,
    heading: String,
    detail: String,
}

/// The page that tells a person of a problem; its status is set by the caller.
pub fn failure(app: &App, problem: &Problem, language: Option<&HeaderValue>) -> Response {
    let mut headers = HeaderMap::new();
    if let Some(language) = language {
        headers.insert(header::ACCEPT_LANGUAGE, language.clone());
    }
    let visitor = Visitor::of("/", "", &headers);
    let status = problem.status();
    let heading = visitor.labels.term("failure", status.as_str());
    let heading = match heading == status.as_str() {
        true => visitor.labels.say("failure.heading").to_owned(),
        false => heading.to_owned(),
    };
    let detail = super::text::calm(problem.detail());
    let page = visitor.page(app, "failure", &[]);
    match html(&Failure { page, heading, detail }, &visitor) {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}
