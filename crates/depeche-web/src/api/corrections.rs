//! What did the machine get wrong, who says so, and why? Corrections made and undone.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use depeche::record::{EventType, Factuality};
use depeche_archive::{Archive, Correction, Decision, Reference, Signed, Writer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Here};
use crate::body::Sent;
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address at which one is taken back.
#[derive(Debug)]
pub(crate) struct TakingBack;

impl Address for TakingBack {
    const NAMES: &'static [Name] = &[];
    const OWN: &'static [(&'static str, &'static str)] =
        &[("reason", "Why: it stays in the log."), ("author", "Who decides.")];
}

type AskTakingBack = Asked<TakingBack>;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, correct)).routes(routes!(one, take_back))
}

/// An entry of the log of decisions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Entry {
    /// Its number.
    number: i64,
    /// When, in UTC.
    at: String,
    /// Who.
    author: String,
    /// Why.
    reason: String,
    /// What: a correction of an item, a merge or a split of actors.
    #[schema(value_type = Object)]
    what: Value,
    /// The article that was corrected; null for decisions on actors.
    article: Option<String>,
    /// When, by whom and why it was undone; null while it holds.
    undone: Option<Undone>,
}

/// That a decision was undone.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Undone {
    /// When, in UTC.
    at: String,
    /// By whom.
    author: String,
    /// Why.
    reason: String,
}

impl From<Decision> for Entry {
    fn from(d: Decision) -> Entry {
        let what = serde_json::to_value(&d.what).unwrap_or_default();
        let article = what.get("article").and_then(Value::as_str);
        let span = |name: &str| what.get(name).and_then(Value::as_u64);
        let article = article.map(|a| {
            let digits = a.get(..12).unwrap_or(a);
            match span("start").zip(span("end")) {
                Some((start, end)) => format!("{digits}:{start}-{end}"),
                None => digits.to_owned(),
            }
        });
        Entry {
            number: d.number,
            at: d.at,
            author: d.author,
            reason: d.reason,
            article,
            what,
            undone: d.undone.map(|(at, author, reason)| Undone { at, author, reason }),
        }
    }
}

const COLUMNS: &[&str] =
    &["number", "at", "author", "reason", "article", "what", "undone"];

/// A correction: the item, one thing that it is in truth, and why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correcting {
    /// The words of the item, as its `ref` says: 3fa94c0b21d7:120-186.
    #[serde(rename = "ref")]
    pub(crate) reference: String,
    /// Why: it stays in the log.
    pub(crate) reason: String,
    /// Who decides; whoever started the server when nobody says.
    pub(crate) author: Option<String>,
    /// Who said it.
    pub(crate) speaker: Option<String>,
    /// Nobody whom the article names said it.
    #[serde(default)]
    pub(crate) no_speaker: bool,
    /// The PLOVER type of the event.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// FactBank value: CT+, CT-, PR+, PR-, PS+, PS-, `CTu`, Uu.
    pub(crate) factuality: Option<String>,
    /// The words of the statement, in code points.
    pub(crate) span: Option<[u32; 2]>,
    /// It is no statement.
    #[serde(default)]
    pub(crate) not_a_statement: bool,
    /// It is no event.
    #[serde(default)]
    pub(crate) not_an_event: bool,
}

impl Correcting {
    /// What it says of the item.
    pub(crate) fn correction(&self) -> Result<Correction, Problem> {
        let mut said = Vec::new();
        said.extend(
            self.speaker.as_ref().map(|n| Ok(Correction::Speaker(Some(n.clone())))),
        );
        said.extend(self.no_speaker.then_some(Ok(Correction::Speaker(None))));
        said.extend(self.kind.as_ref().map(|code| {
            let kind = EventType::from_code(code).map(Correction::Type);
            kind.ok_or_else(|| Problem::asked(format!("{code:?} is no type of PLOVER")))
        }));
        said.extend(self.factuality.as_ref().map(|value| {
            let factuality = serde_json::from_value::<Factuality>(json!(value));
            let refusal = format!(
                "{value:?} is no value of FactBank: CT+, CT-, PR+, PR-, PS+, PS-, CTu, Uu"
            );
            factuality.map(Correction::Factuality).map_err(|_| Problem::asked(refusal))
        }));
        said.extend(self.span.map(|[start, end]| match start < end {
            true => Ok(Correction::Span { start, end }),
            false => Err(Problem::asked("a span ends after it starts")),
        }));
        said.extend(self.not_a_statement.then_some(Ok(Correction::NotAStatement)));
        said.extend(self.not_an_event.then_some(Ok(Correction::NotAnEvent)));
        match (said.pop(), said.is_empty()) {
            (Some(one), true) => one,
            _ => Err(Problem::asked(
                "say one thing: speaker, no_speaker, type, factuality, span, not_a_statement \
                 or not_an_event",
            )),
        }
    }
}

