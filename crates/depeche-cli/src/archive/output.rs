//! How do answers look? Tables that fit the terminal; JSON lines and CSV for programs.

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, ContentLineStyle,
    LineStyle, Table, TableStyle, Width,
};
use depeche_archive::{Archive, Echo, Facet, Reference, Relation, TakenBack};
use serde_json::{Map, Value, json};

use crate::show;

#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Form {
    /// One JSON object a line
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Comma-separated values, with a line of headings
    #[arg(long)]
    pub(crate) csv: bool,
}

/// A line of an answer: what programs get, and the cells that people see.
pub(crate) struct Line {
    pub(crate) fields: Vec<(&'static str, Value)>,
    pub(crate) cells: Vec<Cell>,
}

/// A column of a table: its heading, and how much of the width it may take at most, in
/// hundredths (0: what is left).
pub(crate) type Column<'a> = (&'a str, u16);
/// A share for columns that are never broken over lines: a reference is to be copied whole.
pub(crate) const WHOLE: u16 = 100;

/// A rule above, one below the headings and one at the end.
const RULED: TableStyle = TableStyle::new()
    .top_border(LineStyle::new('─', '─', '─', '─'))
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::new('─', '─', '─', '─'))
    .content_lines(ContentLineStyle::none())
    .bottom_border(LineStyle::new('─', '─', '─', '─'));

/// Prints an answer in the form that was asked for.
pub(crate) fn print(form: Form, columns: &[Column<'_>], lines: Vec<Line>) -> Result<()> {
    let mut out = anstream::AutoStream::auto(io::stdout());
    if form.json {
        for line in lines {
            let object: Map<String, Value> = line
                .fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            writeln!(out, "{}", Value::Object(object))?;
        }
    } else if form.csv {
        for (n, line) in lines.iter().enumerate() {
            if n == 0 {
                let names: Vec<&str> =
                    line.fields.iter().map(|(name, _)| *name).collect();
                writeln!(out, "{}", names.join(","))?;
            }
            let values: Vec<String> =
                line.fields.iter().map(|(_, value)| csv(&plain(value))).collect();
            writeln!(out, "{}", values.join(","))?;
        }
    } else if !lines.is_empty() {
        writeln!(out, "{}", table(columns, lines))?;
    }
    Ok(())
}

fn table(columns: &[Column<'_>], lines: Vec<Line>) -> Table {
    let told: Vec<bool> = (0..columns.len())
        .map(|c| lines.iter().any(|l| !l.cells[c].content().trim().is_empty()))
        .collect();
    // A column that says nothing takes no room.
    let keep = |cells: Vec<Cell>| {
        cells.into_iter().zip(&told).filter(|(_, told)| **told).map(|(cell, _)| cell)
    };
    let head =
        columns.iter().map(|(name, _)| Cell::new(name).add_attribute(Attribute::Dim));
    let mut table = Table::new();
    table
        .load_style(RULED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(show::width())
        .enforce_styling()
        .set_header(keep(head.collect()).collect::<Vec<_>>())
        .add_rows(lines.into_iter().map(|l| keep(l.cells).collect::<Vec<_>>()));
    let shares =
        columns.iter().zip(&told).filter(|(_, told)| **told).map(|((_, s), _)| *s);
    for (column, share) in table.column_iter_mut().zip(shares) {
        if share == WHOLE {
            column.set_constraint(ColumnConstraint::ContentWidth);
        } else if share > 0 {
            column.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(
                share,
            )));
        }
    }
    table
}

/// Facets for people, one line each.
pub(crate) fn facets(facets: &[Facet]) {
    for facet in facets {
        // Months come in order, and the last ones are the newest.
        let newest =
            facet.values.len().saturating_sub(if facet.name == "month" { 8 } else { 99 });
        let values: Vec<String> = facet.values[newest..]
            .iter()
            .take(8)
            .map(|(value, count)| format!("{} {count}", one_line(value, 40)))
            .collect();
        let name = facet.name;
        let dim = anstyle::Style::new().dimmed();
        anstream::println!("{dim}{name:>10}{dim:#}  {}", values.join(" · "));
    }
}

/// A value without quotation marks; a list with semicolons.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// A value of a CSV line, after RFC 4180.
fn csv(value: &str) -> String {
    match value.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", value.replace('"', "\"\"")),
        false => value.to_owned(),
    }
}

