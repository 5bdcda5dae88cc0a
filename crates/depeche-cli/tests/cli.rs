//! What does the command do with what it is given? Cases as data: arguments, input, and what
//! comes back.
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "a test of files")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

const ARTICLE: &str =
    "La Norvège va fermer deux ports, a annoncé mardi le Premier ministre.\n";

/// Files that the cases read.
const FILES: &[(&str, &[u8])] = &[
    ("article.txt", ARTICLE.as_bytes()),
    ("second.txt", "« Rien n'est signé », a dit Oslo.\n".as_bytes()),
    ("dated.txt", "date 2024-03\nLe maire partira mardi.\n".as_bytes()),
    ("latin1.txt", b"Moscou a r\xe9pondu.\n"),
    ("empty.txt", b""),
    ("nul.txt", b"\0\0\0"),
    ("bom.txt", b"\xef\xbb\xbfLe maire est parti."),
    (
        "three.jsonl",
        b"{\"id\": \"one\", \"text\": \"Le maire est parti.\"}\n\
          {\"id\": \"two\", \"text\": \n\
          \n\
          {\"id\": \"three\", \"text\": \"Elle a dit oui.\", \"date\": \"2023-01-05\"}\n",
    ),
    ("latin1.jsonl", b"{\"text\": \"Le maire.\"}\n{\"text\": \"r\xe9pondu\"}\n"),
    ("folder/b.txt", b"Le maire est parti."),
    ("folder/a.txt", b"La ville est vide."),
    ("folder/notes.md", b"no article"),
    ("scan.pdf", b"%PDF-1.7 \x00\xff"),
    (
        "wire.nitf",
        b"<nitf><head><docdata><du-key key='PORTS'/></docdata></head><body><body.head><byline>Par \
          Paul Aubert</byline></body.head><body.content><p>Le maire est parti.</p></body.content>\
          </body></nitf>",
    ),
    (
        "flux.rss",
        b"<rss version='2.0'><channel><item><description>Le maire est parti.</description></item>\
          <item><title>Rien</title></item></channel></rss>",
    ),
    ("page.html", b"<!DOCTYPE html><html lang=fr><h1>Ports</h1><p>Oslo va fermer deux ports."),
];

fn files() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, bytes) in FILES {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("made");
        fs::write(path, bytes).expect("it can be written");
    }
    folder
}

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
    // One that reads no input may have ended before it gets any.
    let _ = pipe.write_all(input);
    drop(pipe);
    child.wait_with_output().expect("it ends")
}

fn records(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("records are UTF-8");
    text.lines().map(|l| serde_json::from_str(l).expect("a line is a record")).collect()
}

struct Case {
    arguments: &'static [&'static str],
    input: &'static [u8],
    code: i32,
    /// How many lines come out.
    lines: usize,
    /// What is said on stderr, all of it somewhere.
    says: &'static [&'static str],
}

