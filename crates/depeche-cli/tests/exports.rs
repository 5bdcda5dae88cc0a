//! What does the command write into folders, draw for people, and say of gold?
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "a test of files and processes")]
#![allow(clippy::print_stderr, reason = "what was skipped is said aloud")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn depeche(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_depeche"));
    command.args(arguments).current_dir(folder).output().expect("the command starts")
}

fn demo() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../articles/demo.jsonl")
        .display()
        .to_string()
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder can be made")
}

fn package(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("datapackage.json")).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

fn rows(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).expect("it is there");
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn reading_into_tables_is_the_same_on_any_number_of_threads() {
    let folder = folder();
    let path = folder.path();
    for threads in ["1", "2"] {
        let out = format!("tables{threads}");
        let run = depeche(path, &["read", &demo(), "-o", &out, "-j", threads]);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
    assert_eq!(package(&path.join("tables1")), package(&path.join("tables2")));
    let again = depeche(path, &["read", &demo(), "-o", "tables1"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("not empty"));
}

#[test]
fn an_archive_is_exported_with_copies_marked_and_corrections() {
    let folder = folder();
    let path = folder.path();
    assert!(depeche(path, &["add", "t.depeche", &demo()]).status.success());
    let run = depeche(path, &["export", "t.depeche", "-o", "all", "--to", "jsonl"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = fs::read_to_string(path.join("all/records.jsonl")).expect("it is there");
    let lines: Vec<Value> =
        text.lines().map(|l| serde_json::from_str(l).expect("a line is JSON")).collect();
    let copies: Vec<&Value> = lines.iter().filter(|l| l["is_copy"] == true).collect();
    assert_eq!(copies.len(), 1);
    let head = lines.iter().find(|l| l["ref"] == copies[0]["dispatch_id"]);
    assert!(
        head.is_some() && !copies[0]["repeated"].as_array().expect("a list").is_empty()
    );

    let first =
        &lines.iter().find(|l| !l["events"].as_array().expect("a list").is_empty());
    let first = first.expect("some article tells an event");
    let mention = &first["events"][0]["mentions"][0];
    let reference = format!(
        "{}:{}-{}",
        first["ref"].as_str().expect("a text"),
        mention["start"],
        mention["end"]
    );
    let correct =
        ["correct", "t.depeche", &reference, "--not-an-event", "--reason", "test"];
    let run = depeche(path, &correct);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(depeche(path, &["export", "t.depeche", "-o", "after"]).status.success());
    let events =
        |name: &str| package(&path.join(name))["depeche"]["counts"]["events"].as_u64();
    assert_eq!(events("after").map(|n| n + 1), events("all"));
}

#[test]
fn a_filtered_export_has_what_the_answers_have() {
    let folder = folder();
    let path = folder.path();
    assert!(depeche(path, &["add", "t.depeche", &demo()]).status.success());
    let filter = ["--who", "RUS", "--since", "2022"];
    let counts = |name: &str| package(&path.join(name))["depeche"]["counts"].clone();
    let export =
        [&["export", "t.depeche", "-o", "rus", "--to", "csv"][..], &filter].concat();
    assert!(depeche(path, &export).status.success());
    for layer in ["statements", "events", "positions"] {
        let ask = [&[layer, "t.depeche", "--json", "-n", "5000"][..], &filter].concat();
        let answer = String::from_utf8_lossy(&depeche(path, &ask).stdout).into_owned();
        let hits = match layer {
            "positions" => continue,
            _ => answer.lines().count() as u64,
        };
        assert_eq!(counts("rus")[layer].as_u64(), Some(hits), "{layer}");
    }
}

#[test]
fn a_sample_is_the_same_for_the_same_seed() {
    let folder = folder();
    let path = folder.path();
    let records = depeche(path, &["read", "--json", &demo()]).stdout;
    fs::write(path.join("r.jsonl"), &records).expect("it can be written");
    let text = String::from_utf8_lossy(&records).into_owned();
    let backwards: Vec<&str> = text.lines().rev().collect();
    fs::write(path.join("b.jsonl"), backwards.join("\n")).expect("it can be written");
    let sample = |from: &str, seed: &str, out: &str| {
        let draw = ["sample", from, "-n", "20", "--stratify", "type,outlet"];
        let run = depeche(path, &[&draw[..], &["--seed", seed, "-o", out]].concat());
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        rows(&path.join(out))
    };
    let one = sample("r.jsonl", "1", "1.csv");
    assert_eq!(one.len(), 20);
    assert_eq!(sample("b.jsonl", "1", "2.csv"), one);
    assert_ne!(sample("r.jsonl", "2", "3.csv"), one);
}

/// The shared gold and its scorers, where they are.
fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let there = folder.join("eval/from_record.py").is_file();
    let python = Command::new("python3").arg("--version").output().is_ok();
    if !(there && python) {
        eprintln!("SKIPPED: the shared scorers or python3 are not there");
    }
    (there && python).then_some(folder)
}

#[test]
fn evaluation_agrees_with_the_shared_scorers() {
    let Some(shared) = shared() else { return };
    let folder = folder();
    let path = folder.path();
    let sets = [
        ("statements", "gold/articles/wikinews_fr.statements.jsonl", &[][..]),
        ("times", "gold/articles/wikinews_fr.times.jsonl", &["--edge", "--dur"]),
        ("events", "gold/events/fr_gsr.dev.jsonl", &[]),
        ("events", "seed/events.sentences.gold.jsonl", &[]),
    ];
    for (layer, gold, options) in sets {
        let gold = shared.join(gold).display().to_string();
        let records = depeche(path, &["read", "--json", &gold]).stdout;
        fs::write(path.join("r.jsonl"), records).expect("it can be written");
        let run = depeche(path, &["evaluate", "r.jsonl", "--gold", &gold, "--json"]);
        let ours: Value = serde_json::from_slice(&run.stdout).expect("it is JSON");
        let python = |script: &str, arguments: &[&str]| {
            let run = Command::new("python3")
                .arg(shared.join("eval").join(script))
                .args(arguments)
                .current_dir(path)
                .output()
                .expect("Python starts");
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            run.stdout
        };
        let system = python("from_record.py", &[layer, "r.jsonl"]);
        fs::write(path.join("s.jsonl"), system).expect("it can be written");
        let arguments = [&[gold.as_str(), "s.jsonl", "--json"][..], options].concat();
        let theirs = python(&format!("score_{layer}.py"), &arguments);
        let theirs: Value = serde_json::from_slice(&theirs).expect("it is JSON");
        let mut compared = 0;
        for measure in ours["measures"].as_array().expect("a list") {
            let name = measure["measure"].as_str().expect("a name");
            let other = match name {
                "type" if layer == "times" => &theirs["typeF1"],
                "value" => &theirs["valueF1"],
                "strict and value" => &theirs["strictValueF1"],
                "strict" => &theirs["strictF1"],
                "relaxed" => &theirs["relaxedF1"],
                "speaker" => &theirs[name]["acc"],
                "factuality" => &theirs["factuality_accuracy"],
                "source span" => &theirs["span_s"]["F1"],
                "target span" => &theirs["span_t"]["F1"],
                "trigger" => &theirs["trig"]["F1"],
                _ if layer == "events" => &theirs[name]["F1"],
                _ => &theirs[name]["f"],
            };
            let (mine, other) = (measure["f1"].as_f64(), other.as_f64());
            let difference = mine.unwrap_or(9.0) - other.unwrap_or(-9.0);
            assert!(difference.abs() < 1e-4, "{gold} {name}: {mine:?} and {other:?}");
            compared += 1;
        }
        assert!(compared >= 5, "{gold}");
    }
}
