//! Where do articles come from? Files, folders and streams in every format the press writes.
//!
//! The format is told from the **content**; a name decides only where the content has no shape of
//! its own. Files are streamed: what is held is an article, never a file (feeds and single wire
//! documents, which are small, excepted). Whatever cannot be read becomes a [`Problem`] in its
//! place that says where, what, and what to do, and the next one is read.
//!
//! Reading has two halves. [`Articles`] goes through the bytes and yields [`Draft`]s in order,
//! which costs little; [`Draft::finish`] does the work that is worth spreading over threads, such
//! as finding the main text of a page.
//!
//! ```
//! use depeche_formats::read::{Options, bytes};
//!
//! let page = b"<html lang=fr><title>Accord</title><p>Les deux pays ont sign\xe9 un accord.</html>";
//! let drafts: Vec<_> = bytes(page.to_vec(), "page", &Options::default()).collect();
//! let article = drafts.into_iter().next().unwrap().finish().unwrap();
//! assert_eq!(article.document.text(), "Les deux pays ont signé un accord.");
//! ```

mod common;
mod csv;
mod feed;
mod html;
mod json;
mod jsonl;
mod newsml;
mod ninjs;
mod nitf;
mod opml;
mod parquet;
mod text;
mod warc;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use depeche_text::{Document, Meta, Note};

use common::input::{HEAD, Input};

/// An article, and where it came from.
#[derive(Debug)]
pub struct Article {
    /// The file, and where it holds more than one article the line, record or item.
    pub origin: String,
    /// The text, and what the input says about it.
    pub document: Document,
}

/// Why something could not be read: where, what, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, and the line, record or item in it.
    pub origin: String,
    /// A sentence or two.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.message)
    }
}

/// One step of a run: an article, or why there is none.
pub type Step = Result<Article, Problem>;

/// How inputs are read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What is known of an article where its input says nothing.
    pub defaults: Meta,
    /// The format of every input; told from the content of each when nobody says.
    pub format: Option<&'static Format>,
}

/// A format, and how it is told and read.
pub struct Format {
    /// What `--format` calls it.
    pub name: &'static str,
    /// A line for people.
    pub about: &'static str,
    /// How names of its files end. It matters for files of a folder, which are taken by their
    /// ending, and for content without a shape of its own.
    pub endings: &'static [&'static str],
    /// Whether some content has its shape.
    is: fn(&Head<'_>) -> bool,
    open: Open,
}

/// Opens an input of a format.
type Open = fn(Input, &Options) -> Result<Box<dyn Source>, Problem>;

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Every format, in the order in which content is compared with them. A file of `read/` each.
pub const FORMATS: &[Format] = &[
    parquet::FORMAT,
    warc::FORMAT,
    feed::FORMAT,
    opml::FORMAT,
    newsml::FORMAT,
    nitf::FORMAT,
    html::FORMAT,
    ninjs::FORMAT,
    jsonl::FORMAT,
    json::FORMAT,
    csv::FORMAT,
    text::FORMAT,
];

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|f| f.name == name)
}

/// The format that a file or stream with such a head is in.
fn told(head: &Head<'_>) -> Option<&'static Format> {
    // Plain text is last: it has no shape, so a name goes before it.
    let (plain, shaped) = FORMATS.split_last().expect("the table is not empty");
    let named = |f: &&Format| f.endings.iter().any(|e| head.is_named(e));
    shaped
        .iter()
        .find(|f| (f.is)(head))
        .or_else(|| shaped.iter().find(named))
        .or_else(|| Some(plain).filter(|f| (f.is)(head)))
}

/// The first bytes of an input, as formats look at them.
struct Head<'h> {
    bytes: &'h [u8],
    /// The same as text, without a byte order mark and leading blanks.
    text: Cow<'h, str>,
    /// How the name ends, without the ending of a wrapper.
    ending: Option<String>,
}

impl<'h> Head<'h> {
    fn new(bytes: &'h [u8], path: Option<&Path>) -> Head<'h> {
        let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = match String::from_utf8_lossy(unmarked) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_start()),
            Cow::Owned(text) => Cow::Owned(text.trim_start().to_owned()),
        };
        Head { bytes, text, ending: path.and_then(ending) }
    }

    fn is_named(&self, ending: &str) -> bool {
        self.ending.as_deref() == Some(ending)
    }

    /// The local name of the first element, if it is marked up.
    fn root(&self) -> Option<&str> {
        let mut rest: &str = &self.text;
        loop {
            rest = rest.trim_start().strip_prefix('<')?;
            let skipped = if rest.starts_with("!--") {
                rest.find("-->").map(|end| end + 3)
            } else if rest.starts_with(['?', '!']) {
                // An internal subset of a document type has tags of its own.
                let simple = rest.find('>')?;
                let subset =
                    rest[..simple].contains('[').then(|| rest.find("]>")).flatten();
                subset.map(|end| end + 2).or(Some(simple + 1))
            } else {
                let end = |c: char| c.is_whitespace() || matches!(c, '>' | '/');
                let name = rest.split(end).next()?;
                let local = name.rsplit(':').next()?;
                return local
                    .starts_with(|c: char| c.is_ascii_alphabetic())
                    .then_some(local);
            };
            rest = &rest[skipped?..];
        }
    }
}