const READS: &[Case] = &[
    Case {
        arguments: &["read", "article.txt"],
        input: b"",
        code: 0,
        lines: 1,
        says: &[],
    },
    Case {
        arguments: &["read", "-"],
        input: ARTICLE.as_bytes(),
        code: 0,
        lines: 1,
        says: &[],
    },
    Case {
        arguments: &["read"],
        input: ARTICLE.as_bytes(),
        code: 0,
        lines: 1,
        says: &[],
    },
    Case { arguments: &["read"], input: b"", code: 0, lines: 1, says: &[] },
    Case {
        arguments: &["read"],
        input: b"{\"text\": \"Le maire.\"}\n",
        code: 0,
        lines: 1,
        says: &[],
    },
    Case { arguments: &["read", "empty.txt"], input: b"", code: 0, lines: 1, says: &[] },
    Case { arguments: &["read", "nul.txt"], input: b"", code: 0, lines: 1, says: &[] },
    Case { arguments: &["read", "bom.txt"], input: b"", code: 0, lines: 1, says: &[] },
    Case { arguments: &["read", "folder"], input: b"", code: 0, lines: 2, says: &[] },
    Case {
        arguments: &["read", "latin1.txt", "article.txt"],
        input: b"",
        code: 0,
        lines: 2,
        says: &[],
    },
    Case {
        arguments: &["read", "wire.nitf", "flux.rss", "page.html"],
        input: b"",
        code: 1,
        lines: 3,
        says: &["flux.rss#2: the feed gives no text of this item"],
    },
    Case {
        arguments: &["read", "scan.pdf", "article.txt"],
        input: b"",
        code: 1,
        lines: 1,
        says: &["scan.pdf: a PDF; take its text out first"],
    },
    Case {
        arguments: &["read", "--format", "csv", "article.txt"],
        input: b"",
        code: 1,
        lines: 0,
        says: &["article.txt: no column of text among"],
    },
    Case {
        arguments: &["read", "--format", "docx", "article.txt"],
        input: b"",
        code: 2,
        lines: 0,
        says: &["docx", "newsml"],
    },
    Case {
        arguments: &["read", "missing.txt", "article.txt"],
        input: b"",
        code: 1,
        lines: 1,
        says: &["missing.txt: No such file"],
    },
    Case {
        arguments: &["read", "three.jsonl"],
        input: b"",
        code: 1,
        lines: 2,
        says: &["three.jsonl:2: no JSON at column", "2 articles read, 1 with problems"],
    },
    Case {
        arguments: &["read", "latin1.jsonl"],
        input: b"",
        code: 1,
        lines: 1,
        says: &["latin1.jsonl:2: not UTF-8 at byte 33 of the file"],
    },
    Case {
        arguments: &["read", "--lang", "xx", "article.txt"],
        input: b"",
        code: 1,
        lines: 1,
        says: &["looks like `xx`"],
    },
    Case {
        arguments: &["read", "--rules", "nowhere", "article.txt"],
        input: b"",
        code: 2,
        lines: 0,
        says: &["error:", "nowhere"],
    },
    Case {
        arguments: &["read", "--threads", "0"],
        input: b"",
        code: 2,
        lines: 0,
        says: &["0"],
    },
    Case { arguments: &["red"], input: b"", code: 2, lines: 0, says: &["red"] },
    Case {
        arguments: &["explain", "article.txt", "--find", "Suède"],
        input: b"",
        code: 2,
        lines: 0,
        says: &["article.txt: « Suède » does not occur in it"],
    },
];

#[test]
fn the_exit_code_says_how_it_went_and_stderr_says_why() {
    let folder = files();
    for case in READS {
        let output = depeche(folder.path(), case.arguments, case.input);
        let said = String::from_utf8_lossy(&output.stderr);
        let what = format!("depeche {}\n{said}", case.arguments.join(" "));
        assert_eq!(output.status.code(), Some(case.code), "{what}");
        assert_eq!(records(&output).len(), case.lines, "{what}");
        for words in case.says {
            assert!(said.contains(words), "`{words}` is not said: {what}");
        }
        assert!(!case.says.is_empty() || said.is_empty(), "{what}");
    }
}

#[test]
fn what_an_input_says_reaches_the_record() {
    let folder = files();
    let record = |arguments: &[&str]| {
        let output = depeche(folder.path(), arguments, b"");
        records(&output).swap_remove(0)
    };
    let wire = record(&["read", "wire.nitf"]);
    assert_eq!(wire["article"]["byline"], "Par Paul Aubert");
    assert_eq!(wire["article"]["wire"], serde_json::json!({"slug": "PORTS"}));
    let codes = |record: &Value| -> Vec<String> {
        let warnings = record["warnings"].as_array().expect("a list");
        warnings.iter().filter_map(|w| Some(w["code"].as_str()?.to_owned())).collect()
    };
    assert_eq!(
        codes(&record(&["read", "flux.rss"])),
        ["no-publication-date", "input-summary-only"]
    );
    assert_eq!(
        codes(&record(&["read", "latin1.txt"])),
        ["no-publication-date", "input-encoding"]
    );
    let plain = record(&["read", "article.txt"]);
    assert!(
        plain["article"].get("wire").is_none()
            && plain["article"].get("byline").is_none()
    );
}

