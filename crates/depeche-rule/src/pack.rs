//! What does a language bring, once its files are read? A [`Pack`].

use std::sync::Arc;

use depeche_text::{Orthography, Upos};
use serde::{Deserialize, Serialize};

use crate::syntax::FormTest;
use crate::verbs::VerbForms;
use crate::{Fault, Fields, Text, Value};

/// A word of the language pack, as a number: two words are equal when their numbers are.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct WordId(pub(crate) u32);

impl WordId {
    /// A word that no rule and no class mentions.
    pub const NONE: WordId = WordId(u32::MAX);
}

/// A word class, as a number.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct ClassId(pub(crate) u16);

/// A name that a pattern gives to a part, or that an item goes by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct NameId(pub(crate) u16);

/// One language, compiled: its words, classes and rules.
///
/// It lies in two parts, as bytes: what reading needs ([`Pack::to_bytes`]), and what explains
/// and proves the rules ([`Pack::notes_to_bytes`]), which is larger and rarely asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Pack {
    /// Its code: `fr`.
    pub code: String,
    /// Its own name: `français`.
    pub name: String,
    /// How it is written.
    pub orthography: Orthography,
    /// The words that patterns and classes mention, folded; a word's id is its place.
    pub(crate) vocabulary: Vec<Text>,
    /// The word classes; a class's id is its place.
    pub(crate) classes: Vec<Class>,
    /// Names of captures and items; a name's id is its place.
    pub(crate) names: Vec<String>,
    /// Every rule, cue and frame, in the order of files and lines.
    pub entries: Vec<Entry>,
    /// The verbs and their forms.
    pub verbs: VerbForms,
}

/// A word class: `@month`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Class {
    /// Its name, without `@`.
    pub name: String,
    /// Whether its members are names, which stand with a capital.
    pub proper: bool,
    /// The words of its members, one member after another; each a form or a lemma.
    pub(crate) words: Vec<(WordId, bool)>,
    /// Of each member, where its words end, and which value of the class it stands for.
    pub(crate) members: Vec<(u32, u32)>,
    /// How many words the shortest and the longest member have.
    pub(crate) lengths: (u32, u32),
    /// The values that members point to.
    pub(crate) values: Vec<Value>,
}

/// One spelling of one member of a class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    /// The words, each as a form or as a lemma.
    pub(crate) words: &'a [(WordId, bool)],
    /// Which value of the class it stands for.
    pub(crate) value: u32,
}

impl Class {
    /// Its members.
    pub(crate) fn members(&self) -> impl ExactSizeIterator<Item = Member<'_>> {
        let mut start = 0;
        self.members.iter().map(move |&(end, value)| {
            let words = &self.words[start..end as usize];
            start = end as usize;
            Member { words, value }
        })
    }

    /// Adds a member.
    pub(crate) fn push(&mut self, words: &[(WordId, bool)], value: u32) {
        let length = words.len() as u32;
        let (least, most) = self.lengths;
        self.lengths = if self.members.is_empty() {
            (length, length)
        } else {
            (least.min(length), most.max(length))
        };
        self.words.extend(words);
        self.members.push((self.words.len() as u32, value));
    }

    /// How many words the shortest and the longest member have.
    pub(crate) fn lengths(&self) -> (usize, usize) {
        (self.lengths.0 as usize, self.lengths.1 as usize)
    }
}

/// A rule, a cue or a frame.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Entry {
    /// The name of its table: `rule`, `cue`, `frame`.
    pub table: String,
    /// Its id: language, path of the file and own id, as in `fr.time.dates.weekday-last`.
    pub id: String,
    /// The file it stands in, inside the language's folder: `time/dates.toml`.
    pub file: String,
    /// The line of the file that its table starts on, counted from 1.
    pub line: u32,
    /// What it looks for.
    pub(crate) find: Vec<Arc<Pattern>>,
    /// What cancels it.
    pub(crate) unless: Vec<Arc<Pattern>>,
    /// What it says: the fields of its kind.
    pub fields: Fields,
    /// What it looks for, as written: one of the notes.
    #[serde(skip)]
    pub find_text: Vec<String>,
    /// Why it is so, in a sentence: one of the notes.
    #[serde(skip)]
    pub note: Option<String>,
    /// Sentences in which it finds what is marked: among the notes.
    #[serde(skip)]
    pub examples: Vec<Example>,
    /// Sentences in which it finds nothing: among the notes.
    #[serde(skip)]
    pub not: Vec<String>,
}

impl Entry {
    /// A field that is a text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::text)
    }

    /// A field that is a text or a list of texts.
    pub fn texts(&self, field: &str) -> Vec<&str> {
        self.fields.get(field).map(Value::texts).unwrap_or_default()
    }

    /// Whether it looks for items that other rules find: `<date>`.
    pub fn builds_on_items(&self) -> bool {
        let mut builds = false;
        for pattern in &self.find {
            pattern.each(&mut |p| builds |= matches!(p, Pattern::Item(_)));
        }
        builds
    }

    /// The folder or file, without its ending, that it stands in: `time`, `statements`.
    pub fn place(&self) -> &str {
        self.file.split(['/', '.']).next().unwrap_or_default()
    }

    /// The name of its file without folders and ending: `consult` of `events/consult.toml`.
    pub fn stem(&self) -> &str {
        let name = self.file.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".toml").unwrap_or(name)
    }
}

