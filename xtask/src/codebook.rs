//! `cargo xtask codebook`: what does each type of event mean, in a language? Pages written from
//! the ontology and from the frames, so that nobody has to keep them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use serde::Deserialize;

/// How many examples a mode shows at most, and how many near misses.
const SHOWN: usize = 3;

/// Write docs/codebook/*.md from the ontology and the frames of a language.
#[derive(Args, Debug)]
pub(crate) struct Codebook {
    /// The language whose frames give the examples
    #[arg(value_name = "CODE", default_value = "fr")]
    language: String,
}

impl Codebook {
    pub(crate) fn run(self) -> Result<()> {
        let folder = Path::new("docs/codebook");
        fs::create_dir_all(folder)?;
        for (name, text) in pages(Path::new("."), &self.language)? {
            fs::write(folder.join(name), text)?;
        }
        Ok(())
    }
}

/// A type, as the ontology has it.
#[derive(Deserialize)]
struct Type {
    quad: u8,
    cameo: String,
    meaning: String,
    modes: Vec<String>,
}

/// A file of frames; classes are not shown.
#[derive(Deserialize)]
struct Frames {
    frame: Vec<Frame>,
}

#[derive(Deserialize)]
struct Frame {
    id: String,
    find: Vec<String>,
    mode: Option<String>,
    cameo: Option<String>,
    #[serde(default)]
    contexts: Vec<String>,
    roles: BTreeMap<String, String>,
    #[serde(default)]
    reciprocal: bool,
    note: Option<String>,
    examples: Vec<Example>,
    not: Vec<String>,
}

#[derive(Deserialize)]
struct Example {
    text: String,
    actor: Option<String>,
    recipient: Option<String>,
    factuality: Option<String>,
}

type Modes = BTreeMap<String, BTreeMap<String, String>>;

/// The pages by their file names: one a type, and a first page that lists them.
fn pages(root: &Path, language: &str) -> Result<Vec<(String, String)>> {
    let ontology = root.join("crates/depeche-record/ontology");
    let types: BTreeMap<String, Type> = read(&ontology.join("plover.toml"))?;
    let modes: Modes = read(&ontology.join("modes.toml"))?;
    let mut pages = vec![("README.md".to_owned(), index(&types))];
    let none = BTreeMap::new();
    for (name, kind) in &types {
        let file = format!("lang/{language}/events/{}.toml", name.to_lowercase());
        let frames: Frames = read(&root.join(&file))?;
        let meanings = modes.get(name).unwrap_or(&none);
        let text = page(name, kind, meanings, &frames.frame, &file);
        pages.push((format!("{}.md", name.to_lowercase()), text));
    }
    Ok(pages)
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    toml::from_str(&text).with_context(|| path.display().to_string())
}

const WRITTEN: &str =
    "<!-- Written by `cargo xtask codebook`. Edit the frames, not this page. -->\n";

fn quad_name(quad: u8) -> &'static str {
    match quad {
        1 => "verbal cooperation",
        2 => "material cooperation",
        3 => "verbal conflict",
        _ => "material conflict",
    }
}

fn index(types: &BTreeMap<String, Type>) -> String {
    let mut text = format!("{WRITTEN}\n# Codebook: the events\n\n");
    text += "The types of PLOVER 2.0, with their modes, and what tells them in the press. Names \
             and codes are those of PLOVER and CAMEO; the words are ours.\n\n";
    text += "| type | quad class | CAMEO root | meaning |\n|---|---|---|---|\n";
    let mut rows: Vec<(&String, &Type)> = types.iter().collect();
    rows.sort_by_key(|(name, kind)| (kind.quad, kind.cameo.clone(), (*name).clone()));
    for (name, kind) in rows {
        let (file, quad) = (name.to_lowercase(), quad_name(kind.quad));
        let _ = writeln!(
            text,
            "| [{name}]({file}.md) | {} {quad} | {} | {} |",
            kind.quad, kind.cameo, kind.meaning
        );
    }
    text
}

