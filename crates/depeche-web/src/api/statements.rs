//! Who said what, of whom, when?

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::error::Problem;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of statements.
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
    ];
}

pub(crate) async fn list(
    State(app): State<App>,
    Asked { query, .. }: Asked<Statements>,
) -> Result<Json<Value>, Problem> {
    let found =
        app.read(move |archive| Ok(archive.statements(&query.filter(archive)?)?)).await?;
    Ok(Json(json!({"count": found.hits.len()})))
}
