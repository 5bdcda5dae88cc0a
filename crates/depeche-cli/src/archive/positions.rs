//! `depeche positions`: who stands where, and when that changed.

use anyhow::Result;
use clap::Args;
use comfy_table::{Cell, Color};
use depeche_archive::{Filter, Story};
use serde_json::json;

use super::filter::Asked;
use super::output::{self, Column, Line, WHOLE, one_line};
use crate::Outcome;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Positions {
    #[command(flatten)]
    asked: Asked,
    /// On what: a part of the key of an issue (`deploy/forces`), or words of the object
    #[arg(long, value_name = "ISSUE")]
    about: Option<String>,
    /// oppose, support, demand, offer, accept, refuse, doubt, deny, open, condition
    #[arg(long, value_name = "STANCE", value_delimiter = ',')]
    stance: Vec<String>,
    /// Only where an actor changed sides on an issue, with the words before and after
    #[arg(long)]
    changes: bool,
}

const EXAMPLES: &str = "\
Positions come by actor and issue, oldest first, and a line that stands on the other side than the
one before it is marked: →. Those whose issue has no key are listed, but never compared.

Examples:
  depeche positions ukraine.depeche --who Macron --about troupes
  depeche positions ukraine.depeche --who RUS --stance refuse,oppose --since 2025-01
  depeche positions ukraine.depeche --changes";

const COLUMNS: &[Column] = &[
    ("who", 22),
    ("issue", 22),
    ("when", WHOLE),
    ("", 0),
    ("stance", 0),
    ("on what", 0),
    ("outlet", 14),
    ("reference", WHOLE),
];

impl Positions {
    pub(crate) fn run(self) -> Result<Outcome> {
        let archive = super::open(&self.asked.archive)?;
        let filter = Filter {
            issue: self.about.clone(),
            stances: self.stance.clone(),
            ..self.asked.filter(&archive)?
        };
        let mut stories = Story::of(archive.positions(&filter)?);
        if self.changes {
            stories.retain(|s| s.changes().next().is_some());
        }
        let lines = stories.iter().flat_map(lines).take(self.asked.limit);
        output::print(self.asked.form, COLUMNS, lines.collect())?;
        if !self.asked.form.json && !self.asked.form.csv {
            let held: usize = stories.iter().map(|s| s.held.len()).sum();
            let changes: usize = stories.iter().map(|s| s.changes().count()).sum();
            anstream::println!("{held} positions, {changes} changes");
        }
        Ok(Outcome::Whole)
    }
}

fn lines(story: &Story) -> Vec<Line> {
    let line = |(n, (hit, changed)): (usize, &(depeche_archive::PositionHit, bool))| {
        let first = |text: &str| if n == 0 { text.to_owned() } else { String::new() };
        Line {
            cells: vec![
                Cell::new(first(&one_line(&hit.actor, 60))).fg(Color::Magenta),
                Cell::new(first(hit.issue.as_deref().unwrap_or(""))),
                Cell::new(hit.published.as_deref().unwrap_or("")).fg(Color::Green),
                Cell::new(if *changed { "→" } else { "" }).fg(Color::Red),
                Cell::new(&hit.stance).fg(Color::Yellow),
                Cell::new(one_line(&hit.object, 160)),
                output::outlet(hit.outlet.as_deref(), hit.copies),
                output::reference(&hit.reference),
            ],
            fields: vec![
                ("ref", json!(hit.reference.to_string())),
                ("actor", json!(hit.actor)),
                ("stance", json!(hit.stance)),
                ("issue", json!(hit.issue)),
                ("object", json!(hit.object)),
                ("changed", json!(changed)),
                ("published", json!(hit.published)),
                ("outlet", json!(hit.outlet)),
                ("copies", json!(hit.copies)),
            ],
        }
    };
    story.held.iter().enumerate().map(line).collect()
}
