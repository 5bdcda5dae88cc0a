//! How is text of an article put on a page, lit and in pieces?
//!
//! It is hostile until shown otherwise: templates escape it, and what stands on one line among
//! other text loses the characters that turn the direction of writing around.

use depeche_archive::tokens;
use serde::Serialize;

/// A run of text, lit or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Run {
    /// The text.
    pub(crate) text: String,
    /// Whether it is what was looked for.
    pub(crate) lit: bool,
}

/// A text with the words of a query lit.
pub(crate) fn lit(text: &str, words: Option<&str>) -> Vec<Run> {
    let text = calm(text);
    let wanted: Vec<String> = words
        .map(|w| tokens(w).into_iter().filter(|t| !t.elided).map(|t| t.fold).collect())
        .unwrap_or_default();
    let mut runs: Vec<Run> = Vec::new();
    let mut from = 0;
    if !wanted.is_empty() {
        for token in tokens(&text) {
            if wanted.iter().any(|w| alike(w, &token.fold)) {
                push(&mut runs, &text[from..token.span.start], false);
                push(&mut runs, &text[token.span.clone()], true);
                from = token.span.end;
            }
        }
    }
    push(&mut runs, &text[from..], false);
    runs
}

fn push(runs: &mut Vec<Run>, text: &str, lit: bool) {
    if !text.is_empty() {
        runs.push(Run { text: text.to_owned(), lit });
    }
}

/// Whether two words are likely forms of one: the index compares stems, which are cut off their
/// words a little further.
fn alike(wanted: &str, word: &str) -> bool {
    const ENDING: usize = 3;
    let (a, b) = (wanted.chars().count(), word.chars().count());
    let common = wanted.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    wanted == word || (common >= 4 && common + ENDING >= a.max(b))
}

/// A text for one line among others: blanks for line ends, and no character that turns the
/// direction of writing around or is not seen.
pub(crate) fn calm(text: &str) -> String {
    let seen = |c: char| match c {
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => {
            None
        }
        '\u{61c}' | '\u{feff}' => None,
        c if c.is_control() => Some(' '),
        c => Some(c),
    };
    text.chars().filter_map(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, words: &str) -> String {
        let runs = lit(text, Some(words));
        let show = |r: Run| if r.lit { format!("[{}]", r.text) } else { r.text };
        runs.into_iter().map(show).collect()
    }

    #[test]
    fn forms_of_a_word_are_lit() {
        assert_eq!(
            shown("Les troupes à l’Élysée", "troupe elysee"),
            "Les [troupes] à l’[Élysée]"
        );
        assert_eq!(shown("le port, la porte", "\"port\""), "le [port], la [porte]");
        assert_eq!(shown("le pont", "port"), "le pont");
        assert_eq!(lit("abc", None).len(), 1);
        assert!(lit("", Some("a")).is_empty());
    }

    #[test]
    fn nothing_turns_the_line_around() {
        assert_eq!(calm("a\u{202e}b\u{2066}c\nd\u{0}e"), "abc d e");
    }
}
