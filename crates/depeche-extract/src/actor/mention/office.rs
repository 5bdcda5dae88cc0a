//! Offices: who is « le ministre des Affaires étrangères » here and now?

use std::ops::Range;

use depeche_record::{ActorKind, MentionForm};
use depeche_rule::Value;
use depeche_text::syntax::Deprel;
use depeche_text::{Number, TokenKind, Upos, fold};

use super::person::{is_acronym, is_body, is_calendar, is_capital};
use crate::Layers;
use crate::actor::{Actor, Cast, Mention};

/// A title right behind a name and a comma.
pub(super) fn office_behind(
    cast: &mut Cast,
    l: &Layers<'_>,
    end: usize,
) -> Option<(usize, usize)> {
    let mut at = end;
    if at < l.tokens.len() && l.word(at) == "," {
        at += 1;
    } else {
        return None;
    }
    let limit = (at + 4).min(l.sentence(end - 1).end);
    while at < limit {
        if let Some(found) = office_at(cast, l, at) {
            // « Lavrov, le ministre a dit… »: no verb hangs on the title.
            let head = l.head_of(&(at..at + 1));
            let subject = matches!(l.deprel(head), Deprel::Nsubj | Deprel::NsubjPass);
            return (!subject).then_some(found);
        }
        let skips = matches!(l.upos(at), Upos::Det | Upos::Adj | Upos::Adp | Upos::Adv)
            || l.hit(at, cast.rules.demonym).is_some();
        if !skips {
            return None;
        }
        at += 1;
    }
    None
}

/// An office that begins at a token: « le chef de la diplomatie russe ».
pub(super) fn office_at(
    cast: &mut Cast,
    l: &Layers<'_>,
    at: usize,
) -> Option<(usize, usize)> {
    let hit = l.hit(at, cast.rules.office)?;
    if !matches!(l.upos(at), Upos::Noun | Upos::Propn | Upos::Adj | Upos::X) {
        return None;
    }
    let sentence = l.sentence(at);
    let mut end = hit.end as usize;
    let mut value = l.value(hit);
    let mut country = None;
    // « ministre [russe] des Affaires étrangères [russe] »
    for _ in 0..4 {
        if end >= sentence.end {
            break;
        }
        if let Some(d) = l.hit(end, cast.rules.demonym)
            && l.deprel(end) != Deprel::Root
        {
            country = country.or_else(|| l.field(d, "country"));
            end = d.end as usize;
        } else if let Some(p) = l.hit(end, cast.rules.portfolio) {
            value = l.value(p);
            end = p.end as usize;
        } else {
            break;
        }
    }
    // Its complement, up to a name beside it.
    let head = l.head_of(&(at..hit.end as usize));
    // « une équipe scientifique »
    if l.upos(head) == Upos::Adj && l.deprel(head) == Deprel::Amod {
        return None;
    }
    let plural = l.morph(head).number == Some(Number::Plur);
    let bare_predicate = l.deprel(head) == Deprel::Xcomp
        && l.children_by(head, &[Deprel::Det]).next().is_none();
    if !plural && is_predicative(cast, l, head, end) || plural && bare_predicate {
        return None;
    }
    let phrase = l.short_phrase(head);
    let mut reach = end.max(phrase.end.min(sentence.end));
    if let Some(name) = (end..reach).find(|&t| {
        l.word(t) == ","
            || leaves_title(cast, l, t, at..hit.end as usize)
            || starts_name(cast, l, t)
            || t == end && is_lone_surname(cast, l, t)
            || matches!(l.deprel(t), Deprel::Appos | Deprel::Flat)
                && is_capital(l, t)
                && l.upos(t) == Upos::Propn
                && l.head(t) == Some(head)
    }) {
        reach = name;
    }
    let named = !plural && name_behind(cast, l, reach);
    // « le ministre du pays », « le locataire de la Maison Blanche »
    if country.is_none() {
        country =
            country_in(cast, l, end..reach).or_else(|| country_in(cast, l, at + 1..end));
    }
    let text = |f: &str| value.get(f).and_then(Value::text);
    let office = text("office").unwrap_or_default();
    let start = phrase.start.min(at);
    let tokens = closed(l, l.trim(start..reach));
    let label = cast.bare(l, tokens.clone());
    let name = l.text_of(&label).split_whitespace().collect::<Vec<_>>().join(" ");
    let key = format!("office:{office}:{}", country.unwrap_or_default());
    let complement = end < reach;
    let former = (start..at).any(|t| l.hit(t, cast.rules.former).is_some())
        || value.get("former").is_some();
    // « le président Obama » is not the president who was spoken of before.
    let found = (!named)
        .then(|| {
            same_office(cast, office, country, plural, complement, &name)
                .or_else(|| {
                    let rank = text("rank").filter(|_| !former);
                    same_rank(cast, l, rank, country, complement)
                })
                .or_else(|| former_holder(cast, l, text("rank"), country, former, head))
        })
        .flatten();
    let actor = found.unwrap_or_else(|| {
        let holder = holder_at_date(cast, l, text("rank"), country)
            .filter(|_| !plural && !former && !named);
        let why = if holder.is_some() { "office-at-date" } else { "title" };
        cast.add(Actor {
            name: holder.as_ref().map_or(name, |(n, _)| n.clone()),
            kind: if plural { ActorKind::Group } else { ActorKind::Person },
            country: country.map(str::to_owned),
            sector: text("sector").map(str::to_owned),
            office: Some(office.to_owned()),
            qid: holder.as_ref().and_then(|(_, q)| q.clone()),
            why,
            gender: l.morph(head).gender,
            number: l.morph(head).number,
            surname: holder
                .as_ref()
                .and_then(|(n, _)| n.split(' ').next_back().map(fold)),
            key,
            mentions: Vec::new(),
            merged: None,
        })
    });
    cast.mention(actor, Mention { tokens, head, form: MentionForm::Title });
    Some((actor, reach.max(end)))
}

