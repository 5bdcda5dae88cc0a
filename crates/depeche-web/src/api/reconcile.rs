//! Which actor of the archive is meant by a name in a table? The Reconciliation Service API,
//! version 0.2, as `OpenRefine` speaks it.

use axum::extract::State;
use axum::response::Response;
use depeche_archive::{ActorHead, Archive, fold, tokens};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Here};
use crate::body::Sent;
use crate::error::Problem;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of the service.
#[derive(Debug)]
pub(crate) struct Reconcile;

impl Address for Reconcile {
    const NAMES: &'static [Name] = &[];
    const OWN: &'static [(&'static str, &'static str)] = &[
        ("queries", "A batch of queries, as JSON."),
        ("extend", "Actors and what is asked of them, as JSON."),
    ];
}

/// The address of suggestions.
#[derive(Debug)]
pub(crate) struct Suggest;

impl Address for Suggest {
    const NAMES: &'static [Name] = &[];
    const OWN: &'static [(&'static str, &'static str)] =
        &[("prefix", "Letters of a name."), ("cursor", "How many to leave out.")];
}

type Ask = Asked<Reconcile>;
type AskSuggest = Asked<Suggest>;

/// Kinds of actors: the types of the service.
const KINDS: &[&str] =
    &["person", "state", "government", "organisation", "group", "media"];
/// What can be asked of an actor.
const PROPERTIES: &[&str] =
    &["kind", "country", "qid", "names", "said", "events", "positions"];
/// So many queries or actors come at once, at most.
const BATCH: usize = 100;
/// So many candidates are returned when nobody says.
const CANDIDATES: usize = 5;
/// So many are looked at.
const LOOKED_AT: usize = 60;
/// So many suggestions come at once.
const SUGGESTED: usize = 10;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(asked, sent))
        .routes(routes!(suggest))
        .routes(routes!(propose))
}

/// A query of a batch.
#[derive(Debug, Deserialize)]
struct Query {
    query: String,
    #[serde(default, rename = "type")]
    kind: Option<Kinds>,
    #[serde(default)]
    limit: Option<usize>,
}

/// One type, or any of several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Kinds {
    One(String),
    Any(Vec<String>),
}

impl Kinds {
    fn has(&self, kind: &str) -> bool {
        match self {
            Kinds::One(one) => one == kind,
            Kinds::Any(any) => any.is_empty() || any.iter().any(|k| k == kind),
        }
    }
}

/// What is asked of some actors.
#[derive(Debug, Deserialize)]
struct Extend {
    ids: Vec<String>,
    properties: Vec<Property>,
}

#[derive(Debug, Deserialize)]
struct Property {
    id: String,
}

/// What the service is; or, with `queries` or `extend`, its answer to them.
#[utoipa::path(
    get, path = "/reconcile", tag = "reconcile", params(Ask),
    responses((status = 200, description = "The manifest, or answers", body = Object))
)]
async fn asked(
    State(app): State<App>,
    here: Here,
    ask: Ask,
) -> Result<Response, Problem> {
    let own = ask.query.own;
    match (own.get("queries"), own.get("extend")) {
        (Some(queries), _) => batch(&app, queries).await,
        (None, Some(extend)) => extended(&app, extend).await,
        (None, None) => Ok(answer::json(&manifest(&app, &here.base))),
    }
}

/// Answers a batch of queries, or says more of some actors.
#[utoipa::path(
    post, path = "/reconcile", tag = "reconcile",
    request_body(content = Object, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "Answers, by the key of each query", body = Object))
)]
async fn sent(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    sent.is_of(&["application/x-www-form-urlencoded"])?;
    let fields: Vec<(String, String)> =
        form_urlencoded::parse(&sent.bytes).into_owned().collect();
    let field =
        |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    match (field("queries"), field("extend")) {
        (Some(queries), _) => batch(&app, &queries).await,
        (None, Some(extend)) => extended(&app, &extend).await,
        (None, None) => Err(Problem::asked("send the field queries or extend")),
    }
}

