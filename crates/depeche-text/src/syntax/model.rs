//! What was learnt from the treebanks, and how does it lie in a file?
//!
//! ```text
//! magic line · length of the head (u32) · head (postcard) · tensors · word vectors · keys
//! ```
//!
//! Numbers are little-endian. Weights are 8-bit, with one scale a row (tables of embeddings)
//! or a column (matrices); biases and gains are 32-bit floats.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Deprel;
use super::features::{AFFIXES, SHAPES, hash};
use super::gemm::Packed;
use crate::{Gender, LemmaRule, Lemmas, Number, PronType, Upos, VerbForm, fold};

const MAGIC: &[u8] = b"depeche-syntax/2\n";
/// Distances between a word and its head are told apart in this many steps.
pub const DISTANCES: usize = 22;

/// The sizes of a net.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// Width of a word's representation.
    pub width: usize,
    /// How many gated convolutions over three words.
    pub convolutions: usize,
    /// How many recurrent layers, each in both directions.
    pub recurrences: usize,
    /// Width of one direction of a recurrent layer.
    pub recurrent: usize,
    /// Width of the space in which words look for their heads.
    pub arc: usize,
    /// Width of the space in which relations are told.
    pub label: usize,
    /// Rows of the table of hashed forms.
    pub word_rows: u32,
    /// Rows of the table of each hashed affix.
    pub affix_rows: u32,
    /// Width of the word vectors that the net was given.
    pub vector: usize,
}

/// Part of speech with the form of a verb or the type of a pronoun: one class of the tagger.
pub type Tag = (Upos, Option<VerbForm>, Option<PronType>);
/// Gender, number and person: one class of the second tagger.
pub type Agreement = (Option<Gender>, Option<Number>, Option<u8>);

/// The classes that a net tells apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// Parts of speech.
    pub tags: Vec<Tag>,
    /// Agreements.
    pub agreements: Vec<Agreement>,
    /// Relations.
    pub relations: Vec<Deprel>,
}

/// How a tensor's numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// 8 bits, one scale a row.
    Table,
    /// 8 bits, one scale a column.
    Matrix,
    /// 32-bit floats.
    Plain,
}

/// Name, rows, columns and storage of each tensor, in the order of the file.
pub fn layout(c: &Config, i: &Inventory) -> Vec<(String, usize, usize, Storage)> {
    use Storage::{Matrix, Plain, Table};
    let d = c.width;
    let mut l = vec![
        ("word".into(), c.word_rows as usize, d, Table),
        ("affix".into(), c.affix_rows as usize * AFFIXES, d, Table),
        ("shape".into(), SHAPES, d, Table),
        ("vector".into(), c.vector, d, Matrix),
        ("input.bias".into(), 1, d, Plain),
    ];
    let norm = |l: &mut Vec<_>, name: &str| {
        l.push((format!("{name}.gain"), 1, d, Plain));
        l.push((format!("{name}.shift"), 1, d, Plain));
    };
    norm(&mut l, "input");
    for n in 0..c.convolutions {
        norm(&mut l, &format!("conv{n}"));
        l.push((format!("conv{n}.weight"), 3 * d, 2 * d, Matrix));
        l.push((format!("conv{n}.bias"), 1, 2 * d, Plain));
    }
    for n in 0..c.recurrences {
        norm(&mut l, &format!("gru{n}"));
        l.push((format!("gru{n}.in"), d, 4 * c.recurrent, Matrix));
        l.push((format!("gru{n}.out"), 2 * c.recurrent, d, Matrix));
        l.push((format!("gru{n}.bias"), 1, d, Plain));
    }
    norm(&mut l, "output");
    l.push(("heads.weight".into(), d, heads_width(c, i), Matrix));
    l.push(("heads.bias".into(), 1, heads_width(c, i), Plain));
    l.push(("arc.weight".into(), c.arc, c.arc, Matrix));
    l.push(("arc.prior".into(), 1, c.arc, Plain));
    l.push(("arc.root".into(), 1, c.arc, Plain));
    l.push(("arc.distance".into(), DISTANCES, c.arc, Matrix));
    l.push(("label.root".into(), 1, c.label, Plain));
    l.push(("label.weight".into(), c.label, i.relations.len(), Matrix));
    l.push(("label.bias".into(), 1, i.relations.len(), Plain));
    l
}

/// Width of what is read off the last layer: tags, agreements, and dependent and head in the
/// spaces of arcs and of labels.
fn heads_width(c: &Config, i: &Inventory) -> usize {
    i.tags.len() + i.agreements.len() + 2 * c.arc + 2 * c.label
}

/// Word vectors that were reduced and frozen before training.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vectors {
    /// Width of one vector.
    pub width: usize,
    /// One row a cluster of words: signed numbers of 8 bits, as bytes.
    pub rows: Cow<'static, [u8]>,
    /// What an 8-bit step is worth.
    pub scale: f32,
    /// The words, and the row of each.
    pub keys: Keys,
}

