//! How does the server stay steady? Room for so many requests, so much time for each, counts and
//! a line for every one, and no answer sent twice that the caller has already.

use std::fmt::Write;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, timeout};

use crate::error::Problem;
use crate::state::App;

/// Tells callers beyond so many to come again, rather than let all of them wait.
pub(crate) async fn room(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    if request.uri().path() == "/healthz" {
        return next.run(request).await;
    }
    match app.room() {
        Some(_place) => next.run(request).await,
        None => Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too many requests are under way; try again in a second",
        )
        .after(1)
        .into_response(),
    }
}

/// Ends what takes too long.
pub(crate) async fn time(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    let limit = app.limits().answer;
    match timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let mut response = Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                format!(
                    "there was no answer in {} s; ask for less, or send it faster",
                    limit.as_secs()
                ),
            )
            .into_response();
            // What is left of the body is not waited for.
            response
                .headers_mut()
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
            response
        }
    }
}

/// Counts a request, and writes a line about it: never what was asked or sent, which may be
/// words of an article.
pub(crate) async fn counted(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    let count = Count {
        method: known(request.method()),
        path: request.uri().path().to_owned(),
        route: route.unwrap_or_else(|| "none".into()),
        begun: Instant::now(),
        status: GONE,
        app,
    };
    count.app.metrics().begin();
    let mut count = count;
    let response = next.run(request).await;
    count.status = response.status().as_u16();
    response
}

/// The status of a request whose caller went away before its answer.
const GONE: u16 = 499;
/// A path is shown up to so many bytes.
const SHOWN: usize = 200;

/// A method that may stand in a count: anybody can invent others.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// A request under way; it ends when this does, however that comes.
struct Count {
    app: App,
    method: &'static str,
    path: String,
    route: String,
    begun: Instant,
    status: u16,
}

impl Drop for Count {
    fn drop(&mut self) {
        let took = self.begun.elapsed();
        self.app.metrics().end(self.method, &self.route, self.status, took);
        let Some(log) = &self.app.options().log else { return };
        let cut =
            self.path.char_indices().nth(SHOWN).map_or(self.path.len(), |(at, _)| at);
        let (now, path) = (self.app.now(), &self.path[..cut]);
        let milliseconds = took.as_secs_f64() * 1000.0;
        log(&format!(
            "{now} {} {path} {} {milliseconds:.1} ms",
            self.method, self.status
        ));
    }
}

/// Gives an answer a tag, and sends no body to whoever has that already.
pub(crate) async fn tagged(request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK
        || response.headers().contains_key(header::ETAG)
    {
        return response;
    }
    let (mut head, body) = response.into_parts();
    // Answers lie whole in memory; what is not whole is no answer.
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return Problem::bug("an answer broke off").into_response();
    };
    let tag = tag_of(&bytes);
    let same =
        known.as_ref().and_then(|k| k.to_str().ok()).is_some_and(|k| is_among(&tag, k));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        head.headers.insert(header::ETAG, value);
    }
    match same {
        true => {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            keep(&head.headers, response.headers_mut());
            response
        }
        false => Response::from_parts(head, Body::from(bytes)),
    }
}

/// A weak tag: the same bytes may go out packed or not.
fn tag_of(bytes: &[u8]) -> String {
    let mut tag = String::from("W/\"");
    for byte in Sha256::digest(bytes).iter().take(12) {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether a tag is among those of a caller, compared weakly (RFC 9110).
fn is_among(tag: &str, known: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.split(',').any(|k| k.trim() == "*" || opaque(k) == opaque(tag))
}

/// What an answer without a body still says.
fn keep(from: &HeaderMap, into: &mut HeaderMap) {
    const KEPT: [HeaderName; 4] =
        [header::ETAG, header::VARY, header::CACHE_CONTROL, header::LINK];
    for name in KEPT {
        if let Some(value) = from.get(&name) {
            into.insert(name, value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_weakly() {
        let tag = tag_of(b"a");
        assert!(is_among(&tag, &tag));
        assert!(is_among(&tag, &format!("\"x\", {}", tag.trim_start_matches("W/"))));
        assert!(is_among(&tag, "*"));
        assert!(!is_among(&tag, &tag_of(b"b")));
    }
}
