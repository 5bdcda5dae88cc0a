//! What does the archive answer? Statements, events, positions and articles, newest first.
//!
//! Every answer is a stream of ids in order of date, from whichever table narrows most, and
//! stops when it has enough: so time does not grow with the archive. Facets are counted over
//! the newest hits only, and say over how many.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{CachedStatement, OptionalExtension, Row, params};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::archive::{Archive, get};
use crate::day::Day;
use crate::error::{Error, Result};
use crate::id::{ArticleId, ITEM, LAST_WORD_ROW, Reference, SERIAL, WORD_ITEM};
use crate::list::Cursor;
use crate::rows::{
    ABOUT, ACTOR, ADDRESSEE, HOLDER, RECIPIENT, SPEAKER, country_as_entity, unlisted,
};
use crate::tally;
use crate::terms::{Query, fold};

/// Facets are counted over so many of the newest hits, or as many as are asked for.
const FACETED: usize = 1000;
/// A part of a name means so many actors, at most.
const MOST_MEANT: usize = 400;
/// And once so many items were looked at, over those that were found by then, if they are enough to
/// show: where few pass, a whole archive would be read to count them.
const LOOKED_AT: usize = 8_000;
/// Of a whole country so many are named.
const SHOWN: usize = 50;
/// The parts of many actors come in order of date only within spans of days; the first span has so
/// many days, and each one before it twice as many.
const FIRST_DAYS: i64 = 60;
/// Members of a set that is held in memory, rather than asked for one by one.
const HELD: i64 = 3000;

/// What is asked for. Everything that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words, and phrases in quotation marks.
    pub words: Option<String>,
    /// Who speaks, acts, or holds a position.
    pub who: Option<Who>,
    /// Of whom a statement speaks.
    pub about: Option<Who>,
    /// Whom a statement addresses, or an event befalls.
    pub to: Option<Who>,
    /// Kinds, cue classes or event types, whatever their case: any of them.
    pub types: Vec<String>,
    /// Stances: any of them.
    pub stances: Vec<String>,
    /// A part of the key of an issue, or words of the object.
    pub issue: Option<String>,
    /// A place by its name, or a country by its ISO code.
    pub place: Option<String>,
    /// Not wholly before that day.
    pub since: Option<Day>,
    /// Not wholly after that day.
    pub until: Option<Day>,
    /// Only what is sure: events that certainly are or are not, items that the rules are
    /// confident of.
    pub certain: bool,
    /// Who published it.
    pub outlet: Option<String>,
    /// Also what only copies of a dispatch say again.
    pub copies: bool,
    /// How many hits to return.
    pub limit: usize,
    /// Only what comes after that: the next page.
    pub before: Option<Cursor>,
    /// Do not count: no facets, which a caller who only reads on does not need.
    pub uncounted: bool,
    /// Which hits come first.
    pub order: Order,
}

/// Which hits of some words come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest.
    #[default]
    Newest,
    /// Of the newest some hundreds, those in which the words weigh most: time does not grow with
    /// the archive, and what is older comes when it is asked for by its dates.
    Relevance,
}

/// Actors that a name may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub(crate) entities: Vec<i64>,
    /// Their names, those who are met most first; of a whole country only those of some who are
    /// met lately.
    pub names: Vec<String>,
    /// How many they are.
    pub count: usize,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<T> {
    /// The hits, newest first.
    pub hits: Vec<T>,
    /// How many there are, up to the number over which facets are counted.
    pub counted: usize,
    /// Whether there are more than were counted.
    pub more: bool,
    /// Where the next page begins, when there are more than were returned.
    pub next: Option<Cursor>,
    /// What the counted ones have in common.
    pub facets: Vec<Facet>,
}

/// How often each value of one sort occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// `speaker`, `kind`, `outlet`, `month`, …
    pub name: &'static str,
    /// Values, the most frequent first; months in order.
    pub values: Vec<(String, u64)>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementHit {
    /// What opens it.
    pub reference: Reference,
    /// When it was said, as far as the text says: first and last day.
    pub said: Option<(Day, Day)>,
    /// When the article was published, as EDTF.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Who said it.
    pub speakers: Vec<String>,
    /// Of whom it speaks.
    pub about: Vec<String>,
    /// `direct`, `indirect`, …
    pub kind: String,
    /// The lemma of what introduces it.
    pub cue: Option<String>,
    /// `say`, `deny`, …
    pub class: Option<String>,
    /// Its words.
    pub content: String,
    /// How sure, in per cent.
    pub confidence: u8,
    /// How many copies of the article say it again.
    pub copies: u64,
}

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub struct EventHit {
    /// What opens it.
    pub reference: Reference,
    /// PLOVER type and mode.
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// Who did it.
    pub actors: Vec<String>,
    /// To whom.
    pub recipients: Vec<String>,
    /// When, as EDTF; null when the text does not say.
    pub date: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// FactBank value.
    pub factuality: String,
    /// Its triggers.
    pub words: String,
    /// When the article was published, as EDTF.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// How many copies of the article tell it again.
    pub copies: u64,
}

/// A position.
#[derive(Clone, Debug, PartialEq)]
pub struct PositionHit {
    /// What opens it.
    pub reference: Reference,
    /// Who holds it.
    pub actor: String,
    /// How the actor stands.
    pub stance: String,
    /// The key of the issue.
    pub issue: Option<String>,
    /// On what, in the article's words.
    pub object: String,
    /// When the article was published, as EDTF.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// How many copies of the article tell it again.
    pub copies: u64,
    /// The actor, as a number of the archive.
    pub(crate) entity: i64,
}

/// An article that has the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextHit {
    /// What opens it.
    pub reference: Reference,
    /// When it was published, as EDTF.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// The words around the first place where they stand.
    pub snippet: String,
}

/// An actor and what the archive has of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorHit {
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
    /// By which names the press called it.
    pub names: Vec<String>,
    /// How many statements it made, each utterance of a dispatch once.
    pub said: u64,
    /// In how many it is spoken of.
    pub said_about: u64,
    /// How many events it has a part in.
    pub events: u64,
    /// How many positions it holds.
    pub positions: u64,
    /// With whom it shares events, those it shares most first.
    pub with: Vec<(String, u64)>,
}

/// What an actor did in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Statements made.
    pub statements: u64,
    /// Statements in which others speak of it.
    pub about: u64,
    /// Events in which it has a part.
    pub events: u64,
    /// Positions.
    pub positions: u64,
}

impl Archive {
    /// The actors that somebody means by a name: a Wikidata id, the ISO code of a country (the
    /// state and all who belong to it), or a name by which the press called them.
    ///
    /// # Errors
    ///
    /// When the archive has nobody of that name.
    pub fn who(&self, asked: &str) -> Result<Who> {
        let _snapshot = self.snapshot()?;
        let asked = asked.trim();
        let who = match self.meant(asked)? {
            Some(known) => known,
            None => {
                let found = self.look_for(asked)?;
                self.remember(asked, found.as_ref());
                found
            }
        };
        who.ok_or_else(|| nobody(asked))
    }

