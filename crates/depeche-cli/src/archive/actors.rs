//! `depeche actors`: who is one, who is two, by whose decision.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use comfy_table::Cell;
use depeche_archive::{Decision, DecisionKind, Reference, Writer};
use serde_json::json;

use super::output::{self, Column, Form, Line, WHOLE, one_line};
use super::signed::Signature;
use crate::Outcome;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Actors {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Without a decision only the same Wikidata id, the same state, or the same full name make one actor
of several articles. Numbers are those of this archive, as `depeche actor` prints them.

Examples:
  depeche actors merge ukraine.depeche Lavrov 'Sergueï Lavrov' --reason 'no other Lavrov here'
  depeche actors split ukraine.depeche 412 'Sergueï Lavrov (footballeur)' 3fa94c0b21d7 --reason 'sports page'
  depeche actors undo ukraine.depeche 3 --reason 'it was his son'
  depeche actors log ukraine.depeche";

#[derive(Debug, Subcommand)]
enum What {
    /// Make one actor of two: FROM becomes INTO
    Merge {
        /// The archive
        archive: PathBuf,
        /// A name, or a number
        from: String,
        /// A name, or a number
        into: String,
        #[command(flatten)]
        signature: Signature,
    },
    /// In some articles, make an actor somebody else
    Split {
        /// The archive
        archive: PathBuf,
        /// A name, or a number
        actor: String,
        /// Whom it is in these articles
        name: String,
        /// The articles
        #[arg(value_name = "REF", required = true)]
        articles: Vec<Reference>,
        #[command(flatten)]
        signature: Signature,
    },
    /// Undo a decision or a correction; it stays in the log
    Undo {
        /// The archive
        archive: PathBuf,
        /// Its number in the log
        number: i64,
        #[command(flatten)]
        signature: Signature,
    },
    /// Show actors, as `depeche actor` does
    Show(super::Actor),
    /// Every decision and correction, in order
    Log {
        /// The archive
        archive: PathBuf,
        #[command(flatten)]
        form: Form,
    },
}

impl Actors {
    pub(crate) fn run(self) -> Result<Outcome> {
        match self.what {
            What::Merge { archive, from, into, signature } => {
                change(&archive, |writer| {
                    let (from, into) = (
                        writer.archive().one_actor(&from)?,
                        writer.archive().one_actor(&into)?,
                    );
                    let (number, articles) =
                        signature.sign(|s| writer.merge(from, into, s))?;
                    Ok(format!("decision {number}: merged in {articles} articles"))
                })
            }
            What::Split { archive, actor, name, articles, signature } => {
                change(&archive, |writer| {
                    let actor = writer.archive().one_actor(&actor)?;
                    let (number, articles) =
                        signature.sign(|s| writer.split(actor, &name, &articles, s))?;
                    Ok(format!("decision {number}: split in {articles} articles"))
                })
            }
            What::Undo { archive, number, signature } => change(&archive, |writer| {
                let articles = signature.sign(|s| writer.undo(number, s))?;
                Ok(format!("decision {number} is undone, in {articles} articles"))
            }),
            What::Show(actor) => actor.run(),
            What::Log { archive, form } => log(&archive, form),
        }
    }
}

/// Writes to an archive, and says what was done.
pub(crate) fn change(
    path: &Path,
    work: impl FnOnce(&mut Writer) -> Result<String>,
) -> Result<Outcome> {
    // A name that is mistyped makes no archive.
    drop(super::open(path)?);
    let shown = || path.display().to_string();
    let mut writer = Writer::open(path).with_context(shown)?;
    let done = work(&mut writer)?;
    writer.finish().with_context(shown)?;
    anstream::println!("{done}");
    Ok(Outcome::Whole)
}

const COLUMNS: &[Column] =
    &[("", WHOLE), ("when", 0), ("who", 14), ("what", 0), ("why", 30), ("undone", 20)];

fn log(path: &Path, form: Form) -> Result<Outcome> {
    let decisions = super::open(path)?.decisions()?;
    output::print(form, COLUMNS, decisions.iter().map(line).collect())?;
    Ok(Outcome::Whole)
}

fn line(d: &Decision) -> Line {
    let what = match &d.what {
        DecisionKind::Merge { from, into } => {
            format!("merge {} into {}", from.name, into.name)
        }
        DecisionKind::Split { from, name, articles } => {
            format!("split {name} from {} in {} articles", from.name, articles.len())
        }
        DecisionKind::Correct { article, start, end, to } => {
            let to = serde_json::to_string(to).expect("a correction is plain data");
            format!("{}:{start}-{end} {to}", article.get(..12).unwrap_or(article))
        }
    };
    let undone = d.undone.as_ref().map(|(at, by, why)| format!("{at} {by}: {why}"));
    Line {
        cells: vec![
            Cell::new(d.number),
            Cell::new(&d.at),
            Cell::new(&d.author),
            Cell::new(one_line(&what, 160)),
            Cell::new(one_line(&d.reason, 160)),
            Cell::new(undone.clone().unwrap_or_default()),
        ],
        fields: vec![
            ("number", json!(d.number)),
            ("at", json!(d.at)),
            ("author", json!(d.author)),
            ("what", json!(d.what)),
            ("reason", json!(d.reason)),
            ("undone", json!(undone)),
        ],
    }
}
