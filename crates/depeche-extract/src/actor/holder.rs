//! Who held an office when? An index over the persons that the language lists.

use depeche_rule::{ClassId, Pack, Value};
use depeche_time::{Dct, Edtf};
use rustc_hash::FxHashMap;

/// The listed persons by the rank of their offices and their country.
#[derive(Clone, Debug, Default)]
pub(super) struct Holders {
    terms: FxHashMap<(String, String), Vec<Term>>,
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
        let mut ranks: FxHashMap<String, String> = FxHashMap::default();
        for value in offices.iter().flat_map(|&class| values(class)) {
            if let (Some(office), Some(rank)) =
                (text(value, "office"), text(value, "rank"))
            {
                ranks.insert(office, rank);
            }
        }
        let mut holders = Holders::default();
        for (person, value) in values(leader).iter().enumerate() {
            let Some(country) = text(value, "country") else { continue };
            for (office, from, to) in OFFICES {
                let rank = text(value, office).and_then(|o| ranks.get(&o));
                if let (Some(rank), Some(from)) = (rank, text(value, from)) {
                    let to = text(value, to).unwrap_or_default();
                    let key = (rank.clone(), country.clone());
                    holders.terms.entry(key).or_default().push(Term { person, from, to });
                }
            }
        }
        holders
    }

    /// The only one known to have held an office of this rank when the article was written.
    pub(super) fn at(&self, rank: &str, country: &str, dct: &Dct) -> Option<usize> {
        let terms = self.terms.get(&(rank.to_owned(), country.to_owned()))?;
        let mut held = terms.iter().filter(|t| holds(&t.from, &t.to, dct));
        let person = held.next()?.person;
        held.all(|t| t.person == person).then_some(person)
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
