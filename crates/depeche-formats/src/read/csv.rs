//! CSV and TSV: a row is one article, and the header says which column is which.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::common::columns::{Columns, no_text};
use super::common::encoding::decode;
use super::common::input::{HEAD, Input};
use super::{Format, Head, Item, LONGEST, Options, Problem, Source, plain};

pub(super) const FORMAT: Format = Format {
    name: "csv",
    about: "CSV or TSV with a header: columns text, date, title, outlet, url, id, also in French",
    endings: &["csv", "tsv"],
    is,
    open,
};

/// What separates cells, the most usual first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A first line that names the text and at least one more field.
fn is(head: &Head<'_>) -> bool {
    let line = head.text.lines().next().unwrap_or_default();
    line.len() < 4096 && separator(line).is_some_and(|(_, fields)| fields >= 2)
}

/// The separator under which a header names most fields, and how many.
fn separator(header: &str) -> Option<(u8, usize)> {
    let under = |separator: u8| {
        let cells = header.trim_end().split(char::from(separator));
        let columns = Columns::of_header(cells.map(|c| c.trim().trim_matches('"')))?;
        Some((separator, columns.count()))
    };
    SEPARATORS.into_iter().filter_map(under).reduce(|a, b| if b.1 > a.1 { b } else { a })
}

fn open(mut input: Input, _: &Options) -> Result<Box<dyn Source>, Problem> {
    let origin = input.origin.clone();
    let fail = |message: String| Problem { origin: origin.clone(), message };
    input.skip_mark().map_err(|e| fail(plain(&e)))?;
    let head = input.peek(HEAD).map_err(|e| fail(plain(&e)))?;
    let line = head.split(|&b| b == b'\n').next().unwrap_or_default();
    let (header, _) = decode(line, None);
    let Some((separator, _)) = separator(&header) else {
        let cells: Vec<&str> = header.trim_end().split([',', ';', '\t']).collect();
        return Err(fail(no_text(cells)));
    };
    let left = Arc::new(AtomicU64::new(LONGEST));
    let bounded = Bounded { input, left: Arc::clone(&left) };
    let mut rows =
        ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(bounded);
    let header = match rows.byte_headers() {
        Ok(header) => header.clone(),
        Err(error) => return Err(fail(error.to_string())),
    };
    let names: Vec<String> =
        header.iter().map(|c| decode(c, None).0.into_owned()).collect();
    let Some(columns) = Columns::of_header(names.iter().map(String::as_str)) else {
        return Err(fail(no_text(names.iter().map(String::as_str))));
    };
    Ok(Box::new(Rows { origin, rows, left, columns, width: header.len(), ended: false }))
}

/// The rows of a table.
struct Rows {
    origin: String,
    rows: Reader<Bounded>,
    left: Arc<AtomicU64>,
    columns: Columns,
    width: usize,
    ended: bool,
}

impl Source for Rows {
    fn next(&mut self, options: &Options) -> Option<Item> {
        if self.ended {
            return None;
        }
        self.left.store(LONGEST, Ordering::Relaxed);
        let mut row = ByteRecord::new();
        let start = self.rows.position().line();
        match self.rows.read_byte_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => {
                self.ended = true;
                let origin = format!("{}:{start}", self.origin);
                let message = format!("{error}; nothing after this could be read");
                return Some(Item::problem(origin, message));
            }
        }
        let line = row.position().map_or(start, csv::Position::line);
        let origin = format!("{}:{line}", self.origin);
        if row.len() != self.width {
            let message = format!(
                "a row of {} cells under a header of {}; a separator or quotation mark within a \
                 cell needs quotation marks around the cell",
                row.len(),
                self.width
            );
            return Some(Item::problem(origin, message));
        }
        let cell = |n: usize| row.get(n).map(|bytes| decode(bytes, None).0.into_owned());
        Some(self.columns.article(origin, options, &cell))
    }
}

/// Bytes of one row up to a limit: a quotation mark that is never closed would make a cell of all
/// that follows.
struct Bounded {
    input: Input,
    left: Arc<AtomicU64>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            let message = format!(
                "a row longer than {} MiB: a quotation mark before it is not closed",
                LONGEST >> 20
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let read = self.input.read(buffer)?;
        self.left.store(left.saturating_sub(read as u64), Ordering::Relaxed);
        Ok(read)
    }
}
