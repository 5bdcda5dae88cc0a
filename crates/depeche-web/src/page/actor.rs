//! An actor: what it says, what is said of it, where it stands, with whom, under which names.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use depeche::record::{Actor as Met, MentionForm};
use depeche_archive::{ActorHit, Archive, Count, Filter, Reference, Story, Who};
use serde::Serialize;

use super::LANG;
use super::hit::{Happened, Held, Said};
use super::labels::Labels;
use super::screen::{Page, Screen, Table, Visitor, answer};
use super::text::calm;
use crate::draw;
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name, Query, escape};
use crate::state::App;

/// So many statements and events of each sort are shown; the search has all of them.
const SHOWN: usize = 6;
/// So many of the actors that a name means.
const ACTORS: usize = 12;
/// So many issues.
const ISSUES: usize = 24;
/// Names and offices are looked for in so many articles.
const READ: usize = 24;
/// So many months have a bar each; of more, each year has one.
const MONTHS: usize = 60;

/// The address of an actor.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] =
        &[Name::Issue, Name::Since, Name::Until, Name::Certain, Name::Copies];
    const OWN: &'static [(&'static str, &'static str)] = &[LANG];
}

/// What the page of an actor shows.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    /// The name that was asked for.
    pub(crate) asked: String,
    /// Whom it means.
    pub(crate) actors: Vec<Known>,
    pub(crate) said: Vec<Said>,
    pub(crate) said_count: u64,
    pub(crate) about: Vec<Said>,
    pub(crate) about_count: u64,
    pub(crate) events: Vec<Happened>,
    pub(crate) events_count: u64,
    /// Positions by issue, each the oldest first.
    pub(crate) stories: Vec<Told>,
    /// With whom it shares events.
    pub(crate) with: Vec<(String, u64)>,
    /// By which names and offices it was called.
    pub(crate) names: Vec<Called>,
    pub(crate) months: Vec<Month>,
    #[serde(skip)]
    picture: Option<String>,
    /// The search for what it says, and for what is said of it.
    #[serde(skip)]
    searches: [String; 3],
}

/// An actor that is meant.
#[derive(Debug, Serialize)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) country: Option<String>,
    pub(crate) qid: Option<String>,
    pub(crate) said: u64,
    pub(crate) said_about: u64,
    pub(crate) events: u64,
    pub(crate) positions: u64,
    pub(crate) names: Vec<String>,
}

/// Positions on one issue.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    pub(crate) actor: String,
    pub(crate) issue: Option<String>,
    pub(crate) held: Vec<Held>,
    /// How often it changed sides.
    pub(crate) changes: u64,
}

/// A name or an office, and when the press used it.
#[derive(Debug, Serialize)]
pub(crate) struct Called {
    pub(crate) name: String,
    /// `name`, `title`, `metonym`, or `office`.
    pub(crate) form: &'static str,
    pub(crate) first: Option<String>,
    pub(crate) last: Option<String>,
    pub(crate) count: u64,
}

/// How much of each sort in a month.
#[derive(Debug, Serialize)]
pub(crate) struct Month {
    pub(crate) month: String,
    pub(crate) statements: u64,
    pub(crate) about: u64,
    pub(crate) events: u64,
    pub(crate) positions: u64,
}

#[derive(Template)]
#[template(path = "actor.html")]
struct Actor {
    page: Page,
    view: View,
}

impl Screen for Actor {
    type View = View;

    fn view(&self) -> &View {
        &self.view
    }

    fn table(&self) -> Table {
        let held = self.view.stories.iter().flat_map(|s| &s.held);
        Table { head: Held::HEAD, rows: held.map(Held::row).collect() }
    }
}

/// `GET /actor/{name}`.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    Path(name): Path<String>,
    Asked { query, .. }: Asked<Asks>,
) -> Result<Response, Problem> {
    let labels = visitor.labels;
    let view = app.read(move |archive| look(archive, &name, &query, labels)).await?;
    let page = visitor.page(&app, "actor", &[Form::Json, Form::Csv]);
    answer(&Actor { page, view }, form, &visitor)
}

