//! How is an archive opened, and what does it hold?

use std::path::{Path, PathBuf};
use std::time::Duration;

use depeche_record::Record;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind, Result};
use crate::id::{ArticleId, Reference};
use crate::meant::Meant;
use crate::pack;
use crate::prepare::Identity;
use crate::rows::ITEMS;
use crate::tally;
use crate::terms;

/// The form that this version writes. Earlier ones are brought to it when they are written to,
/// and read as they are.
pub const FORMAT: i64 = 3;

/// "dpch": how `file` and SQLite tell an archive from another database.
const APPLICATION: i64 = 0x6470_6368;

const SCHEMA: &str = include_str!("../schema/v3.sql");
const VIEWS: &str = include_str!("../schema/views.sql");

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(20);
/// Memory for the pages of a writer, in KiB below zero as SQLite has it: rows of many actors and
/// words lie all over the tables.
const WRITER_KIB: i64 = -262_144;
/// The log is folded in after so many pages: pages that many transactions touch are then written
/// once.
const LOG_PAGES: i64 = 8_192;
/// How often it tries meanwhile to open the file.
const TRIES: u32 = 400;

/// An archive, open for reading.
#[derive(Debug)]
pub struct Archive {
    pub(crate) db: Connection,
    path: PathBuf,
    /// Who was meant by names that were asked for lately.
    pub(crate) meant: Meant,
}

/// How much an archive holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Articles, copies included.
    pub articles: u64,
    /// Of them, copies of an earlier one.
    pub copies: u64,
    /// Statements, each utterance of a dispatch once.
    pub statements: u64,
    /// Events, counted in the same way.
    pub events: u64,
    /// Positions, counted in the same way.
    pub positions: u64,
    /// Actors with a name.
    pub actors: u64,
}

/// An article of the archive with its record.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// What opens it.
    pub reference: Reference,
    /// Its record, as it is now: with corrections.
    pub record: Record,
    /// Outlet, date and reference of the articles of the same dispatch, in their order: by day, by
    /// time where both have one, and what is marked as a version after what is not.
    pub versions: Vec<Version>,
}

/// One article of a dispatch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// What opens it.
    pub reference: Reference,
    /// Who published it.
    pub outlet: Option<String>,
    /// When, as EDTF.
    pub published: Option<String>,
    /// What it is to the earliest one, whose own is null: `identical`, `shortened`,
    /// `extended`, `altered` by its words; `update`, `correction`, `withdrawal` by what it
    /// says of itself, the earliest one too.
    pub relation: Option<String>,
}

impl Archive {
    /// Opens an archive for reading.
    ///
    /// # Errors
    ///
    /// When there is no such file, or it is no archive, or one of a later version.
    pub fn open(path: &Path) -> Result<Archive> {
        Archive::open_with(path, false)
    }

    /// Opens an archive of which a part may be missing, to save the rest.
    ///
    /// # Errors
    ///
    /// When not even its first page can be read.
    pub fn open_damaged(path: &Path) -> Result<Archive> {
        Archive::open_with(path, true)
    }

