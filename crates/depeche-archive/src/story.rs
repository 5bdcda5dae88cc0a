//! What do many articles say together? Utterances of a dispatch, counted once; positions over
//! time, and where they change.

use std::collections::BTreeMap;

use rusqlite::Transaction;
use rustc_hash::FxHashMap;

use crate::ask::PositionHit;
use crate::error::Result;
use crate::id::ArticleId;
use crate::rows::Items;
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

/// Who stands where: the last side that each actor took on each issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// Keys of issues, those on which most actors took a side first.
    pub issues: Vec<String>,
    /// Actors with their side on each issue, in the order of `issues`; those who took most first.
    pub rows: Vec<(String, Vec<Option<Side>>)>,
}

/// Two actors, and on how many issues they stand on one side, and on two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The one.
    pub one: String,
    /// The other.
    pub other: String,
    /// Issues on which they stand on one side.
    pub together: Vec<String>,
    /// Issues on which they do not.
    pub apart: Vec<String>,
}

impl Matrix {
    /// The matrix of stories, of so many actors and issues at most. Where an actor changed, the
    /// last position counts.
    pub fn of(stories: &[Story], actors: usize, issues: usize) -> Matrix {
        let mut sides: BTreeMap<(i64, &str), (&str, Side)> = BTreeMap::new();
        for (position, _) in stories.iter().flat_map(|s| &s.held) {
            let Some(issue) = position.issue.as_deref() else { continue };
            if let Some(side) = Side::of(&position.stance) {
                sides.insert((position.entity, issue), (&position.actor, side));
            }
        }
        let mut by_issue: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, issue) in sides.keys() {
            *by_issue.entry(issue).or_default() += 1;
        }
        let issues = most(by_issue, issues);
        let mut by_actor: BTreeMap<(i64, &str), usize> = BTreeMap::new();
        for ((entity, issue), (actor, _)) in &sides {
            if issues.contains(issue) {
                *by_actor.entry((*entity, actor)).or_default() += 1;
            }
        }
        let row = |(entity, actor): (i64, &str)| {
            let side = |issue: &&str| sides.get(&(entity, issue)).map(|(_, side)| *side);
            (actor.to_owned(), issues.iter().map(side).collect())
        };
        Matrix {
            rows: most(by_actor, actors).into_iter().map(row).collect(),
            issues: issues.iter().map(|i| (*i).to_owned()).collect(),
        }
    }

    /// Every two actors who took a side on one issue: those who share most issues first.
    pub fn agreements(&self) -> Vec<Agreement> {
        let mut all = Vec::new();
        for (n, (one, ours)) in self.rows.iter().enumerate() {
            for (other, theirs) in &self.rows[n + 1..] {
                let (mut together, mut apart) = (Vec::new(), Vec::new());
                for ((issue, our), their) in self.issues.iter().zip(ours).zip(theirs) {
                    match our.zip(*their) {
                        Some((a, b)) if a == b => together.push(issue.clone()),
                        Some(_) => apart.push(issue.clone()),
                        None => {}
                    }
                }
                if together.len() + apart.len() > 0 {
                    let (one, other) = (one.clone(), other.clone());
                    all.push(Agreement { one, other, together, apart });
                }
            }
        }
        all.sort_by_key(|a| std::cmp::Reverse(a.together.len() + a.apart.len()));
        all
    }
}

/// The keys that are counted most, ties in their own order.
fn most<K: Ord + Copy>(counts: BTreeMap<K, usize>, limit: usize) -> Vec<K> {
    let mut counts: Vec<(K, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(key, count)| (std::cmp::Reverse(*count), *key));
    counts.into_iter().take(limit).map(|(key, _)| key).collect()
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
}

const KINDS: &[Kind] = &[
    Kind { table: "statement", words: "content", also: "speakers" },
    Kind {
        table: "event",
        words: "words",
        also: "type || ' ' || ifnull(actors, '') || ' ' || ifnull(recipients, '')",
    },
    Kind {
        table: "position",
        words: "object",
        also: "entity || ' ' || stance || ' ' || ifnull(issue, '')",
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
        let items = Items::of(self.table);
        moved.into_iter().try_for_each(|(id, same)| items.tie(tx, id, same))
    }

    fn key(&self, words: &str, also: Option<String>) -> (String, Option<String>) {
        let words: Vec<String> = tokens(words).into_iter().map(|t| t.fold).collect();
        let alone = self.table == "statement" && words.len() >= TELLING;
        (words.join(" "), if alone { None } else { also })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Reference;

    fn position(entity: i64, stance: &str, issue: &str) -> PositionHit {
        PositionHit {
            reference: Reference::new(&[1; 16], None),
            actor: format!("actor {entity}"),
            stance: stance.to_owned(),
            issue: Some(issue.to_owned()),
            object: String::new(),
            published: None,
            outlet: None,
            copies: 0,
            entity,
        }
    }

    #[test]
    fn a_matrix_says_who_agrees_with_whom() {
        let stories = Story::of(vec![
            position(1, "refuse", "deploy/forces"),
            position(1, "support", "tax"),
            position(2, "support", "deploy/forces"),
            position(2, "demand", "tax"),
            position(3, "open", "tax"),
            // The last one counts.
            position(1, "accept", "deploy/forces"),
        ]);
        let matrix = Matrix::of(&stories, 10, 10);
        assert_eq!(matrix.issues, ["deploy/forces", "tax"]);
        let row = |n: usize| (matrix.rows[n].0.as_str(), matrix.rows[n].1.clone());
        assert_eq!(row(0), ("actor 1", vec![Some(Side::For), Some(Side::For)]));
        assert_eq!(matrix.rows.len(), 2);
        let agreements = matrix.agreements();
        assert_eq!((agreements.len(), agreements[0].together.len()), (1, 2));
    }
}
