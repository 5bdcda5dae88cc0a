//! The net as it is trained: in 32-bit floats, forward and backward.

use ndarray::{Array1, Array2, Axis};

use depeche_text::syntax::{
    AFFIXES, Config, DISTANCES, Inventory, SHAPES, Vectors, Weights, distance,
};

use super::data::Example;
use super::layers::{
    Conv, Frame, Gru, Linear, Norm, columns, dropout, leaky, matmul, part, part_mut,
    slope, undrop,
};
use super::params::{Param, Rng, step};

/// How often a word was seen in training.
type Counts<'a> = dyn Fn(&str) -> u32 + 'a;

/// Shares of chance while training.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance {
    /// Activations dropped.
    pub(super) drop: f32,
    /// A word seen `n` times loses its form with probability `word / (word + n)`.
    pub(super) word: f32,
    /// Word vectors dropped.
    pub(super) vector: f32,
}

/// How much each task counts.
const TAG: f32 = 0.5;
const AGREEMENT: f32 = 0.15;
const LABEL: f32 = 0.6;

pub(super) struct Net {
    config: Config,
    tags: usize,
    agreements: usize,
    word: Param,
    affix: Param,
    shape: Param,
    vector: Linear,
    input: Norm,
    conv: Vec<Conv>,
    gru: Vec<Gru>,
    output: Norm,
    heads: Linear,
    arc: Linear,
    arc_prior: Param,
    arc_root: Param,
    arc_distance: Param,
    label_root: Param,
    label: Linear,
    time: i32,
}

/// What the net thinks of one sentence: the input of a vote.
pub(super) struct Opinion {
    pub(super) tags: Array2<f32>,
    pub(super) agreements: Array2<f32>,
    /// Log-probability of each head; the last column is the root.
    pub(super) arcs: Array2<f32>,
    dependents: Array2<f32>,
    label_heads: Array2<f32>,
}

impl Net {
    pub(super) fn new(config: &Config, inventory: &Inventory, rng: &mut Rng) -> Net {
        let c = config;
        let d = c.width;
        let spread = |n: usize| 1.0 / (n as f32).sqrt();
        let norm =
            || Norm { gain: Param::constant(d, 1.0), shift: Param::constant(d, 0.0) };
        let tags = inventory.tags.len();
        let agreements = inventory.agreements.len();
        let labels = inventory.relations.len();
        let heads = tags + agreements + 2 * c.arc + 2 * c.label;
        Net {
            config: c.clone(),
            tags,
            agreements,
            word: Param::random(c.word_rows as usize, d, 0.35, rng).sparse(),
            affix: Param::random(c.affix_rows as usize * AFFIXES, d, 0.25, rng).sparse(),
            shape: Param::random(SHAPES, d, 0.25, rng),
            vector: Linear {
                weight: Param::random(c.vector, d, 0.12, rng),
                bias: Some(Param::constant(d, 0.0)),
            },
            input: norm(),
            conv: (0..c.convolutions)
                .map(|_| Conv {
                    norm: norm(),
                    linear: Linear {
                        weight: Param::random(3 * d, 2 * d, spread(3 * d), rng),
                        bias: Some(Param::constant(2 * d, 0.0)),
                    },
                })
                .collect(),
            gru: (0..c.recurrences)
                .map(|_| Gru {
                    norm: norm(),
                    into: Linear {
                        weight: Param::random(d, 4 * c.recurrent, spread(d), rng),
                        bias: None,
                    },
                    out: Linear {
                        weight: Param::random(
                            2 * c.recurrent,
                            d,
                            spread(2 * c.recurrent),
                            rng,
                        ),
                        bias: Some(Param::constant(d, 0.0)),
                    },
                })
                .collect(),
            output: norm(),
            heads: Linear {
                weight: Param::random(d, heads, spread(d), rng),
                bias: Some(Param::constant(heads, 0.0)),
            },
            arc: Linear {
                weight: Param::random(c.arc, c.arc, spread(c.arc) * 0.7, rng),
                bias: None,
            },
            arc_prior: Param::random(1, c.arc, 0.01, rng),
            arc_root: Param::random(1, c.arc, 0.1, rng),
            arc_distance: Param::random(DISTANCES, c.arc, 0.05, rng),
            label_root: Param::random(1, c.label, 0.1, rng),
            label: Linear {
                weight: Param::random(c.label, labels, spread(c.label), rng),
                bias: Some(Param::constant(labels, 0.0)),
            },
            time: 0,
        }
    }

