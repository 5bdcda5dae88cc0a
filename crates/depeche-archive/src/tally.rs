//! How much did an actor say and do in a month? Counted when articles are written, so that the
//! answer need not count.

use rusqlite::{Connection, Transaction, params};
use rustc_hash::FxHashMap;

use crate::day::Day;
use crate::error::Result;
use crate::id::ArticleId;

/// What is counted: a column of `tally`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    Said,
    About,
    Events,
    Positions,
}

/// How much of each field.
pub(crate) type Counts = [i64; 4];

/// The number of articles without a date.
pub(crate) const UNDATED: i64 = -1;

/// The month of an article, counted from 1600-01.
pub(crate) fn month_of(article: ArticleId) -> i64 {
    let day = article.day();
    if day == Day::FIRST {
        return UNDATED;
    }
    let date = day.date();
    (i64::from(date.year()) - 1600) * 12 + i64::from(date.month()) - 1
}

/// A month as people write it: `2025-02`.
pub(crate) fn name_of(month: i64) -> String {
    match month {
        UNDATED => "undated".to_owned(),
        month => format!("{:04}-{:02}", 1600 + month / 12, month % 12 + 1),
    }
}

/// What changes for the entities of one article.
#[derive(Debug, Default)]
pub(crate) struct Changes(FxHashMap<i64, Counts>);

impl Changes {
    pub(crate) fn add(&mut self, entity: i64, field: Field, n: i64) {
        self.0.entry(entity).or_default()[field as usize] += n;
    }

    /// Writes them down.
    pub(crate) fn write(self, tx: &Transaction<'_>, article: ArticleId) -> Result<()> {
        let month = month_of(article);
        let mut changes: Vec<(i64, Counts)> = self.0.into_iter().collect();
        changes.sort_unstable();
        let sql = "INSERT INTO tally (entity, month, said, about, events, positions) \
                   VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (entity, month) DO UPDATE SET \
                   said = said + excluded.said, about = about + excluded.about, \
                   events = events + excluded.events, \
                   positions = positions + excluded.positions";
        let mut put = tx.prepare_cached(sql)?;
        for (entity, [said, about, events, positions]) in changes {
            put.execute([entity, month, said, about, events, positions])?;
        }
        Ok(())
    }
}

/// Gives every entity with its months and counts, counted from the tables that tie actors to
/// items; in order.
fn count(
    db: &Connection,
    mut each: impl FnMut(i64, &[(i64, Counts)]) -> Result<()>,
) -> Result<()> {
    // Of an event in which it is both actor and recipient an entity has one part.
    let sql = "SELECT entity, role - 1, statement FROM said WHERE role < 3 AND copy = 0 \
               UNION ALL SELECT entity, 2, event FROM did d WHERE copy = 0 AND (role = 1 OR \
               NOT EXISTS (SELECT 1 FROM did o WHERE o.entity = d.entity AND o.role = 1 \
               AND o.event = d.event)) \
               UNION ALL SELECT entity, 3, position FROM held WHERE copy = 0 ORDER BY 1";
    let mut ask = db.prepare(sql)?;
    let mut rows = ask.query([])?;
    let mut months: FxHashMap<i64, Counts> = FxHashMap::default();
    let mut known: FxHashMap<i64, i64> = FxHashMap::default();
    let mut at = None;
    let mut give = |entity: i64, months: &mut FxHashMap<i64, Counts>| {
        let mut counted: Vec<(i64, Counts)> = months.drain().collect();
        counted.sort_unstable();
        each(entity, &counted)
    };
    while let Some(row) = rows.next()? {
        let (entity, item): (i64, i64) = (row.get(0)?, row.get(2)?);
        let field: u8 = row.get(1)?;
        if let Some(done) = at.replace(entity).filter(|e| *e != entity) {
            give(done, &mut months)?;
        }
        let article = ArticleId::of_item(item);
        let month =
            known.entry(article.day().number()).or_insert_with(|| month_of(article));
        months.entry(*month).or_default()[usize::from(field)] += 1;
    }
    match at {
        Some(entity) => give(entity, &mut months),
        None => Ok(()),
    }
}

/// Writes the whole table, from the tables that tie actors to items.
pub(crate) fn fill(db: &Connection) -> Result<()> {
    db.execute("DELETE FROM tally", [])?;
    let mut put = db.prepare("INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?)")?;
    count(db, |entity, months| {
        for (month, [said, about, events, positions]) in months {
            put.execute(params![entity, month, said, about, events, positions])?;
        }
        Ok(())
    })
}

/// How many entities have other counts than the tables that tie actors to items say.
pub(crate) fn faults(db: &Connection) -> Result<u64> {
    let sql = "SELECT month, said, about, events, positions FROM tally WHERE entity = ? \
               AND (said <> 0 OR about <> 0 OR events <> 0 OR positions <> 0) ORDER BY month";
    let mut ask = db.prepare(sql)?;
    let (mut wrong, mut counted) = (0, 0);
    count(db, |entity, months| {
        let there = ask
            .query_map([entity], |row| {
                Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]))
            })?
            .collect::<rusqlite::Result<Vec<(i64, Counts)>>>()?;
        wrong += u64::from(there != months);
        counted += 1;
        Ok(())
    })?;
    let sql = "SELECT count(DISTINCT entity) FROM tally \
               WHERE said <> 0 OR about <> 0 OR events <> 0 OR positions <> 0";
    let there: i64 = db.query_row(sql, [], |row| row.get(0))?;
    Ok(wrong + there.abs_diff(counted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_written_as_people_write_them() {
        for day in ["1999-12-31", "2024-02-29", "2025-01-01"] {
            let article = ArticleId::floor(Day::bounds(day).0.expect("it is a day"));
            assert_eq!(name_of(month_of(article)), day[..7]);
        }
        assert_eq!(name_of(month_of(ArticleId::floor(Day::FIRST))), "undated");
    }
}
