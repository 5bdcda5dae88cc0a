//! Which hits have most of the words, in the fewest others?

use depeche_archive::tokens;

use super::shape::Item;

/// Words of the same beginning are one word in other forms, for ranking.
const BEGINNING: usize = 5;

/// Puts those first in which the words stand most often and closest; of equal ones the newest.
pub(crate) fn rank(items: &mut [impl Item], words: &str) {
    let score = score(words);
    items.sort_by_cached_key(|item| std::cmp::Reverse(score(item.words())));
}

/// How much of the words a text has, in thousandths, for an order that is whole.
pub(crate) fn score(words: &str) -> impl Fn(&str) -> usize + use<> {
    let asked: Vec<String> =
        tokens(words).into_iter().map(|t| beginning(&t.fold)).collect();
    move |text: &str| {
        let words = tokens(text);
        let here = words.iter().filter(|w| asked.contains(&beginning(&w.fold))).count();
        here * 1000 / (words.len() + 10)
    }
}

fn beginning(word: &str) -> String {
    word.chars().take(BEGINNING).collect()
}
