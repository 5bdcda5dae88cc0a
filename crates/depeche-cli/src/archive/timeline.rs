//! `depeche timeline`: how much an actor said and did, month by month.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use comfy_table::{Cell, Color};
use serde_json::json;

use super::filter::who;
use super::output::{self, Column, Form, Line};
use crate::Outcome;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Timeline {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// A name, a Wikidata id, or the ISO code of a country
    #[arg(value_name = "ACTOR")]
    actor: String,
    #[command(flatten)]
    form: Form,
}

const EXAMPLES: &str = "\
Months are those of publication; each utterance of a dispatch counts once.

Examples:
  depeche timeline ukraine.depeche Lavrov
  depeche timeline ukraine.depeche RUS --csv";

const COLUMNS: &[Column] = &[
    ("month", 0),
    ("statements", 0),
    ("about", 0),
    ("events", 0),
    ("positions", 0),
    ("", 0),
];

/// Characters of the longest bar.
const WIDE: u64 = 30;

impl Timeline {
    pub(crate) fn run(self) -> Result<Outcome> {
        let archive = super::open(&self.archive)?;
        let who = who(&archive, Some(&self.actor))?.expect("a name was given");
        let months = archive.timeline(&who)?;
        let most =
            months.values().map(|c| c.statements + c.events).max().unwrap_or(0).max(1);
        let lines = months.iter().map(|(month, c)| {
            let bar = ((c.statements + c.events) * WIDE).div_ceil(most) as usize;
            let counts = [c.statements, c.about, c.events, c.positions];
            let mut cells = vec![Cell::new(month).fg(Color::Green)];
            cells.extend(counts.iter().map(Cell::new));
            cells.push(Cell::new("▇".repeat(bar)));
            Line {
                cells,
                fields: vec![
                    ("month", json!(month)),
                    ("statements", json!(c.statements)),
                    ("about", json!(c.about)),
                    ("events", json!(c.events)),
                    ("positions", json!(c.positions)),
                ],
            }
        });
        output::print(self.form, COLUMNS, lines.collect())?;
        Ok(Outcome::Whole)
    }
}
