//! What was said behind a colon, in a piece or in a list.

use std::ops::Range;

use depeche_text::{Gap, Upos};

use crate::statement::{Cue, Finder};

impl Finder<'_> {
    /// « Elle est formelle : personne n'est sorti. »
    pub(super) fn after_colon(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let sentence = l.sentence(cue.head);
        let verbal = matches!(l.upos(cue.head), Upos::Verb | Upos::Aux);
        let initial = cue.tokens.start <= sentence.start + 1;
        let until = if verbal {
            // Verbs of direct speech take a colon right behind them, others their own.
            let own = cue.takes.iter().any(|t| t == "colon");
            cue.tokens.end + if own { 12 } else { 1 }
        } else if initial {
            cue.tokens.end + 10
        } else {
            l.noun_phrase(cue.head).end.max(cue.tokens.end) + 2
        };
        let until = sentence.end.min(until);
        let colon = (cue.tokens.end..until)
            .take_while(|&t| verbal || l.upos(t) != Upos::Verb)
            .find(|&t| l.word(t) == ":")?;
        let behind = colon + 1..sentence.end;
        let dash = usize::from(self.opens_item(colon + 1));
        if let Some(quote) = self.quote_from(colon + 1 + dash) {
            let quote = &l.quotes[quote];
            return (!self.is_taken_behind(quote, cue))
                .then(|| vec![quote.inside.clone()]);
        }
        // A list is no speech: there is a verb in what follows, or a noun at the head of the
        // sentence sums it up: « Bilan de la police : trois blessés ».
        let heads = !verbal && initial;
        let infinitive = behind.clone().next().is_some_and(|t| l.is_infinitive(t));
        let speaks = self.holds_finite(behind.clone()) || infinitive || heads;
        speaks.then_some(vec![behind])
    }

    /// « réclame : – une hausse ; – un calendrier. »: the items of a list behind a colon.
    pub(super) fn list(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        const FARTHEST: usize = 15;
        const ITEMS: usize = 30;
        const WORDS: usize = 60;
        let l = self.l;
        let sentence = l.sentence(cue.head);
        let mut behind = cue.tokens.end..sentence.end.min(cue.tokens.end + FARTHEST);
        let colon = behind
            .by_ref()
            .take_while(|&t| !(l.is_finite(t) && l.upos(t) == Upos::Verb))
            .find(|&t| l.word(t) == ":" && self.opens_item(t + 1))?;
        let mut items = Vec::new();
        let mut at = colon + 1;
        while self.opens_item(at) && items.len() < ITEMS {
            let limit = l.tokens.len().min(at + WORDS);
            let end = (at + 1..limit)
                .find(|&t| l.word(t) == ";" || l.tokens[t].gap >= Gap::Line)
                .unwrap_or(limit);
            // Quotations behind dashes are statements of their own.
            if self.quote_from(at + 1).is_some() {
                return None;
            }
            items.push(at + 1..end);
            let mark = end < l.tokens.len() && l.word(end) == ";";
            at = end + usize::from(mark);
        }
        (items.len() > 1).then_some(items)
    }

    /// Whether a token is the dash or dot before an item of a list: on a line of its own, or
    /// behind a colon or semicolon.
    pub(in crate::statement) fn opens_item(&self, token: usize) -> bool {
        let l = self.l;
        token > 0
            && token + 1 < l.tokens.len()
            && matches!(l.word(token), "-" | "–" | "—" | "•" | "*")
            && (l.tokens[token].gap >= Gap::Line
                || matches!(l.word(token - 1), ":" | ";"))
    }
}
