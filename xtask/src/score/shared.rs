//! The shared gold, scored by the shared scripts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{positions, records};

/// The score files that come from the shared gold.
pub(super) const NAMES: &[&str] =
    &["statements", "times", "events", "articles", "positions"];

/// Where the shared gold and its scorers lie, and what is scored.
pub(super) struct Shared<'a> {
    pub(super) folder: &'a Path,
    pub(super) binary: &'a Path,
}

/// A gold file, the scorer it is for, and how that is called.
struct Set {
    gold: &'static str,
    script: &'static str,
    options: &'static [&'static str],
}

fn sets(name: &str) -> Vec<Set> {
    let set = |gold, script, options| Set { gold, script, options };
    match name {
        "statements" => {
            let script = "score_statements.py";
            vec![
                set("seed/statements.gold.jsonl", script, &[]),
                set("gold/articles/wikinews_fr.statements.jsonl", script, &[]),
                set("gold/statements/er_fr.dev.jsonl", script, &[]),
                set("gold/statements/ud_fr_sent.dev.jsonl", script, &[]),
            ]
        }
        "times" => {
            let (script, options) = ("score_times.py", &["--edge", "--dur"][..]);
            vec![
                set("seed/times.gold.jsonl", script, options),
                set("gold/articles/wikinews_fr.times.jsonl", script, options),
                set("gold/times/fr_timebank_dev.jsonl", script, options),
                set("gold/times/own_fr.jsonl", script, options),
            ]
        }
        "events" => {
            let script = "score_events.py";
            vec![
                set("seed/events.sentences.gold.jsonl", script, &[]),
                set("gold/events/fr_gsr.dev.jsonl", script, &[]),
            ]
        }
        _ => {
            vec![set("gold/articles/wikinews_fr.events.jsonl", "score_articles.py", &[])]
        }
    }
}

impl Shared<'_> {
    /// The figures of every set of a name, as text.
    pub(super) fn score(&self, name: &str) -> Result<String> {
        let mut out = String::new();
        for set in sets(name) {
            let gold = self.folder.join(set.gold);
            if !gold.is_file() {
                bail!("{} is not there", gold.display());
            }
            let found = records(self.binary, &gold, &[])?;
            let layer = if name == "positions" { "articles" } else { name };
            let system = self.convert(layer, &found)?;
            let scored = Command::new("python3")
                .arg(self.folder.join("eval").join(set.script))
                .arg(&gold)
                .arg(&system)
                .args(set.options)
                .output()
                .context("python3 cannot be run: the shared scorers need it")?;
            if !scored.status.success() {
                bail!("{}: {}", set.script, String::from_utf8_lossy(&scored.stderr));
            }
            out += &format!("{}\n", set.gold);
            let scored = String::from_utf8_lossy(&scored.stdout);
            // The scorer of articles gives events and positions in one list.
            let about = |line: &&str| name != "positions" || line.starts_with("position");
            for line in scored.lines().filter(about) {
                out += &format!("    {}\n", line.trim_end());
            }
            out.push('\n');
        }
        if name == "positions" {
            out += &positions::seed(self.binary, self.folder)?;
        }
        Ok(out)
    }

    /// Records in the form that the scorers read, as a file.
    fn convert(&self, name: &str, records: &str) -> Result<PathBuf> {
        let folder = std::env::temp_dir();
        let path = folder.join("depeche-score-records.jsonl");
        fs::write(&path, records)?;
        let converted = Command::new("python3")
            .arg(self.folder.join("eval/from_record.py"))
            .arg(name)
            .arg(&path)
            .output()
            .context("python3 cannot be run: the shared scorers need it")?;
        if !converted.status.success() {
            bail!("from_record.py: {}", String::from_utf8_lossy(&converted.stderr));
        }
        let system = folder.join("depeche-score-system.jsonl");
        fs::write(&system, converted.stdout)?;
        Ok(system)
    }
}
