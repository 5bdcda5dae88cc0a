//! Any bytes are tokens, sentences and quotations that lie in their text, or an error.
#![no_main]

use std::sync::LazyLock;

use depeche::text::{Document, Meta, QuoteMarks, Tokenizer, sentences};
use depeche::{Language, rule::Pack};
use libfuzzer_sys::fuzz_target;

static FRENCH: LazyLock<Language> =
    LazyLock::new(|| Language::shipped("fr").expect("French was built in"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::read(bytes.to_vec(), Meta::default()) else { return };
    let text = document.text();
    let pack: &Pack = FRENCH.pack();
    let tokenizer = Tokenizer::new(&pack.orthography);
    let tokens = tokenizer.tokens(text);
    let mut at = 0;
    for token in &tokens {
        assert!(token.span.start >= at && !token.span.is_empty());
        let _ = token.span.of(text);
        at = token.span.end;
    }
    let sentences = sentences(&tokenizer, text, &tokens);
    assert_eq!(sentences.iter().map(|s| s.len()).sum::<usize>(), tokens.len());
    let marks = QuoteMarks::new(&pack.orthography.quotes, &pack.orthography.dialogue);
    for quote in marks.quotations(text, &tokens) {
        assert!(quote.inside.start < quote.inside.end && quote.outside.end <= tokens.len());
    }
});
