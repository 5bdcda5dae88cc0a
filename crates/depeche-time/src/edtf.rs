//! How much does one know about a date? The Extended Date/Time Format, levels 0 to 2.
//!
//! ISO 8601-2:2019, annex A; the specification at the Library of Congress. A [`Edtf`] is what
//! was written, no more: printing gives the text that was parsed (up to the notation of
//! groups), and [`Edtf::bounds`] gives the first and the last day that it may mean.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

/// An EDTF value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edtf {
    /// One date, of any precision.
    Date(Date),
    /// One date with a time of day; time as written: `2025-02-18T13:05Z`.
    DateTime(Date, Clock),
    /// From one date to another: `2025-02-18/2025-02-20`, `../2025-02`.
    Interval(Bound, Bound),
    /// One of these: `[2025-02-04,2025-02-11]`.
    OneOf(Vec<Member>),
    /// All of these: `{2020,2022}`.
    AllOf(Vec<Member>),
}

/// A date of any precision: a year, a month or season, a day, with digits left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The year; its last digits may be open.
    pub year: Year,
    /// Month 1–12, or a division of the year 21–41; `None` when the year is all.
    pub month: Option<Part>,
    /// Day of the month.
    pub day: Option<Part>,
    /// What qualifies the year (and, alone, the whole date).
    pub year_mark: Mark,
    /// What qualifies the month.
    pub month_mark: Mark,
    /// What qualifies the day.
    pub day_mark: Mark,
    /// What qualifies the whole date.
    pub mark: Mark,
}

/// A year: astronomical (0 is 1 BC), with up to four of its last digits open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// The year, its open digits 0.
    pub number: i32,
    /// How many last digits are open: 1 is a decade (`199X`), 2 a century (`18XX`).
    pub open: u8,
}

/// A month or a day: a number, or digits left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `02`.
    Known(u8),
    /// `XX`.
    Open,
    /// `1X`: the tens are known.
    Tens(u8),
}

/// Uncertain, approximate, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Neither.
    #[default]
    None,
    /// `?`.
    Uncertain,
    /// `~`.
    Approximate,
    /// `%`.
    Both,
}

/// A time of day as written, without seconds when it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// 0–24.
    pub hour: u8,
    /// 0–59.
    pub minute: u8,
    /// 0–59; EDTF wants seconds, the press rarely gives them.
    pub second: u8,
    /// Minutes east of Greenwich; `None` for local time.
    pub zone: Option<i16>,
}

/// An end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A date.
    Date(Date),
    /// `..`: open, nothing bounds it.
    Open,
    /// Nothing written: there is an end, and it is not known.
    Unknown,
}

/// A member of a set: a date, or a run of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// One date.
    Date(Date),
    /// `2020-01..2020-03`, either end open: `..1984`.
    Range(Option<Date>, Option<Date>),
}

/// Why a text is no EDTF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdtfError {
    text: String,
}

impl fmt::Display for EdtfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no date in EDTF; write 2025-02-18, 2025-02, 2025, 2025-02-18T13:05, \
             2025-02~ or 2025-02-18/2025-02-20",
            self.text
        )
    }
}

impl std::error::Error for EdtfError {}

impl Date {
    /// A year alone.
    pub fn year(year: i32) -> Date {
        Date {
            year: Year { number: year, open: 0 },
            month: None,
            day: None,
            year_mark: Mark::None,
            month_mark: Mark::None,
            day_mark: Mark::None,
            mark: Mark::None,
        }
    }

    /// A month of a year, or a division of it: 21–24 seasons, 33–36 quarters, 40–41 halves.
    pub fn month(year: i32, month: u8) -> Date {
        Date { month: Some(Part::Known(month)), ..Date::year(year) }
    }

    /// A day.
    pub fn day(date: civil::Date) -> Date {
        let month = Date::month(i32::from(date.year()), date.month() as u8);
        Date { day: Some(Part::Known(date.day() as u8)), ..month }
    }

    /// The same date, qualified as a whole.
    #[must_use]
    pub fn marked(self, mark: Mark) -> Date {
        Date { mark, ..self }
    }

