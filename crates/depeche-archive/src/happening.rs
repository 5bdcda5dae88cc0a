//! Which reports tell of one event, how many know of it independently, and on what do they
//! disagree?

use std::collections::BTreeMap;

use depeche_record::{Event, RoleKind};
use rusqlite::types::Value;
use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::ask::{EventHit, Filter};
use crate::day::Day;
use crate::error::Result;
use crate::id::{ArticleId, ITEM, Reference, number_of};
use crate::rows::{ACTOR, RECIPIENT, unlisted};
use crate::terms::{Analyser, tokens};
use crate::wording::Wordings;

/// Reports of one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// Every report, the newest first; copies of a dispatch are not among them.
    pub reports: Vec<EventHit>,
    /// How many dispatches tell of it: what copies say again is no further source.
    pub sources: usize,
    /// When, as all of them together allow: first and last day. Where their dates differ, as the
    /// most precise of them says.
    pub when: Option<(Day, Day)>,
    /// Whether no day fits all that they say of its date.
    pub dates_differ: bool,
    /// How many reports give a vaguer date than that, or none: the others pin it.
    pub pinned: usize,
    /// On what they disagree, each side with its sources.
    pub differences: Vec<Difference>,
}

/// Something on which reports of one event disagree. That one says more than another is no
/// disagreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub aspect: Aspect,
    /// Each side, that of most sources first.
    pub told: Vec<Told>,
}

/// What reports may disagree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Who did it.
    Who,
    /// To whom.
    ToWhom,
    /// When.
    When,
    /// Where.
    Where,
    /// How many.
    HowMany,
    /// Whether it happened.
    Whether,
}

impl Aspect {
    /// `who`, `to whom`, `when`, `where`, `how many`, `whether`.
    pub fn name(self) -> &'static str {
        match self {
            Aspect::Who => "who",
            Aspect::ToWhom => "to whom",
            Aspect::When => "when",
            Aspect::Where => "where",
            Aspect::HowMany => "how many",
            Aspect::Whether => "whether",
        }
    }
}

/// One side of a disagreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What is told: names, an EDTF date, a place, the words with the number, or a value of FactBank.
    pub value: String,
    /// By how many dispatches.
    pub sources: usize,
    /// By which reports.
    pub reports: Vec<Reference>,
}

/// Reports that do not say when belong together when so many days lie between them, at most.
const NEAR: i64 = 4;
/// What two reports must share to be of one event, when both tell one and the same day.
const ENOUGH: u32 = 4;
/// And when they do not.
const ENOUGH_UNDATED: u32 = 5;
/// And when they contradict each other in one thing: the more they share in the others.
const ENOUGH_IN_DISPUTE: u32 = 6;

/// A place as a lead, beside the roles of actors.
const PLACE: i64 = 0;
/// What two reports must share that name nobody who is known, of a place and a day.
const ENOUGH_OF_NOBODY: u32 = 3;
/// The quad class of meetings and agreements.
const VERBAL_COOPERATION: i64 = 1;

/// An event as its row says.
#[derive(Clone)]
struct Report {
    id: i64,
    kind: i64,
    actors: Vec<i64>,
    recipients: Vec<i64>,
    days: Option<(i64, i64)>,
    /// The time of day, where it tells one.
    hour: Option<String>,
    published: Option<i64>,
    site: Option<i64>,
    place: PlaceKind,
    country: Option<i64>,
    negative: bool,
    /// Whether it is the same from either side: they met, they agreed.
    mutual: bool,
    dispatch: i64,
    /// Stems of its triggers.
    stems: Vec<String>,
    /// Of its actors and recipients, those of whom it is known who they are.
    known: Vec<i64>,
}

/// How closely a place is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlaceKind {
    /// A city or a building.
    Point,
    /// A region, a sea, or something of which it is not told.
    Area,
    /// A state, or no place.
    Country,
}

/// Of which report, the number, its words: by role and the stem of what is counted.
type Counts = BTreeMap<(Option<RoleKind>, String), Vec<(usize, u64, String)>>;

