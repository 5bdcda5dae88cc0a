//! Who is meant by a name that was asked for lately, and by a part of a name? The same few names are
//! asked for again and again; and to read and fold all names of a large archive for a part of one
//! takes longer than all else of an answer, so they are kept, folded, while nothing changes.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::ask::Who;
use crate::error::Result;

/// More names are not kept, nor one that may be so many actors: what is kept stays small.
const MOST: usize = 1000;
const FEW: usize = 64;

/// Names, and who was meant by each.
#[derive(Debug, Default)]
pub(crate) struct Meant(RefCell<Names>);

#[derive(Debug, Default)]
struct Names {
    /// None where the archive has nobody of that name.
    known: FxHashMap<String, Option<Who>>,
    /// All names, once a part of one was asked for.
    folded: Option<Folded>,
    /// The state of the archive for which they hold.
    state: (i64, u64),
}

impl Archive {
    /// What changes whenever the archive does: by others, and by this connection itself.
    fn state(&self) -> Result<(i64, u64)> {
        let mut ask = self.db.prepare_cached("PRAGMA data_version")?;
        let others: i64 = ask.query_row([], |row| row.get(0))?;
        Ok((others, self.db.total_changes()))
    }

    /// Who was meant by a name, if that was found out in the present state; None for nobody.
    pub(crate) fn meant(&self, asked: &str) -> Result<Option<Option<Who>>> {
        let state = self.state()?;
        let mut names = self.meant.0.borrow_mut();
        if names.state != state {
            *names = Names { state, ..Names::default() };
        }
        Ok(names.known.get(asked).cloned())
    }

    /// Keeps who is meant by a name.
    pub(crate) fn remember(&self, asked: &str, found: Option<&Who>) {
        let mut names = self.meant.0.borrow_mut();
        if names.known.len() >= MOST {
            names.known.clear();
        }
        if found.is_none_or(|who| who.entities.len() <= FEW) {
            names.known.insert(asked.to_owned(), found.cloned());
        }
    }

    /// Whoever was called by a name with that part in it, both folded; in the order of the names
    /// that `rows` gives when they are not kept yet, so many at most.
    pub(crate) fn with_part(
        &self,
        part: &str,
        most: usize,
        rows: impl FnOnce() -> Result<Vec<(i64, String)>>,
    ) -> Result<Vec<i64>> {
        let mut names = self.meant.0.borrow_mut();
        let folded = match &mut names.folded {
            Some(folded) => folded,
            none => none.insert(Folded::new(&rows()?)),
        };
        Ok(folded.with(part).take(most).collect())
    }
}

/// Names one behind the other, each on a line of its own.
#[derive(Debug, Default)]
struct Folded {
    text: String,
    /// Where the line of each begins.
    starts: Vec<usize>,
    /// Whose it is.
    roots: Vec<i64>,
}

impl Folded {
    fn new(rows: &[(i64, String)]) -> Folded {
        let mut folded = Folded::default();
        for (root, name) in rows {
            folded.starts.push(folded.text.len());
            folded.roots.push(*root);
            folded.text.push_str(name);
            folded.text.push('\n');
        }
        folded
    }

    /// Whose names have a part, one after the other.
    fn with(&self, part: &str) -> impl Iterator<Item = i64> {
        let mut line = 0;
        std::iter::from_fn(move || {
            let from = *self.starts.get(line)?;
            let at = from + self.text[from..].find(part)?;
            let found = self.starts.partition_point(|&start| start <= at) - 1;
            line = found + 1;
            self.roots.get(found).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Folded;

    #[test]
    fn a_part_finds_each_name_once_and_in_order() {
        let names = ["anna weber", "weber et weber", "jean", "ann"];
        let rows: Vec<(i64, String)> =
            names.iter().zip(1..).map(|(name, n)| (n, (*name).to_owned())).collect();
        let folded = Folded::new(&rows);
        let with = |part: &str| folded.with(part).collect::<Vec<i64>>();
        assert_eq!(with("weber"), [1, 2]);
        assert_eq!(with("ann"), [1, 4]);
        assert_eq!(with("a\nw"), [0; 0], "no name goes over its line");
        assert_eq!(with(""), [1, 2, 3, 4]);
        assert_eq!(with("xavier"), [0; 0]);
        assert_eq!(Folded::default().with("").count(), 0);
    }
}
