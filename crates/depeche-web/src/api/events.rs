//! Who did what to whom, where and when?

use axum::extract::{Path, State};
use axum::response::Response;
use depeche_archive::Archive;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Here};
use super::evidence::{self, Evidence};
use super::shape::{Event, Page};
use crate::error::Problem;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of events.
#[derive(Debug)]
pub(crate) struct Events;

impl Address for Events {
    const NAMES: &'static [Name] = &[
        Name::Q,
        Name::Who,
        Name::To,
        Name::Type,
        Name::Where,
        Name::Since,
        Name::Until,
        Name::Certain,
        Name::Outlet,
        Name::Copies,
        Name::Sort,
        Name::Limit,
        Name::Cursor,
        Name::Facets,
    ];
}

type Ask = Asked<Events>;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// Events, newest first, each that the copies of a dispatch tell once.
#[utoipa::path(
    get, path = "/v1/events", tag = "events", params(Ask),
    responses((status = 200, description = "A page of events", body = Page<Event>))
)]
async fn list(State(app): State<App>, here: Here, ask: Ask) -> Result<Response, Problem> {
    answer::list::<Event>(&app, here, ask.query, Archive::events).await
}

/// One event with its evidence, as the record of its article has it.
#[utoipa::path(
    get, path = "/v1/events/{reference}", tag = "events",
    params(("reference" = String, Path, description = "3fa94c0b21d7:300-308 or 3fa94c0b21d7:e1")),
    responses((status = 200, description = "The event", body = Evidence))
)]
async fn one(
    State(app): State<App>,
    here: Here,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    evidence::one(&app, here, &reference, "events").await
}
