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
    /// « ne »
    negation: Option<ClassId>,
    /// « pas »
    negator: Option<ClassId>,
    /// « plus », « jamais »: they deny beside « ne » only.
    negator_with_ne: Option<ClassId>,
    /// « aucun »
    none: Option<ClassId>,
    /// « que » in « ne … que »
    only: Option<ClassId>,
    pub(crate) without: Option<ClassId>,
    pub(crate) averts: Option<ClassId>,
    denies: Option<ClassId>,
    uttered: Option<ClassId>,
    pub(crate) wishes: Option<ClassId>,
    pub(crate) plans: Option<ClassId>,
    schedules: Option<ClassId>,
    resolves: Option<ClassId>,
    pact: Option<ClassId>,
    about: Option<ClassId>,
    pub(crate) modal: Option<ClassId>,
    maybe: Option<ClassId>,
    probably: Option<ClassId>,
    pub(crate) condition: Option<ClassId>,
    purpose: Option<ClassId>,
    pub(crate) before: Option<ClassId>,
    ahead: Option<ClassId>,
    given: Option<ClassId>,
    demonstrative: Option<ClassId>,
    pub(crate) occurs: Option<ClassId>,
    indefinite: Option<ClassId>,
    /// Participles of what is done: « l'accord signé à Oslo ».
    concluded: Option<ClassId>,
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

/// How an event is told, as far as its kind and the statement around it say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    /// It is done by words or by showing up: « ils ont défilé pour réclamer… » reclaims.
    pub expressive: bool,
    /// It is told on somebody's authority, so that a conditional is hearsay: « selon ».
    pub reported: bool,
}

/// How far up the tree one looks.
const STEPS: usize = 8;

/// How many words behind its verb the « que » of « ne … que » stands at most.
const RESTRICTION: usize = 6;

impl FactualityRules {
    /// The classes of a pack.
    pub fn new(pack: &Pack) -> FactualityRules {
        FactualityRules {
            negation: pack.class("negation"),
            negator: pack.class("negator"),
            negator_with_ne: pack.class("negator-with-ne"),
            none: pack.class("none"),
            only: pack.class("only"),
            without: pack.class("without"),
            averts: pack.class("averts"),
            denies: pack.class("denies"),
            uttered: pack.class("uttered"),
            wishes: pack.class("wishes"),
            plans: pack.class("plans"),
            schedules: pack.class("schedules"),
            resolves: pack.class("resolves"),
            pact: pack.class("pact"),
            about: pack.class("about"),
            modal: pack.class("modal"),
            maybe: pack.class("maybe"),
            probably: pack.class("probably"),
            condition: pack.class("if"),
            purpose: pack.class("purpose"),
            before: pack.class("before"),
            ahead: pack.class("ahead"),
            given: pack.class("given"),
            demonstrative: pack.class("pointing-determiner"),
            occurs: pack.class("occurs"),
            indefinite: pack.class("indefinite"),
            concluded: pack.class("concluded"),
        }
    }

    /// Whether what a word tells happened.
    pub fn judge(&self, l: &Layers<'_>, trigger: usize, told: Telling) -> Verdict {
        let mut verdict = Verdict::default();
        let mut node = trigger;
        let mut below: Option<usize> = None;
        for _ in 0..STEPS {
            self.own(l, node, below, told, &mut verdict);
            self.governing(l, node, below, trigger, &mut verdict);
            let Some(head) = self.next(l, node, below, told) else { break };
            // « X et Y »: what stands over the first stands over the second.
            if l.deprel(node) != Deprel::Conj {
                below = Some(node);
            }
            node = head;
        }
        verdict
    }

