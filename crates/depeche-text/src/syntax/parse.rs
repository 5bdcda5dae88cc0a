//! Which word depends on which? The net at work.
//!
//! The recipe of the feasibility study: hashed forms and affixes plus frozen word vectors,
//! gated convolutions (Dauphin et al. 2017), minimal gated units in both directions (Zhou et
//! al. 2016), biaffine arcs (Dozat and Manning 2017) with a single-root maximum spanning
//! tree, and labels from the sum of dependent and head.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::features::Features;
use super::gemm::{Packed, multiply, set_len};
use super::model::{DISTANCES, Linear, Model, Norm};
use super::tree;
use super::{Deprel, Syntax};
use crate::{Morph, Upos};

/// Activations are counted in steps of 1/2048, up to ±16.
const STEP: f32 = 2048.0;
/// Positions in arc space are multiplied with each other: steps of 1/256, up to ±16, so that
/// a sum of 128 products stays within 32 bits.
const ARC_STEP: f32 = 256.0;
const ARC_LIMIT: f32 = 4095.0;
/// Words that are worked on together: what they need stays in the processor's cache.
const BATCH: usize = 384;
/// Forms whose first layer is remembered. A page has a few hundred, a run soon all of these.
const CACHE: usize = 20_000;

/// A tagger and parser at work: a model, and memory that it reuses from text to text.
///
/// What it remembers makes it faster and changes no result.
#[derive(Debug)]
pub struct Parser<'m> {
    model: &'m Model,
    arch: pulp::Arch,
    cache: FxHashMap<Box<str>, u32>,
    inputs: Vec<f32>,
    room: Room,
}

/// The working memory of one batch.
#[derive(Debug, Default)]
struct Room {
    /// One row a word, with an empty row before, between and after sentences.
    x: Vec<f32>,
    /// Normed and in steps.
    y: Vec<i16>,
    product: Vec<i32>,
    z: Vec<f32>,
    steps: Vec<i16>,
    scores: Vec<f32>,
    heads: Vec<Option<usize>>,
    packed: Packed,
    /// Of each row, whether it is a word.
    words: Vec<bool>,
}

impl<'m> Parser<'m> {
    /// A parser with this model.
    pub fn new(model: &'m Model) -> Parser<'m> {
        Parser {
            model,
            arch: pulp::Arch::new(),
            cache: FxHashMap::default(),
            inputs: Vec::new(),
            room: Room::default(),
        }
    }

    /// Tags and parses sentences, given as ranges over `forms` that cover them in order.
    pub fn parse(&mut self, forms: &[&str], sentences: &[Range<usize>]) -> Syntax {
        let mut syntax = Syntax::flat(forms.len());
        let mut batch = Vec::new();
        let mut words = 0;
        for sentence in sentences {
            // Nothing to find out about a row of marks, however long.
            let has_word = forms[sentence.clone()].iter().any(|f| is_wordlike(f));
            if !has_word {
                syntax.lay_flat(sentence.clone());
                continue;
            }
            words += sentence.len();
            batch.push(sentence.clone());
            if words >= BATCH {
                self.batch(forms, &batch, &mut syntax);
                batch.clear();
                words = 0;
            }
        }
        if !batch.is_empty() {
            self.batch(forms, &batch, &mut syntax);
        }
        syntax
    }

    fn batch(&mut self, forms: &[&str], sentences: &[Range<usize>], syntax: &mut Syntax) {
        if self.cache.len() > CACHE {
            self.cache.clear();
            self.inputs.clear();
        }
        let d = self.model.config.width;
        let rows = sentences.iter().map(|s| s.len() + 1).sum::<usize>() + 1;
        self.room.words.clear();
        self.room.words.resize(rows, false);
        self.room.x.clear();
        self.room.x.resize(rows * d, 0.0);
        let mut row = 1;
        for sentence in sentences {
            for form in &forms[sentence.clone()] {
                let input = self.input(form);
                self.room.x[row * d..][..d].copy_from_slice(&self.inputs[input..][..d]);
                self.room.words[row] = true;
                row += 1;
            }
            row += 1;
        }
        let Parser { model, arch, room, .. } = self;
        let pass = Pass { model, arch: *arch, room, rows };
        arch.dispatch(Work { pass, sentences, syntax });
    }

    /// Where the first layer of a form lies in `inputs`.
    fn input(&mut self, form: &str) -> usize {
        if let Some(&at) = self.cache.get(form) {
            return at as usize;
        }
        let model = self.model;
        let mut sum = model.input_bias.clone();
        let features = Features::of(form, &model.config);
        for row in features.word {
            model.word.add(row, &mut sum);
        }
        for row in features.affix {
            model.affix.add(row, &mut sum);
        }
        model.shape.add(features.shape, &mut sum);
        if let Some(row) = model.vectors.keys.row(form) {
            let width = model.vectors.width;
            let vector = &model.vectors.rows[row as usize * width..][..width];
            for (&x, weights) in vector.iter().zip(model.vector.chunks_exact(sum.len())) {
                let x = f32::from(x as i8) * model.vectors.scale;
                for (s, w) in sum.iter_mut().zip(weights) {
                    *s += x * w;
                }
            }
        }
        let at = self.inputs.len();
        self.inputs.resize(at + sum.len(), 0.0);
        norm(&sum, &model.input, &mut self.inputs[at..]);
        self.cache.insert(form.into(), at as u32);
        at
    }
}

fn is_wordlike(form: &str) -> bool {
    form.chars().any(char::is_alphanumeric)
}

/// A pass with what it reads and writes. It is a type of its own, for a closure would not be
/// inlined into the function that may use wide instructions.
struct Work<'a, 'r> {
    pass: Pass<'a>,
    sentences: &'r [Range<usize>],
    syntax: &'r mut Syntax,
}

impl pulp::NullaryFnOnce for Work<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(mut self) {
        self.pass.run(self.sentences, self.syntax);
    }
}

