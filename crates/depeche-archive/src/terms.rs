//! Which words of a text are looked for, whichever way they are written?
//!
//! A text is cut at everything that is no letter or digit. A word is indexed as its stem and as
//! the stem of the word without accents, both in lower case and without accents. One alone is not
//! enough: stemmers of French need the accents, and who looks for « elysee » writes none.
//! A phrase is looked for by its words, and then in the text itself.
//!
//! Nothing here is a word of a language: stemmers are named by the code of theirs. What stands before an apostrophe and has at most two
//! letters (l', d', qu') is no term.

use std::cell::RefCell;
use std::ops::Range;

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The number of this way to cut, fold and stem: an archive that was indexed in another way is
/// indexed anew.
pub(crate) const VERSION: &str = "1, frostem 2.20261016.1";

/// A text in lower case and without accents, with ligatures spelt out.
///
/// ```
/// # use depeche_archive::fold;
/// assert_eq!(fold("Le CŒUR de l’Élysée"), "le coeur de l'elysee");
/// ```
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        fold_char(c, &mut out);
    }
    out
}

fn fold_char(c: char, out: &mut String) {
    match c {
        c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
        'œ' | 'Œ' => out.push_str("oe"),
        'æ' | 'Æ' => out.push_str("ae"),
        'ß' | 'ẞ' => out.push_str("ss"),
        '’' | 'ʼ' => out.push('\''),
        // The letters of French, without the detour over decomposition.
        'à' | 'â' | 'À' | 'Â' => out.push('a'),
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => out.push('e'),
        'î' | 'ï' | 'Î' | 'Ï' => out.push('i'),
        'ô' | 'ö' | 'Ô' | 'Ö' => out.push('o'),
        'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' => out.push('u'),
        'ç' | 'Ç' => out.push('c'),
        c => {
            let letters = std::iter::once(c).nfkd().filter(|m| !is_combining_mark(*m));
            letters.flat_map(char::to_lowercase).for_each(|l| out.push(l));
        }
    }
}

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// The word in lower case and without accents.
    pub fold: String,
    /// Whether an apostrophe follows: `l`, `qu`, `aujourd`.
    pub elided: bool,
}

/// The words of a text.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    each_word(text, |span, fold, elided| {
        tokens.push(Token { span, fold: fold.to_owned(), elided });
    });
    tokens
}

/// Gives the words of a text to `each`: what [`Token`] has, without a copy of each.
pub(crate) fn each_word(text: &str, mut each: impl FnMut(Range<usize>, &str, bool)) {
    let mut word = String::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (in_word(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                word.clear();
                text[from..at].chars().for_each(|c| fold_char(c, &mut word));
                // A symbol such as ½ folds to more than letters; what is left of it counts.
                if !word.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    word.retain(char::is_alphanumeric);
                }
                if !word.is_empty() {
                    each(from..at, &word, matches!(c, '\'' | '’' | 'ʼ'));
                }
                start = None;
            }
            _ => {}
        }
    }
}

fn in_word(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_alphanumeric(),
        false => c.is_alphanumeric() || is_combining_mark(c),
    }
}

/// Stems words of one language.
pub(crate) struct Analyser {
    algorithm: Option<Algorithm>,
}

/// Stems of words that a thread met: the same words come again in every article.
#[derive(Default)]
struct Met {
    /// Of each word, as it is written, the numbers of its stems.
    words: FxHashMap<String, (u32, Option<u32>)>,
    numbers: FxHashMap<String, u32>,
    /// The stems, each with the text for which it was asked last.
    stems: Vec<(String, u64)>,
    /// Counts texts.
    text: u64,
}

impl Met {
    fn number(&mut self, stem: String) -> u32 {
        let next = self.stems.len() as u32;
        *self.numbers.entry(stem).or_insert_with_key(|stem| {
            self.stems.push((stem.clone(), 0));
            next
        })
    }
}

thread_local! {
    static MET: RefCell<Vec<(Option<Algorithm>, Met)>> = const { RefCell::new(Vec::new()) };
}

