//! What can go wrong with an archive, and what to do about it?

use rusqlite::ErrorCode;

/// An error of an archive: what happened, in words that say what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// What sort of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// There is no such file.
    Missing,
    /// The file is something else.
    NotAnArchive,
    /// A later version of depeche wrote it.
    Newer,
    /// Another process is writing to it.
    Busy,
    /// The disk is full.
    Full,
    /// The file or its folder may not be written to.
    ReadOnly,
    /// The file is damaged: cut short, or changed by something else.
    Damaged,
    /// What was asked for makes no sense, or is not there.
    Asked,
    /// Anything else that SQLite says.
    Other,
}

/// What comes of work with an archive.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// What sort of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into() }
    }

    pub(crate) fn asked(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Asked, message)
    }

    pub(crate) fn damaged(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Damaged, message)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Error {
        let (kind, message) = match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
                ErrorKind::Busy,
                "another process is writing to this archive; try again when it is done",
            ),
            Some(ErrorCode::DiskFull) => (
                ErrorKind::Full,
                "the disk is full; what was acknowledged is safe. Make room, then run the \
                 same command again: it goes on where it stopped",
            ),
            Some(ErrorCode::ReadOnly) => (
                ErrorKind::ReadOnly,
                "the archive or its folder may not be written to; see its permissions",
            ),
            Some(ErrorCode::CannotOpen) => (
                ErrorKind::ReadOnly,
                "the archive cannot be opened; see whether its folder is there and may be \
                 written to",
            ),
            Some(ErrorCode::NotADatabase) => (
                ErrorKind::NotAnArchive,
                "this file is no archive of depeche; an archive is made by `depeche add`",
            ),
            Some(ErrorCode::DatabaseCorrupt) => (
                ErrorKind::Damaged,
                "the archive is damaged; `depeche check ARCHIVE --repair` saves what can \
                 be read",
            ),
            Some(ErrorCode::SystemIoFailure) => (
                ErrorKind::Other,
                "the disk cannot be read or written to; what was acknowledged is safe. See \
                 whether it is full, or failing",
            ),
            _ => (ErrorKind::Other, ""),
        };
        let message = match message {
            "" => format!("the archive answers: {source}"),
            words => words.to_owned(),
        };
        Error { kind, message }
    }
}
