//! Whom does « il » stand for? The nearest that fits, the subject before others.

use std::cmp::Reverse;

use depeche_record::{ActorKind, MentionForm};
use depeche_text::syntax::Deprel;
use depeche_text::{Gender, Number, Upos};

use super::{Cast, Mention};
use crate::Layers;

/// How many sentences back one looks.
const SENTENCES_BACK: usize = 5;

/// Candidates whose scores are nearer than this to the best are rivals.
const MARGIN: i32 = 15;

/// A noun that takes somebody up tells less than a pronoun: its rivals must be further off.
const APART: i32 = 40;

/// The score of somebody whom a noun takes up: a subject three sentences back.
const LEAST_TAKEN_UP: i32 = 70;

/// How many mentions of a candidate are looked at for its gender.
const MENTIONS_BACK: usize = 8;

/// So many rivals are shown at most.
const RIVALS: usize = 3;

impl Cast {
    /// « ce dernier »: the one who was named last.
    pub(super) fn anaphor(
        &mut self,
        l: &Layers<'_>,
        head: usize,
    ) -> Option<(usize, &'static str)> {
        let hit = l.hit(head, self.rules.anaphor)?;
        let form = l.value(hit).text().unwrap_or_default();
        let gender = if form.starts_with('f') { Gender::Fem } else { Gender::Masc };
        let number = if form.ends_with('p') { Number::Plur } else { Number::Sing };
        let actor = if form.ends_with("person") {
            // « l'intéressé »: a person one speaks of, not a body, and not who spoke last.
            let heard = self.heard.and_then(|(last, _)| last).map(|a| self.root(a));
            let ranked = self.antecedents(l, head, Some(gender), Some(number), false);
            let people = ranked.iter().filter(|(_, a)| {
                self.actors[*a].kind == ActorKind::Person && Some(*a) != heard
            });
            people.max_by_key(|(score, a)| (*score, Reverse(*a))).map(|&(_, a)| a)?
        } else {
            self.resolve(l, head, Some(gender), Some(number), true)?
        };
        let tokens = hit.start as usize..hit.end as usize;
        self.mention(actor, Mention { tokens, head, form: MentionForm::Pronoun });
        Some((actor, "pronoun"))
    }

    /// A personal pronoun or a possessive.
    pub(super) fn pronoun(
        &mut self,
        l: &Layers<'_>,
        head: usize,
    ) -> Option<(usize, &'static str)> {
        let morph = l.morph(head);
        let possessive = l.upos(head) != Upos::Pron;
        if !possessive && (morph.person != Some(3) || self.goes_on_unknown(l, head)) {
            return None;
        }
        // A possessive agrees with what is possessed, not with whom.
        let (gender, number) =
            if possessive { (None, None) } else { (morph.gender, morph.number) };
        let actor = self.resolve(l, head, gender, number, false)?;
        let tokens = head..head + 1;
        self.mention(actor, Mention { tokens, head, form: MentionForm::Pronoun });
        Some((actor, "pronoun"))
    }

    /// « L'une d'elles a dit que… « … », a-t-elle ajouté »: whoever is not known goes on, and
    /// nobody else was named since.
    fn goes_on_unknown(&self, l: &Layers<'_>, head: usize) -> bool {
        let Some((None, heard)) = self.heard else { return false };
        let near =
            l.sentence_index(head) - l.sentence_index(heard).min(l.sentence_index(head));
        let since = |m: &Mention| heard < m.head && m.head < head;
        let somebody = |a: &super::Actor| {
            a.kind == ActorKind::Person && a.mentions.iter().any(since)
        };
        near <= 1
            && heard < head
            && l.block_index(head) == l.block_index(heard)
            && !self.actors.iter().any(somebody)
    }

