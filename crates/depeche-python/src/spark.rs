//! What do machines that share the work do in Rust? They read batches of articles, and decide
//! as an archive does about what Spark has joined. Batches come and go as Arrow.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BooleanBuilder, Int32Builder, Int64Array,
    Int64Builder, LargeStringArray, ListBuilder, RecordBatch, StringBuilder,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;
use depeche::{Document, Meta, Record};
use depeche_archive::cluster::{self, ActorKey, EventKey, EventReport};
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

/// The actors of records that count, one a row: what tells them from others, and the `blocks`
/// that two must share to be compared.
#[pyfunction]
pub(crate) fn actor_rows(
    py: Python<'_>,
    batch: PyRecordBatch,
) -> PyResult<PyRecordBatch> {
    let batch = batch.into_inner();
    handed_over(py.detach(|| {
        let place = text(&batch, "place")?;
        let [mut places, mut kinds, mut folds, mut countries, mut qids] =
            std::array::from_fn(|_| StringBuilder::new());
        let mut ns = Int32Builder::new();
        let mut identified = BooleanBuilder::new();
        let mut blocks = ListBuilder::new(StringBuilder::new());
        for (row, record) in records(&batch)? {
            for (n, key) in ActorKey::of(&record) {
                places.append_value(place.value(row));
                ns.append_value(n as i32);
                for block in key.blocks() {
                    blocks.values().append_value(block);
                }
                blocks.append(true);
                kinds.append_value(key.kind);
                folds.append_value(key.fold);
                countries.append_option(key.country);
                qids.append_option(key.qid);
                identified.append_value(key.identified);
            }
        }
        let mut out = Columns::default();
        out.put("place", places.finish());
        out.put("n", ns.finish());
        out.put("kind", kinds.finish());
        out.put("fold", folds.finish());
        out.put("country", countries.finish());
        out.put("qid", qids.finish());
        out.put("identified", identified.finish());
        out.put("blocks", blocks.finish());
        out.batch()
    }))
}

/// The events of records, one a row: what tells them from others, and the days within which
/// they may be told again.
#[pyfunction]
pub(crate) fn event_rows(
    py: Python<'_>,
    batch: PyRecordBatch,
) -> PyResult<PyRecordBatch> {
    let batch = batch.into_inner();
    handed_over(py.detach(|| {
        let (place, day) = (text(&batch, "place")?, numbers(&batch, "day")?);
        let mut rows = EventRows::default();
        for (row, record) in records(&batch)? {
            for event in EventKey::of(&record) {
                rows.put(place.value(row), number(&day, row), event);
            }
        }
        rows.batch()
    }))
}

/// Rows of events.
#[derive(Default)]
struct EventRows {
    place: StringBuilder,
    n: Int32Builder,
    kind: StringBuilder,
    words: StringBuilder,
    parts: [ListBuilder<Int32Builder>; 2],
    days: [Int64Builder; 5],
    site: StringBuilder,
    country: StringBuilder,
    negative: BooleanBuilder,
}

impl EventRows {
    fn put(&mut self, place: &str, published: Option<i64>, event: EventKey) {
        self.place.append_value(place);
        self.n.append_value(event.n as i32);
        self.kind.append_value(event.kind);
        self.words.append_value(event.words);
        for (list, actors) in
            self.parts.iter_mut().zip([&event.actors, &event.recipients])
        {
            actors.iter().for_each(|n| list.values().append_value(*n as i32));
            list.append(true);
        }
        let reach = cluster::reach(event.days, published);
        let (first, last) = (event.days.map(|d| d.0), event.days.map(|d| d.1));
        let days = [first, last, published, reach.map(|r| r.0), reach.map(|r| r.1)];
        for (builder, day) in self.days.iter_mut().zip(days) {
            builder.append_option(day);
        }
        self.site.append_option(event.site);
        self.country.append_option(event.country);
        self.negative.append_value(event.negative);
    }

    fn batch(mut self) -> Batch {
        let mut out = Columns::default();
        out.put("place", self.place.finish());
        out.put("n", self.n.finish());
        out.put("kind", self.kind.finish());
        out.put("words", self.words.finish());
        let [actors, recipients] = &mut self.parts;
        out.put("actors", actors.finish());
        out.put("recipients", recipients.finish());
        let names = ["first", "last", "published", "since", "until"];
        for (name, builder) in names.into_iter().zip(&mut self.days) {
            out.put(name, builder.finish());
        }
        out.put("site", self.site.finish());
        out.put("country", self.country.finish());
        out.put("negative", self.negative.finish());
        out.batch()
    }
}

