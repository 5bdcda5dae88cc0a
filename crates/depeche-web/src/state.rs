//! What do all requests share? Connections to the archive, readers of articles, the clock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use depeche::{Document, Reader, Record};
use depeche_archive::{Archive, Writer};
use tokio::sync::Semaphore;

use crate::error::Problem;
use crate::options::{Limits, Options};

/// What every request shares. A copy is cheap, and shares all of it.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    /// Connections that nobody is using.
    archives: Mutex<Vec<Archive>>,
    readers: Semaphore,
    /// One writes at a time.
    writer: tokio::sync::Mutex<()>,
    engines: Semaphore,
    idle: Mutex<Vec<Idle>>,
}

/// A reader of articles that nobody is using.
struct Idle(Reader<'static>);

impl std::fmt::Debug for Idle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Idle").finish_non_exhaustive()
    }
}

impl App {
    /// Opens the archive, if there is one.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub fn new(options: Options) -> Result<App, depeche_archive::Error> {
        let first = options.archive.as_deref().map(Archive::open).transpose()?;
        Ok(App(Arc::new(Inner {
            archives: Mutex::new(first.into_iter().collect()),
            readers: Semaphore::new(options.limits.readers),
            writer: tokio::sync::Mutex::new(()),
            engines: Semaphore::new(options.limits.engines),
            idle: Mutex::new(Vec::new()),
            options,
        })))
    }

    /// How the server was set up.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// How much it takes on.
    pub fn limits(&self) -> &Limits {
        &self.0.options.limits
    }

    /// Date and time now, in UTC.
    pub fn now(&self) -> String {
        (self.0.options.clock)()
    }

    /// Whether there is an archive.
    pub fn has_archive(&self) -> bool {
        self.0.options.archive.is_some()
    }

    /// The name of the archive's file, without folder and ending; none without an archive.
    pub fn name(&self) -> Option<String> {
        let path = self.0.options.archive.as_deref()?;
        Some(path.file_stem()?.to_string_lossy().into_owned())
    }

    /// Whether corrections can be written.
    pub fn may_write(&self) -> bool {
        self.has_archive() && !self.0.options.read_only
    }

    /// Asks the archive something, on a thread of its own. No more than
    /// [`Limits::readers`] ask at once.
    ///
    /// # Errors
    ///
    /// When there is no archive, and whatever the work says.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Archive) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let Some(path) = self.0.options.archive.clone() else {
            return Err(Problem::no_archive());
        };
        let permit = self.0.readers.acquire().await.map_err(|_| Problem::stopping())?;
        let app = self.clone();
        let done = blocking(move || {
            let idle = || app.0.archives.lock().unwrap_or_else(PoisonError::into_inner);
            let free = idle().pop();
            let archive = match free {
                Some(archive) => archive,
                None => Archive::open(&path)?,
            };
            let done = work(&archive);
            idle().push(archive);
            done
        });
        let done = done.await;
        drop(permit);
        done
    }

    /// Writes to the archive, on a thread of its own; one at a time.
    ///
    /// # Errors
    ///
    /// When there is no archive, it may not be written to, and whatever the work says.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let Some(path) = self.0.options.archive.clone() else {
            return Err(Problem::no_archive());
        };
        if self.0.options.read_only {
            return Err(Problem::read_only());
        }
        let turn = self.0.writer.lock().await;
        let done = blocking(move || {
            // Opened for each decision, so that other programs can write between two of them.
            let mut writer = Writer::open(&path)?;
            let done = work(&mut writer);
            writer.finish()?;
            done
        });
        let done = done.await;
        drop(turn);
        done
    }

    /// Reads an article; nothing of it is kept.
    ///
    /// # Errors
    ///
    /// When the engine breaks on it, which is a bug.
    pub async fn extract(&self, document: Document) -> Result<Record, Problem> {
        let permit = self.0.engines.acquire().await.map_err(|_| Problem::stopping())?;
        let app = self.clone();
        let done = blocking(move || app.record(&document)).await;
        drop(permit);
        done
    }

    fn record(&self, document: &Document) -> Result<Record, Problem> {
        let idle = || self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let free = idle().pop();
        let mut reader = match free {
            Some(Idle(reader)) => reader,
            None => {
                let options = &self.0.options;
                Reader::new(options.languages).with_options(&options.reading)
            }
        };
        let read = catch_unwind(AssertUnwindSafe(|| reader.read(document)));
        match read {
            Ok(record) => {
                idle().push(Idle(reader));
                Ok(record)
            }
            // What broke may have left the reader in any state.
            Err(_) => Err(Problem::bug("depeche broke on this article")),
        }
    }
}

/// Does work that waits for a disk or a processor beside the threads that serve.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(_) => Err(Problem::bug("a question broke off")),
    }
}
