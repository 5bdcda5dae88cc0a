//! Who is it? Mentions of actors, and which of them are the same.
//!
//! A mention is a name, a title, a metonym, a noun or a pronoun; an actor is what mentions
//! share. Names and titles are settled first, in the order of the text; a title that turns out
//! to be a name's (« le chef de la diplomatie russe, Sergueï Lavrov ») takes all its earlier
//! mentions along. Pronouns are resolved when somebody asks.

mod holder;
mod mention;
mod pronoun;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use depeche_record::{ActorKind, MentionForm, StatementKind};
use depeche_rule::{ClassId, Pack, Value};
use depeche_text::syntax::Deprel;
use depeche_text::{Gender, Number, Upos, fold};
use depeche_time::Dct;

use crate::Layers;
use crate::statement::Statement;
use holder::Holders;

/// An actor of one article.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// The fullest name that the article gives, or the usual one of a known actor.
    pub name: String,
    /// What kind it is.
    pub kind: ActorKind,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// PLOVER sector.
    pub sector: Option<String>,
    /// Canonical title of the office.
    pub office: Option<String>,
    /// Wikidata.
    pub qid: Option<String>,
    /// How it was identified.
    pub why: &'static str,
    /// Grammatical or natural gender.
    pub gender: Option<Gender>,
    /// One or many.
    pub number: Option<Number>,
    /// The last part of a person's name, folded.
    surname: Option<String>,
    /// What tells it apart while mentions are joined.
    key: String,
    /// Mentions, in order.
    pub mentions: Vec<Mention>,
    /// The actor that it turned out to be.
    merged: Option<usize>,
}

impl Actor {
    /// What the same actor goes by elsewhere: a name, or nothing for one who is described.
    pub fn identity(&self) -> Option<&str> {
        (!self.key.starts_with("noun:")).then_some(&self.key)
    }
}

/// A place where an actor is spoken of.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The token that the rest hangs on.
    pub head: usize,
    /// How it speaks of the actor.
    pub form: MentionForm,
}

/// Word classes that actors are told by.
#[derive(Clone, Debug)]
pub struct ActorRules {
    state: Option<ClassId>,
    demonym: Option<ClassId>,
    capital: Option<ClassId>,
    seat: [Option<ClassId>; 2],
    organisation: [Option<ClassId>; 2],
    media: Option<ClassId>,
    office: Option<ClassId>,
    portfolio: Option<ClassId>,
    group: Option<ClassId>,
    title: Option<ClassId>,
    first_name: Option<ClassId>,
    leader: Option<ClassId>,
    particle: Option<ClassId>,
    anaphor: Option<ClassId>,
    possessive: Option<ClassId>,
    source: Option<ClassId>,
    measure: Option<ClassId>,
    person: Option<ClassId>,
    thing: Option<ClassId>,
    thing_ending: Option<ClassId>,
    person_ending: Option<ClassId>,
    indefinite: Option<ClassId>,
    nobody: Option<ClassId>,
    place: [Option<ClassId>; 2],
    weekday: Option<ClassId>,
    month: Option<ClassId>,
    former: Option<ClassId>,
    contraction: Option<ClassId>,
    pair: Option<ClassId>,
    again: Option<ClassId>,
    hypernym: Option<ClassId>,
    locative: Option<ClassId>,
    title_complement: Option<ClassId>,
    epithet: Option<ClassId>,
    pointing: Option<ClassId>,
    /// Built when an office first asks for its holder.
    holders: Arc<OnceLock<Holders>>,
}

