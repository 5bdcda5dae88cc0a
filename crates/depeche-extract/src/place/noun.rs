//! « dans le pays », « dans la capitale », « sur place »: a place told without its name. It is the
//! one that the text has named, where it has named one only, or that of the country of the
//! story; else nobody knows which, and the record says so.

use std::collections::BTreeSet;
use std::ops::Range;

use depeche_rule::{Hit, Value};
use depeche_text::Upos;

use super::name::Names;
use super::{Evidence, Place, PlaceKind, PlaceRules, Refusal};
use crate::Layers;
use crate::actor::Actor;
use crate::setting::setting;

/// A town or a region is the one that was named no more than so many sentences before.
const SENTENCES: usize = 2;

/// Adds the places that nouns tell of to those that are named, and the nouns that leave open
/// which one they mean to what is refused. Both lists stay in order.
pub(super) fn add(
    names: &Names<'_>,
    rules: &PlaceRules,
    l: &Layers<'_>,
    actors: &[Actor],
    places: &mut Vec<Place>,
    refused: &mut Vec<Refusal>,
) {
    let Some(class) = rules.place_anaphor else { return };
    let story = setting(actors, l);
    let finder = Finder { names, rules, l, actors, named: places, story };
    let mut told = Vec::new();
    for hit in l.words.hits_of(class) {
        let tokens = hit.start as usize..hit.end as usize;
        let overlaps = |p: &Place| p.tokens.contains(&tokens.start);
        let which = Which::of(l.value(hit).text());
        let evidence = match which {
            Which::Spot => Some(Evidence::Preposition {
                token: tokens.start,
                outward: false,
                ground: false,
            }),
            _ => finder.evidence(&tokens),
        };
        let Some(evidence) = evidence else { continue };
        if places.iter().any(overlaps) {
            continue;
        }
        match finder.antecedent(&tokens, which) {
            Some((place, sense)) => told.push(Place {
                head: l.head_of(&tokens),
                tokens,
                evidence,
                sense: sense.into(),
                ..place
            }),
            None => refused.push(Refusal { tokens, why: "noun" }),
        }
    }
    places.append(&mut told);
    places.sort_by_key(|p| p.tokens.start);
    refused.sort_by_key(|r| r.tokens.start);
}

/// What a noun stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// The country of the story.
    Country,
    /// Its capital.
    Capital,
    /// The place of this kind that was named.
    Named(PlaceKind),
    /// « sur place »: whatever place was named.
    Spot,
}

impl Which {
    fn of(name: Option<&str>) -> Which {
        match name {
            Some("country") => Which::Country,
            Some("capital") => Which::Capital,
            Some("region") => Which::Named(PlaceKind::Region),
            Some("spot") => Which::Spot,
            _ => Which::Named(PlaceKind::City),
        }
    }
}

/// Why a place is the one.
const ONLY: &str = "the only one that the text has named";
/// Why a country or its capital is the one.
const STORY: &str = "the article is about that country";

struct Finder<'a> {
    names: &'a Names<'a>,
    rules: &'a PlaceRules,
    l: &'a Layers<'a>,
    actors: &'a [Actor],
    named: &'a [Place],
    /// The country that the article is about.
    story: Option<String>,
}