/// From a word to its row: fingerprints of 16 bits in buckets, so that 400,000 words take
/// 1.7 MB. One unknown word in some thousands gets a stranger's vector.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keys {
    starts: Vec<u32>,
    /// Fingerprint and row of each word, little-endian, bucket by bucket.
    entries: Cow<'static, [[u8; 4]]>,
}

fn entry(bytes: [u8; 4]) -> [u16; 2] {
    let [a, b, c, d] = bytes;
    [u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])]
}

const BUCKETS: usize = 1 << 15;
const KEY_SEED: u64 = 9;

impl Keys {
    /// Takes words with their rows; of two that look alike, the first wins.
    pub fn new<'a>(words: impl Iterator<Item = (&'a str, u16)>) -> Keys {
        let mut buckets = vec![Vec::<[u16; 2]>::new(); BUCKETS];
        for (word, row) in words {
            let (bucket, mark) = Keys::place(word);
            if !buckets[bucket].iter().any(|e| e[0] == mark) {
                buckets[bucket].push([mark, row]);
            }
        }
        let mut starts = vec![0];
        let mut entries = Vec::new();
        for mut bucket in buckets {
            bucket.sort_unstable();
            entries.extend(bucket.iter().map(|&[mark, row]| {
                let ([a, b], [c, d]) = (mark.to_le_bytes(), row.to_le_bytes());
                [a, b, c, d]
            }));
            starts.push(entries.len() as u32);
        }
        Keys { starts, entries: entries.into() }
    }

    fn place(word: &str) -> (usize, u16) {
        let h = hash(word, KEY_SEED);
        ((h >> 48) as usize % BUCKETS, h as u16)
    }

    fn exact(&self, word: &str) -> Option<u16> {
        let (bucket, mark) = Keys::place(word);
        let range =
            *self.starts.get(bucket)? as usize..*self.starts.get(bucket + 1)? as usize;
        let bucket = &self.entries[range];
        let i = bucket.binary_search_by_key(&mark, |&e| entry(e)[0]).ok()?;
        Some(entry(bucket[i])[1])
    }

    /// The row of a word as written, else of the word in lower case.
    pub fn row(&self, form: &str) -> Option<u16> {
        if form.contains('’') {
            return self.row(&form.replace('’', "'"));
        }
        self.exact(form).or_else(|| self.exact(&fold(form)))
    }
}

/// What training leaves behind, by the names of [`layout`].
pub type Weights = BTreeMap<String, Vec<f32>>;

/// A trained tagger and parser, ready to be used.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) config: Config,
    pub(super) inventory: Inventory,
    pub(super) word: Table,
    pub(super) affix: Table,
    pub(super) shape: Table,
    pub(super) vector: Vec<f32>,
    pub(super) input_bias: Vec<f32>,
    pub(super) input: Norm,
    pub(super) conv: Vec<(Norm, Linear)>,
    pub(super) gru: Vec<(Norm, Linear, Linear)>,
    pub(super) output: Norm,
    pub(super) heads: Linear,
    pub(super) arc: Linear,
    pub(super) arc_prior: Vec<f32>,
    pub(super) arc_root: Vec<f32>,
    pub(super) arc_distance: Linear,
    pub(super) label_root: Vec<f32>,
    pub(super) label: Linear,
    pub(super) vectors: Vectors,
    lemmas: Lemmas,
}

/// Rows of embeddings, left in 8 bits: few of them are asked for.
#[derive(Clone, Debug)]
pub(super) struct Table {
    width: usize,
    scales: Vec<f32>,
    /// Signed numbers, as bytes, where they lie.
    rows: Cow<'static, [u8]>,
}

impl Table {
    /// Adds row `r` to `sum`.
    pub(super) fn add(&self, r: u32, sum: &mut [f32]) {
        let r = r as usize;
        let scale = self.scales[r];
        for (s, &x) in sum.iter_mut().zip(&self.rows[r * self.width..]) {
            *s += f32::from(x as i8) * scale;
        }
    }
}

/// Gain and shift of a layer norm.
#[derive(Clone, Debug)]
pub(super) struct Norm {
    pub(super) gain: Vec<f32>,
    pub(super) shift: Vec<f32>,
}

/// A matrix with what its integer results are worth, and a bias.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    pub(super) weight: Packed,
    pub(super) scales: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// Why some bytes are no model.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("not a depeche syntax model: {0}")]
pub struct ModelError(&'static str);

#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Head {
    config: Config,
    inventory: Inventory,
    vector_rows: u32,
    vector_scale: f32,
    keys: u32,
    lemmas: Vec<LemmaRule>,
}

