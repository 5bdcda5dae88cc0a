//! Did it happen? Negation, modality, condition, purpose and tense over a word, read off the
//! tree from the word upwards.
//!
//! The values are those of FactBank (Saurí and Pustejovsky 2009): certain, probable, possible,
//! each positive or negative, seen from the source. Beside them stand the auxiliary modes of
//! PLOVER: historical, future, hypothetical, negation.

use depeche_record::Factuality;
use depeche_rule::{ClassId, Pack};
use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm};

use crate::Layers;

/// Word classes that deny, wish, plan or make uncertain.
#[derive(Clone, Copy, Debug)]
pub struct FactualityRules {
    negator: Option<ClassId>,
    pub(crate) without: Option<ClassId>,
    pub(crate) averts: Option<ClassId>,
    pub(crate) wishes: Option<ClassId>,
    pub(crate) plans: Option<ClassId>,
    pub(crate) modal: Option<ClassId>,
    maybe: Option<ClassId>,
    probably: Option<ClassId>,
    pub(crate) condition: Option<ClassId>,
    purpose: Option<ClassId>,
    pub(crate) before: Option<ClassId>,
}

/// What is known about whether something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// It is told as not happening.
    pub negated: bool,
    /// It is told as possible, wished, feared or conditional.
    pub hypothetical: bool,
    /// It is told as to come.
    pub future: bool,
    /// It is told as past background.
    pub historical: bool,
    /// It is told as likely, or as heard.
    pub probable: bool,
}

impl Verdict {
    /// The value of FactBank.
    pub fn factuality(self) -> Factuality {
        match self {
            Verdict { negated: true, hypothetical: true, .. } => {
                Factuality::PossibleNegative
            }
            Verdict { negated: true, probable: true, .. } => Factuality::ProbableNegative,
            Verdict { negated: true, .. } => Factuality::CertainNegative,
            Verdict { hypothetical: true, .. } => Factuality::PossiblePositive,
            Verdict { future: true, .. } | Verdict { probable: true, .. } => {
                Factuality::ProbablePositive
            }
            _ => Factuality::CertainPositive,
        }
    }

    /// The auxiliary modes of PLOVER.
    pub fn aux(self) -> Vec<String> {
        let modes = [
            (self.historical, "historical"),
            (self.future, "future"),
            (self.hypothetical, "hypothetical"),
            (self.negated, "negation"),
        ];
        modes.iter().filter(|(is, _)| *is).map(|(_, name)| (*name).to_owned()).collect()
    }
}

/// How far up the tree one looks.
const STEPS: usize = 8;

impl FactualityRules {
    /// The classes of a pack.
    pub fn new(pack: &Pack) -> FactualityRules {
        FactualityRules {
            negator: pack.class("negator"),
            without: pack.class("without"),
            averts: pack.class("averts"),
            wishes: pack.class("wishes"),
            plans: pack.class("plans"),
            modal: pack.class("modal"),
            maybe: pack.class("maybe"),
            probably: pack.class("probably"),
            condition: pack.class("if"),
            purpose: pack.class("purpose"),
            before: pack.class("before"),
        }
    }

    /// Whether what a word tells happened.
    pub fn judge(&self, l: &Layers<'_>, trigger: usize) -> Verdict {
        let mut verdict = Verdict::default();
        let mut node = trigger;
        let mut below: Option<usize> = None;
        for _ in 0..STEPS {
            self.look_at(l, node, below, trigger, &mut verdict);
            // A finite verb outside of what governs it stands for itself.
            let relation = l.deprel(node);
            let own_clause = l.is_finite(node)
                && matches!(
                    relation,
                    Deprel::Root | Deprel::Parataxis | Deprel::AclRelcl | Deprel::Conj
                );
            if own_clause && below.is_some() || matches!(relation, Deprel::Root) {
                break;
            }
            if relation == Deprel::AclRelcl {
                break;
            }
            let Some(head) = l.head(node) else { break };
            // « X et Y »: what stands over the first stands over the second.
            if !matches!(relation, Deprel::Conj) {
                below = Some(node);
            }
            // A full clause under « dire que » keeps its own colour.
            if relation == Deprel::Ccomp
                && l.is_finite(node)
                && !self.governs_wish(l, head)
                && l.hit(head, self.averts).is_none()
            {
                break;
            }
            if matches!(relation, Deprel::Advcl | Deprel::Obl | Deprel::Nsubj)
                && !self.marked(l, node)
                && l.is_finite(head)
                && relation != Deprel::Nsubj
            {
                // An adjunct of another clause: « après avoir quitté Paris, il… ».
                self.adjunct(l, node, &mut verdict);
                break;
            }
            node = head;
        }
        verdict
    }

    fn governs_wish(&self, l: &Layers<'_>, token: usize) -> bool {
        l.hit(token, self.wishes).is_some()
    }

    fn marked(&self, l: &Layers<'_>, node: usize) -> bool {
        [self.without, self.purpose, self.condition, self.before]
            .into_iter()
            .flatten()
            .any(|class| l.marker(node, class).is_some())
    }

