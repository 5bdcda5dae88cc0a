//! Which of the places of that name? What the text says beside it, the countries that the
//! article speaks of, and size, in this order.

use std::collections::BTreeMap;

use depeche_rule::Value;

use super::name::{Candidate, Name, Names};
use super::{Evidence, Place, PlaceKind};
use crate::actor::Actor;
use depeche_text::fold_plain;

/// A city of so many thousands needs no country beside it, if it is the only one.
const LARGE: u32 = 100;
/// A city is meant before its namesakes when it is so many thousands large,
const GREAT: u32 = 300;
/// and so many times as large as the next.
const MUCH: u32 = 10;
/// What is meant when nothing else is said counts as so many mentions of its country.
const USUAL: u32 = 2;

/// Countries that an article speaks of, and how often under which word.
#[derive(Default)]
struct Context<'a> {
    counts: BTreeMap<&'a str, BTreeMap<String, u32>>,
}

impl<'a> Context<'a> {
    fn add(&mut self, country: &'a str, word: String) {
        *self.counts.entry(country).or_default().entry(word).or_default() += 1;
    }

    /// How often a country is spoken of, by other words than one.
    fn of(&self, country: Option<&str>, but: &str) -> u32 {
        let words = country.and_then(|c| self.counts.get(c));
        words.map_or(0, |w| w.iter().filter(|(w, _)| *w != but).map(|(_, n)| n).sum())
    }
}

/// Decides which place each name means.
pub(super) fn resolve(
    names: &Names<'_>,
    found: &[Name<'_>],
    actors: &[Actor],
) -> Vec<Place> {
    let parents = parents(names, found);
    let context = context(names, found, actors);
    // What a name means once in an article it means throughout.
    let mut told: BTreeMap<String, &Candidate<'_>> = BTreeMap::new();
    for (name, parent) in found.iter().zip(&parents) {
        if let Some(parent) = parent {
            told.entry(word(names, name)).or_insert(parent);
        }
    }
    let place = |name: &Name<'_>| {
        let own = word(names, name);
        let parent = told.get(&own).copied();
        let (chosen, sense) = choose(names, name, parent, &context, &own);
        place(names, name, chosen.as_ref(), sense)
    };
    found.iter().map(place).collect()
}

/// A name as it is compared.
fn word(names: &Names<'_>, name: &Name<'_>) -> String {
    fold_plain(names.l.text_of(&name.tokens))
}

/// The country or region that the next name puts each in: « Valence, en Espagne ».
fn parents<'n, 'a>(
    names: &Names<'_>,
    found: &'n [Name<'a>],
) -> Vec<Option<&'n Candidate<'a>>> {
    let mut parents: Vec<Option<&Candidate<'a>>> = found
        .windows(2)
        .map(|pair| {
            let (name, next) = (&pair[0], &pair[1]);
            names.tells_parent(name, next).then(|| {
                let large = |c: &&Candidate<'_>| {
                    c.listed
                        && matches!(c.kind, PlaceKind::Country | PlaceKind::Region)
                        && name.candidates.iter().any(|n| n.country == c.country)
                };
                next.candidates.iter().find(large)
            })?
        })
        .collect();
    parents.push(None);
    parents
}

/// The countries that the article speaks of: by names with one country, by adjectives, and by
/// the actors it knows.
fn context<'a>(
    names: &Names<'a>,
    found: &[Name<'a>],
    actors: &'a [Actor],
) -> Context<'a> {
    let mut context = Context::default();
    for name in found {
        let listed: Vec<_> = name.candidates.iter().filter(|c| c.listed).collect();
        let Some(first) = listed.first().and_then(|c| c.country) else { continue };
        if listed.iter().all(|c| c.country == Some(first)) {
            context.add(first, word(names, name));
        }
    }
    let demonyms = names.rules.demonym.map(|class| names.l.words.hits_of(class));
    for hit in demonyms.into_iter().flatten() {
        let value = names.l.value(hit);
        if let Some(country) = value.get("country").and_then(Value::text) {
            let tokens = hit.start as usize..hit.end as usize;
            context.add(country, fold_plain(names.l.text_of(&tokens)));
        }
    }
    for actor in actors {
        if let Some(country) = &actor.country {
            for mention in &actor.mentions {
                context.add(country, fold_plain(names.l.text_of(&mention.tokens)));
            }
        }
    }
    context
}

