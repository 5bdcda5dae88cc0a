//! `depeche explain`: what was found at a place, by which rule, and that rule's examples.

use std::io::{self, Write};

use anyhow::{Context, Result, bail};
use depeche::rule::Entry;
use depeche::{Analysis, Document, Languages, Reader, Record};
use serde_json::{Value, json};

use crate::engine::languages;
use crate::flags::Explain;
use crate::show::{Part, lit};
use crate::{Outcome, input};

/// Something that was found: what it is, where its evidence stands, and its rules.
struct Item {
    id: String,
    what: String,
    facts: Vec<(&'static str, String)>,
    spans: Vec<(u32, u32)>,
    rules: Vec<String>,
}

impl Explain {
    pub(crate) fn run(self) -> Result<Outcome> {
        let document = self.document()?;
        let text = document.text();
        let at = match (&self.find, self.at) {
            (Some(words), _) => {
                let byte = text.find(words.as_str()).with_context(|| {
                    format!("{}: « {words} » does not occur in it", self.file.display())
                })?;
                text[..byte].chars().count() as u32
            }
            (None, at) => at.unwrap_or_default(),
        };
        let length = text.chars().count();
        if at as usize >= length {
            bail!("{}: it has {length} characters, none at {at}", self.file.display());
        }
        let languages = match self.about.rules {
            Some(_) => languages(&self.about)?,
            None => Languages::with_notes(),
        };
        let mut reader = Reader::new(&languages);
        let code = languages.code_of(&document);
        let Some(pipeline) = reader.pipeline(&code) else {
            bail!("{}: `{code}` was not built in; give --lang", self.file.display());
        };
        let analysis = pipeline.analyze(&document);
        let record = analysis.record();
        let items: Vec<Item> = items(&record)
            .into_iter()
            .filter(|i| i.spans.iter().any(|&(start, end)| start <= at && at < end))
            .collect();
        if self.json {
            let mut out = io::stdout().lock();
            for item in &items {
                serde_json::to_writer(&mut out, &item.json(&analysis))
                    .map_err(io::Error::from)?;
                out.write_all(b"\n")?;
            }
        } else {
            anstream::print!("{}", words(&analysis, &record, &items, at));
        }
        Ok(Outcome::Whole)
    }

