//! Who does what a verb says, and what does it act on?

use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm};

use super::{REACH, Reader, Tie};

impl Reader<'_> {
    /// Who does what a verb says.
    pub(super) fn doer(&self, transitive: bool, verb: usize) -> Option<usize> {
        let l = self.l;
        if let Some(controller) = self.controller(verb) {
            return Some(controller);
        }
        if transitive && self.headline(verb).is_some() {
            return self.agent(verb).filter(|&a| self.can_act(a));
        }
        // « X, condamné à la prison, … »: whom a participle describes suffers what it says.
        let suffered = self.describes_sufferer(verb) || self.fronted(verb).is_some();
        if transitive && suffered {
            return self.agent(verb).filter(|&a| self.can_act(a));
        }
        if let Some(doer) = l.logical_subject(verb) {
            return Some(doer);
        }
        // An agent that the parser took for a circumstance.
        let passive = l.morph(verb).verb == Some(VerbForm::PartPast);
        let agent = l
            .children_by(verb, &[Deprel::Obl, Deprel::Nmod])
            .find(|&c| self.tie_before(c) == Some(Tie::By) && self.can_act(c));
        if let Some(agent) = agent.filter(|_| passive) {
            return Some(agent);
        }
        // « ils sont descendus dans la rue »: what takes no object has no passive.
        if !transitive {
            let own = l.own_subject(verb).map(|(subject, _)| subject);
            let open =
                matches!(l.deprel(verb), Deprel::Conj | Deprel::Xcomp | Deprel::Ccomp)
                    && !l.is_finite(verb);
            let governing = || self.governing_subject(verb).filter(|_| open);
            if let Some(subject) = own.or_else(governing) {
                return Some(subject);
            }
        }
        self.bearer(verb)
    }

    /// « inviter X à partir »: the object of what governs an infinitive is who does it.
    pub(super) fn controller(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        if !l.is_infinitive(verb) || l.deprel(verb) == Deprel::AclRelcl {
            return None;
        }
        let governor = l.head(verb)?;
        l.hit(governor, self.rules.controls)?;
        if l.is_passive(governor) {
            return l.own_subject(governor).map(|(subject, _)| subject);
        }
        l.children_by(governor, &[Deprel::Obj, Deprel::Iobj, Deprel::Obl])
            .find(|&c| c != verb && self.can_act(c) && !self.is_time(c))
    }

    /// « la décision de Rome de fermer ses ports »: whose the noun is that an infinitive
    /// explains.
    pub(super) fn bearer(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        let noun = l.head(verb).filter(|_| l.deprel(verb) == Deprel::Acl)?;
        if !l.is_infinitive(verb) {
            return None;
        }
        let owner = l
            .children_by(noun, &[Deprel::Nmod, Deprel::Det])
            .filter(|&c| c < verb)
            .find(|&c| {
                self.is_possessive(c)
                    || self.tie_before(c) == Some(Tie::Of) && self.can_act(c)
            });
        owner.or_else(|| {
            let verb = l.head(noun).filter(|_| l.deprel(noun) == Deprel::Obj)?;
            l.logical_subject(verb)
        })
    }

    /// « menacé par une maladie »: whether what a verb says is done by a thing.
    pub(in crate::event) fn done_by_thing(&self, verb: usize) -> bool {
        let l = self.l;
        if !self.is_verbal(verb) {
            return false;
        }
        let doer = self.agent(verb).or_else(|| l.logical_subject(verb));
        doer.and_then(|d| l.antecedent(d)).is_some_and(|d| {
            l.upos(d) == Upos::Noun
                && !self.can_act(d)
                // « adopté par 312 voix »
                && l.children_by(d, &[Deprel::Nummod]).next().is_none()
                && self.counted(d).is_none()
                && !self.tells(d)
        })
    }

    /// « Un policier attaqué à Paris »: the subject of a passive that has lost its auxiliary.
    fn headline(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        let helped = |c: usize| {
            matches!(
                l.deprel(c),
                Deprel::Aux | Deprel::AuxPass | Deprel::Cop | Deprel::Obj
            )
        };
        let bare = l.morph(verb).verb == Some(VerbForm::PartPast)
            && l.deprel(verb) == Deprel::Root
            && !l.children(verb).any(helped);
        let (subject, _) = l.own_subject(verb).filter(|_| bare)?;
        (subject < verb).then_some(subject)
    }

    /// What is acted on: the object, the subject of a passive, the noun that a participle
    /// describes.
    pub(super) fn object(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        if let Some((subject, true)) = l.own_subject(verb) {
            return Some(subject);
        }
        if let Some(subject) = self.headline(verb) {
            return Some(subject);
        }
        if l.is_passive(verb) && matches!(l.deprel(verb), Deprel::Xcomp | Deprel::Conj) {
            return self.governing_subject(verb);
        }
        let own = l.children_by(verb, &[Deprel::Obj]).find(|&o| {
            l.hit(o, l.reflexive).is_none() && l.morph(o).pron.is_none()
                || l.hit(o, l.reflexive).is_none() && l.morph(o).person == Some(3)
                || l.antecedent(o) != Some(o)
        });
        if own.is_some() {
            return own;
        }
        // « tuer jusqu'à seize soldats »: a number of them, though a preposition says so.
        let about = self.rules.about.and_then(|class| {
            let counted = |c: &usize| {
                l.children_by(*c, &[Deprel::Nummod]).next().is_some()
                    && l.marker(*c, class).is_some()
            };
            l.children_by(verb, &[Deprel::Obl]).filter(|&c| c > verb).find(counted)
        });
        if about.is_some() {
            return about;
        }
        let described = matches!(l.deprel(verb), Deprel::Acl | Deprel::Amod)
            && l.morph(verb).verb == Some(VerbForm::PartPast)
            && !l.is_finite(verb);
        if described {
            return l.head(verb);
        }
        if let Some(subject) = self.fronted(verb) {
            return Some(subject);
        }
        // « X a été arrêté et incarcéré »
        let joined = l.deprel(verb) == Deprel::Conj
            && l.own_subject(verb).is_none()
            && l.morph(verb).verb == Some(VerbForm::PartPast);
        let first = l.head(verb).filter(|&h| joined && l.is_passive(h))?;
        self.object(first)
    }

    /// « Arrêté dimanche, X a été inculpé »: whom a participle that opens a sentence, or stands
    /// apart behind the subject, is about.
    fn fronted(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        let apart = l.deprel(verb) == Deprel::Advcl
            && l.morph(verb).verb == Some(VerbForm::PartPast)
            && !l.is_finite(verb)
            && !l.is_infinitive(verb)
            && l.children_by(verb, &[Deprel::Mark, Deprel::Obj, Deprel::Aux])
                .next()
                .is_none()
            && l.own_subject(verb).is_none();
        let main = l.head(verb).filter(|_| apart)?;
        l.own_subject(main).map(|(subject, _)| subject)
    }

    /// Whether a past participle without auxiliary describes the noun before it.
    fn describes_sufferer(&self, verb: usize) -> bool {
        let l = self.l;
        // « treize personnes sont mortes et vingt blessées »
        let joined = l.deprel(verb) == Deprel::Conj
            && l.own_subject(verb).is_none()
            && l.head(verb).is_some_and(|h| l.upos(h) == Upos::Adj);
        (joined || matches!(l.deprel(verb), Deprel::Acl | Deprel::Amod))
            && l.morph(verb).verb == Some(VerbForm::PartPast)
            && l.children_by(verb, &[Deprel::Aux, Deprel::AuxPass, Deprel::Obj])
                .next()
                .is_none()
    }

    /// « X pourrait être arrêté »: the subject of what governs a verb without one.
    pub(super) fn governing_subject(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        let mut node = verb;
        for _ in 0..REACH {
            node = l.head(node)?;
            if let Some((subject, _)) = l.own_subject(node) {
                return Some(subject);
            }
        }
        None
    }

    /// « exiger que X parte », « demander à être reçu par X »: who shall do what is asked.
    pub(super) fn asked(&self, head: usize) -> Option<usize> {
        let l = self.l;
        let clause = l.children_by(head, &[Deprel::Ccomp]).next();
        let subject = clause.and_then(|c| {
            // Of a passive it is nobody's to do: « que les otages soient libérés ».
            l.own_subject(c).filter(|(_, passive)| !passive).map(|(subject, _)| subject)
        });
        let agent = || {
            let clause =
                l.children_by(head, &[Deprel::Xcomp]).find(|&c| l.is_passive(c))?;
            self.agent(clause).filter(|&a| self.can_act(a))
        };
        subject.or_else(agent)
    }

    /// « par X »: the agent of a passive or of a participle.
    pub(super) fn agent(&self, verb: usize) -> Option<usize> {
        self.l
            .children_by(verb, &[Deprel::OblAgent, Deprel::Obl])
            .find(|&a| self.tie_before(a) == Some(Tie::By))
    }
}
