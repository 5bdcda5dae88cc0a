//! Which word is the subject of which? Tags, features and dependencies from a trained net.

mod deprel;
mod features;
mod gemm;
mod model;
mod parse;
mod tree;

pub use deprel::Deprel;
pub use features::{AFFIXES, Features, SHAPES};
pub use model::{
    Agreement, Config, DISTANCES, Inventory, Keys, Model, ModelError, Storage, Tag,
    Vectors, Weights, encode, layout,
};
pub use parse::{Parser, distance, exp};
pub use tree::best_tree;

use crate::Morph;

/// Tags and trees of a text: one entry a token, heads as indices into the same text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Syntax {
    /// Part of speech and features.
    pub morph: Vec<Morph>,
    /// The token that each depends on; `None` at the root of a sentence.
    pub head: Vec<Option<u32>>,
    /// How it depends on it.
    pub deprel: Vec<Deprel>,
}
