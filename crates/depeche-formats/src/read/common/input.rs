//! How do bytes come in? From a file or standard input, out of gzip or zstd, in any Unicode form.
//!
//! Nothing is held but a window. What a wrapper expands to is bounded, so that a small file cannot
//! fill the time of a day.

use std::io::{self, BufRead, Read};
use std::path::PathBuf;

use encoding_rs::{Decoder, UTF_8, UTF_16BE, UTF_16LE};

use super::gzip::Gzip;

/// So many bytes are looked at to tell a format.
pub(crate) const HEAD: usize = 1 << 16;
/// So many bytes are asked for at once.
const CHUNK: usize = 1 << 16;
/// A wrapper may expand to so much whatever it holds…
const FREE: u64 = 64 << 20;
/// …and to so many times its own size: text in any language shrinks to a tenth, boilerplate that
/// repeats to a fiftieth; deflate could reach 1,032, and zstd more.
const RATIO: u64 = 300;

/// Bytes as they lie in the file.
pub(crate) struct Raw {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    at: usize,
    taken: u64,
}

impl Raw {
    fn new(reader: Box<dyn Read + Send>) -> Raw {
        Raw { reader, buffer: Vec::new(), at: 0, taken: 0 }
    }

    /// How many bytes were taken.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// Puts bytes back that were just taken.
    pub(crate) fn give_back(&mut self, bytes: &[u8]) {
        self.buffer.splice(..self.at, bytes.iter().copied());
        self.at = 0;
        self.taken -= bytes.len() as u64;
    }

    fn starts_with(&mut self, magic: &[u8]) -> io::Result<bool> {
        while self.buffer.len() < magic.len() && self.more()? {}
        Ok(self.buffer.starts_with(magic))
    }

    /// Reads a further chunk behind what is held.
    fn more(&mut self) -> io::Result<bool> {
        let held = self.buffer.len();
        self.buffer.resize(held + CHUNK, 0);
        let read = read_some(&mut self.reader, &mut self.buffer[held..]);
        self.buffer.truncate(held + *read.as_ref().unwrap_or(&0));
        Ok(read? > 0)
    }
}

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let held = self.fill_buf()?;
        let read = held.len().min(buffer.len());
        buffer[..read].copy_from_slice(&held[..read]);
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Raw {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
            self.more()?;
        }
        Ok(&self.buffer[self.at..])
    }

    fn consume(&mut self, bytes: usize) {
        self.at += bytes;
        self.taken += bytes as u64;
    }
}

/// What the bytes are wrapped in.
enum Layer {
    None(Raw),
    Gzip(Box<Gzip>),
    Zstd(Box<zstd::Decoder<'static, Raw>>),
}

impl Layer {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Layer::None(raw) => read_some(raw, buffer),
            Layer::Gzip(gzip) => read_some(gzip, buffer),
            Layer::Zstd(zstd) => read_some(zstd, buffer),
        }
    }

    fn taken(&self) -> u64 {
        match self {
            Layer::None(raw) => raw.taken(),
            Layer::Gzip(gzip) => gzip.taken(),
            Layer::Zstd(zstd) => zstd.get_ref().taken(),
        }
    }
}

/// One file or stream: where it is, and its bytes out of their wrapper.
pub(crate) struct Input {
    /// What errors call it.
    pub(crate) origin: String,
    /// Where it lies, unless it came through standard input.
    pub(crate) path: Option<PathBuf>,
    layer: Layer,
    utf16: Option<Decoder>,
    /// What went wrong behind the window: it is said once the window is used up.
    fault: Option<io::Error>,
    buffer: Vec<u8>,
    at: usize,
    /// Bytes before the window.
    passed: u64,
    expanded: u64,
}

