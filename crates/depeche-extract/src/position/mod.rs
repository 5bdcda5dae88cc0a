//! Where does each actor stand, and on what? Frames of stance, with their actor and object read
//! off the trees.
//!
//! A frame is data (`lang/<code>/positions/`): its trigger, where the actor and the object stand,
//! and which stance it becomes when it is denied. What a cue of speech says by itself (« … »,
//! réclament-ils) needs no frame: its class is a stance, its content the object.

mod complement;
mod holder;
mod issue;
mod mood;
mod said;

use std::ops::Range;

use depeche_record::{CueClass, Stance, StatementKind};
use depeche_rule::{ClassId, Entry, Matcher, Pack, Value};
use depeche_text::syntax::Deprel;
use depeche_text::{Upos, fold};

use crate::Layers;
use crate::actor::{ActorRules, Cast};
use crate::event::{Event, EventRules, fits_tag};
use crate::statement::Statement;
use complement::Object;
use issue::IssueRules;
use said::Index;

/// How far from a statement a stance on it may be taken, in tokens.
const NEAR: usize = 40;

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
    let mut finder = Finder {
        rules,
        found,
        l,
        cast,
        positions: Vec::new(),
        first: Vec::new(),
        index: Index::new(&found),
    };
    finder.frames(|need| need != Some(Need::Stance));
    finder.note();
    finder.frames(|need| need == Some(Need::Stance));
    finder.note();
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
    /// Where the triggers of the positions found so far start, in order, with their places.
    first: Vec<(usize, usize)>,
    index: Index,
}

impl Finder<'_> {
    /// Notes where the positions found so far stand.
    fn note(&mut self) {
        let starts = self.positions.iter().enumerate().map(|(n, p)| (p.trigger.start, n));
        self.first = starts.collect();
        self.first.sort_unstable();
    }

    fn frames(&mut self, wanted: impl Fn(Option<Need>) -> bool) {
        let l = self.l;
        let view = l.view();
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
        if objects.is_empty() && frame.object.iter().any(|way| way == "that") {
            objects.extend(self.said_object(trigger));
        }
        objects.retain(|o| {
            let somebody = is_on_deeds(stance) && self.is_somebody(o, head);
            !somebody && !self.is_speaker(o, trigger)
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
            let bare = whole.len() < 3;
            if !quoted || bare || !verbal || !able || self.asks(cue.head) {
                continue;
            }
            let known = self.near(&whole, &cue.tokens).any(|p| {
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

    /// The noted positions whose trigger starts near a statement or its cue.
    fn near(
        &self,
        words: &Range<usize>,
        cue: &Range<usize>,
    ) -> impl Iterator<Item = &Position> {
        let start = words.start.min(cue.start).saturating_sub(NEAR);
        let end = words.end.max(cue.end) + NEAR;
        let from = self.first.partition_point(|p| p.0 < start);
        let noted = self.first[from..].iter().take_while(move |p| p.0 < end);
        noted.map(|&(_, n)| &self.positions[n])
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

    /// Whether another stance is taken in the same sentence, before a condition that is set.
    fn stands_beside(&self, trigger: &Range<usize>) -> bool {
        let sentence = self.l.sentence(trigger.start);
        let from = self.first.partition_point(|p| p.0 < sentence.start);
        self.first[from..].first().is_some_and(|p| p.0 < sentence.end)
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
}

/// Stances that are on something to be done, and never on somebody.
fn is_on_deeds(stance: Stance) -> bool {
    matches!(stance, Stance::Demand | Stance::Offer | Stance::Condition | Stance::Open)
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
