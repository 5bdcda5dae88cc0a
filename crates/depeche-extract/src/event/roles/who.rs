//! Which actors stand behind the words of a role?

use depeche_record::RoleKind;
use depeche_text::syntax::Deprel;
use depeche_text::{Number, Upos};

use super::{AFAR, JOINED, REACH, Reader, Tie};
use crate::actor::Cast;

impl Reader<'_> {
    /// The actors that stand behind a word of a role: itself, or who owns the thing that it
    /// names.
    pub(super) fn somebody(
        &self,
        head: usize,
        role: RoleKind,
        cast: &mut Cast,
    ) -> Vec<usize> {
        let l = self.l;
        if l.morph(head).person.is_some_and(|p| p < 3) && l.upos(head) == Upos::Pron {
            return self.speaker_around(head, cast);
        }
        let Some(named) = l.antecedent(head) else { return Vec::new() };
        if self.is_possessive(head) {
            return self.possessor(head, cast);
        }
        if let Some(counted) = self.counted(named) {
            return self.named(counted, cast);
        }
        if self.can_act(named) {
            return self.named(head, cast);
        }
        if self.tells(named) && role == RoleKind::Recipient {
            return Vec::new();
        }
        self.owner(named, cast)
    }

    /// The actor that a head stands for, and those that are joined to it by « et »: of the
    /// latter only somebody, for things stand beside persons in any list.
    pub(super) fn named(&self, head: usize, cast: &mut Cast) -> Vec<usize> {
        let l = self.l;
        let states = self.several_states(head);
        if !states.is_empty() {
            let found = states.iter().filter_map(|&s| cast.one(l, s));
            let mut actors: Vec<usize> = found.map(|(a, _)| a).collect();
            actors.dedup();
            return actors;
        }
        let several = self.joined_adjectives(head);
        let mut actors = self.adjective_sides(&several, cast);
        if actors.len() < 2 {
            actors = cast.one(l, head).map(|(a, _)| a).into_iter().collect();
        }
        let joined = self.joined(head).into_iter().filter(|&c| self.can_act(c));
        for other in joined.take(JOINED) {
            if let Some((actor, _)) = cast.one(l, other)
                && !actors.contains(&actor)
            {
                actors.push(actor);
            }
        }
        actors
    }

    /// What is joined to a word, and to what is joined to that: « A, B et C » may hang on each
    /// other in a chain.
    pub(super) fn joined(&self, head: usize) -> Vec<usize> {
        let l = self.l;
        let mut all = vec![head];
        let mut next = 0;
        while next < all.len() && all.len() <= JOINED {
            all.extend(l.children_by(all[next], &[Deprel::Conj]));
            next += 1;
        }
        all.remove(0);
        all.sort_unstable();
        all
    }

    /// « les ministres de A, de B et de C »: of several who hold one office, the states that
    /// they are of, when they stand in one row behind it.
    fn several_states(&self, head: usize) -> Vec<usize> {
        let l = self.l;
        if l.upos(head) != Upos::Noun || l.morph(head).number != Some(Number::Plur) {
            return Vec::new();
        }
        let phrase = l.noun_phrase(head);
        let state = |&t: &usize| {
            l.hit(t, self.actors.state()).is_some()
                && matches!(l.deprel(t), Deprel::Nmod | Deprel::Conj)
        };
        let states: Vec<usize> = phrase.filter(state).take(JOINED).collect();
        let row = states.windows(2).all(|w| {
            (w[0] + 1..w[1]).all(|t| {
                matches!(
                    l.upos(t),
                    Upos::Adp | Upos::Det | Upos::Punct | Upos::Cconj | Upos::Propn
                )
            })
        });
        if states.len() > 1 && row { states } else { Vec::new() }
    }

    /// « les négociateurs américains et russes »: the adjectives of states that are joined on
    /// a noun, each of which tells of others.
    fn joined_adjectives(&self, head: usize) -> Vec<usize> {
        let l = self.l;
        let of_state = |&a: &usize| self.demonym_of(a).is_some();
        let first = l.children_by(head, &[Deprel::Amod]).find(of_state);
        let Some(first) = first.filter(|_| l.upos(head) == Upos::Noun) else {
            return Vec::new();
        };
        let rest = l.children_by(first, &[Deprel::Conj]).filter(of_state);
        std::iter::once(first).chain(rest.take(JOINED)).collect()
    }

    /// « une centaine de Serbes »: who is counted.
    pub(super) fn counted(&self, quantity: usize) -> Option<usize> {
        let l = self.l;
        l.hit(quantity, self.rules.quantity)?;
        l.children_by(quantity, &[Deprel::Nmod, Deprel::Obl])
            .find(|&c| self.tie_before(c) == Some(Tie::Of) && self.can_act(c))
    }

    /// Whom a possessive points to: somebody before it or, « depuis sa libération, l'avocate
    /// vit à Tbilissi », the subject behind it.
    pub(super) fn possessor(&self, possessive: usize, cast: &mut Cast) -> Vec<usize> {
        let l = self.l;
        let start = l.sentence(possessive).start.max(possessive.saturating_sub(AFAR));
        let clause = l.clause_head(possessive);
        let subject = l.own_subject(clause).map(|(s, _)| s).filter(|&s| {
            s > possessive
                && !(start..possessive).any(|t| self.actors.is_somebody(l, t))
                && l.upos(s) != Upos::Pron
                && self.can_act(s)
                && l.head(possessive) != Some(s)
        });
        let who = subject.or_else(|| self.bound(possessive)).unwrap_or(possessive);
        self.named(who, cast)
    }

    /// « appeler X à cesser ses attaques »: the possessive on what somebody shall do something
    /// to is his.
    fn bound(&self, possessive: usize) -> Option<usize> {
        let l = self.l;
        let noun = l.head(possessive)?;
        let verb = l.head(noun).filter(|_| l.deprel(noun) == Deprel::Obj)?;
        let doer = self.controller(verb)?;
        (doer < possessive && self.can_act(doer)).then_some(doer)
    }

    /// Whether somebody or some body can stand in a role.
    pub(crate) fn can_act(&self, head: usize) -> bool {
        let l = self.l;
        !self.actors.is_nobody(l, head)
            && (self.actors.is_somebody(l, head)
                || l.hit(head, self.rules.possessive).is_some()
                || l.hit(head, self.rules.people).is_some())
    }

    /// Whose a thing is: « la politique américaine », « la résolution du Conseil ».
    pub(super) fn owner(&self, thing: usize, cast: &mut Cast) -> Vec<usize> {
        let l = self.l;
        if !matches!(l.upos(thing), Upos::Noun | Upos::X)
            || l.hit(thing, self.rules.filling).is_some()
        {
            return Vec::new();
        }
        let mut node = thing;
        for _ in 0..REACH {
            let adjectives: Vec<usize> = l
                .children_by(node, &[Deprel::Amod])
                .filter(|&c| self.demonym_of(c).is_some())
                .collect();
            let sides = self.adjective_sides(&adjectives, cast);
            if !sides.is_empty() {
                return sides;
            }
            let next = l.children_by(node, &[Deprel::Nmod]).find(|&c| {
                self.tie_before(c) == Some(Tie::Of)
                    && !self.is_time(c)
                    && matches!(l.upos(c), Upos::Noun | Upos::Propn)
            });
            let Some(next) = next else { break };
            // « l'accord de Paris » is not Paris's.
            if l.hit(node, self.rules.treaty).is_some() && l.upos(next) == Upos::Propn {
                break;
            }
            if self.can_act(next) {
                return self.named(next, cast);
            }
            node = next;
        }
        let owned = l.children_by(thing, &[Deprel::Det]).find(|&d| self.is_possessive(d));
        match owned {
            Some(owner) => self.possessor(owner, cast),
            None => self
                .made_by(thing, None)
                .filter(|&m| self.can_act(m))
                .map(|m| self.named(m, cast))
                .unwrap_or_default(),
        }
    }

    /// « nous » in a statement: who says it.
    pub(super) fn speaker_around(&self, token: usize, cast: &mut Cast) -> Vec<usize> {
        let around = crate::event::source(&(token..token + 1), self.statements);
        let speaker = around.and_then(|n| self.statements[n].speaker.as_ref());
        match speaker {
            Some((_, head)) => self.named(*head, cast),
            None => Vec::new(),
        }
    }
}
