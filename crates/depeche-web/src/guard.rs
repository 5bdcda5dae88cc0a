//! Who may ask, from where, and how much at once?

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_request};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use tower_http::compression::CompressionLayer;

use crate::error::{self, Problem};
use crate::form;
use crate::state::App;
use crate::steady;

/// A request of the program itself, which needs no token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trusted;

/// No script but the server's own files, no frame around a page, nothing fetched from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' \
    data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// Puts every limit around routes, the outermost last.
pub(crate) fn guarded(routes: Router<App>, app: &App) -> Router<App> {
    let with = || app.clone();
    let inner = routes
        .layer(from_fn(same_origin))
        .layer(from_fn_with_state(with(), known_caller))
        .layer(from_fn_with_state(with(), known_host))
        .layer(from_fn_with_state(with(), steady::time))
        .layer(from_fn_with_state(with(), steady::room))
        .layer(from_fn_with_state(with(), error::for_people))
        .layer(from_fn(steady::tagged))
        .layer(from_fn(safe_headers))
        .layer(from_fn_with_state(with(), steady::counted))
        .layer(CompressionLayer::new().gzip(true));
    // What changes the path must stand before the routes are looked up.
    let whole = Router::new().fallback_service(inner.with_state(with()));
    whole.layer(map_request(take_ending))
}

async fn take_ending(request: Request) -> Request {
    form::take_ending(request)
}

/// Refuses requests under a name that is not this server's: a page of elsewhere may have its
/// own name lead here, and would then be taken for ours.
async fn known_host(State(app): State<App>, request: Request, next: Next) -> Response {
    let options = app.options();
    if !options.host.is_loopback() {
        // Whoever comes must know the token, whatever name led here.
        return next.run(request).await;
    }
    match host_of(&request) {
        Some(host) if is_here(&host) => next.run(request).await,
        _ => Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "this server answers to the names of its own machine only: localhost, 127.0.0.1",
        )
        .into_response(),
    }
}

/// The name under which a request comes, without its port.
fn host_of(request: &Request) -> Option<String> {
    let header = request.headers().get(header::HOST).and_then(|h| h.to_str().ok());
    let host = header.or_else(|| request.uri().authority().map(|a| a.as_str()))?;
    Some(without_port(host).to_ascii_lowercase())
}

fn without_port(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    }
}

fn is_here(host: &str) -> bool {
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|a| a.is_loopback())
}

/// The name of the cookie that holds a browser's token.
const COOKIE: &str = "depeche";

/// Refuses whoever does not know the token, where there is one.
async fn known_caller(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(token) = app.options().token.as_deref() else {
        return next.run(request).await;
    };
    let health = request.uri().path() == "/healthz";
    if health || request.extensions().get::<Trusted>().is_some() {
        return next.run(request).await;
    }
    let bearer =
        request.headers().get(header::AUTHORIZATION).and_then(|h| h.to_str().ok());
    let bearer = bearer.and_then(|h| h.split_once(' ')).and_then(|(scheme, rest)| {
        scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim())
    });
    let cookies = request.headers().get_all(header::COOKIE).iter();
    let cookie = cookies
        .filter_map(|c| c.to_str().ok())
        .flat_map(|c| c.split(';'))
        .filter_map(|c| c.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value));
    if [bearer, cookie].into_iter().flatten().any(|given| is_token(given, token)) {
        return next.run(request).await;
    }
    // A link with the token lets a browser in, and takes the token out of its address.
    if let Some(given) = token_of_link(&request)
        && is_token(&given, token)
    {
        return let_in(&request, token);
    }
    let mut refusal = Problem::new(
        StatusCode::UNAUTHORIZED,
        "give the token of this server: Authorization: Bearer TOKEN, or once in a browser \
         ?token=TOKEN",
    )
    .into_response();
    let challenge = HeaderValue::from_static("Bearer realm=\"depeche\"");
    refusal.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    refusal
}

/// Compares in a time that does not depend on where they differ.
fn is_token(given: &str, token: &str) -> bool {
    bool::from(given.as_bytes().ct_eq(token.as_bytes()))
}

fn token_of_link(request: &Request) -> Option<String> {
    type Pairs = axum::extract::Query<Vec<(String, String)>>;
    let pairs = Pairs::try_from_uri(request.uri()).ok()?.0;
    pairs.into_iter().find_map(|(name, value)| (name == "token").then_some(value))
}

fn let_in(request: &Request, token: &str) -> Response {
    let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict");
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    let location = HeaderValue::from_str(request.uri().path());
    headers.insert(header::LOCATION, location.unwrap_or(HeaderValue::from_static("/")));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Refuses requests that would change something, or cost much, when a page of elsewhere made
/// a browser send them.
async fn same_origin(request: Request, next: Next) -> Response {
    if is_harmless(request.method()) || is_ours(&request) {
        return next.run(request).await;
    }
    Problem::new(
        StatusCode::FORBIDDEN,
        "this came from a page of another site: only the pages of this server may send that",
    )
    .into_response()
}

fn is_harmless(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a page of this server sent it, or no page at all.
fn is_ours(request: &Request) -> bool {
    let value =
        |name: HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
    let site = value(HeaderName::from_static("sec-fetch-site"));
    let host = value(header::HOST);
    let from_here = |origin: &str| {
        origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host)
    };
    let own = site.is_none_or(|s| matches!(s, "same-origin" | "none"))
        && value(header::ORIGIN).is_none_or(from_here);
    own || local_table(request).is_some()
}

/// The origin of a page of this machine that reconciles: `OpenRefine` has a port of its own, and
/// its browser asks for suggestions. That service only reads.
fn local_table(request: &Request) -> Option<HeaderValue> {
    let origin = request.headers().get(header::ORIGIN)?;
    let (_, authority) = origin.to_str().ok()?.split_once("://")?;
    let here = is_here(&without_port(authority).to_ascii_lowercase());
    (here && request.uri().path().starts_with("/reconcile")).then(|| origin.clone())
}

/// Says what a browser may do with an answer.
async fn safe_headers(request: Request, next: Next) -> Response {
    let table = local_table(&request);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Some(origin) = table {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        let anybody = HeaderValue::from_static("cross-origin");
        headers.insert(HeaderName::from_static("cross-origin-resource-policy"), anybody);
    }
    let always = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // With "no-referrer" a browser would not say that a form of ours is ours.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in always {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_this_machine_s_or_not() {
        let here = |host: &str| is_here(without_port(host));
        for host in
            ["localhost", "localhost:7700", "127.0.0.1:80", "[::1]:7700", "127.3.2.1"]
        {
            assert!(here(host), "{host}");
        }
        for host in
            ["example.org", "127.0.0.1.example.org", "localhost.example.org:80", ""]
        {
            assert!(!here(host), "{host}");
        }
    }
}
