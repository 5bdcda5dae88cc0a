//! One export: records in, files and their description out.

use depeche_record::Record;
use serde::Serialize;

use super::entry::{Entry, Origin};
use super::format::Format;
use super::package;
use super::sink::{Error, Output, Sink};
use super::store::Store;

/// So many articles are written at a time, however they come: so the bytes of a file depend on
/// the articles alone.
const TOGETHER: usize = 128;

/// An export while records come.
pub struct Export {
    format: &'static Format,
    sink: Box<dyn Sink>,
    store: Box<dyn Store>,
    waiting: Vec<(Record, Option<Origin>)>,
    counts: Counts,
    runs: Vec<depeche_record::Run>,
}

/// How much was exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Articles.
    pub articles: u64,
    /// Of them, copies of an earlier one, where copies were grouped.
    pub copies: u64,
    /// Statements, copies included, as those that follow.
    pub statements: u64,
    /// Events.
    pub events: u64,
    /// Positions.
    pub positions: u64,
    /// Time expressions.
    pub times: u64,
    /// Places.
    pub places: u64,
    /// Actors, each once an article.
    pub actors: u64,
}

impl Export {
    /// Begins an export.
    pub fn new(format: &'static Format, store: Box<dyn Store>) -> Export {
        Export {
            format,
            sink: (format.open)(),
            store,
            waiting: Vec::with_capacity(TOGETHER),
            counts: Counts::default(),
            runs: Vec::new(),
        }
    }

    /// Takes an article, with what an archive knows of it.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn add(&mut self, record: Record, origin: Option<Origin>) -> Result<(), Error> {
        self.counts.add(Entry { record: &record, origin: origin.as_ref() });
        if !self.runs.contains(&record.run) {
            self.runs.push(record.run.clone());
        }
        self.waiting.push((record, origin));
        if self.waiting.len() >= TOGETHER { self.write() } else { Ok(()) }
    }

    /// Writes what is left, and the description of it all.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<Counts, Error> {
        self.write()?;
        let mut out = Output { store: self.store.as_mut() };
        let resources = self.sink.finish(&mut out)?;
        self.runs.sort_by(|a, b| {
            (&a.tool, &a.engine, &a.options).cmp(&(&b.tool, &b.engine, &b.options))
        });
        package::write(self.format, &resources, &self.runs, self.counts, &mut out)?;
        Ok(self.counts)
    }

    fn write(&mut self) -> Result<(), Error> {
        let mut entries = Vec::with_capacity(self.waiting.len());
        for (record, origin) in &self.waiting {
            entries.push(Entry { record, origin: origin.as_ref() });
        }
        self.sink.write(&entries, &mut Output { store: self.store.as_mut() })?;
        self.waiting.clear();
        Ok(())
    }
}

impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Export")
            .field("format", &self.format.name)
            .finish_non_exhaustive()
    }
}

impl Counts {
    fn add(&mut self, entry: Entry<'_>) {
        let record = entry.record;
        self.articles += 1;
        self.copies += u64::from(entry.origin.is_some_and(Origin::is_copy));
        self.statements += record.statements.len() as u64;
        self.events += record.events.len() as u64;
        self.positions += record.positions.len() as u64;
        self.times += record.times.len() as u64;
        self.places += record.places.len() as u64;
        self.actors += record.actors.len() as u64;
    }
}
