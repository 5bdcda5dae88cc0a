//! PLOVER 2.0 as JSON lines: one event a line, in the names of its chapter of data fields;
//! fields that PLOVER does not have come last.

use std::io::Write;

use depeche_record::{Actor, Event, Place};
use serde_json::{Value, json};

use crate::write::Entry;
use crate::write::arrow::{Context, days, iso, name_of};
use crate::write::onefile::Body;
use crate::write::sink::Error;
use crate::write::store::FileWriter;

#[derive(Default)]
pub(crate) struct Plover;

impl Body for Plover {
    const PATH: &'static str = "events.plover.jsonl";
    const TITLE: &'static str = "Events in the fields of PLOVER 2.0, one a line";
    const MEDIA_TYPE: &'static str = "application/jsonl";

    fn article(
        &mut self,
        article: Entry<'_>,
        mut file: &mut FileWriter,
    ) -> Result<u64, Error> {
        let context = Context::new(article);
        for event in &article.record.events {
            serde_json::to_writer(&mut file, &line(&context, event))?;
            file.write_all(b"\n")?;
        }
        Ok(article.record.events.len() as u64)
    }
}

fn line(c: &Context<'_>, e: &Event) -> Value {
    let article = &c.record.article;
    let (first, last) = days(e.edtf.as_deref());
    let spoken = |ids: &[String], role: depeche_record::RoleKind| -> Vec<Value> {
        let text = |actor: &Actor| {
            let is = |r: &&depeche_record::Role| {
                r.role == role && r.refers.as_ref() == Some(&actor.id)
            };
            e.roles.iter().find(is).map(|r| r.text.clone())
        };
        ids.iter().filter_map(|id| c.actor(id)).map(|a| actor(a, text(a))).collect()
    };
    json!({
        "id": format!("{}#{}", article.key.as_ref().unwrap_or(&article.id), e.id),
        "has_event": true,
        "date": first.map(iso),
        "enddate": last.filter(|_| first.is_some() && first != last).map(iso),
        "actor": spoken(&e.actor, depeche_record::RoleKind::Actor),
        "recipient": spoken(&e.recipient, depeche_record::RoleKind::Recipient),
        "event": [e.kind.plover().name],
        "mode": e.mode.iter().collect::<Vec<_>>(),
        "context": e.contexts,
        "quad_code": e.quad,
        "event_loc": c.place(e.place.as_ref()).map(location),
        "event_text": e.mentions.iter().map(|m| &m.text).collect::<Vec<_>>(),
        "link": c.origin.map(|o| &o.dispatch),
        "text_info": e.mentions.first().map(|m| json!({"start": m.start, "end": m.end})),
        "cite_info": {
            "citation": article.id,
            "url": article.url,
            "title": article.title,
            "language": article.lang,
            "publication": article.outlet,
            "license": article.rights,
            "coder": c.record.run.tool,
            "codebook": "plover-2.0",
        },
        "pub_date": article.published,
        "edtf": e.edtf,
        "cameo": e.cameo,
        "reciprocal": e.reciprocal,
        "factuality": name_of(&e.factuality),
        "aux": e.aux,
        "source_statement": e.source_statement,
        "is_copy": c.repeats(&e.id),
        "confidence": e.confidence,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it becomes part of what is made")]
fn actor(a: &Actor, text: Option<String>) -> Value {
    json!({
        "code": a.country,
        "sector": a.sector,
        "actor_text": text,
        "identifier_id": a.qid,
        "identifier_text": a.name,
        "office": a.office,
    })
}

/// A place in the names of GeoNames, as PLOVER has it.
fn location(p: &Place) -> Value {
    json!({
        "geonameid": p.geonames,
        "name": p.name,
        "latitude": p.lat,
        "longitude": p.lon,
        "cc3": p.country,
    })
}
