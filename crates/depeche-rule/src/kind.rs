//! Which tables may a language file hold, and which fields has each?
//!
//! A table that is not listed here, and a field that its kind does not know, is a fault: a
//! misspelt field would otherwise be a rule that silently does less.

/// One kind of table: `[[rule]]` under `time/`, `[[cue]]` under `statements/`, …
#[derive(Debug)]
pub struct Kind {
    /// The name of the table.
    pub table: &'static str,
    /// The folder, or the file without its ending, that it may stand in.
    pub place: &'static str,
    /// Whether it must have patterns to `find`.
    pub find: bool,
    /// Fields it must have, besides `id`.
    pub required: &'static [&'static str],
    /// Fields it may have, besides `note`.
    pub optional: &'static [&'static str],
    /// What its examples may state about the sentence they mark.
    pub wants: &'static [&'static str],
    /// How many marked examples it must bring.
    pub examples: usize,
    /// How many counter-examples it must bring.
    pub not: usize,
    /// Whether its patterns may speak of lemmas and tags: time is told before the tagger.
    pub tagged: bool,
}

/// Every kind.
pub const KINDS: &[Kind] = &[
    Kind {
        table: "rule",
        place: "time",
        find: true,
        required: &["makes", "value"],
        optional: &["mod", "quant", "freq"],
        wants: &["dct", "type", "value", "mod", "quant", "freq", "edtf"],
        examples: 2,
        not: 1,
        tagged: false,
    },
    Kind {
        table: "rule",
        place: "actors",
        find: true,
        required: &["gives"],
        optional: &["kind", "country", "sector", "office", "name"],
        wants: &["name", "kind", "country", "sector", "office"],
        examples: 2,
        not: 1,
        tagged: true,
    },
    Kind {
        table: "usage",
        place: "actors",
        find: false,
        required: &[],
        optional: &[],
        wants: &[
            "dct",
            "name",
            "kind",
            "country",
            "sector",
            "office",
            "why",
            "via",
            "candidates",
        ],
        examples: 2,
        not: 1,
        tagged: true,
    },
    Kind {
        table: "cue",
        place: "statements",
        find: true,
        required: &["class", "takes"],
        optional: &["speaker", "needs"],
        wants: &["speaker", "cue"],
        examples: 1,
        not: 0,
        tagged: true,
    },
    Kind {
        table: "rule",
        place: "statements",
        find: false,
        required: &["takes", "content", "speaker"],
        optional: &["marker", "kind", "confidence"],
        wants: &["speaker", "cue", "kind"],
        examples: 2,
        not: 1,
        tagged: true,
    },
    Kind {
        table: "certainty",
        place: "statements",
        find: false,
        required: &["base"],
        optional: &["short", "nested", "rivals", "construction", "via", "class", "kind"],
        wants: &[],
        examples: 0,
        not: 0,
        tagged: true,
    },
    Kind {
        table: "circumstance",
        place: "statements",
        find: false,
        required: &["gives", "way"],
        optional: &["of", "cues", "kinds", "through", "except", "also"],
        wants: &["dct", "said_at", "addressee", "about", "behalf"],
        examples: 2,
        not: 1,
        tagged: true,
    },
    Kind {
        table: "frame",
        place: "events",
        find: true,
        required: &["roles"],
        optional: &["mode", "cameo", "contexts", "reciprocal", "unless", "confidence"],
        wants: &["actor", "recipient", "factuality", "mode"],
        examples: 2,
        not: 1,
        tagged: true,
    },
    Kind {
        table: "usage",
        place: "places",
        find: false,
        required: &[],
        optional: &[],
        wants: &["name", "country", "kind", "where", "why", "venue"],
        examples: 2,
        not: 1,
        tagged: true,
    },
    Kind {
        table: "frame",
        place: "positions",
        find: true,
        required: &["roles"],
        optional: &["stance", "negated", "inverted", "needs", "unless", "confidence"],
        wants: &["actor", "stance", "object", "issue"],
        examples: 2,
        not: 1,
        tagged: true,
    },
];

/// The kind of a table in a file, by the file's path inside the language's folder.
pub(crate) fn kind_of(path: &str, table: &str) -> Option<&'static Kind> {
    let place = path.split(['/', '.']).next().unwrap_or_default();
    KINDS.iter().find(|k| k.place == place && k.table == table)
}

/// The tables that may stand in a file, for advice.
pub(crate) fn tables_of(path: &str) -> Vec<&'static str> {
    let place = path.split(['/', '.']).next().unwrap_or_default();
    KINDS.iter().filter(|k| k.place == place).map(|k| k.table).collect()
}