    /// « Paul et Julie sont venus. Ils ont dit … »: those that were joined last as a subject, when
    /// no plural is nearer.
    pub(super) fn coordination(
        &mut self,
        l: &Layers<'_>,
        head: usize,
    ) -> Option<Vec<usize>> {
        let morph = l.morph(head);
        let third = l.upos(head) == Upos::Pron && morph.person == Some(3);
        if !third || morph.number != Some(Number::Plur) || self.at(head).is_some() {
            return None;
        }
        let here = l.sentence_index(head);
        let subject = |t: usize| matches!(l.deprel(t), Deprel::Nsubj | Deprel::NsubjPass);
        let near = |t: &usize| {
            *t < head && subject(*t) && here - l.sentence_index(*t).min(here) <= 1
        };
        let heads = self.actors.iter().flat_map(|a| a.mentions.iter().map(|m| m.head));
        let first = heads
            .filter(near)
            .filter(|&t| {
                let mut joined = l.children_by(t, &[Deprel::Conj]);
                joined.any(|c| c < head && self.at(c).is_some())
            })
            .max()?;
        // A plural that stands between is nearer.
        let nearer = self.actors.iter().any(|a| {
            a.number == Some(Number::Plur)
                && a.mentions
                    .iter()
                    .any(|m| m.head > first && m.head < head && subject(m.head))
        });
        let joined = l.children_by(first, &[Deprel::Conj]).filter(|&c| c < head);
        let mut both: Vec<usize> =
            std::iter::once(first).chain(joined).filter_map(|t| self.at(t)).collect();
        both.dedup();
        (!nearer && both.len() > 1).then_some(both)
    }

    /// « ajoute ce père de famille »: a noun that is pointed to is the person who spoke or was
    /// named last, when only one comes into question.
    pub(super) fn pointed_at(&self, l: &Layers<'_>, head: usize) -> Option<usize> {
        let points = l
            .children_by(head, &[Deprel::Det])
            .any(|d| d < head && l.hit(d, self.rules.pointing).is_some());
        if !points
            || l.morph(head).number != Some(Number::Sing)
            || !self.rules.is_person(l, head)
        {
            return None;
        }
        let (gender, number) = (l.morph(head).gender, Some(Number::Sing));
        let mut ranked = self.antecedents(l, head, gender, number, false);
        ranked.retain(|&(_, a)| {
            self.actors[a].kind == ActorKind::Person && self.at(head) != Some(a)
        });
        ranked.sort_by_key(|&(score, a)| (Reverse(score), a));
        let (best, person) = *ranked.first()?;
        let rival = ranked.get(1).is_some_and(|(score, _)| best - score < MARGIN);
        (!rival && best >= LEAST_TAKEN_UP).then_some(person)
    }

    /// « le démocrate », « l'Ukrainien »: a definite noun that is nobody's yet takes up the person
    /// who was named before, when only one comes into question.
    pub(super) fn epithet(
        &mut self,
        l: &Layers<'_>,
        head: usize,
        described: Option<usize>,
    ) -> Option<usize> {
        let actor = described.map(|d| &self.actors[d]);
        let demonym = self.rules.demonym_noun(l, head);
        let of = demonym.and_then(|hit| l.field(hit, "country"));
        if demonym.is_none() && l.hit(head, self.rules.epithet).is_none()
            || l.morph(head).number != Some(Number::Sing)
            || actor.is_some_and(|a| {
                a.surname.is_some()
                    || a.qid.is_some()
                    || a.mentions.first().is_none_or(|m| m.head != head)
            })
            || !self.is_definite(l, head)
            || l.children_by(head, &[Deprel::Appos, Deprel::Flat]).next().is_some()
        {
            return None;
        }
        let gender = l.morph(head).gender;
        // Who does something to « le démocrate » is not he.
        let clause = l.clause_head(head);
        let subject = l.own_subject(clause).map(|(s, _)| s).filter(|&s| s != head);
        let doer = subject.and_then(|s| self.at(s));
        let country = of.or_else(|| actor?.country.as_deref());
        let sector = actor.and_then(|a| a.sector.as_deref());
        let told = |a: usize| {
            let person = &self.actors[a];
            let known = person.country.as_deref();
            person.kind == ActorKind::Person
                && person.surname.is_some()
                && person.gender.is_some()
                && Some(a) != doer
                && elected(sector, person.sector.as_deref())
                && (country == known
                    || of.is_none() && (country.is_none() || known.is_none()))
        };
        let mut ranked = self.antecedents(l, head, gender, Some(Number::Sing), false);
        ranked.retain(|&(_, a)| told(a));
        ranked.sort_by_key(|&(score, a)| (Reverse(score), a));
        let (best, named) = *ranked.first()?;
        let rival = ranked.get(1).is_some_and(|(score, _)| best - score < APART);
        if rival || best < LEAST_TAKEN_UP {
            return None;
        }
        if let Some(described) = described {
            self.join(named, described);
        }
        Some(named)
    }

