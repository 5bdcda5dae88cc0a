//! Who, what, where and with what certainty?

pub mod actor;
mod block;
pub mod event;
pub mod factuality;
mod layers;
mod mend;
mod phrase;
pub mod place;
pub mod position;
mod setting;
pub mod statement;

pub use block::{Block, BlockKind, LAYOUT_CLASSES, Layout, layout};
pub use layers::{Layers, Tree};
pub use mend::{
    agree, free_bodies, free_charges, free_names, free_participles, free_relatives,
    free_speakers, join_perfects, one_subject, whole_clauses,
};
pub use setting::settle;
