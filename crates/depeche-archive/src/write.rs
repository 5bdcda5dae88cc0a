//! How do articles get in? Many in one transaction, each whole or not at all.

use std::path::Path;
use std::sync::Arc;

use depeche_record::Place;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::archive::{Archive, dictionary_of, get, set};
use crate::copies::{self, Relation, Sketch};
use crate::day::Day;
use crate::entity::Entities;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ArticleId, LAST_WORD_ROW, Reference, SERIAL};
use crate::pack::{self, Codec, Compressor, Frame, Opener};
use crate::prepare::{Packer, Prepared};
use crate::rows::Rows;
use crate::version;
use crate::wording::Wordings;

/// Adds articles to an archive. Other processes may read it meanwhile; another writer waits
/// between two commits.
pub struct Writer {
    archive: Archive,
    packer: Packer,
    codec: Arc<Codec>,
    compressors: Option<(Compressor, Compressor)>,
    /// Opens the texts with which new ones are compared; by the number of its dictionary.
    opener: Option<(i64, Opener)>,
    words: Words,
    entities: Entities,
    wordings: Wordings,
    /// Sketches of articles that were written lately: copies come close together.
    sketches: FxHashMap<ArticleId, Sketch>,
    /// What SQLite says when another process wrote: memories of its tables are then void.
    version: i64,
}

/// What became of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is in the archive now.
    New {
        /// What opens it.
        reference: Reference,
        /// What opens the earliest article of the same dispatch, if it is a copy.
        copy_of: Option<Reference>,
    },
    /// It was there already.
    Known,
    /// It cannot be kept, and why.
    Refused(String),
}

/// More sketches are not kept in memory.
const SKETCHES: usize = 16_384;

impl Writer {
    /// Opens an archive for writing; makes one where there is no file.
    ///
    /// # Errors
    ///
    /// When the file is something else, of a later version, may not be written to, or another
    /// process is writing to it for longer than one waits.
    pub fn open(path: &Path) -> Result<Writer> {
        let archive = Archive::open_to_write(path)?;
        let mut writer = Writer {
            archive,
            packer: Packer::default(),
            codec: Arc::default(),
            compressors: None,
            opener: None,
            words: Words::default(),
            entities: Entities::default(),
            wordings: Wordings::default(),
            sketches: FxHashMap::default(),
            version: 0,
        };
        writer.load_codec()?;
        writer.take_wordings()?;
        Ok(writer)
    }

    /// Makes articles ready for this archive.
    pub fn packer(&self) -> Packer {
        self.packer.clone()
    }

    pub(crate) fn wordings(&self) -> &Wordings {
        &self.wordings
    }

    /// Reads again what the archive was told of languages.
    pub(crate) fn take_wordings(&mut self) -> Result<()> {
        self.wordings = Wordings::of(&self.archive.db)?;
        Ok(())
    }

    /// The archive, for reading.
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    fn load_codec(&mut self) -> Result<()> {
        let db = &self.archive.db;
        let sql = "SELECT max(id) FROM dictionary WHERE id % 2 = ?";
        let newest = |odd: i64| -> Result<Option<i64>> {
            Ok(db.query_row(sql, [odd], |row| row.get(0))?)
        };
        if let (Some(text), Some(record)) = (newest(1)?, newest(0)?) {
            let codec = Codec {
                text: (text, dictionary_of(db, text)?),
                record: (record, dictionary_of(db, record)?),
            };
            self.use_codec(codec);
        }
        Ok(())
    }

    fn use_codec(&mut self, codec: Codec) {
        self.codec = Arc::new(codec);
        self.compressors = None;
        self.packer.set(&self.codec);
    }

    /// Writes articles in one transaction, in the order of their dates. When it returns, they
    /// are on the disk; when it fails, none of them is.
    ///
    /// # Errors
    ///
    /// When the disk is full, the file is damaged, or another process writes for too long.
    pub fn commit(&mut self, articles: Vec<Prepared>) -> Result<Vec<Added>> {
        let outcome = self.try_commit(articles);
        if outcome.is_err() {
            // Numbers that were given in a transaction that is gone mean nothing.
            self.forget();
            let _ = self.load_codec();
        }
        outcome
    }

    pub(crate) fn forget(&mut self) {
        self.words.forget();
        self.entities.forget();
        self.sketches.clear();
    }

