//! How fast are time expressions found, before anything is tagged?
//!
//! ```text
//! cargo run --release -p depeche --example recognise -- ARTICLES.jsonl [RUNS]
//! ```
//!
//! Reads the `text` of every line, cuts it into tokens and sentences, looks up its words and
//! finds what speaks of time: no tagger, no parser, no date of publication. Prints megabytes of
//! UTF-8 per CPU-second, the best and the median of some runs.
#![allow(clippy::print_stdout, reason = "it prints what it measured")]
#![allow(clippy::disallowed_methods, reason = "a clock and a file are what it is about")]

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::Instant;

use depeche::Language;
use serde_json::Value;

/// Seconds of CPU that this thread has used, where the system tells (Linux), else seconds since
/// the start: other work on the machine then counts too.
fn used() -> f64 {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|t| t.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| BEGUN.elapsed().as_secs_f64(), |n| n / 1e9)
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("a JSONL of articles");
    let runs: usize =
        arguments.next().map_or(5, |runs| runs.parse().expect("a number of runs"));
    let file = std::fs::read_to_string(path).expect("the file can be read");
    let texts: Vec<String> = file
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|article| Some(article.get("text")?.as_str()?.to_owned()))
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    // A few articles are read many times over: clocks are coarse.
    let rounds = 1 + 8_000_000 / bytes.max(1);
    let language = Language::shipped("fr").expect("French is built in");
    let mut found = 0;
    let mut speeds: Vec<f64> = (0..runs.max(1))
        .map(|_| {
            let begun = used();
            for _ in 0..rounds {
                let spans = texts.iter().map(|text| black_box(language.time_spans(text)));
                found = spans.map(|spans| spans.len()).sum();
            }
            (rounds * bytes) as f64 / 1e6 / (used() - begun)
        })
        .collect();
    speeds.sort_by(f64::total_cmp);
    println!(
        "{} articles, {:.1} MB, {found} time expressions: {:.1} MB/s at best, {:.1} median of {}",
        texts.len(),
        bytes as f64 / 1e6,
        speeds[speeds.len() - 1],
        speeds[speeds.len() / 2],
        speeds.len(),
    );
}