/// Every decision, in order: corrections, and who is one actor and who is two.
#[utoipa::path(
    get, path = "/v1/corrections", tag = "corrections",
    responses((status = 200, description = "The log", body = Vec<Entry>))
)]
async fn list(State(app): State<App>, here: Here) -> Result<Response, Problem> {
    let form = here.wanted.among(&[Form::Json, Form::Ndjson, Form::Csv])?;
    let decisions = app.read(|archive| Ok(archive.decisions()?)).await?;
    let entries: Vec<Entry> = decisions.into_iter().map(Entry::from).collect();
    Ok(match form {
        Form::Ndjson => answer::body(form, answer::ndjson(&entries)),
        Form::Csv => answer::body(form, answer::csv(COLUMNS, &entries)),
        _ => answer::json(&entries),
    })
}

/// One decision.
#[utoipa::path(
    get, path = "/v1/corrections/{number}", tag = "corrections",
    params(("number" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The decision", body = Entry))
)]
async fn one(
    State(app): State<App>,
    here: Here,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    here.wanted.among(&[Form::Json])?;
    let number = number_of(&number)?;
    let entry = app.read(move |archive| entry(archive, number)).await?;
    Ok(answer::json(&entry))
}

fn number_of(text: &str) -> Result<i64, Problem> {
    text.parse()
        .map_err(|_| Problem::missing(format!("{text:?} is no number of a decision")))
}

fn entry(archive: &Archive, number: i64) -> Result<Entry, Problem> {
    let decision = archive.decisions()?.into_iter().find(|d| d.number == number);
    decision
        .map(Entry::from)
        .ok_or_else(|| Problem::missing(format!("there is no decision {number}")))
}

/// Corrects an item, for every later reading of its article too.
#[utoipa::path(
    post, path = "/v1/corrections", tag = "corrections", request_body = Correcting,
    responses((status = 201, description = "The correction holds", body = Entry))
)]
async fn correct(
    State(app): State<App>,
    here: Here,
    sent: Sent,
) -> Result<Response, Problem> {
    here.wanted.among(&[Form::Json])?;
    sent.is_of(&["application/json"])?;
    let correcting: Correcting = serde_json::from_slice(&sent.bytes)
        .map_err(|e| Problem::asked(format!("no correction: {e}")))?;
    let entry = make(&app, correcting).await?;
    let mut response = answer::json(&entry);
    *response.status_mut() = StatusCode::CREATED;
    let location = HeaderValue::from_str(&format!("/v1/corrections/{}", entry.number));
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Makes a correction.
///
/// # Errors
///
/// When it says nothing that can hold, or the archive may not be written to.
pub(crate) async fn make(app: &App, correcting: Correcting) -> Result<Entry, Problem> {
    let to = correcting.correction()?;
    let reference: Reference = correcting.reference.parse()?;
    signed(
        app,
        correcting.author.as_deref(),
        &correcting.reason,
        move |writer, signed| {
            let archive = writer.archive();
            archive
                .article_head(&reference)
                .map_err(|e| Problem::from(e).or_missing())?;
            let what = archive.correction(&reference, to)?;
            Ok(writer.decide(&what, signed)?.0)
        },
    )
    .await
}

/// Takes a decision back; it stays in the log, with who took it back and why.
#[utoipa::path(
    delete, path = "/v1/corrections/{number}", tag = "corrections",
    params(("number" = i64, Path, description = "Its number"), AskTakingBack),
    responses((status = 200, description = "It is undone", body = Entry))
)]
async fn take_back(
    State(app): State<App>,
    here: Here,
    Path(number): Path<String>,
    ask: AskTakingBack,
) -> Result<Response, Problem> {
    here.wanted.among(&[Form::Json])?;
    let number = number_of(&number)?;
    let own = ask.query.own;
    let reason = own.get("reason").cloned().unwrap_or_default();
    Ok(answer::json(&undo(&app, number, own.get("author").cloned(), reason).await?))
}

/// Takes a decision back.
///
/// # Errors
///
/// 404 when there is none, 409 when it is undone already.
pub(crate) async fn undo(
    app: &App,
    number: i64,
    author: Option<String>,
    reason: String,
) -> Result<Entry, Problem> {
    signed(app, author.as_deref(), &reason, move |writer, signed| {
        if entry(writer.archive(), number)?.undone.is_some() {
            let refusal = format!("decision {number} is undone already");
            return Err(Problem::new(StatusCode::CONFLICT, refusal));
        }
        writer.undo(number, signed)?;
        Ok(number)
    })
    .await
}

/// A name or a reason is no longer than that, in bytes.
const LONGEST: usize = 2000;

/// Does something signed, now, and returns the decision that it is about.
async fn signed(
    app: &App,
    author: Option<&str>,
    reason: &str,
    work: impl FnOnce(&mut Writer, Signed<'_>) -> Result<i64, Problem> + Send + 'static,
) -> Result<Entry, Problem> {
    let author = author.map(str::trim).filter(|a| !a.is_empty());
    let author = author.unwrap_or(&app.options().author).to_owned();
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::asked("say why: a reason stays in the log"));
    }
    if reason.len() > LONGEST || author.len() > LONGEST {
        return Err(Problem::asked(format!(
            "a reason or a name has at most {LONGEST} bytes"
        )));
    }
    let at = app.now();
    app.write(move |writer| {
        let number = work(writer, Signed { at: &at, author: &author, reason: &reason })?;
        entry(writer.archive(), number)
    })
    .await
}