/// A sentence with what should be found in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Example {
    /// The sentence, without marks.
    pub text: String,
    /// The marked extents, in bytes.
    pub marks: Vec<(u32, u32)>,
    /// What should be said about it.
    pub wants: Fields,
    /// The line of the file, counted from 1.
    pub line: u32,
}

/// The field of an example that tells why the engine does not manage it yet.
pub const MISSED: &str = "missed";

impl Example {
    /// Why the engine does not manage it yet, if that is known.
    pub fn missed(&self) -> Option<&str> {
        self.wants.get(MISSED).and_then(Value::text)
    }
}

/// A pattern, its words and classes resolved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Pattern {
    Word(WordId),
    Exact(WordId, String),
    Lemma(WordId),
    Class(ClassId),
    Tag(Upos, FormTest),
    Range(i64, i64),
    Template(Vec<Hole>),
    Item(NameId),
    Capital,
    Start,
    End,
    Gap(u8),
    Seq(Vec<Pattern>),
    Any(Vec<Pattern>),
    Optional(Box<Pattern>),
    Not(Box<Pattern>),
    Capture(NameId, Box<Pattern>),
}

/// A part of a template, its class resolved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Hole {
    Literal(String),
    Number { name: NameId, low: i64, high: i64, digits: Option<u8> },
    Class { name: NameId, class: ClassId },
}

/// What explains and proves one entry.
#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Notes {
    find_text: Vec<String>,
    note: Option<String>,
    examples: Vec<Example>,
    not: Vec<String>,
}

impl Pack {
    /// Reads a pack that [`Pack::to_bytes`] wrote. Its words stay where they lie.
    ///
    /// # Errors
    ///
    /// When the bytes are something else: a sign that the build is broken.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Pack, String> {
        postcard::from_bytes(bytes).map_err(|e| format!("not a language pack: {e}"))
    }

    /// The pack without its notes as bytes, the same for the same files.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data can be written to memory")
    }

    /// The pack with the notes that [`Pack::notes_to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// When the bytes are something else, or the notes of other rules.
    pub fn with_notes(mut self, bytes: &'static [u8]) -> Result<Pack, String> {
        let notes: Vec<Notes> = postcard::from_bytes(bytes)
            .map_err(|e| format!("not the notes of a pack: {e}"))?;
        if notes.len() != self.entries.len() {
            return Err("these are the notes of another pack".to_owned());
        }
        for (entry, notes) in self.entries.iter_mut().zip(notes) {
            entry.find_text = notes.find_text;
            entry.note = notes.note;
            entry.examples = notes.examples;
            entry.not = notes.not;
        }
        Ok(self)
    }

    /// What explains and proves the rules, as bytes: patterns as written, notes, examples.
    pub fn notes_to_bytes(&self) -> Vec<u8> {
        let notes = |e: &Entry| Notes {
            find_text: e.find_text.clone(),
            note: e.note.clone(),
            examples: e.examples.clone(),
            not: e.not.clone(),
        };
        let notes: Vec<Notes> = self.entries.iter().map(notes).collect();
        postcard::to_stdvec(&notes).expect("plain data can be written to memory")
    }

    /// The class of that name.
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.classes.iter().position(|c| c.name == name).map(|i| ClassId(i as u16))
    }

    /// The name of a class.
    pub fn class_name(&self, class: ClassId) -> &str {
        &self.classes[class.0 as usize].name
    }

    /// A value of a class.
    pub fn value(&self, class: ClassId, value: u32) -> &Value {
        &self.classes[class.0 as usize].values[value as usize]
    }

    /// Every value of a class.
    pub fn values(&self, class: ClassId) -> &[Value] {
        &self.classes[class.0 as usize].values
    }

    /// The spellings of a class's members, each with its value. Lemmas are marked `~`.
    pub fn members(&self, class: ClassId) -> impl Iterator<Item = (String, &Value)> {
        let class = &self.classes[class.0 as usize];
        class.members().map(|m| {
            let words: Vec<String> = m
                .words
                .iter()
                .map(|&(w, lemma)| {
                    let mark = if lemma { "~" } else { "" };
                    format!("{mark}{}", &*self.vocabulary[w.0 as usize])
                })
                .collect();
            (words.join(" "), &class.values[m.value as usize])
        })
    }

    /// The number of a capture's or an item's name, if any pattern mentions it.
    pub fn name_id(&self, name: &str) -> Option<NameId> {
        self.names.iter().position(|n| n == name).map(|i| NameId(i as u16))
    }

    /// A capture's or an item's name.
    pub fn name_of(&self, name: NameId) -> &str {
        &self.names[name.0 as usize]
    }

    /// The entries of one place: `time`, `events`.
    pub fn entries_of(&self, place: &str) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate().filter(move |(_, e)| e.place() == place)
    }
}

/// A language's file: its path inside the language's folder, and its text.
#[derive(Clone, Debug)]
pub struct File {
    /// `time/dates.toml`.
    pub path: String,
    /// How errors should call it: `lang/fr/time/dates.toml`.
    pub shown: String,
    /// What it holds.
    pub text: String,
}

/// The outcome of a compilation: a pack, or everything that is wrong.
pub type Compiled = Result<Pack, Vec<Fault>>;
