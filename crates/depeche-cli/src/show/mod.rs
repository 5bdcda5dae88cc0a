//! How does a record look to people? The article with its evidence lit, and tables.

mod article;
mod table;

use anstyle::{AnsiColor, Style};
use depeche::Record;
use depeche::record::Factuality;

pub(crate) use article::{Part, legend, lit};

/// Words of a statement.
const SAID: Style = AnsiColor::Cyan.on_default().underline();
/// What introduces them.
const CUE: Style = AnsiColor::Yellow.on_default().bold();
/// Who said them.
const SPEAKER: Style = AnsiColor::Magenta.on_default().bold();
/// What happened.
const EVENT: Style = AnsiColor::Red.on_default().bold();
/// When.
const TIME: Style = AnsiColor::Green.on_default();
/// Where.
const PLACE: Style = AnsiColor::Blue.on_default();
/// Headings.
const HEAD: Style = Style::new().bold();
/// What stands back.
const DIM: Style = Style::new().dimmed();
/// What is wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

/// The columns of the terminal; a page where there is none.
pub(crate) fn width() -> u16 {
    comfy_table::Table::new().width().unwrap_or(100).clamp(40, 160)
}

/// A record for people, as lines with colour.
pub(crate) fn record(record: &Record, width: u16) -> String {
    let mut out = String::new();
    out += &heading(record, width);
    out += &article::article(record);
    out += "\n\n";
    out += &legend();
    out += &table::tables(record, width);
    for warning in &record.warnings {
        out += &format!("{BAD}note{BAD:#} {}\n", warning.text);
    }
    out
}

/// Where, what, and what to do: one line a problem.
pub(crate) fn problem(origin: &str, message: &str) -> String {
    format!("{BAD}{origin}{BAD:#}: {message}")
}

/// A line with outlet, date, language and id, and the headline.
pub(crate) fn heading(record: &Record, width: u16) -> String {
    let a = &record.article;
    let said =
        [a.outlet.clone(), a.published.clone(), Some(a.lang.clone()), a.key.clone()];
    let facts: Vec<String> = said.into_iter().flatten().collect();
    let line = format!("── {} ", facts.join(" · "));
    let rest = usize::from(width).saturating_sub(line.chars().count());
    let title =
        a.title.as_ref().map_or_else(String::new, |t| format!("{HEAD}{t}{HEAD:#}\n\n"));
    format!("{DIM}{line}{}{DIM:#}\n{title}", "─".repeat(rest))
}

/// The value of FactBank, and how it looks.
fn factuality(value: Factuality) -> (&'static str, comfy_table::Color) {
    use comfy_table::Color;
    match value {
        Factuality::CertainPositive => ("CT+", Color::Green),
        Factuality::ProbablePositive => ("PR+", Color::Yellow),
        Factuality::PossiblePositive => ("PS+", Color::Yellow),
        Factuality::CertainNegative => ("CT-", Color::Red),
        Factuality::ProbableNegative => ("PR-", Color::Red),
        Factuality::PossibleNegative => ("PS-", Color::Red),
        Factuality::CertainUnknown => ("CTu", Color::DarkGrey),
        Factuality::Unknown => ("Uu", Color::DarkGrey),
    }
}