    fn try_commit(&mut self, articles: Vec<Prepared>) -> Result<Vec<Added>> {
        let mut in_order: Vec<usize> = (0..articles.len()).collect();
        in_order.sort_by_key(|n| moment(&articles[*n]));
        let trained = self.train(&articles)?;
        self.look_for_others()?;
        let behaviour = TransactionBehavior::Immediate;
        let tx = Transaction::new_unchecked(&self.archive.db, behaviour)?;
        if let Some(codec) = &trained {
            for (id, bytes) in [&codec.text, &codec.record] {
                let sql = "INSERT INTO dictionary (id, bytes) VALUES (?, ?)";
                tx.execute(sql, params![id, bytes])?;
            }
        }
        let codec = trained.as_ref().unwrap_or(&self.codec);
        let compressors = self.compressors.get_or_insert_with(|| compressors(codec));
        if trained.is_some() {
            *compressors = self::compressors(codec);
        }
        let mut put = Put {
            tx: &tx,
            words: &mut self.words,
            entities: &mut self.entities,
            wordings: &self.wordings,
            sketches: &mut self.sketches,
            compressors,
            opener: &mut self.opener,
        };
        let mut added = vec![Added::Known; articles.len()];
        let mut articles: Vec<Option<Prepared>> =
            articles.into_iter().map(Some).collect();
        for n in in_order {
            let article = articles[n].take().expect("each is taken once");
            added[n] = put.article(article)?;
        }
        fold_bands(&tx, RECENT_BANDS)?;
        tx.commit()?;
        if let Some(codec) = trained {
            self.use_codec(codec);
        }
        Ok(added)
    }

    /// Lets go of what is remembered of the tables when another process wrote to them.
    fn look_for_others(&mut self) -> Result<()> {
        let db = &self.archive.db;
        let version = db.pragma_query_value(None, "data_version", |row| row.get(0))?;
        if version != self.version {
            self.version = version;
            self.forget();
        }
        Ok(())
    }

    /// Dictionaries from the first articles, once there are enough.
    fn train(&self, articles: &[Prepared]) -> Result<Option<Codec>> {
        if self.codec.text.0 != 0 {
            return Ok(None);
        }
        let mut texts = Vec::new();
        let mut records = Vec::new();
        for article in articles.iter().take(SAMPLES) {
            texts.push(article.record.article.text.clone().into_bytes());
            records.push(article.stripped.clone());
        }
        if texts.len() < pack::FEWEST {
            let ids = self.archive.ids()?;
            if texts.len() + ids.len() < pack::FEWEST {
                return Ok(None);
            }
            for id in ids.into_iter().take(SAMPLES) {
                let record = self.archive.record_as_read(id)?;
                records.push(pack::strip(&record));
                texts.push(record.article.text.into_bytes());
            }
        }
        let trained = pack::train(&texts).zip(pack::train(&records));
        Ok(trained.map(|(text, record)| Codec { text: (1, text), record: (2, record) }))
    }

    /// Folds the log of writes into the file, so that the archive is one file again, which can
    /// be read from a folder that may not be written to.
    ///
    /// # Errors
    ///
    /// When the disk is full.
    pub fn finish(self) -> Result<()> {
        let db = &self.archive.db;
        let folded = db
            .pragma_update(None, "optimize", "")
            .and_then(|()| {
                db.pragma_update_and_check(None, "wal_checkpoint", "truncate", |_| Ok(()))
            })
            .and_then(|()| {
                db.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(()))
            })
            .and_then(|()| pack_tight(db));
        match folded.map_err(Error::from) {
            // Who reads or writes meanwhile keeps the log alive, and whoever is last folds it.
            Err(error) if error.kind() == ErrorKind::Busy => Ok(()),
            folded => folded,
        }
    }

    /// Works on the rows of articles in one transaction.
    pub(crate) fn with_rows(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Words, &mut Entities) -> Result<()>,
    ) -> Result<()> {
        self.look_for_others()?;
        let behaviour = TransactionBehavior::Immediate;
        let tx = Transaction::new_unchecked(&self.archive.db, behaviour)?;
        let done = work(&tx, &mut self.words, &mut self.entities);
        let done = done.and_then(|()| Ok(tx.commit()?));
        if done.is_err() {
            self.forget();
        }
        done
    }

    /// The record of an article as a frame.
    pub(crate) fn frame_of(&mut self, article: &Prepared) -> Frame {
        match &article.frames {
            Some((_, record)) => record.clone(),
            None => {
                let codec = &self.codec;
                let (_, records) =
                    self.compressors.get_or_insert_with(|| compressors(codec));
                records.frame(&article.stripped)
            }
        }
    }

    /// Notes a run of the command, and how it went.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn note_session(
        &self,
        what: &str,
        begun: &str,
        ended: &str,
        [added, known, copies, failed]: [u64; 4],
    ) -> Result<()> {
        let sql = "INSERT INTO session (what, begun, ended, added, known, copies, failed) \
                   VALUES (?, ?, ?, ?, ?, ?, ?)";
        let counts = [added, known, copies, failed].map(|n| n as i64);
        let [added, known, copies, failed] = counts;
        self.archive
            .db
            .execute(sql, params![what, begun, ended, added, known, copies, failed])?;
        Ok(())
    }
}

