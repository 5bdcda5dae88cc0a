//! What do many articles say together? Utterances of a dispatch, counted once.

use rusqlite::{Transaction, params};
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::id::ArticleId;
use crate::rows::unlisted;
use crate::terms::tokens;

/// Ties what the articles of a dispatch say again to the earliest of them that says it.
///
/// Two statements are one when their words are; very short ones also need the same speaker.
/// Events are one when type, trigger and actors are; positions when actor, stance and object are.
/// Of a dispatch with very many copies the first ones are looked at, and the newest.
pub(crate) fn count_once(
    tx: &Transaction<'_>,
    head: ArticleId,
    new: ArticleId,
) -> Result<()> {
    let sql = "SELECT ?1 UNION SELECT ?2 UNION SELECT id FROM (SELECT id FROM article \
               WHERE dispatch = ?1 AND dispatch <> id ORDER BY id LIMIT ?3) ORDER BY 1";
    let ids = tx
        .prepare_cached(sql)?
        .query_map([head.0, new.0, MOST], |row| row.get(0).map(ArticleId))?
        .collect::<rusqlite::Result<Vec<ArticleId>>>()?;
    KINDS.iter().try_for_each(|kind| kind.count_once(tx, &ids))
}

/// So many copies of a dispatch are compared.
const MOST: i64 = 200;
/// Statements of fewer words are one only when their speakers are one too: « Non ».
const TELLING: usize = 4;

/// A table whose rows may say the same thing.
struct Kind {
    table: &'static str,
    /// The words of a row, and what else must be equal.
    words: &'static str,
    also: &'static str,
    /// Where its parts stand, under which name, and the columns that list them.
    parts: Option<(&'static str, &'static str, &'static [&'static str])>,
}

const KINDS: &[Kind] = &[
    Kind {
        table: "statement",
        words: "content",
        also: "speakers",
        parts: Some(("said", "statement", &["speakers", "about", "addressees"])),
    },
    Kind {
        table: "event",
        words: "words",
        also: "type || ' ' || ifnull(actors, '') || ' ' || ifnull(recipients, '')",
        parts: Some(("did", "event", &["actors", "recipients"])),
    },
    Kind {
        table: "position",
        words: "object",
        also: "entity || ' ' || stance || ' ' || ifnull(issue, '')",
        parts: None,
    },
];

impl Kind {
    fn count_once(&self, tx: &Transaction<'_>, articles: &[ArticleId]) -> Result<()> {
        let sql = format!(
            "SELECT id, same, {}, CAST({} AS TEXT) FROM {} WHERE id >= ? AND id < ? ORDER BY id",
            self.words, self.also, self.table
        );
        let mut ask = tx.prepare_cached(&sql)?;
        let mut first: FxHashMap<(String, Option<String>), i64> = FxHashMap::default();
        let mut moved = Vec::new();
        for article in articles {
            let mut rows = ask.query([article.item(0), article.end_of_items()])?;
            while let Some(row) = rows.next()? {
                let (id, same): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
                let key = self.key(&row.get::<_, String>(2)?, row.get(3)?);
                let earliest = *first.entry(key).or_insert(id);
                // What an article says twice it says twice: only copies are folded.
                let repeats = earliest != id && ArticleId::of_item(earliest) != *article;
                let expected = repeats.then_some(earliest);
                if same != expected {
                    moved.push((id, expected));
                }
            }
        }
        drop(ask);
        moved.into_iter().try_for_each(|(id, same)| self.tie(tx, id, same))
    }

    fn key(&self, words: &str, also: Option<String>) -> (String, Option<String>) {
        let words: Vec<String> = tokens(words).into_iter().map(|t| t.fold).collect();
        let alone = self.table == "statement" && words.len() >= TELLING;
        (words.join(" "), if alone { None } else { also })
    }

    fn tie(&self, tx: &Transaction<'_>, id: i64, same: Option<i64>) -> Result<()> {
        let sql = format!("UPDATE {} SET same = ? WHERE id = ?", self.table);
        tx.prepare_cached(&sql)?.execute(params![same, id])?;
        let Some((table, name, columns)) = self.parts else { return Ok(()) };
        for column in columns {
            let sql = format!("SELECT {column} FROM {} WHERE id = ?", self.table);
            let listed = tx.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?;
            for entity in unlisted(&listed) {
                let sql = format!(
                    "UPDATE {table} SET copy = ? \
                     WHERE entity = ? AND role BETWEEN 1 AND 3 AND {name} = ?"
                );
                tx.prepare_cached(&sql)?.execute(params![same.is_some(), entity, id])?;
            }
        }
        Ok(())
    }
}
