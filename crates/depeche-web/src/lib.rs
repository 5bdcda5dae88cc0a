//! How is an archive read in a browser, and by other programs?
//!
//! [`serve`] listens, [`get`] answers one path without a server: both go through the same
//! [`router`]. An [`App`] holds what every request shares: connections to the archive, readers
//! of articles, the clock and the name of whoever decides, all of them given by the caller.
//!
//! A request passes the guard (who may ask, from where), limits of size, time and number, then
//! its route: [`api`] for programs, [`page`] for people. Work with the archive runs on threads
//! of its own, through [`App::read`] and [`App::write`].

pub mod api;
mod body;
mod draw;
pub mod error;
pub mod form;
mod guard;
pub mod mcp;
mod metrics;
mod options;
pub mod page;
pub mod query;
mod server;
pub mod state;
mod steady;
mod unread;
mod wording;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt;

pub use error::Problem;
pub use form::Form;
pub use mcp::mcp;
pub use options::{Clock, Limits, Log, Options, Pages};
pub use server::{listen, serve};
pub use state::App;
pub use wording::teach;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The archive cannot be opened.
    #[error(transparent)]
    Archive(#[from] depeche_archive::Error),
    /// The address cannot be listened on.
    #[error(
        "{address}: {source}; is another server running there? choose another --port"
    )]
    Address {
        /// Where it should listen.
        address: std::net::SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// Other machines could reach it, and nothing would keep them out.
    #[error("{0} can be reached from other machines: give a --token that they must know")]
    NoToken(std::net::IpAddr),
    /// The system refuses something.
    #[error("{0}")]
    System(#[from] std::io::Error),
    /// A path that is no path.
    #[error("{0:?} is no path; write one such as /v1/statements?q=port")]
    Path(String),
}

/// Everything that answers, guarded and limited.
pub fn router(app: &App) -> Router {
    let open = Router::new().merge(api::routes()).merge(page::routes());
    let open = open.fallback(error::nothing_here);
    let open = open.method_not_allowed_fallback(error::not_so);
    guard::guarded(open, app).with_state(app.clone())
}

/// The description of the API, `OpenAPI` 3.1.
pub fn openapi() -> serde_json::Value {
    api::description()
}

/// An answer without a server.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whether it went well.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// What came back.
    pub body: Bytes,
}

/// Answers `GET path`, as a server would: what `--get` prints.
///
/// # Errors
///
/// When the archive cannot be opened, or the path is none.
pub fn get(options: Options, path: &str) -> Result<Answer, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = App::new(options)?;
        let request = Request::get(path)
            .header(header::HOST, "localhost")
            .extension(guard::Trusted)
            .body(Body::empty())
            .map_err(|_| Error::Path(path.to_owned()))?;
        let Ok(response) = router(&app).oneshot(request).await;
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await;
        let body = body.map_err(std::io::Error::other)?;
        Ok(Answer { status: head.status, headers: head.headers, body })
    })
}
