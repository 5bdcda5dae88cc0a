//! Is the archive whole, and what can be made anew? Everything but texts, records, decisions
//! and sessions is derived from them.

use std::path::Path;

use depeche_record::{Record, Span};
use rusqlite::{OptionalExtension, params};

use crate::archive::{Archive, get, record_of};
use crate::error::{Error, ErrorKind, Result};
use crate::id::ArticleId;
use crate::prepare::{Prepared, content_of};
use crate::rows::{self, ITEMS, Rows};
use crate::tally;
use crate::terms::{self, Analyser};
use crate::write::Writer;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Articles that can be read.
    pub articles: u64,
    /// What is wrong, in words.
    pub faults: Vec<String>,
}

/// What was saved into a new archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Articles that are in the new archive.
    pub saved: u64,
    /// Articles that could not be read.
    pub lost: u64,
}

/// What a new reading of an article changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reread {
    /// What is no longer there, and what is new: kind and words.
    pub gone: Vec<(&'static str, String)>,
    /// What was not there before.
    pub new: Vec<(&'static str, String)>,
}

/// So many faults are told one by one.
const TOLD: usize = 20;

impl Archive {
    /// Looks whether the file is whole, every text and record can be read, and what is derived
    /// from them is there.
    ///
    /// # Errors
    ///
    /// When the file cannot be read at all.
    pub fn check(&self) -> Result<Check> {
        let mut check = Check::default();
        let mut more = 0;
        let mut say = |fault: String, faults: &mut Vec<String>| {
            if faults.len() < TOLD { faults.push(fault) } else { more += 1 }
        };
        let mut ask = self.db.prepare("PRAGMA integrity_check(20)")?;
        let lines = ask.query_map([], |row| row.get::<_, String>(0))?;
        for line in lines {
            match line {
                Ok(line) if line == "ok" => {}
                Ok(line) => say(format!("the file: {line}"), &mut check.faults),
                Err(error) => say(Error::from(error).to_string(), &mut check.faults),
            }
        }
        if get(&self.db, "terms")?.as_deref() != Some(terms::VERSION) {
            let fault = "the index of words is of another version";
            say(fault.into(), &mut check.faults);
        }
        let mut after = i64::MIN;
        loop {
            let id = match self.body_after(after) {
                Ok(Some(id)) => id,
                Ok(None) => break,
                Err(error) => {
                    say(error.to_string(), &mut check.faults);
                    break;
                }
            };
            after = id.0;
            let fault = match self.record(id) {
                Ok(record) => self.missing(id, &record)?,
                Err(error) => Some(error.to_string()),
            };
            match fault {
                None => check.articles += 1,
                Some(fault) => {
                    let name = self.reference(id, None).map(|r| r.to_string());
                    let name = name.unwrap_or_else(|_| format!("article {}", id.0));
                    say(format!("{name}: {fault}"), &mut check.faults);
                }
            }
        }
        for fault in self.counts_amiss()? {
            say(fault, &mut check.faults);
        }
        if more > 0 {
            check.faults.push(format!("and {more} more"));
        }
        Ok(check)
    }

    /// What is wrong with that which is counted beforehand.
    fn counts_amiss(&self) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        for items in ITEMS {
            let (there, expected) = items.countries(&self.db)?;
            if there != expected {
                faults.push(format!(
                    "{there} parts of whole countries in {} where its actors make {expected}",
                    items.name
                ));
            }
        }
        let wrong = tally::faults(&self.db)?;
        if wrong > 0 {
            faults.push(format!("the months of {wrong} actors are counted wrongly"));
        }
        Ok(faults)
    }

    fn body_after(&self, id: i64) -> Result<Option<ArticleId>> {
        let sql = "SELECT article FROM body WHERE article > ? ORDER BY article LIMIT 1";
        let mut ask = self.db.prepare_cached(sql)?;
        Ok(ask.query_row([id], |row| row.get(0).map(ArticleId)).optional()?)
    }

    fn body_before(&self, id: i64) -> Result<Option<ArticleId>> {
        let sql =
            "SELECT article FROM body WHERE article < ? ORDER BY article DESC LIMIT 1";
        let mut ask = self.db.prepare_cached(sql)?;
        Ok(ask.query_row([id], |row| row.get(0).map(ArticleId)).optional()?)
    }

    /// What of a record the tables do not have.
    fn missing(&self, id: ArticleId, record: &Record) -> Result<Option<String>> {
        let tables = [
            ("statement", record.statements.len()),
            ("event", record.events.len()),
            ("position", record.positions.len()),
            ("place", record.places.len()),
        ];
        for (table, expected) in tables {
            let sql = format!("SELECT count(*) FROM {table} WHERE id >= ? AND id < ?");
            let bounds = [id.item(0), id.end_of_items()];
            let there: i64 =
                self.db.prepare_cached(&sql)?.query_row(bounds, |row| row.get(0))?;
            if there != expected as i64 {
                let fault =
                    format!("{there} rows of {table} where its record has {expected}");
                return Ok(Some(fault));
            }
        }
        Ok(None)
    }

    /// Makes a new archive from every text and record of this one that can be read, with its
    /// decisions.
    ///
    /// # Errors
    ///
    /// When the new file is there already, or cannot be written.
    pub fn rebuild(&self, into: &Path, mut each: impl FnMut(Rebuilt)) -> Result<Rebuilt> {
        if into.exists() {
            return Err(Error::asked(format!(
                "{} is there already; move it away first",
                into.display()
            )));
        }
        let mut writer = Writer::open(into)?;
        let packer = writer.packer();
        let mut rebuilt = Rebuilt::default();
        let mut batch: Vec<Prepared> = Vec::new();
        for id in self.readable() {
            match record_of(&self.db, id) {
                Ok(record) => batch.push(packer.prepare(record)),
                Err(error) if error.kind() == ErrorKind::Busy => return Err(error),
                Err(_) => rebuilt.lost += 1,
            }
            if batch.len() == BATCH {
                rebuilt.saved += batch.len() as u64;
                writer.commit(std::mem::take(&mut batch))?;
                each(rebuilt);
            }
        }
        rebuilt.saved += batch.len() as u64;
        writer.commit(batch)?;
        // A damaged log is lost; the articles are not.
        writer.replay(&self.decisions().unwrap_or_default())?;
        writer.finish()?;
        Ok(rebuilt)
    }

    /// Ids of bodies, from the first up to a damaged place, and from the last down to one.
    fn readable(&self) -> Vec<ArticleId> {
        let mut ids = Vec::new();
        let mut at = i64::MIN;
        let broken = loop {
            match self.body_after(at) {
                Ok(Some(id)) => {
                    at = id.0;
                    ids.push(id);
                }
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        let mut back = Vec::new();
        let mut before = i64::MAX;
        while broken && let Ok(Some(id)) = self.body_before(before) {
            if id.0 <= at {
                break;
            }
            before = id.0;
            back.push(id);
        }
        ids.extend(back.into_iter().rev());
        ids
    }
}

/// So many articles are written in one transaction.
const BATCH: usize = 512;

impl Writer {
    /// Writes the rows of some articles anew, from their records and the decisions in force.
    pub(crate) fn rewrite(&mut self, mut articles: Vec<ArticleId>) -> Result<usize> {
        articles.sort_unstable();
        articles.dedup();
        self.forget();
        for id in &articles {
            let record = self.archive().record(*id)?;
            self.with_rows(|tx, words, entities| {
                rows::remove(tx, *id)?;
                Rows::write(tx, words, entities, *id, &record)?;
                let sql = "SELECT dispatch FROM article WHERE id = ?";
                let head = tx.query_row(sql, [id.0], |row| row.get(0).map(ArticleId))?;
                crate::story::count_once(tx, head, *id)
            })?;
        }
        Ok(articles.len())
    }

    /// Puts a new reading of an article in the place of the old one; `None` when it is the same
    /// to the last byte. Corrections hold on.
    ///
    /// # Errors
    ///
    /// When the archive does not have the article, or cannot be written.
    pub fn reread(&mut self, article: &Prepared) -> Result<Option<Reread>> {
        let sql = "SELECT id FROM article WHERE identity = ?";
        let identity = article.identity.0;
        let id = self
            .archive()
            .db
            .prepare_cached(sql)?
            .query_row([identity.as_slice()], |row| row.get(0).map(ArticleId))?;
        let old = self.archive().record_as_read(id)?;
        if old == article.record {
            return Ok(None);
        }
        let record =
            crate::decision::corrected(&self.archive().db, article.record.clone())?;
        let before = crate::decision::corrected(&self.archive().db, old.clone())?;
        rows::refuse_too_many(&record)?;
        let frame = self.frame_of(article);
        self.with_rows(|tx, words, entities| {
            let run = words.run(tx, &article.record.run)?;
            tx.execute("UPDATE article SET run = ? WHERE id = ?", [run, id.0])?;
            tx.execute(
                "UPDATE body SET record_dictionary = ?, record = ? WHERE article = ?",
                params![frame.dictionary, frame.bytes, id.0],
            )?;
            index(tx, id, &old, true)?;
            index(tx, id, &article.record, false)?;
            rows::remove(tx, id)?;
            Rows::write(tx, words, entities, id, &record)?;
            let sql = "SELECT dispatch FROM article WHERE id = ?";
            let head = tx.query_row(sql, [id.0], |row| row.get(0).map(ArticleId))?;
            crate::story::count_once(tx, head, id)
        })?;
        Ok(Some(difference(&before, &record)))
    }
}

/// Takes the words of an article's statements out of the index, or puts them in.
fn index(
    tx: &rusqlite::Transaction<'_>,
    id: ArticleId,
    record: &Record,
    remove: bool,
) -> Result<()> {
    let analyser = Analyser::new(&record.article.lang);
    let terms: Vec<String> =
        record.statements.iter().map(|s| analyser.terms(&content_of(s))).collect();
    crate::write::index_statements(tx, id, &terms, remove)
}

/// What two records of one article do not share.
fn difference(before: &Record, after: &Record) -> Reread {
    let (old, new) = (items(before), items(after));
    let only = |these: &[(&'static str, String)], those: &[(&'static str, String)]| {
        these.iter().filter(|i| !those.contains(i)).cloned().collect()
    };
    Reread { gone: only(&old, &new), new: only(&new, &old) }
}

/// The items of a record, in words.
fn items(record: &Record) -> Vec<(&'static str, String)> {
    let name = |id: &String| {
        record.actors.iter().find(|a| a.id == *id).map_or("?", |a| a.name.as_str())
    };
    let names = |ids: &[String]| ids.iter().map(name).collect::<Vec<_>>().join(", ");
    let text = |spans: &[Span]| {
        spans.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" … ")
    };
    let statements = record
        .statements
        .iter()
        .map(|s| ("statement", format!("{}: {}", names(&s.speakers), text(&s.content))));
    let events = record.events.iter().map(|e| {
        let (kind, sure) = (e.kind.plover().name, crate::write::name_of(&e.factuality));
        let (who, whom) = (names(&e.actor), names(&e.recipient));
        ("event", format!("{kind} {sure} {who} → {whom}: {}", text(&e.mentions)))
    });
    let positions = record.positions.iter().map(|p| {
        let stance = crate::write::name_of(&p.stance);
        ("position", format!("{} {stance}: {}", name(&p.actor), p.object.text))
    });
    statements.chain(events).chain(positions).collect()
}