/// How a name ends, in lower case, without `.gz` or `.zst`.
fn ending(path: &Path) -> Option<String> {
    let mut path = path.to_owned();
    if path.extension().is_some_and(|e| e == "gz" || e == "zst") {
        path.set_extension("");
    }
    path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase())
}

/// Yields the articles of one input, one by one.
trait Source: Send {
    /// The next, until there is none.
    fn next(&mut self, options: &Options) -> Option<Item>;
}

/// What a source yields.
#[expect(clippy::large_enum_variant, reason = "it is moved once, and most are drafts")]
enum Item {
    Draft(Draft),
    /// A file that the source names, to be read next.
    File(PathBuf),
}

impl Item {
    fn article(origin: String, document: Document) -> Item {
        Item::Draft(Draft { work: Work::Done(Ok(Article { origin, document })) })
    }

    fn problem(origin: impl Into<String>, message: impl Into<String>) -> Item {
        Item::Draft(Draft::failed(origin.into(), message.into()))
    }

    /// A text and what is known of it; what is too long is a problem.
    fn text(origin: String, text: String, meta: Meta) -> Item {
        match Document::new(text, meta) {
            Ok(document) => Item::article(origin, document),
            Err(error) => Item::problem(origin, error.to_string()),
        }
    }
}

/// An article that is not fully read yet; it may fail still.
pub struct Draft {
    work: Work,
}

#[expect(clippy::large_enum_variant, reason = "it is moved once, and most are done")]
enum Work {
    Done(Step),
    Page(Box<html::Page>),
}

impl Draft {
    fn failed(origin: String, message: String) -> Draft {
        Draft { work: Work::Done(Err(Problem { origin, message })) }
    }

    /// About how many bytes it holds.
    pub fn size(&self) -> usize {
        match &self.work {
            Work::Done(Ok(article)) => article.document.text().len(),
            Work::Done(Err(problem)) => problem.message.len(),
            Work::Page(page) => page.bytes.len(),
        }
    }

    /// Reads the rest of it. That takes a few milliseconds for a page, and nothing for others.
    ///
    /// # Errors
    ///
    /// When it is no article after all: the problem says why.
    pub fn finish(self) -> Step {
        match self.work {
            Work::Done(step) => step,
            Work::Page(page) => {
                let origin = page.origin.clone();
                unbroken(|| page.read())
                    .unwrap_or_else(|message| Err(Problem { origin, message }))
            }
        }
    }
}

/// A source of one thing.
struct Once(Option<Item>);

impl Once {
    fn boxed(item: Item) -> Result<Box<dyn Source>, Problem> {
        Ok(Box::new(Once(Some(item))))
    }
}

impl Source for Once {
    fn next(&mut self, _: &Options) -> Option<Item> {
        self.0.take()
    }
}

/// The articles at some paths, in order; `-` is standard input, and so is an empty list.
pub fn articles(paths: &[PathBuf], options: &Options) -> Articles {
    let mut waiting: Vec<Waiting> =
        paths.iter().rev().map(|p| Waiting::Path(p.clone(), Why::Named)).collect();
    if waiting.is_empty() {
        waiting.push(Waiting::Path(PathBuf::from("-"), Why::Named));
    }
    Articles { waiting, open: None, followed: BTreeSet::new(), options: options.clone() }
}

/// The articles of some bytes, under a name that errors say.
pub fn bytes(bytes: Vec<u8>, name: &str, options: &Options) -> Articles {
    let waiting = vec![Waiting::Bytes(bytes, name.to_owned())];
    Articles { waiting, open: None, followed: BTreeSet::new(), options: options.clone() }
}

enum Waiting {
    Path(PathBuf, Why),
    Bytes(Vec<u8>, String),
}

/// Why a path is read: files of a folder are taken only if they look like articles.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Named,
    InFolder,
}

