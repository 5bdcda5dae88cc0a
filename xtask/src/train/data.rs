//! What is there to learn from? Treebanks, as the numbers that the net wants.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use depeche_text::conllu::{self, Word};
use depeche_text::syntax::{Agreement, Deprel, Features, Inventory, Tag, Vectors};

/// Longer sentences are left out of training: they cost most and teach least.
const LONGEST: usize = 120;

/// One sentence for the net.
pub(super) struct Example {
    pub(super) forms: Vec<String>,
    pub(super) features: Vec<Features>,
    pub(super) vectors: Vec<Option<u16>>,
    pub(super) tags: Vec<usize>,
    pub(super) agreements: Vec<usize>,
    /// `None` at the root.
    pub(super) heads: Vec<Option<usize>>,
    pub(super) relations: Vec<usize>,
}

/// The sentences of CoNLL-U files.
pub(super) fn read(files: &[impl AsRef<Path>]) -> Result<Vec<Vec<Word>>> {
    let mut sentences = Vec::new();
    for file in files {
        let file = file.as_ref();
        let text = fs::read_to_string(file)
            .with_context(|| format!("cannot read the treebank {}", file.display()))?;
        let read = conllu::read(&text).map_err(|e| anyhow!("{}: {e}", file.display()))?;
        sentences.extend(read);
    }
    Ok(sentences)
}

fn tag(word: &Word) -> Tag {
    (word.morph.upos, word.morph.verb, word.morph.pron)
}

fn agreement(word: &Word) -> Agreement {
    (word.morph.gender, word.morph.number, word.morph.person)
}

fn relation(word: &Word) -> Deprel {
    Deprel::from_name(&word.deprel).unwrap_or(Deprel::Dep)
}

/// Every class that occurs, in a fixed order. Rare agreements are left out.
pub(super) fn inventory(sentences: &[Vec<Word>]) -> Inventory {
    let mut tags = BTreeMap::<Tag, usize>::new();
    let mut agreements = BTreeMap::<Agreement, usize>::new();
    let mut relations = BTreeMap::<Deprel, usize>::new();
    for word in sentences.iter().flatten() {
        *tags.entry(tag(word)).or_default() += 1;
        *agreements.entry(agreement(word)).or_default() += 1;
        *relations.entry(relation(word)).or_default() += 1;
    }
    agreements.retain(|_, n| *n >= 10);
    Inventory {
        tags: tags.into_keys().collect(),
        agreements: agreements.into_keys().collect(),
        relations: relations.into_keys().collect(),
    }
}

/// The sentences as examples. A class that the inventory lacks becomes its first.
pub(super) fn examples(
    sentences: &[Vec<Word>],
    config: &depeche_text::syntax::Config,
    inventory: &Inventory,
    vectors: &Vectors,
) -> Vec<Example> {
    sentences
        .iter()
        .filter(|s| s.len() <= LONGEST)
        .map(|words| Example {
            forms: words.iter().map(|w| w.form.clone()).collect(),
            features: words.iter().map(|w| Features::of(&w.form, config)).collect(),
            vectors: words.iter().map(|w| vectors.keys.row(&w.form)).collect(),
            tags: words.iter().map(|w| index(&inventory.tags, &tag(w))).collect(),
            agreements: words
                .iter()
                .map(|w| index(&inventory.agreements, &agreement(w)))
                .collect(),
            heads: words.iter().map(|w| w.head).collect(),
            relations: words
                .iter()
                .map(|w| index(&inventory.relations, &relation(w)))
                .collect(),
        })
        .collect()
}

fn index<T: PartialEq>(items: &[T], item: &T) -> usize {
    items.iter().position(|x| x == item).unwrap_or(0)
}

/// A sentence that nobody parsed yet.
pub(super) fn unlabelled(
    forms: &[String],
    config: &depeche_text::syntax::Config,
    vectors: &Vectors,
) -> Example {
    let n = forms.len();
    Example {
        features: forms.iter().map(|f| Features::of(f, config)).collect(),
        vectors: forms.iter().map(|f| vectors.keys.row(f)).collect(),
        forms: forms.to_vec(),
        tags: vec![0; n],
        agreements: vec![0; n],
        heads: vec![None; n],
        relations: vec![0; n],
    }
}
