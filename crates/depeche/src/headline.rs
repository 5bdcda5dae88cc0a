//! « Douze morts dans une frappe, Kiev réclame des armes »: a headline of two halves, which are
//! read one by one.

use std::ops::Range;

use depeche_extract::{Block, BlockKind, Layout};
use depeche_text::syntax::{Deprel, Syntax};
use depeche_text::{Token, Upos};

/// How many words the subject of the second half has at most.
const SUBJECT: usize = 6;

/// The halves of the headlines of a text, in pairs: cut at a comma behind which a clause of its
/// own begins, as a first parse tells.
pub(crate) fn halves(
    tokens: &[Token],
    text: &str,
    syntax: &Syntax,
    layout: &Layout,
    sentences: &[Range<usize>],
) -> Vec<Range<usize>> {
    let is_title = |b: &&Block| matches!(b.kind, BlockKind::Title | BlockKind::Heading);
    let titles = layout.blocks.iter().filter(is_title);
    let mut found = Vec::new();
    for title in titles {
        let from = sentences.partition_point(|s| s.end <= title.tokens.start);
        let inside = sentences[from..].iter();
        for sentence in inside.take_while(|s| s.start < title.tokens.end) {
            let comma = |&t: &usize| tokens[t].span.of(text) == ",";
            let cut = sentence
                .clone()
                .filter(comma)
                .find(|&t| t > sentence.start && is_clause(syntax, t + 1, sentence.end));
            if let Some(cut) = cut {
                found.push(sentence.start..cut + 1);
                found.push(cut + 1..sentence.end);
            }
        }
    }
    found
}

/// Whether a bare subject and its finite verb begin at a token.
fn is_clause(syntax: &Syntax, start: usize, end: usize) -> bool {
    let mut noun = None;
    for token in start..end.min(start + SUBJECT) {
        let morph = syntax.morph[token];
        match morph.upos {
            Upos::Det | Upos::Adj | Upos::Adv | Upos::Num => {}
            Upos::Noun | Upos::Propn => noun = noun.or(Some(token)),
            Upos::Verb | Upos::Aux => {
                let agrees = noun.is_some_and(|n: usize| {
                    let number = syntax.morph[n].number;
                    number.is_none() || morph.number.is_none() || number == morph.number
                });
                return agrees && morph.is_finite();
            }
            _ => return false,
        }
    }
    false
}

/// Puts the trees of halves in place of those of whole headlines: the second half hangs on the
/// first.
pub(crate) fn join_halves(syntax: &mut Syntax, again: &Syntax, halves: &[Range<usize>]) {
    for half in halves {
        syntax.morph[half.clone()].copy_from_slice(&again.morph[half.clone()]);
        syntax.head[half.clone()].copy_from_slice(&again.head[half.clone()]);
        syntax.deprel[half.clone()].copy_from_slice(&again.deprel[half.clone()]);
    }
    let root = |syntax: &Syntax, half: &Range<usize>| {
        half.clone().find(|&t| syntax.head[t].is_none())
    };
    for pair in halves.chunks_exact(2) {
        let (first, second) = (root(syntax, &pair[0]), root(syntax, &pair[1]));
        if let (Some(first), Some(second)) = (first, second) {
            syntax.head[second] = Some(first as u32);
            syntax.deprel[second] = Deprel::Parataxis;
        }
    }
}
