//! Which articles are copies of one dispatch?
//!
//! A text is the set of its shingles: runs of four words, without case, accents and marks. Of a
//! copy that was shortened the shingles are some of those of the longer text, so likeness is
//! containment: the share of the smaller set that lies in the larger one. Candidates are found
//! by the smallest value of each of a few hash functions over the shingles (MinHash, Broder
//! 1997), each a band of its own: texts that share no sentence share hardly a shingle.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::terms::each_word;

/// Words in a shingle.
const WIDTH: usize = 4;
/// Hash functions, and so bands.
pub(crate) const BANDS: usize = 10;
/// A text of fewer shingles says too little to be told from another.
const FEWEST: usize = 12;
/// From this share of the smaller text on, two are versions of one dispatch.
const CONTAINED: f64 = 0.6;
/// And from this share of both together: else a long text would swallow every paragraph.
const ALIKE: f64 = 0.15;
/// And from this share of their capitalised words: reports of two stages of a race, or two evenings of
/// a contest, are written with the same words, but of other people and places.
const NAMED: f64 = 0.75;
/// Texts that share more than this are versions, whatever heads name.
const SAME: f64 = 0.85;
/// Fewer names say nothing.
const FEWEST_NAMES: usize = 6;
/// Of the articles that share a smallest hash, so many of the newest are candidates: a phrase of
/// routine leads to everybody.
pub const CROWD: usize = 64;

/// How many smallest hashes a text must share with one of so many days before or after it to be
/// compared with it: versions that share little come within days, and texts of one beat that
/// share a paragraph of background are ever more as an archive grows.
pub(crate) fn bands_needed(days: i64) -> u32 {
    match days.abs() {
        0..=31 => 1,
        32..=366 => 2,
        _ => 3,
    }
}

/// The shingles of a text, as hashes in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    shingles: Vec<u32>,
    /// Words with a capital, as hashes in order.
    names: Vec<u32>,
}

impl Sketch {
    /// The sketch of a text: of its prose, as far as it has any.
    pub fn new(text: &str) -> Sketch {
        let prose = Sketch::of_words(&prose(text));
        if prose.is_telling() { prose } else { Sketch::of_words(text) }
    }

    fn of_words(text: &str) -> Sketch {
        let mut words: Vec<u64> = Vec::with_capacity(text.len() / 5);
        let mut names: Vec<u32> = Vec::new();
        each_word(text, |span, fold, _| {
            let word = hash(fold.as_bytes());
            words.push(word);
            if text[span].starts_with(char::is_uppercase) {
                names.push((word >> 32) as u32);
            }
        });
        names.sort_unstable();
        names.dedup();
        let shingle = |w: &[u64]| {
            let mix = |sum: u64, word: &u64| sum.rotate_left(17).wrapping_mul(ODD) ^ word;
            (scatter(w.iter().fold(0, mix)) >> 32) as u32
        };
        let mut shingles: Vec<u32> = words.windows(WIDTH).map(shingle).collect();
        shingles.sort_unstable();
        shingles.dedup();
        Sketch { shingles, names }
    }

    /// The share of the capitalised words of the one that has fewer which the other has too;
    /// `None` where they are too few to tell.
    pub fn names_shared(&self, other: &Sketch) -> Option<f64> {
        let (few, many) = match self.names.len() <= other.names.len() {
            true => (self, other),
            false => (other, self),
        };
        let common = few.names.iter().filter(|n| many.names.binary_search(n).is_ok());
        let telling = few.names.len() >= FEWEST_NAMES;
        telling.then(|| common.count() as f64 / few.names.len() as f64)
    }

    /// Whether it has enough words to be told from others.
    pub fn is_telling(&self) -> bool {
        self.shingles.len() >= FEWEST
    }

    /// The sketch as bytes, for a store of another kind; see [`Sketch::from_bytes`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let count = (self.shingles.len() as u32).to_le_bytes();
        let values = self.shingles.iter().chain(&self.names);
        count.into_iter().chain(values.flat_map(|v| v.to_le_bytes())).collect()
    }

    /// The sketch that [`Sketch::to_bytes`] wrote; `None` for other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Sketch> {
        let (values, []) = bytes.as_chunks::<4>() else { return None };
        let (count, values) = values.split_first()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (shingles, names) = values.split_at_checked(count)?;
        let read = |values: &[[u8; 4]]| -> Vec<u32> {
            values.iter().map(|v| u32::from_le_bytes(*v)).collect()
        };
        Some(Sketch { shingles: read(shingles), names: read(names) })
    }

    /// The smallest value of each hash function: what copies have in common. Empty for a text
    /// that says too little.
    pub fn bands(&self) -> Vec<i64> {
        if !self.is_telling() {
            return Vec::new();
        }
        let smallest = |band: usize| {
            let seed = scatter(band as u64 + 1);
            let of = |s: &u32| scatter(u64::from(*s) ^ seed) >> 32;
            // The bottom bits name the band, so that one table holds them all.
            let least = self.shingles.iter().map(of).min().unwrap_or(0);
            i64::from((least >> 4 << 4 | band as u64) as i32)
        };
        (0..BANDS).map(smallest).collect()
    }
}

/// The lines of a text that are sentences. Headlines, lists of links and tables are the same in
/// many articles of a site, which are no copies for that.
fn prose(text: &str) -> String {
    let is_prose = |line: &&str| {
        let end = line.trim_end().chars().next_back();
        end.is_some_and(|c| SENTENCE_ENDS.contains(&c)) || line.len() >= LONG_LINE
    };
    text.lines().filter(is_prose).collect::<Vec<_>>().join("\n")
}

