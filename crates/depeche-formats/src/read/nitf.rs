//! NITF 3.x: a document is one article.

use depeche_text::{Document, Meta, Note, Wire};

use super::common::encoding::declared_by_xml;
use super::common::input::Input;
use super::common::xml::Element;
use super::{
    Format, Head, Item, Once, Options, Problem, Source, dated, whole, with_defaults,
};

pub(super) const FORMAT: Format = Format {
    name: "nitf",
    about: "NITF 3: a document is one article",
    endings: &["nitf"],
    is: |head: &Head<'_>| head.root() == Some("nitf"),
    open,
};

/// Elements on lines of their own, of NITF and of the XHTML that stands in its place.
const BLOCKS: &[&str] = &[
    "p",
    "hl1",
    "hl2",
    "block",
    "bq",
    "ol",
    "ul",
    "dl",
    "li",
    "dt",
    "dd",
    "br",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
    "article",
    "pre",
    "table",
    "tr",
    "body.content",
    "body.head",
    "body.end",
];
/// What stands in the text and is none: pictures, tables of figures, notes to editors.
const LEFT_OUT: &[&str] = &[
    "media",
    "nitf-table",
    "note",
    "tagline",
    "body.head",
    "body.end",
    "head",
    "script",
    "style",
    "figure",
    "title",
    "datasource",
    "fn",
    "custom-table",
];

fn open(mut input: Input, options: &Options) -> Result<Box<dyn Source>, Problem> {
    let (text, note) = whole(&mut input, declared_by_xml)?;
    let origin = input.origin;
    Once::boxed(match Element::parse(&text) {
        Ok(root) => match document(&root, note, options) {
            Ok(document) => Item::article(origin, document),
            Err(message) => Item::problem(origin, message),
        },
        Err(message) => Item::problem(origin, message),
    })
}

/// The text of a document of NITF or XHTML.
pub(super) fn text(root: &Element) -> String {
    let body = root.any("body.content").or_else(|| root.any("body")).unwrap_or(root);
    body.paragraphs(&|name| BLOCKS.contains(&name), &|name| LEFT_OUT.contains(&name))
}

/// What the document itself says of the article.
pub(super) fn meta(root: &Element) -> Meta {
    let line = |name: &str| root.any(name).and_then(Element::line);
    let value = |name: &str, attribute: &str| {
        root.any(name).and_then(|e| e.attribute(attribute)).map(str::to_owned)
    };
    let date = |name: &str| value(name, "norm").map(|d| dated(&d));
    let holder = value("doc.copyright", "holder").map(|holder| {
        match value("doc.copyright", "year") {
            Some(year) => format!("© {year} {holder}"),
            None => format!("© {holder}"),
        }
    });
    let rights: Vec<String> = [holder, value("doc.rights", "owner"), line("rights")]
        .into_iter()
        .flatten()
        .collect();
    Meta {
        key: value("doc-id", "id-string"),
        title: line("hl1").or_else(|| line("hedline")).or_else(|| line("title")),
        published: date("date.issue")
            .or_else(|| value("pubdata", "date.publication").map(|d| dated(&d)))
            .or_else(|| date("story.date")),
        outlet: value("pubdata", "name")
            .or_else(|| line("distributor"))
            .or_else(|| value("doc-id", "regsrc")),
        url: value("pubdata", "ex-ref").filter(|r| r.starts_with("http")),
        rights: (!rights.is_empty()).then(|| rights.join(" · ")),
        lang: value("nitf", "lang").or_else(|| value("body", "lang")),
        byline: line("byline"),
        wire: Wire {
            slug: value("du-key", "key").or_else(|| line("slugline")),
            version: value("du-key", "version"),
            versioned: None,
            urgency: value("urgency", "ed-urg"),
            status: value("docdata", "management-status"),
            embargo: date("date.release"),
            dateline: line("dateline"),
            editorial: value("ed-msg", "info").or_else(|| line("ed-msg")),
        },
        ..Meta::default()
    }
}

/// The article of a document.
fn document(
    root: &Element,
    note: Option<Note>,
    options: &Options,
) -> Result<Document, String> {
    let mut meta = meta(root);
    meta.notes.extend(note);
    let mut text = text(root);
    if text.is_empty() {
        let summary = root.any("abstract").and_then(Element::line);
        text = summary.ok_or("no text in its body; nothing to read in it")?;
        meta.notes.push(Note::new(
            "summary-only",
            "The document has an abstract, and no text.",
        ));
    }
    Document::new(text, with_defaults(meta, &options.defaults)).map_err(|e| e.to_string())
}
