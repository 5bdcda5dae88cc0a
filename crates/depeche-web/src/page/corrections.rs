//! Corrections: made with a reason, listed, undone.

use askama::Template;
use axum::Form as Posted;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use depeche::record::{EventType, Factuality};
use depeche_archive::{Archive, Correction, Decision, DecisionKind, Reference, Signed};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::LANG;
use super::labels::Labels;
use super::read::sent;
use super::screen::{Page, Screen, Table, Visitor, answer};
use super::text::calm;
use crate::error::Problem;
use crate::form::Form;
use crate::query::{Address, Asked, Name};
use crate::state::App;

/// The address of the corrections.
pub(crate) struct Asks;

impl Address for Asks {
    const NAMES: &'static [Name] = &[];
    const OWN: &'static [(&'static str, &'static str)] =
        &[LANG, ("done", "What was just done.")];
}

/// What the list shows.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    /// The newest first.
    pub(crate) decisions: Vec<Decided>,
    /// Of them in force.
    pub(crate) in_force: u64,
}

/// A decision.
#[derive(Debug, Serialize)]
pub(crate) struct Decided {
    pub(crate) number: i64,
    /// When, in UTC.
    pub(crate) at: String,
    pub(crate) author: String,
    pub(crate) reason: String,
    /// What was decided, as the log holds it.
    pub(crate) what: DecisionKind,
    pub(crate) undone: Option<Undone>,
    #[serde(skip)]
    told: String,
    #[serde(skip)]
    href: Option<String>,
}

/// When, by whom and why a decision was undone.
#[derive(Debug, Serialize)]
pub(crate) struct Undone {
    pub(crate) at: String,
    pub(crate) author: String,
    pub(crate) reason: String,
}

#[derive(Template)]
#[template(path = "corrections.html")]
struct Corrections {
    page: Page,
    view: View,
    done: bool,
}

impl Screen for Corrections {
    type View = View;

    fn view(&self) -> &View {
        &self.view
    }

    fn table(&self) -> Table {
        let row = |d: &Decided| {
            let undone = d.undone.as_ref();
            vec![
                d.number.to_string(),
                d.at.clone(),
                d.author.clone(),
                d.reason.clone(),
                json!(d.what).to_string(),
                undone.map(|u| u.at.clone()).unwrap_or_default(),
                undone.map(|u| u.author.clone()).unwrap_or_default(),
                undone.map(|u| u.reason.clone()).unwrap_or_default(),
            ]
        };
        Table {
            head: &[
                "number",
                "at",
                "author",
                "reason",
                "what",
                "undone_at",
                "undone_by",
                "undone_why",
            ],
            rows: self.view.decisions.iter().map(row).collect(),
        }
    }
}

/// `GET /corrections`.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    form: Option<Form>,
    Asked { query, .. }: Asked<Asks>,
) -> Result<Response, Problem> {
    let mut decisions = app.read(|archive| Ok(archive.decisions()?)).await?;
    decisions.reverse();
    let view = View {
        in_force: decisions.iter().filter(|d| d.undone.is_none()).count() as u64,
        decisions: decisions
            .into_iter()
            .map(|d| Decided::of(d, visitor.labels))
            .collect(),
    };
    let page = visitor.page(&app, "corrections", &[Form::Json, Form::Csv]);
    let done = query.own.contains_key("done");
    answer(&Corrections { page, view, done }, form, &visitor)
}

impl Decided {
    fn of(decision: Decision, labels: &Labels) -> Decided {
        let href = match &decision.what {
            DecisionKind::Correct { article, start, end, .. } => {
                Some(format!("/article/{article}:{start}-{end}#passage"))
            }
            DecisionKind::Merge { .. } | DecisionKind::Split { .. } => None,
        };
        Decided {
            told: told(&decision.what, labels),
            href,
            number: decision.number,
            at: decision.at,
            author: calm(&decision.author),
            reason: calm(&decision.reason),
            what: decision.what,
            undone: decision.undone.map(|(at, author, reason)| Undone {
                at,
                author: calm(&author),
                reason: calm(&reason),
            }),
        }
    }
}

/// A decision in words.
fn told(what: &DecisionKind, labels: &Labels) -> String {
    match what {
        DecisionKind::Merge { from, into } => labels
            .say("corrections.merge")
            .replace("{from}", &calm(&from.name))
            .replace("{into}", &calm(&into.name)),
        DecisionKind::Split { from, name, articles } => labels
            .say("corrections.split")
            .replace("{from}", &calm(&from.name))
            .replace("{name}", &calm(name))
            .replace("{articles}", &labels.number(articles.len() as u64)),
        DecisionKind::Correct { to, .. } => match to {
            Correction::Speaker(Some(name)) => {
                labels.with("corrections.speaker", &calm(name))
            }
            Correction::Speaker(None) => labels.say("corrections.nobody").to_owned(),
            Correction::Type(kind) => {
                labels.with("corrections.type", labels.term("event", kind.plover().name))
            }
            Correction::Factuality(value) => {
                let code = json!(value);
                let code = code.as_str().unwrap_or_default();
                labels.with("corrections.factuality", labels.term("factuality", code))
            }
            Correction::Span { start, end } => {
                labels.with("corrections.words", &format!("{start}–{end}"))
            }
            Correction::NotAStatement => {
                labels.say("corrections.not_a_statement").to_owned()
            }
            Correction::NotAnEvent => labels.say("corrections.not_an_event").to_owned(),
            Correction::Stance(stance) => {
                let code = json!(stance);
                let code = code.as_str().unwrap_or_default();
                labels.with("corrections.stance", labels.term("stance", code))
            }
            Correction::NotAPosition => {
                labels.say("corrections.not_a_position").to_owned()
            }
        },
    }
}

