//! Which nouns do prepositions tie to a trigger?

use std::ops::Range;

use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm};

use super::{AFAR, REACH, Reader, Tie};

impl Reader<'_> {
    /// The nouns that a preposition ties to a trigger, the nearest in the tree first.
    pub(super) fn governed(
        &self,
        name: &str,
        tie: Tie,
        head: usize,
        trigger: &Range<usize>,
    ) -> Vec<usize> {
        let l = self.l;
        let end = l.sentence(head).end.min(trigger.end + AFAR);
        let carriers = self.carriers(head);
        let mut found: Vec<(bool, usize, usize)> = Vec::new();
        let mut reached = trigger.start;
        for at in trigger.start..end {
            let Some(hit) = l.hit(at, self.rules.preposition) else { continue };
            // « de » within « auprès de » is no preposition of its own, « des » may be an article.
            if at < reached || l.upos(at) == Upos::Det {
                continue;
            }
            reached = hit.end as usize;
            if l.value(hit).text() != Some(name) {
                continue;
            }
            let Some(noun) = self.noun_behind(hit.start as usize..hit.end as usize)
            else {
                continue;
            };
            let limit = if tie == Tie::Of { 1 } else { REACH };
            if self.follows(noun, at, tie, head) {
                found.push((false, REACH, noun));
            } else if let Some(steps) =
                self.steps_to(noun, tie, head, trigger, &carriers, limit)
            {
                // What the trigger itself names comes last: « demander de l'aide à X ».
                found.push((trigger.contains(&noun), steps, noun));
            }
        }
        found.sort_unstable();
        found.dedup();
        let mut nouns: Vec<usize> = found.into_iter().map(|(_, _, noun)| noun).collect();
        if tie == Tie::Between {
            nouns.truncate(1);
            if nouns.is_empty() {
                return self.opposed(head);
            }
            let others: Vec<usize> = nouns.iter().flat_map(|&n| self.joined(n)).collect();
            nouns.extend(others);
        }
        nouns
    }

    /// « des combats opposant A à B »: both sides are complements of the verb.
    pub(super) fn opposed(&self, noun: usize) -> Vec<usize> {
        let l = self.l;
        let verb = l
            .children_by(noun, &[Deprel::Acl, Deprel::AclRelcl])
            .find(|&c| l.hit(c, self.rules.opposes).is_some());
        let Some(verb) = verb else { return Vec::new() };
        let sides = l.children_by(verb, &[Deprel::Obj, Deprel::Iobj, Deprel::Obl]);
        let mut sides: Vec<usize> =
            sides.filter(|&s| self.can_act(s) && !self.is_time(s)).collect();
        let joined: Vec<usize> =
            sides.iter().flat_map(|&s| l.children_by(s, &[Deprel::Conj])).collect();
        sides.extend(joined);
        sides
    }

    /// The noun that a preposition introduces.
    pub(super) fn noun_behind(&self, preposition: Range<usize>) -> Option<usize> {
        let l = self.l;
        let last = preposition.end - 1;
        let head = l.head(last)?;
        let noun = if preposition.contains(&head) { l.head(head)? } else { head };
        let is_noun = |t: usize| {
            matches!(
                l.upos(t),
                Upos::Noun | Upos::Propn | Upos::Pron | Upos::X | Upos::Num | Upos::Adj
            )
        };
        (noun > last && is_noun(noun)).then_some(noun)
    }

    /// « sortir de pourparlers avec X »: what stands right behind the words of a noun belongs to
    /// it, though the parser hung it on the verb. Of short prepositions that cannot be said.
    pub(super) fn follows(
        &self,
        noun: usize,
        preposition: usize,
        tie: Tie,
        head: usize,
    ) -> bool {
        let l = self.l;
        let short = l.word(preposition).chars().count() < 4 && tie != Tie::By;
        if self.is_verbal(head) || short || tie == Tie::Of {
            return false;
        }
        let above = l.head(noun).is_some_and(|verb| {
            let mut node = head;
            (0..=REACH).any(|_| match l.head(node) {
                Some(next) => {
                    node = next;
                    next == verb
                }
                None => false,
            })
        });
        above && l.tree.reach(head).end == preposition
    }

    /// How many dependencies lie between a noun and a trigger or a verb that carries it.
    pub(super) fn steps_to(
        &self,
        noun: usize,
        tie: Tie,
        head: usize,
        trigger: &Range<usize>,
        carriers: &[usize],
        limit: usize,
    ) -> Option<usize> {
        let l = self.l;
        // « le départ de Rome pour Oslo a surpris »: what stands between a subject and its verb
        // belongs to the subject.
        let subject = matches!(l.deprel(head), Deprel::Nsubj | Deprel::NsubjPass);
        let verb = l.head(head).filter(|&v| subject && noun < v);
        if verb.is_some() && l.head(noun) == verb && tie != Tie::Of {
            return Some(limit);
        }
        let mut node = noun;
        let mut steps = 0;
        while steps < limit + 1 {
            let head = l.head(node)?;
            let adjective = tie == Tie::By && l.upos(node) == Upos::Adj;
            let passes = adjective && l.deprel(node) == Deprel::Amod
                || matches!(
                    l.deprel(node),
                    Deprel::Nmod
                        | Deprel::Obl
                        | Deprel::OblAgent
                        | Deprel::Iobj
                        | Deprel::Xcomp
                        | Deprel::Obj
                        | Deprel::Advmod
                );
            if !passes {
                return None;
            }
            // An adverb within a preposition is no step: « auprès de ».
            if l.upos(node) != Upos::Adv {
                steps += 1;
            }
            if trigger.contains(&head) || carriers.contains(&head) {
                return (steps <= limit).then_some(steps);
            }
            // « la visite à Pékin du ministre »: a name has no owner, the visit has.
            let owned = l.upos(head) == Upos::Propn && l.upos(noun) == Upos::Noun;
            if tie == Tie::Of && steps == 1 && owned && self.can_act(noun) {
                steps = 0;
            }
            // What another event or another circumstance governs is its own.
            let circumstance = l.deprel(head) == Deprel::Obl && l.upos(head) != Upos::Adv;
            if self.tells(head) || circumstance {
                return None;
            }
            node = head;
        }
        None
    }

    /// What may hold the complements of a noun beside itself: the verb that it is the object
    /// of, the participle that tells how it came about.
    pub(super) fn carriers(&self, head: usize) -> Vec<usize> {
        let l = self.l;
        if self.is_verbal(head) {
            // « être prêt à livrer des chars à X »
            return l
                .children_by(head, &[Deprel::Xcomp, Deprel::Ccomp, Deprel::Acl])
                .filter(|&c| l.is_infinitive(c) && !self.tells(c))
                .collect();
        }
        let day = |&d: &usize| l.deprel(head) == Deprel::Nmod && l.is_time(d);
        let head = l.head(head).filter(day).unwrap_or(head);
        let object = l.head(head).filter(|&v| match l.deprel(head) {
            Deprel::Obj => true,
            Deprel::NsubjPass => l.hit(v, self.rules.carries).is_some(),
            // « un couvre-feu est en vigueur dans trois communes »
            Deprel::Nsubj => {
                !matches!(l.upos(v), Upos::Verb | Upos::Aux)
                    || l.hit(v, self.rules.carries).is_some()
                    || l.hit(v, self.rules.factuality.occurs).is_some()
            }
            _ => false,
        });
        let told = l
            .children_by(head, &[Deprel::Acl, Deprel::Amod])
            .filter(|&c| l.morph(c).verb == Some(VerbForm::PartPast));
        let held = l
            .children_by(head, &[Deprel::AclRelcl])
            .filter(|&c| l.hit(c, self.rules.carries).is_some());
        object.into_iter().chain(told).chain(held).collect()
    }

    /// What the preposition before a noun says of it.
    pub(super) fn tie_before(&self, noun: usize) -> Option<Tie> {
        self.rules.tie_before(self.l, noun)
    }
}
