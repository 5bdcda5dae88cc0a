//! Which words and rules does a language bring? One folder a language, and no Rust in it.
//!
//! The folders are read, checked and packed at build time; this file only hands them out. A
//! linguist opens `lang/README.md` and the folder of the language, nothing else.

use depeche_rule::{Gazetteer, Pack};

/// A language as it ships: words and rules, and the trained tagger and parser.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its code, as BCP 47.
    pub code: &'static str,
    pack: &'static [u8],
    notes: &'static [u8],
    /// SHA-256 of the packed rules, the model and the gazetteer, in hexadecimal digits.
    pub hash: &'static str,
    /// The tagger and parser, for `depeche_text::syntax::Model::from_bytes`.
    pub syntax: &'static [u8],
}

impl Shipped {
    /// The words and rules, without the notes on them.
    pub fn pack(&self) -> Pack {
        Pack::from_bytes(self.pack).expect("the build packed it")
    }

    /// The words and rules, and what explains and proves them.
    pub fn pack_with_notes(&self) -> Pack {
        self.pack().with_notes(self.notes).expect("the build packed them together")
    }
}

/// The cities of the world, for every language: names of GeoNames (CC BY 4.0).
pub fn gazetteer() -> Gazetteer<'static> {
    Gazetteer::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/cities.bin")))
}

/// French.
#[cfg(feature = "fr")]
pub fn fr() -> Shipped {
    Shipped {
        code: "fr",
        pack: include_bytes!(concat!(env!("OUT_DIR"), "/fr.pack")),
        notes: include_bytes!(concat!(env!("OUT_DIR"), "/fr.notes")),
        hash: include_str!(concat!(env!("OUT_DIR"), "/fr.hash")),
        syntax: include_bytes!("../fr/models/syntax.bin"),
    }
}

/// Every language that was built in, in the order of their codes.
pub fn all() -> Vec<Shipped> {
    vec![
        #[cfg(feature = "fr")]
        fr(),
    ]
}
