//! GDELT 2.0 events: 61 columns, tab-separated, without a line of names, as scripts made for
//! GDELT expect them. Only events that certainly happened, each pair of actors a row.
//!
//! What GDELT has and the record has not stays empty, and nothing is guessed: see [`COLUMNS`].

use std::io::Write;

use depeche_record::{Actor, Event, Factuality, Place, PlaceKind};

use super::dna::number;
use crate::write::Entry;
use crate::write::arrow::{Context, days, iso};
use crate::write::onefile::Body;
use crate::write::sink::{Dialect, Error, OwnColumn};
use crate::write::store::FileWriter;

/// The columns of GDELT 2.0 events in their order.
pub(crate) const COLUMNS: &[OwnColumn; 61] = &[
    column(
        "GLOBALEVENTID",
        "From the hash of article, event and pair: the same in every export",
    ),
    column("SQLDATE", "YYYYMMDD; empty where the event cannot be placed on one day"),
    column("MonthYear", "YYYYMM; empty where it cannot be placed in one month"),
    column("Year", "YYYY; empty where it cannot be placed in one year"),
    column("FractionDate", "Always empty"),
    column("Actor1Code", "Country and sector: RUSGOV"),
    column("Actor1Name", "Name of the actor"),
    column(
        "Actor1CountryCode",
        "ISO 3166-1 alpha-3, as CAMEO has it for nearly all states",
    ),
    column("Actor1KnownGroupCode", "Always empty"),
    column("Actor1EthnicCode", "Always empty"),
    column("Actor1Religion1Code", "Always empty"),
    column("Actor1Religion2Code", "Always empty"),
    column("Actor1Type1Code", "PLOVER sector"),
    column("Actor1Type2Code", "Always empty"),
    column("Actor1Type3Code", "Always empty"),
    column("Actor2Code", "Of the recipient; empty without one"),
    column("Actor2Name", "Of the recipient"),
    column("Actor2CountryCode", "Of the recipient"),
    column("Actor2KnownGroupCode", "Always empty"),
    column("Actor2EthnicCode", "Always empty"),
    column("Actor2Religion1Code", "Always empty"),
    column("Actor2Religion2Code", "Always empty"),
    column("Actor2Type1Code", "Of the recipient"),
    column("Actor2Type2Code", "Always empty"),
    column("Actor2Type3Code", "Always empty"),
    column("IsRootEvent", "1 where the title or the lede tells it, else 0"),
    column("EventCode", "CAMEO code"),
    column("EventBaseCode", "Its first three digits"),
    column("EventRootCode", "Its first two digits"),
    column("QuadClass", "1 verbal cooperation … 4 material conflict"),
    column("GoldsteinScale", "Always empty: the record has no scale"),
    column("NumMentions", "How often the article tells it"),
    column("NumSources", "Always 1: a row is of one article"),
    column("NumArticles", "Always 1; copies have no rows where copies were grouped"),
    column("AvgTone", "Always empty: the record has no tone"),
    column("Actor1Geo_Type", "Always empty: the record does not place actors"),
    column("Actor1Geo_FullName", "Always empty"),
    column("Actor1Geo_CountryCode", "Always empty"),
    column("Actor1Geo_ADM1Code", "Always empty"),
    column("Actor1Geo_ADM2Code", "Always empty"),
    column("Actor1Geo_Lat", "Always empty"),
    column("Actor1Geo_Long", "Always empty"),
    column("Actor1Geo_FeatureID", "Always empty"),
    column("Actor2Geo_Type", "Always empty"),
    column("Actor2Geo_FullName", "Always empty"),
    column("Actor2Geo_CountryCode", "Always empty"),
    column("Actor2Geo_ADM1Code", "Always empty"),
    column("Actor2Geo_ADM2Code", "Always empty"),
    column("Actor2Geo_Lat", "Always empty"),
    column("Actor2Geo_Long", "Always empty"),
    column("Actor2Geo_FeatureID", "Always empty"),
    column(
        "ActionGeo_Type",
        "1 country, 4 city outside the US, 5 region; 0 without a place",
    ),
    column("ActionGeo_FullName", "Where it happened, in the language of the article"),
    column(
        "ActionGeo_CountryCode",
        "Always empty: GDELT has FIPS 10-4, the record ISO 3166",
    ),
    column("ActionGeo_ADM1Code", "Always empty"),
    column("ActionGeo_ADM2Code", "Always empty"),
    column("ActionGeo_Lat", "Degrees north"),
    column("ActionGeo_Long", "Degrees east"),
    column(
        "ActionGeo_FeatureID",
        "Always empty: GDELT has ids of GNS, the record of GeoNames",
    ),
    column(
        "DATEADDED",
        "Day of publication, YYYYMMDD000000; empty where it is not one day",
    ),
    column("SOURCEURL", "Address of the article; its key or hash where it has none"),
];

const fn column(name: &'static str, meaning: &'static str) -> OwnColumn {
    OwnColumn { name, data_type: "string", meaning }
}

#[derive(Default)]
pub(crate) struct Gdelt;

impl Body for Gdelt {
    const PATH: &'static str = "events.export.tsv";
    const TITLE: &'static str = "Certain events as rows of GDELT 2.0";
    const MEDIA_TYPE: &'static str = "text/tab-separated-values";
    const COLUMNS: &'static [OwnColumn] = COLUMNS;
    const DIALECT: Option<Dialect> = Some(Dialect { delimiter: '\t', header: false });

