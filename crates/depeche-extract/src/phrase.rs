//! Which words belong to a noun, and which to a verb? Phrases read off the trees.

use std::ops::Range;

use depeche_text::syntax::Deprel;
use depeche_text::{PronType, Upos, VerbForm};

use crate::Layers;

impl Layers<'_> {
    /// The noun phrase of a head: determiners, adjectives, complements, names and short
    /// appositions; without relative clauses and what else hangs on it from afar.
    pub fn noun_phrase(&self, head: usize) -> Range<usize> {
        let mut start = head;
        let mut end = head + 1;
        for child in self.children(head) {
            let kept = match self.deprel(child) {
                Deprel::Det
                | Deprel::Amod
                | Deprel::Nummod
                | Deprel::Nmod
                | Deprel::Flat
                | Deprel::Fixed
                | Deprel::Compound
                | Deprel::Case
                | Deprel::Advmod => true,
                Deprel::Appos => child > head,
                _ => false,
            };
            if !kept {
                continue;
            }
            let reach = self.tree.reach(child);
            if reach.end <= head {
                // « dont l'armée »
                if self.upos(child) == Upos::Pron {
                    continue;
                }
                // Nothing between a word on the left and the head may belong elsewhere.
                start = start.min(reach.start);
            } else if reach.start > head {
                let gap = end..reach.start;
                if gap.len() <= 2 || gap.clone().all(|t| self.deprel(t) != Deprel::Punct)
                {
                    end = end.max(self.without_clauses(child, reach).end);
                }
            }
        }
        // The preposition of the whole phrase is not part of it.
        let governs =
            |t: usize| self.deprel(t) == Deprel::Case && self.head(t) == Some(head);
        while start < head
            && (governs(start)
                || self.deprel(start) == Deprel::Fixed
                    && self.head(start).is_some_and(governs))
        {
            start += 1;
        }
        self.trim(start..end)
    }

    /// A noun phrase cut where its own words end: before a verb, a mark or a clause.
    pub fn short_phrase(&self, head: usize) -> Range<usize> {
        let whole = self.noun_phrase(head);
        let own = |t: &usize| {
            !(self.is_punct(*t)
                || matches!(self.upos(*t), Upos::Verb | Upos::Sconj | Upos::Pron))
        };
        let end = (head + 1..whole.end).find(|t| !own(t)).unwrap_or(whole.end);
        self.trim(whole.start..end)
    }

    /// The reach of a complement, cut before a relative or other clause inside it.
    pub(crate) fn without_clauses(
        &self,
        head: usize,
        reach: Range<usize>,
    ) -> Range<usize> {
        let cut = (head + 1..reach.end).find(|&t| {
            matches!(
                self.deprel(t),
                Deprel::AclRelcl | Deprel::Advcl | Deprel::Parataxis | Deprel::Ccomp
            )
        });
        match cut {
            Some(clause) => {
                let clause = self.tree.reach(clause);
                reach.start..clause.start.max(head + 1)
            }
            None => reach,
        }
    }

    /// Cuts marks and conjunctions off both ends.
    pub fn trim(&self, tokens: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = tokens;
        while start + 1 < end && self.is_edge(start) {
            start += 1;
        }
        while end > start + 1
            && (self.is_edge(end - 1) || self.upos(end - 1) == Upos::Cconj)
        {
            end -= 1;
        }
        start..end
    }

    fn is_edge(&self, token: usize) -> bool {
        self.is_punct(token) && !matches!(self.word(token), "(" | ")")
    }

    /// From the first auxiliary or reflexive to the verb itself: « a également dit ».
    pub fn verb_group(&self, verb: usize) -> Range<usize> {
        let mut start = verb;
        let mut end = verb + 1;
        for child in self.children(verb) {
            let helper = matches!(
                self.deprel(child),
                Deprel::Aux | Deprel::AuxPass | Deprel::AuxCaus | Deprel::Cop
            );
            let reflexive = self.deprel(child) == Deprel::Expl && child + 3 > verb;
            // « … ne le sera », a dit X: an auxiliary inside marks is no help to a verb outside.
            if self.quotation_at(child) != self.quotation_at(verb) {
                continue;
            }
            if (helper || reflexive) && child < verb && verb - child <= 8 {
                start = start.min(child);
            } else if helper && child > verb && child - verb <= 2 {
                end = end.max(child + 1);
            }
        }
        start..end
    }

    /// Whether a reflexive pronoun stands right before the verb or its auxiliary.
    pub fn is_reflexive(&self, verb: usize) -> bool {
        let group = self.verb_group(verb);
        (group.start.saturating_sub(2)..verb).any(|t| {
            self.hit(t, self.reflexive).is_some()
                && (self.head(t) == Some(verb)
                    || group.contains(&t)
                    || t + 1 == group.start)
        })
    }

    /// Whether the verb has a passive auxiliary, its own or that of the verb it is joined to.
    pub fn is_passive(&self, verb: usize) -> bool {
        let mut children = self.children(verb);
        !self.is_reflexive(verb)
            && children.any(|c| {
                matches!(
                    self.deprel(c),
                    Deprel::AuxPass | Deprel::NsubjPass | Deprel::OblAgent
                )
            })
            || self.shares_passive(verb)
    }

    /// « X a été arrêté et écroué »: one auxiliary for both.
    fn shares_passive(&self, verb: usize) -> bool {
        let participle = |v: usize| self.morph(v).verb == Some(VerbForm::PartPast);
        let own = [
            Deprel::Aux,
            Deprel::AuxPass,
            Deprel::Cop,
            Deprel::Nsubj,
            Deprel::NsubjPass,
            Deprel::Obj,
        ];
        let first = self.head(verb).filter(|&h| {
            self.deprel(verb) == Deprel::Conj && participle(verb) && h < verb
        });
        first.is_some_and(|h| {
            participle(h)
                && self.children_by(verb, &own).next().is_none()
                && self.children_by(h, &[Deprel::AuxPass]).next().is_some()
                && !self.is_reflexive(h)
        })
    }

    /// Whether the verb is finite, by itself or by its auxiliary.
    pub fn is_finite(&self, verb: usize) -> bool {
        let own = |verb: usize| {
            self.morph(verb).is_finite()
                || self.children(verb).any(|c| {
                    matches!(self.deprel(c), Deprel::Aux | Deprel::AuxPass | Deprel::Cop)
                        && self.morph(c).is_finite()
                })
        };
        // « a appelé au calme et demandé à chacun de… »: one auxiliary for both.
        let shared = || {
            self.deprel(verb) == Deprel::Conj
                && self.morph(verb).verb == Some(VerbForm::PartPast)
                && self.head(verb).is_some_and(|h| {
                    h < verb && self.morph(h).verb == Some(VerbForm::PartPast) && own(h)
                })
        };
        own(verb) || shared()
    }

    /// Whether a verb is an infinitive, by itself or by its auxiliary: « avoir vu ».
    pub fn is_infinitive(&self, verb: usize) -> bool {
        let infinitive = |t: usize| self.morph(t).verb == Some(VerbForm::Inf);
        infinitive(verb)
            || self.children(verb).any(|c| {
                matches!(self.deprel(c), Deprel::Aux | Deprel::AuxPass | Deprel::Cop)
                    && infinitive(c)
            }) && !self.is_finite(verb)
    }

    /// The verb or predicate of the clause that a token stands in, the token itself included.
    pub fn clause_head(&self, token: usize) -> usize {
        let mut node = token;
        for _ in 0..24 {
            let clause = matches!(self.upos(node), Upos::Verb | Upos::Aux)
                && !matches!(
                    self.deprel(node),
                    Deprel::Aux | Deprel::AuxPass | Deprel::AuxCaus | Deprel::Cop
                );
            let predicate = self.children(node).any(|c| {
                matches!(self.deprel(c), Deprel::Cop | Deprel::Nsubj | Deprel::NsubjPass)
            });
            if clause || predicate {
                return node;
            }
            match self.head(node) {
                Some(head) => node = head,
                None => return node,
            }
        }
        node
    }

    /// The grammatical subject that hangs on a verb: `(token, passive)`.
    pub fn own_subject(&self, verb: usize) -> Option<(usize, bool)> {
        let mut subjects = self.children(verb).filter_map(|c| match self.deprel(c) {
            Deprel::Nsubj => Some((c, false)),
            Deprel::NsubjPass => Some((c, !self.is_reflexive(verb))),
            _ => None,
        });
        let first = subjects.next()?;
        // « La veille, Mme Dupont l'avait dit »: the parser may take a time for another one.
        let timed = || self.times.iter().any(|t| t.tokens.contains(&first.0));
        Some(subjects.next().filter(|_| timed()).unwrap_or(first))
    }

    /// Who does what the verb says: its subject, for a passive its agent, for a verb without
    /// a subject the one that governs it.
    pub fn logical_subject(&self, verb: usize) -> Option<usize> {
        self.subject_from(verb, 0)
    }

    fn subject_from(&self, verb: usize, depth: usize) -> Option<usize> {
        if depth > 6 {
            return None;
        }
        if let Some(agent) = self.children_by(verb, &[Deprel::OblAgent]).next() {
            return Some(agent);
        }
        match self.own_subject(verb) {
            Some((subject, false)) => return Some(subject),
            Some((_, true)) => return None,
            None => {}
        }
        if self.is_passive(verb) {
            return None;
        }
        let head = self.head(verb)?;
        match self.deprel(verb) {
            Deprel::Conj | Deprel::Xcomp | Deprel::Advcl | Deprel::Parataxis => {
                self.governing_subject(head, depth)
            }
            Deprel::Ccomp | Deprel::Obl | Deprel::Advmod | Deprel::Dep
                if !self.is_finite(verb) =>
            {
                self.governing_subject(head, depth)
            }
            Deprel::AclRelcl => Some(head),
            Deprel::Acl => {
                // « X a protesté lors d'une réunion, jugeant… »: after a comma it is the
                // subject of the clause that speaks, not the noun before.
                let apart = verb > 0 && self.word(verb - 1) == ",";
                let present = self.morph(verb).verb == Some(VerbForm::PartPres);
                let clause = self.clause_head(head);
                let governing = (apart && present && clause != head)
                    .then(|| self.subject_from(clause, depth + 1))
                    .flatten();
                governing
                    .or((self.morph(verb).verb != Some(VerbForm::Inf)).then_some(head))
            }
            _ => None,
        }
    }

    /// The subject of a governor, whichever voice it has: « après avoir été reçu, il a dit ».
    fn governing_subject(&self, governor: usize, depth: usize) -> Option<usize> {
        if let Some((subject, _)) = self.own_subject(governor) {
            return Some(subject);
        }
        if matches!(self.upos(governor), Upos::Noun | Upos::Propn)
            && !self.children(governor).any(|c| self.deprel(c) == Deprel::Cop)
        {
            let clause = self.clause_head(governor);
            if clause != governor {
                return self.subject_from(clause, depth + 1);
            }
        }
        self.subject_from(governor, depth + 1)
    }

    /// Whether a verb has an object that ends before a token.
    pub fn own_object_before(&self, verb: usize, token: usize) -> bool {
        self.children_by(verb, &[Deprel::Obj]).any(|o| o > verb && o < token)
    }

    /// Whether a token is a relative pronoun, by its tag or because a relative clause hangs on
    /// it: « ces accusations, qu'il juge abjectes ».
    pub fn is_relative(&self, token: usize) -> bool {
        self.morph(token).pron == Some(PronType::Rel)
            || self.upos(token) == Upos::Pron
                && self.head(token).is_some_and(|h| {
                    token < h
                        && self.deprel(h) == Deprel::AclRelcl
                        && self.tree.reach(h).start == token
                        && self.morph(token).person.is_none()
                })
    }

    /// The noun that a relative pronoun stands for; any other word stands for itself.
    pub fn antecedent(&self, token: usize) -> Option<usize> {
        if !self.is_relative(token) {
            return Some(token);
        }
        let mut node = token;
        for _ in 0..8 {
            if matches!(self.deprel(node), Deprel::AclRelcl) {
                return self.head(node);
            }
            node = self.head(node)?;
        }
        None
    }

    /// The word that introduces a clause or phrase, when it is of a class.
    pub fn marker(
        &self,
        head: usize,
        class: depeche_rule::ClassId,
    ) -> Option<Range<usize>> {
        self.children(head)
            .take_while(|&c| c < head)
            .filter(|&c| {
                matches!(
                    self.deprel(c),
                    Deprel::Mark
                        | Deprel::Case
                        | Deprel::Advmod
                        | Deprel::Obj
                        | Deprel::Nsubj
                        | Deprel::Obl
                        | Deprel::Det
                        | Deprel::Fixed
                        | Deprel::Cc
                        | Deprel::Dep
                        | Deprel::Iobj
                        | Deprel::Expl
                )
            })
            .find_map(|c| {
                let first = self.tree.reach(c).start.max(c.saturating_sub(2));
                self.words.hit(first, class).or_else(|| self.words.hit(c, class))
            })
            .map(|hit| hit.start as usize..hit.end as usize)
    }
}