/// From so many words of a language on, they are forgotten before the next text.
const MOST_MET: usize = 50_000;

impl Analyser {
    /// The analyser for a language, by its BCP 47 code; words of a language without a stemmer
    /// are only folded.
    pub(crate) fn new(lang: &str) -> Analyser {
        let algorithm = match lang.split(['-', '_']).next() {
            Some("fr") => Some(Algorithm::French),
            Some("en") => Some(Algorithm::English),
            _ => None,
        };
        Analyser { algorithm }
    }

    /// Works with the stems that this thread met.
    fn with_met<T>(&self, work: impl FnOnce(&mut Met) -> T) -> T {
        MET.with_borrow_mut(|all| {
            let at = all.iter().position(|(a, _)| *a == self.algorithm);
            let at = at.unwrap_or_else(|| {
                all.push((self.algorithm, Met::default()));
                all.len() - 1
            });
            let (_, met) = &mut all[at];
            if met.words.len() >= MOST_MET {
                *met = Met::default();
            }
            work(met)
        })
    }

    /// The numbers of the stems of a word.
    fn stems_met(&self, met: &mut Met, word: &str, folded: &str) -> (u32, Option<u32>) {
        if let Some(stems) = met.words.get(word) {
            return *stems;
        }
        let mut numbers = self.stems(word, folded).into_iter().map(|s| met.number(s));
        let stems = (numbers.next().unwrap_or_default(), numbers.next());
        met.words.insert(word.to_owned(), stems);
        stems
    }

    /// Gives the stems of a word to `each`.
    fn with_stems(&self, word: &str, folded: &str, mut each: impl FnMut(&str)) {
        self.with_met(|met| {
            let (one, other) = self.stems_met(met, word, folded);
            [Some(one), other]
                .into_iter()
                .flatten()
                .for_each(|n| each(&met.stems[n as usize].0));
        });
    }

    /// The terms of a text, each once, with blanks between.
    pub(crate) fn terms(&self, text: &str) -> String {
        let mut terms = String::with_capacity(text.len() / 2);
        self.with_met(|met| {
            met.text += 1;
            each_word(text, |span, fold, elided| {
                if !is_term(fold, elided) {
                    return;
                }
                let (one, other) = self.stems_met(met, &text[span], fold);
                for number in [Some(one), other].into_iter().flatten() {
                    let (stem, last) = &mut met.stems[number as usize];
                    if std::mem::replace(last, met.text) != met.text {
                        terms.push_str(if terms.is_empty() { "" } else { " " });
                        terms.push_str(stem);
                    }
                }
            });
        });
        terms
    }

    /// The stems of a word: one, or two where accents make a difference. Short words, most of
    /// them grammar or initials, are found as they stand.
    pub(crate) fn stems(&self, word: &str, folded: &str) -> Vec<String> {
        let short = folded.chars().nth(2).is_none();
        let Some(algorithm) = self.algorithm.filter(|_| !short) else {
            return vec![folded.to_owned()];
        };
        let stemmer = Stemmer::new(algorithm);
        let mut stems = vec![fold(&stemmer.stem(folded))];
        if !word.is_ascii() {
            let lower: String = word.nfc().collect::<String>().to_lowercase();
            let stem = fold(&stemmer.stem(&lower));
            if stem != stems[0] && stem.chars().all(char::is_alphanumeric) {
                stems.push(stem);
            }
        }
        stems
    }
}

fn is_term(fold: &str, elided: bool) -> bool {
    !elided || fold.chars().nth(2).is_some()
}

/// What somebody looks for: words by their stems, in any order; what stands in quotation marks
/// as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// An expression of FTS5.
    pub(crate) expression: String,
    /// Phrases, as words without case and accents, which the text itself must have.
    phrases: Vec<Vec<String>>,
    /// Ways to find each word: one of its stems.
    words: Vec<Vec<String>>,
    languages: Vec<String>,
}

