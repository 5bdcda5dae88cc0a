//! Which stretch of the calendar is it, how is it written, and how does one get there?

use jiff::civil::Date as Day;
use jiff::{ToSpan, civil};

use crate::edtf::{Bound, Clock, Date, Edtf, Year};
use crate::meaning::{
    ClockTime, Division, Feast, From, Meaning, Period, Tense, To, Unit, duration_value,
};

/// A stretch of the calendar at its own grain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Point {
    Day(Day),
    /// ISO year and week.
    Week(i16, i8),
    Weekend(i16, i8),
    Month(i16, i8),
    /// Quarter, half or season of a year, as the month code of EDTF.
    Part(i16, u8),
    Year(i16),
    /// First year.
    Decade(i32),
    /// Counted from 1.
    Century(i32),
    Bc(i32),
    Daypart(Day, String),
    Time(Day, Hours),
}

/// A time of day that can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hours {
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: Option<u8>,
    pub(crate) zone: Option<i16>,
}

impl std::convert::From<ClockTime> for Hours {
    fn from(c: ClockTime) -> Hours {
        Hours { hour: c.hour, minute: c.minute, second: c.second, zone: c.zone }
    }
}

impl Hours {
    /// As TIMEX3 writes it: `T13:05Z`.
    pub(crate) fn value(self) -> String {
        let second = self.second.map(|s| format!(":{s:02}")).unwrap_or_default();
        let zone = match self.zone {
            None => String::new(),
            Some(0) => "Z".to_owned(),
            Some(east) => {
                let sign = if east < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", east.abs() / 60, east.abs() % 60)
            }
        };
        format!("T{:02}:{:02}{second}{zone}", self.hour, self.minute)
    }
}

impl Point {
    /// The TIMEX3 value.
    pub(crate) fn value(&self) -> String {
        match self {
            Point::Day(day) => day.to_string(),
            Point::Week(year, week) => format!("{year:04}-W{week:02}"),
            Point::Weekend(year, week) => format!("{year:04}-W{week:02}-WE"),
            Point::Month(year, month) => format!("{year:04}-{month:02}"),
            Point::Part(year, code) => {
                let name = match code {
                    21 => "SP".to_owned(),
                    22 => "SU".to_owned(),
                    23 => "FA".to_owned(),
                    24 => "WI".to_owned(),
                    33..=36 => format!("Q{}", code - 32),
                    _ => format!("H{}", code - 39),
                };
                format!("{year:04}-{name}")
            }
            Point::Year(year) => format!("{year:04}"),
            Point::Decade(year) => format!("{:03}", year / 10),
            Point::Century(n) => format!("{:02}", n - 1),
            Point::Bc(year) => format!("BC{year:04}"),
            Point::Daypart(day, part) => format!("{day}T{part}"),
            Point::Time(day, hours) => format!("{day}{}", hours.value()),
        }
    }

    /// What can be said in EDTF.
    pub(crate) fn edtf(&self) -> Edtf {
        let span = |(from, to)| {
            Edtf::Interval(Bound::Date(Date::day(from)), Bound::Date(Date::day(to)))
        };
        match self {
            Point::Day(day) | Point::Daypart(day, _) => Edtf::Date(Date::day(*day)),
            Point::Week(..) | Point::Weekend(..) => span(self.bounds()),
            Point::Month(year, month) => {
                Edtf::Date(Date::month(i32::from(*year), *month as u8))
            }
            Point::Part(year, code) => Edtf::Date(Date::month(i32::from(*year), *code)),
            Point::Year(year) => Edtf::Date(Date::year(i32::from(*year))),
            Point::Decade(year) => Edtf::Date(open_year(*year, 1)),
            Point::Century(n) => Edtf::Date(open_year((n - 1) * 100, 2)),
            // Year 0 is 1 BC.
            Point::Bc(year) => Edtf::Date(Date::year(1 - year)),
            // EDTF has no 24:00; the day says enough.
            Point::Time(day, hours) if hours.hour == 24 => Edtf::Date(Date::day(*day)),
            Point::Time(day, h) => Edtf::DateTime(
                Date::day(*day),
                Clock {
                    hour: h.hour,
                    minute: h.minute,
                    second: h.second.unwrap_or(0),
                    zone: h.zone,
                },
            ),
        }
    }

