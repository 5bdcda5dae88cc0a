//! Which words name somebody? Names, titles, metonyms and nouns, in the order of the text.

use std::ops::Range;

use depeche_record::{ActorKind, MentionForm};
use depeche_rule::{Hit, Value};
use depeche_text::syntax::Deprel;
use depeche_text::{Gender, Number, TokenKind, Upos, fold};

use super::{Actor, Cast, Mention, holder};
use crate::Layers;

/// The longest name, in tokens.
const LONGEST_NAME: usize = 7;

/// Finds the mentions of a text that need no context, and joins them into actors.
pub(super) fn find(cast: &mut Cast, l: &Layers<'_>) {
    let mut at = 0;
    // The office that stands right before, waiting for its name.
    let mut office: Option<(usize, usize)> = None;
    while at < l.tokens.len() {
        if l.tokens[at].kind != TokenKind::Word {
            at += 1;
            continue;
        }
        if let Some((actor, end)) = person(cast, l, at) {
            if let Some((title, until)) = office.take()
                && beside(l, until, at)
            {
                cast.join(actor, title);
            }
            at = end;
            // « Sergueï Lavrov, chef de la diplomatie russe »
            if let Some((title, until)) = office_behind(cast, l, end) {
                cast.join(actor, title);
                at = until;
            }
            continue;
        }
        if let Some((actor, end)) = known(cast, l, at) {
            at = end;
            // « l'agence Bloomberg », « le journal russe Novaïa Gazeta » stay what they are.
            let _ = actor;
            continue;
        }
        if let Some((title, end)) = office_at(cast, l, at) {
            office = Some((title, end));
            at = end.max(at + 1).min(reach_of_office(l, at, end));
            continue;
        }
        if let Some(end) = group(cast, l, at) {
            at = end;
            continue;
        }
        at += 1;
    }
}

/// The walk goes on right behind the words of an office, so that a name inside its complement
/// is found too.
fn reach_of_office(l: &Layers<'_>, at: usize, end: usize) -> usize {
    let name = (at + 1..end)
        .find(|&t| l.word(t).starts_with(char::is_uppercase) && l.upos(t) == Upos::Propn);
    name.unwrap_or(end).max(at + 1)
}

/// Whether a name at `at` belongs to a title that ends at `until`: right behind it, or behind a
/// comma.
fn beside(l: &Layers<'_>, until: usize, at: usize) -> bool {
    at >= until
        && at - until <= 2
        && (until..at).all(|t| {
            l.word(t) == ","
                || l.words
                    .hits_at(t)
                    .iter()
                    .any(|h| l.pack.class_name(h.class) == "title")
        })
}

// --- persons

/// A person's name that begins at a token: its actor and its end.
fn person(cast: &mut Cast, l: &Layers<'_>, at: usize) -> Option<(usize, usize)> {
    if let Some(hit) = l.hit(at, cast.rules.leader) {
        return Some((leader(cast, l, hit), hit.end as usize));
    }
    let title = l.hit(at, cast.rules.title).filter(|h| {
        let next = h.end as usize;
        next < l.tokens.len()
            && is_capital(l, next)
            && l.tokens[next].kind == TokenKind::Word
    });
    let start = title.map_or(at, |h| h.end as usize);
    let first = l.hit(start, cast.rules.first_name);
    if !is_capital(l, start) {
        return None;
    }
    // A known body, and not a person of that name.
    let body = [
        cast.rules.organisation[0],
        cast.rules.media,
        cast.rules.seat[0],
        cast.rules.state,
        cast.rules.capital,
    ];
    let named = l.words.hits_at(start).iter().any(|h| body.contains(&Some(h.class)));
    // « Los Angeles »: two capitals, and yet nobody.
    let place =
        cast.rules.place.iter().any(|&class| {
            l.hit(start, class).is_some_and(|h| h.end as usize > start + 1)
        });
    if (named || place) && first.is_none() && title.is_none() {
        return None;
    }
    let end = name_end(cast, l, start);
    let parts = end - start;
    let tagged = (start..end).all(|t| {
        matches!(l.upos(t), Upos::Propn | Upos::X)
            || l.hit(t, cast.rules.particle).is_some()
            || l.hit(t, cast.rules.first_name).is_some()
    });
    let certain = title.is_some() || first.is_some() && parts > 1;
    if parts == 1 && !certain {
        return surname(cast, l, start);
    }
    if !certain && (!tagged || !looks_like_name(cast, l, start..end)) {
        return None;
    }
    let gender = gender_of(l, title, first);
    Some((name(cast, l, start..end, gender), end))
}

