//! Who held an office when? An index over the persons that the language lists.

use depeche_rule::{ClassId, Pack, Value};
use depeche_text::fold;
use depeche_time::{Dct, Edtf};
use rustc_hash::FxHashMap;

/// The listed persons by the rank of their offices and their country.
#[derive(Clone, Debug, Default)]
pub(super) struct Holders {
    terms: FxHashMap<(String, String), Vec<Term>>,
    /// The rank of each office that has one.
    ranks: FxHashMap<String, String>,
    /// Persons by the last part of their names, folded.
    surnames: FxHashMap<String, Vec<usize>>,
    /// Persons by what other spellings leave of their names.
    skeletons: FxHashMap<String, Vec<usize>>,
}

/// A time in office.
#[derive(Clone, Debug)]
struct Term {
    /// The person, by its place among the values of the class.
    person: usize,
    from: String,
    to: String,
}

/// The fields of a person's first, second, third and fourth office.
const OFFICES: [(&str, &str, &str); 4] = [
    ("office", "from", "to"),
    ("office2", "from2", "to2"),
    ("office3", "from3", "to3"),
    ("office4", "from4", "to4"),
];

impl Holders {
    /// Reads the classes of persons and of offices.
    pub(super) fn new(
        pack: &Pack,
        leader: Option<ClassId>,
        offices: &[Option<ClassId>],
    ) -> Holders {
        let text = |v: &Value, f: &str| v.get(f).and_then(Value::text).map(str::to_owned);
        let values =
            |class: Option<ClassId>| class.map(|c| pack.values(c)).unwrap_or_default();
        let mut holders = Holders::default();
        for value in offices.iter().flat_map(|&class| values(class)) {
            if let (Some(office), Some(rank)) =
                (text(value, "office"), text(value, "rank"))
            {
                holders.ranks.insert(office, rank);
            }
        }
        for (person, value) in values(leader).iter().enumerate() {
            if let Some(last) = text(value, "name").and_then(|n| surname(&n)) {
                holders.surnames.entry(last).or_default().push(person);
            }
            if let Some(skeleton) = text(value, "name").and_then(|n| skeleton(&n)) {
                holders.skeletons.entry(skeleton).or_default().push(person);
            }
            let Some(country) = text(value, "country") else { continue };
            for (office, from, to) in OFFICES {
                let rank = text(value, office).and_then(|o| holders.ranks.get(&o));
                if let (Some(rank), Some(from)) = (rank, text(value, from)) {
                    let to = text(value, to).unwrap_or_default();
                    let key = (rank.clone(), country.clone());
                    holders.terms.entry(key).or_default().push(Term { person, from, to });
                }
            }
        }
        holders
    }

    /// The rank of an office.
    pub(super) fn rank(&self, office: &str) -> Option<&str> {
        self.ranks.get(office).map(String::as_str)
    }

    /// The only one known to have held an office of this rank when the article was written.
    pub(super) fn at(&self, rank: &str, country: &str, dct: &Dct) -> Option<usize> {
        let terms = self.terms.get(&(rank.to_owned(), country.to_owned()))?;
        let mut held = terms.iter().filter(|t| holds(&t.from, &t.to, dct));
        let person = held.next()?.person;
        held.all(|t| t.person == person).then_some(person)
    }

    /// The only one of a surname who is listed with this office or one of its rank, at any time:
    /// « le président Obama ».
    pub(super) fn titled(
        &self,
        values: &[Value],
        last: &str,
        office: &str,
        country: Option<&str>,
    ) -> Option<usize> {
        let text = |p: usize, f: &str| values[p].get(f).and_then(Value::text);
        let rank = |office: &str| self.ranks.get(office);
        let mut fits = self.surnames.get(last)?.iter().copied().filter(|&p| {
            let held = OFFICES.iter().filter_map(|(field, _, _)| text(p, field));
            let same = |held: &str| {
                held == office || rank(held).is_some_and(|r| Some(r) == rank(office))
            };
            held.into_iter().any(same)
                && country.is_none_or(|c| text(p, "country") == Some(c))
        });
        let person = fits.next()?;
        fits.next().is_none().then_some(person)
    }

    /// The only one of a surname, when he held an office of rank at the time of writing:
    /// « Poutine a répondu ».
    pub(super) fn known_by_surname(
        &self,
        values: &[Value],
        last: &str,
        dct: &Dct,
    ) -> Option<usize> {
        let [person] = self.surnames.get(last)?.as_slice() else { return None };
        let office = office_at(&values[*person], dct)?;
        self.ranks.contains_key(office).then_some(*person)
    }

    /// The only one in office whose name another spelling may be: « Volodymyr Zelenskyy ».
    pub(super) fn respelt(
        &self,
        values: &[Value],
        name: &str,
        dct: &Dct,
    ) -> Option<usize> {
        let [person] = self.skeletons.get(&skeleton(name)?)?.as_slice() else {
            return None;
        };
        office_at(&values[*person], dct).map(|_| *person)
    }

    /// Whether a person is listed with an office of this rank that was over when the article
    /// was written.
    pub(super) fn was(
        &self,
        person: usize,
        rank: &str,
        country: &str,
        dct: &Dct,
    ) -> bool {
        let terms = self.terms.get(&(rank.to_owned(), country.to_owned()));
        terms
            .into_iter()
            .flatten()
            .any(|t| t.person == person && !holds(&t.from, &t.to, dct))
    }
}

/// The first letters and the consonants of a name's parts, none twice in a row: what
/// transliterations have in common. `None` when too little is left to tell people apart.
fn skeleton(name: &str) -> Option<String> {
    let mut out = String::new();
    for part in fold(name).split(' ') {
        for (n, letter) in part.chars().enumerate() {
            let letter = if letter == 'w' { 'v' } else { letter };
            let weak =
                matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | '-' | '\'');
            if !(n > 0 && weak || out.ends_with(letter)) {
                out.push(letter);
            }
        }
        out.push(' ');
    }
    (out.chars().filter(|c| *c != ' ').count() >= LEAST_SKELETON).then_some(out)
}

/// So many letters of a name must be left to tell people apart.
const LEAST_SKELETON: usize = 6;

/// The last part of a name, folded.
fn surname(name: &str) -> Option<String> {
    // « Charles III » goes by no surname.
    let last = name.split(' ').next_back()?;
    last.contains(char::is_lowercase).then(|| fold(last))
}

/// The office (its field) that a person held when the article was written.
pub(super) fn office_at<'v>(person: &'v Value, dct: &Dct) -> Option<&'v str> {
    let text = |f: &str| person.get(f).and_then(Value::text);
    OFFICES.iter().find_map(|(office, from, to)| {
        let held = holds(text(from)?, text(to).unwrap_or_default(), dct);
        held.then(|| text(office)).flatten()
    })
}

/// Whether the whole time that an article may be of lies in a time in office. Both ends are
/// EDTF; an empty end is open.
fn holds(from: &str, to: &str, dct: &Dct) -> bool {
    let Some((first, last)) = dct.days() else { return false };
    let bounds = |text: &str| text.parse::<Edtf>().ok().map(|e| e.bounds());
    let begins = bounds(from).and_then(|(first, _)| first);
    let ends = bounds(to).and_then(|(_, last)| last);
    begins.is_some_and(|b| b <= first) && ends.is_none_or(|e| last <= e)
}
