//! `depeche show`: the evidence that a reference names, lit in its text.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use depeche::Record;
use depeche_archive::{Archive, Reference, Stored};

use super::output;
use crate::show::{self, Part};
use crate::{Outcome, archive::open};

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// What stands at the end of a line of an answer: an article, and what of it
    #[arg(value_name = "REF")]
    reference: Reference,
    /// The record as JSON
    #[arg(long)]
    json: bool,
    /// The whole article, not only the paragraph of the evidence
    #[arg(long)]
    whole: bool,
}

const EXAMPLES: &str = "\
Examples:
  depeche show ukraine.depeche 3fa94c0b21d7:120-186     the words, lit in their paragraph
  depeche show ukraine.depeche 3fa94c0b21d7:s3          a statement of the record
  depeche show ukraine.depeche 3fa94c0b21d7             the whole article and its record";

/// So many other reports of an utterance are shown.
const ECHOES: usize = 8;

/// Stretches of the text to light, and those to underline.
type Lights = (Vec<(u32, u32, Part)>, Vec<(u32, u32)>);

impl Show {
    pub(crate) fn run(self) -> Result<Outcome> {
        let archive = open(&self.archive)?;
        let stored = archive.article(&self.reference)?;
        if self.json {
            anstream::println!("{}", serde_json::to_string(&stored.record)?);
            return Ok(Outcome::Whole);
        }
        let record = &stored.record;
        let (start, end) = match (&self.reference.span, &self.reference.item) {
            (Some(span), _) => *span,
            (None, Some(item)) => span_of(record, item)?,
            (None, None) => {
                anstream::println!("{}", show::record(record, show::width()));
                taken_back(&archive, &self.reference)?;
                versions(&stored);
                return Ok(Outcome::Whole);
            }
        };
        let length = record.article.text.chars().count() as u32;
        if start > length || end > length {
            bail!("{}: the article ends at character {length}", self.reference);
        }
        anstream::print!("{}", show::heading(record, show::width()));
        let (from, to) = match self.whole {
            true => (0, length),
            false => paragraph(record, start, end),
        };
        let text: String = record
            .article
            .text
            .chars()
            .skip(from as usize)
            .take((to - from) as usize)
            .collect();
        let (parts, said) = lights(record, start, end);
        let inside =
            |(s, e): (u32, u32)| (s.max(from) - from, e.min(to).saturating_sub(from));
        let parts: Vec<(u32, u32, Part)> = parts
            .into_iter()
            .filter(|(s, e, _)| *s < to && *e > from)
            .map(|(s, e, part)| (inside((s, e)).0, inside((s, e)).1, part))
            .collect();
        let said: Vec<(u32, u32)> =
            said.into_iter().filter(|(s, e)| *s < to && *e > from).map(inside).collect();
        anstream::println!(
            "{}\n",
            show::lit(text.trim_end(), &clip(parts, &text), &said_of(said, &text))
        );
        anstream::print!("{}", show::legend());
        let evidence = Reference { span: Some((start, end)), ..self.reference };
        taken_back(&archive, &evidence)?;
        output::echoes(&archive.elsewhere(&evidence, ECHOES)?, "");
        versions(&stored);
        Ok(Outcome::Whole)
    }
}

/// Parts that end with the text, when blanks at its end are not shown.
fn clip(parts: Vec<(u32, u32, Part)>, text: &str) -> Vec<(u32, u32, Part)> {
    let length = text.trim_end().chars().count() as u32;
    let clipped =
        parts.into_iter().map(|(s, e, part)| (s.min(length), e.min(length), part));
    clipped.collect()
}

fn said_of(said: Vec<(u32, u32)>, text: &str) -> Vec<(u32, u32)> {
    let length = text.trim_end().chars().count() as u32;
    said.into_iter().map(|(s, e)| (s.min(length), e.min(length))).collect()
}