    fn look_for(&self, asked: &str) -> Result<Option<Who>> {
        let number = asked.strip_prefix('Q').is_some_and(|n| n.parse::<u64>().is_ok());
        let code = asked.len() == 3 && asked.bytes().all(|b| b.is_ascii_uppercase());
        let mut entities = Vec::new();
        if number {
            entities = self.entities("SELECT root FROM entity WHERE qid = ?", asked)?;
        } else if code && let Some(country) = self.word(asked)? {
            return self.country(country);
        }
        let folded = fold(asked);
        if entities.is_empty() {
            entities = self.called(crate::entity::hash(&folded), &folded)?;
        }
        if entities.is_empty() {
            entities = self.with_part(&folded, MOST_MEANT, || self.all_names())?;
        }
        if entities.is_empty() {
            return Ok(None);
        }
        entities.sort_unstable();
        entities.dedup();
        let mut told: Vec<(i64, String)> = Vec::new();
        for entity in &entities {
            told.push((-self.parts(*entity)?, self.name(*entity)?));
        }
        told.sort();
        let names: Vec<String> = told.into_iter().map(|(_, name)| name).collect();
        Ok(Some(Who { entities, count: names.len(), names }))
    }

    /// A state and all who belong to it.
    fn country(&self, country: i64) -> Result<Option<Who>> {
        let sql = "SELECT count(*) FROM entity WHERE country = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let count: i64 = ask.query_row([country], |row| row.get(0))?;
        if count == 0 {
            return Ok(None);
        }
        let whole = country_as_entity(country);
        let met = self.met_in(whole)?.into_iter().take(SHOWN);
        let names = met.map(|e| self.name(e)).collect::<Result<_>>()?;
        // Who was merged into somebody of no country, or of another one, belongs to it too.
        let sql = "SELECT DISTINCT m.root FROM entity m JOIN entity e ON e.id = m.root \
                   WHERE m.country = ?1 AND m.root <> m.id AND e.country IS NOT ?1";
        let mut ask = self.db.prepare_cached(sql)?;
        let merged = ask.query_map([country], |row| row.get(0))?;
        let mut entities = merged.collect::<rusqlite::Result<Vec<i64>>>()?;
        entities.push(whole);
        entities.sort_unstable();
        Ok(Some(Who { entities, count: count.unsigned_abs() as usize, names }))
    }

    /// Who belongs to a whole country, those first who are met most in what it last said and did.
    fn met_in(&self, whole: i64) -> Result<Vec<i64>> {
        let country = -whole;
        let mut met: FxHashMap<i64, usize> = FxHashMap::default();
        for (sql, columns) in [
            (
                "SELECT i.speakers FROM said t JOIN statement i ON i.id = t.statement \
                 WHERE t.entity = ? AND t.role = 1 ORDER BY t.statement DESC LIMIT ?",
                1,
            ),
            (
                "SELECT i.actors, i.recipients FROM did t JOIN event i ON i.id = t.event \
                 WHERE t.entity = ? AND t.role = 1 ORDER BY t.event DESC LIMIT ?",
                2,
            ),
        ] {
            let mut ask = self.db.prepare_cached(sql)?;
            let mut rows = ask.query(params![whole, FACETED as i64])?;
            while let Some(row) = rows.next()? {
                for column in 0..columns {
                    for entity in unlisted(&row.get(column)?) {
                        *met.entry(entity).or_default() += 1;
                    }
                }
            }
        }
        let mut belongs = self
            .db
            .prepare_cached("SELECT 1 FROM entity WHERE id = ? AND country = ?")?;
        let mut ranked: Vec<_> =
            met.into_iter().map(|(e, times)| (std::cmp::Reverse(times), e)).collect();
        ranked.sort_unstable();
        let mut own = Vec::new();
        for (_, entity) in ranked {
            if belongs.exists([entity, country])? {
                own.push(entity);
            }
        }
        if own.is_empty() {
            // Named, but without a part in anything.
            let sql = "SELECT id FROM entity WHERE country = ? AND root = id LIMIT ?";
            let mut ask = self.db.prepare_cached(sql)?;
            let few = ask.query_map([country, SHOWN as i64], |row| row.get(0))?;
            return Ok(few.collect::<rusqlite::Result<_>>()?);
        }
        Ok(own)
    }

    /// The actors that somebody means, one by one.
    pub(crate) fn each_of(&self, who: &Who) -> Result<Vec<i64>> {
        let mut all = Vec::new();
        for entity in &who.entities {
            match *entity < 0 {
                true => all.extend(self.met_in(*entity)?),
                false => all.push(*entity),
            }
        }
        Ok(all)
    }

    /// Whoever was called by a name with that hash that is the folded one.
    fn called(&self, hash: i64, folded: &str) -> Result<Vec<i64>> {
        let sql = "SELECT n.root, n.name FROM entity n WHERE n.hash = ?1 AND n.identified UNION ALL \
                   SELECT e.root, n.name FROM alias n JOIN entity e ON e.id = n.entity WHERE n.hash = ?1";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query([hash])?;
        let mut roots = Vec::new();
        while let Some(row) = rows.next()? {
            if fold(row.get_ref(1)?.as_str().unwrap_or_default()) == folded {
                roots.push(row.get(0)?);
            }
        }
        Ok(roots)
    }

    /// Every name of whoever is identified, folded, and whose it is.
    fn all_names(&self) -> Result<Vec<(i64, String)>> {
        let sql = "SELECT root, name FROM entity WHERE identified UNION ALL \
                   SELECT e.root, n.name FROM alias n JOIN entity e ON e.id = n.entity";
        let mut ask = self.db.prepare(sql)?;
        let folded = |row: &Row<'_>| {
            Ok((row.get(0)?, fold(row.get_ref(1)?.as_str().unwrap_or_default())))
        };
        let rows = ask.query_map([], folded)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn entities(&self, sql: &str, value: &str) -> Result<Vec<i64>> {
        let mut ask = self.db.prepare_cached(sql)?;
        let roots = ask.query_map([value], |row| row.get(0))?;
        Ok(roots.collect::<rusqlite::Result<_>>()?)
    }

    /// How many statements and events an actor has a part in, up to some thousands.
    pub(crate) fn parts(&self, entity: i64) -> Result<i64> {
        let sql = "SELECT (SELECT count(*) FROM (SELECT 1 FROM said WHERE entity = ?1 LIMIT ?2)) \
                   + (SELECT count(*) FROM (SELECT 1 FROM did WHERE entity = ?1 LIMIT ?2))";
        let mut ask = self.db.prepare_cached(sql)?;
        Ok(ask.query_row([entity, HELD], |row| row.get(0))?)
    }

