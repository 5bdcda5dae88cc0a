//! How do records get into files? A folder as the place for them, and a thread that writes
//! beside those that read.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use anyhow::{Context, Result, anyhow, bail};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use depeche::Record;
use depeche_formats::write::{Counts, Export, FORMATS, Format, Origin, Store, named};
use indicatif::HumanCount;

/// So many records may wait to be written.
const WAITING: usize = 256;

/// Names of formats as a value of `--to`, each with who reads it.
pub(crate) fn formats() -> impl TypedValueParser<Value = &'static Format> {
    let value = |f: &Format| PossibleValue::new(f.name).help(f.readers);
    PossibleValuesParser::new(FORMATS.iter().map(value)).try_map(|name| {
        named(&name).ok_or_else(|| format!("there is no format {name:?}"))
    })
}

/// A folder.
struct Folder(PathBuf);

impl Store for Folder {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + Send>> {
        let path = self.0.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(Box::new(File::create(path)?))
    }
}

/// Begins an export into a folder that is empty or not there yet.
pub(crate) fn into_folder(format: &'static Format, path: &Path) -> Result<Export> {
    let shown = path.display();
    if path.exists() {
        let mut there = fs::read_dir(path).with_context(|| shown.to_string())?;
        if there.next().is_some() {
            bail!(
                "{shown} is not empty; an export goes into a folder of its own, so that \
                 nothing of an earlier one stays beside it"
            );
        }
    }
    fs::create_dir_all(path).with_context(|| shown.to_string())?;
    Ok(Export::new(format, Box::new(Folder(path.to_owned()))))
}

/// An export on a thread of its own.
pub(crate) struct Exporter {
    send: SyncSender<(Record, Option<Origin>)>,
    writing: JoinHandle<Result<Counts>>,
}

impl Exporter {
    pub(crate) fn start(mut export: Export) -> Exporter {
        let (send, receive) = sync_channel::<(Record, Option<Origin>)>(WAITING);
        let writing = std::thread::spawn(move || {
            for (record, origin) in receive {
                export.add(record, origin)?;
            }
            Ok(export.finish()?)
        });
        Exporter { send, writing }
    }

    /// Hands a record over; false when it can no longer be written.
    pub(crate) fn add(&self, record: Record, origin: Option<Origin>) -> bool {
        self.send.send((record, origin)).is_ok()
    }

    /// Waits until everything is written.
    pub(crate) fn finish(self) -> Result<Counts> {
        drop(self.send);
        self.writing.join().map_err(|_| anyhow!("the writer broke: a bug"))?
    }
}

/// Says what was exported, and where to.
pub(crate) fn report(counts: Counts, folder: &Path) {
    let copies = match counts.copies {
        0 => String::new(),
        n => format!(" ({} copies)", HumanCount(n)),
    };
    anstream::eprintln!(
        "{} articles{copies}, {} statements, {} events, {} positions in {}",
        HumanCount(counts.articles),
        HumanCount(counts.statements),
        HumanCount(counts.events),
        HumanCount(counts.positions),
        folder.display()
    );
}
