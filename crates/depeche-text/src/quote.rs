//! What stands in quotation marks? All styles, paired across sentences and paragraphs.
//!
//! « … » and “ … ” open and close by themselves; a straight mark opens or closes by what it
//! clings to. A quotation that runs on into the next paragraph reopens there; one that is never
//! closed ends with its paragraph, and one that was never opened begins with its sentence.

use std::ops::Range;

use crate::token::{Gap, Token, TokenKind};

/// Words in quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// The tokens inside the marks.
    pub inside: Range<usize>,
    /// The tokens with the marks that are there.
    pub outside: Range<usize>,
    /// How many quotations it lies in.
    pub depth: u8,
    /// Whether both marks are there.
    pub closed: bool,
    /// Whether it is a line of dialogue, opened by a dash.
    pub dialogue: bool,
}

/// Which marks a language quotes with.
#[derive(Clone, Debug, Default)]
pub struct QuoteMarks {
    directed: Vec<(String, String)>,
    straight: Vec<String>,
    dialogue: Vec<String>,
}

/// A mark that is open: its token, the pair it belongs to, and whether it was reopened.
#[derive(Clone, Copy, Debug)]
struct Open {
    token: usize,
    style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Directed(usize),
    Straight(usize),
}

/// A quotation that was never opened has at least so many words, or its mark is a slip.
const SHORTEST_REPAIR: usize = 4;

/// How far back the beginning of a quotation that was never opened is looked for.
const LONGEST_REPAIR: usize = 80;

/// Marks within marks within marks: deeper ones are noise.
const DEEPEST: usize = 4;

impl QuoteMarks {
    /// From pairs such as `«»` and `""`, and the dashes that open dialogue.
    pub fn new(pairs: &[String], dialogue: &[String]) -> QuoteMarks {
        let mut marks =
            QuoteMarks { dialogue: dialogue.to_vec(), ..QuoteMarks::default() };
        for pair in pairs {
            let mut chars = pair.chars();
            if let (Some(open), Some(close)) = (chars.next(), chars.next()) {
                if open == close {
                    marks.straight.push(open.to_string());
                } else {
                    marks.directed.push((open.to_string(), close.to_string()));
                }
            }
        }
        marks
    }

    /// The quotations of a text, by where they open; an outer one before those inside it.
    pub fn quotations(&self, text: &str, tokens: &[Token]) -> Vec<Quotation> {
        let mut pairing =
            Pairing { marks: self, text, tokens, open: Vec::new(), found: Vec::new() };
        for (i, token) in tokens.iter().enumerate() {
            if i > 0 && token.gap >= Gap::Line {
                pairing.end_line(i);
            }
            pairing.token(i);
        }
        pairing.end_line(tokens.len());
        pairing.found.extend(self.dialogue(text, tokens));
        let mut found = pairing.found;
        found.sort_by_key(|q| (q.outside.start, usize::MAX - q.outside.end));
        found
    }

    /// Lines that open with a dash, where at least two do: one dash may be a dateline's. Items
    /// of a list, which a semicolon ends or a small letter begins, are no dialogue.
    fn dialogue(&self, text: &str, tokens: &[Token]) -> Vec<Quotation> {
        let mut lines: Vec<Quotation> = Vec::new();
        let mut i = 0;
        while i < tokens.len() {
            let end = (i + 1..tokens.len())
                .find(|&j| tokens[j].gap >= Gap::Line)
                .unwrap_or(tokens.len());
            let dash = self.dialogue.iter().any(|d| d == tokens[i].span.of(text));
            let word = |j: usize| tokens[j].span.of(text);
            let item = |i: usize| {
                word(end - 1) == ";" || word(i + 1).starts_with(char::is_lowercase)
            };
            if dash && end > i + 3 && !item(i) {
                lines.push(Quotation {
                    inside: i + 1..end,
                    outside: i..end,
                    depth: 0,
                    closed: false,
                    dialogue: true,
                });
            }
            i = end;
        }
        if lines.len() < 2 { Vec::new() } else { lines }
    }
}

struct Pairing<'a> {
    marks: &'a QuoteMarks,
    text: &'a str,
    tokens: &'a [Token],
    open: Vec<Open>,
    found: Vec<Quotation>,
}

