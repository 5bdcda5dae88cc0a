//! What did people decide, against what the engine says? Merges, splits and corrections: a log
//! that is only added to, can be undone, and wins over every later reading.
//!
//! A decision speaks of actors by what they are, and of items by the words of their article,
//! never by numbers of the archive: so it holds for an archive that was made anew.

use depeche_record::{
    Actor, ActorKind, EventType, Factuality, Record, Span, Speaker, Statement,
};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::archive::Archive;
use crate::copies::hash;
use crate::error::{Error, Result};
use crate::id::{ArticleId, Reference};
use crate::pack::Offsets;
use crate::prepare::Identity;
use crate::terms::fold;
use crate::write::Writer;

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its number: what undoes it names it.
    pub number: i64,
    /// When, in UTC.
    pub at: String,
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
    /// What.
    pub what: DecisionKind,
    /// When, by whom and why it was undone.
    pub undone: Option<(String, String, String)>,
}

/// Who decides, when and why.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// When, in UTC.
    pub at: &'a str,
    /// Who.
    pub author: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "decision")]
pub enum DecisionKind {
    /// Two actors are one.
    Merge {
        /// The one that is the other.
        from: Description,
        /// That one.
        into: Description,
    },
    /// In some articles it is somebody else.
    Split {
        /// The actor that it is elsewhere.
        from: Description,
        /// Whom it is in these articles.
        name: String,
        /// Identities of the articles, in hexadecimal digits.
        articles: Vec<String>,
    },
    /// An item of a record is not as the engine says.
    Correct {
        /// Identity of the article, in hexadecimal digits.
        article: String,
        /// Which item: the stretch of its words, in code points.
        start: u32,
        /// The first code point after it.
        end: u32,
        /// How it is.
        to: Correction,
    },
}

/// An actor, by what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Its name.
    pub name: String,
    /// `person`, `state`, …
    pub kind: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Wikidata.
    pub qid: Option<String>,
}

/// How an item is, in truth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Correction {
    /// This one said it; nobody that the text names, when null.
    Speaker(Option<String>),
    /// The event has this PLOVER type.
    Type(EventType),
    /// The event has this factuality.
    Factuality(Factuality),
    /// The statement has these words.
    Span {
        /// Where it starts, in code points.
        start: u32,
        /// The first code point after it.
        end: u32,
    },
    /// It is no statement.
    NotAStatement,
    /// It is no event.
    NotAnEvent,
}

impl DecisionKind {
    fn name(&self) -> &'static str {
        match self {
            DecisionKind::Merge { .. } => "merge",
            DecisionKind::Split { .. } => "split",
            DecisionKind::Correct { .. } => "correct",
        }
    }

    fn article(&self) -> Option<Vec<u8>> {
        match self {
            DecisionKind::Correct { article, .. } => Some(bytes_of(article)),
            DecisionKind::Merge { .. } | DecisionKind::Split { .. } => None,
        }
    }
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let pair = |at: usize| u8::from_str_radix(hex.get(at..at + 2).unwrap_or("00"), 16);
    (0..hex.len()).step_by(2).map(|at| pair(at).unwrap_or(0)).collect()
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Archive {
    /// Every decision, in order.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn decisions(&self) -> Result<Vec<Decision>> {
        decisions(&self.db, "")
    }

    /// The one actor of a name, or of a number that `depeche actor` prints.
    ///
    /// # Errors
    ///
    /// When nobody is called so, or several are.
    pub fn one_actor(&self, name: &str) -> Result<i64> {
        if let Ok(number) = name.parse::<i64>() {
            let sql = "SELECT root FROM entity WHERE id = ?";
            let root = self.db.prepare_cached(sql)?.query_row([number], |row| row.get(0));
            return root
                .optional()?
                .ok_or_else(|| Error::asked(format!("no actor has number {number}")));
        }
        let who = self.who(name)?;
        match self.each_of(&who)?.as_slice() {
            [one] => Ok(*one),
            many => {
                let shown: Vec<String> =
                    many.iter().take(8).map(i64::to_string).collect();
                Err(Error::asked(format!(
                    "{name:?} may be {} actors ({}); name one by its number, as `depeche actor` \
                     prints it",
                    many.len(),
                    shown.join(", ")
                )))
            }
        }
    }

    /// What an actor is, in words that hold in any archive.
    pub(crate) fn describe(&self, entity: i64) -> Result<Description> {
        let sql = "SELECT e.name, k.text, c.text, e.qid FROM entity e \
                   LEFT JOIN word k ON k.id = e.kind LEFT JOIN word c ON c.id = e.country \
                   WHERE e.id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        Ok(ask.query_row([entity], |row| {
            Ok(Description {
                name: row.get(0)?,
                kind: row.get(1)?,
                country: row.get(2)?,
                qid: row.get(3)?,
            })
        })?)
    }

    /// A correction of the item that a reference names.
    ///
    /// # Errors
    ///
    /// When the reference names no stretch, or nothing there can be corrected in this way.
    pub fn correction(
        &self,
        reference: &Reference,
        to: Correction,
    ) -> Result<DecisionKind> {
        let id = self.id_of(reference)?;
        let record = self.record(id)?;
        let Some((start, end)) = reference.span else {
            return Err(Error::asked(
                "name the words, as at the end of a line of an answer: 3fa94c0b21d7:120-186",
            ));
        };
        if correct(record.clone(), start, end, &to) == record {
            return Err(Error::asked(format!(
                "{reference}: nothing there would change; see `depeche show`"
            )));
        }
        let article = hex_of(&Identity::of(&record.article).0);
        Ok(DecisionKind::Correct { article, start, end, to })
    }
}

