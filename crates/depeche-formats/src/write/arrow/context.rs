//! What the rows of an article share, looked up once.

use std::borrow::Cow;

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
}

impl<'a> Context<'a> {
    pub(crate) fn new(entry: Entry<'a>) -> Context<'a> {
        let Entry { record, origin } = entry;
        Context { record, origin, published: days(record.article.published.as_deref()) }
    }

    pub(crate) fn actor(&self, id: &str) -> Option<&'a Actor> {
        of_id(&self.record.actors, id, |actor| &actor.id)
    }

    pub(crate) fn time(&self, id: Option<&String>) -> Option<&'a Time> {
        of_id(&self.record.times, id?, |time| &time.id)
    }

    pub(crate) fn place(&self, id: Option<&String>) -> Option<&'a Place> {
        of_id(&self.record.places, id?, |place| &place.id)
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

/// The item that has an id. Ids count (`a1`, `a2`, …), so it is looked for where its number
/// says; a record from elsewhere may number otherwise.
fn of_id<'a, T>(items: &'a [T], id: &str, id_of: impl Fn(&T) -> &str) -> Option<&'a T> {
    let number = id.get(1..).and_then(|n| n.parse::<usize>().ok());
    let there = number.and_then(|n| items.get(n.checked_sub(1)?));
    let there = there.filter(|item| id_of(item) == id);
    there.or_else(|| items.iter().find(|item| id_of(item) == id))
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

/// Days since 1970-01-01 as a date: `2025-02-18`.
pub(crate) fn iso(day: i32) -> String {
    let date = date(1970, 1, 1).checked_add(jiff::Span::new().days(day));
    date.map_or_else(|_| String::new(), |date| date.to_string())
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