    /// Every parameter with its name in the model file.
    fn named(&mut self) -> Vec<(String, &mut Param)> {
        let mut all: Vec<(String, &mut Param)> = Vec::new();
        fn linear<'a>(
            all: &mut Vec<(String, &'a mut Param)>,
            weight: String,
            bias: String,
            linear: &'a mut Linear,
        ) {
            all.push((weight, &mut linear.weight));
            all.extend(linear.bias.as_mut().map(|b| (bias, b)));
        }
        fn norm<'a>(
            all: &mut Vec<(String, &'a mut Param)>,
            name: &str,
            norm: &'a mut Norm,
        ) {
            all.push((format!("{name}.gain"), &mut norm.gain));
            all.push((format!("{name}.shift"), &mut norm.shift));
        }
        all.push(("word".into(), &mut self.word));
        all.push(("affix".into(), &mut self.affix));
        all.push(("shape".into(), &mut self.shape));
        linear(&mut all, "vector".into(), "input.bias".into(), &mut self.vector);
        norm(&mut all, "input", &mut self.input);
        for (n, conv) in self.conv.iter_mut().enumerate() {
            norm(&mut all, &format!("conv{n}"), &mut conv.norm);
            let (weight, bias) = (format!("conv{n}.weight"), format!("conv{n}.bias"));
            linear(&mut all, weight, bias, &mut conv.linear);
        }
        for (n, gru) in self.gru.iter_mut().enumerate() {
            norm(&mut all, &format!("gru{n}"), &mut gru.norm);
            linear(&mut all, format!("gru{n}.in"), String::new(), &mut gru.into);
            let (weight, bias) = (format!("gru{n}.out"), format!("gru{n}.bias"));
            linear(&mut all, weight, bias, &mut gru.out);
        }
        norm(&mut all, "output", &mut self.output);
        linear(&mut all, "heads.weight".into(), "heads.bias".into(), &mut self.heads);
        linear(&mut all, "arc.weight".into(), String::new(), &mut self.arc);
        all.push(("arc.prior".into(), &mut self.arc_prior));
        all.push(("arc.root".into(), &mut self.arc_root));
        all.push(("arc.distance".into(), &mut self.arc_distance));
        all.push(("label.root".into(), &mut self.label_root));
        linear(&mut all, "label.weight".into(), "label.bias".into(), &mut self.label);
        all
    }

    /// What was learnt, by the names of the model file.
    pub(super) fn weights(&mut self) -> Weights {
        self.named()
            .into_iter()
            .map(|(name, p)| (name, p.value.iter().copied().collect()))
            .collect()
    }

    /// How many numbers are learnt.
    pub(super) fn size(&mut self) -> usize {
        self.named().iter().map(|(_, p)| p.value.len()).sum()
    }

    /// Learns from one batch; gives its loss.
    pub(super) fn learn(
        &mut self,
        batch: &[&Example],
        vectors: &Vectors,
        seen: &Counts<'_>,
        chance: Chance,
        rate: f32,
        rng: &mut Rng,
    ) -> f32 {
        let frame = frame(batch);
        let mut pass = self.forward(batch, &frame, vectors, Some((seen, chance)), rng);
        let mut dz = Array2::zeros(pass.z.dim());
        let n = frame.words.iter().filter(|&&w| w).count() as f32;
        let mut loss = 0.0;
        for (example, &(start, end)) in batch.iter().zip(&frame.sentences) {
            for (i, r) in (start..end).enumerate() {
                let (tags, rest) = (0..self.tags, self.tags..self.tags + self.agreements);
                let gold = example.tags[i];
                loss += cross_entropy(&pass.z, &mut dz, r, tags, gold, TAG / n);
                let gold = example.agreements[i];
                loss += cross_entropy(&pass.z, &mut dz, r, rest, gold, AGREEMENT / n);
            }
        }
        loss += self.learn_arcs(batch, &frame, &pass.z, &mut dz, 1.0 / n, chance, rng);
        loss +=
            self.learn_labels(batch, &frame, &pass.z, &mut dz, LABEL / n, chance, rng);
        self.backward(&mut pass, &frame, &dz);
        self.time += 1;
        let time = self.time;
        let mut params: Vec<&mut Param> =
            self.named().into_iter().map(|(_, p)| p).collect();
        step(&mut params, time, rate, 5.0);
        loss
    }

