//! `depeche parse`: what the tagger and the parser make of a text, as CoNLL-U.

use std::io::{self, Write};

use anyhow::{Result, bail};
use depeche::{Analysis, Reader};

use crate::engine::languages;
use crate::flags::Parse;
use crate::{Outcome, input, show};

impl Parse {
    pub(crate) fn run(self) -> Result<Outcome> {
        let languages = languages(&self.about)?;
        let mut reader = Reader::new(&languages);
        let mut outcome = Outcome::Whole;
        let mut out = io::BufWriter::new(io::stdout());
        let paths: Vec<_> = self.file.into_iter().collect();
        for draft in input::articles(&paths, &self.about) {
            let article = match draft.finish() {
                Ok(article) => article,
                Err(problem) => {
                    anstream::eprintln!(
                        "{}",
                        show::problem(&problem.origin, &problem.message)
                    );
                    outcome = Outcome::Partial;
                    continue;
                }
            };
            let code = languages.code_of(&article.document);
            let Some(pipeline) = reader.pipeline(&code) else {
                bail!("{}: `{code}` was not built in; give --lang", article.origin);
            };
            conllu(&mut out, &pipeline.analyze(&article.document))?;
        }
        out.flush()?;
        Ok(outcome)
    }
}

/// Writes sentences as CoNLL-U; `MISC` says where each token stands, in code points.
fn conllu(out: &mut impl Write, a: &Analysis<'_>) -> io::Result<()> {
    let text = a.document.text();
    let mut point = 0;
    let mut byte = 0;
    for (n, sentence) in a.sentences.iter().enumerate() {
        let words = a.layers().text_of(sentence);
        let line: String =
            words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        writeln!(out, "# sent_id = {}\n# text = {line}", n + 1)?;
        for token in sentence.clone() {
            let span = a.tokens[token].span;
            point += text[byte..span.start as usize].chars().count();
            byte = span.start as usize;
            let form = span.of(text);
            let morph = a.syntax.morph[token];
            let head =
                a.syntax.head[token].map_or(0, |h| h as usize - sentence.start + 1);
            writeln!(
                out,
                "{}\t{form}\t{}\t{}\t_\t{}\t{head}\t{}\t_\tSpan={point}:{}",
                token - sentence.start + 1,
                a.lemma(token),
                morph.upos.name(),
                morph.feats(),
                a.syntax.deprel[token].name(),
                point + form.chars().count(),
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
