//! Who did what to whom? Frames of triggers with their roles, read off the trees.

use std::ops::Range;

use depeche_record::{EventType, RoleKind};
use depeche_rule::{ClassId, Matcher, Pack, Value, View};
use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm, fold};

use crate::Layers;
use crate::actor::{ActorRules, Cast};
use crate::factuality::{FactualityRules, Verdict};
use crate::statement::Statement;

/// An event, in tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// PLOVER type.
    pub kind: EventType,
    /// The frame: an entry of the pack.
    pub entry: usize,
    /// Its triggers.
    pub mentions: Vec<Range<usize>>,
    /// The token that the first trigger hangs on.
    pub head: usize,
    /// Who did it.
    pub actor: Vec<usize>,
    /// To whom.
    pub recipient: Vec<usize>,
    /// Whether both sides do it to each other.
    pub reciprocal: bool,
    /// Words that fill a role.
    pub roles: Vec<Filler>,
    /// The time expression, by its place in the list.
    pub when: Option<usize>,
    /// Whether it happened.
    pub verdict: Verdict,
    /// The statement that is its only source, by its place in the list.
    pub source: Option<usize>,
    /// How sure, from 0 to 1.
    pub confidence: f32,
}

/// Words that fill a role.
#[derive(Clone, Debug, PartialEq)]
pub struct Filler {
    /// Which role.
    pub role: RoleKind,
    /// The words.
    pub tokens: Range<usize>,
    /// The actors they stand for.
    pub actors: Vec<usize>,
}

/// The frames of a language, ready to run.
#[derive(Clone, Debug)]
pub struct EventRules {
    triggers: Matcher,
    exceptions: Matcher,
    frames: Vec<Option<Frame>>,
    preposition: Option<ClassId>,
    possessive: Option<ClassId>,
    demonym: Option<ClassId>,
    demonym_prefix: Option<ClassId>,
    pub(crate) factuality: FactualityRules,
}

#[derive(Clone, Debug)]
struct Frame {
    kind: EventType,
    roles: Vec<(RoleKind, Vec<String>)>,
    reciprocal: bool,
}

impl EventRules {
    /// The frames of a pack.
    ///
    /// # Errors
    ///
    /// The id of a frame whose file or roles mean nothing, and which.
    pub fn new(pack: &Pack) -> Result<EventRules, String> {
        let mut frames = vec![None; pack.entries.len()];
        let mut entries = Vec::new();
        for (n, entry) in pack.entries_of("events") {
            let kind = EventType::from_code(entry.stem()).ok_or_else(|| {
                format!("{}: `{}` is no type of PLOVER", entry.id, entry.stem())
            })?;
            let mut roles = Vec::new();
            if let Some(Value::Table(table)) = entry.fields.get("roles") {
                for (name, value) in table.iter() {
                    let role = role_of(name)
                        .ok_or_else(|| format!("{}: `{name}` is no role", entry.id))?;
                    let ways = value.text().unwrap_or_default();
                    let ways = ways.split('|').map(|w| w.trim().to_owned()).collect();
                    roles.push((role, ways));
                }
            }
            let reciprocal = entry.fields.get("reciprocal").is_some_and(Value::is_true);
            frames[n] = Some(Frame { kind, roles, reciprocal });
            entries.push(n);
        }
        Ok(EventRules {
            triggers: Matcher::new(pack, entries.iter().copied()),
            exceptions: Matcher::of_exceptions(pack, entries),
            frames,
            preposition: pack.class("preposition"),
            possessive: pack.class("possessive"),
            demonym: pack.class("demonym"),
            demonym_prefix: pack.class("demonym-prefix"),
            factuality: FactualityRules::new(pack),
        })
    }
}

fn role_of(name: &str) -> Option<RoleKind> {
    Some(match name {
        "actor" => RoleKind::Actor,
        "recipient" => RoleKind::Recipient,
        "place" => RoleKind::Place,
        "instrument" => RoleKind::Instrument,
        "topic" => RoleKind::Topic,
        _ => return None,
    })
}

/// The events of a text, by where their first trigger starts.
pub fn events(
    rules: &EventRules,
    actors: &ActorRules,
    l: &Layers<'_>,
    cast: &mut Cast,
    statements: &[Statement],
) -> Vec<Event> {
    let view = View {
        text: l.text,
        tokens: l.tokens,
        sentences: l.sentences,
        words: l.words,
        morph: &l.syntax.morph,
    };
    let exceptions = rules.exceptions.run(&view, &[]);
    let mut events = Vec::new();
    let mut reach = 0;
    for found in rules.triggers.run(&view, &[]) {
        let tokens = found.tokens;
        if tokens.start < reach {
            continue;
        }
        let excepted = exceptions.iter().any(|e| {
            e.entry == found.entry
                && e.tokens.start < tokens.end
                && tokens.start < e.tokens.end
        });
        if excepted {
            continue;
        }
        let Some(frame) = &rules.frames[found.entry] else { continue };
        let head = l.head_of(&tokens);
        if !fits_tag(l, head) {
            continue;
        }
        reach = tokens.end;
        let reader = Reader { rules, actors, l };
        events.push(reader.event(frame, found.entry, tokens, head, cast, statements));
    }
    merge(events)
}

