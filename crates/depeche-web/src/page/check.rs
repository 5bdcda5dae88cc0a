//! Check a quotation: did somebody say these words, and in these words?

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use depeche_archive::Match;
use serde::Serialize;

use super::LANG;
use super::hit::{Compared, Said, compared};
use super::screen::{Page, Screen, Table, Visitor, answer};
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// So many statements are shown.
const SHOWN: usize = 12;
/// A longer quotation is none.
const LONGEST: usize = 5000;

/// The address of the check.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] = &[Name::Q];
    const OWN: &'static [(&'static str, &'static str)] = &[LANG];
}

/// What the check shows.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    /// The quotation.
    pub(crate) quotation: Option<String>,
    /// `exact`, `partial`, `altered` or `none`: the best of the hits.
    pub(crate) verdict: &'static str,
    /// Statements that agree, the best first, then the earliest.
    pub(crate) hits: Vec<Hit>,
}

/// A statement that agrees.
#[derive(Debug, Serialize)]
pub(crate) struct Hit {
    /// `exact`, `partial` or `altered`.
    pub(crate) how: &'static str,
    /// Per cent of words in common, in order.
    pub(crate) score: u64,
    /// Run by run.
    pub(crate) runs: Vec<Compared>,
    pub(crate) statement: Said,
}

#[derive(Template)]
#[template(path = "check.html")]
struct Check {
    page: Page,
    view: View,
}

impl Screen for Check {
    type View = View;

    fn view(&self) -> &View {
        &self.view
    }

    fn table(&self) -> Table {
        let row = |hit: &Hit| {
            let mut row = vec![hit.how.to_owned(), hit.score.to_string()];
            row.extend(hit.statement.row());
            row
        };
        Table {
            head: &[
                "how",
                "score",
                "reference",
                "published",
                "outlet",
                "speakers",
                "about",
                "kind",
                "class",
                "cue",
                "content",
                "confidence",
                "copies",
            ],
            rows: self.view.hits.iter().map(row).collect(),
        }
    }
}

/// `GET /check`.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    Asked { query, .. }: Asked<Asks>,
) -> Result<Response, Problem> {
    let quotation = query.q;
    if quotation.as_ref().is_some_and(|q| q.len() > LONGEST) {
        return Err(Problem::asked(format!("a quotation has at most {LONGEST} bytes")));
    }
    let asked = quotation.clone();
    let hits = app
        .read(move |archive| match asked {
            Some(words) => Ok(archive.quoted(&words, SHOWN)?),
            None => Ok(Vec::new()),
        })
        .await?;
    let hit = |hit: &depeche_archive::QuoteHit| Hit {
        how: name(&hit.how),
        score: (hit.score * 100.0).round() as u64,
        runs: compared(&hit.how, &hit.statement.content),
        statement: Said::of(&hit.statement, None),
    };
    let hits: Vec<Hit> = hits.iter().map(hit).collect();
    let verdict = hits.first().map_or("none", |h| h.how);
    let view = View { quotation, verdict, hits };
    let page = visitor.page(&app, "check", &[Form::Json, Form::Csv]);
    answer(&Check { page, view }, form, &visitor)
}

fn name(how: &Match) -> &'static str {
    match how {
        Match::Exact => "exact",
        Match::Partial { .. } => "partial",
        Match::Altered(_) => "altered",
    }
}
