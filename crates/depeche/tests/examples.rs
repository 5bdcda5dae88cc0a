//! Does every rule of every language do what its examples say?
#![allow(missing_docs, reason = "a test")]

use depeche::{Language, examples};

#[test]
fn every_example_holds() {
    for code in Language::codes() {
        let language = Language::with_notes(code).expect("it was built in");
        let report = examples::check(&language, |_| true);
        assert!(report.sentences > 0, "{code} has no examples");
        let failures: Vec<String> =
            report.failures.iter().map(ToString::to_string).collect();
        assert!(
            failures.is_empty(),
            "{} of {} sentences of {code} fail:\n\n{}\n",
            failures.len(),
            report.sentences,
            failures.join("\n\n")
        );
    }
}
