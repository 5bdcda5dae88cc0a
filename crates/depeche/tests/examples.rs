//! Does every rule of every language do what its examples and pages say?
#![allow(missing_docs, clippy::disallowed_methods, reason = "a test, and it reads pages")]

use std::fs;
use std::path::Path;

use depeche::{Language, examples, pages};

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

#[test]
fn every_page_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lang");
    for code in Language::codes() {
        let language = Language::shipped(code).expect("it was built in");
        let Ok(folder) = fs::read_dir(root.join(code).join("pages")) else { continue };
        for page in folder {
            let path = page.expect("an entry can be read").path();
            let text = fs::read_to_string(&path).expect("a page is UTF-8");
            let report = pages::check(&language, &path.display().to_string(), &text);
            assert!(report.sentences > 0, "{} holds no case", path.display());
            let failures: Vec<String> =
                report.failures.iter().map(ToString::to_string).collect();
            assert!(failures.is_empty(), "{}", failures.join("\n\n"));
        }
    }
}
