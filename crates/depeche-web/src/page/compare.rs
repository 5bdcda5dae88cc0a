//! Two actors on one issue, side by side.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use depeche_archive::{Archive, Filter, Side, Story};
use serde::Serialize;

use super::LANG;
use super::hit::{Held, Said};
use super::screen::{Page, Screen, Table, Visitor, answer};
use super::text::calm;
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name, Query, escape};
use crate::state::App;

/// So many statements of each are shown beside the positions.
const SAID: usize = 5;
/// So many issues that both took a side on are offered.
const ISSUES: usize = 24;

/// The address of the comparison.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] =
        &[Name::Q, Name::Issue, Name::Since, Name::Until, Name::Certain, Name::Copies];
    const OWN: &'static [(&'static str, &'static str)] =
        &[LANG, ("a", "The one actor."), ("b", "The other actor.")];
}

/// What the comparison shows.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    /// The one and the other.
    pub(crate) sides: Vec<OneSide>,
    /// Issues on which both took a side, with whether it is the same one.
    pub(crate) common: Vec<Common>,
    /// `together`, `apart`, or nothing when one of them took no side.
    pub(crate) verdict: Option<&'static str>,
    #[serde(skip)]
    query: Query,
    #[serde(skip)]
    names: [String; 2],
}

/// One actor.
#[derive(Debug, Serialize)]
pub(crate) struct OneSide {
    pub(crate) name: String,
    /// Whom the name means, those who are met most first.
    pub(crate) means: Vec<String>,
    /// Its positions on the issue, the oldest first.
    pub(crate) held: Vec<Held>,
    /// What it said that has the words looked for.
    pub(crate) said: Vec<Said>,
    #[serde(skip)]
    last: Option<Side>,
}

/// An issue on which both took a side.
#[derive(Debug, Serialize)]
pub(crate) struct Common {
    pub(crate) issue: String,
    pub(crate) together: bool,
    pub(crate) href: String,
}

#[derive(Template)]
#[template(path = "compare.html")]
struct Compare {
    page: Page,
    view: View,
}

impl Screen for Compare {
    type View = View;

    fn view(&self) -> &View {
        &self.view
    }

    fn table(&self) -> Table {
        let held = self.view.sides.iter().flat_map(|s| &s.held);
        Table { head: Held::HEAD, rows: held.map(Held::row).collect() }
    }
}

impl Compare {
    fn field<'a>(&self, value: &'a Option<String>) -> &'a str {
        value.as_deref().unwrap_or_default()
    }
}

/// `GET /compare`.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    Asked { query, .. }: Asked<Asks>,
) -> Result<Response, Problem> {
    let view = app.read(move |archive| look(archive, query)).await?;
    let page = visitor.page(&app, "compare", &[Form::Json, Form::Csv]);
    answer(&Compare { page, view }, form, &visitor)
}

fn look(archive: &Archive, query: Query) -> Result<View, Problem> {
    let name = |key: &str| query.own.get(key).cloned().unwrap_or_default();
    let names = [name("a"), name("b")];
    let mut view =
        View { sides: Vec::new(), common: Vec::new(), verdict: None, query, names };
    if view.names.iter().any(String::is_empty) {
        return Ok(view);
    }
    view.common = common(archive, &view)?;
    for name in &view.names {
        view.sides.push(one_side(archive, name, &view.query)?);
    }
    let asked = view.query.issue.is_some();
    if let (true, [Some(a), Some(b)]) = (asked, [view.sides[0].last, view.sides[1].last])
    {
        view.verdict = Some(if a == b { "together" } else { "apart" });
    }
    Ok(view)
}

fn one_side(archive: &Archive, name: &str, query: &Query) -> Result<OneSide, Problem> {
    let who = archive.who(name).map_err(|e| Problem::from(e).or_missing())?;
    let means = who.names.iter().take(6).map(|n| calm(n)).collect();
    let filter = Filter { who: Some(who), ..query.filter(archive)? };
    // Words are those of statements; positions are chosen by their issue.
    let positions = Filter { words: None, ..filter.clone() };
    let stories = Story::of(archive.positions(&positions)?);
    let mut held: Vec<&(depeche_archive::PositionHit, bool)> =
        stories.iter().flat_map(|s| &s.held).collect();
    held.sort_by(|a, b| a.0.published.cmp(&b.0.published));
    let last = held.iter().rev().find_map(|(p, _)| Side::of(&p.stance));
    let said = Filter { issue: None, limit: SAID, ..filter };
    let said = archive.statements(&said)?.hits;
    Ok(OneSide {
        name: calm(name),
        means,
        held: held.iter().map(|(p, changed)| Held::of(p, *changed)).collect(),
        said: said.iter().map(|h| Said::of(h, query.q.as_deref())).collect(),
        last,
    })
}

/// Issues on which both took a side: the last one counts.
fn common(archive: &Archive, view: &View) -> Result<Vec<Common>, Problem> {
    let mut sides: [std::collections::BTreeMap<String, Side>; 2] = Default::default();
    for (name, sides) in view.names.iter().zip(&mut sides) {
        let who = archive.who(name).map_err(|e| Problem::from(e).or_missing())?;
        let query = Query { issue: None, q: None, ..view.query.clone() };
        let filter = Filter { who: Some(who), ..query.filter(archive)? };
        for position in archive.positions(&filter)? {
            if let (Some(issue), Some(side)) =
                (position.issue, Side::of(&position.stance))
            {
                sides.insert(issue, side);
            }
        }
    }
    let [ours, theirs] = &sides;
    let both: BTreeSet<&String> =
        ours.keys().filter(|i| theirs.contains_key(*i)).collect();
    let [a, b] = &view.names;
    let common = |issue: &String| Common {
        issue: issue.clone(),
        together: ours.get(issue) == theirs.get(issue),
        href: format!("/compare?a={}&b={}&issue={}", escape(a), escape(b), escape(issue)),
    };
    Ok(both.into_iter().take(ISSUES).map(common).collect())
}
