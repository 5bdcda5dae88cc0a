//! What does the net see of a word? Its form, its ends and its shape, as rows of tables.

use super::Config;
use crate::fold;

/// How many hashed affixes a word has: two, three and four last characters, three first.
pub const AFFIXES: usize = 4;
/// Rows of the table of shapes.
pub const SHAPES: usize = 128;

/// The rows of the embedding tables that make up one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// Two independent hashes of the whole form, so that two words rarely share both.
    pub word: [u32; 2],
    /// Hashes of its ends, each in its own part of the table.
    pub affix: [u32; AFFIXES],
    /// Capitals, digits, hyphens and the like as bits.
    pub shape: u32,
}

impl Features {
    /// The features of a form under tables of the sizes that `config` states.
    pub fn of(form: &str, config: &Config) -> Features {
        let folded: String = fold(form)
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect();
        let last = |n: usize| {
            let start = folded.char_indices().rev().nth(n - 1).map_or(0, |(i, _)| i);
            &folded[start..]
        };
        let third = folded.char_indices().nth(3).map_or(folded.len(), |(i, _)| i);
        let first = &folded[..third];
        let word = |seed| (hash(&folded, seed) % u64::from(config.word_rows)) as u32;
        let affix = |part: u32, text: &str| {
            let row = hash(text, 3 + u64::from(part)) % u64::from(config.affix_rows);
            part * config.affix_rows + row as u32
        };
        Features {
            word: [word(1), word(2)],
            affix: [
                affix(0, last(3)),
                affix(1, last(2)),
                affix(2, first),
                affix(3, last(4)),
            ],
            shape: shape(form),
        }
    }
}

fn shape(form: &str) -> u32 {
    let mut bits = 0;
    let mut all_capital = true;
    let mut length = 0;
    for c in form.chars() {
        if c.is_uppercase() {
            bits |= if length == 0 { 1 } else { 2 };
        } else if c.is_alphabetic() {
            all_capital = false;
        }
        if c.is_ascii_digit() {
            bits |= 4;
        }
        if c == '-' {
            bits |= 8;
        }
        if !c.is_alphanumeric() {
            bits |= 16;
        }
        length += 1;
    }
    if all_capital {
        bits |= 32;
    }
    if length == 1 {
        bits |= 64;
    }
    bits
}

/// FNV-1a with a final mix: small, fixed for ever, the same on every machine. Model files
/// depend on it.
pub(super) fn hash(text: &str, seed: u64) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in text.bytes() {
        h = (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    h ^= h >> 31;
    h = h.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^ (h >> 29)
}
