//! Turns `ontology/plover.toml` into the enum of event types.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script reads files and talks to cargo"
)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    quad: u8,
    cameo: String,
    meaning: String,
    modes: Vec<String>,
}

fn main() {
    println!("cargo::rerun-if-changed=ontology/plover.toml");
    let text = fs::read_to_string("ontology/plover.toml").expect("the ontology is there");
    let rows: BTreeMap<String, Row> =
        toml::from_str(&text).unwrap_or_else(|e| panic!("ontology/plover.toml: {e}"));
    let mut code = String::from(
        "/// A type of event in PLOVER 2.0.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, \
         Deserialize, JsonSchema)]\n\
         #[serde(rename_all = \"UPPERCASE\")]\n\
         pub enum EventType {\n",
    );
    for (name, row) in &rows {
        writeln!(code, "    /// {}\n    {},", row.meaning, variant(name))
            .expect("memory");
    }
    code.push_str("}\n\n/// Every type, with what PLOVER says about it.\npub const PLOVER: &[Plover] = &[\n");
    for (name, row) in &rows {
        writeln!(
            code,
            "    Plover {{ event: EventType::{}, name: {name:?}, quad: Quad::{}, cameo: {:?}, \
             meaning: {:?}, modes: &{:?} }},",
            variant(name),
            ["VerbalCooperation", "MaterialCooperation", "VerbalConflict", "MaterialConflict"]
                [row.quad as usize - 1],
            row.cameo,
            row.meaning,
            row.modes
        )
        .expect("memory");
    }
    code.push_str("];\n");
    let out =
        PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("plover.rs");
    fs::write(out, code).expect("OUT_DIR can be written");
}

fn variant(name: &str) -> String {
    name[..1].to_owned() + &name[1..].to_lowercase()
}
