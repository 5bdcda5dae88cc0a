//! The layers of the net, forward and backward.
//!
//! A batch is a matrix with one row a word and an empty row before, between and after its
//! sentences, as in `depeche_text::syntax`. Each `forward` returns what its `backward` wants.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut1, Axis};

use super::params::{Param, Rng};

/// Which rows are words, and where each sentence lies.
pub(super) struct Frame {
    pub(super) words: Vec<bool>,
    pub(super) sentences: Vec<(usize, usize)>,
}

pub(super) fn matmul(a: &ArrayView2<'_, f32>, b: &ArrayView2<'_, f32>) -> Array2<f32> {
    a.dot(b)
}

/// A part of the columns.
pub(super) fn columns(x: &Array2<f32>, range: Range<usize>) -> ArrayView2<'_, f32> {
    x.slice_axis(Axis(1), range.into())
}

/// A part of one row.
pub(super) fn part(
    x: &Array2<f32>,
    row: usize,
    range: Range<usize>,
) -> ArrayView1<'_, f32> {
    x.row(row).slice_axis_move(Axis(0), range.into())
}

/// A part of one row, to be written.
pub(super) fn part_mut(
    x: &mut Array2<f32>,
    row: usize,
    range: Range<usize>,
) -> ArrayViewMut1<'_, f32> {
    x.row_mut(row).slice_axis_move(Axis(0), range.into())
}

/// `x · w + b`.
pub(super) struct Linear {
    pub(super) weight: Param,
    pub(super) bias: Option<Param>,
}

impl Linear {
    pub(super) fn forward(&self, x: &Array2<f32>) -> Array2<f32> {
        let mut y = matmul(&x.view(), &self.weight.value.view());
        if let Some(bias) = &self.bias {
            y += &bias.value.row(0);
        }
        y
    }

    pub(super) fn backward(&mut self, x: &Array2<f32>, dy: &Array2<f32>) -> Array2<f32> {
        self.weight.add(&matmul(&x.t(), &dy.view()));
        if let Some(bias) = &mut self.bias {
            bias.add(&dy.sum_axis(Axis(0)).insert_axis(Axis(0)));
        }
        matmul(&dy.view(), &self.weight.value.t())
    }
}

/// Layer norm with gain and shift.
pub(super) struct Norm {
    pub(super) gain: Param,
    pub(super) shift: Param,
}

impl Norm {
    /// The normed rows (empty rows stay empty), and what `backward` wants.
    pub(super) fn forward(
        &self,
        x: &Array2<f32>,
        frame: &Frame,
    ) -> (Array2<f32>, Normed) {
        let mut hat = Array2::zeros(x.dim());
        let mut scales = vec![0f32; x.nrows()];
        let mut y = Array2::zeros(x.dim());
        for r in (0..x.nrows()).filter(|&r| frame.words[r]) {
            let row = x.row(r);
            let mean = row.mean().unwrap_or(0.0);
            let variance = row.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>();
            let scale = 1.0 / (variance / row.len() as f32 + 1e-5).sqrt();
            scales[r] = scale;
            for j in 0..row.len() {
                hat[[r, j]] = (row[j] - mean) * scale;
                y[[r, j]] =
                    hat[[r, j]] * self.gain.value[[0, j]] + self.shift.value[[0, j]];
            }
        }
        (y, Normed { hat, scales })
    }

    pub(super) fn backward(&mut self, normed: &Normed, dy: &Array2<f32>) -> Array2<f32> {
        let mut dx = Array2::zeros(dy.dim());
        let n = dy.ncols();
        let mut gain = Array2::zeros((1, n));
        let mut shift = Array2::zeros((1, n));
        for r in (0..dy.nrows()).filter(|&r| normed.scales[r] != 0.0) {
            let (mut sum, mut dot) = (0f32, 0f32);
            for j in 0..n {
                let g = dy[[r, j]] * self.gain.value[[0, j]];
                sum += g;
                dot += g * normed.hat[[r, j]];
                gain[[0, j]] += dy[[r, j]] * normed.hat[[r, j]];
                shift[[0, j]] += dy[[r, j]];
            }
            for j in 0..n {
                let g = dy[[r, j]] * self.gain.value[[0, j]];
                let centred = g - sum / n as f32 - normed.hat[[r, j]] * dot / n as f32;
                dx[[r, j]] = normed.scales[r] * centred;
            }
        }
        self.gain.add(&gain);
        self.shift.add(&shift);
        dx
    }
}

