//! In which words does the page speak? Those of `web/labels/LANGUAGE.toml`.
//!
//! Nothing that people read in a language stands in Rust: a page asks for a label by its key.
//! The first language of the list is that of whoever does not say.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use depeche::time::edtf::{Bound, Date, Edtf, Mark, Member, Part};

/// The languages of the page, the usual one first.
const SHIPPED: &[(&str, &str)] = &[
    ("fr", include_str!("../../web/labels/fr.toml")),
    ("en", include_str!("../../web/labels/en.toml")),
];

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Labels {
    /// BCP 47.
    pub(crate) lang: &'static str,
    words: BTreeMap<String, String>,
    months: Vec<String>,
    short_months: Vec<String>,
    /// Numbers of which there is one: « 0 article » in French, "1 article" in English.
    singular: Vec<u64>,
}

/// Every language, the usual one first.
pub(crate) fn all() -> &'static [Labels] {
    static ALL: OnceLock<Vec<Labels>> = OnceLock::new();
    ALL.get_or_init(|| {
        SHIPPED.iter().map(|(lang, text)| Labels::read(lang, text)).collect()
    })
}

/// The words for a language tag, when the page speaks it.
pub(crate) fn of(tag: &str) -> Option<&'static Labels> {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    all().iter().find(|l| l.lang.eq_ignore_ascii_case(language))
}

/// The words for a header `Accept-Language`: of the dearest language that the page speaks.
pub(crate) fn accepted(header: &str) -> Option<&'static Labels> {
    let mut best: Option<(u32, &'static Labels)> = None;
    for range in header.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let Some(labels) = parts.next().and_then(of) else { continue };
        let weight = parts
            .find_map(|p| p.strip_prefix("q="))
            .and_then(|q| q.parse::<f32>().ok())
            .map_or(1000, |q| (q.clamp(0.0, 1.0) * 1000.0) as u32);
        if best.is_none_or(|(most, _)| weight > most) && weight > 0 {
            best = Some((weight, labels));
        }
    }
    best.map(|(_, labels)| labels)
}

impl Labels {
    fn read(lang: &'static str, text: &str) -> Labels {
        let table: toml::Table = text.parse().expect("a test reads the shipped labels");
        let mut labels = Labels {
            lang,
            words: BTreeMap::new(),
            months: Vec::new(),
            short_months: Vec::new(),
            singular: Vec::new(),
        };
        labels.flatten("", &table);
        labels
    }

    fn flatten(&mut self, before: &str, table: &toml::Table) {
        let words = |list: &toml::value::Array| -> Vec<String> {
            list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
        };
        for (name, value) in table {
            let key =
                if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
            match value {
                toml::Value::Table(inner) => self.flatten(&key, inner),
                toml::Value::String(word) => {
                    self.words.insert(key, word.clone());
                }
                toml::Value::Array(list) => match key.as_str() {
                    "date.months" => self.months = words(list),
                    "date.short_months" => self.short_months = words(list),
                    _ => {
                        let numbers = list.iter().filter_map(toml::Value::as_integer);
                        self.singular = numbers.map(i64::unsigned_abs).collect();
                    }
                },
                _ => {}
            }
        }
    }

