//! Trees that the parser builds wrong in the same way again and again, set right by words.

use depeche_rule::{Pack, Words};
use depeche_text::syntax::{Deprel, Syntax};
use depeche_text::{Upos, VerbForm};

/// How many commas and adverbs may stand beside the phrase.
const BESIDE: usize = 3;

/// Joins auxiliaries to the participles that a phrase of the class `aside-phrase` parts from
/// them, where the parser took the auxiliary for a verb of its own.
pub fn join_perfects(pack: &Pack, words: &Words, syntax: &mut Syntax) {
    let (Some(aside), Some(auxiliary)) =
        (pack.class("aside-phrase"), pack.class("perfect-auxiliary"))
    else {
        return;
    };
    for start in 1..syntax.head.len() {
        let Some(phrase) = words.hit(start, aside) else { continue };
        let skips = |t: &usize| matches!(syntax.morph[*t].upos, Upos::Punct | Upos::Adv);
        let from = start.saturating_sub(BESIDE);
        let before = (from..start).rev().find(|t| !skips(t));
        let end = phrase.end as usize;
        let until = syntax.head.len().min(end + BESIDE);
        let behind = (end..until).find(|t| !skips(t));
        let (Some(verb), Some(participle)) = (before, behind) else { continue };
        let perfect = words.hit(verb, auxiliary).is_some()
            && syntax.morph[verb].is_finite()
            && syntax.deprel[verb] != Deprel::Aux
            && syntax.morph[participle].verb == Some(VerbForm::PartPast)
            && is_below(syntax, participle, verb);
        if perfect {
            join(syntax, verb, participle);
        }
    }
}

/// How many steps up the tree an auxiliary may lie above what should be its verb.
const STEPS: usize = 4;

fn is_below(syntax: &Syntax, token: usize, above: usize) -> bool {
    let mut node = token;
    for _ in 0..STEPS {
        let Some(head) = syntax.head[node].map(|h| h as usize) else { return false };
        if head == above {
            return true;
        }
        node = head;
    }
    false
}

/// Gives the place of an auxiliary to its participle.
fn join(syntax: &mut Syntax, auxiliary: usize, participle: usize) {
    for head in &mut syntax.head {
        if *head == Some(auxiliary as u32) {
            *head = Some(participle as u32);
        }
    }
    syntax.head[participle] = syntax.head[auxiliary];
    syntax.deprel[participle] = syntax.deprel[auxiliary];
    syntax.head[auxiliary] = Some(participle as u32);
    syntax.deprel[auxiliary] = Deprel::Aux;
    syntax.morph[auxiliary].upos = Upos::Aux;
    syntax.morph[participle].upos = Upos::Verb;
}

/// « a déclaré à l'AFP Jean Dupont, qui … »: makes a name behind that of a medium the subject of
/// the verb, where the parser took it for another name of the medium.
pub fn free_speakers(pack: &Pack, words: &Words, syntax: &mut Syntax) {
    let Some(media) = pack.class("media") else { return };
    for medium in 0..syntax.head.len() {
        let Some(hit) = words.hit(medium, media) else { continue };
        let name = hit.end as usize;
        let Some(verb) = syntax.head[medium].map(|h| h as usize) else { continue };
        let named = syntax.head.get(name) == Some(&Some(medium as u32))
            && syntax.deprel[name] == Deprel::Appos
            && syntax.morph[name].upos == Upos::Propn;
        let told = verb < medium
            && syntax.morph[verb].upos == Upos::Verb
            && matches!(syntax.deprel[medium], Deprel::Obl | Deprel::Iobj);
        let end = syntax.head.len().min(name + REACH);
        let of = |t: usize, head: usize| syntax.head[t] == Some(head as u32);
        let subject = |t: usize| {
            of(t, verb) && matches!(syntax.deprel[t], Deprel::Nsubj | Deprel::NsubjPass)
        };
        if !named || !told || (verb.saturating_sub(REACH)..end).any(subject) {
            continue;
        }
        for head in &mut syntax.head[name + 1..end] {
            if *head == Some(medium as u32) {
                *head = Some(name as u32);
            }
        }
        syntax.head[name] = Some(verb as u32);
        syntax.deprel[name] = Deprel::Nsubj;
    }
}

/// How far behind a name words are looked for that belong to it.
const REACH: usize = 40;

/// « … », a réagi Amnesty, qui demande …: hangs a relative clause behind who speaks on him, where
/// the parser hung it on a noun of the speech.
pub fn free_relatives(syntax: &mut Syntax) {
    for clause in 0..syntax.head.len() {
        let Some(noun) = syntax.head[clause].map(|h| h as usize) else { continue };
        if syntax.deprel[clause] != Deprel::AclRelcl || noun > clause {
            continue;
        }
        let near = noun + 1..clause.min(noun + REACH);
        let of = |t: usize, head: usize| syntax.head[t] == Some(head as u32);
        let cue =
            near.clone().find(|&v| of(v, noun) && syntax.deprel[v] == Deprel::Parataxis);
        let Some(cue) = cue else { continue };
        let speaker = (cue + 1..near.end)
            .find(|&t| of(t, cue) && syntax.deprel[t] == Deprel::Nsubj);
        if let Some(speaker) = speaker {
            syntax.head[clause] = Some(speaker as u32);
        }
    }
}
