//! The project's own chores: `cargo xtask help` lists them.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a chore reads files, writes files and tells what it does"
)]

mod coast;
mod codebook;
mod facts;
mod picture;
mod score;
mod syntax;
mod train;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Parser;
use depeche_text::Orthography;

/// The project's own chores.
#[derive(Parser)]
#[command(name = "cargo xtask")]
enum Chore {
    Train(train::Train),
    Score(score::Score),
    Calibrate(score::Calibrate),
    Codebook(codebook::Codebook),
    Picture(picture::Picture),
    Facts(facts::Facts),
    Coast(coast::Coast),
}

fn main() -> Result<()> {
    match Chore::parse() {
        Chore::Train(train) => train.run(),
        Chore::Score(score) => score.run(),
        Chore::Calibrate(calibrate) => calibrate.run(),
        Chore::Codebook(codebook) => codebook.run(),
        Chore::Picture(picture) => picture.run(),
        Chore::Facts(facts) => facts.run(),
        Chore::Coast(coast) => coast.run(),
    }
}

/// The writing habits of the language in a folder.
fn orthography(folder: &Path) -> Result<Orthography> {
    let path = folder.join("language.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
    let table: toml::Table = text.parse()?;
    let part = table.get("orthography").context("no [orthography]")?.clone();
    Ok(part.try_into()?)
}
