//! Which verb is this a form of? Paradigms with the verbs that follow them.
//!
//! A file of verbs holds `[endings]`, sets of endings that paradigms share, and
//! `[paradigm.NAME]` tables. A paradigm cuts its `lemma` off the end of an infinitive and puts
//! the forms of each tense in its place; `stem+set` stands for the stem with each ending of a
//! set. The verb `redire`, of a paradigm with `lemma = "dire"`, has the stem `re`.

use std::collections::BTreeMap;

use depeche_text::VerbForm;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::Text;

/// Verbs and their paradigms, compact: stems and endings apart.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct VerbForms {
    /// The end of the infinitive that each paradigm replaces.
    lemmas: Vec<String>,
    /// Ending, paradigm, form.
    endings: Vec<(Text, u16, VerbForm)>,
    /// Stem, paradigm.
    stems: Vec<(Text, u16)>,
}

/// The tenses of a paradigm, by the names of their fields.
const TENSES: &[(&str, VerbForm)] = &[
    ("Pres", VerbForm::Pres),
    ("Imp", VerbForm::Imp),
    ("Past", VerbForm::Past),
    ("Fut", VerbForm::Fut),
    ("Cnd", VerbForm::Cnd),
    ("Sub", VerbForm::Sub),
    ("Imperative", VerbForm::Imperative),
    ("Inf", VerbForm::Inf),
    ("PartPres", VerbForm::PartPres),
    ("PartPast", VerbForm::PartPast),
];

fn known_fields() -> String {
    let tenses: Vec<&str> = TENSES.iter().map(|(name, _)| *name).collect();
    format!("lemma, verbs, {}", tenses.join(", "))
}

impl VerbForms {
    /// Adds a paradigm with its verbs. `Err` names the faulty field.
    pub(crate) fn add(
        &mut self,
        fields: &BTreeMap<String, String>,
        endings: &BTreeMap<String, String>,
    ) -> Result<(), (String, String)> {
        let field = |name: &str| fields.get(name).map(String::as_str);
        let fault = |name: &str, why: String| Err((name.to_owned(), why));
        let Some(lemma) = field("lemma") else {
            return fault("lemma", "a paradigm needs the end that it replaces".into());
        };
        let paradigm = self.lemmas.len() as u16;
        self.lemmas.push(lemma.to_owned());
        self.endings.push((lemma.to_owned().into(), paradigm, VerbForm::Inf));
        for name in fields.keys() {
            let known = TENSES.iter().any(|(t, _)| t == name);
            if !known && name != "lemma" && name != "verbs" {
                return fault(
                    name,
                    format!("no such field; there are {}", known_fields()),
                );
            }
        }
        for (name, tense) in TENSES {
            for form in field(name).unwrap_or_default().split_whitespace() {
                match form.split_once('+') {
                    None => self.endings.push((form.to_owned().into(), paradigm, *tense)),
                    Some((stem, set)) => {
                        let key = if set.is_empty() {
                            (*name).to_owned()
                        } else {
                            set.to_owned()
                        };
                        let Some(set) = endings.get(&key) else {
                            return fault(name, format!("no endings `{key}`"));
                        };
                        let all = set.split_whitespace();
                        self.endings.extend(
                            all.map(|e| (format!("{stem}{e}").into(), paradigm, *tense)),
                        );
                    }
                }
            }
        }
        for verb in field("verbs").unwrap_or_default().split_whitespace() {
            let Some(stem) = verb.strip_suffix(lemma) else {
                return fault("verbs", format!("`{verb}` does not end in `{lemma}`"));
            };
            self.stems.push((stem.to_owned().into(), paradigm));
        }
        Ok(())
    }

    /// How many verbs there are.
    pub fn len(&self) -> usize {
        self.stems.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.stems.is_empty()
    }

    /// Every verb, by its infinitive, in the order of the files.
    pub fn lemmas(&self) -> Vec<String> {
        let lemma = |paradigm: &u16| &self.lemmas[usize::from(*paradigm)];
        self.stems.iter().map(|(stem, p)| [&**stem, lemma(p)].concat()).collect()
    }

