//! `depeche search`: words, in statements and in whole articles.

use anyhow::{Result, bail};
use clap::Args;
use comfy_table::{Cell, Color};
use depeche_archive::{Archive, TextHit};
use serde_json::json;

use super::filter::Asked;
use super::output::{self, Column, Line, WHOLE, one_line};
use super::statements;
use crate::Outcome;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Search {
    #[command(flatten)]
    asked: Asked,
    /// Look in the whole text of articles, not only in what somebody said
    #[arg(long, conflicts_with = "who")]
    text: bool,
}

const EXAMPLES: &str = "\
Words are found by their stems, with or without accents; all of them must be there. What stands
between \"…\" or « … » is found exactly as it is written, but for case and accents.

Examples:
  depeche search ukraine.depeche 'négociation cessez-le-feu'
  depeche search ukraine.depeche '« ligne rouge »' --since 2025
  depeche search ukraine.depeche gazoduc --text --outlet 'Le Courrier' --json";

const COLUMNS: &[Column] = &[
    ("published", WHOLE),
    ("title", 30),
    ("words", 0),
    ("outlet", 14),
    ("reference", WHOLE),
];

impl Search {
    pub(crate) fn run(self) -> Result<Outcome> {
        if self.asked.words.iter().all(|w| w.trim().is_empty()) {
            bail!("write words to look for: depeche search ARCHIVE WORDS");
        }
        let archive = super::open(&self.asked.archive)?;
        let filter = self.asked.filter(&archive)?;
        if !self.text {
            return statements::print(&archive, &filter, &self.asked);
        }
        let hits = archive.search(&filter)?;
        let lines = hits.iter().map(|hit| line(&archive, hit)).collect::<Result<_>>()?;
        output::print(self.asked.form, COLUMNS, lines)?;
        Ok(Outcome::Whole)
    }
}

fn line(archive: &Archive, hit: &TextHit) -> Result<Line> {
    let (mark, taken_back) = output::taken_back(archive, &hit.reference)?;
    Ok(Line {
        cells: vec![
            Cell::new(hit.published.as_deref().unwrap_or("")).fg(Color::Green),
            Cell::new(one_line(hit.title.as_deref().unwrap_or(""), 90)),
            Cell::new(one_line(&hit.snippet, 200) + &mark),
            output::outlet(hit.outlet.as_deref(), 0),
            output::reference(&hit.reference),
        ],
        fields: vec![
            ("ref", json!(hit.reference.to_string())),
            ("published", json!(hit.published)),
            ("outlet", json!(hit.outlet)),
            ("title", json!(hit.title)),
            ("snippet", json!(hit.snippet)),
            ("taken_back", taken_back),
        ],
    })
}
