//! What are the words, and where exactly do they stand?
//!
//! Tokens are the surface words of Universal Dependencies: `l'` and `accord` are two, `du`
//! is one, `a-t-il` is `a` and `-t-il`, `14h30` is one. Between two tokens lies nothing but
//! white space, so that tokens and spaces together are the text again.

use crate::Span;
use crate::orthography::{Lookup, Orthography, is_combining};

/// What a token looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// It starts with a letter.
    Word,
    /// It starts with a digit, or with a sign and a digit.
    Number,
    /// A mark of punctuation, or a run of dots or dashes.
    Punct,
    /// An address, a handle or a tag: `https://…`, `@…`, `#…`.
    Address,
    /// Anything else that is visible: `€`, an emoji.
    Symbol,
}

/// What stands between a token and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nothing: `l'` and `accord`.
    None,
    /// White space on one line.
    Space,
    /// One end of line.
    Line,
    /// An empty line, or the start of the text.
    Paragraph,
}

/// One word, number or mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it looks like.
    pub kind: TokenKind,
    /// What separates it from the token before.
    pub gap: Gap,
    /// Whether a dot at its end is its own: `M.`, `U.S.A.`.
    pub own_dot: bool,
}

/// Cuts text into [`Token`]s after the habits of one language.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    lookup: Lookup,
}

impl Tokenizer {
    /// A tokenizer for the language that writes so.
    pub fn new(orthography: &Orthography) -> Tokenizer {
        Tokenizer { lookup: Lookup::new(orthography) }
    }

    /// The tokens of a text, in order. Linear in its length, whatever it holds.
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(text.len() / 5);
        let mut scanner =
            Scanner { text, at: 0, lookup: &self.lookup, gap: Gap::Paragraph };
        while let Some(token) = scanner.next_token() {
            tokens.push(token);
        }
        tokens
    }

    /// Whether a sentence may end with this token although the dot is its own: `etc.`.
    pub(crate) fn may_close(&self, word: &str) -> bool {
        self.lookup.may_close(word)
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    lookup: &'a Lookup,
    gap: Gap,
}

