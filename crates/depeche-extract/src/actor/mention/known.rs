//! States, seats of power, organisations and media that the lists of a language name.

use depeche_record::{ActorKind, MentionForm};
use depeche_rule::Value;
use depeche_text::syntax::Deprel;
use depeche_text::{Gender, Number, TokenKind, Upos, fold};

use super::person::is_capital;
use crate::Layers;
use crate::actor::{Actor, Cast, Mention};

pub(in crate::actor) fn known(
    cast: &mut Cast,
    l: &Layers<'_>,
    at: usize,
) -> Option<(usize, usize)> {
    let r = cast.rules.clone();
    let order = [
        (r.organisation[0], MentionForm::Name, ActorKind::Organisation),
        (r.organisation[1], MentionForm::Name, ActorKind::Organisation),
        (r.media, MentionForm::Name, ActorKind::Media),
        (r.seat[0], MentionForm::Metonym, ActorKind::Government),
        (r.seat[1], MentionForm::Metonym, ActorKind::Government),
        (r.state, MentionForm::Name, ActorKind::State),
        (r.capital, MentionForm::Metonym, ActorKind::State),
    ];
    let (hit, form, kind) = order
        .iter()
        .filter_map(|&(class, form, kind)| Some((l.hit(at, class)?, form, kind)))
        .max_by_key(|(hit, _, _)| hit.end)?;
    let tokens = hit.start as usize..hit.end as usize;
    // « La presse » at the start of a sentence is not the newspaper La Presse.
    let lower = tokens.len() > 1
        && tokens.clone().skip(1).all(|t| !is_capital(l, t))
        && l.field(hit, "name").is_some_and(|name| {
            name.split(' ').skip(1).any(|part| part.starts_with(char::is_uppercase))
        });
    if lower {
        return None;
    }
    // « Kremlin-Bicêtre », « Washington Square »: part of a longer name.
    let longer = l.tokens.get(tokens.end).is_some_and(|t| {
        t.kind == TokenKind::Word
            && t.gap == depeche_text::Gap::Space
            && is_capital(l, tokens.end)
            && l.upos(tokens.end) == Upos::Propn
            && l.deprel(tokens.end) == Deprel::Flat
    });
    if longer {
        return None;
    }
    let field = |f: &str| l.field(hit, f).map(str::to_owned);
    // « Bruxelles » is the Union, where the article has named it.
    if let Some(org) = field("org").filter(|_| form == MentionForm::Metonym) {
        let key = format!("known:{}", fold(&org));
        let named = |a: &Actor| a.key == key && a.merged.is_none();
        if let Some(actor) = cast.actors.iter().position(named) {
            let head = l.head_of(&tokens);
            cast.mention(actor, Mention { tokens: tokens.clone(), head, form });
            return Some((actor, tokens.end));
        }
    }
    let country = field("country");
    let kind = match field("kind").as_deref() {
        Some("group") => ActorKind::Group,
        Some("government") => ActorKind::Government,
        Some("media") => ActorKind::Media,
        _ => kind,
    };
    // A capital stands for its state; Scotland is a part of one.
    let part = field("part").is_some();
    let state = country.clone().filter(|_| kind == ActorKind::State && !part);
    let (key, name) = match &state {
        Some(country) => (format!("state:{country}"), state_name(cast, l, country)),
        None => {
            let name = field("name").unwrap_or_default();
            (format!("known:{}", fold(&name)), name)
        }
    };
    let known = cast.actors.iter().position(|a| a.key == key && a.merged.is_none());
    let head = l.head_of(&tokens);
    let (gender, number) = match &state {
        Some(country) => state_grammar(cast, l, country),
        None => (told_gender(l, head), None),
    };
    let actor = known.unwrap_or_else(|| {
        cast.add(Actor {
            name,
            kind,
            country,
            sector: field("sector"),
            office: None,
            qid: field("qid"),
            why: if form == MentionForm::Metonym { "metonym" } else { "name" },
            gender,
            number,
            surname: None,
            key,
            mentions: Vec::new(),
            merged: None,
        })
    });
    cast.mention(actor, Mention { tokens: tokens.clone(), head, form });
    Some((actor, tokens.end))
}

/// The usual name of a state.
pub(in crate::actor) fn state_name(cast: &Cast, l: &Layers<'_>, country: &str) -> String {
    let name = state_of(cast, l, country).and_then(|v| v.get("name"));
    name.and_then(Value::text).unwrap_or(country).to_owned()
}

/// Gender and number of the name of a state.
pub(in crate::actor) fn state_grammar(
    cast: &Cast,
    l: &Layers<'_>,
    country: &str,
) -> (Option<Gender>, Option<Number>) {
    let gender = state_of(cast, l, country).and_then(|v| v.get("gender"));
    match gender.and_then(Value::text) {
        Some("f") => (Some(Gender::Fem), Some(Number::Sing)),
        Some("m") => (Some(Gender::Masc), Some(Number::Sing)),
        Some("p") => (None, Some(Number::Plur)),
        _ => (None, None),
    }
}

/// The row of a state among the words of the language.
fn state_of<'a>(cast: &Cast, l: &Layers<'a>, country: &str) -> Option<&'a Value> {
    let is = |v: &&Value| {
        v.get("country").and_then(Value::text) == Some(country) && v.get("part").is_none()
    };
    l.pack.values(cast.rules.state?).iter().find(is)
}

/// The gender of a name, as its article tells it: « l'Otan » may be « elle ».
fn told_gender(l: &Layers<'_>, head: usize) -> Option<Gender> {
    if l.upos(head) != Upos::Propn {
        return l.morph(head).gender;
    }
    let mut determiners = l.children_by(head, &[Deprel::Det]);
    let whole = |d: &usize| !l.word(*d).ends_with(['\'', '’']);
    determiners.find(whole).and_then(|d| l.morph(d).gender)
}