fn is_capital(l: &Layers<'_>, token: usize) -> bool {
    l.word(token).starts_with(char::is_uppercase)
}

/// The end of a run of capitals, particles between them allowed.
fn name_end(cast: &Cast, l: &Layers<'_>, start: usize) -> usize {
    let sentence = l.sentence(start);
    let mut end = start + 1;
    while end < sentence.end && end - start < LONGEST_NAME {
        let joined = l.tokens[end].kind == TokenKind::Word;
        if joined
            && is_capital(l, end)
            && !is_calendar(cast, l, end)
            && !matches!(
                l.upos(end),
                Upos::Det | Upos::Pron | Upos::Adp | Upos::Cconj | Upos::Adv
            )
        {
            end += 1;
            continue;
        }
        let particle = l.hit(end, cast.rules.particle).map(|h| h.end as usize);
        let Some(next) =
            particle.filter(|&n| n < sentence.end && n - start < LONGEST_NAME)
        else {
            break;
        };
        // « François de Rugy », but « Dupont de la CGT », « Hollande et la France ».
        let name = is_capital(l, next)
            && l.tokens[next].kind == TokenKind::Word
            && l.upos(next) == Upos::Propn
            && matches!(
                l.deprel(next),
                Deprel::Flat | Deprel::Compound | Deprel::Nmod | Deprel::Appos
            )
            && !is_body(cast, l, next)
            && l.deprel(next) == Deprel::Flat;
        if !name {
            break;
        }
        end = next + 1;
    }
    end
}

fn is_calendar(cast: &Cast, l: &Layers<'_>, token: usize) -> bool {
    l.hit(token, cast.rules.weekday).is_some() || l.hit(token, cast.rules.month).is_some()
}

fn is_body(cast: &Cast, l: &Layers<'_>, token: usize) -> bool {
    let r = &cast.rules;
    let classes = [r.organisation[0], r.media, r.seat[0], r.state, r.capital];
    l.words.hits_at(token).iter().any(|h| classes.contains(&Some(h.class)))
}

/// Two or more capitals that no list knows: a person when they are told like one, by an office
/// beside them or by standing as the subject of a verb; short all-capitals are a body.
fn looks_like_name(cast: &Cast, l: &Layers<'_>, tokens: Range<usize>) -> bool {
    let shouted = tokens.clone().all(|t| l.word(t).chars().all(|c| !c.is_lowercase()));
    if shouted || tokens.len() < 2 {
        return false;
    }
    let head = l.head_of(&tokens);
    let article = l.children_by(head, &[Deprel::Det]).next().is_some();
    let hyphen_only = tokens.clone().all(|t| l.word(t).len() <= 2);
    let _ = cast;
    !article
        && !hyphen_only
        && tokens.skip(1).all(|t| {
            l.deprel(t) == Deprel::Flat
                || matches!(l.upos(t), Upos::Propn | Upos::X | Upos::Adp)
        })
}

fn gender_of(l: &Layers<'_>, title: Option<Hit>, first: Option<Hit>) -> Option<Gender> {
    let letter = title
        .and_then(|h| l.field(h, "gender"))
        .filter(|g| !g.is_empty())
        .or_else(|| first.and_then(|h| l.value(h).text()));
    match letter {
        Some("m") => Some(Gender::Masc),
        Some("f") => Some(Gender::Fem),
        _ => None,
    }
}

