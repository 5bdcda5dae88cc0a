//! What do answers look like? The names are those of `--json` on the command line.

use depeche_archive::{
    ActorHead, ActorHit, ArticleHit, DispatchHit, EventHit, Facet, Found, PositionHit,
    StatementHit, Version,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::form::Form;

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// What was found.
    pub(crate) items: Vec<T>,
    /// The address of the next page; null on the last one.
    pub(crate) next: Option<String>,
    /// What the newest hits have in common; when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) facets: Option<Facets>,
}

/// What the newest hits have in common.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Facets {
    /// Over how many hits it was counted.
    counted: usize,
    /// Whether there are more.
    more: bool,
    /// Values of each sort, with how many hits have them.
    facets: Vec<FacetValues>,
}

/// How often each value of one sort occurs.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct FacetValues {
    /// `speaker`, `kind`, `outlet`, `month`, …
    name: String,
    /// The most frequent first; months in order.
    values: Vec<FacetValue>,
}

/// How often a value occurs.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct FacetValue {
    value: String,
    count: u64,
}

impl Facets {
    pub(crate) fn of<T>(found: &Found<T>) -> Facets {
        let values = |facet: &Facet| FacetValues {
            name: facet.name.to_owned(),
            values: facet
                .values
                .iter()
                .map(|(value, count)| FacetValue { value: value.clone(), count: *count })
                .collect(),
        };
        Facets {
            counted: found.counted,
            more: found.more,
            facets: found.facets.iter().map(values).collect(),
        }
    }
}

/// What can stand in a list.
pub(crate) trait Item: Serialize + From<Self::Hit> + Send + 'static {
    /// What the archive returns.
    type Hit: Send + 'static;
    /// What it is called in addresses.
    const KIND: &'static str;
    /// In which forms a list of it can be had, the usual one first.
    const FORMS: &'static [Form];
    /// Its fields, in the order of the columns of a table.
    const COLUMNS: &'static [&'static str];

    /// What opens it.
    fn reference(&self) -> &str {
        ""
    }

    /// When it was published, as EDTF.
    fn published(&self) -> Option<&str> {
        None
    }

    /// A line for a feed: who, and what.
    fn headline(&self) -> String {
        String::new()
    }

    /// Its words, for a feed and for ranking.
    fn words(&self) -> &str {
        ""
    }
}

/// Forms of what has words in an article.
const EVIDENCE: &[Form] =
    &[Form::Json, Form::Ndjson, Form::JsonLd, Form::Csv, Form::Atom, Form::JsonFeed];
/// Forms of articles.
const ARTICLES: &[Form] =
    &[Form::Json, Form::Ndjson, Form::Csv, Form::Atom, Form::JsonFeed];
/// Forms of everything else.
const TABLES: &[Form] = &[Form::Json, Form::Ndjson, Form::Csv];

/// A statement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Statement {
    /// What opens it: an article, and a stretch of its text in code points.
    #[serde(rename = "ref")]
    reference: String,
    /// When it was said, as far as the text says, in EDTF.
    said: Option<String>,
    /// When the article was published, in EDTF.
    published: Option<String>,
    /// Who published it.
    outlet: Option<String>,
    /// Who said it.
    speakers: Vec<String>,
    /// Of whom it speaks.
    about: Vec<String>,
    /// direct, indirect, mixed, attributed, scare.
    kind: String,
    /// The lemma of what introduces it.
    cue: Option<String>,
    /// What the cue does: say, deny, …
    class: Option<String>,
    /// Its words.
    content: String,
    /// How sure, from 0 to 1.
    confidence: f64,
    /// How many copies of the article say it again.
    copies: u64,
}

impl From<StatementHit> for Statement {
    fn from(hit: StatementHit) -> Statement {
        Statement {
            reference: hit.reference.to_string(),
            said: hit.said.map(|(first, last)| match first == last {
                true => first.to_string(),
                false => format!("{first}/{last}"),
            }),
            published: hit.published,
            outlet: hit.outlet,
            speakers: hit.speakers,
            about: hit.about,
            kind: hit.kind,
            cue: hit.cue,
            class: hit.class,
            content: hit.content,
            confidence: f64::from(hit.confidence) / 100.0,
            copies: hit.copies,
        }
    }
}

impl Item for Statement {
    type Hit = StatementHit;
    const KIND: &'static str = "statements";
    const FORMS: &'static [Form] = EVIDENCE;
    const COLUMNS: &'static [&'static str] = &[
        "ref",
        "said",
        "published",
        "outlet",
        "speakers",
        "about",
        "kind",
        "cue",
        "class",
        "content",
        "confidence",
        "copies",
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn published(&self) -> Option<&str> {
        self.published.as_deref()
    }

    fn headline(&self) -> String {
        format!("{}: {}", self.speakers.join(", "), self.content)
    }

    fn words(&self) -> &str {
        &self.content
    }
}

