//! Who does it, to whom? The words that fill the roles of a frame, read off the tree around
//! its trigger.

use std::ops::Range;

use depeche_record::{EventType, RoleKind};
use depeche_rule::{ClassId, Value};
use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm, fold};

use super::{EventRules, Filler, Frame};
use crate::Layers;
use crate::actor::{ActorRules, Cast};
use crate::statement::Statement;

/// One way in which a frame says that a role is filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Who does what the verb says, whichever voice it has.
    Subject,
    /// What the verb acts on, whichever voice it has.
    Object,
    /// A possessive before the noun: « sa visite ».
    Possessive,
    /// An adjective of a state: « la frappe israélienne ».
    Adjective,
    /// A noun behind a preposition.
    Behind(String, Tie),
}

/// What a preposition says of a noun behind something done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    /// Names the doer: « par ».
    By,
    /// Names the doer or what is done to: « de ».
    Of,
    /// Names all sides at once: « entre ».
    Between,
    /// Names the other side: « avec ».
    With,
    /// Anything else.
    Other,
}

/// The roles around one trigger.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The words of each role.
    pub(super) roles: Vec<Filler>,
    /// All sides, when one phrase names them: « entre A et B », « russo-américain ».
    pub(super) sides: Option<Vec<usize>>,
    /// The heads of the words that were used.
    taken: Vec<usize>,
}

impl Reading {
    /// The actors of a role, in the order of the text.
    pub(super) fn actors(&self, role: RoleKind) -> Vec<usize> {
        let mut actors: Vec<usize> = Vec::new();
        for filler in self.roles.iter().filter(|f| f.role == role) {
            for &actor in &filler.actors {
                if !actors.contains(&actor) {
                    actors.push(actor);
                }
            }
        }
        actors
    }

    fn has(&self, role: RoleKind) -> bool {
        self.roles.iter().any(|f| f.role == role)
    }
}

/// How many dependencies may lie between a trigger and the noun of its preposition: « la visite
/// du président à Oslo » has « Oslo » hang on « président ».
const REACH: usize = 3;

/// How many words away from its trigger a role is looked for.
const AFAR: usize = 48;

/// How many actors one phrase joins at most.
const JOINED: usize = 6;

/// Reads the roles around triggers.
pub(crate) struct Reader<'a> {
    pub(super) rules: &'a EventRules,
    pub(super) actors: &'a ActorRules,
    pub(super) l: &'a Layers<'a>,
    pub(super) statements: &'a [Statement],
    /// Of each token, whether it heads a trigger.
    pub(super) is_trigger: &'a [bool],
}

