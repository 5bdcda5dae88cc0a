//! Where do articles come from? Files, folders and standard input, as text or JSONL.
//!
//! Whatever cannot be read becomes a [`Problem`] in its place, and the next one is read.

use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use depeche::{Document, Meta};
use serde_json::{Map, Value};

use crate::flags::{About, Format};

/// An article, and where it came from: a file, and the line for JSONL.
#[derive(Debug)]
pub(crate) struct Article {
    pub(crate) origin: String,
    pub(crate) document: Document,
}

/// Why something could not be read: where, what, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) origin: String,
    pub(crate) message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.message)
    }
}

/// One step of a run: an article, or why there is none.
pub(crate) type Step = Result<Article, Problem>;

/// The longest line or file that is taken into memory, in bytes; it is more than an article
/// may have, so that the text itself is what an error speaks of.
const LONGEST: u64 = 4 * Document::LONGEST as u64;

/// The articles at some paths, in order; standard input when there are none.
pub(crate) fn articles(paths: &[PathBuf], about: &About) -> Articles {
    let mut waiting: Vec<PathBuf> = paths.iter().rev().cloned().collect();
    if waiting.is_empty() {
        waiting.push(PathBuf::from("-"));
    }
    Articles { waiting, lines: None, about: about.clone() }
}

/// Goes through files one by one, and through JSONL line by line.
pub(crate) struct Articles {
    /// What is still to open, the next one last.
    waiting: Vec<PathBuf>,
    lines: Option<Lines>,
    about: About,
}

impl Iterator for Articles {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        loop {
            if let Some(lines) = &mut self.lines {
                if let Some(step) = lines.next(&self.about) {
                    return Some(step);
                }
                self.lines = None;
            }
            let path = self.waiting.pop()?;
            let name = name_of(&path);
            match self.open(&path) {
                Ok(Some(step)) => return Some(step),
                Ok(None) => {}
                Err(error) => {
                    return Some(Err(Problem { origin: name, message: plain(&error) }));
                }
            }
        }
    }
}

impl Articles {
    /// Opens a path: a folder puts its files in line, a JSONL file its lines, and a text file is
    /// an article.
    fn open(&mut self, path: &Path) -> io::Result<Option<Step>> {
        let origin = name_of(path);
        if path.as_os_str() == "-" {
            return self.take(Box::new(BufReader::new(io::stdin())), origin, None);
        }
        if path.is_dir() {
            let mut files = Vec::new();
            for entry in fs::read_dir(path)? {
                files.push(entry?.path());
            }
            files.retain(|f| f.is_dir() && !is_hidden(f) || is_article(f));
            files.sort();
            self.waiting.extend(files.into_iter().rev());
            return Ok(None);
        }
        self.take(Box::new(BufReader::new(File::open(path)?)), origin, path.extension())
    }

    fn take(
        &mut self,
        mut reader: Box<dyn BufRead + Send>,
        origin: String,
        extension: Option<&OsStr>,
    ) -> io::Result<Option<Step>> {
        let named = extension.is_some_and(|e| e == "jsonl" || e == "ndjson");
        let jsonl = match self.about.format {
            Format::Jsonl => true,
            Format::Text => false,
            Format::Auto => {
                named
                    || extension.is_none_or(|e| e == "json") && opens_object(&mut reader)?
            }
        };
        if jsonl {
            self.lines = Some(Lines { reader, origin, number: 0, offset: 0 });
            return Ok(None);
        }
        let mut bytes = Vec::new();
        reader.take(LONGEST).read_to_end(&mut bytes)?;
        let document = Document::read(bytes, self.about.meta());
        let step = match document {
            Ok(document) => Ok(Article { origin, document }),
            Err(error) => Err(Problem { origin, message: error.to_string() }),
        };
        Ok(Some(step))
    }
}

/// The lines of a JSONL file.
struct Lines {
    reader: Box<dyn BufRead + Send>,
    origin: String,
    number: usize,
    offset: u64,
}

impl Lines {
    fn next(&mut self, about: &About) -> Option<Step> {
        loop {
            let mut line = Vec::new();
            let start = self.offset;
            self.number += 1;
            let origin = format!("{}:{}", self.origin, self.number);
            let fail =
                |message: String| Some(Err(Problem { origin: origin.clone(), message }));
            match (&mut self.reader).take(LONGEST).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(read) => self.offset += read as u64,
                Err(error) => return fail(plain(&error)),
            }
            if line.len() as u64 == LONGEST && line.last() != Some(&b'\n') {
                if let Err(error) = self.skip_line() {
                    return fail(plain(&error));
                }
                let at = start + LONGEST;
                return fail(format!(
                    "the line is too long: no end by byte {at} of the file"
                ));
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return match document(&line, start, about) {
                Ok(document) => Some(Ok(Article { origin, document })),
                Err(message) => fail(message),
            };
        }
    }

    /// Goes to the end of a line that is not kept.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = buffer.iter().position(|&b| b == b'\n');
            let used = end.map_or(buffer.len(), |e| e + 1);
            self.reader.consume(used);
            self.offset += used as u64;
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

/// The article of a JSONL line that starts at a byte of its file.
fn document(line: &[u8], start: u64, about: &About) -> Result<Document, String> {
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
    let Some(text) = text_field(&fields, &["text"])? else {
        let known: Vec<&str> = fields.keys().map(String::as_str).take(8).collect();
        return Err(format!("no field `text` beside {}", known.join(", ")));
    };
    let defaults = about.meta();
    let field = |names: &[&str]| text_field(&fields, names);
    let meta = Meta {
        key: field(&["id"])?,
        title: field(&["title"])?,
        published: field(&["date", "published", "dct"])?.or(defaults.published),
        outlet: field(&["outlet"])?.or(defaults.outlet),
        url: field(&["url"])?,
        rights: field(&["rights", "licence", "license"])?,
        lang: field(&["lang"])?.or(defaults.lang),
    };
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

impl About {
    /// What is known of an article when its input says nothing.
    pub(crate) fn meta(&self) -> Meta {
        Meta {
            published: self.date.clone(),
            outlet: self.outlet.clone(),
            lang: self.lang.clone(),
            ..Meta::default()
        }
    }
}

/// Whether the first byte that is no blank opens a JSON object.
fn opens_object(reader: &mut Box<dyn BufRead + Send>) -> io::Result<bool> {
    let buffer = reader.fill_buf()?;
    Ok(buffer.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'))
}

fn name_of(path: &Path) -> String {
    if path.as_os_str() == "-" { "<stdin>".into() } else { path.display().to_string() }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'))
}

/// Whether a file in a folder is taken for articles, by its ending.
fn is_article(path: &Path) -> bool {
    let known = |e: &OsStr| e == "txt" || e == "jsonl" || e == "ndjson";
    path.is_file() && !is_hidden(path) && path.extension().is_some_and(known)
}

/// An error of the system without its number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Document, String> {
        document(line.as_bytes(), 100, &About::default())
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
        let bytes = document(b"{\"text\": \"\xe9\"}", 100, &About::default());
        assert!(bytes.expect_err("it is bad").starts_with("not UTF-8 at byte 110"));
    }
}
