//! What was said in the clause around a phrase: « selon la police, … », « comme l'écrit X, … ».

use std::ops::Range;

use depeche_rule::ClassId;
use depeche_text::Upos;
use depeche_text::syntax::Deprel;

use crate::statement::{Cue, Finder};

impl Finder<'_> {
    /// « Selon la police, le suspect a fui »: the clause around the cue and its complement.
    pub(super) fn host_of_phrase(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let phrase = self.source_phrase(cue)?;
        let sentence = self.within_quotation(cue.head, l.sentence(cue.head));
        let pause = (sentence.start..phrase.start)
            .rev()
            .find(|&t| matches!(l.word(t), ":" | ";"));
        let from = pause.map_or(sentence.start, |t| t + 1);
        let before = self.behind_joint(from, phrase.start)..phrase.start;
        let after = phrase.end..sentence.end;
        if !self.is_source(cue, &before, &after) {
            return None;
        }
        let opens = before.clone().all(|t| {
            l.is_punct(t)
                || l.upos(t) == Upos::Cconj
                || l.upos(t) == Upos::Adv && t + 2 >= phrase.start
        });
        if opens {
            return Some(vec![self.one_clause(after)]);
        }
        // « Nous cherchons. Rien n'est exclu », selon les enquêteurs: all that is quoted.
        let closed = (0..2).find_map(|n| self.quote_until(phrase.start.checked_sub(n)?));
        if let Some(quote) = closed.map(|n| &l.quotes[n]).filter(|q| {
            q.outside.start < sentence.start
                && q.closed
                && self.holds_finite(q.inside.clone())
        }) {
            return Some(vec![quote.inside.clone()]);
        }
        // Set off by commas in the middle, or at the end of its clause.
        let last = after.clone().all(|t| l.is_punct(t));
        let clause = self.host_clause(phrase.start, &before, &phrase);
        if last {
            return Some(vec![clause]);
        }
        let goes_on = self.belongs_to(&after, &clause, &phrase);
        let mut parts = vec![clause];
        if goes_on {
            parts.push(self.one_clause(after));
        }
        Some(parts)
    }

    /// « affirme que, selon un témoin, … », « …, mais selon un témoin, … », « même si, … »: the clause of a
    /// source at the head of a further clause begins behind the word that joins it.
    fn behind_joint(&self, from: usize, phrase: usize) -> usize {
        let l = self.l;
        let word = (from..phrase).rev().find(|&t| !l.is_punct(t));
        let joint = word.filter(|&t| match l.upos(t) {
            Upos::Sconj => true,
            Upos::Cconj => self.holds_finite(from..t),
            // « du scrutin, qui, selon un témoin, s'est tenu dans le calme »
            Upos::Pron => l.is_relative(t) && self.holds_finite(from..t),
            _ => false,
        });
        joint.map_or(from, |t| t + 1)
    }

    /// Whether the complement of a preposition is a source: somebody or something that speaks,
    /// set apart where the preposition has many other uses.
    fn is_source(&self, cue: &Cue, before: &Range<usize>, after: &Range<usize>) -> bool {
        let l = self.l;
        if cue.speaker.as_deref() != Some("complement") {
            return true;
        }
        let Some(complement) = self.complement(cue) else { return false };
        let mark = |t: usize| {
            matches!(
                l.word(t),
                "," | "«"
                    | "»"
                    | "\""
                    | "“"
                    | "”"
                    | "("
                    | ")"
                    | "–"
                    | "—"
                    | ":"
                    | ";"
                    | "."
            )
        };
        let opens = before.clone().next_back().is_none_or(mark);
        let closes = after.clone().next().is_none_or(mark);
        let apart = opens && closes;
        let needs = |what: &str| cue.needs.iter().any(|n| n == what);
        let first = before
            .clone()
            .all(|t| l.is_punct(t) || matches!(l.upos(t), Upos::Adv | Upos::Cconj));
        if needs("apart") && !apart
            || needs("first") && !first
            || needs("somebody") && !self.actors.is_somebody(l, complement)
        {
            return false;
        }
        let speech = self.is_cue[complement]
            || l.words
                .hits_at(complement)
                .iter()
                .any(|h| l.pack.class_name(h.class) == "title");
        // « …, selon les services de l'État. »: nothing varies behind a comma.
        let last =
            before.end > before.start && opens && after.clone().all(|t| l.is_punct(t));
        let speaks = self.actors.can_speak(l, complement)
            || (last || cue.tokens.len() > 1) && self.actors.may_speak(l, complement);
        (speaks || speech) && !(self.actors.measures(l, complement) && !speech && !opens)
    }

    /// The cue, its complement and what hangs on that: « selon le porte-parole de l'armée ».
    fn source_phrase(&self, cue: &Cue) -> Option<Range<usize>> {
        let l = self.l;
        if cue.speaker.as_deref() != Some("complement") {
            let end = l.tree.reach(cue.head).end.min(cue.tokens.end + 12);
            return Some(cue.tokens.start..end.max(cue.tokens.end));
        }
        let complement = self.complement(cue)?;
        let mut end = l.tree.reach(complement).end;
        let sentence = l.sentence(cue.head);
        // A complement that swallowed the clause was parsed amiss: it ends at its comma.
        let phrase = l.noun_phrase(complement);
        let comma = (phrase.end..end.min(sentence.end)).find(|&t| l.word(t) == ",");
        let finite = (phrase.end..end).any(|t| {
            l.is_finite(t)
                && matches!(l.upos(t), Upos::Verb | Upos::Aux)
                && l.deprel(l.clause_head(t)) != Deprel::AclRelcl
        });
        if finite || end - cue.tokens.start > 30 {
            end = comma.unwrap_or(phrase.end);
        }
        while end > phrase.end && l.is_punct(end - 1) {
            end -= 1;
        }
        end = self.with_apposition(complement, end.max(phrase.end));
        Some(cue.tokens.start..end)
    }

    /// « Selon Jean Dupont, l'un des élus, … »: what stands between two commas behind a name,
    /// short and without a verb, says who that is.
    fn with_apposition(&self, name: usize, end: usize) -> usize {
        let l = self.l;
        let sentence = l.sentence(name);
        let comma = |t: usize| t < sentence.end && l.word(t) == ",";
        let opens = comma(end)
            && l.upos(name) == Upos::Propn
            && end + 1 < sentence.end
            && matches!(l.upos(end + 1), Upos::Det | Upos::Noun | Upos::Pron);
        if !opens {
            return end;
        }
        let close = (end + 2..sentence.end.min(end + 16)).find(|&t| comma(t));
        close
            .filter(|&close| {
                (end + 1..close).all(|t| {
                    !(l.is_punct(t) || matches!(l.upos(t), Upos::Verb | Upos::Aux))
                })
            })
            .unwrap_or(end)
    }

    /// The noun that a preposition of speech takes.
    pub(in crate::statement) fn complement(&self, cue: &Cue) -> Option<usize> {
        let l = self.l;
        // UD hangs the preposition on the noun.
        let head = l.head(cue.head).filter(|&h| h >= cue.tokens.end);
        let nominal = |t: usize| {
            matches!(
                l.upos(t),
                Upos::Noun | Upos::Propn | Upos::Pron | Upos::Adj | Upos::X | Upos::Num
            )
        };
        // Unless the parser reached over a nearer noun: « Selon Jean Dupont, l'un des élus, ».
        let next = |h: usize| l.noun_phrase(h).start <= cue.tokens.end + 1;
        if let Some(head) = head.filter(|&h| nominal(h) && next(h)) {
            return Some(head);
        }
        // Or it is the head itself: the first noun behind it.
        let sentence = l.sentence(cue.head);
        (cue.tokens.end..sentence.end.min(cue.tokens.end + 8))
            .find(|&t| matches!(l.upos(t), Upos::Noun | Upos::Propn | Upos::Pron))
            .filter(|&t| !self.in_time(t))
    }

    /// The words before a phrase that its clause is made of.
    fn host_clause(
        &self,
        at: usize,
        before: &Range<usize>,
        phrase: &Range<usize>,
    ) -> Range<usize> {
        let l = self.l;
        let head = l.head_of(phrase);
        let governor = l.head(head).filter(|h| before.contains(h));
        let mut start = before.start;
        if let Some(governor) = governor {
            let clause = l.clause_head(governor);
            let coordinated = l.deprel(clause) == Deprel::Conj;
            let reach = l.tree.reach(clause);
            // « A est vrai, selon X, et B ne l'est pas, selon Y »
            let earlier = (before.start..reach.start.min(at))
                .any(|t| self.is_cue[t] && l.upos(t) == Upos::Adp);
            if coordinated
                && earlier
                && before.contains(&reach.start)
                && l.own_subject(clause).is_some()
            {
                start = reach.start;
                while start < clause && l.upos(start) == Upos::Cconj {
                    start += 1;
                }
            }
        }
        // An earlier source in the sentence has its own clause.
        start..at
    }

    /// Whether what follows a phrase goes on with the clause before it.
    pub(super) fn belongs_to(
        &self,
        after: &Range<usize>,
        clause: &Range<usize>,
        phrase: &Range<usize>,
    ) -> bool {
        let l = self.l;
        let first = after.clone().find(|&t| !l.is_punct(t));
        let Some(first) = first else { return false };
        if l.upos(first) == Upos::Cconj {
            return false;
        }
        let finite = clause.clone().any(|t| {
            matches!(l.upos(t), Upos::Verb | Upos::Aux) && l.morph(t).is_finite()
        });
        if !finite {
            return true;
        }
        // Its words hang on the clause rather than on the phrase.
        let mut hang = [0usize; 2];
        for t in after.clone() {
            match l.head(t) {
                Some(h) if clause.contains(&h) => hang[0] += 1,
                Some(h) if phrase.contains(&h) => hang[1] += 1,
                _ => {}
            }
        }
        hang[0] > hang[1]
    }

    /// A stretch of a sentence, cut before a further clause that has its own source; whole where
    /// a quotation in it goes on over a full stop.
    fn one_clause(&self, range: Range<usize>) -> Range<usize> {
        let l = self.l;
        let own_source = |t: usize| {
            let subject = l.children_by(t, &[Deprel::Nsubj]).next()?;
            let phrase = l.noun_phrase(subject);
            let further = self.is_cue[t]
                && l.is_finite(t)
                && l.quotation_at(t).is_none()
                && phrase.end <= t
                && phrase.start > range.start + 2
                && l.word(phrase.start - 1) == ",";
            further.then_some(phrase.start)
        };
        let end = range.clone().find_map(own_source).unwrap_or(range.end);
        let open = l.quotes[..l.quotes.partition_point(|q| q.outside.start < end)]
            .iter()
            .rev()
            .take(4)
            .find(|q| q.outside.start >= range.start && q.outside.end > end);
        match open {
            Some(quote) if quote.inside.len() < 200 => range.start..quote.outside.end,
            _ => self.stop_at_sentence(range.start..end),
        }
    }

    /// Inside a quotation a source speaks of what is inside it.
    pub(super) fn within_quotation(
        &self,
        token: usize,
        sentence: Range<usize>,
    ) -> Range<usize> {
        match self.l.quotation_at(token) {
            Some(n) => {
                let inside = &self.l.quotes[n].inside;
                sentence.start.max(inside.start)..sentence.end.min(inside.end)
            }
            None => sentence,
        }
    }

    /// « comme l'a dit X, … »: the sentence without the clause of the cue.
    pub(super) fn host_of_clause(
        &self,
        cue: &Cue,
        marker: ClassId,
    ) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let sentence = self.within_quotation(cue.head, l.sentence(cue.head));
        let window =
            cue.tokens.start.saturating_sub(4).max(sentence.start)..cue.tokens.start;
        let mark = window.rev().find(|&t| l.words.hit(t, marker).is_some())?;
        let end = self.clause_of_cue(cue, mark).end;
        let before = self.words_of(sentence.start..mark);
        let after = self.words_of(end..sentence.end);
        let parts: Vec<Range<usize>> = before.into_iter().chain(after).collect();
        (!parts.is_empty()).then_some(parts)
    }

    /// From a token to the end of the clause of a cue: its subject and what follows that up to
    /// a comma.
    pub(in crate::statement) fn clause_of_cue(
        &self,
        cue: &Cue,
        start: usize,
    ) -> Range<usize> {
        let l = self.l;
        let sentence = l.sentence(cue.head);
        let subject = self.inverted_subject(cue).map_or(cue.tokens.end, |(s, _)| s.end);
        let from = subject.max(cue.tokens.end);
        let end = (from..sentence.end)
            .find(|&t| {
                matches!(
                    l.word(t),
                    "," | "."
                        | ";"
                        | ":"
                        | "»"
                        | "\""
                        | "”"
                        | "«"
                        | "“"
                        | ")"
                        | "–"
                        | "—"
                )
            })
            .unwrap_or(sentence.end);
        start..end
    }
}
