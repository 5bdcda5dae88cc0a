//! What kind of word is it, and in which form? The tags and features of Universal Dependencies.

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Its name in Universal Dependencies.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The value with that name.
            pub fn from_name(name: &str) -> Option<$name> {
                match name { $($text => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

named! {
    /// The universal part of speech.
    Upos {
        /// Adjective.
        Adj = "ADJ",
        /// Adposition, contractions such as `du` included.
        Adp = "ADP",
        /// Adverb.
        Adv = "ADV",
        /// Auxiliary, copula included.
        Aux = "AUX",
        /// Coordinating conjunction.
        Cconj = "CCONJ",
        /// Determiner.
        Det = "DET",
        /// Interjection.
        Intj = "INTJ",
        /// Noun.
        Noun = "NOUN",
        /// Numeral.
        Num = "NUM",
        /// Particle.
        Part = "PART",
        /// Pronoun.
        Pron = "PRON",
        /// Proper noun.
        Propn = "PROPN",
        /// Punctuation.
        Punct = "PUNCT",
        /// Subordinating conjunction.
        Sconj = "SCONJ",
        /// Symbol.
        Sym = "SYM",
        /// Verb.
        Verb = "VERB",
        /// Something else.
        X = "X",
    }
}

named! {
    /// Mood, tense and finiteness of a verb in one value: the combinations that exist.
    VerbForm {
        /// Indicative present: `dit`.
        Pres = "Fin.Ind.Pres",
        /// Indicative imperfect: `disait`.
        Imp = "Fin.Ind.Imp",
        /// Simple past: `déclara`.
        Past = "Fin.Ind.Past",
        /// Future: `dira`.
        Fut = "Fin.Ind.Fut",
        /// Conditional: `dirait`.
        Cnd = "Fin.Cnd.Pres",
        /// Subjunctive, present or imperfect: `dise`.
        Sub = "Fin.Sub.Pres",
        /// Imperative: `dites`.
        Imperative = "Fin.Imp.Pres",
        /// Infinitive: `dire`.
        Inf = "Inf",
        /// Past participle: `dit`.
        PartPast = "Part.Past",
        /// Present participle: `disant`.
        PartPres = "Part.Pres",
    }
}

named! {
    /// What a pronoun points with.
    PronType {
        /// Personal: `il`.
        Prs = "Prs",
        /// Relative: `qui`.
        Rel = "Rel",
        /// Demonstrative: `celui`.
        Dem = "Dem",
        /// Interrogative: `quoi`.
        Int = "Int",
        /// Indefinite: `certains`.
        Ind = "Ind",
        /// Negative: `personne`.
        Neg = "Neg",
    }
}

named! {
    /// Grammatical gender.
    Gender {
        /// Masculine.
        Masc = "Masc",
        /// Feminine.
        Fem = "Fem",
    }
}

named! {
    /// Grammatical number.
    Number {
        /// Singular.
        Sing = "Sing",
        /// Plural.
        Plur = "Plur",
    }
}

/// Part of speech and the features that the extraction asks for.
///
/// A feature that does not apply, or that the tagger does not know, is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Morph {
    /// Part of speech.
    pub upos: Upos,
    /// Of a verb or auxiliary.
    pub verb: Option<VerbForm>,
    /// Of a pronoun.
    pub pron: Option<PronType>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Number.
    pub number: Option<Number>,
    /// Person: 1, 2 or 3.
    pub person: Option<u8>,
}

impl Morph {
    /// A word of which no more than the part of speech is known.
    pub fn of(upos: Upos) -> Morph {
        Morph { upos, verb: None, pron: None, gender: None, number: None, person: None }
    }

    /// Whether it is a verb form that can head a clause by itself.
    pub fn is_finite(self) -> bool {
        use VerbForm::{Cnd, Fut, Imp, Imperative, Past, Pres, Sub};
        matches!(self.verb, Some(Pres | Imp | Past | Fut | Cnd | Sub | Imperative))
    }

    /// The features in the notation of CoNLL-U, sorted: `Gender=Masc|Number=Sing`; `_` if none.
    ///
    /// ```
    /// use depeche_text::{Morph, Upos, VerbForm};
    ///
    /// let morph = Morph { verb: Some(VerbForm::Cnd), person: Some(3), ..Morph::of(Upos::Aux) };
    /// assert_eq!(morph.feats(), "Mood=Cnd|Person=3|Tense=Pres|VerbForm=Fin");
    /// assert_eq!(Morph::of(Upos::Adv).feats(), "_");
    /// ```
    pub fn feats(self) -> String {
        let mut feats = Vec::new();
        if let Some(gender) = self.gender {
            feats.push(format!("Gender={}", gender.name()));
        }
        let mut verb =
            self.verb.map(VerbForm::name).into_iter().flat_map(|v| v.split('.'));
        let form = verb.next();
        let (mood, tense) = match form {
            Some("Fin") => (verb.next(), verb.next()),
            _ => (None, verb.next()),
        };
        feats.extend(mood.map(|m| format!("Mood={m}")));
        feats.extend(self.number.map(|n| format!("Number={}", n.name())));
        feats.extend(self.person.map(|p| format!("Person={p}")));
        feats.extend(self.pron.map(|p| format!("PronType={}", p.name())));
        feats.extend(tense.map(|t| format!("Tense={t}")));
        feats.extend(form.map(|f| format!("VerbForm={f}")));
        if feats.is_empty() { "_".into() } else { feats.join("|") }
    }

    /// Reads part of speech and features as CoNLL-U writes them; what is not used is skipped.
    pub fn from_conllu(upos: &str, feats: &str) -> Morph {
        let get = |name: &str| {
            feats.split('|').find_map(|f| f.strip_prefix(name)?.strip_prefix('='))
        };
        let upos = Upos::from_name(upos).unwrap_or(Upos::X);
        let verbal = matches!(upos, Upos::Verb | Upos::Aux);
        let verb = verbal.then(|| match (get("VerbForm"), get("Mood"), get("Tense")) {
            (Some("Fin"), Some("Imp"), _) => Some(VerbForm::Imperative),
            (Some("Fin"), Some("Cnd"), _) => Some(VerbForm::Cnd),
            (Some("Fin"), Some("Sub"), _) => Some(VerbForm::Sub),
            (Some("Fin"), _, Some("Imp")) => Some(VerbForm::Imp),
            (Some("Fin"), _, Some("Past")) => Some(VerbForm::Past),
            (Some("Fin"), _, Some("Fut")) => Some(VerbForm::Fut),
            (Some("Fin"), _, _) => Some(VerbForm::Pres),
            (Some("Inf"), _, _) => Some(VerbForm::Inf),
            (Some("Part"), _, Some("Pres")) => Some(VerbForm::PartPres),
            (Some("Part"), _, _) => Some(VerbForm::PartPast),
            _ => None,
        });
        Morph {
            upos,
            verb: verb.flatten(),
            pron: (upos == Upos::Pron)
                .then(|| get("PronType").and_then(PronType::from_name))
                .flatten(),
            gender: get("Gender").and_then(Gender::from_name),
            number: get("Number").and_then(Number::from_name),
            person: get("Person").and_then(|p| p.parse().ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_read_as_they_are_written() {
        for &verb in VerbForm::ALL {
            let morph = Morph {
                verb: Some(verb),
                gender: Some(Gender::Fem),
                number: Some(Number::Plur),
                person: Some(3),
                ..Morph::of(Upos::Verb)
            };
            assert_eq!(Morph::from_conllu("VERB", &morph.feats()), morph);
        }
        let pronoun = Morph { pron: Some(PronType::Rel), ..Morph::of(Upos::Pron) };
        assert_eq!(Morph::from_conllu("PRON", &pronoun.feats()), pronoun);
        assert_eq!(Morph::from_conllu("WORD", "_"), Morph::of(Upos::X));
    }
}
