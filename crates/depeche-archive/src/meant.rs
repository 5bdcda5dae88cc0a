//! Who was meant by a name, when it was asked for lately? The same few names are asked for again
//! and again, and to look for a part of one goes through all of them.

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
    known: FxHashMap<String, Who>,
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

    /// Who was meant by a name, if that was found out in the present state.
    pub(crate) fn meant(&self, asked: &str) -> Result<Option<Who>> {
        let state = self.state()?;
        let mut names = self.meant.0.borrow_mut();
        if names.state != state {
            *names = Names { state, ..Names::default() };
        }
        Ok(names.known.get(asked).cloned())
    }

    /// Keeps who is meant by a name.
    pub(crate) fn remember(&self, asked: &str, found: Result<Who>) -> Result<Who> {
        let found = found?;
        let mut names = self.meant.0.borrow_mut();
        if names.known.len() >= MOST {
            names.known.clear();
        }
        if found.entities.len() <= FEW {
            names.known.insert(asked.to_owned(), found.clone());
        }
        Ok(found)
    }
}
