//! Do whole passages say what their page says? Cases in Markdown, for what no sentence shows.
//!
//! A case is a heading, the passage as a block quotation, and a table of *every* statement in
//! it, in order. `missed:` before a reason marks a case that does not hold yet.
//!
//! ```markdown
//! ## Reopened at every paragraph
//!
//! > « Rien n'est perdu.
//! >
//! > « Nous reviendrons », a dit le maire.
//!
//! | kind | content | cue | speaker |
//! |---|---|---|---|
//! | direct | Rien n'est perdu / Nous reviendrons | a dit | le maire |
//! ```
//!
//! Pieces of a content stand apart by ` / `, and only their letters count. An empty cell says
//! that there is nothing. A column `in` gives the row of the statement that one lies in, `class`
//! the class of its cue, `speakers` the names of all who vouch for it. A passage without a table holds no statement.

use depeche_record as r;
use depeche_text::{Document, Meta};

use crate::examples::{Failure, Report};
use crate::{Language, Pipeline, Record};

/// A passage with the statements it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Case {
    title: String,
    line: u32,
    text: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    missed: Option<String>,
}

/// Runs the cases of a page; `file` is how failures should call it.
pub fn check(language: &Language, file: &str, page: &str) -> Report {
    let mut pipeline = Pipeline::new(language);
    let mut report = Report::default();
    for case in cases(page) {
        report.sentences += 1;
        let outcome = run(&mut pipeline, &case);
        let message = match (outcome, &case.missed) {
            (Err(_), Some(_)) => {
                report.missed += 1;
                continue;
            }
            (Ok(()), None) => continue,
            (Ok(()), Some(_)) => "    holds now: take `missed` away".to_owned(),
            (Err(message), None) => message,
        };
        report.failures.push(Failure {
            file: file.to_owned(),
            line: case.line,
            rule: case.title,
            message,
        });
    }
    report
}

/// The cases of a page: each heading with a block quotation below it.
fn cases(page: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut case = Case::default();
    for (n, line) in page.lines().enumerate() {
        if let Some(title) = line.strip_prefix('#') {
            cases.push(std::mem::take(&mut case));
            case.title = title.trim_start_matches('#').trim().to_owned();
            case.line = n as u32 + 1;
        } else if let Some(text) = line.strip_prefix('>') {
            if !case.text.is_empty() {
                case.text.push('\n');
            }
            case.text += text.strip_prefix(' ').unwrap_or(text);
        } else if let Some(why) = line.strip_prefix("missed:") {
            case.missed = Some(why.trim().to_owned());
        } else if line.starts_with('|') {
            let cells = cells(line);
            if case.columns.is_empty() {
                case.columns = cells;
            } else if cells.iter().any(|c| c.chars().any(|c| c != '-')) {
                case.rows.push(cells);
            }
        }
    }
    cases.push(case);
    cases.retain(|c| !c.text.trim().is_empty());
    cases
}

/// The cells of a row of a table.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches('|');
    let line = line.strip_suffix('|').unwrap_or(line);
    line.split('|').map(|c| c.trim().to_owned()).collect()
}

/// Reads a passage and compares what it holds, row by row.
fn run(pipeline: &mut Pipeline<'_>, case: &Case) -> Result<(), String> {
    let document = Document::new(case.text.clone(), Meta::default())
        .expect("a passage is shorter than a book");
    let record = pipeline.analyze(&document).record();
    let same = |(wanted, found): (&Vec<String>, &r::Statement)| {
        case.columns
            .iter()
            .zip(wanted)
            .all(|(column, cell)| holds(column, cell, &value(&record, found, column)))
    };
    let found = &record.statements;
    if case.rows.len() == found.len() && case.rows.iter().zip(found).all(same) {
        return Ok(());
    }
    let columns = if case.columns.is_empty() {
        ["kind", "content", "cue", "speaker"].map(String::from).to_vec()
    } else {
        case.columns.clone()
    };
    let row = |s: &r::Statement| {
        let cells: Vec<String> = columns.iter().map(|c| value(&record, s, c)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let found: Vec<String> = found.iter().map(row).collect();
    let wanted: Vec<String> =
        case.rows.iter().map(|r| format!("| {} |", r.join(" | "))).collect();
    let list = |rows: &[String]| match rows {
        [] => "nothing".to_owned(),
        rows => rows.join("\n           "),
    };
    Err(format!("    wanted {}\n    found  {}", list(&wanted), list(&found)))
}

/// What a statement says in a column.
fn value(record: &Record, s: &r::Statement, column: &str) -> String {
    match column {
        "kind" => word(&s.kind),
        "content" => {
            let pieces: Vec<&str> = s.content.iter().map(|c| c.text.as_str()).collect();
            pieces.join(" / ").replace('\n', " ")
        }
        "cue" => s.cue.as_ref().map(|c| c.text.clone()).unwrap_or_default(),
        "class" => s.cue.as_ref().map(|c| word(&c.class)).unwrap_or_default(),
        "speaker" => s.speaker.as_ref().map(|p| p.text.clone()).unwrap_or_default(),
        "speakers" => {
            let named = |id: &String| record.actors.iter().find(|a| a.id == *id);
            let names: Vec<&str> =
                s.speakers.iter().filter_map(named).map(|a| a.name.as_str()).collect();
            names.join(" + ")
        }
        "in" => {
            let outer = s.nested_in.as_ref();
            let place = |id: &String| record.statements.iter().position(|s| s.id == *id);
            outer.and_then(place).map(|n| (n + 1).to_string()).unwrap_or_default()
        }
        other => format!("`{other}` is no column"),
    }
}

/// Whether a cell says what was found: of a speaker some words, of a content its letters.
fn holds(column: &str, wanted: &str, found: &str) -> bool {
    let letters = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (wanted_letters, found_letters) = (letters(wanted), letters(found));
    match column {
        "speaker" => {
            wanted_letters.is_empty() == found_letters.is_empty()
                && found.contains(wanted)
        }
        "content" => {
            wanted_letters == found_letters
                && wanted.split(" / ").count() == found.split(" / ").count()
        }
        _ => wanted_letters == found_letters,
    }
}

/// A member of a closed list, as records write it.
fn word(member: &impl std::fmt::Debug) -> String {
    format!("{member:?}").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_a_heading_a_passage_and_a_table() {
        let page = "# Page\n\nProse.\n\n## One\n\n> « Non »,\n>\n> dit-il.\n\nmissed: so\n\n\
                    | kind | content |\n|---|---|\n| direct | Non |\n\n## Two\n\n> Rien.\n";
        let found = cases(page);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].title, "One");
        assert_eq!(found[0].text, "« Non »,\n\ndit-il.");
        assert_eq!(found[0].columns, ["kind", "content"]);
        assert_eq!(found[0].rows, [["direct", "Non"]]);
        assert_eq!(found[0].missed.as_deref(), Some("so"));
        assert_eq!((found[1].line, found[1].rows.len()), (17, 0));
    }
}
