//! Which words of the language does a text hold? The lexical layer that patterns look at.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::hash::BuildHasher;
use std::ops::Range;

use depeche_text::{Morph, Token, TokenKind, Upos, VerbForm, fold_into};
use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::Text;
use crate::pack::{ClassId, Pack, Pattern, WordId};
use crate::verbs::VerbIndex;

/// A language's words and classes, made ready for looking up.
#[derive(Clone, Debug)]
pub struct Lexicon {
    vocabulary: Vocabulary,
    /// Words as they stand when a capital has lost its accent: `etat` for `état`.
    bare: FxHashMap<Box<str>, WordId>,
    by_form: Phrases,
    by_lemma: Phrases,
    verbs: VerbIndex,
    /// What each value of @cardinal and @multiplier is worth.
    cardinal: Option<(ClassId, Vec<f64>)>,
    multiplier: Option<(ClassId, Vec<f64>)>,
    number_joiner: Option<ClassId>,
}

/// From folded words to their numbers.
#[derive(Clone, Debug, Default)]
struct Vocabulary {
    words: Vec<Text>,
    numbers: HashTable<u32>,
}

impl Vocabulary {
    fn new(words: Vec<Text>, wanted: impl ExactSizeIterator<Item = u32>) -> Vocabulary {
        let mut numbers = HashTable::with_capacity(wanted.len());
        let hash = |&n: &u32| FxBuildHasher.hash_one(&*words[n as usize]);
        for n in wanted {
            numbers.insert_unique(hash(&n), n, hash);
        }
        Vocabulary { words, numbers }
    }

    fn get(&self, word: &str) -> Option<WordId> {
        let same = |&n: &u32| *self.words[n as usize] == *word;
        self.numbers.find(FxBuildHasher.hash_one(word), same).map(|&n| WordId(n))
    }
}

/// Members of classes by their first word.
#[derive(Clone, Debug, Default)]
struct Phrases {
    /// Of each word, where its phrases begin; one more at the end.
    starts: Vec<u32>,
    phrases: Vec<Phrase>,
    /// The second word of each phrase, where it must be that form: most phrases fail there.
    seconds: Vec<Option<WordId>>,
    /// The words after the first of each phrase, one phrase after another.
    rest: Vec<(WordId, bool)>,
}

#[derive(Clone, Copy, Debug)]
struct Phrase {
    first: (WordId, bool),
    /// Where its further words stand among those of all phrases, and how many they are.
    rest: (u32, u32),
    class: ClassId,
    value: u32,
    proper: bool,
}

impl Phrases {
    fn new(mut phrases: Vec<Phrase>, rest: Vec<(WordId, bool)>, words: usize) -> Phrases {
        phrases.sort_by_key(|p| (p.first.0, Reverse(p.rest.1)));
        let mut starts = vec![0; words + 1];
        for phrase in &phrases {
            starts[phrase.first.0.0 as usize + 1] += 1;
        }
        for i in 0..words {
            starts[i + 1] += starts[i];
        }
        let second = |phrase: &Phrase| {
            let rest = &rest[phrase.rest.0 as usize..][..phrase.rest.1 as usize];
            rest.first().filter(|(_, lemma)| !lemma).map(|(word, _)| *word)
        };
        let seconds = phrases.iter().map(second).collect();
        Phrases { starts, phrases, seconds, rest }
    }

    /// The phrases of some classes.
    fn narrowed(&self, classes: &BTreeSet<ClassId>) -> Phrases {
        let kept = self.phrases.iter().filter(|p| classes.contains(&p.class)).copied();
        let words = self.starts.len().saturating_sub(1);
        Phrases::new(kept.collect(), self.rest.clone(), words)
    }

    /// The words of a phrase after its first.
    fn rest(&self, phrase: &Phrase) -> &[(WordId, bool)] {
        &self.rest[phrase.rest.0 as usize..][..phrase.rest.1 as usize]
    }

