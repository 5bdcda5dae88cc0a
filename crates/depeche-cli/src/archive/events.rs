//! `depeche events`: who did what to whom.

use anyhow::Result;
use clap::Args;
use comfy_table::{Cell, Color};
use depeche_archive::{Archive, Difference, EventHit, Filter, Happening, Told};
use serde_json::{Value, json};

use super::filter::{Asked, who};
use super::output::{self, Column, Line, WHOLE, one_line};
use crate::Outcome;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Events {
    #[command(flatten)]
    asked: Asked,
    /// To whom it was done
    #[arg(long, value_name = "ACTOR")]
    to: Option<String>,
    /// PLOVER type or mode: CONSULT, AGREE, ASSAULT, visit, …
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',')]
    types: Vec<String>,
    /// Where: a place by its name, or a country by its ISO code
    #[arg(long = "where", value_name = "PLACE")]
    place: Option<String>,
    /// Reports of one event together, those told by most independent sources first
    ///
    /// A source is a dispatch, with all its copies. Reports belong together when type and an
    /// actor are the same, they share enough else (recipient, day, place, word), and nothing
    /// speaks against it. On what they disagree stands side by side, with its sources: who, to
    /// whom, when, where, how many, whether. A date that one report tells better pins the others.
    #[arg(long)]
    together: bool,
}

const EXAMPLES: &str = "\
Examples:
  depeche events ukraine.depeche --type ASSAULT --where UKR --since 2025-02 --certain
  depeche events ukraine.depeche --who USA --to Ukraine --json
  depeche events ukraine.depeche --type AGREE --together --since 2025";

const COLUMNS: &[Column] = &[
    ("when", 18),
    ("type", 0),
    ("who", 20),
    ("to whom", 20),
    ("where", 12),
    ("fact", 0),
    ("words", 24),
    ("outlet", 12),
    ("reference", WHOLE),
];

impl Events {
    pub(crate) fn run(self) -> Result<Outcome> {
        let archive = super::open(&self.asked.archive)?;
        let filter = Filter {
            to: who(&archive, self.to.as_deref())?,
            types: self.types.clone(),
            place: self.place.clone(),
            ..self.asked.filter(&archive)?
        };
        if self.together {
            let happenings = archive.happenings(&filter)?;
            let lines = happenings.iter().map(together).collect();
            output::print(self.asked.form, TOGETHER, lines)?;
            return Ok(Outcome::Whole);
        }
        let found = archive.events(&filter)?;
        let lines =
            found.hits.iter().map(|hit| line(&archive, hit)).collect::<Result<_>>()?;
        output::print(self.asked.form, COLUMNS, lines)?;
        if !self.asked.form.json && !self.asked.form.csv {
            output::facets(&found.facets);
            let (shown, counted) = (found.hits.len(), found.counted);
            let of = if found.more { "the newest " } else { "" };
            anstream::println!("{shown} of {of}{counted} events");
        }
        Ok(Outcome::Whole)
    }
}

const TOGETHER: &[Column] = &[
    ("when", 18),
    ("type", 0),
    ("who", 20),
    ("to whom", 20),
    ("where", 12),
    ("fact", 0),
    ("sources", 0),
    ("disagree on", 26),
    ("reports", WHOLE),
];

/// What all reports of an event say, each value once.
fn each_once(
    happening: &Happening,
    value: impl Fn(&EventHit) -> Vec<String>,
) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in happening.reports.iter().flat_map(value) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

fn together(h: &Happening) -> Line {
    let when = h.when.map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}/{last}"),
    });
    let dates = each_once(h, |r| r.date.iter().cloned().collect());
    let shown = match (&when, h.dates_differ) {
        (Some(_), true) => format!("disputed:\n{}", dates.join("\n")),
        (Some(when), false) => when.clone(),
        (None, _) => String::new(),
    };
    let actors = each_once(h, |r| r.actors.clone());
    let recipients = each_once(h, |r| r.recipients.clone());
    let places = each_once(h, |r| r.place.iter().cloned().collect());
    let factuality = each_once(h, |r| vec![r.factuality.clone()]);
    let kind = h.reports.first().map_or("", |r| r.kind.as_str());
    let references: Vec<String> =
        h.reports.iter().map(|r| r.reference.to_string()).collect();
    let few: Vec<&str> = references.iter().take(4).map(String::as_str).collect();
    Line {
        cells: vec![
            Cell::new(shown).fg(Color::Green),
            Cell::new(kind).fg(Color::Red),
            output::who(&actors),
            output::who(&recipients),
            Cell::new(places.join("\n")).fg(Color::Blue),
            Cell::new(factuality.join("\n")),
            Cell::new(h.sources),
            Cell::new(disagreements(h)),
            Cell::new(few.join("\n")),
        ],
        fields: vec![
            ("type", json!(kind)),
            ("actor", json!(actors)),
            ("recipient", json!(recipients)),
            ("when", json!(when)),
            ("dates", json!(dates)),
            ("dates_differ", json!(h.dates_differ)),
            ("where", json!(places)),
            ("factuality", json!(factuality)),
            ("sources", json!(h.sources)),
            ("pinned", json!(h.pinned)),
            ("differences", h.differences.iter().map(difference).collect()),
            ("reports", json!(references)),
        ],
    }
}

/// Each side of each disagreement, with how many sources tell it.
fn disagreements(h: &Happening) -> String {
    let side = |told: &Told| format!("{} ({})", one_line(&told.value, 60), told.sources);
    let one = |d: &Difference| {
        let sides: Vec<String> = d.told.iter().map(side).collect();
        format!("{}: {}", d.aspect.name(), sides.join(" | "))
    };
    h.differences.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn difference(d: &Difference) -> Value {
    let side = |told: &Told| {
        let reports: Vec<String> = told.reports.iter().map(ToString::to_string).collect();
        json!({"value": told.value, "sources": told.sources, "reports": reports})
    };
    json!({"on": d.aspect.name(), "told": d.told.iter().map(side).collect::<Vec<_>>()})
}

fn line(archive: &Archive, hit: &EventHit) -> Result<Line> {
    let (mark, taken_back) = output::taken_back(archive, &hit.reference)?;
    let mode = hit.mode.as_ref().map_or_else(String::new, |m| format!("\n{m}"));
    let date = hit.date.as_deref().map_or_else(
        // When it happened is not said; when it was told is.
        || format!("({})", hit.published.as_deref().unwrap_or("undated")),
        |date| one_line(date, 24),
    );
    Ok(Line {
        cells: vec![
            Cell::new(date).fg(Color::Green),
            Cell::new(format!("{}{mode}", hit.kind)).fg(Color::Red),
            output::who(&hit.actors),
            output::who(&hit.recipients),
            Cell::new(hit.place.as_deref().unwrap_or("")).fg(Color::Blue),
            Cell::new(&hit.factuality),
            Cell::new(one_line(&hit.words, 60) + &mark),
            output::outlet(hit.outlet.as_deref(), hit.copies),
            output::reference(&hit.reference),
        ],
        fields: vec![
            ("ref", json!(hit.reference.to_string())),
            ("type", json!(hit.kind)),
            ("mode", json!(hit.mode)),
            ("actor", json!(hit.actors)),
            ("recipient", json!(hit.recipients)),
            ("edtf", json!(hit.date)),
            ("where", json!(hit.place)),
            ("factuality", json!(hit.factuality)),
            ("words", json!(hit.words)),
            ("published", json!(hit.published)),
            ("outlet", json!(hit.outlet)),
            ("copies", json!(hit.copies)),
            ("taken_back", taken_back),
        ],
    })
}
