//! What the rows of an article share, looked up once.

use std::borrow::Cow;
use std::collections::HashMap;

use depeche_record::{Actor, Place, Record, Span, Time};
use depeche_time::Edtf;
use jiff::civil::{Date, date};
use serde::Serialize;

use super::cell::Slice;
use crate::write::{Entry, Origin};

/// An article, and what its rows look up in it.
pub(crate) struct Context<'a> {
    pub(crate) record: &'a Record,
    pub(crate) origin: Option<&'a Origin>,
    /// The days that its date of publication may mean.
    pub(crate) published: (Option<i32>, Option<i32>),
    actors: HashMap<&'a str, &'a Actor>,
    times: HashMap<&'a str, &'a Time>,
    places: HashMap<&'a str, &'a Place>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(entry: Entry<'a>) -> Context<'a> {
        let Entry { record, origin } = entry;
        Context {
            record,
            origin,
            published: days(record.article.published.as_deref()),
            actors: record.actors.iter().map(|a| (a.id.as_str(), a)).collect(),
            times: record.times.iter().map(|t| (t.id.as_str(), t)).collect(),
            places: record.places.iter().map(|p| (p.id.as_str(), p)).collect(),
        }
    }

    pub(crate) fn actor(&self, id: &str) -> Option<&'a Actor> {
        self.actors.get(id).copied()
    }

    pub(crate) fn time(&self, id: Option<&String>) -> Option<&'a Time> {
        self.times.get(id?.as_str()).copied()
    }

    pub(crate) fn place(&self, id: Option<&String>) -> Option<&'a Place> {
        self.places.get(id?.as_str()).copied()
    }

    /// The names of some actors.
    pub(crate) fn names(&self, ids: &'a [String]) -> Vec<Cow<'a, str>> {
        let name = |id: &'a String| self.actor(id).map_or(id, |actor| &actor.name);
        ids.iter().map(|id| Cow::Borrowed(name(id).as_str())).collect()
    }

    /// Something of each of some actors.
    pub(crate) fn of_actors(
        &self,
        ids: &[String],
        what: impl Fn(&'a Actor) -> Option<Cow<'a, str>>,
    ) -> Vec<Option<Cow<'a, str>>> {
        ids.iter().map(|id| self.actor(id).and_then(&what)).collect()
    }

    /// Whether the article is a copy; `None` where that is not known.
    pub(crate) fn is_copy(&self) -> Option<bool> {
        self.origin.map(Origin::is_copy)
    }

    /// Whether an earlier article of the dispatch has that item.
    pub(crate) fn repeats(&self, id: &str) -> Option<bool> {
        self.origin.map(|o| o.repeated.iter().any(|r| r == id))
    }
}

/// The first and last day that an EDTF value may mean, since 1970-01-01; `None` where an end is
/// open or unknown.
pub(crate) fn days(edtf: Option<&str>) -> (Option<i32>, Option<i32>) {
    let Some(Ok(edtf)) = edtf.map(str::parse::<Edtf>) else { return (None, None) };
    let (first, last) = edtf.bounds();
    (first.map(number_of), last.map(number_of))
}

/// A date written `2025-02-18`, as days since 1970-01-01.
pub(crate) fn day_of(date: Option<&String>) -> Option<i32> {
    date?.parse().ok().map(number_of)
}

fn number_of(day: Date) -> i32 {
    (day.duration_since(date(1970, 1, 1)).as_hours() / 24) as i32
}

/// The code of an actor: country and sector, `RUSGOV`; `None` when neither is known.
pub(crate) fn code(actor: &Actor) -> Option<Cow<'_, str>> {
    match (&actor.country, &actor.sector) {
        (Some(country), Some(sector)) => Some(format!("{country}{sector}").into()),
        (Some(code), None) | (None, Some(code)) => Some(code.into()),
        (None, None) => None,
    }
}

/// The name that a value of an enumeration has in the record.
pub(crate) fn name_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The words of some spans as one text: `…` where the article has others between them.
pub(crate) fn words(spans: &[Span]) -> Cow<'_, str> {
    match spans {
        [span] => Cow::Borrowed(&span.text),
        spans => {
            let texts: Vec<&str> = spans.iter().map(|s| s.text.as_str()).collect();
            texts.join(" … ").into()
        }
    }
}

pub(crate) fn slices(spans: &[Span]) -> Vec<Slice<'_>> {
    spans.iter().map(Slice::from).collect()
}
