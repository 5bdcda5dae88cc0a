//! What does a time expression say by itself, before anybody knows when it was written?

use depeche_rule::{Captured, Match, Pack, Value, What};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Of a minute.
    Second,
    /// Of an hour.
    Minute,
    /// Of a day.
    Hour,
    /// From midnight to midnight.
    Day,
    /// From Monday to Sunday.
    Week,
    /// Saturday and Sunday.
    Weekend,
    /// Of a year.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    Half,
    /// From January to December.
    Year,
    /// Ten years.
    Decade,
    /// A hundred years.
    Century,
    /// A thousand years.
    Millennium,
}

impl Unit {
    /// The unit of that name.
    pub fn from_name(name: &str) -> Option<Unit> {
        Some(match name {
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "week" => Unit::Week,
            "weekend" => Unit::Weekend,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "half" => Unit::Half,
            "year" => Unit::Year,
            "decade" => Unit::Decade,
            "century" => Unit::Century,
            "millennium" => Unit::Millennium,
            _ => return None,
        })
    }

    /// How many it has of a smaller unit in which durations are written: a decade is 10 years.
    fn in_basic(self) -> (f64, Unit) {
        match self {
            Unit::Quarter => (3.0, Unit::Month),
            Unit::Half => (6.0, Unit::Month),
            Unit::Decade => (10.0, Unit::Year),
            Unit::Century => (100.0, Unit::Year),
            Unit::Millennium => (1000.0, Unit::Year),
            Unit::Weekend => (2.0, Unit::Day),
            unit => (1.0, unit),
        }
    }

    /// Half of it, in a smaller unit.
    fn halved(self) -> (f64, Unit) {
        match self {
            Unit::Minute => (30.0, Unit::Second),
            Unit::Hour => (30.0, Unit::Minute),
            Unit::Day => (12.0, Unit::Hour),
            Unit::Month => (15.0, Unit::Day),
            Unit::Year => (6.0, Unit::Month),
            Unit::Decade => (5.0, Unit::Year),
            Unit::Century => (50.0, Unit::Year),
            Unit::Millennium => (500.0, Unit::Year),
            unit => (0.5, unit),
        }
    }

    /// Its letter in a duration, and whether it stands behind the `T`.
    fn letter(self) -> (char, bool) {
        match self {
            Unit::Second => ('S', true),
            Unit::Minute => ('M', true),
            Unit::Hour => ('H', true),
            Unit::Day | Unit::Weekend => ('D', false),
            Unit::Week => ('W', false),
            Unit::Month | Unit::Quarter | Unit::Half => ('M', false),
            _ => ('Y', false),
        }
    }
}

/// Which of the many is meant: the Monday before, the Monday after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Nothing says so: tense and context decide.
    Near,
    /// The one before: `lundi dernier`.
    Past,
    /// The one after: `lundi prochain`.
    Next,
    /// The one of this week, month, year: `ce lundi`.
    This,
    /// The first that is to come: `pour lundi`.
    Ahead,
}

/// From where one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// From the day of writing: `hier`.
    Dct,
    /// From the day that the story is at: `la veille`.
    Narrative,
    /// From the day that is being told of right here, else the day of writing: `dans la soirée`.
    Told,
    /// From something that is told and not dated: `à la veille du sommet`.
    Event,
}

