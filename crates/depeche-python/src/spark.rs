//! What do machines that share the work do in Rust? They read batches of articles, and decide
//! as an archive does about what Spark has joined. Batches come and go as Arrow.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, Int32Builder, Int64Array, Int64Builder,
    LargeStringArray, ListBuilder, RecordBatch, StringBuilder,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;
use depeche::{Document, Meta, Record};
use depeche_archive::cluster;
use depeche_archive::{Day, Identity, Sketch};
use depeche_formats::write::Entry;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

use crate::reader::with_defaults;

type Batch = Result<RecordBatch, ArrowError>;

/// A batch for Python, or what is wrong with the one that came.
pub(crate) fn handed_over(batch: Batch) -> PyResult<PyRecordBatch> {
    batch.map(PyRecordBatch::new).map_err(|error| {
        PyValueError::new_err(format!("{error}: is it a batch of records?"))
    })
}

/// A column of texts; `None` when there is none.
fn texts(
    batch: &RecordBatch,
    name: &str,
) -> Result<Option<LargeStringArray>, ArrowError> {
    let Some(column) = batch.column_by_name(name) else { return Ok(None) };
    Ok(Some(cast(column, &DataType::LargeUtf8)?.as_string::<i64>().clone()))
}

/// A column of texts that must be there.
fn text(batch: &RecordBatch, name: &str) -> Result<LargeStringArray, ArrowError> {
    texts(batch, name)?.ok_or_else(|| missing(name))
}

