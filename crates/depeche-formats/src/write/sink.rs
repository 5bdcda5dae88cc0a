//! What takes records and makes files of them, in any format.

use std::io;

use super::Entry;
use super::arrow::Table;
use super::store::{FileWriter, Store, Written};

/// Why an export could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be made or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Rows could not be encoded.
    #[error("rows cannot be encoded: {0}")]
    Arrow(#[from] arrow::error::ArrowError),
    /// Rows could not be encoded as Parquet.
    #[error("rows cannot be encoded: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// A row could not be written as CSV.
    #[error("a row cannot be written: {0}")]
    Csv(#[from] csv::Error),
    /// An object could not be written as JSON.
    #[error("an object cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// A format at work.
pub trait Sink: Send {
    /// Takes some articles.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    fn write(
        &mut self,
        articles: &[Entry<'_>],
        out: &mut Output<'_>,
    ) -> Result<(), Error>;

    /// Writes what is left, and tells what there is.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn finish(self: Box<Self>, out: &mut Output<'_>) -> Result<Vec<Resource>, Error>;
}

/// Where a sink writes.
pub struct Output<'a> {
    pub(crate) store: &'a mut dyn Store,
}

impl Output<'_> {
    /// Begins a file.
    pub(crate) fn create(&mut self, path: &str) -> io::Result<FileWriter> {
        FileWriter::create(self.store, path)
    }
}

impl std::fmt::Debug for Output<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Output")
    }
}

/// A file that a sink wrote, as `datapackage.json` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The file.
    pub file: Written,
    /// What it holds, for people.
    pub title: &'static str,
    /// IANA media type.
    pub media_type: &'static str,
    /// The table of which it has rows, when it has rows of one.
    pub table: Option<Table>,
    /// Names and meanings of its columns, when it has columns of its own.
    pub columns: &'static [OwnColumn],
    /// How its lines are written, when it is a table of text.
    pub dialect: Option<Dialect>,
}

/// A column of a format that has columns of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnColumn {
    /// Its name.
    pub name: &'static str,
    /// Its type in a Table Schema: `string`, `integer`, `number`, `date`.
    pub data_type: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// How lines of a table of text are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between two values.
    pub delimiter: char,
    /// Whether the first line has names.
    pub header: bool,
}

impl Resource {
    /// A file that is no table.
    pub(crate) fn plain(
        file: Written,
        title: &'static str,
        media_type: &'static str,
    ) -> Resource {
        Resource { file, title, media_type, table: None, columns: &[], dialect: None }
    }
}
