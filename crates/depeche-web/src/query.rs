//! What may be asked in a URL? The same as on the command line, under the same names.
//!
//! One table says which parameters there are and what they mean: requests are read by it, and
//! the description of the API is written from it. A name that an address does not know, a
//! value that means nothing and one that is given twice are refused, with the reason.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use axum::extract::{FromRequestParts, Query as Pairs};
use axum::http::Uri;
use axum::http::request::Parts;
use depeche_archive::{Archive, Cursor, Day, Filter, Order, Who};
use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};

use crate::error::Problem;

/// So many answers at most come at once.
pub const MOST: usize = 1000;
/// So many come when nobody says.
pub const USUAL: usize = 25;

/// The name of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// Words.
    Q,
    /// Who speaks, acts or holds a position.
    Who,
    /// Of whom a statement speaks.
    About,
    /// Whom a statement addresses, or to whom something was done.
    To,
    /// Kinds.
    Type,
    /// Stances.
    Stance,
    /// On what.
    Issue,
    /// A place.
    Where,
    /// From that day on.
    Since,
    /// Up to that day.
    Until,
    /// Only what is sure.
    Certain,
    /// From which outlet.
    Outlet,
    /// Also what only copies say.
    Copies,
    /// In which order.
    Sort,
    /// How many.
    Limit,
    /// From where on.
    Cursor,
    /// Also what the hits have in common.
    Facets,
}

/// What a parameter may be.
#[derive(Clone, Copy, Debug)]
enum Values {
    Text,
    List,
    Switch,
    Number,
    OneOf(&'static [&'static str]),
}

struct Row {
    name: Name,
    written: &'static str,
    values: Values,
    means: &'static str,
}

const fn row(
    name: Name,
    written: &'static str,
    values: Values,
    means: &'static str,
) -> Row {
    Row { name, written, values, means }
}

const TABLE: &[Row] = &[
    row(
        Name::Q,
        "q",
        Values::Text,
        "Words, by their stems, accents or not; \"…\" or « … » for words exactly as they stand.",
    ),
    row(
        Name::Who,
        "who",
        Values::Text,
        "Who speaks, acts or holds the position: a name, a Wikidata id, or the ISO code of a country for its state and all who belong to it.",
    ),
    row(Name::About, "about", Values::Text, "Of whom a statement speaks."),
    row(
        Name::To,
        "to",
        Values::Text,
        "Whom a statement addresses, or to whom something was done.",
    ),
    row(
        Name::Type,
        "type",
        Values::List,
        "Kinds and cue classes of statements, or PLOVER types and modes of events; several with commas.",
    ),
    row(
        Name::Stance,
        "stance",
        Values::List,
        "oppose, support, demand, offer, accept, refuse, doubt, deny, open, condition; several with commas.",
    ),
    row(
        Name::Issue,
        "issue",
        Values::Text,
        "A part of the key of an issue, or words of the object.",
    ),
    row(
        Name::Where,
        "where",
        Values::Text,
        "A place by its name, or a country by its ISO code.",
    ),
    row(
        Name::Since,
        "since",
        Values::Text,
        "Only from that day on, in EDTF: 2025-02-18, 2025-02, 2025. What may lie on both sides is kept.",
    ),
    row(Name::Until, "until", Values::Text, "Only up to that day, in EDTF."),
    row(
        Name::Certain,
        "certain",
        Values::Switch,
        "Only what is sure: events that certainly are or are not; statements of a confidence of 80 % and more, positions of 70 %.",
    ),
    row(
        Name::Outlet,
        "outlet",
        Values::Text,
        "Only from outlets whose name has these letters.",
    ),
    row(
        Name::Copies,
        "copies",
        Values::Switch,
        "Also what only copies of a dispatch say again.",
    ),
    row(
        Name::Sort,
        "sort",
        Values::OneOf(&["date", "relevance"]),
        "date: newest first. relevance: of the newest hits those that have most of the words, in the fewest others.",
    ),
    row(Name::Limit, "limit", Values::Number, "How many to return, at most 1000."),
    row(
        Name::Cursor,
        "cursor",
        Values::Text,
        "Where the next page begins, as the Link header of the page before says.",
    ),
    row(
        Name::Facets,
        "facets",
        Values::Switch,
        "Also count what the newest thousand hits have in common.",
    ),
];

