//! `cargo xtask score`: how good is it? Figures as committed text, so that every change shows
//! what it moved.

mod calibration;
mod construction;
mod own;
mod places;
mod positions;
mod shared;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

pub(crate) use calibration::Calibrate;

/// Run every scorer and write scores/*.txt.
#[derive(Args, Debug)]
pub(crate) struct Score {
    /// Only the score files whose name contains this
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The folder of shared gold and scorers; what is not there is left as it stands
    #[arg(long, value_name = "DIR", default_value = "../shared")]
    shared: PathBuf,
    /// Show what the project's own gold has and the records have not, and the other way round
    #[arg(long)]
    errors: bool,
}

impl Score {
    pub(crate) fn run(self) -> Result<()> {
        let binary = build()?;
        let scores = Path::new("scores");
        fs::create_dir_all(scores)?;
        let wanted =
            |name: &str| self.name.as_ref().is_none_or(|n| name.contains(n.as_str()));
        let mut files: Vec<(String, String)> = Vec::new();
        if wanted("own") {
            let records = records(&binary, Path::new("articles/demo.jsonl"), &[])?;
            let told = records_of_lines(&binary, Path::new("articles/speech-only.txt"))?;
            files.push(("own".into(), own::score(&records, &told, self.errors)?));
        }
        if wanted("places") {
            files.push(("places".into(), self.places(&binary, scores)?));
        }
        if self.shared.is_dir() {
            let shared = shared::Shared { folder: &self.shared, binary: &binary };
            for name in shared::NAMES {
                if wanted(name) {
                    let mut text = shared.score(name)?;
                    if *name == "statements" {
                        let own =
                            records(&binary, Path::new("articles/demo.jsonl"), &[])?;
                        text += &construction::score(&self.shared, &own)?;
                    }
                    files.push(((*name).to_owned(), text));
                }
            }
            if wanted("calibration") {
                let text = calibration::score(&binary, &self.shared)?;
                files.push(("calibration".into(), text));
            }
            if wanted("syntax") {
                files.push(("syntax".into(), tree::score(&self.shared)?));
            }
        } else {
            println!(
                "{} is not there: its scores are left as they stand",
                self.shared.display()
            );
        }
        for (name, text) in files {
            let path = scores.join(format!("{name}.txt"));
            println!("== {}\n{text}", path.display());
            if !self.errors {
                fs::write(path, text)?;
            }
        }
        Ok(())
    }
}

impl Score {
    /// Places: the demo articles, and the shared ones where they are there.
    fn places(&self, binary: &Path, scores: &Path) -> Result<String> {
        let own = records(binary, Path::new("articles/demo.jsonl"), &[])?;
        let gold = self.shared.join("gold/articles/wikinews_fr.events.jsonl");
        if !gold.is_file() {
            return places::score(&own, None, scores);
        }
        let shared = records(binary, &gold, &[])?;
        places::score(&own, Some((&gold, &shared)), scores)
    }
}

/// Builds the command and says where it is.
pub(crate) fn build() -> Result<PathBuf> {
    let status = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--package", "depeche-cli"])
        .status()
        .context("cargo cannot be run")?;
    if !status.success() {
        bail!("the command does not build");
    }
    let folder = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .context("cargo cannot be asked for its folders")?;
    let metadata: serde_json::Value = serde_json::from_slice(&folder.stdout)?;
    let target =
        metadata["target_directory"].as_str().context("cargo names no folder")?;
    Ok(Path::new(target).join("release/depeche"))
}

/// What `depeche read --json` writes for a file.
fn records(binary: &Path, file: &Path, options: &[&str]) -> Result<String> {
    let output = Command::new(binary)
        .args(["read", "--json"])
        .args(options)
        .arg(file)
        .output()
        .with_context(|| format!("{} cannot be run", binary.display()))?;
    if !output.status.success() {
        bail!("{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("records are UTF-8")
}

/// Records of a text that holds one article a line.
fn records_of_lines(binary: &Path, file: &Path) -> Result<String> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let mut jsonl = String::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        jsonl += &serde_json::json!({ "text": line, "lang": "fr" }).to_string();
        jsonl.push('\n');
    }
    let path = std::env::temp_dir().join("depeche-score-lines.jsonl");
    fs::write(&path, jsonl)?;
    records(binary, &path, &[])
}
