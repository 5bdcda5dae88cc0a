//! A chronology: what happened when, as far as the articles say.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use depeche::record::EventType;
use depeche::time::edtf::{Bound, Date, Edtf, Mark as Sure, Member};
use depeche_archive::{Archive, Day};
use serde::Serialize;

use super::hit::Happened;
use super::labels::Labels;
use super::screen::{Page, Screen, Table, Visitor, answer};
use super::{LANG, OF_EVENTS};
use crate::draw::{self, Bar, Mark, Tick};
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name, Query};
use crate::state::App;

/// So many events have a row each, when nobody asks for another number.
const ROWS: usize = 60;

/// The address of the chronology.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] = OF_EVENTS;
    const OWN: &'static [(&'static str, &'static str)] = &[LANG];
}

/// What the chronology shows.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    /// Events with a date, in order of it.
    pub(crate) events: Vec<Happened>,
    /// How many there are, as far as they are counted.
    pub(crate) counted: u64,
    pub(crate) more: bool,
    /// Of those shown, how many no article dates: they stand at its date of publication.
    pub(crate) undated: u64,
    #[serde(skip)]
    picture: String,
    #[serde(skip)]
    query: Query,
}

#[derive(Template)]
#[template(path = "chronology.html")]
struct Chronology {
    page: Page,
    view: View,
    types: Vec<&'static str>,
}

impl Screen for Chronology {
    type View = View;

    fn view(&self) -> &View {
        &self.view
    }

    fn table(&self) -> Table {
        let rows = self.view.events.iter().map(Happened::row).collect();
        Table { head: Happened::HEAD, rows }
    }
}

impl Chronology {
    fn field<'a>(&self, value: &'a Option<String>) -> &'a str {
        value.as_deref().unwrap_or_default()
    }

    fn is_type(&self, code: &str) -> bool {
        self.view.query.types.iter().any(|t| t.eq_ignore_ascii_case(code))
    }
}

/// `GET /chronology`.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    Asked { query, .. }: Asked<Asks>,
) -> Result<Response, Problem> {
    let labels = visitor.labels;
    let view = app.read(move |archive| look(archive, query, labels)).await?;
    let page = visitor.page(&app, "chronology", &[Form::Json, Form::Csv]);
    let types = super::article::Codes::all().types;
    answer(&Chronology { page, view, types }, form, &visitor)
}

fn look(
    archive: &Archive,
    query: Query,
    labels: &'static Labels,
) -> Result<View, Problem> {
    let mut filter = query.filter(archive)?;
    filter.limit = query.limit.unwrap_or(ROWS);
    filter.uncounted = false;
    let found = archive.events(&filter)?;
    let words = query.q.as_deref();
    let mut events: Vec<(i64, i64, Happened)> = Vec::new();
    for hit in &found.hits {
        let event = Happened::of(hit, words);
        let days = days(&event);
        let Some(first) = days.iter().map(|d| d.0).min() else { continue };
        let last = days.iter().map(|d| d.1).max().unwrap_or(first);
        events.push((first, last, event));
    }
    events.sort_by_key(|e| (e.0, e.1));
    let bars: Vec<Bar> = events.iter().map(|(_, _, e)| bar(e, labels)).collect();
    let ends = |end: fn(&(i64, i64)) -> i64| bars.iter().flat_map(|b| &b.days).map(end);
    let first = ends(|d| d.0).min().unwrap_or(0);
    let last = ends(|d| d.1).max().unwrap_or(first);
    let ticks = if bars.is_empty() { Vec::new() } else { ticks(first, last, labels) };
    Ok(View {
        counted: found.counted as u64,
        more: found.more,
        undated: events.iter().filter(|(_, _, e)| e.date.is_none()).count() as u64,
        picture: draw::chronology(&bars, &ticks, labels.say("chronology.heading")),
        events: events.into_iter().map(|(_, _, event)| event).collect(),
        query,
    })
}

/// The stretches of days that an event may have happened in: what no article dates stands where
/// it was told.
fn days(event: &Happened) -> Vec<(i64, i64)> {
    let Some(edtf) = event.date.as_ref().or(event.published.as_ref()) else {
        return Vec::new();
    };
    let one = |first: Option<Day>, last: Option<Day>| {
        let (first, last) = (first.or(last)?, last.or(first)?);
        Some((first.number(), last.number()))
    };
    let member = |member: &Member| {
        let edtf = match member {
            Member::Date(date) => Edtf::Date(*date),
            Member::Range(from, to) => {
                let bound = |date: &Option<Date>| date.map_or(Bound::Open, Bound::Date);
                Edtf::Interval(bound(from), bound(to))
            }
        };
        let (first, last) = Day::bounds(&edtf.to_string());
        one(first, last)
    };
    match edtf.parse::<Edtf>() {
        Ok(Edtf::OneOf(members) | Edtf::AllOf(members)) => {
            members.iter().filter_map(member).collect()
        }
        _ => {
            let (first, last) = Day::bounds(edtf);
            one(first, last).into_iter().collect()
        }
    }
}

