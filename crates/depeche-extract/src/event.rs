//! Who did what to whom? Frames of triggers with their roles, read off the trees.

mod merge;
mod roles;

use std::ops::Range;

use depeche_record::{EventType, RoleKind};
use depeche_rule::{ClassId, Matcher, Pack, Value};
use depeche_text::Upos;
use depeche_text::syntax::Deprel;
use depeche_time::{Dct, Timex};

use self::merge::merge;
pub(crate) use self::roles::Reader;
use self::roles::{Reading, Tie, Way};
use crate::Layers;
use crate::actor::{ActorRules, Cast};
use crate::factuality::{FactualityRules, Telling, Verdict};
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
    /// Contexts of PLOVER: those of the frame, then those that words beside it tell, each once.
    pub contexts: Vec<String>,
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
    /// What the prepositions of the language say of a noun behind something done.
    ties: Vec<(String, Tie)>,
    /// The prepositions that name a doer.
    by: Vec<String>,
    possessive: Option<ClassId>,
    demonym: Option<ClassId>,
    demonym_prefix: Option<ClassId>,
    /// Nouns of persons, besides those that act in the press.
    people: Option<ClassId>,
    /// Nouns that only help a phrase along: « au moment de ».
    filling: Option<ClassId>,
    /// Nouns that count: « une centaine de ».
    quantity: Option<ClassId>,
    /// Verbs whose subject does what their object names.
    carries: Option<ClassId>,
    /// Verbs whose subject suffers what their object names.
    undergoes: Option<ClassId>,
    /// Verbs whose complements are the sides of what their subject names: « opposer ».
    opposes: Option<ClassId>,
    /// Nouns of the phases of what happens: « l'ouverture d'une enquête ».
    phase: Option<ClassId>,
    /// Of these, those that tell nothing of who took part.
    meanwhile: Option<ClassId>,
    /// Participles that lay a deed to somebody: « une attaque attribuée à X ».
    ascribes: Option<ClassId>,
    /// Prepositions of numbers that are not exact: « jusqu'à seize soldats ».
    about: Option<ClassId>,
    /// Bodies that one turns to: « saisir la justice ».
    resort: Option<ClassId>,
    /// Verbs that aim their subject at their object: « viser ».
    targets: Option<ClassId>,
    /// What stands before a demonym that one is against: « anti ».
    against: Option<ClassId>,
    /// Prepositions of what goes on meanwhile: « lors de ».
    during: Option<ClassId>,
    /// Verbs whose object does what the infinitive behind them says.
    controls: Option<ClassId>,
    /// Nouns that tell of an event only with somebody in it: « les violences ».
    vague: Option<ClassId>,
    /// Words of sport.
    game: Option<ClassId>,
    /// Prepositions that hold an article: « la mise en œuvre du cessez-le-feu ».
    contraction: Option<ClassId>,
    /// Words of one kind of happening: « attentat », « attaque ».
    happening: Option<ClassId>,
    /// What goes by the name of the town where it was made: « l'accord de Paris ».
    treaty: Option<ClassId>,
    demonstrative: Option<ClassId>,
    indefinite: Option<ClassId>,
    /// Words that tell a context of PLOVER.
    context: Option<ClassId>,
    pub(crate) factuality: FactualityRules,
}

#[derive(Clone, Debug)]
struct Frame {
    kind: EventType,
    roles: Vec<(RoleKind, Vec<Way>)>,
    reciprocal: bool,
    contexts: Vec<String>,
}

impl Frame {
    /// The ways in which a role is filled, the best first.
    fn ways(&self, role: RoleKind) -> impl Iterator<Item = &Way> {
        self.roles.iter().filter(move |(r, _)| *r == role).flat_map(|(_, ways)| ways)
    }

    /// Whether the trigger takes an object, so that it has a passive.
    fn takes_object(&self) -> bool {
        self.roles.iter().any(|(_, ways)| ways.contains(&Way::Object))
    }
}

