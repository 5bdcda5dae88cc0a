//! How is a pattern written? One line, from text to a tree of tests.
//!
//! ```text
//! mardi            the word, whatever its case          "."        a mark, in quotes
//! ~dire            any form of the lemma                @month     a word of the class
//! NOUN VERB.Inf    a part of speech, a form of it       1..31      a number in that range
//! `{h:0..24}h`     parts of one token                   <date>     what an earlier rule found
//! a b              one after the other                  (a | b)    one or the other
//! [a]              a or nothing                         …  …3      some words of the clause
//! !a               not a, without moving on             ^  $       ends of the sentence
//! =Mars            the word exactly as written
//! name:a           a, remembered under that name        Xx         a word with a capital
//! ```

use std::iter::Peekable;
use std::str::CharIndices;

use depeche_text::{Upos, VerbForm};

/// A pattern as it is written, its words still words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ast {
    Word(String),
    Exact(String),
    Lemma(String),
    Class(String),
    Tag(Upos, FormTest),
    Range(i64, i64),
    Template(Vec<Piece>),
    Item(String),
    Capital,
    Start,
    End,
    Gap(u8),
    Seq(Vec<Ast>),
    Any(Vec<Ast>),
    Optional(Box<Ast>),
    Not(Box<Ast>),
    Capture(String, Box<Ast>),
}

/// Which forms of a verb are meant: a set of [`VerbForm`]s, or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FormTest(pub(crate) u16);

impl FormTest {
    /// Every form, and no form at all.
    pub(crate) const ANY: FormTest = FormTest(0);

    fn of(forms: &[VerbForm]) -> FormTest {
        FormTest(forms.iter().map(|&f| 1 << f as u16).sum())
    }

    /// Whether the form is one of those meant.
    pub(crate) fn admits(self, form: Option<VerbForm>) -> bool {
        self == FormTest::ANY || form.is_some_and(|f| self.0 & 1 << f as u16 != 0)
    }
}

/// A part of a template: `{day:1..31}.` is a number and a dot.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Piece {
    /// As it stands, in lower case.
    Literal(String),
    /// Digits in a range; `digits` of them exactly, when the range is written with a nought
    /// in front.
    Number { name: String, low: i64, high: i64, digits: Option<u8> },
    /// Letters that are a word of a class.
    Class { name: String, class: String },
}

/// What is wrong with a pattern, and at which byte of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PatternFault {
    pub(crate) at: usize,
    pub(crate) message: String,
    pub(crate) advice: Option<String>,
}

/// Longest gap that `…` stands for, in tokens.
const GAP: u8 = 8;

/// Reads a pattern.
pub(crate) fn parse(pattern: &str) -> Result<Ast, PatternFault> {
    let mut parser = Parser { text: pattern, chars: pattern.char_indices().peekable() };
    let ast = parser.any(None)?;
    Ok(ast)
}

struct Parser<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

