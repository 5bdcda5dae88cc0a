//! JSONL: a line is one article, `{"text": …}` or a ninjs item.

use std::io::{self, BufRead, Read};

use depeche_text::{Document, Meta};
use serde_json::{Map, Value};

use super::common::input::Input;
use super::{
    Format, Head, Item, LONGEST, Options, Problem, Source, ninjs, plain, with_defaults,
};

pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    about: "JSON Lines: a line is one article, with `text`, `date`, `title`, `outlet`, `url`, `id`",
    endings: &["jsonl", "ndjson"],
    is,
    open,
};

/// The first line is an object of its own, or a broken one before another.
fn is(head: &Head<'_>) -> bool {
    if !head.text.starts_with('{') {
        return false;
    }
    let mut lines = head.text.lines().filter(|l| !l.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    let second = lines.next();
    match serde_json::from_str::<serde::de::IgnoredAny>(first) {
        Ok(_) => true,
        Err(error) if error.is_eof() => {
            second.is_none_or(|l| l.trim_start().starts_with('{'))
        }
        Err(_) => true,
    }
}

fn open(mut input: Input, _: &Options) -> Result<Box<dyn Source>, Problem> {
    // A file that ends within its byte order mark says so when its line is read.
    let _ = input.skip_mark();
    Ok(Box::new(Lines { input, number: 0, ended: false }))
}

/// The lines of a file.
struct Lines {
    input: Input,
    number: usize,
    ended: bool,
}

impl Source for Lines {
    fn next(&mut self, options: &Options) -> Option<Item> {
        while !self.ended {
            let mut line = Vec::new();
            let start = self.input.offset();
            self.number += 1;
            let origin = format!("{}:{}", self.input.origin, self.number);
            match (&mut self.input).take(LONGEST).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => {
                    self.ended = true;
                    return Some(Item::problem(origin, cut_off(&error)));
                }
            }
            if line.len() as u64 == LONGEST && line.last() != Some(&b'\n') {
                if let Err(error) = self.skip_line() {
                    self.ended = true;
                    return Some(Item::problem(origin, cut_off(&error)));
                }
                let at = start + LONGEST;
                return Some(Item::problem(
                    origin,
                    format!("the line is too long: no end by byte {at} of the file"),
                ));
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return Some(match document(&line, start, options) {
                Ok(document) => Item::article(origin, document),
                Err(message) => Item::problem(origin, message),
            });
        }
        None
    }
}

impl Lines {
    /// Goes to the end of a line that is not kept.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = buffer.iter().position(|&b| b == b'\n');
            let used = end.map_or(buffer.len(), |e| e + 1);
            self.input.consume(used);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

/// Why a stream ends here.
pub(super) fn cut_off(error: &io::Error) -> String {
    format!("{}; nothing after this could be read", plain(error))
}

/// The article of a line that starts at a byte of its file.
fn document(line: &[u8], start: u64, options: &Options) -> Result<Document, String> {
    let line = match std::str::from_utf8(line) {
        Ok(line) => line,
        Err(error) => {
            let at = start + error.valid_up_to() as u64;
            return Err(format!(
                "not UTF-8 at byte {at} of the file; convert the file first"
            ));
        }
    };
    let value: Value = serde_json::from_str(line).map_err(|error| {
        format!(
            "no JSON at column {}: {error}; a JSONL line is one JSON object",
            error.column()
        )
    })?;
    let Value::Object(fields) = value else {
        return Err("not a JSON object; a JSONL line is one, with at least `text`".into());
    };
    of_fields(&fields, options)
}

/// The article of a JSON object.
pub(super) fn of_fields(
    fields: &Map<String, Value>,
    options: &Options,
) -> Result<Document, String> {
    let Some(text) = text_field(fields, &["text", "event_text"])? else {
        if ninjs::is_item(fields) {
            return ninjs::document(fields, options);
        }
        let known: Vec<&str> = fields.keys().map(String::as_str).take(8).collect();
        return Err(format!("no field `text` beside {}", known.join(", ")));
    };
    let field = |names: &[&str]| text_field(fields, names);
    let meta = Meta {
        key: field(&["id"])?,
        title: field(&["title"])?,
        published: field(&["date", "published", "dct", "pub_date"])?,
        outlet: field(&["outlet", "publisher"])?,
        url: field(&["url"])?,
        rights: field(&["rights", "licence", "license"])?,
        lang: field(&["lang"])?,
        byline: field(&["byline", "author"]).unwrap_or_default(),
        ..Meta::default()
    };
    let meta = with_defaults(meta, &options.defaults);
    Document::new(text, meta).map_err(|e| e.to_string())
}

/// The first of some fields that is there and not null, as a text. Numbers serve as ids.
fn text_field(
    fields: &Map<String, Value>,
    names: &[&str],
) -> Result<Option<String>, String> {
    for name in names {
        match fields.get(*name) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) => return Ok(Some(text.clone())),
            Some(Value::Number(number)) => return Ok(Some(number.to_string())),
            Some(other) => {
                return Err(format!("`{name}` should be a text, and is {other}"));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Document, String> {
        document(line.as_bytes(), 100, &Options::default())
    }

    #[test]
    fn a_line_brings_what_is_known_of_its_article() {
        let line = r#"{"id": 7, "text": "Rien.", "published": "2024-05", "title": null, "lang": "fr"}"#;
        let document = read(line).expect("it is an article");
        assert_eq!(document.text(), "Rien.");
        assert_eq!(document.meta().key.as_deref(), Some("7"));
        assert_eq!(document.meta().published.as_deref(), Some("2024-05"));
        assert_eq!(document.meta().title, None);
    }

    #[test]
    fn a_bad_line_says_where_and_what_to_do() {
        let fault = |line: &str| read(line).expect_err("it is bad");
        assert!(fault("{\"text\": ").starts_with("no JSON at column 9"));
        assert!(fault("[1]").starts_with("not a JSON object"));
        assert_eq!(
            fault("{\"body\": \"x\", \"id\": 1}"),
            "no field `text` beside body, id"
        );
        assert_eq!(fault("{\"text\": [1]}"), "`text` should be a text, and is [1]");
        let bytes = document(b"{\"text\": \"\xe9\"}", 100, &Options::default());
        assert!(bytes.expect_err("it is bad").starts_with("not UTF-8 at byte 110"));
    }
}