    /// The governor of a word, unless the word stands for itself: a main or relative clause,
    /// a circumstance that is given or that has its own colour.
    fn next(
        &self,
        l: &Layers<'_>,
        node: usize,
        below: Option<usize>,
        told: Telling,
    ) -> Option<usize> {
        let relation = l.deprel(node);
        let finite = l.is_finite(node);
        let clause = matches!(relation, Deprel::Parataxis | Deprel::Conj);
        if relation == Deprel::AclRelcl || finite && clause && below.is_some() {
            return None;
        }
        // « les garages bloqués par X »: a past participle tells what is so; « un futur accord
        // mettant fin à » is as certain as the accord.
        let done = l.morph(node).verb == Some(VerbForm::PartPast);
        let describes = matches!(relation, Deprel::Acl | Deprel::Amod);
        if describes && done && !l.is_infinitive(node) && !finite {
            return None;
        }
        // « rejeter une résolution appelant au calme »: the text calls, whatever becomes of it.
        let speaking = l.morph(node).verb == Some(VerbForm::PartPres) && told.expressive;
        if describes && speaking && below.is_none() {
            return None;
        }
        // « cette visite »: what is pointed at is known.
        let pointed = |d: usize| l.hit(d, self.demonstrative).is_some();
        if below.is_none() && l.children_by(node, &[Deprel::Det]).any(pointed) {
            return None;
        }
        if below.is_none() && self.is_done(l, node) {
            return None;
        }
        let head = l.head(node)?;
        // A full clause under « dire que » keeps its own colour.
        let over = |class| l.hit(head, class).is_some();
        let coloured = [self.wishes, self.denies].into_iter().any(over)
            || over(self.averts) && l.morph(node).verb == Some(VerbForm::Sub);
        if relation == Deprel::Ccomp && finite && !coloured {
            return None;
        }
        if self.is_marked(l, node, self.given)
            || self.is_marked(l, node, self.condition)
            || self.is_marked(l, node, self.without)
            || self.is_marked(l, node, self.before)
        {
            return None;
        }
        if self.is_aim(l, node) {
            // Who shows up to complain complains, if he shows up.
            return told.expressive.then_some(head);
        }
        let adjunct = matches!(relation, Deprel::Advcl | Deprel::Obl);
        if adjunct && l.is_finite(head) && !self.depends(l, Some(node)) {
            return None;
        }
        Some(head)
    }

    /// « l'alliance conclue entre A et B »: a participle tells that it is so.
    fn is_done(&self, l: &Layers<'_>, node: usize) -> bool {
        let indefinite = |d: usize| l.hit(d, self.indefinite).is_some();
        let mut determiners = l.children_by(node, &[Deprel::Det]);
        let definite = determiners.next().is_some_and(|d| !indefinite(d));
        definite
            && l.upos(node) == Upos::Noun
            && l.children_by(node, &[Deprel::Acl]).any(|c| {
                l.hit(c, self.resolves).is_none()
                    && l.hit(c, self.plans).is_none()
                    && l.hit(c, self.schedules).is_none()
                    && l.hit(c, self.concluded).is_some()
            })
    }

    /// « pour mettre fin », « afin que cesse »
    fn is_aim(&self, l: &Layers<'_>, node: usize) -> bool {
        let clause = l.is_infinitive(node) || l.morph(node).verb == Some(VerbForm::Sub);
        clause && self.is_marked(l, node, self.purpose)
    }

    fn is_marked(&self, l: &Layers<'_>, node: usize, class: Option<ClassId>) -> bool {
        class.is_some_and(|c| l.marker(node, c).is_some())
    }

    /// What a word on the way up says of itself: negation, marks, tense, adverbs.
    fn own(
        &self,
        l: &Layers<'_>,
        node: usize,
        below: Option<usize>,
        told: Telling,
        verdict: &mut Verdict,
    ) {
        let verbal = matches!(l.upos(node), Upos::Verb | Upos::Aux);
        let unreal = below.is_none() || self.depends(l, below);
        if self.negated(l, node) && (below.is_none() || verbal && unreal) {
            verdict.negated ^= true;
        }
        if self.is_marked(l, node, self.without) {
            verdict.negated = true;
        }
        if self.is_marked(l, node, self.condition) || self.is_marked(l, node, self.before)
        {
            verdict.hypothetical = true;
        }
        if self.is_marked(l, node, self.ahead) {
            verdict.future = true;
        }
        if self.is_aim(l, node) && unreal && !told.expressive {
            verdict.hypothetical = true;
        }
        self.modified(l, node, below, verdict);
        if verbal && unreal {
            let own = below.is_none();
            self.tense(l, node, own, told, verdict);
        }
    }

