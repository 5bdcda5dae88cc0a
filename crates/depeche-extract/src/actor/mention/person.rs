//! Persons: names with their titles, surnames alone, leaders under other spellings.

use std::ops::Range;

use depeche_record::{ActorKind, MentionForm};
use depeche_rule::{Hit, Value};
use depeche_text::syntax::Deprel;
use depeche_text::{Gender, Number, TokenKind, Upos, fold};

use super::office::is_lone_surname;
use super::{LONGEST_NAME, SPELLINGS};
use crate::Layers;
use crate::actor::{Actor, Cast, Mention, holder};

/// A person's name that begins at a token: its actor and its end.
pub(super) fn person(
    cast: &mut Cast,
    l: &Layers<'_>,
    at: usize,
) -> Option<(usize, usize)> {
    if let Some(hit) = l.hit(at, cast.rules.leader) {
        let tokens = hit.start as usize..hit.end as usize;
        return Some((leader(cast, l, l.value(hit), tokens), hit.end as usize));
    }
    let title = l.hit(at, cast.rules.title).filter(|h| {
        let next = h.end as usize;
        next < l.tokens.len()
            && is_capital(l, next)
            && l.tokens[next].kind == TokenKind::Word
    });
    let start = title.map_or(at, |h| h.end as usize);
    let first = l.hit(start, cast.rules.first_name);
    if !is_capital(l, start) && !is_bound_name(l, start) {
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
        return surname(cast, l, start)
            .or_else(|| holder_by_surname(cast, l, start))
            .or_else(|| surname_with_office(cast, l, start));
    }
    if !certain
        && (!tagged
            || !looks_like_name(cast, l, start..end)
            || is_located(cast, l, start)
            || is_named_thing(cast, l, start)
            || is_body(cast, l, end - 1)
            || (start..end).any(|t| l.word(t).contains(|c: char| c.is_ascii_digit())))
    {
        return None;
    }
    let gender = gender_of(l, title, first);
    if parts > 1
        && let Some(person) = respelt(cast, l, start..end)
    {
        return Some((person, end));
    }
    Some((name(cast, l, start..end, at, gender), end))
}

/// « le ferry Reine Anne », « le quotidien The Citizen »: right behind a noun that is no person's
/// stands the name of what the noun means.
fn is_named_thing(cast: &Cast, l: &Layers<'_>, name: usize) -> bool {
    let noun = name.checked_sub(1).filter(|&t| l.upos(t) == Upos::Noun);
    noun.is_some_and(|t| !is_capital(l, t) && !cast.rules.is_person(l, t))
}

/// « à Campo Grande », « en Mauritanie »: behind a word of place, a name that no list knows is
/// nobody's.
fn is_located(cast: &Cast, l: &Layers<'_>, name: usize) -> bool {
    let ends = |t: usize| {
        l.hit(t, cast.rules.locative).is_some_and(|h| {
            // « contre », « devant », « sur » stand before people as well.
            h.end as usize == name && l.value(h).text() != Some("ground")
        })
    };
    (name.saturating_sub(3)..name).any(ends)
}

pub(super) fn is_capital(l: &Layers<'_>, token: usize) -> bool {
    l.word(token).starts_with(char::is_uppercase)
}

/// « al-Rob », « ben-Haïm »: a particle that a hyphen binds to a name.
fn is_bound_name(l: &Layers<'_>, token: usize) -> bool {
    let word = l.word(token);
    let bound = word.split_once('-').is_some_and(|(particle, name)| {
        particle.starts_with(char::is_lowercase) && name.starts_with(char::is_uppercase)
    });
    bound && matches!(l.upos(token), Upos::Propn | Upos::X | Upos::Noun | Upos::Pron)
}

pub(super) fn is_acronym(l: &Layers<'_>, token: usize) -> bool {
    let word = l.word(token);
    word.chars().count() > 1 && word.chars().all(char::is_uppercase)
}

/// The end of a run of capitals, particles between them allowed.
fn name_end(cast: &Cast, l: &Layers<'_>, start: usize) -> usize {
    let sentence = l.sentence(start);
    let mut end = start + 1;
    while end < sentence.end && end - start < LONGEST_NAME {
        // « le directeur d'EFI Michel Dupont »: a name begins behind an acronym.
        if is_acronym(l, end - 1) && l.hit(end, cast.rules.first_name).is_some() {
            break;
        }
        let joined = l.tokens[end].kind == TokenKind::Word;
        if joined
            && (is_capital(l, end) || is_bound_name(l, end))
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
        // « François de Rugy », but « Dupont de la CGT », « Hollande et la France »; behind a first
        // name the parser may take the rest for a complement.
        let place = cast.rules.place.iter().any(|&class| l.hit(next, class).is_some());
        let given = end == start + 1 && l.hit(start, cast.rules.first_name).is_some();
        let tied = l.deprel(next) == Deprel::Flat
            || given && l.deprel(next) == Deprel::Nmod && !place;
        let name = is_capital(l, next)
            && l.tokens[next].kind == TokenKind::Word
            && l.upos(next) == Upos::Propn
            && tied
            && !is_body(cast, l, next);
        if !name {
            break;
        }
        end = next + 1;
    }
    end
}