/// What two reports have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bond {
    /// They cannot tell of one event.
    None,
    /// They may, but share too little to say so.
    Open,
    /// They tell of one event.
    One,
}

impl Archive {
    /// Events that a filter lets through, reports of the same one together. Two reports are of
    /// one event when type and actor are the same, what else they say does not speak against
    /// it, and they share enough: known actors, recipients, the day, the place, the trigger. Where
    /// they contradict each other in one thing, they must share more of the others. Those told by
    /// most dispatches come first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn happenings(&self, filter: &Filter) -> Result<Vec<Happening>> {
        let mut groups: Vec<Vec<Report>> = Vec::new();
        let mut led_by: FxHashMap<(i64, i64, i64), Vec<usize>> = FxHashMap::default();
        let analysers: Vec<Analyser> =
            self.languages()?.iter().map(|l| Analyser::new(l)).collect();
        for id in self.event_ids(filter)? {
            let report = self.report(id, &analysers)?;
            let leads = report.leads();
            let fits = |group: &Vec<Report>| {
                // With no report of the group it may clash: a chain of near ones leads anywhere.
                let bonds: Vec<Bond> = group.iter().map(|r| r.bond(&report)).collect();
                !bonds.contains(&Bond::None) && bonds.contains(&Bond::One)
            };
            let mut known: Vec<usize> = leads
                .iter()
                .filter_map(|lead| led_by.get(lead))
                .flatten()
                .copied()
                .collect();
            known.sort_unstable();
            known.dedup();
            known.retain(|g| fits(&groups[*g]));
            let close = |g: &usize| groups[*g].iter().map(|r| r.shared(&report)).max();
            let closest =
                known.into_iter().max_by_key(|g| (close(g), std::cmp::Reverse(*g)));
            let group = closest.unwrap_or(groups.len());
            for lead in leads {
                let led = led_by.entry(lead).or_default();
                if !led.contains(&group) {
                    led.push(group);
                }
            }
            match groups.get_mut(group) {
                Some(group) => group.push(report),
                None => groups.push(vec![report]),
            }
        }
        groups.sort_by_cached_key(|g| {
            (std::cmp::Reverse(sources(g.iter())), std::cmp::Reverse(g[0].id))
        });
        groups.truncate(filter.limit);
        let wordings = Wordings::of(&self.db)?;
        groups.into_iter().map(|g| self.happening(&g, &wordings)).collect()
    }

    fn happening(&self, group: &[Report], wordings: &Wordings) -> Result<Happening> {
        let stated = || group.iter().filter_map(|r| r.days);
        let first = stated().map(|d| d.0).max();
        let last = stated().map(|d| d.1).min();
        let dates_differ = first.zip(last).is_some_and(|(f, l)| f > l);
        let when = match dates_differ {
            true => stated().min_by_key(|(first, last)| last - first),
            false => first.zip(last),
        };
        let reports: Vec<EventHit> =
            group.iter().map(|r| self.event(r.id)).collect::<Result<_>>()?;
        Ok(Happening {
            sources: sources(group.iter()),
            when: when.map(|(f, l)| (Day::from_number(f), Day::from_number(l))),
            dates_differ,
            pinned: match (dates_differ, when) {
                (false, Some(_)) => group.iter().filter(|r| r.days != when).count(),
                _ => 0,
            },
            differences: self.differences(group, &reports, dates_differ, wordings)?,
            reports,
        })
    }

    /// On what the reports of a group disagree.
    fn differences(
        &self,
        group: &[Report],
        reports: &[EventHit],
        dates_differ: bool,
        wordings: &Wordings,
    ) -> Result<Vec<Difference>> {
        let mut all = Vec::new();
        let mut say = |aspect, values: Vec<(usize, String)>| {
            let told = told(group, reports, values);
            if told.len() > 1 {
                all.push(Difference { aspect, told });
            }
        };
        // Who only says less, or says it less closely, takes no side.
        let sides = |differ: &dyn Fn(&Report, &Report) -> bool,
                     value: &dyn Fn(&EventHit) -> Option<String>| {
            let takes_side = |at: &usize| group.iter().any(|r| differ(&group[*at], r));
            let sides = (0..group.len()).filter(takes_side);
            sides.filter_map(|at| Some((at, value(&reports[at])?))).collect::<Vec<_>>()
        };
        let names = |list: &[String]| (!list.is_empty()).then(|| list.join(", "));
        let not = |a: &Report, b: &Report| !a.mirrors(b);
        say(
            Aspect::Who,
            sides(&|a, b| not(a, b) && a.clash(&a.actors, &b.actors, b), &|r| {
                names(&r.actors)
            }),
        );
        say(
            Aspect::ToWhom,
            sides(&|a, b| not(a, b) && a.clash(&a.recipients, &b.recipients, b), &|r| {
                names(&r.recipients)
            }),
        );
        if dates_differ {
            say(Aspect::When, sides(&|a, b| !a.days_meet(b), &|r| r.date.clone()));
        }
        say(Aspect::Where, sides(&|a, b| !a.same_place(b), &|r| r.place.clone()));
        if group.len() > 1 {
            for (_, counts) in self.counts(group, wordings)? {
                // Numbers that are told in other words are one: they are compared as numbers.
                let mut numbers: Vec<u64> = counts.iter().map(|(_, n, _)| *n).collect();
                numbers.sort_unstable();
                numbers.dedup();
                if numbers.len() > 1 {
                    let shown = |n: u64| {
                        let first = counts.iter().find(|(_, m, _)| *m == n);
                        first.map_or_else(String::new, |(_, _, words)| words.clone())
                    };
                    say(
                        Aspect::HowMany,
                        counts.iter().map(|(at, n, _)| (*at, shown(*n))).collect(),
                    );
                }
            }
        }
        say(
            Aspect::Whether,
            sides(&|a, b| a.negative != b.negative, &|r| Some(r.factuality.clone())),
        );
        Ok(all)
    }

    /// How many take part, by role (none: in the trigger itself) and what is counted: of which
    /// report, the number, its words.
    fn counts(&self, group: &[Report], wordings: &Wordings) -> Result<Counts> {
        let mut counts = Counts::new();
        for (at, report) in group.iter().enumerate() {
            let record = self.record(ArticleId::of_item(report.id))?;
            let Some(wording) = wordings.get(&record.article.lang) else { continue };
            let analyser = Analyser::new(&record.article.lang);
            let number = (report.id & ((1 << ITEM) - 1)) as usize;
            let is_it = |e: &&Event| number_of(&e.id) == number;
            let Some(event) = record.events.iter().find(is_it) else { continue };
            let people = [RoleKind::Actor, RoleKind::Recipient];
            let roles = event.roles.iter().filter(|r| people.contains(&r.role));
            let roles = roles.map(|r| (Some(r.role), r.text.as_str()));
            let triggers = event.mentions.iter().map(|m| (None, m.text.as_str()));
            for (role, text) in roles.chain(triggers) {
                let Some((number, counted)) = wording.count(text) else { continue };
                let what = counted.map_or_else(String::new, |word| {
                    analyser.stems(&word, &word).into_iter().next().unwrap_or_default()
                });
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                counts.entry((role, what)).or_default().push((at, number, words));
            }
        }
        Ok(counts)
    }

    fn report(&self, id: i64, analysers: &[Analyser]) -> Result<Report> {
        let sql = "SELECT e.type, e.actors, e.recipients, e.first, e.last, e.site, e.country, \
                   f.text, a.first, a.dispatch, e.edtf, e.words, k.text, e.quad FROM event e \
                   JOIN article a ON a.id = e.id >> 14 \
                   LEFT JOIN word f ON f.id = e.factuality LEFT JOIN site s ON s.id = e.site \
                   LEFT JOIN word k ON k.id = s.kind WHERE e.id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut report = ask.query_row([id], |row| {
            let (first, last): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
            let edtf: Option<String> = row.get(10)?;
            let words: String = row.get(11)?;
            let kind: Option<String> = row.get(12)?;
            Ok(Report {
                id,
                kind: row.get(0)?,
                actors: unlisted(&row.get::<_, Value>(1)?),
                recipients: unlisted(&row.get::<_, Value>(2)?),
                days: first.zip(last),
                hour: edtf.as_deref().and_then(hour),
                published: row.get(8)?,
                site: row.get(5)?,
                place: match kind.as_deref() {
                    Some("city" | "site") => PlaceKind::Point,
                    Some("country") => PlaceKind::Country,
                    _ => PlaceKind::Area,
                },
                country: row.get(6)?,
                negative: row.get::<_, String>(7)?.ends_with('-'),
                mutual: row.get::<_, i64>(13)? == VERBAL_COOPERATION,
                dispatch: row.get(9)?,
                stems: stems(&words, analysers),
                known: Vec::new(),
            })
        })?;
        let sql = "SELECT identified FROM entity WHERE id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        for entity in report.actors.iter().chain(&report.recipients) {
            if ask.query_row([*entity], |row| row.get(0))? {
                report.known.push(*entity);
            }
        }
        Ok(report)
    }
}

