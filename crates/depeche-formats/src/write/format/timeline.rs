//! `TimelineJS` 3: events that certainly happened and have a date, with the sentence that tells
//! them.

use std::io::Write;

use depeche_record::Event;
use quick_xml::escape::escape;
use serde_json::{Value, json};

use super::gdelt::happened;
use crate::write::Entry;
use crate::write::arrow::{Context, days, iso};
use crate::write::onefile::Body;
use crate::write::sink::Error;
use crate::write::store::FileWriter;
use crate::write::text::Offsets;

#[derive(Default)]
pub(crate) struct Timeline {
    events: u64,
}

impl Body for Timeline {
    const PATH: &'static str = "timeline.json";
    const TITLE: &'static str = "Certain events with a date, for TimelineJS";
    const MEDIA_TYPE: &'static str = "application/json";

    fn head(&mut self, file: &mut FileWriter) -> Result<(), Error> {
        Ok(file.write_all(b"{\"events\":[")?)
    }

    fn article(
        &mut self,
        article: Entry<'_>,
        mut file: &mut FileWriter,
    ) -> Result<u64, Error> {
        let before = self.events;
        let context = Context::new(article);
        let offsets = Offsets::new(&article.record.article.text);
        for event in &article.record.events {
            if !happened(event) || article.repeats(&event.id) {
                continue;
            }
            if let Some(slide) = slide(&context, &offsets, event) {
                file.write_all(if self.events == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut file, &slide)?;
                self.events += 1;
            }
        }
        Ok(self.events - before)
    }

    fn tail(&mut self, file: &mut FileWriter) -> Result<u64, Error> {
        file.write_all(b"\n]}\n")?;
        Ok(0)
    }
}

fn slide(c: &Context<'_>, offsets: &Offsets<'_>, e: &Event) -> Option<Value> {
    let edtf = e.edtf.as_deref()?;
    let (first, last) = days(Some(edtf));
    let first = first.or(last)?;
    let article = &c.record.article;
    let mention = e.mentions.first()?;
    let (start, end) = offsets.sentence(c.record, mention.start, mention.end);
    let names = |ids: &[String]| {
        let names = ids.iter().filter_map(|id| c.actor(id)).map(|a| a.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    let sides = [names(&e.actor), names(&e.recipient)];
    let sides: Vec<&String> = sides.iter().filter(|side| !side.is_empty()).collect();
    let sides: Vec<&str> = sides.into_iter().map(String::as_str).collect();
    let kind = e.kind.plover().name;
    let headline = match sides.is_empty() {
        true => kind.to_owned(),
        false => format!("{}: {kind}", sides.join(" → ")),
    };
    let facts = [&article.outlet, &article.published];
    let facts: Vec<&str> = facts.into_iter().flatten().map(String::as_str).collect();
    let words = offsets.slice(start, end);
    let mut slide = json!({
        "start_date": date(first, edtf),
        "text": {
            "headline": escape(&headline),
            "text": format!("<p>{}</p><p>{}</p>", escape(words), escape(facts.join(", "))),
        },
        "group": kind,
        "unique_id": format!("{}-{}", article.key.as_ref().unwrap_or(&article.id), e.id),
    });
    if let Some(last) = last.filter(|last| *last != first) {
        slide["end_date"] = date(last, edtf);
    }
    if let Some(url) = &article.url {
        slide["media"] = json!({"url": url, "link": url});
    }
    Some(slide)
}

/// A day as `TimelineJS` has it; what is shown is what is known.
fn date(day: i32, edtf: &str) -> Value {
    let iso = iso(day);
    let mut parts = iso.trim_start_matches('-').split('-');
    let mut part = || parts.next().and_then(|p| p.parse::<i32>().ok());
    json!({"year": part(), "month": part(), "day": part(), "display_date": edtf})
}