pub(super) struct Normed {
    hat: Array2<f32>,
    scales: Vec<f32>,
}

/// Sets a share of the numbers to nothing, and makes up for it in the rest.
pub(super) fn dropout(
    x: &mut Array2<f32>,
    share: f32,
    rng: &mut Rng,
) -> Option<Array2<f32>> {
    if share <= 0.0 {
        return None;
    }
    let keep = 1.0 / (1.0 - share);
    let mask = Array2::from_shape_simple_fn(x.dim(), || {
        if rng.unit() < share { 0.0 } else { keep }
    });
    *x *= &mask;
    Some(mask)
}

pub(super) fn undrop(dy: &mut Array2<f32>, mask: Option<&Array2<f32>>) {
    if let Some(mask) = mask {
        *dy *= mask;
    }
}

pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

pub(super) fn leaky(x: f32) -> f32 {
    if x < 0.0 { 0.05 * x } else { x }
}

/// The slope of [`leaky`] at `x`.
pub(super) fn slope(x: f32) -> f32 {
    if x < 0.0 { 0.05 } else { 1.0 }
}

/// A gated linear unit over a word and its two neighbours, added to the word.
pub(super) struct Conv {
    pub(super) norm: Norm,
    pub(super) linear: Linear,
}

pub(super) struct Convolved {
    normed: Normed,
    window: Array2<f32>,
    z: Array2<f32>,
    mask: Option<Array2<f32>>,
}

impl Conv {
    pub(super) fn forward(
        &self,
        x: &mut Array2<f32>,
        frame: &Frame,
        drop: f32,
        rng: &mut Rng,
    ) -> Convolved {
        let (y, normed) = self.norm.forward(x, frame);
        let (m, d) = y.dim();
        let mut window = Array2::zeros((m, 3 * d));
        for r in (0..m).filter(|&r| frame.words[r]) {
            for (k, at) in [r - 1, r, r + 1].into_iter().enumerate() {
                part_mut(&mut window, r, k * d..(k + 1) * d).assign(&y.row(at));
            }
        }
        let z = self.linear.forward(&window);
        let mut out = Array2::zeros((m, d));
        for r in (0..m).filter(|&r| frame.words[r]) {
            for j in 0..d {
                out[[r, j]] = z[[r, j]] * sigmoid(z[[r, d + j]]);
            }
        }
        let mask = dropout(&mut out, drop, rng);
        *x += &out;
        Convolved { normed, window, z, mask }
    }

    /// Turns the gradient after the layer into the one before it.
    pub(super) fn backward(
        &mut self,
        c: &Convolved,
        frame: &Frame,
        dx: &mut Array2<f32>,
    ) {
        let mut dout = dx.clone();
        undrop(&mut dout, c.mask.as_ref());
        let (m, d) = dout.dim();
        let mut dz = Array2::zeros(c.z.dim());
        for r in (0..m).filter(|&r| frame.words[r]) {
            for j in 0..d {
                let gate = sigmoid(c.z[[r, d + j]]);
                dz[[r, j]] = dout[[r, j]] * gate;
                dz[[r, d + j]] = dout[[r, j]] * c.z[[r, j]] * gate * (1.0 - gate);
            }
        }
        let dwindow = self.linear.backward(&c.window, &dz);
        let mut dy = Array2::<f32>::zeros((m, d));
        for r in (0..m).filter(|&r| frame.words[r]) {
            for (k, at) in [r - 1, r, r + 1].into_iter().enumerate() {
                let mut row = dy.row_mut(at);
                row += &part(&dwindow, r, k * d..(k + 1) * d);
            }
        }
        *dx += &self.norm.backward(&c.normed, &dy);
    }
}