/// What an expression says by itself.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum Meaning {
    /// A date of the calendar, parts of which may be missing.
    /// `dow`, where the text names the day of the week, picks the year or the month.
    Date {
        year: Option<i32>,
        month: Option<u8>,
        day: Option<u8>,
        dow: Option<u8>,
        to: To,
    },
    /// A day of the week (1 is Monday), some weeks further.
    Weekday { dow: u8, to: To, weeks: i32 },
    /// Some units before (`back`) or after; `None`: some, nobody says how many.
    Shift { unit: Unit, by: Option<f64>, back: bool, from: From },
    /// Division `n` of a year: `Season`s are 1–4 from spring, quarters 1–4, halves 1–2.
    Division { unit: Division, n: u8, year: Option<i32>, to: To },
    /// Ten years; two digits belong to the last century but one can tell.
    Decade { year: i32 },
    /// A hundred years, counted from 1.
    Century { n: i32, bc: bool },
    /// A year before our era.
    Bc { year: i32 },
    /// A feast: a fixed day, or days from Easter.
    Holiday { when: Feast, year: Option<i32>, to: To },
    /// A part of a day: `MO AF EV NI MI DT`.
    Part { of: Box<Meaning>, part: String },
    /// A time of day.
    At { of: Option<Box<Meaning>>, clock: ClockTime },
    /// A length of time; empty amounts are vague.
    Duration(Vec<(Option<f64>, Unit)>),
    /// Again and again.
    Set(Period),
    /// The past, the present, the future, no more.
    Ref(Tense),
    /// A day or a month that shares the rest with another expression.
    Shared { day: Option<u8>, month: Option<u8>, of: Box<Meaning> },
    /// No time at all: an age, a name. It keeps others from its words.
    Nothing,
}

/// Divisions of a year that are longer than a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Division {
    /// Spring, summer, autumn, winter.
    Season,
    /// Three months.
    Quarter,
    /// Six months.
    Half,
}

/// When a feast is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum Feast {
    /// A day of every year.
    Fixed { month: u8, day: u8 },
    /// Days after Easter Sunday.
    Easter { plus: i32 },
    /// A day of one year, known by its name: `le 11-Septembre`.
    Once { year: i32, month: u8, day: u8 },
}

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTime {
    /// 0–24.
    pub hour: u8,
    /// 0–59.
    pub minute: u8,
    /// 0–59; `None` when it was not said.
    pub second: Option<u8>,
    /// Minutes east of Greenwich; `None` when no zone was said.
    pub zone: Option<i16>,
}

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Period {
    /// Every so many units.
    Every(f64, Unit),
    /// On a day of every week.
    Weekday(u8),
    /// In a month of every year.
    Month(u8),
    /// In a part of every day.
    Daypart(&'static str),
}

/// Past, present or future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tense {
    /// `récemment`.
    Past,
    /// `désormais`.
    Present,
    /// `bientôt`.
    Future,
}

/// The TIMEX3 value of a duration: `PT4H30M`, `P10Y`, `PXW`.
pub(crate) fn duration_value(amounts: &[(Option<f64>, Unit)]) -> String {
    let mut date = String::new();
    let mut time = String::new();
    for &(amount, unit) in amounts {
        let (factor, basic) = unit.in_basic();
        let (letter, behind) = basic.letter();
        let number = match amount {
            None => "X".to_owned(),
            Some(n) => trimmed(n * factor),
        };
        let side = if behind { &mut time } else { &mut date };
        side.push_str(&format!("{number}{letter}"));
    }
    if time.is_empty() { format!("P{date}") } else { format!("P{date}T{time}") }
}

fn trimmed(n: f64) -> String {
    if n.fract() == 0.0 { format!("{n:.0}") } else { format!("{n}") }
}

/// The value field of a rule: an operator and its arguments, `date year=$year month=$month`.
///
/// An argument that begins with `$` is what the pattern remembered under that name; it is left
/// out when the pattern went by without it. Others stand for themselves.
#[derive(Clone, Debug)]
pub(crate) struct Formula {
    operator: String,
    arguments: Vec<(String, String)>,
}

/// The operators, and the arguments that each may have.
const OPERATORS: &[(&str, &[&str])] = &[
    ("date", &["year", "month", "day", "dow", "to", "part"]),
    ("weekday", &["dow", "to", "weeks", "part"]),
    ("shift", &["unit", "by", "sign", "from", "part"]),
    ("count", &["of", "sign", "from"]),
    ("division", &["unit", "n", "year", "to"]),
    ("decade", &["year"]),
    ("century", &["n", "bc"]),
    ("bc", &["year"]),
    ("holiday", &["name", "year", "to"]),
    ("part", &["of", "part", "from"]),
    ("clock", &["hour", "minute", "second", "zone", "afternoon"]),
    ("at", &["of", "clock"]),
    ("duration", &["n", "unit", "n2", "unit2", "half"]),
    ("set", &["n", "unit", "dow", "month", "part"]),
    ("ref", &["to"]),
    ("share", &["day", "month", "of"]),
    ("same", &["of"]),
    ("nothing", &[]),
];