fn decisions(db: &Connection, condition: &str) -> Result<Vec<Decision>> {
    let sql = format!(
        "SELECT id, at, author, reason, what, undone_at, undone_by, undone_why \
         FROM decision {condition} ORDER BY id"
    );
    let mut ask = db.prepare_cached(&sql)?;
    let mut rows = ask.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let what: String = row.get(4)?;
        let what = serde_json::from_str(&what)
            .map_err(|e| Error::damaged(format!("a decision cannot be read: {e}")))?;
        let undone: Option<String> = row.get(5)?;
        all.push(Decision {
            number: row.get(0)?,
            at: row.get(1)?,
            author: row.get(2)?,
            reason: row.get(3)?,
            what,
            undone: match undone {
                Some(at) => Some((at, row.get(6)?, row.get(7)?)),
                None => None,
            },
        });
    }
    Ok(all)
}

impl Writer {
    /// Merges one actor into another. Returns the number of the decision, and how many articles
    /// it touches.
    ///
    /// # Errors
    ///
    /// When they are one already, or the file cannot be written.
    pub fn merge(
        &mut self,
        from: i64,
        into: i64,
        signed: Signed<'_>,
    ) -> Result<(i64, usize)> {
        if from == into {
            return Err(Error::asked("they are one actor already"));
        }
        let archive = self.archive();
        let (from, into) = (archive.describe(from)?, archive.describe(into)?);
        self.decide(&DecisionKind::Merge { from, into }, signed)
    }

    /// Makes an actor somebody else in some articles.
    ///
    /// # Errors
    ///
    /// When an article is not there, or the file cannot be written.
    pub fn split(
        &mut self,
        from: i64,
        name: &str,
        articles: &[Reference],
        signed: Signed<'_>,
    ) -> Result<(i64, usize)> {
        let archive = self.archive();
        let mut identities = Vec::new();
        for reference in articles {
            let id = archive.id_of(reference)?;
            let identity: Vec<u8> = archive.db.query_row(
                "SELECT identity FROM article WHERE id = ?",
                [id.0],
                |row| row.get(0),
            )?;
            identities.push(hex_of(&identity));
        }
        let from = archive.describe(from)?;
        let name = name.to_owned();
        self.decide(&DecisionKind::Split { from, name, articles: identities }, signed)
    }

