//! Does an archive know what articles have to do with each other: versions of one dispatch,
//! reports of one event, reports of one utterance? The articles are in `data/`, written for these tests.
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "a test of files and processes")]

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use depeche_archive::{Archive, Day, Filter, Reference};
use serde::Deserialize;
use serde_json::Value;

/// A dispatch: its articles, as they come in, and what is to be said of them.
#[derive(Deserialize)]
struct Dispatch {
    what: String,
    articles: Vec<Value>,
    /// Ids of the articles in their order, with their relations.
    relations: Vec<(String, Option<String>)>,
    /// Of which article, which statement (by its first words), how, by which article, and the
    /// first words of what stands in its place.
    taken_back: Vec<(String, String, String, String, Option<String>)>,
    /// Statements that nothing takes back.
    stands: Vec<(String, String)>,
}

struct Made {
    archive: Archive,
    /// References of articles, by their ids.
    articles: Vec<(String, Reference)>,
    statements: Vec<(Reference, String)>,
}

impl Made {
    fn article(&self, id: &str) -> &Reference {
        let known = self.articles.iter().find(|(key, _)| key == id);
        &known.unwrap_or_else(|| panic!("{id} is there")).1
    }

    fn id(&self, reference: &Reference) -> &str {
        let known = self.articles.iter().find(|(_, r)| r.article == reference.article);
        &known.expect("it is there").0
    }

    fn statement(&self, id: &str, words: &str) -> &Reference {
        let article = &self.article(id).article;
        let said = self.statements.iter().find(|(r, content)| {
            r.article == *article
                && content.trim_start_matches(['«', ' ', '\u{a0}']).starts_with(words)
        });
        &said.unwrap_or_else(|| panic!("{id} says {words:?}")).0
    }
}

/// An archive of some articles.
fn made(articles: &[Value]) -> (tempfile::TempDir, Made) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let articles: Vec<String> = articles.iter().map(Value::to_string).collect();
    fs::write(folder.path().join("a.jsonl"), articles.join("\n")).expect("written");
    let run = Command::new(env!("CARGO_BIN_EXE_depeche"))
        .args(["add", "t.depeche", "a.jsonl"])
        .current_dir(folder.path())
        .output()
        .expect("the command runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let archive = Archive::open(&folder.path().join("t.depeche")).expect("it is one");
    let mut articles = Vec::new();
    archive
        .each_record(|reference, record| {
            articles.push((record.article.key.unwrap_or_default(), reference));
            true
        })
        .expect("they can be read");
    let all = Filter { copies: true, limit: 1000, ..Filter::default() };
    let hits = archive.statements(&all).expect("it answers").hits;
    let statements = hits.into_iter().map(|h| (h.reference, h.content)).collect();
    (folder, Made { archive, articles, statements })
}

