//! Did somebody say these words, and in these words?

use axum::extract::State;
use axum::response::Response;
use depeche_archive::{Match, Piece, QuoteHit};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Here};
use super::shape::Statement;
use crate::body::Sent;
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of quotations.
#[derive(Debug)]
pub(crate) struct Quotations;

impl Address for Quotations {
    const NAMES: &'static [Name] = &[Name::Limit];
    const OWN: &'static [(&'static str, &'static str)] =
        &[("quote", "The words of the quotation.")];
}

type Ask = Asked<Quotations>;

/// So many statements are shown when nobody says.
const USUAL: usize = 10;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(check)).routes(routes!(check_sent))
}

/// What the archive has of a quotation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Checked {
    /// exact, partial, altered or not-found: how the best statement agrees.
    pub(crate) verdict: &'static str,
    /// Statements that agree: exact ones first, then parts, then altered ones, each the
    /// earliest first.
    pub(crate) hits: Vec<Agreeing>,
}

/// A statement that agrees with a quotation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Agreeing {
    /// exact, partial or altered.
    #[serde(rename = "match")]
    how: &'static str,
    /// From 0 to 1: the share of words that both have, in order.
    score: f64,
    /// The statement.
    statement: Statement,
    /// Where they differ; empty when they do not.
    differences: Vec<Difference>,
}

/// A run of words: in both, in the article only, or in the quotation only.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Difference {
    Same(String),
    Missing(String),
    Added(String),
}

fn name(how: &Match) -> &'static str {
    match how {
        Match::Exact => "exact",
        Match::Partial { .. } => "partial",
        Match::Altered(_) => "altered",
    }
}

impl Checked {
    pub(crate) fn of(hits: Vec<QuoteHit>) -> Checked {
        let verdict = hits.first().map_or("not-found", |hit| name(&hit.how));
        Checked { verdict, hits: hits.into_iter().map(Agreeing::of).collect() }
    }
}

impl Agreeing {
    fn of(hit: QuoteHit) -> Agreeing {
        let content = &hit.statement.content;
        let differences = match &hit.how {
            Match::Exact => Vec::new(),
            Match::Partial { before, after } => {
                let quoted = content.get(before.len()..content.len() - after.len());
                vec![
                    Difference::Missing(before.clone()),
                    Difference::Same(quoted.unwrap_or_default().to_owned()),
                    Difference::Missing(after.clone()),
                ]
            }
            Match::Altered(pieces) => pieces.iter().map(difference).collect(),
        };
        let told = |d: &Difference| match d {
            Difference::Same(words)
            | Difference::Missing(words)
            | Difference::Added(words) => !words.is_empty(),
        };
        Agreeing {
            how: name(&hit.how),
            score: (hit.score * 1000.0).round() / 1000.0,
            differences: differences.into_iter().filter(told).collect(),
            statement: Statement::from(hit.statement),
        }
    }
}

fn difference(piece: &Piece) -> Difference {
    match piece {
        Piece::Same(words) => Difference::Same(words.clone()),
        Piece::Missing(words) => Difference::Missing(words.clone()),
        Piece::Added(words) => Difference::Added(words.clone()),
    }
}

/// Checks a quotation: exact, a part of a longer statement, in other words, or not found.
#[utoipa::path(
    get, path = "/v1/check-quote", tag = "statements", params(Ask),
    responses((status = 200, description = "What the archive has of it", body = Checked))
)]
async fn check(
    State(app): State<App>,
    here: Here,
    ask: Ask,
) -> Result<Response, Problem> {
    here.wanted.among(&[Form::Json])?;
    let quote = ask.query.own.get("quote").cloned();
    let quote = quote.ok_or_else(|| Problem::asked("write the words: ?quote=…"))?;
    found(&app, quote, ask.query.limit).await
}

/// Checks a quotation that is sent as plain text: it then stands in no address.
#[utoipa::path(
    post, path = "/v1/check-quote", tag = "statements", params(AskSent),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "What the archive has of it", body = Checked))
)]
async fn check_sent(
    State(app): State<App>,
    here: Here,
    ask: AskSent,
    sent: Sent,
) -> Result<Response, Problem> {
    here.wanted.among(&[Form::Json])?;
    sent.is_of(&["text/plain"])?;
    found(&app, sent.text()?, ask.query.limit).await
}

/// The address to which quotations are sent.
#[derive(Debug)]
pub(crate) struct SentQuotations;

impl Address for SentQuotations {
    const NAMES: &'static [Name] = &[Name::Limit];
}

type AskSent = Asked<SentQuotations>;

async fn found(
    app: &App,
    quote: String,
    limit: Option<usize>,
) -> Result<Response, Problem> {
    let limit = limit.unwrap_or(USUAL);
    let hits = app.read(move |archive| Ok(archive.quoted(&quote, limit)?)).await?;
    Ok(answer::json(&Checked::of(hits)))
}