/// Moves the bands of the last articles to the others, in their order, once there are more than
/// `most`.
fn fold_bands(tx: &Connection, most: i64) -> Result<()> {
    let mut count = tx.prepare_cached("SELECT count(*) FROM recent_band")?;
    if count.query_row([], |row| row.get::<_, i64>(0))? > most {
        tx.execute_batch(
            "INSERT INTO band SELECT hash, article FROM recent_band ORDER BY hash, article; \
             DELETE FROM recent_band",
        )?;
    }
    Ok(())
}

/// Of 6,500 articles, in some seventy pages: at 200,000 articles each of the 2,200 pages of the long
/// table then takes thirty of them at once.
const RECENT_BANDS: i64 = 1 << 16;

/// Writes the tables anew, page after page, once the archive is a quarter larger than when that
/// was done last: rows that came in between others leave pages half full. Whatever it costs is
/// spread over all articles, and an archive for which there is no room twice stays as it is.
fn pack_tight(db: &Connection) -> rusqlite::Result<()> {
    let number = |name: &str| db.pragma_query_value(None, name, |r| r.get::<_, i64>(0));
    let pages = number("page_count")?;
    let sql = "SELECT ifnull((SELECT value FROM meta WHERE key = 'packed pages'), 0)";
    let packed: i64 = db.query_row(sql, [], |row| row.get(0))?;
    if pages < packed + packed / 4 + SMALL {
        return Ok(());
    }
    for index in ["article_words", "statement_words"] {
        db.execute(&format!("INSERT INTO {index} ({index}) VALUES ('optimize')"), [])?;
    }
    // The copy that is made on the way may be larger than memory, and has a cache of its own.
    db.pragma_update(None, "temp_store", "file")?;
    db.pragma_update(None, "cache_size", FINISH_KIB)?;
    db.execute_batch("PRAGMA shrink_memory")?;
    match db.execute_batch("VACUUM") {
        Err(rusqlite::Error::SqliteFailure(error, _))
            if error.code == rusqlite::ErrorCode::DiskFull =>
        {
            return Ok(());
        }
        done => done?,
    }
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('packed pages', ?)";
    db.execute(sql, [number("page_count")?])?;
    Ok(())
}

/// Memory for the pages while the tables are written anew, in KiB below zero.
const FINISH_KIB: i64 = -65_536;

/// An archive of so few pages more is not worth it.
const SMALL: i64 = 64;

/// So many articles are enough to learn from.
const SAMPLES: usize = 2000;

fn compressors(codec: &Codec) -> (Compressor, Compressor) {
    (Compressor::new(&codec.text), Compressor::new(&codec.record))
}

/// The days that a date of publication may mean; an article without one is of the first day.
fn first_day(article: &Prepared) -> (Day, Option<Day>, Option<Day>) {
    let published = article.record.article.published.as_deref();
    let (first, last) = published.map_or((None, None), Day::bounds);
    (first.or(last).unwrap_or(Day::FIRST), first, last)
}

/// When an article was published: its day and, where its date has one, the time of day, so that
/// a feed that begins with its newest article gives versions in their order too.
fn moment(article: &Prepared) -> (Day, String) {
    let published = article.record.article.published.as_deref().unwrap_or_default();
    (first_day(article).0, version::time_of_day(published).to_owned())
}

/// Writes articles inside a transaction.
struct Put<'w, 'tx> {
    tx: &'w Transaction<'tx>,
    words: &'w mut Words,
    entities: &'w mut Entities,
    wordings: &'w Wordings,
    sketches: &'w mut FxHashMap<ArticleId, Sketch>,
    compressors: &'w mut (Compressor, Compressor),
    opener: &'w mut Option<(i64, Opener)>,
}

