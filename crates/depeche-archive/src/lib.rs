//! How are many records kept, searched, counted once and corrected? In one SQLite file.
//!
//! An [`Archive`] is a file `NAME.depeche`. A [`Writer`] adds records to it, many in one
//! transaction: what [`Writer::commit`] has returned is on the disk, whatever happens next. The
//! typed tables, the index of words and the groups of copies are derived from the texts and
//! records that the archive keeps whole, so that [`Archive::rebuild`] can make them anew.
//!
//! Other programs may read the file: `schema/v3.sql` says what stands where, `schema/views.sql`
//! shows it to people. The clock, files to read and terminals are the caller's.

mod archive;
mod ask;
mod atlas;
pub mod cluster;
mod columns;
mod copies;
mod day;
mod decision;
mod entity;
mod error;
mod export;
mod happening;
mod id;
mod list;
mod meant;
mod pack;
mod prepare;
mod quote;
mod rebuild;
mod rows;
mod story;
mod tally;
mod terms;
mod utterance;
mod version;
mod wording;
mod write;

pub use archive::{Archive, FORMAT, Facts, Stored, Version};
pub use ask::{
    ActorHit, Count, EventHit, Facet, Filter, Found, Order, PositionHit, StatementHit,
    TextHit, Who,
};
pub use atlas::Placed;
pub use copies::{CROWD, Relation, Sketch, relation, similarity};
pub use day::Day;
pub use decision::{Corrected, Correction, Decision, DecisionKind, Description, Signed};
pub use error::{Error, ErrorKind, Result};
pub use export::Dispatch;
pub use happening::{Aspect, Difference, Happening, Told};
pub use id::{ArticleId, Reference};
pub use list::{ActorHead, ArticleHit, Cursor, DispatchHit, Interrupter};
pub use prepare::{Identity, Packer, Prepared};
pub use quote::{Match, Piece, QuoteHit};
pub use rebuild::{Check, Rebuilt, Reread};
pub use story::{Agreement, Change, Matrix, Side, Story};
pub use terms::{fold, tokens};
pub use utterance::{Echo, Likeness};
pub use version::TakenBack;
pub use wording::{Form, Mark, Wording};
pub use write::{Added, CANDIDATES, Writer};