fn look(
    archive: &Archive,
    name: &str,
    query: &Query,
    labels: &'static Labels,
) -> Result<View, Problem> {
    let who = archive.who(name).map_err(|e| Problem::from(e).or_missing())?;
    let hits = archive.actors(&who, ACTORS)?;
    let base = Filter { limit: SHOWN, uncounted: false, ..query.filter(archive)? };
    let of = |who: &Who| Filter { who: Some(who.clone()), issue: None, ..base.clone() };
    let said = archive.statements(&of(&who))?;
    let about = Filter { about: Some(who.clone()), issue: None, ..base.clone() };
    let about = archive.statements(&about)?;
    let events = archive.events(&of(&who))?;
    let positions = Filter { who: Some(who.clone()), ..base.clone() };
    let stories = stories(archive.positions(&positions)?);
    let months = archive.timeline(&who)?;
    let met = said.hits.iter().map(|h| &h.reference);
    let met: Vec<&Reference> =
        met.chain(events.hits.iter().map(|h| &h.reference)).collect();
    let names = names(archive, &hits, &positions, &met)?;
    let whose = escape(name);
    Ok(View {
        asked: calm(name),
        said_count: said.counted as u64,
        about_count: about.counted as u64,
        events_count: events.counted as u64,
        said: said.hits.iter().map(|h| Said::of(h, None)).collect(),
        about: about.hits.iter().map(|h| Said::of(h, None)).collect(),
        events: events.hits.iter().map(|h| Happened::of(h, None)).collect(),
        stories,
        with: with(&hits),
        names,
        picture: picture(&months, labels),
        months: months.into_iter().map(|(month, c)| Month::of(month, &c)).collect(),
        actors: hits.iter().map(Known::of).collect(),
        searches: [
            format!("/search?who={whose}"),
            format!("/search?about={whose}"),
            format!("/search?who={whose}&in=events"),
        ],
    })
}

impl Known {
    fn of(hit: &ActorHit) -> Known {
        Known {
            name: calm(&hit.name),
            kind: hit.kind.clone(),
            country: hit.country.clone(),
            qid: hit.qid.clone(),
            said: hit.said,
            said_about: hit.said_about,
            events: hit.events,
            positions: hit.positions,
            names: hit.names.iter().map(|n| calm(n)).collect(),
        }
    }
}

impl Month {
    fn of(month: String, count: &Count) -> Month {
        Month {
            month,
            statements: count.statements,
            about: count.about,
            events: count.events,
            positions: count.positions,
        }
    }
}

/// Those with most positions first.
fn stories(positions: Vec<depeche_archive::PositionHit>) -> Vec<Told> {
    let mut stories = Story::of(positions);
    stories.sort_by_key(|s| std::cmp::Reverse((s.changes().count(), s.held.len())));
    let told = |story: &Story| Told {
        actor: story.held.first().map(|(p, _)| calm(&p.actor)).unwrap_or_default(),
        issue: story.held.first().and_then(|(p, _)| p.issue.clone()),
        changes: story.changes().count() as u64,
        held: story.held.iter().map(|(p, changed)| Held::of(p, *changed)).collect(),
    };
    stories.iter().take(ISSUES).map(told).collect()
}

fn with(hits: &[ActorHit]) -> Vec<(String, u64)> {
    let mut all: BTreeMap<String, u64> = BTreeMap::new();
    for (name, count) in hits.iter().flat_map(|h| &h.with) {
        if !hits.iter().any(|h| h.name == *name) {
            *all.entry(calm(name)).or_default() += count;
        }
    }
    let mut all: Vec<(String, u64)> = all.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(ACTORS);
    all
}