fn bar(event: &Happened, labels: &Labels) -> Bar {
    let quad = EventType::from_code(&event.kind).map_or(0, |t| t.plover().quad as u8);
    let kind = labels.term("event", &event.kind);
    let date = match (&event.date, &event.published) {
        (Some(date), _) => labels.date(date),
        (None, Some(told)) => labels.with("chronology.told", &labels.date(told)),
        (None, None) => labels.say("date.none").to_owned(),
    };
    let who = [event.actors.join(", "), event.recipients.join(", ")];
    let who =
        who.iter().filter(|w| !w.is_empty()).cloned().collect::<Vec<_>>().join(" → ");
    let label = match who.is_empty() {
        true => format!("{kind} : {}", event.trigger()),
        false => format!("{kind} : {who}"),
    };
    let sure = labels.term("factuality", &event.factuality);
    Bar {
        days: days(event),
        mark: mark(event),
        class: format!("quad{quad}"),
        title: format!("{date} · {label} · « {} » · {sure}", event.trigger()),
        label,
        href: format!("/article/{}#passage", event.reference),
    }
}

/// What is known of an event and its date.
fn mark(event: &Happened) -> Mark {
    let parsed = event.date.as_deref().and_then(|d| d.parse::<Edtf>().ok());
    let vague = |d: &Date| {
        [d.mark, d.year_mark, d.month_mark, d.day_mark].iter().any(|m| *m != Sure::None)
    };
    let vague_end = |b: &Bound| matches!(b, Bound::Date(d) if vague(d));
    let open = |b: &Bound| !matches!(b, Bound::Date(_));
    let mut mark = Mark {
        hollow: event.factuality != "CT+",
        negated: event.factuality.ends_with('-'),
        // Where it is only told when it was told, nobody knows the day.
        approximate: event.date.is_none(),
        ..Mark::default()
    };
    match &parsed {
        Some(Edtf::Date(date) | Edtf::DateTime(date, _)) => {
            mark.approximate |= vague(date);
        }
        Some(Edtf::Interval(from, to)) => {
            mark.approximate |= vague_end(from) || vague_end(to);
            mark.open_start = open(from);
            mark.open_end = open(to);
        }
        _ => {}
    }
    mark
}

/// Lines at the beginnings of years, months or days: as many as fit.
fn ticks(first: i64, last: i64, labels: &Labels) -> Vec<Tick> {
    const MOST: i64 = 9;
    let (from, to) = (Day::from_number(first).date(), Day::from_number(last).date());
    let months =
        |d: jiff::civil::Date| i64::from(d.year()) * 12 + i64::from(d.month()) - 1;
    let span = months(to) - months(from);
    if span < 2 {
        let step = ((last - first) / MOST).max(1);
        let day = |n: i64| {
            let day = Day::from_number(n);
            Tick { day: n, label: labels.date(&day.to_string()) }
        };
        // The names of days are long.
        return (first..=last).step_by((step * 2) as usize).map(day).collect();
    }
    let steps = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
    let step = steps.into_iter().find(|s| span / s <= MOST).unwrap_or(2400);
    let start = months(from) - months(from).rem_euclid(step);
    let mut ticks = Vec::new();
    for month in (start..=months(to)).step_by(step as usize) {
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let edtf = format!("{year:04}-{month:02}");
        let (Some(day), _) = Day::bounds(&edtf) else { continue };
        let name = labels.short_month(month as usize);
        let label = if step >= 12 { year.to_string() } else { format!("{name} {year}") };
        ticks.push(Tick { day: day.number(), label });
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(date: Option<&str>, factuality: &str) -> Happened {
        Happened {
            reference: "abcd:1-2".into(),
            date: date.map(str::to_owned),
            published: Some("2025-02-18".into()),
            outlet: None,
            kind: "AGREE".into(),
            mode: None,
            actors: Vec::new(),
            recipients: Vec::new(),
            place: None,
            factuality: factuality.into(),
            words: Vec::new(),
            copies: 0,
        }
    }

    #[test]
    fn a_date_is_as_many_days_as_it_may_be() {
        assert_eq!(days(&event(Some("[2025-02-04,2025-02-11]"), "CT+")).len(), 2);
        let month = days(&event(Some("2025-02"), "CT+"));
        assert_eq!(month[0].1 - month[0].0, 27);
        let told = event(None, "PR+");
        assert_eq!(days(&told).len(), 1);
        assert!(mark(&told).approximate && mark(&told).hollow);
        assert!(mark(&event(Some("2025-02/.."), "CT-")).open_end);
        assert!(!mark(&event(Some("2025-02-18"), "CT+")).hollow);
    }

    #[test]
    fn lines_are_few_and_at_beginnings() {
        let labels = super::super::labels::of("en").expect("English is shipped");
        for (from, to) in
            [("2025-02-01", "2025-02-03"), ("2025-01", "2025-12"), ("1600", "2025")]
        {
            let first = Day::bounds(from).0.expect("it is a date").number();
            let last = Day::bounds(to).1.expect("it is a date").number();
            let ticks = ticks(first, last, labels);
            assert!((1..=13).contains(&ticks.len()), "{from} {to}: {}", ticks.len());
        }
    }
}
