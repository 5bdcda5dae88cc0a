//! Where? Names of places, told from who acts under the same name, and the place of an event.
//!
//! A name is looked up in the word classes of the language and in the table of cities; the
//! words around it tell whether it is a place there (« à Moscou ») or somebody (« Moscou a
//! répondu »), and the article tells which of several places of that name is meant. What
//! neither the name nor the article tells stays open: a wrong place is worse than none.

mod name;
mod noun;
mod sense;
mod site;

use std::ops::Range;

use depeche_rule::{ClassId, Gazetteer, Pack};
use depeche_text::TokenKind;

use crate::Layers;
use crate::actor::Actor;
use name::{Name, Names};

pub use site::{Site, locate, venue};

/// A place that the text names, in tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The token that the rest hangs on.
    pub head: usize,
    /// Its usual name, or the words themselves.
    pub name: String,
    /// What kind of place; `None` when its name does not tell.
    pub kind: Option<PlaceKind>,
    /// ISO 3166-1 alpha-3; `None` where it is disputed, shared or not told.
    pub country: Option<String>,
    /// GeoNames.
    pub geonames: Option<u32>,
    /// Degrees north and east.
    pub point: Option<(f64, f64)>,
    /// Whether more than one state claims it, or some do not recognise it.
    pub disputed: bool,
    /// The words that show that it is a place.
    pub evidence: Evidence,
    /// What decided which place it is.
    pub sense: String,
}

pub use depeche_record::PlaceKind;

/// What shows that a name is a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It stands in the dateline.
    Dateline,
    /// It heads a title: « Mali : … ».
    Label,
    /// The word of place before it; `outward` when it leads to or from there.
    Preposition {
        /// The last token of the preposition.
        token: usize,
        /// « vers », « depuis »; « l'ambassadeur à Rome ».
        outward: bool,
        /// « sur », « contre »: where something lands, or what it is about.
        ground: bool,
    },
    /// The noun of a place that it completes: « l'aéroport de Goma ».
    Locality(usize),
    /// The noun of a happening that it completes: « le sommet de Madrid ».
    Happening(usize),
    /// The verb whose object it is: « quitter Alep ».
    Object(usize),
    /// It says where the place before it lies: « Valence (Espagne) ».
    Parent,
    /// Another place that it is joined to.
    Joined(usize),
    /// Its name is that of a place and of nobody.
    Name,
}

/// A name that is no place where it stands, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// `acts`, `addressed`, `part-of-a-name`, `ordinary-word`; `noun`: a noun of a place that
    /// leaves open which one.
    pub why: &'static str,
}

/// Word classes that places are told by.
#[derive(Clone, Copy, Debug)]
pub struct PlaceRules {
    state: Option<ClassId>,
    capital: Option<ClassId>,
    seat: Option<ClassId>,
    city: Option<ClassId>,
    region: Option<ClassId>,
    water: Option<ClassId>,
    demonym: Option<ClassId>,
    locative: [Option<ClassId>; 2],
    during: Option<ClassId>,
    capital_noun: Option<ClassId>,
    carrier: Option<ClassId>,
    first_name: Option<ClassId>,
    speaking_from: Option<ClassId>,
    posted: Option<ClassId>,
    where_pronoun: Option<ClassId>,
    label_mark: Option<ClassId>,
    not_locative: Option<ClassId>,
    outward: Option<ClassId>,
    of: Option<ClassId>,
    place_noun: Option<ClassId>,
    event_noun: Option<ClassId>,
    place_verb: Option<ClassId>,
    origin_verb: Option<ClassId>,
    dative: Option<ClassId>,
    place_anaphor: Option<ClassId>,
    definite: Option<ClassId>,
}

impl PlaceRules {
    /// The classes of a pack.
    pub fn new(pack: &Pack) -> PlaceRules {
        PlaceRules {
            state: pack.class("state"),
            capital: pack.class("capital"),
            seat: pack.class("seat"),
            city: pack.class("city"),
            region: pack.class("region"),
            water: pack.class("water"),
            demonym: pack.class("demonym"),
            locative: ["locative", "locative-capital"].map(|c| pack.class(c)),
            capital_noun: pack.class("capital-noun"),
            first_name: pack.class("first-name"),
            speaking_from: pack.class("speaking-from"),
            carrier: pack.class("carrier"),
            posted: pack.class("posted"),
            during: pack.class("during"),
            where_pronoun: pack.class("where-pronoun"),
            label_mark: pack.class("label-mark"),
            not_locative: pack.class("not-locative"),
            outward: pack.class("outward"),
            of: pack.class("of"),
            place_noun: pack.class("place-noun"),
            event_noun: pack.class("event-noun"),
            place_verb: pack.class("place-verb"),
            origin_verb: pack.class("origin-verb"),
            dative: pack.class("dative"),
            place_anaphor: pack.class("place-anaphor"),
            definite: pack.class("place-definite"),
        }
    }
}

/// The places that a text names, in order, and the names that are none where they stand.
pub fn places(
    rules: &PlaceRules,
    gazetteer: &Gazetteer<'_>,
    l: &Layers<'_>,
    actors: &[Actor],
) -> (Vec<Place>, Vec<Refusal>) {
    let names = Names::new(rules, *gazetteer, l, actors);
    let mut found: Vec<Name<'_>> = Vec::new();
    let mut refused = Vec::new();
    let mut at = 0;
    while at < l.tokens.len() {
        let name =
            (l.tokens[at].kind != TokenKind::Punct).then(|| names.at(at)).flatten();
        let Some(mut name) = name else {
            at += 1;
            continue;
        };
        at = name.tokens.end;
        match names.evidence(&name, &found) {
            Some(Ok(evidence)) => {
                name.evidence = evidence;
                found.push(name);
            }
            Some(Err(why)) => refused.push(Refusal { tokens: name.tokens, why }),
            None => {}
        }
    }
    let mut places = sense::resolve(&names, &found, actors);
    noun::add(&names, rules, l, actors, &mut places, &mut refused);
    (places, refused)
}

impl Evidence {
    /// What an explanation calls it.
    pub fn describe(&self, l: &Layers<'_>) -> String {
        match *self {
            Evidence::Dateline => "stands in the dateline".into(),
            Evidence::Label => "heads a title".into(),
            Evidence::Preposition { token, .. } => {
                format!("stands behind “{}”", l.word(token))
            }
            Evidence::Locality(noun) => format!("completes “{}”", l.word(noun)),
            Evidence::Happening(noun) => format!("is where “{}” was", l.word(noun)),
            Evidence::Object(verb) => format!("is what “{}” acts on", l.word(verb)),
            Evidence::Parent => "tells where the place before it lies".into(),
            Evidence::Joined(token) => format!("is joined to “{}”", l.word(token)),
            Evidence::Name => "is the name of a place and of nobody".into(),
        }
    }
}