/// By which names and offices articles of the archive call it, with the first and last date.
fn names(
    archive: &Archive,
    hits: &[ActorHit],
    filter: &Filter,
    met: &[&Reference],
) -> Result<Vec<Called>, Problem> {
    let more = Filter { limit: READ, issue: None, ..filter.clone() };
    let more = archive.statements(&more)?.hits;
    let mut articles: Vec<String> = met.iter().map(|r| r.article.clone()).collect();
    articles.extend(more.iter().map(|h| h.reference.article.clone()));
    articles.sort();
    articles.dedup();
    articles.truncate(READ);
    let mut called: BTreeMap<(&'static str, String), Called> = BTreeMap::new();
    for article in articles {
        let record = archive.article(&article.parse()?)?.record;
        let date = record.article.published.clone();
        for actor in record.actors.iter().filter(|a| hits.iter().any(|h| is(h, a))) {
            let mentions =
                actor.mentions.iter().filter_map(|m| Some((form(m.form)?, &m.text)));
            let office = actor.office.iter().map(|office| ("office", office));
            for (form, name) in mentions.chain(office) {
                let name = calm(name);
                let key = (form, name.to_lowercase());
                let entry = called.entry(key).or_insert(Called {
                    name,
                    form,
                    first: date.clone(),
                    last: date.clone(),
                    count: 0,
                });
                entry.count += 1;
                let known = date.is_some();
                if known && (entry.first.is_none() || date < entry.first) {
                    entry.first.clone_from(&date);
                }
                if known && date > entry.last {
                    entry.last.clone_from(&date);
                }
            }
        }
    }
    let mut called: Vec<Called> = called.into_values().collect();
    called.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    called.truncate(READ);
    Ok(called)
}

/// Whether an actor of an article is this one of the archive.
fn is(hit: &ActorHit, actor: &Met) -> bool {
    let same_id = hit.qid.is_some() && hit.qid == actor.qid;
    same_id || hit.name == actor.name || hit.names.contains(&actor.name)
}

/// The form of a mention that is worth a line: pronouns and descriptions are not.
fn form(form: MentionForm) -> Option<&'static str> {
    match form {
        MentionForm::Name => Some("name"),
        MentionForm::Title => Some("title"),
        MentionForm::Metonym => Some("metonym"),
        MentionForm::Nominal | MentionForm::Pronoun => None,
    }
}

/// Bars for months, those without anything too.
fn picture(months: &BTreeMap<String, Count>, labels: &Labels) -> Option<String> {
    let dated: Vec<(i32, i32, &Count)> = months
        .iter()
        .filter_map(|(month, count)| {
            let (year, month) = month.split_once('-')?;
            Some((year.parse().ok()?, month.parse().ok()?, count))
        })
        .collect();
    let number = |year: i32, month: i32| year * 12 + month - 1;
    let (first, last) = (dated.first()?, dated.last()?);
    let (first, last) = (number(first.0, first.1), number(last.0, last.1));
    let by_year = (last - first) as usize >= MONTHS;
    let step = if by_year { 12 } else { 1 };
    let first = if by_year { first - first % 12 } else { first };
    let mut bars: Vec<draw::Month> = Vec::new();
    for start in (first..=last).step_by(step as usize) {
        let inside =
            dated.iter().filter(|d| (start..start + step).contains(&number(d.0, d.1)));
        let mut sums = [0, 0, 0];
        for (_, _, count) in inside {
            sums[0] += count.statements;
            sums[1] += count.about;
            sums[2] += count.events;
        }
        let (year, month) = (start / 12, start % 12 + 1);
        let name = if by_year {
            year.to_string()
        } else {
            labels.month(&format!("{year:04}-{month:02}"))
        };
        let label = [
            labels.count("actor.statements", sums[0]),
            labels.count("actor.abouts", sums[1]),
            labels.count("actor.events", sums[2]),
        ];
        bars.push(draw::Month {
            label: format!("{name} : {}", label.join(", ")),
            tick: tick(start, first, step, labels),
            counts: sums.to_vec(),
        });
    }
    Some(draw::months(&bars, labels.say("actor.months")))
}

/// What stands below a bar: the first month, and each January; of years each fifth.
fn tick(at: i32, first: i32, step: i32, labels: &Labels) -> Option<String> {
    let (year, month) = (at / 12, at % 12 + 1);
    match (step, month) {
        (12, _) => (at == first || year % 5 == 0).then(|| year.to_string()),
        (_, 1) => Some(year.to_string()),
        // A name beside that of January would be written over it.
        _ if at == first && month < 10 => {
            Some(format!("{} {year}", labels.short_month(month as usize)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_without_anything_have_their_place() {
        let labels = super::super::labels::of("fr").expect("French is shipped");
        let count = Count { statements: 2, ..Count::default() };
        let months: BTreeMap<String, Count> = ["2022-11", "2023-03", "undated"]
            .map(|m| (m.to_owned(), count.clone()))
            .into();
        let picture = picture(&months, labels).expect("there are months");
        assert_eq!(picture.matches("<title>").count(), 5);
        assert!(picture.contains(">2023<"), "{picture}");
        assert!(super::picture(&BTreeMap::new(), labels).is_none());
    }
}
