//! Can others read what is written? Every format is opened with a library of other people.
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "a test of files and processes")]
#![allow(clippy::print_stderr, reason = "what was skipped is said aloud")]

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use depeche_formats::write::{Export, FORMATS, Format, Origin, Store};
use depeche_record::Record;

const RECORDS: &str = include_str!("data/records.jsonl");

fn records() -> Vec<Record> {
    let record = |line| serde_json::from_str(line).expect("it is a record");
    RECORDS.lines().map(record).collect()
}

/// A folder.
struct Folder(PathBuf);

impl Store for Folder {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + Send>> {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("it is below the folder"))?;
        Ok(Box::new(File::create(path)?))
    }
}

fn export(format: &'static Format, folder: &Path, origin: Option<&Origin>) {
    let mut export = Export::new(format, Box::new(Folder(folder.to_owned())));
    for record in records() {
        export.add(record, origin.cloned()).expect("it can be written");
    }
    export.finish().expect("it can be written");
}

#[test]
fn every_format_has_a_file_and_a_reader() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let stems = |folder: &str, before: &str| -> Vec<String> {
        let files = fs::read_dir(here.join(folder)).expect("it is a folder");
        let name = |f: io::Result<fs::DirEntry>| f.expect("it is a file").path();
        let stem =
            |path: PathBuf| path.file_stem().map(|s| s.to_string_lossy().into_owned());
        let mut names: Vec<String> = files
            .map(name)
            .filter(|path| path.is_file())
            .filter_map(stem)
            .filter_map(|s| s.strip_prefix(before).map(str::to_owned))
            .collect();
        names.sort();
        names
    };
    let mut names: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
    names.sort_unstable();
    assert_eq!(stems("src/write/format", ""), names);
    assert_eq!(stems("tests/readers", "read_"), names);
}

#[test]
fn the_same_records_make_the_same_bytes() {
    for format in FORMATS {
        let folders = [0, 1].map(|_| tempfile::tempdir().expect("a folder can be made"));
        folders.iter().for_each(|folder| export(format, folder.path(), None));
        let packages = folders.map(|folder| {
            fs::read_to_string(folder.path().join("datapackage.json"))
                .expect("it is there")
        });
        assert_eq!(packages[0], packages[1], "{}", format.name);
    }
}

#[test]
fn formats_that_count_have_an_utterance_once() {
    let repeated: Vec<String> = (1..400)
        .flat_map(|n| [format!("s{n}"), format!("e{n}"), format!("q{n}")])
        .collect();
    let origin = Origin {
        reference: "b".into(),
        dispatch: "a".into(),
        relation: Some("identical".into()),
        repeated,
    };
    for (name, path) in [("gdelt", "events.export.tsv"), ("dna", "statements.dna.csv")] {
        let format = depeche_formats::write::named(name).expect("it is a format");
        let folder = tempfile::tempdir().expect("a folder can be made");
        export(format, folder.path(), Some(&origin));
        let rows = fs::read_to_string(folder.path().join(path)).expect("it is there");
        assert!(rows.lines().count() <= 1, "{name}: {rows}");
    }
}

/// Python with the readers' packages; `None` where it cannot be had, and that is said.
fn python() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let venv = here.join("../../target/readers");
    let python = venv.join("bin/python");
    let wanted = fs::read_to_string(here.join("tests/readers/requirements.txt"))
        .expect("it is there");
    let stamp = venv.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Some(python);
    }
    let run = |program: &Path, arguments: &[&str]| {
        let run = Command::new(program).args(arguments).current_dir(here).output();
        run.is_ok_and(|run| run.status.success())
    };
    let venv_path = venv.to_string_lossy().into_owned();
    if !run(Path::new("python3"), &["-m", "venv", &venv_path]) {
        eprintln!("SKIPPED: no python3 with venv, so nobody else reads what is written");
        return None;
    }
    let install = ["-m", "pip", "install", "-q", "-r", "tests/readers/requirements.txt"];
    if !run(&python, &install) {
        eprintln!("SKIPPED: the readers' packages cannot be installed");
        return None;
    }
    fs::write(stamp, wanted).expect("it can be written");
    Some(python)
}

#[test]
fn others_read_every_format() {
    let Some(python) = python() else { return };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut failed = Vec::new();
    for format in FORMATS {
        let folder = tempfile::tempdir().expect("a folder can be made");
        export(format, folder.path(), None);
        let run = Command::new(&python)
            .arg(here.join(format!("tests/readers/read_{}.py", format.name)))
            .arg(folder.path())
            .arg(here.join("tests/data/records.jsonl"))
            .output()
            .expect("Python starts");
        if !run.status.success() {
            failed.push(format!(
                "{}:\n{}",
                format.name,
                String::from_utf8_lossy(&run.stderr)
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
