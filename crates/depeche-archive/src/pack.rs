//! How is a record kept small, and whole?
//!
//! What the archive can tell again is left out: the slices that spans carry, cut from the text;
//! ids that count; names that are a slice of a mention; what the row of the article holds; nulls.
//! Starts are written as distances from the start before, ends as lengths, in the order in
//! which the record is walked. What remains is written as columns in a frame of zstd, with a
//! dictionary made from the first articles of the archive, for one article alone is too short to
//! compress well.

use depeche_record::{Article, Block, Record, Run};
use serde_json::{Map, Value};

use crate::columns;
use crate::error::{Error, Result};

/// How hard zstd tries: at 9 an archive is a fiftieth smaller, for twice the time.
const LEVEL: i32 = 6;
/// Bytes of a dictionary, at most.
const DICTIONARY: usize = 112 << 10;

/// Lists of a record, and the letter of their ids.
const LISTS: [(&str, char); 6] = [
    ("actors", 'a'),
    ("times", 't'),
    ("places", 'p'),
    ("statements", 's'),
    ("events", 'e'),
    ("positions", 'q'),
];

/// The record without what text and row of the article say again, as columns.
pub(crate) fn strip(record: &Record) -> Vec<u8> {
    let mut value = serde_json::to_value(record).expect("a record is plain data");
    if let Some(record) = value.as_object_mut() {
        record.remove("run");
        let article = record.remove("article");
        let blocks = article.and_then(|mut a| Some(a.get_mut("blocks")?.take()));
        record.insert("blocks".into(), blocks.unwrap_or_default());
    }
    for (name, letter) in LISTS {
        for (n, item) in items(&mut value, name) {
            drop_if(item, "id", &format!("{letter}{}", n + 1));
        }
    }
    for (_, actor) in items(&mut value, "actors") {
        shorten_name(actor);
    }
    for (_, place) in items(&mut value, "places") {
        let text =
            place.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
        drop_if(place, "name", &text);
    }
    let mut last = 0;
    walk(&mut value, &mut |object, spans| {
        if let Some((start, end)) = bounds(object) {
            for (field, number) in [("start", start - last), ("end", end - start)] {
                if let Some(value) = object.get_mut(field) {
                    *value = number.into();
                }
            }
            if spans == Spans::WithText {
                object.remove("text");
            }
            last = start;
        }
        if let Some(confidence) = object.get_mut("confidence") {
            shorten(confidence);
        }
        object.retain(|_, value| !value.is_null());
    });
    columns::encode(&value)
}

/// Writes a share as the short number that it is: 0.93, which `to_value` made 0.9300000071525574.
fn shorten(share: &mut Value) {
    let short = share.as_f64().and_then(|s| {
        let hundredths = (s * 100.0).round() / 100.0;
        match hundredths as f32 == s as f32 {
            true => Some(hundredths),
            false => (s as f32).to_string().parse::<f64>().ok(),
        }
    });
    *share = short.map_or(Value::Null, Value::from);
}

/// The record that [`strip`] was given: of `article` only the blocks are missing.
pub(crate) fn fill(stripped: &[u8], mut article: Article, run: Run) -> Result<Record> {
    let fault =
        |e: serde_json::Error| Error::damaged(format!("a record cannot be read: {e}"));
    let mut value = columns::decode(stripped)?;
    let at = Offsets::new(&article.text);
    let mut last = 0;
    walk(&mut value, &mut |object, spans| {
        if let Some((distance, length)) = bounds(object) {
            let start = last + distance;
            object.insert("start".into(), start.into());
            object.insert("end".into(), (start + length).into());
            if spans == Spans::WithText {
                let slice = at.slice(start, start + length);
                object.insert("text".into(), slice.into());
            }
            last = start;
        }
    });
    for (_, place) in items(&mut value, "places") {
        let text = place.get("text").cloned().unwrap_or_default();
        place.entry("name").or_insert(text);
    }
    for (_, actor) in items(&mut value, "actors") {
        spell_name(actor);
    }
    for (name, letter) in LISTS {
        for (n, item) in items(&mut value, name) {
            item.entry("id").or_insert_with(|| format!("{letter}{}", n + 1).into());
        }
    }
    if let Some(record) = value.as_object_mut() {
        let blocks = record.remove("blocks").unwrap_or_default();
        article.blocks = serde_json::from_value::<Vec<Block>>(blocks).map_err(fault)?;
        record.insert("article".into(), serde_json::to_value(article).map_err(fault)?);
        record.insert("run".into(), serde_json::to_value(run).map_err(fault)?);
    }
    serde_json::from_value(value).map_err(fault)
}

/// The objects of a list of the record, with their place in it.
fn items<'v>(
    record: &'v mut Value,
    list: &str,
) -> impl Iterator<Item = (usize, &'v mut Map<String, Value>)> {
    let list = record.get_mut(list).and_then(Value::as_array_mut);
    let list = list.into_iter().flatten().filter_map(Value::as_object_mut);
    list.enumerate()
}