/// A minimal gated unit in each direction, joined by a linear layer, added to the word.
pub(super) struct Gru {
    pub(super) norm: Norm,
    /// Gate and candidate forward, gate and candidate backward.
    pub(super) into: Linear,
    pub(super) out: Linear,
}

pub(super) struct Recurred {
    normed: Normed,
    y: Array2<f32>,
    z: Array2<f32>,
    raw: Array2<f32>,
    states: Array2<f32>,
    mask: Option<Array2<f32>>,
    joined: Array2<f32>,
}

impl Gru {
    fn width(&self) -> usize {
        self.into.weight.value.ncols() / 4
    }

    pub(super) fn forward(
        &self,
        x: &mut Array2<f32>,
        frame: &Frame,
        drop: f32,
        rng: &mut Rng,
    ) -> Recurred {
        let (y, normed) = self.norm.forward(x, frame);
        let z = self.into.forward(&y);
        let g = self.width();
        let mut states = Array2::zeros((x.nrows(), 2 * g));
        for &(start, end) in &frame.sentences {
            for side in 0..2 {
                let mut before: Option<usize> = None;
                for t in 0..end - start {
                    let r = if side == 1 { end - 1 - t } else { start + t };
                    for j in 0..g {
                        let gate = sigmoid(z[[r, side * 2 * g + j]]);
                        let old = before.map_or(0.0, |b| states[[b, side * g + j]]);
                        states[[r, side * g + j]] =
                            old + gate * (z[[r, side * 2 * g + g + j]] - old);
                    }
                    before = Some(r);
                }
            }
        }
        let raw = states.clone();
        let mask = dropout(&mut states, drop, rng);
        let mut joined = self.out.forward(&states);
        for r in (0..x.nrows()).filter(|&r| !frame.words[r]) {
            joined.row_mut(r).fill(0.0);
        }
        *x += &joined.mapv(leaky);
        Recurred { normed, y, z, raw, states, mask, joined }
    }

    pub(super) fn backward(&mut self, c: &Recurred, frame: &Frame, dx: &mut Array2<f32>) {
        let mut djoined = dx.clone();
        for r in 0..djoined.nrows() {
            let word = frame.words[r];
            for j in 0..djoined.ncols() {
                djoined[[r, j]] *= if word { slope(c.joined[[r, j]]) } else { 0.0 };
            }
        }
        let mut dstates = self.out.backward(&c.states, &djoined);
        undrop(&mut dstates, c.mask.as_ref());
        let g = self.width();
        let mut dz = Array2::zeros(c.z.dim());
        for &(start, end) in &frame.sentences {
            for side in 0..2 {
                let mut carry = Array1::<f32>::zeros(g);
                for t in (0..end - start).rev() {
                    let r = if side == 1 { end - 1 - t } else { start + t };
                    let before = (t > 0).then(|| if side == 1 { r + 1 } else { r - 1 });
                    for j in 0..g {
                        let gate = sigmoid(c.z[[r, side * 2 * g + j]]);
                        let old = before.map_or(0.0, |b| c.raw[[b, side * g + j]]);
                        let candidate = c.z[[r, side * 2 * g + g + j]];
                        let d = carry[j] + dstates[[r, side * g + j]];
                        dz[[r, side * 2 * g + j]] =
                            d * (candidate - old) * gate * (1.0 - gate);
                        dz[[r, side * 2 * g + g + j]] = d * gate;
                        carry[j] = d * (1.0 - gate);
                    }
                }
            }
        }
        let dy = self.into.backward(&c.y, &dz);
        *dx += &self.norm.backward(&c.normed, &dy);
    }
}