    /// Writes a decision into the log, and makes it so.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn decide(
        &mut self,
        what: &DecisionKind,
        signed: Signed<'_>,
    ) -> Result<(i64, usize)> {
        let json = serde_json::to_string(what).expect("a decision is plain data");
        let number = self.in_transaction(|tx| {
            let sql = "INSERT INTO decision (at, author, kind, what, reason, article) \
                       VALUES (?, ?, ?, ?, ?, ?)";
            tx.execute(
                sql,
                params![
                    signed.at,
                    signed.author,
                    what.name(),
                    json,
                    signed.reason,
                    what.article()
                ],
            )?;
            Ok(tx.last_insert_rowid())
        })?;
        let touched = self.apply(what)?;
        Ok((number, touched))
    }

    /// Undoes a decision; it stays in the log.
    ///
    /// # Errors
    ///
    /// When there is none of that number, or it is undone already.
    pub fn undo(&mut self, number: i64, signed: Signed<'_>) -> Result<usize> {
        let decisions = self.archive().decisions()?;
        let decision = decisions.into_iter().find(|d| d.number == number);
        let decision = decision
            .ok_or_else(|| Error::asked(format!("there is no decision {number}")))?;
        if decision.undone.is_some() {
            return Err(Error::asked(format!("decision {number} is undone already")));
        }
        self.in_transaction(|tx| {
            let sql = "UPDATE decision SET undone_at = ?, undone_by = ?, undone_why = ? WHERE id = ?";
            tx.execute(sql, params![signed.at, signed.author, signed.reason, number])?;
            Ok(())
        })?;
        self.apply(&decision.what)
    }

    /// Takes over decisions of another archive, as they are.
    pub(crate) fn replay(&mut self, decisions: &[Decision]) -> Result<()> {
        self.in_transaction(|tx| {
            for d in decisions {
                let undone = d.undone.clone();
                let json = serde_json::to_string(&d.what).expect("a decision is plain data");
                let (at, by, why) = match undone {
                    Some((at, by, why)) => (Some(at), Some(by), Some(why)),
                    None => (None, None, None),
                };
                tx.execute(
                    "INSERT OR REPLACE INTO decision (id, at, author, kind, what, reason, article, \
                     undone_at, undone_by, undone_why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    params![
                        d.number, d.at, d.author, d.what.name(), json, d.reason,
                        d.what.article(), at, by, why
                    ],
                )?;
            }
            Ok(())
        })?;
        for d in decisions.iter().filter(|d| d.undone.is_none()) {
            self.apply(&d.what)?;
        }
        Ok(())
    }

    /// Makes the tables say what the log says, for what one decision touches.
    fn apply(&mut self, what: &DecisionKind) -> Result<usize> {
        let touched = match what {
            DecisionKind::Merge { from, .. } => {
                let changed = self.in_transaction(|tx| set_roots(tx, from))?;
                let mut articles = Vec::new();
                for entity in changed {
                    articles.extend(self.articles_of(entity)?);
                }
                articles
            }
            DecisionKind::Split { articles, .. } => self.articles_named(articles)?,
            DecisionKind::Correct { article, .. } => {
                self.articles_named(std::slice::from_ref(article))?
            }
        };
        self.rewrite(touched)
    }

    fn articles_of(&self, entity: i64) -> Result<Vec<ArticleId>> {
        let sql = "SELECT DISTINCT article FROM actor WHERE entity = ? ORDER BY article";
        let mut ask = self.archive().db.prepare_cached(sql)?;
        let ids = ask.query_map([entity], |row| row.get(0).map(ArticleId))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    fn articles_named(&self, identities: &[String]) -> Result<Vec<ArticleId>> {
        let sql = "SELECT id FROM article WHERE identity = ?";
        let mut ask = self.archive().db.prepare_cached(sql)?;
        let mut ids = Vec::new();
        for identity in identities {
            let id = ask.query_row([bytes_of(identity)], |row| row.get(0).map(ArticleId));
            ids.extend(id.optional()?);
        }
        Ok(ids)
    }

    pub(crate) fn in_transaction<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let db = &self.archive().db;
        let tx = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }
}

/// Gives every entity the root that the merges in force give it; returns whom that changes.
fn set_roots(tx: &Transaction<'_>, from: &Description) -> Result<Vec<i64>> {
    let mut into: FxHashMap<i64, i64> = FxHashMap::default();
    let mut met = Vec::new();
    met.extend(find(tx, from)?);
    for decision in decisions(tx, "WHERE kind = 'merge'")? {
        let DecisionKind::Merge { from, into: to } = &decision.what else { continue };
        let (Some(from), Some(to)) = (find(tx, from)?, find(tx, to)?) else { continue };
        met.push(from);
        if decision.undone.is_none() && root_in(&into, to) != from {
            into.insert(from, to);
        }
    }
    let mut changed = Vec::new();
    met.sort_unstable();
    met.dedup();
    for entity in met {
        let root = root_in(&into, entity);
        let sql = "UPDATE entity SET root = ?1 WHERE id = ?2 AND root <> ?1";
        if tx.prepare_cached(sql)?.execute([root, entity])? > 0 {
            changed.push(entity);
        }
    }
    Ok(changed)
}

