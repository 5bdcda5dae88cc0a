//! How is evidence written as W3C Web Annotations? One annotation an item, one target a stretch
//! of text, each with both selectors: position, and quotation with what stands around it.

use depeche::Record;
use depeche::record::{Event, Position, Span, Statement};
use depeche_archive::{Archive, Reference};
use serde_json::{Value, json};

use super::shape::Item;
use crate::error::Problem;

/// So many characters stand before and after a quotation.
const AROUND: usize = 32;

/// Names that the annotation model does not have.
const NAMES: &str = "urn:depeche:";

/// A page of annotations.
#[expect(clippy::needless_pass_by_value, reason = "it becomes part of what is made")]
pub(crate) fn page(
    base: &str,
    this: &str,
    next: Option<&str>,
    items: Vec<Value>,
) -> Value {
    let mut page = json!({
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"dp": NAMES}],
        "id": format!("{base}{this}"),
        "type": "AnnotationPage",
        "items": items,
    });
    if let Some(next) = next {
        page["next"] = json!(format!("{base}{next}"));
    }
    page
}

/// Annotations of texts that are nowhere kept.
#[expect(clippy::needless_pass_by_value, reason = "it becomes part of what is made")]
pub(crate) fn list(items: Vec<Value>) -> Value {
    json!({
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"dp": NAMES}],
        "type": "AnnotationPage",
        "items": items,
    })
}

/// The annotations of what stands in a list.
pub(crate) fn of_items(
    archive: &Archive,
    items: &[impl Item],
    base: &str,
) -> Result<Vec<Value>, Problem> {
    let mut all = Vec::new();
    // Hits of one article stand together: one record is kept.
    let mut last: Option<(String, Notes)> = None;
    for item in items {
        let reference: Reference = item.reference().parse()?;
        if last.as_ref().is_none_or(|(article, _)| *article != reference.article) {
            let record = archive.article(&reference)?.record;
            let notes = Notes::of(&record, base, &reference.article);
            last = Some((reference.article.clone(), notes));
        }
        let span = reference.span.unwrap_or_default();
        let found = last.as_mut().and_then(|(_, notes)| notes.take(kind_of(item), span));
        all.extend(found);
    }
    Ok(all)
}

fn kind_of<T: Item>(_: &T) -> &'static str {
    T::KIND
}

/// The annotations of an article.
#[derive(Debug)]
pub(crate) struct Notes {
    all: Vec<Note>,
}

#[derive(Debug)]
struct Note {
    kind: &'static str,
    /// What its reference names, in code points.
    span: (u32, u32),
    value: Value,
}

impl Notes {
    /// The annotations of an article of the archive, under its reference.
    pub(crate) fn of(record: &Record, base: &str, article: &str) -> Notes {
        let source = format!("{base}/v1/articles/{article}");
        let id = |kind: &str, item: &str| format!("{base}/v1/{kind}/{article}:{item}");
        Notes::new(record, &source, &id)
    }

    /// The annotations of an article that is nowhere kept: it is called by its hash.
    pub(crate) fn of_sent(record: &Record) -> Notes {
        let own = format!("urn:depeche:article:{}", record.article.id);
        let source = record.article.url.clone().unwrap_or_else(|| own.clone());
        let id = |_: &str, item: &str| format!("{own}#{item}");
        Notes::new(record, &source, &id)
    }

    fn new(record: &Record, source: &str, id: &dyn Fn(&str, &str) -> String) -> Notes {
        let text = Text::of(record, source);
        let statements = record.statements.iter().map(|s| Note {
            kind: "statements",
            span: ends(&s.content),
            value: text.note(id("statements", &s.id), statement(record, s), &s.content),
        });
        let events = record.events.iter().map(|e| Note {
            kind: "events",
            span: e.mentions.first().map_or((0, 0), |m| (m.start, m.end)),
            value: text.note(id("events", &e.id), event(record, e), &e.mentions),
        });
        let positions = record.positions.iter().map(|p| {
            let object = std::slice::from_ref(&p.object);
            Note {
                kind: "positions",
                span: ends(object),
                value: text.note(id("positions", &p.id), position(record, p), object),
            }
        });
        Notes { all: statements.chain(events).chain(positions).collect() }
    }