/// Goes through inputs one by one, and through each article by article.
pub struct Articles {
    /// What is still to open, the next one last.
    waiting: Vec<Waiting>,
    /// What is being read, under its name.
    open: Option<(String, Box<dyn Source>)>,
    /// Files that lists named.
    followed: BTreeSet<PathBuf>,
    options: Options,
}

impl Iterator for Articles {
    type Item = Draft;

    fn next(&mut self) -> Option<Draft> {
        loop {
            if let Some((origin, mut source)) = self.open.take() {
                let next = match unbroken(|| source.next(&self.options)) {
                    Ok(next) => next,
                    Err(message) => return Some(Draft::failed(origin, message)),
                };
                let Some(item) = next else { continue };
                self.open = Some((origin, source));
                match item {
                    Item::Draft(draft) => return Some(draft),
                    // A list that names itself is read once.
                    Item::File(path) => {
                        if self.followed.insert(path.clone()) {
                            self.waiting.push(Waiting::Path(path, Why::Named));
                        }
                        continue;
                    }
                }
            }
            let opened = match self.waiting.pop()? {
                Waiting::Bytes(bytes, name) => {
                    self.take(Box::new(Cursor::new(bytes)), name, None, Why::Named)
                }
                Waiting::Path(path, why) => self.path(&path, why),
            };
            if let Err(problem) = opened {
                return Some(Draft { work: Work::Done(Err(problem)) });
            }
        }
    }
}

impl Articles {
    /// Opens a path: a folder puts its files in line.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where input comes in; no engine here"
    )]
    fn path(&mut self, path: &Path, why: Why) -> Result<(), Problem> {
        let origin = name_of(path);
        let fail =
            |error: io::Error| Problem { origin: origin.clone(), message: plain(&error) };
        if path.as_os_str() == "-" {
            return self.take(Box::new(io::stdin()), origin, None, why);
        }
        if path.is_dir() {
            let mut files = Vec::new();
            for entry in fs::read_dir(path).map_err(fail)? {
                files.push(entry.map_err(fail)?.path());
            }
            files.retain(|f| !is_hidden(f));
            files.sort();
            let waiting = |f| Waiting::Path(f, Why::InFolder);
            self.waiting.extend(files.into_iter().rev().map(waiting));
            return Ok(());
        }
        let file = File::open(path).map_err(fail)?;
        self.take(Box::new(file), origin, Some(path), why)
    }

    fn take(
        &mut self,
        reader: Box<dyn Read + Send>,
        origin: String,
        path: Option<&Path>,
        why: Why,
    ) -> Result<(), Problem> {
        let fail =
            |error: &io::Error| Problem { origin: origin.clone(), message: plain(error) };
        let mut input = Input::open(reader, origin.clone(), path.map(Path::to_owned))
            .map_err(|e| fail(&e))?;
        let head = input.peek_head(HEAD).map_err(|e| fail(&e))?;
        let head = Head::new(head, path);
        let known = |name: &str| FORMATS.iter().any(|f| f.endings.contains(&name));
        let by_name = head.ending.as_deref().is_some_and(known);
        let told = told(&head);
        let is_plain = told.is_none_or(|f| f.name == text::FORMAT.name);
        // A folder holds other things than articles: of what has no shape, only files that are
        // named like texts are taken.
        if why == Why::InFolder && is_plain && !by_name {
            return Ok(());
        }
        let Some(format) = self.options.format.or(told) else {
            let message = not_press(&head);
            return Err(Problem { origin, message });
        };
        let opened = unbroken(|| (format.open)(input, &self.options));
        let source = opened
            .unwrap_or_else(|message| Err(Problem { origin: origin.clone(), message }))?;
        self.open = Some((origin, source));
        Ok(())
    }
}

/// Runs a reader that is not ours alone. It never breaks; should it, that is a bug, and no reason
/// to stop.
fn unbroken<T>(read: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| {
        "depeche broke on reading this: that is a bug in depeche, please report it with the file"
            .to_owned()
    })
}

/// What cannot be read is called by its name, where many people have it.
fn not_press(head: &Head<'_>) -> String {
    let known: &[(&[u8], &str)] = &[
        (b"%PDF", "a PDF; take its text out first, with `pdftotext -layout`"),
        (
            b"PK\x03\x04",
            "a zip archive or office document; unpack it, or save it as HTML or text",
        ),
        (
            b"SQLite format 3",
            "an SQLite file; an archive is asked by `depeche search`, not read",
        ),
        (b"\xd0\xcf\x11\xe0", "an old office document; save it as HTML or text"),
        (b"{\\rtf", "rich text; save it as HTML or plain text"),
        (b"\x89PNG", "an image; depeche reads text"),
        (b"\xff\xd8\xff", "an image; depeche reads text"),
    ];
    match known.iter().find(|(magic, _)| head.bytes.starts_with(magic)) {
        Some((_, what)) => (*what).to_owned(),
        None => match head.root() {
            Some(root) => format!(
                "XML with the root `{root}`, which is none of RSS, Atom, OPML, NewsML-G2, NITF \
                 or HTML; name its format with --format if it is one after all"
            ),
            None => "not text: it has bytes that no text has; name its format with --format if \
                     it has one"
                .into(),
        },
    }
}