    /// First and last day.
    pub(crate) fn bounds(&self) -> (Day, Day) {
        match self {
            Point::Day(day) | Point::Daypart(day, _) | Point::Time(day, _) => {
                (*day, *day)
            }
            Point::Week(year, week) => {
                let monday = monday_of_week(*year, *week);
                (monday, plus(monday, 6))
            }
            Point::Weekend(year, week) => {
                let monday = monday_of_week(*year, *week);
                (plus(monday, 5), plus(monday, 6))
            }
            other => match other.edtf() {
                Edtf::Date(date) => date.bounds().unwrap_or((Day::MIN, Day::MAX)),
                _ => (Day::MIN, Day::MAX),
            },
        }
    }

    /// The day, if it is one or lies in one.
    pub(crate) fn day(&self) -> Option<Day> {
        match self {
            Point::Day(day) | Point::Daypart(day, _) | Point::Time(day, _) => Some(*day),
            _ => None,
        }
    }
}

fn open_year(number: i32, open: u8) -> Date {
    Date { year: Year { number, open }, ..Date::year(0) }
}

fn monday_of_week(year: i16, week: i8) -> Day {
    // The 4th of January lies in week 1.
    let fourth = civil::date(year.clamp(-9000, 9000), 1, 4);
    plus(monday(fourth), 7 * (i32::from(week) - 1))
}

pub(crate) fn plus(day: Day, days: i32) -> Day {
    day.saturating_add(days.days())
}

pub(crate) fn monday(day: Day) -> Day {
    plus(day, -i32::from(day.weekday().to_monday_zero_offset()))
}

fn week_of(day: Day) -> (i16, i8) {
    let iso = day.iso_week_date();
    (iso.year(), iso.week())
}

/// Easter Sunday of the Gregorian calendar, after Meeus, Jones and Butcher.
pub(crate) fn easter(year: i32) -> Option<Day> {
    let a = year.rem_euclid(19);
    let (b, c) = (year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Day::new(i16::try_from(year).ok()?, (n / 31) as i8, (n % 31 + 1) as i8).ok()
}

/// What tense and words around say about where a date lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Not after the day of writing.
    Past,
    /// Not before it.
    Future,
}

/// From where an expression is understood: one possible day of writing, and the point that
/// the story has reached.
#[derive(Clone, Debug)]
pub(crate) struct Standpoint<'a> {
    pub(crate) dct: Day,
    pub(crate) story: Option<&'a Point>,
    /// The last day that the story has named.
    pub(crate) story_day: Option<&'a Point>,
    /// The point of the story, when it goes on right here.
    pub(crate) told: Option<&'a Point>,
    /// The day that hours and parts of a day belong to when they name none.
    pub(crate) day_told: Option<Day>,
    pub(crate) direction: Option<Direction>,
}

impl Standpoint<'_> {
    /// A day of writing, and no story.
    pub(crate) fn on(dct: Day) -> Standpoint<'static> {
        Standpoint {
            dct,
            story: None,
            story_day: None,
            told: None,
            day_told: None,
            direction: None,
        }
    }
}

