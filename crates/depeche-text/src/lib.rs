//! What are the words, and where exactly do they stand?
//!
//! From bytes to a [`Document`], from its text to tokens, sentences, tags and dependencies.
//! This crate knows no rule, no lexicon of the world and no record: the writing habits of a
//! language arrive as an [`Orthography`], its trained net as a [`syntax::Model`].
//!
//! Everything counts in bytes of the document's text ([`Span`]), and nothing ever changes
//! that text.

pub mod conllu;
mod document;
mod lemma;
mod morph;
mod orthography;
mod quote;
mod sentence;
mod span;
pub mod syntax;
mod token;

pub use document::{Document, Error, Meta, Note, Wire};
pub use lemma::{LONGEST_ENDING, LemmaRule, Lemmas, endings, is_inflected, lemma_kind};
pub use morph::{Gender, Morph, Number, PronType, Upos, VerbForm};
pub use orthography::{Orthography, fold, fold_into, fold_plain};
pub use quote::{Quotation, QuoteMarks};
pub use sentence::sentences;
pub use span::Span;
pub use token::{Gap, Token, TokenKind, Tokenizer};