impl EventRules {
    /// The frames of a pack.
    ///
    /// # Errors
    ///
    /// The id of a frame whose file or roles mean nothing, and which.
    pub fn new(pack: &Pack) -> Result<EventRules, String> {
        let ties = ties(pack);
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
                    let ways = value.text().unwrap_or_default().split('|');
                    roles.push((role, ways.map(|w| way_of(w.trim(), &ties)).collect()));
                }
            }
            let reciprocal = entry.fields.get("reciprocal").is_some_and(Value::is_true);
            let contexts = entry.texts("contexts");
            let contexts = contexts.iter().map(|c| (*c).to_owned()).collect();
            frames[n] = Some(Frame { kind, roles, reciprocal, contexts });
            entries.push(n);
        }
        let by = ties.iter().filter(|(_, tie)| *tie == Tie::By);
        Ok(EventRules {
            triggers: Matcher::new(pack, entries.iter().copied()),
            exceptions: Matcher::of_exceptions(pack, entries),
            frames,
            preposition: pack.class("preposition"),
            by: by.map(|(name, _)| name.clone()).collect(),
            ties,
            possessive: pack.class("possessive"),
            demonym: pack.class("demonym"),
            demonym_prefix: pack.class("demonym-prefix"),
            people: pack.class("people"),
            quantity: pack.class("quantity"),
            filling: pack.class("filling-noun"),
            carries: pack.class("event-carrier"),
            undergoes: pack.class("undergoer"),
            opposes: pack.class("opposer"),
            phase: pack.class("phase"),
            meanwhile: pack.class("meanwhile"),
            ascribes: pack.class("ascribes"),
            about: pack.class("about"),
            resort: pack.class("resort"),
            targets: pack.class("aims"),
            against: pack.class("against-prefix"),
            during: pack.class("during"),
            controls: pack.class("object-control"),
            vague: pack.class("vague-happening"),
            game: pack.class("game"),
            contraction: pack.class("contraction"),
            happening: pack.class("happening"),
            treaty: pack.class("treaty"),
            demonstrative: pack.class("pointing-determiner"),
            indefinite: pack.class("indefinite"),
            context: pack.class("context"),
            factuality: FactualityRules::new(pack),
        })
    }

    /// What the preposition before a noun says of it.
    fn tie_before(&self, l: &Layers<'_>, noun: usize) -> Option<Tie> {
        let case = l.children_by(noun, &[Deprel::Case]).next()?;
        let hit = l.hit(case, self.preposition)?;
        Some(self.tie(l.value(hit).text()?))
    }

    /// What a preposition says of a noun behind something done.
    fn tie(&self, preposition: &str) -> Tie {
        let known = self.ties.iter().find(|(name, _)| name == preposition);
        known.map_or(Tie::Other, |(_, tie)| *tie)
    }
}

/// What the prepositions of the language say of a noun behind something done.
fn ties(pack: &Pack) -> Vec<(String, Tie)> {
    let Some(class) = pack.class("role-preposition") else { return Vec::new() };
    let tie = |value: &Value| match value.text() {
        Some("by") => Tie::By,
        Some("of") => Tie::Of,
        Some("between") => Tie::Between,
        Some("with") => Tie::With,
        _ => Tie::Other,
    };
    pack.members(class).map(|(name, value)| (name, tie(value))).collect()
}

