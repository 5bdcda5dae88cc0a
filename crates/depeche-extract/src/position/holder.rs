//! Who takes the stance? The ways from a trigger to its holder.

use std::ops::Range;

use depeche_record::StatementKind;
use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm};

use super::complement::Object;
use super::mood::Mood;
use super::{Finder, Frame};
use crate::event::Reader;

impl Finder<'_> {
    /// Those who take the stance, with the words that name them.
    pub(super) fn holders(
        &mut self,
        frame: &Frame,
        trigger: &Range<usize>,
        head: usize,
        objects: &[Object],
        mood: Mood,
        statement: Option<usize>,
    ) -> Vec<(usize, Range<usize>)> {
        let l = self.l;
        let inside =
            |t: usize| objects.iter().any(|o| o.tokens.contains(&t) || o.head == t);
        for way in &frame.actor {
            if way == "speaker" {
                // « selon X, l'Iran devrait … » tells what is expected, not what is wanted.
                let expected = mood.doubt > 0.0
                    && statement.is_some_and(|n| {
                        self.found.statements[n].kind == StatementKind::Attributed
                    });
                if expected {
                    continue;
                }
                let found = self.speakers(statement, trigger);
                if !found.is_empty() {
                    return found;
                }
                continue;
            }
            // Where the trigger itself introduces speech, its speaker is known already.
            if way == "subj" {
                let found = self.introduced_by(trigger);
                if !found.is_empty() {
                    return found;
                }
            }
            for filler in self.holder_words(way, trigger, head) {
                let named = l.antecedent(filler).unwrap_or(filler);
                if inside(named) {
                    continue;
                }
                let found = self.who(way, named, trigger, statement);
                if !found.is_empty() {
                    return found;
                }
            }
        }
        Vec::new()
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader::plain(self.found.events, self.found.actors, self.l)
    }

    /// The words that may name the actor in one way.
    pub(super) fn holder_words(
        &self,
        way: &str,
        trigger: &Range<usize>,
        head: usize,
    ) -> Vec<usize> {
        if way == "attr" {
            return self.described(head).into_iter().collect();
        }
        if way == "left" {
            return self.beside(trigger).into_iter().collect();
        }
        if way == "host" {
            return self.host(trigger, head).into_iter().collect();
        }
        if way == "subj" && !self.has_subject(head) {
            return Vec::new();
        }
        let words = self.reader().words(way, head, trigger, &[]);
        let noun = self
            .l
            .head(head)
            .filter(|&h| self.l.upos(h) == Upos::Noun && self.l.is_infinitive(head));
        if let (true, "subj", Some(noun)) = (words.is_empty(), way, noun) {
            // « son intention de porter plainte »: whoever has the intention.
            let trigger = noun..noun + 1;
            let reader = self.reader();
            let ways = ["poss", "adj", "subj"].into_iter().chain(reader.belonging());
            let found = ways.map(|w| reader.words(w, noun, &trigger, &[head]));
            return found.flatten().find(|&t| self.can_hold(t)).into_iter().collect();
        }
        if words.is_empty() && way == "subj" {
            // The parser may have hung the subject on another word of the trigger.
            let verbs = trigger.clone().filter(|&t| t != head);
            return verbs
                .filter_map(|t| Some(self.l.own_subject(t)?.0))
                .take(1)
                .collect();
        }
        words
    }

    /// The noun right before a trigger, where the tree does not know the trigger for a verb.
    fn beside(&self, trigger: &Range<usize>) -> Option<usize> {
        let l = self.l;
        let mut node = trigger.start.checked_sub(1)?;
        while matches!(
            l.deprel(node),
            Deprel::Flat | Deprel::Nmod | Deprel::Amod | Deprel::Appos
        ) && let Some(head) = l.head(node)
            && head < node
        {
            node = head;
        }
        matches!(l.upos(node), Upos::Noun | Upos::Propn).then_some(node)
    }

    /// Whether the subject around a trigger can be the one who takes the stance: that of a
    /// noun only over a verb that carries it, that of a bare participle only as its agent.
    fn has_subject(&self, head: usize) -> bool {
        let l = self.l;
        let verbal = matches!(l.upos(head), Upos::Verb | Upos::Aux);
        let predicate = l.children_by(head, &[Deprel::Cop]).next().is_some();
        if l.upos(head) == Upos::Noun && !predicate {
            let carrier = l.head(head).filter(|_| l.deprel(head) != Deprel::NsubjPass);
            return carrier
                .is_some_and(|v| l.hit(v, self.rules.classes.carrier).is_some());
        }
        let bare = verbal
            && l.morph(head).verb == Some(VerbForm::PartPast)
            && !l.is_finite(head)
            && !l.is_infinitive(head)
            && l.deprel(head) != Deprel::Conj
            && l.children_by(head, &[Deprel::Aux]).next().is_none();
        !bare || l.children_by(head, &[Deprel::OblAgent]).next().is_some()
    }

    /// « signera à condition que … »: the subject of the clause that a condition is set on.
    fn host(&self, trigger: &Range<usize>, head: usize) -> Option<usize> {
        let l = self.l;
        let mut node = head;
        for _ in 0..6 {
            node = l.head(node)?;
            let verbal = matches!(l.upos(node), Upos::Verb | Upos::Aux | Upos::Adj);
            if verbal && !trigger.contains(&node) && node < trigger.start {
                return l.logical_subject(node).or_else(|| self.described(node));
            }
        }
        None
    }

    /// Whom an adjective describes: the subject of « être », of « se dire », a noun beside it.
    pub(super) fn described(&self, adjective: usize) -> Option<usize> {
        let l = self.l;
        let mut node = adjective;
        for _ in 0..4 {
            if let Some((subject, _)) = l.own_subject(node) {
                return Some(subject);
            }
            let head = l.head(node)?;
            match l.deprel(node) {
                Deprel::Amod | Deprel::Acl | Deprel::Appos | Deprel::Nmod => {
                    return Some(head);
                }
                Deprel::Xcomp
                | Deprel::Conj
                | Deprel::Obl
                | Deprel::Advmod
                | Deprel::Cop
                | Deprel::Case => {}
                _ => return l.logical_subject(node),
            }
            // An adverb beside a noun may be a verb that the tagger missed: « X dément … ».
            if l.deprel(node) == Deprel::Advmod
                && matches!(l.upos(head), Upos::Noun | Upos::Propn)
            {
                return Some(head);
            }
            if let Some(subject) = l.logical_subject(head) {
                return Some(subject);
            }
            node = head;
        }
        None
    }

    /// The actors that a word stands for.
    fn who(
        &mut self,
        way: &str,
        word: usize,
        trigger: &Range<usize>,
        statement: Option<usize>,
    ) -> Vec<(usize, Range<usize>)> {
        let l = self.l;
        if way == "adj" {
            let reader = Reader::plain(self.found.events, self.found.actors, l);
            let sides = reader.adjective_sides(&[word], self.cast);
            return sides.into_iter().map(|a| (a, word..word + 1)).collect();
        }
        let possessive = l.hit(word, self.rules.classes.possessive).is_some()
            && l.upos(word) != Upos::Noun;
        let first = matches!(l.morph(word).person, Some(1 | 2));
        if first && (possessive || l.upos(word) == Upos::Pron) {
            return self.speakers(statement, trigger);
        }
        let Some(word) = self.author(word) else { return Vec::new() };
        if self.found.actors.is_nobody(l, word) || !self.can_hold(word) {
            return Vec::new();
        }
        let words = if possessive || l.upos(word) == Upos::Pron {
            word..word + 1
        } else {
            l.noun_phrase(word)
        };
        let found = self.cast.identify(l, word);
        found.into_iter().map(|(actor, _)| (actor, words.clone())).collect()
    }

    /// Whether a word names somebody who can take a stance.
    pub(super) fn can_hold(&self, word: usize) -> bool {
        let l = self.l;
        let classes = &self.rules.classes;
        let points = (word.saturating_sub(1)..=word)
            .any(|t| l.hit(t, classes.anaphor).is_some_and(|h| h.end as usize > word));
        points
            || self.reader().can_act(word)
            || l.upos(word) == Upos::Noun && l.hit(word, classes.holder).is_some()
    }

    /// « Paris publie un communiqué qui condamne … »: a paper stands for who wrote it.
    pub(super) fn author(&self, word: usize) -> Option<usize> {
        let l = self.l;
        // « 59 % des Français »: those who are counted.
        if l.hit(word, self.rules.classes.quantity).is_some() {
            let counted =
                l.children_by(word, &[Deprel::Nmod]).find(|&c| self.can_hold(c));
            return Some(counted.unwrap_or(word));
        }
        if l.upos(word) != Upos::Noun || l.hit(word, self.rules.classes.paper).is_none() {
            return Some(word);
        }
        // « un texte préparé par Paris »
        let made = l.children_by(word, &[Deprel::Acl, Deprel::Amod]);
        let agents = made.filter_map(|m| l.children_by(m, &[Deprel::OblAgent]).next());
        if let Some(agent) = agents.take(1).find(|&t| self.can_hold(t)) {
            return Some(agent);
        }
        let reader = self.reader();
        let ways = ["poss", "adj"].into_iter().chain(reader.belonging()).chain(["subj"]);
        let trigger = word..word + 1;
        let mut found = ways
            .filter_map(|way| reader.words(way, word, &trigger, &[]).first().copied());
        found.find(|&t| self.can_hold(t))
    }

    /// Those who vouch for the statement that holds a trigger.
    fn speakers(
        &self,
        statement: Option<usize>,
        trigger: &Range<usize>,
    ) -> Vec<(usize, Range<usize>)> {
        let Some(mut n) = statement.filter(|&n| self.says(n, trigger)) else {
            return Vec::new();
        };
        // « nous avons expliqué que … »: who « nous » is, the speech around it tells.
        while self.found.speakers[n].is_empty()
            && let Some(outer) = self.found.statements[n].nested_in
            && outer < n
        {
            n = outer;
        }
        let able = |head: usize| {
            let named = self.l.antecedent(head).unwrap_or(head);
            self.author(named).is_some_and(|a| self.can_hold(a))
        };
        let speaker = self.found.statements[n].speaker.as_ref();
        let Some((words, _)) = speaker.filter(|&&(_, head)| able(head)) else {
            return Vec::new();
        };
        let vouching = self.found.speakers[n].iter();
        vouching.map(|&(actor, _)| (actor, words.clone())).collect()
    }

    /// Words on the trigger that make the stance stronger or weaker.
    pub(super) fn strength(
        &self,
        trigger: &Range<usize>,
        head: usize,
    ) -> Vec<Range<usize>> {
        let l = self.l;
        let sentence = l.sentence(head);
        let from = trigger.start.saturating_sub(2).max(sentence.start);
        let to = (trigger.end + 3).min(sentence.end);
        let mut words: Vec<Range<usize>> = (from..to)
            .filter(|&t| {
                trigger.contains(&t)
                    || l.head(t).is_some_and(|h| h == head || trigger.contains(&h))
            })
            .filter_map(|t| l.hit(t, self.rules.classes.strength))
            .map(|hit| hit.start as usize..hit.end as usize)
            .collect();
        words.dedup();
        words
    }
}