    fn article(
        &mut self,
        article: Entry<'_>,
        file: &mut FileWriter,
    ) -> Result<u64, Error> {
        let context = Context::new(article);
        let mut rows = 0;
        for event in &article.record.events {
            if !happened(event) || article.repeats(&event.id) {
                continue;
            }
            for pair in pairs(event) {
                writeln!(file, "{}", row(&context, event, pair).join("\t"))?;
                rows += 1;
            }
        }
        Ok(rows)
    }
}

/// Whether an event certainly happened: GDELT has no place for doubt, plans and denials.
pub(super) fn happened(event: &Event) -> bool {
    let unreal =
        |aux: &String| matches!(aux.as_str(), "future" | "hypothetical" | "negation");
    event.factuality == Factuality::CertainPositive && !event.aux.iter().any(unreal)
}

/// Who did it to whom: each actor with each recipient, and those who do it to each other.
pub(super) fn pairs(event: &Event) -> Vec<(Option<&str>, Option<&str>)> {
    let (actors, recipients) = (&event.actor, &event.recipient);
    let mut pairs = Vec::new();
    if recipients.is_empty() && event.reciprocal && actors.len() > 1 {
        for (n, one) in actors.iter().enumerate() {
            let others = actors[n + 1..].iter();
            pairs.extend(others.map(|o| (Some(one.as_str()), Some(o.as_str()))));
        }
        return pairs;
    }
    let side = |ids: &'_ [String]| ids.len().max(1);
    for n in 0..side(actors) {
        for m in 0..side(recipients) {
            let one = actors.get(n).map(String::as_str);
            pairs.push((one, recipients.get(m).map(String::as_str)));
        }
    }
    pairs
}

fn row(
    c: &Context<'_>,
    e: &Event,
    (one, other): (Option<&str>, Option<&str>),
) -> Vec<String> {
    let article = &c.record.article;
    let key = article.key.as_deref().unwrap_or(&article.id);
    let pair = [one.unwrap_or_default(), other.unwrap_or_default()];
    let id = number([&article.id, key, &e.id, pair[0], pair[1]]);
    let mut row = vec![id.to_string()];
    let (first, last) = days(e.edtf.as_deref());
    row.extend(date(first, last));
    row.push(String::new());
    for side in [one, other] {
        row.extend(actor(side.and_then(|id| c.actor(id))));
    }
    let cameo = e.cameo.as_deref().unwrap_or_default();
    let digits =
        |n: usize| cameo.get(..n.min(cameo.len())).unwrap_or_default().to_owned();
    row.extend([
        u8::from(leads(c, e)).to_string(),
        cameo.to_owned(),
        digits(3),
        digits(2),
        e.quad.to_string(),
        String::new(),
        e.mentions.len().to_string(),
        "1".into(),
        "1".into(),
        String::new(),
    ]);
    row.extend(std::iter::repeat_n(String::new(), 16));
    row.extend(place(c.place(e.place.as_ref())));
    let added = date(c.published.0, c.published.1);
    let added = added.into_iter().next().filter(|day| !day.is_empty());
    row.push(added.map_or_else(String::new, |day| format!("{day}000000")));
    row.push(article.url.clone().unwrap_or_else(|| key.to_owned()));
    row.into_iter().map(|value| clean(&value)).collect()
}

/// Day, month and year, each where there is but one.
fn date(first: Option<i32>, last: Option<i32>) -> [String; 3] {
    let (Some(first), Some(last)) = (first, last) else { return Default::default() };
    let [first, last] = [first, last].map(|day| iso(day).replace('-', ""));
    let common = |digits: usize| {
        let (one, other) = (first.get(..digits), last.get(..digits));
        one.filter(|_| one == other).unwrap_or_default().to_owned()
    };
    [common(8), common(6), common(4)]
}

/// The ten columns of an actor.
fn actor(actor: Option<&Actor>) -> [String; 10] {
    let mut row: [String; 10] = Default::default();
    if let Some(actor) = actor {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        row[0] = crate::write::arrow::code(actor).unwrap_or_default().into_owned();
        row[1] = actor.name.clone();
        row[2] = text(&actor.country);
        row[7] = text(&actor.sector);
    }
    row
}

/// The eight columns of a place.
fn place(place: Option<&Place>) -> [String; 8] {
    let mut row: [String; 8] = Default::default();
    row[0] = "0".into();
    if let Some(place) = place {
        let kind = match place.kind {
            Some(PlaceKind::Country) => "1",
            Some(PlaceKind::Region) => "5",
            _ => "4",
        };
        row[0] = kind.into();
        row[1] = place.name.clone();
        row[5] = place.lat.map_or_else(String::new, |d| d.to_string());
        row[6] = place.lon.map_or_else(String::new, |d| d.to_string());
    }
    row
}

/// Whether the title or the lede tells it.
fn leads(c: &Context<'_>, e: &Event) -> bool {
    use depeche_record::BlockKind::{Lede, Title};
    let head = c.record.article.blocks.iter().filter(|b| matches!(b.kind, Title | Lede));
    let at = |b: &depeche_record::Block| {
        e.mentions.iter().any(|m| b.start <= m.start && m.start < b.end)
    };
    head.into_iter().any(at)
}

/// A value without tabs and line breaks, for which the format has no way to be written.
fn clean(value: &str) -> String {
    value.replace(|c: char| c.is_control(), " ")
}