#[test]
fn records_come_in_the_order_of_their_articles() {
    let folder = files();
    let lines: String = (0..60)
        .map(|n| {
            format!("{{\"id\": {n}, \"text\": \"{ARTICLE}\"}}\n").replace(".\n\"", ".\"")
        })
        .collect();
    let output = depeche(folder.path(), &["read", "-j", "8"], lines.as_bytes());
    let keys: Vec<String> = records(&output)
        .iter()
        .map(|r| r["article"]["key"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(keys, (0..60).map(|n| n.to_string()).collect::<Vec<_>>());
    let output = depeche(folder.path(), &["read", "folder"], b"");
    let texts: Vec<Value> =
        records(&output).iter().map(|r| r["article"]["text"].clone()).collect();
    assert_eq!(texts, ["La ville est vide.", "Le maire est parti."]);
}

#[test]
fn a_record_is_there_before_the_next_article_comes() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_depeche"))
        .args(["read", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    let out = BufReader::new(child.stdout.take().expect("it is piped"));
    let (send, receive) = mpsc::channel();
    thread::spawn(move || out.lines().for_each(|line| drop(send.send(line))));
    for text in ["Le maire est parti.", "Elle a dit oui."] {
        writeln!(pipe, "{}", json!({"text": text})).expect("it reads");
        let line = receive.recv_timeout(Duration::from_secs(60));
        let line = line.expect("it does not wait for more").expect("it can be read");
        let record: Value = serde_json::from_str(&line).expect("a line is a record");
        assert_eq!(record["article"]["text"], text);
    }
    drop(pipe);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn one_thread_and_eight_give_the_same_bytes() {
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../articles");
    let read = |threads: &str| {
        let output = depeche(&articles, &["read", "--json", "-j", threads, "."], b"");
        assert!(output.status.success());
        output.stdout
    };
    let one = read("1");
    assert!(one.len() > 100_000);
    assert!(one == read("8"), "the records differ");
}

#[test]
fn the_date_of_a_line_goes_before_the_flag_and_the_flag_before_the_text() {
    let folder = files();
    let published = |arguments: &[&str]| {
        let output = depeche(folder.path(), arguments, b"");
        let records = records(&output);
        let last = records.last().expect("there is a record");
        last["article"]["published"].as_str().map(str::to_owned)
    };
    assert_eq!(published(&["read", "dated.txt"]).as_deref(), Some("2024-03"));
    let flag = &["read", "dated.txt", "--date", "2025-02-18"];
    assert_eq!(published(flag).as_deref(), Some("2025-02-18"));
    let line = &["read", "three.jsonl", "--date", "2025-02-18"];
    assert_eq!(published(line).as_deref(), Some("2023-01-05"));
    assert_eq!(published(&["read", "article.txt"]), None);
}

#[test]
fn what_is_too_long_is_refused_with_file_and_byte() {
    let folder = files();
    fs::write(folder.path().join("long.txt"), vec![b'a'; 50_000_000]).expect("written");
    let output = depeche(folder.path(), &["read", "long.txt", "article.txt"], b"");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("long.txt: too long: 50000000 bytes"), "{said}");
    assert!(said.contains("at byte 16777216"), "{said}");
    assert_eq!(records(&output).len(), 1);
}

/// The examples of every help text run, on files of this test.
#[test]
fn the_examples_of_the_help_run() {
    let folder = files();
    let path = folder.path();
    fs::write(path.join("article.txt"), "Il a déclaré qu'il partait.").expect("written");
    let dispatch = format!("{}« Oui », a déclaré Jean Valmi.", ARTICLE.repeat(8));
    fs::write(path.join("dispatch.txt"), dispatch).expect("written");
    let line = format!(
        "{{\"id\": \"2025-02-18-7\", \"text\": \"{}\"}}\n",
        ARTICLE.trim_end().repeat(3)
    );
    fs::write(path.join("articles.jsonl"), &line).expect("written");
    fs::create_dir_all(path.join("corpus")).expect("made");
    fs::write(path.join("corpus/a.jsonl"), &line).expect("written");
    let mut seen = 0;
    for command in ["", "read", "explain"] {
        let arguments: Vec<&str> =
            [command, "--help"].into_iter().filter(|a| !a.is_empty()).collect();
        let help = depeche(path, &arguments, b"");
        assert!(help.status.success());
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        let examples = help.split("Examples:").nth(1).expect("the help has examples");
        for example in examples.lines() {
            // What follows the command on the line is a pipe, or says what it does.
            let example = example.trim().split(['|', '>']).next().unwrap_or_default();
            let Some(example) = example.trim().strip_prefix("depeche ") else { continue };
            let example = example.split("   ").next().unwrap_or_default();
            let arguments = split(example, path);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let output = depeche(path, &arguments, b"");
            assert!(
                output.status.success(),
                "depeche {example}\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen} examples");
}

/// The words of a command line, as a shell would take them apart.
fn split(line: &str, folder: &Path) -> Vec<String> {
    let mut words = Vec::new();
    for (n, part) in line.split('\'').enumerate() {
        if n % 2 == 1 {
            words.push(part.to_owned());
            continue;
        }
        for word in part.split_whitespace() {
            match word.strip_suffix("/*.jsonl") {
                Some(inside) => {
                    let files = fs::read_dir(folder.join(inside)).expect("it is there");
                    words.extend(
                        files.map(|f| f.expect("a file").path().display().to_string()),
                    );
                }
                None => words.push(word.to_owned()),
            }
        }
    }
    words
}
