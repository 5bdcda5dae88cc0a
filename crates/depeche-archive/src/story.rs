//! What do many articles say together? Utterances of a dispatch, counted once; positions over
//! time, and where they change.

use rusqlite::{Transaction, params};
use rustc_hash::FxHashMap;

use crate::ask::PositionHit;
use crate::error::Result;
use crate::id::ArticleId;
use crate::rows::unlisted;
use crate::terms::tokens;

/// What one actor held on one issue, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// Each position, and whether it stands on the other side than the one before it.
    pub held: Vec<(PositionHit, bool)>,
}

/// On which side of an issue a stance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// For it.
    For,
    /// Against it.
    Against,
}

impl Side {
    /// The side of a stance; `None` for one that takes none: « only if », « not excluded ».
    pub fn of(stance: &str) -> Option<Side> {
        match stance {
            "support" | "demand" | "offer" | "accept" => Some(Side::For),
            "oppose" | "refuse" | "deny" => Some(Side::Against),
            _ => None,
        }
    }
}

impl Story {
    /// Positions by actor and issue, in the order in which actors first occur. One on an issue
    /// without a key stands alone: there is nothing to compare it with.
    pub fn of(positions: Vec<PositionHit>) -> Vec<Story> {
        let mut stories: Vec<Story> = Vec::new();
        let mut known: FxHashMap<(i64, String), usize> = FxHashMap::default();
        for position in positions {
            let at = position.issue.clone().map(|issue| {
                *known.entry((position.entity, issue)).or_insert(stories.len())
            });
            match at.and_then(|at| stories.get_mut(at)) {
                Some(story) => story.push(position),
                None => stories.push(Story { held: vec![(position, false)] }),
            }
        }
        stories.sort_by_cached_key(|s| {
            s.held.first().map(|(p, _)| (p.actor.clone(), p.entity, p.issue.clone()))
        });
        stories
    }

    fn push(&mut self, position: PositionHit) {
        let sides = self.held.iter().rev().filter_map(|(p, _)| Side::of(&p.stance));
        let before = sides.clone().next();
        let changed = Side::of(&position.stance).zip(before).is_some_and(|(a, b)| a != b);
        self.held.push((position, changed));
    }

    /// Where it changes: the last position on the one side, and the first on the other.
    pub fn changes(&self) -> impl Iterator<Item = Change<'_>> {
        self.held.iter().enumerate().filter(|(_, (_, changed))| *changed).filter_map(
            |(n, _)| {
                let sided = |p: &&(PositionHit, bool)| Side::of(&p.0.stance).is_some();
                let before = self.held[..n].iter().rev().find(sided)?;
                Some(Change { before: &before.0, after: &self.held[n].0 })
            },
        )
    }
}

/// An actor who changed sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change<'s> {
    /// What was held until then.
    pub before: &'s PositionHit,
    /// What is held from then on.
    pub after: &'s PositionHit,
}

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
