//! How are gzip files of many members read, and what follows a broken member?
//!
//! A WARC file is a member a record, so that one broken record need not cost the rest.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::input::Raw;

/// What every gzip member that anybody writes starts with: magic and `deflate`.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];

/// The members of a gzip file, one after the other.
pub(crate) struct Gzip {
    /// `None` once there is no further member.
    member: Option<GzDecoder<Raw>>,
    /// Bytes of the file that were taken before the last member ended.
    taken: u64,
}

impl Gzip {
    pub(crate) fn new(raw: Raw) -> Gzip {
        Gzip { member: Some(GzDecoder::new(raw)), taken: 0 }
    }

    /// How many bytes of the file were taken.
    pub(crate) fn taken(&self) -> u64 {
        self.member.as_ref().map_or(self.taken, |m| m.get_ref().taken())
    }

    /// Goes to the next member after a fault; false where there is none.
    pub(crate) fn resync(&mut self) -> io::Result<bool> {
        let Some(member) = self.member.take() else { return Ok(false) };
        let mut raw = member.into_inner();
        let found = seek(&mut raw)?;
        self.taken = raw.taken();
        if found {
            self.member = Some(GzDecoder::new(raw));
        }
        Ok(found)
    }

    /// Goes to the member that follows a whole one. Zeros between them are padding of tapes.
    fn follow(&mut self) -> io::Result<bool> {
        let Some(member) = self.member.take() else { return Ok(false) };
        let mut raw = member.into_inner();
        let first = loop {
            let buffer = raw.fill_buf()?;
            match buffer.iter().position(|&b| b != 0) {
                Some(at) => {
                    let first = buffer[at];
                    raw.consume(at);
                    break Some(first);
                }
                None if buffer.is_empty() => break None,
                None => {
                    let length = buffer.len();
                    raw.consume(length);
                }
            }
        };
        self.taken = raw.taken();
        match first {
            None => Ok(false),
            Some(first) if first == MAGIC[0] => {
                self.member = Some(GzDecoder::new(raw));
                Ok(true)
            }
            Some(_) => {
                self.member = Some(GzDecoder::new(raw));
                Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "bytes that are no gzip follow the end of a gzip member",
                ))
            }
        }
    }
}

impl Read for Gzip {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            match member.read(buffer)? {
                0 if !buffer.is_empty() => {
                    self.follow()?;
                }
                read => return Ok(read),
            }
        }
        Ok(0)
    }
}

/// Goes to the next bytes that look like the head of a member.
fn seek(raw: &mut Raw) -> io::Result<bool> {
    let mut matched = 0;
    loop {
        let buffer = raw.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        for (at, &byte) in buffer.iter().enumerate() {
            matched = match byte {
                b if b == MAGIC[matched] => matched + 1,
                b if b == MAGIC[0] => 1,
                _ => 0,
            };
            if matched == MAGIC.len() {
                raw.consume(at + 1);
                raw.give_back(&MAGIC);
                return Ok(true);
            }
        }
        let length = buffer.len();
        raw.consume(length);
    }
}
