//! WARC 1.0 and 1.1 (ISO 28500): pages of a crawl, streamed; also texts of a WET file.
//!
//! A record is read whole before the next one, so memory is that of one record. What is broken is
//! said and stepped over: within a gzip member the reader looks for the next record, and after a
//! broken member for the next member.

use std::io::{self, BufRead, Read};

use depeche_text::{Document, Meta, Note};
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::common::date;
use super::common::encoding::decode;
use super::common::input::Input;
use super::html::Page;
use super::{
    Draft, Format, Head, Item, Options, Problem, Source, Work, plain, with_defaults,
};

pub(super) const FORMAT: Format = Format {
    name: "warc",
    about: "WARC: every HTML page that a crawl was answered with; texts of WET files",
    endings: &["warc", "wet"],
    is: |head: &Head<'_>| head.bytes.starts_with(b"WARC/"),
    open,
};

/// A header may have so many bytes, in WARC and in HTTP.
const LONGEST_HEADER: usize = 1 << 16;
/// A body may have so many, packed and unpacked: what an article may have.
const LONGEST_BODY: u64 = Document::LONGEST as u64;
/// Faults of a file that are named one by one; more of the same are counted.
const NAMED: u64 = 100;

fn open(input: Input, _: &Options) -> Result<Box<dyn Source>, Problem> {
    Ok(Box::new(Records { input, number: 0, faults: 0, ended: false }))
}

/// The records of a file.
struct Records {
    input: Input,
    number: u64,
    faults: u64,
    ended: bool,
}

impl Source for Records {
    fn next(&mut self, options: &Options) -> Option<Item> {
        while !self.ended {
            let start = self.input.offset();
            let fault = match self.record(options) {
                Ok(Some(Outcome::Item(item))) => return Some(*item),
                Ok(Some(Outcome::Other)) => continue,
                Ok(None) => {
                    self.ended = true;
                    return self.count();
                }
                Err(fault) => fault,
            };
            self.faults += 1;
            let origin = format!("{}#{}", self.input.origin, self.number);
            let found = self.recover(&fault);
            self.ended = !found;
            let then = if found {
                "the next record is read"
            } else {
                "there is no record after it"
            };
            if self.faults <= NAMED {
                let what = fault.message();
                return Some(Item::problem(
                    origin,
                    format!("{what}, in the record at byte {start}; {then}"),
                ));
            }
        }
        self.count()
    }
}

/// What came of a record.
enum Outcome {
    Item(Box<Item>),
    /// It is of a kind that holds no article: a request, an image, a redirection.
    Other,
}

/// Why a record is not read.
enum Fault {
    /// The record is not formed as it should be; what follows it may be.
    Malformed(String),
    /// The bytes do not come.
    Bytes(io::Error),
}

impl Fault {
    fn message(&self) -> String {
        match self {
            Fault::Malformed(what) => what.clone(),
            Fault::Bytes(error) => plain(error),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Bytes(error)
    }
}

impl Records {
    /// What is said at the end of a file with more faults than were named.
    fn count(&mut self) -> Option<Item> {
        let more = self.faults.checked_sub(NAMED).filter(|&m| m > 0)?;
        self.faults = 0;
        Some(Item::problem(
            self.input.origin.clone(),
            format!(
                "{more} more records could not be read; the file is damaged, fetch it again"
            ),
        ))
    }

    /// Reads a record; `None` at the end of the file.
    fn record(&mut self, options: &Options) -> Result<Option<Outcome>, Fault> {
        let version = loop {
            let Some(line) = line(&mut self.input, LONGEST_HEADER)? else {
                return Ok(None);
            };
            if !line.trim_ascii().is_empty() {
                break line;
            }
        };
        self.number += 1;
        if !version.starts_with(b"WARC/") {
            return Err(Fault::Malformed("no WARC record where one should start".into()));
        }
        let header = Header::read(&mut self.input)?;
        let length = header.get("content-length").and_then(|l| l.parse::<u64>().ok());
        let Some(length) = length else {
            return Err(Fault::Malformed("no Content-Length that is a number".into()));
        };
        let Some(kind) = Kind::of(&header) else {
            skip(&mut self.input, length)?;
            return Ok(Some(Outcome::Other));
        };
        if length > LONGEST_BODY + LONGEST_HEADER as u64 {
            skip(&mut self.input, length)?;
            let origin = self.origin(&header);
            let message = format!(
                "a record of {length} bytes, and an article may have {LONGEST_BODY}; it was passed \
                 over"
            );
            return Ok(Some(Outcome::Item(Box::new(Item::problem(origin, message)))));
        }
        let mut block = Vec::new();
        (&mut self.input).take(length).read_to_end(&mut block)?;
        if (block.len() as u64) < length {
            return Err(Fault::Malformed(format!(
                "cut off: {} of {length} bytes are there",
                block.len()
            )));
        }
        Ok(Some(match self.item(kind, &header, block, options) {
            Some(item) => Outcome::Item(Box::new(item)),
            None => Outcome::Other,
        }))
    }