    /// The phrases that begin with a word and may go on with the next.
    fn of(&self, word: WordId, next: Option<&WordId>) -> impl Iterator<Item = &Phrase> {
        let w = word.0 as usize;
        let here = match self.starts.get(w..w.saturating_add(2)) {
            Some(ends) => ends[0] as usize..ends[1] as usize,
            None => 0..0,
        };
        let seconds = self.seconds[here.clone()].iter();
        let phrases = seconds.zip(&self.phrases[here]);
        phrases
            .filter(move |(second, _)| second.is_none() || second.as_ref() == next)
            .map(|(_, phrase)| phrase)
    }
}

impl Lexicon {
    /// Indexes a pack.
    pub fn new(pack: &Pack) -> Lexicon {
        let all = 0..pack.vocabulary.len() as u32;
        let vocabulary = Vocabulary::new(pack.vocabulary.clone(), all);
        let mut bare = FxHashMap::default();
        for (i, word) in pack.vocabulary.iter().enumerate() {
            if let Some(plain) = without_first_accent(word)
                && vocabulary.get(&plain).is_none()
            {
                bare.insert(plain.into_boxed_str(), WordId(i as u32));
            }
        }
        let (mut by_form, mut by_lemma) =
            ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
        for (c, class) in pack.classes.iter().enumerate() {
            for member in class.members() {
                let Some((&first, rest)) = member.words.split_first() else { continue };
                let lemma = member.words.iter().any(|&(_, lemma)| lemma);
                let (phrases, words) = if lemma { &mut by_lemma } else { &mut by_form };
                phrases.push(Phrase {
                    first,
                    rest: (words.len() as u32, rest.len() as u32),
                    class: ClassId(c as u16),
                    value: member.value,
                    proper: class.proper,
                });
                words.extend(rest);
            }
        }
        let words = pack.vocabulary.len();
        Lexicon {
            vocabulary,
            bare,
            by_form: Phrases::new(by_form.0, by_form.1, words),
            by_lemma: Phrases::new(by_lemma.0, by_lemma.1, words),
            verbs: VerbIndex::new(&pack.verbs),
            cardinal: numbers_of(pack, "cardinal"),
            multiplier: numbers_of(pack, "multiplier"),
            number_joiner: pack.class("number-joiner"),
        }
    }

    /// What the rules of one place look for, numbers, and some further classes: for who runs
    /// those rules alone, before the tagger. It has no verbs.
    pub fn narrowed(&self, pack: &Pack, place: &str, classes: &[&str]) -> Lexicon {
        let named = classes.iter().filter_map(|name| pack.class(name));
        let counted = [&self.cardinal, &self.multiplier].into_iter().flatten();
        let counted = counted.map(|(class, _)| *class).chain(self.number_joiner);
        let mut kept: BTreeSet<ClassId> = named.chain(counted).collect();
        let mut wanted: BTreeSet<WordId> = BTreeSet::new();
        for (_, entry) in pack.entries_of(place) {
            for pattern in entry.find.iter().chain(&entry.unless) {
                pattern.each(&mut |part| match part {
                    Pattern::Class(class) => {
                        kept.insert(*class);
                    }
                    Pattern::Word(word) | Pattern::Exact(word, _) => {
                        wanted.insert(*word);
                    }
                    _ => {}
                });
            }
        }
        for class in &kept {
            wanted.extend(
                pack.classes[class.0 as usize].words.iter().map(|(word, _)| word),
            );
        }
        let wanted: Vec<WordId> = wanted.into_iter().collect();
        let is_wanted = |id: &WordId| wanted.binary_search(id).is_ok();
        let words = self.vocabulary.words.clone();
        let bare = self.bare.iter().filter(|(_, id)| is_wanted(id));
        Lexicon {
            vocabulary: Vocabulary::new(words, wanted.iter().map(|id| id.0)),
            bare: bare.map(|(word, id)| (word.clone(), *id)).collect(),
            by_form: self.by_form.narrowed(&kept),
            by_lemma: Phrases::default(),
            verbs: VerbIndex::default(),
            cardinal: self.cardinal.clone(),
            multiplier: self.multiplier.clone(),
            number_joiner: self.number_joiner,
        }
    }

