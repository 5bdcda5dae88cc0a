//! Where do records go?
//!
//! [`arrow::Table`] is the one list of typed tables: what each column is called, holds and means.

pub mod arrow;
mod entry;

pub use entry::{Entry, Month, Origin};
