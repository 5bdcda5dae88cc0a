//! Is this the name of a place, and does it stand for the place here?

use std::ops::Range;

use depeche_record::{ActorKind, MentionForm};
use depeche_rule::{City, ClassId, Gazetteer, Hit, LONGEST_CITY, Value};
use depeche_text::syntax::Deprel;
use depeche_text::{Gap, TokenKind, Upos};

use super::{Evidence, Place, PlaceKind, PlaceRules};
use crate::actor::Actor;
use crate::{BlockKind, Layers};

/// What a name may stand for.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) kind: PlaceKind,
    /// The usual name, where the lists give one.
    pub(super) name: Option<&'a str>,
    pub(super) country: Option<&'a str>,
    pub(super) geonames: Option<u32>,
    pub(super) point: Option<(f64, f64)>,
    pub(super) disputed: bool,
    /// Inhabitants, in thousands; 0 where that says nothing.
    pub(super) thousands: u32,
    /// Whether the word classes of the language list it.
    pub(super) listed: bool,
    /// Whether it is what the name means when nothing speaks against it.
    pub(super) usual: bool,
}

/// A name of one or more places.
#[derive(Clone, Debug)]
pub(super) struct Name<'a> {
    pub(super) tokens: Range<usize>,
    pub(super) head: usize,
    pub(super) candidates: Vec<Candidate<'a>>,
    /// Whether somebody may be meant by it: a state, a capital, a seat of power.
    acts: bool,
    weak: bool,
    pub(super) evidence: Evidence,
}

/// Looks names up, and looks at what stands around them.
pub(super) struct Names<'a> {
    pub(super) rules: &'a PlaceRules,
    gazetteer: Gazetteer<'a>,
    pub(super) l: &'a Layers<'a>,
    /// Of each token, whether it is part of the name of a person or a body.
    taken: Vec<bool>,
}

