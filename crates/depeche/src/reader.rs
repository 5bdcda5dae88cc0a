//! Which of the languages is an article in, and what does it say?

use std::sync::OnceLock;

use depeche_rule::{Fault, File};
use depeche_text::{Document, Meta};

use crate::handover::unread;
use crate::{Language, Pipeline, Record, guess};

/// The languages that were built in, each made ready when the first article asks for it.
#[derive(Debug)]
pub struct Languages {
    list: Vec<(&'static str, OnceLock<Language>)>,
    /// Whether rules come with their notes and examples.
    notes: bool,
}

impl Languages {
    /// Every language that was built in.
    pub fn shipped() -> Languages {
        let list =
            Language::codes().into_iter().map(|code| (code, OnceLock::new())).collect();
        Languages { list, notes: false }
    }

    /// As [`Languages::shipped`], with the notes and examples of the rules: to explain them,
    /// or to try them.
    pub fn with_notes() -> Languages {
        Languages { notes: true, ..Languages::shipped() }
    }

    /// Every language that was built in; the one of that code with further rules.
    ///
    /// # Errors
    ///
    /// Every fault of the files; also when no language of that code was built in.
    pub fn with_rules(code: &str, files: &[File]) -> Result<Languages, Vec<Fault>> {
        let languages = Languages::with_notes();
        if let Some((_, slot)) = languages.list.iter().find(|(c, _)| *c == code) {
            let _ = slot.set(Language::with_rules(code, files)?);
        }
        Ok(languages)
    }

    /// Their codes, in order.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.list.iter().map(|(code, _)| *code)
    }

    /// The language of that BCP 47 code: `fr`, and for `fr-CA` French too.
    pub fn get(&self, code: &str) -> Option<&Language> {
        let primary =
            code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let (code, slot) = self.list.iter().find(|(c, _)| *c == primary)?;
        Some(slot.get_or_init(|| {
            let language = match self.notes {
                true => Language::with_notes(code),
                false => Language::shipped(code),
            };
            language.expect("the code is of the list")
        }))
    }

    /// The code of the language that a document is in: as its input says, or as it looks. A
    /// text too short to tell is taken for the first language that was built in.
    pub fn code_of(&self, document: &Document) -> String {
        if let Some(said) = &document.meta().lang {
            return said.clone();
        }
        let first = self.list.first().map_or("und", |(code, _)| code);
        match guess(document.text()) {
            Some(seen) if seen.sure || self.codes().any(|code| code == seen.code) => {
                seen.code
            }
            _ => first,
        }
        .to_owned()
    }
}

/// The options of a run, written in one way: what is taken for articles whose input does not say.
/// For [`Reader::with_options`].
pub fn options(defaults: &Meta) -> String {
    let shown = |o: &Option<String>| serde_json::Value::from(o.clone()).to_string();
    format!(
        "date={} outlet={} lang={}",
        shown(&defaults.published),
        shown(&defaults.outlet),
        shown(&defaults.lang)
    )
}

/// Reads documents of any language into records. It belongs to one thread.
#[derive(Debug)]
pub struct Reader<'l> {
    languages: &'l Languages,
    pipelines: Vec<Pipeline<'l>>,
    options: String,
}

impl<'l> Reader<'l> {
    /// A reader of these languages.
    pub fn new(languages: &'l Languages) -> Reader<'l> {
        Reader { languages, pipelines: Vec::new(), options: String::new() }
    }

    /// A reader whose records name these options, as a hash, beside the engine that made them.
    #[must_use]
    pub fn with_options(mut self, options: &str) -> Reader<'l> {
        options.clone_into(&mut self.options);
        self
    }

    /// The record of a document. For a language that was not built in it holds the article
    /// alone, and a warning `language-not-supported`.
    pub fn read(&mut self, document: &Document) -> Record {
        let code = self.languages.code_of(document);
        let options = self.options.clone();
        match self.pipeline(&code) {
            Some(pipeline) => pipeline.analyze(document).record_with(&options),
            None => unread(
                document,
                &code,
                &self.languages.codes().collect::<Vec<_>>(),
                &options,
            ),
        }
    }

    /// The pipeline for a language of that code, if it was built in.
    pub fn pipeline(&mut self, code: &str) -> Option<&mut Pipeline<'l>> {
        let language = self.languages.get(code)?;
        let known =
            self.pipelines.iter().position(|p| p.language().code() == language.code());
        let at = known.unwrap_or_else(|| {
            self.pipelines.push(Pipeline::new(language));
            self.pipelines.len() - 1
        });
        self.pipelines.get_mut(at)
    }
}
