//! Search: statements, events, positions and articles, with what they have in common.

use std::cmp::Reverse;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use depeche_archive::{Archive, Facet};
use serde::Serialize;

use super::LANG;
use super::hit::{Happened, Held, Said};
use super::screen::{Page, Screen, Table, Visitor, answer};
use super::text::{Run, calm, lit};
use crate::api::relevance::score;
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name, Query, Sort};
use crate::state::App;

/// So many hits stand on a page.
const PAGE: usize = 20;
/// So far one can turn pages: the archive counts no further.
const LAST: usize = 1000 / PAGE;
/// Sorted by relevance are so many of the newest hits.
const RANKED: usize = 200;
/// Values of a facet that are shown.
const VALUES: usize = 8;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sought {
    Statements,
    Events,
    Positions,
    Articles,
}

impl Sought {
    const ALL: [Sought; 4] =
        [Sought::Statements, Sought::Events, Sought::Positions, Sought::Articles];

    /// Its name in the address and among the labels.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Sought::Statements => "statements",
            Sought::Events => "events",
            Sought::Positions => "positions",
            Sought::Articles => "articles",
        }
    }

    fn of(query: &Query) -> Result<Sought, Problem> {
        let Some(name) = query.own.get("in") else { return Ok(Sought::Statements) };
        Sought::ALL.into_iter().find(|s| s.name() == name).ok_or_else(|| {
            Problem::asked(format!(
                "in={name}: write statements, events, positions or articles"
            ))
        })
    }
}

/// The address of the search.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] = &[
        Name::Q,
        Name::Who,
        Name::About,
        Name::To,
        Name::Type,
        Name::Stance,
        Name::Issue,
        Name::Where,
        Name::Since,
        Name::Until,
        Name::Certain,
        Name::Outlet,
        Name::Copies,
        Name::Sort,
    ];
    const OWN: &'static [(&'static str, &'static str)] = &[
        LANG,
        ("in", "What is looked for: statements, events, positions or articles."),
        ("page", "Which page of the answer, from 1."),
    ];
}

/// What the search shows.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    /// What is looked for.
    pub(crate) sought: Sought,
    pub(crate) statements: Vec<Said>,
    pub(crate) events: Vec<Happened>,
    pub(crate) positions: Vec<Held>,
    pub(crate) articles: Vec<Told>,
    /// How many hits there are, as far as they are counted.
    pub(crate) counted: u64,
    /// Whether there are more.
    pub(crate) more: bool,
    pub(crate) facets: Vec<Shared>,
    /// Which page this is.
    pub(crate) page: u64,
    /// The pages before and after.
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    /// What the archive holds.
    pub(crate) holds: Holds,
    /// What narrows the search, each with the address without it.
    pub(crate) chosen: Vec<Chosen>,
    /// The same search as a feed, where it can be followed.
    pub(crate) feed: Option<String>,
    #[serde(skip)]
    tabs: Vec<Tab>,
    #[serde(skip)]
    query: Query,
    #[serde(skip)]
    sorts: Vec<Tab>,
}

/// An article in a list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Told {
    pub(crate) reference: String,
    pub(crate) published: Option<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) snippet: Vec<Run>,
}

/// How much the archive holds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Holds {
    pub(crate) articles: u64,
    pub(crate) copies: u64,
    pub(crate) statements: u64,
    pub(crate) events: u64,
    pub(crate) positions: u64,
    pub(crate) actors: u64,
}

/// What the hits have in common.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Shared {
    /// `speaker`, `kind`, …
    pub(crate) name: &'static str,
    pub(crate) values: Vec<Value>,
}

/// A value of a facet.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Value {
    pub(crate) value: String,
    pub(crate) count: u64,
    /// The search narrowed to it, or widened again when it is chosen.
    pub(crate) href: String,
    pub(crate) chosen: bool,
}

/// What narrows a search.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Chosen {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) without: String,
}

/// Another way to look at the same.
#[derive(Clone, Debug)]
pub(crate) struct Tab {
    pub(crate) name: &'static str,
    pub(crate) href: String,
    pub(crate) current: bool,
}

#[derive(Template)]
#[template(path = "search.html")]
struct Search {
    page: Page,
    view: View,
}