/// One pass over one batch.
struct Pass<'a> {
    model: &'a Model,
    arch: pulp::Arch,
    room: &'a mut Room,
    rows: usize,
}

impl Pass<'_> {
    #[inline(always)]
    fn run(&mut self, sentences: &[Range<usize>], syntax: &mut Syntax) {
        for (norm, linear) in &self.model.conv {
            self.convolve(norm, linear);
        }
        for (norm, into, out) in &self.model.gru {
            self.recur(sentences, norm, into, out);
        }
        self.norm_all(&self.model.output);
        self.linear(&self.model.heads, 0, self.model.config.width);
        let mut row = 1;
        for sentence in sentences {
            self.tags(sentence, row, syntax);
            self.arcs(sentence.len(), row);
            self.labels(sentence, row, syntax);
            row += sentence.len() + 1;
        }
    }

    /// A gated linear unit over each word and its neighbours, added to the word.
    #[inline(always)]
    fn convolve(&mut self, norm: &Norm, linear: &Linear) {
        self.norm_all(norm);
        let d = self.model.config.width;
        // Row r of the product looks at rows r, r+1, r+2: it belongs to row r+1.
        let window = self.rows - 2;
        let Room { y, product, x, words, .. } = &mut *self.room;
        multiply(self.arch, y, d, window, &linear.weight, product);
        let width = linear.weight.width();
        for r in 0..window {
            if !words[r + 1] {
                continue;
            }
            let (value, gate) = product[r * width..][..2 * d].split_at(d);
            let (value_scale, gate_scale) = linear.scales.split_at(d);
            let (value_bias, gate_bias) = linear.bias.split_at(d);
            let x = &mut x[(r + 1) * d..][..d];
            for j in 0..d {
                let v = value[j] as f32 * (value_scale[j] / STEP) + value_bias[j];
                let g = gate[j] as f32 * (gate_scale[j] / STEP) + gate_bias[j];
                x[j] += v * sigmoid(g);
            }
        }
    }

    /// A minimal gated unit to the right and one to the left, joined and added.
    #[inline(always)]
    fn recur(
        &mut self,
        sentences: &[Range<usize>],
        norm: &Norm,
        into: &Linear,
        out: &Linear,
    ) {
        self.norm_all(norm);
        let d = self.model.config.width;
        let g = self.model.config.recurrent;
        self.linear(into, 0, d);
        let Room { z, steps, .. } = &mut *self.room;
        steps.clear();
        steps.resize(self.rows * 2 * g, 0);
        let mut state = vec![0f32; g];
        let mut row = 1;
        for sentence in sentences {
            let n = sentence.len();
            for backward in [false, true] {
                let side = usize::from(backward);
                state.fill(0.0);
                for t in 0..n {
                    let r = row + if backward { n - 1 - t } else { t };
                    let (gate, new) = z[r * 4 * g + side * 2 * g..][..2 * g].split_at(g);
                    let kept = &mut steps[r * 2 * g + side * g..][..g];
                    for j in 0..g {
                        state[j] += sigmoid(gate[j]) * (new[j] - state[j]);
                        kept[j] = in_steps(state[j], STEP, 32767.0);
                    }
                }
            }
            row += n + 1;
        }
        let Room { steps, product, x, words, .. } = &mut *self.room;
        multiply(self.arch, steps, 2 * g, self.rows, &out.weight, product);
        let width = out.weight.width();
        for r in 0..self.rows {
            if !words[r] {
                continue;
            }
            let product = &product[r * width..][..d];
            let x = &mut x[r * d..][..d];
            for j in 0..d {
                let v = product[j] as f32 * (out.scales[j] / STEP) + out.bias[j];
                x[j] += leaky(v);
            }
        }
    }

    /// Norms every word into steps; the rows between sentences stay empty.
    #[inline(always)]
    fn norm_all(&mut self, gains: &Norm) {
        let d = self.model.config.width;
        let Room { x, y, words, z, .. } = &mut *self.room;
        y.clear();
        y.resize(self.rows * d, 0);
        z.clear();
        z.resize(d, 0.0);
        for r in 0..self.rows {
            if words[r] {
                norm(&x[r * d..][..d], gains, z);
                for (y, &z) in y[r * d..][..d].iter_mut().zip(&*z) {
                    *y = in_steps(z, STEP, 32767.0);
                }
            }
        }
    }

    /// `z = y · weight + bias`, of every row.
    #[inline(always)]
    fn linear(&mut self, linear: &Linear, from: usize, stride: usize) {
        let Room { y, product, z, .. } = &mut *self.room;
        multiply(self.arch, &y[from..], stride, self.rows, &linear.weight, product);
        let columns = linear.scales.len();
        set_len(z, self.rows * columns);
        let width = linear.weight.width();
        for (z, product) in z.chunks_exact_mut(columns).zip(product.chunks_exact(width)) {
            let scaled = product.iter().zip(&linear.scales);
            for (z, (&sum, scale)) in z.iter_mut().zip(scaled) {
                *z = sum as f32 * (scale / STEP);
            }
            for (z, bias) in z.iter_mut().zip(&linear.bias) {
                *z += bias;
            }
        }
    }

    /// What was read off row `row`, from column `from` on.
    #[inline(always)]
    fn head(&self, row: usize, from: usize, n: usize) -> &[f32] {
        let columns = self.model.heads.scales.len();
        &self.room.z[row * columns + from..][..n]
    }

    #[inline(always)]
    fn tags(&self, sentence: &Range<usize>, row: usize, syntax: &mut Syntax) {
        let inventory = &self.model.inventory;
        let (tags, agreements) = (inventory.tags.len(), inventory.agreements.len());
        for (n, token) in sentence.clone().enumerate() {
            let tag = best(self.head(row + n, 0, tags));
            let agreement = best(self.head(row + n, tags, agreements));
            let (upos, verb, pron) = inventory.tags[tag];
            let (gender, number, person) = inventory.agreements[agreement];
            syntax.morph[token] = Morph { upos, verb, pron, gender, number, person };
        }
    }

    /// Finds the tree over the `n` words from `row` on.
    #[inline(always)]
    fn arcs(&mut self, n: usize, row: usize) {
        let model = self.model;
        let a = model.config.arc;
        let first = model.inventory.tags.len() + model.inventory.agreements.len();
        let columns = model.heads.scales.len();
        let Room { z, steps, product, scores, packed, heads, .. } = &mut *self.room;
        // Dependents, turned by the arc matrix.
        steps.clear();
        for r in row..row + n {
            let dependent = &z[r * columns + first..][..a];
            steps.extend(dependent.iter().map(|&v| in_steps(leaky(v), STEP, 32767.0)));
        }
        multiply(self.arch, steps, a, n, &model.arc.weight, product);
        let width = model.arc.weight.width();
        steps.clear();
        let mut at_root = vec![0f32; n];
        let mut unit = vec![0f32; a];
        for (at_root, product) in at_root.iter_mut().zip(product.chunks_exact(width)) {
            for (v, (&sum, scale)) in
                unit.iter_mut().zip(product.iter().zip(&model.arc.scales))
            {
                *v = sum as f32 * (scale / STEP);
            }
            *at_root = dot(&unit, &model.arc_root);
            steps.extend(unit.iter().map(|&v| in_steps(v, ARC_STEP, ARC_LIMIT)));
        }
        // How much each dependent likes each distance.
        multiply(self.arch, steps, a, n, &model.arc_distance.weight, product);
        let distance_width = model.arc_distance.weight.width();
        let mut distances = vec![0f32; n * DISTANCES];
        for i in 0..n {
            for b in 0..DISTANCES {
                let v = product[i * distance_width + b] as f32;
                distances[i * DISTANCES + b] =
                    v * (model.arc_distance.scales[b] / ARC_STEP);
            }
        }
        // Heads, and what each is worth by itself.
        let mut prior = vec![0f32; n];
        let mut head_steps = vec![0i16; n * a];
        let heads_of = prior.iter_mut().zip(head_steps.chunks_exact_mut(a)).enumerate();
        for (j, (prior, steps)) in heads_of {
            let head = &z[(row + j) * columns + first + a..][..a];
            for (v, &head) in unit.iter_mut().zip(head) {
                *v = leaky(head);
            }
            *prior = dot(&unit, &model.arc_prior);
            for (step, &v) in steps.iter_mut().zip(&unit) {
                *step = in_steps(v, ARC_STEP, ARC_LIMIT);
            }
        }
        packed.fill(a, n, |k, j| head_steps[j * a + k]);
        multiply(self.arch, steps, a, n, packed, product);
        let width = packed.width();
        // Column n is the root.
        set_len(scores, n * (n + 1));
        for i in 0..n {
            let scores = &mut scores[i * (n + 1)..][..=n];
            for j in 0..n {
                let product =
                    product[i * width + j] as f32 * (1.0 / (ARC_STEP * ARC_STEP));
                scores[j] =
                    product + prior[j] + distances[i * DISTANCES + distance(i, j)];
            }
            scores[i] = f32::NEG_INFINITY;
            scores[n] = at_root[i];
        }
        *heads = tree::best_tree(scores, n);
    }

    #[inline(always)]
    fn labels(&mut self, sentence: &Range<usize>, row: usize, syntax: &mut Syntax) {
        let model = self.model;
        let c = &model.config;
        let from =
            model.inventory.tags.len() + model.inventory.agreements.len() + 2 * c.arc;
        let columns = model.heads.scales.len();
        let Room { z, steps, product, heads, .. } = &mut *self.room;
        steps.clear();
        for (i, head) in heads.iter().enumerate() {
            let dependent = &z[(row + i) * columns + from..][..c.label];
            let head = match head {
                Some(j) => &z[(row + j) * columns + from + c.label..][..c.label],
                None => &model.label_root,
            };
            let sum = dependent.iter().zip(head).map(|(a, b)| leaky(a + b));
            steps.extend(sum.map(|v| in_steps(v, STEP, 32767.0)));
        }
        let n = heads.len();
        multiply(self.arch, steps, c.label, n, &model.label.weight, product);
        let width = model.label.weight.width();
        let relations = &model.inventory.relations;
        let mut scores = vec![0f32; relations.len()];
        for (i, token) in sentence.clone().enumerate() {
            for (k, score) in scores.iter_mut().enumerate() {
                let value =
                    product[i * width + k] as f32 * (model.label.scales[k] / STEP);
                // Only a word without a head is a root, and it is nothing else.
                let root = relations[k] == Deprel::Root;
                let fits = root == heads[i].is_none();
                *score = if fits { value + model.label.bias[k] } else { f32::MIN };
            }
            syntax.deprel[token] = relations[best(&scores)];
            syntax.head[token] = heads[i].map(|j| (sentence.start + j) as u32);
        }
    }
}