/// What a source says of itself: a path, or standard input.
fn name_of(path: &Path) -> String {
    if path.as_os_str() == "-" { "<stdin>".into() } else { path.display().to_string() }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().map(OsStr::to_string_lossy).is_some_and(|n| n.starts_with('.'))
}

/// An error of the system without its number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

/// What an input says, with what is known from outside where it says nothing.
fn with_defaults(meta: Meta, defaults: &Meta) -> Meta {
    Meta {
        published: meta.published.or_else(|| defaults.published.clone()),
        outlet: meta.outlet.or_else(|| defaults.outlet.clone()),
        lang: meta.lang.or_else(|| defaults.lang.clone()),
        ..meta
    }
}

/// A date that an input gives, in EDTF where it is one; what is none is kept as it is written, so
/// that the record says that it could not be read.
fn dated(written: &str) -> String {
    common::date::edtf(written).unwrap_or_else(|| written.trim().to_owned())
}

/// A whole document that is small enough to be held, decoded.
fn whole(
    input: &mut Input,
    declared: fn(&[u8]) -> Option<String>,
) -> Result<(String, Option<Note>), Problem> {
    let problem =
        |origin: &str, message: String| Problem { origin: origin.to_owned(), message };
    let bytes = match input.rest(LONGEST) {
        Ok(bytes) => bytes,
        Err(error) => return Err(problem(&input.origin, plain(&error))),
    };
    if bytes.len() as u64 > LONGEST {
        let message = format!(
            "longer than {} MiB, which no single document is; split it",
            LONGEST >> 20
        );
        return Err(problem(&input.origin, message));
    }
    let label = declared(&bytes);
    let (text, note) = common::encoding::decode(&bytes, label.as_deref());
    Ok((text.into_owned(), note))
}

/// The longest line, record or file that is taken into memory, in bytes; it is more than an
/// article may have, so that the text itself is what an error speaks of.
const LONGEST: u64 = 4 * Document::LONGEST as u64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_formats_is_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/read");
        let files =
            fs::read_dir(folder).expect("it is there").map(|e| e.expect("a file").path());
        let mut files: Vec<String> = files
            .filter(|f| f.is_file())
            .map(|f| f.file_stem().expect("a name").to_string_lossy().into_owned())
            .collect();
        files.sort();
        let mut table: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
        table.sort_unstable();
        assert_eq!(files, table);
    }

    #[test]
    fn content_tells_the_format() {
        let check = |name: &str, content: &str| {
            let told = told(&Head::new(content.as_bytes(), None)).map(|f| f.name);
            assert_eq!(told.unwrap_or("-"), name, "{content}");
        };
        check("parquet", "PAR1....");
        check("warc", "WARC/1.1\r\nWARC-Type: warcinfo\r\n");
        check("feed", "<?xml version='1.0'?><!-- c --><rss version='2.0'>");
        check("feed", "<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>");
        check(
            "feed",
            "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}",
        );
        check("opml", "<opml version='2.0'>");
        check("newsml", "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'>");
        check("nitf", "<!DOCTYPE nitf SYSTEM 'nitf-3-6.dtd' [<!ENTITY a 'b'>]><nitf>");
        check("html", "<!DOCTYPE html><html><body>");
        check("html", "\u{feff}<p>Un paragraphe.");
        check("ninjs", "{\n \"uri\": \"urn:x\",\n \"body_text\": \"Rien.\"\n}");
        check("jsonl", "{\"text\": \"Rien.\"}\n{\"text\": \"Peu.\"}\n");
        check("jsonl", "{\"text\": \n{\"text\": \"Peu.\"}\n");
        check("json", "{\n  \"text\": \"Rien.\"\n}\n");
        check("json", "[{\"text\": \"Rien.\"}]");
        check("csv", "id;date;titre;texte\n1;2025-02-18;Accord;Un accord.\n");
        check("csv", "text\tdate\nUn accord.\t2025\n");
        check("text", "Un texte, une date\nsuivent ici.\n");
        check("text", "[AFP] Un texte.");
        check("text", "");
        check("-", "<catalog><item/></catalog>");
        check("-", "%PDF-1.7");
    }
}
