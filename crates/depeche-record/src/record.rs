//! The record, field by field.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EventType;

/// The number of this form of record. Fields may be added under it; a rename or a removal is a
/// new number.
pub const SCHEMA: &str = "depeche.record/1";

/// The JSON Schema of a record (2020-12).
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Record).to_value()
}

/// A stretch of the article's text, in Unicode code points, half-open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// Where it starts.
    pub start: u32,
    /// Where it ends: the first code point after it.
    pub end: u32,
    /// The slice itself, so that any reader can check it.
    pub text: String,
}

/// What depeche found in one article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// `depeche.record/1`.
    pub schema: String,
    /// What made it: the same input and the same run give the same bytes.
    pub run: Run,
    /// The article.
    pub article: Article,
    /// Who occurs in it.
    pub actors: Vec<Actor>,
    /// When: every time expression.
    pub times: Vec<Time>,
    /// Where.
    pub places: Vec<Place>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// Who did what to whom.
    pub events: Vec<Event>,
    /// Who stands where.
    pub positions: Vec<Position>,
    /// What the reader of the record should know about it.
    pub warnings: Vec<Warning>,
}

/// What made a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// Name and version: `depeche 0.1.0`.
    pub tool: String,
    /// SHA-256 of the language pack and the model.
    pub engine: String,
    /// SHA-256 of the options that change a record.
    pub options: String,
}

/// The article as it came, and what its input said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Article {
    /// `sha256:` and the hash of the text.
    pub id: String,
    /// The id that the input gave it.
    pub key: Option<String>,
    /// BCP 47.
    pub lang: String,
    /// The headline, when the input keeps it apart.
    pub title: Option<String>,
    /// EDTF, as precise as the source says, never more.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// The wire agency it comes from, as the text says.
    pub agency: Option<String>,
    /// Where it can be found.
    pub url: Option<String>,
    /// What may be done with it.
    pub rights: Option<String>,
    /// Who wrote it, as the by-line of the input says; absent when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byline: Option<String>,
    /// How a wire service marks it; absent when none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<Wire>,
    /// The text: never trimmed, never normalised.
    pub text: String,
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// How a wire service marks a story: what ninjs, NewsML-G2 and NITF say of it. What a service does
/// not say is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Wire {
    /// The words that name the story in the newsroom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Which version of the story it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// When this version was made, as ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versioned: Option<String>,
    /// From 1, the most urgent, to 9.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<String>,
    /// `usable`, `withheld`, `canceled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// It may not be published before, as ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embargo: Option<String>,
    /// Place and day of writing, as the service gives them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
    /// The service's word to editors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editorial: Option<String>,
}

/// A part of the article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it starts, in code points.
    pub start: u32,
    /// The first code point after it.
    pub end: u32,
}

/// What a part of an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// Date and place at the head of a dispatch.
    Dateline,
    /// The headline.
    Title,
    /// The first paragraph.
    Lede,
    /// A line between paragraphs.
    Heading,
    /// Any other.
    Paragraph,
}

/// Somebody or some body that the article names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Actor {
    /// `a1`: stable within the article.
    pub id: String,
    /// The fullest name the article gives, or the canonical one of a known actor.
    pub name: String,
    /// What kind it is.
    pub kind: ActorKind,
    /// ISO 3166-1 alpha-3; null when unknown, and for organisations of states.
    pub country: Option<String>,
    /// PLOVER sector; `IGO` for organisations of states.
    pub sector: Option<String>,
    /// Canonical title of the office.
    pub office: Option<String>,
    /// Wikidata; null when unknown, never guessed.
    pub qid: Option<String>,
    /// How it was identified: `name`, `apposition`, `metonym`, `office-at-date`, …
    pub why: String,
    /// Where the text speaks of it.
    pub mentions: Vec<Mention>,
}

/// What kind of actor.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// One person.
    Person,
    /// A state, when the text does not say which of its bodies.
    State,
    /// A government or a body of state.
    Government,
    /// An organisation.
    Organisation,
    /// People who are meant together.
    Group,
    /// A newspaper, an agency, a broadcaster.
    Media,
    /// Nobody knows.
    Unknown,
}

/// Where the text speaks of an actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// Where it starts, in code points.
    pub start: u32,
    /// The first code point after it.
    pub end: u32,
    /// The slice.
    pub text: String,
    /// How it speaks of it.
    pub form: MentionForm,
}

/// How a mention names an actor.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum MentionForm {
    /// `Sergueï Lavrov`, `Lavrov`.
    Name,
    /// `le ministre`, `le chef de la diplomatie russe`.
    Title,
    /// `Moscou`, `le Kremlin`.
    Metonym,
    /// `deux responsables`, `les manifestants`.
    Nominal,
    /// `il`, `elle`, `nous`.
    Pronoun,
}