impl Model {
    /// Reads a model file. Its tables stay where they lie.
    ///
    /// # Errors
    ///
    /// When the bytes are not what [`encode`] writes.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Model, ModelError> {
        let rest =
            bytes.strip_prefix(MAGIC).ok_or(ModelError("its first line is another"))?;
        let mut reader = Reader { rest };
        let length = reader.u32()? as usize;
        let head: Head = postcard::from_bytes(reader.take(length)?)
            .map_err(|_| ModelError("its head cannot be read"))?;
        let mut tensors = BTreeMap::new();
        for (name, rows, columns, storage) in layout(&head.config, &head.inventory) {
            tensors.insert(name, reader.tensor(rows, columns, storage)?);
        }
        let vectors = Vectors {
            width: head.config.vector,
            rows: reader.take(head.vector_rows as usize * head.config.vector)?.into(),
            scale: head.vector_scale,
            keys: reader.keys(head.keys as usize)?,
        };
        if !reader.rest.is_empty() {
            return Err(ModelError("something follows its end"));
        }
        let lemmas = Lemmas::new(head.lemmas);
        Ok(Model::assemble(head.config, head.inventory, vectors, lemmas, tensors))
    }

    fn assemble(
        config: Config,
        inventory: Inventory,
        vectors: Vectors,
        lemmas: Lemmas,
        mut tensors: BTreeMap<String, Tensor>,
    ) -> Model {
        let mut tensor = |name: &str| {
            tensors.remove(name).expect("every name comes from the layout, once")
        };
        let mut norm = |name: &str| Norm {
            gain: tensor(&format!("{name}.gain")).floats(),
            shift: tensor(&format!("{name}.shift")).floats(),
        };
        let input = norm("input");
        let output = norm("output");
        let conv_norms: Vec<Norm> =
            (0..config.convolutions).map(|n| norm(&format!("conv{n}"))).collect();
        let gru_norms: Vec<Norm> =
            (0..config.recurrences).map(|n| norm(&format!("gru{n}"))).collect();
        let mut linear = |weight: &str, bias: Option<&str>| {
            let bias = bias.map(|b| tensor(b).floats()).unwrap_or_default();
            tensor(weight).linear(bias)
        };
        let conv = conv_norms
            .into_iter()
            .enumerate()
            .map(|(n, norm)| {
                let bias = format!("conv{n}.bias");
                (norm, linear(&format!("conv{n}.weight"), Some(&bias)))
            })
            .collect();
        let gru = gru_norms
            .into_iter()
            .enumerate()
            .map(|(n, norm)| {
                let into = linear(&format!("gru{n}.in"), None);
                let bias = format!("gru{n}.bias");
                (norm, into, linear(&format!("gru{n}.out"), Some(&bias)))
            })
            .collect();
        let heads = linear("heads.weight", Some("heads.bias"));
        let arc = linear("arc.weight", None);
        let label = linear("label.weight", Some("label.bias"));
        Model {
            input,
            conv,
            gru,
            output,
            heads,
            arc,
            label,
            word: tensor("word").table(),
            affix: tensor("affix").table(),
            shape: tensor("shape").table(),
            vector: tensor("vector").floats(),
            input_bias: tensor("input.bias").floats(),
            arc_prior: tensor("arc.prior").floats(),
            arc_root: tensor("arc.root").floats(),
            arc_distance: tensor("arc.distance").transposed(),
            label_root: tensor("label.root").floats(),
            config,
            inventory,
            vectors,
            lemmas,
        }
    }

    /// The sizes of the net.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The lemmas it learnt.
    pub fn lemmas(&self) -> &Lemmas {
        &self.lemmas
    }

    /// The word vectors that it carries: a retraining may take them over.
    pub fn vectors(&self) -> &Vectors {
        &self.vectors
    }
}

/// Writes a model file: the counterpart of [`Model::from_bytes`].
///
/// # Panics
///
/// When a tensor of the [`layout`] is missing or has the wrong size: a fault of the trainer.
pub fn encode(
    config: &Config,
    inventory: &Inventory,
    weights: &Weights,
    vectors: &Vectors,
    lemmas: Vec<LemmaRule>,
) -> Vec<u8> {
    let head = Head {
        config: config.clone(),
        inventory: inventory.clone(),
        vector_rows: (vectors.rows.len() / vectors.width.max(1)) as u32,
        vector_scale: vectors.scale,
        keys: vectors.keys.entries.len() as u32,
        lemmas,
    };
    let head = postcard::to_stdvec(&head).expect("plain data can be written to memory");
    let mut out = MAGIC.to_vec();
    out.extend((head.len() as u32).to_le_bytes());
    out.extend(head);
    for (name, rows, columns, storage) in layout(config, inventory) {
        let values = weights.get(&name).map_or(&[][..], Vec::as_slice);
        assert_eq!(values.len(), rows * columns, "{name}: {rows} × {columns} wanted");
        write_tensor(&mut out, values, columns, storage);
    }
    out.extend(&*vectors.rows);
    for start in &vectors.keys.starts {
        out.extend(start.to_le_bytes());
    }
    out.extend(vectors.keys.entries.as_flattened());
    out
}

