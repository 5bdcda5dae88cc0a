//! W3C Web Annotation (23 February 2017) as JSON-LD: one annotation a statement, event or
//! position; every target has a position selector, in code points, and a quotation selector.

use std::io::Write;

use depeche_record::{Event, Position, Statement};
use serde_json::{Value, json};

use crate::write::Entry;
use crate::write::arrow::{Context, Slice, code, name_of};
use crate::write::onefile::Body;
use crate::write::sink::Error;
use crate::write::store::FileWriter;
use crate::write::text::{Offsets, around};

/// So many characters before and after the words tell them from the same words elsewhere.
const AROUND: u32 = 32;

#[derive(Default)]
pub(crate) struct Annotations {
    items: u64,
}

impl Body for Annotations {
    const PATH: &'static str = "annotations.jsonld";
    const TITLE: &'static str = "Statements, events and positions as Web Annotations";
    const MEDIA_TYPE: &'static str = "application/ld+json";

    fn head(&mut self, file: &mut FileWriter) -> Result<(), Error> {
        let context = json!([
            "http://www.w3.org/ns/anno.jsonld",
            {"depeche": "urn:depeche:record:1:"},
        ]);
        write!(
            file,
            "{{\"@context\":{context},\n\"id\":\"urn:depeche:annotations\",\
             \"type\":\"AnnotationPage\",\"startIndex\":0,\"items\":["
        )?;
        Ok(())
    }

    fn article(
        &mut self,
        article: Entry<'_>,
        mut file: &mut FileWriter,
    ) -> Result<u64, Error> {
        let before = self.items;
        let page = Page {
            context: Context::new(article),
            offsets: Offsets::new(&article.record.article.text),
        };
        let record = article.record;
        let statements = record.statements.iter().map(|s| page.statement(s));
        let events = record.events.iter().map(|e| page.event(e));
        let positions = record.positions.iter().map(|p| page.position(p));
        for annotation in statements.chain(events).chain(positions) {
            file.write_all(if self.items == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut file, &annotation)?;
            self.items += 1;
        }
        Ok(self.items - before)
    }

    fn tail(&mut self, file: &mut FileWriter) -> Result<u64, Error> {
        file.write_all(b"\n]}\n")?;
        Ok(0)
    }
}

/// The annotations of an article.
struct Page<'a> {
    context: Context<'a>,
    offsets: Offsets<'a>,
}

impl<'a> Page<'a> {
    #[expect(clippy::needless_pass_by_value, reason = "it becomes part of what is made")]
    fn annotation(&self, id: &str, body: Value, targets: Vec<Value>) -> Value {
        let record = self.context.record;
        let article = &record.article;
        let key = article.key.as_deref().unwrap_or_default();
        let mut annotation = json!({
            "id": format!("urn:{}:{}#{id}", article.id, plain(key)),
            "type": "Annotation",
            "motivation": "identifying",
            "generator": {"type": "Software", "name": record.run.tool},
            "body": body,
            "target": targets,
        });
        if let Some(rights) = &article.rights {
            annotation["depeche:rights"] = json!(rights);
        }
        if let Some(repeats) = self.context.repeats(id) {
            annotation["depeche:isCopy"] = json!(repeats);
        }
        annotation
    }

    /// A stretch of the text, and what part it has.
    fn target(&self, part: &str, span: impl Into<Slice<'a>>) -> Value {
        let Slice { start, end, text } = span.into();
        let (prefix, suffix) = around(&self.offsets, start, end, AROUND);
        let article = &self.context.record.article;
        let source = article.url.clone().unwrap_or_else(|| format!("urn:{}", article.id));
        json!({
            "type": "SpecificResource",
            "source": source,
            "styleClass": part,
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                {"type": "TextQuoteSelector", "exact": text, "prefix": prefix, "suffix": suffix},
            ],
        })
    }

    fn actor(&self, id: &str) -> Value {
        let Some(actor) = self.context.actor(id) else { return Value::Null };
        let qid = actor.qid.as_ref();
        json!({
            "depeche:name": actor.name,
            "depeche:kind": name_of(&actor.kind),
            "depeche:code": code(actor),
            "depeche:wikidata": qid.map(|q| format!("http://www.wikidata.org/entity/{q}")),
        })
    }

    fn actors(&self, ids: &[String]) -> Vec<Value> {
        ids.iter().map(|id| self.actor(id)).collect()
    }

    fn statement(&self, s: &'a Statement) -> Value {
        let body = json!({
            "type": "depeche:Statement",
            "depeche:kind": name_of(&s.kind),
            "depeche:class": s.cue.as_ref().map(|c| name_of(&c.class)),
            "depeche:speaker": self.actors(&s.speakers),
            "depeche:about": self.actors(&s.about),
            "depeche:confidence": s.confidence,
            "depeche:rule": s.rule,
        });
        let mut targets: Vec<Value> =
            s.content.iter().map(|c| self.target("content", c)).collect();
        targets.extend(s.cue.iter().map(|c| self.target("cue", c)));
        targets.extend(s.speaker.iter().map(|p| self.target("speaker", p)));
        self.annotation(&s.id, body, targets)
    }

    fn event(&self, e: &'a Event) -> Value {
        let body = json!({
            "type": "depeche:Event",
            "depeche:plover": e.kind.plover().name,
            "depeche:mode": e.mode,
            "depeche:cameo": e.cameo,
            "depeche:actor": self.actors(&e.actor),
            "depeche:recipient": self.actors(&e.recipient),
            "depeche:edtf": e.edtf,
            "depeche:factuality": name_of(&e.factuality),
            "depeche:confidence": e.confidence,
            "depeche:rule": e.rule,
        });
        let mut targets: Vec<Value> =
            e.mentions.iter().map(|m| self.target("mention", m)).collect();
        targets.extend(e.roles.iter().map(|r| self.target(&name_of(&r.role), r)));
        self.annotation(&e.id, body, targets)
    }

    fn position(&self, p: &'a Position) -> Value {
        let body = json!({
            "type": "depeche:Position",
            "depeche:actor": self.actor(&p.actor),
            "depeche:stance": name_of(&p.stance),
            "depeche:issue": p.issue,
            "depeche:confidence": p.confidence,
            "depeche:rule": p.rule,
        });
        let mut targets = vec![self.target("object", &p.object)];
        targets.extend(p.evidence.iter().map(|e| self.target("evidence", e)));
        self.annotation(&p.id, body, targets)
    }
}

/// What of a key may stand in an IRI.
fn plain(key: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    key.chars().map(|c| if keep(c) { c } else { '_' }).collect()
}