impl Screen for Search {
    type View = View;

    fn view(&self) -> &View {
        &self.view
    }

    fn table(&self) -> Table {
        let view = &self.view;
        match view.sought {
            Sought::Statements => Table {
                head: Said::HEAD,
                rows: view.statements.iter().map(Said::row).collect(),
            },
            Sought::Events => Table {
                head: Happened::HEAD,
                rows: view.events.iter().map(Happened::row).collect(),
            },
            Sought::Positions => Table {
                head: Held::HEAD,
                rows: view.positions.iter().map(Held::row).collect(),
            },
            Sought::Articles => Table {
                head: &["reference", "published", "outlet", "title"],
                rows: view.articles.iter().map(Told::row).collect(),
            },
        }
    }
}

impl Told {
    fn row(&self) -> Vec<String> {
        let or_empty = |t: &Option<String>| t.clone().unwrap_or_default();
        vec![
            self.reference.clone(),
            or_empty(&self.published),
            or_empty(&self.outlet),
            or_empty(&self.title),
        ]
    }
}

/// `GET /` and `GET /search`.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    Asked { query, .. }: Asked<Asks>,
) -> Result<Response, Problem> {
    if !app.has_archive() {
        return Ok(super::read::welcome());
    }
    let view = app.read(move |archive| look(archive, query)).await?;
    let page = visitor.page(&app, "search", &[Form::Json, Form::Csv]);
    answer(&Search { page, view }, form, &visitor)
}

fn look(archive: &Archive, query: Query) -> Result<View, Problem> {
    let sought = Sought::of(&query)?;
    let number = match query.own.get("page") {
        Some(page) => {
            page.parse().ok().filter(|n| (1..=LAST).contains(n)).ok_or_else(|| {
                Problem::asked(format!("page={page}: write a number from 1 to {LAST}"))
            })?
        }
        None => 1,
    };
    let skip = (number - 1) * PAGE;
    let facts = archive.facts()?;
    let mut view = View {
        sought,
        statements: Vec::new(),
        events: Vec::new(),
        positions: Vec::new(),
        articles: Vec::new(),
        counted: 0,
        more: false,
        facets: Vec::new(),
        page: number as u64,
        before: (number > 1).then(|| turned(&query, number - 1)),
        after: None,
        holds: Holds {
            articles: facts.articles,
            copies: facts.copies,
            statements: facts.statements,
            events: facts.events,
            positions: facts.positions,
            actors: facts.actors,
        },
        chosen: chosen(&query),
        feed: feed(&query, sought),
        tabs: tabs(&query, sought),
        sorts: sorts(&query),
        query,
    };
    view.fill(archive, skip)?;
    let shown = view.statements.len()
        + view.events.len()
        + view.positions.len()
        + view.articles.len();
    let ranked = view.query.sort == Sort::Relevance && view.query.q.is_some();
    let last = if ranked { RANKED / PAGE } else { LAST };
    if ((skip + shown) as u64) < view.counted && number < last {
        view.after = Some(turned(&view.query, number + 1));
    }
    Ok(view)
}