    /// The first and the last day that it may mean.
    pub fn bounds(&self) -> Option<(civil::Date, civil::Date)> {
        let span = 10i32.pow(u32::from(self.year.open));
        let (first_year, last_year) = (self.year.number, self.year.number + span - 1);
        let (first, last) = match self.month {
            None | Some(Part::Open) => ((1, 0), (12, 0)),
            Some(Part::Tens(t)) => ((if t == 0 { 1 } else { 10 * t }, 0), (12, 0)),
            Some(Part::Known(m)) => months(m)?,
        };
        let (first_day, last_day) = match self.day {
            None | Some(Part::Open) => (1, 31),
            Some(Part::Tens(t)) => ((10 * t).max(1), 10 * t + 9),
            Some(Part::Known(d)) => (d, d),
        };
        let year = |y: i32, plus: i32| i16::try_from(y + plus).ok();
        let start =
            civil::Date::new(year(first_year, first.1)?, first.0 as i8, first_day as i8)
                .ok()?;
        let month = civil::Date::new(year(last_year, last.1)?, last.0 as i8, 1).ok()?;
        let last_day = (last_day as i8).min(month.days_in_month());
        let end = civil::Date::new(month.year(), month.month(), last_day).ok()?;
        Some((start, end))
    }
}

/// First and last month of a month or division, each with how many years later it lies.
fn months(code: u8) -> Option<((u8, i32), (u8, i32))> {
    Some(match code {
        1..=12 => ((code, 0), (code, 0)),
        // Seasons of the northern hemisphere, meteorological; winter runs into the next year.
        21 | 25 => ((3, 0), (5, 0)),
        22 | 26 => ((6, 0), (8, 0)),
        23 | 27 => ((9, 0), (11, 0)),
        24 | 28 => ((12, 0), (2, 1)),
        29 => ((9, 0), (11, 0)),
        30 => ((12, 0), (2, 1)),
        31 => ((3, 0), (5, 0)),
        32 => ((6, 0), (8, 0)),
        33..=36 => ((3 * (code - 33) + 1, 0), (3 * (code - 33) + 3, 0)),
        37..=39 => ((4 * (code - 37) + 1, 0), (4 * (code - 37) + 4, 0)),
        40..=41 => ((6 * (code - 40) + 1, 0), (6 * (code - 40) + 6, 0)),
        _ => return None,
    })
}

impl Edtf {
    /// The first and the last day that it may mean; `None` where an end is open or unknown.
    pub fn bounds(&self) -> (Option<civil::Date>, Option<civil::Date>) {
        match self {
            Edtf::Date(date) | Edtf::DateTime(date, _) => split(date.bounds()),
            Edtf::Interval(start, end) => {
                let bound = |b: &Bound| match b {
                    Bound::Date(date) => date.bounds(),
                    Bound::Open | Bound::Unknown => None,
                };
                (bound(start).map(|b| b.0), bound(end).map(|b| b.1))
            }
            Edtf::OneOf(members) | Edtf::AllOf(members) => {
                let ends = members.iter().map(|m| match m {
                    Member::Date(date) => split(date.bounds()),
                    Member::Range(from, to) => (
                        from.and_then(|d| d.bounds()).map(|b| b.0),
                        to.and_then(|d| d.bounds()).map(|b| b.1),
                    ),
                });
                let ends: Vec<_> = ends.collect();
                let first = ends.iter().map(|e| e.0).min().flatten();
                let last: Option<Vec<_>> = ends.iter().map(|e| e.1).collect();
                (first, last.and_then(|l| l.into_iter().max()))
            }
        }
    }
}

fn split<T: Copy>(pair: Option<(T, T)>) -> (Option<T>, Option<T>) {
    (pair.map(|p| p.0), pair.map(|p| p.1))
}

// --- writing

impl Mark {
    fn sign(self) -> &'static str {
        match self {
            Mark::None => "",
            Mark::Uncertain => "?",
            Mark::Approximate => "~",
            Mark::Both => "%",
        }
    }

    fn from_sign(sign: char) -> Option<Mark> {
        match sign {
            '?' => Some(Mark::Uncertain),
            '~' => Some(Mark::Approximate),
            '%' => Some(Mark::Both),
            _ => None,
        }
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.number < 0 { "-" } else { "" };
        if self.number.abs() > 9999 {
            return write!(f, "Y{}", self.number);
        }
        let digits = format!("{:04}", self.number.abs());
        let known = digits.len() - self.open as usize;
        write!(f, "{sign}{}{}", &digits[..known], "X".repeat(self.open as usize))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Known(n) => write!(f, "{n:02}"),
            Part::Open => f.write_str("XX"),
            Part::Tens(t) => write!(f, "{t}X"),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.year_mark.sign(), self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{}{month}", self.month_mark.sign())?;
        }
        if let Some(day) = self.day {
            write!(f, "-{}{day}", self.day_mark.sign())?;
        }
        f.write_str(self.mark.sign())
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        match self.zone {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(east) => {
                let sign = if east < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", east.abs() / 60, east.abs() % 60)
            }
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::Date(date) => date.fmt(f),
            Bound::Open => f.write_str(".."),
            Bound::Unknown => Ok(()),
        }
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Member::Date(date) => date.fmt(f),
            Member::Range(from, to) => {
                from.map_or(Ok(()), |d| d.fmt(f))?;
                f.write_str("..")?;
                to.map_or(Ok(()), |d| d.fmt(f))
            }
        }
    }
}