/// A trigger that the tagger took for a name or a function word is none.
pub(crate) fn fits_tag(l: &Layers<'_>, head: usize) -> bool {
    !matches!(
        l.upos(head),
        Upos::Propn | Upos::Adp | Upos::Det | Upos::Cconj | Upos::Pron
    ) || l.word(head).chars().all(|c| !c.is_uppercase())
}

/// Reads roles off the tree around a trigger.
pub(crate) struct Reader<'a> {
    pub(crate) rules: &'a EventRules,
    pub(crate) actors: &'a ActorRules,
    pub(crate) l: &'a Layers<'a>,
}

impl Reader<'_> {
    fn event(
        &self,
        frame: &Frame,
        entry: usize,
        tokens: Range<usize>,
        head: usize,
        cast: &mut Cast,
        statements: &[Statement],
    ) -> Event {
        let l = self.l;
        let mut roles = Vec::new();
        let mut taken: Vec<usize> = Vec::new();
        let mut sides: Option<Vec<usize>> = None;
        // Recipients first: what « avec » or « contre » names is nobody's doer.
        let mut order: Vec<&(RoleKind, Vec<String>)> = frame.roles.iter().collect();
        order.sort_by_key(|(role, _)| match role {
            RoleKind::Recipient => 0,
            RoleKind::Actor => 1,
            _ => 2,
        });
        for (role, ways) in order {
            for way in ways {
                let fillers = self.fillers(way, head, &tokens, &taken);
                if fillers.is_empty() {
                    continue;
                }
                if way == "adj" {
                    let parts = self.adjective_sides(&fillers, cast);
                    if !parts.is_empty() {
                        if parts.len() > 1 {
                            sides = Some(parts.clone());
                        }
                        taken.extend(&fillers);
                        let tokens = fillers[0]..fillers[0] + 1;
                        roles.push(Filler { role: *role, tokens, actors: parts });
                        break;
                    }
                    continue;
                }
                let mut found = Vec::new();
                for &filler in &fillers {
                    let wanted = matches!(role, RoleKind::Actor | RoleKind::Recipient);
                    let named = l.antecedent(filler).unwrap_or(filler);
                    let actors: Vec<usize> = if wanted && self.can_act(named) {
                        cast.identify(l, filler).into_iter().map(|(a, _)| a).collect()
                    } else {
                        Vec::new()
                    };
                    found.push(Filler {
                        role: *role,
                        tokens: l.noun_phrase(filler),
                        actors,
                    });
                }
                if found.is_empty() {
                    continue;
                }
                taken.extend(&fillers);
                if way == "entre" || fillers.len() > 1 && frame.reciprocal {
                    let all: Vec<usize> =
                        found.iter().flat_map(|f| f.actors.iter().copied()).collect();
                    if all.len() > 1 {
                        sides = Some(all);
                    }
                }
                roles.extend(found);
                break;
            }
        }
        let of = |role: RoleKind| {
            let mut actors: Vec<usize> = Vec::new();
            for filler in roles.iter().filter(|f| f.role == role) {
                for &actor in &filler.actors {
                    if !actors.contains(&actor) {
                        actors.push(actor);
                    }
                }
            }
            actors
        };
        let shared = |roles: &mut Vec<Filler>, sides: &[usize]| {
            // « entre A et B »: the first side acts, the others are acted with.
            let first = roles.iter_mut().find(|f| f.actors.first() == sides.first());
            if let Some(filler) = first {
                if filler.actors.len() > 1 {
                    let mut other = filler.clone();
                    other.actors.remove(0);
                    other.role = RoleKind::Recipient;
                    filler.actors.truncate(1);
                    filler.role = RoleKind::Actor;
                    roles.push(other);
                } else {
                    filler.role = RoleKind::Actor;
                }
            }
        };
        let (mut actor, mut recipient) = (of(RoleKind::Actor), of(RoleKind::Recipient));
        let mut reciprocal = frame.reciprocal;
        // « entre A et B », « russo-américain »: one on each side.
        if let Some(sides) = sides
            && (actor.is_empty() || recipient.is_empty() || actor == recipient)
        {
            shared(&mut roles, &sides);
            actor = sides[..1].to_vec();
            recipient = sides[1..].to_vec();
            reciprocal = true;
        }
        // « A et B se rencontrent »
        if frame.reciprocal && recipient.is_empty() && actor.len() > 1 {
            recipient = actor.split_off(1);
        }
        recipient.retain(|r| !actor.contains(r));
        let verdict = self.verdict(head, statements);
        Event {
            kind: frame.kind,
            entry,
            mentions: vec![tokens.clone()],
            head,
            actor,
            recipient,
            reciprocal,
            when: self.when(head, &tokens),
            verdict,
            source: source(&tokens, statements),
            roles,
            confidence: 0.6,
        }
    }

    /// Whether somebody or some body can stand in a role.
    pub(crate) fn can_act(&self, head: usize) -> bool {
        self.actors.is_somebody(self.l, head)
            || self.l.hit(head, self.rules.possessive).is_some()
    }

    /// The words that fill a role in one way; `taken` are spoken for.
    pub(crate) fn fillers(
        &self,
        way: &str,
        head: usize,
        trigger: &Range<usize>,
        taken: &[usize],
    ) -> Vec<usize> {
        let l = self.l;
        let verbal = matches!(l.upos(head), Upos::Verb | Upos::Aux)
            || l.children(head).any(|c| l.deprel(c) == Deprel::Cop);
        let found: Vec<usize> = match way {
            "subj" if verbal => l.logical_subject(head).into_iter().collect(),
            "subj" => self.support_subject(head).into_iter().collect(),
            "obj" if verbal => self.object(head).into_iter().collect(),
            "obj" => Vec::new(),
            "poss" => l
                .children_by(head, &[Deprel::Det])
                .filter(|&d| l.hit(d, self.rules.possessive).is_some())
                .collect(),
            "adj" => l
                .children_by(head, &[Deprel::Amod])
                .filter(|&c| self.demonym_of(c).is_some())
                .collect(),
            preposition => self.governed(preposition, head, trigger),
        };
        found.into_iter().filter(|f| !trigger.contains(f) && !taken.contains(f)).collect()
    }

    /// « mener une attaque »: who governs the verb that carries a noun.
    fn support_subject(&self, noun: usize) -> Option<usize> {
        let l = self.l;
        if !matches!(l.deprel(noun), Deprel::Obj | Deprel::Xcomp | Deprel::NsubjPass) {
            return None;
        }
        let verb = l.head(noun)?;
        l.logical_subject(verb)
    }

    /// What is acted on: the object, the subject of a passive, the noun that a participle
    /// describes.
    fn object(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        if let Some((subject, true)) = l.own_subject(verb) {
            return Some(subject);
        }
        let own = l.children_by(verb, &[Deprel::Obj]).find(|&o| {
            l.morph(o).pron.is_none()
                || l.morph(o).person == Some(3)
                || l.antecedent(o) != Some(o)
        });
        if own.is_some() {
            return own;
        }
        let described = matches!(l.deprel(verb), Deprel::Acl | Deprel::Amod)
            && l.morph(verb).verb == Some(VerbForm::PartPast)
            && !l.is_finite(verb);
        if described {
            return l.head(verb);
        }
        // « X a été arrêté et incarcéré »
        if l.deprel(verb) == Deprel::Conj
            && l.own_subject(verb).is_none()
            && l.morph(verb).verb == Some(VerbForm::PartPast)
            && let Some(head) = l.head(verb)
            && l.is_passive(head)
        {
            return self.object(head);
        }
        None
    }

    /// The nouns that a preposition ties to a word.
    fn governed(
        &self,
        preposition: &str,
        head: usize,
        trigger: &Range<usize>,
    ) -> Vec<usize> {
        let l = self.l;
        let ties: &[Deprel] = &[
            Deprel::Obl,
            Deprel::Nmod,
            Deprel::OblAgent,
            Deprel::Iobj,
            Deprel::Xcomp,
            Deprel::Obj,
        ];
        let introduced = |c: usize| {
            let first = l.children_by(c, &[Deprel::Case]).next();
            first.is_some_and(|m| self.is_preposition(m, preposition))
        };
        // A noun carried by a verb may have its complements on the verb.
        let carrier = l
            .head(head)
            .filter(|_| l.deprel(head) == Deprel::Obj && l.upos(head) == Upos::Noun);
        let heads = trigger.clone().chain(carrier);
        let mut found = Vec::new();
        for h in heads {
            for child in l.children_by(h, ties).filter(|&c| introduced(c)) {
                if !found.contains(&child) {
                    found.push(child);
                }
                if preposition == "entre" {
                    found.extend(l.children_by(child, &[Deprel::Conj]));
                }
            }
        }
        found.retain(|f| !trigger.contains(f));
        if preposition != "entre" {
            found.truncate(1);
        }
        found
    }

    pub(crate) fn is_preposition(&self, token: usize, wanted: &str) -> bool {
        let l = self.l;
        let starts = token.saturating_sub(2)..=token;
        starts.into_iter().any(|t| {
            l.hit(t, self.rules.preposition).is_some_and(|h| {
                h.end as usize > token && l.value(h).text() == Some(wanted)
            })
        })
    }

    /// The country of a demonym adjective.
    fn demonym_of(&self, token: usize) -> Option<String> {
        let l = self.l;
        if let Some(hit) = l.hit(token, self.rules.demonym) {
            return l
                .field(hit, "country")
                .map(str::to_owned)
                .or_else(|| l.field(hit, "org").map(|o| format!("={o}")));
        }
        self.compound(token).map(|parts| parts.join("+"))
    }

    /// « russo-américain »: the countries of both halves.
    fn compound(&self, token: usize) -> Option<Vec<String>> {
        let l = self.l;
        let word = fold(l.word(token));
        let (first, second) = word.rsplit_once('-')?;
        let country = |class: Option<ClassId>, part: &str| {
            let class = class?;
            l.pack.members(class).find_map(|(spelling, value)| {
                (spelling == part).then(|| {
                    value.get("country").and_then(Value::text).map(str::to_owned)
                })?
            })
        };
        let a = country(self.rules.demonym_prefix, first)
            .or_else(|| country(self.rules.demonym, first))?;
        let b = country(self.rules.demonym, second)?;
        Some(vec![a, b])
    }

    /// The states that adjectives name, in order.
    pub(crate) fn adjective_sides(
        &self,
        adjectives: &[usize],
        cast: &mut Cast,
    ) -> Vec<usize> {
        let mut sides = Vec::new();
        for &adjective in adjectives {
            let named = self
                .compound(adjective)
                .unwrap_or_else(|| self.demonym_of(adjective).into_iter().collect());
            for name in named {
                let actor = match name.strip_prefix('=') {
                    Some(organisation) => {
                        cast.organisation(self.l, organisation, adjective)
                    }
                    None => cast.state(self.l, &name, adjective),
                };
                if !sides.contains(&actor) {
                    sides.push(actor);
                }
            }
        }
        sides
    }

    /// The time of an event: what hangs on its trigger, or on its clause.
    fn when(&self, head: usize, trigger: &Range<usize>) -> Option<usize> {
        let l = self.l;
        let clause = l.clause_head(head);
        let mut best: Option<(usize, usize)> = None;
        let sentence = l.sentence(head);
        let from = l.times.partition_point(|t| t.tokens.end <= sentence.start);
        for (n, time) in l.times.iter().enumerate().skip(from) {
            if time.tokens.start >= sentence.end {
                break;
            }
            if !matches!(
                time.kind,
                depeche_time::TimexType::Date | depeche_time::TimexType::Time
            ) {
                continue;
            }
            let time_head = l.head_of(&time.tokens);
            let Some(governor) = l.head(time_head) else { continue };
            let rank = if trigger.contains(&governor) {
                0
            } else if governor == clause || l.clause_head(governor) == clause {
                1
            } else {
                continue;
            };
            if best.is_none_or(|(r, _)| rank < r) {
                best = Some((rank, n));
            }
        }
        best.map(|(_, n)| n)
    }

    fn verdict(&self, head: usize, statements: &[Statement]) -> Verdict {
        let verdict = self.rules.factuality.judge(self.l, head);
        let _ = statements;
        verdict
    }
}

