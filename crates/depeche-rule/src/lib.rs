//! How does a linguist say what to look for? The rule language of depeche.
//!
//! A language is a folder of TOML files: word classes, and rules that speak of words, classes,
//! lemmas and tags. [`compile`] checks them and packs them into a [`Pack`]; a [`Matcher`] runs
//! them over the layers of a text, entered by the words they must hold. Users' rules go the
//! same way at run time ([`compile_onto`]).
//!
//! This crate knows no time, no actor and no event: what a rule's fields mean is the affair
//! of those who ask for it. The page for writers of rules is `lang/README.md`.

mod compile;
mod fault;
mod kind;
mod matcher;
mod pack;
mod syntax;
mod value;
mod verbs;
mod words;

pub use compile::{compile, compile_onto};
pub use fault::Fault;
pub use kind::{KINDS, Kind};
pub use matcher::{Captured, Item, Match, Matcher, View, What};
pub use pack::{Class, ClassId, Compiled, Entry, Example, File, NameId, Pack, WordId};
pub use syntax::FormTest;
pub use value::Value;
pub use verbs::{VerbForms, VerbIndex};
pub use words::{
    Hit, Lexicon, Numeral, Words, lemma_of, mend_inverted, mend_participles, mend_verbs,
};