pub(super) fn is_calendar(cast: &Cast, l: &Layers<'_>, token: usize) -> bool {
    l.hit(token, cast.rules.weekday).is_some() || l.hit(token, cast.rules.month).is_some()
}

pub(super) fn is_body(cast: &Cast, l: &Layers<'_>, token: usize) -> bool {
    let r = &cast.rules;
    let classes = [r.organisation[0], r.media, r.seat[0], r.state, r.capital];
    l.words.hits_at(token).iter().any(|h| classes.contains(&Some(h.class)))
}

/// Two or more capitals that no list knows: a person when they are told like one, by an office
/// beside them or by standing as the subject of a verb; short all-capitals are a body.
fn looks_like_name(cast: &Cast, l: &Layers<'_>, tokens: Range<usize>) -> bool {
    let shouted = tokens.clone().all(|t| l.word(t).chars().all(|c| !c.is_lowercase()));
    // « Oddo BHF »
    if shouted || tokens.len() < 2 || is_acronym(l, tokens.end - 1) {
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

/// Whether an actor goes by a surname: that of the lists, or as the article spells it
/// (« Zelenskyy »).
fn answers_to(cast: &Cast, l: &Layers<'_>, actor: usize, surname: &str) -> bool {
    let actor = &cast.actors[actor];
    let spelt = |m: &Mention| {
        m.form == MentionForm::Name && fold(l.word(m.tokens.end - 1)) == surname
    };
    actor.merged.is_none()
        && actor.surname.as_deref().is_some_and(|known| {
            known == surname || actor.mentions.iter().take(SPELLINGS).any(spelt)
        })
}

/// A surname alone: somebody who was named in full.
pub(super) fn surname(
    cast: &mut Cast,
    l: &Layers<'_>,
    at: usize,
) -> Option<(usize, usize)> {
    let folded = fold(l.word(at));
    // Of a couple, the one of whom the article speaks more.
    let named = (0..cast.actors.len()).filter(|&a| answers_to(cast, l, a, &folded));
    let actor = named.max_by_key(|&a| (cast.actors[a].mentions.len(), a))?;
    let tokens = at..at + 1;
    let head = l.head_of(&tokens);
    cast.mention(actor, Mention { tokens, head, form: MentionForm::Name });
    Some((actor, at + 1))
}

/// « B. Obama » for « Barack Obama »: an initial and the same surname.
fn is_initial_of(short: &str, full: &str) -> bool {
    let Some((initial, rest)) = short.split_once('.') else { return false };
    let mut letters = initial.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return false };
    full.starts_with(letter)
        && full.split_once(' ').is_some_and(|(_, last)| last == rest.trim())
}

/// « Jenni Hermoso » for « Jennifer Hermoso »: the beginning of a first name and the same surname.
fn is_short_of(short: &str, full: &str) -> bool {
    let parts = |name: &'_ str| -> Option<(String, String)> {
        let (first, last) = name.split_once(' ')?;
        Some((first.to_owned(), last.to_owned()))
    };
    let (Some((short, a)), Some((full, b))) = (parts(short), parts(full)) else {
        return false;
    };
    a == b && short.chars().count() >= SHORT_NAME && full.starts_with(&short)
}

/// The shortest form of a first name, in letters: « Ben », « Tom ».
const SHORT_NAME: usize = 3;

/// A name, with the title from `first` on, and who bears it.
pub(super) fn name(
    cast: &mut Cast,
    l: &Layers<'_>,
    tokens: Range<usize>,
    first: usize,
    gender: Option<Gender>,
) -> usize {
    let text = l.text_of(&tokens).split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = fold(&text);
    let last = fold(l.word(tokens.end - 1));
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
        !other
            && (name == folded
                || parts == 1
                || name.split(' ').count() == 1
                || is_initial_of(&folded, &name)
                || is_initial_of(&name, &folded)
                || is_short_of(&folded, &name)
                || is_short_of(&name, &folded))
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
    // « Mme Garnier »: the title is part of the mention, and may be what the rest hangs on.
    let tokens = first..tokens.end;
    let head = l.head_of(&tokens);
    cast.mention(actor, Mention { tokens, head, form: MentionForm::Name });
    actor
}

