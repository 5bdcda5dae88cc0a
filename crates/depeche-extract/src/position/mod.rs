//! Where does each actor stand, and on what? Frames of stance, with their actor and object read
//! off the trees.
//!
//! A frame is data (`lang/<code>/positions/`): its trigger, where the actor and the object stand,
//! and which stance it becomes when it is denied. What a cue of speech says by itself (« … »,
//! réclament-ils) needs no frame: its class is a stance, its content the object.

mod complement;
mod issue;
mod mood;

use std::ops::Range;

use depeche_record::{CueClass, Stance, StatementKind};
use depeche_rule::{ClassId, Entry, Matcher, Pack, Value, View};
use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm, fold};

use crate::Layers;
use crate::actor::{ActorRules, Cast};
use crate::event::{Event, EventRules, Reader, fits_tag, source};
use crate::statement::Statement;
use complement::Object;
use issue::IssueRules;
use mood::Mood;

/// Below this confidence a position is none.
const LEAST: f32 = 0.4;

/// Where an actor stands on something, in tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// The frame, or the cue of speech: an entry of the pack.
    pub entry: usize,
    /// Who.
    pub actor: usize,
    /// The words that name him.
    pub holder: Range<usize>,
    /// How.
    pub stance: Stance,
    /// The words that show it.
    pub trigger: Range<usize>,
    /// On what.
    pub object: Range<usize>,
    /// The token that the object hangs on.
    pub head: usize,
    /// Words that strengthen or weaken it: « catégoriquement ».
    pub strength: Vec<Range<usize>>,
    /// The normalised key of the object.
    pub issue: Option<String>,
    /// The event that the object is, by its place in the list.
    pub event: Option<usize>,
    /// The statement it was taken from, by its place in the list.
    pub statement: Option<usize>,
    /// How sure, from 0 to 1.
    pub confidence: f32,
}

/// The frames of stance of a language, ready to run.
#[derive(Clone, Debug)]
pub struct PositionRules {
    triggers: Matcher,
    exceptions: Matcher,
    frames: Vec<Option<Frame>>,
    issues: IssueRules,
    classes: Classes,
}

/// Word classes that the search speaks of.
#[derive(Clone, Copy, Debug)]
struct Classes {
    complementizer: Option<ClassId>,
    binds_that: Option<ClassId>,
    strength: Option<ClassId>,
    demonstrative: Option<ClassId>,
    possessive: Option<ClassId>,
    purpose: Option<ClassId>,
    anaphor: Option<ClassId>,
    /// Common nouns of people who take stances: « les dockers ».
    holder: Option<ClassId>,
    /// What is written or said, for whoever wrote or said it: « un communiqué ».
    paper: Option<ClassId>,
    /// Nouns that count people: « une majorité de Français ».
    quantity: Option<ClassId>,
    /// Verbs that carry a noun of stance: « exprimer son soutien ».
    carrier: Option<ClassId>,
    /// What hides a stance: « doit accepter ».
    veils: Option<ClassId>,
    /// What takes a stance back: « annuler son appel ».
    withdraws: Option<ClassId>,
}

#[derive(Clone, Debug)]
struct Frame {
    stance: Stance,
    /// What it becomes when it is denied; nothing, when a denial says nothing.
    negated: Option<Stance>,
    /// What it becomes when its object is denied: « demander de ne pas … ».
    inverted: Option<Stance>,
    actor: Vec<String>,
    object: Vec<String>,
    /// Who is to act: when the frame asks for it, somebody.
    recipient: Vec<String>,
    needs: Option<Need>,
    confidence: f32,
}

/// What a frame needs beside its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// That somebody says it.
    Statement,
    /// That its clause holds another stance, which it is set on.
    Stance,
}

impl PositionRules {
    /// The frames of a pack.
    ///
    /// # Errors
    ///
    /// The id of a frame with a field that means nothing, and which.
    pub fn new(pack: &Pack) -> Result<PositionRules, String> {
        let mut frames = vec![None; pack.entries.len()];
        let mut entries = Vec::new();
        for (n, entry) in pack.entries_of("positions") {
            frames[n] = Some(Frame::new(entry)?);
            entries.push(n);
        }
        Ok(PositionRules {
            triggers: Matcher::new(pack, entries.iter().copied()),
            exceptions: Matcher::of_exceptions(pack, entries),
            frames,
            issues: IssueRules::new(pack),
            classes: Classes {
                complementizer: pack.class("complementizer"),
                binds_that: pack.class("binds-that"),
                strength: pack.class("strength"),
                demonstrative: pack.class("demonstrative"),
                possessive: pack.class("possessive"),
                purpose: pack.class("purpose"),
                anaphor: pack.class("anaphor"),
                holder: pack.class("holder-noun"),
                paper: pack.class("paper"),
                quantity: pack.class("quantity-noun"),
                carrier: pack.class("stance-carrier"),
                veils: pack.class("veils-stance"),
                withdraws: pack.class("withdraws-stance"),
            },
        })
    }
}

