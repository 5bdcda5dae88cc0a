//! Any file is compiled as rules and packed, or refused with a place inside it.
#![no_main]

use depeche::rule::{File, compile};
use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 4] =
    ["time/own.toml", "events/consult.toml", "statements/cues/own.toml", "words/own.toml"];

fuzz_target!(|input: (u8, &str)| {
    let (place, text) = input;
    let path = PATHS[place as usize % PATHS.len()];
    let file = File { path: path.into(), shown: path.into(), text: text.into() };
    match compile(&[file]) {
        Ok(pack) => {
            let _ = pack.to_bytes();
            let _ = pack.notes_to_bytes();
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in faults {
                let _ = fault.to_string();
            }
        }
    }
});