/// The point of the calendar that a meaning is, from a standpoint. Durations, sets and vague
/// references are none.
pub(crate) fn locate(meaning: &Meaning, at: &Standpoint<'_>) -> Option<Point> {
    match meaning {
        Meaning::Date { year, month, day, dow, to } => {
            let named = Named { month: *month, day: *day, dow: *dow };
            at.date(*year, named, *to)
        }
        Meaning::Weekday { dow, to, weeks } => {
            let day = at.weekday(*dow, *to);
            Some(Point::Day(plus(day, 7 * weeks)))
        }
        Meaning::Shift { unit, by, from, .. } => at.shift(*unit, (*by)?, *from),
        Meaning::Division { unit, n, year, to } => at.division(*unit, *n, *year, *to),
        Meaning::Decade { year } => {
            Some(Point::Decade(if *year < 100 { 1900 + year } else { *year }))
        }
        Meaning::Century { n, bc } => (!bc).then_some(Point::Century(*n)),
        Meaning::Bc { year } => Some(Point::Bc(*year)),
        Meaning::Holiday { when, year, to } => at.holiday(*when, *year, *to),
        Meaning::Part { of, part } => {
            let mut day = locate(of, at)?.day()?;
            // « dans la nuit », read in the morning: the night before.
            let told = matches!(**of, Meaning::Shift { from: From::Told, .. });
            let ahead = at.direction == Some(Direction::Future);
            if told && part == "NI" && at.day_told.is_none() && !ahead {
                day = plus(day, -1);
            }
            Some(Point::Daypart(day, part.clone()))
        }
        Meaning::At { of, clock } => {
            let day = match of {
                Some(of) => locate(of, at)?.day()?,
                None => at.day_told.unwrap_or(at.dct),
            };
            Some(Point::Time(day, Hours::from(*clock)))
        }
        Meaning::Shared { day, month, of } => {
            let (from, _) = locate(of, at)?.bounds();
            let month = month.map_or(from.month(), |m| m as i8);
            match day {
                Some(day) => {
                    Day::new(from.year(), month, *day as i8).ok().map(Point::Day)
                }
                None => Some(Point::Month(from.year(), month)),
            }
        }
        Meaning::Duration(_) | Meaning::Set(_) | Meaning::Ref(_) | Meaning::Nothing => {
            None
        }
    }
}

/// The parts of a date besides its year.
#[derive(Clone, Copy, Debug)]
struct Named {
    month: Option<u8>,
    day: Option<u8>,
    /// The day of the week, where the text names it.
    dow: Option<u8>,
}

/// A direction that leads so far away, in days, while the other is near, is mistaken.
const FAR: i32 = 240;
/// What is near, in days.
const NEAR: i32 = 60;

