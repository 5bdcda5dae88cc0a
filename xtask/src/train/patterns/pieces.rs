//! What can be cut out of treebanks: phrases, clauses, infinitives.

use std::collections::HashMap;
use std::ops::Range;

use depeche_text::conllu::Word;
use depeche_text::{Gender, Number, Upos, VerbForm};

/// Longest noun phrase, infinitive and clause that is cut out, in words.
const LONGEST_PHRASE: usize = 8;
const LONGEST_INFINITIVE: usize = 12;
const LONGEST_CLAUSE: usize = 22;

/// A piece of a tree: words whose heads lie inside, but for one.
pub(super) type Piece = Vec<Word>;

/// Pieces of treebanks, by slot.
#[derive(Default)]
pub(super) struct Pieces {
    pub(super) phrases: [Vec<Piece>; 2],
    /// Where the subject ends, if the clause begins with it.
    pub(super) clauses: Vec<(Piece, Option<usize>)>,
    pub(super) infinitives: Vec<Piece>,
    pub(super) genders: HashMap<String, Gender>,
}

impl Pieces {
    pub(super) fn cut(trees: &[Vec<Word>]) -> Pieces {
        let mut pieces = Pieces::default();
        // A question has no phrases for a statement.
        let told = |tree: &&Vec<Word>| tree.last().is_some_and(|w| w.form == ".");
        for tree in trees.iter().filter(told) {
            for (at, word) in tree.iter().enumerate() {
                if let (Upos::Noun, Some(gender)) = (word.morph.upos, word.morph.gender) {
                    pieces.genders.insert(word.lemma.clone(), gender);
                }
                let Some(span) = subtree(tree, at) else { continue };
                if let Some(number) = phrase(tree, at, &span) {
                    let piece = lower(cut(tree, span.clone()));
                    pieces.phrases[number].extend(piece);
                }
                if word.morph.verb == Some(VerbForm::Inf) {
                    pieces.infinitives.extend(infinitive(tree, at, span));
                }
            }
            pieces.clauses.extend(clause(tree));
        }
        pieces
    }
}

/// The words that hang on a word, itself included, if they stand side by side.
pub(super) fn subtree(tree: &[Word], root: usize) -> Option<Range<usize>> {
    let hangs = |mut at: usize| {
        for _ in 0..tree.len() {
            if at == root {
                return true;
            }
            match tree[at].head {
                Some(head) => at = head,
                None => return false,
            }
        }
        false
    };
    let words: Vec<usize> = (0..tree.len()).filter(|&at| hangs(at)).collect();
    let span = *words.first()?..words.last()? + 1;
    (span.len() == words.len()).then_some(span)
}

/// Whether it is a plain noun phrase: 0 singular, 1 plural.
fn phrase(tree: &[Word], at: usize, span: &Range<usize>) -> Option<usize> {
    let word = &tree[at];
    let role = ["nsubj", "obj", "obl:agent"].iter().any(|r| word.deprel.starts_with(r));
    let words = &tree[span.clone()];
    let first = words.first()?;
    let plain = words.iter().all(|w| {
        let of = w.morph.upos;
        of != Upos::Pron && (of != Upos::Punct || w.form == "-")
    });
    let named = word.morph.upos == Upos::Propn;
    let begins = first.morph.upos == Upos::Det || named && span.start == at;
    let fits = role && plain && begins && span.len() <= LONGEST_PHRASE;
    match (word.morph.upos, word.morph.number) {
        _ if !fits => None,
        (Upos::Noun, Some(Number::Plur)) => Some(1),
        (Upos::Noun, Some(Number::Sing)) | (Upos::Propn, _) => Some(0),
        _ => None,
    }
}

/// An infinitive with what follows it, its marker left out.
fn infinitive(tree: &[Word], at: usize, span: Range<usize>) -> Option<Piece> {
    let role = ["xcomp", "acl", "advcl"].contains(&tree[at].deprel.as_str());
    let marks = tree[span.start..at].iter().all(|w| w.deprel == "mark");
    let plain = tree[at..span.end].iter().all(|w| w.morph.upos != Upos::Punct);
    let fits = role && marks && plain && span.end - at <= LONGEST_INFINITIVE;
    if fits { cut(tree, at..span.end) } else { None }
}

/// A sentence of one verb and its subject, its stop left out, with the end of the subject.
fn clause(tree: &[Word]) -> Option<(Piece, Option<usize>)> {
    let stop = tree.len().checked_sub(1)?;
    let root = tree.iter().position(|w| w.head.is_none())?;
    let finite = |w: &Word| {
        w.morph.verb.is_some_and(|f| {
            ![VerbForm::Inf, VerbForm::PartPast, VerbForm::PartPres].contains(&f)
        })
    };
    let is_finite = finite(&tree[root])
        || tree
            .iter()
            .any(|w| w.head == Some(root) && w.morph.upos == Upos::Aux && finite(w));
    let subject = tree
        .iter()
        .position(|w| w.head == Some(root) && w.deprel.starts_with("nsubj"))?;
    let plain = tree[..stop]
        .iter()
        .all(|w| w.morph.upos != Upos::Punct || w.form == "," || w.form == "-");
    let whole = tree[stop].morph.upos == Upos::Punct
        && plain
        && is_finite
        && (3..=LONGEST_CLAUSE).contains(&stop)
        && tree[0].morph.upos != Upos::Cconj;
    if !whole {
        return None;
    }
    let piece = lower(cut(tree, 0..stop))?;
    let before = subtree(tree, subject)?;
    let noun = [Upos::Noun, Upos::Propn].contains(&tree[subject].morph.upos);
    let end = (noun && before.start == 0 && before.end <= root).then_some(before.end);
    Some((piece, end))
}

/// A piece with one root.
pub(super) fn cut(tree: &[Word], span: Range<usize>) -> Option<Piece> {
    let mut piece = tree[span.clone()].to_vec();
    let mut roots = 0;
    for word in &mut piece {
        word.head = match word.head {
            Some(head) if span.contains(&head) => Some(head - span.start),
            _ => {
                roots += 1;
                None
            }
        };
    }
    (roots == 1).then_some(piece)
}

/// The first word without its capital, unless it is a name.
fn lower(piece: Option<Piece>) -> Option<Piece> {
    let mut piece = piece?;
    let first = piece.first_mut()?;
    let other: String = first.form.chars().skip(1).collect();
    let shouts = other.chars().any(char::is_uppercase);
    if first.morph.upos != Upos::Propn && !shouts {
        first.form = first.form.to_lowercase();
    }
    Some(piece)
}
