//! Where does a sentence end?
//!
//! At a full stop, a question or exclamation mark and what closes after it, and at the end
//! of a line. A quotation may hold several sentences and a sentence several quotations: the
//! cut is made by what stands after the mark, never by whether a quotation is open.

use std::ops::Range;

use crate::token::{Gap, Token, TokenKind, Tokenizer};

/// Longer sentences are cut: the parser's work grows with the square of their length.
const LONGEST: usize = 160;

/// Splits tokens into sentences: ranges of tokens that follow each other without a hole.
pub fn sentences(
    tokenizer: &Tokenizer,
    text: &str,
    tokens: &[Token],
) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut i = 0;
    while i < tokens.len() {
        match look(tokenizer, text, tokens, start, i) {
            Look::Cut(end) => {
                sentences.push(start..end);
                start = end;
                i = end;
            }
            Look::GoOn(next) => i = next,
        }
    }
    if start < tokens.len() {
        sentences.push(start..tokens.len());
    }
    sentences
}

enum Look {
    /// The sentence ends before this token.
    Cut(usize),
    /// It does not, and this is the token to look at next.
    GoOn(usize),
}

/// Whether the sentence that began at `start` ends with token `i` or what closes after it.
fn look(
    tokenizer: &Tokenizer,
    text: &str,
    tokens: &[Token],
    start: usize,
    i: usize,
) -> Look {
    let next = i + 1;
    if next == tokens.len() || breaks_line(text, tokens, i) {
        return Look::Cut(next);
    }
    if next - start >= LONGEST {
        return Look::Cut(calm_cut(text, tokens, start, next));
    }
    let word = tokens[i].span.of(text);
    let own_dot_closes = tokens[i].own_dot && tokenizer.may_close(word);
    if !is_stop(word) && !own_dot_closes {
        return Look::GoOn(next);
    }
    let mut end = next;
    while end < tokens.len() && end - start < LONGEST && closes(text, tokens, end) {
        end += 1;
    }
    let ends = end == tokens.len()
        || breaks_line(text, tokens, end - 1)
        || opens_sentence(text, &tokens[end..], if end == next { word } else { "" });
    if ends { Look::Cut(end) } else { Look::GoOn(end) }
}

/// Whether the line ends after token `i`, and not merely because the text was wrapped.
fn breaks_line(text: &str, tokens: &[Token], i: usize) -> bool {
    let next = tokens[i + 1];
    match next.gap {
        Gap::Paragraph => true,
        Gap::Line => {
            let wrapped = next.span.of(text).starts_with(char::is_lowercase)
                && matches!(tokens[i].kind, TokenKind::Word | TokenKind::Number)
                || tokens[i].span.of(text) == ","
                    && next.span.of(text).starts_with(char::is_lowercase);
            !wrapped
        }
        Gap::None | Gap::Space => false,
    }
}

fn is_stop(word: &str) -> bool {
    matches!(word, "." | "!" | "?" | "…" | "‽") || word.starts_with("..")
}

/// Whether token `i`, which follows a stop, still belongs to the sentence before it.
fn closes(text: &str, tokens: &[Token], i: usize) -> bool {
    let token = tokens[i];
    match token.span.of(text) {
        "»" | "”" | ")" | "]" | "’" | "!" | "?" | "." | "…" | "..." => {
            token.gap < Gap::Line
        }
        // A straight mark closes when it clings to the stop, or when nothing clings to it.
        "\"" | "'" => {
            token.gap == Gap::None
                || token.gap == Gap::Space
                    && tokens.get(i + 1).is_none_or(|t| t.gap != Gap::None)
        }
        _ => false,
    }
}

/// Whether what follows a stop begins a new sentence.
fn opens_sentence(text: &str, rest: &[Token], stop: &str) -> bool {
    let mut stop = stop;
    for token in rest.iter().take(8) {
        let word = token.span.of(text);
        match token.kind {
            TokenKind::Number | TokenKind::Address | TokenKind::Symbol => return true,
            TokenKind::Word => {
                let small = word.starts_with(char::is_lowercase);
                // « Non! » répond-il goes on; a bare full stop before a small letter is a
                // slip of the keyboard and ends the sentence all the same.
                return !small || stop == "." && token.gap != Gap::None && word.len() > 3;
            }
            TokenKind::Punct => match word {
                "«" | "“" | "\"" | "(" | "[" | "—" | "–" | "-" | "'" | "‘" | "•"
                | "¿" | "¡" => stop = ".",
                _ => return word.starts_with('*'),
            },
        }
    }
    true
}

/// Where to cut a sentence that is too long: after the last strong pause that leaves a good
/// part on each side, else where it stands.
fn calm_cut(text: &str, tokens: &[Token], start: usize, end: usize) -> usize {
    let middle = start + LONGEST / 2;
    for pause in [";", ":", ",", ")"] {
        let cut = (middle..end).rev().find(|&i| tokens[i].span.of(text) == pause);
        if let Some(i) = cut {
            return i + 1;
        }
    }
    end
}
