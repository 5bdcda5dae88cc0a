//! How does a cluster of machines come to the answers of an archive? With what an archive decides
//! by, taken out of it: keys to join on, and the decisions within what was joined.
//!
//! An archive takes articles one by one, and each meets all that came before it. Machines that
//! share the articles first join what may belong together, by the keys of this module, and then
//! let [`resolve`] and [`happenings`] decide in each part of the whole, in the order that an
//! archive has to which the articles were added by date.

use depeche_record::{ActorKind, Record};
use rustc_hash::FxHashMap;

use crate::day::Day;
use crate::entity::is_identified;
use crate::happening::{Grouping, NEAR, Report};
use crate::id::{ArticleId, number_of};
use crate::rows::{days_of_event, parts};
use crate::terms::{fold, tokens};
use crate::write::{name_of, site_key};

/// What tells an actor of one article from those of others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ActorKey {
    /// Its kind, as the record names it.
    pub kind: String,
    /// Its name, folded.
    pub fold: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Wikidata.
    pub qid: Option<String>,
    /// Whether the article says which actor it is, and not merely what sort of.
    pub identified: bool,
}

impl ActorKey {
    /// The keys of the actors of a record that an archive counts, with their places in
    /// `record.actors`: those that are named, or have a part in something.
    pub fn of(record: &Record) -> Vec<(usize, ActorKey)> {
        let parts = parts(record);
        let counts = |n: &usize| {
            let actor = &record.actors[*n];
            is_identified(actor) || parts.contains(actor.id.as_str())
        };
        let key = |n: usize| {
            let actor = &record.actors[n];
            let key = ActorKey {
                kind: name_of(&actor.kind),
                fold: fold(&actor.name),
                country: actor.country.clone(),
                qid: actor.qid.clone(),
                identified: is_identified(actor),
            };
            (n, key)
        };
        (0..record.actors.len()).filter(counts).map(key).collect()
    }

    /// What two actors must have in common for one decision to see both.
    pub fn blocks(&self) -> Vec<String> {
        let mut blocks =
            vec![format!("n|{}|{}|{}", self.kind, self.identified, self.fold)];
        if let Some(country) = self.country.as_ref().filter(|_| self.is_state()) {
            blocks.push(format!("s|{country}"));
        }
        blocks.extend(self.qid.iter().map(|qid| format!("q|{qid}")));
        blocks
    }

    fn is_state(&self) -> bool {
        self.kind == name_of(&ActorKind::State)
    }
}

/// Which of some actors are one: for each, the place of the first that it is the same as. They
/// stand in the order in which articles name them first, and all that share a
/// [block](ActorKey::blocks) with one of them are among them.
pub fn resolve(actors: &[ActorKey]) -> Vec<usize> {
    // As `entity.rs` asks its table; what an entity learns later is its Wikidata id.
    let mut qids: Vec<Option<&str>> = Vec::with_capacity(actors.len());
    let mut entities: Vec<usize> = Vec::new();
    let mut found = Vec::with_capacity(actors.len());
    for (n, actor) in actors.iter().enumerate() {
        let entity = find(actors, &qids, &entities, actor);
        qids.push(actor.qid.as_deref());
        match entity {
            Some(entity) => {
                if qids[entity].is_none() && !is_found_as_state(actor) {
                    qids[entity] = actor.qid.as_deref();
                }
                found.push(entity);
            }
            None => {
                entities.push(n);
                found.push(n);
            }
        }
    }
    found
}

fn is_found_as_state(actor: &ActorKey) -> bool {
    actor.is_state() && actor.country.is_some()
}

fn find(
    actors: &[ActorKey],
    qids: &[Option<&str>],
    entities: &[usize],
    wanted: &ActorKey,
) -> Option<usize> {
    let mut all = entities.iter().copied();
    if is_found_as_state(wanted) {
        return all.find(|e| {
            let other = &actors[*e];
            other.identified
                && other.kind == wanted.kind
                && other.country == wanted.country
        });
    }
    let qid = wanted.qid.as_deref();
    if qid.is_some()
        && let Some(known) = all.clone().find(|e| qids[*e] == qid)
    {
        return Some(known);
    }
    let same_name = all.filter(|e| {
        let other = &actors[*e];
        (&other.fold, &other.kind, other.identified)
            == (&wanted.fold, &wanted.kind, wanted.identified)
    });
    if !wanted.identified {
        return same_name.into_iter().find(|e| actors[*e].country == wanted.country);
    }
    let full = wanted.kind != name_of(&ActorKind::Person) || wanted.fold.contains(' ');
    let fitting: Vec<usize> = same_name
        .filter(|e| {
            let countries = actors[*e].country.as_ref().zip(wanted.country.as_ref());
            countries.is_none_or(|(a, b)| a == b) && (full || qids[*e] == qid)
        })
        .collect();
    let first = fitting.iter().copied().find(|e| qids[*e].is_some());
    let first = first.or_else(|| fitting.first().copied())?;
    let are_two = qids[first].zip(qid).is_some_and(|(a, b)| a != b);
    (!are_two).then_some(first)
}

/// What an event of one article says that others may say too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventKey {
    /// Its number in the article: 3 for `e3`.
    pub n: usize,
    /// PLOVER type.
    pub kind: String,
    /// Its triggers, folded: copies say them in the same words.
    pub words: String,
    /// Who did it, as places in `record.actors`.
    pub actors: Vec<usize>,
    /// To whom, as places in `record.actors`.
    pub recipients: Vec<usize>,
    /// The first and the last day on which it may have been, as [`Day::number`].
    pub days: Option<(i64, i64)>,
    /// The site where it was; two places are one site when these are equal.
    pub site: Option<String>,
    /// ISO 3166-1 alpha-3 of the place.
    pub country: Option<String>,
    /// Whether it certainly, probably or possibly did not happen.
    pub negative: bool,
}