impl ActorRules {
    /// The classes of a pack.
    pub fn new(pack: &Pack) -> ActorRules {
        ActorRules {
            state: pack.class("state"),
            demonym: pack.class("demonym"),
            capital: pack.class("capital"),
            seat: [pack.class("seat"), pack.class("seat-phrase")],
            organisation: [pack.class("organisation"), pack.class("organisation-phrase")],
            media: pack.class("media"),
            office: pack.class("office"),
            portfolio: pack.class("portfolio"),
            group: pack.class("group-noun"),
            title: pack.class("title"),
            first_name: pack.class("first-name"),
            leader: pack.class("leader"),
            particle: pack.class("name-particle"),
            anaphor: pack.class("anaphor"),
            possessive: pack.class("possessive"),
            source: pack.class("source-noun"),
            measure: pack.class("measure-noun"),
            person: pack.class("person-noun"),
            thing: pack.class("thing-noun"),
            thing_ending: pack.class("thing-ending"),
            person_ending: pack.class("person-ending"),
            indefinite: pack.class("indefinite"),
            nobody: pack.class("nobody"),
            place: [pack.class("city"), pack.class("region")],
            weekday: pack.class("weekday"),
            month: pack.class("month"),
            former: pack.class("former"),
            contraction: pack.class("contraction"),
            pair: pack.class("pair-noun"),
            again: pack.class("again"),
            hypernym: pack.class("hypernym"),
            locative: pack.class("locative"),
            title_complement: pack.class("title-complement"),
            epithet: pack.class("epithet-noun"),
            pointing: pack.class("pointing-determiner"),
            holders: Arc::default(),
        }
    }

    /// Whether the article of a noun is part of its preposition: « du ministre ».
    fn is_contracted(&self, l: &Layers<'_>, head: usize) -> bool {
        l.children_by(head, &[Deprel::Case])
            .any(|c| c < head && l.hit(c, self.contraction).is_some())
    }

    fn holders(&self, l: &Layers<'_>) -> &Holders {
        self.holders.get_or_init(|| {
            Holders::new(l.pack, self.leader, &[self.office, self.portfolio])
        })
    }

    /// Whether a noun can be the source of words: somebody, some body, or a document.
    pub fn can_speak(&self, l: &Layers<'_>, head: usize) -> bool {
        self.is_somebody(l, head)
            || l.hit(head, self.source).is_some()
            || l.upos(head) == Upos::Noun
                && l.word(head).starts_with(char::is_uppercase)
                && l.sentence(head).start != head
            || l.upos(head) == Upos::Noun
                && l.hit(head, self.thing).is_none()
                && ends_like(l, head, self.person_ending)
    }

    /// Whether a noun may be somebody for all that is known: no list and no ending says that it
    /// is a thing.
    pub fn may_speak(&self, l: &Layers<'_>, head: usize) -> bool {
        if self.can_speak(l, head) {
            return true;
        }
        if l.upos(head) != Upos::Noun || l.hit(head, self.thing).is_some() {
            return false;
        }
        !ends_like(l, head, self.thing_ending)
    }

    /// Whether a subject is nobody in particular: « on ».
    pub fn is_nobody(&self, l: &Layers<'_>, token: usize) -> bool {
        l.hit(token, self.nobody).is_some()
    }

    /// « une quinzaine de pays »: whether a noun means states, and not one of them.
    pub(crate) fn means_states(&self, l: &Layers<'_>, head: usize) -> bool {
        self.is_state_noun(l, head) && l.morph(head).number == Some(Number::Plur)
    }

    /// « pays »: whether a common noun means a state.
    fn is_state_noun(&self, l: &Layers<'_>, head: usize) -> bool {
        l.hit(head, self.hypernym).is_some_and(|h| l.value(h).text() == Some("state"))
    }

    /// Whether a noun measures rather than speaks: « selon le calendrier ».
    pub fn measures(&self, l: &Layers<'_>, head: usize) -> bool {
        l.hit(head, self.measure).is_some()
    }

    /// The class of the names of states.
    pub(crate) fn state(&self) -> Option<ClassId> {
        self.state
    }

    /// Whether a noun is a person, a body or a group that can act.
    pub fn is_somebody(&self, l: &Layers<'_>, head: usize) -> bool {
        let first = l.noun_phrase(head).start;
        let classes = [
            self.state,
            self.capital,
            self.seat[0],
            self.seat[1],
            self.organisation[0],
            self.organisation[1],
            self.media,
            self.office,
            self.group,
            self.leader,
            self.first_name,
            self.title,
            self.person,
        ];
        let known = |t: usize| {
            l.words.hits_at(t).iter().any(|h| classes.contains(&Some(h.class)))
        };
        // « ce dernier »
        let points =
            |t: usize| l.hit(t, self.anaphor).is_some_and(|h| h.end as usize > head);
        if (head.saturating_sub(1)..=head).any(points) {
            return true;
        }
        match l.upos(head) {
            Upos::Propn => true,
            Upos::Pron => {
                l.morph(head).person.is_some() && l.deprel(head) != Deprel::Expl
                    || l.hit(head, self.anaphor).is_some()
            }
            Upos::Noun | Upos::Adj | Upos::X | Upos::Verb => {
                known(head)
                    || (first..head).any(known) && l.upos(head) != Upos::Verb
                    || self.demonym_noun(l, head).is_some()
                    || l.children(head).any(|c| {
                        matches!(l.deprel(c), Deprel::Appos | Deprel::Flat)
                            && l.upos(c) == Upos::Propn
                    })
            }
            _ => false,
        }
    }