/// « le président sur la crise »: a preposition that begins no complement of a title, and a time.
fn leaves_title(cast: &Cast, l: &Layers<'_>, at: usize, title: Range<usize>) -> bool {
    let timed = l.upos(at) != Upos::Adp && l.times.iter().any(|t| t.tokens.start == at);
    let of_title = |noun: usize| l.head(noun).is_some_and(|h| title.contains(&h));
    let governs = l.upos(at) == Upos::Adp
        && l.head(at).is_some_and(|noun| noun > at && of_title(noun));
    timed || governs && l.hit(at, cast.rules.title_complement).is_none()
}

/// Whether a person's name starts at a token that no preposition governs: « le ministre Jean
/// Dupont », but « le ministre de Jean Dupont ».
fn starts_name(cast: &Cast, l: &Layers<'_>, at: usize) -> bool {
    let governed = at > 0 && l.upos(at - 1) == Upos::Adp;
    let first = l.hit(at, cast.rules.first_name).is_some_and(|h| {
        let next = h.end as usize;
        l.tokens.get(next).is_some_and(|t| t.kind == TokenKind::Word)
            && is_capital(l, next)
            && !is_body(cast, l, at)
    });
    !governed && is_capital(l, at) && (first || l.hit(at, cast.rules.leader).is_some())
}

/// Whether a token may be somebody's surname for all that is known of it.
pub(super) fn is_lone_surname(cast: &Cast, l: &Layers<'_>, token: usize) -> bool {
    let place = cast.rules.place.iter().any(|&class| l.hit(token, class).is_some());
    is_capital(l, token)
        && l.tokens[token].kind == TokenKind::Word
        && l.upos(token) == Upos::Propn
        && !place
        && !is_acronym(l, token)
        && !is_body(cast, l, token)
        && !is_calendar(cast, l, token)
}

/// Whether a name stands right behind a title, a comma between them or not.
fn name_behind(cast: &Cast, l: &Layers<'_>, title_end: usize) -> bool {
    let is_word = |t: usize| l.tokens.get(t).is_some_and(|t| t.kind == TokenKind::Word);
    if is_word(title_end) {
        return is_lone_surname(cast, l, title_end) || starts_name(cast, l, title_end);
    }
    l.tokens.get(title_end).is_some()
        && l.word(title_end) == ","
        && is_word(title_end + 1)
        && starts_name(cast, l, title_end + 1)
}

/// Some words without the small ones at their end that lead to others: « le ministre de » before
/// a mark is « le ministre ».
pub(in crate::actor) fn closed(l: &Layers<'_>, tokens: Range<usize>) -> Range<usize> {
    let leads = |t: usize| {
        matches!(
            l.upos(t),
            Upos::Adp | Upos::Det | Upos::Cconj | Upos::Sconj | Upos::Punct | Upos::Pron
        ) && l.word(t) != ")"
    };
    let Range { mut start, mut end } = tokens;
    // « la presse samedi soir »
    let timed = l.times.iter().map(|t| t.tokens.start);
    if let Some(time) = timed.filter(|t| (start + 1..end).contains(t)).min()
        && l.upos(time - 1) != Upos::Adp
    {
        end = time;
    }
    while end > start + 1 && leads(end - 1) {
        end -= 1;
    }
    // « notamment le journal »
    while start + 1 < end && l.upos(start) == Upos::Adv {
        start += 1;
    }
    start..end
}