/// The hour of an EDTF date, where it has one.
fn hour(edtf: &str) -> Option<String> {
    let (_, time) = edtf.split_once('T')?;
    time.get(..2).map(str::to_owned)
}

/// The stems of triggers, short words left out.
fn stems(words: &str, analysers: &[Analyser]) -> Vec<String> {
    let told = tokens(words);
    let long = told.iter().filter(|t| t.fold.chars().nth(3).is_some());
    long.flat_map(|t| {
        analysers.iter().flat_map(|a| a.stems(&words[t.span.clone()], &t.fold))
    })
    .collect()
}

/// Each value with who tells it, that of most sources first.
fn told(
    group: &[Report],
    reports: &[EventHit],
    values: Vec<(usize, String)>,
) -> Vec<Told> {
    let mut by_value: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, value) in values {
        match by_value.iter_mut().find(|(known, _)| *known == value) {
            Some((_, tellers)) if tellers.contains(&at) => {}
            Some((_, tellers)) => tellers.push(at),
            None => by_value.push((value, vec![at])),
        }
    }
    let mut told: Vec<Told> = by_value
        .into_iter()
        .map(|(value, tellers)| Told {
            value,
            sources: sources(tellers.iter().map(|at| &group[*at])),
            reports: tellers.iter().map(|at| reports[*at].reference.clone()).collect(),
        })
        .collect();
    told.sort_by_key(|t| std::cmp::Reverse(t.sources));
    told
}

