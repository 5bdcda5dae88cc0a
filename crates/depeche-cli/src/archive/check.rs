//! `depeche check`: is an archive whole, and what can be saved?

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use depeche_archive::{Archive, ErrorKind, Rebuilt};
use indicatif::HumanCount;

use crate::{Outcome, show};

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Check {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// Make the archive anew from every text, record and decision that can be read
    ///
    /// The old file is kept beside it, as ARCHIVE.damaged.
    #[arg(long)]
    repair: bool,
}

const EXAMPLES: &str = "\
Examples:
  depeche check ukraine.depeche
  depeche check ukraine.depeche --repair

Exit codes: 0 it is whole; 1 it is not, or something was lost; 2 it cannot be read at all.";

impl Check {
    pub(crate) fn run(self) -> Result<Outcome> {
        let shown = self.archive.display().to_string();
        if self.repair {
            let archive = Archive::open_damaged(&self.archive);
            return self.repair(&archive.with_context(|| shown)?);
        }
        let archive = match Archive::open(&self.archive) {
            Err(error) if error.kind() == ErrorKind::Damaged => {
                anstream::println!("{}", show::problem(&shown, &error.to_string()));
                return Ok(Outcome::Partial);
            }
            opened => opened.with_context(|| shown.clone())?,
        };
        let check = archive.check().with_context(|| shown.clone())?;
        for fault in &check.faults {
            anstream::println!("{}", show::problem(&shown, fault));
        }
        let articles = HumanCount(check.articles);
        if check.faults.is_empty() {
            anstream::println!("{shown}: {articles} articles, all whole");
            return Ok(Outcome::Whole);
        }
        anstream::println!(
            "{articles} articles can be read; --repair saves them into a new file"
        );
        Ok(Outcome::Partial)
    }

    fn repair(&self, archive: &Archive) -> Result<Outcome> {
        let new = beside(&self.archive, "new");
        let Rebuilt { saved, lost } = archive.rebuild(&new, |_| {})?;
        let kept = beside(&self.archive, "damaged");
        fs::rename(&self.archive, &kept).with_context(|| kept.display().to_string())?;
        for log in ["-wal", "-shm"] {
            // The log belongs to the old file: beside the new one it would be poison.
            let (from, to) = (with(&self.archive, log), with(&kept, log));
            if from.exists() {
                fs::rename(&from, &to).with_context(|| from.display().to_string())?;
            }
        }
        fs::rename(&new, &self.archive)
            .with_context(|| self.archive.display().to_string())?;
        anstream::println!(
            "{} articles saved, {} lost; the old file is {}",
            HumanCount(saved),
            HumanCount(lost),
            kept.display()
        );
        Ok(if lost == 0 { Outcome::Whole } else { Outcome::Partial })
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    with(path, &format!(".{ending}"))
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
