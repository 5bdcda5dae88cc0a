//! Who is the same actor in different articles?
//!
//! As little is assumed as can be: the same Wikidata id, the same state, or the same full name
//! of the same kind, unless the countries differ. « Lavrov » alone is not joined to « Sergueï
//! Lavrov »: that is a decision, which somebody takes and can undo.

use depeche_record::{Actor, ActorKind, MentionForm};
use rusqlite::{OptionalExtension, Transaction, params};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::decision::Splits;
use crate::error::Result;
use crate::id::ArticleId;
use crate::terms::fold;
use crate::write::Words;

/// Entities that were met in this run, so that most actors cost no question.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    known: FxHashMap<Key, i64>,
    roots: FxHashMap<i64, i64>,
    countries: FxHashMap<i64, Option<i64>>,
    aliases: FxHashSet<(String, i64)>,
    splits: Option<Splits>,
}

type Key = (String, i64, Option<i64>, Option<String>, bool);

/// More entries are not kept in memory: who is still met comes back.
const MOST: usize = 200_000;

/// Whether an article says which actor it is, and not merely what sort of: it has a name, or
/// the reader knew who held the office.
pub(crate) fn is_identified(actor: &Actor) -> bool {
    let named = |form| matches!(form, MentionForm::Name | MentionForm::Metonym);
    actor.qid.is_some()
        || actor.why == "office-at-date"
        || actor.why == "correction"
        || actor.kind == ActorKind::State && actor.country.is_some()
        || actor.mentions.iter().any(|m| named(m.form))
}

impl Entities {
    pub(crate) fn forget(&mut self) {
        *self = Entities::default();
    }

    /// The entity that an actor of an article is, made if there is none.
    pub(crate) fn of(
        &mut self,
        tx: &Transaction<'_>,
        words: &mut Words,
        actor: &Actor,
    ) -> Result<i64> {
        if self.known.len() + self.aliases.len() > MOST {
            self.forget();
        }
        let identified = is_identified(actor);
        let wanted = Wanted {
            kind: words.code(tx, &actor.kind)?,
            fold: fold(&actor.name),
            country: words.maybe(tx, actor.country.as_deref())?,
            identified,
            actor,
        };
        let key = wanted.key();
        let id = match self.known.get(&key) {
            Some(id) => *id,
            None => {
                let id = match wanted.find(tx)? {
                    Some(id) => id,
                    None => wanted.make(tx)?,
                };
                self.known.insert(key, id);
                id
            }
        };
        if identified {
            self.call(tx, id, &actor.name)?;
            for mention in &actor.mentions {
                if matches!(mention.form, MentionForm::Name | MentionForm::Metonym) {
                    self.call(tx, id, &mention.text)?;
                }
            }
        }
        Ok(id)
    }

    /// The entity that an actor is in one article, where somebody decided that it is another.
    pub(crate) fn split(
        &mut self,
        tx: &Transaction<'_>,
        entity: i64,
        article: ArticleId,
    ) -> Result<i64> {
        let splits = match &mut self.splits {
            Some(splits) => splits,
            none => none.insert(crate::decision::splits(tx)?),
        };
        Ok(splits.get(&(entity, article.0)).copied().unwrap_or(entity))
    }

    /// Notes a name by which an entity was called.
    fn call(&mut self, tx: &Transaction<'_>, entity: i64, name: &str) -> Result<()> {
        let alias = (name.to_owned(), entity);
        if self.aliases.contains(&alias) {
            return Ok(());
        }
        let own: String = tx
            .prepare_cached("SELECT name FROM entity WHERE id = ?")?
            .query_row([entity], |row| row.get(0))?;
        if fold(&own) != fold(name) {
            note_alias(tx, entity, name)?;
        }
        self.aliases.insert(alias);
        Ok(())
    }

    /// The entity that stands for one after every merge.
    pub(crate) fn root(&mut self, tx: &Transaction<'_>, entity: i64) -> Result<i64> {
        if let Some(root) = self.roots.get(&entity) {
            return Ok(*root);
        }
        let mut ask = tx.prepare_cached("SELECT root FROM entity WHERE id = ?")?;
        let root = ask.query_row([entity], |row| row.get(0))?;
        self.roots.insert(entity, root);
        Ok(root)
    }

    /// The country to which an entity belongs: the word of its code.
    pub(crate) fn country(
        &mut self,
        tx: &Transaction<'_>,
        entity: i64,
    ) -> Result<Option<i64>> {
        if let Some(country) = self.countries.get(&entity) {
            return Ok(*country);
        }
        let mut ask = tx.prepare_cached("SELECT country FROM entity WHERE id = ?")?;
        let country = ask.query_row([entity], |row| row.get(0))?;
        self.countries.insert(entity, country);
        Ok(country)
    }
}