/// Takes a field away that is as expected.
fn drop_if(item: &mut Map<String, Value>, field: &str, expected: &str) {
    if item.get(field).and_then(Value::as_str) == Some(expected) {
        item.remove(field);
    }
}

/// Writes the name of an actor as a part of one of its mentions: which, from where, how long.
fn shorten_name(actor: &mut Map<String, Value>) {
    let Some(name) = actor.get("name").and_then(Value::as_str) else { return };
    let mentions = actor.get("mentions").and_then(Value::as_array);
    let texts =
        mentions.into_iter().flatten().map(|m| m.get("text").and_then(Value::as_str));
    let found = texts.enumerate().find_map(|(n, text)| {
        let before = &text?[..text?.find(name)?];
        Some([n, before.chars().count(), name.chars().count()])
    });
    if let Some(part) = found {
        actor.insert("name".into(), part.to_vec().into());
    }
}

/// Turns what [`shorten_name`] wrote into the name again.
fn spell_name(actor: &mut Map<String, Value>) {
    let part = |n: usize| actor.get("name")?.get(n)?.as_u64()?.try_into().ok();
    let (Some(mention), Some(from), Some(length)) = (part(0), part(1), part(2)) else {
        return;
    };
    let mention: usize = mention;
    let text = actor.get("mentions").and_then(|m| m.get(mention)?.get("text")?.as_str());
    let name: String = text.unwrap_or_default().chars().skip(from).take(length).collect();
    actor.insert("name".into(), name.into());
}

/// Whether the spans at a place of the record carry their slice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spans {
    WithText,
    /// Blocks say where, and no more.
    Bare,
}

/// Goes to every object below a record, each before what it holds.
fn walk(value: &mut Value, each: &mut impl FnMut(&mut Map<String, Value>, Spans)) {
    let Some(record) = value.as_object_mut() else { return };
    for (name, part) in record.iter_mut() {
        let spans = if name == "blocks" { Spans::Bare } else { Spans::WithText };
        inner(part, spans, each);
    }
}

fn inner(
    value: &mut Value,
    spans: Spans,
    each: &mut impl FnMut(&mut Map<String, Value>, Spans),
) {
    match value {
        Value::Object(object) => {
            each(object, spans);
            object.values_mut().for_each(|v| inner(v, spans, each));
        }
        Value::Array(list) => list.iter_mut().for_each(|v| inner(v, spans, each)),
        _ => {}
    }
}

fn bounds(object: &Map<String, Value>) -> Option<(i64, i64)> {
    Some((object.get("start")?.as_i64()?, object.get("end")?.as_i64()?))
}

/// Code points of a text, found without counting from its start each time.
pub(crate) struct Offsets<'t> {
    text: &'t str,
    /// The byte at which every [`Offsets::STEP`]th code point starts.
    marks: Vec<usize>,
}

impl<'t> Offsets<'t> {
    const STEP: usize = 64;

    pub(crate) fn new(text: &'t str) -> Offsets<'t> {
        let marks = text.char_indices().step_by(Self::STEP).map(|(byte, _)| byte);
        Offsets { text, marks: marks.collect() }
    }

    /// The byte of a code point; the end of the text for one beyond it.
    pub(crate) fn byte(&self, point: usize) -> usize {
        let Some(&mark) = self.marks.get(point / Self::STEP) else {
            return self.text.len();
        };
        let rest = &self.text[mark..];
        let within = rest.char_indices().nth(point % Self::STEP);
        mark + within.map_or(rest.len(), |(byte, _)| byte)
    }

    /// The text between two code points.
    pub(crate) fn slice(&self, start: i64, end: i64) -> &'t str {
        let byte = |n: i64| self.byte(usize::try_from(n).unwrap_or(0));
        self.text.get(byte(start)..byte(end)).unwrap_or("")
    }
}

/// Compresses and restores with the dictionaries of an archive.
#[derive(Debug, Default)]
pub(crate) struct Codec {
    /// By their number in the archive; 0 is none.
    pub(crate) text: (i64, Vec<u8>),
    pub(crate) record: (i64, Vec<u8>),
}

/// A frame and the number of its dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) dictionary: i64,
    pub(crate) bytes: Vec<u8>,
}

/// A compressor is costly to set up with a dictionary: each thread keeps its own.
pub(crate) struct Compressor {
    dictionary: i64,
    inner: zstd::bulk::Compressor<'static>,
}

impl Compressor {
    pub(crate) fn new(dictionary: &(i64, Vec<u8>)) -> Compressor {
        let inner = zstd::bulk::Compressor::with_dictionary(LEVEL, &dictionary.1);
        Compressor { dictionary: dictionary.0, inner: inner.expect("a level of zstd") }
    }

    pub(crate) fn frame(&mut self, bytes: &[u8]) -> Frame {
        let bytes = self.inner.compress(bytes).expect("memory can be compressed");
        Frame { dictionary: self.dictionary, bytes }
    }
}

/// Opens frames of one dictionary: to set it up costs more than to open one.
pub(crate) struct Opener {
    inner: zstd::bulk::Decompressor<'static>,
}

