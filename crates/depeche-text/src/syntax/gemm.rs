//! Matrix products in whole numbers: the same sums on every processor.
//!
//! Floating-point products differ in their last bits between processors, and a last bit may
//! turn a dependency. Here both sides are 16-bit integers and the sums 32-bit: a wide
//! instruction set makes it faster, never different.

#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};

/// Columns that lie together.
const BLOCK: usize = 16;

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

    /// The pairs of a block, each with those of all its columns.
    fn block(&self, n: usize) -> &[[[i16; 2]; BLOCK]] {
        let size = self.inner * BLOCK;
        let block = &self.data[n * size..(n + 1) * size];
        block.as_chunks::<2>().0.as_chunks::<BLOCK>().0
    }

    fn blocks(&self) -> usize {
        self.columns.div_ceil(BLOCK)
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
        #[cfg(target_arch = "x86_64")]
        pulp::Arch::V4(simd) => simd.vectorize(Wide { simd, job }),
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
            for n in 0..self.b.blocks() {
                let mut sums = [0i32; BLOCK];
                for (x, y) in self.row(r).iter().zip(self.b.block(n)) {
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

/// A product with the instructions of a processor.
#[cfg(target_arch = "x86_64")]
struct Wide<'a, S> {
    simd: S,
    job: Product<'a>,
}

#[cfg(target_arch = "x86_64")]
impl pulp::NullaryFnOnce for Wide<'_, V3> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.run();
    }
}

#[cfg(target_arch = "x86_64")]
impl pulp::NullaryFnOnce for Wide<'_, V4> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.run();
    }
}

/// What a processor does with the sums of a block. Those of a tile must fit into its registers.
#[cfg(target_arch = "x86_64")]
trait Lanes: Copy {
    /// The sums of a block: one of a row and all its columns.
    type Sums: Copy;

    fn zero(self) -> Self::Sums;

    /// Adds the products of a pair of one row with the pairs of a block.
    fn add(self, sums: Self::Sums, x: [i16; 2], y: &[[i16; 2]; BLOCK]) -> Self::Sums;

    fn numbers(self, sums: Self::Sums) -> [i32; BLOCK];

    /// Works through the tiles of a product, from its largest to what is left over.
    fn tiles(self, job: &mut Product<'_>);
}

#[cfg(target_arch = "x86_64")]
impl Lanes for V3 {
    type Sums = [std::arch::x86_64::__m256i; 2];

    #[inline(always)]
    fn zero(self) -> Self::Sums {
        [self.avx._mm256_setzero_si256(); 2]
    }

    #[inline(always)]
    fn add(self, sums: Self::Sums, x: [i16; 2], y: &[[i16; 2]; BLOCK]) -> Self::Sums {
        let x = self.avx._mm256_set1_epi32(pulp::cast(x));
        let y: Self::Sums = pulp::cast(*y);
        let add = |n: usize| {
            let pair = self.avx2._mm256_madd_epi16(x, y[n]);
            self.avx2._mm256_add_epi32(sums[n], pair)
        };
        [add(0), add(1)]
    }

    #[inline(always)]
    fn numbers(self, sums: Self::Sums) -> [i32; BLOCK] {
        pulp::cast(sums)
    }

    #[inline(always)]
    fn tiles(self, job: &mut Product<'_>) {
        // Block by block: one of them stays in the nearest cache while the rows go by.
        for block in 0..job.b.blocks() {
            for top in (0..job.rows).step_by(6) {
                job.tile::<Self, 6, 1>(self, top, block);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl Lanes for V4 {
    type Sums = std::arch::x86_64::__m512i;

    #[inline(always)]
    fn zero(self) -> Self::Sums {
        self.avx512f._mm512_setzero_si512()
    }

    #[inline(always)]
    fn add(self, sums: Self::Sums, x: [i16; 2], y: &[[i16; 2]; BLOCK]) -> Self::Sums {
        let x = self.avx512f._mm512_set1_epi32(pulp::cast(x));
        let pair = self.avx512bw._mm512_madd_epi16(x, pulp::cast(*y));
        self.avx512f._mm512_add_epi32(sums, pair)
    }

    #[inline(always)]
    fn numbers(self, sums: Self::Sums) -> [i32; BLOCK] {
        pulp::cast(sums)
    }

    #[inline(always)]
    fn tiles(self, job: &mut Product<'_>) {
        let (rows, blocks) = (job.rows, job.b.blocks());
        let (full, pairs) = (rows - rows % 12, blocks - blocks % 2);
        for block in (0..pairs).step_by(2) {
            for top in (0..full).step_by(12) {
                job.tile::<Self, 12, 2>(self, top, block);
            }
            for top in (full..rows).step_by(4) {
                job.tile::<Self, 4, 2>(self, top, block);
            }
        }
        for block in pairs..blocks {
            for top in (0..rows).step_by(12) {
                job.tile::<Self, 12, 1>(self, top, block);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl<S: Lanes> Wide<'_, S> {
    #[inline(always)]
    fn run(mut self) {
        self.simd.tiles(&mut self.job);
    }
}

#[cfg(target_arch = "x86_64")]
impl Product<'_> {
    /// The sums of `R` rows and `B` blocks, from row `top` and block `first` on.
    #[inline(always)]
    fn tile<S: Lanes, const R: usize, const B: usize>(
        &mut self,
        simd: S,
        top: usize,
        first: usize,
    ) {
        let pairs = self.b.inner / 2;
        let rows: [&[[i16; 2]]; R] = std::array::from_fn(|r| &self.row(top + r)[..pairs]);
        let blocks: [&[[[i16; 2]; BLOCK]]; B] =
            std::array::from_fn(|n| &self.b.block(first + n)[..pairs]);
        let mut sums = [[simd.zero(); B]; R];
        for i in 0..pairs {
            for (row, sums) in rows.iter().zip(&mut sums) {
                for (sum, block) in sums.iter_mut().zip(&blocks) {
                    *sum = simd.add(*sum, row[i], &block[i]);
                }
            }
        }
        let width = self.b.width();
        for (r, sums) in sums.into_iter().enumerate().take(self.rows - top) {
            for (n, sums) in sums.into_iter().enumerate() {
                let at = (top + r) * width + (first + n) * BLOCK;
                self.out[at..at + BLOCK].copy_from_slice(&simd.numbers(sums));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every set of instructions that this processor has.
    fn arches() -> Vec<pulp::Arch> {
        let mut all = vec![pulp::Arch::new()];
        #[cfg(target_arch = "x86_64")]
        all.extend(V3::try_new().map(pulp::Arch::V3));
        all
    }

    #[test]
    fn every_processor_gives_the_schoolbook_sums() {
        for (rows, inner, columns, stride) in
            [(1, 2, 1, 2), (5, 6, 17, 2), (9, 96, 40, 96), (31, 64, 64, 32)]
        {
            let a: Vec<i16> = (0..(rows - 1) * stride + inner)
                .map(|i| (i * 7919 % 4001) as i16 - 2000)
                .collect();
            let weight = |k: usize, n: usize| ((k * 31 + n * 17) % 255) as i16 - 127;
            let b = Packed::new(inner, columns, weight);
            let mut plain = vec![0; rows * b.width()];
            Product { a: &a, stride, rows, b: &b, out: &mut plain }.portable();
            for arch in arches() {
                let mut wide = Vec::new();
                multiply(arch, &a, stride, rows, &b, &mut wide);
                assert_eq!(wide, plain, "{arch:?}");
            }
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
