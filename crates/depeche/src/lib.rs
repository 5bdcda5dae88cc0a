//! depeche reads press articles and writes a sourced record.
mod analysis;
pub mod examples;
mod language;
mod pipeline;
mod record;

pub use analysis::Analysis;
pub use language::Language;
pub use pipeline::Pipeline;

pub use depeche_record;
pub use depeche_rule as rule;

/// The version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
pub use depeche_text::{Document, Error, Meta, Span};
pub use depeche_time as time;
