//! `depeche correct`: what the engine got wrong, for good; `depeche corrections` exports it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use depeche::Record;
use depeche::record::{
    Event, EventType, Factuality, RoleKind, Span, Stance, StatementKind,
};
use depeche_archive::{Corrected, Correction, DecisionKind, Reference};
use serde_json::{Value, json};

use super::actors::change;
use super::signed::Signature;
use crate::Outcome;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Correct {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// The words of the item, as they stand at the end of a line of an answer
    #[arg(value_name = "REF")]
    reference: Reference,
    #[command(flatten)]
    to: To,
    #[command(flatten)]
    signature: Signature,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct To {
    /// Who said it
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// Nobody whom the article names said it
    #[arg(long)]
    no_speaker: bool,
    /// The PLOVER type of the event
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// FactBank value: `CT+`, `CT-`, `PR+`, `PR-`, `PS+`, `PS-`, `CTu`, `Uu`
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    factuality: Option<String>,
    /// The words of the statement, in code points: 120-186
    #[arg(long, value_name = "START-END")]
    span: Option<String>,
    /// It is no statement
    #[arg(long)]
    not_a_statement: bool,
    /// It is no event
    #[arg(long)]
    not_an_event: bool,
    /// How the holder of the position stands: oppose, support, demand, offer, accept, refuse,
    /// doubt, deny, open, condition
    #[arg(long, value_name = "STANCE")]
    stance: Option<String>,
    /// It is no position
    #[arg(long)]
    not_a_position: bool,
}

const EXAMPLES: &str = "\
A correction goes into a log that is only added to, and holds for every later reading of the
article. `depeche actors log` shows it, `depeche actors undo` takes it back.

Examples:
  depeche correct ukraine.depeche 3fa94c0b21d7:120-186 --speaker 'Sergueï Lavrov' --reason 'il = Lavrov'
  depeche correct ukraine.depeche 3fa94c0b21d7:300-308 --factuality CT- --reason 'démenti'
  depeche correct ukraine.depeche 3fa94c0b21d7:310-342 --stance refuse --reason 'il s’y oppose'
  depeche correct ukraine.depeche 3fa94c0b21d7:120-186 --not-a-statement --reason 'titre de film'";

impl Correct {
    pub(crate) fn run(self) -> Result<Outcome> {
        let to = self.to.correction()?;
        change(&self.archive, |writer| {
            let what = writer.archive().correction(&self.reference, to)?;
            let (number, _) = self.signature.sign(|s| writer.decide(&what, s))?;
            Ok(format!("correction {number} holds"))
        })
    }
}

impl To {
    fn correction(&self) -> Result<Correction> {
        if let Some(name) = &self.speaker {
            return Ok(Correction::Speaker(Some(name.clone())));
        }
        if let Some(code) = &self.kind {
            return match EventType::from_code(code) {
                Some(kind) => Ok(Correction::Type(kind)),
                None => bail!("{code:?} is no type of PLOVER; see docs/codebook"),
            };
        }
        if let Some(value) = &self.factuality {
            return match serde_json::from_value::<Factuality>(json!(value)) {
                Ok(factuality) => Ok(Correction::Factuality(factuality)),
                Err(_) => bail!(
                    "{value:?} is no value of FactBank: CT+, CT-, PR+, PR-, PS+, PS-, CTu, Uu"
                ),
            };
        }
        if let Some(span) = &self.span {
            let ends = span
                .split_once('-')
                .and_then(|(s, e)| Some((s.parse().ok()?, e.parse().ok()?)));
            return match ends {
                Some((start, end)) if start < end => Ok(Correction::Span { start, end }),
                _ => bail!("--span {span}: write two numbers of characters, 120-186"),
            };
        }
        if let Some(stance) = &self.stance {
            return match serde_json::from_value::<Stance>(json!(stance)) {
                Ok(stance) => Ok(Correction::Stance(stance)),
                Err(_) => bail!(
                    "{stance:?} is no stance: oppose, support, demand, offer, accept, refuse, \
                     doubt, deny, open, condition"
                ),
            };
        }
        Ok(if self.no_speaker {
            Correction::Speaker(None)
        } else if self.not_a_statement {
            Correction::NotAStatement
        } else if self.not_a_position {
            Correction::NotAPosition
        } else {
            Correction::NotAnEvent
        })
    }
}

#[derive(Args, Debug)]
#[command(after_help = GOLD_EXAMPLES)]
pub(crate) struct Corrections {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// What of the articles to export
    #[arg(long, value_enum, default_value_t = Layer::Statements)]
    layer: Layer,
}

/// What gold is about: each layer has its own scorer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Layer {
    /// Statements with their speakers
    Statements,
    /// Events and positions of whole articles
    Articles,
}

