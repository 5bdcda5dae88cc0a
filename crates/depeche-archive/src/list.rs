//! What comes next, when an answer is long? Lists of articles, dispatches, positions and actors,
//! a page at a time; and how a question is broken off.
//!
//! Ids are in order of date, so a page begins below the last id of the one before: what is
//! added meanwhile moves nothing.

use std::fmt;
use std::str::FromStr;

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};

use crate::archive::{Archive, Version};
use crate::ask::{ActorHit, Days, Filter, Found, PositionHit, Who, around, rarray};
use crate::error::{Error, Result};
use crate::id::{ArticleId, Reference};
use crate::terms::Query;

/// Where the next page of an answer begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(pub(crate) i64);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Cursor> {
        let id = i64::from_str_radix(text, 16).ok().filter(|id| *id >= 0);
        let written = id.filter(|_| text.bytes().all(|b| b.is_ascii_hexdigit()));
        written.map(Cursor).ok_or_else(|| {
            Error::asked(format!("{text:?} is no cursor; take it from the page before"))
        })
    }
}

/// An article in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleHit {
    /// What opens it.
    pub reference: Reference,
    /// When it was published, as EDTF.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Where it was found.
    pub url: Option<String>,
    /// BCP 47.
    pub lang: String,
    /// Length of its text in code points.
    pub length: u64,
    /// The earliest article of the same dispatch; none for that one itself.
    pub copy_of: Option<Reference>,
    /// What it was to that one when it came.
    pub relation: Option<String>,
    /// How many articles are copies of it.
    pub copies: u64,
    /// Where words were asked for, those around the first place where they stand.
    pub snippet: Option<String>,
}

/// A dispatch with more than one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispatchHit {
    /// Its earliest article.
    pub article: ArticleHit,
    /// All of them, that one first.
    pub versions: Vec<Version>,
}

/// An actor in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorHead {
    /// The number of the actor in this archive.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// `person`, `state`, …
    pub kind: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Wikidata.
    pub qid: Option<String>,
}

/// Breaks off a question that another thread has asked.
pub struct Interrupter(rusqlite::InterruptHandle);

impl fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupter").finish_non_exhaustive()
    }
}

impl Interrupter {
    /// Breaks it off: the question fails soon, and the archive can be asked again.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

/// The columns of an article in a list.
const ARTICLE: &str = "a.id, a.identity, a.published, a.outlet, a.title, a.url, a.lang, a.length, \
    a.dispatch, a.relation, a.first, a.last";

impl Archive {
    /// What breaks off a question that is asked here.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(self.db.get_interrupt_handle())
    }