impl Scanner<'_> {
    fn next_token(&mut self) -> Option<Token> {
        self.skip_space();
        let first = self.peek(0)?;
        let start = self.at;
        let (end, kind) = self.extent(first);
        debug_assert!(end > start, "a token has at least one character");
        let own_dot = matches!(kind, TokenKind::Word) && self.text[..end].ends_with('.');
        let token = Token {
            span: Span::new(start as u32, end as u32),
            kind,
            gap: self.gap,
            own_dot,
        };
        self.at = end;
        self.gap = Gap::None;
        Some(token)
    }

    fn skip_space(&mut self) {
        while let Some(c) = self.text[self.at..].chars().next() {
            if c == '\n' {
                self.gap = if self.gap >= Gap::Line { Gap::Paragraph } else { Gap::Line };
            } else if is_blank(c) {
                self.gap = self.gap.max(Gap::Space);
            } else {
                return;
            }
            self.at += c.len_utf8();
        }
    }

    fn peek(&self, from_here: usize) -> Option<char> {
        self.text[self.at + from_here..].chars().next()
    }

    /// Where the token that starts here ends, and what it looks like.
    fn extent(&self, first: char) -> (usize, TokenKind) {
        let rest = &self.text[self.at..];
        let second = rest[first.len_utf8()..].chars().next();
        if first.is_ascii_digit() {
            return (self.grouped_number(self.word_end()), TokenKind::Number);
        }
        if is_word(first) {
            if is_address(rest) {
                return (self.address_end(), TokenKind::Address);
            }
            return (self.word_end(), TokenKind::Word);
        }
        match first {
            '-' | '+' | '−'
                if self.gap != Gap::None
                    && second.is_some_and(|c| c.is_ascii_digit()) =>
            {
                (self.word_end(), TokenKind::Number)
            }
            '-' if self.gap == Gap::None && second.is_some_and(char::is_alphabetic) => {
                match self.clitic_end(self.at) {
                    Some(end) => (end, TokenKind::Word),
                    None => (self.at + 1, TokenKind::Punct),
                }
            }
            '@' | '#' if second.is_some_and(is_word) => {
                (self.tag_end(), TokenKind::Address)
            }
            '.' | '-' | '_' | '=' | '*' => (self.run_end(first), TokenKind::Punct),
            c if is_punctuation(c) => (self.at + c.len_utf8(), TokenKind::Punct),
            c => (self.at + c.len_utf8(), TokenKind::Symbol),
        }
    }

    /// The end of a run of one mark: `...`, `--`, `****`.
    fn run_end(&self, mark: char) -> usize {
        let run = self.text[self.at..].chars().take_while(|&c| c == mark).count();
        self.at + run * mark.len_utf8()
    }

    /// The end of the word that starts here, which may be cut at an apostrophe or a hyphen.
    fn word_end(&self) -> usize {
        let text = self.text;
        let mut end = self.at + text[self.at..].chars().next().map_or(0, char::len_utf8);
        loop {
            let rest = &text[end..];
            let Some(c) = rest.chars().next() else { return end };
            let after = rest[c.len_utf8()..].chars().next();
            if is_word(c) {
                end += c.len_utf8();
                continue;
            }
            let joins = match c {
                '\'' | '’' | 'ʼ' => {
                    if self.lookup.elides(&text[self.at..end])
                        && !self.lookup.is_whole(self.whole_word(end))
                    {
                        return end + c.len_utf8();
                    }
                    after.is_some_and(char::is_alphanumeric)
                }
                '-' | '‑' => {
                    after.is_some_and(char::is_alphanumeric)
                        && self.clitic_end(end).is_none()
                        && !(is_year(&text[self.at..end])
                            && is_year(&rest[c.len_utf8()..]))
                        && !self.is_loose_pair(end, &rest[c.len_utf8()..])
                }
                '.' => {
                    if self.dot_is_own(end) {
                        end += 1;
                        if after.is_some_and(is_word) || after == Some('-') {
                            continue;
                        }
                        return end;
                    }
                    self.dot_joins(end, after)
                }
                ',' | ':' => {
                    text[..end].ends_with(|c: char| c.is_ascii_digit())
                        && after.is_some_and(|c| c.is_ascii_digit())
                }
                '/' if is_year(&text[self.at..end]) && is_year(&rest[1..]) => false,
                '/' | '&' | '@' | '_' | '·' => after.is_some_and(is_word),
                '°' | 'º' => end - self.at <= 2,
                _ => false,
            };
            if !joins {
                return end;
            }
            end += c.len_utf8();
        }
    }

    /// The whole word around an apostrophe at `at`: `aujourd'hui`, `c'est-à-dire`.
    ///
    /// No further than a whole word may reach, lest a line of `l'l'l'…` cost its square.
    fn whole_word(&self, at: usize) -> &str {
        let tail = self.text[at..]
            .char_indices()
            .take(24)
            .find(|&(_, c)| !(is_word(c) || matches!(c, '\'' | '’' | 'ʼ' | '-')))
            .map_or(0, |(i, _)| i);
        &self.text[self.at..at + tail]
    }

    /// The end of the clitic whose hyphen stands at `at`, if it is one: `-t-il`.
    fn clitic_end(&self, at: usize) -> Option<usize> {
        let rest = &self.text[at + 1..];
        let mut end = at + 1;
        for c in rest.chars().take(8) {
            if !(c.is_alphabetic() || c == '-') {
                break;
            }
            end += c.len_utf8();
        }
        self.lookup.is_clitic(&self.text[at..end]).then_some(end)
    }

    /// Whether the hyphen at `at` stands between two words that stay two: `mars-avril`.
    fn is_loose_pair(&self, at: usize, behind: &str) -> bool {
        let letters = behind.chars().take(16).take_while(|&c| is_word(c));
        let length = letters.map(char::len_utf8).sum();
        let goes_on = behind[length..].starts_with(['-', '‑', '\'', '’']);
        self.lookup.is_loose(&self.text[self.at..at])
            && !goes_on
            && self.lookup.is_loose(&behind[..length])
    }

    /// Whether the dot at `at` belongs to the word before it: `M.`, `J.-P.`, `O.N.U.`.
    fn dot_is_own(&self, at: usize) -> bool {
        let word = &self.text[self.at..at];
        let rest = &self.text[at + 1..];
        let next = rest.chars().find(|c| !is_blank(*c));
        let before_number = next.is_some_and(|c| c.is_ascii_digit());
        if self.lookup.keeps_dot(&self.text[self.at..=at], before_number) {
            return true;
        }
        let last = word.rsplit(['.', '-']).next().unwrap_or_default();
        let mut letters = last.chars();
        let initial = letters.next().is_some_and(char::is_uppercase);
        if !initial || letters.next().is_some() {
            return false;
        }
        // One capital and a dot: an initial when a name may follow, the end of a sentence
        // (« le plan B. ») when the line ends there.
        let inside = word.len() > last.len();
        let before = self.text[..self.at].trim_end_matches(is_blank);
        let before = before.rsplit(|c: char| !c.is_alphabetic()).next();
        if !inside && before.is_some_and(|b| self.lookup.is_letter_name(b, word)) {
            return false;
        }
        inside || {
            next.is_some_and(|c| c.is_uppercase() || c == '-' || c == '.')
                && !rest.starts_with(['\n', '"', '»', '”'])
        }
    }

    /// Whether the dot at `at` joins what stands around it: `1.500`, `lemonde.fr`.
    fn dot_joins(&self, at: usize, after: Option<char>) -> bool {
        let before_is_digit = self.text[..at].ends_with(|c: char| c.is_ascii_digit());
        match after {
            Some(c) if c.is_ascii_digit() => before_is_digit,
            Some(c) => c.is_lowercase() && !before_is_digit,
            None => false,
        }
    }

    /// The end of a number whose thousands are set apart by spaces: `10 000`.
    fn grouped_number(&self, mut end: usize) -> usize {
        let head = &self.text[self.at..end];
        if head.len() > 3 || !head.bytes().all(|b| b.is_ascii_digit()) {
            return end;
        }
        while let Some(group) = group_of_three(&self.text[end..]) {
            end += group;
        }
        end
    }

    fn tag_end(&self) -> usize {
        let rest = &self.text[self.at + 1..];
        let tag = rest.find(|c: char| !is_word(c) && c != '_').unwrap_or(rest.len());
        self.at + 1 + tag
    }

    fn address_end(&self) -> usize {
        let rest = &self.text[self.at..];
        let stop = |c: char| is_blank(c) || "\n»”\"<>".contains(c);
        let address = &rest[..rest.find(stop).unwrap_or(rest.len())];
        let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
        self.at + address.len().max(1)
    }
}