impl EventKey {
    /// The keys of the events of a record.
    pub fn of(record: &Record) -> Vec<EventKey> {
        let places = |ids: &[String]| {
            ids.iter().filter_map(|id| number_of(id).checked_sub(1)).collect()
        };
        let key = |e: &depeche_record::Event| {
            let place = e.place.as_deref().and_then(|p| number_of(p).checked_sub(1));
            let place = place.and_then(|p| record.places.get(p));
            let words: Vec<&str> = e.mentions.iter().map(|m| m.text.as_str()).collect();
            let words = tokens(&words.join(", "));
            let (first, last) = days_of_event(record, e);
            EventKey {
                n: number_of(&e.id),
                kind: name_of(&e.kind),
                words: words.into_iter().map(|t| t.fold).collect::<Vec<_>>().join(" "),
                actors: places(&e.actor),
                recipients: places(&e.recipient),
                days: first.zip(last),
                site: place.map(site_key),
                country: place.and_then(|p| p.country.clone()),
                negative: name_of(&e.factuality).ends_with('-'),
            }
        };
        record.events.iter().map(key).collect()
    }
}

/// An event of one article, among those of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventReport {
    /// Its article: two events of one article are two.
    pub article: i64,
    /// PLOVER type.
    pub kind: String,
    /// Who did it, the entity that articles named first before others.
    pub actors: Vec<String>,
    /// To whom, likewise.
    pub recipients: Vec<String>,
    /// As [`EventKey::days`].
    pub days: Option<(i64, i64)>,
    /// The first day on which the article may have been published, as [`Day::number`].
    pub published: Option<i64>,
    /// As [`EventKey::site`].
    pub site: Option<String>,
    /// As [`EventKey::country`].
    pub country: Option<String>,
    /// As [`EventKey::negative`].
    pub negative: bool,
}

/// Days on which an event may be told again, the first and the last: two reports whose spans do
/// not meet are of two events. `None` for one that stands alone.
pub fn reach(days: Option<(i64, i64)>, published: Option<i64>) -> Option<(i64, i64)> {
    match (days, published) {
        (Some((first, last)), _) => Some((first.min(last), last + 1)),
        (None, Some(day)) => Some((day - NEAR, day + NEAR)),
        (None, None) => None,
    }
}

/// Which reports tell of one event: for each its group, numbered as they come. They stand in
/// the order of an archive's answers, the newest first.
pub fn happenings(reports: &[EventReport]) -> Vec<usize> {
    let mut numbers = Numbers::default();
    let mut grouping = Grouping::default();
    reports.iter().map(|r| grouping.put(numbers.report(r))).collect()
}

/// Numbers for words, as an archive has them.
#[derive(Default)]
struct Numbers<'r>(FxHashMap<&'r str, i64>);

impl<'r> Numbers<'r> {
    fn of(&mut self, word: &'r str) -> i64 {
        let next = self.0.len() as i64;
        *self.0.entry(word).or_insert(next)
    }

    fn report(&mut self, r: &'r EventReport) -> Report {
        Report {
            id: ArticleId(r.article).item(1),
            kind: self.of(&r.kind),
            actors: r.actors.iter().map(|a| self.of(a)).collect(),
            recipients: r.recipients.iter().map(|a| self.of(a)).collect(),
            days: r.days,
            published: r.published,
            site: r.site.as_deref().map(|s| self.of(s)),
            country: r.country.as_deref().map(|c| self.of(c)),
            negative: r.negative,
            dispatch: r.article,
        }
    }
}

/// Where an article stands in the order of dates: a text that sorts as its numbers in an
/// archive do. `order` tells articles of one day apart, and the identity those of one order.
pub fn place(published: Option<&str>, order: u64, identity: &str) -> String {
    let (first, last) = published.map_or((None, None), Day::bounds);
    let day = first.or(last).unwrap_or(Day::FIRST);
    format!("{:06}-{order:012}-{identity}", day.number())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(
        kind: &str,
        name: &str,
        country: Option<&str>,
        qid: Option<&str>,
    ) -> ActorKey {
        ActorKey {
            kind: kind.into(),
            fold: fold(name),
            country: country.map(str::to_owned),
            qid: qid.map(str::to_owned),
            identified: true,
        }
    }

    #[test]
    fn actors_are_one_as_in_an_archive() {
        let actors = [
            actor("person", "Anne Ferrand", Some("FRA"), None),
            actor("person", "Anne Ferrand", None, Some("Q1")),
            // Two persons of one name, both known: they are two.
            actor("person", "Anne Ferrand", None, Some("Q2")),
            actor("person", "Anne Ferrand", Some("BEL"), None),
            actor("person", "Ferrand", None, None),
            actor("person", "la ministre", None, Some("Q1")),
            actor("state", "France", Some("FRA"), Some("Q142")),
            actor("state", "République française", Some("FRA"), None),
        ];
        assert_eq!(resolve(&actors), [0, 0, 2, 2, 4, 0, 6, 6]);
    }

    #[test]
    fn places_sort_by_day_then_order() {
        let place = |published, order| place(Some(published), order, "a");
        assert!(place("2025-02", 9) < place("2025-02-02", 1));
        assert!(place("2025-02-02", 9) < place("2025-02-02", 10));
        assert!(super::place(None, 0, "b") < place("1999", 0));
    }
}