/// Where each part of a batch begins, and where the next one does: rows of one `component`.
fn components(batch: &RecordBatch) -> Result<Vec<(usize, usize)>, ArrowError> {
    let column = text(batch, "component")?;
    let changes = |row: &usize| column.value(*row) != column.value(row - 1);
    let mut bounds: Vec<usize> = (1..column.len()).filter(changes).collect();
    bounds.push(column.len());
    let starts = std::iter::once(0).chain(bounds.iter().copied());
    Ok(starts.zip(bounds.iter().copied()).filter(|(a, b)| a < b).collect())
}

/// Which rows of actors are one: for each the row of the first that it is the same as. Rows
/// are sorted by component, and in each by where an article names them first.
#[pyfunction]
pub(crate) fn resolve_actors(
    py: Python<'_>,
    batch: PyRecordBatch,
) -> PyResult<PyRecordBatch> {
    let batch = batch.into_inner();
    handed_over(py.detach(|| {
        let [kind, fold] = [text(&batch, "kind")?, text(&batch, "fold")?];
        let [country, qid] = [text(&batch, "country")?, text(&batch, "qid")?];
        let identified = batch.column_by_name("identified");
        let identified = identified.ok_or_else(|| missing("identified"))?.as_boolean();
        let key = |row: usize| ActorKey {
            kind: kind.value(row).to_owned(),
            fold: fold.value(row).to_owned(),
            country: value(&country, row),
            qid: value(&qid, row),
            identified: identified.value(row),
        };
        let mut same = Int64Builder::new();
        for (start, end) in components(&batch)? {
            let keys: Vec<ActorKey> = (start..end).map(key).collect();
            for found in cluster::resolve(&keys) {
                same.append_value((start + found) as i64);
            }
        }
        let mut out = Columns::default();
        out.put("row", same.finish());
        out.batch()
    }))
}

/// Which rows of events tell of one: for each the row of the first of its group. Rows are
/// sorted by component, and in each the newest come first.
#[pyfunction]
pub(crate) fn group_reports(
    py: Python<'_>,
    batch: PyRecordBatch,
) -> PyResult<PyRecordBatch> {
    let batch = batch.into_inner();
    handed_over(py.detach(|| {
        let [place, kind] = [text(&batch, "place")?, text(&batch, "kind")?];
        let [site, country] = [text(&batch, "site")?, text(&batch, "country")?];
        let [first, last] = [numbers(&batch, "first")?, numbers(&batch, "last")?];
        let published = numbers(&batch, "published")?;
        let [actors, recipients] =
            [lists(&batch, "actors")?, lists(&batch, "recipients")?];
        let negative = batch.column_by_name("negative");
        let negative = negative.ok_or_else(|| missing("negative"))?.as_boolean();
        let mut leaders = Int64Builder::new();
        for (start, end) in components(&batch)? {
            let mut article = 0;
            let mut reports = Vec::with_capacity(end - start);
            for row in start..end {
                // Rows of one article stand together.
                if row > start && place.value(row) != place.value(row - 1) {
                    article += 1;
                }
                reports.push(EventReport {
                    article,
                    kind: kind.value(row).to_owned(),
                    actors: actors[row].clone(),
                    recipients: recipients[row].clone(),
                    days: number(&first, row).zip(number(&last, row)),
                    published: number(&published, row),
                    site: value(&site, row),
                    country: value(&country, row),
                    negative: negative.value(row),
                });
            }
            let groups = cluster::happenings(&reports);
            let mut leader: Vec<usize> = Vec::new();
            for (n, group) in groups.into_iter().enumerate() {
                if group == leader.len() {
                    leader.push(start + n);
                }
                leaders.append_value(leader[group] as i64);
            }
        }
        let mut out = Columns::default();
        out.put("row", leaders.finish());
        out.batch()
    }))
}

/// A column of lists of texts; no list is an empty one.
fn lists(batch: &RecordBatch, name: &str) -> Result<Vec<Vec<String>>, ArrowError> {
    let column = batch.column_by_name(name).ok_or_else(|| missing(name))?;
    let column = cast(column, &DataType::new_large_list(DataType::LargeUtf8, true))?;
    let column = column.as_list::<i64>();
    let list = |row: usize| {
        let list = column.value(row);
        let texts = list.as_string::<i64>();
        texts.iter().flatten().map(str::to_owned).collect()
    };
    let row = |row: usize| if column.is_valid(row) { list(row) } else { Vec::new() };
    Ok((0..column.len()).map(row).collect())
}
