//! Which column of a table is which field of an article?

use std::collections::BTreeMap;
use std::sync::LazyLock;

use depeche_text::{Document, Meta};

use super::super::{Item, Options, with_defaults};
use super::date;

/// Names of columns by field; `data/columns.toml`.
static NAMES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/columns.toml"))
        .expect("tested: it is a table")
});

/// Where the fields of an article stand in the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    of: BTreeMap<&'static str, usize>,
}

impl Columns {
    /// The columns of a header; `None` when none of them is the text.
    pub(crate) fn of_header<'h>(
        header: impl IntoIterator<Item = &'h str>,
    ) -> Option<Columns> {
        let header: Vec<String> = header.into_iter().map(folded).collect();
        let find = |names: &Vec<String>| {
            names.iter().find_map(|name| header.iter().position(|h| h == name))
        };
        let of: BTreeMap<&'static str, usize> = NAMES
            .iter()
            .filter_map(|(f, names)| Some((f.as_str(), find(names)?)))
            .collect();
        of.contains_key("text").then_some(Columns { of })
    }

    /// How many fields of an article the table has.
    pub(crate) fn count(&self) -> usize {
        self.of.len()
    }

    /// The columns that hold a field.
    pub(crate) fn used(&self) -> impl Iterator<Item = usize> {
        self.of.values().copied()
    }

    /// The article of a row, whose cells are asked for by column.
    pub(crate) fn article(
        &self,
        origin: String,
        options: &Options,
        cell: &dyn Fn(usize) -> Option<String>,
    ) -> Item {
        let field = |name: &str| {
            let value = cell(*self.of.get(name)?)?;
            (!value.trim().is_empty()).then_some(value)
        };
        let Some(text) = field("text") else {
            return Item::problem(
                origin,
                "its cell of text is empty; nothing to read in this row",
            );
        };
        let short = |name: &str| field(name).map(|v| v.trim().to_owned());
        let meta = Meta {
            key: short("id"),
            title: short("title"),
            // What is no date stays as it is, and the record says that it is none.
            published: short("published").map(|d| date::edtf(&d).unwrap_or(d)),
            outlet: short("outlet"),
            url: short("url"),
            rights: short("rights"),
            lang: short("lang"),
            byline: short("byline"),
            ..Meta::default()
        };
        match Document::new(text, with_defaults(meta, &options.defaults)) {
            Ok(document) => Item::article(origin, document),
            Err(error) => Item::problem(origin, error.to_string()),
        }
    }
}

/// What a header with no column of text is told.
pub(crate) fn no_text<'h>(header: impl IntoIterator<Item = &'h str>) -> String {
    let names: Vec<&str> = header.into_iter().take(12).collect();
    format!(
        "no column of text among {}; call it `text` (and others `date`, `title`, `outlet`, `url`, \
         `id`)",
        names.join(", ")
    )
}

/// A name without case, accents and marks.
fn folded(name: &str) -> String {
    let plain = depeche_text::fold_plain(name.trim().trim_start_matches('\u{feff}'));
    plain.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_two_languages_are_known() {
        let header = "Identifiant;Date de publication;TITRE;Texte intégral;Média";
        let columns = Columns::of_header(header.split(';')).expect("there is a text");
        let expected =
            [("id", 0), ("outlet", 4), ("published", 1), ("text", 3), ("title", 2)];
        assert_eq!(columns.of, expected.into_iter().collect());
        assert_eq!(Columns::of_header(["id", "date"]), None);
    }

    #[test]
    fn names_are_listed_as_they_are_compared() {
        for names in NAMES.values() {
            for name in names {
                assert_eq!(&folded(name), name);
            }
        }
    }
}
