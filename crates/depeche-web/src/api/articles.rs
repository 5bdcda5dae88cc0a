//! Which articles are there, and what does each record say?

use axum::extract::{Path, State};
use axum::response::Response;
use depeche::Record;
use depeche_archive::{Archive, Reference};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::annotation::{self, Notes};
use super::answer::{self, Here};
use super::record::RecordSchema;
use super::shape::{Article, Dispatch, Page, VersionOf};
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of articles.
#[derive(Debug)]
pub(crate) struct Articles;

impl Address for Articles {
    const NAMES: &'static [Name] = &[
        Name::Q,
        Name::Who,
        Name::Since,
        Name::Until,
        Name::Outlet,
        Name::Copies,
        Name::Sort,
        Name::Limit,
        Name::Cursor,
    ];
}

/// The address of dispatches.
#[derive(Debug)]
pub(crate) struct Dispatches;

impl Address for Dispatches {
    const NAMES: &'static [Name] =
        &[Name::Since, Name::Until, Name::Outlet, Name::Limit, Name::Cursor];
}

type Ask = Asked<Articles>;
type AskDispatches = Asked<Dispatches>;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(dispatches))
        .routes(routes!(dispatch))
}

/// An article with its record.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Whole {
    /// What opens it.
    #[serde(rename = "ref")]
    reference: String,
    /// All articles of the same dispatch, the earliest first.
    versions: Vec<VersionOf>,
    /// Its record, with the corrections that people made.
    #[schema(value_type = RecordSchema)]
    record: Record,
}

/// Articles, newest first; copies only when they are asked for.
#[utoipa::path(
    get, path = "/v1/articles", tag = "articles", params(Ask),
    responses((status = 200, description = "A page of articles", body = Page<Article>))
)]
async fn list(State(app): State<App>, here: Here, ask: Ask) -> Result<Response, Problem> {
    answer::list::<Article>(&app, here, ask.query, Archive::articles).await
}

/// An article with its record and its versions.
#[utoipa::path(
    get, path = "/v1/articles/{reference}", tag = "articles",
    params(("reference" = String, Path, description = "The digits of an article: 3fa94c0b21d7")),
    responses((status = 200, description = "The article", body = Whole))
)]
async fn one(
    State(app): State<App>,
    here: Here,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    let form = here.wanted.among(&[Form::Json, Form::JsonLd])?;
    let reference: Reference = reference.parse()?;
    app.read(move |archive| {
        let stored = archive.article(&reference).map_err(Problem::from);
        let stored = stored.map_err(Problem::or_missing)?;
        if form == Form::JsonLd {
            let notes = Notes::of(&stored.record, &here.base, &stored.reference.article);
            let page = annotation::page(&here.base, &here.path, None, notes.all());
            return Ok(answer::body(form, page.to_string()));
        }
        Ok(answer::json(&Whole {
            reference: stored.reference.to_string(),
            versions: stored.versions.into_iter().map(VersionOf::from).collect(),
            record: stored.record,
        }))
    })
    .await
}

/// Dispatches of which there are copies, those that came out last first.
#[utoipa::path(
    get, path = "/v1/dispatches", tag = "dispatches", params(AskDispatches),
    responses((status = 200, description = "A page of dispatches", body = Page<Dispatch>))
)]
async fn dispatches(
    State(app): State<App>,
    here: Here,
    ask: AskDispatches,
) -> Result<Response, Problem> {
    answer::list::<Dispatch>(&app, here, ask.query, Archive::dispatches).await
}

/// The dispatch of which an article is a version.
#[utoipa::path(
    get, path = "/v1/dispatches/{reference}", tag = "dispatches",
    params(("reference" = String, Path, description = "The digits of any of its articles")),
    responses((status = 200, description = "The dispatch", body = Dispatch))
)]
async fn dispatch(
    State(app): State<App>,
    here: Here,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    here.wanted.among(&[Form::Json])?;
    let reference: Reference = reference.parse()?;
    let found = app.read(move |archive| {
        let found = archive.dispatch(&reference).map_err(Problem::from);
        found.map_err(Problem::or_missing)
    });
    Ok(answer::json(&Dispatch::from(found.await?)))
}