/// Where an item of the record stands.
fn span_of(record: &Record, item: &str) -> Result<(u32, u32)> {
    let content = |c: &[depeche::record::Span]| {
        c.iter().map(|s| s.start).min().zip(c.iter().map(|s| s.end).max())
    };
    let statement = record.statements.iter().find(|s| s.id == item);
    let event = record.events.iter().find(|e| e.id == item);
    let position = record.positions.iter().find(|p| p.id == item);
    let actor =
        record.actors.iter().find(|a| a.id == item).and_then(|a| a.mentions.first());
    let time = record.times.iter().find(|t| t.id == item);
    let place = record.places.iter().find(|p| p.id == item);
    let span = statement
        .and_then(|s| content(&s.content))
        .or_else(|| event.and_then(|e| content(&e.mentions)))
        .or_else(|| position.map(|p| (p.object.start, p.object.end)))
        .or_else(|| actor.map(|m| (m.start, m.end)))
        .or_else(|| time.map(|t| (t.start, t.end)))
        .or_else(|| place.map(|p| (p.start, p.end)));
    match span {
        Some(span) => Ok(span),
        None => bail!("the record of this article has no {item}"),
    }
}

/// The paragraphs in which a stretch lies.
fn paragraph(record: &Record, start: u32, end: u32) -> (u32, u32) {
    let touches = |b: &&depeche::record::Block| b.start <= end && b.end >= start;
    let blocks = || record.article.blocks.iter().filter(touches);
    let from = blocks().map(|b| b.start).min().unwrap_or(start).min(start);
    let to = blocks().map(|b| b.end).max().unwrap_or(end).max(end);
    (from, to)
}

/// What to light: all that belongs to the items that the stretch touches.
fn lights(record: &Record, start: u32, end: u32) -> Lights {
    let touches = |s: u32, e: u32| s < end && e > start;
    let (mut parts, mut said) = (Vec::new(), Vec::new());
    for s in &record.statements {
        if s.content.iter().any(|c| touches(c.start, c.end)) {
            said.extend(s.content.iter().map(|c| (c.start, c.end)));
            parts.extend(s.cue.iter().map(|c| (c.start, c.end, Part::Cue)));
            parts.extend(s.speaker.iter().map(|p| (p.start, p.end, Part::Speaker)));
        }
    }
    for e in &record.events {
        if e.mentions.iter().any(|m| touches(m.start, m.end)) {
            parts.extend(e.mentions.iter().map(|m| (m.start, m.end, Part::Event)));
            parts.extend(e.roles.iter().map(|r| (r.start, r.end, Part::Speaker)));
        }
    }
    for p in &record.positions {
        if touches(p.object.start, p.object.end) {
            said.push((p.object.start, p.object.end));
            parts.extend(p.evidence.iter().map(|e| (e.start, e.end, Part::Cue)));
        }
    }
    if parts.is_empty() && said.is_empty() {
        parts.push((start, end, Part::Event));
    }
    (parts, said)
}

/// The articles of the dispatch in their order, and what each is.
fn versions(stored: &Stored) {
    match stored.versions.as_slice() {
        [] => {}
        [alone] => {
            if let Some(relation) = &alone.relation {
                anstream::println!(
                    "\nIt is marked: {relation}. No other version of it is here."
                );
            }
        }
        [first, ..] => {
            anstream::println!("\nVersions of this dispatch, the earliest first:");
            for version in &stored.versions {
                let this =
                    if version.reference == stored.reference { "▸" } else { " " };
                let what = match &version.relation {
                    None if version.reference == first.reference => Some("first"),
                    what => what.as_deref(),
                };
                let facts =
                    [version.published.as_deref(), version.outlet.as_deref(), what];
                let facts: Vec<&str> = facts.into_iter().flatten().collect();
                anstream::println!("{this} {}  {}", version.reference, facts.join(" · "));
            }
        }
    }
}

/// What a later version of the dispatch says against what is shown.
fn taken_back(archive: &Archive, reference: &Reference) -> Result<()> {
    let (shown, _) = output::taken_back(archive, reference)?;
    if !shown.is_empty() {
        anstream::println!("{}", shown.trim_start());
    }
    Ok(())
}
