//! Any bytes as a page: an article with text, or a reason why not; the same twice.
#![no_main]

use depeche_formats::read::{Draft, Options, bytes, format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let options = Options { format: format("html"), ..Options::default() };
    let read = || {
        let mut drafts = bytes(input.to_vec(), "in", &options);
        drafts.next().map(Draft::finish)
    };
    match read() {
        Some(Ok(article)) => {
            assert!(!article.document.text().is_empty());
            let again = read().expect("the same").expect("the same");
            assert_eq!(again.document, article.document);
        }
        Some(Err(problem)) => assert!(!problem.message.contains("a bug in depeche"), "{problem}"),
        None => panic!("a page is one step"),
    }
});
