//! How good are tokens, sentences, lemmas, tags and trees? On Sequoia dev, which no model was
//! trained on.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use depeche::{Analysis, Document, Language, Meta, Pipeline};
use depeche_text::conllu::{self, Word};
use depeche_text::syntax::{Deprel, Syntax};
use depeche_text::{Upos, fold};

use crate::syntax::{Score, compare, raw_text, score_gold_tokens};

const TREEBANK: &str = "ud/UD_French-Sequoia/fr_sequoia-ud-dev.conllu";

/// Relations that statements and events hang on.
const WATCHED: &[Deprel] = &[
    Deprel::Nsubj,
    Deprel::NsubjPass,
    Deprel::OblAgent,
    Deprel::AuxPass,
    Deprel::Obj,
    Deprel::Obl,
    Deprel::Ccomp,
    Deprel::Xcomp,
    Deprel::Advcl,
    Deprel::AclRelcl,
    Deprel::Parataxis,
];

/// The figures, as text.
pub(super) fn score(shared: &Path) -> Result<String> {
    let path = shared.join(TREEBANK);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let treebank = conllu::read(&text)
        .map_err(|why| anyhow::anyhow!("{}: {why}", path.display()))?;
    let language = Language::shipped("fr").context("French was not built in")?;
    let mut out = format!("{TREEBANK}: {} sentences\n\n", treebank.len());

    let gold = score_gold_tokens(language.model(), &treebank);
    out += "with the treebank's words (accuracy; LAS without subtypes)\n";
    out += &line(&gold);

    let document = Document::new(raw_text(&treebank), Meta::default())?;
    let mut pipeline = Pipeline::new(&language);
    let analysis = pipeline.analyze(&document);
    let source = document.text();
    let forms: Vec<&str> = analysis.tokens.iter().map(|t| t.span.of(source)).collect();
    let raw = compare(&treebank, &forms, &analysis.sentences, &analysis.syntax);
    out += "\nfrom raw text, through the whole engine (F1)\n";
    let tokens = raw.f1(raw.words);
    writeln!(out, "    tokens {tokens:.2}  sentences {:.2}", raw.sentence_f1())?;
    out += &line(&raw);
    out += &lemmas(&analysis, &treebank, &raw);
    out += &relations(&analysis.syntax, &treebank, &raw);
    Ok(out)
}

fn line(score: &Score) -> String {
    let verb = 100.0 * score.verb[0] as f64 / score.verb[1].max(1) as f64;
    format!(
        "    UPOS {:.2}  verb form {verb:.2}  UAS {:.2}  LAS {:.2}\n",
        score.f1(score.upos),
        score.f1(score.uas),
        score.f1(score.las)
    )
}

fn lemmas(analysis: &Analysis<'_>, treebank: &[Vec<Word>], score: &Score) -> String {
    let words: Vec<&Word> = treebank.iter().flatten().collect();
    let mut counted = 0_u32;
    let mut right = 0_u32;
    for &(i, j) in &score.aligned {
        if words[i].lemma.is_empty()
            || matches!(words[i].morph.upos, Upos::Punct | Upos::Num)
        {
            continue;
        }
        counted += 1;
        right += u32::from(fold(&words[i].lemma) == fold(&analysis.lemma(j)));
    }
    let share = 100.0 * f64::from(right) / f64::from(counted.max(1));
    format!("    lemmas {share:.2} of the words that are the same, case aside\n")
}

/// Of each relation that matters most, how often head and relation are right, subtype included.
fn relations(syntax: &Syntax, treebank: &[Vec<Word>], score: &Score) -> String {
    let words: Vec<&Word> = treebank.iter().flatten().collect();
    let mut start_of = Vec::with_capacity(words.len());
    for sentence in treebank {
        let start = start_of.len();
        start_of.extend(sentence.iter().map(|_| start));
    }
    let mut partner = vec![None; words.len()];
    let mut back = vec![None; syntax.head.len()];
    for &(i, j) in &score.aligned {
        partner[i] = Some(j);
        back[j] = Some(i);
    }
    let mut out =
        String::from("\n    relation         P      R      F1     (in the treebank)\n");
    for &relation in WATCHED {
        let is = |word: &Word| Deprel::from_name(&word.deprel) == Some(relation);
        let wanted = words.iter().filter(|w| is(w)).count();
        let found = syntax.deprel.iter().filter(|&&d| d == relation).count();
        let right = words.iter().enumerate().filter(|(i, w)| {
            let Some(j) = partner[*i].filter(|_| is(w)) else { return false };
            let head = w.head.map(|h| start_of[*i] + h);
            let system = syntax.head[j].map(|h| back[h as usize]);
            syntax.deprel[j] == relation
                && match (head, system) {
                    (Some(h), Some(s)) => s == Some(h),
                    (None, None) => true,
                    _ => false,
                }
        });
        let right = right.count() as f64;
        let (p, r) =
            (100.0 * right / found.max(1) as f64, 100.0 * right / wanted.max(1) as f64);
        let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        out += &format!(
            "    {:<12} {p:6.1} {r:6.1} {f:6.1}     {wanted}\n",
            relation.name()
        );
    }
    out
}