#[test]
fn versions_are_known_and_in_order() {
    let data = include_str!("data/versions.jsonl");
    let dispatches: Vec<Dispatch> =
        data.lines().map(|l| serde_json::from_str(l).expect("a dispatch")).collect();
    let mut wrong = Vec::new();
    for dispatch in &dispatches {
        let what = &dispatch.what;
        let (_folder, made) = made(&dispatch.articles);
        let (first, _) = &dispatch.relations[0];
        let stored = made.archive.article(made.article(first)).expect("it is there");
        let versions: Vec<(String, Option<String>)> = stored
            .versions
            .iter()
            .map(|v| (made.id(&v.reference).to_owned(), v.relation.clone()))
            .collect();
        if versions != dispatch.relations {
            wrong.push(format!("{what}: {versions:?}"));
        }
        for (id, words, how, by, instead) in &dispatch.taken_back {
            let reference = made.statement(id, words);
            let taken = made.archive.taken_back(reference).expect("it answers");
            let said = taken.as_ref().map(|t| (t.how.name(), made.id(&t.by)));
            if said != Some((how.as_str(), by.as_str())) {
                wrong.push(format!("{what}: {words:?} is taken back: {said:?}"));
            }
            let there = taken.and_then(|t| t.instead);
            let expected =
                instead.as_ref().map(|words| made.statement(by, words).clone());
            if there != expected {
                wrong.push(format!("{what}: in its place stands {there:?}"));
            }
        }
        for (id, words) in &dispatch.stands {
            let taken = made.archive.taken_back(made.statement(id, words));
            if let Some(taken) = taken.expect("it answers") {
                wrong.push(format!("{what}: {words:?} stands, yet {taken:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Reports of events, and what is to be said of those that belong together.
#[derive(Deserialize)]
struct Reports {
    articles: Vec<Value>,
    happenings: Vec<Expected>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Expected {
    #[serde(rename = "type")]
    kind: String,
    /// Ids of the articles that tell of it.
    articles: Vec<String>,
    /// The day that all allow, if there is one.
    when: Option<String>,
    pinned: usize,
    /// On what they disagree, and what the sides are.
    on: BTreeMap<String, Vec<String>>,
}

#[test]
fn reports_of_one_event_stand_side_by_side() {
    let reports: Reports =
        serde_json::from_str(include_str!("data/happenings.json")).expect("reports");
    let (_folder, made) = made(&reports.articles);
    let all = Filter { limit: 1000, ..Filter::default() };
    let happenings = made.archive.happenings(&all).expect("it answers");
    let mut many = Vec::new();
    for happening in happenings.iter().filter(|h| h.reports.len() > 1) {
        let mut told: Vec<String> =
            happening.reports.iter().map(|r| made.id(&r.reference).to_owned()).collect();
        told.sort();
        let day = |(first, last): (Day, Day)| (first == last).then(|| first.to_string());
        let on = happening.differences.iter().map(|d| {
            let mut sides: Vec<String> = d.told.iter().map(|t| t.value.clone()).collect();
            sides.sort();
            (d.aspect.name().to_owned(), sides)
        });
        many.push(Expected {
            kind: happening.reports[0].kind.clone(),
            articles: told,
            when: happening.when.filter(|_| !happening.dates_differ).and_then(day),
            pinned: happening.pinned,
            on: on.collect(),
        });
    }
    for expected in &reports.happenings {
        assert!(many.contains(expected), "{expected:#?} is not among {many:#?}");
    }
    assert_eq!(many.len(), reports.happenings.len(), "{many:#?}");
}

/// An article, and what is said in it: which utterance, by the first words of its report.
#[derive(Deserialize)]
struct Speech {
    id: String,
    said: BTreeMap<String, String>,
}

#[test]
fn one_utterance_is_met_in_other_outlets() {
    let lines: Vec<Value> = include_str!("data/utterances.jsonl")
        .lines()
        .map(|l| serde_json::from_str(l).expect("an article"))
        .collect();
    let (_folder, made) = made(&lines);
    let mut utterances: Vec<(String, &Reference)> = Vec::new();
    for line in lines {
        let speech: Speech = serde_json::from_value(line).expect("an article");
        for (utterance, words) in &speech.said {
            // Articles of one story have one letter.
            let name = format!("{} {utterance}", &speech.id[..1]);
            utterances.push((name, made.statement(&speech.id, words)));
        }
    }
    let named = |reference: &Reference| {
        utterances.iter().find(|(_, r)| *r == reference).map(|(name, _)| name.as_str())
    };
    let (mut right, mut wrong) = (0, Vec::new());
    for (reference, content) in &made.statements {
        for echo in made.archive.elsewhere(reference, 9).expect("it answers") {
            let (one, other) = (named(reference), named(&echo.statement.reference));
            match one.is_some() && one == other {
                true => right += 1,
                false => wrong.push(format!("{content} / {}", echo.statement.content)),
            }
        }
    }
    let each = |name: &String| utterances.iter().filter(|(n, _)| n == name).count() - 1;
    let all: usize = utterances.iter().map(|(name, _)| each(name)).sum();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // One pair shares next to no stems: « tant que dureraient », « avant la fin ».
    assert_eq!((right, all), (22, 24));
}
