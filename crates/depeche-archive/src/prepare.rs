//! What of an article can be made ready before its turn to be written? Everything that is not
//! a number of the archive: so it is made side by side, by the threads that read.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use depeche_record::{Article, Record};
use sha2::{Digest, Sha256};

use crate::copies::Sketch;
use crate::id::Reference;
use crate::pack::{self, Codec, Compressor, Frame};
use crate::terms::Analyser;

/// What makes an article the same one when it comes again: its text, who published it, and the
/// address and id that its input gave. The same text from another outlet is another article: a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity(pub(crate) [u8; 16]);

impl Identity {
    /// What opens the article, once it is in an archive.
    pub fn reference(self) -> Reference {
        Reference::new(&self.0, None)
    }

    /// The identity of a text that was not read yet.
    pub fn of_text(
        text: &str,
        outlet: Option<&str>,
        url: Option<&str>,
        key: Option<&str>,
    ) -> Identity {
        let hash: String =
            Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        Identity::new(&format!("sha256:{hash}"), [outlet, url, key])
    }

    /// The identity of an article.
    pub fn of(article: &Article) -> Identity {
        let facts = [&article.outlet, &article.url, &article.key];
        Identity::new(&article.id, facts.map(|f| f.as_deref()))
    }

    /// In hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }

    fn new(text: &str, facts: [Option<&str>; 3]) -> Identity {
        let mut hash = Sha256::new();
        hash.update(text);
        for fact in facts {
            // What is not known differs from what is known to be empty.
            hash.update(if fact.is_some() { [0, 1] } else { [0, 0] });
            hash.update(fact.unwrap_or_default());
        }
        let mut identity = [0; 16];
        identity.copy_from_slice(&hash.finalize()[..16]);
        Identity(identity)
    }
}

/// An article that is ready to be written.
#[derive(Debug)]
pub struct Prepared {
    pub(crate) identity: Identity,
    pub(crate) record: Record,
    pub(crate) stripped: Vec<u8>,
    /// Text and record as frames; none while the archive has no dictionaries.
    pub(crate) frames: Option<(Frame, Frame)>,
    pub(crate) terms: String,
    pub(crate) statements: Vec<String>,
    pub(crate) sketch: Sketch,
    pub(crate) bands: Vec<i64>,
}

impl Prepared {
    /// The length of its text in bytes.
    pub fn text_bytes(&self) -> usize {
        self.record.article.text.len()
    }
}

/// Makes articles ready, on any number of threads.
#[derive(Clone, Debug, Default)]
pub struct Packer {
    pool: Arc<RwLock<Option<Arc<Pool>>>>,
}

impl Packer {
    /// Makes a record ready to be written.
    pub fn prepare(&self, record: Record) -> Prepared {
        let text = &record.article.text;
        let analyser = Analyser::new(&record.article.lang);
        let content = |s: &depeche_record::Statement| analyser.terms(&content_of(s));
        let sketch = Sketch::new(text);
        let stripped = pack::strip(&record);
        let pool = self.pool.read().unwrap_or_else(PoisonError::into_inner).clone();
        Prepared {
            identity: Identity::of(&record.article),
            frames: pool.map(|p| p.frames(text, &stripped)),
            terms: analyser.terms(text),
            statements: record.statements.iter().map(content).collect(),
            bands: sketch.bands(),
            sketch,
            stripped,
            record,
        }
    }

    /// From here on articles are compressed while they are made ready.
    pub(crate) fn set(&self, codec: &Arc<Codec>) {
        let pool = Pool { codec: Arc::clone(codec), free: Mutex::new(Vec::new()) };
        *self.pool.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(pool));
    }
}

/// The words of a statement; where its cue splits them, with a mark of omission.
pub(crate) fn content_of(statement: &depeche_record::Statement) -> String {
    let parts: Vec<&str> = statement.content.iter().map(|s| s.text.as_str()).collect();
    parts.join(" … ")
}

/// Compressors that no thread is using.
struct Pool {
    codec: Arc<Codec>,
    free: Mutex<Vec<(Compressor, Compressor)>>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl Pool {
    fn frames(&self, text: &str, stripped: &[u8]) -> (Frame, Frame) {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let one = free().pop();
        let (mut texts, mut records) = one.unwrap_or_else(|| {
            (Compressor::new(&self.codec.text), Compressor::new(&self.codec.record))
        });
        let frames = (texts.frame(text.as_bytes()), records.frame(stripped));
        free().push((texts, records));
        frames
    }
}