/// A surname alone: somebody who was named in full.
fn surname(cast: &mut Cast, l: &Layers<'_>, at: usize) -> Option<(usize, usize)> {
    let folded = fold(l.word(at));
    let actor = (0..cast.actors.len()).rev().find(|&a| {
        cast.actors[a].merged.is_none()
            && cast.actors[a].surname.as_deref() == Some(&folded)
    })?;
    let tokens = at..at + 1;
    let head = l.head_of(&tokens);
    cast.mention(actor, Mention { tokens, head, form: MentionForm::Name });
    Some((actor, at + 1))
}

fn name(
    cast: &mut Cast,
    l: &Layers<'_>,
    tokens: Range<usize>,
    gender: Option<Gender>,
) -> usize {
    let text = l.text_of(&tokens).split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = fold(&text);
    let last = fold(l.word(tokens.end - 1));
    let head = l.head_of(&tokens);
    let parts = tokens.len();
    let same = (0..cast.actors.len()).find(|&a| {
        let actor = &cast.actors[a];
        if actor.merged.is_some() || actor.surname.as_deref() != Some(&last) {
            return false;
        }
        let name = fold(&actor.name);
        let genders = (actor.gender, gender);
        let other = matches!(genders, (Some(a), Some(b)) if a != b);
        // « M. Goudet » after « Olivier Goudet », and the other way round.
        !other && (name == folded || parts == 1 || name.split(' ').count() == 1)
    });
    let actor = match same {
        Some(actor) => {
            if parts > 1 && !cast.actors[actor].name.contains(' ') {
                cast.actors[actor].name = text;
            }
            actor
        }
        None => cast.add(Actor {
            name: text,
            kind: ActorKind::Person,
            country: None,
            sector: None,
            office: None,
            qid: None,
            why: "name",
            gender,
            number: Some(Number::Sing),
            surname: Some(last),
            key: format!("person:{folded}"),
            mentions: Vec::new(),
            merged: None,
        }),
    };
    if cast.actors[actor].gender.is_none() {
        cast.actors[actor].gender = gender;
    }
    cast.mention(actor, Mention { tokens, head, form: MentionForm::Name });
    actor
}

/// Somebody that the lists know by full name.
fn leader(cast: &mut Cast, l: &Layers<'_>, hit: Hit) -> usize {
    let tokens = hit.start as usize..hit.end as usize;
    let field = |f: &str| l.field(hit, f);
    let name = field("name").unwrap_or_default().to_owned();
    let key = format!("person:{}", fold(&name));
    let head = l.head_of(&tokens);
    let qid = field("qid").map(str::to_owned);
    // A title may have told already who it is: « le président français ».
    let known = cast.actors.iter().position(|a| {
        a.merged.is_none()
            && (a.key == key
                || a.kind == ActorKind::Person && a.name == name && a.qid == qid)
    });
    let actor = known.unwrap_or_else(|| {
        let gender = match field("gender") {
            Some("m") => Some(Gender::Masc),
            Some("f") => Some(Gender::Fem),
            _ => None,
        };
        let office = holder::office_at(l.value(hit), &cast.dct).map(str::to_owned);
        let text = |f: &str| field(f).map(str::to_owned);
        cast.add(Actor {
            surname: name.split(' ').next_back().map(fold),
            name,
            kind: ActorKind::Person,
            country: text("country"),
            sector: text("sector")
                .filter(|_| office.is_some() || field("from").is_none()),
            office,
            qid,
            why: "name",
            gender,
            number: Some(Number::Sing),
            key,
            mentions: Vec::new(),
            merged: None,
        })
    });
    cast.mention(actor, Mention { tokens, head, form: MentionForm::Name });
    actor
}

// --- states, seats, organisations, media