impl Query {
    /// The query that is written so, for articles of these languages; `None` without a word.
    pub(crate) fn new(written: &str, languages: &[String]) -> Option<Query> {
        let mut analysers: Vec<Analyser> =
            languages.iter().map(|l| Analyser::new(l)).collect();
        if analysers.is_empty() {
            analysers.push(Analyser::new(""));
        }
        let mut query = Query { languages: languages.to_vec(), ..Query::default() };
        let mut parts: Vec<String> = Vec::new();
        let straight = written.replace(['«', '»', '“', '”'], "\"");
        for (n, piece) in straight.split('"').enumerate() {
            let words = tokens(piece);
            if n % 2 == 1 && !words.is_empty() {
                query.phrases.push(words.iter().map(|w| w.fold.clone()).collect());
            }
            for word in words.iter().filter(|w| is_term(&w.fold, w.elided)) {
                let written = &piece[word.span.clone()];
                let stems = analysers.iter().flat_map(|a| a.stems(written, &word.fold));
                let mut any: Vec<String> = stems.collect();
                any.sort();
                any.dedup();
                let quoted: Vec<String> =
                    any.iter().map(|s| format!("\"{s}\"")).collect();
                parts.push(match quoted.as_slice() {
                    [one] => one.clone(),
                    many => format!("({})", many.join(" OR ")),
                });
                query.words.push(any);
            }
        }
        parts.sort();
        parts.dedup();
        query.expression = parts.join(" AND ");
        (!query.expression.is_empty()).then_some(query)
    }

    /// Whether there are phrases for which the text must be read.
    pub(crate) fn has_phrases(&self) -> bool {
        !self.phrases.is_empty()
    }

    /// Whether a text has every phrase.
    pub(crate) fn fits(&self, text: &str) -> bool {
        if self.phrases.is_empty() {
            return true;
        }
        let words = tokens(text);
        self.phrases.iter().all(|phrase| find(&words, phrase).is_some())
    }

    /// Whether a text has every word and every phrase: what the index answers, for a text that
    /// has none.
    pub(crate) fn words_in(&self, text: &str) -> bool {
        let found = self.stems_of(text);
        let has = |any: &Vec<String>| any.iter().any(|s| found.contains_key(s));
        self.words.iter().all(has) && self.fits(text)
    }

    /// How much the words weigh in a text, as BM25 has it (Robertson and Zaragoza 2009), where `usual`
    /// is the length of a usual text in words. All texts that are compared have every word, so how
    /// rare one is makes no difference.
    pub(crate) fn weight(&self, text: &str, usual: f64) -> f64 {
        const K1: f64 = 1.2;
        const B: f64 = 0.75;
        let analysers: Vec<Analyser> =
            self.languages.iter().map(|l| Analyser::new(l)).collect();
        let mut times = vec![0.0_f64; self.words.len()];
        let tokens = tokens(text);
        for token in &tokens {
            let written = &text[token.span.clone()];
            for (any, times) in self.words.iter().zip(&mut times) {
                let mut is = false;
                for analyser in &analysers {
                    analyser.with_stems(written, &token.fold, |stem| {
                        is |= any.iter().any(|s| s == stem);
                    });
                }
                *times += f64::from(u8::from(is));
            }
        }
        let long = K1 * (1.0 - B + B * tokens.len() as f64 / usual);
        times.into_iter().map(|n| n / (n + long)).sum()
    }

    /// The bytes of a text to show: its first phrase, or one of its words.
    pub(crate) fn place_in(&self, text: &str) -> (usize, usize) {
        if let Some(phrase) = self.first_phrase(text) {
            return (phrase.start, phrase.end);
        }
        let found = self.stems_of(text);
        let first = |any: &Vec<String>| any.iter().filter_map(|s| found.get(s)).min();
        // The rarest word says most, and it is likely the one that comes last.
        self.words.iter().filter_map(first).max().copied().unwrap_or((0, 0))
    }