fn row_of(name: Name) -> &'static Row {
    TABLE.iter().find(|r| r.name == name).expect("every name has its row")
}

/// In which order answers come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The newest first.
    #[default]
    Date,
    /// Those first that have most of the words.
    Relevance,
}

/// What somebody asked in a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words.
    pub q: Option<String>,
    /// Who speaks, acts or holds a position.
    pub who: Option<String>,
    /// Of whom a statement speaks.
    pub about: Option<String>,
    /// Whom a statement addresses, or to whom something was done.
    pub to: Option<String>,
    /// Kinds.
    pub types: Vec<String>,
    /// Stances.
    pub stances: Vec<String>,
    /// On what.
    pub issue: Option<String>,
    /// A place.
    pub place: Option<String>,
    /// From that day on, as EDTF.
    pub since: Option<String>,
    /// Up to that day, as EDTF.
    pub until: Option<String>,
    /// Only what is sure.
    pub certain: bool,
    /// From which outlet.
    pub outlet: Option<String>,
    /// Also what only copies say.
    pub copies: bool,
    /// In which order.
    pub sort: Sort,
    /// How many; [`USUAL`] when nobody says.
    pub limit: Option<usize>,
    /// From where on.
    pub cursor: Option<String>,
    /// Also what the hits have in common.
    pub facets: bool,
    /// Parameters of the address's own, as they were given.
    pub own: BTreeMap<&'static str, String>,
}

/// An address: which parameters it knows.
pub trait Address: Send + Sync + 'static {
    /// Those of the table.
    const NAMES: &'static [Name];
    /// Those of its own, with what they mean: they are kept in [`Query::own`].
    const OWN: &'static [(&'static str, &'static str)] = &[];
}

/// What somebody asked of an address: an extractor.
#[derive(Debug)]
pub struct Asked<A> {
    /// What is asked.
    pub query: Query,
    address: PhantomData<A>,
}

impl<A> Asked<A> {
    /// What a query asks of an address, without a request.
    pub fn new(query: Query) -> Asked<A> {
        Asked { query, address: PhantomData }
    }
}

impl<S: Send + Sync, A: Address> FromRequestParts<S> for Asked<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked<A>, Problem> {
        Ok(Asked::new(Query::read::<A>(&parts.uri)?))
    }
}

impl Query {
    /// What the query of a URL asks of an address.
    ///
    /// # Errors
    ///
    /// 400 for a name that the address does not know, or a value that means nothing.
    pub fn read<A: Address>(uri: &Uri) -> Result<Query, Problem> {
        let pairs = Pairs::<Vec<(String, String)>>::try_from_uri(uri);
        let Pairs(pairs) = pairs
            .map_err(|e| Problem::asked(format!("the query cannot be read: {e}")))?;
        Query::of_pairs::<A>(pairs)
    }

    /// The same, of names and values.
    ///
    /// # Errors
    ///
    /// 400, as [`Query::read`].
    pub fn of_pairs<A: Address>(pairs: Vec<(String, String)>) -> Result<Query, Problem> {
        let mut query = Query::default();
        let mut given: Vec<String> = Vec::new();
        for (name, value) in pairs {
            // A form sends every field, also the empty ones.
            if value.trim().is_empty() {
                query.known::<A>(&name)?;
                continue;
            }
            if value.contains('\0') {
                return Err(Problem::asked(format!(
                    "{name}: no text has the character U+0000"
                )));
            }
            match query.known::<A>(&name)? {
                Known::Own(own) => {
                    query.own.insert(own, value);
                }
                Known::Row(row) => {
                    let list = matches!(row.values, Values::List);
                    if !list && given.contains(&name) {
                        return Err(Problem::asked(format!("{name} is given twice")));
                    }
                    query.set(row, value)?;
                }
            }
            given.push(name);
        }
        Ok(query)
    }