impl Frame {
    fn new(entry: &Entry) -> Result<Frame, String> {
        let stance = |field: &str, name: &str| {
            stance_of(name)
                .ok_or_else(|| format!("{}: {field} `{name}` is no stance", entry.id))
        };
        let other =
            |field: &str| entry.text(field).map(|name| stance(field, name)).transpose();
        let roles = entry.fields.get("roles");
        let ways = |role: &str| -> Vec<String> {
            let ways = roles.and_then(|r| r.get(role)).and_then(Value::text);
            let ways = ways.unwrap_or_default().split('|').map(str::trim);
            ways.filter(|w| !w.is_empty()).map(str::to_owned).collect()
        };
        let frame = Frame {
            stance: stance("stance", entry.text("stance").unwrap_or(entry.stem()))?,
            negated: other("negated")?,
            inverted: other("inverted")?,
            actor: ways("actor"),
            object: ways("object"),
            recipient: ways("recipient"),
            needs: match entry.text("needs") {
                None => None,
                Some("statement") => Some(Need::Statement),
                Some("stance") => Some(Need::Stance),
                Some(other) => {
                    return Err(format!("{}: nothing needs `{other}`", entry.id));
                }
            },
            confidence: entry
                .fields
                .get("confidence")
                .and_then(|v| v.number())
                .unwrap_or(0.75) as f32,
        };
        if frame.actor.is_empty() || frame.object.is_empty() {
            return Err(format!(
                "{}: the roles of a stance are actor and object",
                entry.id
            ));
        }
        Ok(frame)
    }
}

fn stance_of(name: &str) -> Option<Stance> {
    Some(match name {
        "oppose" => Stance::Oppose,
        "support" => Stance::Support,
        "demand" => Stance::Demand,
        "offer" => Stance::Offer,
        "accept" => Stance::Accept,
        "refuse" => Stance::Refuse,
        "doubt" => Stance::Doubt,
        "deny" => Stance::Deny,
        "open" => Stance::Open,
        "condition" => Stance::Condition,
        _ => return None,
    })
}

/// The stance that a kind of saying is by itself.
fn stance_of_cue(class: CueClass) -> Option<Stance> {
    Some(match class {
        CueClass::Demand => Stance::Demand,
        CueClass::Deny => Stance::Deny,
        _ => return None,
    })
}

/// What positions are read from, besides the layers of the text.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The rules of events, whose roles are read the same way.
    pub events: &'a EventRules,
    /// How actors are told.
    pub actors: &'a ActorRules,
    /// The statements of the text.
    pub statements: &'a [Statement],
    /// Of each statement, the actors that vouch for it.
    pub speakers: &'a [Vec<(usize, &'static str)>],
    /// The events of the text.
    pub happened: &'a [Event],
}

/// The positions of a text, by where their trigger starts.
pub fn positions(
    rules: &PositionRules,
    found: Found<'_>,
    l: &Layers<'_>,
    cast: &mut Cast,
) -> Vec<Position> {
    let mut finder = Finder { rules, found, l, cast, positions: Vec::new() };
    finder.frames(|need| need != Some(Need::Stance));
    finder.frames(|need| need == Some(Need::Stance));
    finder.speech();
    let mut positions = finder.positions;
    positions.sort_by_key(|p| (p.trigger.start, p.object.start));
    rules.issues.complete(l, &mut positions);
    positions
}

/// The search at work.
struct Finder<'a> {
    rules: &'a PositionRules,
    found: Found<'a>,
    l: &'a Layers<'a>,
    cast: &'a mut Cast,
    positions: Vec<Position>,
}