    /// « peut-être », « probable », « prochain »
    fn modified(
        &self,
        l: &Layers<'_>,
        node: usize,
        below: Option<usize>,
        verdict: &mut Verdict,
    ) {
        let noun = !matches!(l.upos(node), Upos::Verb | Upos::Aux);
        for child in l.children(node).filter(|c| below != Some(*c)) {
            let is = |class: Option<ClassId>| l.hit(child, class).is_some();
            let near = matches!(l.deprel(child), Deprel::Advmod | Deprel::Amod);
            if near && is(self.maybe) {
                verdict.hypothetical = true;
            }
            if near && is(self.probably) {
                verdict.probable = true;
            }
            let told = near || l.deprel(child) == Deprel::Acl;
            let ends = below.is_none_or(|b| l.deprel(b) == Deprel::Acl);
            if noun && ends && told && (is(self.plans) || is(self.schedules)) {
                verdict.future = true;
            }
        }
    }

    /// What a governor does to what hangs on it.
    fn governing(
        &self,
        l: &Layers<'_>,
        node: usize,
        below: Option<usize>,
        trigger: usize,
        verdict: &mut Verdict,
    ) {
        let Some(child) = below.filter(|_| node != trigger) else { return };
        let is = |class: Option<ClassId>| l.hit(node, class).is_some();
        // « un compromis semble possible »: the predicate colours its subject.
        let subject = matches!(l.deprel(child), Deprel::Nsubj | Deprel::Csubj);
        if subject && !self.is_told(l, child) {
            let complement = l
                .children_by(node, &[Deprel::Xcomp, Deprel::Obj])
                .any(|c| l.hit(c, self.maybe).is_some());
            if is(self.maybe) || complement {
                verdict.hypothetical = true;
            }
            return;
        }
        // « exprimer le souhait, à Oslo, d'une trêve »: the complement of a wish that was hung
        // on its verb.
        let wished = |c: usize| l.hit(c, self.wishes).is_some();
        if l.deprel(child) == Deprel::Obl
            && self.is_marked(l, child, self.about)
            && l.children_by(node, &[Deprel::Obj]).any(wished)
        {
            verdict.hypothetical = true;
        }
        if !self.depends(l, below) {
            return;
        }
        let noun = !matches!(l.upos(child), Upos::Verb | Upos::Aux);
        // What was done before is neither wished nor planned: « annoncer avoir expulsé ».
        let done = l.is_infinitive(child) && self.is_perfect(l, child);
        let uttered = noun && l.hit(child, self.uttered).is_some();
        // « prévenir que », unlike « empêcher que », is to tell.
        let full = l.is_finite(child) && l.morph(child).verb != Some(VerbForm::Sub);
        if is(self.averts) && !full || is(self.denies) && !(noun && uttered) {
            if self.negated(l, node) {
                // « ne pas exclure de négocier » is no refusal, and no promise.
                verdict.negated = false;
                verdict.hypothetical |= is(self.denies);
            } else {
                verdict.negated = !uttered;
            }
        } else if is(self.wishes) || is(self.modal) {
            verdict.hypothetical |= !done || !self.is_plan(l, node);
        } else if is(self.schedules) {
            verdict.future = true;
        } else if is(self.plans) && !done {
            verdict.future |= !self.is_past(l, node) || l.is_infinitive(child);
        } else if is(self.resolves) {
            let verbal = matches!(l.upos(node), Upos::Verb | Upos::Aux);
            verdict.future |= verbal && !self.is_past(l, node);
        } else {
            let about = is(self.pact) && self.is_marked(l, child, self.about);
            verdict.future |= about || is(self.ahead);
        }
    }

    fn is_plan(&self, l: &Layers<'_>, node: usize) -> bool {
        l.hit(node, self.plans).is_some()
    }

