//! What does a reader of single records need to know, to count each utterance once?

use rusqlite::OptionalExtension;

use crate::archive::Archive;
use crate::error::Result;
use crate::id::{ArticleId, Reference};

/// What the archive knows of an article as one of a dispatch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// What opens the earliest article of the dispatch: the article itself, when it is no copy.
    pub head: Reference,
    /// What the article is to that one; null for that one.
    pub relation: Option<String>,
    /// Ids of its statements, events and positions that an earlier article of the dispatch has.
    pub repeated: Vec<String>,
}

impl Archive {
    /// The dispatch that an article belongs to.
    ///
    /// # Errors
    ///
    /// When there is no such article, or the file cannot be read.
    pub fn place_in_dispatch(&self, article: &Reference) -> Result<Dispatch> {
        let id = self.id_of(article)?;
        let sql = "SELECT a.dispatch, w.text FROM article a \
                   LEFT JOIN word w ON w.id = a.relation WHERE a.id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let found = ask.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)));
        let (head, relation) = found.optional()?.unwrap_or((id.0, None));
        let mut repeated = Vec::new();
        if head != id.0 {
            for (table, letter) in [("statement", 's'), ("event", 'e'), ("position", 'q')]
            {
                let sql = format!(
                    "SELECT id FROM {table} WHERE id >= ? AND id < ? AND same IS NOT NULL"
                );
                let mut ask = self.db.prepare_cached(&sql)?;
                let ids =
                    ask.query_map([id.item(0), id.end_of_items()], |row| row.get(0))?;
                for item in ids {
                    let item: i64 = item?;
                    repeated.push(format!("{letter}{}", item - id.item(0)));
                }
            }
        }
        Ok(Dispatch { head: self.reference(ArticleId(head), None)?, relation, repeated })
    }
}
