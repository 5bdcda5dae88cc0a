//! How well are copies told from other articles?
//!
//! ```text
//! bench/copies.py ARTICLES.jsonl > pairs.jsonl
//! cargo run --release -p depeche-archive --example copies -- pairs.jsonl
//! ```
//!
//! Each line has a `text`, a `date`, and a `group` that versions of one dispatch share. They are
//! added in the order of the file, as `depeche add` would; two articles of one dispatch are a
//! pair.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measuring tool"
)]

use std::collections::BTreeMap;
use std::fs;

use depeche_archive::{Added, Writer};
use serde_json::{Value, json};

fn main() {
    let file = std::env::args().nth(1).expect("pairs.jsonl");
    let errors = std::env::args().nth(2).is_some();
    let lines: Vec<Value> = fs::read_to_string(file)
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copies.depeche");
    let mut writer = Writer::open(&path).unwrap();
    let packer = writer.packer();
    let mut dispatches = BTreeMap::new();
    for batch in lines.chunks(400) {
        let prepared = batch.iter().map(|l| packer.prepare(record(l))).collect();
        for (line, added) in batch.iter().zip(writer.commit(prepared).unwrap()) {
            let Added::New { reference, .. } = added else {
                panic!("{} is there twice", line["id"])
            };
            dispatches.insert(reference.to_string(), line);
        }
    }
    let archive = writer.archive();
    let mut predicted: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for (reference, line) in &dispatches {
        let stored = archive.article(&reference.parse().unwrap()).unwrap();
        predicted.entry(stored.versions[0].reference.to_string()).or_default().push(line);
    }
    let mut gold: BTreeMap<String, u64> = BTreeMap::new();
    for line in &lines {
        *gold.entry(line["group"].to_string()).or_default() += 1;
    }
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    let wanted: u64 = gold.values().map(|n| pairs(*n)).sum();
    let found: u64 = predicted.values().map(|g| pairs(g.len() as u64)).sum();
    let mut right = 0;
    let mut missed: BTreeMap<String, u64> = BTreeMap::new();
    for group in predicted.values() {
        let mut by_gold: BTreeMap<String, u64> = BTreeMap::new();
        for line in group {
            *by_gold.entry(line["group"].to_string()).or_default() += 1;
        }
        right += by_gold.values().map(|n| pairs(*n)).sum::<u64>();
        if errors && by_gold.len() > 1 {
            let titles: Vec<String> = group.iter().map(|l| l["id"].to_string()).collect();
            println!("together: {}", titles.join(" "));
        }
        if group.len() == 1 && gold[&group[0]["group"].to_string()] > 1 {
            *missed.entry(group[0]["change"].to_string()).or_default() += 1;
        }
    }
    let (precision, recall) = (right as f64 / found as f64, right as f64 / wanted as f64);
    println!(
        "{} articles, {wanted} pairs: precision {precision:.4}, recall {recall:.4}, F1 {:.4}",
        lines.len(),
        2.0 * precision * recall / (precision + recall)
    );
    for (change, count) in missed {
        println!("  alone: {count} {change}");
    }
}

/// An article without anything in it but its text.
fn record(line: &Value) -> depeche_record::Record {
    serde_json::from_value(json!({
        "schema": "depeche.record/1",
        "run": {"tool": "copies", "engine": "", "options": ""},
        "article": {
            "id": line["id"], "key": line["id"], "lang": "fr", "title": null,
            "published": line["date"], "outlet": null, "agency": null, "url": null,
            "rights": null, "text": line["text"], "blocks": []
        },
        "actors": [], "times": [], "places": [], "statements": [], "events": [],
        "positions": [], "warnings": []
    }))
    .unwrap()
}
