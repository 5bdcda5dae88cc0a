//! How is a list put into the form that a caller wants?

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use depeche_archive::{Archive, Filter, Found};
use serde_json::Value;

use super::shape::{Facets, Item, Page};
use super::{annotation, feed, relevance};
use crate::error::Problem;
use crate::form::{Form, Wanted};
use crate::query::{Query, Sort};
use crate::state::App;

/// Where a request came to, and in which form it wants its answer.
#[derive(Clone, Debug)]
pub(crate) struct Here {
    /// The address of this server as the caller knows it: `http://127.0.0.1:7700`.
    pub(crate) base: String,
    /// The path, with the ending that was taken off.
    pub(crate) path: String,
    /// The forms that are wanted.
    pub(crate) wanted: Wanted,
}

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &S,
    ) -> Result<Here, Infallible> {
        let wanted = Wanted::from_request_parts(parts, state).await?;
        let host = parts.headers.get(header::HOST).and_then(|h| h.to_str().ok());
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-.:[]_".contains(&b);
        let host = host.filter(|h| h.bytes().all(plain)).unwrap_or("localhost");
        let ending =
            wanted.ending().map_or_else(String::new, |f| format!(".{}", f.ending()));
        Ok(Here {
            base: format!("http://{host}"),
            path: format!("{}{ending}", parts.uri.path()),
            wanted,
        })
    }
}

/// A body of a media type. What it says depends on `Accept`, which caches are told.
pub(crate) fn body(form: Form, body: impl Into<axum::body::Body>) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

/// One thing, as JSON.
pub(crate) fn json(value: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => body(Form::Json, bytes),
        Err(_) => Problem::bug("an answer cannot be written as JSON").into_response(),
    }
}

/// So many of the newest hits are ranked.
const RANKED: usize = 400;

/// Answers with a list of what `ask` finds.
pub(crate) async fn list<T: Item>(
    app: &App,
    here: Here,
    query: Query,
    ask: fn(&Archive, &Filter) -> depeche_archive::Result<Found<T::Hit>>,
) -> Result<Response, Problem> {
    let form = here.wanted.among(T::FORMS)?;
    let ranked = query.q.clone().filter(|_| query.sort == Sort::Relevance);
    if ranked.is_some() && query.cursor.is_some() {
        return Err(Problem::asked(
            "what is sorted by relevance has one page; ask for a larger limit",
        ));
    }
    let (base, asked) = (here.base.clone(), query.clone());
    let listing = app
        .read(move |archive| {
            let mut filter = asked.filter(archive)?;
            if ranked.is_some() {
                filter.limit = RANKED;
            }
            let mut found = ask(archive, &filter)?;
            let facets = asked.facets.then(|| Facets::of(&found));
            let hits = std::mem::take(&mut found.hits);
            let mut items: Vec<T> = hits.into_iter().map(T::from).collect();
            if let Some(words) = &ranked {
                relevance::rank(&mut items, words);
                items.truncate(asked.limit());
                found.next = None;
            }
            let annotations = match form {
                Form::JsonLd => annotation::of_items(archive, &items, &base)?,
                _ => Vec::new(),
            };
            Ok(Listing {
                items,
                next: found.next.map(|c| c.to_string()),
                facets,
                annotations,
            })
        })
        .await?;
    Ok(listing.answer(form, &here, query))
}

struct Listing<T> {
    items: Vec<T>,
    next: Option<String>,
    facets: Option<Facets>,
    annotations: Vec<Value>,
}

impl<T: Item> Listing<T> {
    fn answer(self, form: Form, here: &Here, query: Query) -> Response {
        let this = address(here, &query);
        let next = self
            .next
            .map(|cursor| address(here, &Query { cursor: Some(cursor), ..query }));
        let mut response = match form {
            Form::Ndjson => body(form, ndjson(&self.items)),
            Form::Csv => body(form, csv(T::COLUMNS, &self.items)),
            Form::JsonLd => {
                let page = annotation::page(
                    &here.base,
                    &this,
                    next.as_deref(),
                    self.annotations,
                );
                body(form, page.to_string())
            }
            Form::Atom => body(form, feed::atom(&here.base, &this, &self.items)),
            Form::JsonFeed => {
                let feed = feed::json(&here.base, &this, next.as_deref(), &self.items);
                body(form, feed.to_string())
            }
            Form::Json | Form::Html => {
                json(&Page { items: self.items, next: next.clone(), facets: self.facets })
            }
        };
        let link = next
            .and_then(|n| HeaderValue::from_str(&format!("<{n}>; rel=\"next\"")).ok());
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// The address of a query, from the root of this server.
fn address(here: &Here, query: &Query) -> String {
    match query.to_url() {
        url if url.is_empty() => here.path.clone(),
        url => format!("{}?{url}", here.path),
    }
}

/// One JSON object a line.
pub(crate) fn ndjson(items: &[impl serde::Serialize]) -> Vec<u8> {
    let mut lines = Vec::new();
    for item in items {
        if serde_json::to_writer(&mut lines, item).is_ok() {
            lines.push(b'\n');
        }
    }
    lines
}

/// A table after RFC 4180.
pub(crate) fn csv(columns: &[&str], items: &[impl serde::Serialize]) -> String {
    let mut table = columns.join(",") + "\r\n";
    for item in items {
        let Ok(Value::Object(fields)) = serde_json::to_value(item) else { continue };
        let value = |column: &&str| fields.get(*column).map_or_else(String::new, plain);
        let cells: Vec<String> = columns.iter().map(|c| quoted(&value(c))).collect();
        table.push_str(&cells.join(","));
        table.push_str("\r\n");
    }
    table
}

/// A value without quotation marks; a list with semicolons.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn quoted(value: &str) -> String {
    match value.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", value.replace('"', "\"\"")),
        false => value.to_owned(),
    }
}
