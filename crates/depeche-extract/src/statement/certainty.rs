//! How sure is a statement? What its construction, its cue and the way to its speaker are worth.
//!
//! The weights are data, fitted to development gold by `cargo xtask calibrate`: of the
//! statements with a confidence of 0.9 about nine in ten are right, words and speaker.

use depeche_record::StatementKind;
use depeche_rule::{Entry, Pack};

use super::Statement;
use crate::Layers;

/// Content of fewer words counts as short.
const SHORT: usize = 4;

/// The weights of a language.
#[derive(Clone, Debug)]
pub struct Certainty {
    base: f64,
    short: f64,
    nested: f64,
    rivals: f64,
    construction: Weights,
    via: Weights,
    class: Weights,
    kind: Weights,
}

/// What a name is worth; one that is not there is worth nothing.
type Weights = Vec<(String, f64)>;

fn weight(weights: &Weights, name: &str) -> f64 {
    weights.iter().find(|(n, _)| n == name).map_or(0.0, |(_, w)| *w)
}

impl Certainty {
    /// The weights of a pack, if it has any.
    pub fn new(pack: &Pack) -> Option<Certainty> {
        let (_, entry) =
            pack.entries_of("statements").find(|(_, e)| e.table == "certainty")?;
        let number = |entry: &Entry, field: &str| {
            entry.fields.get(field).and_then(|v| v.number()).unwrap_or_default()
        };
        let table = |field: &str| match entry.fields.get(field) {
            Some(depeche_rule::Value::Table(rows)) => rows
                .iter()
                .filter_map(|(name, v)| Some((name.to_owned(), v.number()?)))
                .collect(),
            _ => Vec::new(),
        };
        Some(Certainty {
            base: number(entry, "base"),
            short: number(entry, "short"),
            nested: number(entry, "nested"),
            rivals: number(entry, "rivals"),
            construction: table("construction"),
            via: table("via"),
            class: table("class"),
            kind: table("kind"),
        })
    }

    /// How likely it is that a statement is right, words and speaker, in hundredths. `via` is
    /// how its words led to the speaker, if they did; `rivals` says that others fit them too.
    pub fn of(
        &self,
        l: &Layers<'_>,
        statement: &Statement,
        via: Option<&str>,
        rivals: bool,
    ) -> f32 {
        let last = |id: &str| id.rsplit('.').next().unwrap_or_default().to_owned();
        let construction = statement
            .entry
            .map_or("continued".to_owned(), |e| last(&l.pack.entries[e].id));
        let class =
            statement.cue.as_ref().and_then(|c| l.pack.entries[c.entry].text("class"));
        let unled = if statement.speaker.is_some() { "unknown" } else { "nobody" };
        let words: usize = statement
            .content
            .iter()
            .map(|r| l.text_of(r).split_whitespace().count())
            .sum();
        let given = |holds: bool, weight: f64| if holds { weight } else { 0.0 };
        let sum = self.base
            + weight(&self.construction, &construction)
            + weight(&self.via, via.unwrap_or(unled))
            + weight(&self.class, class.unwrap_or("none"))
            + weight(&self.kind, kind_name(statement.kind))
            + given(words < SHORT, self.short)
            + given(statement.nested_in.is_some(), self.nested)
            + given(rivals, self.rivals);
        let likely = 1.0 / (1.0 + (-sum).exp());
        // Two places: what the weights can carry, and the same on every machine.
        ((likely * 100.0).round() / 100.0) as f32
    }
}

fn kind_name(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::Direct => "direct",
        StatementKind::Indirect => "indirect",
        StatementKind::Mixed => "mixed",
        StatementKind::Attributed => "attributed",
        StatementKind::Scare => "scare",
    }
}
