//! Which words name somebody? Names, titles, metonyms and nouns, in the order of the text.

use std::ops::Range;

use depeche_record::{ActorKind, MentionForm};
use depeche_rule::{Hit, Value};
use depeche_text::syntax::Deprel;
use depeche_text::{Gender, Number, TokenKind, Upos, VerbForm, fold};

use super::{Actor, Cast, Mention, holder};
use crate::Layers;

/// The longest name, in tokens.
const LONGEST_NAME: usize = 7;

/// The longest complement of a title, in tokens: « chargé des questions politiques ».
const LONGEST_COMPLEMENT: usize = 14;

/// How many mentions of an actor are asked for the spelling of its surname.
const SPELLINGS: usize = 4;

/// The last of the sentences that open an article.
const OPENING: usize = 2;

/// In how many sentences a name takes up a title.
const TAKEN_UP: usize = 2;

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
        let titled = office
            .filter(|&(_, until)| beside(l, until, at))
            .and_then(|(title, _)| titled_surname(cast, l, at, title));
        if let Some((actor, end)) = titled.or_else(|| person(cast, l, at)) {
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
    generic_nouns(cast, l);
    cataphora(cast, l);
}

/// « le quotidien Libération »: a generic noun before the name of a body is that body.
fn generic_nouns(cast: &mut Cast, l: &Layers<'_>) {
    for head in 0..l.tokens.len() {
        let Some(noun) = cast.at(head) else { continue };
        if l.hit(head, cast.rules.hypernym).is_none()
            || !matches!(
                cast.actors[noun].kind,
                ActorKind::Organisation | ActorKind::Media | ActorKind::Group
            )
            || cast.actors[noun].why != "description"
            || cast.actors[noun].mentions.first().is_none_or(|m| m.head != head)
        {
            continue;
        }
        let mut beside =
            l.children_by(head, &[Deprel::Appos, Deprel::Flat, Deprel::Nmod]);
        let named = beside.find_map(|c| {
            let close = c > head
                && c < head + 4
                && l.children_by(c, &[Deprel::Case]).next().is_none()
                && l.word(c - 1) != ",";
            cast.at(c).filter(|&a| close && cast.actors[a].key.starts_with("known:"))
        });
        if let Some(named) = named.filter(|&named| named != noun) {
            cast.join(named, noun);
        }
    }
}

