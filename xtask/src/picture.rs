//! `cargo xtask picture`: the README's picture, made of real output.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;

/// Write docs/read.svg from what `depeche read` shows on a terminal.
#[derive(Args, Debug)]
pub(crate) struct Picture {
    /// The article to show
    #[arg(default_value = "articles/01-accord-pretoria.txt")]
    article: String,
    /// Its date of publication
    #[arg(long, default_value = "2022-11-03")]
    date: String,
}

impl Picture {
    pub(crate) fn run(self) -> Result<()> {
        let binary = crate::score::build()?;
        let output = Command::new(binary)
            .args(["read", "--table", "--color", "always", "--date", &self.date])
            .arg(&self.article)
            .output()
            .context("cannot run depeche")?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let shown = wrapped(&String::from_utf8(output.stdout)?, COLUMNS);
        fs::create_dir_all("docs")?;
        fs::write("docs/read.svg", anstyle_svg::Term::new().render_svg(&shown))?;
        println!("docs/read.svg");
        Ok(())
    }
}

/// The width of the picture in columns, that of the tables.
const COLUMNS: usize = 100;

/// Lines broken between words as a terminal would, escapes not counted.
fn wrapped(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut column = 0;
        for word in line.split_inclusive(' ') {
            let width = visible(word.trim_end());
            if column > 0 && column + width > columns {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
                column = 0;
            }
            out.push_str(word);
            column += visible(word);
        }
    }
    out
}

/// How many columns a text with colour escapes takes.
fn visible(text: &str) -> usize {
    let mut count = 0;
    let mut escape = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => escape = true,
            'm' if escape => escape = false,
            _ if escape || c == '\n' => {}
            _ => count += 1,
        }
    }
    count
}