impl Standpoint<'_> {
    fn weekday(&self, dow: u8, to: To) -> Day {
        let same_week = plus(monday(self.dct), i32::from(dow) - 1);
        let last = |inclusive: bool| {
            let late =
                if inclusive { same_week > self.dct } else { same_week >= self.dct };
            if late { plus(same_week, -7) } else { same_week }
        };
        let next = || if same_week < self.dct { plus(same_week, 7) } else { same_week };
        match (to, self.direction) {
            (To::Past, _) => last(false),
            // « jeudi prochain » is the Thursday of next week, not tomorrow.
            (To::Next, _) => plus(same_week, 7),
            (To::Ahead, _) | (To::This | To::Near, Some(Direction::Future)) => next(),
            (To::This | To::Near, Some(Direction::Past)) | (To::Near, None) => last(true),
            (To::This, None) => {
                let near = (same_week - self.dct).get_days().abs() <= 3;
                if near || same_week > self.dct { same_week } else { last(true) }
            }
        }
    }

    fn date(&self, year: Option<i32>, named: Named, to: To) -> Option<Point> {
        let year = year.map(|y| self.full_year(y));
        let Named { month, day, dow } = named;
        let fits = |p: &Point| {
            let day_of_week = |d: Day| d.weekday().to_monday_one_offset() as u8;
            dow.is_none_or(|dow| p.day().is_none_or(|d| day_of_week(d) == dow))
        };
        match (year, month, day) {
            (Some(y), Some(m), Some(d)) => point_day(y, m, d),
            (Some(y), Some(m), None) => {
                Some(Point::Month(i16::try_from(y).ok()?, m as i8))
            }
            (Some(y), None, _) => Some(Point::Year(i16::try_from(y).ok()?)),
            (None, Some(m), d) => {
                let at = |y: i32| match d {
                    Some(d) => point_day(y, m, d),
                    None => Some(Point::Month(i16::try_from(y).ok()?, m as i8)),
                };
                // A weekday that is named tells the year apart.
                let this = i32::from(self.dct.year());
                let fitting = |y: i32| at(y).filter(&fits);
                if dow.is_some() && (this - 1..=this + 1).any(|y| fitting(y).is_some()) {
                    return self.nearest(&fitting, to);
                }
                self.nearest(&at, to)
            }
            (None, None, Some(d)) => {
                let this =
                    i32::from(self.dct.year()) * 12 + i32::from(self.dct.month()) - 1;
                let at =
                    |n: i32| point_day(n.div_euclid(12), n.rem_euclid(12) as u8 + 1, d);
                let fitting = |n: i32| at(n).filter(&fits);
                let months = [this - 1, this, this + 1];
                if months.iter().any(|&n| fitting(n).is_some()) {
                    return self.nearest_of(&months, &fitting, to);
                }
                self.nearest_of(&months, &at, to)
            }
            (None, None, None) => None,
        }
    }

    /// Two digits are a year that is not far in the future.
    fn full_year(&self, year: i32) -> i32 {
        if !(0..100).contains(&year) {
            return year;
        }
        let century = i32::from(self.dct.year()).div_euclid(100) * 100;
        let this = century + year;
        if this > i32::from(self.dct.year()) + 10 { this - 100 } else { this }
    }

    /// Of something that comes every year, the one that is meant.
    fn nearest(&self, at: &dyn Fn(i32) -> Option<Point>, to: To) -> Option<Point> {
        let this = i32::from(self.dct.year());
        // A story told in another year goes on there, forwards.
        if to == To::Near
            && let Some(told) = self.told
        {
            let year = i32::from(told.bounds().0.year());
            let dated = matches!(told, Point::Day(_) | Point::Month(..) | Point::Year(_));
            let next = at(year).filter(|p| p.bounds().1 >= told.bounds().0);
            if dated && year < this - 1 && next.is_some() {
                return next;
            }
        }
        self.nearest_of(&[this - 1, this, this + 1], at, to)
    }

    fn nearest_of(
        &self,
        choices: &[i32],
        at: &dyn Fn(i32) -> Option<Point>,
        to: To,
    ) -> Option<Point> {
        let points: Vec<Point> = choices.iter().filter_map(|&n| at(n)).collect();
        let past = |strictly: bool| {
            points.iter().rev().find(|p| {
                let (from, until) = p.bounds();
                if strictly { until < self.dct } else { from <= self.dct }
            })
        };
        let next = |strictly: bool| {
            points.iter().find(|p| {
                let (from, until) = p.bounds();
                if strictly { from > self.dct } else { until >= self.dct }
            })
        };
        let found = match (to, self.direction) {
            (To::Past, _) => past(true),
            (To::Next, _) => next(true),
            (To::This, None) => {
                points.iter().find(|p| p.bounds().0.year() == self.dct.year())
            }
            (To::Ahead, _) => next(false),
            (_, Some(Direction::Past)) => self.unless_far(past(false), next(false)),
            (_, Some(Direction::Future)) => self.unless_far(next(false), past(false)),
            (To::Near, None) => points.iter().min_by_key(|p| {
                let (from, until) = p.bounds();
                let before = (self.dct - until).get_days();
                let after = (from - self.dct).get_days();
                // Newspapers look back: of two that are about as near, the earlier.
                before.max(after * 2).max(0)
            }),
        };
        found.cloned()
    }

    /// The first choice, unless it is a day that lies far away and the other is near.
    fn unless_far<'p>(
        &self,
        first: Option<&'p Point>,
        other: Option<&'p Point>,
    ) -> Option<&'p Point> {
        let away = |p: &Point| p.day().map(|d| (d - self.dct).get_days().abs());
        let far = first.and_then(away).is_some_and(|d| d > FAR);
        let near = other.and_then(away).is_some_and(|d| d < NEAR);
        if far && near { other } else { first.or(other) }
    }

    fn shift(&self, unit: Unit, by: f64, from: From) -> Option<Point> {
        // Days are counted from a day: « la veille » of a year is no day.
        if from == From::Event {
            return None;
        }
        if from == From::Told && unit == Unit::Day {
            let day = self.day_told.unwrap_or(self.dct);
            return Some(Point::Day(plus(day, by.round() as i32)));
        }
        let story = match unit {
            _ if from != From::Narrative => None,
            Unit::Year | Unit::Decade | Unit::Century | Unit::Quarter | Unit::Half => {
                self.story
            }
            Unit::Month => self.story.filter(|p| !matches!(p, Point::Year(_))),
            _ => self.story_day,
        };
        // « la veille » of a story that has named no day is nobody knows when.
        if from == From::Narrative && story.is_none() {
            return None;
        }
        let base = story.map_or(self.dct, |p| p.bounds().0);
        // « deux ans plus tôt » of a story told in years stays a year.
        let whole = by.round() as i32;
        let span = |days: i32| plus(base, days);
        Some(match unit {
            Unit::Second | Unit::Minute => Point::Day(base),
            Unit::Hour => Point::Day(span((by / 24.0).trunc() as i32)),
            Unit::Day => Point::Day(span(whole)),
            Unit::Week => {
                let (year, week) = week_of(span(7 * whole));
                Point::Week(year, week)
            }
            Unit::Weekend => {
                let (year, week) = week_of(span(7 * whole));
                Point::Weekend(year, week)
            }
            Unit::Month => {
                let day = base.saturating_add(whole.months());
                Point::Month(day.year(), day.month())
            }
            Unit::Quarter => {
                let day = base.saturating_add((3 * whole).months());
                Point::Part(day.year(), 33 + (day.month() as u8 - 1) / 3)
            }
            Unit::Half => {
                let day = base.saturating_add((6 * whole).months());
                Point::Part(day.year(), 40 + (day.month() as u8 - 1) / 6)
            }
            Unit::Year => {
                Point::Year(base.year().saturating_add(i16::try_from(whole).ok()?))
            }
            Unit::Decade => {
                let year = i32::from(base.year()) + 10 * whole;
                Point::Decade(year.div_euclid(10) * 10)
            }
            Unit::Century => Point::Century(
                (i32::from(base.year()) + 100 * whole - 1).div_euclid(100) + 1,
            ),
            Unit::Millennium => return None,
        })
    }

    fn division(
        &self,
        unit: Division,
        n: u8,
        year: Option<i32>,
        to: To,
    ) -> Option<Point> {
        let first = match unit {
            Division::Season => 21,
            Division::Quarter => 33,
            Division::Half => 40,
        };
        let at =
            |y: i32| Some(Point::Part(i16::try_from(y).ok()?, first + n.checked_sub(1)?));
        match year {
            Some(year) => at(self.full_year(year)),
            None => self.nearest(&at, to),
        }
    }

    fn holiday(&self, when: Feast, year: Option<i32>, to: To) -> Option<Point> {
        let at = |y: i32| match when {
            Feast::Fixed { month, day } => point_day(y, month, day),
            Feast::Easter { plus: days } => Some(Point::Day(plus(easter(y)?, days))),
            Feast::Once { year, month, day } => point_day(year, month, day),
        };
        match (year, when) {
            (Some(year), _) => at(self.full_year(year)),
            (None, Feast::Once { year, .. }) => at(year),
            (None, _) => self.nearest(&at, to),
        }
    }
}

