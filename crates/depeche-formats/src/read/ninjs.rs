//! IPTC ninjs 1.x to 3.1: an item is one article.
//!
//! The versions differ in case and in lists: `body_text` of 1.x is `bodies` in 2.0, `versioncreated`
//! of 2.x is `versionCreated` in 3.0. Names are compared without case and marks, so one reader does.

use depeche_text::{Document, Meta, Note, Wire};
use serde_json::{Map, Value};

use super::common::markup::{self, one_line};
use super::common::xml::Element;
use super::{Format, Head, Options, dated, json, jsonl, nitf, with_defaults};

pub(super) const FORMAT: Format = Format {
    name: "ninjs",
    about: "IPTC ninjs 1.x to 3.1: an item is one article",
    endings: &["ninjs"],
    is,
    open: json::open,
};

/// An object over many lines with the names of ninjs; on one line it is a line of JSONL.
fn is(head: &Head<'_>) -> bool {
    let names = [
        "\"body_",
        "\"bodies\"",
        "\"headline",
        "\"versioncreated\"",
        "\"versionCreated\"",
    ];
    head.text.starts_with('{')
        && head.text.contains("\"uri\"")
        && names.iter().any(|n| head.text.contains(n))
        && !(jsonl::FORMAT.is)(head)
}

/// Whether an object is an item of ninjs: it has an address of its own, and a name that only ninjs
/// has.
pub(super) fn is_item(fields: &Map<String, Value>) -> bool {
    let names = [
        "bodytext",
        "bodyxhtml",
        "bodies",
        "headline",
        "headlines",
        "versioncreated",
        "descriptions",
        "descriptiontext",
        "$standard",
        "standard",
        "eventdetails",
    ];
    fields.contains_key("uri") && names.iter().any(|name| get(fields, name).is_some())
}

/// The article of an item.
pub(super) fn document(
    fields: &Map<String, Value>,
    options: &Options,
) -> Result<Document, String> {
    let line = |name: &str| get(fields, name).and_then(string).map(|s| one_line(&s));
    let kind = line("type").unwrap_or_else(|| "item".into());
    let mut notes = Vec::new();
    let text = match body(fields)? {
        Some(text) => text,
        None if kind == "text" => {
            let summary = of_role(get(fields, "descriptions"), "main")
                .or_else(|| line("descriptiontext"))
                .ok_or_else(|| no_text(&kind))?;
            notes.push(Note::new(
                "summary-only",
                "The item has a description, and no text.",
            ));
            summary
        }
        None => return Err(no_text(&kind)),
    };
    let byline = line("byline").or_else(|| line("by"));
    let meta = Meta {
        key: line("uri"),
        title: line("headline")
            .or_else(|| of_role(get(fields, "headlines"), "main"))
            .or_else(|| line("title")),
        published: line("versioncreated")
            .or_else(|| line("firstcreated"))
            .or_else(|| line("contentcreated"))
            .map(|d| dated(&d)),
        outlet: get(fields, "infosources")
            .and_then(names)
            .or_else(|| line("copyrightholder")),
        url: line("uri").filter(|u| u.starts_with("http")),
        rights: rights(fields),
        lang: line("language"),
        byline,
        wire: Wire {
            slug: line("slugline"),
            version: line("version"),
            versioned: line("versioncreated").map(|d| dated(&d)),
            urgency: line("urgency"),
            status: line("pubstatus"),
            embargo: line("embargoed")
                .or_else(|| line("embargoeduntil"))
                .map(|d| dated(&d)),
            dateline: line("dateline").or_else(|| line("located")),
            editorial: line("ednote"),
        },
        notes,
    };
    Document::new(text, with_defaults(meta, &options.defaults)).map_err(|e| e.to_string())
}

fn no_text(kind: &str) -> String {
    format!("ninjs of type `{kind}` without a body of text; nothing to read in it")
}

/// The text: marked up where it is, for that keeps its paragraphs apart.
fn body(fields: &Map<String, Value>) -> Result<Option<String>, String> {
    let mut bodies: Vec<(String, String)> = Vec::new();
    for body in get(fields, "bodies").and_then(Value::as_array).into_iter().flatten() {
        let Some(body) = body.as_object() else { continue };
        let Some(value) = get(body, "value").and_then(string) else { continue };
        let kind = get(body, "contenttype").and_then(string).unwrap_or_default();
        bodies.push((kind, value));
    }
    let of_version_1 = [
        ("bodyxhtml", "text/html"),
        ("bodyhtml", "text/html"),
        ("bodytext", "text/plain"),
    ];
    for (name, kind) in of_version_1 {
        if let Some(value) = get(fields, name).and_then(string) {
            bodies.push((kind.to_owned(), value));
        }
    }
    bodies.retain(|(_, value)| !value.trim().is_empty());
    let of_kind = |kind: &str| bodies.iter().find(|(k, _)| k.contains(kind));
    let Some((kind, value)) = of_kind("html")
        .or_else(|| of_kind("nitf"))
        .or_else(|| of_kind("plain"))
        .or(bodies.first())
    else {
        return Ok(None);
    };
    let text = if kind.contains("nitf") {
        nitf::text(&Element::parse(value)?)
    } else if kind.contains("plain") {
        value.clone()
    } else {
        markup::text_of(value).map_err(markup::Refused::message)?
    };
    Ok(Some(text).filter(|t| !t.trim().is_empty()))
}

/// What may be done with it: notice and terms, as the item has them.
fn rights(fields: &Map<String, Value>) -> Option<String> {
    let line = |name: &str| get(fields, name).and_then(string).map(|s| one_line(&s));
    let linked = get(fields, "rightsinfo").and_then(Value::as_object).and_then(|info| {
        ["linkedrights", "encodedrights"]
            .iter()
            .find_map(|n| get(info, n).and_then(string))
    });
    let notice = line("copyrightnotice").or_else(|| line("copyrightholder"));
    let parts: Vec<String> = [notice, line("usageterms"), linked.map(|l| one_line(&l))]
        .into_iter()
        .flatten()
        .collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// A field by its name without case and marks.
fn get<'f>(fields: &'f Map<String, Value>, name: &str) -> Option<&'f Value> {
    let same = |key: &str| {
        let plain = key.chars().filter(|&c| c != '_').map(|c| c.to_ascii_lowercase());
        plain.eq(name.chars())
    };
    fields
        .iter()
        .find(|(key, value)| !value.is_null() && same(key))
        .map(|(_, value)| value)
}

fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|t| !t.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Of a list with roles the one of that role, or else the first.
fn of_role(list: Option<&Value>, role: &str) -> Option<String> {
    let list: Vec<&Map<String, Value>> =
        list?.as_array()?.iter().filter_map(Value::as_object).collect();
    let is = |item: &&&Map<String, Value>| {
        get(item, "role").and_then(Value::as_str) == Some(role)
    };
    let item = list.iter().find(is).or(list.first())?;
    get(item, "value").and_then(string).map(|s| one_line(&s))
}

/// The names of a list of parties.
fn names(list: &Value) -> Option<String> {
    let name = |party: &Value| get(party.as_object()?, "name").and_then(string);
    let names: Vec<String> = list.as_array()?.iter().filter_map(name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
