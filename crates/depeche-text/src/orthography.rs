//! How does a language write: what splits a word, what keeps its dot, which marks quote?

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The writing habits of one language, as `lang/<code>/language.toml` states them.
///
/// All lists are in lower case unless a member is written in capitals on purpose; words are
/// compared with `’` read as `'`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orthography {
    /// What may stand before an apostrophe that ends a word of its own: `l`, `qu`, `jusqu`.
    pub elision: Vec<String>,
    /// Words that keep their apostrophe inside: `aujourd'hui`.
    pub whole: Vec<String>,
    /// What a hyphen joins to a verb and is yet a word of its own: `-il`, `-t-elle`.
    pub clitics: Vec<String>,
    /// Words that a hyphen between two of them leaves apart: `mars-avril`.
    #[serde(default)]
    pub loose: Vec<String>,
    /// Words whose dot belongs to them, and after which a sentence goes on: `M.`, `févr.`.
    pub abbreviations: Vec<String>,
    /// Words that keep their dot before a number only, being words without it too: `sept.`.
    pub abbreviations_before_number: Vec<String>,
    /// Words whose dot belongs to them, and may end a sentence too: `etc.`.
    pub closing_abbreviations: Vec<String>,
    /// A word and a single letter that is a name behind it, no initial: `sur x`, `plan b`.
    #[serde(default)]
    pub letter_names: Vec<String>,
    /// Pairs of marks that open and close a quotation: `«»`. Two equal marks are straight.
    pub quotes: Vec<String>,
    /// Marks that open a line of dialogue: `–`.
    pub dialogue: Vec<String>,
    /// Words that may stand before the date in a first line such as `date 2025-02`.
    pub header_words: Vec<String>,
}

/// An [`Orthography`] made ready for looking up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lookup {
    elision: FxHashSet<String>,
    whole: FxHashSet<String>,
    clitics: FxHashSet<String>,
    loose: FxHashSet<String>,
    abbreviations: FxHashSet<String>,
    before_number: FxHashSet<String>,
    closing: FxHashSet<String>,
    letter_names: FxHashSet<String>,
}

impl Lookup {
    pub(crate) fn new(o: &Orthography) -> Lookup {
        let set = |words: &[String]| words.iter().map(|w| fold(w)).collect();
        Lookup {
            elision: set(&o.elision),
            whole: set(&o.whole),
            clitics: set(&o.clitics),
            loose: set(&o.loose),
            abbreviations: set(&o.abbreviations),
            before_number: set(&o.abbreviations_before_number),
            closing: set(&o.closing_abbreviations),
            letter_names: set(&o.letter_names),
        }
    }

    pub(crate) fn elides(&self, word: &str) -> bool {
        word.len() <= 10 && self.elision.contains(&fold(word))
    }

    pub(crate) fn is_whole(&self, word: &str) -> bool {
        word.len() <= 40 && self.whole.contains(&fold(word))
    }

    pub(crate) fn is_clitic(&self, word: &str) -> bool {
        word.len() <= 12 && self.clitics.contains(&fold(word))
    }

    /// Whether a hyphen between `word` and another such word leaves them two.
    pub(crate) fn is_loose(&self, word: &str) -> bool {
        word.len() <= 16 && self.loose.contains(&fold(word))
    }

    /// Whether `word`, which ends in a dot, keeps it.
    pub(crate) fn keeps_dot(&self, word: &str, before_number: bool) -> bool {
        word.len() <= 20 && {
            let word = fold(word);
            self.abbreviations.contains(&word)
                || self.closing.contains(&word)
                || before_number && self.before_number.contains(&word)
        }
    }

    /// Whether `letter` behind `word` is a name of its own.
    pub(crate) fn is_letter_name(&self, word: &str, letter: &str) -> bool {
        word.len() <= 20 && self.letter_names.contains(&fold(&format!("{word} {letter}")))
    }

    /// Whether `word`, which keeps its dot, may yet be the last of its sentence.
    pub(crate) fn may_close(&self, word: &str) -> bool {
        word.len() <= 20 && self.closing.contains(&fold(word))
    }
}

/// Lower case, apostrophes straight, ligatures open, accents composed: the form under which
/// words are compared.
///
/// ```
/// use depeche_text::fold;
///
/// assert_eq!(fold("Aujourd’hui"), "aujourd'hui");
/// assert_eq!(fold("Cœur"), "coeur");
/// assert_eq!(fold("e\u{301}te\u{301}"), "été");
/// ```
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    fold_into(word, &mut folded);
    folded
}

/// As [`fold`], into a buffer that is emptied first: the hot loops own one.
pub fn fold_into(word: &str, folded: &mut String) {
    folded.clear();
    if word.is_ascii() {
        folded.push_str(word);
        folded.make_ascii_lowercase();
    } else if word.contains(is_combining) {
        word.nfc().for_each(|c| fold_char(c, folded));
    } else {
        word.chars().for_each(|c| fold_char(c, folded));
    }
}

/// As [`fold`], and without accents: the form under which proper names are compared, which every
/// newspaper spells in its own way.
///
/// ```
/// use depeche_text::fold_plain;
///
/// assert_eq!(fold_plain("São Tomé"), "sao tome");
/// ```
pub fn fold_plain(word: &str) -> String {
    let folded = fold(word);
    if folded.is_ascii() {
        return folded;
    }
    folded.nfd().filter(|&c| !is_combining(c)).collect()
}

fn fold_char(c: char, folded: &mut String) {
    match c {
        '’' | 'ʼ' | '‘' => folded.push('\''),
        '‑' => folded.push('-'),
        'œ' | 'Œ' => folded.push_str("oe"),
        'æ' | 'Æ' => folded.push_str("ae"),
        _ => folded.extend(c.to_lowercase()),
    }
}

/// Marks that sit on the letter before them.
pub(crate) fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{200c}' | '\u{200d}' | '\u{ad}')
}
