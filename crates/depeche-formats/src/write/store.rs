//! Where do the files of an export go, and what is known of each when it is whole?

use std::io::{self, Write};

use sha2::{Digest, Sha256};

/// A place for files: a folder, or memory in tests.
pub trait Store: Send {
    /// Begins a file at a path below the export, with `/` between its parts; folders on the way
    /// are made.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + Send>>;
}

/// A whole file of an export.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written {
    /// Its path below the export.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// How many rows, objects or lines it has.
    pub rows: u64,
}

/// A file while it is written: counts and hashes what goes through.
pub struct FileWriter {
    path: String,
    inner: Box<dyn Write + Send>,
    hash: Sha256,
    bytes: u64,
    buffer: Vec<u8>,
}

/// Bytes that are gathered before they are hashed and handed on.
const BUFFER: usize = 1 << 16;

impl FileWriter {
    /// Begins a file.
    pub(crate) fn create(store: &mut dyn Store, path: &str) -> io::Result<FileWriter> {
        Ok(FileWriter {
            path: path.to_owned(),
            inner: store.create(path)?,
            hash: Sha256::new(),
            bytes: 0,
            buffer: Vec::with_capacity(BUFFER),
        })
    }

    /// Ends it; it has so many rows.
    pub(crate) fn finish(mut self, rows: u64) -> io::Result<Written> {
        self.flush()?;
        let hash = self.hash.finalize();
        let sha256 = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Written { path: self.path, bytes: self.bytes, sha256, rows })
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.hash.update(&self.buffer);
        self.bytes += self.buffer.len() as u64;
        self.inner.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

impl Write for FileWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.buffer.len() + bytes.len() > BUFFER {
            self.pass_on()?;
        }
        self.buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass_on()?;
        self.inner.flush()
    }
}

impl std::fmt::Debug for FileWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileWriter").field("path", &self.path).finish_non_exhaustive()
    }
}
