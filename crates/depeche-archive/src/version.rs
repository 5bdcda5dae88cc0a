//! Which version of a dispatch is an article, and what does a later one take back?

use std::ops::Range;

use depeche_record::Article;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};

use crate::archive::{Archive, Version};
use crate::copies::{Relation, Sketch, similarity};
use crate::day::Day;
use crate::error::Result;
use crate::id::{ArticleId, Reference};
use crate::pack::Offsets;
use crate::quote::compare;
use crate::rows::unlisted;
use crate::terms::{Token, find, tokens};
use crate::wording::Wordings;

/// A later version of the same dispatch that does not stand by something any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// [`Relation::Withdrawal`] or [`Relation::Correction`].
    pub how: Relation,
    /// The article that does so.
    pub by: Reference,
    /// What that article says in its place, where it says something like it.
    pub instead: Option<Reference>,
}

/// A version follows what it is a version of within so many days.
const FOLLOWS: i64 = 3;
/// A notice may name an article of so many days ago.
const NAMES: i64 = 7;
/// Headlines of fewer words are the same too often.
const TELLING_TITLE: usize = 4;
/// So much of a notice is read to find the headline that it names.
const NOTICE: usize = 2000;
/// A correction that shares less than this with the article is a notice, not the article anew.
const ANEW: f64 = 0.5;
/// Of a short stretch so many words on both sides are looked at too.
const BESIDE: usize = 3;
/// A stretch of so many words stands for itself.
const ENOUGH: usize = 6;
/// So many words in a row that a notice has too are those that it speaks of.
const SPOKEN_OF: usize = 4;
/// From this likeness on, one statement stands in the place of another.
const IN_PLACE: f64 = 0.5;

/// The version that an article says it is.
pub(crate) fn mark_of(wordings: &Wordings, article: &Article) -> Option<Relation> {
    wordings.get(&article.lang)?.version(article.title.as_deref(), &article.text)
}

/// The version that an article of the archive, with this text, says it is.
pub(crate) fn mark_in(
    db: &Connection,
    wordings: &Wordings,
    id: ArticleId,
    text: &str,
) -> Result<Option<Relation>> {
    let sql = "SELECT a.title, l.text FROM article a JOIN word l ON l.id = a.lang WHERE a.id = ?";
    let (title, lang): (Option<String>, String) = db
        .prepare_cached(sql)?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some(wording) = wordings.get(&lang) else { return Ok(None) };
    Ok(wording.version(title.as_deref(), text))
}

/// Whether an article of the archive has the source of another one, and was published within
/// some days of it.
pub(crate) fn is_near(
    db: &Connection,
    id: ArticleId,
    article: &Article,
    day: Day,
) -> Result<bool> {
    if (id.day().number() - day.number()).abs() > FOLLOWS {
        return Ok(false);
    }
    let sql = "SELECT o.text, g.text FROM article a LEFT JOIN word o ON o.id = a.outlet \
               LEFT JOIN word g ON g.id = a.agency WHERE a.id = ?";
    let (outlet, agency): (Option<String>, Option<String>) = db
        .prepare_cached(sql)?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
    Ok(same(&outlet, &article.outlet) || same(&agency, &article.agency))
}

