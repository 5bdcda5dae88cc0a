//! Who said what, of whom, when?

use axum::extract::{Path, State};
use axum::response::Response;
use depeche_archive::Archive;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Here};
use super::evidence::{self, Evidence};
use super::shape::{Page, Statement};
use crate::error::Problem;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of statements.
#[derive(Debug)]
pub(crate) struct Statements;

impl Address for Statements {
    const NAMES: &'static [Name] = &[
        Name::Q,
        Name::Who,
        Name::About,
        Name::To,
        Name::Type,
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

type Ask = Asked<Statements>;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// Statements, newest first, each utterance of a dispatch once.
#[utoipa::path(
    get, path = "/v1/statements", tag = "statements", params(Ask),
    responses((status = 200, description = "A page of statements", body = Page<Statement>))
)]
async fn list(State(app): State<App>, here: Here, ask: Ask) -> Result<Response, Problem> {
    answer::list::<Statement>(&app, here, ask.query, Archive::statements).await
}

/// One statement with its evidence, as the record of its article has it.
#[utoipa::path(
    get, path = "/v1/statements/{reference}", tag = "statements",
    params(("reference" = String, Path, description = "3fa94c0b21d7:120-186 or 3fa94c0b21d7:s3")),
    responses((status = 200, description = "The statement", body = Evidence))
)]
async fn one(
    State(app): State<App>,
    here: Here,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    evidence::one(&app, here, &reference, "statements").await
}
