//! What do all requests share? Connections to the archive, readers of articles, the clock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use depeche::{Document, Meta, Reader, Record};
use depeche_archive::{Archive, Facts, Interrupter, Writer};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::error::Problem;
use crate::metrics::Metrics;
use crate::options::{Limits, Options};

/// What every request shares. A copy is cheap, and shares all of it.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    /// Connections that nobody is using.
    archives: Mutex<Vec<Archive>>,
    readers: Arc<Semaphore>,
    /// One writes at a time.
    writer: tokio::sync::Mutex<()>,
    engines: Arc<Semaphore>,
    idle: Mutex<Vec<Idle>>,
    /// Requests that may be under way.
    room: Arc<Semaphore>,
    metrics: Metrics,
    /// What the archive held, and when that was counted.
    counted: tokio::sync::Mutex<Option<(Instant, Facts)>>,
}

/// So long a count of the archive is taken for true.
const FRESH: Duration = Duration::from_secs(60);

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
            readers: Arc::new(Semaphore::new(options.limits.readers)),
            room: Arc::new(Semaphore::new(options.limits.requests)),
            metrics: Metrics::new(),
            counted: tokio::sync::Mutex::default(),
            writer: tokio::sync::Mutex::new(()),
            engines: Arc::new(Semaphore::new(options.limits.engines)),
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

    /// Counts of what is done.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Room for one more request; none when too many are under way.
    pub(crate) fn room(&self) -> Option<OwnedSemaphorePermit> {
        self.0.room.clone().try_acquire_owned().ok()
    }

    /// Asks the archive something, on a thread of its own. No more than
    /// [`Limits::readers`] ask at once; a question whose caller goes away is broken off.
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
        let permit = self.0.readers.clone().acquire_owned();
        let permit = permit.await.map_err(|_| Problem::stopping())?;
        let app = self.clone();
        let waiting = Waiting::default();
        let question = waiting.0.clone();
        let done = blocking(move || {
            let idle = || app.0.archives.lock().unwrap_or_else(PoisonError::into_inner);
            let free = idle().pop();
            let archive = match free {
                Some(archive) => archive,
                None => Archive::open(&path)?,
            };
            let begun = question.begin(archive.interrupter());
            let done = if begun { work(&archive) } else { Err(Problem::stopping()) };
            // Once given back, the connection answers somebody else.
            question.end();
            idle().push(archive);
            drop(permit);
            done
        });
        let done = done.await;
        drop(waiting);
        done
    }

    /// How much the archive holds; counted once a minute at most. None without an archive.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(crate) async fn facts(&self) -> Result<Option<Facts>, Problem> {
        if !self.has_archive() {
            return Ok(None);
        }
        let mut counted = self.0.counted.lock().await;
        if let Some((at, facts)) = *counted
            && at.elapsed() < FRESH
        {
            return Ok(Some(facts));
        }
        let facts = self.read(|archive| Ok(archive.facts()?)).await?;
        *counted = Some((Instant::now(), facts));
        Ok(Some(facts))
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
        let languages = self.0.options.languages;
        let done = blocking(move || {
            // Opened for each decision, so that other programs can write between two of them.
            let mut writer = Writer::open(&path)?;
            crate::wording::teach(&mut writer, languages)?;
            let done = work(&mut writer);
            writer.finish()?;
            done
        });
        let done = done.await;
        drop(turn);
        done
    }

    /// Takes the article out of a page of HTML.
    ///
    /// # Errors
    ///
    /// 415 when the server cannot, 400 when the page has none.
    pub(crate) async fn document_of_page(
        &self,
        page: Vec<u8>,
        meta: Meta,
    ) -> Result<Document, Problem> {
        let Some(pages) = self.0.options.pages.clone() else {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "this server does not read HTML; send the text of the article",
            ));
        };
        blocking(move || {
            let read = catch_unwind(AssertUnwindSafe(|| pages(&page, meta)));
            let read = read.map_err(|_| Problem::bug("depeche broke on this page"))?;
            read.map_err(Problem::asked)
        })
        .await
    }

    /// Reads an article; nothing of it is kept.
    ///
    /// # Errors
    ///
    /// When the engine breaks on it, which is a bug.
    pub async fn extract(&self, document: Document) -> Result<Record, Problem> {
        let permit = self.0.engines.clone().acquire_owned();
        let permit = permit.await.map_err(|_| Problem::stopping())?;
        let app = self.clone();
        let done = blocking(move || {
            let record = app.record(&document);
            // Held by the work, not by who waits for it: it cannot be broken off.
            drop(permit);
            record
        });
        let record = done.await?;
        self.0.metrics.article();
        Ok(record)
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

/// Somebody who waits for a question. Should they go away, it is broken off.
#[derive(Default)]
struct Waiting(Arc<Question>);

/// A question to the archive.
#[derive(Default)]
struct Question(Mutex<Stage>);

/// How far a question is.
#[derive(Default)]
enum Stage {
    #[default]
    Waits,
    Asked(Interrupter),
    Over,
}

impl Question {
    fn stage(&self) -> std::sync::MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is asked now; false when nobody waits for it any more.
    fn begin(&self, interrupter: Interrupter) -> bool {
        let mut stage = self.stage();
        let wanted = !matches!(*stage, Stage::Over);
        if wanted {
            *stage = Stage::Asked(interrupter);
        }
        wanted
    }

    fn end(&self) {
        *self.stage() = Stage::Over;
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut stage = self.0.stage();
        if let Stage::Asked(interrupter) = &*stage {
            interrupter.interrupt();
        }
        *stage = Stage::Over;
    }
}
