//! What does the engine know of a language? Its pack and model, made ready.

use std::ops::Range;
use std::sync::OnceLock;

use depeche_extract::actor::ActorRules;
use depeche_extract::event::EventRules;
use depeche_extract::place::PlaceRules;
use depeche_extract::position::PositionRules;
use depeche_extract::statement::{Certainty, CircumstanceRules, StatementRules};
use depeche_extract::{LAYOUT_CLASSES, layout};
use depeche_lang::Shipped;
use depeche_rule::{
    ClassId, Fault, File, Gazetteer, Lexicon, Pack, View, Words, compile_onto,
};
use depeche_text::syntax::Model;
use depeche_text::{QuoteMarks, Span, Tokenizer, sentences};
use depeche_time::{TenseWords, TimeRules};
use sha2::{Digest, Sha256};

/// A language, ready to read with. It is an argument, never a global: see
/// [`Pipeline`](crate::Pipeline).
#[derive(Debug)]
pub struct Language {
    pub(crate) pack: Pack,
    pub(crate) lexicon: Lexicon,
    /// The part of the lexicon that speaks of time, made when it is first asked for.
    time_lexicon: OnceLock<Lexicon>,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) model: Model,
    pub(crate) time: TimeRules,
    pub(crate) tense: TenseWords,
    pub(crate) marks: QuoteMarks,
    pub(crate) actors: ActorRules,
    pub(crate) statements: StatementRules,
    pub(crate) circumstances: CircumstanceRules,
    pub(crate) certainty: Option<Certainty>,
    pub(crate) events: EventRules,
    pub(crate) positions: PositionRules,
    pub(crate) places: PlaceRules,
    pub(crate) gazetteer: Gazetteer<'static>,
    pub(crate) reflexive: Option<ClassId>,
    /// SHA-256 of pack, model and gazetteer: what makes the same record twice.
    pub(crate) hash: String,
}

impl Language {
    /// The language of that code, if it was built in: `fr`. Its rules come without their
    /// notes and examples, which reading does not need.
    pub fn shipped(code: &str) -> Option<Language> {
        let shipped = of_code(code)?;
        Some(Language::ready(shipped.pack(), &shipped, shipped.hash))
    }

    /// As [`Language::shipped`], with the notes and examples of its rules.
    pub fn with_notes(code: &str) -> Option<Language> {
        let shipped = of_code(code)?;
        let pack = shipped.pack_with_notes();
        Some(Language::ready(pack, &shipped, shipped.hash))
    }

    /// Where a text speaks of time, in bytes: what is found before anything is tagged, and
    /// before anybody asks which day it is.
    ///
    /// ```
    /// let french = depeche::Language::shipped("fr").expect("French is built in");
    /// let text = "Le pont a rouvert mardi soir.";
    /// let found = french.time_spans(text);
    /// assert_eq!(found[0].of(text), "mardi soir");
    /// ```
    pub fn time_spans(&self, text: &str) -> Vec<Span> {
        let narrowed = || self.lexicon.narrowed(&self.pack, "time", &LAYOUT_CLASSES);
        self.time_spans_with(self.time_lexicon.get_or_init(narrowed), text)
    }

    fn time_spans_with(&self, lexicon: &Lexicon, text: &str) -> Vec<Span> {
        let tokens = self.tokenizer.tokens(text);
        let words = Words::new(lexicon, text, &tokens);
        let layout = layout(&self.pack, &self.pack.orthography, &words, text, &tokens);
        let sentences = layout.sentences(sentences(&self.tokenizer, text, &tokens));
        let view = View {
            text,
            tokens: &tokens,
            sentences: &sentences,
            words: &words,
            morph: &[],
        };
        let found = self.time.recognise(&self.pack, &view);
        let span = |tokens: Range<usize>| {
            Span::new(
                view.tokens[tokens.start].span.start,
                view.tokens[tokens.end - 1].span.end,
            )
        };
        found.into_iter().map(|found| span(found.tokens)).collect()
    }

    /// The codes of the languages that were built in.
    pub fn codes() -> Vec<&'static str> {
        depeche_lang::all().iter().map(|l| l.code).collect()
    }

    /// The language of that code with further rules, such as a user's own, and with the notes
    /// and examples of all.
    ///
    /// # Errors
    ///
    /// Every fault of the files.
    ///
    /// # Panics
    ///
    /// When no such language was built in: ask [`Language::codes`] first.
    pub fn with_rules(code: &str, files: &[File]) -> Result<Language, Vec<Fault>> {
        let shipped = of_code(code).expect("the language was built in");
        Ok(Language::of_pack(compile_onto(shipped.pack_with_notes(), files)?))
    }

    /// A pack that was compiled at run time, with the model that ships for its code.
    ///
    /// # Panics
    ///
    /// When no model ships for the pack's code.
    pub fn of_pack(pack: Pack) -> Language {
        let shipped = of_code(&pack.code).expect("a model ships for the language");
        let hash = Sha256::new()
            .chain_update(pack.to_bytes())
            .chain_update(shipped.syntax)
            .chain_update(depeche_lang::gazetteer().bytes());
        Language::ready(pack, &shipped, &hex(&hash.finalize()))
    }

    fn ready(pack: Pack, shipped: &Shipped, hash: &str) -> Language {
        let model =
            Model::from_bytes(shipped.syntax).expect("the model that ships is whole");
        let hash = format!("sha256:{hash}");
        // A value that cannot be read is a fault of the rule that the form test finds; a
        // language without its time rules would be worse than none.
        let time = TimeRules::new(&pack).unwrap_or_else(|why| panic!("{why}"));
        let statements = StatementRules::new(&pack).unwrap_or_else(|why| panic!("{why}"));
        let circumstances =
            CircumstanceRules::new(&pack).unwrap_or_else(|why| panic!("{why}"));
        let events = EventRules::new(&pack).unwrap_or_else(|why| panic!("{why}"));
        let positions = PositionRules::new(&pack).unwrap_or_else(|why| panic!("{why}"));
        let o = &pack.orthography;
        Language {
            lexicon: Lexicon::new(&pack),
            time_lexicon: OnceLock::new(),
            tokenizer: Tokenizer::new(&pack.orthography),
            tense: TenseWords::new(&pack),
            marks: QuoteMarks::new(&o.quotes, &o.dialogue),
            actors: ActorRules::new(&pack),
            places: PlaceRules::new(&pack),
            gazetteer: depeche_lang::gazetteer(),
            statements,
            circumstances,
            certainty: Certainty::new(&pack),
            events,
            positions,
            reflexive: pack.class("reflexive"),
            model,
            time,
            hash,
            pack,
        }
    }

    /// Its code: `fr`.
    pub fn code(&self) -> &str {
        &self.pack.code
    }

    /// Its tagger and parser.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Its words and rules.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }
}

/// What ships for a language.
fn of_code(code: &str) -> Option<Shipped> {
    depeche_lang::all().into_iter().find(|l| l.code == code)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lexicon_of_time_alone_finds_the_same_times() {
        for code in Language::codes() {
            let language = Language::with_notes(code).expect("it was built in");
            let mut found = 0;
            for entry in &language.pack.entries {
                let examples = entry.examples.iter().map(|e| e.text.as_str());
                for text in examples.chain(entry.not.iter().map(String::as_str)) {
                    let spans = language.time_spans(text);
                    assert_eq!(
                        spans,
                        language.time_spans_with(&language.lexicon, text),
                        "{}: {text}",
                        entry.id,
                    );
                    found += spans.len();
                }
            }
            assert!(found > 0, "{code}: no example speaks of time");
        }
    }
}