impl Put<'_, '_> {
    fn article(&mut self, mut article: Prepared) -> Result<Added> {
        let known = "SELECT 1 FROM article WHERE identity = ?";
        let identity = article.identity.0;
        if self.tx.prepare_cached(known)?.exists([identity.as_slice()])? {
            return Ok(Added::Known);
        }
        if let Err(error) = crate::rows::refuse_too_many(&article.record) {
            return Ok(Added::Refused(error.to_string()));
        }
        let (day, first, last) = first_day(&article);
        let id = self.next_id(day)?;
        let mark = version::mark_of(self.wordings, &article.record.article);
        let version = self.versions_of(&article, day, mark)?;
        self.row(id, &article, first, last)?;
        self.body(id, &article)?;
        // Corrections of an article that was taken out and came back hold again.
        match crate::decision::is_corrected(self.tx, article.identity)? {
            true => {
                let record = crate::decision::corrected(self.tx, article.record.clone())?;
                Rows::write(self.tx, self.words, self.entities, id, &record)?;
            }
            false => {
                Rows::write(self.tx, self.words, self.entities, id, &article.record)?;
            }
        }
        self.index(id, &article)?;
        let head = self.copies(id, &mut article, version, mark)?;
        let copy_of = match head {
            Some(head) if head != id => Some(self.reference(head)?),
            _ => None,
        };
        let reference = Reference::new(&identity, None);
        Ok(Added::New { reference, copy_of })
    }

    /// The next free number of a day; on a day that has none left, one of the days after it.
    fn next_id(&self, day: Day) -> Result<ArticleId> {
        let sql = "SELECT max(id) FROM article WHERE id >= ? AND id < ?";
        let mut ask = self.tx.prepare_cached(sql)?;
        let mut floor = ArticleId::floor(day).0;
        loop {
            let end = floor + (1 << SERIAL);
            let newest: Option<i64> = ask.query_row([floor, end], |row| row.get(0))?;
            match newest {
                None => return Ok(ArticleId(floor)),
                Some(id) if id + 1 < end => return Ok(ArticleId(id + 1)),
                Some(_) => floor = end,
            }
        }
    }

    fn reference(&self, id: ArticleId) -> Result<Reference> {
        let sql = "SELECT identity FROM article WHERE id = ?";
        let mut ask = self.tx.prepare_cached(sql)?;
        let identity: Vec<u8> = ask.query_row([id.0], |row| row.get(0))?;
        Ok(Reference::new(&identity, None))
    }