/// Actors whose name has some letters in it, for somebody who types.
#[utoipa::path(
    get, path = "/reconcile/suggest/entity", tag = "reconcile", params(AskSuggest),
    responses((status = 200, description = "Actors", body = Object))
)]
async fn suggest(State(app): State<App>, ask: AskSuggest) -> Result<Response, Problem> {
    let own = ask.query.own;
    let prefix = own.get("prefix").cloned().unwrap_or_default();
    let skipped = match own.get("cursor") {
        Some(n) => n.parse().map_err(|_| {
            Problem::asked(format!("cursor={n}: write how many to leave out"))
        })?,
        None => 0,
    };
    let heads = app.read(move |archive| called(archive, &prefix)).await?;
    let shown = heads.iter().skip(skipped).take(SUGGESTED).map(|head| {
        json!({
            "id": head.id.to_string(),
            "name": head.name,
            "description": description(head),
            "notable": [{"id": head.kind, "name": head.kind}],
        })
    });
    Ok(answer::json(&json!({"result": shown.collect::<Vec<Value>>()})))
}

/// The address at which properties are proposed.
#[derive(Debug)]
pub(crate) struct Propose;

impl Address for Propose {
    const NAMES: &'static [Name] = &[];
    const OWN: &'static [(&'static str, &'static str)] =
        &[("type", "A kind of actor."), ("limit", "How many.")];
}

type AskPropose = Asked<Propose>;

/// What can be asked of actors.
#[utoipa::path(
    get, path = "/reconcile/extend/propose", tag = "reconcile", params(AskPropose),
    responses((status = 200, description = "Properties", body = Object))
)]
async fn propose(ask: AskPropose) -> Response {
    let kind = ask.query.own.get("type");
    answer::json(&json!({"type": kind, "properties": named(PROPERTIES)}))
}

fn named(ids: &[&str]) -> Vec<Value> {
    ids.iter().map(|id| json!({"id": id, "name": id})).collect()
}

fn manifest(app: &App, base: &str) -> Value {
    let service = |path: &str| json!({"service_url": base, "service_path": path});
    json!({
        "versions": ["0.2"],
        "name": format!("depeche: {}", app.name().unwrap_or_default()),
        "identifierSpace": format!("{base}/v1/actors/"),
        "schemaSpace": "urn:depeche:kinds",
        "defaultTypes": named(KINDS),
        "view": {"url": format!("{base}/actor/{{{{id}}}}")},
        "suggest": {"entity": service("/reconcile/suggest/entity")},
        "extend": {
            "propose_properties": service("/reconcile/extend/propose"),
            "property_settings": [],
        },
    })
}