impl Parser<'_> {
    fn here(&mut self) -> usize {
        self.chars.peek().map_or(self.text.len(), |&(i, _)| i)
    }

    fn fault<T>(&self, at: usize, message: impl Into<String>) -> Result<T, PatternFault> {
        Err(PatternFault { at, message: message.into(), advice: None })
    }

    fn advised<T>(
        &self,
        at: usize,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Result<T, PatternFault> {
        Err(PatternFault { at, message: message.into(), advice: Some(advice.into()) })
    }

    /// Alternatives up to a closing bracket, or to the end.
    fn any(&mut self, close: Option<(usize, char)>) -> Result<Ast, PatternFault> {
        let mut alternatives = Vec::new();
        let mut sequence = Vec::new();
        loop {
            let at = self.here();
            match self.chars.peek().map(|&(_, c)| c) {
                Some(c) if c.is_whitespace() => {
                    self.chars.next();
                }
                Some('|') => {
                    self.chars.next();
                    alternatives.push(self.sequence(&mut sequence, at)?);
                }
                Some(c @ (')' | ']')) => {
                    if close.is_none_or(|(_, wanted)| wanted != c) {
                        return self.fault(at, format!("`{c}` closes nothing"));
                    }
                    self.chars.next();
                    alternatives.push(self.sequence(&mut sequence, at)?);
                    return Ok(one_or(alternatives, Ast::Any));
                }
                Some(_) => sequence.push(self.element()?),
                None => {
                    if let Some((open, wanted)) = close {
                        return self.advised(
                            open,
                            "this bracket is never closed",
                            format!("add `{wanted}`"),
                        );
                    }
                    alternatives.push(self.sequence(&mut sequence, at)?);
                    return Ok(one_or(alternatives, Ast::Any));
                }
            }
        }
    }

    fn sequence(
        &mut self,
        elements: &mut Vec<Ast>,
        at: usize,
    ) -> Result<Ast, PatternFault> {
        if elements.is_empty() {
            return self.advised(
                at,
                "nothing stands here",
                "write a word, or leave the `|` or the brackets out",
            );
        }
        Ok(one_or(std::mem::take(elements), Ast::Seq))
    }

    fn element(&mut self) -> Result<Ast, PatternFault> {
        let at = self.here();
        let Some(&(_, c)) = self.chars.peek() else {
            return self.fault(at, "something should follow");
        };
        match c {
            '(' => {
                self.chars.next();
                self.any(Some((at, ')')))
            }
            '[' => {
                self.chars.next();
                Ok(Ast::Optional(Box::new(self.any(Some((at, ']')))?)))
            }
            '!' => {
                self.chars.next();
                Ok(Ast::Not(Box::new(self.element()?)))
            }
            '^' => self.mark(Ast::Start),
            '$' => self.mark(Ast::End),
            '…' => {
                self.chars.next();
                let width = self.while_true(|c| c.is_ascii_digit());
                let width =
                    if width.is_empty() { GAP } else { width.parse().unwrap_or(GAP) };
                Ok(Ast::Gap(width))
            }
            '"' => self.quoted(at),
            '`' => self.template(at),
            '<' => self.item(at),
            '~' => {
                self.chars.next();
                let lemma = self.word();
                if lemma.is_empty() {
                    return self.fault(at, "a lemma should follow `~`");
                }
                Ok(Ast::Lemma(lemma))
            }
            '=' => {
                self.chars.next();
                let word = self.word();
                if word.is_empty() {
                    return self.fault(at, "a word should follow `=`");
                }
                Ok(Ast::Exact(word))
            }
            '@' => {
                self.chars.next();
                let class = self.while_true(is_name);
                if class.is_empty() {
                    return self.fault(at, "the name of a word class should follow `@`");
                }
                Ok(Ast::Class(class))
            }
            _ => self.plain(at),
        }
    }

    fn mark(&mut self, ast: Ast) -> Result<Ast, PatternFault> {
        self.chars.next();
        Ok(ast)
    }

    fn while_true(&mut self, test: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(&(_, c)) = self.chars.peek().filter(|&&(_, c)| test(c)) {
            taken.push(c);
            self.chars.next();
        }
        taken
    }

    fn word(&mut self) -> String {
        self.while_true(|c| !c.is_whitespace() && !"()[]|:\"`<>".contains(c))
    }

    fn quoted(&mut self, at: usize) -> Result<Ast, PatternFault> {
        self.chars.next();
        let text = self.while_true(|c| c != '"');
        if self.chars.next().is_none() {
            return self.fault(at, "this quotation mark is never closed");
        }
        Ok(Ast::Word(text))
    }

    fn item(&mut self, at: usize) -> Result<Ast, PatternFault> {
        self.chars.next();
        let name = self.while_true(is_name);
        match self.chars.next() {
            Some((_, '>')) if !name.is_empty() => Ok(Ast::Item(name)),
            _ => self.advised(at, "no such item", "write `<name>`, as in `<date>`"),
        }
    }

    /// A word, a tag, a range, a capital, or a name before a colon.
    fn plain(&mut self, at: usize) -> Result<Ast, PatternFault> {
        let word = self.word();
        if self.chars.peek().is_some_and(|&(_, c)| c == ':') {
            if word.is_empty() || !word.chars().all(is_name) {
                return self.advised(
                    at,
                    "a name should stand before `:`",
                    "a colon that is meant as a mark is written \":\"",
                );
            }
            self.chars.next();
            return Ok(Ast::Capture(word, Box::new(self.element()?)));
        }
        if word == "Xx" {
            return Ok(Ast::Capital);
        }
        if let Some((low, high)) = word.split_once("..") {
            return match (low.parse(), high.parse()) {
                (Ok(low), Ok(high)) if low <= high => Ok(Ast::Range(low, high)),
                _ => self.advised(
                    at,
                    format!("`{word}` is no range"),
                    "write two whole numbers, the smaller first: `1..31`",
                ),
            };
        }
        if word.len() > 1
            && word.chars().all(|c| c.is_ascii_uppercase() || c == '.')
            && let Some(upos) = Upos::from_name(&word)
        {
            return Ok(Ast::Tag(upos, FormTest::ANY));
        }
        if let Some((tag, form)) = word.split_once('.')
            && let Some(upos) = Upos::from_name(tag)
        {
            return match form_test(form) {
                Some(test) => Ok(Ast::Tag(upos, test)),
                None => self.advised(
                    at,
                    format!("`{form}` is no form of a verb"),
                    "one of Fin Inf Part PartPast PartPres Pres Imp Past Fut Cnd Sub \
                     Imperative",
                ),
            };
        }
        Ok(Ast::Word(word))
    }

    fn template(&mut self, at: usize) -> Result<Ast, PatternFault> {
        self.chars.next();
        let mut pieces = Vec::new();
        loop {
            let here = self.here();
            match self.chars.next() {
                Some((_, '`')) => break,
                Some((_, '{')) => {
                    let hole = self.while_true(|c| c != '}');
                    self.chars.next();
                    match hole_piece(&hole) {
                        Some(piece) => pieces.push(piece),
                        None => {
                            return self.advised(
                                here,
                                format!("`{{{hole}}}` is no part of a token"),
                                "write `{name:1..31}` or `{name:@class}`",
                            );
                        }
                    }
                }
                Some((_, c)) => {
                    if let Some(Piece::Literal(text)) = pieces.last_mut() {
                        text.extend(c.to_lowercase());
                    } else {
                        pieces.push(Piece::Literal(c.to_lowercase().collect()));
                    }
                }
                None => return self.fault(at, "this backtick is never closed"),
            }
        }
        if pieces.is_empty() {
            return self.fault(at, "an empty template matches nothing");
        }
        Ok(Ast::Template(pieces))
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

fn one_or(mut items: Vec<Ast>, many: fn(Vec<Ast>) -> Ast) -> Ast {
    if items.len() == 1 { items.remove(0) } else { many(items) }
}

fn hole_piece(hole: &str) -> Option<Piece> {
    let (name, test) = hole.split_once(':')?;
    let name = name.to_owned();
    if let Some(class) = test.strip_prefix('@') {
        return Some(Piece::Class { name, class: class.to_owned() });
    }
    let (low, high) = test.split_once("..")?;
    let digits = (low.len() > 1 && low.starts_with('0')).then_some(low.len() as u8);
    Some(Piece::Number { name, low: low.parse().ok()?, high: high.parse().ok()?, digits })
}

fn form_test(form: &str) -> Option<FormTest> {
    use VerbForm::{Cnd, Fut, Imp, Imperative, Inf, PartPast, PartPres, Past, Pres, Sub};
    let forms: &[VerbForm] = match form {
        "Fin" => &[Pres, Imp, Past, Fut, Cnd, Sub, Imperative],
        "Part" => &[PartPast, PartPres],
        "Inf" => &[Inf],
        "PartPast" => &[PartPast],
        "PartPres" => &[PartPres],
        "Pres" => &[Pres],
        "Imp" => &[Imp],
        "Past" => &[Past],
        "Fut" => &[Fut],
        "Cnd" => &[Cnd],
        "Sub" => &[Sub],
        "Imperative" => &[Imperative],
        _ => return None,
    };
    Some(FormTest::of(forms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operator_is_read() {
        let word = |w: &str| Ast::Word(w.into());
        let cases = [
            ("mardi", word("mardi")),
            ("\".\"", word(".")),
            ("=Mars", Ast::Exact("Mars".into())),
            ("~dire", Ast::Lemma("dire".into())),
            ("@month", Ast::Class("month".into())),
            ("NOUN", Ast::Tag(Upos::Noun, FormTest::ANY)),
            ("VERB.Inf", Ast::Tag(Upos::Verb, FormTest::of(&[VerbForm::Inf]))),
            ("1..31", Ast::Range(1, 31)),
            ("<date>", Ast::Item("date".into())),
            ("Xx", Ast::Capital),
            ("a b", Ast::Seq(vec![word("a"), word("b")])),
            ("(a | b)", Ast::Any(vec![word("a"), word("b")])),
            ("[a]", Ast::Optional(Box::new(word("a")))),
            ("…", Ast::Gap(GAP)),
            ("…3", Ast::Gap(3)),
            ("!a", Ast::Not(Box::new(word("a")))),
            ("^ $", Ast::Seq(vec![Ast::Start, Ast::End])),
            ("d:@day", Ast::Capture("d".into(), Box::new(Ast::Class("day".into())))),
            (
                "`{h:0..24}H{m:00..59}`",
                Ast::Template(vec![
                    Piece::Number { name: "h".into(), low: 0, high: 24, digits: None },
                    Piece::Literal("h".into()),
                    Piece::Number { name: "m".into(), low: 0, high: 59, digits: Some(2) },
                ]),
            ),
        ];
        for (pattern, ast) in cases {
            assert_eq!(parse(pattern), Ok(ast), "{pattern}");
        }
    }

    #[test]
    fn faults_tell_their_place() {
        for (pattern, at, message) in [
            ("a (b", 2, "this bracket is never closed"),
            ("a ) b", 2, "`)` closes nothing"),
            ("a | ", 4, "nothing stands here"),
            ("()", 1, "nothing stands here"),
            ("31..1", 0, "`31..1` is no range"),
            ("VERB.Xyz", 0, "`Xyz` is no form of a verb"),
            ("`{d}`", 1, "`{d}` is no part of a token"),
            ("\"a", 0, "this quotation mark is never closed"),
            ("~ a", 0, "a lemma should follow `~`"),
        ] {
            let fault = parse(pattern).unwrap_err();
            assert_eq!((fault.at, fault.message.as_str()), (at, message), "{pattern}");
        }
    }
}
