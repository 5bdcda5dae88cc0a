//! What do people see? One file a screen; `screen.rs` is the frame around all of them.
//!
//! A screen asks the archive for a view, plain data; its template in `templates/` shows it, its
//! JSON twin is the view itself. Words come from `web/labels/`, pictures from [`crate::draw`].

mod actor;
mod article;
mod assets;
mod cards;
mod check;
mod chronology;
mod compare;
mod corrections;
mod failure;
mod hit;
mod labels;
mod map;
mod matrix;
mod network;
mod read;
mod screen;
mod search;
mod segments;
mod text;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::query::Name;
use crate::state::App;

pub use failure::failure;

/// The routes of pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(search::page))
        .route("/search", get(search::page))
        .route("/article/{reference}", get(article::page))
        .route("/actor/{name}", get(actor::page))
        .route("/chronology", get(chronology::page))
        .route("/check", get(check::page))
        .route("/compare", get(compare::page))
        .route("/matrix", get(matrix::page))
        .route("/network", get(network::page))
        .route("/map", get(map::page))
        .route("/read", get(read::form).post(read::read))
        .route("/add", post(read::add))
        .route("/corrections", get(corrections::page))
        .route("/correct", post(corrections::correct))
        .route("/undo", post(corrections::undo))
        .route("/assets/{name}", get(assets::file))
        .layer(DefaultBodyLimit::max(LARGEST))
}

/// Bytes of a form, at most: three a byte of the article's text, as forms are sent.
const LARGEST: usize = 12 << 20;

/// What every screen lets one choose.
const LANG: (&str, &str) = ("lang", "The language of the page.");

/// What screens of events let one choose.
const OF_EVENTS: &[Name] = &[
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
    Name::Limit,
];
