//! Plain text: a file is one article, exactly as it came.

use depeche_text::{Document, Meta};

use super::common::encoding::decode;
use super::common::input::Input;
use super::{Format, Head, Item, LONGEST, Once, Options, Problem, Source, plain};

pub(super) const FORMAT: Format = Format {
    name: "text",
    about: "plain text: a file is one article",
    endings: &["txt", "text"],
    is,
    open,
};

/// Anything is text, save what is marked up and what has bytes that no text has.
fn is(head: &Head<'_>) -> bool {
    let marked_up =
        head.text.starts_with("<?xml") || head.root().is_some_and(closes(head));
    let magic: [&[u8]; 5] =
        [b"%PDF", b"PK\x03\x04", b"SQLite format 3", b"\x89PNG", b"{\\rtf"];
    let binary = head.bytes.contains(&0) && std::str::from_utf8(head.bytes).is_err();
    !(marked_up || binary || magic.iter().any(|m| head.bytes.starts_with(m)))
}

/// Whether the first element is closed somewhere: an angle bracket alone makes no markup.
fn closes<'h>(head: &'h Head<'_>) -> impl Fn(&str) -> bool + 'h {
    |root| head.text.contains("</") && head.text.contains(root)
}

fn open(mut input: Input, options: &Options) -> Result<Box<dyn Source>, Problem> {
    let origin = input.origin.clone();
    let mut meta: Meta = options.defaults.clone();
    let bytes = match input.rest(LONGEST) {
        Ok(bytes) => bytes,
        Err(error) => return Once::boxed(Item::problem(origin, plain(&error))),
    };
    let document = match String::from_utf8(bytes) {
        Ok(text) => Document::new(text, meta),
        Err(error) => {
            let (text, note) = decode(error.as_bytes(), None);
            meta.notes.extend(note);
            Document::new(text.into_owned(), meta)
        }
    };
    Once::boxed(match document {
        Ok(document) => Item::article(origin, document),
        Err(error) => Item::problem(origin, error.to_string()),
    })
}
