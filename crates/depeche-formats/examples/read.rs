//! Reads files and counts what comes out, without the engine: what does reading alone cost?
//!
//! ```text
//! cargo build --release -p depeche-formats --example read
//! /usr/bin/time -v target/release/examples/read crawl.warc.gz
//! ```
//!
//! It runs on one thread: articles by seconds of user time are articles a second and core.
#![allow(clippy::print_stdout, reason = "it is a program")]

use std::path::PathBuf;

use depeche_formats::read::{Draft, Options, articles};

fn main() {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (mut read, mut failed, mut bytes) = (0_u64, 0_u64, 0_usize);
    for step in articles(&paths, &Options::default()).map(Draft::finish) {
        match step {
            Ok(article) => {
                read += 1;
                bytes += article.document.text().len();
            }
            Err(problem) => {
                failed += 1;
                println!("{problem}");
            }
        }
    }
    println!("{read} articles, {bytes} bytes of text, {failed} problems");
}