    /// Whether what lies below is a complement of its governor rather than an adjunct.
    fn depends(&self, l: &Layers<'_>, below: Option<usize>) -> bool {
        below.is_some_and(|b| {
            self.is_told(l, b)
                || matches!(
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
                )
                || l.deprel(b) == Deprel::Obl
                    && !matches!(l.upos(b), Upos::Propn)
                    && l.marker_is_light(b)
                || l.deprel(b) == Deprel::Advcl
                    && l.is_infinitive(b)
                    && l.marker_is_light(b)
        })
    }

    /// « les pourparlers n'ont pas commencé », « la visite doit avoir lieu »: of such verbs the
    /// subject is what happens.
    fn is_told(&self, l: &Layers<'_>, subject: usize) -> bool {
        let is = |t: usize| l.hit(t, self.occurs).is_some();
        l.deprel(subject) == Deprel::Nsubj
            && l.head(subject).is_some_and(|verb| {
                is(verb) || l.children_by(verb, &[Deprel::Xcomp]).any(is)
            })
    }

    /// Whether a word is denied: « ne … pas », « aucun », « personne n'a … ».
    pub(crate) fn negated(&self, l: &Layers<'_>, node: usize) -> bool {
        if self.restricts(l, node) {
            return false;
        }
        let denied = l.children(node).any(|c| l.hit(c, self.negation).is_some());
        l.children(node).any(|c| {
            let is = |class: Option<ClassId>| l.hit(c, class).is_some();
            let lower = !l.word(c).starts_with(char::is_uppercase);
            match l.deprel(c) {
                Deprel::Advmod | Deprel::Cc | Deprel::Dep => {
                    lower && (is(self.negator) || denied && is(self.negator_with_ne))
                }
                Deprel::Det => is(self.none),
                Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj | Deprel::Obl => {
                    denied
                        && (is(self.none)
                            || l.children_by(c, &[Deprel::Det])
                                .any(|d| l.hit(d, self.none).is_some()))
                }
                _ => false,
            }
        })
    }

    /// Whether a word denies: « pas », « aucun ».
    pub(crate) fn is_negator(&self, l: &Layers<'_>, token: usize) -> bool {
        [self.negator, self.negator_with_ne, self.none]
            .into_iter()
            .any(|class| l.hit(token, class).is_some())
    }

    /// « ne … que » restricts and denies nothing.
    fn restricts(&self, l: &Layers<'_>, node: usize) -> bool {
        let end = (node + RESTRICTION).min(l.sentence(node).end);
        l.children(node).any(|c| l.hit(c, self.negation).is_some())
            && (node + 1..end).any(|t| {
                l.hit(t, self.only).is_some()
                    && matches!(
                        l.deprel(t),
                        Deprel::Advmod | Deprel::Case | Deprel::Cc | Deprel::Dep
                    )
            })
    }

    /// Whether a verb is perfect: « avoir expulsé ».
    fn is_perfect(&self, l: &Layers<'_>, verb: usize) -> bool {
        l.morph(verb).verb == Some(VerbForm::PartPast)
            && l.children(verb).any(|c| l.deprel(c) == Deprel::Aux)
    }

    /// « il avait prévenu qu'il partirait »: after a past the conditional is what comes later,
    /// unless a condition stands beside it.
    fn is_later(&self, l: &Layers<'_>, node: usize) -> bool {
        let told = l.head(node).filter(|_| l.deprel(node) == Deprel::Ccomp);
        told.is_some_and(|verb| self.is_past(l, verb))
            && !l
                .children_by(node, &[Deprel::Advcl])
                .any(|c| self.is_marked(l, c, self.condition))
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
        told: Telling,
        verdict: &mut Verdict,
    ) {
        let Some((form, helped)) = self.finite_form(l, node) else { return };
        let plans = l.hit(node, self.plans).is_some();
        let perfect = helped
            && l.children(node)
                .any(|c| l.deprel(c) == Deprel::Aux && l.morph(c).is_finite());
        match form {
            VerbForm::Fut => verdict.future = true,
            // « aurait demandé » is what was heard; « demanderait » is what might be.
            VerbForm::Cnd if perfect || told.reported => verdict.probable = true,
            // « devrait se rendre » is what is expected.
            VerbForm::Cnd if plans || self.is_later(l, node) => verdict.future = true,
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
