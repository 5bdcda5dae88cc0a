//! What do programs ask? One file a family of addresses.

use axum::Router;

use crate::state::App;

mod statements;

/// The routes of the API.
pub fn routes() -> Router<App> {
    Router::new().route("/v1/statements", axum::routing::get(statements::list))
}

/// Whether a path belongs to the API: its errors are for programs, whoever asks.
pub(crate) fn is_api(path: &str) -> bool {
    const HOMES: [&str; 5] = ["/v1/", "/reconcile", "/openapi.", "/healthz", "/metrics"];
    HOMES.iter().any(|home| path.starts_with(home))
}
