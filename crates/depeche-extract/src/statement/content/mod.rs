//! What was said? The content of each construction.

mod clause;
mod colon;
mod host;
mod insertion;
mod object;

use std::ops::Range;

use depeche_text::Upos;

use super::{Construction, Content, Cue, Finder};

impl Finder<'_> {
    /// The words that a cue introduces in a construction; `None` when it is not this one.
    pub(super) fn content(
        &self,
        cue: &Cue,
        c: &Construction,
    ) -> Option<Vec<Range<usize>>> {
        match c.content {
            Content::Clause => self.clause(cue, c.marker?),
            Content::Infinitive => self.infinitive(cue, c.marker),
            Content::Quotation => self.quotation(cue),
            Content::Object => self.object(cue, c.marker),
            Content::Phrase => self.phrase(cue, c.marker),
            Content::Predicate => self.predicate(cue),
            Content::Host => match c.marker {
                Some(marker) => self.host_of_clause(cue, marker),
                None => self.host_of_phrase(cue),
            },
            Content::Insertion => self.insertion(cue),
            Content::Colon => self.after_colon(cue),
            Content::List => self.list(cue),
        }
    }

    pub(super) fn holds_finite(&self, mut range: Range<usize>) -> bool {
        let l = self.l;
        range.any(|t| {
            matches!(l.upos(t), Upos::Verb | Upos::Aux) && l.morph(t).is_finite()
        })
    }

    pub(super) fn in_time(&self, token: usize) -> bool {
        let at = self.l.times.partition_point(|t| t.tokens.end <= token);
        self.l.times.get(at).is_some_and(|t| t.tokens.contains(&token))
    }

    pub(super) fn is_clitic(&self, token: usize) -> bool {
        self.l.hit(token, self.rules.classes.clitic_subject).is_some()
    }

    /// Where the clause that starts at a token ends: at the end of its sentence, or where the
    /// quotation around it does.
    fn clause_end(&self, start: usize) -> usize {
        let sentence = self.l.sentence(start);
        let quotation = self.l.quotation_at(start).map(|n| self.l.quotes[n].inside.end);
        quotation.map_or(sentence.end, |end| end.min(sentence.end))
    }

    fn stop_at_sentence(&self, range: Range<usize>) -> Range<usize> {
        let mut end = range.end;
        while end > range.start && matches!(self.l.word(end - 1), "." | ";" | "," | ":") {
            end -= 1;
        }
        range.start..end.max(range.start)
    }

    /// The quotation that opens at a token.
    pub(super) fn quote_from(&self, token: usize) -> Option<usize> {
        let at = self.l.quotes.partition_point(|q| q.outside.start < token);
        (at < self.l.quotes.len() && self.l.quotes[at].outside.start == token)
            .then_some(at)
    }
}