    /// What the net thinks of each sentence.
    pub(super) fn opinions(&self, batch: &[&Example], vectors: &Vectors) -> Vec<Opinion> {
        let frame = frame(batch);
        let pass = self.forward(batch, &frame, vectors, None, &mut Rng::new(1));
        let from = self.tags + self.agreements;
        let (a, l) = (self.config.arc, self.config.label);
        frame
            .sentences
            .iter()
            .map(|&(start, end)| {
                let z = pass.z.slice_axis(Axis(0), (start..end).into()).to_owned();
                let dependents = columns(&z, from..from + a).mapv(leaky);
                let heads = columns(&z, from + a..from + 2 * a).mapv(leaky);
                let turned = self.arc.forward(&dependents);
                let mut arcs = self.arc_scores(&turned, &heads);
                for mut row in arcs.axis_iter_mut(Axis(0)) {
                    log_softmax(&mut row);
                }
                let at = from + 2 * a;
                Opinion {
                    tags: log_softmaxed(columns(&z, 0..self.tags).to_owned()),
                    agreements: log_softmaxed(columns(&z, self.tags..from).to_owned()),
                    arcs,
                    dependents: columns(&z, at..at + l).to_owned(),
                    label_heads: columns(&z, at + l..at + 2 * l).to_owned(),
                }
            })
            .collect()
    }

    /// Log-probabilities of the relations, given the heads.
    pub(super) fn labels(
        &self,
        opinion: &Opinion,
        heads: &[Option<usize>],
    ) -> Array2<f32> {
        let mut sum = opinion.dependents.clone();
        for (i, head) in heads.iter().enumerate() {
            let head = match head {
                Some(j) => opinion.label_heads.row(*j),
                None => self.label_root.value.row(0),
            };
            let mut row = sum.row_mut(i);
            row += &head;
        }
        log_softmaxed(self.label.forward(&sum.mapv(leaky)))
    }

    /// Scores of heads for each dependent; column `n` is the root, the diagonal is barred.
    fn arc_scores(&self, turned: &Array2<f32>, heads: &Array2<f32>) -> Array2<f32> {
        let n = turned.nrows();
        let products = matmul(&turned.view(), &heads.t());
        let prior = matmul(&heads.view(), &self.arc_prior.value.t());
        let near = matmul(&turned.view(), &self.arc_distance.value.t());
        let root = matmul(&turned.view(), &self.arc_root.value.t());
        Array2::from_shape_fn((n, n + 1), |(i, j)| {
            if j == n {
                root[[i, 0]]
            } else if i == j {
                -1e9
            } else {
                products[[i, j]] + prior[[j, 0]] + near[[i, distance(i, j)]]
            }
        })
    }

    #[allow(clippy::too_many_arguments, reason = "one call, in one place")]
    fn learn_arcs(
        &mut self,
        batch: &[&Example],
        frame: &Frame,
        z: &Array2<f32>,
        dz: &mut Array2<f32>,
        weight: f32,
        chance: Chance,
        rng: &mut Rng,
    ) -> f32 {
        let from = self.tags + self.agreements;
        let a = self.config.arc;
        let mut loss = 0.0;
        for (example, &(start, end)) in batch.iter().zip(&frame.sentences) {
            let n = end - start;
            let rows = z.slice_axis(Axis(0), (start..end).into()).to_owned();
            let raw = columns(&rows, from..from + 2 * a).to_owned();
            let mut both = raw.mapv(leaky);
            let mask = dropout(&mut both, chance.drop, rng);
            let dependents = columns(&both, 0..a).to_owned();
            let heads = columns(&both, a..2 * a).to_owned();
            let turned = self.arc.forward(&dependents);
            let mut d = self.arc_scores(&turned, &heads);
            for (i, mut row) in d.axis_iter_mut(Axis(0)).enumerate() {
                log_softmax(&mut row);
                let gold = example.heads[i].unwrap_or(n);
                loss -= weight * row[gold];
                row.mapv_inplace(f32::exp);
                row[gold] -= 1.0;
                row *= weight;
                if i < n {
                    row[i] = 0.0;
                }
            }
            let inner = columns(&d, 0..n).to_owned();
            let root = columns(&d, n..n + 1).to_owned();
            let mut near = Array2::<f32>::zeros((n, DISTANCES));
            for i in 0..n {
                for j in 0..n {
                    near[[i, distance(i, j)]] += inner[[i, j]];
                }
            }
            let prior = inner.sum_axis(Axis(0)).insert_axis(Axis(1));
            let mut dturned = matmul(&inner.view(), &heads.view());
            dturned += &matmul(&near.view(), &self.arc_distance.value.view());
            dturned += &matmul(&root.view(), &self.arc_root.value.view());
            let mut dheads = matmul(&inner.t(), &turned.view());
            dheads += &matmul(&prior.view(), &self.arc_prior.value.view());
            self.arc_distance.add(&matmul(&near.t(), &turned.view()));
            self.arc_root.add(&matmul(&root.t(), &turned.view()));
            self.arc_prior.add(&matmul(&prior.t(), &heads.view()));
            let ddependents = self.arc.backward(&dependents, &dturned);
            let mut dboth = ndarray::concatenate![Axis(1), ddependents, dheads];
            undrop(&mut dboth, mask.as_ref());
            dboth.zip_mut_with(&raw, |d, &x| *d *= slope(x));
            for (i, row) in dboth.rows().into_iter().enumerate() {
                let mut into = part_mut(dz, start + i, from..from + 2 * a);
                into += &row;
            }
        }
        loss
    }