fn point_day(year: i32, month: u8, day: u8) -> Option<Point> {
    Day::new(i16::try_from(year).ok()?, month as i8, day as i8).ok().map(Point::Day)
}

/// The TIMEX3 value of a meaning that no standpoint fixes.
pub(crate) fn unanchored_value(meaning: &Meaning) -> String {
    let two = |n: Option<u8>| n.map_or("XX".to_owned(), |n| format!("{n:02}"));
    match meaning {
        Meaning::Date { year, month, day, .. } => {
            let year = match year {
                Some(y) if *y > 99 => format!("{y:04}"),
                _ => "XXXX".to_owned(),
            };
            match (month, day) {
                (None, None) => year,
                (month, None) => format!("{year}-{}", two(*month)),
                (month, day) => format!("{year}-{}-{}", two(*month), two(*day)),
            }
        }
        Meaning::Weekday { dow, .. } => format!("XXXX-WXX-{dow}"),
        Meaning::Shift { by: None, back, from: From::Dct, .. } => {
            if *back {
                "PAST_REF".to_owned()
            } else {
                "FUTURE_REF".to_owned()
            }
        }
        Meaning::Shift { unit, .. } => match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => {
                "XXXX-XX-XX".to_owned()
            }
            Unit::Week => "XXXX-WXX".to_owned(),
            Unit::Weekend => "XXXX-WXX-WE".to_owned(),
            Unit::Month => "XXXX-XX".to_owned(),
            Unit::Quarter => "XXXX-QX".to_owned(),
            Unit::Half => "XXXX-HX".to_owned(),
            Unit::Decade => "XXX".to_owned(),
            Unit::Century => "XX".to_owned(),
            _ => "XXXX".to_owned(),
        },
        Meaning::Division { unit, n, .. } => match unit {
            Division::Season => {
                let name = ["SP", "SU", "FA", "WI"][(*n as usize).clamp(1, 4) - 1];
                format!("XXXX-{name}")
            }
            Division::Quarter => format!("XXXX-Q{n}"),
            Division::Half => format!("XXXX-H{n}"),
        },
        Meaning::Holiday { when: Feast::Fixed { month, day }, .. } => {
            format!("XXXX-{month:02}-{day:02}")
        }
        Meaning::Holiday { .. } => "XXXX-XX-XX".to_owned(),
        Meaning::Part { of, part } => format!("{}T{part}", unanchored_value(of)),
        Meaning::At { of, clock } => {
            let day =
                of.as_ref().map_or("XXXX-XX-XX".to_owned(), |of| unanchored_value(of));
            format!("{day}{}", Hours::from(*clock).value())
        }
        Meaning::Shared { day, month, of } => match (unanchored_value(of), day, month) {
            (of, Some(day), _) if of.len() == 10 => format!("{}-{day:02}", &of[..7]),
            (of, None, Some(month)) if of.len() >= 7 => {
                format!("{}-{month:02}", &of[..4])
            }
            (of, _, _) => of,
        },
        Meaning::Decade { year } => {
            format!("{:03}", if *year < 100 { 1900 + year } else { *year } / 10)
        }
        Meaning::Century { n, bc } => {
            if *bc {
                format!("BC{:02}", n - 1)
            } else {
                format!("{:02}", n - 1)
            }
        }
        Meaning::Bc { year } => format!("BC{year:04}"),
        Meaning::Duration(amounts) => duration_value(amounts),
        Meaning::Set(period) => match period {
            Period::Every(n, unit) => duration_value(&[(Some(*n), *unit)]),
            Period::Weekday(dow) => format!("XXXX-WXX-{dow}"),
            Period::Month(month) => format!("XXXX-{month:02}"),
            Period::Daypart(part) => format!("XXXX-XX-XXT{part}"),
        },
        Meaning::Ref(Tense::Past) => "PAST_REF".to_owned(),
        Meaning::Ref(Tense::Present) => "PRESENT_REF".to_owned(),
        Meaning::Ref(Tense::Future) => "FUTURE_REF".to_owned(),
        Meaning::Nothing => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_almanac_says() {
        for (year, month, day) in
            [(1999, 4, 4), (2024, 3, 31), (2025, 4, 20), (2038, 4, 25)]
        {
            assert_eq!(easter(year), Day::new(year as i16, month, day).ok());
        }
    }

    #[test]
    fn a_weekday_is_found_from_wednesday() {
        let at = |direction, to, dow| {
            let dct = civil::date(2025, 2, 19);
            Standpoint { direction, ..Standpoint::on(dct) }.weekday(dow, to).to_string()
        };
        let (past, future) = (Some(Direction::Past), Some(Direction::Future));
        assert_eq!(at(past, To::Near, 2), "2025-02-18");
        assert_eq!(at(past, To::Near, 3), "2025-02-19");
        assert_eq!(at(past, To::Near, 5), "2025-02-14");
        assert_eq!(at(future, To::Near, 4), "2025-02-20");
        assert_eq!(at(None, To::Past, 3), "2025-02-12");
        assert_eq!(at(None, To::Next, 4), "2025-02-27");
        assert_eq!(at(None, To::This, 6), "2025-02-22");
    }
}