impl Pairing<'_> {
    fn word(&self, i: usize) -> &str {
        self.tokens[i].span.of(self.text)
    }

    fn token(&mut self, i: usize) {
        if self.tokens[i].kind != TokenKind::Punct {
            return;
        }
        let word = self.word(i);
        if let Some(n) = self.marks.directed.iter().position(|(open, _)| open == word) {
            self.open_mark(i, Style::Directed(n));
        } else if let Some(n) = self.marks.directed.iter().position(|(_, c)| c == word) {
            self.close_directed(i, n);
        } else if let Some(n) = self.marks.straight.iter().position(|m| m == word) {
            self.straight(i, n);
        }
    }

    fn open_mark(&mut self, i: usize, style: Style) {
        // A paragraph that begins with the mark of an open quotation goes on with it.
        let reopens = self.tokens[i].gap >= Gap::Line
            && self.open.last().is_some_and(|o| o.style == style);
        if !reopens && self.open.len() < DEEPEST {
            self.open.push(Open { token: i, style });
        }
    }

    fn close_directed(&mut self, i: usize, n: usize) {
        let style = Style::Directed(n);
        // « » » » at the head of each paragraph is an old habit: the quotation goes on.
        let reopens = self.tokens[i].gap >= Gap::Line;
        match self.open.iter().rposition(|o| o.style == style) {
            Some(at) if !reopens => self.close_from(at, i),
            // « ’ » alone is an apostrophe.
            None if !reopens && self.word(i) != "’" => self.never_opened(i),
            _ => {}
        }
    }

    fn straight(&mut self, i: usize, n: usize) {
        let style = Style::Straight(n);
        let open = self.open.iter().rposition(|o| o.style == style);
        let clings_left = self.tokens[i].gap == Gap::None && i > 0;
        let pause = self.pause_at(i + 1);
        let clings_right =
            !pause && self.tokens.get(i + 1).is_some_and(|t| t.gap == Gap::None);
        match open {
            // A mark that opens for certain, while one is open: that one was never closed.
            Some(at) if !clings_left && clings_right && self.ends_sentence_before(i) => {
                self.repair(at, i);
                self.open_mark(i, style);
            }
            Some(at) => self.close_from(at, i),
            None if clings_left && !clings_right && !self.after_elision(i) => {
                // « 15" » are inches; « …demain", a-t-il dit » was never opened.
                if pause && i > 0 && self.tokens[i - 1].kind == TokenKind::Word {
                    self.never_opened(i);
                }
            }
            None => self.open_mark(i, style),
        }
    }

    /// A closing mark alone: its quotation begins with the sentence, or behind the last one.
    fn never_opened(&mut self, end: usize) {
        let floor = end.saturating_sub(LONGEST_REPAIR);
        let begins = |&i: &usize| {
            i == 0
                || self.tokens[i].gap >= Gap::Line
                || self.ends_sentence_before(i)
                || i > 0 && self.is_mark(i - 1)
        };
        let Some(start) = (floor..end).rev().find(begins) else { return };
        let speech = end - start >= SHORTEST_REPAIR
            && self.open.is_empty()
            && !self.is_mark(start)
            && (start == 0 || !self.is_mark(start - 1));
        if speech {
            self.found.push(Quotation {
                inside: start..end,
                outside: start..end + 1,
                depth: 0,
                closed: false,
                dialogue: false,
            });
        }
    }

    /// Whether a token is a mark of any style.
    fn is_mark(&self, i: usize) -> bool {
        let word = self.word(i);
        let directed =
            self.marks.directed.iter().any(|(open, close)| open == word || close == word);
        directed || self.marks.straight.iter().any(|m| m == word)
    }

    /// Whether a token is a stop or comma that may follow a closing mark.
    fn pause_at(&self, i: usize) -> bool {
        i < self.tokens.len() && matches!(self.word(i), "," | "." | ";" | ":" | "!" | "?")
    }

    /// `l'"accord"`: the mark clings to the article.
    fn after_elision(&self, i: usize) -> bool {
        i > 0 && self.word(i - 1).ends_with(['\'', '’', '(', '[', '-'])
    }

    fn ends_sentence_before(&self, i: usize) -> bool {
        i > 0 && matches!(self.word(i - 1), "." | "!" | "?" | "…")
    }

    fn close_from(&mut self, at: usize, end: usize) {
        // Whatever is open inside ends with it.
        while self.open.len() > at + 1 {
            let inner = self.open.len() - 1;
            self.repair(inner, end);
        }
        let open = self.open.remove(at);
        self.push(open, end, end + 1, true);
    }

    /// Ends a quotation that has no closing mark before token `end`.
    fn repair(&mut self, at: usize, end: usize) {
        let open = self.open.remove(at);
        self.push(open, end, end, false);
    }

    fn push(&mut self, open: Open, inside_end: usize, outside_end: usize, closed: bool) {
        if inside_end > open.token + 1 {
            self.found.push(Quotation {
                inside: open.token + 1..inside_end,
                outside: open.token..outside_end,
                depth: self.open.len() as u8,
                closed,
                dialogue: false,
            });
        }
    }

    /// At the end of a line, quotations end that the next line does not go on with.
    fn end_line(&mut self, next: usize) {
        let goes_on = next < self.tokens.len() && {
            let word = self.word(next);
            let inner = self.open.last().map(|o| o.style);
            match inner {
                Some(Style::Directed(n)) => {
                    let (open, close) = &self.marks.directed[n];
                    // Either the line reopens, or the closing mark comes before another opens.
                    word == open || word == close || self.closes_ahead(next, open, close)
                }
                Some(Style::Straight(n)) => word == self.marks.straight[n],
                None => false,
            }
        };
        if goes_on {
            if let Some(Style::Straight(_)) = self.open.last().map(|o| o.style) {
                // A straight mark that opens the next paragraph ends this one's quotation
                // and begins its own: the two are joined later by their speaker.
                while !self.open.is_empty() {
                    let last = self.open.len() - 1;
                    self.repair(last, next);
                }
            }
            return;
        }
        while let Some(&Open { token, style }) = self.open.last() {
            let last = self.open.len() - 1;
            if matches!(style, Style::Straight(_)) && self.stands_behind(token, next) {
                self.open.truncate(last);
                self.never_opened(token);
            } else {
                self.repair(last, next);
            }
        }
    }

    /// Whether a straight mark with blanks on both sides, alone in its line, closes what stands
    /// before it: « Tout va bien " explique le maire ».
    fn stands_behind(&self, mark: usize, next: usize) -> bool {
        let free = self.tokens[mark].gap != Gap::None
            && self.tokens.get(mark + 1).is_some_and(|t| t.gap != Gap::None);
        let goes_on =
            mark + 1 < next && self.word(mark + 1).starts_with(char::is_lowercase);
        free && goes_on && mark > 0 && !self.ends_sentence_before(mark)
    }

    /// Whether, within the next lines, the quotation is closed before anything reopens.
    fn closes_ahead(&self, from: usize, open: &str, close: &str) -> bool {
        let mut lines = 0;
        for i in from..self.tokens.len().min(from + 400) {
            if self.tokens[i].gap >= Gap::Line {
                lines += 1;
            }
            if lines > 3 {
                return false;
            }
            let word = self.word(i);
            if word == close {
                return true;
            }
            if word == open {
                return false;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Orthography, Tokenizer};

    /// The quotations of a text, each in the words it holds.
    fn found(text: &str) -> Vec<String> {
        let orthography =
            Orthography { elision: vec!["l".into()], ..Orthography::default() };
        let tokens = Tokenizer::new(&orthography).tokens(text);
        let pairs = ["«»", "“”", "\"\""].map(String::from);
        let marks = QuoteMarks::new(&pairs, &["–".to_owned()]);
        let inside = |q: Quotation| {
            let (first, last) = (tokens[q.inside.start], tokens[q.inside.end - 1]);
            let words = &text[first.span.start as usize..last.span.end as usize];
            format!(
                "{}{}{words}",
                ">".repeat(q.depth as usize),
                if q.closed { "" } else { "!" }
            )
        };
        marks.quotations(text, &tokens).into_iter().map(inside).collect()
    }

    #[test]
    fn marks_pair() {
        assert_eq!(found("Il dit « oui » et \"non\"."), ["oui", "non"]);
        assert_eq!(
            found("« Il a dit “peut-être” », dit-elle."),
            ["Il a dit “peut-être”", ">peut-être"]
        );
        assert_eq!(found("l'\"accord\" tient"), ["accord"]);
        assert_eq!(found("Un écran de 15\" suffit."), [""; 0]);
    }

    #[test]
    fn what_is_never_closed_ends_with_its_paragraph() {
        assert_eq!(found("« Jamais, dit-il.\n\nPuis il sortit."), ["!Jamais, dit-il."]);
        assert_eq!(found("\"Jamais. \"Si\", dit-elle."), ["!Jamais.", "Si"]);
    }

    #[test]
    fn what_was_never_opened_begins_with_its_sentence() {
        assert_eq!(
            found("Il neige. Nous partons ce soir », dit-elle."),
            ["!Nous partons ce soir"]
        );
        assert_eq!(
            found("Il neige. Nous partons ce soir\", dit-elle."),
            ["!Nous partons ce soir"]
        );
        assert_eq!(found("Tout va bien ici \" dit le maire."), ["!Tout va bien ici"]);
        assert_eq!(found("Un écran de 15\", et rien de plus ici."), [""; 0]);
        assert_eq!(found("Il a dit « oui » » et il est parti."), ["oui"]);
    }

    #[test]
    fn a_quotation_runs_on_into_the_next_paragraph() {
        assert_eq!(found("« Un.\n\n« Deux. » Fin."), ["Un.\n\n« Deux."]);
        assert_eq!(found("« Un.\n\nDeux. » Fin."), ["Un.\n\nDeux."]);
        assert_eq!(found("\"Un.\n\n\"Deux\", dit-il."), ["!Un.", "Deux"]);
    }

    #[test]
    fn dashes_open_dialogue() {
        assert_eq!(
            found("– Tu pars ce soir ?\n– Oui, je pars.\nIl partit."),
            ["!Tu pars ce soir ?", "!Oui, je pars."]
        );
        assert_eq!(found("– Un seul tiret, sans dialogue."), [""; 0]);
    }
}
