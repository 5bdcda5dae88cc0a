//! Do the examples of docs/api.md answer?
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "a test of a file")]

mod common;

use std::fs;
use std::path::Path;

use common::site;

/// The paths of every `curl` that only asks, with the placeholders filled in.
fn paths(page: &str, reference: &str) -> Vec<String> {
    let article = reference.split(':').next().expect("it has an article");
    let asks = |line: &&str| line.starts_with("curl") && !line.contains(" -X ");
    let path = |line: &str| {
        let after = line.split("http://127.0.0.1:7700").nth(1)?;
        let path = after.split(['\'', ' ']).next()?;
        Some(path.replace("REF", reference).replace("ARTICLE", article))
    };
    let found = page.lines().filter(asks).filter_map(path);
    // What is sent is tested elsewhere; nobody of this archive has that Wikidata id.
    let sent = ["/v1/extract", "/v1/corrections"];
    let found = found.filter(|p| !sent.iter().any(|s| p.starts_with(s)));
    found
        .map(|p| p.replace("who=FRA", "who=Q58217"))
        .map(|p| p.replace("Q58217", "Zo%C3%A9%20Kerbrat").replace('é', "%C3%A9"))
        .collect()
}

#[test]
fn the_examples_answer() {
    let site = site();
    let first = depeche_web::get(site.options(), "/v1/statements?limit=1&q=port");
    let first: serde_json::Value =
        serde_json::from_slice(&first.expect("it answers").body).expect("it is JSON");
    let reference = first["items"][0]["ref"].as_str().expect("it has one").to_owned();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md");
    let page = fs::read_to_string(page).expect("it is there");
    let paths = paths(&page, &reference);
    assert!(paths.len() > 9, "{paths:?}");
    for path in paths {
        let answer = depeche_web::get(site.options(), &path).expect("it answers");
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        // The small archive has no denial and no accusation: that word is then unknown to it.
        let unknown = answer.status == 400 && body.contains("nothing in this archive");
        assert!(answer.status == 200 || unknown, "{path}: {body}");
    }
}
