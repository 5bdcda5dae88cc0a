//! `depeche export`: an archive, or a part of it, as tables or in an exchange format.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use depeche::Record;
use depeche::record::Span;
use depeche_archive::{Archive, Filter, Reference};
use depeche_formats::write::{Format, Origin};

use super::filter::{Asked, who};
use crate::Outcome;
use crate::export::{Exporter, formats, into_folder, report};

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    #[command(flatten)]
    asked: Asked,
    /// The folder to write into: made, or empty
    #[arg(short = 'o', long = "out", value_name = "DIR")]
    out: PathBuf,
    /// In which format
    #[arg(long = "to", value_name = "FORMAT", default_value = "parquet", value_parser = formats())]
    format: &'static Format,
    /// Only statements that speak of that actor
    #[arg(long, value_name = "ACTOR")]
    about: Option<String>,
    /// Only statements addressed to that actor, events that befall it
    #[arg(long, value_name = "ACTOR")]
    to_whom: Option<String>,
    /// Only statements and events of that type, as `depeche statements` and `depeche events`
    /// have them
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',')]
    types: Vec<String>,
    /// Only positions on that issue
    #[arg(long, value_name = "ISSUE")]
    issue: Option<String>,
    /// Only events there: a place by its name, or a country by its ISO code
    #[arg(long = "where", value_name = "PLACE")]
    place: Option<String>,
}

const EXAMPLES: &str = "\
Without a filter everything is exported, copies too: `is_copy` and `dispatch_id` mark them, and a
count of rows where is_copy is not true has each utterance once. With one, statements, events and
positions are those that `depeche statements`, `events` and `positions` show for the same filter,
with their articles; what does not know a filter (--about: events) is left out. Corrections are in.

Every export has a datapackage.json: each file with its checksum and columns, and what made it.

Examples:
  depeche export ukraine.depeche -o tables/
  depeche export ukraine.depeche -o lavrov/ --to csv --who Lavrov --since 2025-01
  depeche export ukraine.depeche -o net/ --to gexf --certain --since 2024";

impl Export {
    pub(crate) fn run(self) -> Result<Outcome> {
        let archive = super::open(&self.asked.archive)?;
        let kept = self.kept(&archive)?;
        let shown = self.out.display().to_string();
        let exporter = Exporter::start(into_folder(self.format, &self.out)?);
        let hand_on = |reference: Reference, mut record: Record| -> Result<bool> {
            if let Some(kept) = &kept {
                kept.narrow(&reference, &mut record);
            }
            let dispatch = archive.place_in_dispatch(&reference)?;
            let origin = Origin {
                reference: reference.article.clone(),
                dispatch: dispatch.head.article,
                relation: dispatch.relation,
                repeated: dispatch.repeated,
            };
            Ok(exporter.add(record, Some(origin)))
        };
        let mut failed = None;
        let mut each = |reference: Reference, record: Record| {
            hand_on(reference, record).unwrap_or_else(|error| {
                failed = Some(error);
                false
            })
        };
        match &kept {
            None => archive.each_record(&mut each)?,
            Some(kept) => {
                for article in kept.articles() {
                    let stored = archive.article(&article)?;
                    if !each(stored.reference, stored.record) {
                        break;
                    }
                }
            }
        }
        // Whatever kept the reader from going on came from the writer.
        let counts = exporter.finish().with_context(|| shown)?;
        if let Some(error) = failed {
            return Err(anyhow!(error));
        }
        report(counts, &self.out);
        Ok(Outcome::Whole)
    }

    /// What a filter lets through; `None` without one.
    fn kept(&self, archive: &Archive) -> Result<Option<Kept>> {
        let asked = &self.asked;
        let common = Filter { limit: usize::MAX, ..asked.filter(archive)? };
        let about = who(archive, self.about.as_deref())?;
        let to = who(archive, self.to_whom.as_deref())?;
        let statements = self.issue.is_none() && self.place.is_none();
        let events = about.is_none() && self.issue.is_none();
        let positions = about.is_none()
            && to.is_none()
            && self.types.is_empty()
            && self.place.is_none();
        let narrow = common.words.is_some()
            || common.who.is_some()
            || common.since.is_some()
            || common.until.is_some()
            || common.outlet.is_some()
            || common.certain
            || !(statements && events && positions);
        if !narrow {
            return Ok(None);
        }
        let mut kept = Kept::default();
        // A type of statements is none of events, so each may be unknown to the other.
        let unknown_type = |error: &depeche_archive::Error| {
            !self.types.is_empty() && error.kind() == depeche_archive::ErrorKind::Asked
        };
        if statements {
            let filter = Filter {
                about,
                to: to.clone(),
                types: self.types.clone(),
                ..common.clone()
            };
            match archive.statements(&filter) {
                Ok(found) => found.hits.iter().for_each(|h| kept.add(0, &h.reference)),
                Err(error) if unknown_type(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if events {
            let filter = Filter {
                to,
                types: self.types.clone(),
                place: self.place.clone(),
                ..common.clone()
            };
            match archive.events(&filter) {
                Ok(found) => found.hits.iter().for_each(|h| kept.add(1, &h.reference)),
                Err(error) if unknown_type(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if positions {
            let filter = Filter { issue: self.issue.clone(), ..common };
            archive.positions(&filter)?.iter().for_each(|h| kept.add(2, &h.reference));
        }
        Ok(Some(kept))
    }
}

/// Stretches of statements, events and positions of an article.
type Stretches = [BTreeSet<(u32, u32)>; 3];

/// What a filter lets through.
#[derive(Default)]
struct Kept(BTreeMap<String, Stretches>);

impl Kept {
    fn add(&mut self, layer: usize, reference: &Reference) {
        let stretches = self.0.entry(reference.article.clone()).or_default();
        stretches[layer].extend(reference.span);
    }

    fn articles(&self) -> impl Iterator<Item = Reference> {
        let article =
            |name: &String| Reference { article: name.clone(), span: None, item: None };
        self.0.keys().map(article)
    }

    /// Leaves of a record what is let through.
    fn narrow(&self, reference: &Reference, record: &mut Record) {
        let Some([statements, events, positions]) = self.0.get(&reference.article) else {
            return;
        };
        record.statements.retain(|s| statements.contains(&extent(&s.content)));
        record.events.retain(|e| {
            let first = e.mentions.first();
            first.is_some_and(|m| events.contains(&(m.start, m.end)))
        });
        record.positions.retain(|p| positions.contains(&(p.object.start, p.object.end)));
    }
}

/// From the first to the last character of some spans.
fn extent(spans: &[Span]) -> (u32, u32) {
    let start = spans.iter().map(|s| s.start).min().unwrap_or(0);
    (start, spans.iter().map(|s| s.end).max().unwrap_or(start))
}