/// A correction as a form sends it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Request {
    /// The words that it is about: `3fa94c0b21d7:120-186`.
    reference: String,
    /// What is not as it should be.
    what: What,
    #[serde(default)]
    speaker: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    factuality: String,
    #[serde(default)]
    author: String,
    #[serde(default)]
    reason: String,
}

/// What can be corrected.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Speaker,
    Nobody,
    Words,
    NotAStatement,
    Type,
    Factuality,
    NotAnEvent,
}

/// `POST /correct`.
pub(crate) async fn correct(
    State(app): State<App>,
    posted: Result<Posted<Request>, FormRejection>,
) -> Result<Response, Problem> {
    let asked = sent(posted)?;
    let reference: Reference = asked.reference.parse()?;
    let reason = given(&asked.reason, "reason")?;
    let (author, at) = (author(&app, &asked.author), app.now());
    let target = reference.clone();
    app.write(move |writer| {
        let to = asked.correction(writer.archive(), &reference)?;
        let what = writer.archive().correction(&reference, to)?;
        let signed = Signed { at: &at, author: &author, reason: &reason };
        Ok(writer.decide(&what, signed)?)
    })
    .await?;
    Ok(Redirect::to(&format!("/article/{target}?done=corrected#passage")).into_response())
}

impl Request {
    fn correction(
        &self,
        archive: &Archive,
        reference: &Reference,
    ) -> Result<Correction, Problem> {
        Ok(match self.what {
            What::Speaker => Correction::Speaker(Some(given(&self.speaker, "speaker")?)),
            What::Nobody => Correction::Speaker(None),
            What::Words => {
                let words = given(&self.words, "words")?.replace("\r\n", "\n");
                let text = archive.article(reference)?.record.article.text;
                let near = reference.span.map_or(0, |(start, _)| start);
                let (start, end) = nearest(&text, &words, near).ok_or_else(|| {
                    Problem::asked("the article does not have these words, as they stand")
                })?;
                Correction::Span { start, end }
            }
            What::NotAStatement => Correction::NotAStatement,
            What::Type => {
                let kind = EventType::from_code(&self.kind);
                Correction::Type(kind.ok_or_else(|| {
                    Problem::asked(format!("{:?} is no type of PLOVER", self.kind))
                })?)
            }
            What::Factuality => {
                let value = serde_json::from_value::<Factuality>(json!(self.factuality));
                Correction::Factuality(value.map_err(|_| {
                    Problem::asked(format!(
                        "{:?} is no value of FactBank",
                        self.factuality
                    ))
                })?)
            }
            What::NotAnEvent => Correction::NotAnEvent,
        })
    }
}

/// Where words stand in a text, in code points: of several places that nearest to one.
fn nearest(text: &str, words: &str, near: u32) -> Option<(u32, u32)> {
    let mut points = 0;
    let mut from = 0;
    let mut best: Option<u32> = None;
    for (at, _) in text.match_indices(words) {
        points += text[from..at].chars().count() as u32;
        from = at;
        if best.is_none_or(|b| points.abs_diff(near) < b.abs_diff(near)) {
            best = Some(points);
        }
    }
    let length = words.chars().count() as u32;
    best.map(|start| (start, start + length))
}

/// What is taken back.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TakenBack {
    number: i64,
    #[serde(default)]
    author: String,
    #[serde(default)]
    reason: String,
}

/// `POST /undo`.
pub(crate) async fn undo(
    State(app): State<App>,
    posted: Result<Posted<TakenBack>, FormRejection>,
) -> Result<Response, Problem> {
    let asked = sent(posted)?;
    let reason = given(&asked.reason, "reason")?;
    let (author, at) = (author(&app, &asked.author), app.now());
    app.write(move |writer| {
        let signed = Signed { at: &at, author: &author, reason: &reason };
        Ok(writer.undo(asked.number, signed)?)
    })
    .await?;
    Ok(Redirect::to("/corrections?done=undone").into_response())
}

fn given(text: &str, name: &str) -> Result<String, Problem> {
    match text.trim() {
        "" => Err(Problem::asked(format!("{name} is missing: go back and write it"))),
        text => Ok(text.to_owned()),
    }
}

fn author(app: &App, asked: &str) -> String {
    match asked.trim() {
        "" => app.options().author.clone(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_are_meant() {
        let text = "Été : « oui », puis « oui » encore";
        assert_eq!(nearest(text, "oui", 0), Some((8, 11)));
        assert_eq!(nearest(text, "oui", 20), Some((22, 25)));
        assert_eq!(nearest(text, "non", 0), None);
    }
}
