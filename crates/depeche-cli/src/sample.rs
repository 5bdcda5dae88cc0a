//! `depeche sample`: items for people to code.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::{Args, ValueEnum};
use depeche::Record;
use depeche_archive::Archive;
use depeche_formats::write::sample::{Layer, Sampler, Stratum};
use depeche_formats::write::{Entry, Origin};

use crate::Outcome;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Sample {
    /// An archive, or records as `depeche read --json` writes them; `-` is standard input
    #[arg(value_name = "ARCHIVE|JSONL")]
    from: PathBuf,
    /// How many items to draw
    #[arg(short = 'n', long, value_name = "N", default_value_t = 200)]
    number: usize,
    /// What is drawn
    #[arg(long, value_name = "LAYER", default_value = "events")]
    of: Of,
    /// Spread the sample over these: as many items of each kind as there can be
    #[arg(long, value_name = "BY", value_delimiter = ',')]
    stratify: Vec<By>,
    /// Another seed draws other items; the same seed draws the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Leave out what depeche says, so that it sways nobody
    #[arg(long)]
    blind: bool,
    /// Where to write the CSV [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Each line has the words, their sentence, what depeche says (system_…) and blank columns to fill
in (coded_…). `weight` is how many items of its stratum a line stands for. Copies are left out.

Examples:
  depeche sample ukraine.depeche -n 200 --stratify type,outlet --seed 1 -o to_code.csv
  depeche sample records.jsonl --of statements --stratify type --blind -o to_code.csv";

/// What may be drawn.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    Events,
    Statements,
    Positions,
    Times,
}

/// By what a sample may be spread.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// PLOVER type, kind of statement, stance, TIMEX3 type
    Type,
    Outlet,
    Year,
    Month,
    Lang,
    /// Of events
    Factuality,
    /// Class of the cue, of statements
    Class,
}

impl Sample {
    pub(crate) fn run(self) -> Result<Outcome> {
        let layer = match self.of {
            Of::Events => Layer::Events,
            Of::Statements => Layer::Statements,
            Of::Positions => Layer::Positions,
            Of::Times => Layer::Times,
        };
        let stratum = |by: &By| match by {
            By::Type => Stratum::Type,
            By::Outlet => Stratum::Outlet,
            By::Year => Stratum::Year,
            By::Month => Stratum::Month,
            By::Lang => Stratum::Lang,
            By::Factuality => Stratum::Factuality,
            By::Class => Stratum::Class,
        };
        let strata = self.stratify.iter().map(stratum).collect();
        let mut sampler = Sampler::new(layer, strata, self.number, self.seed);
        if is_archive(&self.from)? {
            from_archive(&self.from, &mut sampler)?;
        } else {
            for record in records(&self.from)? {
                sampler.add(Entry::from(&record?));
            }
        }
        let drawn = match &self.out {
            Some(path) => {
                let shown = || path.display().to_string();
                let file = File::create(path).with_context(shown)?;
                sampler.write(self.blind, file).with_context(shown)?
            }
            None => sampler.write(self.blind, io::stdout().lock())?,
        };
        if drawn < self.number {
            anstream::eprintln!("{drawn} items: there are no more");
        }
        io::stdout().flush()?;
        Ok(Outcome::Whole)
    }
}

/// Whether a file is an archive, by its first bytes.
fn is_archive(path: &Path) -> Result<bool> {
    if path.as_os_str() == "-" {
        return Ok(false);
    }
    let mut head = Vec::new();
    let file = File::open(path).with_context(|| path.display().to_string())?;
    file.take(16).read_to_end(&mut head)?;
    Ok(head.starts_with(b"SQLite format 3\0"))
}

fn from_archive(path: &Path, sampler: &mut Sampler) -> Result<()> {
    let archive = Archive::open(path).with_context(|| path.display().to_string())?;
    let mut failed = None;
    archive.each_record(|reference, record| {
        match archive.place_in_dispatch(&reference) {
            Ok(dispatch) => {
                let origin = Origin {
                    reference: reference.article,
                    dispatch: dispatch.head.article,
                    relation: dispatch.relation,
                    repeated: dispatch.repeated,
                };
                sampler.add(Entry { record: &record, origin: Some(&origin) });
                true
            }
            Err(error) => {
                failed = Some(error);
                false
            }
        }
    })?;
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// The records of a file of lines, as `depeche read --json` writes them.
pub(crate) fn records(path: &Path) -> Result<impl Iterator<Item = Result<Record>>> {
    let shown = path.display().to_string();
    let reader: Box<dyn BufRead> = match path.as_os_str() == "-" {
        true => Box::new(BufReader::new(io::stdin())),
        false => {
            Box::new(BufReader::new(File::open(path).with_context(|| shown.clone())?))
        }
    };
    let record = move |(n, line): (usize, io::Result<String>)| {
        let line = match line {
            Ok(line) if line.trim().is_empty() => return None,
            Ok(line) => line,
            Err(error) => return Some(Err(error.into())),
        };
        let read = serde_json::from_str(&line).map_err(|error| {
            anyhow!(
                "{shown}:{}: no record: {error}; `depeche read --json` makes records of articles",
                n + 1
            )
        });
        Some(read)
    };
    Ok(reader.lines().enumerate().filter_map(record))
}
