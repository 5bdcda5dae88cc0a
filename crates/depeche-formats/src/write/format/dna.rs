//! Statements for Discourse Network Analyzer and rDNA: who agrees with which concept, from
//! positions that say yes or no.

use depeche_record::{ActorKind, Position, Stance};
use sha2::{Digest, Sha256};

use crate::write::Entry;
use crate::write::arrow::Context;
use crate::write::onefile::Body;
use crate::write::sink::{Dialect, Error, OwnColumn};
use crate::write::store::FileWriter;

const COLUMNS: &[OwnColumn] = &[
    column(
        "statement_id",
        "integer",
        "Number of the statement, the same in every export",
    ),
    column("time", "string", "Day of publication; empty where it is not one day"),
    column("document_id", "string", "Key of the article, or its hash"),
    column("document_title", "string", "Headline"),
    column("document_author", "string", "Wire agency"),
    column("document_source", "string", "Outlet"),
    column("document_section", "string", "Always empty"),
    column("document_type", "string", "Language of the article"),
    column("person", "string", "Who holds the position, when it is one person"),
    column("organization", "string", "Who holds the position, when it is not one person"),
    column("concept", "string", "The issue; the words of the object where it has no key"),
    column(
        "agreement",
        "integer",
        "1 for support, demand, offer, accept; 0 for oppose, refuse, deny",
    ),
    column("start", "integer", "Where the words of the object start, in code points"),
    column("stop", "integer", "The first code point after them"),
    column("text", "string", "The words of the object"),
];

const fn column(
    name: &'static str,
    data_type: &'static str,
    meaning: &'static str,
) -> OwnColumn {
    OwnColumn { name, data_type, meaning }
}

#[derive(Default)]
pub(crate) struct Dna;

impl Body for Dna {
    const PATH: &'static str = "statements.dna.csv";
    const TITLE: &'static str = "Positions as statements of Discourse Network Analyzer";
    const MEDIA_TYPE: &'static str = "text/csv";
    const COLUMNS: &'static [OwnColumn] = COLUMNS;
    const DIALECT: Option<Dialect> = Some(Dialect { delimiter: ',', header: true });

    fn head(&mut self, file: &mut FileWriter) -> Result<(), Error> {
        let mut csv = csv::Writer::from_writer(file);
        csv.write_record(COLUMNS.iter().map(|c| c.name))?;
        Ok(csv.flush()?)
    }

    fn article(
        &mut self,
        article: Entry<'_>,
        file: &mut FileWriter,
    ) -> Result<u64, Error> {
        let context = Context::new(article);
        let mut csv = csv::Writer::from_writer(file);
        let mut rows = 0;
        for position in &article.record.positions {
            // A network has an utterance of a dispatch once.
            if article.repeats(&position.id) {
                continue;
            }
            if let Some(agreement) = agreement(position.stance) {
                csv.write_record(row(&context, position, agreement))?;
                rows += 1;
            }
        }
        csv.flush()?;
        Ok(rows)
    }
}

/// Whether a stance is agreement; `None` for doubt, openness and conditions, which are neither.
fn agreement(stance: Stance) -> Option<bool> {
    match stance {
        Stance::Support | Stance::Demand | Stance::Offer | Stance::Accept => Some(true),
        Stance::Oppose | Stance::Refuse | Stance::Deny => Some(false),
        Stance::Doubt | Stance::Open | Stance::Condition => None,
    }
}

fn row(c: &Context<'_>, p: &Position, agreement: bool) -> [String; COLUMNS.len()] {
    let a = &c.record.article;
    let actor = c.actor(&p.actor);
    let name = actor.map_or_else(|| p.actor.clone(), |actor| actor.name.clone());
    let person = actor.is_some_and(|actor| actor.kind == ActorKind::Person);
    let (person, organization) =
        if person { (name, String::new()) } else { (String::new(), name) };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = match c.published {
        (Some(first), Some(last)) if first == last => crate::write::arrow::iso(first),
        _ => String::new(),
    };
    [
        number([&a.id, a.key.as_deref().unwrap_or_default(), &p.id]).to_string(),
        day,
        a.key.clone().unwrap_or_else(|| a.id.clone()),
        text(&a.title),
        text(&a.agency),
        text(&a.outlet),
        String::new(),
        a.lang.clone(),
        person,
        organization,
        p.issue.clone().unwrap_or_else(|| p.object.text.clone()),
        u8::from(agreement).to_string(),
        p.object.start.to_string(),
        p.object.end.to_string(),
        p.object.text.clone(),
    ]
}

/// A number for something that has a name: the same in every export, and small enough for
/// programs that keep numbers as 64-bit floats.
pub(super) fn number<const N: usize>(name: [&str; N]) -> u64 {
    let hash = Sha256::digest(name.join("\u{0}"));
    let bytes: [u8; 8] = std::array::from_fn(|n| hash[n]);
    u64::from_be_bytes(bytes) >> 12
}
