//! Is the stance taken, denied, or only thought of?

use std::ops::Range;

use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm};

use super::Finder;

/// How a stance is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mood {
    /// It is told as not taken.
    pub(super) negated: bool,
    /// What it costs in confidence: the conditional of hearsay and of politeness.
    pub(super) doubt: f32,
}

/// How far up the tree one looks.
const STEPS: usize = 6;

impl Finder<'_> {
    /// How a stance is told; nothing, when it is only wished, feared, possible or supposed.
    ///
    /// « pour réclamer », « afin de soutenir » tell a stance: purpose hides none. A noun of
    /// stance (« la demande de Kiev ») is presupposed, so that what governs it hides nothing
    /// either.
    pub(super) fn mood(&self, trigger: &Range<usize>, head: usize) -> Option<Mood> {
        let l = self.l;
        let rules = &self.found.events.factuality;
        let verbal = |t: usize| matches!(l.upos(t), Upos::Verb | Upos::Aux);
        let mut negated = trigger.clone().any(|t| {
            (verbal(t) || t == head)
                && rules.negated(l, t)
                && !self.in_trigger(t, trigger)
        });
        // « n'est « pas du tout d'accord » »: the tree may hang the denial elsewhere.
        let predicate = !verbal(head) && l.upos(head) != Upos::Noun
            || trigger.clone().any(|t| l.upos(t) == Upos::Adj);
        if predicate && !negated {
            let from = trigger.start.saturating_sub(3).max(l.sentence(head).start);
            negated = (from..trigger.start).any(|t| {
                rules.is_negator(l, t)
                    && matches!(l.upos(t), Upos::Adv)
                    && l.head(t)
                        .is_none_or(|h| h >= trigger.start || h + 3 > trigger.start)
            });
        }
        let conditional = self.is_conditional(head);
        let noun = l.upos(head) == Upos::Noun
            && l.children_by(head, &[Deprel::Cop]).next().is_none();
        let mut node = head;
        for _ in 0..STEPS {
            let marked = |class: Option<depeche_rule::ClassId>| {
                class.is_some_and(|c| l.marker(node, c).is_some())
            };
            if marked(rules.without) {
                negated = !negated;
            }
            let opens = |t: Option<depeche_rule::ClassId>| {
                trigger.clone().any(|w| l.hit(w, t).is_some())
            };
            if (marked(rules.condition) || marked(rules.before))
                && !opens(rules.condition)
            {
                return None;
            }
            let Some(governor) = l.head(node) else { break };
            let relation = l.deprel(node);
            if relation == Deprel::Conj
                && !(l.is_finite(node) && l.own_subject(node).is_some())
            {
                node = governor;
                continue;
            }
            let complement =
                matches!(relation, Deprel::Xcomp | Deprel::Ccomp | Deprel::Obj)
                    || matches!(
                        relation,
                        Deprel::Obl | Deprel::Advcl | Deprel::Nmod | Deprel::Acl
                    ) && l.is_infinitive(node)
                        && l.marker_is_light(node)
                        && !marked(self.rules.classes.purpose);
            if !complement || trigger.contains(&governor) {
                break;
            }
            let is =
                |class: Option<depeche_rule::ClassId>| l.hit(governor, class).is_some();
            let denied = rules.negated(l, governor);
            if noun {
                // « n'a pas apporté son soutien »
                negated ^= denied ^ is(self.rules.classes.withdraws);
                break;
            }
            if is(self.rules.classes.veils) {
                return None;
            }
            if is(rules.modal) || is(rules.plans) && denied {
                if !denied {
                    return None;
                }
                negated = !negated;
            } else if is(rules.wishes) || is(rules.averts) {
                return None;
            }
            if l.is_finite(node) {
                break;
            }
            node = governor;
        }
        Some(Mood { negated, doubt: if conditional { 0.2 } else { 0.0 } })
    }

    /// Whether the negation of a token belongs to the trigger: « ne pas exclure » as one idiom.
    fn in_trigger(&self, token: usize, trigger: &Range<usize>) -> bool {
        let l = self.l;
        let rules = &self.found.events.factuality;
        l.children(token).filter(|c| trigger.contains(c)).any(|c| rules.is_negator(l, c))
    }

    fn is_conditional(&self, head: usize) -> bool {
        let l = self.l;
        let helpers = l.children_by(head, &[Deprel::Aux, Deprel::AuxPass, Deprel::Cop]);
        std::iter::once(head)
            .chain(helpers)
            .any(|t| l.morph(t).verb == Some(VerbForm::Cnd))
    }
}
