//! Matrix products in whole numbers: the same sums on every processor.
//!
//! Floating-point products differ in their last bits between processors, and a last bit may
//! turn a dependency. Here both sides are 16-bit integers and the sums 32-bit: a wide
//! instruction set makes it faster, never different.

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;

/// Columns that are worked on together.
const BLOCK: usize = 16;
/// Rows that are worked on together.
const ROWS: usize = 6;

/// The right-hand side of a product: `inner` × `columns`, packed in blocks of columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Packed {
    /// Of each block and each pair of inner indices: the pair, column by column.
    data: Vec<i16>,
    inner: usize,
    columns: usize,
}

impl Packed {
    /// Packs what `at(inner, column)` gives.
    pub(crate) fn new(
        inner: usize,
        columns: usize,
        at: impl Fn(usize, usize) -> i16,
    ) -> Packed {
        let mut packed = Packed::default();
        packed.fill(inner, columns, at);
        packed
    }

    /// As [`Packed::new`], in the memory that is already here.
    pub(crate) fn fill(
        &mut self,
        inner: usize,
        columns: usize,
        at: impl Fn(usize, usize) -> i16,
    ) {
        debug_assert!(inner.is_multiple_of(2), "inner indices come in pairs");
        self.inner = inner;
        self.columns = columns;
        self.data.clear();
        self.data.reserve(inner * columns.next_multiple_of(BLOCK));
        for block in (0..columns).step_by(BLOCK) {
            for pair in (0..inner).step_by(2) {
                for column in block..block + BLOCK {
                    let inside = column < columns;
                    self.data.push(if inside { at(pair, column) } else { 0 });
                    self.data.push(if inside { at(pair + 1, column) } else { 0 });
                }
            }
        }
    }

    /// How many numbers one row of the result takes: the columns, rounded up to whole blocks.
    pub(crate) fn width(&self) -> usize {
        self.columns.next_multiple_of(BLOCK)
    }
}

/// Gives a buffer its length; what it held stays where it is, for whoever asks writes all of it.
pub(crate) fn set_len<T: Copy + Default>(buffer: &mut Vec<T>, length: usize) {
    buffer.truncate(length);
    buffer.resize(length, T::default());
}

/// `out = a · b`, of `rows` rows. Row `r` of `a` is the `inner` numbers from `r * stride` on,
/// so that rows may overlap (a convolution is a product over a sliding window).
pub(crate) fn multiply(
    arch: pulp::Arch,
    a: &[i16],
    stride: usize,
    rows: usize,
    b: &Packed,
    out: &mut Vec<i32>,
) {
    set_len(out, rows * b.width());
    if rows == 0 || b.inner == 0 {
        out.fill(0);
        return;
    }
    let job = Product { a, stride, rows, b, out };
    match arch {
        #[cfg(target_arch = "x86_64")]
        pulp::Arch::V3(simd) => simd.vectorize(Wide { simd, job }),
        _ => job.portable(),
    }
}

struct Product<'a> {
    a: &'a [i16],
    stride: usize,
    rows: usize,
    b: &'a Packed,
    out: &'a mut [i32],
}

impl Product<'_> {
    /// The pairs of row `r`; past the last row, the last row again (its result is not kept).
    #[inline(always)]
    fn row(&self, r: usize) -> &[[i16; 2]] {
        let at = r.min(self.rows - 1) * self.stride;
        self.a[at..at + self.b.inner].as_chunks().0
    }

    fn portable(self) {
        let width = self.b.width();
        for r in 0..self.rows {
            for (n, block) in self.b.data.chunks_exact(self.b.inner * BLOCK).enumerate() {
                let mut sums = [0i32; BLOCK];
                let pairs = block.as_chunks::<2>().0.as_chunks::<BLOCK>().0;
                for (x, y) in self.row(r).iter().zip(pairs) {
                    for (sum, y) in sums.iter_mut().zip(y) {
                        let pair = i32::from(x[0]) * i32::from(y[0])
                            + i32::from(x[1]) * i32::from(y[1]);
                        *sum = sum.wrapping_add(pair);
                    }
                }
                let at = r * width + n * BLOCK;
                self.out[at..at + BLOCK].copy_from_slice(&sums);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
struct Wide<'a> {
    simd: V3,
    job: Product<'a>,
}

#[cfg(target_arch = "x86_64")]
impl pulp::NullaryFnOnce for Wide<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Wide { simd, job } = self;
        let width = job.b.width();
        let zero = simd.avx._mm256_setzero_si256();
        // Block by block: one of them stays in the nearest cache while the rows go by.
        for (n, block) in job.b.data.chunks_exact(job.b.inner * BLOCK).enumerate() {
            let pairs = block.as_chunks::<16>().0.as_chunks::<2>().0;
            for top in (0..job.rows).step_by(ROWS) {
                let rows: [&[[i16; 2]]; ROWS] =
                    std::array::from_fn(|r| &job.row(top + r)[..pairs.len()]);
                let mut sums = [[zero; 2]; ROWS];
                for (i, y) in pairs.iter().enumerate() {
                    let y = [pulp::cast(y[0]), pulp::cast(y[1])];
                    for (row, sums) in rows.iter().zip(&mut sums) {
                        let x = simd.avx._mm256_set1_epi32(pulp::cast(row[i]));
                        for (sum, y) in sums.iter_mut().zip(y) {
                            let pair = simd.avx2._mm256_madd_epi16(x, y);
                            *sum = simd.avx2._mm256_add_epi32(*sum, pair);
                        }
                    }
                }
                for (r, sums) in sums.into_iter().enumerate().take(job.rows - top) {
                    let at = (top + r) * width + n * BLOCK;
                    let sums: [i32; BLOCK] = pulp::cast(sums);
                    job.out[at..at + BLOCK].copy_from_slice(&sums);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_processor_gives_the_schoolbook_sums() {
        for (rows, inner, columns, stride) in
            [(1, 2, 1, 2), (5, 6, 17, 2), (9, 96, 40, 96)]
        {
            let a: Vec<i16> = (0..(rows - 1) * stride + inner)
                .map(|i| (i * 7919 % 4001) as i16 - 2000)
                .collect();
            let weight = |k: usize, n: usize| ((k * 31 + n * 17) % 255) as i16 - 127;
            let b = Packed::new(inner, columns, weight);
            let mut wide = Vec::new();
            multiply(pulp::Arch::new(), &a, stride, rows, &b, &mut wide);
            let mut plain = vec![0; rows * b.width()];
            Product { a: &a, stride, rows, b: &b, out: &mut plain }.portable();
            assert_eq!(wide, plain);
            for r in 0..rows {
                for n in 0..columns {
                    let sum: i32 = (0..inner)
                        .map(|k| i32::from(a[r * stride + k]) * i32::from(weight(k, n)))
                        .sum();
                    assert_eq!(plain[r * b.width() + n], sum, "row {r}, column {n}");
                }
            }
        }
    }
}