/// A time expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Time {
    /// `t1`: stable within the article.
    pub id: String,
    /// Where it starts, in code points.
    pub start: u32,
    /// The first code point after it.
    pub end: u32,
    /// The slice.
    pub text: String,
    /// TIMEX3 type.
    #[serde(rename = "type")]
    pub kind: TimeKind,
    /// TIMEX3 value: `2025-02-18`, `XXXX-WXX-2`, `PT4H30M`.
    pub value: String,
    /// TIMEX3 mod: `START`, `APPROX`, …
    #[serde(rename = "mod", default, skip_serializing_if = "Option::is_none")]
    pub modifier: Option<String>,
    /// TIMEX3 quant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quant: Option<String>,
    /// TIMEX3 freq.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freq: Option<String>,
    /// What can be said, no more; null for lengths, repetitions and vague references.
    pub edtf: Option<String>,
    /// The first day that it may mean.
    pub earliest: Option<String>,
    /// The last day that it may mean.
    pub latest: Option<String>,
    /// From where it was understood: `published`, `story`, `text`.
    pub anchor: String,
    /// What decided: the rule, and what tense and context said.
    pub why: String,
    /// The rule.
    pub rule: String,
}

/// TIMEX3 types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum TimeKind {
    /// A day or longer.
    Date,
    /// A part of a day.
    Time,
    /// A length of time.
    Duration,
    /// What comes back.
    Set,
}

/// What kind of place.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// A state or territory.
    Country,
    /// A part of one or more states, or a part of the world.
    Region,
    /// A city, a town, a village.
    City,
    /// A sea, a strait, a river; a line on the map.
    Water,
    /// A building: `le Kremlin`, where it stands for the place.
    Site,
}

/// A place, where the text speaks of it. A name that stands for who acts there is none: it is
/// a mention of an actor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// `p1`: stable within the article.
    pub id: String,
    /// Where it starts, in code points.
    pub start: u32,
    /// The first code point after it.
    pub end: u32,
    /// The slice.
    pub text: String,
    /// Its usual name in the language of the article.
    pub name: String,
    /// What kind of place; null when the article does not tell.
    #[serde(default)]
    pub kind: Option<PlaceKind>,
    /// ISO 3166-1 alpha-3; null where it is disputed, shared or not told.
    pub country: Option<String>,
    /// Whether states dispute it, or some do not recognise it.
    #[serde(default)]
    pub disputed: bool,
    /// GeoNames.
    pub geonames: Option<u32>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// What shows that it is a place, and what decided which.
    #[serde(default)]
    pub why: String,
}

/// Who said what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// `s1`: stable within the article.
    pub id: String,
    /// How it is rendered.
    pub kind: StatementKind,
    /// The words, split where the cue interrupts them; without marks and complementizer.
    pub content: Vec<Span>,
    /// What introduces them; null without.
    pub cue: Option<Cue>,
    /// Who said them; null when the text does not say.
    pub speaker: Option<Speaker>,
    /// Every actor that vouches for them.
    pub speakers: Vec<String>,
    /// To whom.
    pub addressee: Vec<String>,
    /// About whom.
    pub about: Vec<String>,
    /// When they were said: a time.
    pub said_at: Option<String>,
    /// Where they were said: a place.
    pub venue: Option<String>,
    /// The statement that it is part of.
    pub nested_in: Option<String>,
    /// The block it stands in, by its place among `article.blocks`.
    pub block: Option<u32>,
    /// How sure, from 0 to 1.
    pub confidence: f32,
    /// The rule.
    pub rule: String,
}

/// How words are rendered.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum StatementKind {
    /// In marks, word for word.
    Direct,
    /// In the words of the article.
    Indirect,
    /// Both.
    Mixed,
    /// `selon X`.
    Attributed,
    /// Marks without a speaker: irony, a name, a title.
    Scare,
}

/// What introduces a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cue {
    /// Where it starts, in code points.
    pub start: u32,
    /// The first code point after it.
    pub end: u32,
    /// The slice.
    pub text: String,
    /// Its lemma.
    pub lemma: String,
    /// What kind of saying it is.
    pub class: CueClass,
    /// The entry of the lexicon.
    pub rule: String,
}

/// What kind of saying a cue tells of.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum CueClass {
    /// Neutral: dire.
    Say,
    /// With weight: affirmer.
    Assert,
    /// At a distance: prétendre.
    Claim,
    /// Unwillingly: reconnaître.
    Concede,
    /// Without certainty: craindre.
    Doubt,
    /// That it is not so: démentir.
    Deny,
    /// Against someone: dénoncer.
    Accuse,
    /// So that something be done: exiger.
    Demand,
    /// Binding oneself: promettre.
    Promise,
    /// News: annoncer.
    Announce,
    /// A question: demander si.
    Ask,
    /// An opinion: estimer.
    Judge,
    /// Someone's words passed on: selon.
    Quote,
}