/// « le président Obama »: one of that surname who is listed with such an office.
pub(super) fn titled_surname(
    cast: &mut Cast,
    l: &Layers<'_>,
    at: usize,
    title: usize,
) -> Option<(usize, usize)> {
    let alone = l.tokens.get(at + 1).is_none_or(|t| t.kind != TokenKind::Word)
        || !is_capital(l, at + 1);
    if !alone || !is_capital(l, at) || l.tokens[at].kind != TokenKind::Word {
        return None;
    }
    let folded = fold(l.word(at));
    let named = |a: &Actor| a.merged.is_none() && a.surname.as_deref() == Some(&folded);
    if cast.actors.iter().any(named) {
        return surname(cast, l, at);
    }
    let actor = &cast.actors[cast.root(title)];
    let values = l.pack.values(cast.rules.leader?);
    let country = actor.country.as_deref();
    let office = actor.office.as_deref()?;
    let person = cast.rules.holders(l).titled(values, &folded, office, country);
    if let Some(person) = person {
        return Some((leader(cast, l, &values[person], at..at + 1), at + 1));
    }
    // « le président Simon », whoever that is.
    let right_behind = at > 0 && l.word(at - 1) != "," && is_lone_surname(cast, l, at);
    right_behind.then(|| (name(cast, l, at..at + 1, at, None), at + 1))
}

/// « Garnier, le président du comité »: a surname that only its office tells to be somebody.
fn surname_with_office(
    cast: &mut Cast,
    l: &Layers<'_>,
    at: usize,
) -> Option<(usize, usize)> {
    let comma = l.tokens.get(at + 1).is_some() && l.word(at + 1) == ",";
    let follows =
        |t: usize| l.tokens.get(t).is_some() && l.hit(t, cast.rules.office).is_some();
    let office = follows(at + 2)
        || l.tokens.get(at + 2).is_some()
            && l.upos(at + 2) == Upos::Det
            && follows(at + 3);
    // « À New York, le secrétaire général »
    let part = at > 0 && is_capital(l, at - 1) && l.upos(at - 1) == Upos::Propn
        || is_located(cast, l, at);
    let found = comma && office && !part && is_lone_surname(cast, l, at);
    found.then(|| (name(cast, l, at..at + 1, at, None), at + 1))
}

/// « Volodymyr Zelenskyy »: somebody in office whom the lists spell otherwise, unless the article
/// has named the bearer before.
fn respelt(cast: &mut Cast, l: &Layers<'_>, tokens: Range<usize>) -> Option<usize> {
    let text = l.text_of(&tokens).split_whitespace().collect::<Vec<_>>().join(" ");
    let values = l.pack.values(cast.rules.leader?);
    let person = cast.rules.holders(l).respelt(values, &text, &cast.dct)?;
    Some(leader(cast, l, &values[person], tokens))
}

/// « Poutine »: the only one of that surname, while in a high office.
fn holder_by_surname(
    cast: &mut Cast,
    l: &Layers<'_>,
    at: usize,
) -> Option<(usize, usize)> {
    let governed = l.children_by(at, &[Deprel::Det]).next().is_some();
    if governed || l.upos(at) != Upos::Propn || is_body(cast, l, at) {
        return None;
    }
    let values = l.pack.values(cast.rules.leader?);
    let last = fold(l.word(at));
    let person = cast.rules.holders(l).known_by_surname(values, &last, &cast.dct)?;
    Some((leader(cast, l, &values[person], at..at + 1), at + 1))
}

/// Somebody that the lists know.
pub(super) fn leader(
    cast: &mut Cast,
    l: &Layers<'_>,
    known: &Value,
    tokens: Range<usize>,
) -> usize {
    let field = |f: &str| known.get(f).and_then(Value::text);
    let name = field("name").unwrap_or_default().to_owned();
    let key = format!("person:{}", fold(&name));
    let head = l.head_of(&tokens);
    let qid = field("qid").map(str::to_owned);
    // A title may have told already who it is: « le président français ».
    let same = cast.actors.iter().position(|a| {
        a.merged.is_none()
            && (a.key == key
                || a.kind == ActorKind::Person && a.name == name && a.qid == qid)
    });
    let actor = same.unwrap_or_else(|| {
        let gender = match field("gender") {
            Some("m") => Some(Gender::Masc),
            Some("f") => Some(Gender::Fem),
            _ => None,
        };
        let office = holder::office_at(known, &cast.dct).map(str::to_owned);
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
