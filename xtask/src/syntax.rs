//! How good are tags and trees? Against a treebank, with its words and from raw text.

use std::ops::Range;

use depeche_text::conllu::Word;
use depeche_text::syntax::{Deprel, Model, Parser, Syntax};
use depeche_text::{Orthography, Tokenizer, Upos, sentences};

/// Counts of one comparison.
#[derive(Clone, Debug, Default)]
pub(crate) struct Score {
    /// Words of the treebank and words of the system that are the same characters.
    pub(crate) aligned: Vec<(usize, usize)>,
    /// Words of the treebank.
    pub(crate) gold: usize,
    /// Words of the system.
    pub(crate) system: usize,
    /// Words that both have.
    pub(crate) words: usize,
    /// Sentences of the treebank, of the system, and of both.
    pub(crate) sentences: [usize; 3],
    /// Right parts of speech.
    pub(crate) upos: usize,
    /// Right forms of verbs, of all verbs of the treebank.
    pub(crate) verb: [usize; 2],
    /// Right heads.
    pub(crate) uas: usize,
    /// Right heads and relations (without subtype).
    pub(crate) las: usize,
}

impl Score {
    /// F1 of `right` words, in percent. With the treebank's words it is accuracy.
    pub(crate) fn f1(&self, right: usize) -> f64 {
        200.0 * right as f64 / (self.gold + self.system).max(1) as f64
    }

    /// F1 of sentences, in percent.
    pub(crate) fn sentence_f1(&self) -> f64 {
        let [gold, system, both] = self.sentences;
        200.0 * both as f64 / (gold + system).max(1) as f64
    }
}

/// Parses the treebank's own words.
pub(crate) fn score_gold_tokens(model: &Model, treebank: &[Vec<Word>]) -> Score {
    let forms: Vec<&str> = treebank.iter().flatten().map(|w| w.form.as_str()).collect();
    let ranges = ranges(treebank);
    let syntax = Parser::new(model).parse(&forms, &ranges);
    compare(treebank, &forms, &ranges, &syntax)
}

/// Cuts the treebank's text itself. Sentences follow each other on one line, a new line is
/// begun every twenty sentences, as paragraphs might.
pub(crate) fn score_raw_text(
    model: &Model,
    orthography: &Orthography,
    treebank: &[Vec<Word>],
) -> Score {
    let text = raw_text(treebank);
    let tokenizer = Tokenizer::new(orthography);
    let tokens = tokenizer.tokens(&text);
    let ranges = sentences(&tokenizer, &text, &tokens);
    let forms: Vec<&str> = tokens.iter().map(|t| t.span.of(&text)).collect();
    let syntax = Parser::new(model).parse(&forms, &ranges);
    compare(treebank, &forms, &ranges, &syntax)
}

/// The text of a treebank: its sentences one behind the other, a new line every twenty.
pub(crate) fn raw_text(treebank: &[Vec<Word>]) -> String {
    let mut text = String::new();
    for (n, sentence) in treebank.iter().enumerate() {
        for word in sentence {
            text.push_str(&word.form);
            if word.space_after {
                text.push(' ');
            }
        }
        if !text.ends_with(' ') {
            text.push(' ');
        }
        if n % 20 == 19 {
            text.push('\n');
        }
    }
    text
}

fn ranges(treebank: &[Vec<Word>]) -> Vec<Range<usize>> {
    let mut start = 0;
    treebank
        .iter()
        .map(|s| {
            start += s.len();
            start - s.len()..start
        })
        .collect()
}

/// Aligns by characters, blanks aside, as the CoNLL 2018 shared task does.
pub(crate) fn compare(
    treebank: &[Vec<Word>],
    forms: &[&str],
    sentences: &[Range<usize>],
    syntax: &Syntax,
) -> Score {
    let length = |form: &str| form.chars().filter(|c| !c.is_whitespace()).count();
    let spans = |lengths: &mut dyn Iterator<Item = usize>| {
        let mut at = 0;
        lengths
            .map(|n| {
                at += n;
                (at - n, at)
            })
            .collect::<Vec<_>>()
    };
    let gold: Vec<&Word> = treebank.iter().flatten().collect();
    let gold_spans = spans(&mut gold.iter().map(|w| length(&w.form)));
    let system_spans = spans(&mut forms.iter().map(|f| length(f)));
    let gold_ranges = ranges(treebank);
    let extent = |spans: &[(usize, usize)], r: &Range<usize>| {
        (spans[r.start].0, spans[r.end - 1].1)
    };
    let mut gold_sentences: Vec<_> =
        gold_ranges.iter().map(|r| extent(&gold_spans, r)).collect();
    let system_sentences: Vec<_> =
        sentences.iter().map(|r| extent(&system_spans, r)).collect();
    let counts = [gold_sentences.len(), system_sentences.len()];
    gold_sentences.retain(|s| system_sentences.contains(s));
    let mut score = Score {
        gold: gold.len(),
        system: forms.len(),
        sentences: [counts[0], counts[1], gold_sentences.len()],
        ..Score::default()
    };
    let mut start_of = vec![0; gold.len()];
    for r in &gold_ranges {
        start_of[r.clone()].fill(r.start);
    }
    let mut j = 0;
    for (i, word) in gold.iter().enumerate() {
        while j < forms.len() && system_spans[j].0 < gold_spans[i].0 {
            j += 1;
        }
        if j == forms.len() || system_spans[j] != gold_spans[i] {
            continue;
        }
        score.words += 1;
        score.aligned.push((i, j));
        score.upos += usize::from(syntax.morph[j].upos == word.morph.upos);
        if matches!(word.morph.upos, Upos::Verb | Upos::Aux) {
            score.verb[1] += 1;
            score.verb[0] += usize::from(syntax.morph[j].verb == word.morph.verb);
        }
        let gold_head = word.head.map(|h| gold_spans[start_of[i] + h]);
        let system_head = syntax.head[j].map(|h| system_spans[h as usize]);
        if gold_head == system_head {
            score.uas += 1;
            let proper =
                |name: &str| name.split(':').next().unwrap_or_default().to_owned();
            let relation = Deprel::from_name(&word.deprel).unwrap_or(Deprel::Dep);
            let same = proper(relation.name()) == proper(syntax.deprel[j].name());
            score.las += usize::from(same);
        }
    }
    score
}