    /// Whether a personal pronoun stands for somebody who was named before.
    pub(crate) fn stands_for(&self, l: &Layers<'_>, pronoun: usize) -> bool {
        let morph = l.morph(pronoun);
        !self.antecedents(l, pronoun, morph.gender, morph.number, false).is_empty()
    }

    /// The best candidate before a token; those that fit nearly as well are kept as its rivals.
    fn resolve(
        &mut self,
        l: &Layers<'_>,
        at: usize,
        gender: Option<Gender>,
        number: Option<Number>,
        nearest: bool,
    ) -> Option<usize> {
        let ranked = self.antecedents(l, at, gender, number, nearest);
        let &(best, actor) =
            ranked.iter().max_by_key(|(score, a)| (*score, Reverse(*a)))?;
        let rivals =
            ranked.iter().filter(|&&(score, a)| a != actor && best - score < MARGIN);
        let rivals: Vec<usize> = rivals.map(|(_, a)| *a).take(RIVALS).collect();
        if !rivals.is_empty() {
            self.rivals.insert(at, rivals);
        }
        Some(actor)
    }

    /// The candidates before a token, each with the best score of its mentions.
    fn antecedents(
        &self,
        l: &Layers<'_>,
        at: usize,
        gender: Option<Gender>,
        number: Option<Number>,
        nearest: bool,
    ) -> Vec<(i32, usize)> {
        let here = l.sentence_index(at);
        let quoted = l.quotation_at(at);
        let voice = self.voice(at);
        let mut ranked = Vec::new();
        for a in 0..self.actors.len() {
            if self.actors[a].merged.is_some() || voice == Some(a) {
                continue;
            }
            // « Berlin a annoncé qu'il … »: a capital has not the gender of its state.
            let metonym = self.actors[a].kind == ActorKind::State
                && self.actors[a].mentions.iter().rev().take(MENTIONS_BACK).any(|m| {
                    m.form == MentionForm::Metonym && is_own_clause(l, m.head, at)
                });
            let gender = gender.filter(|_| !metonym);
            if !self.fits(a, gender, number) {
                continue;
            }
            let near = self.actors[a].mentions.iter().filter_map(|mention| {
                let back = here - l.sentence_index(mention.head).min(here);
                // « ce dernier » is who was named last, not who « il » was.
                let named = !nearest || mention.form != MentionForm::Pronoun;
                (named && mention.tokens.end <= at && back <= SENTENCES_BACK)
                    .then(|| self.salience(l, a, mention, at, back, quoted, nearest))
            });
            let best = near.max().map(|score| score + self.goes_on(l, a, at, nearest));
            ranked.extend(best.filter(|score| *score > 0).map(|score| (score, a)));
        }
        ranked
    }

    /// Who spoke last goes on speaking, within a paragraph more than over its end.
    fn goes_on(&self, l: &Layers<'_>, a: usize, at: usize, nearest: bool) -> i32 {
        let Some((Some(last), heard)) = self.heard.filter(|_| !nearest) else { return 0 };
        let goes_on = self.root(last) == a
            && l.sentence_index(at).abs_diff(l.sentence_index(heard)) <= 3
            && !self.took_over(l, a, heard, at);
        match l.block_index(at) == l.block_index(heard) {
            true if goes_on => 40,
            false if goes_on => 15,
            _ => 0,
        }
    }

    /// Whether somebody else became the one of whom a main clause speaks since a token.
    fn took_over(&self, l: &Layers<'_>, who: usize, since: usize, at: usize) -> bool {
        let between = |m: &Mention| {
            m.form == MentionForm::Name
                && since < m.head
                && m.head < at
                && l.sentence_index(m.head) < l.sentence_index(at)
                && l.quotation_at(m.head).is_none()
        };
        let leads = |m: &Mention| {
            let noun = match l.deprel(m.head) {
                Deprel::Appos | Deprel::Flat => l.head(m.head).unwrap_or(m.head),
                _ => m.head,
            };
            let clause = l.head(noun).filter(|_| l.deprel(noun) == Deprel::Nsubj);
            clause.is_some_and(|c| l.deprel(c) == Deprel::Root)
        };
        self.actors.iter().enumerate().any(|(a, actor)| {
            a != who
                && actor.merged.is_none()
                && actor.kind == ActorKind::Person
                && actor.mentions.iter().any(|m| between(m) && leads(m))
        })
    }

