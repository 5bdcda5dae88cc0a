//! Statements, events, positions, times and places as tables.

use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, ContentLineStyle,
    LineStyle, Table, TableStyle, Width,
};
use depeche::Record;
use depeche::record::{Actor, Event, Place, Position, Statement, StatementKind, Time};

use super::{HEAD, factuality};

/// A rule above, one below the headings and one at the end.
const RULED: TableStyle = TableStyle::new()
    .top_border(LineStyle::new('─', '─', '─', '─'))
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::new('─', '─', '─', '─'))
    .content_lines(ContentLineStyle::none())
    .bottom_border(LineStyle::new('─', '─', '─', '─'));

/// The tables of a record, those without a row left out.
pub(super) fn tables(record: &Record, width: u16) -> String {
    let show = Show { record, width };
    let parts =
        [show.statements(), show.events(), show.positions(), show.times(), show.places()];
    parts.concat()
}

struct Show<'r> {
    record: &'r Record,
    width: u16,
}

impl Show<'_> {
    /// A table; `columns` are their headings, and how much of the width each may take, in
    /// hundredths (0: as much as it needs).
    fn table(
        &self,
        title: &str,
        columns: &[(&str, u16)],
        rows: Vec<Vec<Cell>>,
    ) -> String {
        if rows.is_empty() {
            return String::new();
        }
        // A column that says nothing takes no room.
        let told: Vec<bool> = (0..columns.len())
            .map(|c| rows.iter().any(|row| !row[c].content().trim().is_empty()))
            .collect();
        let kept = |c: usize| told.get(c).copied().unwrap_or(true);
        let columns: Vec<&(&str, u16)> = columns
            .iter()
            .enumerate()
            .filter(|(c, _)| kept(*c))
            .map(|(_, c)| c)
            .collect();
        let rows = rows.into_iter().map(|row| {
            row.into_iter().enumerate().filter(|(c, _)| kept(*c)).map(|(_, cell)| cell)
        });
        let rows = rows.map(Iterator::collect::<Vec<Cell>>);
        let mut table = Table::new();
        table
            .load_style(RULED)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(self.width)
            .enforce_styling()
            .set_header(
                columns.iter().map(|(c, _)| Cell::new(c).add_attribute(Attribute::Dim)),
            )
            .add_rows(rows);
        for (column, (_, share)) in table.column_iter_mut().zip(columns) {
            if *share > 0 {
                let most = Width::Percentage(*share);
                column.set_constraint(ColumnConstraint::UpperBoundary(most));
            }
        }
        format!("\n{HEAD}{title}{HEAD:#}\n{table}\n")
    }

    fn statements(&self) -> String {
        let said =
            self.record.statements.iter().filter(|s| s.kind != StatementKind::Scare);
        let row = |s: &Statement| {
            let words: Vec<&str> = s.content.iter().map(|c| c.text.as_str()).collect();
            vec![
                Cell::new(&s.id),
                Cell::new(self.speaker(s)).fg(Color::Magenta),
                Cell::new(s.cue.as_ref().map_or("", |c| &c.text)).fg(Color::Yellow),
                Cell::new(self.names(&s.addressee)),
                Cell::new(self.names(&s.about)),
                Cell::new(self.time(s.said_at.as_deref())).fg(Color::Green),
                Cell::new(one_line(&words.join(" … "))),
            ]
        };
        let columns = [
            ("", 0),
            ("who", 26),
            ("says", 16),
            ("to", 16),
            ("about", 16),
            ("when", 12),
            ("what", 0),
        ];
        self.table("Who said what", &columns, said.map(row).collect())
    }

    fn speaker(&self, s: &Statement) -> String {
        let names: Vec<String> =
            s.speakers.iter().filter_map(|id| self.actor(id)).map(described).collect();
        match (&s.speaker, names.is_empty()) {
            (_, false) => names.join("\n"),
            (Some(speaker), true) => format!("({})", one_line(&speaker.text)),
            (None, true) => "?".into(),
        }
    }

    fn events(&self) -> String {
        let row = |e: &Event| {
            let (certainty, colour) = factuality(e.factuality);
            let kind = serde_json::to_value(e.kind).expect("a type is a word");
            let kind = kind.as_str().unwrap_or_default().to_owned();
            let mode = e.mode.as_ref().map_or_else(String::new, |m| format!("\n{m}"));
            let triggers: Vec<String> =
                e.mentions.iter().map(|m| one_line(&m.text)).collect();
            vec![
                Cell::new(&e.id),
                Cell::new(format!("{kind}{mode}")).fg(Color::Red),
                Cell::new(self.names(&e.actor)),
                Cell::new(self.names(&e.recipient)),
                Cell::new(short(e.edtf.as_deref().unwrap_or(""))),
                Cell::new(
                    e.place.as_ref().and_then(|p| self.place(p)).unwrap_or_default(),
                ),
                Cell::new(certainty).fg(colour),
                Cell::new(e.source_statement.as_deref().unwrap_or("")),
                Cell::new(triggers.join(", ")),
            ]
        };
        let columns = [
            ("", 0),
            ("type", 0),
            ("who", 22),
            ("to whom", 22),
            ("when", 18),
            ("where", 14),
            ("fact", 0),
            ("in", 0),
            ("words", 26),
        ];
        self.table("Who did what", &columns, self.record.events.iter().map(row).collect())
    }

    fn positions(&self) -> String {
        let row = |p: &Position| {
            let stance = serde_json::to_value(p.stance).expect("a stance is a word");
            vec![
                Cell::new(&p.id),
                Cell::new(self.names(std::slice::from_ref(&p.actor))),
                Cell::new(stance.as_str().unwrap_or_default()).fg(Color::Yellow),
                Cell::new(one_line(&p.object.text)),
                Cell::new(p.issue.as_deref().unwrap_or("")),
                Cell::new(p.statement.as_deref().unwrap_or("")),
            ]
        };
        let columns = [
            ("", 0),
            ("who", 30),
            ("stance", 0),
            ("on what", 0),
            ("issue", 22),
            ("in", 0),
        ];
        self.table(
            "Who stands where",
            &columns,
            self.record.positions.iter().map(row).collect(),
        )
    }

    fn times(&self) -> String {
        let row = |t: &Time| {
            vec![
                Cell::new(&t.id),
                Cell::new(one_line(&t.text)).fg(Color::Green),
                Cell::new(&t.value),
                Cell::new(short(
                    t.edtf.as_deref().filter(|e| *e != t.value).unwrap_or(""),
                )),
            ]
        };
        let columns =
            [("", 0), ("words", 40), ("TIMEX3", 0), ("EDTF, where it says more", 0)];
        self.table("When", &columns, self.record.times.iter().map(row).collect())
    }

    fn places(&self) -> String {
        let row = |p: &Place| {
            let written = p.lat.zip(p.lon);
            let point = written
                .map_or_else(String::new, |(lat, lon)| format!("{lat:.2} {lon:.2}"));
            let country = match (&p.country, p.disputed) {
                (Some(country), _) => country.clone(),
                (None, true) => "disputed".into(),
                (None, false) => String::new(),
            };
            vec![
                Cell::new(&p.id),
                Cell::new(one_line(&p.text)).fg(Color::Blue),
                Cell::new(if p.name == p.text { "" } else { &p.name }),
                Cell::new(country),
                Cell::new(point),
                Cell::new(&p.why).add_attribute(Attribute::Dim),
            ]
        };
        let columns = [
            ("", 0),
            ("words", 20),
            ("name", 20),
            ("country", 0),
            ("lat lon", 0),
            ("why", 40),
        ];
        self.table("Where", &columns, self.record.places.iter().map(row).collect())
    }

    fn actor(&self, id: &str) -> Option<&Actor> {
        self.record.actors.iter().find(|a| a.id == id)
    }

    fn place(&self, id: &str) -> Option<String> {
        self.record.places.iter().find(|p| p.id == id).map(|p| p.name.clone())
    }

    /// A time as EDTF, or by its words where that says nothing.
    fn time(&self, id: Option<&str>) -> String {
        let time = id.and_then(|id| self.record.times.iter().find(|t| t.id == id));
        time.map_or_else(String::new, |t| {
            short(t.edtf.as_deref().unwrap_or(&one_line(&t.text)))
        })
    }

    fn names(&self, ids: &[String]) -> String {
        let names: Vec<&str> =
            ids.iter().filter_map(|id| self.actor(id)).map(|a| a.name.as_str()).collect();
        names.join("\n")
    }
}

/// An actor with what is known of it: « Sergueï Lavrov, ministre …, RUS ».
fn described(actor: &Actor) -> String {
    let mut out = actor.name.clone();
    for more in [&actor.office, &actor.country].into_iter().flatten() {
        if *more != actor.name {
            out += ", ";
            out += more;
        }
    }
    out
}

/// A list of possible dates by its ends and its length.
fn short(edtf: &str) -> String {
    let list = edtf.strip_prefix('[').and_then(|e| e.strip_suffix(']'));
    let dates: Vec<&str> = list.map(|l| l.split(',').collect()).unwrap_or_default();
    match dates.as_slice() {
        [first, _, .., last] => format!("one of {}: {first} … {last}", dates.len()),
        _ => edtf.to_owned(),
    }
}

/// Text on one line: blanks and line ends become single blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