    /// Whether a noun or pronoun stands for people: not for a state, a body or a document.
    pub fn is_person(&self, l: &Layers<'_>, head: usize) -> bool {
        let has = |t: usize, classes: &[Option<ClassId>]| {
            classes.iter().any(|&class| l.hit(t, class).is_some())
        };
        let human = [self.office, self.title, self.first_name, self.leader, self.person];
        let place_or_body = [
            self.state,
            self.capital,
            self.seat[0],
            self.organisation[0],
            self.media,
            self.place[0],
            self.place[1],
        ];
        let phrase = || l.noun_phrase(head).start..head + 1;
        match l.upos(head) {
            Upos::Pron => {
                l.morph(head).person == Some(3) && l.deprel(head) != Deprel::Expl
                    || l.hit(head, self.anaphor).is_some()
            }
            Upos::Propn => {
                phrase().any(|t| has(t, &human))
                    || !phrase().any(|t| has(t, &place_or_body))
                        && l.word(head).chars().any(char::is_lowercase)
            }
            Upos::Noun | Upos::Adj => {
                phrase().any(|t| has(t, &human))
                    || self.demonym_noun(l, head).is_some()
                    || l.hit(head, self.thing).is_none()
                        && ends_like(l, head, self.person_ending)
            }
            _ => false,
        }
    }

    /// « les Russes »: a demonym that stands for people.
    fn demonym_noun(&self, l: &Layers<'_>, head: usize) -> Option<depeche_rule::Hit> {
        let hit = l.hit(head, self.demonym)?;
        let capital = l.word(head).starts_with(char::is_uppercase);
        let noun = matches!(l.upos(head), Upos::Noun | Upos::Propn)
            || capital && l.deprel(head) != Deprel::Amod;
        (noun && capital).then_some(hit)
    }
}

/// Whether a noun, its plural -s aside, ends like a member of a class.
fn ends_like(l: &Layers<'_>, noun: usize, class: Option<ClassId>) -> bool {
    let noun = fold(l.word(noun));
    let singular = noun.strip_suffix('s').unwrap_or(&noun);
    let endings = class.into_iter().flat_map(|c| l.pack.members(c));
    endings.into_iter().any(|(end, _)| singular.ends_with(&end) || noun.ends_with(&end))
}

/// The actors of one article, and what is needed to find them again.
#[derive(Clone, Debug)]
pub struct Cast {
    rules: ActorRules,
    actors: Vec<Actor>,
    /// Of each token that heads a mention, its actor.
    by_head: Vec<Option<u32>>,
    dct: Dct,
    /// Of pronouns that were resolved, by their head, whom else they fit nearly as well.
    rivals: BTreeMap<usize, Vec<usize>>,
    /// Who spoke last, if that is known, and by which token.
    heard: Option<(Option<usize>, usize)>,
    /// Where quoted words start: where they end, and the head of who is said to speak them.
    voices: BTreeMap<usize, (usize, usize)>,
}

impl Cast {
    /// Finds names, titles and nouns, and joins those that are the same.
    pub fn new(rules: ActorRules, l: &Layers<'_>, dct: &Dct) -> Cast {
        let mut cast = Cast {
            rules,
            actors: Vec::new(),
            by_head: vec![None; l.tokens.len()],
            dct: dct.clone(),
            rivals: BTreeMap::new(),
            heard: None,
            voices: BTreeMap::new(),
        };
        mention::find(&mut cast, l);
        cast
    }