    /// The stems of a text, with the bytes of the first word that has each.
    fn stems_of(&self, text: &str) -> FxHashMap<String, (usize, usize)> {
        let mut found = FxHashMap::default();
        let analysers: Vec<Analyser> =
            self.languages.iter().map(|l| Analyser::new(l)).collect();
        for token in tokens(text) {
            let written = &text[token.span.clone()];
            for analyser in &analysers {
                analyser.with_stems(written, &token.fold, |stem| {
                    if !found.contains_key(stem) {
                        found.insert(stem.to_owned(), (token.span.start, token.span.end));
                    }
                });
            }
        }
        found
    }

    /// The bytes of the first phrase in a text.
    pub(crate) fn first_phrase(&self, text: &str) -> Option<Range<usize>> {
        let words = tokens(text);
        let phrase = self.phrases.first()?;
        let at = find(&words, phrase)?;
        Some(words[at].span.start..words[at + phrase.len() - 1].span.end)
    }
}

/// Where a run of words starts among the words of a text.
pub(crate) fn find(words: &[Token], phrase: &[String]) -> Option<usize> {
    let same = |w: &[Token]| w.iter().map(|t| &t.fold).eq(phrase);
    words.windows(phrase.len().max(1)).position(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(word: &str) -> Vec<String> {
        Analyser::new("fr").stems(word, &fold(word))
    }

    /// Each way to write what is looked for finds each way in which it may stand in a text.
    #[test]
    fn words_meet_whichever_way_they_are_written() {
        const SAME: &[&[&str]] = &[
            &["Élysée", "elysee", "ÉLYSÉE", "élysée"],
            &["cœur", "coeur", "CŒURS"],
            &["négociation", "négociations", "negociations"],
            &["déployé", "deploye"],
            &["déployé", "déployée", "déployées"],
            &["troupe", "troupes"],
        ];
        for ways in SAME {
            for one in *ways {
                for other in *ways {
                    let (a, b) = (stems(one), stems(other));
                    assert!(
                        a.iter().any(|s| b.contains(s)),
                        "{one} {a:?}, {other} {b:?}"
                    );
                }
            }
        }
        assert!(!stems("porte").iter().any(|s| stems("parti").contains(s)));
    }

    #[test]
    fn an_elided_word_is_no_term() {
        let terms = Analyser::new("fr")
            .terms("L’accord d'aujourd’hui, qu'il signe à 9h30. L'accord ?");
        assert_eq!(terms, "accord aujourd hui il sign a 9h30");
    }

    #[test]
    fn what_is_asked_becomes_an_expression() {
        const CASES: &[(&str, &str)] = &[
            (
                "troupes « accord de paix »",
                "\"accord\" AND \"de\" AND \"paix\" AND \"troup\"",
            ),
            ("UE", "\"ue\""),
            ("déployée", "(\"deploi\" OR \"deploye\")"),
            // Nobody writes an expression of FTS5 by chance.
            ("a* OR (b) \"", "\"a\" AND \"b\" AND \"or\""),
        ];
        for (written, expression) in CASES {
            let query = Query::new(written, &["fr".into()]).expect("it has words");
            assert_eq!(query.expression, *expression, "{written}");
        }
        assert_eq!(Query::new("… l'", &[]), None);
    }

    #[test]
    fn words_weigh_more_where_they_come_again_and_little_else_stands() {
        let query = Query::new("port", &["fr".into()]).expect("it has a word");
        let weight = |text: &str| query.weight(text, 8.0);
        let once = weight("Le port restera fermé trois semaines, dit-on.");
        assert!(weight("Le port, ce port, restera fermé trois semaines.") > once);
        assert!(weight("Le port ferme.") > once);
        assert_eq!(weight("Le marché ferme."), 0.0);
    }

    #[test]
    fn a_phrase_is_found_as_it_is_written() {
        let query =
            Query::new("\"l’accord de paix\"", &["fr".into()]).expect("it has words");
        let text = "Signer L'ACCORD de paix.";
        assert!(query.fits(text));
        assert_eq!(query.first_phrase(text).map(|r| &text[r]), Some("L'ACCORD de paix"));
        assert!(!query.fits("Un accord de paix."));
        assert!(!query.fits("L'accord des paix."));
    }
}
