//! Which typed tables does a record make? One row an instance; Arrow record batches of them.
//!
//! ```
//! use depeche_formats::write::arrow::Table;
//!
//! let records: Vec<depeche_record::Record> = Vec::new();
//! let batch = Table::Statements.batch(&records);
//! assert_eq!(batch.schema(), Table::Statements.schema());
//! ```

mod build;
mod cell;
mod context;
mod tables;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};

use super::Entry;
pub use cell::{Cell, Column, Kind, Slice};
pub(crate) use context::{Context, code, days, iso, name_of, words};

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// One row an article.
    Articles,
    /// One row an actor of an article.
    Actors,
    /// One row a mention of an actor.
    Mentions,
    /// One row a time expression.
    Times,
    /// One row a mention of a place.
    Places,
    /// One row a statement.
    Statements,
    /// One row an event, with lists of its actors and recipients.
    Events,
    /// One row an actor or recipient of an event.
    EventActors,
    /// One row a stretch of text that has a part in an event.
    EventRoles,
    /// One row a position.
    Positions,
}

impl Table {
    /// All of them, in the order in which exports list them.
    pub const ALL: [Table; 10] = [
        Table::Articles,
        Table::Actors,
        Table::Mentions,
        Table::Times,
        Table::Places,
        Table::Statements,
        Table::Events,
        Table::EventActors,
        Table::EventRoles,
        Table::Positions,
    ];

    /// Its name, also that of its file or folder: `event_actors`.
    pub fn name(self) -> &'static str {
        match self {
            Table::Articles => "articles",
            Table::Actors => "actors",
            Table::Mentions => "mentions",
            Table::Times => "times",
            Table::Places => "places",
            Table::Statements => "statements",
            Table::Events => "events",
            Table::EventActors => "event_actors",
            Table::EventRoles => "event_roles",
            Table::Positions => "positions",
        }
    }

    /// What it holds, for people.
    pub fn title(self) -> &'static str {
        match self {
            Table::Articles => "Articles",
            Table::Actors => "Actors of each article",
            Table::Mentions => "Where the text speaks of actors",
            Table::Times => "Time expressions",
            Table::Places => "Places, where the text speaks of them",
            Table::Statements => "Statements: who said what",
            Table::Events => "Events: who did what to whom, one row each",
            Table::EventActors => "Actors and recipients of events, one row each",
            Table::EventRoles => "Words that have a part in events",
            Table::Positions => "Positions: who stands where",
        }
    }

    /// Its columns, in order: those that every table begins with, and its own.
    pub fn columns(self) -> impl Iterator<Item = &'static Column> {
        tables::LEAD.iter().chain(self.own())
    }

    /// Its Arrow schema.
    pub fn schema(self) -> SchemaRef {
        let fields: Vec<_> = self.columns().map(Column::field).collect();
        Arc::new(Schema::new(fields))
    }

    /// The rows of some articles, in their order.
    pub fn batch<'a>(
        self,
        articles: impl IntoIterator<Item = impl Into<Entry<'a>>>,
    ) -> RecordBatch {
        let mut columns = build::Columns::new(self);
        for entry in articles {
            let context = Context::new(entry.into());
            self.rows(&context, &mut |row| columns.push(row));
        }
        columns.finish()
    }

    /// Gives the rows of an article to `each`, cell by cell in the order of the columns.
    pub(crate) fn each_row<'a>(
        self,
        article: impl Into<Entry<'a>>,
        each: &mut dyn FnMut(&[Cell<'_>]),
    ) {
        self.rows(&Context::new(article.into()), each);
    }

    fn own(self) -> &'static [Column] {
        match self {
            Table::Articles => tables::articles::COLUMNS,
            Table::Actors => tables::actors::COLUMNS,
            Table::Mentions => tables::mentions::COLUMNS,
            Table::Times => tables::times::COLUMNS,
            Table::Places => tables::places::COLUMNS,
            Table::Statements => tables::statements::COLUMNS,
            Table::Events => tables::events::COLUMNS,
            Table::EventActors => tables::event_actors::COLUMNS,
            Table::EventRoles => tables::event_roles::COLUMNS,
            Table::Positions => tables::positions::COLUMNS,
        }
    }

    fn rows(self, context: &Context<'_>, each: &mut dyn FnMut(&[Cell<'_>])) {
        let record = context.record;
        let article = context.is_copy();
        let mut row = Vec::with_capacity(64);
        // What a table has of one instance, given as a row.
        macro_rules! rows {
            ($table:ident: $($item:expr, $copy:expr);*) => {{
                $({
                    row.clear();
                    tables::lead(context, $copy, &mut row);
                    tables::$table::cells(context, $item, &mut row);
                    each(&row);
                })*
            }};
        }
        match self {
            Table::Articles => rows!(articles: &record.article, article),
            Table::Actors => {
                for actor in &record.actors {
                    rows!(actors: actor, article);
                }
            }
            Table::Mentions => {
                for actor in &record.actors {
                    for mention in &actor.mentions {
                        rows!(mentions: (actor, mention), article);
                    }
                }
            }
            Table::Times => {
                for time in &record.times {
                    rows!(times: time, article);
                }
            }
            Table::Places => {
                for place in &record.places {
                    rows!(places: place, article);
                }
            }
            Table::Statements => {
                for statement in &record.statements {
                    rows!(statements: statement, context.repeats(&statement.id));
                }
            }
            Table::Events => {
                for event in &record.events {
                    rows!(events: event, context.repeats(&event.id));
                }
            }
            Table::EventActors => {
                for event in &record.events {
                    let copy = context.repeats(&event.id);
                    for (side, ids) in
                        [("actor", &event.actor), ("recipient", &event.recipient)]
                    {
                        for id in ids {
                            rows!(event_actors: (event, side, id), copy);
                        }
                    }
                }
            }
            Table::EventRoles => {
                for event in &record.events {
                    for role in &event.roles {
                        rows!(event_roles: (event, role), context.repeats(&event.id));
                    }
                }
            }
            Table::Positions => {
                for position in &record.positions {
                    rows!(positions: position, context.repeats(&position.id));
                }
            }
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Table {
    type Err = String;

    fn from_str(name: &str) -> Result<Table, String> {
        let named = Table::ALL.into_iter().find(|t| t.name() == name);
        named.ok_or_else(|| {
            let all: Vec<&str> = Table::ALL.iter().map(|t| t.name()).collect();
            format!("there is no table {name:?}; there are {}", all.join(", "))
        })
    }
}