    fn fits(&self, a: usize, gender: Option<Gender>, number: Option<Number>) -> bool {
        let actor = &self.actors[a];
        let same_gender = match (actor.gender, gender) {
            (Some(a), Some(b)) => {
                a == b || number == Some(Number::Plur) && b == Gender::Masc
            }
            _ => true,
        };
        let same_number = match (actor.number, number) {
            (Some(a), Some(b)) => {
                a == b || actor.kind == ActorKind::Organisation && a == Number::Sing
            }
            // « Les shebab … Ils »: the name of a group does not tell its number.
            (None, Some(Number::Plur)) => {
                matches!(actor.kind, ActorKind::State | ActorKind::Group)
            }
            _ => true,
        };
        same_gender && same_number
    }

    #[allow(clippy::too_many_arguments, reason = "the weights belong side by side")]
    fn salience(
        &self,
        l: &Layers<'_>,
        a: usize,
        mention: &Mention,
        at: usize,
        back: usize,
        quoted: Option<usize>,
        nearest: bool,
    ) -> i32 {
        let actor = &self.actors[a];
        let mut score = 100 - 25 * back as i32;
        // An apposition stands where its noun stands: « le ministre, Jean Dupont, a dit »; what is
        // joined where the first stands: « Paul et Julie ».
        let mut node = mention.head;
        for _ in 0..3 {
            let beside = matches!(l.deprel(node), Deprel::Appos | Deprel::Flat)
                || node == mention.head && is_joined_subject(l, node);
            match l.head(node).filter(|_| beside) {
                Some(head) => node = head,
                None => break,
            }
        }
        // « interrogé à Brest, Jean Dupont a dit »: a person is no apposition of a place.
        let misled = node != mention.head
            && actor.kind == ActorKind::Person
            && l.children_by(node, &[Deprel::Case]).next().is_some()
            && self.at(node).is_none_or(|other| other != self.root(a));
        let relation = if misled { Deprel::Nsubj } else { l.deprel(node) };
        if matches!(relation, Deprel::Nsubj | Deprel::NsubjPass | Deprel::OblAgent) {
            score += if nearest { 5 } else { 40 };
            // « Berlin a annoncé qu'il enverrait … »: who says so speaks of himself.
            score += if is_own_clause(l, node, at) { 70 } else { 0 };
        } else if relation == Deprel::Root {
            score += 15;
        } else if matches!(relation, Deprel::Nmod | Deprel::Amod | Deprel::Flat)
            && !(nearest && actor.kind == ActorKind::Person)
        {
            score -= 20;
        }
        score += match actor.kind {
            ActorKind::Person => 30,
            ActorKind::Group | ActorKind::Government | ActorKind::Organisation => 5,
            ActorKind::State => -10,
            ActorKind::Media => -25,
            ActorKind::Unknown => -15,
        };
        if l.block_index(mention.head) == l.block_index(at) {
            score += 15;
        }
        // One who is inside a quotation is spoken of; one who speaks stands outside.
        if l.quotation_at(mention.head) != quoted {
            score -= if quoted.is_none() { 50 } else { 15 };
        }
        if nearest {
            return score - ((at - mention.head) / 4).min(40) as i32;
        }
        score -= ((at - mention.head) / 12).min(12) as i32;
        score + (actor.mentions.len().min(4) as i32) * 3
    }
}

/// Whether somebody of one sector may be « l'élue » or « le député » of another: of a parliament
/// are those of it and of parties.
fn elected(noun: Option<&str>, person: Option<&str>) -> bool {
    noun != Some("LEG") || person.is_none_or(|s| ["LEG", "PTY", "OPP"].contains(&s))
}

/// « Paul et Julie ont dit »: whether a noun is joined to a subject.
fn is_joined_subject(l: &Layers<'_>, noun: usize) -> bool {
    let first = l.head(noun).filter(|_| l.deprel(noun) == Deprel::Conj);
    first.is_some_and(|f| matches!(l.deprel(f), Deprel::Nsubj | Deprel::NsubjPass))
}

/// Whether a pronoun is the subject of a clause that the verb of another subject governs.
fn is_own_clause(l: &Layers<'_>, subject: usize, pronoun: usize) -> bool {
    let is_subject = matches!(l.deprel(pronoun), Deprel::Nsubj | Deprel::NsubjPass);
    let clause = l.head(pronoun).filter(|_| is_subject);
    let governor =
        clause.filter(|&c| l.deprel(c) == Deprel::Ccomp).and_then(|c| l.head(c));
    governor.is_some() && governor == l.head(subject) && l.upos(pronoun) == Upos::Pron
}