    fn row(
        &mut self,
        id: ArticleId,
        article: &Prepared,
        first: Option<Day>,
        last: Option<Day>,
    ) -> Result<()> {
        let (tx, words) = (self.tx, &mut *self.words);
        let a = &article.record.article;
        if let (Some(first), Some(last)) = (first, last) {
            words.widest(tx, last.number() - first.number())?;
        }
        let run = words.run(tx, &article.record.run)?;
        let lang = words.lang(tx, &a.lang)?;
        let sql = "INSERT INTO article (id, identity, key, lang, title, published, first, last, \
                   outlet, agency, rights, url, length, run, dispatch) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        tx.prepare_cached(sql)?.execute(params![
            id.0,
            article.identity.0.as_slice(),
            a.key,
            lang,
            a.title,
            a.published,
            first.map(Day::number),
            last.map(Day::number),
            words.maybe(tx, a.outlet.as_deref())?,
            words.maybe(tx, a.agency.as_deref())?,
            words.maybe(tx, a.rights.as_deref())?,
            a.url,
            a.text.chars().count() as i64,
            run,
            id.0,
        ])?;
        Ok(())
    }

    fn body(&mut self, id: ArticleId, article: &Prepared) -> Result<()> {
        let made;
        let (text, record) = match &article.frames {
            Some((text, record)) => (text, record),
            None => {
                let (texts, records) = &mut *self.compressors;
                let text = texts.frame(article.record.article.text.as_bytes());
                made = (text, records.frame(&article.stripped));
                (&made.0, &made.1)
            }
        };
        let sql = "INSERT INTO body (article, text_dictionary, text, record_dictionary, record) \
                   VALUES (?, ?, ?, ?, ?)";
        self.tx.prepare_cached(sql)?.execute(params![
            id.0,
            text.dictionary,
            text.bytes,
            record.dictionary,
            record.bytes
        ])?;
        Ok(())
    }

    fn index(&self, id: ArticleId, article: &Prepared) -> Result<()> {
        let sql = "INSERT INTO article_words (rowid, terms) VALUES (?, ?)";
        self.tx.prepare_cached(sql)?.execute(params![id.0, article.terms])?;
        index_statements(self.tx, id, &article.statements, false)
    }

    /// Articles of which this one is a version, one of each dispatch.
    fn versions_of(
        &mut self,
        article: &Prepared,
        day: Day,
        mark: Option<Relation>,
    ) -> Result<Vec<ArticleId>> {
        let sql = "SELECT article FROM band WHERE hash = ?1 \
                   UNION ALL SELECT article FROM recent_band WHERE hash = ?1 \
                   ORDER BY article DESC LIMIT ?2";
        let mut ask = self.tx.prepare_cached(sql)?;
        let mut shared: FxHashMap<i64, u32> = FxHashMap::default();
        for band in &article.bands {
            let crowd = copies::CROWD as i64;
            let ids = ask.query_map([*band, crowd], |row| row.get(0))?;
            let ids = ids.collect::<rusqlite::Result<Vec<i64>>>()?;
            for id in ids {
                *shared.entry(id).or_default() += 1;
            }
        }
        let is_near = |(id, bands): &(i64, u32)| {
            let other = ArticleId(*id).day();
            // Of what has no date nothing speaks against its being near.
            let undated = day == Day::FIRST || other == Day::FIRST;
            let days = if undated { 0 } else { day.number() - other.number() };
            *bands >= copies::bands_needed(days)
        };
        let mut likely: Vec<(i64, u32)> = shared.into_iter().filter(is_near).collect();
        likely.sort_by_key(|(id, bands)| (std::cmp::Reverse(*bands), *id));
        let mut versions = Vec::new();
        let mut heads = Vec::new();
        for (candidate, _) in likely.into_iter().take(CANDIDATES) {
            let candidate = ArticleId(candidate);
            let head = self.head(candidate)?;
            if heads.contains(&head) {
                continue;
            }
            let alike = copies::relation(self.sketch(candidate)?, &article.sketch);
            if alike.is_some() || self.revises(candidate, article, day, mark)? {
                versions.push(candidate);
                heads.push(head);
            }
        }
        if versions.is_empty() && mark.is_some() {
            // A notice has hardly a word of the article that it names, a new lead few.
            let (tx, marked) = (self.tx, &article.record.article);
            versions.extend(version::named_by(tx, marked, day, |id| {
                Ok(copies::may_revise(self.sketch(id)?, &article.sketch))
            })?);
        }
        Ok(versions)
    }

    /// Whether one of two articles is marked as a version, and may be one of the other.
    fn revises(
        &mut self,
        candidate: ArticleId,
        article: &Prepared,
        day: Day,
        mark: Option<Relation>,
    ) -> Result<bool> {
        Ok(copies::may_revise(self.sketch(candidate)?, &article.sketch)
            && version::is_near(self.tx, candidate, &article.record.article, day)?
            && (mark.is_some() || self.mark_in(candidate)?.is_some()))
    }

    fn mark_in(&mut self, id: ArticleId) -> Result<Option<Relation>> {
        let text = self.text(id)?;
        version::mark_in(self.tx, self.wordings, id, &text)
    }

    fn head(&self, id: ArticleId) -> Result<ArticleId> {
        let mut ask =
            self.tx.prepare_cached("SELECT dispatch FROM article WHERE id = ?")?;
        Ok(ArticleId(ask.query_row([id.0], |row| row.get(0))?))
    }

    fn sketch(&mut self, id: ArticleId) -> Result<&Sketch> {
        if !self.sketches.contains_key(&id) {
            let text = self.text(id)?;
            self.keep(id, Sketch::new(&text));
        }
        Ok(&self.sketches[&id])
    }

    fn keep(&mut self, id: ArticleId, sketch: Sketch) {
        if self.sketches.len() >= SKETCHES {
            self.sketches.clear();
        }
        self.sketches.insert(id, sketch);
    }

    fn text(&mut self, id: ArticleId) -> Result<String> {
        let sql = "SELECT text_dictionary, text FROM body WHERE article = ?";
        let mut ask = self.tx.prepare_cached(sql)?;
        let mut rows = ask.query([id.0])?;
        let row = rows.next()?.ok_or_else(|| Error::damaged("a text is missing"))?;
        let dictionary: i64 = row.get(0)?;
        if self.opener.as_ref().is_none_or(|(known, _)| *known != dictionary) {
            let opener = Opener::new(&dictionary_of(self.tx, dictionary)?)?;
            *self.opener = Some((dictionary, opener));
        }
        let (_, opener) = self.opener.as_mut().expect("it was made above");
        let bytes = opener.open(row.get_ref(1)?.as_blob().unwrap_or_default())?;
        String::from_utf8(bytes).map_err(|_| Error::damaged("a text is not UTF-8"))
    }

    /// Joins an article to the dispatches of which it is a version; returns the earliest
    /// article of what they are together.
    fn copies(
        &mut self,
        id: ArticleId,
        article: &mut Prepared,
        versions: Vec<ArticleId>,
        mark: Option<Relation>,
    ) -> Result<Option<ArticleId>> {
        let mut put = self
            .tx
            .prepare_cached("INSERT INTO recent_band (hash, article) VALUES (?, ?)")?;
        for band in &article.bands {
            put.execute([*band, id.0])?;
        }
        drop(put);
        let sketch = std::mem::replace(&mut article.sketch, Sketch::new(""));
        let mut heads: Vec<ArticleId> = vec![id];
        for version in versions {
            heads.push(self.head(version)?);
        }
        heads.sort_unstable();
        heads.dedup();
        let head = heads[0];
        self.keep(id, sketch);
        if heads.len() == 1 {
            if let Some(mark) = mark {
                self.relate(id, id, Some(mark))?;
            }
            return Ok(None);
        }
        let first = self.sketch(head)?.clone();
        for other in &heads[1..] {
            let relation = match self.mark_in(*other)? {
                Some(mark) => mark,
                // Versions of versions: each is close to the next, the ends are not.
                None => copies::relation(&first, self.sketch(*other)?)
                    .unwrap_or(Relation::Altered),
            };
            self.relate(*other, head, Some(relation))?;
            let sql =
                "UPDATE article SET dispatch = ? WHERE dispatch = ? AND dispatch <> id";
            self.tx.prepare_cached(sql)?.execute([head.0, other.0])?;
        }
        let of_head = self.mark_in(head)?;
        self.relate(head, head, of_head)?;
        crate::story::count_once(self.tx, head, id)?;
        Ok(Some(head))
    }

    /// Notes what an article is to the earliest one of its dispatch.
    fn relate(
        &mut self,
        id: ArticleId,
        head: ArticleId,
        relation: Option<Relation>,
    ) -> Result<()> {
        let relation = self.words.maybe(self.tx, relation.map(Relation::name))?;
        let sql = "UPDATE article SET dispatch = ?, relation = ? WHERE id = ?";
        self.tx.prepare_cached(sql)?.execute(params![head.0, relation, id.0])?;
        Ok(())
    }
}