/// The place that a name means, and what decided; none when nothing does.
fn choose<'n, 'a>(
    names: &Names<'_>,
    name: &'n Name<'a>,
    parent: Option<&Candidate<'_>>,
    context: &Context<'_>,
    own: &str,
) -> (Option<Candidate<'a>>, String) {
    let mut all: Vec<&'n Candidate<'a>> = name.candidates.iter().collect();
    if let Some(parent) = parent {
        let inside: Vec<_> =
            all.iter().copied().filter(|c| c.country == parent.country).collect();
        let best = match parent.point {
            Some(point) => nearest(&inside, point),
            None => largest(&inside),
        };
        if let Some(best) = best {
            let country = parent.country.unwrap_or_default();
            let why = format!("the text says that it lies in {country}");
            return (Some(best.clone()), why);
        }
    }
    all = without_powers(all);
    all = names.fitting(name, all);
    let listed: Vec<_> = all.iter().copied().filter(|c| c.listed).collect();
    match listed.len() {
        0 => among_cities(&all, context, own),
        1 => (Some(listed[0].clone()), "the only one that is listed".into()),
        _ => among_listed(&listed, context, own),
    }
}

/// What the lists have as a state or its capital and as a region too is the region here; what
/// is disputed is nobody's capital.
fn without_powers<'n, 'a>(mut all: Vec<&'n Candidate<'a>>) -> Vec<&'n Candidate<'a>> {
    let regions = all.iter().filter(|c| c.kind == PlaceKind::Region && c.usual);
    let countries: Vec<_> = regions.map(|c| (c.disputed, c.country)).collect();
    all.retain(|c| match c.kind {
        PlaceKind::Country => {
            countries.iter().all(|&(disputed, country)| !disputed && country != c.country)
        }
        PlaceKind::City => countries.iter().all(|&(disputed, _)| !disputed),
        _ => true,
    });
    all
}

/// The one whose point lies nearest to that of a region: « Manchester, dans le New Hampshire ».
fn nearest<'n, 'a>(
    candidates: &[&'n Candidate<'a>],
    (lat, lon): (f64, f64),
) -> Option<&'n Candidate<'a>> {
    let far = |c: &Candidate<'_>| {
        let (y, x) = c.point.unwrap_or((f64::MAX, f64::MAX));
        let east = (x - lon) * lat.to_radians().cos();
        (y - lat).hypot(east)
    };
    candidates.iter().copied().min_by(|a, b| far(a).total_cmp(&far(b)))
}

fn largest<'n, 'a>(candidates: &[&'n Candidate<'a>]) -> Option<&'n Candidate<'a>> {
    let rank = |c: &&&Candidate<'_>| (c.listed, c.thousands);
    candidates.iter().rev().max_by_key(rank).copied()
}