    /// The article that is asked about.
    fn document(&self) -> Result<Document> {
        for draft in input::articles(std::slice::from_ref(&self.file), &self.about) {
            let article =
                draft.finish().map_err(|problem| anyhow::anyhow!("{problem}"))?;
            if self.id.is_none() || article.document.meta().key == self.id {
                return Ok(article.document);
            }
        }
        match &self.id {
            Some(id) => bail!("{}: no article has the id {id}", self.file.display()),
            None => bail!("{}: there is no article in it", self.file.display()),
        }
    }
}

/// Everything in a record that a rule or a name gave.
fn items(record: &Record) -> Vec<Item> {
    let mut items = Vec::new();
    for a in &record.actors {
        items.push(Item {
            id: a.id.clone(),
            what: format!("{} ({})", a.name, word(&a.kind)),
            facts: vec![
                ("country", a.country.clone().unwrap_or_default()),
                ("sector", a.sector.clone().unwrap_or_default()),
                ("office", a.office.clone().unwrap_or_default()),
                ("known by", a.why.clone()),
            ],
            spans: a.mentions.iter().map(|m| (m.start, m.end)).collect(),
            rules: Vec::new(),
        });
    }
    for s in &record.statements {
        let cue = s.cue.as_ref();
        let mut spans: Vec<(u32, u32)> =
            s.content.iter().map(|c| (c.start, c.end)).collect();
        spans.extend(cue.map(|c| (c.start, c.end)));
        spans.extend(s.speaker.as_ref().map(|p| (p.start, p.end)));
        items.push(Item {
            id: s.id.clone(),
            what: format!("{} statement, confidence {:.2}", word(&s.kind), s.confidence),
            facts: vec![
                (
                    "speaker",
                    s.speaker.as_ref().map_or_else(String::new, |p| p.text.clone()),
                ),
                ("is", s.speakers.join(" ")),
                (
                    "cue",
                    cue.map_or_else(String::new, |c| {
                        format!("{} ({})", c.text, word(&c.class))
                    }),
                ),
                ("where", s.venue.clone().unwrap_or_default()),
                ("inside", s.nested_in.clone().unwrap_or_default()),
            ],
            spans,
            rules: cue
                .map(|c| c.rule.clone())
                .into_iter()
                .chain([s.rule.clone()])
                .collect(),
        });
    }
    for e in &record.events {
        let roles = e.roles.iter().map(|r| (r.start, r.end));
        items.push(Item {
            id: e.id.clone(),
            what: format!(
                "event {}, {}, confidence {:.2}",
                word(&e.kind),
                word(&e.factuality),
                e.confidence
            ),
            facts: vec![
                ("who", e.actor.join(" ")),
                ("to whom", e.recipient.join(" ")),
                ("when", e.edtf.clone().unwrap_or_default()),
                ("where", e.place.clone().unwrap_or_else(|| e.where_why.clone())),
                ("told in", e.source_statement.clone().unwrap_or_default()),
            ],
            spans: e.mentions.iter().map(|m| (m.start, m.end)).chain(roles).collect(),
            rules: vec![e.rule.clone()],
        });
    }
    for p in &record.positions {
        let strength: Vec<&str> = p.strength.iter().map(|s| s.text.as_str()).collect();
        items.push(Item {
            id: p.id.clone(),
            what: format!(
                "position: {}, confidence {:.2}",
                word(&p.stance),
                p.confidence
            ),
            facts: vec![
                ("who", p.actor.clone()),
                ("on what", p.object.text.clone()),
                ("issue", p.issue.clone().unwrap_or_default()),
                ("event", p.object_event.clone().unwrap_or_default()),
                ("told in", p.statement.clone().unwrap_or_default()),
                ("strength", strength.join(", ")),
            ],
            spans: p.evidence.iter().map(|s| (s.start, s.end)).collect(),
            rules: vec![p.rule.clone()],
        });
    }
    for t in &record.times {
        items.push(Item {
            id: t.id.clone(),
            what: format!("time {} {}", word(&t.kind), t.value),
            facts: vec![
                ("EDTF", t.edtf.clone().unwrap_or_default()),
                ("told from", t.anchor.clone()),
                ("why", t.why.clone()),
            ],
            spans: vec![(t.start, t.end)],
            rules: vec![t.rule.clone()],
        });
    }
    for p in &record.places {
        items.push(Item {
            id: p.id.clone(),
            what: format!("place {}", p.name),
            facts: vec![
                ("kind", p.kind.as_ref().map(word).unwrap_or_default()),
                ("country", p.country.clone().unwrap_or_default()),
                ("GeoNames", p.geonames.map(|g| g.to_string()).unwrap_or_default()),
                ("why", p.why.clone()),
            ],
            spans: vec![(p.start, p.end)],
            rules: Vec::new(),
        });
    }
    items
}

/// The word that a value is written as.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).expect("a value of a closed list is a word");
    value.as_str().unwrap_or_default().to_owned()
}

fn rule<'a>(analysis: &'a Analysis<'_>, id: &str) -> Option<&'a Entry> {
    analysis.language.pack().entries.iter().find(|e| e.id == id)
}

impl Item {
    fn json(&self, analysis: &Analysis<'_>) -> Value {
        let rules: Vec<Value> = self
            .rules
            .iter()
            .map(|id| {
                let entry = rule(analysis, id);
                let examples = entry.map(|e| &e.examples[..]).unwrap_or_default();
                json!({
                    "id": id,
                    "file": entry.map(|e| &e.file),
                    "line": entry.map(|e| e.line),
                    "find": entry.map(|e| &e.find_text),
                    "note": entry.and_then(|e| e.note.as_ref()),
                    "examples": examples.iter().map(marked).collect::<Vec<_>>(),
                    "not": entry.map(|e| &e.not),
                })
            })
            .collect();
        let facts: serde_json::Map<String, Value> = self
            .facts
            .iter()
            .filter(|(_, fact)| !fact.is_empty())
            .map(|(name, fact)| ((*name).to_owned(), Value::from(fact.clone())))
            .collect();
        json!({ "id": self.id, "what": self.what, "facts": facts, "spans": self.spans, "rules": rules })
    }
}

