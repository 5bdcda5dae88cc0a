//! What does the command do with archives? From articles to answers, and when it is killed.
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "a test of files and processes")]
#![allow(clippy::print_stderr, reason = "a test says why it is skipped")]

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
    fs::write(path.join("b.jsonl"), "{\"text\": \"Oslo a ").expect("it can be written");
    let run = depeche(path, &["add", "t.depeche", "a.jsonl", "b.jsonl"], b"");
    assert_eq!(run.status.code(), Some(1));
    let errors = fs::read_to_string(path.join("errors.jsonl")).expect("it is there");
    let errors: Vec<Value> = errors
        .lines()
        .map(|l| serde_json::from_str(l).expect("a line is JSON"))
        .collect();
    assert_eq!(errors.len(), 2);
    assert_eq!((&errors[0]["file"], &errors[0]["line"]), (&json!("a.jsonl"), &json!(2)));
    assert_eq!(errors[1]["file"], json!("b.jsonl"));
    assert!(errors[1]["reason"].as_str().is_some_and(|r| !r.is_empty()));

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

/// What a person corrects of events and positions is gold: the shared scorer finds nothing wrong
/// with the record as corrected, and something with what the engine said.
#[test]
fn corrections_are_gold() {
    let folder = folder();
    let path = folder.path();
    let text = "La Russie a accusé lundi l'Ukraine d'avoir bombardé Belgorod. Le président \
        américain a rencontré mardi le Premier ministre israélien à Washington. L'armée \
        israélienne a bombardé Gaza mercredi. La France s'oppose à l'envoi de troupes en \
        Ukraine. L'Allemagne soutient la levée des sanctions contre l'Iran.";
    let article = json!({"id": "g1", "text": text, "date": "2024-05-16"}).to_string();
    fs::write(path.join("a.jsonl"), article).expect("it can be written");
    depeche(path, &["add", "t.depeche", "a.jsonl"], b"");
    let events = lines(&depeche(path, &["events", "t.depeche", "--json"], b""));
    let positions = lines(&depeche(path, &["positions", "t.depeche", "--json"], b""));
    assert!(events.len() >= 3 && positions.len() >= 2, "{events:?} {positions:?}");
    let reference = |item: &Value| item["ref"].as_str().expect("it has one").to_owned();
    let corrections = [
        (reference(&events[0]), vec!["--type", "REQUEST"]),
        (reference(&events[1]), vec!["--factuality", "CT-"]),
        (reference(&events[2]), vec!["--not-an-event"]),
        (reference(&positions[0]), vec!["--stance", "open"]),
        (reference(&positions[1]), vec!["--not-a-position"]),
    ];
    for (reference, to) in &corrections {
        let mut arguments = vec!["correct", "t.depeche", reference.as_str()];
        arguments.extend(to);
        arguments.extend(["--reason", "a test"]);
        let run = depeche(path, &arguments, b"");
        let told = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(0), "{to:?}: {told}");
    }
    // Statements were not corrected, so nothing of theirs is gold.
    assert_eq!(
        lines(&depeche(path, &["corrections", "t.depeche"], b"")),
        [json!(null); 0]
    );
    let export = depeche(path, &["corrections", "t.depeche", "--layer", "articles"], b"");
    let gold = lines(&export);
    assert_eq!(gold.len(), 1);
    assert_eq!(gold[0]["id"], "g1");
    assert_eq!(gold[0]["corrected"].as_array().map(Vec::len), Some(5));
    let of = |list: &str, key: &str| -> Vec<Value> {
        let list = gold[0][list].as_array().expect("it is a list");
        list.iter().map(|item| item[key].clone()).collect()
    };
    assert_eq!(of("events", "type").len(), events.len() - 1);
    assert!(of("events", "type").contains(&json!("REQUEST")));
    assert!(of("events", "factuality").contains(&json!("negated")));
    assert_eq!(of("positions", "stance").len(), positions.len() - 1);
    assert!(of("positions", "stance").contains(&json!("open")));

    let eval = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval");
    if !eval.join("score_articles.py").exists() {
        eprintln!("skipped: the shared scorers are not here ({})", eval.display());
        return;
    }
    fs::write(path.join("gold.jsonl"), &export.stdout).expect("it can be written");
    let hit = reference(&events[1]);
    let article = hit.split(':').next().expect("a reference names its article");
    let corrected = depeche(path, &["show", "t.depeche", article, "--json"], b"");
    let read = depeche(path, &["read", "--json", "a.jsonl"], b"");
    let figures = |records: &Output| -> Value {
        fs::write(path.join("records.jsonl"), &records.stdout).expect("written");
        let python = |script: &str, arguments: &[&str]| {
            let run = Command::new("python3")
                .arg(eval.join(script))
                .args(arguments)
                .current_dir(path)
                .output()
                .expect("python3 runs where the scorers are");
            let told = String::from_utf8_lossy(&run.stderr).into_owned();
            assert!(run.status.success(), "{script}: {told}");
            run.stdout
        };
        let system = python("from_record.py", &["articles", "records.jsonl"]);
        fs::write(path.join("system.jsonl"), system).expect("it can be written");
        let figures =
            python("score_articles.py", &["gold.jsonl", "system.jsonl", "--json"]);
        serde_json::from_slice(&figures).expect("it is JSON")
    };
    let (right, wrong) = (figures(&corrected), figures(&read));
    for (of, measure) in [("type", "F1"), ("position", "F1"), ("factuality", "share")] {
        assert_eq!(right[of][measure], 100.0, "{of} of the record as corrected");
        assert!(wrong[of][measure].as_f64() < Some(100.0), "{of} of the record as read");
    }
}