/// An event.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Event {
    /// What opens it.
    #[serde(rename = "ref")]
    reference: String,
    /// PLOVER type.
    #[serde(rename = "type")]
    kind: String,
    /// PLOVER mode.
    mode: Option<String>,
    /// Who did it.
    actor: Vec<String>,
    /// To whom.
    recipient: Vec<String>,
    /// When, in EDTF; null when the text does not say.
    edtf: Option<String>,
    /// Where; null when the text does not say.
    #[serde(rename = "where")]
    place: Option<String>,
    /// FactBank value.
    factuality: String,
    /// Its triggers.
    words: String,
    /// When the article was published, in EDTF.
    published: Option<String>,
    /// Who published it.
    outlet: Option<String>,
    /// How many copies of the article tell it again.
    copies: u64,
}

impl From<EventHit> for Event {
    fn from(hit: EventHit) -> Event {
        Event {
            reference: hit.reference.to_string(),
            kind: hit.kind,
            mode: hit.mode,
            actor: hit.actors,
            recipient: hit.recipients,
            edtf: hit.date,
            place: hit.place,
            factuality: hit.factuality,
            words: hit.words,
            published: hit.published,
            outlet: hit.outlet,
            copies: hit.copies,
        }
    }
}

impl Item for Event {
    type Hit = EventHit;
    const KIND: &'static str = "events";
    const FORMS: &'static [Form] = EVIDENCE;
    const COLUMNS: &'static [&'static str] = &[
        "ref",
        "type",
        "mode",
        "actor",
        "recipient",
        "edtf",
        "where",
        "factuality",
        "words",
        "published",
        "outlet",
        "copies",
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn published(&self) -> Option<&str> {
        self.published.as_deref()
    }

    fn headline(&self) -> String {
        let who = [self.actor.join(", "), self.recipient.join(", ")];
        format!("{} {}: {}", self.kind, who.join(" → "), self.words)
    }

    fn words(&self) -> &str {
        &self.words
    }
}

/// A position.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Position {
    /// What opens it.
    #[serde(rename = "ref")]
    reference: String,
    /// Who holds it.
    actor: String,
    /// oppose, support, demand, offer, accept, refuse, doubt, deny, open, condition.
    stance: String,
    /// The key of the issue.
    issue: Option<String>,
    /// On what, in the article's words.
    object: String,
    /// When the article was published, in EDTF.
    published: Option<String>,
    /// Who published it.
    outlet: Option<String>,
    /// How many copies of the article tell it again.
    copies: u64,
}

impl From<PositionHit> for Position {
    fn from(hit: PositionHit) -> Position {
        Position {
            reference: hit.reference.to_string(),
            actor: hit.actor,
            stance: hit.stance,
            issue: hit.issue,
            object: hit.object,
            published: hit.published,
            outlet: hit.outlet,
            copies: hit.copies,
        }
    }
}

impl Item for Position {
    type Hit = PositionHit;
    const KIND: &'static str = "positions";
    const FORMS: &'static [Form] = EVIDENCE;
    const COLUMNS: &'static [&'static str] =
        &["ref", "actor", "stance", "issue", "object", "published", "outlet", "copies"];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn published(&self) -> Option<&str> {
        self.published.as_deref()
    }

    fn headline(&self) -> String {
        format!("{} ({}): {}", self.actor, self.stance, self.object)
    }

    fn words(&self) -> &str {
        &self.object
    }
}

/// An article in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Article {
    /// What opens it.
    #[serde(rename = "ref")]
    pub(crate) reference: String,
    /// When it was published, in EDTF.
    pub(crate) published: Option<String>,
    /// Who published it.
    pub(crate) outlet: Option<String>,
    /// Its headline.
    pub(crate) title: Option<String>,
    /// Where it was found.
    pub(crate) url: Option<String>,
    /// BCP 47.
    pub(crate) lang: String,
    /// Length of its text in code points.
    length: u64,
    /// The earliest article of the same dispatch; null for that one itself.
    copy_of: Option<String>,
    /// What it was to that one: identical, shortened, extended, altered.
    relation: Option<String>,
    /// How many articles are copies of it.
    copies: u64,
    /// The words around the first place where those that were asked for stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<String>,
}

impl From<ArticleHit> for Article {
    fn from(hit: ArticleHit) -> Article {
        Article {
            reference: hit.reference.to_string(),
            published: hit.published,
            outlet: hit.outlet,
            title: hit.title,
            url: hit.url,
            lang: hit.lang,
            length: hit.length,
            copy_of: hit.copy_of.map(|r| r.to_string()),
            relation: hit.relation,
            copies: hit.copies,
            snippet: hit.snippet,
        }
    }
}

