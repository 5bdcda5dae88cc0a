//! What does the command do with archives? From articles to answers, and when it is killed.
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "a test of files and processes")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use depeche_archive::Archive;
use serde_json::{Value, json};
use tempfile::TempDir;

fn depeche(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_depeche"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    let _ = pipe.write_all(input);
    drop(pipe);
    child.wait_with_output().expect("it ends")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect()
}

/// Articles of our own making, each of other words.
fn article(n: usize) -> String {
    const TOWNS: [&str; 5] = ["Brest", "Gdansk", "Cadix", "Bergen", "Trieste"];
    const GOODS: [&str; 7] =
        ["le bois", "le sel", "la laine", "le blé", "le fer", "le thé", "l'étain"];
    let (town, goods) = (TOWNS[n % 5], GOODS[n % 7]);
    let text = format!(
        "Le port de {town} n° {n} fermera {} jours, a annoncé le maire. « Nous perdons {n} \
         navires », a-t-il dit mardi. {goods} partira par la rade {}, selon la capitainerie.",
        n % 9 + 2,
        n * 7
    );
    let day = format!("2024-{:02}-{:02}", n % 12 + 1, n % 28 + 1);
    json!({"id": n, "text": text, "date": day, "outlet": town}).to_string()
}

fn corpus(folder: &Path, count: usize) {
    let lines: Vec<String> = (0..count).map(article).collect();
    fs::write(folder.join("a.jsonl"), lines.join("\n")).expect("it can be written");
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder can be made")
}

#[test]
fn bad_articles_are_told_and_the_run_goes_on() {
    let folder = folder();
    let path = folder.path();
    let text = format!("{}\n{{\"text\": [3]}}\n{}\n", article(1), article(2));
    fs::write(path.join("a.jsonl"), text).expect("it can be written");
    fs::write(path.join("b.txt"), b"Moscou a r\xe9pondu.").expect("it can be written");
    let run = depeche(path, &["add", "t.depeche", "a.jsonl", "b.txt"], b"");
    assert_eq!(run.status.code(), Some(1));
    let errors = fs::read_to_string(path.join("errors.jsonl")).expect("it is there");
    let errors: Vec<Value> = errors
        .lines()
        .map(|l| serde_json::from_str(l).expect("a line is JSON"))
        .collect();
    assert_eq!(errors.len(), 2);
    assert_eq!((&errors[0]["file"], &errors[0]["line"]), (&json!("a.jsonl"), &json!(2)));
    assert!(errors[1]["reason"].as_str().is_some_and(|r| r.contains("not UTF-8")));

    // What was there is known, whichever way it comes.
    let again =
        depeche(path, &["add", "t.depeche", "--json"], (article(1) + "\n").as_bytes());
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(lines(&again)[0]["state"], "known");
    // One file, and nothing beside it.
    assert!(!path.join("t.depeche-wal").exists());
}

#[test]
fn an_answer_leads_to_its_evidence() {
    let folder = folder();
    let path = folder.path();
    corpus(path, 30);
    assert_eq!(
        depeche(path, &["add", "t.depeche", "a.jsonl"], b"").status.code(),
        Some(0)
    );
    let said =
        lines(&depeche(path, &["statements", "t.depeche", "navires", "--json"], b""));
    assert!(!said.is_empty());
    for hit in &said {
        let reference = hit["ref"].as_str().expect("it has one");
        let shown = depeche(path, &["show", "t.depeche", reference], b"");
        let text = String::from_utf8_lossy(&shown.stdout).into_owned();
        let content = hit["content"].as_str().expect("it has words");
        assert!(text.contains(content), "{content} in {text}");
    }
    // A record comes out of the archive as `read` writes it.
    let read = depeche(path, &["read", "--json", "a.jsonl"], b"");
    let mut kept = BTreeMap::new();
    Archive::open(&path.join("t.depeche"))
        .expect("it is an archive")
        .each_record(|_, record| {
            let json = serde_json::to_string(&record).expect("it is plain data");
            kept.insert(record.article.key.unwrap_or_default(), json);
            true
        })
        .expect("they can be read");
    for line in String::from_utf8_lossy(&read.stdout).lines() {
        let record: Value = serde_json::from_str(line).expect("a line is a record");
        let key = record["article"]["key"].as_str().expect("it has a key");
        assert_eq!(kept[key], line);
    }
    assert_eq!(kept.len(), 30);
    // The present engine changes nothing, and the archive is whole.
    let fresh = depeche(path, &["refresh", "t.depeche"], b"");
    assert!(String::from_utf8_lossy(&fresh.stdout).contains(" 0 changed"));
    assert_eq!(depeche(path, &["check", "t.depeche"], b"").status.code(), Some(0));
}

