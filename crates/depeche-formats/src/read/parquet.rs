//! Parquet: a row is one article, and the schema says which column is which.

use std::fs::File;

use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::reader::ChunkReader;

use super::common::columns::{Columns, no_text};
use super::common::input::Input;
use super::{Format, Head, Item, Options, Problem, Source, plain};

pub(super) const FORMAT: Format = Format {
    name: "parquet",
    about: "Parquet: columns text, date, title, outlet, url, id, also in French",
    endings: &["parquet"],
    is: |head: &Head<'_>| head.bytes.starts_with(b"PAR1"),
    open,
};

/// So many rows are held at once.
const ROWS: usize = 64;
/// The end of a file says where its columns are, so a stream must be held: so much of one.
const LONGEST_STREAM: u64 = 256 << 20;

#[expect(
    clippy::disallowed_methods,
    reason = "this is where input comes in; no engine here"
)]
fn open(mut input: Input, _: &Options) -> Result<Box<dyn Source>, Problem> {
    let origin = input.origin.clone();
    let fail = |message: String| Problem { origin: origin.clone(), message };
    if let Some(path) = input.path.as_ref().filter(|_| !input.is_wrapped()) {
        let file = File::open(path).map_err(|e| fail(plain(&e)))?;
        return rows(file, &origin).map_err(fail);
    }
    let bytes = input.rest(LONGEST_STREAM).map_err(|e| fail(plain(&e)))?;
    if bytes.len() as u64 > LONGEST_STREAM {
        return Err(fail(format!(
            "Parquet in a stream or wrapper is held whole, and this is over {} MiB; unwrap it to a \
             file and name the file",
            LONGEST_STREAM >> 20
        )));
    }
    rows(bytes::Bytes::from(bytes), &origin).map_err(fail)
}

fn rows(
    file: impl ChunkReader + 'static,
    origin: &str,
) -> Result<Box<dyn Source>, String> {
    let broken =
        |e: parquet::errors::ParquetError| format!("no Parquet that can be read: {e}");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(broken)?;
    let schema = builder.schema().clone();
    let names = || schema.fields().iter().map(|f| f.name().as_str());
    let columns = Columns::of_header(names()).ok_or_else(|| no_text(names()))?;
    // Only what is read is decoded. A batch has the wanted columns, in the order of the file.
    let mask = ProjectionMask::roots(builder.parquet_schema(), columns.used());
    let kept: Vec<usize> = {
        let mut kept: Vec<usize> = columns.used().collect();
        kept.sort_unstable();
        kept.dedup();
        kept
    };
    let reader =
        builder.with_projection(mask).with_batch_size(ROWS).build().map_err(broken)?;
    let origin = origin.to_owned();
    Ok(Box::new(Rows { origin, reader, batch: None, at: 0, row: 0, columns, kept }))
}

/// The rows of a file, batch by batch.
struct Rows {
    origin: String,
    reader: ParquetRecordBatchReader,
    batch: Option<RecordBatch>,
    /// The next row of the batch.
    at: usize,
    /// Rows of the file so far.
    row: u64,
    columns: Columns,
    /// The columns of the file that a batch has.
    kept: Vec<usize>,
}

impl Source for Rows {
    fn next(&mut self, options: &Options) -> Option<Item> {
        while self.batch.as_ref().is_none_or(|b| self.at >= b.num_rows()) {
            match self.reader.next()? {
                Ok(batch) => self.batch = Some(batch),
                Err(error) => {
                    // What follows a broken page cannot be found.
                    self.batch = None;
                    let origin = format!("{}:{}", self.origin, self.row + 1);
                    return Some(Item::problem(
                        origin,
                        format!("rows from here on: {error}"),
                    ));
                }
            }
            self.at = 0;
        }
        let batch = self.batch.as_ref()?;
        self.row += 1;
        let origin = format!("{}:{}", self.origin, self.row);
        let row = self.at;
        self.at += 1;
        let cell = |column: usize| {
            let array = batch.column(self.kept.binary_search(&column).ok()?);
            if array.is_null(row) {
                return None;
            }
            let format = FormatOptions::default();
            let shown = ArrayFormatter::try_new(array.as_ref(), &format).ok()?;
            shown.value(row).try_to_string().ok()
        };
        Some(self.columns.article(origin, options, &cell))
    }
}
