//! Which triggers tell of one and the same happening?

use std::ops::Range;

use depeche_record::{EventType, RoleKind};
use depeche_text::Upos;
use depeche_text::syntax::Deprel;

use super::{Event, EventRules, Filler};
use crate::Layers;
use crate::actor::Cast;

/// How many events back one looks.
const EVENTS_BACK: usize = 40;

/// How many mentions of an event a noun is compared with.
const MENTIONS_BACK: usize = 8;

/// How many sentences back a noun may point.
const SENTENCES_BACK: usize = 6;

/// How a trigger stands to what was told before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// « ces arrestations »: something that was told.
    Pointing,
    /// « les arrestations »: something that is known.
    Known,
    /// Anything else: something new, unless everybody in it is the same.
    New,
}

/// How like the words of an earlier event must be to those that point back to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alike {
    /// The same word.
    Word,
    /// A word of the same kind of happening.
    Kind,
    /// Anything of the same type.
    Any,
}

/// The likest first.
const NEARNESS: [Alike; 3] = [Alike::Word, Alike::Kind, Alike::Any];

/// Joins the events that are one happening: those of one type between the same actors, and
/// nouns that point back. What one of them tells of the roles, all have.
pub(super) fn merge(
    rules: &EventRules,
    l: &Layers<'_>,
    cast: &Cast,
    events: Vec<Event>,
) -> Vec<Event> {
    let mut merged: Vec<Event> = Vec::new();
    for event in events {
        let form = form(rules, l, &event);
        let from = merged.len().saturating_sub(EVENTS_BACK);
        // « ce bombardement » is the bombing before the battle: the same word goes first.
        let last = |m: usize| merged[m].mentions.last().map_or(0, |t| t.start);
        let same = NEARNESS.iter().find_map(|&alike| {
            (from..merged.len())
                .filter(|&m| {
                    is_told_by(l, &merged[m], &event)
                        || is_same(rules, l, cast, &merged[m], &event, (form, alike))
                })
                .max_by_key(|&m| last(m))
        });
        match same {
            Some(m) => join(cast, &mut merged[m], event),
            None => merged.push(event),
        }
    }
    merged
}

fn form(rules: &EventRules, l: &Layers<'_>, event: &Event) -> Form {
    if l.upos(event.head) != Upos::Noun {
        let claimed = claimed(rules, l, event).is_some();
        return if claimed { Form::Known } else { Form::New };
    }
    let mut determiners = l.children_by(event.head, &[Deprel::Det]);
    let Some(first) = determiners.next() else {
        // « en marge du sommet »: the preposition holds the article.
        let case = l.children_by(event.head, &[Deprel::Case]).last();
        let holds = case.is_some_and(|c| {
            (c..event.head).any(|t| l.hit(t, rules.contraction).is_some())
        });
        return if holds { Form::Known } else { Form::New };
    };
    if l.hit(first, rules.demonstrative).is_some() {
        Form::Pointing
    } else if l.hit(first, rules.indefinite).is_some()
        || l.words.numeral(first).is_some()
        || l.hit(first, rules.possessive).is_some()
    {
        Form::New
    } else {
        Form::Known
    }
}

/// « revendiquer l'attaque »: the known happening that a verb which carries it names.
fn claimed(rules: &EventRules, l: &Layers<'_>, event: &Event) -> Option<usize> {
    l.hit(event.head, rules.carries)?;
    let known = |&n: &usize| {
        let mut determiners = l.children_by(n, &[Deprel::Det]);
        determiners.any(|d| {
            l.hit(d, rules.indefinite).is_none() && l.hit(d, rules.possessive).is_none()
        })
    };
    let mut objects = l.children_by(event.head, &[Deprel::Obj, Deprel::Obl]);
    objects.find(|n| {
        event.mentions[0].contains(n) && l.hit(*n, rules.happening).is_some() && known(n)
    })
}

/// Whether two triggers tell one event between them: « une attaque a visé X », « trois tués
/// dans un attentat ».
fn is_told_by(l: &Layers<'_>, old: &Event, new: &Event) -> bool {
    let ties =
        [Deprel::Nsubj, Deprel::NsubjPass, Deprel::Obj, Deprel::Obl, Deprel::OblAgent];
    let hangs = |noun: usize, verb: usize| {
        l.head(noun) == Some(verb)
            && l.upos(noun) == Upos::Noun
            && l.upos(verb) == Upos::Verb
            && ties.contains(&l.deprel(noun))
    };
    let fits = |a: &[usize], b: &[usize]| a.is_empty() || b.is_empty() || a == b;
    old.kind == new.kind
        && old.kind == EventType::Assault
        && old.verdict.factuality() == new.verdict.factuality()
        && (hangs(old.head, new.head) || hangs(new.head, old.head))
        && fits(&old.actor, &new.actor)
        && fits(&old.recipient, &new.recipient)
}