impl Input {
    /// Looks what the bytes are wrapped in.
    pub(crate) fn open(
        reader: Box<dyn Read + Send>,
        origin: String,
        path: Option<PathBuf>,
    ) -> io::Result<Input> {
        let mut raw = Raw::new(reader);
        let layer = if raw.starts_with(&[0x1f, 0x8b])? {
            Layer::Gzip(Box::new(Gzip::new(raw)))
        } else if raw.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])? {
            Layer::Zstd(Box::new(zstd::Decoder::with_buffer(raw)?))
        } else {
            Layer::None(raw)
        };
        let mut input = Input {
            origin,
            path,
            layer,
            utf16: None,
            fault: None,
            buffer: Vec::new(),
            at: 0,
            passed: 0,
            expanded: 0,
        };
        if input.is_wrapped()
            && matches!(input.peek(4)?, [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd])
        {
            return Err(invalid(
                "compressed twice; decompress it once, with gunzip or zstd -d",
            ));
        }
        let decoder = match input.peek(2)? {
            [0xff, 0xfe] => Some(UTF_16LE.new_decoder()),
            [0xfe, 0xff] => Some(UTF_16BE.new_decoder()),
            _ => None,
        };
        if let Some(decoder) = decoder {
            input.transcode(decoder);
        }
        Ok(input)
    }

    /// Takes what follows for UTF-16, which only a byte order mark tells.
    fn transcode(&mut self, mut decoder: Decoder) {
        let held = self.buffer.split_off(self.at);
        self.buffer.clear();
        self.at = 0;
        decode_into(&mut decoder, &held, false, &mut self.buffer);
        self.utf16 = Some(decoder);
    }

    pub(crate) fn is_wrapped(&self) -> bool {
        !matches!(self.layer, Layer::None(_))
    }

    /// How many bytes, out of the wrapper, were consumed.
    pub(crate) fn offset(&self) -> u64 {
        self.passed + self.at as u64
    }

    /// The next bytes, so many where the input is long enough, without consuming them.
    pub(crate) fn peek(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.at < length {
            match self.more() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) if self.at == self.buffer.len() => return Err(error),
                Err(error) => {
                    self.fault = Some(error);
                    break;
                }
            }
        }
        let held = &self.buffer[self.at..];
        Ok(&held[..held.len().min(length)])
    }

    /// The next bytes as [`Input::peek`] gives them, or fewer where they begin with a JSON object
    /// on a line of its own: whoever pipes dispatches in as they come need not send more of them
    /// before the first is read.
    pub(crate) fn peek_head(&mut self, length: usize) -> io::Result<&[u8]> {
        let mut asked = 1;
        loop {
            // No more is waited for than what is asked, and what is here is all looked at.
            let held = self.peek(asked)?.len();
            let here = &self.buffer[self.at..];
            let line = here.iter().position(|b| *b == b'\n').map(|end| &here[..end]);
            let whole = |line: &[u8]| {
                let line = line.trim_ascii();
                line.starts_with(b"{") && line.ends_with(b"}")
            };
            if held < asked || here.len() >= length || line.is_some_and(whole) {
                return self.peek(length.min(self.buffer.len() - self.at));
            }
            asked = here.len() + 1;
        }
    }

    /// Steps over a byte order mark of UTF-8, for formats whose grammar has no place for one.
    pub(crate) fn skip_mark(&mut self) -> io::Result<()> {
        if self.peek(3)? == b"\xef\xbb\xbf" {
            self.consume(3);
        }
        Ok(())
    }

    /// All that is left, up to a limit. One byte more than the limit says that there is more.
    pub(crate) fn rest(&mut self, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.take(limit + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Puts bytes back that were just consumed.
    pub(crate) fn unread(&mut self, bytes: &[u8]) {
        self.passed = self.offset() - bytes.len() as u64;
        self.buffer.splice(..self.at, bytes.iter().copied());
        self.at = 0;
    }

    /// Goes on after a fault of the wrapper: at the next gzip member. False where there is none.
    pub(crate) fn resync(&mut self) -> io::Result<bool> {
        self.fault = None;
        self.passed += self.buffer.len() as u64;
        self.buffer.clear();
        self.at = 0;
        match &mut self.layer {
            Layer::Gzip(gzip) => gzip.resync(),
            Layer::None(_) | Layer::Zstd(_) => Ok(false),
        }
    }

    /// Reads a chunk behind the window.
    fn more(&mut self) -> io::Result<bool> {
        if let Some(error) = self.fault.take() {
            return Err(error);
        }
        if self.at >= CHUNK {
            self.buffer.drain(..self.at);
            self.passed += self.at as u64;
            self.at = 0;
        }
        if let Some(decoder) = &mut self.utf16 {
            let mut chunk = vec![0; CHUNK];
            let read = self.layer.read(&mut chunk)?;
            let before = self.buffer.len();
            decode_into(decoder, &chunk[..read], read == 0, &mut self.buffer);
            if read == 0 {
                // A decoder is told of the end once.
                self.utf16 = Some(UTF_8.new_decoder_without_bom_handling());
            }
            return Ok(read > 0 || self.buffer.len() > before);
        }
        let held = self.buffer.len();
        self.buffer.resize(held + CHUNK, 0);
        let read = self.layer.read(&mut self.buffer[held..]);
        let count = *read.as_ref().unwrap_or(&0);
        self.buffer.truncate(held + count);
        self.expanded += count as u64;
        if self.is_wrapped()
            && self.expanded > FREE
            && self.expanded / RATIO > self.layer.taken()
        {
            return Err(invalid(&format!(
                "expands to more than {RATIO} times its size, as no text does; decompress it \
                 yourself if you trust it"
            )));
        }
        Ok(read? > 0)
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let held = self.fill_buf()?;
        let read = held.len().min(buffer.len());
        buffer[..read].copy_from_slice(&held[..read]);
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        // A chunk of UTF-16 may hold less than a character.
        while self.at == self.buffer.len() {
            self.passed += self.at as u64;
            self.buffer.clear();
            self.at = 0;
            if !self.more()? {
                break;
            }
        }
        Ok(&self.buffer[self.at..])
    }

    fn consume(&mut self, bytes: usize) {
        self.at += bytes;
    }
}

/// Decodes bytes behind what is there; what is no UTF-16 becomes U+FFFD.
fn decode_into(decoder: &mut Decoder, bytes: &[u8], last: bool, into: &mut Vec<u8>) {
    let room =
        decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
    let held = into.len();
    into.resize(held + room, 0);
    let (_, _, written, _) = decoder.decode_to_utf8(bytes, &mut into[held..], last);
    into.truncate(held + written);
}

/// Reads once, again where a signal came between.
fn read_some(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
