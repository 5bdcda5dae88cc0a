//! Which words name somebody? Names, titles, metonyms and nouns, in the order of the text.

mod group;
mod known;
mod office;
mod person;

use depeche_record::{ActorKind, MentionForm};
use depeche_text::syntax::Deprel;
use depeche_text::{TokenKind, Upos, VerbForm};

pub(super) use self::known::{known, state_grammar, state_name};
pub(super) use self::office::closed;

use self::group::group;
use self::office::{office_at, office_behind};
use self::person::{person, titled_surname};
use super::{Cast, Mention};
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
            .filter(|&(title, until)| {
                beside(cast, l, until, at) && !cast.is_plural(title)
            })
            .and_then(|(title, _)| titled_surname(cast, l, at, title));
        if let Some((actor, end)) = titled.or_else(|| person(cast, l, at)) {
            match office.take() {
                Some((title, until)) if beside(cast, l, until, at) => {
                    cast.join(actor, title);
                }
                // « l'avocate de Marie Dupont, Anne Leroy »: the first name is part of the title.
                Some((title, until)) if at < until && end <= until => {
                    office = Some((title, until));
                }
                _ => {}
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
fn beside(cast: &Cast, l: &Layers<'_>, until: usize, at: usize) -> bool {
    let until = behind_complement(cast, l, until, at);
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

/// « le vice-ministre chargé des questions politiques, Jean Dupont »: the end of what a participle or
/// a complement adds to a title, when a comma and a name follow.
fn behind_complement(cast: &Cast, l: &Layers<'_>, until: usize, name: usize) -> usize {
    // « la ministre déléguée au Commerce, Anne Weber »
    let complement = |t: usize| {
        l.upos(t) == Upos::Adp
            && l.deprel(name) == Deprel::Appos
            && cast.rules.title_complement.is_some_and(|c| l.words.hit(t, c).is_some())
    };
    let adds = |t: usize| {
        l.morph(t).verb == Some(VerbForm::PartPast) && l.deprel(t) == Deprel::Acl
            || complement(t)
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
