//! Who stands where? Actors × issues.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use depeche_archive::{Matrix as Sides, Side, Story};
use serde::Serialize;

use super::LANG;
use super::screen::{Page, Screen, Table, Visitor, actor, answer};
use super::text::calm;
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name, Query, escape};
use crate::state::App;

const ACTORS: usize = 24;
const ISSUES: usize = 12;

/// The address of the matrix.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] = &[
        Name::Who,
        Name::Issue,
        Name::Since,
        Name::Until,
        Name::Certain,
        Name::Outlet,
        Name::Copies,
    ];
    const OWN: &'static [(&'static str, &'static str)] = &[LANG];
}

/// What the matrix shows.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    /// Keys of issues.
    pub(crate) issues: Vec<String>,
    pub(crate) rows: Vec<Row>,
    /// Pairs of actors who took sides on the same issues.
    pub(crate) pairs: Vec<Pair>,
    #[serde(skip)]
    query: Query,
}

/// An actor.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) actor: String,
    /// `for`, `against` or nothing, in the order of the issues.
    pub(crate) sides: Vec<Cell>,
}

/// Where an actor stands on an issue.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    pub(crate) side: Option<&'static str>,
    /// Its positions.
    pub(crate) href: String,
}

/// Two actors.
#[derive(Debug, Serialize)]
pub(crate) struct Pair {
    pub(crate) one: String,
    pub(crate) other: String,
    pub(crate) together: Vec<String>,
    pub(crate) apart: Vec<String>,
    /// The page that compares them.
    pub(crate) href: String,
}

#[derive(Template)]
#[template(path = "matrix.html")]
struct Matrix {
    page: Page,
    view: View,
}

impl Screen for Matrix {
    type View = View;

    fn view(&self) -> &View {
        &self.view
    }

    fn table(&self) -> Table {
        let rows = self.view.rows.iter().flat_map(|row| {
            let of = row.sides.iter().zip(&self.view.issues);
            of.filter_map(|(cell, issue)| {
                Some(vec![row.actor.clone(), issue.clone(), cell.side?.to_owned()])
            })
        });
        Table { head: &["actor", "issue", "side"], rows: rows.collect() }
    }
}

impl Matrix {
    fn field<'a>(&self, value: &'a Option<String>) -> &'a str {
        value.as_deref().unwrap_or_default()
    }
}

/// The name of a side in addresses, labels and data.
pub(crate) fn name(side: Side) -> &'static str {
    match side {
        Side::For => "for",
        Side::Against => "against",
    }
}

/// `GET /matrix`.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    Asked { query, .. }: Asked<Asks>,
) -> Result<Response, Problem> {
    let asked = query.clone();
    let positions =
        app.read(move |archive| Ok(archive.positions(&asked.filter(archive)?)?)).await?;
    let sides = Sides::of(&Story::of(positions), ACTORS, ISSUES);
    let view = View::of(&sides, query);
    let page = visitor.page(&app, "matrix", &[Form::Json, Form::Csv]);
    answer(&Matrix { page, view }, form, &visitor)
}

impl View {
    fn of(sides: &Sides, query: Query) -> View {
        let row = |(name, cells): &(String, Vec<Option<Side>>)| {
            let cell = |(side, issue): (&Option<Side>, &String)| Cell {
                side: side.map(self::name),
                href: format!("{}?issue={}#positions", actor(name), escape(issue)),
            };
            Row {
                actor: calm(name),
                sides: cells.iter().zip(&sides.issues).map(cell).collect(),
            }
        };
        let pairs = sides.agreements().into_iter().take(ACTORS).map(|a| Pair {
            href: format!("/compare?a={}&b={}", escape(&a.one), escape(&a.other)),
            one: calm(&a.one),
            other: calm(&a.other),
            together: a.together,
            apart: a.apart,
        });
        View {
            issues: sides.issues.clone(),
            rows: sides.rows.iter().map(row).collect(),
            pairs: pairs.collect(),
            query,
        }
    }
}