    pub(crate) fn name(&self, entity: i64) -> Result<String> {
        let mut ask = self.db.prepare_cached("SELECT name FROM entity WHERE id = ?")?;
        Ok(ask.query_row([entity], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    fn names(&self, column: &Value) -> Result<Vec<String>> {
        unlisted(column).into_iter().map(|e| self.name(e)).collect()
    }

    pub(crate) fn text_of_word(&self, id: Option<i64>) -> Result<Option<String>> {
        let Some(id) = id else { return Ok(None) };
        let mut ask = self.db.prepare_cached("SELECT text FROM word WHERE id = ?")?;
        Ok(ask.query_row([id], |row| row.get(0)).optional()?)
    }

    /// Statements that a filter lets through.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn statements(&self, filter: &Filter) -> Result<Found<StatementHit>> {
        let _snapshot = self.snapshot()?;
        let parts =
            [(&filter.who, SPEAKER), (&filter.about, ABOUT), (&filter.to, ADDRESSEE)];
        let ask = Ask::new(self, filter, SAID, &parts)?;
        let sql = "SELECT kind, class, speakers, about, first, last, confidence, \
                   same IS NOT NULL, content FROM statement WHERE id = ?";
        let mut row_of = self.db.prepare_cached(sql)?;
        let mut articles = Articles::new(self)?;
        let scare = self.word("scare")?;
        let mut kept: Vec<(f64, i64)> = Vec::new();
        let mut counts = Counts::default();
        let ranks = ask.query.as_ref().filter(|_| filter.order == Order::Relevance);
        // One more than is shown says whether there is a next page.
        let (counted, more) = ask.each(filter.limit.saturating_add(1), |id| {
            let mut weight = 0.0;
            // A statement that somebody took out may still be in the index of words.
            let passes = row_of.query_row([id], |row| {
                let (kind, class): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
                let wanted = match ask.types.is_empty() {
                    true => Some(kind) != scare,
                    false => ask.is_type(kind) || class.is_some_and(|c| ask.is_type(c)),
                };
                let sure = !filter.certain || row.get::<_, i64>(6)? >= SURE_STATEMENT;
                if !wanted || !sure || !filter.copies && row.get(7)? {
                    return Ok(false);
                }
                let article = articles.of(id)?;
                let days =
                    Days { own: (row.get(4)?, row.get(5)?), article: article.days };
                let fits = ask.is_outlet(article.outlet)
                    && days.meet(filter)
                    && ask.fits(row.get_ref(8)?.as_str()?);
                if fits && let Some(query) = ranks {
                    weight = query.weight(row.get_ref(8)?.as_str()?, STATEMENT_WORDS);
                }
                if fits && !filter.uncounted {
                    counts.entities("speaker", &row.get(2)?);
                    counts.entities("about", &row.get(3)?);
                    counts.word("kind", Some(kind));
                    counts.word("class", class);
                    counts.word("outlet", article.outlet);
                    counts.month(ArticleId::of_item(id));
                }
                Ok(fits)
            });
            let passes = passes.optional()?.unwrap_or(false);
            if passes && (ranks.is_some() || kept.len() < filter.limit) {
                kept.push((weight, id));
            }
            Ok(passes)
        })?;
        heaviest(&mut kept, filter.limit);
        // A ranking has one page.
        let last = kept.last().filter(|_| ranks.is_none() && counted > kept.len());
        let next = last.map(|&(_, id)| Cursor(id));
        let hits =
            kept.into_iter().map(|(_, id)| self.statement(id)).collect::<Result<_>>()?;
        Ok(Found { hits, counted, more, next, facets: counts.facets(self)? })
    }

    pub(crate) fn statement(&self, id: i64) -> Result<StatementHit> {
        let sql = "SELECT a.identity, s.start, s.stop, s.first, s.last, a.published, a.outlet, \
                   s.speakers, s.about, s.kind, s.cue, s.class, s.content, s.confidence, \
                   (SELECT count(*) FROM statement c WHERE c.same = s.id) \
                   FROM statement s JOIN article a ON a.id = s.id >> 14 WHERE s.id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query([id])?;
        let row = rows.next()?.ok_or_else(|| Error::damaged("a statement is missing"))?;
        let day = |n: usize| -> Result<Option<Day>> {
            Ok(row.get::<_, Option<i64>>(n)?.map(Day::from_number))
        };
        Ok(StatementHit {
            reference: reference(row, 0)?,
            said: day(3)?.zip(day(4)?),
            published: row.get(5)?,
            outlet: self.text_of_word(row.get(6)?)?,
            speakers: self.names(&row.get(7)?)?,
            about: self.names(&row.get(8)?)?,
            kind: self.text_of_word(row.get(9)?)?.unwrap_or_default(),
            cue: self.text_of_word(row.get(10)?)?,
            class: self.text_of_word(row.get(11)?)?,
            content: row.get(12)?,
            confidence: row.get(13)?,
            copies: row.get::<_, i64>(14)?.unsigned_abs(),
        })
    }

    /// Events that a filter lets through.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn events(&self, filter: &Filter) -> Result<Found<EventHit>> {
        let _snapshot = self.snapshot()?;
        let (mut ids, more, counts) =
            self.passing_events(filter, filter.limit.saturating_add(1))?;
        let counted = ids.len();
        ids.truncate(filter.limit);
        let next = ids.last().map(|id| Cursor(*id)).filter(|_| counted > ids.len());
        let hits = ids.into_iter().map(|id| self.event(id)).collect::<Result<_>>()?;
        Ok(Found { hits, counted, more, next, facets: counts.facets(self)? })
    }

    /// Ids of the newest events that a filter lets through.
    pub(crate) fn event_ids(&self, filter: &Filter) -> Result<Vec<i64>> {
        Ok(self.passing_events(filter, FACETED)?.0)
    }

    fn passing_events(
        &self,
        filter: &Filter,
        shown: usize,
    ) -> Result<(Vec<i64>, bool, Counts)> {
        let ask = Ask::new(
            self,
            filter,
            DID,
            &[(&filter.who, ACTOR), (&filter.to, RECIPIENT)],
        )?;
        let sql = "SELECT type, mode, actors, recipients, first, last, factuality, \
                   same IS NOT NULL, words, site, country FROM event WHERE id = ?";
        let mut row_of = self.db.prepare_cached(sql)?;
        let mut articles = Articles::new(self)?;
        let certain = [self.word("CT+")?, self.word("CT-")?];
        let mut passed: Vec<i64> = Vec::new();
        let mut counts = Counts::default();
        let (_, more) = ask.each(shown, |id| {
            let passes = row_of.query_row([id], |row| {
                let (kind, mode): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
                let factuality: i64 = row.get(6)?;
                let wanted = ask.types.is_empty()
                    || ask.is_type(kind)
                    || mode.is_some_and(|m| ask.is_type(m));
                let sure = !filter.certain || certain.contains(&Some(factuality));
                if !wanted || !sure || !filter.copies && row.get(7)? {
                    return Ok(false);
                }
                let article = articles.of(id)?;
                let days =
                    Days { own: (row.get(4)?, row.get(5)?), article: article.days };
                let fits = ask.is_outlet(article.outlet)
                    && days.meet(filter)
                    && ask.is_place(row.get(9)?, row.get(10)?)
                    && ask.fits(row.get_ref(8)?.as_str()?);
                if fits && !filter.uncounted {
                    counts.entities("actor", &row.get(2)?);
                    counts.entities("recipient", &row.get(3)?);
                    counts.word("type", Some(kind));
                    counts.word("factuality", Some(factuality));
                    counts.word("outlet", article.outlet);
                    counts.month(ArticleId::of_item(id));
                }
                Ok(fits)
            })?;
            if passes {
                passed.push(id);
            }
            Ok(passes)
        })?;
        Ok((passed, more, counts))
    }

    pub(crate) fn event(&self, id: i64) -> Result<EventHit> {
        let sql = "SELECT a.identity, e.start, e.stop, e.type, e.mode, e.actors, e.recipients, \
                   iif(e.edtf = '', date('1600-01-01', e.first || ' days'), e.edtf), p.name, e.factuality, e.words, a.published, a.outlet, \
                   (SELECT count(*) FROM event c WHERE c.same = e.id) \
                   FROM event e JOIN article a ON a.id = e.id >> 14 \
                   LEFT JOIN site p ON p.id = e.site WHERE e.id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query([id])?;
        let row = rows.next()?.ok_or_else(|| Error::damaged("an event is missing"))?;
        Ok(EventHit {
            reference: reference(row, 0)?,
            kind: self.text_of_word(row.get(3)?)?.unwrap_or_default(),
            mode: self.text_of_word(row.get(4)?)?,
            actors: self.names(&row.get(5)?)?,
            recipients: self.names(&row.get(6)?)?,
            date: row.get(7)?,
            place: row.get(8)?,
            factuality: self.text_of_word(row.get(9)?)?.unwrap_or_default(),
            words: row.get(10)?,
            published: row.get(11)?,
            outlet: self.text_of_word(row.get(12)?)?,
            copies: row.get::<_, i64>(13)?.unsigned_abs(),
        })
    }

    /// Positions that a filter lets through, oldest first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn positions(&self, filter: &Filter) -> Result<Vec<PositionHit>> {
        Ok(self.newest_positions(filter, usize::MAX)?.0)
    }