/// Georgia or Géorgie, Tripoli or Tripoli: the article must speak of one of the countries more
/// than of the others.
fn among_listed<'a>(
    listed: &[&Candidate<'a>],
    context: &Context<'_>,
    own: &str,
) -> (Option<Candidate<'a>>, String) {
    let score =
        |c: &Candidate<'_>| context.of(c.country, own) + if c.usual { USUAL } else { 0 };
    let mut ranked: Vec<(u32, &Candidate<'a>)> =
        listed.iter().map(|&c| (score(c), c)).collect();
    ranked.sort_by_key(|(score, c)| {
        (std::cmp::Reverse(*score), std::cmp::Reverse(c.usual))
    });
    let (best, first) = ranked[0];
    let (next, second) = ranked[1];
    let same = first.country.is_some() && first.country == second.country;
    if same || best > next.max(1) * 2 - 1 || first.usual && best == USUAL && next == 0 {
        let country = first.country.unwrap_or("no country");
        let why = if context.of(first.country, own) > 0 {
            format!("the article speaks of {country}")
        } else {
            "what it means where nothing else is said".into()
        };
        return (Some(first.clone()), why);
    }
    let countries: Vec<&str> = listed.iter().filter_map(|c| c.country).collect();
    (None, format!("not told: in {}", countries.join(" or ")))
}

/// Cities that only the table knows.
fn among_cities<'a>(
    cities: &[&Candidate<'a>],
    context: &Context<'_>,
    own: &str,
) -> (Option<Candidate<'a>>, String) {
    let mut by_country: BTreeMap<&str, Vec<&Candidate<'a>>> = BTreeMap::new();
    for &city in cities {
        by_country.entry(city.country.unwrap_or_default()).or_default().push(city);
    }
    let mut spoken: Vec<(u32, &str)> = by_country
        .keys()
        .map(|&country| (context.of(Some(country), own), country))
        .filter(|(count, _)| *count > 0)
        .collect();
    spoken.sort_unstable_by(|a, b| b.cmp(a));
    let next = spoken.get(1).map_or(0, |(count, _)| *count);
    if let Some(&(best, country)) = spoken.first()
        && best >= next * 2
        && best > next
    {
        return within(&by_country[country], country);
    }
    let mut sizes: Vec<&Candidate<'a>> = cities.to_vec();
    sizes.sort_by_key(|c| std::cmp::Reverse(c.thousands));
    if let [first, rest @ ..] = sizes.as_slice() {
        let next = rest.first().map_or(0, |c| c.thousands);
        if rest.is_empty() && first.thousands >= LARGE {
            return (Some((*first).clone()), "the only large city of that name".into());
        }
        if first.thousands >= GREAT && first.thousands >= next * MUCH {
            return (Some((*first).clone()), "much the largest of that name".into());
        }
    }
    let countries: Vec<&str> = by_country.keys().copied().take(6).collect();
    (None, format!("not told: a city of that name lies in {}", countries.join(", ")))
}

/// The city of a country that the article speaks of: with its point when there is one, or one
/// much larger than its namesakes.
fn within<'a>(
    cities: &[&Candidate<'a>],
    country: &str,
) -> (Option<Candidate<'a>>, String) {
    let mut sizes: Vec<&Candidate<'a>> = cities.to_vec();
    sizes.sort_by_key(|c| std::cmp::Reverse(c.thousands));
    let mut best = sizes[0].clone();
    let why = format!("the article speaks of {country}");
    if sizes.get(1).is_some_and(|c| c.thousands * 2 > best.thousands) {
        best.geonames = None;
        best.point = None;
        return (Some(best), format!("{why}, which has several of that name"));
    }
    (Some(best), why)
}

fn place(
    names: &Names<'_>,
    name: &Name<'_>,
    told: Option<&Candidate<'_>>,
    sense: String,
) -> Place {
    let written = written(names.l.text_of(&name.tokens));
    let kinds = || {
        let first = name.candidates.first()?.kind;
        name.candidates.iter().all(|c| c.kind == first).then_some(first)
    };
    Place {
        tokens: name.tokens.clone(),
        head: name.head,
        name: told.and_then(|c| c.name).map_or(written, str::to_owned),
        kind: told.map_or_else(kinds, |c| Some(c.kind)),
        country: told
            .filter(|c| !c.disputed || c.listed)
            .and_then(|c| c.country)
            .map(str::to_owned),
        geonames: told.and_then(|c| c.geonames),
        point: told.and_then(|c| c.point),
        disputed: told.is_some_and(|c| c.disputed),
        evidence: name.evidence,
        sense,
    }
}

/// The words of a name as one writes them: single blanks, and no more capitals than in
/// « Paris » where a dateline shouts.
fn written(text: &str) -> String {
    let words = text.split_whitespace();
    let word = |word: &str| {
        let shouted = word.chars().count() > 3 && word.chars().all(|c| !c.is_lowercase());
        if !shouted {
            return word.to_owned();
        }
        let mut start = true;
        let calm = word.chars().flat_map(|c| {
            let calm: Vec<char> =
                if start { vec![c] } else { c.to_lowercase().collect() };
            start = !c.is_alphabetic();
            calm
        });
        calm.collect()
    };
    words.map(word).collect::<Vec<_>>().join(" ")
}

impl Names<'_> {
    /// The candidates that the word before a name allows: « à Québec » is a town, « au Québec »
    /// is none.
    fn fitting<'n, 'a>(
        &self,
        name: &Name<'_>,
        all: Vec<&'n Candidate<'a>>,
    ) -> Vec<&'n Candidate<'a>> {
        let Evidence::Preposition { token, .. } = name.evidence else { return all };
        let Some(hit) = self.locative(token + 1) else { return all };
        let town = match self.l.value(hit).text() {
            Some("town") => true,
            Some("in") => false,
            _ => return all,
        };
        let fits = |c: &&Candidate<'_>| (c.kind == PlaceKind::City) == town && c.listed;
        let kept: Vec<_> = all.iter().copied().filter(fits).collect();
        if kept.is_empty() { all } else { kept }
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn a_shouted_name_calms_down() {
        for (text, calm) in [
            ("MOSCOU", "Moscou"),
            ("SAINT-DENIS", "Saint-Denis"),
            ("Le  Caire", "Le Caire"),
            ("GAO", "GAO"),
        ] {
            assert_eq!(written(text), calm);
        }
    }
}
