//! When was it written? What the input says, what the dateline adds to it, and what the
//! article's own dates leave of it.

use jiff::civil::Date as Day;

use crate::edtf::{Bound, Date, Edtf};
use crate::meaning::{Meaning, To};
use crate::point::{Direction, Point, Standpoint, locate, plus};

/// When an article was written, as far as anybody says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dct {
    /// The first and the last possible day; `None`: nobody knows.
    days: Option<(Day, Day)>,
    /// The days that the input or the head of the article gives, before its own dates narrow
    /// them.
    given: Option<(Day, Day)>,
    edtf: Option<Edtf>,
    source: Source,
    /// What the dateline says against the input.
    against: Option<Edtf>,
}

/// What made the day of writing known as far as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// The input: what came with the article.
    #[default]
    Input,
    /// The dateline.
    Dateline,
    /// Dates that the article tells as past or to come.
    OwnDates,
}

impl Source {
    /// What an explanation adds where it was not the input.
    pub(crate) fn why(self) -> Option<&'static str> {
        match self {
            Source::Input => None,
            Source::Dateline => Some("from the dateline"),
            Source::OwnDates => Some("narrowed by the article's own dates"),
        }
    }
}

/// Days of writing that are tried one by one; beyond, the year is all that is asked.
const TRIED: i32 = 400;

impl Dct {
    /// Publication as EDTF says it; open and unknown ends say nothing.
    pub fn new(published: Option<&Edtf>) -> Dct {
        let days = published.and_then(|e| match e.bounds() {
            (Some(first), Some(last)) if first <= last => Some((first, last)),
            _ => None,
        });
        let edtf = published.cloned();
        Dct { days, given: days, edtf, ..Dct::default() }
    }

    /// The first and the last day on which the article may have been written.
    pub fn days(&self) -> Option<(Day, Day)> {
        self.days
    }

    /// The first and the last day that the input or the dateline gives.
    pub(crate) fn given(&self) -> Option<(Day, Day)> {
        self.given
    }

    /// The publication itself: what the input says, or else the dateline.
    pub fn edtf(&self) -> Option<&Edtf> {
        self.edtf.as_ref()
    }

    /// What made it known.
    pub fn source(&self) -> Source {
        self.source
    }

    /// The date of the dateline, where it is none of the days that the input gives.
    pub fn against(&self) -> Option<&Edtf> {
        self.against.as_ref()
    }

    /// The day of writing, or what EDTF says of it.
    pub(crate) fn today(&self) -> Option<Bound> {
        match (self.days, &self.edtf) {
            (Some((first, last)), _) if first == last => {
                Some(Bound::Date(Date::day(first)))
            }
            (_, Some(Edtf::Date(date) | Edtf::DateTime(date, _))) => {
                Some(Bound::Date(*date))
            }
            _ => None,
        }
    }

    /// Takes up the date of the dateline, a day with or without its year. The input wins: a
    /// dateline says which of its days it was, and nothing against it.
    #[must_use]
    pub fn dated(mut self, dateline: &Meaning) -> Dct {
        let dateline = match dateline {
            Meaning::At { of: Some(of), .. } | Meaning::Part { of, .. } => of,
            other => other,
        };
        let &Meaning::Date { year, month: Some(month), day: Some(day), .. } = dateline
        else {
            return self;
        };
        let of =
            |year: i32| Day::new(i16::try_from(year).ok()?, month as i8, day as i8).ok();
        let Some((first, last)) = self.days else {
            if let Some(day) = year.and_then(of) {
                self.days = Some((day, day));
                self.given = self.days;
                self.edtf = Some(Edtf::Date(Date::day(day)));
                self.source = Source::Dateline;
            }
            return self;
        };
        let years = match year {
            Some(year) => year..=year,
            None => i32::from(first.year())..=i32::from(last.year()),
        };
        let mut told = years.take(TRIED as usize).filter_map(of);
        let mut inside = told.clone().filter(|d| first <= *d && *d <= last);
        match (inside.next(), inside.next()) {
            (Some(day), None) if first < last => {
                self.days = Some((day, day));
                self.given = self.days;
                self.source = Source::Dateline;
            }
            (None, _) => self.against = told.next().map(|d| Edtf::Date(Date::day(d))),
            _ => {}
        }
        self
    }

