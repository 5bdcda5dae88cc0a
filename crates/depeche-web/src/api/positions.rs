//! Who stands where?

use axum::extract::{Path, State};
use axum::response::Response;
use depeche_archive::Archive;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Here};
use super::evidence::{self, Evidence};
use super::shape::{Page, Position};
use crate::error::Problem;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of positions.
#[derive(Debug)]
pub(crate) struct Positions;

impl Address for Positions {
    const NAMES: &'static [Name] = &[
        Name::Q,
        Name::Who,
        Name::Stance,
        Name::Issue,
        Name::Since,
        Name::Until,
        Name::Certain,
        Name::Outlet,
        Name::Copies,
        Name::Sort,
        Name::Limit,
        Name::Cursor,
    ];
}

type Ask = Asked<Positions>;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// Positions, newest first, each that the copies of a dispatch tell once.
#[utoipa::path(
    get, path = "/v1/positions", tag = "positions", params(Ask),
    responses((status = 200, description = "A page of positions", body = Page<Position>))
)]
async fn list(State(app): State<App>, here: Here, ask: Ask) -> Result<Response, Problem> {
    answer::list::<Position>(&app, here, ask.query, Archive::page_of_positions).await
}

/// One position with its evidence, as the record of its article has it.
#[utoipa::path(
    get, path = "/v1/positions/{reference}", tag = "positions",
    params(("reference" = String, Path, description = "3fa94c0b21d7:120-186 or 3fa94c0b21d7:q1")),
    responses((status = 200, description = "The position", body = Evidence))
)]
async fn one(
    State(app): State<App>,
    here: Here,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    evidence::one(&app, here, &reference, "positions").await
}