/// Who said it, where the text says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Speaker {
    /// Where it starts, in code points.
    pub start: u32,
    /// The first code point after it.
    pub end: u32,
    /// The slice.
    pub text: String,
    /// The actor; null when unknown.
    pub actor: Option<String>,
    /// How the words led to the actor: `name`, `apposition`, `metonym`, `pronoun`, …
    pub via: Option<String>,
    /// Other actors that the words fit nearly as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// Actors in whose name a spokesperson speaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub behalf: Vec<String>,
}

/// Who did what to whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// `e1`: stable within the article.
    pub id: String,
    /// PLOVER 2.0 type.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// PLOVER contexts.
    pub contexts: Vec<String>,
    /// CAMEO code.
    pub cameo: Option<String>,
    /// 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.
    pub quad: u8,
    /// Every trigger in the article that denotes this one event.
    pub mentions: Vec<Span>,
    /// Who did it.
    pub actor: Vec<String>,
    /// To whom.
    pub recipient: Vec<String>,
    /// Whether both sides do it to each other.
    pub reciprocal: bool,
    /// The words that say so.
    pub roles: Vec<Role>,
    /// When: a time; null when the text does not say.
    pub when: Option<String>,
    /// When, as EDTF.
    pub edtf: Option<String>,
    /// Where: a place.
    #[serde(rename = "where")]
    pub place: Option<String>,
    /// `stated`, or why there is none: `not-stated`; `dateline`, when only the dateline names a
    /// place, which is where it was written; `metonym`, when a place is named for who acts
    /// there; `noun`, when a noun tells it (« dans la région ») and leaves open which;
    /// `elsewhere`, when the sentence names places but ties none to the event.
    pub where_why: String,
    /// Whether it happened.
    pub factuality: Factuality,
    /// PLOVER auxiliary modes: `historical`, `future`, `hypothetical`, `negation`.
    pub aux: Vec<String>,
    /// The statement that is its only source; null when the article itself asserts it.
    pub source_statement: Option<String>,
    /// How sure, from 0 to 1.
    pub confidence: f32,
    /// The rule.
    pub rule: String,
}

/// A part that someone or something has in an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Role {
    /// Which part.
    pub role: RoleKind,
    /// The actor, time or place; null when it is none of the record's.
    #[serde(rename = "ref")]
    pub refers: Option<String>,
    /// Where it starts, in code points.
    pub start: u32,
    /// The first code point after it.
    pub end: u32,
    /// The slice.
    pub text: String,
}

/// Parts in an event.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum RoleKind {
    /// Who does it.
    Actor,
    /// To whom it is done.
    Recipient,
    /// Where.
    Place,
    /// When.
    Time,
    /// With what.
    Instrument,
    /// About what.
    Topic,
}

/// Whether something happened, after FactBank (Saurí and Pustejovsky 2009): how certain, and
/// with which polarity, in the eyes of its source.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum Factuality {
    /// Certain: a fact.
    #[serde(rename = "CT+")]
    CertainPositive,
    /// Probable.
    #[serde(rename = "PR+")]
    ProbablePositive,
    /// Possible.
    #[serde(rename = "PS+")]
    PossiblePositive,
    /// Certain not to be.
    #[serde(rename = "CT-")]
    CertainNegative,
    /// Probably not.
    #[serde(rename = "PR-")]
    ProbableNegative,
    /// Possibly not.
    #[serde(rename = "PS-")]
    PossibleNegative,
    /// Certain, but whether it is or is not is not said.
    #[serde(rename = "CTu")]
    CertainUnknown,
    /// Not committed.
    #[serde(rename = "Uu")]
    Unknown,
}

/// Where an actor stands on something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Position {
    /// `q1`: stable within the article.
    pub id: String,
    /// Who.
    pub actor: String,
    /// How.
    pub stance: Stance,
    /// On what, in the article's words.
    pub object: Span,
    /// The event that the object is.
    pub object_event: Option<String>,
    /// The same key for the same issue in other words and articles: `deploy/forces/NATO/UKR`.
    pub issue: Option<String>,
    /// The statement it was taken from.
    pub statement: Option<String>,
    /// The words that show it: of the stance, of its object, of its holder.
    pub evidence: Vec<Span>,
    /// Words that make the stance stronger or weaker: « catégoriquement ».
    #[serde(default)]
    pub strength: Vec<Span>,
    /// How sure, from 0 to 1.
    pub confidence: f32,
    /// The rule.
    pub rule: String,
}

/// How an actor stands on something.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// Is against it.
    Oppose,
    /// Is for it.
    Support,
    /// Wants it done.
    Demand,
    /// Would do it.
    Offer,
    /// Takes it.
    Accept,
    /// Will not have or do it.
    Refuse,
    /// Is not sure of it.
    Doubt,
    /// Says it is not so.
    Deny,
    /// Does not exclude it.
    Open,
    /// Only if.
    Condition,
}

/// What the reader of a record should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// A stable word: `no-publication-date`.
    pub code: String,
    /// A sentence.
    pub text: String,
}