/// The step of distance from a dependent to its head: left or right, and how far.
pub fn distance(dependent: usize, head: usize) -> usize {
    let far = match dependent.abs_diff(head) {
        0 | 1 => 0,
        2 => 1,
        3 => 2,
        4 => 3,
        5 => 4,
        6..=7 => 5,
        8..=10 => 6,
        11..=15 => 7,
        16..=24 => 8,
        25..=40 => 9,
        _ => 10,
    };
    if head < dependent { far } else { far + DISTANCES / 2 }
}

#[inline(always)]
fn best(scores: &[f32]) -> usize {
    let mut best = 0;
    for (i, &score) in scores.iter().enumerate() {
        if score > scores[best] {
            best = i;
        }
    }
    best
}

/// Half of 2²⁴: a float so large has no fraction, so that adding it rounds (ties to even), and
/// the last bits of the sum are the whole number. A cast would also ask for what is out of
/// range, number by number, where eight fit into one instruction.
const ROUNDS: f32 = 12_582_912.0;

/// The whole number nearest to `x`, which is no larger than some millions.
#[inline(always)]
fn nearest(x: f32) -> i32 {
    (x + ROUNDS).to_bits().wrapping_sub(ROUNDS.to_bits()) as i32
}

#[inline(always)]
fn in_steps(x: f32, step: f32, limit: f32) -> i16 {
    nearest((x * step).clamp(-limit, limit)) as i16
}