fn known(cast: &mut Cast, l: &Layers<'_>, at: usize) -> Option<(usize, usize)> {
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
pub(super) fn state_name(cast: &Cast, l: &Layers<'_>, country: &str) -> String {
    let name = state_of(cast, l, country).and_then(|v| v.get("name"));
    name.and_then(Value::text).unwrap_or(country).to_owned()
}

/// Gender and number of the name of a state.
pub(super) fn state_grammar(
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

// --- offices

/// A title right behind a name and a comma.
fn office_behind(cast: &mut Cast, l: &Layers<'_>, end: usize) -> Option<(usize, usize)> {
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
fn office_at(cast: &mut Cast, l: &Layers<'_>, at: usize) -> Option<(usize, usize)> {
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
    let plural = l.morph(head).number == Some(Number::Plur);
    if !plural && is_predicative(cast, l, head, end) {
        return None;
    }
    let phrase = l.short_phrase(head);
    let mut reach = end.max(phrase.end.min(sentence.end));
    if let Some(name) = (end..reach).find(|&t| {
        l.word(t) == ","
            || matches!(l.deprel(t), Deprel::Appos | Deprel::Flat)
                && is_capital(l, t)
                && l.upos(t) == Upos::Propn
                && l.head(t) == Some(head)
    }) {
        reach = name;
    }
    if country.is_none() {
        country = country_in(cast, l, end..reach);
    }
    let text = |f: &str| value.get(f).and_then(Value::text);
    let office = text("office").unwrap_or_default();
    let start = phrase.start.min(at);
    let tokens = l.trim(start..reach);
    let label = cast.bare(l, tokens.clone());
    let name = l.text_of(&label).split_whitespace().collect::<Vec<_>>().join(" ");
    let key = format!("office:{office}:{}", country.unwrap_or_default());
    let complement = end < reach;
    let former = (start..at).any(|t| l.hit(t, cast.rules.former).is_some())
        || value.get("former").is_some();
    let found = same_office(cast, office, country, plural, complement, &name)
        .or_else(|| former_holder(cast, l, text("rank"), country, head));
    let actor = found.unwrap_or_else(|| {
        let holder =
            holder_at_date(cast, l, text("rank"), country).filter(|_| !plural && !former);
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
    head: usize,
) -> Option<usize> {
    let (rank, country, class) = (rank?, country?, cast.rules.leader?);
    let person = |name: &str| {
        let is = |v: &Value| v.get("name").and_then(Value::text) == Some(name);
        l.pack.values(class).iter().position(is)
    };
    (0..cast.actors.len()).rev().find(|&a| {
        let actor = &cast.actors[a];
        actor.merged.is_none()
            && actor.kind == ActorKind::Person
            && actor.country.as_deref() == Some(country)
            && actor.mentions.iter().any(|m| m.head < head)
            && person(&actor.name)
                .is_some_and(|p| cast.rules.holders(l).was(p, rank, country, &cast.dct))
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
fn country_in<'l>(cast: &Cast, l: &Layers<'l>, tokens: Range<usize>) -> Option<&'l str> {
    tokens.into_iter().find_map(|t| {
        let classes = [
            cast.rules.demonym,
            cast.rules.state,
            cast.rules.capital,
            cast.rules.seat[0],
        ];
        classes.iter().find_map(|&class| {
            let hit = l.hit(t, class)?;
            l.field(hit, "country")
        })
    })
}

// --- groups

/// A collective or a body without a name: « l'armée turque », « les manifestants »; and people
/// named by their country: « les Russes ».
fn group(cast: &mut Cast, l: &Layers<'_>, at: usize) -> Option<usize> {
    if let Some(hit) = cast.rules.demonym_noun(l, at) {
        return people(cast, l, at, hit);
    }
    let hit = l.hit(at, cast.rules.group)?;
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
    let tokens = tokens.start.min(at)..tokens.end.max(hit.end as usize);
    let country = country_in(cast, l, hit.end as usize..tokens.end);
    let label = cast.bare(l, tokens.clone());
    // « le même tribunal »
    let again =
        label.clone().take_while(|&t| l.hit(t, cast.rules.again).is_some()).count();
    let label = label.start + again.min(label.len() - 1)..label.end;
    let name = l.text_of(&label).split_whitespace().collect::<Vec<_>>().join(" ");
    let noun = fold(l.word(at));
    let number = l.morph(head).number;
    let bare = label.len() <= (hit.end - hit.start) as usize;
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

fn people(cast: &mut Cast, l: &Layers<'_>, at: usize, hit: Hit) -> Option<usize> {
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
