//! In which order is a document read?

use depeche_rule::{View, Words};
use depeche_text::syntax::{Parser, Syntax};
use depeche_text::{Document, Span, sentences};
use depeche_time::{Context, Dct, Edtf, direction, resolve};

use crate::{Analysis, Language};

/// The engine at work: a language, and memory that is reused from document to document.
///
/// Reading is pure: the same document gives the same analysis, whatever was read before. A
/// pipeline belongs to one thread; a [`Language`] is shared by all.
#[derive(Debug)]
pub struct Pipeline<'l> {
    language: &'l Language,
    parser: Parser<'l>,
}

impl<'l> Pipeline<'l> {
    /// An engine for this language.
    pub fn new(language: &'l Language) -> Pipeline<'l> {
        Pipeline { language, parser: Parser::new(&language.model) }
    }

    /// Reads a document. There is always an answer, for any text.
    pub fn analyze<'a>(&mut self, document: &'a Document) -> Analysis<'a>
    where
        'l: 'a,
    {
        let language = self.language;
        let text = document.text();
        let tokens = language.tokenizer.tokens(text);
        let sentences = sentences(&language.tokenizer, text, &tokens);
        let words = Words::new(&language.lexicon, text, &tokens);
        let published: Option<Edtf> =
            document.meta().published.as_deref().and_then(|p| p.parse().ok());
        let mut analysis = Analysis {
            language,
            document,
            dct: Dct::new(published.as_ref()),
            tokens,
            sentences,
            words,
            syntax: Syntax::default(),
            times: Vec::new(),
        };
        self.syntax(&mut analysis);
        self.times(&mut analysis);
        analysis
    }

    fn syntax(&mut self, a: &mut Analysis<'_>) {
        let text = a.document.text();
        let forms: Vec<&str> = a.tokens.iter().map(|t| t.span.of(text)).collect();
        a.syntax = self.parser.parse(&forms, &a.sentences);
        let lemmas = self.language.model.lemmas();
        a.words.tag(&self.language.lexicon, text, &a.tokens, &a.syntax.morph, |w, m| {
            lemmas.lemma(w, m)
        });
    }

    fn times(&mut self, a: &mut Analysis<'_>) {
        let language = self.language;
        let view = View {
            text: a.document.text(),
            tokens: &a.tokens,
            sentences: &a.sentences,
            words: &a.words,
            morph: &[],
        };
        let found = language.time.recognise(&language.pack, &view);
        let span = |tokens: &std::ops::Range<usize>| {
            Span::new(a.tokens[tokens.start].span.start, a.tokens[tokens.end - 1].span.end)
        };
        let context = |found: &depeche_time::Found| Context {
            direction: direction(language.tense, &a.words, &a.syntax, &found.tokens),
            quoted: false,
            new_paragraph: false,
        };
        a.times = resolve(found, &a.dct, span, context);
    }
}