/// Whether a later event is an earlier one told again.
fn is_same(
    rules: &EventRules,
    l: &Layers<'_>,
    cast: &Cast,
    old: &Event,
    new: &Event,
    (form, alike): (Form, Alike),
) -> bool {
    if old.kind != new.kind
        || old.verdict.factuality() != new.verdict.factuality()
        || old.when.is_some() && new.when.is_some() && old.when != new.when
    {
        return false;
    }
    let same = |a: &[usize], b: &[usize]| a == b && !a.is_empty();
    let full = same(&old.actor, &new.actor) && old.recipient == new.recipient;
    let swapped = old.reciprocal
        && same(&old.actor, &new.recipient)
        && same(&old.recipient, &new.actor);
    if full || swapped {
        return true;
    }
    let last = old.mentions.last().map_or(old.head, |m| m.start);
    let back = l.sentence_index(new.head)
        - l.sentence_index(last).min(l.sentence_index(new.head));
    let fits = |a: &[usize], b: &[usize]| a.is_empty() || b.is_empty() || a == b;
    // « Des hommes armés ont tué … Le Jnim a revendiqué l'attaque »: the claim says who they were.
    let doers = fits(&old.actor, &new.actor)
        || is_unknown(cast, &old.actor)
        || is_unknown(cast, &new.actor);
    let agree = doers && fits(&old.recipient, &new.recipient);
    if !agree || back > SENTENCES_BACK {
        return false;
    }
    let mut near = old.mentions.iter().rev().take(MENTIONS_BACK);
    let noun = claimed(rules, l, new).unwrap_or(new.head);
    match form {
        Form::Pointing if alike == Alike::Any => true,
        Form::Pointing | Form::Known => {
            near.any(|m| names_alike(rules, l, m, noun, alike))
        }
        Form::New => false,
    }
}

/// The sector of PLOVER for armed men of whom nothing else is known.
const UNKNOWN_ARMED: &str = "UAF";

/// Whether those who did something are nobody in particular: « des hommes armés ».
fn is_unknown(cast: &Cast, actors: &[usize]) -> bool {
    let unknown = |&a: &usize| {
        let actor = cast.actor(a);
        actor.sector.as_deref() == Some(UNKNOWN_ARMED) && actor.country.is_none()
    };
    !actors.is_empty() && actors.iter().all(unknown)
}

/// Whether one of some words has the lemma of a noun, or names the same kind of happening:
/// « l'attaque » may be what was an « attentat » before.
fn names_alike(
    rules: &EventRules,
    l: &Layers<'_>,
    tokens: &Range<usize>,
    noun: usize,
    alike: Alike,
) -> bool {
    let lemma = |t: usize| l.words.lemmas[t];
    let kind = |t: usize| l.hit(t, rules.happening).and_then(|hit| l.value(hit).text());
    let wanted = kind(noun);
    tokens.clone().any(|t| {
        l.upos(t) == Upos::Noun && lemma(t) == lemma(noun)
            || alike != Alike::Word && wanted.is_some() && kind(t) == wanted
    })
}

/// What a later mention tells is added to what is known.
fn join(cast: &Cast, old: &mut Event, mut new: Event) {
    // Who is named takes the place of who was not.
    if !new.actor.is_empty()
        && is_unknown(cast, &old.actor)
        && !is_unknown(cast, &new.actor)
    {
        old.actor.clear();
        old.roles.retain(|f| f.role != RoleKind::Actor);
    }
    // « une attaque a visé X »: the attack is no doer of itself.
    let tells = |f: &Filler, head: usize| f.actors.is_empty() && f.tokens.contains(&head);
    let (first, second) = (old.head, new.head);
    old.roles.retain(|f| !tells(f, second));
    new.roles.retain(|f| !tells(f, first));
    old.mentions.extend(new.mentions);
    old.when = old.when.or(new.when);
    if new.source.is_none() {
        old.source = None;
    }
    for context in new.contexts {
        if !old.contexts.contains(&context) {
            old.contexts.push(context);
        }
    }
    old.confidence = old.confidence.max(new.confidence);
    learn(&mut old.roles, &new.roles, RoleKind::Actor, &mut old.actor, new.actor);
    learn(
        &mut old.roles,
        &new.roles,
        RoleKind::Recipient,
        &mut old.recipient,
        new.recipient,
    );
}

/// Fills a role that was open.
fn learn(
    roles: &mut Vec<Filler>,
    told: &[Filler],
    role: RoleKind,
    known: &mut Vec<usize>,
    news: Vec<usize>,
) {
    if known.is_empty() && !news.is_empty() {
        *known = news;
        roles.extend(
            told.iter().filter(|f| f.role == role && !f.actors.is_empty()).cloned(),
        );
    }
}
