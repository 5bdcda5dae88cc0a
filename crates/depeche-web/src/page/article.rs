//! An article, its evidence lit: three colours for who, how and what; cards in the margin.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use depeche::Record;
use depeche_archive::{Archive, Reference, Stored};
use serde_json::{Value, json};

use super::LANG;
use super::cards::{Card, Fix, Maker};
use super::screen::{Page, Screen, Table, Visitor, answer};
use super::segments::{Layer, Segment, paragraphs, segments};
use super::text::calm;
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of an article.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] = &[];
    const OWN: &'static [(&'static str, &'static str)] = &[
        LANG,
        ("item", "The item whose words are lit: s1."),
        ("done", "What was just done."),
    ];
}

/// An article as the page shows it.
pub(crate) struct Sheet {
    /// The reference of the article; none for one that is in no archive.
    pub(crate) reference: Option<String>,
    pub(crate) lang: String,
    pub(crate) title: Option<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) agency: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) rights: Option<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) rows: Vec<Row>,
    /// Other articles of its dispatch.
    pub(crate) versions: Vec<Sibling>,
    /// Who occurs in it: for the form of corrections.
    pub(crate) cast: Vec<String>,
    pub(crate) counts: [u64; 3],
    /// The item that the address names.
    pub(crate) item: Option<String>,
    pub(crate) may_write: bool,
    pub(crate) done: bool,
    pub(crate) added: bool,
}

/// A paragraph with its margin.
pub(crate) struct Row {
    pub(crate) kind: &'static str,
    /// Its first code point.
    pub(crate) start: u32,
    pub(crate) segments: Vec<Segment>,
    pub(crate) cards: Vec<Card>,
    pub(crate) dates: Vec<Card>,
    /// Whether the address names words of it, and they begin here.
    pub(crate) passage: Option<usize>,
}

/// An article of the same dispatch.
pub(crate) struct Sibling {
    pub(crate) reference: String,
    pub(crate) outlet: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) relation: Option<String>,
    pub(crate) current: bool,
}

#[derive(Template)]
#[template(path = "article.html")]
struct Article {
    page: Page,
    sheet: Sheet,
    view: Value,
    codes: Codes,
}

/// What an event can be corrected to.
pub(crate) struct Codes {
    pub(crate) types: Vec<&'static str>,
    pub(crate) factualities: &'static [&'static str],
}

impl Codes {
    pub(crate) fn all() -> Codes {
        Codes {
            types: depeche::record::PLOVER.iter().map(|p| p.name).collect(),
            factualities: &["CT+", "PR+", "PS+", "CT-", "PR-", "PS-", "CTu", "Uu"],
        }
    }
}

impl Screen for Article {
    type View = Value;

    fn view(&self) -> &Value {
        &self.view
    }

    fn table(&self) -> Table {
        let cards = self.sheet.rows.iter().flat_map(|r| r.cards.iter().chain(&r.dates));
        let row = |c: &Card| {
            let who: Vec<&str> = c.who.iter().map(|(name, _)| name.as_str()).collect();
            let confidence = c.confidence.map(|c| c.to_string()).unwrap_or_default();
            vec![
                c.id.clone(),
                c.sort.to_owned(),
                c.span.clone(),
                c.kind.clone(),
                who.join("; "),
                c.words.clone(),
                confidence,
                c.rule.clone(),
            ]
        };
        Table {
            head: &["item", "sort", "span", "kind", "who", "words", "confidence", "rule"],
            rows: cards.map(row).collect(),
        }
    }
}

/// `GET /article/{reference}`.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    Path(reference): Path<String>,
    Asked { query, .. }: Asked<Asks>,
) -> Result<Response, Problem> {
    let reference: Reference =
        reference.parse().map_err(|e| Problem::from(e).or_missing())?;
    let asked = reference.clone();
    let stored = app.read(move |archive| find(archive, &asked)).await?;
    let item = query.own.get("item").cloned().or_else(|| reference.item.clone());
    let maker = Maker {
        record: &stored.record,
        labels: visitor.labels,
        reference: Some(&stored.reference.article),
        base: visitor.base(),
        may_write: app.may_write(),
    };
    let mut sheet = Sheet::of(&maker, reference.span, item);
    sheet.versions = siblings(&stored);
    let done = query.own.get("done").map(String::as_str);
    (sheet.done, sheet.added) = (done == Some("corrected"), done == Some("added"));
    let versions: Vec<Value> = stored
        .versions
        .iter()
        .map(|v| json!({"reference": v.reference.to_string(), "outlet": v.outlet, "published": v.published, "relation": v.relation}))
        .collect();
    let view = json!({
        "reference": stored.reference.to_string(),
        "versions": versions,
        "record": stored.record,
    });
    let page = visitor.page(&app, "article", &[Form::Json, Form::Csv]);
    answer(&Article { page, sheet, view, codes: Codes::all() }, form, &visitor)
}