impl<'a> Reader<'a> {
    /// A reader for others than events: no triggers, no statements.
    pub(crate) fn plain(
        rules: &'a EventRules,
        actors: &'a ActorRules,
        l: &'a Layers<'a>,
    ) -> Reader<'a> {
        Reader { rules, actors, l, statements: &[], is_trigger: &[] }
    }

    /// The words that fill a role in one way, as rules write it; `taken` are spoken for.
    pub(crate) fn words(
        &self,
        way: &str,
        head: usize,
        trigger: &Range<usize>,
        taken: &[usize],
    ) -> Vec<usize> {
        let way = super::way_of(way, &self.rules.ties);
        let mut found = self.fillers(true, &way, head, trigger);
        found.retain(|f| !trigger.contains(f) && !taken.contains(f));
        if matches!(way, Way::Behind(_, tie) if tie != Tie::Between) {
            found.truncate(1);
        }
        found
    }

    /// The prepositions that tell whose a noun is, or who does it.
    pub(crate) fn belonging(&self) -> impl Iterator<Item = &'a str> {
        let ties = self.rules.ties.iter();
        ties.filter(|(_, tie)| matches!(tie, Tie::Of | Tie::By))
            .map(|(name, _)| name.as_str())
    }

    /// Whether a preposition that ends at a token is the one that a rule writes so.
    pub(crate) fn is_preposition(&self, token: usize, wanted: &str) -> bool {
        let l = self.l;
        let mut starts = token.saturating_sub(2)..=token;
        starts.any(|t| {
            l.hit(t, self.rules.preposition).is_some_and(|h| {
                h.end as usize > token && l.value(h).text() == Some(wanted)
            })
        })
    }

    /// Whether a token heads a trigger.
    fn tells(&self, token: usize) -> bool {
        self.is_trigger.get(token).copied().unwrap_or_default()
    }

    /// The roles of a frame around its trigger.
    ///
    /// What names the doer without doubt goes first, then what names the other side, and last
    /// « de », which may name either: « la plainte du maire contre le journal ».
    pub(super) fn read(
        &self,
        frame: &Frame,
        head: usize,
        trigger: &Range<usize>,
        cast: &mut Cast,
    ) -> Reading {
        let mut reading = Reading::default();
        let verbal = self.is_verbal(head);
        let sure = |w: &Way| {
            matches!(
                w,
                Way::Subject | Way::Object | Way::Behind(_, Tie::By | Tie::Between)
            )
        };
        let of = |w: &Way| matches!(w, Way::Behind(_, Tie::Of));
        let at = (head, trigger);
        let mut fill = |role: RoleKind, wanted: &dyn Fn(&Way) -> bool| {
            if !reading.has(role) {
                let ways = frame.ways(role).filter(|w| wanted(w));
                self.fill(frame, role, ways, at, cast, &mut reading);
            }
        };
        let (actor, recipient) = (RoleKind::Actor, RoleKind::Recipient);
        fill(actor, &sure);
        if verbal {
            fill(recipient, &|_| true);
            fill(actor, &|_| true);
            if frame.kind == EventType::Request && !reading.has(recipient) {
                self.asked(frame, head, cast, &mut reading);
            }
        } else {
            self.imply_doer(frame, head, trigger, cast, &mut reading);
            let mut fill = |role: RoleKind, wanted: &dyn Fn(&Way) -> bool| {
                if !reading.has(role) {
                    let ways = frame.ways(role).filter(|w| wanted(w));
                    self.fill(frame, role, ways, at, cast, &mut reading);
                }
            };
            fill(recipient, &|w| !of(w));
            fill(actor, &|w| !of(w));
            fill(actor, &of);
            fill(recipient, &of);
            self.imply_sides(frame, head, cast, &mut reading);
        }
        if !reading.has(recipient) && frame.ways(recipient).next().is_some() {
            self.imply_target(frame, head, trigger, cast, &mut reading);
        }
        for role in [RoleKind::Topic, RoleKind::Place, RoleKind::Instrument] {
            let ways = frame.ways(role);
            self.fill(frame, role, ways, at, cast, &mut reading);
        }
        self.part(&mut reading.roles);
        reading
    }

    fn is_verbal(&self, head: usize) -> bool {
        let l = self.l;
        matches!(l.upos(head), Upos::Verb | Upos::Aux)
            || l.children(head).any(|c| l.deprel(c) == Deprel::Cop)
    }

    /// Fills a role in the first of some ways that leads to somebody, or else to words.
    fn fill<'w>(
        &self,
        frame: &Frame,
        role: RoleKind,
        ways: impl Iterator<Item = &'w Way>,
        (head, trigger): (usize, &Range<usize>),
        cast: &mut Cast,
        reading: &mut Reading,
    ) {
        let mut rest: Vec<(&Way, Vec<usize>)> = Vec::new();
        for way in ways {
            let mut heads = self.fillers(frame.takes_object(), way, head, trigger);
            heads.retain(|f| {
                *f != head && !reading.taken.contains(f) && !self.is_time(*f)
            });
            // Who « signent à Oslo » need nobody else: the rest is where they do it.
            let elsewhere = matches!(way, Way::Behind(_, Tie::Other));
            let both = frame.reciprocal && reading.actors(RoleKind::Actor).len() > 1;
            if role == RoleKind::Recipient && elsewhere && both {
                continue;
            }
            // « coup d'État » does nothing to the state, « retrait des troupes » nothing to them.
            let of = matches!(way, Way::Behind(_, Tie::Of)) && !self.is_verbal(head);
            if of && role == RoleKind::Recipient {
                heads.retain(|f| !trigger.contains(f));
            }
            if heads.is_empty() {
                continue;
            }
            if *way == Way::Adjective {
                if self.take_adjectives(role, &heads, cast, reading) {
                    return;
                }
                continue;
            }
            if self.take(frame, role, way, &heads, true, cast, reading) {
                return;
            }
            // What the trigger itself says is no filler: « livrer des chars ».
            heads.retain(|f| !trigger.contains(f) || *way == Way::Possessive);
            let told = *way == Way::Object && heads.iter().any(|&f| self.tells(f));
            rest.push((way, heads));
            if told {
                break;
            }
        }
        for (way, heads) in rest {
            if self.take(frame, role, way, &heads, false, cast, reading) {
                return;
            }
        }
    }

    fn take_adjectives(
        &self,
        role: RoleKind,
        heads: &[usize],
        cast: &mut Cast,
        reading: &mut Reading,
    ) -> bool {
        let parts = self.adjective_sides(heads, cast);
        if parts.is_empty() {
            return false;
        }
        if parts.len() > 1 {
            reading.sides = Some(parts.clone());
        }
        let tokens = heads[0]..heads[0] + 1;
        reading.taken.extend(heads);
        reading.roles.push(Filler { role, tokens, actors: parts });
        true
    }

    /// Takes words for a role: those that somebody stands behind or, when nobody need, any.
    #[allow(
        clippy::too_many_arguments,
        reason = "they say which words, for what, and whose"
    )]
    fn take(
        &self,
        frame: &Frame,
        role: RoleKind,
        way: &Way,
        heads: &[usize],
        needs_somebody: bool,
        cast: &mut Cast,
        reading: &mut Reading,
    ) -> bool {
        let acts = matches!(role, RoleKind::Actor | RoleKind::Recipient);
        let between = matches!(way, Way::Behind(_, Tie::Between));
        let mut keep: Vec<(usize, Filler)> = Vec::new();
        for &head in heads {
            let mut actors =
                if acts { self.somebody(head, role, cast) } else { Vec::new() };
            if between {
                // The others stand in words of their own.
                actors.truncate(1);
            }
            if role == RoleKind::Recipient {
                // « apporter son soutien »: whose it is, is who gives it.
                let doers = reading.actors(RoleKind::Actor);
                actors.retain(|a| !doers.contains(a));
            }
            let plain = self.l.hit(head, self.rules.filling).is_none();

            // What « de » or « par » names is no doer unless it is somebody.
            let named = matches!(way, Way::Subject | Way::Object | Way::Possessive);
            let text = plain && (named || role != RoleKind::Actor);
            if actors.is_empty() && (needs_somebody || !text) {
                continue;
            }
            let tokens = self.l.noun_phrase(head);
            keep.push((head, Filler { role, tokens, actors }));
            if !between {
                break;
            }
        }
        let sides: Vec<usize> =
            keep.iter().flat_map(|(_, f)| f.actors.iter().copied()).collect();
        if sides.len() > 1 && (between || frame.reciprocal && keep.len() > 1) {
            reading.sides = Some(sides);
        }
        for (head, filler) in &keep {
            reading.taken.push(*head);
            reading.roles.push(filler.clone());
        }
        !keep.is_empty()
    }

    fn is_time(&self, token: usize) -> bool {
        let times = self.l.times;
        let n = times.partition_point(|t| t.tokens.end <= token);
        times.get(n).is_some_and(|t| t.tokens.contains(&token))
    }

    // --- who it is

    /// The actors that stand behind a word of a role: itself, or who owns the thing that it
    /// names.
    fn somebody(&self, head: usize, role: RoleKind, cast: &mut Cast) -> Vec<usize> {
        let l = self.l;
        if l.morph(head).person.is_some_and(|p| p < 3) && l.upos(head) == Upos::Pron {
            return self.speaker_around(head, cast);
        }
        let Some(named) = l.antecedent(head) else { return Vec::new() };
        if self.is_possessive(head) {
            return self.possessor(head, cast);
        }
        if let Some(counted) = self.counted(named) {
            return self.named(counted, cast);
        }
        if self.can_act(named) {
            return self.named(head, cast);
        }
        if self.tells(named) && role == RoleKind::Recipient {
            return Vec::new();
        }
        self.owner(named, cast)
    }

    /// The actor that a head stands for, and those that are joined to it by « et »: of the
    /// latter only somebody, for things stand beside persons in any list.
    fn named(&self, head: usize, cast: &mut Cast) -> Vec<usize> {
        let l = self.l;
        let mut actors: Vec<usize> =
            cast.one(l, head).map(|(a, _)| a).into_iter().collect();
        let joined = l.children_by(head, &[Deprel::Conj]).filter(|&c| self.can_act(c));
        for other in joined.take(JOINED) {
            if let Some((actor, _)) = cast.one(l, other)
                && !actors.contains(&actor)
            {
                actors.push(actor);
            }
        }
        actors
    }

    /// « une centaine de Serbes »: who is counted.
    fn counted(&self, quantity: usize) -> Option<usize> {
        let l = self.l;
        l.hit(quantity, self.rules.quantity)?;
        l.children_by(quantity, &[Deprel::Nmod, Deprel::Obl])
            .find(|&c| self.tie_before(c) == Some(Tie::Of) && self.can_act(c))
    }

    /// Whom a possessive points to: somebody before it or, « depuis sa libération, l'avocate
    /// vit à Tbilissi », the subject behind it.
    fn possessor(&self, possessive: usize, cast: &mut Cast) -> Vec<usize> {
        let l = self.l;
        let start = l.sentence(possessive).start.max(possessive.saturating_sub(AFAR));
        let clause = l.clause_head(possessive);
        let subject = l.own_subject(clause).map(|(s, _)| s).filter(|&s| {
            s > possessive
                && !(start..possessive).any(|t| self.actors.is_somebody(l, t))
                && l.upos(s) != Upos::Pron
                && self.can_act(s)
                && l.head(possessive) != Some(s)
        });
        let who = subject.unwrap_or(possessive);
        self.named(who, cast)
    }

    /// Whether somebody or some body can stand in a role.
    pub(crate) fn can_act(&self, head: usize) -> bool {
        let l = self.l;
        !self.actors.is_nobody(l, head)
            && (self.actors.is_somebody(l, head)
                || l.hit(head, self.rules.possessive).is_some()
                || l.hit(head, self.rules.people).is_some())
    }

    /// Whose a thing is: « la politique américaine », « la résolution du Conseil ».
    fn owner(&self, thing: usize, cast: &mut Cast) -> Vec<usize> {
        let l = self.l;
        if !matches!(l.upos(thing), Upos::Noun | Upos::X)
            || l.hit(thing, self.rules.filling).is_some()
        {
            return Vec::new();
        }
        let mut node = thing;
        for _ in 0..REACH {
            let adjectives: Vec<usize> = l
                .children_by(node, &[Deprel::Amod])
                .filter(|&c| self.demonym_of(c).is_some())
                .collect();
            let sides = self.adjective_sides(&adjectives, cast);
            if !sides.is_empty() {
                return sides;
            }
            let next = l.children_by(node, &[Deprel::Nmod]).find(|&c| {
                self.tie_before(c) == Some(Tie::Of)
                    && !self.is_time(c)
                    && matches!(l.upos(c), Upos::Noun | Upos::Propn)
            });
            let Some(next) = next else { break };
            if self.can_act(next) {
                return self.named(next, cast);
            }
            node = next;
        }
        let owned = l.children_by(thing, &[Deprel::Det]).find(|&d| self.is_possessive(d));
        match owned {
            Some(owner) => self.possessor(owner, cast),
            None => self
                .made_by(thing, None)
                .filter(|&m| self.can_act(m))
                .map(|m| self.named(m, cast))
                .unwrap_or_default(),
        }
    }

    /// « nous » in a statement: who says it.
    fn speaker_around(&self, token: usize, cast: &mut Cast) -> Vec<usize> {
        let around = super::source(&(token..token + 1), self.statements);
        let speaker = around.and_then(|n| self.statements[n].speaker.as_ref());
        match speaker {
            Some((_, head)) => self.named(*head, cast),
            None => Vec::new(),
        }
    }

    // --- where the words stand

    /// The heads of the words that may fill a role in one way, the likeliest first.
    fn fillers(
        &self,
        transitive: bool,
        way: &Way,
        head: usize,
        trigger: &Range<usize>,
    ) -> Vec<usize> {
        let l = self.l;
        match way {
            Way::Subject if self.is_verbal(head) => {
                self.doer(transitive, head).into_iter().collect()
            }
            Way::Subject => self.carrier_subject(head, None).into_iter().collect(),
            Way::Object => {
                let verbs = trigger.clone().filter(|&t| self.is_verbal(t));
                let inner = verbs.filter(|&v| v >= head).filter_map(|v| self.object(v));
                // « saisir la justice » does nothing to it.
                let resort = |o: usize| o > head && l.hit(o, self.rules.resort).is_some();
                inner.filter(|&o| !resort(o)).collect()
            }
            Way::Possessive => l
                .children_by(head, &[Deprel::Det])
                .filter(|&d| self.is_possessive(d))
                .collect(),
            Way::Adjective => l
                .children_by(head, &[Deprel::Amod])
                .filter(|&c| self.demonym_of(c).is_some())
                .collect(),
            Way::Behind(name, tie) => self.governed(name, *tie, head, trigger),
        }
    }

    fn is_possessive(&self, token: usize) -> bool {
        self.l.hit(token, self.rules.possessive).is_some()
    }

    /// Who does what a verb says.
    fn doer(&self, transitive: bool, verb: usize) -> Option<usize> {
        let l = self.l;
        if let Some(controller) = self.controller(verb) {
            return Some(controller);
        }
        if let Some(doer) = l.logical_subject(verb) {
            return Some(doer);
        }
        // An agent that the parser took for a circumstance.
        let passive = l.morph(verb).verb == Some(VerbForm::PartPast);
        let agent = l
            .children_by(verb, &[Deprel::Obl, Deprel::Nmod])
            .find(|&c| self.tie_before(c) == Some(Tie::By) && self.can_act(c));
        if let Some(agent) = agent.filter(|_| passive) {
            return Some(agent);
        }
        // « ils sont descendus dans la rue »: what takes no object has no passive.
        if !transitive {
            let own = l.own_subject(verb).map(|(subject, _)| subject);
            let open =
                matches!(l.deprel(verb), Deprel::Conj | Deprel::Xcomp | Deprel::Ccomp)
                    && !l.is_finite(verb);
            let governing = || self.governing_subject(verb).filter(|_| open);
            if let Some(subject) = own.or_else(governing) {
                return Some(subject);
            }
        }
        self.bearer(verb)
    }

    /// « inviter X à partir »: the object of what governs an infinitive is who does it.
    fn controller(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        if !l.is_infinitive(verb) || l.deprel(verb) == Deprel::AclRelcl {
            return None;
        }
        let governor = l.head(verb)?;
        l.hit(governor, self.rules.controls)?;
        if l.is_passive(governor) {
            return l.own_subject(governor).map(|(subject, _)| subject);
        }
        l.children_by(governor, &[Deprel::Obj, Deprel::Iobj, Deprel::Obl])
            .find(|&c| c != verb && self.can_act(c) && !self.is_time(c))
    }

    /// « la décision de Rome de fermer ses ports »: whose the noun is that an infinitive
    /// explains.
    fn bearer(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        let noun = l.head(verb).filter(|_| l.deprel(verb) == Deprel::Acl)?;
        if !l.is_infinitive(verb) {
            return None;
        }
        let owner = l
            .children_by(noun, &[Deprel::Nmod, Deprel::Det])
            .filter(|&c| c < verb)
            .find(|&c| {
                self.is_possessive(c)
                    || self.tie_before(c) == Some(Tie::Of) && self.can_act(c)
            });
        owner.or_else(|| {
            let verb = l.head(noun).filter(|_| l.deprel(noun) == Deprel::Obj)?;
            l.logical_subject(verb)
        })
    }

    /// What is acted on: the object, the subject of a passive, the noun that a participle
    /// describes.
    fn object(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        if let Some((subject, true)) = l.own_subject(verb) {
            return Some(subject);
        }
        if l.is_passive(verb) && matches!(l.deprel(verb), Deprel::Xcomp | Deprel::Conj) {
            return self.governing_subject(verb);
        }
        let own = l.children_by(verb, &[Deprel::Obj]).find(|&o| {
            l.hit(o, l.reflexive).is_none() && l.morph(o).pron.is_none()
                || l.hit(o, l.reflexive).is_none() && l.morph(o).person == Some(3)
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
        let joined = l.deprel(verb) == Deprel::Conj
            && l.own_subject(verb).is_none()
            && l.morph(verb).verb == Some(VerbForm::PartPast);
        let first = l.head(verb).filter(|&h| joined && l.is_passive(h))?;
        self.object(first)
    }

    /// « X pourrait être arrêté »: the subject of what governs a verb without one.
    fn governing_subject(&self, verb: usize) -> Option<usize> {
        let l = self.l;
        let mut node = verb;
        for _ in 0..REACH {
            node = l.head(node)?;
            if let Some((subject, _)) = l.own_subject(node) {
                return Some(subject);
            }
        }
        None
    }

    /// The nouns that a preposition ties to a trigger, the nearest in the tree first.
    fn governed(
        &self,
        name: &str,
        tie: Tie,
        head: usize,
        trigger: &Range<usize>,
    ) -> Vec<usize> {
        let l = self.l;
        let end = l.sentence(head).end.min(trigger.end + AFAR);
        let carriers = self.carriers(head);
        let mut found: Vec<(bool, usize, usize)> = Vec::new();
        let mut reached = trigger.start;
        for at in trigger.start..end {
            let Some(hit) = l.hit(at, self.rules.preposition) else { continue };
            // « de » within « auprès de » is no preposition of its own, « des » may be an article.
            if at < reached || l.upos(at) == Upos::Det {
                continue;
            }
            reached = hit.end as usize;
            if l.value(hit).text() != Some(name) {
                continue;
            }
            let Some(noun) = self.noun_behind(hit.start as usize..hit.end as usize)
            else {
                continue;
            };
            let limit = if tie == Tie::Of { 1 } else { REACH };
            if self.follows(noun, at, tie, head) {
                found.push((false, REACH, noun));
            } else if let Some(steps) =
                self.steps_to(noun, tie, head, trigger, &carriers, limit)
            {
                // What the trigger itself names comes last: « demander de l'aide à X ».
                found.push((trigger.contains(&noun), steps, noun));
            }
        }
        found.sort_unstable();
        found.dedup();
        let mut nouns: Vec<usize> = found.into_iter().map(|(_, _, noun)| noun).collect();
        if tie == Tie::Between {
            nouns.truncate(1);
            if nouns.is_empty() {
                return self.opposed(head);
            }
            let others: Vec<usize> =
                nouns.iter().flat_map(|&n| l.children_by(n, &[Deprel::Conj])).collect();
            nouns.extend(others);
        }
        nouns
    }

    /// « des combats opposant A à B »: both sides are complements of the verb.
    fn opposed(&self, noun: usize) -> Vec<usize> {
        let l = self.l;
        let verb = l
            .children_by(noun, &[Deprel::Acl, Deprel::AclRelcl])
            .find(|&c| l.hit(c, self.rules.opposes).is_some());
        let Some(verb) = verb else { return Vec::new() };
        let sides = l.children_by(verb, &[Deprel::Obj, Deprel::Iobj, Deprel::Obl]);
        let mut sides: Vec<usize> =
            sides.filter(|&s| self.can_act(s) && !self.is_time(s)).collect();
        let joined: Vec<usize> =
            sides.iter().flat_map(|&s| l.children_by(s, &[Deprel::Conj])).collect();
        sides.extend(joined);
        sides
    }

    /// The noun that a preposition introduces.
    fn noun_behind(&self, preposition: Range<usize>) -> Option<usize> {
        let l = self.l;
        let last = preposition.end - 1;
        let head = l.head(last)?;
        let noun = if preposition.contains(&head) { l.head(head)? } else { head };
        let is_noun = |t: usize| {
            matches!(
                l.upos(t),
                Upos::Noun | Upos::Propn | Upos::Pron | Upos::X | Upos::Num | Upos::Adj
            )
        };
        (noun > last && is_noun(noun)).then_some(noun)
    }

    /// « sortir de pourparlers avec X »: what stands right behind the words of a noun belongs to
    /// it, though the parser hung it on the verb. Of short prepositions that cannot be said.
    fn follows(&self, noun: usize, preposition: usize, tie: Tie, head: usize) -> bool {
        let l = self.l;
        let short = l.word(preposition).chars().count() < 4 && tie != Tie::By;
        if self.is_verbal(head) || short || tie == Tie::Of {
            return false;
        }
        let above = l.head(noun).is_some_and(|verb| {
            let mut node = head;
            (0..=REACH).any(|_| match l.head(node) {
                Some(next) => {
                    node = next;
                    next == verb
                }
                None => false,
            })
        });
        above && l.tree.reach(head).end == preposition
    }

    /// How many dependencies lie between a noun and a trigger or a verb that carries it.
    fn steps_to(
        &self,
        noun: usize,
        tie: Tie,
        head: usize,
        trigger: &Range<usize>,
        carriers: &[usize],
        limit: usize,
    ) -> Option<usize> {
        let l = self.l;
        // « le départ de Rome pour Oslo a surpris »: what stands between a subject and its verb
        // belongs to the subject.
        let subject = matches!(l.deprel(head), Deprel::Nsubj | Deprel::NsubjPass);
        let verb = l.head(head).filter(|&v| subject && noun < v);
        if verb.is_some() && l.head(noun) == verb && tie != Tie::Of {
            return Some(limit);
        }
        let mut node = noun;
        let mut steps = 0;
        while steps < limit + 1 {
            let head = l.head(node)?;
            let adjective = tie == Tie::By && l.upos(node) == Upos::Adj;
            let passes = adjective && l.deprel(node) == Deprel::Amod
                || matches!(
                    l.deprel(node),
                    Deprel::Nmod
                        | Deprel::Obl
                        | Deprel::OblAgent
                        | Deprel::Iobj
                        | Deprel::Xcomp
                        | Deprel::Obj
                        | Deprel::Advmod
                );
            if !passes {
                return None;
            }
            // An adverb within a preposition is no step: « auprès de ».
            if l.upos(node) != Upos::Adv {
                steps += 1;
            }
            if trigger.contains(&head) || carriers.contains(&head) {
                return (steps <= limit).then_some(steps);
            }
            // What another event or another circumstance governs is its own.
            let circumstance = l.deprel(head) == Deprel::Obl && l.upos(head) != Upos::Adv;
            if self.tells(head) || circumstance {
                return None;
            }
            node = head;
        }
        None
    }

    /// What may hold the complements of a noun beside itself: the verb that it is the object
    /// of, the participle that tells how it came about.
    fn carriers(&self, head: usize) -> Vec<usize> {
        let l = self.l;
        if self.is_verbal(head) {
            // « être prêt à livrer des chars à X »
            return l
                .children_by(head, &[Deprel::Xcomp, Deprel::Ccomp, Deprel::Acl])
                .filter(|&c| l.is_infinitive(c) && !self.tells(c))
                .collect();
        }
        let object = l.head(head).filter(|&v| match l.deprel(head) {
            Deprel::Obj => true,
            Deprel::NsubjPass => l.hit(v, self.rules.carries).is_some(),
            // « un couvre-feu est en vigueur dans trois communes »
            Deprel::Nsubj => {
                !matches!(l.upos(v), Upos::Verb | Upos::Aux)
                    || l.hit(v, self.rules.carries).is_some()
            }
            _ => false,
        });
        let told = l
            .children_by(head, &[Deprel::Acl, Deprel::Amod])
            .filter(|&c| l.morph(c).verb == Some(VerbForm::PartPast));
        let held = l
            .children_by(head, &[Deprel::AclRelcl])
            .filter(|&c| l.hit(c, self.rules.carries).is_some());
        object.into_iter().chain(told).chain(held).collect()
    }

    /// « exiger que X parte », « demander à être reçu par X »: who shall do what is asked.
    fn asked(&self, frame: &Frame, head: usize, cast: &mut Cast, reading: &mut Reading) {
        let l = self.l;
        let clause = l.children_by(head, &[Deprel::Ccomp]).next();
        let subject = clause.and_then(|c| {
            // Of a passive it is nobody's to do: « que les otages soient libérés ».
            l.own_subject(c).filter(|(_, passive)| !passive).map(|(subject, _)| subject)
        });
        let agent = || {
            let clause =
                l.children_by(head, &[Deprel::Xcomp]).find(|&c| l.is_passive(c))?;
            l.children_by(clause, &[Deprel::OblAgent, Deprel::Obl])
                .find(|&a| self.tie_before(a) == Some(Tie::By) && self.can_act(a))
        };
        if let Some(subject) = subject.or_else(agent) {
            let role = RoleKind::Recipient;
            self.take(frame, role, &Way::Subject, &[subject], true, cast, reading);
        }
    }

    // --- what a noun that is no verb leaves unsaid

    /// The doer of a noun by what is told around it: « par », a verb that carries it, a
    /// participle, who claims it.
    fn imply_doer(
        &self,
        frame: &Frame,
        head: usize,
        trigger: &Range<usize>,
        cast: &mut Cast,
        reading: &mut Reading,
    ) {
        let role = RoleKind::Actor;
        if reading.has(role) || frame.ways(role).next().is_none() {
            return;
        }
        let by: Vec<usize> = self
            .rules
            .by
            .iter()
            .flat_map(|name| self.governed(name, Tie::By, head, trigger))
            .filter(|&n| self.can_act(n))
            .collect();
        let carried = || self.carrier_subject(head, Some(self.rules.carries));
        let made = || self.made_by(head, Some(self.rules.carries));
        let named = frame.ways(role).any(|w| {
            !self.fillers(frame.takes_object(), w, head, trigger).is_empty()
                && !matches!(w, Way::Behind(_, Tie::Of))
        });
        let doer = by
            .first()
            .copied()
            .or_else(|| if named { None } else { made().or_else(carried) });
        let Some(doer) =
            doer.filter(|d| self.l.antecedent(*d).is_some_and(|n| self.can_act(n)))
        else {
            return;
        };
        self.take(frame, role, &Way::Subject, &[doer], true, cast, reading);
    }

    /// What is left open on both sides of a noun: an adjective, who undergoes it.
    fn imply_sides(
        &self,
        frame: &Frame,
        head: usize,
        cast: &mut Cast,
        reading: &mut Reading,
    ) {
        let at = (head, &(head..head + 1));
        let knows = |role: RoleKind| frame.ways(role).next().is_some();
        if knows(RoleKind::Actor) && !reading.has(RoleKind::Actor) {
            let way = [Way::Adjective];
            self.fill(frame, RoleKind::Actor, way.iter(), at, cast, reading);
        }
        let meets = frame.kind == EventType::Consult;
        if meets && knows(RoleKind::Actor) && !reading.has(RoleKind::Actor) {
            let attending = self.attending(head).filter(|a| !reading.taken.contains(a));
            if let Some(who) = attending {
                let role = RoleKind::Actor;
                self.take(frame, role, &Way::Subject, &[who], true, cast, reading);
            }
        }
        if knows(RoleKind::Recipient) && !reading.has(RoleKind::Recipient) {
            let undergone = self
                .carrier_subject(head, Some(self.rules.undergoes))
                .or_else(|| self.relative_subject(head, self.rules.undergoes));
            let undergone = undergone.filter(|u| !reading.taken.contains(u));
            if let Some(who) = undergone {
                let role = RoleKind::Recipient;
                self.take(frame, role, &Way::Subject, &[who], false, cast, reading);
            }
        }
    }

    /// « une enquête visant X », « une marche anti-américaine »: at whom it is aimed.
    fn imply_target(
        &self,
        frame: &Frame,
        head: usize,
        trigger: &Range<usize>,
        cast: &mut Cast,
        reading: &mut Reading,
    ) {
        let l = self.l;
        let role = RoleKind::Recipient;
        let nouns = trigger.clone().filter(|&t| l.upos(t) == Upos::Noun);
        let aimed = nouns
            .flat_map(|n| {
                l.children_by(n, &[Deprel::Acl, Deprel::AclRelcl]).collect::<Vec<_>>()
            })
            .filter(|&c| l.hit(c, self.rules.targets).is_some() && !self.tells(c))
            .find_map(|c| l.children_by(c, &[Deprel::Obj]).next());
        if let Some(target) = aimed {
            self.take(frame, role, &Way::Object, &[target], true, cast, reading);
            return;
        }
        for adjective in l.children_by(head, &[Deprel::Amod]) {
            if let Some(country) = self.opposed_country(adjective) {
                let actor = cast.state(l, &country, adjective);
                let tokens = adjective..adjective + 1;
                reading.roles.push(Filler { role, tokens, actors: vec![actor] });
                return;
            }
        }
    }

    /// « anti-américain »: the country that an adjective is against.
    fn opposed_country(&self, adjective: usize) -> Option<String> {
        let l = self.l;
        let word = fold(l.word(adjective));
        let (against, demonym) = (self.rules.against?, self.rules.demonym?);
        let rest = l.pack.members(against).find_map(|(prefix, _)| {
            word.strip_prefix(&prefix).map(|rest| rest.trim_start_matches('-').to_owned())
        })?;
        let named = l.pack.members(demonym).find(|(spelling, _)| *spelling == rest);
        named.and_then(|(_, v)| v.get("country").and_then(Value::text).map(str::to_owned))
    }

    /// « lors d'une rencontre avec Y, X a dit… »: who does something at a meeting is there.
    fn attending(&self, noun: usize) -> Option<usize> {
        let l = self.l;
        let mut node = noun;
        for _ in 0..=REACH {
            if l.deprel(node) == Deprel::Obl {
                l.marker(node, self.rules.during?)?;
                let verb = l.head(node)?;
                let doer = l.logical_subject(verb).filter(|_| !self.tells(verb));
                return doer.filter(|&d| self.can_act(l.antecedent(d).unwrap_or(d)));
            }
            let filling = l.hit(l.head(node)?, self.rules.filling).is_some();
            if l.deprel(node) != Deprel::Nmod || !filling {
                return None;
            }
            node = l.head(node)?;
        }
        None
    }

    /// « mener une attaque »: who governs the verb that carries a noun. With a class, the verb
    /// must be of it.
    fn carrier_subject(
        &self,
        noun: usize,
        class: Option<Option<ClassId>>,
    ) -> Option<usize> {
        let l = self.l;
        // « des opérations et des attentats »: what carries the first carries the second.
        let mut first = if l.deprel(noun) == Deprel::Conj { l.head(noun)? } else { noun };
        // « annoncer l'ouverture d'une enquête »
        while l.deprel(first) == Deprel::Nmod {
            first = l.head(first).filter(|&h| l.hit(h, self.rules.phase).is_some())?;
        }
        let carried =
            matches!(l.deprel(first), Deprel::Obj | Deprel::Xcomp | Deprel::NsubjPass)
                || class.is_some()
                    && l.deprel(first) == Deprel::Obl
                    && l.children_by(first, &[Deprel::Case])
                        .all(|c| l.word(c).chars().count() <= 4);
        let verb = l.head(first).filter(|_| carried)?;
        if class.is_some_and(|c| l.hit(verb, c).is_none()) {
            return None;
        }
        l.logical_subject(verb).filter(|&s| s != first)
    }

    /// « l'attaque menée par X », « l'attaque, revendiquée par X »: the agent of a participle
    /// behind a noun.
    fn made_by(&self, noun: usize, class: Option<Option<ClassId>>) -> Option<usize> {
        let l = self.l;
        l.children_by(noun, &[Deprel::Acl, Deprel::Amod])
            .filter(|&c| l.morph(c).verb == Some(VerbForm::PartPast))
            .filter(|&c| class.is_none_or(|class| l.hit(c, class).is_some()))
            .find_map(|c| {
                l.children_by(c, &[Deprel::OblAgent, Deprel::Obl])
                    .find(|&a| self.tie_before(a) == Some(Tie::By))
            })
    }

    /// « l'attaque que subit la ville »
    fn relative_subject(&self, noun: usize, class: Option<ClassId>) -> Option<usize> {
        let l = self.l;
        let verb = l
            .children_by(noun, &[Deprel::AclRelcl])
            .find(|&c| l.hit(c, class).is_some())?;
        let (subject, _) = l.own_subject(verb)?;
        (l.antecedent(subject) == Some(subject)).then_some(subject)
    }

    /// What the preposition before a noun says of it.
    fn tie_before(&self, noun: usize) -> Option<Tie> {
        let l = self.l;
        let case = l.children_by(noun, &[Deprel::Case]).next()?;
        let hit = l.hit(case, self.rules.preposition)?;
        Some(self.rules.tie(l.value(hit).text()?))
    }

    // --- adjectives of states

    /// The country of an adjective, or the body it belongs to, behind `=`.
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

    /// Cuts the words of a role where those of another begin: « la visite du président ⟨à
    /// Oslo⟩ ».
    fn part(&self, roles: &mut [Filler]) {
        let mut starts: Vec<usize> = roles.iter().map(|f| f.tokens.start).collect();
        for filler in roles.iter_mut() {
            // A day at its end tells when, not who: « trois militants lundi ».
            let last = filler.tokens.end - 1;
            if filler.tokens.len() > 1
                && self.is_time(last)
                && !self.is_time(filler.tokens.start)
            {
                let time = filler.tokens.clone().find(|&t| self.is_time(t));
                starts.extend(time);
            }
            let inside = starts
                .iter()
                .copied()
                .filter(|&s| s > filler.tokens.start && s < filler.tokens.end)
                .min();
            let Some(mut end) = inside else { continue };
            while end > filler.tokens.start + 1
                && matches!(
                    self.l.upos(end - 1),
                    Upos::Adp | Upos::Det | Upos::Adv | Upos::Cconj | Upos::Punct
                )
            {
                end -= 1;
            }
            filler.tokens.end = end;
        }
    }
}
