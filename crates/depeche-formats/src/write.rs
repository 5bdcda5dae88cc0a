//! Where do records go?
//!
//! [`arrow::Table`] is the one list of typed tables: what each column is called, holds and means.
//! [`FORMATS`] is the one list of formats; an [`Export`] takes records and makes files of them in
//! a [`Store`], with a `datapackage.json` that describes each.

pub mod arrow;
mod entry;
mod export;
mod format;
mod onefile;
mod package;
mod partition;
pub mod sample;
mod sink;
mod store;
mod text;

pub use entry::{Entry, Month, Origin};
pub use export::{Counts, Export};
pub use format::{FORMATS, Format, named};
pub use sink::{Dialect, Error, Output, OwnColumn, Resource, Sink};
pub use store::{FileWriter, Store, Written};
