//! `depeche actor`: who is it, how was it called, what did it say and do?

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use comfy_table::Cell;
use depeche_archive::ActorHit;
use serde_json::json;

use super::output::{self, Column, Form, Line, one_line};
use crate::Outcome;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Actor {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// A name or a part of one, a Wikidata id, or the ISO code of a country
    #[arg(value_name = "ACTOR")]
    actor: String,
    /// How many to show
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    limit: usize,
    #[command(flatten)]
    form: Form,
}

const EXAMPLES: &str = "\
Examples:
  depeche actor ukraine.depeche Lavrov
  depeche actor ukraine.depeche RUS -n 50 --json";

const COLUMNS: &[Column] = &[
    ("number", 0),
    ("name", 24),
    ("kind", 0),
    ("of", 0),
    ("said", 0),
    ("about", 0),
    ("events", 0),
    ("positions", 0),
    ("called", 24),
    ("with", 24),
];

impl Actor {
    pub(crate) fn run(self) -> Result<Outcome> {
        let archive = super::open(&self.archive)?;
        let who = archive.who(&self.actor)?;
        let hits = archive.actors(&who, self.limit)?;
        output::print(self.form, COLUMNS, hits.iter().map(line).collect())?;
        Ok(Outcome::Whole)
    }
}

pub(crate) fn line(hit: &ActorHit) -> Line {
    let with: Vec<String> =
        hit.with.iter().map(|(name, n)| format!("{name} {n}")).collect();
    let counts = [hit.said, hit.said_about, hit.events, hit.positions];
    let mut cells = vec![
        Cell::new(hit.id),
        output::who(std::slice::from_ref(&hit.name)),
        Cell::new(&hit.kind),
        Cell::new(hit.country.as_deref().unwrap_or("")),
    ];
    cells.extend(counts.iter().map(Cell::new));
    cells.push(Cell::new(one_line(&hit.names.join(" · "), 160)));
    cells.push(Cell::new(one_line(&with.join(" · "), 160)));
    Line {
        cells,
        fields: vec![
            ("number", json!(hit.id)),
            ("name", json!(hit.name)),
            ("kind", json!(hit.kind)),
            ("country", json!(hit.country)),
            ("qid", json!(hit.qid)),
            ("names", json!(hit.names)),
            ("said", json!(hit.said)),
            ("about", json!(hit.said_about)),
            ("events", json!(hit.events)),
            ("positions", json!(hit.positions)),
            ("with", json!(with)),
        ],
    }
}