fn root_in(into: &FxHashMap<i64, i64>, entity: i64) -> i64 {
    let mut at = entity;
    // Merges make no circle: one that would is passed over.
    while let Some(next) = into.get(&at) {
        at = *next;
    }
    at
}

/// The entity of a description: by what identifies it, then by its name, then by a name by which
/// it was called, for which name came first depends on the order in which articles came in.
fn find(db: &Connection, wanted: &Description) -> Result<Option<i64>> {
    let Description { name, kind, country, qid } = wanted;
    const KIND_AND_COUNTRY: &str = "e.kind = (SELECT id FROM word WHERE text = ?2) \
        AND e.country IS (SELECT id FROM word WHERE text = ?3)";
    let one = |from: &str, value: &dyn rusqlite::ToSql| -> Result<Option<i64>> {
        let sql = format!(
            "SELECT e.id FROM {from} AND {KIND_AND_COUNTRY} ORDER BY NOT e.identified, e.id"
        );
        let mut ask = db.prepare_cached(&sql)?;
        Ok(ask.query_row(params![value, kind, country], |row| row.get(0)).optional()?)
    };
    if qid.is_some()
        && let Some(id) = one("entity e WHERE e.qid = ?1", qid)?
    {
        return Ok(Some(id));
    }
    if kind == "state"
        && country.is_some()
        && let Some(id) = one("entity e WHERE e.identified = ?1", &true)?
    {
        return Ok(Some(id));
    }
    let folded = fold(name);
    let hash = crate::entity::hash(&folded);
    match one("entity e WHERE e.hash = ?1", &hash)? {
        Some(id) => Ok(Some(id)),
        None => one("alias a JOIN entity e ON e.id = a.entity WHERE a.hash = ?1", &hash),
    }
}

/// Actors that are somebody else in some articles: by entity and article.
pub(crate) type Splits = FxHashMap<(i64, i64), i64>;

/// The splits in force. Makes the entities that they need.
pub(crate) fn splits(tx: &Transaction<'_>) -> Result<Splits> {
    let mut splits = Splits::default();
    for decision in decisions(tx, "WHERE kind = 'split' AND undone_at IS NULL")? {
        let DecisionKind::Split { from, name, articles } = &decision.what else {
            continue;
        };
        let Some(entity) = find(tx, from)? else { continue };
        let other = split_entity(tx, entity, name, decision.number)?;
        for article in articles {
            let sql = "SELECT id FROM article WHERE identity = ?";
            let mut ask = tx.prepare_cached(sql)?;
            let id: Option<i64> =
                ask.query_row([bytes_of(article)], |row| row.get(0)).optional()?;
            splits.extend(id.map(|id| ((entity, id), other)));
        }
    }
    Ok(splits)
}

/// The entity that a split made. Its hash is that of the decision, so that no name finds it.
fn split_entity(tx: &Transaction<'_>, from: i64, name: &str, number: i64) -> Result<i64> {
    let mark = (hash(format!("split {number}").as_bytes()) >> 32) as i64;
    let sql = "SELECT id FROM entity WHERE hash = ? AND name = ?";
    let known = tx.prepare_cached(sql)?.query_row(params![mark, name], |row| row.get(0));
    if let Some(id) = known.optional()? {
        return Ok(id);
    }
    tx.execute(
        "INSERT INTO entity (kind, hash, name, country, identified, root) \
         SELECT kind, ?, ?, country, 1, 0 FROM entity WHERE id = ?",
        params![mark, name, from],
    )?;
    let id = tx.last_insert_rowid();
    tx.execute("UPDATE entity SET root = id WHERE id = ?", [id])?;
    // By its alias it is found all the same.
    crate::entity::note_alias(tx, id, name)?;
    Ok(id)
}

/// Whether people corrected anything of an article.
pub(crate) fn is_corrected(db: &Connection, article: Identity) -> Result<bool> {
    let sql = "SELECT 1 FROM decision WHERE article = ?";
    Ok(db.prepare_cached(sql)?.exists([article.0.as_slice()])?)
}

