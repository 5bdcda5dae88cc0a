//! How do articles of Python become records, while Python does something else?

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::array::RecordBatch;
use depeche::rule::File;
use depeche::{Document, Languages, Meta, Record};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3_arrow::PyRecordBatch;
use rayon::prelude::*;

use crate::record::Core;
use crate::spark;

/// An article as Python hands it over: its text (`str`, or `bytes` in UTF-8), then key, title, date
/// of publication, outlet, address, rights and language, as far as they are known.
type Given<'py> = (Bound<'py, PyAny>, [Option<String>; 7]);

/// Reads articles. One reader serves any number of threads of Python.
#[pyclass(frozen, module = "depeche._depeche")]
pub(crate) struct Reader {
    languages: &'static Languages,
    /// What is known of articles that do not say it themselves.
    defaults: Meta,
    options: String,
    /// Readers that no thread is using.
    free: Mutex<Vec<depeche::Reader<'static>>>,
    pool: Mutex<Option<Pool>>,
}

/// Threads of one process: a process that was forked has none of its parent's.
struct Pool {
    process: u32,
    threads: usize,
    pool: Arc<rayon::ThreadPool>,
}

#[pymethods]
impl Reader {
    /// A reader for articles in a language (`None`: told from each text), with what is known of
    /// articles that do not say it themselves, and with further rules, as pairs of path and text.
    #[new]
    fn new(
        lang: Option<String>,
        published: Option<String>,
        outlet: Option<String>,
        rules: Vec<(String, String)>,
    ) -> PyResult<Reader> {
        let languages = if rules.is_empty() {
            static SHIPPED: OnceLock<Languages> = OnceLock::new();
            SHIPPED.get_or_init(Languages::shipped)
        } else {
            let files: Vec<File> = rules.into_iter().map(file).collect();
            let code = lang.as_deref().unwrap_or("fr");
            let languages = Languages::with_rules(code, &files).map_err(|faults| {
                let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
                PyValueError::new_err(lines.join("\n"))
            })?;
            // Readers borrow from it for as long as Python keeps any; somebody's rules are
            // loaded once or twice in a process.
            Box::leak(Box::new(languages))
        };
        let defaults = Meta { published, outlet, lang, ..Meta::default() };
        let options = depeche::options(&defaults);
        let (free, pool) = (Mutex::default(), Mutex::default());
        Ok(Reader { languages, defaults, options, free, pool })
    }

    /// Reads articles side by side, in their order: a record each, or the reason why there is
    /// none. `threads` is 1 for the calling thread, 0 for one a core.
    #[expect(clippy::needless_pass_by_value, reason = "Python hands it over")]
    fn read(
        &self,
        py: Python<'_>,
        articles: Vec<Bound<'_, PyAny>>,
        threads: usize,
    ) -> PyResult<Vec<Outcome>> {
        let documents: Vec<_> = articles.iter().map(|a| self.document(a)).collect();
        py.detach(|| {
            let one = |document| match document {
                Ok(document) => self.one(&document),
                Err(why) => Err(why),
            };
            if threads == 1 || documents.len() == 1 {
                return Ok(documents.into_iter().map(one).map(Outcome::from).collect());
            }
            let pool = self.pool(threads)?;
            Ok(pool.install(|| {
                documents.into_par_iter().map(one).map(Outcome::from).collect()
            }))
        })
    }

    /// Reads a batch of articles on the calling thread; see `spark::read` for the columns.
    fn read_batch(
        &self,
        py: Python<'_>,
        batch: PyRecordBatch,
    ) -> PyResult<PyRecordBatch> {
        let batch = batch.into_inner();
        let read = py.detach(|| -> Result<RecordBatch, arrow::error::ArrowError> {
            spark::read(&batch, &self.defaults, |document| self.one(document))
        });
        spark::handed_over(read)
    }
}

/// A record, or why there is none.
#[derive(IntoPyObject)]
#[expect(clippy::large_enum_variant, reason = "problems are rare")]
pub(crate) enum Outcome {
    Record(Core),
    Problem(String),
}

impl From<Result<Record, String>> for Outcome {
    fn from(result: Result<Record, String>) -> Outcome {
        match result {
            Ok(record) => Outcome::Record(Core { record }),
            Err(why) => Outcome::Problem(why),
        }
    }
}

impl Reader {
    fn document(&self, given: &Bound<'_, PyAny>) -> Result<Document, String> {
        let (text, facts): Given<'_> =
            given.extract().map_err(|e| plain(given.py(), &e))?;
        let [key, title, published, outlet, url, rights, lang] = facts;
        let meta =
            Meta { key, title, published, outlet, url, rights, lang, ..Meta::default() };
        let meta = with_defaults(meta, &self.defaults);
        let document = match text.cast::<PyBytes>() {
            Ok(bytes) => Document::read(bytes.as_bytes().to_vec(), meta),
            Err(_) => {
                let text = text.extract().map_err(|e| {
                    let why = plain(text.py(), &e);
                    format!("no valid text: {why}; decode it with errors=\"replace\"")
                })?;
                Document::new(text, meta)
            }
        };
        document.map_err(|error| error.to_string())
    }

    /// Reads one article. That never fails; should it, it is a bug, and no reason to stop.
    fn one(&self, document: &Document) -> Result<Record, String> {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = free().pop();
        let mut reader = taken.unwrap_or_else(|| {
            depeche::Reader::new(self.languages).with_options(&self.options)
        });
        let read = catch_unwind(AssertUnwindSafe(|| reader.read(document)));
        let record = read.map_err(|_| {
            "depeche broke on this article: that is a bug in depeche, please report it with \
             the article"
        })?;
        free().push(reader);
        Ok(record)
    }

    fn pool(&self, threads: usize) -> PyResult<Arc<rayon::ThreadPool>> {
        let mut kept = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        match &*kept {
            Some(pool) if (pool.process, pool.threads) == (process, threads) => {
                Ok(Arc::clone(&pool.pool))
            }
            _ => {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
                let pool = pool.map_err(|error| {
                    PyRuntimeError::new_err(format!(
                        "no threads can be started: {error}; ask for fewer with n_threads"
                    ))
                })?;
                let pool = Arc::new(pool);
                *kept = Some(Pool { process, threads, pool: Arc::clone(&pool) });
                Ok(pool)
            }
        }
    }
}

/// What is known of an article, and where its input does not say, of all.
pub(crate) fn with_defaults(meta: Meta, defaults: &Meta) -> Meta {
    Meta {
        published: meta.published.or_else(|| defaults.published.clone()),
        outlet: meta.outlet.or_else(|| defaults.outlet.clone()),
        lang: meta.lang.or_else(|| defaults.lang.clone()),
        ..meta
    }
}

/// A file of rules, which errors call by the path that it has in its folder.
fn file((path, text): (String, String)) -> File {
    File { shown: path.clone(), path, text }
}

/// What Python says of an error, without its type.
fn plain(py: Python<'_>, error: &PyErr) -> String {
    error.value(py).to_string()
}