#[inline(always)]
fn leaky(x: f32) -> f32 {
    if x < 0.0 { 0.05 * x } else { x }
}

#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `e` to the `x`, to about six digits, from operations that IEEE 754 defines to the last
/// bit: the mathematical library of each platform gives another last bit.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let y = x.clamp(-80.0, 80.0) * std::f32::consts::LOG2_E;
    let whole = y.floor();
    let r = y - whole;
    let power = 1.0
        + r * (std::f32::consts::LN_2
            + r * (0.240_226_5
                + r * (0.055_504_1 + r * (0.009_618_1 + r * 0.001_333_3))));
    f32::from_bits(((nearest(whole) + 127) << 23) as u32) * power
}

/// Sums are kept in so many parts, in the same order everywhere.
const LANES: usize = 16;

/// The sum of products, in parts.
#[inline(always)]
fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut sums = [0f32; LANES];
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    for (x, y) in x.iter().zip(y) {
        for k in 0..LANES {
            sums[k] += x[k] * y[k];
        }
    }
    for (sum, (x, y)) in sums.iter_mut().zip(x_rest.iter().zip(y_rest)) {
        *sum += x * y;
    }
    sums.iter().sum()
}

/// Layer norm.
#[inline(always)]
fn norm(x: &[f32], norm: &Norm, out: &mut [f32]) {
    let mut sums = [0f32; LANES];
    let (chunks, rest) = x.as_chunks::<LANES>();
    for chunk in chunks {
        for k in 0..LANES {
            sums[k] += chunk[k];
        }
    }
    for (sum, v) in sums.iter_mut().zip(rest) {
        *sum += v;
    }
    let n = x.len() as f32;
    let mean = sums.iter().sum::<f32>() / n;
    let variance = (dot(x, x) / n - mean * mean).max(0.0);
    let scale = 1.0 / (variance + 1e-5).sqrt();
    let learnt = norm.gain.iter().zip(&norm.shift);
    for (out, (v, (gain, shift))) in out.iter_mut().zip(x.iter().zip(learnt)) {
        *out = (v - mean) * scale * gain + shift;
    }
}

impl Syntax {
    /// Every word unknown and alone.
    fn flat(n: usize) -> Syntax {
        Syntax {
            morph: vec![Morph::of(Upos::X); n],
            head: vec![None; n],
            deprel: vec![Deprel::Root; n],
        }
    }

    /// Hangs a row of marks under its first.
    fn lay_flat(&mut self, sentence: Range<usize>) {
        for token in sentence.clone() {
            self.morph[token] = Morph::of(Upos::Punct);
            if token > sentence.start {
                self.head[token] = Some(sentence.start as u32);
                self.deprel[token] = Deprel::Punct;
            }
        }
    }
}