fn write_tensor(out: &mut Vec<u8>, values: &[f32], columns: usize, storage: Storage) {
    if storage == Storage::Plain {
        out.extend(values.iter().flat_map(|x| x.to_le_bytes()));
        return;
    }
    let rows = values.len() / columns;
    let largest = |line: &mut dyn Iterator<Item = f32>| {
        line.fold(0f32, |a, x| a.max(x.abs())).max(1e-9) / 127.0
    };
    let scales: Vec<f32> = if storage == Storage::Table {
        values.chunks_exact(columns).map(|r| largest(&mut r.iter().copied())).collect()
    } else {
        (0..columns)
            .map(|c| largest(&mut (0..rows).map(|r| values[r * columns + c])))
            .collect()
    };
    out.extend(scales.iter().flat_map(|s| s.to_le_bytes()));
    out.extend(values.iter().enumerate().map(|(i, x)| {
        let line = if storage == Storage::Table { i / columns } else { i % columns };
        (x / scales[line]).round().clamp(-127.0, 127.0) as i8 as u8
    }));
}

/// One tensor as it came from the file.
struct Tensor {
    columns: usize,
    storage: Storage,
    scales: Vec<f32>,
    /// Signed numbers, as bytes.
    steps: &'static [u8],
    plain: Vec<f32>,
}

impl Tensor {
    fn floats(self) -> Vec<f32> {
        if self.storage == Storage::Plain {
            return self.plain;
        }
        let c = self.columns;
        let scale = |i: usize| {
            self.scales[if self.storage == Storage::Table { i / c } else { i % c }]
        };
        let value = |(i, &x): (usize, &u8)| f32::from(x as i8) * scale(i);
        self.steps.iter().enumerate().map(value).collect()
    }

    fn table(self) -> Table {
        Table { width: self.columns, scales: self.scales, rows: self.steps.into() }
    }

    fn linear(self, bias: Vec<f32>) -> Linear {
        let (rows, columns) = (self.steps.len() / self.columns, self.columns);
        let weight = Packed::new(rows, columns, |r, c| {
            i16::from(self.steps[r * columns + c] as i8)
        });
        Linear { weight, scales: self.scales, bias }
    }

    /// For a product with the rows instead of the columns: requantised row by row.
    fn transposed(self) -> Linear {
        let columns = self.columns;
        let values = self.floats();
        let scales: Vec<f32> = values
            .chunks_exact(columns)
            .map(|r| r.iter().fold(1e-9f32, |a, x| a.max(x.abs())) / 127.0)
            .collect();
        let weight = Packed::new(columns, scales.len(), |k, n| {
            (values[n * columns + k] / scales[n]).round() as i16
        });
        Linear { weight, scales, bias: Vec::new() }
    }
}

struct Reader {
    rest: &'static [u8],
}

impl Reader {
    fn take(&mut self, n: usize) -> Result<&'static [u8], ModelError> {
        let (taken, rest) =
            self.rest.split_at_checked(n).ok_or(ModelError("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        let bytes = self.take(4)?.try_into().expect("four bytes were taken");
        Ok(u32::from_le_bytes(bytes))
    }

    fn floats(&mut self, n: usize) -> Result<Vec<f32>, ModelError> {
        let bytes = self.take(4 * n)?;
        Ok(bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect())
    }

    fn tensor(
        &mut self,
        rows: usize,
        columns: usize,
        storage: Storage,
    ) -> Result<Tensor, ModelError> {
        let mut tensor = Tensor {
            columns,
            storage,
            scales: Vec::new(),
            steps: &[],
            plain: Vec::new(),
        };
        if storage == Storage::Plain {
            tensor.plain = self.floats(rows * columns)?;
        } else {
            let lines = if storage == Storage::Table { rows } else { columns };
            tensor.scales = self.floats(lines)?;
            tensor.steps = self.take(rows * columns)?;
        }
        Ok(tensor)
    }

    fn keys(&mut self, entries: usize) -> Result<Keys, ModelError> {
        let starts = self.take(4 * (BUCKETS + 1))?.as_chunks().0;
        let starts: Vec<u32> = starts.iter().map(|&b| u32::from_le_bytes(b)).collect();
        let in_order = starts.is_sorted() && starts.last() == Some(&(entries as u32));
        if !in_order {
            return Err(ModelError("its table of words is damaged"));
        }
        let entries = self.take(4 * entries)?.as_chunks().0;
        Ok(Keys { starts, entries: entries.into() })
    }
}
