//! Who, what, where and with what certainty?

pub mod actor;
mod block;
mod layers;
mod phrase;
pub mod statement;

pub use block::{Block, BlockKind, Layout, layout};
pub use layers::{Layers, Tree};