impl View {
    fn fill(&mut self, archive: &Archive, skip: usize) -> Result<(), Problem> {
        let mut filter = self.query.filter(archive)?;
        filter.uncounted = false;
        let words = self.query.q.as_deref();
        // Ranked are the newest hits, shown page by page.
        let ranked = words.filter(|_| self.query.sort == Sort::Relevance);
        filter.limit = if ranked.is_some() { RANKED } else { skip + PAGE };
        let score = ranked.map(score);
        match self.sought {
            Sought::Statements => {
                let mut found = archive.statements(&filter)?;
                if let Some(score) = &score {
                    found.hits.sort_by_cached_key(|h| Reverse(score(&h.content)));
                }
                let hits = found.hits.iter().skip(skip).take(PAGE);
                self.statements = hits.map(|h| Said::of(h, words)).collect();
                (self.counted, self.more) = (found.counted as u64, found.more);
                self.facets = shared(&self.query, found.facets);
            }
            Sought::Events => {
                let mut found = archive.events(&filter)?;
                if let Some(score) = &score {
                    found.hits.sort_by_cached_key(|h| Reverse(score(&h.words)));
                }
                let hits = found.hits.iter().skip(skip).take(PAGE);
                self.events = hits.map(|h| Happened::of(h, words)).collect();
                (self.counted, self.more) = (found.counted as u64, found.more);
                self.facets = shared(&self.query, found.facets);
            }
            Sought::Positions => {
                let mut found = archive.positions(&filter)?;
                // The archive has them in order of date; who searches wants the newest.
                found.reverse();
                let hits = found.iter().skip(skip).take(PAGE);
                self.positions = hits.map(|h| Held::of(h, false)).collect();
                self.counted = found.len() as u64;
            }
            Sought::Articles => {
                if words.is_none() {
                    return Ok(());
                }
                filter.limit = LAST * PAGE;
                let found = archive.search(&filter)?;
                let told = |hit: &depeche_archive::TextHit| Told {
                    reference: hit.reference.to_string(),
                    published: hit.published.clone(),
                    outlet: hit.outlet.as_deref().map(calm),
                    title: hit.title.as_deref().map(calm),
                    snippet: lit(&hit.snippet, words),
                };
                self.articles = found.iter().skip(skip).take(PAGE).map(told).collect();
                self.counted = found.len() as u64;
                self.more = found.len() >= filter.limit;
            }
        }
        Ok(())
    }

    fn field<'a>(&'a self, value: &'a Option<String>) -> &'a str {
        value.as_deref().unwrap_or_default()
    }
}

/// The address of a search.
pub(crate) fn address(query: &Query) -> String {
    match query.to_url() {
        url if url.is_empty() => "/search".into(),
        url => format!("/search?{url}"),
    }
}

/// The same search, from its first page and in whichever language the reader has.
fn afresh(query: &Query) -> Query {
    let mut query = query.clone();
    query.own.remove("page");
    query.own.remove("lang");
    query
}

/// A feed of what is looked for: of articles there is none.
fn feed(query: &Query, sought: Sought) -> Option<String> {
    if sought == Sought::Articles {
        return None;
    }
    let mut query = afresh(query);
    query.own.clear();
    query.sort = Sort::Date;
    // Each feed knows what is asked of its own sort only.
    if sought != Sought::Statements {
        query.about = None;
    }
    if sought != Sought::Events {
        query.place = None;
    }
    if sought == Sought::Positions {
        query.to = None;
        query.types.clear();
    } else {
        query.issue = None;
        query.stances.clear();
    }
    Some(format!("/v1/{}.atom?{}", sought.name(), query.to_url()))
}

fn turned(query: &Query, page: usize) -> String {
    let mut query = afresh(query);
    if page > 1 {
        query.own.insert("page", page.to_string());
    }
    address(&query)
}

fn tabs(query: &Query, sought: Sought) -> Vec<Tab> {
    let tab = |other: Sought| {
        let mut query = afresh(query);
        query.own.insert("in", other.name().into());
        if other != sought {
            // Kinds of statements are no types of events.
            query.types.clear();
            query.stances.clear();
        }
        Tab { name: other.name(), href: address(&query), current: other == sought }
    };
    Sought::ALL.into_iter().map(tab).collect()
}

fn sorts(query: &Query) -> Vec<Tab> {
    let tab = |name: &'static str, sort: Sort| {
        let current = query.sort == sort;
        let href = address(&Query { sort, ..afresh(query) });
        Tab { name, href, current }
    };
    vec![tab("date", Sort::Date), tab("relevance", Sort::Relevance)]
}

fn shared(query: &Query, facets: Vec<Facet>) -> Vec<Shared> {
    const ORDER: [&str; 10] = [
        "speaker",
        "actor",
        "about",
        "recipient",
        "type",
        "kind",
        "class",
        "factuality",
        "outlet",
        "month",
    ];
    let place = |name: &str| ORDER.iter().position(|o| *o == name).unwrap_or(ORDER.len());
    let mut facets = facets;
    facets.sort_by_key(|f| place(f.name));
    facets.into_iter().map(|facet| one_facet(query, facet)).collect()
}

