//! On what is the stance? The complement of a trigger, without what introduces it.

use std::ops::Range;

use depeche_text::syntax::Deprel;
use depeche_text::{PronType, Upos};

use super::Finder;

/// What a stance is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object {
    /// Its words.
    pub(super) tokens: Range<usize>,
    /// The word that the rest hangs on.
    pub(super) head: usize,
    /// Whether it is denied in itself: « demander de ne pas partir ».
    pub(super) negated: bool,
    /// Whether it is nothing at all: « n'accepter aucune condition ».
    pub(super) none: bool,
    /// What it costs in confidence that the tree did not give it.
    pub(super) doubt: f32,
}

/// The longest object, in tokens; a longer one is cut.
const LONGEST: usize = 120;
/// How far behind its trigger a complement may begin when the tree does not tell.
const NEAR: usize = 5;

impl Finder<'_> {
    /// The objects of a trigger, by the first way that leads to any.
    pub(super) fn objects(
        &self,
        ways: &[String],
        trigger: &Range<usize>,
        head: usize,
    ) -> Vec<Object> {
        for way in ways {
            let by_tree = self.by_tree(way, trigger, head);
            let (heads, doubt) = match by_tree.is_empty() {
                false => (by_tree, 0.0),
                true => (self.by_order(way, trigger).into_iter().collect(), 0.15),
            };
            let mut objects: Vec<Object> = heads
                .into_iter()
                .filter(|&h| !self.is_time(h))
                .filter_map(|h| self.object(h, trigger, doubt))
                .collect();
            for object in &mut objects {
                let tokens = &mut object.tokens;
                tokens.end = tokens.end.min(tokens.start + LONGEST);
            }
            if !objects.is_empty() {
                return objects;
            }
        }
        Vec::new()
    }

    fn by_tree(&self, way: &str, trigger: &Range<usize>, head: usize) -> Vec<usize> {
        let l = self.l;
        // What follows a colon is said, not governed.
        let sentence = l.sentence(head);
        let colon = (trigger.end..sentence.end.min(trigger.end + LONGEST))
            .find(|&t| l.word(t) == ":");
        let after = |c: &usize| *c >= trigger.end && colon.is_none_or(|end| *c < end);
        // What a noun of stance governs may hang on the verb that carries the noun.
        let carrier = l
            .head(head)
            .filter(|_| l.upos(head) == Upos::Noun && l.deprel(head) == Deprel::Obj);
        let heads = || trigger.clone().chain(carrier);
        let children = |t: usize| l.children(t).filter(|c| !trigger.contains(c));
        match way {
            "inf" => {
                let found = heads().flat_map(children).filter(after).find(|&c| {
                    self.is_complement(c)
                        && self.l.is_infinitive(c)
                        && l.marker_is_light(c)
                        && !self.is_purpose(c)
                });
                self.with_conjuncts(found)
            }
            "that" => {
                let found = heads().flat_map(children).filter(after).find(|&c| {
                    (self.is_complement(c) || l.deprel(c) == Deprel::AclRelcl)
                        && l.is_finite(c)
                        && self.that(c, trigger).is_some()
                });
                self.with_conjuncts(found)
            }
            "clause" => {
                let found = trigger
                    .clone()
                    .flat_map(children)
                    .filter(after)
                    .find(|&c| l.is_finite(c) && self.is_complement(c));
                // A conjunction hangs on the clause that it opens.
                let opened = || {
                    let marks = trigger.clone().filter(|&t| l.deprel(t) == Deprel::Mark);
                    marks.filter_map(|t| l.head(t)).find(|&h| after(&h) && l.is_finite(h))
                };
                let found = found.or_else(opened);
                found.into_iter().collect()
            }
            // What the trigger itself announces: « je ne partirai pas ».
            "self" => vec![head],
            // « une condition: … »
            "colon" => (trigger.end..sentence.end.min(trigger.end + 2))
                .find(|&t| l.word(t) == ":" && t + 1 < sentence.end)
                .map(|t| l.head_of(&(t + 1..sentence.end)))
                .into_iter()
                .collect(),
            "attr" => self.described(head).into_iter().collect(),
            "subj" => {
                let own = l.own_subject(head).map(|(s, _)| s);
                own.or_else(|| l.logical_subject(head)).into_iter().collect()
            }
            "obj" => {
                let mut found = self.reader().words("obj", head, trigger, &[]);
                if found.is_empty() {
                    let others = trigger.clone().filter(|&t| t != head);
                    found = others
                        .flat_map(children)
                        .filter(|&c| l.deprel(c) == Deprel::Obj && c >= trigger.end)
                        .take(1)
                        .collect();
                }
                found
            }
            // « accuser X de Y »: the parser may have given Y to X.
            way if way.starts_with("obj/") => {
                let object = l.children_by(head, &[Deprel::Obj]).next();
                let tied = object.into_iter().flat_map(children).find(|&c| {
                    l.children_by(c, &[Deprel::Case])
                        .next()
                        .is_some_and(|m| self.reader().is_preposition(m, &way[4..]))
                });
                tied.into_iter().collect()
            }
            preposition => {
                let mut nouns = self.reader().words(preposition, head, trigger, &[]);
                // « D'une part, X s'inquiète de Y »: what stands before is the object of
                // nothing, unless it is relative.
                let relative = |n: usize| l.morph(n).pron == Some(PronType::Rel);
                nouns.retain(|&n| n >= trigger.start || relative(n));
                let clause =
                    trigger.clone().flat_map(children).filter(after).find(|&c| {
                        self.l.is_infinitive(c)
                            && l.children_by(c, &[Deprel::Mark, Deprel::Case])
                                .next()
                                .is_some_and(|m| {
                                    self.reader().is_preposition(m, preposition)
                                })
                    });
                match nouns.first().copied() {
                    Some(noun) => vec![noun],
                    None => self.with_conjuncts(clause),
                }
            }
        }
    }

    /// When the tree does not say so: what stands right behind the trigger.
    fn by_order(&self, way: &str, trigger: &Range<usize>) -> Option<usize> {
        let l = self.l;
        let sentence = l.sentence(trigger.start);
        let end = sentence.end.min(trigger.end + NEAR);
        let first = (trigger.end..end).find(|&t| {
            !l.is_punct(t) && l.upos(t) != Upos::Adv
                || matches!(l.word(t), "," | ";" | ":")
        })?;
        match way {
            "inf" => (first..end)
                .take_while(|&t| {
                    matches!(
                        l.upos(t),
                        Upos::Adp | Upos::Adv | Upos::Pron | Upos::Verb | Upos::Aux
                    ) || l.is_punct(t) && l.word(t) != ","
                })
                .find(|&t| {
                    matches!(l.upos(t), Upos::Verb | Upos::Aux) && self.l.is_infinitive(t)
                })
                // « avoir reçu » hangs on its participle.
                .map(|t| l.head(t).filter(|_| l.deprel(t) == Deprel::Aux).unwrap_or(t))
                .filter(|&t| !self.is_purpose(t)),
            "that" => {
                let hit = l.hit(first, self.rules.classes.complementizer)?;
                let relative = l.morph(first).pron == Some(PronType::Rel);
                let clause = l.head(hit.end as usize - 1)?;
                (!relative && clause > first && l.is_finite(clause)).then_some(clause)
            }
            "clause" | "attr" | "subj" | "self" | "colon" => None,
            way if way.starts_with("obj/") => None,
            "obj" => {
                let noun = matches!(
                    l.upos(first),
                    Upos::Det | Upos::Num | Upos::Noun | Upos::Propn
                );
                let head = if matches!(l.upos(first), Upos::Det | Upos::Num) {
                    l.head(first)?
                } else {
                    first
                };
                let loose = matches!(
                    l.deprel(head),
                    Deprel::Obj | Deprel::Dep | Deprel::Xcomp | Deprel::Appos
                );
                (noun && loose && head >= first && !self.is_time(head)).then_some(head)
            }
            preposition => {
                // The preposition may be the last word of the trigger itself.
                let last = trigger.end - 1;
                let own = self.reader().is_preposition(last, preposition)
                    && l.upos(last) == Upos::Adp;
                let marker = if own { last } else { first };
                if !self.reader().is_preposition(marker, preposition) {
                    return None;
                }
                let head = l.head(marker).filter(|&h| h > marker && h >= trigger.end)?;
                (matches!(l.upos(head), Upos::Noun | Upos::Propn)
                    || self.l.is_infinitive(head))
                .then_some(head)
            }
        }
    }

    fn is_time(&self, token: usize) -> bool {
        self.l.is_time(token)
    }

    /// Relations that tie a complement to its governor, as the parser gives them.
    fn is_complement(&self, token: usize) -> bool {
        matches!(
            self.l.deprel(token),
            Deprel::Xcomp
                | Deprel::Ccomp
                | Deprel::Csubj
                | Deprel::Acl
                | Deprel::Advcl
                | Deprel::Obj
                | Deprel::Obl
                | Deprel::Nmod
                | Deprel::Dep
                | Deprel::Nsubj
                | Deprel::Iobj
                | Deprel::Parataxis
                | Deprel::Dislocated
        )
    }

    fn is_purpose(&self, token: usize) -> bool {
        self.rules.classes.purpose.is_some_and(|c| self.l.marker(token, c).is_some())
    }

    /// The « que » of a clause, when it is its own and no relative.
    fn that(&self, clause: usize, trigger: &Range<usize>) -> Option<usize> {
        let l = self.l;
        let marker = l.marker(clause, self.rules.classes.complementizer?)?;
        // « à condition que » binds its own « que ».
        let bound = !trigger.contains(&marker.start)
            && marker
                .start
                .checked_sub(1)
                .is_some_and(|t| l.hit(t, self.rules.classes.binds_that).is_some());
        let relative = l.morph(marker.start).pron == Some(PronType::Rel);
        (!bound && !relative).then_some(marker.end)
    }

    /// A clause, and one that is joined to it by « et » when only one of them is denied:
    /// « de dialoguer, de ne pas frapper » are two stances.
    fn with_conjuncts(&self, head: Option<usize>) -> Vec<usize> {
        let Some(head) = head else { return Vec::new() };
        std::iter::once(head).chain(self.opposite_conjunct(head)).collect()
    }

    fn opposite_conjunct(&self, head: usize) -> Option<usize> {
        let l = self.l;
        let rules = &self.found.events.factuality;
        let infinitive = self.l.is_infinitive(head);
        l.children_by(head, &[Deprel::Conj, Deprel::Advcl, Deprel::Xcomp]).find(|&c| {
            let joined = l.deprel(c) == Deprel::Conj
                || infinitive && self.l.is_infinitive(c) && !self.is_purpose(c);
            joined
                && matches!(l.upos(c), Upos::Verb | Upos::Aux)
                && rules.negated(l, c) != rules.negated(l, head)
        })
    }

    /// An object by its head; nothing, when it is only a pronoun or lies before its words.
    fn object(&self, head: usize, trigger: &Range<usize>, doubt: f32) -> Option<Object> {
        let l = self.l;
        let named = l.antecedent(head)?;
        if trigger.contains(&named) {
            return self.own_clause(named, doubt);
        }
        let alone = l.upos(named) == Upos::Aux && l.tree.reach(named).len() < 3;
        if alone || matches!(l.upos(named), Upos::Sconj | Upos::Adp | Upos::Cconj) {
            return None;
        }
        let tokens = if self.is_clause(named) {
            self.clause(named, trigger)?
        } else {
            let named = self.stands_for(named)?;
            return self.noun(named, trigger, doubt);
        };
        let rules = &self.found.events.factuality;
        Some(Object {
            tokens,
            head: named,
            negated: rules.negated(l, named),
            none: false,
            doubt,
        })
    }

    /// The verb of the trigger with all that follows it.
    fn own_clause(&self, head: usize, doubt: f32) -> Option<Object> {
        let l = self.l;
        if l.upos(head) == Upos::Noun {
            let tokens = l.noun_phrase(head);
            return Some(Object { tokens, head, negated: false, none: false, doubt });
        }
        // « on ne le fera pas »: what « le » is, these words do not say.
        let pronoun = l
            .children_by(head, &[Deprel::Obj])
            .any(|o| o < head && l.upos(o) == Upos::Pron);
        if pronoun {
            return None;
        }
        let mut end = head + 1;
        for child in l.children(head).filter(|&c| c > head) {
            let own = !matches!(
                l.deprel(child),
                Deprel::Conj | Deprel::Parataxis | Deprel::Advcl
            );
            if own && !l.is_punct(child) {
                end = end.max(l.tree.reach(child).end);
            }
        }
        let tokens = l.trim(head..end);
        Some(Object { tokens, head, negated: false, none: false, doubt })
    }

    fn is_clause(&self, head: usize) -> bool {
        let l = self.l;
        let verbal = matches!(l.upos(head), Upos::Verb | Upos::Aux);
        let copular = l.children_by(head, &[Deprel::Cop]).next().is_some();
        (verbal || copular) && (l.is_finite(head) || self.l.is_infinitive(head))
    }

    /// « C'est inacceptable »: what the sentence before was about. Other pronouns stand for
    /// nothing that could be shown.
    fn stands_for(&self, head: usize) -> Option<usize> {
        let l = self.l;
        if l.upos(head) != Upos::Pron {
            return Some(head);
        }
        if self.is_clitic_of_somebody(head) {
            return Some(head);
        }
        l.hit(head, self.rules.classes.demonstrative)?;
        // « ce qui est … » stands for what follows it.
        if l.children_by(head, &[Deprel::AclRelcl]).next().is_some() {
            return None;
        }
        let here = l.sentence_index(head);
        let before = l.sentences.get(here.checked_sub(1)?)?;
        if l.block_index(before.start) != l.block_index(head) {
            return None;
        }
        let root = l.head_of(before);
        // « nous avons dit que le déploiement … »: the noun, not who says it.
        let mut clause = root;
        for _ in 0..3 {
            let subject = l.own_subject(clause).map(|(s, _)| s);
            if let Some(subject) = subject.filter(|&s| l.upos(s) == Upos::Noun) {
                return Some(subject);
            }
            clause = l.children_by(clause, &[Deprel::Ccomp]).next()?;
        }
        None
    }

    /// « qui l'avait défendu »: whom an object clitic stands for was named before.
    fn is_clitic_of_somebody(&self, pronoun: usize) -> bool {
        let l = self.l;
        let morph = l.morph(pronoun);
        l.deprel(pronoun) == Deprel::Obj
            && l.head(pronoun).is_some_and(|verb| pronoun < verb)
            && morph.person == Some(3)
            && l.hit(pronoun, l.reflexive).is_none()
            && self.cast.stands_for(l, pronoun)
    }

    fn noun(&self, head: usize, trigger: &Range<usize>, doubt: f32) -> Option<Object> {
        let l = self.l;
        let rules = &self.found.events.factuality;
        let phrase = l.noun_phrase(head);
        let none = l.children_by(head, &[Deprel::Det]).any(|d| rules.is_negator(l, d));
        let mut end = phrase.end;
        for child in l.children(head).filter(|&c| c > head) {
            let kept = match l.deprel(child) {
                Deprel::Conj => matches!(l.upos(child), Upos::Noun | Upos::Propn),
                Deprel::Acl => {
                    l.tree.reach(child).start <= end + 1 && !l.is_finite(child)
                }
                Deprel::Nmod | Deprel::Amod | Deprel::Obl => {
                    l.tree.reach(child).start <= end + 1
                }
                _ => false,
            };
            if kept {
                end = end.max(l.without_clauses(child, l.tree.reach(child)).end);
            }
        }
        // « une trêve à condition que … »: the condition is a stance of its own.
        let condition = rules.condition;
        if let Some(opens) = (head + 1..end).find(|&t| l.hit(t, condition).is_some()) {
            end = opens;
        }
        let tokens = l.trim(phrase.start..cut(phrase.start..end, trigger)?);
        (!tokens.is_empty()).then_some(Object {
            tokens,
            head,
            negated: false,
            none,
            doubt,
        })
    }

    /// The words of a clause, without « que » or « de » before it and without the clauses
    /// that are joined to it.
    fn clause(&self, head: usize, trigger: &Range<usize>) -> Option<Range<usize>> {
        let l = self.l;
        let reach = l.tree.reach(head);
        let mut start =
            reach.start.max(if reach.start < trigger.end && head >= trigger.end {
                trigger.end
            } else {
                reach.start
            });
        if let Some(after) = self.that(head, trigger) {
            start = start.max(after);
        }
        while start < head
            && (matches!(l.deprel(start), Deprel::Mark | Deprel::Case | Deprel::Cc)
                || l.is_punct(start)
                || l.upos(start) == Upos::Adp)
        {
            start += 1;
        }
        let mut end = reach.end;
        let opposite = self.opposite_conjunct(head);
        for child in l.children(head).filter(|&c| c > head) {
            // A clause with its own subject goes on about something else.
            let apart = match l.deprel(child) {
                _ if Some(child) == opposite => true,
                Deprel::Conj => {
                    l.is_finite(child)
                        && (self.l.is_infinitive(head) || l.own_subject(child).is_some())
                        && self.that(child, trigger).is_none()
                }
                Deprel::Parataxis => true,
                _ => false,
            };
            if apart {
                end = end.min(l.tree.reach(child).start.max(head + 1));
            }
        }
        // « lever les sanctions à condition que … »: the condition is a stance of its own.
        let condition = self.found.events.factuality.condition;
        if let Some(opens) = (head + 1..end).find(|&t| l.hit(t, condition).is_some()) {
            end = opens;
        }
        let range = start..cut(start..end, trigger)?;
        (!range.is_empty()).then(|| l.trim(range))
    }
}

/// The end of some words, before a trigger that stands behind or among them.
fn cut(words: Range<usize>, trigger: &Range<usize>) -> Option<usize> {
    if words.start >= trigger.start && words.start < trigger.end {
        return None;
    }
    let end = if words.start < trigger.start {
        words.end.min(trigger.start)
    } else {
        words.end
    };
    (words.start < end).then_some(end)
}