impl<'a> Names<'a> {
    pub(super) fn new(
        rules: &'a PlaceRules,
        gazetteer: Gazetteer<'a>,
        l: &'a Layers<'a>,
        actors: &[Actor],
    ) -> Names<'a> {
        let mut taken = vec![false; l.tokens.len()];
        for actor in actors {
            let named = matches!(
                actor.kind,
                ActorKind::Person | ActorKind::Organisation | ActorKind::Media
            );
            for mention in &actor.mentions {
                if named && mention.form == MentionForm::Name {
                    taken[mention.tokens.clone()].fill(true);
                }
            }
        }
        Names { rules, gazetteer, l, taken }
    }

    /// The longest name that begins at a token.
    pub(super) fn at(&self, start: usize) -> Option<Name<'a>> {
        if let Some(capital) = self.capital(start) {
            return Some(capital);
        }
        let r = self.rules;
        let classes = [r.water, r.region, r.city, r.capital, r.state, r.seat];
        let listed = classes
            .map(|class| self.l.hit(start, class).filter(|hit| self.is_capitalised(hit)));
        let reach = listed.iter().flatten().map(|h| h.end as usize).max();
        let cities = self.cities(start, reach.unwrap_or(start));
        let end = cities.as_ref().map_or(reach, |(end, _)| Some(*end))?;
        let mut name = Name {
            tokens: start..end,
            head: self.l.head_of(&(start..end)),
            candidates: Vec::new(),
            acts: false,
            weak: false,
            evidence: Evidence::Name,
        };
        for hit in listed.into_iter().flatten().filter(|h| h.end as usize == end) {
            self.list(&mut name, hit);
        }
        let unlisted = name.candidates.is_empty();
        for city in cities.into_iter().flat_map(|(_, cities)| cities) {
            if name.candidates.iter().all(|c| c.geonames != Some(city.geonames)) {
                name.candidates.push(of_city(&city, false));
            }
        }
        if unlisted && (self.is_other_word(start, end) || self.has_article(start)) {
            return None;
        }
        Some(name)
    }

    /// The capital of a country, and its usual name.
    fn capital_city(&self, country: &str) -> Option<(&'a str, City<'a>)> {
        let values = self.l.pack.values(self.rules.capital?).iter();
        values
            .filter(|v| v.get("country").and_then(Value::text) == Some(country))
            .filter_map(|v| v.get("name").and_then(Value::text))
            .find_map(|name| {
                let mut cities = self.gazetteer.named(name);
                Some((name, cities.find(|c| c.country == country && c.capital)?))
            })
    }

    /// The capital of a country as a place that no word names yet.
    pub(super) fn capital_of(&self, country: &str) -> Option<Place> {
        let (name, city) = self.capital_city(country)?;
        Some(Place {
            tokens: 0..0,
            head: 0,
            name: name.to_owned(),
            kind: Some(PlaceKind::City),
            country: Some(country.to_owned()),
            geonames: Some(city.geonames),
            point: Some((city.lat, city.lon)),
            disputed: false,
            evidence: Evidence::Name,
            sense: String::new(),
        })
    }

    /// « la capitale chinoise »: the city that these words name, when the lists know one.
    fn capital(&self, start: usize) -> Option<Name<'a>> {
        let (r, l) = (self.rules, self.l);
        let noun = l.hit(start, r.capital_noun)?;
        let adjective = l.hit(noun.end as usize, r.demonym)?;
        let country = l.field(adjective, "country")?;
        let (name, city) = self.capital_city(country)?;
        let mut candidate = of_city(&city, true);
        candidate.name = Some(name);
        candidate.usual = true;
        let tokens = start..adjective.end as usize;
        Some(Name {
            head: l.head_of(&tokens),
            tokens,
            candidates: vec![candidate],
            acts: true,
            weak: false,
            evidence: Evidence::Name,
        })
    }

    /// Names of rivers and regions may begin with a small letter, but hold a capital.
    fn is_capitalised(&self, hit: &Hit) -> bool {
        (hit.start..hit.end).any(|t| {
            let big = |c: char| c.is_uppercase() || c.is_ascii_digit();
            self.l.word(t as usize).starts_with(big)
        })
    }

    /// The cities of the table whose name begins at a token and reaches to `least` or beyond.
    fn cities(&self, start: usize, least: usize) -> Option<(usize, Vec<City<'a>>)> {
        let l = self.l;
        let capital = |t: usize| {
            l.tokens[t].kind == TokenKind::Word
                && l.word(t).starts_with(char::is_uppercase)
        };
        if !capital(start) {
            return None;
        }
        let sentence = l.sentence(start);
        let far = sentence.end.min(start + LONGEST_CITY);
        let joined = |t: &usize| {
            l.tokens[*t].gap <= Gap::Space && l.tokens[*t].kind == TokenKind::Word
        };
        let run = start + 1 + (start + 1..far).take_while(joined).count();
        (least.max(start + 1)..=run).rev().find_map(|end| {
            if !capital(end - 1) {
                return None;
            }
            let cities: Vec<City<'a>> =
                self.gazetteer.named(l.text_of(&(start..end))).collect();
            (!cities.is_empty()).then_some((end, cities))
        })
    }

    /// A word that only the table of cities has, and the language has for something else.
    fn is_other_word(&self, start: usize, end: usize) -> bool {
        let other =
            |h: &Hit| h.end as usize >= end && Some(h.class) != self.rules.first_name;
        self.l.words.hits_at(start).iter().any(other)
            || matches!(
                self.l.upos(start),
                Upos::Det
                    | Upos::Pron
                    | Upos::Adp
                    | Upos::Cconj
                    | Upos::Sconj
                    | Upos::Adv
            ) && end == start + 1
    }

    /// « le Tour », « la Bourse »: a town takes no article but that of its own name.
    fn has_article(&self, start: usize) -> bool {
        start > self.l.sentence(start).start
            && self.l.upos(start - 1) == Upos::Det
            && self.l.hit(start - 1, self.rules.definite).is_some()
    }

    /// Adds what a member of a word class stands for.
    fn list(&self, name: &mut Name<'a>, hit: Hit) {
        let r = self.rules;
        let is = |class: Option<ClassId>| class == Some(hit.class);
        let value = self.l.value(hit);
        let text = |f: &str| value.get(f).and_then(Value::text);
        let number = |f: &str| value.get(f).and_then(Value::number);
        let flag = |f: &str| value.get(f).is_some_and(Value::is_true);
        let mut candidate = Candidate {
            kind: PlaceKind::Country,
            name: text("name"),
            country: text("country"),
            geonames: None,
            point: number("lat").zip(number("lon")),
            disputed: flag("disputed"),
            thousands: 0,
            listed: true,
            usual: !flag("weak"),
        };
        if is(r.city) {
            self.list_city(name, value);
            return;
        } else if is(r.capital) {
            candidate.kind = PlaceKind::City;
            let words = self.l.text_of(&name.tokens);
            let here = |c: &City<'_>| Some(c.country) == candidate.country;
            let known = self.gazetteer.named(words).filter(here);
            if let Some(city) = known.max_by_key(|c| (c.capital, c.thousands)) {
                candidate.geonames = Some(city.geonames);
                candidate.point = Some((city.lat, city.lon));
                candidate.thousands = city.thousands;
            }
            name.acts = true;
        } else if is(r.region) {
            candidate.kind = PlaceKind::Region;
            name.weak |= flag("weak");
        } else if is(r.water) {
            candidate.kind = PlaceKind::Water;
            name.weak |= flag("weak");
        } else {
            if is(r.seat) {
                candidate.kind = PlaceKind::Site;
                // The name of its row is that of the body, not of the house.
                candidate.name = None;
            }
            name.acts = true;
        }
        name.candidates.push(candidate);
    }

    /// Adds the cities whose ids a row gives.
    fn list_city(&self, name: &mut Name<'a>, value: &'a Value) {
        let ids = value.get("geonames").unwrap_or(value);
        let one = [ids];
        let ids: Vec<&Value> = match ids {
            Value::List(ids) => ids.iter().collect(),
            _ => one.to_vec(),
        };
        let disputed = value.get("disputed").is_some_and(Value::is_true);
        let cities = ids
            .iter()
            .filter_map(|id| self.gazetteer.by_id(u32::try_from(id.integer()?).ok()?));
        for city in cities {
            // A capital of that name is listed already.
            if name.candidates.iter().any(|c| c.geonames == Some(city.geonames)) {
                continue;
            }
            let mut candidate = of_city(&city, true);
            candidate.name = value.get("name").and_then(Value::text);
            candidate.usual = ids.len() == 1;
            candidate.disputed = disputed;
            if disputed {
                candidate.country = None;
            }
            name.candidates.push(candidate);
        }
    }

    // --- what stands around a name

    /// What shows that a name is a place where it stands, or why it is none; nothing when it
    /// was hardly a name.
    pub(super) fn evidence(
        &self,
        name: &Name<'_>,
        before: &[Name<'_>],
    ) -> Option<Result<Evidence, &'static str>> {
        let listed = name.candidates.iter().any(|c| c.listed);
        if name.tokens.clone().any(|t| self.taken[t]) || self.is_longer_name(name) {
            return listed.then_some(Err("part-of-a-name"));
        }
        let l = self.l;
        let block = l.block_index(name.tokens.start).map(|b| l.blocks[b].kind);
        if block == Some(BlockKind::Dateline) {
            return Some(Ok(Evidence::Dateline));
        }
        let shown = self
            .preposition(name)
            .or_else(|| self.label(name).map(Ok))
            .or_else(|| self.complement(name).map(Ok))
            .or_else(|| self.object(name).map(Ok))
            .or_else(|| self.parent(name, before).map(Ok))
            .or_else(|| self.joined(name, before).map(Ok));
        let tied = match &shown {
            None | Some(Ok(Evidence::Happening(_))) => true,
            // « le Marché commun de l'Afrique », but « l'Est de l'Ukraine »
            Some(Ok(Evidence::Locality(noun))) => {
                l.hit(noun + 1, self.rules.of).is_none()
            }
            _ => false,
        };
        if listed && tied && self.is_in_a_body(name) {
            return Some(Err("part-of-a-name"));
        }
        match shown {
            Some(shown) => Some(shown).filter(|s| listed || s.is_ok()),
            None if name.weak => Some(Err("ordinary-word")),
            None if name.acts => Some(Err("acts")),
            None => listed.then_some(Ok(Evidence::Name)),
        }
    }

    /// « Paris Saint-Germain », « Charles de Gaulle »: a capital that goes on or came before.
    fn is_longer_name(&self, name: &Name<'_>) -> bool {
        let l = self.l;
        let tied = |t: usize| {
            l.tokens[t].gap <= Gap::Space
                && l.tokens[t].kind == TokenKind::Word
                && l.deprel(t) == Deprel::Flat
        };
        let capital = |t: usize| l.word(t).starts_with(char::is_uppercase);
        let Range { start, end } = name.tokens;
        let on = end < l.tokens.len() && capital(end) && tied(end);
        let back = start > 0
            && tied(start)
            && capital(start - 1)
            && l.upos(start - 1) == Upos::Propn;
        on || back
    }

    /// « le Marché commun de l'Afrique australe », « le Front populaire du Tigré »: it completes
    /// a noun with a capital.
    fn is_in_a_body(&self, name: &Name<'_>) -> bool {
        let l = self.l;
        let sentence = l.sentence(name.head);
        let mut node = name.head;
        for _ in 0..3 {
            let Some(head) = l.head(node).filter(|_| l.deprel(node) == Deprel::Nmod)
            else {
                return false;
            };
            let mut letters = l.word(head).chars();
            let capital = letters.next().is_some_and(char::is_uppercase)
                && letters.next().is_some_and(char::is_lowercase);
            let noun = matches!(l.upos(head), Upos::Noun | Upos::Propn);
            if capital && noun && head > sentence.start && head < name.tokens.start {
                return true;
            }
            node = head;
        }
        false
    }

    /// The token before a name and its article.
    fn outside(&self, start: usize) -> (usize, bool) {
        let l = self.l;
        let mut at = start;
        while at > 0 && start - at < 2 && l.upos(at - 1) == Upos::Det {
            at -= 1;
        }
        (at, at < start)
    }

    /// A member of a class that ends right before a token.
    fn ending_at(&self, end: usize, class: Option<ClassId>) -> Option<Hit> {
        let from = end.saturating_sub(LONGEST_PREPOSITION);
        (from..end).find_map(|t| {
            let class = class?;
            let hits = self.l.words.hits_at(t).iter().copied();
            hits.into_iter().find(|h| h.class == class && h.end as usize == end)
        })
    }

    /// The word of place that ends right before a token.
    pub(super) fn locative(&self, end: usize) -> Option<Hit> {
        self.rules.locative.iter().find_map(|&class| self.ending_at(end, class))
    }

    /// « Mali : trois soldats tués »: at the head of a part of the article.
    fn label(&self, name: &Name<'_>) -> Option<Evidence> {
        let l = self.l;
        let block = &l.blocks[l.block_index(name.tokens.start)?];
        let Range { start, end } = name.tokens;
        let heads = start == block.tokens.start && end < block.tokens.end;
        (heads && l.hit(end, self.rules.label_mark).is_some()).then_some(Evidence::Label)
    }

    fn preposition(&self, name: &Name<'_>) -> Option<Result<Evidence, &'static str>> {
        let (r, l) = (self.rules, self.l);
        let (outer, article) = self.outside(name.tokens.start);
        let (hit, at) = [outer, name.tokens.start]
            .into_iter()
            .find_map(|at| Some((self.locative(at)?, at)))?;
        if self.ending_at(at, r.not_locative).is_some_and(|n| n.start <= hit.start) {
            return None;
        }
        let after = l.value(hit).text().unwrap_or_default();
        if after == "ground" && name.acts {
            return None;
        }
        let token = at - 1;
        let one = hit.end - hit.start == 1;
        let person = l.hit(name.tokens.start, r.first_name).is_some();
        if (name.acts || person)
            && one
            && matches!(after, "town" | "land")
            && self.is_dative(name)
        {
            return Some(Err("addressed"));
        }
        // « à la Russie »: a country has « en » for a place.
        let country = |k: PlaceKind| k == PlaceKind::Country;
        if after == "town"
            && article
            && one
            && name.candidates.iter().any(|c| country(c.kind) && c.listed)
        {
            return Some(Err("addressed"));
        }
        let posted = (1..=2).any(|back| {
            let before = (hit.start as usize).checked_sub(back);
            before.is_some_and(|t| l.hit(t, r.posted).is_some())
        });
        let outward = posted || self.ending_at(at, r.outward).is_some();
        let ground = after == "ground";
        Some(Ok(Evidence::Preposition { token, outward, ground }))
    }

    /// « demander à Moscou »: the word that governs the name takes somebody there.
    fn is_dative(&self, name: &Name<'_>) -> bool {
        let l = self.l;
        let governor = l.head(name.head).filter(|&g| g < name.head);
        governor.is_some_and(|g| l.hit(g, self.rules.dative).is_some())
    }

    /// « l'aéroport de Goma », « le sommet de Madrid », « revenir de Goma ».
    fn complement(&self, name: &Name<'_>) -> Option<Evidence> {
        let (r, l) = (self.rules, self.l);
        let (outer, _) = self.outside(name.tokens.start);
        let of = [outer, name.tokens.start]
            .into_iter()
            .find_map(|at| self.ending_at(at, r.of))?;
        let governor = l.head(name.head)?;
        // The parser may hang the name on a noun further off.
        let beside = (of.start as usize).checked_sub(1);
        // « le sommet du G20 de Pékin »
        let city = name.candidates.iter().all(|c| c.kind == PlaceKind::City);
        let further =
            l.head(governor).filter(|_| city && l.deprel(governor) == Deprel::Nmod);
        for noun in beside.into_iter().chain([governor]).chain(further) {
            if noun >= of.start as usize {
                continue;
            }
            if l.hit(noun, r.place_noun).is_some() {
                return Some(Evidence::Locality(noun));
            }
            if l.hit(noun, r.event_noun).is_some() {
                return Some(Evidence::Happening(noun));
            }
            if l.hit(noun, r.origin_verb).is_some() {
                let token = of.start as usize;
                let (outward, ground) = (true, false);
                return Some(Evidence::Preposition { token, outward, ground });
            }
        }
        None
    }

    fn object(&self, name: &Name<'_>) -> Option<Evidence> {
        let l = self.l;
        let verb = l.head(name.head)?;
        let acted = matches!(l.deprel(name.head), Deprel::Obj | Deprel::NsubjPass);
        (acted && l.hit(verb, self.rules.place_verb).is_some())
            .then_some(Evidence::Object(verb))
    }

    /// « Valence (Espagne) », « Gap, Hautes-Alpes »: right behind another place.
    fn parent(&self, name: &Name<'_>, before: &[Name<'_>]) -> Option<Evidence> {
        let last = before.last()?;
        let between = last.tokens.end..name.tokens.start;
        let mark = |t: usize| matches!(self.l.word(t), "," | "(");
        let close = between.len() == 1 && mark(between.start);
        (close && lies_in(last, name)).then_some(Evidence::Parent)
    }

    /// « à Gao et Kidal ».
    fn joined(&self, name: &Name<'_>, before: &[Name<'_>]) -> Option<Evidence> {
        let l = self.l;
        if l.deprel(name.head) != Deprel::Conj {
            return None;
        }
        let first = l.head(name.head)?;
        let place = before.iter().rev().take(16).find(|p| p.tokens.contains(&first))?;
        let place_only = !matches!(place.evidence, Evidence::Name);
        (place_only || !name.acts).then_some(Evidence::Joined(first))
    }

    /// Whether a name tells where the place before it lies, and of which country it is then.
    pub(super) fn tells_parent(&self, last: &Name<'_>, name: &Name<'_>) -> bool {
        let l = self.l;
        let between = last.tokens.end..name.tokens.start;
        let opens =
            between.clone().next().is_some_and(|t| matches!(l.word(t), "," | "("));
        let (outer, _) = self.outside(name.tokens.start);
        let inner = self.locative(outer);
        let from = inner.map_or(name.tokens.start, |h| h.start as usize);
        opens && from == between.start + 1 && lies_in(last, name)
    }
}

/// No preposition has more tokens.
const LONGEST_PREPOSITION: usize = 7;

/// Whether one of the places of a name lies in one of the larger places of another.
fn lies_in(name: &Name<'_>, parent: &Name<'_>) -> bool {
    let large = |c: &&Candidate<'_>| {
        matches!(c.kind, PlaceKind::Country | PlaceKind::Region) && c.listed
    };
    parent.candidates.iter().filter(large).any(|p| {
        let inside = |c: &Candidate<'_>| {
            c.country.is_some() && c.country == p.country && c.kind != PlaceKind::Country
        };
        name.candidates.iter().any(inside)
    })
}

fn of_city<'a>(city: &City<'a>, listed: bool) -> Candidate<'a> {
    Candidate {
        kind: PlaceKind::City,
        name: None,
        country: Some(city.country),
        geonames: Some(city.geonames),
        point: Some((city.lat, city.lon)),
        disputed: false,
        thousands: city.thousands,
        listed,
        usual: false,
    }
}
