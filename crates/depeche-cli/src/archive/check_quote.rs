//! `depeche check-quote`: did somebody say these words, and in these words?

use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use clap::Args;
use depeche_archive::{Echo, Match, Piece, QuoteHit};
use serde_json::json;

use super::output::{self, one_line};
use crate::Outcome;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CheckQuote {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// The words of the quotation
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// How many statements to show
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
exact      the whole statement, word for word
partial    word for word, out of a longer statement: the rest is shown
altered    in other words: [-what the quotation lacks-] {+what it adds+}
not found  no statement has most of its words; the exit code is 1
Below each stands where else the same was reported: by the same speaker at the same time, in the
same words or as a paraphrase.

Examples:
  depeche check-quote ukraine.depeche 'Nous n’enverrons pas de troupes'";

/// So many other reports of what is found are shown.
const ECHOES: usize = 5;

/// What the quotation left out.
const REST: Style = Style::new().dimmed();
const GONE: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

impl CheckQuote {
    pub(crate) fn run(self) -> Result<Outcome> {
        let archive = super::open(&self.archive)?;
        let hits = archive.quoted(&self.words.join(" "), self.limit)?;
        for hit in &hits {
            // The hits are in order of time, and tell of each other already.
            let mut echoes = archive.elsewhere(&hit.statement.reference, ECHOES)?;
            echoes.retain(|e| {
                !hits.iter().any(|h| h.statement.reference == e.statement.reference)
            });
            if self.json { json_line(hit, &echoes) } else { people(hit, &echoes) }
        }
        if hits.is_empty() {
            anstream::println!("{}", if self.json { "" } else { "not found" });
            return Ok(Outcome::Partial);
        }
        Ok(Outcome::Whole)
    }
}

fn name(how: &Match) -> &'static str {
    match how {
        Match::Exact => "exact",
        Match::Partial { .. } => "partial",
        Match::Altered(_) => "altered",
    }
}

fn people(hit: &QuoteHit, echoes: &[Echo]) {
    let s = &hit.statement;
    let content = one_line(&s.content, 600);
    let shown = match &hit.how {
        Match::Exact => content,
        Match::Partial { before, after } => {
            let middle = &s.content[before.len()..s.content.len() - after.len()];
            let line = |text: &str| one_line(text, 300);
            format!(
                "{REST}{}{REST:#} {} {REST}{}{REST:#}",
                line(before),
                line(middle),
                line(after)
            )
        }
        Match::Altered(pieces) => altered(pieces),
    };
    let facts = [s.published.as_ref(), s.outlet.as_ref()];
    let facts: Vec<&str> = facts.into_iter().flatten().map(String::as_str).collect();
    let who = if s.speakers.is_empty() { "?".into() } else { s.speakers.join(", ") };
    let copies = if s.copies > 0 { format!(" +{}", s.copies) } else { String::new() };
    anstream::println!(
        "{:8} {} · {who}{copies}  {REST}{}{REST:#}\n         {}",
        name(&hit.how),
        facts.join(" · "),
        s.reference,
        shown.trim()
    );
    output::echoes(echoes, "         ");
    anstream::println!();
}

fn altered(pieces: &[Piece]) -> String {
    let shown: Vec<String> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Same(words) => one_line(words, 300),
            Piece::Missing(words) => {
                format!("{GONE}[-{}-]{GONE:#}", one_line(words, 300))
            }
            Piece::Added(words) => {
                format!("{ADDED}{{+{}+}}{ADDED:#}", one_line(words, 300))
            }
        })
        .collect();
    shown.join(" ")
}

fn json_line(hit: &QuoteHit, echoes: &[Echo]) {
    let s = &hit.statement;
    let differences = match &hit.how {
        Match::Exact => json!([]),
        Match::Partial { before, after } => json!({"before": before, "after": after}),
        Match::Altered(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Same(words) => json!({"same": words}),
                Piece::Missing(words) => json!({"missing": words}),
                Piece::Added(words) => json!({"added": words}),
            })
            .collect(),
    };
    let line = json!({
        "match": name(&hit.how),
        "score": (hit.score * 1000.0).round() / 1000.0,
        "ref": s.reference.to_string(),
        "published": s.published,
        "outlet": s.outlet,
        "speakers": s.speakers,
        "content": s.content,
        "copies": s.copies,
        "differences": differences,
        "elsewhere": output::echo_fields(echoes),
    });
    anstream::println!("{line}");
}