    fn open_with(path: &Path, damaged: bool) -> Result<Archive> {
        if !path.exists() {
            return Err(Error::new(
                ErrorKind::Missing,
                "there is no such archive; `depeche add` makes one",
            ));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(PATIENCE)?;
        if damaged {
            // Else SQLite reads nothing of a file that is shorter than it says.
            db.pragma_update(None, "writable_schema", true)?;
        }
        if let Err(error) = format_of(&db) {
            // In a folder that may not be written to, the log of writes has no place: what
            // lies there cannot change either.
            if error.kind() != ErrorKind::ReadOnly {
                return Err(error);
            }
            let name = path.to_string_lossy().replace('%', "%25").replace('?', "%3f");
            let uri = format!("file:{}?immutable=1", name.replace('#', "%23"));
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            db = Connection::open_with_flags(uri, flags)?;
            format_of(&db)?;
        }
        db.pragma_update(None, "cache_size", -65_536)?;
        steady(&db)?;
        db.pragma_update(None, "mmap_size", 1_i64 << 30)?;
        if !damaged {
            lend(&db, format_of(&db)?)?;
        }
        Ok(Archive { db, path: path.to_owned(), meant: Meant::default() })
    }

    /// Opens an archive for writing, or makes one.
    pub(crate) fn open_to_write(path: &Path) -> Result<Archive> {
        let mut left = TRIES;
        loop {
            match Archive::try_open_to_write(path) {
                // To begin a log of writes one must be alone for a moment, and SQLite does not
                // wait for that by itself.
                Err(error) if error.kind() == ErrorKind::Busy && left > 0 => {
                    left -= 1;
                    std::thread::sleep(PATIENCE / TRIES);
                }
                opened => return opened,
            }
        }
    }

    fn try_open_to_write(path: &Path) -> Result<Archive> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(PATIENCE)?;
        db.pragma_update(None, "page_size", 16_384)?;
        db.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        db.pragma_update(None, "synchronous", "full")?;
        db.pragma_update(None, "cache_size", WRITER_KIB)?;
        steady(&db)?;
        db.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        db.pragma_update(None, "foreign_keys", false)?;
        db.pragma_update(None, "temp_store", "memory")?;
        db.set_prepared_statement_cache_capacity(128);
        prepare_form(&mut db)?;
        Ok(Archive { db, path: path.to_owned(), meant: Meant::default() })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How much it holds.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn facts(&self) -> Result<Facts> {
        let count = |sql: &str| -> Result<u64> {
            let n: i64 = self.db.query_row(sql, [], |row| row.get(0))?;
            Ok(n.unsigned_abs())
        };
        Ok(Facts {
            articles: count("SELECT count(*) FROM article")?,
            copies: count("SELECT count(*) FROM article WHERE dispatch <> id")?,
            statements: count("SELECT count(*) FROM statement WHERE same IS NULL")?,
            events: count("SELECT count(*) FROM event WHERE same IS NULL")?,
            positions: count("SELECT count(*) FROM position WHERE same IS NULL")?,
            actors: count("SELECT count(*) FROM entity WHERE identified AND root = id")?,
        })
    }

    /// Whether an article is there already.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn holds(&self, identity: Identity) -> Result<bool> {
        let sql = "SELECT 1 FROM article WHERE identity = ?";
        Ok(self.db.prepare_cached(sql)?.exists([identity.0.as_slice()])?)
    }

    /// The article that a reference means.
    ///
    /// # Errors
    ///
    /// When there is none, or more than one, or its text cannot be read.
    pub fn article(&self, reference: &Reference) -> Result<Stored> {
        let id = self.id_of(reference)?;
        let record = self.record(id)?;
        Ok(Stored {
            reference: self.reference(id, None)?,
            record,
            versions: self.versions(id)?,
        })
    }

