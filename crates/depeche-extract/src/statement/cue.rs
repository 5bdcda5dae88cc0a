//! Which words introduce speech?

use std::ops::Range;

use depeche_record::CueClass;
use depeche_text::Upos;
use depeche_text::syntax::Deprel;

use super::StatementRules;
use crate::Layers;

/// A cue in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Cue {
    /// The words that make it up, auxiliaries included: « a-t-il poursuivi ».
    pub tokens: Range<usize>,
    /// The word that the rest hangs on.
    pub head: usize,
    /// What kind of saying it is.
    pub class: CueClass,
    /// The constructions it takes.
    pub takes: Vec<String>,
    /// Where its speaker stands, when it is not the subject.
    pub speaker: Option<String>,
    /// What its complement must be: `somebody`, set `apart`.
    pub needs: Vec<String>,
    /// Whether its auxiliary is part of it: « être convaincu » is no passive.
    pub with_auxiliary: bool,
    /// The entry of the pack.
    pub entry: usize,
}

/// The cues of a text, in order; of several that overlap, the longest, and all of those that
/// share their words.
pub(super) fn cues(rules: &StatementRules, l: &Layers<'_>) -> Vec<Cue> {
    let view = l.view();
    let mut cues: Vec<Cue> = Vec::new();
    let mut reach = 0..0;
    for found in rules.cues.run(&view, &[]) {
        let tokens = found.tokens;
        let head = l.head_of(&tokens);
        let verbal = matches!(l.upos(head), Upos::Verb | Upos::Aux);
        // A shorter one stays when it is the same verb: « se dit que » thinks, « se dit prêt »
        // says.
        let inside = tokens.start < reach.end;
        let same_verb = verbal && cues.last().is_some_and(|c| c.head == head);
        if inside && tokens != reach && !same_verb {
            continue;
        }
        if !inside {
            reach = tokens.clone();
        }
        let entry = &l.pack.entries[found.entry];
        let Some(class) = entry.text("class").and_then(class_of) else { continue };
        // « le Conseil de sécurité »: a name is no noun of speech.
        let named = !verbal
            && l.upos(head) != Upos::Adp
            && tokens.len() == 1
            && l.word(head).starts_with(char::is_uppercase)
            && l.sentence(head).start != head;
        if named {
            continue;
        }
        let with_auxiliary = l
            .children_by(head, &[Deprel::Aux, Deprel::AuxPass, Deprel::Cop])
            .any(|c| tokens.contains(&c));
        let tokens = if verbal {
            let group = l.verb_group(head);
            group.start.min(tokens.start)..group.end.max(tokens.end)
        } else {
            tokens
        };
        cues.push(Cue {
            tokens,
            head,
            class,
            takes: entry.texts("takes").iter().map(|t| (*t).to_owned()).collect(),
            speaker: entry.text("speaker").map(str::to_owned),
            needs: entry.texts("needs").iter().map(|t| (*t).to_owned()).collect(),
            with_auxiliary,
            entry: found.entry,
        });
    }
    cues
}

/// The class of that name.
pub(crate) fn class_of(name: &str) -> Option<CueClass> {
    Some(match name {
        "say" => CueClass::Say,
        "assert" => CueClass::Assert,
        "claim" => CueClass::Claim,
        "concede" => CueClass::Concede,
        "doubt" => CueClass::Doubt,
        "deny" => CueClass::Deny,
        "accuse" => CueClass::Accuse,
        "demand" => CueClass::Demand,
        "promise" => CueClass::Promise,
        "announce" => CueClass::Announce,
        "ask" => CueClass::Ask,
        "judge" => CueClass::Judge,
        "quote" => CueClass::Quote,
        _ => return None,
    })
}