/// An example with its marks.
fn marked(example: &depeche::rule::Example) -> String {
    let mut out = String::new();
    let mut at = 0;
    for &(start, end) in &example.marks {
        let (start, end) = (start as usize, end as usize);
        out += &example.text[at..start];
        out += &format!("⟦{}⟧", &example.text[start..end]);
        at = end;
    }
    out + &example.text[at..]
}

/// The explanation for people.
fn words(a: &Analysis<'_>, record: &Record, items: &[Item], at: u32) -> String {
    let text = &record.article.text;
    let mut out = sentence(a, text, items, at);
    let refused = refusals(a, at);
    if items.is_empty() && refused.is_empty() {
        out += "\nNothing was found here.\n";
    }
    out += &refused;
    for item in items {
        out += &format!(
            "\n{h}{}{h:#} {}\n",
            item.id,
            item.what,
            h = anstyle::Style::new().bold()
        );
        for (name, fact) in item.facts.iter().filter(|(_, fact)| !fact.is_empty()) {
            let fact = fact.split_whitespace().collect::<Vec<_>>().join(" ");
            out += &format!("  {name:<10}{fact}\n");
        }
        for id in &item.rules {
            out += &match rule(a, id) {
                Some(entry) => described(a.language.code(), entry),
                None => format!("  rule      {id} (part of the engine)\n"),
            };
        }
    }
    out
}

/// Why a name of a place is none here.
fn refusals(a: &Analysis<'_>, at: u32) -> String {
    let text = a.document.text();
    let byte = text.char_indices().nth(at as usize).map_or(text.len(), |(i, _)| i) as u32;
    let l = a.layers();
    let here = a.not_places.iter().filter(|r| {
        let span = l.span(&r.tokens);
        span.start <= byte && byte < span.end
    });
    here.map(|r| {
        let why = match r.why {
            "acts" => "it stands for who acts there",
            "addressed" => "it stands for who is addressed",
            "ordinary-word" => "it is an ordinary word too, and nothing shows a place",
            _ => "it is part of another name",
        };
        format!("\nno place  {}: {why}\n", l.text_of(&r.tokens))
    })
    .collect()
}

fn described(code: &str, entry: &Entry) -> String {
    let mut out = format!(
        "  rule      {}\n            lang/{code}/{}:{}\n",
        entry.id, entry.file, entry.line
    );
    if !entry.find_text.is_empty() {
        out += &format!("            finds {}\n", entry.find_text.join("  or  "));
    }
    if let Some(note) = &entry.note {
        out += &format!("            {note}\n");
    }
    for example in entry.examples.iter().take(2) {
        out += &format!("            e.g. {}\n", marked(example));
    }
    for not in entry.not.iter().take(1) {
        out += &format!("            not  {not}\n");
    }
    out
}

/// The sentence that a place stands in, with what was found there lit, and its words.
fn sentence(a: &Analysis<'_>, text: &str, items: &[Item], at: u32) -> String {
    let byte = text.char_indices().nth(at as usize).map_or(text.len(), |(i, _)| i) as u32;
    let Some(token) = a.tokens.iter().position(|t| byte < t.span.end) else {
        return String::new();
    };
    let l = a.layers();
    let sentence = l.span(&l.sentence(token));
    let start = text[..sentence.start as usize].chars().count() as u32;
    let shown = sentence.of(text);
    let end = start + shown.chars().count() as u32;
    let clip = |(s, e): &(u32, u32)| {
        (s.clamp(&start, &end) - start, e.clamp(&start, &end) - start)
    };
    let parts: Vec<(u32, u32, Part)> = items
        .iter()
        .flat_map(|i| i.spans.iter().map(clip))
        .map(|(s, e)| (s, e, Part::Place))
        .chain([(
            at.max(start) - start,
            (at.max(start) - start + 1).min(end - start),
            Part::Cue,
        )])
        .collect();
    let morph = a.syntax.morph[token];
    let head = l.head(token).map_or("the head of its sentence", |h| l.word(h));
    format!(
        "{}\n\n  {} is {} {}, lemma {}, {} of {head}\n",
        lit(shown, &parts, &[]),
        l.word(token),
        morph.upos.name(),
        morph.feats(),
        a.lemma(token),
        l.deprel(token).name(),
    )
}