impl Finder<'_> {
    /// The word of place before a definite noun that stands alone: « dans la ville », but
    /// neither « dans une ville » nor « dans la ville voisine ».
    fn evidence(&self, noun: &Range<usize>) -> Option<Evidence> {
        let (r, l) = (self.rules, self.l);
        let article = noun.start.checked_sub(1)?;
        l.hit(article, r.definite)?;
        let next = noun.end;
        let sentence = l.sentence(noun.start);
        if article <= sentence.start {
            return None;
        }
        let told_apart = next < sentence.end
            && (l.hit(next, r.of).is_some()
                || l.hit(next, r.where_pronoun).is_some()
                || matches!(
                    l.upos(next),
                    Upos::Adj | Upos::Propn | Upos::Num | Upos::Pron
                )
                || l.word(next).starts_with(char::is_uppercase));
        if told_apart {
            return None;
        }
        let before = self.locative_before(article)?;
        // « à la ville » and « au pays » are said of many things.
        let inside = l.value(before).text() == Some("any");
        let token = article - 1;
        inside.then_some(Evidence::Preposition { token, outward: false, ground: false })
    }

    /// The word of place that ends right before a token.
    fn locative_before(&self, end: usize) -> Option<Hit> {
        for start in end.saturating_sub(LONGEST)..end {
            for &hit in self.l.words.hits_at(start) {
                if hit.end as usize == end
                    && self.rules.locative.contains(&Some(hit.class))
                {
                    return Some(hit);
                }
            }
        }
        None
    }

    /// The place that a noun stands for, and why it is that one.
    fn antecedent(
        &self,
        noun: &Range<usize>,
        which: Which,
    ) -> Option<(Place, &'static str)> {
        match which {
            Which::Country => {
                let (country, why) = self.country(noun.start)?;
                Some((self.state(&country)?, why))
            }
            Which::Capital => {
                let (country, why) = self.country(noun.start)?;
                Some((self.names.capital_of(&country)?, why))
            }
            Which::Named(kind) => {
                self.nearest(noun, |p| p.kind == Some(kind)).map(|place| (place, ONLY))
            }
            // A country is no spot.
            Which::Spot => self
                .nearest(noun, |p| !matches!(p.kind, None | Some(PlaceKind::Country)))
                .map(|place| (place, ONLY)),
        }
    }

    /// The only place of some kind that the paragraph has named right before.
    fn nearest(&self, noun: &Range<usize>, is: impl Fn(&Place) -> bool) -> Option<Place> {
        let l = self.l;
        let sentence = l.sentence_index(noun.start);
        let block = l.block_index(noun.start);
        let near = self.named.iter().filter(|p| {
            p.tokens.end <= noun.start
                && is(p)
                && p.evidence != Evidence::Dateline
                && l.block_index(p.tokens.start) == block
                && l.sentence_index(p.tokens.start) + SENTENCES >= sentence
        });
        let mut last: Option<&Place> = None;
        for place in near {
            if last.is_some_and(|p| p.name != place.name) {
                return None;
            }
            last = Some(place);
        }
        last.cloned()
    }

    /// The one country that the article has spoken of so far, under whatever word, or the one
    /// that it is about.
    fn country(&self, at: usize) -> Option<(String, &'static str)> {
        let l = self.l;
        let mut spoken: BTreeSet<&str> = BTreeSet::new();
        let places = self.named.iter().filter(|p| p.tokens.start < at);
        for place in places.filter(|p| p.evidence != Evidence::Dateline) {
            spoken.extend(place.country.as_deref());
        }
        for actor in self.actors {
            if actor.mentions.iter().any(|m| m.tokens.start < at) {
                spoken.extend(actor.country.as_deref());
            }
        }
        for class in [self.rules.demonym, self.rules.state, self.rules.capital] {
            let Some(class) = class else { continue };
            for hit in l.words.hits_of(class) {
                if (hit.start as usize) < at {
                    spoken.extend(l.field(hit, "country"));
                }
            }
        }
        let only = spoken.pop_first().filter(|_| spoken.is_empty());
        let story = || self.story.clone().map(|country| (country, STORY));
        only.map(|country| (country.to_owned(), ONLY)).or_else(story)
    }

    /// A country as a place.
    fn state(&self, country: &str) -> Option<Place> {
        let l = self.l;
        let text = |value: &Value, field: &str| -> Option<String> {
            value.get(field).and_then(Value::text).map(str::to_owned)
        };
        let values = l.pack.values(self.rules.state?);
        let state =
            values.iter().find(|v| text(v, "country").as_deref() == Some(country))?;
        let name = text(state, "name")?;
        Some(Place {
            tokens: 0..0,
            head: 0,
            name,
            kind: Some(PlaceKind::Country),
            country: Some(country.to_owned()),
            geonames: None,
            point: None,
            disputed: false,
            evidence: Evidence::Name,
            sense: String::new(),
        })
    }
}

/// No preposition has more tokens.
const LONGEST: usize = 7;
