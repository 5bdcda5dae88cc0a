//! Whom does « il » stand for? The nearest that fits, the subject before others.

use depeche_record::{ActorKind, MentionForm};
use depeche_text::syntax::Deprel;
use depeche_text::{Gender, Number, Upos};

use super::{Cast, Mention};
use crate::Layers;

/// How many sentences back one looks.
const SENTENCES_BACK: usize = 5;

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
        let actor = self.antecedent(l, head, Some(gender), Some(number), true)?;
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
        if !possessive && morph.person != Some(3) {
            return None;
        }
        // A possessive agrees with what is possessed, not with whom.
        let (gender, number) =
            if possessive { (None, None) } else { (morph.gender, morph.number) };
        let actor = self.antecedent(l, head, gender, number, false)?;
        let tokens = head..head + 1;
        self.mention(actor, Mention { tokens, head, form: MentionForm::Pronoun });
        Some((actor, "pronoun"))
    }

    /// Whether a personal pronoun stands for somebody who was named before.
    pub(crate) fn stands_for(&self, l: &Layers<'_>, pronoun: usize) -> bool {
        let morph = l.morph(pronoun);
        self.antecedent(l, pronoun, morph.gender, morph.number, false).is_some()
    }

    /// The best candidate before a token.
    fn antecedent(
        &self,
        l: &Layers<'_>,
        at: usize,
        gender: Option<Gender>,
        number: Option<Number>,
        nearest: bool,
    ) -> Option<usize> {
        let here = l.sentence_index(at);
        let quoted = l.quotation_at(at);
        let mut best: Option<(i32, usize)> = None;
        for a in 0..self.actors.len() {
            if self.actors[a].merged.is_some() || !self.fits(a, gender, number) {
                continue;
            }
            for mention in &self.actors[a].mentions {
                if mention.tokens.end > at {
                    continue;
                }
                let back = here - l.sentence_index(mention.head).min(here);
                if back > SENTENCES_BACK {
                    continue;
                }
                let score = self.salience(l, a, mention, at, back, quoted, nearest);
                if best.is_none_or(|(s, _)| score > s) {
                    best = Some((score, a));
                }
            }
        }
        best.filter(|(score, _)| *score > 0).map(|(_, a)| a)
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
        // An apposition stands where its noun stands: « le ministre, Jean Dupont, a dit ».
        let mut node = mention.head;
        for _ in 0..3 {
            let beside = matches!(l.deprel(node), Deprel::Appos | Deprel::Flat);
            match l.head(node).filter(|_| beside) {
                Some(head) => node = head,
                None => break,
            }
        }
        let relation = l.deprel(node);
        if matches!(relation, Deprel::Nsubj | Deprel::NsubjPass | Deprel::OblAgent) {
            score += if nearest { 5 } else { 40 };
        } else if relation == Deprel::Root {
            score += 15;
        } else if matches!(relation, Deprel::Nmod | Deprel::Amod | Deprel::Flat) {
            score -= 20;
        }
        score += match actor.kind {
            ActorKind::Person => 30,
            ActorKind::Group | ActorKind::Government | ActorKind::Organisation => 5,
            ActorKind::State => -10,
            ActorKind::Media => -25,
            ActorKind::Unknown => -15,
        };
        // One who is inside a quotation is spoken of; one who speaks stands outside.
        if l.quotation_at(mention.head) != quoted {
            score -= if quoted.is_none() { 50 } else { 15 };
        }
        // Who spoke last goes on speaking.
        if self.heard.is_some_and(|(last, sentence)| {
            self.root(last) == a && l.sentence_index(at).abs_diff(sentence) <= 3
        }) {
            score += 40;
        }
        if nearest {
            score -= ((at - mention.head) / 4).min(40) as i32;
        } else {
            score -= ((at - mention.head) / 12).min(12) as i32;
        }
        score + (actor.mentions.len().min(4) as i32) * 3
    }
}
