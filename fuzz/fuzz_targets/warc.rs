//! Any bytes as a crawl, plain and in gzip: no panic, no hang, and every step has a place.
#![no_main]

use depeche_formats::read::{Draft, Options, bytes, format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let options = Options { format: format("warc"), ..Options::default() };
    for step in bytes(input.to_vec(), "in", &options).map(Draft::finish) {
        match step {
            Ok(article) => assert!(article.origin.starts_with("in#")),
            Err(problem) => {
                assert!(problem.origin.starts_with("in"));
                assert!(!problem.message.contains("a bug in depeche"), "{problem}");
            }
        }
    }
});