/// A record as people corrected it.
pub(crate) fn corrected(db: &Connection, mut record: Record) -> Result<Record> {
    let sql =
        "SELECT what FROM decision WHERE article = ? AND undone_at IS NULL ORDER BY id";
    let identity = Identity::of(&record.article);
    let mut ask = db.prepare_cached(sql)?;
    let mut rows = ask.query([identity.0.as_slice()])?;
    while let Some(row) = rows.next()? {
        let what: String = row.get(0)?;
        if let Ok(DecisionKind::Correct { start, end, to, .. }) =
            serde_json::from_str(&what)
        {
            record = correct(record, start, end, &to);
        }
    }
    Ok(record)
}

/// The record with one item corrected: the one that shares most with the stretch.
fn correct(mut record: Record, start: u32, end: u32, to: &Correction) -> Record {
    let shared = |spans: &[Span]| -> u32 {
        let common = |s: &Span| s.end.min(end).saturating_sub(s.start.max(start));
        spans.iter().map(common).sum()
    };
    let best = |spans: &mut dyn Iterator<Item = u32>| {
        let most = spans.enumerate().filter(|(_, n)| *n > 0);
        most.max_by_key(|(n, common)| (*common, std::cmp::Reverse(*n))).map(|(n, _)| n)
    };
    let statement = best(&mut record.statements.iter().map(|s| shared(&s.content)));
    let event = best(&mut record.events.iter().map(|e| shared(&e.mentions)));
    match to {
        Correction::Speaker(name) => {
            if let Some(n) = statement {
                let actor = name.as_deref().map(|name| actor_called(&mut record, name));
                set_speaker(&mut record.statements[n], actor);
            }
        }
        Correction::Span { start, end } => {
            let text = Offsets::new(&record.article.text);
            let slice = text.slice(i64::from(*start), i64::from(*end)).to_owned();
            if let Some(n) = statement {
                let span = Span { start: *start, end: *end, text: slice };
                record.statements[n].content = vec![span];
            }
        }
        Correction::NotAStatement => {
            if let Some(n) = statement {
                let gone = record.statements.remove(n).id;
                forget_statement(&mut record, &gone);
            }
        }
        Correction::Type(kind) => {
            if let Some(n) = event {
                let plover = kind.plover();
                let event = &mut record.events[n];
                (event.kind, event.quad) = (*kind, plover.quad as u8);
                // What belonged to the type that it is not goes with it.
                (event.mode, event.cameo) = (None, Some(plover.cameo.to_owned()));
            }
        }
        Correction::Factuality(factuality) => {
            if let Some(n) = event {
                record.events[n].factuality = *factuality;
            }
        }
        Correction::NotAnEvent => {
            if let Some(n) = event {
                let gone = record.events.remove(n).id;
                for position in &mut record.positions {
                    position.object_event =
                        position.object_event.take().filter(|e| *e != gone);
                }
            }
        }
    }
    record
}

fn forget_statement(record: &mut Record, gone: &str) {
    let kept = |id: Option<String>| id.filter(|id| id != gone);
    for statement in &mut record.statements {
        statement.nested_in = kept(statement.nested_in.take());
    }
    for event in &mut record.events {
        event.source_statement = kept(event.source_statement.take());
    }
    for position in &mut record.positions {
        position.statement = kept(position.statement.take());
    }
}

fn set_speaker(statement: &mut Statement, actor: Option<String>) {
    statement.speakers = actor.iter().cloned().collect();
    statement.speaker = match (statement.speaker.take(), actor) {
        (Some(speaker), Some(actor)) => {
            let via = Some("correction".into());
            Some(Speaker { actor: Some(actor), via, ..speaker })
        }
        _ => None,
    };
}

/// The actor of the record who is called so; a new one if there is none.
fn actor_called(record: &mut Record, name: &str) -> String {
    let folded = fold(name);
    let called = |a: &&Actor| {
        fold(&a.name) == folded || a.mentions.iter().any(|m| fold(&m.text) == folded)
    };
    if let Some(actor) = record.actors.iter().find(called) {
        return actor.id.clone();
    }
    let id = format!("a{}", record.actors.len() + 1);
    record.actors.push(Actor {
        id: id.clone(),
        name: name.to_owned(),
        kind: ActorKind::Unknown,
        country: None,
        sector: None,
        office: None,
        qid: None,
        why: "correction".into(),
        mentions: Vec::new(),
    });
    id
}
