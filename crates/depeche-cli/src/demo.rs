//! `depeche demo`: an archive of the project's own articles, to look around in.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use depeche::{Document, Languages, Meta, Reader};
use depeche_archive::{Added, Writer};
use serde::Deserialize;

use crate::flags::About;
use crate::serve::Serve;
use crate::{Outcome, engine};

/// Twelve articles, written for this project: CC0-1.0.
const ARTICLES: &str = include_str!("../../../articles/demo.jsonl");

/// The name of the archive.
const NAME: &str = "demo.depeche";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Demo {
    /// The folder in which to make demo.depeche [default: where you are]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Open it in the browser
    #[arg(short, long)]
    open: bool,
}

const EXAMPLES: &str = "\
Twelve articles, written for this project; what is there already is passed over.

Examples:
  depeche demo -o
  depeche demo /tmp && depeche statements /tmp/demo.depeche accord";

/// An article as `articles/demo.jsonl` holds it.
#[derive(Deserialize)]
struct Line {
    id: String,
    date: Option<String>,
    title: Option<String>,
    outlet: Option<String>,
    url: Option<String>,
    lang: Option<String>,
    text: String,
}

impl Demo {
    pub(crate) fn run(self) -> Result<Outcome> {
        let path = self.folder.unwrap_or_default().join(NAME);
        let added = build(&path).with_context(|| path.display().to_string())?;
        anstream::println!("{}: {added} articles added", path.display());
        match self.open {
            true => Serve::of(path, true).run(),
            false => Ok(Outcome::Whole),
        }
    }
}

fn build(path: &Path) -> Result<usize> {
    let languages = Languages::shipped();
    let options = engine::options(&About::default());
    let mut reader = Reader::new(&languages).with_options(&options);
    let mut writer = Writer::open(path)?;
    let packer = writer.packer();
    let mut prepared = Vec::new();
    for line in ARTICLES.lines() {
        prepared.push(packer.prepare(reader.read(&document(line)?)));
    }
    let added = writer.commit(prepared)?;
    writer.finish()?;
    Ok(added.iter().filter(|a| matches!(a, Added::New { .. })).count())
}

fn document(line: &str) -> Result<Document> {
    let line: Line = serde_json::from_str(line)?;
    let meta = Meta {
        key: Some(line.id),
        title: line.title,
        published: line.date,
        outlet: line.outlet,
        url: line.url,
        lang: line.lang,
        ..Meta::default()
    };
    Ok(Document::new(line.text, meta)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_article_of_the_demonstration_is_one() {
        let documents: Vec<Document> =
            ARTICLES.lines().map(|l| document(l).expect("it is an article")).collect();
        assert_eq!(documents.len(), 12);
        assert!(documents.iter().all(|d| d.meta().published.is_some()));
    }
}
