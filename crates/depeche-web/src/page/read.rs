//! Paste an article: read at once, nothing kept; it can be added to the archive.

use askama::Template;
use axum::Form as Posted;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use depeche::{Document, Meta, Record};
use depeche_archive::{Added, Identity};
use serde::Deserialize;
use serde_json::Value;

use super::LANG;
use super::article::Sheet;
use super::cards::{Fix, Maker};
use super::screen::{Page, Screen, Visitor, answer, html};
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of the form.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] = &[];
    const OWN: &'static [(&'static str, &'static str)] = &[LANG];
}

/// An article as a form sends it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Pasted {
    #[serde(default)]
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) outlet: String,
    #[serde(default)]
    pub(crate) published: String,
    #[serde(default)]
    pub(crate) url: String,
}

#[derive(Template)]
#[template(path = "read.html")]
struct Paste {
    page: Page,
    pasted: Pasted,
    view: Value,
}

#[derive(Template)]
#[template(path = "reading.html")]
struct Reading {
    page: Page,
    pasted: Pasted,
    sheet: Sheet,
    codes: super::article::Codes,
}

impl Screen for Paste {
    type View = Value;

    fn view(&self) -> &Value {
        &self.view
    }
}

/// Where who has no archive begins.
pub(crate) fn welcome() -> Response {
    Redirect::to("/read").into_response()
}

/// `GET /read`.
pub(crate) async fn form(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    _: Asked<Asks>,
) -> Result<Response, Problem> {
    let page = visitor.page(&app, "read", &[]);
    let view = serde_json::json!({"post": "/v1/extract"});
    answer(&Paste { page, pasted: Pasted::default(), view }, form, &visitor)
}

/// `POST /read`.
pub(crate) async fn read(
    State(app): State<App>,
    visitor: Visitor,
    posted: Result<Posted<Pasted>, FormRejection>,
) -> Result<Response, Problem> {
    let pasted = sent(posted)?;
    let page = visitor.page(&app, "read", &[]);
    if pasted.text.trim().is_empty() {
        return html(&Paste { page, pasted, view: Value::Null }, &visitor);
    }
    let record = app.extract(pasted.document()?).await?;
    let maker = Maker {
        record: &record,
        labels: visitor.labels,
        reference: None,
        base: visitor.base(),
        may_write: false,
    };
    let sheet = Sheet::of(&maker, None, None);
    let codes = super::article::Codes::all();
    html(&Reading { page, pasted, sheet, codes }, &visitor)
}

/// `POST /add`.
pub(crate) async fn add(
    State(app): State<App>,
    posted: Result<Posted<Pasted>, FormRejection>,
) -> Result<Response, Problem> {
    if !app.may_write() {
        return Err(if app.has_archive() {
            Problem::read_only()
        } else {
            Problem::no_archive()
        });
    }
    let record = app.extract(sent(posted)?.document()?).await?;
    let reference = app.write(move |writer| store(writer, record)).await?;
    Ok(Redirect::to(&format!("/article/{reference}?done=added")).into_response())
}

fn store(
    writer: &mut depeche_archive::Writer,
    record: Record,
) -> Result<String, Problem> {
    let identity = Identity::of(&record.article);
    let prepared = writer.packer().prepare(record);
    let added = writer.commit(vec![prepared])?;
    match added.into_iter().next() {
        Some(Added::New { reference, .. }) => Ok(reference.to_string()),
        Some(Added::Refused(reason)) => Err(Problem::asked(reason)),
        Some(Added::Known) | None => Ok(identity.reference().to_string()),
    }
}

/// What a form sent, or why it could not be read.
pub(crate) fn sent<T>(posted: Result<Posted<T>, FormRejection>) -> Result<T, Problem> {
    let refused = |e: FormRejection| Problem::new(e.status(), e.body_text());
    posted.map(|Posted(sent)| sent).map_err(refused)
}

impl Pasted {
    fn document(&self) -> Result<Document, Problem> {
        let given = |text: &str| {
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let meta = Meta {
            title: given(&self.title),
            outlet: given(&self.outlet),
            published: given(&self.published),
            url: given(&self.url),
            ..Meta::default()
        };
        // A form sends line ends as CR LF, whatever was pasted.
        let text = self.text.replace("\r\n", "\n");
        Document::new(text, meta).map_err(|e| Problem::asked(e.to_string()))
    }
}