impl fmt::Display for Edtf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = |f: &mut fmt::Formatter<'_>, members: &[Member], ends: [&str; 2]| {
            f.write_str(ends[0])?;
            for (n, member) in members.iter().enumerate() {
                if n > 0 {
                    f.write_str(",")?;
                }
                member.fmt(f)?;
            }
            f.write_str(ends[1])
        };
        match self {
            Edtf::Date(date) => date.fmt(f),
            Edtf::DateTime(date, clock) => write!(f, "{date}T{clock}"),
            Edtf::Interval(start, end) => write!(f, "{start}/{end}"),
            Edtf::OneOf(members) => set(f, members, ["[", "]"]),
            Edtf::AllOf(members) => set(f, members, ["{", "}"]),
        }
    }
}

// --- reading

impl FromStr for Edtf {
    type Err = EdtfError;

    fn from_str(text: &str) -> Result<Edtf, EdtfError> {
        read(text).ok_or_else(|| EdtfError { text: text.to_owned() })
    }
}

fn read(text: &str) -> Option<Edtf> {
    if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        return Some(Edtf::OneOf(members(inner)?));
    }
    if let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
        return Some(Edtf::AllOf(members(inner)?));
    }
    if let Some((start, end)) = text.split_once('/') {
        let (start, end) = (bound(start)?, bound(end)?);
        let dated = matches!(start, Bound::Date(_)) || matches!(end, Bound::Date(_));
        return dated.then_some(Edtf::Interval(start, end));
    }
    if let Some((day, clock)) = text.split_once('T') {
        let day = date(day)?;
        let known = matches!(day.day, Some(Part::Known(_))) && day.bounds().is_some();
        return known.then(|| clock_of(clock).map(|c| Edtf::DateTime(day, c))).flatten();
    }
    Some(Edtf::Date(date(text)?))
}

fn members(text: &str) -> Option<Vec<Member>> {
    text.split(',')
        .map(|member| match member.split_once("..") {
            None => date(member).map(Member::Date),
            Some((from, to)) => {
                let end = |t: &str| match t {
                    "" => Some(None),
                    t => date(t).map(Some),
                };
                let (from, to) = (end(from)?, end(to)?);
                (from.is_some() || to.is_some()).then_some(Member::Range(from, to))
            }
        })
        .collect()
}

fn bound(text: &str) -> Option<Bound> {
    match text {
        "" => Some(Bound::Unknown),
        ".." => Some(Bound::Open),
        _ => date(text).map(Bound::Date),
    }
}

fn date(text: &str) -> Option<Date> {
    let mut rest = text;
    let leading = |rest: &mut &str| {
        let mark = rest.chars().next().and_then(Mark::from_sign);
        if mark.is_some() {
            *rest = &rest[1..];
        }
        mark.unwrap_or_default()
    };
    let year_mark = leading(&mut rest);
    let year = year(&mut rest)?;
    let mut date = Date { year, year_mark, ..Date::year(0) };
    if let Some(r) = rest.strip_prefix('-') {
        rest = r;
        date.month_mark = leading(&mut rest);
        date.month = Some(part(&mut rest)?);
        if let Some(r) = rest.strip_prefix('-') {
            rest = r;
            date.day_mark = leading(&mut rest);
            date.day = Some(part(&mut rest)?);
        }
    }
    if let Some(mark) = rest.chars().next().and_then(Mark::from_sign) {
        date.mark = mark;
        rest = &rest[1..];
    }
    let month_fits = match date.month {
        Some(Part::Known(m)) => months(m).is_some() && (m <= 12 || date.day.is_none()),
        Some(Part::Tens(t)) => t <= 1,
        _ => true,
    };
    let day_fits = match date.day {
        Some(Part::Known(d)) => (1..=31).contains(&d),
        Some(Part::Tens(t)) => t <= 3,
        _ => true,
    };
    let fits =
        month_fits && day_fits && (date.bounds().is_some() || year.number.abs() > 9999);
    (rest.is_empty() && fits).then_some(date)
}