    /// Articles, newest first: those with some words, in which somebody occurs, of some days or
    /// of an outlet. Copies are among them only when they are asked for.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn articles(&self, filter: &Filter) -> Result<Found<ArticleHit>> {
        let _snapshot = self.snapshot()?;
        let outlet = self.outlet(filter)?;
        let languages = self.languages()?;
        let query = match filter.words.as_deref() {
            Some(words) => Some(
                Query::new(words, &languages)
                    .ok_or_else(|| Error::asked("write a word to look for"))?,
            ),
            None => None,
        };
        let (first, end) = self.range(filter)?;
        let before = filter.before.map_or(end, |c| c.0.min(end));
        let mut tables = String::from("article a");
        let mut given = vec![Value::from(first), Value::from(before)];
        let mut conditions = String::from("a.id >= ?1 AND a.id < ?2");
        let mut order = "a.id";
        if let Some(query) = &query {
            // A rowid of the index is that of the article, in order of date.
            tables = String::from("article_words w JOIN article a ON a.id = w.rowid");
            conditions =
                String::from("article_words MATCH ?3 AND w.rowid >= ?1 AND w.rowid < ?2");
            order = "w.rowid";
            given.push(Value::from(query.expression.clone()));
        }
        if let Some(who) = &filter.who {
            // A negative number is a whole country.
            let (countries, roots): (Vec<i64>, Vec<i64>) =
                who.entities.iter().partition(|e| **e < 0);
            let countries: Vec<i64> = countries.into_iter().map(|c| -c).collect();
            conditions += &format!(
                " AND a.id IN (SELECT article FROM actor WHERE entity IN \
                 (SELECT id FROM entity WHERE root <> id AND root IN ({0}) UNION \
                 SELECT id FROM entity WHERE id IN ({0}) OR country IN ({1})))",
                rarray(&roots),
                rarray(&countries)
            );
        }
        let sql = format!(
            "SELECT {ARTICLE} FROM {tables} WHERE {conditions} ORDER BY {order} DESC"
        );
        let mut ask = self.db.prepare_cached(&sql)?;
        let mut rows = ask.query(params_from_iter(given))?;
        let mut hits: Vec<ArticleHit> = Vec::new();
        let mut last = None;
        let mut more = false;
        while let Some(row) = rows.next()? {
            let id = ArticleId(row.get(0)?);
            let days = Days { own: (None, None), article: (row.get(10)?, row.get(11)?) };
            let fits = days.meet(filter)
                && (filter.copies || row.get::<_, i64>(8)? == id.0)
                && outlet
                    .as_ref()
                    .is_none_or(|o| row.get(3).is_ok_and(|r| o.contains(&r)));
            if !fits {
                continue;
            }
            let mut snippet = None;
            if let Some(query) = &query {
                let text = self.text(id)?;
                if !query.fits(&text) {
                    continue;
                }
                let (start, end) = query.place_in(&text);
                snippet = Some(around(&text, start, end));
            }
            if hits.len() == filter.limit {
                more = true;
                break;
            }
            last = Some(Cursor(id.0));
            hits.push(ArticleHit { snippet, ..self.article_hit(row)? });
        }
        let counted = hits.len();
        let next = last.filter(|_| more);
        Ok(Found { hits, counted, more, next, facets: Vec::new() })
    }

    fn article_hit(&self, row: &Row<'_>) -> Result<ArticleHit> {
        let id: i64 = row.get(0)?;
        let identity: Vec<u8> = row.get(1)?;
        let dispatch: i64 = row.get(8)?;
        let sql = "SELECT count(*) FROM article WHERE dispatch = ? AND dispatch <> id";
        let copies: i64 =
            self.db.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
        let copy_of = match dispatch == id {
            true => None,
            false => Some(self.reference(ArticleId(dispatch), None)?),
        };
        Ok(ArticleHit {
            reference: Reference::new(&identity, None),
            published: row.get(2)?,
            outlet: self.text_of_word(row.get(3)?)?,
            title: row.get(4)?,
            url: row.get(5)?,
            lang: self.text_of_word(row.get(6)?)?.unwrap_or_default(),
            length: row.get::<_, i64>(7)?.unsigned_abs(),
            copy_of,
            relation: self.text_of_word(row.get(9)?)?,
            copies: copies.unsigned_abs(),
            snippet: None,
        })
    }

    /// What a list says of the article that a reference means.
    ///
    /// # Errors
    ///
    /// When there is none, or more than one.
    pub fn article_head(&self, reference: &Reference) -> Result<ArticleHit> {
        self.head_of(self.id_of(reference)?)
    }

    fn head_of(&self, id: ArticleId) -> Result<ArticleHit> {
        let sql = format!("SELECT {ARTICLE} FROM article a WHERE a.id = ?");
        let mut ask = self.db.prepare_cached(&sql)?;
        let mut rows = ask.query([id.0])?;
        let row = rows.next()?.ok_or_else(|| Error::damaged("an article is missing"))?;
        self.article_hit(row)
    }

    /// Dispatches of which there are copies, those that came out last first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn dispatches(&self, filter: &Filter) -> Result<Found<DispatchHit>> {
        let _snapshot = self.snapshot()?;
        let outlet = self.outlet(filter)?;
        let (first, end) = self.range(filter)?;
        let before = filter.before.map_or(end, |c| c.0.min(end));
        let sql = "SELECT DISTINCT c.dispatch, a.first, a.last, a.outlet \
                   FROM article c JOIN article a ON a.id = c.dispatch \
                   WHERE c.dispatch <> c.id AND c.dispatch >= ? AND c.dispatch < ? \
                   ORDER BY c.dispatch DESC";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query([first, before])?;
        let mut hits = Vec::new();
        let (mut last, mut more) = (None, false);
        while let Some(row) = rows.next()? {
            let id = ArticleId(row.get(0)?);
            let days = Days { own: (None, None), article: (row.get(1)?, row.get(2)?) };
            let is_outlet =
                outlet.as_ref().is_none_or(|o| row.get(3).is_ok_and(|r| o.contains(&r)));
            if !days.meet(filter) || !is_outlet {
                continue;
            }
            if hits.len() == filter.limit {
                more = true;
                break;
            }
            last = Some(Cursor(id.0));
            hits.push(DispatchHit {
                article: self.head_of(id)?,
                versions: self.versions(id)?,
            });
        }
        let counted = hits.len();
        let next = last.filter(|_| more);
        Ok(Found { hits, counted, more, next, facets: Vec::new() })
    }

    /// The dispatch of which an article is a version.
    ///
    /// # Errors
    ///
    /// When there is no such article.
    pub fn dispatch(&self, reference: &Reference) -> Result<DispatchHit> {
        let id = self.id_of(reference)?;
        let sql = "SELECT dispatch FROM article WHERE id = ?";
        let head = self.db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))?;
        let head = ArticleId(head);
        Ok(DispatchHit { article: self.head_of(head)?, versions: self.versions(head)? })
    }

    /// Positions that a filter lets through, newest first, a page at a time.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn page_of_positions(&self, filter: &Filter) -> Result<Found<PositionHit>> {
        let (found, more) = self.positions_with_ids(filter, filter.limit)?;
        let next = found.last().map(|(id, _)| Cursor(*id)).filter(|_| more);
        let hits: Vec<PositionHit> = found.into_iter().map(|(_, hit)| hit).collect();
        let counted = hits.len();
        Ok(Found { hits, counted, more, next, facets: Vec::new() })
    }

    /// Every actor with a name, in the order in which the archive met them.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn everybody(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Found<ActorHead>> {
        let sql = "SELECT id FROM entity WHERE identified AND root = id AND id > ? ORDER BY id \
                   LIMIT ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
        let ids = ask.query_map([after.map_or(0, |c| c.0), most], |row| row.get(0))?;
        let mut ids = ids.collect::<rusqlite::Result<Vec<i64>>>()?;
        let more = ids.len() > limit;
        ids.truncate(limit);
        let next = ids.last().map(|id| Cursor(*id)).filter(|_| more);
        let hits =
            ids.into_iter().map(|id| self.actor_head(id)).collect::<Result<Vec<_>>>()?;
        let counted = hits.len();
        Ok(Found { hits, counted, more, next, facets: Vec::new() })
    }

    /// Some actors, a page at a time: those who are met most first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn those(
        &self,
        who: &Who,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Found<ActorHead>> {
        let mut ranked: Vec<(i64, i64)> = Vec::new();
        for entity in self.each_of(who)? {
            ranked.push((-self.parts(entity)?, entity));
        }
        ranked.sort_unstable();
        let ids: Vec<i64> = ranked.into_iter().map(|(_, id)| id).collect();
        let from =
            after.and_then(|c| ids.iter().position(|id| *id == c.0)).map_or(0, |n| n + 1);
        let page: Vec<i64> = ids[from..].iter().copied().take(limit).collect();
        let more = from + page.len() < ids.len();
        let next = page.last().map(|id| Cursor(*id)).filter(|_| more);
        let hits =
            page.into_iter().map(|id| self.actor_head(id)).collect::<Result<Vec<_>>>()?;
        let counted = hits.len();
        Ok(Found { hits, counted, more, next, facets: Vec::new() })
    }

    /// The actor of a number, as somebody who is asked about.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn numbered(&self, number: i64) -> Result<Who> {
        Ok(Who { entities: vec![number], names: vec![self.name(number)?], count: 1 })
    }

    fn actor_head(&self, id: i64) -> Result<ActorHead> {
        let sql = "SELECT e.name, k.text, c.text, e.qid FROM entity e \
                   LEFT JOIN word k ON k.id = e.kind LEFT JOIN word c ON c.id = e.country \
                   WHERE e.id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        Ok(ask.query_row([id], |row| {
            Ok(ActorHead {
                id,
                name: row.get(0)?,
                kind: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                country: row.get(2)?,
                qid: row.get(3)?,
            })
        })?)
    }

    /// The actor of a number of this archive, and what the archive has of it; whoever it was
    /// merged into, if somebody decided so.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn actor_of_number(&self, number: i64) -> Result<ActorHit> {
        let sql = "SELECT root FROM entity WHERE id = ? AND identified";
        let root = self.db.prepare_cached(sql)?.query_row([number], |row| row.get(0));
        let missing = || Error::asked(format!("no actor has number {number}"));
        self.actor(root.optional()?.ok_or_else(missing)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        let cursor = Cursor(0x1f3a_0000_4001);
        assert_eq!(cursor.to_string().parse::<Cursor>().ok(), Some(cursor));
        for text in ["", "-1", "+1", "xyz", "ffffffffffffffffff", "é"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