/// Text on one line, cut after so many characters; a terminal takes no orders from it.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words
        .join(" ")
        .chars()
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect();
    match line.char_indices().nth(most) {
        Some((cut, _)) => format!("{}…", line[..cut].trim_end()),
        None => line,
    }
}

pub(crate) fn names(list: &[String]) -> String {
    list.iter().map(|name| one_line(name, 60)).collect::<Vec<_>>().join("\n")
}

/// A cell with a count of copies beside the outlet.
pub(crate) fn outlet(outlet: Option<&str>, copies: u64) -> Cell {
    let name = one_line(outlet.unwrap_or(""), 30);
    Cell::new(if copies > 0 { format!("{name} +{copies}") } else { name })
}

/// What is said of something that a later version takes back: for a cell, and for programs.
pub(crate) fn taken_back(
    archive: &Archive,
    reference: &Reference,
) -> Result<(String, Value)> {
    Ok(match archive.taken_back(reference)? {
        None => (String::new(), Value::Null),
        Some(TakenBack { how, by, instead }) => {
            let done =
                if how == Relation::Withdrawal { "withdrawn" } else { "corrected" };
            let shown = instead.as_ref().unwrap_or(&by).to_string();
            let instead = instead.map(|r| r.to_string());
            (
                format!("\n✗ {done} by {shown}"),
                json!({"how": how.name(), "by": by.to_string(), "instead": instead}),
            )
        }
    })
}

/// Other reports of an utterance, for people.
pub(crate) fn echoes(echoes: &[Echo], indent: &str) {
    if echoes.is_empty() {
        return;
    }
    anstream::println!("\n{indent}Also reported elsewhere:");
    for Echo { how, score, statement: s } in echoes {
        let who = if s.speakers.is_empty() { "?".into() } else { s.speakers.join(", ") };
        let facts = [s.published.as_deref(), s.outlet.as_deref(), Some(who.as_str())];
        let facts: Vec<&str> = facts.into_iter().flatten().collect();
        anstream::println!(
            "{indent}  {:10} {score:.2}  {}  {}\n{indent}              {}",
            how.name(),
            s.reference,
            facts.join(" · "),
            one_line(&s.content, 300)
        );
    }
}

/// Other reports of an utterance, for programs.
pub(crate) fn echo_fields(echoes: &[Echo]) -> Value {
    let one = |e: &Echo| {
        json!({
            "how": e.how.name(),
            "score": (e.score * 1000.0).round() / 1000.0,
            "ref": e.statement.reference.to_string(),
            "published": e.statement.published,
            "outlet": e.statement.outlet,
            "speakers": e.statement.speakers,
            "content": e.statement.content,
        })
    };
    echoes.iter().map(one).collect()
}

pub(crate) fn reference(reference: &Reference) -> Cell {
    Cell::new(reference).add_attribute(Attribute::Dim)
}

pub(crate) fn who(list: &[String]) -> Cell {
    Cell::new(names(list)).fg(Color::Magenta)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_csv_are_quoted_where_they_must_be() {
        assert_eq!(csv("non, \"jamais\""), "\"non, \"\"jamais\"\"\"");
        assert_eq!(csv("oui"), "oui");
        assert_eq!(plain(&serde_json::json!(["a", 2, null])), "a; 2; ");
    }

    #[test]
    fn a_line_gives_no_orders_to_the_terminal() {
        assert_eq!(one_line("a\n b\u{1b}[1m  c", 99), "a b\u{FFFD}[1m c");
        assert_eq!(one_line("un deux trois", 8), "un deux…");
    }
}