impl Report {
    /// By what a report of the same event is looked for.
    fn leads(&self) -> Vec<(i64, i64, i64)> {
        let lead = |role, list: &[i64]| -> Vec<(i64, i64, i64)> {
            list.iter().map(|entity| (self.kind, role, *entity)).collect()
        };
        let mut leads = lead(ACTOR, &self.actors);
        let whom = if self.mutual { ACTOR } else { RECIPIENT };
        leads.extend(lead(whom, &self.recipients));
        // What nobody is said to have done is looked for where it happened.
        if self.place == PlaceKind::Point && self.known.is_empty() {
            leads.extend(lead(PLACE, self.site.as_slice()));
        }
        leads
    }

    /// What two reports of one type have to do with each other.
    fn bond(&self, other: &Report) -> Bond {
        if self.mirrors(other) {
            let (actors, recipients) = (other.recipients.clone(), other.actors.clone());
            return self.bond(&Report {
                actors,
                recipients,
                mutual: false,
                ..other.clone()
            });
        }
        // What one article tells apart it means apart.
        if ArticleId::of_item(self.id) == ArticleId::of_item(other.id)
            || !self.same_time(other)
        {
            return Bond::None;
        }
        let disputes = [
            self.negative != other.negative,
            !self.may_share(&self.actors, &other.actors, other),
            !self.may_share(&self.recipients, &other.recipients, other),
            !self.same_place(other),
            !self.days_meet(other),
        ];
        let disputed = disputes.into_iter().filter(|d| *d).count();
        let same_day = self.one_day(other);
        let shared = self.shared(other);
        let nobody = self.known.is_empty() && other.known.is_empty();
        let there = self.place == PlaceKind::Point
            && self.site.is_some()
            && self.site == other.site;
        let enough = match same_day {
            true if nobody && there && self.same_trigger(other) => ENOUGH_OF_NOBODY,
            true => ENOUGH,
            false => ENOUGH_UNDATED,
        };
        match disputed {
            0 if shared >= enough => Bond::One,
            0 => Bond::Open,
            1 if shared >= ENOUGH_IN_DISPUTE => Bond::One,
            _ => Bond::None,
        }
    }