    /// The actors that have mentions, in the order of their first one, and the way from the
    /// numbers used so far to their places.
    pub fn finish(mut self) -> (Vec<Actor>, Vec<Option<usize>>) {
        let roots: Vec<usize> = (0..self.actors.len()).map(|a| self.root(a)).collect();
        for (a, &root) in roots.iter().enumerate() {
            if root != a {
                let mentions = std::mem::take(&mut self.actors[a].mentions);
                self.actors[root].mentions.extend(mentions);
            }
        }
        let mut order: Vec<usize> = (0..self.actors.len())
            .filter(|&a| !self.actors[a].mentions.is_empty())
            .collect();
        for actor in &mut self.actors {
            actor.mentions.sort_by_key(|m| (m.tokens.start, m.tokens.end));
            actor.mentions.dedup();
        }
        order.sort_by_key(|&a| self.actors[a].mentions[0].tokens.start);
        let mut place = vec![None; self.actors.len()];
        for (n, &a) in order.iter().enumerate() {
            place[a] = Some(n);
        }
        let places = roots.iter().map(|&root| place[root]).collect();
        let mut actors: Vec<Option<Actor>> = self.actors.into_iter().map(Some).collect();
        let ordered = order.into_iter().filter_map(|a| actors[a].take()).collect();
        (ordered, places)
    }

    /// An actor by its number, after all joining.
    pub fn actor(&self, n: usize) -> &Actor {
        &self.actors[self.root(n)]
    }

    fn root(&self, mut n: usize) -> usize {
        while let Some(next) = self.actors[n].merged {
            n = next;
        }
        n
    }

    fn add(&mut self, actor: Actor) -> usize {
        self.actors.push(actor);
        self.actors.len() - 1
    }

    fn mention(&mut self, actor: usize, mention: Mention) {
        let root = self.root(actor);
        self.by_head[mention.head] = Some(root as u32);
        self.actors[root].mentions.push(mention);
    }

    /// Whether an actor is many.
    fn is_plural(&self, actor: usize) -> bool {
        self.actors[self.root(actor)].number == Some(Number::Plur)
    }

    /// The actor whose mention a token heads.
    fn at(&self, head: usize) -> Option<usize> {
        self.by_head[head].map(|a| self.root(a as usize))
    }

    /// The kind of the actor whose mention a token heads.
    pub fn kind_at(&self, head: usize) -> Option<ActorKind> {
        self.at(head).map(|actor| self.actors[actor].kind)
    }

    /// The actor that the words around a head were found to stand for, by its number.
    pub fn known(&self, l: &Layers<'_>, head: usize) -> Option<usize> {
        self.at(l.antecedent(head)?)
    }

    /// Whom else the pronoun of a speaker fits nearly as well.
    pub fn rivals(&self, l: &Layers<'_>, head: usize) -> Vec<usize> {
        let head = l.antecedent(head).unwrap_or(head);
        let own = self.at(head);
        let rivals = self.rivals.get(&head).into_iter().flatten();
        let mut rivals: Vec<usize> = rivals.map(|&a| self.root(a)).collect();
        rivals.sort_unstable();
        rivals.dedup();
        rivals.retain(|a| Some(*a) != own);
        rivals
    }

    /// Makes two actors one: what the first does not know, the second tells.
    fn join(&mut self, keep: usize, other: usize) {
        let (keep, other) = (self.root(keep), self.root(other));
        if keep == other {
            return;
        }
        let gone = self.actors[other].clone();
        let kept = &mut self.actors[keep];
        kept.country = kept.country.take().or(gone.country);
        kept.sector = kept.sector.take().or(gone.sector);
        kept.office = kept.office.take().or(gone.office);
        kept.qid = kept.qid.take().or(gone.qid);
        kept.gender = kept.gender.or(gone.gender);
        kept.surname = kept.surname.take().or(gone.surname);
        self.actors[other].merged = Some(keep);
    }

    /// Tells which words are quoted, and of whom: nobody says « il » of himself there.
    pub fn quote(&mut self, statements: &[Statement]) {
        for statement in statements {
            let Some((_, speaker)) = &statement.speaker else { continue };
            // Who is quoted within a quotation is told of in the third person.
            if statement.kind == StatementKind::Direct && statement.nested_in.is_none() {
                let ends = |words: &Range<usize>| (words.start, (words.end, *speaker));
                self.voices.extend(statement.content.iter().map(ends));
            }
        }
    }