/// « Le ministre du Redressement a dit … Jean Dupont reconnaît … »: a title that opens the article,
/// and the only name that takes its part up in the sentences behind.
fn cataphora(cast: &mut Cast, l: &Layers<'_>) {
    let subject = |m: &Mention| matches!(l.deprel(m.head), Deprel::Nsubj | Deprel::Root);
    let first = |cast: &Cast, a: usize| cast.actors[a].mentions.first().cloned();
    let titles: Vec<usize> = (0..cast.actors.len())
        .filter(|&a| {
            let actor = &cast.actors[a];
            actor.merged.is_none()
                && actor.why == "title"
                && actor.kind == ActorKind::Person
                && actor.surname.is_none()
        })
        .collect();
    let opens = |cast: &Cast, a: usize| {
        first(cast, a).filter(|m| {
            l.sentence_index(m.head) <= OPENING
                && l.deprel(m.head) == Deprel::Nsubj
                && cast.is_definite(l, m.head)
        })
    };
    for &title in &titles {
        let Some(told) = opens(cast, title) else { continue };
        let from = l.sentence_index(told.head);
        let near = |m: &Mention| {
            let at = l.sentence_index(m.head);
            (from + 1..=from + TAKEN_UP).contains(&at)
        };
        // Another title in the same part of the text may be meant as well.
        let other = titles.iter().any(|&t| {
            t != title
                && first(cast, t).is_some_and(|m| {
                    l.sentence_index(m.head) <= from + TAKEN_UP && subject(&m)
                })
        });
        let mut names = (0..cast.actors.len()).filter(|&a| {
            let actor = &cast.actors[a];
            let gender = actor.gender.zip(cast.actors[title].gender);
            actor.merged.is_none()
                && actor.kind == ActorKind::Person
                && actor.surname.is_some()
                && first(cast, a)
                    .is_some_and(|m| near(&m) || l.sentence_index(m.head) <= from)
                && gender.is_none_or(|(a, b)| a == b)
        });
        let (Some(name), None) = (names.next(), names.next()) else { continue };
        let taken = first(cast, name).is_some_and(|m| {
            near(&m)
                && l.deprel(m.head) == Deprel::Nsubj
                && m.tokens.len() > 1
                && m.form == MentionForm::Name
                && l.tokens.get(m.tokens.end).is_some_and(|t| t.kind == TokenKind::Word)
        });
        if !other && taken && cast.actors[name].office.is_none() {
            cast.join(name, title);
            let name = cast.root(name);
            cast.actors[name].why = "cataphora";
        }
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
    let until = behind_participle(l, until, at);
    at >= until
        && at - until <= 2
        && (until..at).all(|t| {
            // « le porte-parole, le colonel Jean Dupont »
            l.word(t) == ","
                || l.upos(t) == Upos::Det && t > until
                || l.words
                    .hits_at(t)
                    .iter()
                    .any(|h| l.pack.class_name(h.class) == "title")
        })
}

/// « le vice-ministre chargé des questions politiques, Jean Dupont »: the end of what a participle
/// adds to a title, when a comma and a name follow.
fn behind_participle(l: &Layers<'_>, until: usize, name: usize) -> usize {
    let adds = |t: usize| {
        l.morph(t).verb == Some(VerbForm::PartPast) && l.deprel(t) == Deprel::Acl
    };
    let comma = name.checked_sub(1).filter(|&t| l.word(t) == ",");
    match comma {
        Some(comma)
            if until < comma
                && comma - until <= LONGEST_COMPLEMENT
                && adds(until)
                && (until + 1..comma).all(|t| {
                    !(l.is_punct(t) || l.upos(t) == Upos::Verb && l.is_finite(t))
                }) =>
        {
            comma
        }
        _ => until,
    }
}

// --- persons

/// A person's name that begins at a token: its actor and its end.
fn person(cast: &mut Cast, l: &Layers<'_>, at: usize) -> Option<(usize, usize)> {
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
        return surname(cast, l, start)
            .or_else(|| holder_by_surname(cast, l, start))
            .or_else(|| surname_with_office(cast, l, start));
    }
    if !certain
        && (!tagged
            || !looks_like_name(cast, l, start..end)
            || is_located(cast, l, start)
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

fn is_capital(l: &Layers<'_>, token: usize) -> bool {
    l.word(token).starts_with(char::is_uppercase)
}

fn is_acronym(l: &Layers<'_>, token: usize) -> bool {
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
fn surname(cast: &mut Cast, l: &Layers<'_>, at: usize) -> Option<(usize, usize)> {
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

/// A name, with the title from `first` on, and who bears it.
fn name(
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
                || is_initial_of(&name, &folded))
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
fn titled_surname(
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
fn leader(cast: &mut Cast, l: &Layers<'_>, known: &Value, tokens: Range<usize>) -> usize {
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

// --- states, seats, organisations, media

pub(super) fn known(
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
            || leaves_title(cast, l, t, head)
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
    if country.is_none() {
        country = country_in(cast, l, end..reach);
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
                .or_else(|| former_holder(cast, l, text("rank"), country, head))
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
fn leaves_title(cast: &Cast, l: &Layers<'_>, at: usize, title: usize) -> bool {
    let timed = l.upos(at) != Upos::Adp && l.times.iter().any(|t| t.tokens.start == at);
    let governs = l.upos(at) == Upos::Adp
        && l.head(at).is_some_and(|noun| noun > at && l.head(noun) == Some(title));
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
fn is_lone_surname(cast: &Cast, l: &Layers<'_>, token: usize) -> bool {
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
pub(super) fn closed(l: &Layers<'_>, tokens: Range<usize>) -> Range<usize> {
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