/// Marks that end a sentence, or a quotation that ends with one.
const SENTENCE_ENDS: [char; 9] = ['.', '!', '?', '…', ':', '»', '”', '"', ')'];
/// A line of so many bytes is prose, however it ends.
const LONG_LINE: usize = 300;

const _: () = assert!(BANDS <= 16, "four bits name a band");
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// FNV-1a: the same on every machine, and in every version.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let step =
        |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// A short name for a text: another text has another one.
pub(crate) fn hash_of(text: &str) -> String {
    format!("{:016x}", hash(text.as_bytes()))
}

/// The last step of splitmix64: every bit depends on every bit.
fn scatter(mut x: u64) -> u64 {
    x = x.wrapping_add(ODD);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// What a version is to the earliest one of its dispatch: by its words, or, from
/// [`Relation::Update`] on, as it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The same words; headline and marks may differ.
    Identical,
    /// It leaves something out.
    Shortened,
    /// It adds something: an update.
    Extended,
    /// It says something in other words.
    Altered,
    /// It is marked as bringing an earlier one up to date.
    Update,
    /// It is marked as correcting an earlier one.
    Correction,
    /// It takes an earlier one back.
    Withdrawal,
}

impl Relation {
    /// `identical`, `shortened`, `extended`, `altered`; `update`, `correction`, `withdrawal`.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Identical => "identical",
            Relation::Shortened => "shortened",
            Relation::Extended => "extended",
            Relation::Altered => "altered",
            Relation::Update => "update",
            Relation::Correction => "correction",
            Relation::Withdrawal => "withdrawal",
        }
    }
}

/// How much two texts have in common: the share of the smaller one that is in the larger, and
/// the share of both together.
pub fn similarity(a: &Sketch, b: &Sketch) -> (f64, f64) {
    let small = a.shingles.len().min(b.shingles.len());
    if small == 0 {
        return (0.0, 0.0);
    }
    let known: FxHashSet<u32> = a.shingles.iter().copied().collect();
    let common = b.shingles.iter().filter(|s| known.contains(s)).count();
    let all = a.shingles.len() + b.shingles.len() - common;
    (common as f64 / small as f64, common as f64 / all as f64)
}

/// Whether one text may be a new version of the other, where the press says that it is one of
/// some article: an update may rewrite most of it, but not who and where.
pub(crate) fn may_revise(one: &Sketch, other: &Sketch) -> bool {
    let (contained, _) = similarity(one, other);
    contained >= REVISED
        && one.names_shared(other).is_none_or(|share| share >= STILL_NAMED)
}

/// From this share of the smaller text on.
const REVISED: f64 = 0.2;
/// And from this share of its capitalised words.
const STILL_NAMED: f64 = 0.5;

/// What the second text is to the first, if they are versions of one dispatch.
pub fn relation(first: &Sketch, second: &Sketch) -> Option<Relation> {
    if !first.is_telling() || !second.is_telling() {
        return (first == second && !first.shingles.is_empty())
            .then_some(Relation::Identical);
    }
    let (contained, alike) = similarity(first, second);
    let named = contained >= SAME
        || first.names_shared(second).is_none_or(|share| share >= NAMED);
    if contained < CONTAINED || alike < ALIKE || !named {
        return None;
    }
    let common = contained * first.shingles.len().min(second.shingles.len()) as f64;
    // A shingle that lies across a cut belongs to neither text: a few do not count.
    let kept = common / first.shingles.len() as f64 > 0.95;
    let nothing_new = common / second.shingles.len() as f64 > 0.9;
    Some(match (kept, nothing_new) {
        (true, true) => Relation::Identical,
        (false, true) => Relation::Shortened,
        (true, false) => Relation::Extended,
        (false, false) => Relation::Altered,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "Le port restera fermé trois semaines, a annoncé lundi la capitainerie. \
        Une grue s'est renversée dans la nuit sur un cargo chargé de bois. Personne n'a été \
        blessé. Les pilotes demandent depuis deux ans que le quai soit refait. La région a promis \
        une enquête et dix millions pour les travaux, qui commenceront au printemps.";

    #[test]
    fn versions_are_told_from_other_articles() {
        let first = Sketch::new(FIRST);
        let to = |text: &str| relation(&first, &Sketch::new(text)).map(Relation::name);
        let (half, _) = FIRST.split_at(FIRST.find("Les pilotes").expect("it is there"));
        assert_eq!(to(&FIRST.to_uppercase()), Some("identical"));
        assert_eq!(to(half), Some("shortened"));
        let more = " Le trafic passera par la rade voisine, où deux remorqueurs attendent déjà \
                    les navires.";
        assert_eq!(to(&format!("{FIRST}{more}")), Some("extended"));
        assert_eq!(
            to(
                "Le port a rouvert mardi. La grue avait été enlevée par deux remorqueurs, et les \
                pilotes sont revenus au travail après une réunion avec la région."
            ),
            None
        );
    }

    #[test]
    fn bands_of_a_copy_meet() {
        let first = Sketch::new(FIRST).bands();
        let copy = Sketch::new(&FIRST[..FIRST.len() / 2]).bands();
        assert!(first.iter().any(|b| copy.contains(b)));
        assert!(Sketch::new("Trop court.").bands().is_empty());
    }

    #[test]
    fn a_sketch_goes_through_bytes() {
        let sketch = Sketch::new(FIRST);
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Some(sketch));
        assert_eq!(Sketch::from_bytes(&[9, 0, 0, 0, 1]), None);
        assert_eq!(Sketch::from_bytes(&[9, 0, 0, 0, 1, 0, 0, 0]), None);
    }
}
