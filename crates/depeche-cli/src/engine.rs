//! How are many articles read side by side, and handed on in their order?

use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Result;
use depeche::rule::File;
use depeche::{Languages, Reader, Record};
use depeche_formats::read::Draft;

use crate::flags::About;
use crate::input::{Article, Problem, Step};

/// So many bytes of articles are under way for each thread: being read, or read and waiting for
/// an earlier one.
const AHEAD: usize = 1 << 17;
/// What the smallest article counts for.
const LEAST: usize = 64;

/// Languages, and what is known of articles that do not say it.
pub(crate) struct Engine<'l> {
    languages: &'l Languages,
    options: String,
    threads: usize,
}

/// What becomes an article to read.
pub(crate) trait Job: Send {
    /// About how many bytes it holds.
    fn size(&self) -> usize;
    /// The article, or why there is none; `None` where it need not be read.
    fn step(self) -> Option<Step>;
}

impl Job for Draft {
    fn size(&self) -> usize {
        Draft::size(self)
    }

    fn step(self) -> Option<Step> {
        Some(self.finish())
    }
}

impl Job for Step {
    fn size(&self) -> usize {
        self.as_ref().map_or(0, |article| article.document.text().len())
    }

    fn step(self) -> Option<Step> {
        Some(self)
    }
}

/// The built-in languages, with a user's rules if there are any.
pub(crate) fn languages(about: &About) -> Result<Languages> {
    let Some(folder) = &about.rules else { return Ok(Languages::shipped()) };
    let files = crate::check::files_under(folder)?;
    let code = about.lang.as_deref().unwrap_or("fr");
    with_rules(code, &files)
}

pub(crate) fn with_rules(code: &str, files: &[File]) -> Result<Languages> {
    Languages::with_rules(code, files).map_err(|faults| crate::check::refuse(&faults))
}

impl<'l> Engine<'l> {
    /// An engine of so many threads; one a core when nobody says.
    pub(crate) fn new(
        languages: &'l Languages,
        about: &About,
        threads: Option<u16>,
    ) -> Engine<'l> {
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        let threads = threads.map_or_else(cores, usize::from);
        Engine { languages, options: options(about), threads }
    }

    /// Reads articles as they come, and hands on what `render` makes of each record in the
    /// order of the articles, each as soon as it and all before it are read.
    pub(crate) fn run<T: Send>(
        &self,
        jobs: impl Iterator<Item = impl Job> + Send,
        render: impl Fn(Record) -> T + Sync,
        each: impl FnMut(&str, Result<T, Problem>) -> Result<()>,
    ) -> Result<()> {
        let room = Room::new(AHEAD * self.threads);
        let queue = Mutex::new(jobs.enumerate());
        // Whoever takes a job waits for room with the queue held, so that articles get room in
        // their order, and the one that is handed on next always has some.
        let take = || {
            let mut queue = lock(&queue);
            let (number, job) = queue.next()?;
            let size = job.size().max(LEAST);
            room.take(size).then_some((number, size, job))
        };
        thread::scope(|scope| {
            let closing = Closing { room: &room, always: true };
            let (send, receive) = channel();
            for _ in 0..self.threads {
                let (send, take, render, room) = (send.clone(), &take, &render, &room);
                scope.spawn(move || {
                    let _closing = Closing { room, always: false };
                    let mut reader = self.reader();
                    while let Some((number, size, job)) = take() {
                        let outcome = job.step().map(|step| match step {
                            Ok(article) => {
                                let read = self.one(&mut reader, &article).map(render);
                                (article.origin, read)
                            }
                            Err(problem) => (problem.origin.clone(), Err(problem)),
                        });
                        if send.send(Done { number, size, outcome }).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            let handed = in_order(receive, &room, each);
            drop(closing);
            handed
        })
    }

    fn reader(&self) -> Reader<'l> {
        Reader::new(self.languages).with_options(&self.options)
    }

    /// Reads one article. That never fails; should it, it is a bug, and no reason to stop.
    fn one(&self, reader: &mut Reader<'l>, article: &Article) -> Result<Record, Problem> {
        let read = catch_unwind(AssertUnwindSafe(|| reader.read(&article.document)));
        read.map_err(|_| {
            *reader = self.reader();
            Problem {
                origin: article.origin.clone(),
                message:
                    "depeche broke on this article: that is a bug in depeche, please \
                          report it with the article"
                        .into(),
            }
        })
    }
}

/// What became of a job: where its article came from and what was made of it, if it was read.
struct Done<T> {
    number: usize,
    size: usize,
    outcome: Option<(String, Result<T, Problem>)>,
}

/// Hands on what comes in any order in the order of its numbers.
fn in_order<T>(
    receive: Receiver<Done<T>>,
    room: &Room,
    mut each: impl FnMut(&str, Result<T, Problem>) -> Result<()>,
) -> Result<()> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for done in receive {
        early.insert(done.number, done);
        while let Some(done) = early.remove(&next) {
            if let Some((origin, outcome)) = done.outcome {
                each(&origin, outcome)?;
            }
            room.give(done.size);
            next += 1;
        }
    }
    Ok(())
}

/// Bytes that articles under way may still take.
struct Room {
    total: usize,
    state: Mutex<Taken>,
    changed: Condvar,
}

#[derive(Default)]
struct Taken {
    bytes: usize,
    closed: bool,
}

impl Room {
    fn new(total: usize) -> Room {
        Room { total, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits until there is room, or nothing else takes any; `false` once it is closed.
    fn take(&self, size: usize) -> bool {
        let full = |taken: &mut Taken| {
            !taken.closed && taken.bytes > 0 && taken.bytes + size > self.total
        };
        let taken = self.changed.wait_while(lock(&self.state), full);
        let mut taken = taken.unwrap_or_else(PoisonError::into_inner);
        taken.bytes += size;
        !taken.closed
    }

    fn give(&self, size: usize) {
        lock(&self.state).bytes -= size;
        self.changed.notify_one();
    }
}

/// Closes a room, so that nobody waits for what will not be given: always, or where its thread
/// breaks.
struct Closing<'r> {
    room: &'r Room,
    always: bool,
}

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        if self.always || thread::panicking() {
            lock(&self.room.state).closed = true;
            self.room.changed.notify_all();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The options that change a record, written in one way.
pub(crate) fn options(about: &About) -> String {
    depeche::options(&about.meta())
}
