//! Who deals with whom: works together, is against, speaks of.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use depeche::record::{EventType, Quad};
use depeche_archive::{Archive, Filter};
use serde::Serialize;

use super::LANG;
use super::labels::Labels;
use super::screen::{Page, Screen, Table, Visitor, actor, answer};
use super::text::calm;
use crate::draw::{self, Edge, Node, Tone};
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name, Query, escape};
use crate::state::App;

/// So many actors stand on the ring.
const ACTORS: usize = 24;
/// So many of the newest statements and events are looked at.
const LOOKED_AT: usize = 1000;

/// The address of the network.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] = &[
        Name::Q,
        Name::Who,
        Name::Since,
        Name::Until,
        Name::Certain,
        Name::Outlet,
        Name::Copies,
    ];
    const OWN: &'static [(&'static str, &'static str)] =
        &[LANG, ("tone", "Only ties of one sort: cooperation, conflict or speech.")];
}

/// What the network shows.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    pub(crate) actors: Vec<String>,
    /// Ties, the strongest first.
    pub(crate) ties: Vec<Tie>,
    #[serde(skip)]
    picture: String,
    #[serde(skip)]
    query: Query,
}

/// A tie.
#[derive(Debug, Serialize)]
pub(crate) struct Tie {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) tone: &'static str,
    pub(crate) count: u64,
    /// The search that has all of it.
    pub(crate) href: String,
}

#[derive(Template)]
#[template(path = "network.html")]
struct Network {
    page: Page,
    view: View,
}

impl Screen for Network {
    type View = View;

    fn view(&self) -> &View {
        &self.view
    }

    fn table(&self) -> Table {
        let row = |tie: &Tie| {
            vec![
                tie.from.clone(),
                tie.to.clone(),
                tie.tone.to_owned(),
                tie.count.to_string(),
            ]
        };
        Table {
            head: &["from", "to", "tone", "count"],
            rows: self.view.ties.iter().map(row).collect(),
        }
    }
}

impl Network {
    fn field<'a>(&self, value: &'a Option<String>) -> &'a str {
        value.as_deref().unwrap_or_default()
    }

    fn is_tone(&self, tone: &str) -> bool {
        self.view.query.own.get("tone").is_some_and(|t| t == tone)
    }
}

/// `GET /network`.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    Asked { query, .. }: Asked<Asks>,
) -> Result<Response, Problem> {
    let labels = visitor.labels;
    let view = app.read(move |archive| look(archive, query, labels)).await?;
    let page = visitor.page(&app, "network", &[Form::Json, Form::Csv]);
    answer(&Network { page, view }, form, &visitor)
}

type Ties = BTreeMap<(String, String, Tone), u64>;

fn look(
    archive: &Archive,
    query: Query,
    labels: &'static Labels,
) -> Result<View, Problem> {
    let tone = match query.own.get("tone").map(String::as_str) {
        None => None,
        Some("cooperation") => Some(Tone::Cooperation),
        Some("conflict") => Some(Tone::Conflict),
        Some("speech") => Some(Tone::Speech),
        Some(other) => {
            return Err(Problem::asked(format!(
                "tone={other}: write cooperation, conflict or speech"
            )));
        }
    };
    let filter = Filter { limit: LOOKED_AT, ..query.filter(archive)? };
    let mut ties = ties(archive, &filter)?;
    ties.retain(|(_, _, t), _| tone.is_none_or(|tone| tone == *t));
    let actors = busiest(&ties);
    ties.retain(|(from, to, _), _| actors.contains(from) && actors.contains(to));
    // Some were only tied to those who have no place on the ring.
    let tied =
        |name: &String| ties.keys().any(|(from, to, _)| from == name || to == name);
    let actors: Vec<String> = actors.into_iter().filter(tied).collect();
    let mut ties: Vec<_> = ties.into_iter().collect();
    ties.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let picture = picture(&actors, &ties, labels);
    let tie = |((from, to, tone), count): ((String, String, Tone), u64)| Tie {
        href: search(&from, &to, tone),
        from: calm(&from),
        to: calm(&to),
        tone: tone.name(),
        count,
    };
    Ok(View {
        ties: ties.into_iter().map(tie).collect(),
        actors: actors.iter().map(|a| calm(a)).collect(),
        picture,
        query,
    })
}

/// Who does what with or to whom, and who speaks of whom.
fn ties(archive: &Archive, filter: &Filter) -> Result<Ties, Problem> {
    let mut ties = Ties::new();
    let mut tie = |from: &str, to: &str, tone: Tone| {
        if from != to {
            *ties.entry((from.to_owned(), to.to_owned(), tone)).or_default() += 1;
        }
    };
    for event in archive.events(filter)?.hits {
        // What did not happen, or only may, ties nobody to anybody.
        if event.factuality != "CT+" {
            continue;
        }
        let tone = match EventType::from_code(&event.kind).map(|t| t.plover().quad) {
            Some(Quad::VerbalCooperation | Quad::MaterialCooperation) => {
                Tone::Cooperation
            }
            Some(Quad::VerbalConflict | Quad::MaterialConflict) => Tone::Conflict,
            None => continue,
        };
        for from in &event.actors {
            event.recipients.iter().for_each(|to| tie(from, to, tone));
        }
    }
    for said in archive.statements(filter)?.hits {
        for from in &said.speakers {
            said.about.iter().for_each(|to| tie(from, to, Tone::Speech));
        }
    }
    Ok(ties)
}

/// Those with most ties, in the order of their names.
fn busiest(ties: &Ties) -> Vec<String> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for ((from, to, _), count) in ties {
        *counts.entry(from).or_default() += count;
        *counts.entry(to).or_default() += count;
    }
    let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let mut names: Vec<String> =
        counts.into_iter().take(ACTORS).map(|(name, _)| name.to_owned()).collect();
    names.sort();
    names
}

fn search(from: &str, to: &str, tone: Tone) -> String {
    let (from, to) = (escape(from), escape(to));
    match tone {
        Tone::Speech => format!("/search?who={from}&about={to}"),
        Tone::Cooperation | Tone::Conflict => {
            format!("/search?who={from}&to={to}&in=events")
        }
    }
}

fn picture(
    actors: &[String],
    ties: &[((String, String, Tone), u64)],
    labels: &Labels,
) -> String {
    let node = |name: &String| Node { name: calm(name), href: actor(name) };
    let nodes: Vec<Node> = actors.iter().map(node).collect();
    let place = |name: &str| actors.iter().position(|a| a == name);
    let edges = ties.iter().filter_map(|((from, to, tone), count)| {
        let title = format!(
            "{} → {} : {} ({})",
            calm(from),
            calm(to),
            labels.term("tone", tone.name()),
            labels.number(*count)
        );
        let (at, other) = (place(from)?, place(to)?);
        let href = search(from, to, *tone);
        Some(Edge { from: at, to: other, tone: *tone, count: *count, title, href })
    });
    draw::network(&nodes, &edges.collect::<Vec<_>>(), labels.say("network.heading"))
}
