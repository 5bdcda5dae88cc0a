//! What do people see?

use axum::Router;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::error::Problem;
use crate::state::App;

/// The routes of pages.
pub fn routes() -> Router<App> {
    Router::new().route("/", get(home))
}

async fn home() -> Html<&'static str> {
    Html("<!doctype html><title>depeche</title>")
}

/// The page that tells a person of a problem; its status is set by the caller.
pub fn failure(_: &App, problem: &Problem, _: Option<&HeaderValue>) -> Response {
    let title = problem.status();
    (StatusCode::OK, Html(format!("<!doctype html><title>{title}</title>")))
        .into_response()
}