    /// The number of a folded word.
    pub fn id(&self, folded: &str) -> WordId {
        self.vocabulary.get(folded).unwrap_or(WordId::NONE)
    }

    fn id_of(&self, form: &str, folded: &str) -> WordId {
        if let Some(id) = self.vocabulary.get(folded) {
            return id;
        }
        let capital = form.starts_with(['A', 'C', 'E', 'I', 'O', 'U']);
        if capital && let Some(&id) = self.bare.get(folded) {
            return id;
        }
        WordId::NONE
    }

    /// The verbs of the language.
    pub fn verbs(&self) -> &VerbIndex {
        &self.verbs
    }
}

/// A class whose values are numbers, such as the engine counts with.
fn numbers_of(pack: &Pack, class: &str) -> Option<(ClassId, Vec<f64>)> {
    let id = pack.class(class)?;
    let values = &pack.classes[id.0 as usize].values;
    Some((id, values.iter().map(|v| v.number().unwrap_or_default()).collect()))
}

/// `etat` for `état`; nothing when the word has no accent on its first letter.
fn without_first_accent(word: &str) -> Option<String> {
    let mut chars = word.chars();
    let plain = match chars.next()? {
        'à' | 'â' | 'ä' | 'á' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        _ => return None,
    };
    Some(format!("{plain}{}", chars.as_str()))
}

/// A member of a class in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The first token.
    pub start: u32,
    /// The token after the last.
    pub end: u32,
    /// The class.
    pub class: ClassId,
    /// Which value of the class: see [`Pack::value`].
    pub value: u32,
}

/// A number in a text, in digits or words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numeral {
    /// The first token.
    pub start: u32,
    /// The token after the last.
    pub end: u32,
    /// What it is worth.
    pub value: f64,
    /// Whether it is written in digits.
    pub digits: bool,
}

/// The lexical layer of one text.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The word of each token.
    pub forms: Vec<WordId>,
    /// The lemma of each token; empty before [`Words::tag`].
    pub lemmas: Vec<WordId>,
    /// Members of classes, by start, longest first.
    pub hits: Vec<Hit>,
    /// Numbers, by start.
    pub numerals: Vec<Numeral>,
    /// Of each token, where its hits begin; one more at the end.
    first_hit: Vec<u32>,
    /// Of each token, which numeral begins there, counted from 1; 0 is none.
    numeral_at: Vec<u32>,
}

impl Words {
    /// Looks up the words, classes and numbers of a text: what needs no tagger.
    pub fn new(lexicon: &Lexicon, text: &str, tokens: &[Token]) -> Words {
        let mut words = Words::default();
        words.forms.reserve(tokens.len());
        let mut folded = String::new();
        for token in tokens {
            let form = token.span.of(text);
            fold_into(form, &mut folded);
            words.forms.push(lexicon.id_of(form, &folded));
        }
        for start in 0..tokens.len() {
            let next = words.forms.get(start + 1).copied();
            for phrase in lexicon.by_form.of(words.forms[start], next.as_ref()) {
                words.try_phrase(&lexicon.by_form, phrase, start, text, tokens);
            }
        }
        words.index_hits();
        words.number(lexicon, text, tokens);
        words.index_numerals();
        words
    }

