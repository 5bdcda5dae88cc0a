//! How are many articles read side by side, and handed on in their order?

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use depeche::rule::File;
use depeche::{Languages, Reader, Record};
use rayon::prelude::*;

use crate::flags::About;
use crate::input::{Article, Problem, Step};

/// So many bytes of text are read ahead for each thread.
const AHEAD: usize = 1 << 18;

/// Languages and readers, one reader a thread.
pub(crate) struct Engine<'l> {
    languages: &'l Languages,
    options: String,
    pool: rayon::ThreadPool,
    readers: Vec<Mutex<Reader<'l>>>,
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
    ) -> Result<Engine<'l>> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.map_or(0, usize::from))
            .build()
            .context("no threads can be started")?;
        let options = options(about);
        let reader = |_| Mutex::new(Reader::new(languages).with_options(&options));
        let readers = (0..pool.current_num_threads()).map(reader).collect();
        Ok(Engine { languages, options, pool, readers })
    }

    /// Reads articles as they come, and hands on what `render` makes of each record in the
    /// order of the articles.
    pub(crate) fn run<T: Send>(
        &self,
        articles: &mut (impl Iterator<Item = Step> + Send),
        render: impl Fn(&Record) -> T + Sync,
        mut each: impl FnMut(&str, Result<(Record, T), Problem>) -> Result<()>,
    ) -> Result<()> {
        let room = AHEAD * self.readers.len();
        let mut batch = self.pool.install(|| next_batch(articles, room));
        while !batch.is_empty() {
            let (done, next) = self.pool.install(|| {
                rayon::join(|| self.batch(&batch, &render), || next_batch(articles, room))
            });
            for (step, outcome) in batch.iter().zip(done) {
                let origin = match step {
                    Ok(article) => &article.origin,
                    Err(problem) => &problem.origin,
                };
                each(origin, outcome)?;
            }
            batch = next;
        }
        Ok(())
    }

    fn batch<T: Send>(
        &self,
        batch: &[Step],
        render: &(impl Fn(&Record) -> T + Sync),
    ) -> Vec<Result<(Record, T), Problem>> {
        let one = |step: &Step| match step {
            Ok(article) => self.one(article).map(|record| {
                let rendered = render(&record);
                (record, rendered)
            }),
            Err(problem) => Err(problem.clone()),
        };
        batch.par_iter().map(one).collect()
    }

    /// Reads one article. That never fails; should it, it is a bug, and no reason to stop.
    fn one(&self, article: &Article) -> Result<Record, Problem> {
        let thread = rayon::current_thread_index().unwrap_or(0);
        let mut reader =
            self.readers[thread].lock().unwrap_or_else(PoisonError::into_inner);
        let read = catch_unwind(AssertUnwindSafe(|| reader.read(&article.document)));
        read.map_err(|_| {
            *reader = Reader::new(self.languages).with_options(&self.options);
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

/// The options that change a record, written in one way.
pub(crate) fn options(about: &About) -> String {
    depeche::options(&about.meta())
}

/// Articles up to so many bytes of text, and at least one if there is one.
fn next_batch(articles: &mut impl Iterator<Item = Step>, room: usize) -> Vec<Step> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while bytes < room {
        let Some(step) = articles.next() else { break };
        bytes += step.as_ref().map_or(64, |a| a.document.text().len().max(64));
        batch.push(step);
    }
    batch
}