    /// The record by number, and the address that it answers.
    fn origin(&self, header: &Header) -> String {
        match header.address() {
            Some(address) => format!("{}#{} {address}", self.input.origin, self.number),
            None => format!("{}#{}", self.input.origin, self.number),
        }
    }

    /// The article of a record, if it is a page or text.
    fn item(
        &self,
        kind: Kind,
        header: &Header,
        block: Vec<u8>,
        options: &Options,
    ) -> Option<Item> {
        let origin = self.origin(header);
        let mut notes = Vec::new();
        if let Some(why) = header.get("warc-truncated") {
            notes.push(Note::new(
                "truncated",
                format!(
                    "The crawler cut the page off ({why}): its text may be incomplete."
                ),
            ));
        }
        let meta = Meta {
            key: header
                .get("warc-record-id")
                .map(|id| id.trim_start_matches('<').trim_end_matches('>').to_owned()),
            url: header.address(),
            notes,
            ..Meta::default()
        };
        let fetched = header.get("warc-date").and_then(date::edtf);
        if kind == Kind::Text {
            let (text, note) = decode(&block, None);
            let mut meta = with_defaults(meta, &options.defaults);
            meta.notes.extend(note);
            return Some(Item::text(origin, text.into_owned(), meta));
        }
        let (body, charset) = match kind {
            Kind::Page => (block, header.charset()),
            _ => match answer(&block)? {
                Ok(answer) => answer,
                Err(message) => return Some(Item::problem(origin, message)),
            },
        };
        let page = Page {
            origin,
            bytes: body,
            charset,
            meta,
            fetched,
            defaults: options.defaults.clone(),
        };
        Some(Item::Draft(Draft { work: Work::Page(Box::new(page)) }))
    }

    /// Goes to where the next record starts; false where there is none.
    fn recover(&mut self, fault: &Fault) -> bool {
        let mut broken = matches!(fault, Fault::Bytes(_));
        loop {
            if broken && !matches!(self.input.resync(), Ok(true)) {
                return false;
            }
            match seek(&mut self.input) {
                Ok(found) => return found,
                Err(_) => broken = true,
            }
        }
    }
}

/// What a record holds that may be an article.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// An answer of HTTP.
    Answer,
    /// A page as it is.
    Page,
    /// Text as it is: WET.
    Text,
}

impl Kind {
    fn of(header: &Header) -> Option<Kind> {
        let content = header.get("content-type").unwrap_or_default().to_ascii_lowercase();
        match header.get("warc-type")?.to_ascii_lowercase().as_str() {
            "response" if content.starts_with("application/http") => Some(Kind::Answer),
            // Some writers leave it out: an answer is one of HTTP unless the address says other.
            "response" if content.is_empty() => Some(Kind::Answer),
            "resource" | "conversion" if is_html(&content) => Some(Kind::Page),
            "conversion" if content.starts_with("text/plain") => Some(Kind::Text),
            _ => None,
        }
    }
}

fn is_html(content_type: &str) -> bool {
    content_type.starts_with("text/html") || content_type.starts_with("application/xhtml")
}

/// The fields of a header, of WARC or of HTTP: names in lower case.
struct Header(Vec<(String, String)>);

impl Header {
    /// Reads up to the empty line.
    fn read(input: &mut impl BufRead) -> Result<Header, Fault> {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut left = LONGEST_HEADER;
        loop {
            let Some(line) = line(input, left)? else {
                return Err(Fault::Malformed("cut off within a header".into()));
            };
            if line.last() != Some(&b'\n') {
                let why = if line.len() < left {
                    "cut off within a header"
                } else {
                    "a header too long"
                };
                return Err(Fault::Malformed(why.into()));
            }
            left -= line.len();
            let text = decode(&line, None).0;
            if text.trim().is_empty() {
                return Ok(Header(fields));
            }
            if left == 0 {
                return Err(Fault::Malformed("a header too long".into()));
            }
            match (text.starts_with([' ', '\t']), fields.last_mut()) {
                // A folded line goes on with the field before it.
                (true, Some((_, value))) => {
                    value.push(' ');
                    value.push_str(text.trim());
                }
                _ => {
                    if let Some((name, value)) = text.split_once(':') {
                        let name = name.trim().to_ascii_lowercase();
                        fields.push((name, value.trim().to_owned()));
                    }
                }
            }
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(n, _)| n == name)?;
        Some(found.1.as_str()).filter(|v| !v.is_empty())
    }

    /// The address that was asked; old writers of WARC put it between angle brackets.
    fn address(&self) -> Option<String> {
        let address = self.get("warc-target-uri")?;
        Some(address.trim_start_matches('<').trim_end_matches('>').replace(' ', "%20"))
    }

    fn charset(&self) -> Option<String> {
        let content = self.get("content-type")?.to_ascii_lowercase();
        let value = content.split("charset=").nth(1)?;
        let label = value.split(';').next()?.trim().trim_matches(['"', '\'']);
        (!label.is_empty()).then(|| label.to_owned())
    }
}

