//! Do the pages work in a browser? Drives a real one, where there is one.
//!
//! Needed are `node`, `npm` and Chromium (`apt-get install nodejs npm chromium`), and npm's
//! registry the first time; where they are missing, the test says so and passes. With
//! `DEPECHE_SCREENS=docs/screens` it writes a picture of each screen there.
#![allow(
    clippy::disallowed_methods,
    reason = "a test has files, an environment and a clock"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::channel;

use depeche::{Document, Languages, Meta, Reader};
use depeche_archive::{Archive, Writer};
use depeche_web::Options;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");

/// Says why nothing was tried, whether or not the harness keeps what tests print.
fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: the pages in a browser: {why}");
}

fn in_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let all: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|n| all.iter().map(move |p| p.join(n))).find(|p| p.is_file())
}

/// The folder with the packages that drive the browser, installed when it is not there yet.
fn modules(npm: &Path) -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    let lock = std::fs::read(Path::new(SCRIPTS).join("package-lock.json")).ok()?;
    let stamp = target.join("installed");
    if std::fs::read(&stamp).is_ok_and(|known| known == lock) {
        return Some(target.join("node_modules"));
    }
    std::fs::create_dir_all(&target).ok()?;
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(Path::new(SCRIPTS).join(file), target.join(file)).ok()?;
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    let installed = Command::new(npm).args(arguments).current_dir(&target).status();
    if !installed.is_ok_and(|s| s.success()) {
        return None;
    }
    std::fs::write(stamp, lock).ok()?;
    Some(target.join("node_modules"))
}

/// The articles of the project's own demonstration, as an archive.
fn archive(path: &Path, languages: &'static Languages) {
    let lines = std::fs::read_to_string(Path::new(ROOT).join("articles/demo.jsonl"))
        .expect("the articles are in the repository");
    let mut reader = Reader::new(languages);
    let mut writer = Writer::open(path).expect("the folder can be written");
    let packer = writer.packer();
    let prepared = lines.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
        let text = |key: &str| line[key].as_str().map(str::to_owned);
        let meta = Meta {
            key: text("id"),
            title: text("title"),
            published: text("date"),
            outlet: text("outlet"),
            url: text("url"),
            lang: text("lang"),
            ..Meta::default()
        };
        let document = Document::new(text("text").unwrap_or_default(), meta);
        packer.prepare(reader.read(&document.expect("it is an article")))
    });
    let prepared = prepared.collect();
    writer.commit(prepared).expect("it can be written");
    writer.finish().expect("it can be written");
}

/// Every article read again, as `depeche refresh` does.
fn refresh(path: &Path, languages: &'static Languages) {
    let mut documents = Vec::new();
    let archive = Archive::open(path).expect("it is an archive");
    let each = archive.each_record(|_, record| {
        let a = record.article;
        let meta = Meta {
            key: a.key,
            title: a.title,
            published: a.published,
            outlet: a.outlet,
            url: a.url,
            rights: a.rights,
            lang: Some(a.lang),
            ..Meta::default()
        };
        documents.push(Document::new(a.text, meta).expect("it was an article"));
        true
    });
    each.expect("it can be read");
    let mut reader = Reader::new(languages).with_options("read again");
    let mut writer = Writer::open(path).expect("it can be written");
    let packer = writer.packer();
    for document in &documents {
        let article = packer.prepare(reader.read(document));
        writer.reread(&article).expect("it can be written");
    }
    writer.finish().expect("it can be written");
}

#[test]
fn pages_work_in_a_browser() {
    let chromium = in_path(&["chromium", "chromium-browser", "google-chrome", "chrome"]);
    let tools = (in_path(&["node"]), in_path(&["npm"]), chromium);
    let (Some(node), Some(npm), Some(chromium)) = tools else {
        return skipped("node, npm or chromium is not installed");
    };
    let Some(modules) = modules(&npm) else {
        return skipped("npm could not install the packages that drive it");
    };
    let languages: &'static Languages = Box::leak(Box::new(Languages::shipped()));
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("demo.depeche");
    archive(&path, languages);
    let clock = || "2026-01-15T09:30:00Z".to_owned();
    let mut options = Options::new(languages, Arc::new(clock));
    options.archive = Some(path.clone());
    options.port = 0;
    let (tell, address) = channel();
    // It ends with the test.
    std::thread::spawn(move || {
        depeche_web::serve(options, |address| {
            let _ = tell.send(address);
        })
    });
    let address = address.recv().expect("the server listens");
    let report = folder.path().join("report.json");
    let mut command = Command::new(node);
    command
        .arg(Path::new(SCRIPTS).join("run.mjs"))
        .arg(format!("http://{address}"))
        .arg(chromium)
        .arg(modules)
        .arg(&report);
    if let Some(screens) = std::env::var_os("DEPECHE_SCREENS") {
        command.arg(Path::new(ROOT).join(screens));
    }
    let ran = command.output().expect("node runs");
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{told}{}", String::from_utf8_lossy(&ran.stderr));
    a_correction_outlives_a_new_reading(&path, &report, languages);
}

/// The speaker that somebody corrected in the browser is still there.
fn a_correction_outlives_a_new_reading(
    path: &Path,
    report: &Path,
    languages: &'static Languages,
) {
    let report = std::fs::read(report).expect("the script wrote it");
    let report: serde_json::Value = serde_json::from_slice(&report).expect("it is JSON");
    refresh(path, languages);
    let archive = Archive::open(path).expect("it is an archive");
    let reference = report["article"].as_str().expect("it is a reference");
    let reference = reference.parse().expect("it is a reference");
    let record = archive.article(&reference).expect("it is there").record;
    let speaker =
        record.statements.iter().flat_map(|s| &s.speakers).any(|id| {
            record.actors.iter().any(|a| a.id == *id && a.name == "Awa Traoré")
        });
    assert!(speaker, "{report}");
}
