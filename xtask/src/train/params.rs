//! What is learnt, and by which steps: parameters with Adam, and a small generator of chance.

use ndarray::Array2;

/// xorshift: chance that is the same on every machine.
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Between nothing and one.
    pub(super) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Roughly normal, with mean nothing and variance one.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, (self.next() % (i as u64 + 1)) as usize);
        }
    }
}

/// One tensor that is learnt.
pub(super) struct Param {
    pub(super) value: Array2<f32>,
    grad: Array2<f32>,
    first: Array2<f32>,
    second: Array2<f32>,
    /// For a table of embeddings: the rows that this batch touched, and when each was last
    /// stepped, so that a batch costs what it uses.
    rows: Option<Rows>,
}

struct Rows {
    touched: Vec<usize>,
    is_touched: Vec<bool>,
    last: Vec<i32>,
}

impl Param {
    pub(super) fn random(
        rows: usize,
        columns: usize,
        spread: f32,
        rng: &mut Rng,
    ) -> Param {
        let value =
            Array2::from_shape_simple_fn((rows, columns), || rng.normal() * spread);
        Param::new(value)
    }

    pub(super) fn constant(columns: usize, value: f32) -> Param {
        Param::new(Array2::from_elem((1, columns), value))
    }

    fn new(value: Array2<f32>) -> Param {
        let zeros = Array2::zeros(value.dim());
        Param {
            grad: zeros.clone(),
            first: zeros.clone(),
            second: zeros,
            value,
            rows: None,
        }
    }

    /// A table of which each batch touches few rows.
    pub(super) fn sparse(mut self) -> Param {
        let n = self.value.nrows();
        self.rows = Some(Rows {
            touched: Vec::new(),
            is_touched: vec![false; n],
            last: vec![0; n],
        });
        self
    }

    pub(super) fn add(&mut self, grad: &Array2<f32>) {
        self.grad += grad;
    }

    pub(super) fn add_row(&mut self, row: usize, grad: &[f32]) {
        if let Some(rows) = &mut self.rows
            && !rows.is_touched[row]
        {
            rows.is_touched[row] = true;
            rows.touched.push(row);
        }
        for (g, x) in self.grad.row_mut(row).iter_mut().zip(grad) {
            *g += x;
        }
    }

    /// The sum of the squares of the gradient.
    fn square(&self) -> f32 {
        match &self.rows {
            Some(rows) => rows
                .touched
                .iter()
                .map(|&r| self.grad.row(r).dot(&self.grad.row(r)))
                .sum(),
            None => self.grad.iter().map(|g| g * g).sum(),
        }
    }

    fn step(&mut self, time: i32, rate: f32, scale: f32) {
        let Some(rows) = &mut self.rows else {
            for r in 0..self.value.nrows() {
                self.step_row(r, 1, time, rate, scale);
            }
            self.grad.fill(0.0);
            return;
        };
        let touched = std::mem::take(&mut rows.touched);
        let mut since = Vec::with_capacity(touched.len());
        for &r in &touched {
            rows.is_touched[r] = false;
            since.push(time - rows.last[r]);
            rows.last[r] = time;
        }
        for (&r, since) in touched.iter().zip(since) {
            self.step_row(r, since, time, rate, scale);
            self.grad.row_mut(r).fill(0.0);
        }
    }

    /// Adam (Kingma and Ba 2015) for one row that was last stepped `since` steps ago.
    fn step_row(&mut self, r: usize, since: i32, time: i32, rate: f32, scale: f32) {
        const DECAY: (f32, f32) = (0.9, 0.98);
        let decay = (DECAY.0.powi(since), DECAY.1.powi(since));
        let unbias = (1.0 - DECAY.0.powi(time), 1.0 - DECAY.1.powi(time));
        for j in 0..self.value.ncols() {
            let g = self.grad[[r, j]] * scale;
            let m = &mut self.first[[r, j]];
            *m = decay.0 * *m + (1.0 - DECAY.0) * g;
            let v = &mut self.second[[r, j]];
            *v = decay.1 * *v + (1.0 - DECAY.1) * g * g;
            let step = (*m / unbias.0) / ((*v / unbias.1).sqrt() + 1e-8);
            self.value[[r, j]] -= rate * step;
        }
    }
}

/// One step of Adam for all parameters, their gradient cut to a length of `longest`.
pub(super) fn step(params: &mut [&mut Param], time: i32, rate: f32, longest: f32) {
    let length = params.iter().map(|p| p.square()).sum::<f32>().sqrt();
    let scale = if length > longest { longest / length } else { 1.0 };
    for param in params {
        param.step(time, rate, scale);
    }
}
