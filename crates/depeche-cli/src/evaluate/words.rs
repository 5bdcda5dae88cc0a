//! Which words at an edge are no part of what is compared? Lists in `words.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The lists.
#[derive(Deserialize)]
pub(super) struct Words {
    /// At the start of what was said.
    pub(super) said: Vec<String>,
    /// Parts of names that tell nobody apart.
    pub(super) titles: Vec<String>,
    /// At the start of a time expression, by language.
    pub(super) time: BTreeMap<String, Vec<String>>,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("words.toml")).expect("the lists are read by a test")
});

/// Where one of some words at the start of a stretch ends; words that end with an apostrophe
/// need no blank after them.
pub(super) fn word_at(
    words: &[String],
    text: &[char],
    start: usize,
    end: usize,
) -> Option<usize> {
    let stretch = &text[start..end];
    let same = |c: &char, d: char| c.to_lowercase().eq(d.to_lowercase());
    let fits = |word: &&String| {
        let length = word.chars().count();
        let begins = stretch.len() >= length
            && stretch.iter().zip(word.chars()).all(|(c, d)| same(c, d));
        let elided = word.ends_with(['\'', '’']);
        let next = stretch.get(length);
        begins && (elided || next.is_none_or(|c| !c.is_alphanumeric() && *c != '_'))
    };
    let longest = words.iter().filter(fits).map(|w| w.chars().count()).max()?;
    Some(start + longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_well_formed() {
        assert!(!WORDS.said.is_empty() && !WORDS.titles.is_empty());
        let text: Vec<char> = "Qu'il quête".chars().collect();
        assert_eq!(word_at(&WORDS.said, &text, 0, text.len()), Some(3));
        assert_eq!(word_at(&WORDS.said, &text, 6, text.len()), None);
    }
}