    /// Every form of a verb, in the order of its paradigm: of each tense, first the singular.
    pub fn forms(&self, lemma: &str) -> Vec<(String, VerbForm)> {
        let of = |(stem, paradigm): &(Text, u16)| {
            let end = &self.lemmas[usize::from(*paradigm)];
            lemma.strip_suffix(end.as_str()) == Some(&**stem)
        };
        let Some((stem, paradigm)) = self.stems.iter().find(|s| of(s)) else {
            return Vec::new();
        };
        let ours = self.endings.iter().filter(|(_, p, _)| p == paradigm);
        ours.map(|(ending, _, form)| ([&**stem, &**ending].concat(), *form)).collect()
    }
}

/// [`VerbForms`] made ready for looking up.
#[derive(Clone, Debug, Default)]
pub struct VerbIndex {
    lemmas: Vec<String>,
    endings: FxHashMap<Text, Vec<(u16, VerbForm)>>,
    /// Of each stem, where its paradigms stand in `paradigms`, and how many they are.
    stems: FxHashMap<Text, (u32, u32)>,
    paradigms: Vec<u16>,
    longest: usize,
}

impl VerbIndex {
    /// Indexes verbs.
    pub fn new(verbs: &VerbForms) -> VerbIndex {
        let mut index =
            VerbIndex { lemmas: verbs.lemmas.clone(), ..VerbIndex::default() };
        for (ending, paradigm, form) in &verbs.endings {
            index.longest = index.longest.max(ending.len());
            index.endings.entry(ending.clone()).or_default().push((*paradigm, *form));
        }
        let mut stems: Vec<&(Text, u16)> = verbs.stems.iter().collect();
        stems.sort_by(|a, b| a.0.cmp(&b.0));
        index.stems.reserve(stems.len());
        for same in stems.chunk_by(|a, b| a.0 == b.0) {
            let place = (index.paradigms.len() as u32, same.len() as u32);
            index.stems.insert(same[0].0.clone(), place);
            index.paradigms.extend(same.iter().map(|(_, paradigm)| paradigm));
        }
        index
    }

    /// Every verb that this folded form may belong to, with the form it is: first those
    /// that are the form `wanted`, then by the longest stem.
    pub fn analyses(
        &self,
        form: &str,
        wanted: Option<VerbForm>,
    ) -> Vec<(String, VerbForm)> {
        let mut found = Vec::new();
        let shortest = form.len().saturating_sub(self.longest);
        for at in (shortest..form.len()).rev().filter(|&at| form.is_char_boundary(at)) {
            let (stem, ending) = form.split_at(at);
            let (Some(endings), Some(&(first, count))) =
                (self.endings.get(ending), self.stems.get(stem))
            else {
                continue;
            };
            let stems = &self.paradigms[first as usize..][..count as usize];
            for &(paradigm, verb_form) in endings {
                if stems.contains(&paradigm) {
                    let lemma = format!("{stem}{}", self.lemmas[paradigm as usize]);
                    found.push((lemma, verb_form));
                }
            }
        }
        if wanted.is_some() {
            found.sort_by_key(|&(_, form)| Some(form) != wanted);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> VerbIndex {
        let table = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect()
        };
        let endings = table(&[("Imp", "ais ait"), ("past-i", "is it")]);
        let mut verbs = VerbForms::default();
        let dire = table(&[
            ("lemma", "dire"),
            ("Pres", "dis dit disons"),
            ("Imp", "dis+"),
            ("Past", "d+past-i"),
            ("verbs", "dire redire"),
        ]);
        verbs.add(&dire, &endings).unwrap();
        assert_eq!(verbs.len(), 2);
        assert_eq!(verbs.lemmas(), ["dire", "redire"]);
        let forms = verbs.forms("redire");
        assert!(forms.contains(&("redisait".to_owned(), VerbForm::Imp)));
        assert_eq!(verbs.forms("lire"), []);
        let fault = table(&[("lemma", "er"), ("verbs", "dire")]);
        let fault = verbs.clone().add(&fault, &endings).unwrap_err();
        assert_eq!(fault.1, "`dire` does not end in `er`");
        VerbIndex::new(&verbs)
    }

    #[test]
    fn a_form_leads_to_its_verb() {
        let index = index();
        let redire = |form| ("redire".to_owned(), form);
        assert_eq!(index.analyses("redisait", None), [redire(VerbForm::Imp)]);
        let dit = index.analyses("redit", Some(VerbForm::Past));
        assert_eq!(dit, [redire(VerbForm::Past), redire(VerbForm::Pres)]);
        assert_eq!(index.analyses("redira", None), []);
    }
}