    /// Who speaks the quoted words that a token stands in.
    fn voice(&self, token: usize) -> Option<usize> {
        let (_, &(end, speaker)) = self.voices.range(..=token).next_back()?;
        self.at(speaker).filter(|_| token < end)
    }

    /// Tells whose words a sentence holds, so that a pronoun behind can go on with them.
    pub fn hear(&mut self, actor: Option<usize>, token: usize) {
        self.heard = Some((actor, token));
    }

    /// The actors that the words around a head stand for: one, or each of several that are
    /// joined by « et ». Whoever is not known yet becomes known by these words.
    pub fn identify(
        &mut self,
        l: &Layers<'_>,
        head: usize,
    ) -> Vec<(usize, &'static str)> {
        if let Some(pair) = self.pair(l, head) {
            return pair.map(|actor| (actor, "collective")).to_vec();
        }
        if let Some(both) = self.coordination(l, head) {
            return both.into_iter().map(|actor| (actor, "pronoun")).collect();
        }
        let mut found = Vec::new();
        let conjuncts: Vec<usize> = l
            .children_by(head, &[Deprel::Conj])
            .filter(|&c| {
                matches!(l.upos(c), Upos::Noun | Upos::Propn | Upos::Pron | Upos::X)
            })
            .take(6)
            .collect();
        for token in std::iter::once(head).chain(conjuncts) {
            if let Some((actor, via)) = self.one(l, token)
                && !found.iter().any(|(a, _)| *a == actor)
            {
                found.push((actor, via));
            }
        }
        found
    }

    /// « les deux pays »: the two states, or the two bodies, that were named last before.
    fn pair(&self, l: &Layers<'_>, head: usize) -> Option<[usize; 2]> {
        l.hit(head, self.rules.pair)?;
        let two = l
            .children_by(head, &[Deprel::Nummod, Deprel::Det, Deprel::Amod])
            .any(|c| c < head && l.words.numeral(c).is_some_and(|n| n.value == 2.0));
        if !two || !self.is_definite(l, head) {
            return None;
        }
        let here = l.sentence_index(head);
        let last = |actor: &Actor| {
            let near = |m: &&Mention| {
                m.tokens.end <= head && here - l.sentence_index(m.head).min(here) <= 3
            };
            actor.mentions.iter().filter(near).map(|m| m.head).max()
        };
        let mut named: Vec<(usize, usize)> = (0..self.actors.len())
            .filter(|&a| {
                let actor = &self.actors[a];
                actor.merged.is_none() && actor.kind == ActorKind::State
            })
            .filter_map(|a| Some((last(&self.actors[a])?, a)))
            .collect();
        named.sort_unstable();
        // Two that were joined by « et » go before a third that stands nearer.
        let joined = (0..self.actors.len()).flat_map(|a| {
            let conjunct =
                |m: &Mention| l.deprel(m.head) == Deprel::Conj && m.head < head;
            let mentions = self.actors[a].mentions.iter().filter(move |m| conjunct(m));
            mentions.filter_map(move |m| Some((m.head, self.at(l.head(m.head)?)?, a)))
        });
        let is_state = |a: usize| self.actors[a].kind == ActorKind::State;
        let joined = joined.filter(|&(at, a, b)| {
            a != b
                && is_state(a)
                && is_state(b)
                && here - l.sentence_index(at).min(here) <= 4
        });
        if let Some((_, first, second)) = joined.max() {
            return Some([first, second]);
        }
        match named.as_slice() {
            [(_, first), (_, second)] => Some([*first, *second]),
            _ => None,
        }
    }

    /// « son pays »: the state whose the possessor is.
    fn own_state(&mut self, l: &Layers<'_>, head: usize) -> Option<usize> {
        let state = self.rules.is_state_noun(l, head);
        let mut determiners = l.children_by(head, &[Deprel::Det]);
        let possessive = determiners
            .find(|&d| l.hit(d, self.rules.possessive).is_some())
            .filter(|_| state)?;
        let (owner, _) = self.pronoun(l, possessive)?;
        let country = self.actors[self.root(owner)].country.clone()?;
        let key = format!("state:{country}");
        self.actors.iter().position(|a| a.key == key && a.merged.is_none())
    }