    #[allow(clippy::too_many_arguments, reason = "one call, in one place")]
    fn learn_labels(
        &mut self,
        batch: &[&Example],
        frame: &Frame,
        z: &Array2<f32>,
        dz: &mut Array2<f32>,
        weight: f32,
        chance: Chance,
        rng: &mut Rng,
    ) -> f32 {
        let from = self.tags + self.agreements + 2 * self.config.arc;
        let l = self.config.label;
        let (mut rows, mut gold) = (Vec::new(), Vec::new());
        for (example, &(start, _)) in batch.iter().zip(&frame.sentences) {
            for (i, head) in example.heads.iter().enumerate() {
                rows.push((start + i, head.map(|h| start + h)));
                gold.push(example.relations[i]);
            }
        }
        let mut raw = Array2::zeros((rows.len(), l));
        for (k, &(r, head)) in rows.iter().enumerate() {
            let mut row = raw.row_mut(k);
            row += &part(z, r, from..from + l);
            match head {
                Some(h) => row += &part(z, h, from + l..from + 2 * l),
                None => row += &self.label_root.value.row(0),
            }
        }
        let mut x = raw.mapv(leaky);
        let mask = dropout(&mut x, chance.drop, rng);
        let y = self.label.forward(&x);
        let mut dy = Array2::zeros(y.dim());
        let mut loss = 0.0;
        for (k, &gold) in gold.iter().enumerate() {
            loss += cross_entropy(&y, &mut dy, k, 0..y.ncols(), gold, weight);
        }
        let mut dx = self.label.backward(&x, &dy);
        undrop(&mut dx, mask.as_ref());
        dx.zip_mut_with(&raw, |d, &x| *d *= slope(x));
        let mut droot = Array1::<f32>::zeros(l);
        for (k, &(r, head)) in rows.iter().enumerate() {
            let mut row = part_mut(dz, r, from..from + l);
            row += &dx.row(k);
            match head {
                Some(h) => {
                    let mut row = part_mut(dz, h, from + l..from + 2 * l);
                    row += &dx.row(k);
                }
                None => droot += &dx.row(k),
            }
        }
        self.label_root.add(&droot.insert_axis(Axis(0)));
        loss
    }