    /// Looks up lemmas, and the classes that speak of them. `lemma` gives the lemma of a
    /// token by its folded form and tag, where the verbs of the language do not.
    pub fn tag(
        &mut self,
        lexicon: &Lexicon,
        text: &str,
        tokens: &[Token],
        morph: &[Morph],
        lemma: impl Fn(&str, Morph) -> Option<String>,
    ) {
        let mut folded = String::new();
        self.lemmas.clear();
        for (token, &morph) in tokens.iter().zip(morph) {
            let id = if token.kind == TokenKind::Word {
                fold_into(token.span.of(text), &mut folded);
                match lemma_of(lexicon, &folded, morph, &lemma) {
                    Some(lemma) => lexicon.id(&lemma),
                    None => lexicon.id(&folded),
                }
            } else {
                self.forms[self.lemmas.len()]
            };
            self.lemmas.push(id);
        }
        let before = self.hits.len();
        for start in 0..tokens.len() {
            let next = self.forms.get(start + 1).copied();
            for phrase in lexicon.by_lemma.of(self.forms[start], next.as_ref()) {
                if !phrase.first.1 {
                    self.try_phrase(&lexicon.by_lemma, phrase, start, text, tokens);
                }
            }
            for phrase in lexicon.by_lemma.of(self.lemmas[start], next.as_ref()) {
                if phrase.first.1 {
                    self.try_phrase(&lexicon.by_lemma, phrase, start, text, tokens);
                }
            }
        }
        if self.hits.len() > before {
            self.hits.sort_by_key(|h| (h.start, Reverse(h.end), h.class, h.value));
            self.index_hits();
        }
    }

    /// Notes where the hits of each token begin.
    fn index_hits(&mut self) {
        self.first_hit.clear();
        self.first_hit.resize(self.forms.len() + 1, 0);
        for hit in &self.hits {
            self.first_hit[hit.start as usize + 1] += 1;
        }
        for i in 1..self.first_hit.len() {
            self.first_hit[i] += self.first_hit[i - 1];
        }
    }

    /// Notes which numeral begins at each token.
    fn index_numerals(&mut self) {
        self.numeral_at.clear();
        self.numeral_at.resize(self.forms.len(), 0);
        for (n, numeral) in self.numerals.iter().enumerate() {
            self.numeral_at[numeral.start as usize] = n as u32 + 1;
        }
    }

    /// Notes a phrase whose first word stands at `start`, if the others follow.
    fn try_phrase(
        &mut self,
        phrases: &Phrases,
        phrase: &Phrase,
        start: usize,
        text: &str,
        tokens: &[Token],
    ) {
        let rest = phrases.rest(phrase);
        let end = start + 1 + rest.len();
        if end > tokens.len() {
            return;
        }
        let fits = rest.iter().zip(start + 1..).all(|(&(word, lemma), at)| {
            let found = if lemma { self.lemmas[at] } else { self.forms[at] };
            found == word
        });
        let capital =
            !phrase.proper || tokens[start].span.of(text).starts_with(char::is_uppercase);
        if fits && capital {
            self.hits.push(Hit {
                start: start as u32,
                end: end as u32,
                class: phrase.class,
                value: phrase.value,
            });
        }
    }

    /// The layer over some of the tokens, counted from the first of them.
    pub fn part(&self, tokens: &Range<usize>) -> Words {
        let (from, to) = (tokens.start as u32, tokens.end as u32);
        let hits = self.hits[self.hits.partition_point(|h| h.start < from)..].iter();
        let numerals = self.numerals.partition_point(|n| n.start < from);
        let numerals = self.numerals[numerals..].iter();
        let mut part = Words {
            forms: self.forms[tokens.clone()].to_vec(),
            lemmas: self.lemmas.get(tokens.clone()).unwrap_or_default().to_vec(),
            hits: hits
                .take_while(|h| h.start < to)
                .filter(|h| h.end <= to)
                .map(|h| Hit { start: h.start - from, end: h.end - from, ..*h })
                .collect(),
            numerals: numerals
                .take_while(|n| n.start < to)
                .filter(|n| n.end <= to)
                .map(|n| Numeral { start: n.start - from, end: n.end - from, ..*n })
                .collect(),
            ..Words::default()
        };
        part.index_hits();
        part.index_numerals();
        part
    }