impl Opener {
    pub(crate) fn new(dictionary: &[u8]) -> Result<Opener> {
        let inner = zstd::bulk::Decompressor::with_dictionary(dictionary);
        Ok(Opener { inner: inner.map_err(fault)? })
    }

    /// What was in a frame that was made with the dictionary.
    pub(crate) fn open(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        let length = zstd::bulk::Decompressor::upper_bound(bytes);
        let length = length.filter(|l| *l <= LONGEST).ok_or_else(|| {
            Error::damaged("a text cannot be read: its frame does not say how long it is")
        })?;
        self.inner.decompress(bytes, length).map_err(fault)
    }
}

fn fault(error: std::io::Error) -> Error {
    Error::damaged(format!("a text cannot be read: {error}"))
}

/// What was in a frame; `dictionary` must be the one that it was made with.
pub(crate) fn open(bytes: &[u8], dictionary: &[u8]) -> Result<Vec<u8>> {
    Opener::new(dictionary)?.open(bytes)
}

/// Longer than the record of the longest document; a damaged frame may claim anything.
const LONGEST: usize = 1 << 30;

/// A dictionary for texts like these; `None` when they are too few or too much alike.
pub(crate) fn train(samples: &[Vec<u8>]) -> Option<Vec<u8>> {
    let total: usize = samples.iter().map(Vec::len).sum();
    if samples.len() < FEWEST || total < LEAST {
        return None;
    }
    zstd::dict::from_samples(samples, DICTIONARY.min(total / 10)).ok()
}

/// Of fewer bytes a dictionary would hold what they say by chance.
const LEAST: usize = 80 << 10;

/// From so many articles on a dictionary is worth making.
pub(crate) const FEWEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = r#"{
        "schema": "depeche.record/1",
        "run": {"tool": "depeche 0.1.0", "engine": "sha256:e", "options": "sha256:o"},
        "article": {
            "id": "sha256:x", "key": null, "lang": "fr", "title": "Été", "published": "2025-02",
            "outlet": null, "agency": null, "url": null, "rights": null,
            "text": "« Été » à Ém, dit Zoé.",
            "blocks": [{"kind": "lede", "start": 0, "end": 22}]
        },
        "actors": [
            {"id": "a1", "name": "Zoé", "kind": "person", "country": null, "sector": null,
             "office": null, "qid": null, "why": "name",
             "mentions": [{"start": 18, "end": 21, "text": "Zoé", "form": "name"}]},
            {"id": "a7", "name": "autre", "kind": "group", "country": "FRA", "sector": null,
             "office": null, "qid": null, "why": "description", "mentions": []}
        ],
        "times": [],
        "places": [{"id": "p1", "start": 10, "end": 12, "text": "Ém", "name": "Ém", "kind": null,
                    "country": null, "disputed": false, "geonames": null, "lat": null,
                    "lon": null, "why": "listed"}],
        "statements": [{
            "id": "s1", "kind": "direct", "content": [{"start": 2, "end": 5, "text": "Été"}],
            "cue": {"start": 14, "end": 17, "text": "dit", "lemma": "dire", "class": "say",
                    "rule": "r"},
            "speaker": {"start": 18, "end": 21, "text": "Zoé", "actor": "a1", "via": "name"},
            "speakers": ["a1"], "addressee": [], "about": [], "said_at": null, "venue": null,
            "nested_in": null, "block": 0, "confidence": 0.93, "rule": "r"
        }],
        "events": [], "positions": [], "warnings": []
    }"#;

    #[test]
    fn a_record_comes_back_whole() {
        let record: Record = serde_json::from_str(ARTICLE).expect("it is a record");
        let stripped = strip(&record);
        let shown = String::from_utf8_lossy(&stripped);
        for gone in ["null", "Zoé", "Été", "sha256", "0.930"] {
            assert!(!shown.contains(gone), "{gone} in {shown}");
        }
        let row = Article { blocks: Vec::new(), ..record.article.clone() };
        assert_eq!(
            fill(&stripped, row, record.run.clone()).expect("it is whole"),
            record
        );
    }

    #[test]
    fn a_frame_needs_its_dictionary() {
        let sample = |n: usize| {
            let word = |m: usize| format!("mot{} ", (n * 31 + m * m * 7) % 97);
            (0..60).map(word).collect::<String>().into_bytes()
        };
        let samples: Vec<Vec<u8>> = (0..400).map(sample).collect();
        let dictionary = train(&samples).expect("they are enough");
        let frame = Compressor::new(&(1, dictionary.clone())).frame(&samples[7]);
        assert_eq!(open(&frame.bytes, &dictionary).expect("it is whole"), samples[7]);
        assert!(frame.bytes.len() < samples[7].len() / 2);
        assert!(open(&frame.bytes[..3], &dictionary).is_err());
        assert!(train(&samples[..10]).is_none());
    }

    #[test]
    fn code_points_are_found_far_into_a_text() {
        let text = "é".repeat(1000) + "fin";
        let offsets = Offsets::new(&text);
        assert_eq!(offsets.slice(998, 1002), "ééfi");
        assert_eq!(offsets.slice(1003, 2000), "");
    }
}