    fn adjunct(&self, _l: &Layers<'_>, _node: usize, _verdict: &mut Verdict) {}

    /// What one word on the way up says.
    fn look_at(
        &self,
        l: &Layers<'_>,
        node: usize,
        below: Option<usize>,
        trigger: usize,
        verdict: &mut Verdict,
    ) {
        let is = |class: Option<ClassId>| l.hit(node, class).is_some();
        let marker =
            |class: Option<ClassId>| class.is_some_and(|c| l.marker(node, c).is_some());
        let verbal = matches!(l.upos(node), Upos::Verb | Upos::Aux);
        // What the word itself carries.
        if self.negated(l, node) && (below.is_none() || verbal && self.depends(l, below))
        {
            verdict.negated ^= true;
        }
        if marker(self.without) {
            verdict.negated = true;
        }
        if marker(self.condition) || marker(self.before) {
            verdict.hypothetical = true;
        }
        let unreal = below.is_none() || self.depends(l, below);
        if marker(self.purpose)
            && unreal
            && (l.is_infinitive(node)
                || !verbal
                || l.morph(node).verb == Some(VerbForm::Sub))
        {
            verdict.hypothetical = true;
        }
        for child in l.children(node) {
            if below == Some(child) {
                continue;
            }
            let near = matches!(l.deprel(child), Deprel::Advmod | Deprel::Amod);
            if near && l.hit(child, self.maybe).is_some() {
                verdict.hypothetical = true;
            }
            if near && l.hit(child, self.probably).is_some() {
                verdict.probable = true;
            }
            if near && below.is_none() && l.hit(child, self.plans).is_some() && !verbal {
                verdict.future = true;
            }
        }
        if verbal && unreal {
            self.tense(l, node, below.is_none(), is(self.plans), verdict);
        }
        // What a governor does to its complement.
        if below.is_some() && node != trigger && self.depends(l, below) {
            if is(self.averts) {
                verdict.negated = true;
            } else if is(self.wishes) || is(self.modal) {
                verdict.hypothetical = true;
            } else if is(self.plans) {
                let past = verbal && self.is_past(l, node);
                let infinitive = below.is_some_and(|b| l.is_infinitive(b));
                if !past || infinitive {
                    verdict.future = true;
                }
            }
        }
    }

    /// Whether what lies below is a complement of its governor rather than an adjunct.
    fn depends(&self, l: &Layers<'_>, below: Option<usize>) -> bool {
        below.is_some_and(|b| {
            matches!(
                l.deprel(b),
                Deprel::Xcomp
                    | Deprel::Ccomp
                    | Deprel::Obj
                    | Deprel::Nmod
                    | Deprel::Acl
                    | Deprel::Csubj
                    | Deprel::NsubjPass
                    | Deprel::Iobj
                    | Deprel::Conj
                    | Deprel::Fixed
            ) || l.deprel(b) == Deprel::Obl
                && !matches!(l.upos(b), Upos::Propn)
                && l.marker_is_light(b)
                || l.deprel(b) == Deprel::Advcl
                    && l.is_infinitive(b)
                    && l.marker_is_light(b)
        })
    }

    /// Whether a word of negation hangs on another word.
    pub(crate) fn negated(&self, l: &Layers<'_>, node: usize) -> bool {
        l.children(node).any(|c| {
            matches!(l.deprel(c), Deprel::Advmod | Deprel::Det | Deprel::Cc | Deprel::Dep)
                && l.hit(c, self.negator).is_some()
                && !l.word(c).starts_with(char::is_uppercase)
        }) && !self.only(l, node)
    }

    /// Whether a word denies: « pas », « aucun ».
    pub(crate) fn is_negator(&self, l: &Layers<'_>, token: usize) -> bool {
        l.hit(token, self.negator).is_some()
    }

    /// « ne … que » restricts and denies nothing.
    fn only(&self, _l: &Layers<'_>, _node: usize) -> bool {
        false
    }

    fn finite_form(&self, l: &Layers<'_>, node: usize) -> Option<(VerbForm, bool)> {
        let helper = l.children(node).find_map(|c| {
            let aux = matches!(l.deprel(c), Deprel::Aux | Deprel::AuxPass | Deprel::Cop);
            (aux && l.morph(c).is_finite()).then(|| l.morph(c).verb)?
        });
        match helper {
            Some(form) => Some((form, true)),
            None => l
                .morph(node)
                .verb
                .filter(|_| l.morph(node).is_finite())
                .map(|f| (f, false)),
        }
    }

    fn is_past(&self, l: &Layers<'_>, node: usize) -> bool {
        match self.finite_form(l, node) {
            Some((VerbForm::Past | VerbForm::Imp, _)) => true,
            Some((VerbForm::Pres, true)) => {
                l.children(node).any(|c| l.deprel(c) == Deprel::Aux)
            }
            None => l.morph(node).verb == Some(VerbForm::PartPast),
            _ => false,
        }
    }

    fn tense(
        &self,
        l: &Layers<'_>,
        node: usize,
        own: bool,
        plans: bool,
        verdict: &mut Verdict,
    ) {
        let Some((form, helped)) = self.finite_form(l, node) else { return };
        let perfect = helped
            && l.children(node)
                .any(|c| l.deprel(c) == Deprel::Aux && l.morph(c).is_finite());
        match form {
            VerbForm::Fut => verdict.future = true,
            // « aurait demandé » is what was heard; « demanderait » is what might be.
            VerbForm::Cnd if perfect => verdict.probable = true,
            // « devrait se rendre » is what is expected.
            VerbForm::Cnd if plans => verdict.future = true,
            VerbForm::Cnd => verdict.hypothetical = true,
            VerbForm::Imperative => verdict.hypothetical = true,
            VerbForm::Imp if perfect && own => verdict.historical = true,
            _ => {}
        }
    }
}

impl Layers<'_> {
    /// Whether a complement is introduced by one short preposition or by none: what a verb or
    /// noun governs, rather than what circumstances add.
    pub(crate) fn marker_is_light(&self, head: usize) -> bool {
        let mut markers = self.children_by(head, &[Deprel::Case, Deprel::Mark]);
        markers.all(|m| self.word(m).chars().count() <= 3)
    }
}
