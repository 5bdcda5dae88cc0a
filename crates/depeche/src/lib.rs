//! depeche reads press articles and writes a sourced record.
mod analysis;
pub mod examples;
mod language;
mod pipeline;

pub use analysis::Analysis;
pub use language::Language;
pub use pipeline::Pipeline;

pub use depeche_record as record;
pub use depeche_rule as rule;
pub use depeche_text::{Document, Error, Meta, Span};
pub use depeche_time as time;
