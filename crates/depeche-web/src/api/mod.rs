//! What do programs ask? One file a family of addresses; the description is written from them.

use axum::Router;
use serde_json::{Map, Value, json};
use utoipa_axum::router::OpenApiRouter;

use crate::form::Form;
use crate::state::App;

mod actors;
mod annotation;
mod answer;
mod articles;
pub(crate) mod corrections;
mod events;
pub(crate) mod evidence;
mod extract;
mod feed;
mod positions;
pub(crate) mod quote;
mod reconcile;
mod record;
pub(crate) mod relevance;
mod service;
pub(crate) mod shape;
mod statements;

use shape::Item;

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(extract::routes())
        .merge(articles::routes())
        .merge(statements::routes())
        .merge(events::routes())
        .merge(positions::routes())
        .merge(actors::routes())
        .merge(quote::routes())
        .merge(corrections::routes())
        .merge(reconcile::routes())
        .merge(service::routes())
}

/// The routes of the API.
pub fn routes() -> Router<App> {
    described().split_for_parts().0
}

/// Whether a path belongs to the API: its errors are for programs, whoever asks.
pub(crate) fn is_api(path: &str) -> bool {
    const HOMES: [&str; 5] = ["/v1/", "/reconcile", "/openapi.", "/healthz", "/metrics"];
    HOMES.iter().any(|home| path.starts_with(home))
}

/// What a caller should know before the first request.
const ABOUT: &str = "Statements, events, positions and actors of an archive of press articles, \
    each with the characters that it rests on. Offsets are Unicode code points, half-open. The \
    ending of a path says in which form an answer comes (.json, .ndjson, .jsonld, .csv, .atom, \
    .jsonfeed), else `Accept`. Lists go on at the address of the header `Link`, rel=next.";

/// Lists, and in which forms each can be had.
const LISTS: &[(&str, &[Form])] = &[
    ("/v1/statements", shape::Statement::FORMS),
    ("/v1/events", shape::Event::FORMS),
    ("/v1/positions", shape::Position::FORMS),
    ("/v1/articles", shape::Article::FORMS),
    ("/v1/dispatches", shape::Dispatch::FORMS),
    ("/v1/actors", shape::ActorName::FORMS),
    ("/v1/corrections", &[Form::Json, Form::Ndjson, Form::Csv]),
    ("/v1/actors/{actor}/timeline", &[Form::Json, Form::Ndjson, Form::Csv]),
    ("/v1/articles/{reference}", &[Form::Json, Form::JsonLd]),
    ("/v1/statements/{reference}", &[Form::Json, Form::JsonLd]),
    ("/v1/events/{reference}", &[Form::Json, Form::JsonLd]),
    ("/v1/positions/{reference}", &[Form::Json, Form::JsonLd]),
    ("/v1/extract", &[Form::Json, Form::Ndjson, Form::JsonLd]),
];

/// Problems that any address may answer with.
const ALWAYS: &[(u16, &str)] = &[
    (400, "What is asked makes no sense"),
    (401, "The token of this server is missing"),
    (404, "There is no such thing, or no archive"),
    (406, "It cannot be had in that form"),
    (408, "It took too long"),
    (421, "The server does not go by that name"),
    (429, "Too many requests at once; see Retry-After"),
    (500, "A bug"),
    (503, "Somebody else is writing, or the server stops; see Retry-After"),
];

/// Problems of addresses to which something is sent.
const SENT: &[(u16, &str)] = &[
    (403, "It came from a page of another site, or the server is read-only"),
    (409, "It is done already"),
    (413, "It is too large"),
    (415, "That media type is not read here"),
    (507, "The disk is full"),
];

/// The description of the API, `OpenAPI` 3.1.
pub(crate) fn description() -> Value {
    let api = described().split_for_parts().1;
    let mut api = serde_json::to_value(api).expect("a description is plain data");
    api["info"] = json!({
        "title": "depeche",
        "version": depeche::VERSION,
        "description": ABOUT,
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
    });
    // A server with a token takes nobody without; one of this machine alone has none.
    api["components"]["securitySchemes"] =
        json!({"token": {"type": "http", "scheme": "bearer"}});
    api["security"] = json!([{}, {"token": []}]);
    if let Some(Value::Object(paths)) = api.get_mut("paths") {
        for (path, operations) in paths.iter_mut() {
            for (method, operation) in operations.as_object_mut().into_iter().flatten() {
                complete(path, method, operation);
            }
        }
    }
    if let Some(Value::Object(schemas)) = api.pointer_mut("/components/schemas") {
        let problem = serde_json::to_value(
            <crate::error::Problem as utoipa::PartialSchema>::schema(),
        );
        schemas.insert("Problem".into(), problem.expect("a schema is plain data"));
        record::put_into(schemas);
    }
    api
}

/// Adds to an operation what holds for many: the forms of a list, and the problems.
fn complete(path: &str, method: &str, operation: &mut Value) {
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut)
    else {
        return;
    };
    let forms = LISTS.iter().find(|(list, _)| *list == path).map(|(_, forms)| *forms);
    let content = responses.get_mut("200").and_then(|r| r.get_mut("content"));
    if let (Some(forms), Some(Value::Object(content))) = (forms, content) {
        for form in forms.iter().filter(|f| **f != Form::Json) {
            let essence = form.media_type().split(';').next().unwrap_or_default();
            content.insert(essence.into(), json!({"schema": {}}));
        }
    }
    let sent = if method == "get" { &[] } else { SENT };
    for (status, means) in ALWAYS.iter().chain(sent) {
        let problem = json!({
            "description": means,
            "content": {"application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"}
            }},
        });
        responses.entry(status.to_string()).or_insert(problem);
    }
    let cached: Map<String, Value> =
        Map::from_iter([("description".to_owned(), json!("It did not change"))]);
    if method == "get" {
        responses.entry("304").or_insert(Value::Object(cached));
    }
}