/// The smallest statement that a trigger lies in.
fn source(trigger: &Range<usize>, statements: &[Statement]) -> Option<usize> {
    let size = |s: &Statement| s.content.iter().map(|r| r.len()).sum::<usize>();
    statements
        .iter()
        .enumerate()
        .filter(|(_, s)| s.kind != depeche_record::StatementKind::Scare)
        .filter(|(_, s)| {
            s.content.iter().any(|r| r.start <= trigger.start && trigger.end <= r.end)
        })
        .min_by_key(|(_, s)| size(s))
        .map(|(n, _)| n)
}

/// Joins the events that are one happening: the same type between the same actors, told with
/// the same certainty.
fn merge(events: Vec<Event>) -> Vec<Event> {
    let mut merged: Vec<Event> = Vec::new();
    for event in events {
        let same = merged.iter_mut().find(|old| {
            let sides = |a: &[usize], b: &[usize]| !a.is_empty() && a == b;
            let swapped = old.reciprocal
                && sides(&old.actor, &event.recipient)
                && sides(&old.recipient, &event.actor);
            let both =
                sides(&old.actor, &event.actor) && old.recipient == event.recipient;
            old.kind == event.kind
                && old.verdict == event.verdict
                && (both || swapped)
                && (old.when.is_none() || event.when.is_none() || old.when == event.when)
        });
        match same {
            Some(old) => {
                old.mentions.extend(event.mentions);
                old.when = old.when.or(event.when);
                if event.source.is_none() {
                    old.source = None;
                }
            }
            None => merged.push(event),
        }
    }
    merged
}
