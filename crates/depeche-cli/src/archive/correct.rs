//! `depeche correct`: what the engine got wrong, for good; `depeche corrections` exports it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use depeche::Record;
use depeche::record::{EventType, Factuality, StatementKind};
use depeche_archive::{Correction, DecisionKind, Reference};
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
}

const EXAMPLES: &str = "\
A correction goes into a log that is only added to, and holds for every later reading of the
article. `depeche actors log` shows it, `depeche actors undo` takes it back.

Examples:
  depeche correct ukraine.depeche 3fa94c0b21d7:120-186 --speaker 'Sergueï Lavrov' --reason 'il = Lavrov'
  depeche correct ukraine.depeche 3fa94c0b21d7:300-308 --factuality CT- --reason 'démenti'
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
        Ok(match (self.no_speaker, self.not_a_statement) {
            (true, _) => Correction::Speaker(None),
            (_, true) => Correction::NotAStatement,
            _ => Correction::NotAnEvent,
        })
    }
}

#[derive(Args, Debug)]
#[command(after_help = GOLD_EXAMPLES)]
pub(crate) struct Corrections {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
}

const GOLD_EXAMPLES: &str = "\
One article a line, with `id`, `lang`, `date`, `text` and `statements` as gold for evaluation holds
them; `corrected` lists the stretches that a person decided on. The rest of such an article was
read by the engine, and is gold only once somebody has looked through it.

Examples:
  depeche corrections ukraine.depeche > gold.statements.jsonl";

impl Corrections {
    pub(crate) fn run(self) -> Result<Outcome> {
        let archive = super::open(&self.archive)?;
        let decisions = archive.decisions()?;
        let in_force = decisions.iter().filter(|d| d.undone.is_none());
        let corrections: Vec<(&str, [u32; 2])> = in_force
            .filter_map(|d| match &d.what {
                DecisionKind::Correct { article, start, end, .. } => {
                    Some((article.as_str(), [*start, *end]))
                }
                DecisionKind::Merge { .. } | DecisionKind::Split { .. } => None,
            })
            .collect();
        let articles: BTreeSet<&str> =
            corrections.iter().map(|(article, _)| *article).collect();
        for article in articles {
            let of = corrections.iter().filter(|(a, _)| *a == article);
            let spans: Vec<[u32; 2]> = of.map(|(_, span)| *span).collect();
            let record = archive.article(&article.parse()?)?.record;
            anstream::println!("{}", gold(&record, &spans));
        }
        Ok(Outcome::Whole)
    }
}

fn gold(record: &Record, corrected: &[[u32; 2]]) -> Value {
    let article = &record.article;
    let name =
        |id: &String| record.actors.iter().find(|a| a.id == *id).map(|a| a.name.clone());
    let said = record.statements.iter().filter(|s| s.kind != StatementKind::Scare);
    let statements: Vec<Value> = said
        .map(|s| {
            let speaker = s.speaker.as_ref();
            json!({
                "kind": if s.kind == StatementKind::Attributed { json!("indirect") } else { json!(s.kind) },
                "content": s.content.iter().map(|c| [c.start, c.end]).collect::<Vec<_>>(),
                "cue": s.cue.as_ref().map(|c| [c.start, c.end]),
                "source": speaker.map(|p| [p.start, p.end]),
                "speaker": speaker.and_then(|p| p.actor.as_ref()).and_then(name),
            })
        })
        .collect();
    json!({
        "id": article.key.as_ref().unwrap_or(&article.id),
        "lang": article.lang,
        "date": article.published,
        "text": article.text,
        "statements": statements,
        "corrected": corrected,
    })
}