    /// « l'organisation », « le pays »: the last one of that kind that was named.
    fn hypernym(&self, l: &Layers<'_>, head: usize) -> Option<usize> {
        let hit = l.hit(head, self.rules.hypernym)?;
        let phrase = l.noun_phrase(head);
        let alone = phrase.end == head + 1 && self.is_definite(l, head);
        let kind = match l.value(hit).text()? {
            "organisation" => ActorKind::Organisation,
            "group" => ActorKind::Group,
            "media" => ActorKind::Media,
            "state" => ActorKind::State,
            _ => return None,
        };
        let here = l.sentence_index(head);
        let named = (0..self.actors.len()).filter(|&a| {
            let actor = &self.actors[a];
            actor.merged.is_none() && actor.kind == kind && actor.why != "description"
        });
        let last = named.filter_map(|a| {
            let before = self.actors[a].mentions.iter().filter(|m| m.tokens.end <= head);
            let last = before.map(|m| m.head).max()?;
            (here - l.sentence_index(last).min(here) <= 3).then_some((last, a))
        });
        last.max().map(|(_, a)| a).filter(|_| alone)
    }

    /// The actor of one head, and how the words led to it.
    pub(crate) fn one(
        &mut self,
        l: &Layers<'_>,
        head: usize,
    ) -> Option<(usize, &'static str)> {
        // « qui »: whoever stands before it.
        let noun = l.antecedent(head)?;
        if noun != head {
            return self.one(l, noun).map(|(actor, _)| (actor, "relative"));
        }
        // « son conseil, Me Anna Weber »: somebody of somebody's is the name beside it.
        let own = self.at(head);
        if own.is_none_or(|a| self.actors[a].kind != ActorKind::Person)
            && let Some(actor) = self.possessed_by_name(l, head)
        {
            return Some((actor, "apposition"));
        }
        if let Some(actor) = self.at(head) {
            let via = self.via(actor, head);
            let taken_up = self.epithet(l, head, Some(actor)).or_else(|| {
                let first =
                    self.actors[actor].mentions.first().is_some_and(|m| m.head == head);
                let unnamed = self.actors[actor].surname.is_none();
                let named = self.pointed_at(l, head).filter(|_| first && unnamed)?;
                self.join(named, actor);
                Some(named)
            });
            return Some((taken_up.unwrap_or(actor), via));
        }
        let pointing = (head.saturating_sub(1)..=head).find(|&t| {
            l.hit(t, self.rules.anaphor).is_some_and(|h| h.end as usize > head)
        });
        if let Some(start) = pointing {
            return self.anaphor(l, start);
        }
        if l.upos(head) == Upos::Pron || l.hit(head, self.rules.possessive).is_some() {
            // « l'une des rares voix critiques, Anna Weber »: the name beside it.
            let named = l
                .children_by(head, &[Deprel::Appos])
                .find(|&c| c > head && l.upos(c) == Upos::Propn && self.at(c).is_some());
            if let Some(actor) = named.and_then(|c| self.at(c)) {
                return Some((actor, "apposition"));
            }
            return self.pronoun(l, head);
        }
        // The parser may have made an adjective the head: « l'ancien président nigérian ».
        let within = l.noun_phrase(head).find_map(|t| {
            let actor = self.at(t)?;
            let holds = |m: &Mention| m.head == t && m.tokens.contains(&head);
            self.actors[actor].mentions.iter().any(holds).then_some((actor, t))
        });
        if let Some((actor, t)) = within {
            return Some((actor, self.via(actor, t)));
        }
        // « un de ses porte-parole, Olivier Goudet »: the name beside it.
        let generic = l.hit(head, self.rules.hypernym).is_some();
        let named = l
            .children_by(head, &[Deprel::Appos, Deprel::Flat, Deprel::Nmod])
            .filter(|&c| c > head && c < head + 12)
            .find(|&c| {
                let kind = self.kind_at(c);
                // « le quotidien Libération »
                let body = generic
                    && l.children_by(c, &[Deprel::Case]).next().is_none()
                    && matches!(kind, Some(ActorKind::Media | ActorKind::Organisation));
                let bare = l.children_by(c, &[Deprel::Case]).next().is_none();
                body || (l.deprel(c) != Deprel::Nmod || bare)
                    && kind == Some(ActorKind::Person)
            });
        if let Some(named) = named {
            let actor = self.at(named)?;
            let tokens = l.noun_phrase(head);
            self.mention(actor, Mention { tokens, head, form: MentionForm::Title });
            return Some((actor, "apposition"));
        }
        // « côté russe »
        let demonym =
            l.hit(head, self.rules.demonym).and_then(|hit| l.field(hit, "country"));
        if let Some(country) = demonym.filter(|_| l.upos(head) == Upos::Adj) {
            let state = self.state(l, country, head);
            self.by_head[head] = Some(state as u32);
            return Some((state, "metonym"));
        }
        self.nominal(l, head)
    }

