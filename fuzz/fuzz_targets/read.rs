//! Any text is a record that survives JSON, the same twice.
#![no_main]

use std::sync::LazyLock;

use depeche::{Document, Languages, Meta, Reader, Record};
use libfuzzer_sys::fuzz_target;

static LANGUAGES: LazyLock<Languages> = LazyLock::new(Languages::shipped);

fuzz_target!(|input: (Option<&str>, &str)| {
    let (published, text) = input;
    let meta = Meta {
        published: published.map(str::to_owned),
        lang: Some("fr".into()),
        ..Meta::default()
    };
    let Ok(document) = Document::new(text.to_owned(), meta) else { return };
    let mut reader = Reader::new(&LANGUAGES);
    let record = reader.read(&document);
    let json = serde_json::to_string(&record).expect("a record is plain data");
    let again: Record = serde_json::from_str(&json).expect("it is a record");
    assert_eq!(serde_json::to_string(&again).expect("plain data"), json);
    assert_eq!(reader.read(&document), record);
});
