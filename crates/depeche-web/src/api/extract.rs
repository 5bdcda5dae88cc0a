//! What does one article say? Text in, record out; nothing is kept.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use depeche::{Document, Meta, Record};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::annotation::{self, Notes};
use super::answer::{self, Here};
use super::record::RecordSchema;
use crate::body::Sent;
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address to which articles are sent.
#[derive(Debug)]
pub(crate) struct Extract;

impl Address for Extract {
    const NAMES: &'static [Name] = &[];
    const OWN: &'static [(&'static str, &'static str)] = &[
        ("date", "When it was published, in EDTF: 2025-02-18, 2025-02, 2025."),
        ("outlet", "Who published it."),
        ("title", "Its headline, where the text does not have it."),
        ("url", "Where it was found."),
        ("lang", "BCP 47; told from the text otherwise."),
    ];
}

type Ask = Asked<Extract>;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(extract))
}

/// An article, as JSON; the same as a line of JSONL on the command line.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct Sending {
    /// The text: read as it is, never trimmed.
    text: String,
    /// Your id for it: a text or a number.
    #[serde(default)]
    #[schema(schema_with = text_or_number)]
    id: Option<Value>,
    /// Its headline, where the text does not have it.
    title: Option<String>,
    /// When it was published, in EDTF.
    #[serde(alias = "date", alias = "dct")]
    published: Option<String>,
    /// Who published it.
    outlet: Option<String>,
    /// Where it was found.
    url: Option<String>,
    /// What may be done with it.
    #[serde(alias = "licence", alias = "license")]
    rights: Option<String>,
    /// BCP 47.
    lang: Option<String>,
}

fn text_or_number() -> utoipa::openapi::Schema {
    let schema = serde_json::json!({"type": ["string", "number", "null"]});
    serde_json::from_value(schema).expect("it is a schema")
}

/// A line of JSONL that could not be read.
#[derive(Clone, Debug, Serialize)]
struct BadLine {
    line: usize,
    error: Problem,
}

/// Reads articles and returns their records; nothing is stored. Plain text and HTML are one
/// article, JSON is one or a list, JSONL (application/x-ndjson) one a line: a line that cannot be
/// read is answered with `{"line": …, "error": …}` in its place.
#[utoipa::path(
    post, path = "/v1/extract", tag = "extract", params(Ask),
    request_body(content(
        (String = "text/plain"),
        (Sending = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/html"),
    )),
    responses((status = 200, description = "The record, or a list of them", body = RecordSchema))
)]
async fn extract(
    State(app): State<App>,
    here: Here,
    ask: Ask,
    sent: Sent,
) -> Result<Response, Problem> {
    sent.is_of(&[
        "text/plain",
        "application/json",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "text/html",
        "application/xhtml+xml",
    ])?;
    let own = ask.query.own;
    let given = |name: &str| own.get(name).cloned();
    let mut meta = Meta {
        key: None,
        title: given("title"),
        published: given("date"),
        outlet: given("outlet"),
        url: given("url"),
        rights: None,
        lang: given("lang"),
        ..Meta::default()
    };
    meta.lang = meta.lang.or_else(|| sent.language.clone());
    match sent.media_type.as_str() {
        "text/plain" => one(&app, &here, document(&app, sent.text()?, meta)?).await,
        "text/html" | "application/xhtml+xml" => {
            let document = app.document_of_page(sent.bytes, meta).await?;
            one(&app, &here, document).await
        }
        "application/json" => {
            let form = here.wanted.among(&[Form::Json, Form::JsonLd, Form::Ndjson])?;
            let value: Value = serde_json::from_slice(&sent.bytes)
                .map_err(|e| Problem::asked(format!("no JSON: {e}")))?;
            match value {
                Value::Array(articles) => {
                    let mut records = Vec::new();
                    for (n, article) in articles.into_iter().enumerate() {
                        let place = |p: Problem| p.at(&format!("article {n}"));
                        let article = sending(&app, article, &meta).map_err(place)?;
                        records.push(app.extract(article).await?);
                    }
                    Ok(several(form, &records))
                }
                article => one(&app, &here, sending(&app, article, &meta)?).await,
            }
        }
        _ => lines(&app, &here, sent, &meta).await,
    }
}

/// An article of the size that is read while somebody waits.
fn document(app: &App, text: String, meta: Meta) -> Result<Document, Problem> {
    let limit = app.limits().article;
    if text.len() > limit {
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!(
                "the article is over {} KiB; so long a text is read by `depeche read`",
                limit >> 10
            ),
        ));
    }
    Document::new(text, meta).map_err(|e| Problem::asked(e.to_string()))
}

fn sending(app: &App, value: Value, defaults: &Meta) -> Result<Document, Problem> {
    if !value.is_object() {
        return Err(Problem::asked("an article is a JSON object with at least `text`"));
    }
    let sending: Sending = serde_json::from_value(value)
        .map_err(|e| Problem::asked(format!("no article: {e}")))?;
    let key = match sending.id {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id),
        Some(Value::Number(id)) => Some(id.to_string()),
        Some(_) => return Err(Problem::asked("`id` should be a text or a number")),
    };
    let or =
        |own: Option<String>, default: &Option<String>| own.or_else(|| default.clone());
    let meta = Meta {
        key,
        title: or(sending.title, &defaults.title),
        published: or(sending.published, &defaults.published),
        outlet: or(sending.outlet, &defaults.outlet),
        url: or(sending.url, &defaults.url),
        rights: sending.rights,
        lang: or(sending.lang, &defaults.lang),
        ..Meta::default()
    };
    document(app, sending.text, meta)
}

async fn one(app: &App, here: &Here, document: Document) -> Result<Response, Problem> {
    let form = here.wanted.among(&[Form::Json, Form::JsonLd, Form::Ndjson])?;
    let record = app.extract(document).await?;
    Ok(match form {
        Form::Json => answer::json(&record),
        form => several(form, std::slice::from_ref(&record)),
    })
}

fn several(form: Form, records: &[Record]) -> Response {
    match form {
        Form::Ndjson => answer::body(form, answer::ndjson(records)),
        Form::JsonLd => {
            let notes = records.iter().flat_map(|r| Notes::of_sent(r).all()).collect();
            answer::body(form, annotation::list(notes).to_string())
        }
        _ => answer::json(&records),
    }
}

/// One record a line, or why there is none.
async fn lines(
    app: &App,
    here: &Here,
    sent: Sent,
    meta: &Meta,
) -> Result<Response, Problem> {
    let form = here.wanted.among(&[Form::Ndjson, Form::Json])?;
    let mut answers: Vec<Value> = Vec::new();
    for (n, line) in sent.bytes.split(|b| *b == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let value = serde_json::from_slice(line)
            .map_err(|e| Problem::asked(format!("no JSON: {e}")));
        let document = value.and_then(|value| sending(app, value, meta));
        let read = match document {
            Ok(document) => app.extract(document).await.map(serde_json::to_value),
            Err(problem) => Err(problem),
        };
        answers.push(match read {
            Ok(record) => {
                record.map_err(|_| Problem::bug("a record cannot be written"))?
            }
            Err(error) => serde_json::to_value(BadLine { line: n + 1, error })
                .map_err(|_| Problem::bug("a problem cannot be written"))?,
        });
    }
    Ok(match form {
        Form::Ndjson => answer::body(form, answer::ndjson(&answers)),
        _ => answer::json(&answers),
    })
}
