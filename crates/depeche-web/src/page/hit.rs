//! How is one answer of the archive shown in a list?

use depeche_archive::{EventHit, Match, Piece, PositionHit, StatementHit};
use serde::Serialize;

use super::text::{Run, calm, lit};

/// A statement in a list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Said {
    /// What opens it.
    pub(crate) reference: String,
    /// When the article was published, as EDTF.
    pub(crate) published: Option<String>,
    /// When it was said, as EDTF.
    pub(crate) said: Option<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) speakers: Vec<String>,
    pub(crate) about: Vec<String>,
    pub(crate) kind: String,
    pub(crate) class: Option<String>,
    pub(crate) cue: Option<String>,
    /// Its words, those that were looked for lit.
    pub(crate) content: Vec<Run>,
    /// Per cent.
    pub(crate) confidence: u8,
    pub(crate) copies: u64,
}

impl Said {
    pub(crate) fn of(hit: &StatementHit, words: Option<&str>) -> Said {
        let said = hit.said.map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}/{last}"),
        });
        Said {
            reference: hit.reference.to_string(),
            published: hit.published.clone(),
            said,
            outlet: hit.outlet.as_deref().map(calm),
            speakers: hit.speakers.iter().map(|s| calm(s)).collect(),
            about: hit.about.iter().map(|s| calm(s)).collect(),
            kind: hit.kind.clone(),
            class: hit.class.clone(),
            cue: hit.cue.clone(),
            content: lit(&hit.content, words),
            confidence: hit.confidence,
            copies: hit.copies,
        }
    }

    /// Its words, in one piece.
    pub(crate) fn words(&self) -> String {
        self.content.iter().map(|r| r.text.as_str()).collect()
    }

    /// Whether it is word for word.
    pub(crate) fn is_direct(&self) -> bool {
        self.kind == "direct"
    }

    pub(crate) const HEAD: &'static [&'static str] = &[
        "reference",
        "published",
        "outlet",
        "speakers",
        "about",
        "kind",
        "class",
        "cue",
        "content",
        "confidence",
        "copies",
    ];

    pub(crate) fn row(&self) -> Vec<String> {
        vec![
            self.reference.clone(),
            self.published.clone().unwrap_or_default(),
            self.outlet.clone().unwrap_or_default(),
            self.speakers.join("; "),
            self.about.join("; "),
            self.kind.clone(),
            self.class.clone().unwrap_or_default(),
            self.cue.clone().unwrap_or_default(),
            self.words(),
            self.confidence.to_string(),
            self.copies.to_string(),
        ]
    }
}

/// An event in a list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Happened {
    /// What opens it.
    pub(crate) reference: String,
    /// When, as EDTF.
    pub(crate) date: Option<String>,
    /// When the article was published, as EDTF.
    pub(crate) published: Option<String>,
    pub(crate) outlet: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) mode: Option<String>,
    pub(crate) actors: Vec<String>,
    pub(crate) recipients: Vec<String>,
    #[serde(rename = "where")]
    pub(crate) place: Option<String>,
    pub(crate) factuality: String,
    pub(crate) words: Vec<Run>,
    pub(crate) copies: u64,
}

impl Happened {
    pub(crate) fn of(hit: &EventHit, words: Option<&str>) -> Happened {
        Happened {
            reference: hit.reference.to_string(),
            date: hit.date.clone(),
            published: hit.published.clone(),
            outlet: hit.outlet.as_deref().map(calm),
            kind: hit.kind.clone(),
            mode: hit.mode.clone(),
            actors: hit.actors.iter().map(|a| calm(a)).collect(),
            recipients: hit.recipients.iter().map(|a| calm(a)).collect(),
            place: hit.place.as_deref().map(calm),
            factuality: hit.factuality.clone(),
            words: lit(&hit.words, words),
            copies: hit.copies,
        }
    }

    /// Its triggers, in one piece.
    pub(crate) fn trigger(&self) -> String {
        self.words.iter().map(|r| r.text.as_str()).collect()
    }

    pub(crate) const HEAD: &'static [&'static str] = &[
        "reference",
        "date",
        "published",
        "outlet",
        "type",
        "mode",
        "actors",
        "recipients",
        "where",
        "factuality",
        "words",
        "copies",
    ];

    pub(crate) fn row(&self) -> Vec<String> {
        vec![
            self.reference.clone(),
            self.date.clone().unwrap_or_default(),
            self.published.clone().unwrap_or_default(),
            self.outlet.clone().unwrap_or_default(),
            self.kind.clone(),
            self.mode.clone().unwrap_or_default(),
            self.actors.join("; "),
            self.recipients.join("; "),
            self.place.clone().unwrap_or_default(),
            self.factuality.clone(),
            self.trigger(),
            self.copies.to_string(),
        ]
    }
}

/// A position in a list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Held {
    /// What opens it.
    pub(crate) reference: String,
    pub(crate) published: Option<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) actor: String,
    pub(crate) stance: String,
    pub(crate) issue: Option<String>,
    pub(crate) object: String,
    pub(crate) copies: u64,
    /// Whether it stands on the other side than the one before it.
    pub(crate) changed: bool,
}

impl Held {
    pub(crate) fn of(hit: &PositionHit, changed: bool) -> Held {
        Held {
            reference: hit.reference.to_string(),
            published: hit.published.clone(),
            outlet: hit.outlet.as_deref().map(calm),
            actor: calm(&hit.actor),
            stance: hit.stance.clone(),
            issue: hit.issue.clone(),
            object: calm(&hit.object),
            copies: hit.copies,
            changed,
        }
    }

    pub(crate) const HEAD: &'static [&'static str] = &[
        "reference",
        "published",
        "outlet",
        "actor",
        "stance",
        "issue",
        "object",
        "copies",
        "changed",
    ];

    pub(crate) fn row(&self) -> Vec<String> {
        vec![
            self.reference.clone(),
            self.published.clone().unwrap_or_default(),
            self.outlet.clone().unwrap_or_default(),
            self.actor.clone(),
            self.stance.clone(),
            self.issue.clone().unwrap_or_default(),
            self.object.clone(),
            self.copies.to_string(),
            self.changed.to_string(),
        ]
    }
}

/// A run of words that agrees with a quotation, or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Compared {
    /// `same`, `missing` from the quotation, `added` by it, `rest` of a statement around it.
    pub(crate) how: &'static str,
    /// The words.
    pub(crate) text: String,
}

/// How a quotation agrees, run by run.
pub(crate) fn compared(how: &Match, statement: &str) -> Vec<Compared> {
    let run = |how: &'static str, text: &str| Compared { how, text: calm(text) };
    match how {
        Match::Exact => vec![run("same", statement)],
        Match::Partial { before, after } => {
            let middle = statement
                .get(before.len()..statement.len().saturating_sub(after.len()))
                .unwrap_or_default();
            let all = [run("rest", before), run("same", middle), run("rest", after)];
            all.into_iter().filter(|r| !r.text.is_empty()).collect()
        }
        Match::Altered(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Same(text) => run("same", text),
                Piece::Missing(text) => run("missing", text),
                Piece::Added(text) => run("added", text),
            })
            .collect(),
    }
}