/// A column of numbers that must be there.
fn numbers(batch: &RecordBatch, name: &str) -> Result<Int64Array, ArrowError> {
    let column = batch.column_by_name(name).ok_or_else(|| missing(name))?;
    Ok(cast(column, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
}

fn missing(name: &str) -> ArrowError {
    ArrowError::SchemaError(format!("no column `{name}`"))
}

fn value(column: &LargeStringArray, row: usize) -> Option<String> {
    column.is_valid(row).then(|| column.value(row).to_owned())
}

fn number(column: &Int64Array, row: usize) -> Option<i64> {
    column.is_valid(row).then(|| column.value(row))
}

/// The columns of a batch, made one after the other.
#[derive(Default)]
struct Columns(Vec<(&'static str, ArrayRef)>);

impl Columns {
    fn put(&mut self, name: &'static str, column: impl Array + 'static) {
        self.0.push((name, Arc::new(column)));
    }

    fn batch(self) -> Batch {
        // Every column may be null, in every batch: batches of one answer have one schema.
        let columns = self.0.into_iter().map(|(name, column)| (name, column, true));
        RecordBatch::try_from_iter_with_nullable(columns)
    }
}

/// Reads the articles of a batch: `text`, and as far as there are such columns `key`, `title`,
/// `published`, `outlet`, `url`, `rights`, `lang` and `order`.
///
/// A row of the answer is an article: its record as JSON and what it is found and joined by, or
/// the `problem` for which there is none.
pub(crate) fn read(
    batch: &RecordBatch,
    defaults: &Meta,
    mut one: impl FnMut(&Document) -> Result<Record, String>,
) -> Batch {
    let articles = text(batch, "text")?;
    let names = ["key", "title", "published", "outlet", "url", "rights", "lang"];
    let mut facts = Vec::new();
    for name in names {
        facts.push(texts(batch, name)?);
    }
    let order = match batch.column_by_name("order") {
        Some(_) => Some(numbers(batch, "order")?),
        None => None,
    };
    let mut out = Articles::default();
    for row in 0..batch.num_rows() {
        let fact = |n: usize| facts[n].as_ref().and_then(|column| value(column, row));
        let meta = Meta {
            key: fact(0),
            title: fact(1),
            published: fact(2),
            outlet: fact(3),
            url: fact(4),
            rights: fact(5),
            lang: fact(6),
            ..Meta::default()
        };
        let order = order.as_ref().and_then(|o| number(o, row)).unwrap_or(0);
        let key = meta.key.clone();
        let record = match articles.is_valid(row) {
            true => {
                let text = articles.value(row).to_owned();
                let document = Document::new(text, with_defaults(meta, defaults));
                document.map_err(|e| e.to_string()).and_then(|d| one(&d))
            }
            false => Err("the article has no text".to_owned()),
        };
        match record {
            Ok(record) => out.record(&record, order.unsigned_abs()),
            Err(why) => out.problem(key.as_deref(), &why),
        }
    }
    out.batch()
}

/// Rows of articles that were read.
#[derive(Default)]
struct Articles {
    texts: [StringBuilder; 13],
    days: [Int32Builder; 3],
    sketch: BinaryBuilder,
    bands: ListBuilder<Int64Builder>,
}

/// The columns of texts, in their order.
const TEXTS: [&str; 13] = [
    "place",
    "identity",
    "article_id",
    "key",
    "lang",
    "title",
    "published",
    "outlet",
    "agency",
    "url",
    "rights",
    "record",
    "problem",
];

impl Articles {
    fn record(&mut self, record: &Record, order: u64) {
        let a = &record.article;
        let identity = Identity::of(a).hex();
        let published = a.published.as_deref();
        let place = cluster::place(published, order, &identity);
        let json = serde_json::to_string(record).expect("a record is plain data");
        self.texts([
            Some(&place),
            Some(&identity),
            Some(&a.id),
            a.key.as_deref(),
            Some(&a.lang),
            a.title.as_deref(),
            published,
            a.outlet.as_deref(),
            a.agency.as_deref(),
            a.url.as_deref(),
            a.rights.as_deref(),
            Some(&json),
            None,
        ]);
        let first = published.and_then(|p| Day::bounds(p).0);
        let part = Entry::from(record).month();
        let [day, year, month] = &mut self.days;
        day.append_option(first.map(|d| d.number() as i32));
        year.append_option(part.year.map(i32::from));
        month.append_option(part.month.map(i32::from));
        let sketch = Sketch::new(&a.text);
        for band in sketch.bands() {
            self.bands.values().append_value(band);
        }
        self.bands.append(true);
        self.sketch.append_value(sketch.to_bytes());
    }

    fn problem(&mut self, key: Option<&str>, why: &str) {
        let mut texts = [None; 13];
        (texts[3], texts[12]) = (key, Some(why));
        self.texts(texts);
        self.days.iter_mut().for_each(Int32Builder::append_null);
        self.bands.append(false);
        self.sketch.append_null();
    }

    fn texts(&mut self, texts: [Option<&str>; 13]) {
        for (builder, text) in self.texts.iter_mut().zip(texts) {
            builder.append_option(text);
        }
    }

    fn batch(mut self) -> Batch {
        let mut out = Columns::default();
        for (name, builder) in TEXTS.into_iter().zip(&mut self.texts) {
            out.put(name, builder.finish());
        }
        for (name, builder) in ["day", "year", "month"].into_iter().zip(&mut self.days) {
            out.put(name, builder.finish());
        }
        out.put("sketch", self.sketch.finish());
        out.put("bands", self.bands.finish());
        out.batch()
    }
}

/// The records of a batch, each with its row; a row without one is passed over.
pub(crate) fn records(batch: &RecordBatch) -> Result<Vec<(usize, Record)>, ArrowError> {
    let jsons = text(batch, "record")?;
    let mut records = Vec::with_capacity(jsons.len());
    for row in (0..jsons.len()).filter(|row| jsons.is_valid(*row)) {
        let record = serde_json::from_str(jsons.value(row)).map_err(|error| {
            ArrowError::JsonError(format!("the record of row {row}: {error}"))
        })?;
        records.push((row, record));
    }
    Ok(records)
}

/// What each versions of a text is to the first of its dispatch, by their sketches in the
/// columns `one` and `other`; null for two that are no versions.
#[pyfunction]
pub(crate) fn relations(py: Python<'_>, batch: PyRecordBatch) -> PyResult<PyRecordBatch> {
    let batch = batch.into_inner();
    handed_over(py.detach(|| {
        let sketches = |name: &str| -> Result<_, ArrowError> {
            let column = batch.column_by_name(name).ok_or_else(|| missing(name))?;
            Ok(cast(column, &DataType::LargeBinary)?.as_binary::<i64>().clone())
        };
        let (one, other) = (sketches("one")?, sketches("other")?);
        let mut names = StringBuilder::new();
        for row in 0..batch.num_rows() {
            let one = Sketch::from_bytes(one.value(row));
            let both = one.zip(Sketch::from_bytes(other.value(row)));
            let relation = both.and_then(|(a, b)| depeche_archive::relation(&a, &b));
            names.append_option(relation.map(depeche_archive::Relation::name));
        }
        let mut out = Columns::default();
        out.put("relation", names.finish());
        out.batch()
    }))
}