/// What an argument is worth in a match.
enum Argument<'a> {
    Number(f64),
    Text(&'a str),
    Value(&'a Value),
    Meaning(&'a Meaning),
}

impl Formula {
    /// Reads a value field.
    pub(crate) fn parse(text: &str) -> Result<Formula, String> {
        let mut words = text.split_whitespace();
        let operator = words.next().ok_or("a value begins with an operator")?.to_owned();
        let Some((_, known)) = OPERATORS.iter().find(|(name, _)| *name == operator)
        else {
            let names: Vec<&str> = OPERATORS.iter().map(|(name, _)| *name).collect();
            return Err(format!(
                "no operator `{operator}`; there are {}",
                names.join(", ")
            ));
        };
        let mut arguments = Vec::new();
        for word in words {
            let (name, value) = word
                .split_once('=')
                .ok_or_else(|| format!("`{word}` should be name=value"))?;
            if !known.contains(&name) {
                return Err(format!(
                    "`{operator}` has no `{name}`; it has {}",
                    known.join(", ")
                ));
            }
            arguments.push((name.to_owned(), value.to_owned()));
        }
        Ok(Formula { operator, arguments })
    }

    /// What a match means; `None` when its parts make no sense together (a 31 February).
    pub(crate) fn meaning(
        &self,
        pack: &Pack,
        found: &Match,
        items: &[Meaning],
    ) -> Option<Meaning> {
        let call = Call { formula: self, pack, found, items };
        let meaning = match self.operator.as_str() {
            "date" => call.date()?,
            "weekday" => Meaning::Weekday {
                dow: call.whole("dow")? as u8,
                to: call.to(),
                weeks: call.whole("weeks").unwrap_or(0) as i32,
            },
            "shift" => Meaning::Shift {
                unit: call.unit("unit")?,
                by: call.number("by").map(|by| by * call.sign()),
                back: call.sign() < 0.0,
                from: call.from(),
            },
            "count" => call.count()?,
            "division" => call.division()?,
            "decade" => Meaning::Decade { year: call.whole("year")? as i32 },
            "century" => Meaning::Century {
                n: call.whole("n")? as i32,
                bc: call.text("bc").is_some(),
            },
            "bc" => Meaning::Bc { year: call.whole("year")? as i32 },
            "holiday" => Meaning::Holiday {
                when: feast(call.text("name")?)?,
                year: call.year(),
                to: call.to(),
            },
            "part" => call.of().unwrap_or(Meaning::Shift {
                unit: Unit::Day,
                by: Some(0.0),
                back: false,
                from: call.from(),
            }),
            "clock" => Meaning::At { of: None, clock: call.clock()? },
            "at" => match (call.meaning("clock")?, call.of()) {
                // A season has no hour of the day.
                (_, Some(Meaning::Division { .. })) => return None,
                (Meaning::At { clock, .. }, of) => {
                    Meaning::At { of: of.map(Box::new), clock: *clock }
                }
                _ => return None,
            },
            "duration" => call.duration()?,
            "set" => Meaning::Set(call.period()?),
            "ref" => Meaning::Ref(match call.text("to")? {
                "past" => Tense::Past,
                "future" => Tense::Future,
                _ => Tense::Present,
            }),
            "share" => Meaning::Shared {
                day: call.whole("day").map(|d| d as u8),
                month: call.whole("month").map(|m| m as u8),
                of: Box::new(call.of()?),
            },
            "same" => call.of()?,
            _ => Meaning::Nothing,
        };
        Some(match call.text("part").filter(|_| self.operator != "set") {
            Some(part) => Meaning::Part { of: Box::new(meaning), part: part.to_owned() },
            None => meaning,
        })
    }
}

/// A formula at work on one match.
struct Call<'a> {
    formula: &'a Formula,
    pack: &'a Pack,
    found: &'a Match,
    items: &'a [Meaning],
}

impl<'a> Call<'a> {
    fn argument(&self, name: &str) -> Option<Argument<'a>> {
        let (_, written) = self.formula.arguments.iter().find(|(n, _)| n == name)?;
        let Some(capture) = written.strip_prefix('$') else {
            return Some(match written.parse() {
                Ok(number) => Argument::Number(number),
                Err(_) => Argument::Text(written),
            });
        };
        let name = self.pack.name_id(capture)?;
        let Captured { what, .. } = self.found.capture(name)?;
        match what {
            What::Number(n) => Some(Argument::Number(*n)),
            What::Member(class, value) => Some(match self.pack.value(*class, *value) {
                Value::Integer(n) => Argument::Number(*n as f64),
                Value::Float(x) => Argument::Number(*x),
                Value::Text(text) => Argument::Text(text),
                other => Argument::Value(other),
            }),
            What::Item(i) => self.items.get(*i).map(Argument::Meaning),
            What::Tokens => None,
        }
    }

    /// A part of a year. The last one is told of a year that is named only: « le dernier
    /// trimestre » may be the one before this.
    fn division(&self) -> Option<Meaning> {
        let (unit, count) = match self.text("unit")? {
            "season" => (Division::Season, 4),
            "quarter" => (Division::Quarter, 4),
            _ => (Division::Half, 2),
        };
        let year = self.year();
        let n = match self.whole("n")? {
            -1 => count * i64::from(year.is_some()),
            n => n,
        };
        let n = u8::try_from(n).ok().filter(|n| (1..=count as u8).contains(n))?;
        Some(Meaning::Division { unit, n, year, to: self.to() })
    }

    fn number(&self, name: &str) -> Option<f64> {
        match self.argument(name)? {
            Argument::Number(n) => Some(n),
            Argument::Value(v) => v.number(),
            _ => None,
        }
    }

    fn whole(&self, name: &str) -> Option<i64> {
        self.number(name).filter(|n| n.fract() == 0.0).map(|n| n as i64)
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        match self.argument(name)? {
            Argument::Text(text) => Some(text),
            _ => None,
        }
    }

    fn meaning(&self, name: &str) -> Option<&'a Meaning> {
        match self.argument(name)? {
            Argument::Meaning(meaning) => Some(meaning),
            _ => None,
        }
    }

    fn of(&self) -> Option<Meaning> {
        self.meaning("of").cloned()
    }

    fn unit(&self, name: &str) -> Option<Unit> {
        Unit::from_name(self.text(name)?)
    }

    fn sign(&self) -> f64 {
        self.number("sign").unwrap_or(1.0)
    }

    fn to(&self) -> To {
        match self.text("to") {
            Some("past") => To::Past,
            Some("next") => To::Next,
            Some("this") => To::This,
            Some("ahead") => To::Ahead,
            _ => To::Near,
        }
    }

    fn from(&self) -> From {
        match self.text("from") {
            Some("story") => From::Narrative,
            Some("told") => From::Told,
            Some("event") => From::Event,
            _ => From::Dct,
        }
    }

    /// A year of four digits, or of two: `mai 68`.
    fn year(&self) -> Option<i32> {
        self.whole("year").map(|y| y as i32)
    }

    fn date(&self) -> Option<Meaning> {
        let (year, month, day) = (self.year(), self.whole("month"), self.whole("day"));
        let (month, day) = (month.map(|m| m as u8), day.map(|d| d as u8));
        if let (Some(month), Some(day)) = (month, day) {
            // A leap year, when none is said.
            let y = year.filter(|y| *y > 99).unwrap_or(2024);
            jiff::civil::Date::new(i16::try_from(y).ok()?, month as i8, day as i8)
                .ok()?;
        }
        let dow = self.whole("dow").map(|d| d as u8);
        Some(Meaning::Date { year, month, day, dow, to: self.to() })
    }

    /// `il y a trois jours`: a duration, counted back or on.
    fn count(&self) -> Option<Meaning> {
        let Some(Meaning::Duration(amounts)) = self.meaning("of") else { return None };
        let &(amount, unit) = amounts.first()?;
        let (factor, basic) = unit.in_basic();
        let more: f64 = amounts[1..].iter().filter_map(|a| a.0).sum();
        // « un an et demi » ago is 18 months ago.
        let (by, unit) = match (amounts.get(1), basic) {
            (Some(_), Unit::Year) => (amount.map(|n| n * 12.0 + more), Unit::Month),
            _ => (amount.map(|n| n * factor), basic),
        };
        let back = self.sign() < 0.0;
        Some(Meaning::Shift {
            unit,
            by: by.map(|n| n * self.sign()),
            back,
            from: self.from(),
        })
    }

    fn clock(&self) -> Option<ClockTime> {
        let mut hour = self.whole("hour")? as u8;
        if self.argument("afternoon").is_some() && hour < 12 {
            hour += 12;
        }
        let minute = self.whole("minute").unwrap_or(0) as u8;
        let zone = self.number("zone").map(|z| z as i16);
        let second = self.whole("second").map(|s| s as u8);
        (hour <= 24 && minute < 60).then_some(ClockTime { hour, minute, second, zone })
    }

    fn duration(&self) -> Option<Meaning> {
        let unit = self.unit("unit")?;
        let mut amounts = Vec::new();
        let half = self.argument("half").is_some();
        match self.argument("n") {
            Some(Argument::Number(n)) => amounts.push((Some(n), unit)),
            Some(_) => amounts.push((None, unit)),
            None if half => {}
            None => amounts.push((None, unit)),
        }
        if half {
            let (n, smaller) = unit.halved();
            amounts.push((Some(n), smaller));
        }
        let more = self.number("n2").filter(|n| *n > 0.0);
        if let (Some(n), Some(unit)) = (more, self.unit("unit2")) {
            amounts.push((Some(n), unit));
        }
        Some(Meaning::Duration(amounts))
    }

    fn period(&self) -> Option<Period> {
        if let Some(dow) = self.whole("dow") {
            return Some(Period::Weekday(dow as u8));
        }
        if let Some(month) = self.whole("month") {
            return Some(Period::Month(month as u8));
        }
        if let Some(part) = self.text("part") {
            let known = ["MO", "MI", "AF", "EV", "NI", "DT"];
            return known.into_iter().find(|p| *p == part).map(Period::Daypart);
        }
        Some(Period::Every(self.number("n").unwrap_or(1.0), self.unit("unit")?))
    }
}

