//! Whose government is « le gouvernement »? Countries of actors that the article leaves to its
//! setting.

use std::collections::{BTreeMap, BTreeSet};

use depeche_record::ActorKind;
use depeche_rule::ClassId;
use depeche_text::Upos;
use depeche_text::syntax::Deprel;

use crate::actor::{Actor, ActorRules};
use crate::{BlockKind, Layers};

/// How often a country must be named to be the setting of an article.
const NAMED: usize = 3;

/// Which share of all namings must be its own.
const SHARE: f64 = 0.6;

/// The sectors of what stands above states or beside them.
const BEYOND: &[&str] = &["IGO", "NGO", "INT", "MNC"];

/// The sectors of PLOVER that belong to a state or to its society.
const SOCIETY: &[&str] = &[
    "COP", "GOV", "JUD", "LEG", "MIL", "PTY", "OPP", "LAB", "SPY", "EDU", "AGR", "ELI",
    "CVL", "CRM", "MED", "REB", "JRN",
];

/// Gives countries to actors that have none: by an adjective within their own words (« les
/// ouvriers français ») or, where one country is the setting of the whole article, by it.
pub fn settle(actors: &mut [Actor], rules: &ActorRules, l: &Layers<'_>) {
    let demonym = l.pack.class("demonym");
    for actor in actors.iter_mut().filter(|a| a.country.is_none()) {
        actor.country = told(actor, l, demonym);
    }
    for actor in actors.iter_mut().filter(|a| is_of_setting(a, rules, l)) {
        actor.country = set_elsewhere(actor, l);
    }
    let Some(country) = setting(actors, l) else { return };
    // « un diplomate européen » is of somewhere else, though no country is named.
    let possessive = l.pack.class("possessive");
    let owned = |a: &Actor| {
        let heads = a.mentions.iter().map(|m| m.head);
        heads
            .flat_map(|h| l.children(h))
            .any(|d| l.deprel(d) == Deprel::Det && l.hit(d, possessive).is_some())
    };
    // « Paris appelle ses ressortissants à partir »: they are not of the country of the story.
    let placed =
        |a: &Actor| owned(a) || adjectives(a, l).any(|c| l.hit(c, demonym).is_some());
    for actor in actors.iter_mut().filter(|a| is_of_setting(a, rules, l) && !placed(a)) {
        actor.country = Some(country.clone());
    }
}

/// The country that adjectives of an actor's mentions name, when they agree.
fn told(actor: &Actor, l: &Layers<'_>, demonym: Option<ClassId>) -> Option<String> {
    if matches!(actor.kind, ActorKind::State | ActorKind::Media) {
        return None;
    }
    let mut countries = adjectives(actor, l)
        .filter_map(|c| l.hit(c, demonym))
        .filter_map(|hit| l.field(hit, "country"));
    let first = countries.next()?;
    countries.all(|c| c == first).then(|| first.to_owned())
}

/// « À Berlin, un porte-parole du gouvernement a dit »: the country of the capital that opens the
/// sentence in which somebody is first spoken of.
fn set_elsewhere(actor: &Actor, l: &Layers<'_>) -> Option<String> {
    let first = actor.mentions.first()?;
    let mut at = l.sentence(first.head).start;
    let locative = ["locative", "locative-capital"].map(|class| l.pack.class(class));
    let opens = locative.iter().find_map(|&class| l.hit(at, class))?;
    at = opens.end as usize;
    let capital = l.hit(at, l.pack.class("capital")).filter(|_| at < first.head)?;
    let apart = l.tokens.get(capital.end as usize).is_some()
        && l.word(capital.end as usize) == ",";
    l.field(capital, "country").filter(|_| apart).map(str::to_owned)
}

/// The adjectives of the nouns that an actor is spoken of by.
fn adjectives<'s>(
    actor: &'s Actor,
    l: &'s Layers<'_>,
) -> impl Iterator<Item = usize> + 's {
    let nouns = actor.mentions.iter().map(|m| m.head);
    let nouns = nouns.filter(|&h| l.upos(h) == Upos::Noun);
    nouns.flat_map(|h| l.children_by(h, &[Deprel::Amod]).collect::<Vec<_>>())
}

/// The country that an article is about, if it is about one: actors of it, its name, its
/// capital and its adjective all name it, each place of the text once.
pub(crate) fn setting(actors: &[Actor], l: &Layers<'_>) -> Option<String> {
    let mut named: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for actor in actors.iter().filter(|a| a.kind != ActorKind::Media) {
        if let Some(country) = &actor.country {
            let at = actor.mentions.iter().map(|m| m.head);
            named.entry(country).or_default().extend(at);
        }
    }
    let naming = ["state", "capital", "demonym"].map(|class| l.pack.class(class));
    // « France 2 » is not France.
    let media = actors.iter().filter(|a| a.kind == ActorKind::Media);
    let media: BTreeSet<usize> =
        media.flat_map(|a| a.mentions.iter().flat_map(|m| m.tokens.clone())).collect();
    for token in (0..l.tokens.len()).filter(|t| !media.contains(t)) {
        let hit = naming.iter().find_map(|&class| l.hit(token, class));
        if let Some(country) = hit.and_then(|hit| l.field(hit, "country")) {
            named.entry(country).or_default().insert(token);
        }
    }
    let all: usize = named.values().map(BTreeSet::len).sum();
    let most = named.iter().map(|(country, at)| (at.len(), *country)).max();
    let about = most
        .filter(|&(most, _)| most >= NAMED && most as f64 >= SHARE * all as f64)
        .map(|(_, country)| country);
    // « PARIS, 3 juin »: at home a country is seldom named, so that another one may be named
    // more often; of two only chance would tell.
    match (dateline(l), about) {
        (Some(home), Some(about)) if home != about => None,
        (Some(home), None) => {
            let own = named.get(home).map_or(0, BTreeSet::len);
            (all <= 2 * own).then(|| home.to_owned())
        }
        (_, about) => about.map(str::to_owned),
    }
}

/// The country of the place in the dateline.
fn dateline<'l>(l: &Layers<'l>) -> Option<&'l str> {
    let classes = ["state", "capital", "region"].map(|class| l.pack.class(class));
    let lines = l.blocks.iter().filter(|b| b.kind == BlockKind::Dateline);
    lines.flat_map(|b| b.tokens.clone()).find_map(|t| {
        let mut hits = classes.iter().filter_map(|&class| l.hit(t, class));
        hits.find_map(|hit| l.field(hit, "country"))
    })
}

/// Whether an actor is left to the setting: a body or a group of no country, not a named person
/// about whom nothing is known.
fn is_of_setting(actor: &Actor, rules: &ActorRules, l: &Layers<'_>) -> bool {
    let sector = actor.sector.as_deref();
    actor.country.is_none()
        && match actor.kind {
            ActorKind::Government => {
                actor.mentions.first().is_none_or(|m| !rules.means_states(l, m.head))
            }
            ActorKind::Group => {
                // « les Occidentaux » have a name, and it is no country's.
                let first = actor.mentions.first().map_or("", |m| l.word(m.head));
                let named = first.starts_with(char::is_uppercase);
                // « les informations », « une quinzaine de pays » are of no country.
                let head = actor.mentions.first().map(|m| m.head);
                let people = head
                    .is_none_or(|h| rules.may_speak(l, h) && !rules.means_states(l, h));
                !named && people && sector.is_none_or(|s| !BEYOND.contains(&s))
            }
            ActorKind::Organisation | ActorKind::Person => {
                sector.is_some_and(|s| SOCIETY.contains(&s))
            }
            _ => false,
        }
}