    fn known<A: Address>(&self, name: &str) -> Result<Known, Problem> {
        if let Some((own, _)) = A::OWN.iter().find(|(own, _)| *own == name) {
            return Ok(Known::Own(own));
        }
        let row = A::NAMES.iter().map(|n| row_of(*n)).find(|r| r.written == name);
        row.map(Known::Row).ok_or_else(|| {
            let rows = A::NAMES.iter().map(|n| row_of(*n).written);
            let known: Vec<&str> = rows.chain(A::OWN.iter().map(|o| o.0)).collect();
            Problem::asked(match known.is_empty() {
                true => format!("there is no parameter {name:?} here, nor any other"),
                false => format!(
                    "there is no parameter {name:?} here; there are {}",
                    known.join(", ")
                ),
            })
        })
    }

    fn set(&mut self, row: &Row, value: String) -> Result<(), Problem> {
        let name = row.written;
        let list = || value.split(',').map(str::trim).filter(|v| !v.is_empty());
        let switch = || match value.as_str() {
            "true" | "1" | "on" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(Problem::asked(format!("{name}={value}: write true or false"))),
        };
        match row.name {
            Name::Q => self.q = Some(value),
            Name::Who => self.who = Some(value),
            Name::About => self.about = Some(value),
            Name::To => self.to = Some(value),
            Name::Type => self.types.extend(list().map(str::to_owned)),
            Name::Stance => self.stances.extend(list().map(str::to_owned)),
            Name::Issue => self.issue = Some(value),
            Name::Where => self.place = Some(value),
            Name::Since => self.since = Some(value),
            Name::Until => self.until = Some(value),
            Name::Certain => self.certain = switch()?,
            Name::Outlet => self.outlet = Some(value),
            Name::Copies => self.copies = switch()?,
            Name::Sort => {
                self.sort = match value.as_str() {
                    "date" => Sort::Date,
                    "relevance" => Sort::Relevance,
                    _ => {
                        return Err(Problem::asked(format!(
                            "sort={value}: write date or relevance"
                        )));
                    }
                };
            }
            Name::Limit => {
                let number = value.parse().ok().filter(|n| (1..=MOST).contains(n));
                let refusal = || {
                    Problem::asked(format!(
                        "limit={value}: write a number from 1 to {MOST}"
                    ))
                };
                self.limit = Some(number.ok_or_else(refusal)?);
            }
            Name::Cursor => self.cursor = Some(value),
            Name::Facets => self.facets = switch()?,
        }
        Ok(())
    }

    /// How many are asked for.
    pub fn limit(&self) -> usize {
        self.limit.unwrap_or(USUAL)
    }

    /// The same as a filter of the archive.
    ///
    /// # Errors
    ///
    /// 400 when nobody in the archive is called so, a date is none, or the archive has no such
    /// type.
    pub fn filter(&self, archive: &Archive) -> Result<Filter, Problem> {
        Ok(Filter {
            words: self.q.clone(),
            who: who(archive, self.who.as_deref())?,
            about: who(archive, self.about.as_deref())?,
            to: who(archive, self.to.as_deref())?,
            types: self.types.clone(),
            stances: self.stances.clone(),
            issue: self.issue.clone(),
            place: self.place.clone(),
            since: day(self.since.as_deref(), "since", |(first, _)| first)?,
            until: day(self.until.as_deref(), "until", |(_, last)| last)?,
            certain: self.certain,
            outlet: self.outlet.clone(),
            copies: self.copies,
            limit: self.limit(),
            before: self.cursor.as_deref().map(str::parse::<Cursor>).transpose()?,
            uncounted: !self.facets,
            order: Order::Newest,
        })
    }

    /// The same as the query of a URL, without `?`; empty when nothing is asked.
    pub fn to_url(&self) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        let texts = [
            ("q", &self.q),
            ("who", &self.who),
            ("about", &self.about),
            ("to", &self.to),
            ("issue", &self.issue),
            ("where", &self.place),
            ("since", &self.since),
            ("until", &self.until),
            ("outlet", &self.outlet),
            ("cursor", &self.cursor),
        ];
        pairs.extend(texts.iter().filter_map(|(n, v)| Some((*n, v.as_ref()?.clone()))));
        for (name, list) in [("type", &self.types), ("stance", &self.stances)] {
            if !list.is_empty() {
                pairs.push((name, list.join(",")));
            }
        }
        for (name, on) in
            [("certain", self.certain), ("copies", self.copies), ("facets", self.facets)]
        {
            if on {
                pairs.push((name, "true".into()));
            }
        }
        if self.sort == Sort::Relevance {
            pairs.push(("sort", "relevance".into()));
        }
        pairs.extend(self.limit.map(|n| ("limit", n.to_string())));
        pairs.extend(self.own.iter().map(|(n, v)| (*n, v.clone())));
        let written = pairs.iter().map(|(n, v)| format!("{n}={}", escape(v)));
        written.collect::<Vec<_>>().join("&")
    }
}

