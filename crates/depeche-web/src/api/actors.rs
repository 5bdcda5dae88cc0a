//! Who is it, how was it called, what did it say and do?

use axum::extract::{Path, State};
use axum::response::Response;
use depeche_archive::{ActorHead, Archive, Filter, Found};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Here};
use super::shape::{Actor, ActorName, Page};
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of actors.
#[derive(Debug)]
pub(crate) struct Actors;

impl Address for Actors {
    const NAMES: &'static [Name] = &[Name::Who, Name::Limit, Name::Cursor];
}

/// An address without parameters.
#[derive(Debug)]
pub(crate) struct Nothing;

impl Address for Nothing {
    const NAMES: &'static [Name] = &[];
}

type Ask = Asked<Actors>;
type AskNothing = Asked<Nothing>;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(timeline))
}

/// Actors: all, in the order in which the archive met them, or those of a name.
#[utoipa::path(
    get, path = "/v1/actors", tag = "actors", params(Ask),
    responses((status = 200, description = "A page of actors", body = Page<ActorName>))
)]
async fn list(State(app): State<App>, here: Here, ask: Ask) -> Result<Response, Problem> {
    answer::list::<ActorName>(&app, here, ask.query, everybody).await
}

fn everybody(
    archive: &Archive,
    filter: &Filter,
) -> depeche_archive::Result<Found<ActorHead>> {
    match &filter.who {
        Some(who) => archive.those(who, filter.before, filter.limit),
        None => archive.everybody(filter.before, filter.limit),
    }
}

/// The number of an actor, a Wikidata id, or a name that is one actor's alone.
fn number(archive: &Archive, actor: &str) -> Result<i64, Problem> {
    archive.one_actor(actor).map_err(|e| Problem::from(e).or_missing())
}

/// An actor, and what the archive has of it.
#[utoipa::path(
    get, path = "/v1/actors/{actor}", tag = "actors",
    params(
        ("actor" = String, Path, description = "Its number in this archive, its Wikidata id, or its name"),
        AskNothing,
    ),
    responses((status = 200, description = "The actor", body = Actor))
)]
async fn one(
    State(app): State<App>,
    here: Here,
    Path(actor): Path<String>,
    _: AskNothing,
) -> Result<Response, Problem> {
    here.wanted.among(&[Form::Json])?;
    let hit = app.read(move |archive| {
        let number = number(archive, &actor)?;
        archive.actor_of_number(number).map_err(|e| Problem::from(e).or_missing())
    });
    Ok(answer::json(&Actor::from(hit.await?)))
}

/// What an actor did in a month of publication.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Month {
    /// 2025-02, or `undated`.
    month: String,
    /// Statements made.
    statements: u64,
    /// Statements in which others speak of it.
    about: u64,
    /// Events in which it has a part.
    events: u64,
    /// Positions.
    positions: u64,
}

const MONTH: &[&str] = &["month", "statements", "about", "events", "positions"];

/// How much an actor said and did, month by month of publication.
#[utoipa::path(
    get, path = "/v1/actors/{actor}/timeline", tag = "actors",
    params(
        ("actor" = String, Path, description = "Its number in this archive, its Wikidata id, or its name"),
        AskNothing,
    ),
    responses((status = 200, description = "Months, in order", body = Vec<Month>))
)]
async fn timeline(
    State(app): State<App>,
    here: Here,
    Path(actor): Path<String>,
    _: AskNothing,
) -> Result<Response, Problem> {
    let form = here.wanted.among(&[Form::Json, Form::Ndjson, Form::Csv])?;
    let months = app.read(move |archive| {
        let who = archive.numbered(number(archive, &actor)?)?;
        Ok(archive.timeline(&who)?)
    });
    let months: Vec<Month> = months
        .await?
        .into_iter()
        .map(|(month, count)| Month {
            month,
            statements: count.statements,
            about: count.about,
            events: count.events,
            positions: count.positions,
        })
        .collect();
    Ok(match form {
        Form::Ndjson => answer::body(form, answer::ndjson(&months)),
        Form::Csv => answer::body(form, answer::csv(MONTH, &months)),
        _ => answer::json(&months),
    })
}