    pub(crate) fn id_of(&self, reference: &Reference) -> Result<ArticleId> {
        let (first, last) = reference.range();
        let sql = "SELECT id FROM article WHERE identity BETWEEN ? AND ? LIMIT 2";
        let mut ask = self.db.prepare_cached(sql)?;
        let bounds = params![first.as_slice(), last.as_slice()];
        let ids = ask
            .query_map(bounds, |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        match ids.as_slice() {
            [id] => Ok(ArticleId(*id)),
            [] => Err(Error::asked(format!("no article of the archive is {reference}"))),
            _ => Err(Error::asked(format!(
                "several articles begin with {}; write more of its digits",
                reference.article
            ))),
        }
    }

    pub(crate) fn reference(
        &self,
        id: ArticleId,
        span: Option<(u32, u32)>,
    ) -> Result<Reference> {
        let sql = "SELECT identity FROM article WHERE id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let identity: Vec<u8> = ask.query_row([id.0], |row| row.get(0))?;
        Ok(Reference::new(&identity, span))
    }

    /// The text of an article.
    pub(crate) fn text(&self, id: ArticleId) -> Result<String> {
        text_of(&self.db, id)
    }

    /// The record of an article, with the corrections that people made.
    pub(crate) fn record(&self, id: ArticleId) -> Result<Record> {
        let record = self.record_as_read(id)?;
        crate::decision::corrected(&self.db, record)
    }

    /// The record of an article as the engine wrote it.
    pub(crate) fn record_as_read(&self, id: ArticleId) -> Result<Record> {
        record_of(&self.db, id)
    }

    /// Ids of all articles, in order of date.
    pub(crate) fn ids(&self) -> Result<Vec<ArticleId>> {
        let mut ask = self.db.prepare("SELECT id FROM article ORDER BY id")?;
        let ids = ask.query_map([], |row| row.get(0).map(ArticleId))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// The records of all articles in order of date, with their corrections, each given to
    /// `each`.
    ///
    /// # Errors
    ///
    /// When one cannot be read, or `each` returns false, which ends it early without an error.
    pub fn each_record(
        &self,
        mut each: impl FnMut(Reference, Record) -> bool,
    ) -> Result<()> {
        for id in self.ids()? {
            if !each(self.reference(id, None)?, self.record(id)?) {
                break;
            }
        }
        Ok(())
    }

    /// Holds the archive as it is now for as long as it lives: one question may be many of
    /// SQLite, and to lock the file for each would take longer than to answer some.
    pub(crate) fn snapshot(&self) -> Result<Option<Transaction<'_>>> {
        // Within a transaction there is one already.
        match self.db.is_autocommit() {
            true => Ok(Some(self.db.unchecked_transaction()?)),
            false => Ok(None),
        }
    }

    /// The number of a word; `None` when the archive has none such.
    pub(crate) fn word(&self, text: &str) -> Result<Option<i64>> {
        let mut ask = self.db.prepare_cached("SELECT id FROM word WHERE text = ?")?;
        Ok(ask.query_row([text], |row| row.get(0)).optional()?)
    }

    /// The languages of its articles.
    pub(crate) fn languages(&self) -> Result<Vec<String>> {
        let sql = "SELECT value FROM meta WHERE key LIKE 'lang:%' ORDER BY key";
        let mut ask = self.db.prepare_cached(sql)?;
        let langs = ask.query_map([], |row| row.get(0))?;
        Ok(langs.collect::<rusqlite::Result<_>>()?)
    }
}

pub(crate) fn text_of(db: &Connection, id: ArticleId) -> Result<String> {
    let sql = "SELECT text_dictionary, text FROM body WHERE article = ?";
    let mut ask = db.prepare_cached(sql)?;
    let (dictionary, frame): (i64, Vec<u8>) =
        ask.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let bytes = pack::open(&frame, &dictionary_of(db, dictionary)?)?;
    String::from_utf8(bytes).map_err(|_| Error::damaged("a text is not UTF-8"))
}

/// The record of an article as the engine wrote it.
pub(crate) fn record_of(db: &Connection, id: ArticleId) -> Result<Record> {
    let text = text_of(db, id)?;
    let sql = "SELECT record_dictionary, record FROM body WHERE article = ?";
    let (dictionary, frame): (i64, Vec<u8>) = db
        .prepare_cached(sql)?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let stripped = pack::open(&frame, &dictionary_of(db, dictionary)?)?;
    let sql = "SELECT a.key, l.text, a.title, a.published, o.text, g.text, a.url, r.text, \
               u.tool, u.engine, u.options FROM article a LEFT JOIN word l ON l.id = a.lang \
               LEFT JOIN word o ON o.id = a.outlet LEFT JOIN word g ON g.id = a.agency \
               LEFT JOIN word r ON r.id = a.rights LEFT JOIN run u ON u.id = a.run \
               WHERE a.id = ?";
    let hash = Sha256::digest(text.as_bytes());
    let hash: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    let (article, run) = db.prepare_cached(sql)?.query_row([id.0], |row| {
        let article = depeche_record::Article {
            id: format!("sha256:{hash}"),
            key: row.get(0)?,
            lang: row.get(1)?,
            title: row.get(2)?,
            published: row.get(3)?,
            outlet: row.get(4)?,
            agency: row.get(5)?,
            url: row.get(6)?,
            rights: row.get(7)?,
            // What the row does not hold comes from the stripped record.
            byline: None,
            wire: None,
            text,
            blocks: Vec::new(),
        };
        let run = depeche_record::Run {
            tool: row.get(8)?,
            engine: row.get(9)?,
            options: row.get(10)?,
        };
        Ok((article, run))
    })?;
    pack::fill(&stripped, article, run)
}

pub(crate) fn dictionary_of(db: &Connection, number: i64) -> Result<Vec<u8>> {
    if number == 0 {
        return Ok(Vec::new());
    }
    let mut ask = db.prepare_cached("SELECT bytes FROM dictionary WHERE id = ?")?;
    Ok(ask.query_row([number], |row| row.get(0))?)
}

/// Plans of questions do not depend on what is asked for: else SQLite plans one with `LIMIT ?`
/// anew whenever it is asked.
fn steady(db: &Connection) -> Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// The form of a file, if it is an archive that this version can read.
fn format_of(db: &Connection) -> Result<i64> {
    let pragma = |name: &str| -> Result<i64> {
        Ok(db.pragma_query_value(None, name, |row| row.get(0))?)
    };
    let tables: i64 =
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if pragma("application_id")? != APPLICATION || tables == 0 {
        return Err(Error::new(
            ErrorKind::NotAnArchive,
            "this file is no archive of depeche; an archive is made by `depeche add`",
        ));
    }
    let format = pragma("user_version")?;
    if format > FORMAT {
        return Err(Error::new(
            ErrorKind::Newer,
            format!(
                "this archive has form {format}, and this version of depeche knows forms up to \
                 {FORMAT}; use a later version"
            ),
        ));
    }
    Ok(format)
}

/// Makes the tables of a new file, or brings those of an earlier form to this one.
fn prepare_form(db: &mut Connection) -> Result<()> {
    let views = crate::copies::hash_of(VIEWS);
    let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let tables: i64 =
        tx.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        tx.pragma_update(None, "application_id", APPLICATION)?;
        tx.execute_batch(SCHEMA)?;
        set(&tx, "terms", terms::VERSION)?;
    } else {
        let format = format_of(&tx)?;
        bring_up(&tx, format)?;
    }
    if get(&tx, "views")?.as_deref() != Some(&views) {
        drop_views(&tx)?;
        tx.execute_batch(VIEWS)?;
        set(&tx, "views", &views)?;
    }
    tx.pragma_update(None, "user_version", FORMAT)?;
    tx.commit()?;
    Ok(())
}

