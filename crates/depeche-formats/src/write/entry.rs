//! What is written of one article: its record, and what an archive knows beside it.

use std::fmt;

use depeche_record::Record;
use depeche_time::Edtf;

/// One article to write.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its record.
    pub record: &'a Record,
    /// What an archive knows of it; `None` where copies were never grouped.
    pub origin: Option<&'a Origin>,
}

/// What an archive knows of an article beside its record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// What opens the article in its archive.
    pub reference: String,
    /// What opens the earliest article of its dispatch: the article itself, when it is no copy.
    pub dispatch: String,
    /// What it is to that one: `identical`, `shortened`, `extended`, `altered`.
    pub relation: Option<String>,
    /// Ids of its statements, events and positions that an earlier article of the dispatch has.
    pub repeated: Vec<String>,
}

impl Origin {
    /// Whether the article is a copy of an earlier one.
    pub fn is_copy(&self) -> bool {
        self.dispatch != self.reference
    }
}

impl<'a> From<&'a Record> for Entry<'a> {
    fn from(record: &'a Record) -> Entry<'a> {
        Entry { record, origin: None }
    }
}

impl Entry<'_> {
    /// The year and month in which it was published, as far as they are known.
    pub fn month(&self) -> Month {
        let published = self.record.article.published.as_deref();
        let Some(Ok(edtf)) = published.map(str::parse::<Edtf>) else {
            return Month::default();
        };
        let (Some(first), Some(last)) = edtf.bounds() else { return Month::default() };
        let year = (first.year() == last.year()).then_some(first.year());
        let month = (first.month() == last.month()).then_some(first.month());
        Month { year, month: year.and(month) }
    }

    /// Whether an earlier article of the dispatch has that item.
    pub fn repeats(&self, item: &str) -> bool {
        self.origin.is_some_and(|o| o.repeated.iter().any(|r| r == item))
    }
}

/// A part of an export: a year and a month, each if known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// The year.
    pub year: Option<i16>,
    /// The month, from 1.
    pub month: Option<i8>,
}

impl fmt::Display for Month {
    /// As the name of a folder: `year=2025/month=02`, `year=unknown/month=unknown`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "year={year:04}/")?,
            None => f.write_str("year=unknown/")?,
        }
        match self.month {
            Some(month) => write!(f, "month={month:02}"),
            None => f.write_str("month=unknown"),
        }
    }
}