/// Puts the terms of an article's statements into the index of words, or takes them out.
pub(crate) fn index_statements(
    tx: &Transaction<'_>,
    id: ArticleId,
    statements: &[String],
    remove: bool,
) -> Result<()> {
    let sql = match remove {
        true => {
            "INSERT INTO statement_words (statement_words, rowid, terms) VALUES ('delete', ?, ?)"
        }
        false => "INSERT INTO statement_words (rowid, terms) VALUES (?, ?)",
    };
    let mut put = tx.prepare_cached(sql)?;
    let (alone, rest) = statements.split_at(statements.len().min(LAST_WORD_ROW - 1));
    for (n, terms) in alone.iter().enumerate() {
        put.execute(params![id.word_row(n + 1), terms])?;
    }
    if !rest.is_empty() {
        put.execute(params![id.word_row(LAST_WORD_ROW), rest.join(" ")])?;
    }
    Ok(())
}

/// So many candidates are compared word for word.
pub const CANDIDATES: usize = 24;

/// Numbers of words, sites and runs, remembered.
#[derive(Debug, Default)]
pub(crate) struct Words {
    ids: FxHashMap<String, i64>,
    sites: FxHashMap<String, i64>,
    runs: FxHashMap<[String; 3], i64>,
    langs: Vec<String>,
    widest: i64,
}

