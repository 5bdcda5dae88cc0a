//! Files of typed tables by year and month of publication, few of them open at a time.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;

use super::Entry;
use super::arrow::Table;
use super::entry::Month;
use super::sink::{Error, Output};
use super::store::{FileWriter, Written};

/// So many months are open at a time; what comes later for a month that was closed begins a
/// further file of it.
const OPEN: usize = 24;
/// Rows wait in memory until they are so many, or so large.
const ROWS: usize = 8192;
/// Bytes that rows may take while they wait.
const BYTES: usize = 1 << 20;

/// What writes the rows of a table into a file.
pub(crate) trait Encoder: Sized + Send {
    /// The ending of its files.
    const EXTENSION: &'static str;
    /// Begins a file of a table.
    fn open(table: Table, file: FileWriter) -> Result<Self, Error>;
    /// Adds rows.
    fn write(&mut self, rows: &RecordBatch) -> Result<(), Error>;
    /// Ends the file.
    fn close(self) -> Result<FileWriter, Error>;
}

/// Typed tables on their way to files.
pub(crate) struct Partitions<E> {
    months: BTreeMap<Month, Open<E>>,
    /// How many files each table has of a month that was closed.
    closed: BTreeMap<(Table, Month), usize>,
    written: Vec<Written>,
    clock: u64,
}

struct Open<E> {
    tables: BTreeMap<Table, Rows<E>>,
    last_used: u64,
}

struct Rows<E> {
    encoder: E,
    waiting: Vec<RecordBatch>,
    bytes: usize,
    waiting_rows: usize,
    rows: u64,
}

impl<E: Encoder> Partitions<E> {
    pub(crate) fn new() -> Partitions<E> {
        Partitions {
            months: BTreeMap::new(),
            closed: BTreeMap::new(),
            written: Vec::new(),
            clock: 0,
        }
    }

    pub(crate) fn write(
        &mut self,
        articles: &[Entry<'_>],
        out: &mut Output<'_>,
    ) -> Result<(), Error> {
        let mut months: BTreeMap<Month, Vec<Entry<'_>>> = BTreeMap::new();
        for article in articles {
            months.entry(article.month()).or_default().push(*article);
        }
        for (month, articles) in months {
            self.clock += 1;
            self.make_room(month)?;
            let open = self
                .months
                .entry(month)
                .or_insert_with(|| Open { tables: BTreeMap::new(), last_used: 0 });
            open.last_used = self.clock;
            for table in Table::ALL {
                let rows = table.batch(articles.iter().copied());
                if rows.num_rows() == 0 {
                    continue;
                }
                if let std::collections::btree_map::Entry::Vacant(e) =
                    open.tables.entry(table)
                {
                    let number = self.closed.get(&(table, month)).copied().unwrap_or(0);
                    let extension = E::EXTENSION;
                    let path = format!("{table}/{month}/part-{number:04}.{extension}");
                    let encoder = E::open(table, out.create(&path)?)?;
                    e.insert(Rows::new(encoder));
                }
                if let Some(open) = open.tables.get_mut(&table) {
                    open.push(rows)?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<Vec<Written>, Error> {
        while let Some((month, open)) = self.months.pop_first() {
            self.close(month, open)?;
        }
        self.written.sort();
        Ok(self.written)
    }

    /// Closes the month that was used least lately, where another one is to be opened.
    fn make_room(&mut self, month: Month) -> Result<(), Error> {
        if self.months.len() < OPEN || self.months.contains_key(&month) {
            return Ok(());
        }
        let oldest = self.months.iter().min_by_key(|(_, open)| open.last_used);
        let Some(month) = oldest.map(|(month, _)| *month) else { return Ok(()) };
        match self.months.remove(&month) {
            Some(open) => self.close(month, open),
            None => Ok(()),
        }
    }

    fn close(&mut self, month: Month, open: Open<E>) -> Result<(), Error> {
        for (table, rows) in open.tables {
            *self.closed.entry((table, month)).or_default() += 1;
            self.written.push(rows.close()?);
        }
        Ok(())
    }
}

impl<E: Encoder> Rows<E> {
    fn new(encoder: E) -> Rows<E> {
        Rows { encoder, waiting: Vec::new(), bytes: 0, waiting_rows: 0, rows: 0 }
    }

    fn push(&mut self, rows: RecordBatch) -> Result<(), Error> {
        self.bytes += rows.get_array_memory_size();
        self.waiting_rows += rows.num_rows();
        self.waiting.push(rows);
        if self.waiting_rows >= ROWS || self.bytes >= BYTES {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<(), Error> {
        if let Some(first) = self.waiting.first() {
            let rows = concat_batches(&first.schema(), &self.waiting)?;
            self.encoder.write(&rows)?;
            self.rows += rows.num_rows() as u64;
        }
        self.waiting.clear();
        (self.bytes, self.waiting_rows) = (0, 0);
        Ok(())
    }

    fn close(mut self) -> Result<Written, Error> {
        self.flush()?;
        Ok(self.encoder.close()?.finish(self.rows)?)
    }
}