/// Runs the command where permissions hold: for root they do only without its capabilities.
/// `None` where that cannot be done.
fn obedient(folder: &Path, arguments: &[&str]) -> Option<Output> {
    let probe = folder.join("probe");
    fs::create_dir_all(&probe).expect("it can be made");
    set_mode(&probe, 0o555);
    let obeys = fs::write(probe.join("x"), "x").is_err();
    set_mode(&probe, 0o755);
    if obeys {
        return Some(depeche(folder, arguments, b""));
    }
    let run = Command::new("setpriv")
        .args(["--bounding-set=-dac_override,-dac_read_search", "--"])
        .arg(env!("CARGO_BIN_EXE_depeche"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output();
    if run.is_err() {
        eprintln!("skipped: root may write everywhere, and setpriv is not here");
    }
    run.ok()
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it can be set");
}

/// What may not be written to can be read, and a writer is told so.
#[cfg(unix)]
#[test]
fn permissions_are_respected_and_told() {
    let folder = folder();
    let path = folder.path();
    let place = path.join("locked");
    fs::create_dir(&place).expect("it can be made");
    corpus(path, 12);
    depeche(path, &["add", "locked/t.depeche", "a.jsonl"], b"");
    fs::write(path.join("b.jsonl"), article(99)).expect("it can be written");
    let archive = place.join("t.depeche");
    let before = fs::read(&archive).expect("it can be read");
    for (what, file, inside) in [("a file", 0o444, 0o755), ("a folder", 0o644, 0o555)] {
        set_mode(&archive, file);
        set_mode(&place, inside);
        let read = obedient(path, &["statements", "locked/t.depeche", "--json"]);
        let written = obedient(path, &["add", "locked/t.depeche", "b.jsonl"]);
        set_mode(&place, 0o755);
        set_mode(&archive, 0o644);
        let (Some(read), Some(written)) = (read, written) else { return };
        assert_eq!(
            read.status.code(),
            Some(0),
            "{what} that may not be written to is read"
        );
        assert!(!lines(&read).is_empty(), "{what}");
        let told = String::from_utf8_lossy(&written.stderr).into_owned();
        assert_eq!(written.status.code(), Some(2), "{what}: {told}");
        assert!(told.contains("may not be written to"), "{what}: {told}");
        assert_eq!(fs::read(&archive).expect("it can be read"), before, "{what}");
    }
    assert_eq!(
        depeche(path, &["add", "locked/t.depeche", "b.jsonl"], b"").status.code(),
        Some(0)
    );
}

/// A file may grow no further, as on a full disk: nothing that was acknowledged is lost, and with
/// room the same command goes on.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let folder = folder();
    let path = folder.path();
    corpus(path, 20);
    depeche(path, &["add", "t.depeche", "a.jsonl"], b"");
    let size = fs::metadata(path.join("t.depeche")).expect("it is there").len();
    corpus(path, 700);
    // In the shell's blocks of 512 bytes; the signal of the limit is ignored, so that writing
    // fails, as it does without room.
    let limited = format!(
        "trap '' XFSZ; ulimit -f {}; exec \"$0\" add t.depeche a.jsonl --json -j1",
        size / 512 + 400
    );
    let run = Command::new("sh")
        .args(["-c", &limited, env!("CARGO_BIN_EXE_depeche")])
        .current_dir(path)
        .output()
        .expect("a shell runs");
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(2), "{told}");
    assert!(told.contains("what was acknowledged is safe"), "{told}");
    let archive = Archive::open(&path.join("t.depeche")).expect("it is an archive");
    for line in lines(&run) {
        if let Some(reference) = line["ref"].as_str() {
            archive
                .article(&reference.parse().expect("it is a reference"))
                .expect("what was acknowledged is there");
        }
    }
    assert!(archive.facts().expect("they can be counted").articles >= 20);
    assert_eq!(archive.check().expect("it can be read").faults, Vec::<String>::new());
    drop(archive);
    assert_eq!(
        depeche(path, &["add", "t.depeche", "a.jsonl"], b"").status.code(),
        Some(0)
    );
    let archive = Archive::open(&path.join("t.depeche")).expect("it is an archive");
    assert_eq!(archive.facts().expect("they can be counted").articles, 700);
}