    /// Whether the text tells of a later day as past: then the date at its head is that of
    /// what it tells, not of its writing.
    pub fn is_overtaken(&self, told: &[(&Meaning, Option<Direction>)]) -> bool {
        let Some((_, last)) = self.days.filter(|_| self.source == Source::Dateline)
        else {
            return false;
        };
        told.iter().any(|(meaning, direction)| {
            *direction == Some(Direction::Past)
                && matches!(meaning, Meaning::Date { year: Some(_), .. })
                && locate(meaning, &Standpoint::on(last))
                    .is_some_and(|p| p.bounds().0 > last)
        })
    }

    /// Keeps the days that the article's own dates leave: what is told as past came before,
    /// what is told as to come comes after. Dates that leave no day are heard not at all.
    #[must_use]
    pub fn narrowed(mut self, told: &[(&Meaning, Option<Direction>)]) -> Dct {
        let Some((first, last)) = self.days.filter(|(f, l)| f < l) else { return self };
        if (last - first).get_days() > TRIED {
            return self;
        }
        let (mut from, mut to) = (first, last);
        for (meaning, direction) in told {
            let Some(day) = day_within(meaning, first, last) else { continue };
            match direction {
                Some(Direction::Past) => from = from.max(day),
                Some(Direction::Future) => to = to.min(day),
                None => {}
            }
        }
        if from <= to && (from, to) != (first, last) {
            self.days = Some((from, to));
            self.source = Source::OwnDates;
        }
        self
    }

    /// The days on which the article may have been written.
    pub(crate) fn candidates(&self) -> Vec<Day> {
        let Some((first, last)) = self.days else { return Vec::new() };
        let length = (last - first).get_days();
        if length <= TRIED {
            return (0..=length).map(|n| plus(first, n)).collect();
        }
        Vec::new()
    }
}

/// The one day of a period that a full date names, with its year or, within a year, without.
fn day_within(meaning: &Meaning, first: Day, last: Day) -> Option<Day> {
    let &Meaning::Date { year, month, day, dow, to: To::Near } = meaning else {
        return None;
    };
    if month.is_none() || day.is_none() {
        return None;
    }
    if year.is_none() && first.year() != last.year() {
        return None;
    }
    let year = Some(year.unwrap_or(i32::from(first.year())));
    let written = Meaning::Date { year, month, day, dow, to: To::Near };
    let point = locate(&written, &Standpoint::on(first))?;
    match point {
        Point::Day(day) if first <= day && day <= last => Some(day),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(year: Option<i32>, month: u8, day: u8) -> Meaning {
        Meaning::Date {
            year,
            month: Some(month),
            day: Some(day),
            dow: None,
            to: To::Near,
        }
    }

    fn dct(published: &str) -> Dct {
        Dct::new(Some(&published.parse().expect("it is EDTF")))
    }

    fn shown(dct: &Dct) -> String {
        let (first, last) = dct.days().expect("it is known");
        format!("{first}/{last}")
    }

    #[test]
    fn a_dateline_fills_in_what_the_input_leaves_open() {
        let full = on(Some(2024), 3, 12);
        assert_eq!(shown(&Dct::new(None).dated(&full)), "2024-03-12/2024-03-12");
        assert_eq!(shown(&dct("2024-03").dated(&full)), "2024-03-12/2024-03-12");
        assert_eq!(shown(&dct("2024").dated(&on(None, 4, 3))), "2024-04-03/2024-04-03");
        assert_eq!(Dct::new(None).dated(&on(None, 4, 3)).days(), None);
    }

    #[test]
    fn the_input_wins_and_the_contradiction_is_kept() {
        let read = dct("2024-03-15").dated(&on(Some(2024), 3, 12));
        assert_eq!(shown(&read), "2024-03-15/2024-03-15");
        assert_eq!(
            read.against().map(ToString::to_string).as_deref(),
            Some("2024-03-12")
        );
        assert_eq!(dct("2024-03-12").dated(&on(Some(2024), 3, 12)).against(), None);
    }

    #[test]
    fn own_dates_narrow_a_month() {
        let (past, ahead) = (on(None, 2, 18), on(None, 2, 21));
        let told = [(&past, Some(Direction::Past)), (&ahead, Some(Direction::Future))];
        assert_eq!(shown(&dct("2025-02").narrowed(&told)), "2025-02-18/2025-02-21");
        let crossed = [(&past, Some(Direction::Future)), (&ahead, Some(Direction::Past))];
        assert_eq!(shown(&dct("2025-02").narrowed(&crossed)), "2025-02-01/2025-02-28");
    }
}