/// More words are not kept in memory.
const MOST_WORDS: usize = 100_000;

impl Words {
    pub(crate) fn forget(&mut self) {
        *self = Words::default();
    }

    /// The number of a word, given if it has none.
    pub(crate) fn id(&mut self, tx: &Transaction<'_>, word: &str) -> Result<i64> {
        if let Some(id) = self.ids.get(word) {
            return Ok(*id);
        }
        if self.ids.len() > MOST_WORDS {
            self.ids.clear();
        }
        let mut ask = tx.prepare_cached("SELECT id FROM word WHERE text = ?")?;
        let id = match ask.query_row([word], |row| row.get(0)).optional()? {
            Some(id) => id,
            None => {
                let mut put = tx.prepare_cached("INSERT INTO word (text) VALUES (?)")?;
                put.insert([word])?
            }
        };
        self.ids.insert(word.to_owned(), id);
        Ok(id)
    }

    /// The number of a word that may be missing.
    pub(crate) fn maybe(
        &mut self,
        tx: &Transaction<'_>,
        word: Option<&str>,
    ) -> Result<Option<i64>> {
        word.map(|w| self.id(tx, w)).transpose()
    }

    /// The number of a value of a closed list, by its name in the record.
    pub(crate) fn code(
        &mut self,
        tx: &Transaction<'_>,
        value: &impl Serialize,
    ) -> Result<i64> {
        self.id(tx, &name_of(value))
    }

    /// Notes how many days the vaguest date of publication leaves open.
    fn widest(&mut self, tx: &Transaction<'_>, days: i64) -> Result<()> {
        if days > self.widest {
            let known = get(tx, "widest date")?.and_then(|w| w.parse().ok()).unwrap_or(0);
            self.widest = known.max(days);
            set(tx, "widest date", &self.widest.to_string())?;
        }
        Ok(())
    }

    fn lang(&mut self, tx: &Transaction<'_>, lang: &str) -> Result<i64> {
        if !self.langs.iter().any(|l| l == lang) {
            set(tx, &format!("lang:{lang}"), lang)?;
            self.langs.push(lang.to_owned());
        }
        self.id(tx, lang)
    }

    pub(crate) fn run(
        &mut self,
        tx: &Transaction<'_>,
        run: &depeche_record::Run,
    ) -> Result<i64> {
        let key = [run.tool.clone(), run.engine.clone(), run.options.clone()];
        if let Some(id) = self.runs.get(&key) {
            return Ok(*id);
        }
        let put = "INSERT OR IGNORE INTO run (tool, engine, options) VALUES (?, ?, ?)";
        tx.execute(put, params![key[0], key[1], key[2]])?;
        let ask = "SELECT id FROM run WHERE tool = ? AND engine = ? AND options = ?";
        let id = tx.query_row(ask, params![key[0], key[1], key[2]], |row| row.get(0))?;
        self.runs.insert(key, id);
        Ok(id)
    }

    /// The number of the site where a place lies.
    pub(crate) fn site(&mut self, tx: &Transaction<'_>, place: &Place) -> Result<i64> {
        let kind = place.kind.as_ref().map(name_of);
        let key = site_key(place);
        if let Some(id) = self.sites.get(&key) {
            return Ok(*id);
        }
        if self.sites.len() > MOST_WORDS {
            self.sites.clear();
        }
        let kind = self.maybe(tx, kind.as_deref())?;
        let country = self.maybe(tx, place.country.as_deref())?;
        let values = params![place.name, kind, country, place.disputed, place.geonames];
        let ask = "SELECT id FROM site WHERE name = ? AND kind IS ? AND country IS ? \
                   AND disputed = ? AND geonames IS ?";
        let found =
            tx.prepare_cached(ask)?.query_row(values, |row| row.get(0)).optional()?;
        let id = match found {
            Some(id) => id,
            None => {
                let put = "INSERT INTO site (name, kind, country, disputed, geonames, lat, lon) \
                           VALUES (?, ?, ?, ?, ?, ?, ?)";
                tx.prepare_cached(put)?.insert(params![
                    place.name,
                    kind,
                    country,
                    place.disputed,
                    place.geonames,
                    place.lat,
                    place.lon
                ])?
            }
        };
        self.sites.insert(key, id);
        Ok(id)
    }
}

