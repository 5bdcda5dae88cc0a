//! What is the word in the dictionary? Endings that turn into other endings, learnt from the
//! treebanks.
//!
//! A rule says: words of this kind that end in `aux` end in `al` there. The longest ending
//! that has a rule decides; whole words are endings too, and hold the exceptions.

use std::borrow::Cow;
use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use crate::{Morph, Upos, VerbForm};

/// The longest ending that is looked at, in characters.
pub const LONGEST_ENDING: usize = 7;
/// What stands before a whole word.
const WORD_START: char = '^';

/// One rule: for words of a kind with an ending, how many characters go and what comes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LemmaRule {
    /// Which kind of word, as [`lemma_kind`] tells.
    pub kind: u8,
    /// The ending; a whole word begins with `^`.
    #[serde(borrow)]
    pub ending: Cow<'static, str>,
    /// How many characters are cut off the end.
    pub cut: u8,
    /// What is put there.
    #[serde(borrow)]
    pub add: Cow<'static, str>,
}

/// Kinds of words that are inflected alike: the part of speech, and the form of a verb.
pub fn lemma_kind(upos: Upos, verb: Option<VerbForm>) -> u8 {
    let form = verb.map_or(0, |v| 1 + v as u8);
    upos as u8 * 12 + form
}

/// Whether words of this kind are inflected at all, so that it pays to ask.
pub fn is_inflected(upos: Upos) -> bool {
    matches!(upos, Upos::Verb | Upos::Aux | Upos::Noun | Upos::Adj)
}

/// Rules made ready for looking up.
#[derive(Clone, Debug, Default)]
pub struct Lemmas {
    rules: Vec<LemmaRule>,
    /// The places of rules, by kind and ending.
    places: HashTable<u32>,
}

fn key(kind: u8, ending: &str) -> u64 {
    FxBuildHasher.hash_one((kind, ending))
}

impl Lemmas {
    /// Indexes rules.
    pub fn new(rules: Vec<LemmaRule>) -> Lemmas {
        let mut places = HashTable::with_capacity(rules.len());
        let rehash = |&n: &u32| key(rules[n as usize].kind, &rules[n as usize].ending);
        for (n, rule) in rules.iter().enumerate() {
            places.insert_unique(key(rule.kind, &rule.ending), n as u32, rehash);
        }
        Lemmas { rules, places }
    }

    fn rule(&self, kind: u8, ending: &str) -> Option<&LemmaRule> {
        let is = |&n: &u32| {
            let rule = &self.rules[n as usize];
            rule.kind == kind && rule.ending == ending
        };
        self.places.find(key(kind, ending), is).map(|&n| &self.rules[n as usize])
    }

    /// The lemma of a folded word with this tag; `None` when it is the word itself.
    pub fn lemma(&self, folded: &str, morph: Morph) -> Option<String> {
        if !is_inflected(morph.upos) {
            return None;
        }
        let kind = lemma_kind(morph.upos, morph.verb);
        let mut key = String::with_capacity(folded.len() + 1);
        key.push(WORD_START);
        key.push_str(folded);
        for ending in endings(&key) {
            if let Some(LemmaRule { cut, add, .. }) = self.rule(kind, ending) {
                let kept: usize = folded
                    .char_indices()
                    .rev()
                    .nth((*cut as usize).wrapping_sub(1))
                    .map_or(folded.len(), |(i, _)| i);
                return (*cut > 0 || !add.is_empty())
                    .then(|| format!("{}{add}", &folded[..kept]));
            }
        }
        None
    }
}

/// The endings of a word that begins with `^`: the word itself, then shorter and shorter ones.
pub fn endings(word: &str) -> impl Iterator<Item = &str> {
    let ends = word.char_indices().rev().take(LONGEST_ENDING);
    let starts: Vec<usize> = ends.map(|(i, _)| i).filter(|&i| i > 0).collect();
    let long = starts.into_iter().rev().map(|i| &word[i..]);
    std::iter::once(word).chain(long).chain(std::iter::once(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_ending_decides() {
        let rule = |ending: &str, cut, add: &str| LemmaRule {
            kind: lemma_kind(Upos::Noun, None),
            ending: ending.to_owned().into(),
            cut,
            add: add.to_owned().into(),
        };
        let lemmas = Lemmas::new(vec![
            rule("s", 1, ""),
            rule("aux", 2, "l"),
            rule("^pays", 0, ""),
            rule("eaux", 1, ""),
        ]);
        let lemma = |word: &str| lemmas.lemma(word, Morph::of(Upos::Noun));
        assert_eq!(lemma("accords").as_deref(), Some("accord"));
        assert_eq!(lemma("journaux").as_deref(), Some("journal"));
        assert_eq!(lemma("bateaux").as_deref(), Some("bateau"));
        assert_eq!(lemma("pays"), None);
        assert_eq!(lemma("été"), None);
        assert_eq!(lemmas.lemma("les", Morph::of(Upos::Det)), None);
    }
}