    fn forward(
        &self,
        batch: &[&Example],
        frame: &Frame,
        vectors: &Vectors,
        training: Option<(&Counts<'_>, Chance)>,
        rng: &mut Rng,
    ) -> Pass {
        let chance = training.map(|(_, c)| c);
        let drop = chance.map_or(0.0, |c| c.drop);
        let d = self.config.width;
        let m = frame.words.len();
        let mut sum = Array2::zeros((m, d));
        let mut given = Array2::zeros((m, self.config.vector));
        let mut forms = vec![false; m];
        for (example, &(start, _)) in batch.iter().zip(&frame.sentences) {
            for (i, features) in example.features.iter().enumerate() {
                let r = start + i;
                let lost = training.is_some_and(|(seen, chance)| {
                    let n = seen(&example.forms[i]) as f32;
                    rng.unit() < chance.word / (chance.word + n)
                });
                let mut row = sum.row_mut(r);
                if !lost {
                    forms[r] = true;
                    for w in features.word {
                        row += &self.word.value.row(w as usize);
                    }
                }
                for a in features.affix {
                    row += &self.affix.value.row(a as usize);
                }
                row += &self.shape.value.row(features.shape as usize);
                let lost = chance.is_some_and(|c| rng.unit() < c.vector);
                if let Some(v) = example.vectors[i].filter(|_| !lost) {
                    let vector = &vectors.rows[v as usize * vectors.width..];
                    for (g, &x) in given.row_mut(r).iter_mut().zip(vector) {
                        *g = f32::from(x as i8) * vectors.scale;
                    }
                }
            }
        }
        sum += &self.vector.forward(&given);
        let (mut x, input) = self.input.forward(&sum, frame);
        let input_mask = dropout(&mut x, drop, rng);
        let conv =
            self.conv.iter().map(|c| c.forward(&mut x, frame, drop, rng)).collect();
        let gru = self.gru.iter().map(|g| g.forward(&mut x, frame, drop, rng)).collect();
        let (h, output) = self.output.forward(&x, frame);
        let z = self.heads.forward(&h);
        Pass {
            features: batch.iter().map(|e| e.features.clone()).collect(),
            given,
            forms,
            input,
            input_mask,
            conv,
            gru,
            output,
            h,
            z,
        }
    }

    fn backward(&mut self, pass: &mut Pass, frame: &Frame, dz: &Array2<f32>) {
        let dh = self.heads.backward(&pass.h, dz);
        let mut dx = self.output.backward(&pass.output, &dh);
        for (gru, cache) in self.gru.iter_mut().zip(&pass.gru).rev() {
            gru.backward(cache, frame, &mut dx);
        }
        for (conv, cache) in self.conv.iter_mut().zip(&pass.conv).rev() {
            conv.backward(cache, frame, &mut dx);
        }
        undrop(&mut dx, pass.input_mask.as_ref());
        let dsum = self.input.backward(&pass.input, &dx);
        self.vector.backward(&pass.given, &dsum);
        for (features, &(start, _)) in pass.features.iter().zip(&frame.sentences) {
            for (i, features) in features.iter().enumerate() {
                let row = dsum.row(start + i);
                let grad = row.as_slice().expect("a row of a fresh matrix is contiguous");
                if pass.forms[start + i] {
                    for w in features.word {
                        self.word.add_row(w as usize, grad);
                    }
                }
                for a in features.affix {
                    self.affix.add_row(a as usize, grad);
                }
                self.shape.add_row(features.shape as usize, grad);
            }
        }
    }
}

/// What a forward pass leaves for the backward one.
struct Pass {
    features: Vec<Vec<depeche_text::syntax::Features>>,
    given: Array2<f32>,
    /// Of each row, whether its form was shown.
    forms: Vec<bool>,
    input: super::layers::Normed,
    input_mask: Option<Array2<f32>>,
    conv: Vec<super::layers::Convolved>,
    gru: Vec<super::layers::Recurred>,
    output: super::layers::Normed,
    h: Array2<f32>,
    z: Array2<f32>,
}

fn frame(batch: &[&Example]) -> Frame {
    let mut words = vec![false];
    let mut sentences = Vec::new();
    for example in batch {
        let start = words.len();
        words.extend(std::iter::repeat_n(true, example.forms.len()));
        sentences.push((start, words.len()));
        words.push(false);
    }
    Frame { words, sentences }
}

/// Adds the gradient of `-weight · log p(gold)` over some columns of a row; gives the loss.
fn cross_entropy(
    z: &Array2<f32>,
    dz: &mut Array2<f32>,
    row: usize,
    columns: std::ops::Range<usize>,
    gold: usize,
    weight: f32,
) -> f32 {
    let start = columns.start;
    let mut scores = part(z, row, columns).to_owned();
    log_softmax(&mut scores.view_mut());
    for (k, &p) in scores.iter().enumerate() {
        let hit = if k == gold { 1.0 } else { 0.0 };
        dz[[row, start + k]] += weight * (p.exp() - hit);
    }
    -weight * scores[gold]
}

fn log_softmax(row: &mut ndarray::ArrayViewMut1<'_, f32>) {
    let most = row.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = row.iter().map(|x| (x - most).exp()).sum();
    let log = most + sum.ln();
    row.mapv_inplace(|x| x - log);
}

fn log_softmaxed(mut rows: Array2<f32>) -> Array2<f32> {
    for mut row in rows.axis_iter_mut(Axis(0)) {
        log_softmax(&mut row);
    }
    rows
}
