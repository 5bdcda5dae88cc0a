//! Which day is it, as a number?

use std::fmt;

use depeche_time::Edtf;
use jiff::civil::{self, date};

/// A day, counted from 1600-01-01 (day 0). Days before it and after 2317 are no days of press:
/// they are taken for the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(u32);

/// Bits of a day in an id.
pub(crate) const BITS: u32 = 18;

impl Day {
    /// The first.
    pub const FIRST: Day = Day(0);
    /// The last.
    pub const LAST: Day = Day((1 << BITS) - 1);

    /// That many days after 1600-01-01.
    pub fn from_number(number: i64) -> Day {
        Day(number.clamp(0, i64::from(Day::LAST.0)) as u32)
    }

    /// How many days after 1600-01-01.
    pub fn number(self) -> i64 {
        i64::from(self.0)
    }

    pub(crate) fn of(day: civil::Date) -> Day {
        let since = day.duration_since(date(1600, 1, 1)).as_hours() / 24;
        Day::from_number(since)
    }

    /// The calendar date.
    pub fn date(self) -> civil::Date {
        let days = jiff::Span::new().days(self.0);
        date(1600, 1, 1).checked_add(days).expect("some 700 years after 1600")
    }

    /// Year and month: `2025-02`.
    pub fn month(self) -> String {
        let date = self.date();
        format!("{:04}-{:02}", date.year(), date.month())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())
    }
}

impl Day {
    /// The first and the last day that an EDTF value may mean; `None` where an end is open, or the
    /// text is no EDTF.
    ///
    /// ```
    /// # use depeche_archive::Day;
    /// let (first, last) = Day::bounds("2025-02");
    /// assert_eq!(first.unwrap().to_string(), "2025-02-01");
    /// assert_eq!(last.unwrap().to_string(), "2025-02-28");
    /// assert_eq!(Day::bounds("some day"), (None, None));
    /// ```
    pub fn bounds(edtf: &str) -> (Option<Day>, Option<Day>) {
        let Ok(edtf) = edtf.parse::<Edtf>() else { return (None, None) };
        let (first, last) = edtf.bounds();
        (first.map(Day::of), last.map(Day::of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_there_and_back() {
        for day in ["1600-01-01", "1999-12-31", "2024-02-29", "2025-02-18"] {
            let (first, last) = Day::bounds(day);
            assert_eq!(first, last);
            assert_eq!(first.expect("it is a day").to_string(), day);
        }
        assert_eq!(Day::bounds("0300").0, Some(Day::FIRST));
        assert_eq!(Day::bounds("9999").1, Some(Day::LAST));
    }
}