/// A file that was cut, or whose pages were overwritten: said plainly, and what can be read is
/// saved into a new file beside the old one.
#[test]
fn a_damaged_file_is_told_and_repaired() {
    let folder = folder();
    let path = folder.path();
    corpus(path, 200);
    depeche(path, &["add", "whole.depeche", "a.jsonl"], b"");
    let whole = fs::read(path.join("whole.depeche")).expect("it can be read");
    let cut = whole[..whole.len() * 7 / 10].to_vec();
    let mut torn = whole.clone();
    let middle = whole.len() / 2 / 16_384 * 16_384;
    torn[middle..middle + 32_768].fill(0xA5);
    for (what, bytes) in [("cut", cut), ("torn", torn)] {
        let file = format!("{what}.depeche");
        fs::write(path.join(&file), bytes).expect("it can be written");
        let check = depeche(path, &["check", &file], b"");
        let told = [check.stdout, check.stderr].concat();
        let told = String::from_utf8_lossy(&told).into_owned();
        // What cannot even be opened is an error, what can is found faulty.
        let code = check.status.code();
        assert!(matches!(code, Some(1 | 2)), "{what}: {code:?} {told}");
        assert!(told.contains("--repair"), "{what}: {told}");
        if what == "cut" {
            let asked = depeche(path, &["statements", &file], b"");
            let told = String::from_utf8_lossy(&asked.stderr).into_owned();
            assert_eq!(asked.status.code(), Some(2), "{told}");
            assert!(told.contains("is damaged") && told.contains("--repair"), "{told}");
        }
        let repair = depeche(path, &["check", &file, "--repair"], b"");
        let told = String::from_utf8_lossy(&repair.stdout).into_owned()
            + &String::from_utf8_lossy(&repair.stderr);
        assert!(matches!(repair.status.code(), Some(0 | 1)), "{what}: {told}");
        assert!(told.contains("articles saved"), "{what}: {told}");
        assert!(path.join(format!("{file}.damaged")).exists(), "{what}");
        assert_eq!(
            depeche(path, &["check", &file], b"").status.code(),
            Some(0),
            "{what}"
        );
        let saved = Archive::open(&path.join(&file)).expect("it is an archive");
        let saved = saved.facts().expect("they can be counted").articles;
        // Adding again brings back what was lost.
        let again = depeche(path, &["add", &file, "a.jsonl"], b"");
        assert_eq!(again.status.code(), Some(0), "{what}");
        let archive = Archive::open(&path.join(&file)).expect("it is an archive");
        assert_eq!(archive.facts().expect("they can be counted").articles, 200);
        // What a cut leaves depends on which tables lay behind it: perhaps no text at all.
        assert!(what == "cut" || saved > 0, "{what}: something is saved");
    }
}

/// Tables that are derived from texts and records are made anew, with what people decided.
#[test]
fn derived_tables_are_made_anew() {
    let folder = folder();
    let path = folder.path();
    corpus(path, 40);
    depeche(path, &["add", "t.depeche", "a.jsonl"], b"");
    let said =
        || lines(&depeche(path, &["statements", "t.depeche", "--json", "-n99"], b""));
    let first = said()[0]["ref"].as_str().expect("it has one").to_owned();
    let correct =
        ["correct", "t.depeche", &first, "--speaker", "Ana Ruiz", "--reason", "a test"];
    assert_eq!(depeche(path, &correct, b"").status.code(), Some(0));
    let before = said();
    let corrected = before.iter().find(|s| s["ref"] == first.as_str());
    assert_eq!(corrected.expect("it is there")["speakers"], json!(["Ana Ruiz"]));
    let db = rusqlite::Connection::open(path.join("t.depeche")).expect("it is SQLite");
    db.execute_batch("DELETE FROM statement; DELETE FROM said; DELETE FROM band")
        .expect("they can be emptied");
    drop(db);
    let check = depeche(path, &["check", "t.depeche"], b"");
    assert_eq!(check.status.code(), Some(1));
    let told = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(told.contains("0 rows of statement where its record has"), "{told}");
    let repair = depeche(path, &["check", "t.depeche", "--repair"], b"");
    assert_eq!(repair.status.code(), Some(0));
    assert_eq!(said(), before);
}

/// A second writer waits for the first, and both get in.
#[test]
fn a_writer_waits_for_another() {
    let folder = folder();
    let path = folder.path();
    corpus(path, 6);
    depeche(path, &["add", "t.depeche", "a.jsonl"], b"");
    corpus(path, 12);
    let db = rusqlite::Connection::open(path.join("t.depeche")).expect("it is SQLite");
    db.execute_batch("BEGIN IMMEDIATE").expect("nobody else is writing");
    let waiting = thread::spawn(move || {
        thread::sleep(Duration::from_millis(1500));
        db.execute_batch("ROLLBACK").expect("it can be given up");
    });
    let run = depeche(path, &["add", "t.depeche", "a.jsonl"], b"");
    assert!(waiting.is_finished(), "it waited");
    waiting.join().expect("it ends");
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let archive = Archive::open(&path.join("t.depeche")).expect("it is an archive");
    assert_eq!(archive.facts().expect("they can be counted").articles, 12);
}