    /// The newest positions that a filter lets through, so many at most, oldest first; and whether
    /// there are more.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn newest_positions(
        &self,
        filter: &Filter,
        most: usize,
    ) -> Result<(Vec<PositionHit>, bool)> {
        let (mut found, more) = self.positions_with_ids(filter, most)?;
        found.reverse();
        Ok((found.into_iter().map(|(_, hit)| hit).collect(), more))
    }

    /// The same with their ids, newest first.
    pub(crate) fn positions_with_ids(
        &self,
        filter: &Filter,
        most: usize,
    ) -> Result<(Vec<(i64, PositionHit)>, bool)> {
        let _snapshot = self.snapshot()?;
        let ask = Ask::new(self, filter, HELD_BY, &[(&filter.who, HOLDER)])?;
        let stances = words_of(self, &filter.stances)?;
        let issues = self.issues(filter)?;
        let mut names = Names::default();
        let mut rows = Positions::new(self)?;
        let mut hits = Vec::new();
        let mut more = false;
        ask.candidates(|id| {
            let Some(id) = id.filter(|id| !ask.is_before(*id)) else { return Ok(true) };
            let row = rows.row(id)?;
            let article = rows.article(id)?;
            let days = Days { own: (None, None), article: article.days };
            let fits = (stances.is_empty() || stances.contains(&row.stance))
                && (filter.copies || !row.copy)
                && (!filter.certain || row.confidence >= SURE_POSITION)
                && ask.is_outlet(article.outlet)
                && days.meet(filter)
                && issues.as_ref().is_none_or(|issues| issues.has(&row))
                && ask.fits(&row.object);
            if !fits {
                return Ok(true);
            }
            more = hits.len() >= most;
            if !more {
                let (start, stop) = row.span;
                hits.push((
                    id,
                    PositionHit {
                        reference: Reference::new(&article.identity, Some((start, stop))),
                        actor: names.actor(self, row.entity)?,
                        stance: names.word(self, Some(row.stance))?.unwrap_or_default(),
                        issue: names.word(self, row.issue)?,
                        object: row.object,
                        published: article.published.clone(),
                        outlet: names.word(self, article.outlet)?,
                        copies: match article.copied {
                            true => rows.copies(id)?,
                            false => 0,
                        },
                        entity: row.entity,
                    },
                ));
            }
            Ok(!more)
        })?;
        Ok((hits, more))
    }

    /// The issues that a filter asks for.
    fn issues(&self, filter: &Filter) -> Result<Option<Issues>> {
        let Some(asked) = &filter.issue else { return Ok(None) };
        let part = fold(asked);
        let sql =
            "SELECT id, text FROM word WHERE id IN (SELECT DISTINCT issue FROM position)";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query([])?;
        let mut keys = FxHashSet::default();
        while let Some(row) = rows.next()? {
            if fold(row.get_ref(1)?.as_str().unwrap_or_default()).contains(&part) {
                keys.insert(row.get(0)?);
            }
        }
        Ok(Some(Issues { keys, part }))
    }

    pub(crate) fn outlet(&self, filter: &Filter) -> Result<Option<Vec<i64>>> {
        let Some(asked) = &filter.outlet else { return Ok(None) };
        let sql = "SELECT id FROM word WHERE id IN (SELECT DISTINCT outlet FROM article) \
                   AND text LIKE '%' || ? || '%'";
        let mut ask = self.db.prepare_cached(sql)?;
        let ids: Vec<i64> =
            ask.query_map([asked], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        match ids.is_empty() {
            true => Err(Error::asked(format!("no article comes from {asked:?}"))),
            false => Ok(Some(ids)),
        }
    }

    /// Articles with some words, newest first.
    ///
    /// # Errors
    ///
    /// When nothing is asked for, or the file cannot be read.
    pub fn search(&self, filter: &Filter) -> Result<Vec<TextHit>> {
        let _snapshot = self.snapshot()?;
        let words = filter.words.as_deref().unwrap_or_default();
        let query = Query::new(words, &self.languages()?)
            .ok_or_else(|| Error::asked("write a word to look for"))?;
        let outlet = self.outlet(filter)?;
        let (first, end) = self.range(filter)?;
        let sql = "SELECT w.rowid, a.outlet, a.first, a.last, a.dispatch \
                   FROM article_words w JOIN article a ON a.id = w.rowid \
                   WHERE article_words MATCH ? AND w.rowid >= ? AND w.rowid < ? \
                   ORDER BY w.rowid DESC";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query(params![query.expression, first, end])?;
        let ranks = filter.order == Order::Relevance;
        let most = if ranks { filter.limit.max(RANKED_TEXTS) } else { filter.limit };
        let mut kept: Vec<(f64, i64)> = Vec::new();
        let mut hits: Vec<TextHit> = Vec::new();
        while let Some(row) = rows.next()? {
            let id = ArticleId(row.get(0)?);
            let days = Days { own: (None, None), article: (row.get(2)?, row.get(3)?) };
            let among = |o: &Vec<i64>| row.get(1).is_ok_and(|r| o.contains(&r));
            let fits = days.meet(filter)
                && (filter.copies || row.get::<_, i64>(4)? == id.0)
                && outlet.as_ref().is_none_or(among);
            if !fits {
                continue;
            }
            let text = self.text(id)?;
            if !query.fits(&text) {
                continue;
            }
            match ranks {
                true => kept.push((query.weight(&text, ARTICLE_WORDS), id.0)),
                false => hits.push(self.text_hit(id, &text, &query)?),
            }
            if kept.len() + hits.len() >= most {
                break;
            }
        }
        heaviest(&mut kept, filter.limit);
        for (_, id) in kept {
            let id = ArticleId(id);
            hits.push(self.text_hit(id, &self.text(id)?, &query)?);
        }
        Ok(hits)
    }

    /// An article as a hit of some words.
    fn text_hit(&self, id: ArticleId, text: &str, query: &Query) -> Result<TextHit> {
        let (start, end) = query.place_in(text);
        let points = |byte: usize| text[..byte].chars().count() as u32;
        let span = Some((points(start), points(end)));
        let sql = "SELECT identity, published, outlet, title FROM article WHERE id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query([id.0])?;
        let row = rows.next()?.ok_or_else(|| Error::damaged("an article is missing"))?;
        let identity: Vec<u8> = row.get(0)?;
        Ok(TextHit {
            reference: Reference::new(&identity, span),
            published: row.get(1)?,
            outlet: self.text_of_word(row.get(2)?)?,
            title: row.get(3)?,
            snippet: around(text, start, end),
        })
    }

    /// The ids of articles between which a filter's days lie. An article of a vague date
    /// stands at the first day of it, so the widest such date is allowed for.
    pub(crate) fn range(&self, filter: &Filter) -> Result<(i64, i64)> {
        let widest: i64 =
            get(&self.db, "widest date")?.and_then(|w| w.parse().ok()).unwrap_or(0);
        let first = match filter.since {
            Some(day) => ArticleId::floor(Day::from_number(day.number() - widest)).0,
            None => 0,
        };
        // What was said in a week may be published in the next; nothing is published before.
        let last = i64::MAX >> (ITEM + 1);
        Ok((first, last))
    }

    /// Actors whose name has some letters in it, or one by its number.
    ///
    /// # Errors
    ///
    /// When the archive has nobody of that name.
    pub fn actors(&self, who: &Who, limit: usize) -> Result<Vec<ActorHit>> {
        let _snapshot = self.snapshot()?;
        let mut ranked: Vec<(i64, i64)> = Vec::new();
        for entity in self.each_of(who)? {
            ranked.push((-self.parts(entity)?, entity));
        }
        ranked.sort_unstable();
        ranked.into_iter().take(limit).map(|(_, e)| self.actor(e)).collect()
    }

    pub(crate) fn actor(&self, entity: i64) -> Result<ActorHit> {
        let sql = "SELECT name, kind, country, qid FROM entity WHERE id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        type Known = (String, i64, Option<i64>, Option<String>);
        let (name, kind, country, qid): Known = ask.query_row([entity], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        // An index of aliases by entity would be read here alone.
        let sql = "SELECT name FROM (SELECT name FROM entity WHERE root = ?1 AND identified \
                   UNION SELECT a.name FROM alias a JOIN entity e ON e.id = a.entity \
                   WHERE e.root = ?1) ORDER BY length(name) DESC, name";
        let mut ask = self.db.prepare_cached(sql)?;
        let names = ask.query_map([entity], |row| row.get(0))?;
        let sql = "SELECT ifnull(sum(said), 0), ifnull(sum(about), 0), ifnull(sum(events), 0), \
                   ifnull(sum(positions), 0) FROM tally WHERE entity = ?";
        let counted = self.db.prepare_cached(sql)?.query_row([entity], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
        })?;
        let [said, said_about, events, positions] = counted.map(i64::unsigned_abs);
        Ok(ActorHit {
            id: entity,
            name,
            kind: self.text_of_word(Some(kind))?.unwrap_or_default(),
            country: self.text_of_word(country)?,
            qid,
            names: names.collect::<rusqlite::Result<_>>()?,
            said,
            said_about,
            events,
            positions,
            with: self.with(entity)?,
        })
    }

    /// With whom an actor shares its newest events.
    fn with(&self, entity: i64) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT e.actors, e.recipients FROM did d JOIN event e ON e.id = d.event \
                   WHERE d.entity = ? AND d.copy = 0 ORDER BY d.event DESC LIMIT ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query([entity, HELD])?;
        let mut shared: BTreeMap<i64, u64> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let parts = [row.get(0)?, row.get(1)?];
            for other in parts.iter().flat_map(unlisted).filter(|e| *e != entity) {
                *shared.entry(other).or_default() += 1;
            }
        }
        let mut shared: Vec<(i64, u64)> = shared.into_iter().collect();
        shared.sort_by_key(|(entity, count)| (std::cmp::Reverse(*count), *entity));
        let named =
            shared.into_iter().take(8).map(|(e, count)| Ok((self.name(e)?, count)));
        named.collect()
    }

    /// What actors did, month by month of publication.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn timeline(&self, who: &Who) -> Result<BTreeMap<String, Count>> {
        let _snapshot = self.snapshot()?;
        match who.entities.as_slice() {
            [one] => self.tallied(*one),
            several => self.counted(several),
        }
    }

    /// What one actor, or a whole country, did month by month, as it was counted beforehand.
    fn tallied(&self, entity: i64) -> Result<BTreeMap<String, Count>> {
        let sql =
            "SELECT month, said, about, events, positions FROM tally WHERE entity = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query([entity])?;
        let mut months = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let counts = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            let [statements, about, events, positions] = counts.map(i64::unsigned_abs);
            let count = Count { statements, about, events, positions };
            // What was taken away again leaves its month behind.
            if count != Count::default() {
                months.insert(tally::name_of(row.get(0)?), count);
            }
        }
        Ok(months)
    }

    /// What several actors did: an item in which two of them have a part counts once.
    fn counted(&self, entities: &[i64]) -> Result<BTreeMap<String, Count>> {
        type Field = fn(&mut Count) -> &mut u64;
        const TABLES: [(&str, Field); 4] = [
            ("statement FROM said WHERE role = 1 AND copy = 0", |c| &mut c.statements),
            ("statement FROM said WHERE role = 2 AND copy = 0", |c| &mut c.about),
            ("event FROM did WHERE role IN (1, 2) AND copy = 0", |c| &mut c.events),
            ("position FROM held WHERE copy = 0", |c| &mut c.positions),
        ];
        let list = rarray(entities);
        let mut months: BTreeMap<String, Count> = BTreeMap::new();
        for (table, field) in TABLES {
            let sql = format!("SELECT {table} AND entity IN ({list})");
            let mut ask = self.db.prepare(&sql)?;
            let ids = ask.query_map([], |row| row.get(0))?;
            let mut ids = ids.collect::<rusqlite::Result<Vec<i64>>>()?;
            // In an item in which several of them have a part it is counted once.
            ids.sort_unstable();
            ids.dedup();
            let day = |id: i64| ArticleId::of_item(id).day();
            for ids in ids.chunk_by(|a, b| day(*a) == day(*b)) {
                let month = tally::month_of(ArticleId::of_item(ids[0]));
                *field(months.entry(tally::name_of(month)).or_default()) +=
                    ids.len() as u64;
            }
        }
        Ok(months)
    }
}