fn one_facet(query: &Query, facet: Facet) -> Shared {
    let mut values = facet.values;
    if facet.name == "month" {
        values.reverse();
    }
    let value = |(value, count): (String, u64)| {
        let narrowed = narrowed(&afresh(query), facet.name, &value);
        let chosen = narrowed == afresh(query);
        let href = match chosen {
            true => address(&without(&afresh(query), facet.name)),
            false => address(&narrowed),
        };
        Value { value: calm(&value), count, href, chosen }
    };
    Shared {
        name: facet.name,
        values: values.into_iter().take(VALUES).map(value).collect(),
    }
}

/// A search, narrowed to a value of a facet.
fn narrowed(query: &Query, facet: &str, value: &str) -> Query {
    let mut query = query.clone();
    let text = Some(value.to_owned());
    match facet {
        "speaker" | "actor" => query.who = text,
        "about" => query.about = text,
        "recipient" => query.to = text,
        "kind" | "class" | "type" => query.types = vec![value.to_owned()],
        "factuality" => query.certain = true,
        "outlet" => query.outlet = text,
        _ => {
            query.since = text.clone();
            query.until = text;
        }
    }
    query
}

fn without(query: &Query, facet: &str) -> Query {
    let mut query = query.clone();
    match facet {
        "speaker" | "actor" | "who" => query.who = None,
        "about" => query.about = None,
        "recipient" | "to" => query.to = None,
        "kind" | "class" | "type" => query.types.clear(),
        "factuality" | "certain" => query.certain = false,
        "outlet" => query.outlet = None,
        "since" => query.since = None,
        "until" => query.until = None,
        "issue" => query.issue = None,
        "where" => query.place = None,
        "stance" => query.stances.clear(),
        "copies" => query.copies = false,
        _ => (query.since, query.until) = (None, None),
    }
    query
}

/// What narrows a search, besides its words.
fn chosen(query: &Query) -> Vec<Chosen> {
    let fresh = afresh(query);
    let joined = |list: &Vec<String>| (!list.is_empty()).then(|| list.join(", "));
    let switch = |on: bool| on.then(String::new);
    let all = [
        ("who", query.who.clone()),
        ("about", query.about.clone()),
        ("to", query.to.clone()),
        ("type", joined(&query.types)),
        ("stance", joined(&query.stances)),
        ("issue", query.issue.clone()),
        ("where", query.place.clone()),
        ("since", query.since.clone()),
        ("until", query.until.clone()),
        ("outlet", query.outlet.clone()),
        ("certain", switch(query.certain)),
        ("copies", switch(query.copies)),
    ];
    let given = all.into_iter().filter_map(|(name, value)| Some((name, value?)));
    given
        .map(|(name, value)| Chosen {
            name,
            value: calm(&value),
            without: address(&without(&fresh, name)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Query {
        let uri = format!("/search?{text}").parse().expect("it is a path");
        Query::read::<Asks>(&uri).expect("it is a query")
    }

    #[test]
    fn a_facet_narrows_and_widens_again() {
        let query = asked("q=port&page=3&lang=en");
        let facet = |values: &[&str]| Facet {
            name: "speaker",
            values: values.iter().map(|v| ((*v).to_owned(), 2)).collect(),
        };
        let shared = one_facet(&query, facet(&["A & B"]));
        assert_eq!(shared.values[0].href, "/search?q=port&who=A%20%26%20B");
        let narrowed = asked("q=port&who=A%20%26%20B");
        let shared = one_facet(&narrowed, facet(&["A & B"]));
        assert!(shared.values[0].chosen);
        assert_eq!(shared.values[0].href, "/search?q=port");
    }

    #[test]
    fn what_narrows_can_be_taken_away() {
        let chosen = chosen(&asked("q=port&since=2025-02&until=2025-02&certain=true"));
        let names: Vec<&str> = chosen.iter().map(|c| c.name).collect();
        assert_eq!(names, ["since", "until", "certain"]);
        assert_eq!(chosen[2].without, "/search?q=port&since=2025-02&until=2025-02");
    }

    #[test]
    fn another_tab_forgets_the_kinds_of_this_one() {
        let query = asked("q=port&type=direct&in=statements");
        let tabs = tabs(&query, Sought::Statements);
        assert!(tabs[0].current && tabs[0].href.contains("type=direct"));
        assert_eq!(tabs[1].href, "/search?q=port&in=events");
    }
}
