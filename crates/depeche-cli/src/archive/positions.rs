//! `depeche positions`: who stands where, and when that changed.

use anyhow::Result;
use clap::Args;
use comfy_table::{Cell, Color};
use depeche_archive::{Agreement, Filter, Matrix, Side, Story};
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
    /// Actors by issues: the last side that each took, + for and - against
    #[arg(long, conflicts_with = "changes")]
    matrix: bool,
    /// Who agrees with whom: on which issues two actors stand on one side, and on which not
    #[arg(long, conflicts_with_all = ["changes", "matrix"])]
    agreement: bool,
}

const EXAMPLES: &str = "\
Positions come by actor and issue, oldest first, and a line that stands on the other side than the
one before it is marked: →. Those whose issue has no key are listed, but never compared. Of more
than 5,000 the newest are taken, except for --changes, --matrix and --agreement.

Examples:
  depeche positions ukraine.depeche --who Macron --about troupes
  depeche positions ukraine.depeche --who RUS --stance refuse,oppose --since 2025-01
  depeche positions ukraine.depeche --changes
  depeche positions ukraine.depeche --matrix --since 2025
  depeche positions ukraine.depeche --agreement --who FRA";

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
        // Who changed, and who agrees with whom, is a matter of all of them.
        let all = self.changes || self.matrix || self.agreement;
        let most = if all { usize::MAX } else { NEWEST };
        let (positions, more) = archive.newest_positions(&filter, most)?;
        let mut stories = Story::of(positions);
        if self.matrix {
            let matrix = Matrix::of(&stories, self.asked.limit, ISSUES);
            let columns: Vec<Column> = HEAD
                .iter()
                .copied()
                .chain(matrix.issues.iter().map(|issue| (issue.as_str(), 0)))
                .collect();
            let lines = matrix.rows.iter().map(|row| side_line(&matrix, row));
            output::print(self.asked.form, &columns, lines.collect())?;
            return Ok(Outcome::Whole);
        }
        if self.agreement {
            let matrix = Matrix::of(&stories, COMPARED, COMPARED);
            let agreements = matrix.agreements();
            let lines = agreements.iter().take(self.asked.limit).map(agreement_line);
            output::print(self.asked.form, AGREEMENT, lines.collect())?;
            return Ok(Outcome::Whole);
        }
        if self.changes {
            stories.retain(|s| s.changes().next().is_some());
        }
        let lines = stories.iter().flat_map(lines).take(self.asked.limit);
        output::print(self.asked.form, COLUMNS, lines.collect())?;
        if !self.asked.form.json && !self.asked.form.csv {
            let held: usize = stories.iter().map(|s| s.held.len()).sum();
            let changes: usize = stories.iter().map(|s| s.changes().count()).sum();
            let newest = if more { "the newest " } else { "" };
            anstream::println!("{newest}{held} positions, {changes} changes");
        }
        Ok(Outcome::Whole)
    }
}

/// So many positions are looked at, unless all are asked for: a whole country has tens of thousands.
const NEWEST: usize = 5_000;
/// So many issues fit a terminal.
const ISSUES: usize = 8;
/// So many actors and issues are compared with each other.
const COMPARED: usize = 400;
const HEAD: &[Column] = &[("who", 30)];
const AGREEMENT: &[Column] =
    &[("who", 24), ("with whom", 24), ("together on", 0), ("apart on", 0)];

fn side_line(matrix: &Matrix, (actor, sides): &(String, Vec<Option<Side>>)) -> Line {
    let shown = |side: &Option<Side>| match side {
        Some(Side::For) => Cell::new("+").fg(Color::Green),
        Some(Side::Against) => Cell::new("-").fg(Color::Red),
        None => Cell::new(""),
    };
    let named = |wanted: Side| -> Vec<&String> {
        let here = matrix.issues.iter().zip(sides).filter(|(_, s)| **s == Some(wanted));
        here.map(|(issue, _)| issue).collect()
    };
    let mut cells = vec![Cell::new(one_line(actor, 60)).fg(Color::Magenta)];
    cells.extend(sides.iter().map(shown));
    Line {
        cells,
        fields: vec![
            ("actor", json!(actor)),
            ("for", json!(named(Side::For))),
            ("against", json!(named(Side::Against))),
        ],
    }
}

fn agreement_line(agreement: &Agreement) -> Line {
    Line {
        cells: vec![
            Cell::new(one_line(&agreement.one, 60)).fg(Color::Magenta),
            Cell::new(one_line(&agreement.other, 60)).fg(Color::Magenta),
            Cell::new(one_line(&agreement.together.join(", "), 160)).fg(Color::Green),
            Cell::new(one_line(&agreement.apart.join(", "), 160)).fg(Color::Red),
        ],
        fields: vec![
            ("one", json!(agreement.one)),
            ("other", json!(agreement.other)),
            ("together", json!(agreement.together)),
            ("apart", json!(agreement.apart)),
        ],
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