    /// Whether a dependent of a title says whose it is: « son », « du Kremlin ».
    pub fn is_owner(&self, l: &Layers<'_>, title: usize, token: usize) -> bool {
        let behind = |c: usize| {
            let of = l.hit(c, self.rules.title_complement);
            of.is_some() && c < token
        };
        l.hit(token, self.rules.possessive).is_some()
            || l.deprel(token) == Deprel::Nmod
                && token > title
                && l.children_by(token, &[Deprel::Case]).any(behind)
    }

    /// Whom the words inside a title name, which are no mention of their own yet: « le
    /// porte-parole du Kremlin ».
    pub fn principal(&mut self, l: &Layers<'_>, token: usize) -> Option<usize> {
        if l.hit(token, self.rules.possessive).is_some() {
            return self.pronoun(l, token).map(|(actor, _)| actor);
        }
        self.known(l, token)
            .or_else(|| mention::known(self, l, token).map(|(actor, _)| actor))
            .or_else(|| self.one(l, token).map(|(actor, _)| actor))
    }

    /// « son conseil, Me Anna Weber »: the person whose name stands behind the comma.
    fn possessed_by_name(&self, l: &Layers<'_>, head: usize) -> Option<usize> {
        let mut determiners = l.children_by(head, &[Deprel::Det]);
        let possessed = determiners.any(|d| l.hit(d, self.rules.possessive).is_some());
        let comma = head + 1 < l.tokens.len() && l.word(head + 1) == ",";
        let name = head + 2..l.tokens.len().min(head + 5);
        let begins = |a: usize, t: usize| {
            let holds = |m: &Mention| m.head == t && m.tokens.start == head + 2;
            self.actors[a].mentions.iter().any(holds)
        };
        name.filter(|_| possessed && comma).find_map(|t| {
            self.at(t)
                .filter(|&a| self.actors[a].kind == ActorKind::Person && begins(a, t))
        })
    }

    /// An organisation of the lists, spoken of by an adjective: « européen ».
    pub fn organisation(
        &mut self,
        l: &Layers<'_>,
        name: &str,
        adjective: usize,
    ) -> usize {
        let text = |v: &Value, f: &str| v.get(f).and_then(Value::text).map(str::to_owned);
        let class = self.rules.organisation[0];
        let values = class.map(|c| l.pack.values(c)).unwrap_or_default();
        let value = values.iter().find(|v| text(v, "name").as_deref() == Some(name));
        let field = |f: &str| value.and_then(|v| text(v, f));
        let (country, sector, qid) = (field("country"), field("sector"), field("qid"));
        let key = format!("known:{}", fold(name));
        self.spoken_of(
            l,
            key,
            name.to_owned(),
            ActorKind::Organisation,
            country,
            sector,
            qid,
            adjective,
        )
    }

    /// The state of a country, spoken of by an adjective.
    pub fn state(&mut self, l: &Layers<'_>, country: &str, adjective: usize) -> usize {
        let key = format!("state:{country}");
        let name = mention::state_name(self, l, country);
        let country = Some(country.to_owned());
        self.spoken_of(l, key, name, ActorKind::State, country, None, None, adjective)
    }