/// Of so many of the newest articles those are found in which words weigh most.
const RANKED_TEXTS: usize = 200;
/// Words of a usual statement, and of a usual article.
const STATEMENT_WORDS: f64 = 25.0;
const ARTICLE_WORDS: f64 = 300.0;

/// Puts the heaviest first, of equal ones the newest, and keeps so many.
fn heaviest(weighed: &mut Vec<(f64, i64)>, limit: usize) {
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    weighed.truncate(limit);
}

/// From this confidence on, in per cent, a statement is taken for sure.
const SURE_STATEMENT: i64 = 80;
/// The same for a position: its rules are less sure of themselves.
const SURE_POSITION: i64 = 70;

fn nobody(asked: &str) -> Error {
    Error::asked(format!(
        "nobody in this archive is called {asked:?}; `depeche actor ARCHIVE PART` lists \
         whose name has some letters in it"
    ))
}

/// Numbers as a list in SQL.
pub(crate) fn rarray(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    numbers.join(",")
}

/// The numbers of words, whatever their case; those that the archive does not have are an
/// error, for they are likely mistyped.
fn words_of(archive: &Archive, words: &[String]) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for word in words {
        let mut known = false;
        for way in [word.clone(), word.to_uppercase(), word.to_lowercase()] {
            if let Some(id) = archive.word(&way)? {
                ids.push(id);
                known = true;
            }
        }
        if !known {
            return Err(Error::asked(format!(
                "nothing in this archive is of type {word:?}"
            )));
        }
    }
    Ok(ids)
}

