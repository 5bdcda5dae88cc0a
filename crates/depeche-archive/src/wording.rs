//! What does the press of a language write that the archive must understand? Marks of versions,
//! and numbers in words. They are data of the language; the archive keeps the ones it was told,
//! so that whoever opens it later understands the same.

use rusqlite::Connection;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::archive::{Archive, set};
use crate::copies::Relation;
use crate::error::Result;
use crate::terms::{Token, tokens};
use crate::write::Writer;

/// Words of one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// BCP 47 code of the language: `fr`.
    pub lang: String,
    /// What is written over an article that is a version of an earlier one.
    pub marks: Vec<Mark>,
    /// Numbers in words, with their values.
    pub numbers: Vec<(String, u64)>,
    /// What a number before it is multiplied by, with its value.
    pub multipliers: Vec<(String, u64)>,
}

/// Words that say which version an article is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The words.
    pub words: String,
    /// `update`, `correction` or `withdrawal`.
    pub version: Relation,
    /// Where they may stand.
    pub form: Form,
}

/// Where a mark stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Set off from what follows: first of a line before a colon or a dash, first in
    /// parentheses, or alone.
    Label,
    /// Anywhere in the lines that head or end an article.
    Phrase,
}

/// So many first lines may say which version an article is.
const HEAD: usize = 3;
/// And so many last ones.
const TAIL: usize = 2;
/// Of a line, so many characters at most: the rest is story.
const LINE: usize = 300;

impl Wording {
    /// Which version an article says that it is, by its headline and the lines at its ends;
    /// `None` where it says nothing. What takes back goes before what corrects, and that before
    /// what brings up to date.
    pub fn version(&self, title: Option<&str>, text: &str) -> Option<Relation> {
        let full = || text.lines().filter(|l| !l.trim().is_empty());
        let count = full().count();
        let head = full().take(HEAD);
        // A last paragraph of the story is no line about it.
        let short = |l: &&str| l.chars().count() <= LINE;
        let tail = full().skip(count.saturating_sub(TAIL).max(HEAD)).filter(short);
        let lines = title.into_iter().chain(head).chain(tail);
        lines.filter_map(|line| self.mark_of(cut(line))).max()
    }

    fn mark_of(&self, line: &str) -> Option<Relation> {
        let words = tokens(line);
        let versions = (0..words.len()).flat_map(|at| {
            self.marks_from(&words[at].fold).iter().map(move |mark| (at, mark))
        });
        let stands = |(at, mark): &(usize, &Mark)| {
            let mut end = *at;
            let same = mark.words.split(' ').all(|word| {
                end += 1;
                words.get(end - 1).is_some_and(|w| w.fold == word)
            });
            same && (mark.form == Form::Phrase || is_label(line, &words, *at, end))
        };
        versions.filter(stands).map(|(_, mark)| mark.version).max()
    }

