//! What was said around an inserted cue: « …, explique la maire, … ».

use std::ops::Range;

use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm};

use crate::statement::{Cue, Finder};

impl Finder<'_> {
    /// Where a phrase really ends: what follows it without a pause belongs to it, unless it is
    /// the speaker of an inverted cue, or another clause begins.
    pub(super) fn whole_phrase(&self, start: usize, end: usize, cue: &Cue) -> usize {
        let l = self.l;
        let limit = self.clause_limit(start, cue);
        let follows = |t: usize| {
            !l.is_punct(t)
                && !matches!(
                    l.upos(t),
                    Upos::Verb | Upos::Aux | Upos::Sconj | Upos::Cconj | Upos::Pron
                )
        };
        let closes = |t: usize| {
            let until = l.quotes.partition_point(|q| q.outside.start < t);
            let near = l.quotes[..until].iter().rev().take(4);
            near.into_iter().any(|q| q.outside.end == t + 1 && q.outside.start >= start)
        };
        // « le décor « criard » et daté »
        let joins = |t: usize| {
            l.upos(t) == Upos::Cconj
                && closes(t - 1)
                && t + 1 < limit
                && (l.upos(t + 1) == Upos::Adj
                    || l.morph(t + 1).verb == Some(VerbForm::PartPast)
                        && !l.children_by(t + 1, &[Deprel::Aux]).any(|_| true))
                && !self.is_cue[t + 1]
        };
        let mut end = end;
        while end < limit {
            let one = follows(end)
                || closes(end)
                || l.is_infinitive(end) && end > 0 && l.upos(end - 1) == Upos::Adp;
            if !(one || end > start && joins(end)) {
                break;
            }
            end += 1 + usize::from(!one);
        }
        end
    }

    /// « a annoncé que l'épidémie reculait, tout en appelant à la prudence », « …, ajoutant que
    /// … »: a participle that says something more is the speaker's, and no part of what was said.
    pub(super) fn before_further_saying(&self, start: usize, end: usize) -> usize {
        let l = self.l;
        let says = |t: usize| {
            self.is_cue[t]
                && l.morph(t).verb == Some(VerbForm::PartPres)
                && l.quotation_at(t) == l.quotation_at(start)
        };
        let comma = |t: usize| {
            let from = t.saturating_sub(3).max(start + 1);
            (from..t).rev().find(|&c| l.word(c) == ",").filter(|&c| {
                (c + 1..t)
                    .all(|w| matches!(l.upos(w), Upos::Adv | Upos::Adp | Upos::Pron))
            })
        };
        (start + 1..end).filter(|&t| says(t)).find_map(comma).unwrap_or(end)
    }

    /// Whether a cue at a token is set into the words before it: « …, a-t-il dit ».
    pub(super) fn opens_insertion(&self, token: usize) -> bool {
        self.l
            .verb_group(token)
            .start
            .checked_sub(1)
            .is_some_and(|t| self.l.word(t) == ",")
    }

    /// « Le barrage, assure l'ingénieur, tiendra »: the sentence around a cue whose subject
    /// stands behind it.
    pub(super) fn insertion(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        if !self.has_finite(cue) || self.is_passive(cue) {
            return None;
        }
        self.inverted_subject(cue)?;
        let sentence = self.within_quotation(cue.head, l.sentence(cue.head));
        let left = self.left_edge(cue);
        let comma = left.checked_sub(1).filter(|&t| t > sentence.start)?;
        let set_off =
            matches!(l.word(comma), "," | "»" | "”" | "\"" | "–" | "—" | "!" | "?" | "-");
        if !set_off {
            return None;
        }
        let before =
            self.words_of(self.behind_lead(sentence.start, comma, cue)..comma)?;
        let speaks = (before.start..sentence.end).any(|t| {
            matches!(l.upos(t), Upos::Verb | Upos::Aux)
                && !cue.tokens.contains(&t)
                && l.morph(t).is_finite()
                && (t < comma || t > cue.tokens.end + 1)
        });
        // « Beaucoup de bruit pour rien, résume un diplomate. »
        let opens = !matches!(l.upos(before.start), Upos::Adp | Upos::Adv | Upos::Sconj)
            && !self.in_time(before.start);
        let verbless = opens && before.len() >= 3 && self.noun_at_end(cue).is_some();
        if !speaks && !verbless {
            return None;
        }
        if l.upos(before.start) == Upos::Sconj && before.len() < 6 {
            return None;
        }
        let clause = self.clause_of_cue(cue, left);
        let after = clause.end..sentence.end;
        let mut parts = vec![before.clone()];
        let rest = self.words_of(after.clone());
        // « Le président, Jean Dupont, a félicité Anna Weber. »: words without a verb before the
        // cue are cut off from what they belong to, by a comma on either side.
        let apart = clause.end < sentence.end && l.is_punct(clause.end);
        let cut = apart && !matches!(l.word(clause.end), "«" | "“" | "\"" | ".");
        let whole = verbless || self.holds_finite(before.clone());
        if !whole && !cut {
            return None;
        }
        // « Le vaccin est prêt – assure X – et sera livré »: what stands between two dashes
        // stands inside.
        let dash = |t: usize| matches!(l.word(t), "–" | "—");
        let dashes = dash(comma) && clause.end < sentence.end && dash(clause.end);
        if let Some(rest) = rest
            && (dashes || self.belongs_to(&after, &before, &clause))
        {
            parts.push(rest);
        }
        Some(parts)
    }

    /// « La mer monte, répond l'instituteur. »: one comma, a verb of speech and somebody at the
    /// end of the sentence. No subject stands before a single comma, whatever the parser says.
    pub(in crate::statement) fn noun_at_end(
        &self,
        cue: &Cue,
    ) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        let sentence = self.within_quotation(cue.head, l.sentence(cue.head));
        let comma = self.left_edge(cue).checked_sub(1).filter(|&t| l.word(t) == ",")?;
        let single = sentence.start < comma
            && !(sentence.start..comma)
                .any(|t| matches!(l.word(t), "," | ";" | ":" | "("));
        // « La commission, qui siège à Rome, entendra le maire, annonce sa présidente. »
        let whole = || {
            (sentence.start + 1..comma).any(|t| {
                l.is_finite(t)
                    && l.upos(t) == Upos::Verb
                    && !matches!(
                        l.deprel(t),
                        Deprel::AclRelcl | Deprel::Advcl | Deprel::Ccomp
                    )
                    && l.word(t - 1) != ","
            })
        };
        if !(single || whole()) || !cue.takes.iter().any(|t| t == "incise") {
            return None;
        }
        let noun = (cue.tokens.end..sentence.end.min(cue.tokens.end + 6))
            .find(|&t| {
                !matches!(l.upos(t), Upos::Det | Upos::Adv | Upos::Adj | Upos::Num)
            })
            .filter(|&t| matches!(l.upos(t), Upos::Noun | Upos::Propn))?;
        let phrase = l.noun_phrase(noun);
        let last = (phrase.end..sentence.end).all(|t| l.is_punct(t));
        (last && phrase.start >= cue.tokens.end && self.actors.can_speak(l, noun))
            .then_some((phrase, noun))
    }

    /// « Le ministre s'est voulu rassurant : rien ne presse, a-t-il dit »: where the words of a
    /// speaker who stands before a colon begin.
    pub(in crate::statement) fn behind_lead(
        &self,
        start: usize,
        end: usize,
        cue: &Cue,
    ) -> usize {
        let l = self.l;
        let colon = (start..end)
            .rev()
            .find(|&t| l.word(t) == ":" && l.quotation_at(t) == l.quotation_at(cue.head));
        let leads = |&colon: &usize| {
            self.clitic_subject(cue).is_some() && self.holds_finite(start..colon)
        };
        colon.filter(leads).map_or(start, |colon| colon + 1)
    }

    /// Whether a cue is finite: by its head, or by a verb before that, « fait remarquer ».
    pub(in crate::statement) fn has_finite(&self, cue: &Cue) -> bool {
        let l = self.l;
        let own = |t: usize| {
            matches!(l.upos(t), Upos::Verb | Upos::Aux) && l.morph(t).is_finite()
        };
        l.is_finite(cue.head) || cue.tokens.clone().any(own)
    }

    /// The first token of the cue's own clause: its auxiliary, or a small word before it.
    pub(in crate::statement) fn left_edge(&self, cue: &Cue) -> usize {
        let l = self.l;
        let mut left = cue.tokens.start;
        while left > 0 {
            let t = left - 1;
            let clitic = matches!(l.upos(t), Upos::Pron)
                && l.head(t) == Some(cue.head)
                && l.deprel(t) != Deprel::Nsubj;
            let adverb = l.upos(t) == Upos::Adv && l.head(t) == Some(cue.head);
            if !(clitic || adverb) {
                break;
            }
            left = t;
        }
        left
    }
}