#[test]
fn what_cannot_be_asked_is_said_plainly() {
    const CASES: &[(&[&str], &str)] = &[
        (&["statements", "none.depeche"], "there is no such archive"),
        (&["search", "t.depeche"], "write words to look for"),
        (&["statements", "t.depeche", "--who", "Personne"], "nobody in this archive"),
        (&["statements", "t.depeche", "--since", "hier"], "no date in EDTF"),
        (
            &["statements", "t.depeche", "--type", "nonsense"],
            "nothing in this archive is of type",
        ),
        (&["show", "t.depeche", "ffffffffffff"], "no article of the archive"),
        (&["show", "t.depeche", "zzz"], "is no reference"),
        (&["add", "a.jsonl", "a.jsonl"], "no archive of depeche"),
        (&["add", "nowhere/t.depeche", "a.jsonl"], "cannot be opened"),
        (
            &["actors", "undo", "t.depeche", "7", "--reason", "x"],
            "there is no decision 7",
        ),
        (
            &["correct", "t.depeche", "abcd:0-3", "--type", "X", "--reason", "x"],
            "no type of PLOVER",
        ),
    ];
    let folder = folder();
    corpus(folder.path(), 3);
    depeche(folder.path(), &["add", "t.depeche", "a.jsonl"], b"");
    for (arguments, says) in CASES {
        let run = depeche(folder.path(), arguments, b"");
        let told = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(told.contains(says), "{arguments:?}: {told}");
        assert_eq!(run.status.code(), Some(2), "{arguments:?}");
    }
}

/// A run is killed again and again, at moments of chance; what it acknowledged is there, the
/// archive is whole, and in the end everything is in. `DEPECHE_KILLS=200` makes it a long test.
#[test]
fn a_killed_run_loses_nothing_that_it_acknowledged() {
    let kills: u64 =
        std::env::var("DEPECHE_KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(4);
    let folder = folder();
    let path = folder.path();
    let count = 400 + 40 * usize::try_from(kills).expect("a small number");
    corpus(path, count);
    let mut acknowledged = Vec::new();
    let mut chance = 88_172_645_463_325_252_u64;
    for kill in 0..kills {
        let mut child = Command::new(env!("CARGO_BIN_EXE_depeche"))
            .args(["add", "t.depeche", "a.jsonl", "--json", "-j1"])
            .current_dir(path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command starts");
        let out = child.stdout.take().expect("it is piped");
        let reading = thread::spawn(move || {
            let lines = BufReader::new(out).lines().map_while(Result::ok);
            lines
                .filter_map(|l| serde_json::from_str::<Value>(&l).ok())
                .collect::<Vec<_>>()
        });
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        thread::sleep(Duration::from_millis(60 + chance % 900));
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        for line in reading.join().expect("it was read") {
            acknowledged.extend(line["ref"].as_str().map(str::to_owned));
        }
        if acknowledged.is_empty() {
            continue;
        }
        let archive = Archive::open(&path.join("t.depeche")).expect("it is an archive");
        for reference in &acknowledged {
            let reference = reference.parse().expect("it is a reference");
            archive.article(&reference).unwrap_or_else(|e| panic!("kill {kill}: {e}"));
        }
        if kill % 10 == 0 {
            let check = archive.check().expect("it can be read");
            assert_eq!(check.faults, Vec::<String>::new(), "kill {kill}");
        }
    }
    let end = depeche(path, &["add", "t.depeche", "a.jsonl"], b"");
    assert_eq!(end.status.code(), Some(0));
    let archive = Archive::open(&path.join("t.depeche")).expect("it is an archive");
    assert_eq!(archive.facts().expect("they can be counted").articles, count as u64);
    assert!(archive.check().expect("it can be read").faults.is_empty());
}

/// Two runs at once take turns: each article is in once.
#[test]
fn two_writers_take_turns() {
    let folder = folder();
    let path = folder.path();
    corpus(path, 120);
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_depeche"))
            .args(["add", "t.depeche", "a.jsonl", "--json"])
            .current_dir(path)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts")
    };
    let both = [start(), start()];
    for mut child in both {
        let mut told = String::new();
        child
            .stderr
            .take()
            .expect("it is piped")
            .read_to_string(&mut told)
            .expect("it is text");
        let mut out = String::new();
        child
            .stdout
            .take()
            .expect("it is piped")
            .read_to_string(&mut out)
            .expect("it is text");
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{told}");
    }
    let archive = Archive::open(&path.join("t.depeche")).expect("it is an archive");
    assert_eq!(archive.facts().expect("they can be counted").articles, 120);
    assert!(archive.check().expect("it can be read").faults.is_empty());
}