/// The reference that three columns make: identity, start, stop.
fn reference(row: &Row<'_>, at: usize) -> rusqlite::Result<Reference> {
    let identity: Vec<u8> = row.get(at)?;
    Ok(Reference::new(&identity, Some((row.get(at + 1)?, row.get(at + 2)?))))
}

/// The words around a place, on one line.
pub(crate) fn around(text: &str, start: usize, end: usize) -> String {
    const BEFORE: usize = 60;
    const AFTER: usize = 100;
    let from = text[..start].char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let to = text[end..].char_indices().nth(AFTER).map_or(text.len(), |(at, _)| end + at);
    let words: Vec<&str> = text[from..to].split_whitespace().collect();
    let dots = |cut: bool| if cut { "…" } else { "" };
    format!("{}{}{}", dots(from > 0), words.join(" "), dots(to < text.len()))
}

/// Days of an item, and of its article.
pub(crate) struct Days {
    pub(crate) own: (Option<i64>, Option<i64>),
    pub(crate) article: (Option<i64>, Option<i64>),
}

impl Days {
    /// Whether they may lie in the days of a filter: those of the item, where the text says
    /// any, and of its publication otherwise. What has no date at all does not.
    pub(crate) fn meet(&self, filter: &Filter) -> bool {
        let (first, last) =
            if self.own == (None, None) { self.article } else { self.own };
        let late = |day: Day| last.or(first).is_some_and(|l| l >= day.number());
        let early = |day: Day| first.or(last).is_some_and(|f| f <= day.number());
        filter.since.is_none_or(late) && filter.until.is_none_or(early)
    }
}

/// What an item is asked of its article.
#[derive(Clone, Copy)]
struct Published {
    outlet: Option<i64>,
    days: (Option<i64>, Option<i64>),
}

/// Reads articles; of those of several items, which mostly follow each other, once.
struct Articles<'a> {
    ask: CachedStatement<'a>,
    last: Option<(ArticleId, Published)>,
}

impl<'a> Articles<'a> {
    fn new(archive: &'a Archive) -> Result<Articles<'a>> {
        let sql = "SELECT outlet, first, last FROM article WHERE id = ?";
        Ok(Articles { ask: archive.db.prepare_cached(sql)?, last: None })
    }

    fn of(&mut self, item: i64) -> rusqlite::Result<Published> {
        let id = ArticleId::of_item(item);
        if let Some((_, known)) = self.last.filter(|(last, _)| *last == id) {
            return Ok(known);
        }
        let published = self.ask.query_row([id.0], |row| {
            Ok(Published { outlet: row.get(0)?, days: (row.get(1)?, row.get(2)?) })
        })?;
        self.last = Some((id, published));
        Ok(published)
    }
}

/// A table that ties actors to items.
struct Tie {
    table: &'static str,
    column: &'static str,
    items: &'static str,
}

const SAID: Tie = Tie { table: "said", column: "statement", items: "statement" };
const DID: Tie = Tie { table: "did", column: "event", items: "event" };
const HELD_BY: Tie = Tie { table: "held", column: "position", items: "position" };

/// The issues that somebody asks for: their keys, and what an object may say instead.
struct Issues {
    keys: FxHashSet<i64>,
    part: String,
}

impl Issues {
    fn has(&self, position: &PositionRow) -> bool {
        position.issue.is_some_and(|issue| self.keys.contains(&issue))
            || fold(&position.object).contains(&self.part)
    }
}

/// A position as its row says.
struct PositionRow {
    entity: i64,
    stance: i64,
    issue: Option<i64>,
    span: (u32, u32),
    object: String,
    confidence: i64,
    copy: bool,
}

/// What of its article a position shows.
struct ArticleRow {
    id: ArticleId,
    identity: Vec<u8>,
    published: Option<String>,
    outlet: Option<i64>,
    days: (Option<i64>, Option<i64>),
    /// Whether anything of it may have been copied.
    copied: bool,
}

/// Reads positions, and the article of several of them once.
struct Positions<'a> {
    rows: CachedStatement<'a>,
    articles: CachedStatement<'a>,
    copies: CachedStatement<'a>,
    article: Option<ArticleRow>,
}

