//! Which utterances does an archive find reported more than once? One pair a line, to be judged
//! by eye or beside pairs that are known: `cargo run --example echoes -- ARCHIVE`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for measuring")]

use std::path::Path;

use depeche_archive::{Archive, Filter};
use serde_json::json;

fn main() {
    let path = std::env::args().nth(1).expect("name an archive");
    let archive = Archive::open(Path::new(&path)).unwrap();
    let mut until = None;
    loop {
        let filter = Filter { limit: 1000, until, ..Filter::default() };
        let found = archive.statements(&filter).unwrap();
        for hit in &found.hits {
            for echo in archive.elsewhere(&hit.reference, 8).unwrap() {
                let other = &echo.statement;
                let pair = json!({
                    "ref": hit.reference.to_string(), "other": other.reference.to_string(),
                    "how": echo.how.name(), "score": echo.score,
                    "who": hit.speakers, "whom": other.speakers,
                    "words": hit.content, "others": other.content,
                });
                println!("{pair}");
            }
        }
        // The oldest day is asked for again, so that nothing between two answers is lost.
        let oldest = found.hits.last().and_then(|h| h.published.as_deref());
        let day = oldest.and_then(|p| depeche_archive::Day::bounds(p).1);
        if !found.more || day == until {
            break;
        }
        until = day;
    }
}