/// The newest article of the same source of which a marked one is a version by its headline:
/// it has the whole of it, or shares much of it and `is_like` the article.
pub(crate) fn named_by(
    db: &Connection,
    marked: &Article,
    day: Day,
    mut is_like: impl FnMut(ArticleId) -> Result<bool>,
) -> Result<Option<ArticleId>> {
    let text = marked.text.char_indices().nth(NOTICE);
    let text = text.map_or(marked.text.as_str(), |(at, _)| &marked.text[..at]);
    let title = marked.title.as_deref().unwrap_or_default();
    let (words, head) = (tokens(&format!("{title}\n{text}")), tokens(title));
    let first = ArticleId::floor(Day::from_number(day.number() - NAMES));
    let end = ArticleId::floor(Day::from_number(day.number() + 1));
    let sql = "SELECT a.id, a.title FROM article a WHERE a.id >= ?1 AND a.id < ?2 \
               AND a.title IS NOT NULL \
               AND (a.outlet = (SELECT id FROM word WHERE text = ?3) \
                    OR a.agency = (SELECT id FROM word WHERE text = ?4)) \
               ORDER BY a.id DESC";
    let mut ask = db.prepare_cached(sql)?;
    let mut rows = ask.query(params![first.0, end.0, marked.outlet, marked.agency])?;
    while let Some(row) = rows.next()? {
        let id = ArticleId(row.get(0)?);
        let title: String = row.get(1)?;
        let title: Vec<String> = tokens(&title).into_iter().map(|t| t.fold).collect();
        let whole = title.len() >= TELLING_TITLE && find(&words, &title).is_some();
        let followed = day.number() - id.day().number() <= FOLLOWS;
        if whole || followed && share_words(&title, &head) && is_like(id)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Whether two headlines share half of the longer words of the one that has fewer.
fn share_words(one: &[String], other: &[Token]) -> bool {
    let long = |word: &&str| word.chars().count() >= LONG;
    let one: Vec<&str> = one.iter().map(String::as_str).filter(long).collect();
    let other: Vec<&str> = other.iter().map(|t| t.fold.as_str()).filter(long).collect();
    let shared = one.iter().filter(|word| other.contains(word)).count();
    shared >= 2 && 2 * shared >= one.len().min(other.len())
}

/// A word of a headline that tells something has so many letters.
const LONG: usize = 4;

/// The time of day in a date of publication, empty where it has none.
pub(crate) fn time_of_day(published: &str) -> &str {
    published.split_once('T').map_or("", |(_, time)| time)
}

/// The words of a stretch of bytes, and where it is short those beside it in its sentence.
fn around(text: &str, words: &[Token], start: usize, end: usize) -> Range<usize> {
    let mut first = words.partition_point(|w| w.span.end <= start);
    let mut last = words.partition_point(|w| w.span.start < end).max(first);
    if last - first >= ENOUGH {
        return first..last;
    }
    let together = |one: &Token, next: &Token| {
        !text[one.span.end..next.span.start].contains(['.', '!', '?', '\n'])
    };
    for _ in 0..BESIDE {
        if first > 0 && words.get(first).is_some_and(|w| together(&words[first - 1], w)) {
            first -= 1;
        }
        if last > 0 && words.get(last).is_some_and(|w| together(&words[last - 1], w)) {
            last += 1;
        }
    }
    first..last
}

/// An article among the versions of its dispatch.
struct Row {
    id: ArticleId,
    version: Version,
}

impl Row {
    fn mark(&self) -> Option<Relation> {
        let marks = [Relation::Update, Relation::Correction, Relation::Withdrawal];
        let relation = self.version.relation.as_deref();
        marks.into_iter().find(|m| Some(m.name()) == relation)
    }

    /// Days go first, then times where both have one; what is marked follows what is not, and
    /// then the order of arrival decides.
    fn is_before(&self, other: &Row) -> bool {
        let time = |row: &Row| {
            let published = row.version.published.as_deref().unwrap_or_default();
            time_of_day(published).to_owned()
        };
        let (ours, theirs) = (time(self), time(other));
        let timed = !ours.is_empty() && !theirs.is_empty() && ours != theirs;
        match self.id.day().cmp(&other.id.day()) {
            std::cmp::Ordering::Equal if timed => ours < theirs,
            std::cmp::Ordering::Equal => {
                (self.mark(), self.id) < (other.mark(), other.id)
            }
            order => order.is_lt(),
        }
    }
}

impl Archive {
    pub(crate) fn versions(&self, id: ArticleId) -> Result<Vec<Version>> {
        let mut rows = self.rows_of_dispatch(id)?;
        // Without a total order between rows with and without a time, each goes before the
        // first that it precedes.
        let mut ordered: Vec<Row> = Vec::with_capacity(rows.len());
        for row in rows.drain(..) {
            let at =
                ordered.iter().position(|r| row.is_before(r)).unwrap_or(ordered.len());
            ordered.insert(at, row);
        }
        if let Some(first) = ordered.first_mut()
            && first.mark().is_none()
        {
            first.version.relation = None;
        }
        Ok(ordered.into_iter().map(|r| r.version).collect())
    }

    fn rows_of_dispatch(&self, id: ArticleId) -> Result<Vec<Row>> {
        const COLUMNS: &str = "SELECT a.id, a.identity, o.text, a.published, w.text \
            FROM article a LEFT JOIN word o ON o.id = a.outlet \
            LEFT JOIN word w ON w.id = a.relation";
        let read = |row: &rusqlite::Row<'_>| {
            let identity: Vec<u8> = row.get(1)?;
            Ok(Row {
                id: ArticleId(row.get(0)?),
                version: Version {
                    reference: Reference::new(&identity, None),
                    outlet: row.get(2)?,
                    published: row.get(3)?,
                    relation: row.get(4)?,
                },
            })
        };
        // The partial index holds copies only, so the head is asked for by itself.
        let head = format!(
            "{COLUMNS} WHERE a.id = (SELECT dispatch FROM article WHERE id = ?1)"
        );
        let rest = format!(
            "{COLUMNS} WHERE a.dispatch = (SELECT dispatch FROM article WHERE id = ?1) \
             AND a.dispatch <> a.id ORDER BY a.id"
        );
        let mut rows = Vec::new();
        for sql in [head, rest] {
            let mut ask = self.db.prepare_cached(&sql)?;
            for row in ask.query_map([id.0], read)? {
                rows.push(row?);
            }
        }
        Ok(rows)
    }

    /// Whether a later version of its dispatch withdraws an article, or corrects what stands at
    /// a stretch of it. Nothing is hidden for that: what was published was published.
    ///
    /// A correction that is the article anew takes back what it says no more, or lays in
    /// another mouth; one that is a notice takes back the words that it speaks of.
    ///
    /// # Errors
    ///
    /// When there is no such article, or the file cannot be read.
    pub fn taken_back(&self, reference: &Reference) -> Result<Option<TakenBack>> {
        let id = self.id_of(reference)?;
        let rows = self.rows_of_dispatch(id)?;
        let Some(own) = rows.iter().find(|r| r.id == id) else { return Ok(None) };
        let later = |how| {
            rows.iter()
                .filter(move |r| r.id != id && r.mark() == Some(how) && own.is_before(r))
        };
        let taken = |how, row: &Row, instead| TakenBack {
            how,
            by: row.version.reference.clone(),
            instead,
        };
        if let Some(row) = later(Relation::Withdrawal).next() {
            return Ok(Some(taken(Relation::Withdrawal, row, None)));
        }
        for row in later(Relation::Correction) {
            let Some((start, end)) = reference.span else {
                return Ok(Some(taken(Relation::Correction, row, None)));
            };
            if let Some(instead) = self.corrected_by(id, row.id, (start, end))? {
                return Ok(Some(taken(Relation::Correction, row, instead)));
            }
        }
        Ok(None)
    }

    /// Whether a correction takes a stretch back, and what it says in its place.
    fn corrected_by(
        &self,
        own: ArticleId,
        correction: ArticleId,
        (start, end): (u32, u32),
    ) -> Result<Option<Option<Reference>>> {
        let (text, theirs) = (self.text(own)?, self.text(correction)?);
        let at = Offsets::new(&text);
        let said = at.slice(i64::from(start), i64::from(end));
        let words = tokens(&text);
        let reach = around(&text, &words, at.byte(start as usize), at.byte(end as usize));
        let stretch: Vec<String> = words[reach].iter().map(|w| w.fold.clone()).collect();
        let there = tokens(&theirs);
        if similarity(&Sketch::new(&text), &Sketch::new(&theirs)).0 < ANEW {
            let spoken_of =
                stretch.windows(SPOKEN_OF).any(|run| find(&there, run).is_some());
            return Ok(spoken_of.then_some(None));
        }
        let stands = find(&there, &stretch).is_some();
        let speakers = self.speakers_at(own, start, end)?;
        let instead = self.in_its_place(correction, &tokens(said), said)?;
        let other = |speaker: &Vec<i64>| {
            !speaker.is_empty()
                && !speakers.is_empty()
                && speaker.iter().all(|s| !speakers.contains(s))
        };
        Ok(match instead {
            Some((_, who)) if stands && !other(&who) => None,
            None if stands => None,
            instead => Some(instead.map(|(reference, _)| reference)),
        })
    }

    fn speakers_at(&self, article: ArticleId, start: u32, end: u32) -> Result<Vec<i64>> {
        let sql = "SELECT speakers FROM statement WHERE id >= ? AND id < ? AND start = ? \
                   AND stop = ? LIMIT 1";
        let mut ask = self.db.prepare_cached(sql)?;
        let bounds = params![article.item(0), article.end_of_items(), start, end];
        let listed: Option<Value> = ask.query_row(bounds, |row| row.get(0)).optional()?;
        Ok(listed.as_ref().map(unlisted).unwrap_or_default())
    }

    /// The statement of an article that is most like some words, and who says it.
    fn in_its_place(
        &self,
        article: ArticleId,
        words: &[Token],
        said: &str,
    ) -> Result<Option<(Reference, Vec<i64>)>> {
        let sql = "SELECT start, stop, content, speakers FROM statement \
                   WHERE id >= ? AND id < ? ORDER BY id";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query([article.item(0), article.end_of_items()])?;
        let mut best: Option<(f64, (u32, u32), Vec<i64>)> = None;
        while let Some(row) = rows.next()? {
            let content: String = row.get(2)?;
            let (_, score) = compare(words, said, &content);
            if score >= IN_PLACE && best.as_ref().is_none_or(|b| score > b.0) {
                best = Some((score, (row.get(0)?, row.get(1)?), unlisted(&row.get(3)?)));
            }
        }
        let Some((_, span, speakers)) = best else { return Ok(None) };
        Ok(Some((self.reference(article, Some(span))?, speakers)))
    }
}
