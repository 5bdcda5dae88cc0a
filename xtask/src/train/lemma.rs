//! Which endings turn into which? Lemma rules, counted in the treebanks.

use std::collections::BTreeMap;

use depeche_text::conllu::Word;
use depeche_text::{LemmaRule, endings, fold, is_inflected, lemma_kind};

/// What an ending turns into: characters cut, characters added.
type Change = (u8, String);

/// The shortest list of rules that says the same as all: a longer ending gets its own rule
/// only where it turns into something else than a shorter one would.
pub(super) fn learn(sentences: &[Vec<Word>]) -> Vec<LemmaRule> {
    let mut counts: BTreeMap<(u8, String), BTreeMap<Change, u32>> = BTreeMap::new();
    for word in sentences.iter().flatten().filter(|w| is_inflected(w.morph.upos)) {
        let kind = lemma_kind(word.morph.upos, word.morph.verb);
        let form = fold(&word.form);
        let change = change(&form, &fold(&word.lemma));
        for ending in endings(&format!("^{form}")) {
            let changes = counts.entry((kind, ending.to_owned())).or_default();
            *changes.entry(change.clone()).or_default() += 1;
        }
    }
    let best = |key: &(u8, String)| {
        let changes = counts.get(key)?;
        let most =
            changes.iter().max_by_key(|(change, n)| (**n, std::cmp::Reverse(*change)));
        most.map(|(change, n)| (change.clone(), *n))
    };
    let mut rules = Vec::new();
    for key in counts.keys() {
        let Some((change, n)) = best(key) else { continue };
        // The next shorter ending that speaks.
        let shorter = endings(&key.1)
            .skip(1)
            .map(|ending| (key.0, ending.to_owned()))
            .chain([(key.0, String::new())])
            .find(|shorter| {
                shorter.1.len() < key.1.len() && counts.contains_key(shorter)
            });
        let inherited = shorter.and_then(|s| best(&s)).map(|(change, _)| change);
        // One occurrence is enough for a whole word, not for an ending.
        let sure = n > 1 || key.1.starts_with('^');
        if sure && inherited.as_ref() != Some(&change) {
            let (cut, add) = change;
            let (ending, add) = (key.1.clone().into(), add.into());
            rules.push(LemmaRule { kind: key.0, ending, cut, add });
        }
    }
    rules
}

fn change(form: &str, lemma: &str) -> Change {
    let common: usize = form
        .chars()
        .zip(lemma.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    (form[common..].chars().count() as u8, lemma[common..].to_owned())
}