    /// Whether one side of something mutual is the other side of the other report.
    fn mirrors(&self, other: &Report) -> bool {
        let common = |a: &[i64], b: &[i64]| a.iter().any(|e| b.contains(e));
        self.mutual
            && other.mutual
            && common(&self.actors, &other.recipients)
            && common(&self.recipients, &other.actors)
    }

    /// Whether two lists share somebody, or one of them names nobody who is known: « 44
    /// demonstrators » and « 51 demonstrators » may be the same ones.
    fn may_share(&self, ours: &[i64], theirs: &[i64], other: &Report) -> bool {
        ours.iter().any(|e| theirs.contains(e))
            || !ours.iter().any(|e| self.known.contains(e))
            || !theirs.iter().any(|e| other.known.contains(e))
    }

    /// Whether each of two lists names somebody known whom the other does not.
    fn clash(&self, ours: &[i64], theirs: &[i64], other: &Report) -> bool {
        let lacks = |some: &[i64], known: &[i64], others: &[i64]| {
            some.iter().any(|e| known.contains(e) && !others.contains(e))
        };
        lacks(ours, &self.known, theirs) && lacks(theirs, &other.known, ours)
    }

    /// How much two reports share: two for somebody who is known, one for anything else.
    fn shared(&self, other: &Report) -> u32 {
        let someone = |ours: &[i64], theirs: &[i64]| {
            let common = ours.iter().filter(|e| theirs.contains(e));
            common.map(|e| if self.known.contains(e) { 2 } else { 1 }).max().unwrap_or(0)
        };
        let site = self.site.is_some()
            && self.site == other.site
            && self.place != PlaceKind::Country;
        someone(&self.actors, &other.actors)
            + someone(&self.recipients, &other.recipients)
            + u32::from(site)
            + u32::from(self.same_trigger(other))
            + u32::from(self.one_day(other))
    }

    fn same_trigger(&self, other: &Report) -> bool {
        self.stems.iter().any(|s| other.stems.contains(s))
    }

    /// Whether both tell one and the same day.
    fn one_day(&self, other: &Report) -> bool {
        self.days.is_some_and(|(first, last)| first == last) && self.days == other.days
    }

    fn same_place(&self, other: &Report) -> bool {
        match (self.site, other.site) {
            (Some(a), Some(b)) if a == b => true,
            (Some(_), Some(_)) => {
                let points =
                    self.place == PlaceKind::Point && other.place == PlaceKind::Point;
                // A city lies in its country: the one report only says it more precisely.
                !points && self.country.is_some() && self.country == other.country
            }
            _ => true,
        }
    }

    /// Whether they may tell of one time, a day of error allowed.
    fn same_time(&self, other: &Report) -> bool {
        let near = |a: Option<i64>, b: Option<i64>| {
            a.zip(b).is_some_and(|(a, b)| (a - b).abs() <= NEAR)
        };
        match (self.days, other.days) {
            // Two hours of one day are two events.
            (Some(_), Some(_)) if self.one_day(other) => {
                self.hour.is_none() || other.hour.is_none() || self.hour == other.hour
            }
            (Some(a), Some(b)) => a.0 <= b.1 + 1 && b.0 <= a.1 + 1,
            (Some(days), None) => near(Some(days.1), other.published),
            (None, Some(days)) => near(Some(days.1), self.published),
            (None, None) => near(self.published, other.published),
        }
    }

    /// Whether some day fits what both say.
    fn days_meet(&self, other: &Report) -> bool {
        self.days.zip(other.days).is_none_or(|(a, b)| a.0 <= b.1 && b.0 <= a.1)
    }
}

