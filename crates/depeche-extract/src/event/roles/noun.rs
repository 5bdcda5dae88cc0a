//! What a noun that is no verb leaves unsaid: who does it, to whom, when the words around it tell.

use std::ops::Range;

use depeche_record::{EventType, RoleKind};
use depeche_rule::ClassId;
use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm};

use super::{REACH, Reader, Reading, Tie, Way};
use crate::actor::Cast;
use crate::event::{Filler, Frame};

impl Reader<'_> {
    /// The doer of a noun by what is told around it: « par », a verb that carries it, a
    /// participle, who claims it.
    pub(super) fn imply_doer(
        &self,
        frame: &Frame,
        head: usize,
        trigger: &Range<usize>,
        cast: &mut Cast,
        reading: &mut Reading,
    ) {
        let role = RoleKind::Actor;
        if !reading.lacks(frame, role) {
            return;
        }
        let by: Vec<usize> = self
            .rules
            .by
            .iter()
            .flat_map(|name| self.governed(name, Tie::By, head, trigger))
            .filter(|&n| self.can_act(n))
            .collect();
        let carried = || self.carrier_subject(head, Some(self.rules.carries));
        let made = || self.made_by(head, Some(self.rules.carries));
        let named = frame.ways(role).any(|w| {
            !self.fillers(frame.takes_object(), w, head, trigger).is_empty()
                && !matches!(w, Way::Behind(_, Tie::Of))
        });
        let doer = by
            .first()
            .copied()
            .or_else(|| if named { None } else { made().or_else(carried) });
        let doer =
            doer.filter(|&d| self.l.antecedent(d).is_some_and(|n| self.can_act(n)));
        self.grant(frame, role, doer, true, cast, reading);
    }

    /// What is left open on both sides of a noun: an adjective, who undergoes it.
    pub(super) fn imply_sides(
        &self,
        frame: &Frame,
        head: usize,
        cast: &mut Cast,
        reading: &mut Reading,
    ) {
        let (actor, recipient) = (RoleKind::Actor, RoleKind::Recipient);
        if reading.lacks(frame, actor) {
            let at = (head, &(head..head + 1));
            self.fill(frame, actor, [Way::Adjective].iter(), at, cast, reading);
        }
        if frame.kind == EventType::Consult && reading.lacks(frame, actor) {
            let who = self.attending(head).or_else(|| self.away(head));
            self.grant(frame, actor, who, true, cast, reading);
        }
        if reading.lacks(frame, recipient) {
            let who = self
                .carrier_subject(head, Some(self.rules.undergoes))
                .or_else(|| self.relative_subject(head, self.rules.undergoes));
            self.grant(frame, recipient, who, false, cast, reading);
        }
    }

    /// « une enquête visant X », « une marche anti-américaine »: at whom it is aimed.
    pub(super) fn imply_target(
        &self,
        frame: &Frame,
        head: usize,
        trigger: &Range<usize>,
        cast: &mut Cast,
        reading: &mut Reading,
    ) {
        let l = self.l;
        let role = RoleKind::Recipient;
        let nouns = trigger.clone().filter(|&t| l.upos(t) == Upos::Noun);
        let aimed = nouns
            .flat_map(|n| {
                l.children_by(n, &[Deprel::Acl, Deprel::AclRelcl]).collect::<Vec<_>>()
            })
            .filter(|&c| l.hit(c, self.rules.targets).is_some() && !self.tells(c))
            .find_map(|c| l.children_by(c, &[Deprel::Obj]).next());
        if let Some(target) = aimed {
            self.take(frame, role, &Way::Object, &[target], true, cast, reading);
            return;
        }
        for adjective in l.children_by(head, &[Deprel::Amod]) {
            if let Some(country) = self.opposed_country(adjective) {
                let actor = cast.state(l, &country, adjective);
                let tokens = adjective..adjective + 1;
                reading.roles.push(Filler { role, tokens, actors: vec![actor] });
                return;
            }
        }
    }

    /// « lors d'une rencontre avec Y, X a dit… »: who does something at a meeting is there.
    pub(super) fn attending(&self, noun: usize) -> Option<usize> {
        let l = self.l;
        let mut node = noun;
        for _ in 0..=REACH {
            if l.deprel(node) == Deprel::Obl {
                let marker = l.marker(node, self.rules.during?)?;
                let there = l.hit(marker.start, self.rules.meanwhile).is_none();
                let verb = l.head(node)?;
                // « après des pourparlers, X a attaqué Y »: X need not have been there.
                let doer = l.logical_subject(verb).filter(|_| there || !self.tells(verb));
                return doer.filter(|&d| self.can_act(l.antecedent(d).unwrap_or(d)));
            }
            let filling = l.hit(l.head(node)?, self.rules.filling).is_some();
            if l.deprel(node) != Deprel::Nmod || !filling {
                return None;
            }
            node = l.head(node)?;
        }
        None
    }

    /// « le ministre, en visite à Oslo, a dit … »: who is on the way.
    fn away(&self, noun: usize) -> Option<usize> {
        let l = self.l;
        let bare = l.children_by(noun, &[Deprel::Det]).next().is_none()
            && l.children_by(noun, &[Deprel::Case]).next().is_some()
            && self.tie_before(noun) != Some(Tie::Of);
        let governor = l.head(noun).filter(|_| bare)?;
        match l.deprel(noun) {
            Deprel::Nmod => Some(governor).filter(|&g| self.can_act(g)),
            Deprel::Obl => l.logical_subject(governor).filter(|&s| {
                !self.tells(governor) && self.can_act(l.antecedent(s).unwrap_or(s))
            }),
            _ => None,
        }
    }

    /// « mener une attaque »: who governs the verb that carries a noun. With a class, the verb
    /// must be of it.
    pub(super) fn carrier_subject(
        &self,
        noun: usize,
        class: Option<Option<ClassId>>,
    ) -> Option<usize> {
        let l = self.l;
        // « des opérations et des attentats »: what carries the first carries the second.
        let mut first = if l.deprel(noun) == Deprel::Conj { l.head(noun)? } else { noun };
        // « annoncer l'ouverture d'une enquête »
        while l.deprel(first) == Deprel::Nmod {
            first = l.head(first).filter(|&h| {
                // « a imposé le même jour de nouvelles sanctions »: they are no part of the day.
                l.hit(h, self.rules.phase).is_some() || l.is_time(h)
            })?;
        }
        let carried =
            matches!(l.deprel(first), Deprel::Obj | Deprel::Xcomp | Deprel::NsubjPass)
                || class.is_some()
                    && l.deprel(first) == Deprel::Obl
                    && l.children_by(first, &[Deprel::Case])
                        .all(|c| l.word(c).chars().count() <= 4);
        let verb = l.head(first).filter(|_| carried)?;
        // « promettre une enquête sur les tirs »: what is carried is the inquiry.
        let carries_other = l.deprel(first) == Deprel::Obl
            && l.children_by(verb, &[Deprel::Obj]).any(|o| verb < o && o < first);
        if carries_other {
            return None;
        }
        if class.is_some_and(|c| l.hit(verb, c).is_none()) {
            return None;
        }
        // « condamner un bombardement » is not to bomb.
        if self.tells(verb) && l.hit(verb, self.rules.carries).is_none() {
            return None;
        }
        l.logical_subject(verb).filter(|&s| s != first)
    }

    /// « l'attaque menée par X », « l'attaque, revendiquée par X »: the agent of a participle
    /// behind a noun.
    pub(super) fn made_by(
        &self,
        noun: usize,
        class: Option<Option<ClassId>>,
    ) -> Option<usize> {
        let l = self.l;
        l.children_by(noun, &[Deprel::Acl, Deprel::Amod])
            .filter(|&c| l.morph(c).verb == Some(VerbForm::PartPast))
            .filter(|&c| {
                class.is_none_or(|class| l.hit(c, class).is_some())
                    || l.hit(c, self.rules.ascribes).is_some()
            })
            .find_map(|c| self.agent(c).or_else(|| self.suspected(c)))
    }

    /// « l'embuscade attribuée à X »: to whom a participle lays what its noun names.
    fn suspected(&self, participle: usize) -> Option<usize> {
        let l = self.l;
        l.hit(participle, self.rules.ascribes)?;
        l.children_by(participle, &[Deprel::Iobj, Deprel::Obl])
            .find(|&c| !self.is_time(c) && self.can_act(c))
    }

    /// « l'attaque que subit la ville »
    pub(super) fn relative_subject(
        &self,
        noun: usize,
        class: Option<ClassId>,
    ) -> Option<usize> {
        let l = self.l;
        let verb = l
            .children_by(noun, &[Deprel::AclRelcl])
            .find(|&c| l.hit(c, class).is_some())?;
        let (subject, _) = l.own_subject(verb)?;
        (l.antecedent(subject) == Some(subject)).then_some(subject)
    }
}