enum Known {
    Own(&'static str),
    Row(&'static Row),
}

/// A value as it may stand in a URL, RFC 3986.
pub fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

fn who(archive: &Archive, name: Option<&str>) -> Result<Option<Who>, Problem> {
    Ok(name.map(|name| archive.who(name)).transpose()?)
}

fn day(
    edtf: Option<&str>,
    name: &str,
    end: impl Fn((Option<Day>, Option<Day>)) -> Option<Day>,
) -> Result<Option<Day>, Problem> {
    let Some(edtf) = edtf else { return Ok(None) };
    let refusal = || {
        Problem::asked(format!(
            "{name}={edtf}: no date in EDTF with that end; write 2025-02-18, 2025-02 or 2025"
        ))
    };
    end(Day::bounds(edtf)).map(Some).ok_or_else(refusal)
}

impl<A: Address> IntoParams for Asked<A> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let rows = A::NAMES.iter().map(|name| {
            let row = row_of(*name);
            parameter(row.written, row.means, row.values.schema())
        });
        let own =
            A::OWN.iter().map(|(n, means)| parameter(n, means, Values::Text.schema()));
        rows.chain(own).collect()
    }
}

fn parameter(name: &str, means: &str, schema: Value) -> Parameter {
    let schema = serde_json::from_value(schema).expect("it is a schema");
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .description(Some(means))
        .schema::<utoipa::openapi::RefOr<utoipa::openapi::Schema>>(Some(schema))
        .build()
}

impl Values {
    fn schema(self) -> Value {
        match self {
            Values::Text | Values::List => json!({"type": "string"}),
            Values::Switch => json!({"type": "boolean"}),
            Values::Number => {
                json!({"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL})
            }
            // A form sends the empty one when nothing is chosen.
            Values::OneOf(known) => {
                let known: Vec<&str> = known.iter().copied().chain([""]).collect();
                json!({"type": "string", "enum": known})
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Here;

    impl Address for Here {
        const NAMES: &'static [Name] =
            &[Name::Q, Name::Type, Name::Certain, Name::Limit, Name::Since];
        const OWN: &'static [(&'static str, &'static str)] = &[("tab", "which tab")];
    }

    fn read(query: &str) -> Result<Query, String> {
        let uri = format!("/v1/here?{query}").parse().expect("it is a path");
        Query::read::<Here>(&uri).map_err(|p| p.detail().to_owned())
    }

    #[test]
    fn a_query_says_what_it_means_or_is_refused() {
        let query = read(
            "q=%C3%A9t%C3%A9+chaud&type=deny,accuse&type=say&certain=true&tab=2&since=",
        );
        let query = query.expect("it is well asked");
        assert_eq!(query.q.as_deref(), Some("été chaud"));
        assert_eq!(query.types, ["deny", "accuse", "say"]);
        assert!(query.certain);
        assert_eq!(query.own.get("tab").map(String::as_str), Some("2"));
        assert_eq!(query.since, None);
        let fault = |q: &str| read(q).expect_err("it is refused");
        assert!(fault("who=a").contains("there are q, type, certain, limit, since, tab"));
        assert!(fault("limit=0").contains("from 1 to 1000"));
        assert!(fault("certain=maybe").contains("true or false"));
        assert!(fault("q=a&q=b").contains("twice"));
        assert!(fault("q=%00").contains("U+0000"));
    }

    #[test]
    fn a_query_can_be_written_again() {
        let url = "q=%C3%A9t%C3%A9%20%26&type=deny%2Csay&certain=true&limit=5&tab=x";
        assert_eq!(read(url).expect("it is well asked").to_url(), url);
    }
}
