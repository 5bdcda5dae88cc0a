//! Which quotation belongs to which cue, and what of those that no cue claims?

use std::ops::Range;

use depeche_record::{BlockKind, StatementKind};
use depeche_text::syntax::Deprel;
use depeche_text::{Quotation, Upos};

use super::{Cue, Finder, Statement};

/// A quotation of fewer words is a fragment: speech only as part of something.
const FRAGMENT: usize = 5;

impl Finder<'_> {
    /// The quotation beside a cue, or around it.
    pub(super) fn quotation(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        self.around(cue).or_else(|| self.before(cue)).or_else(|| self.behind(cue))
    }

    /// « … », s'interroge X: whether a quotation ends right before a cue whose subject is behind it.
    pub(super) fn is_told_before(&self, cue: &Cue) -> bool {
        self.inverted_subject(cue).is_some() && self.before(cue).is_some()
    }

    /// « Il n'y a pas, dit-elle, de quoi rire »: one pair of marks around words and cue.
    fn around(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let n = l.quotation_at(cue.head)?;
        let inside = &l.quotes[n].inside;
        let (_, subject) = self.inverted_subject(cue)?;
        let left = self.left_edge(cue);
        let comma = left.checked_sub(1).filter(|&t| t > inside.start)?;
        if !matches!(l.word(comma), "," | "!" | "?" | "…" | "–" | "—")
            || !inside.contains(&subject)
        {
            return None;
        }
        let clause = self.clause_of_cue(cue, left);
        let mut parts = vec![inside.start..comma];
        if clause.end < inside.end {
            parts.push(clause.end..inside.end);
        }
        Some(parts)
    }

    /// « … », a dit X[, « … »].
    fn before(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let left = self.left_edge(cue);
        let sentence = l.sentence(cue.head);
        // The subject may stand between: « … », X l'a dit.
        let own = l
            .own_subject(cue.head)
            .filter(|&(s, _)| l.quotation_at(s) == l.quotation_at(cue.head))
            .map(|(s, _)| l.noun_phrase(s));
        let mut edge = match &own {
            Some(np) if np.end <= cue.tokens.start => np.start,
            _ => left,
        };
        let mut commas = 0;
        while edge > 0 && commas < 2 {
            let t = edge - 1;
            let skips = l.word(t) == "," || l.word(t) == "-" || l.word(t) == "–";
            if !skips {
                break;
            }
            commas += 1;
            edge = t;
        }
        let n = self.quote_until(edge)?;
        let quote = &l.quotes[n];
        // « … ». Le maire a dit…: a full stop ends it, and no cue looks back over one.
        let same_line = l.sentence_index(cue.head)
            == l.sentence_index(edge.saturating_sub(1))
            || edge >= sentence.start;
        if !same_line || edge < sentence.start && self.inverted_subject(cue).is_none() {
            return None;
        }
        if own.as_ref().is_some_and(|np| np.end <= cue.tokens.start) && commas == 0 {
            return None;
        }
        let goes_on = l.word(quote.inside.start).starts_with(char::is_lowercase)
            && quote.outside.start > sentence.start
            && l.word(quote.outside.start - 1) != ":";
        let fragment = goes_on || self.is_fragment(quote);
        if fragment && self.inverted_subject(cue).is_none() {
            return None;
        }
        let mut parts = if fragment {
            // « Un processus « a été mis en place », dit X »: the sentence around it.
            let start = sentence.start.min(quote.inside.start);
            vec![self.behind_lead(start, quote.outside.start, cue)..quote.outside.end]
        } else {
            vec![quote.inside.clone()]
        };
        // Words that go on behind the cue, in marks of their own.
        let clause = self.clause_of_cue(cue, left);
        let mut at = clause.end;
        while at < l.tokens.len()
            && matches!(l.word(at), "," | ":" | ".")
            && at < clause.end + 1
        {
            at += 1;
        }
        if l.tokens.get(at).is_some()
            && at < sentence.end
            && l.word(at - 1) != "."
            && let Some(next) = self.quote_from(at)
            && l.word(at - 1) == ","
        {
            parts.push(l.quotes[next].inside.clone());
        }
        Some(parts)
    }

    /// X a dit : « … », X a dit « … », X a déclaré à la presse: « … ».
    fn behind(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let sentence = l.sentence(cue.head);
        let mut at = cue.tokens.end;
        let limit = l.tokens.len().min(cue.tokens.end + 25);
        let mut colon = false;
        // Past another verb or noun of speech only a colon leads on.
        let mut nested = false;
        while at < limit {
            if let Some(n) = self.quote_from(at) {
                let quote = &l.quotes[n];
                if quote.depth > 0 && l.quotation_at(cue.head).is_none()
                    || self.is_taken_behind(quote, cue)
                {
                    return None;
                }
                let spoken = colon
                    || !nested
                        && (!self.is_fragment(quote)
                            || at == cue.tokens.end && self.is_short_sentence(quote))
                        && !self.is_of_object(quote, cue);
                return spoken.then(|| vec![quote.inside.clone()]);
            }
            let word = l.word(at);
            let verb = l.upos(at) == Upos::Verb;
            let other = verb && (l.is_finite(at) || self.is_cue[at])
                || l.upos(at) == Upos::Sconj
                || self.is_cue[at] && !matches!(l.upos(cue.head), Upos::Verb | Upos::Aux);
            if other && !colon {
                return None;
            }
            nested |= verb || self.is_cue[at];
            if word == ":" {
                colon = true;
            } else if colon && at > cue.tokens.end + 1 && l.word(at - 1) != ":"
                || matches!(word, "." | ";" | "?" | "!")
                || at >= sentence.end && !colon
            {
                return None;
            }
            at += 1;
        }
        None
    }

    /// « a rejeté toute discussion « tant que les armes parlent » »: words that go on with the
    /// object of the cue.
    fn is_of_object(&self, quote: &Quotation, cue: &Cue) -> bool {
        let l = self.l;
        let inside = l.word(quote.inside.start).starts_with(char::is_lowercase);
        inside
            && l.children_by(cue.head, &[Deprel::Obj])
                .any(|o| cue.tokens.end <= o && o < quote.outside.start)
    }

    /// « X se sent lâché : « … », déclare Y »: a cue right behind a quotation goes before one
    /// that only stands before it; unless it only points back, « X est clair : « … », dit-il ».
    pub(super) fn is_taken_behind(&self, quote: &Quotation, cue: &Cue) -> bool {
        let l = self.l;
        let end = quote.outside.end;
        let comma = l.tokens.get(end).is_some() && l.word(end) == ",";
        let near = end + 1..(end + 4).min(l.tokens.len());
        comma
            && near.into_iter().find(|&t| self.is_cue[t]).is_some_and(|t| {
                t != cue.head
                    && l.is_finite(t)
                    && !(end..l.tokens.len().min(t + 2)).any(|c| self.is_clitic(c))
                    && l.children_by(t, &[Deprel::Nsubj])
                        .all(|s| s > t || quote.outside.contains(&s))
            })
    }

    /// The quotation that ends right before a token, its own stop left aside.
    pub(super) fn quote_until(&self, token: usize) -> Option<usize> {
        let l = self.l;
        let until = l.quotes.partition_point(|q| q.outside.start < token);
        (0..until).rev().take(12).find(|&n| {
            let end = l.quotes[n].outside.end;
            end == token
                || end + 1 == token && matches!(l.word(end), "." | "!" | "?" | "…")
        })
    }

    /// Whether a quotation is no sentence: few words, or none that is a finite verb.
    pub(super) fn is_fragment(&self, quote: &Quotation) -> bool {
        let l = self.l;
        let words = quote.inside.clone().filter(|&t| !l.is_punct(t)).count();
        let finite = quote.inside.clone().any(|t| {
            matches!(l.upos(t), Upos::Verb | Upos::Aux) && l.morph(t).is_finite()
        });
        let capital = l.word(quote.inside.start).starts_with(char::is_uppercase);
        let stopped =
            matches!(l.word(quote.inside.end - 1), "." | "!" | "?" | "…" | "...");
        let opens = self.opens_sentence(quote);
        !(finite && (words >= FRAGMENT || opens)
            || words >= FRAGMENT && (stopped || capital && opens)
            || opens && stopped)
    }

    /// « a écrit « Je suis là » »: few words, and yet a sentence, which a title is not.
    fn is_short_sentence(&self, quote: &Quotation) -> bool {
        let last = self.l.word(quote.inside.end - 1);
        self.is_sentence(quote)
            || self.l.word(quote.inside.start).starts_with(char::is_uppercase)
                && matches!(last, "!" | "?" | "…" | "...")
    }

    /// Whether a quotation opens its sentence, or its item of a list.
    fn opens_sentence(&self, quote: &Quotation) -> bool {
        let start = quote.outside.start;
        let sentence = self.l.sentence(start).start;
        sentence == start || sentence + 1 == start && self.opens_item(sentence)
    }

    /// Quotations that are sentences of their own and go on with the speech before them.
    pub(super) fn continued(&mut self) {
        for n in 0..self.l.quotes.len() {
            let quote = &self.l.quotes[n];
            if self.claimed[n]
                || quote.depth > 0
                || !self.opens_sentence(quote)
                || self.is_fragment(quote)
            {
                continue;
            }
            let Some(content) = self.words_of(quote.inside.clone()) else { continue };
            let signed = self.signature_of(quote);
            if signed.is_none()
                && let Some(next) = self.told_right_behind(quote)
            {
                self.claimed[n] = true;
                self.found[next].content.insert(0, content);
                continue;
            }
            let speaker = signed.or_else(|| self.speaker_before(quote));
            self.claimed[n] = true;
            let confidence = if speaker.is_some() { 0.6 } else { 0.4 };
            self.found.push(Statement {
                kind: StatementKind::Direct,
                content: vec![content],
                cue: None,
                speaker,
                nested_in: None,
                entry: None,
                confidence,
            });
        }
    }

    /// « … ». « … », ont confié des témoins: the statement whose words begin in the quotation right
    /// behind another, and whose cue follows.
    fn told_right_behind(&self, quote: &Quotation) -> Option<usize> {
        let l = self.l;
        let end = quote.outside.end;
        let stop = l.tokens.get(end).is_some_and(|_| matches!(l.word(end), "." | "…"));
        let next = &l.quotes[self.quote_from(end + usize::from(stop))?].inside;
        if l.block_index(next.start) != l.block_index(quote.inside.start) {
            return None;
        }
        self.found.iter().position(|s| {
            let first = s.content.first().is_some_and(|r| next.contains(&r.start));
            first && s.cue.as_ref().is_some_and(|c| c.head >= next.end)
        })
    }

    /// « La maire ne décolère pas : « … » »: a quotation behind a colon, with nothing that
    /// introduces it, is its subject's, if that is somebody.
    pub(super) fn behind_colon(&mut self) {
        for n in 0..self.l.quotes.len() {
            let quote = &self.l.quotes[n];
            let colon = quote.outside.start.checked_sub(1);
            let Some(colon) = colon.filter(|&t| self.l.word(t) == ":") else { continue };
            if self.claimed[n] || quote.depth > 0 {
                continue;
            }
            // « a affirmé qu'il reste : « … » »: who spoke before the colon speaks behind it.
            let said = self.said_before(colon);
            let speaker = match said {
                Some(speaker) if self.holds_finite(quote.inside.clone()) => Some(speaker),
                _ if self.is_sentence(quote) => self.subject_before(colon),
                _ => None,
            };
            let Some(content) = self.words_of(quote.inside.clone()) else { continue };
            if speaker.is_none() {
                continue;
            }
            self.claimed[n] = true;
            self.found.push(Statement {
                kind: StatementKind::Direct,
                content: vec![content],
                cue: None,
                speaker,
                nested_in: None,
                entry: None,
                confidence: 0.55,
            });
        }
    }

    /// Whether a quotation holds a finite verb and begins as a sentence does.
    fn is_sentence(&self, quote: &Quotation) -> bool {
        self.l.word(quote.inside.start).starts_with(char::is_uppercase)
            && self.holds_finite(quote.inside.clone())
    }

    /// « Un autre : « … » », « Le maire de Foix : « … » »: nothing but who speaks.
    fn name_alone(&self, words: Range<usize>) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        let verbal = |t: usize| matches!(l.upos(t), Upos::Verb | Upos::Aux | Upos::Punct);
        if words.is_empty() || words.len() > 8 || words.clone().any(verbal) {
            return None;
        }
        let head = l.head_of(&words);
        let other = matches!(l.upos(head), Upos::Pron | Upos::Adj)
            && l.morph(head).person.is_none()
            && words.len() == 2;
        (other || self.actors.is_somebody(l, head)).then_some((words, head))
    }

    /// The speaker of the statement that ends right before a colon.
    fn said_before(&self, colon: usize) -> Option<(Range<usize>, usize)> {
        let ends = |s: &&Statement| s.content.last().is_some_and(|r| r.end == colon);
        self.found.iter().rev().take(8).find(ends)?.speaker.clone()
    }

    /// The subject of the clause before a colon, if it is a person, a body or a pronoun.
    fn subject_before(&self, colon: usize) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        let sentence = l.sentence(colon);
        if let Some(speaker) = self.name_alone(sentence.start..colon) {
            return Some(speaker);
        }
        let subject = (sentence.start..colon).find(|&t| {
            l.deprel(t) == Deprel::Nsubj
                && l.head(t).is_some_and(|h| {
                    h < colon && l.is_finite(h) && l.deprel(h) != Deprel::AclRelcl
                })
        })?;
        let pronoun = l.hit(subject, self.rules.classes.subject_pronoun).is_some()
            && !self.actors.is_nobody(l, subject);
        if pronoun || self.actors.is_somebody(l, subject) {
            return Some((l.noun_phrase(subject), subject));
        }
        // « Le bilan de l'entraîneur est mitigé : « … » »
        let of = self.rules.classes.marker_of?;
        let owner = l
            .children_by(subject, &[Deprel::Nmod])
            .find(|&c| l.marker(c, of).is_some() && self.actors.is_person(l, c))?;
        Some((l.noun_phrase(owner), owner))
    }

    /// Who goes on speaking in a quotation without a cue: whoever the sentence before it lets
    /// speak, else the person that sentence is about, else the speaker of the last statement
    /// in this paragraph or the one before.
    fn speaker_before(&self, quote: &Quotation) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        let start = quote.outside.start;
        let here = l.block_index(start);
        let is_near = |token: usize| match (here, l.block_index(token)) {
            (Some(here), Some(there)) => here - there.min(here) <= 1,
            _ => true,
        };
        let end = |s: &Statement| {
            let content = s.content.last().map_or(0, |r| r.end);
            content.max(s.cue.as_ref().map_or(0, |c| c.tokens.end))
        };
        let before = self.found.iter().filter(|s| s.content[0].start < start);
        let last = before.max_by_key(|s| end(s));
        let sentence = l.sentence_index(start).checked_sub(1).map(|n| &l.sentences[n]);
        let silent = sentence
            .filter(|s| is_near(s.start) && last.is_none_or(|last| end(last) <= s.start));
        if let Some(subject) = silent.and_then(|s| self.person_told_of(s)) {
            return Some(subject);
        }
        let speakers = self.found.iter().filter(|s| s.content[0].start < start);
        let last = speakers.filter(|s| s.speaker.is_some()).max_by_key(|s| end(s))?;
        is_near(last.content[0].start).then(|| last.speaker.clone()).flatten()
    }

    /// « — Anna Weber, maire » on the line behind a quotation that stands by itself.
    fn signature_of(&self, quote: &Quotation) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        let dash = quote.outside.end;
        if dash + 1 >= l.tokens.len() || !self.opens_item(dash) {
            return None;
        }
        let rest = dash + 1..l.sentence(dash).end;
        let name = rest.clone().find(|&t| l.is_punct(t)).unwrap_or(rest.end);
        let alone = self.name_alone(dash + 1..name)?;
        (!rest.into_iter().any(|t| l.is_finite(t))).then_some(alone)
    }

    /// « Sophie, infirmière, comprend les grévistes. « … » »: the person who is the subject of
    /// a sentence.
    fn person_told_of(&self, sentence: &Range<usize>) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        let paragraph = l.block_index(sentence.start).is_none_or(|b| {
            matches!(l.blocks[b].kind, BlockKind::Paragraph | BlockKind::Lede)
        });
        let root = sentence.clone().find(|&t| l.deprel(t) == Deprel::Root)?;
        let (subject, _) = l.own_subject(root).filter(|_| paragraph)?;
        let named = l.quotation_at(subject).is_none()
            && !self.in_time(subject)
            && !self.actors.is_nobody(l, subject);
        (named && self.actors.is_person(l, subject))
            .then(|| (l.noun_phrase(subject), subject))
    }

    /// Marks that are left: irony, names, titles.
    pub(super) fn scare(&mut self) {
        for n in 0..self.l.quotes.len() {
            let quote = &self.l.quotes[n];
            if self.claimed[n] || quote.dialogue {
                continue;
            }
            let covered = self.found.iter().any(|s| {
                s.content
                    .iter()
                    .any(|r| r.start <= quote.inside.start && quote.inside.end <= r.end)
            });
            if covered {
                continue;
            }
            if let Some(content) = self.words_of(quote.inside.clone()) {
                self.found.push(Statement {
                    kind: StatementKind::Scare,
                    content: vec![content],
                    cue: None,
                    speaker: None,
                    nested_in: None,
                    entry: None,
                    confidence: 0.5,
                });
            }
        }
    }
}