    /// The marks that begin with a word; they are sorted, and a blank comes before every letter.
    fn marks_from(&self, word: &str) -> &[Mark] {
        let start = self.marks.partition_point(|m| m.words.as_str() < word);
        let begins = |m: &&Mark| {
            let rest = m.words.strip_prefix(word);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let long = self.marks[start..].iter().take_while(begins).count();
        &self.marks[start..start + long]
    }

    /// The first number that words begin with or soon come to, and the word that is counted:
    /// `None` where what comes first is « one », which may be an article, or a share.
    pub(crate) fn count(&self, text: &str) -> Option<(u64, Option<String>)> {
        let words = tokens(text);
        let (mut at, mut number) = (0..words.len().min(REACH)).find_map(|at| {
            let (number, end) = self.number_at(text, &words, at)?;
            Some((end, number))
        })?;
        if number <= 1 && !is_digits(&words[at - 1].fold) {
            return None;
        }
        while let Some(by) = words.get(at).and_then(|w| value(&self.multipliers, &w.fold))
        {
            (at, number) = (at + 1, number.saturating_mul(by));
        }
        let gap_end = words.get(at).map_or(text.len(), |w| w.span.start);
        let gap = &text[words[at - 1].span.end..gap_end];
        // Euros, shares of a hundred and hours are no people.
        let counted = gap.chars().all(char::is_whitespace);
        counted.then(|| (number, words.get(at).map(|w| w.fold.clone())))
    }

    /// The number that starts at a word, and the first word after it.
    fn number_at(&self, text: &str, words: &[Token], at: usize) -> Option<(u64, usize)> {
        if is_digits(&words[at].fold) {
            let mut digits = words[at].fold.clone();
            let mut end = at + 1;
            // « 12 000 »: three digits after a blank belong to the number.
            while let Some(word) = words.get(end)
                && is_digits(&word.fold)
                && word.fold.len() == 3
                && text[words[end - 1].span.end..word.span.start].chars().count() == 1
            {
                digits.push_str(&word.fold);
                end += 1;
            }
            return Some((digits.parse().ok()?, end));
        }
        let spelt = |long: usize| {
            let run = words.get(at..at + long)?;
            let run: Vec<&str> = run.iter().map(|w| w.fold.as_str()).collect();
            Some((value(&self.numbers, &run.join(" "))?, at + long))
        };
        let alone = || Some((value(&self.multipliers, &words[at].fold)?, at + 1));
        (1..=LONGEST).rev().find_map(spelt).or_else(alone)
    }

    /// With its words as those of a text are compared: folded once, for every article
    /// asks, and its marks in their order.
    fn folded(mut self) -> Wording {
        let fold = |text: &str| -> String {
            let words: Vec<String> = tokens(text).into_iter().map(|t| t.fold).collect();
            words.join(" ")
        };
        for (word, _) in self.numbers.iter_mut().chain(&mut self.multipliers) {
            *word = fold(word);
        }
        for mark in &mut self.marks {
            mark.words = fold(&mark.words);
        }
        self.marks.sort_by(|a, b| a.words.cmp(&b.words));
        self
    }
}

/// A count stands among so many first words: « au moins une centaine de 12 … » is none.
const REACH: usize = 4;
/// A number up to a hundred has so many words at most.
const LONGEST: usize = 4;

fn value(list: &[(String, u64)], word: &str) -> Option<u64> {
    list.iter().find(|(w, _)| w == word).map(|(_, value)| *value)
}

fn is_digits(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

fn cut(line: &str) -> &str {
    line.char_indices().nth(LINE).map_or(line, |(at, _)| &line[..at])
}

/// Whether the words from `from` to `to` are set off from what follows.
fn is_label(line: &str, words: &[Token], from: usize, to: usize) -> bool {
    let (start, end) = (words[from].span.start, words[to - 1].span.end);
    let before = line[..start].trim_end().chars().next_back();
    if before.is_some_and(|c| matches!(c, '(' | '[')) {
        return true;
    }
    let label = &line[start..end];
    let capitals =
        label == label.to_uppercase() && label.chars().any(char::is_alphabetic);
    let ends_line = !line[end..].chars().any(char::is_alphanumeric);
    // At the end of a headline, after a dash.
    if before.is_some_and(|c| DASHES.contains(&c)) && ends_line {
        return true;
    }
    if line[..start].chars().any(char::is_alphanumeric) {
        return false;
    }
    // « LEAD 1-Séoul »: the number of a version belongs to its mark.
    let numbered = words.get(to).filter(|w| is_digits(&w.fold) && w.fold.len() <= 2);
    let end = numbered.map_or(end, |w| w.span.end);
    let rest = &line[end..];
    let mut after = rest.trim_start().chars();
    match after.next() {
        None | Some(':' | '/' | '|' | '=' | ')' | ']') => true,
        // A hyphen that joins two words of the language is in small letters.
        Some(c) if DASHES.contains(&c) => {
            capitals || !after.next().is_some_and(char::is_alphanumeric)
        }
        Some('.') => ends_line,
        Some(c) => {
            let next = words.get(to).map_or("", |w| &line[w.span.clone()]);
            // « CORRECTION Séoul répond »: written otherwise than the headline.
            capitals && c.is_alphabetic() && next != next.to_uppercase()
        }
    }
}

const DASHES: [char; 3] = ['-', '–', '—'];

/// The wording of each language that the archive was told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wordings(FxHashMap<String, Wording>);

impl Wordings {
    pub(crate) fn of(db: &Connection) -> Result<Wordings> {
        let sql = "SELECT value FROM meta WHERE key LIKE 'wording:%' ORDER BY key";
        let mut ask = db.prepare_cached(sql)?;
        let told = ask.query_map([], |row| row.get::<_, String>(0))?;
        let mut all = Wordings::default();
        for json in told {
            // One that a later version wrote is unknown, and no reason to refuse the archive.
            if let Ok(wording) = serde_json::from_str::<Wording>(&json?) {
                all.0.insert(wording.lang.clone(), wording.folded());
            }
        }
        Ok(all)
    }

    /// That of a language, by a BCP 47 code.
    pub(crate) fn get(&self, lang: &str) -> Option<&Wording> {
        self.0.get(lang.split(['-', '_']).next().unwrap_or_default())
    }

    fn sorted(&self) -> Vec<&Wording> {
        let mut all: Vec<&Wording> = self.0.values().collect();
        all.sort_by(|a, b| a.lang.cmp(&b.lang));
        all
    }
}

impl Archive {
    /// What the archive was told of languages, by their codes.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn wordings(&self) -> Result<Vec<Wording>> {
        Ok(Wordings::of(&self.db)?.sorted().into_iter().cloned().collect())
    }
}

impl Writer {
    /// Tells the archive what the press of a language writes. Articles that come in from here
    /// on are understood by it.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn learn(&mut self, wording: Wording) -> Result<()> {
        let wording = wording.folded();
        if self.wordings().get(&wording.lang) != Some(&wording) {
            let json = serde_json::to_string(&wording).expect("words are plain data");
            let key = format!("wording:{}", wording.lang);
            self.in_transaction(|tx| set(tx, &key, &json))?;
            self.take_wordings()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of no language, so that the marks themselves are looked at.
    fn wording() -> Wording {
        let mark =
            |words: &str, version, form| Mark { words: words.into(), version, form };
        let number = |word: &str, value| (word.to_owned(), value);
        Wording {
            lang: "xx".into(),
            marks: vec![
                mark("korr", Relation::Correction, Form::Label),
                mark("lead", Relation::Update, Form::Label),
                mark("forget this", Relation::Withdrawal, Form::Phrase),
            ],
            numbers: vec![number("un", 1), number("tri", 3), number("vin-tri", 23)],
            multipliers: vec![number("mil", 1000)],
        }
        .folded()
    }

    #[test]
    fn a_mark_is_set_off_from_the_headline() {
        let version =
            |title: &str| wording().version(Some(title), "").map(Relation::name);
        for marked in [
            "KORR: Port closed",
            "Korr : port closed",
            "KORR-Port closed",
            "KORR - Port closed",
            "Port closed (korr: the date)",
            "Port closed [Korr]",
            "Port closed – korr",
            "KORR Port closed",
            "(Korr) Port closed",
        ] {
            assert_eq!(version(marked), Some("correction"), "{marked}");
        }
        for plain in [
            "Korr of the port",
            "The korr: a port",
            "Korr-Port closed",
            "KORR PORT CLOSED",
        ] {
            assert_eq!(version(plain), None, "{plain}");
        }
        assert_eq!(version("LEAD 1-Port closed"), Some("update"));
        assert_eq!(version("Lead 12 men"), None);
        assert_eq!(version("LEAD: forget this one"), Some("withdrawal"));
    }

    #[test]
    fn lines_of_the_story_say_nothing() {
        let story = "One.\nTwo.\nThree.\nForget this, he said.\nFive.\nSix.";
        assert_eq!(wording().version(None, story), None);
        let last = format!("{story}\nForget this, please.");
        assert_eq!(wording().version(None, &last), Some(Relation::Withdrawal));
    }

    #[test]
    fn who_is_counted_is_told_from_other_numbers() {
        let count = |text: &str| wording().count(text);
        let of = |n, what: &str| Some((n, Some(what.to_owned())));
        assert_eq!(count("at least 12 dead"), of(12, "dead"));
        assert_eq!(count("12 000 men"), of(12_000, "men"));
        assert_eq!(count("vin-tri men"), of(23, "men"));
        assert_eq!(count("tri mil men"), of(3_000, "men"));
        assert_eq!(count("3 000"), Some((3000, None)));
        assert_eq!(count("un man of 26 years"), None);
        assert_eq!(count("68 % of men"), None);
        assert_eq!(count("the men in the house of 7"), None);
    }
}
