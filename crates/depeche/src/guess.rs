//! Which language is a text in, when nobody says?

use whatlang::Lang;

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// BCP 47.
    pub code: &'static str,
    /// Whether it can be relied on: short texts look like many languages.
    pub sure: bool,
}

/// So much of a text is looked at, in bytes: more tells nothing more.
const ENOUGH: usize = 4096;

/// Tells the language of a text by its letters and trigrams; `None` when it has no letters.
///
/// ```
/// let text = "Les ministres se sont réunis mardi à Vienne pour parler des routes et des ponts.";
/// assert_eq!(depeche::guess(text).map(|g| g.code), Some("fr"));
/// assert_eq!(depeche::guess("12 :"), None);
/// ```
pub fn guess(text: &str) -> Option<Guess> {
    let end = (0..=text.len().min(ENOUGH)).rev().find(|&i| text.is_char_boundary(i))?;
    let info = whatlang::detect(&text[..end])?;
    Some(Guess { code: short_code(info.lang()), sure: info.is_reliable() })
}

/// ISO 639-1 where there is one, as BCP 47 asks; ISO 639-3 otherwise.
fn short_code(lang: Lang) -> &'static str {
    let long = lang.code();
    CODES.iter().find(|(three, _)| *three == long).map_or(long, |(_, two)| two)
}

/// ISO 639-3 and ISO 639-1 of the languages that are told apart here.
const CODES: &[(&str, &str)] = &[
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_short_code_if_any_does() {
        for lang in Lang::all() {
            assert_eq!(short_code(*lang).len(), 2, "{lang:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let text = "é".repeat(ENOUGH);
        assert!(guess(&text).is_some());
    }
}
