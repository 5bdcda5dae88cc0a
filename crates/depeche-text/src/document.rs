//! What came in, and what is known about it before a word is read?

use thiserror::Error;

/// What the input says about an article besides its text. Nothing here is guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// The id that the input gave: a JSONL `id`, a feed's guid.
    pub key: Option<String>,
    /// The headline, when the input keeps it apart from the text.
    pub title: Option<String>,
    /// When it was published, as EDTF: `2025-02-18`, `2025-02`, `2025-02-18T13:05`.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Where it can be found.
    pub url: Option<String>,
    /// What may be done with it.
    pub rights: Option<String>,
    /// Its language as BCP 47, when the input says so; told from the text otherwise.
    pub lang: Option<String>,
    /// Who wrote it, as the by-line says.
    pub byline: Option<String>,
    /// How a wire service marks it.
    pub wire: Wire,
    /// What somebody should know of how the input was read: an encoding that was told from its
    /// bytes, a summary where the whole text was not given.
    pub notes: Vec<Note>,
}

/// How a wire service marks a story: what ninjs, NewsML-G2 and NITF say of it besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// The words that name the story in the newsroom: `UKRAINE-NEGOTIATIONS`.
    pub slug: Option<String>,
    /// Which version of the story it is: `3`.
    pub version: Option<String>,
    /// When this version was made, as ISO 8601.
    pub versioned: Option<String>,
    /// From 1, the most urgent, to 9.
    pub urgency: Option<String>,
    /// `usable`, `withheld`, `canceled`.
    pub status: Option<String>,
    /// It may not be published before, as ISO 8601.
    pub embargo: Option<String>,
    /// Place and day of writing, as the service gives them.
    pub dateline: Option<String>,
    /// The service's word to editors.
    pub editorial: Option<String>,
}

/// A remark on how an input was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// A stable word, which starts with [`Note::PREFIX`]: `input-encoding`.
    pub code: String,
    /// A sentence.
    pub text: String,
}

impl Note {
    /// What every code starts with, so that remarks on the input are told from those of the engine.
    pub const PREFIX: &str = "input-";

    /// A remark; the code comes without the prefix.
    pub fn new(code: &str, text: impl Into<String>) -> Note {
        Note { code: format!("{}{code}", Note::PREFIX), text: text.into() }
    }
}

/// One article: its text, exactly as it came, and what the input says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    text: String,
    meta: Meta,
}

/// Why some bytes are no document.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// The bytes stop being UTF-8 somewhere.
    #[error(
        "not UTF-8 at byte {at} (0x{byte:02x}); \
         convert it first, for instance with `iconv -f WINDOWS-1252 -t UTF-8`"
    )]
    NotUtf8 {
        /// How many bytes are good.
        at: usize,
        /// The first that is not.
        byte: u8,
    },
    /// No article is that long.
    #[error(
        "too long: {len} bytes, and an article may have {longest}; \
         split it at byte {longest} or before",
        longest = Document::LONGEST
    )]
    TooLong {
        /// Its length, in bytes.
        len: usize,
    },
}

impl Document {
    /// The longest text that is taken for one article, in bytes: 16 MiB, some thousand pages.
    /// What is longer is a corpus in one file, and would hold the memory of one.
    pub const LONGEST: usize = 16 << 20;

    /// Takes the bytes of one article for text. Nothing is trimmed, replaced or normalised.
    ///
    /// # Errors
    ///
    /// When the bytes are not UTF-8 (the error names the first bad one), or more than
    /// [`Document::LONGEST`].
    ///
    /// ```
    /// use depeche_text::{Document, Meta};
    ///
    /// assert!(Document::read(b"Moscou a r\xc3\xa9pondu.".to_vec(), Meta::default()).is_ok());
    /// let error = Document::read(b"Moscou a r\xe9pondu.".to_vec(), Meta::default()).unwrap_err();
    /// assert!(error.to_string().starts_with("not UTF-8 at byte 10 (0xe9)"));
    /// ```
    pub fn read(bytes: Vec<u8>, meta: Meta) -> Result<Document, Error> {
        match String::from_utf8(bytes) {
            Ok(text) => Document::new(text, meta),
            Err(e) => {
                let at = e.utf8_error().valid_up_to();
                Err(Error::NotUtf8 { at, byte: e.as_bytes()[at] })
            }
        }
    }

    /// As [`Document::read`], for text that is known to be text.
    ///
    /// # Errors
    ///
    /// When the text has more than [`Document::LONGEST`] bytes.
    pub fn new(text: String, meta: Meta) -> Result<Document, Error> {
        if text.len() > Document::LONGEST {
            return Err(Error::TooLong { len: text.len() });
        }
        Ok(Document { text, meta })
    }

    /// The text as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the input says about it.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }
}