fn page(
    name: &str,
    kind: &Type,
    meanings: &BTreeMap<String, String>,
    frames: &[Frame],
    file: &str,
) -> String {
    let mut text = format!("{WRITTEN}\n# {name}\n\n{}\n\n", kind.meaning);
    let _ = writeln!(
        text,
        "Quad class {} ({}), CAMEO root {}. {} frames in `{file}`.\n",
        kind.quad,
        quad_name(kind.quad),
        kind.cameo,
        frames.len()
    );
    for mode in &kind.modes {
        let of: Vec<&Frame> =
            frames.iter().filter(|f| f.mode.as_deref() == Some(mode)).collect();
        let meaning = meanings.get(mode).map_or("", String::as_str);
        section(&mut text, &format!("Mode `{mode}`"), meaning, &of);
    }
    let rest: Vec<&Frame> = frames.iter().filter(|f| f.mode.is_none()).collect();
    let title = if kind.modes.is_empty() { "What tells it" } else { "Without a mode" };
    section(&mut text, title, "", &rest);
    text += "## CAMEO\n\n| code | frames |\n|---|---|\n";
    let mut codes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for frame in frames {
        let code = frame.cameo.clone().unwrap_or_else(|| format!("{}0", kind.cameo));
        codes.entry(code).or_default().push(&frame.id);
    }
    for (code, ids) in codes {
        let _ = writeln!(text, "| {code} | {} |", ids.join(", "));
    }
    text
}

/// A mode: its meaning, examples, near misses, and the frames that find it.
fn section(text: &mut String, title: &str, meaning: &str, frames: &[&Frame]) {
    if frames.is_empty() {
        return;
    }
    let _ = writeln!(text, "## {title}\n");
    if !meaning.is_empty() {
        let _ = writeln!(text, "{meaning}\n");
    }
    for example in spread(frames, |f| &f.examples) {
        let _ = writeln!(text, "- {}{}", marked(&example.text), told(example));
    }
    *text += "\nNear misses:\n\n";
    for miss in spread(frames, |f| &f.not) {
        let _ = writeln!(text, "- {miss}");
    }
    *text += "\n";
    for frame in frames {
        let _ = writeln!(text, "**{}**{}", frame.id, described(frame));
        if let Some(note) = &frame.note {
            let _ = writeln!(text, "{note}");
        }
        let _ = writeln!(text, "\n```text");
        for pattern in &frame.find {
            let _ = writeln!(text, "{pattern}");
        }
        *text += "```\n\n";
    }
}

/// The first of each frame, then the second of each, until enough are shown.
fn spread<'a, T>(
    frames: &[&'a Frame],
    of: impl Fn(&'a Frame) -> &'a Vec<T>,
) -> Vec<&'a T> {
    let most = frames.iter().map(|f| of(f).len()).max().unwrap_or_default();
    (0..most)
        .flat_map(|n| frames.iter().filter_map(|f| of(f).get(n)).collect::<Vec<_>>())
        .take(SHOWN)
        .collect()
}

fn marked(text: &str) -> String {
    text.replace(['⟦', '⟧'], "**")
}

/// Who, to whom and whether, as an example states it.
fn told(example: &Example) -> String {
    let parts = [
        ("actor", &example.actor),
        ("recipient", &example.recipient),
        ("factuality", &example.factuality),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter_map(|(name, value)| value.as_ref().map(|v| format!("{name}: {v}")))
        .collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join("; ")) }
}

/// Roles, contexts and whether both sides do it, of a frame.
fn described(frame: &Frame) -> String {
    let roles: Vec<String> =
        frame.roles.iter().map(|(role, ways)| format!("{role} = {ways}")).collect();
    let mut text = format!(": {}.", roles.join("; "));
    if frame.reciprocal {
        text += " Reciprocal.";
    }
    if !frame.contexts.is_empty() {
        let _ = write!(text, " Contexts: {}.", frame.contexts.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codebook_is_up_to_date() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for (name, text) in pages(&root, "fr").unwrap() {
            let path = root.join("docs/codebook").join(&name);
            let written = fs::read_to_string(&path).unwrap_or_default();
            assert!(written == text, "{name} is stale: run `cargo xtask codebook`");
        }
    }

    #[test]
    fn every_mode_has_a_meaning_and_a_frame() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let ontology = root.join("crates/depeche-record/ontology");
        let types: BTreeMap<String, Type> = read(&ontology.join("plover.toml")).unwrap();
        let modes: Modes = read(&ontology.join("modes.toml")).unwrap();
        for (name, kind) in &types {
            let file = format!("lang/fr/events/{}.toml", name.to_lowercase());
            let frames: Frames = read(&root.join(file)).unwrap();
            for mode in &kind.modes {
                assert!(modes[name].contains_key(mode), "{name} {mode} has no meaning");
                let has = |f: &Frame| f.mode.as_ref() == Some(mode);
                assert!(frames.frame.iter().any(has), "{name} {mode} has no frame");
            }
        }
    }
}