    /// The hits that begin at a token.
    pub fn hits_at(&self, start: usize) -> &[Hit] {
        match self.first_hit.get(start..start.saturating_add(2)) {
            Some(ends) => &self.hits[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }

    /// The longest member of a class that begins at a token.
    pub fn hit(&self, start: usize, class: ClassId) -> Option<Hit> {
        self.hits_at(start).iter().copied().find(|h| h.class == class)
    }

    /// The members of a class, by start.
    pub fn hits_of(&self, class: ClassId) -> impl Iterator<Item = Hit> {
        self.hits.iter().copied().filter(move |h| h.class == class)
    }

    /// The number that begins at a token.
    pub fn numeral(&self, start: usize) -> Option<Numeral> {
        let at = self.numeral_at.get(start)?.checked_sub(1)?;
        self.numerals.get(at as usize).copied()
    }

    /// Finds numbers: digits, words of @cardinal, and both times words of @multiplier.
    fn number(&mut self, lexicon: &Lexicon, text: &str, tokens: &[Token]) {
        let mut i = 0;
        while i < tokens.len() {
            // Most words are none, and are in no class either.
            let plain = tokens[i].kind != TokenKind::Number && self.hits_at(i).is_empty();
            let numeral =
                if plain { None } else { self.numeral_from(lexicon, text, tokens, i) };
            let Some(numeral) = numeral else {
                i += 1;
                continue;
            };
            i = numeral.end as usize;
            self.numerals.push(numeral);
        }
    }

    fn numeral_from(
        &self,
        lexicon: &Lexicon,
        text: &str,
        tokens: &[Token],
        start: usize,
    ) -> Option<Numeral> {
        let value_of = |i: usize, class: &Option<(ClassId, Vec<f64>)>| {
            let (class, values) = class.as_ref()?;
            let hit = self.hit(i, *class)?;
            Some((hit.end as usize, values[hit.value as usize]))
        };
        let digits = tokens[start].kind == TokenKind::Number;
        let (mut total, mut part, mut any) = (0.0, 0.0, false);
        let mut end = start;
        if digits {
            part = digits_value(tokens[start].span.of(text))?;
            any = true;
            end += 1;
        }
        while end < tokens.len() {
            if let Some((next, times)) = value_of(end, &lexicon.multiplier) {
                let once = if part == 0.0 { 1.0 } else { part };
                if times >= 1000.0 {
                    total += once * times;
                    part = 0.0;
                } else {
                    part = once * times;
                }
                any = true;
                end = next;
            } else if digits {
                break;
            } else if let Some((next, value)) = value_of(end, &lexicon.cardinal) {
                // « deux cent trois », but not « deux trois ».
                if any && part != 0.0 && part % 100.0 != 0.0 {
                    break;
                }
                part += value;
                any = true;
                end = next;
            } else {
                let joiner = any.then_some(lexicon.number_joiner).flatten();
                let joins = joiner.is_some_and(|j| self.hit(end, j).is_some());
                if joins
                    && value_of(end + 1, &lexicon.cardinal).is_some()
                    && part % 100.0 == 0.0
                {
                    end += 1;
                    continue;
                }
                break;
            }
        }
        any.then_some(Numeral {
            start: start as u32,
            end: end as u32,
            value: total + part,
            digits,
        })
    }
}

/// Mends the form of verbs where the tagger contradicts the verbs of the language: « réunira »
/// is a future, whatever the context made it look like.
pub fn mend_verbs(lexicon: &Lexicon, text: &str, tokens: &[Token], morph: &mut [Morph]) {
    let mut folded = String::new();
    for (token, morph) in tokens.iter().zip(morph) {
        if !matches!(morph.upos, Upos::Verb | Upos::Aux) {
            continue;
        }
        fold_into(token.span.of(text), &mut folded);
        let analyses = lexicon.verbs.analyses(&folded, morph.verb);
        let agrees = analyses.iter().any(|(_, form)| Some(*form) == morph.verb);
        if let Some((_, form)) = analyses.first().filter(|_| !agrees) {
            morph.verb = Some(*form);
        }
    }
}

/// Makes a participle of what has an auxiliary: « a-t-il aussitôt nuancé » holds no adjective.
pub fn mend_participles(
    lexicon: &Lexicon,
    text: &str,
    tokens: &[Token],
    with_auxiliary: impl Iterator<Item = usize>,
    morph: &mut [Morph],
) {
    let mut folded = String::new();
    for token in with_auxiliary {
        if matches!(morph[token].upos, Upos::Verb | Upos::Aux) {
            continue;
        }
        fold_into(tokens[token].span.of(text), &mut folded);
        let analyses = lexicon.verbs.analyses(&folded, Some(VerbForm::PartPast));
        if analyses.first().is_some_and(|(_, form)| *form == VerbForm::PartPast) {
            let (gender, number) = (morph[token].gender, morph[token].number);
            morph[token] = Morph {
                verb: Some(VerbForm::PartPast),
                gender,
                number,
                ..Morph::of(Upos::Verb)
            };
        }
    }
}

/// Makes a verb of each of these tokens that may be one, where the tagger saw none: rare verbs
/// behind a quotation, « … », fustige la maire.
pub fn mend_inverted(
    lexicon: &Lexicon,
    text: &str,
    tokens: &[Token],
    at: impl Iterator<Item = usize>,
    morph: &mut [Morph],
) {
    let mut folded = String::new();
    for token in at {
        let subject = morph
            .get(token + 1)
            .is_some_and(|next| matches!(next.upos, Upos::Det | Upos::Propn));
        let finite = morph[token].upos == Upos::Verb && morph[token].is_finite();
        // « agression » contre son pays: a small word stays one.
        let open = matches!(
            morph[token].upos,
            Upos::Verb | Upos::Noun | Upos::Adj | Upos::Adv | Upos::Propn | Upos::X
        );
        if !subject || !open {
            continue;
        }
        if finite {
            // « Je n'y étais pas », jure le jardinier.
            morph[token].person = Some(3);
            continue;
        }
        fold_into(tokens[token].span.of(text), &mut folded);
        let analyses = lexicon.verbs.analyses(&folded, Some(VerbForm::Pres));
        // An adverb that might be some past stays an adverb.
        let adverb = morph[token].upos == Upos::Adv;
        let told = |form: VerbForm| match form {
            VerbForm::Pres => true,
            VerbForm::Past | VerbForm::Imp | VerbForm::Fut => !adverb,
            _ => false,
        };
        if let Some((_, form)) = analyses.into_iter().find(|(_, form)| told(*form)) {
            morph[token] =
                Morph { verb: Some(form), person: Some(3), ..Morph::of(Upos::Verb) };
        }
    }
}

/// The lemma of a folded form with this tag.
pub fn lemma_of(
    lexicon: &Lexicon,
    folded: &str,
    morph: Morph,
    other: impl Fn(&str, Morph) -> Option<String>,
) -> Option<String> {
    if matches!(morph.upos, Upos::Verb | Upos::Aux) {
        let verb = lexicon.verbs.analyses(folded, morph.verb).into_iter().next();
        if let Some((lemma, _)) = verb {
            return Some(lemma);
        }
    }
    other(folded, morph)
}

/// What digits are worth: a dot or a space before three digits groups, a comma divides.
fn digits_value(token: &str) -> Option<f64> {
    let plain: String = token.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.strip_prefix('+').unwrap_or(&plain).replace('−', "-");
    let (whole, fraction) = plain.split_once(',').unwrap_or((&plain, ""));
    let groups: Vec<&str> = whole.split('.').collect();
    let grouped = groups.len() > 1 && groups[1..].iter().all(|g| g.len() == 3);
    let mut number = if grouped { groups.concat() } else { whole.to_owned() };
    if !fraction.is_empty() {
        number = format!("{number}.{fraction}");
    }
    let valid = number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if valid { number.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_as_they_are_grouped() {
        for (token, value) in [
            ("12", Some(12.0)),
            ("2.700.000", Some(2_700_000.0)),
            ("10\u{202f}000", Some(10_000.0)),
            ("3,5", Some(3.5)),
            ("4.3", Some(4.3)),
            ("-2,5", Some(-2.5)),
            ("14h30", None),
            ("18.02.2025", None),
        ] {
            assert_eq!(digits_value(token), value, "{token}");
        }
    }
}