/// « il était sénateur », « nommé ministre »: a title that says what somebody is, and names
/// nobody itself.
fn is_predicative(cast: &Cast, l: &Layers<'_>, head: usize, end: usize) -> bool {
    let has = |relation: Deprel| l.children_by(head, &[relation]).next().is_some();
    let named = l.tokens.get(end).is_some_and(|t| t.kind == TokenKind::Word)
        && is_capital(l, end)
        && l.upos(end) == Upos::Propn;
    if has(Deprel::Cop) {
        return true;
    }
    let bare = !has(Deprel::Det) && !named && !cast.rules.is_contracted(l, head);
    bare && matches!(
        l.deprel(head),
        Deprel::Xcomp
            | Deprel::Obl
            | Deprel::Nmod
            | Deprel::Obj
            | Deprel::Advcl
            | Deprel::Dep
    )
}

/// « l'ancien président nigérian »: the one who was named before and is listed with that
/// office, in the past.
fn former_holder(
    cast: &Cast,
    l: &Layers<'_>,
    rank: Option<&str>,
    country: Option<&str>,
    former: bool,
    head: usize,
) -> Option<usize> {
    let (rank, class) = (rank?, cast.rules.leader?);
    // Without a country, only what the title itself says is past tells of somebody.
    if country.is_none() && !former {
        return None;
    }
    let person = |name: &str| {
        let is = |v: &Value| v.get("name").and_then(Value::text) == Some(name);
        l.pack.values(class).iter().position(is)
    };
    (0..cast.actors.len()).rev().find(|&a| {
        let actor = &cast.actors[a];
        actor.merged.is_none()
            && actor.kind == ActorKind::Person
            && country.is_none_or(|c| actor.country.as_deref() == Some(c))
            && actor.mentions.iter().any(|m| m.head < head)
            && actor.country.as_deref().is_some_and(|country| {
                person(&actor.name).is_some_and(|p| {
                    cast.rules.holders(l).was(p, rank, country, &cast.dct)
                })
            })
    })
}

/// « la cheffe de l'État » after « la présidente tanzanienne »: the last one named who holds an
/// office of the same rank in a country that is known.
fn same_rank(
    cast: &Cast,
    l: &Layers<'_>,
    rank: Option<&str>,
    country: Option<&str>,
    complement: bool,
) -> Option<usize> {
    let (rank, holders) = (rank?, cast.rules.holders(l));
    (0..cast.actors.len()).rev().filter(|_| !complement).find(|&a| {
        let actor = &cast.actors[a];
        let held = actor.office.as_deref().and_then(|o| holders.rank(o));
        actor.merged.is_none()
            && actor.number == Some(Number::Sing)
            && actor.country.is_some()
            && country.is_none_or(|c| actor.country.as_deref() == Some(c))
            && held == Some(rank)
    })
}

/// The actor that a title stands for already.
fn same_office(
    cast: &Cast,
    office: &str,
    country: Option<&str>,
    plural: bool,
    complement: bool,
    name: &str,
) -> Option<usize> {
    let wanted = if plural { Number::Plur } else { Number::Sing };
    (0..cast.actors.len()).rev().find(|&a| {
        let actor = &cast.actors[a];
        let same = actor.office.as_deref().is_some_and(|held| {
            // « le ministre » after « le ministre des Affaires étrangères »
            held == office
                || !plural
                    && !complement
                    && country.is_none()
                    && held.strip_prefix(office).is_some_and(|rest| rest.starts_with(' '))
        });
        if actor.merged.is_some() || !same {
            return false;
        }
        if plural || actor.number == Some(Number::Plur) {
            return actor.number == Some(wanted) && actor.name == name;
        }
        match (country, actor.country.as_deref()) {
            (Some(a), Some(b)) => a == b,
            // « le ministre » after « le ministre russe »; but « le maire de Lyon » is not
            // « le maire de Nice ».
            (None, _) => !complement || fold(&actor.name) == fold(name),
            (Some(_), None) => false,
        }
    })
}

/// Who held an office when the article was written, when exactly one is known to have.
fn holder_at_date(
    cast: &Cast,
    l: &Layers<'_>,
    rank: Option<&str>,
    country: Option<&str>,
) -> Option<(String, Option<String>)> {
    let (rank, country, class) = (rank?, country?, cast.rules.leader?);
    let person = cast.rules.holders(l).at(rank, country, &cast.dct)?;
    let value = l.pack.values(class).get(person)?;
    let text = |f: &str| value.get(f).and_then(Value::text).map(str::to_owned);
    Some((text("name")?, text("qid")))
}

/// The country that some words name: a demonym, a state or a capital.
pub(super) fn country_in<'l>(
    cast: &Cast,
    l: &Layers<'l>,
    tokens: Range<usize>,
) -> Option<&'l str> {
    tokens.into_iter().find_map(|t| {
        let classes = [
            cast.rules.demonym,
            cast.rules.state,
            cast.rules.capital,
            cast.rules.seat[0],
            cast.rules.seat[1],
        ];
        classes.iter().find_map(|&class| {
            let hit = l.hit(t, class)?;
            l.field(hit, "country")
        })
    })
}