    /// The label of a key; the key itself where there is none, which a test looks for.
    pub(crate) fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.get(key).map_or(key, String::as_str)
    }

    /// Whether there is such a label.
    #[cfg(test)]
    fn has(&self, key: &str) -> bool {
        self.words.contains_key(key)
    }

    /// The name of a code of the record; the code itself where it has no name.
    pub(crate) fn term<'a>(&'a self, family: &str, code: &'a str) -> &'a str {
        self.words.get(&format!("{family}.{code}")).map_or(code, String::as_str)
    }

    /// A label with something in place of its `{}`.
    pub(crate) fn with(&self, key: &str, value: &str) -> String {
        self.say(key).replacen("{}", value, 1)
    }

    /// A label for a number of things, with the number in place of its `{}`.
    pub(crate) fn count(&self, key: &str, number: u64) -> String {
        let form = if self.singular.contains(&number) { "one" } else { "many" };
        self.with(&format!("{key}.{form}"), &self.number(number))
    }

    /// A number, its digits in groups.
    pub(crate) fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        let mut out = String::new();
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) && digits.len() > 4 {
                out.push_str(self.say("number.group"));
            }
            out.push(digit);
        }
        out
    }

    /// A date in words; what is no EDTF stays as it is.
    pub(crate) fn date(&self, edtf: &str) -> String {
        match edtf.parse::<Edtf>() {
            Ok(Edtf::Date(date)) => self.one_date(&date),
            Ok(Edtf::DateTime(date, clock)) => {
                let clock = format!("{:02}:{:02}", clock.hour, clock.minute);
                let key = "date.at";
                self.say(key)
                    .replace("{date}", &self.one_date(&date))
                    .replace("{time}", &clock)
            }
            Ok(Edtf::Interval(from, to)) => self.interval(&from, &to),
            Ok(Edtf::OneOf(members)) => self.list(&members, "date.or"),
            Ok(Edtf::AllOf(members)) => self.list(&members, "date.and"),
            Err(_) => edtf.to_owned(),
        }
    }

    /// A month of a year: `2025-02`.
    pub(crate) fn month(&self, month: &str) -> String {
        if month == "undated" {
            self.say("date.none").to_owned()
        } else {
            self.date(month)
        }
    }

    /// A month, short enough for an axis.
    pub(crate) fn short_month(&self, month: usize) -> &str {
        self.short_months.get(month.wrapping_sub(1)).map_or("", String::as_str)
    }

    fn one_date(&self, date: &Date) -> String {
        let year = match date.year.open {
            0 => date.year.number.to_string(),
            _ => return self.marked(date, date_text(date)),
        };
        let text = match (date.month, date.day) {
            (None, None) => year,
            (Some(Part::Known(month)), day) => {
                match (self.months.get(usize::from(month) - 1), day) {
                    (Some(name), Some(Part::Known(day))) => {
                        let first = (day == 1).then(|| self.say("date.first"));
                        let day = first.map_or_else(|| day.to_string(), str::to_owned);
                        let text = self.say("date.day").replace("{day}", &day);
                        text.replace("{month}", name).replace("{year}", &year)
                    }
                    (Some(name), None) => self
                        .say("date.month")
                        .replace("{month}", name)
                        .replace("{year}", &year),
                    (None, None) => {
                        let key = format!("date.part.{month}");
                        self.say(&key).replace("{year}", &year)
                    }
                    _ => date_text(date),
                }
            }
            _ => date_text(date),
        };
        self.marked(date, text)
    }

    fn marked(&self, date: &Date, text: String) -> String {
        let marks = [date.mark, date.year_mark, date.month_mark, date.day_mark];
        let is = |m: &Mark, one: Mark| *m == one || *m == Mark::Both;
        let mut text = text;
        if marks.iter().any(|m| is(m, Mark::Approximate)) {
            text = self.with("date.about", &text);
        }
        if marks.iter().any(|m| is(m, Mark::Uncertain)) {
            text = self.with("date.perhaps", &text);
        }
        text
    }

    fn interval(&self, from: &Bound, to: &Bound) -> String {
        let date = |bound: &Bound| match bound {
            Bound::Date(date) => Some(self.one_date(date)),
            Bound::Open | Bound::Unknown => None,
        };
        match (date(from), date(to)) {
            (Some(from), Some(to)) => {
                self.say("date.from_to").replace("{from}", &from).replace("{to}", &to)
            }
            (Some(from), None) => self.with("date.since", &from),
            (None, Some(to)) => self.with("date.until", &to),
            (None, None) => self.say("date.none").to_owned(),
        }
    }

    fn list(&self, members: &[Member], joint: &str) -> String {
        let one = |member: &Member| match member {
            Member::Date(date) => self.one_date(date),
            Member::Range(from, to) => {
                let bound = |d: &Option<Date>| d.map_or(Bound::Open, Bound::Date);
                self.interval(&bound(from), &bound(to))
            }
        };
        let all: Vec<String> = members.iter().map(one).collect();
        match all.split_last() {
            Some((last, rest)) if !rest.is_empty() => {
                format!("{}{}{last}", rest.join(", "), self.say(joint))
            }
            _ => all.concat(),
        }
    }
}

/// A date as EDTF: for the few forms that have no words.
fn date_text(date: &Date) -> String {
    Edtf::Date(*date).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(labels: &Labels) -> Vec<&String> {
        labels.words.keys().collect()
    }

    #[test]
    fn every_language_has_every_label() {
        for labels in all() {
            assert_eq!(keys(labels), keys(&all()[0]), "{}", labels.lang);
            assert_eq!((labels.months.len(), labels.short_months.len()), (12, 12));
            assert!(
                labels.words.values().all(|w| !w.trim().is_empty() || w == "\u{202f}")
            );
        }
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test reads the templates")]
    fn templates_ask_for_labels_that_there_are() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        for entry in std::fs::read_dir(folder).expect("there are templates") {
            let path = entry.expect("it can be read").path();
            let text = std::fs::read_to_string(&path).expect("it is text");
            for call in ["say(\"", "with(\"", "count(\""] {
                for part in text.split(call).skip(1) {
                    let key = part.split('"').next().expect("there is a first part");
                    let suffix = if call == "count(\"" { ".one" } else { "" };
                    let key = format!("{key}{suffix}");
                    assert!(all()[0].has(&key), "{}: no label {key}", path.display());
                }
            }
        }
    }

    #[test]
    fn dates_are_said_as_people_say_them() {
        let fr = of("fr-CA").expect("French is shipped");
        let en = of("en").expect("English is shipped");
        assert_eq!(fr.date("2025-02-01"), "1er février 2025");
        assert_eq!(fr.date("2025-02~"), "vers février 2025");
        assert_eq!(en.date("2025-02-18"), "18 February 2025");
        assert_eq!(
            fr.date("2025-02-18/2025-02-20"),
            "du 18 février 2025 au 20 février 2025"
        );
        assert_eq!(
            fr.date("[2025-02-04,2025-02-11]"),
            "4 février 2025 ou 11 février 2025"
        );
        assert_eq!(en.date("../2025"), "until 2025");
        assert_eq!(fr.date("199X"), "199X");
        assert_eq!(fr.date("un jour"), "un jour");
        assert_eq!(en.date("2025-21"), "spring 2025");
    }

    #[test]
    fn the_dearest_language_is_spoken() {
        let lang = |header: &str| accepted(header).map(|l| l.lang);
        assert_eq!(lang("de-DE, en;q=0.5, fr;q=0.8"), Some("fr"));
        assert_eq!(lang("en-GB,en;q=0.9"), Some("en"));
        assert_eq!(lang("de"), None);
        assert_eq!(lang("fr;q=0"), None);
    }

    #[test]
    fn numbers_are_grouped_and_inflected() {
        let fr = of("fr").expect("French is shipped");
        assert_eq!(fr.number(1234), "1234");
        assert_eq!(fr.number(12_345), "12\u{202f}345");
        assert!(fr.count("search.statements", 0).contains("0 "));
        assert_ne!(fr.count("search.statements", 1), fr.count("search.statements", 2));
    }
}