fn sources<'r>(group: impl Iterator<Item = &'r Report>) -> usize {
    let mut dispatches: Vec<i64> = group.map(|r| r.dispatch).collect();
    dispatches.sort_unstable();
    dispatches.dedup();
    dispatches.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A known actor does something to a known recipient, in a city.
    fn report(article: i64, days: Option<(i64, i64)>, published: i64) -> Report {
        Report {
            id: ArticleId(article).item(1),
            kind: 1,
            actors: vec![7],
            recipients: vec![9],
            days,
            hour: None,
            published: Some(published),
            site: Some(3),
            place: PlaceKind::Point,
            country: Some(4),
            negative: false,
            mutual: false,
            dispatch: article,
            stems: vec!["met".into()],
            known: vec![7, 9],
        }
    }

    #[test]
    fn a_meeting_is_one_from_either_side() {
        let first = Report { mutual: true, ..report(1, Some((100, 100)), 101) };
        let other = Report {
            actors: vec![9],
            recipients: vec![7],
            mutual: true,
            ..report(2, Some((100, 100)), 101)
        };
        assert_eq!(first.bond(&other), Bond::One);
        let attack = |r: &Report| Report { mutual: false, ..r.clone() };
        assert_eq!(attack(&first).bond(&attack(&other)), Bond::None);
        // « 44 demonstrators » may be « 51 demonstrators ».
        let some = |article, whom| Report {
            known: vec![7],
            recipients: vec![whom],
            ..report(article, Some((100, 100)), 101)
        };
        assert_eq!(some(1, 44).bond(&some(2, 51)), Bond::One);
    }

    #[test]
    fn reports_of_one_event_meet() {
        let first = report(1, Some((100, 100)), 101);
        let bare =
            |r: Report| Report { recipients: Vec::new(), site: None, country: None, ..r };
        let cases: &[(&str, Report, Bond)] = &[
            ("the same", report(2, Some((100, 100)), 101), Bond::One),
            ("a vaguer date", report(2, Some((95, 105)), 110), Bond::One),
            ("no date", report(2, None, 102), Bond::One),
            ("no date, long after", report(2, None, 120), Bond::None),
            ("days later", report(2, Some((104, 104)), 104), Bond::None),
            (
                "the next day, all else the same",
                report(2, Some((101, 101)), 101),
                Bond::One,
            ),
            ("twice in one article", report(1, Some((100, 100)), 101), Bond::None),
            ("less is told", bare(report(2, Some((100, 100)), 101)), Bond::One),
            ("next to nothing is told", bare(report(2, None, 101)), Bond::Open),
            (
                "another city, all else the same",
                Report { site: Some(5), ..report(2, Some((100, 100)), 101) },
                Bond::One,
            ),
            (
                "another city and another recipient",
                Report {
                    site: Some(5),
                    recipients: vec![8],
                    ..report(2, Some((100, 100)), 101)
                },
                Bond::None,
            ),
            (
                "another hour",
                Report { hour: Some("18".into()), ..report(2, Some((100, 100)), 101) },
                Bond::One,
            ),
            (
                "denied",
                Report { negative: true, ..report(2, Some((100, 100)), 101) },
                Bond::One,
            ),
            (
                "denied, and less is told",
                bare(Report { negative: true, ..report(2, Some((100, 100)), 101) }),
                Bond::None,
            ),
            (
                "nobody in particular, elsewhere",
                Report {
                    known: Vec::new(),
                    site: Some(5),
                    ..bare(report(2, Some((100, 100)), 101))
                },
                Bond::None,
            ),
        ];
        for (what, other, bond) in cases {
            assert_eq!(first.bond(other), *bond, "{what}");
        }
        let early = Report { hour: Some("09".into()), ..first };
        let late = Report { hour: Some("18".into()), ..report(2, Some((100, 100)), 101) };
        assert_eq!(early.bond(&late), Bond::None);
        let crowd = |article, site| Report {
            known: Vec::new(),
            site,
            ..bare(report(article, Some((100, 100)), 101))
        };
        assert_eq!(crowd(1, None).bond(&crowd(2, None)), Bond::Open);
        assert_eq!(crowd(1, Some(3)).bond(&crowd(2, Some(3))), Bond::One);
    }
}
