//! Which reports tell of one event, and how many know of it independently?

use rusqlite::types::Value;
use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::ask::{EventHit, Filter};
use crate::day::Day;
use crate::error::Result;
use crate::id::ArticleId;
use crate::rows::unlisted;

/// Reports of one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// Every report, the newest first; copies of a dispatch are not among them.
    pub reports: Vec<EventHit>,
    /// How many dispatches tell of it: what copies say again is no further source.
    pub sources: usize,
    /// When, as the most precise of them says: first and last day.
    pub when: Option<(Day, Day)>,
    /// Whether no day fits all that they say of its date.
    pub dates_differ: bool,
}

/// Reports that do not say when belong together when so many days lie between them, at most.
pub(crate) const NEAR: i64 = 4;

/// An event as its row says.
pub(crate) struct Report {
    pub(crate) id: i64,
    pub(crate) kind: i64,
    pub(crate) actors: Vec<i64>,
    pub(crate) recipients: Vec<i64>,
    pub(crate) days: Option<(i64, i64)>,
    pub(crate) published: Option<i64>,
    pub(crate) site: Option<i64>,
    pub(crate) country: Option<i64>,
    pub(crate) negative: bool,
    pub(crate) dispatch: i64,
}

/// Puts reports of one event together, as they come.
#[derive(Default)]
pub(crate) struct Grouping {
    groups: Vec<Vec<Report>>,
    led_by: FxHashMap<(i64, i64), Vec<usize>>,
}

impl Grouping {
    /// The number of the group that a report belongs to.
    pub(crate) fn put(&mut self, report: Report) -> usize {
        let known = report.actors.iter().find_map(|actor| {
            let led = self.led_by.get(&(report.kind, *actor))?;
            // With every report of the group: a chain of near ones leads anywhere.
            let fits = |g: &usize| self.groups[*g].iter().all(|r| r.may_be(&report));
            led.iter().copied().find(fits)
        });
        if let Some(group) = known {
            self.groups[group].push(report);
            return group;
        }
        let group = self.groups.len();
        for actor in &report.actors {
            self.led_by.entry((report.kind, *actor)).or_default().push(group);
        }
        self.groups.push(vec![report]);
        group
    }
}

impl Archive {
    /// Events that a filter lets through, reports of the same one together: of one type, with an
    /// actor in common, and recipients, places and dates that may be the same. Those told by
    /// most dispatches come first.
    ///
    /// A report without an actor stands alone, for its type alone does not say which event it is.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn happenings(&self, filter: &Filter) -> Result<Vec<Happening>> {
        let mut grouping = Grouping::default();
        for id in self.event_ids(filter)? {
            grouping.put(self.report(id)?);
        }
        let mut groups = grouping.groups;
        groups.sort_by_cached_key(|g| {
            (std::cmp::Reverse(sources(g)), std::cmp::Reverse(g[0].id))
        });
        groups.truncate(filter.limit);
        groups.into_iter().map(|g| self.happening(&g)).collect()
    }

    fn happening(&self, group: &[Report]) -> Result<Happening> {
        let stated = || group.iter().filter_map(|r| r.days);
        let when = stated().min_by_key(|(first, last)| last - first);
        let latest_first = stated().map(|d| d.0).max();
        let earliest_last = stated().map(|d| d.1).min();
        Ok(Happening {
            sources: sources(group),
            when: when.map(|(f, l)| (Day::from_number(f), Day::from_number(l))),
            dates_differ: latest_first.zip(earliest_last).is_some_and(|(f, l)| f > l),
            reports: group.iter().map(|r| self.event(r.id)).collect::<Result<_>>()?,
        })
    }

    fn report(&self, id: i64) -> Result<Report> {
        let sql = "SELECT e.type, e.actors, e.recipients, e.first, e.last, e.site, e.country, \
                   f.text, a.first, a.dispatch FROM event e \
                   JOIN article a ON a.id = e.id >> 14 \
                   LEFT JOIN word f ON f.id = e.factuality WHERE e.id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        Ok(ask.query_row([id], |row| {
            let (first, last): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
            Ok(Report {
                id,
                kind: row.get(0)?,
                actors: unlisted(&row.get::<_, Value>(1)?),
                recipients: unlisted(&row.get::<_, Value>(2)?),
                days: first.zip(last),
                published: row.get(8)?,
                site: row.get(5)?,
                country: row.get(6)?,
                negative: row.get::<_, String>(7)?.ends_with('-'),
                dispatch: row.get(9)?,
            })
        })?)
    }
}

impl Report {
    /// Whether two reports may tell of one event, given that they share type and actor.
    pub(crate) fn may_be(&self, other: &Report) -> bool {
        self.negative == other.negative
            && meet(&self.recipients, &other.recipients)
            && self.same_place(other)
            && self.same_time(other)
            // What one article tells apart it means apart.
            && ArticleId::of_item(self.id) != ArticleId::of_item(other.id)
    }

    fn same_place(&self, other: &Report) -> bool {
        match (self.site, other.site) {
            (Some(a), Some(b)) if a == b => true,
            // A city lies in its country: the one report only says it more precisely.
            (Some(_), Some(_)) => self.country.is_some() && self.country == other.country,
            _ => true,
        }
    }

    fn same_time(&self, other: &Report) -> bool {
        let near = |a: Option<i64>, b: Option<i64>| {
            a.zip(b).is_some_and(|(a, b)| (a - b).abs() <= NEAR)
        };
        match (self.days, other.days) {
            (Some(a), Some(b)) => a.0 <= b.1 + 1 && b.0 <= a.1 + 1,
            (Some(days), None) => near(Some(days.1), other.published),
            (None, Some(days)) => near(Some(days.1), self.published),
            (None, None) => near(self.published, other.published),
        }
    }
}

/// Whether two lists share somebody, or one of them names nobody.
fn meet(a: &[i64], b: &[i64]) -> bool {
    a.is_empty() || b.is_empty() || a.iter().any(|e| b.contains(e))
}

fn sources(group: &[Report]) -> usize {
    let mut dispatches: Vec<i64> = group.iter().map(|r| r.dispatch).collect();
    dispatches.sort_unstable();
    dispatches.dedup();
    dispatches.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(article: i64, days: Option<(i64, i64)>, published: i64) -> Report {
        Report {
            id: ArticleId(article).item(1),
            kind: 1,
            actors: vec![7],
            recipients: Vec::new(),
            days,
            published: Some(published),
            site: None,
            country: None,
            negative: false,
            dispatch: article,
        }
    }

    #[test]
    fn reports_meet_where_their_dates_may() {
        let first = report(1, Some((100, 100)), 101);
        assert!(first.may_be(&report(2, Some((95, 105)), 110)));
        assert!(first.may_be(&report(2, None, 102)));
        assert!(!first.may_be(&report(2, None, 120)));
        assert!(!first.may_be(&report(2, Some((104, 104)), 104)));
        // Twice in one article it is told apart.
        assert!(!first.may_be(&report(1, Some((100, 100)), 101)));
        let other = Report { recipients: vec![9], ..report(2, Some((100, 100)), 101) };
        assert!(first.may_be(&other));
        let to = Report { recipients: vec![8], ..report(3, Some((100, 100)), 101) };
        assert!(!to.may_be(&other));
        let denied = Report { negative: true, ..report(2, Some((100, 100)), 101) };
        assert!(!first.may_be(&denied));
    }
}