/// The actors of a name; none when nobody is called so.
fn called(archive: &Archive, name: &str) -> Result<Vec<ActorHead>, Problem> {
    if name.trim().is_empty() {
        return Ok(Vec::new());
    }
    match archive.who(name) {
        Ok(who) => Ok(archive.those(&who, None, LOOKED_AT)?.hits),
        Err(error) if error.kind() == depeche_archive::ErrorKind::Asked => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

async fn batch(app: &App, queries: &str) -> Result<Response, Problem> {
    let queries: Map<String, Value> = serde_json::from_str(queries)
        .map_err(|e| Problem::asked(format!("queries: no JSON object: {e}")))?;
    if queries.len() > BATCH {
        return Err(Problem::asked(format!("a batch has at most {BATCH} queries")));
    }
    let mut asked: Vec<(String, Query)> = Vec::new();
    for (key, query) in queries {
        let query = serde_json::from_value(query)
            .map_err(|e| Problem::asked(format!("queries: {key}: {e}")))?;
        asked.push((key, query));
    }
    let answers = app.read(move |archive| {
        let mut answers = Map::new();
        for (key, query) in asked {
            answers.insert(key, json!({"result": candidates(archive, &query)?}));
        }
        Ok(Value::Object(answers))
    });
    Ok(answer::json(&answers.await?))
}

fn candidates(archive: &Archive, query: &Query) -> Result<Vec<Value>, Problem> {
    let mut scored: Vec<(u32, ActorHead)> = called(archive, &query.query)?
        .into_iter()
        .filter(|head| query.kind.as_ref().is_none_or(|k| k.has(&head.kind)))
        .map(|head| (score(&query.query, &head.name), head))
        .collect();
    // Of equal ones that first which is met most: they come in that order.
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let alone = scored.iter().filter(|(score, _)| *score == WHOLE).count() == 1;
    let limit = query.limit.unwrap_or(CANDIDATES).min(LOOKED_AT);
    let candidate = |(score, head): &(u32, ActorHead)| {
        json!({
            "id": head.id.to_string(),
            "name": head.name,
            "description": description(head),
            "type": [{"id": head.kind, "name": head.kind}],
            "score": score,
            "match": *score == WHOLE && alone,
        })
    };
    Ok(scored.iter().take(limit).map(candidate).collect())
}

/// The score of a name that is the same but for case and accents.
const WHOLE: u32 = 100;

/// How much of two names is the same words, in hundredths.
fn score(asked: &str, name: &str) -> u32 {
    if fold(asked.trim()) == fold(name) {
        return WHOLE;
    }
    let words = |text: &str| -> Vec<String> {
        tokens(text).into_iter().map(|t| t.fold).collect()
    };
    let (asked, name) = (words(asked), words(name));
    let common = asked.iter().filter(|w| name.contains(w)).count();
    // Less than the whole, even with the same words in another order.
    (common * 90 / asked.len().max(name.len()).max(1)) as u32
}

fn description(head: &ActorHead) -> String {
    let facts = [Some(&head.kind), head.country.as_ref(), head.qid.as_ref()];
    facts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
}

async fn extended(app: &App, extend: &str) -> Result<Response, Problem> {
    let extend: Extend = serde_json::from_str(extend)
        .map_err(|e| Problem::asked(format!("extend: no such JSON object: {e}")))?;
    if extend.ids.len() > BATCH {
        return Err(Problem::asked(format!("at most {BATCH} actors come at once")));
    }
    let known: Vec<&str> = extend.properties.iter().map(|p| p.id.as_str()).collect();
    let meta = named(&known);
    let rows = app.read(move |archive| {
        let mut rows = Map::new();
        for id in &extend.ids {
            let actor = id.parse().ok().map(|number| archive.actor_of_number(number));
            let actor = match actor.transpose() {
                Ok(actor) => actor,
                Err(e) if e.kind() == depeche_archive::ErrorKind::Asked => None,
                Err(e) => return Err(e.into()),
            };
            let cells: Map<String, Value> = extend
                .properties
                .iter()
                .map(|p| {
                    (p.id.clone(), actor.as_ref().map_or(json!([]), |a| cell(a, &p.id)))
                })
                .collect();
            rows.insert(id.clone(), Value::Object(cells));
        }
        Ok(Value::Object(rows))
    });
    Ok(answer::json(&json!({"meta": meta, "rows": rows.await?})))
}

fn cell(actor: &depeche_archive::ActorHit, property: &str) -> Value {
    let text = |text: &Option<String>| match text {
        Some(text) => json!([{"str": text}]),
        None => json!([]),
    };
    match property {
        "kind" => json!([{"str": actor.kind}]),
        "country" => text(&actor.country),
        "qid" => text(&actor.qid),
        "names" => actor.names.iter().map(|name| json!({"str": name})).collect(),
        "said" => json!([{"int": actor.said}]),
        "events" => json!([{"int": actor.events}]),
        "positions" => json!([{"int": actor.positions}]),
        _ => json!([]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_scores_by_its_words() {
        assert_eq!(score("zoe kerbrat ", "Zoé Kerbrat"), WHOLE);
        assert_eq!(score("Kerbrat", "Zoé Kerbrat"), 45);
        assert_eq!(score("Kerbrat Zoé", "Zoé Kerbrat"), 90);
        assert_eq!(score("port", "Zoé Kerbrat"), 0);
    }
}