const GOLD_EXAMPLES: &str = "\
One article a line, with `id`, `lang`, `date`, `text`, and `statements`, or `events` and
`positions`, as gold for evaluation holds them. Articles come in of which something of that layer
was corrected; `corrected` lists the stretches that a person decided on. The rest of such an
article was read by the engine, and is gold only once somebody has looked through it.

Examples:
  depeche corrections ukraine.depeche > gold.statements.jsonl
  depeche corrections ukraine.depeche --layer articles > gold.events.jsonl";

impl Corrections {
    pub(crate) fn run(self) -> Result<Outcome> {
        let archive = super::open(&self.archive)?;
        let mut spans: BTreeMap<String, Vec<[u32; 2]>> = BTreeMap::new();
        for decision in archive.decisions()?.into_iter().filter(|d| d.undone.is_none()) {
            if let DecisionKind::Correct { article, start, end, to } = decision.what
                && self.layer.holds(to.about())
            {
                spans.entry(article).or_default().push([start, end]);
            }
        }
        for (article, spans) in spans {
            let record = archive.article(&article.parse()?)?.record;
            anstream::println!("{}", self.layer.gold(&record, &spans));
        }
        Ok(Outcome::Whole)
    }
}

impl Layer {
    fn holds(self, what: Corrected) -> bool {
        (self == Layer::Statements) == (what == Corrected::Statement)
    }

    fn gold(self, record: &Record, corrected: &[[u32; 2]]) -> Value {
        let article = &record.article;
        let mut gold = json!({
            "id": article.key.as_ref().unwrap_or(&article.id),
            "lang": article.lang,
            "date": article.published,
            "text": article.text,
            "corrected": corrected,
        });
        match self {
            Layer::Statements => gold["statements"] = statements(record),
            Layer::Articles => {
                gold["events"] = events(record);
                gold["positions"] = positions(record);
            }
        }
        gold
    }
}

fn name(record: &Record, id: &str) -> Option<String> {
    record.actors.iter().find(|a| a.id == id).map(|a| a.name.clone())
}

fn statements(record: &Record) -> Value {
    let said = record.statements.iter().filter(|s| s.kind != StatementKind::Scare);
    said.map(|s| {
        let speaker = s.speaker.as_ref();
        let actor = speaker.and_then(|p| p.actor.as_ref());
        json!({
            "kind": if s.kind == StatementKind::Attributed { json!("indirect") } else { json!(s.kind) },
            "content": s.content.iter().map(|c| [c.start, c.end]).collect::<Vec<_>>(),
            "cue": s.cue.as_ref().map(|c| [c.start, c.end]),
            "source": speaker.map(|p| [p.start, p.end]),
            "speaker": actor.and_then(|id| name(record, id)),
        })
    })
    .collect()
}

/// One entry a trigger, for gold is matched by triggers.
fn events(record: &Record) -> Value {
    // Country and sector, as actor codes are written: RUSGOV.
    let code = |ids: &[String]| {
        let actor = record.actors.iter().find(|a| ids.first() == Some(&a.id))?;
        let parts = [json!(actor.country), json!(actor.sector)];
        let code: String = parts.iter().filter_map(Value::as_str).collect();
        (!code.is_empty()).then_some(code)
    };
    let entry = |e: &Event, mention: &Span| {
        let role = |kind: RoleKind| {
            e.roles.iter().find(|r| r.role == kind).map(|r| [r.start, r.end])
        };
        json!({
            "type": e.kind,
            "mode": e.mode,
            "trigger": [mention.start, mention.end],
            "actor": role(RoleKind::Actor),
            "actor_code": code(&e.actor),
            "recipient": role(RoleKind::Recipient),
            "recipient_code": code(&e.recipient),
            "reciprocal": e.reciprocal,
            "factuality": told_as(e),
            "historical": has_aux(e, "historical"),
            "optional": false,
        })
    };
    record
        .events
        .iter()
        .flat_map(|e| e.mentions.iter().map(move |m| entry(e, m)))
        .collect()
}

fn has_aux(event: &Event, mode: &str) -> bool {
    event.aux.iter().any(|a| a == mode)
}

/// Factuality as gold has it.
fn told_as(event: &Event) -> &'static str {
    let told = [
        ("negation", "negated"),
        ("hypothetical", "hypothetical"),
        ("future", "planned"),
    ];
    told.iter()
        .find(|(mode, _)| has_aux(event, mode))
        .map_or("asserted", |(_, told)| told)
}

fn positions(record: &Record) -> Value {
    let position = |p: &depeche::record::Position| {
        json!({
            "actor": name(record, &p.actor),
            "stance": p.stance,
            "object": [p.object.start, p.object.end],
        })
    };
    record.positions.iter().map(position).collect()
}
