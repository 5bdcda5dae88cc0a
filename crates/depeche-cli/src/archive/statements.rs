//! `depeche statements`: who said what, of whom, when.

use anyhow::Result;
use clap::Args;
use comfy_table::{Cell, Color};
use depeche_archive::{Archive, Filter, StatementHit};
use serde_json::json;

use super::filter::{Asked, who};
use super::output::{self, Column, Line, WHOLE, one_line};
use crate::Outcome;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Statements {
    #[command(flatten)]
    asked: Asked,
    /// Of whom they speak
    #[arg(long, value_name = "ACTOR")]
    about: Option<String>,
    /// Whom they address
    #[arg(long, value_name = "ACTOR")]
    to: Option<String>,
    /// direct, indirect, mixed, attributed, scare; or what the cue does: say, assert, claim,
    /// concede, doubt, deny, accuse, demand, promise, announce, ask, judge, quote
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',')]
    types: Vec<String>,
}

const EXAMPLES: &str = "\
Statements come newest first, each utterance of a dispatch once (+3: three copies say it too).
✗ marks what a later version of the dispatch withdraws or corrects.
The reference at the end of a line opens the evidence: depeche show ARCHIVE REF

Examples:
  depeche statements ukraine.depeche troupes --who RUS --since 2025-01
  depeche statements ukraine.depeche --who Lavrov --about OTAN --type deny,accuse
  depeche statements ukraine.depeche '« ligne rouge »' --csv > lignes.csv";

const COLUMNS: &[Column] = &[
    ("when", WHOLE),
    ("who", 22),
    ("says", 12),
    ("what", 0),
    ("outlet", 14),
    ("reference", WHOLE),
];

impl Statements {
    pub(crate) fn run(self) -> Result<Outcome> {
        let archive = super::open(&self.asked.archive)?;
        let filter = Filter {
            about: who(&archive, self.about.as_deref())?,
            to: who(&archive, self.to.as_deref())?,
            types: self.types.clone(),
            ..self.asked.filter(&archive)?
        };
        print(&archive, &filter, &self.asked)
    }
}

/// Prints the statements that a filter lets through.
pub(crate) fn print(
    archive: &Archive,
    filter: &Filter,
    asked: &Asked,
) -> Result<Outcome> {
    let found = archive.statements(filter)?;
    let lines = found.hits.iter().map(|hit| line(archive, hit)).collect::<Result<_>>()?;
    output::print(asked.form, COLUMNS, lines)?;
    if !asked.form.json && !asked.form.csv {
        output::facets(&found.facets);
        let (shown, counted) = (found.hits.len(), found.counted);
        let of = if found.more { "the newest " } else { "" };
        anstream::println!("{shown} of {of}{counted} statements");
    }
    Ok(Outcome::Whole)
}

fn line(archive: &Archive, hit: &StatementHit) -> Result<Line> {
    let said = hit.said.map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}/{last}"),
    });
    let when = said.clone().or_else(|| hit.published.clone()).unwrap_or_default();
    let (mark, taken_back) = output::taken_back(archive, &hit.reference)?;
    Ok(Line {
        cells: vec![
            Cell::new(when.replace('/', "/\n")).fg(Color::Green),
            output::who(&hit.speakers),
            Cell::new(hit.cue.as_deref().unwrap_or("")).fg(Color::Yellow),
            Cell::new(one_line(&hit.content, 280) + &mark),
            output::outlet(hit.outlet.as_deref(), hit.copies),
            output::reference(&hit.reference),
        ],
        fields: vec![
            ("ref", json!(hit.reference.to_string())),
            ("said", json!(said)),
            ("published", json!(hit.published)),
            ("outlet", json!(hit.outlet)),
            ("speakers", json!(hit.speakers)),
            ("about", json!(hit.about)),
            ("kind", json!(hit.kind)),
            ("cue", json!(hit.cue)),
            ("class", json!(hit.class)),
            ("content", json!(hit.content)),
            ("confidence", json!(f64::from(hit.confidence) / 100.0)),
            ("copies", json!(hit.copies)),
            ("taken_back", taken_back),
        ],
    })
}