impl Item for Article {
    type Hit = ArticleHit;
    const KIND: &'static str = "articles";
    const FORMS: &'static [Form] = ARTICLES;
    const COLUMNS: &'static [&'static str] = &[
        "ref",
        "published",
        "outlet",
        "title",
        "url",
        "lang",
        "length",
        "copy_of",
        "relation",
        "copies",
        "snippet",
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn published(&self) -> Option<&str> {
        self.published.as_deref()
    }

    fn headline(&self) -> String {
        self.title.clone().or_else(|| self.snippet.clone()).unwrap_or_default()
    }

    fn words(&self) -> &str {
        self.snippet.as_deref().or(self.title.as_deref()).unwrap_or_default()
    }
}

/// One article of a dispatch.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct VersionOf {
    /// What opens it.
    #[serde(rename = "ref")]
    reference: String,
    /// Who published it.
    outlet: Option<String>,
    /// When, in EDTF.
    published: Option<String>,
    /// What it was to the earliest one; null for that one.
    relation: Option<String>,
}

impl From<Version> for VersionOf {
    fn from(version: Version) -> VersionOf {
        VersionOf {
            reference: version.reference.to_string(),
            outlet: version.outlet,
            published: version.published,
            relation: version.relation,
        }
    }
}

/// A dispatch: an article and its copies.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Dispatch {
    /// What opens its earliest article.
    #[serde(rename = "ref")]
    reference: String,
    /// When that was published, in EDTF.
    published: Option<String>,
    /// Who published it.
    outlet: Option<String>,
    /// Its headline.
    title: Option<String>,
    /// How many copies there are.
    copies: u64,
    /// All its articles, the earliest first.
    versions: Vec<VersionOf>,
}

impl From<DispatchHit> for Dispatch {
    fn from(hit: DispatchHit) -> Dispatch {
        Dispatch {
            reference: hit.article.reference.to_string(),
            published: hit.article.published,
            outlet: hit.article.outlet,
            title: hit.article.title,
            copies: hit.article.copies,
            versions: hit.versions.into_iter().map(VersionOf::from).collect(),
        }
    }
}

impl Item for Dispatch {
    type Hit = DispatchHit;
    const KIND: &'static str = "dispatches";
    const FORMS: &'static [Form] = TABLES;
    const COLUMNS: &'static [&'static str] =
        &["ref", "published", "outlet", "title", "copies"];
}

/// An actor in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ActorName {
    /// The number of the actor in this archive.
    id: i64,
    /// Its name.
    name: String,
    /// person, state, government, organisation, group, media, unknown.
    kind: String,
    /// ISO 3166-1 alpha-3.
    country: Option<String>,
    /// Wikidata.
    qid: Option<String>,
}

impl From<ActorHead> for ActorName {
    fn from(head: ActorHead) -> ActorName {
        ActorName {
            id: head.id,
            name: head.name,
            kind: head.kind,
            country: head.country,
            qid: head.qid,
        }
    }
}

impl Item for ActorName {
    type Hit = ActorHead;
    const KIND: &'static str = "actors";
    const FORMS: &'static [Form] = TABLES;
    const COLUMNS: &'static [&'static str] = &["id", "name", "kind", "country", "qid"];
}

/// An actor, and what the archive has of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Actor {
    /// The number of the actor in this archive.
    id: i64,
    /// Its name.
    name: String,
    /// person, state, government, organisation, group, media, unknown.
    kind: String,
    /// ISO 3166-1 alpha-3.
    country: Option<String>,
    /// Wikidata.
    qid: Option<String>,
    /// By which names the press called it.
    names: Vec<String>,
    /// How many statements it made, each utterance of a dispatch once.
    said: u64,
    /// In how many it is spoken of.
    said_about: u64,
    /// How many events it has a part in.
    events: u64,
    /// How many positions it holds.
    positions: u64,
    /// With whom it shares events, those it shares most first.
    with: Vec<Shared>,
}

/// An actor with whom another shares events.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Shared {
    /// Its name.
    name: String,
    /// How many events they share.
    events: u64,
}

impl From<ActorHit> for Actor {
    fn from(hit: ActorHit) -> Actor {
        Actor {
            id: hit.id,
            name: hit.name,
            kind: hit.kind,
            country: hit.country,
            qid: hit.qid,
            names: hit.names,
            said: hit.said,
            said_about: hit.said_about,
            events: hit.events,
            positions: hit.positions,
            with: hit
                .with
                .into_iter()
                .map(|(name, events)| Shared { name, events })
                .collect(),
        }
    }
}