fn way_of(text: &str, ties: &[(String, Tie)]) -> Way {
    match text {
        "subj" => Way::Subject,
        "obj" => Way::Object,
        "poss" => Way::Possessive,
        "adj" => Way::Adjective,
        preposition => {
            let tie = ties.iter().find(|(name, _)| name == preposition);
            Way::Behind(preposition.to_owned(), tie.map_or(Tie::Other, |(_, tie)| *tie))
        }
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
    let triggers = triggers(rules, l);
    let mut is_trigger = vec![false; l.tokens.len()];
    for trigger in &triggers {
        is_trigger[trigger.head] = true;
    }
    let reader = Reader { rules, actors, l, statements, is_trigger: &is_trigger };
    let mut events: Vec<Event> =
        triggers.into_iter().filter_map(|t| event(&reader, t, cast)).collect();
    borrow(l, &mut events);
    let mut events = merge(rules, l, cast, events);
    events.retain(|e| has_side(e) || e.mentions.len() > 1 || !is_vague(rules, l, e.head));
    if is_game(rules, l) {
        // What happens on the field is no event; what the police does in the stands is.
        let sides = |e: &Event| e.actor.iter().chain(&e.recipient).copied().collect();
        events.retain(|e| {
            let sides: Vec<usize> = sides(e);
            sides.iter().any(|&a| cast.actor(a).sector.is_some())
        });
    }
    events
}

fn has_side(event: &Event) -> bool {
    !event.actor.is_empty() || !event.recipient.is_empty()
}

/// Whether a noun alone, with nobody in it, tells of nothing that happened: « les violences »,
/// « une technique de torture ».
fn is_vague(rules: &EventRules, l: &Layers<'_>, head: usize) -> bool {
    if l.hit(head, rules.vague).is_some() {
        return true;
    }
    let noun = l.upos(head) == Upos::Noun && l.deprel(head) == Deprel::Nmod;
    let governor = l.head(head).filter(|_| noun);
    governor.is_some_and(|g| {
        l.upos(g) == Upos::Noun
            && l.hit(g, rules.phase).is_none()
            && l.hit(g, rules.happening).is_none()
            && !l.is_time(g)
            && l.children_by(head, &[Deprel::Det, Deprel::Nummod]).next().is_none()
            && rules.tie_before(l, head) == Some(Tie::Of)
            && l.hit(head.saturating_sub(1), rules.contraction).is_none()
    })
}

/// How many words of sport make an article one of sport, and their share of its words.
const GAME: (usize, usize) = (5, 40);

/// Whether a text is about a game.
fn is_game(rules: &EventRules, l: &Layers<'_>) -> bool {
    let (least, share) = GAME;
    let told = (0..l.tokens.len()).filter(|&t| l.hit(t, rules.game).is_some()).count();
    told >= least && told * share >= l.tokens.len()
}

/// How many words the longest exception may cover.
const LONGEST_EXCEPTION: usize = 64;

/// Words that tell an event, before its roles are read.
struct Trigger {
    entry: usize,
    tokens: Range<usize>,
    head: usize,
}

fn triggers(rules: &EventRules, l: &Layers<'_>) -> Vec<Trigger> {
    let view = l.view();
    let mut exceptions = rules.exceptions.run(&view, &[]);
    exceptions.sort_by_key(|e| e.tokens.start);
    let mut triggers = Vec::new();
    let mut reach = 0;
    for found in rules.triggers.run(&view, &[]) {
        let tokens = found.tokens;
        if tokens.start < reach {
            continue;
        }
        let from = tokens.start.saturating_sub(LONGEST_EXCEPTION);
        let from = exceptions.partition_point(|e| e.tokens.start < from);
        let near = exceptions[from..].iter().take_while(|e| e.tokens.start < tokens.end);
        if near.into_iter().any(|e| e.entry == found.entry && tokens.start < e.tokens.end)
        {
            continue;
        }
        let head = l.head_of(&tokens);
        if !fits_tag(l, head) {
            continue;
        }
        reach = tokens.end;
        triggers.push(Trigger { entry: found.entry, tokens, head });
    }
    triggers
}

/// A trigger that the tagger took for a name or a function word is none.
pub(crate) fn fits_tag(l: &Layers<'_>, head: usize) -> bool {
    !matches!(
        l.upos(head),
        Upos::Propn | Upos::Adp | Upos::Det | Upos::Cconj | Upos::Pron
    ) || l.word(head).chars().all(|c| !c.is_uppercase())
}

/// One event, with its roles and whether it happened.
fn event(reader: &Reader<'_>, trigger: Trigger, cast: &mut Cast) -> Option<Event> {
    let Trigger { entry, tokens, head } = trigger;
    let frame = reader.rules.frames[entry].as_ref()?;
    let mut reading = reader.read(frame, head, &tokens, cast);
    let (actor, recipient, reciprocal) = sides(frame, &mut reading);
    if actor.is_empty() && needs_will(frame.kind) && reader.done_by_thing(head) {
        return None;
    }
    let confidence = confidence(&actor, &recipient);
    let source = source(&tokens, reader.statements);
    let reported =
        |n: usize| reader.statements[n].kind == depeche_record::StatementKind::Attributed;
    let told = Telling {
        expressive: is_expressive(frame.kind),
        reported: source.is_some_and(reported),
    };
    Some(Event {
        kind: frame.kind,
        entry,
        head,
        actor,
        recipient,
        reciprocal,
        when: when(reader.l, head, &tokens),
        verdict: reader.rules.factuality.judge(reader.l, head, told),
        source,
        roles: reading.roles,
        contexts: contexts(reader, frame, &tokens),
        mentions: vec![tokens],
        confidence,
    })
}

/// How many words away a word may tell the context of an event.
const CONTEXT: usize = 24;

/// The contexts of a frame, and of the words around its trigger in the same sentence.
fn contexts(reader: &Reader<'_>, frame: &Frame, trigger: &Range<usize>) -> Vec<String> {
    let l = reader.l;
    let sentence = l.sentence(trigger.start);
    let from = sentence.start.max(trigger.start.saturating_sub(CONTEXT));
    let until = sentence.end.min(trigger.end + CONTEXT);
    let told = (from..until).filter_map(|t| l.hit(t, reader.rules.context));
    let told = told.filter_map(|hit| l.value(hit).text().map(str::to_owned));
    let mut contexts = frame.contexts.clone();
    for context in told {
        if !contexts.contains(&context) {
            contexts.push(context);
        }
    }
    contexts
}

/// How many months back the past is no news any more.
const NEWS_MONTHS: i32 = 6;

/// Marks events as past background whose time lies well before the publication.
pub fn background(events: &mut [Event], times: &[Timex], dct: &Dct) {
    let Some((published, _)) = dct.days() else { return };
    let months = |year: i16, month: i8| i32::from(year) * 12 + i32::from(month);
    let published = months(published.year(), published.month());
    for event in events {
        let edtf = event.when.and_then(|n| times[n].edtf.as_ref());
        let Some(latest) = edtf.and_then(|e| e.bounds().1) else { continue };
        if published - months(latest.year(), latest.month()) > NEWS_MONTHS {
            event.verdict.historical = true;
        }
    }
}

/// Whether an event is done by words or by showing up.
fn is_expressive(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::Accuse
            | EventType::Request
            | EventType::Reject
            | EventType::Support
            | EventType::Threaten
            | EventType::Protest
    )
}

