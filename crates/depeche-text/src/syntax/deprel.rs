//! Which relations hold between words? Those of Universal Dependencies, with the few
//! subtypes that the extraction lives on.

use serde::{Deserialize, Serialize};

macro_rules! relations {
    ($($variant:ident = $text:literal),+ $(,)?) => {
        /// A dependency relation.
        ///
        /// Treebanks differ in their subtypes; those kept here are annotated alike in all
        /// of them and change who did what: the passive and its agent, relative clauses.
        #[allow(missing_docs, reason = "the names are those of Universal Dependencies")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Deprel { $($variant),+ }

        impl Deprel {
            /// Every relation.
            pub const ALL: &'static [Deprel] = &[$(Deprel::$variant),+];

            /// Its name in a treebank.
            pub fn name(self) -> &'static str {
                match self { $(Deprel::$variant => $text),+ }
            }

            /// The relation of that name; of a subtype that is not kept, the relation proper.
            pub fn from_name(name: &str) -> Option<Deprel> {
                match name {
                    $($text => Some(Deprel::$variant),)+
                    _ => name.split_once(':').and_then(|(main, _)| Deprel::from_name(main)),
                }
            }
        }
    };
}

relations! {
    Acl = "acl", AclRelcl = "acl:relcl", Advcl = "advcl", Advmod = "advmod", Amod = "amod",
    Appos = "appos", Aux = "aux", AuxCaus = "aux:caus", AuxPass = "aux:pass", Case = "case",
    Cc = "cc", Ccomp = "ccomp", Compound = "compound", Conj = "conj", Cop = "cop",
    Csubj = "csubj", Dep = "dep", Det = "det", Discourse = "discourse",
    Dislocated = "dislocated", Expl = "expl", Fixed = "fixed", Flat = "flat",
    Goeswith = "goeswith", Iobj = "iobj", List = "list", Mark = "mark", Nmod = "nmod",
    Nsubj = "nsubj", NsubjPass = "nsubj:pass", Nummod = "nummod", Obj = "obj", Obl = "obl",
    OblAgent = "obl:agent", Orphan = "orphan", Parataxis = "parataxis", Punct = "punct",
    Reparandum = "reparandum", Root = "root", Vocative = "vocative", Xcomp = "xcomp",
}

#[cfg(test)]
mod tests {
    use super::Deprel;

    #[test]
    fn unknown_subtypes_fall_back() {
        assert_eq!(Deprel::from_name("nsubj:pass"), Some(Deprel::NsubjPass));
        assert_eq!(Deprel::from_name("obl:mod"), Some(Deprel::Obl));
        assert_eq!(Deprel::from_name("subject"), None);
        for &relation in Deprel::ALL {
            assert_eq!(Deprel::from_name(relation.name()), Some(relation));
        }
    }
}
