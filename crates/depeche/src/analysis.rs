//! What was found out about a text? Layers over it, each sorted by where it starts.

use std::ops::Range;

use depeche_extract::actor::Actor;
use depeche_extract::event::Event;
use depeche_extract::place::{Place, Refusal, Site};
use depeche_extract::position::Position;
use depeche_extract::statement::{Circumstance, Statement};
use depeche_extract::{Layers, Layout, Tree};
use depeche_rule::{Words, lemma_of};
use depeche_text::syntax::Syntax;
use depeche_text::{Document, Quotation, Token, fold};
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
    /// Of each statement, the other actors that the words of its speaker fit nearly as well.
    pub rivals: Vec<Vec<usize>>,
    /// Of each statement, when it was made, to whom and about whom.
    pub circumstances: Vec<Circumstance>,
    /// Who did what to whom.
    pub events: Vec<Event>,
    /// Who stands where.
    pub positions: Vec<Position>,
    /// Where: every name of a place that stands for the place.
    pub places: Vec<Place>,
    /// Names of places that stand for something else.
    pub not_places: Vec<Refusal>,
    /// Of each event, where it happened, or why nothing says so.
    pub sites: Vec<Site>,
    /// Of each statement, the place where it was made, by its place in the list.
    pub venues: Vec<Option<usize>>,
}

impl Analysis<'_> {
    /// The lemma of a token: what its form is looked up under.
    pub fn lemma(&self, token: usize) -> String {
        let word = fold(self.tokens[token].span.of(self.document.text()));
        let language = self.language;
        let learned = |word: &str, morph| language.model.lemmas().lemma(word, morph);
        lemma_of(&language.lexicon, &word, self.syntax.morph[token], learned)
            .unwrap_or(word)
    }

    /// The entries of the pack that found something.
    pub(crate) fn entries(&self) -> impl Iterator<Item = usize> {
        let said = self
            .statements
            .iter()
            .flat_map(|s| s.entry.into_iter().chain(s.cue.as_ref().map(|c| c.entry)));
        self.times
            .iter()
            .map(|t| t.entry)
            .chain(said)
            .chain(self.circumstances.iter().flat_map(|c| c.entries.iter().copied()))
            .chain(self.events.iter().map(|e| e.entry))
            .chain(self.positions.iter().map(|p| p.entry))
    }

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
