//! Does the command serve an archive, answer one path, and describe its API?
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "a test of processes")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn depeche(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_depeche"));
    command.args(arguments).current_dir(folder).output().expect("the command runs")
}

fn made() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let text = "« Le port restera fermé trois semaines », a annoncé lundi Zoé Kerbrat.";
    fs::write(folder.path().join("a.txt"), text).expect("it can be written");
    let added =
        depeche(folder.path(), &["add", "a.depeche", "a.txt", "--date", "2025-02-18"]);
    assert!(added.status.success());
    folder
}

#[test]
fn one_path_is_answered_without_a_server() {
    let folder = made();
    let answer = depeche(folder.path(), &["--get", "/v1/statements.ndjson", "a.depeche"]);
    let line: Value = serde_json::from_slice(&answer.stdout).expect("it is JSON");
    assert_eq!(line["content"], "Le port restera fermé trois semaines");
    let none = depeche(folder.path(), &["--get", "/v1/nothing", "a.depeche"]);
    assert_eq!(none.status.code(), Some(2));
    let api = depeche(folder.path(), &["openapi"]);
    let api: Value = serde_json::from_slice(&api.stdout).expect("it is JSON");
    assert_eq!(api["info"]["title"], "depeche");
}

#[test]
fn an_archive_alone_is_served() {
    let folder = made();
    let mut server = Command::new(env!("CARGO_BIN_EXE_depeche"))
        .args(["a.depeche", "--port", "0", "--quiet"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut address = String::new();
    let out = server.stdout.take().expect("it is piped");
    BufReader::new(out).read_line(&mut address).expect("it says where");
    let host =
        address.trim().strip_prefix("http://").expect("it is an address").to_owned();
    let mut stream = TcpStream::connect(&host).expect("it listens");
    let request = format!(
        "GET /v1/actors.csv HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("Zoé Kerbrat"),
        "{answer}"
    );
    server.kill().expect("it can be ended");
    server.wait().expect("it ends");
    let open = depeche(folder.path(), &["serve", "a.depeche", "--host", "0.0.0.0"]);
    assert_eq!(open.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&open.stderr).contains("--token"));
}

/// Runs schemathesis where it is installed (`SCHEMATHESIS` names its command).
#[test]
fn answers_agree_with_the_description() {
    let Ok(st) = std::env::var("SCHEMATHESIS") else {
        eprintln!("SKIPPED: schemathesis is not here; SCHEMATHESIS=venv/bin/st runs it");
        return;
    };
    let folder = made();
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/schemathesis.sh");
    let archive = folder.path().join("a.depeche");
    let run = Command::new(script)
        .args([&st, env!("CARGO_BIN_EXE_depeche")])
        .arg(archive)
        .output()
        .expect("the script runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}
