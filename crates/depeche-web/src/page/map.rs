//! Where events happened, over coast lines.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use depeche_archive::{Archive, Filter};
use serde::Serialize;

use super::labels::Labels;
use super::screen::{Page, Screen, Table, Visitor, answer};
use super::text::calm;
use super::{LANG, OF_EVENTS};
use crate::draw::{self, Point};
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name, Query};
use crate::state::App;

/// So many of the newest events are looked at.
const LOOKED_AT: usize = 1000;

/// The address of the map.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] = OF_EVENTS;
    const OWN: &'static [(&'static str, &'static str)] = &[LANG];
}

/// What the map shows.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    /// Places, those with most events first.
    pub(crate) places: Vec<Place>,
    /// How many events no text places.
    pub(crate) nowhere: u64,
    #[serde(skip)]
    picture: String,
    #[serde(skip)]
    query: Query,
}

/// A place.
#[derive(Debug, Serialize)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) country: Option<String>,
    pub(crate) disputed: bool,
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    pub(crate) events: u64,
    /// The events there.
    pub(crate) href: String,
}

#[derive(Template)]
#[template(path = "map.html")]
struct Map {
    page: Page,
    view: View,
    types: Vec<&'static str>,
}

impl Screen for Map {
    type View = View;

    fn view(&self) -> &View {
        &self.view
    }

    fn table(&self) -> Table {
        let row = |p: &Place| {
            vec![
                p.name.clone(),
                p.country.clone().unwrap_or_default(),
                p.disputed.to_string(),
                p.lat.to_string(),
                p.lon.to_string(),
                p.events.to_string(),
            ]
        };
        Table {
            head: &["name", "country", "disputed", "lat", "lon", "events"],
            rows: self.view.places.iter().map(row).collect(),
        }
    }
}

impl Map {
    fn field<'a>(&self, value: &'a Option<String>) -> &'a str {
        value.as_deref().unwrap_or_default()
    }

    fn is_type(&self, code: &str) -> bool {
        self.view.query.types.iter().any(|t| t.eq_ignore_ascii_case(code))
    }
}

/// `GET /map`.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    Asked { query, .. }: Asked<Asks>,
) -> Result<Response, Problem> {
    let labels = visitor.labels;
    let view = app.read(move |archive| look(archive, query, labels)).await?;
    let page = visitor.page(&app, "map", &[Form::Json, Form::Csv]);
    let types = super::article::Codes::all().types;
    answer(&Map { page, view, types }, form, &visitor)
}

fn look(
    archive: &Archive,
    query: Query,
    labels: &'static Labels,
) -> Result<View, Problem> {
    let (placed, nowhere) =
        archive.placed(&Filter { limit: LOOKED_AT, ..query.filter(archive)? })?;
    let place = |p: &depeche_archive::Placed| {
        let mut there = Query { limit: None, ..query.clone() };
        there.own.clear();
        there.place = Some(p.name.clone());
        there.own.insert("in", "events".into());
        Place {
            name: calm(&p.name),
            country: p.country.clone(),
            disputed: p.disputed,
            lat: p.lat,
            lon: p.lon,
            events: p.events,
            href: super::search::address(&there),
        }
    };
    let places: Vec<Place> = placed.iter().map(place).collect();
    let point = |p: &Place| Point {
        lat: p.lat,
        lon: p.lon,
        count: p.events,
        name: p.name.clone(),
        title: format!("{} : {}", p.name, labels.count("map.events", p.events)),
        href: p.href.clone(),
    };
    let points: Vec<Point> = places.iter().map(point).collect();
    let picture = draw::map(&points, labels.say("map.heading"));
    Ok(View { places, nowhere, picture, query })
}
