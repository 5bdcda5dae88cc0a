//! Packs each language folder into one file, or says what is wrong with which line.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script reads files and talks to cargo"
)]

use std::path::{Path, PathBuf};
use std::{env, fs};

use depeche_rule::{File, Gazetteer, Pack, compile};
use sha2::{Digest, Sha256};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=build.rs");
    gazetteer(&root, &out);
    for (code, feature) in [("fr", "CARGO_FEATURE_FR")] {
        if env::var_os(feature).is_none() {
            continue;
        }
        let folder = root.join(code);
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        walk(&folder, &folder, code, &mut files);
        match compile(&files) {
            Ok(pack) => write(&pack, &folder, &out.join(code)),
            Err(faults) => {
                for line in faults.iter().flat_map(|f| {
                    f.to_string().lines().map(str::to_owned).collect::<Vec<_>>()
                }) {
                    println!("cargo::error={line}");
                }
            }
        }
    }
}

/// Packs the table of cities.
fn gazetteer(root: &Path, out: &Path) {
    let table = root.join("gazetteer/cities.tsv");
    println!("cargo::rerun-if-changed={}", table.display());
    let text = fs::read_to_string(&table).expect("the table of cities is UTF-8");
    match Gazetteer::pack(&text) {
        Ok(bytes) => {
            let path = out.join("cities.bin");
            fs::write(path, bytes).expect("OUT_DIR can be written");
        }
        Err(fault) => println!("cargo::error=lang/gazetteer/cities.tsv: {fault}"),
    }
}

/// Writes what `src/lib.rs` includes: the pack, its notes, and the hash of pack, model and cities.
fn write(pack: &Pack, folder: &Path, out: &Path) {
    let model = fs::read(folder.join("models/syntax.bin")).expect("a model is there");
    let bytes = pack.to_bytes();
    let cities = out.with_file_name("cities.bin");
    let cities = fs::read(cities).expect("the cities are packed first");
    let hash =
        Sha256::new().chain_update(&bytes).chain_update(model).chain_update(cities);
    let hash = hash.finalize();
    let hash: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    for (ending, content) in
        [("pack", bytes), ("notes", pack.notes_to_bytes()), ("hash", hash.into_bytes())]
    {
        fs::write(out.with_extension(ending), content).expect("OUT_DIR can be written");
    }
}

/// Every TOML file under a folder, in order, but for those that models are trained with.
fn walk(root: &Path, folder: &Path, code: &str, files: &mut Vec<File>) {
    let entries = fs::read_dir(folder).expect("a language folder can be listed");
    let mut paths: Vec<PathBuf> =
        entries.map(|e| e.expect("an entry can be read").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if !path.ends_with("models") {
                walk(root, &path, code, files);
            }
        } else if path.extension().is_some_and(|e| e == "toml") {
            let name = path.strip_prefix(root).expect("the walk starts at the root");
            let name = name.to_string_lossy().replace('\\', "/");
            files.push(File {
                shown: format!("lang/{code}/{name}"),
                path: name,
                text: fs::read_to_string(&path).expect("a language file is UTF-8"),
            });
        }
    }
}
