//! What does one item of a record rest on?

use axum::response::Response;
use depeche::Record;
use depeche::record::Actor;
use depeche_archive::{Archive, Reference};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::annotation::{self, Notes, ends};
use super::answer::{self, Here};
use super::shape::Article;
use crate::error::Problem;
use crate::form::Form;
use crate::state::App;

/// An item of a record, with its article and who has a part in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Evidence {
    /// What opens it.
    #[serde(rename = "ref")]
    pub(crate) reference: String,
    /// The article.
    pub(crate) article: Article,
    /// The item, as the record of the article has it; see the schema of the record.
    #[schema(value_type = Object)]
    pub(crate) item: Value,
    /// The actors that it names, by their ids in the record.
    #[schema(value_type = Vec<Object>)]
    pub(crate) actors: Vec<Value>,
    /// The paragraphs in which it stands.
    pub(crate) paragraph: String,
}

/// An item of a record, whatever its kind.
struct Found {
    id: String,
    span: (u32, u32),
    item: Value,
    actors: Vec<String>,
}

/// Answers with one item of a kind.
pub(crate) async fn one(
    app: &App,
    here: Here,
    reference: &str,
    kind: &'static str,
) -> Result<Response, Problem> {
    let form = here.wanted.among(&[Form::Json, Form::JsonLd])?;
    let reference: Reference = reference.parse()?;
    let base = here.base;
    app.read(move |archive| {
        let record = archive.article(&reference).map_err(Problem::from);
        let record = record.map_err(Problem::or_missing)?.record;
        let missing = || {
            Problem::missing(format!(
                "{reference}: its article has none of these {kind} there"
            ))
        };
        let found = find(&record, kind, &reference).ok_or_else(missing)?;
        if form == Form::JsonLd {
            let mut notes = Notes::of(&record, &base, &reference.article);
            let note = notes.take(kind, found.span).ok_or_else(missing)?;
            let this = format!("/v1/{kind}/{reference}");
            let page = annotation::page(&base, &this, None, vec![note]);
            return Ok(answer::body(form, page.to_string()));
        }
        Ok(answer::json(&evidence(archive, &record, &reference, found)?))
    })
    .await
}

/// The evidence of whatever a reference names: a statement, an event or a position.
///
/// # Errors
///
/// 404 when there is none.
pub(crate) fn of(archive: &Archive, reference: &Reference) -> Result<Evidence, Problem> {
    let record = archive.article(reference).map_err(Problem::from);
    let record = record.map_err(Problem::or_missing)?.record;
    let kinds = ["statements", "events", "positions"];
    let found = kinds.into_iter().find_map(|kind| find(&record, kind, reference));
    let missing =
        || Problem::missing(format!("{reference}: its article has nothing there"));
    evidence(archive, &record, reference, found.ok_or_else(missing)?)
}

fn evidence(
    archive: &Archive,
    record: &Record,
    reference: &Reference,
    found: Found,
) -> Result<Evidence, Problem> {
    let named = |a: &&Actor| found.actors.contains(&a.id);
    let actors = record.actors.iter().filter(named).map(value);
    Ok(Evidence {
        reference: format!("{}:{}", reference.article, found.id),
        article: Article::from(archive.article_head(reference)?),
        item: found.item,
        actors: actors.collect(),
        paragraph: paragraph(record, found.span),
    })
}

fn value(data: &impl Serialize) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

/// The item that a reference names, by its id or the stretch of its words.
fn find(record: &Record, kind: &str, reference: &Reference) -> Option<Found> {
    let is = |id: &str, span: (u32, u32)| match (&reference.span, &reference.item) {
        (Some(asked), _) => *asked == span,
        (None, Some(item)) => item == id,
        (None, None) => false,
    };
    match kind {
        "statements" => {
            let s = record.statements.iter().find(|s| is(&s.id, ends(&s.content)))?;
            let mut actors = s.speakers.clone();
            actors.extend(s.about.iter().chain(&s.addressee).cloned());
            actors.extend(s.speaker.iter().filter_map(|p| p.actor.clone()));
            Some(Found {
                id: s.id.clone(),
                span: ends(&s.content),
                item: value(s),
                actors,
            })
        }
        "events" => {
            let first = |e: &depeche::record::Event| {
                e.mentions.first().map_or((0, 0), |m| (m.start, m.end))
            };
            let e = record.events.iter().find(|e| is(&e.id, first(e)))?;
            let actors = e.actor.iter().chain(&e.recipient).cloned().collect();
            Some(Found { id: e.id.clone(), span: first(e), item: value(e), actors })
        }
        _ => {
            let span = |p: &depeche::record::Position| (p.object.start, p.object.end);
            let p = record.positions.iter().find(|p| is(&p.id, span(p)))?;
            let actors = vec![p.actor.clone()];
            Some(Found { id: p.id.clone(), span: span(p), item: value(p), actors })
        }
    }
}

/// The paragraphs in which a stretch lies.
fn paragraph(record: &Record, (start, end): (u32, u32)) -> String {
    let touches = |b: &&depeche::record::Block| b.start <= end && b.end >= start;
    let blocks = || record.article.blocks.iter().filter(touches);
    let from = blocks().map(|b| b.start).min().unwrap_or(start).min(start);
    let to = blocks().map(|b| b.end).max().unwrap_or(end).max(end);
    record.article.text.chars().skip(from as usize).take((to - from) as usize).collect()
}