/// What makes two places one site.
pub(crate) fn site_key(place: &Place) -> String {
    let kind = place.kind.as_ref().map(name_of);
    format!(
        "{}\u{0}{kind:?}{:?}{:?}{:?}",
        place.name, place.country, place.geonames, place.disputed
    )
}

/// How a record writes a value of a closed list.
pub(crate) fn name_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("archive", &self.archive).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn prepared(writer: &Writer, text: &str) -> Prepared {
        let record = serde_json::json!({
            "schema": "depeche.record/1",
            "run": {"tool": "test", "engine": "sha256:0", "options": "sha256:0"},
            "article": {
                "id": format!("sha256:{}", text.len()), "key": text.get(..9), "lang": "fr",
                "title": null, "published": null, "outlet": null, "agency": null, "url": null,
                "rights": null, "text": text, "blocks": []
            },
            "actors": [], "times": [], "places": [], "statements": [], "events": [],
            "positions": [], "warnings": []
        });
        writer.packer().prepare(serde_json::from_value(record).expect("it is a record"))
    }

    #[test]
    fn a_full_disk_loses_nothing_that_was_acknowledged() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut writer =
            Writer::open(&folder.path().join("a")).expect("it can be written");
        let first = prepared(&writer, "Premier article.");
        writer.commit(vec![first]).expect("there is room");
        let db = &writer.archive.db;
        let pages: i64 = db
            .pragma_query_value(None, "page_count", |r| r.get(0))
            .expect("it can be asked");
        db.pragma_update(None, "max_page_count", pages + 2).expect("it can be set");
        // Words that do not compress, so that they need more than two pages.
        let noise: String = (0..40_000_u64)
            .map(|n| char::from(b'a' + (n * n * 7919 / 13 % 26) as u8))
            .collect::<String>();
        let long: Vec<Prepared> = (0..9)
            .map(|n| prepared(&writer, &format!("{n} {}", &noise[n * 31..])))
            .collect();
        let error = writer.commit(long).expect_err("there is no room");
        assert_eq!(error.kind(), ErrorKind::Full, "{error}");
        assert_eq!(writer.archive().facts().expect("it can be asked").articles, 1);
        // With room again the same writer goes on.
        writer.archive.db.pragma_update(None, "max_page_count", 1 << 30).expect("set");
        let next = prepared(&writer, "Deuxième article.");
        writer.commit(vec![next]).expect("there is room again");
        assert_eq!(writer.archive().facts().expect("it can be asked").articles, 2);
        assert!(writer.archive().check().expect("it can be read").faults.is_empty());
    }

    #[test]
    fn a_second_writer_waits_and_is_told() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("a");
        let mut first = Writer::open(&path).expect("it can be written");
        let mut second = Writer::open(&path).expect("it can be written");
        second.archive.db.busy_timeout(Duration::from_millis(5)).expect("it can be set");
        let held = first.in_transaction(|_| {
            let article = prepared(&second, "Deuxième article.");
            Ok(second.commit(vec![article]).map_err(|e| e.kind()))
        });
        assert_eq!(held.expect("nothing was written"), Err(ErrorKind::Busy));
        // Between commits both get in, and neither trusts numbers that the other gave.
        let article = prepared(&second, "Deuxième article.");
        second.commit(vec![article]).expect("nobody is writing");
        let article = prepared(&first, "Premier article.");
        first.commit(vec![article]).expect("nobody is writing");
        assert_eq!(first.archive().facts().expect("it can be asked").articles, 2);
    }

    #[test]
    fn bands_wait_until_there_are_many() {
        let db = Connection::open_in_memory().expect("memory");
        db.execute_batch(
            "CREATE TABLE band (hash, article); CREATE TABLE recent_band (hash, article); \
             INSERT INTO band VALUES (5, 1); INSERT INTO recent_band VALUES (7, 2), (3, 2)",
        )
        .expect("tables");
        let rows = |table: &str| {
            let sql =
                format!("SELECT group_concat(hash || ':' || article, ' ') FROM {table}");
            db.query_row(&sql, [], |row| row.get::<_, Option<String>>(0)).expect("a row")
        };
        fold_bands(&db, 2).expect("it can be asked");
        assert_eq!(rows("recent_band").as_deref(), Some("7:2 3:2"));
        fold_bands(&db, 1).expect("they can be moved");
        assert_eq!(rows("recent_band"), None);
        assert_eq!(rows("band").as_deref(), Some("5:1 3:2 7:2"));
    }
}
