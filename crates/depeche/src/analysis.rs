//! What was found out about a text? Layers over it, each sorted by where it starts.

use std::ops::Range;

use depeche_rule::Words;
use depeche_text::syntax::Syntax;
use depeche_text::{Document, Token};
use depeche_time::{Dct, Timex};

use crate::Language;

/// The layers over one document. A stage reads earlier layers and writes its own.
#[derive(Debug)]
pub struct Analysis<'a> {
    /// The language it was read in.
    pub language: &'a Language,
    /// The document.
    pub document: &'a Document,
    /// When it was written, as far as its input or its head says.
    pub dct: Dct,
    /// Words, numbers and marks.
    pub tokens: Vec<Token>,
    /// Sentences, as ranges of tokens.
    pub sentences: Vec<Range<usize>>,
    /// Words of the language, classes and numbers.
    pub words: Words,
    /// Tags and trees.
    pub syntax: Syntax,
    /// Time expressions.
    pub times: Vec<Timex>,
}