/// Brings an archive of an earlier form to this one.
fn bring_up(db: &Connection, form: i64) -> Result<()> {
    if form < 2 {
        db.execute_batch("DROP INDEX position_entity")?;
        db.execute_batch(&made_by(SCHEMA, &["entity_merged", "held", "tally"]))?;
        countries_and_months(db)?;
    }
    if form < 3 {
        db.execute_batch(&made_by(SCHEMA, &["recent_band"]))?;
    }
    Ok(())
}

/// Lends an archive of an earlier form, which is only read, what it lacks: tables that lie in
/// memory, and stand before those of the file.
fn lend(db: &Connection, form: i64) -> Result<()> {
    if form < 2 {
        db.pragma_update(None, "temp_store", "memory")?;
        let made = made_by(SCHEMA, &["said", "did", "held", "tally"]);
        db.execute_batch(&made.replace("CREATE TABLE", "CREATE TEMP TABLE"))?;
        for table in ["said", "did"] {
            db.execute_batch(&format!("INSERT INTO {table} SELECT * FROM main.{table}"))?;
        }
        countries_and_months(db)?;
    }
    Ok(())
}

/// What form 2 has and form 1 had not: whole countries beside actors, who holds which position,
/// and what everybody did in a month.
fn countries_and_months(db: &Connection) -> Result<()> {
    db.execute_batch(
        "INSERT INTO held (entity, role, position, copy) \
         SELECT entity, 1, id, same IS NOT NULL FROM position ORDER BY entity, id",
    )?;
    ITEMS.iter().try_for_each(|items| items.fill_countries(db))?;
    tally::fill(db)
}

/// The statements of a schema that make some tables and indexes.
fn made_by(schema: &str, names: &[&str]) -> String {
    let makes = |statement: &&str| {
        names.iter().any(|name| {
            ["TABLE", "INDEX"]
                .iter()
                .any(|kind| statement.contains(&format!("CREATE {kind} {name} ")))
        })
    };
    schema.split_inclusive(";\n").filter(makes).collect()
}

fn drop_views(db: &Connection) -> Result<()> {
    let mut ask = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'")?;
    let names = ask.query_map([], |row| row.get(0))?;
    for name in names.collect::<rusqlite::Result<Vec<String>>>()? {
        db.execute_batch(&format!("DROP VIEW \"{name}\""))?;
    }
    Ok(())
}

/// What the archive says of itself under a key.
pub(crate) fn get(db: &Connection, key: &str) -> Result<Option<String>> {
    let mut ask = db.prepare_cached("SELECT value FROM meta WHERE key = ?")?;
    Ok(ask.query_row([key], |row| row.get(0)).optional()?)
}

pub(crate) fn set(db: &Connection, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)";
    db.prepare_cached(sql)?.execute([key, value])?;
    Ok(())
}
