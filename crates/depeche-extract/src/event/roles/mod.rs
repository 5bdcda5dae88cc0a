//! Who does it, to whom? The words that fill the roles of a frame, read off the tree around
//! its trigger.

mod adjective;
mod behind;
mod noun;
mod verb;
mod who;

use std::ops::Range;

use depeche_record::{ActorKind, EventType, RoleKind};
use depeche_text::Upos;
use depeche_text::syntax::Deprel;

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

    /// Whether a role that the frame knows is open.
    fn lacks(&self, frame: &Frame, role: RoleKind) -> bool {
        !self.has(role) && frame.ways(role).next().is_some()
    }
}

/// How many dependencies may lie between a trigger and the noun of its preposition: « la visite
/// du président à Oslo » has « Oslo » hang on « président ».
const REACH: usize = 3;

/// How many words away from its trigger a role is looked for.
const AFAR: usize = 48;

/// How many actors one phrase joins at most.
const JOINED: usize = 6;

/// Whether more than a name is known of an actor.
fn is_told(cast: &Cast, actor: usize) -> bool {
    let actor = cast.actor(actor);
    actor.kind != ActorKind::Unknown || actor.country.is_some() || actor.sector.is_some()
}

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
        let fill = |role: RoleKind,
                    wanted: &dyn Fn(&Way) -> bool,
                    cast: &mut Cast,
                    reading: &mut Reading| {
            if !reading.has(role) {
                let ways = frame.ways(role).filter(|w| wanted(w));
                self.fill(frame, role, ways, at, cast, reading);
            }
        };
        let (actor, recipient) = (RoleKind::Actor, RoleKind::Recipient);
        fill(actor, &sure, cast, &mut reading);
        if verbal {
            fill(recipient, &|_| true, cast, &mut reading);
            fill(actor, &|_| true, cast, &mut reading);
            if frame.kind == EventType::Request && !reading.has(recipient) {
                let who = self.asked(head);
                self.grant(frame, recipient, who, true, cast, &mut reading);
            }
        } else {
            self.imply_doer(frame, head, trigger, cast, &mut reading);
            fill(recipient, &|w| !of(w), cast, &mut reading);
            fill(actor, &|w| !of(w), cast, &mut reading);
            fill(actor, &of, cast, &mut reading);
            fill(recipient, &of, cast, &mut reading);
            self.imply_sides(frame, head, cast, &mut reading);
        }
        if reading.lacks(frame, recipient) {
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
            // « réaffirmer le soutien de X »: of what is given, « de » names the giver.
            let given = matches!(
                frame.kind,
                EventType::Support | EventType::Aid | EventType::Agree
            );
            if given && role == RoleKind::Recipient && *way == Way::Object {
                heads.retain(|&f| !trigger.contains(&f) || self.can_act(f));
            }
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
            // « attaquer un dépôt à Gao »: what is attacked is the depot, though it is nobody.
            let thing = frame.kind == EventType::Assault
                && *way == Way::Object
                && role == RoleKind::Recipient
                && !heads.is_empty();
            rest.push((way, heads));
            if told || thing {
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
            // « l'attaque de Dnipro »: a name of which nothing is known is where it was.
            let of = matches!(way, Way::Behind(_, Tie::Of));
            if of && role == RoleKind::Actor && frame.kind == EventType::Assault {
                actors.retain(|&a| is_told(cast, a));
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

    /// Gives a role to somebody found around the trigger, unless another role has him.
    fn grant(
        &self,
        frame: &Frame,
        role: RoleKind,
        who: Option<usize>,
        needs_somebody: bool,
        cast: &mut Cast,
        reading: &mut Reading,
    ) {
        if let Some(who) = who.filter(|who| !reading.taken.contains(who)) {
            let way = Way::Subject;
            self.take(frame, role, &way, &[who], needs_somebody, cast, reading);
        }
    }

    fn is_time(&self, token: usize) -> bool {
        self.l.is_time(token)
    }

    /// The heads of the words that may fill a role in one way, the likeliest first.
    fn fillers(
        &self,
        transitive: bool,
        way: &Way,
        head: usize,
        trigger: &Range<usize>,
    ) -> Vec<usize> {
        let l = self.l;
        let found = match way {
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
        };
        found.into_iter().map(|f| self.measured(f)).collect()
    }

    /// « près de trente soldats »: who or what an adverb measures.
    fn measured(&self, head: usize) -> usize {
        let l = self.l;
        let of = |&c: &usize| c > head && self.tie_before(c) == Some(Tie::Of);
        let mut counted = l.children_by(head, &[Deprel::Nmod, Deprel::Obl]).filter(of);
        match counted.next() {
            Some(noun) if l.upos(head) == Upos::Adv => noun,
            _ => head,
        }
    }

    fn is_possessive(&self, token: usize) -> bool {
        self.l.hit(token, self.rules.possessive).is_some()
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