/// `12-25`, `easter+39`, `2001-09-11`.
fn feast(text: &str) -> Option<Feast> {
    if let Some(plus) = text.strip_prefix("easter") {
        return Some(Feast::Easter {
            plus: if plus.is_empty() { 0 } else { plus.parse().ok()? },
        });
    }
    let parts: Vec<&str> = text.split('-').collect();
    match parts[..] {
        [month, day] => {
            Some(Feast::Fixed { month: month.parse().ok()?, day: day.parse().ok()? })
        }
        [year, month, day] => Some(Feast::Once {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            day: day.parse().ok()?,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_timex3_wants() {
        let value = |amounts: &[(Option<f64>, Unit)]| duration_value(amounts);
        assert_eq!(
            value(&[(Some(4.0), Unit::Hour), (Some(30.0), Unit::Minute)]),
            "PT4H30M"
        );
        assert_eq!(value(&[(Some(2.0), Unit::Decade)]), "P20Y");
        assert_eq!(value(&[(None, Unit::Week)]), "PXW");
        assert_eq!(value(&[(Some(1.0), Unit::Year), (Some(6.0), Unit::Month)]), "P1Y6M");
        assert_eq!(value(&[(Some(1.5), Unit::Week)]), "P1.5W");
    }

    #[test]
    fn a_formula_names_what_it_does_not_know() {
        let fault = |text| Formula::parse(text).unwrap_err();
        assert!(
            fault("dat year=1").starts_with("no operator `dat`; there are date, weekday")
        );
        assert!(fault("weekday day=1").starts_with("`weekday` has no `day`"));
        assert_eq!(fault("ref past"), "`past` should be name=value");
    }
}
