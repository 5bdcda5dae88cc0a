//! Whose words are they? The speaker of each construction.

use std::ops::Range;

use depeche_rule::ClassId;
use depeche_text::syntax::Deprel;
use depeche_text::{PronType, Upos, VerbForm};

use super::{Construction, Content, Cue, Finder, Source};

/// The longest phrase that says on whose side somebody stands, in tokens.
const LONGEST_SIDE: usize = 8;

impl Finder<'_> {
    /// The words of the speaker, and their head.
    pub(super) fn source(
        &self,
        cue: &Cue,
        c: &Construction,
        content: &[Range<usize>],
    ) -> Option<(Range<usize>, usize)> {
        let source = match cue.speaker.as_deref() {
            Some("complement") => Source::Complement,
            Some("noun") => Source::Noun,
            Some("agent") => Source::Agent,
            Some("none") => Source::Nobody,
            _ => c.source,
        };
        let found = match source {
            Source::Nobody => self.side_behind(cue),
            Source::Complement => self.complement(cue).map(|t| self.of_noun(t)),
            // « mise en garde de X »: the parser may hang X on any noun of the cue.
            Source::Noun => self
                .of_speech_noun(cue.head)
                .or_else(|| cue.tokens.clone().find_map(|t| self.of_speech_noun(t))),
            Source::Agent => self.agent(cue).map(|t| (self.l.noun_phrase(t), t)),
            Source::Subject => self.speaking_subject(cue, c, content),
        };
        let found = match found {
            Some((_, head)) if self.is_nobody_behind(head) => self.side_behind(cue),
            found => found,
        };
        let found =
            found.map(|(words, head)| (self.before_content(words, head, content), head));
        // « De son côté, la ministre a dit »: the parser may hang the first on the second.
        let found = found.map(|(words, head)| {
            // The head may stand behind its words: a « qui » behind those that it takes up.
            let comma = (words.start..head.min(words.end))
                .rev()
                .find(|&t| self.l.word(t) == ",")
                .filter(|_| self.l.upos(words.start) == Upos::Adp);
            (comma.map_or(words.start, |c| c + 1)..words.end, head)
        });
        // Nobody says himself.
        found.filter(|(_, head)| {
            c.content == Content::Predicate
                || !content.iter().any(|r| r.contains(head))
                || self.is_clitic(*head)
        })
    }

    /// The words of a speaker, up to what is said: « qualifiés par l'entreprise ⟨de⟩ « … » ».
    fn before_content(
        &self,
        words: Range<usize>,
        head: usize,
        content: &[Range<usize>],
    ) -> Range<usize> {
        let l = self.l;
        let said =
            content.iter().map(|r| r.start).filter(|s| *s > head && *s < words.end).min();
        let Some(mut end) = said else { return words };
        let small =
            |t: usize| l.is_punct(t) || matches!(l.upos(t), Upos::Adp | Upos::Sconj);
        while end > head + 1 && small(end - 1) {
            end -= 1;
        }
        words.start..end
    }

    fn speaking_subject(
        &self,
        cue: &Cue,
        c: &Construction,
        content: &[Range<usize>],
    ) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        if !matches!(l.upos(cue.head), Upos::Verb | Upos::Aux) {
            let noun = self.of_speech_noun(cue.head);
            return noun.or_else(|| {
                let clause = l.clause_head(cue.head);
                let subject = l.logical_subject(clause)?;
                (subject != cue.head).then(|| (l.noun_phrase(subject), subject))
            });
        }
        // « Jean Dupont, du parti, nuance les effets : « … » »: before what is said behind it, a
        // verb has its subject, if there is one, on its left.
        let behind = content.first().is_some_and(|r| r.start >= cue.tokens.end);
        let left = self.noun_before(l.verb_group(cue.head).start).filter(|&noun| {
            behind
                && self.clitic_subject(cue).is_none()
                && l.own_subject(cue.head).is_none()
                && l.is_finite(cue.head)
                && l.word(l.verb_group(cue.head).start.saturating_sub(1)) == ","
                && self.actors.can_speak(l, noun)
        });
        if let Some(noun) = left.filter(|_| !self.is_passive(cue)) {
            return Some((l.noun_phrase(noun), noun));
        }
        if matches!(c.content, Content::Insertion | Content::Quotation | Content::Host)
            && let Some(found) = self.inverted_subject(cue)
        {
            return Some(found);
        }
        if self.is_passive(cue) {
            return self.agent(cue).map(|t| (l.noun_phrase(t), t));
        }
        if let Some(clitic) = self.clitic_subject(cue) {
            return Some((clitic..clitic + 1, clitic));
        }
        if let Some(found) = self.speaker_of_governor(cue) {
            return Some(found);
        }
        let subject = self.subject_of(cue)?;
        if let Some(side) = self.side_of(subject) {
            return Some(side);
        }
        // « « La mer monte », a dit X, estimant que »: no word of the quotation says what stands
        // outside of it.
        let quoted = l.quotation_at(subject);
        if quoted.is_some()
            && quoted != l.quotation_at(cue.head)
            && !l.is_finite(cue.head)
        {
            return self.speaker_in_sentence(cue);
        }
        self.speaks(subject, cue.head).then(|| (self.with_antecedent(subject), subject))
    }

    /// « À l'Élysée, on assure que », « Côté russe, on dénonce »: of nobody in particular, the phrase
    /// that opens the sentence tells on whose side they stand.
    fn side_of(&self, subject: usize) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        if !self.actors.is_nobody(l, subject) {
            return None;
        }
        let start = l.sentence(subject).start;
        let side = l.hit(start, self.rules.classes.side)?;
        let noun = side.end as usize;
        let comma = (noun..subject).find(|&t| l.word(t) == ",")?;
        // The comma parts the phrase from the subject, and only adverbs may stand behind it.
        let apart = (comma + 1..subject).all(|t| l.upos(t) == Upos::Adv || l.is_punct(t));
        let head = (noun..comma).find(|&t| {
            matches!(l.upos(t), Upos::Noun | Upos::Propn | Upos::Adj | Upos::X)
        })?;
        (apart && comma - noun <= LONGEST_SIDE && self.actors.can_speak(l, head)
            || apart && l.hit(head, self.rules.classes.demonym).is_some())
        .then_some((noun..comma, head))
    }

    /// « explique-t-on »: whether a pronoun behind its verb is nobody in particular.
    fn is_nobody_behind(&self, token: usize) -> bool {
        self.is_clitic(token) && self.actors.is_nobody(self.l, token)
    }

    /// Whether a cue tells what nobody in particular says: « « … », s'inquiète-t-on ».
    pub(super) fn is_of_nobody(&self, cue: &Cue) -> bool {
        self.clitic_subject(cue).is_some_and(|t| self.is_nobody_behind(t))
    }

    /// « « … », explique-t-on à l'Élysée »: the phrase behind says on whose side they stand.
    fn side_behind(&self, cue: &Cue) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        if !self.is_of_nobody(cue) {
            return None;
        }
        let end = l.sentence(cue.head).end;
        let start = (cue.tokens.end..end).find(|&t| {
            !self.is_clitic(t) && l.upos(t) != Upos::Adv && !self.is_time(t)
        })?;
        let side = l.hit(start, self.rules.classes.side)?;
        let noun = side.end as usize;
        let head = (noun..end.min(noun + LONGEST_SIDE))
            .take_while(|&t| !l.is_punct(t))
            .find(|&t| matches!(l.upos(t), Upos::Noun | Upos::Propn | Upos::X))?;
        let told = l.hit(head, self.rules.classes.listener).is_some();
        (!told && self.actors.can_speak(l, head))
            .then(|| (noun..l.noun_phrase(head).end.max(head + 1), head))
    }

    /// Whether a token belongs to a time.
    fn is_time(&self, token: usize) -> bool {
        self.l.times.iter().any(|t| t.tokens.contains(&token))
    }

    /// « …, a-t-il dit, avant d'ajouter que », « …, a confié un témoin, précisant que »: who
    /// says goes on saying.
    fn speaker_of_governor(&self, cue: &Cue) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        if l.is_finite(cue.head) || l.own_subject(cue.head).is_some() {
            return None;
        }
        // « a annoncé que l'épidémie reculait, tout en appelant à… »
        let present = l.morph(cue.head).verb == Some(VerbForm::PartPres);
        let cut = self.found.iter().rev().take(8).find(|s| {
            s.content.last().is_some_and(|r| {
                r.end < cue.tokens.start
                    && cue.tokens.start <= r.end + 3
                    && l.word(r.end) == ","
            })
        });
        if let Some(said) = cut.filter(|_| present) {
            return said.speaker.clone();
        }
        let goes_on = matches!(l.deprel(cue.head), Deprel::Advcl | Deprel::Conj);
        let governor =
            l.head(cue.head).filter(|&h| goes_on && h < cue.head && self.is_cue[h])?;
        let near = self.found.iter().rev().take(8);
        let said = near
            .into_iter()
            .find(|s| s.cue.as_ref().is_some_and(|c| c.head == governor))?;
        said.speaker.clone()
    }

    /// The speaker of the last cue before this one in its sentence.
    fn speaker_in_sentence(&self, cue: &Cue) -> Option<(Range<usize>, usize)> {
        let sentence = self.l.sentence(cue.head);
        let mut near = self.found.iter().rev().take(8);
        let said = near.find(|s| {
            let before = |c: &Cue| sentence.start <= c.head && c.head < cue.head;
            s.cue.as_ref().is_some_and(before)
        })?;
        said.speaker.clone()
    }

    /// The words of a subject; those of a relative pronoun with what it stands for.
    fn with_antecedent(&self, subject: usize) -> Range<usize> {
        let l = self.l;
        let phrase = l.noun_phrase(subject);
        match l.antecedent(subject).filter(|&a| a < subject) {
            Some(noun) => {
                let noun = l.noun_phrase(noun);
                let beside = phrase.start.saturating_sub(noun.end) <= 2;
                noun.start..if beside { phrase.end } else { noun.end }
            }
            None => phrase,
        }
    }

    /// The subject that the tree gives, or, where it gives none that can speak, the one that
    /// the order of words does.
    fn subject_of(&self, cue: &Cue) -> Option<usize> {
        let l = self.l;
        let verb = cue.head;
        let group = l.verb_group(verb);
        // « il » right before its verb, whatever the parser took it for.
        let near = group.start.saturating_sub(3)..group.end;
        let pronoun =
            near.rev().find(|&t| l.hit(t, self.rules.classes.subject_pronoun).is_some());
        if let Some(pronoun) = pronoun.filter(|&p| {
            l.own_subject(verb).is_none()
                && (l.head(p) == Some(verb) || p + 1 == group.start)
        }) {
            return Some(pronoun);
        }
        // A day is nobody: « La veille, le ministre avait dit ».
        let own = l.own_subject(verb).filter(|&(s, _)| !self.in_time(s));
        // « est convaincue que »: a cue that holds its auxiliary is no passive.
        if let Some((subject, true)) = own.filter(|_| cue.with_auxiliary) {
            return Some(subject);
        }
        if own.is_none()
            && l.is_finite(verb)
            && let Some(noun) = self.noun_before(group.start)
        {
            return Some(noun);
        }
        if l.morph(verb).verb == Some(VerbForm::PartPres) && l.own_subject(verb).is_none()
        {
            return self.participle_subject(verb);
        }
        l.logical_subject(verb)
    }

    /// A noun phrase right before a verb, that no preposition governs.
    fn noun_before(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        let mut at = verb.checked_sub(1)?;
        // « Juppé, éliminé en novembre, a affirmé »: over what stands between commas.
        if l.word(at) == "," {
            let from = l.sentence(at).start.max(at.saturating_sub(25));
            let comma = (from..at).rev().find(|&t| l.word(t) == ",")?;
            let mut aside = comma + 1..at;
            if aside.any(|t| l.is_finite(t) && l.upos(t) == Upos::Verb) {
                return None;
            }
            at = comma.checked_sub(1)?;
        }
        while l.upos(at) == Upos::Adv
            || l.upos(at) == Upos::Pron && l.deprel(at) != Deprel::Nsubj
        {
            at = at.checked_sub(1)?;
        }
        if !matches!(l.upos(at), Upos::Noun | Upos::Propn | Upos::Adj) {
            return None;
        }
        let mut head = at;
        for _ in 0..4 {
            let up = l.head(head).filter(|&h| h < verb && l.noun_phrase(h).end == at + 1);
            // « interrogé à Brest, Jean Dupont a dit »: a name is no apposition of a place.
            let beside_place = |h: usize| {
                l.deprel(head) == Deprel::Appos
                    && l.children_by(h, &[Deprel::Case]).next().is_some()
            };
            match up {
                Some(h) if beside_place(h) => break,
                Some(h) if matches!(l.upos(h), Upos::Noun | Upos::Propn) => head = h,
                _ => break,
            }
        }
        let governed = l.children_by(head, &[Deprel::Case]).next().is_some();
        // « l'expert-comptable certifie »: an adjective with an article is a noun.
        let nominal = matches!(l.upos(head), Upos::Noun | Upos::Propn)
            || head > 0 && l.upos(head - 1) == Upos::Det;
        (!governed && nominal).then_some(head)
    }

    /// Who does what a present participle says: the noun it describes, if that can speak, else
    /// the subject of the clause.
    fn participle_subject(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        let mut node = verb;
        for _ in 0..6 {
            let describes = matches!(
                l.deprel(node),
                Deprel::Acl | Deprel::AclRelcl | Deprel::Nmod | Deprel::Appos
            );
            let Some(head) = l.head(node) else { break };
            if !describes {
                break;
            }
            let apart = verb > 0 && l.word(verb - 1) == ",";
            if self.actors.can_speak(l, head) && !apart {
                return Some(head);
            }
            node = head;
        }
        let subject = l.logical_subject(verb);
        if subject.is_some_and(|s| self.actors.can_speak(l, s)) {
            return subject;
        }
        let clause = l.head(verb).map(|h| l.clause_head(h)).filter(|&c| c != verb);
        clause.and_then(|c| l.logical_subject(c)).or(subject)
    }

    /// Whether a subject can stand for someone: « il » of « il faut » does not.
    fn speaks(&self, subject: usize, verb: usize) -> bool {
        let l = self.l;
        let impersonal = l.hit(verb, self.rules.classes.impersonal).is_some()
            || l.hit(subject, self.rules.classes.subject_pronoun).is_none();
        let named = l.antecedent(subject).unwrap_or(subject);
        !(self.in_time(subject)
            || self.in_time(named)
            || l.deprel(subject) == Deprel::Expl && impersonal
            || l.morph(subject).pron == Some(PronType::Int)
            || l.is_punct(subject))
    }

    pub(super) fn agent(&self, cue: &Cue) -> Option<usize> {
        let l = self.l;
        l.children_by(cue.head, &[Deprel::OblAgent]).next().or_else(|| {
            // « est décrit comme « un homme discret » par ses voisins »
            let from = l.quotes.partition_point(|q| q.outside.start < cue.tokens.end);
            let quote =
                l.quotes.get(from).filter(|q| q.outside.start < cue.tokens.end + 6)?;
            let end = quote.outside.end;
            let by = l
                .hit(end, self.rules.classes.marker_by)
                .filter(|_| end < l.sentence(cue.head).end)?;
            let next = by.end as usize..l.sentence(end).end.min(by.end as usize + 5);
            next.into_iter().find(|&t| matches!(l.upos(t), Upos::Noun | Upos::Propn))
        })
    }

    /// A clitic that hangs on the verb or its auxiliary: « a-t-il dit ».
    pub(super) fn clitic_subject(&self, cue: &Cue) -> Option<usize> {
        let end = (cue.tokens.end + 1).min(self.l.tokens.len());
        (cue.tokens.start + 1..end).find(|&t| self.is_clitic(t))
    }

    /// A subject behind its verb: « a déclaré mardi le chef de la diplomatie », « dit-elle ».
    pub(super) fn inverted_subject(&self, cue: &Cue) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        if !matches!(l.upos(cue.head), Upos::Verb | Upos::Aux)
            || !self.has_finite(cue) && l.morph(cue.head).verb != Some(VerbForm::PartPast)
        {
            return None;
        }
        if let Some(clitic) = self.clitic_subject(cue) {
            return Some((clitic..clitic + 1, clitic));
        }
        // A « subject » inside the quotation before the cue is one of its words.
        let mut own = l
            .children_by(cue.head, &[Deprel::Nsubj])
            .filter(|&s| l.quotation_at(s) == l.quotation_at(cue.head));
        let first = own.next();
        // « enfonce le clou le maire »: a noun of the cue itself speaks no word.
        let behind = |s: &usize| *s > cue.head && !cue.tokens.contains(s);
        if let Some(subject) = first.into_iter().chain(own).find(behind) {
            return Some((l.noun_phrase(subject), subject));
        }
        if self.pronoun_before(cue) {
            return None;
        }
        if first.is_some_and(|s| s < cue.tokens.start && !l.is_relative(s)) {
            return self.noun_between(cue).or_else(|| self.noun_at_end(cue));
        }
        self.noun_behind(cue, first.is_some())
    }

    /// « Ce vote, a commenté un diplomate, ne change rien »: cue and speaker stand between a
    /// subject and its verb.
    fn noun_between(&self, cue: &Cue) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        let comma = self.left_edge(cue).checked_sub(1).filter(|&t| l.word(t) == ",")?;
        let (speaker, head) = self.noun_behind(cue, false)?;
        let sentence = l.sentence(cue.head);
        let (mut at, limit) = (speaker.end, sentence.end.min(speaker.end + 12));
        while at < limit && l.word(at) != "," {
            at += 1;
        }
        let goes_on = (at..limit.min(at + 6)).any(|t| {
            l.is_finite(t)
                && matches!(l.upos(t), Upos::Verb | Upos::Aux)
                && !l.children_by(t, &[Deprel::Nsubj]).any(|s| s > at)
        });
        let apart = at < limit && comma > sentence.start;
        (apart && goes_on && self.actors.can_speak(l, head)).then_some((speaker, head))
    }

    /// Whether a subject pronoun stands before the verb, other small words between: « il leur
    /// est demandé », « il conviendra ».
    fn pronoun_before(&self, cue: &Cue) -> bool {
        let l = self.l;
        let start = l.verb_group(cue.head).start;
        let before = (start.saturating_sub(4)..start).rev();
        before
            .take_while(|&t| matches!(l.upos(t), Upos::Pron | Upos::Adv))
            .any(|t| l.hit(t, self.rules.classes.subject_pronoun).is_some())
    }

    /// When the tree does not say so: the first noun phrase behind the verb, adverbs and times
    /// left out.
    fn noun_behind(&self, cue: &Cue, has_subject: bool) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        let sentence = l.sentence(cue.head);
        let mut at = cue.tokens.end;
        let limit = sentence.end.min(at + 12);
        while at < limit {
            if let Some(t) = l.times.iter().find(|t| t.tokens.contains(&at)) {
                at = t.tokens.end;
                continue;
            }
            match l.upos(at) {
                Upos::Adv => at += 1,
                Upos::Punct if l.word(at) == "," => at += 1,
                // A phrase between: « a déclaré à la presse le ministre ».
                Upos::Adp => {
                    let governed = l.head(at).filter(|&h| h > at)?;
                    // « déclare à l'AFP Jean Dupont »: the name hangs on the wrong noun.
                    let name = l.children_by(governed, &[Deprel::Nmod, Deprel::Appos]);
                    let name = name.into_iter().find(|&c| {
                        c > governed
                            && l.upos(c) == Upos::Propn
                            && l.word(c - 1) != ","
                            && l.children_by(c, &[Deprel::Case]).next().is_none()
                    });
                    let end = name.unwrap_or_else(|| l.noun_phrase(governed).end);
                    if end <= at || has_subject {
                        return None;
                    }
                    at = end;
                }
                Upos::Det
                | Upos::Propn
                | Upos::Noun
                | Upos::Pron
                | Upos::Num
                | Upos::Adj
                | Upos::X => {
                    let mut head = at;
                    while let Some(h) = l.head(head).filter(|&h| {
                        h > head
                            && h < limit + 4
                            && matches!(
                                l.deprel(head),
                                Deprel::Det
                                    | Deprel::Amod
                                    | Deprel::Nummod
                                    | Deprel::Flat
                            )
                    }) {
                        head = h;
                    }
                    let object = matches!(
                        l.deprel(head),
                        Deprel::Obj | Deprel::Ccomp | Deprel::Xcomp
                    ) && has_subject;
                    let clitic_object = l.upos(head) == Upos::Pron && head < cue.head;
                    if object || clitic_object {
                        return None;
                    }
                    return Some((l.noun_phrase(head), head));
                }
                _ => return None,
            }
        }
        None
    }

    /// The one who speaks in a complement: itself, or whose words it names.
    fn of_noun(&self, noun: usize) -> (Range<usize>, usize) {
        let l = self.l;
        let is_speech = l
            .words
            .hits_at(noun)
            .iter()
            .any(|h| matches!(l.pack.class_name(h.class), "speech-noun"));
        if is_speech && let Some(found) = self.of_speech_noun(noun) {
            return found;
        }
        (l.noun_phrase(noun), noun)
    }

    /// « les déclarations du ministre », « son avis », « l'annonce par Paris ».
    fn of_speech_noun(&self, noun: usize) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        if let Some(agent) = l.children_by(noun, &[Deprel::OblAgent]).next() {
            return Some((l.noun_phrase(agent), agent));
        }
        let possessive = l
            .children_by(noun, &[Deprel::Det])
            .find(|&d| l.hit(d, self.rules.classes.possessive).is_some());
        if let Some(possessive) = possessive {
            return Some((possessive..possessive + 1, possessive));
        }
        // « l'annonce par Berlin que », before « l'annonce de la fermeture par Berlin ».
        let complement = |marker: Option<ClassId>| {
            let marker = marker?;
            l.children_by(noun, &[Deprel::Nmod, Deprel::Obl])
                .find(|&c| l.marker(c, marker).is_some() && l.upos(c) != Upos::Verb)
                .map(|c| (l.noun_phrase(c), c))
        };
        let classes = &self.rules.classes;
        complement(classes.marker_by).or_else(|| complement(classes.marker_of))
    }
}