impl Finder<'_> {
    fn frames(&mut self, wanted: impl Fn(Option<Need>) -> bool) {
        let l = self.l;
        let view = View {
            text: l.text,
            tokens: l.tokens,
            sentences: l.sentences,
            words: l.words,
            morph: &l.syntax.morph,
        };
        let exceptions = self.rules.exceptions.run(&view, &[]);
        let mut reach = 0;
        for found in self.rules.triggers.run(&view, &[]) {
            let tokens = found.tokens;
            // Exceptions come in order and are few words long.
            let near = exceptions.partition_point(|e| e.tokens.start + 24 < tokens.start);
            let excepted = exceptions[near..]
                .iter()
                .take_while(|e| e.tokens.start < tokens.end)
                .any(|e| e.entry == found.entry && tokens.start < e.tokens.end);
            if tokens.start < reach || excepted {
                continue;
            }
            let rules = self.rules;
            let frame = rules.frames[found.entry].as_ref().filter(|f| wanted(f.needs));
            let Some(frame) = frame else { continue };
            let head = l.head_of(&tokens);
            if fits_tag(l, head) && self.frame(frame, found.entry, &tokens, head) {
                reach = tokens.end;
            }
        }
    }

    /// Whether a frame holds at a trigger: with a stance, an object and somebody who takes it.
    fn frame(
        &mut self,
        frame: &Frame,
        entry: usize,
        trigger: &Range<usize>,
        head: usize,
    ) -> bool {
        if self.asks(head) {
            return false;
        }
        let Some(mood) = self.mood(trigger, head) else { return false };
        let stance = if mood.negated { frame.negated } else { Some(frame.stance) };
        let Some(stance) = stance else { return false };
        let mut objects = self.objects(&frame.object, trigger, head);
        if objects.is_empty() && frame.object.iter().any(|way| way == "que") {
            objects.extend(self.said_object(trigger));
        }
        objects.retain(|o| {
            !self.is_speaker(o, trigger)
                && !(is_on_deeds(stance) && self.is_somebody(o, head))
        });
        if objects.is_empty() {
            return false;
        }
        let statement = self.statement_of(trigger);
        let said = statement.is_some_and(|n| self.says(n, trigger));
        let alone = match frame.needs {
            None => false,
            Some(Need::Statement) => !said,
            Some(Need::Stance) => !self.stands_beside(trigger),
        };
        if alone || !self.calls_on_somebody(frame, trigger, head) {
            return false;
        }
        let holders = self.holders(frame, trigger, head, &objects, mood, statement);
        if holders.is_empty() {
            return false;
        }
        let strength = self.strength(trigger, head);
        for object in &objects {
            let mut stance = stance;
            if object.negated && !mood.negated {
                let Some(inverted) = frame.inverted else { continue };
                stance = inverted;
            }
            // « aucune condition » denies the verb from inside its object.
            if object.none && !mood.negated {
                let Some(negated) = frame.negated else { continue };
                stance = negated;
            }
            let confidence = frame.confidence - mood.doubt - object.doubt;
            if confidence < LEAST {
                continue;
            }
            for (actor, holder) in &holders {
                self.add(Position {
                    entry,
                    actor: *actor,
                    holder: holder.clone(),
                    stance,
                    trigger: trigger.clone(),
                    object: object.tokens.clone(),
                    head: object.head,
                    strength: strength.clone(),
                    issue: None,
                    event: None,
                    statement,
                    confidence,
                });
            }
        }
        true
    }

    /// What cues of speech say by themselves: the content of a demand is demanded.
    fn speech(&mut self) {
        let l = self.l;
        for (n, s) in self.found.statements.iter().enumerate() {
            let Some(cue) = &s.cue else { continue };
            let Some(stance) = stance_of_cue(cue.class) else { continue };
            let whole = s.content[0].start..s.content[s.content.len() - 1].end;
            let verbal = matches!(l.upos(cue.head), Upos::Verb | Upos::Aux);
            let able = s.speaker.as_ref().is_some_and(|&(_, head)| {
                self.can_hold(l.antecedent(head).unwrap_or(head))
            });
            // What is reported without marks is left to the frames.
            let quoted = matches!(s.kind, StatementKind::Direct | StatementKind::Mixed);
            if !quoted || !verbal || !able || self.asks(cue.head) {
                continue;
            }
            let known = self.positions.iter().any(|p| {
                overlaps(&p.trigger, &cue.tokens)
                    || p.stance == stance
                        && p.statement == Some(n)
                        && overlaps(&p.object, &whole)
            });
            if known || self.mood(&cue.tokens, cue.head).is_none_or(|m| m.negated) {
                continue;
            }
            let Some((holder, _)) = &s.speaker else { continue };
            for &(actor, _) in &self.found.speakers[n] {
                self.add(Position {
                    entry: cue.entry,
                    actor,
                    holder: holder.clone(),
                    stance,
                    trigger: cue.tokens.clone(),
                    object: whole.clone(),
                    head: l.head_of(&whole),
                    strength: Vec::new(),
                    issue: None,
                    event: None,
                    statement: Some(n),
                    confidence: s.confidence - 0.1,
                });
            }
        }
    }

    /// Adds a position, unless it is there already; finds its issue and its event.
    fn add(&mut self, mut position: Position) {
        let words = |p: &Position| fold(self.l.text_of(&p.object));
        let same = self.positions.iter().rev().take(32).any(|p| {
            p.actor == position.actor
                && p.stance == position.stance
                && (overlaps(&p.object, &position.object) || words(p) == words(&position))
        });
        if same {
            return;
        }
        let (object, head) = (&position.object, position.head);
        position.issue = self.rules.issues.key(self.l, object, head);
        position.event = self.event_in(object, head);
        self.positions.push(position);
    }

    /// The event that an object is: the one on its head, or the first inside.
    fn event_in(&self, object: &Range<usize>, head: usize) -> Option<usize> {
        let inside = |m: &Range<usize>| object.start <= m.start && m.end <= object.end;
        let events = self.found.happened;
        let on_head =
            |e: &Event| e.mentions.iter().any(|m| inside(m) && m.contains(&head));
        events.iter().position(on_head).or_else(|| {
            let first = |e: &Event| {
                e.mentions.iter().filter(|m| inside(m)).map(|m| m.start).min()
            };
            let inner =
                events.iter().enumerate().filter_map(|(n, e)| Some((first(e)?, n)));
            inner.min().map(|(_, n)| n)
        })
    }

    /// Whether the words are asked, not said. What a relative clause tells is not asked.
    fn asks(&self, head: usize) -> bool {
        let l = self.l;
        let mut node = head;
        for _ in 0..4 {
            if l.deprel(node) == Deprel::AclRelcl {
                return false;
            }
            let Some(governor) = l.head(node) else { break };
            node = governor;
        }
        let end = l.sentence(head).end;
        let stop = (head..end).find(|&t| matches!(l.word(t), "." | "!" | "?" | "…"));
        stop.is_some_and(|t| l.word(t) == "?")
    }

    /// The statement that holds a trigger, or that the trigger introduces.
    fn statement_of(&self, trigger: &Range<usize>) -> Option<usize> {
        let introduces = |s: &Statement| {
            s.kind != StatementKind::Scare
                && s.cue.as_ref().is_some_and(|c| overlaps(&c.tokens, trigger))
        };
        let statements = self.found.statements;
        source(trigger, statements).or_else(|| statements.iter().position(introduces))
    }

    /// Whether a statement has a trigger in its words.
    fn says(&self, n: usize, trigger: &Range<usize>) -> bool {
        let content = &self.found.statements[n].content;
        content.iter().any(|r| r.start <= trigger.start && trigger.end <= r.end)
    }

    /// Whether another stance is taken in the same sentence, before a condition that is set.
    fn stands_beside(&self, trigger: &Range<usize>) -> bool {
        let sentence = self.l.sentence(trigger.start);
        let inside = |p: &Position| sentence.contains(&p.trigger.start);
        self.positions.iter().any(|p| inside(p) && p.stance != Stance::Condition)
    }

    /// « l'Iran doit … » calls on somebody, « le sommet doit … » on nobody.
    fn calls_on_somebody(
        &self,
        frame: &Frame,
        trigger: &Range<usize>,
        head: usize,
    ) -> bool {
        let words = |way: &String| self.holder_words(way, trigger, head);
        let able = |&t: &usize| self.can_hold(self.l.antecedent(t).unwrap_or(t));
        frame.recipient.is_empty()
            || frame.recipient.iter().flat_map(words).any(|t| able(&t))
    }

    /// What a trigger that introduces speech says, when the tree does not tie it to the
    /// trigger.
    fn said_object(&self, trigger: &Range<usize>) -> Option<Object> {
        let said = self.found.statements.iter().find(|s| {
            matches!(s.kind, StatementKind::Indirect | StatementKind::Mixed)
                && s.cue.as_ref().is_some_and(|c| trigger.contains(&c.head))
        })?;
        let tokens = said.content[0].start..said.content[said.content.len() - 1].end;
        let head = self.l.head_of(&tokens);
        let negated = self.found.events.factuality.negated(self.l, head);
        Some(Object { tokens, head, negated, none: false, doubt: 0.1 })
    }

    /// « …, regrette une militante »: who speaks behind the trigger is no object.
    fn is_speaker(&self, object: &Object, trigger: &Range<usize>) -> bool {
        self.found.statements.iter().any(|s| {
            s.cue.as_ref().is_some_and(|c| overlaps(&c.tokens, trigger))
                && s.speaker
                    .as_ref()
                    .is_some_and(|(words, _)| words.contains(&object.head))
        })
    }

    /// Whether an object is somebody: « un appel à Vladimir Poutine » demands nothing. A body
    /// may be asked for (« réclame une commission »), never behind a preposition.
    fn is_somebody(&self, object: &Object, head: usize) -> bool {
        let l = self.l;
        let governed = l.upos(head) == Upos::Noun
            || l.children_by(object.head, &[Deprel::Case]).next().is_some();
        // « des forces » are people and may be asked for all the same.
        let thing = self.rules.issues.is_thing(l, object.head);
        l.upos(object.head) == Upos::Propn
            || governed
                && !thing
                && l.upos(object.head) == Upos::Noun
                && self.can_hold(object.head)
    }

    // --- who

    /// Those who take the stance, with the words that name them.
    fn holders(
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

    fn reader(&self) -> Reader<'_> {
        Reader { rules: self.found.events, actors: self.found.actors, l: self.l }
    }

    /// The words that may name the actor in one way.
    fn holder_words(&self, way: &str, trigger: &Range<usize>, head: usize) -> Vec<usize> {
        if way == "attr" {
            return self.described(head).into_iter().collect();
        }
        if way == "host" {
            return self.host(trigger, head).into_iter().collect();
        }
        if way == "subj" && !self.has_subject(head) {
            return Vec::new();
        }
        let words = self.reader().fillers(way, head, trigger, &[]);
        let noun = self
            .l
            .head(head)
            .filter(|&h| self.l.upos(h) == Upos::Noun && self.is_infinitive_clause(head));
        if let (true, "subj", Some(noun)) = (words.is_empty(), way, noun) {
            // « son intention de porter plainte »: whoever has the intention.
            let trigger = noun..noun + 1;
            let ways = ["poss", "adj", "subj", "de", "par"];
            let found =
                ways.iter().map(|w| self.reader().fillers(w, noun, &trigger, &[head]));
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
    fn described(&self, adjective: usize) -> Option<usize> {
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
            let reader =
                Reader { rules: self.found.events, actors: self.found.actors, l };
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
    fn author(&self, word: usize) -> Option<usize> {
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
        let ways = ["poss", "adj", "de", "par", "subj"];
        let trigger = word..word + 1;
        let found =
            |way: &&str| self.reader().fillers(way, word, &trigger, &[]).first().copied();
        ways.iter().filter_map(found).find(|&t| self.can_hold(t))
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

    /// The speakers of a statement that a trigger introduces: « …, réclament-ils ».
    fn introduced_by(&self, trigger: &Range<usize>) -> Vec<(usize, Range<usize>)> {
        let statements = self.found.statements.iter().enumerate();
        let mut introduced = statements.filter(|(_, s)| {
            s.kind != StatementKind::Scare
                && s.cue.as_ref().is_some_and(|c| trigger.contains(&c.head))
        });
        let Some((n, s)) = introduced.next() else { return Vec::new() };
        let able = |&&(_, head): &&(Range<usize>, usize)| {
            let named = self.l.antecedent(head).unwrap_or(head);
            self.author(named) == Some(named) && self.can_hold(named)
        };
        let Some((words, _)) = s.speaker.as_ref().filter(able) else { return Vec::new() };
        let vouching = self.found.speakers[n].iter();
        vouching.map(|&(actor, _)| (actor, words.clone())).collect()
    }

    /// Words on the trigger that make the stance stronger or weaker.
    fn strength(&self, trigger: &Range<usize>, head: usize) -> Vec<Range<usize>> {
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

    fn is_infinitive_clause(&self, token: usize) -> bool {
        let l = self.l;
        l.is_infinitive(token) && l.morph(token).verb != Some(VerbForm::PartPres)
    }
}

/// Stances that are on something to be done, and never on somebody.
fn is_on_deeds(stance: Stance) -> bool {
    matches!(stance, Stance::Demand | Stance::Offer | Stance::Condition | Stance::Open)
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