/// Writes another name of an entity, unless it is known.
pub(crate) fn note_alias(tx: &Transaction<'_>, entity: i64, name: &str) -> Result<()> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = fold(&name);
    let ask = "SELECT name FROM alias WHERE hash = ? AND entity = ?";
    let mut ask = tx.prepare_cached(ask)?;
    let known = ask.query_map([hash(&folded), entity], |row| row.get(0))?;
    for other in known {
        let other: String = other?;
        if fold(&other) == folded {
            return Ok(());
        }
    }
    let put = "INSERT INTO alias (hash, entity, name) VALUES (?, ?, ?)";
    tx.prepare_cached(put)?.execute(params![hash(&folded), entity, name])?;
    Ok(())
}

/// Of a folded name: short, so that the index of names is.
pub(crate) fn hash(fold: &str) -> i64 {
    (crate::copies::hash(fold.as_bytes()) >> 32) as i64
}

/// An actor for whom an entity is looked for.
struct Wanted<'a> {
    kind: i64,
    fold: String,
    country: Option<i64>,
    identified: bool,
    actor: &'a Actor,
}

impl Wanted<'_> {
    fn key(&self) -> Key {
        (
            self.fold.clone(),
            self.kind,
            self.country,
            self.actor.qid.clone(),
            self.identified,
        )
    }

    fn find(&self, tx: &Transaction<'_>) -> Result<Option<i64>> {
        if self.actor.kind == ActorKind::State && self.country.is_some() {
            let sql =
                "SELECT id FROM entity WHERE country = ? AND kind = ? AND identified";
            let mut ask = tx.prepare_cached(sql)?;
            let found = ask.query_row(params![self.country, self.kind], |row| row.get(0));
            return Ok(found.optional()?);
        }
        if let Some(qid) = &self.actor.qid {
            let mut ask = tx.prepare_cached("SELECT id FROM entity WHERE qid = ?")?;
            if let Some(id) = ask.query_row([qid], |row| row.get(0)).optional()? {
                return Ok(Some(id));
            }
        }
        self.find_by_name(tx)
    }

    fn find_by_name(&self, tx: &Transaction<'_>) -> Result<Option<i64>> {
        let sql = "SELECT id, country, qid, name FROM entity \
                   WHERE hash = ? AND kind = ? AND identified = ? ORDER BY id";
        let mut ask = tx.prepare_cached(sql)?;
        let hash = hash(&self.fold);
        type Row = (i64, Option<i64>, Option<String>, String);
        let mut rows = ask
            .query_map(params![hash, self.kind, self.identified], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<rusqlite::Result<Vec<Row>>>()?;
        rows.retain(|(.., name)| fold(name) == self.fold);
        if !self.identified {
            let same = rows.iter().find(|r| r.1 == self.country);
            return Ok(same.map(|r| r.0));
        }
        // Two names say who it is; one alone may be anybody's.
        let full = self.actor.kind != ActorKind::Person || self.fold.contains(' ');
        let fits = |country: Option<i64>| match (country, self.country) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        let mut fitting =
            rows.iter().filter(|r| fits(r.1) && (full || r.2 == self.actor.qid));
        let Some(first) =
            fitting.clone().find(|r| r.2.is_some()).or_else(|| fitting.next())
        else {
            return Ok(None);
        };
        match (&first.2, &self.actor.qid) {
            // Two persons of one name, both known: they are two.
            (Some(known), Some(qid)) if known != qid => Ok(None),
            (None, Some(qid)) => {
                let sql = "UPDATE entity SET qid = ? WHERE id = ?";
                tx.prepare_cached(sql)?.execute(params![qid, first.0])?;
                Ok(Some(first.0))
            }
            _ => Ok(Some(first.0)),
        }
    }

    fn make(&self, tx: &Transaction<'_>) -> Result<i64> {
        let sql = "INSERT INTO entity (kind, hash, name, country, qid, identified, root) \
                   VALUES (?, ?, ?, ?, ?, ?, 0)";
        tx.prepare_cached(sql)?.execute(params![
            self.kind,
            hash(&self.fold),
            self.actor.name,
            self.country,
            self.actor.qid,
            self.identified,
        ])?;
        let id = tx.last_insert_rowid();
        tx.prepare_cached("UPDATE entity SET root = id WHERE id = ?")?.execute([id])?;
        Ok(id)
    }
}