fn year(rest: &mut &str) -> Option<Year> {
    if let Some(long) = rest.strip_prefix('Y') {
        let end =
            long[1..].find(|c: char| !c.is_ascii_digit()).map_or(long.len(), |n| n + 1);
        let number: i32 = long.get(..end)?.parse().ok()?;
        *rest = &long[end..];
        return (number.abs() > 9999).then_some(Year { number, open: 0 });
    }
    let negative = rest.starts_with('-');
    let digits = rest.get(usize::from(negative)..usize::from(negative) + 4)?;
    let known = digits.bytes().take_while(u8::is_ascii_digit).count();
    if !digits[known..].bytes().all(|b| b == b'X') {
        return None;
    }
    let open = 4 - known;
    let number = digits[..known].parse().unwrap_or(0) * 10i32.pow(open as u32);
    *rest = &rest[usize::from(negative) + 4..];
    let number = if negative { -number } else { number };
    (!negative || open == 0).then_some(Year { number, open: open as u8 })
}

fn part(rest: &mut &str) -> Option<Part> {
    let two = rest.get(..2)?;
    *rest = &rest[2..];
    match two.as_bytes() {
        b"XX" => Some(Part::Open),
        [t, b'X'] if t.is_ascii_digit() => Some(Part::Tens(t - b'0')),
        [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => {
            Some(Part::Known((a - b'0') * 10 + (b - b'0')))
        }
        _ => None,
    }
}

fn clock_of(text: &str) -> Option<Clock> {
    let at = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(at);
    let mut parts = clock.split(':');
    let mut two = |needed: bool| match parts.next() {
        Some(p) if p.len() == 2 => p.parse::<u8>().ok(),
        None if !needed => Some(0),
        _ => None,
    };
    let (hour, minute, second) = (two(true)?, two(true)?, two(false)?);
    let zone = match zone {
        "" => None,
        "Z" => Some(0),
        zone => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let (h, m) = zone[1..].split_once(':').unwrap_or((&zone[1..], "0"));
            Some(sign * (h.parse::<i16>().ok()? * 60 + m.parse::<i16>().ok()?))
        }
    };
    let fits = hour <= 24 && minute <= 59 && second <= 59 && parts.next().is_none();
    fits.then_some(Clock { hour, minute, second, zone })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printing what was read gives the text again, and these are its bounds.
    #[track_caller]
    fn check(text: &str, first: &str, last: &str) {
        let edtf: Edtf = text.parse().unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(edtf.to_string(), text);
        let (from, to) = edtf.bounds();
        let shown = |d: Option<civil::Date>| d.map_or(String::new(), |d| d.to_string());
        assert_eq!((shown(from).as_str(), shown(to).as_str()), (first, last), "{text}");
    }

    #[test]
    fn level_0() {
        check("2025-02-18", "2025-02-18", "2025-02-18");
        check("2024-02", "2024-02-01", "2024-02-29");
        check("1997", "1997-01-01", "1997-12-31");
        check("2025-02-18/2025-02-20", "2025-02-18", "2025-02-20");
        check("2025-02-18T13:05:00Z", "2025-02-18", "2025-02-18");
        check("2025-02-18T13:05:00+05:30", "2025-02-18", "2025-02-18");
    }

    #[test]
    fn level_1() {
        check("2025-02~", "2025-02-01", "2025-02-28");
        check("2022?", "2022-01-01", "2022-12-31");
        check("199X", "1990-01-01", "1999-12-31");
        check("18XX", "1800-01-01", "1899-12-31");
        check("2025-02-XX", "2025-02-01", "2025-02-28");
        check("2023-22", "2023-06-01", "2023-08-31");
        check("../2025-02", "", "2025-02-28");
        check("2025-02-18/..", "2025-02-18", "");
        check("/2025", "", "2025-12-31");
        check("-0043", "-000043-01-01", "-000043-12-31");
    }

    #[test]
    fn level_2() {
        check("[2025-02-04,2025-02-11]", "2025-02-04", "2025-02-11");
        check("{2020,2022}", "2020-01-01", "2022-12-31");
        check("[..1984]", "", "1984-12-31");
        check("[2020-01..2020-03]", "2020-01-01", "2020-03-31");
        check("2024-33", "2024-01-01", "2024-03-31");
        check("2025-40", "2025-01-01", "2025-06-30");
        check("2022-?02-%18", "2022-02-18", "2022-02-18");
        check("2024-12-1X", "2024-12-10", "2024-12-19");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2025-13",
            "2025-02-30",
            "25-02",
            "2025-2",
            "2025-21-01",
            "/",
            "../..",
            "[2025",
            "2025-02-18T25:00",
            "mardi",
            "2025-02-18 ",
            "202X-02-30",
        ] {
            assert!(text.parse::<Edtf>().is_err(), "{text:?} was taken for a date");
        }
    }
}