/// The page of an answer of HTTP with its encoding: `None` when it is no page, an error when it
/// cannot be unpacked.
#[expect(
    clippy::type_complexity,
    reason = "three outcomes, each named in the line above"
)]
fn answer(block: &[u8]) -> Option<Result<(Vec<u8>, Option<String>), String>> {
    let mut rest = block;
    let status = line(&mut rest, LONGEST_HEADER).ok()??;
    let status = decode(&status, None).0.into_owned();
    let code = status.strip_prefix("HTTP/")?.split_whitespace().nth(1)?.to_owned();
    let header = Header::read(&mut rest).ok()?;
    // A page that says that there is no page is none.
    if !matches!(code.as_str(), "200" | "203" | "206") {
        return None;
    }
    let kind = header.get("content-type").unwrap_or_default().to_ascii_lowercase();
    let looks = || rest.trim_ascii_start().first() == Some(&b'<');
    if !(is_html(&kind) || kind.is_empty() && looks()) {
        return None;
    }
    let chunked = header
        .get("transfer-encoding")
        .is_some_and(|t| t.to_ascii_lowercase().contains("chunked"));
    let body = if chunked { unchunked(rest) } else { rest.to_vec() };
    let packing = header.get("content-encoding").unwrap_or_default().to_ascii_lowercase();
    Some(unpacked(body, packing.trim()).map(|body| (body, header.charset())))
}

/// The body of chunks. Some crawlers keep the header and join the chunks: a body that does not
/// start with the size of a chunk is taken as it is.
fn unchunked(body: &[u8]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Ok(Some(size)) = line(&mut rest, 64) {
        let size = String::from_utf8_lossy(&size);
        let digits = size.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(digits, 16) else {
            // In the middle of a body the rest is kept: it is text all the same.
            if joined.is_empty() {
                return body.to_vec();
            }
            joined.extend_from_slice(rest);
            break;
        };
        if size == 0 {
            break;
        }
        let taken = size.min(rest.len());
        joined.extend_from_slice(&rest[..taken]);
        rest = &rest[taken..];
        rest = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
    joined
}

/// The body out of its packing. Crawlers that unpack often leave the header: bytes that are not
/// packed are taken as they are.
fn unpacked(body: Vec<u8>, packing: &str) -> Result<Vec<u8>, String> {
    let starts = |magic: &[u8]| body.starts_with(magic);
    let unpack = |reader: &mut dyn Read| -> Result<Vec<u8>, String> {
        let mut unpacked = Vec::new();
        let read = reader.take(LONGEST_BODY + 1).read_to_end(&mut unpacked);
        if unpacked.len() as u64 > LONGEST_BODY {
            return Err(format!(
                "a body that unpacks to more than {LONGEST_BODY} bytes; it was passed over"
            ));
        }
        match read {
            Err(error) if unpacked.is_empty() => {
                Err(format!("a body that cannot be unpacked: {}", plain(&error)))
            }
            // What came before the fault is text.
            _ => Ok(unpacked),
        }
    };
    match packing {
        "gzip" | "x-gzip" if starts(&[0x1f, 0x8b]) => unpack(&mut GzDecoder::new(body.as_slice())),
        "deflate" if starts(&[0x78]) => unpack(&mut ZlibDecoder::new(body.as_slice())),
        "deflate" if !body.trim_ascii_start().starts_with(b"<") => {
            unpack(&mut DeflateDecoder::new(body.as_slice()))
        }
        "zstd" if starts(&[0x28, 0xb5, 0x2f, 0xfd]) => match zstd::Decoder::new(body.as_slice()) {
            Ok(mut decoder) => unpack(&mut decoder),
            Err(error) => Err(format!("a body that cannot be unpacked: {}", plain(&error))),
        },
        "br" if std::str::from_utf8(&body).is_err() => Err(
            "a body packed with brotli, which depeche does not unpack; crawl without `br` in \
             Accept-Encoding"
                .into(),
        ),
        _ => Ok(body),
    }
}

/// A line with its end, up to a limit; `None` at the end of the input.
fn line(input: &mut impl BufRead, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = input.take(limit as u64).read_until(b'\n', &mut line)?;
    Ok((read > 0).then_some(line))
}

/// Steps over bytes that are not kept.
fn skip(input: &mut Input, length: u64) -> Result<(), Fault> {
    let mut left = length;
    while left > 0 {
        let held = input.fill_buf()?.len();
        if held == 0 {
            let there = length - left;
            return Err(Fault::Malformed(format!(
                "cut off: {there} of {length} bytes are there"
            )));
        }
        let step = left.min(held as u64);
        input.consume(usize::try_from(step).unwrap_or(held));
        left -= step;
    }
    Ok(())
}

/// Goes to the next line that starts a record.
fn seek(input: &mut Input) -> io::Result<bool> {
    const START: &[u8] = b"WARC/1.";
    // How much of the start was matched; `None` within a line.
    let mut matched = Some(0);
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let mut used = 0;
        for &byte in buffer {
            used += 1;
            matched = match matched {
                _ if byte == b'\n' => Some(0),
                Some(n) if byte == START[n] => Some(n + 1),
                _ => None,
            };
            if matched == Some(START.len()) {
                break;
            }
        }
        input.consume(used);
        if matched == Some(START.len()) {
            input.unread(START);
            return Ok(true);
        }
    }
}
