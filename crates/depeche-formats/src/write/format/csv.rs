//! CSV: the typed tables as text, one file each. Lists and spans are JSON in their cell.

use std::collections::BTreeMap;

use crate::write::Entry;
use crate::write::arrow::{Cell, Table};
use crate::write::sink::{Dialect, Error, Output, Resource, Sink};
use crate::write::store::FileWriter;

/// The tables, while rows come.
#[derive(Default)]
pub(crate) struct Csv {
    tables: BTreeMap<Table, (csv::Writer<FileWriter>, u64)>,
}

impl Csv {
    /// Begins every table, so that each is there, though it may have no rows.
    fn open(&mut self, out: &mut Output<'_>) -> Result<(), Error> {
        for table in Table::ALL {
            let file = out.create(&format!("{table}.csv"))?;
            let mut writer = csv::Writer::from_writer(file);
            writer.write_record(table.columns().map(|column| column.name))?;
            self.tables.insert(table, (writer, 0));
        }
        Ok(())
    }
}

impl Sink for Csv {
    fn write(
        &mut self,
        articles: &[Entry<'_>],
        out: &mut Output<'_>,
    ) -> Result<(), Error> {
        if self.tables.is_empty() {
            self.open(out)?;
        }
        for article in articles {
            for (table, (writer, rows)) in &mut self.tables {
                let mut failed = None;
                table.each_row(*article, &mut |row| {
                    *rows += 1;
                    if let Err(error) = writer.write_record(row.iter().map(text_of)) {
                        failed.get_or_insert(error);
                    }
                });
                if let Some(error) = failed {
                    return Err(error.into());
                }
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, out: &mut Output<'_>) -> Result<Vec<Resource>, Error> {
        if self.tables.is_empty() {
            self.open(out)?;
        }
        let mut resources = Vec::new();
        for (table, (writer, rows)) in self.tables {
            let file = writer.into_inner().map_err(|e| e.into_error())?;
            let file = file.finish(rows)?;
            resources.push(Resource {
                table: Some(table),
                dialect: Some(Dialect { delimiter: ',', header: true }),
                ..Resource::plain(file, table.title(), "text/csv")
            });
        }
        Ok(resources)
    }
}

/// A cell as text: what is not known is empty.
fn text_of(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) | Cell::MaybeText(Some(text)) => text.to_string(),
        Cell::Int(number) | Cell::MaybeInt(Some(number)) => number.to_string(),
        Cell::Share(number) => number.to_string(),
        Cell::MaybeReal(Some(number)) => number.to_string(),
        Cell::Flag(flag) | Cell::MaybeFlag(Some(flag)) => flag.to_string(),
        Cell::MaybeDay(Some(day)) => crate::write::arrow::iso(*day),
        Cell::Texts(texts) => json(texts),
        Cell::MaybeTexts(texts) => json(texts),
        Cell::Span(span) | Cell::MaybeSpan(Some(span)) => json(span),
        Cell::Spans(spans) => json(spans),
        Cell::MaybeText(None)
        | Cell::MaybeInt(None)
        | Cell::MaybeReal(None)
        | Cell::MaybeFlag(None)
        | Cell::MaybeDay(None)
        | Cell::MaybeSpan(None) => String::new(),
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("lists and spans are plain data")
}