fn find(archive: &Archive, reference: &Reference) -> Result<Stored, Problem> {
    archive.article(reference).map_err(|e| Problem::from(e).or_missing())
}

fn siblings(stored: &Stored) -> Vec<Sibling> {
    let sibling = |v: &depeche_archive::Version| Sibling {
        reference: v.reference.to_string(),
        outlet: v.outlet.as_deref().map(calm),
        published: v.published.clone(),
        relation: v.relation.clone(),
        current: v.reference.article == stored.reference.article,
    };
    match stored.versions.len() {
        0 | 1 => Vec::new(),
        _ => stored.versions.iter().map(sibling).collect(),
    }
}

impl Row {
    /// Whether the words that the address names begin with this piece.
    pub(crate) fn begins(&self, piece: &usize) -> bool {
        self.passage == Some(*piece)
    }
}

impl Sheet {
    /// A record as a page, with a stretch or an item lit.
    pub(crate) fn of(
        maker: &Maker<'_>,
        span: Option<(u32, u32)>,
        item: Option<String>,
    ) -> Sheet {
        let record = maker.record;
        let (cards, layers) = maker.all();
        let lit = lit(&layers, span, item.as_deref());
        let text: Vec<char> = record.article.text.chars().collect();
        let mut rows: Vec<Row> = Vec::new();
        let mut cards = cards.into_iter().peekable();
        for paragraph in paragraphs(record, &text) {
            let segments = segments(&text, &paragraph, &layers, &lit);
            let mut of_row = Vec::new();
            while let Some(card) = cards.next_if(|c| c.start < paragraph.end) {
                of_row.push(card);
            }
            let (dates, of_row) = of_row.into_iter().partition(Card::is_time);
            let first = rows.iter().all(|r: &Row| r.passage.is_none());
            let passage =
                segments.iter().position(|s| s.lit).filter(|_| first && span.is_some());
            rows.push(Row {
                kind: paragraph.kind,
                start: paragraph.start,
                segments,
                cards: of_row,
                dates,
                passage,
            });
        }
        let article = &record.article;
        Sheet {
            reference: maker.reference.map(str::to_owned),
            lang: calm(&article.lang),
            title: title(record),
            outlet: article.outlet.as_deref().map(calm),
            agency: article.agency.as_deref().map(calm),
            published: article.published.clone(),
            url: article
                .url
                .clone()
                .filter(|u| u.starts_with("https://") || u.starts_with("http://")),
            rights: article.rights.as_deref().map(calm),
            warnings: record.warnings.iter().map(|w| w.code.clone()).collect(),
            rows,
            versions: Vec::new(),
            cast: cast(record),
            counts: [
                record.statements.len() as u64,
                record.events.len() as u64,
                record.positions.len() as u64,
            ],
            item,
            may_write: maker.may_write && maker.reference.is_some(),
            done: false,
            added: false,
        }
    }

    /// Whether the address names one of these items.
    pub(crate) fn has_item(&self, cards: &[Card]) -> bool {
        cards.iter().any(|c| self.is_item(c))
    }

    /// Whether the address names this item.
    pub(crate) fn is_item(&self, card: &Card) -> bool {
        self.item.as_ref() == Some(&card.id)
    }

    pub(crate) fn field<'a>(&self, value: &'a Option<String>) -> &'a str {
        value.as_deref().unwrap_or_default()
    }
}

/// Its headline: that of the input, else that of the text.
fn title(record: &Record) -> Option<String> {
    let of_text = || {
        let title = depeche::record::BlockKind::Title;
        let block = record.article.blocks.iter().find(|b| b.kind == title)?;
        let length = block.end.saturating_sub(block.start) as usize;
        let text = record.article.text.chars().skip(block.start as usize).take(length);
        Some(text.collect::<String>())
    };
    record.article.title.clone().or_else(of_text).map(|t| calm(&t))
}

fn cast(record: &Record) -> Vec<String> {
    let mut names: Vec<String> = record.actors.iter().map(|a| calm(&a.name)).collect();
    names.sort();
    names.dedup();
    names
}

/// What the address names: a stretch, or all that belongs to an item.
fn lit(
    layers: &[Layer],
    span: Option<(u32, u32)>,
    item: Option<&str>,
) -> Vec<(u32, u32)> {
    let of_item = layers.iter().filter(|l| Some(l.item.as_str()) == item);
    span.into_iter().chain(of_item.map(|l| (l.start, l.end))).collect()
}
