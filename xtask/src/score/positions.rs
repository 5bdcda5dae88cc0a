//! Does the seed's record hold the stances that its gold lists, for or against?
//!
//! The seed names a polarity, not a stance: a position is found when the objects overlap and the
//! stance is on the same side, one to one.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use depeche_record::{Record, Stance};
use serde::Deserialize;

use super::records;

/// The gold of the seed, as far as it is about positions.
#[derive(Deserialize)]
struct Gold {
    file: String,
    positions: Vec<Wanted>,
}

#[derive(Deserialize)]
struct Wanted {
    holder: Words,
    stance: String,
    object: Words,
}

/// Words of the seed, in code points.
#[derive(Deserialize)]
struct Words {
    text: String,
    start: u32,
    end: u32,
}

/// The figures of the seed, as text.
pub(super) fn seed(binary: &Path, shared: &Path) -> Result<String> {
    let folder = shared.join("seed");
    let path = folder.join("events.gold.json");
    let gold = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let gold: Gold = serde_json::from_str(&gold)?;
    let name = Path::new(&gold.file).file_name().context("the gold names its file")?;
    let record = records(binary, &folder.join(name), &[])?;
    let record: Record = serde_json::from_str(&record)?;
    let mut taken = vec![false; record.positions.len()];
    let mut missed = String::new();
    for wanted in &gold.positions {
        let found = record.positions.iter().enumerate().position(|(n, p)| {
            !taken[n]
                && is_against(p.stance) == (wanted.stance == "against")
                && p.object.start < wanted.object.end
                && wanted.object.start < p.object.end
        });
        match found {
            Some(n) => taken[n] = true,
            None => {
                let (who, what) = (&wanted.holder.text, &wanted.object.text);
                missed += &format!("    missed: {who} {} {what}\n", wanted.stance);
            }
        }
    }
    let right = taken.iter().filter(|t| **t).count();
    let (all, found) = (gold.positions.len(), record.positions.len());
    Ok(format!(
        "seed/events.gold.json (positions, for or against)\n    {right} of {all}, {found} found\n{missed}"
    ))
}

fn is_against(stance: Stance) -> bool {
    matches!(stance, Stance::Oppose | Stance::Refuse | Stance::Doubt | Stance::Deny)
}