    /// The annotation of an item of some kind, by the stretch that its reference names. Of
    /// several the last: lists begin with what was numbered last.
    pub(crate) fn take(&mut self, kind: &str, span: (u32, u32)) -> Option<Value> {
        let at = self.all.iter().rposition(|n| n.kind == kind && n.span == span)?;
        Some(self.all.remove(at).value)
    }

    /// All of them.
    pub(crate) fn all(self) -> Vec<Value> {
        self.all.into_iter().map(|n| n.value).collect()
    }
}

/// From the first to the last code point of some stretches.
pub(crate) fn ends(spans: &[Span]) -> (u32, u32) {
    let start = spans.iter().map(|s| s.start).min().unwrap_or(0);
    (start, spans.iter().map(|s| s.end).max().unwrap_or(start))
}

fn names(record: &Record, ids: &[String]) -> Vec<String> {
    let name =
        |id: &String| record.actors.iter().find(|a| a.id == *id).map(|a| a.name.clone());
    ids.iter().filter_map(name).collect()
}

fn statement(record: &Record, s: &Statement) -> Value {
    json!({
        "type": "dp:Statement",
        "dp:kind": s.kind,
        "dp:speaker": names(record, &s.speakers),
        "dp:about": names(record, &s.about),
        "dp:cue": s.cue.as_ref().map(|c| &c.lemma),
        "dp:class": s.cue.as_ref().map(|c| &c.class),
        "dp:confidence": s.confidence,
        "dp:rule": s.rule,
    })
}

fn event(record: &Record, e: &Event) -> Value {
    json!({
        "type": "dp:Event",
        "dp:plover": e.kind,
        "dp:mode": e.mode,
        "dp:actor": names(record, &e.actor),
        "dp:recipient": names(record, &e.recipient),
        "dp:edtf": e.edtf,
        "dp:factuality": e.factuality,
        "dp:confidence": e.confidence,
        "dp:rule": e.rule,
    })
}

fn position(record: &Record, p: &Position) -> Value {
    json!({
        "type": "dp:Position",
        "dp:actor": names(record, std::slice::from_ref(&p.actor)),
        "dp:stance": p.stance,
        "dp:issue": p.issue,
        "dp:confidence": p.confidence,
        "dp:rule": p.rule,
    })
}

/// A text that can be sliced by code points.
struct Text<'r> {
    text: &'r str,
    /// The byte at which each code point starts, and the end.
    starts: Vec<usize>,
    source: &'r str,
}

impl<'r> Text<'r> {
    fn of(record: &'r Record, source: &'r str) -> Text<'r> {
        let text = record.article.text.as_str();
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        Text { text, starts, source }
    }

    fn slice(&self, start: usize, end: usize) -> &'r str {
        let byte =
            |point: usize| self.starts.get(point).copied().unwrap_or(self.text.len());
        self.text.get(byte(start)..byte(end.max(start))).unwrap_or_default()
    }

    #[expect(clippy::needless_pass_by_value, reason = "it becomes part of what is made")]
    fn note(&self, id: String, body: Value, spans: &[Span]) -> Value {
        let targets: Vec<Value> = spans.iter().map(|s| self.target(s)).collect();
        json!({
            "id": id,
            "type": "Annotation",
            "motivation": "describing",
            "body": body,
            "target": targets,
        })
    }

    fn target(&self, span: &Span) -> Value {
        let (start, end) = (span.start as usize, span.end as usize);
        json!({
            "source": self.source,
            "selector": [
                {"type": "TextPositionSelector", "start": span.start, "end": span.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": self.slice(start, end),
                    "prefix": self.slice(start.saturating_sub(AROUND), start),
                    "suffix": self.slice(end, end + AROUND),
                },
            ],
        })
    }
}
