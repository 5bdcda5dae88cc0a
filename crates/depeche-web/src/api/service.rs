//! Is the server well, how much does it do, and what can it be asked?

use std::sync::OnceLock;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use crate::error::Problem;
use crate::form::Form;
use crate::state::App;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(metrics))
        .routes(routes!(description))
}

/// That the server answers, and its archive too.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`.
    status: &'static str,
    /// The version of depeche.
    version: &'static str,
    /// Whether there is an archive.
    archive: bool,
    /// Whether corrections are taken.
    writable: bool,
}

/// Whether the server answers, and can read its archive.
#[utoipa::path(
    get, path = "/healthz", tag = "service",
    responses((status = 200, description = "It does", body = Health))
)]
async fn health(State(app): State<App>) -> Result<Response, Problem> {
    if app.has_archive() {
        app.read(|archive| Ok(archive.everybody(None, 1)?)).await?;
    }
    Ok(answer::json(&Health {
        status: "ok",
        version: depeche::VERSION,
        archive: app.has_archive(),
        writable: app.may_write(),
    }))
}

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How much the server does, as `OpenMetrics`.
#[utoipa::path(
    get, path = "/metrics", tag = "service",
    responses((
        status = 200, description = "Metrics", body = String,
        content_type = "application/openmetrics-text"
    ))
)]
async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let facts = app.facts().await?;
    let mut response = app.metrics().text(facts).into_response();
    let kind = HeaderValue::from_static(OPEN_METRICS);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// The description of this API.
#[utoipa::path(
    get, path = "/openapi.json", tag = "service",
    responses((status = 200, description = "OpenAPI 3.1", body = Object))
)]
async fn description() -> Response {
    // It is the same for every caller, and takes a while to make.
    static MADE: OnceLock<String> = OnceLock::new();
    answer::body(
        Form::Json,
        MADE.get_or_init(|| super::description().to_string()).as_str(),
    )
}
