//! Groups and people without a name: « trois soldats », « des riverains ».

use depeche_record::{ActorKind, MentionForm};
use depeche_rule::Hit;
use depeche_text::syntax::Deprel;
use depeche_text::{Number, Upos, fold};

use super::office::{closed, country_in};
use super::person::{is_acronym, is_capital};
use crate::Layers;
use crate::actor::{Actor, Cast, Mention};

/// A collective or a body without a name: « l'armée turque », « les manifestants »; and people
/// named by their country: « les Russes ».
pub(super) fn group(cast: &mut Cast, l: &Layers<'_>, at: usize) -> Option<usize> {
    // « le Hongrois Viktor Orban » is a person, told by the name.
    let told_by_name = at + 1 < l.tokens.len()
        && l.upos(at + 1) == Upos::Propn
        && !is_acronym(l, at + 1);
    if let Some(hit) = cast.rules.demonym_noun(l, at).filter(|_| !told_by_name) {
        return people(cast, l, at, hit);
    }
    let hit = l.hit(at, cast.rules.group)?;
    // « l'État », but « un état grave ».
    if l.field(hit, "written") == Some("capital") && !is_capital(l, at) {
        return None;
    }
    if !matches!(l.upos(at), Upos::Noun | Upos::Propn) || l.deprel(at) == Deprel::Amod {
        return None;
    }
    let head = at;
    let determined = l.children_by(head, &[Deprel::Det, Deprel::Nummod]).next().is_some()
        || cast.rules.is_contracted(l, head);
    let subject = matches!(
        l.deprel(head),
        Deprel::Nsubj
            | Deprel::NsubjPass
            | Deprel::OblAgent
            | Deprel::Conj
            | Deprel::Root
    );
    // « une conférence de presse », « point presse »: nobody in particular.
    if !determined && !subject && l.morph(head).number != Some(Number::Plur) {
        return None;
    }
    let tokens = l.short_phrase(head);
    let tokens = closed(l, tokens.start.min(at)..tokens.end);
    let tokens = tokens.start..tokens.end.max(hit.end as usize);
    // « son pays » waits until it is known whose.
    let possessed = l
        .children_by(head, &[Deprel::Det])
        .any(|d| l.hit(d, cast.rules.possessive).is_some());
    if possessed && cast.rules.is_state_noun(l, head) {
        return None;
    }
    // « le pays » is the state that was named last.
    if l.morph(head).number != Some(Number::Plur)
        && let Some(state) = cast.hypernym(l, head)
        && cast.actors[state].kind == ActorKind::State
    {
        cast.mention(state, Mention { tokens, head, form: MentionForm::Nominal });
        return Some(hit.end as usize);
    }
    let country = country_in(cast, l, hit.end as usize..tokens.end);
    let label = cast.bare(l, tokens.clone());
    // « le même tribunal »
    let again =
        label.clone().take_while(|&t| l.hit(t, cast.rules.again).is_some()).count();
    let label = label.start + again.min(label.len() - 1)..label.end;
    // « la préfecture même »
    let again = label.clone().rev();
    let again = again.take_while(|&t| l.hit(t, cast.rules.again).is_some()).count();
    let label = label.start..label.end - again.min(label.len() - 1);
    let name = l.text_of(&label).split_whitespace().collect::<Vec<_>>().join(" ");
    let noun = fold(l.word(at));
    let number = l.morph(head).number;
    // « la source », but « une source militaire » is a source of its own.
    let bare = label.len() == 1 && cast.is_definite(l, head);
    // « l'armée » after « l'armée turque » is the same.
    let known = (0..cast.actors.len()).rev().find(|&a| {
        let actor = &cast.actors[a];
        let same_noun = actor.key.strip_prefix("group:").is_some_and(|k| k == noun);
        let same_country = match (country, actor.country.as_deref()) {
            (Some(a), Some(b)) => a == b,
            (None, _) => bare || fold(&actor.name) == fold(&name),
            (Some(_), None) => false,
        };
        actor.merged.is_none() && same_noun && same_country && actor.number == number
    });
    let field = |f: &str| l.field(hit, f).map(str::to_owned);
    let actor = known.unwrap_or_else(|| {
        cast.add(Actor {
            name,
            kind: match field("kind").as_deref() {
                Some("government") => ActorKind::Government,
                Some("organisation") => ActorKind::Organisation,
                Some("person") if number != Some(Number::Plur) => ActorKind::Person,
                _ => ActorKind::Group,
            },
            country: country.map(str::to_owned),
            sector: field("sector"),
            office: None,
            qid: None,
            why: "description",
            gender: l.morph(head).gender,
            number,
            surname: None,
            key: format!("group:{noun}"),
            mentions: Vec::new(),
            merged: None,
        })
    });
    cast.mention(actor, Mention { tokens, head, form: MentionForm::Nominal });
    Some(hit.end as usize)
}

pub(super) fn people(
    cast: &mut Cast,
    l: &Layers<'_>,
    at: usize,
    hit: Hit,
) -> Option<usize> {
    let number = l.morph(at).number;
    let country = l.field(hit, "country").map(str::to_owned);
    let name = l.word(at).to_owned();
    let key = format!("people:{}", fold(&name));
    let known = cast.actors.iter().position(|a| a.key == key && a.merged.is_none());
    let tokens = l.noun_phrase(at);
    let actor = known.unwrap_or_else(|| {
        cast.add(Actor {
            name,
            kind: ActorKind::Group,
            country,
            sector: None,
            office: None,
            qid: None,
            why: "name",
            gender: l.morph(at).gender,
            number,
            surname: None,
            key,
            mentions: Vec::new(),
            merged: None,
        })
    });
    cast.mention(actor, Mention { tokens, head: at, form: MentionForm::Nominal });
    Some(at + 1)
}