    #[allow(clippy::too_many_arguments, reason = "they are the fields of an actor")]
    fn spoken_of(
        &mut self,
        l: &Layers<'_>,
        key: String,
        name: String,
        kind: ActorKind,
        country: Option<String>,
        sector: Option<String>,
        qid: Option<String>,
        adjective: usize,
    ) -> usize {
        let known = self.actors.iter().position(|a| a.key == key && a.merged.is_none());
        let (gender, number) = match &country {
            Some(country) => mention::state_grammar(self, l, country),
            None => (None, None),
        };
        let actor = known.unwrap_or_else(|| {
            self.add(Actor {
                name,
                kind,
                country,
                sector,
                office: None,
                qid,
                why: "adjective",
                gender,
                number,
                surname: None,
                key,
                mentions: Vec::new(),
                merged: None,
            })
        });
        let tokens = adjective..adjective + 1;
        let form = MentionForm::Name;
        self.actors[actor].mentions.push(Mention { tokens, head: adjective, form });
        actor
    }

    fn via(&self, actor: usize, head: usize) -> &'static str {
        let actor = &self.actors[actor];
        match actor.mentions.iter().find(|m| m.head == head).map(|m| m.form) {
            Some(MentionForm::Name) => "name",
            Some(MentionForm::Metonym) => "metonym",
            Some(MentionForm::Title) if actor.why == "office-at-date" => "office-at-date",
            Some(MentionForm::Title) => "title",
            Some(MentionForm::Nominal) => "description",
            Some(MentionForm::Pronoun) => "pronoun",
            None => "name",
        }
    }

    /// A noun phrase that nothing more is known about: « deux responsables », « l'étude ».
    fn nominal(&mut self, l: &Layers<'_>, head: usize) -> Option<(usize, &'static str)> {
        if !matches!(
            l.upos(head),
            Upos::Noun | Upos::Propn | Upos::X | Upos::Adj | Upos::Num
        ) {
            return None;
        }
        let tokens = mention::closed(l, self.bare(l, l.short_phrase(head)));
        let own = self.own_state(l, head);
        if let Some(actor) = own.or_else(|| self.hypernym(l, head)) {
            self.mention(actor, Mention { tokens, head, form: MentionForm::Nominal });
            return Some((actor, "description"));
        }
        let name = l.text_of(&tokens).split_whitespace().collect::<Vec<_>>().join(" ");
        let key = format!("noun:{}", fold(l.word(head)));
        let definite = self.is_definite(l, head);
        let number = l.morph(head).number;
        // « le collectif » is the collective that was named before.
        if definite {
            let earlier = (0..self.actors.len()).rev().map(|a| self.root(a)).find(|&a| {
                let actor = &self.actors[a];
                actor.key == key && actor.number == number
            });
            if let Some(actor) = earlier {
                self.mention(actor, Mention { tokens, head, form: MentionForm::Nominal });
                return Some((actor, "description"));
            }
        }
        let group = number == Some(Number::Plur);
        let taken_up = self.pointed_at(l, head).or_else(|| self.epithet(l, head, None));
        if let Some(actor) = taken_up {
            self.mention(actor, Mention { tokens, head, form: MentionForm::Nominal });
            return Some((actor, "description"));
        }
        let actor = self.add(Actor {
            name,
            kind: match (
                group,
                l.upos(head) == Upos::Noun && self.rules.is_person(l, head),
            ) {
                (true, _) => ActorKind::Group,
                (false, true) => ActorKind::Person,
                (false, false) => ActorKind::Unknown,
            },
            country: None,
            sector: None,
            office: None,
            qid: None,
            why: "description",
            gender: l.morph(head).gender,
            number,
            surname: None,
            key,
            mentions: Vec::new(),
            merged: None,
        });
        self.mention(actor, Mention { tokens, head, form: MentionForm::Nominal });
        Some((actor, "description"))
    }

    fn is_definite(&self, l: &Layers<'_>, head: usize) -> bool {
        let article = l.children_by(head, &[Deprel::Det]).any(|d| {
            l.words.numeral(d).is_none() && l.hit(d, self.rules.indefinite).is_none()
        });
        article || self.rules.is_contracted(l, head)
    }

    /// A noun phrase without its determiner.
    fn bare(&self, l: &Layers<'_>, tokens: Range<usize>) -> Range<usize> {
        let mut start = tokens.start;
        while start + 1 < tokens.end
            && (l.deprel(start) == Deprel::Det || l.is_punct(start))
        {
            start += 1;
        }
        start..tokens.end
    }
}