/// Whether only somebody does it: a disease threatens nobody in the sense of politics.
fn needs_will(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::Threaten | EventType::Aid | EventType::Support | EventType::Consult
    )
}

/// A trigger whose roles are filled is seldom a word in another sense.
fn confidence(actor: &[usize], recipient: &[usize]) -> f32 {
    match (actor.is_empty(), recipient.is_empty()) {
        (false, false) => 0.9,
        (false, true) => 0.8,
        (true, false) => 0.7,
        (true, true) => 0.5,
    }
}

/// Who acts and who is acted on, and whether both sides do it to each other.
fn sides(frame: &Frame, reading: &mut Reading) -> (Vec<usize>, Vec<usize>, bool) {
    let mut actor = reading.actors(RoleKind::Actor);
    let mut recipient = reading.actors(RoleKind::Recipient);
    let mut reciprocal = frame.reciprocal;
    // « entre A et B », « russo-américain »: one on each side.
    if let Some(sides) = reading.sides.take()
        && (actor.is_empty() || recipient.is_empty() || actor == recipient)
    {
        share(&mut reading.roles, &sides);
        actor = sides[..1].to_vec();
        recipient = sides[1..].to_vec();
        reciprocal = true;
    }
    // « A et B se rencontrent »
    if frame.reciprocal && recipient.is_empty() && actor.len() > 1 {
        recipient = actor.split_off(1);
    }
    recipient.retain(|r| !actor.contains(r));
    (actor, recipient, reciprocal)
}

/// « entre A et B »: the first side acts, the others are acted with.
fn share(roles: &mut Vec<Filler>, sides: &[usize]) {
    let first = roles.iter_mut().find(|f| f.actors.first() == sides.first());
    let Some(filler) = first else { return };
    filler.role = RoleKind::Actor;
    if filler.actors.len() > 1 {
        let mut other = filler.clone();
        other.actors.remove(0);
        other.role = RoleKind::Recipient;
        filler.actors.truncate(1);
        roles.push(other);
        return;
    }
    let acts = |f: &Filler| f.actors.iter().any(|a| sides[1..].contains(a));
    for filler in roles.iter_mut().filter(|f| f.role == RoleKind::Actor && acts(f)) {
        filler.role = RoleKind::Recipient;
    }
}

/// « condamner l'invasion de A par B » is against B, « exiger le retrait de B » asks it of B:
/// where nobody is told to whom something is done, the event that it is about tells.
fn borrow(l: &Layers<'_>, events: &mut [Event]) {
    for n in 0..events.len() {
        if !events[n].recipient.is_empty() {
            continue;
        }
        let about = |e: &Event| {
            let object = matches!(
                l.deprel(e.head),
                Deprel::Obj | Deprel::Xcomp | Deprel::Ccomp | Deprel::Obl | Deprel::Nmod
            );
            // « accepter les réformes réclamées par X »
            let asked = l.deprel(e.head) == Deprel::Acl && e.kind == EventType::Request;
            (object || asked)
                && l.head(e.head).is_some_and(|h| events[n].mentions[0].contains(&h))
        };
        // What an event is about stands right behind it, or right before for a passive.
        let near = n.saturating_sub(2)..events.len().min(n + 3);
        let Some(other) = near.filter(|&m| m != n).find(|&m| about(&events[m])) else {
            continue;
        };
        let other = &events[other];
        let sides = match events[n].kind {
            EventType::Accuse | EventType::Support => [&other.actor, &other.actor],
            EventType::Reject | EventType::Request => [&other.actor, &other.recipient],
            // « accepter la demande de X »
            EventType::Agree | EventType::Concede if other.kind == EventType::Request => {
                [&other.actor, &other.actor]
            }
            EventType::Threaten | EventType::Agree | EventType::Concede => {
                [&other.recipient, &other.recipient]
            }
            _ => continue,
        };
        let own = |a: &&Vec<usize>| !a.is_empty() && **a != events[n].actor;
        let Some(recipient) = sides.into_iter().find(own).cloned() else { continue };
        let lent = other.roles.iter().find(|f| f.actors == recipient).cloned();
        let event = &mut events[n];
        if let Some(filler) = lent {
            event.roles.retain(|f| f.role != RoleKind::Recipient);
            event.roles.push(Filler { role: RoleKind::Recipient, ..filler });
        }
        event.recipient = recipient;
    }
}

/// The time of an event: what hangs on its trigger, or on its clause.
fn when(l: &Layers<'_>, head: usize, trigger: &Range<usize>) -> Option<usize> {
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