impl<'a> Positions<'a> {
    fn new(archive: &'a Archive) -> Result<Positions<'a>> {
        let db = &archive.db;
        Ok(Positions {
            rows: db.prepare_cached(
                "SELECT entity, stance, issue, start, stop, object, confidence, \
                 same IS NOT NULL FROM position WHERE id = ?",
            )?,
            articles: db.prepare_cached(
                "SELECT a.identity, a.published, a.outlet, a.first, a.last, \
                 EXISTS (SELECT 1 FROM article c WHERE c.dispatch = a.dispatch \
                 AND c.dispatch <> c.id) FROM article a WHERE a.id = ?",
            )?,
            copies: db.prepare_cached("SELECT count(*) FROM position WHERE same = ?")?,
            article: None,
        })
    }

    fn row(&mut self, id: i64) -> Result<PositionRow> {
        Ok(self.rows.query_row([id], |row| {
            Ok(PositionRow {
                entity: row.get(0)?,
                stance: row.get(1)?,
                issue: row.get(2)?,
                span: (row.get(3)?, row.get(4)?),
                object: row.get(5)?,
                confidence: row.get(6)?,
                copy: row.get(7)?,
            })
        })?)
    }

    fn article(&mut self, item: i64) -> Result<&ArticleRow> {
        let id = ArticleId::of_item(item);
        let article = match self.article.take().filter(|a| a.id == id) {
            Some(known) => known,
            None => self.articles.query_row([id.0], |row| {
                Ok(ArticleRow {
                    id,
                    identity: row.get(0)?,
                    published: row.get(1)?,
                    outlet: row.get(2)?,
                    days: (row.get(3)?, row.get(4)?),
                    copied: row.get(5)?,
                })
            })?,
        };
        Ok(self.article.insert(article))
    }

    fn copies(&mut self, id: i64) -> Result<u64> {
        Ok(self.copies.query_row([id], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }
}

/// Names of actors and words, remembered: the same few come again and again.
#[derive(Default)]
struct Names {
    actors: FxHashMap<i64, String>,
    words: FxHashMap<i64, String>,
}

impl Names {
    fn actor(&mut self, archive: &Archive, entity: i64) -> Result<String> {
        if let Some(name) = self.actors.get(&entity) {
            return Ok(name.clone());
        }
        let name = archive.name(entity)?;
        Ok(self.actors.entry(entity).or_insert(name).clone())
    }

    fn word(&mut self, archive: &Archive, id: Option<i64>) -> Result<Option<String>> {
        let Some(id) = id else { return Ok(None) };
        if let Some(word) = self.words.get(&id) {
            return Ok(Some(word.clone()));
        }
        let word = archive.text_of_word(Some(id))?.unwrap_or_default();
        Ok(Some(self.words.entry(id).or_insert(word).clone()))
    }
}

/// A question, ready to be asked.
struct Ask<'a> {
    archive: &'a Archive,
    tie: Tie,
    query: Option<Query>,
    types: Vec<i64>,
    /// Only ids below it, when there is one.
    before: Option<Cursor>,
    /// So many hits are enough.
    enough: usize,
    outlet: Option<Vec<i64>>,
    sites: Option<(FxHashSet<i64>, Option<i64>)>,
    /// Who must have which part.
    parts: Vec<(Vec<i64>, i64)>,
    range: (i64, i64),
}

impl<'a> Ask<'a> {
    fn new(
        archive: &'a Archive,
        filter: &Filter,
        tie: Tie,
        parts: &[(&Option<Who>, i64)],
    ) -> Result<Ask<'a>> {
        let query = match &filter.words {
            Some(words) => Some(
                Query::new(words, &archive.languages()?)
                    .ok_or_else(|| Error::asked("write a word to look for"))?,
            ),
            None => None,
        };
        let (first, last) = archive.range(filter)?;
        // The page before ended in an article; the next one begins in it.
        let below = filter.before.map(|c| ArticleId::of_item(c.0).0 + 1);
        let end = below.map_or(last, |b| b.min(last));
        let given = |(who, role): &(&Option<Who>, i64)| {
            who.as_ref().map(|w| (w.entities.clone(), *role))
        };
        Ok(Ask {
            archive,
            tie,
            query,
            types: words_of(archive, &filter.types)?,
            before: filter.before,
            enough: match filter.uncounted {
                // One more than is returned says whether there is a next page.
                true => filter.limit.saturating_add(1),
                false => FACETED.max(filter.limit.saturating_add(1)),
            },
            outlet: archive.outlet(filter)?,
            sites: sites(archive, filter)?,
            parts: parts.iter().filter_map(given).collect(),
            range: (first, end),
        })
    }

    /// Whether the page before had it already.
    fn is_before(&self, id: i64) -> bool {
        self.before.is_some_and(|before| id >= before.0)
    }

    fn is_type(&self, word: i64) -> bool {
        self.types.contains(&word)
    }

    fn is_outlet(&self, outlet: Option<i64>) -> bool {
        let among = |list: &Vec<i64>| outlet.is_some_and(|o| list.contains(&o));
        self.outlet.as_ref().is_none_or(among)
    }

    fn is_place(&self, site: Option<i64>, country: Option<i64>) -> bool {
        self.sites.as_ref().is_none_or(|(sites, code)| {
            site.is_some_and(|s| sites.contains(&s)) || code.is_some() && country == *code
        })
    }

    /// Whether a text has the phrases; of events also the words, which no index holds.
    fn fits(&self, text: &str) -> bool {
        let Some(query) = &self.query else { return true };
        match self.tie.table {
            "said" => !query.has_phrases() || query.fits(text),
            _ => query.words_in(text),
        }
    }

    /// Gives ids to `each`, newest first, until enough of them pass: as many as are counted, or
    /// as are shown when many were looked at. Returns how many did, and whether there may be more.
    fn each(
        &self,
        shown: usize,
        mut each: impl FnMut(i64) -> Result<bool>,
    ) -> Result<(usize, bool)> {
        let (mut passed, mut looked_at) = (0, 0);
        let mut enough = false;
        self.candidates(|id| {
            if let Some(id) = id.filter(|id| !self.is_before(*id))
                && each(id)?
            {
                passed += 1;
            }
            looked_at += 1;
            enough = passed >= self.enough || looked_at >= LOOKED_AT && passed >= shown;
            Ok(!enough)
        })?;
        Ok((passed, enough))
    }

    /// Gives ids to `each`, newest first, as long as it returns true; nothing for an item that was
    /// looked at, in which somebody does not have their part.
    fn candidates(&self, each: impl FnMut(Option<i64>) -> Result<bool>) -> Result<()> {
        match (&self.query, self.tie.table) {
            (Some(query), "said") => self.by_words(query, each),
            _ => self.by_parts(each),
        }
    }

    /// Statements that have the words, and in which everybody has their part.
    fn by_words(
        &self,
        query: &Query,
        mut each: impl FnMut(Option<i64>) -> Result<bool>,
    ) -> Result<()> {
        let sets = self.members(&self.parts)?;
        let shift = WORD_ITEM;
        let sql = "SELECT rowid FROM statement_words WHERE statement_words MATCH ? \
                   AND rowid >= ? AND rowid < ? ORDER BY rowid DESC";
        let mut ask = self.archive.db.prepare_cached(sql)?;
        let range = [self.range.0 << shift, self.range.1 << shift];
        let mut rows = ask.query(params![query.expression, range[0], range[1]])?;
        while let Some(row) = rows.next()? {
            let row: i64 = row.get(0)?;
            let article = ArticleId(row >> shift);
            let n = (row & LAST_WORD_ROW as i64) as usize;
            let ids = match n == LAST_WORD_ROW {
                true => self.rest_of(article, query)?,
                false => vec![article.item(n)],
            };
            for id in ids {
                if !each(self.all_have(&sets, id)?.then_some(id))? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The statements that share the last row of the index and have the words.
    fn rest_of(&self, article: ArticleId, query: &Query) -> Result<Vec<i64>> {
        let sql =
            "SELECT id, content FROM statement WHERE id >= ? AND id < ? ORDER BY id DESC";
        let mut ask = self.archive.db.prepare_cached(sql)?;
        let mut rows =
            ask.query([article.item(LAST_WORD_ROW), article.end_of_items()])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            if query.words_in(row.get_ref(1)?.as_str().unwrap_or_default()) {
                ids.push(row.get(0)?);
            }
        }
        Ok(ids)
    }

    /// Items in which everybody has their part.
    fn by_parts(&self, mut each: impl FnMut(Option<i64>) -> Result<bool>) -> Result<()> {
        let range = [self.range.0 << ITEM, self.range.1 << ITEM];
        let Tie { table, column, items } = &self.tie;
        let Some(((entities, role), rest)) = self.parts.split_first() else {
            let sql = format!(
                "SELECT id FROM {items} WHERE id >= ? AND id < ? ORDER BY id DESC"
            );
            let mut ask = self.archive.db.prepare_cached(&sql)?;
            let mut rows = ask.query(range)?;
            while let Some(row) = rows.next()? {
                if !each(Some(row.get(0)?))? {
                    break;
                }
            }
            return Ok(());
        };
        let sets = self.members(rest)?;
        let sql = format!(
            "SELECT {column} FROM {table} WHERE entity IN ({}) AND role = {role} \
             AND {column} >= ? AND {column} < ?",
            rarray(entities)
        );
        if entities.len() == 1 {
            // Of one actor they lie in order already.
            let mut ask =
                self.archive.db.prepare(&format!("{sql} ORDER BY {column} DESC"))?;
            let mut rows = ask.query(range)?;
            while let Some(row) = rows.next()? {
                let id = row.get(0)?;
                if !each(self.all_have(&sets, id)?.then_some(id))? {
                    break;
                }
            }
            return Ok(());
        }
        let mut ask = self.archive.db.prepare(&sql)?;
        let mut days = FIRST_DAYS;
        let [first, mut end] = [range[0], range[1].min(self.end_of(items)?)];
        while end > first {
            let from = (end - (days << (SERIAL + ITEM))).max(first);
            let ids = ask.query_map([from, end], |row| row.get(0))?;
            let mut ids = ids.collect::<rusqlite::Result<Vec<i64>>>()?;
            ids.sort_unstable_by(|a, b| b.cmp(a));
            ids.dedup();
            for id in ids {
                if !each(self.all_have(&sets, id)?.then_some(id))? {
                    return Ok(());
                }
            }
            (end, days) = (from, days * 2);
        }
        Ok(())
    }

    fn all_have(&self, sets: &[Members], id: i64) -> Result<bool> {
        sets.iter().try_fold(true, |all, set| Ok(all && set.has(self, id)?))
    }

    /// Above which no item of a table lies.
    fn end_of(&self, items: &str) -> Result<i64> {
        let sql = format!("SELECT ifnull(max(id), 0) + 1 FROM {items}");
        Ok(self.archive.db.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
    }

    fn members(&self, parts: &[(Vec<i64>, i64)]) -> Result<Vec<Members>> {
        parts.iter().map(|(entities, role)| Members::new(self, entities, *role)).collect()
    }
}

/// Items in which somebody has a part: held, when they are few or many entities share them.
enum Members {
    Held(FxHashSet<i64>),
    Asked(i64, i64),
}

impl Members {
    fn new(ask: &Ask<'_>, entities: &[i64], role: i64) -> Result<Members> {
        if let [entity] = entities
            && ask.archive.parts(*entity)? >= HELD
        {
            return Ok(Members::Asked(*entity, role));
        }
        let Tie { table, column, .. } = &ask.tie;
        let sql = format!(
            "SELECT {column} FROM {table} WHERE entity IN ({}) AND role = ?",
            rarray(entities)
        );
        let mut query = ask.archive.db.prepare(&sql)?;
        let ids = query.query_map([role], |row| row.get(0))?;
        Ok(Members::Held(ids.collect::<rusqlite::Result<_>>()?))
    }

    fn has(&self, ask: &Ask<'_>, id: i64) -> Result<bool> {
        match self {
            Members::Held(ids) => Ok(ids.contains(&id)),
            Members::Asked(entity, role) => {
                let Tie { table, column, .. } = &ask.tie;
                let sql = format!(
                    "SELECT 1 FROM {table} WHERE entity = ? AND role = ? AND {column} = ?"
                );
                Ok(ask.archive.db.prepare_cached(&sql)?.exists([*entity, *role, id])?)
            }
        }
    }
}

/// The sites that a place means, and the country, if it is the code of one.
fn sites(
    archive: &Archive,
    filter: &Filter,
) -> Result<Option<(FxHashSet<i64>, Option<i64>)>> {
    let Some(asked) = &filter.place else { return Ok(None) };
    let folded = fold(asked);
    let mut ask = archive.db.prepare_cached("SELECT id, name FROM site")?;
    let mut rows = ask.query([])?;
    let mut sites = FxHashSet::default();
    while let Some(row) = rows.next()? {
        if fold(row.get_ref(1)?.as_str().unwrap_or_default()) == folded {
            sites.insert(row.get(0)?);
        }
    }
    let code = asked.len() == 3 && asked.bytes().all(|b| b.is_ascii_uppercase());
    let country = if code { archive.word(asked)? } else { None };
    if sites.is_empty() && country.is_none() {
        return Err(Error::asked(format!(
            "no event of this archive is placed in {asked:?}"
        )));
    }
    Ok(Some((sites, country)))
}

/// Counts of facets, by number; names come last.
#[derive(Default)]
struct Counts {
    words: FxHashMap<(&'static str, i64), u64>,
    entities: FxHashMap<(&'static str, i64), u64>,
    months: BTreeMap<i64, u64>,
}

impl Counts {
    fn word(&mut self, name: &'static str, word: Option<i64>) {
        if let Some(word) = word {
            *self.words.entry((name, word)).or_default() += 1;
        }
    }

    fn entities(&mut self, name: &'static str, column: &Value) {
        for entity in unlisted(column) {
            *self.entities.entry((name, entity)).or_default() += 1;
        }
    }

    fn month(&mut self, article: ArticleId) {
        *self.months.entry(tally::month_of(article)).or_default() += 1;
    }

    fn facets(self, archive: &Archive) -> Result<Vec<Facet>> {
        let mut all: BTreeMap<&'static str, Vec<(i64, u64, bool)>> = BTreeMap::new();
        for (counts, are_words) in [(&self.words, true), (&self.entities, false)] {
            let mut sorted: Vec<_> = counts.iter().collect();
            sorted.sort_unstable();
            for ((name, id), count) in sorted {
                all.entry(name).or_default().push((*id, *count, are_words));
            }
        }
        let mut facets = Vec::new();
        for (name, mut counts) in all {
            counts.sort_by_key(|(id, count, _)| (std::cmp::Reverse(*count), *id));
            let mut values = Vec::new();
            for (id, count, is_word) in counts.into_iter().take(10) {
                let shown = match is_word {
                    true => archive.text_of_word(Some(id))?.unwrap_or_default(),
                    false => archive.name(id)?,
                };
                values.push((shown, count));
            }
            facets.push(Facet { name, values });
        }
        let dated = self.months.into_iter().filter(|(month, _)| *month != tally::UNDATED);
        let values: Vec<_> = dated.map(|(m, count)| (tally::name_of(m), count)).collect();
        if !values.is_empty() {
            facets.push(Facet { name: "month", values });
        }
        Ok(facets)
    }
}
