//! depeche reads press articles, French first, and writes a sourced record: who said what, who
//! did what to whom, what each actor's position is, when and where. Every field traces to the
//! characters it came from.
//!
//! ```
//! use depeche::{Document, Languages, Meta, Reader};
//!
//! let languages = Languages::shipped();
//! let mut reader = Reader::new(&languages);
//! let text = "La Norvège va fermer deux ports, a annoncé mardi le Premier ministre.";
//! let meta = Meta { published: Some("2024-05-16".into()), ..Meta::default() };
//! let record = reader.read(&Document::new(text.into(), meta)?);
//!
//! let said = &record.statements[0];
//! assert_eq!(said.content[0].text, "La Norvège va fermer deux ports");
//! assert_eq!(said.speaker.as_ref().map(|s| s.text.as_str()), Some("le Premier ministre"));
//! assert_eq!(record.times[0].value, "2024-05-14");
//! # Ok::<(), depeche::Error>(())
//! ```
//!
//! The way of a text is short: bytes become a [`Document`] (that may fail), a [`Pipeline`]
//! makes an [`Analysis`] of it (that cannot), and [`Analysis::record`] hands over a
//! [`Record`]. Nothing here reads a clock, a file, the network or the environment: the same
//! document and the same [`Language`] give the same bytes, on any machine and any number of
//! threads.
//!
//! A [`Reader`] chooses the language of each document; it belongs to one thread, while
//! [`Languages`] are shared by all.

mod analysis;
pub mod examples;
mod guess;
mod handover;
mod headline;
mod language;
pub mod pages;
mod parts;
mod pipeline;
mod reader;
mod whereabouts;

pub use analysis::Analysis;
pub use guess::{Guess, guess};
pub use language::Language;
pub use pipeline::Pipeline;
pub use reader::{Languages, Reader, options};

pub use depeche_extract as extract;
pub use depeche_record as record;
pub use depeche_record::Record;
pub use depeche_rule as rule;
pub use depeche_text as text;
pub use depeche_text::{Document, Error, Meta, Span};
pub use depeche_time as time;

/// The version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