/// The length of ` 000` at the start of `rest`: one space of any width and three digits.
fn group_of_three(rest: &str) -> Option<usize> {
    let space = rest.chars().next()?;
    if !matches!(space, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}') {
        return None;
    }
    let digits = &rest.as_bytes()[space.len_utf8()..];
    let three = digits.get(..3)?.iter().all(u8::is_ascii_digit);
    let more = digits.get(3).is_some_and(|b| b.is_ascii_alphanumeric());
    (three && !more).then_some(space.len_utf8() + 3)
}

/// Letters, digits, and the marks that combine with them.
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        c.is_alphanumeric() || is_combining(c)
    }
}

/// Whether a text begins with four digits and no more: « 2021-2027 » is two years.
fn is_year(text: &str) -> bool {
    let digits = text.bytes().take(5).take_while(u8::is_ascii_digit).count();
    let next = text[digits..].chars().next();
    digits == 4 && next.is_none_or(|c| !is_word(c) && !matches!(c, '-' | '‑' | '/'))
}

/// White space and what is as invisible: controls, the byte order mark, direction marks.
pub(crate) fn is_blank(c: char) -> bool {
    if c.is_ascii() {
        return c <= ' ' || c == '\u{7f}';
    }
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        && !matches!(c, '$' | '+' | '<' | '>' | '^' | '|' | '~' | '=')
        || matches!(c, '«' | '»' | '‹' | '›' | '¿' | '¡' | '·' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}')
}

fn is_address(rest: &str) -> bool {
    let head: &[u8] = &rest.as_bytes()[..rest.len().min(8)];
    head.starts_with(b"http://")
        || head.starts_with(b"https://")
        || head.starts_with(b"www.")
}
