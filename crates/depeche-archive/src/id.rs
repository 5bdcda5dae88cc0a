//! What are articles and their items called, inside the archive and outside?

use std::fmt;
use std::str::FromStr;

use crate::day::{self, Day};
use crate::error::Error;

/// Bits of the number that an article has among those of its day.
pub(crate) const SERIAL: u32 = 15;
/// Bits of the number that an item has in its article.
pub(crate) const ITEM: u32 = 14;
/// So many items of one kind may an article have.
pub(crate) const MOST_ITEMS: usize = (1 << ITEM) - 1;

/// Bits of the number that a statement has in the index of words.
pub(crate) const WORD_ITEM: u32 = 6;
/// The row of all statements of an article from there on.
pub(crate) const LAST_WORD_ROW: usize = (1 << WORD_ITEM) - 1;

const _: () = assert!(day::BITS + SERIAL + ITEM < 48, "SQLite keeps an id in six bytes");

/// The number of an article in its archive: later articles have larger ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(pub(crate) i64);

impl ArticleId {
    /// The first number that an article of a day may have.
    pub(crate) fn floor(day: Day) -> ArticleId {
        ArticleId(day.number() << SERIAL)
    }

    /// The day that orders it: the first that its date of publication may mean. On a day with
    /// more articles than it has numbers, the last ones have numbers of the next.
    pub fn day(self) -> Day {
        Day::from_number(self.0 >> SERIAL)
    }

    /// The id of an item: `n` counts from 1, as in `s1`.
    pub(crate) fn item(self, n: usize) -> i64 {
        self.0 << ITEM | n as i64
    }

    /// The article of an item.
    pub(crate) fn of_item(item: i64) -> ArticleId {
        ArticleId(item >> ITEM)
    }

    /// The row of a statement in the index of words; the last row stands for all that follow.
    pub(crate) fn word_row(self, n: usize) -> i64 {
        self.0 << WORD_ITEM | n.min(LAST_WORD_ROW) as i64
    }

    /// Below which all ids of its items lie.
    pub(crate) fn end_of_items(self) -> i64 {
        (self.0 + 1) << ITEM
    }
}

/// The number that an item has in its article: 3 for `s3`.
pub(crate) fn number_of(id: &str) -> usize {
    id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0)
}

/// What opens the evidence: an article and, perhaps, a stretch of its text or an item of its record.
///
/// ```
/// # use depeche_archive::Reference;
/// let reference: Reference = "3fa94c0b21d7:120-186".parse().unwrap();
/// assert_eq!(reference.span, Some((120, 186)));
/// assert_eq!(reference.to_string(), "3fa94c0b21d7:120-186");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The first hexadecimal digits of the article's identity.
    pub article: String,
    /// A stretch of its text, in code points.
    pub span: Option<(u32, u32)>,
    /// An item of its record: `s3`.
    pub item: Option<String>,
}

/// So many digits of an identity are printed: among a million articles two share them once in
/// five hundred archives.
const DIGITS: usize = 12;

impl Reference {
    /// The reference of a stretch of an article.
    pub(crate) fn new(identity: &[u8], span: Option<(u32, u32)>) -> Reference {
        let digits = identity.iter().flat_map(|b| [b >> 4, b & 15]).take(DIGITS);
        let article = digits.filter_map(|d| char::from_digit(d.into(), 16)).collect();
        Reference { article, span, item: None }
    }

    /// The first and the last identity that it may mean.
    pub(crate) fn range(&self) -> ([u8; 16], [u8; 16]) {
        let digit = |n: usize, missing: u8| {
            let digit = self.article.as_bytes().get(n).map(|&b| char::from(b));
            digit.and_then(|d| d.to_digit(16)).map_or(missing, |d| d as u8)
        };
        let fill = |missing: u8| {
            std::array::from_fn(|n| {
                digit(2 * n, missing) << 4 | digit(2 * n + 1, missing)
            })
        };
        (fill(0), fill(15))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.article)?;
        match (&self.span, &self.item) {
            (Some((start, end)), _) => write!(f, ":{start}-{end}"),
            (None, Some(item)) => write!(f, ":{item}"),
            (None, None) => Ok(()),
        }
    }
}

impl FromStr for Reference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Reference, Error> {
        let fault = || {
            Error::asked(format!(
                "{text:?} is no reference; write one as it stands at the end of a line of an \
                 answer: 3fa94c0b21d7, 3fa94c0b21d7:120-186 or 3fa94c0b21d7:s3"
            ))
        };
        let (article, rest) = match text.split_once(':') {
            Some((article, rest)) => (article, Some(rest)),
            None => (text, None),
        };
        let hex = article.bytes().all(|b| b.is_ascii_hexdigit());
        if !hex || !(4..=32).contains(&article.len()) {
            return Err(fault());
        }
        let article = article.to_ascii_lowercase();
        let mut reference = Reference { article, span: None, item: None };
        let Some(rest) = rest else { return Ok(reference) };
        if let Some((start, end)) = rest.split_once('-') {
            let span = start.parse().ok().zip(end.parse().ok());
            reference.span = Some(span.filter(|(s, e)| s <= e).ok_or_else(fault)?);
        } else {
            let letter = rest.chars().next().is_some_and(|c| c.is_ascii_lowercase());
            if !letter || number_of(rest) == 0 {
                return Err(fault());
            }
            reference.item = Some(rest.to_owned());
        }
        Ok(reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_the_order_of_dates() {
        let id = |day: &str, serial| {
            ArticleId(
                ArticleId::floor(Day::bounds(day).0.expect("it is a day")).0 + serial,
            )
        };
        let early = id("2016-03-01", 900);
        let late = id("2016-03-02", 1);
        assert!(early < late);
        assert!(early.item(MOST_ITEMS) < late.item(1));
        assert_eq!(ArticleId::of_item(late.item(7)), late);
        assert_eq!(late.day().to_string(), "2016-03-02");
    }

    #[test]
    fn a_reference_is_read_as_it_is_written() {
        for text in ["3fa94c0b21d7", "3fa94c0b21d7:0-12", "abcd:s3"] {
            let reference: Reference = text.parse().expect("it is one");
            assert_eq!(reference.to_string(), text);
        }
        for text in ["", "xyz", "3fa94c0b21d7:12", "3fa94c0b21d7:9-2", "abc", "abcd:s"] {
            assert!(text.parse::<Reference>().is_err(), "{text}");
        }
        let reference: Reference = "abc1".parse().expect("it is one");
        let (first, last) = reference.range();
        assert_eq!((first[0], first[1], first[2]), (0xab, 0xc1, 0));
        assert_eq!((last[0], last[1], last[15]), (0xab, 0xc1, 0xff));
    }
}
