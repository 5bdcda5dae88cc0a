//! What was found out about a text? Layers over it, each sorted by where it starts.

use std::ops::Range;

use depeche_extract::actor::Actor;
use depeche_extract::event::Event;
use depeche_extract::statement::Statement;
use depeche_extract::{Layers, Layout, Tree};
use depeche_rule::Words;
use depeche_text::syntax::Syntax;
use depeche_text::{Document, Quotation, Token};
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
    /// The shape of the trees.
    pub tree: Tree,
    /// What stands in quotation marks.
    pub quotes: Vec<Quotation>,
    /// Parts of the article.
    pub layout: Layout,
    /// Time expressions.
    pub times: Vec<Timex>,
    /// Who occurs.
    pub actors: Vec<Actor>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// Of each statement, the actors that vouch for it, and how its words led to each.
    pub speakers: Vec<Vec<(usize, &'static str)>>,
    /// Who did what to whom.
    pub events: Vec<Event>,
}

impl Analysis<'_> {
    /// What the extractors look at.
    pub fn layers(&self) -> Layers<'_> {
        Layers {
            pack: &self.language.pack,
            text: self.document.text(),
            tokens: &self.tokens,
            sentences: &self.sentences,
            words: &self.words,
            syntax: &self.syntax,
            tree: &self.tree,
            quotes: &self.quotes,
            times: &self.times,
            blocks: &self.layout.blocks,
            reflexive: self.language.reflexive,
        }
    }
}
